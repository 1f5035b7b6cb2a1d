"""What backups need of PostgreSQL itself, without its programs: one snapshot, COPY, and tables that take rows in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_PLAIN_FORMS = (
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 3",
)


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees the database as it is at this moment, however long it reads, and writes
    nothing."""
    own = connection.copy()
    try:
        own.connect()
        own.connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        plain_forms(own)
        yield own
    finally:
        own.close()


def plain_forms(on: BaseDatabaseWrapper) -> None:
    """Has values written and read the same on every server, until the transaction ends."""
    with on.cursor() as cursor:
        for statement in _PLAIN_FORMS:
            cursor.execute(statement)


def columns_of(on: BaseDatabaseWrapper, table: str) -> tuple[str, ...]:
    """The columns of a table, in its order."""
    with on.cursor() as cursor:
        return tuple(column.name for column in on.introspection.get_table_description(cursor, table))


def _copy(on: BaseDatabaseWrapper, table: str, columns: Sequence[str], direction: str) -> str:
    quote = on.ops.quote_name
    return f"COPY {quote(table)} ({', '.join(map(quote, columns))}) {direction}"


def copy_out(on: BaseDatabaseWrapper, table: str, columns: Sequence[str], to: Any) -> None:
    """Writes a table's rows as COPY gives them, one to a line; `to` needs a method `write`."""
    with on.cursor() as cursor:
        cursor.cursor.copy_expert(_copy(on, table, columns, "TO STDOUT"), to)


def copy_in(table: str, columns: Sequence[str], source: BinaryIO) -> None:
    """Reads rows that `copy_out` wrote."""
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(_copy(connection, table, columns, "FROM STDIN"), source)


def _owned(on: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    """Every column with a sequence: table, column, sequence."""
    with on.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, a.attname, s.oid::regclass::text FROM pg_depend d "
            "JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
            "WHERE d.deptype IN ('a', 'i') AND t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2"
        )
        return [(table, column, sequence) for table, column, sequence in cursor.fetchall()]


def sequences_of(on: BaseDatabaseWrapper) -> dict[str, tuple[int, bool]]:
    """Where each sequence stands, by table and column."""
    found = {}
    with on.cursor() as cursor:
        for table, column, sequence in _owned(on):
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - a name the server gave
            last, is_called = cursor.fetchone()
            found[f"{table}.{column}"] = (int(last), bool(is_called))
    return found


def set_sequences(given: dict[str, tuple[int, bool]] | None = None) -> None:
    """Puts each sequence where it stood; without that, behind the greatest number that its column holds."""
    with connection.cursor() as cursor:
        for table, column, sequence in _owned(connection):
            if given is not None and f"{table}.{column}" in given:
                last, is_called = given[f"{table}.{column}"]
            else:
                quote = connection.ops.quote_name
                cursor.execute(f"SELECT max({quote(column)}) FROM {quote(table)}")  # noqa: S608 - introspected names
                (greatest,) = cursor.fetchone()
                last, is_called = greatest or 1, greatest is not None
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [sequence, last, is_called])


@contextmanager
def open_tables(tables: Sequence[str]) -> Iterator[None]:
    """Lets rows into these tables in any order, inside the caller's transaction: their triggers sleep and their foreign
    keys are gone. Afterwards both are back; a row that points nowhere raises IntegrityError then."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
            "WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2"
        )
        keys = cursor.fetchall()
        for table in tables:
            cursor.execute(f"ALTER TABLE {quote(table)} DISABLE TRIGGER USER")
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
    yield
    with connection.cursor() as cursor:
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {quote(table)} ENABLE TRIGGER USER")


def empty(tables: Sequence[str]) -> None:
    """Takes every row out of tables that are open."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables))}")


def drop_all() -> None:
    """Takes every table of the schema away."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
