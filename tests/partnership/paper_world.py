"""Committee papers for tests, written, signed and issued through the operations; documents without a child."""

from collections.abc import Callable, Generator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from indicators.models import Scorecard, User
from indicators.roles import Role
from partnership import document_child
from partnership.documents import LONG_JOBS, Form, payload_of
from partnership.models import CommitteePaper, Pack, PaperIssue, TemplateSection
from partnership.operations.committee_papers import (
    begin_paper,
    issue_paper,
    keep_form,
    next_number,
    sign_section,
    write_section,
)
from partnership.operations.pack_documents import keep_documents, redactions_so_far
from partnership.pack_document import pack_document
from partnership.paper_form import SectionForm, SectionKind
from partnership.selectors.committee_papers import SectionView, paper_view
from partnership.selectors.pack_documents import pack_told
from partnership.selectors.packs import status_of
from tests import builders as b
from tests.partnership.pack_world import a_published_pack, an_approver, soup_of, words

# After the pack is published, and after that.
LATER = b.NOW + timedelta(minutes=5)
SignIn = Callable[..., Client]
PDF = b"%PDF-1.7 for a test"
# A short form of papers.
TWO = [
    SectionForm("summary", "Summary", SectionKind.FIGURES),
    SectionForm("legal", "Legal implications", SectionKind.IMPLICATIONS, "None.", "Legal officer"),
]


def the_clerk() -> User:
    """The scrutiny officer who writes papers; the same one every time."""
    email = "clerk@example.org"
    return User.objects.filter(email=email).first() or b.a_user(Role.SCRUTINY_OFFICER, email=email)


def a_paper(pack: Pack, *, title: str = "Performance challenge", by: User | None = None) -> CommitteePaper:
    """A paper that is begun."""
    return begin_paper(pack=pack, title=title, by=by or the_clerk(), at=b.NOW)


def section_of(paper: CommitteePaper, code: str) -> SectionView:
    """A section as it stands."""
    found = paper_view(paper, today=b.TODAY).section(code)
    assert found is not None
    return found


def write(paper: CommitteePaper, code: str, text: str, *, by: User | None = None, at: datetime = LATER) -> None:
    """Writes a section as it stands now."""
    one = section_of(paper, code)
    write_section(paper=paper, section=one.section, text=text, revision=one.revision, by=by or the_clerk(), at=at)


def sign(
    paper: CommitteePaper, code: str, *, initials: str = "AB", by: User | None = None, at: datetime = LATER
) -> None:  # fmt: skip
    """Signs a section as it stands now."""
    one = section_of(paper, code)
    sign_section(
        paper=paper, section=one.section, initials=initials, revision=one.revision, by=by or the_clerk(), at=at
    )  # fmt: skip


def finish(paper: CommitteePaper, *, at: datetime = LATER) -> None:
    """Writes and signs everything that is still open, by the clerk."""
    for one in paper_view(paper, today=b.TODAY).sections:
        if not one.words and one.section.kind != TemplateSection.Kind.FIGURES:
            write(paper, one.section.code, f"Of {one.section.heading.lower()} there is nothing to say.", at=at)
        if one.is_signed_section:
            sign(paper, one.section.code, at=at)


def issue(
    paper: CommitteePaper, *, made: Mapping[Form, bytes] | None = None, by: User | None = None, at: datetime = LATER
) -> PaperIssue:  # fmt: skip
    """Issues a paper as it stands; the files say nothing unless they are told."""
    view = paper_view(
        CommitteePaper.objects.select_related("pack__partnership", "template").get(pk=paper.pk), today=b.TODAY
    )
    return issue_paper(
        paper=paper, made=made or {Form.DOCX: b"PK\x03\x04", Form.PDF: PDF}, rests_on=view.rests_on,
        number=next_number(view), redactions=redactions_so_far(paper.pack.partnership),
        by=by or an_approver(paper.pack.partnership), at=at,
    )  # fmt: skip


def an_issued_paper(pack: Pack) -> CommitteePaper:
    """A paper that is written, signed and issued, and whose pack has its documents."""
    paper = a_paper(pack)
    finish(paper)
    issue(paper)
    keep_documents(pack=pack, made={Form.DOCX: b"PK\x03\x04", Form.PDF: PDF},
                   redactions=redactions_so_far(pack.partnership), by=the_clerk(), at=LATER)  # fmt: skip
    return paper


def documents_for(pack: Pack, *, at: datetime = LATER) -> None:
    """The documents of a pack, Word as the child writes it, made here; the PDF says nothing."""
    redactions = redactions_so_far(pack.partnership)
    payload = payload_of(pack_document(pack_told(status_of(Pack.objects.get(pk=pack.pk)))))
    word = document_child.write_docx(payload, lambda line: None)
    keep_documents(pack=pack, made={Form.DOCX: word, Form.PDF: PDF}, redactions=redactions, by=the_clerk(), at=at)


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Documents are written in this process, Word as it is and the PDF as a stand-in; the jobs that were asked for."""
    asked: list[str] = []

    def stream(*, job: str, payload: bytes, **more: Any) -> Generator[str, None, bytes]:
        asked.append(job)
        yield "Writing"
        return document_child.write_docx(payload, lambda line: None) if job == LONG_JOBS[Form.DOCX] else PDF

    monkeypatch.setattr("partnership.views.pack_documents.bounded.stream", stream)
    return asked


def said_by(response: Any) -> str:
    """What a page that fills says once it has ended."""
    text = b"".join(response.streaming_content).decode()
    return " ".join(text.split())


# What tests of papers begin with


@pytest.fixture
def contract(db: None) -> Scorecard:
    """A scorecard of three lines whose quarter is accepted."""
    return b.an_accepted_quarter(3)


@pytest.fixture
def short(contract: Scorecard) -> None:
    """A form of two sections: a summary, and legal implications with words of their own."""
    keep_form(partnership=contract.partnership, sections=TWO, version=0, by=the_clerk(), at=b.NOW)


@pytest.fixture
def pack(contract: Scorecard) -> Pack:
    return a_published_pack(contract)


@pytest.fixture
def clerk(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(the_clerk())


@pytest.fixture
def approver(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(an_approver())


def text(client: Client, url: str, status: int = 200) -> str:
    return words(soup_of(client, url, status).get_text(" "))
