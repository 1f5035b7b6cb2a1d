"""Forms of the registers: what is added, and what became of it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from finance.input_rules import parse_money
from finance.models import BudgetHead, BusinessCaseLine, RegisterDraft, Rung
from finance.models.registers import Precision
from finance.operations import register_drafts as drafts
from finance.operations.registers import decide_line
from finance.register_drafts import Chosen, Kind
from finance.registers import CAPACITY, CASES, CLAIMS, DECISIONS, MILESTONES, PROGRAMMES, REGISTERS, SAVINGS, Register
from indicators.forms import GovForm, NumberText
from indicators.models import Category, Partnership, User
from indicators.quarters import FinancialYear, financial_year_of
from indicators.units import NumberTextError

FIRST_YEAR, YEARS_AHEAD = 2014, 5
ROLE_HINT = "A job title, not a name"
READ_HINT = "Everybody who reads the register can read it; name no child and no family"
# Years that an item or a fund can be given at once.
YEARS_AT_ONCE = 3


class MoneyField(forms.CharField):
    """An amount in pounds, typed as 1,234.50 or £1,234.50."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, widget=NumberText(), **kwargs)

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_money(text)
        except NumberTextError as error:
            raise forms.ValidationError(str(error)) from error


def _words(label: str, *, most: int, required: bool = False, rows: int = 0, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=hint)


def _note(most: int = 600) -> forms.CharField:
    return _words("What to know of it", most=most, rows=3, hint=READ_HINT)


def _precision(label: str = "How exactly that day is known") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "No day is known"), *Precision.choices])


class DraftForm(GovForm):
    """Something that is drafted for a register: a new entry, or what is added to `row`, an entry or an item."""

    what = Kind.ENTRY
    row: Any = None

    def __init__(
        self, *args: Any, partnership: Partnership, register: Register, today: date, row: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership, self.register, self.today, self.row = partnership, register, today, row

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Sets the choices of a field."""
        field: Any = self.fields[name]
        field.choices = list(choices)

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the draft keeps it."""
        return self.cleaned_data

    def send(self, *, by: User, at: datetime, key: str, request_id: str) -> RegisterDraft:
        """Keeps it as a draft, once for a key. Raises OperationError."""
        return drafts.draft(
            partnership=self.partnership, register=self.register, kind=self.what, values=self.values, on=self.row,
            by=by, at=at, key=key, request_id=request_id,
        )  # fmt: skip


class EntryForm(DraftForm):
    """A new entry of a register."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "year" in self.fields:
            this = financial_year_of(self.today)
            years = [FinancialYear(year) for year in range(this.start_year + YEARS_AHEAD, FIRST_YEAR - 1, -1)]
            self.offer("year", [(year.slug, year.label) for year in years])
            self.initial.setdefault("year", this.slug)


class ProgrammeForm(EntryForm):
    """A funding programme; its items and funds are added on its own page."""

    name = _words("Name of the programme", most=200, required=True)
    authority = _words("Who approved it, and when", most=300, required=True)
    note = _note()


class SavingForm(EntryForm):
    """A saving or efficiency that the budget of a year rests on."""

    name = _words("What is to be saved", most=200, required=True)
    year = forms.ChoiceField(label="Financial year")
    owner_role = _words("Role that answers for it", most=120, hint=ROLE_HINT)
    risk = _words("What stands in its way", most=300)
    head = forms.ChoiceField(label="Budget head that it changes", required=False)
    rung = forms.ChoiceField(label="Rung of the care ladder that it changes", required=False)
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heads = BudgetHead.objects.filter(partnership=self.partnership).select_related("category", "parent__category")
        rungs = Rung.objects.filter(partnership=self.partnership).select_related("category")
        self.heads = {
            str(h.pk): Chosen(h.pk, f"{h.parent.category.name}: {h.category.name}" if h.parent else str(h))
            for h in heads
        }
        self.rungs = {str(r.pk): Chosen(r.pk, str(r)) for r in rungs}
        for name, chosen in (("head", self.heads), ("rung", self.rungs)):
            self.offer(name, [("", "None, or not stated"), *((pk, one.name) for pk, one in chosen.items())])

    def clean_head(self) -> Chosen | None:
        """The head that was chosen."""
        return self.heads.get(self.cleaned_data["head"])

    def clean_rung(self) -> Chosen | None:
        """The rung that was chosen."""
        return self.rungs.get(self.cleaned_data["rung"])


class CaseForm(EntryForm):
    """A business case; its lines are added on its own page."""

    name = _words("What the money is for", most=200, required=True)
    year = forms.ChoiceField(label="Financial year")
    asked_on = forms.DateField(label="Asked on", required=False)
    decided_by = _words("Who decides on it", most=200)
    note = _note()


class ClaimForm(EntryForm):
    """A claim of payment by results."""

    name = _words("Which claim", most=200, required=True)
    programme = _words("Programme", most=120, required=True)
    payer = _words("Who pays", most=120, required=True)
    due_on = forms.DateField(label="Due on", required=False)
    terms = _words("On what terms it is paid", most=600, rows=3)


class MilestoneForm(EntryForm):
    """Something about the accounts that is to be done by a day."""

    name = _words("What is to be done", most=200, required=True)
    body = _words("By whom, or for whom", most=200)
    due_on = forms.DateField(label="Due by", required=False)
    due_precision = _precision()
    due_words = _words("Due, in words", most=120, hint="Where it is not a day, for example “by the end of August”")


class PlanFields(GovForm):
    """What is known of a home on a day."""

    stage = forms.ChoiceField(choices=[("", "Choose"), *REGISTERS[CAPACITY].states.items()])
    stage_more = _words("More of the stage", most=200)
    known_on = forms.DateField(label="Known on")
    expected_on = forms.DateField(label="Expected to open on", required=False)
    expected_precision = _precision()
    expected_words = _words("Expected, in words", most=120, hint="Where it is not a day, for example “autumn 2022”")

    @property
    def plan(self) -> dict[str, Any]:
        """The columns of the plan."""
        data = self.cleaned_data
        stage, more = REGISTERS[CAPACITY].states[data["stage"]], data["stage_more"].strip()
        names = ("known_on", "expected_on", "expected_precision", "expected_words")
        return {"stage": f"{stage}: {more}" if more else stage, "reason": data.get("reason", "")} | {
            name: data[name] for name in names
        }


class HomeForm(EntryForm, PlanFields):
    """A home that is to open, with what is known of it now."""

    name = _words("Name of the home", most=120, required=True, hint="A place, never an address of a child")
    kind = _words("What it is", most=200, required=True)
    beds_min = forms.IntegerField(label="Beds, at least", required=False, min_value=0, max_value=200)
    beds_max = forms.IntegerField(label="Beds, at most", required=False, min_value=0, max_value=200)
    note = _note()
    field_order = ("name", "kind", "beds_min", "beds_max", "stage", "stage_more", "known_on", "expected_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("known_on", self.today)

    @property
    def values(self) -> dict[str, Any]:
        """The home with what is known of it now."""
        own = {name: self.cleaned_data[name] for name in ("name", "kind", "beds_min", "beds_max", "note")}
        return own | self.plan


ENTRY_FORMS: dict[str, type[EntryForm]] = {
    PROGRAMMES: ProgrammeForm,
    SAVINGS: SavingForm,
    CAPACITY: HomeForm,
    CASES: CaseForm,
    CLAIMS: ClaimForm,
    MILESTONES: MilestoneForm,
}


# Parts of a case or a programme


class LineForm(DraftForm):
    """A line of a business case: what is asked for, and how much."""

    what = Kind.LINE
    name = _words("What the money is for", most=200, required=True)
    asked = MoneyField(label="Asked, in pounds")
    note = _note(300)


class CostedForm(DraftForm):
    """Amounts in up to three financial years, the one before the year of the day first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = financial_year_of(self.today).start_year
        self.years = [FinancialYear(year) for year in range(this - 1, this - 1 + YEARS_AT_ONCE)]
        for year in self.years:
            field = MoneyField(label=f"In {year.label}, in pounds", required=False)
            self._prepare(f"in_{year.slug}", field)
            self.fields[f"in_{year.slug}"] = field

    @property
    def costs(self) -> list[tuple[str, Decimal]]:
        """The years that were given, with their amounts."""
        typed = [(year.slug, self.cleaned_data[f"in_{year.slug}"]) for year in self.years]
        return [(slug, amount) for slug, amount in typed if amount is not None]


class ItemForm(CostedForm):
    """An item of a programme with its costs."""

    what = Kind.ITEM
    letter = forms.SlugField(label="Letter", max_length=10, help_text="As in “item b”")
    name = _words("What it is", most=200, required=True)
    payee = _words("Who is paid", most=120)
    duration = _words("For how long", most=120)
    termination = _words("How it can be ended early", most=300, hint="For example, one month’s notice")
    status = _words("Status", most=120)

    @property
    def values(self) -> dict[str, Any]:
        """The item with its costs."""
        names = ("letter", "name", "payee", "duration", "termination", "status")
        return {name: self.cleaned_data[name] for name in names} | {"costs": self.costs}


class FundForm(CostedForm):
    """What a fund gives to a programme."""

    what = Kind.FUND
    fund = forms.ChoiceField(label="Fund")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.funds = {c.code: c for c in Category.objects.filter(dimension__code="fund").order_by("order")}
        self.offer("fund", [("", "Choose"), *((code, fund.name) for code, fund in self.funds.items())])

    @property
    def values(self) -> dict[str, Any]:
        """The fund with what it gives."""
        fund = self.funds[self.cleaned_data["fund"]]
        return {"fund": Chosen(fund.pk, fund.name), "costs": self.costs}


PART_FORMS: dict[tuple[str, str], tuple[type[DraftForm], str]] = {
    (CASES, "line"): (LineForm, "line"),
    (PROGRAMMES, "item"): (ItemForm, "item"),
    (PROGRAMMES, "fund"): (FundForm, "source of funding"),
}


# What becomes of it


class PlanForm(DraftForm, PlanFields):
    """What is known of a home now; a later day asks for the reason."""

    what = Kind.PLAN
    reason = _words("Why it is expected later", most=300, hint=READ_HINT)
    field_order = ("stage", "stage_more", "known_on", "expected_on", "expected_precision", "expected_words", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("known_on", self.today)

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the plan."""
        return self.plan


class StepForm(DraftForm):
    """What happened to something on a register."""

    what = Kind.STEP
    state = forms.ChoiceField(label="What happened", widget=forms.RadioSelect)
    on = forms.DateField(label="Day on which it happened")
    words = _words("More of it", most=600, rows=3, hint=READ_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", self.today)
        state: Any = self.fields["state"]
        state.choices = list(self.register.states.items())


class DecisionForm(GovForm):
    """What became of a line of a business case."""

    outcome = forms.ChoiceField(choices=list(DECISIONS.items()), widget=forms.RadioSelect)
    on = forms.DateField(label="Decided on")
    words = _words(
        "Why", most=600, rows=3,
        hint="Needed where it is not approved or is decided anew; everybody who reads the register can read it",
    )  # fmt: skip

    def __init__(self, *args: Any, row: BusinessCaseLine, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.row = row

    def send(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Records it. Raises OperationError."""
        return decide_line(line=self.row, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)
