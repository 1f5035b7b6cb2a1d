"""Files given as papers: judged by what they hold, whatever they are called."""

import io
import zipfile

import pytest

from partnership.paper_files import LONGEST_NAME, MOST_BYTES, FileNotTaken, judged, safe_name


def an_archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


TYPES = {"[Content_Types].xml": b"<Types/>"}
ODT = b"application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("report.exe", b"%PDF-1.4\n...", "pdf"),
        ("report", b"\n\n%PDF-1.4\n...", "pdf"),
        ("report.pdf", an_archive(**TYPES, **{"word/document.xml": b"<w/>"}), "docx"),
        ("report.zip", an_archive(**TYPES, **{"xl/workbook.xml": b"<w/>"}), "xlsx"),
        ("report.docx", an_archive(mimetype=ODT, **{"content.xml": b"<o/>"}), "odt"),
        ("report.html", "ward,children\nNørth,3\n".encode(), "csv"),
        ("report.csv", b"\xef\xbb\xbfward,children\r\nNorth,3\r\n", "csv"),
    ],
)
def test_file_when_judged_then_its_content_says_what_it_is(name: str, content: bytes, ending: str) -> None:
    assert judged(name, content).name == f"report.{ending}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-" + b"0" * MOST_BYTES, "larger than 10 MB"),
        (b"MZ\x90\x00", "not a file that can be taken"),
        (b"<html><script>a,b</script></html>", "not a file"),
        (b"#!/bin/sh\na,b\n", "not a file"),
        (b"just words\n", "not a file"),
        (b"a,b\nc\n", "not a file"),
        (b"a,b\x00\n", "not a file"),
        (b"\xff\xfea,b", "not a file"),
        (b"PK\x03\x04 damaged", "damaged"),
        (an_archive(**{"a.txt": b"x"}), "not a file"),
        (an_archive(mimetype=b"application/epub+zip"), "not a file"),
        (an_archive(**TYPES, **{"word/document.xml": b"", "word/vbaProject.bin": b""}), "macros"),
        (an_archive(mimetype=ODT, **{"Basic/Standard/Module1.xml": b""}), "macros"),
    ],
)
def test_file_when_it_cannot_be_taken_then_a_sentence_says_why(content: bytes, words: str) -> None:
    with pytest.raises(FileNotTaken, match=words):
        judged("report.pdf", content)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\papers\\a.b.docx", "a-b.pdf"),
        ('quo"te\r\nX: y.pdf', "quo-te-X- y.pdf"),
        ("...", "paper.pdf"),
        ("Réport (1).pdf", "Réport (1).pdf"),
    ],
)
def test_name_when_made_safe_then_no_sign_of_it_means_anything_elsewhere(name: str, safe: str) -> None:
    assert safe_name(name, "pdf") == safe


def test_name_when_long_then_it_is_cut_and_keeps_its_ending() -> None:
    assert len(safe_name("a" * 300, "docx")) == LONGEST_NAME
    assert safe_name("a" * 300, "docx").endswith("a.docx")
