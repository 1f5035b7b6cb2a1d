"""Looks at the installation as a whole: one finding for each thing that has to work. Changes nothing, sends nothing."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks as system_checks
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from indicators import bounded, triggers
from indicators.models import Membership, Partnership, ReportingRound, Return
from partnership import clock
from partnership.backup_manifest import VERIFIED, in_order, made_at
from partnership.checks import bank_holidays_reach_a_year_ahead
from partnership.documents import JOBS as DOCUMENT_JOBS
from partnership.documents import NO_PANGO, Document, Form, Heading, payload_of
from partnership.findings import Finding, clocks, disk, last_backup, last_verified, look, ok, wrong
from partnership.models import Installation

SHORTEST_KEY = 50
OLDEST_POSTGRESQL = 140_000


def examine() -> Iterator[Finding]:
    """Every finding, one after the other; what needs the database is left out when that does not answer."""
    for name, check in BEFORE:
        yield from _guarded(name, check)
    if not _answers():
        yield look("the rest", "It could not be looked at without the database.", "Run this again once that answers.")
        return
    for name, check in WITH_DATABASE:
        yield from _guarded(name, check)


def _guarded(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds; where it fails itself, the kind of its error alone, for words may hold a secret."""
    try:
        yield from check()
    except Exception as error:
        kind = type(error).__name__
        yield wrong(name, f"It could not be looked at: {kind}.", "See the log of this command, and what it needs.")


# Settings and machine


def _settings() -> Iterator[Finding]:
    said = system_checks.run_checks(include_deployment_checks=settings.IN_PRODUCTION)
    found = [m for m in said if m.level >= system_checks.WARNING and not m.is_silenced()]
    for message in (m for m in found if m.id != "partnership.W001"):
        judge = wrong if message.level >= system_checks.ERROR else look
        yield judge("settings", f"{message.id}: {message.msg}", message.hint or "See docs/settings.md.")
    if settings.IN_PRODUCTION and len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield wrong("settings", "SECRET_KEY is short.", f"Give {SHORTEST_KEY} random characters or more.")
    if "*" in settings.ALLOWED_HOSTS:
        yield look("settings", "ALLOWED_HOSTS takes every name.", "Name the host names of this service.")
    if not settings.PUBLIC_URL:
        yield look("settings", "PUBLIC_URL is not set.", "Give the address that links in e-mails are to lead to.")
    yield ok("settings", f"Version {settings.VERSION}, APP_ENV={settings.APP_ENV}.")


def _static() -> Iterator[Finding]:
    if not settings.IN_PRODUCTION:
        yield ok("static files", "Outside production they are served from their sources.")
        return
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    do = "Run manage.py collectstatic, then restart the service."
    if not manifest.exists():
        yield wrong("static files", "They were not collected.", do)
        return
    paths = json.loads(manifest.read_text(encoding="utf-8"))["paths"]
    sources = {path for finder in get_finders() for path, _ in finder.list([])}
    missing = sorted(p for p in sources if not (Path(settings.STATIC_ROOT) / paths.get(p, "-")).is_file())
    if missing:
        yield wrong("static files", f"{len(missing)} are not there, such as {missing[0]}.", do)
    else:
        yield ok("static files", f"{len(sources)} are collected.")


def _mail() -> Iterator[Finding]:
    if not settings.IN_PRODUCTION:
        yield ok("mail", "Outside production mails are printed.")
        return
    if not settings.EMAIL_HOST:
        yield look("mail", "EMAIL_HOST is not set: nobody is reminded.", "Give the mail server; see docs/settings.md.")
        return
    server = get_connection(fail_silently=False)
    try:
        server.open()
        server.close()
    except OSError as error:
        yield wrong(
            "mail", f"The mail server did not take us in: {type(error).__name__}.",
            "Check EMAIL_HOST, EMAIL_PORT, the user and the password, and whether a firewall is between.",
        )  # fmt: skip
        return
    yield ok("mail", "The mail server took us in. Nothing was sent.")


def _holidays() -> Iterator[Finding]:
    for warning in bank_holidays_reach_a_year_ahead():
        yield look("bank holidays", warning.msg, warning.hint or "")
        return
    yield ok("bank holidays", "They are known for a year ahead.")


def _disks() -> Iterator[Finding]:
    places = {"temporary files": Path(tempfile.gettempdir()), "backups": Path(settings.BACKUP_DIR)}
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and Path(name).is_file():
        places["the database"] = Path(name).parent
    for what, path in places.items():
        there = next(p for p in (path, *path.absolute().parents) if p.exists())
        usage = shutil.disk_usage(there)
        yield disk(what, str(path), usage.free, usage.total)


def _backups() -> Iterator[Finding]:
    folder, now = Path(settings.BACKUP_DIR), clock.machine_now()
    names = in_order(path.name for path in folder.iterdir()) if folder.is_dir() else []
    yield last_backup(made_at(names[-1]) if names else None, now, in_production=settings.IN_PRODUCTION)
    if names:
        notes = [folder / f"{name}{VERIFIED}" for name in names]
        days = [json.loads(note.read_text(encoding="utf-8"))["verified"] for note in notes if note.exists()]
        yield last_verified(datetime.fromisoformat(max(days)) if days else None, now)
    has_passphrase = bool(settings.BACKUP_PASSPHRASE or settings.BACKUP_PASSPHRASE_FILE)
    if settings.IN_PRODUCTION and not has_passphrase:
        yield look(
            "passphrase of backups", "There is none, so backups are not encrypted.",
            "Set BACKUP_PASSPHRASE_FILE and give backup --encrypt, or encrypt the disk that they are on.",
        )  # fmt: skip


def _children() -> Iterator[Finding]:
    written = bounded.run(
        job=DOCUMENT_JOBS[Form.PDF],
        payload=payload_of(Document(title="Test", author="", blocks=(Heading(1, "Test"),))),
        patience=30.0,
    )
    yield ok("child processes", "One was started with its limits, and ended.")
    if written == NO_PANGO.encode():
        yield look("PDF", "Pango is missing.", "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
    elif written.startswith(b"%PDF-"):
        yield ok("PDF", "One was written.")
    else:
        yield wrong("PDF", "What was written is none.", "Install the packages of requirements.txt again.")


# The database


def _reach() -> None:
    connection.ensure_connection()


def _answers() -> bool:
    try:
        _reach()
    except Exception:
        return False
    return True


def _database() -> Iterator[Finding]:
    try:
        _reach()
    except Exception as error:
        yield wrong(
            "database", f"It does not answer: {type(error).__name__}.",
            "Check that it runs, that DATABASE_URL is right and that a firewall lets this machine in.",
        )  # fmt: skip
        return
    yield from (_sqlite if connection.vendor == "sqlite" else _postgresql)()


def _asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
        return str(row[0]) if row else ""


def _sqlite() -> Iterator[Finding]:
    yield ok("database", f"SQLite {_asked('SELECT sqlite_version()')}.")
    if settings.IN_PRODUCTION:
        yield look("database", "SQLite serves one machine and one writer at a time.", "Use PostgreSQL for a service.")
    mode = _asked("PRAGMA journal_mode")
    if mode not in {"wal", "memory"}:
        yield look("database", f"Its journal is “{mode}”.", "Set it to WAL: PRAGMA journal_mode = WAL.")
    if _asked("PRAGMA quick_check") != "ok":
        yield wrong("database", "Its file is damaged.", "Stop the service, keep the file, restore the last backup.")


def _postgresql() -> Iterator[Finding]:
    yield ok("database", f"PostgreSQL {_asked('SHOW server_version')}.")
    if int(_asked("SHOW server_version_num")) < OLDEST_POSTGRESQL:
        yield wrong("database", "This version is too old.", "Install PostgreSQL 14 or later.")
    if (encoding := _asked("SHOW server_encoding")) != "UTF8":
        yield wrong("database", f"Its encoding is {encoding}.", "Make the database anew with ENCODING 'UTF8'.")
    for name in ("fsync", "full_page_writes"):
        if _asked(f"SHOW {name}") == "off":
            yield wrong("database", f"{name} is off: a power cut can destroy it.", f"Set {name} = on.")
    if _asked("SHOW synchronous_commit") == "off":
        yield wrong(
            "database", "synchronous_commit is off: a save that was confirmed can be lost.",
            "Set synchronous_commit = on for this database.",
        )  # fmt: skip
    if _asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "True":
        yield look(
            "database", "The role of the service is a superuser.", "Give it a role that owns this database only."
        )
    yield clocks(clock.machine_now(), _server_time())


def _server_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
        return there.astimezone(UTC)


def _migrations() -> Iterator[Finding]:
    loader = MigrationLoader(connection)
    missing = sorted(set(loader.graph.nodes) - set(loader.applied_migrations))
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations or {}))
    if missing:
        yield wrong("migrations", f"{len(missing)} are not applied, the first {'.'.join(missing[0])}.",
                    "Make a backup, then run manage.py migrate.")  # fmt: skip
    if unknown:
        yield wrong("migrations", f"The database is of a newer version: it has {'.'.join(unknown[0])}.",
                    "Install that version, or restore the backup that was made before it.")  # fmt: skip
    if not missing and not unknown:
        yield ok("migrations", f"All {len(loader.applied_migrations)} are applied.")
    lacking = set(triggers.trigger_names(connection.vendor)) - triggers.installed(connection)
    if lacking and not missing:
        yield wrong("protection of the record", f"{len(lacking)} triggers are missing, such as {min(lacking)}.",
                    "Find out who removed them; restoring a backup puts them back.")  # fmt: skip
    elif not missing:
        yield ok("protection of the record", "Every trigger is in place.")


def _mark() -> Iterator[Finding]:
    marked = Installation.objects.filter(kind=Installation.Kind.DEMO).exists()
    if marked and not settings.IS_DEMO:
        yield wrong("demonstration", "The database is marked as one.", "Give DATABASE_URL of the real service.")
    elif settings.IS_DEMO and not marked:
        yield look("demonstration", "APP_ENV is demo, and the database is not marked as one.",
                   "Run manage.py set_up_demo, or check DATABASE_URL.")  # fmt: skip
    else:
        yield ok("demonstration", "This is one, and marked as one." if marked else "This is not one.")


def _people() -> Iterator[Finding]:
    today = clock.today()
    administered = Membership.objects.on(today).administrators()
    without = Partnership.objects.exclude(pk__in=administered.values("partnership")).order_by("slug")
    if not Partnership.objects.exists():
        yield look("partnerships", "There is none.", "Make one: manage.py add_partnership.")
    for partnership in without:
        yield wrong("partnerships", f"{partnership.slug} has no administrator who can sign in.",
                    "Set a password: manage.py changepassword E-MAIL; then that person can invite others.")  # fmt: skip
    if not without and Partnership.objects.exists():
        yield ok("partnerships", f"{Partnership.objects.count()}, each with an administrator who can sign in.")


def _locked() -> Iterator[Finding]:
    locked = ReportingRound.objects.filter(state=ReportingRound.State.LOCKED)
    waiting = Return.objects.filter(round__in=locked).exclude(state=Return.State.APPROVED).count()
    if waiting:
        words = "1 return is not accepted, and its round is" if waiting == 1 else (
            f"{waiting} returns are not accepted, and their rounds are")  # fmt: skip
        yield look("locked rounds", f"{words} locked.", "An administrator reopens the round, or lets one partner in.")
    else:
        yield ok("locked rounds", f"{locked.count()}, with nothing left to accept.")


Checks = tuple[tuple[str, Callable[[], Iterator[Finding]]], ...]
BEFORE: Checks = (
    ("settings", _settings), ("static files", _static), ("mail", _mail), ("bank holidays", _holidays),
    ("disk", _disks), ("last backup", _backups), ("child processes", _children), ("database", _database),
)  # fmt: skip
WITH_DATABASE: Checks = (
    ("migrations", _migrations), ("demonstration", _mark), ("partnerships", _people), ("locked rounds", _locked),
)  # fmt: skip
