"""The figures that tables for everybody tell, as disclosure control takes them, with what everybody knows between them.

A figure is one thing here: it is shown whole or hidden whole. Its numbers are cells; parts make their whole, stocks are
what they were with what came and went, windows of time overlap, and what was restated tells by how many. What two
figures of different indicators have in common beyond that is not known here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window, reach_start
from indicators.disclosure.cells import Cell, Guard, Published, Relation, Standing, Table
from indicators.disclosure.policy import Policy
from indicators.disclosure.primary import Figure, Verdict, figure_cells, verdict_of, verdict_when_rounded
from indicators.protection import Printed
from indicators.scorecard import Held, Line
from indicators.units import Unit, is_share

# Of a population everybody knows how large it is.
_OF_POPULATION = {Unit.PER_10000, Unit.PER_100000}
_ADDS_UP = {Aggregation.SUM, Aggregation.POOLED_RATIO}
_OF_A_DAY = {Window.SNAPSHOT, Window.COHORT_LAGGED}
_WHOLE = "whole"
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """A figure that a table tells, or compares with: its line, itself, and the table."""

    line: Line
    held: Held
    table: str

    @property
    def place(self) -> Place:
        """Indicator, slice and period: where another revision of it would stand."""
        return self.line.code, self.line.slice, self.held.slug

    @property
    def stem(self) -> str:
        """What tells it from every other figure, other revisions of it included. A total has no revision: its numbers
        stand for one."""
        code, slice_key, slug = self.place
        m = self.held.measured
        numbers = f"{m.numerator}/{m.denominator}/{m.value}"
        which = self.held.revision if self.held.figure_id else hashlib.sha256(numbers.encode()).hexdigest()[:12]
        return f"{code}/{slice_key or _WHOLE}/{slug}/{which}"

    @property
    def name(self) -> str:
        """What a reviewer reads: "Referrals: Police, 2021/22 Q4"."""
        return f"{self.line.name}, {self.held.label}"

    @property
    def has_number(self) -> bool:
        """Whether there is anything to protect."""
        m = self.held.measured
        return m.value is not None or m.numerator is not None or m.denominator is not None

    def figure(self) -> Figure:
        """The same as disclosure control takes it."""
        m, line = self.held.measured, self.line
        window = None
        series = ""
        if line.aggregation in _ADDS_UP and line.window not in _OF_A_DAY:
            series = f"{line.code}/{line.slice or _WHOLE}"
            window = (reach_start(self.held.start_on, self.held.end_on, line.window), self.held.end_on)
        return Figure(
            id=self.stem, unit=line.unit, numerator=m.numerator, denominator=m.denominator, value=m.value,
            counts=line.counts, complement_sensitive=line.complement_sensitive,
            is_population=line.unit in _OF_POPULATION, is_margin=not line.slice, label=self.name, series=series,
            window=window,
        )  # fmt: skip


@dataclass(frozen=True)
class Family:
    """Places of figures that make another, with the sign of each: parts and their whole, flows and a stock."""

    whole: Place
    parts: tuple[tuple[Place, int], ...]


def sums(families: Iterable[Family], pool: Mapping[Place, Told], policy: Policy, name: str) -> Table:
    """What the families tell of the figures that stand there: sums that hold. What parts leave over of their whole is a
    number that follows, so it is a cell of its own; a sum that the figures contradict tells nothing."""
    cells: dict[str, Cell] = {}
    found: dict[Relation, None] = {}
    for family in families:
        whole, parts = pool.get(family.whole), [(pool.get(place), sign) for place, sign in family.parts]
        held = [(part, sign) for part, sign in parts if part is not None]
        if whole is None or not held:
            continue
        for number in ("numerator", "denominator"):
            relation, rest = _sum(whole, held, number, policy)
            if relation is not None:
                found.setdefault(relation)
            if rest is not None:
                cells[rest.id] = rest
    return Table(name, tuple(cells.values()), tuple(found))


def _sum(
    whole: Told, parts: Sequence[tuple[Told, int]], number: str, policy: Policy
) -> tuple[Relation | None, Cell | None]:
    given = [_cell_of(whole, number), *(_cell_of(part, number) for part, _ in parts)]
    sure = [cell for cell in given if cell is not None]
    signs = [1, *(-sign for _, sign in parts)]
    if len(sure) < len(given):
        return None, None
    left = sum(sign * value for sign, (_, value) in zip(signs, sure, strict=True))
    factors = tuple((cell, sign) for sign, (cell, _) in zip(signs, sure, strict=True))
    if left == 0:
        return Relation(factors), None
    if left < 0 or any(sign > 0 for sign in signs[1:]):
        return None, None
    rest = f"{sure[0][0]} less " + " ".join(sorted(cell for cell, _ in sure[1:]))
    label = f"{whole.name}, what its parts leave over"
    return Relation((*factors, (rest, -1))), Cell(rest, left, _guard(whole, policy), Standing.UNPRINTED, label=label)


def _guard(told: Told, policy: Policy) -> Guard:
    return Guard.SMALL if policy.protects(told.line.counts) else Guard.NOTHING


def _cell_of(told: Told, number: str) -> tuple[str, int] | None:
    """The id of a figure's cell and its number; None where it has none."""
    figure = told.figure()
    if number == "denominator":
        if figure.denominator is None or not is_share(figure.unit):
            return None
        return figure.denominator_id, ceil(figure.denominator)
    return None if figure.count is None or figure.is_mean else (figure.numerator_id, ceil(figure.count))


def restatements(pool: Mapping[Place, Told], before: Mapping[str, Told], policy: Policy) -> Table | None:
    """By how many figures differ from what an earlier publication showed of them: a number that nobody prints and
    everybody can work out. `before`: by the stem of the figure."""
    cells: dict[str, Cell] = {}
    relations: list[Relation] = []
    for earlier in before.values():
        now = pool.get(earlier.place)
        if now is None or now.stem == earlier.stem:
            continue
        for number in ("numerator", "denominator"):
            new, old = _cell_of(now, number), _cell_of(earlier, number)
            if new is None or old is None or new[1] == old[1]:
                continue
            (more, _), (less, _) = (new, old) if new[1] > old[1] else (old, new)
            between = f"{new[0]}~{old[0]}"
            label = f"{now.name}, by how many it differs from what was told before"
            cells[between] = Cell(between, abs(new[1] - old[1]), _guard(now, policy), Standing.UNPRINTED, label=label)
            relations.append(Relation(((more, 1), (less, -1), (between, -1))))
    return Table("restated: differences", tuple(cells.values()), tuple(relations)) if cells else None


def tables_of(told: Iterable[Told], policy: Policy) -> list[Table]:
    """The tables that tell these figures, each with its cells."""
    by_table: dict[str, dict[str, Cell]] = {}
    known: dict[str, dict[Relation, None]] = {}
    for one in told:
        cells, relations = figure_cells(one.figure(), policy) if one.has_number else ((), ())
        by_table.setdefault(one.table, {}).update({cell.id: cell for cell in cells})
        known.setdefault(one.table, {}).update(dict.fromkeys(relations))
    return [Table(name, tuple(cells.values()), tuple(known[name])) for name, cells in by_table.items()]


def unprinted(told: Iterable[Told], policy: Policy, name: str) -> Table:
    """Figures that are in no table and follow from others that are: the part that is left over."""
    cells: dict[str, Cell] = {}
    for one in told:
        for cell in figure_cells(one.figure(), policy)[0] if one.has_number else ():
            if cell.standing is not Standing.KNOWN:
                cells[cell.id] = Cell(cell.id, cell.value, cell.guard, Standing.UNPRINTED, label=cell.label)
    return Table(name, tuple(cells.values()))


def published(
    told: Iterable[Told], hidden: Iterable[str], policy: Policy, printed: Mapping[str, Printed] | None = None,
    base: int = 0,
) -> list[Published]:  # fmt: skip
    """An earlier publication: its tables, which of their cells it hid (`hidden`: stems of figures), and which counts it
    printed rounded to multiples of `base` (`printed`: by stem). A 0 that was printed for a 0 is known."""
    given = list(told)
    gone, near = set(hidden), printed or {}
    found = []
    for table in tables_of(given, policy):
        own = [one for one in given if one.table == table.id]
        cells = {c.id for one in own if one.stem in gone for c in figure_cells(one.figure(), policy)[0]}
        values = {cell.id: cell.value for cell in table.cells}
        rounded = {
            cell: number
            for one in own
            if one.stem in near and one.stem not in gone
            for cell, number in _printed_cells(one, near[one.stem])
            if number or values[cell]
        }
        found.append(Published(table, frozenset(cells), rounded, base))
    return found


def _printed_cells(told: Told, printed: Printed) -> list[tuple[str, int]]:
    figure = told.figure()
    both = ((figure.numerator_id, printed.numerator), (figure.denominator_id, printed.denominator))
    return [(cell, number) for cell, number in both if number is not None]


def cells_of(told: Told, policy: Policy) -> tuple[str, ...]:
    """The ids of the printed cells of a figure: shown together, or hidden together."""
    if not told.has_number:
        return ()
    return tuple(cell.id for cell in figure_cells(told.figure(), policy)[0] if cell.standing is Standing.PRINTED)


def hidden_figures(told: Iterable[Told], cells: Iterable[str], policy: Policy) -> dict[str, Verdict]:
    """The figures that are hidden, by stem, and why: those small for their own sake, and those of which the plan hides
    a cell."""
    chosen = frozenset(cells)
    found: dict[str, Verdict] = {}
    for one in told:
        if one.has_number:
            verdict = verdict_of(one.figure(), policy, chosen)
            if verdict.hides:
                found[one.stem] = verdict
    return found


# Where counts are rounded instead


def unroundable(told: Iterable[Told], policy: Policy) -> dict[str, Verdict]:
    """The figures that stay hidden where counts are rounded, by stem, and why."""
    found: dict[str, Verdict] = {}
    for one in told:
        if one.has_number:
            is_limit = one.held.measured.qualifier in {"<", ">"}
            verdict = verdict_when_rounded(one.figure(), policy, is_limit=is_limit)
            if verdict.hides:
                found[one.stem] = verdict
    return found


def printed_of(told: Told, values: Mapping[str, int]) -> Printed:
    """The rounded counts of a figure; `values`: of rounded cells, by id."""
    figure = told.figure()
    return Printed(values.get(figure.numerator_id), values.get(figure.denominator_id))


def nearest(told: Told, policy: Policy) -> Printed:
    """The counts of a figure that is only charted, each rounded by itself: to the nearest multiple, a small one to one
    from which every small number stays possible."""
    base = policy.rounding_base
    values = {}
    for cell in figure_cells(told.figure(), policy)[0] if told.has_number else ():
        if cell.standing is Standing.PRINTED and cell.guard is not Guard.NOTHING:
            near = (2 * cell.value + base) // (2 * base) * base
            is_telling = policy.is_small(cell.value) and not policy.leaves_open(near)
            values[cell.id] = base if is_telling else near
    return printed_of(told, values)
