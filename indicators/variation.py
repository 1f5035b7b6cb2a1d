"""Whether figures of a scorecard really changed: the control chart of each line, and what chance alone would mark."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from indicators import quarters
from indicators.control import Control, NoChart, control_of, stretches
from indicators.direction_of_travel import Change, ChangeCode
from indicators.phrases import listed
from indicators.rag import Judgement, NotJudged, Rating, judge
from indicators.scorecard import Held, Line, ScorecardRow, of_frequency
from indicators.spc import Assurance, Variation
from indicators.trend import InForce, Spot, Trend, TrendBreak, spot_of
from indicators.verdict import Verdict, Why

_UNJUDGED = Judgement(Rating.NOT_JUDGED, NotJudged.NO_TARGET)
_NOTHING = Change(ChangeCode.NOT_COMPARED, reason="no_earlier_figure")


@dataclass(frozen=True)
class Seen:
    """The trend that a line is charted from, what its chart says, and the figures that the limits rest on."""

    trend: Trend
    verdict: Verdict
    charted: tuple[Held, ...]

    @cached_property
    def found(self) -> Control | NoChart:
        """The whole chart, to be drawn; its latest figure says what the verdict does."""
        return control_of(self.trend)


def _spot(line: Line, held: Held) -> Spot:
    """A figure as a chart takes it; its words are left out, for a scorecard holds thousands of them."""
    row = ScorecardRow(line, held.slug, held, _UNJUDGED, _NOTHING, _NOTHING)
    number, qualifier = held.measured.number(line.unit), held.measured.qualifier
    start_on, end_on = held.start_on, held.end_on
    return Spot(row, held.slug, held.label, start_on, end_on, number, qualifier, "", "", Rating.NOT_JUDGED, "")


def trend_of(line: Line, figures: Iterable[Held], *, breaks: Iterable[date], since: date | None = None) -> Trend:
    """The figures of a line's own frequency, oldest first, as its chart takes them: those from the day on since which
    they are in the unit in force, held against the standard of the line."""
    own = [held for held in of_frequency(figures, line.frequency) if since is None or since <= held.start_on]
    return Trend(
        kind=line.frequency,
        unit=line.unit,
        places=line.places,
        polarity=line.polarity,
        window=line.window,
        spots=tuple(_spot(line, held) for held in sorted(own, key=lambda held: held.start_on)),
        standards=() if line.standard is None else (InForce(date.min, line.standard),),
        breaks=tuple(TrendBreak(day, "", "") for day in breaks),
    )


def seen(row: ScorecardRow, period: quarters.Period, figures: Iterable[Held], *, since: date | None = None) -> Seen:
    """What the chart of a row says in a period, from its `figures` up to the end of it, in any order. `since` is the
    day from which they are in the unit in force (None: all of them).

    The latest figure must be of this period: what an earlier one was part of says nothing of now.
    """
    trend = trend_of(row.line, figures, breaks=row.breaks, since=since)
    found = control_of(trend, only_latest=True)
    if isinstance(found, NoChart):
        rests_on = stretches(trend)[-1:] if found.why is Why.TOO_FEW else ()
        verdict = Verdict(why=found.why, figures=found.figures)
        return Seen(trend, verdict, tuple(_held(s) for one in rests_on for s in one))
    charted = tuple(map(_held, found.stretch))
    if not period.start_on <= found.latest.spot.end_on <= period.end_on:
        return Seen(trend, Verdict(why=Why.NO_FIGURE), charted)
    verdict = Verdict(
        variation=found.variation,
        cause=found.cause,
        assurance=found.assurance,
        figures=len(charted),
        first=found.first.slug,
        method=found.method,
        rules=found.rules,
    )
    return Seen(trend, verdict, charted)


def _held(spot: Spot) -> Held:
    assert spot.row.held is not None  # noqa: S101
    return spot.row.held


def worded(trend: Trend, *, every: bool = False) -> Trend:
    """The trend with the words and ratings of the figures that its drawing and sentence name: the first, the last, the
    lowest, the highest, and each that is a limit or approximate; or of every one."""
    numbers = trend.numbers
    if not numbers:
        return trend
    if every:
        return replace(trend, spots=tuple(_worded(s, trend) for s in trend.spots))
    named = {numbers[0].slug, numbers[-1].slug, *(s.slug for s in numbers if s.qualifier)}
    named |= {min(numbers, key=_number).slug, max(numbers, key=_number).slug}
    return replace(trend, spots=tuple(_worded(s, trend) if s.slug in named else s for s in trend.spots))


def _worded(spot: Spot, trend: Trend) -> Spot:
    line = replace(spot.row.line, standard=trend.standard_on(spot.start_on))
    judgement = judge(_held(spot).measured.measure(line.unit), line.standard)
    return spot_of(replace(spot.row, line=line, judgement=judgement))


def _number(spot: Spot) -> Decimal:
    return spot.value or Decimal(0)


# Filters


_WANTED = {
    "improving": frozenset({Variation.IMPROVEMENT}),
    "concern": frozenset({Variation.CONCERN}),
    "neither": frozenset({Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW}),
    "common": frozenset({Variation.COMMON}),
    "none": frozenset({None}),
}
VARIATION_FILTERS = (
    ("improving", "Special cause, improving"),
    ("concern", "Special cause, of concern"),
    ("neither", "Special cause, neither way better"),
    ("common", "No special cause"),
    ("none", "No limits"),
)
_ASSURED = {"met": Assurance.PASS, "missed": Assurance.FAIL, "sometimes": Assurance.INCONSISTENT}
ASSURANCE_FILTERS = (
    ("met", "Reliably meets the target"),
    ("missed", "Reliably misses the target"),
    ("sometimes", "Meets it in some periods only"),
)


def chosen_by_chart(rows: Sequence[ScorecardRow], variation: str = "", assurance: str = "") -> list[ScorecardRow]:
    """The rows whose chart says so, by the codes of the filters; an empty one leaves none out."""
    return [
        row
        for row in rows
        if (not variation or (row.verdict is not None and row.verdict.variation in _WANTED[variation]))
        and (not assurance or (row.verdict is not None and row.verdict.assurance is _ASSURED[assurance]))
    ]


# What chance alone would mark


@dataclass(frozen=True)
class Counted:
    """Of so many rows so many have a chart; so many of those mark their latest figure; and by chance alone how many
    would, if nothing had changed."""

    rows: int
    charts: int
    marked: int
    by_chance: Decimal
    rules: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The same in words, with what it rests on; empty where nothing has a chart."""
        if not self.charts:
            return ""
        return (
            f"{_of_charts(self.charts)}, {self.marked or 'none'} {_marks(self.marked)} the latest figure as a special "
            f"cause. If nothing had changed, chance alone would still mark {_about(self.by_chance)}: about 1 to 2 in "
            f"100 of latest figures, where they are independent of each other. Rules: {listed(self.rules)}."
        )


def counted(verdicts: Iterable[tuple[str, Decimal | None, str]]) -> Counted:
    """The charts of rows and what chance would mark of them, from each row's code of variation (empty: no chart), its
    share by chance and the name of its rules."""
    told = list(verdicts)
    charted = [(variation, chance or Decimal(0), rules) for variation, chance, rules in told if variation]
    return Counted(
        rows=len(told),
        charts=len(charted),
        marked=sum(variation != Variation.COMMON for variation, _, _ in charted),
        by_chance=sum((chance for _, chance, _ in charted), Decimal(0)),
        rules=tuple(dict.fromkeys(rules for _, _, rules in charted)),
    )


def counted_rows(rows: Iterable[ScorecardRow]) -> Counted:
    """The same of the rows of a scorecard."""
    verdicts = [row.verdict or Verdict() for row in rows]
    return counted((v.variation or "", v.chance, v.rules or "") for v in verdicts)


def _of_charts(number: int) -> str:
    return "Of 1 chart" if number == 1 else f"Of {number} charts"


def _marks(number: int) -> str:
    return "mark" if number > 1 else "marks"


def _about(expected: Decimal) -> str:
    """ "fewer than one (about 0.4)", "about 1.5"."""
    text = f"about {expected.quantize(Decimal('0.1'))}" if expected >= Decimal("0.05") else ""
    if expected >= 1:
        return text
    return f"fewer than one ({text})" if text else "fewer than one"
