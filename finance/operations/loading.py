"""Loads what papers say of money that is no figure, from rows read with the layouts of `finance.imports`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from finance.models import (
    BudgetHead,
    BusinessCase,
    BusinessCaseLine,
    Claim,
    ContractEntry,
    ContractYear,
    FundingAmount,
    FundingItem,
    FundingProgramme,
    Home,
    HomePlan,
    Milestone,
    PlacementPlan,
    PlanAssumption,
    PlanRow,
    Rung,
    Saving,
)
from finance.unit_costs import weekly_from_yearly
from indicators import quarters
from indicators.imports import FileRefused, Row
from indicators.models import Category, Partnership, Period
from indicators.operations.basics import known_on, operation
from indicators.operations.published import Refusal
from indicators.operations.rows import Loaded, RowLoader, period_row
from indicators.phrases import cited

# The order in which files are loaded: each rests only on those before it.
ORDER = (
    "heads",
    "rungs",
    "contract_years",
    "contract_entries",
    "funding_programmes",
    "funding_items",
    "funding_amounts",
    "savings",
    "homes",
    "business_cases",
    "business_case_lines",
    "claims",
    "milestones",
    "plans",
    "plan_rows",
    "plan_assumptions",
)
ORIGINAL = "original"
TOTAL = "total"


def pence_of(pounds: Decimal | None) -> int | None:
    """Whole pence of an amount in pounds; None for none. Raises Refusal for a part of a penny."""
    if pounds is None:
        return None
    pence = pounds.scaleb(2)
    if pence != pence.to_integral_value():
        raise Refusal("amount", "money is kept to the penny: give two decimals at most.")
    return int(pence)


def _given(row: Row, column: str) -> int:
    pence = pence_of(row[column])
    if pence is None:
        raise Refusal(column, "give an amount.")
    return pence


class _Loader(RowLoader):
    """One method per file."""

    def _category(self, dimension: str, code: str, column: str) -> Category:
        found = Category.objects.filter(dimension__code=dimension, code=code).first()
        if found is None:
            raise Refusal(column, f"there is no category “{code}” in a dimension “{dimension}”.")
        return found

    def _cited(self, row: Row) -> dict[str, Any]:
        return {"source": self._source(row), "paragraph": row["paragraph"]}

    def _printed(self, model: type[Model], key: dict[str, Any], row: Row, values: dict[str, Any]) -> bool:
        """As `_held`, for what a person could have typed as well: what is printed names its paper as the actor."""
        held = model._default_manager.filter(**key).first()
        source = self._source(row)
        stamp = {"actor": getattr(held, "actor", f"loaded from {source}"), "at": getattr(held, "at", self.at)}
        return self._held(model, key, values | self._cited(row) | stamp)

    def _head(self, path: str, column: str) -> BudgetHead:
        parent, _, line = path.rpartition("/")
        wanted = BudgetHead.objects.filter(partnership=self.partnership, category__code=line)
        found = wanted.filter(parent__category__code=parent) if parent else wanted.filter(parent=None)
        head = found.first()
        if head is None:
            raise Refusal(column, f"“{path}” is no budget head. Define it first, or correct the code.")
        return head

    def _rung(self, code: str, column: str) -> Rung:
        found = Rung.objects.filter(partnership=self.partnership, category__code=code).first()
        if found is None:
            raise Refusal(column, f"“{code}” is no rung. Define it first, or correct the code.")
        return found

    def _of(self, model: type[Model], code: str, column: str) -> Any:
        found = model._default_manager.filter(partnership=self.partnership, code=code).first()
        if found is None:
            raise Refusal(column, f"“{code}” is not known. Define it first, or correct the code.")
        return found

    def _year(self, row: Row, column: str = "year") -> Period:
        if row[column].kind != quarters.FinancialYear.kind:
            raise Refusal(column, "give a financial year, such as 2021-22.")
        return self._period(row, column)

    # One method per file

    def _heads(self, row: Row) -> bool:
        parent, _, line = row["head"].rpartition("/")
        if parent != row["parent"]:
            raise Refusal("parent", "write a line as heading/line, and its heading as the parent.")
        key = {
            "partnership": self.partnership,
            "category": self._category("line" if parent else "head", line, "head"),
            "parent": self._head(parent, "parent") if parent else None,
        }
        return self._held(BudgetHead, key, {"order": row["order"]} | self._cited(row))

    def _rungs(self, row: Row) -> bool:
        key = {"partnership": self.partnership, "category": self._category("rung", row["rung"], "rung")}
        group = self._category("rung-group", row["group"], "group") if row["group"] else None
        values = {"group": group} | {name: row[name] for name in ("order", "standing", "note")}
        return self._held(Rung, key, values | self._cited(row))

    def _contract_years(self, row: Row) -> bool:
        if row["covers_until"] <= row["covers_from"]:
            raise Refusal("covers_until", "the last day lies before the first.")
        if row["covers_from"] < row["year"].start_on or row["covers_until"] > row["year"].end_on:
            raise Refusal("covers_from", f"these days do not lie in {row['year'].label}.")
        key = {"partnership": self.partnership, "period": self._year(row)}
        values = {
            "original_pence": pence_of(row["original"]),
            "original_quantum_pence": pence_of(row["original_quantum"]),
            "stated_change_pence": pence_of(row["stated_change"]),
        } | {name: row[name] for name in ("covers_from", "covers_until", "surplus_share_percent", "note")}
        return self._held(ContractYear, key, values | self._cited(row))

    def _contract_entries(self, row: Row) -> bool:
        year = ContractYear.objects.filter(partnership=self.partnership, period=self._year(row)).first()
        if year is None:
            raise Refusal("year", "this year has no contract sum. Define it first.")
        if row["kind"] == ContractEntry.Kind.VARIATION and not row["authority"]:
            raise Refusal("authority", "say who agreed the variation; without authority it is none.")
        whole = None
        if row["part_of"] not in (None, "", ORIGINAL):
            whole = year.entries.filter(code=row["part_of"]).first()
            if whole is None:
                raise Refusal("part_of", f"“{row['part_of']}” is no entry of this year.")
        values = {
            "amount_pence": _given(row, "amount"),
            "quantum_pence": pence_of(row["quantum"]),
            "part_of": whole,
            "is_part_of_original": row["part_of"] == ORIGINAL,
        } | {name: row[name] for name in ("kind", "name", "reason", "funding_source", "authority", "on")}
        key = {"year": year, "code": row["code"]}
        held = ContractEntry.objects.filter(**key).first()
        stamp = {"actor": f"loaded from {self._source(row)}", "recorded_at": held.recorded_at if held else self.at}
        return self._held(ContractEntry, key, values | self._cited(row) | stamp)

    def _funding_programmes(self, row: Row) -> bool:
        key = {"partnership": self.partnership, "code": row["code"]}
        values = {name: row[name] for name in ("name", "authority", "note")}
        return self._printed(FundingProgramme, key, row, values)

    def _funding_items(self, row: Row) -> bool:
        programme = self._of(FundingProgramme, row["programme"], "programme")
        values = {name: row[name] for name in ("name", "payee", "duration", "termination", "status")}
        return self._printed(FundingItem, {"programme": programme, "letter": row["letter"]}, row, values)

    def _funding_amounts(self, row: Row) -> bool:
        programme = self._of(FundingProgramme, row["programme"], "programme")
        item = None
        if row["item"] != TOTAL:
            item = programme.items.filter(letter=row["item"]).first()
            if item is None:
                raise Refusal("item", f"the programme has no item “{row['item']}”.")
        key = {
            "programme": programme,
            "item": item,
            "fund": self._category("fund", row["fund"], "fund") if row["fund"] else None,
            "period": self._year_named(row["year"]),
        }
        values = {"pence": _given(row, "amount"), "quantum_pence": pence_of(row["quantum"])}
        return self._printed(FundingAmount, key, row, values)

    def _year_named(self, text: str) -> Period | None:
        """The financial year of a text; None for the total of all years."""
        if text == TOTAL:
            return None
        try:
            year = quarters.parse(text)
        except quarters.PeriodTextError as error:
            raise Refusal("year", str(error)) from error
        if year.kind != quarters.FinancialYear.kind:
            raise Refusal("year", "give a financial year, such as 2021-22, or total.")
        return period_row(year)

    def _savings(self, row: Row) -> bool:
        values = {
            "period": self._year(row),
            "head": self._head(row["head"], "head") if row["head"] else None,
            "rung": self._rung(row["rung"], "rung") if row["rung"] else None,
        } | {name: row[name] for name in ("name", "owner_role", "risk", "note")}
        return self._printed(Saving, {"partnership": self.partnership, "code": row["code"]}, row, values)

    def _homes(self, row: Row) -> bool:
        if row["beds_max"] is not None and (row["beds_min"] is None or row["beds_max"] < row["beds_min"]):
            raise Refusal("beds_max", "the most beds are fewer than the least.")
        values = {name: row[name] for name in ("name", "kind", "beds_min", "beds_max", "note")}
        new = self._printed(Home, {"partnership": self.partnership, "code": row["code"]}, row, values)
        home, source = Home.objects.get(partnership=self.partnership, code=row["code"]), self._source(row)
        key = {"home": home, "known_on": source.published_on or known_on(self.at), "by": None}
        columns = ("stage", "expected_on", "expected_precision", "expected_words")
        self._printed(HomePlan, key, row, {name: row[name] for name in columns})
        return new

    def _business_cases(self, row: Row) -> bool:
        values = {
            "period": self._year(row),
            "stated_pence": pence_of(row["stated"]),
            "stated_quantum_pence": pence_of(row["stated_quantum"]),
        } | {name: row[name] for name in ("name", "asked_on", "decided_by", "note")}
        return self._printed(BusinessCase, {"partnership": self.partnership, "code": row["code"]}, row, values)

    def _business_case_lines(self, row: Row) -> bool:
        case = self._of(BusinessCase, row["case"], "case")
        asked = _given(row, "asked")
        if asked < 0:
            raise Refusal("asked", "a case asks for money: give an amount of 0 or more.")
        values = {"asked_pence": asked, "quantum_pence": pence_of(row["quantum"])} | {
            name: row[name] for name in ("name", "outcome", "note")
        }
        return self._printed(BusinessCaseLine, {"case": case, "code": row["code"]}, row, values)

    def _claims(self, row: Row) -> bool:
        values = {name: row[name] for name in ("programme", "name", "payer", "due_on", "outcome", "terms")}
        return self._printed(Claim, {"partnership": self.partnership, "code": row["code"]}, row, values)

    def _milestones(self, row: Row) -> bool:
        columns = ("name", "body", "due_on", "due_precision", "due_words", "done_on")
        values = {name: row[name] for name in columns}
        return self._printed(Milestone, {"partnership": self.partnership, "code": row["code"]}, row, values)

    def _plans(self, row: Row) -> bool:
        values = {name: row[name] for name in ("name", "as_at", "note", "cost_to_date_words", "budget_words")}
        values |= {"cost_to_date_pence": pence_of(row["cost_to_date"]), "budget_pence": pence_of(row["budget"])}
        return self._printed(PlacementPlan, {"partnership": self.partnership, "code": row["code"]}, row, values)

    def _plan_rows(self, row: Row) -> bool:
        plan = self._of(PlacementPlan, row["plan"], "plan")
        values = {"rung": self._ladder(row), "weekly_pence": self._weekly_pence(row)}
        values |= {name: row[name] for name in ("number", "start_on", "end_on")}
        return self._held(PlanRow, {"plan": plan, "order": row["order"]}, values | self._said(row))

    def _plan_assumptions(self, row: Row) -> bool:
        plan = self._of(PlacementPlan, row["plan"], "plan")
        values = {
            "kind": row["kind"],
            "rung": self._ladder(row) if row["rung"] else None,
            "on": row["on_day"],
            "prices_pence": [] if row["price"] is None else [self._weekly_pence(row)],
        } | {name: row[name] for name in ("number", "over")}
        return self._held(PlanAssumption, {"plan": plan, "order": row["order"]}, values | self._said(row))

    def _ladder(self, row: Row) -> Category:
        """The rung of "rung=…", or the rungs together of "rung-group=…"."""
        dimension, _, code = row["rung"].partition("=")
        if dimension not in {"rung", "rung-group"}:
            raise Refusal("rung", "write rung=… or rung-group=….")
        return self._category(dimension, code, "rung")

    def _weekly_pence(self, row: Row) -> int:
        """The price of a week, to the penny, of a price that the paper prints for a week or a year."""
        if row["price"] < 0 or row["per"] not in {"week", "year"}:
            raise Refusal("price", "give a price of 0 or more for a week or a year.")
        return pence_of(weekly_from_yearly(row["price"]) if row["per"] == "year" else row["price"]) or 0

    def _said(self, row: Row) -> dict[str, Any]:
        """What a row says of itself, with its paper: rows of plans have no column of their own for it."""
        return {"words": f"{row['words']} ({cited(str(self._source(row)), row['paragraph'])})"}


@operation
def load_money(*, partnership: Partnership, tables: Mapping[str, Sequence[Row]], at: datetime) -> Loaded:
    """Loads the rows of one or more files of `finance.imports.LAYOUTS` into a partnership; all of them or none.

    What they rest on (categories, sources) must be loaded. Raises FileRefused with every finding.
    """
    loader = _Loader(partnership, at)
    for file in ORDER:
        if file in tables:
            loader.load(file, tables[file])
    if loader.findings:
        raise FileRefused(loader.findings)
    return loader.counts
