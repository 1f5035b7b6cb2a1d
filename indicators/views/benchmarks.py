"""Official figures of our own area beside those of others: the list of measures, the page of one, and their files."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from indicators.benchmark_drawing import funnel_svg, years_svg
from indicators.benchmarks import OfficialPeriod, Rank, finding, period_words
from indicators.exports import csv_response
from indicators.funnel_table import (
    AREAS_TABLE,
    NOT_SHOWN,
    AllAreas,
    AreaRow,
    all_areas,
    funnel_sentences,
    limits_sentence,
    matching,
)
from indicators.list_filters import AuthoritiesFilter, MeasureFilter
from indicators.models import Partnership
from indicators.official_lines import official_lines
from indicators.official_table import ListedMeasure, measures_table, years_table
from indicators.permissions import requires
from indicators.phrases import capital, has_words, published_later
from indicators.roles import Permission
from indicators.selectors.benchmarks import (
    MeasureView,
    Setting,
    areas_in,
    beside_indicator,
    indicators_beside,
    measure_of,
    measures_of,
)
from indicators.tables import SpecTable
from indicators.views.indicator_benchmarks import groups_words, notes_of, plain_table, source_of
from indicators.views.indicators import viewed_indicator
from indicators.views.lists import arranged
from indicators.views.spec_lists import Links, finished_rows

PER_PAGE = 50
_REGION, _NEIGHBOUR = "diamond", "up"


# The list


def _listed(
    request: HttpRequest, partnership: Partnership
) -> tuple[Setting | None, list[ListedMeasure], list[ListedMeasure], MeasureFilter]:
    """Who we are, every measure, those that the address asks for, and the form of filters."""
    setting, measures = measures_of(partnership) or (None, [])
    form = MeasureFilter(request.GET, sets=[(m.measure.set_code, m.measure.set_title) for m in measures])
    values = form.cleaned_data if form.is_valid() else {}
    found = [
        one
        for one in measures
        if has_words(one.measure.name, values.get("q", ""))
        and values.get("data_set", "") in ("", one.measure.set_code)
        and _in_quartile(one, values.get("quartile", ""))
    ]
    return setting, measures, found, form


def _in_quartile(one: ListedMeasure, wanted: str) -> bool:
    if not wanted:
        return True
    if not isinstance(one.rank, Rank):
        return wanted == "none"
    first, last = one.rank.quartiles
    return wanted != "none" and first <= int(wanted) <= last


@require_safe
@requires(Permission.VIEW_APPROVED)
def benchmark_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every official measure with its latest period: ours, region, neighbours, country and rank."""
    setting, measures, found, form = _listed(request, partnership)
    context: dict[str, Any] = {
        "form": form,
        "number": len(found),
        "total": len(measures),
        "is_filtered": len(found) != len(measures),
        "query": request.GET.urlencode(),
        "may_export": request.access.can(Permission.EXPORT_APPROVED),  # type: ignore[attr-defined]
    }
    if setting is not None:
        spec = measures_table(setting.names)

        def links(row: ListedMeasure) -> Links:
            return {("measure", 0): reverse("benchmark", args=[partnership.slug, row.measure.code])}

        sort_by = {"measure": "measure_name", "data_set": "data_set_title", "period": "end_on"}
        rows = finished_rows(spec, found, links=links, sort_by=sort_by)
        table = SpecTable(spec, rows, caption="Official measures")
        arranged(request, table, per_page=PER_PAGE)
        ends = [one.latest.period.end_on for one in found if one.latest]
        today = request.today  # type: ignore[attr-defined]
        context |= {
            "table": table,
            "names": setting.names,
            "groups": groups_words(setting.places),
            "later": published_later(today) if any(day > today for day in ends) else "",
        }
    return render(request, "indicators/benchmarks/list.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def benchmarks_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The measures that the list shows, with the same filters."""
    setting, _, found, _ = _listed(request, partnership)
    if setting is None:
        raise Http404("No official figures are held for this area.")
    spec = measures_table(setting.names)
    return csv_response("official-measures.csv", spec.header, spec.csv_rows(found))


# One measure


def _view(partnership: Partnership, code: str) -> MeasureView:
    found = measure_of(partnership, code)
    if found is None:
        raise Http404("There is no such official measure.")
    return found


@dataclass(frozen=True)
class _Asked:
    """What the address asks for of the authorities of a measure."""

    form: AuthoritiesFilter
    everybody: AllAreas
    rows: list[AreaRow]
    show: str
    mark: str


def _authorities(request: HttpRequest, view: MeasureView) -> _Asked | None:
    """The authorities in the period that the address names, else in the latest one; None where no period is held."""
    periods = {row.period.slug: row.period for row in view.rows}
    if not periods:
        return None
    places = view.setting.places
    groups = [("region", view.setting.names.region)] if places.region else []
    groups += [(g.code, f"Neighbours of {g.since}") for g in reversed(places.groups)]
    form = AuthoritiesFilter(
        request.GET, periods=[(slug, period.label) for slug, period in periods.items()], groups=groups
    )
    values = form.cleaned_data if form.is_valid() else {}
    period: OfficialPeriod = periods.get(values.get("period", ""), view.rows[0].period)
    found = all_areas(view.measure, period, areas_in(view, period), known=view.setting.known)
    text = values.get("q", "")
    show = values.get("show", "") or ("outside" if found.funnel and not text else "all")
    rows = matching(found.rows, text=text, only="" if show == "all" else show)
    return _Asked(form, found, rows, show, values.get("mark", "") or (groups[0][0] if groups else "none"))


@require_safe
@requires(Permission.VIEW_APPROVED)
def benchmark_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """One official measure: over the years beside other areas, and in one period over all authorities."""
    view = _view(partnership, code)
    names, places, measure = view.setting.names, view.setting.places, view.measure
    today = request.today  # type: ignore[attr-defined]
    lines = official_lines(view.rows, names, own=names.ours)
    latest = view.rows[0] if view.rows else None
    context = {
        "measure": measure,
        "names": names,
        "when": capital(period_words(latest.period)) if latest else "",
        "said": finding(latest, names) if latest else "",
        "drawing": mark_safe(years_svg(lines, measure.unit, _years_words(view))),  # noqa: S308
        "lines": [{"name": line.name, "style": line.style} for line in lines],
        "table": plain_table(years_table(names, places.groups if measure.is_comparable else ()), view.rows),
        "notes": notes_of(measure),
        "source": source_of(measure),
        "groups": groups_words(places) if measure.is_comparable else "",
        "later": published_later(today) if any(row.period.end_on > today for row in view.rows) else "",
        "own": indicators_beside(
            partnership,
            code,
            sees_protected=request.access.can(Permission.VIEW_PROTECTED),  # type: ignore[attr-defined]
        ),
        "may_export": request.access.can(Permission.EXPORT_APPROVED),  # type: ignore[attr-defined]
        "query": request.GET.urlencode(),
    }
    asked = _authorities(request, view) if measure.is_comparable else None
    if asked is not None:
        context |= _funnel_context(request, view, asked)
    return render(request, "indicators/benchmarks/measure.html", context)


def _years_words(view: MeasureView) -> str:
    rows = view.rows
    if not rows:
        return ""
    names = view.setting.names
    first, last = rows[-1].period.label, rows[0].period.label
    return (
        f"{view.measure.name}, {first} to {last}: {names.ours} beside {names.region}, its neighbours and "
        f"{names.country}. Every value is in the table below."
    )


def _funnel_context(request: HttpRequest, view: MeasureView, asked: _Asked) -> dict[str, Any]:
    found, names, places = asked.everybody, view.setting.names, view.setting.places
    if asked.mark == "region":
        marked = frozenset(row.area.code for row in found.rows if row.area.in_region)
        shape, marked_words = _REGION, f"diamonds, {names.region}"
    else:
        group = next((g for g in places.groups if g.code == asked.mark), None)
        marked = frozenset(group.members) if group else frozenset()
        shape, marked_words = _NEIGHBOUR, f"triangles, neighbours of {group.since}" if group else ""
    said = funnel_sentences(found, names.ours)
    label = f"{view.measure.name}, {found.period.label}, all authorities. {' '.join(said)} Every value is in the list."
    svg = funnel_svg(found, ours=names.ours, marked=marked, shape=shape, name=label)
    table = SpecTable(
        AREAS_TABLE,
        finished_rows(
            AREAS_TABLE,
            asked.rows,
            sort_by={"area": "area", "figure": "value", "place": "place", "rank": "rank"},
        ),
        caption="Authorities",
    )
    arranged(request, table, per_page=PER_PAGE)
    return {
        "form": asked.form,
        "all": found,
        "period": found.period,
        "period_words": period_words(found.period),
        "funnel": mark_safe(svg),  # noqa: S308
        "funnel_said": said,
        "limits_said": limits_sentence(found),
        "not_shown": NOT_SHOWN,
        "marked_words": marked_words,
        "authorities": table,
        "number": len(asked.rows),
        "total": len(found.rows),
        "show": asked.show,
        "is_filtered": len(asked.rows) != len(found.rows),
    }


@require_safe
@requires(Permission.EXPORT_APPROVED)
def benchmark_years_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """Every period of a measure that the page shows, newest first."""
    view = _view(partnership, code)
    spec = years_table(view.setting.names, view.setting.places.groups if view.measure.is_comparable else ())
    return csv_response(f"{code}_official.csv", spec.header, spec.csv_rows(view.rows))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def benchmark_areas_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """The authorities that the page lists, with the same filters."""
    asked = _authorities(request, _view(partnership, code))
    rows, when = ([], "none") if asked is None else (asked.rows, asked.everybody.period.slug)
    return csv_response(f"{code}_authorities_{when}.csv", AREAS_TABLE.header, AREAS_TABLE.csv_rows(rows))


# Beside an indicator


@require_safe
@requires(Permission.EXPORT_APPROVED)
def indicator_comparison_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """The official figures that stand on an indicator's page, measure by measure."""
    view = viewed_indicator(request, partnership, code)
    found = None if view.slice else beside_indicator(partnership, code, by=view.period.end_on)
    if found is None:
        raise Http404("This indicator is held beside no official figures.")
    spec = years_table(found.setting.names, found.setting.places.groups)
    rows = [row for one in found.measures for row in one.rows]
    return csv_response(f"{code}_comparison.csv", spec.header, spec.csv_rows(rows))
