"""The action log as a table: the same on the page, in the file and on paper."""

from dataclasses import dataclass
from datetime import date

from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words
from partnership.action_log import STANDING_WORDS, VOICES, Logged, Slip, Standing, Step
from partnership.meeting_dates import DAY, MONTH, day_or_month

BETWEEN = " | "
NOTHING = "–"
PRECISION = "day; month where only that is known, and the day is its first"


@dataclass(frozen=True)
class ActionRow:
    """One action as the log shows it on a day. Who may not read a thing it rests on does not find it in `rests_on`."""

    log: Logged
    what: str
    standing: Standing
    days_late: int
    slip: Slip
    body_code: str = ""
    body: str = ""
    meeting_code: str = ""
    meeting_on: date | None = None
    meeting_precision: str = DAY
    item_label: str = ""
    item_title: str = ""
    resolution: str = ""
    exception: int | None = None
    owner_role: str = ""
    partner_code: str = ""
    partner: str = ""
    told: Step | None = None
    evidence: str = ""
    voice: str = ""
    closed_at: str = ""
    rests_on: tuple[str, ...] = ()
    source: str = ""
    paragraph: str = ""

    @property
    def number(self) -> int:
        """Its number in the partnership."""
        return self.log.number


def _comes_from(v: Values) -> tuple[str, ...]:
    lines = []
    if v["body"]:
        lines.append(f"{v['body']}, {day_or_month(v['meeting_on'], v['meeting_precision'])}")
    if v["item"]:
        lines.append(f"Item {v['item']}: {v['item_title']}")
    if v["resolution"]:
        lines.append(f"Resolution {v['resolution']}")
    if v["exception"] is not None:
        lines.append(f"Exception report {v['exception']}")
    return tuple(lines) or (NOTHING,)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


def _due(v: Values) -> tuple[str, ...]:
    lines = [day_words(v["due_on"]) if v["due_on"] else "no day set"]
    if v["days_late"]:
        lines.append(f"{_days(v['days_late'])} late")
    if words := Slip(v["times_moved"], v["days_moved"]).words:
        lines.append(words)
    return tuple(lines)


def _state(v: Values) -> tuple[str, ...]:
    lines = [STANDING_WORDS[Standing(v["standing"])]]
    if v["ended_on"]:
        at = f", at {v['closed_at']}" if v["closed_at"] else ""
        before = "in" if v["ended_precision"] == MONTH else "on"
        lines.append(f"{before} {day_or_month(v['ended_on'], v['ended_precision'])}{at}")
    return tuple(lines)


def _told(v: Values) -> tuple[str, ...]:
    lines = []
    if v["told_on"]:
        lines += [day_or_month(v["told_on"], v["told_precision"]), v["told"]]
    if v["evidence"]:
        heard = VOICES.get(v["evidence_from"], "")
        lines.append(f"Evidence{f' from {heard}' if heard else ''}: {v['evidence']}")
    return tuple(filter(None, lines)) or (NOTHING,)


ACTIONS_TABLE: TableSpec[ActionRow] = TableSpec(
    "actions",
    (
        Column(
            "what",
            "Action",
            (
                Field("action", Kind.WHOLE, lambda r: r.number, "Number of the action"),
                Field("what", Kind.TEXT, lambda r: r.what, "What is to be done"),
            ),
            lambda v: (f"Action {v['action']}", v["what"]),
        ),
        Column(
            "from",
            "Comes from",
            (
                Field("body", Kind.TEXT, lambda r: r.body, "Body that agreed it"),
                Field("meeting", Kind.CODE, lambda r: r.meeting_code, "Code of the meeting"),
                Field("meeting_on", Kind.DATE, lambda r: r.meeting_on, "Day of the meeting"),
                Field("meeting_precision", Kind.CODE, lambda r: r.meeting_precision if r.meeting_on else "", PRECISION),
                Field("item", Kind.CODE, lambda r: r.item_label, "Number of the item on the agenda"),
                Field("item_title", Kind.TEXT, lambda r: r.item_title, "What the item is called"),
                Field("resolution", Kind.CODE, lambda r: r.resolution, "Number of the resolution"),
                Field("exception", Kind.WHOLE, lambda r: r.exception, "Number of the exception report"),
            ),
            _comes_from,
        ),
        Column(
            "owner",
            "Owner",
            (
                Field("owner_role", Kind.TEXT, lambda r: r.owner_role, "Role that answers for it"),
                Field("partner", Kind.TEXT, lambda r: r.partner, "Partner of that role"),
            ),
            lambda v: tuple(filter(None, (v["owner_role"], v["partner"]))),
        ),
        Column(
            "due",
            "Due",
            (
                Field("due_on", Kind.DATE, lambda r: r.log.due_on, "Day on which it is due"),
                Field("first_due_on", Kind.DATE, lambda r: r.log.original_due_on, "Day that was agreed first"),
                Field("days_late", Kind.WHOLE, lambda r: r.days_late, "Calendar days late, 0 in time"),
                Field("times_moved", Kind.WHOLE, lambda r: r.slip.times, "How often the day was put back"),
                Field("days_moved", Kind.WHOLE, lambda r: r.slip.days, "Days from the first day agreed to this one"),
            ),
            _due,
        ),
        Column(
            "state",
            "State",
            (
                Field("standing", Kind.CODE, lambda r: r.standing.value, "overdue, due, undated, done, closed, "
                      "cancelled, on the day of the file"),
                Field("ended_on", Kind.DATE, lambda r: r.log.ended_on, "Day on which it was closed or cancelled"),
                Field("ended_precision", Kind.CODE, lambda r: r.log.end.precision if r.log.end else "", PRECISION),
                Field("closed_at", Kind.TEXT, lambda r: r.closed_at, "Meeting that closed it"),
            ),
            _state,
        ),
        Column(
            "told",
            "What was told last",
            (
                Field("told_on", Kind.DATE, lambda r: r.told.on if r.told else None, "Day of the last step with words"),
                Field("told_precision", Kind.CODE, lambda r: r.told.precision if r.told else "", PRECISION),
                Field("told", Kind.TEXT, lambda r: r.told.text if r.told else "", "Its words"),
                Field("evidence", Kind.TEXT, lambda r: r.evidence, "The latest evidence"),
                Field("evidence_from", Kind.CODE, lambda r: r.voice, "children, families or staff, where it is theirs"),
            ),
            _told,
        ),
        Column(
            "rests_on",
            "Figures it rests on",
            (
                Field("rests_on", Kind.TEXT, lambda r: BETWEEN.join(r.rests_on),
                      "Indicator, period, value and rating as reported then, separated by a bar"),
            ),
            lambda v: tuple(v["rests_on"].split(BETWEEN)) if v["rests_on"] else (NOTHING,),
        ),
        Column(
            "source",
            "Source",
            (
                Field("source", Kind.TEXT, lambda r: r.source, "Published paper it is taken from"),
                Field("paragraph", Kind.TEXT, lambda r: r.paragraph, "Paragraph of that paper"),
            ),
            lambda v: (f"{v['source']} §{v['paragraph']}" if v["paragraph"] else v["source"] or NOTHING,),
        ),
    ),
)  # fmt: skip


def finding(rows: list[ActionRow]) -> str:
    """The longest overdue action in a sentence; empty where none is."""
    late = [row for row in rows if row.standing is Standing.OVERDUE]
    if not late:
        return ""
    worst = max(late, key=lambda row: (row.days_late, -row.number))
    who = ", ".join(filter(None, (worst.owner_role, worst.partner)))
    return f"The longest overdue is action {worst.number}, {_days(worst.days_late)} late: {who}."
