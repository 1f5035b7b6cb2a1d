"""Measures disclosure control: a table of six rows and five columns, a pack of 40 tables beside an earlier pack of the
same size, and a table above the limit of the exact choice.

Prints seconds beside what they may be. Never fails a build.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from indicators import bounded  # noqa: E402
from indicators.disclosure.audit import audit  # noqa: E402
from indicators.disclosure.cells import Published, Table, total_is  # noqa: E402
from indicators.disclosure.free_text import scan  # noqa: E402
from indicators.disclosure.job import JOB, Task, payload_of, read_answer  # noqa: E402
from indicators.disclosure.policy import Policy  # noqa: E402
from indicators.disclosure.primary import Figure, table_of  # noqa: E402
from indicators.disclosure.rounding import rounded  # noqa: E402
from indicators.disclosure.secondary import protect  # noqa: E402
from indicators.units import Unit  # noqa: E402
from tests.bench.told import at_most  # noqa: E402
from tests.indicators.disclosure_tables import two_way  # noqa: E402

ROUNDS = 3
TABLES, ROWS = 40, 36
POLICY = Policy("the benchmark", date(2022, 4, 1))
TEXT = "In Q1 two children of section 47 waited 5 days; see paragraph 3. The others, 88% of the 200, did not. " * 1_000


def packs() -> tuple[list[Table], list[Table]]:
    """The year to the third quarter and to the fourth: shares with their counts by row, and their totals. The quarter
    between them is not printed, and follows."""
    dice = random.Random(7)  # noqa: S311
    before, now = [], []
    for number in range(TABLES):
        first: list[Figure] = []
        for row in range(ROWS):
            group = dice.choice((4, 9, 15, 30, 60, 120))
            name = f"{number} {row} to q3"
            figure = Figure(name, Unit.PERCENT, Decimal(dice.randint(0, group)), Decimal(group), counts="children",
                            complement_sensitive=number % 2 == 0)  # fmt: skip
            first.append(figure)
        second, between = [], []
        for figure in first:
            group = dice.choice((4, 9, 15, 30, 60))
            part = dice.randint(0, group)
            name = figure.id.replace("q3", "q4")
            second.append(replace(figure, id=name, numerator=Decimal(figure.numerator or 0) + part,
                                  denominator=Decimal(figure.denominator or 0) + group))  # fmt: skip
            between.append(replace(figure, id=figure.id.replace("to q3", "q4"), numerator=Decimal(part),
                                   denominator=Decimal(group)))  # fmt: skip
        before.append(with_totals(f"before {number}", first))
        now.append(beside(with_totals(f"now {number}", second), with_totals(f"between {number}", between), number))
    return before, now


def with_totals(name: str, figures: list[Figure]) -> Table:
    """A table of the figures and of all of them together."""
    whole = replace(figures[0], id=figures[0].id.replace(" 0 ", " all ", 1), is_margin=True,
                    numerator=sum((f.numerator or Decimal(0) for f in figures), Decimal(0)),
                    denominator=sum((f.denominator or Decimal(0) for f in figures), Decimal(0)))  # fmt: skip
    sums = [
        total_is(whole.numerator_id, [figure.numerator_id for figure in figures]),
        total_is(whole.denominator_id, [figure.denominator_id for figure in figures]),
    ]
    return table_of(name, [*figures, whole], POLICY, sums)


def beside(now: Table, between: Table, number: int) -> Table:
    """The year to date with the quarter that it has more than the earlier one, which is printed nowhere."""
    cells = tuple(replace(cell, standing=type(cell.standing).UNPRINTED, is_withheld=False) for cell in between.cells)
    rows = [str(row) for row in range(ROWS)] + ["all"]
    sums = tuple(
        total_is(f"{number} {row} to q4/{kind}", (f"{number} {row} to q3/{kind}", f"{number} {row} q4/{kind}"))
        for row in rows
        for kind in "nd"
    )
    return Table(now.id, now.cells + cells, now.relations + between.relations + sums)


def large_table() -> Table:
    """46 rows and 46 columns with margins: 2,209 cells, more than are chosen exactly."""
    dice = random.Random(11)  # noqa: S311
    return two_way("large", [[dice.choice((0, 3, 7, 12, 20, 41, 60, 80)) for _ in range(46)] for _ in range(46)])


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Wall and processor seconds of the work, the middle of some rounds."""
    found = []
    for _ in range(rounds):
        wall, used = time.perf_counter(), sum(os.times()[:4])
        work()
        found.append((time.perf_counter() - wall, sum(os.times()[:4]) - used))
    wall, used = (statistics.median(column) for column in zip(*found, strict=True))
    return wall, used


def main() -> None:
    dice = random.Random(3)  # noqa: S311
    small = [two_way("t", [[dice.choice((0, 1, 2, 4, 7, 9, 12, 22)) for _ in range(5)] for _ in range(6)])]
    before, now = packs()
    earlier_plan = protect(before, POLICY)
    earlier = [Published(table, earlier_plan.hidden) for table in before]
    plan = protect(now, POLICY, earlier)
    payload = payload_of(Task.AUDIT, now, POLICY, earlier, plan.hidden)
    large = [large_table()]
    print(f"{TABLES} tables beside {TABLES} earlier ones: {sum(len(t.cells) for t in [*before, *now]):,} cells, "
          f"{len(plan.hidden)} hidden ({len(plan.small)} small), {len(plan.refused)} refused")  # fmt: skip
    works: dict[str, tuple[Callable[[], object], int]] = {
        "6 × 5, protected": (lambda: protect(small, POLICY), ROUNDS),
        "6 × 5, audited": (lambda: audit(small, protect(small, POLICY).hidden, POLICY), ROUNDS),
        "6 × 5, rounded": (lambda: rounded(small, POLICY), ROUNDS),
        "40 tables, protected": (lambda: protect(now, POLICY, earlier), 1),
        "40 tables, audited": (lambda: audit(now, plan.hidden, POLICY, earlier), ROUNDS),
        "40 tables, audited in the child": (lambda: read_answer(bounded.run(job=JOB, payload=payload)), ROUNDS),
        "2,209 cells, protected by greed": (lambda: protect(large, POLICY), 1),
        "100,000 signs of text": (lambda: scan(TEXT, POLICY), ROUNDS),
    }
    print(f"{'Disclosure control':<34}{'seconds':>9}{'CPU':>10}")
    for name, (work, rounds) in works.items():
        wall, used = seconds(work, rounds)
        print(f"{name:<34}{wall:>9.2f}{used:>10.2f}", flush=True)
        if name == "40 tables, audited in the child":
            at_most("10 disclosure", f"disclosure audit of a pack of {TABLES} tables, in the child", 5, used, "s")


if __name__ == "__main__":
    main()
