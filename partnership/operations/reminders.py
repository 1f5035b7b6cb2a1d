"""Sends reminders of returns by e-mail, each to one person and once a day."""

import logging
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators.models import ReminderSent
from partnership.reminder_mail import reminder_mail
from partnership.selectors.reminders import Reminder

log = logging.getLogger("operations")


def send_reminder(*, reminder: Reminder, day: date, at: datetime) -> bool:
    """Records that a person was reminded that day and hands the e-mail over; False where that was done before.

    The row is written first and the mail is the last thing in the same transaction. Whatever fails or dies between the
    two takes the row back, so that the next run sends the mail: it is not lost, and it has not gone out. Two runs at
    once send one mail, because the second waits for the first one's row. What remains is the moment after the mail
    server has taken the mail and before the row is committed: who dies there sends it again, with the same Message-ID,
    by which mail programs know a second copy. This is not an `operation`, as a transaction that is tried again would
    send the mail again. On SQLite other writers wait while a mail is handed over, EMAIL_TIMEOUT at most.

    Raises OSError (of which SMTPException is one) when the mail could not be handed over.
    """
    row, user, kind = reminder.row, reminder.user, reminder.kind.value
    key = {"in_return": row, "user": user, "kind": kind, "on": day}
    try:
        with transaction.atomic():
            ReminderSent.objects.create(**key, at=at)
            _message(reminder, day).send()
    except IntegrityError:
        if not ReminderSent.objects.filter(**key).exists():
            raise
        return False
    log.info(
        "send_reminder return=%d user=%d kind=%s",
        row.pk,
        user.pk,
        kind,
        extra={"operation": {"operation": "send_reminder", "return": row.pk, "user": user.pk, "kind": kind}},
    )
    return True


def _message(reminder: Reminder, day: date) -> EmailMessage:
    row = reminder.row
    key = [row.round.partnership.slug, row.round.scorecard.code, row.round.period.slug, row.partner.code, row.number]
    mail = reminder_mail(
        name=f"{row.round.scorecard.name}, {row.round.period.label}",
        partner=row.partner.name,
        due_on=row.round.due_on,
        stands=reminder.stands,
        address=f"{settings.PUBLIC_URL}{reverse('return', args=key)}",
        why=reminder.why,
    )
    host = urlsplit(settings.PUBLIC_URL).hostname
    name = f"reminder.{row.pk}.{reminder.user.pk}.{reminder.kind.value}.{day.isoformat()}"
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, to=[reminder.user.email], headers=headers)
