"""Named exception to purity: the only module that reads the time. Everybody else is given it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment, aware; in the demonstration the pretended day with the real time of day."""
    real = timezone.now()
    if settings.DEMO_TODAY is None:
        return real
    local = real.astimezone(LONDON)
    return local.replace(
        year=settings.DEMO_TODAY.year, month=settings.DEMO_TODAY.month, day=settings.DEMO_TODAY.day, fold=0
    )


def machine_now() -> datetime:
    """The present moment, also where the demonstration pretends another day: for sessions, codes and lock-outs."""
    return timezone.now()


def today() -> date:
    """The present date in London."""
    return now().astimezone(LONDON).date()
