"""Loads the figures that the published source reports print, and the official ones they are held beside."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.imports import FileRefused
from indicators.selectors.benchmark_maps import benchmarks_folder
from partnership import clock
from partnership.operations.demo import load_reports


class Command(BaseCommand):
    help = (
        "Loads the figures of the published source reports, and the official figures of other areas beside them; what "
        "is held already is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        folder = settings.BASE_DIR / "fixtures" / "doncaster"
        parser.add_argument("--folder", type=Path, default=folder, help="Where the CSV files are; fixtures/doncaster")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_reports(folder=options["folder"], at=clock.now())
        except FileRefused as refused:
            raise CommandError("Nothing was loaded:\n" + "\n".join(str(f) for f in refused.findings)) from refused
        for name, new in loaded.new.items():
            self.stdout.write(f"{name}: {new} new, {loaded.unchanged[name]} held already")
            for one in loaded.left.get(name, ()):
                self.stdout.write(f"  {one}: changed here since; left as it is")
        call_command("import_benchmarks", benchmarks_folder(), stdout=self.stdout, stderr=self.stderr)
