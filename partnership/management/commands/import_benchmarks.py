"""Imports published files of official figures of other areas."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.benchmark_answers import FileRefused
from indicators.operations.benchmarks import Importer
from indicators.operations.comparators import import_files
from partnership import clock


class Command(BaseCommand):
    """Lines of progress as they come, then every finding of every file that was not taken."""

    help = (
        "Imports official figures of other areas from CSV files as the Department for Education publishes them; "
        "a folder stands for every CSV file in it. A file that is not sound is refused whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="+", help="Published CSV files, or folders of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails when any file was refused; the others are imported all the same."""
        paths = list(_files(options["file"]))
        if not paths:
            raise CommandError("There is no CSV file to import.")
        lines = import_files(paths=paths, importer=Importer(), at=clock.now())
        try:
            while True:
                self.stdout.write(next(lines))
        except StopIteration as end:
            refused: list[tuple[str, Exception]] = end.value
        for name, why in refused:
            self.stderr.write(f"{name} was refused; nothing of it was written:")
            for line in _lines(why):
                self.stderr.write(f"  {line}")
        if refused:
            raise CommandError(f"{len(refused)} of {len(paths)} files were refused.")


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        yield from sorted(path.glob("*.csv")) if path.is_dir() else [path]


def _lines(why: Exception) -> Iterator[str]:
    findings = getattr(why, "findings", None)
    if findings is None:
        yield str(why)
        return
    yield from map(str, findings)
    if isinstance(why, FileRefused) and why.more:
        yield f"and {why.more} more"
