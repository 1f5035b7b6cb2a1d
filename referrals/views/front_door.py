"""The front door in a period: what changed, the stages, the steps and the rates between them, and the same as files."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.table_spec import TableSpec
from referrals.charts import can_be_drawn, flow_figure
from referrals.pathway import Flows
from referrals.rate_table import RATES_TABLE, RateRow, rates_heading
from referrals.selectors.front_door import Pathway, papers, pathway_in
from referrals.stage_table import NOT_COUNTED, STAGES_TABLE, StageRow, in_phases
from referrals.step_table import DRAWN, FLOWS_TABLE, UNREPORTED, FlowRow, flow_heading, flow_rows, flow_sentence
from referrals.views.asked import Asked, asked, figure_url
from referrals.views.cells import cells
from referrals.views.later import later_words

_SAID = frozenset({"to", "note", "kind", "said"})
# What a phone leaves out: there is nothing to count.
_NONE = frozenset({NOT_COUNTED, "No stock"})
FILES = (("stages", "Stages"), ("steps", "Steps"), ("rates", "Rates"))


@require_safe
@requires(Permission.VIEW_APPROVED)
def front_door(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The pathway of a month, quarter or year."""
    found = asked(request, partnership)
    context: dict[str, Any] = {"form": found.form, "period": found.period}
    if found.period is not None:
        view = pathway_in(found.book, found.period)
        context |= _context(partnership, found, view)
        shown = [(found.period.end_on, source) for source in view.sources]
        context["later"] = later_words(shown, request.today)  # type: ignore[attr-defined]
        if request.access.can(Permission.EXPORT_APPROVED):  # type: ignore[attr-defined]
            context["downloads"] = _downloads(partnership, found)
    return render(request, "referrals/front_door.html", context)


def _context(partnership: Partnership, found: Asked, view: Pathway) -> dict[str, Any]:
    slug = view.period.slug
    steps = flow_rows(view.flows, slug)
    reported = [row for row in steps if row.state != UNREPORTED]
    return {
        "view": view,
        "query": found.query,
        "stock_said": view.stock.sentence(),
        "phases": [
            {"name": name, "rows": [_stage(partnership, row, found) for row in rows]}
            for name, rows in in_phases(view.rows)
        ],
        "queries": _queries(partnership, found, view),
        "flow_heading": flow_heading(view.flows),
        "flow_sentence": flow_sentence(view.flows) if view.flows.drawn else "",
        "chart": flow_figure(view.flows) if can_be_drawn(view.flows) else None,
        "chart_label": _label(view.flows, view.period.label),
        "steps": [_step(partnership, row, found) for row in reported],
        "unreported": [cells(FLOWS_TABLE.cells(row), plain=_SAID) for row in steps if row.state == UNREPORTED],
        "contradictions": view.flows.contradictions,
        "rates_heading": rates_heading(view.rates),
        "rates": [_rate(row) for row in view.rates],
        "papers": papers(view.sources),
    }


def _stage(partnership: Partnership, row: StageRow, found: Asked) -> dict[str, Any]:
    slug = row.period
    own = {"in": row.inflow, "stock": row.stock, "out": row.outflow}
    urls = {
        key: figure_url(partnership.slug, found.book, x.line.code, "", slug)
        for key, x in own.items()
        if x is not None and x.number is not None
    }
    found_cells = STAGES_TABLE.cells(row)
    address = reverse("front_door_stage", args=[partnership.slug, row.stage.code]) + found.query
    return {
        "cells": cells(found_cells, urls | {"stage": address}),
        "none": {key: " none" if lines[0] in _NONE else "" for key, lines in found_cells.items()},
        "css": "" if row.has_number else "is-empty",
    }


def _queries(partnership: Partnership, found: Asked, view: Pathway) -> list[dict[str, str]]:
    """The open queries of the stages' figures, each once."""
    rows = {x.line.code: x for row in view.rows for x in (row.inflow, row.stock, row.outflow) if x is not None}
    return [
        {
            "name": row.line.name,
            "url": figure_url(partnership.slug, found.book, code, "", view.period.slug),
            "question": question,
        }
        for code, row in rows.items()
        for question in row.queries
    ]


def _step(partnership: Partnership, row: FlowRow, found: Asked) -> dict[str, Any]:
    code, _, key = row.figure.partition("/")
    url = figure_url(partnership.slug, found.book, code, key, row.period)
    return {
        "cells": cells(FLOWS_TABLE.cells(row), {"number": url}, _SAID),
        "css": "" if row.state == DRAWN else "is-part",
    }


def _rate(row: RateRow) -> dict[str, Any]:
    return {"cells": cells(RATES_TABLE.cells(row), plain=_SAID)}


def _label(flows: Flows, period: str) -> str:
    return f"Steps between stages in {period}: {len(flows.drawn)} bands. Every one of them is in the table below."


def _downloads(partnership: Partnership, found: Asked) -> list[dict[str, str]]:
    return [
        {
            "label": f"{label} (CSV)",
            "url": reverse(f"front_door_{name}_csv", args=[partnership.slug]) + found.query,
            "words": f"{label.lower()} of the front door as comma-separated values",
        }
        for name, label in FILES
    ]


def _file(
    request: HttpRequest, partnership: Partnership, spec: TableSpec[Any], name: str
) -> StreamingHttpResponse:  # fmt: skip
    found = asked(request, partnership)
    view = pathway_in(found.book, found.period) if found.period else None
    rows: list[Any] = []
    if view is not None:
        rows = {
            "stages": [row for _, group in in_phases(view.rows) for row in group],
            "steps": flow_rows(view.flows, view.period.slug),
            "rates": list(view.rates),
        }[name]
    slug = f"_{found.period.slug}" if found.period else ""
    return csv_response(f"front-door-{name}{slug}.csv", spec.header, spec.csv_rows(rows))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def stages_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The table of stages as a file."""
    return _file(request, partnership, STAGES_TABLE, "stages")


@require_safe
@requires(Permission.EXPORT_APPROVED)
def steps_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Every step between stages as a file, those that nobody reports too."""
    return _file(request, partnership, FLOWS_TABLE, "steps")


@require_safe
@requires(Permission.EXPORT_APPROVED)
def rates_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The rates between stages as a file."""
    return _file(request, partnership, RATES_TABLE, "rates")
