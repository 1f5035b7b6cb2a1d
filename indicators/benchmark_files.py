"""Reads a published file of official figures by its mapping, whole, or says at which cells it cannot be taken.

Areas are told apart by their codes alone, for names are spelt in many ways. A file with a single finding is refused.
Sources: explore-education-statistics open data standard (levels, codes, time periods, symbols).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators.benchmark_answers import FileFinding, FileRead, FileRefused, ReadArea, ReadValue, answered
from indicators.benchmark_cells import MOST, Cell, NoNumber, may_be, read_cell, share_of, sum_of
from indicators.benchmark_maps import (
    MeasureMap,
    NeighboursMap,
    Period,
    SetMap,
    month_in,
    names_fit,
    plain,
    read_map,
    successors_of,
)
from indicators.benchmark_tables import MOST_FINDINGS, Record, Table, letter_of, records_of, refused
from indicators.quarters import Month
from indicators.typed_text import is_storable, quoted
from indicators.units import is_share

_MOST_NOTES = 12

Tell = Callable[[str], None]

_TIME = ("time_period", "time_identifier", "geographic_level")
_PLACE = ("country_code", "country_name", "region_code", "region_name", "new_la_code", "old_la_code", "la_name")
_LEVELS = {
    "national": ("country", "country_code", "country_name", re.compile(r"[EKNSW]92[0-9]{6}|K0[0-9]{7}")),
    "regional": ("region", "region_code", "region_name", re.compile(r"E1[23][0-9]{6}")),
    "local authority": ("authority", "new_la_code", "la_name", re.compile(r"E(06|08|09|10)[0-9]{6}")),
}
_LEVEL_NAMES = {"national": "National", "regional": "Regional", "local authority": "Local authority"}
_KIND_WORDS = {"country": "a country", "region": "a region", "authority": "a local authority"}
_NO_PLACE = {"x", "z"}
_OLD_CODE = re.compile(r"[0-9]{3}")
_YEAR, _TWO_YEARS = re.compile(r"(19|20|21)[0-9]{2}"), re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})")
_LONGEST_NAME = 120


def read_benchmarks(payload: bytes, tell: Tell) -> bytes:
    """The job of the bounded child. The payload is a line of JSON (names and sizes of files, texts of the mappings and
    of the list of successors) and the files; the answer is a line for each, which `read_answers` reads."""
    head, _, data = payload.partition(b"\n")
    said = json.loads(head)
    maps = [read_map(text, name) for name, text in said["maps"]]
    successors = successors_of(said["successors"])
    answers, start = [], 0
    for name, size in said["files"]:
        try:
            answers.append(answered(read_file(data[start : start + size], name, maps, successors, tell)))
        except FileRefused as why:
            answers.append(answered(why))
        start += size
    return b"\n".join(answers)


def read_file(
    data: bytes, name: str, maps: Sequence[SetMap | NeighboursMap], successors: Mapping[str, str], tell: Tell
) -> FileRead:
    """Everything that the file says, by the mapping it fits. Raises FileRefused with every finding, up to a limit."""
    tell(f"{name}: {len(data):,} bytes")
    records = records_of(data)
    header = records[0][1]
    chosen = _chosen(header, name, maps)
    tell(f"{chosen.title}: {len(records) - 1:,} rows")
    if isinstance(chosen, NeighboursMap):
        return _Neighbours(chosen, header, records[1:]).read()
    return _Values(chosen, header, records[1:], successors, tell).read()


def _shown(text: str) -> str:
    return quoted(text) if text else "An empty cell"


# Which data set it is


def _chosen(header: Sequence[str], name: str, maps: Sequence[SetMap | NeighboursMap]) -> SetMap | NeighboursMap:
    """The mapping whose columns the file has; its name decides between several, and says what lacks where none fits."""
    headings = {plain(cell) for cell in header}
    if len(header) == 1 and re.search("[;\t]", header[0]):
        raise refused("its columns are not divided by commas. Save it as “CSV UTF-8 (comma delimited)” and send that.")
    fitting = [one for one in maps if not _missing(one, headings)]
    named = [one for one in maps if names_fit(one, name)]
    both = [one for one in fitting if one in named]
    if len(both or fitting) == 1:
        return (both or fitting)[0]
    if len(fitting) > 1:
        titles = "; ".join(sorted(one.title for one in fitting))
        raise refused(f"its columns fit several data sets ({titles}). Give it the name it is published under.")
    nearest = named or sorted(maps, key=lambda one: len(_missing(one, headings)))
    lacking = _missing(nearest[0], headings) if nearest else []
    if not nearest or (not named and 2 * len(lacking) > len(_columns_of(nearest[0]))):
        raise refused("no data set that can be read has these columns. The page where you choose a file lists them.")
    head = f"this is read as “{nearest[0].title}”, the nearest of the declared data sets"
    raise FileRefused(
        [FileFinding(1, names[0], f"the column is missing; {head}.") for names in lacking[:MOST_FINDINGS]],
        more=max(0, len(lacking) - MOST_FINDINGS),
    )


def _missing(one: SetMap | NeighboursMap, headings: set[str]) -> list[tuple[str, ...]]:
    """The columns that a file lacks, each by all of its names."""
    return [names for names in _columns_of(one) if not headings & {plain(name) for name in names}]


def _columns_of(one: SetMap | NeighboursMap) -> list[tuple[str, ...]]:
    """The columns that a file must have, each by all of its names."""
    if isinstance(one, NeighboursMap):
        return [(name,) for name in (one.area, *one.members)]
    return [*((name,) for name in (*_TIME, *_PLACE)), *(one.columns[word] for word in one.needed())]


class _Neighbours:
    """Reads who the neighbours of each area are."""

    def __init__(self, chosen: NeighboursMap, header: Sequence[str], records: Sequence[Record]) -> None:
        self.chosen, self.records, self.table = chosen, records, Table(header)

    def read(self) -> FileRead:
        places = [self.table.place([name]) for name in (self.chosen.area, *self.chosen.members)]
        seen: dict[str, int] = {}
        found = []
        for number, cells in self.table.sound(self.records):
            codes = [cells[place].strip() for place in places if place is not None]
            wrong = [place for place, code in zip(places, codes, strict=True) if not _OLD_CODE.fullmatch(code)]
            for place in wrong:
                self.table.add(number, place, "this is no three-digit number of an authority, such as 371.")
            if codes[0] in seen:
                self.table.add(number, places[0], f"{quoted(codes[0])} stands in row {seen[codes[0]]} already.")
            elif len(set(codes)) < len(codes) and not wrong:
                self.table.add(number, places[0], "an authority stands twice in this row.")
            seen.setdefault(codes[0], number)
            found.append((codes[0], tuple(codes[1:])))
        self.table.refuse()
        return FileRead(
            code=self.chosen.code, mapping_sha256=self.chosen.sha256, rows=len(found), neighbours=tuple(found)
        )


@dataclass(frozen=True)
class _Row:
    """A row whose year, area and filters are sound."""

    number: int
    cells: list[str]
    period: Period
    area: str
    level: str
    filters: tuple[str, ...]

    @property
    def key(self) -> tuple[Period, str, tuple[str, ...]]:
        return self.period, self.area, self.filters


class _Values:
    """Reads the measures of a data set."""

    def __init__(
        self,
        chosen: SetMap,
        header: Sequence[str],
        records: Sequence[Record],
        successors: Mapping[str, str],
        tell: Tell,
    ) -> None:
        self.chosen, self.records, self.successors, self.tell = chosen, records, successors, tell
        self.table = Table(header)
        names = {name: (name,) for name in (*_TIME, *_PLACE)}
        self.at = {word: self.table.place(found) for word, found in {**chosen.columns, **names}.items()}
        self.filters = chosen.filters()
        self.identifier: tuple[str, int] | None = None
        self.areas: dict[str, tuple[Period, ReadArea]] = {}
        self.codes_by_number: dict[str, tuple[str, int]] = {}
        self.numbers_by_code: dict[str, tuple[str, int]] = {}
        self.joint, self.elsewhere = 0, 0
        self.notes: list[str] = []
        self.disagreeing = 0
        self.checked = 0
        self.worked_out: set[str] = set()
        self.is_whole = True
        self.cache: dict[str, Cell] = {}

    def read(self) -> FileRead:
        rows = self._rows()
        self.is_whole = not self.table.findings  # else a row that lacks may be one that was refused
        by_key = {row.key: row for row in rows}
        found: list[tuple[str, Period | Month, str, Cell, Cell, Cell]] = []
        for measure in self.chosen.measures:
            matched = [row for row in rows if self._is_where(row, measure.where)]
            if not matched and self.is_whole:
                self._no_row(measure)
            for row in matched:
                found += self._values(measure, row, by_key)
        self.table.refuse()
        self.tell(f"{len(found):,} values of {len(self.chosen.measures)} measures")
        return self._gathered(rows, found)

    # Rows

    def _rows(self) -> list[_Row]:
        rows: list[_Row] = []
        seen: dict[object, int] = {}
        for number, cells in self.table.sound(self.records):
            period, area = self._period(number, cells), self._area(number, cells)
            if period is None or area is None:
                continue
            filters = tuple(self._text(cells, word) for word in self.filters)
            level = self._text(cells, "geographic_level").casefold()
            row = _Row(number, cells, period, area.code, level, filters)
            if row.key in seen:
                what = f"{area.name}, {period.label}{''.join(f', {one}' for one in filters)}"
                self.table.add(
                    number, self.at["time_period"], f"{quoted(what, 160)} stands in row {seen[row.key]} already."
                )
                continue
            seen[row.key] = number
            self._keep_area(period, area)
            rows.append(row)
        if not rows and not self.table.findings:
            raise refused("none of its rows is about an area that can be held.")
        return rows

    def _text(self, cells: Sequence[str], word: str) -> str:
        place = self.at[word]
        return "" if place is None else " ".join(cells[place].split())

    def _period(self, number: int, cells: Sequence[str]) -> Period | None:
        identifier, year = self._text(cells, "time_identifier"), self._text(cells, "time_period")
        if identifier.casefold() not in {one.casefold() for one in self.chosen.identifiers}:
            known = " or ".join(self.chosen.identifiers)
            message = f"{_shown(identifier)} is not {known}; a file has one kind of year."
            self.table.add(number, self.at["time_identifier"], message)
            return None
        if self.identifier is None:
            self.identifier = identifier, number
        elif self.identifier[0].casefold() != identifier.casefold():
            before, row = self.identifier
            message = f"{quoted(identifier)} is mixed with {quoted(before)} of row {row}: a file has one kind of year."
            self.table.add(number, self.at["time_identifier"], message)
            return None
        is_single = identifier.casefold() in {"reporting year", "calendar year"}
        match = (_YEAR if is_single else _TWO_YEARS).fullmatch(year)
        if match is None or (not is_single and int(match[2]) != (int(match[1]) + 1) % 100):
            example = "four digits, such as 2024" if is_single else "two years that follow, such as 202324"
            self.table.add(
                number, self.at["time_period"], f"{_shown(year)} is not {example}, as {identifier} asks for."
            )
            return None
        return self.chosen.year_ending(int(year) if is_single else int(match[1]) + 1)

    def _area(self, number: int, cells: Sequence[str]) -> ReadArea | None:
        """The area of a row; None, with a finding or a count, where there is none to hold."""
        level = self._text(cells, "geographic_level").casefold()
        if level not in _LEVELS:
            shown = _shown(self._text(cells, "geographic_level"))
            self.table.add(number, self.at["geographic_level"], f"{shown} is not {', '.join(_LEVEL_NAMES.values())}.")
            return None
        kind, code_word, name_word, form = _LEVELS[level]
        code, name = self._text(cells, code_word), self._text(cells, name_word)
        if code.casefold() in _NO_PLACE:
            self.elsewhere += 1
            return None
        if kind == "authority" and "/" in code and all(form.fullmatch(part.strip()) for part in code.split("/")):
            self.joint += 1
            return None
        if not form.fullmatch(code):
            message = f"{_shown(code)} is not the code of {_KIND_WORDS[kind]}, as the level {_LEVEL_NAMES[level]} says."
            self.table.add(number, self.at[code_word], message)
            return None
        below = {"country": ("region_code", "new_la_code"), "region": ("new_la_code",), "authority": ()}[kind]
        for word in below:
            if self._text(cells, word).casefold() not in {"", *_NO_PLACE}:
                message = f"the level is {_LEVEL_NAMES[level]}, but {quoted(self._text(cells, word))} is given."
                self.table.add(number, self.at[word], message)
                return None
        if not name or len(name) > _LONGEST_NAME or not is_storable(name):
            self.table.add(number, self.at[name_word], "the name of the area is missing or cannot be held.")
            return None
        if kind != "authority":
            return ReadArea(code, "", name, kind, "")
        return self._authority(number, cells, code, name)

    def _authority(self, number: int, cells: Sequence[str], code: str, name: str) -> ReadArea | None:
        region, old = self._text(cells, "region_code"), self._text(cells, "old_la_code")
        old = "" if old.casefold() in _NO_PLACE else old
        if region and region.casefold() not in _NO_PLACE and not _LEVELS["regional"][3].fullmatch(region):
            self.table.add(number, self.at["region_code"], f"{quoted(region)} is not the code of a region.")
            return None
        if old and not _OLD_CODE.fullmatch(old):
            self.table.add(number, self.at["old_la_code"], f"{quoted(old)} is not three digits, such as 371.")
            return None
        code = self.successors.get(code, code)
        if old:
            number_before, row = self.numbers_by_code.setdefault(code, (old, number))
            if number_before != old:
                message = f"{code} stands with {old} here and with {number_before} in row {row}."
                self.table.add(number, self.at["old_la_code"], message)
                return None
            # A number that stays while the code changes is the same authority.
            code = self.codes_by_number.setdefault(old, (code, number))[0]
        return ReadArea(code, old, name, "authority", region if region.casefold() not in _NO_PLACE else "")

    def _keep_area(self, period: Period, area: ReadArea) -> None:
        """Keeps an area as its latest period describes it."""
        held = self.areas.get(area.code)
        if held is None or held[0].end_on < period.end_on:
            self.areas[area.code] = period, area

    # Values

    def _is_where(self, row: _Row, where: Mapping[str, str]) -> bool:
        values = dict(zip(self.filters, row.filters, strict=True))
        return all(values[word].casefold() == wanted.casefold() for word, wanted in where.items())

    def _no_row(self, measure: MeasureMap) -> None:
        word = next(iter(measure.where), "")
        wanted = " and ".join(f"{self.chosen.columns[w][0]} “{value}”" for w, value in measure.where.items())
        self.table.add(1, self.at.get(word), f"no row has {wanted}, which “{measure.name}” is read from.")

    def _cell(self, row: _Row, word: str) -> Cell:
        place = self.at[word]
        text = row.cells[place] if place is not None else ""
        held = self.cache.get(text)
        if held is not None:
            return held
        try:
            held = self.cache[text] = read_cell(text)
        except NoNumber as problem:
            self.table.add(row.number, place, str(problem))
            return Cell(None, "x")
        return held

    def _sum(self, row: _Row | None, words: Sequence[str]) -> Cell:
        if row is None or not words:
            return Cell(None)
        return sum_of([self._cell(row, word) for word in words])

    def _values(
        self, measure: MeasureMap, row: _Row, by_key: Mapping[object, _Row]
    ) -> Iterator[tuple[str, Period | Month, str, Cell, Cell, Cell]]:
        none = Cell(None)
        for month, word in measure.months.items():
            yield measure.code, month_in(row.period, month), row.area, self._cell(row, word), none, none
        if measure.months:
            return
        numerator = self._sum(row, measure.numerator)
        denominator = self._sum(self._beside(measure, row, by_key), measure.denominator)
        if measure.value and self.at[measure.value] is not None:
            value = self._cell(row, measure.value)
            self._compare(measure, row, value, numerator, denominator)
        else:
            value = share_of(numerator, denominator, measure.unit)
            self.worked_out.add(measure.code)
            self._refuse_excess(measure, row, numerator, denominator)
            if value.value is not None and value.value > MOST:
                self.table.add(row.number, self.at[measure.denominator[0]], f"“{measure.name}” would be far too large.")
        yield measure.code, row.period, row.area, value, numerator, denominator

    def _beside(self, measure: MeasureMap, row: _Row, by_key: Mapping[object, _Row]) -> _Row | None:
        """The row that holds the denominator: the same, or another of the same area and period."""
        if not measure.denominator_where:
            return row
        values = dict(zip(self.filters, row.filters, strict=True)) | dict(measure.denominator_where)
        other = by_key.get((row.period, row.area, tuple(values[word] for word in self.filters)))
        if other is None and self.is_whole:
            wanted = " and ".join(f"“{value}”" for value in measure.denominator_where.values())
            self.table.add(row.number, self.at["time_period"], f"there is no row with {wanted} beside this one.")
        return other

    def _refuse_excess(self, measure: MeasureMap, row: _Row, numerator: Cell, denominator: Cell) -> None:
        """Parts that are not rounded cannot make more than their whole."""
        exact = self.chosen.rounded[_LEVEL_NAMES[row.level]] == 0
        parts = numerator.value, denominator.value
        if exact and is_share(measure.unit) and None not in parts and parts[0] > parts[1]:  # type: ignore[operator]
            message = f"{parts[0]} of {parts[1]}: the parts of “{measure.name}” make more than their whole."
            self.table.add(row.number, self.at[measure.numerator[0]], message)

    def _compare(self, measure: MeasureMap, row: _Row, value: Cell, numerator: Cell, denominator: Cell) -> None:
        """Notes a published value that its own parts do not give."""
        if None in (value.value, numerator.value, denominator.value) or not denominator.value:
            return
        assert value.value is not None and numerator.value is not None  # noqa: PT018, S101
        self.checked += 1
        rounded = self.chosen.rounded[_LEVEL_NAMES[row.level]]
        if may_be(value.value, measure.places, numerator.value, denominator.value, measure.unit, rounded):
            return
        self.disagreeing += 1
        if self.disagreeing <= _MOST_NOTES:
            place = self.at[measure.value]
            assert place is not None  # noqa: S101
            self.notes.append(
                f"{letter_of(place)}{row.number}: {value.value} is printed, and its parts are {numerator.value} and "
                f"{denominator.value}. The printed value is held."
            )

    # What comes out

    def _gathered(
        self, rows: Sequence[_Row], found: Sequence[tuple[str, Period | Month, str, Cell, Cell, Cell]]
    ) -> FileRead:
        measures = tuple(m.code for m in self.chosen.measures)
        periods = sorted({period for _, period, *_ in found}, key=lambda p: (p.start_on, p.end_on))
        areas = [area for _, area in self.areas.values()]
        places = {code: place for place, code in enumerate(measures)}
        period_at = {period: place for place, period in enumerate(periods)}
        area_at = {area.code: place for place, area in enumerate(areas)}
        values = tuple(
            ReadValue(places[code], period_at[period], area_at[area], value.value, n.value, d.value, value.symbol)
            for code, period, area, value, n, d in found
        )
        return FileRead(
            code=self.chosen.code, mapping_sha256=self.chosen.sha256, rows=len(rows), measures=measures,
            periods=tuple(periods), areas=tuple(areas), values=values, notes=tuple(self._all_notes()),
        )  # fmt: skip

    def _all_notes(self) -> Iterator[str]:
        if self.joint:
            yield f"{self.joint} rows are about two authorities together and were left out."
        if self.elsewhere:
            yield f"{self.elsewhere} rows are about no known area and were left out."
        names = [m.name for m in self.chosen.measures if m.code in self.worked_out]
        if names:
            yield f"Worked out from their parts, as the file has no such column: {'; '.join(names)}."
        if self.checked:
            agreeing = self.checked - self.disagreeing
            yield f"{agreeing:,} of {self.checked:,} published values agree with their parts, as these are rounded."
        yield from self.notes
        if self.disagreeing > len(self.notes):
            yield f"{self.disagreeing - len(self.notes)} more do not agree."
