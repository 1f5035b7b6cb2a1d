"""The care ladder as tables: the rungs, who came and went on each, and where from and where to.

Each line holds facts; what a cell says is a function of the fields of the file, so the page and the file are one table.
What no source gives says “not stated”; what is worked out says so and how.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from finance.ladder_lines import Fact, FlowLine, MoveLine, RungLine
from finance.ladder_rows import RowKind
from finance.money import money_words
from finance.outturn import variance_words
from indicators.phrases import capital, lowered
from indicators.rag import MissingReason, missing_words
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, written
from indicators.working_days import day_words

NOT_STATED, NONE = "not stated", "–"
MISSING = {reason.value: missing_words(reason).lower() for reason in MissingReason}
# Rows whose children a row above counts already, and rows that nobody plans or pays for.
_SUMS = frozenset({RowKind.NOT_REPORTED.value, RowKind.WHOLE.value})


def fact_fields(name: str, of: Callable[[Any], Fact], words: str) -> tuple[Field[Any], ...]:
    """The fields of a number: itself, how it is rounded or worked out, why there is none, and where it is from."""
    return (
        Field(name, Kind.NUMBER, lambda r: of(r).value, words),
        Field(f"{name}_rounding", Kind.NUMBER, lambda r: of(r).quantum, "To what it is rounded; empty: exact"),
        Field(f"{name}_qualifier", Kind.CODE, lambda r: of(r).qualifier, "< > or ~ (approximate)"),
        Field(f"{name}_worked_out", Kind.TEXT, lambda r: of(r).worked_out, "How, where no source prints it"),
        Field(f"{name}_symbol", Kind.CODE, lambda r: of(r).missing, "Why there is no number"),
        Field(f"{name}_figure", Kind.CODE, lambda r: of(r).figure, "Indicator and part that it is, or rests on"),
        Field(f"{name}_of", Kind.TEXT, lambda r: of(r).label, "Period of that figure"),
        Field(f"{name}_source", Kind.TEXT, lambda r: of(r).source, "Paper and paragraph"),
        Field(f"{name}_query", Kind.WHOLE, lambda r: of(r).queries or None, "Open queries of the figure"),
    )


def amount_words(v: Values, name: str, unit: Unit) -> str:
    """The number as written, the reason for none, or that it is not stated."""
    value, qualifier = v[name], v[f"{name}_qualifier"]
    if value is None:
        return MISSING.get(v[f"{name}_symbol"], NOT_STATED)
    if unit is not Unit.POUNDS:
        return written(value, unit, qualifier=qualifier)
    words = money_words(value, v[f"{name}_rounding"])
    return f"approx. {words}" if qualifier == "~" else f"{qualifier}{words}"


def below_words(v: Values, name: str) -> tuple[str, ...]:
    """What is said under a number: how it is worked out, and that a query is open."""
    told = (f"worked out: {v[f'{name}_worked_out']}",) if v[f"{name}_worked_out"] else ()
    return (*told, *(("Query",) if v[f"{name}_query"] else ()))


def lines_of(v: Values, name: str, unit: Unit = Unit.COUNT) -> tuple[str, ...]:
    """A number with what is said under it."""
    return (amount_words(v, name, unit), *below_words(v, name))


def row_fields(period_of: Callable[[Any], str], code: str = "code") -> tuple[Field[Any], ...]:
    """The fields that every line begins with."""
    return (
        Field("period", Kind.CODE, period_of, "Period of the table, such as 2021-22-q4"),
        Field(code, Kind.CODE, lambda r: r.code, "Code of the rung or group"),
        Field("name", Kind.TEXT, lambda r: r.name, "Its name"),
    )


# Rungs


def _rung_text(v: Values) -> tuple[str, ...]:
    if v["part_of"]:
        return (f"of which {lowered(v['name'])}",)
    return (v["name"],)


def _end_text(v: Values) -> tuple[str, ...]:
    lines = lines_of(v, "end")
    if v["kind"] == RowKind.NOT_REPORTED.value:
        too_many = (f"{written(abs(v['end']), Unit.COUNT)} too many",) if v["end"] is not None and v["end"] < 0 else ()
        return (*too_many, *lines[1:]) if too_many else lines
    if v["start"] is not None and v["end"] is not None and not v["end_qualifier"] and not v["start_qualifier"]:
        change = v["end"] - v["start"]
        size = written(abs(change), Unit.COUNT)
        told = f"{size} {'more' if change > 0 else 'fewer'} than at the start" if change else "as many as at the start"
        return (lines[0], told, *lines[1:])
    return lines


def over_words(over: Decimal) -> str:
    """ "14 over plan", "3 under plan", "as planned"."""
    if not over:
        return "as planned"
    return f"{written(abs(over), Unit.COUNT)} {'over' if over > 0 else 'under'} plan"


def _planned_text(v: Values) -> tuple[str, ...]:
    if v["kind"] in _SUMS:
        return (NONE,)
    if v["planned"] is None:
        return (MISSING.get(v["planned_symbol"], NOT_STATED),)
    words, *below = lines_of(v, "planned")
    over = (over_words(v["over_plan"]),) if v["over_plan"] is not None else ()
    on = (f"for {day_words(v['planned_on'])}",) if v["planned_on"] and not v["part_of"] else ()
    return (words, *over, *on, *below)


def _price_text(v: Values) -> tuple[str, ...]:
    if v["kind"] in _SUMS:
        return (NONE,)
    if v["price"] is None and v["lowest"] is not None and v["highest"] is not None:
        low, high = (money_words(v[name], v[f"{name}_rounding"]) for name in ("lowest", "highest"))
        many = written(v["packages"], Unit.COUNT) if v["packages"] is not None else "some"
        return (f"{low} to {high} a week", f"for {many} expensive packages alone")
    plan: tuple[str, ...] = ()
    if v["planned_price"] is not None:
        plan = (f"plan {amount_words(v, 'planned_price', Unit.POUNDS)} ({v['planned_price_of']})",)
    if v["price"] is None:
        return (MISSING.get(v["price_symbol"], NOT_STATED), *plan)
    over: tuple[str, ...] = ()
    if v["over_price"]:
        size = money_words(abs(v["over_price"]), v["price_rounding"])
        over = (f"{size} {'over' if v['over_price'] > 0 else 'under'} plan",)
    words, *below = lines_of(v, "price", Unit.POUNDS)
    return (f"{words} a year", *over, *plan, *below)


def _variance_text(v: Values) -> tuple[str, ...]:
    if v["kind"] == RowKind.NOT_REPORTED.value:
        return (NONE,)
    if v["variance"] is None:
        if v["part_of"] and not v["variance_symbol"]:
            return (NONE,)
        return (MISSING.get(v["variance_symbol"], NOT_STATED),)
    covid: tuple[str, ...] = ()
    if v["covid"]:
        is_part = (v["covid"] < 0) == (v["variance"] < 0)
        size, words = money_words(abs(v["covid"]), v["covid_rounding"]), variance_words(v["covid"], v["covid_rounding"])
        covid = (f"{size} of it Covid" if is_part else f"{words} on Covid",)
    budget = (f"{v['budget_name']}, the whole heading",) if v["budget_name"] else ()
    return (variance_words(v["variance"], v["variance_rounding"]), *budget, *covid, *below_words(v, "variance"))


LADDER_TABLE: TableSpec[RungLine] = TableSpec(
    "care-ladder",
    (
        Column(
            "rung",
            "Rung",
            (
                *row_fields(lambda r: r.period),
                Field("kind", Kind.CODE, lambda r: r.kind.value, "group, rung, not_reported, whole or outside"),
                Field("part_of", Kind.CODE, lambda r: r.part_of, "Group whose row counts the same children"),
                Field("end_on", Kind.DATE, lambda r: r.end_on, "Last day of the period"),
            ),
            _rung_text,
        ),
        Column("drawn", "Drawn", ()),
        Column(
            "end",
            "Placements at the end",
            (
                *fact_fields("start", lambda r: r.start, "Placements at the start of the period"),
                *fact_fields("end", lambda r: r.end, "Placements at the end of the period"),
            ),
            _end_text,
        ),
        Column(
            "planned",
            "Plan",
            (
                *fact_fields("planned", lambda r: r.planned, "Placements that the plan assumed"),
                Field("planned_on", Kind.DATE, lambda r: r.planned.as_at, "The day that the plan assumed them for"),
                Field("over_plan", Kind.NUMBER, lambda r: r.over, "Placements at the end less the plan"),
            ),
            _planned_text,
        ),
        Column(
            "price",
            "Cost of one placement",
            (
                *fact_fields("price", lambda r: r.price, "Average cost for a year of those in place, in pounds"),
                *fact_fields("planned_price", lambda r: r.planned_price, "Cost of a placement for a year as planned"),
                Field("over_price", Kind.NUMBER, lambda r: r.over_price, "The one less the other"),
                *fact_fields("packages", lambda r: r.packages, "Expensive packages on the rung"),
                *fact_fields("lowest", lambda r: r.lowest, "Lowest price of such a package a week, in pounds"),
                *fact_fields("highest", lambda r: r.highest, "Highest price of such a package a week, in pounds"),
            ),
            _price_text,
        ),
        Column(
            "variance",
            "Outturn against budget",
            (
                *fact_fields("variance", lambda r: r.variance, "Budget less outturn, in pounds; below 0: overspend"),
                *fact_fields("covid", lambda r: r.covid, "What of it is put down to Covid"),
                Field("budget_name", Kind.TEXT, lambda r: r.budget, "The heading, where it is more than the row"),
            ),
            _variance_text,
        ),
        Column("note", "Note", (Field("note", Kind.TEXT, lambda r: r.note, "What is counted on the rung"),)),
    ),
)


# Movement


_HOLDS = {True: "yes", False: "no", None: ""}
_HOLDS_WORDS = {"yes": "Adds up", "no": "Does not add up", "": "Cannot be checked"}

FLOWS_TABLE: TableSpec[FlowLine] = TableSpec(
    "care-ladder-movement",
    (
        Column("rung", "Rung", row_fields(lambda r: r.period), lambda v: (v["name"],)),
        Column(
            "start", "At the start", fact_fields("start", lambda r: r.start, "Placements at the start"),
            lambda v: lines_of(v, "start"),
        ),
        Column(
            "began", "Began", fact_fields("began", lambda r: r.began, "Placements that began in the period"),
            lambda v: lines_of(v, "began"),
        ),
        Column(
            "ended", "Ended", fact_fields("ended", lambda r: r.ended, "Placements that ended in the period"),
            lambda v: lines_of(v, "ended"),
        ),
        Column(
            "end", "At the end", fact_fields("end", lambda r: r.end, "Placements at the end"),
            lambda v: lines_of(v, "end"),
        ),
        Column(
            "holds",
            "Start, began and ended against the end",
            (
                Field("holds", Kind.CODE, lambda r: _HOLDS[r.holds], "yes, no; empty: cannot be checked"),
                Field("sentence", Kind.TEXT, lambda r: r.sentence, "The same in words"),
            ),
            lambda v: (_HOLDS_WORDS[v["holds"]], capital(v["sentence"].removeprefix("Cannot be checked: "))),
        ),
    ),
)  # fmt: skip


def _move_text(v: Values) -> tuple[str, ...]:
    words, *below = lines_of(v, "number")
    whole = v["whole"]
    return (words, *((f"of {written(whole, Unit.COUNT)}",) if whole is not None else ()), *below)


MOVES_TABLE: TableSpec[MoveLine] = TableSpec(
    "care-ladder-moves",
    (
        Column("rung", "Rung", row_fields(lambda r: r.period)),
        Column(
            "other",
            "Came from, or went to",
            (
                Field("way", Kind.CODE, lambda r: r.way.value, "came, or went"),
                Field("other", Kind.CODE, lambda r: r.other, "Code of the other rung, or of a way in or out of care"),
                Field("other_name", Kind.TEXT, lambda r: r.other_name, "Its name"),
            ),
            lambda v: (v["other_name"],),
        ),
        Column("drawn", "Drawn", ()),
        Column(
            "number",
            "How many",
            (
                *fact_fields("number", lambda r: r.number, "How many"),
                *fact_fields("whole", lambda r: r.whole, "How many came or went in all"),
            ),
            _move_text,
        ),
    ),
)
