"""Takes everything out of the database in open formats."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from partnership.management.keeping import in_a_sentence
from partnership.operations.moving import export_everything


class Command(BaseCommand):
    help = (
        "Writes every table into a new folder as CSV with its CSVW metadata and a list of hashes. Sessions are left "
        "out, and so are password hashes and second factors unless --with-secrets is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether with what lets people in."""
        parser.add_argument("folder", help="a new or empty folder")
        parser.add_argument("--with-secrets", action="store_true", help="password hashes and second factors too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes it, and says how much."""
        with in_a_sentence():
            moved = export_everything(folder=Path(options["folder"]), secrets=options["with_secrets"])
        self.stdout.write(f"{moved.rows:,} rows of {moved.tables} tables.")
        if options["with_secrets"]:
            self.stdout.write("The folder holds what lets people in. Keep it as safe as the database, and delete it.")
        else:
            self.stdout.write("Where it is imported everybody chooses a new password.")
