"""The second factor: who must have one, what its texts look like, and what is said of a code that is not right."""

from base64 import b32encode
from collections.abc import Callable, Iterable
from math import ceil
from urllib.parse import quote, urlencode

from indicators.roles import Role

ISSUER = "Partnership performance"
MUST = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
DIGITS, STEP_SECONDS = 6, 30
CODES = 10
HALF_SECONDS = 15 * 60

# Without what is taken for something else; 31 signs, so twelve of them are 59 bits.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 3, 4

WRONG = "The code is not right. Wait for the next one in your app and type it; each works once and for a short time."


def number_of(number: int, noun: str) -> str:
    """ "1 second", "2 seconds"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def must_have(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles must have a second factor."""
    return any(role in MUST for role in roles)


def secret_text(key: bytes) -> str:
    """The secret as an app takes it, to be typed: "JBSW Y3DP EHPK 3PXP"."""
    text = b32encode(key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def app_address(key: bytes, email: str) -> str:
    """What an authenticator app reads from the QR code."""
    asked = {"secret": b32encode(key).decode().rstrip("="), "issuer": ISSUER, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(ISSUER)}:{quote(email)}?{urlencode(asked, quote_via=quote)}"


def new_recovery_code(choose: Callable[[str], str]) -> str:
    """ "k7mw-2pxh-9dqa"; `choose` takes one sign of many by chance."""
    return "-".join("".join(choose(_SIGNS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))


def typed(code: str) -> str:
    """A code as it was meant: without spaces and dashes, in small letters."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def is_of_app(code: str) -> bool:
    """Whether a typed code is one of an app; a recovery code holds letters too."""
    return code.isascii() and code.isdigit() and len(code) == DIGITS


def wait_words(seconds: float) -> str:
    """What is said while no code is looked at."""
    return f"A wrong code was typed before. Wait {number_of(max(1, ceil(seconds)), 'second')} and try again."
