"""Annex A read and counted out of a file. Only a child process of `indicators.bounded` imports this package.

What comes in is anybody's bytes, and holds what is known of children: nothing of it is kept, and the answer holds
sums, places and sentences of our own alone.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from indicators.workbooks.measuring import Refused
from referrals.annex_a.compute import computed
from referrals.annex_a.findings import Findings
from referrals.annex_a.reading import Sheet, read
from referrals.annex_a.spec import LISTS, ListData
from referrals.workbooks import bounds
from referrals.workbooks.csv_lists import sheets_of_files
from referrals.workbooks.sheets import sheets_of

Tell = Callable[[str], None]


@dataclass(frozen=True)
class _Asked:
    """What is asked for: the days, and the files with their names."""

    reference_date: date
    period_start: date
    period_end: date
    files: Sequence[tuple[str, bytes]]


def compute_annex_a(payload: bytes, tell: Tell) -> bytes:
    """What an Annex A file says in sums, as JSON: its lists, findings, measures and durations; {"refused": sentence}
    for a file that cannot be taken.

    `payload`: one line of JSON with "reference_date", "period_start", "period_end" (ISO) and "files" [{"name",
    "size"}], then the bytes of the files one after the other: one workbook, or up to 11 CSV files."""
    asked = _asked(payload)
    findings = Findings()
    try:
        lists = lists_of(asked.files, findings, asked.reference_date, tell)
    except Refused as refusal:
        return json.dumps({"refused": _sentence(str(refusal))}).encode()
    tell("Computing the measures")
    sums = computed(lists, asked.reference_date, asked.period_start, asked.period_end)
    return json.dumps(_answer(asked, lists, findings) | sums).encode()


def lists_of(files: Sequence[tuple[str, bytes]], findings: Findings, on: date, tell: Tell) -> list[ListData]:
    """The lists in the files, by number. `on`: the reference date. Raises Refused."""
    tell("Checking the file")
    lists = read(_sheets(files), findings, on, tell)
    if not lists:
        raise Refused(
            "none of the eleven lists was found in it. Name the sheets “List 1” to “List 11”, or the CSV files "
            "“list 1.csv” and so on, and keep the official headings."
        )
    return lists


def _sheets(files: Sequence[tuple[str, bytes]]) -> Iterator[Sheet]:
    if not 1 <= len(files) <= bounds.MAX_FILES:
        raise Refused(f"{len(files)} files were sent. Send one workbook, or 1 to {bounds.MAX_FILES} CSV files.")
    name, data = files[0]
    if len(files) == 1 and not name.lower().endswith(".csv"):
        return sheets_of(data)
    return sheets_of_files(files)


def _asked(payload: bytes) -> _Asked:
    line, _, rest = payload.partition(b"\n")
    asked = json.loads(line)
    files, at = [], 0
    for file in asked["files"]:
        files.append((file["name"], rest[at : at + file["size"]]))
        at += file["size"]
    return _Asked(
        date.fromisoformat(asked["reference_date"]),
        date.fromisoformat(asked["period_start"]),
        date.fromisoformat(asked["period_end"]),
        files,
    )


def _sentence(reason: str) -> str:
    """Why a file is refused, as the person reads it."""
    return f"The file cannot be taken: {reason}"


def _answer(asked: _Asked, lists: Iterable[ListData], findings: Findings) -> dict[str, Any]:
    found = {data.number: data for data in lists}
    return {
        "reference_date": asked.reference_date.isoformat(),
        "period_start": asked.period_start.isoformat(),
        "period_end": asked.period_end.isoformat(),
        "lists": [_list(number, spec.name, found.get(number)) for number, spec in enumerate(LISTS, start=1)],
        "sheets_unread": findings.unread,
        "finding_counts": findings.counts(),
        "findings": [asdict(finding) for finding in findings.listed()],
        "findings_left_off": findings.left_off(),
    }


def _list(number: int, name: str, data: ListData | None) -> dict[str, Any]:
    if data is None:
        return {"number": number, "name": name, "sheet": "", "rows": None, "missing_columns": [], "left_out": 0}
    headers = {column.key: column.header for column in LISTS[number - 1].columns}
    return {
        "number": number,
        "name": name,
        "sheet": data.sheet,
        "rows": len(data.rows),
        "missing_columns": [headers[key] for key in data.columns_missing],
        "left_out": data.left_out,
    }
