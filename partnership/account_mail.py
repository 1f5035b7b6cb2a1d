"""The e-mails about an account: an invitation, and a link to a new password. They name nobody and hold no figure."""

from dataclasses import dataclass
from datetime import date

from indicators.working_days import day_words


@dataclass(frozen=True)
class AccountMail:
    """Subject (one line) and plain text."""

    subject: str
    body: str


_NO_ANSWER = "This e-mail was sent by the service and cannot be answered."


def invitation_mail(*, place: str, address: str, days: int, from_on: date | None = None) -> AccountMail:
    """Asks somebody to set their first password; `place` is the partnership, `from_on` the day from which their role
    counts where that is still to come."""
    place = " ".join(place.split())
    later = (
        f"Your role there counts from {day_words(from_on)}; until then you see nothing of it.\n\n" if from_on else ""
    )
    return AccountMail(
        f"Invitation to {place}",
        f"An administrator of {place} has made an account for you.\n\n"
        f"{later}Set your password here, within {days} days; the address works once:\n{address}\n\n"
        f"If you expected no invitation, leave it alone: without a password nobody can use the account. {_NO_ANSWER}\n",
    )


def reset_mail(*, address: str) -> AccountMail:
    """Leads to a new password."""
    return AccountMail(
        "A new password",
        f"Somebody asked for a new password for your account. Set it here, within an hour; the address works once:\n"
        f"{address}\n\nIf it was not you, leave it alone: your password stays as it is. {_NO_ANSWER}\n",
    )
