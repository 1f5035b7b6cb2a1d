"""Whether sums of rounded figures can all hold at once.

Every rounded cell may lie anywhere within half a unit of its print. A linear programme makes the greatest deviation,
in units of each cell's own print, as small as it can be while every sum holds exactly; the sums are consistent when it
needs no more than half a unit. Exact cells cannot move. Solved with HiGHS (scipy), which is loaded only when called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.checks_engine.comparison import ByCode, difference_side
from indicators.checks_engine.prints import HALF, CannotBeChecked, coefficients, is_linear, number_of, reach
from indicators.report_statements import Check, Statement

LINEAR = frozenset({Check.SUM, Check.STOCK, Check.DIFFERENCE, Check.HUNDRED, Check.SAME, Check.PRODUCT, Check.ROWS})
# What the solver's own arithmetic may add to half a unit; the sums themselves are handed to it exactly.
_SOLVER = 1e-6


@dataclass(frozen=True)
class Cell:
    """A printed cell: its number, and how far its value may lie from it (0 for an exact one)."""

    number: Fraction
    reach: Fraction


@dataclass(frozen=True)
class Identity:
    """One sum that should hold: the cells, each times its factor, make `total`. `code` is the statement it is from."""

    code: str
    factors: tuple[tuple[str, Fraction], ...]
    total: Fraction

    def off(self, cells: Mapping[str, Cell]) -> Fraction:
        """By how much the sum fails as printed."""
        return sum((factor * cells[code].number for code, factor in self.factors), -self.total)

    def room(self, cells: Mapping[str, Cell]) -> Fraction:
        """By how much it may fail when every cell is rounded: half a unit of each, so 0.5 × (k + 1) units."""
        return sum((abs(factor) * cells[code].reach for code, factor in self.factors), Fraction(0))

    def holds_alone(self, cells: Mapping[str, Cell]) -> bool:
        """Whether rounding explains this sum when it is looked at by itself."""
        return abs(self.off(cells)) <= self.room(cells)


@dataclass(frozen=True)
class System:
    """The sums of one group, with the cells that they are about."""

    identities: tuple[Identity, ...]
    cells: Mapping[str, Cell]

    def only(self, identities: Sequence[Identity]) -> "System":
        """The same cells with fewer sums."""
        return System(tuple(identities), self.cells)


def system_of(statements: Sequence[Statement], by_code: ByCode) -> System:
    """The sums among the statements that can be solved together.

    A second row for a number that is already there (its code with -b, -c … at the end) is the same cell. Left out is
    what is no plain sum, what lacks a number, and what is printed as more or less than a number.
    """
    identities: list[Identity] = []
    cells: dict[str, Cell] = {}
    for statement in statements:
        try:
            found = _identity(statement, by_code)
            needed = {code: _cell(by_code[code]) for code, _ in found.factors} if found else {}
        except (CannotBeChecked, KeyError):
            continue
        if found:
            identities.append(found)
            cells |= needed
    return System(tuple(identities), cells)


def _identity(statement: Statement, by_code: ByCode) -> Identity | None:
    if statement.check not in LINEAR:
        return None
    sides = (difference_side(statement.sides),) if statement.check is Check.DIFFERENCE else statement.sides
    if not is_linear(sides):
        return None
    of, added = coefficients(sides[0])
    total = -added
    if statement.check is Check.HUNDRED:
        total += number_of(statement)
    else:
        of[statement.code] = of.get(statement.code, Fraction(0)) - 1
    factors: dict[str, Fraction] = {}
    for code, factor in of.items():
        cell = same_cell(code, by_code)
        factors[cell] = factors.get(cell, Fraction(0)) + factor
    return Identity(statement.code, tuple((code, f) for code, f in factors.items() if f), total)


def same_cell(code: str, by_code: ByCode) -> str:
    """The code that a printed number goes by when it has several rows: of 003-84-net-b, 003-84-net."""
    first, _, last = code.rpartition("-")
    if len(last) != 1 or not "b" <= last <= "z" or first not in by_code:
        return code
    ours, theirs = by_code[code], by_code[first]
    return first if (ours.place, ours.number, ours.unit) == (theirs.place, theirs.number, theirs.unit) else code


def _cell(statement: Statement) -> Cell:
    if statement.qualifier in ("<", ">"):
        raise CannotBeChecked(f"{statement.code} has no number of its own.")
    return Cell(number_of(statement), reach(statement))


def are_consistent(system: System) -> bool:
    """Whether all the sums can hold with every cell within half a unit of its print."""
    if not system.identities:
        return True
    worst = least_deviation(system)
    return worst is not None and worst <= 0.5 + _SOLVER


# scipy has no types.
def least_deviation(system: System) -> float | None:
    """The smallest greatest deviation, in units of print, with which every sum holds; None when none is enough.

    At most half a unit means that the print is consistent.
    """
    from scipy.optimize import linprog  # type: ignore[import-untyped]
    from scipy.sparse import coo_array  # type: ignore[import-untyped]

    movable = sorted({code for i in system.identities for code, _ in i.factors if system.cells[code].reach})
    column = {code: place for place, code in enumerate(movable)}
    values, rows, columns, right = [], [], [], []
    for row, identity in enumerate(system.identities):
        moves = {code: f * system.cells[code].reach / HALF for code, f in identity.factors if code in column}
        # Each row in units of its widest cell, so that pounds and per cents weigh alike.
        scale = max((abs(move) for move in moves.values()), default=Fraction(1))
        for code, move in moves.items():
            values.append(_real(move / scale))
            rows.append(row)
            columns.append(column[code])
        right.append(_real(-identity.off(system.cells) / scale))
    count, last = len(movable), len(movable)
    if not count:
        return None if any(right) else 0.0
    equal = coo_array((values, (rows, columns)), shape=(len(right), count + 1))
    # d − t ≤ 0 and −d − t ≤ 0: no deviation is greater than the last variable, which is made as small as can be.
    at = list(range(count))
    below = coo_array(
        ([1.0] * count + [-1.0] * count + [-1.0] * (2 * count), (
            [*at, *range(count, 2 * count), *range(2 * count)], [*at, *at, *[last] * (2 * count)],
        )),
        shape=(2 * count, count + 1),
    )  # fmt: skip
    solved = linprog(
        [0.0] * count + [1.0], A_ub=below, b_ub=[0.0] * (2 * count), A_eq=equal, b_eq=right,
        bounds=[(None, None)] * count + [(0, None)], method="highs",
    )  # fmt: skip
    if solved.status == 2:
        return None
    if solved.status != 0:
        raise ArithmeticError(f"The sums could not be solved: {solved.message}")
    return _real(solved.fun)


def _real(value: object) -> float:
    return value.numerator / value.denominator if isinstance(value, Fraction) else value  # type: ignore[return-value]


def conflicts(system: System) -> tuple[tuple[str, ...], ...]:
    """The sums that cannot hold, by their codes: one code for a sum that fails by itself, several for sums of which
    each could hold alone but not together, with none of them to spare. Empty when all of them can hold.
    """
    alone = [i for i in system.identities if not i.holds_alone(system.cells)]
    found: list[tuple[str, ...]] = [(identity.code,) for identity in alone]
    rest = [i for i in system.identities if i not in alone]
    while not are_consistent(system.only(rest)):
        needed = _smallest(system, rest)
        found.append(tuple(identity.code for identity in needed))
        rest = [i for i in rest if i not in needed]
    return tuple(found)


def _smallest(system: System, identities: Sequence[Identity]) -> list[Identity]:
    """An inconsistent set of sums that becomes consistent when any one of them is left out, found by deletion."""
    kept = list(identities)
    for identity in identities:
        without = [i for i in kept if i is not identity]
        if not are_consistent(system.only(without)):
            kept = without
    return kept
