"""Writes many rows that are alike by one statement, for figures that are made and not entered."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def insert_alike(pattern: Model, columns: Mapping[str, str], rows: str, given: Sequence[Any] = ()) -> int:
    """One row like `pattern` for each of `rows`, with some columns taken from there; how many. `rows` is the SQL after
    FROM, where each %s is one of `given`; the only other percent sign is that of a remainder, with spaces around it.
    Only inside another operation's transaction."""
    fixed = [f for f in pattern._meta.concrete_fields if not f.primary_key and f.column not in columns]
    values = [f.get_db_prep_save(f.pre_save(pattern, add=True), connection) for f in fixed]
    names = ", ".join(f'"{name}"' for name in [*columns, *(f.column for f in fixed)])
    chosen = ", ".join([*columns.values(), *("%s" for _ in fixed)])
    sql = f"INSERT INTO {pattern._meta.db_table} ({names}) SELECT {chosen} FROM {rows}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(" % ", " %% "), [*values, *given])
        return int(cursor.rowcount)
