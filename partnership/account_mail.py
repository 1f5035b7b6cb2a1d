"""The e-mails about an account: an invitation, and a link to a new password. They name nobody and hold no figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountMail:
    """Subject (one line) and plain text."""

    subject: str
    body: str


_NO_ANSWER = "This e-mail was sent by the service and cannot be answered."


def invitation_mail(*, place: str, address: str, days: int) -> AccountMail:
    """Asks somebody to set their first password; `place` is the partnership."""
    place = " ".join(place.split())
    return AccountMail(
        f"Invitation to {place}",
        f"An administrator of {place} has made an account for you.\n\n"
        f"Set your password here, within {days} days; the address works once:\n{address}\n\n"
        f"If you expected no invitation, leave it alone: without a password nobody can use the account. {_NO_ANSWER}\n",
    )


def reset_mail(*, address: str) -> AccountMail:
    """Leads to a new password."""
    return AccountMail(
        "A new password",
        f"Somebody asked for a new password for your account. Set it here, within an hour; the address works once:\n"
        f"{address}\n\nIf it was not you, leave it alone: your password stays as it is. {_NO_ANSWER}\n",
    )
