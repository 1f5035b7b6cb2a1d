"""Writes a document as Word or as PDF, as bytes. Only a child process of `indicators.bounded` imports this module.

Both are made to be heard as well as seen: real headings, a language, header cells that say so; the PDF is tagged
(PDF/UA-1). Nothing is fetched: a document refers to nothing outside itself.
"""

import base64
import gc
import html
import io
import itertools
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from partnership.documents import (
    NO_PANGO,
    Block,
    Bullets,
    Document,
    Drawing,
    Facts,
    Heading,
    Paragraph,
    Table,
    read_payload,
)
from partnership.word_drawing import add_drawing

Tell = Callable[[str], None]

LANGUAGE = "en-GB"
FONT = "Arial"
_DRAWING = "data:image/svg+xml;base64,"
# Of every so many pages it is told that they are laid out.
PAGES_TOLD = 25
_PAGE = re.compile(r"Page (\d+)")
# Of columns, in letters.
_NARROWEST, _LONGEST_WORD, _WIDEST, _PADDING = 4, 18, 60, 2


# Word


def write_docx(payload: bytes, tell: Tell) -> bytes:
    """The document as Word (Office Open XML)."""
    import docx

    document = read_payload(payload)
    tell("Writing the Word file")
    file = docx.Document()
    _set_up(file, document)
    file.add_heading(document.title, level=0)
    for block in document.blocks:
        _add(file, block)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def write_long_docx(payload: bytes, tell: Tell) -> bytes:
    """The same, in the bounds of a document of up to 300 pages, for a page that fills with what the child tells."""
    return write_docx(payload, tell)


def _set_up(file: Any, document: Document) -> None:
    """Title, language, fonts, paper and foot."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    about = file.core_properties
    about.title, about.author, about.language, about.comments = document.title, document.author, LANGUAGE, ""
    about.last_modified_by = document.author
    for name, points in (("Normal", 11), ("Title", 22), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11)):
        font = file.styles[name].font
        font.name, font.size, font.color.rgb = FONT, Pt(points), RGBColor(0x0B, 0x0C, 0x0C)
        fonts = file.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
    for found in file.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), LANGUAGE)
    section = file.sections[0]
    width, height = (Mm(297), Mm(210)) if document.is_wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if document.is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{document.foot or document.title}    Page ").font.size = Pt(9)
    _add_page_number(foot)


def _add_page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _add(file: Any, block: Block) -> None:
    from docx.shared import Pt

    match block:
        case Heading():
            file.add_heading(block.text, level=block.level).paragraph_format.page_break_before = block.starts_page
        case Paragraph():
            run = file.add_paragraph(style="List Number" if block.is_numbered else None).add_run(block.text)
            if block.is_small:
                run.font.size = Pt(9)
        case Bullets():
            for item in block.items:
                file.add_paragraph(item, style="List Bullet")
        case Facts():
            _add_table(file, "", (), block.pairs, first_is_header=True)
        case Table():
            _add_table(
                file, block.caption, block.header, block.rows, numbers=block.numbers, first_is_header=block.names_rows
            )
        case Drawing():
            section = file.sections[0]
            add_drawing(file, block, section.page_width - section.left_margin - section.right_margin)


def _add_table(
    file: Any, caption: str, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *,
    numbers: frozenset[int] = frozenset(), first_is_header: bool = False,
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    if caption:
        above = file.add_paragraph()
        above.add_run(caption).bold = True
        above.paragraph_format.keep_with_next = True
    lines = ((header, *rows) if header else rows) or ((("",)),)
    table = file.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    if caption:
        told = OxmlElement("w:tblCaption")
        told.set(qn("w:val"), caption)
        table._tbl.tblPr.append(told)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstRow"), "1" if header else "0")
        look.set(qn("w:firstColumn"), "1" if first_is_header else "0")
    section = file.sections[-1]
    widths = _widths(lines, section.page_width - section.left_margin - section.right_margin)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # One walk over the cells: asking the table for each of them anew takes the square of their number.
    cells = iter(table._cells)
    for place, line in enumerate(lines):
        for column, text in enumerate(line):
            cell = next(cells)
            cell.width = widths[column]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            run.font.size = Pt(10)
            run.bold = bool(header and place == 0) or (first_is_header and column == 0)
            if column in numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for row in table._tbl.tr_lst:
        whole = OxmlElement("w:cantSplit")
        row.get_or_add_trPr().append(whole)
    if header:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table._tbl.tr_lst[0].get_or_add_trPr().append(mark)
    file.add_paragraph()


def _widths(lines: Sequence[Sequence[str]], whole: int) -> list[int]:
    """How wide each column is, in the units of the file: room for its longest word, and a share of what is left by its
    longest line."""
    shares = []
    for column in range(len(lines[0])):
        parts = [part for line in lines for part in line[column].split("\n")]
        word = max(len(one) for part in parts for one in part.split() or ("",))
        least = min(max(word, _NARROWEST), _LONGEST_WORD) + _PADDING
        wanted = min(max(map(len, parts)), _WIDEST)
        shares.append(least + max(0, wanted - least) // 3)
    return [whole * share // sum(shares) for share in shares]


# PDF


_STYLE = """
@page { size: A4 %(way)s; margin: 20mm 20mm 22mm;
  @bottom-left { content: %(foot)s; font: 9pt %(font)s; color: #505a5f; width: 80%% }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt %(font)s; color: #505a5f } }
html { font: 10.5pt/1.4 %(font)s; color: #0b0c0c }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 8mm } h2 { font-size: 14pt; margin: 7mm 0 2mm }
h3 { font-size: 11.5pt; margin: 5mm 0 1.5mm } h4 { font-size: 10.5pt; margin: 4mm 0 1mm }
h2, h3, h4 { break-after: avoid } p { margin: 0 0 2.5mm; white-space: pre-line } p.small { font-size: 9pt }
p.numbered { padding-left: 9mm; text-indent: -9mm }
p.numbered:has(+ img) { break-after: avoid } img { break-after: avoid }
p.numbered span { display: inline-block; width: 9mm; text-indent: 0 } .page { break-before: page; margin-top: 0 }
img { display: block; width: 100%%; max-width: 165mm; margin: 1mm 0 2mm; break-inside: avoid }
ul { margin: 0 0 2.5mm; padding-left: 6mm } li { white-space: pre-line }
table { border-collapse: collapse; table-layout: fixed; width: 100%%; margin: 0 0 5mm; font-size: 9.5pt }
caption { text-align: left; font-weight: bold; margin-bottom: 1mm; break-after: avoid }
th, td { border-bottom: .3mm solid #b1b4b6; padding: 1.2mm 2.5mm 1.2mm 0; text-align: left; vertical-align: top;
  white-space: pre-line; overflow-wrap: anywhere }
thead th { overflow-wrap: break-word } table.facts th { width: 32%% } .number { text-align: right }
thead { display: table-header-group } tr { break-inside: avoid }
"""


def write_pdf(payload: bytes, tell: Tell) -> bytes:
    """The document as a tagged PDF; where Pango is missing, the sentence that says so and what to install."""
    try:
        import weasyprint  # type: ignore[import-untyped]
    except OSError:  # its libraries are loaded when it is
        return NO_PANGO.encode()
    document = read_payload(payload)
    tell("Writing the PDF")
    tells_pages(tell)
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]

    class OwnDrawings(URLFetcher):  # type: ignore[misc]
        """Gives the drawings that the page itself carries, and fetches nothing."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(_DRAWING):
                raise ValueError("A document fetches nothing.")
            return super().fetch(url, headers)

    fetcher = OwnDrawings()
    page = weasyprint.HTML(string=as_html(document), url_fetcher=fetcher)
    look = weasyprint.CSS(string=style_of(document), url_fetcher=fetcher)
    with _nothing_collected():
        written: bytes = page.write_pdf(
            stylesheets=[look], pdf_variant="pdf/ua-1", presentational_hints=True, finisher=_with_scopes
        )
    return written


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Looks for no garbage meanwhile: the library keeps all that it makes until the document is written, so that
    walking over it again and again takes a ninth of the time and gives back next to nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_long_pdf(payload: bytes, tell: Tell) -> bytes:
    """The same, in the bounds of a document of up to 300 pages, for a page that fills with what the child tells."""
    return write_pdf(payload, tell)


class _Pages(logging.Handler):
    """Hears from the library which page it lays out; tells of some."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.INFO)
        self._tell, self._told = tell, 0

    def emit(self, record: logging.LogRecord) -> None:
        found = _PAGE.search(record.getMessage())
        if found and int(found[1]) >= self._told + PAGES_TOLD:
            self._told = int(found[1])
            self._tell(f"{self._told} pages are laid out so far")


def tells_pages(tell: Tell) -> None:
    """Has the pages told that are laid out, once for each so many. Only in a process that ends with the document."""
    heard = logging.getLogger("weasyprint.progress")
    heard.setLevel(logging.INFO)
    heard.handlers = [_Pages(tell)]
    heard.propagate = False


def _with_scopes(_: Any, pdf: Any) -> None:
    """Says of each header cell of a table whether it is of its column or of its row, which the library does not."""
    import pydyf  # type: ignore[import-untyped]

    cells = [one for one in pdf.objects if isinstance(one, pydyf.Dictionary) and one.get("S") in {"/TH", "/TD"}]
    with_values = {cell["P"] for cell in cells if cell["S"] == "/TD"}
    for cell in cells:
        if cell["S"] == "/TH":
            scope = "/Row" if cell["P"] in with_values else "/Column"
            cell["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})


def style_of(document: Document) -> str:
    """Paper, foot and type of the PDF."""
    return _STYLE % {
        "way": "landscape" if document.is_wide else "portrait",
        "foot": _css_string(document.foot or document.title),
        "font": "Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif",
    }


def as_html(document: Document) -> str:
    """The document as the page that the PDF is printed from."""
    numbers = itertools.count(1)
    body = "".join(_html_of(block, numbers) for block in document.blocks)
    title = html.escape(document.title)
    return (
        f'<!DOCTYPE html><html lang="{LANGUAGE}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{html.escape(document.author)}"></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def _css_string(text: str) -> str:
    kept = "".join(c if c.isalnum() or c in " .,:()-–’/&;" else " " for c in text)
    return f'"{kept}"'.replace("<", " ")


def _html_of(block: Block, numbers: Iterator[int]) -> str:
    match block:
        case Heading():
            level = block.level + 1
            page = ' class="page"' if block.starts_page else ""
            return f"<h{level}{page}>{html.escape(block.text)}</h{level}>"
        case Paragraph():
            if block.is_numbered:
                return f'<p class="numbered"><span>{next(numbers)}.</span>{html.escape(block.text)}</p>'
            kind = ' class="small"' if block.is_small else ""
            return f"<p{kind}>{html.escape(block.text)}</p>"
        case Bullets():
            return f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in block.items)}</ul>"
        case Facts():
            pairs = (
                f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
                for name, value in block.pairs
            )
            return f'<table class="facts"><tbody>{"".join(pairs)}</tbody></table>'
        case Table():
            return _html_table(block)
        case Drawing():
            packed = base64.b64encode(block.svg.encode()).decode()
            return f'<img alt="{html.escape(block.words)}" src="{_DRAWING}{packed}">'


def _html_table(table: Table) -> str:
    def kind(column: int) -> str:
        return ' class="number"' if column in table.numbers else ""

    caption = f"<caption>{html.escape(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col"{kind(n)}>{html.escape(text)}</th>' for n, text in enumerate(table.header))

    def cell(column: int, text: str) -> str:
        tag, scope = ("th", ' scope="row"') if column == 0 and table.names_rows else ("td", "")
        return f"<{tag}{scope}{kind(column)}>{html.escape(text)}</{tag}>"

    rows = (f"<tr>{''.join(cell(n, text) for n, text in enumerate(row))}</tr>" for row in table.rows)
    # Widths that are given spare the library from trying every word of every cell, which takes most of its time.
    columns = "".join(f'<col width="{share / 10}%">' for share in _widths((table.header, *table.rows), 1_000))
    top = f"{caption}<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
    return f"<table>{top}<tbody>{''.join(rows)}</tbody></table>"
