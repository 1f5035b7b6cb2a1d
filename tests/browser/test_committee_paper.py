"""A committee paper in a browser: the documents of a pack, a paper begun, written, signed,
its passages decided of, and issued by another."""

import io
from typing import Any

import docx
import pytest

from indicators.models import Scorecard
from partnership.operations.committee_papers import keep_form
from tests import builders as b
from tests.browser.conftest import PASSWORD, Visitor
from tests.browser.test_trust import assert_accessible, end_session
from tests.partnership.pack_world import CODE, a_published_pack, an_approver
from tests.partnership.paper_world import TWO, the_clerk

pytestmark = [pytest.mark.browser, pytest.mark.pango, pytest.mark.django_db(transaction=True)]

PACK = f"/northshire/packs/{CODE}/"


@pytest.fixture
def contract(transactional_db: None) -> Scorecard:
    """A published pack of three lines for everybody, and a form of papers of two sections."""
    scorecard = b.a_scorecard(3)
    b.a_return(scorecard, state="approved")
    keep_form(partnership=scorecard.partnership, sections=TWO, version=0, by=the_clerk(), at=b.NOW)
    a_published_pack(scorecard, audience="public")
    return scorecard


def read(visitor: Visitor, name: str) -> str:
    """The words of a Word file that a link gives."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name=name).click()
    file = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    return "\n".join(paragraph.text for paragraph in file.paragraphs)


def test_paper_when_written_signed_and_issued_by_another_then_the_committee_gets_the_file(
    visit: Any, contract: Scorecard
) -> None:
    clerk = visit().sign_in(the_clerk())
    page = clerk.open(PACK)
    page.get_by_role("button", name="Make Word and PDF").click()
    assert clerk.reads("The documents are made, and kept as they are.")
    assert_accessible(clerk)
    page.get_by_role("link", name="Go on").click()
    assert_accessible(clerk)
    assert "Of 3 indicators 3 could be judged" in read(clerk, "Word file of the pack")
    assert_accessible(clerk, "/northshire/paper-form/")

    clerk.open(PACK)
    page.get_by_role("link", name="Begin a committee paper").click()
    assert_accessible(clerk)
    page.get_by_label("Title of the paper").fill("Performance challenge")
    page.get_by_role("button", name="Begin the paper").click()
    assert clerk.reads("Legal implications: not signed.")
    assert_accessible(clerk)
    page.get_by_role("link", name="Legal implications", exact=True).click()
    page.get_by_label("Text").fill("There are none.\n\nAdvice was asked for by two parents.")
    end_session(clerk)
    page.get_by_role("button", name="Keep the text").click()
    page.get_by_label("E-mail address").fill(the_clerk().email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert clerk.reads("What you typed is shown below and is not saved yet.")
    assert page.get_by_label("Text").input_value() == "There are none.\n\nAdvice was asked for by two parents."
    page.get_by_role("button", name="Keep the text").click()
    assert clerk.reads("“Legal implications” is kept.")
    page.get_by_role("link", name="Legal implications", exact=True).click()
    page.get_by_role("button", name="Sign for the Legal officer").click()
    assert clerk.reads("Enter the initials of the owner")
    assert_accessible(clerk)
    page.get_by_label("Initials of the owner").fill("A.B.")
    page.get_by_role("button", name="Sign for the Legal officer").click()
    assert clerk.reads("Legal implications: “two” could identify somebody.")
    why = page.get_by_label("Why “two” under “Legal implications” identifies nobody")
    why.fill("x" * 301)
    page.get_by_role("button", name="Keep what is decided").click()
    assert clerk.reads("must be 300 characters or fewer")
    assert_accessible(clerk)
    why.fill("They asked in public.")
    page.get_by_role("button", name="Keep what is decided").click()
    assert clerk.reads("Tells of nobody: They asked in public.")
    assert_accessible(clerk)
    assert clerk.reads("somebody else must issue it")

    approver = visit(an_approver())
    page = approver.open(f"{PACK}papers/1/")
    page.get_by_role("button", name="Issue the paper").click()
    assert approver.reads("The paper is issued.")
    page.get_by_role("link", name="Go on").click()
    assert_accessible(approver)
    said = read(approver, "Word file of issue 1")
    assert "Legal implications [Legal officer: AB, 7 July 2022]" in said
    assert "Advice was asked for by two parents." in said
