"""Reminds people by e-mail of the returns that they owe."""

from datetime import date
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.working_days import OutsideCalendar, day_words, is_working_day
from partnership import clock
from partnership.operations.reminders import send_reminder
from partnership.selectors.reminders import reminders_on


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text[:40]}” is not a date. Write it as 2022-07-07.") from error


class Command(BaseCommand):
    help = "Reminds people by e-mail of returns due in 5 and in 1 working days and of overdue ones; once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", help="The day to send for, such as 2022-07-07: today or an earlier one missed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sends what is due; fails, after sending what can be sent, when a mail could not be handed over."""
        today = clock.today()
        day = _day(options["date"]) if options["date"] else today
        if day > today:
            raise CommandError(f"{day_words(day)} is still to come. Reminders are sent on their day.")
        self._refuse_without_mail()
        try:
            if not is_working_day(day):
                self.stdout.write(f"{day_words(day)} is not a working day: no reminders.")
                return
        except OutsideCalendar as error:
            raise CommandError(str(error)) from error
        due = reminders_on(day, today=today)
        sent, before, refused, failure = 0, 0, 0, ""
        for reminder in due.reminders:
            try:
                if send_reminder(reminder=reminder, day=day, at=clock.now()):
                    sent += 1
                else:
                    before += 1
            except (SMTPRecipientsRefused, SMTPDataError):
                refused += 1  # of this one person; the error itself would carry the address
            except OSError as error:
                failure = type(error).__name__
                break
        people = len({r.user.pk for r in due.reminders})
        self.stdout.write(
            f"{day_words(day)}: {_counted(sent, 'reminder')} sent, {before} sent before; "
            f"{_counted(len({r.row.pk for r in due.reminders}), 'return')}, "
            f"{people} {'person' if people == 1 else 'people'}."
        )
        for sentence in due.uncounted:
            self.stderr.write(sentence)
        left = len(due.reminders) - sent - before
        if failure:
            raise CommandError(f"The mail server failed ({failure}): {left} not sent. Run it again.")
        if refused:
            raise CommandError(f"The mail server refused {_counted(refused, 'reminder')}. Check the addresses.")

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
