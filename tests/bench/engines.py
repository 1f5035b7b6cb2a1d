"""Databases of their own for benchmarks: a SQLite file, and a PostgreSQL server that lives in a temporary folder."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of a new SQLite database in a file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a new, empty PostgreSQL database that writes to disk as a server does that is not told otherwise;
    None where PostgreSQL is not installed."""
    with servers.postgresql(is_durable=True) as server:
        yield server and server.address()


def environment(address: str, **more: str) -> dict[str, str]:
    """The environment of a process of this project on that database."""
    return {**os.environ, "DATABASE_URL": address, **more}


def another(address: str, name: str, *, like: str = "template1") -> str:
    """The address of one more database on the same PostgreSQL server, with all that the one called `like` holds."""
    import psycopg2

    made = psycopg2.connect(address)
    made.autocommit = True
    with made.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    made.close()
    return f"{address.rpartition('/')[0]}/{name}"


def migrated(address: str) -> None:
    """Migrates a database."""
    environ = environment(address, APP_ENV="development", DJANGO_SETTINGS_MODULE="partnership.settings")
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environ, cwd=ROOT, check=True)
