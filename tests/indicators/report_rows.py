"""Rows of the layout of transcribed reports, and the transcribed reports themselves."""

import csv
from functools import cache
from pathlib import Path

from indicators.report_statements import COLUMNS, Read, Statement, read_files, read_rows

ROOT = Path(__file__).resolve().parent.parent.parent
REPORTS = ROOT / "fixtures" / "reports"
BY_HAND = ROOT / "tests" / "golden" / "report_findings.csv"


def a_row(code: str, printed: str = "", number: str | None = None, **others: str) -> dict[str, str]:
    """A row with a count in it; a percentage where the print has its sign."""
    bare = printed.rstrip("%").replace(",", "") if number is None else number
    unit, quantum = ("percent", "1") if printed.endswith("%") else ("count", "")
    texts = dict.fromkeys(COLUMNS, "") | {"report": code[:3], "paragraph": "24", "place": "sentence 1"}
    return texts | {"code": code, "printed": printed, "quote": printed, "number": bare} | {
        "unit": unit, "quantum": quantum,
    } | others  # fmt: skip


def the_statements(*rows: dict[str, str]) -> dict[str, Statement]:
    """The rows read, by code; every one of them must be right."""
    read = read_rows(rows)
    assert read.problems == ()
    return read.by_code


@cache
def transcribed() -> Read:
    """The statements of every report that is transcribed."""
    paths = sorted(REPORTS.glob("statements_*.csv"))
    return read_files({path.name: _rows(path) for path in paths})


def hand_verdicts() -> dict[str, dict[str, str]]:
    """The verdicts judged by hand, by the code of the statement."""
    return {row["code"]: row for row in _rows(BY_HAND)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
