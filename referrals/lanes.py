"""Where the stages of a drawing of flows stand: stages that flows join lie in one lane, a column to the right for each
step, and every stage has room for its name above it.

All lengths are whole pixels. A stub is a side of a stage that nothing tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.units import round_half_up
from referrals.pathway import Flow
from referrals.stages import STAGES
from referrals.step_table import SIDES, is_step


@dataclass(frozen=True)
class Paper:
    """The room of a drawing: its width, the least width that it is shown at, how far a stub stands off its stage, the
    gap between lanes, how high all flows together are drawn, how wide a name may be at most, in letters, and how high a
    letter is."""

    width: int
    least: int
    stub: int
    gap: int
    tall: int
    letters: int
    size: int


@dataclass(frozen=True)
class Node:
    """A stage or stub in its place: its left edge, its top edge and its height."""

    code: str
    is_stub: bool
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Half way down."""
        return self.y + self.height // 2


@dataclass(frozen=True)
class Placed:
    """The nodes and the height of the whole.

    The layout of a Sankey, without padding, stretches the fullest layer over the height. `ballast` is how many cases
    must go unseen from the first layer to the last, so that every node gets the height that it has here.
    """

    nodes: tuple[Node, ...]
    height: int
    ballast: Decimal


def stub_of(flow: Flow) -> str:
    """The code of the stub at the side of a flow that nothing tells."""
    return f"{flow.source}>{flow.target}"


def ends_of(flow: Flow) -> tuple[str, str]:
    """The codes of the two nodes that a flow joins."""
    return (
        stub_of(flow) if flow.source in SIDES else flow.source,
        stub_of(flow) if flow.target in SIDES else flow.target,
    )


def stages_in(flows: Sequence[Flow]) -> list[str]:
    """The stages that flows join, in the order of the pathway."""
    named = {end for flow in flows for end in (flow.source, flow.target) if end not in SIDES}
    return [*(one.code for one in STAGES if one.code in named), *sorted(named - {one.code for one in STAGES})]


def size_of(code: str, flows: Sequence[Flow]) -> Decimal:
    """How many pass a stage: what comes in or what goes out, whichever is more."""
    into = sum((f.number for f in flows if f.target == code), Decimal(0))
    out = sum((f.number for f in flows if f.source == code), Decimal(0))
    return max(into, out)


def columns_of(flows: Sequence[Flow]) -> dict[str, int]:
    """How many steps lie before each stage; a way round in a circle is followed once."""
    known = [f for f in flows if is_step(f)]
    depth = dict.fromkeys(stages_in(flows), 0)
    for _ in depth:
        changed = False
        for flow in known:
            wanted = min(depth[flow.source] + 1, len(depth) - 1)
            if depth[flow.target] < wanted:
                depth[flow.target], changed = wanted, True
        if not changed:
            break
    return depth


def step_of(flows: Sequence[Flow], paper: Paper) -> int:
    """How far it is from one column to the next."""
    return (paper.width - paper.stub) // (max(columns_of(flows).values(), default=0) + 1)


def letters_of(flows: Sequence[Flow], paper: Paper) -> int:
    """How many letters of a name have room before the next column; a bold letter takes a little more than half its
    height."""
    step = step_of(flows, paper) * paper.least // paper.width
    return min(paper.letters, (step - _SPACE) * 100 // (_LETTER * paper.size))


def lanes_of(flows: Sequence[Flow]) -> list[list[str]]:
    """The stages by lane: those that flows join, in the order of the first of each."""
    lane: dict[str, int] = {code: number for number, code in enumerate(stages_in(flows))}
    for _ in lane:
        for flow in flows:
            if is_step(flow):
                lane[flow.source] = lane[flow.target] = min(lane[flow.source], lane[flow.target])
    found: dict[int, list[str]] = {}
    for code, number in lane.items():
        found.setdefault(number, []).append(code)
    return [found[number] for number in sorted(found)]


def in_turn(lane: Sequence[str], flows: Sequence[Flow]) -> list[str]:
    """The stages of a lane so that each follows all that lead to it, and what a stage leads to stands before its
    neighbour: the bands of one stage then end above the name of the next. A circle is entered at its first stage."""
    steps = [(f.source, f.target) for f in flows if is_step(f)]
    found: list[str] = []

    def follow(code: str) -> None:
        found.append(code)
        for after in lane:
            if after not in found and (code, after) in steps and is_ready(after):
                follow(after)

    def is_ready(code: str) -> bool:
        return all(source in found for source, target in steps if target == code)

    for wants_all in (True, False):
        for code in lane:
            if code not in found and (is_ready(code) or not wants_all):
                follow(code)
    return found


_TRIES = 60
# Between a name and the next column, in pixels; and how wide a letter is, in hundredths of its height.
_SPACE, _LETTER = 6, 55


def place(flows: Sequence[Flow], paper: Paper, rooms: Mapping[str, int]) -> Placed:
    """Every node of a drawing in its place; `rooms` is how much each stage's name takes above it.

    The flows are drawn less tall where a layer would not fit otherwise.
    """
    first, last, most = _layers(flows)
    tall = Decimal(paper.tall)
    placed, share = _placed(flows, paper, rooms, tall)
    for _ in range(_TRIES):
        if placed.height >= share * most:
            break
        tall = tall * 9 / 10
        placed, share = _placed(flows, paper, rooms, tall)
    return Placed(placed.nodes, placed.height, max(placed.height / share - max(first, last), Decimal(0)))


def _placed(flows: Sequence[Flow], paper: Paper, rooms: Mapping[str, int], tall: Decimal) -> tuple[Placed, Decimal]:
    columns, lanes = columns_of(flows), lanes_of(flows)
    step = step_of(flows, paper)
    share = _scale(flows, lanes, columns, tall)
    nodes: dict[str, Node] = {}
    top = 0
    for lane in lanes:
        below: dict[int, int] = {}
        for code in in_turn(lane, flows):
            column = columns[code]
            free = max((end for place, end in below.items() if place >= column), default=top)
            level = max((nodes[f.source].y for f in flows if f.target == code and f.source in nodes), default=0)
            y = max(free + rooms[code], level)
            height = max(1, _pixels(size_of(code, flows), share))
            nodes[code] = Node(code, False, paper.stub + column * step, y, height)
            below[column] = y + height
        top = max(below.values()) + paper.gap
    for flow in flows:
        if not is_step(flow):
            nodes[stub_of(flow)] = _stub(flow, nodes, share, paper)
    return Placed(tuple(nodes.values()), top, Decimal(0)), share


def _scale(
    flows: Sequence[Flow], lanes: Sequence[Sequence[str]], columns: Mapping[str, int], tall: Decimal
) -> Decimal:  # fmt: skip
    """Pixels for each case, so that the lanes together are so tall."""
    total = Decimal(0)
    for lane in lanes:
        by_column: dict[int, Decimal] = {}
        for code in lane:
            by_column[columns[code]] = by_column.get(columns[code], Decimal(0)) + size_of(code, flows)
        total += max(by_column.values())
    return tall / total if total else Decimal(1)


def _pixels(number: Decimal, share: Decimal) -> int:
    return int(round_half_up(number * share, 0))


def _stub(flow: Flow, nodes: Mapping[str, Node], share: Decimal, paper: Paper) -> Node:
    """Beside its stage; what goes out stands at the lower end, so that the known steps leave above it."""
    height = max(1, _pixels(flow.number, share))
    if flow.source in SIDES:
        stage = nodes[flow.target]
        return Node(stub_of(flow), True, stage.x - paper.stub, stage.y + stage.height - height, height)
    stage = nodes[flow.source]
    return Node(stub_of(flow), True, stage.x + paper.stub, stage.y + stage.height - height, height)


def _layers(flows: Sequence[Flow]) -> tuple[Decimal, Decimal, Decimal]:
    """How many the first, the last and the fullest layer of the layout hold: a layer for each step from the start, and
    every end in the last."""
    ends = [(*ends_of(flow), flow.number) for flow in flows]
    into: dict[str, Decimal] = {}
    out: dict[str, Decimal] = {}
    for source, target, number in ends:
        out[source] = out.get(source, Decimal(0)) + number
        into[target] = into.get(target, Decimal(0)) + number
    depth = dict.fromkeys((*out, *into), 0)
    for _ in depth:
        for source, target, _number in ends:
            depth[target] = max(depth[target], min(depth[source] + 1, len(depth) - 1))
    last = max(depth.values(), default=0)
    layers: dict[int, Decimal] = {}
    for code, column in depth.items():
        layer = column if code in out else last
        size = max(into.get(code, Decimal(0)), out.get(code, Decimal(0)))
        layers[layer] = layers.get(layer, Decimal(0)) + size
    return layers[0], layers[last], max(layers.values())
