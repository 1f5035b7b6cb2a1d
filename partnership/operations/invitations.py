"""Invites people by a link to their first password, and changes passwords."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet

from indicators.models import AuditEvent, Invitation, Partnership, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import known_on, operation
from indicators.operations.errors import WrongState
from indicators.operations.people import BY_MAIL, set_password
from partnership.account_mail import AccountMail, invitation_mail, reset_mail
from partnership.operations.closing_accounts import refuse_elsewhere
from partnership.selectors.accounts import counts_from

Kind = AuditEvent.Kind
DAYS = 3
NOT_SENT = "The e-mail could not be sent, so nothing was done. Try again later, or pass on a link instead."
# How long after a link to a new password was sent the next one is.
BETWEEN_RESETS = timedelta(minutes=5)


@dataclass(frozen=True)
class Link:
    """An address to pass on, made by the page from a secret that is kept nowhere; and whether it goes by e-mail."""

    address_of: Callable[[str], str]
    by_mail: bool = False


def secret_hash(secret: str) -> str:
    """What is kept of the secret of an invitation."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _send(mail: AccountMail, user: User) -> None:
    try:
        EmailMessage(mail.subject, mail.body, to=[user.email]).send()
    except (OSError, SMTPException) as error:
        raise WrongState(NOT_SENT) from error


@operation
def invite(*, user: User, partnership: Partnership, link: Link, by: User, at: datetime) -> str:
    """Makes the address under which a person sets their first password, in place of any before; it works once and for
    three days. Sends it, or gives it back to be passed on; empty when sent. Raises WrongState for who has a password,
    or an account that is closed, and when the e-mail cannot be sent; NotAllowed for who belongs to another partnership
    as well: its administrators would have to trust whoever gets the address."""
    refuse_elsewhere(user, partnership, at)
    if not user.is_active:
        raise WrongState(f"The account of {shown_as(user)} is deactivated. Reactivate it first.")
    if user.has_usable_password():
        raise WrongState(f"{shown_as(user)} has a password already.")
    _open(user).update(cancelled_at=at)  # one is open at a time
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user, partnership=partnership, by=by, at=at, ends_at=at + timedelta(days=DAYS), by_mail=link.by_mail,
        secret_sha256=secret_hash(secret),
    )  # fmt: skip
    record_audit(partnership=partnership, kind=Kind.INVITED, by=by, what=shown_as(user), at=at)
    address = link.address_of(secret)
    if not link.by_mail:
        return address
    from_on = counts_from(user, partnership, known_on(at))
    _send(invitation_mail(place=partnership.name, address=address, days=DAYS, from_on=from_on), user)
    return ""


def _open(user: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True)


@operation
def cancel_invitation(*, user: User, partnership: Partnership, by: User, at: datetime) -> None:
    """Makes the address that was passed on useless. Raises WrongState where none is open."""
    if not _open(user).filter(partnership=partnership).update(cancelled_at=at):
        raise WrongState(f"No invitation of {shown_as(user)} is open.")
    record_audit(partnership=partnership, kind=Kind.INVITATION_CANCELLED, by=by, what=shown_as(user), at=at)


def open_invitation(secret: str, at: datetime) -> Invitation | None:
    """The invitation that a secret belongs to, if it still holds: not used, not cancelled, not over. One query."""
    found = Invitation.objects.filter(
        Q(ends_at__gt=at), secret_sha256=secret_hash(secret), used_at__isnull=True, cancelled_at__isnull=True,
        user__is_active=True,
    )  # fmt: skip
    return found.select_related("user", "partnership").first()


@operation
def accept_invitation(*, invitation: Invitation, password: str, at: datetime) -> None:
    """Sets the first password. Raises WrongState when the invitation was used or cancelled meanwhile."""
    still = Invitation.objects.select_for_update().filter(pk=invitation.pk, used_at=None, cancelled_at=None)
    if not still.update(used_at=at):
        raise WrongState("This link is over. Ask an administrator of your partnership for a new one.")
    change_password(user=invitation.user, password=password, what="First password, by invitation", at=at)


@operation
def change_password(*, user: User, password: str, what: str, at: datetime) -> None:
    """Sets a password that its owner has chosen, which signs them out everywhere; `what` says how they came to it."""
    set_password(user=user, password=password, by=user)
    record_audit(partnership=None, kind=Kind.PASSWORD_CHANGED, by=user, what=what, at=at)


@operation
def send_reset(*, email: str, address_of: Callable[[User], str], at: datetime) -> bool:
    """Sends a link to a new password, if the address belongs to somebody who has one: not to who signs in elsewhere,
    was only invited, or is deactivated, and once in five minutes. Whether it was sent, which nobody may be told."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None or not user.has_usable_password():
        return False
    if AuditEvent.objects.filter(by=user, kind=Kind.RESET_ASKED, at__gt=at - BETWEEN_RESETS).exists():
        return False
    record_audit(partnership=None, kind=Kind.RESET_ASKED, by=user, what=BY_MAIL, at=at)
    _send(reset_mail(address=address_of(user)), user)
    return True
