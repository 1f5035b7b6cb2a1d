"""Forms of exception reports: asked by hand, declined, answered, decided on, put onto an agenda; and the rule."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from indicators.forms import GovForm, NumberText
from indicators.models import Partnership, Period, Scorecard, ScorecardLine, User
from indicators.operations.rows import period_row
from indicators.phrases import capital
from indicators.quarters import Period as PurePeriod
from indicators.units import NumberTextError, Unit, parse_value, unit_asked
from partnership.escalation import Asks, Rule
from partnership.exceptions_table import ExceptionRow
from partnership.forms.actions import FigureFields, long_text, offer
from partnership.models import AgendaItem, ExceptionRequest, ExceptionStep
from partnership.operations import exceptions as keep
from partnership.operations.exceptions import Answer
from partnership.selectors.citations import Citable

PERIODS_AHEAD = 4
MINE = "mine"
READ_HINT = "Everybody who may read the figure reads this; name no child and no family"


class ExceptionFilter(GovForm):
    """Which exception reports are listed."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", "All states"), ("asked", "Not answered yet"), (MINE, "Mine to answer"),
            ("answered", "To be accepted"), ("accepted", "Accepted"), ("declined", "Declined"),
        ],
    )  # fmt: skip
    partner = forms.ChoiceField(required=False)
    q = forms.CharField(label="Indicator contains", required=False, max_length=80)

    def __init__(self, *args: Any, rows: Sequence[ExceptionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = dict.fromkeys((r.partner_code, r.partner) for r in rows)
        offer(self, "partner", [("", "All partners"), *sorted(partners, key=lambda pair: pair[1].casefold())])


class AskForm(FigureFields):
    """An exception report that no rule proposes."""

    asks = forms.ChoiceField(
        label="What is asked", choices=[(a.value, ExceptionRequest.Asks(a.value).label.capitalize()) for a in Asks]
    )
    reason = forms.CharField(label="Which meeting asked for it, and why", max_length=300)
    field_order = ("find", "line", "period", "asks", "reason")

    def __init__(self, *args: Any, partnership: Partnership, figures: Citable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.offer_figures(figures)

    def record(self, *, by: User, at: datetime, key: str) -> ExceptionRequest:
        """Asks for it, once for a key. Raises OperationError."""
        data = self.cleaned_data
        line, period = self.figures.lines[data["line"]], self.figures.periods[data["period"]]
        return keep.ask_for_meeting(
            partnership=self.partnership, line=line, period=period, asks=data["asks"], reason=data["reason"], by=by,
            at=at, key=key,
        )  # fmt: skip


class DeclineForm(GovForm):
    """Why no exception report is asked."""

    reason = long_text("Why", rows=4, hint="It is minuted: the next meeting is told. Name no child and no family")

    def __init__(
        self, *args: Any, partnership: Partnership, line: ScorecardLine, period: Period, trigger: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.given = {"partnership": partnership, "line": line, "period": period, "trigger": trigger}

    def record(self, *, by: User, at: datetime, key: str) -> ExceptionRequest:
        """Declines it, once for a key. Raises OperationError."""
        return keep.decline_exception(**self.given, reason=self.cleaned_data["reason"], by=by, at=at, key=key)


class ExceptionForm(GovForm):
    """Something that is said about an exception report."""

    def __init__(self, *args: Any, request: ExceptionRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request


class ValueField(forms.CharField):
    """A figure in the unit of its indicator, as people write it; its value is a Decimal, None for an empty box."""

    widget = NumberText

    def __init__(self, unit: Unit, **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(**{"required": False, "max_length": 40, "help_text": capital(unit_asked(unit))} | kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_value(text, self.unit) if text else None
        except NumberTextError as error:
            raise forms.ValidationError(str(error)) from error


def _texts_of(answer: ExceptionStep) -> dict[str, Any]:
    """What the partner answered before, as the boxes of a new answer begin."""
    expected = {f"in_{point.period.slug}": f"{point.value.normalize():f}" for point in answer.trajectory.all()}
    texts = {name: text.body if text else "" for name, text in (("cause", answer.cause), ("plan", answer.plan))}
    return texts | expected | {"back_on": answer.back_on}


class AnswerForm(ExceptionForm):
    """What a partner answers; which boxes there are depends on what is asked."""

    title, button, done = "Answer", "Send the answer", "The answer is sent. Another person decides on it."
    cause = long_text("Cause", hint=READ_HINT)
    plan = long_text("Recovery plan", hint=READ_HINT)
    back_on = forms.DateField(label="Back in tolerance by")

    def __init__(
        self, *args: Any, ahead: Iterable[PurePeriod], unit: Unit = Unit.COUNT, before: ExceptionStep | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, initial=_texts_of(before) if before else None, **kwargs)
        asks = Asks(self.request.asks)
        self.ahead = {f"in_{p.slug}": p for p in ahead} if asks is Asks.RECOVERY_PLAN else {}
        if asks is not Asks.RECOVERY_PLAN:
            del self.fields["plan"]
        if asks is Asks.COHORT_REASONS:
            del self.fields["back_on"]
            self.relabel("cause", "Reasons at the level of the cohort")
        if asks is Asks.DATE:
            self.relabel("cause", "What stands in the way")
            self.relabel("back_on", "Will be reported by")
        for name, period in self.ahead.items():
            field = ValueField(unit, label=f"Figure expected in {period.label}")
            self._prepare(name, field)
            self.fields[name] = field

    def record(self, **given: Any) -> Any:
        """Sends the answer. Raises OperationError."""
        data = self.cleaned_data
        typed: list[tuple[Period, Decimal]] = [
            (period_row(period), data[name]) for name, period in self.ahead.items() if data[name] is not None
        ]
        answer = Answer(data["cause"], data.get("plan", ""), data.get("back_on"), typed)
        return keep.answer_exception(request=self.request, answer=answer, **given)


class DecideForm(ExceptionForm):
    """Whether an answer is accepted or sent back."""

    title, button, done = "Decide on the answer", "Record the decision", "The decision is recorded."
    decision = forms.ChoiceField(
        choices=[("accept", "Accept the answer"), ("return", "Send it back")], widget=forms.RadioSelect
    )
    reason = long_text("Why", required=False, rows=4, hint="Needed where it is sent back: say what is missing")

    def record(self, **given: Any) -> Any:
        """Records it. Raises OperationError."""
        data = self.cleaned_data
        decide = keep.accept_answer if data["decision"] == "accept" else keep.return_answer
        return decide(request=self.request, reason=data["reason"], **given)


class AgendaForm(ExceptionForm):
    """The item of a coming meeting that carries it."""

    title, button, done = "Put it onto an agenda", "Put it under this item", "The meeting is given it."
    item = forms.ChoiceField(label="Item of a meeting to come")
    urgency = forms.CharField(
        label="The chair’s reason for urgency", max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only for the published agenda of a meeting in public, with fewer than five clear working days left",
    )  # fmt: skip

    def __init__(self, *args: Any, items: Sequence[tuple[AgendaItem, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(item.pk): item for item, _ in items}
        offer(self, "item", [("", "Choose"), *((str(item.pk), words) for item, words in items)])

    def record(self, *, by: User, at: datetime, key: str = "", **given: Any) -> Any:
        """Puts it there. Raises OperationError."""
        item, urgency = self.items[self.cleaned_data["item"]], self.cleaned_data["urgency"]
        return keep.put_on_agenda(request=self.request, item=item, urgency=urgency, by=by, at=at, key=key)


STEP_FORMS: dict[str, type[ExceptionForm]] = {"answer": AnswerForm, "decide": DecideForm, "agenda": AgendaForm}


class RuleForm(GovForm):
    """When figures of a scorecard are escalated."""

    periods_outside = forms.IntegerField(label="Periods outside tolerance in a row")
    smallest_denominator = forms.DecimalField(
        label="Smallest denominator", max_digits=15, decimal_places=4,
        help_text="Below it reasons of the cohort are asked, not a recovery plan",
    )  # fmt: skip
    answer_working_days = forms.IntegerField(label="Working days to answer")
    from_on = forms.DateField(label="Holds from")
    authority = forms.CharField(label="Who decided it, and when", max_length=300)

    def __init__(self, *args: Any, scorecard: Scorecard, rule: Rule, today: date, **kwargs: Any) -> None:
        initial = {
            "periods_outside": rule.periods_outside,
            "smallest_denominator": rule.smallest_denominator.normalize(),
            "answer_working_days": rule.answer_working_days,
            "from_on": today,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.scorecard = scorecard

    def record(self, *, by: User, at: datetime, key: str) -> Any:
        """Sets the rule, once for a key. Raises OperationError."""
        return keep.set_rule(scorecard=self.scorecard, by=by, at=at, key=key, **self.cleaned_data)
