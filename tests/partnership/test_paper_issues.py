"""Issued committee papers: who is given them, on which agenda they stand, and what a redaction leaves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from indicators.models import Scorecard, Text
from indicators.operations.errors import InputRefused
from indicators.roles import Role
from partnership.models import (
    Pack,
    Paper,
    PaperIssue,
    StoredDocument,
)
from partnership.operations.agenda import PaperDetails, add_paper, stamp_of
from partnership.operations.redaction import Cause, redact
from tests import builders as b
from tests.partnership.pack_world import (
    CODE,
    a_published_pack,
    withdraw,
    words,
)
from tests.partnership.paper_world import (
    LATER,
    a_paper,
    an_issued_paper,
    approver,
    clerk,
    contract,
    no_child,
    pack,
    said_by,
    short,
    sign,
    text,
    the_clerk,
    write,
)

__all__ = ["approver", "clerk", "contract", "no_child", "pack", "short"]

pytestmark = pytest.mark.django_db

PACK = f"/northshire/packs/{CODE}/"
PAPER = f"{PACK}papers/1/"
LEGAL = f"{PAPER}sections/legal/"
SignIn = Callable[..., Client]


# Readers


def test_pages_when_the_reader_does_not_write_papers_then_only_what_is_issued_is_given(
    pack: Pack, signed_in: SignIn
) -> None:
    paper = an_issued_paper(pack)
    write(paper, "risks", "Not issued yet.")
    board, administrator = signed_in(b.a_user(Role.BOARD_MEMBER)), signed_in(b.a_user(Role.ADMINISTRATOR))
    for url in (PAPER, LEGAL, f"{PACK}papers/new/", "/northshire/paper-form/"):
        assert board.get(url).status_code == 403, url
    assert board.post(f"{PAPER}issue/").status_code == 403
    assert "Begin a committee paper" not in text(board, PACK)
    assert "issue 1" in text(board, PACK)
    assert board.get(f"{PAPER}issues/1.docx").status_code == 200
    assert administrator.get(f"{PAPER}issues/1.docx").status_code == 403


def test_issued_paper_when_its_pack_is_exempt_then_only_those_it_is_for_get_it(
    contract: Scorecard, signed_in: SignIn
) -> None:
    an_issued_paper(a_published_pack(contract, audience="exempt"))
    for role, status in ((Role.BOARD_MEMBER, 200), (Role.ANALYST, 404)):
        assert signed_in(b.a_user(role)).get(f"{PAPER}issues/1.docx").status_code == status


# On an agenda


def add(item: Any, one: PaperIssue, **more: Any) -> None:
    details = PaperDetails("The challenge", issue=one, **more)
    add_paper(item=item, details=details, stamp=stamp_of(item), by=the_clerk(), at=LATER)


def test_issued_paper_when_put_on_an_agenda_then_the_meeting_gives_the_file_that_was_issued(
    pack: Pack, clerk: Client
) -> None:
    an_issued_paper(pack)
    one = PaperIssue.objects.get()
    item = b.an_item(b.a_meeting(on=b.date(2022, 7, 14), state="called"))
    url = f"/northshire/meetings/{item.meeting.code}/items/{item.order}/papers/"
    assert "Performance challenge, issue 1" in text(clerk, f"{url}new/")
    sent = {"title": "The challenge", "issue": f"{CODE}/1", "version": stamp_of(item), "urgency": "It came late."}
    assert clerk.post(f"{url}new/", sent).status_code == 302
    assert Paper.objects.get().document == one.pdf
    assert clerk.get(f"{url}1/").content == bytes(one.pdf.content)
    with pytest.raises(InputRefused, match="A paper is a pack or a file"):
        add(item, one, pack=pack)


def test_issued_paper_when_its_pack_is_exempt_then_only_an_exempt_item_takes_it_and_only_its_readers_get_it(
    contract: Scorecard, signed_in: SignIn
) -> None:
    an_issued_paper(a_published_pack(contract, audience="exempt"))
    one, meeting = PaperIssue.objects.get(), b.a_meeting(on=b.date(2022, 7, 30), state="called")
    public = b.an_item(meeting)
    with pytest.raises(InputRefused, match="exempt"):
        add(public, one)
    b.a_paper(public, "Slipped through", document=one.pdf)
    url = f"/northshire/meetings/{meeting.code}/items/{public.order}/papers/1/"
    for role, status in ((Role.BOARD_MEMBER, 200), (Role.ANALYST, 404)):
        assert signed_in(b.a_user(role)).get(url).status_code == status


def test_issued_paper_when_it_is_under_embargo_then_its_pack_does_not_give_it_either(
    pack: Pack, signed_in: SignIn
) -> None:
    an_issued_paper(pack)
    one, item = PaperIssue.objects.get(), b.an_item(b.a_meeting(on=b.date(2022, 7, 14), state="called"))
    b.a_paper(item, "The challenge", document=one.pdf, embargo_until=b.NOW + timedelta(hours=2))
    board, clerk = signed_in(b.a_user(Role.BOARD_MEMBER)), signed_in(the_clerk())
    for form in ("docx", "pdf"):
        assert board.get(f"{PAPER}issues/1.{form}").status_code == 404
        assert clerk.get(f"{PAPER}issues/1.{form}").status_code == 200
    assert "issue 1" not in text(board, PACK)


def test_issued_paper_when_its_pack_is_closed_for_a_breach_then_the_meeting_gives_it_no_more(
    pack: Pack, clerk: Client
) -> None:
    an_issued_paper(pack)
    item = b.an_item(b.a_meeting(on=b.date(2022, 7, 14), state="called"))
    b.a_paper(item, "The challenge", document=PaperIssue.objects.get().pdf)
    withdraw(pack, is_breach=True)
    assert clerk.get(f"/northshire/meetings/{item.meeting.code}/items/{item.order}/papers/1/").status_code == 404
    assert clerk.get(f"{PAPER}issues/1.docx").status_code == 403


# Redaction


def test_issued_paper_when_words_of_it_are_redacted_then_its_files_are_closed_wherever_they_hang(
    clerk: Client, approver: Client, short: None, pack: Pack, no_child: list[str]
) -> None:
    paper = a_paper(pack)
    write(paper, "legal", "Ask the aunt of the child in Elm House.")
    sign(paper, "legal")
    said_by(approver.post(f"{PAPER}issue/"))
    one = PaperIssue.objects.get()
    item = b.an_item(b.a_meeting(on=b.date(2022, 7, 14), state="called"))
    b.a_paper(item, "The challenge", document=one.word)
    people = [b.a_user(Role.APPROVER), b.a_user(Role.ADMINISTRATOR)]
    done = redact(
        partnership=pack.partnership, cause=Cause("personal_data", "It tells who she is", "DPO-7", *people), at=LATER,
        texts=[Text.objects.get(body__contains="Elm House")],
    )  # fmt: skip
    assert done.documents == 1
    assert all(bytes(one.content) == b"" for one in StoredDocument.objects.all())
    for url in (f"{PAPER}issues/1.docx", f"/northshire/meetings/{item.meeting.code}/items/{item.order}/papers/1/"):
        page = words(clerk.get(url).content.decode())
        assert "was redacted for cause" in page
    assert "closed by a redaction" in text(clerk, PAPER)
    assert "Elm House" not in text(clerk, LEGAL)
