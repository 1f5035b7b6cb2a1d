"""Dimensions, their categories, and the slices that figures are of."""

from collections.abc import Sequence

from django.db.models import QuerySet

from indicators.imports import Row
from indicators.models import Category, Dimension, Slice, SliceCategory
from indicators.operations.published import Refusal
from indicators.phrases import lowered
from indicators.questions import question


def slice_row(key: str) -> Slice:
    """The slice of a key such as "grade=good|service=fostering", whose categories must exist. Made if new.

    Raises ValueError when the key is not canonical (dimensions in alphabetical order, each once) or names an unknown
    dimension or category.
    """
    parts = [part.split("=", 1) for part in key.split("|")] if key else []
    if any(len(part) != 2 for part in parts) or [p[0] for p in parts] != sorted({p[0] for p in parts}):
        raise ValueError("write a slice as dimension=category, dimensions in alphabetical order, joined by |.")
    held = _slices(key)
    if held:
        return held[0]
    categories = []
    for dimension_code, category_code in parts:
        of_it = Category.objects.filter(dimension__code=dimension_code, code=category_code)
        category = of_it.select_related("dimension").order_by().first()
        if category is None:
            raise ValueError(f"there is no category “{category_code}” in a dimension “{dimension_code}”.")
        categories.append(category)
    made, new = Slice.objects.get_or_create(key=key, defaults={"name": ", ".join(map(_named, categories))})
    if new:
        SliceCategory.objects.bulk_create(
            SliceCategory(slice=made, dimension_id=c.dimension_id, category=c) for c in categories
        )
    return made


@question
def _slices(key: str) -> QuerySet[Slice]:
    return Slice.objects.filter(key=key).order_by()


# Words that say nothing without their dimension.
_BARE = frozenset({"yes", "no", "not-stated", "other", "neither"})


def _named(category: Category) -> str:
    """What a category is called among those of other dimensions: "Police", but "Disability: yes"."""
    if category.code in _BARE or category.is_not_stated:
        return f"{category.dimension.name}: {lowered(category.name)}"
    return category.name


def add_dimension(*, code: str, name: str, kind: str, categories: Sequence[tuple[str, str]]) -> Dimension:
    """A dimension with its categories (code, name) in order; "not-stated" is the one that stands for the unknown."""
    dimension = Dimension.objects.create(code=code, name=name, kind=kind)
    Category.objects.bulk_create(
        Category(dimension=dimension, code=c, name=n, order=i, is_not_stated=c == "not-stated")
        for i, (c, n) in enumerate(categories)
    )
    return dimension


def dimension_of(row: Row) -> Dimension:
    """The dimension that a row of a file names. Raises Refusal when there is none."""
    found = Dimension.objects.filter(code=row["dimension"]).first()
    if found is None:
        raise Refusal("dimension", f"“{row['dimension']}” is not known. Define it first, or correct the code.")
    return found
