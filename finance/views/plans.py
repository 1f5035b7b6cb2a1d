"""Plans of placements: the list, one of them with every row, entering one, and deciding on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from finance.forms.plans import PlanDecisionForm, PlanForm
from finance.models import PlacementPlan
from finance.operations.plans import budget_of, decide_plan, draft_plan, refuse_plan
from finance.plan import Plan
from finance.plan_from_file import Begun
from finance.plan_rows import doubts
from finance.plan_text import ROW_HEADINGS
from finance.projection import in_words, project
from finance.projection_table import (
    ASSUMED_TABLE,
    PLAN_TABLE,
    assumed_rows,
    plan_rows,
    pounds,
    weekly_total,
)
from finance.selectors.plan_from_file import begun_from
from finance.selectors.plans import COUNTS, REFUSED, WAITS, HeldPlan, Ladder, ladder_of, plans_of, state_of
from finance.selectors.ssda903 import replaced_by
from finance.views.drafts import sees_drafts
from finance.views.files import file_link
from finance.views.projection import enters_money, plan_or_404
from finance.views.ssda903 import opened
from finance.views.tables import drawn
from indicators.envelope import LEFT_OUT, keeps_typed, sent_only, sent_or_kept
from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.operations.basics import known_on
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.return_entry import new_key, sent_key
from indicators.working_days import day_words

PER_PAGE = 50
_NOT_KEPT = LEFT_OUT | {"do", "key"}
STATE_WORDS = {WAITS: "Waits for a decision", REFUSED: "Refused", COUNTS: ""}


@require_safe
@requires(Permission.VIEW_APPROVED)
def plan_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every plan that the person may know of, the latest day first."""
    found = [
        {
            "plan": plan,
            "url": reverse("plan", args=[partnership.slug, plan.code]),
            "projection": f"{reverse('projection', args=[partnership.slug])}?plan={plan.code}",
            "state": STATE_WORDS[plan.state],
        }
        for plan in plans_of(partnership, sees_drafts=sees_drafts(request, partnership))
    ]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "finance/plans.html", {"page": page, "enters": enters_money(request, partnership)})


@require_safe
@requires(Permission.VIEW_APPROVED)
def plan_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A plan with its rows page by page, its assumptions, and what was decided."""
    held = plan_or_404(request, partnership, code)
    return render(request, "finance/plan.html", _context(request, held))


def _context(request: HttpRequest, held: HeldPlan, sent: PlanDecisionForm | None = None) -> dict[str, Any]:
    stored, entered, slug = held.stored, held.entered, held.stored.partnership.slug
    rows = plan_rows(stored.code, entered, held.origin)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    waits, access = held.state == WAITS, request.access
    decides = waits and access.can(Permission.ACCEPT) and stored.by_id != request.user.pk
    decision = getattr(stored, "decision", None)
    context: dict[str, Any] = {
        "held": held,
        "state": STATE_WORDS[held.state],
        "page": page,
        "weekly": pounds(weekly_total(entered)),
        "table": drawn(PLAN_TABLE, page.object_list, caption="Placements of the plan", numbers=("number", "weekly"),
                       css="planned"),
        "assumed": drawn(ASSUMED_TABLE, assumed_rows(stored.code, entered), caption="What the plan assumes",
                         bold=("what",), css="planned") if entered.assumed else None,
        "facts": _facts(held),
        "decision": "" if decision is None else _decided(decision),
        "decides": decides,
        "is_own": waits and stored.by_id == request.user.pk,
        "form": sent or (PlanDecisionForm() if decides else None),
        "url": reverse("plan_decide", args=[slug, stored.code]),
        "key": new_key(),
        "papers": [str(stored.source)] if stored.source else [],
    }  # fmt: skip
    if access.can(Permission.EXPORT_APPROVED):
        context["downloads"] = [
            file_link(f"{label} (CSV)", reverse("projection_csv", args=[slug, stored.code, table]),
                      "as comma-separated values")
            for table, label in (("placements", "Placements"), ("assumptions", "Assumptions"))
            if table == "placements" or entered.assumed
        ]  # fmt: skip
    return context


def _decided(decision: Any) -> str:
    done = "Accepted" if decision.is_accepted else "Refused"
    why = f": {decision.reason.body}" if decision.reason is not None and decision.reason.body else ""
    return f"{done} by {decision.actor} on {day_words(known_on(decision.at))}{why}"


def _facts(held: HeldPlan) -> list[dict[str, str]]:
    stored, to_date, budget = held.stored, held.entered.cost_to_date, budget_of(held.stored)
    spent = "Worked out from the rows" if to_date is None else f"{pounds(to_date)}. {stored.cost_to_date_words}"
    facts = [
        ("As at the start of", day_words(stored.as_at)),
        ("Placements", f"{held.entered.placements:,}"),
        ("Spent in the year before", spent),
        ("Budget of the year", "" if budget is None else f"{pounds(budget)}. {stored.budget_words}"),
        ("Where it is from", held.origin),
        ("Why odd prices are right", stored.odd_prices_reason),
        ("Replaces", str(stored.replaces) if stored.replaces else ""),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


# Deciding


@keeps_typed
@sent_only("plan", "partnership", "code")
@never_cache
@requires(Permission.ACCEPT)
def plan_decide(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Accepts a plan, or refuses it with a reason; what was typed comes back where it cannot be done."""
    held = plan_or_404(request, partnership, code)
    typed = sent_or_kept(request) or QueryDict()
    form, do = PlanDecisionForm(typed), typed.get("do", "")
    if request.method == "POST" and form.is_valid():
        try:
            if do not in {"accept", "refuse"}:
                raise OperationError("Choose whether to accept it or to refuse it. Nothing was done.")
            decide_plan(plan=held.stored, accept=do == "accept", reason=form.cleaned_data["reason"], by=request.user,
                        at=request.now, key=sent_key(request), request_id=request.request_id)  # fmt: skip
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            done = "is accepted and counts from now on" if do == "accept" else "is refused"
            messages.success(request, f"“{held.stored}” {done}.")
            return redirect("plan", partnership=partnership.slug, code=code)
    return render(request, "finance/plan.html", _context(request, held, form))


# Entering


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Enters a plan: filled in, read once more as a table, and kept until another person decides.

    `?from=` a placements file fills the boxes with what was counted in it.
    """
    if not enters_money(request, partnership):
        raise PermissionDenied
    typed = sent_or_kept(request) or QueryDict()
    do = typed.get("do", "")
    given: dict[str, Any] = {"ladder": ladder_of(partnership), "replaceable": _replaceable(partnership)}
    is_sent = do in {"check", "confirm"}
    begun = None if typed else _begun(request, partnership, given["ladder"])
    initial = typed.dict() or _initial(request, begun)
    form = PlanForm(typed, request.FILES, **given) if is_sent else PlanForm(initial=initial, **given)
    said: dict[str, Any] | None = None
    if is_sent and form.is_valid():
        try:
            said = _said(form, refuse_plan(partnership, form.details, request.today))
            if do == "confirm" and request.method == "POST":
                made = draft_plan(partnership=partnership, details=form.details, by=request.user, at=request.now,
                                  key=sent_key(request), request_id=request.request_id)  # fmt: skip
                messages.success(request, f"“{made}” is kept. It counts once another person accepts it.")
                return redirect("plan", partnership=partnership.slug, code=made.code)
        except OperationError as refusal:
            form.refuse(refusal)
            if "odd_prices_reason" not in form.errors:
                said = None
    kept = {name: value for name, value in typed.items() if name not in _NOT_KEPT}
    if said is not None:
        kept |= {"rows": form.cleaned_data["rows_text"]}
        kept.pop("odd_prices_reason", None)
    context = {
        "form": form, "said": said, "begun": begun, "here": request.path, "key": sent_key(request) or new_key(),
        "kept": list(kept.items()), "has_ladder": bool(given["ladder"].names),
        "rungs": list(given["ladder"].names.items()), **_examples(list(given["ladder"].names)),
    }  # fmt: skip
    return render(request, "finance/plan_new.html", context)


def _examples(rungs: list[str]) -> dict[str, str]:
    """Two rungs to show how rows are written."""
    return {"example": rungs[-2], "other": rungs[-1]} if len(rungs) > 1 else {"example": "rung", "other": "rung"}


def _replaceable(partnership: Partnership) -> list[PlacementPlan]:
    rows = PlacementPlan.objects.filter(partnership=partnership, replaced_by=None).select_related("decision")
    return [plan for plan in rows if state_of(plan) == COUNTS]


def _begun(request: HttpRequest, partnership: Partnership, ladder: Ladder) -> Begun | None:
    """What the placements file of the address tells; None without one. 404 for one that is not there, not the person's
    to read, or replaced by later files."""
    code = request.GET.get("from", "")
    if not code or not ladder.names:
        return None
    load = opened(request, partnership, code)
    if replaced_by(load) is not None:
        raise Http404("Later files stand in the place of these.")
    return begun_from(load, ladder)


def _initial(request: HttpRequest, begun: Begun | None) -> dict[str, Any]:
    if begun is None:
        return {"as_at": request.today}
    return {name: getattr(begun, name) for name in ("name", "as_at", "rows", "assumed", "note")}


def _said(form: PlanForm, plan: Plan) -> dict[str, Any]:
    """What was read, what it would project, and what is odd about it."""
    details, entered = form.details, form.details.entered
    rows = plan_rows("new", entered)
    return {
        "name": details.name.strip(),
        "lead": in_words(project(plan.outlook)),
        "number": entered.placements,
        "rows": len(rows),
        "hidden": max(0, len(rows) - PER_PAGE),
        "table": drawn(PLAN_TABLE, rows[:PER_PAGE], caption="What was read",
                       numbers=("number", "weekly"), css="planned"),
        "assumed": drawn(ASSUMED_TABLE, assumed_rows("new", entered), caption="What is assumed", bold=("what",),
                         css="planned") if entered.assumed else None,
        "doubts": doubts(entered),
        "reason": details.odd_prices_reason,
    }  # fmt: skip


@require_safe
@requires(Permission.ENTER_MONEY)
def plan_template(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The headings of the rows as a CSV file to fill in, with the mark by which Excel knows UTF-8."""
    return csv_response("placements.csv", list(ROW_HEADINGS), [], excel=True)
