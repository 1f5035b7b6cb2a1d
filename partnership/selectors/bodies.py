"""Reads bodies, the lines between them and their seats, as they stood on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from indicators.models import Partnership
from indicators.questions import question
from partnership.models import AgendaItem, Attendance, Body, BodyVersion, Declaration, Meeting, Seat, SeatHolding
from partnership.quorum import (
    Attended,
    DatedSeat,
    Function,
    Held,
    Interest,
    Item,
    Role,
    Rule,
    Standing,
    Status,
    Votes,
    names_of,
    standings,
)


def version_on(versions: Iterable[BodyVersion], day: date) -> BodyVersion | None:
    """The version of a body in force on that day: of those that have begun the latest, and of two from the same day
    the higher number. Before the first, the first; None for no version."""
    held = sorted(versions, key=lambda version: (version.from_on, version.number))
    begun = [version for version in held if version.from_on <= day]
    return begun[-1] if begun else next(iter(held), None)


def name_of(body: Body, day: date) -> str:
    """What a body was called on a day. One query, or none where its versions were read with it."""
    version = version_on(body.versions.all(), day)
    return version.name if version else body.code


def bodies_on(partnership: Partnership, day: date) -> list[BodyVersion]:
    """How each body that existed on that day was called and worked then, by name. One query."""
    bodies = Body.objects.on(day).filter(partnership=partnership)
    by_body: dict[int, list[BodyVersion]] = {}
    for version in BodyVersion.objects.filter(body__in=bodies).select_related("body"):
        by_body.setdefault(version.body_id, []).append(version)
    found = [version for own in by_body.values() if (version := version_on(own, day))]
    return sorted(found, key=lambda version: (version.name, version.body.code))


# Quorum


def rule_of(version: BodyVersion | None) -> Rule:
    """The quorum rule that a version of a body states."""
    if version is None:
        return Rule()
    return Rule(version.quorum_number, version.quorum_one_in, version.quorum_counts_vacancies)


def seats_of(body: Body) -> list[Seat]:
    """Every seat that a body ever had, with everybody who held it. Two queries."""
    return sorted(_seats(body.pk), key=lambda seat: (_PLACE[seat.role], seat.pk))


@question
def _seats(body: int) -> QuerySet[Seat]:
    holdings = Prefetch("holdings", SeatHolding.objects.select_related("source").order_by("from_on"))
    found = Seat.objects.filter(body=body).select_related("organisation", "source").order_by()
    return found.prefetch_related(holdings)


def seat_names(body: Body) -> dict[int, str]:
    """What every seat that a body ever had is called, by its id, so that no two are called alike. One query."""
    found = Seat.objects.filter(body=body).order_by("pk").values_list("pk", "title", "role")
    named = names_of([(str(pk), title, Role(role)) for pk, title, role in found])
    return {int(key): name for key, name in named.items()}


_PLACE = {role: place for place, role in enumerate(Seat.Role.values)}


def dated(seat: Seat) -> DatedSeat:
    """A seat as the rules of quorum know it; its key is its primary key in letters."""
    held = tuple(Held(h.holder, h.from_on, h.until_on) for h in seat.holdings.all())
    return DatedSeat(
        str(seat.pk), str(seat.body_id), seat.title, Role(seat.role), Votes(seat.votes), seat.from_on, seat.until_on,
        held,
    )  # fmt: skip


def quorum_of(meeting: Meeting, items: Iterable[AgendaItem]) -> tuple[Standing, ...]:
    """For each of the items of a meeting that are given, who could vote on it and whether it was quorate: from the
    seats as they were that day, who was there, and what was declared. Five queries, whatever the number of items.

    Give only items that whoever asks may read: what was declared in others is then not told. Who was there and what was
    declared is read by everybody from the draft minutes on only; ask earlier only for who prepares the meeting.
    """
    version = version_on(meeting.body.versions.all(), meeting.on)
    attended = [
        Attended(str(seat), Status(status), arrived_for, left_before)
        for seat, status, arrived_for, left_before in _attended(meeting.pk)
    ]
    interests = [
        Interest(str(seat), item, withdrew, kind == Declaration.Kind.PECUNIARY)
        for seat, item, withdrew, kind in _declared(meeting.pk)
    ]
    return standings(
        seats=[dated(seat) for seat in seats_of(meeting.body)],
        body=str(meeting.body_id),
        on=meeting.on,
        rule=rule_of(version),
        items=[Item(i.order, i.label, Function(i.function)) for i in items],
        attended=attended,
        interests=interests,
    )


@question
def _attended(meeting: int) -> QuerySet[Attendance, tuple[Any, ...]]:
    found = Attendance.objects.filter(meeting=meeting, seat__isnull=False).order_by("order")
    return found.values_list("seat", "status", "arrived_for__order", "left_before__order")


@question
def _declared(meeting: int) -> QuerySet[Declaration, tuple[Any, ...]]:
    found = Declaration.objects.filter(meeting=meeting, attendance__seat__isnull=False).order_by("pk")
    return found.values_list("attendance__seat", "item__order", "withdrew", "kind")
