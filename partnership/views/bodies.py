"""Pages of the bodies: what is due, who answers to whom on any day, and what is known of each body."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.views.files import csv_file, download
from finance.views.tables import drawn
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import capital, listed
from indicators.roles import Permission
from indicators.working_days import day_words
from partnership.bodies_table import BODIES_TABLE, LINES_TABLE, SEATS_TABLE, BodyRow, LineRow
from partnership.forms.bodies import OnForm
from partnership.meeting_dates import day_or_month
from partnership.meeting_rows import WorkRow
from partnership.models import Meeting
from partnership.reporting_lines import (
    KIND_WORDS,
    Branch,
    Kind,
    Link,
    Structure,
    loop_sentences,
    nested,
    orphan_sentence,
)
from partnership.selectors.bodies import name_of
from partnership.selectors.body_page import BodyView, body_view
from partnership.selectors.governance_due import Due, Told, due_now
from partnership.selectors.structure import StructureOn, structure_on
from partnership.selectors.work_programme import work_rows
from partnership.structure_layout import WIDE, Path, drawing
from partnership.views.governance_siblings import siblings
from partnership.views.plan_forms import may
from partnership.views.resolutions import PROGRAMMES

PER_PAGE = 50
BODIES_CAPTION, LINES_CAPTION, SEATS_CAPTION = "Bodies", "Reporting lines", "Seats"


def asked_day(request: HttpRequest) -> tuple[OnForm, date | None]:
    """The form of the day, and the day that the address asks for; None for none, and for what is no day."""
    sent = OnForm(request.GET or None)
    asked = sent.cleaned_data["on"] if sent.is_valid() else None
    return (OnForm(initial={"on": asked}) if asked else sent), asked


def _on(url: str, day: date | None) -> str:
    """The address as at a day; None: today."""
    return f"{url}?on={day.isoformat()}" if day else url


# What is due


def due_lines(due: Due, partnership: Partnership, today: date) -> list[dict[str, str]]:
    """What is coming and late as sentences, each with the page that tells more."""
    lines = [_meeting_line(meeting, partnership, today) for meeting in due.meetings]
    if not lines:
        lines = [{"words": "No meeting is planned.", "url": reverse("meetings", args=[partnership.slug])}]
    work = [
        ("work_programme", f"?programme={code}", Told(f"{PROGRAMMES[code][0]}: {one.words}", one.is_late))
        for code, one in due.missed
    ]
    for page, query, told in (
        ("actions", "", due.actions),
        ("answers_owed", "", due.answers),
        ("exceptions", "", due.exceptions),
        ("improvement_plans", "", due.reviews),
        ("assurance", "", due.assurance),
        *work,
    ):
        url = reverse(page, args=[partnership.slug]) + query
        lines.append({"words": told.words, "url": url, "late": "late" if told.is_late else ""})
    return lines


def _meeting_line(meeting: Meeting, partnership: Partnership, today: date) -> dict[str, str]:
    when = "today" if meeting.on == today else f"on {day_words(meeting.on)}"
    at = f" at {meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    return {
        "words": f"{name_of(meeting.body, meeting.on)} meets {when}{at}.",
        "url": reverse("meeting", args=[partnership.slug, meeting.code]),
    }


# The structure


def _links_words(links: Sequence[Link], held: Structure) -> str:
    """How a body stands to those above it: "reports formally to A; reports as required to B and C"."""
    told: dict[tuple[str, bool], list[str]] = {}
    for link in links:
        told.setdefault((link.words, link.is_in_loop), []).append(held.by_code[link.upper].name)
    return "; ".join(
        f"{words} {listed(names)}{', in a loop' if is_in_loop else ''}" for (words, is_in_loop), names in told.items()
    )


def listed_branches(branches: tuple[Branch, ...], held: Structure, urls: Mapping[str, str]) -> list[dict[str, Any]]:
    """The nested list as templates/governance/_branches.html draws it."""
    found = []
    for branch in branches:
        own = [*([branch.link] if branch.link else []), *branch.others]
        elsewhere = [held.by_code[link.lower].name for link in branch.elsewhere]
        found.append(
            {
                "name": branch.node.name,
                "url": urls[branch.node.code],
                "words": _links_words(own, held),
                "elsewhere": ", ".join(elsewhere),
                "branches": listed_branches(branch.branches, held, urls),
            }
        )
    return found


def drawn_structure(held: Structure, urls: Mapping[str, str]) -> dict[str, Any]:
    """The drawing as templates/governance/_structure.html draws it."""
    found = drawing(held)
    kinds = {kind for link in held.links for kind in link.kinds}
    return {
        "width": found.width + 2,
        "wide": WIDE,
        "parts": [
            {
                "top": part.top - 1,
                "head": part.top + 17,
                "height": part.height + 2,
                "is_alone": part.is_alone,
                "boxes": [{"box": box, "url": urls[box.node.code]} for box in part.boxes],
                "paths": [_drawn_path(path, held) for path in part.paths],
            }
            for part in found.parts
        ],
        "legend": [{"css": f"gv-line--{kind}", "words": KIND_WORDS[kind]} for kind in Kind if kind in kinds],
        "has_loop": bool(held.loops),
    }


def _drawn_path(path: Path, held: Structure) -> dict[str, str]:
    link = path.link
    return {
        "d": path.d,
        "css": f"gv-line--{link.kinds[0]}{' is-loop' if link.is_in_loop else ''}",
        "words": f"{held.by_code[link.lower].name} {_links_words([link], held)}",
    }


def finding(on: StructureOn, today: date) -> str:
    """How many bodies and lines there are on the day, as a sentence."""
    day = f"Today, {day_words(today)}" if on.held.on == today else f"On {day_words(on.held.on)}"
    bodies, lines = len(on.bodies), len(on.lines)
    told = f"{bodies or 'no'} {'body' if bodies == 1 else 'bodies'}"
    said = f"{day}: {told}, {lines or 'no'} {'line' if lines == 1 else 'lines'} between them."
    return said if lines or not bodies else " ".join(filter(None, [said, no_lines_words(on)]))


def no_lines_words(on: StructureOn) -> str:
    """Of a day of which no line is known, from when on, and until when, lines are; empty where none ever is."""
    before, after = on.lines_until, on.lines_from
    told = [f"the last before it held until {day_words(before)}"] if before else []
    told += [f"the first after it holds from {day_words(after)}"] if after else []
    return f"No source gives a line for that day; {listed(told)}." if told else ""


def _changes(on: StructureOn, url: str) -> dict[str, Any]:
    """All days on which something changed, each with its address, and the one before and after the day."""
    found = [{"day": c.day, "words": c.words, "url": _on(url, c.day), "is_shown": c.day == on.held.on}
             for c in on.changes]  # fmt: skip
    before = [c for c in found if c["day"] < on.held.on]
    after = [c for c in found if c["day"] > on.held.on]
    return {"all": found, "before": before[-1] if before else None, "after": after[0] if after else None}


@require_safe
@requires(Permission.VIEW_APPROVED)
def governance(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What is due and late; who answers to whom, as at any day, drawn and as a list; every body of that day."""
    form, asked = asked_day(request)
    today: date = request.today  # type: ignore[attr-defined]
    on = structure_on(partnership, asked or today)
    here = reverse("governance", args=[partnership.slug])
    urls = {row.code: _on(reverse("body", args=[partnership.slug, row.code]), asked) for row in on.bodies}
    context = {
        "form": form,
        "today": today,
        "asked": asked,
        "due": due_lines(due_now(request.access, partnership, today), partnership, today),  # type: ignore[attr-defined]
        "finding": finding(on, today),
        "sentences": [*loop_sentences(on.held), *filter(None, [orphan_sentence(on.held)])],
        "drawing": drawn_structure(on.held, urls) if on.bodies else None,
        "branches": listed_branches(nested(on.held), on.held, urls),
        "orphans": [{"name": node.name, "url": urls[node.code]} for node in on.held.orphans],
        "changes": _changes(on, here),
        "lines_url": _on(reverse("governance_lines", args=[partnership.slug]), asked),
        "may_manage": may(request, Permission.MANAGE_MEETINGS),
        "siblings": siblings(partnership, "governance"),
        **_table(request, on.bodies, urls),
    }
    if on.bodies:
        url = _on(reverse("governance_csv", args=[partnership.slug]), asked)
        context["downloads"] = download(request, url, "Bodies")
    return render(request, "governance/hub.html", context)


def _table(request: HttpRequest, bodies: Any, urls: Mapping[str, str]) -> dict[str, Any]:
    page = Paginator(bodies, PER_PAGE).get_page(request.GET.get("page"))

    def links(row: BodyRow) -> dict[str, str]:
        return {"name": urls[row.code]}

    table = drawn(BODIES_TABLE, page.object_list, caption=BODIES_CAPTION, links=links, bold={"name"}, css="bodies")
    return {"page": page, "table": table}


@require_safe
@requires(Permission.EXPORT_APPROVED)
def governance_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Every body of a day as a file."""
    return _file(request, partnership, BODIES_TABLE, "bodies")


@require_safe
@requires(Permission.EXPORT_APPROVED)
def governance_lines_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Every line of a day as a file."""
    return _file(request, partnership, LINES_TABLE, "lines")


def _file(request: HttpRequest, partnership: Partnership, spec: Any, what: str) -> StreamingHttpResponse:
    day = asked_day(request)[1] or request.today  # type: ignore[attr-defined]
    rows = getattr(structure_on(partnership, day), what)
    return csv_file(request, f"{spec.name}_as-at-{day.isoformat()}.csv", spec.header, spec.csv_rows(rows))


@require_safe
@requires(Permission.VIEW_APPROVED)
def governance_lines(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every line of a day, with its dates and where it is from."""
    form, asked = asked_day(request)
    on = structure_on(partnership, asked or request.today)  # type: ignore[attr-defined]
    page = Paginator(on.lines, PER_PAGE).get_page(request.GET.get("page"))

    def links(row: LineRow) -> dict[str, str]:
        return {
            end: _on(reverse("body", args=[partnership.slug, getattr(row, end)]), asked) for end in ("lower", "upper")
        }

    context = {
        "form": form,
        "asked": asked,
        "finding": finding(on, request.today),  # type: ignore[attr-defined]
        "sentences": loop_sentences(on.held),
        "page": page,
        "table": drawn(LINES_TABLE, page.object_list, caption=LINES_CAPTION, links=links, bold={"lower"}, css="lines"),
        "structure_url": _on(reverse("governance", args=[partnership.slug]), asked),
        "siblings": siblings(partnership, ""),
    }
    if on.lines:
        url = _on(reverse("governance_lines_csv", args=[partnership.slug]), asked)
        context["downloads"] = download(request, url, "Reporting lines")
    return render(request, "governance/lines.html", context)


# A body


def opened_body(request: HttpRequest, partnership: Partnership, code: str) -> BodyView:
    """The body of an address as on the day it asks for. Raises Http404 for none."""
    asked = asked_day(request)[1]
    found = body_view(partnership, code, asked=asked, today=request.today)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such body.")
    return found


@require_safe
@requires(Permission.VIEW_APPROVED)
def body_page(request: HttpRequest, partnership: Partnership, body: str) -> HttpResponse:
    """What a body is for and how it works, to whom it reports, who sits on it, when it meets, what it is given."""
    view = opened_body(request, partnership, body)
    keeps = may(request, Permission.MANAGE_MEETINGS)
    here, today = [partnership.slug, body], request.today  # type: ignore[attr-defined]
    asked = None if view.on == today else view.on

    def links(row: Any) -> dict[str, str]:
        is_open = keeps and row.dates.until_on is None
        return {"title": reverse("seat", args=[*here, row.code])} if is_open else {}

    context = {
        "view": view,
        "form": OnForm(initial={"on": asked}),
        "asked": asked,
        "facts": _facts(view),
        "ups": _line_list(partnership, view, asked, is_up=True, may_end=keeps),
        "downs": _line_list(partnership, view, asked, is_up=False, may_end=keeps),
        "before": _related(partnership, view.before),
        "after": _related(partnership, view.after),
        "seats": drawn(SEATS_TABLE, view.seats, caption=SEATS_CAPTION, links=links, bold={"title"}, css="seats")
        if view.seats else None,
        "past": [_met(partnership, meeting) for meeting in view.past],
        "ahead": [_met(partnership, meeting) for meeting in view.ahead],
        "expected": [_expected(row) for row in work_rows(partnership, request.access, today, body=view.body.code)],
        "may_manage": keeps,
        "actions": [
            {"label": label, "url": reverse("body_act", args=[*here, what])}
            for what, label in ACTIONS if view.body.until_on is None or what in AFTER_ITS_END
        ],
        "structure_url": _on(reverse("governance", args=[partnership.slug]), asked),
        "siblings": siblings(partnership, ""),
    }  # fmt: skip
    if view.seats:
        url = _on(reverse("body_seats_csv", args=here), asked)
        context["downloads"] = download(request, url, f"Seats of {view.row.name}")
    return render(request, "governance/body.html", context)


# What can be recorded of a body, in the order of the buttons; the words of each form stand in body_steps.
ACTIONS = (
    ("change", "Change it from a day"), ("line", "Add a line"), ("seat", "Add a seat"),
    ("succession", "Say what took its place"), ("end", "End it"),
)  # fmt: skip
AFTER_ITS_END = frozenset({"succession"})


def _facts(view: BodyView) -> list[dict[str, str]]:
    row = view.row
    public = {None: "Not stated", True: "Yes", False: "No"}[row.in_public]
    told = [
        ("What it is for", row.purpose), ("Kind", row.kind_words + (", multi-agency" if row.is_multi_agency else "")),
        ("Whose", row.organisation), ("Chair", capital(row.chair)), ("Meets", capital(row.frequency)),
        ("Quorum", capital(row.quorum)), ("Meets in public", public), ("Dates", row.dates.words),
    ]  # fmt: skip
    return [{"key": key, "value": value} for key, value in told]


def _line_list(
    partnership: Partnership, view: BodyView, asked: date | None, *, is_up: bool, may_end: bool
) -> list[dict[str, str]]:
    rows = view.ups if is_up else view.downs
    stored = {(line.lower.code, line.upper.code, line.kind): line for line in view.line_rows}
    found = []
    for row in rows:
        ends = (row.lower, row.upper, row.kind)
        line = stored[ends]
        code, name = (row.upper, row.upper_name) if is_up else (row.lower, row.lower_name)
        can_end = may_end and line.until_on is None
        found.append(
            {
                "name": name,
                "url": _on(reverse("body", args=[partnership.slug, code]), asked),
                "words": capital(row.kind_words) if is_up else f"{row.kind_words} it",
                "dates": row.dates.words,
                "note": row.note,
                "end_url": reverse("line_end", args=[partnership.slug, view.body.code, *ends]) if can_end else "",
                "cited": cited_words(row.origin),
            }
        )
    return found


def cited_words(origin: Any) -> str:
    """Where something is from: paper and paragraph, or who added it here and when."""
    if origin.source:
        return f"{origin.source} §{origin.paragraph}" if origin.paragraph else origin.source
    return f"added here by {origin.actor}" + (f" on {day_words(origin.on)}" if origin.on else "")


def _related(partnership: Partnership, rows: Any) -> list[dict[str, str]]:
    return [
        {"name": r.name, "url": reverse("body", args=[partnership.slug, r.code]), "words": r.words, "cited": r.cited}
        for r in rows
    ]


def _met(partnership: Partnership, meeting: Meeting) -> dict[str, str]:
    return {
        "name": day_or_month(meeting.on, meeting.precision),
        "url": reverse("meeting", args=[partnership.slug, meeting.code]),
        "words": meeting.get_state_display(),
    }


def _expected(row: WorkRow) -> dict[str, str]:
    """A thing that a body is to be given: when, and whether it came; on which day only where its reader may know."""
    if row.is_received:
        words = f"came on {day_words(row.received_on)}" if row.received_on else "came"
    elif row.withdrawn_on is not None:
        words = f"withdrawn on {day_words(row.withdrawn_on)}: {row.withdrawn_reason}"
    elif row.expected_by is not None:
        words = f"expected by {day_words(row.expected_by)}"
        words += "; late as far as is recorded" if row.standing == "missed" else ""
    else:
        words = row.expected_words or "no day is stated"
    return {"name": row.title, "words": words}


@require_safe
@requires(Permission.EXPORT_APPROVED)
def body_seats_csv(request: HttpRequest, partnership: Partnership, body: str) -> StreamingHttpResponse:
    """The seats of a body on a day as a file."""
    view = opened_body(request, partnership, body)
    name = f"seats_{body}_as-at-{view.on.isoformat()}.csv"
    return csv_file(request, name, SEATS_TABLE.header, SEATS_TABLE.csv_rows(view.seats))
