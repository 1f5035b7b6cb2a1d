"""Forms that change a target, suspend or reinstate it, and agree or end relief: each says what it would do, then does
it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from indicators import quarters
from indicators.forms import BeginsForm
from indicators.models import Relief, ScorecardLine, Target, User
from indicators.operations import targets as steps
from indicators.operations.targets import Plan, Values, past_words
from indicators.rag import Polarity, ToleranceKind
from indicators.relief import relief_words
from indicators.selectors.scorecards import period_of, reported_periods
from indicators.selectors.targets import in_force, in_force_on, targets_of, versions_within
from indicators.units import NumberTextError, Unit, parse_number
from indicators.views.indicator_texts import dated, limits

PERIOD_HINT = "For example, 2022/23 Q1, April 2022 or 2022/23"
AUTHORITY_HINT = "The contract variation, or the decision and the meeting that took it"
KIND_WORDS = (
    (ToleranceKind.NONE.value, "None: the target alone decides"),
    (ToleranceKind.ABSOLUTE.value, "A value, the last one that is still within tolerance"),
    (ToleranceKind.POINTS.value, "A distance from the target, in the unit of the indicator"),
    (ToleranceKind.RELATIVE.value, "A share of the target, in per cent"),
)


@dataclass(frozen=True)
class Said:
    """What a form would do: pairs of a word and what it stands for, and sentences about its effect."""

    items: Sequence[tuple[str, str]]
    effects: Sequence[str] = ()


@dataclass(frozen=True)
class Sent:
    """Who sends a form, when, what it was made from, and the key by which it is carried out once."""

    by: User
    at: datetime
    based_on: int
    key: str
    request_id: str


class PeriodField(forms.CharField):
    """A period as people write it; its value is the period."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "help_text": PERIOD_HINT} | kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return quarters.parse(text) if text else None
        except quarters.PeriodTextError as error:
            raise forms.ValidationError(str(error)) from error


class NumberField(forms.CharField):
    """A number as people write it; its value is a Decimal, or None for an empty box."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False} | kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_number(text) if text else None
        except NumberTextError as error:
            raise forms.ValidationError(str(error)) from error


def _why(label: str = "Reason") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=steps.TEXT_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who reads the indicator sees it",
    )  # fmt: skip


class LineForm(BeginsForm):
    """Base: about one line of a scorecard, on a day."""

    heading: ClassVar[str]
    button: ClassVar[str]
    done: ClassVar[str]

    def __init__(self, *args: Any, line: ScorecardLine, today: date, **kwargs: Any) -> None:
        self.line, self.today = line, today
        self.targets = targets_of(line)
        super().__init__(*args, **kwargs)
        self.ask_ahead(today)

    @property
    def latest_number(self) -> int:
        """Number of the line's latest row of the kind that the form adds; 0 for none."""
        return max((t.number for t in self.targets), default=0)

    def said(self) -> Said:
        """What it would do. Raises OperationError."""
        raise NotImplementedError

    def carry_out(self, sent: Sent) -> None:
        """Does it. Raises OperationError."""
        raise NotImplementedError


class TargetForm(LineForm):
    """Base of the steps that add a target from a period on."""

    starts = "valid_from"
    valid_from = PeriodField(label="From period")
    authority = forms.CharField(max_length=steps.TEXT_MAX, help_text=AUTHORITY_HINT)
    reason = _why()
    also_past = forms.BooleanField(
        label="It is meant for periods that are reported already", required=False,
        help_text="Without this the ratings of what was reported stay as they are. What a meeting was given never "
        "changes.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = self._suggested()

    def _suggested(self) -> str:
        """The first period that has not been reported yet."""
        reported = reported_periods(self.line.scorecard)
        return period_of(reported[0]).next().label if reported else ""

    def _common(self) -> dict[str, Any]:
        return {"line": self.line} | {
            n: self.cleaned_data[n] for n in ("valid_from", "authority", "reason", "also_past")
        }

    def _plan(self) -> Plan:
        raise NotImplementedError

    def said(self) -> Said:
        plan = self._plan()
        target = plan.candidate
        unit = Unit(versions_within(self.line, self.cleaned_data["valid_from"], None)[0].unit)
        items = [
            ("Now", target_words(plan.before, unit)),
            ("Then", target_words(target, unit)),
            ("From period", target.valid_from.label),
            ("Authority", target.authority),
            ("Reason", target.reason),
        ]
        effects = [f"Periods before {target.valid_from.label} keep their target."]
        if plan.until:
            effects.append(f"From {plan.until.label} on the target that is recorded for it already holds.")
        if plan.affected:
            effects.append(past_words(plan.affected))
        return Said(items, effects)

    def _sent(self, sent: Sent) -> dict[str, Any]:
        return self._common() | {
            "based_on": sent.based_on, "key": sent.key, "by": sent.by, "at": sent.at, "request_id": sent.request_id,
        }  # fmt: skip


def target_words(target: Target | None, unit: Unit) -> str:
    """ "Target 85%, tolerance 80%", with what is suspended said so."""
    if target is None:
        return "No target set"
    said = "Target {}, tolerance {}".format(*limits(target, unit))
    return f"Suspended ({said[0].lower()}{said[1:]})" if target.is_suspended else said


class ChangeTargetForm(TargetForm):
    """Sets another target and tolerance."""

    heading = "Change target"
    button = "Change the target"
    done = "The target is changed."

    target = NumberField(help_text="In the unit of the indicator. Empty: no target is set")
    tolerance_kind = forms.ChoiceField(label="Kind of tolerance", choices=KIND_WORDS, widget=forms.RadioSelect)
    tolerance = NumberField()
    band = NumberField(label="Band", help_text="How far from the target still counts as better")
    printed_target = forms.CharField(
        label="Target as the authority prints it", max_length=steps.PRINTED_MAX, required=False
    )
    printed_tolerance = forms.CharField(
        label="Tolerance as the authority prints it", max_length=steps.PRINTED_MAX, required=False
    )
    field_order = (
        "valid_from", "target", "tolerance_kind", "tolerance", "band", "printed_target", "printed_tolerance",
        "authority", "reason", "also_past",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.line.series.indicator.versions.order_by("number").last()
        if version is None or version.polarity != Polarity.BAND:
            del self.fields["band"]
        now = in_force_on(self.targets, self.today)
        self.fields["tolerance_kind"].initial = ToleranceKind.NONE.value
        for name in ("target", "tolerance_kind", "tolerance", "band"):
            if now is not None and name in self.fields:
                held = getattr(now, name)
                self.fields[name].initial = f"{held.normalize():f}" if isinstance(held, Decimal) else held

    def _values(self) -> Values:
        data = self.cleaned_data
        kind = ToleranceKind(data["tolerance_kind"])
        return Values(
            target=data["target"], tolerance_kind=kind, tolerance=data["tolerance"], band=data.get("band"),
            printed_target=data["printed_target"], printed_tolerance=data["printed_tolerance"],
        )  # fmt: skip

    def _plan(self) -> Plan:
        return steps.plan_change(**self._common(), values=self._values())

    def carry_out(self, sent: Sent) -> None:
        steps.change_target(**self._sent(sent), values=self._values())


class SuspendTargetForm(TargetForm):
    """Suspends the target."""

    heading = "Suspend target"
    button = "Suspend the target"
    done = "The target is suspended."

    def _plan(self) -> Plan:
        return steps.plan_suspension(**self._common())

    def carry_out(self, sent: Sent) -> None:
        steps.suspend_target(**self._sent(sent))


class ReinstateTargetForm(TargetForm):
    """Puts a suspended target back into force."""

    heading = "Reinstate target"
    button = "Reinstate the target"
    done = "The target is in force again."

    def _plan(self) -> Plan:
        return steps.plan_reinstatement(**self._common())

    def carry_out(self, sent: Sent) -> None:
        steps.reinstate_target(**self._sent(sent))


class AgreeReliefForm(LineForm):
    """Records an agreed waiver."""

    heading = "Agree relief"
    button = "Agree the relief"
    done = "The relief is recorded. It is shown beside the rating, which stays as it is."
    starts = "from_period"

    from_period = PeriodField(label="First period")
    until_period = PeriodField(label="Last period", help_text="The same as the first for one period")
    ends_on = forms.DateField(label="Last day of the relief")
    authority = forms.CharField(max_length=steps.TEXT_MAX, help_text="The decision, and the meeting that took it")
    approved_by = forms.CharField(
        label="Approved by", max_length=steps.ROLE_MAX, help_text="The role, for example chair of the contract board"
    )
    reason = _why()

    @property
    def latest_number(self) -> int:
        return max(self.line.reliefs.values_list("number", flat=True), default=0)

    def _agreed(self) -> dict[str, Any]:
        names = ("from_period", "until_period", "ends_on", "authority", "approved_by", "reason")
        return {"line": self.line} | {name: self.cleaned_data[name] for name in names}

    def said(self) -> Said:
        row = steps.plan_relief(**self._agreed(), today=self.today)
        first, last = row.from_period.label, row.until_period.label
        target = in_force(self.targets, self.cleaned_data["until_period"])
        unit = Unit(versions_within(self.line, self.cleaned_data["until_period"], None)[0].unit)
        return Said(
            [
                ("Excused from", target_words(target, unit)),
                ("Periods", first if first == last else f"{first} to {last}"),
                ("Shown as", relief_words(row.ends_on, row.authority)),
                ("Approved by", row.approved_by),
                ("Reason", row.reason),
            ],
            ["The rating stays what it is; the relief stands beside it until its last day."],
        )

    def carry_out(self, sent: Sent) -> None:
        steps.agree_relief(
            **self._agreed(), based_on=sent.based_on, key=sent.key, by=sent.by, at=sent.at, request_id=sent.request_id
        )


class EndReliefForm(LineForm):
    """Withdraws a relief before its end."""

    heading = "End relief"
    button = "End the relief"
    done = "The relief ends as you said."
    starts = "on"

    on = forms.DateField(label="First day without relief")
    reason = _why()

    def __init__(self, *args: Any, relief: Relief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relief = relief
        self.fields["on"].initial = self.today

    def said(self) -> Said:
        on = self.cleaned_data["on"]
        reason = steps.plan_relief_end(relief=self.relief, on=on, reason=self.cleaned_data["reason"], today=self.today)
        return Said(
            [
                ("Relief", relief_words(self.relief.ends_on, self.relief.authority)),
                ("First day without it", dated(on)),
                ("Reason", reason),
            ]
        )

    def carry_out(self, sent: Sent) -> None:
        steps.end_relief(
            relief=self.relief, on=self.cleaned_data["on"], reason=self.cleaned_data["reason"], key=sent.key,
            by=sent.by, at=sent.at, request_id=sent.request_id,
        )  # fmt: skip
