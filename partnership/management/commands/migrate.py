"""Migrates, and sees to it that the records are protected at the end, whichever way was taken."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from indicators import triggers


class Command(migrate.Command):
    help = (
        "Brings the database to the schema of this version, or back to an earlier one; what protects the records stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django does it. A way back to an earlier schema leaves tables without what protects them; they get it."""
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            triggers.reinstall_if_missing(connections[options["database"]])
