"""Reads all approved figures of some indicators at once, wholes and parts, for pages that draw many of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.models import (
    CurrentFigure,
    Dimension,
    FigureQuery,
    IndicatorVersion,
    Partnership,
    Series,
    SliceCategory,
)
from indicators.scorecard import Held
from indicators.selectors.histories import breaks_of
from indicators.selectors.scorecards import held_by_series
from indicators.units import Unit


@dataclass(frozen=True)
class CategoryInfo:
    """The category that a slice takes in a dimension."""

    dimension: str
    code: str
    name: str
    order: int
    is_not_stated: bool


@dataclass(frozen=True)
class SliceInfo:
    """A part of an indicator: its key, name and categories, dimensions in alphabetical order."""

    key: str
    name: str
    categories: tuple[CategoryInfo, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The codes of the dimensions that it is cut by."""
        return tuple(c.dimension for c in self.categories)

    @property
    def own_name(self) -> str:
        """Its categories by name, where the dimension is said beside it: "Yes" where `name` is "Disability: yes"."""
        return ", ".join(c.name for c in self.categories)

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands among its kind."""
        return tuple(c.order for c in self.categories)


@dataclass(frozen=True)
class DimensionInfo:
    """A dimension; `kind` is partition, overlapping or comparison."""

    code: str
    name: str
    kind: str
    is_protected: bool


Key = tuple[str, str]


@dataclass(frozen=True)
class Book:
    """The approved figures of some indicators, by indicator code and slice key, then by period slug."""

    versions: dict[str, tuple[IndicatorVersion, ...]]
    slices: dict[str, SliceInfo]
    dimensions: dict[str, DimensionInfo]
    figures: dict[Key, dict[str, Held]]
    breaks: dict[Key, tuple[date, ...]]
    queries: dict[Key, dict[str, tuple[str, ...]]]

    def held(self, code: str, slug: str, slice_key: str = "") -> Held | None:
        """The figure of a period; None where none is approved."""
        return self.figures.get((code, slice_key), {}).get(slug)

    def queries_of(self, code: str, slug: str, slice_key: str = "") -> tuple[str, ...]:
        """The open queries of its figure in a period, and those that name no period."""
        held = self.queries.get((code, slice_key), {})
        return (*held.get(slug, ()), *held.get("", ()))

    def version(self, code: str, on: date) -> IndicatorVersion | None:
        """The definition in force for a period that begins that day, else the first; None for an unknown indicator."""
        held = self.versions.get(code, ())
        begun = [v for v in held if v.valid_from.start_on <= on]
        return max(begun, key=lambda v: (v.valid_from.start_on, v.number), default=held[0] if held else None)

    def latest_version(self, code: str) -> IndicatorVersion | None:
        """The last definition; None for an unknown indicator."""
        held = self.versions.get(code, ())
        return held[-1] if held else None

    def unit(self, code: str, on: date) -> Unit:
        """The unit in force for a period that begins that day. Raises KeyError for an unknown indicator."""
        version = self.version(code, on)
        if version is None:
            raise KeyError(code)
        return Unit(version.unit)

    def periods(self) -> list[Held]:
        """One figure for each period that any of the indicators, or a part of one, is held for; the latest first."""
        found: dict[str, Held] = {}
        for by_slug in self.figures.values():
            found |= by_slug
        return sorted(found.values(), key=lambda h: (h.end_on, h.start_on), reverse=True)

    def cuts(self, code: str) -> list[tuple[str, ...]]:
        """The combinations of dimensions that the indicator is held by, each once, single ones first."""
        found = {self.slices[key].dimensions for (c, key) in self.figures if c == code and key}
        return sorted(found, key=lambda dims: (len(dims), [self.dimensions[d].name for d in dims]))

    def parts(self, code: str, dimensions: Sequence[str]) -> list[SliceInfo]:
        """The parts of an indicator by these dimensions, in the order of their categories."""
        wanted = tuple(dimensions)
        found = [self.slices[key] for (c, key) in self.figures if c == code and key]
        return sorted((s for s in found if s.dimensions == wanted), key=lambda s: (s.place, s.key))


def has_parts(partnership: Partnership, code: str) -> bool:
    """Whether the partnership holds an indicator by any dimension. One query."""
    return Series.objects.filter(partnership=partnership, indicator__code=code).exclude(slice__key="").exists()


def book_of(partnership: Partnership, codes: Iterable[str], *, sees_protected: bool) -> Book:
    """Everything approved of these indicators; parts by a protected dimension only for who may read them.

    Seven queries, whatever the number of figures. Codes that the partnership does not hold are left out.
    """
    series = list(
        Series.objects.filter(partnership=partnership, indicator__code__in=set(codes)).select_related(
            "indicator", "slice"
        )
    )
    dimensions = {d.code: DimensionInfo(d.code, d.name, d.kind, d.is_protected) for d in Dimension.objects.all()}
    slices = _slices(series)
    if not sees_protected:
        hidden = {s.key for s in slices.values() if any(dimensions[d].is_protected for d in s.dimensions)}
        series = [s for s in series if s.slice.key not in hidden]
    keys = {s.pk: (s.indicator.code, s.slice.key) for s in series}
    versions: dict[str, list[IndicatorVersion]] = {}
    of_them = IndicatorVersion.objects.filter(indicator__in={s.indicator_id for s in series})
    for version in of_them.select_related("indicator", "valid_from").order_by("number"):
        versions.setdefault(version.indicator.code, []).append(version)
    rows = CurrentFigure.objects.filter(approved__isnull=False, series__in=list(keys))
    held = held_by_series(rows, series="series_id", of="", prefix="approved__")
    queries: dict[Key, dict[str, list[str]]] = {}
    asked = FigureQuery.objects.filter(series__in=list(keys), closed_by_figure__isnull=True).order_by("pk")
    for pk, slug, question in asked.values_list("series", "period__slug", "question"):
        queries.setdefault(keys[pk], {}).setdefault(slug or "", []).append(question)
    return Book(
        versions={code: tuple(found) for code, found in versions.items()},
        slices=slices,
        dimensions=dimensions,
        figures={keys[pk]: by_slug for pk, by_slug in held.items()},
        breaks={keys[pk]: tuple(days) for pk, days in breaks_of(keys).items()},
        queries={key: {slug: tuple(q) for slug, q in by_slug.items()} for key, by_slug in queries.items()},
    )


def _slices(series: Iterable[Series]) -> dict[str, SliceInfo]:
    """The slices of these series with their categories. One query."""
    held = {s.slice_id: s.slice for s in series if s.slice.key}
    parts: dict[int, list[CategoryInfo]] = {}
    rows = SliceCategory.objects.filter(slice__in=list(held)).select_related("category", "dimension")
    for row in rows.order_by("dimension__code"):
        category = row.category
        info = CategoryInfo(row.dimension.code, category.code, category.name, category.order, category.is_not_stated)
        parts.setdefault(row.slice_id, []).append(info)
    return {s.key: SliceInfo(s.key, s.name, tuple(parts.get(pk, ()))) for pk, s in held.items()}
