"""A published scorecard in the layout of explore education statistics, the Department for Education's open data.

Two files: the data, one row for each figure, and what each of its columns is. Source: the Department's analysts' guide,
open data standards (`statistics-production/ud.qmd`). A share of 79% stands as 79; where there is no number a symbol
stands in its place, in the same column.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators import quarters
from indicators.published_table import canonical_csv
from indicators.rag import MissingReason
from indicators.table_spec import bare
from indicators.units import Unit

WHOLE = "Total"
NOT_APPLICABLE, NOT_AVAILABLE = "z", "x"
NOT_AVAILABLE_NAME = "Not available"
# Every reason that we tell apart, by the symbol that the layout has for it.
SYMBOLS: Mapping[MissingReason, str] = {
    MissingReason.CONFIDENTIAL: "c",
    MissingReason.NOT_APPLICABLE: NOT_APPLICABLE,
    MissingReason.NOT_AVAILABLE: NOT_AVAILABLE,
    MissingReason.LOW: "low",
    MissingReason.NO_COHORT: NOT_APPLICABLE,
    MissingReason.NOT_YET_DUE: NOT_AVAILABLE,
    MissingReason.NOT_REPORTABLE: NOT_AVAILABLE,
    MissingReason.NARRATIVE_ONLY: NOT_AVAILABLE,
}
UNIT_WORDS = {
    Unit.PERCENT: "percentage",
    Unit.COUNT: "number",
    Unit.DAYS: "days",
    Unit.PER_10000: "rate per 10,000",
    Unit.PER_100000: "rate per 100,000",
    Unit.POUNDS: "pounds",
}
_UNIT_SIGNS = {Unit.PERCENT: "%", Unit.POUNDS: "£"}
_COUNTRIES = {
    "E": ("E92000001", "England"),
    "W": ("W92000004", "Wales"),
    "S": ("S92000003", "Scotland"),
    "N": ("N92000002", "Northern Ireland"),
}
_PLACE = (
    "geographic_level", "country_code", "country_name", "region_code", "region_name", "old_la_code", "new_la_code",
    "la_name",
)  # fmt: skip
_META = (
    "col_name", "col_type", "label", "indicator_grouping", "indicator_unit", "indicator_dp", "filter_hint",
    "filter_grouping_column",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A local authority by its codes; what is not known is empty."""

    new_code: str
    name: str
    old_code: str = ""
    region_code: str = ""
    region: str = ""


@dataclass(frozen=True)
class EesRow:
    """Values of a committee table's row by field name, with the short name of its indicator."""

    values: Mapping[str, Any]
    indicator: str

    @property
    def breakdown(self) -> str:
        """The categories of the row in words; Total for the whole."""
        if not self.values["slice"]:
            return WHOLE
        name: str = self.values["name"]
        return name.removeprefix(f"{self.indicator}: ")


@dataclass(frozen=True)
class EesFiles:
    """The bytes of the two files."""

    data: bytes
    meta: bytes


def time_of(period: quarters.Period) -> tuple[str, str] | None:
    """time_period and time_identifier of a period; None where the layout knows no such period."""
    match period:
        case quarters.Quarter(start_year=year, number=number):
            return f"{year}{(year + 1) % 100:02d}", f"Financial year Q{number}"
        case quarters.FinancialYear(start_year=year):
            return f"{year}{(year + 1) % 100:02d}", "Financial year"
        case quarters.Month():
            return f"{period.year}", period.label.split()[0]
    return None


def ees_files(
    rows: Sequence[EesRow], period: quarters.Period, place: Place, protection: str = ""
) -> EesFiles | None:  # fmt: skip
    """A table of one period and one authority in this layout; None where the layout knows no such period.

    Value and target stand in a column for each unit that the table has, `z` in those of the other units. `protection`:
    what must be said of small numbers; the layout has room for a sentence in the hint of a filter alone.
    """
    times = time_of(period)
    if times is None:
        return None
    units = [unit for unit in Unit if any(row.values["unit"] == unit.value for row in rows)]
    measures = [f"{name}_{unit.value}" for unit in units for name in ("value", "target")]
    header = ["time_period", "time_identifier", *_PLACE, "indicator", "breakdown", "numerator", "denominator"]
    where = _place_cells(place)
    labels = _labels(rows)
    cells = [
        [*times, *where, label, row.breakdown, *_parts(row.values), *_measures(row.values, units)]
        for row, label in zip(rows, labels, strict=True)
    ]
    data = canonical_csv([*header, *measures], cells)
    return EesFiles(data, canonical_csv(_META, _meta(units, _places(rows), protection)))


def _place_cells(place: Place) -> list[str]:
    country = _COUNTRIES.get(place.new_code[:1], (NOT_AVAILABLE, NOT_AVAILABLE_NAME))
    region = (place.region_code, place.region) if place.region_code else (NOT_AVAILABLE, NOT_AVAILABLE_NAME)
    return ["Local authority", *country, *region, place.old_code or NOT_AVAILABLE, place.new_code, place.name]


def _labels(rows: Sequence[EesRow]) -> list[str]:
    """The indicator of each row in words; with its code where two indicators have the same ones."""
    codes = {(row.indicator, row.values["indicator"]) for row in rows}
    shared = Counter(name for name, _ in codes)
    return [f"{r.indicator} ({r.values['indicator']})" if shared[r.indicator] > 1 else r.indicator for r in rows]


def _missing(values: Mapping[str, Any]) -> str:
    """The symbol of a row that has no number."""
    try:
        return SYMBOLS[MissingReason(values["symbol"])]
    except ValueError:  # a paper that states only whether the target was met
        return NOT_AVAILABLE


def _number(values: Mapping[str, Any]) -> str:
    """The value as the CSV has it, or the symbol; a bound alone ("< 5") is no number."""
    if values["value"] is None:
        return _missing(values)
    return NOT_AVAILABLE if values["qualifier"] in {"<", ">"} else bare(values["value"])


def _parts(values: Mapping[str, Any]) -> list[str]:
    """Numerator and denominator; of a value that was published without them, that they are not available."""
    without = NOT_AVAILABLE if values["value"] is not None else _missing(values)
    return [without if values[part] is None else bare(values[part]) for part in ("numerator", "denominator")]


def _measures(values: Mapping[str, Any], units: Iterable[Unit]) -> list[str]:
    cells: list[str] = []
    for unit in units:
        if values["unit"] != unit.value:
            cells += [NOT_APPLICABLE, NOT_APPLICABLE]
            continue
        target: Decimal | None = values["target"]
        cells += [_number(values), NOT_APPLICABLE if target is None else bare(target)]
    return cells


def _places(rows: Iterable[EesRow]) -> dict[str, int]:
    """The most decimals that a row of each unit is shown with."""
    found: dict[str, int] = {}
    for row in rows:
        unit, places = row.values["unit"], row.values["places"] or 0
        found[unit] = max(found.get(unit, 0), places)
    return found


def _meta(units: Iterable[Unit], places: Mapping[str, int], protection: str) -> list[list[str]]:
    hint = f"The measure, by its short name. {protection}" if protection else "The measure, by its short name"
    rows = [
        ["indicator", "Filter", "Indicator", "", "", "", hint, ""],
        ["breakdown", "Filter", "Breakdown", "", "", "", "Part of the indicator; Total is the whole", ""],
        ["numerator", "Indicator", "What was counted", "Counts", "", "", "", ""],
        ["denominator", "Indicator", "Out of how many", "Counts", "", "", "", ""],
    ]
    for unit in units:
        about = [_UNIT_SIGNS.get(unit, ""), str(places.get(unit.value, 0)), "", ""]
        rows.append([f"value_{unit.value}", "Indicator", f"Value, {UNIT_WORDS[unit]}", "Values", *about])
        rows.append([f"target_{unit.value}", "Indicator", f"Target, {UNIT_WORDS[unit]}", "Targets", *about])
    return rows
