"""Sends digests of alerts by e-mail to those who asked for them."""

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.models import Partnership
from indicators.working_days import day_words
from partnership import clock
from partnership.management.mail_run import counted, refuse_without_mail, send_all
from partnership.operations.alerts import raise_alerts
from partnership.operations.digests import send_digest
from partnership.selectors.digests import digests_on

# After so many failures in a row the mail server is taken to be down.
FAILURES = 3


class Command(BaseCommand):
    help = (
        "Raises alerts, then sends the digests that people asked for: at most one e-mail a person a day, with no "
        "figure in it. A second run on the day sends nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sends what is due; fails, after sending what can be sent, when an e-mail could not be handed over."""
        refuse_without_mail()
        now, today = clock.now(), clock.today()
        for partnership in Partnership.objects.order_by("slug"):
            raise_alerts(partnership=partnership, at=now)
        due = digests_on(today, now=now)
        outcome = send_all((partial(send_digest, due=one, day=today, at=now) for one in due), failures=FAILURES)
        self.stdout.write(f"{day_words(today)}: {counted(outcome.sent, 'digest')} sent.")
        if outcome.failed:
            left = len(due) - outcome.done - outcome.refused
            raise CommandError(f"The mail server failed ({outcome.failure}): {left} not sent. Run it again.")
        if outcome.refused:
            raise CommandError(f"The mail server refused {counted(outcome.refused, 'digest')}. Check the addresses.")
