"""The pack of 2021/22 Q4 for the meeting of 7 July 2022 as a document: word for word, and as a reader hears it."""

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import transaction

from indicators import bounded
from partnership.documents import JOBS, Document, Drawing, Facts, Form, Table, checked, payload_of
from partnership.models import Pack
from partnership.operations.demo import DEMO_PACK
from partnership.pack_document import pack_document
from partnership.selectors.pack_documents import pack_told
from partnership.selectors.packs import status_of
from tests import builders as b
from tests.partnership.document_reading import (
    drawings_of_word,
    headings_of_pdf,
    headings_of_word,
    lines_of_word,
    read_pdf,
    spoken,
    structure_of,
)

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "pack-2022-07-07.txt"

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]


@pytest.fixture(scope="module")
def document(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> Iterator[Document]:
    """The document, read once from the demonstration."""
    with django_db_blocker.unblock(), transaction.atomic():
        b.the_demonstration()
        yield pack_document(pack_told(status_of(Pack.objects.get(code=DEMO_PACK))))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def word(document: Document) -> bytes:
    return checked(Form.DOCX, bounded.run(job=JOBS[Form.DOCX], payload=payload_of(document)))


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return checked(Form.PDF, bounded.run(job=JOBS[Form.PDF], payload=payload_of(document)))


def test_word_file_when_made_of_the_demonstrations_pack_then_it_says_what_it_said(
    word: bytes, document: Document
) -> None:
    said = "\n".join(lines_of_word(word)) + "\n"
    whole = str(next(block for block in reversed(document.blocks) if isinstance(block, Facts)).pairs[-1][1])
    said = said.replace(whole, "…")  # it holds the version of the application
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(said)
    assert said == GOLDEN.read_text()


def test_word_file_when_opened_then_headings_keep_their_structure(word: bytes, document: Document) -> None:
    headings = headings_of_word(word)
    assert headings[0] == (0, document.title)
    drawn = sum(isinstance(block, Drawing) for block in document.blocks)
    assert drawn == drawings_of_word(word) == 13
    levels = [level for level, _ in headings]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert [text for level, text in headings if level == 1] == [
        "Executive summary", "Performance", "Exceptions: outside tolerance", "Notes on the data",
        "Symbols", "Glossary", "Fingerprints",
    ]  # fmt: skip


@pytest.mark.pango
@pytest.mark.poppler
def test_pdf_when_read_by_its_tags_then_it_says_the_same_in_the_same_order(word: bytes, pdf: bytes) -> None:
    structure = structure_of(pdf)
    assert headings_of_pdf(structure) == headings_of_word(word)
    said, place = spoken(structure), 0
    for line in lines_of_word(word):
        for part in re.sub(r"^#+ |^\* ", "", line).split(" | "):
            wanted = re.sub(r"\s", "", part.replace(" / ", ""))
            found = said.find(wanted, place)
            assert found >= 0, line
            place = found + len(wanted)


@pytest.mark.pango
def test_pdf_when_read_by_another_library_then_title_language_header_cells_and_drawings_are_told(
    pdf: bytes, document: Document
) -> None:
    read = read_pdf(pdf)
    assert (read.title, read.language, read.is_tagged) == (document.title, "en-GB", True)
    drawings = [block.words for block in document.blocks if isinstance(block, Drawing)]
    assert drawings
    assert [figure.words for figure in read.all_of("Figure")] == drawings
    scopes = [cell.attributes.get("/Scope") for cell in read.all_of("TH")]
    assert set(scopes) == {"/Row", "/Column"}
    named = [block for block in document.blocks if isinstance(block, Table) and block.names_rows]
    assert scopes.count("/Row") >= sum(len(block.rows) for block in named)
    assert all(cell.attributes.get("/Headers") for cell in read.all_of("TD"))
