"""What the child process answers about an Annex A file, read and checked: sums, places and sentences of our own only.

Whatever the answer holds beyond what is agreed is dropped: the name of a sheet that is no known name of a list, a
column that no list has, a cell that is no place. So a slip in reading a file cannot carry on what stands in it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from indicators.units import round_half_up
from referrals.annex_a.findings import KINDS, ORDER
from referrals.annex_a.spec import LISTS, key_of

KINDS_OF_MEASURE = ("count", "share", "mean", "median")
UNITS = ("count", "percent", "days")
_PLACES = 4
_LARGEST = Decimal(10) ** 11
_MOST_CELLS = 2_000

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
_SLICE = re.compile(r"(?:[a-z0-9-]+=[a-z0-9-]+(?:\|[a-z0-9-]+=[a-z0-9-]+)*)?\Z")
_PLACE = re.compile(r"(?:[A-Z]{1,3}[0-9]{0,7}|row [0-9]{1,7})\Z")
_LIST_IN_NAME = re.compile(r"(?:annex_a_)?(?:list_?)?(\d{1,2})(?:_|$)")
_NAMES = {spec.number: {key_of(name) for name in (spec.name, *spec.aliases)} for spec in LISTS}
_HEADERS = {spec.number: {column.header for column in spec.columns} for spec in LISTS}
OTHER_NAME = "a sheet of another name"


class NotAsAgreed(ValueError):
    """The answer is not what was agreed with the child. The message says where, and quotes nothing."""


class FileNotTaken(Exception):
    """The file was refused. The message is a sentence for the person."""


@dataclass(frozen=True)
class ReadList:
    """One of the eleven lists: how many rows it has (None: it is not in the file) and what it lacks."""

    number: int
    name: str
    sheet: str
    rows: int | None
    missing_columns: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class FindingGroup:
    """What was found of one kind in one column of a list: how often, and the first cells."""

    severity: str
    list: int
    column: str
    code: str
    message: str
    number: int
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Rows that were not counted, and why; 0 where the reason is that the measure could not be computed at all."""

    reason: str
    number: int


@dataclass(frozen=True)
class Computed:
    """One measure, or one category of its breakdown, as it was computed."""

    code: str
    name: str
    list: int
    kind: str
    unit: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    dimension: str = ""
    category: str = ""
    category_name: str = ""
    indicator: str = ""
    slice: str = ""
    left_out: tuple[LeftOut, ...] = ()
    words: str = ""

    @property
    def is_computed(self) -> bool:
        """Whether the file held what it needs: its list, and the columns of it."""
        return (self.numerator, self.denominator, self.value) != (None, None, None)


@dataclass(frozen=True)
class DurationBand:
    """How many took so many days; `to_days` None: without end."""

    label: str
    from_days: int
    to_days: int | None
    number: int


@dataclass(frozen=True)
class Duration:
    """How long something took, or has been open. `clock`: the code of the clock it is held against, or ""."""

    code: str
    name: str
    list: int
    clock: str
    bands: tuple[DurationBand, ...]
    median: Decimal | None
    left_out: tuple[LeftOut, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Late:
    """Cases that are open and past their clock: `number` of `denominator`; None where they cannot be counted."""

    code: str
    name: str
    list: int
    clock: str
    number: int | None
    denominator: int | None
    left_out: tuple[LeftOut, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Answer:
    """Everything that is kept of a file."""

    reference_on: date
    start_on: date
    end_on: date
    lists: tuple[ReadList, ...]
    findings: tuple[FindingGroup, ...]
    findings_left_off: int
    measures: tuple[Computed, ...]
    durations: tuple[Duration, ...]
    open_late: tuple[Late, ...]
    sheets_unread: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How much was found of each severity."""
        return {severity: sum(g.number for g in self.findings if g.severity == severity) for severity in ORDER}


def read_answer(data: bytes) -> Answer:
    """The child's answer. Raises FileNotTaken with the sentence where it refused the file, and NotAsAgreed."""
    try:
        raw = json.loads(data)
        if "refused" in raw:
            raise FileNotTaken(str(raw["refused"])[:500])
        return Answer(
            reference_on=date.fromisoformat(raw["reference_date"]),
            start_on=date.fromisoformat(raw["period_start"]),
            end_on=date.fromisoformat(raw["period_end"]),
            lists=tuple(_list(r) for r in raw["lists"]),
            findings=_findings(raw["finding_counts"], raw["findings"]),
            findings_left_off=_whole(raw["findings_left_off"]),
            measures=tuple(_measure(r) for r in raw["measures"]),
            durations=tuple(_duration(r) for r in raw["durations"]),
            open_late=tuple(_late(r) for r in raw["open_late"]),
            sheets_unread=len([_whole(place) for place in raw["sheets_unread"]]),
        )
    except NotAsAgreed:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAsAgreed(f"the answer lacks something, or is of another shape: {type(error).__name__}") from None


# One thing each


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise NotAsAgreed("a number of rows is none")
    return value


def _some(value: Any) -> int | None:
    return None if value is None else _whole(value)


def _decimal(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) >= _LARGEST:
        raise NotAsAgreed("a result is no number")
    return round_half_up(number, _PLACES)


def _code(value: Any, *, may_be_empty: bool = False) -> str:
    if not (may_be_empty and value == "") and not (isinstance(value, str) and _CODE.match(value)):
        raise NotAsAgreed("a code is none")
    return str(value)


def _one_of(value: Any, known: Iterable[Any]) -> Any:
    if value not in known:
        raise NotAsAgreed("a word is none of those agreed")
    return value


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise NotAsAgreed("a text is none")
    return value[:most]


def _list_number(value: Any) -> int:
    return int(_one_of(value, _HEADERS))


def neutral_sheet(name: str, number: int) -> str:
    """The name of a sheet or file where it is one of the usual names of that list, else that it has another name."""
    if not name:
        return ""
    key = key_of(re.sub(r"\.csv$", "", name, flags=re.IGNORECASE))
    numbered = _LIST_IN_NAME.match(key)
    rest = key[numbered.end() :] if numbered and int(numbered[1]) == number else key
    usual = rest in _NAMES[number] or (not rest and bool(numbered))
    return name.strip()[:60] if usual else OTHER_NAME


def _list(raw: Mapping[str, Any]) -> ReadList:
    number = _list_number(raw["number"])
    missing = tuple(header for header in raw["missing_columns"] if header in _HEADERS[number])
    rows = _some(raw["rows"])
    sheet = neutral_sheet(_text(raw["sheet"] or "", 300), number)
    return ReadList(number, LISTS[number - 1].name, sheet, rows, missing, _whole(raw["left_out"]))


def _findings(counts: Iterable[Mapping[str, Any]], listed: Iterable[Mapping[str, Any]]) -> tuple[FindingGroup, ...]:
    def key(raw: Mapping[str, Any]) -> tuple[str, int, str, str, str]:
        number, code = _list_number(raw["list"]), _one_of(raw["code"], KINDS)
        column = raw["column"] if raw["column"] in _HEADERS[number] else ""
        return _one_of(raw["severity"], ORDER), number, column, code, _text(raw["message"], 300)

    cells: dict[tuple[str, int, str, str, str], list[str]] = {}
    for raw in list(listed)[:_MOST_CELLS]:
        if isinstance(raw["cell"], str) and _PLACE.match(raw["cell"]):
            cells.setdefault(key(raw), []).append(raw["cell"])
    return tuple(FindingGroup(*key(raw), _whole(raw["number"]), tuple(cells.get(key(raw), ()))) for raw in counts)


def _left_out(raw: Iterable[Mapping[str, Any]]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(_text(one["reason"], 200), _whole(one["number"])) for one in raw)


def _measure(raw: Mapping[str, Any]) -> Computed:
    if not isinstance(raw["slice"], str) or not _SLICE.match(raw["slice"]):
        raise NotAsAgreed("a slice is none")
    return Computed(
        code=_code(raw["code"]),
        name=_text(raw["name"], 160),
        list=_list_number(raw["list"]),
        kind=_one_of(raw["kind"], KINDS_OF_MEASURE),
        unit=_one_of(raw["unit"], UNITS),
        numerator=_decimal(raw["numerator"]),
        denominator=_decimal(raw["denominator"]),
        value=_decimal(raw["value"]),
        dimension=_code(raw["dimension"], may_be_empty=True),
        category=_code(raw["category"], may_be_empty=True),
        category_name=_text(raw["category_name"], 160),
        indicator=_code(raw["indicator"], may_be_empty=True),
        slice=raw["slice"][:300],
        left_out=_left_out(raw["left_out"]),
        words=_text(raw["words"], 1_000),
    )


def _band(raw: Mapping[str, Any]) -> DurationBand:
    return DurationBand(_text(raw["label"], 60), _whole(raw["from_days"]), _some(raw["to_days"]), _whole(raw["number"]))


def _duration(raw: Mapping[str, Any]) -> Duration:
    return Duration(
        _code(raw["code"]), _text(raw["name"], 160), _list_number(raw["list"]),
        _code(raw["clock"], may_be_empty=True), tuple(_band(band) for band in raw["bands"]), _decimal(raw["median"]),
        _left_out(raw["left_out"]), _text(raw.get("words", ""), 1_000),
    )  # fmt: skip


def _late(raw: Mapping[str, Any]) -> Late:
    return Late(
        _code(raw["code"]), _text(raw["name"], 160), _list_number(raw["list"]),
        _code(raw["clock"], may_be_empty=True), _some(raw["number"]), _some(raw["denominator"]),
        _left_out(raw.get("left_out", ())), _text(raw.get("words", ""), 1_000),
    )  # fmt: skip


# To and from what is stored


def stored(things: Iterable[Any]) -> list[dict[str, Any]]:
    """Lists, findings, durations or late cases as JSON keeps them."""
    return [_plain(asdict(thing)) for thing in things]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def lists_of(rows: Iterable[Mapping[str, Any]]) -> tuple[ReadList, ...]:
    """The lists, from what is stored."""
    return tuple(ReadList(**{**row, "missing_columns": tuple(row["missing_columns"])}) for row in rows)


def findings_of(rows: Iterable[Mapping[str, Any]]) -> tuple[FindingGroup, ...]:
    """The findings, from what is stored."""
    return tuple(FindingGroup(**{**row, "cells": tuple(row["cells"])}) for row in rows)


def left_out_of(rows: Iterable[Mapping[str, Any]]) -> tuple[LeftOut, ...]:
    """What was left out, from what is stored."""
    return tuple(LeftOut(**row) for row in rows)


def durations_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Duration, ...]:
    """The durations, from what is stored."""
    return tuple(Duration(**_with(row, bands=_bands_of, left_out=left_out_of, median=_decimal)) for row in rows)


def late_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Late, ...]:
    """The late cases, from what is stored."""
    return tuple(Late(**_with(row, left_out=left_out_of)) for row in rows)


def _bands_of(rows: Iterable[Mapping[str, Any]]) -> tuple[DurationBand, ...]:
    return tuple(DurationBand(**row) for row in rows)


def _with(row: Mapping[str, Any], **made: Callable[[Any], Any]) -> dict[str, Any]:
    return dict(row) | {name: make(row[name]) for name, make in made.items()}
