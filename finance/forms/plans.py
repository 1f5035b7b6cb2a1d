"""Forms of a plan of placements: entering one, deciding on it, choosing one, and one more placement."""

from collections.abc import Sequence
from typing import Any

from django import forms

from finance.forms.contract import DecisionForm as ContractDecisionForm
from finance.forms.fields import PenceField
from finance.models import PlacementPlan
from finance.money import pounds_of
from finance.operations.plans import NAME_MAX, NOTE_MAX, REASON_MAX, WORDS_MAX, PlanDetails
from finance.plan_rows import Entered
from finance.plan_text import ASSUMED_HEADINGS, ROW_HEADINGS, TextRefused, read_assumed, read_rows
from finance.selectors.plans import Ladder, PlanRowOfList
from indicators.forms import GovForm
from indicators.quarters import FinancialYear

MOST_TEXT = 400_000
SEEN = "Everybody who reads the plan sees it; name no child and no family"


class PlanForm(GovForm):
    """A plan: its day, rows of placements pasted or from a file, and what it assumes."""

    name = forms.CharField(max_length=NAME_MAX, help_text="For example, Placements at 1 July 2022")
    as_at = forms.DateField(
        label="As at the start of", help_text="Nights before this day are past. For example, 1 July 2022"
    )
    rows = forms.CharField(
        label="Placements",
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "cells"}),
        help_text=f"One row a line, pasted from a spreadsheet or as CSV, in this order: {', '.join(ROW_HEADINGS)}. "
        "Only the first four are needed; source says where the numbers are from. Numbers of placements, never a child",
    )
    file = forms.FileField(
        label="Or a CSV file of placements",
        required=False,
        help_text="With the same columns; it takes the place of the box",
    )
    assumed = forms.CharField(
        label="Assumptions",
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "cells"}),
        help_text=f"One a line: {', '.join(ASSUMED_HEADINGS)}. What is starters (number in so many months, with prices "
        "of a week), leaving (number in so many nights of care), uplift (from a day) or contingency (in per cent); "
        "source says where it is from",
    )
    cost_to_date = PenceField(
        label="Spent in the year before this day",
        required=False,
        help_text="In pounds. Empty: it is worked out from the rows",
    )
    cost_to_date_words = forms.CharField(label="Where that amount is from", max_length=WORDS_MAX, required=False)
    budget = PenceField(
        label="Budget of the year", required=False, help_text="In pounds. Empty: none to hold it against"
    )
    budget_words = forms.CharField(label="Where the budget is from", max_length=WORDS_MAX, required=False)
    note = forms.CharField(
        required=False, max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 3}), help_text=SEEN
    )
    replaces = forms.ChoiceField(label="Replaces", required=False, help_text="Where it corrects an earlier plan")
    odd_prices_reason = forms.CharField(
        label="Why the odd prices are right", required=False, max_length=REASON_MAX,
        help_text="Only where a weekly price is doubted",
    )  # fmt: skip

    def __init__(self, *args: Any, ladder: Ladder, replaceable: Sequence[PlacementPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ladder = ladder
        self.former = {plan.code: plan for plan in replaceable}
        fields: Any = self.fields
        fields["replaces"].choices = [("", "No other plan"), *((plan.code, plan.name) for plan in replaceable)]

    def clean(self) -> dict[str, Any]:
        """Reads the rows of the box or of the file, and the assumptions."""
        data = super().clean() or {}
        text = self._text_of(data.get("file")) or data.get("rows") or ""
        if not text.strip() and not self.errors:
            self.add_error("rows", "Paste at least one row of placements, or choose a file.")
        data["rows_text"] = text
        for box, read, words in (("rows", read_rows, text), ("assumed", read_assumed, data.get("assumed") or "")):
            try:
                data[f"{box}_read"] = read(words, self.ladder.names)
            except TextRefused as refused:
                self.add_error(box, [*refused.findings[:20], *self._more(refused.findings)])
        return data

    @staticmethod
    def _more(findings: Sequence[str]) -> list[str]:
        return [f"And {len(findings) - 20} more."] if len(findings) > 20 else []

    def _text_of(self, file: Any) -> str:
        if file is None:
            return ""
        if (file.size or 0) > MOST_TEXT:
            self.add_error("file", f"The file is too large: {MOST_TEXT // 1000} kB is the most.")
            return ""
        try:
            return str(file.read(), "utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", "The file is no text in UTF-8. Save it as CSV (UTF-8) and choose it again.")
            return ""

    @property
    def details(self) -> PlanDetails:
        """What was typed."""
        data = self.cleaned_data
        to_date = data["cost_to_date"]
        entered = Entered(
            as_at=data["as_at"], rows=data["rows_read"], assumed=data["assumed_read"], names=self.ladder.names,
            groups=self.ladder.groups, cost_to_date=None if to_date is None else pounds_of(to_date),
        )  # fmt: skip
        return PlanDetails(
            entered=entered, budget_pence=data["budget"], replaces=self.former.get(data["replaces"]),
            **{n: data[n] for n in ("name", "note", "cost_to_date_words", "budget_words", "odd_prices_reason")},
        )  # fmt: skip


class PlanDecisionForm(ContractDecisionForm):
    """Whether a plan is accepted; a refusal says why."""


class ProjectionForm(GovForm):
    """Which plan is projected, and which of its two years the page is about."""

    plan = forms.ChoiceField(required=False)
    year = forms.ChoiceField(label="Financial year", required=False)

    def __init__(
        self, *args: Any, plans: Sequence[PlanRowOfList], years: Sequence[FinancialYear], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["plan"].choices = [(plan.code, plan.name) for plan in plans]
        fields["year"].choices = [(year.slug, year.label) for year in years]


class OneMoreForm(GovForm):
    """One more placement: its price, from when, and on which rung."""

    weekly = PenceField(label="Price of a week", help_text="In pounds")
    start = forms.DateField(label="First night")
    rung = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["rung"].choices = [("", "Any rung"), *names.items()]
