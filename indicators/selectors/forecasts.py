"""Reads what forecasts are to be made of, and those that were kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from indicators import quarters
from indicators.direction_of_travel import Point, Window
from indicators.forecast import FEWEST, Chance, Method
from indicators.forecast_basis import HORIZONS, fingerprint, is_next, stretch_of
from indicators.forecast_job import Aim, Asked
from indicators.kept_forecast import Kept
from indicators.measurement import Basis, Measured
from indicators.models import (
    CurrentFigure,
    IndicatorVersion,
    KeptForecast,
    Partnership,
    Period,
    ScorecardLine,
    Series,
    Target,
)
from indicators.rag import MissingReason, Polarity
from indicators.selectors.histories import breaks_of
from indicators.selectors.scorecards import period_of
from indicators.units import Unit, is_share

# So many earlier periods of a series are tried once, to see what the method is worth there.
TRIED = 8
_JUDGED = {Polarity.HIGHER, Polarity.LOWER}


@dataclass(frozen=True)
class Wanted:
    """A forecast that is to be made: of a series (id), from the figures up to a period; `aims` are target (id) and line
    (id) of each aim that is asked, by step, and the polarity."""

    series_id: int
    made_from: quarters.Period
    inputs: str
    unit: Unit
    asked: Asked
    aims: tuple[tuple[tuple[int, int, Polarity], ...], ...]
    is_tried: bool = False


@dataclass(frozen=True)
class _Held:
    """A current figure with the definition in force for its period."""

    point: Point
    version: IndicatorVersion
    places: int


class _Definitions:
    """The definitions, breaks, lines and targets of some series. Four queries."""

    def __init__(self, series: Mapping[int, int]) -> None:
        self.indicator_of = series
        self.versions = _grouped(
            IndicatorVersion.objects.filter(indicator__in=set(series.values()))
            .select_related("valid_from")
            .order_by("valid_from__start_on", "number"),
            "indicator_id",
        )
        self.breaks = breaks_of(series)
        self.lines = _grouped(ScorecardLine.objects.filter(series__in=series).order_by("pk"), "series_id")
        self.targets = _grouped(
            Target.objects.filter(line__series__in=series)
            .select_related("valid_from")
            .order_by("valid_from__start_on", "number"),
            "line_id",
        )

    def version(self, series_id: int, start_on: date) -> IndicatorVersion | None:
        """The definition in force for a period that begins that day; before the first, the first."""
        of_it = self.versions.get(self.indicator_of[series_id], [])
        return _last_by(of_it, start_on) or (of_it[0] if of_it else None)

    def aims(self, series_id: int, period: quarters.Period) -> list[tuple[Aim, tuple[int, int, Polarity]]]:
        """The targets that a figure of the period may meet, on each line that it stands on."""
        version = self.version(series_id, period.start_on)
        polarity = Polarity(version.polarity) if version else Polarity.NONE
        found = []
        for line in self.lines.get(series_id, []) if polarity in _JUDGED else []:
            target = _last_by(self.targets.get(line.pk, []), period.start_on)
            if target is not None and target.target is not None and not target.is_suspended:
                aim = Aim(target.target, polarity is Polarity.HIGHER)
                found.append((aim, (target.pk, line.pk, polarity)))
        return found


def _last_by(rows: Sequence[Any], start_on: date) -> Any:
    held = [row for row in rows if row.valid_from.start_on <= start_on]
    return held[-1] if held else None


def _grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(row)
    return groups


def wanted_forecasts(
    partnership: Partnership, *, series: Iterable[int] | None = None, with_tried: bool = True
) -> list[Wanted]:
    """The forecasts that the approved figures of a partnership allow and that are not kept yet, of some `series` (ids)
    alone, if given; `with_tried`: and, once, those that earlier periods allowed. Eight queries, whatever the number of
    series and periods."""
    of_partnership = Series.objects.filter(partnership=partnership)
    if series is not None:
        of_partnership = of_partnership.filter(pk__in=list(series))
    known = dict(of_partnership.values_list("pk", "indicator"))
    figures = _figures(known)
    definitions = _Definitions({pk: known[pk] for pk, _ in figures})
    kept = {
        (series_id, start_on, end_on, inputs)
        for series_id, start_on, end_on, inputs in KeptForecast.objects.filter(series__in=known).values_list(
            "series", "made_from__start_on", "made_from__end_on", "inputs_sha256"
        )
    }
    tried = set(
        KeptForecast.objects.filter(series__in=known, is_tried=True).values_list("series", "made_from__kind").distinct()
    )
    found = []
    for (series_id, kind), rows in figures.items():
        is_tried_too = with_tried and (series_id, kind) not in tried
        for one in _of_series(series_id, kind, rows, definitions, with_tried=is_tried_too):
            if (series_id, one.made_from.start_on, one.made_from.end_on, one.inputs) not in kept:
                found.append(one)
    return found


def _figures(series: Mapping[int, int]) -> dict[tuple[int, str], list[tuple[Any, ...]]]:
    """The approved figures by series and kind of period, oldest first, of those that have enough for a forecast."""
    rows = (
        CurrentFigure.objects.filter(series__in=series, approved__isnull=False, period__kind__in=HORIZONS)
        .order_by("series", "period__kind", "period__start_on")
        .values_list(
            "series", "period__kind", "period__start_on", "period__end_on", "approved__basis", "approved__numerator",
            "approved__denominator", "approved__value", "approved__qualifier", "approved__quantum",
            "approved__missing_reason", "approved__stated_met",
        )
    )  # fmt: skip
    groups = {key: list(group) for key, group in groupby(rows, key=lambda row: (row[0], row[1]))}
    return {key: group for key, group in groups.items() if len(group) >= FEWEST}


def _of_series(
    series_id: int, kind: str, rows: Sequence[tuple[Any, ...]], definitions: _Definitions, *, with_tried: bool
) -> list[Wanted]:
    """The forecast from all figures of one kind of period, and, `with_tried`, those that earlier ones allowed."""
    held = [_held(series_id, row, definitions) for row in rows]
    known = [one for one in held if one is not None]
    if not known:
        return []
    last = known[-1].version
    same = [one for one in known if (one.version.unit, one.version.window) == (last.unit, last.window)]
    breaks, window = definitions.breaks.get(series_id, ()), Window(last.window)
    earlier = range(len(same) - 1, max(FEWEST - 1, len(same) - 1 - TRIED), -1) if with_tried else ()
    # Only what came in the same way can say whether a try held.
    followed = [e for e in earlier if is_next(same[e - 1].point, same[e].point, window=window, breaks=breaks)]
    ends = [len(same), *followed]
    found = [_wanted(series_id, kind, same[:end], definitions, is_tried=end < len(same)) for end in ends]
    return [one for one in found if one is not None]


def _held(series_id: int, row: tuple[Any, ...], definitions: _Definitions) -> _Held | None:
    _, _, start_on, end_on, basis, top, bottom, value, qualifier, quantum, missing, met = row
    version = definitions.version(series_id, start_on)
    if version is None:
        return None
    reason = MissingReason(missing) if missing else None
    measured = Measured(Basis(basis), top, bottom, value, qualifier, quantum, reason, met)
    point = Point(start_on, end_on, measured.number(Unit(version.unit)), top, bottom, qualifier)
    return _Held(point, version, measured.places(version.places))


def _wanted(
    series_id: int, kind: str, held: Sequence[_Held], definitions: _Definitions, *, is_tried: bool
) -> Wanted | None:
    version, breaks = held[-1].version, definitions.breaks.get(series_id, ())
    stretch = stretch_of([one.point for one in held], kind=kind, window=Window(version.window), breaks=breaks)
    if stretch.why is not None:
        return None
    unit, used = Unit(version.unit), held[-len(stretch.points) :]
    last = quarters.from_dates(kind, used[-1].point.start_on, used[-1].point.end_on)
    horizon = 1 if is_tried else HORIZONS[kind]
    aims, period = [], last
    for _ in range(0 if is_tried else horizon):
        period = period.next()
        aims.append(definitions.aims(series_id, period))
    asked = Asked(
        values=stretch.values, places=max(one.places for one in used), horizon=horizon, is_share=is_share(unit),
        may_fall_below=unit is Unit.POUNDS, aims=tuple(tuple(aim for aim, _ in step) for step in aims),
    )  # fmt: skip
    of = tuple(tuple(key for _, key in step) for step in aims)
    return Wanted(series_id, last, fingerprint(stretch.points, unit), unit, asked, of, is_tried)


# Those that were kept


def kept_forecasts(
    partnership: Partnership, code: str, slice_key: str = "", *, as_at: date | None = None
) -> tuple[Kept, ...]:
    """The forecasts of one series, in the order in which they were made; `as_at` a day: those made by its end. Two
    queries. Whether the series may be read is asked before."""
    rows = KeptForecast.objects.filter(
        series__partnership=partnership, series__indicator__code=code, series__slice__key=slice_key
    )
    if as_at is not None:
        rows = rows.filter(made_on__lte=as_at)
    found = rows.select_related("made_from", "for_period").prefetch_related("chances").order_by("made_at", "pk")
    return tuple(_kept(row) for row in found)


def _kept(row: KeptForecast) -> Kept:
    chances = list(row.chances.all())
    return Kept(
        made_from=period_of(row.made_from),
        period=period_of(row.for_period),
        steps=row.steps,
        method=Method(row.method),
        periods=row.periods,
        unit=Unit(row.unit),
        places=row.places,
        point=row.point,
        low=row.low,
        high=row.high,
        inputs=row.inputs_sha256,
        is_tried=row.is_tried,
        made_at=row.made_at,
        made_on=row.made_on,
        chances={one.target_id: Chance(one.chance) for one in chances},
        lines=frozenset(one.line_id for one in chances),
    )


def partnerships_to_forecast() -> list[Partnership]:
    """Every partnership, in order. One query."""
    return list(Partnership.objects.order_by("pk"))


def series_of_return(pk: int) -> list[int]:
    """The series (ids) that a return brought figures of. One query."""
    return sorted(set(CurrentFigure.objects.filter(approved__in_return=pk).values_list("series", flat=True)))


def period_rows(wanted: Iterable[quarters.Period]) -> dict[quarters.Period, Period]:
    """The stored rows of periods that are there already. One query."""
    asked = list(wanted)
    rows = Period.objects.filter(slug__in={p.slug for p in asked}, kind__in=HORIZONS)
    return {period_of(row): row for row in rows}
