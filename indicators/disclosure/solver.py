"""Integers and sums given to HiGHS (scipy), which loads when it is called: for a bounded child, never a web process.

A system is written in moves: how far each cell may be from its true number, so that every sum of moves is 0.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indicators.disclosure.cells import Relation

# Columns of one programme: more at once takes HiGHS longer than several calls do.
_TOGETHER = 4_000
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
    """As far as columns can move together: each (column, sign) up for 1, down for −1. `most`: of one column alone,
    further need not be looked."""

    columns: tuple[tuple[int, int], ...]
    most: int | None = None

    @property
    def column(self) -> int:
        """The first column."""
        return self.columns[0][0]

    @property
    def sign(self) -> int:
        """The way of the first column."""
        return self.columns[0][1]


def alone(column: int, sign: int, most: int | None = None) -> Aim:
    """One column, up or down."""
    return Aim(((column, sign),), most)


@dataclass(frozen=True)
class Optimum:
    """How far they can move, whether all moves are integers then, so that this is as far as integers can, and, where
    they were asked for, the moves of all columns and what each row is worth."""

    distance: float
    is_whole: bool
    moves: tuple[float, ...] = ()
    worth: tuple[float, ...] = ()


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


def narrowed(system: System, rounds: int = 8) -> tuple[list[int], list[int]]:
    """How far each column can move at most, down and up, by its sums one at a time: no integers go further."""
    low, high = list(system.low), list(system.high)
    for _ in range(rounds):
        before = (list(low), list(high))
        for row in system.rows:
            least = sum(factor * (low if factor > 0 else high)[column] for column, factor in row)
            most = sum(factor * (high if factor > 0 else low)[column] for column, factor in row)
            for column, factor in row:
                own = sorted((factor * low[column], factor * high[column]))
                # The column's own part of a sum that is 0 is what the others leave.
                ends = (own[1] - most, own[0] - least) if factor > 0 else (own[0] - least, own[1] - most)
                low[column] = max(low[column], -(-ends[0] // factor))
                high[column] = min(high[column], ends[1] // factor)
        if (low, high) == before:
            break
    return low, high


@dataclass(frozen=True)
class Tied:
    """A system in which what can only move together is one column, and what cannot move is none. `at`: for each column
    of the system that it was made of the column here and 1, or −1 where it moves the other way; None: it stays."""

    system: System
    at: tuple[tuple[int, int] | None, ...]

    def end(self, column: int, sign: int) -> tuple[int, int] | None:
        """Which column here moves which way where a column of the other system moves up (1) or down (−1)."""
        found = self.at[column]
        return None if found is None else (found[0], found[1] * sign)


def tied(system: System) -> Tied:
    """The system with as few columns as its sums of one and of two leave. It allows the same moves, whether of integers
    or of real numbers: of two columns that add up to 0 with one factor either says where the other is."""
    knots = _Knots(system)
    rows = list(system.rows)
    before: list[tuple[tuple[int, int], ...]] = []
    while rows != before:
        before = rows
        for row in before:
            knots.tie(knots.moving(row))
        rows = list(dict.fromkeys(found for row in before if (found := knots.moving(row))))
    at = [knots.moving([(column, 1)]) for column in range(system.width)]
    left = sorted({found[0][0] for found in at if found})
    place = {column: number for number, column in enumerate(left)}
    smaller = System(
        tuple(str(column) for column in left),
        tuple(tuple((place[column], factor) for column, factor in row) for row in rows),
        tuple(knots.low[column] for column in left),
        tuple(knots.high[column] for column in left),
    )
    return Tied(smaller, tuple((place[found[0][0]], found[0][1]) if found else None for found in at))


class _Knots:
    """Which columns stand for which others, and which stay."""

    def __init__(self, system: System) -> None:
        # Where every factor is 1 or −1, what integers leave for a column is what real numbers leave.
        plain = tuple(row for row in system.rows if all(abs(factor) == 1 for _, factor in row))
        self.low, self.high = narrowed(replace(system, rows=plain))
        self._stands_for = [(column, 1) for column in range(system.width)]
        self._stays = [low == high == 0 for low, high in zip(self.low, self.high, strict=True)]

    def moving(self, row: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """The sum over the columns that stand for those of a row, less those that stay."""
        found: dict[int, int] = {}
        for own, factor in row:
            column, way = self._stands_for[own]
            while self._stands_for[column][0] != column:
                column, further = self._stands_for[column]
                way *= further
            self._stands_for[own] = column, way
            found[column] = found.get(column, 0) + way * factor
        return tuple((column, factor) for column, factor in found.items() if factor and not self._stays[column])

    def tie(self, row: tuple[tuple[int, int], ...]) -> None:
        """Takes in what a sum that is 0 says where it has one column or two."""
        if len(row) == 1:
            self._stays[row[0][0]] = True
        elif len(row) == 2 and abs(row[0][1]) == abs(row[1][1]):
            (one, factor), (other, its) = row
            way = -1 if factor == its else 1
            ends = (self.low[other], self.high[other]) if way > 0 else (-self.high[other], -self.low[other])
            self.low[one], self.high[one] = max(self.low[one], ends[0]), min(self.high[one], ends[1])
            self._stands_for[other] = one, way


# scipy has no types.
def optima(system: System, aims: Sequence[Aim], *, in_full: bool = False) -> list[Optimum]:
    """The optimum of each aim over real numbers, with moves and worths where `in_full`. They are independent of each
    other, so many are solved as one programme: the time is in the calls."""
    at_once = max(1, _TOGETHER // max(1, system.width))
    starts = range(0, len(aims), at_once)
    return [one for start in starts for one in _solved(system, aims[start : start + at_once], in_full)]


def _solved(system: System, aims: Sequence[Aim], in_full: bool) -> list[Optimum]:
    import numpy as np
    from scipy.optimize import linprog  # type: ignore[import-untyped]
    from scipy.sparse import eye_array, kron  # type: ignore[import-untyped]

    costs, low, high = _costs_and_bounds(system, aims)
    rows = kron(eye_array(len(aims)), _rows(system), format="csr")
    result = linprog(
        costs.ravel(), A_eq=rows, b_eq=np.zeros(rows.shape[0]), bounds=np.stack((low.ravel(), high.ravel()), axis=1),
        method="highs-ds",
    )  # fmt: skip
    if result.status != 0:
        raise ArithmeticError(f"The intervals could not be worked out: {result.message}")
    moves = result.x.reshape(costs.shape)
    worth = result.eqlin.marginals.reshape((len(aims), len(system.rows)))
    are_whole = (np.abs(moves - moves.round()) < _NEAR).all(axis=1).tolist()
    distances = (-(costs * moves).sum(axis=1)).tolist()
    if not in_full:
        return [Optimum(*one) for one in zip(distances, are_whole, strict=True)]
    full = zip(distances, are_whole, map(tuple, moves.tolist()), map(tuple, worth.tolist()), strict=True)
    return [Optimum(*one) for one in full]


def _costs_and_bounds(system: System, aims: Sequence[Aim]) -> tuple[Any, Any, Any]:
    """For each aim a row of what each column costs, and how far it may move down and up."""
    import numpy as np

    costs = np.zeros((len(aims), system.width))
    low, high = (
        np.tile(np.array(system.low, dtype=float), (len(aims), 1)),
        np.tile(np.array(system.high, dtype=float), (len(aims), 1)),
    )
    for number, aim in enumerate(aims):
        for column, sign in aim.columns:
            costs[number, column] = -sign
        if aim.most is not None and aim.sign > 0:
            high[number, aim.column] = min(high[number, aim.column], aim.most)
        elif aim.most is not None:
            low[number, aim.column] = max(low[number, aim.column], -aim.most)
    return costs, low, high


def _rows(system: System) -> Any:
    """The sums as a sparse matrix."""
    from scipy.sparse import csr_array

    factors = [factor for row in system.rows for _, factor in row]
    columns = [column for row in system.rows for column, _ in row]
    ends = [0]
    for row in system.rows:
        ends.append(ends[-1] + len(row))
    return csr_array((factors, columns, ends), shape=(len(system.rows), system.width), dtype=float)


def whole_optimum(system: System, aim: Aim, seconds: float) -> tuple[int | None, bool]:
    """As far as the cell can move in integers, and whether that is the furthest; where time ran out, the furthest found
    (None for nothing), which claims no more protection than there is."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    costs, low, high = _costs_and_bounds(system, [aim])
    result = milp(
        costs[0], integrality=[1] * system.width, bounds=Bounds(low[0], high[0]),
        constraints=LinearConstraint(_rows(system), 0, 0),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0},
    )  # fmt: skip
    if result.x is None:
        return None, False
    return aim.sign * round(result.x[aim.column]), result.status == 0


@dataclass(frozen=True)
class Cover:
    """One thing that a choice of columns must do: the sum of factor × (1 if chosen) is at least `least` and at most
    `most` (None: no matter how much)."""

    factors: tuple[tuple[int, float], ...]
    least: float
    most: float | None = None


def cheapest(costs: Sequence[int], covers: Sequence[Cover], seconds: float) -> list[int] | None:
    """The cheapest choice of columns that does everything in `covers`; None where time ran out or there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    if not costs:
        return [] if all(cover.least <= 0 <= (cover.most or 0) for cover in covers) else None
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
    least = [cover.least for cover in covers]
    most = [math.inf if cover.most is None else cover.most for cover in covers]
    result = milp(
        costs, integrality=[1] * len(costs), bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, least, most) if covers else (),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0},
    )  # fmt: skip
    return None if result.status != 0 else [n for n, chosen in enumerate(result.x) if chosen > 0.5]


def cheapest_moves(system: System, costs: Sequence[int], aim: Aim, seconds: float, *, whole: bool) -> set[int] | None:
    """The columns that must move for the cell to move as far as `aim.most`, as cheaply as can be by cost × distance;
    None where it cannot, or time ran out."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import hstack

    aimed = aim.sign * (aim.most or 0)
    rows = _rows(system)
    both = hstack([rows, -rows], format="csr")
    up = [max(0, bound) for bound in system.high]
    down = [max(0, -bound) for bound in system.low]
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
