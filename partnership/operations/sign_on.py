"""Whom a provider of identities means: the account that an administrator invited, bound to its issuer and subject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from indicators.models import AuditEvent, Membership, SingleSignOn, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import known_on, operation
from indicators.operations.errors import NotAllowed

Kind = AuditEvent.Kind
NOT_INVITED = "There is no account for you here. Ask an administrator of your partnership to invite you."
UNVERIFIED = (
    "It is not said that your e-mail address is verified, so you could not be matched with your account. Ask whoever "
    "looks after your organisation’s accounts."
)
CLOSED = "Your account is deactivated. Ask an administrator of your partnership."
BOUND_ELSEWHERE = (
    "Your account is bound to another identity with the same address. Ask an administrator of your partnership."
)


@operation
def person_of(*, issuer: str, subject: str, claims: Mapping[str, Any], at: datetime) -> User:
    """The account of who proved at the provider that they are this subject. The first time it is found by the verified
    e-mail address among those that were invited, and bound; later an address that changed or was given to somebody else
    changes nothing. Raises NotAllowed with what to do."""
    bound = SingleSignOn.objects.filter(issuer=issuer, subject=subject).select_related("user").first()
    if bound is not None:
        return _open(bound.user)
    email = claims.get("email")
    if not email or claims.get("email_verified") is not True:
        raise NotAllowed(UNVERIFIED)
    user = User.objects.filter(email__iexact=str(email)).first()
    if user is None or not _is_invited(user, at):
        raise NotAllowed(NOT_INVITED)
    _open(user)
    if SingleSignOn.objects.filter(user=user).exists():
        raise NotAllowed(BOUND_ELSEWHERE)
    SingleSignOn.objects.create(user=user, issuer=issuer, subject=subject, at=at)
    user.invitations.filter(used_at__isnull=True, cancelled_at__isnull=True).update(used_at=at)
    record_audit(partnership=None, kind=Kind.SIGN_ON_BOUND, by=user, what="At the first sign-in", at=at)
    return user


def _open(user: User) -> User:
    if not user.is_active:
        raise NotAllowed(CLOSED)
    return user


def _is_invited(user: User, at: datetime) -> bool:
    """Whether an administrator gave the person a role that holds, and did not cancel the invitation."""
    if not Membership.objects.on(known_on(at)).filter(user=user).exists():
        return False
    latest = user.invitations.order_by("-pk").first()
    return user.has_usable_password() or latest is None or latest.cancelled_at is None


@operation
def record_refused_sign_on(*, why: str, at: datetime, request_id: str = "") -> None:
    """That a sign-in through the provider was refused; of whom is not kept, for nobody was proved to be anybody."""
    what = f"Single sign-on: {why}"
    record_audit(partnership=None, kind=Kind.SIGN_IN_FAILED, by=None, what=what, at=at, request_id=request_id)
