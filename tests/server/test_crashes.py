"""A real server is killed, or its disk fills up, in the middle of an upload and of a publication: nothing half-written,
nothing lost that was acknowledged, and the same thing done again succeeds."""

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from indicators.models import DraftCell, PublishedRow
from indicators.operations.basics import DISK_FULL
from partnership.models import PackEvent
from partnership.selectors.verification import Finding, verified_packs
from tests.indicators.return_pages import form_of, words
from tests.indicators.workbook_files import changed
from tests.server.conftest import LINES, Browser, Page, Start, Story, button, everything, preview, the_file
from tests.servers import PATIENCE, Server

pytestmark = pytest.mark.django_db  # so that the seed's database is made; the tests use copies of it

PUBLISHED_WORDS = "The pack is published. It can be withdrawn, but never changed."


@pytest.fixture
def analyst(story: Story) -> Browser:
    return Browser(story.analyst)


@pytest.fixture
def publisher(story: Story) -> Browser:
    return Browser(story.publisher)


def followed(browser: Browser, server: Server, page: Page) -> str:
    """What the page says to which the answer leads on."""
    assert page.status == 302, words(page)
    return words(browser.get(server, page.location))


def drafts(story: Story) -> list[tuple[Any, ...]]:
    """The cells saved so far: revision numbers of the drafts, and what they hold."""
    return story.database.ask(lambda: list(DraftCell.objects.values_list("numerator", "version")))


def publications(story: Story) -> tuple[int, int, set[Finding]]:
    """How many packs are published, how many rows they hold, and how the tables come out when they are proved."""
    return story.database.ask(
        lambda: (
            PackEvent.objects.filter(action="published").count(),
            PublishedRow.objects.count(),
            {v.finding for v in verified_packs()},
        )
    )


ONCE = (1, LINES, {Finding.SOUND})


# Killed


def test_upload_when_the_server_is_killed_while_the_file_comes_in_then_nothing_is_there_and_it_can_be_sent_again(
    story: Story, start: Start, analyst: Browser
) -> None:
    server = start()
    data = the_file(analyst, server, story)
    form = form_of(analyst.get(server, story.upload))
    before = story.database.ask(everything)
    body, kind = analyst.written(form, ("return.csv", data))
    with analyst.begin(server, story.upload, len(body), kind, body[: len(body) // 2]):
        server.kill()
    assert story.database.ask(everything) == before
    server = start()
    assert story.database.ask(everything) == before
    page = preview(analyst, server, story, data)
    said = followed(analyst, server, analyst.post(server, story.upload, form_of(page)))
    assert f"{LINES} figures of {LINES} changed and saved" in said
    assert drafts(story) == [(85, 1)] * LINES


def test_upload_when_the_server_is_killed_between_two_cells_then_none_is_there_and_the_same_form_saves_all(
    story: Story, start: Start, analyst: Browser
) -> None:
    server = start(halt_after="indicators_draftcell", times=LINES // 2)
    form = form_of(preview(analyst, server, story, the_file(analyst, server, story)))
    before = story.database.ask(everything)
    with analyst.send_and_leave(server, story.upload, form):
        server.wait_until_halted()
        server.kill()
    assert story.database.ask(everything) == before
    server = start()
    assert f"{LINES} figures of {LINES} changed and saved" in followed(
        analyst, server, analyst.post(server, story.upload, form)
    )
    assert drafts(story) == [(85, 1)] * LINES


# Half way tells little more than just before the end.
@pytest.mark.parametrize(
    "written",
    [
        pytest.param("indicators_publishedrow", id="half", marks=pytest.mark.soak),
        pytest.param("indicators_auditevent", id="all but the end"),
    ],
)
def test_publication_when_the_server_is_killed_in_the_middle_then_nothing_is_published_and_the_same_form_does_it(
    written: str, story: Story, start: Start, publisher: Browser
) -> None:
    server = start(halt_after=written)
    form = button(publisher.get(server, story.pack), "publish")
    before = story.database.ask(everything)
    with publisher.send_and_leave(server, f"{story.pack}act/", form):
        server.wait_until_halted()
        server.kill()
    assert story.database.ask(everything) == before
    server = start()
    assert PUBLISHED_WORDS in followed(publisher, server, publisher.post(server, f"{story.pack}act/", form))
    assert publications(story) == ONCE


def test_server_when_killed_right_after_it_answered_then_what_it_acknowledged_is_there_and_done_once(
    story: Story, start: Start, analyst: Browser, publisher: Browser
) -> None:
    server = start()
    upload = form_of(preview(analyst, server, story, the_file(analyst, server, story)))
    publish = button(publisher.get(server, story.pack), "publish")
    assert analyst.post(server, story.upload, upload).status == 302
    assert publisher.post(server, f"{story.pack}act/", publish).status == 302
    server.kill()
    kept = story.database.ask(everything)
    assert drafts(story) == [(85, 1)] * LINES
    assert publications(story) == ONCE
    server = start()
    assert PUBLISHED_WORDS in followed(publisher, server, publisher.post(server, f"{story.pack}act/", publish))
    followed(analyst, server, analyst.post(server, story.upload, upload))
    assert story.database.ask(everything) == kept


def killed_child(server: Server, until: float) -> None:
    """Waits for a child of the server and kills it."""
    while time.monotonic() < until:
        for tasks in Path(f"/proc/{server.process.pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                for child in tasks.read_text().split():
                    os.kill(int(child), signal.SIGKILL)
                    return


@pytest.mark.once
def test_workbook_when_the_child_that_reads_it_is_killed_then_told_so_nothing_is_there_and_it_can_be_sent_again(
    story: Story, start: Start, analyst: Browser
) -> None:
    server = start()
    template = analyst.get(server, story.template.replace(".csv", ".xlsx")).content

    def type_in(sheet: Any) -> None:
        columns = {cell.value: cell.column for cell in sheet[1]}
        for number in range(2, sheet.max_row + 1):
            sheet.cell(number, columns["numerator"]).value = 85
            sheet.cell(number, columns["denominator"]).value = 100

    data = changed(template, type_in)
    form = form_of(analyst.get(server, story.upload))
    before = story.database.ask(everything)
    with ThreadPoolExecutor(1) as other:
        other.submit(killed_child, server, time.monotonic() + PATIENCE)
        page = analyst.post(server, story.upload, form, ("return.xlsx", data))
    assert "Nothing was changed." in words(page)
    assert story.database.ask(everything) == before
    page = analyst.post(server, story.upload, form, ("return.xlsx", data))
    said = followed(analyst, server, analyst.post(server, story.upload, form_of(page)))
    assert f"{LINES} figures of {LINES} changed and saved" in said


# A full disk


@contextmanager
def a_file_limit(server: Server, story: Story, folder: Path) -> Iterator[None]:
    """SQLite: no file of the server may grow beyond what its shared memory needs, or beyond the present log."""
    log = Path(f"{story.database.name}-wal")
    most = max(32 * 1024, (log.stat().st_size if log.exists() else 0) + 2 * 4096)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, hard))
    yield
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def no_more_pages(server: Server, story: Story, folder: Path) -> Iterator[None]:
    """SQLite: the database may not get a page more than it has."""

    def pages() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            return int(cursor.fetchone()[0])

    (folder / "pages").write_text(str(story.database.ask(pages)), encoding="ascii")
    yield
    (folder / "pages").unlink()


@contextmanager
def no_more_rows(server: Server, story: Story, folder: Path) -> Iterator[None]:
    """PostgreSQL: the server says what it says when a table's file cannot be extended."""
    tables = ("indicators_publishedrow", "indicators_draftcell")
    story.database.tell(
        "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
        *(f"CREATE TRIGGER disk_full BEFORE INSERT ON {t} FOR EACH ROW EXECUTE FUNCTION disk_full()" for t in tables),
    )
    yield
    story.database.tell(*(f"DROP TRIGGER disk_full ON {table}" for table in tables))


Full = Callable[[Server, Story, Path], Any]
WAYS: tuple[Full, ...] = (no_more_rows,) if connection.vendor == "postgresql" else (a_file_limit, no_more_pages)


def test_disk_when_it_is_full_while_publishing_then_told_in_a_sentence_and_done_once_there_is_space(
    story: Story, start: Start, publisher: Browser, tmp_path: Path
) -> None:
    server = start()
    form = button(publisher.get(server, story.pack), "publish")
    before = story.database.ask(everything)
    for disk in WAYS:
        with disk(server, story, tmp_path):
            said = followed(publisher, server, publisher.post(server, f"{story.pack}act/", form))
            assert DISK_FULL in said, disk.__name__
            assert "Publish the pack" in said
        assert story.database.ask(everything) == before
    assert PUBLISHED_WORDS in followed(publisher, server, publisher.post(server, f"{story.pack}act/", form))
    assert publications(story) == ONCE


def test_disk_when_it_is_full_while_a_file_is_saved_then_told_in_a_sentence_and_done_once_there_is_space(
    story: Story, start: Start, analyst: Browser, tmp_path: Path
) -> None:
    server = start()
    form = form_of(preview(analyst, server, story, the_file(analyst, server, story)))
    before = story.database.ask(everything)
    for disk in WAYS:
        with disk(server, story, tmp_path):
            page = analyst.post(server, story.upload, form)
            assert page.status == 200
            assert DISK_FULL in words(page), disk.__name__
        assert story.database.ask(everything) == before
    assert "changed and saved" in followed(analyst, server, analyst.post(server, story.upload, form))
    assert drafts(story) == [(85, 1)] * LINES
