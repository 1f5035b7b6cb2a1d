"""Controlled rounding: the other way to protect a table, where nothing is hidden and everything is a little off.

Each printed cell becomes the multiple of the base just below or just above it (a multiple stays), so that all sums
still hold and the change over all cells is least. A small number goes to a multiple from which every small number stays
possible, where the sums allow it. Shares are worked out from the rounded counts. `methods.md` §5.4.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.disclosure.attacker import Method, Reach, hidden_of, reaches
from indicators.disclosure.audit import Audit, Found
from indicators.disclosure.cells import Guard, Published, Relation, Standing, Table, TableError
from indicators.disclosure.linked import Net, Node, State, components, net_of
from indicators.disclosure.one_way import Bounds
from indicators.disclosure.patterns import all_that_can_hide, open_before, open_cells
from indicators.disclosure.policy import Policy
from indicators.disclosure.refusals import Refusal, Why, refusals_when_rounded
from indicators.disclosure.solver import Cover, cheapest
from indicators.disclosure.windows import strongest
from indicators.units import Unit, ratio, round_half_up

ROUNDING_SECONDS = 30.0
# What it is worth, in bases of change, that a small number stays open, and that a number is rounded as it was before.
_OPEN, _AS_BEFORE = 50, 5


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


def rounded(
    tables: Sequence[Table], policy: Policy, earlier: Sequence[Published] = (), hidden: Collection[str] = (), *,
    seconds: float = ROUNDING_SECONDS, least_change: bool = False,
) -> Rounded:  # fmt: skip
    """The tables' printed cells rounded to the policy's base. What a total has beside its printed parts does not fall
    below 0, so no share passes 100%.

    Cells that guard nothing are printed as they are, the `hidden` ones not at all. A cell that an `earlier` pack
    printed rounded is rounded to the same where it can be. `least_change`: nothing is asked but that sums hold. Raises
    CannotBeRounded, TableError.
    """
    until = time.process_time() + seconds
    net = net_of(tables, policy, earlier)
    guards: dict[str, list[Guard]] = {}
    for cell in (cell for table in tables for cell in table.cells if cell.standing is Standing.PRINTED):
        guards.setdefault(cell.id, []).append(cell.guard)
    exact = {cell for cell, found in guards.items() if strongest(found) is Guard.NOTHING}
    printed = set(guards) - exact - set(hidden)
    before = {} if least_change else _before(earlier, policy.rounding_base)
    values: dict[str, int] = {}
    for part in components(net):
        own = _Cells(part, printed & set(part.nodes), policy, before, is_shy=not least_change)
        values |= own.rounded(until)
    change = sum(abs(number - net.nodes[cell].value) for cell, number in values.items())
    return Rounded(policy.rounding_base, values, change)


def _before(earlier: Sequence[Published], base: int) -> dict[str, int]:
    return {cell: number for one in earlier if one.base == base for cell, number in one.rounded.items()}


@dataclass(frozen=True)
class _Cells:
    """The cells of a part that are rounded: those that are printed and guard something."""

    net: Net
    printed: set[str]
    policy: Policy
    before: Mapping[str, int]
    is_shy: bool

    def rounded(self, until: float) -> dict[str, int]:
        base = self.policy.rounding_base
        below = {cell: self.net.nodes[cell].value // base * base for cell in sorted(self.printed)}
        left = {cell: self.net.nodes[cell].value - low for cell, low in below.items()}
        column = {cell: number for number, cell in enumerate(cell for cell in below if left[cell])}
        costs = [
            base - 2 * left[cell] + self._dear(cell, below[cell] + base) - self._dear(cell, below[cell])
            for cell in column
        ]
        found = (self._cover(relation, below, column) for relation in self.net.relations)
        up = cheapest(costs, [one for one in found if one is not None], until - time.process_time())
        if up is None:
            first = next(iter(self.net.nodes.values())).name
            raise CannotBeRounded(
                f"The tables of {first} cannot be rounded so that all sums hold: hide small numbers instead, or leave "
                "one of the totals out."
            )
        chosen = set(up)
        return {cell: low + base * (column.get(cell, -1) in chosen) for cell, low in below.items()}

    def _is_nothing(self, cell: str) -> bool:
        node = self.net.nodes[cell]
        return node.value == 0 and not node.is_now

    def _dear(self, cell: str, number: int) -> int:
        """What is against printing this number, beside the change."""
        node, base = self.net.nodes[cell], self.policy.rounding_base
        is_telling = self.is_shy and node.is_sensitive and not self.policy.leaves_open(number)
        is_another = self.before.get(cell, number) != number
        return base * (_OPEN * is_telling + _AS_BEFORE * is_another)

    def _cover(self, relation: Relation, below: Mapping[str, int], column: Mapping[str, int]) -> Cover | None:
        """What a sum asks of the cells that are rounded up: that it holds, or that the others leave 0 or more for what
        is not rounded."""
        if not relation.is_sum or relation.low != 0 or not any(cell in below for cell, _ in relation.factors):
            return None
        unrounded = [(cell, factor) for cell, factor in relation.factors if cell not in below]
        # What is left of a whole group is 0 and stays so: 1,355 of 1,355 are rounded alike.
        others = [factor for cell, factor in unrounded if not self._is_nothing(cell)]
        now = sum(factor * below[cell] for cell, factor in relation.factors if cell in below)
        now //= self.policy.rounding_base
        factors = tuple((column[cell], 1.0 * factor) for cell, factor in relation.factors if cell in column)
        if not others:
            return Cover(factors, -now, -now)
        if all(factor < 0 for factor in others):
            return Cover(factors, -now)
        if all(factor > 0 for factor in others):
            return Cover(tuple((place, -factor) for place, factor in factors), now)
        return None


def reached(
    net: Net, found: Rounded, policy: Policy, hidden: Collection[str], until: float
) -> dict[str, Reach]:  # fmt: skip
    """What an attacker can work out of rounded tables: each cell is less than the base away from what is printed, a 0
    that is printed for 0 is known, sums hold, and earlier packs are known. Intervals of the rounded and `hidden` cells
    that are not shown exactly elsewhere, and of those that follow and are small; none may be exact."""
    away = found.base - 1
    bounds: dict[str, Bounds] = {}
    for cell, node in net.nodes.items():
        if node.state is State.FREE and cell in found.values:
            bounds[cell] = (max(0, found.values[cell] - away), found.values[cell] + away)
        elif node.state is State.FREE and cell in hidden:
            bounds[cell] = (node.least, policy.small_group if node.value <= policy.small_group else None)
    asked = {cell for cell, node in net.nodes.items() if cell in bounds or _is_asked(node)}
    return reaches(net, hidden_of(net, bounds), until=until, only=asked, bounds=bounds)


def _is_asked(node: Node) -> bool:
    return node.state is State.HIDDEN and (node.is_sensitive or node.was_hidden)


def recovered(intervals: Mapping[str, Reach]) -> tuple[str, ...]:
    """The ids of the cells that come out exactly."""
    return tuple(sorted(cell for cell, reach in intervals.items() if reach.is_exact))


def attack_rounded(
    tables: Sequence[Table], found: Rounded, policy: Policy, earlier: Sequence[Published] = (),
    hidden: Collection[str] = (), *, seconds: float = ROUNDING_SECONDS,
) -> tuple[Audit, tuple[Refusal, ...]]:  # fmt: skip
    """The audit of rounded tables, and what it refuses: a small number of which one from 1 to t − 1 can be ruled out,
    and a rounded one that comes out exactly and could not be worked out before. Raises TableError."""
    began = time.process_time()
    until = began + seconds
    now = {table.id for table in tables}
    own = now | {one.table.id for one in earlier}
    cells: list[Found] = []
    refused: list[Refusal] = []
    told: set[str] = set()
    for part in components(net_of(tables, policy, earlier)):
        if not now & set(part.tables()):
            continue
        told |= own & set(part.tables())
        of_part = _attacked(part, found, policy, hidden, until)
        cells += of_part
        refused += _refused(part, [one.cell for one in of_part if not one.is_safe], policy, earlier, until)
    cells.sort(key=lambda one: one.cell)
    seconds = time.process_time() - began
    audit = Audit(policy.threshold, tuple(sorted(told)), tuple(cells), seconds, is_rounded=True)
    return audit, tuple(sorted(refused, key=lambda one: one.cell))


def _attacked(net: Net, found: Rounded, policy: Policy, hidden: Collection[str], until: float) -> list[Found]:
    cells = []
    found_out = reached(net, found, policy, hidden, until)
    come_out = {cell for cell in recovered(found_out) if cell in found.values}
    if come_out:
        come_out -= set(recovered(reaches(net, hidden_of(net, all_that_can_hide(net)), until=until, only=come_out)))
    for cell, reach in found_out.items():
        node = net.nodes[cell]
        is_safe = not node.is_sensitive or reach.holds(node.floor, policy.most_hidden)
        cells.append(Found(cell, node.name, reach, node.is_sensitive, is_safe and cell not in come_out))
    for cell, node in net.nodes.items():
        if node.is_sensitive and node.is_now and cell not in found_out:
            exact = Reach(node.value, node.value, Method.CLOSED_FORM)
            cells.append(Found(cell, node.name, exact, True, False, True))
    return cells


def _refused(
    net: Net, cells: Sequence[str], policy: Policy, earlier: Sequence[Published], until: float
) -> list[Refusal]:  # fmt: skip
    """Why each of these cells is refused: what was out already is told apart from what this pack gives away."""
    hidden = hidden_of(net, all_that_can_hide(net))
    asked = [cell for cell in cells if cell in hidden]
    anyway = set(open_cells(net, all_that_can_hide(net), policy, until, asked)) if asked else set()
    told = open_before(cells, policy, earlier, until)
    why = {}
    for cell in cells:
        node = net.nodes[cell]
        was_out = cell in told or (
            node.state is State.HIDDEN and node.was_hidden and not node.is_now and cell in anyway
        )
        why[cell] = Why.SHOWN_BEFORE if node.was_shown else Why.OPEN_BEFORE if was_out else Why.DERIVABLE
    return refusals_when_rounded(net, why, base=policy.rounding_base, threshold=policy.threshold)
