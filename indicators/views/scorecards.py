"""Scorecards: the list, the page, and its files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from indicators.cells import counted_words, themes_of
from indicators.committee_table import COMMITTEE_TABLE
from indicators.exports import csv_response, csvw_metadata, csvw_response, file_name
from indicators.forms import ScorecardFilter
from indicators.models import Partnership, Period, Scorecard
from indicators.permissions import requires
from indicators.rag import RATING_ORDER, Rating
from indicators.roles import Permission
from indicators.scorecard import ScorecardRow, chosen, worst_first
from indicators.selectors.scorecards import ScorecardView, reported_periods, scorecard_for, scorecards_of


@requires(Permission.VIEW_APPROVED)
def scorecard_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The partnership's scorecards, each with the periods that have been reported."""
    items = [
        {"name": s.name, "authority": s.authority, "code": s.code, "periods": periods}
        for s, periods in scorecards_of(partnership)
    ]
    return render(request, "indicators/scorecards.html", {"items": items})


def _opened(
    request: HttpRequest, partnership: Partnership, code: str
) -> tuple[Scorecard, list[Period], ScorecardView | None]:
    """The scorecard in the period that the address names, else in the latest reported one."""
    scorecard = get_object_or_404(Scorecard, partnership=partnership, code=code)
    periods = reported_periods(scorecard)
    wanted = request.GET.get("period", "")
    period = next((p for p in periods if p.slug == wanted), None)
    if wanted and period is None:
        raise Http404(f"No return of {scorecard} has been approved for this period.")
    period = period or (periods[0] if periods else None)
    return scorecard, periods, scorecard_for(scorecard, period) if period else None


def _filtered(view: ScorecardView, form: ScorecardFilter) -> list[ScorecardRow]:
    values = form.cleaned_data if form.is_valid() else {}
    rows = chosen(
        view.rows,
        theme=values.get("theme", ""),
        rating=values.get("rating", ""),
        partner=values.get("partner", ""),
        text=values.get("q", ""),
    )
    return worst_first(rows) if values.get("order") == "worst" else rows


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@requires(Permission.VIEW_APPROVED)
def scorecard_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A scorecard in a period: every indicator against target and tolerance, by theme or worst first."""
    scorecard, periods, view = _opened(request, partnership, code)
    if view is None:
        return render(request, "indicators/scorecard_empty.html", {"scorecard": scorecard})
    form = ScorecardFilter(request.GET, view=view, periods=periods)
    rows = _filtered(view, form)
    worst = request.GET.get("order") == "worst"
    urls = {r.line.code: reverse("indicator", args=[partnership.slug, r.line.code]) for r in rows}
    urls = {k: f"{u}?scorecard={scorecard.code}&period={view.period.slug}" for k, u in urls.items()}
    context = {
        "scorecard": scorecard,
        "view": view,
        "form": form,
        "themes": themes_of(rows, urls=urls, by_theme=not worst),
        "shown": len(rows),
        "counts": _counts(request, view),
        "order_links": [
            {"url": _with(request, order="" if worst else "worst"),
             "words": "Show by theme" if worst else "Show worst first"}
        ],
        "downloads": _downloads(request, partnership, scorecard, view),
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
        "partners": sorted({r.line.partner for r in view.rows if r.line.partner}),
        "has_entered": any(r.held and not r.held.is_paper for r in view.rows),
        "filtered": len(rows) != view.headline.total,
    }  # fmt: skip
    return render(request, "indicators/scorecard.html", context)


def _counts(request: HttpRequest, view: ScorecardView) -> list[dict[str, Any]]:
    current = request.GET.get("rating", "")
    items = []
    for rating in RATING_ORDER:
        caution = view.headline.with_caution[rating]
        note = f" ({caution} with caution)" if caution and rating is not Rating.NOT_JUDGED else ""
        items.append(
            {
                "code": rating.value,
                "count": view.headline.by_rating[rating],
                "words": counted_words(rating) + note,
                "url": _with(request, rating="" if current == rating.value else rating.value),
                "current": current == rating.value,
            }
        )
    return items


def _downloads(
    request: HttpRequest, partnership: Partnership, scorecard: Scorecard, view: ScorecardView
) -> list[dict[str, str]]:
    query = _with(request, period=view.period.slug)
    names = (
        ("scorecard_csv", "CSV", "committee table"),
        ("scorecard_excel_csv", "CSV for Excel", "with a byte-order mark"),
        ("scorecard_csvw", "Metadata", "CSVW description of the columns"),
    )
    return [
        {"label": label, "url": reverse(name, args=[partnership.slug, scorecard.code]) + query, "words": words}
        for name, label, words in names
    ]


def _file(request: HttpRequest, partnership: Partnership, code: str, *, excel: bool) -> HttpResponse:
    scorecard, periods, view = _opened(request, partnership, code)
    if view is None:
        raise Http404("Nothing has been reported yet.")
    rows = _filtered(view, ScorecardFilter(request.GET, view=view, periods=periods))
    name = file_name(scorecard.code, view.period.slug, view.known_on, "excel.csv" if excel else "csv")
    return csv_response(name, COMMITTEE_TABLE.header, COMMITTEE_TABLE.csv_rows(rows), excel=excel)  # type: ignore[return-value]


@requires(Permission.EXPORT_APPROVED)
def scorecard_csv(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """The committee table of exactly this view."""
    return _file(request, partnership, code, excel=False)


@requires(Permission.EXPORT_APPROVED)
def scorecard_excel_csv(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """The same with the mark that Excel needs to read UTF-8."""
    return _file(request, partnership, code, excel=True)


@requires(Permission.EXPORT_APPROVED)
def scorecard_csvw(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What the columns of the CSV mean."""
    scorecard, _, view = _opened(request, partnership, code)
    if view is None:
        raise Http404("Nothing has been reported yet.")
    name = file_name(scorecard.code, view.period.slug, view.known_on, "csv")
    metadata = csvw_metadata(
        COMMITTEE_TABLE, csv_name=name, title=f"{scorecard.name}, {view.period.long_label}",
        source="; ".join(view.sources),
    )  # fmt: skip
    return csvw_response(f"{name}-metadata.json", metadata)
