"""Takes into the database what export_everything wrote, of either engine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from indicators.models import Membership
from partnership.management.keeping import in_a_sentence
from partnership.operations.moving import import_everything


class Command(BaseCommand):
    help = (
        "Takes in what export_everything wrote, in one transaction, proves each table by writing it out again, and "
        "works every published pack out again. Refuses a database that is not empty unless --replace is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, and whether what is there may go."""
        parser.add_argument("folder", help="the folder of the export")
        parser.add_argument("--replace", action="store_true", help="replace all that the database holds")

    def handle(self, *args: Any, **options: Any) -> None:
        """Takes it in, says how much, and ends with verify_packs."""
        with in_a_sentence():
            moved = import_everything(folder=Path(options["folder"]), replace=options["replace"])
        self.stdout.write(f"{moved.rows:,} rows of {moved.tables} tables.")
        if not Membership.objects.administrators().exists():
            self.stdout.write(
                "No administrator can sign in yet. Set a password: manage.py changepassword E-MAIL; that person then "
                "invites the others on the page of people."
            )
        call_command("verify_packs", stdout=self.stdout)
