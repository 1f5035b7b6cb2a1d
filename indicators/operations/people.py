"""Gives people access, and names who holds the gates of a return."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Q

from indicators.models import AuditEvent, GateHolder, Invitation, Membership, Partner, Partnership, SingleSignOn, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import hold, known_on, operation
from indicators.operations.errors import WrongState
from indicators.roles import OF_ONE_PARTNER, ROLE_WORDS, Role

LAST_ADMINISTRATOR = "This is the last administrator who can sign in. Give the role to somebody else first."
# How a password came to be, where its owner read their e-mail to choose it.
BY_MAIL = "By e-mail"


@operation
def add_user(*, email: str, display_name: str, password: str | None, by: User | None) -> User:
    """A person who can sign in; without a password only once one is set. Raises WrongState for a bad address."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise WrongState(f"“{email[:60]}” is not an e-mail address.") from error
    if User.objects.filter(email__iexact=email).exists():
        raise WrongState(f"{email} is known already.")
    return User.objects.create_user(email, password, display_name=display_name)


@operation
def grant_membership(
    *, user: User, role: Role, partnership: Partnership, partner: Partner | None, from_on: date, authority: str,
    by: User | None, at: datetime, until_on: date | None = None,
) -> Membership:  # fmt: skip
    """Gives a role from a day on. Raises WrongState when the role needs a partner, or dates and authority are wrong."""
    if partner is None and role in OF_ONE_PARTNER:
        raise WrongState(f"A {ROLE_WORDS[role].lower()} works for one partner: choose which.")
    if partner is not None and partner.partnership_id != partnership.pk:
        raise WrongState(f"{partner} does not belong to {partnership}.")
    if until_on is not None and until_on < from_on:
        raise WrongState("The last day lies before the first.")
    if not authority.strip():
        raise WrongState("Say who decided this, and where.")
    held = Membership.objects.filter(user=user, role=role, partnership=partnership, partner=partner)
    if held.filter(until_on__isnull=True).exists():
        raise WrongState("This person has that role already.")
    made = Membership.objects.create(
        user=user, role=role, partnership=partnership, partner=partner, from_on=from_on, until_on=until_on,
        authority=authority.strip(),
    )  # fmt: skip
    until = f" until {until_on.isoformat()}" if until_on else ""
    what = f"{_role_words(made)}, from {from_on.isoformat()}{until}"
    record_audit(partnership=partnership, kind=AuditEvent.Kind.ROLE_GRANTED, by=by, what=what, at=at)
    return made


def _role_words(membership: Membership) -> str:
    """ "New analyst: performance analyst for the Children's Trust"."""
    scope = membership.partner or "the whole partnership"
    return f"{shown_as(membership.user)}: {ROLE_WORDS[Role(membership.role)].lower()} for {scope}"


def hold_administrators(partnership_id: int) -> None:
    """Lets one at a time take away an administrator of a partnership: of two who go at once each would count the
    other as there. Called inside an operation; nothing else of the partnership waits for it."""
    hold(Partnership, partnership_id)


@operation
def end_membership(*, membership: Membership, until_on: date, by: User, at: datetime) -> None:
    """Ends a role after a last day; what the person did stays as it is. The last administrator who can sign in
    stays. Raises WrongState also where the role was ended since the page was opened."""
    hold_administrators(membership.partnership_id)
    if Membership.objects.get(pk=membership.pk).until_on != membership.until_on:
        raise WrongState("This role was ended meanwhile. Nothing was done; look at it again.")
    if until_on < membership.from_on:
        raise WrongState("The last day lies before the first.")
    others = Membership.objects.administrators().filter(
        partnership=membership.partnership_id, until_on__isnull=True, from_on__lte=until_on
    )
    if membership.role == Role.ADMINISTRATOR and not others.exclude(user=membership.user_id).exists():
        raise WrongState(LAST_ADMINISTRATOR)
    membership.until_on = until_on
    membership.save(update_fields=["until_on"])
    what = f"{_role_words(membership)}, until {until_on.isoformat()}"
    record_audit(partnership=membership.partnership, kind=AuditEvent.Kind.ROLE_ENDED, by=by, what=what, at=at)


@operation
def name_gate_holder(
    *, partner: Partner, gate: str, user: User, is_deputy: bool, from_on: date, authority: str, by: User | None,
    at: datetime,
) -> GateHolder:  # fmt: skip
    """Names the lead, or the deputy, for one gate of a partner's returns, in place of who held it before."""
    if not authority.strip():
        raise WrongState("Say who decided this, and where.")
    other_gate = GateHolder.objects.filter(partner=partner, user=user).exclude(gate=gate)
    if other_gate.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on)).exists():
        raise WrongState(
            f"{shown_as(user)} holds the other gate of returns of {partner}. Each gate needs somebody else."
        )
    named = GateHolder.objects.filter(partner=partner, gate=gate, is_deputy=is_deputy)
    # A naming that has not begun gives way, and whoever it was to follow stays until the new one begins.
    not_begun = named.filter(from_on__gt=known_on(at), from_on__gte=from_on)
    if not_begun.exists():
        day_before = date.fromordinal(not_begun.earliest("from_on").from_on.toordinal() - 1)
        not_begun.delete()
        named.filter(until_on=day_before).update(until_on=None)
    current = named.filter(until_on__isnull=True)
    if current.filter(from_on__gte=from_on).exists():
        raise WrongState("Somebody is named from that day or later already.")
    for held in current:
        held.until_on = date.fromordinal(from_on.toordinal() - 1)
        held.save(update_fields=["until_on"])
    made = GateHolder.objects.create(
        partner=partner, gate=gate, user=user, is_deputy=is_deputy, from_on=from_on, authority=authority.strip()
    )
    part = "deputy" if is_deputy else "lead"
    gate_words = GateHolder.Gate(gate).label.lower()
    what = f"{shown_as(user)}: {part} for returns of {partner} to be {gate_words}, from {from_on.isoformat()}"
    record_audit(partnership=partner.partnership, kind=AuditEvent.Kind.GATE_NAMED, by=by, what=what, at=at)
    return made


def end_sessions(user: User) -> None:
    """Signs a person out everywhere with their next request. Called inside an operation."""
    user.sessions_ended += 1
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)


@operation
def set_password(*, user: User, password: str, by: User | None) -> None:
    """Sets a person's password, chosen by themselves."""
    user.set_password(password)
    user.save(update_fields=["password"])


@operation
def give_role(
    *, email: str, display_name: str, role: Role, partnership: Partnership, partner: Partner | None, from_on: date,
    authority: str, by: User | None, at: datetime, until_on: date | None = None,
) -> User:  # fmt: skip
    """Gives a role to the person with this address, who becomes known if new. All of it or nothing. Raises WrongState
    for an account whose password may be somebody else's."""
    if partner is not None and role is Role.ADMINISTRATOR:
        raise WrongState("An administrator looks after the whole partnership: choose no partner.")
    user = User.objects.filter(email__iexact=email).first()
    if user is not None:
        _refuse_unproven(user, partnership)
    if user is None:
        user = add_user(email=email, display_name=display_name, password=None, by=by)
        kind = AuditEvent.Kind.PERSON_ADDED
        record_audit(partnership=partnership, kind=kind, by=by, what=shown_as(user), at=at)
    grant_membership(
        user=user, role=role, partnership=partnership, partner=partner, from_on=from_on, until_on=until_on,
        authority=authority, by=by, at=at,
    )  # fmt: skip
    return user


def _refuse_unproven(user: User, partnership: Partnership) -> None:
    """Another partnership may have made the account and passed on the link to its password by hand: then nobody has
    shown that whoever signs in is who has the address."""
    passed_on = Invitation.objects.filter(user=user, by_mail=False, used_at__isnull=False)
    last = passed_on.exclude(partnership=partnership).order_by("used_at").last()
    if last is None or SingleSignOn.objects.filter(user=user).exists():
        return
    chosen = AuditEvent.objects.filter(by=user, kind=AuditEvent.Kind.PASSWORD_CHANGED, what=BY_MAIL)
    if not chosen.filter(at__gt=last.used_at).exists():
        raise WrongState(
            f"{user.email} has an account in another partnership, which passed the link to its password on by hand. "
            "Ask the person to choose a new password by “Forgotten password” first: that shows that the address is "
            "theirs. Nothing was done."
        )
