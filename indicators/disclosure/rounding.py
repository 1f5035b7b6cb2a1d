"""Controlled rounding: the other way to protect a table, where nothing is hidden and everything is a little off.

Each printed cell becomes the multiple of the base just below or just above it (a multiple stays), so that all sums
still hold and the change over all cells is least. Shares are worked out from the rounded counts. `methods.md` §5.4.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.disclosure.attacker import Reach, hidden_of, reaches
from indicators.disclosure.cells import Published, Relation, Standing, Table, TableError
from indicators.disclosure.linked import Net, components, net_of
from indicators.disclosure.one_way import Bounds
from indicators.disclosure.policy import Policy
from indicators.disclosure.solver import Cover, cheapest
from indicators.units import Unit, ratio, round_half_up

ROUNDING_SECONDS = 30.0


class CannotBeRounded(TableError):
    """Not all sums can hold with each cell rounded to a neighbouring multiple, or not in the time there is."""


@dataclass(frozen=True)
class Rounded:
    """The rounded printed cells by id, and by how much all of them together were changed."""

    base: int
    values: Mapping[str, int]
    change: int

    def share(self, numerator: str, denominator: str, unit: Unit, places: int) -> Decimal | None:
        """A ratio from rounded counts; None where the group rounds to nothing."""
        group = self.values[denominator]
        return round_half_up(ratio(self.values[numerator], group, unit), places) if group else None


def rounded(tables: Sequence[Table], policy: Policy, *, seconds: float = ROUNDING_SECONDS) -> Rounded:
    """The tables' printed cells rounded to the policy's base. What a total has beside its printed parts does not fall
    below 0, so no share passes 100%. Raises CannotBeRounded, TableError."""
    until = time.process_time() + seconds
    net = net_of(tables, policy)
    printed = {cell.id for table in tables for cell in table.cells if cell.standing is Standing.PRINTED}
    values: dict[str, int] = {}
    for part in components(net):
        values |= _rounded(part, printed & set(part.nodes), policy.rounding_base, until)
    change = sum(abs(number - net.nodes[cell].value) for cell, number in values.items())
    return Rounded(policy.rounding_base, values, change)


def _rounded(net: Net, printed: set[str], base: int, until: float) -> dict[str, int]:
    below = {cell: net.nodes[cell].value // base * base for cell in sorted(printed)}
    left = {cell: net.nodes[cell].value - low for cell, low in below.items()}
    column = {cell: number for number, cell in enumerate(cell for cell in below if left[cell])}
    costs = [base - 2 * left[cell] for cell in column]
    covers = [c for relation in net.relations if (c := _cover(relation, below, column, base)) is not None]
    up = cheapest(costs, covers, until - time.process_time())
    if up is None:
        first = next(iter(net.nodes.values())).name
        raise CannotBeRounded(
            f"The tables of {first} cannot be rounded so that all sums hold: hide small numbers instead, or leave one "
            "of the margins out."
        )
    chosen = set(up)
    return {cell: low + base * (column.get(cell, -1) in chosen) for cell, low in below.items()}


def _cover(relation: Relation, below: Mapping[str, int], column: Mapping[str, int], base: int) -> Cover | None:
    """What a sum asks of the cells that are rounded up: that it holds, or that what is not printed is 0 or more."""
    if not relation.is_sum or relation.low != 0 or not any(cell in below for cell, _ in relation.factors):
        return None
    others = [factor for cell, factor in relation.factors if cell not in below]
    now = sum(factor * below[cell] for cell, factor in relation.factors if cell in below) // base
    factors = tuple((column[cell], 1.0 * factor) for cell, factor in relation.factors if cell in column)
    if not others:
        return Cover(factors, -now, -now)
    if all(factor < 0 for factor in others):
        return Cover(factors, -now)
    if all(factor > 0 for factor in others):
        return Cover(tuple((place, -factor) for place, factor in factors), now)
    return None


def audit_rounded(
    tables: Sequence[Table], found: Rounded, policy: Policy, earlier: Sequence[Published] = (), *,
    seconds: float = ROUNDING_SECONDS,
) -> dict[str, Reach]:  # fmt: skip
    """What an attacker can work out of rounded tables: each cell is less than the base away from what is printed, sums
    hold, and earlier packs are known. Intervals of the cells that are not shown exactly elsewhere; none may be exact.
    """
    until = time.process_time() + seconds
    net = net_of(tables, policy, earlier)
    away = found.base - 1
    bounds: dict[str, Bounds] = {
        cell: (max(0, number - away), number + away)
        for cell, number in found.values.items()
        if not net.nodes[cell].was_shown
    }
    return reaches(net, hidden_of(net, bounds), until=until, only=set(bounds), bounds=bounds)


def recovered(intervals: Mapping[str, Reach]) -> tuple[str, ...]:
    """The ids of the cells that come out exactly."""
    return tuple(sorted(cell for cell, reach in intervals.items() if reach.is_exact))
