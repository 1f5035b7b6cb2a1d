"""The care ladder of a quarter: rungs, movement, costs, funds, the independent share, and the variance explained; the
same as files."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from finance.charts import waterfall_figure
from finance.forms.outturn import QuarterForm
from finance.ladder_drawing import area_svg, has_area
from finance.ladder_money_table import STEPS_TABLE
from finance.selectors.ladder import CareLadder, care_ladder_of
from finance.selectors.ladder_book import Sources, papers, period_asked, periods_of, sources_of
from finance.selectors.ladder_money import said_of_nights, status_of
from finance.selectors.ladder_variance import VarianceShown, finding
from finance.views.files import csv_file, file_link
from finance.views.ladder_parts import (
    FILES,
    Shown,
    costs_table,
    figures_behind,
    flows_table,
    funds_table,
    ladder_table,
    moves_table,
    packages_table,
    parts_table,
    shares_table,
    shown,
    steps_table,
    url_of,
)
from finance.views.sections import Section
from finance.waterfall import Step
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import listed
from indicators.roles import Permission
from indicators.units import Unit, ratio, written
from indicators.working_days import day_words

_AREAS = {"wide": 560, "narrow": 290}


@require_safe
@requires(Permission.VIEW_APPROVED)
def care_ladder(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The ladder of a quarter, the latest with placements unless the address names one."""
    sources = sources_of(partnership)
    period = period_asked(sources, request.GET.get("period", ""), request.today)
    form = QuarterForm(periods=periods_of(sources), chosen=period)
    context: dict[str, Any] = {"form": form, "period": period}
    if period is not None:
        view = shown(sources, care_ladder_of(sources, period))
        context |= _context(view, sources, partnership.slug)
        if request.access.can(Permission.EXPORT_APPROVED):
            context["downloads"] = _downloads(view, partnership.slug)
    return render(request, "finance/care_ladder.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def care_ladder_csv(request: HttpRequest, partnership: Partnership, table: str) -> StreamingHttpResponse:
    """One of the tables as a file."""
    if table not in FILES:
        raise Http404("The care ladder has no such table.")
    sources = sources_of(partnership)
    period = period_asked(sources, request.GET.get("period", ""), request.today)
    rows = shown(sources, care_ladder_of(sources, period)).rows[table] if period else ()
    _, spec = FILES[table]
    slug = f"_{period.slug}" if period else ""
    return csv_file(request, f"care-ladder-{table}{slug}.csv", spec.header, spec.csv_rows(rows))


def section(partnership: Partnership) -> Section | None:
    """The care ladder on the overview of money; None where nothing is held."""
    sources = sources_of(partnership)
    period = period_asked(sources)
    if period is None:
        return None
    view = shown(sources, care_ladder_of(sources, period))
    return Section("Care ladder", reverse("care_ladder", args=[partnership.slug]), lead_words(view))


# Words


def lead_words(view: Shown) -> str:
    """Who was in care, and the largest difference from the plan, in a sentence or two."""
    ladder = view.ladder
    whole = next((line.end for line in ladder.whole if not line.code), None)
    told = []
    if whole is not None and whole.value is not None:
        number = written(whole.value, Unit.COUNT, qualifier=whole.qualifier)
        told.append(f"{number} children were in care on {day_words(ladder.period.end_on)}.")
    if view.variance is not None:
        told.append(_variance_lead(view.variance))
    elif over := _over_words(ladder):
        told.append(over)
    return " ".join(told)


def _variance_lead(variance: VarianceShown) -> str:
    """What stands against what, and what it comes to over a full year."""
    explained, whole = variance.explained, variance.explained.whole
    if explained.has_mix or not whole.total:
        return variance.sentence
    rung = explained.rungs[0]
    now, then = (written(level.number, Unit.COUNT) for level in (rung.after, rung.before))
    price, planned = (written(level.price or Decimal(0), Unit.POUNDS) for level in (rung.after, rung.before))
    against = f"{variance.subject}: {now} against a plan of {then}, at {price} a year against {planned}."
    return f"{against} Held for a full year, that is {_difference_words(variance)}."


def _difference_words(variance: VarianceShown) -> str:
    total = variance.explained.whole.total
    if not total:
        return "as much as planned"
    return f"{written(abs(total), Unit.POUNDS)} {'more' if total > 0 else 'less'} than planned"


def _over_words(ladder: CareLadder) -> str:
    """The rung or group that is furthest above its plan, where no price explains it."""
    found = [line for line in ladder.inside if line.over is not None and not line.part_of]
    if not found:
        return ""
    most = max(found, key=lambda line: abs(line.over or Decimal(0)))
    end, planned = (f.count.words if f.count else "" for f in (most.end, most.planned))
    return f"{most.name}: {end} against a plan of {planned}."


def _shares_of(variance: VarianceShown) -> str:
    """What volume, mix and price are of the difference; empty where they work against each other."""
    whole = variance.explained.whole
    parts = [("volume", whole.volume), ("mix", whole.mix), ("price", whole.price)]
    told = [(name, amount) for name, amount in parts if amount]
    if not whole.total or any((amount > 0) != (whole.total > 0) for _, amount in told):
        return ""
    said = [f"{written(ratio(amount, whole.total, Unit.PERCENT), Unit.PERCENT, 0)} is {name}" for name, amount in told]
    return f"Of the difference, {listed(said)}."


# The page


def _context(view: Shown, sources: Sources, place: str) -> dict[str, Any]:
    ladder, period = view.ladder, view.ladder.period
    status = status_of(sources, period)
    nights = said_of_nights(sources, period)
    facts = view.facts
    context: dict[str, Any] = {
        "view": view,
        "ladder": ladder,
        "heading": finding(view.variance),
        "lead": lead_words(view),
        "rungs": ladder_table(ladder, place),
        "heading_said": ladder.heading.sentence if ladder.heading else "",
        "notes": [(line.name, line.note) for line in ladder.lines if line.note],
        "flows": flows_table(ladder, place) if ladder.flows else None,
        "moves": moves_table(ladder, place) if ladder.moves else None,
        "costs": costs_table(view, place) if view.costs else None,
        "nights_said": [] if any(line.nights.is_there for line in view.costs) else nights,
        "funds": funds_table(view, place) if view.funds.lines else None,
        "packages": packages_table(view, place) if view.packages else None,
        "status": status,
        "status_url": url_of(place, status.fact),
        "shares": shares_table(view, place) if view.shares else None,
        "share_said": [line.sentence for line in view.shares if line.sentence],
        "queries": _queries(view, sources, place),
        "figures": figures_behind(view, sources, place),
        "papers": papers((*facts, status.fact), nights),
    }
    return context | (_variance(view.variance) if view.variance else {})


def _variance(variance: VarianceShown) -> dict[str, Any]:
    own = {line.step.code: line for line in variance.steps}

    def words(step: Step) -> str:
        return STEPS_TABLE.cells(own[step.code])["amount"][0]

    steps = variance.drawn
    context: dict[str, Any] = {
        "variance": variance,
        "parts_said": _shares_of(variance),
        "difference": _difference_words(variance),
        "steps": steps_table(variance),
        "parts": parts_table(variance) if variance.parts else None,
        "chart": waterfall_figure(steps, words),
        "chart_label": (
            f"Bridge from {words(steps[0])} to {words(steps[-1])}: "
            f"{listed([f'{step.name.lower()} {words(step)}' for step in steps[1:-1]])}."
        ),
    }
    rungs = variance.explained.rungs
    if len(rungs) == 1:
        before, after = ((level.number, level.price or Decimal(0)) for level in (rungs[0].before, rungs[0].after))
        if has_area(before, after):
            context["areas"] = [
                {"css": css, "svg": mark_safe(area_svg(before, after, width, _area_label(variance)))}  # noqa: S308
                for css, width in _AREAS.items()
            ]
    return context


def _area_label(variance: VarianceShown) -> str:
    return f"The cost as an area, placements across and price up. {variance.sentence}"


def _queries(view: Shown, sources: Sources, place: str) -> list[dict[str, str]]:
    """The open queries of the page's figures, each once."""
    found: dict[str, str] = {}
    for fact in view.facts:
        if fact.queries:
            code, _, key = fact.figure.partition("/")
            for question in sources.book.queries_of(code, fact.period, key):
                found.setdefault(question, url_of(place, fact))
    return [{"question": question, "url": url} for question, url in found.items()]


def _downloads(view: Shown, place: str) -> list[dict[str, str]]:
    query = f"?period={view.ladder.period.slug}"
    return [
        file_link(
            f"{FILES[table][0]} (CSV)", reverse("care_ladder_csv", args=[place, table]) + query,
            f"{FILES[table][0].lower()} of the care ladder as comma-separated values",
        )
        for table, rows in view.rows.items()
        if rows
    ]  # fmt: skip
