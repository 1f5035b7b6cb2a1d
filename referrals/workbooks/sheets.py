"""Reads the sheets of a workbook (XLSX) as text, cell by cell, in one pass that counts while it reads.

The lists of Annex A need no styles, formats, formulas or links, so nothing else of the file is looked at: numbers stay
as Excel wrote them, dates as their serial numbers. What is measured is what is read, and reading stops at a bound.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping

from indicators.workbooks.measuring import (
    DAMAGED,
    SPACE,
    STRICT,
    STRICT_SPACE,
    Refused,
    XmlReader,
    column_of,
    opened,
    scan,
)
from referrals.annex_a.reading import Sheet
from referrals.workbooks import bounds

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_ROW, _C, _V, _F, _T, _SI, _PHONETIC, _SHEET, _SETTINGS = (
    f"{SPACE} {tag}" for tag in ("row", "c", "v", "f", "t", "si", "rPh", "sheet", "workbookPr")
)
_VALUES = {_V, _T}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = {"1", "true"}

Attributes = Mapping[str, str]


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """The sheets of a workbook, one after the other. Raises Refused."""
    with opened(data, bounds.ANNEX_A) as archive:
        yield from _Workbook(archive).sheets()


class _Workbook:
    """The parts of a workbook that are read: everything before the sheets at once, then each sheet."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._room = bounds.ANNEX_A.unpacked
        self._spent = _Spent()
        self._parts = {part.filename: part for part in archive.infolist()}
        self._strings = _Strings(self._spent)
        self._book = _Book(self._spent)
        path = self._main_path()
        links = self._links(posixpath.join(posixpath.dirname(path), "_rels", f"{posixpath.basename(path)}.rels"))
        self._read([path], self._book)
        targets = {key: _resolved(path, target) for key, (target, _) in links.items()}
        self._sheets = [
            (name, targets[link])
            for name, link in self._book.sheets
            if link in targets and links[link][1].endswith("/worksheet")
        ]
        strings = [targets[key] for key, (_, kind) in links.items() if kind.endswith("/sharedStrings")]
        self._read(strings[:1], self._strings)
        read = {path, *strings, *(target for _, target in self._sheets)}
        for name in self._parts:
            if name not in read:
                self._read([name], _Guard(self._spent))

    def sheets(self) -> Iterator[Sheet]:
        """Each sheet with its rows."""
        if len(self._sheets) > bounds.MAX_SHEETS:
            raise Refused(f"it has {len(self._sheets)} sheets; {bounds.MAX_SHEETS} is the most. Delete the others.")
        if not self._sheets:
            raise Refused(DAMAGED)
        for number, (name, path) in enumerate(self._sheets, start=1):
            cells = _Cells(self._spent, self._strings.found)
            self._read([path], cells)
            unworked = {position: (times, first) for position, (times, first) in cells.unworked.items()}
            yield Sheet(name, number, cells.rows, unworked, is_1904=self._book.is_1904)

    def _main_path(self) -> str:
        links = self._links("_rels/.rels")
        found = [target for target, kind in links.values() if kind.endswith("/officeDocument")]
        return _resolved("", found[0]) if found else "xl/workbook.xml"

    def _links(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part points at: id -> (target, kind)."""
        links = _Links(self._spent)
        if path in self._parts:
            self._read([path], links)
        return links.found

    def _read(self, names: list[str], reader: XmlReader) -> None:
        parts = [self._parts[name] for name in names if name in self._parts]
        if len(parts) < len(names):
            raise Refused(DAMAGED)
        self._room = scan(self._archive, parts, lambda _: reader, bounds=bounds.ANNEX_A, room=self._room)


def _resolved(source: str, target: str) -> str:
    """The name of the part that `source` points at."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")


class _Spent:
    """What was read of the whole file so far."""

    def __init__(self) -> None:
        self.elements = self.cells = self.rows = self.filled = 0


class _Guard(XmlReader):
    """Reads a part only to see that it declares nothing and is not endless."""

    copied = bounds.ANNEX_A.copied

    def __init__(self, spent: _Spent) -> None:
        super().__init__()
        self._spent = spent

    def _start(self, name: str, attributes: Attributes) -> None:
        self._count()

    def _count(self) -> None:
        self._spent.elements += 1
        if self._spent.elements > bounds.MAX_ELEMENTS:
            raise Refused(bounds.TOO_MUCH)


class _Links(_Guard):
    """The relationships of a part."""

    def __init__(self, spent: _Spent) -> None:
        super().__init__(spent)
        self.found: dict[str, tuple[str, str]] = {}

    def _start(self, name: str, attributes: Attributes) -> None:
        self._count()
        if name == _RELATIONSHIP and attributes.get("TargetMode", "") != "External":
            self.found[attributes.get("Id", "")] = (attributes.get("Target", ""), attributes.get("Type", ""))


class _Book(_Guard):
    """The names of the sheets in their order, and from when days are counted."""

    def __init__(self, spent: _Spent) -> None:
        super().__init__(spent)
        self.sheets: list[tuple[str, str]] = []
        self.is_1904 = False

    def _start(self, name: str, attributes: Attributes) -> None:
        self._count()
        if name.startswith(STRICT_SPACE):
            raise Refused(STRICT)
        if name == _SHEET:
            self.sheets.append((attributes.get("name", ""), attributes.get(f"{_OFFICE} id", "")))
        elif name == _SETTINGS:
            self.is_1904 = attributes.get("date1904", "") in _TRUE


class _Strings(_Guard):
    """The texts that cells share."""

    def __init__(self, spent: _Spent) -> None:
        super().__init__(spent)
        self.found: list[str] = []
        self._texts: list[str] = []
        self._letters = 0
        self._is_text = self._is_phonetic = False

    def _start(self, name: str, attributes: Attributes) -> None:
        self._count()
        if name == _SI:
            self._texts, self._letters = [], 0
        elif name == _T:
            self._is_text = not self._is_phonetic
        elif name == _PHONETIC:
            self._is_phonetic = True

    def _text(self, text: str) -> None:
        if self._is_text:
            self._letters += len(text)
            if self._letters > bounds.MAX_LETTERS:
                raise Refused(bounds.TOO_LONG)
            self._texts.append(text)

    def _end(self, name: str) -> None:
        self._is_text = False
        if name == _SI:
            self.found.append(_unescaped("".join(self._texts)).strip())
            if len(self.found) > bounds.MAX_CELLS:
                raise Refused(bounds.TOO_MANY_CELLS)
        elif name == _PHONETIC:
            self._is_phonetic = False


def _unescaped(text: str) -> str:
    """A text without the signs that XML cannot hold and Excel writes as _x000D_."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if int(match[1], 16) >= 32 else " ", text)


class _Cells(_Guard):
    """The rows of a sheet that hold anything, as text."""

    def __init__(self, spent: _Spent, strings: list[str]) -> None:
        super().__init__(spent)
        self.rows: list[tuple[int, list[str]]] = []
        self.unworked: dict[int, list[int]] = {}
        self._strings = strings
        self._row = self._column = self._letters = 0
        self._cells: list[str] = []
        self._kind = ""
        self._texts: list[str] = []
        self._is_text = self._is_formula = self._is_phonetic = False
        self._columns: dict[str, int] = {}

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == _C:
            self._begin_cell(attributes)
        elif name in _VALUES:
            self._count()
            self._is_text = not self._is_phonetic
        elif name == _F:
            self._count()
            self._is_formula = True
        elif name == _ROW:
            self._begin_row(attributes)
        else:
            self._count()
            self._is_phonetic = self._is_phonetic or name == _PHONETIC

    def _begin_row(self, attributes: Attributes) -> None:
        self._spent.rows += 1
        if self._spent.rows > bounds.MAX_ROW_ELEMENTS:
            raise Refused(bounds.TOO_MANY_EMPTY_ROWS)
        number = attributes.get("r", "")
        self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else self._row + 1
        self._column = 0
        self._cells = []

    def _begin_cell(self, attributes: Attributes) -> None:
        self._spent.cells += 1
        if self._spent.cells > bounds.MAX_CELLS:
            raise Refused(bounds.TOO_MANY_CELLS)
        letters = attributes.get("r", "").rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_of(letters)
        self._column = column or self._column + 1
        self._kind = attributes.get("t", "")
        self._texts = []
        self._letters = 0
        self._is_formula = False

    def _text(self, text: str) -> None:
        if self._is_text:
            self._letters += len(text)
            if self._letters > bounds.MAX_LETTERS:
                raise Refused(bounds.TOO_LONG)
            self._texts.append(text)

    def _end(self, name: str) -> None:
        if name == _C:
            text = self._value()
            if text:
                self._keep(text)
            elif self._is_formula and self._kind != "str":
                self._note_unworked()
        elif name == _ROW:
            if self._cells:
                self._spent.filled += 1
                if self._spent.filled > bounds.MAX_ROWS:
                    raise Refused(bounds.TOO_MANY_ROWS)
                self.rows.append((self._row, self._cells))
                self._cells = []
        elif name == _PHONETIC:
            self._is_phonetic = False
        else:
            self._is_text = False

    def _value(self) -> str:
        texts = self._texts
        text = texts[0] if len(texts) == 1 else "".join(texts)
        if self._kind == "s":
            number = int(text) if text.isascii() and text.strip().isdigit() and len(text) < 12 else -1
            if not 0 <= number < len(self._strings):
                if text:
                    raise Refused(DAMAGED)
                return ""
            return self._strings[number]
        if self._kind == "b":
            return "TRUE" if text.strip() in _TRUE else "FALSE" if text.strip() else ""
        return _unescaped(text).strip()

    def _keep(self, text: str) -> None:
        position = self._column - 1
        if position >= bounds.MAX_COLUMNS:
            raise Refused(bounds.TOO_WIDE)
        cells = self._cells
        if position > len(cells):
            cells.extend([""] * (position - len(cells)))
        if position == len(cells):
            cells.append(text)
        else:
            cells[position] = text

    def _note_unworked(self) -> None:
        if self._column > bounds.MAX_COLUMNS:
            return
        found = self.unworked.setdefault(self._column - 1, [0, self._row])
        found[0] += 1
