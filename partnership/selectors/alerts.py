"""Reads the alerts of a person: what they follow, and of that what they may read now.

Who may read the figure is asked whenever an alert is read, counted or sent, never when it is raised: of a protected
line, a board's scorecard or a role that has ended nothing is shown, however it came to be followed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from indicators.as_at import london_day
from indicators.models import Partnership, Scorecard
from indicators.permissions import Access
from indicators.questions import question
from indicators.roles import Permission
from indicators.selectors.courses import RELATED
from indicators.typed_text import LONGEST_ID, whole_number
from partnership.alerts import (
    KIND_WORDS,
    KINDS,
    RULES,
    Because,
    Digest,
    Following,
    Kind,
    Raised,
    follows_by_role,
    sentence,
    usual_following,
    why_told,
)
from partnership.models import Alert, AlertRead, AlertSubscription
from partnership.selectors.citations import line_name
from partnership.selectors.visible import alerts_for, readable_line

# Alerts are shown for so long; what happened before is on the pages of the indicators.
SHOWN_FOR = timedelta(days=366)


@dataclass(frozen=True)
class Followed:
    """A scorecard that the person may read and what they follow of it; `chosen_on`: None for the rule of their role."""

    scorecard: Scorecard
    following: Following
    chosen_on: date | None


def following_of(partnership: Partnership, access: Access, user_id: int) -> list[Followed]:
    """Every scorecard that the person may read, with what they follow of it. Two queries."""
    readable = partnership.scorecards.all()
    if not access.can(Permission.VIEW_PROTECTED):
        readable = readable.exclude(audience=Scorecard.Readers.BOARD)
    own = {
        row.scorecard_id: row
        for row in AlertSubscription.objects.filter(user=user_id, scorecard__partnership=partnership)
    }
    usual = usual_following(access.roles)
    return [
        Followed(card, following(own[card.pk]), london_day(own[card.pk].chosen_at))
        if card.pk in own
        else Followed(card, usual, None)
        for card in readable
    ]


def following(row: AlertSubscription) -> Following:
    """What a stored choice says."""
    return Following(frozenset(map(Kind, row.kinds.split())), row.in_app, Digest(row.digest))


def mine(
    partnership: Partnership, access: Access, user_id: int, *, now: datetime, in_app: bool = False
) -> QuerySet[Alert]:  # fmt: skip
    """The alerts of the last year that the person follows and may read, by e-mail or in the app; `in_app`: those alone
    that are followed in the app."""
    found = alerts_for(access, partnership).filter(raised_at__gt=now - SHOWN_FOR)
    return _followed(found, user_id, by_role=follows_by_role(access.roles), in_app=in_app)


def _followed(found: QuerySet[Alert], user_id: int, *, by_role: bool, in_app: bool) -> QuerySet[Alert]:
    own = AlertSubscription.objects.filter(user=user_id, scorecard=OuterRef("line__scorecard"))
    ways = Q(in_app=True) if in_app else Q(in_app=True) | ~Q(digest=Digest.NEVER.value)
    wanted = Q(Exists(own.filter(ways, kinds__contains=OuterRef("kind"))))
    return found.filter(wanted | ~Exists(own) if by_role else wanted)


def unread(found: QuerySet[Alert], user_id: int) -> QuerySet[Alert]:
    """Of alerts those that the person has not marked as read."""
    return found.filter(~Exists(AlertRead.objects.filter(alert=OuterRef("pk"), user=user_id)))


def unread_count(partnership: Partnership, access: Access, user_id: int, now: datetime) -> int:
    """How many alerts the person follows in the app and has not read. One query; none for who may read no figures."""
    if not access.can(Permission.VIEW_APPROVED):
        return 0
    sees_protected, by_role = access.can(Permission.VIEW_PROTECTED), follows_by_role(access.roles)
    counted = _unread(partnership.pk, user_id, now - SHOWN_FOR, sees_protected=sees_protected, by_role=by_role)
    return sum(counted)


@question
def _unread(
    partnership_id: int, user_id: int, since: datetime, *, sees_protected: bool, by_role: bool
) -> QuerySet[Alert, int]:
    readable = readable_line(sees_protected=sees_protected)
    found = Alert.objects.filter(readable, partnership=partnership_id, raised_at__gt=since)
    followed = unread(_followed(found, user_id, by_role=by_role, in_app=True), user_id)
    number = followed.order_by().values("partnership").annotate(number=Count("pk"))
    return number.values_list("number", flat=True)


def listed(found: QuerySet[Alert], user_id: int) -> QuerySet[Alert]:
    """Alerts as the page lists them: unread first, then the latest."""
    read = Exists(AlertRead.objects.filter(alert=OuterRef("pk"), user=user_id))
    return found.annotate(is_read=read).order_by("is_read", "-raised_at", "-pk")


def chosen(found: QuerySet[Alert], kind: str = "", scorecard: str = "", *, up_to: str = "") -> QuerySet[Alert]:
    """Of alerts those of a kind and of a scorecard (codes), where they are given; `up_to`: raised no later than the one
    of that id, as a page that was made then gives it."""
    if kind:
        found = found.filter(kind=kind)
    if scorecard:
        found = found.filter(line__scorecard__code=scorecard)
    last = whole_number(up_to, LONGEST_ID)
    return found if last is None else found.filter(pk__lte=last)


def with_names(found: QuerySet[Alert]) -> QuerySet[Alert]:
    """Alerts with what a row says of each. Two queries more."""
    lines = [f"line__{name}" for name in RELATED]
    return found.select_related(*lines, "period", "against").prefetch_related("line__series__indicator__versions")


@dataclass(frozen=True)
class AlertRow:
    """An alert as a page shows it; `rating` is the code of the rating after, of one whose rating changed."""

    pk: int
    kind: str
    kind_words: str
    name: str
    key: tuple[str, str]
    scorecard: str
    scorecard_code: str
    period: str
    period_slug: str
    sentence: str
    rating: str
    raised_on: date
    is_read: bool
    rule: str
    why: str


def row_of(alert: Any, followed: dict[int, Followed]) -> AlertRow:
    """One alert, read by `listed` and `with_names`; `followed`: what `following_of` gives, by the ids of scorecards."""
    kind, line, card = Kind(alert.kind), alert.line, alert.line.scorecard
    held = followed[card.pk]
    return AlertRow(
        pk=alert.pk,
        kind=kind.value,
        kind_words=KIND_WORDS[kind],
        name=line_name(line),
        key=(line.series.indicator.code, line.series.slice.key),
        scorecard=card.name,
        scorecard_code=card.code,
        period=alert.period.label,
        period_slug=alert.period.slug,
        sentence=sentence(raised_of(alert)),
        rating=alert.after if kind is Kind.RATING else "",
        raised_on=london_day(alert.raised_at),
        is_read=alert.is_read,
        rule=RULES[kind],
        why=why_told(card.name, held.following, chosen_on=held.chosen_on),
    )


def raised_of(alert: Alert) -> Raised:
    """A stored alert with the labels of its periods, as sentences take it; its periods must be selected with it."""
    return Raised(
        alert.period.label, Kind(alert.kind), alert.before, alert.after, Because(alert.because),
        alert.against.label if alert.against else "", alert.cause, alert.figure_id, alert.expected_on,
    )  # fmt: skip


def rows_of(alerts: Iterable[Alert], followed: Iterable[Followed]) -> list[AlertRow]:
    """Alerts as a page shows them."""
    by_card = {one.scorecard.pk: one for one in followed}
    return [row_of(alert, by_card) for alert in alerts]


def kinds_offered() -> list[tuple[str, str]]:
    """Code and name of each kind, for filters."""
    return [(kind.value, KIND_WORDS[kind]) for kind in KINDS]
