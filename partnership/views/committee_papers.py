"""The pages of committee papers: their sections, writing, signing, issuing, and the files that were issued."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.as_at import london_day
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.operations.errors import NothingChanged
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.return_entry import new_key, sent_key
from partnership.forms.committee_papers import BeginForm, FormOfPapers, PassagesForm, SignForm, WriteForm
from partnership.models import CommitteePaper, PaperIssue
from partnership.operations.committee_papers import (
    PaperChanged,
    begin_paper,
    decide_passages_of_paper,
    issue_paper,
    keep_form,
    next_number,
    refuse_unless_ready,
    sign_section,
    write_section,
)
from partnership.operations.pack_documents import redactions_so_far
from partnership.paper_document import paper_document
from partnership.paper_form import FormNotSound
from partnership.selectors.closed_packs import OVERTAKEN, is_overtaken
from partnership.selectors.committee_papers import (
    PaperView,
    SectionView,
    form_of,
    issues_held_back,
    paper_view,
    writes_papers,
)
from partnership.selectors.pack_documents import pack_told
from partnership.views.documents import stored_file_response
from partnership.views.pack_documents import Making, filling_page
from partnership.views.packs import readable_pack, standing_pack


def _refuse_others(request: HttpRequest) -> None:
    if not writes_papers(request.access):
        raise PermissionDenied


def _back(partnership: Partnership, code: str, number: int) -> str:
    return reverse("committee_paper", args=[partnership.slug, code, number])


def _paper(request: HttpRequest, partnership: Partnership, code: str, number: int) -> PaperView:
    """A paper of a pack that the person may read, for who writes papers. Raises PermissionDenied, Http404."""
    _refuse_others(request)
    status = standing_pack(request, partnership, code)
    related = CommitteePaper.objects.select_related("pack__partnership", "template")
    return paper_view(get_object_or_404(related, pack=status.pack, number=number), today=request.today)


def _section(view: PaperView, code: str) -> SectionView:
    found = view.section(code)
    if found is None:
        raise Http404("There is no such section.")
    return found


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_APPROVED)
def committee_paper_new(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Begins a committee paper of a pack."""
    _refuse_others(request)
    status = standing_pack(request, partnership, code)
    form = BeginForm(sent_or_kept(request), initial={"title": status.pack.title})
    if request.method == "POST" and form.is_valid():
        try:
            paper = begin_paper(
                pack=status.pack, title=form.cleaned_data["title"], by=request.user, at=request.now,
                key=sent_key(request),
            )  # fmt: skip
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            return redirect(_back(partnership, code, paper.number))
    context = {"form": form, "pack": status.pack, "key": sent_key(request) or new_key()}
    return render(request, "partnership/papers/new.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_APPROVED)
def committee_paper(request: HttpRequest, partnership: Partnership, code: str, number: int) -> HttpResponse:
    """A paper: its sections with who wrote and signed them, what stands against issuing it, and what was issued."""
    return _paper_page(request, _paper(request, partnership, code, number))


def _paper_page(request: HttpRequest, view: PaperView, form: PassagesForm | None = None) -> HttpResponse:
    another = view.why_another_issues(request.user.pk)
    context = {
        "view": view,
        "paper": view.paper,
        "pack": view.paper.pack,
        "next_issue": next_number(view),
        "may_issue": not view.points and not another,
        "another": another,
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
        "form": form or PassagesForm(passages=view.passages),
        "key": sent_key(request) or new_key(),
    }
    return render(request, "partnership/papers/paper.html", context)


@keeps_typed
@sent_only("committee_paper", "partnership", "code", "number")
@never_cache
@requires(Permission.REVIEW_DISCLOSURE)
def committee_paper_passages(request: HttpRequest, partnership: Partnership, code: str, number: int) -> HttpResponse:
    """Keeps why passages of a paper for everybody identify nobody. What was refused, or kept over a sign-in, stands in
    the boxes of the paper's page."""
    view = _paper(request, partnership, code, number)
    form = PassagesForm(sent_or_kept(request), passages=view.passages)
    if request.method == "POST" and form.is_valid():
        try:
            decide_passages_of_paper(
                paper=view.paper, reasons=form.reasons(), by=request.user, at=request.now, key=sent_key(request)
            )  # fmt: skip
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "What you decided is kept with the paper.")
            return redirect(f"{_back(partnership, code, number)}#passages")
    return _paper_page(request, view, form)


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_APPROVED)
def committee_paper_section(
    request: HttpRequest, partnership: Partnership, code: str, number: int, section: str
) -> HttpResponse:  # fmt: skip
    """Writes a section; implications can be signed below."""
    view = _paper(request, partnership, code, number)
    one = _section(view, section)
    form = WriteForm(sent_or_kept(request), initial={"text": one.words, "revision": one.revision})
    if request.method == "POST" and form.is_valid():
        try:
            write_section(
                paper=view.paper, section=one.section, **form.cleaned_data, by=request.user, at=request.now,
                key=sent_key(request),
            )  # fmt: skip
        except PaperChanged as refusal:
            one = _section(paper_view(view.paper, today=request.today), section)
            form.rest_on(one.revision)
            form.add_error(None, str(refusal))
            return _section_page(request, view, one, form, changed=True)
        except NothingChanged as told:
            messages.warning(request, str(told))
            return redirect(_back(partnership, code, number))
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"“{one.section.heading}” is kept.")
            return redirect(_back(partnership, code, number))
    return _section_page(request, view, one, form)


def _section_page(
    request: HttpRequest, view: PaperView, one: SectionView, form: WriteForm, *, changed: bool = False,
    signing: SignForm | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "view": view,
        "one": one,
        "paper": view.paper,
        "pack": view.paper.pack,
        "form": form,
        "signing": signing or SignForm(initial={"revision": one.revision}),
        "changed": changed,
        "key": sent_key(request) or new_key(),
        "sign_key": new_key(),
    }
    return render(request, "partnership/papers/section.html", context)


@keeps_typed
@sent_only("committee_paper_section", "partnership", "code", "number", "section")
@never_cache
@requires(Permission.VIEW_APPROVED)
def committee_paper_sign(
    request: HttpRequest, partnership: Partnership, code: str, number: int, section: str
) -> HttpResponse:  # fmt: skip
    """Signs the implications that the page showed. Initials that were kept over a sign-in stand in their box again."""
    view = _paper(request, partnership, code, number)
    one = _section(view, section)
    signing = SignForm(sent_or_kept(request))
    if request.method == "POST" and signing.is_valid():
        try:
            sign_section(
                paper=view.paper, section=one.section, **signing.cleaned_data, by=request.user, at=request.now,
                key=sent_key(request),
            )  # fmt: skip
        except OperationError as refusal:
            signing.refuse(refusal)
        else:
            messages.success(request, f"“{one.section.heading}” is signed.")
            return redirect(_back(partnership, code, number))
    form = WriteForm(initial={"text": one.words, "revision": one.revision})
    return _section_page(request, view, one, form, signing=signing)


@keeps_typed
@sent_only("committee_paper", "partnership", "code", "number")
@never_cache
@requires(Permission.VIEW_APPROVED)
def committee_paper_issue(request: HttpRequest, partnership: Partnership, code: str, number: int) -> HttpResponse:
    """A page that fills while the paper is made, and then is issued; or the list of what stands against it."""
    redactions = redactions_so_far(partnership)
    view = _paper(request, partnership, code, number)
    back = _back(partnership, code, number)
    if request.method != "POST":
        return redirect(back)
    try:
        refuse_unless_ready(view, request.user)
    except OperationError as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    issue = next_number(view)
    if request.POST.get("issue", str(issue)) != str(issue):
        messages.error(request, "This paper has been issued since you opened the page. It was not issued again.")
        return redirect(back)
    document = paper_document(
        view.paper.title, [one.told for one in view.sections], pack_told(view.status), issue=issue,
        issued_on=london_day(request.now),
    )  # fmt: skip
    making = Making(document)
    kept: dict[str, Any] = {"paper": view.paper, "rests_on": view.rests_on, "number": issue, "redactions": redactions}
    return filling_page(
        request, making, lambda: issue_paper(made=making.made, by=request.user, at=request.now, **kept),
        title="Issuing the paper", name=view.paper.title, back=back,
        done="The paper is issued. It never changes; another issue gets a number of its own.",
    )  # fmt: skip


@require_safe
@requires(Permission.EXPORT_APPROVED)
def committee_paper_file(
    request: HttpRequest, partnership: Partnership, code: str, number: int, issue: int, form: str
) -> HttpResponse:  # fmt: skip
    """A paper as it was issued, byte for byte."""
    status = readable_pack(request, partnership, code)
    related = PaperIssue.objects.select_related("word", "pdf")
    found = get_object_or_404(related, paper__pack=status.pack, paper__number=number, number=issue)
    document = found.word if form == "docx" else found.pdf
    if document is None or issues_held_back(request.access, [found], request.now):
        raise Http404("There is no such file.")
    if is_overtaken(document, status.pack):
        raise PermissionDenied(OVERTAKEN)
    return stored_file_response(document)


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_APPROVED)
def paper_form(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The form of committee papers: its sections, headings and standing words."""
    _refuse_others(request)
    now = form_of(partnership)
    form = FormOfPapers(sent_or_kept(request), sections=now.sections, initial={"version": now.version})
    if request.method == "POST" and form.is_valid():
        try:
            keep_form(
                partnership=partnership, sections=form.asked(), version=form.cleaned_data["version"], by=request.user,
                at=request.now, key=sent_key(request),
            )  # fmt: skip
        except FormNotSound as refusal:
            form.refuse_form(refusal)
        except PaperChanged as refusal:
            form.rest_on(now.version)
            form.add_error(None, str(refusal))
        except NothingChanged as told:
            messages.warning(request, str(told))
            return redirect("paper_form", partnership=partnership.slug)
        else:
            messages.success(request, "The form is kept. Papers begun from now on have it.")
            return redirect("paper_form", partnership=partnership.slug)
    return render(request, "partnership/papers/form.html", {"form": form, "now": now, "key": new_key()})
