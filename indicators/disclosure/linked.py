"""Which tables hang together, and the net of cells and relations that they make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from indicators.disclosure.cells import Cell, Guard, Published, Relation, Standing, Table, TableError
from indicators.disclosure.policy import Policy
from indicators.disclosure.windows import strongest, window_tables


class State(StrEnum):
    """What is left to decide of a cell."""

    FREE = "free"  # printed now: shown or hidden
    SHOWN = "shown"  # an earlier pack has shown it, everybody knows it, or it is a 0 that nobody must hide
    HIDDEN = "hidden"  # hidden in an earlier pack and in no table now, or printed nowhere


@dataclass(frozen=True)
class Node:
    """A cell as all the tables together leave it.

    `least`: what a reader knows it to be at least where it is hidden. `floor`: the least of 1 to t − 1 that must stay
    possible. `is_now`: whether it stands in a table of this pack. `was_shown`, `was_hidden`: in an earlier pack.
    """

    id: str
    name: str
    value: int
    state: State
    is_sensitive: bool
    is_withheld: bool
    least: int
    floor: int
    is_margin: bool
    is_now: bool
    was_shown: bool
    was_hidden: bool
    tables: tuple[str, ...]

    @property
    def must_hide(self) -> bool:
        """Whether it is hidden in any case."""
        return (self.is_sensitive or self.is_withheld) and self.state is State.FREE


@dataclass(frozen=True)
class Net:
    """Nodes by id, in the order of ids, and the relations among them: the same whatever order the tables came in."""

    nodes: Mapping[str, Node]
    relations: tuple[Relation, ...]

    def values(self) -> dict[str, int]:
        """The true numbers."""
        return {node.id: node.value for node in self.nodes.values()}

    def tables(self) -> tuple[str, ...]:
        """The ids of the tables that its cells stand in."""
        return tuple(sorted({table for node in self.nodes.values() for table in node.tables}))


def linked_tables(tables: Sequence[Table], earlier: Sequence[Published] = ()) -> tuple[frozenset[str], ...]:
    """The tables, of this and earlier packs, that hang together: by a cell or margin that stands in both, by a relation
    that names cells of both, or by windows of time whose difference is a period of its own.

    Ids of tables, those that hang together in one set, ordered by the first id of each. Raises TableError.
    """
    everything = _all_tables(tables, earlier)
    parts = Parts(table.id for table in everything)
    first: dict[str, str] = {}
    for table in everything:
        for cell in _ids_in(table):
            parts.join(first.setdefault(cell, table.id), table.id)
    own = {table.id for table in (*tables, *(one.table for one in earlier))}
    groups = (frozenset(group) & own for group in parts.groups())
    return tuple(sorted((group for group in groups if group), key=min))


def beside(tables: Sequence[Table], earlier: Sequence[Published]) -> list[Published]:
    """What of earlier packs hangs together with these tables; nothing follows for them from the rest. Raises
    TableError."""
    now = {table.id for table in tables}
    near = set[str]().union(*(group for group in linked_tables(tables, earlier) if group & now))
    return [one for one in earlier if one.table.id in near]


def net_of(tables: Sequence[Table], policy: Policy, earlier: Sequence[Published] = ()) -> Net:
    """All cells and relations of these tables. Raises TableError where a cell has two values or a relation fails."""
    seen: dict[str, _Seen] = {}
    everything = _all_tables(tables, earlier)
    hidden_in = {one.table.id: one.unseen for one in earlier}
    now = {table.id for table in tables}
    for table in everything:
        for cell in table.cells:
            seen.setdefault(cell.id, _Seen(cell)).add(cell, table.id, table.id in now, hidden_in.get(table.id))
    nodes = {cell: seen[cell].node(policy) for cell in sorted(seen)}
    relations = _relations(everything, nodes)
    net = Net(nodes if policy.floor_discloses else _with_floors(nodes, relations), relations)
    values = net.values()
    for relation in net.relations:
        if not relation.holds(values):
            raise TableError(
                f"The numbers do not keep to what is known between {_named(nodes, relation)}: correct them, or leave "
                "the relation out."
            )
    return net


def components(net: Net) -> list[Net]:
    """The parts of a net that no relation joins, ordered by their first cell."""
    parts = Parts(net.nodes)
    for relation in net.relations:
        for (one, _), (other, _) in pairwise(relation.factors):
            parts.join(one, other)
    groups = parts.groups()
    place = {cell: number for number, group in enumerate(groups) for cell in group}
    relations: list[list[Relation]] = [[] for _ in groups]
    for relation in net.relations:
        relations[place[relation.factors[0][0]]].append(relation)
    return [
        Net({cell: net.nodes[cell] for cell in group}, tuple(relations[number])) for number, group in enumerate(groups)
    ]


class Parts:
    """Things that are joined two at a time."""

    def __init__(self, things: Iterable[str]) -> None:
        self._above = {thing: thing for thing in things}

    def join(self, one: str, other: str) -> None:
        """Puts the two, and whatever hangs on them, into one group."""
        first, second = sorted((self._top(one), self._top(other)))
        self._above[second] = first

    def groups(self) -> list[list[str]]:
        """The groups, each sorted, by their first thing."""
        found: dict[str, list[str]] = {}
        for thing in sorted(self._above):
            found.setdefault(self._top(thing), []).append(thing)
        return sorted(found.values())

    def _top(self, thing: str) -> str:
        while (above := self._above[thing]) != thing:
            self._above[thing] = self._above[above]
            thing = above
        return thing


@dataclass
class _Seen:
    """What the tables say of one cell."""

    first: Cell
    guards: list[Guard] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    is_margin: bool = False
    is_withheld: bool = False
    is_now: bool = False
    is_printed: bool = False
    was_shown: bool = False
    was_hidden: bool = False
    is_known: bool = False

    def add(self, cell: Cell, table: str, is_now: bool, hidden: frozenset[str] | None) -> None:
        """One more appearance; `hidden`: what was hidden in that table of an earlier pack, None for one of now."""
        if cell.value != self.first.value:
            raise TableError(f"{cell.name} has two values: a restated figure needs an id of its own.")
        self.guards.append(cell.guard)
        self.tables.append(table)
        self.labels.append(cell.label)
        self.is_margin |= cell.is_margin
        self.is_withheld |= cell.is_withheld and is_now
        self.is_known |= cell.standing is Standing.KNOWN
        if cell.standing is not Standing.PRINTED:
            return
        self.is_printed |= is_now
        self.was_shown |= hidden is not None and cell.id not in hidden
        self.was_hidden |= hidden is not None and cell.id in hidden
        self.is_now |= is_now

    def node(self, policy: Policy) -> Node:
        """The cell as it is left."""
        guard, value = strongest(self.guards), self.first.value
        may_be_none = guard is Guard.SMALL_OR_NONE and policy.zero_discloses
        is_small = policy.is_small(value) or (may_be_none and value == 0)
        is_sensitive = policy.hides and guard is not Guard.NOTHING and is_small
        if self.was_shown or self.is_known:
            state = State.SHOWN
        elif not self.is_printed:
            state = State.HIDDEN
        elif value == 0 and not (is_sensitive or self.is_withheld):
            state = State.SHOWN
        else:
            state = State.FREE
        # Where a 0 would be shown, what is hidden is known to be 1 or more.
        least = 0 if may_be_none or not (self.is_printed or self.was_hidden) else 1
        label = min((text for text in self.labels if text), default=self.first.id)
        return Node(
            self.first.id, label, value, state, is_sensitive, self.is_withheld and policy.hides, min(least, value), 1,
            self.is_margin, self.is_now, self.was_shown, self.was_hidden, tuple(sorted(set(self.tables))),
        )  # fmt: skip


def _with_floors(nodes: Mapping[str, Node], relations: Iterable[Relation]) -> dict[str, Node]:
    """The nodes, each small total of parts that are hidden or 0 with what it is at least for being their total."""
    found = dict(nodes)
    for relation in relations:
        for cell, factor in relation.factors:
            parts = [nodes[other] for other, f in relation.factors if other != cell and f == -factor]
            is_total = relation.is_sum and relation.low == 0 and abs(factor) == 1
            if not nodes[cell].is_sensitive or not is_total or len(parts) < len(relation.factors) - 1:
                continue
            if all(part.value == 0 or part.must_hide or part.state is State.HIDDEN for part in parts):
                floor = sum(min(part.least, part.value) for part in parts)
                found[cell] = replace(found[cell], floor=max(found[cell].floor, floor))
    return found


def _all_tables(tables: Sequence[Table], earlier: Sequence[Published]) -> list[Table]:
    """The tables in the order of their ids, those of now first, and what their windows give away."""
    ordered = sorted(tables, key=_by_id) + sorted((one.told for one in earlier), key=_by_id)
    ids = [table.id for table in ordered]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise TableError(f"Two tables are called {twice[0]}: give each an id of its own.")
    windowed: dict[str, Cell] = {}
    for table in ordered:
        for cell in sorted(table.cells, key=_by_id):
            windowed.setdefault(cell.id, cell)
    return [*ordered, *window_tables(list(windowed.values()))]


def _by_id(thing: Table | Cell) -> str:
    return thing.id


def _ids_in(table: Table) -> set[str]:
    return {cell.id for cell in table.cells} | {cell for relation in table.relations for cell, _ in relation.factors}


def _relations(tables: Iterable[Table], nodes: Mapping[str, Node]) -> tuple[Relation, ...]:
    """Each relation once, written in one way."""
    found: set[tuple[tuple[tuple[str, int], ...], int | None, int | None]] = set()
    for table in tables:
        for relation in table.relations:
            factors = tuple(sorted(relation.factors))
            if unknown := next((cell for cell, _ in factors if cell not in nodes), None):
                raise TableError(f"{table.id} has a sum with {unknown}, which is no cell of any table.")
            low, high = relation.low, relation.high
            if factors[0][1] < 0:
                factors = tuple((cell, -factor) for cell, factor in factors)
                low, high = (None if high is None else -high), (None if low is None else -low)
            found.add((factors, low, high))
    return tuple(Relation(*one) for one in sorted(found, key=repr))


def _named(nodes: Mapping[str, Node], relation: Relation) -> str:
    names = [nodes[cell].name for cell, _ in relation.factors]
    return ", ".join(names[:6]) + (" and others" if len(names) > 6 else "")
