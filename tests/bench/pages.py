"""Goals 1 to 3: the scorecard of 200 indicators drawn and kept, beside its floor, and pages where there are fourteen
times as many figures. PostgreSQL; two databases of `make_scale_data`, or those that BENCH_DATABASES names.

Processor milliseconds of the web process, medians of interleaved rounds.
"""

import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.engines import another, migrated, postgresql  # noqa: E402
from tests.bench.told import at_most, goal  # noqa: E402
from tests.bench.worker import Worker, filled  # noqa: E402

ROUNDS = 11
SMALL, LARGE = 11, 153
READER, ANALYST = "reader.authority-001@example.org", "analyst.authority-001@example.org"
HERE = "/authority-001"
CARD = f"{HERE}/scorecards/scorecard/"
PAGES = {
    "scorecard": (CARD, READER),
    "scorecard, variation": (f"{CARD}?show=variation", READER),
    "home": (f"{HERE}/", READER),
    "indicator": (f"{HERE}/indicators/indicator-001/", READER),
    "list of indicators": (f"{HERE}/indicators/", READER),
    "returns": (f"{HERE}/returns/", ANALYST),
    "packs": (f"{HERE}/packs/", READER),
    "scorecard as CSV": (f"{HERE}/scorecards/scorecard.csv", READER),
}


@contextmanager
def databases() -> Iterator[tuple[str, str] | None]:
    """The addresses of a small and a large database; None where PostgreSQL is not installed."""
    given = os.environ.get("BENCH_DATABASES", "")
    if given:
        small, _, large = given.partition(",")
        yield small, large
        return
    with postgresql() as address:
        if address is None:
            yield None
            return
        migrated(address)
        small, large = another(address, "small", like="app"), another(address, "large", like="app")
        filled(small, SMALL)
        filled(large, LARGE)
        yield small, large


def main() -> None:
    with databases() as found:
        if found is None:
            goal("1", "pages", "", "PostgreSQL is not installed", None)
            return
        small, large = map(Worker, found)
        try:
            measure(small, large)
        finally:
            small.close()
            large.close()


def measure(small: Worker, large: Worker) -> None:
    """Warms, measures in turn, and tells."""
    works = {
        "floor": lambda: small.ask("floor", CARD, READER),
        "drawn": lambda: small.ask("page", CARD, READER),
        "kept": lambda: small.ask("page", CARD, READER, keep=True),
    }
    works |= {f"small {name}": lambda at=at: small.ask("page", *at) for name, at in PAGES.items()}
    works |= {f"large {name}": lambda at=at: large.ask("page", *at) for name, at in PAGES.items()}
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 2):
        for name, work in works.items():
            took = work()["ms"]
            times[name] += [took] if number > 1 else []
    middle = {name: statistics.median(found) for name, found in times.items()}
    for name, ms in middle.items():
        print(f"  {name:<32}{ms:>9.1f} ms")
    drawn = small.ask("page", CARD, READER, count=True)
    size = f"{drawn['bytes'] / 1000:.0f} kB with drawings"
    at_most("1", f"scorecard of 200, {size}, to a floor of the same bytes", 2.5, middle["drawn"] / middle["floor"])
    at_most("1 q", "its queries", 10, drawn["queries"], "queries")
    at_most("2", "the same page unchanged, to the floor", 0.35, middle["kept"] / middle["floor"])
    for name in PAGES:
        ratio = middle[f"large {name}"] / middle[f"small {name}"]
        at_most(f"3 {name}", f"{name}: 2.45 million figures to 180,000", 1.15, ratio)


if __name__ == "__main__":
    main()
