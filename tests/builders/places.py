"""Partnerships, partners, people, roles and gates."""

import pickle
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.test import Client

from indicators.models import (
    AuditEvent,
    GateHolder,
    Membership,
    Partner,
    Partnership,
    Succession,
    User,
)
from indicators.operations import loading, people
from indicators.questions import question
from indicators.roles import Role
from tests.builders.basics import AUTHORITY, LONG_AGO, NOW, PASSWORD, numbers


def a_partnership(slug: str = "northshire", gss_code: str = "E06000099") -> Partnership:
    """An authority area; the same one every time it is asked for."""
    for held in _partnerships(slug):
        return held
    name = slug.capitalize()
    return loading.add_partnership(
        slug=slug, name=f"{name} children's partnership", authority_name=f"{name} Council", gss_code=gss_code
    )


@question
def _partnerships(slug: str) -> QuerySet[Partnership]:
    return Partnership.objects.filter(slug=slug).order_by()


def a_partner(code: str = "trust", *, partnership: Partnership | None = None, kind: str = "") -> Partner:
    """An organisation of the partnership: trust, council, police … The same one every time."""
    partnership = partnership or a_partnership()
    kind = kind or (code if code in Partner.Kind.values else "other")
    names = {"trust": "Children's Trust", "council": "Council", "police": "Police"}
    defaults = {"kind": kind, "name": f"{partnership.slug.capitalize()} {names.get(code, code.capitalize())}"}
    for held in _partners(partnership.pk, code):
        return held
    return Partner.objects.create(partnership=partnership, code=code, **defaults)


@question
def _partners(partnership: int, code: str) -> QuerySet[Partner]:
    return Partner.objects.filter(partnership=partnership, code=code).order_by()


def a_user(
    role: Role | str | None = None,
    *,
    partner: Partner | None = None,
    partnership: Partnership | None = None,
    email: str = "",
    display_name: str = "",
    from_on: date = LONG_AGO,
    until_on: date | None = None,
    is_superuser: bool = False,
) -> User:
    """A person, with one membership if a role is given: of the partner, or else of the whole partnership (an analyst
    always works for a partner: the trust, if none is given). The password is PASSWORD."""
    number = next(numbers)
    role = Role(role) if role else None
    word = role.value.replace("_", "-") if role else "person"
    user = people.add_user(
        email=email or f"{word}-{number}@example.org",
        display_name=display_name or f"{word.replace('-', ' ').capitalize()} {number}",
        password=PASSWORD,
        by=None,
    )
    if is_superuser:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    if role:
        if role is Role.ANALYST and partner is None:
            partner = a_partner(partnership=partnership)
        partnership = partnership or (partner.partnership if partner else a_partnership())
        a_membership(user, role, partner=partner, partnership=partnership, from_on=from_on, until_on=until_on)
    return user


def a_membership(
    user: User,
    role: Role | str,
    *,
    partner: Partner | None = None,
    partnership: Partnership | None = None,
    from_on: date = LONG_AGO,
    until_on: date | None = None,
) -> Membership:
    """A role for a person who is there already."""
    partnership = partnership or (partner.partnership if partner else a_partnership())
    return people.grant_membership(
        user=user, role=Role(role), partnership=partnership, partner=partner, from_on=from_on, until_on=until_on,
        authority=AUTHORITY, by=None, at=NOW,
    )  # fmt: skip


@dataclass(frozen=True)
class Gates:
    """The people of one partner's returns: two who enter, and lead and deputy of both gates."""

    analyst: User
    second_analyst: User
    lead: User
    lead_deputy: User
    acceptor: User
    acceptor_deputy: User


def the_people(partner: Partner | None = None) -> Gates:
    """The people of a partner's returns, all six of them different; the same ones every time."""
    partner = partner or a_partner()
    domain = f"{partner.partnership.slug}.example.org"
    addresses = {f"{name}.{partner.code}@{domain}": name for name in Gates.__dataclass_fields__}
    found = {addresses[user.email]: user for user in _users(list(addresses))}
    if len(found) == len(addresses):
        return Gates(**found)
    if found or GateHolder.objects.filter(partner=partner).exists():
        return _new_people(partner)
    key = domain, str(partner), partner.code
    if key in _people:
        return _people_again(partner, _people[key])
    last = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    people_made = _new_people(partner)
    users = list(vars(people_made).values())
    rows: list[list[Any]] = [
        users,
        list(Membership.objects.filter(user__in=users).order_by("pk")),
        list(GateHolder.objects.filter(partner=partner).order_by("pk")),
        list(AuditEvent.objects.filter(pk__gt=last).order_by("pk")),
    ]
    _people[key] = pickle.dumps(rows)
    return people_made


# Most tests begin with the people of a partner, whom the operations make one by one. What they made once is kept, and
# put there for the next partner of that name.
_people: dict[tuple[str, str, str], bytes] = {}


@question
def _users(emails: list[str]) -> QuerySet[User]:
    return User.objects.filter(email__in=emails).order_by()


def _people_again(partner: Partner, kept: bytes) -> Gates:
    users, *others = pickle.loads(kept)  # noqa: S301
    before = {user.pk: user for user in users}
    for row in (*users, *(row for rows in others for row in rows)):
        row.pk, row._state.adding = None, True
    User.objects.bulk_create(users)
    for rows in others:
        for row in rows:
            for name, value in (("user", before.get(getattr(row, "user_id", None))), ("partner", partner)):
                if getattr(row, f"{name}_id", None):
                    setattr(row, name, value)
            if hasattr(row, "partnership_id"):
                row.partnership = partner.partnership
        type(rows[0]).objects.bulk_create(rows)
    return Gates(*users)


def _new_people(partner: Partner) -> Gates:
    domain, made = f"{partner.partnership.slug}.example.org", {}
    for name in Gates.__dataclass_fields__:
        role = Role.ANALYST if name in {"analyst", "second_analyst"} else Role.APPROVER
        made[name] = a_user(
            role,
            partner=None if name.startswith("acceptor") else partner,
            partnership=partner.partnership,
            email=f"{name}.{partner.code}@{domain}",
            display_name=f"{partner.code.capitalize()} {name.replace('_', ' ')}",
        )
    for gate, lead, deputy in (("sign_off", "lead", "lead_deputy"), ("acceptance", "acceptor", "acceptor_deputy")):
        a_gate_holder(made[lead], partner, gate)
        a_gate_holder(made[deputy], partner, gate, is_deputy=True)
    return Gates(**made)


def a_gate_holder(
    user: User, partner: Partner | None = None, gate: str = "sign_off", *, is_deputy: bool = False,
    from_on: date = LONG_AGO, as_found: bool = False,
) -> GateHolder:  # fmt: skip
    """Names a person lead or deputy of a gate ("sign_off", "acceptance"). `as_found` puts the row there without asking,
    as an older database may hold it."""
    if as_found:
        own = GateHolder.objects.filter(partner=partner or a_partner(), gate=gate, is_deputy=is_deputy)
        own.update(until_on=from_on - timedelta(days=1))
        return GateHolder.objects.create(
            partner=partner or a_partner(), gate=gate, user=user, is_deputy=is_deputy, from_on=from_on,
            authority=AUTHORITY,
        )  # fmt: skip
    return people.name_gate_holder(
        partner=partner or a_partner(), gate=gate, user=user, is_deputy=is_deputy, from_on=from_on,
        authority=AUTHORITY, by=None, at=NOW,
    )  # fmt: skip


def a_succession(predecessor: Partner, successor: Partner, effective_on: date) -> Succession:
    """Functions that passed over on a day."""
    return Succession.objects.create(
        predecessor=predecessor, successor=successor, effective_on=effective_on, functions="All", authority=AUTHORITY
    )


def a_browser(user: User) -> Client:
    """A browser in which that person is signed in: its session alone, without what a sign-in records besides, which
    takes as long as a page."""
    session, client = SessionStore(), Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    session.update(
        {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: user.get_session_auth_hash()}
    )
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def signs_in(client: Client, email: str, password: str) -> bool:
    """Whether the sign-in page lets this person in, with one step or up to the second."""
    return client.post("/sign-in/", {"email": email, "password": password}).status_code == 302
