"""Returns: the list, where one stands, its review, and the correction of what was approved."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.deadlines import Timeliness
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership, Return, ReturnTransition
from indicators.operations import OperationError, accept_return, open_restatement, send_back, sign_off, take_back
from indicators.operations.forecasts import forecast_after
from indicators.permissions import Access, requires
from indicators.phrases import capital
from indicators.roles import Permission
from indicators.selectors.locks import exempt_rounds, is_locked, is_locked_for, lock_status
from indicators.selectors.returns import (
    Sheet,
    open_correction,
    open_queries,
    sums_of,
    transitions_of,
    visible_returns,
    why_closed,
    with_sent_back,
)
from indicators.selectors.timeliness import standing_of, timeliness_of, with_arrivals
from indicators.tables import ReturnTable
from indicators.views.entry_rows import read_row
from indicators.views.entry_sums import listed_sums, mark_sums
from indicators.views.lists import arranged
from indicators.views.return_entry import address, new_key, opened, opened_for_entry, sent_key, sent_version, sheet_for
from indicators.views.return_forms import CorrectionForm, DecisionForm, ReturnFilter
from indicators.views.sent_back import since_sent_back

State = Return.State
PER_PAGE = 50


def may(access: Access, permission: Permission, row: Return) -> bool:
    """Whether the person may do this with this return."""
    return access.can(permission, row.partner, row.round.period)


def next_step(row: Return, access: Access, exempt: Collection[int] = ()) -> tuple[str, str]:
    """What the person can do next with a return, in words, and the page's name.

    `exempt` are the rounds (ids) that an exception opens for the person although they are locked.
    """
    is_shut = is_locked(row) and row.round_id not in exempt
    if row.is_editable and may(access, row.round.scorecard.entered_with, row) and not is_shut:
        return ("Change what was sent back" if row.state == State.RETURNED else "Enter figures"), "return_entry"
    if row.state == State.SUBMITTED and not row.is_signed_off and may(access, Permission.SIGN_OFF, row):
        return "Review and sign off", "return_review"
    if row.state == State.SUBMITTED and row.is_signed_off and may(access, Permission.ACCEPT, row):
        return "Review and accept", "return_review"
    return "See where it stands", "return"


@requires(Permission.VIEW_RETURNS)
@require_safe
def return_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The returns that the person may see, with what to do next."""
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)
    form = ReturnFilter(request.GET, partnership=partnership, sees_protected=sees_protected)
    rows = visible_returns(partnership, request.access).prefetch_related(with_arrivals())
    exempt = exempt_rounds(partnership, request.user, request.today)
    chosen = form.cleaned_data if form.is_valid() else {}
    for name, path in (("state", "state"), ("scorecard", "round__scorecard"), ("partner", "partner")):
        if chosen.get(name):
            rows = rows.filter(**{path: chosen[name]})

    def step(row: Return) -> tuple[str, str, str]:
        words, page = next_step(row, request.access, exempt)
        return words, address(page, partnership.slug, row), address("return", partnership.slug, row)

    def stands(row: Return) -> Timeliness | None:
        return timeliness_of(row, request.today)

    table = ReturnTable(rows, next_step=step, stands=stands)
    arranged(request, table, per_page=PER_PAGE)
    is_filtered = any(chosen.values())
    context = {"table": table, "filter_form": form, "is_filtered": is_filtered, "count": table.paginator.count}
    return render(request, "indicators/returns/list.html", context)


def _context(request: HttpRequest, row: Return, sheet: Sheet) -> dict[str, Any]:
    """What the status, review and correction pages have in common."""
    slug = request.partnership.slug
    return {
        "row": row,
        "rows": [read_row(line, partnership=slug) for line in sheet.lines],
        "left_out": sheet.left_out,
        "here": request.path,
        "urls": {
            name: address(name, slug, row)
            for name in (
                "return",
                "return_entry",
                "return_review",
                "return_correct",
                "return_template",
                "return_upload",
                "return_take_back",
            )
        },
        "is_correction": row.kind == Return.Kind.RESTATEMENT,
    }


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def return_page(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """Where a return stands: its steps, its figures as they would be rated, and what the person can do."""
    row = opened(request, partnership, key)
    correction = open_correction(row) if row.state == State.APPROVED else None
    closed = why_closed(row, request.user, request.today) if row.is_editable else ""
    steps = list(transitions_of(row))
    accepted_by = [step.actor for step in steps if step.action == ReturnTransition.Action.APPROVED]
    enters = may(request.access, row.round.scorecard.entered_with, row)
    decides = {
        "sign_off": row.state == State.SUBMITTED and may(request.access, Permission.SIGN_OFF, row),
        "accept": row.state == State.SUBMITTED and may(request.access, Permission.ACCEPT, row),
    }
    sheet = sheet_for(request, row)
    context = _context(request, row, sheet) | {
        "steps": steps,
        "lock": lock_status(row, request.user, request.today, approved_by=accepted_by[-1] if accepted_by else ""),
        "standing": standing_of(row, steps, filled=sheet.filled, lines=sheet.total, today=request.today),
        "may_enter": enters and row.is_editable and not closed,
        "may_take_back": enters and _can_be_taken_back(row) and not is_locked_for(row, request.user, request.today),
        "idempotency_key": new_key(),
        "may_review": any(decides.values()),
        "may_correct": enters and row.state == State.APPROVED and correction is None,
        "correction": correction,
        "correction_url": address("return", partnership.slug, correction) if correction else "",
        "waits_for": _waits_for(row, steps),
        "history_url": address("return_history", partnership.slug, row),
    }
    return render(request, "indicators/returns/status.html", context)


def _can_be_taken_back(row: Return) -> bool:
    return row.state == State.SUBMITTED and not row.is_signed_off


@keeps_typed
@sent_only("return", "partnership", "scorecard", "period", "partner", "number")
@requires(Permission.VIEW_RETURNS)
def return_take_back(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """Opens a submitted return for entry again, as long as nobody has decided on it."""
    row = opened_for_entry(request, partnership, key)
    if request.method != "POST":
        return redirect(address("return", partnership.slug, row))
    version, once = sent_version(request), sent_key(request)
    try:
        take_back(in_return=row, by=request.user, at=request.now, version=version, key=once)
    except OperationError as refusal:
        messages.error(request, str(refusal))
        return redirect(address("return", partnership.slug, row))
    messages.success(request, "Taken back. The return is open for entry; submit it again when it is right.")
    return redirect(address("return_entry", partnership.slug, row))


def _waits_for(row: Return, steps: Sequence[ReturnTransition]) -> str:
    """Whose turn it is, in a sentence."""
    if row.state == State.SUBMITTED:
        if row.is_signed_off:
            return "It waits for the council to accept it or send it back."
        return f"It waits for the lead of {row.partner}, or the deputy, to sign it off."
    if row.state == State.APPROVED:
        return "Its figures are approved and stand on the scorecard."
    back = " It was sent back: the comment stands under Steps." if row.state == State.RETURNED else ""
    if steps and steps[-1].is_taken_back:
        back = f" {capital(steps[-1].actor)} took it back before it was signed off.{back}"
    return f"{row.partner} enters its figures.{back}"


@keeps_typed
@requires(Permission.VIEW_RETURNS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(
    request: HttpRequest, partnership: Partnership, *, on_accepted: Callable[[Return], None], **key: Any
) -> HttpResponse:
    """The figures of a return for who decides on it: signs it off, accepts it, or sends it back with a comment. Once
    accepted it is given to `on_accepted`, with which the app above does what follows from it."""
    row = opened(request, partnership, key)
    if not may(request.access, Permission.SIGN_OFF, row) and not may(request.access, Permission.ACCEPT, row):
        raise PermissionDenied
    typed = getattr(request, "typed", None)
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                done = _decide(request, row, form.cleaned_data["comment"], on_accepted)
            except OperationError as refusal:
                lacks_comment = request.POST.get("do") == "send_back" and not form.cleaned_data["comment"]
                form.add_error("comment" if lacks_comment else None, str(refusal))
            else:
                messages.success(request, done)
                return redirect(address("return", partnership.slug, row))
        row.refresh_from_db()
    else:
        form = DecisionForm(initial={"comment": typed.get("comment", "") if typed else ""})
    is_submitted, steps = row.state == State.SUBMITTED, list(transitions_of(row))
    sheet = with_sent_back(sheet_for(request, row))
    sums = sums_of(sheet)
    context = _context(request, row, sheet) | {
        "form": form,
        "odd_first": request.GET.get("order") == "odd",
        "may_sign_off": is_submitted and not row.is_signed_off and may(request.access, Permission.SIGN_OFF, row),
        "may_accept": is_submitted and row.is_signed_off and may(request.access, Permission.ACCEPT, row),
        "waits_for": _waits_for(row, steps),
        "idempotency_key": new_key(),
        "steps": steps,
        "sums": listed_sums(sheet, sums),
    }
    for shown, line in zip(context["rows"], sheet.lines, strict=True):
        shown["sent_back"] = since_sent_back(line)
    mark_sums(context["rows"], sheet, sums)
    context["odd_count"] = sum(bool(r["odd"]) for r in context["rows"])
    if context["odd_first"]:
        context["rows"].sort(key=lambda r: -len(r["odd"]))
    return render(request, "indicators/returns/review.html", context)


def _decide(request: HttpRequest, row: Return, comment: str, on_accepted: Callable[[Return], None]) -> str:
    """Carries out the decision of a posted form; gives the sentence that says so. Raises OperationError."""
    common: Mapping[str, Any] = {
        "in_return": row,
        "by": request.user,
        "at": request.now,
        "version": sent_version(request),
        "comment": comment,
        "key": sent_key(request),
    }
    match request.POST.get("do"):
        case "sign_off":
            sign_off(**common)
            return "Signed off. The return now waits for the council to accept it."
        case "accept":
            accept_return(**common)
            forecast_after(in_return=row, at=request.now)
            on_accepted(row)
            return "Accepted. The figures are approved and stand on the scorecard."
        case "send_back":
            send_back(**common)
            return "Sent back. The people who enter figures see your comment."
    raise OperationError("Choose what to do with the return.")


@keeps_typed
@requires(Permission.VIEW_RETURNS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """Opens a correction of chosen figures of an approved return, and leads to its entry grid."""
    row = opened_for_entry(request, partnership, key)
    sheet = sheet_for(request, row)
    context = _context(request, row, sheet)
    names = [(str(r["pk"]), f"{r['name']}: {r['value']}") for r in context["rows"]]
    queries = open_queries(sheet)
    form = CorrectionForm(sent_or_kept(request), lines=names, queries=[(q.code, q.question) for q in queries])
    if request.method == "POST" and form.is_valid():
        chosen = [sheet.by_pk[int(pk)].due.line.series for pk in form.cleaned_data["figures"]]
        data = form.cleaned_data
        try:
            made = open_restatement(
                of_return=row, series=chosen, correction=data["correction"], reason=data["reason"],
                answers=[q for q in queries if q.code in data.get("answers", ())], by=request.user, at=request.now,
            )  # fmt: skip
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The correction is open. The reported figures stand until it is approved.")
            return redirect(address("return_entry", partnership.slug, row, number=made.number))
    return render(request, "indicators/returns/correct.html", context | {"form": form})
