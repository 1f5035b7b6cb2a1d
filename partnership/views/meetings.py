"""Pages of meetings: the list, one meeting with all that may be read of it, its tables and documents as files."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.views.tables import drawn
from indicators.exports import csv_response
from indicators.forms import GovForm
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from partnership.documents import Form
from partnership.exceptions_table import EXCEPTIONS_TABLE
from partnership.meeting_documents import What, agenda_document, minutes_document
from partnership.meeting_rows import RECORDED, MeetingRow, MeetingView
from partnership.meetings_table import (
    AGENDA_TABLE,
    ANSWERS_TABLE,
    ATTENDANCE_TABLE,
    MATTERS_TABLE,
    MEETINGS_TABLE,
    RESOLUTIONS_TABLE,
)
from partnership.models import Meeting
from partnership.selectors.exceptions import at_meeting
from partnership.selectors.meetings import is_to_come, meeting_rows, meeting_view, not_yet, waiting_exceptions
from partnership.selectors.visible import prepares
from partnership.views.documents import document_response
from partnership.views.governance_siblings import siblings
from partnership.views.meeting_steps import ITEM_STEPS, MEETING_STEPS, day_remarks, found_meeting

PER_PAGE = 50


class MeetingFilter(GovForm):
    """Which meetings are listed."""

    body = forms.ChoiceField(required=False)
    when = forms.ChoiceField(
        required=False, choices=[("", "To come and past"), ("next", "To come"), ("past", "Past")]
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.choices = [("", "All bodies"), *bodies]


def _listed(request: HttpRequest, partnership: Partnership) -> tuple[MeetingFilter, list[MeetingRow]]:
    """The filter as sent, and the meetings that it leaves."""
    rows = meeting_rows(partnership, request.today)  # type: ignore[attr-defined]
    bodies = sorted({row.body: row.body_name for row in rows}.items(), key=lambda pair: pair[1])
    form = MeetingFilter(request.GET, bodies=bodies)
    chosen = form.cleaned_data if form.is_valid() else {}
    body, when = chosen.get("body", ""), chosen.get("when", "")
    return form, [
        row
        for row in rows
        if row.body == (body or row.body) and (not when or is_to_come(row, request.today) == (when == "next"))
    ]


@require_safe
@requires(Permission.VIEW_APPROVED)
def meeting_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The meetings to come, the next first, then those that were."""
    form, rows = _listed(request, partnership)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    slug, access = partnership.slug, request.access  # type: ignore[attr-defined]
    context = {
        "filter": form,
        "page": page,
        "table": drawn(
            MEETINGS_TABLE, page.object_list, caption="Meetings",
            links=lambda row: {"meeting": reverse("meeting", args=[slug, row.code])}, css="meets",
        ),
        "prepares": prepares(access),
        "siblings": siblings(partnership, "meetings"),
        "csv_url": _with_query(request, reverse("meetings_csv", args=[slug]))
        if rows and access.can(Permission.EXPORT_APPROVED) else "",
    }  # fmt: skip
    return render(request, "governance/meetings.html", context)


def _with_query(request: HttpRequest, url: str) -> str:
    """The address of the file with the filters of the page."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{url}?{query.urlencode()}" if query else url


@require_safe
@requires(Permission.EXPORT_APPROVED)
def meetings_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The meetings of the list as a file."""
    _, rows = _listed(request, partnership)
    return csv_response("meetings.csv", MEETINGS_TABLE.header, MEETINGS_TABLE.csv_rows(rows))


# One meeting


def view_of(request: HttpRequest, meeting: Meeting) -> MeetingView:
    """All of a meeting that the person may read now."""
    return meeting_view(meeting, request.access, request.now, request.today)  # type: ignore[attr-defined]


@require_safe
@requires(Permission.VIEW_APPROVED)
def meeting_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A meeting: agenda with papers and minutes by item, who was there, what was resolved, what is owed."""
    meeting = found_meeting(partnership, code)
    view, access = view_of(request, meeting), request.access  # type: ignore[attr-defined]
    may_prepare = prepares(access)
    waiting = waiting_exceptions(partnership, access) if may_prepare and meeting.state in ("planned", "called") else []
    waits = not_yet(meeting, request.today) if may_prepare else {}  # type: ignore[attr-defined]
    context = {
        "meeting": meeting,
        "view": view,
        "row": view.row,
        "attendance": drawn(ATTENDANCE_TABLE, view.attendances, caption="Who was there"),
        "answers": drawn(ANSWERS_TABLE, view.answers, caption="Public statements and members’ questions"),
        "matters": drawn(
            MATTERS_TABLE,
            view.matters,
            caption="Open actions of earlier meetings",
            css="matters",
            links=lambda one: {"number": reverse("action", args=[partnership.slug, one.number])},
        ),
        "exceptions": _exceptions(request, meeting),
        "prepares": may_prepare,
        "steps": _offered(MEETING_STEPS, meeting, waits, waiting=bool(waiting)) if may_prepare else [],
        "item_steps": _offered(ITEM_STEPS, meeting, waits) if may_prepare else [],
        "not_yet": dict.fromkeys(waits.values()),
        "remarks": day_remarks(meeting, request.today) if may_prepare else (),  # type: ignore[attr-defined]
        "last_exempt": max((item.order for item in view.items if item.exempt_words), default=0),
        "names": [s for s in view.statements if s.speaker],
        "waiting": len(waiting),
        "downloads": _downloads(partnership, view) if access.can(Permission.EXPORT_APPROVED) else [],
        "siblings": siblings(partnership, ""),
    }
    return render(request, "governance/meeting.html", context)


def _exceptions(request: HttpRequest, meeting: Meeting) -> dict[str, Any] | None:
    """The exception reports under the items that the person may read; None where there are none."""
    rows = [row for row in at_meeting(meeting, request.access, request.today) if row.meeting]  # type: ignore[attr-defined]
    slug = meeting.partnership.slug
    return (
        drawn(
            EXCEPTIONS_TABLE,
            rows,
            caption="Exception reports on this agenda",
            links=lambda row: {"what": reverse("exception", args=[slug, row.number])},
            bold={"state"},
            css="excs",
        )
        if rows
        else None
    )


def _offered(
    steps: dict[str, Any], meeting: Meeting, waits: dict[str, str], *, waiting: bool = True
) -> list[dict[str, str]]:
    """What can be done with the meeting, or its items, as it stands; `waits`: what cannot yet."""
    return [
        {"slug": slug, "label": step.label}
        for slug, step in steps.items()
        if meeting.state in step.states and slug not in waits and (waiting or slug != "exceptions")
    ]


_TABLES = {"agenda": AGENDA_TABLE, "attendance": ATTENDANCE_TABLE, "resolutions": RESOLUTIONS_TABLE,
           "answers": ANSWERS_TABLE, "matters-arising": MATTERS_TABLE}  # fmt: skip


def _rows_of(view: MeetingView, table: str) -> tuple[Any, ...]:
    return {
        "agenda": view.items, "attendance": view.attendances, "resolutions": view.resolutions,
        "answers": view.answers, "matters-arising": view.matters,
    }[table]  # fmt: skip


def _downloads(partnership: Partnership, view: MeetingView) -> list[dict[str, str]]:
    """The files that there is something in."""
    code, found = view.row.code, []
    for what in What:
        if not _is_open(view, what):
            continue
        for form, name in ((Form.DOCX, "Word"), (Form.PDF, "PDF")):
            url = reverse("meeting_document", args=[partnership.slug, code, what.value, form.value])
            found.append({"url": url, "label": f"{what.value.capitalize()}, {name}", "words": ""})
    for table in _TABLES:
        if _rows_of(view, table):
            url = reverse("meeting_csv", args=[partnership.slug, code, table])
            found.append({"url": url, "label": f"{table.replace('-', ' ').capitalize()}, CSV", "words": ""})
    return found


def _is_open(view: MeetingView, what: What) -> bool:
    """Whether the person may read that document of the meeting."""
    if what == What.AGENDA:
        return view.shows_agenda
    return view.shows_minutes and view.row.state in RECORDED


@require_safe
@requires(Permission.EXPORT_APPROVED)
def meeting_csv(
    request: HttpRequest, partnership: Partnership, code: str, table: str
) -> StreamingHttpResponse:  # fmt: skip
    """A table of a meeting as a file: agenda with minutes, attendance, resolutions, answers, matters arising."""
    if table not in _TABLES:
        raise Http404("There is no such table.")
    spec: Any = _TABLES[table]
    view = view_of(request, found_meeting(partnership, code))
    return csv_response(f"{code}_{table}.csv", spec.header, spec.csv_rows(_rows_of(view, table)))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def meeting_document(request: HttpRequest, partnership: Partnership, code: str, what: str, form: str) -> HttpResponse:
    """Agenda or minutes as Word or PDF."""
    if what not in set(What) or form not in set(Form):
        raise Http404("There is no such document.")
    view = view_of(request, found_meeting(partnership, code))
    if not _is_open(view, What(what)):
        raise Http404("This is not published yet.")
    make = agenda_document if what == What.AGENDA else minutes_document
    back = reverse("meeting", args=[partnership.slug, code])
    return document_response(
        request, make(view, partnership.authority_name), Form(form), name=f"{code}_{what}", back=back
    )  # fmt: skip
