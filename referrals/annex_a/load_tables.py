"""The tables of one load, each for screen and CSV alike: what was computed, beside the returns, and what was found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.counted import STANDING_WORDS, Standing
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, round_half_up, written
from indicators.working_days import day_words
from referrals.annex_a.answer import Computed, FindingGroup, LeftOut
from referrals.annex_a.spec import LISTS

SEVERITY_WORDS = {"error": "Error", "warning": "Warning", "note": "Note"}
_LIST_NAMES = {spec.number: spec.name for spec in LISTS}
_CELLS_SHOWN = 6
REPLACED = "Replaced by a later file"
DECISION_WORDS = {"accepted": "Accepted", "rejected": "Rejected"}


@dataclass(frozen=True)
class Feed:
    """The line of a return that a measure can stand for, what stands there, and what was decided.

    `entered` and `approved` are words; `counts` what the entered figure was counted from; `problem` why the measure
    cannot be entered.
    """

    name: str
    scorecard: str
    return_number: int
    return_state: str
    entered: str
    counts: str
    approved: str
    standing: Standing
    problem: str = ""
    decision: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """One computed measure, or one category of its breakdown, with the line that it feeds if there is one.

    `replaced_by`: the code of the later load that computed it again.
    """

    computed: Computed
    dimension: str = ""
    feed: Feed | None = None
    replaced_by: str = ""


def value_words(unit: str, value: Decimal | None) -> str:
    """A computed value in words: "83.6%", "1,266", "12.5 days"."""
    if value is None:
        return "No value"
    return written(value, Unit.PERCENT, 1) if unit == Unit.PERCENT else written(round_half_up(value, 1), Unit(unit))


def left_out_words(left_out: Iterable[LeftOut]) -> str:
    """What was not counted and why, on one line each: "12: no date of referral"."""
    return "\n".join(f"{one.number:,}: {one.reason}" if one.number else one.reason for one in left_out)


def list_words(number: int) -> str:
    """ "List 3, Referrals"."""
    return f"List {number}, {_LIST_NAMES[number]}"


def lists_words(numbers: Sequence[int]) -> str:
    """Lists by their numbers, in order: "list 3", "lists 1, 2 and 4 to 11"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [text for run in runs for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    joined = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return f"list{'s' if len(numbers) > 1 else ''} {joined}"


def return_words(scorecard: str, number: int) -> str:
    """What a return is called among those of its partner and period: its scorecard, and which correction it is."""
    return f"{scorecard}{f', correction {number}' if number > 1 else ''}"


def _left_out(v: Values) -> tuple[str, ...]:
    """The reasons; of a share also what follows for what it is of."""
    if not v["left_out"]:
        return ()
    is_share = v["kind"] == "share" and v["denominator"] is not None
    of = (
        f"Left out of both numbers: the share is of the {written(v['denominator'], Unit.COUNT)} others."
        if is_share
        else ""
    )
    return (*v["left_out"].split("\n"), *([of] if of else []))


def _value(v: Values) -> tuple[str, ...]:
    top, bottom = v["numerator"], v["denominator"]
    counts: tuple[str, ...] = ()
    if top is not None and bottom is not None:
        joined = "days of" if v["kind"] == "mean" else "of"
        cases = " cases" if v["kind"] == "mean" else ""
        counts = (f"{written(top, Unit.COUNT)} {joined} {written(bottom, Unit.COUNT)}{cases}",)
    elif bottom is not None:
        counts = (f"of {written(bottom, Unit.COUNT)} cases",)
    return (value_words(v["unit"], v["value"]), *counts)


def _return(v: Values) -> tuple[str, ...]:
    return (return_words(v["scorecard"], v["return_number"]),) if v["feeds"] else ()


def _entered(v: Values) -> tuple[str, ...]:
    approved = f"Approved: {v['approved']}" if v["approved"] else ""
    return tuple(filter(None, (v["entered"], v["entered_counts"], approved))) if v["feeds"] else ()


def _standing(v: Values) -> tuple[str, ...]:
    if not v["feeds"]:
        return ()
    decided = ""
    if v["decision"]:
        decided = f"{DECISION_WORDS[v['decision']]} by {v['decided_by']}, {day_words(v['decided_on'])}"
    reason = f"“{v['reason']}”" if v["reason"] else ""
    replaced = REPLACED if v["replaced_by"] else ""
    return tuple(filter(None, (STANDING_WORDS[Standing(v["standing"])], v["problem"], replaced, decided, reason)))


def _of(name: str, otherwise: object = "") -> Callable[[MeasureRow], object]:
    """The value of the line that a row feeds."""

    def value(row: MeasureRow) -> object:
        return getattr(row.feed, name) if row.feed else otherwise

    return value


MEASURES_TABLE: TableSpec[MeasureRow] = TableSpec(
    "annex-a-measures",
    (
        Column(
            "measure",
            "Measure",
            (
                Field("code", Kind.CODE, lambda r: r.computed.code, "Code of the measure"),
                Field("measure", Kind.TEXT, lambda r: r.computed.name, "Name of the measure"),
                Field("list", Kind.WHOLE, lambda r: r.computed.list, "Number of the list it is computed from"),
            ),
            lambda v: (v["measure"], list_words(v["list"])),
        ),
        Column(
            "category",
            "Category",
            (
                Field("dimension", Kind.CODE, lambda r: r.computed.dimension, "Dimension of the breakdown, if any"),
                Field("dimension_name", Kind.TEXT, lambda r: r.dimension, "Name of the dimension"),
                Field("category", Kind.CODE, lambda r: r.computed.category, "Category of the breakdown, if any"),
                Field("category_name", Kind.TEXT, lambda r: r.computed.category_name, "Name of the category"),
            ),
            lambda v: (v["category_name"] or "All",),
        ),
        Column(
            "return",
            "Return",
            (
                Field("scorecard", Kind.TEXT, _of("scorecard"), "Scorecard of the return, if it feeds one"),
                Field("return_number", Kind.WHOLE, _of("return_number", None), "1: the return; above: a correction"),
                Field("return_state", Kind.TEXT, _of("return_state"), "Where the return stands"),
            ),
            _return,
        ),
        Column(
            "feeds",
            "Figure of the return",
            (
                Field("indicator", Kind.CODE, lambda r: r.computed.indicator, "Indicator that it can stand for"),
                Field("slice", Kind.CODE, lambda r: r.computed.slice, "Part of the indicator; empty: the whole"),
                Field("feeds", Kind.TEXT, _of("name"), "Name of the line of the return, if there is one"),
            ),
            lambda v: (v["feeds"], v["measure"]) if v["feeds"] else (),
        ),
        Column(
            "value",
            "Computed",
            (
                Field("kind", Kind.CODE, lambda r: r.computed.kind, "count, share, mean or median"),
                Field("unit", Kind.CODE, lambda r: r.computed.unit, "count, percent or days"),
                Field("numerator", Kind.NUMBER, lambda r: r.computed.numerator, "Cases counted, or sum of days"),
                Field("denominator", Kind.NUMBER, lambda r: r.computed.denominator, "Cases that could be judged"),
                Field("value", Kind.NUMBER, lambda r: r.computed.value, "Result to 4 decimal places, if any"),
            ),
            _value,
        ),
        Column(
            "left_out",
            "Left out",
            (Field("left_out", Kind.TEXT, lambda r: left_out_words(r.computed.left_out), "Rows left out, and why"),),
            _left_out,
        ),
        Column(
            "entered",
            "In the return",
            (
                Field("entered", Kind.TEXT, _of("entered"), "What is entered there now"),
                Field("entered_counts", Kind.TEXT, _of("counts"), "What that was counted from"),
                Field("approved", Kind.TEXT, _of("approved"), "What is approved, where that is something else"),
            ),
            _entered,
        ),
        Column(
            "standing",
            "Compared",
            (
                Field("standing", Kind.CODE, _of("standing"), "new, same, different, or none: it cannot be entered"),
                Field("problem", Kind.TEXT, _of("problem"), "Why it cannot be entered"),
                Field("decision", Kind.CODE, _of("decision"), "accepted or rejected; empty: not decided"),
                Field("decided_by", Kind.TEXT, _of("decided_by"), "Who decided"),
                Field("decided_on", Kind.DATE, _of("decided_on", None), "When"),
                Field("reason", Kind.TEXT, _of("reason"), "Why it was rejected"),
                Field("replaced_by", Kind.CODE, lambda r: r.replaced_by, "Later load that computed it again, if any"),
            ),
            _standing,
        ),
        Column("words", "How", (Field("words", Kind.TEXT, lambda r: r.computed.words, "How it was computed"),)),
    ),
)


def cells_words(cells: str, number: int) -> tuple[str, ...]:
    """The first cells and how many more there are: "D14, D18, D20 and 5 more"."""
    listed = cells.split(", ") if cells else []
    shown = listed[:_CELLS_SHOWN]
    more = max(number, len(listed)) - len(shown)
    if not shown:
        return ("the whole list",) if number <= 1 else (f"{number:,} places",)
    return (", ".join(shown) + (f" and {more:,} more" if more > 0 else ""),)


FINDINGS_TABLE: TableSpec[FindingGroup] = TableSpec(
    "annex-a-findings",
    (
        Column(
            "severity",
            "Severity",
            (
                Field("severity", Kind.CODE, lambda g: g.severity, "error: not used; warning: odd, used; note"),
                Field("finding", Kind.CODE, lambda g: g.code, "Code of the finding"),
            ),
            lambda v: (SEVERITY_WORDS[v["severity"]],),
        ),
        Column(
            "list",
            "List",
            (
                Field("list", Kind.WHOLE, lambda g: g.list, "Number of the list"),
                Field("list_name", Kind.TEXT, lambda g: _LIST_NAMES[g.list], "Name of the list"),
            ),
            lambda v: (f"List {v['list']}", v["list_name"]),
        ),
        Column(
            "column",
            "Column",
            (Field("column", Kind.TEXT, lambda g: g.column, "Official heading of the column; empty: the list"),),
            lambda v: (v["column"] or "–",),
        ),
        Column(
            "message",
            "What was found",
            (Field("message", Kind.TEXT, lambda g: g.message, "What was found, and what to do"),),
            lambda v: (v["message"],),
        ),
        Column(
            "number",
            "Number",
            (Field("number", Kind.WHOLE, lambda g: g.number, "How often"),),
            lambda v: (f"{v['number']:,}",),
        ),
        Column(
            "cells",
            "Cells",
            (Field("cells", Kind.TEXT, lambda g: ", ".join(g.cells), "The first places, as Excel names them"),),
            lambda v: cells_words(v["cells"], v["number"]),
        ),
    ),
)
