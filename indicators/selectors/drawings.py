"""Reads what the drawings of a whole scorecard need beyond its rows: every target that was in force, and each break."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from indicators.models import SeriesBreak, Target
from indicators.selectors.indicators import break_day
from indicators.selectors.scorecards import Gathered
from indicators.trend import InForce, Trend, TrendBreak
from indicators.variation import worded


def trends_of(gathered: Sequence[Gathered], *, as_at: date | None = None) -> list[Trend]:
    """The trend of each row that was gathered with variation, in its order, with targets and breaks as they are drawn
    and named. Two queries."""
    standards: dict[int, list[InForce]] = {}
    versions = {g.line.pk: g.version for g in gathered}
    targets = Target.objects.known(as_at).filter(line__in=versions)
    for target in targets.select_related("valid_from").order_by("valid_from__start_on", "number"):
        standard = target.standard(versions[target.line_id])
        standards.setdefault(target.line_id, []).append(InForce(target.valid_from.start_on, standard))
    breaks: dict[int, list[TrendBreak]] = {}
    for found in SeriesBreak.objects.filter(series__in=[g.line.series_id for g in gathered]).order_by("on"):
        told = TrendBreak(found.on, break_day(found), found.get_kind_display())
        breaks.setdefault(found.series_id, []).append(told)
    trends = []
    for g in gathered:
        if g.seen is None:
            raise ValueError("This row was gathered without what its drawing needs.")
        in_force, broken = tuple(standards.get(g.line.pk, ())), tuple(breaks.get(g.line.series_id, ()))
        trends.append(worded(replace(g.seen.trend, standards=in_force, breaks=broken)))
    return trends
