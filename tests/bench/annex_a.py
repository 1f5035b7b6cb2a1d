"""Measures the Annex A intake on 20,000 synthetic rows in eleven lists, in the child process that does it in earnest.

Prints time and peak memory beside what they may be (10 seconds, 500 MB). Never fails a build.
"""

import json
import resource
import statistics
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from indicators import bounded
from referrals.annex_a.synthetic import Sheet, synthetic_sheets
from referrals.management.annex_a_file import workbook_of
from tests.bench.told import at_most

CHILDREN, ROUNDS = 7_250, 3
JOB = "referrals.workbooks:compute_annex_a"
REFERENCE = date(2022, 3, 31)


def payload_of(sheets: list[Sheet]) -> bytes:
    """One workbook as the child is given it."""
    content = workbook_of(sheets, REFERENCE)
    asked = {
        "reference_date": "2022-03-31", "period_start": "2022-01-01", "period_end": "2022-03-31",
        "files": [{"name": "synthetic.xlsx", "size": len(content)}],
    }  # fmt: skip
    return json.dumps(asked).encode() + b"\n" + content


def main() -> None:
    print(f"{'Annex A':<12}{'rows':>8}{'MB file':>9}{'seconds':>9}{'CPU':>7}{'peak MB':>9}{'lines':>8}{'findings':>10}")
    for name, dirt in (("clean", 0), ("dirt 0.3", 300), ("dirt 1", 1000)):
        payload = payload_of(synthetic_sheets(1, CHILDREN, REFERENCE, dirt=dirt))
        times, before = [], resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            answer = json.loads(bounded.run(job=JOB, payload=payload))
            times.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / ROUNDS
        rows = sum(found["rows"] for found in answer["lists"])
        findings = sum(found["number"] for found in answer["finding_counts"])
        at_most(f"10 Annex A, {name}", f"Annex A of {rows:,} rows, {name}", 10, cpu, "s")
        print(
            f"{name:<12}{rows:>8,}{len(payload) / 1e6:>9.1f}{statistics.median(times):>9.1f}{cpu:>7.1f}"
            f"{after.ru_maxrss / 1024:>9.0f}{len(answer['measures']):>8,}{findings:>10,}"
        )
    print("It must hold: 20,000 rows in 10 seconds and 500 MB. Peak memory is the most of any child so far.")


if __name__ == "__main__":
    main()
