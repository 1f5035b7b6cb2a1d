"""Documents for meetings: to the child and back, and what both files hold."""

import builtins
import gc
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from typing import Any

import pytest

from indicators import bounded
from partnership import document_child
from partnership.documents import (
    JOBS,
    LONG_JOBS,
    NO_PANGO,
    Bullets,
    Document,
    Drawing,
    Facts,
    Form,
    Heading,
    NotAsAgreed,
    NotMade,
    Paragraph,
    Table,
    checked,
    payload_of,
    read_payload,
    table_block,
)
from partnership.word_drawing import refers_elsewhere

HOSTILE = "“Fees” & <script>é</script>"
# It asks for a file of the machine and for an address, as a forged drawing might.
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1" width="2" height="1"><rect width="1" height="1"/>'
    '<image href="file:///etc/hostname" width="1" height="1"/><image href="http://127.0.0.1:9/x" width="1" height="1"/>'
    "</svg>"
)
WHOLE = Document(
    "Minutes of 7 July 2022",
    "Northshire Council",
    (
        Heading(1, "1. Apologies"),
        Paragraph(f"{HOSTILE}\nThe second line."),
        Bullets(("One", "Two")),
        Facts((("Venue", "Civic Office"),)),
        Table("Actions", ("No.", "What"), (("1", "Bring the figures."),), frozenset({0})),
        Paragraph("Draft, not confirmed.", is_small=True),
        Paragraph("The first.", is_numbered=True),
        Drawing(SVG, "A square."),
        Heading(2, "On a page of its own", starts_page=True),
        Paragraph("The second.", is_numbered=True),
        Table("By name", ("Who", "What"), (("Board", "All"),), names_rows=True),
    ),
    foot='Draft minutes "of" <7> July',
)


def told(line: str) -> None:
    """Takes a line of progress."""


def test_document_when_it_goes_to_the_child_then_it_comes_back_as_it_was() -> None:
    assert read_payload(payload_of(WHOLE)) == WHOLE


def test_document_when_it_holds_signs_that_no_file_may_then_they_are_left_out() -> None:
    sent = Document("A\x00b", "C", (Paragraph("line\r\nnext\x0b\ud800\uffff"),))
    assert read_payload(payload_of(sent)) == Document("Ab", "C", (Paragraph("line\nnext"),))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b'{"title": "a"}',
        json.dumps({"title": "a", "author": "b", "foot": "", "is_wide": False, "blocks": [{"is": "Script"}]}).encode(),
        payload_of(Document("a", "b", (Heading(4, "too deep"),))),
        payload_of(Document("a", "b", (Heading(1, "x"),) * 4_001)),
        payload_of(Document("a", "b", (Table("t", ("a", "b"), (("1", "2"),) * 30_001),))),
    ],
    ids=["empty", "list", "parts", "kind", "level", "blocks", "cells"],
)
def test_payload_when_it_is_no_document_then_it_is_refused(payload: bytes) -> None:
    with pytest.raises(NotAsAgreed):
        read_payload(payload)


def test_table_when_a_row_has_another_number_of_cells_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        Table("t", ("a", "b"), (("1",),))


def test_cells_of_a_screen_when_put_in_a_table_then_their_lines_are_parted() -> None:
    assert table_block("t", ["a"], [[("1", "of 2")]]) == Table("t", ("a",), (("1\nof 2",),))


def test_word_when_written_then_headings_language_and_header_rows_are_real() -> None:
    data = checked(Form.DOCX, document_child.write_docx(payload_of(WHOLE), told))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        body, styles = file.read("word/document.xml").decode(), file.read("word/styles.xml").decode()
        about, foot = file.read("docProps/core.xml").decode(), file.read("word/footer1.xml").decode()
    assert '<w:pStyle w:val="Title"/>' in body
    assert '<w:pStyle w:val="Heading1"/>' in body
    assert body.count("<w:tblHeader") == 2
    assert body.count('<w:pStyle w:val="ListNumber"/>') == 2
    assert body.count("<w:pageBreakBefore/>") == 1
    assert "<w:drawing" not in body  # it asks for what it may not have
    assert 'w:tblCaption w:val="Actions"' in body
    assert "“Fees” &amp; &lt;script&gt;é&lt;/script&gt;" in body
    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', styles)) == {"en-GB"}
    assert "<dc:title>Minutes of 7 July 2022</dc:title>" in about
    assert "<dc:creator>Northshire Council</dc:creator>" in about
    assert "python-docx" not in about
    assert 'w:instr="PAGE"' in foot


OWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2" width="4" height="2">{}</svg>'


def test_word_when_a_drawing_stands_in_it_then_as_svg_and_as_points_with_its_words() -> None:
    fine = OWN.format('<rect width="2" height="1"/><use href="#a"/>')
    blocks = (
        Paragraph("It shows:"),
        Drawing(fine, "Half & half."),
        Drawing(fine.replace("rect", "rect fill='red'"), "Red."),
    )
    with zipfile.ZipFile(io.BytesIO(document_child.write_docx(payload_of(Document("a", "b", blocks)), told))) as file:
        body, links = file.read("word/document.xml").decode(), file.read("word/_rels/document.xml.rels").decode()
        kinds = file.read("[Content_Types].xml").decode()
        drawn = [file.read(name).decode() for name in file.namelist() if name.endswith(".svg")]
        points = [file.read(name) for name in file.namelist() if name.endswith(".png")]
    assert body.count("<w:keepNext/>") == 3  # the sentence stays with its drawing, a drawing with what follows
    assert body.count("<wp:inline") == body.count("svgBlip ") == 2
    assert 'descr="Half &amp; half."' in body
    assert drawn == [block.svg for block in blocks[1:]]
    assert [int.from_bytes(data[16:20]) for data in points] == [8, 8]
    assert "image/svg+xml" in kinds
    for number in re.findall(r'svgBlip [^>]*r:embed="([^"]+)"', body):
        assert re.search(
            rf'Id="{number}"[^>]*Target="media/drawing\d+.svg"|Target="media/drawing\d+.svg"[^>]*Id="{number}"', links
        )


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="file:///etc/hostname"/>',
        '<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="/etc/hostname"/>',
        '<use href="other.svg#a"/>',
        "<rect",
    ],
)
def test_drawing_when_it_asks_for_something_else_then_it_is_not_painted(inside: str) -> None:
    assert refers_elsewhere(OWN.format(inside))


def test_drawing_when_it_declares_an_entity_then_it_is_not_painted() -> None:
    assert refers_elsewhere('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + OWN.format("&a;"))


def test_word_when_a_table_is_long_then_it_is_written_in_a_moment() -> None:
    rows = tuple((str(n), "Bring the figures by school.") for n in range(1_000))
    assert document_child.write_docx(payload_of(Document("a", "b", (Table("t", ("a", "b"), rows),))), told)


def test_page_of_the_pdf_when_texts_are_hostile_then_they_stay_text() -> None:
    page = document_child.as_html(WHOLE)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert '<html lang="en-GB">' in page
    assert '<th scope="col" class="number">No.</th>' in page
    assert '<th scope="row">Board</th><td>All</td>' in page
    assert (
        '<p class="numbered"><span>1.</span>The first.</p><img alt="A square." src="data:image/svg+xml;base64,' in page
    )
    assert '<h3 class="page">On a page of its own</h3><p class="numbered"><span>2.</span>' in page
    assert '"Draft minutes  of   7  July"' in document_child.style_of(WHOLE)


@pytest.mark.pango
def test_pdf_when_written_then_it_is_tagged_and_knows_title_and_language() -> None:
    # In a process of its own, as always: what it loads is no part of the others' tests.
    script = (
        "import sys; sys.path.insert(0, '.'); from partnership import document_child as c;"
        "import logging; logging.getLogger('weasyprint').addHandler(logging.NullHandler());"
        "sys.addaudithook(lambda name, about: print(name, file=sys.stderr) if name in ('open', 'urllib.Request',"
        " 'socket.connect') and ('hostname' in str(about) or '127.0.0.1' in str(about)) else None);"
        "sys.stdout.buffer.write(c.write_pdf(sys.stdin.buffer.read(), lambda line: None))"
    )
    found = subprocess.run([sys.executable, "-c", script], input=payload_of(WHOLE), capture_output=True, check=True)
    streams = re.findall(rb"stream\n(.*?)\nendstream", checked(Form.PDF, found.stdout), re.DOTALL)
    inside = b"\n".join(zlib.decompress(part) if part.startswith(b"x\xda") else part for part in streams)
    for mark in (b"/Marked true", b"/Lang (en-GB)", b"pdfuaid", b"/S /TH", b"/S /H1", b"Minutes of 7 July 2022",
                 b"/S /Figure", b"/Scope /Row", b"/Scope /Column"):  # fmt: skip
        assert mark in inside, mark
    assert found.stderr.split() == []  # neither the file nor the address was asked for


def test_garbage_when_a_document_is_written_then_it_is_not_looked_for_until_that_has_ended_or_failed() -> None:
    with document_child._nothing_collected():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), document_child._nothing_collected():
        {}["nothing"]
    assert gc.isenabled()


def test_pdf_when_pango_is_missing_then_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return really(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotMade, match="apt-get install libpango"):
        checked(Form.PDF, document_child.write_pdf(payload_of(WHOLE), told))
    assert NO_PANGO.isascii()


@pytest.mark.pango
def test_pdf_of_many_pages_when_made_then_the_child_tells_how_far_it_is_and_may_take_longer() -> None:
    pages = tuple(Heading(1, f"Page {number}", starts_page=True) for number in range(1, 28))
    told: list[str] = []
    job = LONG_JOBS[Form.PDF]
    checked(Form.PDF, bounded.run(job=job, payload=payload_of(Document("Long", "Council", pages)), told=told.append))
    assert told == ["Writing the PDF", "25 pages are laid out so far"]
    long, short = bounded.JOBS[job], bounded.JOBS[JOBS[Form.PDF]]
    assert long.processor >= 3 * short.processor, "300 pages take 80 s to 100 s of processor"
    assert long.wait > long.processor > short.wait
    assert bounded.JOBS[LONG_JOBS[Form.DOCX]].wait > bounded.JOBS[JOBS[Form.DOCX]].wait
