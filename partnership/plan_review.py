"""How far an improvement plan has come between two reviews, how far its days have slipped, and when a review is due.

An action stands at a review as blue (complete), green, amber, red or not started; not started stands between amber and
green: nothing is wrong with it, and nothing is done. What nobody has reviewed has no state, and is counted as that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from indicators.phrases import listed, lowered
from indicators.working_days import day_words
from partnership.assurance import cycle_words, months_on


class Brag(StrEnum):
    """How an action stands; the values are those that are stored."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_STARTED = "not_started"


BRAG_WORDS = {
    Brag.BLUE: "Complete",
    Brag.GREEN: "On track",
    Brag.AMBER: "At risk",
    Brag.RED: "Off track",
    Brag.NOT_STARTED: "Not started",
}
NOT_REVIEWED = "Not reviewed yet"
_WORST_FIRST = (Brag.RED, Brag.AMBER, Brag.NOT_STARTED, Brag.GREEN, Brag.BLUE)
_GOOD = frozenset({Brag.BLUE, Brag.GREEN})


def brag_words(brag: Brag | None) -> str:
    """ "Green: on track"; the colour is said, so that nothing rests on seeing it."""
    if brag is None:
        return NOT_REVIEWED
    words = BRAG_WORDS[brag]
    return words if brag is Brag.NOT_STARTED else f"{brag.value.capitalize()}: {lowered(words)}"


# Progress between two reviews


class Movement(StrEnum):
    """What became of an action between two reviews."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NEW = "new"
    GONE = "gone"
    FIRST = "first"


MOVEMENT_WORDS = {
    Movement.BETTER: "better",
    Movement.WORSE: "worse",
    Movement.SAME: "the same",
    Movement.NEW: "new",
    Movement.GONE: "no longer in the plan",
    Movement.FIRST: "reviewed for the first time",
}


@dataclass(frozen=True)
class Standing:
    """How an action stood at a review."""

    action: str
    brag: Brag


@dataclass(frozen=True)
class Change:
    """An action at two reviews; `before` is None for a new one and at the first review, `now` for one that is gone."""

    action: str
    movement: Movement
    before: Brag | None
    now: Brag | None

    @property
    def words(self) -> str:
        """ "Better: from at risk to on track"."""
        match self.movement:
            case Movement.NEW:
                return "New since the review before"
            case Movement.GONE:
                return "No longer in the plan"
            case Movement.FIRST:
                return "First review"
            case Movement.SAME:
                return "The same as at the review before"
        assert self.before is not None  # noqa: S101
        assert self.now is not None  # noqa: S101
        return f"{self.movement.value.capitalize()}: from {_inside(self.before)} to {_inside(self.now)}"


def _inside(brag: Brag) -> str:
    return lowered(BRAG_WORDS[brag])


def movement(before: Brag | None, now: Brag | None) -> Movement:
    """What became of an action. Raises ValueError for one that is at neither review."""
    if before is None and now is None:
        raise ValueError("An action that stands at neither review has not moved.")
    if before is None:
        return Movement.NEW
    if now is None:
        return Movement.GONE
    step = _WORST_FIRST.index(now) - _WORST_FIRST.index(before)
    return Movement.SAME if step == 0 else Movement.BETTER if step > 0 else Movement.WORSE


def compare(before: Iterable[Standing] | None, now: Iterable[Standing]) -> tuple[Change, ...]:
    """Every action of either review, once: those of the later one in its order, then those that are gone. `before` is
    None at the first review of a plan: nothing is new then."""
    if before is None:
        return tuple(Change(one.action, Movement.FIRST, None, one.brag) for one in now)
    held = {one.action: one.brag for one in before}
    current = {one.action: one.brag for one in now}
    keys = [*current, *(key for key in held if key not in current)]
    pairs = [(key, held.get(key), current.get(key)) for key in keys]
    return tuple(Change(key, movement(then, today), then, today) for key, then, today in pairs)


def movement_counts(changes: Iterable[Change]) -> dict[Movement, int]:
    """How many actions moved which way; they add up to the actions compared."""
    counts = dict.fromkeys(Movement, 0)
    for change in changes:
        counts[change.movement] += 1
    return counts


def progress_words(changes: Sequence[Change]) -> str:
    """ "2 better, 1 worse, 4 the same, 1 new"; what did not happen is left out."""
    counts = movement_counts(changes)
    told = [f"{number} {MOVEMENT_WORDS[code]}" for code, number in counts.items() if number]
    return listed(told) if told else "nothing to compare"


# Where a plan stands


def brag_counts(brags: Iterable[Brag | None]) -> dict[Brag | None, int]:
    """How many actions stand how, best first and unreviewed last; they add up to the actions."""
    counts: dict[Brag | None, int] = {**dict.fromkeys(reversed(_WORST_FIRST), 0), None: 0}
    for brag in brags:
        counts[brag] += 1
    return counts


def on_track_words(counts: Mapping[Brag | None, int]) -> str:
    """ "5 of 9 actions are on track or complete: 1 complete, 4 on track, 2 at risk, 1 off track, 1 not started."."""
    total = sum(counts.values())
    if not total:
        return "No action has been added yet."
    if counts.get(None) == total:
        return "1 action, not reviewed yet." if total == 1 else f"{total} actions, none of them reviewed yet."
    good = sum(number for brag, number in counts.items() if brag in _GOOD)
    told = [f"{number} {_inside(brag) if brag else lowered(NOT_REVIEWED)}" for brag, number in counts.items() if number]
    noun, verb = ("action", "is") if total == 1 else ("actions", "is" if good == 1 else "are")
    return f"{good} of {total} {noun} {verb} on track or complete: {listed(told)}."


# Slippage


@dataclass(frozen=True)
class Slip:
    """The due day of an action as first agreed, at the review before and now, and how often it was moved."""

    original: date | None
    then: date | None
    now: date | None
    moves: int = 0

    @property
    def days(self) -> int | None:
        """Days later than first agreed; below 0 is earlier; None where either day is not known."""
        return None if self.original is None or self.now is None else (self.now - self.original).days

    @property
    def days_since(self) -> int | None:
        """Days later than at the review before; None where either day is not known."""
        return None if self.then is None or self.now is None else (self.now - self.then).days

    @property
    def words(self) -> str:
        """ "61 days later than first agreed (31 January 2022), moved twice"; empty for a day that never moved."""
        if not self.moves and not self.days:
            return ""
        told = []
        if self.days is not None and self.original is not None:
            size = f"{_days(abs(self.days))} {'later' if self.days > 0 else 'earlier'} than" if self.days else "as"
            told.append(f"{size} first agreed" + (f" ({day_words(self.original)})" if self.days else ""))
        if self.moves:
            told.append(f"moved {_times(self.moves)}")
        return ", ".join(told)

    @property
    def since_words(self) -> str:
        """ "30 days later than at the review before (30 June 2022)"; empty where it has not moved since."""
        if self.then is None or not self.days_since:
            return ""
        size = f"{_days(abs(self.days_since))} {'later' if self.days_since > 0 else 'earlier'}"
        return f"{size} than at the review before ({day_words(self.then)})"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def days_late(due_on: date | None, brag: Brag | None, today: date) -> int:
    """Days that an action is late; 0 for one that is complete, in time or without a day. The due day is in time."""
    if due_on is None or brag is Brag.BLUE or due_on >= today:
        return 0
    return (today - due_on).days


def lateness_words(days: int) -> str:
    """ "7 days late"."""
    return f"{_days(days)} late"


# When a review or a report is due


@dataclass(frozen=True)
class Due:
    """When something of a plan is due next; `on` is None where no day can be told."""

    on: date | None
    days_late: int
    words: str

    @property
    def is_late(self) -> bool:
        """Whether its day has passed."""
        return self.days_late > 0


def reviews_words(dues: Sequence[Due]) -> str:
    """How many reviews of plans are overdue, or when the next one is, in a sentence without its capital and end."""
    days = sorted(one.on for one in dues if one.on is not None and not one.is_late)
    after = f"; the next is due on {day_words(days[0])}" if days else ""
    if late := sum(one.is_late for one in dues):
        told = "a review of a plan is" if late == 1 else f"reviews of {late} plans are"
    else:
        told = "no review of a plan is"
    return f"{told} overdue as far as is recorded{after}"


def next_review(
    every_days: int | None, *, last_on: date | None, from_on: date | None, until_on: date | None, today: date
) -> Due:
    """When the next review is due: so many days after the last one, the first so many days after the plan began."""
    if every_days is None:
        return Due(None, 0, "No cycle of reviews is stated, so none is due.")
    cycle = "every four weeks" if every_days == 28 else f"every {_days(every_days)}"
    since = last_on or from_on
    if since is None:
        return Due(None, 0, f"A review is due {cycle}; from when is not stated, so the first one sets the day.")
    on = since + timedelta(days=every_days)
    if until_on is not None and on > until_on:
        return Due(None, 0, f"The plan ran until {day_words(until_on)}; no further review is due.")
    after = "the last review" if last_on else "when the plan began"
    return _due("review", on, f"{cycle}, counted from {after} on {day_words(since)}", today, is_first=last_on is None)


def next_report(every_months: int | None, *, from_on: date | None, until_on: date | None, today: date) -> Due:
    """When the next report on a plan falls due, counted from the day on which the plan began. Whether the reports
    before it came is what the assurance list tells; so none is called late here."""
    if every_months is None:
        return Due(None, 0, "")
    cycle = cycle_words(every_months)
    if from_on is None:
        return Due(None, 0, f"A report is due {cycle}; from when is not stated.")
    number = 1
    while (on := months_on(from_on, every_months * number)) < today:
        number += 1
    if until_on is not None and on > until_on:
        return Due(None, 0, f"A report was due {cycle} until {day_words(until_on)}.")
    return Due(on, 0, f"The next report is due on {day_words(on)}, {cycle} from {day_words(from_on)}.")


def _due(noun: str, on: date, why: str, today: date, *, is_first: bool) -> Due:
    late = max(0, (today - on).days)
    which = "first" if is_first else "next"
    if late:
        return Due(on, late, f"As far as is recorded the {which} {noun} is {_days(late)} late: due on "
                             f"{day_words(on)}, {why}.")  # fmt: skip
    return Due(on, 0, f"The {which} {noun} is due on {day_words(on)}, {why}.")
