"""Periods, papers, scorecards, indicators with all that makes them appear, targets and breaks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.entry import HAS_PARTS
from indicators.models import (
    Assignment,
    Indicator,
    IndicatorVersion,
    Partner,
    Partnership,
    Period,
    Scorecard,
    ScorecardLine,
    Series,
    SeriesBreak,
    SourceDocument,
    Target,
    Theme,
)
from indicators.operations import rows, slices
from indicators.questions import question
from indicators.rag import Polarity, ToleranceKind
from indicators.units import Unit
from tests.builders.basics import AUTHORITY, FIRST_PERIOD, LONG_AGO, NOW, Q4, TODAY, numbers
from tests.builders.places import a_partner, a_partnership


def a_period(period: quarters.Period = Q4) -> Period:
    """The stored row of a period."""
    return rows.period_row(period)


@question
def _sources(code: str) -> QuerySet[SourceDocument]:
    return SourceDocument.objects.filter(code=code).order_by()


def a_source(code: str = "003", published_on: date | None = TODAY) -> SourceDocument:
    """A published paper; the same one every time."""
    for held in _sources(code):
        return held
    return SourceDocument.objects.get_or_create(
        code=code, defaults={"title": f"Report {code}", "body": "Scrutiny panel", "published_on": published_on}
    )[0]


def a_scorecard(
    n_lines: int = 0,
    *,
    code: str = "contract",
    partnership: Partnership | None = None,
    partner: Partner | None = None,
    frequency: str = "quarter",
    n_themes: int = 1,
) -> Scorecard:
    """A scorecard; the same one every time. `n_lines` percentages (higher is better, target 80, tolerance 70), spread
    over `n_themes`, are added to it in bulk, all returned by `partner`: indicators "code-1", "code-2", …"""
    partnership = partnership or (partner.partnership if partner else a_partnership())
    scorecard, _ = Scorecard.objects.get_or_create(
        partnership=partnership,
        code=code,
        defaults={
            "name": f"{code.capitalize()} key performance indicators",
            "authority": "Management agreement",
            "frequency": frequency,
            "order": partnership.scorecards.count() + 1,
        },
    )
    if n_lines:
        _add_lines(scorecard, n_lines, partner or a_partner(partnership=partnership), n_themes)
    return scorecard


def _add_lines(scorecard: Scorecard, number: int, partner: Partner, n_themes: int) -> None:
    start, whole, first = scorecard.lines.count() + 1, slices.slice_row(""), a_period(FIRST_PERIOD)
    orders = range(start, start + number)
    measures = Indicator.objects.bulk_create(Indicator(code=f"{scorecard.code}-{i}") for i in orders)
    IndicatorVersion.objects.bulk_create(
        IndicatorVersion(indicator=measure, number=1, valid_from=first, **_definition(f"Measure {i}"))
        for i, measure in zip(orders, measures, strict=True)
    )
    rows = Series.objects.bulk_create(
        Series(partnership=scorecard.partnership, indicator=measure, slice=whole) for measure in measures
    )
    themes = [_theme(scorecard, f"Theme {i}") for i in range(1, n_themes + 1)]
    lines = ScorecardLine.objects.bulk_create(
        ScorecardLine(
            scorecard=scorecard, series=series, theme=themes[i % n_themes], order=i, frequency=scorecard.frequency,
            from_on=LONG_AGO,
        )
        for i, series in zip(orders, rows, strict=True)
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(line=line, number=1, valid_from=first, **_standard(Polarity.HIGHER)) for line in lines
    )
    Assignment.objects.bulk_create(
        Assignment(series=series, partner=partner, from_on=LONG_AGO, authority=AUTHORITY) for series in rows
    )


def _theme(scorecard: Scorecard, name: str) -> Theme:
    defaults = {"name": name, "order": scorecard.themes.count() + 1}
    return Theme.objects.get_or_create(scorecard=scorecard, code=name.lower().replace(" ", "-"), defaults=defaults)[0]


def _definition(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "short_name": name[:60],
        "numerator": "Children counted",
        "denominator": "All children",
        "unit": Unit.PERCENT.value,
        "polarity": Polarity.HIGHER.value,
        "window": Window.PERIOD.value,
        "aggregation": Aggregation.POOLED_RATIO.value,
        "counts": "children",
        "places": 0,
    } | changes


def _standard(polarity: Polarity, **changes: Any) -> dict[str, Any]:
    usual: dict[Polarity, tuple[Any, str, Any, Any]] = {
        Polarity.HIGHER: (Decimal(80), "absolute", Decimal(70), None),
        Polarity.LOWER: (Decimal(20), "absolute", Decimal(30), None),
        Polarity.BAND: (Decimal(50), "absolute", Decimal(10), Decimal(5)),
        Polarity.NONE: (None, "none", None, None),
    }
    target, kind, tolerance, band = usual[polarity]
    return {
        "target": target,
        "tolerance_kind": kind,
        "tolerance": tolerance,
        "band": band,
        "authority": "Management agreement",
        "actor": "made for a test",
        "known_on": FIRST_PERIOD.start_on,
        "recorded_at": NOW,
    } | changes


@dataclass(frozen=True)
class Measure:
    """An indicator with all that makes it appear on a scorecard."""

    indicator: Indicator
    version: IndicatorVersion
    series: Series
    line: ScorecardLine
    target: Target | None
    assignment: Assignment | None

    @property
    def code(self) -> str:
        """The permanent code."""
        return self.indicator.code

    @property
    def unit(self) -> Unit:
        """The unit of its definition."""
        return Unit(self.version.unit)


USUAL: Any = object()


def an_indicator(
    code: str = "",
    *,
    name: str = "",
    unit: Unit = Unit.PERCENT,
    polarity: Polarity = Polarity.HIGHER,
    window: Window = Window.PERIOD,
    aggregation: Aggregation | None = None,
    frequency: str = "quarter",
    places: int = 0,
    target: Any = USUAL,
    tolerance_kind: ToleranceKind | str = USUAL,
    tolerance: Any = USUAL,
    band: Any = USUAL,
    suspended: bool = False,
    scorecard: Scorecard | None = None,
    theme: str = "Theme 1",
    slice_key: str = "",
    partner: Partner | None = None,
    assigned: bool = True,
    from_on: date = LONG_AGO,
    valid_from: quarters.Period = FIRST_PERIOD,
    counts: str = "children",
) -> Measure:
    """An indicator with definition, series, scorecard line, target and assignment.

    Usual targets: 80 with tolerance 70 (higher is better), 20 with 30 (lower), 50 ± 5 with 10 (band), none (none).
    `target=None` leaves the line without one; a target without `tolerance` given has none.
    """
    scorecard = scorecard or a_scorecard(partnership=partner.partnership if partner else None)
    partner = partner or a_partner(partnership=scorecard.partnership)
    number = next(numbers)
    code = code or f"measure-{number}"
    aggregation = aggregation or (Aggregation.POOLED_RATIO if unit in HAS_PARTS else Aggregation.SUM)
    indicator, is_new = Indicator.objects.get_or_create(code=code)
    version = None
    if is_new:
        definition = _definition(
            name or f"Measure {code}", unit=unit.value, polarity=polarity.value, window=window.value,
            aggregation=aggregation.value, places=places, counts=counts,
        )  # fmt: skip
        version = IndicatorVersion.objects.create(
            indicator=indicator, number=1, valid_from=a_period(valid_from), **definition
        )
    series, is_new_series = Series.objects.get_or_create(
        partnership=scorecard.partnership, indicator=indicator, slice=slices.slice_row(slice_key)
    )
    line = ScorecardLine.objects.create(
        scorecard=scorecard, series=series, theme=_theme(scorecard, theme), order=scorecard.lines.count() + 1,
        frequency=frequency, from_on=from_on,
    )  # fmt: skip
    made = None
    if target is not None and not (target is USUAL and polarity is Polarity.NONE):
        values: dict[str, Any] = {"is_suspended": suspended}
        if target is not USUAL:
            values |= {"target": Decimal(target), "tolerance_kind": "none", "tolerance": None, "band": None}
        if tolerance is not USUAL:
            values["tolerance"] = None if tolerance is None else Decimal(tolerance)
            values["tolerance_kind"] = "none" if tolerance is None else "absolute"
        if tolerance_kind is not USUAL:
            values["tolerance_kind"] = ToleranceKind(tolerance_kind).value
        if band is not USUAL:
            values["band"] = None if band is None else Decimal(band)
        made = a_target(line, polarity=polarity, valid_from=valid_from, **values)
    assignment = None
    if assigned:
        if not is_new_series:
            assignment = series.assignments.filter(until_on__isnull=True).order_by("from_on").first()
        assignment = assignment or Assignment.objects.create(
            series=series, partner=partner, from_on=from_on, authority=AUTHORITY
        )
    version = version or indicator.versions.order_by("number").first()
    return Measure(indicator, version, series, line, made, assignment)


def a_target(
    line: ScorecardLine, *, polarity: Polarity = Polarity.HIGHER, valid_from: quarters.Period = FIRST_PERIOD,
    **changes: Any,
) -> Target:  # fmt: skip
    """The next target of a line, in force from a period on."""
    return Target.objects.create(
        line=line, number=line.targets.count() + 1, valid_from=a_period(valid_from), **_standard(polarity, **changes)
    )


def a_version(measure: Measure, valid_from: quarters.Period, **changes: Any) -> IndicatorVersion:
    """A further definition of an indicator, in force from a period on."""
    old = measure.indicator.versions.order_by("number").last()
    kept = {name: getattr(old, name) for name in _definition("") if name not in changes}
    return IndicatorVersion.objects.create(
        indicator=measure.indicator, number=old.number + 1, valid_from=a_period(valid_from), **kept, **changes
    )


def a_break(
    series: Series, on: date, kind: str = "system", explanation: str = "The case system changed"
) -> SeriesBreak:
    """A day from which the series cannot be compared with what was before."""
    return SeriesBreak.objects.create(series=series, on=on, kind=kind, explanation=explanation)
