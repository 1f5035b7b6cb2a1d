"""A return as a CSV file: the template with what is saved so far, and the way back."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators import entry, imports
from indicators.entry import FIELDS
from indicators.exports import csv_response
from indicators.imports import FileRefused, Finding
from indicators.models import Partnership
from indicators.operations import CellChange, CellConflict, OperationError, keep_cells
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.returns import Sheet, SheetLine, sheet_of, why_closed
from indicators.table_spec import neutralised
from indicators.views.entry_rows import value_words
from indicators.views.return_entry import address, opened
from indicators.views.return_forms import UploadForm

_TEXTS = frozenset(
    {"name", "responsible_role", "confidence_reason", "validation_task", "source_system", "headline", "commentary",
     "keep_reason"}
)  # fmt: skip
MOST_FINDINGS = 100


def template_rows(sheet: Sheet) -> Iterator[list[str]]:
    """One row a line: codes and name, and what is saved so far as it would be typed."""
    scorecard, period = sheet.row.round.scorecard.code, sheet.row.round.period.slug
    for line in sheet.lines:
        series = line.due.line.series
        texts = entry.texts_of(line.cell, line.unit, plain=True)
        if line.cell.is_empty:
            texts["kind"] = ""
        cells = {
            "scorecard": scorecard,
            "period": period,
            "indicator": series.indicator.code,
            "slice": series.slice.key,
            "name": line.due.version.short_name,
        } | texts
        yield [neutralised(cells[n]) if n in _TEXTS else cells[n] for n in imports.header_of("return")]


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def template(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """The return as a CSV file to fill in, with the mark by which Excel knows UTF-8."""
    row = opened(request, partnership, key, Permission.ENTER_FIGURES)
    name = f"{row.round.scorecard.code}_{row.round.period.slug}_{row.partner.code}_return-{row.number}.csv"
    sheet = sheet_of(row)
    return csv_response(name, imports.header_of("return"), template_rows(sheet), excel=True)  # type: ignore[return-value]


def read_upload(sheet: Sheet, data: bytes, bases: dict[int, str]) -> list[tuple[SheetLine, CellChange, int]]:
    """The cells of a file that fill lines of this return, each with its row's number; empty rows are passed over.

    Raises FileRefused with every finding.
    """
    rows = imports.read_csv(data, "return")
    lines = {(li.due.line.series.indicator.code, li.due.line.series.slice.key): li for li in sheet.lines}
    scorecard, period = sheet.row.round.scorecard.code, sheet.row.round.period
    findings: list[Finding] = []
    found = []
    for row in rows:
        number = row["row"]
        line = lines.get((row["indicator"], row["slice"]))
        if row["scorecard"] != scorecard:
            message = f"this row is for the scorecard “{row['scorecard']}”, the return for “{scorecard}”."
            findings.append(Finding(number, "scorecard", message))
        elif row["period"].slug != period.slug:
            message = f"this row is for {row['period'].label}, the return for {period.label}."
            findings.append(Finding(number, "period", message))
        elif line is None:
            findings.append(Finding(number, "indicator", f"“{row['indicator']}” is not on this return."))
        else:
            texts = {n: entry.unguarded(row[n]) if n in _TEXTS else row[n] for n in FIELDS}
            reading = entry.read_cell(texts, unit=line.unit)
            findings += [Finding(number, p.field, p.message) for p in reading.problems]
            if reading.cell is not None and not reading.cell.is_empty:
                base = bases.get(line.due.line.pk, "")
                found.append((line, CellChange(line.due.line.series, reading.cell, base), number))
    if not rows:
        findings.append(Finding(0, "", "it holds no rows. Fill in the downloaded template."))
    if findings:
        raise FileRefused(findings)
    return found


def _bases(text: str) -> dict[int, str]:
    """The versions of the cells when the upload page was opened, from the form's hidden box."""
    pairs = (part.partition(":") for part in text.split())
    return {int(pk): version for pk, _, version in pairs if pk.isdecimal()}


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """Reads a return from a CSV file: every cell is saved as a draft, or nothing is and each finding is listed."""
    row = opened(request, partnership, key, Permission.ENTER_FIGURES)
    closed = why_closed(row)
    if closed:
        messages.warning(request, closed)
        return redirect(address("return", partnership.slug, row))
    sheet = sheet_of(row)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    findings: Sequence[str] = ()
    if request.method == "POST" and form.is_valid():
        try:
            found = read_upload(sheet, form.cleaned_data["file"].read(), _bases(request.POST.get("bases", "")))
            versions = keep_cells(
                in_return=row, changes=[change for _, change, _ in found], by=request.user, at=request.now
            )
        except FileRefused as refused:
            findings = [str(f) for f in refused.findings]
        except CellConflict as conflict:
            findings = _clash_words(found, conflict)
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            changed = sum(versions[c.series.pk] != line.version for line, c, _ in found)
            messages.success(request, _told(changed, len(found)))
            return redirect(address("return_entry", partnership.slug, row))
    context = {
        "row": row,
        "form": form,
        "findings": findings[:MOST_FINDINGS],
        "more": max(0, len(findings) - MOST_FINDINGS),
        "bases": " ".join(f"{pk}:{line.version}" for pk, line in sheet_of(row).by_pk.items()),
        "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        "most_rows": imports.MAX_ROWS,
        "here": request.path,
        "key": [row.round.scorecard.code, row.round.period.slug, row.partner.code, row.number],
    }
    return render(request, "indicators/returns/upload.html", context)


def _told(changed: int, read: int) -> str:
    if not changed:
        return "The file was read. It says what is saved already, so nothing changed."
    some = "1 figure" if changed == 1 else f"{changed} figures"
    return f"The file was read: {some} of {read} changed and saved. Nothing is submitted yet."


def _clash_words(found: Sequence[tuple[SheetLine, CellChange, int]], conflict: CellConflict) -> list[str]:
    """What another person saved after the page was opened, beside what the file says."""
    by_series = {c.series.pk: (line, number) for line, c, number in found}
    said = []
    for clash in conflict.clashes:
        line, number = by_series[clash.series_id]
        places = line.due.version.places
        theirs, mine = (value_words(c.measured(), line.unit, places) for c in (clash.theirs, clash.yours))
        name = line.due.version.short_name
        said.append(
            f"Row {number}, {name}: {clash.their_name} has saved this figure since you opened this page "
            f"({theirs}; the file says {mine})."
        )
    return [*said, "Look at what was saved; to put the file’s figures in its place, choose the file again."]
