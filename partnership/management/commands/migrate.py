"""Migrates, and sees to it that the records are protected at the end, whichever way was taken."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from indicators import triggers
from partnership.operations.quick_migrations import quick_migrations


class Command(migrate.Command):
    help = (
        "Brings the database to the schema of this version, or back to an earlier one; what protects the records stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django does it, but an empty database quickly. A way back to an earlier schema leaves tables without what
        protects them; they get it."""
        connection = connections[options["database"]]
        is_empty = not MigrationRecorder(connection).applied_migrations()
        with quick_migrations(is_empty=True) if is_empty else nullcontext():
            super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            triggers.reinstall_if_missing(connection)
