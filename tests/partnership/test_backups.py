"""Backups: what comes back is what was there, byte for byte; what is not whole is refused and touches nothing."""

import fcntl
import functools
import hashlib
import io
import json
import os
import shutil
import signal
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indicators import triggers
from indicators.models import User
from indicators.operations.errors import OperationError
from partnership.backup_manifest import (
    MANIFEST,
    NotABackup,
    file_name,
    in_order,
    leaves,
    made_at,
    superfluous,
    version_key,
)
from partnership.documents import Form
from partnership.models import Installation, Pack, StoredDocument
from partnership.operations.backups import WrongSeal, make_backup, postgresql, restore, restoring, sealing
from partnership.operations.backups.sealing import CHUNK, Opener, Sealer
from partnership.operations.pack_documents import keep_documents, redactions_so_far
from partnership.selectors.packs import tables_of
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.partnership.pack_world import a_published_pack, stored_bytes

PASSPHRASE = "twelve or more characters"
of_the_database = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _cheap_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_LOG_N", 4)


# Sealed files


def sealed(plain: bytes, passphrase: str = PASSPHRASE) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, passphrase)
    for start in range(0, len(plain), 50_000):
        sealer.write(plain[start : start + 50_000])
    sealer.finish()
    return out.getvalue()


def unsealed(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(Opener(io.BytesIO(data), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_seal_when_opened_then_it_gives_what_was_put_in_and_none_of_it_was_seen(size: int) -> None:
    plain = bytes(i % 251 for i in range(size))
    data = sealed(plain)
    assert unsealed(data) == plain
    assert size < 100 or plain[:50] not in data
    assert sealed(plain) != data


@given(st.integers(0, 3 * CHUNK), st.integers(0, CHUNK * 2))
def test_seal_when_read_at_any_place_then_it_is_what_stands_there(start: int, length: int) -> None:
    opener = io.BufferedReader(Opener(io.BytesIO(three()), PASSPHRASE))
    opener.seek(start)
    assert opener.read(length) == PLAIN[start : start + length]


PLAIN = bytes(i % 253 for i in range(3 * CHUNK + 10))
HEAD = sealing._HEADER.size
WHOLE = CHUNK + 16


@functools.cache
def three() -> bytes:
    """Three whole chunks and a short one, sealed; always after the key was made cheap."""
    return sealed(PLAIN)


def swapped(data: bytes) -> bytes:
    one, two = data[HEAD : HEAD + WHOLE], data[HEAD + WHOLE : HEAD + 2 * WHOLE]
    return data[:HEAD] + two + one + data[HEAD + 2 * WHOLE :]


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "magic": flipped(0), "parameter": flipped(8), "salt": flipped(12), "nonce": flipped(HEAD - 2),
    "first chunk": flipped(60), "middle chunk": flipped(HEAD + WHOLE + 5),
    "last chunk": lambda d: flipped(len(d) - 20)(d),
    "tag": lambda d: flipped(len(d) - 1)(d), "cut at a chunk": lambda d: d[: HEAD + 2 * WHOLE],
    "cut inside": lambda d: d[:-1], "cut to the head": lambda d: d[:HEAD], "cut in the head": lambda d: d[:20],
    "continued": lambda d: d + d[-40:], "swapped": swapped, "one left out": lambda d: d[:HEAD] + d[HEAD + WHOLE :],
    "last again": lambda d: d + d[HEAD + 3 * WHOLE :],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_seal_when_anything_was_changed_then_it_does_not_open(change: str) -> None:
    with pytest.raises(WrongSeal):
        unsealed(CHANGES[change](three()))


def test_seal_when_the_passphrase_is_another_then_said_so() -> None:
    with pytest.raises(WrongSeal, match="passphrase is not the one"):
        unsealed(three(), "another passphrase")


# Names and numbers


def test_names_when_ordered_then_by_their_moment_and_only_those_of_backups() -> None:
    early, late = file_name(b.NOW, sealed=True), file_name(b.NOW + timedelta(days=1), sealed=False)
    again = late.replace(".zip", "-2.zip")
    others = ["notes.txt", "partnership-x.zip", f"{late}.verified", f".partial-{late}"]
    assert early == "partnership-20220707T090000Z.zip.sealed"
    assert in_order([again, late, *others, early]) == [early, late, again]
    assert superfluous([late, *others, early], 1) == [early]
    assert superfluous([late, early], 0) == superfluous([late, early], 2) == []
    assert made_at(early) == b.NOW
    assert made_at("notes.txt") is None


def test_version_when_compared_then_by_its_numbers() -> None:
    assert version_key("0.10.0") > version_key("0.9.12")


def test_leaves_when_asked_then_what_nothing_of_the_same_application_follows() -> None:
    parents = {("a", "2"): [("a", "1")], ("b", "1"): [("a", "2")], ("a", "3"): [("a", "2")]}
    assert leaves([("a", "1"), ("a", "2"), ("b", "1")], parents) == [("a", "2"), ("b", "1")]


# There and back


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {
        model._meta.db_table: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label != "sessions.Session"
    }


def told_the_database(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def lost() -> None:
    """Everything is gone, and numbers begin anew, as in a database that was just made."""
    b.emptied()
    if connection.vendor == "postgresql":
        postgresql.set_sequences(dict.fromkeys(postgresql.sequences_of(connection), (1, False)))


def a_pack_with_its_bytes() -> tuple[Pack, dict[str, bytes]]:
    measure = b.an_indicator("on-time")
    b.tick(measure.line.scorecard, b.Q4)
    pack = a_published_pack(measure.line.scorecard)
    return pack, {t.code: stored_bytes(t.table) for t in tables_of(pack)}


def documents_of(pack: Pack, by: User) -> None:
    """Stores a document of each form with the pack."""
    made = {form: f"The document of {pack} as it was made: \x00 ½".encode() * 500 for form in Form}
    keep_documents(pack=pack, made=made, redactions=redactions_so_far(pack.partnership), by=by, at=b.NOW)


def every_file_of_packs() -> dict[str, bytes]:
    """The bytes of each published table and of each document that was made of a pack."""
    packs = Pack.objects.select_related("partnership")
    tables = {f"{pack}/{t.code}": stored_bytes(t.table) for pack in packs for t in tables_of(pack)}
    return tables | {d.file_name: bytes(d.content) for d in StoredDocument.objects.all()}


@of_the_database
@pytest.mark.parametrize(
    "passphrase", [pytest.param("", id="plain"), pytest.param(PASSPHRASE, id="sealed", marks=pytest.mark.once)]
)
def test_restore_when_the_database_was_lost_then_all_is_back_byte_for_byte_and_protected(
    passphrase: str, tmp_path: Path
) -> None:
    pack, _ = a_pack_with_its_bytes()
    Client().force_login(by := b.a_user(email="signed-in@example.org"))
    documents_of(pack, by)
    told = every_file_of_packs()
    before = everything()
    foreign = ["notes_of_somebody"] if connection.vendor == "postgresql" else []
    for name in foreign:
        told_the_database(f"CREATE TABLE {name} (words text)")
    made = make_backup(folder=tmp_path / "kept", at=b.NOW, passphrase=passphrase)
    for name in foreign:
        told_the_database(f"DROP TABLE {name}")
    assert made.rows == sum(json.loads(_manifest(made.path, passphrase))["tables"].values())
    assert {p.name for p in made.path.parent.iterdir()} == {".lock", made.path.name}
    assert made.path.stat().st_mode & 0o777 == 0o600
    lost()
    restored = restore(path=made.path, passphrase=passphrase)
    assert (restored.rows, restored.migrated) == (made.rows, 0)
    assert restored.left_out == foreign
    assert not Session.objects.exists(), "who signed out since would be signed in again"
    assert everything() == before
    assert every_file_of_packs() == told
    assert {v.finding for v in verified_packs()} == {Finding.SOUND}
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM partnership_packevent")
    assert b.a_user(email="new@example.org").pk > max(pk for pk, *_ in before["indicators_user"])
    connection.check_constraints()


@pytest.mark.soak
@of_the_database
def test_restore_when_of_the_demonstration_then_every_pack_and_document_is_what_was_published_byte_for_byte(
    tmp_path: Path,
) -> None:
    b.the_demonstration()
    by = User.objects.get(email="approver@demo.example")
    for pack in Pack.objects.select_related("partnership"):
        documents_of(pack, by)
    told = every_file_of_packs()
    assert len(told) == 4 + 2 * Pack.objects.count()
    file = make_backup(folder=tmp_path, at=b.NOW).path
    lost()
    assert not every_file_of_packs()
    restore(path=file)
    assert every_file_of_packs() == told
    assert {d.sha256 == hashlib.sha256(d.content).hexdigest() for d in StoredDocument.objects.all()} == {True}
    assert {v.finding for v in verified_packs()} == {Finding.SOUND}


@of_the_database
def test_restore_when_it_ends_before_it_is_migrated_then_nobody_is_signed_in_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client().force_login(b.a_user(email="signed-in@example.org"))
    made = make_backup(folder=tmp_path, at=b.NOW)
    monkeypatch.setattr(restoring, "call_command", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        restore(path=made.path, replace=True)
    assert User.objects.filter(email="signed-in@example.org").exists()
    assert not Session.objects.exists()


def _manifest(path: Path, passphrase: str) -> bytes:
    with path.open("rb") as file:
        source = io.BufferedReader(Opener(file, passphrase)) if passphrase else file
        return zipfile.ZipFile(source).read(MANIFEST)


def rewritten(path: Path, to: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with parts changed, or left out where the change gives None."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return to


def with_manifest(path: Path, to: Path, **changes: object) -> Path:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | changes).encode() if name == MANIFEST else data

    return rewritten(path, to, change)


@of_the_database
def test_restore_when_it_must_not_be_then_refused_with_what_to_do_and_nothing_is_touched(
    tmp_path: Path, settings: Any
) -> None:
    a_pack_with_its_bytes()
    path = make_backup(folder=tmp_path, at=b.NOW).path
    made = json.loads(_manifest(path, ""))
    b.a_user(email="since@example.org")
    before = everything()

    def refused(path: Path, *, replace: bool = True) -> str:
        with pytest.raises((OperationError, NotABackup)) as said:
            restore(path=path, replace=replace)
        return str(said.value)

    name = str(connection.settings_dict["NAME"])
    assert f"database {name} is not empty" in refused(path, replace=False)
    other = tmp_path / "other.zip"
    assert "newer than this one" in refused(with_manifest(path, other, version="99.1.0"))
    newer = [*made["migrations"], ["partnership", "9999_from_the_future"]]
    assert "newer than this one" in refused(with_manifest(path, other, migrations=newer))
    assert "export_everything" in refused(with_manifest(path, other, engine="oracle"))
    assert "in a form that this one cannot read" in refused(with_manifest(path, other, format=2))
    assert "not a backup of this application" in refused(with_manifest(path, other, application="something"))
    settings.IN_PRODUCTION = True
    assert "production refuses" in refused(with_manifest(path, other, demonstration=True))
    settings.IN_PRODUCTION = False

    part = next(iter(n for n, p in made["parts"].items() if p["bytes"]))
    assert "other parts" in refused(rewritten(path, other, lambda n, d: None if n == part else d))
    assert "not what the manifest says" in refused(
        rewritten(path, other, lambda n, d: d[:-1] + bytes([d[-1] ^ 1]) if n == part else d)
    )
    shutil.copyfile(path, other)
    with other.open("r+b") as file:
        file.seek(other.stat().st_size // 2)
        file.write(b"\0" * 64)
    refused(other)
    other.write_bytes(path.read_bytes()[:-100])
    assert "not whole" in refused(other)
    other.write_text("Minutes of the board")
    assert "not whole" in refused(other)
    assert "no file" in refused(tmp_path / "nowhere.zip")
    if connection.vendor == "postgresql":
        assert "point to rows" in refused(without_people(path, other))
    assert everything() == before
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


def without_people(path: Path, to: Path) -> Path:
    """A backup whose people are gone and whose manifest says so, so that only foreign keys can tell."""
    with zipfile.ZipFile(path) as archive:
        made = json.loads(archive.read(MANIFEST))
    name = "tables/indicators_user.copy"
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    made["parts"][name] |= {"sha256": empty, "bytes": 0, "rows": 0}
    made["tables"]["indicators_user"] = 0
    contents = {name: b"", MANIFEST: json.dumps(made).encode()}
    return rewritten(path, to, lambda n, d: contents.get(n, d))


@pytest.mark.postgresql
@of_the_database
def test_backup_when_somebody_writes_meanwhile_then_it_holds_what_was_there_when_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    b.a_user(email="before@example.org")
    really, written = postgresql.copy_out, []

    def copy_out(*arguments: Any) -> None:
        if not written:
            written.append(b.a_user(email="meanwhile@example.org"))
        really(*arguments)

    monkeypatch.setattr(postgresql, "copy_out", copy_out)
    made = make_backup(folder=tmp_path, at=b.NOW)
    with zipfile.ZipFile(made.path) as archive:
        users = archive.read("tables/indicators_user.copy")
    assert written
    assert b"before@example.org" in users
    assert b"meanwhile@example.org" not in users


@of_the_database
def test_backup_when_killed_before_its_end_then_nothing_has_the_name_of_a_backup_and_the_next_one_cleans_up(
    tmp_path: Path,
) -> None:
    b.a_partnership()
    child = os.fork()
    if not child:
        zipfile.ZipFile.writestr = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        try:
            make_backup(folder=tmp_path, at=b.NOW)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    left = [p.name for p in tmp_path.iterdir()]
    assert any(name.startswith(".partial-") for name in left)
    assert in_order(left) == []
    made = make_backup(folder=tmp_path, at=b.NOW)
    assert {p.name for p in tmp_path.iterdir()} == {".lock", made.path.name}


@pytest.mark.once
@of_the_database
def test_backup_when_another_one_is_made_or_the_disk_is_full_then_a_sentence_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OperationError, match="Another backup is being written"):
            make_backup(folder=tmp_path, at=b.NOW)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OperationError, match="No space left on device"):
        make_backup(folder=tmp_path, at=b.NOW)
    assert [p.name for p in tmp_path.iterdir()] == [".lock"]


# The commands


def told(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.once
@of_the_database
def test_commands_when_used_then_encrypted_pruned_and_restored(tmp_path: Path, settings: Any) -> None:
    a_pack_with_its_bytes()
    with pytest.raises(CommandError, match="no passphrase"):
        told("backup", "--out", str(tmp_path), "--encrypt")
    secret = tmp_path / "passphrase"
    secret.write_text(f"{PASSPHRASE}\n")
    settings.BACKUP_PASSPHRASE_FILE = str(secret)
    settings.BACKUP_DIR = str(tmp_path)
    for _ in range(3):
        told("backup", "--encrypt", "--keep", "2")
    kept = in_order(p.name for p in tmp_path.iterdir())
    assert len(kept) == 2
    assert secret.exists()
    said = told("restore", str(tmp_path / kept[0]), "--replace")
    assert f"by version {settings.VERSION}" in said
    assert said.splitlines()[-1] == "1 sound, 0 redacted, 0 broken"
    assert PASSPHRASE not in said
    settings.BACKUP_PASSPHRASE_FILE = ""
    with pytest.raises(CommandError, match="BACKUP_PASSPHRASE"):
        told("restore", str(tmp_path / kept[0]), "--replace")
    settings.BACKUP_PASSPHRASE = "short"
    with pytest.raises(CommandError, match="at least 12"):
        told("backup", "--encrypt")
    settings.BACKUP_PASSPHRASE_FILE = str(tmp_path / "nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        told("backup", "--encrypt")


@pytest.mark.once
@of_the_database
def test_demonstration_when_backed_up_then_the_backup_says_so(tmp_path: Path) -> None:
    Installation.objects.create(kind="demo", marked_at=b.NOW)
    assert json.loads(_manifest(make_backup(folder=tmp_path, at=b.NOW).path, ""))["demonstration"] is True
