"""What the commands that send e-mail have in common: when they refuse, and how they go on after a failure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.management.base import CommandError

from indicators.working_days import day_words


@dataclass
class Outcome:
    """How many e-mails were sent now, sent before, refused and failed, and what ended the sending, if anything did."""

    sent: int = 0
    before: int = 0
    refused: int = 0
    failed: int = 0
    failure: str = ""

    @property
    def done(self) -> int:
        """How many people have theirs."""
        return self.sent + self.before


def send_all(steps: Iterable[Callable[[], bool]], *, failures: int = 1) -> Outcome:
    """Sends one after the other. What the mail server refuses for one person is counted and the next one is sent; so is
    what fails otherwise, until it has failed so often in a row that the server must be down."""
    outcome, in_a_row = Outcome(), 0
    for step in steps:
        try:
            if step():
                outcome.sent += 1
            else:
                outcome.before += 1
            in_a_row = 0
        except (SMTPRecipientsRefused, SMTPDataError):
            outcome.refused += 1  # of this one person; the error itself would carry the address
            in_a_row = 0
        except OSError as error:
            outcome.failed, in_a_row = outcome.failed + 1, in_a_row + 1
            outcome.failure = type(error).__name__
            if in_a_row == failures:
                break
    return outcome


def refuse_without_mail() -> None:
    """Raises CommandError where e-mail cannot be sent, or its links would lead nowhere."""
    if settings.IN_PRODUCTION and not settings.EMAIL_HOST:
        raise CommandError("EMAIL_HOST is not set: give the name of the mail server.")
    if not settings.PUBLIC_URL:
        raise CommandError("PUBLIC_URL is not set: give the address of this service, such as https://kpi.example.org.")


def day_from(text: str | None, today: date) -> date:
    """The day that was named, else today. Raises CommandError for no date and for one that is still to come."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError as error:
        raise CommandError(f"“{(text or '')[:40]}” is not a date. Write it as 2022-07-07.") from error
    if day > today:
        raise CommandError(f"{day_words(day)} is still to come. Reminders are sent on their day.")
    return day


def counted(number: int, noun: str) -> str:
    """ "1 reminder", "2 reminders"."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
