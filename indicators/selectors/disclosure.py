"""Reads how a partnership protects small numbers, and what makes its figures up."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from indicators.disclosure.policy import Policy
from indicators.models import Balance, CurrentFigure, Dimension, DisclosurePolicy, Partnership, Series, SliceCategory
from indicators.scorecard import Held
from indicators.selectors.scorecards import held_by_series
from indicators.told import Family, Place

# In force until a partnership sets its own: `methods.md` §5.1.
DEFAULT_AUTHORITY = "the usual rule, until the partnership decides its own"


def policies_of(partnership: Partnership) -> list[DisclosurePolicy]:
    """Every policy that the partnership has set, the latest first. One query."""
    return list(partnership.disclosure_policies.order_by("-number"))


def policy_row(partnership: Partnership, day: date) -> DisclosurePolicy | None:
    """The policy that is in force on a day; of several from the same day the last one. One query."""
    found = partnership.disclosure_policies.filter(valid_from__lte=day).order_by("valid_from", "number")
    return found.last()


def policy_from(row: DisclosurePolicy | None, day: date) -> Policy:
    """A stored policy as disclosure control takes it; none: the default."""
    if row is None:
        return Policy(authority=DEFAULT_AUTHORITY, effective_from=day)
    return Policy(
        authority=row.authority,
        effective_from=row.valid_from,
        threshold=row.threshold,
        small_group=row.small_group,
        zero_discloses=row.zero_discloses,
        rounding_base=row.rounding_base,
        shows_value_only=row.shows_value_only,
        counts=frozenset(row.counts),
    )


def cuts_of(partnership: Partnership, codes: Collection[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """How the indicators are cut: code, slice of the whole, and the slices of the categories of one dimension that make
    it. Two queries."""
    series = Series.objects.filter(partnership=partnership, indicator__code__in=codes)
    slices: dict[str, dict[int, str]] = {}
    for code, slice_id, key in series.values_list("indicator__code", "slice", "slice__key"):
        slices.setdefault(code, {})[slice_id] = key
    wanted = {slice_id for held in slices.values() for slice_id in held}
    rows = SliceCategory.objects.filter(slice__in=wanted).select_related("dimension")
    categories: dict[int, dict[int, tuple[int, bool]]] = {}
    for row in rows:
        is_partition = row.dimension.kind == Dimension.Kind.PARTITION
        categories.setdefault(row.slice_id, {})[row.dimension_id] = (row.category_id, is_partition)
    found = []
    for code, held in sorted(slices.items()):
        by_categories = {frozenset(categories.get(s, {}).items()): key for s, key in held.items()}
        groups: dict[tuple[frozenset[tuple[int, tuple[int, bool]]], int], list[str]] = {}
        for cut, key in by_categories.items():
            for dimension, (category, is_partition) in cut:
                if is_partition:
                    rest = cut - {(dimension, (category, is_partition))}
                    groups.setdefault((rest, dimension), []).append(key)
        found += [
            (code, by_categories[rest], tuple(sorted(parts)))
            for (rest, _), parts in groups.items()
            if rest in by_categories
        ]
    return sorted(found)


def families_of(cuts: Iterable[tuple[str, str, tuple[str, ...]]], slugs: Iterable[str]) -> list[Family]:
    """What the cuts make of figures of these periods."""
    periods = sorted(set(slugs))
    return [
        Family((code, whole, slug), tuple(((code, part, slug), 1) for part in parts))
        for code, whole, parts in cuts
        for slug in periods
    ]


def balances_among(codes: Collection[str], before: Mapping[str, str]) -> list[Family]:
    """The stocks among the indicators, each with what it was and what came and went; `before` leads from a period to
    the one before it. Three queries."""
    rules = Balance.objects.filter(closing__code__in=codes).select_related("closing")
    found = []
    for rule in rules.prefetch_related("inflows", "outflows").order_by("code"):
        flows = [*((one.code, 1) for one in rule.inflows.all()), *((one.code, -1) for one in rule.outflows.all())]
        for slug, last in sorted(before.items()):
            opening: tuple[Place, int] = ((rule.closing.code, "", last), 1)
            parts = [opening, *(((code, "", slug), sign) for code, sign in flows)]
            found.append(Family((rule.closing.code, "", slug), tuple(parts)))
    return found


def approved_at(partnership: Partnership, places: Collection[Place]) -> dict[Place, Held]:
    """The approved figures that stand at these places. Two queries, or none."""
    if not places:
        return {}
    codes, slugs = {code for code, _, _ in places}, {slug for _, _, slug in places}
    series = Series.objects.filter(partnership=partnership, indicator__code__in=codes)
    keys = {pk: (code, key) for pk, code, key in series.values_list("pk", "indicator__code", "slice__key")}
    wanted = [pk for pk, (code, key) in keys.items() if any((code, key, slug) in places for slug in slugs)]
    rows = CurrentFigure.objects.filter(approved__isnull=False, series__in=wanted, period__slug__in=slugs)
    found = held_by_series(rows, series="series_id", of="", prefix="approved__")
    return {
        (*keys[pk], slug): held
        for pk, of_series in found.items()
        for slug, held in of_series.items()
        if (*keys[pk], slug) in places
    }
