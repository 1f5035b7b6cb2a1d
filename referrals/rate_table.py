"""The rates between the stages of the pathway in one period as a table: each a period ratio or a cohort rate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, round_half_up, written
from referrals.pathway import Converted

_PLACES = 10


@dataclass(frozen=True)
class RateRow:
    """A rate between stages in a period, with the queries that stand against either of its figures."""

    period: str
    converted: Converted
    queries: tuple[str, ...] = ()


def rate_rows(
    converted: Iterable[Converted], period: str, queries: Mapping[str, tuple[str, ...]] | None = None
) -> list[RateRow]:
    """The rates, those that can be worked out first; `queries` by indicator."""
    doubts = queries or {}
    rows = [
        RateRow(period, one, (*doubts.get(one.conversion.numerator, ()), *doubts.get(one.conversion.denominator, ())))
        for one in converted
    ]
    return sorted(rows, key=lambda row: row.converted.value is None)


def _rate_text(v: Values) -> tuple[str, ...]:
    if v["value"] is None:
        return ("–",)
    if v["unit"] == Unit.PERCENT.value:
        return (written(v["value"], Unit.PERCENT, 1),)
    first, second = v["numerator_unit"], v["denominator_unit"]
    return (f"{round_half_up(v['value'], 1):,f}", f"{first} for each of the {second}")


RATES_TABLE: TableSpec[RateRow] = TableSpec(
    "pathway-rates",
    (
        Column(
            "rate",
            "Rate",
            (
                Field("period", Kind.CODE, lambda r: r.period, "Period of the table, such as 2021-22-q4"),
                Field("rate", Kind.CODE, lambda r: r.converted.conversion.code, "Code of the rate"),
                Field("name", Kind.TEXT, lambda r: r.converted.conversion.name, "Name of the rate"),
                Field("note", Kind.TEXT, lambda r: r.converted.conversion.note, "What a reader must know"),
            ),
            lambda v: (v["name"], *((v["note"],) if v["note"] else ())),
        ),
        Column(
            "kind",
            "Kind",
            (
                Field(
                    "kind",
                    Kind.TEXT,
                    lambda r: r.converted.conversion.kind.value,
                    "period ratio: two counts of one period; cohort rate: the same cases",
                ),
            ),
            lambda v: (v["kind"],),
        ),
        Column(
            "value",
            "Value",
            (
                Field(
                    "value",
                    Kind.NUMBER,
                    lambda r: None if r.converted.value is None else round_half_up(r.converted.value, _PLACES),
                    "The rate, to ten decimals",
                ),
                Field(
                    "unit",
                    Kind.CODE,
                    lambda r: (Unit.PERCENT if r.converted.conversion.is_one_unit else Unit.COUNT).value,
                    "percent, or count: so many for each one",
                ),
                Field("numerator_indicator", Kind.CODE, lambda r: r.converted.conversion.numerator, "What is divided"),
                Field("numerator_unit", Kind.TEXT, lambda r: r.converted.conversion.units[0].value, "Its unit"),
                Field("denominator_indicator", Kind.CODE, lambda r: r.converted.conversion.denominator, "By what"),
                Field("denominator_unit", Kind.TEXT, lambda r: r.converted.conversion.units[1].value, "Its unit"),
                Field("query", Kind.WHOLE, lambda r: len(r.queries) or None, "Open queries of either figure"),
            ),
            lambda v: (*_rate_text(v), *(("Query",) if v["query"] else ())),
        ),
        Column(
            "said",
            "What it says",
            (
                Field("sentence", Kind.TEXT, lambda r: r.converted.sentence, "The rate in words, or why there is none"),
                Field("source", Kind.TEXT, lambda r: r.converted.conversion.source, "Where the two stand together"),
            ),
            lambda v: (v["sentence"],),
        ),
    ),
)


def rates_heading(rows: Sequence[RateRow]) -> str:
    """How many rates there are: "7 of 16 rates between stages can be worked out"."""
    known = sum(row.converted.value is not None for row in rows)
    return f"{known} of {len(rows)} rates between stages can be worked out"
