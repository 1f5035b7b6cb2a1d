"""What a document for a meeting is made of, and how it goes to the child that writes it as Word or PDF.

Headings, paragraphs, lists, facts, tables and drawings, nothing else: whoever makes a document says what it says, and
both files look alike. Views import this module; python-docx and WeasyPrint load in the child alone (`document_child`).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_BLOCKS = 4_000
MOST_CELLS = 60_000
# Signs that no XML may hold; texts come from boxes and from printed papers.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotAsAgreed(ValueError):
    """What came to the child is no document. The message says where, and quotes nothing."""


class NotMade(Exception):
    """The file cannot be made here; the message is a sentence for the person."""


class Form(StrEnum):
    """As what a document is written; the value ends its file's name."""

    DOCX = "docx"
    PDF = "pdf"


JOBS = {
    Form.DOCX: "partnership.document_child:write_docx",
    Form.PDF: "partnership.document_child:write_pdf",
}
# Documents of packs and committee papers may have some hundred pages; a page fills while they are made.
LONG_JOBS = {
    Form.DOCX: "partnership.document_child:write_long_docx",
    Form.PDF: "partnership.document_child:write_long_pdf",
}
CONTENT_TYPES = {
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.PDF: "application/pdf",
}
_BEGINS = {Form.DOCX: b"PK\x03\x04", Form.PDF: b"%PDF-"}
NO_PANGO = (
    "A PDF cannot be made on this server: it lacks Pango, which draws the text. Whoever looks after the server "
    "installs it with: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
    "Until then take the Word file."
)


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3 below the title; `starts_page`: what it heads begins on a new page."""

    level: int
    text: str
    starts_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; line breaks in its text stay. `is_small`: notes and sources; `is_numbered`: it has the next number,
    counted through the whole document."""

    text: str
    is_small: bool = False
    is_numbered: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list without numbers."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what it is: date, venue, quorum. A table whose first column is its header."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table with one header row, repeated on each page. A cell is one text, its lines parted by line breaks.

    `numbers`: the columns, counted from 0, that are set to the right; `names_rows`: the first cell of a row is its
    header. Raises ValueError for a row that has another number of cells than the header.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    names_rows: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("A row has as many cells as the header.")


@dataclass(frozen=True)
class Drawing:
    """A drawing as SVG that refers to nothing outside itself, and the words for who cannot see it. A sentence and a
    table beside it must say the same."""

    svg: str
    words: str


Block = Heading | Paragraph | Bullets | Facts | Table | Drawing
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Heading, Paragraph, Bullets, Facts, Table, Drawing)}


@dataclass(frozen=True)
class Document:
    """A document: its title, whose it is, what stands at the foot of each page, and its blocks in order.

    `is_wide`: on A4 landscape, for tables of many columns.
    """

    title: str
    author: str
    blocks: tuple[Block, ...]
    foot: str = ""
    is_wide: bool = False


def table_block(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], *, names_rows: bool = False
) -> Table:
    """A table of cells that are lines of text, as TableSpec gives them for the screen."""
    cells = tuple(tuple("\n".join(lines) for lines in row) for row in rows)
    return Table(caption, tuple(header), cells, names_rows=names_rows)


# To the child and back


def payload_of(document: Document) -> bytes:
    """The document as the child reads it."""
    return json.dumps(
        {
            "title": document.title,
            "author": document.author,
            "foot": document.foot,
            "is_wide": document.is_wide,
            "blocks": [_plain(block) for block in document.blocks],
        }
    ).encode()


def read_payload(payload: bytes) -> Document:
    """The document back from its bytes, without signs that no file may hold. Raises NotAsAgreed."""
    try:
        raw = json.loads(payload)
        blocks = tuple(_block(entry) for entry in raw["blocks"])
        found = Document(_clean(raw["title"]), _clean(raw["author"]), blocks, _clean(raw["foot"]), bool(raw["is_wide"]))
    except (KeyError, TypeError, ValueError) as error:
        raise NotAsAgreed("This is no document.") from error
    cells = sum(len(b.rows) * len(b.header) for b in blocks if isinstance(b, Table))
    if len(blocks) > MOST_BLOCKS or cells > MOST_CELLS:
        raise NotAsAgreed("This document is too long.")
    return found


def checked(form: Form, answer: bytes) -> bytes:
    """The file that the child wrote. Raises NotMade with the sentence that it answered instead."""
    if answer.startswith(_BEGINS[form]):
        return answer
    raise NotMade(answer.decode("utf-8", "replace"))


def _plain(block: Block) -> dict[str, Any]:
    said = {"is": type(block).__name__} | dict(vars(block))
    return said | ({"numbers": sorted(block.numbers)} if isinstance(block, Table) else {})


def _block(raw: dict[str, Any]) -> Block:
    kind = _KINDS[raw["is"]]
    made: Block = kind(**{name: _frozen(value) for name, value in raw.items() if name not in {"is", "numbers"}})
    if isinstance(made, Table):
        return Table(made.caption, made.header, made.rows, frozenset(raw["numbers"]), bool(made.names_rows))
    if isinstance(made, Heading) and made.level not in {1, 2, 3}:
        raise ValueError("A heading has a level from 1 to 3.")
    return made


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
