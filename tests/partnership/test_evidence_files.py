"""Which files are kept as evidence, told by their content alone."""

import io
import zipfile

import pytest

from partnership.evidence_files import checked
from partnership.paper_files import MOST_BYTES, FileNotTaken

TEXT = "text/plain; charset=utf-8"


def office(*parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for part in ["[Content_Types].xml", *parts]:
            archive.writestr(part, "<x/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("given", "content", "name", "kind"),
    [
        ("a.exe", b"%PDF-1.7 x", "a.pdf", "application/pdf"),
        ("drawing.exe", b"\x89PNG\r\n\x1a\n...", "drawing.png", "image/png"),
        ("b", b"\xff\xd8\xff\xe0", "b.jpg", "image/jpeg"),
        ("notes", office("word/document.xml"), "notes.docx", None),
        ("rows.txt", b"a,b\r\n1,2\r\n", "rows.csv", "text/csv; charset=utf-8"),
        ("said.html", "We were heard, caf\u00e9.\nOnce.".encode(), "said.txt", TEXT),
        ('../../x"y\n.txt', b"words", "x-y.txt", TEXT),
        ("...", b"words", "paper.txt", TEXT),
    ],
)
def test_file_when_of_a_kind_that_is_kept_then_named_by_its_content(given, content, name, kind) -> None:
    found = checked(given, content)
    assert (found.name, found.content) == (name, content)
    assert kind is None or found.content_type == kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
        (b"\xff\xd8\xff" + b"x" * MOST_BYTES, "larger than 10 MB"),
        (b"\x7fELF\x00", "PNG, JPEG or plain text"),
        (b"MZ\x90\xff", "PNG, JPEG or plain text"),
        (b"some \x00 words", "PNG, JPEG or plain text"),
        (b"<script>alert(1)</script>", "PNG, JPEG or plain text"),
        (b"#!/bin/sh\n", "PNG, JPEG or plain text"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (office("run.js"), "not a file that can be taken"),
        (office("word/document.xml", "word/vbaProject.bin"), "macros"),
    ],
)
def test_file_when_of_another_kind_then_refused_with_what_to_do(content, words) -> None:
    with pytest.raises(FileNotTaken, match=words):
        checked("report.pdf", content)


def test_file_when_exactly_as_large_as_may_be_then_kept() -> None:
    assert checked("a.txt", b"x" * MOST_BYTES).content_type == TEXT
