"""Backs the whole database up into one file, or proves a backup by restoring it elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership import clock
from partnership.management.keeping import folder_from, in_a_sentence, passphrase
from partnership.operations.backups import make_backup, prune, try_backup
from partnership.operations.backups.making import newest


class Command(BaseCommand):
    help = (
        "Writes a consistent backup of the database, with a hash of every part, into a folder. It has its name only "
        "once it is whole. --verify restores one into a scratch database and proves every published pack there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is written where, and how many stay."""
        parser.add_argument("--out", metavar="FOLDER", help="where backups are; otherwise BACKUP_DIR")
        parser.add_argument("--encrypt", action="store_true", help="with the passphrase of BACKUP_PASSPHRASE(_FILE)")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="then delete all but the newest N")
        parser.add_argument("--verify", metavar="FILE", help="make none: try this one, or “newest”, out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes a backup, or tries one out."""
        folder = folder_from(options["out"])
        if options["keep"] < 0:
            raise CommandError("--keep takes the number of backups to keep, such as 14.")
        with in_a_sentence():
            if options["verify"]:
                self._verify(folder, options["verify"])
            else:
                self._make(folder, options["encrypt"], options["keep"])

    def _make(self, folder: Path, encrypt: bool, keep: int) -> None:
        words = passphrase() if encrypt else ""
        if encrypt and not words:
            raise CommandError(
                "There is no passphrase. Set BACKUP_PASSPHRASE, or BACKUP_PASSPHRASE_FILE to a file that holds it."
            )
        made = make_backup(folder=folder, at=clock.machine_now(), passphrase=words)
        self.stdout.write(f"{made.path}: {made.rows:,} rows of {made.tables} tables, {made.size:,} bytes.")
        for name in prune(folder=folder, keep=keep):
            self.stdout.write(f"Deleted: {name}")

    def _verify(self, folder: Path, which: str) -> None:
        path = newest(folder) if which == "newest" else Path(which)
        if path is None:
            raise CommandError(f"There is no backup in {folder}. Make one first.")
        told = try_backup(path=path, at=clock.machine_now(), scratch=settings.BACKUP_SCRATCH_URL)
        self.stdout.write(f"{path.name} can be restored. {told}")
