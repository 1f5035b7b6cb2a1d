"""How a table of the database is written as CSV that loses nothing: each kind of value as text and back, and CSVW."""

import base64
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

NULL = r"\N"
FORMAT = 1
MANIFEST = "export.json"
# A stored document may be that long as Base64.
_LONGEST = 256 * 1024 * 1024
_ESCAPED = re.compile(r"\\+N")


class NotAsWritten(Exception):
    """A file of an export does not hold what an export writes. The message names table, row and column."""


class Kind(StrEnum):
    """What a column holds, by its name in CSVW."""

    TEXT = "string"
    WHOLE = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "dateTimeStamp"
    TIME = "time"
    JSON = "json"
    BYTES = "base64Binary"


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, whether it may hold nothing, and what it points to: table and column."""

    name: str
    kind: Kind
    nullable: bool
    meaning: str = ""
    points_to: tuple[str, str] | None = None


@dataclass(frozen=True)
class OpenTable:
    """One table: its name, what it is, its columns, and the one that names a row."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: str


def written(value: Any, column: Column) -> str:
    """A value as its cell: exact decimals, moments in UTC, JSON with its keys in order, bytes as Base64; \\N is none.

    A text that is itself a backslash (or more) and N gets one backslash more.
    """
    if value is None and (column.nullable or column.kind is not Kind.JSON):
        return NULL
    match column.kind:
        case Kind.TEXT:
            return f"\\{value}" if _ESCAPED.fullmatch(value) else str(value)
        case Kind.BOOLEAN:
            return "true" if value else "false"
        case Kind.DECIMAL:
            return f"{value:f}"
        case Kind.MOMENT:
            return str(value.astimezone(UTC).isoformat()).replace("+00:00", "Z")
        case Kind.DATE | Kind.TIME:
            return str(value.isoformat())
        case Kind.JSON:
            return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        case Kind.BYTES:
            return base64.b64encode(bytes(value)).decode("ascii")
    return str(value)


def read(cell: str, kind: Kind) -> Any:
    """The value of a cell. Raises ValueError or ArithmeticError for a cell that `written` does not write."""
    if cell == NULL:
        return None
    match kind:
        case Kind.TEXT:
            return cell[1:] if _ESCAPED.fullmatch(cell) else cell
        case Kind.WHOLE:
            return int(cell)
        case Kind.DECIMAL:
            return Decimal(cell)
        case Kind.BOOLEAN:
            return {"true": True, "false": False}[cell]
        case Kind.MOMENT:
            return datetime.fromisoformat(cell)
        case Kind.DATE:
            return date.fromisoformat(cell)
        case Kind.TIME:
            return time.fromisoformat(cell)
        case Kind.JSON:
            return json.loads(cell)
        case Kind.BYTES:
            return base64.b64decode(cell, validate=True)
    raise ValueError(kind)


def line(cells: Sequence[str]) -> bytes:
    """One line of CSV (RFC 4180, UTF-8)."""
    out = io.StringIO(newline="")
    csv.writer(out, dialect="excel").writerow(cells)
    return out.getvalue().encode()


def rows_of(table: OpenTable, lines: Iterable[str]) -> Iterator[list[Any]]:
    """The rows of a table's file as values. Raises NotAsWritten with table, row and column."""
    rows = csv.reader(lines, dialect="excel", strict=True)
    before = csv.field_size_limit(_LONGEST)
    try:
        header = next(rows, [])
        if header != [column.name for column in table.columns]:
            raise NotAsWritten(f"{table.name}.csv has other columns than this version: {', '.join(header)[:200]}.")
        for number, cells in enumerate(rows, start=1):
            if len(cells) != len(table.columns):
                raise NotAsWritten(f"{table.name}.csv, row {number}: it has {len(cells)} cells.")
            yield [_value(table, number, column, cell) for column, cell in zip(table.columns, cells, strict=True)]
    except csv.Error as error:
        raise NotAsWritten(f"{table.name}.csv cannot be read as CSV: {error}.") from error
    finally:
        csv.field_size_limit(before)


def _value(table: OpenTable, number: int, column: Column, cell: str) -> Any:
    try:
        value = read(cell, column.kind)
    except (ValueError, ArithmeticError, KeyError) as error:
        raise NotAsWritten(f"{table.name}.csv, row {number}: {column.name} is not {column.kind.value}.") from error
    if cell == NULL and not column.nullable:
        raise NotAsWritten(f"{table.name}.csv, row {number}: {column.name} may not be empty.")
    return value


# What is said of a table beside it


def csvw(table: OpenTable) -> bytes:
    """The metadata of a table's file as W3C's “CSV on the Web” has them."""
    columns = [_said_of(column) for column in table.columns]
    keys = [
        {
            "columnReference": c.name,
            "reference": {"resource": f"{c.points_to[0]}.csv", "columnReference": c.points_to[1]},
        }
        for c in table.columns
        if c.points_to
    ]
    body = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.name,
        "dc:description": table.meaning,
        "rdfs:comment": f"A cell {NULL} holds nothing, which is not an empty text. A text that is itself a backslash "
        "(or more) and N has one backslash more.",
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns, "primaryKey": table.key, "foreignKeys": keys},
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _said_of(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "datatype": column.kind.value,
        "required": not column.nullable,
        "null": NULL,
    }
    return said | ({"dc:description": column.meaning} if column.meaning else {})
