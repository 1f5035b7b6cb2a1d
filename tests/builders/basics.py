"""The fixed moment of every test, the periods most of them use, and breaking things on purpose."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, connections, transaction

from indicators import quarters, triggers

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2022, 7, 7, 10, 0, tzinfo=LONDON)
TODAY = date(2022, 7, 7)
LONG_AGO = date(2010, 4, 1)
Q4 = quarters.Quarter(2021, 4)
Q3 = Q4.previous()
FIRST_QUARTER = quarters.Quarter(2021, 1)
FIRST_PERIOD = quarters.Quarter(1999, 1)
PASSWORD = "correct horse battery staple"
AUTHORITY = "Minutes of the board"

numbers = itertools.count(1)


def moment(day: date, hour: int = 10) -> datetime:
    """That hour of that day in London."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


def counted() -> None:
    """Lets PostgreSQL count the rows: it takes tables for as empty as the last test left them, and plans for that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(connection.introspection.django_table_names())}")


def emptied() -> None:
    """Deletes every row but those that migrating makes, as after a test that committed."""
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    names = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in kept]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names))  # noqa: S608
        filled = [name for (name,) in cursor.fetchall()]
    if not filled:
        return
    with _without_triggers(), transaction.atomic(), connection.cursor() as cursor:
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608


@contextmanager
def _without_triggers() -> Iterator[None]:
    """As `unprotected`; a superuser of PostgreSQL has them sleep in this session instead, foreign keys as well."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        may = connection.vendor == "postgresql" and cursor.fetchone() == (True,)
        if not may:
            with unprotected():
                yield
            return
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


@contextmanager
def unprotected() -> Iterator[None]:
    """Without the protecting triggers of every database, as only cleaning up and breaking things on purpose may be."""
    for alias in connections:
        if connections[alias].in_atomic_block:
            connections[alias].check_constraints()  # PostgreSQL alters no table that has checks waiting
        triggers.remove(connections[alias])
    try:
        yield
    finally:
        for alias in connections:
            triggers.reinstall(connections[alias])
