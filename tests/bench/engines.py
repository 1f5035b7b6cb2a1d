"""Databases of their own for benchmarks: a SQLite file, and a PostgreSQL server that lives in a temporary folder."""

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = ("jit=off", "listen_addresses=''")


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of a new SQLite database in a file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a new, empty PostgreSQL database; None where PostgreSQL is not installed. It writes to disk as a
    server does that is not told otherwise."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = programs[-1].parent if programs else shutil.which("initdb") and Path(str(shutil.which("initdb"))).parent
    if not found:
        yield None
        return
    folder = Path(tempfile.mkdtemp())
    as_whom = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
    if as_whom:
        shutil.chown(folder, "postgres")
        folder.chmod(0o711)

    def run(program: str, *told: str) -> None:
        subprocess.run([*as_whom, str(found / program), *told], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-D", f"{folder}/data", "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = [f"-c {one}" for one in (*_SETTINGS, f"unix_socket_directories={folder}")]
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "start", "-o", " ".join(options))
        run("createdb", "-h", str(folder), "-U", "app", "app")
        yield f"postgres://app@{quote(str(folder), safe='')}/app"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def environment(address: str, **more: str) -> dict[str, str]:
    """The environment of a process of this project on that database."""
    return {**os.environ, "DATABASE_URL": address, **more}


def another(address: str, name: str, *, like: str = "template1") -> str:
    """The address of one more database on the same PostgreSQL server, with all that the one called `like` holds."""
    import psycopg2

    made = psycopg2.connect(address)
    made.autocommit = True
    with made.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    made.close()
    return f"{address.rpartition('/')[0]}/{name}"


def migrated(address: str) -> None:
    """Migrates a database, quickly."""
    command = (
        "import django; django.setup()\nfrom tests.quick_migrations import quick_migrations\n"
        "from django.core.management import call_command\nwith quick_migrations(): call_command('migrate', verbosity=0)"
    )
    environ = environment(address, APP_ENV="development", DJANGO_SETTINGS_MODULE="partnership.settings")
    subprocess.run([sys.executable, "-c", command], env=environ, cwd=ROOT, check=True)
