"""SSDA903 returns for tests: files of children who do not exist, an answer as the child gives it, and a load of one."""

import json
from typing import Any

from finance.models import Ssda903Decision, Ssda903Load
from finance.operations.ssda903 import record_load
from finance.ssda903.answer import read_answer
from indicators import quarters
from indicators.models import Partner, Return, Series
from tests import builders as b

SHA = "1a2b3c4d" + "0" * 56
HEADINGS = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
AGE, OOA, IFA, OWN = "10-to-15", "out-of-authority", "independent-fostering", "in-house-fostering"
# Of Q4 2021/22: 3 + 2 on two rungs; one comes, one moves, one leaves.
SUMS: dict[str, Any] = {
    "at_start": [[AGE, OOA, 3], [AGE, IFA, 2]],
    "at_end": [[AGE, OOA, 3], [AGE, IFA, 1], [AGE, OWN, 1]],
    "starters": [[AGE, OOA, 1]],
    "leavers": [[AGE, IFA, "returned-to-family", 1]],
    "moves": [[AGE, OOA, OWN, 1]],
    "nights": [[AGE, OOA, 275], [AGE, IFA, 120], [AGE, OWN, 45]],
    "rates": [[AGE, OOA, OWN, "0.0036", "0.0004", "0.012", 1, 275]],
    "ahead": [
        [day, rung, expected, low, high]
        for day in ("2022-06-30", "2022-09-30", "2022-12-31", "2023-03-31")
        for rung, expected, low, high in (
            (OOA, "3.25", 2, 6),
            (IFA, "0.5", 0, 1),
            (OWN, "1.5", 0, 3),
            ("", "5.25", 3, 8),
        )
    ],
    "runs": 1_000,
    "quiet_start": False,
    "quiet_end": False,
}
FINDINGS = [
    {"file": "episodes", "column": "DEC", "code": "overlap", "number": 2, "cells": ["H7", "H9"]},
    {"file": "header", "column": "DOB", "code": "no-birth", "number": 1, "cells": ["C4"]},
]


def header(*births: str) -> bytes:
    """A header with one child for each birth."""
    rows = [f"{n},1,{birth},WBRI,UPN{n},0," for n, birth in enumerate(births, start=1)]
    return "\r\n".join([HEADINGS, *rows, ""]).encode()


def episode(child: int = 1, decom: str = "01/04/2021", place: str = "U6", provider: str = "PR1", dec: str = "",
            rec: str = "", legal: str = "C2") -> str:  # fmt: skip
    """A row of the episodes."""
    return f"{child},{decom},S,{legal},N1,{place},{provider},{dec},{rec},,DN1 1AA,DN2 2BB,SC0001"


def episodes(*rows: str) -> bytes:
    """The episodes with these rows."""
    return "\r\n".join([EPISODES, *rows, ""]).encode()


def an_answer(*, period: quarters.Period = b.Q4, **changes: Any) -> bytes:
    """What the child answers about a small return."""
    answer = {
        "start_on": period.start_on.isoformat(), "end_on": period.end_on.isoformat(), "header_rows": 6,
        "episode_rows": 9, "children": 6, "sums": SUMS, "findings": FINDINGS,
    }  # fmt: skip
    return json.dumps(answer | changes).encode()


def a_load(
    answer: bytes = b"", *, partner: Partner | None = None, period: quarters.Period = b.Q4, sha256: str = SHA
) -> Ssda903Load:
    """What was counted in a small return."""
    partner = partner or b.a_partner()
    by = b.the_people(partner).analyst
    read = read_answer(answer or an_answer(period=period))
    return record_load(partner=partner, period=period, sha256=sha256, size=2_000, answer=read, by=by, at=b.NOW)


def a_decision(load: Ssda903Load, in_return: Return, series: Series) -> Ssda903Decision:
    """That a number was accepted."""
    return Ssda903Decision.objects.create(
        load=load, series=series, in_return=in_return, decision="accepted", by=load.by, actor="Trust", at=b.NOW
    )
