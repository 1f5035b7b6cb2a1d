"""Writes a published table as XLSX and ODS: a sheet with the table, and one that says what its columns are.

OpenDocument is written with the standard library alone (a zip with XML in it): a table needs little of the format, and
the one library that is kept up brings a parser with it that nothing here would use.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from indicators.workbooks.library import openpyxl_
from indicators.workbooks.writing import UNSTORABLE, Tell, bytes_of, letter, put

TABLE_SHEET, COLUMNS_SHEET = "Table", "Columns"
COLUMN_HEADS = ("column", "type", "meaning")

_Cell = Decimal | date | str | None
_WIDTHS = {"number": 12, "whole": 10, "date": 14, "code": 18, "text": 30}
_COLUMN_WIDTHS = (24, 10, 90)


class _Asked:
    """What is to be written: "title", "notes" (sentences), "made_at" (ISO), "columns" [{"name", "kind", "meaning"}] and
    "rows" of cells, null where a cell is empty."""

    def __init__(self, payload: bytes) -> None:
        asked = json.loads(payload, parse_float=Decimal, parse_int=Decimal)
        self.title: str = asked["title"]
        self.notes: list[str] = asked["notes"]
        self.made_at = datetime.fromisoformat(asked["made_at"]).replace(tzinfo=None)
        self.columns: list[Mapping[str, str]] = asked["columns"]
        kinds = [column["kind"] for column in self.columns]
        self.rows = [[_read(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in asked["rows"]]
        self.about = [[column["name"], column["kind"], column["meaning"]] for column in self.columns]


def _read(cell: Any, kind: str) -> _Cell:
    if cell is None or cell == "":
        return None
    if kind == "date":
        return date.fromisoformat(cell)
    # Spreadsheets take no tab inside a cell.
    return cell if isinstance(cell, Decimal) else UNSTORABLE.sub("", str(cell)).replace("\t", " ")


def write_xlsx(payload: bytes, tell: Tell) -> bytes:
    """The table as an Excel workbook; `payload` is JSON as `_Asked` describes it."""
    from openpyxl.styles import Font  # type: ignore[import-untyped]

    asked = _Asked(payload)
    book = openpyxl_().Workbook()
    sheets = (book.active, book.create_sheet(COLUMNS_SHEET))
    sheets[0].title = TABLE_SHEET
    widths = [_WIDTHS[column["kind"]] for column in asked.columns]
    lines = [asked.title, *asked.notes]
    _fill(sheets[0], lines, [column["name"] for column in asked.columns], asked.rows, widths)
    _fill(sheets[1], [f"Columns of: {asked.title}"], COLUMN_HEADS, asked.about, _COLUMN_WIDTHS)
    for sheet in sheets:
        sheet["A1"].font = Font(bold=True, size=14)
    book.properties.title, book.properties.creator = asked.title, "Partnership performance"
    book.properties.created = book.properties.modified = asked.made_at
    return bytes_of(book, asked.made_at)


def _fill(
    sheet: Any, lines: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[_Cell]], widths: Sequence[int]
) -> None:
    """Lines of text in column A, then the heads, then the rows; the heads stay in sight."""
    from openpyxl.styles import Font

    for at, line in enumerate(lines, start=1):
        put(sheet.cell(at, 1), line)
    head_at = len(lines) + 1
    for number, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        put(sheet.cell(head_at, number), head)
        sheet.cell(head_at, number).font = Font(bold=True)
        sheet.column_dimensions[letter(number)].width = width
    for at, row in enumerate(rows, start=head_at + 1):
        for number, value in enumerate(row, start=1):
            if isinstance(value, str):
                put(sheet.cell(at, number), value)
            elif value is not None:
                sheet.cell(at, number).value = value
    sheet.freeze_panes = f"A{head_at + 1}"


# OpenDocument

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"), ("meta", "meta"), ("manifest", "manifest"),
    )
)  # fmt: skip
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STYLES = (
    '<style:style style:name="title" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<number:date-style style:name="iso"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="iso"/>'
)


def write_ods(payload: bytes, tell: Tell) -> bytes:
    """The table as an OpenDocument spreadsheet (1.3); `payload` as for `write_xlsx`."""
    asked = _Asked(payload)
    widths = [_WIDTHS[column["kind"]] for column in asked.columns]
    heads = [column["name"] for column in asked.columns]
    tables = _table(TABLE_SHEET, [asked.title, *asked.notes], heads, asked.rows, widths)
    about = [f"Columns of: {asked.title}"]
    tables += _table(COLUMNS_SHEET, about, COLUMN_HEADS, asked.about, _COLUMN_WIDTHS)
    styles = _STYLES + "".join(map(_column_style, sorted({*widths, *_COLUMN_WIDTHS})))
    content = (
        f'{_DECLARED}<office:document-content {_NAMES} office:version="1.3"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return _archive({"content.xml": content, "meta.xml": _about_file(asked), "META-INF/manifest.xml": _manifest()},
                    asked.made_at)  # fmt: skip


def _column_style(width: int) -> str:
    return (
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 2}mm"/></style:style>'
    )


def _table(
    name: str, lines: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[_Cell]], widths: Sequence[int]
) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths)
    above = [_row([_text(line, "title" if at == 0 else "")]) for at, line in enumerate(lines)]
    head = _row([_text(one, "head") for one in heads])
    body = "".join(_row(map(_cell, row)) for row in rows)
    return f"<table:table table:name={quoteattr(name)}>{columns}{''.join(above)}{head}{body}</table:table>"


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _text(text: str, style: str = "") -> str:
    styled = f' table:style-name="{style}"' if style else ""
    lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in UNSTORABLE.sub("", text).splitlines())
    return f'<table:table-cell{styled} office:value-type="string">{lines}</table:table-cell>'


def _spaced(line: str) -> str:
    """Text whose spaces stay: the format takes several for one, and none at the beginning."""
    spaced = escape(line)
    spaced = f"<text:s/>{spaced[1:]}" if spaced.startswith(" ") else spaced
    return spaced.replace("  ", " <text:s/>")


def _cell(value: _Cell) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case Decimal():
            return (
                f'<table:table-cell office:value-type="float" office:value="{value:f}"><text:p>{value:f}</text:p>'
                "</table:table-cell>"
            )
        case date():
            day = value.isoformat()
            return (
                f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{day}">'
                f"<text:p>{day}</text:p></table:table-cell>"
            )
    return _text(str(value))


def _about_file(asked: _Asked) -> str:
    return (
        f'{_DECLARED}<office:document-meta {_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{escape(asked.title)}</dc:title><dc:language>en-GB</dc:language>"
        f"<meta:creation-date>{asked.made_at.isoformat(timespec='seconds')}</meta:creation-date></office:meta>"
        "</office:document-meta>"
    )


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _MIME), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    return f'{_DECLARED}<manifest:manifest {_NAMES} manifest:version="1.3">{entries}</manifest:manifest>'


def _archive(files: Mapping[str, str], made_at: datetime) -> bytes:
    """The same bytes for the same contents; the type stands first and uncompressed, as the format asks."""
    whole, moment = io.BytesIO(), made_at.timetuple()[:6]
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", moment), _MIME, zipfile.ZIP_STORED)
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, moment), text, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
