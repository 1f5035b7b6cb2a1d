"""Reads who is to be sent a digest of alerts on a day, and what of it may be named in an e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from indicators.models import Audience, Partnership, PublishedRow, Scorecard, User
from indicators.permissions import Access
from indicators.selectors.people import accesses_on
from indicators.selectors.protected import in_protected_part
from indicators.selectors.published import spec_of
from partnership.alerts import KIND_WORDS, Digest, Kind
from partnership.digest_mail import DigestLine
from partnership.models import Alert, AlertRead, AlertSubscription, DigestSent, PackTable
from partnership.selectors.alerts import SHOWN_FOR
from partnership.selectors.packs import held_back, standing_packs
from partnership.selectors.visible import alerts_for

_RELATED = ("line__scorecard", "line__series", "period")


@dataclass(frozen=True)
class DueDigest:
    """The digest of one person: the alerts that it stands for, and a line for each; `often`: how often the person asks
    for one at most, `is_weekly`: it holds some that are asked for once a week."""

    partnership: Partnership
    user: User
    alerts: tuple[Alert, ...]
    lines: tuple[DigestLine, ...]
    often: Digest
    is_weekly: bool


def digests_on(day: date, *, now: datetime) -> list[DueDigest]:
    """The digests of a day, by the rights that people hold then. Each alert goes to a person once: those that they
    follow by e-mail, raised since they asked for it, that they may read now and have not read yet. Nobody who was
    sent one that day; what is asked for once a week at most once from Monday to Sunday.

    Of a partnership eight queries, and one for each person who asks for e-mail.
    """
    found = []
    for partnership in Partnership.objects.all():
        asked: dict[int, list[AlertSubscription]] = {}
        subscriptions = AlertSubscription.objects.filter(scorecard__partnership=partnership, mail_from__lte=now)
        for row in subscriptions.order_by("user", "scorecard__order", "pk"):
            asked.setdefault(row.user_id, []).append(row)
        if asked:
            found += _of_partnership(partnership, asked, day, now)
    return found


def _of_partnership(
    partnership: Partnership, asked: dict[int, list[AlertSubscription]], day: date, now: datetime
) -> list[DueDigest]:
    monday = day - timedelta(days=day.weekday())
    sent = DigestSent.objects.filter(partnership=partnership, on__gte=monday)
    sent_today = set(sent.filter(on=day).values_list("user", flat=True))
    had_weekly = set(sent.filter(is_weekly=True).values_list("user", flat=True))
    due: list[tuple[User, list[AlertSubscription], list[Alert]]] = []
    for user, access in accesses_on(partnership, day):
        own = [s for s in asked.get(user.pk, ()) if s.digest == Digest.DAILY or user.pk not in had_weekly]
        if own and user.pk not in sent_today:
            alerts = list(_alerts(partnership, access, own, now))
            if alerts:
                due.append((user, own, alerts))
    named = _Named(partnership, {alert.line_id for *_, alerts in due for alert in alerts}, now) if due else None
    found = []
    for user, own, alerts in due:
        often = {s.scorecard_id: s.digest for s in own}
        asked_for = {Digest(often[alert.line.scorecard_id]) for alert in alerts}
        lines = tuple(named.line(alert) for alert in alerts) if named else ()
        found.append(
            DueDigest(
                partnership, user, tuple(alerts), lines,
                Digest.DAILY if Digest.DAILY in asked_for else Digest.WEEKLY, Digest.WEEKLY in asked_for,
            )
        )  # fmt: skip
    return found


def _alerts(
    partnership: Partnership, access: Access, own: Iterable[AlertSubscription], now: datetime
) -> Iterable[Alert]:  # fmt: skip
    """What is new to one person, the latest first. One query."""
    wanted, user = Q(pk__in=[]), None
    for row in own:
        user = row.user_id
        wanted |= Q(line__scorecard=row.scorecard_id, kind__in=row.kinds.split(), raised_at__gte=row.mail_from)
    read = AlertRead.objects.filter(alert=OuterRef("pk"), user=user)
    told = DigestSent.alerts.through.objects.filter(alert=OuterRef("pk"), digestsent__user=user)
    found = alerts_for(access, partnership).filter(wanted, ~Exists(read), ~Exists(told))
    found = found.filter(raised_at__gt=now - SHOWN_FOR, raised_at__lte=now)
    return found.select_related(*_RELATED).order_by("line__scorecard__order", "-raised_at", "-pk")


class _Named:
    """What an e-mail may name: a scorecard that every member may read and that a pack carries which stands published,
    is not exempt and not under embargo; an indicator where such a pack carries the very revision that the alert tells
    of, by the name that the pack gave it. Never a part by a protected dimension."""

    def __init__(self, partnership: Partnership, lines: set[int], now: datetime) -> None:
        open_packs = [pack for pack in standing_packs(partnership) if pack.audience != Audience.EXEMPT]
        held = held_back(Access(), (pack.pk for pack in open_packs), now)
        packs = [pack.pk for pack in open_packs if pack.pk not in held]
        rows = PublishedRow.objects.filter(
            ~in_protected_part("line__series__slice"), table__in_pack__pack__in=packs, line__in=lines,
            figure__isnull=False, line__scorecard__audience=Scorecard.Readers.EVERYONE,
        )  # fmt: skip
        self.names: dict[tuple[int | None, int | None], str] = {}
        for row in rows.select_related("table").order_by("pk"):
            values = spec_of(row.table).values_from_csv(row.table.header, row.cells)
            self.names[row.line_id, row.figure_id] = values["name"]
        carried = PackTable.objects.filter(pack__in=packs, table__scorecard__audience=Scorecard.Readers.EVERYONE)
        # By the name that the pack gave it: one that has another name since is not told by the new one.
        self.scorecards = {
            one.table.scorecard_id
            for one in carried.select_related("table__scorecard")
            if one.table.scorecard and one.table.label.startswith(f"{one.table.scorecard.name}, ")
        }

    def line(self, alert: Alert) -> DigestLine:
        """What an e-mail says of an alert."""
        card = alert.line.scorecard
        if card.pk not in self.scorecards:
            return DigestLine("", "")
        name = self.names.get((alert.line_id, alert.figure_id), "")
        return DigestLine(KIND_WORDS[Kind(alert.kind)], alert.period.label, name, card.name)
