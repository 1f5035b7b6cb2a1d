"""Judgements of inspectorates held against grades that were promised by a day.

An ambition is held against the overall judgement that stood on its day: the latest that is dated by then. Where none
is, nothing can be said, whatever later inspections found; and where a judgement without a stated day could change the
answer, it is not given either. Inspections without a grade, and judgements of single areas, answer no ambition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from indicators.phrases import lowered
from indicators.working_days import day_words


class Grade(StrEnum):
    """The four judgements of Ofsted, worst first; the values are those that are stored."""

    INADEQUATE = "inadequate"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    GOOD = "good"
    OUTSTANDING = "outstanding"


GRADE_WORDS = {
    Grade.INADEQUATE: "Inadequate",
    Grade.REQUIRES_IMPROVEMENT: "Requires improvement to be good",
    Grade.GOOD: "Good",
    Grade.OUTSTANDING: "Outstanding",
}
GRADES = tuple(Grade)


def at_least(grade: Grade, promised: Grade) -> bool:
    """Whether a grade is the promised one or a better one."""
    return GRADES.index(grade) >= GRADES.index(promised)


@dataclass(frozen=True)
class Judged:
    """A judgement of an area; `on` is None where no source states the day, `words` is the day as stated."""

    code: str
    title: str
    area: str
    grade: Grade
    on: date | None = None
    words: str = ""
    is_overall: bool = False

    @property
    def day(self) -> str:
        """Its day in a sentence."""
        return self.words or (day_words(self.on) if self.on else "date not stated")


@dataclass(frozen=True)
class Promise:
    """A grade that was promised by a day (the last day of a month where only that is stated)."""

    grade: Grade
    by_on: date
    words: str
    or_better: bool = False
    authority: str = ""

    @property
    def what(self) -> str:
        """ "Requires improvement to be good or better"."""
        return GRADE_WORDS[self.grade] + (" or better" if self.or_better else "")


class Verdict(StrEnum):
    """Whether an ambition was met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "cannot_be_said"
    TO_COME = "to_come"


VERDICT_WORDS = {
    Verdict.MET: "Met",
    Verdict.NOT_MET: "Not met",
    Verdict.UNKNOWN: "Cannot be said",
    Verdict.TO_COME: "Still to come",
}


@dataclass(frozen=True)
class Held:
    """An ambition held against the judgements: the answer, the judgement that it rests on, and why."""

    promise: Promise
    verdict: Verdict
    rests_on: Judged | None
    why: str


def _overall(judgements: Iterable[Judged]) -> list[Judged]:
    return [one for one in judgements if one.is_overall]


def hold(promise: Promise, judgements: Sequence[Judged], today: date) -> Held:
    """Whether the ambition was met, from the overall judgement that stood on its day."""
    overall = _overall(judgements)
    dated = [one for one in overall if one.on is not None and one.on <= promise.by_on]
    stood = max(dated, key=lambda one: one.on or date.min, default=None)
    if promise.by_on > today:
        return Held(promise, Verdict.TO_COME, None, f"Its day, {day_words(promise.by_on)}, has not come.")
    undated = [one for one in overall if one.on is None]
    if stood is None:
        return Held(promise, Verdict.UNKNOWN, None, _nothing_in_time(promise, overall, undated))
    is_met = at_least(stood.grade, promise.grade)
    said = f"The overall judgement that stood then was {_inside(stood.grade)} ({stood.day})."
    other = [one for one in undated if at_least(one.grade, promise.grade) is not is_met]
    if other:
        why = f"{said} A judgement of {_inside(other[0].grade)} has no stated date, and could have stood in its place."
        return Held(promise, Verdict.UNKNOWN, None, why)
    return Held(promise, Verdict.MET if is_met else Verdict.NOT_MET, stood, said)


def _nothing_in_time(promise: Promise, overall: Sequence[Judged], undated: Sequence[Judged]) -> str:
    told = [f"No overall judgement is dated by {day_words(promise.by_on)}."]
    if undated:
        told.append(f"One of {_inside(undated[0].grade)} has no stated date, so it may have come before or after.")
    later = min((one for one in overall if one.on is not None), key=lambda one: one.on or date.max, default=None)
    if later is not None:
        told.append(f"The first that is dated is {_inside(later.grade)} ({later.day}).")
    return " ".join(told)


def _inside(grade: Grade) -> str:
    return lowered(GRADE_WORDS[grade])


def verdict_counts(held: Iterable[Held]) -> dict[Verdict, int]:
    """How many ambitions were met, were not, cannot be said and are to come; they add up to the ambitions."""
    counts = dict.fromkeys(Verdict, 0)
    for one in held:
        counts[one.verdict] += 1
    return counts


def sentence(held: Sequence[Held], judgements: Sequence[Judged]) -> str:
    """What stands now and how many of the ambitions were met, in one or two sentences."""
    overall = [one for one in _overall(judgements) if one.on is not None]
    latest = max(overall, key=lambda one: one.on or date.min, default=None)
    told = []
    if latest is not None:
        told.append(f"The latest overall judgement is {_inside(latest.grade)} ({latest.day}).")
    elif judgements:
        told.append("No overall judgement with a stated date is recorded.")
    if held:
        counts = verdict_counts(held)
        noun = "ambition" if len(held) == 1 else "ambitions"
        parts = ", ".join(f"{number} {lowered(VERDICT_WORDS[code])}" for code, number in counts.items() if number)
        told.append(f"Of {len(held)} dated {noun}: {parts}.")
    return " ".join(told)
