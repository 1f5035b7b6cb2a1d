"""A published file as a table: its rows and their numbers, its columns by heading, and what is wrong with it."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indicators.benchmark_answers import FileFinding, FileRefused
from indicators.benchmark_maps import plain
from indicators.typed_text import quoted

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 60_000
MOST_FINDINGS = 50

# The number of a row as Excel shows it, and its cells.
Record = tuple[int, list[str]]


def records_of(data: bytes) -> list[Record]:
    """The rows with something in them, each with its number as Excel shows it."""
    if len(data) > MAX_BYTES:
        raise refused(f"it is larger than {MAX_BYTES // 1024 // 1024} MB. Split it by years and send the parts.")
    if not data.strip():
        raise refused("it is empty.")
    if data[:2] == b"PK" or b"\0" in data[:4096]:
        raise refused("it is no CSV file. Save the workbook as “CSV UTF-8” and send that.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused([FileFinding(line, "", "a sign is not UTF-8. Save the file as “CSV UTF-8”.")]) from error
    found: list[Record] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                found.append((number, record))
            if len(found) > MAX_ROWS + 1:
                raise refused(f"it has more than {MAX_ROWS:,} rows. Split it by years and send the parts.")
    except csv.Error as error:
        raise FileRefused([FileFinding(reader.line_num, "", f"this is no CSV: {error}.")]) from error
    if len(found) < 2:
        raise refused("it has a line of headings at most, and no row.")
    return found


def refused(message: str) -> FileRefused:
    return FileRefused([FileFinding(0, "", message)])


def letter_of(index: int) -> str:
    """The letter of a column as Excel shows it; 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        index, digit = index // 26 - 1, index % 26
        letters = chr(65 + digit) + letters
    return letters


@dataclass
class Table:
    """The rows under their headings, and what was found wrong with them."""

    header: Sequence[str]
    findings: list[FileFinding] = field(default_factory=list)
    more: int = 0

    def __post_init__(self) -> None:
        self.places: dict[str, int] = {}
        self._said: set[tuple[int, int | None, str]] = set()
        for index, cell in enumerate(self.header):
            if plain(cell) in self.places and plain(cell):
                self.add(1, index, f"the heading {quoted(cell)} stands twice.")
            self.places.setdefault(plain(cell), index)

    def place(self, names: Sequence[str]) -> int | None:
        """Where the column of one of these names is."""
        return next((self.places[plain(name)] for name in names if plain(name) in self.places), None)

    def add(self, row: int, index: int | None, message: str) -> None:
        if (row, index, message) in self._said:  # several measures read the same cell
            return
        self._said.add((row, index, message))
        if len(self.findings) >= MOST_FINDINGS:
            self.more += 1
            return
        name = " ".join(self.header[index].split())[:80] if index is not None else ""
        cell = f"{letter_of(index)}{row}" if index is not None else ""
        self.findings.append(FileFinding(row, name, message, cell))

    def sound(self, records: Sequence[Record]) -> Iterator[Record]:
        """The rows that have a cell for each heading."""
        for number, cells in records:
            if len(cells) == len(self.header):
                yield number, cells
            else:
                self.add(number, None, f"the row has {len(cells)} cells, the headings are {len(self.header)}.")

    def refuse(self) -> None:
        """Raises FileRefused when anything was found."""
        if self.findings:
            raise FileRefused(sorted(self.findings, key=lambda one: one.row), self.more)
