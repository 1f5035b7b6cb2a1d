"""Reads how people come in: who is locked out, and what an administrator sees of one person's account."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings

from indicators.models import Membership, Partnership, User
from partnership.lock_out import OF_ACCOUNT, OF_BOTH
from partnership.operations.lock_outs import account_key


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
    return [people[pk] for pk in people if pk in locked_among(people.values(), moment)]


@dataclass(frozen=True)
class Account:
    """What an administrator sees of a person."""

    user: User
    memberships: tuple[Membership, ...]
    is_locked: bool


def account_in(partnership: Partnership, code: str, moment: datetime) -> Account | None:
    """The person with that code, if they have or had a role in the partnership. Three queries at most."""
    held = Membership.objects.filter(partnership=partnership, user__code=code).select_related("user", "partner")
    memberships = tuple(held.order_by("from_on", "pk"))
    if not memberships:
        return None
    user = memberships[0].user
    return Account(user, memberships, user.pk in locked_among([user], moment))
