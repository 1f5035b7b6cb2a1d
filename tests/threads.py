"""Several people at the same moment, each in a thread and a connection of their own, on either database.

A SQLite database in memory cannot be waited for, so there the threads share a copy of it in a file. Only for tests that
commit (`django_db(transaction=True)`).
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections

PATIENCE = 10


class Together:
    """Threads on one database; what each gave or raised is its outcome."""

    def __init__(self, folder: Path) -> None:
        self.file: Path | None = None
        self.finished: set[int] = set()
        if connection.vendor == "sqlite":
            self.file = folder / "together.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(self.file)])
            with closing(sqlite3.connect(self.file)) as once:
                once.execute("PRAGMA journal_mode=WAL")  # two connections cannot both change it

    def run(self, *steps: Callable[[], Any]) -> list[Any]:
        """Runs the steps at once; None as an outcome becomes "done"."""
        gate, outcomes = threading.Barrier(len(steps)), [None] * len(steps)
        self.finished.clear()

        def run(number: int, step: Callable[[], Any]) -> None:
            try:
                mine = connections["default"]
                if self.file is not None:
                    mine.settings_dict = {**mine.settings_dict, "NAME": str(self.file)}
                mine.ensure_connection()
                gate.wait(timeout=PATIENCE)
                outcomes[number] = step() or "done"
            except Exception as error:
                outcomes[number] = error
            finally:
                self.finished.add(number)
                connections.close_all()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=3 * PATIENCE)
        assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
        return outcomes

    def read(self, step: Callable[[], Any]) -> Any:
        """What a question gives in the database of the threads."""
        (found,) = self.run(step)
        if isinstance(found, Exception):
            raise found
        return found

    def waits_for_me(self, number: int) -> bool:
        """Whether that step stands waiting while this one holds its transaction open; False when it has come through.

        PostgreSQL says who waits; on SQLite whoever has not come through in half a second does.
        """
        until = time.monotonic() + (0.5 if self.file is not None else PATIENCE)
        while time.monotonic() < until:
            if number in self.finished:
                return False
            if self.file is None:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    if cursor.fetchone()[0]:
                        return True
            time.sleep(0.02)
        return self.file is not None
