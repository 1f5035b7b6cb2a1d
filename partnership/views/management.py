"""For administrators: reporting rounds and people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from indicators import operations
from indicators.models import Partnership, Period, ReportingRound, Scorecard
from indicators.permissions import requires
from indicators.roles import Permission
from partnership.forms.management import (
    AddPersonForm,
    DueDateForm,
    EndRoleForm,
    GateForm,
    OpenRoundForm,
    PasswordLinkForm,
)
from partnership.selectors.boards import gate_holders_of, gates_without_lead, memberships_of, rounds_of
from partnership.views.passwords import password_link


@requires(Permission.MANAGE_ROUNDS)
def rounds(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every round with its state; opens a new one."""
    form = OpenRoundForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            form.open(by=request.user, at=request.now)
        except operations.OperationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The round is open. Its returns wait for the partners.")
            return redirect("rounds", partnership=partnership.slug)
    context = {"form": form, "rounds": rounds_of(partnership)}
    return render(request, "partnership/rounds.html", context)


def _round(partnership: Partnership, scorecard: str, period: str) -> ReportingRound:
    """The round of an address; 404 when there is none."""
    return get_object_or_404(
        ReportingRound,
        scorecard=get_object_or_404(Scorecard, partnership=partnership, code=scorecard),
        period=get_object_or_404(Period, slug=period),
    )


@require_POST
@requires(Permission.MANAGE_ROUNDS)
def change_round(request: HttpRequest, partnership: Partnership, scorecard: str, period: str) -> HttpResponse:
    """Locks a round with a reason, or reopens it."""
    found = _round(partnership, scorecard, period)
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


@requires(Permission.MANAGE_ROUNDS)
def change_due_date(request: HttpRequest, partnership: Partnership, scorecard: str, period: str) -> HttpResponse:
    """Moves the day on which a round's returns are due, with a reason; shows how often it has moved."""
    found = _round(partnership, scorecard, period)
    form = DueDateForm(request.POST or None, reporting_round=found)
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


@requires(Permission.MANAGE_PEOPLE)
def people(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Who has access, with which role, since when and on whose authority; gives and ends access, names gate holders."""
    kinds = {"person": AddPersonForm, "gate": GateForm, "link": PasswordLinkForm, "end": EndRoleForm}
    asked = request.POST.get("form", "")
    forms = {
        name: kind(request.POST if name == asked else None, partnership=partnership) for name, kind in kinds.items()
    }
    form = forms.get(asked)
    if form is not None and form.is_valid():
        try:
            said, newcomer = form.carry_out(by=request.user, today=request.today)
        except operations.OperationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            if newcomer is not None:
                link = password_link(request, newcomer)
                messages.info(
                    request, f"Pass this address on to set a password; it works once and for three days: {link}"
                )
            return redirect("people", partnership=partnership.slug)
    context = {
        "forms": forms,
        "form": form,
        "memberships": memberships_of(partnership),
        "gates": gate_holders_of(partnership, request.today),
        "leaderless": gates_without_lead(partnership, request.today),
    }
    return render(request, "partnership/people.html", context)
