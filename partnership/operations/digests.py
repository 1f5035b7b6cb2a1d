"""Sends digests of alerts by e-mail, each to one person and once a day."""

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from indicators.phrases import lowered
from partnership.alerts import DIGEST_WORDS
from partnership.digest_mail import digest_mail
from partnership.models import DigestSent
from partnership.operations.reminders import sent_once
from partnership.selectors.digests import DueDigest


def send_digest(*, due: DueDigest, day: date, at: datetime) -> bool:
    """Records that a person was sent a digest that day, with the alerts that it stands for, and hands the e-mail over;
    False where that was done before. Raises OSError as `send_reminder` does."""
    slug = due.partnership.slug
    mail = digest_mail(
        lines=due.lines,
        place=due.partnership.name,
        address=f"{settings.PUBLIC_URL}{reverse('alerts', args=[slug])}",
        settings_address=f"{settings.PUBLIC_URL}{reverse('alert_settings', args=[slug])}",
        how_often=lowered(DIGEST_WORDS[due.often]),
    )
    return sent_once(
        DigestSent,
        {"partnership": due.partnership, "user": due.user, "on": day},
        mail,
        f"{slug}.{due.user.pk}.digest.{day.isoformat()}",
        {"at": at, "is_weekly": due.is_weekly},
        {"operation": "send_digest", "user": due.user.pk, "number": len(due.alerts)},
        alerts=due.alerts,
    )
