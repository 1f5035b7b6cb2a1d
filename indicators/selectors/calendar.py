"""Reads the reporting calendar: the deadline rule of a scorecard, and the due date that follows from it."""

from dataclasses import dataclass
from datetime import date

from indicators import quarters
from indicators.deadlines import DueRule
from indicators.models import DeadlineRule, Partnership, Period, ReportingRound, Scorecard
from indicators.trend import KINDS
from indicators.working_days import OutsideCalendar, day_words


def due_rule(row: DeadlineRule) -> DueRule:
    """A stored rule as the field modules take it."""
    return DueRule(row.working_days, row.authority)


def rule_for(scorecard: Scorecard, period_end: date) -> DeadlineRule | None:
    """The rule that holds for a period: the one in force on its last day. One query."""
    return DeadlineRule.objects.on(period_end).filter(scorecard=scorecard).order_by("-from_on").first()


@dataclass(frozen=True)
class Proposal:
    """The day on which a rule makes returns due, and the rule as a clause."""

    due_on: date
    words: str


def proposed_due_date(scorecard: Scorecard, period_end: date) -> Proposal | None:
    """The due date of a period by the scorecard's rule; None without a rule. Raises OutsideCalendar. One query."""
    row = rule_for(scorecard, period_end)
    if row is None:
        return None
    return Proposal(due_rule(row).due_on(period_end), due_rule(row).words())


@dataclass(frozen=True)
class ScorecardCalendar:
    """A scorecard with every deadline rule it has had, the first first, and what the rule makes of its next round.

    `upcoming` is a sentence; empty without a rule for the next period, or before the first round.
    """

    scorecard: Scorecard
    rules: tuple[tuple[DeadlineRule, str], ...]
    upcoming: str


def calendar_of(partnership: Partnership) -> list[ScorecardCalendar]:
    """The reporting calendar, by scorecard. Three queries."""
    rules: dict[int, list[DeadlineRule]] = {}
    for rule in DeadlineRule.objects.filter(scorecard__partnership=partnership).order_by("from_on"):
        rules.setdefault(rule.scorecard_id, []).append(rule)
    latest: dict[int, Period] = {}
    rounds = ReportingRound.objects.filter(partnership=partnership, period__kind__in=KINDS).select_related("period")
    for row in rounds.order_by("period__end_on"):
        latest[row.scorecard_id] = row.period
    return [
        ScorecardCalendar(
            scorecard,
            tuple((rule, due_rule(rule).words()) for rule in rules.get(scorecard.pk, [])),
            _upcoming(latest.get(scorecard.pk), rules.get(scorecard.pk, [])),
        )
        for scorecard in partnership.scorecards.all()
    ]


def _upcoming(latest: Period | None, rules: list[DeadlineRule]) -> str:
    """ "2022/23 Q1 would be due on 21 July 2022." """
    if latest is None:
        return ""
    following = quarters.from_dates(latest.kind, latest.start_on, latest.end_on).next()
    held = [
        r for r in rules if r.from_on <= following.end_on and (r.until_on is None or following.end_on <= r.until_on)
    ]
    if not held:
        return ""
    try:
        return f"{following.label} would be due on {day_words(due_rule(held[-1]).due_on(following.end_on))}."
    except OutsideCalendar as error:
        return str(error)
