"""Answers one question: may this person do this, here, for this partner, on this day?"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from indicators.models import Membership, Partner, Partnership, Period, Succession, User
from indicators.questions import question
from indicators.roles import NOT_SCOPED_BY_PARTNER, Permission, Role, role_grants


@dataclass(frozen=True)
class Grant:
    """One membership that holds today: a role, for one partner (its id) or for the whole partnership (None)."""

    role: Role
    partner_id: int | None
    authority: str = ""


@dataclass(frozen=True)
class Inheritance:
    """That the functions of one partner passed to another on a day; ids of partners."""

    predecessor_id: int
    successor_id: int
    effective_on: date


def inherits(successions: Iterable[Inheritance], owner_id: int, heir_id: int | None, began_on: date) -> bool:
    """Whether one partner has taken over another's functions, in however many steps, for a period that began then."""
    held = tuple(successions)
    frontier = [s for s in held if s.predecessor_id == owner_id and began_on < s.effective_on]
    while frontier:
        step = frontier.pop()
        if step.successor_id == heir_id:
            return True
        # Each further step is later than the last, so this ends even where functions pass to and fro.
        frontier += [s for s in held if s.predecessor_id == step.successor_id and step.effective_on < s.effective_on]
    return False


def successions_on(partnership_id: int, on: date) -> tuple[Inheritance, ...]:
    """The partnership's successions in effect on that day. One query."""
    return tuple(
        Inheritance(s.predecessor_id, s.successor_id, s.effective_on)
        for s in Succession.objects.filter(predecessor__partnership=partnership_id, effective_on__lte=on)
    )


@dataclass(frozen=True)
class Access:
    """Everything a person may do in one partnership on one day; asked without further queries."""

    grants: tuple[Grant, ...] = ()
    successions: tuple[Inheritance, ...] = ()
    roles: tuple[Role, ...] = field(default=())
    partnership_id: int | None = None

    def can(
        self, permission: Permission, partner: Partner | None = None, period: Period | None = None, *,
        began_on: date | None = None,
    ) -> bool:  # fmt: skip
        """Whether the permission holds, for that partner's work on that period where it depends on a partner; or for
        what has no period and began on a day, as an action that was agreed then.

        A successor may do with a predecessor's work what its own membership allows, for periods that began before the
        functions passed over.
        """
        began_on = period.start_on if period is not None else began_on
        if partner is not None and partner.partnership_id != self.partnership_id:
            return False
        for grant in self.grants:
            if not role_grants(grant.role, permission, for_whole_partnership=grant.partner_id is None):
                continue
            if permission in NOT_SCOPED_BY_PARTNER or partner is None or grant.partner_id in {None, partner.pk}:
                return True
            if began_on is not None and self._inherited(partner.pk, grant.partner_id, began_on):
                return True
        return False

    def _inherited(self, owner_id: int, heir_id: int | None, began_on: date) -> bool:
        return inherits(self.successions, owner_id, heir_id, began_on)

    @property
    def is_member(self) -> bool:
        """Whether any membership holds today."""
        return bool(self.grants)


def access_for(user: User, partnership: Partnership, on: date) -> Access:
    """The person's memberships of that partnership on that day, with the successions in effect. One query, and another
    when a succession is first asked for."""
    if not user.is_active:
        return Access()
    return _access(_memberships_of(user.pk, partnership.pk, on), partnership.pk, on)


@question
def _memberships_of(user_id: int, place: int, on: date) -> QuerySet[Membership]:
    return Membership.objects.on(on).filter(user=user_id, partnership=place).order_by("role")


def _access(memberships: Sequence[Membership], partnership_id: int, on: date) -> Access:
    grants = tuple(Grant(Role(m.role), m.partner_id, m.authority) for m in memberships)
    if not grants:
        return Access()
    successions: Any = SimpleLazyObject(lambda: successions_on(partnership_id, on))
    return Access(grants, successions, tuple(dict.fromkeys(g.role for g in grants)), partnership_id)


@question
def _memberships(user_id: int, slug: str, on: date) -> QuerySet[Membership]:
    held = Membership.objects.on(on).filter(user=user_id, partnership__slug=slug)
    return held.order_by("role").select_related("partnership")


def entered(user: User, slug: str, on: date) -> tuple[Partnership, Access]:
    """The partnership with that slug and what the person may do there. One query. Raises Http404 for one that is none,
    or that the person is no member of on that day."""
    memberships = _memberships(user.pk, slug, on) if user.is_active else []
    if not memberships:
        raise Http404
    place = memberships[0].partnership
    return place, _access(memberships, place.pk, on)


def can(
    user: User,
    permission: Permission,
    partnership: Partnership,
    partner: Partner | None = None,
    *,
    on: date,
    period: Period | None = None,
) -> bool:
    """Whether the person may do this; the only such question in the project."""
    return access_for(user, partnership, on).can(permission, partner, period)


View = Callable[..., HttpResponse]


def requires(permission: Permission | None) -> Callable[[View], View]:
    """For views under a partnership's slug: finds the partnership and the person's access to it.

    The view is called with the partnership in place of the slug; `request.access` answers further questions. Someone
    who is no member gets 404, a member without the permission 403. None asks for membership alone.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(request: HttpRequest, partnership: str, *args: object, **kwargs: object) -> HttpResponse:
            found, access = entered(request.user, partnership, request.today)  # type: ignore[attr-defined, arg-type]
            request.partnership, request.access = found, access  # type: ignore[attr-defined]
            if permission is not None and not access.can(permission):
                raise PermissionDenied
            return view(request, found, *args, **kwargs)

        return checked

    return decorate
