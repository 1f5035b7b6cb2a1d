"""Documents of packs: what they tell, who is given them, that they stay as they are, and what a redaction leaves."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.bounded import Busy
from indicators.models import Redaction, Return, Scorecard, Text
from indicators.operations.errors import WrongState
from indicators.operations.publishing import freeze_scorecard
from indicators.protection import Hiding
from indicators.roles import Role
from indicators.selectors.published import drawn_rows
from partnership.documents import NO_PANGO, Document, Drawing, Form, Heading, Paragraph, Table
from partnership.models import Pack, PackDocument, StoredDocument
from partnership.operations.citations import cite
from partnership.operations.pack_documents import REDACTED_MEANWHILE, keep_documents, redactions_so_far
from partnership.operations.redaction import Cause, redact
from partnership.pack_document import NO_COMMENTARY, Kind, pack_document, texts_of
from partnership.selectors.pack_documents import pack_told
from partnership.selectors.packs import status_of
from partnership.word_text import text_of
from tests import builders as b
from tests.partnership.action_world import agreed, the_officer
from tests.partnership.pack_world import CODE, a_published_pack, restate, sha_of, soup_of, withdraw, words
from tests.partnership.paper_world import LATER, PDF, clerk, contract, documents_for, no_child, said_by, the_clerk

__all__ = ["clerk", "contract", "no_child"]

pytestmark = pytest.mark.django_db

PACK = f"/northshire/packs/{CODE}/"
FILES = (f"{PACK}document.docx", f"{PACK}document.pdf")
SignIn = Callable[..., Client]


def told(pack: Pack) -> Document:
    return pack_document(pack_told(status_of(Pack.objects.get(pk=pack.pk))))


def text(document: Document) -> str:
    return "\n".join(texts_of(document.blocks))


def under(document: Document, heading: str) -> list[Any]:
    """The blocks between a heading of the first level and the next one."""
    found, inside = [], False
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            inside = block.text == heading
        elif inside:
            found.append(block)
    return found


def make(client: Client) -> str:
    return said_by(client.post(f"{PACK}documents/make/"))


# What it tells


def a_judged_scorecard() -> Scorecard:
    """Four lines with a target of 90 and a tolerance of 80: better, within, outside, and without a number."""
    scorecard, cells = b.a_scorecard(), {}
    for name, numerator in (("better", 96), ("within", 85), ("outside", 20)):
        measure = b.an_indicator(name, name=name.title(), scorecard=scorecard, target=90, tolerance=80)
        cells[measure.series.pk] = b.a_cell(numerator, 100, headline="Few", commentary="Because of NEET.")
    missing = b.an_indicator("missing", scorecard=scorecard)
    cells[missing.series.pk] = b.a_cell(missing="x", commentary="Not counted.")
    b.a_return(scorecard, state="approved", cells=cells)
    return scorecard


def test_summary_when_figures_are_judged_then_they_are_counted_by_rating_and_by_scorecard(partnership: Any) -> None:
    document = told(a_published_pack(a_judged_scorecard()))
    summed, counted, unjudged, why, *_ = under(document, "Executive summary")
    assert summed.text == (
        "Of 4 indicators 3 could be judged: 1 better than target, 1 within tolerance, 1 outside tolerance."
    )
    assert counted.rows == (("Contract key performance indicators, 2021/22 Q4", "4", "3", "1", "1", "1", "1"),)
    assert unjudged.text.startswith("1 figure could not be judged.")
    assert why.rows == (("Not available", "1"),)
    heading, said, commentary = under(document, "Exceptions: outside tolerance")
    assert heading.text == "Outside"
    assert "20% (20 of 100); target 90%, tolerance 80%." in said.text
    assert commentary.text == "Few\nBecause of NEET."


def test_exception_when_its_return_said_nothing_then_the_document_says_so(partnership: Any) -> None:
    found = pack_told(status_of(a_published_pack(a_judged_scorecard())))
    silent = tuple({**v, "headline": "", "commentary": ""} for v in found.tables[0].rows)
    document = pack_document(replace(found, tables=(replace(found.tables[0], rows=silent),)))
    assert under(document, "Exceptions: outside tolerance")[2].text == NO_COMMENTARY


def test_glossary_when_a_short_form_is_used_then_its_words_stand_there_and_no_others(partnership: Any) -> None:
    (table,) = under(told(a_published_pack(a_judged_scorecard())), "Glossary")
    assert [row[0] for row in table.rows] == ["NEET"]


def test_notes_when_figures_need_caution_then_each_says_why(partnership: Any) -> None:
    found = pack_told(status_of(a_published_pack(a_judged_scorecard())))
    first, *others = found.tables[0].rows
    doubtful = {**first, "flags": "p", "confidence": "low", "confidence_reason": "Few staff.", "corrected": "yes",
                "correction": "", "queries": "Which is right?", "query": "yes"}  # fmt: skip
    document = pack_document(replace(found, tables=(replace(found.tables[0], rows=(doubtful, *others)),)))
    (notes,) = under(document, "Notes on the data")
    assert notes.items == (
        "Better (Contract key performance indicators, 2021/22 Q4): Low confidence; Corrected since first reported; "
        "Provisional; Few staff; Query: Which is right?",
    )


def test_money_and_activity_when_carried_then_each_stands_under_its_heading_without_a_rating(partnership: Any) -> None:
    found = pack_told(status_of(a_published_pack(a_judged_scorecard())))
    rows = tuple({**v, "target": None, "rating": "not_judged"} for v in found.tables[0].rows)
    tables = [replace(found.tables[0], kind=kind, rows=rows, name=kind.value) for kind in (Kind.ACTIVITY, Kind.MONEY)]
    document = pack_document(replace(found, tables=tuple(tables)))
    for heading in ("Demand and activity", "Finance"):
        table = next(block for block in under(document, heading) if isinstance(block, Table))
        assert "Target" not in table.header
    assert [block.text for block in under(document, "Executive summary")] == [
        "activity, 2021/22 Q4: 3 of 4 figures held; nothing of it is held against a target.",
        "money, 2021/22 Q4: 3 of 4 figures held; nothing of it is held against a target.",
    ]


def test_restated_figures_when_the_pack_carries_them_then_the_summary_counts_them(contract: Scorecard) -> None:
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Counted anew.")})
    document = told(a_published_pack(contract, body="Later"))
    assert "1 figure reported to earlier meetings read otherwise now, 1 of them with another rating." in text(document)
    (table,) = under(document, "Restated figures")
    assert "20%\n20 of 100\nOutside tolerance" in table.rows[0]


def test_exempt_pack_when_told_then_each_page_and_the_first_say_under_which_paragraphs(contract: Scorecard) -> None:
    document = told(a_published_pack(contract, audience="exempt", exempt_paragraphs=[3, 1]))
    assert document.blocks[0] == Paragraph(
        "Not for publication: this is exempt information by virtue of paragraphs 1 and 3 of Part 1 of Schedule 12A to "
        "the Local Government Act 1972."
    )
    assert document.foot.startswith("Exempt from publication.")
    assert "xempt" not in text(told(a_published_pack(contract)))


def test_exempt_pack_when_no_paragraph_is_chosen_or_another_names_one_then_it_is_not_begun(contract: Scorecard) -> None:
    for audience, chosen, said in (
        ("exempt", [], "Choose the paragraphs"), ("board", [3], "Only an exempt pack"), ("exempt", [8], "from 1 to 7"),
    ):  # fmt: skip
        with pytest.raises(WrongState, match=said):
            a_published_pack(contract, audience=audience, exempt_paragraphs=chosen)
    assert not Pack.objects.exists()


def test_exempt_paragraphs_when_written_to_a_pack_of_another_audience_then_the_database_refuses(
    contract: Scorecard,
) -> None:
    with b.unprotected():
        pack = a_published_pack(contract)
        with pytest.raises(DatabaseError), transaction.atomic():
            Pack.objects.filter(pk=pack.pk).update(exempt_paragraphs="3")


# Actions


def test_action_when_it_rests_on_an_earlier_figure_then_a_board_is_told_and_the_public_is_not(
    contract: Scorecard,
) -> None:
    line = contract.lines.first()
    common = {"line": line, "period": b.a_period(b.Q4), "by": the_officer()}
    cite(of=agreed(what="Bring a plan."), at=b.NOW, **common)
    b.tick(contract, b.Q4.next())
    packs = [a_published_pack(contract, period=b.Q4.next(), audience=audience, body=audience, at=LATER)
             for audience in ("board", "exempt", "public")]  # fmt: skip
    cite(of=agreed(what="Afterwards."), at=LATER + timedelta(minutes=1), **common)
    for pack, is_told in zip(packs, (True, True, False), strict=True):
        document = told(pack)
        assert ("Bring a plan." in text(document)) is is_told
        assert "Afterwards." not in text(document)
    (_, table) = under(told(packs[0]), "Actions that rest on these figures")
    assert table.rows == (
        ("Action 1", "Bring a plan.", "Measure 1", "2021/22 Q4: 85%, better than target",
         "2022/23 Q1: 85%, better than target"),
    )  # fmt: skip


# Drawings


def test_drawings_when_figures_are_pinned_then_each_course_has_its_sentence_and_its_table(partnership: Any) -> None:
    scorecard = b.a_scorecard(1)
    b.a_history(scorecard, 14, numerators=(85, 84, 86))
    document = told(a_published_pack(scorecard))
    _, _, sentence, drawing, table = under(document, "Performance")
    assert isinstance(drawing, Drawing)
    assert drawing.svg.startswith("<svg ")
    assert drawing.words == sentence.text
    assert "14 quarterly figures" in sentence.text
    assert len(table.rows) == 14
    assert "Of 1 chart, none marks the latest figure" in text(document)


def test_drawing_when_a_table_for_everybody_hides_a_figure_then_it_is_in_none(partnership: Any) -> None:
    scorecard = b.a_scorecard(1)
    b.a_history(scorecard, 14, numerators=(85, 84, 86))
    key = (scorecard.lines.get().series.indicator.code, "")
    hidden = b.Q4.previous().slug
    common = {"scorecard": scorecard, "period": b.a_period(b.Q4), "today": b.TODAY}
    whole = freeze_scorecard(audience="board", **common)
    safe = freeze_scorecard(audience="public", hide=lambda *_: {key: Hiding(frozenset({hidden}))}, **common)
    unlooked = freeze_scorecard(audience="public", **common)
    slugs = [{spot.slug for spot in trend.numbers} for table in (whole, safe) for _, trend, _ in drawn_rows(table)]
    assert len(slugs[0]) == 14
    # What it tells or compares with, and no other: of the rest nobody looked at what it gives away.
    assert slugs[1] == {b.Q4.slug, b.Q4.same_period_last_year().slug}
    assert drawn_rows(unlooked) == []  # from before small numbers were protected: nobody looked at its earlier figures


def test_target_when_drawn_then_from_the_period_of_the_table_on(partnership: Any) -> None:
    scorecard = b.a_scorecard(1)
    b.a_history(scorecard, 3)
    table = freeze_scorecard(scorecard=scorecard, period=b.a_period(b.Q4), audience="board", today=b.TODAY)
    ((_, trend, _),) = drawn_rows(table)
    assert [standard.from_on for standard in trend.standards] == [b.Q4.start_on]


def test_document_when_a_pack_has_many_lines_then_no_more_queries_are_asked(partnership: Any) -> None:
    counts = []
    for number in (2, 30):
        scorecard = b.a_scorecard(number, code=f"of-{number}")
        b.a_history(scorecard, 3, numerators=(85,))
        pack = a_published_pack(scorecard, body=f"Board {number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            told(pack)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


# Made once, given as stored


def test_documents_when_asked_for_then_they_are_made_once_and_given_byte_for_byte(
    contract: Scorecard, clerk: Client, no_child: list[str]
) -> None:
    pack = a_published_pack(contract)
    assert "Make Word and PDF" in words(soup_of(clerk, PACK).get_text(" "))
    assert "not made yet" in words(BeautifulSoup(clerk.get(FILES[0], follow=True).content, "lxml").text)
    said = make(clerk)
    assert "The documents are made, and kept as they are." in said
    assert "<li>PDF: 1 kB</li>" in said
    page = words(soup_of(clerk, PACK).get_text(" "))
    assert "Make Word" not in page
    for url, form in zip(FILES, ("docx", "pdf"), strict=True):
        response = clerk.get(url)
        document = PackDocument.objects.get(form=form).document
        assert response.content == bytes(document.content)
        assert document.sha256 == sha_of(response.content)
        assert document.sha256 in page
        assert response["ETag"] == f'"{document.sha256}"'
        assert response["Cache-Control"] == "private, no-cache"
        assert f"{CODE}_as-published.{form}" in response["Content-Disposition"]
        again = clerk.get(url, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert "20 of 100" not in text_of(clerk.get(FILES[0]).content)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    make(clerk)  # once more: nothing new is kept
    assert [row.edition for row in PackDocument.objects.filter(pack=pack)] == [1, 1]
    assert "20 of 100" not in text_of(clerk.get(FILES[0]).content)


def test_document_when_it_was_changed_in_place_then_the_database_refuses(contract: Scorecard) -> None:
    documents_for(a_published_pack(contract))
    for change in (
        lambda: PackDocument.objects.update(edition=9),
        lambda: PackDocument.objects.all()._raw_delete("default"),
        lambda: StoredDocument.objects.update(content=b"Other."),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_pdf_when_it_cannot_be_made_then_word_is_kept_and_the_page_says_what_to_do(
    contract: Scorecard, clerk: Client, monkeypatch: pytest.MonkeyPatch, no_child: list[str]
) -> None:
    a_published_pack(contract)
    monkeypatch.setattr("tests.partnership.paper_world.PDF", NO_PANGO.encode())
    said = make(clerk)
    assert "Only the Word file is there." in said
    assert "apt-get install libpango" in said
    assert [row.form for row in PackDocument.objects.all()] == ["docx"]
    assert "Make the documents that are missing" in words(soup_of(clerk, PACK).get_text(" "))
    monkeypatch.setattr("tests.partnership.paper_world.PDF", PDF)
    make(clerk)
    assert [row.form for row in PackDocument.objects.all()] == ["docx", "pdf"]


def test_documents_when_no_child_is_free_then_nothing_is_kept_and_the_page_says_when_to_come_back(
    contract: Scorecard, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**more: Any) -> Any:
        raise Busy("Other files are being worked on at this moment. Wait a minute and try again.")
        yield

    monkeypatch.setattr("partnership.views.pack_documents.bounded.stream", busy)
    a_published_pack(contract)
    said = make(clerk)
    assert "Nothing was kept" in said
    assert "Wait a minute and try again." in said
    assert not PackDocument.objects.exists()


# Who is given them


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.ANALYST, Role.FINANCE_OFFICER, Role.ADMINISTRATOR])
def test_documents_when_the_pack_is_exempt_then_only_those_it_is_for_get_them(
    contract: Scorecard, signed_in: SignIn, role: Role
) -> None:
    documents_for(a_published_pack(contract, audience="exempt"))
    client = signed_in(b.a_user(role))
    expected = {Role.BOARD_MEMBER: 200, Role.ADMINISTRATOR: 403}.get(role, 404)
    for url in FILES:
        response = client.get(url)
        assert response.status_code == expected, url
        if expected == 200:
            assert response["Cache-Control"] == "no-store"
    assert client.post(f"{PACK}documents/make/").status_code == expected


def test_documents_when_the_pack_is_under_embargo_then_they_wait_too(contract: Scorecard, signed_in: SignIn) -> None:
    pack = a_published_pack(contract)
    documents_for(pack)
    item = b.an_item(b.a_meeting(on=b.date(2022, 7, 14), state="called"))
    b.a_paper(item, "Performance", pack=pack, embargo_until=b.NOW + timedelta(hours=2))
    member, clerk = signed_in(b.a_user(Role.BOARD_MEMBER)), signed_in(the_clerk())
    for url in FILES:
        assert (member.get(url).status_code, clerk.get(url).status_code) == (404, 200)
    assert member.post(f"{PACK}documents/make/").status_code == 404


def test_documents_when_the_pack_is_closed_for_a_breach_then_nobody_gets_them_and_none_is_made(
    contract: Scorecard, clerk: Client
) -> None:
    pack = a_published_pack(contract)
    documents_for(pack)
    withdraw(pack, reason="It named a child.", is_breach=True)
    for url in FILES:
        assert clerk.get(url).status_code == 403
    assert clerk.post(f"{PACK}documents/make/").status_code == 403
    with pytest.raises(WrongState, match="none that is closed"):
        documents_for(pack)


# Redaction


def a_cause() -> Cause:
    people = [b.a_user(Role.APPROVER), b.a_user(Role.ADMINISTRATOR)]
    return Cause("personal_data", "It tells who she is", "DPO-7", *people)


def test_document_when_a_comment_in_it_is_redacted_then_it_is_closed_and_another_is_made_without_it(
    clerk: Client, contract: Scorecard, no_child: list[str]
) -> None:
    pack = a_published_pack(a_judged_scorecard_named("The sister of a child in Elm House."), body="Board")
    place = f"/northshire/packs/{pack.code}/"
    documents_for(pack)
    before = list(StoredDocument.objects.order_by("pk"))
    assert "Elm House" in text_of(bytes(before[0].content))
    done = redact(partnership=pack.partnership, cause=a_cause(), at=LATER,
                  texts=[Text.objects.get(body="The sister of a child in Elm House.")])  # fmt: skip
    assert done.documents == 1
    for one in before:
        one.refresh_from_db()
        assert (bytes(one.content), one.redaction.former_sha256) == (b"", one.sha256)
    assert "closed by a redaction" in words(soup_of(clerk, place).get_text(" "))
    assert "not made yet" in clerk.get(f"{place}document.docx", follow=True).content.decode()
    assert "The documents are made" in said_by(clerk.post(f"{place}documents/make/"))
    made = PackDocument.objects.get(form="docx", edition=2).document
    assert "Elm House" not in text_of(bytes(made.content))
    assert "Redacted | 7 July 2022".replace(" | ", " ") in text_of(bytes(made.content))
    assert clerk.get(f"{place}document.docx").content == bytes(made.content)


def a_judged_scorecard_named(commentary: str) -> Scorecard:
    measure = b.an_indicator("reviews", scorecard=b.a_scorecard(code="other"))
    cell = b.a_cell(31, 40, commentary=commentary)
    b.a_return(measure.line.scorecard, state="approved", cells={measure.series.pk: cell})
    return measure.line.scorecard


def test_document_when_the_words_of_an_action_in_it_are_redacted_then_it_is_closed_though_no_table_changed(
    contract: Scorecard,
) -> None:
    action = agreed(what="Ask the aunt of the child in Elm House.")
    cite(of=action, line=contract.lines.first(), period=b.a_period(b.Q4), by=the_officer(), at=b.NOW)
    b.tick(contract, b.Q4.next())
    later = a_published_pack(contract, period=b.Q4.next(), at=LATER)
    other = a_published_pack(contract, body="Other", audience="public", period=b.Q4.next(), at=LATER)
    for pack in (later, other):
        documents_for(pack)
    done = redact(partnership=later.partnership, cause=a_cause(), at=LATER, texts=[action.what])
    assert (done.tables, done.documents) == (0, 1)
    closed = PackDocument.objects.filter(document__redaction__isnull=False)
    assert {row.pack for row in closed} == {later}
    assert later.events.filter(action="redacted").exists()


def test_document_when_an_earlier_figure_of_its_drawings_is_redacted_then_it_is_closed(partnership: Any) -> None:
    scorecard = b.a_scorecard(1)
    b.a_history(scorecard, 8, numerators=(85, 84, 86))
    pack = a_published_pack(scorecard)
    documents_for(pack)
    earliest = pack.tables.get().table.pins.order_by("figure__period__start_on").first().figure
    redact(partnership=pack.partnership, cause=a_cause(), at=LATER, figures=[earliest])
    assert not PackDocument.objects.filter(document__redaction__isnull=True).exists()
    document = told(pack)
    drawing = next(block for block in document.blocks if isinstance(block, Drawing))
    assert "7 quarterly figures" in drawing.words


def test_document_when_something_is_redacted_while_it_is_made_then_it_is_not_kept(contract: Scorecard) -> None:
    pack = a_published_pack(contract)
    before = redactions_so_far(pack.partnership)
    people = a_cause()
    Redaction.objects.create(
        partnership=pack.partnership, cause="personal_data", reason="So", reference="DPO-7", at=LATER, what="text",
        first_person=people.first_person, second_person=people.second_person, former_sha256="0" * 64,
    )  # fmt: skip
    with pytest.raises(WrongState, match=re.escape(REDACTED_MEANWHILE)):
        keep_documents(pack=pack, made={Form.DOCX: b"PK\x03\x04"}, redactions=before, by=the_clerk(), at=LATER)
    assert not StoredDocument.objects.exists()
