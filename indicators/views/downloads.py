"""Puts on record that figures which nobody has approved leave the service in a file."""

from django.http import HttpRequest

from indicators.operations.access import record_download
from indicators.selectors.returns import Sheet, SheetLine


def is_unapproved(line: SheetLine) -> bool:
    """Whether what is saved for the line now is something else than its approved figure."""
    return line.draft is not None or (line.working is not None and line.working != line.approved)


def record_unapproved(request: HttpRequest, sheet: Sheet, form: str) -> None:
    """Records the download of a return's file in that form ("CSV", "XLSX") if it holds a figure that is not approved;
    call it before the file is made."""
    number = sum(is_unapproved(line) for line in sheet.lines)
    if not number:
        return
    row = sheet.row
    place = "/".join(
        (
            row.partner.partnership.slug,
            row.round.scorecard.code,
            row.round.period.slug,
            row.partner.code,
            str(row.number),
        )
    )
    figures = "1 figure" if number == 1 else f"{number} figures"
    record_download(
        partnership=request.partnership,
        what=f"Return {place} as {form}, with {figures} that are not approved",
        by=request.user,
        at=request.now,
        request_id=request.request_id,
    )
