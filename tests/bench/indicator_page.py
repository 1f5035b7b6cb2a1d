"""Measures an indicator's page with 144 monthly points, limits and five official lines beside one without a chart.

Times are server CPU in milliseconds, the median of interleaved rounds; on a shared machine only the ratio means much.
The goal is at most four times the page without a chart.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from indicators.quarters import Month  # noqa: E402
from indicators.roles import Role  # noqa: E402
from tests import builders  # noqa: E402
from tests.bench.told import at_most  # noqa: E402
from tests.builders.official import official_figures  # noqa: E402

ROUNDS, GOAL = 15, 4
MONTHS, AUTHORITIES, YEARS = 144, 152, 13
DRAWN, ALONE, TABLE = "drawn-1", "alone-1", "table-1"


class Counted:
    """Counts the queries that it is wrapped about."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.number += 1
        return execute(*asked)


def cpu(work: Callable[[], object]) -> float:
    """CPU milliseconds that the work takes."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def world() -> None:
    """An indicator with 144 months held beside a measure of 13 years over all authorities; the same without a measure;
    and one with a single figure, so without a chart."""
    for code, months in ((DRAWN, MONTHS), (TABLE, MONTHS), (ALONE, 1)):
        card = builders.a_scorecard(1, code=code.partition("-")[0], frequency="month")
        builders.a_history(card, months, last=Month(2022, 3), numerators=(72, 75, 71, 78, 74, 70, 76))
    indicator = builders.a_scorecard(code="drawn").lines.get().series.indicator
    official_figures(indicator, number=AUTHORITIES - 1, years=YEARS)


def main() -> None:
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    settings.DEBUG = False
    try:
        world()
        reader = Client()
        reader.force_login(builders.a_user(Role.BOARD_MEMBER))
        pages = {
            "one figure, no chart": f"/northshire/indicators/{ALONE}/",
            f"{MONTHS} months, chart and limits": f"/northshire/indicators/{TABLE}/",
            "the same with five official lines": f"/northshire/indicators/{DRAWN}/",
            "the list of measures": "/northshire/benchmarks/",
            f"a measure, {YEARS} years, funnel of {AUTHORITIES}": "/northshire/benchmarks/re-referrals/",
        }
        told = {}
        for name, path in pages.items():
            reader.get(path)
            counted = Counted()
            with connection.execute_wrapper(counted):
                answer = reader.get(path)
            assert answer.status_code == 200, path
            told[name] = (counted.number, len(answer.content))
        drawn = reader.get(f"/northshire/indicators/{DRAWN}/").content
        assert drawn.count(b"hovertemplate") >= 5
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            for name, path in pages.items():
                times[name].append(cpu(lambda path=path: reader.get(path)))
        base = statistics.median(times["one figure, no chart"])
        print(f"{connection.vendor}, median of {ROUNDS} rounds, server CPU; goal: {GOAL} × the page without a chart\n")
        print(f"{'page':<42}{'ms':>8}{'×':>7}{'queries':>9}{'kB':>7}")
        for name, found in times.items():
            middle = statistics.median(found)
            queries, size = told[name]
            print(f"{name:<42}{middle:>8.1f}{middle / base:>7.2f}{queries:>9}{size / 1000:>7.0f}")
        drawn = statistics.median(times["the same with five official lines"])
        at_most("5 server", f"indicator with {MONTHS} points, limits, five lines, to one without", GOAL, drawn / base)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
