"""The control chart of a trend: whether its latest figure is a real change, and whether it will meet its target.

Only figures of a period of their own are charted; those that overlap or are read once never are. Nothing is charted
across a break in the series or across a period without a figure, and 13 figures in a row are the fewest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.direction_of_travel import Window
from indicators.rag import Polarity
from indicators.share_charts import METHOD_WORDS, Method, Parts, method_of, parts_chart
from indicators.spc import (
    FEWEST,
    RUN,
    Assurance,
    Cause,
    Chart,
    Dot,
    Improvement,
    Limits,
    Note,
    Rules,
    Variation,
    assurance,
    xmr,
)
from indicators.trend import Spot, Trend, are_neighbours
from indicators.units import WIDE, factor, is_ratio, is_share
from indicators.verdict import Why

_IMPROVEMENT = {
    Polarity.HIGHER: Improvement.INCREASE,
    Polarity.LOWER: Improvement.DECREASE,
    Polarity.BAND: Improvement.NEUTRAL,
    Polarity.NONE: Improvement.NEUTRAL,
}


@dataclass(frozen=True)
class NoChart:
    """That a trend has no control chart, and why in a sentence; `figures` how many in a row there would be."""

    why: Why
    sentence: str
    figures: int = 0


@dataclass(frozen=True)
class Placed:
    """A figure of the trend with its dot, all of it in the unit of the trend."""

    spot: Spot
    dot: Dot


@dataclass(frozen=True)
class Control:
    """The control chart of a trend: its placed figures in order, and what it says of the latest ones.

    `stretch` are the figures that the latest limits are of; where nothing else was asked, the latest alone is placed.
    """

    placed: tuple[Placed, ...]
    method: Method
    note: Note | None
    rules: Rules
    assurance: Assurance | None
    stretch: tuple[Spot, ...]

    @property
    def first(self) -> Spot:
        """The first figure of the stretch that the latest limits are of."""
        return self.stretch[0]

    @property
    def latest(self) -> Placed:
        """The latest figure."""
        return self.placed[-1]

    @property
    def variation(self) -> Variation:
        """What the cause of the latest figure means."""
        return self.latest.dot.variation

    @property
    def cause(self) -> Cause:
        """What the latest figure is part of."""
        return self.latest.dot.cause

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every mean and limit that is drawn."""
        found = [v for one in self.placed for v in (one.dot.limits.mean, one.dot.limits.lower, one.dot.limits.upper)]
        return tuple(v for v in found if v is not None)

    def of(self, spot: Spot) -> Dot | None:
        """The dot of a figure; None where it is on no chart."""
        return next((one.dot for one in self.placed if one.spot.slug == spot.slug), None)

    @property
    def variation_words(self) -> str:
        """What the variation of the latest figure means, in words."""
        return VARIATION_WORDS[self.variation]

    @property
    def assurance_words(self) -> str:
        """Whether it will meet its target, in words; empty without a target."""
        return ASSURANCE_WORDS[self.assurance] if self.assurance else ""

    @property
    def sentence(self) -> str:
        """What the chart says: of the latest figure, of its target, and how the limits were made."""
        label = self.latest.spot.label
        said = [f"{label}: {CAUSE_WORDS[self.cause]}."]
        if self.assurance:
            said.append(f"{ASSURANCE_WORDS[self.assurance]} if nothing changes.")
        said.append(f"{METHOD_WORDS[self.method]}, from {self.first.label} on. Rules: {self.rules.value}.")
        if self.note:
            said.append(NOTE_WORDS[self.note])
        return " ".join(said)


VARIATION_WORDS = {
    Variation.COMMON: "No special cause",
    Variation.IMPROVEMENT: "Special cause, improving",
    Variation.CONCERN: "Special cause, of concern",
    Variation.NEUTRAL_HIGH: "Special cause, higher",
    Variation.NEUTRAL_LOW: "Special cause, lower",
}
ASSURANCE_WORDS = {
    Assurance.PASS: "The target will be met",
    Assurance.FAIL: "The target will be missed",
    Assurance.INCONSISTENT: "The target will be met in some periods and missed in others",
}
CAUSE_WORDS = {
    Cause.COMMON: "no more than the usual ups and downs",
    Cause.ABOVE_LIMIT: "above the upper limit, which chance alone hardly gives",
    Cause.BELOW_LIMIT: "below the lower limit, which chance alone hardly gives",
    Cause.RISING: "part of a rise of seven figures in a row",
    Cause.FALLING: "part of a fall of seven figures in a row",
    Cause.TWO_ABOVE: "two of three figures in a row near the upper limit",
    Cause.TWO_BELOW: "two of three figures in a row near the lower limit",
    Cause.RUN_ABOVE: "part of seven figures in a row above the mean",
    Cause.RUN_BELOW: "part of seven figures in a row below the mean",
}
NOTE_WORDS = {
    Note.NO_VARIATION: "The figure never moved, so there are no limits.",
    Note.NOT_SCREENED: "No large step was left out for the limits: otherwise nothing would have been left.",
}


def control_of(trend: Trend, rules: Rules = Rules.MDC_2023, *, only_latest: bool = False) -> Control | NoChart:
    """The control chart of a trend, or why there is none; `only_latest`: with the latest figure alone placed, for who
    asks nothing else. What it is part of hangs on the last seven figures alone, and their limits on the whole stretch.
    """
    if trend.window in {Window.ROLLING_12_MONTHS, Window.YEAR_TO_DATE}:
        return NoChart(
            Why.OVERLAPPING,
            "Each figure holds part of the one before, so that a change shows in many of them and "
            "limits would mark what has not changed.",
        )
    if trend.window is not Window.PERIOD:
        return NoChart(
            Why.READ_ONCE,
            "The figure is read on one day or of one group, and who was counted then is counted again the next time.",
        )
    own = stretches(trend)
    last = own[-1] if own else ()
    if len(last) < FEWEST:
        return _too_few(trend, last, is_cut=len(own) > 1)
    drawn = own[-1:] if only_latest else [spots for spots in own if len(spots) >= FEWEST]
    charted = [(spots, *_charted(trend, spots, rules, RUN if only_latest else None)) for spots in drawn]
    placed = [
        Placed(spot, dot)
        for spots, chart, _ in charted
        for spot, dot in zip(spots[-len(chart.dots) :], chart.dots, strict=True)
    ]
    spots, chart, method = charted[-1]
    placed = placed[-1:] if only_latest else placed
    return Control(tuple(placed), method, chart.notes[-1], rules, _assurance(trend, chart), spots)


def _too_few(trend: Trend, last: Sequence[Spot], *, is_cut: bool) -> NoChart:
    since = " since the series broke or a figure was missing" if is_cut else ""
    return NoChart(
        Why.TOO_FEW,
        f"{len(last)} of {FEWEST} figures in a row are held{since}. Limits of fewer move with every {trend.noun}.",
        len(last),
    )


def stretches(trend: Trend) -> tuple[tuple[Spot, ...], ...]:
    """The runs of neighbouring exact numbers that no break divides, in order."""
    found: list[list[Spot]] = []
    exact = [spot for spot in trend.numbers if not spot.is_limit]
    for spot in exact:
        before = found[-1][-1] if found else None
        if before is None or not are_neighbours(before, spot) or trend.breaks_between(before, spot):
            found.append([])
        found[-1].append(spot)
    return tuple(tuple(one) for one in found)


def _charted(trend: Trend, spots: Sequence[Spot], rules: Rules, last: int | None) -> tuple[Chart, Method]:
    """The chart of one stretch in the unit of the trend; of its `last` so many figures (None: of all)."""
    improvement = _IMPROVEMENT[trend.polarity]
    parts = [_parts(spot) for spot in spots]
    if not is_ratio(trend.unit) or any(one is None for one in parts):
        values = [spot.value for spot in spots]
        return xmr(values, improvement=improvement, rules=rules, last=last), Method.XMR
    method = method_of(parts, is_share=is_share(trend.unit))
    chart = parts_chart(parts, method=method, improvement=improvement, rules=rules, last=last)
    times = Decimal(factor(trend.unit))
    dots = tuple(_scaled(dot, times) for dot in chart.dots)
    return Chart(dots, chart.counts, chart.notes, chart.rules), method


def _parts(spot: Spot) -> Parts | None:
    measured = spot.row.held.measured if spot.row.held else None
    if measured is None or measured.numerator is None or not measured.denominator:
        return None
    return Parts(measured.numerator, measured.denominator)


def _scaled(dot: Dot, times: Decimal) -> Dot:
    def scaled(value: Decimal | None) -> Decimal | None:
        return None if value is None else WIDE.multiply(value, times)

    own = dot.limits
    drawn = (own.mean, own.lower, own.upper, own.near_lower, own.near_upper, own.mark_above)
    limits = Limits(*map(scaled, drawn))
    return Dot(scaled(dot.value), dot.group, limits, dot.cause, dot.variation)


def _assurance(trend: Trend, chart: Chart) -> Assurance | None:
    standard = trend.standard_on(trend.numbers[-1].start_on)
    target = None if standard is None or standard.suspended else standard.target
    return assurance(chart, _IMPROVEMENT[trend.polarity], target)
