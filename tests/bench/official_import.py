"""Measures the import of the Department's published files, whole, on SQLite and on PostgreSQL, while somebody enters
figures. Give the folder of the files, or set DFE_FILES.

It must hold on each: 30 seconds and 400 MB, and a cell that is saved meanwhile takes less than a second. On a shared
machine the processor seconds say more than the clock. Never fails a build.
"""

import os
import statistics
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.engines import environment, postgresql, sqlite  # noqa: E402
from tests.bench.told import at_most, goal  # noqa: E402

EVERY = 0.1


def made_ready() -> None:
    """Migrates, makes a return that can be entered, and says so; then saves one cell after the other, each with how
    long it took in milliseconds, until its input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests import builders

    call_command("migrate", verbosity=0)
    row = builders.a_return(builders.a_scorecard(2))
    series = row.round.scorecard.lines.first().series
    connection.close()
    print("ready", flush=True)
    sys.stdin.readline()
    number = 0
    while not is_over():
        number += 1
        started = time.perf_counter()
        builders.keep(row, {series: builders.a_cell(number % 90, 100)})
        print(f"{(time.perf_counter() - started) * 1000:.1f}", flush=True)
        time.sleep(EVERY)


def is_over() -> bool:
    """Whether the one who began this has closed the input."""
    import select

    return bool(select.select([sys.stdin], [], [], 0)[0])


def measured(folder: Path, address: str) -> tuple[float, float, float, int, list[float]]:
    """Seconds by the clock and of the processor, peak MB of the importing process or its child, how many values were
    written, and the milliseconds of each cell that was saved meanwhile."""
    saver = subprocess.Popen(
        [sys.executable, __file__, "--save"], env=environment(address), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert saver.stdin is not None
    assert saver.stdout is not None
    assert saver.stdout.readline() == "ready\n"
    saver.stdin.write("go\n")
    saver.stdin.flush()
    started = time.perf_counter()
    importing = subprocess.Popen(
        [sys.executable, "manage.py", "import_benchmarks", str(folder)],
        env=environment(address, APP_ENV="development"), stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert importing.stdout is not None
    told = importing.stdout.read()
    _, status, used = os.wait4(importing.pid, 0)
    took = time.perf_counter() - started
    saver.stdin.close()
    saved = [float(line) for line in saver.stdout.read().split()]
    saver.wait()
    assert status == 0, told
    values = [line for line in told.splitlines() if "current as import" in line]
    number = sum(int(line.rsplit(", ", 1)[1].split()[0].replace(",", "")) for line in values)
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, number, saved


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DFE_FILES", "")
    files = sorted(Path(given).glob("*.csv")) if given else []
    if not files:
        goal("10 import", "import of the published files", "at most 30 s", "DFE_FILES names no folder of them", None)
        return
    size = sum(file.stat().st_size for file in files) / 1e6
    print(
        f"Import of {len(files)} published files, {size:.1f} MB; goal 30 s, 400 MB, a cell saved meanwhile 1,000 ms\n"
    )
    head = f"{'engine':<12}{'seconds':>9}{'CPU':>7}{'peak MB':>9}{'values':>10}"
    print(f"{head}{'cells saved':>13}{'median ms':>11}{'longest':>9}")
    engines: dict[str, AbstractContextManager[str | None]] = {"SQLite": sqlite(), "PostgreSQL": postgresql()}
    for name, engine in engines.items():
        with engine as address:
            if address is None:
                print(f"{name:<12} not measured: PostgreSQL is not installed")
                continue
            took, cpu, peak, number, saved = measured(Path(given), address)
            cells = f"{len(saved):>13}{statistics.median(saved):>11.0f}{max(saved):>9.0f}"
            print(f"{name:<12}{took:>9.1f}{cpu:>7.1f}{peak:>9.0f}{number:>10,}{cells}")
            at_most(f"10 import, {name}", f"import of {len(files)} published files, {name}", 30, cpu, "s")


if __name__ == "__main__":
    made_ready() if sys.argv[1:] == ["--save"] else main()
