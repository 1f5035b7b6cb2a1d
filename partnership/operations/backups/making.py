"""Makes a backup: one consistent snapshot, streamed into one file that has its name only once it is whole."""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from indicators.operations.errors import OperationError
from partnership.backup_manifest import (
    MANIFEST,
    SNAPSHOT,
    VERIFIED,
    Manifest,
    Part,
    file_name,
    in_order,
    superfluous,
)
from partnership.operations.backups import postgresql
from partnership.operations.backups.sealing import SHORTEST_PASSPHRASE, Sealer

BLOCK = 256 * 1024
PARTIAL = ".partial-"
_LOCK = ".lock"


@dataclass(frozen=True)
class Made:
    """A backup that is whole: its file, how many rows of how many tables it holds, and its size in bytes."""

    path: Path
    rows: int
    tables: int
    size: int


class _Hashed:
    """Passes on what it is given, and knows its hash, its length and its lines."""

    def __init__(self, to: Any) -> None:
        self._to, self._sha = to, hashlib.sha256()
        self.length = self.lines = 0

    def write(self, data: bytes) -> int:
        self._to.write(data)
        self._sha.update(data)
        self.length += len(data)
        self.lines += data.count(b"\n")
        return len(data)

    def part(self) -> Part:
        return Part(self._sha.hexdigest(), self.length)


def make_backup(*, folder: Path, at: datetime, passphrase: str = "") -> Made:
    """Writes a backup of the database into a folder, encrypted when there is a passphrase, and gives its file.

    Raises OperationError, with nothing left in the folder, for a passphrase that is too short, while another backup is
    being written there, and when the disk is full or cannot be written to.
    """
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        raise OperationError(f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(folder):
            return _write(folder, _free_name(folder, file_name(at, sealed=bool(passphrase))), at, passphrase)
    except sqlite3.Error as error:
        raise OperationError(
            f"The backup could not be written to {folder}: {error}. Nothing was kept of it."
        ) from error
    except OSError as error:
        raise OperationError(
            f"The backup could not be written to {folder}: {error.strerror}. Nothing was kept of it."
        ) from error


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder; what an earlier one left behind when it was killed is removed first."""
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OperationError(f"Another backup is being written to {folder}. Wait until it has ended.") from error
        _sweep(folder)
        try:
            yield
        finally:
            _sweep(folder)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{PARTIAL}*"):
        left.unlink(missing_ok=True)


def _free_name(folder: Path, name: str) -> str:
    stem, dot, rest = name.partition(".")
    number, free = 1, name
    while (folder / free).exists():
        number += 1
        free = f"{stem}-{number}{dot}{rest}"
    return free


def _write(folder: Path, name: str, at: datetime, passphrase: str) -> Made:
    partial = folder / f"{PARTIAL}{name}"
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        sealer = Sealer(file, passphrase) if passphrase else None
        with zipfile.ZipFile(cast(Any, sealer or file), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            manifest = (_of_sqlite if connection.vendor == "sqlite" else _of_postgresql)(archive, partial, at)
            archive.writestr(MANIFEST, manifest.written())
        if sealer:
            sealer.finish()
        file.flush()
        os.fsync(file.fileno())
    partial.rename(folder / name)
    _sync(folder)
    path = folder / name
    return Made(path, sum(manifest.tables.values()), len(manifest.tables), path.stat().st_size)


def _sync(folder: Path) -> None:
    """Has the name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_IS_DEMO = "SELECT count(*) FROM partnership_installation WHERE kind = 'demo'"


def _manifest(at: datetime, **said: Any) -> Manifest:
    return Manifest(version=settings.VERSION, made=at.astimezone(UTC).isoformat(), engine=connection.vendor, **said)


# SQLite: the file itself, as its online backup gives it


def _of_sqlite(archive: zipfile.ZipFile, partial: Path, at: datetime) -> Manifest:
    snapshot = partial.with_name(f"{partial.name}.sqlite3")
    snapshot.touch(0o600)
    with contextlib.closing(sqlite3.connect(snapshot)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        # One file that needs no other beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        tables = sqlite_counts(copy)
        is_demo = bool(copy.execute(_IS_DEMO).fetchone()[0])
        migrations = copy.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    with snapshot.open("rb") as source:
        part = _add(archive, SNAPSHOT, source)
    snapshot.unlink()
    return _manifest(
        at,
        engine_version=sqlite3.sqlite_version,
        demonstration=is_demo,
        migrations=tuple((app, name) for app, name in migrations),
        tables=tables,
        parts={SNAPSHOT: part},
    )


def sqlite_counts(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table of an SQLite database has."""
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    ).fetchall()
    return {n: int(database.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0]) for (n,) in names}  # noqa: S608


def _add(archive: zipfile.ZipFile, name: str, source: BinaryIO) -> Part:
    with archive.open(name, "w", force_zip64=True) as member:
        hashed = _Hashed(member)
        while block := source.read(BLOCK):
            hashed.write(block)
    return hashed.part()


# PostgreSQL: each table as COPY gives it, all from one snapshot


def _of_postgresql(archive: zipfile.ZipFile, partial: Path, at: datetime) -> Manifest:
    with postgresql.snapshot() as there:
        parts: dict[str, Part] = {}
        tables: dict[str, int] = {}
        for table in sorted(there.introspection.table_names()):
            columns = postgresql.columns_of(there, table)
            with archive.open(f"tables/{table}.copy", "w", force_zip64=True) as member:
                hashed = _Hashed(member)
                postgresql.copy_out(there, table, columns, hashed)
            part = hashed.part()
            parts[f"tables/{table}.copy"] = Part(part.sha256, part.bytes, hashed.lines, columns)
            tables[table] = hashed.lines
        return _manifest(
            at,
            engine_version=str(_asked(there, "SHOW server_version")[0][0]),
            demonstration=bool(_asked(there, _IS_DEMO)[0][0]),
            migrations=tuple(_asked(there, "SELECT app, name FROM django_migrations ORDER BY app, name")),
            tables=tables,
            parts=parts,
            sequences=postgresql.sequences_of(there),
        )


def _asked(there: BaseDatabaseWrapper, question: str) -> list[Any]:
    with there.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


# Old ones


def prune(*, folder: Path, keep: int) -> list[str]:
    """Deletes all backups of a folder but the newest `keep`; their names. Other files are left alone."""
    gone = superfluous((path.name for path in folder.iterdir()), keep)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
        (folder / f"{name}{VERIFIED}").unlink(missing_ok=True)
    return list(gone)


def newest(folder: Path) -> Path | None:
    """The newest backup of a folder, if it holds one."""
    names = in_order(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return folder / names[-1] if names else None
