"""Reads the pages of figures beside the registers: the latest of each indicator and part, and what papers say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from finance.figure_pages import FigureLine, FigurePage, FigureSection, section_finding
from finance.register_rows import Said
from finance.selectors.registers import said_from
from indicators.direction_of_travel import Window
from indicators.models import Partnership, Series, Statement
from indicators.scorecard import Held
from indicators.selectors.books import Book, book_of
from indicators.units import Unit

# Of each indicator and part so many figures are shown, the latest first.
LATEST = 4


@dataclass(frozen=True)
class SectionView:
    """A section with its figures, its finding, what waits for a figure (code and name), and what papers say."""

    section: FigureSection
    finding: str
    rows: tuple[FigureLine, ...]
    waiting: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]


def figure_sections(
    partnership: Partnership, page: FigurePage, *, today: date, sees_protected: bool
) -> list[SectionView]:
    """The sections of a page that hold anything, as they stand today. Eight queries."""
    book = book_of(partnership, page.indicators, sees_protected=sees_protected)
    said = _said(partnership, page)
    views = [_section(book, section, said, today) for section in page.sections]
    return [view for view in views if view.rows or view.waiting or view.said]


def has_any(partnership: Partnership, page: FigurePage) -> bool:
    """Whether the partnership holds any indicator of a page. One query."""
    return Series.objects.filter(partnership=partnership, indicator__code__in=page.indicators).exists()


def _section(book: Book, section: FigureSection, said: Mapping[str, list[Said]], today: date) -> SectionView:
    rows = tuple(line for code in section.indicators for line in _lines(book, section, code, today))
    held = {row.code for row in rows}
    waiting = [(c, book.latest_version(c)) for c in section.indicators if c not in held]
    told = [one for key in (*section.indicators, *section.statements) for one in said.get(key, ())]
    return SectionView(
        section,
        section_finding(section, rows),
        rows,
        tuple((code, version.short_name) for code, version in waiting if version),
        tuple(told),
    )


def _lines(book: Book, section: FigureSection, code: str, today: date) -> Iterable[FigureLine]:
    """The whole first, then its parts in their order, each with its latest figures."""
    keys = [key for found, key in book.figures if found == code]
    order = [key for key in keys if not key]
    order += [part.key for cut in book.cuts(code) for part in book.parts(code, cut)]
    for key in order:
        held = [h for h in book.figures[code, key].values() if h.end_on <= today]
        for one in sorted(held, key=lambda h: (h.end_on, h.start_on), reverse=True)[:LATEST]:
            yield _line(book, section, code, key, one)


def _line(book: Book, section: FigureSection, code: str, key: str, held: Held) -> FigureLine:
    version = book.version(code, held.start_on)
    assert version is not None  # noqa: S101
    return FigureLine(
        section.code,
        section.name,
        code,
        version.short_name,
        key,
        book.slices[key].own_name if key else "",
        Unit(version.unit),
        version.places,
        Window(version.window),
        held,
        book.queries_of(code, held.slug, key),
    )


def _said(partnership: Partnership, page: FigurePage) -> dict[str, list[Said]]:
    """What papers say, by the indicator or by the code of the statement, targets first. One query."""
    named = {code for section in page.sections for code in section.statements}
    rows = Statement.objects.filter(partnership=partnership).select_related(
        "text", "source", "series__slice", "series__indicator"
    )
    found: dict[str, list[Said]] = {}
    own = rows.filter(series__indicator__code__in=page.indicators) | rows.filter(code__in=named)
    for row in own.order_by("pk"):
        key = row.code if row.code in named else row.series.indicator.code if row.series else ""
        found.setdefault(key, []).append(said_from(row))
    return {key: sorted(those, key=lambda one: not one.is_target) for key, those in found.items()}
