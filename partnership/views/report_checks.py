"""Report checks: what the published papers print, held against their own numbers."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.exports import csv_response
from indicators.list_filters import ReportChecksFilter
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.report_checks_table import OUTCOME_WORDS, REPORT_CHECKS_TABLE, CheckedPrint
from indicators.roles import Permission
from indicators.selectors.report_checks import ReportChecks, report_checks

PAGE_SIZE = 50


def _chosen(request: HttpRequest, found: ReportChecks) -> tuple[ReportChecksFilter, list[CheckedPrint]]:
    form = ReportChecksFilter(request.GET, reports=found.reports)
    values = form.cleaned_data if form.is_valid() else {}
    return form, found.chosen(report=values.get("report", ""), outcome=values.get("verdict", ""))


@require_safe
@requires(Permission.VIEW_APPROVED)
def report_checks_page(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every printed number that can be checked, contradictions first, both places quoted."""
    found = report_checks(partnership)
    form, rows = _chosen(request, found)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "number": len(rows),
        "total": len(found.rows),
        "rows": [{"cells": REPORT_CHECKS_TABLE.cells(row), "code": row.code, "outcome": row.outcome} for row in page],
        "counts": [
            {"words": words, "count": found.counts[code], "url": f"{request.path}?{urlencode({'verdict': code})}"}
            for code, words in OUTCOME_WORDS.items()
        ],
        "csv_url": f"{reverse('report_checks_csv', args=[partnership.slug])}?{query.urlencode()}",
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
    }
    return render(request, "partnership/report_checks.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def report_checks_csv(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The same rows as a file."""
    _, rows = _chosen(request, report_checks(partnership))
    return csv_response(  # type: ignore[return-value]
        "report-checks.csv", REPORT_CHECKS_TABLE.header, REPORT_CHECKS_TABLE.csv_rows(rows)
    )
