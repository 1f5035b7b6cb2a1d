"""Runs the checks over a transcribed table of a report and prints what does not agree."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.checks_engine.reports import findings, judge_report
from indicators.report_checks_table import OUTCOME_WORDS, place_words
from indicators.report_statements import read_files


class Command(BaseCommand):
    """One block for each finding: the sentence, then both places with their words."""

    help = (
        "Checks transcribed figures against each other; fixtures/reports/README.md describes the layout. Prints every "
        "contradiction and every number that was cut off; differences of rounding are none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The files; several are read as one, so that one paper can be held against another."""
        parser.add_argument("file", type=Path, nargs="+", help="CSV files of transcribed figures")
        parser.add_argument("--all", action="store_true", help="print what agrees as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the findings; fails when a file cannot be read or something contradicts."""
        files = {path.name: _rows(path) for path in options["file"]}
        read = read_files(files)
        if read.problems:
            raise CommandError("The file cannot be checked:\n" + "\n".join(map(str, read.problems)))
        if not read.statements:
            raise CommandError("There is no row to check. fixtures/reports/README.md describes the layout.")
        verdicts = judge_report(read.statements)
        for verdict in verdicts if options["all"] else findings(verdicts):
            self.stdout.write(f"{OUTCOME_WORDS[verdict.outcome.value]}: {verdict.sentence} [{verdict.code}]")
            for place in verdict.places:
                self.stdout.write(f"  {place_words(vars(place))}")
        found = len(findings(verdicts))
        self.stdout.write(f"{len(verdicts)} numbers checked, {found} to look at.")
        if found:
            raise CommandError(f"{found} printed numbers do not agree with others.", returncode=1)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path.name} is not a CSV file that can be read: {error}") from error
