"""Measures the pages people wait for, beside a floor in the same run, and prints a table. Never fails a build.

Times are server CPU in milliseconds, the median of interleaved rounds; on a shared machine only ratios mean much.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from indicators.models import Figure, ScorecardLine  # noqa: E402
from indicators.roles import Role  # noqa: E402
from tests import builders  # noqa: E402

ROUNDS = 9
INDICATORS, PERIODS = 200, 20


def cpu(work: Callable[[], object]) -> float:
    """CPU milliseconds that the work takes."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def floor() -> None:
    """The figures of the page by one bare query, joined to text: what no page can be faster than."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.numerator, f.denominator, p.slug FROM indicators_currentfigure c "
            "JOIN indicators_figure f ON f.id = c.approved_id JOIN indicators_period p ON p.id = c.period_id "
            "WHERE p.end_on > '2020-02-01'"
        )
        "".join(f"<tr><td>{n}</td><td>{d}</td><td>{s}</td></tr>" for n, d, s in cursor.fetchall())


def measure() -> dict[str, list[float]]:
    """Milliseconds of each kind of work, by round."""
    card = builders.a_scorecard(INDICATORS)
    builders.a_history(card, PERIODS)
    small = builders.a_scorecard(40, code="small")
    row = builders.a_return(small)
    people = builders.the_people(row.partner)
    reader, analyst = Client(), Client()
    reader.force_login(builders.a_user(Role.BOARD_MEMBER))
    analyst.force_login(people.analyst)
    entry = "/northshire/returns/small/2021-22-q4/trust/1/entry/"
    line = ScorecardLine.objects.filter(scorecard=small).first()
    turn = iter(range(1_000_000))

    def save() -> None:
        fields = {"kind": "figure", "numerator": next(turn) % 90, "denominator": 100, "based_on": based_on()}
        data = {"line": line.pk} | {f"c-{line.pk}-{name}": value for name, value in fields.items()}
        answer = analyst.post(entry.replace("entry", "cell"), data)
        assert answer.status_code == 200, answer.content

    def based_on() -> str:
        return builders.based_on(row, line.series)

    works: dict[str, Callable[[], object]] = {
        "floor: bare query and rows": floor,
        f"scorecard of {INDICATORS} indicators": lambda: reader.get("/northshire/scorecards/contract/"),
        "its CSV": lambda: b"".join(reader.get("/northshire/scorecards/contract.csv").streaming_content),
        "entry grid of 40": lambda: analyst.get(entry),
        "save of one cell": save,
    }
    for work in works.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            found[name].append(cpu(work))
    return found


def main() -> None:
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    settings.DEBUG = False
    try:
        found = measure()
        print(f"{connection.vendor}, {Figure.objects.count():,} figures, median of {ROUNDS} rounds, server CPU\n")
        base = statistics.median(found["floor: bare query and rows"])
        print(f"{'work':<34}{'ms':>8}{'× floor':>9}")
        for name, times in found.items():
            middle = statistics.median(times)
            print(f"{name:<34}{middle:>8.1f}{middle / base:>9.1f}")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
