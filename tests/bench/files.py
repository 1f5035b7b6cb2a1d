"""Goal 7: the file of a scorecard's whole history, beside COPY on PostgreSQL and csv.writer on SQLite; and that a file
of 180,000 figures takes no more memory than one of a few.

Processor milliseconds of the web process and of the database's own, medians of rounds in turn.
"""

import csv
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.engines import another, environment, migrated, postgresql, sqlite  # noqa: E402
from tests.bench.told import at_most, goal  # noqa: E402
from tests.bench.worker import Pages, filled  # noqa: E402

ROUNDS = 9
READER, PATH = "reader.authority-001@example.org", "/authority-001/scorecards/scorecard/all-periods.csv"


def measure() -> None:
    """Prints what one database gives: rows, milliseconds of the file and of its floor, and MB that a file adds."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from indicators.models import Series
    from indicators.selectors import whole_history

    settings.DEBUG = False
    pages = Pages()
    pages.get("/authority-001/scorecards/", READER)
    rows, before = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for block in pages.blocks(PATH, READER):
        rows += block.count(b"\n")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    series = list(Series.objects.filter(partnership__slug="authority-001").values_list("pk", flat=True))
    query = whole_history._query(series, whole_history._ruling(series), connection.vendor)

    def floor() -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", io.BytesIO())
            else:
                cursor.execute(query)
                csv.writer(io.StringIO()).writerows(cursor.cursor)

    def file() -> None:
        for _ in pages.blocks(PATH, READER):
            pass

    def spent() -> float:
        used = time.process_time() * 1000
        if connection.vendor == "postgresql":
            pid = connection.connection.info.backend_pid
            used += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) * 10
        return used

    def cpu(work: Callable[[], None]) -> float:
        connection.ensure_connection()
        began = spent()
        for _ in range(3):
            work()
        return (spent() - began) / 3

    works = {"file": file, "floor": floor}
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 1 if rows < 50_000 else 0):
        for name, work in works.items():
            took = cpu(work)
            times[name] += [took] if number else []
    middle = {name: statistics.median(found) for name, found in times.items() if found}
    print(json.dumps({"rows": rows - 1, "grown": grown, **middle}))


def asked(address: str) -> dict[str, float]:
    """What a process of its own finds on a database."""
    command = [sys.executable, __file__, "--measure"]
    environ = environment(address, DJANGO_SETTINGS_MODULE="tests.settings")
    done = subprocess.run(command, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {found}")
    return found


def main() -> None:
    with sqlite() as address:
        migrated(address)
        filled(address, 1)
        found = asked(address)
        words = f"SQLite: whole history of {found['rows']:,} figures, to csv.writer"
        at_most("7 sqlite", words, 1.1, found["file"] / found["floor"])
    with postgresql() as address:
        if address is None:
            goal("7 postgresql", "whole history, to COPY", "", "PostgreSQL is not installed", None)
            return
        migrated(address)
        usual, long = another(address, "usual", like="app"), another(address, "long", like="app")
        filled(usual, 1)
        found = asked(usual)
        words = f"PostgreSQL: whole history of {found['rows']:,} figures, to COPY"
        at_most("7 postgresql", words, 1.25, found["file"] / found["floor"])
        filled(long, 1, indicators=900, quarters=200)
        found = asked(long)
        at_most("7 memory", f"a file of {found['rows']:,} figures adds", 10, found["grown"], "MB")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    measure() if sys.argv[1:] == ["--measure"] else main()
