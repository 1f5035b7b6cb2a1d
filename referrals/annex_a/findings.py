"""What is said about an Annex A file: each kind of finding with its severity and sentence, and their collection.

A finding names the list, the column and the cell. It never repeats what stands in a cell, a heading or a name of a
file: any of them can hold what is known of a child.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
ORDER: tuple[Severity, ...] = ("error", "warning", "note")

MAX_LISTED = 2_000  # findings in the list; the counts know no limit
MAX_OF_A_KIND = 50  # findings listed of one kind in one column


@dataclass(frozen=True)
class Finding:
    """One finding. `severity`: error (the value could not be used), warning (odd, and used), note; `cell`: as Excel
    names it, "" where it concerns a whole list; `column`: the official heading, "" where it concerns none."""

    severity: Severity
    list: int
    cell: str
    column: str
    code: str
    message: str


# code: (severity, what is said; what stands in {} is filled in from the specification, never from the file)
KINDS: dict[str, tuple[Severity, str]] = {
    # the list as a whole
    "no-headings": ("error", "The headings of this list were not found in the upper 30 rows, so it was not read. Put "
                             "the official headings in one row above the data."),
    "list-twice": ("error", "This list stands on another sheet too, which was not read. Put all its rows on one."),
    "other-list": ("warning", "The sheet is named as list {named}, but its headings are those of this list, as which "
                              "it was read. Give the sheet the right name."),
    "missing-column": ("warning", "This column is missing. Add it: what is counted from it cannot be computed."),
    "column-twice": ("warning", "This column stands in the sheet twice; the first was read. Delete the other."),
    "unknown-column": ("note", "This column is no part of the list and was not read. It can be deleted."),
    "heading-variant": ("note", "The heading differs from the official one, and was taken for it. Check that it is."),
    "older-layout": ("note", "The list has the older layout, without the four columns added later."),
    "heading-again": ("note", "This row repeats the headings and was passed over. Delete it."),
    "row-too-wide": ("note", "Something stands to the right of the last heading and was not read. Delete it."),
    # cells
    "no-id": ("error", "There is no identifier, so the row was left out. Fill it in."),
    "total-row": ("error", "This row looks like a total and was left out. Delete it: totals are computed."),
    "blank": ("warning", "This cell must not be empty. Fill it in."),
    "formula": ("error", "Formulas that were never worked out stand in this column, so their cells are empty here. "
                         "Open the file in Excel, save it and send it again."),
    "excel-error": ("note", "Excel shows an error here, such as #N/A, which was taken as empty. Mend the formula."),
    "placeholder": ("note", "A sign for “nothing” stands here and was taken as empty. Leave the cell empty."),
    "not-a-date": ("error", "This is not a date. Type it as day, month and year, such as 31/03/2022."),
    "odd-year": ("error", "The year of this date cannot be right. Correct it."),
    "date-as-text": ("note", "This date is text, and was read with the day first. Make it a date in Excel."),
    "short-year": ("note", "The year of this date has two digits. Type it with four."),
    "not-a-code": ("error", "This is not one of the values of this column. {choices}"),
    "code-unclear": ("error", "The letter or code and the words beside it mean different values. {choices}"),
    "not-a-number": ("error", "This is not a whole number of 0 or more. Type the number alone."),
    "odd-number": ("error", "This number cannot be right. Correct it."),
    "not-whole": ("note", "The number has decimals, which were cut off. Send whole numbers."),
    "unborn": ("note", "The child was taken as unborn at the reference date. Check that this is so."),
    "odd-postcode": ("warning", "This is not a postcode. Correct it, or leave the cell empty."),
    # rows
    "row-twice": ("warning", "This row is the same as an earlier one. Delete one of them if it was sent twice."),
    "id-twice": ("warning", "The same identifier stands in an earlier row; here each has one row. Delete one of them."),
    "open-twice": ("warning", "An earlier row of the same child is open too. End or delete one of them."),
    "birth-differs": ("warning", "Another row of the same child has another date of birth. Correct the wrong one."),
    "after-reference": ("warning", "This date is after the reference date. Correct it, or the reference date."),
    "before-birth": ("warning", "This date is before the child’s birth. Correct the wrong date."),
    "order": ("warning", "This date is before “{earlier}”. Correct the wrong date."),
    "outside-window": ("note", "This date is more than six months before the reference date, so the row is outside "
                               "the list’s usual window."),
    "age-and-birth": ("warning", "The age does not agree with the date of birth. Correct the wrong one."),
    "over-age": ("warning", "The child is {age} or older at the reference date. Check the dates, and that the row "
                            "belongs in this list."),
    "under-age": ("warning", "The young person is younger than {age} at the reference date. Check the dates, and that "
                             "the row belongs in this list."),
    "no-reason": ("warning", "There is an end date, but no reason. Fill in the reason."),
    "no-end": ("warning", "There is a reason, but no end date. Fill in the date, or take the reason out."),
    "conference-unneeded": ("warning", "A conference was held although it is said to have been unnecessary. Correct "
                                       "one of the two."),
    "no-conference": ("warning", "There is a result of a conference, but no date of it. Fill in the date."),
    "no-result": ("warning", "There is a date of the conference, but not whether it led to a plan. Fill it in."),
    "weekend": ("warning", "The conference is on a Saturday or Sunday. Check the date."),
    "not-offered": ("warning", "An interview is said to have been accepted that was not offered. Correct one of them."),
}  # fmt: skip


def letter_of(position: int) -> str:
    """The letters of a column of a sheet, counted from 0: "AB" for 27."""
    letters, left = "", position + 1
    while left > 0:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class _Group:
    """What was found of one kind in one column."""

    severity: Severity
    number: int  # of the list
    column: str
    code: str
    message: str
    times: int = 0  # cells or rows concerned
    calls: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)  # (row, position) of those that are listed


class Findings:
    """Collects what is found: counts all of it, and keeps the places of the first of each kind in each column."""

    def __init__(self) -> None:
        self._groups: dict[tuple[object, ...], _Group] = {}
        self.unread: list[int] = []  # places in the file, from 1, of sheets (or CSV files) that are no list

    def add(
        self,
        code: str,
        number: int,
        *,
        column: str = "",
        row: int = 0,
        position: int = -1,
        times: int = 1,
        **words: Any,
    ) -> None:
        """Notes one finding of list `number`. `row`, `position`: its place in the sheet (position from 0; -1 for
        none); `times`: how many cells it stands for; `words`: what the sentence of KINDS needs."""
        key = (code, number, column, *words.values())
        group = self._groups.get(key)
        if group is None:
            severity, sentence = KINDS[code]
            group = self._groups[key] = _Group(severity, number, column, code, sentence.format(**words))
        group.times += times
        group.calls += 1
        if len(group.places) < MAX_OF_A_KIND:
            group.places.append((row, position))

    def counts(self) -> list[dict[str, Any]]:
        """How much was found of each kind in each list and column, the gravest first."""
        return [
            {
                "severity": group.severity,
                "list": group.number,
                "column": group.column,
                "code": group.code,
                "message": group.message,
                "number": group.times,
            }
            for group in self._sorted()
        ]

    def listed(self, limit: int = MAX_LISTED) -> list[Finding]:
        """The findings one by one, the gravest first, then by list and place; at most `limit`."""
        found = [(group, place) for group in self._sorted() for place in group.places]
        found.sort(key=lambda pair: (ORDER.index(pair[0].severity), pair[0].number, *pair[1]))
        return [_finding(group, *place) for group, place in found[:limit]]

    def left_off(self, limit: int = MAX_LISTED) -> int:
        """How many findings `listed` leaves off."""
        kept = sum(len(group.places) for group in self._groups.values())
        return sum(group.calls for group in self._groups.values()) - min(kept, limit)

    def _sorted(self) -> list[_Group]:
        return sorted(
            self._groups.values(),
            key=lambda group: (ORDER.index(group.severity), group.number, group.column, group.code),
        )


def _finding(group: _Group, row: int, position: int) -> Finding:
    cell = f"{letter_of(position)}{row or ''}" if position >= 0 else f"row {row}" if row else ""
    return Finding(group.severity, group.number, cell, group.column, group.code, group.message)


def choices_of(texts: Iterable[str]) -> str:
    """What to choose from, for the sentences about coded values."""
    listed = tuple(texts)
    if len(listed) > 6:
        return "Use the official list of codes."
    return f"Use one of: {'; '.join(listed)}."
