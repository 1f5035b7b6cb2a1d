"""Indicators: the list, the page of one, its figures as a file, and the glossary."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from indicators import own_words
from indicators.committee_table import COMMITTEE_TABLE
from indicators.exports import csv_response
from indicators.figures_table import FIGURES_TABLE
from indicators.kept_forecast import Kept
from indicators.list_filters import GlossaryFilter, IndicatorFilter
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.benchmarks import IndicatorComparison, beside_indicator
from indicators.selectors.forecasts import kept_forecasts
from indicators.selectors.glossary import by_letter, glossary, matching
from indicators.selectors.indicators import IndicatorView, Listed, indicator_for, indicators_of, scorecards_in_use
from indicators.tables import IndicatorTable
from indicators.views.addresses import drawing_name, drawing_url, indicator_url
from indicators.views.indicator_authority import authority_actions
from indicators.views.indicator_benchmarks import comparison_context
from indicators.views.indicator_breakdowns import breakdown_sections
from indicators.views.indicator_page import indicator_context
from indicators.views.indicator_rows import indicator_rows
from indicators.views.lists import arranged

PAGE_SIZE = 50


@require_safe
@requires(Permission.VIEW_APPROVED)
def indicator_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The partnership's indicators, each with its latest approved figure; sorted, filtered and paged by the address."""
    form, listed = _listed(request, partnership)
    chosen = form.cleaned_data if form.is_valid() else {}
    table = IndicatorTable(indicator_rows(listed, partnership.slug))
    arranged(request, table, per_page=PAGE_SIZE)
    asked = {name: value for name, value in chosen.items() if value}
    download = reverse("indicators_csv", args=[partnership.slug]) + (f"?{urlencode(asked)}" if asked else "")
    may_export = request.access.can(Permission.EXPORT_APPROVED)  # type: ignore[attr-defined]
    context = {"table": table, "form": form, "is_filtered": bool(asked), "number": len(listed)}
    context["download"] = download if may_export else ""
    context["everything"] = reverse("all_figures", args=[partnership.slug]) if may_export else ""
    return render(request, "indicators/indicator/list.html", context)


def _listed(request: HttpRequest, partnership: Partnership) -> tuple[IndicatorFilter, list[Listed]]:
    """The indicators that pass the filters of the address."""
    form = IndicatorFilter(request.GET, scorecards=scorecards_in_use(partnership))
    chosen = form.cleaned_data if form.is_valid() else {}
    listed = indicators_of(
        partnership,
        today=request.today,
        scorecard=chosen.get("scorecard", ""),
        text=chosen.get("q", ""),
        sees_protected=request.access.can(Permission.VIEW_PROTECTED),  # type: ignore[attr-defined]
    )
    return form, listed


@require_safe
@requires(Permission.EXPORT_APPROVED)
def indicators_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The latest approved figure of each indicator that the list shows, with all columns of the committee table; one
    that has none yet is not in it."""
    _, listed = _listed(request, partnership)
    rows = (item.row for item in listed if item.row is not None)
    return csv_response("indicators_latest.csv", COMMITTEE_TABLE.header, COMMITTEE_TABLE.csv_rows(rows))


def viewed_indicator(request: HttpRequest, partnership: Partnership, code: str) -> IndicatorView:
    """The indicator on the scorecard and in the period that the address names."""
    return indicator_for(
        partnership,
        code,
        today=request.today,
        scorecard=request.GET.get("scorecard", ""),
        period=request.GET.get("period", ""),
        slice_key=request.GET.get("slice", ""),
        sees_protected=request.access.can(Permission.VIEW_PROTECTED),  # type: ignore[attr-defined]
    )


def drawn_with(
    request: HttpRequest, partnership: Partnership, view: IndicatorView
) -> tuple[IndicatorComparison | None, list[Kept]]:
    """What is drawn with an indicator's figures: the official ones that it may be held beside, and its forecasts."""
    comparison = None if view.slice else beside_indicator(partnership, view.code, by=view.period.end_on)
    return comparison, kept_forecasts(partnership, view.code, view.slice, as_at=request.today)  # type: ignore[attr-defined]


def shown_indicator(
    request: HttpRequest, partnership: Partnership, view: IndicatorView, more: Mapping[str, Any]
) -> HttpResponse:
    """One indicator: its figure in a period and why it is rated so, its trend, every figure held, its definition.

    `more` is what the page above this app adds: the packs that carried the figure.
    """
    code = view.code
    url = indicator_url(partnership.slug, code, view.slice)
    comparison, kept = drawn_with(request, partnership, view)
    context = indicator_context(
        view,
        url=url,
        entries=glossary(),
        today=request.today,
        page=request.GET.get("held", ""),
        shows_all=request.GET.get("rows") == "all",
        comparison=comparison,
        kept=kept,
    )
    context["comparison"] = comparison_context(
        comparison,
        view,
        slug=partnership.slug,
        today=request.today,
        may_export=request.access.can(Permission.EXPORT_APPROVED),  # type: ignore[attr-defined]
    )
    if request.access.can(Permission.EXPORT_APPROVED):  # type: ignore[attr-defined]
        asked = {"scorecard": view.line.scorecard.code if view.line else "", "slice": view.slice}
        query = urlencode({name: value for name, value in asked.items() if value})
        for section in context["sections"]:
            place = (code, section["kind"], view.slice)
            scorecard = view.line.scorecard.code if view.line else ""
            section["svg"] = drawing_url(partnership.slug, *place, scorecard) if section["chart"] else ""
            section["png"] = f"{drawing_name(*place)}.png"
        context["download"] = reverse("indicator_csv", args=[partnership.slug, code]) + (f"?{query}" if query else "")
    if request.access.can(Permission.MANAGE_TARGETS) and not view.slice:  # type: ignore[attr-defined]
        context["actions"] = authority_actions(view, partnership.slug)
    context["breakdowns"] = breakdown_sections(
        partnership,
        view,
        sees_protected=request.access.can(Permission.VIEW_PROTECTED),  # type: ignore[attr-defined]
    )
    return render(request, "indicators/indicator/page.html", context | dict(more))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def indicator_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """Every approved figure of an indicator, one row for each period, oldest first."""
    view = viewed_indicator(request, partnership, code)
    current = [revision for revision in reversed(view.revisions) if revision.is_current]
    return csv_response(f"{code}_figures.csv", FIGURES_TABLE.header, FIGURES_TABLE.csv_rows(current))


@require_safe
@requires(Permission.VIEW_APPROVED)
def glossary_page(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What the short forms of the reports and the words, symbols and marks of these pages mean."""
    form = GlossaryFilter(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = matching(glossary(), text)
    context = {
        "form": form,
        "text": text,
        "number": len(found),
        "letters": by_letter(found),
        "own_words": own_words.OWN_WORDS,
        "ratings": own_words.RATING_MEANINGS,
        "symbols": own_words.symbols(),
        "flags": own_words.flags(),
        "confidences": own_words.confidences(),
        "bases": own_words.bases(),
    }
    return render(request, "indicators/glossary.html", context)
