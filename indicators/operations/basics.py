"""What every operation does: one transaction, tried again when the database asks for it, one log line, once a key."""

import functools
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.db import IntegrityError, OperationalError, transaction

from indicators.models import OperationKey, Return, User
from indicators.operations.errors import OperationError, ReturnChanged

log = logging.getLogger("operations")

P = ParamSpec("P")
R = TypeVar("R")

LONDON = ZoneInfo("Europe/London")
TRIES = 3
_RETRYABLE = ("40001", "40P01")


class AlreadyDone(Exception):
    """The form with this key was carried out before; not an error."""


def _should_retry(error: Exception) -> bool:
    code = getattr(error.__cause__, "pgcode", None)
    return code in _RETRYABLE or "database is locked" in str(error)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Runs a writer in one transaction, three times at most if it could not be serialised, and logs one line."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.perf_counter()
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                break
            except OperationalError as error:
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


def use_key(*, key: str, operation_name: str, by: User, at: datetime) -> None:
    """Marks a form's key as used, inside the operation's transaction. Raises AlreadyDone when it was used before."""
    if not key:
        return
    try:
        with transaction.atomic():
            OperationKey.objects.create(key=key, operation=operation_name, user=by, at=at)
    except IntegrityError as error:
        raise AlreadyDone from error


def locked_return(pk: int, *, version: int | None = None) -> Return:
    """The return, locked until the transaction ends. Raises ReturnChanged when it is not the expected version."""
    row = Return.objects.select_for_update(of=("self",)).select_related("round__period", "partner").get(pk=pk)
    if version is not None and row.version != version:
        raise ReturnChanged(
            "This return has changed since you opened the page. Nothing was done; look at it again and decide anew."
        )
    return row
