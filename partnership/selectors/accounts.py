"""Reads how people come in: who is locked out, and what an administrator sees of one person's account."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators.models import Invitation, Membership, Partnership, User
from partnership.lock_out import OF_ACCOUNT, OF_BOTH
from partnership.operations.lock_outs import account_key
from partnership.second_factor import must_have
from partnership.session_times import seconds_left

# What a session says of itself when the second factor was given in it.
PASSED = "second_factor_passed"
# And the machine's moment at which something was last done in it.
SEEN = "last_seen"


def counts_from(user: User, partnership: Partnership, today: date) -> date | None:
    """The day from which a person first has a role in a partnership, where that is still to come; None where one
    holds, or none ever will. Two queries."""
    roles = Membership.objects.filter(user=user, partnership=partnership)
    coming = None if roles.on(today).exists() else roles.after(today).first()
    return coming.from_on if coming else None


def ended_role(user: User, slug: str, today: date) -> Membership | None:
    """The person's last role in a partnership where none holds any more; None where one does, or none ever did."""
    roles = Membership.objects.filter(user=user, partnership__slug=slug)
    if roles.on(today).exists():
        return None
    return roles.filter(until_on__lt=today).select_related("partnership").order_by("until_on").last()


def locked_among(people: Iterable[User], moment: datetime) -> set[int]:
    """The numbers of those whose account is locked at that moment of the machine, from one client or from anywhere.
    One query."""
    keys = {account_key(person.email): person.pk for person in people}
    since = moment - settings.AXES_COOLOFF_TIME
    of_both: Counter[tuple[str, str]] = Counter()
    of_account: Counter[str] = Counter()
    for row in AccessAttempt.objects.filter(username__in=keys, attempt_time__gte=since):
        of_both[row.username, row.ip_address] += row.failures_since_start
        of_account[row.username] += row.failures_since_start
    locked = {key for (key, _), number in of_both.items() if number >= OF_BOTH}
    locked |= {key for key, number in of_account.items() if number >= OF_ACCOUNT}
    return {keys[key] for key in locked}


def locked_users(memberships: Iterable[Membership], moment: datetime) -> list[User]:
    """Who of these members is locked out, by name. One query."""
    people = {m.user_id: m.user for m in memberships}
    locked = locked_among(people.values(), moment)
    return [user for pk, user in people.items() if pk in locked]


def has_factor(user: User) -> bool:
    """Whether the person has a second factor. One query."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def needs_factor(user: User, on: date) -> bool:
    """Whether the person must have a second factor that day: an approver or administrator of any partnership, where
    the service requires it. One query at most."""
    if settings.SECOND_FACTOR != "required":
        return False
    return must_have(Membership.objects.on(on).filter(user=user).values_list("role", flat=True))


def lacks_factor(request: HttpRequest) -> bool:
    """Whether a signed-in person must have a second factor and did not give it in this session, as after being made an
    approver meanwhile. One query at most, and none for who gave it."""
    if settings.SECOND_FACTOR != "required" or request.session.get(PASSED):
        return False
    return needs_factor(request.user, request.today)


def session_left(request: HttpRequest, moment: datetime) -> tuple[int, bool]:
    """How many seconds the session lasts from the machine's moment if nothing is done, and whether doing something
    would make that longer. No query."""
    seen = request.session.get(SEEN, moment.timestamp())
    day_left = (request.session.get_expiry_date() - moment).total_seconds()
    return seconds_left(seen, moment.timestamp(), settings.SESSION_IDLE_MINUTES, day_left)


def sends_mail() -> bool:
    """Whether e-mails can be sent: in production once a mail server is named."""
    return bool(settings.EMAIL_HOST) or not settings.IN_PRODUCTION


def codes_left(user: User) -> int:
    """How many recovery codes the person still has. One query."""
    return StaticToken.objects.filter(device__user=user).count()


@dataclass(frozen=True)
class Account:
    """What an administrator sees of a person."""

    user: User
    memberships: tuple[Membership, ...]
    is_locked: bool
    has_factor: bool
    invitation: Invitation | None


def _latest_invitation(user: User) -> Invitation | None:
    """The latest invitation of somebody who has no password yet."""
    return None if user.has_usable_password() else user.invitations.order_by("-pk").first()


def account_in(partnership: Partnership, code: str, moment: datetime) -> Account | None:
    """The person with that code, if they have or had a role in the partnership. Five queries at most."""
    held = Membership.objects.filter(partnership=partnership, user__code=code).select_related("user", "partner")
    memberships = tuple(held.order_by("from_on", "pk"))
    if not memberships:
        return None
    user = memberships[0].user
    return Account(
        user, memberships, user.pk in locked_among([user], moment), has_factor(user), _latest_invitation(user)
    )
