"""Sets up, checks and takes away second factors. Recovery codes are kept as keyed hashes."""

import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators.models import AuditEvent, Partnership, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import operation
from indicators.operations.errors import NotAllowed, WrongState
from indicators.operations.people import end_sessions
from partnership.operations.closing_accounts import refuse_elsewhere
from partnership.second_factor import (
    CODES,
    DIGITS,
    STEP_SECONDS,
    WRONG,
    is_of_app,
    new_recovery_code,
    number_of,
    typed,
    wait_words,
)

Kind = AuditEvent.Kind
TOLERANCE = 1
_APP, _CODES = "Authenticator app", "Recovery codes"
# What fits into the token of django-otp: 80 bits of the hash.
_HASH_SIGNS = 16


@dataclass(frozen=True)
class Checked:
    """Whether a code was right; else the sentence that says what to do."""

    is_right: bool
    words: str = ""


def new_key() -> str:
    """The secret of a new factor, as hexadecimal text."""
    return secrets.token_hex(20)


def code_hash(code: str) -> str:
    """What is kept of a recovery code."""
    made = salted_hmac("partnership.second_factor.recovery", typed(code), algorithm="sha256").digest()
    return b32encode(made).decode().lower()[:_HASH_SIGNS]


@operation
def add_factor(*, user: User, key: str, code: str, moment: datetime, at: datetime) -> Sequence[str]:
    """Sets up an authenticator app in place of the one before, once a code of it is right, and signs the person out
    everywhere. The recovery codes, which nobody can read again. `moment` is the machine's. Raises WrongState."""
    totp = _verified(key, code, moment)
    if totp is None:
        raise WrongState(WRONG)
    _forget(user)
    TOTPDevice.objects.create(user=user, name=_APP, key=key, digits=DIGITS, step=STEP_SECONDS, drift=totp.drift,
                              last_t=totp.t())  # fmt: skip
    made = _new_codes(user)
    end_sessions(user)
    record_audit(partnership=None, kind=Kind.FACTOR_ADDED, by=user, what=_APP, at=at)
    return made


def _verified(key: str, code: str, moment: datetime) -> TOTP | None:
    totp = TOTP(bytes.fromhex(key), STEP_SECONDS, 0, DIGITS)
    totp.time = moment.timestamp()
    return totp if is_of_app(typed(code)) and totp.verify(int(typed(code)), TOLERANCE) else None


def is_code_of(key: str, code: str, moment: datetime) -> bool:
    """Whether a code is of an app that has this secret; nothing is kept."""
    return _verified(key, code, moment) is not None


def _forget(user: User) -> int:
    StaticDevice.objects.filter(user=user).delete()
    return int(TOTPDevice.objects.filter(user=user).delete()[0])


def _new_codes(user: User) -> Sequence[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=_CODES)
    codes = [new_recovery_code(secrets.choice) for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code_hash(code)) for code in codes)
    return codes


@operation
def check_code(*, user: User, code: str, moment: datetime, at: datetime, request_id: str = "") -> Checked:
    """Whether a code of the app, or a recovery code, is right; either works once. After each wrong one it takes twice
    as long until another is looked at, and it is on record. `moment` is the machine's."""
    kind = TOTPDevice if is_of_app(typed(code)) else StaticDevice
    device = kind.objects.select_for_update().filter(user=user).first()
    if device is None:
        return Checked(False, WRONG)
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        return Checked(False, wait_words((why["locked_until"] - moment).total_seconds()))
    if kind is TOTPDevice and device.verify_token(typed(code)):
        return Checked(True)
    if kind is StaticDevice and device.verify_token(code_hash(code)):
        left = StaticToken.objects.filter(device=device).count()
        what = f"{number_of(left, 'recovery code')} left"
        record_audit(partnership=None, kind=Kind.CODE_USED, by=user, what=what, at=at, request_id=request_id)
        return Checked(True)
    what = "Wrong code of the second factor"
    record_audit(partnership=None, kind=Kind.SIGN_IN_FAILED, by=user, what=what, at=at, request_id=request_id)
    return Checked(False, WRONG)


@operation
def renew_recovery_codes(*, user: User, at: datetime) -> Sequence[str]:
    """Ten new recovery codes in place of those before. Raises WrongState for who has no second factor."""
    if not TOTPDevice.objects.filter(user=user).exists():
        raise WrongState("Set up a second factor first.")
    record_audit(partnership=None, kind=Kind.CODES_MADE, by=user, what=_CODES, at=at)
    return _new_codes(user)


@operation
def remove_own_factor(*, user: User, at: datetime) -> None:
    """Takes one's own second factor away, and signs out everywhere. Raises WrongState where there is none."""
    if not _forget(user):
        raise WrongState("You have no second factor.")
    end_sessions(user)
    record_audit(partnership=None, kind=Kind.FACTOR_REMOVED, by=user, what=shown_as(user), at=at)


@operation
def take_factor_away(*, user: User, partnership: Partnership | None, by: User | None, at: datetime) -> None:
    """Takes a lost second factor away from somebody, and signs them out everywhere; they set up another when they sign
    in. A command on the server names neither partnership nor administrator: those of every partnership of the person
    see it. Raises NotAllowed for one's own, and for who belongs to another partnership as well; WrongState where there
    is none."""
    if by is not None and user.pk == by.pk:
        raise NotAllowed("Ask another administrator to take your own second factor away.")
    if partnership is not None:
        refuse_elsewhere(user, partnership, at)
    if not _forget(user):
        raise WrongState(f"{shown_as(user)} has no second factor.")
    end_sessions(user)
    places = [partnership] if partnership else list(Partnership.objects.filter(memberships__user=user).distinct())
    for place in places:
        record_audit(partnership=place, kind=Kind.FACTOR_REMOVED, by=by, what=shown_as(user), at=at)
