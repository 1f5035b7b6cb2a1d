"""Reads how an indicator of a stage has gone: a trend for each kind of period, with every figure's source."""

from dataclasses import dataclass
from decimal import Decimal

from indicators import quarters
from indicators.direction_of_travel import Window
from indicators.rag import Polarity
from indicators.scorecard import Held, build_row
from indicators.selectors.books import Book
from indicators.trend import KINDS, Spot, Trend, TrendBreak, spot_of
from indicators.units import Unit
from referrals.selectors.standing import breaks_of, line_of, total_in
from referrals.volumes import Volume, per_working_day

_SHORTER = {"quarter": "month", "financial_year": "month"}
BREAK_WORDS = "Counted in another way"


@dataclass(frozen=True)
class Point:
    """One figure of a trend, with what came on a working day (None: no volume) and the total of its shorter periods
    where those are held too (None: not all of them are)."""

    spot: Spot
    per_day: Decimal | None
    summed: Held | None
    source: str


@dataclass(frozen=True)
class Series:
    """The figures of an indicator for one kind of period, oldest first."""

    trend: Trend
    points: tuple[Point, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The papers that the figures are from, each once."""
        found = [p.spot.row.held.source for p in self.points if p.spot.row.held and p.spot.row.held.source]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Course:
    """An indicator with what it tells of its stage (in, at the end, out), by kind of period, and for other stretches
    of time its single figures."""

    code: str
    name: str
    full_name: str
    role: str
    unit: Unit
    places: int
    series: tuple[Series, ...]
    spans: tuple[Held, ...]


def course_of(book: Book, code: str, role: str, slice_key: str = "") -> Course | None:
    """How an indicator has gone; None where the partnership does not hold it. No query."""
    version = book.latest_version(code)
    if version is None:
        return None
    unit = Unit(version.unit)
    held = book.figures.get((code, slice_key), {}).values()
    by_kind: dict[str, list[Held]] = {}
    for one in held:
        by_kind.setdefault(quarters.parse(one.slug).kind, []).append(one)
    made = [_series(book, code, kind, by_kind[kind], unit, slice_key) for kind in KINDS if kind in by_kind]
    return Course(
        code=code,
        name=version.short_name,
        full_name=version.name,
        role=role,
        unit=unit,
        places=version.places,
        series=tuple(one for one in made if one.points),
        spans=tuple(sorted(by_kind.get(quarters.Span.kind, ()), key=lambda h: h.end_on)),
    )


def _series(book: Book, code: str, kind: str, figures: list[Held], unit: Unit, slice_key: str) -> Series:
    breaks = breaks_of(book, code, slice_key)
    by_slug = {h.slug: h for h in figures}
    points = []
    for held in sorted(figures, key=lambda h: h.start_on):
        version = book.version(code, held.start_on)
        if version is None or Unit(version.unit) is not unit:
            continue
        period = quarters.from_dates(kind, held.start_on, held.end_on)
        line = line_of(book, code, version, slice_key, kind)
        asked = book.queries_of(code, held.slug, slice_key)
        spot = spot_of(build_row(line, period, by_slug, breaks=breaks, queries=asked))
        is_volume = unit is Unit.COUNT and version.window == Window.PERIOD.value
        points.append(
            Point(
                spot,
                _per_day(spot) if is_volume else None,
                total_in(book, code, period, _SHORTER[kind]) if is_volume and kind in _SHORTER else None,
                held.cited,
            )
        )
    version = book.latest_version(code)
    assert version is not None  # noqa: S101
    trend = Trend(
        kind=kind,
        unit=unit,
        places=version.places,
        polarity=Polarity(version.polarity),
        window=Window(version.window),
        spots=tuple(p.spot for p in points),
        breaks=tuple(TrendBreak(day, f"{day:%B %Y}", BREAK_WORDS) for day in breaks),
    )
    return Series(trend, tuple(points))


def _per_day(spot: Spot) -> Decimal | None:
    return per_working_day(Volume(spot.start_on, spot.end_on, spot.value, spot.qualifier))
