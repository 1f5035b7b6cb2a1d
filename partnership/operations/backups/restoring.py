"""Restores a backup: proved whole first, then put in place in one step, then brought to this version."""

import contextlib
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from indicators.operations.errors import OperationError
from partnership.backup_manifest import SNAPSHOT, Manifest, NotABackup, leaves, version_key
from partnership.leftovers import scratch_folder
from partnership.operations.backups import postgresql
from partnership.operations.backups.making import sqlite_counts
from partnership.operations.backups.reading import Backup, opened
from partnership.operations.quick_migrations import quick_migrations

log = logging.getLogger("operations")

# In the same step as the rest: who signed out since must not be signed in again, wherever the restore is broken off.
NO_SESSIONS = "DELETE FROM django_session"
# What migrating makes by itself.
MADE_BY_MIGRATING = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(frozen=True)
class Restored:
    """What was restored: the backup's own words, how many migrations brought it to this version, and the tables that
    are nobody's here: no migration makes them."""

    manifest: Manifest
    rows: int
    migrated: int
    left_out: list[str]


def database_name() -> str:
    """The name of the database that this process uses, as a sentence may tell it."""
    return str(connection.settings_dict["NAME"])


def is_empty() -> bool:
    """Whether the database holds nothing but what migrating makes."""
    names = [n for n in connection.introspection.table_names() if n not in MADE_BY_MIGRATING]
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for name in names:
            if connection.vendor == "sqlite" and name not in known:
                continue  # what the search keeps for itself
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return False
    return True


def refuse_what_is_there(*, replace: bool) -> None:
    """Raises OperationError where the database holds something that nobody said may be replaced."""
    if not replace and not is_empty():
        raise OperationError(
            f"The database {database_name()} is not empty. Nothing was done. Give --replace if all that it holds is to "
            "be replaced; make a backup of it before.",
        )


def restore(*, path: Path, passphrase: str = "", replace: bool = False) -> Restored:
    """Puts what a backup holds in place of the database's content. Everybody is signed out by it.

    Raises NotABackup or WrongSeal for a file that is not whole, and OperationError for one of another engine, of a
    newer version or of a demonstration in production, and for a database that holds something unless it may be
    replaced. In all these cases nothing was changed.
    """
    with opened(path, passphrase) as backup:
        manifest = backup.manifest
        _refuse(manifest)
        refuse_what_is_there(replace=replace)
        left_out: list[str] = []
        if connection.vendor == "sqlite":
            _into_sqlite(backup)
        else:
            backup.prove()
            left_out = _into_postgresql(backup)
    before = set(manifest.migrations)
    call_command("migrate", verbosity=0, interactive=False)
    ContentType.objects.clear_cache()
    log.warning("restored from %s, made %s", path.name, manifest.made)
    migrated = len(set(MigrationRecorder(connection).applied_migrations()) - before)
    return Restored(manifest, sum(manifest.tables.values()), migrated, left_out)


def _refuse(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise OperationError(
            f"The backup is of {manifest.engine}, this database is {connection.vendor}. Nothing was done. Restore it "
            "where it came from, then move with export_everything and import_everything.",
        )
    known = set(MigrationLoader(None).disk_migrations or {})
    unknown = sorted(set(manifest.migrations) - known)
    if unknown or version_key(manifest.version) > version_key(settings.VERSION):
        raise OperationError(
            f"The backup was made by version {manifest.version}, which is newer than this one ({settings.VERSION}). "
            "Nothing was done. Install that version, then restore.",
        )
    if manifest.demonstration and settings.IN_PRODUCTION:
        raise OperationError("The backup is of a demonstration, which production refuses. Nothing was done.")


# SQLite


def _into_sqlite(backup: Backup) -> None:
    with scratch_folder("partnership-restore-") as folder:
        taken = folder / SNAPSHOT
        backup.prove()
        backup.take(SNAPSHOT, taken)
        with contextlib.closing(sqlite3.connect(taken)) as source:
            found = source.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok" or sqlite_counts(source) != dict(backup.manifest.tables):
                raise NotABackup("The database in the backup is damaged. Use another backup.")
            source.execute(NO_SESSIONS)
            source.commit()
            connection.ensure_connection()
            source.backup(connection.connection)  # one step: whoever reads sees the old or the new


# PostgreSQL


def _into_postgresql(backup: Backup) -> list[str]:
    """In one transaction: the tables as they were at the backup's version, and their rows. The names of those that no
    migration makes, which somebody else put beside ours."""
    manifest = backup.manifest
    try:
        with transaction.atomic():
            postgresql.plain_forms(connection)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _at_the_version_of(manifest)
            there = set(connection.introspection.table_names())
            tables = sorted(set(manifest.tables) & there)
            with postgresql.open_tables(tables):
                postgresql.empty(tables)
                for table in tables:
                    name = f"tables/{table}.copy"
                    with backup.archive.open(name) as source:
                        postgresql.copy_in(table, manifest.parts[name].columns, source)  # type: ignore[arg-type]
            postgresql.set_sequences(dict(manifest.sequences))
            _prove_counts({table: manifest.tables[table] for table in tables})
            with connection.cursor() as cursor:
                cursor.execute(NO_SESSIONS)
            return sorted(set(manifest.tables) - there)
    except IntegrityError as error:
        raise NotABackup("Rows of the backup point to rows that it does not hold. Use another backup.") from error


def _at_the_version_of(manifest: Manifest) -> None:
    """Migrates to what the backup was made at, from nothing when something else is there."""
    wanted = set(manifest.migrations)
    there = set(connection.introspection.table_names())
    if "django_migrations" in there and set(MigrationRecorder(connection).applied_migrations()) == wanted:
        return
    postgresql.drop_all()
    executor = MigrationExecutor(connection)
    parents = {key: [p.key for p in node.parents] for key, node in executor.loader.graph.node_map.items()}
    with quick_migrations(is_empty=True):
        executor.migrate(leaves(wanted, parents))


def _prove_counts(tables: Mapping[str, int]) -> None:
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if cursor.fetchone()[0] != rows:
                raise NotABackup(f"Table {table} came out with another number of rows. Use another backup.")
