"""Makes a region of partnerships, and records who joins and leaves it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug

from indicators.operations import OperationError
from partnership import clock
from partnership.operations.regions import keep_region


class Command(BaseCommand):
    help = (
        "Makes a region whose authorities compare what they have published for everybody, or changes its name; "
        "records which partnerships join or leave it, from which day. Everybody can read which they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="Short name in addresses, such as south-yorkshire; permanent")
        parser.add_argument("name", help="As its page has it")
        parser.add_argument("--join", nargs="+", default=[], metavar="SLUG", help="Partnerships that join")
        parser.add_argument("--leave", nargs="+", default=[], metavar="SLUG", help="Partnerships that leave")
        parser.add_argument("--on", type=_day, help="From which day, such as 2022-04-01; today unless it is given")
        parser.add_argument("--authority", default="", help="Who decided it, and where")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["code"])
            region = keep_region(
                code=options["code"],
                name=options["name"],
                joining=options["join"],
                leaving=options["leave"],
                on=options["on"] or clock.today(),
                authority=options["authority"],
                at=clock.now(),
            )
        except ValidationError as error:
            raise CommandError(f"“{options['code']}” is no short name: letters, digits and hyphens only.") from error
        except OperationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{region} is kept. Everybody reads it at /data/regions/{region.code}/")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no day. Write it as 2022-04-01.") from error
