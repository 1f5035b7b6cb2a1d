"""Makes the pointers to the current figures anew from the revisions and approvals."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.operations import rebuild_current


class Command(BaseCommand):
    help = "Makes the pointers to the current figures anew; says how many differed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_current()} pointers differed and were put right.")
