"""Reads what was counted from SSDA903 returns, and sets it beside what stands in the returns of the same period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet

from finance.models import Rung, Ssda903Decision, Ssda903Load
from finance.ssda903.answer import Sums, sums_of
from finance.ssda903.offers import Offer, offers
from indicators import entry, quarters
from indicators.counted import counted_cell, not_entered
from indicators.entry import Reading
from indicators.models import Partner, Partnership, Period, ReportingRound, Return, Scorecard, Series, User
from indicators.permissions import Access
from indicators.roles import Permission
from indicators.selectors.counted_lines import CountedLine
from indicators.selectors.returns import SheetLine, sheet_of, why_closed
from indicators.units import Unit

_LONG_AGO = Period(start_on=date.min)


# Who


def reads(access: Access, partner: Partner | None = None, period: Period | None = None) -> bool:
    """Whether the person may read loads at all, or those of a partner's period: they hold small numbers by age that
    nobody has approved, so it takes the right to that partner's returns, and besides to protected figures or to enter
    that partner's money."""
    if not access.can(Permission.VIEW_RETURNS, partner, period):
        return False
    return access.can(Permission.VIEW_PROTECTED) or access.can(Permission.ENTER_MONEY, partner, period)


def visible_loads(partnership: Partnership, access: Access) -> QuerySet[Ssda903Load]:
    """The loads that the person may read, latest first. One query for the partners."""
    rows = (
        Ssda903Load.objects.filter(partnership=partnership)
        .select_related("partner", "period")
        .defer("findings", "sums")
    )  # fmt: skip
    may = Q(pk__in=[])
    for partner in partnership.partners.all():
        if reads(access, partner):
            may |= Q(partner=partner)
        elif reads(access, partner, _LONG_AGO):
            passed = [s.effective_on for s in access.successions if s.predecessor_id == partner.pk]
            may |= Q(partner=partner, period__start_on__lt=max(passed, default=date.min))
    return rows.filter(may)


def partners_entered_for(partnership: Partnership, access: Access) -> list[Partner]:
    """The partners of which the person enters money, of today or of periods before functions passed over. One query."""
    return [
        p
        for p in partnership.partners.all()
        if access.can(Permission.ENTER_MONEY, p) or access.can(Permission.ENTER_MONEY, p, _LONG_AGO)
    ]


def open_periods(partnership: Partnership, today: date) -> list[Period]:
    """The quarters that have ended and of which a return of money is still to be filled in, latest first. One query."""
    wanted = ReportingRound.objects.filter(
        partnership=partnership, period__kind="quarter", period__end_on__lt=today,
        scorecard__purpose=Scorecard.Purpose.MONEY, returns__state__in=[Return.State.OPEN, Return.State.RETURNED],
    )  # fmt: skip
    return list(Period.objects.filter(pk__in=wanted.values("period")).order_by("-end_on"))


# Loads


def find_load(partnership: Partnership, code: str) -> Ssda903Load | None:
    """The load of an address, with partner and period. One query."""
    rows = Ssda903Load.objects.select_related("partner__partnership", "period", "partnership")
    return rows.filter(partnership=partnership, code=code).first()


def same_load(partner: Partner, period: quarters.Period, sha256: str) -> Ssda903Load | None:
    """What this version of the software counted in the same files over the same period before. One query."""
    return Ssda903Load.objects.filter(
        partner=partner, period__slug=period.slug, file_sha256=sha256, software=settings.VERSION
    ).first()


def latest_of(loads: Sequence[Ssda903Load]) -> dict[int, Ssda903Load]:
    """The load that stands for the partner and period of each, by its id: the last one taken in. One query."""
    rows = Ssda903Load.objects.filter(
        partner__in={load.partner_id for load in loads}, period__in={load.period_id for load in loads}
    ).defer("findings", "sums")
    last = {(row.partner_id, row.period_id): row for row in rows.order_by("pk")}
    return {load.pk: last[load.partner_id, load.period_id] for load in loads}


def replaced_by(load: Ssda903Load) -> Ssda903Load | None:
    """The load that stands in the place of this one; None where this one stands. One query."""
    last = latest_of([load])[load.pk]
    return None if last == load else last


def sums_in(load: Ssda903Load) -> Sums:
    """The stored sums. No query."""
    return sums_of(load.sums)


def groups_of(partnership: Partnership) -> dict[str, str]:
    """The group of each rung that is counted together with others. One query."""
    rows = Rung.objects.filter(partnership=partnership, group__isnull=False)
    return dict(rows.values_list("category__code", "group__code"))


def source_words(load: Ssda903Load) -> str:
    """What a figure that was accepted says of its source: "SSDA903, 2022/23 Q1, file 1a2b3c4d"."""
    return entry.counted_source(f"SSDA903, {load.period.label}", load.file_sha256)


# Beside the returns


def latest_decisions(load: Ssda903Load) -> dict[tuple[int, int], Ssda903Decision]:
    """The decision that holds, by ids of series and return. One query."""
    rows = load.decisions.select_related("reason").order_by("pk")
    return {(row.series_id, row.in_return_id): row for row in rows}


@dataclass(frozen=True)
class Compared(CountedLine):
    """A number of a load beside the line of a return that it can stand for.

    `closed` says why nothing can be entered into that return by this person today; empty when it can.
    """

    offer: Offer
    row: Return
    line: SheetLine
    reading: Reading
    decision: Ssda903Decision | None
    closed: str
    replaced: Ssda903Load | None = None

    @cached_property
    def series(self) -> Series:
        """What the line is of."""
        found: Series = self.line.due.line.series
        return found


def offers_of(load: Ssda903Load) -> dict[tuple[str, str], Offer]:
    """What the load can put into returns, by indicator and slice. One query."""
    return offers(sums_in(load), groups_of(load.partnership))


def compared(load: Ssda903Load, later: Ssda903Load | None, *, by: User, access: Access, today: date) -> list[Compared]:
    """Each number of a load that feeds a line of a return of the same partner and period, in the order of the returns;
    nothing for who does not read those returns.

    Three queries, and some twelve for each return of the period, however many lines there are.
    """
    if not access.can(Permission.VIEW_RETURNS, load.partner, load.period):
        return []
    offered, decisions, found = offers_of(load), latest_decisions(load), []
    for row, lines in lines_of(load, today).items():
        enters = access.can(row.round.scorecard.entered_with, load.partner, load.period)
        closed = why_closed(row, by, today) if enters else "Only who enters money of this partner decides."
        for line in lines:
            series = line.due.line.series
            offer = offered.get((series.indicator.code, series.slice.key))
            if offer is not None:
                reading, decision = reading_of(load, offer, line), decisions.get((series.pk, row.pk))
                found.append(Compared(offer, row, line, reading, decision, closed, later))
    return found


def reading_of(load: Ssda903Load, offer: Offer, line: SheetLine) -> Reading:
    """The cell of a line as it would be with the number in it, or why it cannot be entered there."""
    if line.unit is not Unit.COUNT:
        return not_entered("The return asks for it in another unit.")
    source, as_at = source_words(load), load.period.end_on
    return counted_cell(line.cell, line.unit, line.around, value=Decimal(offer.number), source=source, as_at=as_at)


def lines_of(load: Ssda903Load, today: date) -> Mapping[Return, list[SheetLine]]:
    """The lines of the returns of money of a load's partner and period: of each round those that can be changed (the
    return, or an open correction) before those that cannot."""
    rows = (
        returns_for(load)
        .filter(round__scorecard__purpose=Scorecard.Purpose.MONEY)
        .order_by("round__scorecard__order", "-number")
    )
    found: dict[Return, list[SheetLine]] = {}
    taken: set[tuple[int, int]] = set()
    for row in sorted(rows, key=lambda r: (r.round.scorecard.order, not r.is_editable)):
        lines = [li for li in sheet_of(row, today=today).lines if (row.round_id, li.due.line.series_id) not in taken]
        taken |= {(row.round_id, line.due.line.series_id) for line in lines}
        found[row] = lines
    return found


def returns_for(load: Ssda903Load) -> QuerySet[Return]:
    """The returns of a load's partner and period. No query of its own."""
    return Return.objects.filter(partner=load.partner_id, round__period=load.period_id).select_related(
        "round__scorecard", "round__period", "round__partnership", "round__locked_by", "partner__partnership"
    )
