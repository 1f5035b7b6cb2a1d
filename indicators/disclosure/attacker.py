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
from indicators.disclosure.solver import Aim, System, alone, narrowed, optima, system_of, tied, whole_optimum

# Fewer ends than these are asked for one by one.
_FEW = 8


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
    net: Net,
    hidden: Collection[str],
    *,
    until: float,
    only: Collection[str] | None = None,
    enough: int | None = None,
    bounds: Mapping[str, Bounds] | None = None,
) -> dict[str, Reach]:
    """The interval of each hidden cell (of `only` those, where given).

    `until`: the moment (`time.process_time`) at which no further integer programme is begun. `enough`: no matter how
    far above this a cell can be. `bounds`: what is known of some cells by themselves, instead of their least.
    """
    found: dict[str, Reach] = {}
    far = far_of(net)
    known = {cell: (bounds or {}).get(cell, (net.nodes[cell].least, None)) for cell in hidden}
    for cells, relations in _blocks(net, hidden):
        aimed = [cell for cell in cells if only is None or cell in only]
        if not aimed:
            continue
        if (closed := _closed_form(net, cells, relations, known)) is not None:
            found |= {cell: closed(cell) for cell in aimed}
        else:
            found |= _of_block(net, relations, {cell: known[cell] for cell in cells}, aimed, far, until, enough)
    return found


def _of_block(
    net: Net,
    relations: list[Relation],
    known: Mapping[str, Bounds],
    aimed: list[str],
    far: int,
    until: float,
    enough: int | None,
) -> dict[str, Reach]:
    """The intervals of some cells of a block, by programmes where bounds and examples leave a doubt."""
    now = {cell: net.nodes[cell].value for cell in known}
    room = {cell: (now[cell] - low, far if high is None else high - now[cell]) for cell, (low, high) in known.items()}
    values = {cell: net.nodes[cell].value for relation in relations for cell, _ in relation.factors}
    whole = system_of(relations, values, room, far)
    together = tied(whole)
    system = together.system
    column_of = {cell: column for column, cell in enumerate(whole.cells)}
    # How far above its value each end need be looked at: as far as any of the cells that it stands for.
    ends: dict[tuple[int, int], int | None] = {}
    for cell in aimed:
        for sign in (-1, 1):
            if (end := together.end(column_of[cell], sign)) is not None:
                most = None if enough is None or sign < 0 else max(0, enough - now[cell])
                other = ends.get(end, 0)
                ends[end] = None if most is None or other is None else max(most, other)
    settled = _settled(system, far) if len(ends) > _FEW else {}
    aims = {end: alone(*end, most) for end, most in ends.items() if end not in settled}
    for (end, aim), optimum in zip(aims.items(), optima(system, list(aims.values())), strict=True):
        distance, method = round(optimum.distance), Method.LINEAR
        settled[end] = (distance, method) if optimum.is_whole else _in_integers(system, aim, until)
    found = {}
    for cell in aimed:
        (down, how_down), (up, how_up) = (
            (0, Method.LINEAR) if end is None else settled[end]
            for end in (together.end(column_of[cell], -1), together.end(column_of[cell], 1))
        )
        how = max(how_down, how_up, key=list(Method).index)
        found[cell] = Reach(now[cell] - down, None if 2 * up >= far else now[cell] + up, how)
    return found


def _settled(system: System, far: int) -> dict[tuple[int, int], tuple[int, Method]]:
    """How far columns can move down (−1) and up (1), where an example of integers goes as far as bounds allow."""
    low, high = narrowed(system)
    wide = system.width
    patterns = [[1] * wide, [-1] * wide, *([1 if n % m else -1 for n in range(wide)] for m in (2, 3))]
    patterns += [[-sign for sign in pattern] for pattern in patterns[2:]]
    examples = optima(system, [Aim(tuple(enumerate(pattern))) for pattern in patterns], in_full=True)
    found: dict[tuple[int, int], tuple[int, Method]] = {}
    for example in examples:
        if not example.is_whole:
            continue
        for column, move in enumerate(example.moves):
            if round(move) <= low[column]:
                found[column, -1] = -low[column], Method.LINEAR
            if round(move) >= high[column] or 2 * move >= far:
                found[column, 1] = round(move), Method.LINEAR
    return found


def _in_integers(system: System, aim: Aim, until: float) -> tuple[int, Method]:
    left = until - time.process_time()
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

    def __init__(self, net: Net, cells: list[str], factors: Mapping[str, int], known: Mapping[str, Bounds]) -> None:
        self._cells = cells
        self._factors = [factors.get(cell, 0) for cell in cells]
        self._bounds = [known[cell] for cell in cells]
        self._total = sum(factor * net.nodes[cell].value for factor, cell in zip(self._factors, cells, strict=True))

    def __call__(self, cell: str) -> Reach:
        number = self._cells.index(cell)
        if not self._factors[number]:
            return Reach(*self._bounds[number], Method.CLOSED_FORM)
        low, high = interval_of(number, self._factors, self._total, self._bounds)
        return Reach(low, high, Method.CLOSED_FORM)


def _closed_form(net: Net, cells: list[str], relations: list[Relation], known: Mapping[str, Bounds]) -> _OneSum | None:
    if not relations:
        return _OneSum(net, cells, {}, known)
    factors = dict(relations[0].factors)
    if len(relations) == 1 and relations[0].is_sum and all(abs(factors[cell]) == 1 for cell in cells):
        return _OneSum(net, cells, factors, known)
    return None
