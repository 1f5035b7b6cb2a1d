"""Restores a backup into the database of DATABASE_URL."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from partnership.management.keeping import in_a_sentence, passphrase
from partnership.operations.backups import restore


class Command(BaseCommand):
    help = (
        "Proves a backup whole, puts it in place of what the database holds, migrates it to this version and works "
        "every published pack out again. Refuses a database that is not empty unless --replace is given."
    )
    # The database may be of any age, or empty.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and whether what is there may go."""
        parser.add_argument("file", help="the backup")
        parser.add_argument("--replace", action="store_true", help="replace all that the database holds")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restores, says what, and ends with verify_packs."""
        with in_a_sentence():
            done = restore(path=Path(options["file"]), passphrase=passphrase(), replace=options["replace"])
        self.stdout.write(
            f"Restored: {done.rows:,} rows of {len(done.manifest.tables)} tables, made {done.manifest.made} by version "
            f"{done.manifest.version}; {done.migrated} migrations since. Everybody has to sign in again."
        )
        if done.left_out:
            self.stdout.write(f"Left out, because no migration makes them: {', '.join(done.left_out)}.")
        call_command("verify_packs", stdout=self.stdout)
