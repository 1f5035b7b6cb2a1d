"""Resolutions with their owners and the clock of responses; and the work programme that follows from them."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.views.files import csv_file, download
from finance.views.tables import drawn
from indicators.envelope import sent_or_kept
from indicators.exports import csv_response
from indicators.forms import GovForm
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from partnership.answers_table import OWED_ANSWERS, OwedAnswer, summary
from partnership.forms.minutes import ResponseForm
from partnership.forms.work_programme import ReceiveForm, WithdrawForm, WorkForm
from partnership.meeting_rows import ResolutionRow, WorkRow, missed_words
from partnership.meetings_table import RESOLUTIONS_TABLE, WORK_TABLE
from partnership.models import Resolution, WorkItem
from partnership.selectors import visible
from partnership.selectors.answers import answer_url, answers_owed
from partnership.selectors.bodies import bodies_on
from partnership.selectors.meetings import resolution_rows
from partnership.selectors.visible import prepares
from partnership.selectors.work_programme import work_rows
from partnership.views.governance_siblings import siblings
from partnership.views.meeting_steps import form_page, writes

PER_PAGE = 50
CLOCKS = [
    ("", "With and without a response"), ("late", "Response late"), ("waiting", "Response waited for"),
    ("answered", "Answered in time"), ("answered_late", "Answered late"), ("none", "No response asked"),
]  # fmt: skip
PROGRAMMES = {
    "scrutiny": ("Work programme of scrutiny", "What each body expects to be given and when, what came, and what has "
                 "been missed. It follows from resolutions, or is typed."),
    "forward_plan": ("Forward plan of key decisions", "Key decisions of the executive, with the notice of 28 clear "
                     "days before each."),
    "partner": ("Partners’ plans of priorities", "What partners have set themselves to bring."),
}  # fmt: skip
GROUPS = (
    (("missed",), "Missed, as far as is recorded"), (("due", "later"), "Expected"), (("came", "came_late"), "Came"),
    (("withdrawn",), "Not expected any more"),
)  # fmt: skip


class ResolutionFilter(GovForm):
    """Which resolutions are listed."""

    body = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", "All kinds"), *Resolution.Kind.choices])
    clock = forms.ChoiceField(label="Response", required=False, choices=CLOCKS)

    def __init__(self, *args: Any, partnership: Partnership, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.choices = [("", "All bodies"), *((v.body.code, v.name) for v in bodies_on(partnership, today))]


def _listed(request: HttpRequest, partnership: Partnership) -> tuple[ResolutionFilter, list[ResolutionRow]]:
    form = ResolutionFilter(request.GET, partnership=partnership, today=request.today)  # type: ignore[attr-defined]
    chosen = form.cleaned_data if form.is_valid() else {}
    return form, resolution_rows(partnership, request.access, request.today, **chosen)  # type: ignore[attr-defined]


@require_safe
@requires(Permission.VIEW_APPROVED)
def resolution_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every resolution that the person may read, those whose response is late first."""
    form, rows = _listed(request, partnership)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    slug, access = partnership.slug, request.access  # type: ignore[attr-defined]
    may_respond = prepares(access)

    def links(row: ResolutionRow) -> dict[str, str]:
        found = {"meeting": f"{reverse('meeting', args=[slug, row.meeting])}#resolution-{row.number}"}
        if may_respond:
            found["number"] = reverse("resolution_cite", args=[slug, row.number])
        if may_respond and row.clock in {"late", "waiting"}:
            found["clock"] = reverse("resolution_response", args=[slug, row.number])
        return found

    late = sum(row.clock == "late" for row in rows)
    context = {
        "filter": form,
        "page": page,
        "late": late,
        "may_cite": may_respond,
        "table": drawn(RESOLUTIONS_TABLE, page.object_list, caption="Resolutions", links=links, css="resols"),
        "siblings": siblings(partnership, "resolutions"),
        "csv_url": f"{reverse('resolutions_csv', args=[slug])}?{request.GET.urlencode()}".rstrip("?")
        if rows and access.can(Permission.EXPORT_APPROVED) else "",
    }  # fmt: skip
    return render(request, "governance/resolutions.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def resolutions_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The resolutions of the list as a file."""
    _, rows = _listed(request, partnership)
    return csv_response("resolutions.csv", RESOLUTIONS_TABLE.header, RESOLUTIONS_TABLE.csv_rows(rows))


# Answers owed


@require_safe
@requires(Permission.VIEW_APPROVED)
def answers_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The answers that are owed to members, to the public and to scrutiny: who owes which, at which meeting it was
    asked, and by when; the longest late first."""
    rows = answers_owed(request.access, partnership, request.today)  # type: ignore[attr-defined]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    slug, may_answer = partnership.slug, prepares(request.access)  # type: ignore[attr-defined]

    def links(row: OwedAnswer) -> dict[str, str]:
        at = f"#resolution-{row.resolution}" if row.resolution else f"#item-{row.order}" if row.order else ""
        found = {"meeting": f"{reverse('meeting', args=[slug, row.meeting])}{at}"}
        return found | {"asked": answer_url(slug, row)} if may_answer else found

    url = reverse("answers_owed_csv", args=[slug])
    context = {
        "lead": summary(rows), "page": page, "may_answer": may_answer,
        "siblings": siblings(partnership, "answers_owed"),
        "table": drawn(OWED_ANSWERS, page.object_list, caption="Answers owed", links=links, css="answers"),
        "downloads": download(request, url, "Answers owed") if rows else [],
    }  # fmt: skip
    return render(request, "governance/answers_owed.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def answers_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The same as a file."""
    rows = answers_owed(request.access, partnership, request.today)  # type: ignore[attr-defined]
    return csv_file(request, "answers-owed.csv", OWED_ANSWERS.header, OWED_ANSWERS.csv_rows(rows))


@writes
def resolution_response(request: HttpRequest, partnership: Partnership, number: str) -> HttpResponse:
    """What the executive answered to a recommendation."""
    found = visible.resolutions_for(request.access, partnership).select_related("item__meeting", "text")  # type: ignore[attr-defined]
    row = get_object_or_404(found, number=number, kind=Resolution.Kind.RECOMMENDED)
    form = ResponseForm(sent_or_kept(request), resolution=row, initial={"on": request.today})  # type: ignore[attr-defined]
    return form_page(
        request, form, title=f"Response to recommendation {number}", button="Keep the response",
        done="The response is recorded.", lead=row.text.body, name="Resolutions",
        back=reverse("resolutions", args=[partnership.slug]),
    )  # fmt: skip


# Work programme


def _programme(request: HttpRequest) -> str:
    asked = request.GET.get("programme", "scrutiny")
    return asked if asked in PROGRAMMES else "scrutiny"


@require_safe
@requires(Permission.VIEW_APPROVED)
def work_programme(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """One programme: what was missed, what is expected, what came."""
    programme, slug, access = _programme(request), partnership.slug, request.access  # type: ignore[attr-defined]
    rows = work_rows(partnership, access, request.today, programme=programme)  # type: ignore[attr-defined]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    may_keep = prepares(access)

    def links(row: WorkRow) -> dict[str, str]:
        found = {"standing": reverse("meeting", args=[slug, row.received_meeting])} if row.received_meeting else {}
        if may_keep and row.standing in {"missed", "due", "later"}:
            found["standing"] = reverse("work_item_step", args=[slug, row.code, "came"])
        return found

    groups = [(name, [r for r in page.object_list if r.standing in states]) for states, name in GROUPS]
    here = reverse("work_programme", args=[slug])
    name, lead = PROGRAMMES[programme]
    context = {
        "name": name,
        "lead": lead,
        "page": page,
        "missed": missed_words(rows),
        "table": drawn(WORK_TABLE, [], caption=name, links=links, css="works",
                       groups=[(group, own) for group, own in groups if own]),
        "tabs": [{"name": words, "url": f"{here}?programme={code}", "is_current": code == programme}
                 for code, (words, _) in PROGRAMMES.items()],
        "prepares": may_keep,
        "new_url": f"{reverse('work_item_new', args=[slug])}?programme={programme}",
        "siblings": siblings(partnership, "work_programme"),
        "csv_url": f"{reverse('work_programme_csv', args=[slug])}?programme={programme}"
        if rows and access.can(Permission.EXPORT_APPROVED) else "",
    }  # fmt: skip
    return render(request, "governance/work_programme.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def work_programme_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """A programme as a file."""
    programme = _programme(request)
    rows = work_rows(partnership, request.access, request.today, programme=programme)  # type: ignore[attr-defined]
    return csv_response(f"work-programme_{programme}.csv", WORK_TABLE.header, WORK_TABLE.csv_rows(rows))


@writes
def work_item_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Puts something on a programme."""
    form = WorkForm(
        sent_or_kept(request), partnership=partnership,
        bodies=bodies_on(partnership, request.today), initial={"programme": _programme(request)},  # type: ignore[attr-defined]
    )  # fmt: skip
    chosen = request.POST.get("programme", _programme(request))
    return form_page(
        request, form, title="Add to the work programme", button="Add it", done="It is on the programme.",
        name="Work programme",
        back=f"{reverse('work_programme', args=[partnership.slug])}?programme={chosen if chosen in PROGRAMMES else ''}",
    )  # fmt: skip


_STEPS: dict[str, tuple[type[Any], str, str, str]] = {
    "came": (ReceiveForm, "It came", "Record that it came", "It is recorded as having come."),
    "withdraw": (WithdrawForm, "It is not expected any more", "Take it off", "It is not expected any more."),
}


@writes
def work_item_step(request: HttpRequest, partnership: Partnership, code: str, step: str) -> HttpResponse:
    """Records that something came, or is not expected any more."""
    if step not in _STEPS:
        raise Http404("There is no such step.")
    items = visible.work_items_for(request.access, partnership).select_related("partnership", "body")  # type: ignore[attr-defined]
    item: WorkItem = get_object_or_404(items, code=code)
    form_of, title, button, done = _STEPS[step]
    form = form_of(sent_or_kept(request), item=item, access=request.access)  # type: ignore[attr-defined]
    other = next(name for name in _STEPS if name != step)
    page = reverse("work_programme", args=[partnership.slug])
    return form_page(
        request, form, title=f"{item.title}: {title[0].lower()}{title[1:]}", button=button, done=done,
        name="Work programme", back=f"{page}?programme={item.programme}",
        elsewhere={"url": reverse("work_item_step", args=[partnership.slug, code, other]), "name": _STEPS[other][1]},
    )  # fmt: skip
