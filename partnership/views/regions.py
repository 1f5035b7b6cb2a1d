"""A region for everybody: which indicators its authorities publish alike, and one of them side by side."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from indicators.benchmark_drawing import funnel_svg
from indicators.exports import csvw_metadata
from indicators.funnel_table import NOT_SHOWN, funnel_sentences, limits_sentence
from indicators.quarters import Period
from indicators.same_definition import VERSION
from indicators.table_spec import TableSpec
from indicators.tables import SpecTable
from indicators.views.lists import arranged
from indicators.views.spec_lists import Links, finished_rows
from partnership.forms.regions import RegionFilter
from partnership.region_drawing import course_svgs
from partnership.region_list import COMPARABLE_TABLE
from partnership.region_table import (
    NO_LEAGUE_TABLE,
    NO_TOTAL,
    REGION_TABLE,
    Line,
    approximate_sentence,
    definition_facts,
    difference_words,
    headline,
    left_out,
    lines_of,
)
from partnership.regional import (
    SAME_DEFINITION,
    Comparable,
    Course,
    Member,
    Row,
    SideBySide,
    State,
    Telling,
    Told,
    courses,
    side_by_side,
)
from partnership.selectors.regions import RegionView, comparables, region_view, regions, told_of
from partnership.views.public import kept, open_to_other_sites, public

PER_PAGE = 50
MOST_PERIODS = 12


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return kept(request, render(request, template, context))


def _crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in (("Published data", reverse("data")), *steps)]


@public
def region_list(request: HttpRequest) -> HttpResponse:
    """Every region of the installation."""
    context = {"regions": regions(), "breadcrumbs": _crumbs(("Regions", ""))}
    return _page(request, "open_data/regions.html", context)


def _view(request: HttpRequest, code: str) -> RegionView:
    found = region_view(request.now, code)
    if found is None:
        raise Http404
    return found


# The indicators of a region


@public
def region_page(request: HttpRequest, region: str) -> HttpResponse:
    """Who belongs to a region, and which indicators two of its authorities or more publish by one definition."""
    view = _view(request, region)
    found = comparables(view)

    def links(one: Comparable) -> Links:
        url = reverse("data_region_indicator", args=[region, one.definition.indicator])
        return {("indicator", 0): f"{url}?period={one.period.slug}"}

    sort_by = {"indicator": "name", "period": "end_on"}
    table = SpecTable(
        COMPARABLE_TABLE, finished_rows(COMPARABLE_TABLE, found, links=links, sort_by=sort_by), caption="Indicators"
    )
    arranged(request, table, per_page=PER_PAGE)
    now = view.members_on(request.today)
    context = {
        "region": view.region,
        "table": table if found else None,
        "number": len(found),
        "memberships": [one for one in view.memberships if one.holds_on(request.today)],
        "members": len(now),
        "publishing": sum(one.has_published for one in now),
        "no_total": NO_TOTAL,
        "csv_url": reverse("data_region_csv", args=[region]),
        "breadcrumbs": _crumbs(("Regions", reverse("data_regions")), (view.region.name, "")),
    }
    return _page(request, "open_data/region.html", context)


@public
def region_csv(request: HttpRequest, region: str) -> HttpResponse:
    """The same list as a file."""
    return _file(request, f"{region}_indicators.csv", COMPARABLE_TABLE, comparables(_view(request, region)))


def _file(request: HttpRequest, name: str, spec: TableSpec[Any], rows: Any, described: str = "") -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(spec.header)
    writer.writerows(spec.csv_rows(rows))
    response = HttpResponse(out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    if described:
        response["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    return open_to_other_sites(kept(request, response))


# One indicator


@dataclass(frozen=True)
class _Asked:
    """What the address asks for of an indicator over a region."""

    view: RegionView
    told: list[Told]
    members: tuple[Member, ...]
    form: RegionFilter
    telling: Telling
    found: SideBySide

    @property
    def query(self) -> str:
        """The same question for the file."""
        asked = {"period": self.found.period.slug, "told": self.telling.value}
        if self.form.asked("definition"):
            asked["definition"] = self.form.asked("definition")
        return urlencode(asked)


def _asked(request: HttpRequest, region: str, indicator: str) -> _Asked:
    """Raises Http404 where there is no such region, or none of its authorities has published the indicator."""
    view = _view(request, region)
    told = [one for one in told_of(view, indicator) if _is_member(view, one)]
    if not told:
        raise Http404
    periods = sorted({one.period for one in told}, key=lambda p: (p.end_on, -p.start_on.toordinal()), reverse=True)
    by_slug = {period.slug: period for period in periods}
    period: Period = by_slug.get(request.GET.get("period", ""), periods[0])
    in_period = {one.definition.fingerprint: one.definition for one in told if one.period == period}
    ordered = sorted(in_period.values(), key=lambda d: (d.number, d.fingerprint))
    form = RegionFilter({"period": period.slug} | request.GET.dict(), periods=periods, definitions=ordered)
    telling = Telling(form.asked("told") or Telling.LAST)
    members = view.members_on(period.end_on)
    found = side_by_side(members, told, period, telling=telling, fingerprint=form.asked("definition"))
    return _Asked(view, told, members, form, telling, found)


def _is_member(view: RegionView, one: Told) -> bool:
    return any(m.member.slug == one.member and m.holds_on(one.period.end_on) for m in view.memberships)


@public
def region_indicator(request: HttpRequest, region: str, indicator: str) -> HttpResponse:
    """One indicator over the authorities of a region, in one period."""
    asked = _asked(request, region, indicator)
    found = asked.found
    definition = found.definition
    assert definition is not None  # noqa: S101
    same = [line for line in lines_of(region, found, asked.telling) if line.row.state in SAME_DEFINITION]

    def links(line: Line) -> Links:
        return {("told_in", 0): _told_url(line.row)} if line.row.told else {}

    sort_by = {"authority": "authority", "figure": "value", "rank": "rank", "place": "place", "told_in": "meeting_on"}
    rows = finished_rows(REGION_TABLE, same, links=links, sort_by=sort_by)
    table = SpecTable(REGION_TABLE, rows, caption="Authorities side by side")
    arranged(request, table, per_page=PER_PAGE)
    context = {
        "region": asked.view.region,
        "definition": definition,
        "period": found.period,
        "form": asked.form,
        "telling": asked.telling,
        "is_first": asked.telling is Telling.FIRST,
        "headline": headline(found, len(asked.members)),
        "left_out": left_out(found),
        "approximate": approximate_sentence(found),
        "why_no_rank": found.why_no_rank,
        "no_total": NO_TOTAL,
        "no_league_table": NO_LEAGUE_TABLE,
        "table": table,
        "others": [_other(row) for row in found.in_state(State.OTHER_DEFINITION)],
        "missing": found.in_state(State.NOT_TOLD),
        "facts": definition_facts(definition),
        "parts_version": VERSION,
        "files": _files(region, indicator, asked),
        "breadcrumbs": _crumbs(
            ("Regions", reverse("data_regions")),
            (asked.view.region.name, reverse("data_region", args=[region])),
            (definition.short_name or definition.name, ""),
        ),
    }
    return _page(request, "open_data/region_indicator.html", context | _drawn(asked))


def _told_url(row: Row) -> str:
    assert row.told is not None  # noqa: S101
    return f"{reverse('data_table', args=[row.member.slug, row.told.pack, row.told.table])}"


def _other(row: Row) -> dict[str, Any]:
    return {"row": row, "url": _told_url(row), "lines": difference_words(row.differs)}


def _files(region: str, indicator: str, asked: _Asked) -> list[dict[str, str]]:
    names = (("CSV", "data_region_indicator_csv"), ("CSVW metadata", "data_region_indicator_csvw"))
    addresses = [(label, reverse(name, args=[region, indicator])) for label, name in names]
    return [{"url": f"{url}?{asked.query}", "label": label, "words": "every authority"} for label, url in addresses]


def _drawn(asked: _Asked) -> dict[str, Any]:
    found = asked.found
    drawn = courses(asked.members, asked.told, found, telling=asked.telling, most=MOST_PERIODS)
    context: dict[str, Any] = {"courses": _courses(drawn, found), "why_no_funnel": found.why_no_funnel}
    if found.funnel is None:
        return context
    said = funnel_sentences(found.funnel, "")
    name = f"{found.funnel.measure.name}, {found.period.label}. {' '.join(said)} Every value is in the table."
    svg = funnel_svg(found.funnel, ours="", marked=frozenset(), shape="circle", name=name)
    return context | {
        "funnel": mark_safe(svg),  # noqa: S308
        "funnel_said": said,
        "limits_said": limits_sentence(found.funnel),
        "not_shown": NOT_SHOWN,
    }


def _courses(drawn: Sequence[Course], found: SideBySide) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "svg": mark_safe(one.svg), "said": one.said}  # noqa: S308
        for one in course_svgs(drawn, found)
    ]


@public
def region_indicator_csv(request: HttpRequest, region: str, indicator: str) -> HttpResponse:
    """Every authority of the region in the period: also those that are not compared, with why."""
    asked = _asked(request, region, indicator)
    how = "as-first-reported" if asked.telling is Telling.FIRST else "as-told-last"
    name = f"{region}_{indicator}_{asked.found.period.slug}_{how}.csv"
    lines = lines_of(region, asked.found, asked.telling)
    return _file(request, name, REGION_TABLE, lines, f"{indicator}.csv-metadata.json")


@public
def region_indicator_csvw(request: HttpRequest, region: str, indicator: str) -> HttpResponse:
    """What each column of that file is."""
    asked = _asked(request, region, indicator)
    title = f"{asked.view.region.name}: {indicator}, {asked.found.period.label}"
    metadata = csvw_metadata(REGION_TABLE, csv_name=f"{indicator}.csv", title=title, source="Packs for everybody")
    response = HttpResponse(json.dumps(metadata, indent=2, ensure_ascii=False).encode())
    response["Content-Type"] = "application/csvm+json"
    response["Content-Disposition"] = f'attachment; filename="{region}_{indicator}.csv-metadata.json"'
    return open_to_other_sites(kept(request, response))
