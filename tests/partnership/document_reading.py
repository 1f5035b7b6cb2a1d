"""Reads documents back: a Word file as lines, a PDF by its tags, each by another library than wrote it."""

import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
import pypdf


def lines_of_word(data: bytes) -> list[str]:
    """A Word file as text: "# " for each level of a heading, "1. " for a numbered paragraph, "a | b" for a row."""
    file = docx.Document(io.BytesIO(data))
    lines, number = [], 0
    for element in file.element.body:
        if element.tag.endswith("}tbl"):
            table = docx.table.Table(element, file)
            lines += [" | ".join(" / ".join(c.text.split("\n")) for c in row.cells) for row in table.rows]
        elif element.tag.endswith("}p"):
            paragraph = docx.text.paragraph.Paragraph(element, file)
            style, text = paragraph.style.name, paragraph.text.replace("\n", " / ")
            if style.startswith("Heading") or style == "Title":
                text = f"{'#' * (1 + int(style[8:] or 0))} {text}"
            elif style == "List Number":
                number += 1
                text = f"{number}. {text}"
            elif style == "List Bullet":
                text = f"* {text}"
            lines.append(text)
    return [line for line in lines if line.strip()]


def headings_of_word(data: bytes) -> list[tuple[int, str]]:
    """The headings of a Word file with their levels, 0 for the title."""
    found = [line.partition(" ") for line in lines_of_word(data) if line.startswith("#")]
    return [(len(marks) - 1, text) for marks, _, text in found]


def drawings_of_word(data: bytes) -> int:
    """How many drawings of a Word file stand there as SVG, as points, and with words: the least of the three."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names, body = file.namelist(), file.read("word/document.xml").decode()
    kinds = [sum(name.endswith(ending) for name in names) for ending in (".svg", ".png")]
    return min(*kinds, len(re.findall(r'<wp:docPr [^>]*descr="[^"]', body)))


@dataclass
class Tag:
    """An element of the tag tree of a PDF: its kind, its attributes, and what is within."""

    kind: str
    attributes: dict[str, Any]
    words: str = ""
    within: list["Tag"] = field(default_factory=list)

    def walk(self) -> Iterator["Tag"]:
        """This element and all within, in order."""
        yield self
        for one in self.within:
            yield from one.walk()


@dataclass(frozen=True)
class ReadPdf:
    """A PDF as pypdf reads it: title, language, whether it is tagged, and its tags in order."""

    title: str
    language: str
    is_tagged: bool
    root: Tag

    def all_of(self, kind: str) -> list[Tag]:
        """Every element of a kind, in order."""
        return [one for one in self.root.walk() if one.kind == kind]


def read_pdf(data: bytes) -> ReadPdf:
    """The PDF with its tag tree."""
    file = pypdf.PdfReader(io.BytesIO(data))
    catalog = file.trailer["/Root"]
    return ReadPdf(
        title=str(file.metadata.title),
        language=str(catalog["/Lang"]),
        is_tagged=bool(catalog["/MarkInfo"]["/Marked"]),
        root=_tag(catalog["/StructTreeRoot"]),
    )


def _tag(element: Any) -> Tag:
    attributes: dict[str, Any] = dict(element.get("/A", {}) or {})
    tag = Tag(str(element.get("/S", "/Root"))[1:], attributes, str(element.get("/Alt", "")))
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, dict) and "/S" in found:
            tag.within.append(_tag(found))
    return tag


def structure_of(data: bytes) -> str:
    """The tag tree with its words in reading order, as poppler reads it."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        found = subprocess.run(["pdfinfo", "-struct-text", file.name], capture_output=True, check=True, text=True)
    return found.stdout


def headings_of_pdf(structure: str) -> list[tuple[int, str]]:
    """The headings in that order with their levels, 0 for the title."""
    found: list[tuple[int, str]] = []
    inside = 0
    for line in structure.splitlines():
        indent, said = len(line) - len(line.lstrip()), line.strip()
        if opened := re.match(r"H(\d) \(block\)", said):
            found.append((int(opened[1]) - 1, ""))
            inside = indent + 1
        elif indent < inside:
            inside = 0
        elif inside and said.startswith('"'):
            level, words = found[-1]
            more = said.strip('"').strip()
            found[-1] = (level, f"{words} {more}".strip())
    return found


def spoken(structure: str) -> str:
    """The words of a tag tree without any space, in reading order."""
    said = re.findall(r'^\s*"(.*)"$', structure, re.MULTILINE)
    return re.sub(r"\s", "", "".join(said))
