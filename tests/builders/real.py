"""The real figures of the source reports."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from indicators import imports
from indicators.models import Partnership
from indicators.operations import loading
from partnership.operations.demo import read_folder
from referrals.operations.programmes import load_programmes
from tests.builders.basics import NOW
from tests.builders.places import a_partnership

Rows = list[tuple[Any, ...]]
_loaded: dict[tuple[str, bool, str], dict[str, Rows]] = {}


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
    if any(model._default_manager.exists() for model in _models()):
        made = _load(folder, with_areas)
        _measure()
        return made
    key = (str(folder), with_areas, connection.vendor)
    if key not in _loaded:
        made = _load(folder, with_areas)
        _loaded[key] = {m._meta.db_table: _read(m) for m in _models()}
        _measure()
        return made
    with transaction.atomic(), connection.cursor() as cursor:
        for model in _models():
            _write(model, _loaded[key][model._meta.db_table])
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
    _measure()
    return Partnership.objects.get(slug="doncaster")


def _measure() -> None:
    """Lets PostgreSQL count the rows: it takes tables for as empty as the last test left them, and plans for that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(m._meta.db_table for m in _models())}")


def _load(folder: Path, with_areas: bool) -> Partnership:
    made = a_partnership("doncaster", "E08000017")
    tables = read_folder(folder) if with_areas else read_tables(folder)
    programmes = tables.pop("programmes", [])
    loading.load_tables(partnership=made, tables=tables, at=NOW)
    load_programmes(partnership=made, rows=programmes)
    return made


@cache
def _models() -> tuple[type[models.Model], ...]:
    """Every model that loading writes, those between two others included."""
    labels = ("indicators", "referrals")
    return tuple(m for a in labels for m in apps.get_app_config(a).get_models(include_auto_created=True))


def _columns(model: type[models.Model]) -> str:
    return ", ".join(connection.ops.quote_name(f.column) for f in model._meta.concrete_fields)


def _read(model: type[models.Model]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns(model)} FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")  # noqa: S608
        return list(cursor.fetchall())


def _write(model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    held = list(rows)
    if not held:
        return
    marks = ", ".join(["%s"] * len(held[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({_columns(model)}) VALUES ({marks})", held)  # noqa: S608
