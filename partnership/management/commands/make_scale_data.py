"""Fills an empty database with clearly synthetic figures, for measuring speed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.operations import OperationError
from partnership import clock
from partnership.operations.scale_data import last_quarter, make_scale_data

MOST = {"authorities": 999, "indicators": 999, "quarters": 200}


class Command(BaseCommand):
    """One line for each authority, with the figures so far."""

    help = (
        "Fills an empty database with synthetic authorities (“Authority 001”), indicators and accepted quarterly "
        "figures, on which speed is measured. Never in production, nor where there are figures already. The same seed "
        "gives the same figures."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The sizes and the seed; as they are, 2.45 million figures."""
        parser.add_argument("--authorities", type=int, default=153, help="153 unless said, 999 at most")
        parser.add_argument("--indicators", type=int, default=200, help="of each; 200 unless said, 999 at most")
        parser.add_argument("--quarters", type=int, default=80, help="of each; 80 unless said, 200 at most")
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same figures; 1 unless said")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the figures; fails with a sentence where it must not."""
        if settings.IN_PRODUCTION:
            raise CommandError("Synthetic figures are never made in production. Set APP_ENV=development.")
        for name, most in MOST.items():
            if not 1 <= options[name] <= most:
                raise CommandError(f"Choose from 1 to {most} {name}.")
        try:
            make_scale_data(
                authorities=options["authorities"], indicators=options["indicators"], n_quarters=options["quarters"],
                last=last_quarter(clock.today()), seed=options["seed"], at=clock.now(),
                tell=lambda number, made: self.stdout.write(f"Authority {number:03}: {made:,} revisions so far"),
            )  # fmt: skip
        except OperationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Nobody has a password yet: manage.py changepassword reader.authority-001@example.org")
