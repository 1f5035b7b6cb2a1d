"""The steps between the stages of the pathway in one period as a table, and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.phrases import capital, listed, lowered
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, written
from referrals.pathway import NOT_KNOWN, OUTSIDE, Flow, Flows, indicator_of
from referrals.stages import LINKS, STAGES, LinkKind, Stage, StageUnit

NOT_REPORTED = "not reported"


@dataclass(frozen=True)
class FlowRow:
    """A step between two stages in a period; `number` None: nobody reports it. `state`: drawn, part or not_reported."""

    period: str
    source: str
    target: str
    kind: LinkKind | None
    state: str
    number: Decimal | None = None
    unit: StageUnit | None = None
    figure: str = ""
    note: str = ""


DRAWN, PART, UNREPORTED = "drawn", "part", "not_reported"
_STEP_WORDS = {
    LinkKind.ONWARD.value: "onward",
    LinkKind.STEP_UP.value: "step up",
    LinkKind.STEP_DOWN.value: "step down",
    LinkKind.ENDS.value: "ends here",
    LinkKind.RETURNS.value: "comes back",
    "": "not known",
}
# The sides of a stage that are no stage themselves.
SIDES = {NOT_KNOWN: "somewhere not reported", OUTSIDE: "outside, or a step that is not reported"}


def name_of(code: str, stages: Sequence[Stage] = STAGES) -> str:
    """The name of a stage, or of a side that nothing tells."""
    return SIDES.get(code) or next(one.name for one in stages if one.code == code)


def is_step(flow: Flow) -> bool:
    """Whether a flow joins two stages."""
    return flow.source not in SIDES and flow.target not in SIDES


def flow_rows(flows: Flows, period: str) -> list[FlowRow]:
    """The steps with a figure, those that are a part of another, and those that nobody reports."""
    kinds = {(link.source, link.target): link.kind for link in LINKS}

    def reported(flow: Flow, state: str) -> FlowRow:
        kind = kinds.get((flow.source, flow.target))
        note = "" if kind is None else flow.note
        return FlowRow(
            period, flow.source, flow.target, kind, state, flow.number, flow.unit, flow.figure, note
        )  # fmt: skip

    places = {one.code: number for number, one in enumerate(STAGES)}

    def place(flow: Flow) -> tuple[int, int]:
        source, target = places.get(flow.source, -1), places.get(flow.target, -1)
        return (source if source >= 0 else target, target)

    rows = [reported(flow, DRAWN) for flow in sorted(flows.drawn, key=place)]
    rows += [reported(flow, PART) for flow in sorted(flows.parts, key=place)]
    rows += [
        FlowRow(period, link.source, link.target, link.kind, UNREPORTED, note=link.note) for link in flows.not_reported
    ]
    return rows


def _flow_number(v: Values) -> tuple[str, ...]:
    if v["number"] is None:
        return (NOT_REPORTED,)
    lines = [f"{written(v['number'], Unit.COUNT)} {v['unit']}"]
    if v["state"] == PART:
        lines.append("counted in another step already")
    return tuple(lines)


FLOWS_TABLE: TableSpec[FlowRow] = TableSpec(
    "pathway-steps",
    (
        Column(
            "from",
            "From",
            (
                Field("period", Kind.CODE, lambda r: r.period, "Period of the table, such as 2021-22-q4"),
                Field("from", Kind.CODE, lambda r: r.source, "Code of the stage; not-known or outside: none"),
                Field("from_name", Kind.TEXT, lambda r: name_of(r.source), "Name of the stage"),
            ),
            lambda v: (capital(v["from_name"]),),
        ),
        Column(
            "to",
            "To",
            (
                Field("to", Kind.CODE, lambda r: r.target, "Code of the stage; not-known or outside: none"),
                Field("to_name", Kind.TEXT, lambda r: name_of(r.target), "Name of the stage"),
                Field("step", Kind.TEXT, lambda r: r.kind.value if r.kind else "", "Which way the step goes"),
            ),
            lambda v: (capital(v["to_name"]), *((_STEP_WORDS[v["step"]],) if v["step"] else ())),
        ),
        Column(
            "number",
            "How many",
            (
                Field("number", Kind.NUMBER, lambda r: r.number, "How many took the step"),
                Field("unit", Kind.TEXT, lambda r: r.unit.value if r.unit else "", "What is counted"),
                Field("state", Kind.CODE, lambda r: r.state, "drawn, part (of another step), or not_reported"),
                Field("indicator", Kind.CODE, lambda r: indicator_of(r.figure), "Indicator that counts it"),
                Field("slice", Kind.CODE, lambda r: r.figure.partition("/")[2], "Part of that indicator"),
            ),
            _flow_number,
        ),
        Column("note", "Note", (Field("note", Kind.TEXT, lambda r: r.note, "What a reader must know"),),
               lambda v: (v["note"],)),
    ),
)  # fmt: skip


def flow_heading(flows: Flows) -> str:
    """How much of the pathway is counted: "9 of 61 steps have a figure"."""
    known = len(LINKS) - len(flows.not_reported)
    return f"{known} of {len(LINKS)} steps between stages {'has' if known == 1 else 'have'} a figure"


def flow_sentence(flows: Flows) -> str:
    """What the drawing shows, and what its widths may not be used for."""
    known = [f for f in flows.drawn if is_step(f)]
    if not known:
        said = "No step between two stages has a figure of its own; what comes in and goes out is drawn all the same."
    else:
        largest = max(known, key=lambda f: f.number)
        said = (
            f"The largest step that is reported is from {_inside(largest.source)} to {_inside(largest.target)}: "
            f"{written(largest.number, Unit.COUNT)} {largest.unit.value}."
        )
    units = flows.units()
    if len(units) > 1:
        names = listed([unit.value for unit in units])
        said += f" Widths compare only among bands of the same unit: {names} are not the same thing."
    return f"{said} Pale bands come from outside, or from or to somewhere that no report tells."


def _inside(code: str) -> str:
    name = name_of(code)
    return name if name[:2].isupper() else lowered(name)
