"""The real figures of the source reports."""

from pathlib import Path

from indicators import imports
from indicators.models import (
    Partnership,
)
from indicators.operations import loading
from tests.builders.basics import NOW
from tests.builders.places import a_partnership


def read_tables(folder: Path) -> dict[str, list[imports.Row]]:
    """The rows of every CSV file of a folder that the loader knows."""
    return {
        name: imports.read_csv((folder / f"{name}.csv").read_bytes(), name, file=f"{name}.csv")
        for name in loading.ORDER
        if (folder / f"{name}.csv").exists()
    }


def the_real_figures(folder: Path) -> Partnership:
    """Loads the source reports' figures, as the demonstration does."""
    made = a_partnership("doncaster", "E08000017")
    loading.load_tables(partnership=made, tables=read_tables(folder), at=NOW)
    return made
