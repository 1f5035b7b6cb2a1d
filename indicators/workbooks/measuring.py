"""Measures a file before it is opened as a workbook: by its real contents, block by block, keeping nothing of them."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from indicators.imports import MAX_ROWS
from indicators.typed_text import whole_number

MAX_COLUMNS = 100
MAX_CELLS = 250_000
MAX_PARTS = 500
MAX_UNPACKED = 40 * 1024 * 1024

_BLOCK = 256 * 1024
_LONGEST_TAG = 8 * _BLOCK
_OLD_EXCEL, _GZIP, _ZIP = b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PK\x03\x04"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MACROS = re.compile(r"/(vbaProject|macrosheets/|activeX/)", re.IGNORECASE)
DAMAGED = "it is damaged or incomplete. Save it again in Excel and send it anew."


class Refused(Exception):
    """The workbook cannot be taken as a whole; the message says why and what to do."""


@dataclass(frozen=True)
class Bounds:
    """What a workbook may be, and what the person is told to do about one that is not. `unpacked` in bytes."""

    unpacked: int = MAX_UNPACKED
    has_macros: bool = True  # whether there may be macros in it, which nothing reads
    anew: str = "Start from the downloaded template."
    copied: str = "Copy the figures into the downloaded template."


RETURN = Bounds()


@dataclass
class Extent:
    """How far the sheets of a workbook reach: cells with something in them, and cells altogether."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    has_uncounted: bool = False


def measured(data: bytes) -> Extent:
    """Whether the file is a workbook of a bearable size, by its real contents. Raises Refused."""
    extent = Extent()
    with opened(data) as archive:
        scan(archive, archive.infolist(), lambda _: _Counter(extent))
    _check_extent(extent)
    return extent


@contextmanager
def opened(data: bytes, bounds: Bounds = RETURN) -> Iterator[zipfile.ZipFile]:
    """The archive that a workbook is, its parts checked by what they say of themselves. Raises Refused, also for what
    turns out to be broken while it is read."""
    if data.startswith(_OLD_EXCEL) and _LOCKED in data:
        raise Refused("it is locked with a password. Take the password off in Excel, save it and send it again.")
    if data.startswith(_OLD_EXCEL):
        raise Refused("this is an Excel file of the old kind (.xls). Save it as “Excel Workbook (.xlsx)”.")
    if data.startswith(_GZIP):
        raise Refused("this is a compressed file. Unpack it, and send the workbook in it.")
    if not data.startswith(_ZIP):
        raise Refused(f"this is not an Excel workbook, whatever its name says. {bounds.anew}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive.infolist(), bounds)
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise Refused(DAMAGED) from None


def _check_parts(parts: Sequence[zipfile.ZipInfo], bounds: Bounds) -> None:
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("it is locked with a password. Take the password off, and send it again.")
    if len(parts) > MAX_PARTS:
        raise Refused(f"it has too many parts: {len(parts):,}, and {MAX_PARTS} is the most. {bounds.copied}")
    if sum(part.file_size for part in parts) > bounds.unpacked:
        raise Refused(_too_large(bounds))
    if "xl/workbook.bin" in names:
        raise Refused("this is a binary workbook (.xlsb). Save it as “Excel Workbook (.xlsx)”.")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("this is not an Excel workbook. Save the table as “Excel Workbook (.xlsx)”.")
    if len(set(names)) < len(names):
        raise Refused("it is damaged: it holds a part twice. Save it again in Excel and send it anew.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Refused(
            "it takes values from other files. In Excel choose Data, Edit Links, Break Link, save it and send it again."
        )
    if not bounds.has_macros and any(_MACROS.search(name) for name in names):
        raise Refused("it holds macros (.xlsm). Save it as “Excel Workbook (.xlsx)”, without macros.")


def _too_large(bounds: Bounds) -> str:
    return f"unpacked it is larger than {bounds.unpacked // 1024 // 1024} MB. {bounds.copied}"


def scan(
    archive: zipfile.ZipFile,
    parts: Sequence[zipfile.ZipInfo],
    reader_of: Callable[[str], "XmlReader"],
    *,
    bounds: Bounds = RETURN,
    room: int | None = None,
) -> int:
    """Unpacks parts block by block, and reads those that are XML; the number of bytes that may still come of `room`.
    Raises Refused."""
    room = bounds.unpacked if room is None else room
    for part in parts:
        reader = reader_of(part.filename) if part.filename.lower().endswith((".xml", ".rels")) else None
        with archive.open(part) as stream:
            while block := stream.read(_BLOCK):
                room -= len(block)
                if room < 0:
                    raise Refused(_too_large(bounds))
                if reader is not None:
                    reader.feed(block)
        if reader is not None:
            reader.feed(b"", is_last=True)
    return room


SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_SPACE = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT = "it is saved as “Strict Open XML”. Save it as “Excel Workbook (.xlsx)”."


class XmlReader:
    """Reads XML without keeping it, and lets no document type in. A subclass says what happens at what."""

    copied = RETURN.copied

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._fed = 0
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; `name` is "namespace tag"."""

    def _text(self, text: str) -> None:
        """Text of the element."""

    def _end(self, name: str) -> None:
        """An element ends."""

    def feed(self, block: bytes, *, is_last: bool = False) -> None:
        """The next bytes. Raises Refused."""
        self._fed += len(block)
        try:
            self._parser.Parse(block, is_last)
        except expat.ExpatError:
            raise Refused(DAMAGED) from None
        if self._fed - self._parser.CurrentByteIndex > _LONGEST_TAG:  # each block makes the parser begin it anew
            raise Refused(DAMAGED)

    def _refuse(self, *_: Any) -> None:
        raise Refused(f"it holds declarations that no workbook needs. {self.copied}")


class _Counter(XmlReader):
    """Counts the cells of sheets."""

    def __init__(self, extent: Extent) -> None:
        super().__init__()
        self._extent = extent
        self._row = self._column = 0
        self._has_formula = self._has_value = self._is_in_value = False

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if space == STRICT_SPACE:
            raise Refused(STRICT)
        if space != SPACE:
            return
        if tag == "row":
            self._row, self._column = _number(attributes.get("r")) or self._row + 1, 0
        elif tag == "c":
            self._extent.cells += 1
            self._column = column_of(attributes.get("r", "")) or self._column + 1
            self._has_formula, self._has_value = False, attributes.get("t") == "str"
        elif tag == "f":
            self._has_formula = True
        elif tag == "v":
            self._is_in_value = True
        elif tag == "is":
            self._has_value = True

    def _text(self, text: str) -> None:
        self._has_value = self._has_value or self._is_in_value

    def _end(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        self._is_in_value = False
        if tag != "c" or space != SPACE:
            return
        if self._has_formula or self._has_value:
            self._extent.last_row = max(self._extent.last_row, self._row)
            self._extent.last_column = max(self._extent.last_column, self._column)
        if self._has_formula and not self._has_value:
            self._extent.has_uncounted = True


def _number(text: str | None) -> int:
    return whole_number(text or "") or 0


def column_of(reference: str) -> int:
    """The number of a cell's column: 28 for AB12; 0 where there is none."""
    number = 0
    for letter in reference[:3].upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def _check_extent(extent: Extent) -> None:
    advice = "Delete the sheets, rows and columns that are no part of the return."
    if extent.last_row > MAX_ROWS + 1:
        raise Refused(f"a sheet reaches down to row {extent.last_row:,}; {MAX_ROWS + 1:,} is the most. {advice}")
    if extent.last_column > MAX_COLUMNS:
        raise Refused(f"a sheet is {extent.last_column:,} columns wide; {MAX_COLUMNS} is the most. {advice}")
    if extent.cells > MAX_CELLS:
        raise Refused(f"it has {extent.cells:,} cells; {MAX_CELLS:,} is the most. {advice}")
