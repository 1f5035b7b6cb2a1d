"""Papers of meetings: taken in, given out as files, withdrawn. A file is held in memory alone and never opened here."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from indicators.envelope import keeps_typed, sent_or_kept
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.uploads import MemoryOnly
from partnership.forms.meetings import PaperForm
from partnership.models import Paper
from partnership.operations.agenda import withdraw_paper
from partnership.selectors import visible
from partnership.selectors.committee_papers import may_read_issued
from partnership.selectors.meetings import row_of
from partnership.views.action_steps import TOO_LARGE
from partnership.views.documents import stored_file_response
from partnership.views.meeting_steps import form_page, found_item, found_meeting, sent_item, unless_gone

LIMIT_NAME = "paper_new"


@csrf_exempt
@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_new(request: HttpRequest, partnership: Partnership, code: str, order: int) -> HttpResponse:
    """Puts a paper under an item. The form is read only once the person's rights are known."""
    if not hasattr(request, "_files"):  # what was typed before a sign-in comes without a file
        request.upload_handlers = [MemoryOnly(request, most=settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME])]
    return _taken(request, partnership, code, order)  # type: ignore[no-any-return]


@csrf_protect
@unless_gone
def _taken(request: HttpRequest, partnership: Partnership, code: str, order: int) -> HttpResponse:
    meeting = found_meeting(partnership, code)
    item = found_item(request, meeting, order)
    form = PaperForm(
        sent_or_kept(request), request.FILES if request.method == "POST" else None, meeting=meeting, item=item,
        access=request.access, today=request.today,
    )  # fmt: skip
    if request.method == "POST" and getattr(request.upload_handlers[0], "is_over", False):
        form.errors.pop("file", None)
        form.add_error("file", TOO_LARGE)
    return form_page(
        request, form, title=f"{item.label}. {item.title}: add a paper", button="Add the paper",
        back=f"{reverse('meeting', args=[partnership.slug, code])}#item-{item.order}", done="The paper is under the "
        "item.", name=row_of(meeting).name, is_file=True, of_item=item.pk,
        lead="No file is kept over a sign-in: choose it again." if hasattr(request, "typed") else "",
    )  # fmt: skip


def _readable(request: HttpRequest, partnership: Partnership, code: str, order: int, number: int) -> Paper:
    """The paper, if the person may read it at this moment. Raises Http404."""
    shown = sent_item(request)
    paper = (
        visible.papers_for(request.access, partnership, request.now)
        .select_related("document", "item__meeting__partnership", "item__meeting__body")
        .filter(
            item__meeting__code=code, order=number, **({"item__order": order} if shown is None else {"item": shown})
        )
        .first()
    )
    if paper is None:
        raise Http404("There is no such paper.")
    return paper


@require_safe
@requires(Permission.VIEW_APPROVED)
def paper(request: HttpRequest, partnership: Partnership, code: str, order: int, number: int) -> HttpResponse:
    """The file of a paper as it was given; it is always saved and never shown in the browser."""
    document = _readable(request, partnership, code, order, number).document
    if document is None or not may_read_issued(document, request.access):
        raise Http404("There is no file with this paper.")
    return stored_file_response(document)


@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_withdraw(request: HttpRequest, partnership: Partnership, code: str, order: int, number: int) -> HttpResponse:
    """Takes a paper back."""
    found_paper = _readable(request, partnership, code, order, number)
    back = f"{reverse('meeting', args=[partnership.slug, code])}#item-{found_paper.item.order}"
    if request.method == "POST":
        try:
            withdraw_paper(paper=found_paper, by=request.user, at=request.now)
        except OperationError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The paper is withdrawn. Nobody can read it any more.")
        return redirect(back)
    context = {"title": f"Withdraw “{found_paper.title}”", "button": "Withdraw the paper", "back": back,
               "lead": "Nobody reads it any more; that it was there stays in the record.",
               "name": str(found_paper.item), "of_item": found_paper.item_id}  # fmt: skip
    return render(request, "governance/step.html", context)
