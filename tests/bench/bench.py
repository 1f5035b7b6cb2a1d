"""Runs every benchmark and prints one table of all goals at the end. Never fails a build.

Times are those of the processor, medians of rounds in turn; on a shared machine only the ratios mean much.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.engines import environment, postgresql  # noqa: E402
from tests.bench.told import table  # noqa: E402

FOLDER = Path(__file__).parent
BENCHMARKS = (
    "pages", "browser", "indicator_page", "draw", "entry", "files", "contenders", "memory", "annex_a",
    "official_import", "projection", "disclosure", "pack_document", "variation", "ssda903",
)  # fmt: skip


def run(name: str, environ: dict[str, str]) -> None:
    """One benchmark in a process of its own; what it says of itself is shown."""
    print(f"\n{name}", flush=True)
    done = subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], cwd=ROOT, env=environ, check=False)
    if done.returncode:
        print(f"  {name} ended with {done.returncode}: its goals are not in the table.", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        goals = Path(folder) / "goals"
        goals.touch()
        environ = {**os.environ, "BENCH_GOALS": str(goals)}
        for name in sys.argv[1:] or BENCHMARKS:
            run(name, environ)
            if name == "entry":
                with postgresql() as address:
                    if address is not None:
                        run(name, environment(address, BENCH_GOALS=str(goals)))
        print(f"\n{table(goals)}")


if __name__ == "__main__":
    main()
