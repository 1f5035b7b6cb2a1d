"""For administrators: who can see and do what."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.tables import SpecTable
from indicators.views.lists import arranged
from indicators.views.spec_lists import finished_rows
from partnership.access_table import ACCESS_TABLE, GROUP_WORDS, ROLE_GRID, AccessRow, GridRow, Of
from partnership.forms.access import AccessFilter
from partnership.selectors.access import access_rows, role_grid, without_a_role

PER_PAGE = 50
CAPTION = "Who may do what, and where"
LOOKS = {"Yes": "yes", "Own partner": "own", "No": "no"}
GRID_CAPTION = "What each role lets somebody see and do"


def _chosen(request: HttpRequest, partnership: Partnership) -> tuple[list[AccessRow], AccessFilter, bool]:
    """The rows that the address asks for (none where it cannot be read), the filters, and whether one is set."""
    form = AccessFilter(request.GET)
    if not form.is_valid():
        return [], form, True
    return form.chosen(access_rows(partnership, request.today)), form, any(form.cleaned_data.values())


def _why_none(request: HttpRequest, partnership: Partnership, form: AccessFilter) -> list[str]:
    """Why no row is about the person that the filters name: nothing of theirs holds today."""
    asked = form.cleaned_data if form.is_valid() else {}
    if not asked.get("who") or asked["of"] == Of.ROLE:
        return []
    return without_a_role(partnership, asked["who"], request.today)


def _grid(rows: list[GridRow]) -> dict[str, Any]:
    """The grid of roles as its template takes it: headings, and under the name of each group its rows."""
    first, *roles = ROLE_GRID.on_screen
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        cells = ROLE_GRID.cells(row)
        told = {"name": cells[first.key][0], "cells": [(LOOKS[cells[c.key][0]], cells[c.key]) for c in roles]}
        groups.setdefault(GROUP_WORDS[row.group], []).append(told)
    return {"caption": GRID_CAPTION, "first": first.heading, "roles": [c.heading for c in roles], "groups": groups}


@never_cache
@require_safe
@requires(Permission.MANAGE_PEOPLE)
def access(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What each role lets somebody see and do, side by side; and every person and every role with everything that there
    is to see or do, one answer a row, filtered and paged by the address, which then shows this list alone."""
    rows, form, is_filtered = _chosen(request, partnership)
    table = SpecTable(ACCESS_TABLE, finished_rows(ACCESS_TABLE, rows), caption=CAPTION)
    arranged(request, table, per_page=PER_PAGE)
    context = {
        "grid": None if request.GET else _grid(role_grid(partnership)),
        "table": table,
        "form": form,
        "number": len(rows),
        "why_none": [] if rows else _why_none(request, partnership, form),
        "is_filtered": is_filtered,
        "query": request.GET.urlencode(),
        "crumbs": [
            {"label": "People", "url": reverse("people", args=[partnership.slug])},
            {"label": "Who can see what"},
        ],
    }
    return render(request, "partnership/access.html", context)


@never_cache
@require_safe
@requires(Permission.MANAGE_PEOPLE)
def access_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Everything that the filters of the page let through."""
    rows, form, _ = _chosen(request, partnership)
    if not form.is_valid():
        raise Http404("The address asks by a filter that is none.")
    return csv_response("who-can-see-what.csv", ACCESS_TABLE.header, ACCESS_TABLE.csv_rows(rows))


@never_cache
@require_safe
@requires(Permission.MANAGE_PEOPLE)
def access_roles_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The grid of roles as a file."""
    return csv_response(
        "who-can-see-what-by-role.csv", ROLE_GRID.header, ROLE_GRID.csv_rows(role_grid(partnership))
    )  # fmt: skip
