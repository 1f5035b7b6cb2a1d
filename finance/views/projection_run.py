"""Has the runs of a plan, or of a scenario on it, drawn in a bounded child, and keeps the band of them."""

import logging
from collections.abc import Callable, Generator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache

from finance.models import PlacementPlan, Scenario
from finance.operations.plans import budget_of, keep_run
from finance.outlook import Outlook
from finance.projection_job import JOB, NotAsAgreed, NotProjected, read_answer
from finance.selectors.plans import REFUSED
from finance.selectors.runs import inputs_of
from finance.selectors.scenarios import CANNOT
from finance.views.projection import enters_money, plan_or_404
from finance.views.scenarios import scenario_or_404
from indicators import bounded
from indicators.envelope import keeps_typed, sent_only
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.progress import MARK, filling

BROKEN = "The runs were drawn, but the result could not be used. The fault has been recorded, and nothing was kept."
log = logging.getLogger("projection")


def drawing(payload: bytes) -> Generator[str, None, bytes]:
    """The lines of progress of the child; its value is the answer. Closing it ends the child."""
    return bounded.stream(job=JOB, payload=payload)


@keeps_typed
@sent_only("projection", "partnership")
@never_cache
@requires(Permission.ENTER_MONEY)
def projection_run(request: HttpRequest, partnership: Partnership, plan: str) -> HttpResponse:
    """A page that fills while the runs of a plan are drawn, and ends with the way to the band."""
    _refuse_others(request, partnership)
    held = plan_or_404(request, partnership, plan)
    if held.state == REFUSED:
        raise Http404("Nothing is drawn of a plan that was refused.")
    back = f"{reverse('projection', args=[partnership.slug])}?plan={plan}"
    if request.method != "POST":
        return redirect(back)
    return _page(request, held.plan.outlook, held.stored, None, back)


@keeps_typed
@sent_only("scenario", "partnership", "code")
@never_cache
@requires(Permission.ENTER_MONEY)
def scenario_run(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """The same of a scenario on its plan."""
    _refuse_others(request, partnership)
    held = scenario_or_404(partnership, code)
    back = reverse("scenario", args=[partnership.slug, code])
    if request.method != "POST":
        return redirect(back)
    try:
        outlook = held.outlook
    except CANNOT as error:
        messages.error(request, str(error))
        return redirect(back)
    return _page(request, outlook, held.stored.plan, held.stored, back)


def _refuse_others(request: HttpRequest, partnership: Partnership) -> None:
    if not enters_money(request, partnership):
        raise PermissionDenied


def _page(
    request: HttpRequest, outlook: Outlook, plan: PlacementPlan, scenario: Scenario | None, back: str
) -> HttpResponse:  # fmt: skip
    payload, sha256 = inputs_of(outlook, budget_of(plan))
    asked = {"plan": plan, "scenario": scenario, "inputs_sha256": sha256, "by": request.user, "at": request.now,
             "request_id": request.request_id}  # fmt: skip
    context = {"mark": MARK, "back": back, "name": scenario.name if scenario else plan.name}
    page = render_to_string("finance/projection_running.html", context, request)
    response = StreamingHttpResponse(filling(page, drawing(payload), _kept(asked, back), _refused(back)))
    response["X-Accel-Buffering"] = "no"
    return response


def _kept(asked: dict[str, Any], back: str) -> Callable[[bytes], str]:
    def ended(answer: bytes) -> str:
        try:
            keep_run(found=read_answer(answer), **asked)
        except (NotProjected, OperationError) as refusal:
            return _end(back, refused=str(refusal))
        except NotAsAgreed as fault:
            log.error("an answer was not as agreed: %s", fault)
            return _end(back, refused=BROKEN)
        return _end(back)

    return ended


def _refused(back: str) -> Callable[[str], str]:
    return lambda why: _end(back, refused=why)


def _end(back: str, refused: str = "") -> str:
    return render_to_string("finance/_projection_ended.html", {"back": back, "refused": refused})
