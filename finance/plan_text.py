"""Rows of a plan as people paste or upload them: lines of cells, each read or refused by its place.

Cells are parted by tabs (pasted from a spreadsheet) or by commas (CSV); a first line of headings may be there. What a
cell says is read as accounts write it ("£5,402.87"), dates as 1 April 2022, 01/04/2022 or 2022-04-01.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from finance.input_rules import parse_money
from finance.plan_rows import MOST_ROWS, Assumed, Kind, PlacementRow
from indicators.entry import DateTextError, parse_date
from indicators.typed_text import problem_of, quoted
from indicators.units import NumberTextError, parse_number

# Where the numbers of a row are from, in words. Files of before call the column "from".
SOURCE, _FORMER_SOURCE = "source", "from"
ROW_HEADINGS = (
    "rung", "number", "weekly price", "start", "end", "move on", "move to", "price there", "chance %", SOURCE,
)  # fmt: skip
ASSUMED_HEADINGS = ("what", "rung", "number", "over", "from day", "prices", SOURCE)
_WORDS_MAX = 300
_MOST_SAID = 20
KIND_WORDS = {
    "starters": Kind.STARTERS, "leaving": Kind.LEAVING, "leavers": Kind.LEAVING, "uplift": Kind.UPLIFT,
    "contingency": Kind.CONTINGENCY,
}  # fmt: skip


class TextRefused(ValueError):
    """What was pasted cannot be read; `findings` are sentences, each with its row and column."""

    def __init__(self, findings: Sequence[str]) -> None:
        more = len(findings) - _MOST_SAID
        super().__init__(" ".join(findings[:_MOST_SAID]) + (f" And {more} more." if more > 0 else ""))
        self.findings = tuple(findings)


class _Cell(ValueError):
    """A cell that cannot be read; the message is the end of a sentence."""


T = TypeVar("T")


@dataclass
class _Line:
    """Reads the cells of one line by heading, collecting what is wrong."""

    number: int
    cells: Mapping[str, str]
    names: Mapping[str, str]
    findings: list[str]

    def text(self, heading: str) -> str:
        return self.cells.get(heading, "").strip()

    def read(self, heading: str, way: Callable[[str], T], otherwise: T, *, required: bool = False) -> T:
        text = self.text(heading)
        if not text:
            if required:
                self._find(heading, "is empty.")
            return otherwise
        try:
            return way(text)
        except (_Cell, NumberTextError) as error:
            self._find(heading, str(error))
            return otherwise

    def some(self, heading: str, way: Callable[[str], T]) -> T | None:
        found: T | None = self.read(heading, way, None)
        return found

    def rung(self, heading: str, *, required: bool = False) -> str:
        return self.read(heading, self._rung, "", required=required)

    def words(self) -> str:
        text = self.text(SOURCE)
        if problem := problem_of(text):
            self._find(SOURCE, problem)
        if len(text) > _WORDS_MAX:
            self._find(SOURCE, f"has {len(text)} characters, and {_WORDS_MAX} are the most.")
        return text

    def _rung(self, text: str) -> str:
        wanted = text.casefold()
        for code, name in self.names.items():
            if wanted in (code, name.casefold()):
                return code
        raise _Cell(f"{quoted(text)} is not a rung of the ladder.")

    def _find(self, heading: str, message: str) -> None:
        self.findings.append(f"Row {self.number}, {heading}: {message}")


def _whole(text: str) -> int:
    number = parse_number(text)
    if "%" in text or number != number.to_integral_value():
        raise _Cell(f"{quoted(text, 20)} is no whole number.")
    return int(number)


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except DateTextError as error:
        raise _Cell(str(error)) from error
    if day is None:
        raise _Cell("is empty.")
    return day


def _percent(text: str) -> Decimal:
    return parse_number(text.removesuffix("%").strip())


def _prices(text: str) -> tuple[Decimal, ...]:
    return tuple(parse_money(part) for part in text.replace(";", " ").split())


def _kind(text: str) -> Kind:
    try:
        return KIND_WORDS[text.casefold()]
    except KeyError:
        raise _Cell(f"{quoted(text, 20)} is none of starters, leaving, uplift and contingency.") from None


def _lines(text: str, headings: Sequence[str], names: Mapping[str, str], findings: list[str]) -> list[_Line]:
    """The lines with their cells by heading; a line of headings gives the order of the columns."""
    tabbed = "\t" in text.partition("\n")[0]
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabbed else ","))
    rows = [(number, cells) for number, cells in enumerate(table, 1) if any(cell.strip() for cell in cells)]
    if len(rows) > MOST_ROWS + 1:
        raise TextRefused([f"There are {len(rows):,} rows, and {MOST_ROWS:,} are the most."])
    order = list(headings)
    if rows and rows[0][1][0].strip().casefold() == headings[0]:
        names_given = [cell.strip().casefold() for cell in rows.pop(0)[1]]
        order = [SOURCE if name == _FORMER_SOURCE else name for name in names_given]
        if unknown := [cell for cell in order if cell and cell not in headings]:
            raise TextRefused([f"There is no column {quoted(unknown[0])}. The columns are {', '.join(headings)}."])
    found = []
    for number, cells in rows:
        if len(cells) > len(order) and any(cell.strip() for cell in cells[len(order) :]):
            findings.append(
                f"Row {number} has {len(cells)} cells for {len(order)} columns. An amount with a comma stands in "
                "quotation marks."
            )
            continue
        found.append(_Line(number, dict(zip(order, cells, strict=False)), names, findings))
    return found


def read_rows(text: str, names: Mapping[str, str]) -> tuple[PlacementRow, ...]:
    """Rows of placements; `names`: rungs by code. Raises TextRefused with every cell that cannot be read."""
    findings: list[str] = []
    rows = [_row(line) for line in _lines(text, ROW_HEADINGS, names, findings)]
    if findings:
        raise TextRefused(findings)
    return tuple(rows)


def _row(line: _Line) -> PlacementRow:
    return PlacementRow(
        rung=line.rung("rung", required=True),
        number=line.read("number", _whole, 1, required=True),
        weekly=line.read("weekly price", parse_money, Decimal(0), required=True),
        start=line.read("start", _day, date.min, required=True),
        end=line.some("end", _day),
        move_on=line.some("move on", _day),
        move_to=line.rung("move to"),
        move_weekly=line.some("price there", parse_money),
        move_percent=line.some("chance %", _percent),
        words=line.words(),
    )


def read_assumed(text: str, names: Mapping[str, str]) -> tuple[Assumed, ...]:
    """Assumptions; `names`: rungs by code. Raises TextRefused with every cell that cannot be read."""
    findings: list[str] = []
    rows = [_assumed(line) for line in _lines(text, ASSUMED_HEADINGS, names, findings)]
    if findings:
        raise TextRefused(findings)
    return tuple(rows)


def _assumed(line: _Line) -> Assumed:
    return Assumed(
        kind=line.read("what", _kind, Kind.UPLIFT, required=True),
        rung=line.rung("rung"),
        number=line.read("number", _percent, Decimal(0), required=True),
        over=line.some("over", parse_number),
        on=line.some("from day", _day),
        prices=line.read("prices", _prices, ()),
        words=line.words(),
    )
