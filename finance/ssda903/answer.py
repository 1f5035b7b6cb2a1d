"""What the child process answers about an SSDA903 return, read and checked: sums and places only, no text of its own.

Names, sentences and severities are ours and looked up by code on this side, so that a slip in reading a file cannot
carry on what stands in it. Sums that lose a child, or find one, are no answer.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from finance.ages import AGE_BANDS
from finance.demand_band import ALL_RUNGS, Ahead
from finance.demand_model import LEFT, Rate
from finance.ssda903.findings import KINDS, MAX_OF_A_KIND, ORDER, Finding
from finance.ssda903.names import BAND_NAMES, RUNG_NAMES, WAY_NAMES
from finance.ssda903.reading import COLUMNS

_MOST = 10**9
_MOST_FINDINGS = 200
QUARTERS_AHEAD = 4
_PLACE = re.compile(r"(?:[A-Z]{1,2}[0-9]{1,7}|row [0-9]{1,7})\Z")
_DECIMAL = re.compile(r"[01](?:\.[0-9]{1,20})?\Z")
_EXPECTED = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?\Z")
_RUNGS, _BANDS, _WAYS = frozenset(RUNG_NAMES), frozenset(BAND_NAMES), frozenset(WAY_NAMES)
_MODELLED = frozenset(band.code for band in AGE_BANDS)
# The sums by name, and what each is counted by.
_KEYS = {
    "at_start": (_BANDS, _RUNGS),
    "at_end": (_BANDS, _RUNGS),
    "starters": (_BANDS, _RUNGS),
    "leavers": (_BANDS, _RUNGS, _WAYS),
    "moves": (_BANDS, _RUNGS, _RUNGS),
    "nights": (_BANDS, _RUNGS),
}

Numbers = Mapping[Any, int]  # the keys are tuples of codes


class NotAsAgreed(ValueError):
    """The answer is not what was agreed with the child. The message says where, and quotes nothing."""


class FileNotTaken(Exception):
    """The files were refused. The message is a sentence for the person."""


@dataclass(frozen=True)
class Sums:
    """What was counted over a period: children by (band, rung) on the night before it (`at_start`) and on its last
    night (`at_end`), those who came (`starters`), who went by (band, rung, way), who moved by (band, from, to), and
    `nights` in the period; the rate of each move in each band.

    `ahead`: the children of a stated age on some nights after the period, from `runs` runs; empty in what earlier
    versions counted. `quiet_start`: no placement ended in the first four weeks, `quiet_end`: none began or ended in the
    last four.
    """

    at_start: Numbers = field(default_factory=dict)
    at_end: Numbers = field(default_factory=dict)
    starters: Numbers = field(default_factory=dict)
    leavers: Numbers = field(default_factory=dict)
    moves: Numbers = field(default_factory=dict)
    nights: Numbers = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    runs: int = 0
    quiet_start: bool = False
    quiet_end: bool = False

    def total(self, name: str, *, band: str = "", rung: str = "", third: str = "") -> int:
        """The sum of one of the counts, of a band, a rung and a way (or the rung moved to), or of all of them.

        Of moves, `rung` is the one they began on.
        """
        wanted = (band, rung, third)
        numbers: Numbers = getattr(self, name)
        return sum(n for key, n in numbers.items() if all(w in {"", k} for w, k in zip(wanted, key, strict=False)))

    def moved_in(self, rung: str) -> int:
        """Children who came onto a rung from another one."""
        return self.total("moves", third=rung)

    @property
    def lost(self) -> dict[str, int]:
        """By rung, the children who are missing at the end, or too many (below 0); empty where all add up."""
        found = {}
        for rung in RUNG_NAMES:
            came = self.total("at_start", rung=rung) + self.total("starters", rung=rung) + self.moved_in(rung)
            went = self.total("leavers", rung=rung) + self.total("moves", rung=rung) + self.total("at_end", rung=rung)
            found[rung] = came - went
        return {rung: number for rung, number in found.items() if number}


@dataclass(frozen=True)
class Answer:
    """Everything that is kept of a return. `children`: those with a night in the period or the one before it."""

    start_on: date
    end_on: date
    header_rows: int
    episode_rows: int
    children: int
    sums: Sums
    findings: tuple[Finding, ...]

    @property
    def finding_counts(self) -> dict[str, int]:
        """How much was found of each severity."""
        return {severity: sum(f.number for f in self.findings if f.severity == severity) for severity in ORDER}


def read_answer(data: bytes) -> Answer:
    """The child's answer. Raises FileNotTaken with the sentence where it refused the files, and NotAsAgreed."""
    try:
        raw = json.loads(data)
        if "refused" in raw:
            raise FileNotTaken(str(raw["refused"])[:500])
        answer = Answer(
            start_on=date.fromisoformat(raw["start_on"]),
            end_on=date.fromisoformat(raw["end_on"]),
            header_rows=_whole(raw["header_rows"]),
            episode_rows=_whole(raw["episode_rows"]),
            children=_whole(raw["children"]),
            sums=sums_of(raw["sums"]),
            findings=findings_of(raw["findings"]),
        )
    except NotAsAgreed:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAsAgreed(f"the answer lacks something, or is of another shape: {type(error).__name__}") from None
    if answer.sums.lost:
        raise NotAsAgreed("the sums lose or find a child")
    return answer


# One thing each


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST:
        raise NotAsAgreed("a number is none")
    return value


def _known(value: Any, known: Iterable[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise NotAsAgreed("a word is none of those agreed")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotAsAgreed("a yes or no is neither")
    return value


def _share(value: Any) -> Decimal:
    """A chance from 0 to 1."""
    try:
        number = Decimal(value) if isinstance(value, str) and _DECIMAL.match(value) else None
    except InvalidOperation:
        number = None
    if number is None or not 0 <= number <= 1:
        raise NotAsAgreed("a rate is none")
    return number


def _numbers(rows: Iterable[Sequence[Any]], known: Sequence[Iterable[str]]) -> Numbers:
    found: dict[tuple[str, ...], int] = {}
    for *codes, number in rows:
        key = tuple(_known(code, words) for code, words in zip(codes, known, strict=True))
        found[key] = found.get(key, 0) + _whole(number)
    return found


def _rate(row: Sequence[Any]) -> Rate:
    band, begin, to, per_day, low, high, moves, days = row
    rate = Rate(
        _known(band, _MODELLED), _known(begin, _RUNGS), _known(to, _RUNGS | {LEFT}), _share(per_day), _share(low),
        _share(high), _whole(moves), _whole(days),
    )  # fmt: skip
    if rate.low > rate.high:
        raise NotAsAgreed("an interval is the wrong way round")
    return rate


def _ahead(row: Sequence[Any]) -> Ahead:
    on, rung, expected, low, high = row
    if not isinstance(expected, str) or not _EXPECTED.match(expected):
        raise NotAsAgreed("an expected number is none")
    found = Ahead(
        date.fromisoformat(on), _known(rung, _RUNGS | {ALL_RUNGS}), Decimal(expected), _whole(low), _whole(high)
    )
    if found.low > found.high:
        raise NotAsAgreed("an interval is the wrong way round")
    return found


def _whole_table(ahead: tuple[Ahead, ...]) -> tuple[Ahead, ...]:
    """Every rung on every day, and all of them together."""
    days, rungs = {one.on for one in ahead}, {one.rung for one in ahead}
    if ahead and (len(days) != QUARTERS_AHEAD or len(ahead) != len(days) * len(rungs) or ALL_RUNGS not in rungs):
        raise NotAsAgreed("the year ahead has a gap")
    return ahead


def sums_of(raw: Mapping[str, Any]) -> Sums:
    """The sums, from the answer or from what is stored. Raises NotAsAgreed."""
    return Sums(
        **{name: _numbers(raw[name], known) for name, known in _KEYS.items()},
        rates=tuple(_rate(row) for row in raw["rates"]),
        ahead=_whole_table(tuple(_ahead(row) for row in raw.get("ahead", []))),
        runs=_whole(raw.get("runs", 0)),
        quiet_start=_flag(raw["quiet_start"]),
        quiet_end=_flag(raw["quiet_end"]),
    )


def findings_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """The findings, from the answer or from what is stored; sentence and severity go by the code. Raises
    NotAsAgreed."""
    if len(rows) > _MOST_FINDINGS:
        raise NotAsAgreed("there are more findings than there can be")
    return tuple(_finding(row) for row in rows)


def _finding(row: Mapping[str, Any]) -> Finding:
    code, file = _known(row["code"], KINDS), _known(row["file"], COLUMNS)
    severity, message = KINDS[code]
    column = row["column"] if row["column"] in COLUMNS[file] else ""
    cells = [cell for cell in list(row["cells"])[:MAX_OF_A_KIND] if isinstance(cell, str) and _PLACE.match(cell)]
    return Finding(file, column, code, severity, message, _whole(row["number"]), tuple(cells))


# To what is stored


def stored_sums(sums: Sums) -> dict[str, Any]:
    """The sums as JSON keeps them."""
    numbers = {name: [[*key, n] for key, n in sorted(getattr(sums, name).items()) if n] for name in _KEYS}
    rates = [
        [r.band, r.from_rung, r.to_rung, f"{r.per_day:f}", f"{r.low:f}", f"{r.high:f}", r.moves, r.child_days]
        for r in sums.rates
    ]
    ahead = [[one.on.isoformat(), one.rung, f"{one.expected:f}", one.low, one.high] for one in sums.ahead]
    looked = {"ahead": ahead, "runs": sums.runs} if ahead else {}
    return numbers | looked | {"rates": rates, "quiet_start": sums.quiet_start, "quiet_end": sums.quiet_end}


def stored_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as JSON keeps them, without the sentences that go by the code."""
    return [
        {"file": f.file, "column": f.column, "code": f.code, "number": f.number, "cells": list(f.cells)}
        for f in findings
    ]
