"""Goal 9: memory of a web process: after its pages, without heavy libraries, and after ten thousand requests more.

On a database of `make_scale_data`; BENCH_DATABASES names one that is there already (the first).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.engines import environment, migrated, sqlite  # noqa: E402
from tests.bench.told import at_most, goal  # noqa: E402
from tests.bench.worker import Pages, filled  # noqa: E402

REQUESTS = 10_000
READER, HERE = "reader.authority-001@example.org", "/authority-001/"
LIGHT = (
    "", "scorecards/", "scorecards/scorecard/", "scorecards/scorecard/?q=1", "scorecards/scorecard/all-periods.csv",
    "indicators/", "packs/", "money/", "governance/", "data-quality/", "meetings/", "actions/", "search/?q=indicator",
)  # fmt: skip
MANY = ("packs/", "scorecards/scorecard/", "scorecards/", "search/?q=indicator", "meetings/")
HEAVY = {"pandas", "numpy", "scipy", "plotly", "openpyxl", "docx", "weasyprint"}


def resident() -> float:
    """MB that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def measure() -> None:
    """Prints memory after the pages, what is loaded, and memory after a tenth and after all of the requests."""
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG, settings.KEEP_PAGES = False, True
    asked = Pages()
    for page in LIGHT:
        asked.get(HERE + page, READER)
    light, loaded = resident(), sorted(HEAVY & {name.partition(".")[0] for name in sys.modules})
    for number in range(REQUESTS // 10):
        asked.get(HERE + MANY[number % len(MANY)], READER)
    before = resident()
    for number in range(REQUESTS - REQUESTS // 10):
        asked.get(HERE + MANY[number % len(MANY)], READER)
    after = resident()
    asked.get(f"{HERE}indicators/indicator-001/", READER)
    with_chart = resident()
    print(json.dumps({"light": light, "loaded": loaded, "grown": after - before, "chart": with_chart - after}))


def main() -> None:
    given = os.environ.get("BENCH_DATABASES", "").partition(",")[0]
    if given:
        tell(given)
        return
    with sqlite() as address:
        migrated(address)
        filled(address, 1)
        tell(address)


def tell(address: str) -> None:
    """Measures in a process of its own, and tells."""
    command = [sys.executable, __file__, "--measure"]
    environ = environment(address, DJANGO_SETTINGS_MODULE="tests.settings")
    done = subprocess.run(command, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"  {found}")
    at_most("9 memory", f"a web process after {len(LIGHT)} pages and files", 90, found["light"], "MB")
    words = ", ".join(found["loaded"]) or "none"
    goal("9 libraries", "heavy libraries loaded by then", "none", words, not found["loaded"])
    at_most("9 growth", f"the last {REQUESTS * 9 // 10:,} of {REQUESTS:,} requests add", 2, found["grown"], "MB")
    print(f"  the first chart adds {found['chart']:.0f} MB")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    measure() if sys.argv[1:] == ["--measure"] else main()
