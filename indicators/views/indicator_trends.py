"""The trends on an indicator's page: finding, drawing, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils.safestring import mark_safe

from indicators import marks, rag
from indicators.charts import trend_figure
from indicators.committee_table import COMMITTEE_TABLE
from indicators.control import CAUSE_WORDS, VARIATION_WORDS, Control, NoChart, control_of
from indicators.direction_of_travel import Change, Window, shared_months, written_change
from indicators.drawing_style import RINGS
from indicators.finding import finding
from indicators.forecast_drawing import KEY as AHEAD_KEY
from indicators.kept_forecast import Kept
from indicators.official_lines import values_of
from indicators.phrases import lowered
from indicators.scorecard import ScorecardRow
from indicators.selectors.benchmarks import IndicatorComparison
from indicators.selectors.indicators import IndicatorView
from indicators.spc import Cause, Dot
from indicators.trend import ADJECTIVES, IN_THE_TABLE, Spot, Trend, are_neighbours, axis_sentence, chart_sentence
from indicators.trend_drawing import Words, trend_svg
from indicators.views.indicator_ahead import Heading, heading_of
from indicators.views.indicator_benchmarks import Beside, drawn_beside
from indicators.views.indicator_texts import page_url

# A table holds so many rows before the earlier ones wait to be asked for.
ROWS_AT_FIRST = 36
_BESIDE = "Official figures are drawn beside them; each is in the table under “How we compare”."


def section_of(
    trend: Trend,
    view: IndicatorView,
    url: str,
    *,
    is_rated: bool,
    shows_all: bool = False,
    comparison: IndicatorComparison | None = None,
    kept: Sequence[Kept] = (),
) -> dict[str, Any]:
    """A trend as the page shows it; of a long one the table of the latest figures, unless all are asked for. Official
    figures of other areas are drawn among its own where they may stand there; `kept` are the forecasts that may be
    told."""
    said = finding(trend)
    drawn = drawing_of(trend, view, comparison, kept)
    sentences = [said.sentence, _earlier_definition(trend, view), drawn.axis_words]
    is_drawn, control, name = drawn.is_drawn, drawn.control, view.name
    table = _table(trend)
    left = 0 if shows_all or len(table) < ROWS_AT_FIRST + 5 else len(table) - ROWS_AT_FIRST
    here = page_url(url, view.line.scorecard.code if view.line else "", view.period.slug)
    return {
        "kind": trend.kind,
        "caption": f"{ADJECTIVES[trend.kind].capitalize()} figures",
        "heading": said.heading,
        "sentence": " ".join(text for text in sentences if text),
        "chart": drawn.figure if is_drawn else None,
        "drawing": mark_safe(drawn.svg(drawn.label(name))) if is_drawn else "",  # noqa: S308
        "label": drawn.label(name) if is_drawn else "",
        "key": f"In the drawing: {drawn.key}." if is_drawn else "",
        "official": drawn.beside.words,
        "heading_to": drawn.heading.context,
        "control": control,
        "columns": 5 + is_rated + (control is not None),
        "note": drawn.no_limits if is_drawn else "",
        "table": [row if isinstance(row, dict) else _spot(row, view, url, control) for row in table[left:]],
        "earlier": f"{left} earlier rows are drawn above and left out here." if left else "",
        "earlier_url": f"{here}&rows=all#finding-{trend.kind}",
        "table_name": f"{name}, {ADJECTIVES[trend.kind]} figures",
    }


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a trend, the same on the page, where no script runs, and in a file: its figures on axes that
    hold everything, limits or why there are none, official lines, and the forecast."""

    trend: Trend
    found: Control | NoChart
    beside: Beside
    heading: Heading

    @property
    def is_drawn(self) -> bool:
        """Whether there are two numbers to draw."""
        return len(self.trend.numbers) > 1

    @property
    def control(self) -> Control | None:
        """The control chart, where there is one."""
        return self.found if isinstance(self.found, Control) else None

    @property
    def no_limits(self) -> str:
        """Why no control limits are drawn; empty where they are."""
        return (_nolimits(self.trend) or self.found.sentence) if isinstance(self.found, NoChart) else ""

    @property
    def axis_words(self) -> str:
        """That the axis does not start at 0, if so."""
        return axis_sentence(self.trend.axis, self.trend.unit) if self.is_drawn else ""

    @property
    def key(self) -> str:
        """What the shapes and lines mean, save those of official figures."""
        return _key(self.trend, self.control, is_ahead=bool(self.heading.ahead))

    @property
    def figure(self) -> dict[str, Any]:
        """The drawing for the script."""
        return trend_figure(self.trend, self.control, self.beside.lines, self.heading.ahead)

    def label(self, name: str, *, is_on_page: bool = True) -> str:
        """What is drawn in a sentence, for who cannot see it."""
        said = chart_sentence(self.trend, name)
        if not is_on_page:
            return " ".join(filter(None, (said.removesuffix(IN_THE_TABLE), self.heading.sentence, self.beside.words)))
        return " ".join(filter(None, (said, self.heading.sentence, _BESIDE if self.beside.lines else "")))

    def svg(self, label: str, words: Words | None = None) -> str:
        """The drawing as text that is safe on a page; with `words` as a file that stands for itself."""
        return trend_svg(
            self.trend, self.control, self.beside.lines, self.heading.ahead, label=label, words=words
        )  # fmt: skip


def drawing_of(
    trend: Trend, view: IndicatorView, comparison: IndicatorComparison | None, kept: Sequence[Kept]
) -> Drawing:
    """The drawing of a trend. `comparison`: the official figures that the indicator may be held beside; `kept`: the
    forecasts of the series that may be told."""
    found = control_of(trend)
    beside = drawn_beside(trend, comparison) if len(trend.numbers) > 1 else Beside()
    heading = heading_of(trend, view, kept)
    limits = found.values if isinstance(found, Control) else ()
    on_axes = heading.drawn(replace(trend, also_drawn=(*limits, *values_of(beside.lines))))
    return Drawing(on_axes, found, beside, heading)


def _earlier_definition(trend: Trend, view: IndicatorView) -> str:
    """Says so where some of the figures were counted by another definition than the one in force."""
    other = {r.figure.period.slug: r.version for r in view.revisions if r.version.number < view.version.number}
    earlier = [spot for spot in trend.spots if spot.slug in other]
    if not earlier:
        return ""
    last = earlier[-1]
    return f"Up to {last.label} an earlier definition was in force (version {other[last.slug].number}, below)."


def _key(trend: Trend, control: Control | None, *, is_ahead: bool) -> str:
    """How to read the drawing: what the shapes and dotted lines in it mean."""
    shapes = {
        rag.Rating.BETTER: "circle, better than target",
        rag.Rating.WITHIN: "diamond, within tolerance",
        rag.Rating.OUTSIDE: "filled square, outside tolerance",
        rag.Rating.NOT_JUDGED: "small open square, not judged",
    }
    found = {s.rating for s in trend.numbers}
    told = [text for rating, text in shapes.items() if rating in found]
    if any(s.is_queried for s in trend.numbers):
        told.append("large open shape, under query")
    if any(s.is_restated for s in trend.numbers):
        told.append("open shape with a cross above or below it, restated; the cross is what was approved before")
    if any(not is_solid for _, _, is_solid in trend.joins):
        told.append("dotted line, something between is not held or not exact")
    if control is not None:
        told += ["thin line, mean of the stretch; dashed lines, its control limits"]
        marked = {one.dot.variation for one in control.placed}
        told += [words for variations, *_, words in RINGS if marked & variations]
    if is_ahead:
        told.append(AHEAD_KEY)
    return "; ".join(told)


def _nolimits(trend: Trend) -> str:
    """Why no control limits could be drawn, for figures that overlap."""
    if trend.window is Window.YEAR_TO_DATE:
        return "Each figure contains those before it in the same year, so the points are not independent of each other."
    if trend.window is not Window.ROLLING_12_MONTHS:
        return ""
    shared = next((shared_months(a.end_on, b.end_on) for a, b in pairwise(trend.numbers)), 0)
    return (
        f"Each {trend.noun} shares {shared} of its 12 months with the one before, so the points are not independent of "
        "each other, and limits worked out from them would be false."
    )


def _table(trend: Trend) -> list[Spot | dict[str, Any]]:
    """Every held figure, oldest first, with a row for each stretch without one and for each break. A figure is not
    written yet: of a long trend most are not shown."""
    rows: list[Spot | dict[str, Any]] = []
    before: Spot | None = None
    for spot in trend.spots:
        if before is not None:
            rows += _between(before, spot, trend)
        rows.append(spot)
        before = spot
    return rows


def _between(before: Spot, spot: Spot, trend: Trend) -> list[dict[str, Any]]:
    periods = []
    if not are_neighbours(before, spot):
        periods = [p for p in trend.periods if before.end_on < p.start_on < spot.start_on]
    rows: list[dict[str, Any]] = []
    if periods:
        labels = periods[0].label if len(periods) == 1 else f"{periods[0].label} to {periods[-1].label}"
        rows.append({"span": f"{labels}: no figure held", "css": "gap"})
    for found in trend.breaks:
        if before.start_on < found.on <= spot.end_on:
            where = "" if found.on > before.end_on else f" inside {before.label}"
            text = f"Series breaks{where}, {found.when}: {lowered(found.words)}"
            rows.append({"span": text, "css": "break"})
    return rows


def _spot(spot: Spot, view: IndicatorView, url: str, control: Control | None) -> dict[str, Any]:
    row = spot.row
    cells = COMMITTEE_TABLE.cells(row, only=("rating", "target"))
    rating, *notes = cells["rating"]
    if spot.is_restated:
        notes.append(f"Restated, was {spot.former_text}")
    change = row.since_previous
    return {
        "label": spot.label,
        "url": page_url(url, view.line.scorecard.code if view.line else "", spot.slug),
        "is_this": spot.slug == view.period.slug,
        "figure": "" if spot.value is None else spot.text,
        "no_figure": rating,
        "counts": spot.counts,
        "rating": mark_safe(marks.rating_short(spot.rating.value, rag.short_words(spot.rating, row.judgement.reason))),  # noqa: S308
        "notes": notes,
        "target": " ".join(cells["target"]),
        "change": _short_change(change, row),
        "variation": _variation(spot, control),
    }


def _variation(spot: Spot, control: Control | None) -> str:
    """What the chart says of a figure; empty where it is on none."""
    dot = control.of(spot) if control else None
    return "" if dot is None else f"{VARIATION_WORDS[dot.variation]}{_why(dot)}"


def _why(dot: Dot) -> str:
    return "" if dot.cause is Cause.COMMON else f": {CAUSE_WORDS[dot.cause]}"


def _short_change(change: Change, row: ScorecardRow) -> str:
    text = written_change(change, row.line.unit, row.line.places)
    return mark_safe(marks.no_figure(text)) if change.reason == "no_earlier_figure" else text  # noqa: S308
