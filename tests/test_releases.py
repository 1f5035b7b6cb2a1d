"""A database of every release migrates to the newest version and holds what it held; one small file for each engine."""

import contextlib
import gzip
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from tests import migrated

ROOT = Path(__file__).resolve().parent.parent
RELEASES = ROOT / "tests" / "data" / "releases"
SQLITE = sorted(RELEASES.glob("*.sqlite3.gz"))
POSTGRESQL = sorted(RELEASES.glob("*.postgresql.sql.gz"))


def manage(database_url: str, *arguments: str) -> str:
    environment = {**os.environ, "APP_ENV": "development", "DATABASE_URL": database_url}
    environment["DJANGO_SETTINGS_MODULE"] = "partnership.settings"
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


# Revisions that each release's demonstration held, and the published tables that must still come out byte for byte.
# On SQLite the newest release migrates as it will where it is in use, the others quickly.
ALL_OF_IT = """
from contextlib import nullcontext
from io import StringIO
from django.core.management import call_command
from indicators.models import Figure
from partnership.operations.quick_migrations import quick_migrations
with {migrating}:
    call_command("migrate", verbosity=0)
call_command("check", databases=["default"])
call_command("rebuild_current")
print(Figure.objects.count(), "figures")
out = StringIO()
call_command("verify_packs", stdout=out)
print(out.getvalue().splitlines()[-1])
"""
HELD = {
    "0.1.0": (77, 0),
    "0.2.0": (79, 2),
    "0.3.0": (849, 2),
    "0.4.0": (1078, 2),
    "0.5.0": (1078, 2),
    "0.6.0": (1078, 4),
}


def assert_holds_its_figures(database_url: str, release: str) -> None:
    figures, tables = HELD[release]
    in_use = release == max(HELD) and database_url.startswith("sqlite")
    migrating = "nullcontext()" if in_use else "quick_migrations()"
    told = manage(database_url, "shell", "-c", ALL_OF_IT.format(migrating=migrating)).splitlines()
    assert "0 pointers differed" in told[-3]
    assert told[-2] == f"{figures} figures"
    assert told[-1] == f"{tables} sound, 0 redacted, 0 broken"


def test_every_release_has_a_database_for_both_engines():
    names = {path.name.split(".sqlite3")[0] for path in SQLITE}
    assert names
    assert names == {path.name.split(".postgresql")[0] for path in POSTGRESQL}


def schema_of_migrated(path: Path, folder: Path) -> list[tuple]:
    """What an SQLite database of a release has for tables, indexes and triggers once it is migrated."""
    copy = folder / path.stem
    copy.write_bytes(gzip.decompress(path.read_bytes()))
    assert_holds_its_figures(f"sqlite:///{copy}", path.name.removesuffix(".sqlite3.gz"))
    return schema_of(copy)


def schema_of(path: Path) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        held = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2, 3").fetchall()
    # In which order a table has its columns depends on whether it was made with them or got them later.
    return [(*names, sorted((sql or "").split(", "))) for *names, sql in held]


def schema_from_nothing(folder: Path) -> list[tuple]:
    """What an empty SQLite database has once it is migrated: on SQLite it is the one that the tests begin with."""
    if connection.vendor == "sqlite":
        return schema_of(migrated.kept_file())
    empty = folder / "empty.sqlite3"
    manage(f"sqlite:///{empty}", "migrate", "--verbosity", "0")
    return schema_of(empty)


# The way of the first release is walked on PostgreSQL below; what lies between takes the same way from where it joins.
@pytest.mark.soak
@pytest.mark.parametrize("path", SQLITE[:-1], ids=lambda p: p.name)
def test_earlier_release_on_sqlite_when_migrated_then_it_comes_to_the_schema_of_an_empty_database(
    path, tmp_path, django_db_setup
):
    assert schema_of_migrated(path, tmp_path) == schema_from_nothing(tmp_path)


@pytest.mark.long
def test_newest_release_when_migrated_as_in_use_then_it_comes_to_the_schema_of_an_empty_database(
    tmp_path, django_db_setup
):
    assert schema_of_migrated(SQLITE[-1], tmp_path) == schema_from_nothing(tmp_path)


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize("path", [POSTGRESQL[0], POSTGRESQL[-1]], ids=lambda p: p.name)
def test_a_release_on_postgresql_migrates_to_the_newest_version(path, db):
    name = f"release_{os.getpid()}"
    settings = {
        k: v for k, v in connection.get_connection_params().items() if k in {"host", "port", "user", "password"}
    }
    server = psycopg2.connect(dbname="postgres", **settings)
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        scratch = psycopg2.connect(dbname=name, **settings)
        with scratch, scratch.cursor() as cursor:
            cursor.execute(gzip.decompress(path.read_bytes()).decode())
        scratch.close()
        host = str(settings.get("host", "")).replace("/", "%2F")
        port = f":{settings['port']}" if settings.get("port") else ""
        password = f":{settings['password']}" if settings.get("password") else ""
        assert_holds_its_figures(
            f"postgres://{settings['user']}{password}@{host}{port}/{name}",
            path.name.removesuffix(".postgresql.sql.gz"),
        )
    finally:
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.close()
