"""The charts of a whole scorecard: a small drawing of every line, with what its control chart says."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from indicators import marks
from indicators.control import Control
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.scorecard import ScorecardRow
from indicators.selectors.drawings import trends_of
from indicators.selectors.scorecards import Gathered
from indicators.trend import IN_THE_TABLE, Trend, chart_sentence
from indicators.trend_drawing import SMALL, trend_svg
from indicators.variation import counted_rows
from indicators.variation_table import REPORTED_TABLE
from indicators.views.addresses import indicator_url
from indicators.views.scorecards import filter_form, filtered_rows, is_unrated, opened_scorecard, with_changes

# So many drawings on one page: twelve rows of four on the screen, and four sheets of paper.
ON_A_PAGE = 48


@require_safe
@requires(Permission.VIEW_APPROVED)
def scorecard_charts(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Every line of a scorecard as a small drawing, under its themes, with the words of its control chart."""
    opened = opened_scorecard(request, partnership, code, with_variation=True)
    view = opened.view
    if view is None:
        return render(request, "indicators/scorecard_empty.html", {"scorecard": opened.scorecard})
    form = filter_form(request, opened, view, has_variation=True)
    rows = filtered_rows(opened, view, form)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", ""))
    gathered = {g.row.line.key: g for g in opened.gathered}
    shown = [gathered[row.line.key] for row in page]
    place = {"scorecard": opened.scorecard.code, "period": view.period.slug}
    themes: dict[str, list[dict[str, Any]]] = {}
    for one, trend in zip(shown, trends_of(shown, as_at=opened.as_at), strict=True):
        url = indicator_url(partnership.slug, *one.row.line.key, **place)
        theme = "" if request.GET.get("order") == "worst" else one.row.line.theme
        themes.setdefault(theme, []).append(_chart(one, trend, url, is_rated=not is_unrated(opened, view)))
    context = {
        "scorecard": opened.scorecard,
        "view": view,
        "as_at": opened.as_at,
        "form": form,
        "themes": themes.items(),
        "page": page,
        "shown": len(rows),
        "total": len(view.rows),
        "by_chance": counted_rows(rows).sentence,
        "table_url": with_changes(request, period=view.period.slug, page=""),
    }
    return render(request, "indicators/scorecard_charts.html", context)


def _chart(one: Gathered, trend: Trend, url: str, *, is_rated: bool) -> dict[str, Any]:
    row = one.row
    cells = REPORTED_TABLE.cells(row)
    figure, *counts = cells["figure"]
    return {
        "name": row.line.name,
        "url": url,
        "drawing": _drawing(one, trend),
        "figure": "" if row.number is None else " ".join([figure, *(c for c in counts if c.startswith("per "))]),
        "no_figure": cells["rating"][0],
        "rating": mark_safe(marks.rating_tag(row.judgement.rating.value, cells["rating"][0])) if is_rated else "",  # noqa: S308
        "target": " ".join(cells["target"]) if is_rated and row.line.standard else "",
        "variation": _variation(row, cells["variation"]),
    }


def _drawing(one: Gathered, trend: Trend) -> str:
    """The drawing as safe SVG; empty where there is no number at all."""
    if not trend.numbers:
        return ""
    control = one.seen.found if one.seen and isinstance(one.seen.found, Control) else None
    drawn = replace(trend, also_drawn=control.values if control else ())
    return mark_safe(trend_svg(drawn, control, label=_sentence(one, drawn), sheet=SMALL))  # noqa: S308


def _sentence(one: Gathered, trend: Trend) -> str:
    name, last = one.row.line.name, trend.numbers[-1]
    if len(trend.numbers) > 1:
        said = chart_sentence(trend, name).removesuffix(IN_THE_TABLE)
    else:
        said = f"{name}, {last.label}: {last.text}, the only figure held."
    return " ".join([said, *(f"{words}." for words in REPORTED_TABLE.cells(one.row)["variation"])])


def _variation(row: ScorecardRow, words: tuple[str, ...]) -> str:
    verdict = row.verdict
    codes = (verdict.variation or "", verdict.assurance or "") if verdict else ("", "")
    return mark_safe(marks.variation_lines(words, *codes))  # noqa: S308
