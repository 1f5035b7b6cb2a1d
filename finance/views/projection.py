"""What the year will cost from the placements that are known: line by line, beside the run-rate, with its band and all
that it rests on; and the same as files."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.band_marks import band_marks
from finance.forms.plans import OneMoreForm, ProjectionForm
from finance.money import about, pounds_of
from finance.operations.plans import budget_of
from finance.projection import Projection, in_words, one_more, project
from finance.projection_table import (
    ASSUMED_TABLE,
    FULL_YEAR_TABLE,
    LINES_TABLE,
    MONTHS_TABLE,
    PLAN_TABLE,
    RUN_RATE_TABLE,
    assumed_rows,
    card_words,
    full_year_rows,
    month_rows,
    plan_rows,
    pounds,
    projection_rows,
    rounding_words,
    run_rate_rows,
    weekly_total,
)
from finance.scenario_table import RESULT_TABLE
from finance.selectors.contract import may, parties
from finance.selectors.plans import COUNTS, WAITS, HeldPlan, held_plan, latest_of, plans_of
from finance.selectors.runs import KeptRun, latest_run, share_words
from finance.unit_costs import Per, doubt_about_price
from finance.views.drafts import sees_drafts
from finance.views.files import csv_file, file_link
from finance.views.sections import Section
from finance.views.tables import drawn
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.quarters import FinancialYear
from indicators.roles import Permission
from indicators.table_spec import TableSpec

MOST_ROWS_SHOWN = 12
CONVENTIONS = (
    "The night of the day on which a placement starts counts, that of the day on which it ends does not. A night costs "
    "a seventh of a week; a financial year has 365 nights, 2023/24 and 2027/28 have 366.",
    "Prices are those in force on the day of the plan, with the changes of price from their dates. A place that "
    "becomes free is not filled again but by the starters that are assumed.",
    "The lines are differences of rounded totals, so they add up to the penny.",
)
DOWNLOADS = {
    "lines": "Lines", "run-rate": "Run-rate", "full-year": "Full-year effect", "placements": "Placements",
    "assumptions": "Assumptions", "months": "Months", "band": "Band",
}  # fmt: skip


def enters_money(request: HttpRequest, partnership: Partnership) -> bool:
    """Whether the person enters plans, makes scenarios and has runs drawn."""
    return may(request.access, Permission.ENTER_MONEY, parties(partnership))


def section(partnership: Partnership) -> Section | None:
    """The projection on the overview; None where no plan counts."""
    plan = latest_of(plans_of(partnership, sees_drafts=False))
    found = held_plan(partnership, plan.code, sees_drafts=False) if plan else None
    if found is None:
        return None
    words = card_words(found.entered, project(found.plan.outlook), budget_of(found.stored))
    return Section("Projection", reverse("projection", args=[partnership.slug]), words)


def plan_or_404(request: HttpRequest, partnership: Partnership, code: str) -> HeldPlan:
    """The plan of an address, for who may know of it."""
    found = held_plan(partnership, code, sees_drafts=sees_drafts(request, partnership))
    if found is None:
        raise Http404("There is no such plan.")
    return found


@require_safe
@requires(Permission.VIEW_APPROVED)
def projection(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The projection of a plan and a year; without a choice that of the latest plan."""
    plans = plans_of(partnership, sees_drafts=sees_drafts(request, partnership))
    code = request.GET.get("plan") or getattr(latest_of(plans), "code", "")
    enters = enters_money(request, partnership)
    if not code:
        return render(request, "finance/projection_empty.html", {"enters": enters, "plans": plans})
    held = plan_or_404(request, partnership, code)
    years = (held.year, held.year.next())
    year = next((y for y in years if y.slug == request.GET.get("year")), held.year)
    found = project(held.plan.outlook)
    context: dict[str, Any] = {
        "held": held,
        "choose": ProjectionForm(initial={"plan": code, "year": year.slug}, plans=plans, years=years),
        "enters": enters,
        "waits": held.state == WAITS,
        "conventions": CONVENTIONS,
        "papers": [str(held.stored.source)] if held.stored.source else [],
        **_lead(held, found, year),
        **_tables(held, found),
        **_one_more(request, held, year),
        **_band(held, found, year),
    }
    if request.access.can(Permission.EXPORT_APPROVED) and held.state == COUNTS:
        context["downloads"] = _downloads(partnership, held, context)
    return render(request, "finance/projection.html", context)


def _lead(held: HeldPlan, found: Projection, year: FinancialYear) -> dict[str, Any]:
    """What the chosen year will cost, in words and against the budget."""
    is_next, budget = year != held.year, budget_of(held.stored)
    cost = found.next_year if is_next else found.this_year
    lead = in_words(found)
    if is_next:
        gap = found.next_year - found.this_year
        change = f"{about(abs(gap))} {'more' if gap > 0 else 'less'} than" if gap else "as much as"
        lead = f"{year.label} is expected to cost {about(cost)}: {change} {held.year.label}."
    said = ""
    if budget is not None and not is_next:
        gap = cost - budget
        side = "over" if gap > 0 else "under"
        said = f"The budget is {about(budget)}: the projection is {about(abs(gap))} {side} it." if gap else (
            f"The budget is {about(budget)}, and so is the projection."
        )  # fmt: skip
    return {
        "year": year, "next": held.year.next(), "lead": lead, "against_budget": said,
        "budget_words": held.stored.budget_words if said else "", "hero": about(cost),
        "weekly": pounds(weekly_total(held.entered)), "number": held.entered.placements,
        "rounded": rounding_words(held.entered),
    }  # fmt: skip


def _tables(held: HeldPlan, found: Projection) -> dict[str, Any]:
    code, this, following = held.stored.code, held.year.label, held.year.next().label
    rows, steps = plan_rows(code, held.entered, held.origin), run_rate_rows(code, found)
    heads = {"this_year": this, "next_year": following}
    return {
        "lines": drawn(
            LINES_TABLE, projection_rows(code, found), caption=f"Projection of {this} and {following}, line by line",
            numbers=heads, css="proj", css_of=lambda r: "is-total" if r.code == "total" else "", heads=heads,
        ),
        "run_rate": drawn(
            RUN_RATE_TABLE, steps, caption="From the run-rate to the projection", numbers=("amount", "running"),
            css="proj", css_of=lambda r: "is-total" if r.code == "total" else "",
        ) if steps else None,
        "rate": pounds(found.run_rate.amount) if found.run_rate else "",
        "full_year": drawn(
            FULL_YEAR_TABLE, full_year_rows(code, held.entered, held.year), heads=heads,
            caption="Known placements, part-year and full-year", numbers=("placements", *heads, "effect"), css="proj",
            css_of=lambda r: "is-total" if r.rung == "total" else "",
        ),
        "assumed": drawn(
            ASSUMED_TABLE, assumed_rows(code, held.entered), caption="What the plan assumes", bold=("what",),
            css="planned",
        ) if held.entered.assumed else None,
        "placements": drawn(
            PLAN_TABLE, rows[:MOST_ROWS_SHOWN], caption="Placements of the plan", numbers=("number", "weekly"),
            css="planned",
        ),
        "rows_hidden": max(0, len(rows) - MOST_ROWS_SHOWN),
        "starters": [
            f"{row.number:.1f} starters to the year end, {row.nights_each:.0f} nights each on average, "
            f"{pounds(row.cost)} in all: {held.entered.names[row.rung]}."
            for row in found.starters
        ],
    }  # fmt: skip


def _one_more(request: HttpRequest, held: HeldPlan, year: FinancialYear) -> dict[str, Any]:
    """The small form of one more placement, and its sentence where it was asked."""
    asked = "weekly" in request.GET
    names = {code: held.entered.names[code] for code in held.plan.outlook.rungs}
    form = OneMoreForm(request.GET if asked else None, names=names, initial={"start": held.stored.as_at})
    context: dict[str, Any] = {"one_more_form": form, "one_more_asked": asked}
    if not asked or not form.is_valid():
        return context
    weekly, start, rung = pounds_of(form.cleaned_data["weekly"]), form.cleaned_data["start"], form.cleaned_data["rung"]
    if weekly < 0:
        form.add_error("weekly", "A price cannot be less than £0 a week.")
        return context
    if not held.stored.as_at <= start <= held.year.next().end_on:
        form.add_error("start", "Give a day from that of the plan to the end of its second year.")
        return context
    doubt = doubt_about_price(weekly, Per.WEEK, held.plan.prices.get(rung))
    changes = tuple(c for c in held.plan.outlook.price_changes if c.on >= start)
    sentence = one_more(weekly, start, changes, rung).sentence
    return context | {"one_more": sentence, "one_more_doubt": doubt.message if doubt else ""}


def _band(held: HeldPlan, found: Projection, year: FinancialYear) -> dict[str, Any]:
    kept = latest_run(held.stored)
    context: dict[str, Any] = {"may_draw": held.state != "refused"}
    if kept is None:
        return context
    return context | band_context(kept, found, budget_of(held.stored), held.stored.code)


def band_context(kept: KeptRun, found: Projection, budget: Any, plan: str) -> dict[str, Any]:
    """What the band of a kept result shows: a sentence, the drawing, its table, and the months."""
    run, band = kept.stored, kept.found.this_year
    heads = {"this_year": kept.year.label, "next_year": kept.year.next().label}
    marks = band_marks(band, found.this_year, budget)
    keys = [("band", f"Eight of ten runs: {about(band.p10)} to {about(band.p90)}"), ("mid", f"Half of the runs stay "
            f"below {about(band.p50)}"), ("exp", f"Projection: {about(found.this_year)}")]  # fmt: skip
    if budget is not None:
        keys.append(("bud", f"Budget: {about(budget)}"))
    over = run.over_budget_percent
    return {
        "kept": kept,
        "marks": marks,
        "mark_keys": keys,
        "over": "" if over is None else f"{share_words(over)} of the runs cost more than the budget.",
        "band": drawn(
            RESULT_TABLE, [row for row in kept.rows if row.part == "band"], caption="Band of the runs", numbers=heads,
            heads=heads, css="proj",
        ),
        "months": drawn(
            MONTHS_TABLE, month_rows(plan, found, kept.found), caption="Expected cost and band by month",
            numbers=("expected", "p10", "p50", "p90"), css="proj",
        ),
    }  # fmt: skip


def _downloads(partnership: Partnership, held: HeldPlan, context: dict[str, Any]) -> list[dict[str, str]]:
    there = {"run-rate": context["run_rate"], "assumptions": context["assumed"], "months": context.get("kept"),
             "band": context.get("kept")}  # fmt: skip
    return [
        file_link(label, reverse("projection_csv", args=[partnership.slug, held.stored.code, table]),
                  "as comma-separated values")
        for table, label in DOWNLOADS.items()
        if there.get(table, True)
    ]  # fmt: skip


@require_safe
@requires(Permission.EXPORT_APPROVED)
def projection_csv(request: HttpRequest, partnership: Partnership, plan: str, table: str) -> StreamingHttpResponse:
    """One of the tables of a projection as a file."""
    held = plan_or_404(request, partnership, plan)
    if held.state != COUNTS:
        raise Http404("What does not count stands in no file.")
    spec, rows = _file(held, table)
    return csv_file(request, f"{spec.name}_{plan}.csv", spec.header, spec.csv_rows(rows))


def _file(held: HeldPlan, table: str) -> tuple[TableSpec[Any], Sequence[Any]]:
    code, entered = held.stored.code, held.entered
    match table:
        case "lines":
            return LINES_TABLE, projection_rows(code, project(held.plan.outlook))
        case "run-rate":
            return RUN_RATE_TABLE, run_rate_rows(code, project(held.plan.outlook))
        case "full-year":
            return FULL_YEAR_TABLE, full_year_rows(code, entered, held.year)
        case "placements":
            return PLAN_TABLE, plan_rows(code, entered, held.origin)
        case "assumptions":
            return ASSUMED_TABLE, assumed_rows(code, entered)
        case "months" | "band":
            kept = latest_run(held.stored)
            if table == "band":
                return RESULT_TABLE, kept.rows if kept else []
            return MONTHS_TABLE, month_rows(code, project(held.plan.outlook), kept.found) if kept else []
    raise Http404("A projection has no such table.")
