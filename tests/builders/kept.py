"""Worlds that are made once and put back: the rows of every table as they were when it was made first."""

import fcntl
import hashlib
import os
import pickle
from collections.abc import Callable
from datetime import time
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from psycopg2.extras import execute_values

from partnership.models import PackEvent
from tests.builders.basics import counted
from tests.migrated import KEPT_AT_MOST, SHARED

ROOT = Path(__file__).resolve().parents[2]
APPS = ("indicators", "referrals", "finance", "partnership")
Rows = list[tuple[Any, ...]]
Given, Answer = ParamSpec("Given"), TypeVar("Answer")
# The rows of worlds that this process has made or put back, by table; and what else their makers answered.
_loaded: dict[tuple[str, str], dict[str, Rows]] = {}
_worlds: dict[tuple[str, ...], tuple[dict[str, Rows], bytes]] = {}


def kept_once(name: str, make: Callable[[], object]) -> None:
    """Makes a world, or puts back its rows as they were when it was made first by any process, as long as no module and
    no fixture changes; it is made in any case where something else is there already."""
    key = (name, connection.vendor)
    if not _is_empty():
        make()
    elif key in _loaded:
        _put_back(_loaded[key])
    else:
        _loaded[key] = _kept(name, make)
    counted()


def kept(make: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Decorates what makes a world and takes nothing but plain values: the second time in a process, where nothing else
    is there yet, its rows are put back, and what it answered."""

    @wraps(make)
    def made(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        key = (make.__module__, make.__qualname__, repr((args, kwargs)), connection.vendor)
        if not _is_empty():
            return make(*args, **kwargs)
        if key in _worlds:
            rows, answer = _worlds[key]
            _put_back(rows)
            return pickle.loads(answer)  # noqa: S301
        found = make(*args, **kwargs)
        _worlds[key] = _taken(), pickle.dumps(found)
        return found

    return made


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
        world = _taken()
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
    models_in_order = sorted((m for m in _models() if m._meta.db_table in world), key=lambda model: model is PackEvent)
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models_in_order:
            _write(model, world[model._meta.db_table])
        for statement in connection.ops.sequence_reset_sql(no_style(), models_in_order):
            cursor.execute(statement)


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


def _write(model: type[models.Model], rows: Rows) -> None:
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            into = f"INSERT INTO {model._meta.db_table} ({_columns(model)}) VALUES %s"  # noqa: S608
            execute_values(cursor.cursor, into, rows, page_size=500)
            return
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({_columns(model)}) VALUES ({marks})", rows)  # noqa: S608


def _is_empty() -> bool:
    """Whether no table has a row."""
    tables = " UNION ALL ".join(f"SELECT 1 WHERE EXISTS (SELECT 1 FROM {m._meta.db_table})" for m in _models())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(tables)
        return cursor.fetchone() is None


def _taken() -> dict[str, Rows]:
    """The rows of every table that has any."""
    found = ((model._meta.db_table, _read(model)) for model in _models())
    return {table: rows for table, rows in found if rows}
