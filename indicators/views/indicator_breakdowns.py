"""The parts of an indicator in the period of its page: one table for each dimension it is held by."""

from typing import Any

from indicators import quarters
from indicators.balance import NOT_ADDED_UP, PARTITION, share_of
from indicators.committee_table import DASH
from indicators.models import Partnership
from indicators.scorecard import Held
from indicators.selectors.books import Book, book_of, has_parts
from indicators.selectors.indicators import IndicatorView
from indicators.selectors.parts import Part as HeldPart
from indicators.selectors.parts import Parted, all_parted
from indicators.units import Unit, written
from indicators.views.addresses import indicator_url


def breakdown_sections(partnership: Partnership, view: IndicatorView, *, sees_protected: bool) -> list[dict[str, Any]]:
    """A table of parts for each dimension, in the page's period; where that has none, in the latest that has any.

    One query, eight more for an indicator with parts; none for a part itself.
    """
    if view.slice or not has_parts(partnership, view.code):
        return []
    book = book_of(partnership, [view.code], sees_protected=sees_protected)
    if not any(key for _, key in book.figures):
        return []
    period = _period(book, view)
    return [_section(partnership, view, book, one, period) for one in all_parted(book, view.code, period.slug)]


def _period(book: Book, view: IndicatorView) -> quarters.Period:
    held = [h for (_, key), by_slug in book.figures.items() if key for h in by_slug.values()]
    if any(h.slug == view.period.slug for h in held):
        return view.period
    latest = max(held, key=lambda h: (h.end_on, h.start_on))
    return quarters.parse(latest.slug)


def _section(
    partnership: Partnership, view: IndicatorView, book: Book, one: Parted, period: quarters.Period
) -> dict[str, Any]:
    unit = book.unit(view.code, period.start_on)
    before, year = period.previous(), period.same_period_last_year()
    return {
        "id": "-".join(one.dimensions),
        "name": one.name,
        "period": period.label,
        "sentence": one.result.sentence if one.result else NOT_ADDED_UP.get(one.kind, ""),
        "before": before.label,
        "year": year.label if year != before else "",
        "rows": [
            {
                "name": part.slice.own_name,
                "url": indicator_url(partnership.slug, view.code, part.slice.key, period=period.slug),
                "figure": _text(part.held, unit, view),
                "share": _share(part, one, unit),
                "before": _text(book.held(view.code, before.slug, part.slice.key), unit, view),
                "year": _text(book.held(view.code, year.slug, part.slice.key), unit, view),
                "queries": book.queries_of(view.code, period.slug, part.slice.key),
            }
            for part in one.parts
        ],
        "has_share": unit is Unit.COUNT and one.kind == PARTITION and one.whole is not None,
    }


def _text(held: Held | None, unit: Unit, view: IndicatorView) -> str:
    number = held.measured.number(unit) if held else None
    if held is None or number is None:
        return DASH
    return written(number, unit, held.measured.places(view.version.places), held.measured.qualifier)


def _share(part: HeldPart, one: Parted, unit: Unit) -> str:
    whole = one.whole.measured.number(unit) if one.whole else None
    number = part.held.measured.number(unit) if part.held else None
    share = share_of(number, whole, unit, one.kind)
    return "" if share is None else written(share, Unit.PERCENT, 1)
