"""Forms of the risk register: a risk, who answers for it and what it is tied to, its scores, and its end."""

from datetime import date, datetime
from typing import Any

from django import forms

from indicators.forms import GovForm
from indicators.models import Partnership, User
from partnership.forms.plans import (
    LONG,
    ROLE_HINT,
    Offering,
    bodies_to_choose,
    indicators_of_codes,
    partners_to_choose,
    words,
)
from partnership.models import Action, ImprovementPlan, Risk
from partnership.operations import risks as keep
from partnership.operations.plan_recording import state_of
from partnership.risk_scores import SCALE, Score
from partnership.selectors.measures import choices_of
from partnership.selectors.risks import Ties

READ_HINT = "Everybody who reads the register can read it; name no child and no family"


class RiskFilter(GovForm):
    """Which risks are shown."""

    show = forms.ChoiceField(
        required=False, choices=[("", "Open risks"), ("closed", "Closed risks"), ("all", "All risks")]
    )
    body = forms.ChoiceField(required=False)
    when = forms.ChoiceField(
        required=False, choices=[("", ""), ("before", ""), ("after", "")], widget=forms.HiddenInput
    )
    likelihood = forms.IntegerField(required=False, min_value=1, max_value=5, widget=forms.HiddenInput)
    impact = forms.IntegerField(required=False, min_value=1, max_value=5, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.choices = [("", "All bodies"), *((name, name) for name in bodies)]
        if not bodies:
            del self.fields["body"]


class TiedForm(Offering):
    """Who answers for a risk, and what it is tied to."""

    owner_partner = forms.ChoiceField(label="Partner that answers for it", required=False)
    owner_role = words("Role that answers for it", most=160, hint=ROLE_HINT)
    body = forms.ChoiceField(label="Body whose register it is on", required=False)
    plan = forms.ChoiceField(label="Improvement plan that it threatens", required=False)
    paper = forms.ChoiceField(label="Paper of a meeting that tells of it", required=False)

    def __init__(
        self, *args: Any, partnership: Partnership, today: date, ties: Ties, sees_protected: bool,
        risk: Risk | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, initial=_initial(risk) if risk else {}, **kwargs)
        self.partnership, self.risk = partnership, risk
        self.offer("owner_partner", partners_to_choose(partnership))
        self.offer("body", bodies_to_choose(partnership, today, risk.body if risk else None))
        plans = ImprovementPlan.objects.filter(partnership=partnership)
        self.offer("plan", [(p.code, p.title, p) for p in plans])
        self.offer("paper", ties.papers)
        if not ties.papers:
            del self.fields["paper"]
        listed = choices_of(partnership, today=today, sees_protected=sees_protected)
        chosen = list(risk.indicators.values_list("code", flat=True)) if risk else []
        self.offer_several("indicator", "Indicator that shows it", listed, chosen, 2)
        numbers = [str(number) for number in risk.actions.values_list("number", flat=True)] if risk else []
        self.offer_several("action", "Action from a meeting", [one[:2] for one in ties.actions], numbers, 1)

    @property
    def tied(self) -> dict[str, Any]:
        """Everything that was chosen. A paper that the person may not read stays."""
        codes = self.codes("action")
        held = {str(a.number): a for a in Action.objects.filter(partnership=self.partnership, number__in=codes)}
        paper = self.row("paper")
        unread = self.risk.paper if self.risk and str(self.risk.paper_id or "") not in self.rows_of["paper"] else None
        return {
            "owner_partner": self.row("owner_partner"),
            "owner_role": self.cleaned_data["owner_role"],
            "body": self.row("body"),
            "plan": self.row("plan"),
            "paper": paper or unread,
            "indicators": indicators_of_codes(self.codes("indicator")),
            "actions": [held[code] for code in codes if code in held],
        }


def _initial(risk: Risk) -> dict[str, Any]:
    return {
        "owner_partner": risk.owner_partner.code if risk.owner_partner else "",
        "owner_role": risk.owner_role,
        "body": risk.body.code if risk.body else "",
        "plan": risk.plan.code if risk.plan else "",
        "paper": str(risk.paper_id or ""),
        "based_on": state_of(risk, keep.TIED),
    }


class RiskForm(TiedForm):
    """A new risk; it is scored on its own page."""

    title = words("The risk", most=200, required=True)
    cause = words("What may bring it about", most=600, rows=2, hint=READ_HINT)
    effect = words("What it would do", most=600, rows=2, hint=READ_HINT)
    field_order = ("title", "cause", "effect")

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Risk:
        """Puts it on the register. Raises OperationError."""
        own = {name: self.cleaned_data[name] for name in ("title", "cause", "effect")}
        return keep.add_risk(
            partnership=self.partnership, values=own | self.tied, by=by, at=at, key=key, request_id=request_id
        )


class ChangeRiskForm(TiedForm):
    """Who answers for a risk and what it is tied to, as they stand."""

    based_on = forms.CharField(widget=forms.HiddenInput)

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Risk:
        """Changes the risk. Raises OperationError."""
        assert self.risk is not None  # noqa: S101
        return keep.change_risk(
            risk=self.risk, values=self.tied, based_on=self.cleaned_data["based_on"], by=by, at=at, key=key,
            request_id=request_id,
        )  # fmt: skip


def _scale(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, choices=[("", "Choose"), *((str(n), str(n)) for n in SCALE)])


class ScoreForm(Offering):
    """Scores of a risk on a day, before and after what is done about it."""

    on = forms.DateField(label="Day of the scores")
    likelihood_before = _scale("Likelihood before, 1 to 5")
    impact_before = _scale("Impact before, 1 to 5")
    mitigation = words("What is done about it", most=LONG, rows=3, hint=READ_HINT)
    likelihood_after = _scale("Likelihood after, 1 to 5")
    impact_after = _scale("Impact after, 1 to 5")
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, risk: Risk, today: date, **kwargs: Any) -> None:
        last = risk.scores.select_related("mitigation").order_by("on", "pk").last()
        initial: dict[str, Any] = {"on": today, "based_on": risk.scores.count()}
        if last is not None:
            for name in ("likelihood_before", "impact_before", "likelihood_after", "impact_after"):
                initial[name] = getattr(last, name)
            initial["mitigation"] = last.mitigation.body if last.mitigation else ""
        super().__init__(*args, initial=initial, **kwargs)
        self.risk = risk

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Records the scores. Raises OperationError."""
        data = self.cleaned_data
        return keep.score_risk(
            risk=self.risk, on=data["on"], before=Score(data["likelihood_before"], data["impact_before"]),
            after=Score(data["likelihood_after"], data["impact_after"]), mitigation=data["mitigation"],
            based_on=data["based_on"], by=by, at=at, key=key, request_id=request_id,
        )  # fmt: skip


class CloseForm(GovForm):
    """That a risk is closed, and why."""

    on = forms.DateField(label="Closed on")
    reason = words("Why it is closed", most=300, required=True, rows=3, hint=READ_HINT)

    def __init__(self, *args: Any, risk: Risk, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.risk = risk

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Closes the risk. Raises OperationError."""
        return keep.close_risk(risk=self.risk, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)
