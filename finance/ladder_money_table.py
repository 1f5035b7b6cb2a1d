"""What the care ladder costs as tables: nights and prices, funds, packages, shares, and a variance."""

from decimal import Decimal
from typing import Any

from finance.ladder_lines import CostLine, FundLine, PackageLine, PartsLine, ShareKind, ShareLine, StepLine
from finance.ladder_table import NONE, amount_words, fact_fields, lines_of, row_fields
from finance.money import money_words
from finance.outturn import variance_words
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, difference_written, written
from indicators.working_days import day_words


def _of(v: Values, name: str) -> tuple[str, ...]:
    return (v[f"{name}_of"],) if v[name] is not None and v[f"{name}_of"] else ()


def _pounds(value: Decimal, quantum: Decimal | None = None) -> str:
    return money_words(value, quantum)


# Nights and prices


def _nights_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "nights")
    cost = (f"{_pounds(v['per_night'])} a night",) if v["per_night"] is not None else ()
    children = (f"{amount_words(v, 'children', Unit.COUNT)} children",) if v["children"] is not None else ()
    return (words, *cost, *children, *below)


def _year_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "of_year", Unit.POUNDS)
    budget = (f"budgeted {amount_words(v, 'budgeted', Unit.POUNDS)}",) if v["budgeted"] is not None else ()
    year = _of(v, "of_year") or _of(v, "budgeted")
    return (words, *year, *budget, *below)


def _plan_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "planned", Unit.POUNDS)
    number: tuple[str, ...] = ()
    if v["planned_number"] is not None:
        on = f" on {day_words(v['planned_on'])}" if v["planned_on"] else ""
        number = (f"for {amount_words(v, 'planned_number', Unit.COUNT)}{on}",)
    return (words, *_of(v, "planned"), *number, *below)


def _spent_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "spent", Unit.POUNDS)
    if v["budget"] is None:
        return (words, *_of(v, "spent"), *below)
    told = variance_words(v["variance"], v["spent_rounding"]) if v["variance"] is not None else ""
    against = f"budget {amount_words(v, 'budget', Unit.POUNDS)}"
    return (words, *_of(v, "spent"), against, *((told,) if told else ()), *below)


def _variance(row: CostLine) -> Decimal | None:
    if row.spent.value is None or row.budget.value is None:
        return None
    return row.budget.value - row.spent.value


COSTS_TABLE: TableSpec[CostLine] = TableSpec(
    "care-ladder-costs",
    (
        Column(
            "rung",
            "Rung",
            (
                *row_fields(lambda r: r.period),
                Field("kind", Kind.CODE, lambda r: r.kind, "group, rung, outside, or other: a group that is no rung"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "nights",
            "Nights",
            (
                *fact_fields("nights", lambda r: r.nights, "Nights in placement in the period"),
                *fact_fields("per_night", lambda r: r.per_night, "Spend over nights, in pounds"),
                *fact_fields("children", lambda r: r.children, "Children who were paid for"),
            ),
            _nights_text,
        ),
        Column(
            "at_end",
            "One placement a year, at the end",
            fact_fields("at_end", lambda r: r.at_end, "Average cost for a year of those in place, in pounds"),
            lambda v: lines_of(v, "at_end", Unit.POUNDS),
        ),
        Column(
            "of_year",
            "Over the year",
            (
                *fact_fields("of_year", lambda r: r.of_year, "Average cost of a placement over the year, in pounds"),
                *fact_fields("budgeted", lambda r: r.budgeted, "What it was budgeted at"),
            ),
            _year_text,
        ),
        Column(
            "planned",
            "In the plan",
            (
                *fact_fields("planned", lambda r: r.planned, "Cost of a placement a year in the plan, in pounds"),
                *fact_fields("planned_number", lambda r: r.planned_number, "Placements that the plan assumes"),
                Field("planned_on", Kind.DATE, lambda r: r.planned_number.as_at, "The day that it assumes them for"),
            ),
            _plan_text,
        ),
        Column(
            "spent",
            "Spent in all",
            (
                *fact_fields("spent", lambda r: r.spent, "Spend on placements for the year to date, in pounds"),
                *fact_fields("budget", lambda r: r.budget, "The budget for the same"),
                Field("variance", Kind.NUMBER, _variance, "Budget less spend; below 0: overspend"),
            ),
            _spent_text,
        ),
    ),
)


# Funds


def _given_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "given", Unit.POUNDS)
    return (words, v["made_of"]) if v["made_of"] and v["given_worked_out"] else (words, *below)


def _left_text(v: Values) -> tuple[str, ...]:
    if v["beyond"] is not None:
        return (f"{amount_words(v, 'beyond', Unit.POUNDS)} more than budgeted", "a pressure on that fund")
    if v["left"] is None:
        return (NONE,)
    return (f"{amount_words(v, 'left', Unit.POUNDS)} not funded", *_below(v, "left"))


def _below(v: Values, name: str) -> tuple[str, ...]:
    return lines_of(v, name, Unit.POUNDS)[1:]


FUNDS_TABLE: TableSpec[FundLine] = TableSpec(
    "care-ladder-funds",
    (
        Column(
            "line",
            "What is funded",
            (
                Field("period", Kind.CODE, lambda r: r.period, "Period of the table"),
                Field("line", Kind.CODE, lambda r: r.line, "Code of the line of the outturn"),
                Field("line_name", Kind.TEXT, lambda r: r.line_name, "Its name"),
            ),
            lambda v: (v["line_name"],),
        ),
        Column(
            "fund",
            "By whom",
            (
                Field("fund", Kind.CODE, lambda r: r.fund, "Code of the fund"),
                Field("fund_name", Kind.TEXT, lambda r: r.fund_name, "Its name"),
                Field("note", Kind.TEXT, lambda r: r.note, "What a paper says of it, where it gives no amount"),
            ),
            lambda v: (v["fund_name"], *((v["note"],) if v["note"] else ())),
        ),
        Column(
            "cost", "Cost put down to it",
            fact_fields("cost", lambda r: r.cost, "Cost that the fund is for, in pounds"),
            lambda v: (NONE,) if v["cost"] is None else lines_of(v, "cost", Unit.POUNDS),
        ),
        Column(
            "budgeted", "Budgeted",
            fact_fields("budgeted", lambda r: r.budgeted, "What it was to give, in pounds"),
            lambda v: (NONE,) if v["budgeted"] is None else lines_of(v, "budgeted", Unit.POUNDS),
        ),
        Column(
            "given",
            "Given",
            (
                *fact_fields("given", lambda r: r.given, "What it gave, in pounds"),
                Field("made_of", Kind.TEXT, lambda r: r.made_of, "The parts of what was given"),
            ),
            _given_text,
        ),
        Column(
            "left",
            "What is left, or comes on top",
            (
                *fact_fields("left", lambda r: r.left, "Cost that nobody funded, in pounds"),
                *fact_fields("beyond", lambda r: r.beyond, "What the fund gave beyond its budget, in pounds"),
            ),
            _left_text,
        ),
    ),
)  # fmt: skip


# Packages


def _week_text(v: Values) -> tuple[str, ...]:
    low, high = v["lowest"], v["highest"]
    if low is None and high is None:
        return (NONE,)
    words = [amount_words(v, name, Unit.POUNDS) for name in ("lowest", "highest") if v[name] is not None]
    if len(words) == 2:
        return (f"{words[0]} to {words[1]}",)
    return (f"{'from' if high is None else 'up to'} {words[0]}",)


def _package_year_text(v: Values) -> tuple[str, ...]:
    words = [written(v[name], Unit.POUNDS, 0) for name in ("low_year", "high_year") if v[name] is not None]
    return (" to ".join(words), "worked out for the nights of the year") if words else (NONE,)


PACKAGES_TABLE: TableSpec[PackageLine] = TableSpec(
    "care-ladder-packages",
    (
        Column("package", "Packages", row_fields(lambda r: r.period), lambda v: (v["name"],)),
        Column(
            "number", "How many", fact_fields("number", lambda r: r.number, "Packages at the end of the period"),
            lambda v: lines_of(v, "number"),
        ),
        Column(
            "week",
            "Price a week",
            (
                *fact_fields("lowest", lambda r: r.lowest, "Lowest price a week, in pounds"),
                *fact_fields("highest", lambda r: r.highest, "Highest price a week, in pounds"),
            ),
            _week_text,
        ),
        Column(
            "year",
            "For a year",
            (
                Field("low_year", Kind.NUMBER, lambda r: r.low_year, "The lowest for the nights of the financial year"),
                Field("high_year", Kind.NUMBER, lambda r: r.high_year, "The highest for the same"),
            ),
            _package_year_text,
        ),
    ),
)  # fmt: skip


# Independent share of fostering


def _share_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "share", Unit.PERCENT)
    if v["whole"] is None:
        return (words, *below)
    number = f": {amount_words(v, 'number', Unit.COUNT)}" if v["number"] is not None else ""
    number += ", worked out" if v["number_worked_out"] else ""
    return (words, f"of {amount_words(v, 'whole', Unit.COUNT)}{number}", *below)


def _points_text(v: Values) -> tuple[str, ...]:
    if v["points"] is None:
        return (NONE,)
    if not v["points"]:
        return ("the same",)
    side = "above" if v["points"] > 0 else "below"
    return (f"{difference_written(v['points'], Unit.PERCENT)} {side} it",)


def _share_name(v: Values) -> tuple[str, ...]:
    below = f"“{v['words']}”" if v["words"] else v["share_of"] if v["kind"] == ShareKind.OTHERS.value else ""
    on = f"for {day_words(v['share_on'])}" if v["share_on"] and v["kind"] == ShareKind.PLAN.value else ""
    return (v["name"], *((on,) if on else ()), *((below,) if below else ()))


SHARES_TABLE: TableSpec[ShareLine] = TableSpec(
    "care-ladder-independent-share",
    (
        Column(
            "share_name",
            "Independent share of foster placements",
            (
                Field("period", Kind.CODE, lambda r: r.period, "Period of the table"),
                Field("kind", Kind.CODE, lambda r: r.kind.value, "actual, plan, ambition or others"),
                Field("code", Kind.CODE, lambda r: r.code, "Code of the plan or authority"),
                Field("name", Kind.TEXT, lambda r: r.name, "Its name"),
                Field("words", Kind.TEXT, lambda r: r.words, "What a paper says of it"),
                Field("share_on", Kind.DATE, lambda r: r.share.as_at, "The day that it is for"),
            ),
            _share_name,
        ),
        Column("drawn", "Drawn", ()),
        Column(
            "share",
            "Share",
            (
                *fact_fields("share", lambda r: r.share, "Independent placements in per cent of all"),
                *fact_fields("whole", lambda r: r.whole, "All foster placements"),
                *fact_fields("number", lambda r: r.number, "Independent placements"),
            ),
            _share_text,
        ),
        Column(
            "points",
            "The actual share is",
            (Field("points", Kind.NUMBER, lambda r: r.points, "The actual share less this one, in points"),),
            _points_text,
        ),
        Column("said", "In words", (Field("sentence", Kind.TEXT, lambda r: r.sentence, "The same in words"),)),
    ),
)


# A variance


def signed_words(value: Decimal) -> str:
    """A part of a variance with its sign: "+£3,577,672", "−£12", "£0"."""
    return f"+{written(value, Unit.POUNDS)}" if value > 0 else written(value, Unit.POUNDS)


def _step_text(v: Values) -> tuple[str, ...]:
    is_part = v["is_total"] != "yes"
    return (signed_words(v["amount"]) if is_part else written(v["amount"], Unit.POUNDS),)


STEPS_TABLE: TableSpec[StepLine] = TableSpec(
    "care-ladder-variance",
    (
        Column(
            "step",
            "Step",
            (
                Field("period", Kind.CODE, lambda r: r.period, "Period of the table"),
                Field("subject", Kind.TEXT, lambda r: r.subject, "What the variance is of"),
                Field("code", Kind.CODE, lambda r: r.step.code, "before, volume, mix, price, after or difference"),
                Field("name", Kind.TEXT, lambda r: r.step.name, "Name of the step"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "sum", "Sum", (Field("sum", Kind.TEXT, lambda r: r.step.sum_text, "How the amount comes about"),),
            lambda v: (v["sum"],),
        ),
        Column(
            "amount",
            "Amount",
            (
                Field("amount", Kind.NUMBER, lambda r: r.step.amount, "Pounds for a full year"),
                Field("is_total", Kind.CODE, lambda r: "yes" if r.step.is_total else "", "yes: a sum, and no change"),
            ),
            _step_text,
        ),
    ),
)  # fmt: skip


def _level_text(number: str, price: str) -> Any:
    def text(v: Values) -> tuple[str, ...]:
        each = (f"at {written(v[price], Unit.POUNDS)}",) if v[price] is not None else ()
        return (written(v[number], Unit.COUNT), *each)

    return text


def _part_column(name: str, heading: str, words: str) -> Column[PartsLine]:
    return Column(
        name, heading, (Field(name, Kind.NUMBER, lambda r: getattr(r, name), words),),
        lambda v: (signed_words(v[name]),),
    )  # fmt: skip


PARTS_TABLE: TableSpec[PartsLine] = TableSpec(
    "care-ladder-variance-by-rung",
    (
        Column("rung", "Rung", row_fields(lambda r: r.period), lambda v: (v["name"],)),
        Column(
            "before",
            "In the plan",
            (
                Field("number_before", Kind.NUMBER, lambda r: r.number_before, "Placements in the plan"),
                Field("price_before", Kind.NUMBER, lambda r: r.price_before, "Pounds a year for one of them"),
            ),
            _level_text("number_before", "price_before"),
        ),
        Column(
            "after",
            "In place",
            (
                Field("number_after", Kind.NUMBER, lambda r: r.number_after, "Placements in place"),
                Field("price_after", Kind.NUMBER, lambda r: r.price_after, "Pounds a year for one of them"),
            ),
            _level_text("number_after", "price_after"),
        ),
        _part_column("volume", "Volume", "What more or fewer placements in all make, in pounds"),
        _part_column("mix", "Mix", "What other shares of the rungs make, in pounds"),
        _part_column("price", "Price", "What other prices make, in pounds"),
        _part_column("total", "Together", "The three together, in pounds"),
    ),
)
