"""Measures what control charts cost a whole scorecard: the column of variation, the page of charts, the file, and what
raising alerts reads. 200 lines with 144 months each.

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

from indicators.models import Partnership  # noqa: E402
from indicators.quarters import Month  # noqa: E402
from indicators.roles import Role  # noqa: E402
from partnership.selectors.alert_states import told_by_lines  # noqa: E402
from tests import builders  # noqa: E402

ROUNDS = 5
LINES, MONTHS = 200, 144
NUMERATORS = (72, 75, 71, 78, 74, 70, 76)


def cpu(work: Callable[[], object]) -> float:
    """CPU milliseconds that the work takes."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def works() -> dict[str, Callable[[], object]]:
    """What is measured, by name; the first is the page without the column."""
    card = builders.a_scorecard(LINES, frequency="month")
    builders.a_history(card, MONTHS, last=Month(2022, 3), numerators=NUMERATORS)
    reader = Client()
    reader.force_login(builders.a_user(Role.BOARD_MEMBER))

    def page(path: str) -> Callable[[], object]:
        return lambda: b"".join(reader.get(f"/northshire/scorecards/contract{path}"))

    return {
        "scorecard without the column": page("/"),
        "with the column of variation": page("/?show=variation"),
        "the same, filtered by what a chart says": page("/?show=variation&variation=concern"),
        "its CSV, which has it": page(".csv"),
        "the page of charts, 48 of them drawn": page("/charts/"),
        "what alerts read the first time": lambda: told_by_lines(Partnership.objects.get(), today=builders.TODAY),
    }


def main() -> None:
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    settings.DEBUG = False
    try:
        measured = works()
        for work in measured.values():
            work()
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(ROUNDS):
            for name, work in measured.items():
                times[name].append(cpu(work))
        base = statistics.median(times["scorecard without the column"])
        print(f"{connection.vendor}, {LINES} lines × {MONTHS} months, median of {ROUNDS} rounds, server CPU\n")
        print(f"{'work':<44}{'ms':>8}{'× page':>9}")
        for name, found in times.items():
            middle = statistics.median(found)
            print(f"{name:<44}{middle:>8.0f}{middle / base:>9.2f}")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
