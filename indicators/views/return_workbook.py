"""The words of the workbook that a return is filled in with; `indicators.workbooks` lays them out."""

import json
from collections.abc import Mapping
from datetime import datetime

from indicators import entry
from indicators.imports import RETURN_TEXTS
from indicators.measurement import NOT_REPORTABLE_WORDS
from indicators.own_words import bases, confidences, flags, symbols
from indicators.rag import MissingReason
from indicators.selectors.returns import Sheet, SheetLine
from indicators.table_spec import neutralised
from indicators.units import Unit
from indicators.views.entry_rows import FIELD_WORDS, target_words, value_words

_UNITS = {
    Unit.PERCENT: "per cent",
    Unit.COUNT: "number",
    Unit.DAYS: "days",
    Unit.PER_10000: "per 10,000",
    Unit.PER_100000: "per 100,000",
    Unit.POUNDS: "pounds",
}
PROMPTS = {
    "kind": "Leave it empty for a figure. Choose “Value only” without the two counts, or why there is no number.",
    "numerator": "A number of 0 or more. Locked where the figure is one number.",
    "denominator": "A number of 0 or more. Locked where the figure is one number.",
    "value": "The figure, where it is one number or “Value only”. A percentage from 0 to 100: 85 or 85%.",
    "not_reportable_code": "For “Not reportable” only.",
    "responsible_role": "The role that will make it reportable; a role, not a name.",
    "expected_on": "A date, such as 31/3/2022.",
    "flags": "One letter or several with a blank between: p r b u e.",
    "confidence": "How far the data can be trusted; leave it empty if that is not stated.",
    "confidence_reason": "Needed with caution and low.",
    "as_at_on": "A date, such as 31/3/2022.",
    "extracted_on": "A date, such as 31/3/2022.",
    "headline": f"At most {entry.HEADLINE_MAX} characters.",
    "commentary": f"At most {entry.COMMENTARY_MAX:,} characters.",
    "keep_reason": "Why an odd figure is right all the same.",
}
_NOTES = (
    "Fill in the white cells of the sheet “Return”, save the workbook and send it on the page “Upload a file” of the "
    "return.",
    "Before anything is saved you see what would change. The file is taken as a whole or not at all, and nothing is "
    "submitted by it.",
    "Row 1 names the columns; leave it, and the grey cells, as they are. Rows that are left empty change nothing.",
    "A figure is a numerator and a denominator, or one number in the column “value” where the two are locked.",
    "A formula counts as the value that Excel last worked out for it. Links to other files are not taken.",
    "A text that begins with = + - or @ has an apostrophe before it; it is taken away again when the file is read.",
)


def template_rows(sheet: Sheet) -> list[dict[str, str]]:
    """One row a line: codes and name, and what is saved so far as it would be typed."""
    scorecard, period = sheet.row.round.scorecard.code, sheet.row.round.period.slug
    found = []
    for line in sheet.lines:
        series = line.due.line.series
        texts = entry.texts_of(line.cell, line.unit, plain=True)
        if line.cell.is_empty:
            texts["kind"] = ""
        keys = {
            "scorecard": scorecard,
            "period": period,
            "indicator": series.indicator.code,
            "slice": series.slice.key,
            "name": line.due.name,
        }
        found.append(keys | texts)
    return found


def guarded(texts: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row so that no spreadsheet takes a free text for a formula."""
    return {name: neutralised(text) if name in RETURN_TEXTS else text for name, text in texts.items()}


def template_json(sheet: Sheet, *, at: datetime) -> bytes:
    """What `workbooks.write_template` is given: the rows as in the CSV file, each with its definition beside it."""
    row = sheet.row
    title = f"{row.round.scorecard}, {row.round.period}, {row.partner}"
    rows = [
        {
            "cells": guarded(texts) | {"kind": entry.KIND_WORDS.get(texts["kind"], "")} | _information(line),
            "has_parts": entry.has_parts(line.unit),
        }
        for line, texts in zip(sheet.lines, template_rows(sheet), strict=True)
    ]
    asked = {
        "title": title,
        "made_at": at.isoformat(),
        "notes": _NOTES,
        "prompts": {name: f"{FIELD_WORDS[name]}. {PROMPTS.get(name, '')}".strip() for name in entry.FIELDS},
        "lists": _lists(),
        "rows": rows,
    }
    return json.dumps(asked).encode()


def _information(line: SheetLine) -> dict[str, str]:
    version = line.due.version
    before = line.earlier[0] if line.earlier else None
    words = value_words(before.measured, line.unit, version.places, line.standard) if before else ""
    return {
        "definition": version.name,
        "numerator_means": version.numerator,
        "denominator_means": version.denominator,
        "unit": _UNITS[line.unit],
        "target": target_words(line),
        "last_period": f"{before.label}: {words}" if before else "No earlier figure to compare",
    }


def _lists() -> dict[str, list[list[str]]]:
    """What can be chosen in a column: what is typed, and what it means."""
    numbers = {words: meaning for _, words, meaning in bases()}
    meanings = {code: meaning for code, _, meaning in symbols()}
    kinds = [
        [entry.KIND_WORDS[entry.FIGURE], "A number: numerator and denominator, or one number."],
        [entry.KIND_WORDS[entry.VALUE_ONLY], numbers[entry.KIND_WORDS[entry.VALUE_ONLY]]],
        *([entry.KIND_WORDS[reason.value], meanings[reason.value]] for reason in MissingReason),
    ]
    return {
        "kind": kinds,
        "not_reportable_code": [[code.value, words] for code, words in NOT_REPORTABLE_WORDS.items()],
        "flags": [[code, f"{words}. {meaning}"] for code, words, meaning in flags()],
        "confidence": [[code, f"{words}. {meaning}"] for code, words, meaning in confidences()],
    }
