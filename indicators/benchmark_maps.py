"""How a published file is read: the declared mapping of a data set, so that a new file needs no code.

A mapping is a TOML file. It says what the data set is, which files it fits, what a row's year means, what editions call
each column, and for each measure which rows and columns make its value, numerator and denominator.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import fnmatch
from typing import Any

from indicators.quarters import FinancialYear, Month, Span
from indicators.rag import Polarity
from indicators.units import Unit

# What the reading makes of a mapping and a file. Raise it when the same file would be read otherwise than before.
READING = 1

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ENDS = {"31 March": 3, "30 June": 6, "31 August": 8, "30 September": 9, "31 December": 12}
_LEVELS = ("National", "Regional", "Local authority")
_LONGEST = {"code": 60, "title": 200, "publisher": 120, "licence": 120, "source": 300}


class MapError(ValueError):
    """The mapping cannot be used; the message says what is wrong and where."""


Period = FinancialYear | Span


@dataclass(frozen=True)
class MeasureMap:
    """One measure: what it is, which rows it is read from, and which columns (by the mapping's own words) make it.

    `value` is the published number; without one, or where an edition lacks the column, it is worked out from the sums
    of the columns `numerator` and `denominator`. `months` gives a column for each month of the row's year instead.
    """

    code: str
    name: str
    unit: Unit
    places: int
    polarity: Polarity
    numerator_text: str = ""
    denominator_text: str = ""
    note: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    denominator_where: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    months: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_worked_out(self) -> bool:
        """Whether the parts give the value where the file does not."""
        return bool(self.numerator and self.denominator)


@dataclass(frozen=True)
class SetMap:
    """The mapping of a data set of values. `rounded`: to what numbers of each level are rounded, 0 for none."""

    code: str
    title: str
    publisher: str
    licence: str
    source: str
    files: tuple[str, ...]
    sha256: str
    identifiers: tuple[str, ...]
    last_month: int
    rounded: Mapping[str, Decimal]
    columns: Mapping[str, tuple[str, ...]]
    measures: tuple[MeasureMap, ...]

    def year_ending(self, year: int) -> Period:
        """The twelve months that end in that year. ValueError for a year that is no year of ours."""
        if self.last_month == 3:
            return FinancialYear(year - 1)
        last = Month(year, self.last_month)
        first = Month(year, 1) if self.last_month == 12 else Month(year - 1, self.last_month + 1)
        return Span(first.start_on, last.end_on)

    def filters(self) -> tuple[str, ...]:
        """The columns that tell rows of one area and period apart."""
        return tuple(dict.fromkeys(name for m in self.measures for name in (*m.where, *m.denominator_where)))

    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have; the published value may be missing where the parts give it."""
        found: dict[str, None] = dict.fromkeys(self.filters())
        for m in self.measures:
            parts = (*m.numerator, *m.denominator, *m.months.values())
            found |= dict.fromkeys(parts if m.is_worked_out or not m.value else (m.value, *parts))
        return tuple(found)


@dataclass(frozen=True)
class NeighboursMap:
    """The mapping of a file that names for each area, by its three-digit number, those it is held beside."""

    code: str
    title: str
    publisher: str
    licence: str
    source: str
    files: tuple[str, ...]
    sha256: str
    group_code: str
    group_name: str
    valid_from: date
    valid_until: date | None
    area: str
    members: tuple[str, ...]


def month_in(period: Period, number: int) -> Month:
    """The month of that number within a year that may begin in the one before."""
    year = period.start_on.year if number >= period.start_on.month else period.end_on.year
    return Month(year, number)


def plain(heading: str) -> str:
    """A heading as it is compared: editions differ in case and spaces."""
    return " ".join(heading.split()).casefold()


def names_fit(one: SetMap | NeighboursMap, file_name: str) -> bool:
    """Whether the name of a file is one of those the data set is published under."""
    return any(fnmatch(file_name.casefold(), pattern.casefold()) for pattern in one.files)


def read_map(text: str, name: str) -> SetMap | NeighboursMap:
    """The mapping that a TOML text declares; `name` is its file's name. Raises MapError."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise MapError(f"{name} is not TOML: {error}") from error
    try:
        return _Reader(name, data, _fingerprint(text)).read()
    except (KeyError, TypeError, AttributeError) as error:
        raise MapError(f"{name}: something is missing or of another kind than it should be: {error}.") from error


def successors_of(text: str) -> dict[str, str]:
    """The codes that were replaced, each with the code in force. Raises MapError."""
    try:
        found = dict(tomllib.loads(text)["successors"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise MapError(f"The list of successors cannot be read: {error}") from error
    chained = sorted(set(found) & set(found.values()))
    if chained:
        raise MapError(f"Give {chained[0]} its last successor: a code is looked up once.")
    return found


def _fingerprint(text: str) -> str:
    return hashlib.sha256(f"{READING}\n{text}".encode()).hexdigest()


class _Reader:
    """Reads one mapping and refuses what cannot be meant."""

    def __init__(self, name: str, data: Mapping[str, Any], sha256: str) -> None:
        self.name, self.data, self.sha256 = name, data, sha256

    def read(self) -> SetMap | NeighboursMap:
        return self._neighbours() if self.data.get("kind") == "neighbours" else self._values()

    def refuse(self, message: str) -> MapError:
        return MapError(f"{self.name}: {message}")

    def _head(self) -> dict[str, Any]:
        head = {key: str(self.data[key]) for key in _LONGEST}
        for key, longest in _LONGEST.items():
            if not head[key].strip() or len(head[key]) > longest:
                raise self.refuse(f"{key} is empty or longer than {longest} characters.")
        if not _CODE.fullmatch(head["code"]):
            raise self.refuse(f"the code {head['code']} is not lower-case letters, digits and hyphens.")
        files = _words(self.data["files"])
        if not files:
            raise self.refuse("no name of a file is given.")
        return head | {"files": files, "sha256": self.sha256}

    def _neighbours(self) -> NeighboursMap:
        group = self.data["group"]
        valid_from, valid_until = group["valid_from"], group.get("valid_until")
        days = [day for day in (valid_from, valid_until) if day is not None]
        if not all(type(day) is date for day in days) or days != sorted(days):
            raise self.refuse("valid_from and valid_until are days in that order, such as 2025-05-01.")
        return NeighboursMap(
            **self._head(), group_code=group["code"], group_name=group["name"], valid_from=valid_from,
            valid_until=valid_until, area=group["area"], members=_words(group["members"]),
        )  # fmt: skip

    def _values(self) -> SetMap:
        year = self.data["year"]
        if year["ends"] not in _ENDS:
            raise self.refuse(f"the year ends on one of {', '.join(_ENDS)}.")
        columns = {word: _words(names) for word, names in self.data["columns"].items()}
        rounded = {level: Decimal(0) for level in _LEVELS}
        for level, number in self.data.get("rounded", {}).items():
            if level not in rounded:
                raise self.refuse(f"rounded: {level} is no level of a file.")
            rounded[level] = Decimal(number)
        measures = tuple(self._measure(one, columns) for one in self.data.get("measure", ()))
        codes = [m.code for m in measures]
        if not codes or len(set(codes)) != len(codes):
            raise self.refuse("there is no measure, or two have the same code.")
        return SetMap(
            **self._head(), identifiers=_words(year["identifiers"]), last_month=_ENDS[year["ends"]], rounded=rounded,
            columns=columns, measures=measures,
        )  # fmt: skip

    def _measure(self, one: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> MeasureMap:
        code = str(one["code"])
        texts = ("numerator_text", "denominator_text", "note")
        try:
            found = MeasureMap(
                code=code,
                name=str(one["name"]),
                unit=Unit(one["unit"]),
                places=int(one["places"]),
                polarity=Polarity(one["polarity"]),
                where=dict(one.get("where", {})),
                denominator_where=dict(one.get("denominator_where", {})),
                value=str(one.get("value", "")),
                numerator=_words(one.get("numerator", ())),
                denominator=_words(one.get("denominator", ())),
                months={int(number): str(word) for number, word in one.get("months", {}).items()},
                **{text: str(one.get(text, "")) for text in texts},
            )
        except ValueError as error:
            raise self.refuse(f"measure {code}: {error}.") from error
        self._check(found, columns)
        return found

    def _check(self, one: MeasureMap, columns: Mapping[str, Sequence[str]]) -> None:
        if not _CODE.fullmatch(one.code) or len(one.code) > 60 or not 0 <= one.places <= 4:
            raise self.refuse(f"measure {one.code}: its code or its places cannot be.")
        used = (one.value, *one.numerator, *one.denominator, *one.months.values(), *one.where, *one.denominator_where)
        strange = [word for word in used if word and word not in columns]
        if strange:
            raise self.refuse(f"measure {one.code}: “{strange[0]}” is not among the columns.")
        if not (one.value or one.is_worked_out or one.months):
            raise self.refuse(f"measure {one.code} has no value, no two parts and no months.")
        if one.months and (one.value or one.numerator or one.denominator or set(one.months) - set(range(1, 13))):
            raise self.refuse(f"measure {one.code}: months are 1 to 12, and stand alone.")
        too_long = [text for text, most in ((one.name, 200), (one.numerator_text, 200), (one.denominator_text, 200),
                                            (one.note, 500)) if len(text) > most]  # fmt: skip
        if not one.name.strip() or too_long:
            raise self.refuse(f"measure {one.code}: a text is missing or too long.")


def _words(value: Any) -> tuple[str, ...]:
    """One word, or a list of them."""
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)
