"""The e-mail that reminds somebody of a return: its name, when it is due and where it is; no figure and no person."""

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
