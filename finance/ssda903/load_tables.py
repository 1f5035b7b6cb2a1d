"""The tables of one load, each for screen and CSV alike: rungs, moves, ways, ages, rates and findings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finance.demand_band import ALL_RUNGS, Ahead
from finance.demand_model import LEFT, Rate
from finance.ssda903.answer import Sums
from finance.ssda903.codes import NOT_REPORTED
from finance.ssda903.counting import AGE_NOT_STATED
from finance.ssda903.findings import Finding
from finance.ssda903.names import BAND_NAMES, RUNG_NAMES, WAY_NAMES
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import WIDE, Unit, round_half_up, written

NOTHING = "–"
WHOLE, NEW, LEFT_CARE = "Children in care", "new-to-care", "left-care"
NEW_NAME, LEFT_NAME = "New to care", "Left care"
SEVERITY_WORDS = {"error": "Error", "warning": "Warning", "note": "Note"}
FILE_WORDS = {"header": "Header", "episodes": "Episodes"}
HUNDRED_FOR_A_YEAR = Decimal(36_500)
_WHOLE_FROM = 10
_CELLS_SHOWN = 6
_BANDS = tuple(code for code in BAND_NAMES if code != AGE_NOT_STATED)


def _number(value: int) -> tuple[str, ...]:
    return (f"{value:,}",) if value else (NOTHING,)


# Rungs


@dataclass(frozen=True)
class RungRow:
    """A rung over the period, or all of them together (`code` empty)."""

    code: str
    name: str
    start: int
    started: int
    moved_in: int
    moved_out: int
    left: int
    end: int
    nights: int


def rung_rows(sums: Sums) -> list[RungRow]:
    """Every rung in order, the one not reported where there is anybody on it, and the whole."""
    rows = [
        RungRow(
            code, name, sums.total("at_start", rung=code), sums.total("starters", rung=code), sums.moved_in(code),
            sums.total("moves", rung=code), sums.total("leavers", rung=code), sums.total("at_end", rung=code),
            sums.total("nights", rung=code),
        )
        for code, name in RUNG_NAMES.items()
    ]  # fmt: skip
    whole = RungRow(
        "", WHOLE, *(sum(getattr(row, name) for row in rows)
                     for name in ("start", "started", "moved_in", "moved_out", "left", "end", "nights"))
    )  # fmt: skip
    return [row for row in rows if row.code != NOT_REPORTED or any((row.start, row.end, row.nights))] + [whole]


def _count(key: str, heading: str, value: Callable[[RungRow], int], meaning: str) -> Column[RungRow]:
    return Column(key, heading, (Field(key, Kind.WHOLE, value, meaning),), lambda v: _number(v[key]))


RUNGS_TABLE: TableSpec[RungRow] = TableSpec(
    "ssda903-rungs",
    (
        Column(
            "rung",
            "Rung",
            (
                Field("rung", Kind.CODE, lambda r: r.code, "Code of the rung; empty: all together"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the rung"),
            ),
            lambda v: (v["name"],),
        ),
        _count("start", "At the start", lambda r: r.start, "Children on the night before the period"),
        _count("started", "New to care", lambda r: r.started, "Children whose care began there"),
        _count("moved_in", "Moved in", lambda r: r.moved_in, "Children who came from another rung"),
        _count("moved_out", "Moved out", lambda r: r.moved_out, "Children who went to another rung"),
        _count("left", "Left care", lambda r: r.left, "Children whose care ended there"),
        _count("end", "At the end", lambda r: r.end, "Children on the last night of the period"),
        _count("nights", "Nights", lambda r: r.nights, "Nights that children spent there in the period"),
    ),
)


# Moves


@dataclass(frozen=True)
class MoveRow:
    """Where those went who were on a rung, or came into care: by code of the rung moved to, or left care."""

    code: str
    name: str
    to: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.to.values())


_TO_NAMES = {**RUNG_NAMES, LEFT_CARE: LEFT_NAME}


def move_rows(sums: Sums) -> list[MoveRow]:
    """Who came into care, then each rung that somebody moved or left from."""
    rows = [MoveRow(NEW, NEW_NAME, {rung: sums.total("starters", rung=rung) for rung in RUNG_NAMES})]
    for code, name in RUNG_NAMES.items():
        to = {rung: sums.total("moves", rung=code, third=rung) for rung in RUNG_NAMES}
        rows.append(MoveRow(code, name, {**to, LEFT_CARE: sums.total("leavers", rung=code)}))
    return [row for row in rows if row.total]


def _to(code: str) -> Column[MoveRow]:
    key, name = f"to_{code.replace('-', '_')}", _TO_NAMES[code]
    meaning = f"Children who went on to: {name.lower()}"
    field: Field[MoveRow] = Field(key, Kind.WHOLE, lambda r: r.to.get(code, 0), meaning)
    return Column(code, name, (field,), lambda v: _number(v[key]))


MOVES_TABLE: TableSpec[MoveRow] = TableSpec(
    "ssda903-moves",
    (
        Column(
            "from",
            "From",
            (
                Field("from", Kind.CODE, lambda r: r.code, "Code of the rung, or new-to-care"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the rung"),
            ),
            lambda v: (v["name"],),
        ),
        *(_to(code) for code in _TO_NAMES),
        Column(
            "total",
            "All",
            (Field("total", Kind.WHOLE, lambda r: r.total, "All of them"),),
            lambda v: _number(v["total"]),
        ),
    ),
)


# Ages


@dataclass(frozen=True)
class BandRow:
    """Something counted by age band."""

    code: str
    name: str
    by_band: dict[str, int]
    more: dict[str, int]

    @property
    def total(self) -> int:
        """All ages."""
        return sum(self.by_band.values())


def flow_rows(sums: Sums) -> list[BandRow]:
    """Who came into care, and who left it by way, by age."""
    rows = [BandRow(NEW, NEW_NAME, {band: sums.total("starters", band=band) for band in BAND_NAMES}, {})]
    rows += [
        BandRow(way, name, {band: sums.total("leavers", band=band, third=way) for band in BAND_NAMES}, {})
        for way, name in WAY_NAMES.items()
    ]
    return [row for row in rows if row.total or row.code == NEW]


def age_rows(sums: Sums) -> list[BandRow]:
    """The children at the end and the nights of each rung that has any, by age."""
    rows = [
        BandRow(
            rung, name, {band: sums.total("at_end", band=band, rung=rung) for band in BAND_NAMES},
            {band: sums.total("nights", band=band, rung=rung) for band in BAND_NAMES},
        )
        for rung, name in RUNG_NAMES.items()
    ]  # fmt: skip
    return [row for row in rows if row.total or any(row.more.values())]


def _band_key(band: str) -> str:
    return f"age_{band.replace('-', '_')}"


def _flow(band: str) -> Column[BandRow]:
    key = _band_key(band)
    field: Field[BandRow] = Field(key, Kind.WHOLE, lambda r: r.by_band[band], f"Children: {BAND_NAMES[band].lower()}")
    return Column(band, BAND_NAMES[band], (field,), lambda v: _number(v[key]))


FLOWS_TABLE: TableSpec[BandRow] = TableSpec(
    "ssda903-ways",
    (
        Column(
            "way",
            "Way",
            (
                Field("way", Kind.CODE, lambda r: r.code, "Code of the way into care or out of it"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the way"),
            ),
            lambda v: (v["name"],),
        ),
        *(_flow(band) for band in BAND_NAMES),
        Column(
            "total",
            "All",
            (Field("total", Kind.WHOLE, lambda r: r.total, "All ages"),),
            lambda v: _number(v["total"]),
        ),
    ),
)


def _nights_words(children: int, nights: int) -> tuple[str, ...]:
    if not children and not nights:
        return (NOTHING,)
    return (f"{children:,}", f"{nights:,} night{'' if nights == 1 else 's'}")


def _age(band: str) -> Column[BandRow]:
    key = _band_key(band)
    name = BAND_NAMES[band].lower()
    fields: tuple[Field[BandRow], ...] = (
        Field(key, Kind.WHOLE, lambda r: r.by_band[band], f"Children on the last night: {name}"),
        Field(f"{key}_nights", Kind.WHOLE, lambda r: r.more[band], f"Nights in the period: {name}"),
    )
    return Column(band, BAND_NAMES[band], fields, lambda v: _nights_words(v[key], v[f"{key}_nights"]))


AGES_TABLE: TableSpec[BandRow] = TableSpec(
    "ssda903-ages",
    (
        Column(
            "rung",
            "Rung",
            (
                Field("rung", Kind.CODE, lambda r: r.code, "Code of the rung"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the rung"),
            ),
            lambda v: (v["name"],),
        ),
        *(_age(band) for band in BAND_NAMES),
        Column(
            "total",
            "All",
            (
                Field("total", Kind.WHOLE, lambda r: r.total, "Children on the last night"),
                Field("total_nights", Kind.WHOLE, lambda r: sum(r.more.values()), "Nights in the period"),
            ),
            lambda v: _nights_words(v["total"], v["total_nights"]),
        ),
    ),
)


# Rates


@dataclass(frozen=True)
class RateRow:
    """How often children of each band move from one rung to another, or leave care."""

    begin: str
    to: str
    by_band: dict[str, Rate]

    @property
    def moves(self) -> int:
        """Moves at all ages."""
        return sum(rate.moves for rate in self.by_band.values())


def rate_rows(sums: Sums) -> list[RateRow]:
    """Every move that was made at any age, in the order of the ladder."""
    found: dict[tuple[str, str], dict[str, Rate]] = {}
    for rate in sums.rates:
        found.setdefault((rate.from_rung, rate.to_rung), {})[rate.band] = rate
    order = [*RUNG_NAMES, LEFT]
    pairs = sorted(found, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    return [RateRow(begin, to, found[begin, to]) for begin, to in pairs]


def a_year(per_day: Decimal) -> str:
    """A chance a day as moves of 100 children in 365 nights: "6.2", and from 10 on whole: "14"."""
    number = WIDE.multiply(per_day, HUNDRED_FOR_A_YEAR)
    places = 0 if round_half_up(number, 1) >= _WHOLE_FROM else 1
    return written(round_half_up(number, places), Unit.COUNT, places)


def _rate(band: str) -> Column[RateRow]:
    key, name = _band_key(band), BAND_NAMES[band].lower()

    def of(part: str, otherwise: object = None) -> Callable[[RateRow], object]:
        return lambda row: getattr(row.by_band[band], part) if band in row.by_band else otherwise

    def words(v: Values) -> tuple[str, ...]:
        if not v[f"{key}_days"]:
            return (NOTHING,)
        low, high = a_year(v[f"{key}_low"]), a_year(v[f"{key}_high"])
        return (
            a_year(v[f"{key}_per_day"]), f"{low} to {high}", f"{v[f'{key}_moves']:,} in {v[f'{key}_days']:,} nights",
        )  # fmt: skip

    fields: tuple[Field[RateRow], ...] = (
        Field(f"{key}_per_day", Kind.NUMBER, of("per_day"), f"Chance of the move in a day: {name}"),
        Field(f"{key}_low", Kind.NUMBER, of("low"), f"Lower end of its 90% interval: {name}"),
        Field(f"{key}_high", Kind.NUMBER, of("high"), f"Upper end of its 90% interval: {name}"),
        Field(f"{key}_moves", Kind.WHOLE, of("moves", 0), f"Moves counted: {name}"),
        Field(f"{key}_days", Kind.WHOLE, of("child_days", 0), f"Nights on which it could be made: {name}"),
    )
    return Column(band, BAND_NAMES[band], fields, words)


RATES_TABLE: TableSpec[RateRow] = TableSpec(
    "ssda903-rates",
    (
        Column(
            "move",
            "Move",
            (
                Field("from", Kind.CODE, lambda r: r.begin, "Code of the rung that is left"),
                Field("from_name", Kind.TEXT, lambda r: RUNG_NAMES[r.begin], "Name of the rung that is left"),
                Field("to", Kind.CODE, lambda r: r.to, "Code of the rung moved to, or left-care"),
                Field("to_name", Kind.TEXT, lambda r: _TO_NAMES[r.to], "Name of the rung moved to"),
            ),
            lambda v: (f"To {v['to_name'][:1].lower()}{v['to_name'][1:]}" if v["to"] != LEFT else v["to_name"],),
        ),
        *(_rate(band) for band in _BANDS),
    ),
)


# A year ahead

AHEAD_MONTHS = (3, 6, 9, 12)
_AHEAD_PLACES = 1


@dataclass(frozen=True)
class AheadRow:
    """A rung, or all children in care (`code` empty), on the last night of the period and at the ends of the quarters
    after it."""

    code: str
    name: str
    now: int
    then: tuple[Ahead, ...]


def ahead_rows(sums: Sums) -> list[AheadRow]:
    """Every rung that anybody of a stated age is on, or may be on, in order, and all of them together."""
    by_rung: dict[str, list[Ahead]] = {}
    for one in sorted(sums.ahead, key=lambda one: one.on):
        by_rung.setdefault(one.rung, []).append(one)
    rows = [
        AheadRow(code, name, _of_stated_age(sums, code), tuple(by_rung[code]))
        for code, name in (*RUNG_NAMES.items(), (ALL_RUNGS, WHOLE))
        if code in by_rung
    ]
    return [row for row in rows if not row.code or row.now or any(one.high or one.expected for one in row.then)]


def _of_stated_age(sums: Sums, rung: str) -> int:
    return sum(sums.total("at_end", band=band, rung=rung) for band in _BANDS)


def _then(place: int, months: int) -> Column[AheadRow]:
    key, heading = f"in_{months}", f"In {months} months" if months < max(AHEAD_MONTHS) else "In a year"

    def of(part: str) -> Callable[[AheadRow], object]:
        return lambda row: getattr(row.then[place], part)

    def words(v: Values) -> tuple[str, ...]:
        expected = written(round_half_up(v[key], _AHEAD_PLACES), Unit.COUNT, _AHEAD_PLACES)
        return (expected, f"{v[f'{key}_low']:,} to {v[f'{key}_high']:,}")

    fields: tuple[Field[AheadRow], ...] = (
        Field(f"{key}_on", Kind.DATE, of("on"), f"{heading}: the night"),
        Field(key, Kind.NUMBER, of("expected"), f"{heading}: expected children"),
        Field(f"{key}_low", Kind.WHOLE, of("low"), f"{heading}: lower end of the 90% interval"),
        Field(f"{key}_high", Kind.WHOLE, of("high"), f"{heading}: upper end of the 90% interval"),
    )
    return Column(key, heading, fields, words)


AHEAD_TABLE: TableSpec[AheadRow] = TableSpec(
    "ssda903-ahead",
    (
        Column(
            "rung",
            "Rung",
            (
                Field("rung", Kind.CODE, lambda r: r.code, "Code of the rung; empty: all together"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the rung"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "now",
            "At the end",
            (Field("now", Kind.WHOLE, lambda r: r.now, "Children of a stated age on the last night of the period"),),
            lambda v: _number(v["now"]),
        ),
        *(_then(place, months) for place, months in enumerate(AHEAD_MONTHS)),
    ),
)


# Findings


def cells_words(cells: str, number: int) -> tuple[str, ...]:
    """The first cells and how many more there are: "D14, D18, D20 and 5 more"."""
    shown = (cells.split(", ") if cells else [])[:_CELLS_SHOWN]
    more = number - len(shown)
    if not shown:
        return (f"{number:,} place{'' if number == 1 else 's'}",)
    return (", ".join(shown) + (f" and {more:,} more" if more > 0 else ""),)


FINDINGS_TABLE: TableSpec[Finding] = TableSpec(
    "ssda903-findings",
    (
        Column(
            "severity",
            "Severity",
            (
                Field("severity", Kind.CODE, lambda f: f.severity, "error: left out; warning: odd, counted; note"),
                Field("finding", Kind.CODE, lambda f: f.code, "Code of the finding"),
            ),
            lambda v: (SEVERITY_WORDS[v["severity"]],),
        ),
        Column(
            "file",
            "File",
            (Field("file", Kind.CODE, lambda f: f.file, "header or episodes"),),
            lambda v: (FILE_WORDS[v["file"]],),
        ),
        Column(
            "column",
            "Column",
            (Field("column", Kind.TEXT, lambda f: f.column, "Heading of the column; empty: the row"),),
            lambda v: (v["column"] or NOTHING,),
        ),
        Column(
            "message",
            "What was found",
            (Field("message", Kind.TEXT, lambda f: f.message, "What was found, and what to do"),),
            lambda v: (v["message"],),
        ),
        Column(
            "number",
            "Number",
            (Field("number", Kind.WHOLE, lambda f: f.number, "How often"),),
            lambda v: (f"{v['number']:,}",),
        ),
        Column(
            "cells",
            "Cells",
            (Field("cells", Kind.TEXT, lambda f: ", ".join(f.cells), "The first places, as Excel names them"),),
            lambda v: cells_words(v["cells"], v["number"]),
        ),
    ),
)


def of_use(spec: TableSpec[Any], rows: Sequence[Any]) -> TableSpec[Any]:
    """The table as a page draws it: without the rung not reported and the age not stated where there is nothing."""
    idle = {
        column.key
        for column in spec.on_screen
        if column.key in {NOT_REPORTED, AGE_NOT_STATED}
        and all(spec.cells(row)[column.key] == (NOTHING,) for row in rows)
    }
    return TableSpec(spec.name, tuple(column for column in spec.columns if column.key not in idle))
