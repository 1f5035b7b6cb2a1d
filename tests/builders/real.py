"""The real figures of the source reports."""

from pathlib import Path

from finance.operations.loading import ORDER as MONEY_ORDER
from finance.operations.loading import load_money
from indicators import imports
from indicators.models import Partnership
from indicators.operations import loading
from partnership.operations.demo import read_folder, set_up_demo
from partnership.operations.governance_loading import ORDER as GOVERNANCE_ORDER
from partnership.operations.governance_loading import load_governance
from referrals.operations.programmes import load_programmes
from tests.builders.basics import NOW, PASSWORD, TODAY
from tests.builders.kept import kept_once
from tests.builders.places import a_partnership

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "doncaster"


def read_tables(folder: Path) -> dict[str, list[imports.Row]]:
    """The rows of every CSV file of a folder that the loader knows; its subfolders are left out."""
    return {
        name: imports.read_csv((folder / f"{name}.csv").read_bytes(), name, file=f"{name}.csv")
        for name in loading.ORDER
        if (folder / f"{name}.csv").exists()
    }


def the_real_figures(folder: Path, *, with_areas: bool = False) -> Partnership:
    """Loads the source reports' figures, as the demonstration does: the 36 indicators of the two scorecards, or
    `with_areas` everything. A second time in a process the same rows are put back as the first time left them, where
    nothing else is there yet."""
    kept_once(f"{folder} {with_areas}", lambda: _load(folder, with_areas))
    return Partnership.objects.get(slug="doncaster")


def the_demonstration() -> Partnership:
    """Everything as `make demo` sets it up, at the moment and with the password of every test; a second time as
    `the_real_figures`."""

    def make() -> None:
        the_real_figures(FIXTURES, with_areas=True)
        set_up_demo(at=NOW, today=TODAY, password=PASSWORD)

    kept_once("demonstration", make)
    return Partnership.objects.get(slug="doncaster")


def _load(folder: Path, with_areas: bool) -> None:
    made = a_partnership("doncaster", "E08000017")
    tables = read_folder(folder) if with_areas else read_tables(folder)
    programmes = tables.pop("programmes", [])
    money = {name: tables.pop(name) for name in MONEY_ORDER if name in tables}
    governance = {name: tables.pop(name) for name in GOVERNANCE_ORDER if name in tables}
    loading.load_tables(partnership=made, tables=tables, at=NOW)
    load_money(partnership=made, tables=money, at=NOW)
    load_programmes(partnership=made, rows=programmes)
    load_governance(partnership=made, tables=governance, at=NOW)
