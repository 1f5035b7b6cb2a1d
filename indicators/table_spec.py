"""One table, three forms: what is on the screen is a function of what is in the CSV, column by column.

A column names its CSV fields and the function from their values to the lines of text on the screen. A test can thus
read a CSV back, put each row through the column's function, and compare with the page.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

R = TypeVar("R")
Values = Mapping[str, Any]


class Kind(StrEnum):
    """The type of a CSV field; one column of a file has one type."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"


@dataclass(frozen=True)
class Field(Generic[R]):
    """A column of the CSV: its header, type, value of a row (None for empty), and what it means."""

    name: str
    kind: Kind
    value: Callable[[R], Any]
    meaning: str


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column of the table.

    `text` gives the lines of a screen cell from the values of `fields`; None: the column is in the CSV only. A column
    without fields is on the screen only (a drawing of values that stand in other columns).
    """

    key: str
    heading: str
    fields: tuple[Field[R], ...]
    text: Callable[[Values], tuple[str, ...]] | None = None


class _Values(dict[str, Any]):
    """The values of a row by field name, each worked out when it is first asked for."""

    def __init__(self, fields: Mapping[str, Field[Any]], row: Any) -> None:
        super().__init__()
        self.fields, self.row = fields, row

    def __missing__(self, name: str) -> Any:
        found = self[name] = self.fields[name].value(self.row)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self.fields else default


@dataclass(frozen=True)
class TableSpec(Generic[R]):
    """Ordered columns of one kind of row."""

    name: str
    columns: tuple[Column[R], ...]

    @property
    def fields(self) -> tuple[Field[R], ...]:
        """Every CSV field in order."""
        return tuple(f for column in self.columns for f in column.fields)

    @property
    def header(self) -> list[str]:
        """The header row of the CSV, the same whatever the rows."""
        return [f.name for f in self.fields]

    @property
    def on_screen(self) -> tuple[Column[R], ...]:
        """The columns that the page shows."""
        return tuple(c for c in self.columns if c.text is not None or not c.fields)

    def values(self, row: R) -> dict[str, Any]:
        """The typed values of one row by field name."""
        return {f.name: f.value(row) for f in self.fields}

    def csv_row(self, row: R) -> list[str]:
        """The cells of one row as the CSV writes them: bare numbers, ISO dates, nothing for None."""
        cells = ((f.kind, bare(f.value(row))) for f in self.fields)
        return [neutralised(cell) if kind is Kind.TEXT else cell for kind, cell in cells]

    def csv_rows(self, rows: Iterable[R]) -> Iterable[list[str]]:
        """The rows of the CSV without its header."""
        return (self.csv_row(row) for row in rows)

    def cells(self, row: R, only: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
        """The lines of text of each screen cell by column key; with `only`, of these columns alone."""
        values = _Values(self._by_name, row)
        return {c.key: c.text(values) for c in self.columns if c.text is not None and (not only or c.key in only)}

    @cached_property
    def _by_name(self) -> dict[str, Field[R]]:
        return {f.name: f for f in self.fields}

    def values_from_csv(self, header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
        """A CSV row read back into typed values. Raises ValueError when the header is not this table's."""
        if list(header) != self.header:
            raise ValueError("This file has another header.")
        return {f.name: _typed(cell, f.kind) for f, cell in zip(self.fields, cells, strict=True)}


def bare(value: object) -> str:
    """A value as the CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _typed(cell: str, kind: Kind) -> Any:
    if cell == "":
        return "" if kind in {Kind.TEXT, Kind.CODE} else None
    match kind:
        case Kind.NUMBER:
            return Decimal(cell)
        case Kind.WHOLE:
            return int(cell)
        case Kind.DATE:
            return date.fromisoformat(cell)
        case Kind.TEXT:
            return cell[1:] if _NEUTRALISED.match(cell) else cell
    return cell


_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")


def neutralised(text: str) -> str:
    """Free text so that no spreadsheet takes it for a formula: an apostrophe goes before = + - @ tab and return.

    Text that has such an apostrophe of its own gets one more, so that reading back takes exactly one away.
    """
    return f"'{text}" if _FORMULA.match(text) else text
