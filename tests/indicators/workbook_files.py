"""What the tests of workbooks share: making one, changing one, and tampering with its parts."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl

from indicators import imports

HEADER = imports.header_of("return")
START = {"scorecard": "contract", "period": "2021-22-q4", "indicator": "one", "name": "Assessed in time"}


def bytes_of(book: Any) -> bytes:
    """A workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_workbook(*rows: Mapping[str, Any], title: str = "Return", header: Any = HEADER) -> bytes:
    """A plain workbook of a return: the header, and a row for each mapping (START where it does not say otherwise)."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(list(header))
    for row in rows:
        sheet.append([(START | dict(row)).get(name) for name in header])
    return bytes_of(book)


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook after something was done to its first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book.worksheets[0])
    return bytes_of(book)


def cell(name: str, row: int = 2) -> str:
    """The cell of a plain workbook's column."""
    return f"{openpyxl.utils.get_column_letter(HEADER.index(name) + 1)}{row}"


def with_part(data: bytes, name: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts replaced, changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        former = old.read(name) if name in old.namelist() else b""
        new.writestr(name, content(former) if callable(content) else content)
    return out.getvalue()
