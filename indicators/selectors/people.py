"""Reads who may do what in a partnership on a day."""

from datetime import date

from indicators.models import Membership, Partnership, User
from indicators.permissions import Access, Grant, successions_on
from indicators.roles import Role


def accesses_on(partnership: Partnership, on: date) -> list[tuple[User, Access]]:
    """Everybody active who is a member that day, with what they may do, by name. Two queries."""
    grants: dict[User, list[Grant]] = {}
    held = Membership.objects.on(on).filter(partnership=partnership, user__is_active=True).select_related("user")
    for row in held.order_by("user__display_name", "user__pk", "pk"):
        grants.setdefault(row.user, []).append(Grant(Role(row.role), row.partner_id, row.authority))
    passed = successions_on(partnership.pk, on)
    return [
        (user, Access(tuple(own), passed, tuple(dict.fromkeys(g.role for g in own)), partnership.pk))
        for user, own in grants.items()
    ]
