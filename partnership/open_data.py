"""The files of a published table: their forms and names, and what is written beside the figures in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from indicators.as_at import london_day
from indicators.exact_json import exact_json
from indicators.published_table import canonical_json
from indicators.table_spec import TableSpec
from indicators.working_days import day_words


class Form(StrEnum):
    """A form of a table's file, as its name ends."""

    CSV = "csv"
    CSVW = "csv-metadata.json"
    JSON = "json"
    ODS = "ods"
    XLSX = "xlsx"
    EES = "ees.csv"
    EES_META = "ees.meta.csv"


CONTENT_TYPES: Mapping[Form, str] = {
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.CSVW: "application/csvm+json",
    Form.JSON: "application/json",
    Form.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.EES: "text/csv; charset=utf-8; header=present",
    Form.EES_META: "text/csv; charset=utf-8; header=present",
}
FORM_WORDS: Mapping[Form, str] = {
    Form.CSV: "CSV",
    Form.CSVW: "CSVW metadata",
    Form.JSON: "JSON",
    Form.ODS: "ODS",
    Form.XLSX: "Excel (XLSX)",
    Form.EES: "CSV in the DfE’s layout",
    Form.EES_META: "Metadata in the DfE’s layout",
}
# Written by a bounded child, and given out so often only.
MADE: Mapping[Form, str] = {Form.ODS: "indicators.workbooks:write_ods", Form.XLSX: "indicators.workbooks:write_xlsx"}
OF_EES = (Form.EES, Form.EES_META)


@dataclass(frozen=True)
class About:
    """What is said of a table beside its figures."""

    partnership: str
    authority: str
    pack: str
    table: str
    title: str
    body: str
    meeting_on: date
    published_at: datetime
    licence: str
    licence_url: str
    protection: str = ""

    @property
    def source(self) -> str:
        """Who says it, to whom and when."""
        return f"{self.authority}: {self.title}, as reported to {self.body} on {day_words(self.meeting_on)}"

    @property
    def attribution(self) -> str:
        """What who uses it again has to write."""
        return f"{self.source}. Licensed under the {self.licence}."

    @property
    def notes(self) -> list[str]:
        """The lines above a table in a spreadsheet."""
        return [
            f"Source: {self.source}",
            f"Published: {day_words(london_day(self.published_at))}",
            f"Licence: {self.licence}, {self.licence_url}",
            *([self.protection] if self.protection else []),
            "Where there is no number the column “symbol” says why; the sheet “Columns” says what each column is.",
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """The same as data."""
        return {
            "title": self.title,
            "partnership": self.partnership,
            "authority": self.authority,
            "pack": self.pack,
            "table": self.table,
            "body": self.body,
            "meeting_on": self.meeting_on.isoformat(),
            "published_at": self.published_at.isoformat(),
            "licence": self.licence,
            "licence_url": self.licence_url,
            "source": self.source,
        } | ({"protection": self.protection} if self.protection else {})


def file_name(about: About, form: Form) -> str:
    """What a file is called when it is saved: contract-2021-22-q4_as-reported-2022-07-07.csv."""
    return f"{about.table}_as-reported-{about.meeting_on.isoformat()}.{form.value}"


def _columns(spec: TableSpec[Any]) -> list[dict[str, str]]:
    return [{"name": f.name, "kind": f.kind.value, "meaning": f.meaning} for f in spec.fields]


def table_json(about: About, spec: TableSpec[Any], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A table as JSON: what is said of it, its columns, and its rows by column; numbers exact, null where none is."""
    names = [field.name for field in spec.fields]
    body = about.facts | {"columns": _columns(spec), "rows": [{name: row[name] for name in names} for row in rows]}
    return exact_json(body).encode()


def workbook_payload(about: About, spec: TableSpec[Any], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """What the child that writes a spreadsheet is given."""
    names = [field.name for field in spec.fields]
    payload = {
        "title": about.title,
        "notes": about.notes,
        "made_at": about.published_at.isoformat(),
        "columns": _columns(spec),
        "rows": [[row[name] for name in names] for row in rows],
    }
    return exact_json(payload).encode()


def public_manifest(facts: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]) -> bytes:
    """What the archive of a pack says of itself: no name of a person and no reason, unlike the pack's own manifest."""
    return canonical_json({**facts, "tables": list(tables)})


def checksums(hashes: Iterable[tuple[str, str]]) -> bytes:
    """SHA256SUMS, as `sha256sum --check` reads it: pairs of a hash and a file's name."""
    return "".join(f"{digest}  {name}\n" for digest, name in hashes).encode()
