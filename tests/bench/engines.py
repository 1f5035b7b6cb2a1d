"""Databases of their own for benchmarks: a SQLite file, and a PostgreSQL server that lives in a temporary folder."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests import servers


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
