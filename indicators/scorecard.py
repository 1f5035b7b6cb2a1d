"""The rows of a scorecard and its headline: which figure stands for a line, how it is judged, what has changed.

Everything on a row is a fact; how it is written is the tables' business.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TypeVar

from indicators import quarters
from indicators.aggregation import Aggregation, total
from indicators.data_issues import WAITING, OpenIssue
from indicators.direction_of_travel import Change, Point, Window, compare, crosses_break, reach_start
from indicators.measurement import Basis, Measured
from indicators.phrases import cited
from indicators.rag import (
    RATING_ORDER,
    Judgement,
    MissingReason,
    NotJudged,
    Polarity,
    Rating,
    Standard,
    judge,
)
from indicators.relief import Relief
from indicators.units import Unit, written
from indicators.verdict import Verdict


@dataclass(frozen=True)
class Line:
    """A line of a scorecard as its definition and target stand for the period."""

    code: str
    slice: str
    name: str
    theme_code: str
    theme: str
    unit: Unit
    polarity: Polarity
    window: Window
    aggregation: Aggregation
    places: int
    frequency: str
    counts: str = "children"
    partner: str = ""
    partner_code: str = ""
    standard: Standard | None = None
    printed_tolerance: str = ""
    complement_sensitive: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """Indicator and slice: what tells it from every other line."""
        return self.code, self.slice


@dataclass(frozen=True)
class Held:
    """One revision of a figure, as a page needs it. `label` and `slug` name its period."""

    slug: str
    label: str
    start_on: date
    end_on: date
    measured: Measured
    flags: str = ""
    confidence: str = ""
    confidence_reason: str = ""
    validation_task: str = ""
    headline: str = ""
    commentary: str = ""
    not_reportable_code: str = ""
    responsible_role: str = ""
    expected_on: date | None = None
    source: str = ""
    paragraph: str = ""
    source_system: str = ""
    as_at_on: date | None = None
    known_on: date | None = None
    revision: int = 1
    is_corrected: bool = False
    correction: str = ""
    correction_reason: str = ""
    is_paper: bool = False
    figure_id: int | None = None

    @property
    def cited(self) -> str:
        """Paper and paragraph that it is from: "report 003 §28 table"; empty for a figure without a paper."""
        return cited(self.source, self.paragraph)

    def point(self, unit: Unit) -> Point:
        """The figure as comparisons and drawings take it."""
        m = self.measured
        return Point(self.start_on, self.end_on, m.number(unit), m.numerator, m.denominator, m.qualifier)


@dataclass(frozen=True)
class ScorecardRow:
    """A line with the figure that stands for it in the period, judged and compared; `parts`: what is held instead where
    figures of shorter periods make no total, in words; `verdict` where it was asked for: what its control chart says.
    """

    line: Line
    period: str
    held: Held | None
    judgement: Judgement
    since_previous: Change
    since_last_year: Change
    history: tuple[Held, ...] = ()
    breaks: tuple[date, ...] = ()
    queries: tuple[str, ...] = ()
    next_due_on: date | None = None
    relief: Relief | None = None
    issues: tuple[OpenIssue, ...] = ()
    parts: str = ""
    verdict: Verdict | None = None

    @cached_property
    def number(self) -> Decimal | None:
        """The value at full precision; None where there is none."""
        return self.held.measured.number(self.line.unit) if self.held else None

    @property
    def contradiction(self) -> Decimal | None:
        """What a stated figure's own parts give, where that is not what was printed."""
        return self.held.measured.contradiction(self.line.unit) if self.held else None

    @property
    def needs_caution(self) -> bool:
        """Whether a number is given, but with less than high confidence."""
        return self.held is not None and self.held.confidence in {"caution", "low"}


@dataclass(frozen=True)
class Headline:
    """Counts of a scorecard; they add up to its rows by construction and by test. `by_parts`: of the rows without a
    rating those that hold figures of shorter periods and no total, by what they say."""

    total: int
    by_rating: Mapping[Rating, int]
    with_caution: Mapping[Rating, int] = field(default_factory=dict)
    by_reason: Mapping[NotJudged, int] = field(default_factory=dict)
    with_relief: Mapping[Rating, int] = field(default_factory=dict)
    by_parts: Mapping[str, int] = field(default_factory=dict)

    @property
    def judged(self) -> int:
        """How many rows have a rating."""
        return self.total - self.by_rating[Rating.NOT_JUDGED]

    @property
    def judged_with_caution(self) -> int:
        """How many of the rows that have a rating need caution."""
        return sum(number for rating, number in self.with_caution.items() if rating is not Rating.NOT_JUDGED)

    def plus(self, other: "Headline") -> "Headline":
        """Both counts together."""
        return Headline(
            self.total + other.total,
            {r: self.by_rating[r] + other.by_rating[r] for r in RATING_ORDER},
            {r: self.with_caution.get(r, 0) + other.with_caution.get(r, 0) for r in RATING_ORDER},
            _added(self.by_reason, other.by_reason),
            {r: self.with_relief.get(r, 0) + other.with_relief.get(r, 0) for r in RATING_ORDER},
            _added(self.by_parts, other.by_parts),
        )


_Key = TypeVar("_Key")


def _added(one: Mapping[_Key, int], other: Mapping[_Key, int]) -> dict[_Key, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def standing_for(
    line: Line, period: quarters.Period, figures: Mapping[str, Held], breaks: Sequence[date] = ()
) -> tuple[Held | None, date | None]:
    """The figure that stands for a line in a period, from those held by period slug; and when the next is due.

    A line returned more often than the period is totalled as its definition says, but never across a break; one
    returned less often stands only in the period in which its own ends, and says otherwise when it is next due.
    """
    own = figures.get(period.slug)
    if own is not None or line.frequency == period.kind:
        return own, None
    parts = _parts(line.frequency, period)
    if parts:
        if is_cut_by_break(line, period, figures, breaks):
            return None, None
        return _totalled(line, period, [figures[p.slug] for p in parts if p.slug in figures], len(parts)), None
    longer = (
        quarters.financial_year_of(period.end_on)
        if line.frequency == "financial_year"
        else quarters.quarter_of(period.end_on)
    )
    if longer.end_on == period.end_on:
        return figures.get(longer.slug), None
    return None, longer.end_on


def is_cut_by_break(line: Line, period: quarters.Period, figures: Mapping[str, Held], breaks: Sequence[date]) -> bool:
    """Whether parts are held for the period but lie on both sides of a break, so that they make no total.

    The latest of them stands for itself, whatever was before.
    """
    parts = _parts(line.frequency, period)
    if period.slug in figures or line.aggregation in {Aggregation.LATEST, Aggregation.NONE}:
        return False
    if not any(part.slug in figures for part in parts):
        return False
    first, last = parts[0], parts[-1]
    whole = Point(reach_start(first.start_on, first.end_on, line.window), last.end_on, None)
    return crosses_break(whole, whole, breaks)


def _parts(frequency: str, period: quarters.Period) -> Sequence[quarters.Period]:
    if isinstance(period, quarters.Quarter):
        return period.months() if frequency == "month" else ()
    if isinstance(period, quarters.FinancialYear):
        if frequency == "quarter":
            return period.quarters()
        if frequency == "month":
            return [month for quarter in period.quarters() for month in quarter.months()]
    return ()


_PARTS_WORDS = {
    ("month", "quarter"): "monthly figures, no total for the quarter",
    ("month", "financial_year"): "monthly figures, no total for the year",
    ("quarter", "financial_year"): "quarterly figures, no total for the year",
}


def _parts_words(line: Line, period: quarters.Period, figures: Mapping[str, Held]) -> str:
    """What is held of a line without a total where a part of the period has a number; empty where none has."""
    numbers = (figures[p.slug].measured.number(line.unit) for p in _parts(line.frequency, period) if p.slug in figures)
    held = any(number is not None for number in numbers)
    return _PARTS_WORDS[line.frequency, period.kind] if held else ""


def _is_empty(part: Held) -> bool:
    """Whether there was nobody to count."""
    return part.measured.missing_reason is MissingReason.NO_COHORT


def _addend(part: Held, unit: Unit) -> Point:
    """A part as totals take it: no cohort is 0 of 0."""
    if _is_empty(part):
        return Point(part.start_on, part.end_on, None, Decimal(0), Decimal(0))
    return part.point(unit)


def _totalled(line: Line, period: quarters.Period, parts: Sequence[Held], expected: int) -> Held | None:
    """The total of all the parts, with every doubt about those that it is made of; None when one is missing."""
    result = total([_addend(p, line.unit) for p in parts], line.aggregation, line.unit, expected)
    if not result.complete or not parts:
        return None
    latest = max(parts, key=lambda p: p.end_on)
    if line.aggregation is Aggregation.LATEST:
        return replace(
            latest, slug=period.slug, label=period.label, start_on=period.start_on, end_on=period.end_on, figure_id=None
        )
    qualifier = "~" if any(p.measured.qualifier == "~" for p in parts) else ""
    if all(map(_is_empty, parts)):
        measured = Measured(Basis.MISSING, missing_reason=MissingReason.NO_COHORT)
    elif result.denominator and line.aggregation is Aggregation.POOLED_RATIO:
        measured = Measured(Basis.DERIVED, result.numerator, result.denominator, qualifier=qualifier)
    elif result.value is not None:
        measured = Measured(Basis.VALUE_ONLY, value=result.value, qualifier=qualifier)
    else:
        return None
    return Held(
        slug=period.slug,
        label=period.label,
        start_on=period.start_on,
        end_on=period.end_on,
        measured=measured,
        flags=" ".join(sorted({f for p in parts for f in p.flags.split()})),
        confidence=next((c for c in ("low", "caution") if any(p.confidence == c for p in parts)), ""),
        confidence_reason=_together(p.confidence_reason for p in parts),
        validation_task=_together(p.validation_task for p in parts),
        headline=latest.headline,
        commentary=latest.commentary,
        source=latest.source,
        known_on=max((p.known_on for p in parts if p.known_on), default=None),
        is_corrected=any(p.is_corrected for p in parts),
        correction=_together(p.correction for p in parts),
        correction_reason=_together(p.correction_reason for p in parts),
        is_paper=all(p.is_paper for p in parts),
    )


def _together(texts: Iterable[str]) -> str:
    """What the parts say, each thing once."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def build_row(
    line: Line,
    period: quarters.Period,
    figures: Mapping[str, Held],
    *,
    breaks: Sequence[date] = (),
    queries: Sequence[str] = (),
    history: Sequence[Held] = (),
    relief: Relief | None = None,
    issues: Sequence[OpenIssue] = (),
) -> ScorecardRow:
    """One row: the figure that stands for the line, its rating, and its change since the previous period and the same
    period a year earlier. `figures` are those held for the series by period slug, `history` those to draw; `relief` the
    one that holds for the line in this period, which stands beside the rating and never changes it."""
    held, next_due_on = standing_for(line, period, figures, breaks)
    if next_due_on is not None:
        judgement = Judgement(Rating.NOT_JUDGED, NotJudged.NOT_YET_DUE)
    elif is_cut_by_break(line, period, figures, breaks):
        judgement = Judgement(Rating.NOT_JUDGED, NotJudged.BREAK_WITHIN)
    else:
        judgement = judge(held.measured.measure(line.unit) if held else None, line.standard)
    before, a_year_before = _earlier(period)
    return ScorecardRow(
        line=line,
        period=period.slug,
        held=held,
        judgement=judgement,
        since_previous=_since(line, held, standing_for(line, before, figures)[0], breaks),
        since_last_year=_since(line, held, standing_for(line, a_year_before, figures)[0], breaks, a_year=True),
        history=tuple(history),
        breaks=tuple(breaks),
        queries=tuple(queries) or _own_contradiction(line, held),
        next_due_on=next_due_on,
        relief=relief,
        issues=tuple(issues) if next_due_on is None and _waits(held) else (),
        parts=_parts_words(line, period, figures) if held is None else "",
    )


@lru_cache(maxsize=64)
def _earlier(period: quarters.Period) -> tuple[quarters.Period, quarters.Period]:
    """The period before and the same a year earlier; kept, for every row of a page compares with the same two."""
    return period.previous(), period.same_period_last_year()


_DAYS = {"month": (28, 31), "quarter": (89, 92), "financial_year": (365, 366)}


def of_frequency(figures: Iterable[Held], frequency: str) -> list[Held]:
    """The figures of periods of a line's own frequency, in the order given."""
    shortest, longest = _DAYS[frequency]
    return [f for f in figures if shortest <= (f.end_on - f.start_on).days + 1 <= longest]


def _waits(held: Held | None) -> bool:
    """Whether there is no number, and somebody has to put that right."""
    return held is None or held.measured.missing_reason in WAITING


def _own_contradiction(line: Line, held: Held | None) -> tuple[str, ...]:
    """The query that a stated figure raises by itself when its own parts give another value."""
    found = held.measured.contradiction(line.unit) if held else None
    if held is None or found is None or held.measured.value is None:
        return ()
    stated = written(held.measured.value, line.unit)
    return (f"{stated} is printed, but its own numerator and denominator give {written(found, line.unit)}.",)


def _months(held: Held) -> int:
    """How many months a figure is for."""
    return (held.end_on.year - held.start_on.year) * 12 + held.end_on.month - held.start_on.month + 1


def _since(line: Line, now: Held | None, then: Held | None, breaks: Sequence[date], *, a_year: bool = False) -> Change:
    if now and then and _months(now) != _months(then):
        then = None  # a year is not compared with a quarter
    return compare(
        now.point(line.unit) if now else None,
        then.point(line.unit) if then else None,
        polarity=line.polarity,
        unit=line.unit,
        places=line.places,
        window=line.window,
        breaks=breaks,
        same_point_last_year=a_year,
        target=line.standard.target if line.standard else None,
    )


def headline(rows: Iterable[ScorecardRow]) -> Headline:
    """The counts of the rows, by rating, by reason where there is none, and how many need caution or have relief."""
    by_rating = dict.fromkeys(RATING_ORDER, 0)
    with_caution = dict.fromkeys(RATING_ORDER, 0)
    with_relief = dict.fromkeys(RATING_ORDER, 0)
    by_reason: dict[NotJudged, int] = {}
    by_parts: dict[str, int] = {}
    number = 0
    for row in rows:
        number += 1
        by_rating[row.judgement.rating] += 1
        with_caution[row.judgement.rating] += row.needs_caution
        with_relief[row.judgement.rating] += row.relief is not None
        if row.judgement.reason is not None:
            by_reason[row.judgement.reason] = by_reason.get(row.judgement.reason, 0) + 1
        if row.parts:
            by_parts[row.parts] = by_parts.get(row.parts, 0) + 1
    return Headline(number, by_rating, with_caution, by_reason, with_relief, by_parts)


def worst_first(rows: Iterable[ScorecardRow]) -> list[ScorecardRow]:
    """Outside, within, better, no figure; within each in the order given."""
    return sorted(rows, key=lambda row: RATING_ORDER.index(row.judgement.rating))


def without_parts(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The rows less the parts of those whose whole stands among them."""
    wholes = {row.line.code for row in rows if not row.line.slice}
    return [row for row in rows if not row.line.slice or row.line.code not in wholes]


def chosen(
    rows: Iterable[ScorecardRow], *, theme: str = "", rating: str = "", partner: str = "", text: str = ""
) -> list[ScorecardRow]:
    """The rows that pass every filter given; `text` is looked for in the indicator's name."""
    words = text.casefold().split()
    return [
        row
        for row in rows
        if (not theme or row.line.theme_code == theme)
        and (not rating or row.judgement.rating.value == rating)
        and (not partner or row.line.partner_code == partner)
        and all(word in row.line.name.casefold() for word in words)
    ]
