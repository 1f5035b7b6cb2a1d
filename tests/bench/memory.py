"""Goal 9: memory of a web process: after its pages, without heavy libraries, and after ten thousand requests more, in
which pages that are kept are drawn anew now and then, as they are after five minutes.

On a database of `make_scale_data`; BENCH_DATABASES names one that is there already (the first).
"""

import gc
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

REQUESTS, DRAWN_ANEW_EACH = 10_000, 100
# What the unit and the container set for a web process.
OF_THE_UNIT = {"MALLOC_ARENA_MAX": "1"}
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


def held() -> int:
    """How many blocks of memory Python's own objects hold, without what is only waiting to be given back."""
    gc.collect()
    return sys.getallocatedblocks()


def measure() -> None:
    """Prints memory after the pages, what is loaded, and memory after a tenth and after all of the requests."""
    import django

    django.setup()
    from django.conf import settings

    from indicators.views import kept

    settings.DEBUG, settings.KEEP_PAGES = False, True
    asked = Pages()
    for page in LIGHT:
        asked.get(HERE + page, READER)
    light, loaded = resident(), sorted(HEAVY & {name.partition(".")[0] for name in sys.modules})

    def ask(requests: int) -> tuple[float, int]:
        for number in range(requests):
            if number % DRAWN_ANEW_EACH == 0:
                kept._pages.clear()
            asked.get(HERE + MANY[number % len(MANY)], READER)
        return resident(), held()

    before, blocks = ask(REQUESTS // 10)
    after, blocks_after = ask(REQUESTS - REQUESTS // 10)
    asked.get(f"{HERE}indicators/indicator-001/", READER)
    with_chart = resident()
    grown, more = after - before, blocks_after - blocks
    told = {"light": light, "loaded": loaded, "grown": grown, "blocks": more, "chart": with_chart - after}
    print(json.dumps(told))


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
    environ = environment(address, DJANGO_SETTINGS_MODULE="tests.settings", **OF_THE_UNIT)
    done = subprocess.run(command, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"  {found}")
    at_most("9 memory", f"a web process after {len(LIGHT)} pages and files", 90, found["light"], "MB")
    words = ", ".join(found["loaded"]) or "none"
    goal("9 libraries", "heavy libraries loaded by then", "none", words, not found["loaded"])
    at_most("9 growth", f"the last {REQUESTS * 9 // 10:,} of {REQUESTS:,} requests add", 2, found["grown"], "MB")
    at_most("9 objects", "and leave of objects, in blocks of memory", 1000, found["blocks"], "blocks")
    print(f"  the first chart adds {found['chart']:.0f} MB")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    measure() if sys.argv[1:] == ["--measure"] else main()
