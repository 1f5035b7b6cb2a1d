"""The table of what a load can put into the returns, for screen and CSV alike."""

from dataclasses import dataclass
from datetime import date

from indicators.counted import STANDING_WORDS, Standing
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words

DECISION_WORDS = {"accepted": "Accepted", "rejected": "Rejected"}
REPLACED = "Replaced by a later file"


@dataclass(frozen=True)
class OfferRow:
    """A number of the file for a line of a return, what stands there, and what was decided."""

    indicator: str
    slice: str
    name: str
    scorecard: str
    return_number: int
    return_state: str
    number: int
    note: str
    entered: str
    standing: Standing
    problem: str = ""
    decision: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    reason: str = ""
    replaced_by: str = ""


def _standing(v: Values) -> tuple[str, ...]:
    decided = ""
    if v["decision"]:
        decided = f"{DECISION_WORDS[v['decision']]} by {v['decided_by']}, {day_words(v['decided_on'])}"
    reason = f"“{v['reason']}”" if v["reason"] else ""
    replaced = REPLACED if v["replaced_by"] else ""
    return tuple(filter(None, (STANDING_WORDS[Standing(v["standing"])], v["problem"], replaced, decided, reason)))


OFFERS_TABLE: TableSpec[OfferRow] = TableSpec(
    "ssda903-offers",
    (
        Column(
            "return",
            "Return",
            (
                Field("scorecard", Kind.TEXT, lambda r: r.scorecard, "Scorecard of the return"),
                Field("return_number", Kind.WHOLE, lambda r: r.return_number, "1: the return; above: a correction"),
                Field("return_state", Kind.TEXT, lambda r: r.return_state, "Where the return stands"),
            ),
        ),
        Column(
            "figure",
            "Figure of the return",
            (
                Field("indicator", Kind.CODE, lambda r: r.indicator, "Code of the indicator"),
                Field("slice", Kind.CODE, lambda r: r.slice, "Part of the indicator"),
                Field("figure", Kind.TEXT, lambda r: r.name, "Name of the line of the return"),
                Field("note", Kind.TEXT, lambda r: r.note, "What to know of the number"),
            ),
            lambda v: (v["figure"], *([v["note"]] if v["note"] else [])),
        ),
        Column(
            "counted",
            "Counted",
            (Field("counted", Kind.WHOLE, lambda r: r.number, "What the file says"),),
            lambda v: (f"{v['counted']:,}",),
        ),
        Column(
            "entered",
            "In the return",
            (Field("entered", Kind.TEXT, lambda r: r.entered, "What is entered there now"),),
            lambda v: (v["entered"],),
        ),
        Column(
            "standing",
            "Compared",
            (
                Field("standing", Kind.CODE, lambda r: r.standing.value, "new, same, different, or none"),
                Field("problem", Kind.TEXT, lambda r: r.problem, "Why it cannot be entered"),
                Field("decision", Kind.CODE, lambda r: r.decision, "accepted or rejected; empty: not decided"),
                Field("decided_by", Kind.TEXT, lambda r: r.decided_by, "Who decided"),
                Field("decided_on", Kind.DATE, lambda r: r.decided_on, "When"),
                Field("reason", Kind.TEXT, lambda r: r.reason, "Why it was rejected"),
                Field("replaced_by", Kind.CODE, lambda r: r.replaced_by, "Later load of the period, if any"),
            ),
            _standing,
        ),
    ),
)
