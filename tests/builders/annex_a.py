"""Annex A: an answer as the child process gives it, and a load that was made of one. No child is in them."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from indicators import quarters
from indicators.models import Partner, User
from referrals.annex_a.answer import read_answer
from referrals.annex_a.spec import LISTS
from referrals.models import AnnexALoad
from referrals.operations.annex_a import FileFacts, record_load
from tests.builders.basics import NOW, Q4
from tests.builders.places import a_partner, the_people

SHA = "1a2b3c4d" + "0" * 56


def a_measure(code: str = "contacts", **changes: Any) -> dict[str, Any]:
    """One computed measure, a count of 12 of list 1 unless said otherwise."""
    name = changes.pop("name", code.replace("-", " ").capitalize())
    numerator = changes.get("numerator", "12")
    values = {
        "code": code, "name": name, "list": 1, "kind": "count", "unit": "count", "numerator": numerator,
        "denominator": None, "value": numerator, "dimension": "", "category": "", "category_name": "",
        "indicator": "", "slice": "", "left_out": [], "words": f"Rows counted for {name.lower()}.",
    }  # fmt: skip
    return values | changes


def a_share(code: str, numerator: int, denominator: int, **changes: Any) -> dict[str, Any]:
    """A computed share of list 4."""
    value = f"{100 * numerator / denominator:.4f}" if denominator else None
    parts = {"numerator": str(numerator), "denominator": str(denominator), "value": value}
    return a_measure(code, **{"list": 4, "kind": "share", "unit": "percent", **parts, **changes})


def an_answer(
    measures: Iterable[dict[str, Any]] = (), *, period: quarters.Period = Q4, reference_on: date | None = None,
    **changes: Any,
) -> bytes:  # fmt: skip
    """What the child answers: lists 1 and 4 read, two kinds of findings, the given measures."""
    rows = {1: 40, 4: 25}
    finding = {"list": 4, "column": "Continuous Assessment Start Date", "code": "not-a-date", "severity": "error"}
    finding |= {"message": "This is not a date. Type it as day, month and year, such as 31/03/2022."}
    note = {"list": 1, "column": "Contact Source", "code": "placeholder", "severity": "note"}
    note |= {"message": "A sign for “nothing” stands here and was taken as empty. Leave the cell empty."}
    bands = [("0 to 10", 0, 10, 4), ("11 to 20", 11, 20, 10), ("21 to 45", 21, 45, 8), ("46 or more", 46, None, 3)]
    answer = {
        "reference_date": (reference_on or period.end_on).isoformat(),
        "period_start": period.start_on.isoformat(),
        "period_end": period.end_on.isoformat(),
        "lists": [
            {"number": s.number, "name": s.name, "sheet": f"List {s.number}" if s.number in rows else "",
             "rows": rows.get(s.number), "missing_columns": ["Gender"] if s.number == 4 else [],
             "left_out": 2 if s.number == 4 else 0}
            for s in LISTS
        ],
        "sheets_unread": [3, 5],
        "finding_counts": [finding | {"number": 9}, note | {"number": 1}],
        "findings": [finding | {"cell": f"G{row}"} for row in range(3, 11)] + [note | {"cell": "G7"}],
        "findings_left_off": 1,
        "measures": list(measures),
        "durations": [
            {"code": "assessment-days", "name": "How long assessments took", "list": 4,
             "clock": "single-assessment-from-start", "median": "18",
             "words": "Counted: the working days from start to end.",
             "bands": [dict(zip(("label", "from_days", "to_days", "number"), band, strict=True)) for band in bands],
             "left_out": [{"reason": "no start date", "number": 2}]},
        ],
        "open_late": [
            {"code": "assessments-late", "name": "Open assessments past 45 working days", "list": 4,
             "clock": "single-assessment-from-start", "number": 3, "denominator": 14, "left_out": [], "words": "Late."},
        ],
    }  # fmt: skip
    return json.dumps(answer | changes).encode()


def a_load(
    measures: Iterable[dict[str, Any]] = (), *, partner: Partner | None = None, period: quarters.Period = Q4,
    sha256: str = SHA, by: User | None = None, at: datetime = NOW, **answer: Any,
) -> AnnexALoad:  # fmt: skip
    """A workbook that was taken for a partner and a period, by its analyst."""
    partner = partner or a_partner()
    return record_load(
        partner=partner,
        period=period,
        file=FileFacts(sha256, "xlsx", 1, 12_345),
        answer=read_answer(an_answer(measures, period=period, **answer)),
        by=by or the_people(partner).analyst,
        at=at,
    )
