"""Reads the figures of a subject: of each indicator the latest up to a day, judged where a line of a scorecard gives it
a target, its breakdowns, and what the papers say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators import quarters
from indicators.models import Partnership, ScorecardLine, Series, Statement, Target
from indicators.relief import Relief
from indicators.relief import in_force as relief_in_force
from indicators.scorecard import Held, ScorecardRow, build_row
from indicators.selectors.books import Book, book_of
from indicators.selectors.indicators import for_everyone
from indicators.selectors.reliefs import reliefs_of
from indicators.selectors.scorecards import line_of as stored_line
from referrals.models import Programme
from referrals.selectors.breakdowns import Breakdown, breakdowns_of
from referrals.selectors.standing import breaks_of, line_of
from referrals.selectors.trends import Course, course_of
from referrals.selectors.trends import Series as Run
from referrals.topic_findings import finding_of
from referrals.topic_table import FigureRow
from referrals.topics import Cut, Section, Told

EARLIER = 3
# A kind of period whose latest figure lies so much further back is left to the indicator's own page.
LONG_BEFORE = 3 * 366


@dataclass(frozen=True)
class Standards:
    """Where an indicator, or a part of it, stands on a scorecard, with its targets and reliefs."""

    lines: Mapping[tuple[str, str], ScorecardLine]
    targets: Mapping[int, Sequence[Target]]
    reliefs: Mapping[int, Sequence[Relief]]

    def target(self, line: ScorecardLine, on: date) -> Target | None:
        """The target in force for a period that begins that day."""
        held = [t for t in self.targets.get(line.pk, ()) if t.valid_from.start_on <= on]
        return max(held, key=lambda t: (t.valid_from.start_on, t.number), default=None)


@dataclass(frozen=True)
class Reading:
    """Everything that the sections of a subject are made of: the figures that a person may read, what they are held
    against, what papers say, and the day up to which figures count."""

    book: Book
    standards: Standards
    statements: Mapping[str, Sequence[Statement]]
    until: date
    today: date


@dataclass(frozen=True)
class SectionView:
    """A section with its figures, breakdowns and finding, and the indicators that have no figure up to the day."""

    section: Section
    finding: str
    rows: tuple[FigureRow, ...]
    parts: tuple[Breakdown, ...]
    waiting: tuple[str, ...]

    @property
    def has_figures(self) -> bool:
        """Whether anything is held."""
        return bool(self.rows or self.parts)

    @property
    def latest(self) -> quarters.Period | None:
        """The latest period of any of its figures."""
        held: list[quarters.Period] = [quarters.parse(one.held.slug) for one in self.rows]
        held += [part.period for part in self.parts]
        return max(held, key=lambda p: (p.end_on, p.start_on), default=None)


def reading_of(
    partnership: Partnership, codes: Iterable[str], *, until: date, today: date, sees_protected: bool
) -> Reading:
    """The figures of these indicators; what is protected only for who may read it.

    At most twelve queries, whatever the number of indicators and figures.
    """
    wanted = set(codes)
    series = Series.objects.filter(partnership=partnership, indicator__code__in=wanted)
    if not sees_protected:
        wanted = set(for_everyone(series).values_list("indicator__code", flat=True))
    book = book_of(partnership, wanted, sees_protected=sees_protected)
    return Reading(book, _standards(partnership, wanted), _statements(partnership, book), until, today)


def _standards(partnership: Partnership, codes: set[str]) -> Standards:
    rows = (
        ScorecardLine.objects.filter(scorecard__partnership=partnership, series__indicator__code__in=codes)
        .select_related("series__indicator", "series__slice", "theme", "scorecard")
        .order_by("scorecard__order")
    )
    lines: dict[tuple[str, str], ScorecardLine] = {}
    for line in rows:
        lines.setdefault((line.series.indicator.code, line.series.slice.key), line)
    ids = [line.pk for line in lines.values()]
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.filter(line__in=ids).select_related("valid_from").order_by("number"):
        targets.setdefault(target.line_id, []).append(target)
    return Standards(lines, targets, reliefs_of(ids))


def _statements(partnership: Partnership, book: Book) -> dict[str, list[Statement]]:
    """What papers say of the indicators, by code, those that only a protected part is about left out."""
    found: dict[str, list[Statement]] = {}
    rows = Statement.objects.filter(partnership=partnership, series__indicator__code__in=list(book.versions))
    for row in rows.select_related("text", "source", "period", "series__indicator", "series__slice").order_by("pk"):
        assert row.series is not None  # noqa: S101
        key = row.series.slice.key
        if not key or (row.series.indicator.code, key) in book.figures:
            found.setdefault(row.series.indicator.code, []).append(row)
    return found


def section_view(reading: Reading, section: Section, area: str) -> SectionView:
    """A section as it stands. No query."""
    rows = [one for code in section.indicators for one in _rows(reading, section, code)]
    parts = [part for cut in section.cuts for part in _parts(reading, cut, area)]
    told = {one.row.line.code for one in rows} | {part.indicator for part in parts}
    waiting = [c for c in section.indicators if c in reading.book.versions and c not in told]
    finding = finding_of(section.told, [one.row for one in rows], parts[0].bars if parts else (), section.noun)
    return SectionView(section, finding, tuple(rows), tuple(parts), tuple(waiting))


def _rows(reading: Reading, section: Section, code: str) -> list[FigureRow]:
    """The latest figures of an indicator, one for each kind of period, and of its parts those with a target."""
    keys = [key for c, key in reading.book.figures if c == code]
    whole = [key for key in keys if not key]
    rated = [p.key for cut in reading.book.cuts(code) for p in reading.book.parts(code, cut)]
    made = [_row(reading, section, code, key, held) for key in whole for held in _latest(reading, code, key)]
    for key in rated:
        of_part = (_row(reading, section, code, key, held) for held in _latest(reading, code, key))
        made += [one for one in of_part if one.row.line.standard is not None]
    return made


def _held(reading: Reading, code: str, key: str) -> list[Held]:
    """The figures up to the day, the latest first."""
    found = [h for h in reading.book.figures.get((code, key), {}).values() if h.end_on <= reading.until]
    return sorted(found, key=lambda h: (h.end_on, h.start_on), reverse=True)


def _latest(reading: Reading, code: str, key: str) -> list[Held]:
    """The latest figure of each kind of period that is not long over, in the line's own frequency first."""
    by_kind: dict[str, Held] = {}
    for held in _held(reading, code, key):
        by_kind.setdefault(quarters.parse(held.slug).kind, held)
    if not by_kind:
        return []
    newest = max(held.end_on for held in by_kind.values())
    line = reading.standards.lines.get((code, key))
    usual = line.frequency if line else quarters.Quarter.kind
    kept = [(kind, held) for kind, held in by_kind.items() if (newest - held.end_on).days <= LONG_BEFORE]
    return [held for kind, held in sorted(kept, key=lambda x: (-x[1].end_on.toordinal(), x[0] != usual, x[0]))]


def _row(reading: Reading, section: Section, code: str, key: str, held: Held) -> FigureRow:
    period = quarters.parse(held.slug)
    return FigureRow(
        section.code, section.name, _judged(reading, code, key, period), _earlier(reading, code, key, held)
    )


def _judged(reading: Reading, code: str, key: str, period: quarters.Period) -> ScorecardRow:
    """The row that the figure of a period makes, held against what its line of a scorecard says."""
    book, standards = reading.book, reading.standards
    version = book.version(code, period.start_on)
    assert version is not None  # noqa: S101
    line, relief = line_of(book, code, version, key, period.kind), None
    stored = standards.lines.get((code, key))
    if stored is not None:
        target = standards.target(stored, period.start_on)
        line = replace(stored_line(stored, version, target), frequency=period.kind)
        relief = relief_in_force(standards.reliefs.get(stored.pk, ()), period.start_on, period.end_on, reading.today)
    return build_row(
        line,
        period,
        book.figures.get((code, key), {}),
        breaks=breaks_of(book, code, key),
        queries=book.queries_of(code, period.slug, key),
        relief=relief,
    )


def _earlier(reading: Reading, code: str, key: str, held: Held) -> tuple[Held, ...]:
    """The same period a year earlier and what was held last before, of the same kind of period; the latest first."""
    period = quarters.parse(held.slug)
    year = period.same_period_last_year().slug
    before = [
        h for h in _held(reading, code, key) if quarters.parse(h.slug).kind == period.kind and h.slug != held.slug
    ]
    before = [h for h in before if h.end_on <= held.end_on]
    chosen = sorted(before, key=lambda h: h.slug != year)[:EARLIER]
    return tuple(h for h in before if h in chosen)


def _parts(reading: Reading, cut: Cut, area: str) -> list[Breakdown]:
    """A breakdown in its latest period up to the day, or in as many of the latest as are asked for, oldest first."""
    if cut.by not in reading.book.cuts(cut.indicator):
        return []
    held: dict[str, Held] = {}
    for part in reading.book.parts(cut.indicator, cut.by):
        held |= {h.slug: h for h in _held(reading, cut.indicator, part.key)}
    periods = sorted(map(quarters.parse, held), key=lambda p: (p.end_on, p.start_on), reverse=True)
    alike = [p for p in periods if p.kind == periods[0].kind][: cut.periods]
    wanted = "|".join(cut.by)
    made = [b for p in reversed(alike) for b in breakdowns_of(reading.book, [cut.indicator], p, area, cut.by)]
    return [b for b in made if b.bars[0].dimension == wanted]


def course_until(reading: Reading, code: str, role: str) -> Course | None:
    """How an indicator has gone up to the day, by month where months are held; None where it is not held. No query."""
    course = course_of(reading.book, code, role)
    if course is None:
        return None
    monthly = [one for one in course.series if one.trend.kind == quarters.Month.kind] or course.series
    cut = [_run_until(one, reading.until) for one in monthly]
    return replace(course, series=tuple(one for one in cut if one.points), spans=())


def _run_until(run: Run, until: date) -> Run:
    points = tuple(point for point in run.points if point.spot.end_on <= until)
    return replace(run, points=points, trend=replace(run.trend, spots=tuple(point.spot for point in points)))


# Programmes


@dataclass(frozen=True)
class ProgrammeView:
    """A programme with the section that its steps make."""

    programme: Programme
    section: Section


def programmes_of(partnership: Partnership) -> list[ProgrammeView]:
    """The partnership's programmes in order, each with its steps. Two queries."""
    rows = Programme.objects.filter(partnership=partnership).select_related("source")
    return [_programme(row) for row in rows.prefetch_related("steps__indicator").order_by("pk")]


def _programme(row: Programme) -> ProgrammeView:
    codes = tuple(step.indicator.code for step in row.steps.all())
    return ProgrammeView(row, Section(row.code, row.name, codes, Told.EACH))
