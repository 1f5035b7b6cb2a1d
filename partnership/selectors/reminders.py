"""Reads who is to be reminded of which return on a day."""

from dataclasses import dataclass
from datetime import date

from indicators.deadlines import ReminderKind, Timeliness, reminders, timeliness
from indicators.models import GateHolder, LockException, Partnership, ReportingRound, Return, User
from indicators.permissions import inherits
from indicators.roles import Permission
from indicators.selectors.people import accesses_on
from indicators.selectors.timeliness import expected_of, with_arrivals
from indicators.working_days import OutsideCalendar


@dataclass(frozen=True)
class Reminder:
    """That a person is to be reminded of a return; `why` is the clause that says why it is this person."""

    row: Return
    kind: ReminderKind
    stands: Timeliness
    user: User
    why: str


@dataclass(frozen=True)
class Due:
    """The reminders of a day, and the sentences of what could not be counted; each sentence once."""

    reminders: tuple[Reminder, ...]
    uncounted: tuple[str, ...]


def reminders_on(day: date, *, today: date) -> Due:
    """Who is reminded of what on a day, by the rights that people hold today. A fixed number of queries by partnership.

    Returns that have never been submitted, to everybody who may enter their figures; once overdue also to the lead and
    the deputy of the partner's sign-off. Nothing goes out for a locked round, save to those for whom it is open.
    """
    found: list[Reminder] = []
    uncounted: dict[str, None] = {}
    for partnership in Partnership.objects.all():
        waiting: list[tuple[Return, ReminderKind, Timeliness]] = []
        for row in _waiting(partnership):
            expected = expected_of(row)
            try:
                kinds = reminders([expected], day)
            except OutsideCalendar as error:
                uncounted[str(error)] = None
                continue
            waiting += [(row, kind, timeliness(expected, day)) for _, kind in kinds]
        if waiting:
            found += _for_people(partnership, waiting, today)
    return Due(tuple(found), tuple(uncounted))


def _waiting(partnership: Partnership) -> list[Return]:
    return list(
        Return.objects.filter(
            round__partnership=partnership, round__due_on__isnull=False, kind=Return.Kind.ORDINARY,
            state=Return.State.OPEN,
        )
        .select_related("round__scorecard", "round__period", "round__partnership", "partner")
        .prefetch_related(with_arrivals())
        .order_by("pk")
    )  # fmt: skip


def _for_people(
    partnership: Partnership, waiting: list[tuple[Return, ReminderKind, Timeliness]], today: date
) -> list[Reminder]:
    people = accesses_on(partnership, today)
    held = GateHolder.objects.on(today).filter(partner__partnership=partnership, gate=GateHolder.Gate.SIGN_OFF)
    gates = set(held.values_list("user", "partner"))
    exempt = set(LockException.objects.on(today).filter(round__partnership=partnership).values_list("round", "user"))
    found = []
    for row, kind, stands in waiting:
        period, is_shut = row.round.period, row.round.state == ReportingRound.State.LOCKED
        for user, access in people:
            if access.can(row.round.scorecard.entered_with, row.partner, period):
                if not is_shut or (row.round_id, user.pk) in exempt:
                    why = f"you may enter figures for {row.partner.name}"
                    found.append(Reminder(row, kind, stands, user, why))
            elif (
                kind is ReminderKind.OVERDUE
                and not is_shut
                and access.can(Permission.SIGN_OFF, row.partner, period)
                and any(
                    holder == user.pk
                    and (
                        partner == row.partner_id
                        or inherits(access.successions, row.partner_id, partner, period.start_on)
                    )
                    for holder, partner in gates
                )
            ):
                found.append(Reminder(row, kind, stands, user, f"you sign off the returns of {row.partner.name}"))
    return found
