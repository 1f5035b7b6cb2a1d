"""Reads how the indicators of a stage are broken down: the bars of a period, and whether they add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators import quarters
from indicators.balance import COMPARISON, BreakdownResult
from indicators.models import Partnership
from indicators.scorecard import Held
from indicators.selectors.books import Book
from indicators.selectors.parts import Parted, parted
from indicators.units import Unit
from referrals.bars import Bar, ranked


@dataclass(frozen=True)
class Breakdown:
    """An indicator by one dimension or several in a period, which need not be the period of the page."""

    indicator: str
    indicator_name: str
    name: str
    kind: str
    period: quarters.Period
    bars: tuple[Bar, ...]
    result: BreakdownResult | None
    is_protected: bool = False

    @property
    def code(self) -> str:
        """What tells it from the others of a page."""
        return f"{self.indicator}-by-{self.bars[0].dimension.replace('|', '-')}"


def area_name(partnership: Partnership) -> str:
    """What our own area is called among others: "Doncaster"."""
    return partnership.authority_name.removesuffix(" Council")


def breakdowns_of(
    book: Book, codes: Iterable[str], period: quarters.Period, area: str, dimensions: Iterable[str] = ()
) -> list[Breakdown]:
    """Every way in which these indicators are broken down, in the period, else in the latest before it that has any,
    else in the latest of all. `dimensions` leaves out those that name none of them. No query."""
    wanted = set(dimensions)
    found = []
    for code in codes:
        for cut in book.cuts(code):
            if wanted and not wanted & set(cut):
                continue
            when = _period_with(book, code, cut, period)
            made = _breakdown(book, code, cut, when, area) if when else None
            if made:
                found.append(made)
    return found


def _period_with(
    book: Book, code: str, cut: Sequence[str], period: quarters.Period
) -> quarters.Period | None:  # fmt: skip
    held: dict[str, Held] = {}
    for part in book.parts(code, cut):
        held |= book.figures.get((code, part.key), {})
    if period.slug in held:
        return period
    before = [h for h in held.values() if h.end_on <= period.end_on]
    latest = max(before or held.values(), key=lambda h: (h.end_on, h.start_on), default=None)
    return quarters.parse(latest.slug) if latest else None


def _breakdown(book: Book, code: str, cut: Sequence[str], period: quarters.Period, area: str) -> Breakdown | None:
    one = parted(book, code, cut, period.slug)
    version = book.version(code, period.start_on)
    if one is None or version is None:
        return None
    bars = [_bar(book, code, one, part.slice.key, part.held, period) for part in one.parts]
    if one.kind == COMPARISON and one.whole is not None:
        bars.append(_bar(book, code, one, "", one.whole, period, own=area))
    is_protected = any(book.dimensions[d].is_protected for d in one.dimensions)
    return Breakdown(
        code, version.short_name, one.name, one.kind, period, tuple(ranked(bars)), one.result, is_protected
    )


def _bar(
    book: Book, code: str, one: Parted, key: str, held: Held | None, period: quarters.Period, own: str = ""
) -> Bar:
    version = book.version(code, period.start_on)
    assert version is not None  # noqa: S101
    unit, part = Unit(version.unit), book.slices.get(key)
    number = held.measured.number(unit) if held else None
    then = book.held(code, period.same_period_last_year().slug, key)
    before = then.measured.number(unit) if then and then.measured.qualifier not in {"<", ">"} else None
    return Bar(
        period=period.slug,
        indicator=code,
        indicator_name=version.short_name,
        dimension="|".join(one.dimensions),
        dimension_name=one.name,
        kind=one.kind,
        slice=key,
        name=own or (part.own_name if part else ""),
        number=number,
        unit=unit,
        places=held.measured.places(version.places) if held else version.places,
        qualifier=held.measured.qualifier if held else "",
        then=before,
        whole=one.whole.measured.number(unit) if one.whole else None,
        order=part.place if part else (),
        is_not_stated=bool(part) and any(c.is_not_stated for c in part.categories) if part else False,
        is_own=bool(own),
        queries=book.queries_of(code, period.slug, key) if key else (),
        source=held.cited if held else "",
    )
