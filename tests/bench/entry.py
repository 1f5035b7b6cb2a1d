"""Goal 6: the entry grid of 40 indicators. What the web process needs to show it, to save one cell, and to save all.

Processor milliseconds, medians of rounds in turn, on the database that DATABASE_URL names.
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

from indicators.models import ScorecardLine  # noqa: E402
from indicators.roles import Role  # noqa: E402
from partnership.wsgi import application  # noqa: E402, F401 - as a web process is
from tests import builders  # noqa: E402
from tests.bench.told import at_most  # noqa: E402

ROUNDS, LINES = 11, 40


def works() -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    card = builders.a_scorecard(LINES, code="small")
    builders.a_history(card, 8, last=builders.Q3)
    row = builders.a_return(card)
    people = builders.the_people(row.partner)
    analyst = Client()
    analyst.force_login(people.analyst)
    entry = "/northshire/returns/small/2021-22-q4/trust/1/entry/"
    lines = list(ScorecardLine.objects.filter(scorecard=card).select_related("series"))
    turn = iter(range(1_000_000))

    def fields(line: ScorecardLine) -> dict[str, object]:
        typed = {"kind": "figure", "numerator": next(turn) % 90, "denominator": 100}
        typed["base"] = builders.based_on(row, line.series)
        return {f"c-{line.pk}-{name}": value for name, value in typed.items()}

    def sent(path: str, data: dict[str, object], *, status: int) -> Callable[[], object]:
        def send() -> None:

            answer = analyst.post(path, data)
            assert answer.status_code == status, answer.content

        return send

    def one() -> Callable[[], object]:
        return sent(entry.replace("entry", "cell"), {"line": lines[0].pk} | fields(lines[0]), status=200)

    def everything() -> Callable[[], object]:
        data: dict[str, object] = {"action": "save", "version": builders.fresh(row).version}
        for line in lines:
            data |= fields(line)
        return sent(entry, data, status=302)

    return {
        "grid shown": lambda: lambda: analyst.get(entry),
        "save of one cell": one,
        "save of all": everything,
        "floor: the same session, and nothing": lambda: lambda: analyst.get("/northshire/packs/"),
    }


def measure() -> dict[str, float]:
    """The median of each."""
    made = works()
    found: dict[str, list[float]] = {name: [] for name in made}
    for number in range(ROUNDS + 2):
        for name, prepared in made.items():
            work = prepared()
            started = time.process_time()
            work()
            took = (time.process_time() - started) * 1000
            found[name] += [took] if number > 1 else []
    return {name: statistics.median(times) for name, times in found.items()}


def main() -> None:
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    settings.DEBUG = False
    builders.a_user(Role.BOARD_MEMBER)
    try:
        found = measure()
        for name, middle in found.items():
            print(f"  {name:<40}{middle:>8.1f} ms")
        on = connection.vendor
        at_most(f"6 one, {on}", f"entry grid of 40: save of one cell ({on})", 25, found["save of one cell"], "ms")
        at_most(f"6 all, {on}", f"entry grid of 40: save of all ({on})", 120, found["save of all"], "ms")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
