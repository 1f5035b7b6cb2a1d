"""The tests' settings for a server process of its own, with two handles on its database for the test that started it.

`HALT_AFTER` names a table, or is how a statement begins: once the process has inserted into the table, or has carried
such a statement out, `HALT_TIMES` times, it stands still for good (or for
`HALT_SECONDS`), inside the open transaction, and says so through the pipe of `HALT_PIPE`. `PAGES_FILE` names a file
that holds the most pages an SQLite database may have; while it is there, the disk is that full.
"""

import itertools
import os
import threading
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created

from tests.settings import *  # noqa: F403

HALT_AFTER = os.environ.get("HALT_AFTER", "")
HALT_TIMES = int(os.environ.get("HALT_TIMES", "1"))
HALT_PIPE = int(os.environ.get("HALT_PIPE", "0"))
HALT_SECONDS = int(os.environ.get("HALT_SECONDS", "0"))
PAGES_FILE = os.environ.get("PAGES_FILE", "")

_inserted = itertools.count(1)


def _halt(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    found = execute(sql, params, many, context)
    if sql.startswith((f'INSERT INTO "{HALT_AFTER}"', HALT_AFTER)) and next(_inserted) == HALT_TIMES:
        os.write(HALT_PIPE, b"!")
        threading.Event().wait(HALT_SECONDS or None)
    return found


def _hold(connection: Any, **_: Any) -> None:
    if HALT_AFTER:
        connection.execute_wrappers.append(_halt)
    if PAGES_FILE and Path(PAGES_FILE).exists():
        most = int(Path(PAGES_FILE).read_text(encoding="ascii"))
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {most}")


connection_created.connect(_hold, weak=False)
