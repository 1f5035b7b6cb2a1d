"""Exception reports as a table: the same on the page and in the file."""

from dataclasses import dataclass
from datetime import date

from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words

NOTHING = "–"
STATE_WORDS = {
    "asked": "Asked, not answered yet",
    "answered": "Answered, to be accepted",
    "accepted": "Answer accepted",
    "declined": "Declined",
}


@dataclass(frozen=True)
class ExceptionRow:
    """One exception report as the list shows it on a day."""

    number: int
    code: str
    slice: str
    name: str
    scorecard: str
    period: str
    period_label: str
    figure: str
    partner_code: str
    partner: str
    trigger: str
    trigger_words: str
    asks: str
    asks_words: str
    evidence: str
    state: str
    due_on: date
    days_late: int
    known_on: date
    actor: str
    reason: str
    back_on: date | None
    meeting: str
    meeting_on: date | None
    item: str


def _state(v: Values) -> tuple[str, ...]:
    lines = [STATE_WORDS[v["state"]]]
    if v["state"] == "asked":
        late = f", {v['days_late']} working {'day' if v['days_late'] == 1 else 'days'} late" if v["days_late"] else ""
        lines.append(f"due on {day_words(v['due_on'])}{late}")
    if v["reason"]:
        lines.append(v["reason"])
    if v["back_on"]:
        lines.append(f"back by {day_words(v['back_on'])}")
    return tuple(lines)


def _agenda(v: Values) -> tuple[str, ...]:
    if not v["meeting"]:
        return ("to be told to a meeting" if v["state"] == "declined" else "on no agenda yet",)
    return (v["meeting"], v["item"])


EXCEPTIONS_TABLE: TableSpec[ExceptionRow] = TableSpec(
    "exceptions",
    (
        Column(
            "what",
            "Exception report",
            (
                Field("exception", Kind.WHOLE, lambda r: r.number, "Number of the exception report"),
                Field("indicator", Kind.CODE, lambda r: r.code, "Permanent code of the indicator"),
                Field("slice", Kind.CODE, lambda r: r.slice, "Part of it, empty for the whole"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the indicator"),
                Field("period", Kind.CODE, lambda r: r.period, "Period it is about"),
                Field("period_label", Kind.TEXT, lambda r: r.period_label, "Name of that period"),
            ),
            lambda v: (f"Exception report {v['exception']}", f"{v['name']}, {v['period_label']}"),
        ),
        Column(
            "figure",
            "Figure, as reported then",
            (Field("figure", Kind.TEXT, lambda r: r.figure, "Value and rating as reported when it was asked"),),
            lambda v: (v["figure"] or NOTHING,),
        ),
        Column(
            "partner",
            "Partner",
            (Field("partner", Kind.TEXT, lambda r: r.partner, "Who is asked"),),
            lambda v: (v["partner"],),
        ),
        Column(
            "why",
            "Why, and on what evidence",
            (
                Field("trigger", Kind.CODE, lambda r: r.trigger, "outside, relief_expired, not_reportable_late, asked"),
                Field("trigger_words", Kind.TEXT, lambda r: r.trigger_words, "The same in words"),
                Field("evidence", Kind.TEXT, lambda r: r.evidence, "n, and whether it is clear or could be chance"),
            ),
            lambda v: (v["trigger_words"], v["evidence"]),
        ),
        Column(
            "asks",
            "What is asked",
            (
                Field("asks", Kind.CODE, lambda r: r.asks, "recovery_plan, cohort_reasons, date"),
                Field("asks_words", Kind.TEXT, lambda r: r.asks_words, "The same in words"),
            ),
            lambda v: (v["asks_words"],),
        ),
        Column(
            "state",
            "State",
            (
                Field("state", Kind.CODE, lambda r: r.state, "asked, answered, accepted, declined"),
                Field("due_on", Kind.DATE, lambda r: r.due_on, "Day on which the answer is due"),
                Field("days_late", Kind.WHOLE, lambda r: r.days_late, "Working days late, 0 in time"),
                Field("reason", Kind.TEXT, lambda r: r.reason, "Reason why it was declined or sent back"),
                Field("back_on", Kind.DATE, lambda r: r.back_on, "Day back in tolerance, as answered"),
            ),
            _state,
        ),
        Column(
            "agenda",
            "On the agenda of",
            (
                Field("meeting", Kind.TEXT, lambda r: r.meeting, "Meeting that is given it"),
                Field("meeting_on", Kind.DATE, lambda r: r.meeting_on, "Its day"),
                Field("item", Kind.TEXT, lambda r: r.item, "Item of its agenda"),
            ),
            _agenda,
        ),
    ),
)


def summary_of(waiting: int, late: int, decide: int) -> str:
    """How many reports wait for an answer, how many of those late, and how many answers wait to be accepted."""
    said = f"{waiting or 'No'} exception {'report waits' if waiting in {0, 1} else 'reports wait'} for an answer"
    said += f", {late} of them late" if late else ""
    return f"{said}; {decide or 'no'} {'answer waits' if decide in {0, 1} else 'answers wait'} to be accepted."
