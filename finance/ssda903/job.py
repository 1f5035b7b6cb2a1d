"""The job that counts an SSDA903 return in a bounded child. Views know `JOB` and `payload_of`; the rest is the
child's, and what it reads is of children: nothing of it is kept, and the answer holds sums and places alone."""

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from finance.demand_band import Ahead, Came, look_ahead, runs_for
from finance.demand_model import Rate, rates
from finance.ssda903.answer import QUARTERS_AHEAD, Sums, stored_findings, stored_sums
from finance.ssda903.counting import AGE_NOT_STATED, Summary, cohort, counted
from finance.ssda903.names import RUNG_NAMES
from finance.ssda903.reading import CannotBeRead, Care, read
from indicators.quarters import quarter_of
from indicators.working_days import day_words

JOB = "finance.ssda903.job:count_ssda903"
_FOUR_WEEKS = timedelta(days=28)

Tell = Callable[[str], None]


def payload_of(header: bytes, episodes: bytes, start_on: date, end_on: date) -> bytes:
    """What the job is given: a line of JSON with the days and the size of the header, then the bytes of both files."""
    head = {"start_on": start_on.isoformat(), "end_on": end_on.isoformat(), "header": len(header)}
    return b"".join([json.dumps(head).encode(), b"\n", header, episodes])


def count_ssda903(payload: bytes, tell: Tell) -> bytes:
    """The sums of a return over a period as JSON, or {"refused": sentence}. `payload`: as `payload_of` makes it."""
    line, _, rest = payload.partition(b"\n")
    asked = json.loads(line)
    start_on, end_on = date.fromisoformat(asked["start_on"]), date.fromisoformat(asked["end_on"])
    try:
        tell("Reading the header and the episodes")
        care = read(rest[: asked["header"]], rest[asked["header"] :])
        tell(f"{care.header_rows:,} rows of the header and {care.episode_rows:,} of the episodes are read")
        tell(f"Counting nights and moves from {day_words(start_on)} to {day_words(end_on)}")
        found = counted(care, start_on, end_on)
        if not found.children and not found.at_start:
            raise CannotBeRead("No child of these files was in care in the period. Check the files and the period.")
        tell("Working out how often children move")
        found_rates = rates(found.observed())
        tell("Looking a year ahead")
        answer = _answer(care, found, found_rates)
    except CannotBeRead as refusal:
        return json.dumps({"refused": str(refusal)}).encode()
    return json.dumps(answer).encode()


def _answer(care: Care, found: Summary, of_moves: tuple[Rate, ...]) -> dict[str, Any]:
    ahead, runs = _ahead(care, found, of_moves)
    sums = Sums(
        at_start=found.at_start, at_end=found.at_end, starters=found.starters, leavers=found.leavers,
        moves=found.moves, nights=found.child_days, rates=of_moves, ahead=ahead, runs=runs,
        quiet_start=not _any_between(found.start_on, found.start_on + _FOUR_WEEKS, _ends(care)),
        quiet_end=not _any_between(found.end_on - _FOUR_WEEKS, found.end_on, [*_starts(care), *_ends(care)]),
    )  # fmt: skip
    return {
        "start_on": found.start_on.isoformat(),
        "end_on": found.end_on.isoformat(),
        "header_rows": care.header_rows,
        "episode_rows": care.episode_rows,
        "children": found.children,
        "sums": stored_sums(sums),
        "findings": stored_findings(found.findings),
    }


def _ahead(care: Care, found: Summary, of_moves: tuple[Rate, ...]) -> tuple[tuple[Ahead, ...], int]:
    """The year after the period, at the ends of its quarters, and of how many runs; nothing without a child whose age
    is stated."""
    there = cohort(care, found.end_on)
    if not there:
        return (), 0
    numbers = {key: number for key, number in found.starters.items() if key[0] != AGE_NOT_STATED}
    came, runs = Came(numbers, (found.end_on - found.start_on).days + 1), runs_for(len(there))
    days, quarter = [], quarter_of(found.end_on + timedelta(days=1))
    for _ in range(QUARTERS_AHEAD):
        days.append(quarter.end_on)
        quarter = quarter.next()
    return look_ahead(of_moves, came, tuple(RUNG_NAMES), there, found.end_on, days, runs=runs), runs


def _starts(care: Care) -> list[date]:
    return [stay.start for child in care.children for stay in child.stays]


def _ends(care: Care) -> list[date]:
    return [stay.end for child in care.children for stay in child.stays if stay.end is not None]


def _any_between(first: date, last: date, days: Iterable[date]) -> bool:
    return any(first <= day <= last for day in days)
