"""A published table as an attacker sees it: cells, and what everybody knows between them.

A one-way table, one with margins, a year to date beside its quarters, a share beside its counts and two packs are the
same thing here: integers that are not negative, and sums of them that are known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class TableError(ValueError):
    """Tables that cannot be: two values for one cell, a sum that does not hold. The message says which and what to do;
    it quotes no number."""


class Standing(StrEnum):
    """How a cell stands before the public."""

    PRINTED = "printed"  # in the table, unless it is hidden
    KNOWN = "known"  # everybody knows it from elsewhere (a population), so it cannot be hidden
    UNPRINTED = "unprinted"  # nowhere, but it follows from others: a complement, the quarter between two windows


class Guard(StrEnum):
    """What of a cell is to be protected."""

    NOTHING = "nothing"  # events, places, a complement that tells nothing
    SMALL = "small"  # 1 to t − 1
    SMALL_OR_NONE = "small or none"  # and 0: a whole small group in one class


@dataclass(frozen=True)
class Cell:
    """One number. The same `id` in two tables, of this or an earlier pack, is the same number; a restated figure is
    another cell, so an id names the revision.

    `series` and `window` (first and last day): given where the numbers of the series add up over time, so that the
    difference of two windows is the number of the days between them.
    """

    id: str
    value: int
    guard: Guard = Guard.SMALL
    standing: Standing = Standing.PRINTED
    is_margin: bool = False
    is_withheld: bool = False
    label: str = ""
    series: str = ""
    window: tuple[date, date] | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise TableError("A cell needs an id.")
        if self.value < 0:
            raise TableError(f"{self.name} is below 0: a count is 0 or more.")
        if self.window and (not self.series or self.window[0] > self.window[1]):
            raise TableError(
                f"{self.name} needs the series that its window is of, and a window that ends after it began."
            )

    @property
    def name(self) -> str:
        """What people call it."""
        return self.label or self.id


@dataclass(frozen=True)
class Relation:
    """What everybody knows of some cells: each times its factor, added up, lies from `low` to `high` (None: no bound);
    a sum has 0 for both."""

    factors: tuple[tuple[str, int], ...]
    low: int | None = 0
    high: int | None = 0

    def __post_init__(self) -> None:
        ids = [cell for cell, _ in self.factors]
        if len(set(ids)) != len(ids) or not ids or not all(factor for _, factor in self.factors):
            raise TableError("A relation names each of its cells once, with a factor that is not 0.")

    @property
    def is_sum(self) -> bool:
        """Whether it is an equation."""
        return self.low is not None and self.low == self.high

    def at(self, values: Mapping[str, int]) -> int:
        """What the sum comes to."""
        return sum(factor * values[cell] for cell, factor in self.factors)

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether the values keep to it."""
        found = self.at(values)
        return (self.low is None or self.low <= found) and (self.high is None or found <= self.high)


def total_is(total: str, parts: Iterable[str]) -> Relation:
    """The sum of the parts is the total."""
    return Relation(((total, 1), *((part, -1) for part in parts)))


@dataclass(frozen=True)
class Table:
    """A table to publish: its cells, and the relations among them that a reader can see or guess."""

    id: str
    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True)
class Published:
    """A table of an earlier pack, with the ids of the cells that were hidden in it, and what it printed of those that
    it rounded to multiples of `base`; all others were shown."""

    table: Table
    hidden: frozenset[str] = frozenset()
    rounded: Mapping[str, int] = field(default_factory=dict)
    base: int = 0

    @property
    def unseen(self) -> frozenset[str]:
        """The cells that it did not show exactly."""
        return self.hidden | frozenset(self.rounded)

    @property
    def told(self) -> Table:
        """The table with what its readers know of each rounded cell: it is less than the base away."""
        near = (
            Relation(((cell, 1),), max(0, number - self.base + 1), number + self.base - 1)
            for cell, number in sorted(self.rounded.items())
        )
        return Table(self.table.id, self.table.cells, (*self.table.relations, *near))


def one_way(name: str, values: Sequence[int], *, guard: Guard = Guard.SMALL) -> Table:
    """Parts and their total: cells "name:0", "name:1", … and "name:total"."""
    parts = tuple(Cell(f"{name}:{place}", value, guard) for place, value in enumerate(values))
    total = Cell(f"{name}:total", sum(values), guard, is_margin=True)
    return Table(name, (*parts, total), (total_is(total.id, [part.id for part in parts]),))
