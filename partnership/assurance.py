"""What is owed again and again: when it is due next from its cycle, what came, and what is late as far as is recorded.

A report of the past that nobody recorded as given is late only as far as is recorded. Something due on a day is in time
to its end.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.working_days import add_months, day_words

LATE, WAITING, DONE, ENDED, NOT_STATED = "late", "waiting", "done", "ended", "not_stated"
STATE_WORDS = {
    LATE: "late as far as is recorded",
    WAITING: "due",
    DONE: "done",
    ENDED: "ended",
    NOT_STATED: "without a stated day",
}
_CYCLES = {
    1: "every month",
    3: "every quarter",
    6: "every six months",
    12: "every year",
    24: "every two years",
    36: "every three years",
}


def cycle_words(every_months: int | None) -> str:
    """ "every quarter"; for None that it is owed once, or that its cycle is not stated."""
    if every_months is None:
        return "once, or not stated how often"
    return _CYCLES.get(every_months, f"every {every_months} months")


def months_on(start: date, months: int) -> date:
    """The day so many months on; the last of a month stays the last of a month (30 September and six are 31 March)."""
    found = add_months(start, months)
    is_last = start.day == monthrange(start.year, start.month)[1]
    return found.replace(day=monthrange(found.year, found.month)[1]) if is_last else found


@dataclass(frozen=True)
class Owed:
    """One time that something was or is due; `done_on` is None where nobody recorded that it came."""

    due_on: date
    done_on: date | None = None
    due_words: str = ""

    @property
    def days_late(self) -> int:
        """Days between the day it was due and the day it came; 0 in time, and where it has not come."""
        return 0 if self.done_on is None else max(0, (self.done_on - self.due_on).days)


@dataclass(frozen=True)
class Cycle:
    """How often something is owed, from when, and until when."""

    every_months: int | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where something owed stands: its code, the day it is due next, the day it last came, and the sentence."""

    code: str
    due_on: date | None
    last_done_on: date | None
    days_late: int
    words: str


def next_due(cycle: Cycle, owed: Iterable[Owed]) -> date | None:
    """The earliest day that is owed and not done; else the next one of the cycle; None where there is none."""
    rows = sorted(owed, key=lambda one: one.due_on)
    waiting = [one.due_on for one in rows if one.done_on is None]
    if waiting:
        return waiting[0]
    if cycle.every_months is None:
        return None
    since = rows[-1].due_on if rows else cycle.from_on
    if since is None:
        return None
    on = months_on(since, cycle.every_months)
    return None if cycle.until_on is not None and on > cycle.until_on else on


def standing(cycle: Cycle, owed: Sequence[Owed], today: date) -> Standing:
    """Where something owed stands today."""
    done = [one for one in owed if one.done_on is not None]
    last = max(done, key=lambda one: (one.due_on, one.done_on or one.due_on), default=None)
    last_on = last.done_on if last else None
    on = next_due(cycle, owed)
    came = f"; last done on {day_words(last_on)}" if last_on else ""
    if on is not None:
        said = next((one.due_words for one in owed if one.due_on == on and one.done_on is None), "")
        day = f"{day_words(on)}" + (f" (“{said}”)" if said else "")
        late = (today - on).days
        if late > 0:
            days = "1 day" if late == 1 else f"{late:,} days"
            return Standing(LATE, on, last_on, late, f"{days} late as far as is recorded: due on {day}{came}")
        return Standing(WAITING, on, last_on, 0, f"Due on {day}{came}")
    if cycle.until_on is not None and cycle.until_on < today:
        return Standing(ENDED, None, last_on, 0, f"Ended on {day_words(cycle.until_on)}{came}")
    if last is not None and last_on is not None:
        late = last.days_late
        size = f", {'1 day' if late == 1 else f'{late:,} days'} late" if late else ""
        return Standing(DONE, None, last_on, 0, f"Done on {day_words(last_on)}{size}")
    return Standing(NOT_STATED, None, None, 0, "No day is stated")


def counted(standings: Iterable[Standing]) -> dict[str, int]:
    """How many things stand how; they add up to the things."""
    counts = dict.fromkeys(STATE_WORDS, 0)
    for one in standings:
        counts[one.code] += 1
    return counts
