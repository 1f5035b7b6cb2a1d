"""When an account or a client is locked out of signing in, and what is said of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# Failures in a row without a quarter of an hour between them: of one account from one client, of one account from
# anywhere, and from one client whatever the account. A whole council may stand behind one client.
OF_BOTH, OF_ACCOUNT, OF_CLIENT = 5, 20, 50
LIMITS = (OF_BOTH, OF_ACCOUNT, OF_CLIENT)


def nearest(counts: tuple[int, ...]) -> int:
    """The failures that are nearest to their limit, as if each limit were that of one account from one client."""
    return max(count - limit + OF_BOTH for count, limit in zip(counts, LIMITS, strict=True))


def is_over(counts: tuple[int, ...]) -> tuple[bool, ...]:
    """Of each count, whether it has reached its limit."""
    return tuple(count >= limit for count, limit in zip(counts, LIMITS, strict=True))


def locked_words(until: datetime) -> str:
    """What a person is told, whether there is such an account or not."""
    at = until.astimezone(LONDON)
    return (
        f"There were too many attempts to sign in. Wait until {at:%H:%M} and try again, or ask an administrator of "
        "your partnership to unlock your account."
    )
