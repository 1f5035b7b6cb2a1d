"""Reads the lists of Annex A from CSV files, one list to a file."""

import csv
import io
from collections.abc import Iterator, Sequence

from indicators.workbooks.measuring import Refused
from referrals.annex_a.reading import Sheet
from referrals.workbooks import bounds

_SAVE = "Save it in Excel as “CSV UTF-8 (Comma delimited)”."


def sheets_of_files(files: Sequence[tuple[str, bytes]]) -> Iterator[Sheet]:
    """The rows of each file. `files`: their names and contents. Raises Refused."""
    room = bounds.MAX_ROWS
    for number, (name, data) in enumerate(files, start=1):
        where = f"file {number} of {len(files)}: " if len(files) > 1 else ""
        try:
            rows = _rows(_text(data), room)
        except Refused as refusal:
            raise Refused(f"{where}{refusal}") from None
        room -= len(rows)
        yield Sheet(name, number, rows, is_csv=True)


def _text(data: bytes) -> str:
    """The text of a file: UTF-8, or the Windows alphabet that Excel's plain CSV is in."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"it is saved as Unicode text (UTF-16). {_SAVE}")
    if data.startswith(b"PK\x03\x04"):
        raise Refused("it is no CSV file. Send one workbook, or CSV files, but not both.")
    if b"\x00" in data:
        raise Refused(f"it holds signs that no text has, so it is no CSV file. {_SAVE}")
    if len(data) > bounds.ANNEX_A.unpacked // 2:
        raise Refused("it is far larger than a list needs. Delete what is no part of the list.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused(f"it is saved in an alphabet that cannot be read. {_SAVE}") from None


def _rows(text: str, room: int) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with the number that Excel gives them."""
    if not text.strip():
        raise Refused("it is empty. Save the list again and send it anew.")
    _check_separator(text)
    csv.field_size_limit(bounds.MAX_LETTERS)
    found: list[tuple[int, list[str]]] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, line in enumerate(reader, start=1):
            if number > bounds.MAX_ROW_ELEMENTS:
                raise Refused(bounds.TOO_MANY_EMPTY_ROWS)
            row = [cell.strip() for cell in line]
            while row and not row[-1]:
                row.pop()
            cells += len(line)
            if len(row) > bounds.MAX_COLUMNS:
                raise Refused(bounds.TOO_WIDE)
            if cells > bounds.MAX_CELLS:
                raise Refused(bounds.TOO_MANY_CELLS)
            if row:
                found.append((number, row))
            if len(found) > room:
                raise Refused(bounds.TOO_MANY_ROWS)
    except csv.Error:
        raise Refused(
            f"line {reader.line_num:,} cannot be read as CSV: a quotation mark is missing or too many. {_SAVE}"
        ) from None
    return found


def _check_separator(text: str) -> None:
    """That its columns are separated by commas: by the upper lines, where the headings are."""
    upper = text[:20_000].splitlines()[:10]
    commas, others = (max(line.count(sign) for line in upper) for sign in (",", ";"))
    tabs = max(line.count("\t") for line in upper)
    if others > commas and others >= 3:
        raise Refused(f"its columns are separated by semicolons. {_SAVE}")
    if tabs > commas and tabs >= 3:
        raise Refused(f"its columns are separated by tabs. {_SAVE}")
