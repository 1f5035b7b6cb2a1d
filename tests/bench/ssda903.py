"""Measures the placements file on 20,000 synthetic episodes, in the child process that counts them in earnest.

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

from finance.ssda903.job import JOB, payload_of
from finance.ssda903.synthetic import synthetic_return
from indicators import bounded

CHILDREN, ROUNDS = 4_250, 3
FIRST, LAST = date(2021, 4, 1), date(2022, 3, 31)


def main() -> None:
    print(f"{'Placements':<12}{'episodes':>10}{'MB file':>9}{'seconds':>9}{'CPU':>7}{'peak MB':>9}{'findings':>10}")
    for name, dirt in (("clean", 0), ("dirt 0.3", 300), ("dirt 1", 1000)):
        made = synthetic_return(1, CHILDREN, FIRST, LAST, dirt)
        payload = payload_of(made.header, made.episodes, FIRST, LAST)
        times, before = [], resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            answer = json.loads(bounded.run(job=JOB, payload=payload))
            times.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / ROUNDS
        findings = sum(found["number"] for found in answer["findings"])
        print(
            f"{name:<12}{made.rows:>10,}{len(payload) / 1e6:>9.1f}{statistics.median(times):>9.1f}{cpu:>7.1f}"
            f"{after.ru_maxrss / 1024:>9.0f}{findings:>10,}"
        )
    print("It must hold: 20,000 episodes in 10 seconds and 500 MB. Peak memory is the most of any child so far.")


if __name__ == "__main__":
    main()
