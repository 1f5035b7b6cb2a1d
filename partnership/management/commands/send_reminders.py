"""Reminds people by e-mail of the returns, actions and exception reports that they owe."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.working_days import OutsideCalendar, day_words, is_working_day
from partnership import clock
from partnership.management.mail_run import Outcome, counted, day_from, refuse_without_mail, send_all
from partnership.operations.minutes import delete_speakers
from partnership.operations.reminders import send_governance_reminder, send_reminder
from partnership.selectors.owed import governance_due_on
from partnership.selectors.reminders import reminders_on


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
        day = day_from(options["date"], today)
        # Not later than mail: names go on their day, whether or not anybody is to be reminded.
        deleted = delete_speakers(today=today, at=clock.now())
        if deleted:
            self.stdout.write(f"{counted(deleted, 'name')} of speakers of public statements deleted.")
        refuse_without_mail()
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
        returns = send_all(steps)
        people = len({r.user.pk for r in due.reminders})
        self.stdout.write(
            f"{day_words(day)}: {counted(returns.sent, 'reminder')} sent, {returns.before} sent before; "
            f"{counted(len({r.row.pk for r in due.reminders}), 'return')}, "
            f"{people} {'person' if people == 1 else 'people'}."
        )
        steps = [partial(send_governance_reminder, due=one, day=day, at=clock.now()) for one in owed]
        meetings = Outcome() if returns.failure else send_all(steps)
        if owed:
            self.stdout.write(
                f"Actions and exception reports: {counted(meetings.sent, 'reminder')} sent, {meetings.before} sent "
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
            raise CommandError(f"The mail server refused {counted(refused, 'reminder')}. Check the addresses.")
