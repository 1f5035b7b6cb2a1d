"""How fast: every clock with its limit and what measures it, how durations are spread, and what is late already."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from indicators import marks
from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.indicators import indicators_of
from indicators.views.addresses import indicator_url
from referrals.clock_table import CLOCKS_TABLE, PHASES, ClockRow, clock_rows, counted_words
from referrals.related import pathway_codes
from referrals.selectors.annex_a import visible_loads
from referrals.selectors.annex_a_standing import latest_durations
from referrals.selectors.breakdowns import area_name, breakdowns_of
from referrals.views.annex_a_rows import duration_blocks, late_rows
from referrals.views.asked import asked
from referrals.views.breakdown_sections import breakdown_section
from referrals.views.cells import cells

DURATIONS = ("duration", "duration-days")


def _rows(request: HttpRequest, partnership: Partnership) -> list[ClockRow]:
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)  # type: ignore[attr-defined]
    today = request.today  # type: ignore[attr-defined]
    listed = indicators_of(partnership, today=today, sees_protected=sees_protected)
    return clock_rows({one.code: one.row for one in listed if one.row is not None}, today)


@require_safe
@requires(Permission.VIEW_APPROVED)
def timeliness(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every clock of the pathway, and the distributions that are held."""
    rows, found = _rows(request, partnership), asked(request, partnership)
    parts = (
        breakdowns_of(found.book, sorted(pathway_codes()), found.period, area_name(partnership), DURATIONS)
        if found.period
        else []
    )
    context: dict[str, Any] = {
        "form": found.form,
        "period": found.period,
        "query": found.query,
        "heading": counted_words(rows),
        "phases": [
            {"name": name, "rows": [_row(row, partnership.slug) for row in rows if row.phase == name]}
            for name in PHASES
        ],
        "breakdowns": [breakdown_section(one, partnership.slug) for one in parts],
    }
    if request.access.can(Permission.VIEW_RETURNS):  # type: ignore[attr-defined]
        context |= _annex_a(request, partnership)
    if request.access.can(Permission.EXPORT_APPROVED):  # type: ignore[attr-defined]
        url = reverse("front_door_clocks_csv", args=[partnership.slug])
        context["downloads"] = [{"label": "Clocks (CSV)", "url": url, "words": "comma-separated values"}]
    return render(request, "referrals/timeliness.html", context)


def _annex_a(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """Durations and late cases of the latest period, each from the latest file that holds it, for who reads returns
    before they are approved."""
    visible = visible_loads(partnership, request.access)  # type: ignore[attr-defined]
    load = visible.order_by("-period__end_on", "-pk").first()
    if load is None:
        return {"reads_returns": True}
    durations, late = latest_durations(load)
    return {
        "reads_returns": True, "load": load, "durations": duration_blocks(load, durations), "late": late_rows(late),
    }  # fmt: skip


def _row(row: ClockRow, partnership: str) -> dict[str, Any]:
    lines = CLOCKS_TABLE.cells(row)
    measured: dict[str, Any] = {}
    if row.measured is not None and row.measured.held is not None:
        line = row.measured.line
        name, figure, *counts, rating, period = lines["measured"]
        tag = marks.rating_tag(row.measured.judgement.rating.value, rating)
        measured = {
            "name": name,
            "url": indicator_url(partnership, line.code, line.slice, period=row.measured.period),
            "figure": figure,
            "counts": counts,
            "tag": mark_safe(tag),  # noqa: S308
            "period": period,
        }
    return {
        "cells": cells(lines, plain={"note"}),
        "measured": measured,
        "css": "" if row.is_in_force else "is-past",
    }


@require_safe
@requires(Permission.EXPORT_APPROVED)
def clocks_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The table of clocks as a file."""
    return csv_response("clocks.csv", CLOCKS_TABLE.header, CLOCKS_TABLE.csv_rows(_rows(request, partnership)))
