"""Targets under authority and relief: each step is filled in, read once more, and carried out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indicators.envelope import LEFT_OUT, keeps_typed, sent_or_kept
from indicators.models import Partnership, Relief, ScorecardLine
from indicators.operations.errors import OperationError
from indicators.operations.targets import PastAffected, TargetChanged
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.targets import line_for
from indicators.views.return_entry import new_key, sent_key, sent_version
from indicators.views.target_forms import (
    AgreeReliefForm,
    ChangeTargetForm,
    EndReliefForm,
    LineForm,
    ReinstateTargetForm,
    Sent,
    SuspendTargetForm,
)

_NOT_KEPT = LEFT_OUT | {"do", "key", "version"}


def _line(partnership: Partnership, code: str, scorecard: str) -> ScorecardLine:
    line = line_for(partnership, scorecard, code)
    if line is None:
        raise Http404("The indicator does not stand on this scorecard.")
    return line


def _step(request: HttpRequest, line: ScorecardLine, kind: type[LineForm], **more: Any) -> HttpResponse:
    """Fills in, reads once more (POST `do=check`), and carries out (POST `do=confirm`) one step about a line. What was
    kept over a sign-in is read once more, whichever button sent it."""
    given: dict[str, Any] = {"line": line, "today": request.today, **more}
    typed = sent_or_kept(request) or QueryDict()
    do = typed.get("do", "")
    form = kind(typed, **given) if do in {"check", "confirm"} else kind(initial=typed.dict(), **given)
    back = reverse("indicator", args=[line.scorecard.partnership.slug, line.series.indicator.code])
    back = f"{back}?scorecard={line.scorecard.code}"
    version = typed.get("version") or str(form.latest_number)
    context: dict[str, Any] = {
        "form": form, "line": line, "back": back, "here": request.path, "version": version,
        "key": sent_key(request) or new_key(), "said": None,
        "name": line.series.indicator.versions.order_by("number").last(),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            if do == "confirm" and request.method == "POST":
                form.carry_out(
                    Sent(request.user, request.now, sent_version(request), sent_key(request), request.request_id)
                )
                messages.success(request, kind.done)
                return redirect(back)
            context["said"] = form.said()
            context["kept"] = [(n, v) for n, v in typed.items() if n not in _NOT_KEPT]
        except PastAffected as refusal:
            form.add_error("also_past", str(refusal))
        except TargetChanged as refusal:
            context["version"] = str(form.latest_number)
            form.add_error(None, str(refusal))
        except OperationError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "indicators/indicator/target_step.html", context)


@keeps_typed
@requires(Permission.MANAGE_TARGETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, partnership: Partnership, code: str, scorecard: str) -> HttpResponse:
    """Sets another target and tolerance from a period on."""
    return _step(request, _line(partnership, code, scorecard), ChangeTargetForm)


@keeps_typed
@requires(Permission.MANAGE_TARGETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: HttpRequest, partnership: Partnership, code: str, scorecard: str) -> HttpResponse:
    """Suspends the target from a period on."""
    return _step(request, _line(partnership, code, scorecard), SuspendTargetForm)


@keeps_typed
@requires(Permission.MANAGE_TARGETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: HttpRequest, partnership: Partnership, code: str, scorecard: str) -> HttpResponse:
    """Puts a suspended target back into force from a period on."""
    return _step(request, _line(partnership, code, scorecard), ReinstateTargetForm)


@keeps_typed
@requires(Permission.MANAGE_TARGETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, partnership: Partnership, code: str, scorecard: str) -> HttpResponse:
    """Records an agreed waiver of the target for some periods."""
    return _step(request, _line(partnership, code, scorecard), AgreeReliefForm)


@keeps_typed
@requires(Permission.MANAGE_TARGETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, partnership: Partnership, code: str, scorecard: str, number: int) -> HttpResponse:
    """Withdraws a relief before its end."""
    line = _line(partnership, code, scorecard)
    relief = get_object_or_404(Relief.objects.select_related("from_period", "until_period"), line=line, number=number)
    relief.line = line
    return _step(request, line, EndReliefForm, relief=relief)
