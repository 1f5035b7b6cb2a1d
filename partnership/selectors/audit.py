"""Reads the record of access and of unpublished downloads, as an administrator of one partnership may see it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from indicators.as_at import LONDON
from indicators.models import Audience, AuditEvent, Membership, Partnership
from indicators.permissions import Access
from indicators.roles import Permission
from partnership.models import PaperIssue
from partnership.recorded_packs import EXEMPT, HELD, line_of, line_of_issue, without_its_name
from partnership.selectors.packs import held_back

Kind = AuditEvent.Kind
OF_NO_PARTNERSHIP = (
    Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.SIGNED_OUT, Kind.LOCKED_OUT, Kind.FACTOR_ADDED,
    Kind.FACTOR_REMOVED, Kind.CODES_MADE, Kind.CODE_USED, Kind.PASSWORD_CHANGED, Kind.RESET_ASKED, Kind.SIGN_ON_BOUND,
)  # fmt: skip


def audit_events(
    partnership: Partnership,
    *,
    access: Access,
    now: datetime,
    kind: str = "",
    person: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> QuerySet[Any]:
    """What was done in the partnership, and the sign-ins of people who have or had a role in it, of those who have
    roles elsewhere too from their first day here; the latest first, each with what the reader may know of it as `told`.

    `person` is looked for in who did it and in what is told of it; the days are whole days in London, both included.
    Two queries before the one that reads; three where there are packs that the reader may not know of.
    """
    rows = _recorded(partnership).annotate(told=_told(partnership, access, now))
    if kind:
        rows = rows.filter(kind=kind)
    for word in person.split():
        rows = rows.filter(Q(actor__icontains=word) | Q(told__icontains=word))
    if from_on:
        rows = rows.filter(at__gte=_midnight(from_on))
    if until_on:
        rows = rows.filter(at__lt=_midnight(until_on + timedelta(days=1)))
    return rows.order_by("-at", "-pk")


def _recorded(partnership: Partnership) -> QuerySet[AuditEvent]:
    here = Membership.objects.filter(partnership=partnership)
    elsewhere = Membership.objects.exclude(partnership=partnership)
    begun = here.filter(user=OuterRef("by"), from_on__lte=OuterRef("day"))
    of_people = Q(partnership__isnull=True, kind__in=OF_NO_PARTNERSHIP, by__in=here.values("user"))
    of_people &= ~Q(by__in=elsewhere.values("user")) | Exists(begun)
    return AuditEvent.objects.alias(day=TruncDate("at", tzinfo=LONDON)).filter(Q(partnership=partnership) | of_people)


def _told(partnership: Partnership, access: Access, now: datetime) -> Case:
    """What a line is about; of a pack that the reader may not know of only of what kind it is. Lines that were written
    before exempt packs were told so name it."""
    named = _lines_of_unknown_packs(partnership, access, now)
    cases = [When(partnership=partnership, what__in=lines, then=Value(words)) for words, lines in named.items()]
    return Case(*cases, default=F("what"), output_field=CharField())


def _lines_of_unknown_packs(partnership: Partnership, access: Access, now: datetime) -> dict[str, list[str]]:
    """The lines that name a pack of which the person may not know, by what is told in their place."""
    packs = {pk: (code, of) for pk, code, of in partnership.packs.values_list("pk", "code", "audience").order_by()}
    unknown = dict.fromkeys(held_back(access, packs, now), HELD)
    if not access.can(Permission.VIEW_EXEMPT):
        unknown |= {pk: EXEMPT for pk, (_, audience) in packs.items() if audience == Audience.EXEMPT}
    found: dict[str, list[str]] = {}
    for pk, words in unknown.items():
        found.setdefault(words, []).append(line_of(packs[pk][0]))
    issues = PaperIssue.objects.filter(paper__pack__in=unknown).order_by() if unknown else PaperIssue.objects.none()
    for pk, paper, issue in issues.values_list("paper__pack", "paper__number", "number"):
        found.setdefault(without_its_name(unknown[pk]), []).append(line_of_issue(packs[pk][0], paper, issue))
    return found


def _midnight(day: date) -> datetime:
    """The moment at which the day begins in London."""
    return datetime.combine(day, time.min, LONDON)


def kinds_seen(partnership: Partnership) -> list[tuple[str, str]]:
    """The kinds of events that there are, with their words. One query."""
    seen: Any = set(_recorded(partnership).order_by().values_list("kind", flat=True).distinct())
    return [(kind.value, kind.label) for kind in Kind if kind.value in seen]
