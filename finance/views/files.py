"""Tables as files: CSV, and the same with the mark by which Excel knows UTF-8."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, StreamingHttpResponse

from indicators.exports import csv_response
from indicators.roles import Permission

_FOR_EXCEL = "excel=1"


def csv_file(
    request: HttpRequest, filename: str, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """A table as a CSV file; with the byte-order mark, and named so, where the address asks for Excel."""
    excel = request.GET.get("excel") == "1"
    name = f"{filename.removesuffix('.csv')}.excel.csv" if excel else filename
    return csv_response(name, header, rows, excel=excel)


def file_link(label: str, url: str, words: str) -> dict[str, str]:
    """A link of a list of downloads, with the address of the same file for Excel."""
    excel = f"{url}{'&' if '?' in url else '?'}{_FOR_EXCEL}"
    return {"label": label, "url": url, "words": words, "excel": excel, "what": words or label.removesuffix(" (CSV)")}


def csv_link(label: str, url: str) -> dict[str, str]:
    """The link to one of several tables of a page, by its name."""
    return file_link(f"{label} (CSV)", url, f"{label.lower()} as comma-separated values")


def download(request: HttpRequest, url: str, what: str) -> list[dict[str, str]]:
    """The link to the same table as a file, for who may download; none for others."""
    if not request.access.can(Permission.EXPORT_APPROVED):  # type: ignore[attr-defined]
        return []
    return [file_link("CSV", url, f"{what} as comma-separated values")]
