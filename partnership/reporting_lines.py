"""Who reports to whom on a day: the bodies and lines that hold then, loops, bodies without a line, and the nested list.

A body, a line and a name hold from their first day to their last, both included; a name until the next one. Every kind
of line counts as going up, from the body that reports, or supports, to the one above it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from indicators.phrases import listed


class Kind(StrEnum):
    """How a body stands to the one above it; in the order in which a body's lines are told."""

    FORMAL = "formal"
    AS_REQUIRED = "as_required"
    OVERSIGHT = "oversight"
    SUPPORT = "support"


KIND_WORDS = {
    Kind.FORMAL: "reports formally to",
    Kind.AS_REQUIRED: "reports as required to",
    Kind.OVERSIGHT: "is overseen by",
    Kind.SUPPORT: "supports",
}
_PLACE = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Name:
    """What a body is called from a day on; of two from the same day the higher number holds."""

    from_on: date
    number: int
    name: str
    short: str = ""


@dataclass(frozen=True)
class DatedBody:
    """A body with all its names."""

    code: str
    from_on: date
    until_on: date | None
    names: tuple[Name, ...]

    def name_on(self, day: date) -> Name:
        """What it was called on that day; before its first name, that."""
        held = sorted(self.names, key=lambda n: (n.from_on, n.number))
        begun = [n for n in held if n.from_on <= day]
        return begun[-1] if begun else held[0] if held else Name(self.from_on, 0, self.code)


@dataclass(frozen=True)
class DatedLine:
    """A line from one body up to another, by their codes."""

    lower: str
    upper: str
    kind: Kind
    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the line holds on that day."""
        return _holds(self.from_on, self.until_on, day)


def _holds(from_on: date, until_on: date | None, day: date) -> bool:
    return from_on <= day and (until_on is None or day <= until_on)


# As at a day


@dataclass(frozen=True)
class Node:
    """A body as it is called on the day."""

    code: str
    name: str
    short: str = ""


@dataclass(frozen=True)
class Link:
    """That one body stands below another, in all the ways it does. `is_in_loop`: following lines up from the upper one
    leads back to the lower."""

    lower: str
    upper: str
    kinds: tuple[Kind, ...]
    is_in_loop: bool = False
    is_turned: bool = False  # It closes its loop, so the drawing lets it lead down.

    @property
    def words(self) -> str:
        """How the lower stands to the upper: "reports formally to and supports"."""
        return listed([KIND_WORDS[kind] for kind in self.kinds])


@dataclass(frozen=True)
class Structure:
    """The bodies that exist on a day, by name, and the links between them."""

    on: date
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Node]:
        """The bodies by code."""
        return {node.code: node for node in self.nodes}

    @cached_property
    def ups(self) -> Mapping[str, tuple[Link, ...]]:
        """The links up from each body."""
        return {n.code: tuple(link for link in self.links if link.lower == n.code) for n in self.nodes}

    @cached_property
    def downs(self) -> Mapping[str, tuple[Link, ...]]:
        """The links from below to each body."""
        return {n.code: tuple(link for link in self.links if link.upper == n.code) for n in self.nodes}

    @cached_property
    def orphans(self) -> tuple[Node, ...]:
        """The bodies without any line."""
        return tuple(n for n in self.nodes if not self.ups[n.code] and not self.downs[n.code])

    @cached_property
    def loops(self) -> tuple[tuple[Node, ...], ...]:
        """One round of each loop, from the body that comes first by name; the last reports to the first again."""
        inside = {link.lower for link in self.links if link.is_in_loop}
        found, seen = [], set[str]()
        for node in self.nodes:
            if node.code in inside and node.code not in seen:
                edges = {n.code: [k.upper for k in self.ups[n.code] if k.is_in_loop] for n in self.nodes}
                way = _way(edges, node.code, node.code)
                found.append(tuple(self.by_code[code] for code in way[:-1]))
                seen |= _reached(edges, node.code)
        return tuple(found)


def structure(bodies: Iterable[DatedBody], lines: Iterable[DatedLine], on: date) -> Structure:
    """What held on that day. A line counts only while both of its bodies exist."""
    nodes = sorted(
        (Node(b.code, (name := b.name_on(on)).name, name.short) for b in bodies if _holds(b.from_on, b.until_on, on)),
        key=lambda n: (n.name.casefold(), n.code),
    )
    place = {node.code: number for number, node in enumerate(nodes)}
    kinds: dict[tuple[str, str], set[Kind]] = {}
    for line in lines:
        if line.holds(on) and line.lower in place and line.upper in place:
            kinds.setdefault((line.lower, line.upper), set()).add(line.kind)
    pairs = sorted(kinds, key=lambda pair: (place[pair[0]], min(_PLACE[k] for k in kinds[pair]), place[pair[1]]))
    edges = {node.code: [upper for lower, upper in pairs if lower == node.code] for node in nodes}
    turned = _turned(edges)
    reached = {code: _reached(edges, code) for code in edges}
    links = tuple(
        Link(
            lower, upper, tuple(sorted(kinds[lower, upper], key=_PLACE.__getitem__)),
            is_in_loop=lower in reached[upper] or lower == upper, is_turned=(lower, upper) in turned,
        )
        for lower, upper in pairs
    )  # fmt: skip
    return Structure(on, tuple(nodes), links)


Edges = Mapping[str, Sequence[str]]


def _reached(edges: Edges, start: str) -> set[str]:
    """Everything that lines lead to from there."""
    found, open_ = set[str](), list(edges.get(start, ()))
    while open_:
        code = open_.pop()
        if code not in found:
            found.add(code)
            open_ += edges.get(code, ())
    return found


def _way(edges: Edges, start: str, goal: str) -> list[str]:
    """A shortest way along lines, both ends included, one line long at least; empty for none."""
    came: dict[str, str] = {}
    line = [start]
    for code in line:
        for upper in edges.get(code, ()):
            if upper == goal:
                way = [goal, code]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if upper not in came and upper != start:
                came[upper] = code
                line.append(upper)
    return []


def _turned(edges: Edges) -> set[tuple[str, str]]:
    """The lines that close a loop when lines are followed up from each body in turn: without them there is none."""
    found, done = set[tuple[str, str]](), set[str]()
    for start in edges:
        if start in done:
            continue
        way, left = [start], [list(edges[start])]
        while way:
            if not left[-1]:
                done.add(way.pop())
                left.pop()
                continue
            upper = left[-1].pop(0)
            if upper in way:
                found.add((way[-1], upper))
            elif upper not in done:
                way.append(upper)
                left.append(list(edges.get(upper, ())))
    return found


# A line that is to be added


@dataclass(frozen=True)
class Round:
    """A loop that a line would close: from when on, and the codes on the way from its upper end up to its lower."""

    on: date
    way: tuple[str, ...]


def loop_made_by(new: DatedLine, lines: Iterable[DatedLine]) -> Round | None:
    """The first loop that a line would close with those that hold beside it; None for none.

    Lines only begin a loop on a day on which one of them begins, so only those days are looked at.
    """
    held = list(lines)
    days = sorted({new.from_on, *(line.from_on for line in held if new.holds(line.from_on))})
    for day in days:
        edges: dict[str, list[str]] = {}
        for line in held:
            if line.holds(day):
                edges.setdefault(line.lower, []).append(line.upper)
        way = [new.lower] if new.lower == new.upper else _way(edges, new.upper, new.lower)
        if way:
            return Round(day, tuple(way))
    return None


# The nested list


@dataclass(frozen=True)
class Branch:
    """A body in the list, under the one that it first of all reports to (`link`; None at the top), with what else it
    reports to and what else reports to it, which stands in its own place; and those listed below it."""

    node: Node
    link: Link | None
    others: tuple[Link, ...]
    elsewhere: tuple[Link, ...]
    branches: tuple["Branch", ...]


def nested(held: Structure) -> tuple[Branch, ...]:
    """Every body that has a line, once: under one body that it reports to, formally before in any other way. What
    closes a loop is told, never followed."""
    main = {n.code: next((k for k in held.ups[n.code] if not k.is_turned), None) for n in held.nodes}
    below: dict[str, list[str]] = {}
    for node in held.nodes:
        if link := main[node.code]:
            below.setdefault(link.upper, []).append(node.code)

    def branch(code: str) -> Branch:
        link = main[code]
        return Branch(
            held.by_code[code],
            link,
            tuple(k for k in held.ups[code] if k != link),
            tuple(k for k in held.downs[code] if main[k.lower] != k),
            tuple(branch(one) for one in below.get(code, ())),
        )

    alone = {n.code for n in held.orphans}
    return tuple(branch(n.code) for n in held.nodes if main[n.code] is None and n.code not in alone)


# Sentences


def loop_sentences(held: Structure) -> tuple[str, ...]:
    """Each loop as a sentence."""
    return tuple(
        f"The lines go round in a loop: {' to '.join([*(n.name for n in loop), loop[0].name])}." for loop in held.loops
    )


def orphan_sentence(held: Structure) -> str:
    """How many bodies have no line, as a sentence; empty for none."""
    number = len(held.orphans)
    if not number:
        return ""
    if number == len(held.nodes):
        return "No line between bodies is recorded for that day."
    return f"{number} of {len(held.nodes)} bodies {'has' if number == 1 else 'have'} no line to or from another."


# Days on which something changed


@dataclass(frozen=True)
class Change:
    """A day on which bodies, names or lines began or were no more, and how many of each in words."""

    day: date
    words: str


def changes(bodies: Iterable[DatedBody], lines: Iterable[DatedLine]) -> tuple[Change, ...]:
    """Every day from which on the structure is another, the first first."""
    counts: dict[date, dict[str, int]] = {}

    def count(day: date, what: str) -> None:
        counts.setdefault(day, {}).setdefault(what, 0)
        counts[day][what] += 1

    for body in bodies:
        count(body.from_on, "body more")
        if body.until_on is not None:
            count(body.until_on + timedelta(days=1), "body fewer")
        days = sorted({n.from_on for n in body.names if _holds(body.from_on, body.until_on, n.from_on)})
        for day in days:
            if day > body.from_on and body.name_on(day).name != body.name_on(day - timedelta(days=1)).name:
                count(day, "new name")
    for line in lines:
        count(line.from_on, "line more")
        if line.until_on is not None:
            count(line.until_on + timedelta(days=1), "line fewer")
    return tuple(Change(day, _counted(counts[day])) for day in sorted(counts))


_COUNTED = {
    "body more": "bodies more",
    "body fewer": "bodies fewer",
    "new name": "new names",
    "line more": "lines more",
    "line fewer": "lines fewer",
}


def _counted(counts: Mapping[str, int]) -> str:
    """ "2 bodies more, 1 new name and 3 lines fewer"."""
    found = [(counts[one], one, many) for one, many in _COUNTED.items() if one in counts]
    return listed([f"{number} {one if number == 1 else many}" for number, one, many in found])
