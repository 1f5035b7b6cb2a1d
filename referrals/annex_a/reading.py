"""The lists of Annex A out of the rows of a file: recognised, typed and checked. Nothing is read twice or kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referrals.annex_a import rules
from referrals.annex_a.findings import Findings, choices_of
from referrals.annex_a.recognise import UPPER_ROWS, Found, found_in, is_heading_again, missing_columns, shown_name
from referrals.annex_a.spec import CODES, LISTS, ColumnSpec, ListData, ListSpec, Row
from referrals.annex_a.values import Reading, reader_of

MAX_MEMORY = 50_000  # different texts of a column whose reading is remembered

Tell = Callable[[str], None]


@dataclass
class Sheet:
    """The rows of a sheet, or of a CSV file, as they stand. `number`: its place in the file, from 1; `rows`: the number
    of each row that holds anything, and the text of its cells; `unworked`: position of a column -> how many formulas in
    it were never worked out, and the row of the first; `is_1904`: days are counted from 1904."""

    title: str
    number: int
    rows: list[tuple[int, list[str]]]
    unworked: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    is_1904: bool = False
    is_csv: bool = False


def read(sheets: Iterable[Sheet], findings: Findings, on: date, tell: Tell) -> list[ListData]:
    """The lists that the sheets hold, by number. `on`: the reference date; `tell`: is told of each list."""
    lists: dict[int, ListData] = {}
    places: dict[int, Mapping[str, int]] = {}
    headless: dict[int, int] = {}
    for sheet in sheets:
        found = found_in(sheet.title, [cells for _, cells in sheet.rows[:UPPER_ROWS]])
        if found is None:
            findings.unread.append(sheet.number)
            continue
        number = found.spec.number
        if found.last_heading < 0:
            headless.setdefault(number, sheet.number)
            continue
        if number in lists:
            findings.add("list-twice", number)
            continue
        rows = len(sheet.rows) - found.last_heading - 1
        tell(f"Reading list {number} of {len(LISTS)}: {rows:,} {'row' if rows == 1 else 'rows'}")
        lists[number] = _read_list(sheet, found, findings)
        places[number] = found.columns.found
        rules.check(lists[number], found.spec, found.columns.found, findings, on)
    for number, place in headless.items():
        if number in lists:
            findings.unread.append(place)
        else:
            findings.add("no-headings", number)
    found_lists = [lists[number] for number in sorted(lists)]
    rules.check_across(found_lists, lambda number, key: places[number].get(key, -1), findings)
    return found_lists


def _read_list(sheet: Sheet, found: Found, findings: Findings) -> ListData:
    spec, columns = found.spec, found.columns
    missing = missing_columns(spec, columns.found)
    data = ListData(
        spec.number,
        spec.name,
        shown_name(sheet.title, f"{'File' if sheet.is_csv else 'Sheet'} {sheet.number}"),
        columns_found=tuple(column.key for column in spec.columns if column.key in columns.found),
        columns_missing=missing,
    )
    _report_headings(sheet, found, missing, findings)
    reader = _Reader(sheet, found, findings)
    for row, cells in sheet.rows[found.last_heading + 1 :]:
        reader.read(row, cells, data)
    return data


def _report_headings(sheet: Sheet, found: Found, missing: Iterable[str], findings: Findings) -> None:
    spec, columns = found.spec, found.columns
    by_key, number, row = spec.by_key, spec.number, sheet.rows[found.last_heading][0]
    if found.named and found.named != number:
        findings.add("other-list", number, named=found.named)
    for key in missing:
        findings.add("missing-column", number, column=by_key[key].header)
    if any(column.is_newer for column in spec.columns) and not any(by_key[key].is_newer for key in columns.found):
        findings.add("older-layout", number)
    for key in sorted(columns.variants):
        findings.add("heading-variant", number, column=by_key[key].header, row=row, position=columns.found[key])
    for key, position in columns.twice:
        findings.add("column-twice", number, column=by_key[key].header, row=row, position=position)
    for position in columns.unknown:
        findings.add("unknown-column", number, row=row, position=position)
    for key, position in columns.found.items():
        if position in sheet.unworked:
            times, first = sheet.unworked[position]
            header = by_key[key].header
            findings.add("formula", number, column=header, row=first, position=position, times=times)


class _Column:
    """A column being read: what its texts mean, each worked out once."""

    def __init__(self, spec: ColumnSpec, position: int, sheet: Sheet) -> None:
        self.spec, self.position = spec, position
        self.is_unworked = position in sheet.unworked
        self._read = reader_of(spec, is_1904=sheet.is_1904, is_text_usual=sheet.is_csv)
        self.known: dict[str, Reading] = {}

    def learn(self, text: str) -> Reading:
        """Reads a text that was not seen before."""
        if len(self.known) >= MAX_MEMORY:
            self.known.clear()
        found = self.known[text] = self._read(text)
        return found


class _Reader:
    """Reads the rows of one list."""

    def __init__(self, sheet: Sheet, found: Found, findings: Findings) -> None:
        self._spec: ListSpec = found.spec
        self._found = found
        self._findings = findings
        columns = [
            _Column(spec, found.columns.found[spec.key], sheet)
            for spec in found.spec.columns
            if spec.key in found.columns.found
        ]
        self._id = next((column for column in columns if column.spec.kind == "id"), None)
        self._columns = columns
        self._width = max((column.position for column in columns), default=0) + 1
        self._last = max([self._width - 1, *found.columns.unknown, *(p for _, p in found.columns.twice)])
        self._seen: set[int] = set()

    def read(self, number: int, cells: list[str], data: ListData) -> None:
        """Adds a row to the data, or says why it is left out."""
        if len(cells) <= self._last:
            cells = cells + [""] * (self._last + 1 - len(cells))
        elif len(cells) > self._last + 1:
            self._findings.add("row-too-wide", self._spec.number, row=number, position=self._last + 1)
        if not any(cells[column.position] for column in self._columns):
            return
        if self._id is not None and not self._has_id(number, cells, data):
            return
        row: Row = {"row": number}
        for column in self._columns:
            text = cells[column.position]
            value, trouble = column.known.get(text) or column.learn(text)
            row[column.spec.key] = value
            if trouble:
                self._report(trouble, column, number)
        data.rows.append(row)
        same = hash(tuple(cells[: self._width]))
        if same in self._seen:
            self._findings.add("row-twice", self._spec.number, row=number)
        self._seen.add(same)

    def _has_id(self, number: int, cells: list[str], data: ListData) -> bool:
        """Whether the row is one of the list's; a row of headings, of totals or without identifier is none."""
        assert self._id is not None  # noqa: S101
        text = cells[self._id.position]
        is_word = not any(letter.isdigit() for letter in text)
        if is_word and text and is_heading_again(cells, self._found.columns, self._spec):
            self._findings.add("heading-again", self._spec.number, row=number)
            return False
        if is_word and text.strip().lower().startswith(("total", "grand total")):
            self._findings.add("total-row", self._spec.number, row=number)
            data.left_out += 1
            return False
        value, trouble = self._id.known.get(text) or self._id.learn(text)
        if value is None:
            self._report(trouble, self._id, number)
            data.left_out += 1
        return value is not None

    def _report(self, trouble: str, column: _Column, number: int) -> None:
        if column.is_unworked and trouble in {"blank", "no-id"}:
            return
        spec = column.spec
        words: dict[str, Any] = {}
        if trouble in {"not-a-code", "code-unclear"}:
            words["choices"] = choices_of(code.text for code in CODES[spec.codes])
        self._findings.add(
            trouble, self._spec.number, column=spec.header, row=number, position=column.position, **words
        )
