"""Scorecards: the list, the page, and its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.cells import counted_words, themes_of
from indicators.committee_table import ACTIVITY_TABLE, COMMITTEE_TABLE
from indicators.exports import csv_response, csvw_metadata, csvw_response, file_name
from indicators.forms import AsAtForm, ScorecardFilter
from indicators.models import Partnership, Period, Scorecard
from indicators.permissions import requires
from indicators.rag import RATING_ORDER
from indicators.roles import Permission
from indicators.scorecard import ScorecardRow, chosen, without_parts, worst_first
from indicators.selectors.reliefs import stated_summaries
from indicators.selectors.scorecards import Gathered, ScorecardView, gathered_scorecard, reported_periods, scorecards_of
from indicators.variation import chosen_by_chart, counted_rows
from indicators.variation_table import REPORTED_ACTIVITY_TABLE, REPORTED_TABLE
from indicators.views.addresses import indicator_urls
from indicators.views.kept import Drawn


@require_safe
@requires(Permission.VIEW_APPROVED)
def scorecard_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The partnership's scorecards, each with the periods that have been reported."""
    found = scorecards_of(partnership, sees_protected=request.access.can(Permission.VIEW_PROTECTED))
    stated = stated_summaries(s for s, _ in found)
    items = [
        {"name": s.name, "authority": s.authority, "code": s.code, "periods": p, "stated": stated.get(s.pk, [])}
        for s, p in found
    ]
    return render(request, "indicators/scorecards.html", {"items": items})


@dataclass(frozen=True)
class Opened:
    """A scorecard in the period that the address names, as at a day (None: now); `view` None: nothing is reported."""

    scorecard: Scorecard
    periods: list[Period]
    period: Period | None
    view: ScorecardView | None
    as_at: date | None
    gathered: tuple[Gathered, ...] = ()


def shows_variation(request: HttpRequest) -> bool:
    """Whether the address asks for variation and assurance, as a column or as a filter."""
    return request.GET.get("show") == "variation" or any(request.GET.get(name) for name in ("variation", "assurance"))


def opened_scorecard(
    request: HttpRequest, partnership: Partnership, code: str, *, with_variation: bool | None = None
) -> Opened:
    """The scorecard in the period that the address names, else in the latest reported one; `with_variation` None: as
    the address asks. Raises Http404, also for one that is for the board alone."""
    if with_variation is None:
        with_variation = shows_variation(request)
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)
    scorecard = get_object_or_404(Scorecard, partnership=partnership, code=code)
    if scorecard.audience == Scorecard.Readers.BOARD and not sees_protected:
        raise Http404("This scorecard is for the board.")
    periods = reported_periods(scorecard)
    wanted = request.GET.get("period", "")
    period = next((p for p in periods if p.slug == wanted), None)
    if wanted and period is None:
        raise Http404(f"No return of {scorecard} has been approved for this period.")
    period = period or (periods[0] if periods else None)
    asked = AsAtForm(request.GET, today=request.today)
    as_at = asked.cleaned_data["as_at"] if asked.is_valid() else None
    view, gathered = None, ()
    if period:
        view, gathered = gathered_scorecard(
            scorecard, period, today=request.today, as_at=as_at, sees_protected=sees_protected,
            with_variation=with_variation,
        )  # fmt: skip
    return Opened(scorecard, periods, period, view, as_at, gathered)


def is_unrated(opened: Opened, view: ScorecardView) -> bool:
    """Whether it is activity of which nothing is held against a target."""
    return opened.scorecard.is_activity and all(row.line.standard is None for row in view.rows)


def filter_form(request: HttpRequest, opened: Opened, view: ScorecardView, *, has_variation: bool) -> ScorecardFilter:
    """What of the scorecard the address asks for."""
    is_rated = not is_unrated(opened, view)
    return ScorecardFilter(
        request.GET, view=view, periods=opened.periods, today=request.today, is_rated=is_rated,
        has_variation=has_variation,
    )  # fmt: skip


def filtered_rows(opened: Opened, view: ScorecardView, form: ScorecardFilter) -> list[ScorecardRow]:
    """The rows that the address asks for. Of activity the parts are shown when they are asked for."""
    values = form.cleaned_data if form.is_valid() else {}
    hides = opened.scorecard.is_activity and values.get("parts") != "show"
    rows = chosen(
        without_parts(view.rows) if hides else view.rows,
        theme=values.get("theme", ""),
        rating=values.get("rating", ""),
        partner=values.get("partner", ""),
        text=values.get("q", ""),
    )
    rows = chosen_by_chart(rows, values.get("variation", ""), values.get("assurance", ""))
    return worst_first(rows) if values.get("order") == "worst" else rows


def with_changes(request: HttpRequest, **changes: str) -> str:
    """The query of the address with other values; an empty one is left out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


def drawn_scorecard(request: HttpRequest, partnership: Partnership, opened: Opened, more: Mapping[str, Any]) -> Drawn:
    """The parts of a scorecard's page: every indicator against target and tolerance, by theme or worst first.

    `more` is what the page above this app adds: what meetings were told of it.
    """
    scorecard, view = opened.scorecard, opened.view
    stated = stated_summaries([scorecard]).get(scorecard.pk, [])
    if view is None:
        empty = render_to_string("indicators/_scorecard_empty.html", {"scorecard": scorecard, "stated": stated})
        return Drawn(empty.encode(), {"title": scorecard.name})
    is_activity, has_variation = is_unrated(opened, view), shows_variation(request)
    form = filter_form(request, opened, view, has_variation=has_variation)
    rows = filtered_rows(opened, view, form)
    parts = len(view.rows) - len(without_parts(view.rows))
    worst = request.GET.get("order") == "worst"
    place = {"scorecard": scorecard.code, "period": view.period.slug}
    urls = indicator_urls(partnership.slug, [r.line.key for r in rows], **place)
    context = {
        "scorecard": scorecard,
        "view": view,
        "caption": f"{scorecard.name}, {view.period.long_label}",
        "as_at": opened.as_at,
        "known_day": opened.as_at or request.today,
        "now_url": with_changes(request, as_at=""),
        "form": form,
        "themes": themes_of(
            rows, urls=urls, by_theme=not worst, spec=_SPECS[is_activity, has_variation]
        ),
        "is_activity": is_activity,
        "has_variation": has_variation,
        "columns": (6 if is_activity else 8) + has_variation,
        "by_chance": counted_rows(rows).sentence if has_variation else "",
        "charts_url": reverse("scorecard_charts", args=[partnership.slug, scorecard.code])
        + with_changes(request, period=view.period.slug, order="", show=""),
        "variation_url": with_changes(request, show="" if has_variation else "variation", variation="", assurance=""),
        "with_figure": sum(row.number is not None for row in rows),
        "by_parts": [(number, words) for words, number in view.headline.by_parts.items()],
        "parts": parts if scorecard.is_activity else 0,
        "parts_shown": request.GET.get("parts") == "show",
        "parts_url": with_changes(request, parts="" if request.GET.get("parts") == "show" else "show"),
        "shown": len(rows),
        "counts": _counts(request, view),
        "order_links": [
            {"url": with_changes(request, order="" if worst else "worst"),
             "words": "Show by theme" if worst else "Show worst first"}
        ],
        "downloads": _downloads(request, partnership, opened, view),
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
        "partners": sorted({r.line.partner for r in view.rows if r.line.partner}),
        "has_entered": any(r.held and not r.held.is_paper for r in view.rows),
        "filtered": _is_narrowed(request),
        "stated": stated,
    }  # fmt: skip
    context |= {"partnership": partnership, "path": request.path, **more}
    return Drawn(
        render_to_string("indicators/_scorecard.html", context).encode(),
        {
            "title": f"{scorecard.name}, {view.period.label}",
            "has_variation": has_variation,
            "source": render_to_string("indicators/_scorecard_source.html", context),
        },
    )


# By whether it is activity, and whether variation is shown.
_SPECS = {
    (False, False): COMMITTEE_TABLE,
    (False, True): REPORTED_TABLE,
    (True, False): ACTIVITY_TABLE,
    (True, True): REPORTED_ACTIVITY_TABLE,
}


def _is_narrowed(request: HttpRequest) -> bool:
    """Whether the address leaves rows out by a filter."""
    return any(request.GET.get(name) for name in ("theme", "rating", "partner", "q", "variation", "assurance"))


def _counts(request: HttpRequest, view: ScorecardView) -> list[dict[str, Any]]:
    current = request.GET.get("rating", "")
    items = []
    for rating in RATING_ORDER:
        items.append(
            {
                "code": rating.value,
                "count": view.headline.by_rating[rating],
                "words": counted_words(rating, view.headline),
                "url": with_changes(request, rating="" if current == rating.value else rating.value),
                "current": current == rating.value,
            }
        )
    return items


def _downloads(
    request: HttpRequest, partnership: Partnership, opened: Opened, view: ScorecardView
) -> list[dict[str, str]]:
    query = with_changes(request, period=view.period.slug)
    names = (
        ("scorecard_csv", "CSV", "committee table"),
        ("scorecard_excel_csv", "CSV for Excel", "with a byte-order mark"),
        ("scorecard_csvw", "Metadata", "CSVW description of the columns"),
    )
    args = [partnership.slug, opened.scorecard.code]
    found = [{"label": label, "url": reverse(name, args=args) + query, "words": words} for name, label, words in names]
    if opened.as_at is not None:
        return found  # the file of all periods is of today
    whole = {"label": "All periods", "url": reverse("scorecard_history", args=args), "words": "every figure, as CSV"}
    return [*found, whole]


def _wanted(request: HttpRequest, partnership: Partnership, code: str) -> tuple[Opened, ScorecardView, str]:
    """The scorecard that a file is of, and the file's name without its ending. Raises Http404."""
    if not AsAtForm(request.GET, today=request.today).is_valid():
        raise Http404("The address asks for the figures as at a day that is none, or has not come yet.")
    opened = opened_scorecard(request, partnership, code, with_variation=True)
    if opened.view is None:
        raise Http404("Nothing has been reported yet.")
    day = opened.as_at or request.today
    shows_parts = opened.scorecard.is_activity and request.GET.get("parts") == "show"
    code = f"{opened.scorecard.code}-with-parts" if shows_parts else opened.scorecard.code
    name = file_name(code, opened.view.period.slug, day, is_filtered=_is_narrowed(request))
    return opened, opened.view, name


def _file(request: HttpRequest, partnership: Partnership, code: str, *, excel: bool) -> HttpResponse:
    opened, view, name = _wanted(request, partnership, code)
    rows = filtered_rows(opened, view, filter_form(request, opened, view, has_variation=True))
    full = f"{name}.excel.csv" if excel else f"{name}.csv"
    return csv_response(full, REPORTED_TABLE.header, REPORTED_TABLE.csv_rows(rows), excel=excel)  # type: ignore[return-value]


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scorecard_csv(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """The committee table of exactly this view."""
    return _file(request, partnership, code, excel=False)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scorecard_excel_csv(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """The same with the mark that Excel needs to read UTF-8."""
    return _file(request, partnership, code, excel=True)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scorecard_csvw(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What the columns of the CSV mean."""
    opened, view, name = _wanted(request, partnership, code)
    metadata = csvw_metadata(
        REPORTED_TABLE, csv_name=f"{name}.csv", title=f"{opened.scorecard.name}, {view.period.long_label}",
        source="; ".join(view.sources),
    )  # fmt: skip
    return csvw_response(f"{name}.csv-metadata.json", metadata)
