"""Small published tables for the tests of disclosure control: random ones, and one of each kind that is linked."""

import random
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from indicators.disclosure.attacker import Reach
from indicators.disclosure.cells import Cell, Guard, Published, Relation, Standing, Table, one_way, total_is
from indicators.disclosure.linked import net_of
from indicators.disclosure.one_way import Bounds, interval_of
from indicators.disclosure.policy import Policy
from indicators.disclosure.rounding import Rounded, reached
from indicators.units import round_half_up

POLICY = Policy("the test’s own authority", date(2022, 4, 1))
QUARTERS = ((date(2021, 4, 1), date(2021, 6, 30)), (date(2021, 7, 1), date(2021, 9, 30)),
            (date(2021, 10, 1), date(2021, 12, 31)), (date(2022, 1, 1), date(2022, 3, 31)))  # fmt: skip

World = tuple[list[Table], list[Published]]


def a_count(dice: random.Random) -> int:
    """Small as often as not."""
    return dice.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 22))


def a_row(dice: random.Random) -> World:
    """Three to six parts and their total."""
    return [one_way("row", [a_count(dice) for _ in range(dice.randint(3, 6))])], []


def a_square(dice: random.Random) -> World:
    """Two to four rows of two to four cells, with margins."""
    wide, high = dice.randint(2, 4), dice.randint(2, 4)
    return [two_way("square", [[a_count(dice) for _ in range(wide)] for _ in range(high)])], []


def through_time(dice: random.Random) -> World:
    """Two categories and their sum by quarter; last quarter's pack had the year so far, this one has it a quarter
    on. What the earlier pack hid was chosen by nobody who thought of this one."""
    counts = {name: [a_count(dice) for _ in QUARTERS] for name in ("girls", "boys")}
    counts["all"] = [sum(pair) for pair in zip(counts["girls"], counts["boys"], strict=True)]
    before, now = _to_date(counts, 3, "before"), _to_date(counts, 4, "now")
    hidden = {cell.id for cell in before.cells if 1 <= cell.value <= 5 or dice.random() < 0.2}
    return [now], [Published(before, frozenset(hidden))]


def _to_date(counts: dict[str, list[int]], quarters: int, name: str) -> Table:
    cells, relations = [], []
    for group, numbers in counts.items():
        own = [Cell(f"{group} q{n + 1}", numbers[n], is_margin=group == "all") for n in range(quarters)]
        year = Cell(f"{group} to q{quarters}", sum(numbers[:quarters]), is_margin=True)
        cells += [*own, year]
        relations.append(total_is(year.id, [cell.id for cell in own]))
    for place in [f"q{n + 1}" for n in range(quarters)] + [f"to q{quarters}"]:
        relations.append(total_is(f"all {place}", [f"girls {place}", f"boys {place}"]))
    return Table(name, tuple(cells), tuple(relations))


def shares(dice: random.Random) -> World:
    """A breakdown of numerators and denominators with their complements: three dimensions, so no network."""
    parts = [(n, n + a_count(dice)) for n in (a_count(dice) for _ in range(dice.randint(2, 4)))]
    cells, relations = [], []
    total = (sum(n for n, _ in parts), sum(d for _, d in parts))
    for name, (n, d) in {**{f"part {k}": pair for k, pair in enumerate(parts)}, "whole": total}.items():
        is_margin = name == "whole"
        guard = Guard.SMALL_OR_NONE if d <= 10 else Guard.SMALL
        cells += [
            Cell(f"{name} n", n, guard, is_margin=is_margin),
            Cell(f"{name} d", d, is_margin=True),
            Cell(f"{name} c", d - n, guard, Standing.UNPRINTED),
        ]
        relations.append(total_is(f"{name} d", (f"{name} n", f"{name} c")))
    for kind in "ndc":
        relations.append(total_is(f"whole {kind}", [f"part {k} {kind}" for k in range(len(parts))]))
    return [Table("shares", tuple(cells), tuple(relations))], []


def hidden_at_random(dice: random.Random, tables: list[Table]) -> set[str]:
    """The small cells and some others: protected or not."""
    return {
        cell.id
        for table in tables
        for cell in table.cells
        if cell.value and (cell.value <= 5 or dice.random() < 0.35) and cell.standing is Standing.PRINTED
    }


KINDS = {"row": a_row, "square": a_square, "through time": through_time, "shares": shares}

__all__ = ["KINDS", "POLICY", "QUARTERS", "Relation", "World", "hidden_at_random"]


# What is built or asked in tests alone


def two_way(name: str, rows: Sequence[Sequence[int]], *, guard: Guard = Guard.SMALL) -> Table:
    """Rows and columns with their margins: cell "name:i,j", and where i or j is one too far, the margin."""
    wide, high = len(rows[0]), len(rows)
    full = [[*row, sum(row)] for row in rows]
    full.append([sum(column) for column in zip(*full, strict=True)])
    cells = tuple(
        Cell(f"{name}:{i},{j}", value, guard, is_margin=i == high or j == wide)
        for i, row in enumerate(full)
        for j, value in enumerate(row)
    )
    across = [total_is(f"{name}:{i},{wide}", [f"{name}:{i},{j}" for j in range(wide)]) for i in range(high + 1)]
    down = [total_is(f"{name}:{high},{j}", [f"{name}:{i},{j}" for i in range(high)]) for j in range(wide + 1)]
    return Table(name, cells, (*across, *down))


def share_is(numerator: str, denominator: str, share: Decimal, places: int, factor: int = 100) -> tuple[Relation, ...]:
    """What a printed share tells of its counts, to whoever knows that it is rounded half up to so many decimals:
    share − half a unit ≤ numerator × factor / denominator < share + half a unit."""
    units = int(round_half_up(share, places).scaleb(places)) * 10
    per = factor * 10 ** (places + 1)
    least = Relation(_without_none((numerator, per), (denominator, 5 - units)), 0, None)
    most = Relation(((numerator, per), (denominator, -5 - units)), None, -1)
    return least, most


def _without_none(*factors: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((cell, factor) for cell, factor in factors if factor)


def intervals_of_parts(
    values: Sequence[int], hidden: Sequence[int], least: int = 1, most: Mapping[int, int] | None = None
) -> dict[int, Bounds]:
    """The intervals of the hidden parts of a visible total, by their places in `values`. `least`: what a hidden part is
    known to be at least; `most`: what a legend says that it is at most, if it does."""
    bounds = [(least, (most or {}).get(place)) for place in hidden]
    rest = sum(values[place] for place in hidden)
    ones = [1] * len(hidden)
    return {place: interval_of(number, ones, rest, bounds) for number, place in enumerate(hidden)}


def audit_rounded(
    tables: Sequence[Table], found: Rounded, policy: Policy, earlier: Sequence[Published] = (),
    hidden: Collection[str] = (),
) -> dict[str, Reach]:  # fmt: skip
    """What an attacker can work out of rounded tables, beside earlier packs."""
    return reached(net_of(tables, policy, earlier), found, policy, hidden, time.process_time() + 60)
