"""Reads the record of access and of unpublished downloads, as an administrator of one partnership may see it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from indicators.as_at import LONDON
from indicators.models import AuditEvent, Membership, Partnership

Kind = AuditEvent.Kind
OF_NO_PARTNERSHIP = (
    Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.SIGNED_OUT, Kind.LOCKED_OUT, Kind.FACTOR_ADDED,
    Kind.FACTOR_REMOVED, Kind.CODES_MADE, Kind.CODE_USED, Kind.PASSWORD_CHANGED, Kind.RESET_ASKED, Kind.SIGN_ON_BOUND,
)  # fmt: skip


def audit_events(
    partnership: Partnership,
    *,
    kind: str = "",
    person: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> QuerySet[AuditEvent]:
    """What was done in the partnership, and the sign-ins of people who have or had a role in it, of those who have
    roles elsewhere too from their first day here; the latest first.

    `person` is looked for in who did it and to whom it was done; the days are whole days in London, both included.
    """
    here = Membership.objects.filter(partnership=partnership)
    elsewhere = Membership.objects.exclude(partnership=partnership)
    begun = here.filter(user=OuterRef("by"), from_on__lte=OuterRef("day"))
    of_people = Q(partnership__isnull=True, kind__in=OF_NO_PARTNERSHIP, by__in=here.values("user"))
    of_people &= ~Q(by__in=elsewhere.values("user")) | Exists(begun)
    rows = AuditEvent.objects.alias(day=TruncDate("at", tzinfo=LONDON)).filter(Q(partnership=partnership) | of_people)
    if kind:
        rows = rows.filter(kind=kind)
    for word in person.split():
        rows = rows.filter(Q(actor__icontains=word) | Q(what__icontains=word))
    if from_on:
        rows = rows.filter(at__gte=_midnight(from_on))
    if until_on:
        rows = rows.filter(at__lt=_midnight(until_on + timedelta(days=1)))
    return rows.order_by("-at", "-pk")


def _midnight(day: date) -> datetime:
    """The moment at which the day begins in London."""
    return datetime.combine(day, time.min, LONDON)


def kinds_seen(partnership: Partnership) -> list[tuple[str, str]]:
    """The kinds of events that there are, with their words. One query."""
    seen: Any = set(audit_events(partnership).order_by().values_list("kind", flat=True).distinct())
    return [(kind.value, kind.label) for kind in Kind if kind.value in seen]
