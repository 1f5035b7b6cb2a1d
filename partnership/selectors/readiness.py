"""Whether this process can serve: its database answers and has every migration."""

import logging
from functools import cache

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

log = logging.getLogger("operations")


# What PostgreSQL calls its ways of not being there: connection lost, too many, shutting down, starting up.
_AWAY = ("08", "57P", "53300")
_AWAY_WORDS = (
    "connection",
    "could not connect",
    "server closed",
    "database is locked",
    "the database system is",
    "timeout expired",
    "unable to open database",
)


def is_away(error: Exception) -> bool:
    """Whether an error of the database says that it does not answer, rather than that it refuses something."""
    code = getattr(error.__cause__, "pgcode", None)
    if code:
        return str(code).startswith(_AWAY)
    # A server that ends in the middle of an answer is told of by the bare class, which names no kind.
    is_of_kind = isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
    return is_of_kind and any(w in str(error).lower() for w in _AWAY_WORDS)


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def is_ready() -> bool:
    """Asks the database once; what is missing goes to the log."""
    try:
        missing = _known() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError as error:
        log.warning("not ready: %s", type(error).__name__)
        return False
    if missing:
        log.warning("not ready: %d migrations are not applied", len(missing))
    return not missing
