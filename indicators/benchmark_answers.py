"""What the reading of a published file gives, or refuses with, and how it travels from the child process as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from indicators import quarters


@dataclass(frozen=True)
class FileFinding:
    """One reason why a file is not taken: its row as Excel shows it (0: the whole file), the heading of the column, a
    sentence, and the cell as Excel names it."""

    row: int
    column: str
    message: str
    cell: str = ""

    @property
    def place(self) -> str:
        """Where it stands: "K14, rereferral_percent", "Row 14", "The file"."""
        where = self.cell or (f"Row {self.row}" if self.row else "The file")
        return f"{where}, {self.column}" if self.column else where

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class FileRefused(Exception):
    """The file cannot be taken; `findings` says why and `more` how many are not listed."""

    def __init__(self, findings: Sequence[FileFinding], more: int = 0) -> None:
        super().__init__("; ".join(str(one) for one in findings[:5]))
        self.findings, self.more = list(findings), more


class NotAsAgreed(Exception):
    """The child's answer is not what it should be: a fault of ours, not of the file."""


class ReadArea(NamedTuple):
    """An area as a file describes it; `kind` is one of Area.Kind, `region` a code or ""."""

    code: str
    old_code: str
    name: str
    kind: str
    region: str


class ReadValue(NamedTuple):
    """A value by the places of its measure, period and area in the lists of the file."""

    measure: int
    period: int
    area: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    symbol: str


@dataclass(frozen=True)
class FileRead:
    """All that a file says. A file of neighbours has `neighbours` alone: the three-digit number of each area, and of
    those it is held beside, nearest first."""

    code: str
    mapping_sha256: str
    rows: int
    measures: tuple[str, ...] = ()
    periods: tuple[quarters.Period, ...] = ()
    areas: tuple[ReadArea, ...] = ()
    values: tuple[ReadValue, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    neighbours: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), repr=False)


def answered(found: FileRead | FileRefused) -> bytes:
    """What the child says of a file: one line."""
    if isinstance(found, FileRefused):
        said: dict[str, Any] = {"findings": [vars(one) for one in found.findings], "more": found.more}
    else:
        said = {
            "code": found.code,
            "mapping_sha256": found.mapping_sha256,
            "rows": found.rows,
            "measures": found.measures,
            "periods": [(p.kind, p.start_on.isoformat(), p.end_on.isoformat()) for p in found.periods],
            "areas": found.areas,
            "values": [(*one[:3], *map(_text, one[3:6]), one.symbol) for one in found.values],
            "notes": found.notes,
            "neighbours": found.neighbours,
        }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_answers(answer: bytes) -> list[FileRead | FileRefused]:
    """What the child says of each file, in their order. Raises NotAsAgreed."""
    try:
        return [_one(json.loads(line)) for line in answer.split(b"\n")]
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise NotAsAgreed(f"{type(error).__name__} in the answer") from error


def _one(said: Mapping[str, Any]) -> FileRead | FileRefused:
    if "findings" in said:
        return FileRefused([FileFinding(**one) for one in said["findings"]], said["more"])
    return _file_read(said)


def _file_read(said: Mapping[str, Any]) -> FileRead:
    return FileRead(
        code=said["code"],
        mapping_sha256=said["mapping_sha256"],
        rows=said["rows"],
        measures=tuple(said["measures"]),
        periods=tuple(
            quarters.from_dates(kind, date.fromisoformat(first), date.fromisoformat(last))
            for kind, first, last in said["periods"]
        ),
        areas=tuple(ReadArea(*one) for one in said["areas"]),
        values=tuple(ReadValue(*one[:3], *map(_number, one[3:6]), one[6]) for one in said["values"]),
        notes=tuple(said["notes"]),
        neighbours=tuple((area, tuple(members)) for area, members in said["neighbours"]),
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
