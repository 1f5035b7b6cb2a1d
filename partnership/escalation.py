"""When a figure is escalated, what is then asked of the partner, and whether an answer's trajectory came true.

Three things propose an exception report: periods outside tolerance in a row, a relief that expired while the figure is
still outside, and a figure that is not reportable past the day it was expected. A proposal is for a person to decide.

What makes a run, and why:
- The latest reported period must itself be outside. A figure that is back, or not judged now, is not proposed.
- A period without a judgement neither counts nor ends a run. If it ended one, leaving a figure out would wipe the slate
  clean. But as many of them in a row as the rule asks periods outside do end it: what was so long unknown says nothing
  of now. A period in which the figure is not due is no period of its own.
- A period that a relief was agreed for neither counts nor ends a run: the board had waived it. A relief that was
  withdrawn waives nothing. While one is shown for the latest period, nothing is proposed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from indicators.explanation import could_it_be_chance
from indicators.rag import NotJudged, Polarity, Rating
from indicators.relief import Relief
from indicators.scorecard import ScorecardRow
from indicators.units import WIDE, Unit, difference_written, written
from indicators.working_days import day_words

LONGEST_EVIDENCE = 300


class Trigger(StrEnum):
    """What proposes an exception report."""

    OUTSIDE = "outside"
    RELIEF_EXPIRED = "relief_expired"
    NOT_REPORTABLE_LATE = "not_reportable_late"
    ASKED = "asked"


class Asks(StrEnum):
    """What is asked of the partner."""

    RECOVERY_PLAN = "recovery_plan"
    COHORT_REASONS = "cohort_reasons"
    DATE = "date"


@dataclass(frozen=True)
class Rule:
    """When figures of a scorecard are escalated, and in how many working days an answer is due."""

    periods_outside: int = 2
    smallest_denominator: Decimal = Decimal(20)
    answer_working_days: int = 10


@dataclass(frozen=True)
class Seen:
    """A line in one period: its rating, whether it was due, and whether a relief waived the period."""

    label: str
    start_on: date
    end_on: date
    rating: Rating
    is_due: bool = True
    is_waived: bool = False


@dataclass(frozen=True)
class Run:
    """Periods outside tolerance in a row: how many, since which, and how many between them were not judged."""

    number: int
    since: str
    unjudged: int = 0

    @property
    def words(self) -> str:
        """ "Outside tolerance for 2 periods in a row, since 2021/22 Q3"."""
        if self.number == 1:
            return f"Outside tolerance in {self.since}"
        gap = ""
        if self.unjudged:
            gap = f"; {self.unjudged} between them {'was' if self.unjudged == 1 else 'were'} not judged"
        return f"Outside tolerance for {self.number} periods in a row, since {self.since}{gap}"


@dataclass(frozen=True)
class Proposal:
    """That an exception report should be asked for the latest period of a line: why, what for, on what evidence."""

    trigger: Trigger
    asks: Asks
    evidence: str


def is_waived(reliefs: Iterable[Relief], start_on: date, end_on: date) -> bool:
    """Whether a relief was agreed for a period and not withdrawn."""
    return any(r.covers(start_on, end_on) and r.ended_on is None for r in reliefs)


def run_of(course: Sequence[Seen], rule: Rule) -> Run | None:
    """The run of periods outside tolerance that ends with the latest one; `course`: oldest first. None where the latest
    is not outside."""
    due = [seen for seen in course if seen.is_due]
    if not due or due[-1].rating is not Rating.OUTSIDE:
        return None
    number, since, unjudged, gap = 1, due[-1].label, 0, 0
    for seen in reversed(due[:-1]):
        if seen.is_waived:
            continue
        if seen.rating is Rating.NOT_JUDGED:
            gap += 1
            if gap >= rule.periods_outside:
                break
        elif seen.rating is Rating.OUTSIDE:
            number, since, unjudged, gap = number + 1, seen.label, unjudged + gap, 0
        else:
            break
    return Run(number, since, unjudged)


def expired_on(reliefs: Iterable[Relief], period: Seen, today: date) -> date | None:
    """The last day of a relief that expired since a period began, for that period or one before it; None for none, and
    while one is still shown for the period."""
    held = list(reliefs)
    if any(r.covers(period.start_on, period.end_on) and r.holds_on(today) for r in held):
        return None
    last_days = [
        r.ended_on - timedelta(days=1) if r.ended_on else r.ends_on for r in held if r.first_day <= period.end_on
    ]
    return max((day for day in last_days if period.start_on <= day < today), default=None)


def proposal_for(
    row: ScorecardRow, course: Sequence[Seen], reliefs: Sequence[Relief], rule: Rule, today: date
) -> Proposal | None:
    """What is proposed for a line in its latest period, `row`; None for nothing. One period has one proposal: that a
    relief expired goes before a run."""
    run = run_of(course, rule)
    if run is None or row.relief is not None:
        return None
    expired = expired_on(reliefs, course[-1], today)
    if expired is None and (run.number < rule.periods_outside or course[-1].is_waived):
        return None
    trigger = Trigger.OUTSIDE if expired is None else Trigger.RELIEF_EXPIRED
    said = run.words if expired is None else f"Relief expired on {day_words(expired)}. {run.words}"
    return Proposal(trigger, asks_of(row, rule), evidence_of(row, rule, said))


class Spared(StrEnum):
    """Why a figure that is outside tolerance in the latest period is not proposed."""

    RELIEF = "relief"
    FIRST = "first"
    SHORT = "short"


def spared(row: ScorecardRow, course: Sequence[Seen], rule: Rule) -> Spared | None:
    """Why nothing is proposed for a line whose latest period is outside and for which `proposal_for` gives none: a
    relief, no earlier period with a judgement, or a run that is too short. None where it is not outside."""
    run = run_of(course, rule)
    if run is None:
        return None
    if row.relief is not None or course[-1].is_waived:
        return Spared.RELIEF
    if all(seen.rating is Rating.NOT_JUDGED for seen in course if seen.label != course[-1].label):
        return Spared.FIRST
    return Spared.SHORT


def spared_words(reasons: Mapping[Spared, int], *, asked: int, periods: Iterable[int]) -> str:
    """How many figures are outside in their latest period without being proposed, and why, in sentences; empty where
    none is. `asked`: of those whose report was asked or declined already; `periods`: what the rules ask in a row."""
    number = sum(reasons.values()) + asked
    if not number:
        return ""
    told = [
        (reasons.get(Spared.FIRST, 0), "no earlier period with a judgement is held, so no run can be told"),
        (reasons.get(Spared.SHORT, 0), "the run is shorter"),
        (reasons.get(Spared.RELIEF, 0), "a relief was agreed"),
        (asked, "a report was asked or declined already"),
    ]
    in_row = " or ".join(str(one) for one in sorted(set(periods)))
    return (
        f"{number} {'figure is' if number == 1 else 'figures are'} outside tolerance in the latest reported period and "
        f"not proposed. The rule proposes what is outside for {in_row} periods in a row: "
        + "; ".join(f"of {one} {why}" for one, why in told if one)
        + "."
    )


def asks_of(row: ScorecardRow, rule: Rule) -> Asks:
    """What a figure asks of its partner: the date where there is no number; where fewer are counted than the smallest
    denominator only the reasons of the cohort; else a recovery plan."""
    if row.held is None or row.number is None:
        return Asks.DATE
    n = row.held.measured.denominator
    return Asks.COHORT_REASONS if n is not None and n < rule.smallest_denominator else Asks.RECOVERY_PLAN


def evidence_of(row: ScorecardRow, rule: Rule, said: str) -> str:
    """What a request says of the figure behind it: n, and whether it is clear or could be chance."""
    parts = [said, _n_words(row, rule), could_it_be_chance(row)]
    text = ". ".join(part.rstrip(".") for part in parts if part) + "."
    return text if len(text) <= LONGEST_EVIDENCE else f"{text[: LONGEST_EVIDENCE - 1]}…"


def _n_words(row: ScorecardRow, rule: Rule) -> str:
    n = row.held.measured.denominator if row.held else None
    if row.number is None:
        return ""
    if n is None:
        return "n is not held"
    shown = f"n is {n.normalize(WIDE):,f}"
    if n < rule.smallest_denominator:
        shown += f", below {rule.smallest_denominator.normalize(WIDE):,f}: reasons of the cohort, no recovery plan"
    return shown


def late_proposal(expected_on: date, today: date, *, periods: int, since: str) -> Proposal | None:
    """What is proposed for a figure that is not reportable; None up to the day on which it is expected."""
    if today <= expected_on:
        return None
    run = f"for {periods} periods, since {since}" if periods > 1 else f"in {since}"
    said = f"Not reportable {run}. It was expected by {day_words(expected_on)}"
    return Proposal(Trigger.NOT_REPORTABLE_LATE, Asks.DATE, f"{said}."[:LONGEST_EVIDENCE])


def seen_of(row: ScorecardRow, label: str, start_on: date, end_on: date, reliefs: Iterable[Relief]) -> Seen:
    """A row of a line's course as the rule takes it."""
    return Seen(
        label,
        start_on,
        end_on,
        row.judgement.rating,
        is_due=row.judgement.reason is not NotJudged.NOT_YET_DUE,
        is_waived=is_waived(reliefs, start_on, end_on),
    )


# Trajectories


class Verdict(StrEnum):
    """How a reported figure stands against the one that an answer expected."""

    BETTER = "better"
    AS_EXPECTED = "as_expected"
    WORSE = "worse"
    NO_FIGURE = "no_figure"
    TO_COME = "to_come"


@dataclass(frozen=True)
class Compared:
    """One period of a trajectory: what was expected, what was reported (None: nothing), and how they compare."""

    period: str
    expected: Decimal
    reported: Decimal | None
    rating: Rating | None
    verdict: Verdict
    words: str


def compared(
    period: str, expected: Decimal, row: ScorecardRow | None, *, unit: Unit, polarity: Polarity, is_reported: bool
) -> Compared:
    """Holds the figure of a period against what was expected of it. `is_reported`: whether the period's return is in.

    In a band the better of two figures is the one that is nearer to the target.
    """
    reported = row.number if row is not None else None
    rating = row.judgement.rating if row is not None and reported is not None else None
    hoped = f"{written(expected, unit)} expected"
    if row is None or reported is None:
        verdict = Verdict.NO_FIGURE if is_reported else Verdict.TO_COME
        after = "no figure was reported" if is_reported else "not reported yet"
        return Compared(period, expected, None, None, verdict, f"{hoped}; {after}")
    target = row.line.standard.target if row.line.standard else None
    verdict = _verdict(expected, reported, polarity, target)
    gap = difference_written(reported - expected, unit)
    said = {
        Verdict.AS_EXPECTED: "as expected",
        Verdict.BETTER: f"{gap} better than expected",
        Verdict.WORSE: f"{gap} worse than expected",
    }[verdict]
    return Compared(period, expected, reported, rating, verdict, f"{hoped}, {written(reported, unit)} reported: {said}")


def _verdict(expected: Decimal, reported: Decimal, polarity: Polarity, target: Decimal | None) -> Verdict:
    if reported == expected:
        return Verdict.AS_EXPECTED
    if polarity is Polarity.BAND and target is not None:
        before, now = (expected - target).copy_abs(), (reported - target).copy_abs()
        if before == now:
            return Verdict.AS_EXPECTED
        return Verdict.BETTER if now < before else Verdict.WORSE
    is_better = reported > expected if polarity is Polarity.HIGHER else reported < expected
    return Verdict.BETTER if is_better else Verdict.WORSE


def trajectory_words(rows: Sequence[Compared], back_on: date | None, back_in: str, today: date) -> str:
    """The whole in a sentence. `back_in`: the label of the first period since the answer in which the figure was not
    outside any more and stayed so; empty where it is not back."""
    told = [r for r in rows if r.verdict in {Verdict.BETTER, Verdict.AS_EXPECTED, Verdict.WORSE}]
    worse = sum(r.verdict is Verdict.WORSE for r in told)
    said = "No period of the trajectory is reported yet"
    if told:
        number = "1 period" if len(told) == 1 else f"{len(told)} periods"
        kept = "kept in each" if not worse else f"missed in {worse} of them" if len(told) > 1 else "missed in it"
        said = f"{number} of the trajectory reported: {kept}"
    if back_in:
        return f"{said}. Back in tolerance in {back_in}" + (f", expected by {day_words(back_on)}." if back_on else ".")
    if back_on is None:
        return f"{said}."
    late = " That day has passed." if back_on < today else ""
    return f"{said}. Back in tolerance expected by {day_words(back_on)}.{late}"
