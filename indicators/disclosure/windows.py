"""Windows of time that overlap: what the difference of two of them tells.

A year to date and the one before it, or two rolling years a quarter apart, are published as large numbers and give a
small one away: what lies between them. Where windows of one series meet in their first and last days, the number of
every stretch between those days is known to whoever sees them all; each such stretch becomes a cell of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from indicators.disclosure.cells import Cell, Guard, Relation, Standing, Table

_DAY = timedelta(days=1)
_GUARDS = (Guard.NOTHING, Guard.SMALL, Guard.SMALL_OR_NONE)


def strongest(guards: Iterable[Guard]) -> Guard:
    """The guard that protects most."""
    return max(guards, key=_GUARDS.index, default=Guard.NOTHING)


@dataclass
class _Joined:
    """Days that windows join, each with what the series came to before it, counted from any of them."""

    before: dict[date, int]
    cells: list[Cell] = field(default_factory=list)

    def is_rising(self) -> bool:
        """Whether no stretch between two of the days comes out below 0."""
        counts = [self.before[day] for day in sorted(self.before)]
        return all(first <= second for first, second in pairwise(counts))


def window_tables(cells: Sequence[Cell]) -> tuple[Table, ...]:
    """For each series the stretches that its windows cut time into, as unprinted cells, and each window as their sum.

    `cells` in the order of trust: a window that contradicts those before it was restated, is another number, and is
    joined only with others that agree with it.
    """
    found: list[Table] = []
    of_series: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.window:
            of_series.setdefault(cell.series, []).append(cell)
    for series in sorted(of_series):
        left, layer = of_series[series], 0
        while left:
            joined, left = _joined(left)
            found += [t for n, one in enumerate(joined) if (t := _table(f"{series}#{layer}.{n}", one)).relations]
            layer += 1
    return tuple(found)


def _joined(cells: Sequence[Cell]) -> tuple[list[_Joined], list[Cell]]:
    """The windows that agree, by the days that they join, and those that contradict them."""
    groups: list[_Joined] = []
    left: list[Cell] = []
    for cell in cells:
        start, end = _days(cell)
        at_start = next((group for group in groups if start in group.before), None)
        at_end = next((group for group in groups if end in group.before), None)
        first = at_start or _Joined({start: 0})
        second = at_end or _Joined({end: 0})
        move = first.before[start] + cell.value - second.before[end]
        if first is second and move:
            left.append(cell)
            continue
        moved = {day: count + move for day, count in second.before.items()}
        both = _Joined(first.before | moved, first.cells + (second.cells if second is not first else []) + [cell])
        if not both.is_rising():
            left.append(cell)
            continue
        groups = [*(group for group in groups if group is not at_start and group is not at_end), both]
    groups.sort(key=lambda group: min(group.before))
    return groups, left


def _table(name: str, joined: _Joined) -> Table:
    days = sorted(joined.before)
    by_window = {_days(cell): cell for cell in reversed(joined.cells)}
    guard = strongest(cell.guard for cell in joined.cells)
    stretches: list[Cell] = []
    for start, end in pairwise(days):
        value = joined.before[end] - joined.before[start]
        label = f"{joined.cells[0].series}, {start.isoformat()} to {(end - _DAY).isoformat()}"
        between = Cell(f"{name}|{start}|{end - _DAY}", value, guard, Standing.UNPRINTED, label=label)
        stretches.append(by_window.get((start, end), between))
    relations = []
    for cell in joined.cells:
        start, end = _days(cell)
        within = [s.id for s, day in zip(stretches, days, strict=False) if start <= day < end]
        if within != [cell.id]:
            relations.append(Relation(((cell.id, 1), *((part, -1) for part in within))))
    printed = {cell.id for cell in joined.cells}
    return Table(f"periods of {name}", tuple(s for s in stretches if s.id not in printed), tuple(relations))


def _days(cell: Cell) -> tuple[date, date]:
    """The first day of the window and the day after its last."""
    assert cell.window is not None  # noqa: S101
    return cell.window[0], cell.window[1] + _DAY
