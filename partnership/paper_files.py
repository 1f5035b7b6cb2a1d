"""What a file that is given as a paper is: judged by what it holds, never by its name.

Nothing of a file is opened but the list of what is in an archive; whoever reads it does so on a machine of their own.
"""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 160
_OOXML = "application/vnd.openxmlformats-officedocument."
# Ending, and the content type it is served with.
KINDS = {
    "pdf": "application/pdf",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "csv": "text/csv; charset=utf-8",
}
WHAT_IS_TAKEN = "PDF, Word (DOCX), Excel (XLSX), OpenDocument text (ODT) or CSV"
_PDF_WITHIN = 1024
_MOST_MEMBERS = 5_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class FileNotTaken(ValueError):
    """The file cannot be taken; the message is a sentence for the person."""


@dataclass(frozen=True)
class PaperFile:
    """A file that can be taken: a safe name with the ending of what it is, its type, its bytes and their SHA-256."""

    name: str
    content_type: str
    content: bytes
    sha256: str


def judged(name: str, content: bytes) -> PaperFile:
    """The file with what it is. Raises FileNotTaken for an empty or too large one, for one with macros, and for what is
    none of the kinds."""
    if not content:
        raise FileNotTaken("The file is empty. Choose another one.")
    if len(content) > MOST_BYTES:
        raise FileNotTaken(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Make it smaller, or split it.")
    kind = _kind(content)
    return PaperFile(safe_name(name, kind), KINDS[kind], content, hashlib.sha256(content).hexdigest())


def _kind(content: bytes) -> str:
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if _is_csv(content):
        return "csv"
    raise FileNotTaken(f"This is not a file that can be taken. Give a {WHAT_IS_TAKEN}.")


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members[:_MOST_MEMBERS]}
            mimetype = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, KeyError) as error:
        raise FileNotTaken("The file is damaged or locked with a password. Save it again without one.") from error
    if len(members) > _MOST_MEMBERS:
        raise FileNotTaken(f"This is not a file that can be taken. Give a {WHAT_IS_TAKEN}.")
    if any(one.lower().endswith(("vbaproject.bin", "vbadata.xml")) or one.startswith("Basic/") for one in names):
        raise FileNotTaken("The file holds macros. Save it without them.")
    if mimetype.strip() == KINDS["odt"].encode():
        return "odt"
    if "[Content_Types].xml" in names:
        for member, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx")):
            if member in names:
                return kind
    raise FileNotTaken(f"This is not a file that can be taken. Give a {WHAT_IS_TAKEN}.")


def _is_csv(content: bytes) -> bool:
    """Whether these are rows of at least two cells each, as text in UTF-8; a page or a program is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if _CONTROL.search(text) or text.lstrip().startswith(("<", "#!", "{", "%!")):
        return False
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error:
        return False
    return bool(rows) and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows)


def safe_name(name: str, kind: str) -> str:
    """A name without folders and signs that mean something elsewhere, with the ending of what the file is."""
    last = re.split(r"[\\/]", name)[-1]
    stem = last.rpartition(".")[0] or last
    kept = "".join(c if c.isalnum() or c in " -_()" else "-" for c in unicodedata.normalize("NFC", stem))
    kept = re.sub(r"\s+", " ", re.sub(r"-{2,}", "-", kept)).strip(" -")
    return f"{kept[: LONGEST_NAME - len(kind) - 1].strip(' -') or 'paper'}.{kind}"
