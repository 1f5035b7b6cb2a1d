"""What a benchmark found, held against its goal; the one table of all of them is made of these."""

import json
import os
from pathlib import Path


def goal(number: str, work: str, limit: str, measured: str, is_met: bool | None) -> None:
    """Prints one line, and keeps it for the table where BENCH_GOALS names a file. `is_met` None: not measured, and
    `measured` says why."""
    words = {True: "met", False: "MISSED", None: "not measured"}[is_met]
    print(f"  goal {number}: {work}: {measured}; {limit}: {words}", flush=True)
    name = os.environ.get("BENCH_GOALS")
    if name:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps([number, work, limit, measured, words]) + "\n")


def at_most(number: str, work: str, limit: float, measured: float, unit: str = "×") -> None:
    """A goal that is a number not to be passed."""
    goal(number, work, f"at most {limit:g} {unit}", f"{measured:,.2f} {unit}", measured <= limit)


def table(file: Path) -> str:
    """All that was kept, by the number of the goal, as one table."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows.sort(key=lambda row: (int(row[0].split()[0]), row[0]))
    head = ["goal", "work", "it must be", "measured", ""]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
