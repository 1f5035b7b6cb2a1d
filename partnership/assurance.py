"""What is owed again and again: when it is due next from its cycle, what came, and what is late as far as is recorded.

A report of the past that nobody recorded as given is late only as far as is recorded. Something due on a day is in time
to its end.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from indicators.phrases import listed
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
    """Where something owed stands: its code, the day it is due next, the day it last came, and the sentence. `missed`:
    the earlier times that nobody recorded as done and that are owed no more, since a later one has fallen due."""

    code: str
    due_on: date | None
    last_done_on: date | None
    days_late: int
    words: str
    missed: tuple[date, ...] = ()


@dataclass(frozen=True)
class Open:
    """What is not done: the time that is owed at present, None for none, and those that were missed before it."""

    due_on: date | None
    missed: tuple[date, ...] = ()


def not_done(cycle: Cycle, owed: Iterable[Owed], today: date) -> Open:
    """What is not recorded as done. Of what comes again and again the last time that has fallen due is owed at
    present, or else the next one; what is owed once, or without a stated cycle, is owed from the earliest on. A time
    before one that was done is missed, not owed for ever."""
    rows = sorted(owed, key=lambda one: one.due_on)
    last_done = max((one.due_on for one in rows if one.done_on is not None), default=None)
    undone = [one.due_on for one in rows if one.done_on is None]
    missed = [on for on in undone if last_done is not None and on < last_done]
    waiting = [on for on in undone if on not in missed]
    if cycle.every_months is None:
        return Open(waiting[0] if waiting else None, tuple(missed))
    missed += [on for on in _skipped(rows, cycle.every_months) if on <= today]
    since = rows[-1].due_on if rows else cycle.from_on
    waiting += _going_on(since, cycle, today) if since is not None else []
    fallen = [on for on in waiting if on <= today]
    due_on = fallen[-1] if fallen else next(iter(waiting), None)
    return Open(due_on, tuple(sorted({*missed, *fallen[:-1]})))


def _going_on(since: date, cycle: Cycle, today: date) -> list[date]:
    """The days of a cycle after one of them: all that have fallen due, and the next."""
    found: list[date] = []
    months = cycle.every_months or 0
    while months and (not found or found[-1] <= today):
        on = months_on(since, months * (len(found) + 1))
        if cycle.until_on is not None and on > cycle.until_on:
            break
        found.append(on)
    return found


def _skipped(rows: Sequence[Owed], months: int) -> list[date]:
    """The days of a cycle between recorded times that are further apart than it; none within half of it before the
    later one, which may have been set another day."""
    found = []
    for before, after in pairwise(rows):
        time, on = 1, months_on(before.due_on, months)
        while (after.due_on - on).days > months * _HALF_A_MONTH:
            found.append(on)
            time += 1
            on = months_on(before.due_on, months * time)
    return found


_HALF_A_MONTH = 15


def next_due(cycle: Cycle, owed: Iterable[Owed], today: date) -> date | None:
    """The day that is owed at present or, where nothing is, the next one; None where there is none."""
    return not_done(cycle, owed, today).due_on


def _missed_words(missed: Sequence[date]) -> str:
    """ "; 27 earlier times are not recorded as done, the first was due on 15 July 2015"; empty for none."""
    if not missed:
        return ""
    if len(missed) == 1:
        return f"; one earlier time is not recorded as done, due on {day_words(missed[0])}"
    return f"; {len(missed):,} earlier times are not recorded as done, the first was due on {day_words(missed[0])}"


def standing(cycle: Cycle, owed: Sequence[Owed], today: date) -> Standing:
    """Where something owed stands today."""
    done = [one for one in owed if one.done_on is not None]
    last = max(done, key=lambda one: (one.due_on, one.done_on or one.due_on), default=None)
    last_on = last.done_on if last else None
    now = not_done(cycle, owed, today)
    on, more = now.due_on, _missed_words(now.missed)
    came = f"; last done on {day_words(last_on)}" if last_on else ""
    if on is not None:
        said = next((one.due_words for one in owed if one.due_on == on and one.done_on is None), "")
        day = f"{day_words(on)}" + (f" (“{said}”)" if said else "")
        late = (today - on).days
        if late > 0:
            days = "1 day" if late == 1 else f"{late:,} days"
            words = f"{days} late as far as is recorded: due on {day}{came}{more}"
            return Standing(LATE, on, last_on, late, words, now.missed)
        return Standing(WAITING, on, last_on, 0, f"Due on {day}{came}{more}", now.missed)
    if cycle.until_on is not None and cycle.until_on < today:
        return Standing(ENDED, None, last_on, 0, f"Ended on {day_words(cycle.until_on)}{came}{more}", now.missed)
    if last is not None and last_on is not None:
        late = last.days_late
        size = f", {'1 day' if late == 1 else f'{late:,} days'} late" if late else ""
        return Standing(DONE, None, last_on, 0, f"Done on {day_words(last_on)}{size}{more}", now.missed)
    return Standing(NOT_STATED, None, None, 0, "No day is stated")


def counted(standings: Iterable[Standing]) -> dict[str, int]:
    """How many things stand how; they add up to the things."""
    counts = dict.fromkeys(STATE_WORDS, 0)
    for one in standings:
        counts[one.code] += 1
    return counts


def summary(standings: Iterable[Standing]) -> str:
    """ "2 things are owed: 1 late as far as is recorded and 1 due."; empty for none."""
    counts = counted(standings)
    number = sum(counts.values())
    if not number:
        return ""
    told = [f"{one} {STATE_WORDS[code]}" for code, one in counts.items() if one]
    return f"{number} {'thing is' if number == 1 else 'things are'} owed: {listed(told)}."
