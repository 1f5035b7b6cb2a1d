"""The tables of a projection: its lines, the way from the run-rate, full-year effect, and the plan beneath it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.money import about
from finance.nights import FullYear, full_year
from finance.plan_rows import Assumed, Entered, Kind, PlacementRow, assumed_words, move_words
from finance.projection import Projection
from finance.simulation import Simulated
from finance.unit_costs import weekly_from_yearly, yearly
from indicators.quarters import FinancialYear, Month
from indicators.table_spec import Column, Field, TableSpec, Values
from indicators.table_spec import Kind as Is
from indicators.units import Unit, round_half_up, total_of, written
from indicators.working_days import day_words

NONE = "–"
TOTAL = "total"
KIND_NAMES = {
    Kind.STARTERS: "Starters", Kind.LEAVING: "Unplanned leavers", Kind.UPLIFT: "Change of prices",
    Kind.CONTINGENCY: "Contingency",
}  # fmt: skip


def pounds(value: Decimal) -> str:
    """An amount to the penny as it stands in a cell."""
    return written(value, Unit.POUNDS, 2)


def sided(value: Decimal) -> str:
    """A difference with its sign in words: "£1,200.00 less"."""
    if not value:
        return "no difference"
    return f"{pounds(value.copy_abs())} {'more' if value > 0 else 'less'}"


def _sided_unless_first(v: Values, amount: str) -> tuple[str, ...]:
    return (pounds(v[amount]) if v["is_sum"] == "yes" else sided(v[amount]) if v[amount] else NONE,)


# Lines


@dataclass(frozen=True)
class ProjectionRow:
    """A line of a projection, or what all of them make. `is_sum`: an amount, and not a difference."""

    plan: str
    year: FinancialYear
    code: str
    name: str
    this_year: Decimal
    next_year: Decimal
    is_sum: bool


_AMOUNTS = frozenset({"to_date", "known", "standing", TOTAL})


def projection_rows(plan: str, projection: Projection) -> list[ProjectionRow]:
    """Every line that is not nothing in both years, and the total."""
    lines = [(ln.code, ln.name, ln.this_year, ln.next_year) for ln in projection.lines if ln.this_year or ln.next_year]
    lines.append((TOTAL, "Projected cost", projection.this_year, projection.next_year))
    return [ProjectionRow(plan, projection.year, *line, line[0] in _AMOUNTS) for line in lines]


def _year_fields(name: str, heading: str, of: str) -> Column[ProjectionRow]:
    return Column(
        name, heading, (Field(name, Is.NUMBER, lambda r: getattr(r, of), f"{heading}, in pounds to the penny"),),
        lambda v: _sided_unless_first(v, name),
    )  # fmt: skip


LINES_TABLE: TableSpec[ProjectionRow] = TableSpec(
    "projection",
    (
        Column(
            "line",
            "Line",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("year", Is.CODE, lambda r: r.year.slug, "The financial year that is projected"),
                Field("code", Is.CODE, lambda r: r.code, "Code of the line"),
                Field("line", Is.TEXT, lambda r: r.name, "Name of the line"),
                Field("is_sum", Is.CODE, lambda r: "yes" if r.is_sum else "no", "no: what the line adds to the total"),
            ),
            lambda v: (v["line"],),
        ),
        _year_fields("this_year", "This year", "this_year"),
        _year_fields("next_year", "Next year", "next_year"),
    ),
)


# From the run-rate


@dataclass(frozen=True)
class RunRateRow:
    """A step from the run-rate to the projection, with the sum so far."""

    plan: str
    code: str
    name: str
    amount: Decimal | None
    running: Decimal


def run_rate_rows(plan: str, projection: Projection) -> list[RunRateRow]:
    """From the run-rate, by every step that is not nothing, to the projection; empty on the first day of a year."""
    rate = projection.run_rate
    if rate is None:
        return []
    rows = [RunRateRow(plan, "run_rate", f"The average of {rate.nights_gone} nights over the year", None, rate.amount)]
    for line in rate.lines:
        if line.amount:
            rows.append(RunRateRow(plan, line.code, line.name, line.amount, rows[-1].running + line.amount))
    rows.append(RunRateRow(plan, TOTAL, "Projected cost", None, projection.this_year))
    return rows


RUN_RATE_TABLE: TableSpec[RunRateRow] = TableSpec(
    "projection-run-rate",
    (
        Column(
            "step",
            "Step",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("code", Is.CODE, lambda r: r.code, "Code of the step"),
                Field("step", Is.TEXT, lambda r: r.name, "Name of the step"),
            ),
            lambda v: (v["step"],),
        ),
        Column(
            "amount",
            "Change",
            (Field("amount", Is.NUMBER, lambda r: r.amount, "What the step changes, in pounds to the penny"),),
            lambda v: (NONE if v["amount"] is None else sided(v["amount"]),),
        ),
        Column(
            "running",
            "So far",
            (Field("running", Is.NUMBER, lambda r: r.running, "The year after the step, in pounds to the penny"),),
            lambda v: (pounds(v["running"]),),
        ),
    ),
)


# Part-year and full-year


@dataclass(frozen=True)
class FullYearRow:
    """The known placements of a rung, this year and next, at the prices in force."""

    plan: str
    rung: str
    name: str
    placements: int
    cost: FullYear


def full_year_rows(plan: str, entered: Entered, year: FinancialYear) -> list[FullYearRow]:
    """A row for each rung in the order of the ladder, and all of them together."""
    found = []
    for rung in entered.names:
        own = [row for row in entered.rows if row.rung == rung]
        if own:
            found.append(_full_year(plan, rung, entered.names[rung], own, year))
    if len(found) > 1:
        found.append(_full_year(plan, TOTAL, "All", entered.rows, year))
    return found


def _full_year(
    plan: str, rung: str, name: str, rows: "tuple[PlacementRow, ...] | list[PlacementRow]", year: FinancialYear
) -> FullYearRow:
    number = sum(row.number for row in rows)
    stays = [(row.weekly, row.start, row.end) for row in rows for _ in range(row.number)]
    return FullYearRow(plan, rung, name, number, full_year(stays, year))


FULL_YEAR_TABLE: TableSpec[FullYearRow] = TableSpec(
    "projection-full-year",
    (
        Column(
            "rung",
            "Rung",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("rung", Is.CODE, lambda r: r.rung, "Code of the rung, or total"),
                Field("name", Is.TEXT, lambda r: r.name, "Name of the rung"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "placements", "Placements", (Field("placements", Is.WHOLE, lambda r: r.placements, "How many are known"),),
            lambda v: (f"{v['placements']:,}",),
        ),
        Column(
            "this_year",
            "This year",
            (
                Field("cost", Is.NUMBER, lambda r: r.cost.cost, "What their nights cost this year, in pounds"),
                Field("nights", Is.WHOLE, lambda r: r.cost.nights, "Nights of the placements this year"),
            ),
            lambda v: (pounds(v["cost"]), f"{v['nights']:,} nights"),
        ),
        Column(
            "next_year",
            "Next year",
            (
                Field("cost_next", Is.NUMBER, lambda r: r.cost.cost_next, "What their nights cost next year"),
                Field("nights_next", Is.WHOLE, lambda r: r.cost.nights_next, "Nights of the placements next year"),
            ),
            lambda v: (pounds(v["cost_next"]), f"{v['nights_next']:,} nights"),
        ),
        Column(
            "effect",
            "Full-year effect",
            (Field("effect", Is.NUMBER, lambda r: r.cost.effect, "Next year less this year, in pounds"),),
            lambda v: (sided(v["effect"]),),
        ),
    ),
)  # fmt: skip


# The plan beneath


@dataclass(frozen=True)
class PlanTableRow:
    """A row of a plan with its place, and the names of the rungs."""

    plan: str
    order: int
    row: PlacementRow
    names: Mapping[str, str]
    source: str = ""


def plan_rows(plan: str, entered: Entered, source: str = "") -> list[PlanTableRow]:
    """The rows of a plan for its table; `source` stands where a row says nothing of its own."""
    return [PlanTableRow(plan, n, row, entered.names, source) for n, row in enumerate(entered.rows, 1)]


def _ends_text(v: Values) -> tuple[str, ...]:
    end = "no end is planned" if v["end"] is None else f"to {day_words(v['end'])}"
    return (f"from {day_words(v['start'])}", end)


PLAN_TABLE: TableSpec[PlanTableRow] = TableSpec(
    "plan-rows",
    (
        Column(
            "rung",
            "Rung",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("row", Is.WHOLE, lambda r: r.order, "Place in the plan"),
                Field("rung", Is.CODE, lambda r: r.row.rung, "Code of the rung, or of rungs together"),
                Field("rung_name", Is.TEXT, lambda r: r.names[r.row.rung], "Its name"),
            ),
            lambda v: (v["rung_name"],),
        ),
        Column(
            "number", "Placements", (Field("number", Is.WHOLE, lambda r: r.row.number, "How many placements"),),
            lambda v: (f"{v['number']:,}",),
        ),
        Column(
            "weekly",
            "Price of a week",
            (
                Field("weekly", Is.NUMBER, lambda r: r.row.weekly, "Pounds a week for each"),
                Field("a_year", Is.NUMBER, lambda r: yearly(r.row.weekly), "The same over 365 nights"),
            ),
            lambda v: (pounds(v["weekly"]), f"{pounds(v['a_year'])} over 365 nights"),
        ),
        Column(
            "nights",
            "Nights",
            (
                Field("start", Is.DATE, lambda r: r.row.start, "The first night"),
                Field("end", Is.DATE, lambda r: r.row.end, "The planned end, whose night does not count"),
            ),
            _ends_text,
        ),
        Column(
            "move",
            "Planned move",
            (
                Field("move_on", Is.DATE, lambda r: r.row.move_on, "The first night after a planned move"),
                Field("move_to", Is.CODE, lambda r: r.row.move_to, "The rung; empty with a day: out of care"),
                Field("move_weekly", Is.NUMBER, lambda r: r.row.move_weekly, "Pounds a week there"),
                Field("move_percent", Is.NUMBER, lambda r: r.row.move_percent, "The chance of it, in per cent"),
                Field("move", Is.TEXT, lambda r: move_words(r.row, r.names), "The same in words"),
            ),
            lambda v: (v["move"] or NONE,),
        ),
        Column(
            "words", "Where it is from",
            (Field("words", Is.TEXT, lambda r: r.row.words or r.source, "Where the row is from"),),
            lambda v: (v["words"] or "not stated",),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class AssumedRow:
    """An assumption of a plan with its place, and the names of the rungs."""

    plan: str
    order: int
    one: Assumed
    names: Mapping[str, str]


def assumed_rows(plan: str, entered: Entered) -> list[AssumedRow]:
    """The assumptions of a plan for their table."""
    return [AssumedRow(plan, n, one, entered.names) for n, one in enumerate(entered.assumed, 1)]


ASSUMED_TABLE: TableSpec[AssumedRow] = TableSpec(
    "plan-assumptions",
    (
        Column(
            "what",
            "What",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("row", Is.WHOLE, lambda r: r.order, "Place in the plan"),
                Field("kind", Is.CODE, lambda r: r.one.kind.value, "starters, leaving, uplift or contingency"),
                Field("kind_name", Is.TEXT, lambda r: KIND_NAMES[r.one.kind], "The same in words"),
                Field("rung", Is.CODE, lambda r: r.one.rung, "Code of the rung; empty: all"),
                Field("rung_name", Is.TEXT, lambda r: r.names.get(r.one.rung, ""), "Its name"),
            ),
            lambda v: (v["kind_name"], v["rung_name"] or "all rungs"),
        ),
        Column(
            "value",
            "What is assumed",
            (
                Field("number", Is.NUMBER, lambda r: r.one.number, "Children, or per cent"),
                Field("over", Is.NUMBER, lambda r: r.one.over, "Over so many months, or nights of care"),
                Field("from_day", Is.DATE, lambda r: r.one.on, "From which day prices change"),
                Field(
                    "prices", Is.TEXT, lambda r: "; ".join(f"{p:f}" for p in r.one.prices), "Weekly prices, in pounds"
                ),
                Field("value", Is.TEXT, lambda r: assumed_words(r.one, r.names), "The same in words"),
            ),
            lambda v: (v["value"],),
        ),
        Column(
            "words", "Where it is from", (Field("words", Is.TEXT, lambda r: r.one.words, "Where it is from"),),
            lambda v: (v["words"],),
        ),
    ),
)  # fmt: skip


# The band by month


@dataclass(frozen=True)
class MonthRow:
    """What a month is expected to cost, and the band of the runs."""

    plan: str
    month: Month
    expected: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal


def month_rows(plan: str, projection: Projection, found: Simulated) -> list[MonthRow]:
    """The months of both years."""
    expected = {row.month: row.cost for row in projection.months}
    return [
        MonthRow(plan, row.month, expected[row.month], row.band.p10, row.band.p50, row.band.p90)
        for row in found.months
        if row.month in expected
    ]


def _month_column(name: str, heading: str, meaning: str) -> Column[MonthRow]:
    field: Field[MonthRow] = Field(name, Is.NUMBER, lambda r: getattr(r, name), meaning)
    return Column(name, heading, (field,), lambda v: (pounds(v[name]),))


MONTHS_TABLE: TableSpec[MonthRow] = TableSpec(
    "projection-months",
    (
        Column(
            "month",
            "Month",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("month", Is.CODE, lambda r: r.month.slug, "The month"),
                Field("month_name", Is.TEXT, lambda r: r.month.label, "Its name"),
            ),
            lambda v: (v["month_name"],),
        ),
        _month_column("expected", "Expected", "Expected cost before contingency, in pounds"),
        _month_column("p10", "P10", "A tenth of the runs stay below, in pounds"),
        _month_column("p50", "P50", "Half of the runs stay below"),
        _month_column("p90", "P90", "Nine tenths of the runs stay below"),
    ),
)


def card_words(entered: Entered, projection: Projection, budget: Decimal | None) -> str:
    """What a plan covers and costs, without pence, and that it is a part where the ladder has more rungs than it."""
    year, cost = projection.year.label, projection.this_year
    plural = "" if entered.placements == 1 else "s"
    text = f"{entered.placements:,} placement{plural}, {_covered(entered)}: {about(cost)} in {year}"
    if budget is not None:
        gap = cost - budget
        side = "over" if gap > 0 else "under"
        text += f", {about(abs(gap))} {side} the budget of the plan" if gap else ", which is the budget of the plan"
    return f"{text}.{'' if _is_whole(entered) else ' They are a part of the care ladder, not all that the year costs.'}"


def _covered(entered: Entered) -> str:
    used = {row.rung for row in entered.rows}
    names = [f"“{name}”" for code, name in entered.names.items() if code in used]
    return names[0] if len(names) == 1 else f"on {len(names)} rungs"


def _is_whole(entered: Entered) -> bool:
    groups = set(entered.groups.values())
    used = {row.rung for row in entered.rows}
    rungs = [code for code in entered.names if code not in groups]
    return all(code in used or entered.groups.get(code) in used for code in rungs)


def rounding_words(entered: Entered) -> list[str]:
    """Where a row is from a price of a year in whole pounds, how far its weekly price, rounded to the penny, leads away
    from it; only where the words of the row name that price."""
    found = []
    for row in entered.rows:
        made = yearly(row.weekly)
        stated = round_half_up(made, 0)
        price = written(stated, Unit.POUNDS)
        if made != stated and weekly_from_yearly(stated) == row.weekly and f"{price} a year" in row.words:
            total, plain = yearly(row.weekly * row.number), stated * row.number
            found.append(
                f"A price of {price} a year is {pounds(row.weekly)} a week, rounded to the penny, so {row.number:,} "
                f"placement{'' if row.number == 1 else 's'} over 365 nights make {pounds(total)} and not "
                f"{written(plain, Unit.POUNDS)}."
            )
    return found


def weekly_total(entered: Entered) -> Decimal:
    """What the placements that are in place on the day cost a week, in pounds."""
    there = [r for r in entered.rows if _is_there(r, entered.as_at)]
    return total_of(r.weekly * r.number for r in there)


def _is_there(row: PlacementRow, day: date) -> bool:
    return row.start <= day and (row.end is None or day < row.end)
