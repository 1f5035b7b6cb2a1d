"""Reads CSV files into typed rows, or says what is wrong with each cell; knows nothing of the database.

A file is read whole or not at all: any finding refuses it. The cells of a workbook come here as text, from the child
process that opened it (`indicators.workbooks`), and go the same way from there on.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from indicators import quarters, units
from indicators.typed_text import quoted

MAX_ROWS = 5_000
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_INTEGER = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a file: row (1 is the header; 0 the file as a whole), column name, a sentence, and of a
    workbook the cell as Excel names it (D14)."""

    row: int
    column: str
    message: str
    file: str = ""
    cell: str = ""

    def __str__(self) -> str:
        where = place_words(self.row, self.column, self.cell)
        if self.file:
            where = f"{self.file}: {where[0].lower()}{where[1:]}"
        return f"{where}: {self.message}"


def place_words(row: int, column: str, cell: str = "") -> str:
    """Where something stands: "D14" in a workbook, "Row 14, column numerator" in a CSV file."""
    if cell:
        return cell
    where = f"Row {row}" if row else "The file"
    return f"{where}, column {column}" if column else where


class FileRefused(Exception):
    """The file cannot be taken; `findings` lists every reason. Nothing was written. `rows`: those without a finding,
    for whoever can find more in them."""

    def __init__(self, findings: Sequence[Finding], rows: "Sequence[Row]" = ()) -> None:
        super().__init__("; ".join(str(f) for f in findings[:5]))
        self.findings = list(findings)
        self.rows = list(rows)


@dataclass(frozen=True)
class Column:
    """One column of a layout: its header, what its cells are, and whether they may be empty."""

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    max_length: int = 4_000


Row = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """The columns of a file in order, and those that tell its rows apart."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """The rows of a file before their cells are typed: each row's number in the file, and its cells in the order of
    the layout. `letters`: of a workbook, the letter of each column; `findings`: what the reading itself found."""

    rows: Sequence[tuple[int, Sequence[str]]]
    letters: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()


def _text(*names: str, required: bool = False, max_length: int = 300) -> tuple[Column, ...]:
    return tuple(Column(name, required=required, max_length=max_length) for name in names)


def _slug(*names: str, required: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name, "slug", required=required, max_length=80) for name in names)


def _choice(name: str, *choices: str, required: bool = True) -> tuple[Column, ...]:
    return (Column(name, "choice", required=required, choices=choices),)


def _of(kind: str, *names: str, required: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, kind, required=required) for name in names)


_SOURCE = (Column("source", "text", max_length=40), Column("paragraph", max_length=300))
_FREQUENCIES = ("month", "quarter", "financial_year")
_PARTS = _of("decimal", "numerator", "denominator")

LAYOUTS: dict[str, tuple[Column, ...]] = {
    "sources": (
        *_text("code", "title", "body", required=True), *_of("date", "published_on"), *_SOURCE,
    ),
    "partners": (
        *_slug("code"), *_text("name", required=True),
        *_choice("kind", "council", "trust", "police", "health", "other"), *_of("date", "from_on", "until_on"),
        *_SOURCE,
    ),
    "successions": (
        *_slug("predecessor", "successor"), *_of("date", "effective_on", required=True),
        *_text("functions", "authority", required=True), *_SOURCE,
    ),
    "dimensions": (
        *_slug("code"), *_text("name", required=True, max_length=80),
        *_choice("kind", "partition", "overlapping", "comparison"), *_choice("is_protected", "yes", "no"), *_SOURCE,
    ),
    "categories": (
        *_slug("dimension", "code"), *_text("name", required=True, max_length=80),
        *_of("integer", "order", required=True), *_choice("is_not_stated", "yes", "no"), *_SOURCE,
    ),
    "indicators": (
        *_slug("code"), *_of("period", "valid_from", required=True), *_text("name", required=True, max_length=200),
        *_text("short_name", required=True, max_length=60), *_text("numerator", "denominator"),
        *_choice("unit", *(u.value for u in units.Unit)), *_choice("polarity", "higher", "lower", "band", "none"),
        *_choice("window", "period", "snapshot", "year_to_date", "rolling_12_months", "cohort_lagged"),
        *_choice("frequency", *_FREQUENCIES), *_choice("aggregation", "sum", "latest", "pooled_ratio", "none"),
        *_choice("counts", "children", "families", "adults", "staff", "places", "events"),
        *_of("integer", "places", required=True), *_text("source_system", "source_return", max_length=120),
        *_text("why_it_matters", max_length=500), *_text("lead_role", max_length=120), *_of("date", "review_on"),
        *_text("complement_authority"), *_SOURCE,
    ),
    "scorecards": (
        *_slug("code"), *_text("name", "authority", required=True), *_choice("frequency", *_FREQUENCIES),
        *_choice("purpose", "performance", "activity", "money"), *_choice("audience", "everyone", "board"), *_SOURCE,
    ),
    "balances": (
        *_slug("code"), *_text("name", required=True, max_length=120), *_slug("closing"),
        *_text("inflows", "outflows", required=True), *_SOURCE,
    ),
    "sums": (
        *_slug("code"), *_text("whole", required=True), *_text("parts", required=True, max_length=2_000), *_SOURCE,
    ),
    "programmes": (
        *_slug("code"), *_text("name", required=True, max_length=120), *_text("lead", max_length=160),
        *_text("purpose", required=True, max_length=600), *_text("cohort_words", "target_words", "reports"),
        *_of("date", "first_report_on"), *_text("payment_words"), *_text("indicators", max_length=1_000), *_SOURCE,
    ),
    "lines": (
        *_slug("scorecard"), *_of("integer", "order", required=True), *_of("integer", "printed_order"),
        *_slug("theme_code"),
        *_text("theme", required=True, max_length=80), *_slug("indicator"), *_text("slice"),
        *_choice("frequency", *_FREQUENCIES), *_of("period", "valid_from", required=True), *_SOURCE,
    ),
    "commentary_limits": (
        *_slug("scorecard", "indicator"), *_text("slice"), *_of("decimal", "commentary_from", required=True), *_SOURCE,
    ),
    "targets": (
        *_slug("scorecard", "indicator"), *_text("slice"), *_of("period", "valid_from", required=True),
        *_of("decimal", "target"), *_choice("tolerance_kind", "none", "absolute", "relative", "points"),
        *_of("decimal", "tolerance"), *_text("printed_target", "printed_tolerance", max_length=60),
        *_text("authority", required=True), *_text("reason"), *_SOURCE,
    ),
    "assignments": (
        *_slug("partner", "indicator"), *_text("slice"), *_of("date", "from_on", required=True),
        *_of("date", "until_on"), *_SOURCE,
    ),
    "rounds": (
        *_slug("scorecard"), *_of("period", "period", required=True), *_of("date", "due_on"), *_SOURCE,
    ),
    "figures": (
        *_slug("indicator"), *_text("slice"), *_of("period", "period", required=True),
        *_choice("basis", "derived", "stated", "stated_outcome", "missing"), *_PARTS, *_of("decimal", "value"),
        *_choice("qualifier", "<", ">", "~", required=False), *_of("decimal", "quantum"),
        *_choice("stated_met", "yes", "no", required=False),
        *_choice("missing_reason", "c", "z", "x", "low", "no_cohort", "not_yet_due", "not_reportable",
                 "narrative_only", required=False),
        *_text("not_reportable_code", max_length=25), *_text("responsible_role", max_length=120),
        *_of("date", "expected_on"), *_text("flags", max_length=9),
        *_choice("confidence", "high", "caution", "low", required=False), *_text("confidence_reason"),
        *_text("validation_task", max_length=200), *_text("source_system", max_length=120),
        *_of("date", "as_at_on", "extracted_on"),
        *_text("headline", max_length=60), *_text("commentary", max_length=4_000), *_SOURCE,
    ),
    "statements": (
        *_slug("code"), *_slug("indicator", required=False), *_text("slice"), *_of("period", "period"),
        *_choice("about", "value", "target", "tolerance", "definition", "context"),
        *_choice("kind", "quotation", "summary"), *_text("text", required=True, max_length=2_000),
        *_of("decimal", "value"), *_choice("qualifier", "<", ">", "~", required=False), *_PARTS, *_SOURCE,
    ),
    "queries": (
        *_slug("code"), *_slug("indicator", "scorecard", required=False), *_text("slice"), *_of("period", "period"),
        *_text("question", required=True, max_length=400), *_text("statements", max_length=2_000), *_SOURCE,
    ),
    "stated_summaries": (
        *_slug("scorecard"), *_of("period", "period", required=True),
        *_of("integer", "targets", "suspended", "annual", "better", "within", "outside", required=True),
        *_text("note"), *_SOURCE,
    ),
    "breaks": (
        *_slug("indicator"), *_text("slice"), *_of("date", "on", required=True),
        *_choice("precision", "day", "month", "year"), *_choice("kind", "system", "definition", "cohort"),
        *_text("explanation", required=True), *_SOURCE,
    ),
    "populations": (
        *_of("date", "on", required=True), *_of("integer", "age_from", "age_to", "persons", required=True), *_SOURCE,
    ),
    "statutory_returns": (
        *_slug("code"), *_text("name", required=True, max_length=160), *_text("asked_by", "covers", max_length=160),
        *_of("date", "opens_on", "closes_on"),
        *_choice("state", "planned", "open", "submitted", "closed", "not_stated"),
        *_text("owner_role", max_length=120), *_text("note", max_length=400), *_SOURCE,
    ),
    "data_issues": (
        *_slug("code"), *_slug("statutory_return", required=False), *_text("title", required=True, max_length=160),
        *_text("description", max_length=600), *_of("date", "found_on", "expected_on", "cleared_on"),
        *_text("how_cleared"), *_slug("partner", required=False), *_text("owner_role", max_length=120),
        *_text("indicators", max_length=2_000), *_SOURCE,
    ),
    "glossary": (
        *_text("term", required=True, max_length=60), *_text("context", max_length=80),
        *_text("expansion", required=True), *_text("meaning", max_length=1_000), *_SOURCE,
    ),
    "return": (
        *_slug("scorecard"), *_of("period", "period", required=True), *_slug("indicator"), *_text("slice", "name"),
        *_text("kind", "numerator", "denominator", "value", "not_reportable_code", "responsible_role", "expected_on",
               "flags", "confidence", "confidence_reason", "validation_task", "source_system", "as_at_on",
               "extracted_on", max_length=400),
        *_text("headline", "commentary", "keep_reason", max_length=10_000),
    ),
}  # fmt: skip

KEYS: dict[str, tuple[str, ...]] = {
    "sources": ("code",),
    "partners": ("code",),
    "successions": ("predecessor", "successor", "effective_on"),
    "dimensions": ("code",),
    "categories": ("dimension", "code"),
    "indicators": ("code", "valid_from"),
    "scorecards": ("code",),
    "balances": ("code",),
    "sums": ("code",),
    "programmes": ("code",),
    "lines": ("scorecard", "indicator", "slice"),
    "commentary_limits": ("scorecard", "indicator", "slice"),
    "targets": ("scorecard", "indicator", "slice", "valid_from"),
    "assignments": ("indicator", "slice", "from_on"),
    "rounds": ("scorecard", "period"),
    "figures": ("indicator", "slice", "period"),
    "statements": ("code",),
    "queries": ("code",),
    "stated_summaries": ("scorecard", "period", "source"),
    "breaks": ("indicator", "slice", "on", "kind"),
    "populations": ("on", "age_from", "age_to"),
    "statutory_returns": ("code",),
    "data_issues": ("code",),
    "glossary": ("term", "context"),
    "return": ("indicator", "slice"),
}


# What the workbook of a return says beside the boxes to fill in; nothing of it is read back.
RETURN_INFORMATION = ("definition", "numerator_means", "denominator_means", "unit", "target", "last_period")
RETURN_NUMBERS = ("numerator", "denominator", "value")
RETURN_DATES = ("expected_on", "as_at_on", "extracted_on")
RETURN_TEXTS = frozenset(
    {"name", "responsible_role", "confidence_reason", "validation_task", "source_system", "headline", "commentary",
     "keep_reason"}
)  # fmt: skip
RETURN_KEYS = ("scorecard", "period", "indicator", "slice", "name")


def header_of(layout: str) -> list[str]:
    """The header row of a layout."""
    return [column.name for column in LAYOUTS[layout]]


_IMAGE = "this is an image, not a table. Send the CSV file."
_NOT_TEXT = (
    (b"PK\x03\x04", "this is a workbook or a zip file, not CSV. Save it as “CSV UTF-8”."),
    (b"\xd0\xcf\x11\xe0", "this is an Excel file of the old kind, not CSV. Save the table as “CSV UTF-8”."),
    (b"\x1f\x8b", "this is a compressed file. Unpack it, and send the CSV file in it."),
    (b"MZ", "this is a program, not a table. Send the CSV file."),
    (b"%PDF", "this is a PDF, not a table. Send the CSV file."),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
)
_SURE = tuple(start for start, _ in _NOT_TEXT if start != b"MZ")  # a table may begin with these two letters
_NEVER_TYPED = bytes({*range(32), 127} - set(b"\t\n\x0b\x0c\r"))
_LOOKED_AT = 1024


def _decoded(data: bytes, file: str) -> str:
    head = data[:_LOOKED_AT]
    if b"\x00" in data or data.startswith(_SURE) or len(head.translate(None, _NEVER_TYPED)) < len(head):
        message = "this is not a text file. Save the table as “CSV UTF-8” and try again."
        message = next((words for begin, words in _NOT_TEXT if data.startswith(begin)), message)
        raise FileRefused([Finding(0, "", message, file)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "its letters are not in UTF-8. In Excel choose “CSV UTF-8 (Comma delimited)” when saving."
        raise FileRefused([Finding(0, "", message, file)]) from None


def _check_header(found: list[str], expected: list[str], file: str) -> None:
    if found == expected:
        return
    if len(found) == 1 and any(sign in found[0] for sign in (";", "\t")):
        message = "its columns are not separated by commas. In Excel choose “CSV UTF-8 (Comma delimited)” when saving."
        raise FileRefused([Finding(1, "", message, file)])
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    parts = []
    if missing:
        parts.append(f"these columns are missing: {', '.join(missing)}")
    if unknown:
        parts.append(f"these are not known: {', '.join(repr(n) for n in unknown[:10])}")
    if not parts:
        parts.append(f"the columns must stand in this order: {', '.join(expected)}")
    raise FileRefused([Finding(1, "", "; ".join(parts) + ". Start from the downloaded template.", file)])


def _layout(layout: str | Layout) -> Layout:
    return Layout(LAYOUTS[layout], KEYS[layout]) if isinstance(layout, str) else layout


def read_csv(data: bytes, layout: str | Layout, *, file: str = "") -> list[Row]:
    """The rows of a file, each cell typed as its column says, with the row's number under "row".

    `layout` is one of LAYOUTS by name, or another app's own.

    Raises FileRefused with every finding: not text, wrong headers, cells that are not what they should be, rows that
    say the same thing twice, too many rows.
    """
    return read_table(_table_of_csv(data, layout, file), layout, file=file)


def _table_of_csv(data: bytes, layout: str | Layout, file: str) -> TextTable:
    columns = _layout(layout).columns
    findings: list[Finding] = []
    rows: list[tuple[int, Sequence[str]]] = []
    try:
        reader = csv.reader(io.StringIO(_decoded(data, file), newline=""), strict=True)
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, [c.name for c in columns], file)
        filled = 0
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            filled += 1
            if filled > MAX_ROWS:
                raise FileRefused([Finding(number, "", f"a file holds {MAX_ROWS:,} rows at most. Split it.", file)])
            if len(cells) != len(columns):
                message = f"this row has {len(cells)} cells, the header has {len(columns)}."
                findings.append(Finding(number, "", message, file))
                continue
            rows.append((number, cells))
    except csv.Error as error:
        wrong = "this is not a CSV file. Save the table as “CSV UTF-8”."
        if "limit" in str(error):
            wrong = "a cell holds too much text. Shorten it."
        elif "unexpected end" in str(error):
            wrong = "a quotation mark is opened and never closed. Close it, or save the table as “CSV UTF-8” again."
        raise FileRefused([Finding(0, "", wrong, file)]) from None
    return TextTable(rows, findings=findings)


def table_of_workbook(answer: bytes, layout: str) -> TextTable:
    """The table that the child process read from a workbook (`workbooks.read_return`). Raises FileRefused when a cell,
    or the workbook as a whole, could not be read."""
    found = json.loads(answer)
    findings = [Finding(f["row"], f["column"], f["message"], cell=f["cell"]) for f in found["findings"]]
    names = header_of(layout)
    rows = [(row["row"], [row["cells"].get(name, "") for name in names]) for row in found["rows"]]
    return TextTable(rows, found["letters"], findings)


def read_table(table: TextTable, layout: str | Layout, *, file: str = "") -> list[Row]:
    """As `read_csv`, from a table that is read already. Of a workbook each row also says where its cells are."""
    columns = _layout(layout).columns
    header = [c.name for c in columns]
    findings = list(table.findings)
    rows: list[Row] = []
    for number, cells in table.rows:
        if [cell.strip() for cell in cells] == header:
            message = "this row repeats the column names. Delete it: they stand in row 1."
            findings.append(Finding(number, "", message, file, cell=_cell(table, header[0], number)))
            continue
        row = _read_row(cells, columns, number, findings, file, table)
        if table.letters:
            row["cells"] = {name: f"{letter}{number}" for name, letter in table.letters.items()}
        rows.append(row)
    wrong = {finding.row for finding in findings}
    sound = [row for row in rows if row["row"] not in wrong]
    findings += _duplicates(sound, _layout(layout).key, file)
    if findings:
        raise FileRefused(findings, sound)
    return rows


def cell_of(row: Row, column: str) -> str:
    """Where a cell of a row stands in its workbook; nothing for a row of a CSV file."""
    return str(row.get("cells", {}).get(column, ""))


def _cell(table: TextTable, column: str, row: int) -> str:
    """A cell as Excel names it; nothing for a CSV file."""
    return f"{table.letters[column]}{row}" if column in table.letters else ""


def _read_row(
    cells: Sequence[str],
    columns: Sequence[Column],
    number: int,
    findings: list[Finding],
    file: str,
    table: TextTable,
) -> Row:
    row: Row = {"row": number}
    for column, raw in zip(columns, cells, strict=True):
        text = raw.strip()
        row[column.name] = None if column.kind not in {"text", "choice"} else ""
        if not text:
            if column.required:
                place = _cell(table, column.name, number)
                findings.append(Finding(number, column.name, "this must not be empty.", file, place))
            continue
        try:
            row[column.name] = _typed(text, column)
        except ValueError as error:
            findings.append(Finding(number, column.name, str(error), file, _cell(table, column.name, number)))
    return row


def _typed(text: str, column: Column) -> str | date | Decimal | int | quarters.Period:
    match column.kind:
        case "date":
            try:
                if not _DATE.fullmatch(text):
                    raise ValueError
                return date.fromisoformat(text)
            except ValueError:
                raise ValueError(f"{quoted(text)} is not a date that exists. Write it as 2022-03-31.") from None
        case "decimal":
            return units.parse_number(text)
        case "integer":
            if not _INTEGER.fullmatch(text):
                raise ValueError(f"{quoted(text)} is not a whole number of 0 or more.")
            return int(text)
        case "period":
            return quarters.parse(text)
        case "choice":
            if text not in column.choices:
                raise ValueError(f"{quoted(text)} is not one of: {', '.join(column.choices)}.")
        case "slug":
            if not _SLUG.match(text):
                raise ValueError(f"{quoted(text)} is not a code: small letters, digits and hyphens only.")
    if len(text) > column.max_length:
        raise ValueError(f"this is {len(text):,} characters long; {column.max_length:,} is the most.")
    return text


def _duplicates(rows: Iterable[Row], key: Sequence[str], file: str) -> list[Finding]:
    seen: dict[tuple[Any, ...], int] = {}
    findings = []
    for row in rows:
        value = tuple(row[name] for name in key)
        if value in seen:
            named = ", ".join(str(getattr(v, "label", v)) for v in value if v)
            message = f"{named} stands in row {seen[value]} already. Keep one of them."
            findings.append(Finding(row["row"], key[0], message, file, cell_of(row, key[0])))
        seen.setdefault(value, row["row"])
    return findings
