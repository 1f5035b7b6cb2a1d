"""System checks of the installation as a whole."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def production_refuses_a_demonstration(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A database marked as a demonstration must never serve as the real one."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if not settings.IN_PRODUCTION or "partnership_installation" not in connection.introspection.table_names():
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM partnership_installation WHERE kind = 'demo'")
            if cursor.fetchone():
                errors.append(
                    Error(
                        f"Database '{alias}' is marked as a demonstration.",
                        hint="Give DATABASE_URL of the real service's database.",
                        id="partnership.E001",
                    )
                )
    return errors
