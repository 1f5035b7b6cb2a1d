"""Looks at the installation: each thing that has to work, how it stands, and what to do."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnership.findings import exit_code
from partnership.selectors.doctor import examine


class Command(BaseCommand):
    help = (
        "Looks at settings, database, migrations, static files, mail, clock, bank holidays, disks, backups, child "
        "processes and rounds: one line each, with what to do. Ends with 0 when all is sound, 1 when something is to "
        "be looked at, 2 when something is wrong. Changes nothing and sends nothing."
    )
    # It says itself what is wrong, instead of not starting.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """In which form it tells."""
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was found."""
        found = list(examine())
        if options["json"]:
            self.stdout.write(json.dumps([finding.facts for finding in found], ensure_ascii=False, indent=1))
        for one in () if options["json"] else found:
            self.stdout.write(f"{one.state.value:12}  {one.check}: {one.found}{f' {one.do}' if one.do else ''}")
        if code := exit_code(found):
            raise CommandError("Something is wrong." if code > 1 else "Something is to be looked at.", returncode=code)
