"""The web server of an installation: a worker that is killed loses nothing that was confirmed and leaves nothing half,
and the server goes on; when it is restarted in order, a save that has begun comes to its end."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException

import pytest

from tests.indicators.return_pages import form_of
from tests.server.conftest import LINES, Browser, Page, Start, Story, button, everything, preview
from tests.server.conftest import the_file as a_file
from tests.server.test_crashes import ONCE, PUBLISHED_WORDS, drafts, followed, publications
from tests.servers import PATIENCE, Gunicorn, Server

# What each engine makes of a kill is in test_crashes.py.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]
soak = pytest.mark.soak


StartGunicorn = Callable[..., Gunicorn]


@pytest.fixture
def gunicorn(start: Start) -> StartGunicorn:
    """Starts it on the story's database: gunicorn(halt_after="table", times=2, seconds=3)."""
    return partial(start, Gunicorn)


@pytest.fixture
def analyst(story: Story) -> Browser:
    return Browser(story.analyst)


class Sent:
    """A form that is sent in a thread of its own; `page` is what came back, None when the connection broke."""

    def __init__(self, browser: Browser, server: Server, path: str, form: dict[str, object]) -> None:
        self.page: Page | None = None

        def send() -> None:
            with contextlib.suppress(OSError, HTTPException):
                self.page = browser.post(server, path, form)

        self._thread = threading.Thread(target=send)
        self._thread.start()

    def answer(self) -> Page | None:
        """Waits for it."""
        self._thread.join(timeout=PATIENCE)
        assert not self._thread.is_alive()
        return self.page


def test_worker_when_killed_while_it_saves_then_nothing_is_half_and_a_reload_while_it_is_saved_again_loses_nothing(
    story: Story, gunicorn: StartGunicorn, analyst: Browser
) -> None:
    server = gunicorn(halt_after="indicators_draftcell", times=LINES // 2, seconds=3)
    form = form_of(preview(analyst, server, story, a_file(analyst, server, story)))
    before = story.database.ask(everything)
    sent = Sent(analyst, server, story.upload, form)
    server.wait_until_halted()
    server.kill_a_worker()
    assert sent.answer() is None
    assert story.database.ask(everything) == before

    sent, old = Sent(analyst, server, story.upload, form), server.workers()
    server.wait_until_halted()
    server.process.send_signal(signal.SIGHUP)
    page = sent.answer()
    assert page is not None
    assert page.status == 302
    assert drafts(story) == [(85, 1)] * LINES
    until = time.monotonic() + PATIENCE
    while set(server.workers()) & set(old) or not server.workers():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "changed and saved" in followed(analyst, server, page)


@soak
def test_server_when_ended_in_order_while_it_saves_then_the_save_comes_to_its_end(
    story: Story, gunicorn: StartGunicorn, analyst: Browser
) -> None:
    server = gunicorn(halt_after="indicators_draftcell", times=LINES // 2, seconds=3)
    form = form_of(preview(analyst, server, story, a_file(analyst, server, story)))
    sent = Sent(analyst, server, story.upload, form)
    server.wait_until_halted()
    server.process.send_signal(signal.SIGTERM)
    page = sent.answer()
    assert page is not None
    assert page.status == 302
    assert drafts(story) == [(85, 1)] * LINES
    assert server.process.wait(timeout=PATIENCE) == 0


@soak
def test_worker_when_killed_while_a_file_comes_in_then_nothing_is_there_and_it_can_be_sent_again(
    story: Story, gunicorn: StartGunicorn, analyst: Browser
) -> None:
    server = gunicorn()
    data = a_file(analyst, server, story)
    form = form_of(analyst.get(server, story.upload))
    before = story.database.ask(everything)
    body, kind = analyst.written(form, ("return.csv", data))
    with analyst.begin(server, story.upload, len(body), kind, body[: len(body) // 2]):
        server.kill_a_worker()
    assert story.database.ask(everything) == before
    page = preview(analyst, server, story, data)
    said = followed(analyst, server, analyst.post(server, story.upload, form_of(page)))
    assert f"{LINES} figures of {LINES} changed and saved" in said


@soak
def test_worker_when_killed_while_it_publishes_then_nothing_is_published_and_the_same_form_does_it_once(
    story: Story, gunicorn: StartGunicorn
) -> None:
    publisher = Browser(story.publisher)
    server = gunicorn(halt_after="indicators_publishedrow")
    form = button(publisher.get(server, story.pack), "publish")
    before = story.database.ask(everything)
    sent = Sent(publisher, server, f"{story.pack}act/", form)
    server.wait_until_halted()
    server.kill_a_worker()
    assert sent.answer() is None
    assert story.database.ask(everything) == before
    server.kill()
    server = gunicorn()
    assert PUBLISHED_WORDS in followed(publisher, server, publisher.post(server, f"{story.pack}act/", form))
    assert publications(story) == ONCE
