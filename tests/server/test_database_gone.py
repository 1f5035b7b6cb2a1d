"""PostgreSQL is stopped and started again under a running server: people are told so, nothing that was confirmed is
lost, nothing is half-written, and the server need not be started again."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.conftest import NO_POSTGRES
from tests.indicators.return_pages import form_of, words
from tests.server.conftest import PATIENCE, Browser, Database, Page, Server, Start, Story, preview, the_file
from tests.server.test_crashes import LINES, drafts, followed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql, pytest.mark.long]


class Private:
    """A PostgreSQL server of the test's own, in a folder of its own, reached through a socket there alone."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self.run("initdb", "-D", str(folder / "data"), "-U", "app", "-A", "trust", "--no-sync", "-E", "UTF8",
                 "--locale=C.UTF-8")  # fmt: skip

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of its programs, as somebody who is not root."""
        user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        subprocess.run(
            [str(self.programs / program), *arguments], check=True, cwd=self.folder, timeout=60,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **({"user": user.pw_uid, "group": user.pw_gid} if user else {}),
        )  # fmt: skip

    def start(self) -> None:
        options = f"-F -c listen_addresses='' -c unix_socket_directories={self.folder} -c jit=off"
        self.run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")


@pytest.fixture(scope="module")
def private() -> Iterator[Private]:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    where = Path(found[-1]).parent if found else Path(shutil.which("initdb") or NO_POSTGRES).parent
    if not (where / "initdb").exists():
        pytest.fail(NO_POSTGRES) if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip(NO_POSTGRES)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path is short
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        folder.parent.chmod(folder.parent.stat().st_mode | 0o011)  # each worker's own folder is root's alone
    server = Private(where, folder)
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # it is stopped already
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Elsewhere(Database):
    """The story's database on the private server."""

    host: str = ""

    @property
    def url(self) -> str:
        return f"postgres://app@{self.host.replace('/', '%2F')}/{self.name}"

    def ask(self, question: Any) -> Any:
        before = connection.settings_dict
        try:
            connection.settings_dict["HOST"], kept = self.host, before["HOST"]
            return super().ask(question)
        finally:
            connection.settings_dict["HOST"] = kept


@pytest.fixture
def story(story: Story, private: Private) -> Story:
    """The story, on the private server."""
    shared = connection.get_connection_params()
    there = ["-h", str(private.folder), "-U", "app"]
    subprocess.run([str(private.programs / "dropdb"), *there, "--if-exists", "-f", "moved"], check=True)
    subprocess.run([str(private.programs / "createdb"), *there, "moved"], check=True)
    dump = [str(private.programs / "pg_dump"), "-h", str(shared["host"]), "-U", str(shared["user"])]
    with subprocess.Popen([*dump, story.database.name], stdout=subprocess.PIPE) as out:
        read = [str(private.programs / "psql"), "-q", *there, "moved"]
        subprocess.run(read, stdin=out.stdout, check=True, stdout=subprocess.DEVNULL)
    assert out.returncode == 0
    return replace(story, database=Elsewhere("moved", str(private.folder)))


def until(browser: Browser, server: Server, path: str, status: int) -> Page:
    """Asks until it is answered with that status."""
    end = time.monotonic() + PATIENCE
    while (page := browser.get(server, path)).status != status:
        assert time.monotonic() < end, (path, page.status)
        time.sleep(0.2)
    return page


def test_postgresql_when_stopped_and_started_in_the_middle_then_told_nothing_lost_and_served_again(
    story: Story, start: Start, private: Private
) -> None:
    server = start()
    analyst = Browser(story.analyst)
    data = the_file(analyst, server, story)
    form = form_of(preview(analyst, server, story, data))
    confirmed = analyst.post(server, story.upload, form)
    assert confirmed.status == 302
    again = form_of(preview(analyst, server, story, the_file(analyst, server, story, numerator=86)))

    private.stop()
    sent = analyst.post(server, story.upload, again)
    assert sent.status == 503
    assert "What you sent was not confirmed as saved" in words(sent)
    assert "Send it again" in words(sent)
    assert analyst.get(server, story.template).status == 503
    assert analyst.get(server, "/health/").status == 503
    assert until(analyst, server, "/health/ready/", 503)
    assert b"pg-" not in sent.content

    private.start()
    assert until(analyst, server, "/health/ready/", 200)
    assert drafts(story) == [(85, 1)] * LINES
    resent = form_of(sent, "main form")
    assert "changed and saved" in followed(analyst, server, analyst.post(server, story.upload, resent))
    assert drafts(story) == [(86, 2)] * LINES
    assert server.process.poll() is None


@pytest.mark.soak  # as a kill, a second way
def test_postgresql_when_it_ends_inside_a_transaction_then_nothing_of_it_is_there_and_the_page_says_so(
    story: Story, start: Start, private: Private, tmp_path: Path
) -> None:
    server = start(halt_after="indicators_draftcell", times=LINES // 2)
    analyst = Browser(story.analyst)
    form = form_of(preview(analyst, server, story, the_file(analyst, server, story)))
    with analyst.send_and_leave(server, story.upload, form):
        server.wait_until_halted()
        private.stop("immediate")
        server.kill()
    private.start()
    server = start()
    assert drafts(story) == []
    assert "changed and saved" in followed(analyst, server, analyst.post(server, story.upload, form))
    assert drafts(story) == [(85, 1)] * LINES
