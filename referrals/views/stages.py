"""One stage of the pathway: how it has gone, what it is made up of, and the same as a file."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import paper_of
from indicators.roles import Permission
from referrals.bars import BARS_TABLE
from referrals.clock_table import set_by
from referrals.clocks import UnknownClock, clock
from referrals.daily_table import DAILY_TABLE
from referrals.pathway import comes_from, leads_to
from referrals.pathway import stage as stage_of
from referrals.related import roles_of
from referrals.selectors.breakdowns import Breakdown, area_name, breakdowns_of
from referrals.selectors.daily import daily_rows
from referrals.selectors.front_door import changed, papers, pathway_in
from referrals.selectors.trends import course_of
from referrals.stage_table import heading
from referrals.stages import Stage
from referrals.views.asked import Asked, asked
from referrals.views.breakdown_sections import breakdown_section
from referrals.views.courses import course_section
from referrals.views.later import later_words, of_courses, of_parts


def _stage(code: str) -> Stage:
    try:
        return stage_of(code)
    except KeyError as error:
        raise Http404("The pathway has no such stage.") from error


def _breakdowns(partnership: Partnership, stage: Stage, found: Asked) -> list[Breakdown]:
    if found.period is None:
        return []
    codes = [code for code, _ in roles_of(stage)]
    return breakdowns_of(found.book, codes, found.period, area_name(partnership))


@require_safe
@requires(Permission.VIEW_APPROVED)
def stage_page(request: HttpRequest, partnership: Partnership, stage: str) -> HttpResponse:
    """A stage in a period: what changed, its figures over time, its breakdowns, and where it leads."""
    one, found = _stage(stage), asked(request, partnership)
    context: dict[str, Any] = {"stage": one, "form": found.form, "period": found.period, "query": found.query}
    context |= _ways(partnership, one, found)
    context |= _clock(one, request.today)  # type: ignore[attr-defined]
    if found.period is not None:
        courses = [c for code, role in roles_of(one) if (c := course_of(found.book, code, role)) is not None]
        sections = [
            course_section(c, partnership.slug, found.period, daily_rows(found.book, c.code, found.period))
            for c in courses
        ]
        parts = _breakdowns(partnership, one, found)
        view = pathway_in(found.book, found.period)
        row = next((r for r in view.rows if r.stage.code == one.code), None)
        told = changed(found.book, one, found.period)
        context |= {
            "told": told.sentence if told else "",
            "later": later_words((*of_courses(courses), *of_parts(parts)), request.today),  # type: ignore[attr-defined]
            "row": row,
            "sections": [s for s in sections if s["has_figures"]],
            "without": [s for s in sections if not s["has_figures"]],
            "breakdowns": [breakdown_section(b, partnership.slug) for b in parts],
            "has_chart": any(t["chart"] for s in sections for t in s["series"]),
        }
        context["papers"] = papers([*(x for s in sections for x in s["sources"]), *_papers_of(parts)])
        context["heading"] = heading(row) if row else ""
        if request.access.can(Permission.EXPORT_APPROVED):  # type: ignore[attr-defined]
            offered = {"breakdowns": bool(parts), "volumes": any(s["daily"] for s in sections)}
            context["downloads"] = [
                {
                    "label": f"{name.capitalize()} (CSV)",
                    "url": reverse(f"front_door_{name}_csv", args=[partnership.slug, one.code]) + found.query,
                    "words": "comma-separated values",
                }
                for name, is_there in offered.items()
                if is_there
            ]
    return render(request, "referrals/stage.html", context)


def _papers_of(parts: list[Breakdown]) -> list[str]:
    return [paper_of(bar.source) for part in parts for bar in part.bars if bar.source]


def _ways(partnership: Partnership, stage: Stage, found: Asked) -> dict[str, Any]:
    """The stages before and after."""

    def named(code: str) -> dict[str, str]:
        return {
            "name": stage_of(code).name,
            "url": reverse("front_door_stage", args=[partnership.slug, code]) + found.query,
        }

    return {
        "before": [named(code) for code in comes_from(stage.code)],
        "after": [named(code) for code in leads_to(stage.code)],
    }


def _clock(stage: Stage, today: date) -> dict[str, Any]:
    """The stage's own clock and who set it; nothing where none is in force that day."""
    try:
        held = clock(stage.clock, today)
    except UnknownClock:
        return {}
    return {"clock": held, "clock_set_by": set_by(held).value}


@require_safe
@requires(Permission.EXPORT_APPROVED)
def breakdowns_csv(request: HttpRequest, partnership: Partnership, stage: str) -> StreamingHttpResponse:
    """Every category of every breakdown of a stage as a file."""
    one, found = _stage(stage), asked(request, partnership)
    bars = [bar for part in _breakdowns(partnership, one, found) for bar in part.bars]
    slug = f"_{found.period.slug}" if found.period else ""
    return csv_response(f"{one.code}-breakdowns{slug}.csv", BARS_TABLE.header, BARS_TABLE.csv_rows(bars))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def volumes_csv(request: HttpRequest, partnership: Partnership, stage: str) -> StreamingHttpResponse:
    """What came on a working day in eight quarters, of every indicator of a stage that counts what happens."""
    one, found = _stage(stage), asked(request, partnership)
    codes = [code for code, _ in roles_of(one)] if found.period else []
    rows = [row for code in codes if found.period for row in daily_rows(found.book, code, found.period)]
    slug = f"_{found.period.slug}" if found.period else ""
    return csv_response(f"{one.code}-volumes{slug}.csv", DAILY_TABLE.header, DAILY_TABLE.csv_rows(rows))
