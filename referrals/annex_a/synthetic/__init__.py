"""A synthetic Annex A: eleven lists of children who do not exist, whose journeys hang together. From a seed.

Only `manage.py make_annex_a`, tests and the benchmark load this.
"""

from datetime import date, timedelta
from typing import Literal

from indicators.working_days import ENGLAND
from referrals.annex_a.spec import LISTS, ColumnSpec
from referrals.annex_a.synthetic import care, pathway
from referrals.annex_a.synthetic.dirt import Dirt, Sheet
from referrals.annex_a.synthetic.draws import Cells, Draws
from referrals.annex_a.synthetic.people import ALL, children

__all__ = ["FIRST_REFERENCE", "Layout", "Sheet", "synthetic_lists", "synthetic_sheets"]

Layout = Literal["older", "newer"]
# Journeys are drawn in working days for at most two and a half years before the reference date.
FIRST_REFERENCE, LAST_REFERENCE = ENGLAND.first + timedelta(days=1000), ENGLAND.last - timedelta(days=200)


def synthetic_lists(seed: int, number: int, reference: date, layout: Layout = "newer") -> dict[int, list[Cells]]:
    """The rows of the eleven lists by number, as official texts and dates; `number` children in lists 1 to 10.

    5,000 children are an authority of the size of Doncaster in March 2022. Raises ValueError for a reference date
    outside the calendar.
    """
    if not FIRST_REFERENCE <= reference <= LAST_REFERENCE:
        raise ValueError(f"Choose a reference date from {FIRST_REFERENCE} to {LAST_REFERENCE}.")
    lists = pathway.Lists(Draws.of(seed, reference))
    journeys = {**pathway.STANDINGS, **care.STANDINGS}
    for child in children(lists.draws, number):
        journeys[child.standing](lists, child)
    care.adopters(lists, -(-number * care.FAMILIES // ALL))
    if layout == "older":
        lists.rows[9] = [care.older_leaver(row) for row in lists.rows[9]]
    return {spec.number: lists.rows[spec.number] for spec in LISTS}


def columns_of(number: int, layout: Layout) -> tuple[ColumnSpec, ...]:
    """The columns of a list in their order."""
    return tuple(column for column in LISTS[number - 1].columns if layout == "newer" or not column.is_newer)


def synthetic_sheets(
    seed: int, number: int, reference: date, layout: Layout = "newer", dirt: int = 0
) -> list[Sheet]:  # fmt: skip
    """The lists as sheets with headings; `dirt` in thousandths, 0 clean to 1,000 full of it."""
    lists = synthetic_lists(seed, number, reference, layout)
    spoil = Dirt(Draws.of(seed + 1, reference), dirt)
    return [spoil.sheet(spec.number, columns_of(spec.number, layout), lists[spec.number]) for spec in LISTS]
