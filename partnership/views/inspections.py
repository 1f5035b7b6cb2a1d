"""Inspections against the ambitions, as a timeline with its tables; and the list of what is owed for assurance."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from finance.views.files import csv_file, download
from finance.views.tables import drawn
from indicators.envelope import keeps_typed, sent_or_kept
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.working_days import day_words
from partnership.ambition import sentence
from partnership.ambition_drawing import spots, timeline_svg
from partnership.assurance import LATE, summary
from partnership.assurance_table import ASSURANCE_TABLE, OWED_TABLE, AssuranceRow
from partnership.forms.inspections import (
    AmbitionForm,
    AssuranceForm,
    CorrectForm,
    DoneForm,
    InspectionForm,
    TakeBackForm,
    WithdrawForm,
)
from partnership.inspection_table import AMBITIONS_TABLE, JUDGEMENTS_TABLE, AmbitionRow, InspectionRow, day_of
from partnership.models import Inspection
from partnership.selectors.inspections import (
    Timeline,
    ambition_of,
    assurance_item,
    assurance_of,
    inspection_of,
    last_recorded,
    timeline_of,
)
from partnership.views.governance_siblings import siblings
from partnership.views.plan_forms import form_page, may
from partnership.views.plan_steps import METHODS
from partnership.views.plans import page_of, papers_of

TABLES = {"judgements": JUDGEMENTS_TABLE, "ambitions": AMBITIONS_TABLE}


def _drawing(timeline: Timeline, told: str) -> str:
    ungraded = [
        (row.on, f"{row.title}, {day_of(row.on, row.on_words)}: no grade")
        for row in timeline.rows
        if row.on is not None and row.grade is None
    ]
    marks, days = spots(timeline.judgements, ungraded, [row.held.promise for row in timeline.ambitions])
    name = f"Judgements and ambitions by year. {told} The tables below have everything that is drawn."
    return mark_safe(timeline_svg(marks, days, name)) if days else ""  # noqa: S308


@require_safe
@requires(Permission.VIEW_APPROVED)
def inspections(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Judgements by day and area against the dated ambitions: a sentence, a drawing, and both as tables."""
    timeline = timeline_of(partnership, request.today)  # type: ignore[attr-defined]
    told = sentence([row.held for row in timeline.ambitions], timeline.judgements)
    page = page_of(request, timeline.rows)
    files = {name: reverse("inspections_csv", args=[partnership.slug, name]) for name in TABLES}
    context = {
        "lead": told,
        "drawing": _drawing(timeline, told),
        "undated": [row for row in timeline.rows if row.on is None],
        "ambitions": _ambitions(request, partnership, timeline) if timeline.ambitions else None,
        "page": page,
        "table": drawn(JUDGEMENTS_TABLE, page.object_list, caption="Inspections, the latest first", css="insp",
                       bold={"grade"}, links=_links(request, partnership))
        if timeline.rows
        else None,
        "reports": {row.report: f"{row.title}, {day_of(row.on, row.on_words)}" for row in page.object_list
                    if row.report},
        "withdrawn": timeline.withdrawn,
        "files": {name: download(request, url, name.capitalize()) for name, url in files.items()},
        "may_add": may(request, Permission.MANAGE_PLANS),
        "siblings": siblings(partnership, "inspections"),
        "papers": papers_of([*timeline.rows, *timeline.ambitions]),
    }  # fmt: skip
    return render(request, "governance/inspections.html", context)


def _links(request: HttpRequest, partnership: Partnership) -> Any:
    """Who may put an inspection right that was added here gets to its form from the list."""
    keeps = may(request, Permission.MANAGE_PLANS)

    def links(row: InspectionRow) -> dict[str, str]:
        here = [partnership.slug, row.code]
        return {"inspection": reverse("inspection_change", args=here)} if keeps and not row.origin.source else {}

    return links


def _ambitions(request: HttpRequest, partnership: Partnership, timeline: Timeline) -> dict[str, Any]:
    """The ambitions as a table; who may put one right that was added here gets to its form from it."""
    keeps = may(request, Permission.MANAGE_PLANS)

    def links(row: AmbitionRow) -> dict[str, str]:
        promise = row.held.promise
        here = [partnership.slug, promise.by_on.isoformat(), promise.grade.value]
        return {"ambition": reverse("ambition_change", args=here)} if keeps and not row.origin.source else {}

    return drawn(
        AMBITIONS_TABLE, timeline.ambitions, caption="Ambitions", bold={"verdict"}, css="amb", links=links
    )  # fmt: skip


@require_safe
@requires(Permission.EXPORT_APPROVED)
def inspections_csv(request: HttpRequest, partnership: Partnership, table: str) -> StreamingHttpResponse:
    """The judgements, or the ambitions, as a file."""
    timeline = timeline_of(partnership, request.today)  # type: ignore[attr-defined]
    if table not in TABLES:
        raise Http404("There is no such table.")
    spec: Any = TABLES[table]
    rows: Any = timeline.rows if table == "judgements" else timeline.ambitions
    return csv_file(request, f"{spec.name}.csv", spec.header, spec.csv_rows(rows))


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def inspection_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Adds an inspection with its judgements."""
    form = InspectionForm(sent_or_kept(request), partnership=partnership)
    return form_page(
        request, form, title="Add an inspection", button="Add the inspection",
        back=_list_of(partnership), done="The inspection is added.",
    )  # fmt: skip


def _stored(partnership: Partnership, code: str) -> Inspection:
    found = inspection_of(partnership, code)
    if found is None:
        raise Http404("There is no such inspection.")
    return found


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def inspection_change(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Puts an inspection right that was added here, with the reason; the one before stays on record."""
    found = _stored(partnership, code)
    form = CorrectForm(sent_or_kept(request), partnership=partnership, inspection=found)
    return form_page(
        request, form, title="Correct the inspection", button="Save the correction", back=_list_of(partnership),
        done="The inspection is corrected. The one before stays on record.", said=f"{found}.",
        other=(reverse("inspection_withdraw", args=[partnership.slug, code]), "Withdraw it instead"),
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def inspection_withdraw(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Withdraws an inspection that was added here, with the reason; it stays on record."""
    found = _stored(partnership, code)
    form = WithdrawForm(sent_or_kept(request), inspection=found)
    return form_page(
        request, form, title="Withdraw the inspection", button="Withdraw it", back=_list_of(partnership),
        done="The inspection is withdrawn. It stays on record.", said=f"{found}.",
    )  # fmt: skip


def _list_of(partnership: Partnership) -> tuple[str, str]:
    return reverse("inspections", args=[partnership.slug]), "Inspections and ambition"


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def ambition_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Adds a grade that was promised by a day."""
    form = AmbitionForm(sent_or_kept(request), partnership=partnership)
    return form_page(
        request, form, title="Add an ambition", button="Add the ambition", back=_list_of(partnership),
        done="The ambition is added.",
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def ambition_change(request: HttpRequest, partnership: Partnership, by: str, grade: str) -> HttpResponse:
    """Puts an ambition right that was added here."""
    found = ambition_of(partnership, by, grade)
    if found is None:
        raise Http404("There is no such ambition.")
    form = AmbitionForm(sent_or_kept(request), partnership=partnership, ambition=found)
    return form_page(
        request, form, title="Change the ambition", button="Save the change", back=_list_of(partnership),
        done="The ambition is changed.", said=f"{found}.",
    )  # fmt: skip


# Assurance


@require_safe
@requires(Permission.VIEW_APPROVED)
def assurance(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What is owed for assurance: due, done and late."""
    rows = assurance_of(partnership, request.today)  # type: ignore[attr-defined]
    page = page_of(request, rows)
    table = drawn(
        ASSURANCE_TABLE, page.object_list, caption="What is owed", css="assur",
        css_of=lambda row: "is-late" if row.standing.code == LATE else "",
        links=lambda row: {"item": reverse("assurance_item", args=[partnership.slug, row.code])},
    )  # fmt: skip
    context = {
        "lead": summary(row.standing for row in rows),
        "page": page,
        "table": table if rows else None,
        "may_add": may(request, Permission.MANAGE_PLANS),
        "siblings": siblings(partnership, "assurance"),
        "downloads": download(request, reverse("assurance_csv", args=[partnership.slug]), "Assurance") if rows else [],
        "papers": papers_of(page.object_list),
    }
    return render(request, "governance/assurance.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def assurance_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """What is owed as a file."""
    rows = assurance_of(partnership, request.today)  # type: ignore[attr-defined]
    return csv_file(request, "assurance.csv", ASSURANCE_TABLE.header, ASSURANCE_TABLE.csv_rows(rows))


def _asked(request: HttpRequest, partnership: Partnership, code: str) -> AssuranceRow:
    rows = assurance_of(partnership, request.today, code=code)  # type: ignore[attr-defined]
    if not rows:
        raise Http404("Nothing with that code is owed.")
    return rows[0]


@require_safe
@requires(Permission.VIEW_APPROVED)
def assurance_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Something that is owed, with every time that is recorded."""
    row = _asked(request, partnership, code)
    cells = ASSURANCE_TABLE.cells(row)
    times = list(zip(row.owed, row.notes, strict=True))
    context = {
        "row": row,
        "about": cells["item"][1:],
        "facts": [{"key": c.heading, "lines": cells[c.key]} for c in ASSURANCE_TABLE.on_screen[1:-1]],
        "times": drawn(OWED_TABLE, times, caption="Every time that is recorded") if times else None,
        "may_record": may(request, Permission.MANAGE_PLANS),
        "may_take_back": row.is_recorded_here and may(request, Permission.MANAGE_PLANS),
        "downloads": download(request, reverse("assurance_item_csv", args=[partnership.slug, code]), "Times")
        if times
        else [],
        "papers": papers_of([row]),
    }
    return render(request, "governance/assurance_item.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def assurance_item_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """Every time that something was owed as a file."""
    row = _asked(request, partnership, code)
    rows = OWED_TABLE.csv_rows(zip(row.owed, row.notes, strict=True))
    return csv_file(request, f"assurance-{code}.csv", OWED_TABLE.header, rows)


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def assurance_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Adds something that is owed."""
    form = AssuranceForm(sent_or_kept(request), partnership=partnership)
    return form_page(
        request, form, title="Add what is owed", button="Add it",
        back=(reverse("assurance", args=[partnership.slug]), "Assurance"), done="It is added.",
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def assurance_done(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Records on which day something was done."""
    item, row = assurance_item(partnership, code), _asked(request, partnership, code)
    due = row.standing.due_on
    if item is None:
        raise Http404("Nothing with that code is owed.")
    form = DoneForm(sent_or_kept(request), item=item, row=row)
    return form_page(
        request, form, title="Record when it was done", button="Record it",
        back=(reverse("assurance_item", args=[partnership.slug, code]), row.title), done="It is recorded.",
        said=f"{row.title}: due on {day_words(due)}." if due else f"{row.title}.",
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_PLANS)
@never_cache
@require_http_methods(METHODS)
def assurance_take_back(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Takes back what was recorded here last as done, with the reason; it stays on record."""
    item, row = assurance_item(partnership, code), _asked(request, partnership, code)
    due = last_recorded(item) if item is not None else None
    if item is None or due is None:
        raise Http404("Nothing that was recorded here is left to take back.")
    form = TakeBackForm(sent_or_kept(request), item=item, due_on=due.due_on)
    return form_page(
        request, form, title="Take back that it was done", button="Take it back",
        back=(reverse("assurance_item", args=[partnership.slug, code]), row.title), done="It is taken back.",
        said=f"Recorded by {due.actor} as done on {day_words(due.done_on)}, due on {day_words(due.due_on)}.",
    )  # fmt: skip
