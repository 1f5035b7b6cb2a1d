"""The log of actions: what is late, what goes to the next meeting, how far a day slipped, and the history in sentences.

Days are calendar days: what is due on a day is late from the next one. The clock of an action stands still from the day
on which its owner told it as done; it runs on if the meeting opens it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from indicators.working_days import day_words
from partnership.meeting_dates import DAY, day_or_month


class State(StrEnum):
    """Where an action stands by its last step."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What a step does."""

    CREATED = "created"
    PROGRESS = "progress"
    DONE = "done"
    DATE_MOVED = "date_moved"
    REASSIGNED = "reassigned"
    CLOSED = "closed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where an action stands on a day, in the order of the log."""

    OVERDUE = "overdue"
    DUE = "due"
    UNDATED = "undated"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ORDER = tuple(Standing)
# How the actor of a step begins that comes from a paper.
LOADED = "loaded from"
STANDING_WORDS = {
    Standing.OVERDUE: "Overdue",
    Standing.DUE: "Open",
    Standing.UNDATED: "Open, no day set",
    Standing.DONE: "Told as done, to be closed",
    Standing.CLOSED: "Closed",
    Standing.CANCELLED: "Cancelled",
}
VOICES = {"children": "children and young people", "families": "families", "staff": "front-line staff"}
# What a step asks of the state that it finds, and the state that it leaves (None: as it was).
MOVES: dict[Kind, tuple[frozenset[State], State | None]] = {
    Kind.PROGRESS: (frozenset({State.OPEN, State.DONE}), None),
    Kind.DONE: (frozenset({State.OPEN}), State.DONE),
    Kind.DATE_MOVED: (frozenset({State.OPEN}), None),
    Kind.REASSIGNED: (frozenset({State.OPEN}), None),
    Kind.CLOSED: (frozenset({State.OPEN, State.DONE}), State.CLOSED),
    Kind.REOPENED: (frozenset({State.DONE, State.CLOSED, State.CANCELLED}), State.OPEN),
    Kind.CANCELLED: (frozenset({State.OPEN, State.DONE}), State.CANCELLED),
}


@dataclass(frozen=True)
class Step:
    """One thing that happened to an action; `due_on`, `owner`: what holds from it on; `meeting`: where it was done;
    `precision`: whether its day is known, or the month alone, of which `on` is then the first day."""

    number: int
    kind: Kind
    on: date
    actor: str = ""
    text: str = ""
    evidence: str = ""
    voice: str = ""
    due_on: date | None = None
    owner: str = ""
    meeting: str = ""
    precision: str = DAY

    @property
    def when(self) -> str:
        """Its day, or its month where no day is known: "7 July 2022", "September 2014"."""
        return day_or_month(self.on, self.precision)


@dataclass(frozen=True)
class Logged:
    """An action as the log takes it; its steps in order, the first being that it was agreed. `owner`: in words."""

    number: int
    state: State
    due_on: date | None
    original_due_on: date | None
    steps: tuple[Step, ...]
    owner: str = ""

    @property
    def agreed_on(self) -> date:
        """The day on which it was agreed."""
        return self.steps[0].on

    @property
    def ended_on(self) -> date | None:
        """The day on which it was closed or cancelled; None while it is neither."""
        return self.end.on if self.end is not None else None

    @property
    def end(self) -> Step | None:
        """The step that closed or cancelled it; None while it is neither."""
        ends = (step for step in reversed(self.steps) if step.kind in {Kind.CLOSED, Kind.CANCELLED})
        return next(ends, None) if self.state in {State.CLOSED, State.CANCELLED} else None

    @property
    def told_done_on(self) -> date | None:
        """The day on which its owner told it as done, where that still holds."""
        told = None
        for step in self.steps:
            if step.kind is Kind.DONE:
                told = step.on
            elif step.kind is Kind.REOPENED:
                told = None
        return told

    @property
    def first_due_on(self) -> date | None:
        """The day that was set when it was agreed; None where a day was set later, or never."""
        is_moved = any(step.kind is Kind.DATE_MOVED for step in self.steps)
        return self.steps[0].due_on if is_moved else self.original_due_on

    @property
    def first_owner(self) -> str:
        """Who owned it when it was agreed; empty where that is not kept."""
        is_given_on = any(step.kind is Kind.REASSIGNED for step in self.steps)
        return self.steps[0].owner or ("" if is_given_on else self.owner)


def as_of(action: Logged, day: date) -> Logged:
    """The action as a meeting on that day finds it: state, day and owner after the steps of the days before. What
    happened on the day itself or later is left out; what was agreed then or later is as it was agreed."""
    kept = tuple(step for number, step in enumerate(action.steps) if not number or step.on < day)
    if len(kept) == len(action.steps):
        return action
    state, due, owner = State.OPEN, action.first_due_on, action.first_owner
    original = due
    for step in kept[1:]:
        state = MOVES[step.kind][1] or state
        due = step.due_on if step.kind is Kind.DATE_MOVED else due
        original = original or due
        owner = step.owner or owner
    return Logged(action.number, state, due, original, kept, owner)


def standing(action: Logged, today: date) -> Standing:
    """Where the action stands on a day."""
    if action.state is not State.OPEN:
        return Standing(action.state.value)
    if action.due_on is None:
        return Standing.UNDATED
    return Standing.OVERDUE if action.due_on < today else Standing.DUE


def days_late(action: Logged, today: date) -> int:
    """By how many calendar days it is late, or was when it was told as done or closed; 0 in time or without a day.

    What was cancelled is never late.
    """
    if action.due_on is None or action.state is State.CANCELLED:
        return 0
    until = action.told_done_on or action.ended_on or today
    return max(0, (until - action.due_on).days)


@dataclass(frozen=True)
class Slip:
    """How often the day of an action was moved to a later one, and by how many days it now lies after the first one
    that was agreed (below 0: before it; None: no two days to compare)."""

    times: int
    days: int | None

    @property
    def words(self) -> str:
        """ "moved twice, now 45 days after the first day agreed"; empty where nothing was moved."""
        if not self.days and not self.times:
            return ""
        often = {0: "", 1: "put back once, "}.get(self.times, f"put back {self.times} times, ")
        if not self.days:
            return f"{often}now on the first day agreed again"
        side = "after" if self.days > 0 else "before"
        return f"{often}now {_days(abs(self.days))} {side} the first day agreed"


def slip(action: Logged) -> Slip:
    """How far the day slipped from the first one. A day that is set where none was is no slip."""
    times, before = 0, action.original_due_on
    for step in action.steps:
        if step.kind is Kind.DATE_MOVED and step.due_on is not None:
            times += before is not None and step.due_on > before
            before = step.due_on
    if action.original_due_on is None or action.due_on is None:
        return Slip(times, None)
    return Slip(times, (action.due_on - action.original_due_on).days)


def in_order(actions: Iterable[Logged], today: date) -> list[Logged]:
    """Overdue first, the longest overdue at the head; then due, the next first; then undated; then told as done; then
    what has ended, the latest first. Equals stand by number."""

    def key(action: Logged) -> tuple[int, int, int]:
        stands = standing(action, today)
        day = action.due_on.toordinal() if action.due_on else 0
        if stands in {Standing.CLOSED, Standing.CANCELLED}:
            return len(ORDER), -(action.ended_on.toordinal() if action.ended_on else 0), action.number
        return ORDER.index(stands), day if stands in {Standing.OVERDUE, Standing.DUE} else 0, action.number

    return sorted(actions, key=key)


def is_carried(action: Logged, meeting_on: date) -> bool:
    """Whether it goes to a meeting as a matter arising: agreed before that day, and not ended when the day began."""
    return action.agreed_on < meeting_on and as_of(action, meeting_on).state in {State.OPEN, State.DONE}


@dataclass(frozen=True)
class Said:
    """A step in words: its day or month, a sentence, what was said, the evidence, and whose it is."""

    when: str
    sentence: str
    text: str
    evidence: str
    voice: str


def history(action: Logged) -> list[Said]:
    """Every step in a sentence, the first one first."""
    due, owner = action.first_due_on, action.first_owner
    found = []
    for step in action.steps:
        sentence = _sentence(step, due, owner)
        if step.kind is Kind.DATE_MOVED:
            due = step.due_on
        owner = step.owner or owner
        found.append(Said(step.when, sentence, step.text, step.evidence, VOICES.get(step.voice, "")))
    return found


def _sentence(step: Step, due: date | None, owner: str) -> str:
    """`due` and `owner`: what held before the step; for the first one, what it sets."""
    at = f" at {step.meeting}" if step.meeting else ""
    by = f", {step.actor}" if step.actor.startswith(LOADED) else f" by {step.actor}" if step.actor else ""
    if step.kind is Kind.CREATED:
        day = f"Due on {day_words(due)}." if due else "No day was set."
        return " ".join(filter(None, (f"Agreed{at}.", f"{owner} answers for it." if owner else "", day)))
    if step.kind is Kind.DATE_MOVED and step.due_on is not None:
        if due is None:
            return f"Day set to {day_words(step.due_on)}{at}{by}."
        moved = (step.due_on - due).days
        far = f"{_days(abs(moved))} {'later' if moved > 0 else 'earlier'}"
        return f"Day moved from {day_words(due)} to {day_words(step.due_on)}, {far},{at}{by}.".replace(
            ",.", "."
        ).replace(",,", ",")
    if step.kind is Kind.REASSIGNED:
        return f"Given from {owner} to {step.owner}{at}{by}." if owner else f"Given to {step.owner}{at}{by}."
    words = {
        Kind.PROGRESS: "Progress told",
        Kind.DONE: "Told as done",
        Kind.CLOSED: "Closed",
        Kind.REOPENED: "Opened again",
        Kind.CANCELLED: "Cancelled",
    }
    return f"{words.get(step.kind, 'Changed')}{at}{by}."


def due_words(action: Logged, today: date) -> str:
    """ "1 September 2022, 12 days late"; "no day set"."""
    if action.due_on is None:
        return "no day set"
    late = days_late(action, today)
    return f"{day_words(action.due_on)}, {_days(late)} late" if late else day_words(action.due_on)


def summary(actions: Sequence[Logged], today: date) -> str:
    """ "12 actions are open, 3 of them overdue; 2 are told as done and wait to be closed."."""
    by = [standing(action, today) for action in actions]
    is_open = sum(s in {Standing.OVERDUE, Standing.DUE, Standing.UNDATED} for s in by)
    return summary_of(is_open, by.count(Standing.OVERDUE), by.count(Standing.DONE))


def summary_of(is_open: int, overdue: int, done: int) -> str:
    """The same from how many are open, how many of those are overdue, and how many are told as done."""
    said = "No action is open" if not is_open else f"{_counted(is_open, 'action')} open"
    if overdue:
        said += ", and it is overdue" if is_open == 1 else f", {overdue} of them overdue"
    if done:
        said += (
            f"; {done} {'is' if done == 1 else 'are'} told as done and {'waits' if done == 1 else 'wait'} to be closed"
        )
    return f"{said}."


def _counted(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number} {noun}s are"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
