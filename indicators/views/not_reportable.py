"""Figures that are not reportable: since when, why, who makes them reportable and by when; and the same as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.exports import csv_response
from indicators.list_filters import NotReportableFilter
from indicators.models import Partnership
from indicators.not_reportable import NOT_REPORTABLE_TABLE, NotReportable, counted
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.not_reportable import not_reportable
from indicators.tables import SpecTable
from indicators.views.addresses import indicator_url
from indicators.views.lists import arranged
from indicators.views.spec_lists import Links, finished_rows

PER_PAGE = 50


def _chosen(
    request: HttpRequest, partnership: Partnership
) -> tuple[list[NotReportable], list[NotReportable], NotReportableFilter]:
    """Every row, those that the address asks for, and the form of filters."""
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)  # type: ignore[attr-defined]
    rows = not_reportable(partnership, today=request.today, sees_protected=sees_protected)
    form = NotReportableFilter(request.GET, rows=rows)
    values = form.cleaned_data if form.is_valid() else {}
    due = values.get("due", "")
    found = [
        row
        for row in rows
        if values.get("scorecard", "") in ("", row.scorecard_code)
        and values.get("partner", "") in ("", row.partner_code)
        and (due != "overdue" or row.is_overdue)
        and (due != "none" or row.expected_on is None)
    ]
    return rows, found, form


@requires(Permission.VIEW_APPROVED)
@require_safe
def not_reportable_page(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """How many, since when, why, who makes them reportable, by when, and whether that day has passed."""
    rows, found, form = _chosen(request, partnership)
    register = reverse("data_quality", args=[partnership.slug])

    def links(row: Any) -> Links:
        url = indicator_url(partnership.slug, row.code, row.slice, scorecard=row.scorecard_code)
        issues = {("issues", n): f"{register}?indicator={row.code}" for n in range(len(row.issues))}
        return {("name", 0): url} | issues

    table = SpecTable(
        NOT_REPORTABLE_TABLE,
        finished_rows(
            NOT_REPORTABLE_TABLE,
            found,
            links=links,
            sort_by={"name": "name", "scorecard": "scorecard_name", "since": "known_on", "issues": "issue_words"},
        ),
        caption="Figures that are not reportable",
    )
    arranged(request, table, per_page=PER_PAGE)
    context = {
        "table": table,
        "form": form,
        "all": counted(rows),
        "number": len(found),
        "is_filtered": len(found) != len(rows),
        "query": request.GET.urlencode(),
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
    }
    return render(request, "indicators/not_reportable.html", context)


@requires(Permission.EXPORT_APPROVED)
@require_safe
def not_reportable_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The rows that the page shows, with the same filters."""
    _, found, _ = _chosen(request, partnership)
    return csv_response("not-reportable.csv", NOT_REPORTABLE_TABLE.header, NOT_REPORTABLE_TABLE.csv_rows(found))
