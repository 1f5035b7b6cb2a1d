"""A real server process on a database of its own, and a browser that speaks to it."""

import contextlib
import csv
import http.client
import io
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from indicators.models import User
from partnership.operations.packs import PackDraft, create_pack
from tests import builders as b
from tests.conftest import NO_POSTGRES, REQUIRE_ALL
from tests.indicators.return_pages import address, form_of
from tests.servers import PATIENCE, PostgreSQL, Server, postgresql

LINES = 30


# Databases


@dataclass(frozen=True)
class Database:
    """One database beside that of the test run: a file, or a database on the same PostgreSQL."""

    name: str

    @property
    def url(self) -> str:
        """As DATABASE_URL gives it."""
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.name}"
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}"))

    def ask(self, question: Callable[[], Any]) -> Any:
        """What a question gives there, asked in a thread and a connection of its own."""
        found: list[Any] = []

        def run() -> None:
            try:
                mine = connections["default"]
                mine.settings_dict = {**mine.settings_dict, "NAME": self.name}
                found.append(question())
            except Exception as error:
                found.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(timeout=PATIENCE)
        if not found:
            raise AssertionError("The database did not answer.")
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    def tell(self, *statements: str) -> None:
        """Carries statements out there."""

        def run() -> None:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

        self.ask(run)

    def copied_to(self, name: str, folder: Path) -> "Database":
        """Another one that holds the same."""
        if connection.vendor == "sqlite":
            path = folder / f"{name}.sqlite3"
            shutil.copyfile(self.name, path)
            return Database(str(path))
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _on_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return Database(name)

    def drop(self) -> None:
        """Gone, whoever still uses it."""
        if connection.vendor == "postgresql":
            _on_the_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _on_the_server(statement: str) -> None:
    """Carries out what needs a connection to another database; a template must have nobody left in it."""
    parameters = {
        k: v for k, v in connection.get_connection_params().items() if k in {"host", "port", "user", "password"}
    }
    until = time.monotonic() + PATIENCE
    with contextlib.closing(psycopg2.connect(dbname="postgres", **parameters)) as there:
        there.autocommit = True
        while True:
            try:
                with there.cursor() as cursor:
                    cursor.execute(statement)
                return
            except psycopg2.errors.ObjectInUse:
                if time.monotonic() > until:
                    raise
                if time.monotonic() > until - PATIENCE / 2:  # a connection that a test before has left idle
                    with there.cursor() as cursor:
                        cursor.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s "
                            "AND state = 'idle'",
                            [connection.settings_dict["NAME"]],
                        )
                time.sleep(0.05)


def everything() -> dict[str, list[Any]]:
    """Every row of every table of the applications."""
    return {
        model._meta.db_table: sorted(model._default_manager.values_list(), key=repr)
        for app in ("indicators", "partnership")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


# What stands in it


@dataclass(frozen=True)
class Story:
    """An accepted quarter that waits to be published, the next one that waits for its file, and who does it."""

    database: Database
    pack: str
    upload: str
    template: str
    analyst: str
    publisher: str


@pytest.fixture(scope="module")
def seed(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, dict[str, str]]]:
    """A database with the story, from which others are copied, and the story's addresses and people."""
    with django_db_blocker.unblock():
        made = _copy_of_the_tests_database(tmp_path_factory.mktemp("seed"))
        try:
            yield made, made.ask(_tell_the_story)
        finally:
            made.drop()


def _copy_of_the_tests_database(folder: Path) -> Database:
    if connection.vendor == "sqlite":
        path = folder / "seed.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return Database(str(path))
    own = Database(str(connection.settings_dict["NAME"]))
    connection.close()
    return own.copied_to(f"{own.name}_seed", folder)


def _tell_the_story() -> dict[str, str]:
    """Through the application's own operations."""
    scorecard = b.a_scorecard(LINES)
    row = b.a_return(scorecard, state="approved")
    waiting = b.fresh(b.a_return(scorecard, b.Q4.next()))
    people = b.the_people()
    pack = create_pack(
        partnership=scorecard.partnership,
        draft=PackDraft("Quarter 4", "Board", date(2022, 7, 7), "board", [(scorecard, row.round.period)]),
        by=people.acceptor,
        at=b.NOW,
    )
    return {
        "pack": reverse("pack", args=[scorecard.partnership.slug, pack.code]),
        "upload": address("return_upload", waiting),
        "template": address("return_template", waiting),
        "analyst": _session(people.analyst),
        "publisher": _session(people.acceptor),
    }


def _session(user: User) -> str:
    """Signs a person in; what their browser's cookie holds."""
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


@pytest.fixture
def story(seed: tuple[Database, dict[str, str]], django_db_blocker: Any, tmp_path: Path) -> Iterator[Story]:
    """The story in a database of the test's own."""
    database, told = seed
    with django_db_blocker.unblock():
        mine = database.copied_to(f"{Path(database.name).stem}_server", tmp_path)
        try:
            yield Story(mine, **told)
        finally:
            mine.drop()


# A PostgreSQL server of the test's own


@pytest.fixture(scope="module")
def private() -> Iterator[PostgreSQL]:
    """One that tests may stop and start."""
    with postgresql() as server:
        if server is None:
            (pytest.fail if REQUIRE_ALL else pytest.skip)(NO_POSTGRES)
        yield server


@dataclass(frozen=True)
class Elsewhere(Database):
    """A database on a server of the test's own."""

    server: PostgreSQL

    @property
    def url(self) -> str:
        return self.server.address(self.name)

    def ask(self, question: Callable[[], Any]) -> Any:
        before = connection.settings_dict
        try:
            connection.settings_dict["HOST"], kept = str(self.server.folder), before["HOST"]
            return super().ask(question)
        finally:
            connection.settings_dict["HOST"] = kept


def moved(story: Story, server: PostgreSQL) -> Story:
    """The story, as a database of that server."""
    shared = connection.get_connection_params()
    there = ["-h", str(server.folder), "-U", "app"]
    subprocess.run([str(server.programs / "dropdb"), *there, "--if-exists", "-f", "moved"], check=True)
    subprocess.run([str(server.programs / "createdb"), *there, "moved"], check=True)
    dump = [str(server.programs / "pg_dump"), "-h", str(shared["host"]), "-U", str(shared["user"])]
    with subprocess.Popen([*dump, story.database.name], stdout=subprocess.PIPE) as out:
        read = [str(server.programs / "psql"), "-q", *there, "moved"]
        subprocess.run(read, stdin=out.stdout, check=True, stdout=subprocess.DEVNULL)
    assert out.returncode == 0
    return replace(story, database=Elsewhere("moved", server))


# Server and browser


Start = Callable[..., Server]


@pytest.fixture
def start(story: Story, tmp_path: Path) -> Iterator[Start]:
    """Starts servers on the story's database: start(), start(Gunicorn, halt_after="table", times=2, seconds=3)."""
    running: list[Server] = []

    def begin(kind: type[Server] = Server, *, halt_after: str = "", times: int = 1, seconds: int = 0) -> Server:
        running.append(
            kind(
                database=story.database.url, log=tmp_path / "server.log", DEMO_TODAY=b.TODAY.isoformat(),
                HALT_AFTER=halt_after, HALT_TIMES=str(times), HALT_SECONDS=str(seconds),
                PAGES_FILE=str(tmp_path / "pages"),
            )
        )  # fmt: skip
        return running[-1]

    try:
        yield begin
    finally:
        for server in running:
            server.kill()


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    content: bytes
    location: str = ""


@dataclass
class Browser:
    """A person's browser: keeps cookies, follows no redirect by itself."""

    session: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies["sessionid"] = self.session

    def get(self, server: Server, path: str) -> Page:
        """Opens an address."""
        return self._ask(server, "GET", path, b"", {})

    def post(self, server: Server, path: str, fields: Mapping[str, Any], file: tuple[str, bytes] | None = None) -> Page:
        """Sends a form, with a file or without, and waits for the answer."""
        body, kind = self.written(fields, file)
        return self._ask(server, "POST", path, body, {"Content-Type": kind})

    @staticmethod
    def written(fields: Mapping[str, Any], file: tuple[str, bytes] | None = None) -> tuple[bytes, str]:
        """A form as it is sent, and its content type."""
        if file is None:
            return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
        data = io.BytesIO(file[1])
        data.name = file[0]
        return encode_multipart(BOUNDARY, {**fields, "file": data}), MULTIPART_CONTENT

    def send_and_leave(self, server: Server, path: str, fields: Mapping[str, Any]) -> socket.socket:
        """Sends a form and does not wait; the open connection is given back."""
        body, kind = self.written(fields)
        return self.begin(server, path, len(body), kind, body)

    def begin(self, server: Server, path: str, length: int, kind: str, body: bytes) -> socket.socket:
        """Sends the head of a request, waits until the server has read it, and sends (a part of) the body."""
        here = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        cookies = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\nCookie: {cookies}\r\n"
            f"Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        )
        here.sendall(head.encode())
        assert here.recv(100).startswith(b"HTTP/1.1 100 "), "The server did not take the request."
        here.sendall(body)
        return here

    def _ask(self, server: Server, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        there = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        cookies = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        try:
            there.request(method, path, body, {**headers, "Cookie": cookies, "Connection": "close"})
            answer = there.getresponse()
            content = answer.read()
        finally:
            there.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Page(answer.status, content, answer.headers.get("Location", ""))


# What people do


def the_file(browser: Browser, server: Server, story: Story, numerator: int = 85) -> bytes:
    """The return's own template, filled in."""
    text = browser.get(server, story.template).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == LINES
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"numerator": numerator, "denominator": 100, "commentary": "As expected. " * 20})
    return out.getvalue().encode()


def preview(browser: Browser, server: Server, story: Story, data: bytes) -> Page:
    """Chooses the file; the page that shows what it would change."""
    form = form_of(browser.get(server, story.upload))
    return browser.post(server, story.upload, form, ("return.csv", data))


def button(page: Page, action: str) -> dict[str, Any]:
    """The form of the pack's page that holds this button, as pressing it sends it."""
    return form_of(page, f'form:has(button[value="{action}"])') | {"action": action}
