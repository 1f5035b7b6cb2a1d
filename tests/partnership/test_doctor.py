"""manage.py doctor: each thing that can be wrong is found, said with what to do, and no secret is told."""

import io
import json
import shutil
import smtplib
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import async_checks
from django.core.mail.backends import smtp
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from indicators import bounded
from indicators.models import Membership, ReportingRound
from indicators.roles import Role
from partnership import clock, findings
from partnership.backup_manifest import file_name
from partnership.findings import MEGABYTE, State
from partnership.models import Installation
from partnership.selectors import doctor
from tests import builders as b

SECRETS = (
    "secret-of-the-mail",
    "secret-of-the-backup",
    "abcdefghijklmnopqrstuvwxyz-0123456789-and-as-many-again-as-that",
)


@pytest.fixture(autouse=True)
def _real_clock_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "machine_now", lambda: b.NOW)


@pytest.fixture
def installation(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation in production where all is sound; the child is not started anew for each test."""
    b.a_user(Role.ADMINISTRATOR)
    # The journeys set a variable for their own process, and need it: Django's check alone does not see it here.
    monkeypatch.setattr(async_checks, "os", SimpleNamespace(environ={}))
    settings.IN_PRODUCTION, settings.APP_ENV = True, "production"
    settings.SECRET_KEY, settings.DEBUG = SECRETS[2], False
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "mail.example.org", SECRETS[0]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.BACKUP_PASSPHRASE, settings.BACKUP_DIR = SECRETS[1], str(tmp_path / "kept")
    settings.PUBLIC_URL = "https://kpi.example.org"
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_HSTS_PRELOAD, settings.ALLOWED_HOSTS = True, ["kpi.example.org"]
    settings.STATIC_ROOT = str(tmp_path / "static")
    monkeypatch.setattr(doctor, "get_finders", list)
    Path(settings.STATIC_ROOT).mkdir()
    (Path(settings.STATIC_ROOT) / "staticfiles.json").write_text('{"paths": {}}')
    monkeypatch.setattr(smtp.EmailBackend, "open", lambda self: True)
    monkeypatch.setattr(doctor.bounded, "run", lambda **_: b"%PDF-1.7")
    monkeypatch.setattr(doctor, "_server_time", lambda: b.NOW)
    Usage = namedtuple("Usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(9_000 * MEGABYTE, 0, 8_000 * MEGABYTE))
    Path(settings.BACKUP_DIR).mkdir()
    backup = Path(settings.BACKUP_DIR) / file_name(b.NOW - timedelta(hours=3), sealed=True)
    backup.write_bytes(b"")
    backup.with_name(backup.name + ".verified").write_text(json.dumps({"verified": b.NOW.isoformat(), "found": ""}))
    return settings


# A test server may be set up for speed, and its role is no ordinary one.
OF_THE_TEST_SERVER = ("fsync", "full_page_writes", "synchronous_commit", "superuser", "SQLite serves one machine")


def told() -> dict[str, list[tuple[str, str]]]:
    """What is not sound, by check."""
    made: dict[str, list[tuple[str, str]]] = {}
    for one in doctor.examine():
        if one.state != State.OK and not any(words in one.found for words in OF_THE_TEST_SERVER):
            assert one.do, one
            made.setdefault(one.check, []).append((one.state.value, one.found))
    return made


def test_installation_when_all_is_sound_then_every_line_says_so(installation: Any) -> None:
    assert told() == {}
    checks = {one.check for one in doctor.examine()}
    assert checks >= {
        "settings", "static files", "mail", "bank holidays", "disk of backups", "disk of temporary files",
        "last backup", "backup tried out", "child processes", "PDF", "database", "migrations",
        "protection of the record", "demonstration", "partnerships", "locked rounds",
    }  # fmt: skip


def test_installation_when_something_is_wrong_then_its_line_says_so_and_nothing_else_does(
    installation: Any, monkeypatch: pytest.MonkeyPatch, today: Any
) -> None:
    def only(check: str, state: State, words: str) -> None:
        found = told()
        assert set(found) == {check}, found
        assert [s for s, w in found[check] if words in w] == [state.value], found

    for name, value, check, state, words in (
        ("SECRET_KEY", "short", "settings", State.WRONG, "SECRET_KEY is short"),
        ("ALLOWED_HOSTS", ["*"], "settings", State.LOOK, "every name"),
        ("PUBLIC_URL", "", "settings", State.LOOK, "PUBLIC_URL"),
        ("EMAIL_HOST", "", "mail", State.LOOK, "EMAIL_HOST"),
    ):
        sound = getattr(installation, name)
        setattr(installation, name, value)
        only(check, state, words)
        setattr(installation, name, sound)
    with monkeypatch.context() as patch:

        def refused(_: Any) -> None:
            raise smtplib.SMTPAuthenticationError(535, f"no {SECRETS[0]}".encode())

        patch.setattr(smtp.EmailBackend, "open", refused)
        only("mail", State.WRONG, "SMTPAuthenticationError")
    manifest = Path(installation.STATIC_ROOT) / "staticfiles.json"
    manifest.rename(manifest.with_suffix(".away"))
    only("static files", State.WRONG, "not collected")
    manifest.with_suffix(".away").rename(manifest)
    with monkeypatch.context() as patch:
        finder = type("Finder", (), {"list": lambda self, _: [("css/app.css", None)]})
        patch.setattr(doctor, "get_finders", lambda: [finder()])
        only("static files", State.WRONG, "css/app.css")
    with monkeypatch.context() as patch:
        patch.setattr(doctor.bounded, "run", lambda **_: (_ for _ in ()).throw(bounded.TooSlow("slow")))
        only("child processes", State.WRONG, "TooSlow")
    with monkeypatch.context() as patch:
        patch.setattr(doctor.bounded, "run", lambda **_: doctor.NO_PANGO.encode())
        only("PDF", State.LOOK, "Pango")
    Installation.objects.create(kind="demo", marked_at=b.NOW)
    only("demonstration", State.WRONG, "marked")
    Installation.objects.all().delete()
    kept = list(Membership.objects.filter(role=Role.ADMINISTRATOR))
    Membership.objects.filter(role=Role.ADMINISTRATOR).update(until_on=today - timedelta(days=1))
    only("partnerships", State.WRONG, "no administrator")
    Membership.objects.filter(pk__in=[m.pk for m in kept]).update(until_on=None)
    row = b.a_return(b.a_scorecard(1), state="submitted")
    ReportingRound.objects.update(state="locked", lock_reason="The year is closed.", locked_at=b.NOW)
    only("locked rounds", State.LOOK, "1 return is not accepted")
    row.round.returns.all().update(state="approved")
    assert told() == {}
    MigrationRecorder(connection).record_applied("partnership", "9999_from_the_future")
    only("migrations", State.WRONG, "newer version")
    MigrationRecorder(connection).record_unapplied("partnership", "9999_from_the_future")
    MigrationRecorder(connection).record_unapplied("partnership", "0001_initial")
    only("migrations", State.WRONG, "1 are not applied")
    MigrationRecorder(connection).record_applied("partnership", "0001_initial")
    with connection.cursor() as cursor:
        on = " ON indicators_figure" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER protect_indicators_figure_delete{on}")
    only("protection of the record", State.WRONG, "protect_indicators_figure_delete")


def test_backups_when_old_or_never_tried_out_then_said(installation: Any) -> None:
    folder = Path(installation.BACKUP_DIR)
    (note,) = folder.glob("*.verified")
    note.unlink()
    assert list(told()) == ["backup tried out"]
    for left in folder.iterdir():
        left.unlink()
    assert told() == {"last backup": [("wrong", "There is none.")]}
    installation.BACKUP_PASSPHRASE = ""
    assert "passphrase of backups" in told()


def test_thresholds_when_crossed_then_the_state_changes() -> None:
    ages = [(26, "ok"), (27, "look at this"), (74, "look at this"), (75, "wrong")]
    for hours, state in ages:
        made = b.NOW - timedelta(hours=hours)
        assert findings.last_backup(made, b.NOW, in_production=True).state == state
    assert findings.last_backup(None, b.NOW, in_production=False).state == State.LOOK
    assert findings.last_verified(b.NOW - timedelta(days=8), b.NOW).state == State.OK
    assert findings.last_verified(b.NOW - timedelta(days=9), b.NOW).state == State.LOOK
    for free, state in ((199, "wrong"), (200, "look at this"), (2047, "look at this"), (2048, "ok")):
        assert findings.disk("x", "/", free * MEGABYTE, 3_000 * MEGABYTE).state == state
    assert findings.disk("x", "/", 3_000 * MEGABYTE, 31_000 * MEGABYTE).state == State.LOOK
    for seconds, state in ((2, "ok"), (3, "look at this"), (60, "look at this"), (61, "wrong")):
        assert findings.clocks(b.NOW, b.NOW + timedelta(seconds=seconds)).state == state
    ages_told = [findings.age_words(timedelta(minutes=m)) for m in (0, 1, 90, 150, 60 * 49)]
    assert ages_told == ["0 minutes", "1 minute", "90 minutes", "2 hours", "2 days"]
    lines = [findings.ok("a", ""), findings.look("a", "", "b")]
    assert (findings.exit_code(lines[:1]), findings.exit_code(lines)) == (0, 1)
    assert findings.exit_code([*lines, findings.wrong("a", "", "b")]) == 2


def test_database_when_it_does_not_answer_then_said_without_a_secret_and_the_rest_is_left_out(
    installation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise RuntimeError(f"no answer from postgres://x:{SECRETS[0]}@host/name")

    monkeypatch.setattr(doctor, "_reach", gone)
    out = io.StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("doctor", "--json", stdout=out)
    assert ended.value.returncode == 2
    lines = {line["check"]: line for line in json.loads(out.getvalue())}
    assert (lines["database"]["state"], lines["the rest"]["state"]) == ("wrong", "look at this")
    assert "migrations" not in lines
    assert not any(secret in out.getvalue() for secret in SECRETS)


def test_command_when_run_outside_production_then_a_real_child_writes_a_pdf(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = str(tmp_path)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=out)
    assert "child processes: One was started with its limits, and ended." in out.getvalue()
    assert "ok            PDF" in out.getvalue() or "Pango is missing" in out.getvalue()
