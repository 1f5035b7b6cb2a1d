"""Where the bodies of a structure stand in its drawing: who reports to nobody at the left, everybody else to the right
of all to whom he reports, so that every line leads left; only a line that closes a loop leads right.

All lengths are whole pixels, and the same structure always gives the same drawing. Bodies that lines join stand
together, the largest such group first; bodies without a line stand in rows below. A line that passes a column has a
place of its own there, so it crosses no body.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from partnership.reporting_lines import Link, Node, Structure

WIDE = 204  # A box.
_LINE, _PADDING = 18, 10  # Even, so that a box has a middle.
_LETTERS, _LINES = 27, 4
_GUTTER, _GAP, _PASSAGE = 76, 14, 12
_BETWEEN_GROUPS, _ALONE_PER_ROW = 30, 4
_SWEEPS = 6
_ALONE_HEAD = 30  # Room for the words above the bodies without a line.


@dataclass(frozen=True)
class Box:
    """A body in its place: its left and top edge, and its name in lines."""

    node: Node
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    is_alone: bool = False

    @property
    def baselines(self) -> tuple[tuple[int, str], ...]:
        """Each line of the name with the height of its letters' foot."""
        return tuple((self.y + _PADDING + _LINE * number + 13, line) for number, line in enumerate(self.lines))


@dataclass(frozen=True)
class Path:
    """A line from the body that reports (at its beginning) to the one above; its corners, and the ports it runs on."""

    link: Link
    points: tuple[tuple[int, int], ...]

    @property
    def d(self) -> str:
        """The line as SVG path data: straight through columns, curved between them."""
        (x, y), *others = self.points
        text = f"M{x} {y}"
        for number, (nx, ny) in enumerate(others):
            if number % 2:
                text += f" H{nx}"
            else:
                middle = (x + nx) // 2
                text += f" C{middle} {y} {middle} {ny} {nx} {ny}"
            x, y = nx, ny
        return text


@dataclass(frozen=True)
class Part:
    """A piece of the drawing that stands by itself: bodies that lines join, or all those without a line."""

    top: int
    height: int
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...] = ()
    is_alone: bool = False


@dataclass(frozen=True)
class Drawing:
    """The parts, one below the other, and the size of the whole."""

    width: int
    height: int
    parts: tuple[Part, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes of all parts."""
        return tuple(box for part in self.parts for box in part.boxes)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The lines of all parts."""
        return tuple(path for part in self.parts for path in part.paths)


def wrapped(name: str) -> tuple[str, ...]:
    """A name in lines that fit a box; what is too long ends with three dots."""
    lines: list[str] = []
    for word in name.split():
        while len(word) > _LETTERS:
            lines.append(word[: _LETTERS - 1] + "-")
            word = word[_LETTERS - 1 :]
        if lines and len(lines[-1]) + 1 + len(word) <= _LETTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1][: _LETTERS - 1] + "…"]
    return tuple(lines or [""])


def _tall(lines: Sequence[str]) -> int:
    return 2 * _PADDING + _LINE * len(lines)


def drawing(held: Structure) -> Drawing:
    """The structure drawn."""
    parts: list[Part] = []
    top = width = 0
    for group in _groups(held):
        own = _Group(held, group)
        parts.append(Part(top, own.height, tuple(own.boxes(top)), tuple(own.paths(top))))
        width, top = max(width, own.width), top + own.height + _BETWEEN_GROUPS
    if held.orphans:
        parts.append(_alone(held.orphans, top))
        width = max(width, *(box.x + WIDE for box in parts[-1].boxes))
        top += parts[-1].height + _BETWEEN_GROUPS
    return Drawing(width, max(0, top - _BETWEEN_GROUPS), tuple(parts))


def _alone(orphans: Sequence[Node], top: int) -> Part:
    """The bodies without a line, some to a row, with room for words above them."""
    boxes: list[Box] = []
    y = top + _ALONE_HEAD
    for start in range(0, len(orphans), _ALONE_PER_ROW):
        row = orphans[start : start + _ALONE_PER_ROW]
        names = [wrapped(node.name) for node in row]
        tall = max(_tall(lines) for lines in names)
        for number, (node, lines) in enumerate(zip(row, names, strict=True)):
            boxes.append(Box(node, number * (WIDE + _GUTTER), y, tall, lines, is_alone=True))
        y += tall + _GAP
    return Part(top, y - _GAP - top, tuple(boxes), is_alone=True)


def _groups(held: Structure) -> list[list[Node]]:
    """The bodies that lines join, each group by name; the largest first, of two as large the one first by name."""
    beside: dict[str, set[str]] = {node.code: set() for node in held.nodes}
    for link in held.links:
        beside[link.lower].add(link.upper)
        beside[link.upper].add(link.lower)
    found, seen = [], set[str]()
    for node in held.nodes:
        if node.code in seen or not beside[node.code]:
            continue
        own, open_ = {node.code}, [node.code]
        while open_:
            new = beside[open_.pop()] - own
            own |= new
            open_ += sorted(new)
        seen |= own
        found.append([n for n in held.nodes if n.code in own])
    return sorted(found, key=len, reverse=True)


# A place in a column is a body's code, or the passage of a line: its two ends and the column.
_Place = tuple[str, ...]


class _Group:
    """One group of bodies that lines join, laid out."""

    def __init__(self, held: Structure, nodes: Sequence[Node]) -> None:
        self.nodes = {node.code: node for node in nodes}
        self.links = [link for link in held.links if link.lower in self.nodes and link.lower != link.upper]
        self.level = self._levels()
        self.lines = {code: wrapped(node.name) for code, node in self.nodes.items()}
        self.ways = [self._way(link) for link in self.links]
        self.columns = self._ordered(self._columns())
        self.middle = self._placed()
        top = min(self.middle[p] - self._height(p) // 2 for column in self.columns for p in column)
        self.middle = {place: y - top for place, y in self.middle.items()}
        self.height = max(self.middle[p] + self._height(p) // 2 for column in self.columns for p in column)
        self.width = len(self.columns) * (WIDE + _GUTTER) - _GUTTER

    def _ends(self, link: Link) -> tuple[str, str]:
        """The right and the left end: a line that closes a loop is turned round."""
        return (link.upper, link.lower) if link.is_turned else (link.lower, link.upper)

    def _levels(self) -> dict[str, int]:
        """The column of each body: one to the right of the rightmost that it reports to."""
        ups: dict[str, list[str]] = {code: [] for code in self.nodes}
        for link in self.links:
            right, left = self._ends(link)
            ups[right].append(left)
        found: dict[str, int] = {}
        while len(found) < len(ups):
            for code, uppers in ups.items():
                if code not in found and all(upper in found for upper in uppers):
                    found[code] = max((found[upper] + 1 for upper in uppers), default=0)
        return found

    def _way(self, link: Link) -> list[_Place]:
        """The places that a line goes through, from its right end to its left."""
        right, left = self._ends(link)
        passed = range(self.level[right] - 1, self.level[left], -1)
        return [(right,), *((right, left, str(column)) for column in passed), (left,)]

    def _column_of(self, place: _Place) -> int:
        return self.level[place[0]] if len(place) == 1 else int(place[2])

    def _columns(self) -> list[list[_Place]]:
        columns: list[list[_Place]] = [[] for _ in range(max(self.level.values()) + 1)]
        for code in self.nodes:
            columns[self.level[code]].append((code,))
        for way in self.ways:
            for place in way[1:-1]:
                columns[self._column_of(place)].append(place)
        return columns

    def _neighbours(self) -> tuple[Mapping[_Place, list[_Place]], Mapping[_Place, list[_Place]]]:
        """What each place is joined to in the column to its left, and in the one to its right."""
        to_left: dict[_Place, list[_Place]] = {}
        to_right: dict[_Place, list[_Place]] = {}
        for way in self.ways:
            for right, left in pairwise(way):
                to_left.setdefault(right, []).append(left)
                to_right.setdefault(left, []).append(right)
        return to_left, to_right

    def _ordered(self, columns: list[list[_Place]]) -> list[list[_Place]]:
        """The columns with each place near those that it is joined to: of a few sweeps to and fro the order with the
        fewest crossings."""
        to_left, to_right = self._neighbours()
        best, fewest = columns, self._crossings(columns, to_left)
        for sweep in range(_SWEEPS):
            columns = [list(column) for column in columns]
            numbers = range(1, len(columns)) if sweep % 2 == 0 else range(len(columns) - 2, -1, -1)
            for number in numbers:
                beside = columns[number - 1 if sweep % 2 == 0 else number + 1]
                rank = {place: n for n, place in enumerate(beside)}
                joined = to_left if sweep % 2 == 0 else to_right
                columns[number] = _by_mean(columns[number], joined, rank)
            crossings = self._crossings(columns, to_left)
            if crossings < fewest:
                best, fewest = columns, crossings
        return best

    @staticmethod
    def _crossings(columns: Sequence[Sequence[_Place]], to_left: Mapping[_Place, Sequence[_Place]]) -> int:
        found = 0
        for before, column in pairwise(columns):
            rank = {place: n for n, place in enumerate(before)}
            ends = [rank[left] for place in column for left in sorted(to_left.get(place, ()), key=rank.__getitem__)]
            found += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
        return found

    def _height(self, place: _Place) -> int:
        return _tall(self.lines[place[0]]) if len(place) == 1 else _PASSAGE

    def _placed(self) -> dict[_Place, int]:
        """The middle of each place: as near to the mean of what it is joined to as order and room allow."""
        to_left, to_right = self._neighbours()
        middle: dict[_Place, int] = {}
        for column in self.columns:
            middle |= self._spread(column, [0] * len(column))
        for sweep in range(_SWEEPS):
            for column in self.columns if sweep % 2 else self.columns[::-1]:
                wished = []
                for place in column:
                    joined = [middle[p] for p in (*to_left.get(place, ()), *to_right.get(place, ()))]
                    wished.append(sum(joined) // len(joined) if joined else middle[place])
                middle |= self._spread(column, wished)
        return middle

    def _spread(self, column: Sequence[_Place], wished: Sequence[int]) -> dict[_Place, int]:
        """Middles in order and without overlap, on the whole as near as can be to what is wished."""
        offsets = [0]
        for above, below in pairwise(column):
            offsets.append(offsets[-1] + (self._height(above) + 1) // 2 + _GAP + (self._height(below) + 1) // 2)
        blocks: list[tuple[int, int]] = []  # Sum of what its members wish, less their offsets; and their number.
        for wish, offset in zip(wished, offsets, strict=True):
            total, number = wish - offset, 1
            while blocks and blocks[-1][0] * number >= total * blocks[-1][1]:
                before, count = blocks.pop()
                total, number = total + before, number + count
            blocks.append((total, number))
        starts = [total // number for total, number in blocks for _ in range(number)]
        return {place: start + offset for place, start, offset in zip(column, starts, offsets, strict=True)}

    def boxes(self, top: int) -> list[Box]:
        """The boxes, `top` pixels down."""
        return [
            Box(
                node, self.level[code] * (WIDE + _GUTTER), top + self.middle[code,] - self._height((code,)) // 2,
                self._height((code,)), self.lines[code],
            )
            for code, node in self.nodes.items()
        ]  # fmt: skip

    def _ports(self) -> dict[tuple[int, bool], int]:
        """How far above or below the middle of its box each end of each line is, by its number and whether it is the
        left end: lines that meet at a side are told apart."""
        sides: dict[tuple[str, bool], list[tuple[int, int]]] = {}
        for number, way in enumerate(self.ways):
            sides.setdefault((way[0][0], False), []).append((self.middle[way[1]], number))
            sides.setdefault((way[-1][0], True), []).append((self.middle[way[-2]], number))
        found = {}
        for (code, is_left_end), ends in sides.items():
            room = (self._height((code,)) - 12) // len(ends)
            step = min(12, room)
            for place, (_, number) in enumerate(sorted(ends)):
                found[number, is_left_end] = step * place - step * (len(ends) - 1) // 2
        return found

    def paths(self, top: int) -> list[Path]:
        """The lines, `top` pixels down, each from the body that reports."""
        ports = self._ports()
        found = []
        for number, (link, way) in enumerate(zip(self.links, self.ways, strict=True)):
            points: list[tuple[int, int]] = []
            for place in way:
                x, y = self._column_of(place) * (WIDE + _GUTTER), top + self.middle[place]
                if place == way[0]:
                    points.append((x, y + ports[number, False]))
                elif place == way[-1]:
                    points.append((x + WIDE, y + ports[number, True]))
                else:
                    points += [(x + WIDE, y), (x, y)]
            found.append(Path(link, tuple(reversed(points) if link.is_turned else points)))
        return found


def _by_mean(
    column: Iterable[_Place], joined: Mapping[_Place, Sequence[_Place]], rank: Mapping[_Place, int]
) -> list[_Place]:
    """The places by the mean rank of those they are joined to; who is joined to none keeps about where he was."""

    def mean(number: int, place: _Place) -> Fraction:
        ranks = [rank[p] for p in joined.get(place, ())]
        return Fraction(sum(ranks), len(ranks)) if ranks else Fraction(number)

    return [place for _, _, place in sorted((mean(n, place), n, place) for n, place in enumerate(column))]
