"""Takes everything out of the database in open formats, and into another one, of either engine, with nothing lost."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg2.extras import execute_values  # type: ignore[import-untyped]

from indicators import triggers
from indicators.operations.errors import OperationError
from partnership.backup_manifest import APPLICATION
from partnership.models import Installation
from partnership.open_tables import FORMAT, MANIFEST, Kind, NotAsWritten, OpenTable, csvw, rows_of
from partnership.operations.backups import postgresql
from partnership.operations.backups.restoring import refuse_what_is_there
from partnership.selectors.everything import Model, fingerprint, one_moment, tables_of_everything

BATCH = 1_000
BLOCK = 256 * 1024


@dataclass(frozen=True)
class Moved:
    """How much was taken out or in."""

    tables: int
    rows: int


def _migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


# Out


def export_everything(*, folder: Path, secrets: bool = False) -> Moved:
    """Writes every table into a folder as CSV with its CSVW metadata, and at the end what they are, with their hashes.

    Passwords and second factors are left out unless `secrets`; sessions always. Raises OperationError for a folder that
    holds something, and when it cannot be written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OperationError(f"The folder {folder} is not empty. Name one that is new or empty.")
        with one_moment():
            return _write_all(folder, secrets)
    except OSError as error:
        raise OperationError(
            f"The export could not be written to {folder}: {error.strerror}. It is not whole; delete it."
        ) from error


def _write_all(folder: Path, secrets: bool) -> Moved:
    told: dict[str, dict[str, Any]] = {}
    for model, table in tables_of_everything(secrets=secrets):
        with _own(folder / f"{table.name}.csv") as file:
            sha, rows = fingerprint(model, table, file.write)
        with _own(folder / f"{table.name}.csv-metadata.json") as file:
            file.write(csvw(table))
        told[table.name] = {"sha256": sha, "rows": rows}
    manifest = {
        "application": APPLICATION, "format": FORMAT, "version": settings.VERSION, "secrets": secrets,
        "migrations": _migrations(), "tables": told,
    }  # fmt: skip
    with _own(folder / MANIFEST) as file:  # the last one: without it nothing is imported
        file.write((json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    return Moved(len(told), sum(one["rows"] for one in told.values()))


def _own(path: Path) -> Any:
    """A file that only its owner reads."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


# In


def import_everything(*, folder: Path, replace: bool = False) -> Moved:
    """Takes in what `export_everything` wrote, in one transaction, and proves each table by writing it out again.

    Raises NotAsWritten for an export that is not whole, and OperationError for one of another version, of a
    demonstration in production, and for a database that is not empty unless it may be replaced. Nothing was changed
    then.
    """
    manifest = _manifest(folder)
    tables = tables_of_everything(secrets=manifest["secrets"])
    _refuse(folder, manifest, tables)
    refuse_what_is_there(replace=replace)
    try:
        with transaction.atomic():
            with _open_to_all():
                for model, table in tables:
                    _fill(model, table, folder)
            if connection.vendor == "postgresql":
                postgresql.set_sequences()
            ContentType.objects.clear_cache()
            _prove(manifest, tables)
    except IntegrityError as error:
        raise NotAsWritten("Rows of the export contradict each other, or point to rows that are not there.") from error
    return Moved(len(tables), sum(one["rows"] for one in manifest["tables"].values()))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["application"] == APPLICATION and manifest["format"] == FORMAT
        if not known or not {"tables", "migrations", "secrets", "version"} <= set(manifest):
            raise NotAsWritten(f"{folder} holds no export that this version can read.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAsWritten(f"{folder} holds no whole export: {MANIFEST} is missing or cannot be read.") from error
    return manifest


def _refuse(folder: Path, manifest: dict[str, Any], tables: Iterable[tuple[Model, OpenTable]]) -> None:
    if manifest["migrations"] != _migrations():
        raise OperationError(
            f"The export is of version {manifest['version']}, and the database is not at the same migrations. Install "
            "that version, run manage.py migrate on an empty database, import there, and upgrade afterwards."
        )
    names = {table.name for _, table in tables}
    if names != set(manifest["tables"]):
        raise NotAsWritten(f"The export holds other tables: {', '.join(sorted(names ^ set(manifest['tables'])))}.")
    for name, told in manifest["tables"].items():
        if _sha_of(folder / f"{name}.csv") != told["sha256"]:
            raise NotAsWritten(f"{name}.csv is missing or is not what was exported.")


def _sha_of(path: Path) -> str:
    sha = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                sha.update(block)
    except OSError:
        return ""
    return sha.hexdigest()


@contextmanager
def _open_to_all() -> Iterator[None]:
    """Every table of ours, emptied, takes rows in any order; afterwards it is protected again, and every key is proved.

    Raises IntegrityError for a row that points nowhere.
    """
    names = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))
    if connection.vendor == "postgresql":
        with postgresql.open_tables(names):
            postgresql.empty(names)
            yield
        return
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of our models
    yield
    triggers.reinstall(connection)
    connection.check_constraints()


def _fill(model: Model, table: OpenTable, folder: Path) -> None:
    fields = {str(field.column): field for field in model._meta.local_concrete_fields}
    missing = [name for name in fields if name not in {c.name for c in table.columns}]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in [*(c.name for c in table.columns), *missing])
    into = f"INSERT INTO {quote(table.name)} ({columns}) VALUES "  # noqa: S608 - names of our models
    path = folder / f"{table.name}.csv"
    with path.open(encoding="utf-8", newline="") as file, connection.cursor() as cursor:
        rows = (
            [*(_prepared(fields[c.name], c.kind, value) for c, value in zip(table.columns, row, strict=True)),
             *(make_password(None) for _ in missing)]
            for row in rows_of(table, file)
        )  # fmt: skip
        while batch := list(islice(rows, BATCH)):
            _insert(cursor, into, batch)


def _prepared(field: Any, kind: Kind, value: Any) -> Any:
    if kind is Kind.JSON and not (value is None and field.null):
        return connection.ops.adapt_json_value(value, getattr(field, "encoder", None))
    return field.get_db_prep_save(value, connection)


def _insert(cursor: Any, into: str, batch: Sequence[Sequence[Any]]) -> None:
    if connection.vendor == "postgresql":
        execute_values(cursor.cursor, f"{into}%s", batch, page_size=BATCH)
    else:
        cursor.executemany(f"{into}({', '.join(['%s'] * len(batch[0]))})", batch)


def _prove(manifest: dict[str, Any], tables: Iterable[tuple[Model, OpenTable]]) -> None:
    if settings.IN_PRODUCTION and Installation.objects.filter(kind=Installation.Kind.DEMO).exists():
        raise OperationError("The export is of a demonstration, which production refuses. Nothing was done.")
    for model, table in tables:
        if fingerprint(model, table)[0] != manifest["tables"][table.name]["sha256"]:
            raise NotAsWritten(
                f"Table {table.name} would not be the same in this database: it cannot hold a value exactly. Nothing "
                "was done."
            )
