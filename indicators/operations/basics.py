"""What every operation does: one transaction, tried again when the database asks for it, one log line, once a key."""

import functools
import hashlib
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model, QuerySet
from django.utils.text import slugify

from indicators.models import OperationKey, Return, User
from indicators.operations.audit import shown_as
from indicators.operations.changes import noted
from indicators.operations.errors import OperationError, ReturnChanged
from indicators.questions import question

log = logging.getLogger("operations")

P = ParamSpec("P")
R = TypeVar("R")

LONDON = ZoneInfo("Europe/London")
TRIES = 3
ACTOR_MAX = 160
_RETRYABLE = ("40001", "40P01")
_DISK_FULL = "53100"
_SQLITE_DISK_FULL = ("database or disk is full", "disk I/O error")
DISK_FULL = (
    "The disk is full or cannot be written to, so nothing was saved. Keep what you typed, tell whoever looks after "
    "this service, and try again when there is space."
)


class AlreadyDone(Exception):
    """The form with this key was carried out before; not an error."""


def _should_retry(error: Exception) -> bool:
    code = getattr(error.__cause__, "pgcode", None)
    return code in _RETRYABLE or "database is locked" in str(error)


def is_disk_full(error: Exception) -> bool:
    """Whether an error of the database says that there is no space left to write to."""
    code = getattr(error.__cause__, "pgcode", None)
    return code == _DISK_FULL or any(words in str(error) for words in _SQLITE_DISK_FULL)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Runs a writer in one transaction, three times at most if it could not be serialised, notes that what pages show
    has changed, and logs one line.

    Raises OperationError when the database stays busy, and when the disk is full.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.perf_counter()
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic(), noted():
                    result = function(*args, **kwargs)
                break
            except OperationalError as error:
                if is_disk_full(error):
                    log.error("%s: the disk is full or cannot be written to", function.__name__)
                    raise OperationError(DISK_FULL) from error
                if not _should_retry(error) or transaction.get_connection().in_atomic_block:
                    raise
                if attempt == TRIES:
                    raise OperationError("The database is busy. Nothing was saved; try again in a moment.") from error
        by: Any = kwargs.get("by")
        log.info(
            "%s by=%s ms=%d",
            function.__name__,
            getattr(by, "pk", "-"),
            (time.perf_counter() - started) * 1000,
            extra={"operation": {"operation": function.__name__, "by": getattr(by, "pk", None)}},
        )
        return result

    return run


def known_on(at: datetime) -> Any:
    """The London date of a moment."""
    return at.astimezone(LONDON).date()


def signed(by: User, at: datetime) -> dict[str, Any]:
    """The columns that say who added a row, and when."""
    return {"by": by, "actor": shown_as(by)[:ACTOR_MAX], "at": at}


def told_apart(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """All that a form says, rows by their primary keys: what tells it from another form."""

    def key(value: Any) -> Any:
        return [key(one) for one in value] if isinstance(value, list | tuple) else getattr(value, "pk", value)

    return sorted((name, key(value)) for name, value in values.items())


def stripped(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, texts without the spaces around them."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def free_code(rows: Any, title: str, *, taken: Collection[str] = ("new",), longest: int = 50) -> str:
    """A code made from a title that none of the rows has, with a number behind it where it is taken. `taken` is what
    addresses use for something else."""
    stem = slugify(title)[:longest].strip("-") or "item"
    used = {*taken, *rows.filter(code__startswith=stem).values_list("code", flat=True)}
    number = 1
    while (code := stem if number == 1 else f"{stem}-{number}") in used:
        number += 1
    return code


def use_key(*, key: str, operation_name: str, in_return: Return, version: int, by: User, at: datetime) -> None:
    """Marks the key of a form as used, inside the operation's transaction; `version` is what the form was made from.

    Raises AlreadyDone when the same form was carried out before and the return still stands as that left it, and
    ReturnChanged when the return has moved on since, or the key was used for something else.
    """
    if not key:
        return
    outcome = f"return {in_return.pk}, version {version + 1}"
    try:
        with transaction.atomic():
            OperationKey.objects.create(key=key, operation=operation_name, user=by, at=at, outcome=outcome)
    except IntegrityError as error:
        used = OperationKey.objects.get(key=key)
        if (used.operation, used.user_id) != (operation_name, by.pk) or used.outcome not in ("", outcome):
            raise ReturnChanged(
                "This page was used for something else before. Nothing was done; open the return and look at it again."
            ) from error
        row = locked_return(in_return.pk)
        if row.version == version + 1:
            raise AlreadyDone from error
        then = used.at.astimezone(LONDON)
        raise ReturnChanged(
            f"This page was sent before and carried out on {then.day} {then:%B %Y} at {then:%H:%M}. The return has "
            f"moved on since and is now {row.state_words}. Nothing was done this time; look at it again "
            "and decide anew."
        ) from error


def used_before(
    *, key: str, operation_name: str, outcome: str, by: User, at: datetime, once: bool = False
) -> bool:  # fmt: skip
    """Marks the key of a form as used, inside the operation's transaction, for what is no return: `outcome` names the
    thing and the version that the form makes of it. True when the same form was carried out before.

    `once`: the same from the same person within the hour is refused though the page was opened anew, as it is after
    going back. Raises OperationError then, and when the key was used for something else.
    """
    used = _used(key, operation_name, outcome, by, at)
    if used is None:
        if once and key:
            _refuse_twice(key, operation_name, outcome, by, at)
        return False
    if used.outcome == outcome:
        return True
    raise OperationError(_USED_OTHERWISE)


_USED_OTHERWISE = "This page was used for something else before. Nothing was done; open it again and decide anew."
_MADE_OTHERWISE = (
    "This page was sent before with other answers, and that was carried out. Nothing was done this time. Look at what "
    "it made; send this only if you want another one."
)


def hold(kind: type[Model], pk: int) -> None:
    """Waits for whoever changes that row, and keeps the next one waiting until the transaction ends. What only names
    the row need not wait: its key stays. Raises DoesNotExist."""
    kind._default_manager.select_for_update(no_key=True).filter(pk=pk).values_list("pk").get()


def one_at_a_time(by: User) -> None:
    """Waits until whatever else this person is just sending is carried out, so that it is seen from here on. Called
    inside an operation; nobody who only names this person waits for it."""
    hold(User, by.pk)


def _refuse_twice(key: str, operation_name: str, said: str, by: User, at: datetime) -> None:
    """Raises OperationError where this person sent the same for this operation, with another key, within the hour."""
    one_at_a_time(by)
    same = OperationKey.objects.filter(user=by, operation=operation_name, outcome__startswith=said)
    before = same.filter(at__gt=at - timedelta(hours=1)).exclude(key=key).order_by("at").last()
    if before is not None:
        then = before.at.astimezone(LONDON)
        raise OperationError(
            f"You sent the same at {then:%H:%M}, and it is recorded. Nothing was done this time. If you mean another "
            "one, say what tells the two apart."
        )


def _used(key: str, operation_name: str, outcome: str, by: User, at: datetime) -> OperationKey | None:
    """Marks a key as used; how this person used it for this operation before, if so. Raises OperationError when it was
    used by another or for another operation."""
    if not key:
        return None
    try:
        with transaction.atomic():
            OperationKey.objects.create(key=key, operation=operation_name, user=by, at=at, outcome=outcome)
    except IntegrityError as error:
        used = OperationKey.objects.get(key=key)
        if (used.operation, used.user_id) != (operation_name, by.pk):
            raise OperationError(_USED_OTHERWISE) from error
        return used
    return None


def made_before(
    *, key: str, operation_name: str, asked: Sequence[Any], by: User, at: datetime, once: bool = False
) -> str:  # fmt: skip
    """Marks the key of a form that makes something new as used, inside the operation's transaction; `asked` is all
    that the form says, in values whose repr tells them apart. The code of what the same form made before, as
    `note_made` kept it; empty when it was not carried out before. `once` as in `used_before`.

    Raises OperationError when the key was used for something else, or with other answers.
    """
    said = hashlib.sha256(repr(asked).encode()).hexdigest()
    used = _used(key, operation_name, said, by, at)
    if used is None:
        if once and key:
            _refuse_twice(key, operation_name, said, by, at)
        return ""
    before, _, code = used.outcome.partition(" ")
    if before != said:
        raise OperationError(_MADE_OTHERWISE)
    return code


def note_made(*, key: str, code: str) -> None:
    """Keeps with the key of a form the code of what it made, in the transaction that made it."""
    for used in OperationKey.objects.filter(key=key) if key else ():
        used.outcome = f"{used.outcome} {code}"
        used.save(update_fields=["outcome"])


@question
def _return(pk: int) -> QuerySet[Return]:
    return Return.objects.select_related("round__period", "round__scorecard", "partner").filter(pk=pk)


def locked_return(pk: int, *, version: int | None = None) -> Return:
    """The return, locked until the transaction ends. Raises ReturnChanged when it is not the expected version.

    It is read after the lock is held: what the round says may have changed while this waited.
    """
    hold(Return, pk)
    (row,) = _return(pk)
    if version is not None and row.version != version:
        raise ReturnChanged(
            "This return has changed since you opened the page. Nothing was done; look at it again and decide anew."
        )
    return row
