"""Raises alerts of what changed in approved figures, and of days that have passed."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.models import Partnership
from partnership import clock
from partnership.management.mail_run import counted
from partnership.operations.alerts import raise_alerts


class Command(BaseCommand):
    help = "Raises alerts of ratings, special causes, lost assurance and passed dates. A second run raises none."

    def handle(self, *args: Any, **options: Any) -> None:
        for partnership in Partnership.objects.order_by("slug"):
            number = raise_alerts(partnership=partnership, at=clock.now())
            self.stdout.write(f"{partnership}: {counted(number, 'alert')} raised.")
