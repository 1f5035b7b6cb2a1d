"""export_everything and import_everything: nothing lost between engines, and nothing taken in that is not whole."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from indicators import triggers
from indicators.models import User
from indicators.roles import Role
from partnership.management.commands import import_everything as commands
from partnership.models import Installation, StoredDocument
from partnership.open_tables import NULL, Column, Kind, NotAsWritten, OpenTable, csvw, line, read, rows_of, written
from partnership.operations.moving import Moved, export_everything, import_everything
from partnership.selectors.everything import PASSING, SECRET_APPS, open_table, tables_of_everything
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.partnership.meeting_world import a_whole_meeting
from tests.partnership.pack_world import a_published_pack, withdraw
from tests.partnership.test_backups import a_pack_with_its_bytes, everything, lost

ROOT = Path(__file__).resolve().parent.parent.parent
of_the_database = pytest.mark.django_db(transaction=True)

# Values


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
YEARS = (datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: texts | st.sampled_from(["", NULL, rf"\{NULL}", r"\\\N", "a\r\nb\rc\nd", '"', "=1+1", " ", "\ufeff"]),
    Kind.WHOLE: st.integers(-(2**63), 2**63 - 1),
    Kind.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.TIME: st.times(),
    # In UTC, as a database gives them: an hour that a clock shows twice equals no moment in another zone.
    Kind.MOMENT: st.datetimes(*YEARS, timezones=st.timezones()).map(lambda at: at.astimezone(UTC)),
    Kind.JSON: st.recursive(
        st.none() | st.booleans() | st.integers() | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    ),
    Kind.BYTES: st.binary(),
}
EACH = OpenTable("each", "", tuple(Column(kind.name.lower(), kind, kind is not Kind.JSON) for kind in Kind), "whole")


@given(st.lists(st.tuples(*(VALUES[c.kind] | (st.none() if c.nullable else st.nothing()) for c in EACH.columns))))
def test_rows_when_written_and_read_then_every_value_is_what_it_was(rows: list[tuple[Any, ...]]) -> None:
    lines = [line([c.name for c in EACH.columns])]
    lines += [line([written(v, c) for v, c in zip(row, EACH.columns, strict=True)]) for row in rows]
    text = io.TextIOWrapper(io.BytesIO(b"".join(lines)), encoding="utf-8", newline="")
    found = list(rows_of(EACH, text))
    assert found == [list(row) for row in rows]
    assert [type(v) for row in found for v in row] == [type(v) for row in rows for v in row]


def test_cell_when_written_then_plain_to_read() -> None:
    def cell(value: Any, kind: Kind) -> str:
        return written(value, Column("x", kind, nullable=True))

    summer = datetime(2022, 7, 7, 10, 0, 0, 500, tzinfo=timezone(timedelta(hours=1)))
    assert cell(summer, Kind.MOMENT) == "2022-07-07T09:00:00.000500Z"
    assert cell(Decimal("1E+3"), Kind.DECIMAL) == "1000"
    assert cell(Decimal("0.000000"), Kind.DECIMAL) == "0.000000"
    assert cell({"b": 1, "a": "é"}, Kind.JSON) == '{"a":"é","b":1}'
    assert (cell(None, Kind.TEXT), cell("", Kind.TEXT), cell(NULL, Kind.TEXT)) == (NULL, "", r"\\N")
    assert (cell(date(2022, 7, 7), Kind.DATE), cell(time(9, 30), Kind.TIME)) == ("2022-07-07", "09:30:00")
    assert read("2022-07-07T09:00:00.000500Z", Kind.MOMENT) == summer.astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id\r\n1\r\n", "other columns"), ("id,name\r\n1\r\n", "row 1: it has 1 cells"),
        ("id,name\r\nx,a\r\n", "row 1: id is not integer"), (f"id,name\r\n1,a\r\n{NULL},a\r\n", "row 2: id may not"),
        ('id,name\r\n1,"a\r\n', "cannot be read as CSV"), ("", "other columns"),
    ],
)  # fmt: skip
def test_file_when_it_is_not_what_is_written_then_refused_with_its_place(text: str, said: str) -> None:
    table = OpenTable("t", "", (Column("id", Kind.WHOLE, False), Column("name", Kind.TEXT, True)), "id")
    with pytest.raises(NotAsWritten, match=said):
        list(rows_of(table, io.StringIO(text, newline="")))


def test_metadata_when_made_then_of_the_models_with_keys_and_what_nothing_is() -> None:
    body = json.loads(csvw(open_table(User, secrets=False)))
    names = [c["name"] for c in body["tableSchema"]["columns"]]
    assert "password" not in names
    assert "password" in [c.name for c in open_table(User, secrets=True).columns]
    table = open_table(apps.get_model("indicators", "Membership"), secrets=False)
    keys = json.loads(csvw(table))["tableSchema"]["foreignKeys"]
    user = {"columnReference": "user_id", "reference": {"resource": "indicators_user.csv", "columnReference": "id"}}
    assert user in keys
    assert {c["null"] for c in body["tableSchema"]["columns"]} == {NULL}
    assert body["dc:description"]


def test_tables_when_listed_then_all_but_what_passes() -> None:
    given = {model._meta.label for model, _ in tables_of_everything(secrets=True)}
    missing = {m._meta.label for m in apps.get_models(include_auto_created=True)} - given
    assert {label.split(".")[0] for label in missing} <= PASSING
    assert set() == PASSING & SECRET_APPS


# There and back


def a_world() -> None:
    """Something of everything that is hard: a pack that was replaced twice, a meeting, bytes, texts like nothing."""
    pack, _ = a_pack_with_its_bytes()
    (chosen,) = pack.choices.all()
    withdraw(a_published_pack(chosen.scorecard, supersedes=pack), is_breach=True)
    a_published_pack(chosen.scorecard, supersedes=pack)
    a_whole_meeting()
    for n, words in enumerate(["", NULL, rf"\{NULL}", "a\r\nb\rc", "=1", "“é” 𝄞"]):
        b.a_user(email=f"{n}@example.org")
        User.objects.filter(email=f"{n}@example.org").update(display_name=words)


def without_passwords(held: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    at = [f.attname for f in User._meta.concrete_fields].index("password")
    users = [row[:at] + row[at + 1 :] for row in held["indicators_user"]]
    return held | {"indicators_user": sorted(users, key=repr)}


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@of_the_database
@pytest.mark.parametrize(
    "secrets", [pytest.param(False, id="without"), pytest.param(True, id="with secrets", marks=pytest.mark.once)]
)
def test_export_when_imported_and_exported_again_then_the_same_bytes_and_protected(
    secrets: bool, tmp_path: Path
) -> None:
    a_world()
    before = everything()
    moved = export_everything(folder=tmp_path / "one", secrets=secrets)
    first = files_of(tmp_path / "one")
    hashes = {user.password.encode() for user in User.objects.exclude(password="")}
    assert hashes
    assert any(h in data for data in first.values() for h in hashes) is secrets
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "one").iterdir()} == {0o600}
    lost()
    assert import_everything(folder=tmp_path / "one") == moved
    after = everything()
    assert without_passwords(after) == without_passwords(before)
    assert (after == before) is secrets
    if not secrets:
        assert not any(user.has_usable_password() for user in User.objects.all())
    assert export_everything(folder=tmp_path / "two", secrets=secrets) == moved
    assert files_of(tmp_path / "two") == first
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM partnership_packevent")
    assert {v.finding for v in verified_packs()} == {Finding.SOUND}
    assert b.a_user(email="new@example.org").pk > max(pk for pk, *_ in before["indicators_user"])


@pytest.mark.django_db
@pytest.mark.parametrize("password", [None, b.PASSWORD])
def test_import_when_no_administrator_can_sign_in_then_it_says_what_to_do(
    password: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = b.a_user(Role.ADMINISTRATOR)
    user.set_password(password)
    user.save()
    monkeypatch.setattr(commands, "import_everything", lambda **_: Moved(1, 2))
    out = io.StringIO()
    call_command("import_everything", str(tmp_path), stdout=out)
    assert ("manage.py changepassword E-MAIL" in out.getvalue()) is (password is None)


ELSEWHERE = """
from django.core.management import call_command
from tests.migrated import migrate_once
migrate_once("migrate", verbosity=0)
call_command("import_everything", {one!r})
call_command("export_everything", {two!r})
"""


@pytest.mark.long
@pytest.mark.postgresql
@of_the_database
def test_export_when_taken_to_sqlite_and_back_to_postgresql_then_the_same_bytes(tmp_path: Path) -> None:
    a_world()
    before = without_passwords(everything())
    export_everything(folder=tmp_path / "one")
    code = ELSEWHERE.format(one=str(tmp_path / "one"), two=str(tmp_path / "two"))
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/there.sqlite3"}
    command = [sys.executable, "manage.py", "shell", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "3 sound, 0 redacted, 0 broken" in done.stdout
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")
    import_everything(folder=tmp_path / "two", replace=True)
    export_everything(folder=tmp_path / "three")
    assert files_of(tmp_path / "three") == files_of(tmp_path / "one")
    assert without_passwords(everything()) == before


@pytest.mark.postgresql
@of_the_database
def test_export_when_somebody_writes_meanwhile_then_it_holds_what_was_there_when_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    b.a_user(email="before@example.org")
    written: list[str] = []

    def csvw_while_somebody_writes(table: OpenTable) -> bytes:
        if not written:
            written.append(table.name)
            with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
                cursor.execute("UPDATE indicators_user SET display_name = 'Meanwhile'")
                other.commit()
        return csvw(table)

    monkeypatch.setattr("partnership.operations.moving.csvw", csvw_while_somebody_writes)
    export_everything(folder=tmp_path / "one")
    assert written[0] < "indicators_user"
    assert User.objects.filter(display_name="Meanwhile").exists()
    assert b"Meanwhile" not in (tmp_path / "one" / "indicators_user.csv").read_bytes()


# What is refused


@pytest.mark.once
@of_the_database
def test_import_when_it_must_not_be_then_refused_and_nothing_is_touched(tmp_path: Path, settings: Any) -> None:
    a_world()
    Installation.objects.create(kind="demo", marked_at=b.NOW)
    whole = tmp_path / "whole"
    export_everything(folder=whole)
    before = everything()
    manifest = json.loads((whole / "export.json").read_text())

    def refused(change: Callable[[Path], None], *, replace: bool = True) -> str:
        folder = tmp_path / "changed"
        shutil.copytree(whole, folder)
        change(folder)
        arguments = [str(folder), *(["--replace"] if replace else [])]
        with pytest.raises(CommandError) as said:
            call_command("import_everything", *arguments, stdout=io.StringIO())
        shutil.rmtree(folder)
        return str(said.value)

    def told(**changes: Any) -> Callable[[Path], None]:
        return lambda folder: (folder / "export.json").write_text(json.dumps(manifest | changes)) and None

    def changed(name: str, data: bytes) -> Callable[[Path], None]:
        """The file and its hash, as who wants to smuggle something in would."""

        def change(folder: Path) -> None:
            (folder / f"{name}.csv").write_bytes(data)
            sha = hashlib.sha256(data).hexdigest()
            told(tables=manifest["tables"] | {name: {"sha256": sha, "rows": 0}})(folder)

        return change

    assert "is not empty" in refused(lambda _: None, replace=False)
    assert "no whole export" in refused(lambda f: (f / "export.json").unlink())
    assert "no export that this version can read" in refused(told(format=2))
    assert "not at the same migrations" in refused(told(migrations=manifest["migrations"][1:]))
    assert "other tables" in refused(told(tables={}))
    assert "missing or is not what was exported" in refused(lambda f: (f / "indicators_user.csv").unlink())
    assert "indicators_text.csv is missing or is not" in refused(
        lambda f: (f / "indicators_text.csv").write_bytes((f / "indicators_text.csv").read_bytes()[:-3]) and None
    )
    users = (whole / "indicators_user.csv").read_bytes()
    header = users.split(b"\r\n")[0] + b"\r\n"
    assert "point to rows" in refused(changed("indicators_user", header))
    assert "other columns" in refused(changed("indicators_user", b"id\r\n1\r\n"))
    periods = (whole / "indicators_population.csv").read_bytes()
    assert "row 1" in refused(changed("indicators_population", periods.split(b"\r\n")[0] + b"\r\nx\r\n"))
    otherwise = re.sub(rb"(\d\d:\d\d:\d\d)Z", rb"\1+00:00", (whole / "indicators_auditevent.csv").read_bytes(), count=1)
    assert "would not be the same" in refused(changed("indicators_auditevent", otherwise))
    settings.IN_PRODUCTION = True
    assert "production refuses" in refused(lambda _: None)
    assert everything() == before
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


@pytest.mark.once
@of_the_database
def test_export_when_the_folder_holds_something_or_it_ends_early_then_said_and_no_whole_export_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    b.a_partnership()
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "notes.txt").write_text("x")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_everything", str(tmp_path / "held"))

    def full(_: OpenTable) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("partnership.operations.moving.csvw", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("export_everything", str(tmp_path / "half"))
    assert not (tmp_path / "half" / "export.json").exists()
    with pytest.raises(CommandError, match="no whole export"):
        call_command("import_everything", str(tmp_path / "half"), "--replace")


@pytest.mark.once
@of_the_database
def test_document_when_it_is_long_then_it_comes_over(tmp_path: Path) -> None:
    content = bytes(range(256)) * 2_000  # as Base64 far longer than a cell of CSV usually may be
    StoredDocument.objects.create(
        partnership=b.a_partnership(), code="evidence", file_name="evidence.pdf", content_type="application/pdf",
        size=len(content), sha256="0" * 64, content=content, by=b.a_user(), actor="Somebody", at=b.NOW,
    )  # fmt: skip
    export_everything(folder=tmp_path / "one")
    b.emptied()
    import_everything(folder=tmp_path / "one")
    assert bytes(StoredDocument.objects.get().content) == content
