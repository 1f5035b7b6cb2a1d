"""A return as a file: the template with what is saved so far as CSV or workbook, and the way back by a preview."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators import bounded, imports
from indicators.bounded import BoundedError
from indicators.exports import csv_response, workbook_response
from indicators.imports import FileRefused, Row
from indicators.models import Partnership, Return
from indicators.operations import CellConflict, OperationError, keep_cells
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.locks import is_locked, lock_status
from indicators.selectors.returns import Sheet, why_closed
from indicators.views import return_preview
from indicators.views.downloads import record_unapproved
from indicators.views.return_entry import address, key_of, opened_for_entry, sheet_for
from indicators.views.return_forms import UploadForm
from indicators.views.return_preview import NotCarried, ReadCell, clash_words, read_cells, saved_words
from indicators.views.return_workbook import guarded, template_json, template_rows

MOST_FINDINGS = 100
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def _file_name(row: Return, ending: str) -> str:
    return f"{row.round.scorecard.code}_{row.round.period.slug}_{row.partner.code}_return-{row.number}.{ending}"


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def template(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """The return as a CSV file to fill in, with the mark by which Excel knows UTF-8."""
    row = opened_for_entry(request, partnership, key)
    header, sheet = imports.header_of("return"), sheet_for(request, row)
    record_unapproved(request, sheet, "CSV")
    rows = (guarded(texts) for texts in template_rows(sheet))
    cells = ([texts[name] for name in header] for texts in rows)
    return csv_response(_file_name(row, "csv"), header, cells, excel=True)  # type: ignore[return-value]


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def template_workbook(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """The return as a workbook to fill in, with definitions, targets and what Excel shall check."""
    row = opened_for_entry(request, partnership, key)
    sheet = sheet_for(request, row)
    record_unapproved(request, sheet, "XLSX")
    asked = template_json(sheet, at=request.now)
    try:
        data = bounded.run(job="indicators.workbooks:write_template", payload=asked)
    except BoundedError as refusal:
        messages.warning(request, str(refusal))
        return redirect(address("return_upload", partnership.slug, row))
    return workbook_response(_file_name(row, "xlsx"), data)


def read_rows(file: UploadedFile) -> list[Row]:
    """The rows of a file: a workbook is opened by a child process, CSV here; from the rows on there is one way.

    Raises FileRefused with every finding, and BoundedError when the child has no answer.
    """
    data = file.read()
    is_workbook = (file.name or "").lower().endswith(_WORKBOOK_NAMES) or data.startswith(b"PK\x03\x04")
    if not is_workbook:
        return imports.read_csv(data, "return")
    answer = bounded.run(job="indicators.workbooks:read_return", payload=data)
    return imports.read_table(imports.table_of_workbook(answer, "return"), "return")


def _read(sheet: Sheet, file: UploadedFile) -> tuple[list[ReadCell], int]:
    """What a file says of the lines of a return, and how many rows are left empty; one list of all that is wrong."""
    try:
        rows = read_rows(file)
    except FileRefused as refused:
        return read_cells(sheet, refused.rows, refused.findings)
    return read_cells(sheet, rows)


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """Reads a return from a file and shows what it would change; a second step saves all of it, or nothing."""
    row = opened_for_entry(request, partnership, key)
    closed = why_closed(row, request.user, request.today)
    if closed:
        if not (row.is_editable and is_locked(row)):  # the page it leads to says the lock itself
            messages.warning(request, closed)
        return redirect(address("return", partnership.slug, row))
    if request.method != "POST":
        return _upload_page(request, row, UploadForm())
    sheet = sheet_for(request, row)
    if "sealed" in request.POST:
        return _confirm(request, row, sheet)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, row, form)
    try:
        found, empty = _read(sheet, form.cleaned_data["file"])
    except FileRefused as refused:
        return _upload_page(request, row, form, [str(f) for f in refused.findings])
    except BoundedError as refusal:
        form.add_error("file", str(refusal))
        return _upload_page(request, row, form)
    if not any(read.is_new for read in found):
        return _taken(request, row, 0, len(found))
    return _preview_page(request, row, sheet, found, empty)


def _confirm(request: HttpRequest, row: Return, sheet: Sheet) -> HttpResponse:
    """Saves what the preview showed: all of it, or nothing when another person changed one of the figures since."""
    form = UploadForm()
    try:
        found, empty = return_preview.unsealed(
            request.POST["sealed"], sheet, user_id=request.user.pk, path=request.path
        )
        versions = keep_cells(in_return=row, changes=[read.change() for read in found], by=request.user, at=request.now)
    except CellConflict as conflict:
        now = sheet_for(request, row)
        said = clash_words(found, conflict)
        return _preview_page(request, row, now, return_preview.on_sheet(found, now), empty, said)
    except (NotCarried, OperationError) as refusal:
        return _upload_page(request, row, form, [str(refusal)])
    changed = sum(versions[read.line.due.line.series_id] != read.line.version for read in found)
    return _taken(request, row, changed, len(found))


def _taken(request: HttpRequest, row: Return, changed: int, read: int) -> HttpResponse:
    messages.success(request, saved_words(changed, read))
    return redirect(address("return_entry", request.partnership.slug, row))


def _preview_page(
    request: HttpRequest, row: Return, sheet: Sheet, found: Sequence[ReadCell], empty: int, said: Sequence[str] = ()
) -> HttpResponse:
    context = {
        "row": row,
        "lock": lock_status(row, request.user, request.today),
        "findings": said,
        "left_out": sheet.left_out,
        "counted": return_preview.counted_words(found, empty, sheet),
        "differences": return_preview.differences(found, request.user.pk),
        "sealed": return_preview.sealed(found, empty, user_id=request.user.pk, path=request.path),
        "here": request.path,
        "key": key_of(row),
    }
    return render(request, "indicators/returns/upload_preview.html", context)


def _upload_page(request: HttpRequest, row: Return, form: UploadForm, findings: Sequence[str] = ()) -> HttpResponse:
    context = {
        "row": row,
        "lock": lock_status(row, request.user, request.today),
        "form": form,
        "findings": findings[:MOST_FINDINGS],
        "more": max(0, len(findings) - MOST_FINDINGS),
        "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        "most_rows": f"{imports.MAX_ROWS:,}",
        "here": request.path,
        "key": key_of(row),
    }
    return render(request, "indicators/returns/upload.html", context)
