"""The figure of an indicator, or of a part of it, that stands for a period, from a book of figures."""

from collections.abc import Mapping
from dataclasses import replace

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.balance import Amount, amount_of
from indicators.direction_of_travel import Window
from indicators.models import IndicatorVersion
from indicators.rag import Polarity
from indicators.scorecard import Held, Line, ScorecardRow, build_row, standing_for
from indicators.selectors.books import Book
from indicators.units import Unit

Figures = Mapping[str, Held]


def line_of(book: Book, code: str, version: IndicatorVersion, slice_key: str, frequency: str) -> Line:
    """An indicator, or a part of it, as rows take it: without a target, for figures of that frequency."""
    part = book.slices.get(slice_key)
    return Line(
        code=code,
        slice=slice_key,
        name=f"{version.short_name}: {part.name}" if part else version.short_name,
        theme_code="",
        theme="",
        unit=Unit(version.unit),
        polarity=Polarity(version.polarity),
        window=Window(version.window),
        aggregation=Aggregation(version.aggregation),
        places=version.places,
        frequency=frequency,
        counts=version.counts,
    )


def row_in(book: Book, code: str, period: quarters.Period, slice_key: str = "") -> ScorecardRow | None:
    """The row of an indicator in a period; None where the partnership does not hold it.

    A figure of the period itself stands first, then the total of the shorter periods in it. A number on one day is the
    one of any period that ends on the same day. A part without breaks of its own has those of the whole.
    """
    version = book.version(code, period.start_on)
    if version is None:
        return None
    figures, slug = _figures(book, version, code, period, slice_key)
    return build_row(
        line_of(book, code, version, slice_key, _frequency(figures, period)),
        period,
        figures,
        breaks=breaks_of(book, code, slice_key),
        queries=book.queries_of(code, slug, slice_key),
    )


def breaks_of(book: Book, code: str, slice_key: str = "") -> tuple:  # type: ignore[type-arg]
    """The days from which it is counted in another way."""
    return book.breaks.get((code, slice_key)) or book.breaks.get((code, ""), ())


def _figures(
    book: Book, version: IndicatorVersion, code: str, period: quarters.Period, slice_key: str
) -> tuple[dict[str, Held], str]:
    """The figures by period, and under which period the one is held that stands for this one."""
    slug = period.slug
    figures = dict(book.figures.get((code, slice_key), {}))
    if version.window == Window.SNAPSHOT.value:
        for wanted in (period, period.previous(), period.same_period_last_year()):
            if wanted.slug not in figures:
                same_day = [h for h in figures.values() if h.end_on == wanted.end_on]
                if same_day:
                    held = min(same_day, key=lambda h: h.end_on - h.start_on)
                    slug = held.slug if wanted is period else slug
                    figures[wanted.slug] = _as(held, wanted)
    return figures, slug


def _as(held: Held, period: quarters.Period) -> Held:
    """A number on the last day of a period as the number of that period."""
    return replace(held, slug=period.slug, label=period.label, start_on=period.start_on)


def _frequency(figures: Figures, period: quarters.Period) -> str:
    """How often the figures come of which the period is made up: monthly or quarterly where those are held."""
    if isinstance(period, quarters.FinancialYear) and any(q.slug in figures for q in period.quarters()):
        months = {m.slug for q in period.quarters() for m in q.months()}
        return "month" if months <= set(figures) else "quarter"
    if isinstance(period, quarters.Quarter | quarters.FinancialYear):
        return "month"
    return period.kind


def total_in(book: Book, code: str, period: quarters.Period, frequency: str) -> Held | None:
    """The total of the figures of a shorter frequency, whatever is held for the period itself; None where one lacks."""
    version = book.version(code, period.start_on)
    if version is None or version.aggregation != Aggregation.SUM.value:
        return None
    figures = {slug: held for slug, held in book.figures.get((code, ""), {}).items() if slug != period.slug}
    line = line_of(book, code, version, "", frequency)
    return standing_for(line, period, figures, breaks_of(book, code))[0]


def amount_in(row: ScorecardRow | None) -> Amount | None:
    """The number of a row as printed; None where there is none."""
    return amount_of(row.held.measured, row.line.unit) if row and row.held else None


def opening_amount(book: Book, code: str, period: quarters.Period) -> Amount | None:
    """The number at the end of the day before a period, from a figure of any period that ends then."""
    return amount_in(row_in(book, code, period.previous()))
