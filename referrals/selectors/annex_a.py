"""Reads what was computed from Annex A files, and sets it beside what stands in the returns of the same period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from indicators import quarters
from indicators.entry import Reading
from indicators.models import (
    IndicatorVersion,
    Partner,
    Partnership,
    Period,
    ReportingRound,
    Return,
    Series,
    User,
)
from indicators.permissions import Access
from indicators.roles import Permission
from indicators.selectors.counted_lines import CountedLine
from indicators.selectors.indicators import for_everyone
from indicators.selectors.returns import SheetLine, sheet_of, why_closed
from referrals.annex_a.answer import Computed, left_out_of
from referrals.annex_a.comparison import offered, source_words
from referrals.annex_a.measures import MEASURES
from referrals.models import AnnexADecision, AnnexALoad, AnnexAMeasure
from referrals.selectors.annex_a_standing import OtherLoad, Place

_LONG_AGO = Period(start_on=date.min)
# Breakdowns for every reader of returns; the others tell who the children are, or are not declared any more.
_FOR_EVERYBODY = frozenset(by.code for measure in MEASURES for by in measure.by if not by.is_protected) | {""}


def visible_loads(partnership: Partnership, access: Access) -> QuerySet[AnnexALoad]:
    """The loads that the person may read, latest first. No query of its own.

    Whoever reads a partner's returns of a period reads its loads of that period.
    """
    rows = (
        AnnexALoad.objects.filter(partnership=partnership)
        .select_related("partner", "period")
        .defer("findings", "durations", "open_late")
    )
    if access.can(Permission.VIEW_RETURNS, Partner(pk=0, partnership_id=partnership.pk)):
        return rows
    may = Q(partner__in=[g.partner_id for g in access.grants if g.partner_id and _reads(access, g.partner_id)])
    for passed in access.successions:
        if _reads(access, passed.predecessor_id, Period(start_on=passed.effective_on - timedelta(days=1))):
            may |= Q(partner=passed.predecessor_id, period__start_on__lt=passed.effective_on)
    return rows.filter(may)


def _reads(access: Access, partner_id: int, period: Period | None = None) -> bool:
    partner = Partner(pk=partner_id, partnership_id=access.partnership_id)
    return access.can(Permission.VIEW_RETURNS, partner, period)


def find_load(partnership: Partnership, code: str) -> AnnexALoad | None:
    """The load of an address, with partner and period. One query."""
    return (
        AnnexALoad.objects.select_related("partner__partnership", "period", "partnership")
        .filter(partnership=partnership, code=code)
        .first()
    )


def same_load(partner: Partner, period: quarters.Period, reference_on: date, sha256: str) -> AnnexALoad | None:
    """What this version of the software computed from the same file for the same days before. One query."""
    return AnnexALoad.objects.filter(
        partner=partner, period__slug=period.slug, reference_on=reference_on, file_sha256=sha256,
        software=settings.VERSION,
    ).first()  # fmt: skip


def partners_entered_for(partnership: Partnership, access: Access) -> list[Partner]:
    """The partners for which the person enters figures, of today or of periods before functions passed over. One
    query."""
    return [
        p
        for p in partnership.partners.all()
        if access.can(Permission.ENTER_FIGURES, p) or access.can(Permission.ENTER_FIGURES, p, _LONG_AGO)
    ]


def open_periods(partnership: Partnership, today: date) -> list[Period]:
    """The quarters and months that have ended and of which a return is still to be filled in, latest first. One
    query."""
    wanted = ReportingRound.objects.filter(
        partnership=partnership, period__kind__in=["quarter", "month"], period__end_on__lte=today,
        returns__state__in=[Return.State.OPEN, Return.State.RETURNED],
    )  # fmt: skip
    return list(Period.objects.filter(pk__in=wanted.values("period")).order_by("-end_on", "start_on"))


def computed_of(row: AnnexAMeasure) -> Computed:
    """A stored measure as it was computed."""
    return Computed(
        code=row.code, name=row.name, list=row.list_number, kind=row.kind, unit=row.unit, numerator=row.numerator,
        denominator=row.denominator, value=row.value, dimension=row.dimension, category=row.category,
        category_name=row.category_name, indicator=row.indicator, slice=row.slice, left_out=left_out_of(row.left_out),
        words=row.words,
    )  # fmt: skip


def measures_of(load: AnnexALoad, *, sees_protected: bool) -> list[AnnexAMeasure]:
    """What was computed, in order; without the protected breakdowns for who does not read them. One query."""
    return [m for m in load.measures.all() if sees_protected or m.dimension in _FOR_EVERYBODY]


def latest_decisions(load: AnnexALoad) -> dict[tuple[int, int], AnnexADecision]:
    """The decision that holds, by ids of measure and return. One query."""
    rows = AnnexADecision.objects.filter(measure__load=load).select_related("reason").order_by("pk")
    return {(row.measure_id, row.in_return_id): row for row in rows}


def names_held(partnership: Partnership, codes: Iterable[str], *, sees_protected: bool) -> dict[str, str]:
    """The short names, by code, of those indicators that the partnership holds and the person may read. Two
    queries."""
    rows = Series.objects.filter(partnership=partnership, indicator__code__in=codes, slice__key="")
    series = rows if sees_protected else for_everyone(rows)
    versions = IndicatorVersion.objects.filter(indicator__in=list(series.values_list("indicator", flat=True)))
    return dict(versions.order_by("number").values_list("indicator__code", "short_name"))


@dataclass(frozen=True)
class Compared(CountedLine):
    """A measure beside the line of a return that it can stand for.

    `closed` says why nothing can be entered into that return by this person today; empty when it can. `replaced` is
    the later load that computed the measure again.
    """

    measure: AnnexAMeasure
    row: Return
    line: SheetLine
    reading: Reading
    decision: AnnexADecision | None
    closed: str
    replaced: OtherLoad | None = None


def compared(
    load: AnnexALoad, measures: list[AnnexAMeasure], place: Place, *, by: User, today: date, may_enter: bool
) -> list[Compared]:
    """Each measure that was computed and feeds a line of a return of the same partner and period, in the order of the
    returns.

    Two queries, and some twelve for each return of the period, however many lines and measures there are.
    """
    offers = {(m.indicator, m.slice): m for m in measures if m.indicator and m.is_computed}
    decisions = latest_decisions(load)
    found: list[Compared] = []
    for row, lines in _lines_of(load, today).items():
        closed = why_closed(row, by, today) if may_enter else "Only who enters figures of this partner decides."
        for line in lines:
            series = line.due.line.series
            measure = offers.get((series.indicator.code, series.slice.key))
            if measure is not None:
                decision = decisions.get((measure.pk, row.pk))
                reading, later = reading_of(load, measure, line), place.replaced.get(measure.code)
                found.append(Compared(measure, row, line, reading, decision, closed, later))
    return found


def reading_of(load: AnnexALoad, measure: AnnexAMeasure, line: SheetLine) -> Reading:
    """The cell of a line as it would be with the measure in it, or why it cannot be entered there."""
    source = source_words(load.reference_on, load.file_sha256)
    return offered(computed_of(measure), line.cell, line.unit, line.around, source=source, as_at=load.reference_on)


def _lines_of(load: AnnexALoad, today: date) -> Mapping[Return, list[SheetLine]]:
    """The lines of the returns of a load's partner and period: of each round those that can be changed (the return, or
    an open correction) before those that cannot."""
    rows = (
        Return.objects.filter(partner=load.partner_id, round__period=load.period_id)
        .select_related("round__scorecard", "round__period", "round__partnership", "round__locked_by")
        .select_related("partner__partnership")
        .order_by("round__scorecard__order", "-number")
    )
    found: dict[Return, list[SheetLine]] = {}
    taken: set[tuple[int, int]] = set()
    for row in sorted(rows, key=lambda r: (r.round.scorecard.order, not r.is_editable)):
        lines = [li for li in sheet_of(row, today=today).lines if (row.round_id, li.due.line.series_id) not in taken]
        taken |= {(row.round_id, line.due.line.series_id) for line in lines}
        found[row] = lines
    return found


def returns_of_load(load: AnnexALoad) -> dict[int, Return]:
    """The returns of a load's partner and period, by id. One query."""
    rows = Return.objects.filter(partner=load.partner_id, round__period=load.period_id)
    return {row.pk: row for row in rows.select_related("round__period", "round__scorecard", "partner__partnership")}
