"""Where an indicator is heading: its forecast, what became of earlier ones, its year, and its rolling year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from indicators import quarters
from indicators.direction_of_travel import Window
from indicators.forecast_basis import Stretch, fingerprint, stretch_of
from indicators.forecast_words import (
    METHOD_WORDS,
    NOT_MADE,
    OUTCOME_WORDS,
    band_words,
    chance_words,
    fixed_words,
    heading_words,
    method_words,
    pace_words,
    point_words,
    score_words,
    why_words,
)
from indicators.kept_forecast import Kept, Scored, in_force, score_of, scored
from indicators.models import Target
from indicators.rolling_year import fixed_of
from indicators.selectors.indicators import IndicatorView
from indicators.trend import Spot, Trend
from indicators.views.indicator_texts import dated
from indicators.year_pace import year_pace

# The latest so many of the forecasts that came due stand in the table.
SCORED_ROWS = 12


@dataclass(frozen=True)
class Heading:
    """What the page says of periods to come, and the forecast that its drawing shows."""

    ahead: tuple[Kept, ...]
    context: dict[str, Any]

    @property
    def sentence(self) -> str:
        """What the forecast says of the next period; empty without one."""
        return heading_words(self.ahead[0]) if self.ahead else ""

    def drawn(self, trend: Trend) -> Trend:
        """The trend with the forecast's periods and band on its axes."""
        if not self.ahead:
            return trend
        values = [v for one in self.ahead for v in (one.low, one.high)]
        return replace(trend, also_drawn=(*trend.also_drawn, *values), ahead=tuple(one.period for one in self.ahead))


def heading_of(trend: Trend, view: IndicatorView, kept: Sequence[Kept]) -> Heading:
    """Where a trend is heading. `kept`: every forecast of the series that may be told."""
    stretch = _stretch(trend)
    last = trend.spots[-1]
    made_from = quarters.from_dates(trend.kind, last.start_on, last.end_on)
    ahead = in_force(kept, made_from, fingerprint(stretch.points, trend.unit)) if stretch.why is None else ()
    points = [_point(spot, trend) for spot in trend.spots]
    rows = scored([k for k in kept if k.period.kind == trend.kind], points, unit=trend.unit, breaks=_breaks(trend))
    context = {
        "sentences": _sentences(trend, view, stretch, ahead),
        "rows": [_row(one, view) for one in ahead],
        "course": [*_pace(trend), *_fixed(trend, view)],
        "score": [score_words(score_of(rows, is_tried=t), is_tried=t) for t in (False, True)],
        "scored": [_scored(one, trend) for one in reversed(rows[-SCORED_ROWS:])],
    }
    return Heading(ahead, context)


def _point(spot: Spot, trend: Trend) -> Any:
    return spot.row.held.point(trend.unit) if spot.row.held else None


def _breaks(trend: Trend) -> list[Any]:
    return [found.on for found in trend.breaks]


def _stretch(trend: Trend) -> Stretch:
    points = [_point(spot, trend) for spot in trend.spots if spot.row.line.window is trend.window]
    return stretch_of(points, kind=trend.kind, window=trend.window, breaks=_breaks(trend))


def _sentences(trend: Trend, view: IndicatorView, stretch: Stretch, ahead: Sequence[Kept]) -> list[str]:
    if stretch.why is not None:
        why = why_words(
            stretch.why, held=len(stretch.points), noun=trend.noun, latest=trend.spots[-1].label,
            is_year_to_date=trend.window is Window.YEAR_TO_DATE,
        )  # fmt: skip
        return [f"No forecast is made. {why}"]
    if not ahead:
        return [f"No forecast is shown. {NOT_MADE}"]
    first = ahead[0]
    return [
        sentence
        for sentence in (heading_words(first), _chance(first, view), method_words(first, trend.noun))
        if sentence
    ]


def _chance(kept: Kept, view: IndicatorView) -> str:
    target = _target_for(kept.period, view)
    if target is None or target.is_suspended or target.target is None or view.line is None:
        return ""
    return chance_words(kept, target.pk, view.line.pk, target.target)


def _chance_alone(kept: Kept, view: IndicatorView) -> str:
    """The chance where there is one; that a target was changed is said once, above."""
    target = _target_for(kept.period, view)
    return _chance(kept, view) if target is not None and target.pk in kept.chances else ""


def _target_for(period: quarters.Period, view: IndicatorView) -> Target | None:
    """The target in force for a period; the list is newest first."""
    held = [t for t in view.targets if t.valid_from.start_on <= period.start_on]
    return max(held, key=lambda t: (t.valid_from.start_on, t.number), default=None)


def _row(kept: Kept, view: IndicatorView) -> dict[str, str]:
    """A period ahead as a row of the trend's table."""
    told = f"about {point_words(kept)}, likely (8 in 10) {band_words(kept)}"
    return {"label": kept.period.label, "told": told, "chance": _chance_alone(kept, view)}


def _pace(trend: Trend) -> list[str]:
    pace = year_pace(trend)
    return pace_words(pace, noun=trend.noun, places=trend.places) if pace else []


def _fixed(trend: Trend, view: IndicatorView) -> list[str]:
    held = [spot for one in view.trends for spot in one.spots]
    fixed = fixed_of(trend, held)
    present = trend.spots[-1].value
    if fixed is None or present is None:
        return []
    return [fixed_words(fixed, present=present, noun=trend.noun, places=trend.places)]


def _scored(one: Scored, trend: Trend) -> dict[str, Any]:
    spot = next(s for s in trend.spots if s.end_on == one.came.end_on)
    return {
        "made": "Afterwards" if one.kept.is_tried else dated(one.kept.made_on),
        "label": one.kept.period.label,
        "band": band_words(one.kept),
        "method": METHOD_WORDS[one.kept.method],
        "came": spot.text if spot.value is not None else "No number",
        "outcome": OUTCOME_WORDS[one.outcome],
        "is_scored": one.outcome.is_scored,
    }
