"""Measures the band of a projection: 10,000 runs of 700 placements over 24 months, alone and in the bounded child.

Prints seconds beside what they may be (2 seconds on one core). Never fails a build.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from finance.nights import PriceChange  # noqa: E402
from finance.outlook import Leaving, Outlook, Placement, PlannedMove, Starters  # noqa: E402
from finance.projection import project  # noqa: E402
from finance.projection_job import JOB, payload_of, read_answer  # noqa: E402
from finance.simulation import simulate  # noqa: E402
from indicators import bounded  # noqa: E402
from tests.bench.told import at_most  # noqa: E402

ROUNDS = 5
PLACEMENTS = 700
AS_OF = date(2022, 4, 1)
RUNGS = ("out-of-authority", "in-house-residential", "independent-fostering", "in-house-fostering", "supported-16-plus")


def outlook() -> Outlook:
    """700 placements with ends, moves, starters, leavers and two changes of price on every rung."""
    placements = tuple(
        Placement(
            rung=RUNGS[number % len(RUNGS)],
            weekly=Decimal(400 + 37 * (number % 120)),
            start=AS_OF - timedelta(days=1 + number),
            end=AS_OF + timedelta(days=200 + number) if number % 3 == 0 else None,
            moves=(PlannedMove(date(2022, 9, 1), RUNGS[3], Decimal(575), Decimal("0.6")),) if number % 10 == 0 else (),
        )
        for number in range(PLACEMENTS)
    )
    return Outlook(
        as_of=AS_OF,
        placements=placements,
        starters=tuple(Starters(rung, Decimal("4.5"), (Decimal(900), Decimal(4_100))) for rung in RUNGS),
        leaving=tuple(Leaving(rung, Decimal("0.0014")) for rung in RUNGS),
        price_changes=(
            PriceChange(date(2022, 10, 1), Decimal("4.9")),
            PriceChange(date(2023, 4, 1), pounds=Decimal(25)),
        ),
        cost_to_date=Decimal(0),
    )


def processor() -> float:
    """Processor seconds so far, of this process and its children."""
    return sum(os.times()[:4])


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of the work."""
    wall, used = time.perf_counter(), processor()
    work()
    return time.perf_counter() - wall, processor() - used


def main() -> None:
    asked = outlook()
    payload = payload_of(asked)
    works: dict[str, Callable[[], object]] = {
        "expectation, line by line": lambda: project(asked),
        "10,000 runs": lambda: simulate(asked),
        "10,000 runs in the child": lambda: read_answer(bounded.run(job=JOB, payload=payload)),
    }
    print(f"{'Projection of 700 placements':<32}{'seconds':>9}{'CPU':>10}")
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            found[name].append(seconds(work))
    for name, times in found.items():
        wall, used = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{name:<32}{wall:>9.2f}{used:>10.2f}")
    child = statistics.median(used for _, used in found["10,000 runs in the child"])
    at_most("10 projection", f"projection of 10,000 runs, {PLACEMENTS} placements, in the child", 2, child, "s")


if __name__ == "__main__":
    main()
