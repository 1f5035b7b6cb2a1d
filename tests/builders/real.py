"""The real figures of the source reports."""

import fcntl
import hashlib
import os
import pickle
from collections.abc import Callable, Iterable
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from psycopg2.extras import execute_values

from finance.operations.loading import ORDER as MONEY_ORDER
from finance.operations.loading import load_money
from indicators import imports
from indicators.models import Partnership
from indicators.operations import loading
from partnership.models import PackEvent
from partnership.operations.demo import read_folder, set_up_demo
from partnership.operations.governance_loading import ORDER as GOVERNANCE_ORDER
from partnership.operations.governance_loading import load_governance
from referrals.operations.programmes import load_programmes
from tests.builders.basics import NOW, PASSWORD, TODAY, counted
from tests.builders.places import a_partnership
from tests.migrated import KEPT_AT_MOST, SHARED

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "doncaster"
APPS = ("indicators", "referrals", "finance", "partnership")
Rows = list[tuple[Any, ...]]
_loaded: dict[tuple[str, str], dict[str, Rows]] = {}


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


def kept_once(name: str, make: Callable[[], object]) -> None:
    """Makes a world, or puts back its rows as they were when it was made first by any process, as long as no module and
    no fixture changes; it is made in any case where something else is there already."""
    key = (name, connection.vendor)
    if any(model._default_manager.exists() for model in _models()):
        make()
    elif key in _loaded:
        _put_back(_loaded[key])
    else:
        _loaded[key] = _kept(name, make)
    counted()


def _kept(name: str, make: Callable[[], object]) -> dict[str, Rows]:
    """The rows of a world, which stands after this: from the file that another process left, or made and left there."""
    told = hashlib.sha256(f"{name} {connection.vendor} {_sources()}".encode()).hexdigest()[:20]
    path = SHARED / f"partnership-world-{os.getuid()}-{told}.pickle"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            world: dict[str, Rows] = pickle.loads(path.read_bytes())  # noqa: S301
            _put_back(world)
            return world
        make()
        world = {m._meta.db_table: _read(m) for m in _models()}
        half = path.with_suffix(".half")
        half.write_bytes(pickle.dumps(world))
        half.replace(path)
        held = sorted(SHARED.glob(f"partnership-world-{os.getuid()}-*.pickle"), key=lambda one: one.stat().st_mtime)
        for old in held[:-KEPT_AT_MOST]:
            old.unlink()
    return world


@cache
def _sources() -> str:
    """A hash of all that a world may depend on."""
    found = hashlib.sha256()
    for folder, ends in (*((app, "*.py") for app in APPS), ("tests/builders", "*.py"), ("fixtures", "*.csv")):
        for path in sorted((ROOT / folder).rglob(ends)):
            found.update(path.read_bytes())
    return found.hexdigest()


def _put_back(world: dict[str, Rows]) -> None:
    # A published pack takes no further rows, so what publishes it comes last.
    models_in_order = sorted(_models(), key=lambda model: model is PackEvent)
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models_in_order:
            _write(model, world[model._meta.db_table])
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


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


@cache
def _models() -> tuple[type[models.Model], ...]:
    """Every model that loading writes, those between two others included."""
    return tuple(m for a in APPS for m in apps.get_app_config(a).get_models(include_auto_created=True))


def _columns(model: type[models.Model]) -> str:
    return ", ".join(connection.ops.quote_name(f.column) for f in model._meta.concrete_fields)


def _read(model: type[models.Model]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns(model)} FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")  # noqa: S608
        # SQLite reads times of day, and takes them back as text only.
        return [tuple(map(_plain, row)) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    return value.isoformat() if isinstance(value, time) else value


def _write(model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    held = list(rows)
    if not held:
        return
    marks = ", ".join(["%s"] * len(held[0]))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            into = f"INSERT INTO {model._meta.db_table} ({_columns(model)}) VALUES %s"  # noqa: S608
            execute_values(cursor.cursor, into, held, page_size=500)
            return
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({_columns(model)}) VALUES ({marks})", held)  # noqa: S608
