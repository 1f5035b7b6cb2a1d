"""Integers and sums given to HiGHS (scipy), which loads when it is called: for a bounded child, never a web process.

A system is written in moves: how far each cell may be from its true number, so that every sum of moves is 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.disclosure.cells import Relation

# A cell that may move further than this is not bounded by anything that is published.
_TOGETHER = 3_000
_NEAR = 1e-6


@dataclass(frozen=True)
class System:
    """The moves of cells. `rows`: each a sum of factor × move that is 0; `low` and `high`: how far each may move down
    and up. The columns behind the cells' own are those of relations that have room."""

    cells: tuple[str, ...]
    rows: tuple[tuple[tuple[int, int], ...], ...]
    low: tuple[int, ...]
    high: tuple[int, ...]

    @property
    def width(self) -> int:
        return len(self.low)


@dataclass(frozen=True)
class Aim:
    """As far as cell number `column` can move: up for `sign` 1, down for −1. `most`: further need not be looked."""

    column: int
    sign: int
    most: int | None = None


@dataclass(frozen=True)
class Optimum:
    """How far it can move, the moves of all columns then, and what each row is worth."""

    distance: float
    moves: tuple[float, ...]
    worth: tuple[float, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all moves are integers, so that the distance is that of integers too."""
        return all(abs(move - round(move)) < _NEAR for move in self.moves)


def system_of(
    relations: Iterable[Relation], values: Mapping[str, int], room: Mapping[str, tuple[int, int]], far: int
) -> System:
    """The system of the cells in `room` (how far each may move down and up); all other cells stay. `far` bounds the
    room of a relation that has none."""
    cells = tuple(sorted(room))
    column = {cell: number for number, cell in enumerate(cells)}
    low, high = [-room[cell][0] for cell in cells], [room[cell][1] for cell in cells]
    rows = []
    for relation in relations:
        row = [(column[cell], factor) for cell, factor in relation.factors if cell in column]
        if not row:
            continue
        if not relation.is_sum:
            now = relation.at(values)
            reach = far * sum(abs(factor) for _, factor in row)
            row.append((len(low), -1))
            low.append(-reach if relation.low is None else relation.low - now)
            high.append(reach if relation.high is None else relation.high - now)
        rows.append(tuple(row))
    return System(cells, tuple(rows), tuple(low), tuple(high))


# scipy and numpy have no types that mypy is told of here.
def optima(asked: Sequence[tuple[System, Aim]]) -> list[Optimum]:
    """The optimum of each aim over real numbers. Those of one call are independent of each other, so many are solved as
    one programme: the time is in the calls."""
    found: list[Optimum] = []
    batch: list[tuple[System, Aim]] = []
    width = 0
    for one in asked:
        batch.append(one)
        width += one[0].width
        if width >= _TOGETHER:
            found += _solved(batch)
            batch, width = [], 0
    return found + _solved(batch)


def _solved(batch: Sequence[tuple[System, Aim]]) -> list[Optimum]:
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    if not batch:
        return []
    costs, low, high, rows, starts = _side_by_side(batch)
    result = linprog(
        costs, A_eq=rows, b_eq=[0] * rows.shape[0], bounds=list(zip(low, high, strict=True)), method="highs-ds"
    )
    if result.status != 0:
        raise ArithmeticError(f"The intervals could not be worked out: {result.message}")
    found, row = [], 0
    moves, worth = result.x.tolist(), result.eqlin.marginals.tolist()
    for (system, aim), start in zip(batch, starts, strict=True):
        own = tuple(moves[start : start + system.width])
        found.append(Optimum(aim.sign * own[aim.column], own, tuple(worth[row : row + len(system.rows)])))
        row += len(system.rows)
    return found


def _side_by_side(batch: Sequence[tuple[System, Aim]]) -> tuple[list[int], list[int], list[int], Any, list[int]]:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    costs: list[int] = []
    low: list[int] = []
    high: list[int] = []
    starts: list[int] = []
    factors: list[int] = []
    columns: list[int] = []
    ends = [0]
    for system, aim in batch:
        start = len(low)
        starts.append(start)
        costs += [0] * system.width
        costs[start + aim.column] = -aim.sign
        low += system.low
        high += system.high
        if aim.most is not None and aim.sign > 0:
            high[start + aim.column] = min(high[start + aim.column], aim.most)
        elif aim.most is not None:
            low[start + aim.column] = max(low[start + aim.column], -aim.most)
        for row in system.rows:
            columns += [start + column for column, _ in row]
            factors += [factor for _, factor in row]
            ends.append(len(columns))
    return costs, low, high, csr_array((factors, columns, ends), shape=(len(ends) - 1, len(low)), dtype=float), starts


def whole_optimum(system: System, aim: Aim, seconds: float) -> tuple[int | None, bool]:
    """As far as the cell can move in integers, and whether that is the furthest; where time ran out, the furthest found
    (None for nothing), which claims no more protection than there is."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    costs, low, high, rows, _ = _side_by_side([(system, aim)])
    result = milp(
        costs, integrality=[1] * system.width, bounds=Bounds(low, high), constraints=LinearConstraint(rows, 0, 0),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0},
    )  # fmt: skip
    if result.x is None:
        return None, False
    return aim.sign * round(result.x[aim.column]), result.status == 0


@dataclass(frozen=True)
class Cover:
    """One thing that a choice of cells must do: the sum of factor × (1 if chosen) is at least `least`."""

    factors: tuple[tuple[int, float], ...]
    least: float


def cheapest(costs: Sequence[int], covers: Sequence[Cover], seconds: float) -> list[int] | None:
    """The cheapest choice of columns that does everything in `covers`; None where time ran out or there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    if not costs or not covers:
        return []
    ends = [0]
    for cover in covers:
        ends.append(ends[-1] + len(cover.factors))
    rows = csr_array(
        (
            [factor for cover in covers for _, factor in cover.factors],
            [column for cover in covers for column, _ in cover.factors],
            ends,
        ),
        shape=(len(covers), len(costs)),
    )
    result = milp(
        costs, integrality=[1] * len(costs), bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, [cover.least for cover in covers]),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0},
    )  # fmt: skip
    return None if result.status != 0 else [n for n, chosen in enumerate(result.x) if chosen > 0.5]


def cheapest_moves(system: System, costs: Sequence[int], aim: Aim, seconds: float, *, whole: bool) -> set[int] | None:
    """The columns that must move for the cell to move as far as `aim.most`, as cheaply as can be by cost × distance;
    None where it cannot, or time ran out."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack

    _, low, high, rows, _ = _side_by_side([(system, aim)])
    aimed = aim.sign * (aim.most or 0)
    both = hstack([csr_array(rows), -csr_array(rows)], format="csr")
    up = [max(0, bound) for bound in high]
    down = [max(0, -bound) for bound in low]
    up_least, down_least = [0] * len(up), [0] * len(down)
    if aimed > 0:
        up_least[aim.column], down[aim.column] = aimed, 0
    else:
        down_least[aim.column], up[aim.column] = -aimed, 0
    if any(least > most for least, most in zip(up_least + down_least, up + down, strict=True)):
        return None
    result = milp(
        [*costs, *costs], integrality=[int(whole)] * (2 * system.width),
        bounds=Bounds(up_least + down_least, up + down), constraints=LinearConstraint(both, 0, 0),
        options={"time_limit": max(seconds, 0.01)},
    )  # fmt: skip
    if result.x is None:
        return None
    wide = system.width
    return {number for number in range(wide) if abs(result.x[number] - result.x[number + wide]) > _NEAR}
