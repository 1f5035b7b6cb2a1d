"""System checks of this app."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from indicators import triggers


@register(Tags.database)
def protected_tables_have_triggers(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every append-only table must be protected by the database itself, once it exists."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        existing = set(connection.introspection.table_names())
        there = triggers.installed(connection)
        for name, table in triggers.trigger_names(connection.vendor).items():
            if triggers.is_due(table, existing) and name not in there:
                errors.append(
                    Error(
                        f"Table {table} lacks its trigger {name} in database '{alias}'.",
                        hint="Run 'manage.py migrate'; a migration that alters the table must end with "
                        "triggers.reinstall().",
                        id="indicators.E001",
                    )
                )
    return errors
