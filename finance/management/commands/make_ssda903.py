"""Makes a synthetic SSDA903 return from a seed, for trying the placements file out."""

from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance.ssda903.synthetic import synthetic_return

MOST_CHILDREN = 20_000


class Command(BaseCommand):
    """Two files; what is in them is printed."""

    help = (
        "Makes the header and the episodes of a synthetic SSDA903 return: children who do not exist. 800 children over "
        "fifteen months are an authority of the size of Doncaster in March 2022 (592 children in care). The same seed "
        "gives the same files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The seed and the size; the days that the return covers, because nothing here reads today's."""
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same files; 1 unless said")
        parser.add_argument("--children", type=int, default=800, help="with a night in the days; 800 unless said")
        parser.add_argument("--dirt", type=_dirt, default=0, help="0 clean to 1 full of odd codes, texts and dates")
        parser.add_argument("--first", type=_day, default=date(2021, 4, 1), help="first day; 2021-04-01 unless said")
        parser.add_argument("--last", type=_day, default=date(2022, 6, 30), help="last day; 2022-06-30 unless said")
        parser.add_argument("--out", type=Path, default=Path("synthetic-ssda903"), help="folder for the two files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the files; fails with a sentence when the size or the days cannot be made."""
        children, folder = options["children"], options["out"]
        if not 1 <= children <= MOST_CHILDREN:
            raise CommandError(f"Choose from 1 to {MOST_CHILDREN:,} children.")
        try:
            made = synthetic_return(options["seed"], children, options["first"], options["last"], options["dirt"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "header.csv").write_bytes(made.header)
            (folder / "episodes.csv").write_bytes(made.episodes)
        except OSError as error:
            raise CommandError(f"The files cannot be written: {error.strerror}.") from None
        self.stdout.write(
            f"Wrote {folder}/header.csv ({children:,} children) and {folder}/episodes.csv ({made.rows:,} episodes): "
            f"SYNTHETIC, from {options['first']} to {options['last']}."
        )


def _dirt(text: str) -> int:
    """0 to 1 in thousandths."""
    try:
        much = Decimal(text)
    except InvalidOperation:
        much = Decimal(-1)
    if not 0 <= much <= 1:
        raise ArgumentTypeError("give a number from 0 to 1")
    return int(much * 1000)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("give a day as 2022-03-31") from None
