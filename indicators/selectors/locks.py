"""Reads locks in words: why a return takes no figures, whom to ask, and for whom it is open all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from indicators.as_at import london_day
from indicators.deadlines import exception_words, lock_words
from indicators.models import LockException, Membership, Partnership, ReportingRound, Return, User
from indicators.permissions import access_for
from indicators.roles import Role
from indicators.selectors.people import accesses_on

NAMED_AT_MOST = 3


def whom_to_ask(partnership_id: int, on: date) -> str:
    """Who can reopen what is locked: that day's administrators by the names they are shown under, three at most.

    "an administrator" where none has such a name; never an e-mail address. One query.
    """
    shown = (
        Membership.objects.on(on)
        .filter(partnership=partnership_id, partner=None, role=Role.ADMINISTRATOR, user__is_active=True)
        .exclude(user__display_name="")
        .order_by("user__display_name")
        .values_list("user__display_name", flat=True)
    )
    names = list(dict.fromkeys(shown))
    if not names:
        return "an administrator"
    if len(names) > NAMED_AT_MOST:
        return f"{', '.join(names[:NAMED_AT_MOST])} or another administrator"
    words = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return words if "administrator" in words.lower() else f"{words} (administrator)"


def name_of(user: User) -> str:
    """The name a person is shown under to people who need not know the e-mail address."""
    return user.display_name or "one named person"


def lock_clause(row: ReportingRound, *, ask: str, approved_by: str = "") -> str:
    """Why a locked round takes no more figures: since when, who locked it and why, whom to ask.

    "closed for 2021/22 Q4 since 22 April 2022, approved by … (…: the pack is printed); ask … to reopen". `approved_by`
    is who accepted the figures, empty while nobody has. Raises ValueError for a round that is open.
    """
    if row.locked_at is None:
        raise ValueError(f"{row} is open.")
    reason = f"{name_of(row.locked_by)}: {row.lock_reason}" if row.locked_by else row.lock_reason
    return lock_words(row.period.label, london_day(row.locked_at), approved_by, ask, reason)


def is_locked(row: Return) -> bool:
    """Whether the lock of its round holds for a return; a correction of reported figures has its own way."""
    return row.round.state == ReportingRound.State.LOCKED and row.kind == Return.Kind.ORDINARY


def is_locked_for(row: Return, user: User, on: date) -> bool:
    """Whether the lock keeps that person from entering figures that day.

    An exception opens it up to and including its last day, and only for who may enter the return's figures anyway. No
    query unless the round is locked.
    """
    if not is_locked(row):
        return False
    if not LockException.objects.on(on).filter(round=row.round_id, user=user).exists():
        return True
    access = access_for(user, row.round.partnership, on)
    return not access.can(row.round.scorecard.entered_with, row.partner, row.round.period)


def exempt_rounds(partnership: Partnership, user: User, on: date) -> frozenset[int]:
    """The ids of the rounds that an exception opens for that person that day. One query."""
    held = LockException.objects.on(on).filter(round__partnership=partnership, user=user)
    return frozenset(held.values_list("round", flat=True))


def exceptions_on(rounds: Iterable[int], on: date) -> dict[int, list[LockException]]:
    """The exceptions that hold that day, by the id of their round, the first to end first. One query."""
    found: dict[int, list[LockException]] = {}
    held = LockException.objects.on(on).filter(round__in=list(rounds)).select_related("user")
    for exception in held.order_by("until_on", "pk"):
        found.setdefault(exception.round_id, []).append(exception)
    return found


@dataclass(frozen=True)
class LockStatus:
    """The lock that a return's pages show.

    `words` is the sentence of the lock; `open_for` are the sentences of the exceptions that hold; `until_on` is the
    last day of the reader's own, None without one.
    """

    words: str
    open_for: tuple[str, ...] = ()
    until_on: date | None = None


def lock_status(row: Return, user: User, on: date, *, approved_by: str = "") -> LockStatus | None:
    """What a return's pages say of the lock of its round; None where none holds. Two queries, none without a lock."""
    if not is_locked(row):
        return None
    held = exceptions_on([row.round_id], on).get(row.round_id, [])
    clause = lock_clause(row.round, ask=whom_to_ask(row.round.partnership_id, on), approved_by=approved_by)
    return LockStatus(
        words=f"This return is {clause}.",
        open_for=tuple(f"It is {exception_words(name_of(e.user), e.until_on)}." for e in held),
        until_on=max((e.until_on for e in held if e.user_id == user.pk), default=None),
    )


def who_may_enter(row: ReportingRound, on: date) -> list[User]:
    """Who may enter figures of one of the round's returns that day, by name. Three queries."""
    owed = list(row.returns.filter(kind=Return.Kind.ORDINARY).select_related("partner"))
    return [
        user
        for user, access in accesses_on(row.partnership, on)
        if any(access.can(row.scorecard.entered_with, one.partner, row.period) for one in owed)
    ]
