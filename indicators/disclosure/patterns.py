"""Which further cells to hide so that every small one is protected, as cheaply as can be.

Exactly: a choice of cells is held against the attacker; where he gets too near to a small cell, what his linear
programme rests on becomes a rule that every sufficient choice keeps to (a cut; Fischetti and Salazar 2000), and the
cheapest choice that keeps to all rules is taken, until he fails. The answer is that of the one large programme with two
perturbed tables for each small cell (`methods.md` §5.3). By greed: one small cell after the other gets the cheapest
perturbed tables, and what then turns out to be needless is shown again.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from indicators.disclosure.attacker import far_of, hidden_of, reaches
from indicators.disclosure.cells import Published
from indicators.disclosure.linked import Net, Node, State, net_of
from indicators.disclosure.policy import Policy
from indicators.disclosure.solver import Aim, Cover, Optimum, System, alone, cheapest, cheapest_moves, optima, system_of

_NEAR = 1e-6
# A margin tells more to more readers than a cell of its own size.
_MARGIN = 2


class OutOfTime(Exception):
    """The exact choice was not found within its time."""


def cost_of(node: Node, policy: Policy) -> int:
    """What it costs to hide a cell: its number, and a constant so that few cells are hidden; margins are dear."""
    return (node.value + policy.threshold) * (_MARGIN if node.is_margin else 1)


def open_cells(net: Net, chosen: Collection[str], policy: Policy, until: float, among: Iterable[str]) -> list[str]:
    """Those of the small cells `among` of which the attacker can rule out a number from 1 to t − 1."""
    asked = sorted(among)
    hidden = hidden_of(net, chosen)
    seen = [cell for cell in asked if cell not in hidden]
    found = reaches(net, hidden, until=until, only=set(asked) - set(seen), enough=policy.most_hidden)
    return sorted(
        [*seen, *(cell for cell, reach in found.items() if not reach.holds(net.nodes[cell].floor, policy.most_hidden))]
    )


@dataclass
class _Problem:
    """The moves of all cells of a net, and which of them may be chosen."""

    net: Net
    policy: Policy
    system: System
    cut_costs: list[int]  # for each column of `free`
    free: list[int]  # columns of the system that a choice is made of
    always: list[int]  # columns that are hidden anyway


def _problem(net: Net, policy: Policy) -> _Problem:
    far = far_of(net)
    room = {cell: (node.value - node.least, far) for cell, node in net.nodes.items() if node.state is not State.SHOWN}
    system = system_of(net.relations, net.values(), room, far)
    nodes = [net.nodes[cell] for cell in system.cells]
    free = [n for n, node in enumerate(nodes) if node.state is State.FREE and not node.must_hide]
    always = [n for n, node in enumerate(nodes) if node.state is State.HIDDEN or node.must_hide]
    return _Problem(net, policy, system, [cost_of(nodes[n], policy) for n in free], free, always)


def exactly(net: Net, policy: Policy, targets: Collection[str], until: float) -> set[str]:
    """The cheapest cells to hide, with the small ones, so that every target is protected; ties always fall the same.

    Each target must be protected where all cells that can be hidden are. Raises OutOfTime.
    """
    problem = _problem(net, policy)
    must = {cell for cell, node in net.nodes.items() if node.must_hide}
    covers = list(_no_bridges(problem))
    seen = set(covers)
    aims = list(_needs(problem, targets))
    while True:
        left = until - time.process_time()
        picked = cheapest(problem.cut_costs, covers, left) if left > 0 else None
        if picked is None:
            raise OutOfTime
        last = {problem.free[number] for number in picked}
        cuts = [cut for cut in _cuts(problem, last, aims) if cut not in seen]
        if not cuts:
            chosen = must | {problem.system.cells[column] for column in last}
            if not open_cells(net, chosen, policy, until, targets):
                return chosen
            # Real numbers protect what integers do not: at least one more cell has to go.
            others = tuple((n, 1.0) for n, column in enumerate(problem.free) if column not in last)
            cuts = [Cover(others, 1)] if others else []
            if not cuts or cuts[0] in seen:
                raise OutOfTime
        covers += cuts
        seen |= set(cuts)


def _no_bridges(problem: _Problem) -> Iterator[Cover]:
    """A cell that is hidden alone in a sum is not hidden: no cheapest choice has one that is not hidden anyway."""
    place = {column: number for number, column in enumerate(problem.free)}
    wide = len(problem.system.cells)
    for row in problem.system.rows:
        columns = [column for column, _ in row]
        if any(column >= wide for column in columns) or any(column in problem.always for column in columns):
            continue
        for column in columns:
            others = tuple((place[other], 1.0) for other in columns if other != column)
            yield Cover(((place[column], -1.0), *others), 0)


def _needs(problem: _Problem, targets: Collection[str]) -> Iterator[Aim]:
    """How far each target must be able to move: up to t − 1 and down to its floor."""
    for column, cell in enumerate(problem.system.cells):
        if cell in targets:
            value = problem.net.nodes[cell].value
            if value < problem.policy.most_hidden:
                yield alone(column, 1, problem.policy.most_hidden - value)
            if value > (floor := problem.net.nodes[cell].floor):
                yield alone(column, -1, value - floor)


def _cuts(problem: _Problem, chosen: set[int], aims: Sequence[Aim]) -> list[Cover]:
    """What the attacker's programmes rest on where a target cannot move far enough, each once."""
    can_move = chosen | set(problem.always)
    system, wide = problem.system, len(problem.system.cells)
    low = tuple(b if n in can_move or n >= wide else 0 for n, b in enumerate(system.low))
    high = tuple(b if n in can_move or n >= wide else 0 for n, b in enumerate(system.high))
    now = System(system.cells, system.rows, low, high)
    found = []
    for aim, optimum in zip(aims, optima(now, aims, in_full=True), strict=True):
        if aim.most is not None and optimum.distance < aim.most - _NEAR:
            found.append(_cut(problem, aim, optimum))
    return list(dict.fromkeys(found))


def _cut(problem: _Problem, aim: Aim, optimum: Optimum) -> Cover:
    """By the worth of the rows, the most that the target can move is a sum over the cells that are hidden; it must
    come to as much as is needed."""
    system, need = problem.system, aim.most or 0
    reduced = [0.0] * system.width
    reduced[aim.column] = -aim.sign
    for row, worth in zip(system.rows, optimum.worth, strict=True):
        for column, factor in row:
            reduced[column] -= factor * worth
    low, high = list(system.low), list(system.high)
    low[aim.column], high[aim.column] = max(low[aim.column], -need), min(high[aim.column], need)
    gains = [-price * (down if price > 0 else up) for price, down, up in zip(reduced, low, high, strict=True)]
    free = set(problem.free)
    least = need - sum(gain for column, gain in enumerate(gains) if column not in free)
    factors = tuple(
        (number, min(1.0, round(gains[column] / least, 9)))
        for number, column in enumerate(problem.free)
        if gains[column] > _NEAR
    )
    return Cover(factors, 1 - _NEAR)


def greedily(net: Net, policy: Policy, targets: Collection[str], until: float) -> set[str]:
    """Cells to hide, with the small ones, so that every target is protected: not the fewest. Raises OutOfTime."""
    problem = _problem(net, policy)
    chosen = {cell for cell, node in net.nodes.items() if node.must_hide}
    for whole in (False, True):
        for cell in open_cells(net, chosen, policy, until, targets):
            chosen |= _moved(problem, cell, chosen, until, whole=whole)
    if open_cells(net, chosen, policy, until, targets):
        raise OutOfTime
    return _without_needless(net, policy, chosen, targets, until)


def _moved(problem: _Problem, target: str, chosen: Collection[str], until: float, *, whole: bool) -> set[str]:
    """The cells to hide so that one target can move as far as it must."""
    costs = _move_costs(problem, chosen)
    found: set[str] = set()
    for aim in _needs(problem, {target}):
        left = until - time.process_time()
        moved = cheapest_moves(problem.system, costs, aim, left, whole=whole) if left > 0 else None
        if moved is None:
            raise OutOfTime
        found |= {problem.system.cells[n] for n in moved & set(problem.free)}
        for column in moved:
            costs[column] = 0
    return found


def _move_costs(problem: _Problem, chosen: Collection[str]) -> list[int]:
    costs = [0] * problem.system.width
    for column, cost in zip(problem.free, problem.cut_costs, strict=True):
        costs[column] = 0 if problem.system.cells[column] in chosen else cost
    return costs


def _without_needless(net: Net, policy: Policy, chosen: set[str], targets: Collection[str], until: float) -> set[str]:
    """The choice without cells that protect nothing, the dearest first, as long as there is time."""
    secondary = [cell for cell in chosen if not net.nodes[cell].must_hide]
    for cell in sorted(secondary, key=lambda one: (-cost_of(net.nodes[one], policy), one)):
        if time.process_time() >= until:
            break
        if not open_cells(net, chosen - {cell}, policy, until, targets):
            chosen = chosen - {cell}
    return chosen


def open_before(cells: Collection[str], policy: Policy, earlier: Sequence[Published], until: float) -> set[str]:
    """Those of the cells that can be worked out, or nearly, from earlier packs alone: no hiding calls them back."""
    if not cells or not earlier:
        return set()
    net = net_of((), policy, earlier)
    asked = [cell for cell in cells if cell in net.nodes and net.nodes[cell].state is State.HIDDEN]
    return set(open_cells(net, (), policy, until, asked)) if asked else set()


def all_that_can_hide(net: Net) -> set[str]:
    """Every cell that is printed now and may be hidden."""
    return {cell for cell, node in net.nodes.items() if node.state is State.FREE}
