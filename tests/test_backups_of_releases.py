"""A backup of an older release comes back at this version; a backup is tried out by the command that restores it."""

import contextlib
import gzip
import io
import json
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partnership.models import Pack
from tests import migrated
from tests.partnership.test_backups import a_pack_with_its_bytes, with_manifest
from tests.test_releases import HELD, POSTGRESQL, SQLITE, manage

RESTORE = """
from django.core.management import call_command
from indicators.models import Figure
from partnership.operations.quick_migrations import quick_migrations
with quick_migrations():
    call_command("restore", {path!r}, verbosity=0)
print(Figure.objects.count(), "figures")
"""


def assert_comes_back(old: str, new: str, folder: Path, release: str) -> None:
    """A backup of one database, which is of an older release, restored into another that is empty."""
    manage(old, "backup", "--out", str(folder))
    (path,) = folder.glob("partnership-*.zip")
    figures, tables = HELD[release]
    said = manage(new, "shell", "-c", RESTORE.format(path=str(path))).splitlines()
    assert said[-2:] == [f"{tables} sound, 0 redacted, 0 broken", f"{figures} figures"]
    assert "; 0 migrations" not in "".join(said)


@pytest.mark.long
def test_release_when_backed_up_on_sqlite_then_its_backup_comes_back_at_this_version(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite3"
    old.write_bytes(gzip.decompress(SQLITE[-1].read_bytes()))
    release = SQLITE[-1].name.removesuffix(".sqlite3.gz")
    assert_comes_back(f"sqlite:///{old}", f"sqlite:///{tmp_path}/new.sqlite3", tmp_path / "kept", release)


@pytest.fixture
def databases(db: None) -> Iterator[Callable[[], str]]:
    """Makes empty databases on the server, by name; gone afterwards."""
    made: list[str] = []

    def make() -> str:
        made.append(f"backup_{secrets.token_hex(4)}")
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{made[-1]}"')
        return made[-1]

    yield make
    for name in made:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def address(name: str) -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.soak  # migrates from nothing, which takes minutes
def test_release_when_backed_up_on_postgresql_then_its_backup_comes_back_at_this_version(
    databases: Callable[[], str], tmp_path: Path
) -> None:
    old, new = databases(), databases()
    parameters = {k: v for k, v in connection.get_connection_params().items() if k in {"host", "port", "user"}}
    with psycopg2.connect(dbname=old, **parameters) as there, there.cursor() as cursor:
        cursor.execute(gzip.decompress(POSTGRESQL[-1].read_bytes()).decode())
    there.close()
    release = POSTGRESQL[-1].name.removesuffix(".postgresql.sql.gz")
    assert_comes_back(address(old), address(new), tmp_path, release)


@pytest.mark.django_db(transaction=True)
def test_backup_when_tried_out_then_restored_elsewhere_and_noted(
    tmp_path: Path, settings: object, request: pytest.FixtureRequest
) -> None:
    a_pack_with_its_bytes()
    if connection.vendor == "postgresql":  # a database that is migrated already, for making one takes long
        name = request.getfixturevalue("databases")()
        migrated._copy(f"partnership_tests_{migrated._digest()}", name)
        settings.BACKUP_SCRATCH_URL = address(name)  # type: ignore[attr-defined]
    out = io.StringIO()
    call_command("backup", "--out", str(tmp_path))
    call_command("backup", "--out", str(tmp_path), "--verify", "newest", stdout=out)
    assert "can be restored. 1 sound, 0 redacted, 0 broken" in out.getvalue()
    (note,) = tmp_path.glob("*.verified")
    assert json.loads(note.read_text())["found"] == "1 sound, 0 redacted, 0 broken"
    note.unlink()
    if connection.vendor == "postgresql":
        with contextlib.closing(psycopg2.connect(address(name))) as there, there.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert cursor.fetchone() == (0,)
        settings.BACKUP_SCRATCH_URL = address(str(connection.settings_dict["NAME"]))  # type: ignore[attr-defined]
        with pytest.raises(CommandError, match="is not empty"):
            call_command("backup", "--out", str(tmp_path), "--verify", "newest")
        assert Pack.objects.exists()
        settings.BACKUP_SCRATCH_URL = ""  # type: ignore[attr-defined]
    (path,) = tmp_path.glob("*.zip")
    with_manifest(path, tmp_path / "newer.zip", version="99.0")
    with pytest.raises(CommandError, match=r"did not stand the test: .*newer than this one"):
        call_command("backup", "--verify", str(tmp_path / "newer.zip"))
    assert not list(tmp_path.glob("*.verified"))
