"""Takes a lost second factor away from somebody whom no administrator can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import User
from indicators.operations import OperationError
from partnership import clock
from partnership.operations.second_factors import take_factor_away


class Command(BaseCommand):
    help = "Takes a lost second factor away from a person, as of the only administrator; ends their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="E-mail address of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("Nobody has that address. Check it.")
        try:
            take_factor_away(user=user, partnership=None, by=None, at=clock.now())
        except OperationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user} has no second factor any more, and sets up another one at the next sign-in.")
