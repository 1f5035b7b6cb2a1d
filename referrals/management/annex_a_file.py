"""Writes a synthetic Annex A as a workbook that says so of itself. The same sheets give the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime

from referrals.annex_a.synthetic import Sheet

TITLE = "SYNTHETIC Annex A: no child in it exists"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook_of(sheets: Iterable[Sheet], reference: date) -> bytes:
    """The sheets as an XLSX file. Formulas carry no value, as in a file that was never opened in a spreadsheet."""
    import openpyxl  # type: ignore[import-untyped]
    from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        for row in sheet.rows:
            page.append(row)
    properties = book.properties
    properties.title = properties.subject = TITLE
    properties.creator, properties.keywords = "manage.py make_annex_a", "SYNTHETIC"
    properties.created = datetime(reference.year, reference.month, reference.day)  # noqa: DTZ001
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()
    return _undated(saved.getvalue(), reference)


def _undated(content: bytes, reference: date) -> bytes:
    """The same file without the moment of its making."""
    out = io.BytesIO()
    stamp = rf"\g<1>{reference.isoformat()}T00:00:00Z\g<2>".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "docProps/core.xml":
                part = _SAVED.sub(stamp, part)
            new.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
