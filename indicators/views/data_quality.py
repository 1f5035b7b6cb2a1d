"""The register of statutory returns and data quality issues: the lists, their files, and the pages that keep it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.data_issues import ISSUES_TABLE, RETURNS_TABLE, RegisteredIssue, matching
from indicators.envelope import keeps_typed, sent_or_kept
from indicators.exports import csv_response
from indicators.list_filters import IssueFilter
from indicators.models import DataIssue, Partner, Partnership
from indicators.operations import OperationError
from indicators.operations.issues import IssueChanged, reopen_issue
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.issues import (
    indicator_names,
    issue_for,
    issues_of,
    statutory_return_for,
    statutory_returns_of,
)
from indicators.tables import SpecTable
from indicators.views.issue_forms import ClearForm, IssueForm, StatutoryReturnForm
from indicators.views.lists import arranged
from indicators.views.return_entry import new_key, sent_key, sent_version
from indicators.views.spec_lists import Links, finished_rows

PER_PAGE = 50


def _chosen(request: HttpRequest, partnership: Partnership) -> tuple[list[RegisteredIssue], IssueFilter, bool]:
    """The issues that the address asks for, the form of filters, and whether any filter is set."""
    issues = issues_of(partnership, today=request.today)
    form = IssueFilter(request.GET, issues=issues)
    values = form.cleaned_data if form.is_valid() else {}
    names = ("state", "statutory_return", "indicator", "partner")
    wanted = {"text": values.get("q", "")} | {name: values.get(name, "") for name in names}
    return matching(issues, **wanted), form, any(wanted.values())


def _own_partners(request: HttpRequest, partnership: Partnership) -> list[Partner]:
    """The partners whose issues the person may keep. One query."""
    return [p for p in partnership.partners.all() if request.access.can(Permission.MANAGE_ISSUES, p)]


def _indicator_links(partnership: Partnership, row: Any) -> dict[tuple[str, int], str]:
    return {
        ("indicators", number): reverse("indicator", args=[partnership.slug, code])
        for number, (code, _) in enumerate(row.indicators)
    }


@requires(Permission.VIEW_APPROVED)
@require_safe
def data_quality(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The statutory returns, and every data quality issue with what hangs on it; filtered by the address."""
    may_keep = request.access.can(Permission.MANAGE_ISSUES)
    mine = {"", *(p.code for p in _own_partners(request, partnership))} if may_keep else set()
    issues, form, is_filtered = _chosen(request, partnership)

    def return_links(row: Any) -> Links:
        own = {("name", 0): reverse("statutory_return", args=[partnership.slug, row.code])} if may_keep else {}
        return _indicator_links(partnership, row) | own

    def issue_links(row: Any) -> Links:
        is_mine = row.partner_code in mine
        own = {("title", 0): reverse("data_issue", args=[partnership.slug, row.code])} if is_mine else {}
        return _indicator_links(partnership, row) | own

    returns = SpecTable(
        RETURNS_TABLE,
        finished_rows(
            RETURNS_TABLE,
            statutory_returns_of(partnership),
            links=return_links,
            sort_by={"name": "name", "window": "closes_on", "indicators": "indicator_names"},
        ),
        caption="Statutory returns",
        prefix="returns-",
    )
    table = SpecTable(
        ISSUES_TABLE,
        finished_rows(
            ISSUES_TABLE,
            issues,
            links=issue_links,
            sort_by={"title": "title", "return": "return_name", "indicators": "indicator_names"},
        ),
        caption="Data quality issues",
    )
    for listed in (returns, table):
        arranged(request, listed, per_page=PER_PAGE)
    context = {
        "returns": returns,
        "table": table,
        "form": form,
        "is_filtered": is_filtered,
        "number": len(issues),
        "still_open": sum(issue.state != "cleared" for issue in issues),
        "overdue": sum(issue.state == "overdue" for issue in issues),
        "may_keep": may_keep,
        "query": request.GET.urlencode(),
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
    }
    return render(request, "indicators/data_quality/list.html", context)


@requires(Permission.EXPORT_APPROVED)
@require_safe
def issues_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The issues that the list shows, with the same filters."""
    issues, _, _ = _chosen(request, partnership)
    return csv_response("data-quality-issues.csv", ISSUES_TABLE.header, ISSUES_TABLE.csv_rows(issues))


@requires(Permission.EXPORT_APPROVED)
@require_safe
def returns_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The statutory returns as a file."""
    rows = statutory_returns_of(partnership)
    return csv_response("statutory-returns.csv", RETURNS_TABLE.header, RETURNS_TABLE.csv_rows(rows))


# Keeping the register


def _issue(request: HttpRequest, partnership: Partnership, code: str) -> DataIssue:
    """The issue of an address, if the person may keep it; 404 or 403 otherwise."""
    issue = issue_for(partnership, code)
    if issue is None:
        raise Http404("There is no such issue.")
    if not request.access.can(Permission.MANAGE_ISSUES, issue.partner):
        raise PermissionDenied
    return issue


def _issue_form(
    request: HttpRequest, partnership: Partnership, issue: DataIssue | None, typed: QueryDict | None
) -> IssueForm:
    return IssueForm(
        typed,
        partnership=partnership,
        partners=_own_partners(request, partnership),
        indicators=indicator_names(partnership),
        issue=issue,
    )


@keeps_typed
@requires(Permission.MANAGE_ISSUES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_issue(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Puts an issue on the register."""
    form = _issue_form(request, partnership, None, sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = form.add(by=request.user, at=request.now, key=sent_key(request))
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{made.title}” is on the register.")
            return redirect("data_quality", partnership=partnership.slug)
    return render(request, "indicators/data_quality/issue.html", {"form": form, "key": new_key()})


@keeps_typed
@requires(Permission.MANAGE_ISSUES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data_issue(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Changes an issue, clears it, or opens it again."""
    issue = _issue(request, partnership, code)
    typed = sent_or_kept(request) or QueryDict()
    asked = typed.get("do", "")
    form = _issue_form(request, partnership, issue, typed if asked == "change" else None)
    clearing = ClearForm(typed if asked == "clear" else None, initial={"cleared_on": request.today})
    sent = {"change": form, "clear": clearing}.get(asked)
    refused, version = "", typed.get("version") or issue.version
    if request.method == "POST" and (asked == "reopen" or (sent is not None and sent.is_valid())):
        try:
            said = _carry_out(request, issue, asked, form, clearing)
        except OperationError as refusal:
            refused = str(refusal)
            version = issue.version if isinstance(refusal, IssueChanged) else version
            if sent is not None:
                sent.add_error(None, refused)
        else:
            messages.success(request, said)
            return redirect("data_quality", partnership=partnership.slug)
    context = {
        "issue": issue,
        "form": form,
        "clearing": clearing,
        "sent": sent,
        "refused": refused if sent is None else "",
        "version": version,
    }
    return render(request, "indicators/data_quality/issue.html", context)


def _carry_out(request: HttpRequest, issue: DataIssue, asked: str, form: IssueForm, clearing: ClearForm) -> str:
    """Does what was asked for; the sentence that says so. Raises OperationError."""
    common: Any = {"version": sent_version(request), "by": request.user, "at": request.now}
    if asked == "clear":
        clearing.clear(issue, **common)
        return f"“{issue.title}” is cleared."
    if asked == "reopen":
        reopen_issue(issue=issue, **common)
        return f"“{issue.title}” is open again."
    form.change(issue, **common)
    return f"“{form.cleaned_data['title']}” has been changed."


@keeps_typed
@requires(Permission.MANAGE_ISSUES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_statutory_return(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Puts a statutory return on the register."""
    return _statutory_return(request, partnership, None)


@keeps_typed
@requires(Permission.MANAGE_ISSUES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def statutory_return(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Changes what is known of a statutory return."""
    found = statutory_return_for(partnership, code)
    if found is None:
        raise Http404("There is no such return.")
    return _statutory_return(request, partnership, found)


def _statutory_return(request: HttpRequest, partnership: Partnership, found: Any) -> HttpResponse:
    form = StatutoryReturnForm(sent_or_kept(request), statutory_return=found)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                form.add(partnership, by=request.user, at=request.now, key=sent_key(request))
            else:
                form.change(found, by=request.user, at=request.now)
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{form.cleaned_data['name']}” is on the register as you said.")
            return redirect("data_quality", partnership=partnership.slug)
    context = {"form": form, "statutory_return": found, "key": new_key()}
    return render(request, "indicators/data_quality/return.html", context)
