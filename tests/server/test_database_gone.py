"""PostgreSQL is stopped and started again under a running server: people are told so, nothing that was confirmed is
lost, nothing is half-written, and the server need not be started again."""

import time
from pathlib import Path

import pytest

from tests.indicators.return_pages import form_of, words
from tests.server.conftest import Browser, Page, Start, Story, moved, preview, the_file
from tests.server.test_crashes import LINES, drafts, followed
from tests.servers import PATIENCE, PostgreSQL, Server

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql, pytest.mark.long]


@pytest.fixture
def story(story: Story, private: PostgreSQL) -> Story:
    """The story, on the private server."""
    return moved(story, private)


def until(browser: Browser, server: Server, path: str, status: int) -> Page:
    """Asks until it is answered with that status."""
    end = time.monotonic() + PATIENCE
    while (page := browser.get(server, path)).status != status:
        assert time.monotonic() < end, (path, page.status)
        time.sleep(0.2)
    return page


def test_postgresql_when_stopped_and_started_in_the_middle_then_told_nothing_lost_and_served_again(
    story: Story, start: Start, private: PostgreSQL
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
    story: Story, start: Start, private: PostgreSQL, tmp_path: Path
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
