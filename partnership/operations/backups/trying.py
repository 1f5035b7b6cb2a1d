"""Proves a backup by restoring it into a database of its own and working every published pack out again there."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connection

from indicators.operations.errors import OperationError
from partnership.backup_manifest import VERIFIED
from partnership.leftovers import scratch_folder

_NO_PRIVILEGE = "42501"
_PATIENCE = 4 * 60 * 60


def try_backup(*, path: Path, at: datetime, scratch: str = "") -> str:
    """Restores a backup into a scratch database, runs verify_packs there and takes the database away again; the last
    line that verify_packs printed. A note beside the file says when that was.

    `scratch` is the address of an empty PostgreSQL database to use, where the role may make none; it is empty again
    afterwards. Raises OperationError
    with what was found when the backup does not restore or a pack is not what was published.
    """
    with _scratch_database(scratch) as address:
        # In a process of its own: it is the command that a real restore uses, on another database.
        environment = {**os.environ, "DATABASE_URL": address}
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(path.resolve())],
            env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE,
        )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise OperationError(f"The backup {path.name} did not stand the test: {said[-1] if said else 'no answer'}")
    if scratch:
        _take_everything_away(scratch)  # only what this has just put there: it was refused unless it was empty
    told = done.stdout.strip().splitlines()[-1]
    note = {"verified": at.astimezone(UTC).isoformat(), "found": told}
    path.with_name(path.name + VERIFIED).write_text(json.dumps(note) + "\n", encoding="utf-8")
    return told


@contextlib.contextmanager
def _scratch_database(named: str) -> Iterator[str]:
    """The address of a database that is empty and goes away again."""
    if connection.vendor == "sqlite":
        with scratch_folder("partnership-verify-") as folder:
            yield f"sqlite:///{folder}/scratch.sqlite3"
        return
    if named:
        yield named
        return
    name = f"verify_{secrets.token_hex(6)}"
    _on_the_server(f'CREATE DATABASE "{name}"')
    try:
        yield _address_of(name)
    finally:
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _take_everything_away(address: str) -> None:
    with contextlib.closing(psycopg2.connect(address)) as there, there, there.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP TABLE %I CASCADE', tablename) FROM pg_tables WHERE schemaname = current_schema()"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _on_the_server(statement: str) -> None:
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)
    except Exception as error:
        if getattr(error.__cause__, "pgcode", "") == _NO_PRIVILEGE:
            raise OperationError(
                "The database role may not make a database to try the backup in. Allow it (ALTER ROLE … CREATEDB), or "
                "set BACKUP_SCRATCH_URL to an empty database that it may fill.",
            ) from error
        raise


def _address_of(name: str) -> str:
    """DATABASE_URL of another database on the same server."""
    given = connection.settings_dict
    who = quote(str(given["USER"] or ""), safe="")
    if given["PASSWORD"]:
        who += f":{quote(str(given['PASSWORD']), safe='')}"
    host = quote(str(given["HOST"] or ""), safe="")
    port = f":{given['PORT']}" if given["PORT"] else ""
    options = {k: v for k, v in given.get("OPTIONS", {}).items() if isinstance(v, str)}
    return f"postgres://{who}@{host}{port}/{name}{'?' + urlencode(options) if options else ''}"
