"""Writes what is held about a person into a zip, for a subject access request."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import User
from indicators.working_days import day_words
from partnership import clock
from partnership.operations.subject_access import record_given_out
from partnership.selectors.subject_access import held_about
from partnership.subject_access import archive


class Command(BaseCommand):
    help = "Writes everything that is held about a person into a zip of CSV files, JSON and a readme."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="E-mail address of the account")
        parser.add_argument("--out", required=True, help="The zip file to write, which must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("Nobody has that address. Check it; who was pseudonymised has none any more.")
        path = Path(options["out"])
        if path.exists():
            raise CommandError(f"{path} is there already. Name another file.")
        made = archive(email=user.email, day=day_words(clock.today()), tables=held_about(user))
        record_given_out(user=user, partnership=None, by=None, at=clock.now())
        path.write_bytes(made)
        self.stdout.write(f"{path}: {len(made)} bytes. It holds personal data: pass it to the person alone.")
