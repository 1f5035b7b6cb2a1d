"""Reads actions: the log, one action with its history, and who may tell how it stands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from indicators.as_at import london_day
from indicators.models import IndicatorVersion, Partnership, User
from indicators.permissions import Access
from indicators.questions import question
from indicators.roles import Permission
from indicators.selectors.people import accesses_on
from partnership.action_log import Kind, Logged, State, Step, days_late, in_order, is_carried, slip, standing
from partnership.actions_table import ActionRow
from partnership.meeting_dates import DAY
from partnership.models import Action, ActionStep, BodySuccession, Citation, Meeting
from partnership.selectors.body_names import BodyNames, names_of_bodies
from partnership.selectors.citations import line_name, value_then
from partnership.selectors.visible import DECISIONS_OPEN, Sight, actions_for, citations_for, sight_of

_RELATED = (
    "what", "item__meeting__body", "resolution__item__meeting__body", "exception__item__meeting__body",
    "owner_partner", "owner", "source",
)  # fmt: skip


# The log


def action_rows(access: Access, partnership: Partnership, today: date) -> list[ActionRow]:
    """Every action that the person may read, in the order of the log. Five queries, however many there are."""
    return rows_of(readable_actions(access, partnership), partnership, today)


def rows_of(found: Iterable[Any], partnership: Partnership, today: date) -> list[ActionRow]:
    """Actions that were read by `readable_actions`, in the order of the log. One query."""
    stored = {action.number: action for action in found}
    named = names_of_bodies(partnership)
    logs = {number: logged(action, named) for number, action in stored.items()}
    return [_row(stored[log.number], log, named, today) for log in in_order(logs.values(), today)]


def readable_actions(
    access: Access, partnership: Partnership, *, number: int | None = None, meeting: int | None = None,
    exception: int | None = None, bodies: Iterable[int] | None = None,
) -> list[Any]:  # fmt: skip
    """The actions that the person may read, with what a page says of each, by number; if they are asked for, only the
    one of that number, those of the items of a meeting, of an exception report, or of bodies (ids). Four queries."""
    of_bodies = None if bodies is None else sorted(bodies)
    sight, place = sight_of(access), partnership.pk
    found: list[Any] = _actions(place, number, meeting, exception, of_bodies, sight=sight)
    if not found:
        return []
    ids = [action.pk for action in found]
    steps = rows_by("action_id", _steps(ids))
    cited = rows_by("action_id", _citations(place, ids, sight=sight))
    for action in found:
        action.known_steps, action.readable_citations = steps.get(action.pk, []), cited.get(action.pk, [])
    return found


@question
def _actions(
    place: int, number: int | None, meeting: int | None, exception: int | None, bodies: list[int] | None, *,
    sight: Sight,
) -> QuerySet[Action]:  # fmt: skip
    found = actions_for(sight, place).select_related(*_RELATED).order_by("number")
    if number is not None:
        found = found.filter(number=number)
    if meeting is not None:
        found = found.filter(item__meeting=meeting)
    if exception is not None:
        found = found.filter(exception=exception)
    if bodies is not None:
        found = found.filter(
            Q(item__meeting__body__in=bodies)
            | Q(resolution__item__meeting__body__in=bodies)
            | Q(exception__item__meeting__body__in=bodies)
        )
    return found


@question
def _steps(actions: list[int]) -> QuerySet[ActionStep]:
    found = ActionStep.objects.filter(action__in=actions).order_by("number")
    return found.select_related("text", "evidence", "at_meeting")


@question
def _citations(place: int, actions: list[int], *, sight: Sight) -> QuerySet[Citation]:
    found = citations_for(sight, place).filter(action__in=actions).order_by("pk")
    versions = Prefetch("line__series__indicator__versions", IndicatorVersion.objects.order_by())
    return found.select_related("line__series__indicator", "line__series__slice", "period").prefetch_related(versions)


def rows_by(key: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    """The rows, in their order, by the id that each holds under that name ("item_id")."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def was_held(meeting: Meeting) -> bool:
    """Whether a meeting is recorded as held; one that is to come or was cancelled agrees and closes nothing."""
    return meeting.state in DECISIONS_OPEN


def meeting_of(action: Action) -> Meeting | None:
    """The meeting that agreed an action; None for one that was agreed at none. An exception report may go to a meeting
    after actions on it were agreed: that meeting did not agree them."""
    item = action.item or (action.resolution.item if action.resolution else None)
    item = item or (action.exception.item if action.exception else None)
    if item is None or not was_held(item.meeting) or item.meeting.on > london_day(action.at):
        return None
    return item.meeting


def is_exempt(one: Any) -> bool:
    """Whether an action, or what one comes from, hangs on an exempt item."""
    items = (one.item, one.resolution and one.resolution.item, one.exception and one.exception.item)
    return any(item is not None and item.is_exempt for item in items)


def agreed_on(action: Action) -> date:
    """The day on which an action was agreed: that of its meeting, whenever that was typed."""
    meeting = meeting_of(action)
    return meeting.on if meeting is not None else london_day(action.at)


def logged(action: Any, named: BodyNames) -> Logged:
    """A stored action, read by `readable_actions`, as the field module takes it: agreed on the day of its meeting,
    whenever that was typed."""
    agreed_at = meeting_of(action)
    steps = tuple(
        Step(
            number=step.number,
            kind=Kind(step.kind),
            on=agreed_at.on if agreed_at is not None and step.kind == Kind.CREATED else step.known_on,
            precision=_precision(step, agreed_at),
            actor=step.actor,
            text=step.text.body if step.text else "",
            evidence=step.evidence.body if step.evidence else "",
            voice=step.evidence_from,
            due_on=step.due_on,
            owner=step.owner_role,
            meeting=named.meeting(step.at_meeting) if step.at_meeting else "",
        )
        for step in action.known_steps
    )
    if not steps:
        steps = (Step(1, Kind.CREATED, agreed_on(action)),)
    owner = ", ".join(filter(None, (action.owner_role, action.owner_partner.name if action.owner_partner else "")))
    return Logged(action.number, State(action.state), action.due_on, action.original_due_on, steps, owner)


def _precision(step: Any, agreed_at: Meeting | None) -> str:
    """Whether the day of a step is known: what a meeting did is known as that meeting's day is."""
    at = agreed_at if step.kind == Kind.CREATED else step.at_meeting
    is_its_day = at is not None and (step.kind == Kind.CREATED or step.known_on == at.on)
    return at.precision if at is not None and is_its_day else DAY


def _cited(citation: Citation) -> str:
    """ "Staff turnover, 2021/22 Q4: 24%, outside tolerance", as it was reported then."""
    then = value_then(citation)
    return f"{line_name(citation.line)}, {then.period}: {then.words}"


def _row(action: Any, log: Logged, named: BodyNames, today: date) -> ActionRow:
    meeting = meeting_of(action)
    item = (action.item or (action.resolution.item if action.resolution else None)) if meeting else None
    told = next((s for s in reversed(log.steps) if s.text), None)
    shown = next((s for s in reversed(log.steps) if s.evidence), None)
    return ActionRow(
        log=log,
        what=action.what.body,
        standing=standing(log, today),
        days_late=days_late(log, today),
        slip=slip(log),
        body_code=meeting.body.code if meeting else "",
        body=named.of(meeting.body_id, meeting.on) if meeting else "",
        meeting_code=meeting.code if meeting else "",
        meeting_on=meeting.on if meeting else None,
        meeting_precision=meeting.precision if meeting else DAY,
        item_label=item.label if item else "",
        item_title=item.title if item else "",
        resolution=action.resolution.number if action.resolution else "",
        exception=action.exception.number if action.exception else None,
        owner_role=action.owner_role,
        partner_code=action.owner_partner.code if action.owner_partner else "",
        partner=action.owner_partner.name if action.owner_partner else "",
        told=told,
        evidence=shown.evidence if shown else "",
        voice=shown.voice if shown else "",
        closed_at=next((s.meeting for s in reversed(log.steps) if s.kind is Kind.CLOSED), "") if log.ended_on else "",
        rests_on=tuple(_cited(c) for c in action.readable_citations),
        source=str(action.source) if action.source else "",
        paragraph=action.paragraph,
    )


@dataclass(frozen=True)
class Wanted:
    """Which actions of the log are asked for: by where they stand ("open": overdue, due and undated; "all"), owner
    ("mine", "partner:code" or "role:words"), body (code), and whether overdue alone. "mine": the person's own."""

    state: str = "open"
    owner: str = ""
    body: str = ""
    overdue: bool = False


def chosen(rows: Iterable[ActionRow], wanted: Wanted, *, mine: Collection[int] = ()) -> list[ActionRow]:
    """The rows that are asked for; `mine`: the numbers of the person's own."""
    return [
        row
        for row in rows
        if _is_in_state(row, wanted.state)
        and (not wanted.overdue or row.standing.value == "overdue")
        and (not wanted.body or row.body_code == wanted.body)
        and _is_owned(row, wanted.owner, mine)
    ]


def _is_in_state(row: ActionRow, state: str) -> bool:
    if state == "open":
        return row.log.state is State.OPEN
    return state in {"", "all"} or row.log.state.value == state


def _is_owned(row: ActionRow, owner: str, mine: Collection[int]) -> bool:
    kind, _, value = owner.partition(":")
    if kind == "mine":
        return row.number in mine
    if kind == "partner":
        return row.partner_code == value
    return kind != "role" or row.owner_role == value


# What goes to a meeting


def arising_at(meeting: Meeting, access: Access, today: date) -> list[ActionRow]:
    """The actions that go to a meeting as matters arising, overdue first: those of its body, and of the bodies that it
    took over from, that were agreed before it and had not ended. Six queries."""
    bodies = _with_predecessors(meeting.body_id, meeting.on)
    found = readable_actions(access, meeting.partnership, bodies=bodies)
    return [row for row in rows_of(found, meeting.partnership, today) if is_carried(row.log, meeting.on)]


def _with_predecessors(body_id: int, day: date) -> set[int]:
    held = list(
        BodySuccession.objects.filter(Q(on__isnull=True) | Q(on__lte=day)).values_list("predecessor", "successor")
    )
    found, frontier = {body_id}, [body_id]
    while frontier:
        here = frontier.pop()
        before = {earlier for earlier, later in held if later == here} - found
        found |= before
        frontier += before
    return found


# Who


def may_tell(action: Action, user_id: int, access: Access) -> bool:
    """Whether a person may tell how an action stands: its owner, who answers for its partner or for one that took over
    its functions since, who keeps meetings."""
    if access.can(Permission.MANAGE_MEETINGS) or action.owner_id == user_id:
        return access.is_member
    partner = action.owner_partner
    return partner is not None and access.can(Permission.ANSWER, partner, began_on=agreed_on(action))


def tellers(partnership: Partnership, on: date, *, exempt: bool = False) -> list[User]:
    """Everybody who may be named as the owner of an action, by name; of an exempt one those who may read it."""
    return [user for user, access in accesses_on(partnership, on) if not exempt or access.can(Permission.VIEW_EXEMPT)]


# Where an action can come from


def past_meetings(partnership: Partnership, today: date, *, since: date | None = None) -> list[Meeting]:
    """The meetings that were held up to today, the latest first. One query."""
    found = Meeting.objects.filter(partnership=partnership, on__lte=today, state__in=DECISIONS_OPEN)
    if since is not None:
        found = found.filter(on__gte=since)
    return list(found.select_related("body").order_by("-on", "pk"))
