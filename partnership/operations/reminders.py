"""Sends reminders of returns, actions and exception reports by e-mail, each to one person and once a day."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators.models import ReminderSent
from partnership.models import Alert, DigestSent, GovernanceReminder
from partnership.reminder_mail import DueLine, ReminderMail, governance_mail, reminder_mail
from partnership.selectors.owed import GovernanceDue
from partnership.selectors.reminders import Reminder

log = logging.getLogger("operations")


def send_reminder(*, reminder: Reminder, day: date, at: datetime) -> bool:
    """Records that a person was reminded of a return that day and hands the e-mail over; False where that was done
    before. Raises OSError (of which SMTPException is one) when the mail could not be handed over."""
    row, user, kind = reminder.row, reminder.user, reminder.kind.value
    key = {"in_return": row, "user": user, "kind": kind, "on": day}
    name = f"{row.pk}.{user.pk}.{kind}.{day.isoformat()}"
    told = {"operation": "send_reminder", "return": row.pk, "user": user.pk, "kind": kind}
    return sent_once(ReminderSent, key, _mail(reminder), name, {"at": at}, told)


def _mail(reminder: Reminder) -> ReminderMail:
    row = reminder.row
    assert row.round.due_on is not None  # noqa: S101
    key = [row.round.partnership.slug, row.round.scorecard.code, row.round.period.slug, row.partner.code, row.number]
    return reminder_mail(
        name=f"{row.round.scorecard.name}, {row.round.period.label}",
        partner=row.partner.name,
        due_on=row.round.due_on,
        stands=reminder.stands,
        address=f"{settings.PUBLIC_URL}{reverse('return', args=key)}",
        why=reminder.why,
    )


def send_governance_reminder(*, due: GovernanceDue, day: date, at: datetime) -> bool:
    """Records that a person was reminded that day of what they owe to meetings and hands the e-mail over; False where
    that was done before. Raises OSError as `send_reminder` does."""
    key = {"partnership": due.partnership, "user": due.user, "on": day}
    name = f"{due.partnership.slug}.{due.user.pk}.governance.{day.isoformat()}"
    told = {"operation": "send_governance_reminder", "user": due.user.pk, "number": len(due.things)}
    return sent_once(GovernanceReminder, key, _governance_mail(due), name, {"at": at}, told)


def _governance_mail(due: GovernanceDue) -> ReminderMail:
    lines = [
        DueLine(
            f"{thing.what} {thing.number}",
            thing.due_on,
            thing.stands,
            f"{settings.PUBLIC_URL}{reverse(thing.page, args=[due.partnership.slug, thing.number])}",
        )
        for thing in due.things
    ]
    return governance_mail(lines=lines)


def sent_once(
    rows: type[ReminderSent] | type[GovernanceReminder] | type[DigestSent], key: dict[str, Any], mail: ReminderMail,
    name: str, more: dict[str, Any], told: dict[str, Any], *, alerts: Sequence[Alert] = (),
) -> bool:  # fmt: skip
    """Writes the row of a reminder and hands its mail over to the row's person; False where the row stood there before.
    `name`: what tells the mail from every other; `more`: what the row holds beside its key; `told`: what the log says
    of it, the operation first; `alerts`: what a digest stands for.

    The row is written first and the mail is the last thing in the same transaction. Whatever fails or dies between the
    two takes the row back, so that the next run sends the mail: it is not lost, and it has not gone out. Two runs at
    once send one mail, because the second waits for the first one's row. What remains is the moment after the mail
    server has taken the mail and before the row is committed: who dies there sends it again, with the same Message-ID,
    by which mail programs know a second copy. This is not an `operation`, as a transaction that is tried again would
    send the mail again. On SQLite other writers wait while a mail is handed over, EMAIL_TIMEOUT at most.
    """
    host = urlsplit(settings.PUBLIC_URL).hostname
    headers = {"Message-ID": f"<reminder.{name}@{host}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(mail.subject, mail.body, to=[key["user"].email], headers=headers)
    try:
        with transaction.atomic():
            row: Any = rows.objects.create(**key, **more)
            if alerts:
                row.alerts.set(alerts)
            message.send()
    except IntegrityError:
        if not rows.objects.filter(**key).exists():
            raise
        return False
    said = " ".join(f"{word}={value}" for word, value in told.items() if word != "operation")
    log.info("%s %s", told["operation"], said, extra={"operation": told})
    return True
