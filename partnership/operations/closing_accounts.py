"""Closes an account, opens it again, and in the end takes the name out of everything that is not a figure or a pack."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Q
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators import triggers
from indicators.models import AuditEvent, Invitation, Membership, Partnership, SingleSignOn, User
from indicators.operations.audit import WHAT_MAX, record_audit, shown_as
from indicators.operations.basics import ACTOR_MAX, known_on, operation
from indicators.operations.errors import NotAllowed, WrongState
from indicators.operations.people import LAST_ADMINISTRATOR, end_sessions, hold_administrators
from indicators.roles import ROLE_WORDS, Role
from partnership.models import AlertRead, AlertSubscription, BodyStep, DigestSent

Kind = AuditEvent.Kind
NAME_MAX = 80


def refuse_elsewhere(user: User, partnership: Partnership, at: datetime, *, ever: bool = False) -> None:
    """Raises NotAllowed where the account also belongs to another partnership, today or later, or did `ever`: it is not
    this one's to close or open, to give a password, to take a second factor from, or to give out."""
    elsewhere = Membership.objects.filter(user=user).exclude(partnership=partnership)
    if not ever:
        elsewhere = elsewhere.exclude(until_on__lt=known_on(at))
    if elsewhere.exists():
        raise NotAllowed(
            f"{shown_as(user)} has a role in another partnership too, so this is not for one partnership to do. Ask "
            "whoever looks after this service."
        )


@operation
def deactivate(*, user: User, partnership: Partnership, by: User, at: datetime) -> None:
    """Closes an account at once: every session ends with its next request, and open invitations and second factors are
    void. What the person did stays as it is. Raises NotAllowed for the own account, the last administrator and who
    belongs to another partnership as well; WrongState for one that is closed."""
    if user.pk == by.pk:
        raise NotAllowed("Ask another administrator to deactivate your own account.")
    hold_administrators(partnership.pk)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise WrongState(f"The account of {shown_as(user)} is deactivated already.")
    refuse_elsewhere(user, partnership, at)
    others = Membership.objects.on(known_on(at)).administrators().filter(partnership=partnership)
    if not others.exclude(user=user).exists():
        raise NotAllowed(LAST_ADMINISTRATOR)
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=at)
    user.is_active = False
    end_sessions(user)
    _void(user, at)
    record_audit(partnership=partnership, kind=Kind.DEACTIVATED, by=by, what=shown_as(user), at=at)


def _void(user: User, at: datetime) -> None:
    Invitation.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=at)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


@operation
def reactivate(*, user: User, partnership: Partnership, by: User, at: datetime) -> None:
    """Opens an account again, with the password of before and without a second factor. Raises WrongState for one that
    is open, or whose name was taken out, NotAllowed for who belongs to another partnership as well."""
    if user.is_active:
        raise WrongState(f"The account of {shown_as(user)} is open.")
    if user.pseudonymised_at is not None:
        raise WrongState("This person was pseudonymised. Give the role to a new account.")
    refuse_elsewhere(user, partnership, at)
    User.objects.filter(pk=user.pk).update(is_active=True, deactivated_at=None)
    record_audit(partnership=partnership, kind=Kind.REACTIVATED, by=by, what=shown_as(user), at=at)


@dataclass(frozen=True)
class Renamed:
    """What pseudonymising changes: what the person is called from now on, and by table the number of rows."""

    name: str
    rows: dict[str, int]


def pseudonym_of(user: User) -> str:
    """The role that the person had last, and where: "Former performance analyst, Northshire Children's Trust"."""
    last = user.memberships.select_related("partner", "partnership").order_by("from_on", "pk").last()
    if last is None:
        return "Former member"
    place = last.partner.name if last.partner else last.partnership.authority_name
    return f"Former {ROLE_WORDS[Role(last.role)].lower()}, {place}"[:NAME_MAX]


# The column that holds a name, and the one that says whose it is.
_NAMES = (("actor", "by"), ("actor", "recorded_by"), ("actor", "owner"), ("withdrawn_actor", "withdrawn_by"))


def _named_in() -> list[tuple[Any, str, str]]:
    """Every model that keeps a name beside the person: the model, the column of the name, the column of the person."""
    found = []
    for model in apps.get_models():
        columns = {field.name for field in model._meta.concrete_fields}
        for name in ("actor", "withdrawn_actor"):
            pair = next(((n, person) for n, person in _NAMES if n == name and {n, person} <= columns), None)
            if pair:
                found.append((model, *pair))
    return found


def _names_of(user: User) -> set[str]:
    """What the person was ever called on record, without a name that somebody else has: lines with it may be theirs."""
    names = {user.display_name, user.email, shown_as(user)}
    for model, name, person in _named_in():
        names.update(model._base_manager.filter(**{person: user}).values_list(name, flat=True).distinct())
    others = set(User.objects.exclude(pk=user.pk).values_list("display_name", flat=True))
    return {name for name in names if name} - others


def _mentions(names: set[str]) -> list[tuple[Any, int, str]]:
    """Lines of the record that tell of the person as somebody to whom something was done: model, row, its words."""
    found = []
    for model in (AuditEvent, BodyStep):
        hit = Q(pk__in=[])
        for name in names:
            hit |= Q(what__contains=name)
        found += [(model, row.pk, row.what) for row in model._base_manager.filter(hit)]
    return found


def what_would_change(user: User) -> Renamed:
    """What pseudonymising this person would change; nothing is changed."""
    rows: dict[str, int] = {}
    for model, _, person in _named_in():
        number = model._base_manager.filter(**{person: user}).count()
        if number:
            rows[model._meta.db_table] = rows.get(model._meta.db_table, 0) + number
    mentions = len(_mentions(_names_of(user)))
    return Renamed(pseudonym_of(user), rows | ({"lines of the record about the person": mentions} if mentions else {}))


@operation
def pseudonymise(*, user: User, reason: str, at: datetime) -> Renamed:
    """Puts role and organisation in place of a person's name and address in the account, the audit and every history;
    figures, packs, manifests and stored documents stay as they are. It cannot be undone.

    Raises WrongState for an account that is open or was pseudonymised before, and without a reason. Whether the time
    of keeping is over is the caller's to ask.
    """
    if user.is_active:
        raise WrongState("The account is open. Deactivate it first.")
    if user.pseudonymised_at is not None:
        raise WrongState("This person was pseudonymised before.")
    if not reason.strip():
        raise WrongState("Say why.")
    told, names = what_would_change(user), sorted(_names_of(user), key=len, reverse=True)
    mentions = _mentions(set(names))
    # An error rolls the whole transaction back, and with it the lifting of the protection.
    triggers.remove(connection)
    for model, name, person in _named_in():
        model._base_manager.filter(**{person: user}).update(**{name: told.name[:ACTOR_MAX]})
    for model, pk, what in mentions:
        model._base_manager.filter(pk=pk).update(what=_without(what, names, told.name))
    for held in (AlertRead, AlertSubscription, DigestSent, SingleSignOn):
        held.objects.filter(user=user).delete()
    _void(user, at)
    User.objects.filter(pk=user.pk).update(
        email=f"{user.code}@pseudonym.invalid", display_name=told.name, last_login=None, pseudonymised_at=at,
        password=make_password(None),
    )  # fmt: skip
    connection.check_constraints()
    triggers.reinstall(connection)
    for place in Partnership.objects.filter(memberships__user=user).distinct():
        what = f"{told.name}: {reason.strip()}"
        record_audit(partnership=place, kind=Kind.PSEUDONYMISED, by=None, what=what, at=at)
    return told


def _without(text: str, names: Sequence[str], name: str) -> str:
    """The text with another name in place of each of these, where it stands as a word of its own."""
    for former in names:
        text = re.sub(rf"(?<!\w){re.escape(former)}(?!\w)", name.replace("\\", r"\\"), text)
    return text[:WHAT_MAX]
