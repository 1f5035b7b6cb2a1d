"""Writes tables as CSV (RFC 4180, UTF-8) and describes them (CSVW); never computes and never reads the database."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse

from indicators.table_spec import Kind, TableSpec, neutralised

__all__ = [
    "blocks_response",
    "csv_response",
    "csvw_metadata",
    "csvw_response",
    "file_name",
    "neutralised",
    "workbook_response",
]

_CSVW_TYPES = {
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.NUMBER: "decimal",
    Kind.WHOLE: "integer",
    Kind.DATE: "date",
}


class _Echo:
    """A file that gives back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def file_name(scorecard: str, period: str, as_at: date, *, is_filtered: bool = False) -> str:
    """The name, without its ending, of a scorecard's file as it was known on a day, and whether rows are left out:
    contract_2021-22-q4_as-at-2022-07-07. What a meeting was told has a name of its own, with as-reported in it."""
    return f"{scorecard}_{period}_as-at-{as_at.isoformat()}{'_filtered' if is_filtered else ''}"


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False
) -> StreamingHttpResponse:
    """A CSV file, streamed row by row. `excel` puts the byte-order mark before it that Excel needs for UTF-8."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")

    def lines() -> Iterator[str]:
        if excel:
            yield "\ufeff"
        yield writer.writerow(header)  # type: ignore[misc]
        for row in rows:
            yield writer.writerow(row)  # type: ignore[misc]

    return blocks_response(filename, lines())


def blocks_response(filename: str, blocks: Iterable[str | bytes]) -> StreamingHttpResponse:
    """A CSV file whose text comes in finished blocks, streamed."""
    response = StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def workbook_response(filename: str, data: bytes) -> HttpResponse:
    """A finished workbook (XLSX) as a file to download."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def csvw_metadata(spec: TableSpec[Any], *, csv_name: str, title: str, source: str) -> dict[str, Any]:
    """What each column of a CSV file is, as W3C "CSV on the Web" metadata."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": csv_name,
        "dc:title": title,
        "dc:source": source,
        "dc:license": {"@id": settings.DATA_LICENCE_URL},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": field.name,
                    "titles": field.name,
                    "dc:description": field.meaning,
                    "datatype": _CSVW_TYPES[field.kind],
                    "null": [""],
                }
                for field in spec.fields
            ]
        },
    }


def csvw_response(filename: str, metadata: dict[str, Any]) -> HttpResponse:
    """The metadata as a file to download."""
    body = json.dumps(metadata, indent=2, ensure_ascii=False)
    response = HttpResponse(body, content_type="application/csvm+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
