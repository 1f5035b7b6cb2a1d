"""Works every published pack out again and compares it with what was published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnership.selectors.verification import Finding, verified_packs


class Command(BaseCommand):
    """Prints one line for each table; fails when one is not what was published."""

    help = (
        "Rebuilds the canonical CSV of each published table from its pinned revisions, compares bytes and hashes, and "
        "fails when one differs. Tables redacted for cause are named as such."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verifies every pack of every partnership."""
        counts = dict.fromkeys(Finding, 0)
        for found in verified_packs():
            counts[found.finding] += 1
            self.stdout.write(f"{found.finding.value:9} {found.pack} {found.table or 'manifest'}: {found.words}")
        self.stdout.write(", ".join(f"{number} {finding.value}" for finding, number in counts.items()))
        if counts[Finding.BROKEN]:
            raise CommandError("A pack is not what was published. Keep the database as it is and look into it.")
