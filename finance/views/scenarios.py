"""Scenarios: the list, several side by side, one with its steps, effect and kept result; as files too."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.forms.scenarios import WithdrawForm
from finance.models import HomePlan
from finance.operations.plans import budget_of
from finance.projection import project, year_totals
from finance.projection_table import pounds
from finance.scenario_rows import DELAY, KINDS, OPEN
from finance.scenario_table import COMPARISON_TABLE, RESULT_TABLE, SCENARIOS_TABLE, STEPS_TABLE, ComparedRow
from finance.selectors.plans import latest_of, plans_of
from finance.selectors.runs import KeptRun, latest_run
from finance.selectors.scenarios import HeldScenario, compared_rows, held_scenario, scenarios_of
from finance.views.files import csv_file, file_link
from finance.views.projection import band_context, enters_money
from finance.views.sections import Section
from finance.views.tables import drawn
from indicators.models import Partnership
from indicators.operations.basics import known_on
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.return_entry import new_key
from indicators.working_days import day_words

PER_PAGE = 20
MOST_COMPARED = 6
EFFECTS = ("this_year", "next_year")


def section(partnership: Partnership) -> Section | None:
    """Scenarios on the overview; None where no plan counts to try them on."""
    if latest_of(plans_of(partnership, sees_drafts=False)) is None:
        return None
    found = [one for one in scenarios_of(partnership) if one.stored.withdrawn_at is None]
    words = f"{len(found)} what-if{'' if len(found) == 1 else 's'}, to which nobody has agreed."
    return Section("Scenarios", reverse("scenarios", args=[partnership.slug]), words if found else "None is tried yet.")


def scenario_or_404(partnership: Partnership, code: str) -> HeldScenario:
    """The scenario of an address."""
    found = held_scenario(partnership, code)
    if found is None:
        raise Http404("There is no such scenario.")
    return found


# The list and several side by side


@require_safe
@requires(Permission.VIEW_APPROVED)
def scenario_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every scenario; those that are ticked stand side by side above them."""
    found = scenarios_of(partnership)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    chosen = _chosen(request, found)
    compared = compared_rows(chosen) if len(chosen) > 1 else []
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            {"code": one.stored.code, "name": one.stored.name, "is_chosen": one in chosen,
             "is_open": one.stored.withdrawn_at is None}
            for one in page.object_list
        ],
        "table": drawn(
            SCENARIOS_TABLE, [one.row for one in page.object_list], caption="Scenarios", numbers=EFFECTS, css="scen",
            links=lambda row: {"name": reverse("scenario", args=[partnership.slug, row.code])},
            css_of=lambda row: "is-part" if row.withdrawn else "",
        ),
        "compared": _compared(partnership, compared) if compared else None,
        "sentences": comparison_words(compared),
        "asked": bool(request.GET.getlist("with")),
        "too_few": len(chosen) < 2,
        "enters": enters_money(request, partnership),
        "has_plan": latest_of(plans_of(partnership, sees_drafts=False)) is not None,
    }  # fmt: skip
    if request.access.can(Permission.EXPORT_APPROVED) and found:
        context["downloads"] = [_csv("Scenarios", reverse("scenarios_csv", args=[partnership.slug]))]
        if compared:
            query = "&".join(f"with={one.stored.code}" for one in chosen)
            url = reverse("scenario_comparison_csv", args=[partnership.slug])
            context["downloads"].append(_csv("Comparison", f"{url}?{query}"))
    return render(request, "finance/scenarios.html", context)


def _csv(label: str, url: str) -> dict[str, str]:
    return file_link(f"{label} (CSV)", url, "as comma-separated values")


def _chosen(request: HttpRequest, found: list[HeldScenario]) -> list[HeldScenario]:
    codes = list(dict.fromkeys(request.GET.getlist("with")))[:MOST_COMPARED]
    by_code = {one.stored.code: one for one in found}
    return [by_code[code] for code in codes if code in by_code]


def _compared(partnership: Partnership, rows: list[ComparedRow]) -> dict[str, Any]:
    def links(row: ComparedRow) -> dict[str, str]:
        return {"name": reverse("scenario", args=[partnership.slug, row.scenario])} if row.scenario else {}

    years = list(dict.fromkeys((row.year.label, row.year.next().label) for row in rows))
    heads = dict(zip(EFFECTS, years[0], strict=True)) if len(years) == 1 else {}
    return drawn(COMPARISON_TABLE, rows, caption="Scenarios side by side", numbers=(*EFFECTS, "band"), links=links,
                 css="comp", css_of=lambda row: "" if row.scenario else "is-plan", heads=heads)  # fmt: skip


def comparison_words(rows: list[ComparedRow]) -> list[str]:
    """How the first scenario stands to each other one on the same plan."""
    scenarios = [row for row in rows if row.scenario]
    said = []
    for other in scenarios[1:]:
        first = scenarios[0]
        if other.plan == first.plan:
            gaps = [a - b for a, b in zip(other.effect, first.effect, strict=True)]
            parts = [
                f"{pounds(abs(gap))} {'more' if gap > 0 else 'less'} in {year.label}" if gap
                else f"as much in {year.label}"
                for gap, year in zip(gaps, (first.year, first.year.next()), strict=True)
            ]  # fmt: skip
            said.append(f"“{other.name}” costs {' and '.join(parts)} than “{first.name}”.")
        else:
            said.append(f"“{other.name}” is tried on another plan, so its effect is against that one.")
    return said


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scenarios_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Every scenario as a file."""
    rows = [one.row for one in scenarios_of(partnership)]
    return csv_file(request, "scenarios.csv", SCENARIOS_TABLE.header, SCENARIOS_TABLE.csv_rows(rows))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scenario_comparison_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The chosen scenarios side by side as a file."""
    rows = compared_rows(_chosen(request, scenarios_of(partnership)))
    return csv_file(request, "scenario-comparison.csv", COMPARISON_TABLE.header, COMPARISON_TABLE.csv_rows(rows))


# One scenario


@require_safe
@requires(Permission.VIEW_APPROVED)
def scenario_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A scenario: what it changes this year and next, step by step, what it assumes, and its band."""
    return render(request, "finance/scenario.html", scenario_context(request, scenario_or_404(partnership, code)))


def scenario_context(request: HttpRequest, held: HeldScenario, withdraw: WithdrawForm | None = None) -> dict[str, Any]:
    """What the page of a scenario shows; `withdraw` is a form that was not accepted."""
    stored, on, slug = held.stored, held.on, held.stored.partnership.slug
    access, effect = request.access, held.effect
    enters, is_owner = enters_money(request, stored.partnership), stored.owner_id == request.user.pk
    changes = is_owner and enters and stored.withdrawn_at is None
    heads = {"this_year": on.year.label, "next_year": on.year.next().label}
    context: dict[str, Any] = {
        "held": held,
        "effect": effect,
        "year": on.year,
        "next": on.year.next(),
        "costs": _costs(held),
        "table": drawn(
            STEPS_TABLE, held.step_rows, caption="Steps and what each changes", numbers=EFFECTS, heads=heads,
            css="proj",
            css_of=lambda row: "" if row.order else "is-total",
        ) if held.rows else None,
        "assumptions": [*effect.assumptions] if effect else [],
        "register": _register_words(held),
        "changes": changes,
        "enters": enters,
        "kinds": _kinds(held, slug) if changes else [],
        "orders": [(row.order, words) for row, words in zip(held.rows, _words(held), strict=True)] if changes else [],
        "withdraw": withdraw or WithdrawForm(),
        "withdraw_sent": withdraw is not None,
        "withdrawn_on": day_words(known_on(stored.withdrawn_at)) if stored.withdrawn_at else "",
        "changed_on": day_words(known_on(stored.changed_at)),
        "key": new_key(),
        "papers": [str(on.stored.source)] if on.stored.source else [],
        "plan_replaced": getattr(on.stored, "replaced_by", None),
    }  # fmt: skip
    kept = latest_run(on.stored, stored)
    if kept is not None:
        context |= _band(held, kept)
    if access.can(Permission.EXPORT_APPROVED):
        tables = [("steps", "Steps")] if held.rows else []
        tables += [("result", "Kept result")] if kept is not None else []
        context["downloads"] = [
            _csv(label, reverse("scenario_csv", args=[slug, stored.code, t])) for t, label in tables
        ]
    return context


def _costs(held: HeldScenario) -> list[dict[str, str]]:
    """What both years cost as planned and with the scenario."""
    if held.effect is None:
        return []
    planned = year_totals(held.on.plan.outlook)
    effects = (held.effect.this_year, held.effect.next_year)
    years = (held.on.year, held.on.year.next())
    return [
        {"year": year.label, "planned": pounds(cost), "then": pounds(cost + change)}
        for year, cost, change in zip(years, planned, effects, strict=True)
    ]


def _words(held: HeldScenario) -> list[str]:
    return [step.words for step in held.effect.steps] if held.effect else [row.words for row in held.rows]


def _kinds(held: HeldScenario, slug: str) -> list[dict[str, str]]:
    """The kinds of step that can be added; a home is delayed once an earlier step opens one."""
    opens = any(row.kind == OPEN for row in held.rows)
    return [
        {"label": label, "url": reverse("scenario_step", args=[slug, held.stored.code, kind])}
        for kind, label in KINDS.items()
        if kind != DELAY or opens
    ]


def _register_words(held: HeldScenario) -> list[str]:
    """When the register expects the homes that steps open. One query where there are any."""
    linked = [row for row in held.rows if row.home_id is not None]
    if not linked:
        return []
    known: dict[int, HomePlan] = {}
    for plan in HomePlan.objects.filter(home__in=[row.home_id for row in linked]).order_by("known_on", "at", "pk"):
        known[plan.home_id] = plan
    delayed = {row.home_name: row.on for row in held.rows if row.kind == DELAY}
    return [
        _register_line(row.home_name, delayed.get(row.home_name, row.on), known.get(row.home_id or 0))
        for row in linked
    ]  # fmt: skip


def _register_line(name: str, on: date, plan: HomePlan | None) -> str:
    expected = "gives no day" if plan is None or not plan.expected_words else f"expects it in {plan.expected_words}"
    stage = f" ({plan.stage})" if plan is not None else ""
    later = plan is not None and plan.expected_on is not None and on < plan.expected_on
    sooner = " That is earlier than the register expects." if later else ""
    return f"{name}: the scenario opens it on {day_words(on)}; the register {expected}{stage}.{sooner}"


def _band(held: HeldScenario, kept: KeptRun) -> dict[str, Any]:
    is_current = kept.stored.scenario_version == held.stored.version
    if not is_current or held.effect is None:
        return {"kept_before": kept}
    return band_context(kept, project(held.outlook), budget_of(held.on.stored), held.on.stored.code)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scenario_csv(request: HttpRequest, partnership: Partnership, code: str, table: str) -> StreamingHttpResponse:
    """The steps of a scenario, or the result that was kept of it, as a file."""
    held = scenario_or_404(partnership, code)
    if table == "steps":
        return csv_file(request, f"scenario-steps_{code}.csv", STEPS_TABLE.header, STEPS_TABLE.csv_rows(held.step_rows))
    if table != "result":
        raise Http404("A scenario has no such table.")
    kept = latest_run(held.on.stored, held.stored)
    rows = RESULT_TABLE.csv_rows(kept.rows if kept else [])
    return csv_file(request, f"projection-result_{code}.csv", RESULT_TABLE.header, rows)
