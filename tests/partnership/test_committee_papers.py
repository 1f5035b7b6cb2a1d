"""Committee papers through the operations and on their pages: form, wordings, signatures, issues, agendas."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from indicators.models import Return, Scorecard
from indicators.operations.errors import InputRefused, NotAllowed, NothingChanged, WrongState
from partnership.documents import Form
from partnership.models import (
    CommitteePaper,
    Pack,
    PaperIssue,
    PaperSection,
    PaperSignature,
    PaperTemplate,
    StoredDocument,
    TemplateSection,
)
from partnership.operations.committee_papers import (
    PaperChanged,
    PaperNotReady,
    begin_paper,
    issue_paper,
    keep_form,
    sign_section,
    write_section,
)
from partnership.selectors.committee_papers import form_of, paper_view, standard_form
from partnership.word_text import text_of
from tests import builders as b
from tests.partnership.pack_world import (
    CODE,
    a_pack,
    an_approver,
    publish,
    restate,
    soup_of,
    withdraw,
    words,
)
from tests.partnership.paper_world import (
    LATER,
    TWO,
    a_paper,
    approver,
    clerk,
    contract,
    finish,
    issue,
    no_child,
    pack,
    said_by,
    section_of,
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
STILL_LATER = LATER + timedelta(minutes=5)
SignIn = Callable[..., Client]


# The form


def test_form_when_nobody_changed_it_then_it_is_the_shipped_one_and_the_first_paper_keeps_it(pack: Pack) -> None:
    assert form_of(pack.partnership).version == 0
    paper = a_paper(pack)
    now = form_of(pack.partnership)
    assert (now.version, now.sections) == (1, standard_form())
    assert paper.template == now.template
    assert a_paper(pack, title="Another").template == paper.template


def test_form_when_it_is_changed_then_papers_begun_before_keep_theirs(pack: Pack) -> None:
    before = a_paper(pack)
    keep_form(partnership=pack.partnership, sections=TWO, version=1, by=the_clerk(), at=LATER)
    assert len(paper_view(before, today=b.TODAY).sections) == len(standard_form())
    assert [one.section.heading for one in paper_view(a_paper(pack, title="B"), today=b.TODAY).sections] == [
        one.heading for one in TWO
    ]


def test_form_when_somebody_else_changed_it_meanwhile_then_refused_and_the_same_form_twice_counts_once(
    partnership: Any,
) -> None:
    common = {"partnership": partnership, "by": the_clerk(), "at": b.NOW}
    keep_form(sections=TWO, version=0, key="k1", **common)
    keep_form(sections=TWO, version=0, key="k1", **common)
    assert PaperTemplate.objects.count() == 1
    with pytest.raises(PaperChanged):
        keep_form(sections=TWO[:1], version=0, key="k2", **common)
    with pytest.raises(NothingChanged):
        keep_form(sections=TWO, version=1, key="k3", **common)


def boxes_of(client: Client, url: str) -> dict[str, str]:
    """What the form holds as it stands, as a browser would send it."""
    page, boxes = soup_of(client, url), {}
    for box in page.select("main [name]"):
        if box.name == "select":
            boxes[box["name"]] = box.select_one("[selected]")["value"]
        elif box.name == "textarea":
            boxes[box["name"]] = box.text.strip()
        elif box.get("type") != "checkbox" and box["name"] != "csrfmiddlewaretoken":
            boxes[box["name"]] = box.get("value", "")
    return boxes


def test_form_page_when_headings_words_and_order_are_changed_then_the_next_version_has_them(
    clerk: Client, short: None, contract: Scorecard
) -> None:
    url = "/northshire/paper-form/"
    changes = {"place_1": "2", "place_2": "1", "words_1": "See the pack.", "heading_3": "Next steps", "place_3": "3"}
    response = clerk.post(url, boxes_of(clerk, url) | changes, follow=True)
    assert "The form is kept." in words(response.content.decode())
    kept = form_of(contract.partnership)
    assert kept.version == 2
    assert [(one.code, one.heading, one.words) for one in kept.sections] == [
        ("legal", "Legal implications", "None."), ("summary", "Summary", "See the pack."),
        ("next-steps", "Next steps", ""),
    ]  # fmt: skip
    refused = clerk.post(url, boxes_of(clerk, url) | {"owner_role_1": ""})
    assert "which role signs these implications" in words(refused.content.decode())
    clerk.post(url, boxes_of(clerk, url) | {"out_3": "on"})
    assert [one.code for one in form_of(contract.partnership).sections] == ["legal", "summary"]


# Writing and signing


def test_paper_when_begun_twice_by_the_same_form_then_once(pack: Pack) -> None:
    common = {"pack": pack, "title": "A", "by": the_clerk(), "at": b.NOW, "key": "k"}
    assert begin_paper(**common) == begin_paper(**common)
    with pytest.raises(InputRefused):
        begin_paper(**common | {"title": " ", "key": "other"})
    withdraw(pack)
    with pytest.raises(WrongState):
        begin_paper(**common | {"key": "third"})


def test_section_when_written_then_every_wording_stays_and_the_last_is_in_force(pack: Pack) -> None:
    paper = a_paper(pack)
    for said in ("First.", "Second."):
        write(paper, "risks", said)
    one = section_of(paper, "risks")
    assert (one.words, [w.text.body for w in one.wordings]) == ("Second.", ["First.", "Second."])
    write(paper, "options", "Three were considered.")
    write(paper, "options", "")
    assert (
        section_of(paper, "options").words == "The report tells how performance stands, so no options were considered."
    )


def test_section_when_it_was_changed_meanwhile_then_nothing_is_lost_and_nothing_overwritten(pack: Pack) -> None:
    paper = a_paper(pack)
    section = section_of(paper, "risks").section
    common = {"paper": paper, "section": section, "revision": 0, "by": the_clerk(), "at": LATER}
    write_section(text="Mine.", key="a", **common)
    write_section(text="Mine.", key="a", **common)  # the same form once more
    with pytest.raises(PaperChanged):
        write_section(text="Theirs.", key="b", **common)
    with pytest.raises(NothingChanged):
        write_section(text="Mine.", key="c", **common | {"revision": 1})
    with pytest.raises(InputRefused):
        write_section(text="x" * 20_001, key="d", **common | {"revision": 1})
    assert PaperSection.objects.get().text.body == "Mine."


def test_signature_when_the_text_is_changed_then_it_is_gone_and_stays_on_record(pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "legal", "None.")
    sign(paper, "legal", initials="a.b.")
    one = section_of(paper, "legal")
    assert (one.signature.initials, one.signature.role, one.signature.by) == ("AB", "Legal officer", the_clerk())
    write(paper, "legal", "None at all.")
    assert section_of(paper, "legal").signature is None
    assert PaperSignature.objects.count() == 1


def test_signature_when_the_words_of_the_form_stand_then_they_are_kept_with_it(short: None, pack: Pack) -> None:
    paper = a_paper(pack)
    sign(paper, "legal")
    one = section_of(paper, "legal")
    assert (one.written, one.signature.initials) == ("None.", "AB")


@pytest.mark.parametrize("initials", ["A", "ABCDEFG", "A1", "42", "", "<b>"])
def test_signature_when_initials_are_none_then_refused(pack: Pack, initials: str) -> None:
    paper = a_paper(pack)
    write(paper, "legal", "None.")
    with pytest.raises(InputRefused):
        sign(paper, "legal", initials=initials)


def test_signature_when_the_section_is_not_signed_has_no_words_or_was_changed_then_refused(pack: Pack) -> None:
    paper = a_paper(pack)
    for code, said in (("risks", "Only implications"), ("legal", "Nothing is written here yet")):
        with pytest.raises(WrongState, match=said):
            sign(paper, code)
    shown = section_of(paper, "legal")
    write(paper, "legal", "Theirs.")
    with pytest.raises(PaperChanged):
        sign_section(
            paper=paper, section=shown.section, initials="AB", revision=shown.revision, by=the_clerk(), at=LATER
        )  # fmt: skip
    assert not PaperSignature.objects.exists()


# Issuing


def test_paper_when_anything_is_open_then_it_is_not_issued_and_the_list_says_what(pack: Pack) -> None:
    paper = a_paper(pack)
    with pytest.raises(PaperNotReady) as refused:
        issue(paper)
    assert "Legal implications: nothing is written. Write it; where it does not apply, say so." in refused.value.points
    finish(paper)
    assert paper_view(paper, today=b.TODAY).points == ()
    write(paper, "legal", "Changed.")
    with pytest.raises(PaperNotReady) as again:
        issue(paper)
    assert again.value.points == ("Legal implications: not signed. The Legal officer has to sign it.",)
    assert not PaperIssue.objects.exists()


def test_paper_when_signed_before_the_pack_was_published_then_it_is_signed_again(
    short: None, contract: Scorecard
) -> None:
    draft = a_pack(contract)
    paper = a_paper(draft)
    sign(paper, "legal", at=b.NOW - timedelta(hours=1))
    assert "not published yet" in paper_view(paper, today=b.TODAY).points[0]
    publish(draft)
    paper = CommitteePaper.objects.select_related("pack", "template").get()
    (point,) = paper_view(paper, today=b.TODAY).points
    assert "signed before the figures" in point
    sign(paper, "legal", at=LATER)
    assert paper_view(paper, today=b.TODAY).points == ()


def test_paper_when_a_figure_is_restated_after_the_signature_then_it_is_signed_again(
    short: None, pack: Pack, contract: Scorecard
) -> None:
    paper = a_paper(pack)
    sign(paper, "legal", at=LATER)
    restate(
        Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")}, at=STILL_LATER
    )  # fmt: skip
    (point,) = paper_view(paper, today=b.TODAY).points
    assert "published or restated" in point
    sign(paper, "legal", at=STILL_LATER)
    assert paper_view(paper, today=b.TODAY).points == ()


def test_paper_when_somebody_signed_a_section_then_another_person_issues_it(short: None, pack: Pack) -> None:
    paper = a_paper(pack)
    sign(paper, "legal")
    with pytest.raises(NotAllowed, match="somebody else must issue it"):
        issue(paper, by=the_clerk())
    issue(paper, by=an_approver())


def test_paper_when_issued_then_it_never_changes_and_another_issue_has_another_number(short: None, pack: Pack) -> None:
    paper = a_paper(pack)
    finish(paper)
    first = issue(paper, made={Form.DOCX: b"PK\x03\x04 one"})
    assert (first.number, bytes(first.word.content), first.pdf) == (1, b"PK\x03\x04 one", None)
    assert first.rests_on["manifest_sha256"] == pack.events.get(action="published").manifest_sha256
    write(paper, "summary", "Another word.")
    second = issue(paper, made={Form.DOCX: b"PK\x03\x04 two"})
    assert (second.number, StoredDocument.objects.count()) == (2, 2)
    first.refresh_from_db()
    assert bytes(first.word.content) == b"PK\x03\x04 one"


def test_paper_when_a_section_changes_while_it_is_made_then_it_is_not_issued(short: None, pack: Pack) -> None:
    paper = a_paper(pack)
    finish(paper)
    view = paper_view(CommitteePaper.objects.select_related("pack__partnership", "template").get(), today=b.TODAY)
    write(paper, "summary", "Another word.")
    with pytest.raises(PaperChanged, match="not issued"):
        issue_paper(paper=paper, made={Form.DOCX: b"PK"}, rests_on=view.rests_on, number=1, redactions=0,
                    by=an_approver(), at=LATER)  # fmt: skip
    assert not StoredDocument.objects.exists()


def test_paper_when_its_pack_was_withdrawn_then_it_is_not_issued(short: None, pack: Pack) -> None:
    paper = a_paper(pack)
    finish(paper)
    withdraw(pack)
    with pytest.raises(PaperNotReady):
        issue(paper)


def test_implications_when_written_without_an_owner_then_the_database_refuses(pack: Pack) -> None:
    template = a_paper(pack).template
    for kind, role in (("implications", ""), ("text", "Legal officer")):
        with pytest.raises(DatabaseError), transaction.atomic():
            TemplateSection.objects.create(
                template=template, order=99, code="x", heading="X", kind=kind, owner_role=role
            )


# Pages


def test_pages_when_a_paper_is_written_signed_and_issued_then_each_step_says_how_it_stands(
    clerk: Client, approver: Client, short: None, pack: Pack, no_child: list[str]
) -> None:
    assert "No paper of this pack is issued yet" in text(clerk, PACK)
    assert clerk.post(f"{PACK}papers/new/", {"title": "Challenge"})["Location"] == PAPER
    assert "Legal implications: not signed." in text(clerk, PAPER)
    assert soup_of(clerk, LEGAL).select_one("textarea").text.strip() == "None."
    clerk.post(LEGAL, {"text": "None.\n\nAdvice was asked for.", "revision": "0", "key": "a"})
    signed = clerk.post(f"{LEGAL}sign/", {"initials": "ab", "revision": "1", "key": "b"}, follow=True)
    assert "AB, Legal officer" in words(signed.content.decode())
    assert "somebody else must issue it" in text(clerk, PAPER)
    assert clerk.post(f"{PAPER}issue/")["Location"] == PAPER
    assert "Issue the paper" in text(approver, PAPER)
    assert "The paper is issued." in said_by(approver.post(f"{PAPER}issue/"))
    for url in (PACK, PAPER):
        assert "issue 1" in text(clerk, url)
    word = clerk.get(f"{PAPER}issues/1.docx")
    said = text_of(word.content)
    assert "Legal implications [Legal officer: AB, 7 July 2022]" in said
    assert "Advice was asked for." in said
    assert "Of 3 indicators 3 could be judged" in said
    assert f"{CODE}_paper-1_issue-1.docx" in word["Content-Disposition"]
    assert clerk.get(f"{PAPER}issues/1.pdf").content.startswith(b"%PDF-")
    assert clerk.get(f"{PAPER}issues/2.pdf").status_code == 404


def test_section_page_when_somebody_else_wrote_meanwhile_then_both_stand_on_it(clerk: Client, pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "risks", "What they wrote.", by=an_approver())
    url = f"{PAPER}sections/risks/"
    page = words(clerk.post(url, {"text": "What I typed.", "revision": "0", "key": "a"}).content.decode())
    for said in ("Somebody else has changed this section", "What they wrote.", "What I typed.", 'value="1"'):
        assert said in page
    assert "is kept" in words(clerk.post(url, {"text": "What I typed.", "revision": "1", "key": "b"}, follow=True)
                              .content.decode())  # fmt: skip
