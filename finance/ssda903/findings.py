"""What is odd in an SSDA903 return: by file, kind and cell, never by what stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_OF_A_KIND = 20

# Severity, and what to do.
KINDS: dict[str, tuple[str, str]] = {
    "no-child": ("error", "There is no identifier of a child, so the row was left out. Fill it in."),
    "no-date": ("error", "There is no date, so the row was left out. Fill it in."),
    "not-a-date": ("error", "This is not a date, so the row was left out. Type it as 31/03/2022 or 2022-03-31."),
    "end-before-start": ("error", "The episode ends before it begins, so it was left out. Correct one of the dates."),
    "no-birth": ("warning", "The date of birth is missing or no date, so the child’s age is not stated. Correct it."),
    "child-twice": ("warning", "This child has an earlier row, which was taken. Delete one of them."),
    "no-header": ("warning", "The child of this episode has no row in the header file, so its age is not stated."),
    "before-birth": ("warning", "The episode begins before the child’s birth. Correct the wrong date."),
    "over-18": ("warning", "The episode goes on after the 18th birthday; care was counted up to it. Correct the end."),
    "not-a-place": ("warning", "This is no code of a placement, so the rung is not reported. Correct it."),
    "no-provider": ("warning", "Without a provider (PR0 to PR5) the rung of this placement is not known. Fill it in."),
    "not-a-reason": ("warning", "The episode has ended without a known reason. Fill in the code."),
    "no-next": ("warning", "The reason says that another episode follows, but none does. Add it, or correct one."),
    "overlap": ("warning", "The child’s next episode begins before this one ends; the next one was counted from then."),
    "short-break": ("note", "This is a short break (V3 or V4), which is no part of children in care. It was left out."),
}
ORDER = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """What was found of one kind in one column: how often, and the first cells, such as "B12" or "row 12"."""

    file: str
    column: str
    code: str
    severity: str
    message: str
    number: int
    cells: tuple[str, ...]


class Findings:
    """Collects what is found: counts all of it, and keeps the first places."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str, str], int] = {}
        self._cells: dict[tuple[str, str, str], list[str]] = {}

    def add(self, code: str, file: str, row: int, column: str = "", position: int = -1) -> None:
        """Notes one; `position` of the column from 0, -1 for the whole row."""
        key = (file, column, code)
        self._number[key] = self._number.get(key, 0) + 1
        cells = self._cells.setdefault(key, [])
        if len(cells) < MAX_OF_A_KIND:
            cells.append(f"{_letters(position)}{row}" if position >= 0 else f"row {row}")

    def found(self) -> tuple[Finding, ...]:
        """All kinds, the gravest first."""
        return tuple(sorted(self._each(), key=lambda f: (ORDER.index(f.severity), f.file, f.column, f.code)))

    def _each(self) -> Iterator[Finding]:
        for (file, column, code), number in self._number.items():
            severity, message = KINDS[code]
            yield Finding(file, column, code, severity, message, number, tuple(self._cells[file, column, code]))


def _letters(position: int) -> str:
    found, left = "", position + 1
    while left:
        left, rest = divmod(left - 1, 26)
        found = chr(65 + rest) + found
    return found
