"""Reads exception reports: the list, one with its history, and its trajectory against what was reported since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from indicators import quarters
from indicators.as_at import london_day
from indicators.models import Partnership, Period
from indicators.permissions import Access
from indicators.questions import question
from indicators.rag import Polarity, Rating
from indicators.roles import Permission
from indicators.selectors.courses import RELATED, courses_of, latest_reported
from indicators.selectors.scorecards import period_of
from indicators.units import Unit
from indicators.working_days import OutsideCalendar, late_by
from partnership.escalation import Compared, compared, trajectory_words
from partnership.exceptions_table import ExceptionRow
from partnership.models import AgendaItem, Citation, ExceptionRequest, ExceptionStep, Meeting
from partnership.selectors.body_names import BodyNames, names_of_bodies
from partnership.selectors.citations import line_name, value_then
from partnership.selectors.visible import Sight, exceptions_for, items_for, sight_of

State = ExceptionRequest.State
_ORDER = {State.ASKED: 0, State.ANSWERED: 1, State.DECLINED: 2, State.ACCEPTED: 3}


def with_steps(found: QuerySet[ExceptionRequest]) -> QuerySet[ExceptionRequest]:
    """Exception reports with what a page says of each. Five queries."""
    steps = ExceptionStep.objects.select_related("cause", "plan", "reason").order_by("number")
    lines = [f"line__{name}" for name in RELATED]
    return found.select_related(*lines, "period", "partner", "item__meeting", "partnership").prefetch_related(
        "line__series__indicator__versions",
        Prefetch("steps", steps.prefetch_related("trajectory__period"), to_attr="known_steps"),
        Prefetch("citations", Citation.objects.select_related("period").order_by("pk"), to_attr="cited"),
    )


def name_of(request: ExceptionRequest) -> str:
    """What the line is called now."""
    return line_name(request.line)


def exception_rows(access: Access, partnership: Partnership, today: date) -> list[ExceptionRow]:
    """Every exception report that the person may read: what waits for an answer first, the first due at the head; then
    what waits for a decision; then the rest, the latest first. Seven queries, however many there are."""
    found: list[Any] = _reports(partnership.pk, None, None, sight=sight_of(access))
    named = names_of_bodies(partnership)
    readable = readable_items(access, partnership, found)
    found.sort(key=lambda r: (_ORDER[State(r.state)], r.due_on if r.state == State.ASKED else date.min, -r.number))
    return [row_of(request, named, readable, today) for request in found]


def report_of(access: Access, partnership: Partnership, number: int) -> Any:
    """The exception report with that number, if the person may read it, with its steps. Five queries."""
    return next(iter(_reports(partnership.pk, number, None, sight=sight_of(access))), None)


@question
def _reports(place: int, number: int | None, meeting: int | None, *, sight: Sight) -> QuerySet[ExceptionRequest]:
    found = with_steps(exceptions_for(sight, place)).order_by("item__order", "number")
    if number is not None:
        found = found.filter(number=number)
    return found if meeting is None else found.filter(item__meeting=meeting)


def readable_items(access: Access, partnership: Partnership, found: Iterable[ExceptionRequest]) -> set[int]:
    """Of the items that exception reports are under those (ids) that the person may read already. One query."""
    asked = sorted({r.item_id for r in found if r.item_id})
    return set(_items(partnership.pk, asked, sight=sight_of(access))) if asked else set()


@question
def _items(place: int, items: list[int], *, sight: Sight) -> QuerySet[AgendaItem, int]:
    return items_for(sight, place).filter(pk__in=items).order_by().values_list("pk", flat=True)


def row_of(request: Any, named: BodyNames, readable: set[int], today: date) -> ExceptionRow:
    """One of them, read by `with_steps`, as the table takes it."""
    first, last = request.known_steps[0], request.known_steps[-1]
    answer = next((s for s in reversed(request.known_steps) if s.back_on), None)
    item = request.item if request.item_id in readable else None
    says_why = last.kind in {"declined", "returned"} and last.reason
    cited = request.cited[0] if request.cited else None
    return ExceptionRow(
        number=request.number,
        code=request.line.series.indicator.code,
        slice=request.line.series.slice.key,
        name=name_of(request),
        scorecard=request.line.scorecard.code,
        period=request.period.slug,
        period_label=request.period.label,
        figure=value_then(cited).words if cited else "",
        partner_code=request.partner.code,
        partner=request.partner.name,
        trigger=request.trigger,
        trigger_words=request.get_trigger_display(),
        asks=request.asks,
        asks_words=request.get_asks_display(),
        evidence=request.evidence,
        state=request.state,
        due_on=request.due_on,
        days_late=_late(request.due_on, today) if request.state == State.ASKED else 0,
        known_on=london_day(first.at),
        actor=first.actor,
        reason=last.reason.body if says_why else "",
        back_on=answer.back_on if answer else None,
        meeting=named.meeting(item.meeting) if item else "",
        meeting_on=item.meeting.on if item else None,
        item=f"Item {item.label}: {item.title}" if item else "",
    )


def _late(due_on: date, today: date) -> int:
    try:
        return late_by(due_on, today)
    except OutsideCalendar:
        return 0


# The trajectory


@dataclass(frozen=True)
class Trajectory:
    """The latest answer's trajectory against what was reported since: a row a period, and all in a sentence."""

    rows: tuple[Compared, ...]
    words: str


def last_answer(request: Any) -> ExceptionStep | None:
    """What the partner answered last, of a report read by `with_steps`; None for nothing yet."""
    answers: Iterable[ExceptionStep] = reversed(request.known_steps)
    return next((step for step in answers if step.kind == ExceptionStep.Kind.ANSWERED), None)


def trajectory_of(request: Any, today: date) -> Trajectory | None:
    """How the figure went after the latest answer that gives a trajectory or a day; None without one. `request`: read
    by `with_steps`. Eight queries."""
    answer = last_answer(request)
    points = sorted(answer.trajectory.all(), key=lambda p: p.period.end_on) if answer else []
    if answer is None or not (points or answer.back_on):
        return None
    line = request.line
    course = courses_of([line], since=request.period.start_on, today=today)[line.pk]
    latest = latest_reported([line.scorecard_id]).get(line.scorecard_id)
    by_slug = {row.period: row for row in course}
    unit, polarity = (course[-1].line.unit, course[-1].line.polarity) if course else (Unit.COUNT, Polarity.NONE)
    rows = tuple(
        compared(
            point.period.label, point.value, by_slug.get(point.period.slug), unit=unit, polarity=polarity,
            is_reported=latest is not None and point.period.end_on <= latest.end_on,
        )
        for point in points
    )  # fmt: skip
    return Trajectory(rows, trajectory_words(rows, answer.back_on, _back_in(course, request.period), today))


def _back_in(course: Sequence[Any], period: Period) -> str:
    """The label of the first period after one in which the figure was not outside any more and stayed so."""
    back = ""
    for row in course:
        of = quarters.parse(row.period)
        if of.end_on <= period.end_on or row.judgement.rating is Rating.NOT_JUDGED:
            continue
        back = "" if row.judgement.rating is Rating.OUTSIDE else back or of.label
    return back


def periods_ahead(request: ExceptionRequest, number: int) -> list[quarters.Period]:
    """The periods after the one that a report is about, as a trajectory may name them."""
    period, found = period_of(request.period), []
    for _ in range(number):
        period = period.next()
        found.append(period)
    return found


# What goes to a meeting


def at_meeting(meeting: Meeting, access: Access, today: date) -> list[ExceptionRow]:
    """The exception reports that are under the items of a meeting, declined ones with their reasons. Seven queries."""
    rows: list[Any] = _reports(meeting.partnership_id, None, meeting.pk, sight=sight_of(access))
    readable = readable_items(access, meeting.partnership, rows)
    named = names_of_bodies(meeting.partnership)
    return [row_of(request, named, readable, today) for request in rows]


def items_to_come(access: Access, partnership: Partnership, today: date) -> list[tuple[AgendaItem, str]]:
    """The items of meetings still to come that may carry an exception report, the next meeting first, with words for
    each. Two queries."""
    named = names_of_bodies(partnership)
    found = items_for(access, partnership).filter(
        Q(meeting__state__in=[Meeting.State.PLANNED, Meeting.State.CALLED]), meeting__on__gte=today
    )
    rows = found.select_related("meeting").order_by("meeting__on", "meeting", "order")
    return [(item, f"{named.meeting(item.meeting)}: item {item.label}, {item.title}") for item in rows]


# What waits for a decision


def may_answer(request: Any, access: Access, user_id: int) -> bool:
    """Whether a person may answer a report, read `with_steps`: who answers for its partner, but never who asked for
    it."""
    is_asker = any(s.by_id == user_id for s in request.known_steps if s.kind == ExceptionStep.Kind.ASKED)
    return not is_asker and access.can(Permission.ANSWER, request.partner, request.period)


def may_decide(last: ExceptionStep, access: Access, user_id: int) -> bool:
    """Whether a person may decide on the answer that a report's last step gives: never who gave it."""
    return last.by_id != user_id and access.can(Permission.ASK_EXCEPTIONS)


def counted(access: Access, partnership: Partnership, today: date) -> tuple[int, int, int]:
    """How many reports that the person may read wait for an answer, how many of those late, and how many answers wait
    to be accepted. One query."""
    rows = list(exceptions_for(access, partnership).values_list("state", "due_on"))
    asked = [due_on for state, due_on in rows if state == State.ASKED]
    answered = sum(state == State.ANSWERED for state, _ in rows)
    return len(asked), sum(_late(due_on, today) > 0 for due_on in asked), answered


def to_decide(access: Access, partnership: Partnership, user_id: int) -> list[ExceptionRequest]:
    """The exception reports whose answer waits for this person's decision, the first due at the head. Two queries, and
    none for who decides on no answer."""
    if not access.can(Permission.ASK_EXCEPTIONS):
        return []
    last = Prefetch("steps", ExceptionStep.objects.order_by("-number"), to_attr="latest_first")
    found = exceptions_for(access, partnership).filter(state=State.ANSWERED).select_related("period")
    waiting: list[Any] = list(found.prefetch_related(last).order_by("due_on", "number"))
    return [request for request in waiting if may_decide(request.latest_first[0], access, user_id)]
