"""Makes a synthetic Annex A workbook from a seed, for trying the intake out."""

from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from referrals.annex_a.synthetic import synthetic_sheets
from referrals.management.annex_a_file import workbook_of

MOST_CHILDREN = 50_000


class Command(BaseCommand):
    """One file; what is in it is printed."""

    help = (
        "Makes a synthetic Annex A workbook: eleven lists of children who do not exist. 5,000 children are an "
        "authority of the size of Doncaster in March 2022 (1,355 child in need plans, 366 protection plans, 592 "
        "children in care, 223 care leavers). The same seed gives the same file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The seed and the size; a reference date, because nothing here reads today's."""
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same file; 1 unless said")
        parser.add_argument("--children", type=int, default=5_000, help="children in lists 1 to 10; 5,000 unless said")
        parser.add_argument("--dirt", type=_dirt, default=0, help="0 clean to 1 full of odd headings, texts and dates")
        parser.add_argument("--reference-date", type=_day, default=date(2022, 3, 31), help="2022-03-31 unless said")
        parser.add_argument("--layout", choices=("older", "newer"), default="newer", help="of list 9")
        parser.add_argument("--out", type=Path, help="synthetic-annex-a-seed-N.xlsx unless said")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file; fails with a sentence when the size or the day cannot be made."""
        seed, children, reference = options["seed"], options["children"], options["reference_date"]
        if not 1 <= children <= MOST_CHILDREN:
            raise CommandError(f"Choose from 1 to {MOST_CHILDREN:,} children.")
        try:
            sheets = synthetic_sheets(seed, children, reference, options["layout"], options["dirt"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        out = options["out"] or Path(f"synthetic-annex-a-seed-{seed}.xlsx")
        try:
            out.write_bytes(workbook_of(sheets, reference))
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Wrote {out}: SYNTHETIC, as at {reference}, rows with their headings by sheet:")
        for sheet in sheets:
            self.stdout.write(f"  {sheet.title}: {len(sheet.rows):,}")


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
