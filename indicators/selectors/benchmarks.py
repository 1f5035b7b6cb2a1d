"""Reads official figures of our own area and of those it is held beside, of the current import of each data set alone.

The number of queries does not depend on how many measures, periods or areas are held.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from indicators.benchmarks import (
    Compared,
    Group,
    Names,
    OfficialMeasure,
    OfficialPeriod,
    Places,
    Reading,
    begun_by,
    compare,
)
from indicators.funnel_table import AreaReading
from indicators.models import (
    Area,
    BenchmarkMeasure,
    BenchmarkValue,
    ComparatorMember,
    Comparison,
    IndicatorVersion,
    Partnership,
    Series,
)
from indicators.official_table import ListedMeasure
from indicators.rag import Polarity
from indicators.selectors.indicators import for_everyone
from indicators.units import Unit

# Periods in the table on an indicator's page; its own is added where it is older. The measure's page has them all.
SHOWN = 6


@dataclass(frozen=True)
class Setting:
    """Who we are, whom we are held beside, and how many authorities are known."""

    names: Names
    places: Places
    known: int


@dataclass(frozen=True)
class MeasureView:
    """A measure with all its periods that have a row of ours, newest first."""

    measure: OfficialMeasure
    rows: tuple[Compared, ...]
    setting: Setting


@dataclass(frozen=True)
class BesideIndicator:
    """An official measure that an indicator may be held beside, and how the two differ.

    `rows` are the periods of the table, newest first; `course` is every period, for drawing alone: its ranks say
    nothing.
    """

    measure: OfficialMeasure
    is_same_definition: bool
    note: str
    rows: tuple[Compared, ...]
    course: tuple[Compared, ...]
    beside: Compared | None


@dataclass(frozen=True)
class IndicatorComparison:
    """Every measure that an indicator may be held beside."""

    setting: Setting
    measures: tuple[BesideIndicator, ...]


@dataclass(frozen=True)
class OwnIndicator:
    """An indicator of ours that a measure is held beside."""

    code: str
    name: str
    note: str
    is_same_definition: bool


# Who we are


def setting_of(partnership: Partnership) -> Setting | None:
    """The official areas of a partnership: its own, region, country, sets of neighbours. None where its area is not
    held. Three queries."""
    code = partnership.gss_code
    found = Area.objects.filter(Q(code=code) | Q(kind=Area.Kind.COUNTRY, code__startswith=code[:1]))
    areas = list(found.select_related("region").order_by("code"))
    own = next((a for a in areas if a.code == code), None)
    if own is None:
        return None
    country = next((a for a in areas if a.kind == Area.Kind.COUNTRY), None)
    region = own.region
    names = Names(own.name, region.name if region else "Region", country.name if country else "Country")
    places = Places(code, region.code if region else "", country.code if country else "", _groups(code))
    return Setting(names, places, Area.objects.filter(kind=Area.Kind.AUTHORITY).count())


def _groups(code: str) -> tuple[Group, ...]:
    members = ComparatorMember.objects.filter(group__area__code=code).select_related("group", "area")
    by_group: dict[Any, list[str]] = defaultdict(list)
    for member in members.order_by("group__valid_from", "group__code", "rank"):
        by_group[member.group].append(member.area.code)
    return tuple(
        Group(g.code, g.name, g.valid_from, g.valid_until, tuple(codes), g.source) for g, codes in by_group.items()
    )


def official_measure(row: BenchmarkMeasure) -> OfficialMeasure:
    """A stored measure as pages take it; its data set must be selected with it."""
    held = row.benchmark_set
    return OfficialMeasure(
        row.code, row.name, Unit(row.unit), row.places, Polarity(row.polarity), row.numerator, row.denominator,
        row.note, held.code, held.title, held.publisher, held.licence,
    )  # fmt: skip


# Values

_PERIOD = ("period__slug", "period__label", "period__kind", "period__start_on", "period__end_on")


@dataclass(frozen=True)
class _Held:
    """Readings of areas by code, by measure and period; and each period."""

    readings: Mapping[int, Mapping[int, Mapping[str, Reading]]]
    periods: Mapping[int, OfficialPeriod]


def _values(measures: Iterable[BenchmarkMeasure]) -> QuerySet[BenchmarkValue]:
    """The values of measures that are shown: those of each data set's current import."""
    held = [m for m in measures if m.benchmark_set.current_id]
    current = {m.benchmark_set.current_id for m in held}
    return BenchmarkValue.objects.filter(source_import__in=current, measure__in=[m.pk for m in held])


def _compared(measures: Sequence[BenchmarkMeasure], places: Places) -> _Held:
    """What is held of the areas that ours is held beside, in every period. One query."""
    rows = _values(measures).filter(area__code__in=places.codes)
    readings: dict[int, dict[int, dict[str, Reading]]] = defaultdict(lambda: defaultdict(dict))
    periods: dict[int, OfficialPeriod] = {}
    fields = ("measure_id", "period_id", "area__code", "value", "symbol", "numerator", "denominator", *_PERIOD)
    for measure, period, code, value, symbol, numerator, denominator, *when in rows.values_list(*fields):
        readings[measure][period][code] = Reading(value, symbol, numerator, denominator)
        if period not in periods:
            periods[period] = OfficialPeriod(*when)
    return _Held(readings, periods)


def _authorities(measures: Sequence[BenchmarkMeasure], asked: Q) -> dict[tuple[int, int], list[Reading]]:
    """What is held of every authority, by measure and period. One query."""
    rows = _values(measures).filter(asked, area__kind=Area.Kind.AUTHORITY)
    found: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for measure, period, value, symbol in rows.values_list("measure_id", "period_id", "value", "symbol"):
        found[measure, period].append(Reading(value, symbol))
    return found


def _newest(held: _Held, measure: int, own: str) -> list[int]:
    """The periods of a measure that have a row of ours, newest first."""
    found = [period for period, readings in held.readings.get(measure, {}).items() if own in readings]
    return sorted(found, key=lambda period: held.periods[period].end_on, reverse=True)


def _row(
    row: BenchmarkMeasure, period: int, held: _Held, setting: Setting, authorities: Sequence[Reading] = ()
) -> Compared:
    readings = held.readings[row.pk][period]
    return compare(
        official_measure(row), held.periods[period], readings, setting.places, authorities=authorities,
        known=setting.known,
    )  # fmt: skip


# Beside an indicator


def beside_indicator(partnership: Partnership, code: str, *, by: date) -> IndicatorComparison | None:
    """The official measures that an indicator may be held beside; `by` is the last day of the period that its page
    shows. None where there are none. One query, six where there are any."""
    comparisons = list(
        Comparison.objects.filter(indicator__code=code).select_related("measure__benchmark_set").order_by("pk")
    )
    setting = setting_of(partnership) if comparisons else None
    if setting is None:
        return None
    measures = [c.measure for c in comparisons]
    held = _compared(measures, setting.places)
    shown = {m.pk: _shown(held, m.pk, setting.places.ours, by) for m in measures}
    periods = {period for found in shown.values() for period in found}
    authorities = _authorities([m for m in measures if official_measure(m).is_comparable], Q(period__in=periods))
    found = []
    for one in comparisons:
        measure = one.measure
        rows = tuple(
            _row(measure, period, held, setting, authorities.get((measure.pk, period), ()))
            for period in shown[measure.pk]
        )
        course = [_row(measure, period, held, setting) for period in held.readings.get(measure.pk, {})]
        course.sort(key=lambda r: r.period.start_on)
        found.append(
            BesideIndicator(
                official_measure(measure), one.is_same_definition, one.note, rows, tuple(course), begun_by(rows, by)
            )
        )
    return IndicatorComparison(setting, tuple(found))


def _shown(held: _Held, measure: int, own: str, by: date) -> list[int]:
    newest = _newest(held, measure, own)
    begun = [period for period in newest if held.periods[period].start_on <= by]
    return [period for period in newest if period in {*newest[:SHOWN], *begun[:1]}]


# Measures


def measures_of(partnership: Partnership) -> tuple[Setting, list[ListedMeasure]] | None:
    """Every measure with its latest period that has a row of ours. Six queries at most."""
    setting = setting_of(partnership)
    if setting is None:
        return None
    measures = list(BenchmarkMeasure.objects.select_related("benchmark_set").order_by("benchmark_set__title", "name"))
    held = _compared(measures, setting.places)
    latest = {m.pk: next(iter(_newest(held, m.pk, setting.places.ours)), None) for m in measures}
    asked = Q(pk__in=[])
    for measure, period in latest.items():
        if period is not None:
            asked |= Q(measure=measure, period=period)
    authorities = _authorities(measures, asked)
    found = []
    for m in measures:
        period = latest[m.pk]
        row = None
        if period is not None:
            row = _row(m, period, held, setting, authorities.get((m.pk, period), ()))
        found.append(ListedMeasure(official_measure(m), row))
    return setting, found


def measure_of(partnership: Partnership, code: str) -> MeasureView | None:
    """A measure with every period that has a row of ours; None for one that is not held, or where our own area is not.
    Six queries."""
    row = BenchmarkMeasure.objects.filter(code=code).select_related("benchmark_set").first()
    setting = setting_of(partnership) if row else None
    if row is None or setting is None:
        return None
    held = _compared([row], setting.places)
    authorities = _authorities([row], Q())
    rows = [
        _row(row, period, held, setting, authorities.get((row.pk, period), ()))
        for period in _newest(held, row.pk, setting.places.ours)
    ]
    return MeasureView(official_measure(row), tuple(rows), setting)


def areas_in(view: MeasureView, period: OfficialPeriod) -> list[AreaReading]:
    """What a measure says of every authority in a period, by name. One query."""
    rows = BenchmarkValue.objects.filter(
        source_import=F("measure__benchmark_set__current"),
        measure__code=view.measure.code,
        period__slug=period.slug,
        area__kind=Area.Kind.AUTHORITY,
    )
    places = view.setting.places
    fields = (
        "area__code", "area__name", "area__region__code", "area__region__name", "value", "symbol", "numerator",
        "denominator",
    )  # fmt: skip
    return [
        AreaReading(
            code,
            name,
            region_name or "",
            Reading(value, symbol, numerator, denominator),
            is_ours=code == places.ours,
            in_region=bool(region) and region == places.region,
            sets=tuple(g.code for g in places.groups if code in g.members),
        )
        for code, name, region, region_name, value, symbol, numerator, denominator in rows.order_by(
            "area__name", "area__code"
        ).values_list(*fields)
    ]


def indicators_beside(partnership: Partnership, code: str, *, sees_protected: bool) -> list[OwnIndicator]:
    """The indicators of ours that a measure is held beside, by name: those that the person may read. Three queries."""
    comparisons = {c.indicator_id: c for c in Comparison.objects.filter(measure__code=code)}
    series = Series.objects.filter(partnership=partnership, slice__key="", indicator__in=comparisons)
    own = (series if sees_protected else for_everyone(series)).values_list("indicator", flat=True)
    versions = IndicatorVersion.objects.filter(indicator__in=list(own)).select_related("indicator").order_by("number")
    newest = {v.indicator_id: v for v in versions}
    found = [
        OwnIndicator(v.indicator.code, v.short_name, comparisons[key].note, comparisons[key].is_same_definition)
        for key, v in newest.items()
    ]
    return sorted(found, key=lambda one: one.name.casefold())
