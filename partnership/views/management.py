"""For administrators: reporting rounds and people."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from indicators import operations
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership, Period, ReportingRound, Scorecard
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.calendar import calendar_of
from indicators.selectors.locks import exceptions_on, lock_clause, who_may_enter, whom_to_ask
from partnership import clock
from partnership.forms.management import (
    AddPersonForm,
    DueDateForm,
    EndRoleForm,
    GateForm,
    OpenRoundForm,
    PasswordLinkForm,
)
from partnership.forms.rounds import DeadlineRuleForm, EndExceptionForm, LockExceptionForm
from partnership.selectors.accounts import locked_users
from partnership.selectors.boards import gate_holders_of, gates_without_lead, memberships_of, partners_in, rounds_of
from partnership.views.person import invited


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ROUNDS)
def rounds(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every round with its state and the reporting calendar; opens a round, or sets when returns are due."""
    typed = sent_or_kept(request)
    is_rule = typed is not None and typed.get("form") == "rule"
    form = OpenRoundForm(None if is_rule else typed, partnership=partnership)
    rule = DeadlineRuleForm(typed if is_rule else None, partnership=partnership)
    sent = rule if is_rule else form
    if request.method == "POST" and sent.is_valid():
        carry_out = rule.carry_out if is_rule else form.open
        try:
            said = carry_out(by=request.user, at=request.now)
        except operations.OperationError as error:
            sent.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("rounds", partnership=partnership.slug)
    return _rounds_page(request, partnership, {"sent": sent, "form": form, "rule": rule})


def _rounds_page(request: HttpRequest, partnership: Partnership, context: Mapping[str, Any]) -> HttpResponse:
    found = rounds_of(partnership, request.today)
    listed = {
        "rounds": found,
        "by_partner": partners_in(found, request.today),
        "calendar": calendar_of(partnership),
    }
    return render(request, "partnership/rounds.html", {**listed, **context})


def _round(partnership: Partnership, scorecard: str, period: str) -> ReportingRound:
    """The round of an address; 404 when there is none."""
    return get_object_or_404(
        ReportingRound,
        scorecard=get_object_or_404(Scorecard, partnership=partnership, code=scorecard),
        period=get_object_or_404(Period, slug=period),
    )


@keeps_typed
@sent_only("rounds", "partnership")
@requires(Permission.MANAGE_ROUNDS)
def change_round(request: HttpRequest, partnership: Partnership, scorecard: str, period: str) -> HttpResponse:
    """Locks a round with a reason, or reopens it. A reason that was kept over a sign-in stands in its box again."""
    found = _round(partnership, scorecard, period)
    if request.method != "POST":
        return _rounds_page(
            request,
            partnership,
            {
                "form": OpenRoundForm(partnership=partnership),
                "rule": DeadlineRuleForm(partnership=partnership),
                "locking": found,
                "why": (sent_or_kept(request) or {}).get("reason", ""),
            },
        )
    try:
        if request.POST.get("action") == "reopen":
            operations.reopen_round(reporting_round=found, by=request.user, at=request.now)
        else:
            reason = request.POST.get("reason", "")
            operations.lock_round(reporting_round=found, reason=reason, by=request.user, at=request.now)
    except operations.OperationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found} is now {'open' if request.POST.get('action') == 'reopen' else 'locked'}.")
    return redirect("rounds", partnership=partnership.slug)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ROUNDS)
def change_due_date(request: HttpRequest, partnership: Partnership, scorecard: str, period: str) -> HttpResponse:
    """Moves the day on which a round's returns are due, with a reason; shows how often it has moved."""
    found = _round(partnership, scorecard, period)
    form = DueDateForm(sent_or_kept(request), reporting_round=found)
    if request.method == "POST" and form.is_valid():
        try:
            form.move(by=request.user, at=request.now)
        except operations.OperationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The due date of {found} has changed.")
            return redirect("rounds", partnership=partnership.slug)
    context = {"form": form, "round": found, "changes": found.due_date_changes.select_related("by")}
    return render(request, "partnership/due_date.html", context)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ROUNDS)
def lock_exceptions(request: HttpRequest, partnership: Partnership, scorecard: str, period: str) -> HttpResponse:
    """Who may still enter figures of a locked round; gives an exception, or ends one."""
    found = _round(partnership, scorecard, period)
    held = exceptions_on([found.pk], request.today).get(found.pk, [])
    typed = sent_or_kept(request)
    is_end = typed is not None and typed.get("form") == "end"
    give = LockExceptionForm(
        None if is_end else typed,
        reporting_round=found,
        people=who_may_enter(found, request.today),
    )
    end = EndExceptionForm(typed if is_end else None, held=held)
    sent: LockExceptionForm | EndExceptionForm = end if is_end else give
    if request.method == "POST" and sent.is_valid():
        try:
            said = sent.carry_out(by=request.user, at=request.now)
        except operations.OperationError as error:
            sent.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("lock_exceptions", partnership=partnership.slug, scorecard=scorecard, period=period)
    ask = whom_to_ask(partnership.pk, request.today)
    context = {
        "sent": sent,
        "give": give,
        "end": end,
        "round": found,
        "held": held,
        "closed": lock_clause(found, ask=ask) if found.state == ReportingRound.State.LOCKED else "",
    }
    return render(request, "partnership/exceptions.html", context)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def people(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Who has access, with which role, since when and on whose authority; gives and ends access, names gate holders."""
    kinds = {"person": AddPersonForm, "gate": GateForm, "link": PasswordLinkForm, "end": EndRoleForm}
    typed = sent_or_kept(request) or QueryDict()
    asked = typed.get("form", "")
    forms = {
        name: kind(typed if name == asked else None, partnership=partnership, auto_id=f"id_{name}_%s")
        for name, kind in kinds.items()
    }
    for name in ("person", "gate"):
        forms[name].ask_ahead(request.today)
    form = forms.get(asked)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            said, newcomer = form.carry_out(by=request.user, at=request.now)
        except operations.OperationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            if newcomer is not None:
                invited(request, partnership, newcomer, by_mail=form.cleaned_data["by_mail"])
            return redirect("people", partnership=partnership.slug)
    memberships = memberships_of(partnership)
    context = {
        "forms": forms,
        "form": form,
        "memberships": memberships,
        "locked": locked_users(memberships, clock.machine_now()),
        "gates": gate_holders_of(partnership, request.today),
        "leaderless": gates_without_lead(partnership, request.today),
    }
    return render(request, "partnership/people.html", context)
