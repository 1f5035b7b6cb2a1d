"""What a file would change in a return: shown cell by cell, and carried to the moment when it is confirmed.

The page itself carries what was read, signed, so that nothing lies anywhere in between and what is saved is what was
shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing

from indicators import entry, imports
from indicators.entry import FIELDS
from indicators.imports import FileRefused, Finding, Row
from indicators.measurement import CONFIDENCE_WORDS, NOT_REPORTABLE_WORDS
from indicators.operations import CellChange, CellConflict
from indicators.selectors.returns import Sheet, SheetLine
from indicators.typed_text import quoted
from indicators.views.entry_rows import FIELD_WORDS, value_words

TEXTS = imports.RETURN_TEXTS
_SALT = "indicators.return_preview"
_SHOWN = {
    "kind": entry.KIND_WORDS,
    "confidence": {c.value: words for c, words in CONFIDENCE_WORDS.items()},
    "not_reportable_code": {c.value: words for c, words in NOT_REPORTABLE_WORDS.items()},
}


class NotCarried(Exception):
    """What was to be confirmed is not what this page showed to this person."""


@dataclass(frozen=True)
class ReadCell:
    """One line of the return as the file fills it: the line, the cell, and the places of its fields in the file."""

    line: SheetLine
    cell: entry.CellInput
    base: str
    places: Mapping[str, str]
    doubts: tuple[entry.Doubt, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether it says anything other than what is saved."""
        return self.cell != self.line.cell

    @property
    def place(self) -> str:
        """Where the line stands in the file."""
        return self.places[""]

    @property
    def asks_reason(self) -> bool:
        """Whether something looks odd and the file gives no reason to keep it."""
        return not self.cell.keep_reason and any(d.asks_reason for d in self.doubts)

    def change(self) -> CellChange:
        """What is saved when it is confirmed."""
        return CellChange(self.line.due.line.series, self.cell, self.base)


def read_cells(sheet: Sheet, rows: Sequence[Row], known: Sequence[Finding] = ()) -> tuple[list[ReadCell], int]:
    """The rows of a file that fill lines of this return, and how many were left empty. Raises FileRefused with every
    finding, those that are `known` from reading the file among them."""
    lines = {(li.due.line.series.indicator.code, li.due.line.series.slice.key): li for li in sheet.lines}
    scorecard, period = sheet.row.round.scorecard.code, sheet.row.round.period
    findings = list(known)
    found = []
    empty = 0
    for row in rows:
        line = lines.get((row["indicator"], row["slice"]))
        if row["scorecard"] != scorecard:
            message = f"this row is for the scorecard {quoted(row['scorecard'])}, the return for “{scorecard}”."
            findings.append(_finding(row, "scorecard", message))
        elif row["period"].slug != period.slug:
            message = f"this row is for {row['period'].label}, the return for {period.label}."
            findings.append(_finding(row, "period", message))
        elif line is None:
            findings.append(_finding(row, "indicator", f"{quoted(row['indicator'])} is not on this return."))
        else:
            texts = {n: entry.unguarded(row[n]) if n in TEXTS else row[n] for n in FIELDS}
            reading = entry.read_cell(texts, unit=line.unit, around=line.around)
            findings += [_finding(row, p.field, p.message) for p in reading.problems]
            if reading.cell is None or reading.cell.is_empty:
                empty += reading.cell is not None
                continue
            places = {name: _place(row, name) for name in FIELDS} | {"": _place(row, "indicator", whole=True)}
            found.append(ReadCell(line, reading.cell, line.version, places, reading.doubts))
    if not rows and not known:
        findings.append(Finding(0, "", "it holds no rows. Fill in the downloaded template."))
    if findings:
        raise FileRefused(sorted(findings, key=lambda f: f.row))
    return found, empty


def _finding(row: Row, column: str, message: str) -> Finding:
    return Finding(row["row"], column, message, cell=imports.cell_of(row, column))


def _place(row: Row, column: str, *, whole: bool = False) -> str:
    """Where a field stands in the file; `whole`: where its row does."""
    return f"Row {row['row']}" if whole else imports.place_words(row["row"], column, imports.cell_of(row, column))


# What it would change


def differences(found: Iterable[ReadCell], viewer_id: int) -> list[dict[str, Any]]:
    """Each line that would change: its name, the figure before and after, and each cell from and to."""
    return [_difference(read, viewer_id) for read in found if read.is_new]


def _difference(read: ReadCell, viewer_id: int) -> dict[str, Any]:
    line, unit = read.line, read.line.unit
    before, after = (entry.texts_of(cell, unit) for cell in (line.cell, read.cell))
    places, standard = line.due.version.places, line.standard
    draft = line.draft
    return {
        "name": line.due.name,
        "place": read.place,
        "was": value_words(line.measured, unit, places, standard),
        "becomes": value_words(read.cell.measured(), unit, places, standard),
        "by": str(draft.updated_by) if draft is not None and draft.updated_by_id != viewer_id else "",
        "cells": [
            {
                "place": read.places[name],
                "field": FIELD_WORDS[name],
                "was": _shown(name, before[name]),
                "becomes": _shown(name, after[name]),
            }
            for name in FIELDS
            if before[name] != after[name]
        ],
        "doubts": [{"place": read.places.get(d.field, read.place), "message": d.message} for d in read.doubts],
        "reason_place": read.places["keep_reason"] if read.asks_reason else "",
    }


def _shown(name: str, text: str) -> str:
    return _SHOWN.get(name, {}).get(text, text)


def counted_words(found: Sequence[ReadCell], empty: int, sheet: Sheet) -> str:
    """How many figures change, stay, and are not in the file, in one sentence."""
    changed = sum(read.is_new for read in found)
    same, missing = len(found) - changed, len(sheet.lines) - len(found) - empty
    parts = [f"{_figures(changed)} of {len(sheet.lines)} would change"]
    if same:
        parts.append(f"{same} {'says' if same == 1 else 'say'} what is saved already")
    for number, words in ((empty, "left empty in the file"), (missing, "not in the file")):
        if number > 0:
            parts.append(f"{number} {'is' if number == 1 else 'are'} {words} and not changed")
    return "; ".join(parts) + "."


def _figures(number: int) -> str:
    return "1 figure" if number == 1 else f"{number} figures"


def saved_words(changed: int, read: int) -> str:
    """What the person is told when the file has been taken."""
    if not read:
        return "The file was read. Every row of it is empty, so nothing changed."
    if not changed:
        return "The file was read. It says what is saved already, so nothing changed."
    return f"The file was read: {_figures(changed)} of {read} changed and saved. Nothing is submitted yet."


def clash_words(found: Sequence[ReadCell], conflict: CellConflict) -> list[str]:
    """What another person saved after the changes were shown, beside what the file says."""
    by_series = {read.line.due.line.series_id: read for read in found}
    said = []
    for clash in conflict.clashes:
        read = by_series[clash.series_id]
        places = read.line.due.version.places
        theirs, mine = (value_words(c.measured(), read.line.unit, places) for c in (clash.theirs, clash.yours))
        said.append(
            f"{read.place}, {read.line.due.name}: {clash.who_has} saved this figure meanwhile "
            f"({theirs}; the file says {mine})."
        )
    return [*said, "Nothing was saved. The table shows what the file would change now."]


def on_sheet(found: Iterable[ReadCell], sheet: Sheet) -> list[ReadCell]:
    """What was read, over what is saved now."""
    now = ((read, sheet.by_pk[read.line.due.line.pk]) for read in found)
    return [replace(read, line=line, base=line.version) for read, line in now]


# From the page to its confirmation


def sealed(found: Iterable[ReadCell], empty: int, *, user_id: int, path: str) -> str:
    """What was read, as a signed text for the page to carry: bound to the person and the address."""
    cells = [
        [r.line.due.line.pk, r.base, entry.texts_of(r.cell, r.line.unit, plain=True), dict(r.places)] for r in found
    ]
    return signing.dumps([user_id, path, empty, cells], salt=_SALT, compress=True)


def unsealed(text: str, sheet: Sheet, *, user_id: int, path: str) -> tuple[list[ReadCell], int]:
    """What a page carried, on the lines of today. Raises NotCarried when it is another's, or the lines have changed."""
    try:
        owner, shown_at, empty, cells = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotCarried("What you confirmed was changed on the way. Choose the file again.") from None
    if (owner, shown_at) != (user_id, path):
        raise NotCarried("What you confirmed belongs to another person or page. Choose the file again.")
    lines = sheet.by_pk
    found = []
    for pk, base, texts, places in cells:
        line = lines.get(pk)
        reading = entry.read_cell(texts, unit=line.unit, around=line.around) if line else entry.Reading(None)
        if line is None or reading.cell is None:
            raise NotCarried("The figures of this return have changed since. Choose the file again.")
        found.append(ReadCell(line, reading.cell, base, places, reading.doubts))
    return found, empty
