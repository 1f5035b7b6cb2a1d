"""Goal 8: the same scorecard and the same file from Datasette, on the same figures in the same run.

They are no dependencies: BENCH_DATASETTE names the program where it is installed; Superset, which takes an installation
of its own, is only named. Datasette reads the SQLite file that the application is measured on;
processor milliseconds of each server, medians of requests in turn, figures of one quarter against target.
"""

import os
import sqlite3
import statistics
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.draw import a_free_port, wait_for  # noqa: E402
from tests.bench.engines import migrated, sqlite  # noqa: E402
from tests.bench.told import goal  # noqa: E402
from tests.bench.worker import Worker, filled  # noqa: E402

ROUNDS = 9
READER, CARD = "reader.authority-001@example.org", "/authority-001/scorecards/scorecard/"
HISTORY = f"{CARD}all-periods.csv"
TABLE = (
    "SELECT v.short_name, f.numerator, f.denominator, f.value, t.target, t.tolerance, x.body "
    "FROM indicators_scorecardline l JOIN indicators_series s ON s.id = l.series_id "
    "JOIN indicators_indicatorversion v ON v.indicator_id = s.indicator_id "
    "LEFT JOIN indicators_target t ON t.line_id = l.id JOIN indicators_currentfigure c ON c.series_id = s.id "
    "JOIN indicators_figure f ON f.id = c.approved_id LEFT JOIN indicators_text x ON x.id = f.commentary_id "
    'WHERE c.period_id = (SELECT max(period_id) FROM indicators_currentfigure) ORDER BY l."order"'
)
ALL = (
    "SELECT v.short_name, p.slug, f.numerator, f.denominator, f.value, f.known_on FROM indicators_currentfigure c "
    "JOIN indicators_figure f ON f.id = c.approved_id JOIN indicators_period p ON p.id = c.period_id "
    "JOIN indicators_series s ON s.id = c.series_id "
    "JOIN indicators_indicatorversion v ON v.indicator_id = s.indicator_id"
)
LIMITS = ["max_returned_rows", "20000", "sql_time_limit_ms", "60000", "max_csv_mb", "0"]


def spent(pid: int) -> float:
    """Processor milliseconds of a process and its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    datasette = os.environ.get("BENCH_DATASETTE", "")
    goal("8 superset", "scorecard and file, to Superset", "12 × less or better", "Superset is not installed", None)
    if not datasette:
        goal(
            "8 datasette", "scorecard and file, to Datasette", "4 × less or better", "Datasette is not installed", None
        )
        return
    with sqlite() as address:
        migrated(address)
        filled(address, 1)
        measure(address, datasette)


def measure(address: str, program: str) -> None:
    """Asks both in turn, and tells."""
    file = address.removeprefix("sqlite:///")
    with sqlite3.connect(file) as one:
        one.execute("PRAGMA journal_mode = DELETE")
    port = a_free_port()
    settings = [part for pair in zip(LIMITS[::2], LIMITS[1::2], strict=True) for part in ("--setting", *pair)]
    server = subprocess.Popen(
        [program, "serve", file, "-p", str(port), *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    worker = Worker(address)
    stem = f"http://127.0.0.1:{port}/{Path(file).stem}"

    def theirs(ending: str, sql: str) -> float:
        before = spent(server.pid)
        query = urllib.parse.urlencode({"sql": sql, "_size": "max"})
        with urllib.request.urlopen(f"{stem}{ending}?{query}") as answer:  # noqa: S310 - our own address
            assert len(answer.read()) > 10_000
        return spent(server.pid) - before

    try:
        wait_for(port)
        works = {
            "page": (lambda keep: worker.ask("page", CARD, READER, keep=keep)["ms"], "", TABLE),
            "file": (lambda keep: worker.ask("page", HISTORY, READER, keep=keep)["ms"], ".csv", ALL),
        }
        found: dict[str, list[float]] = {}
        for number in range(ROUNDS + 2):
            for name, (ours, ending, sql) in works.items():
                took = {f"{name} drawn": ours(False), f"{name} kept": ours(True), f"{name} theirs": theirs(ending, sql)}
                for key, ms in took.items():
                    found.setdefault(key, []).extend([ms] if number > 1 else [])
        middle = {name: statistics.median(times) for name, times in found.items()}
        print("  " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in middle.items()))
        for key, words in (
            ("page drawn", "drawn anew"),
            ("page kept", "unchanged since the last view"),
            ("file drawn", ""),
        ):
            work = key.split()[0]
            times = middle[f"{work} theirs"] / middle[key]
            said = f"{'scorecard' if work == 'page' else 'whole history as CSV'}{f', {words}' if words else ''}"
            goal(f"8 {key}", f"{said}, to Datasette", "4 × less or better", f"{times:.1f} × less", times >= 4)
    finally:
        worker.close()
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
