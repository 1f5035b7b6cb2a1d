"""The e-mail that reminds somebody of a return: its name, when it is due and where it is; no figure and no person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.deadlines import Timeliness, TimelinessKind
from indicators.working_days import day_words


@dataclass(frozen=True)
class ReminderMail:
    """Subject (one line) and plain text of a reminder."""

    subject: str
    body: str


def reminder_mail(*, name: str, partner: str, due_on: date, stands: Timeliness, address: str, why: str) -> ReminderMail:
    """The reminder of a return: `name` is its scorecard and period, `why` the clause that says why it goes to somebody.

    "Return due in 5 working days: Contract indicators, 2021/22 Q4".
    """
    name, partner = " ".join(name.split()), " ".join(partner.split())
    state = stands.beside_date()
    verb = "was due" if stands.kind is TimelinessKind.OVERDUE else "is due"
    body = [
        f"The return “{name}” of {partner} {verb} on {day_words(due_on)}. It is {state}.",
        f"Open it here: {address}",
        f"You get this reminder because {why}. It was sent by the service and cannot be answered. If the return cannot "
        "come in by then, ask an administrator to move the due date.",
    ]
    return ReminderMail(f"Return {state}: {name}", "\n\n".join(body) + "\n")


@dataclass(frozen=True)
class DueLine:
    """One thing that is due: "Action 3", the day, how it stands, and where it is; nothing of what it says."""

    name: str
    due_on: date
    stands: Timeliness
    address: str


def governance_mail(*, lines: Sequence[DueLine]) -> ReminderMail:
    """The reminder of actions and exception reports, all in one: numbers, days and addresses, no word of their content.

    "2 things are due: Action 3, Exception report 1".
    """
    told = []
    for line in lines:
        verb = "was due" if line.stands.kind is TimelinessKind.OVERDUE else "is due"
        told.append(
            f"{line.name} {verb} on {day_words(line.due_on)}. It is {line.stands.beside_date()}.\n{line.address}"
        )
    number = "1 thing is" if len(lines) == 1 else f"{len(lines)} things are"
    body = [
        *told,
        "You get this reminder because you own these actions, or because you answer for the partner that does or that "
        "is asked. It was sent by the service and cannot be answered. Tell on their pages how they stand; only who "
        "keeps meetings can move the day of an action.",
    ]
    names = ", ".join(line.name for line in lines)
    subject = f"{number} due: {names}"
    return ReminderMail(
        subject if len(subject) <= _LONGEST_SUBJECT else f"{number} due to meetings", "\n\n".join(body) + "\n"
    )


_LONGEST_SUBJECT = 120
