"""What an attacker can work out: for each hidden cell the least and the most that it can be, over everything published.

He knows every cell that is shown, every relation, and the least that a hidden cell is. Numbers are integers: where the
optimum over real numbers is made of integers it is theirs too (always so in tables with rows and columns), elsewhere
the integer programme is asked, because real numbers would overstate the protection.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from indicators.disclosure.cells import Relation
from indicators.disclosure.linked import Net, Parts, State
from indicators.disclosure.one_way import Bounds, interval_of
from indicators.disclosure.solver import Aim, System, optima, system_of, whole_optimum


class Method(StrEnum):
    """How an interval was found."""

    CLOSED_FORM = "closed form"
    LINEAR = "linear programme"
    INTEGER = "integer programme"
    UNFINISHED = "not finished"


@dataclass(frozen=True)
class Reach:
    """What a hidden cell can be; `high` None: nothing published says. An unfinished one is no wider than was proved."""

    low: int
    high: int | None
    method: Method

    def holds(self, low: int, high: int) -> bool:
        """Whether everything from low to high is possible."""
        return self.low <= low and (self.high is None or high <= self.high)

    @property
    def is_exact(self) -> bool:
        """Whether it is known."""
        return self.low == self.high


def hidden_of(net: Net, chosen: Collection[str]) -> set[str]:
    """All cells that no reader sees: those chosen, and those hidden or unprinted anyway."""
    return {cell for cell, node in net.nodes.items() if node.state is State.HIDDEN or cell in chosen}


def far_of(net: Net) -> int:
    """A number so large that no cell of the net which is bounded at all can be moved as far."""
    heaviest = max((abs(factor) for relation in net.relations for _, factor in relation.factors), default=1)
    return 2 * min(heaviest, 1_000) * (sum(node.value for node in net.nodes.values()) + 10) + 1_000


def reaches(
    net: Net, hidden: Collection[str], *, until: float, only: Collection[str] | None = None, enough: int | None = None
) -> dict[str, Reach]:
    """The interval of each hidden cell (of `only` those, where given). `until`: the moment of `time.monotonic` at which
    no further integer programme is begun. `enough`: no matter how far above this a cell can be."""
    found: dict[str, Reach] = {}
    asked: list[tuple[System, Aim]] = []
    wanted: list[str] = []
    far = far_of(net)
    for cells, relations in _blocks(net, hidden):
        aimed = [cell for cell in cells if only is None or cell in only]
        if not aimed:
            continue
        if (closed := _closed_form(net, cells, relations)) is not None:
            found |= {cell: closed(cell) for cell in aimed}
            continue
        room = {cell: (net.nodes[cell].value - net.nodes[cell].least, far) for cell in cells}
        values = {cell: net.nodes[cell].value for relation in relations for cell, _ in relation.factors}
        system = system_of(relations, values, room, far)
        for cell in aimed:
            up = None if enough is None else max(0, enough - net.nodes[cell].value)
            column = system.cells.index(cell)
            asked += [(system, Aim(column, -1)), (system, Aim(column, 1, up))]
            wanted.append(cell)
    solved = optima(asked)
    for number, cell in enumerate(wanted):
        ends, methods = [], []
        for place in (2 * number, 2 * number + 1):
            system, aim = asked[place]
            distance, method = round(solved[place].distance), Method.LINEAR
            if not solved[place].is_whole:
                distance, method = _in_integers(system, aim, until)
            ends.append(distance)
            methods.append(method)
        value = net.nodes[cell].value
        high = None if 2 * ends[1] >= far else value + ends[1]
        found[cell] = Reach(value - ends[0], high, max(methods, key=list(Method).index))
    return found


def _in_integers(system: System, aim: Aim, until: float) -> tuple[int, Method]:
    left = until - time.monotonic()
    if left <= 0:
        return 0, Method.UNFINISHED
    distance, is_furthest = whole_optimum(system, aim, left)
    return distance or 0, Method.INTEGER if is_furthest else Method.UNFINISHED


def _blocks(net: Net, hidden: Collection[str]) -> Iterable[tuple[list[str], list[Relation]]]:
    """The hidden cells that hang together once everything shown is known, with their relations."""
    parts = Parts(hidden)
    touching: list[tuple[str, Relation]] = []
    for relation in net.relations:
        inside = [cell for cell, _ in relation.factors if cell in hidden]
        if inside:
            touching.append((inside[0], relation))
        for one, other in pairwise(inside):
            parts.join(one, other)
    groups = parts.groups()
    place = {cell: number for number, group in enumerate(groups) for cell in group}
    relations: list[list[Relation]] = [[] for _ in groups]
    for cell, relation in touching:
        relations[place[cell]].append(relation)
    return zip(groups, relations, strict=True)


class _OneSum:
    """The intervals of a block with one relation or none."""

    def __init__(self, net: Net, cells: list[str], factors: Mapping[str, int]) -> None:
        self._cells = cells
        self._factors = [factors.get(cell, 0) for cell in cells]
        self._bounds: list[Bounds] = [(net.nodes[cell].least, None) for cell in cells]
        self._total = sum(factor * net.nodes[cell].value for factor, cell in zip(self._factors, cells, strict=True))

    def __call__(self, cell: str) -> Reach:
        number = self._cells.index(cell)
        if not self._factors[number]:
            return Reach(self._bounds[number][0], None, Method.CLOSED_FORM)
        low, high = interval_of(number, self._factors, self._total, self._bounds)
        return Reach(low, high, Method.CLOSED_FORM)


def _closed_form(net: Net, cells: list[str], relations: list[Relation]) -> _OneSum | None:
    if not relations:
        return _OneSum(net, cells, {})
    factors = dict(relations[0].factors)
    if len(relations) == 1 and relations[0].is_sum and all(abs(factors[cell]) == 1 for cell in cells):
        return _OneSum(net, cells, factors)
    return None
