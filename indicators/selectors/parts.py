"""How an indicator's parts stand to its whole in a period, from a book of figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.balance import OVERLAPPING, PARTITION, BreakdownResult, amount_of, breakdown, share_amount, shares
from indicators.phrases import lowered
from indicators.scorecard import Held
from indicators.selectors.books import Book, SliceInfo
from indicators.units import Unit


@dataclass(frozen=True)
class Part:
    """A part of an indicator with its figure of the period; None: none is held."""

    slice: SliceInfo
    held: Held | None


@dataclass(frozen=True)
class Parted:
    """An indicator cut by one dimension or several, in a period; `result` says whether it adds up, where it should."""

    dimensions: tuple[str, ...]
    name: str
    kind: str
    parts: tuple[Part, ...]
    whole: Held | None
    result: BreakdownResult | None


def parted(book: Book, code: str, dimensions: Sequence[str], slug: str) -> Parted | None:
    """An indicator cut by these dimensions in a period; None where no part has a figure of it."""
    parts = tuple(Part(s, book.held(code, slug, s.key)) for s in book.parts(code, dimensions))
    held = [p.held for p in parts if p.held is not None]
    if not held:
        return None
    unit, whole = book.unit(code, held[0].start_on), book.held(code, slug)
    infos = [book.dimensions[d] for d in dimensions]
    kind = infos[0].kind if len(infos) == 1 else ""
    name = " and ".join(d.name if i == 0 else lowered(d.name) for i, d in enumerate(infos))
    return Parted(tuple(dimensions), name, kind, parts, whole, _added(parts, whole, unit, kind))


def _added(parts: Sequence[Part], whole: Held | None, unit: Unit, kind: str) -> BreakdownResult | None:
    """Whether the categories of one dimension make the whole; None where nothing is to be added up."""
    if kind not in {PARTITION, OVERLAPPING}:
        return None
    given = [
        (p.slice, share_amount(p.held.measured) if unit is Unit.PERCENT else amount_of(p.held.measured, unit))
        for p in parts
        if p.held is not None
    ]
    known = {one.own_name: amount for one, amount in given if not one.categories[0].is_not_stated}
    unknown = next((amount for one, amount in given if one.categories[0].is_not_stated), None)
    total = amount_of(whole.measured, unit) if whole else None
    overlaps = kind == OVERLAPPING
    if unit is Unit.PERCENT:
        is_of_one_whole = total is None and not overlaps
        return shares(known, unknown) if is_of_one_whole else None
    return breakdown(total, known, unknown, unit, overlaps=overlaps)


def all_parted(book: Book, code: str, slug: str) -> list[Parted]:
    """Every way in which parts of an indicator are held for a period, single dimensions first."""
    found = (parted(book, code, dimensions, slug) for dimensions in book.cuts(code))
    return [one for one in found if one is not None]
