"""What people do with improvement plans: add to them, move a day with a reason, take a review."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indicators.envelope import keeps_typed, sent_or_kept
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from partnership.forms.plans import (
    ActionForm,
    ChangeActionForm,
    DateForm,
    EndForm,
    PlanForm,
    PriorityForm,
    ReviewForm,
)
from partnership.selectors.plans import number_of, plan_row, to_review
from partnership.views.plan_forms import form_page, may
from partnership.views.plans import asked_action

METHODS = ["GET", "HEAD", "POST"]


def _plan(partnership: Partnership, code: str) -> Any:
    found = plan_row(partnership, code)
    if found is None:
        raise Http404("There is no such plan.")
    return found


def _back(partnership: Partnership, plan: Any) -> tuple[str, str]:
    return reverse("improvement_plan", args=[partnership.slug, plan.code]), plan.title


def _sees(request: HttpRequest) -> bool:
    return may(request, Permission.VIEW_PROTECTED)


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def improvement_plan_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Adds a plan."""
    form = PlanForm(sent_or_kept(request), partnership=partnership, today=request.today)  # type: ignore[attr-defined]
    return form_page(
        request, form, title="Add an improvement plan", button="Add the plan",
        back=(reverse("improvement_plans", args=[partnership.slug]), "Improvement plans"),
        done="The plan is added. Add its priorities and actions.",
        to=lambda made: reverse("improvement_plan", args=[partnership.slug, made.code]),
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def plan_priority_new(request: HttpRequest, partnership: Partnership, plan: str) -> HttpResponse:
    """Adds a priority to a plan."""
    found = _plan(partnership, plan)
    form = PriorityForm(sent_or_kept(request), plan=found)
    return form_page(
        request, form, title="Add a priority", button="Add the priority", back=_back(partnership, found),
        done="The priority is added.",
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def plan_action_new(request: HttpRequest, partnership: Partnership, plan: str) -> HttpResponse:
    """Adds an action to a plan."""
    found = _plan(partnership, plan)
    form = ActionForm(
        sent_or_kept(request), plan=found, today=request.today, sees_protected=_sees(request),  # type: ignore[attr-defined]
    )  # fmt: skip
    return form_page(
        request, form, title="Add an action", button="Add the action", back=_back(partnership, found),
        done="The action is added. The next review says how it stands.",
    )  # fmt: skip


def _action_back(partnership: Partnership, plan: Any, action: Any) -> tuple[str, str]:
    args = [partnership.slug, plan.code, action.priority.order, action.order]
    return reverse("plan_action", args=args), f"Action {number_of(action)}"


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def plan_action_change(
    request: HttpRequest, partnership: Partnership, plan: str, priority: int, order: int
) -> HttpResponse:
    """Changes who leads an action, what pays for it and what measures it."""
    found, action = asked_action(partnership, plan, priority, order)
    form = ChangeActionForm(
        sent_or_kept(request), action=action, today=request.today, sees_protected=_sees(request),  # type: ignore[attr-defined]
    )  # fmt: skip
    return form_page(
        request, form, title=f"Change who leads action {number_of(action)}, and what measures it",
        button="Save the change", back=_action_back(partnership, found, action), done="The action is changed.",
        said=action.title,
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def plan_action_date(
    request: HttpRequest, partnership: Partnership, plan: str, priority: int, order: int
) -> HttpResponse:
    """Moves the due day of an action, with the reason."""
    found, action = asked_action(partnership, plan, priority, order)
    form = DateForm(sent_or_kept(request), action=action)
    now = f"{action.due_on.day} {action.due_on:%B %Y}" if action.due_on else "no day"
    return form_page(
        request, form, title=f"Move the day of action {number_of(action)}", button="Move the day",
        back=_action_back(partnership, found, action), done="The day is moved. What was agreed first stays.",
        said=f"{action.title} It is due on {now} now.",
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def plan_action_end(
    request: HttpRequest, partnership: Partnership, plan: str, priority: int, order: int
) -> HttpResponse:
    """Takes an action out of the plan."""
    found, action = asked_action(partnership, plan, priority, order)
    form = EndForm(sent_or_kept(request), action=action, today=request.today)  # type: ignore[attr-defined]
    return form_page(
        request, form, title=f"Take action {number_of(action)} out of the plan", button="Take it out",
        back=_action_back(partnership, found, action), done="The action is taken out. What reviews said of it stays.",
        said=action.title,
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def plan_review_new(request: HttpRequest, partnership: Partnership, plan: str) -> HttpResponse:
    """Takes a review of a plan: every action in one form, filled with what the last review said."""
    found, today = _plan(partnership, plan), request.today  # type: ignore[attr-defined]
    told = to_review(found, today)
    form = ReviewForm(sent_or_kept(request), plan=found, told=told, today=today)
    return form_page(
        request, form, title=f"Review “{found.title}”", button="Take the review", back=_back(partnership, found),
        done="The review is taken and stays as it is.", template="governance/plan_review_form.html", told=told,
        to=lambda made: reverse("plan_review", args=[partnership.slug, plan, made.number]),
    )  # fmt: skip
