"""What is told of meetings, as finished values: rows of lists, pages, files and documents. Whoever makes them has left
out what the reader may not read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from indicators.working_days import day_words
from partnership.meeting_dates import CLEAR_DAYS, MONTH, last_day_to_publish, notice_words, on_words, time_words

PLANNED, CALLED, HELD, MINUTED, CONFIRMED, CANCELLED = (
    "planned", "called", "held", "minuted", "confirmed", "cancelled",
)  # fmt: skip
RECORDED = frozenset({HELD, MINUTED, CONFIRMED})
PUBLIC_WORDS = {True: "in public", False: "not in public", None: "not stated whether in public"}


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list."""

    code: str
    body: str
    body_name: str
    on: date
    precision: str
    starts_at: time | None
    venue: str
    in_public: bool | None
    state: str
    state_words: str
    agenda_issued_on: date | None
    note: str = ""
    source: str = ""
    paragraph: str = ""

    @property
    def on_words(self) -> str:
        """The day or month in words."""
        return on_words(self.on, self.precision)

    @property
    def citation(self) -> str:
        """The paper that states it, and its place there; empty for none."""
        if not self.source:
            return ""
        place = f" §{self.paragraph}" if self.paragraph[:1].isdecimal() else f", {self.paragraph}"
        return f"report {self.source}{place if self.paragraph else ''}"

    @property
    def when(self) -> str:
        """Day and time in a line."""
        return ", ".join(filter(None, [self.on_words, time_words(self.starts_at)]))

    @property
    def name(self) -> str:
        """Body and day: how pages and files call it."""
        return f"{self.body_name}, {self.on_words}"

    @property
    def notice(self) -> str:
        """How much notice was given, or until when the agenda must be published; empty where nothing is to be said."""
        if self.agenda_issued_on is not None and self.precision != MONTH:
            return notice_words(self.agenda_issued_on, self.on, in_public=self.in_public)
        if self.state != PLANNED or not self.in_public:
            return ""
        try:
            last = last_day_to_publish(self.on)
        except ValueError:
            return ""
        return f"Publish the agenda by {day_words(last)}, so that {CLEAR_DAYS} clear working days are kept."


@dataclass(frozen=True)
class PaperRow:
    """A paper under an item. `kind`: pack, file or named; `name`: code of the pack or name of the file."""

    order: int
    title: str
    pages: str = ""
    kind: str = "named"
    name: str = ""
    size: int = 0
    available_on: date | None = None
    urgency: str = ""
    embargo_until: datetime | None = None
    is_embargoed: bool = False
    source: str = ""
    paragraph: str = ""

    @property
    def size_words(self) -> str:
        """How large the file is."""
        if self.size < 1024 * 1024:
            return f"{max(1, self.size // 1024)} kB"
        return f"{self.size / 1024 / 1024:.1f} MB"


@dataclass(frozen=True)
class ResponseRow:
    """What was answered to a recommendation."""

    on: date
    answer: str
    answer_words: str
    text: str


@dataclass(frozen=True)
class ResolutionRow:
    """A resolution with where its answer stands on a day."""

    number: str
    meeting: str
    body_name: str
    on: date
    precision: str
    item: str
    kind: str
    kind_words: str
    text: str
    mover: str
    seconder: str
    by_consent: bool | None
    votes_for: int | None
    votes_against: int | None
    abstained: int | None
    owner_role: str
    owner_partner: str
    addressed_to: str
    response_due_on: date | None
    responses: tuple[ResponseRow, ...]
    corrects: str
    corrected_by: str
    today: date
    source: str = ""
    paragraph: str = ""

    @property
    def how(self) -> str:
        """By consent, or with how many votes, and who moved it."""
        moved = f"moved by {self.mover}, seconded by {self.seconder}" if self.mover and self.seconder else ""
        if self.votes_for is not None:
            said = f"{self.votes_for} for, {self.votes_against} against"
            said += f", {self.abstained} abstained" if self.abstained else ""
        else:
            said = "by consent" if self.by_consent else ""
        return ", ".join(filter(None, [said, moved]))

    @property
    def owner(self) -> str:
        """Which role of which partner sees to it; empty for nobody."""
        return ", ".join(filter(None, [self.owner_role, self.owner_partner]))

    @property
    def first_response(self) -> ResponseRow | None:
        """The first answer: it is what stops the clock."""
        return self.responses[0] if self.responses else None

    @property
    def clock(self) -> str:
        """none, late, waiting, answered_late or answered, on the day of the list. Of one that was corrected none: the
        clock is that of its correction."""
        if self.response_due_on is None or self.corrected_by:
            return "none"
        first = self.first_response
        if first is None:
            return "late" if self.today > self.response_due_on else "waiting"
        return "answered_late" if first.on > self.response_due_on else "answered"

    @property
    def due_words(self) -> str:
        """What holds of the response as the meeting left it; empty where none is asked."""
        return f"Response due {day_words(self.response_due_on)}" if self.response_due_on else ""

    @property
    def clock_words(self) -> str:
        """The same in a sentence without its end."""
        due, first = self.response_due_on, self.first_response
        if due is None or self.corrected_by:
            return ""
        if first is None:
            days = (self.today - due).days
            late = f"{days} day late" if days == 1 else f"{days} days late"
            return f"{self.due_words}{f', {late}' if days > 0 else ''}"
        days = (first.on - due).days
        late = f", {days} {'day' if days == 1 else 'days'} late" if days > 0 else ""
        return f"{first.answer_words} on {day_words(first.on)}{late}"


@dataclass(frozen=True)
class AnswerRow:
    """A public statement or a members' question with the answer owed. `kind`: statement or question."""

    kind: str
    meeting: str
    meeting_name: str
    item: str
    number: int
    asked: str
    asked_by: str
    is_owed: bool
    owner: str
    due_on: date | None
    answered_on: date | None
    answer: str
    today: date
    minutes_long: int | None = None
    item_order: int = 0
    speaker: str = ""
    speaker_until: date | None = None
    source: str = ""
    paragraph: str = ""

    @property
    def standing(self) -> str:
        """none, late, owed or answered, on the day of the list."""
        if self.answered_on is not None:
            return "answered"
        if not self.is_owed:
            return "none"
        return "late" if self.due_on is not None and self.today > self.due_on else "owed"

    @property
    def standing_words(self) -> str:
        """The same in words."""
        match self.standing:
            case "answered":
                assert self.answered_on is not None  # noqa: S101
                return f"Answered on {day_words(self.answered_on)}"
            case "none":
                return "Answered at the meeting" if self.kind == "question" else "No answer is owed"
        due = f"due {day_words(self.due_on)}" if self.due_on else "no day was given"
        return f"Answer owed by {self.owner or 'nobody named'}, {due}{', late' if self.standing == 'late' else ''}"


@dataclass(frozen=True)
class ItemRow:
    """An item of an agenda with all that hangs on it. `minute_number`: 0 where there are no minutes to read;
    `origin`: how the form of a new action names it."""

    order: int
    label: str
    kind: str
    kind_words: str
    title: str
    function: str
    lead_role: str
    exempt_paragraph: int | None
    exempt_interest: str
    added_on: date | None
    urgency: str
    papers: tuple[PaperRow, ...] = ()
    minute: str = ""
    minute_number: int = 0
    resolutions: tuple[ResolutionRow, ...] = ()
    questions: tuple[AnswerRow, ...] = ()
    quorum: str = ""
    quorum_code: str = ""
    quorum_notes: tuple[str, ...] = ()
    actions: tuple["MatterRow", ...] = ()
    origin: str = ""
    source: str = ""
    paragraph: str = ""

    @property
    def heading(self) -> str:
        """Its number as printed, and its title; of what no agenda numbers the title alone."""
        return f"{self.label}. {self.title}" if self.label[:1].isdecimal() else self.title

    @property
    def exempt_words(self) -> str:
        """That it is exempt, and under which paragraph; empty for a public one."""
        if self.exempt_paragraph is None:
            return ""
        return f"Exempt under paragraph {self.exempt_paragraph} of Part 1 of Schedule 12A"

    @property
    def late_words(self) -> str:
        """That it came after the agenda, and why it could not wait; empty otherwise."""
        if self.added_on is None:
            return ""
        why = f" Urgent because: {self.urgency}" if self.urgency else ""
        return f"Added on {day_words(self.added_on)}.{why}"


@dataclass(frozen=True)
class AttendanceRow:
    """Who was at a meeting. `arrived`, `left`: labels of items, or words where the item may not be told."""

    order: int
    who: str
    organisation: str
    role: str
    votes: str
    status: str
    status_words: str
    took_chair: bool
    arrived: str = ""
    left: str = ""
    source: str = ""
    paragraph: str = ""

    @property
    def notes(self) -> str:
        """Took the chair, came late, left early."""
        parts = ["took the chair" if self.took_chair else "", self.arrived, self.left]
        return "; ".join(filter(None, parts))


@dataclass(frozen=True)
class DeclarationRow:
    """An interest that was declared."""

    who: str
    item: str
    kind_words: str
    nature: str
    withdrew: bool

    @property
    def words(self) -> str:
        """The declaration as a sentence."""
        item = f" in item {self.item}" if self.item else ""
        withdrew = " Withdrew." if self.withdrew else ""
        return f"{self.who or 'Somebody'}: {self.kind_words[:1].lower()}{self.kind_words[1:]}{item}. {self.nature}" + (
            withdrew
        )


@dataclass(frozen=True)
class MatterRow:
    """An action as a meeting found it or, where the meeting agreed it, as it was agreed. `is_overdue`: on that day."""

    number: int
    what: str
    owner: str
    due_on: date | None
    state_words: str
    is_overdue: bool = False

    @property
    def due_words(self) -> str:
        """When it is due."""
        if self.due_on is None:
            return "no day stated"
        return f"due {day_words(self.due_on)}{', overdue' if self.is_overdue else ''}"


@dataclass(frozen=True)
class StepRow:
    """One thing that was done with a meeting."""

    at: datetime
    words: str
    actor: str
    reason: str
    at_meeting: str = ""
    at_meeting_on: date | None = None


@dataclass(frozen=True)
class MeetingView:
    """A meeting with everything of it that its reader may read."""

    row: MeetingRow
    items: tuple[ItemRow, ...]
    attendances: tuple[AttendanceRow, ...]
    declarations: tuple[DeclarationRow, ...]
    statements: tuple[AnswerRow, ...]
    matters: tuple[MatterRow, ...]
    steps: tuple[StepRow, ...]
    quorum: str
    rule: str
    shows_agenda: bool
    shows_minutes: bool

    @property
    def resolutions(self) -> tuple[ResolutionRow, ...]:
        """Every resolution in the order of the agenda."""
        return tuple(r for item in self.items for r in item.resolutions)

    @property
    def answers(self) -> tuple[AnswerRow, ...]:
        """Every statement and question: what is owed, and what was answered."""
        return (*self.statements, *(q for item in self.items for q in item.questions))

    @property
    def minutes_words(self) -> str:
        """Where the minutes stand, as a sentence."""
        match self.row.state:
            case "confirmed":
                last = next((s for s in reversed(self.steps) if s.at_meeting_on is not None), None)
                on = f" at the meeting of {day_words(last.at_meeting_on)}" if last and last.at_meeting_on else ""
                return f"Minutes, confirmed{on}."
            case "minuted":
                return "Draft minutes: the next meeting has not confirmed them yet."
            case "held":
                return "No minutes are published yet."
        return ""


def missed_words(rows: Iterable["WorkRow"]) -> str:
    """How many things of a programme have been missed, as a sentence; empty for none."""
    missed = sum(row.standing == "missed" for row in rows)
    if not missed:
        return ""
    return f"{missed} {'item has' if missed == 1 else 'items have'} been missed, as far as is recorded."


@dataclass(frozen=True)
class WorkRow:
    """Something that a body expects, with where it stands on a day."""

    code: str
    programme: str
    body: str
    body_name: str
    title: str
    owner: str
    expected_from: date | None
    expected_by: date | None
    expected_words: str
    resolution: str
    received_meeting: str
    received_on: date | None
    is_received: bool
    withdrawn_on: date | None
    withdrawn_reason: str
    notice_on: date | None
    notice_due_on: date | None
    today: date
    source: str = ""
    paragraph: str = ""

    @property
    def standing(self) -> str:
        """missed, due, later, came, came_late or withdrawn, on the day of the list. `due`: its time has begun."""
        if self.withdrawn_on is not None:
            return "withdrawn"
        if self.is_received:
            late = self.expected_by is not None and self.received_on is not None and self.received_on > self.expected_by
            return "came_late" if late else "came"
        if self.expected_by is not None and self.today > self.expected_by:
            return "missed"
        return "due" if self.expected_from is not None and self.expected_from <= self.today else "later"

    @property
    def standing_words(self) -> str:
        """The same in words."""
        came = f"Came on {day_words(self.received_on)}" if self.received_on else "Came"
        match self.standing:
            case "withdrawn":
                return f"Not expected any more: {self.withdrawn_reason}"
            case "came":
                return came
            case "came_late":
                return f"{came}, late"
            case "missed":
                assert self.expected_by is not None  # noqa: S101
                days = (self.today - self.expected_by).days
                return f"Not recorded as having come, {days:,} {'day' if days == 1 else 'days'} past"
            case "due":
                return "Due now"
        return "Expected"

    @property
    def expected(self) -> str:
        """When it is expected."""
        if self.expected_by is None:
            return self.expected_words
        if self.expected_from is None or self.expected_from == self.expected_by:
            return f"by {day_words(self.expected_by)}"
        return f"{day_words(self.expected_from)} to {day_words(self.expected_by)}"

    @property
    def notice(self) -> str:
        """Of a key decision: whether notice was given 28 clear days before; empty otherwise."""
        if self.programme != "forward_plan" or self.notice_due_on is None:
            return ""
        if self.notice_on is None:
            late = self.today > self.notice_due_on
            return f"Notice {'is late: it was' if late else ''} due by {day_words(self.notice_due_on)}".replace(
                "  ", " "
            )
        short = ", less than 28 clear days before" if self.notice_on > self.notice_due_on else ""
        return f"Notice given {day_words(self.notice_on)}{short}"
