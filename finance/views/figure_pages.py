"""The pages of figures beside the registers: benchmarks, workforce cost, and the move-on list as counts."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.figure_pages import FIGURES_TABLE, FigureLine, FigurePage
from finance.selectors.figure_pages import SectionView, figure_sections
from finance.views.files import csv_file
from finance.views.registers import download, siblings
from finance.views.tables import drawn
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import paper_of
from indicators.roles import Permission
from indicators.views.addresses import indicator_url


def _views(request: HttpRequest, partnership: Partnership, page: FigurePage) -> list[SectionView]:
    sees = request.access.can(Permission.VIEW_PROTECTED)  # type: ignore[attr-defined]
    return figure_sections(partnership, page, today=request.today, sees_protected=sees)  # type: ignore[attr-defined]


@require_safe
@requires(Permission.VIEW_APPROVED)
def figure_page(request: HttpRequest, partnership: Partnership, page: FigurePage) -> HttpResponse:
    """A page of figures: each section with what it finds, its figures, what waits, and what the papers say."""
    views = _views(request, partnership, page)
    context = {
        "page_of": page,
        "sections": [_section(view, partnership) for view in views],
        "siblings": siblings(partnership, page.code),
        "papers": _papers(views),
    }
    if any(view.rows for view in views):
        url = reverse("figure_page_csv", args=[partnership.slug, page.code])
        context["downloads"] = download(request, url, page.name)
    return render(request, "finance/figure_page.html", context)


def _section(view: SectionView, partnership: Partnership) -> dict[str, Any]:
    def links(row: FigureLine) -> dict[str, str]:
        return {"name": indicator_url(partnership.slug, row.code, row.slice, period=row.held.slug)}

    return {
        "code": view.section.code,
        "name": view.section.name,
        "note": view.section.note,
        "finding": view.finding,
        "table": drawn(FIGURES_TABLE, view.rows, caption=view.section.name, numbers={"figure"}, links=links, css="fig")
        if view.rows
        else None,
        "waiting": [{"name": name, "url": indicator_url(partnership.slug, code)} for code, name in view.waiting],
        "targets": [one for one in view.said if one.is_target],
        "said": [one for one in view.said if not one.is_target],
    }


def _papers(views: list[SectionView]) -> list[str]:
    found = [row.held.source for view in views for row in view.rows]
    found += [paper_of(one.cited) for view in views for one in view.said]
    return list(dict.fromkeys(filter(None, found)))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def figure_page_csv(request: HttpRequest, partnership: Partnership, page: FigurePage) -> StreamingHttpResponse:
    """The figures of a page as a file."""
    rows = [row for view in _views(request, partnership, page) for row in view.rows]
    return csv_file(request, f"{page.code}.csv", FIGURES_TABLE.header, FIGURES_TABLE.csv_rows(rows))
