"""Improvement plans: the list, a plan with how far it has come, an action with its history, and a review."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.money import in_words, money_words
from finance.register_columns import dated
from finance.views.files import csv_file, download
from finance.views.tables import drawn
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import capital, listed
from indicators.roles import Permission
from indicators.table_spec import TableSpec
from indicators.views.addresses import indicator_url
from indicators.working_days import day_words
from partnership.plan_review import (
    Due,
    Movement,
    brag_counts,
    brag_words,
    lateness_words,
    on_track_words,
    progress_words,
    reviews_words,
)
from partnership.plan_rows import VOICE_WORDS, ActionRow, voices
from partnership.plan_table import (
    ACTIONS_TABLE,
    HISTORY_TABLE,
    MEASURES_TABLE,
    MOVES_TABLE,
    NOTHING,
    PLANS_TABLE,
    RESOURCES_TABLE,
    REVIEW_TABLE,
    REVIEWS_TABLE,
)
from partnership.selectors.inspections import assurance_of
from partnership.selectors.plans import PlanView, action_of, action_view, plan_row, plan_view, plans_of, review_view
from partnership.selectors.risks import risks_to
from partnership.views.governance_siblings import siblings
from partnership.views.plan_forms import may

PER_PAGE = 50


def papers_of(rows: Iterable[Any]) -> list[str]:
    """The papers that rows are from, each once; the place in it stands beside each row."""
    return sorted({row.origin.source for row in rows if row.origin.source})


def page_of(request: HttpRequest, rows: Sequence[Any]) -> Any:
    """The page of a list that the address asks for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


# The list


@require_safe
@requires(Permission.VIEW_APPROVED)
def improvement_plans(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every improvement plan with where it stands."""
    rows = plans_of(partnership, request.today)  # type: ignore[attr-defined]
    page = page_of(request, rows)
    links = {row.code: reverse("improvement_plan", args=[partnership.slug, row.code]) for row in rows}
    table = drawn(
        PLANS_TABLE, page.object_list, caption="Improvement plans", numbers={"late"}, bold={"actions"},
        links=lambda row: {"plan": links[row.code]}, css="plans-t",
    )  # fmt: skip
    context = {
        "page": page,
        "table": table if rows else None,
        "lead": _list_lead([row.review for row in rows], sum(row.late for row in rows)),
        "may_add": may(request, Permission.MANAGE_PLANS),
        "siblings": siblings(partnership, "improvement_plans"),
        "downloads": download(request, reverse("improvement_plans_csv", args=[partnership.slug]), "Plans")
        if rows
        else [],
        "papers": papers_of(rows),
    }
    return render(request, "governance/plans.html", context)


def _list_lead(reviews: list[Due], actions: int) -> str:
    if not reviews:
        return ""
    plans = "1 plan" if len(reviews) == 1 else f"{len(reviews)} plans"
    late = f"{actions or 'no'} {'action is' if actions == 1 else 'actions are'} late"
    return f"{plans}; {late}, and {reviews_words(reviews)}."


@require_safe
@requires(Permission.EXPORT_APPROVED)
def improvement_plans_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The list of plans as a file."""
    rows = plans_of(partnership, request.today)  # type: ignore[attr-defined]
    return csv_file(request, "improvement-plans.csv", PLANS_TABLE.header, PLANS_TABLE.csv_rows(rows))


# One plan


def _asked(request: HttpRequest, partnership: Partnership, plan: str) -> PlanView:
    found = plan_view(partnership, plan, today=request.today, access=request.access)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such plan.")
    return found


def _moves(view: PlanView) -> list[Any]:
    return [(row.number, move) for row in view.actions for move in row.moves]


# What of a plan is a file: the specification and its rows.
TABLES: dict[str, tuple[TableSpec[Any], Any]] = {
    "actions": (ACTIONS_TABLE, lambda view: view.actions),
    "measures": (MEASURES_TABLE, lambda view: view.measures),
    "resources": (RESOURCES_TABLE, lambda view: view.resources),
    "reviews": (REVIEWS_TABLE, lambda view: view.reviews),
    "dates": (MOVES_TABLE, _moves),
}


def action_url(slug: str, plan: str, number: str, name: str = "plan_action") -> str:
    """The page of an action by its number, "2.1"."""
    priority, _, order = number.partition(".")
    return reverse(name, args=[slug, plan, int(priority), int(order)])


def _css(row: ActionRow) -> str:
    return "is-ended" if row.ended_on else f"brag brag--{row.brag.value if row.brag else 'none'}"


def _drawn_actions(partnership: Partnership, view: PlanView, rows: Sequence[ActionRow]) -> dict[str, Any]:
    groups = [(name, list(own)) for name, own in groupby(rows, key=lambda r: f"{r.number.split('.')[0]}. {r.priority}")]
    return drawn(
        ACTIONS_TABLE, rows, caption="Actions by priority", groups=groups, css="acts", css_of=_css, bold={"status"},
        links=lambda row: {"action": action_url(partnership.slug, view.plan.code, row.number)},
    )  # fmt: skip


@require_safe
@requires(Permission.VIEW_APPROVED)
def improvement_plan(request: HttpRequest, partnership: Partnership, plan: str) -> HttpResponse:
    """A plan, answer first: how many actions are on track, what changed since the last review, what is late."""
    view = _asked(request, partnership, plan)
    here = [partnership.slug, plan]
    page = page_of(request, view.actions)
    context = {
        "view": view,
        "plan": view.plan,
        "on_track": on_track_words(brag_counts(row.brag for row in view.open)),
        "changed": _changed(view),
        "late": _late(partnership, view),
        "heard": _heard(view),
        "page": page,
        "actions": _drawn_actions(partnership, view, page.object_list) if view.actions else None,
        "measures": _measures(partnership, view),
        "reviews": _reviews(partnership, view),
        "moves": drawn(MOVES_TABLE, _moves(view), caption="Days that were moved", css="moved")
        if _moves(view)
        else None,
        "files": {name: _file(request, here, name) for name in TABLES},
        "owed": _owed(request, partnership, view),
        "risks": [
            {"url": reverse("risk", args=[partnership.slug, code]), "name": title}
            for code, title in risks_to(view.plan)
        ],
        "may_change": may(request, Permission.MANAGE_PLANS),
        "siblings": siblings(partnership, ""),
        "papers": papers_of([*view.actions, *view.reviews]),
        "resources": _resources(partnership, view),
    }
    return render(request, "governance/plan.html", context)


def _file(request: HttpRequest, here: list[str], table: str) -> list[dict[str, str]]:
    return download(request, reverse("improvement_plan_csv", args=[*here, table]), capital(table))


def _changed(view: PlanView) -> dict[str, Any]:
    """What changed between the last review and the one before, in a sentence, with what is better and worse."""
    last = view.last
    if last is None:
        return {"sentence": "No review has been taken yet, so nothing can be compared."}
    if len(view.reviews) == 1:
        return {"sentence": f"The first review was taken on {day_words(last.on)}; the next one shows what has changed."}
    before = view.reviews[-2]
    progress = progress_words(view.changes)
    sentence = f"Between the reviews of {day_words(before.on)} and {day_words(last.on)}: {progress}."
    told = {code: [r for r in view.actions if r.change and r.change.movement is code] for code in Movement}
    rows = [(row, row.change.words) for code in (Movement.WORSE, Movement.BETTER) for row in told[code] if row.change]
    return {"sentence": sentence, "rows": [{"number": row.number, "title": row.title, "words": w} for row, w in rows]}


def _late(partnership: Partnership, view: PlanView) -> list[dict[str, Any]]:
    rows = sorted((row for row in view.open if row.days_late), key=lambda row: -row.days_late)
    return [
        {
            "url": action_url(partnership.slug, view.plan.code, row.number),
            "name": f"{row.number}. {row.title}",
            "words": f"{lateness_words(row.days_late)}, due on {dated(row.due_on)}; {brag_words(row.brag)}",
        }
        for row in rows
    ]


def _heard(view: PlanView) -> str:
    lines = [row.line for row in view.open if row.line]
    if not lines:
        return ""
    counts = voices(lines)
    told = [f"{VOICE_WORDS[code]} on {number}" for code, number in counts.items()]
    changed = sum(bool(line.what_changed) for line in lines)
    return (
        f"Of {len(lines)} reviewed {'action' if len(lines) == 1 else 'actions'} evidence comes from {listed(told)}; "
        f"what changed for them is said of {changed}."
    )


def _owed(request: HttpRequest, partnership: Partnership, view: PlanView) -> list[dict[str, str]]:
    """The reports on the plan that the assurance list holds, and where each stands."""
    rows = assurance_of(partnership, request.today, plan=view.plan.pk)  # type: ignore[attr-defined]
    return [
        {
            "name": row.title,
            "words": row.standing.words,
            "url": reverse("assurance_item", args=[partnership.slug, row.code]),
        }
        for row in rows
    ]


def _measures(partnership: Partnership, view: PlanView) -> Any:
    if not view.measures:
        return None
    return drawn(
        MEASURES_TABLE, view.measures, caption="What the plan is measured by",
        links=lambda row: {"indicator": indicator_url(partnership.slug, row[0].code)}, bold={"figure"}, css="meas",
    )  # fmt: skip


def _reviews(partnership: Partnership, view: PlanView) -> Any:
    if not view.reviews:
        return None
    return drawn(
        REVIEWS_TABLE, reversed(view.reviews), caption="Reviews, the latest first", css="revs", bold={"actions"},
        links=lambda row: {"review": reverse("plan_review", args=[partnership.slug, view.plan.code, row.number])},
    )  # fmt: skip


def _resources(partnership: Partnership, view: PlanView) -> dict[str, Any] | None:
    """The programme that pays for the plan, with what it grants and what was spent."""
    if view.programme is None:
        return None
    row = view.programme.row
    url = reverse("register_entry", args=[partnership.slug, "programmes", row.code])
    item = reverse("programme_item", args=[partnership.slug, row.code, "letter"])
    cost = f"Funding of {in_words(row.cost)}" if row.cost else "How much it grants is not stated"
    spent = money_words(row.spent.value) if row.spent.value is not None else "nothing"
    table = drawn(
        RESOURCES_TABLE, view.resources, caption="Items of the programme, and the actions that they pay for",
        numbers={"cost", "spent"}, css="res",
        links=lambda one: {"item": item.replace("/letter/", f"/{one.letter}/")} if one.cost else {},
    )  # fmt: skip
    return {"name": row.name, "url": url, "words": f"{cost}; {spent} reported as spent yet.", "table": table}


@require_safe
@requires(Permission.EXPORT_APPROVED)
def improvement_plan_csv(
    request: HttpRequest, partnership: Partnership, plan: str, table: str
) -> StreamingHttpResponse:
    """A table of a plan as a file."""
    if table not in TABLES:
        raise Http404("There is no such table.")
    spec, rows_of = TABLES[table]
    view = _asked(request, partnership, plan)
    return csv_file(request, f"{plan}-{table}.csv", spec.header, spec.csv_rows(rows_of(view)))


# One action


def asked_action(partnership: Partnership, plan: str, priority: int, order: int) -> tuple[Any, Any]:
    """The stored plan and action that an address names. Raises Http404."""
    found = plan_row(partnership, plan)
    action = action_of(found, priority, order) if found else None
    if found is None or action is None:
        raise Http404("There is no such action.")
    return found, action


@require_safe
@requires(Permission.VIEW_APPROVED)
def plan_action(request: HttpRequest, partnership: Partnership, plan: str, priority: int, order: int) -> HttpResponse:
    """An action of a plan: where it stands, what every review said of it, and how its day moved."""
    found, action = asked_action(partnership, plan, priority, order)
    view = action_view(found, action, today=request.today, access=request.access)  # type: ignore[attr-defined]
    cells = ACTIONS_TABLE.cells(view.row)
    facts = [{"key": c.heading, "lines": cells[c.key]} for c in ACTIONS_TABLE.on_screen[1:] if c.key != "measures"]
    facts = [fact for fact in facts if fact["lines"] != (NOTHING,)]
    moves = [(view.row.number, move) for move in view.row.moves]
    here = [partnership.slug, plan, priority, order]
    context = {
        "plan": found,
        "row": view.row,
        "lead": [capital(line) for line in cells["action"][1:]],
        "facts": facts,
        "measures": [{"url": indicator_url(partnership.slug, m.code), "words": m.words} for m in view.row.measures],
        "history": drawn(HISTORY_TABLE, view.history, caption="What reviews said of it, the latest last", css="hist")
        if view.history
        else None,
        "moves": drawn(MOVES_TABLE, moves, caption="How its day was moved", css="moved") if moves else None,
        "downloads": download(request, reverse("plan_action_csv", args=here), "History") if view.history else [],
        "may_change": may(request, Permission.MANAGE_PLANS) and view.row.ended_on is None,
        "here": {
            name: reverse(name, args=here) for name in ("plan_action_date", "plan_action_change", "plan_action_end")
        },
        "papers": papers_of([view.row]),
    }
    return render(request, "governance/plan_action.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def plan_action_csv(
    request: HttpRequest, partnership: Partnership, plan: str, priority: int, order: int
) -> StreamingHttpResponse:
    """What every review said of an action as a file."""
    found, action = asked_action(partnership, plan, priority, order)
    view = action_view(found, action, today=request.today, access=request.access)  # type: ignore[attr-defined]
    rows = HISTORY_TABLE.csv_rows(view.history)
    return csv_file(request, f"{plan}-action-{priority}-{order}.csv", HISTORY_TABLE.header, rows)


# One review


def _asked_review(request: HttpRequest, partnership: Partnership, plan: str, number: int) -> Any:
    found = review_view(partnership, plan, number, today=request.today)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such review.")
    return found


@require_safe
@requires(Permission.VIEW_APPROVED)
def plan_review(request: HttpRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    """A review as it was taken: every action as it stood then, beside the review before."""
    view = _asked_review(request, partnership, plan, number)
    page = page_of(request, view.rows)
    groups = [
        (name, list(own))
        for name, own in groupby(page.object_list, key=lambda r: f"{r.number.split('.')[0]}. {r.priority}")
    ]
    table = drawn(
        REVIEW_TABLE, page.object_list, caption="Actions at this review", groups=groups, bold={"status"}, css="acts",
        css_of=lambda row: f"brag brag--{row.change.now.value if row.change.now else 'none'}",
        links=lambda row: {"action": action_url(partnership.slug, plan, row.number)},
    )  # fmt: skip
    since = (
        f"Since review {view.before.number} of {day_words(view.before.on)}: "
        f"{progress_words([row.change for row in view.rows])}."
        if view.before
        else "It is the first review, so there is nothing to compare it with."
    )
    here = [partnership.slug, plan, number]
    context = {
        "plan": view.plan,
        "review": view.review,
        "view": view,
        "since": since,
        "on_track": on_track_words(view.review.counts),
        "page": page,
        "table": table,
        "downloads": download(request, reverse("plan_review_csv", args=here), "Review"),
        "papers": papers_of([view.review]),
    }
    return render(request, "governance/plan_review.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def plan_review_csv(request: HttpRequest, partnership: Partnership, plan: str, number: int) -> StreamingHttpResponse:
    """A review as a file."""
    view = _asked_review(request, partnership, plan, number)
    return csv_file(request, f"{plan}-review-{number}.csv", REVIEW_TABLE.header, REVIEW_TABLE.csv_rows(view.rows))
