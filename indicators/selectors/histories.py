"""Reads what control charts need beyond what a scorecard reads: older figures, and since when the unit is the same."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from indicators.measurement import Basis, Measured
from indicators.models import CurrentFigure, FigureApproval, IndicatorVersion, Period, SeriesBreak
from indicators.questions import question
from indicators.rag import MissingReason
from indicators.scorecard import Held

_COLUMNS = (
    "period__slug", "period__label", "period__start_on", "period__end_on", "basis", "numerator", "denominator", "value",
    "qualifier", "quantum", "missing_reason", "stated_met", "id",
)  # fmt: skip


def older_figures(
    series_ids: Collection[int], period: Period, *, older_than: timedelta, kinds: Collection[str], as_at: date | None
) -> dict[int, list[Held]]:
    """The approved figures of series that ended so long before the end of a period, by series and oldest first, with
    their numbers alone; `as_at` a day: what was approved and known by then. One query; none without series."""
    if not series_ids:
        return {}
    owners: Any = CurrentFigure.objects.filter(approved__isnull=False)
    of, prefix = "", "approved__"
    if as_at is not None:
        owners, of, prefix = FigureApproval.objects.filter(known_on__lte=as_at), "figure__", "figure__"
    rows = owners.filter(
        **{
            f"{of}series__in": series_ids,
            f"{of}period__end_on__lte": period.end_on - older_than,
            f"{of}period__kind__in": kinds,
        }
    ).order_by(f"{of}period__end_on", f"{prefix}revision")
    # Of several approved by that day the one with the highest revision stands: it is read last.
    found: dict[int, dict[str, Held]] = {}
    for series_id, *values in rows.values_list(f"{of}series_id", *(prefix + name for name in _COLUMNS)):
        held = _held(*values)
        found.setdefault(series_id, {})[held.slug] = held
    return {series_id: list(held.values()) for series_id, held in found.items()}


def _held(
    slug: str, label: str, start_on: date, end_on: date, basis: str, numerator: Any, denominator: Any, value: Any,
    qualifier: str, quantum: Any, missing: str, met: bool | None, figure_id: int,
) -> Held:  # fmt: skip
    reason = MissingReason(missing) if missing else None
    measured = Measured(Basis(basis), numerator, denominator, value, qualifier, quantum, reason, met)
    return Held(slug, label, start_on, end_on, measured, figure_id=figure_id)


def breaks_of(series_ids: Iterable[int]) -> dict[int, list[date]]:
    """The days of the breaks of those series, by series and the first one first. One query."""
    found: dict[int, list[date]] = {}
    for series_id, on in _breaks(list(series_ids)):
        found.setdefault(series_id, []).append(on)
    return found


@question
def _breaks(series_ids: list[int]) -> QuerySet[SeriesBreak, tuple[int, date]]:
    return SeriesBreak.objects.filter(series__in=series_ids).order_by("on").values_list("series", "on")


def units_since(versions: Collection[IndicatorVersion]) -> dict[int, date | None]:
    """For the definitions in force, by indicator: the first day since which figures are in the unit that they have now;
    None: always. One query."""
    rows = IndicatorVersion.objects.filter(indicator__in=[v.indicator_id for v in versions])
    told = rows.order_by("valid_from__start_on", "number")
    units: dict[int, list[tuple[int, str, date]]] = {}
    for indicator_id, *one in told.values_list("indicator", "number", "unit", "valid_from__start_on"):
        units.setdefault(indicator_id, []).append(tuple(one))
    return {v.indicator_id: unit_since(units.get(v.indicator_id, ()), v.number) for v in versions}


def unit_since(units: Iterable[tuple[int, str, date]], number: int) -> date | None:
    """The first day since which figures are in the unit of the version of this number; None: always. `units`: number,
    unit and first day of each version, in the order of their first days."""
    since, before = None, ""
    for version, unit, start_on in units:
        if before and unit != before:
            since = start_on
        before = unit
        if version == number:
            break
    return since
