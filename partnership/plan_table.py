"""Improvement plans as tables: one specification each for screen and file."""

from collections.abc import Callable
from typing import Any

from finance.register_columns import (
    amount_column,
    code_field,
    dated,
    day_field,
    lines_of,
    source_column,
    text_field,
    told_column,
)
from indicators.phrases import lowered
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words
from partnership.plan_review import BRAG_WORDS, Brag, brag_words, lateness_words
from partnership.plan_rows import (
    NO_FIGURE,
    VOICE_WORDS,
    ActionRow,
    DateMove,
    HistoryRow,
    Measure,
    PlanRow,
    ResourceRow,
    ReviewLineRow,
    ReviewRow,
)

NOTHING = "–"
NO_LEAD, NO_DATE = "no lead stated", "no day given"


def whole(name: str, meaning: str, of: Callable[[Any], int | None]) -> Field[Any]:
    """A field with a whole number."""
    return Field(name, Kind.WHOLE, of, meaning)


def ran(v: Values) -> str:
    """From when to when, as far as is stated."""
    start = f"from {day_words(v['from'])}" if v["from"] else ""
    end = f"until {day_words(v['until'])}" if v["until"] else ""
    return " ".join(filter(None, (start, end)))


def said_by(code: str) -> str:
    """ "Evidence of families"; only "Evidence" where nobody is named."""
    return f"Evidence of {VOICE_WORDS[code]}" if code in VOICE_WORDS else "Evidence"


def _told(v: Values) -> tuple[str, ...]:
    found = lines_of(
        v["progress"],
        f"{said_by(v['evidence_from'])}: {v['evidence']}" if v["evidence"] else "",
        f"What changed: {v['what_changed']}" if v["what_changed"] else "",
    )
    return found or (NOTHING,)


def _brag(code: str) -> Brag | None:
    return Brag(code) if code else None


def _told_column(of: Callable[[Any], Any], heading: str = "Progress and evidence") -> Column[Any]:
    def part(name: str) -> Callable[[Any], str]:
        return lambda row: getattr(of(row), name) if of(row) else ""

    return Column(
        "told",
        heading,
        (
            text_field("progress", "What the review says of its progress", part("progress")),
            text_field("evidence", "What that rests on", part("evidence")),
            Field("evidence_from", Kind.CODE, part("evidence_from"), "children, families or staff: whose evidence"),
            text_field("what_changed", "What changed for them", part("what_changed")),
        ),
        _told,
    )


# The list of plans

_COUNTED = tuple(Brag)


def _counted(brag: Brag) -> Callable[[Any], int]:
    def number(row: Any) -> int:
        return int(row.counts[brag])

    return number


PLANS_TABLE: TableSpec[PlanRow] = TableSpec(
    "improvement-plans",
    (
        Column(
            "plan",
            "Plan",
            (
                code_field("code", "Code of the plan"),
                text_field("title", "Title of the plan"),
                text_field("owner", "The body, or the partner, whose plan it is"),
                day_field("from", "Day on which it began", lambda r: r.from_on),
                day_field("until", "Day until which it runs", lambda r: r.until_on),
                text_field("note", "What is known of it"),
            ),
            lambda v: lines_of(v["title"], v["owner"], ran(v), v["note"]),
        ),
        Column(
            "actions",
            "Actions",
            (
                whole("actions", "Actions of the plan; the numbers after it add up to it", lambda r: len(r.brags)),
                *(
                    whole(brag.value, f"Actions that are {lowered(BRAG_WORDS[brag])}", _counted(brag))
                    for brag in _COUNTED
                ),
                whole("not_reviewed", "Actions that no review has seen", lambda r: r.counts[None]),
            ),
            lambda v: (str(v["actions"]), *_parts(v)),
        ),
        Column(
            "late",
            "Late",
            (whole("late", "Actions whose day has passed and that are not complete", lambda r: r.late),),
            lambda v: (str(v["late"]),),
        ),
        Column(
            "review",
            "Reviews",
            (
                whole("reviews", "Reviews that were taken", lambda r: r.reviews),
                day_field("reviewed_on", "Day of the last review"),
                day_field("review_due_on", "Day on which the next review is due", lambda r: r.review.on),
                text_field("review_words", "The same in words", lambda r: r.review.words),
                day_field("report_due_on", "Day on which the next report is due", lambda r: r.report.on),
                text_field("report_words", "The same in words", lambda r: r.report.words),
            ),
            lambda v: lines_of(
                f"{v['reviews']} taken, the last on {day_words(v['reviewed_on'])}"
                if v["reviewed_on"]
                else "None taken yet",
                v["review_words"],
                v["report_words"],
            ),
        ),
        source_column(),
    ),
)


def _parts(v: Values) -> tuple[str, ...]:
    told = [f"{v[brag.value]} {lowered(BRAG_WORDS[brag])}" for brag in _COUNTED if v[brag.value]]
    told += [f"{v['not_reviewed']} not reviewed yet"] if v["not_reviewed"] else []
    return (", ".join(told),) if told else ()


# The actions of a plan


def _due(v: Values) -> tuple[str, ...]:
    if v["ended_on"]:
        return lines_of(f"Ended on {day_words(v['ended_on'])}", v["ended_reason"])
    late = v["days_late"]
    return lines_of(dated(v["due_on"]), lateness_words(late) if late else "", v["slippage"])


def _status(v: Values) -> tuple[str, ...]:
    when = f"at the review of {day_words(v['reviewed_on'])}" if v["reviewed_on"] else ""
    return lines_of(brag_words(_brag(v["status"])), v["movement_words"], when)


ACTIONS_TABLE: TableSpec[ActionRow] = TableSpec(
    "plan-actions",
    (
        Column(
            "action",
            "Action",
            (
                code_field("number", "Priority and action"),
                text_field("priority", "The priority that it serves"),
                text_field("action", "What is to be done", lambda r: r.title),
                text_field("lead", "Partner that leads"),
                text_field("lead_role", "Role that leads"),
                text_field("funding", "Item of the funding programme that pays for it"),
            ),
            lambda v: lines_of(
                f"{v['number']}. {v['action']}",
                ", ".join(lines_of(v["lead"], v["lead_role"])) or NO_LEAD,
                f"Paid from {v['funding']}" if v["funding"] else "",
            ),
        ),
        Column(
            "due",
            "Due",
            (
                day_field("from_on", "Day on which it begins"),
                day_field("due_on", "Day on which it is due now"),
                day_field("first_due_on", "Day that was first agreed", lambda r: r.slip.original),
                whole("days_later", "Days later than first agreed; below 0 is earlier", lambda r: r.slip.days),
                whole("times_moved", "How often the day was moved", lambda r: r.slip.moves),
                text_field("slippage", "The same in words", lambda r: r.slip.words),
                whole("days_late", "Days late on the day of the file", lambda r: r.days_late),
                day_field("ended_on", "Day on which it was taken out of the plan"),
                text_field("ended_reason", "Why it was taken out"),
            ),
            _due,
        ),
        Column(
            "status",
            "Status",
            (
                Field(
                    "status",
                    Kind.CODE,
                    lambda r: r.brag.value if r.brag else "",
                    "blue, green, amber, red or not_started at the last review; empty: not reviewed yet",
                ),
                Field(
                    "movement",
                    Kind.CODE,
                    lambda r: r.change.movement.value if r.change else "",
                    "better, worse, same or new since the review before",
                ),
                text_field("movement_words", "The same in words", lambda r: r.change.words if r.change else ""),
                day_field("reviewed_on", "Day of the last review"),
            ),
            _status,
        ),
        _told_column(lambda r: r.line),
        Column(
            "measures",
            "Measured by",
            (
                text_field(
                    "measures",
                    "Its indicators with their latest figure",
                    lambda r: "\n".join(m.words for m in r.measures),
                ),
            ),
            lambda v: tuple(v["measures"].split("\n")) if v["measures"] else (NOTHING,),
        ),
        source_column(),
    ),
)


# Measures, resources and reviews of a plan

MEASURES_TABLE: TableSpec[tuple[Measure, str]] = TableSpec(
    "plan-measures",
    (
        Column(
            "indicator",
            "Indicator",
            (
                Field("indicator", Kind.CODE, lambda r: r[0].code, "Code of the indicator"),
                text_field("name", "Name of the indicator", lambda r: r[0].name),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "actions",
            "Measures",
            (text_field("actions", "Numbers of the actions that it measures", lambda r: r[1]),),
            lambda v: (v["actions"],),
        ),
        Column(
            "figure",
            "Latest figure",
            (
                text_field("figure", "Latest approved figure", lambda r: r[0].figure),
                text_field("period", "Its period", lambda r: r[0].period),
            ),
            lambda v: lines_of(v["figure"] or NO_FIGURE, v["period"]),
        ),
        Column(
            "rating",
            "Rating",
            (
                Field("rating", Kind.CODE, lambda r: r[0].rating, "better, within, outside or not_judged"),
                text_field("rating_words", "The same in words", lambda r: r[0].rating_words),
            ),
            lambda v: (v["rating_words"] or NOTHING,),
        ),
    ),
)

RESOURCES_TABLE: TableSpec[ResourceRow] = TableSpec(
    "plan-resources",
    (
        Column(
            "item",
            "Item",
            (
                code_field("letter", "Letter of the item in the programme"),
                text_field("item", "What is paid for", lambda r: r.name),
                text_field("payee", "Who is paid"),
            ),
            lambda v: lines_of(f"{v['letter']}. {v['item']}", f"Paid to {v['payee']}" if v["payee"] else ""),
        ),
        amount_column("cost", "Cost", lambda r: r.cost, "What it costs in all years"),
        told_column("spent", "Spent", lambda r: r.spent, "What was spent on it"),
        Column(
            "actions",
            "Actions that it pays for",
            (text_field("actions", "Numbers of the actions", lambda r: ", ".join(r.actions)),),
            lambda v: (v["actions"] or "none named",),
        ),
        source_column(),
    ),
)

REVIEWS_TABLE: TableSpec[ReviewRow] = TableSpec(
    "plan-reviews",
    (
        Column(
            "review",
            "Review",
            (
                whole("review", "Number of the review", lambda r: r.number),
                day_field("on", "Day of the review"),
                text_field("meeting", "Meeting at which it was taken"),
                text_field("summary", "What the review says of the plan"),
            ),
            lambda v: lines_of(f"{v['review']}. {day_words(v['on'])}", v["meeting"], v["summary"]),
        ),
        Column(
            "actions",
            "Actions",
            (
                whole("actions", "Actions that it looked at; the numbers after it add up to it", lambda r: r.total),
                *(
                    whole(brag.value, f"Actions that were {lowered(BRAG_WORDS[brag])}", _counted(brag))
                    for brag in _COUNTED
                ),
                whole("not_reviewed", "Always 0: a review looks at every action", lambda r: r.counts[None]),
            ),
            lambda v: (str(v["actions"]), *_parts(v)),
        ),
        source_column(),
    ),
)


# What became of one action

HISTORY_TABLE: TableSpec[HistoryRow] = TableSpec(
    "plan-action-history",
    (
        Column(
            "review",
            "Review",
            (whole("review", "Number of the review", lambda r: r.review), day_field("on", "Day of the review")),
            lambda v: (f"{v['review']}. {day_words(v['on'])}",),
        ),
        Column(
            "status",
            "Status",
            (
                Field("status", Kind.CODE, lambda r: r.line.brag.value, "blue, green, amber, red or not_started"),
                Field("movement", Kind.CODE, lambda r: r.change.movement.value, "better, worse, same, new or first"),
                text_field("movement_words", "The same in words", lambda r: r.change.words),
            ),
            lambda v: (brag_words(_brag(v["status"])), v["movement_words"]),
        ),
        Column(
            "due",
            "Due then",
            (
                day_field("due_on", "Day on which it was due at this review", lambda r: r.line.due_on),
                text_field("slippage", "How far it moved since the review before", lambda r: r.slip.since_words),
            ),
            lambda v: lines_of(dated(v["due_on"]), v["slippage"]),
        ),
        _told_column(lambda r: r.line),
    ),
)

MOVES_TABLE: TableSpec[tuple[str, DateMove]] = TableSpec(
    "plan-dates-moved",
    (
        Column(
            "action",
            "Action",
            (Field("number", Kind.CODE, lambda r: r[0], "Priority and action"),),
            lambda v: (v["number"],),
        ),
        Column(
            "from",
            "From",
            (day_field("from", "Day on which it was due before", lambda r: r[1].old),),
            lambda v: (dated(v["from"]),),
        ),
        Column(
            "to",
            "To",
            (day_field("to", "Day on which it has been due since", lambda r: r[1].new),),
            lambda v: (dated(v["to"]),),
        ),
        Column(
            "reason",
            "Why",
            (
                text_field("reason", "Why the day was moved", lambda r: r[1].reason),
                text_field("moved_by", "Who moved it", lambda r: r[1].actor),
                day_field("moved_on", "Day on which it was moved", lambda r: r[1].on),
            ),
            lambda v: (v["reason"], f"{v['moved_by']}, {day_words(v['moved_on'])}"),
        ),
    ),
)


# One review

REVIEW_TABLE: TableSpec[ReviewLineRow] = TableSpec(
    "plan-review",
    (
        Column(
            "action",
            "Action",
            (
                code_field("number", "Priority and action"),
                text_field("priority", "The priority that it serves"),
                text_field("action", "What is to be done", lambda r: r.title),
            ),
            lambda v: (f"{v['number']}. {v['action']}",),
        ),
        Column(
            "status",
            "Status then",
            (
                Field(
                    "status",
                    Kind.CODE,
                    lambda r: r.change.now.value if r.change.now else "",
                    "blue, green, amber, red or not_started; empty: no longer in the plan",
                ),
                Field(
                    "status_before",
                    Kind.CODE,
                    lambda r: r.change.before.value if r.change.before else "",
                    "The same at the review before; empty: it was not in the plan",
                ),
                Field(
                    "movement", Kind.CODE, lambda r: r.change.movement.value, "better, worse, same, new, gone or first"
                ),
                text_field("movement_words", "The same in words", lambda r: r.change.words),
            ),
            lambda v: lines_of(brag_words(_brag(v["status"])) if v["status"] else NOTHING, v["movement_words"]),
        ),
        Column(
            "due",
            "Due then",
            (
                day_field(
                    "due_on", "Day on which it was due at this review", lambda r: r.line.due_on if r.line else None
                ),
                day_field("due_before", "The same at the review before", lambda r: r.slip.then),
                text_field("slippage", "How far it moved between the two", lambda r: r.slip.since_words),
            ),
            lambda v: lines_of(dated(v["due_on"]), v["slippage"]),
        ),
        _told_column(lambda r: r.line),
    ),
)
