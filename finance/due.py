"""What is due, done and late: claims of payment by results, and milestones of the annual accounts.

Nothing is assumed of what nobody recorded: what a paper of the past announces and no step confirms is late "as far as
is recorded".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from finance.capacity import Expected
from indicators.working_days import day_words

# "within 30 days of receipt of a funding claim, as long as adequate information is provided" (report 002 §8).
PAID_WITHIN = 30

WAITING, LATE, DONE, ENDED = "waiting", "late", "done", "ended"


@dataclass(frozen=True)
class Step:
    """What happened: a state of the register's list, when, and what was said of it."""

    state: str
    on: date
    words: str = ""


@dataclass(frozen=True)
class Standing:
    """Where something stands today: waiting, late, done or ended, and the sentence that says so. `was_late`: what is
    done was done too late."""

    code: str
    words: str
    was_late: bool = False


def latest(steps: Sequence[Step], *states: str) -> Step | None:
    """The latest step with one of the states; of those on one day the one recorded last. None without one."""
    found = [step for step in steps if not states or step.state in states]
    return max(reversed(found), key=lambda step: step.on, default=None) if found else None


def claim_standing(due_on: date | None, steps: Sequence[Step], today: date) -> Standing:
    """Where a claim stands: due, sent, paid in time or late, refused or withdrawn."""
    last, sent = latest(steps, "refused", "withdrawn"), latest(steps, "sent")
    paid = latest(steps, "paid")
    if last is not None and (paid is None or last.on >= paid.on) and (sent is None or last.on >= sent.on):
        return Standing(ENDED, f"{'Refused' if last.state == 'refused' else 'Withdrawn'} on {day_words(last.on)}")
    if paid is not None and (sent is None or paid.on >= sent.on):
        return _paid(sent, paid)
    if sent is not None:
        return _sent(sent, latest(steps, "information_asked"), today)
    if due_on is None:
        return Standing(WAITING, "No due date given, and not recorded as sent")
    if due_on < today:
        return Standing(LATE, f"Late as far as is recorded: due on {day_words(due_on)}, no claim recorded as sent")
    return Standing(WAITING, f"Due on {day_words(due_on)}")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _paid(sent: Step | None, paid: Step) -> Standing:
    words = f"Paid on {day_words(paid.on)}"
    if sent is None:
        return Standing(DONE, f"{words}; when it was sent is not recorded")
    took = (paid.on - sent.on).days
    words += f", {_days(took)} after it was sent"
    if took > PAID_WITHIN:
        return Standing(DONE, f"{words}: {_days(took - PAID_WITHIN)} late", was_late=True)
    return Standing(DONE, words)


def _sent(sent: Step, asked: Step | None, today: date) -> Standing:
    if asked is not None and asked.on >= sent.on:
        return Standing(WAITING, f"Sent on {day_words(sent.on)}; more information asked for on {day_words(asked.on)}")
    until = sent.on + timedelta(days=PAID_WITHIN)
    if until < today:
        words = f"Late: sent on {day_words(sent.on)}, to be paid by {day_words(until)}, no payment recorded"
        return Standing(LATE, words)
    return Standing(WAITING, f"Sent on {day_words(sent.on)}; to be paid by {day_words(until)}")


def milestone_standing(due: Expected, done_on: date | None, last: Step | None, today: date) -> Standing:
    """Where a milestone stands; it is late after the last day that its precision leaves."""
    until = due.last_day
    if done_on is not None:
        late = (done_on - until).days if until is not None and done_on > until else 0
        words = f"Done on {day_words(done_on)}{f': {_days(late)} late' if late else ''}"
        return Standing(DONE, words, was_late=late > 0)
    said = f"due {due.words}"
    if until is not None and until < today:
        recorded = "recorded as delayed" if last is not None and last.state == "delayed" else "not recorded as done"
        return Standing(LATE, f"Late as far as is recorded: {said}, {recorded}")
    if until is None:
        return Standing(WAITING, "No due date given, and not recorded as done")
    return Standing(WAITING, f"{said[:1].upper()}{said[1:]}")
