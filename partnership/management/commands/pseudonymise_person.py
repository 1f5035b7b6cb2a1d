"""Takes a person's name out of the account, the audit and every history, once the time of keeping is over."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import User
from indicators.operations import OperationError
from indicators.working_days import day_words
from partnership import clock
from partnership.operations.closing_accounts import Renamed, pseudonymise, what_would_change

OVER = "The time of keeping is over"


class Command(BaseCommand):
    help = (
        "Says what would change if role and organisation stood in place of a person's name; does it with --apply. "
        "Figures and packs stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="E-mail address of an account that is deactivated")
        parser.add_argument("--apply", action="store_true", help="Does it; it cannot be undone")
        parser.add_argument("--now", action="store_true", help="Before the time of keeping is over; needs --reason")
        parser.add_argument("--reason", default="", help="Why now, such as the reference of a request for erasure")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("Nobody has that address. Check it; who was pseudonymised has none any more.")
        reason = self._reason(user, options)
        try:
            told = pseudonymise(user=user, reason=reason, at=clock.now()) if options["apply"] else None
        except OperationError as error:
            raise CommandError(str(error)) from error
        self._say(told or what_would_change(user), is_done=told is not None)

    @staticmethod
    def _reason(user: User, options: dict[str, Any]) -> str:
        if user.is_active:
            raise CommandError("The account is open. Deactivate it on the page of the person first.")
        if options["now"]:
            if not options["reason"].strip():
                raise CommandError("Give the --reason why it is done before the time of keeping is over.")
            return str(options["reason"])
        if user.deactivated_at is None:
            raise CommandError("It is not known since when the account is closed. Use --now with a --reason.")
        over_on = (user.deactivated_at + timedelta(days=settings.RETENTION_DAYS)).astimezone(clock.LONDON).date()
        if clock.today() < over_on:
            raise CommandError(f"The time of keeping is over on {day_words(over_on)}. Use --now with a --reason.")
        return OVER

    def _say(self, told: Renamed, *, is_done: bool) -> None:
        self.stdout.write(f"{'Shown' if is_done else 'Would be shown'} as “{told.name}”.")
        for table, number in sorted(told.rows.items()):
            self.stdout.write(f"  {table}: {number}")
        if not is_done:
            self.stdout.write("Nothing was changed. Add --apply to do it; it cannot be undone.")
