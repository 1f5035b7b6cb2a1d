"""Actions: the log with its file, and the page of one with what became of it."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from finance.views.tables import drawn
from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.operations.audit import shown_as
from indicators.permissions import requires
from indicators.phrases import cited
from indicators.roles import Permission
from indicators.views.addresses import indicator_url
from partnership.action_document import actions_document
from partnership.action_log import MOVES, STANDING_WORDS, Kind, State, due_words, history, summary
from partnership.actions_table import ACTIONS_TABLE, ActionRow, finding
from partnership.documents import Form
from partnership.forms.actions import STEP_FORMS, ActionFilter
from partnership.models import Action
from partnership.selectors.actions import (
    Wanted,
    action_rows,
    chosen,
    logged,
    may_tell,
    readable_actions,
    rows_of,
)
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.citations import then_and_now
from partnership.selectors.mine import mine_on, own_actions
from partnership.selectors.visible import actions_for, citations_for
from partnership.views.documents import document_response, stored_file_response
from partnership.views.governance_siblings import siblings

PER_PAGE = 50
# What a person who keeps meetings may do with an action, by the address of its form and the step that it makes.
MANAGED = (
    ("close", Kind.CLOSED),
    ("date", Kind.DATE_MOVED),
    ("owner", Kind.REASSIGNED),
    ("reopen", Kind.REOPENED),
    ("cancel", Kind.CANCELLED),
)


def _asked(request: HttpRequest, partnership: Partnership) -> tuple[list[ActionRow], list[ActionRow], ActionFilter]:
    """Every row of the log, those that the address asks for, and the form of filters."""
    rows = action_rows(request.access, partnership, request.today)
    form = ActionFilter(request.GET or None, rows=rows)
    values = form.cleaned_data if form.is_valid() else {}
    wanted = Wanted(
        state=values.get("state") or ("all" if values.get("overdue") else "open"),
        owner=values.get("owner", ""),
        body=values.get("body", ""),
        overdue=bool(values.get("overdue")),
    )
    own = mine_on(partnership, request.access, request.user.pk, request.today) if wanted.owner == "mine" else None
    mine = {action.number for action in own_actions(own, partnership)} if own is not None else set()
    return rows, chosen(rows, wanted, mine=mine), form


@require_safe
@requires(Permission.VIEW_APPROVED)
def action_log(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The log of actions: overdue first, then due, then without a day; what the address asks for, 50 a page."""
    rows, found, form = _asked(request, partnership)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "summary": summary([row.log for row in rows], request.today),
        "finding": finding(rows),
        "page": page,
        "number": len(found),
        "has_any": bool(rows),
        "table": table_of(partnership, page.object_list, caption="Actions"),
        "may_add": request.access.can(Permission.MANAGE_MEETINGS),
        "siblings": siblings(partnership, "actions"),
        "clear_url": reverse("actions", args=[partnership.slug]) if request.GET else "",
    }
    if found and request.access.can(Permission.EXPORT_APPROVED):
        context["downloads"] = _downloads(request, partnership)
    return render(request, "governance/actions.html", context)


def table_of(partnership: Partnership, rows: Sequence[ActionRow], *, caption: str) -> dict[str, Any]:
    """Rows of the log as a drawn table, each with the way to its page."""

    def links(row: ActionRow) -> dict[str, str]:
        return {"what": reverse("action", args=[partnership.slug, row.number])}

    def css_of(row: ActionRow) -> str:
        return f"is-{row.standing.value}"

    return drawn(ACTIONS_TABLE, rows, caption=caption, links=links, css_of=css_of, bold={"state"}, css="acts")


def _downloads(request: HttpRequest, partnership: Partnership) -> list[dict[str, str]]:
    asked = {name: value for name, value in request.GET.items() if name != "page" and value}
    query = f"?{urlencode(asked)}" if asked else ""
    found = [("CSV", reverse("actions_csv", args=[partnership.slug]), "these actions as comma-separated values")]
    for form, label in ((Form.DOCX, "Word"), (Form.PDF, "PDF")):
        url = reverse(f"actions_{form.value}", args=[partnership.slug])
        found.append((label, url, "these actions as a document"))
    return [{"label": label, "url": f"{url}{query}", "words": words} for label, url, words in found]


@require_safe
@requires(Permission.EXPORT_APPROVED)
def actions_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The same as a file."""
    _, found, _ = _asked(request, partnership)
    return csv_response("actions.csv", ACTIONS_TABLE.header, ACTIONS_TABLE.csv_rows(found))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def actions_document_file(request: HttpRequest, partnership: Partnership, form: str) -> HttpResponse:
    """The same as Word or PDF."""
    _, found, _ = _asked(request, partnership)
    document = actions_document(found, today=request.today, author=partnership.name)
    back = reverse("actions", args=[partnership.slug])
    return document_response(request, document, Form(form), name="actions", back=back)


# One action


def readable_action(request: HttpRequest, partnership: Partnership, number: int) -> Any:
    """The action with that number, with its steps. Raises Http404 for who may not know of it."""
    for action in readable_actions(request.access, partnership, number=number):
        return action
    raise Http404("There is no such action.")


@require_safe
@requires(Permission.VIEW_APPROVED)
def action_page(request: HttpRequest, partnership: Partnership, number: int) -> HttpResponse:
    """One action: where it stands, what it rests on, and its history in sentences."""
    action = readable_action(request, partnership, number)
    named = names_of_bodies(partnership)
    (row,) = rows_of([action], partnership, request.today)
    context = {
        "action": action,
        "row": row,
        "words": STANDING_WORDS[row.standing],
        "facts": _facts(row, request, action),
        "history": list(zip(action.known_steps, history(logged(action, named)), strict=False)),
        "steps": step_links(request, partnership, action),
        "figures": figures_of(request, partnership, {"action": action.pk}),
        "may_cite": request.access.can(Permission.MANAGE_MEETINGS),
        "siblings": siblings(partnership, "actions"),
        "source_line": cited(row.source, row.paragraph),
    }
    return render(request, "governance/action.html", context)


def figures_of(request: HttpRequest, partnership: Partnership, of: dict[str, int]) -> list[dict[str, Any]]:
    """What something rests on, then and now, each with the way to the figure."""
    found = citations_for(request.access, partnership).filter(**of)
    return [
        {"is": one, "url": indicator_url(partnership.slug, one.code, one.slice, scorecard=one.scorecard,
                                         period=one.period)}
        for one in then_and_now(found, request.access, request.now)
    ]  # fmt: skip


def _facts(row: ActionRow, request: HttpRequest, action: Action) -> list[dict[str, Any]]:
    cells = ACTIONS_TABLE.cells(row)
    due = [due_words(row.log, request.today), *filter(None, (row.slip.words,))]
    owner = [row.log.owner, *([f"{shown_as(action.owner)} tells how it stands"] if action.owner else [])]
    told = [("Stands", cells["state"]), ("Owner", owner), ("Due", due), ("Comes from", cells["from"])]
    return [{"key": key, "lines": [line.capitalize() if key == "Due" and line == "no day set" else line
                                   for line in lines]} for key, lines in told]  # fmt: skip


def step_links(request: HttpRequest, partnership: Partnership, action: Action) -> list[dict[str, str]]:
    """What the person may do with an action as it stands, each with the way to its form."""
    state, found = State(action.state), []
    if may_tell(action, request.user.pk, request.access) and state in MOVES[Kind.PROGRESS][0]:
        found.append("tell")
    if request.access.can(Permission.MANAGE_MEETINGS):
        found += [name for name, kind in MANAGED if state in MOVES[kind][0]]
    return [
        {"label": STEP_FORMS[name].title, "url": reverse("action_step", args=[partnership.slug, action.number, name])}
        for name in found
    ]


@require_safe
@requires(Permission.VIEW_APPROVED)
def action_evidence(request: HttpRequest, partnership: Partnership, number: int, step: int) -> HttpResponse:
    """A file of evidence, as it came; always a download."""
    found = actions_for(request.access, partnership).filter(number=number).first()
    row = found.steps.filter(number=step, document__isnull=False).select_related("document").first() if found else None
    if row is None or row.document is None:
        raise Http404("There is no such file.")
    return stored_file_response(row.document, name=f"{row.document.code}.{row.document.file_name.rpartition('.')[2]}")
