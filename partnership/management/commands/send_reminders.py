"""Reminds people by e-mail of the returns, actions and exception reports that they owe."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.working_days import OutsideCalendar, day_words, is_working_day
from partnership import clock
from partnership.operations.minutes import delete_speakers
from partnership.operations.reminders import send_governance_reminder, send_reminder
from partnership.selectors.owed import governance_due_on
from partnership.selectors.reminders import reminders_on


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text[:40]}” is not a date. Write it as 2022-07-07.") from error


@dataclass
class _Outcome:
    """How many reminders were sent now, sent before and refused, and what ended the sending."""

    sent: int = 0
    before: int = 0
    refused: int = 0
    failure: str = ""

    @property
    def done(self) -> int:
        return self.sent + self.before


class Command(BaseCommand):
    help = (
        "Reminds people by e-mail of returns, actions and exception reports due in 5 and in 1 working days and of "
        "overdue ones; deletes names of speakers whose day has come. Once a day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", help="The day to send for, such as 2022-07-07: today or an earlier one missed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sends what is due; fails, after sending what can be sent, when a mail could not be handed over."""
        today = clock.today()
        day = _day(options["date"]) if options["date"] else today
        if day > today:
            raise CommandError(f"{day_words(day)} is still to come. Reminders are sent on their day.")
        # Not later than mail: names go on their day, whether or not anybody is to be reminded.
        deleted = delete_speakers(today=today, at=clock.now())
        if deleted:
            self.stdout.write(f"{_counted(deleted, 'name')} of speakers of public statements deleted.")
        self._refuse_without_mail()
        try:
            if not is_working_day(day):
                self.stdout.write(f"{day_words(day)} is not a working day: no reminders.")
                return
        except OutsideCalendar as error:
            raise CommandError(str(error)) from error
        due = reminders_on(day, today=today)
        owed, uncounted = governance_due_on(day, today=today)
        steps: list[Callable[[], bool]] = [
            partial(send_reminder, reminder=reminder, day=day, at=clock.now()) for reminder in due.reminders
        ]
        returns = self._sent(steps)
        people = len({r.user.pk for r in due.reminders})
        self.stdout.write(
            f"{day_words(day)}: {_counted(returns.sent, 'reminder')} sent, {returns.before} sent before; "
            f"{_counted(len({r.row.pk for r in due.reminders}), 'return')}, "
            f"{people} {'person' if people == 1 else 'people'}."
        )
        steps = [partial(send_governance_reminder, due=one, day=day, at=clock.now()) for one in owed]
        meetings = _Outcome() if returns.failure else self._sent(steps)
        if owed:
            self.stdout.write(
                f"Actions and exception reports: {_counted(meetings.sent, 'reminder')} sent, {meetings.before} sent "
                "before."
            )
        for sentence in dict.fromkeys([*due.uncounted, *uncounted]):
            self.stderr.write(sentence)
        left = len(due.reminders) + len(owed) - returns.done - meetings.done
        failure = returns.failure or meetings.failure
        if failure:
            raise CommandError(f"The mail server failed ({failure}): {left} not sent. Run it again.")
        refused = returns.refused + meetings.refused
        if refused:
            raise CommandError(f"The mail server refused {_counted(refused, 'reminder')}. Check the addresses.")

    @staticmethod
    def _sent(steps: Iterable[Callable[[], bool]]) -> "_Outcome":
        """Sends one after the other, until the mail server fails."""
        outcome = _Outcome()
        for step in steps:
            try:
                if step():
                    outcome.sent += 1
                else:
                    outcome.before += 1
            except (SMTPRecipientsRefused, SMTPDataError):
                outcome.refused += 1  # of this one person; the error itself would carry the address
            except OSError as error:
                outcome.failure = type(error).__name__
                break
        return outcome

    @staticmethod
    def _refuse_without_mail() -> None:
        if settings.IN_PRODUCTION and not settings.EMAIL_HOST:
            raise CommandError("EMAIL_HOST is not set: give the name of the mail server.")
        if not settings.PUBLIC_URL:
            raise CommandError(
                "PUBLIC_URL is not set: give the address of this service, such as https://kpi.example.org."
            )


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
