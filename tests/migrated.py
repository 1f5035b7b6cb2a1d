"""One migrated test database for all workers and runs, as long as no migration changes: making one is slow.

The first worker migrates and leaves a copy under a name that holds the migrations' hash: a file in the temporary folder
for SQLite, a database on the server for PostgreSQL. The others take the copy.
"""

import fcntl
import hashlib
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# Workers have temporary folders of their own; this is the one they share.
SHARED = Path(tempfile.gettempdir())
# Branches with other migrations have copies of their own.
KEPT_AT_MOST = 20


def _digest() -> str:
    found = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version} {sys.version}".encode())
    makers = (ROOT / "indicators" / "triggers.py", ROOT / "partnership" / "operations" / "quick_migrations.py")
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), *makers]:
        found.update(path.read_bytes())
    return found.hexdigest()[:20]


def migrate_once(name: str, *args: Any, **options: Any) -> Any:
    """In place of Django's `call_command` where a test database is made: `migrate`, or the copy of an earlier one."""
    if name != "migrate":
        return call_command(name, *args, **options)
    with (SHARED / f"partnership-tests-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        connection.ensure_connection()
        take, keep = (_take_file, _keep_file) if connection.vendor == "sqlite" else (_take_database, _keep_database)
        if not take():
            call_command(name, *args, **options)
            keep()
    return None


def kept_file() -> Path:
    """Where the migrated SQLite database is kept."""
    return SHARED / f"partnership-tests-{os.getuid()}-{_digest()}.sqlite3"


def _take_file() -> bool:
    if not kept_file().exists():
        return False
    with sqlite3.connect(kept_file()) as source:
        source.backup(connection.connection)
    return True


def _keep_file() -> None:
    held = SHARED.glob(f"partnership-tests-{os.getuid()}-*.sqlite3")
    for old in sorted(held, key=lambda path: path.stat().st_mtime)[:-KEPT_AT_MOST]:
        old.unlink()
    half = kept_file().with_suffix(".half")
    half.unlink(missing_ok=True)
    with sqlite3.connect(half) as copy:
        connection.connection.backup(copy)
    half.replace(kept_file())


def _databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'partnership_tests_%%'")
        return [row[0] for row in cursor.fetchall()]


def _copy(source: str, target: str) -> None:
    """Makes a database of another's content; nobody may be connected to that one."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _take_database() -> bool:
    kept = f"partnership_tests_{_digest()}"
    if kept not in _databases():
        return False
    _copy(kept, connection.settings_dict["NAME"])
    return True


def _keep_database() -> None:
    old = _databases()
    _copy(connection.settings_dict["NAME"], f"partnership_tests_{_digest()}")
    with connection._nodb_cursor() as cursor:
        for name in old if len(old) >= KEPT_AT_MOST else ():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
