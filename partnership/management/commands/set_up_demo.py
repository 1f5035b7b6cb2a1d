"""Sets up the demonstration: real published figures, one account for each role."""

import io
import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from partnership import clock
from partnership.context import DEMO_TEXT
from partnership.operations.demo import DemoRefused, mark_as_demo, refuse_unless_demo, set_up_demo

# Who, what, and where: a test opens each.
TO_TRY = (
    ("board@demo.example", "what is outside tolerance, what has no figure, and why.", "/doncaster/"),
    (
        "council-analyst@demo.example", "type two figures of a return, or send them in as a file, and submit them.",
        "/doncaster/returns/early-help/2022-23-q1/council/1/entry/",
    ),
    ("Without signing in", "what a pack for everybody has published, with what is hidden in it.", "/data/"),
)  # fmt: skip


class Command(BaseCommand):
    help = "Loads the published figures, makes one account for each role and prints the passwords."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000/", help="What to print as the address.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError("Only with APP_ENV=demo.")
        try:
            refuse_unless_demo()
        except DemoRefused as refused:
            raise CommandError(str(refused)) from refused
        mark_as_demo(at=clock.now())
        call_command("load_reports", stdout=io.StringIO())
        accounts = set_up_demo(at=clock.now(), today=clock.today(), password=os.environ.get("DEMO_PASSWORD", ""))
        self.stdout.write(f"\n{DEMO_TEXT}. Today is taken to be {clock.today():%-d %B %Y}.\n\n")
        width = max(len(a.display_name) for a, _ in accounts)
        for account, password in accounts:
            self.stdout.write(f"  {account.display_name:<{width}}  {account.email:<28}  {password}")
        address = options["address"].rstrip("/")
        self.stdout.write("\nThree things to try:\n\n")
        for number, (who, words, path) in enumerate(TO_TRY, start=1):
            self.stdout.write(f"  {number}. {who}: {words}\n     {address}{path}\n")
        self.stdout.write(f"\nThe whole tour, step by step: {address}/help/tutorial/a-quarter-end/\n")
