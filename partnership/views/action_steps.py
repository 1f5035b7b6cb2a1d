"""What people do with actions: agree one, tell how it stands, move its day, give it on, close it with evidence."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from indicators.envelope import keeps_typed, sent_or_kept
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.typed_text import whole_number
from indicators.uploads import MemoryOnly
from indicators.views.return_entry import new_key, sent_key
from partnership.action_log import Said, history
from partnership.forms.actions import STEP_FORMS, ActionForm, CiteForm, evidence_texts, owner_texts
from partnership.operations.refusals import ActionChanged
from partnership.paper_files import MOST_BYTES
from partnership.selectors.action_origins import Origins, origins_of
from partnership.selectors.actions import agreed_on, is_exempt, logged, may_tell, meeting_of, past_meetings, tellers
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.citations import citable
from partnership.selectors.visible import resolutions_for
from partnership.views.actions import figures_of, readable_action

TOO_LARGE = f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Nothing was kept; choose a smaller one."
# How long after its meeting an action is usually agreed; older meetings are offered where the address names them.
OFFERED_DAYS = 400


def offered(partnership: Partnership, today: date, *, since: date, body_id: int | None) -> list[Any]:
    """The meetings since a day with words for each, those of a body first."""
    named = names_of_bodies(partnership)
    found = past_meetings(partnership, today, since=since)
    found.sort(key=lambda meeting: meeting.body_id != body_id)
    return [(meeting, named.meeting(meeting)) for meeting in found]


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Agrees an action; `?from=` names what it comes from, so that it is chosen already."""
    form = _new_form(request, partnership)
    if request.method == "POST" and form.is_valid():
        try:
            action = form.record(by=request.user, at=request.now, key=sent_key(request))
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Action {action.number} is agreed.")
            return redirect("action", partnership=partnership.slug, number=action.number)
    back = reverse("actions", args=[partnership.slug])
    context = {
        "form": form, "title": "Add an action", "button": "Add the action", "back": back, "back_words": "Actions",
        "key": sent_key(request) or new_key(),
    }  # fmt: skip
    return render(request, "governance/action_form.html", context)


def _new_form(request: HttpRequest, partnership: Partnership) -> ActionForm:
    named = request.GET.get("from", "") or request.POST.get("comes_from", "")
    since = request.today - timedelta(days=OFFERED_DAYS)
    origins: Origins = origins_of(partnership, request.access, since=since, named=named)
    return ActionForm(
        sent_or_kept(request),
        initial={"comes_from": named, "line": request.GET.get("line", ""), "period": request.GET.get("period", "")},
        partnership=partnership,
        partners=partnership.partners.all(),
        people=tellers(partnership, request.today),
        origins=origins.by_code,
        groups=origins.groups,
        figures=citable(request.access, partnership),
    )


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_cite(request: HttpRequest, partnership: Partnership, number: int) -> HttpResponse:
    """Says what figure an action rests on."""
    action = readable_action(request, partnership, number)
    back = reverse("action", args=[partnership.slug, number])
    return _cited(request, partnership, action, action.what.body, back, f"Action {number}")


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resolution_cite(request: HttpRequest, partnership: Partnership, number: str) -> HttpResponse:
    """Says what figure a resolution rests on."""
    found = resolutions_for(request.access, partnership).filter(number=number)
    resolution = found.select_related("text", "item__meeting", "partnership").first()
    if resolution is None:
        raise Http404("There is no such resolution.")
    back = reverse("resolutions", args=[partnership.slug])
    figures = figures_of(request, partnership, {"resolution": resolution.pk})
    return _cited(
        request, partnership, resolution, f"Resolution {number}: {resolution.text.body}", back, "Resolutions",
        done=request.path, figures=figures,
    )  # fmt: skip


def _cited(
    request: HttpRequest, partnership: Partnership, of: Any, said: str, back: str, back_words: str, *, done: str = "",
    figures: Sequence[dict[str, Any]] = (),
) -> HttpResponse:  # fmt: skip
    """The form of a citation; once it is kept it leads to `done`, or back. `figures`: what is named already."""
    initial = {"line": request.GET.get("line", ""), "period": request.GET.get("period", "")}
    form = CiteForm(sent_or_kept(request), of=of, figures=citable(request.access, partnership), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            form.record(by=request.user, at=request.now)
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The figure is kept as it was reported.")
            return redirect(done or back)
    context = {
        "form": form, "title": "Say what figure it rests on", "button": "Keep the figure as reported", "back": back,
        "back_words": back_words, "said": said, "key": "", "figures": figures,
    }  # fmt: skip
    return render(request, "governance/action_form.html", context)


@csrf_exempt
@keeps_typed
@requires(Permission.VIEW_APPROVED)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_step(request: HttpRequest, partnership: Partnership, number: int, step: str) -> HttpResponse:
    """The form of one step. A file is held in memory, and read only once it is known that the person may send one: the
    check against forged forms waits for that, as Django asks of whoever sets an upload handler."""
    action = readable_action(request, partnership, number)
    if step not in STEP_FORMS:
        raise Http404("There is no such step.")
    is_manager = request.access.can(Permission.MANAGE_MEETINGS)
    if not (may_tell(action, request.user.pk, request.access) if step == "tell" else is_manager):
        raise PermissionDenied
    if not hasattr(request, "_files"):  # what was typed before a sign-in comes without a file
        request.upload_handlers = [MemoryOnly(request, most=MOST_BYTES)]
    return _stepped(request, partnership, action, step)  # type: ignore[no-any-return]


@csrf_protect
def _stepped(request: HttpRequest, partnership: Partnership, action: Any, step: str) -> HttpResponse:
    form_of = STEP_FORMS[step]
    form = form_of(
        sent_or_kept(request),
        request.FILES if request.method == "POST" else None,
        action=action,
        meetings=_meetings(request, partnership, action) if "at_meeting" in form_of.base_fields else [],
        partners=partnership.partners.all() if step == "owner" else (),
        people=_people(request, partnership, action) if step == "owner" else (),
        initial=_begins_with(action, step),
    )
    last = action.known_steps[-1].number if action.known_steps else 0
    version = shown = based_on(request) or last
    if request.method == "POST" and getattr(request.upload_handlers[0], "is_over", False):
        form.add_error("document", TOO_LARGE)
    if request.method == "POST" and form.is_valid():
        try:
            form.record(by=request.user, at=request.now, key=sent_key(request), based_on=version)
        except ActionChanged as refusal:
            shown = last
            form.refuse(refusal)
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, form_of.done)
            return redirect("action", partnership=partnership.slug, number=action.number)
    back = reverse("action", args=[partnership.slug, action.number])
    context = {
        "form": form, "title": form_of.title, "button": form_of.button, "back": back, "said": action.what.body,
        "back_words": f"Action {action.number}", "key": sent_key(request) or new_key(), "version": shown,
        "has_file": "document" in form.fields, "changed": version != last,
        "since": _since(partnership, action, version) if version != last else (),
    }  # fmt: skip
    return render(request, "governance/action_form.html", context)


def _since(partnership: Partnership, action: Any, version: int) -> list[Said]:
    """What was recorded of an action after the step of that number, in sentences."""
    told = zip(action.known_steps, history(logged(action, names_of_bodies(partnership))), strict=False)
    return [said for step, said in told if step.number > version]


def _begins_with(action: Any, step: str) -> dict[str, Any] | None:
    """What a form begins with: of an owner the one of today, of closing the evidence that was told last."""
    if step == "owner":
        return owner_texts(action)
    return evidence_texts(action.known_steps) if step == "close" else None


def based_on(request: HttpRequest) -> int:
    """The number of the step that a form was made from, also of one that was kept over a sign-in; 0 for none."""
    return whole_number((sent_or_kept(request) or {}).get("version", "")) or 0


def _meetings(request: HttpRequest, partnership: Partnership, action: Any) -> list[Any]:
    """The meetings at which something can have been done with an action: since the one that agreed it."""
    meeting = meeting_of(action)
    return offered(partnership, request.today, since=agreed_on(action), body_id=meeting.body_id if meeting else None)


def _people(request: HttpRequest, partnership: Partnership, action: Any) -> list[Any]:
    return tellers(partnership, request.today, exempt=is_exempt(action))
