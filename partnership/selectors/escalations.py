"""Reads what exception reports should be asked for: figures outside, relief that expired, dates that passed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from indicators import quarters
from indicators.models import Assignment, Partner, Partnership, Period, Scorecard, ScorecardLine
from indicators.permissions import Access
from indicators.relief import Relief
from indicators.roles import Permission
from indicators.scorecard import ScorecardRow
from indicators.selectors.courses import RELATED, Courses, latest_reported
from indicators.selectors.not_reportable import not_reportable
from partnership.citation_words import Value, value_of
from partnership.escalation import (
    Proposal,
    Rule,
    Seen,
    Spared,
    late_proposal,
    proposal_for,
    run_of,
    seen_of,
    spared,
    spared_words,
)
from partnership.models import EscalationRule, ExceptionRequest
from partnership.selectors.visible import readable_lines

# How far back a run is looked for.
REACH = timedelta(days=5 * 366)
_OPEN = (ExceptionRequest.State.ASKED, ExceptionRequest.State.ANSWERED)


@dataclass(frozen=True)
class Proposed:
    """An exception report that should be asked: of which line, period and partner, why, and the figure in words."""

    line: ScorecardLine
    period: Period
    partner: Partner
    proposal: Proposal
    name: str
    value: Value
    figure_id: int | None
    rule: Rule


@dataclass(frozen=True)
class Offers:
    """What is proposed, and in words why other figures that are outside in their latest period are not."""

    proposed: list[Proposed]
    spared: str


def rules_of(scorecards: Iterable[int], today: date) -> dict[int, Rule]:
    """The rule in force today for each scorecard (id) that has one of its own. One query."""
    rows = EscalationRule.objects.filter(scorecard__in=list(scorecards), from_on__lte=today).order_by("from_on", "pk")
    return {
        row.scorecard_id: Rule(row.periods_outside, row.smallest_denominator, row.answer_working_days) for row in rows
    }


def proposed(access: Access, partnership: Partnership, today: date) -> list[Proposed]:
    """What is proposed for the latest reported period of each scorecard of performance, of lines that the person may
    read, in the order of the scorecards; not what was asked or declined already, nor of a line with an open request.

    At most twenty-one queries, whatever the number of lines.
    """
    return offers(access, partnership, today).proposed


def offers(access: Access, partnership: Partnership, today: date) -> Offers:
    """The same, with why the other figures that are outside are not proposed."""
    cards = partnership.scorecards.filter(purpose=Scorecard.Purpose.PERFORMANCE)
    latest = latest_reported(cards.values_list("pk", flat=True))
    if not latest:
        return Offers([], "")
    lines = [
        line
        for line in readable_lines(access)
        .filter(scorecard__in=latest)
        .select_related(*RELATED)
        .order_by("scorecard__order", "theme__order", "order")
        if _stands(line, latest[line.scorecard_id].end_on)
    ]
    since = min(period.start_on for period in latest.values()) - REACH
    courses = Courses(lines, since=since, today=today, latest=latest)
    rules = rules_of(latest, today)
    done, is_open = _asked(partnership)
    late = _late(access, partnership, today)
    periods = {row.slug: row for row in Period.objects.filter(slug__in={slug for _, slug in late.values()})}
    found, reasons, asked, periods_of = [], Counter[Spared](), 0, list[int]()
    for line in lines:
        period, rule = latest[line.scorecard_id], rules.get(line.scorecard_id, Rule())
        course, own = courses.of(line, until=period.end_on), courses.reliefs.get(line.pk, [])
        partner = _partner(courses.assignments.get(line.series_id, ()), period.end_on)
        if not course or partner is None:
            continue
        seen = _seen(course, own)
        is_outside = run_of(seen, rule) is not None
        periods_of += [rule.periods_outside] if is_outside else []
        if line.pk in is_open:
            asked += is_outside
            continue
        proposal = proposal_for(course[-1], seen, own, rule, today)
        if proposal is None and (why := spared(course[-1], seen, rule)) is not None:
            reasons[why] += 1
        if proposal is None and line.pk in late:
            proposal, slug = late[line.pk]
            period = periods[slug]
        if proposal is None:
            continue
        if (line.pk, period.pk, proposal.trigger.value) in done:
            asked += is_outside
            continue
        row = next((r for r in reversed(course) if r.period == period.slug), course[-1])
        figure_id = row.held.figure_id if row.held else None
        found.append(
            Proposed(line, period, partner, proposal, row.line.name, value_of(row, period.label), figure_id, rule)
        )
    return Offers(found, spared_words(reasons, asked=asked, periods=periods_of))


def _seen(course: tuple[ScorecardRow, ...], reliefs: list[Relief]) -> list[Seen]:
    periods: list[Any] = [quarters.parse(row.period) for row in course]
    return [seen_of(row, p.label, p.start_on, p.end_on, reliefs) for row, p in zip(course, periods, strict=True)]


def _stands(line: ScorecardLine, day: date) -> bool:
    return line.from_on <= day and (line.until_on is None or day <= line.until_on)


def _partner(assignments: Iterable[Assignment], day: date) -> Partner | None:
    held = (a for a in assignments if a.from_on <= day and (a.until_on is None or day <= a.until_on))
    return next((a.partner for a in held), None)


def partner_of(line: ScorecardLine, period: Period) -> Partner | None:
    """Who returned a line at the end of a period. One query."""
    return _partner(line.series.assignments.select_related("partner"), period.end_on)


def _asked(partnership: Partnership) -> tuple[set[tuple[int, int, str]], set[int]]:
    """What was asked or declined, and the lines (ids) with an open request. Everything counts, also what a person may
    not read: it is not asked twice. One query."""
    rows = list(
        ExceptionRequest.objects.filter(partnership=partnership).values_list("line", "period", "trigger", "state")
    )
    done = {(line, period, trigger) for line, period, trigger, _ in rows}
    return done, {line for line, _, _, state in rows if state in _OPEN}


def _late(access: Access, partnership: Partnership, today: date) -> dict[int, tuple[Proposal, str]]:
    """By line (id) what is proposed for figures that are not reportable past their date, with the period's slug."""
    rows = not_reportable(partnership, today=today, sees_protected=access.can(Permission.VIEW_PROTECTED))
    overdue = {(r.scorecard_code, r.code, r.slice): r for r in rows if r.is_overdue and r.expected_on}
    lines = readable_lines(access).filter(scorecard__partnership=partnership)
    codes = lines.filter(series__indicator__code__in={code for _, code, _ in overdue}).values_list(
        "pk", "scorecard__code", "series__indicator__code", "series__slice__key"
    )
    found = {}
    for pk, card, code, key in codes if overdue else ():
        row = overdue.get((card, code, key))
        if row is None or row.expected_on is None:
            continue
        proposal = late_proposal(row.expected_on, today, periods=row.periods, since=row.since_label)
        if proposal is not None:
            found[pk] = (proposal, row.period)
    return found
