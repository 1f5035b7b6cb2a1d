"""Forms of scenarios: beginning or copying one, its steps by kind, and taking it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from finance.forms.fields import PenceField, PercentField
from finance.models import PlacementPlan
from finance.money import pounds_of
from finance.operations.plans import REASON_MAX, WORDS_MAX
from finance.operations.scenarios import HOME_MAX, NAME_MAX, PURPOSE_MAX, ScenarioDetails
from finance.scenario_rows import DELAY, MOVE, OPEN, PRICE, StepDetails
from indicators.forms import GovForm

SEEN = "Everybody who reads the scenario sees it; name no child and no family"


class ScenarioForm(GovForm):
    """A scenario: on which plan, under which name, and what it tries."""

    plan = forms.ChoiceField(help_text="The plan itself is never changed")
    name = forms.CharField(max_length=NAME_MAX, help_text="For example, Four vacancies filled from September")
    purpose = forms.CharField(
        label="What does it try?", max_length=PURPOSE_MAX, widget=forms.Textarea(attrs={"rows": 3}), help_text=SEEN
    )

    def __init__(self, *args: Any, plans: Sequence[PlacementPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {plan.code: plan for plan in plans}
        fields: Any = self.fields
        fields["plan"].choices = [(plan.code, plan.name) for plan in plans]

    @property
    def plan_row(self) -> PlacementPlan:
        """The plan that was chosen."""
        return self.plans[self.cleaned_data["plan"]]

    @property
    def details(self) -> ScenarioDetails:
        """What was typed."""
        return ScenarioDetails(self.cleaned_data["name"], self.cleaned_data["purpose"])


class WithdrawForm(GovForm):
    """Why a scenario is taken back."""

    reason = forms.CharField(
        label="Reason", max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Everybody who opens the scenario reads it; it is kept and can no longer be changed",
    )  # fmt: skip


class StepForm(GovForm):
    """One step of a scenario. `names`: rungs by code; `used`: those that the plan has placements on; `homes`: names on
    the register by code; `opening`: homes that earlier steps open."""

    kind = ""
    on = forms.DateField(label="From the night of")
    words = forms.CharField(
        label="Why, and where are the numbers from?", max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=SEEN,
    )  # fmt: skip

    def __init__(
        self, *args: Any, names: Mapping[str, str], used: Sequence[str], homes: Mapping[str, str],
        opening: Sequence[str] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.homes = homes
        choices = {
            "from_rung": [(code, names[code]) for code in used],
            "to_rung": list(names.items()),
            "home": [("", "None of the register"), *homes.items()],
        }
        if self.kind == DELAY:
            choices["home_name"] = [(name, name) for name in opening]
        fields: Any = self.fields
        for name in choices.keys() & fields.keys():
            fields[name].choices = choices[name]

    @property
    def details(self) -> StepDetails:
        """What was typed."""
        data = dict(self.cleaned_data)
        for box in ("weekly", "pounds", "standing"):
            if data.get(box) is not None:
                data[box] = pounds_of(data[box])
        if data.get("home") and not data["home_name"].strip():
            data["home_name"] = self.homes[data["home"]]
        return StepDetails(kind=self.kind, **data)


class MoveForm(StepForm):
    """Children who move from one rung to another."""

    kind = MOVE
    number = forms.IntegerField(label="How many children?")
    from_rung = forms.ChoiceField(label="From the rung")
    to_rung = forms.ChoiceField(label="To the rung")
    weekly = PenceField(
        label="Price of a week there", required=False, help_text="In pounds for each. Empty: the price of the plan"
    )
    field_order = ("number", "from_rung", "to_rung", "on", "weekly", "words")


class PriceForm(StepForm):
    """A price that changes from a day."""

    kind = PRICE
    from_rung = forms.ChoiceField(label="Rung")
    percent = PercentField(label="Change in per cent", required=False, help_text="For example 4.9, or −3 for less")
    pounds = PenceField(
        label="Or in pounds a week", required=False, help_text="For example 25, or (25) for less; one of the two"
    )
    field_order = ("from_rung", "on", "percent", "pounds", "words")


class OpenForm(StepForm):
    """A home that opens, and who moves in."""

    kind = OPEN
    home = forms.ChoiceField(
        label="Home on the register", required=False, help_text="Where it stands there; its name is taken from there"
    )
    home_name = forms.CharField(
        label="Name of the home", max_length=HOME_MAX, required=False, help_text="Where it is not on the register"
    )
    number = forms.IntegerField(label="How many beds?")
    to_rung = forms.ChoiceField(label="Rung of the home")
    from_rung = forms.ChoiceField(label="Rung that the children come from")
    on = forms.DateField(label="Opens on")
    a_month = forms.IntegerField(label="How many move in each month?")
    weekly = PenceField(
        label="Price of a week there", required=False, help_text="In pounds for each. Empty: the price of the plan"
    )
    standing = PenceField(
        label="Cost of the home a week", required=False, help_text="In pounds, whoever is there. Empty: none"
    )
    field_order = (
        "home", "home_name", "number", "to_rung", "from_rung", "on", "a_month", "weekly", "standing", "words",
    )  # fmt: skip


class DelayForm(StepForm):
    """A home that opens later than an earlier step says."""

    kind = DELAY
    home_name = forms.ChoiceField(label="Home")
    on = forms.DateField(label="Opens on")
    field_order = ("home_name", "on", "words")


STEP_FORMS: Mapping[str, type[StepForm]] = {form.kind: form for form in (MoveForm, PriceForm, OpenForm, DelayForm)}
