"""What people do with scenarios: begin, copy, add a step, take one out, withdraw; each step is read once more."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from finance.forms.scenarios import STEP_FORMS, ScenarioForm, StepForm, WithdrawForm
from finance.models import Home, PlacementPlan
from finance.operations.scenarios import (
    ScenarioChanged,
    add_step,
    copy_scenario,
    create_scenario,
    refuse_step,
    remove_step,
    withdraw_scenario,
)
from finance.projection_table import sided
from finance.scenario_rows import KINDS, OPEN, StepDetails, doubts, effect_of
from finance.selectors.plans import COUNTS, state_of
from finance.selectors.scenarios import HeldScenario
from finance.views.projection import enters_money
from finance.views.scenarios import scenario_context, scenario_or_404
from indicators.envelope import LEFT_OUT, keeps_typed, sent_only, sent_or_kept
from indicators.forms import GovForm
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.typed_text import whole_number
from indicators.views.return_entry import new_key, sent_key, sent_version

_NOT_KEPT = LEFT_OUT | {"do", "key", "version"}


def _plans(partnership: Partnership) -> list[PlacementPlan]:
    rows = PlacementPlan.objects.filter(partnership=partnership, replaced_by=None).select_related("decision")
    return [plan for plan in rows.order_by("-as_at", "pk") if state_of(plan) == COUNTS]


def _refuse_others(request: HttpRequest, partnership: Partnership) -> None:
    if not enters_money(request, partnership):
        raise PermissionDenied


def _page(request: HttpRequest, form: GovForm, said: dict[str, Any] | None, **more: Any) -> HttpResponse:
    typed = sent_or_kept(request) or QueryDict()
    context = {
        "form": form, "said": said, "here": request.path, "key": sent_key(request) or new_key(),
        "kept": [(name, value) for name, value in typed.items() if name not in _NOT_KEPT],
    }  # fmt: skip
    return render(request, "finance/scenario_step.html", context | more)


# Beginning and copying


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scenario_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Begins a scenario without steps, owned by who begins it."""
    _refuse_others(request, partnership)
    form = ScenarioForm(sent_or_kept(request), plans=_plans(partnership), initial={"plan": request.GET.get("plan", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_scenario(plan=form.plan_row, details=form.details, by=request.user, at=request.now,
                                   key=sent_key(request), request_id=request.request_id)  # fmt: skip
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"“{made}” is begun. Add its first step.")
            return redirect("scenario", partnership=partnership.slug, code=made.code)
    return _page(request, form, None, heading="Try a scenario", button="Begin the scenario", **_list(partnership))


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scenario_copy(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Copies a scenario with its steps, on the same or another plan; the copy belongs to who makes it."""
    _refuse_others(request, partnership)
    held = scenario_or_404(partnership, code)
    initial = {"plan": held.stored.plan.code, "name": f"{held.stored.name}, copy"[:120], "purpose": held.stored.purpose}
    form = ScenarioForm(sent_or_kept(request), plans=_plans(partnership), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = copy_scenario(scenario=held.stored, plan=form.plan_row, details=form.details, by=request.user,
                                 at=request.now, key=sent_key(request), request_id=request.request_id)  # fmt: skip
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"“{made}” is yours. “{held.stored}” stays as it is.")
            return redirect("scenario", partnership=partnership.slug, code=made.code)
    return _page(request, form, None, heading=f"Copy “{held.stored}”", button="Copy the scenario", **_back(held))


def _list(partnership: Partnership) -> dict[str, str]:
    return {"back": reverse("scenarios", args=[partnership.slug]), "back_name": "Scenarios"}


def _back(held: HeldScenario) -> dict[str, str]:
    args = [held.stored.partnership.slug, held.stored.code]
    return {"back": reverse("scenario", args=args), "back_name": held.stored.name}


# Steps


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scenario_step(request: HttpRequest, partnership: Partnership, code: str, kind: str) -> HttpResponse:
    """Adds a step: filled in, its effect read once more, and added to the scenario."""
    held = scenario_or_404(partnership, code)
    _refuse_others(request, partnership)
    if held.stored.owner_id != request.user.pk:
        raise PermissionDenied("This scenario belongs to another person. Copy it, and change your copy.")
    if kind not in STEP_FORMS:
        raise Http404("There is no such step.")
    typed = sent_or_kept(request) or QueryDict()
    do, given = typed.get("do", ""), _given(partnership, held)
    is_sent = do in {"check", "confirm"}
    form = STEP_FORMS[kind](typed, **given) if is_sent else STEP_FORMS[kind](initial=typed.dict(), **given)
    said, version = None, sent_version(request) if is_sent else held.stored.version
    if is_sent and form.is_valid():
        try:
            if do == "confirm" and request.method == "POST":
                add_step(scenario=held.stored, details=form.details, version=version, by=request.user,
                         at=request.now, key=sent_key(request), request_id=request.request_id)  # fmt: skip
                messages.success(request, "The step is added.")
                return redirect("scenario", partnership=partnership.slug, code=code)
            refuse_step(held, form.details)
            said = _said(held, form)
        except ScenarioChanged as refusal:
            version = held.stored.version
            form.refuse(refusal)
        except OperationError as refusal:
            form.refuse(refusal)
    return _page(
        request, form, said, version=version, heading=KINDS[kind], check="Check before you add the step",
        button="Add the step", **_back(held),
    )  # fmt: skip


def _given(partnership: Partnership, held: HeldScenario) -> dict[str, Any]:
    """What the boxes of a step offer."""
    plan = held.on.plan
    used = dict.fromkeys([*plan.outlook.rungs, *(step.to_rung for step in held.steps if step.to_rung)])
    homes: Mapping[str, str] = dict(Home.objects.filter(partnership=partnership).values_list("code", "name"))
    opening = [row.home_name for row in held.rows if row.kind == OPEN]
    return {"names": held.on.entered.names, "used": list(used), "homes": homes, "opening": opening}


def _said(held: HeldScenario, form: StepForm) -> dict[str, Any]:
    details: StepDetails = form.details
    effect = effect_of(held.stored.name, held.on.plan, (*held.steps, details))
    step, year = effect.steps[-1], held.on.year
    facts = [("Step", step.words), ("Why", details.words.strip()), (f"Effect in {year.label}", sided(step.this_year)),
             (f"Effect in {year.next().label}", sided(step.next_year))]  # fmt: skip
    return {
        "facts": [{"key": key, "value": value} for key, value in facts],
        "doubts": doubts(details, held.on.plan),
        "effects": effect.assumptions,
    }


@keeps_typed
@sent_only("scenario", "partnership", "code")
@never_cache
@requires(Permission.ENTER_MONEY)
def scenario_act(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Takes a step out, or withdraws the scenario: what the button says."""
    _refuse_others(request, partnership)
    held, typed = scenario_or_404(partnership, code), sent_or_kept(request) or QueryDict()
    common = {"scenario": held.stored, "version": sent_version(request), "by": request.user, "at": request.now,
              "request_id": request.request_id}  # fmt: skip
    do, form = typed.get("do", ""), None
    try:
        if request.method != "POST":
            form = WithdrawForm(typed) if do == "withdraw" else None
        elif do == "withdraw":
            form = WithdrawForm(typed)
            if form.is_valid():
                withdraw_scenario(reason=form.cleaned_data["reason"], **common)
                messages.success(request, f"“{held.stored}” is withdrawn. It is kept and can be copied.")
                return redirect("scenarios", partnership=partnership.slug)
        elif do.startswith("remove-") and (order := whole_number(do.removeprefix("remove-"))) is not None:
            remove_step(order=order, **common)
            messages.success(request, "The step is taken out.")
            return redirect("scenario", partnership=partnership.slug, code=code)
        else:
            messages.error(request, "Choose what to do with the scenario.")
    except OperationError as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return redirect("scenario", partnership=partnership.slug, code=code)
        form.refuse(refusal)
    return render(request, "finance/scenario.html", scenario_context(request, held, form))
