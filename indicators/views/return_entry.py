"""The entry grid of a return: shown, saved as a whole or row by row, and submitted."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from indicators import entry, rag
from indicators.data_issues import proposed_words
from indicators.entry import Problem
from indicators.envelope import answers_json, keeps_typed
from indicators.models import Partnership, Return, User
from indicators.operations import CellConflict, NotReady, OperationError, keep_cells, submit_return
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.issues import open_issues
from indicators.selectors.locks import is_locked, lock_status
from indicators.selectors.protected import is_withheld
from indicators.selectors.reconciling import is_added_up
from indicators.selectors.returns import Sheet, SheetLine, find_return, sent_back, sheet_of, why_closed
from indicators.typed_text import LONGEST_ID, whole_number
from indicators.units import Unit
from indicators.views.entry_moments import clash_words, clock_words
from indicators.views.entry_rows import (
    NO_TARGET,
    Typed,
    entry_row,
    error_links,
    footer_counts,
    hint_words,
    rating_words,
    read_form,
    result_words,
    state_of,
    value_words,
    with_clashes,
)
from indicators.views.entry_sums import open_sums


def new_key() -> str:
    """A key by which a form that is sent twice is carried out once."""
    return uuid.uuid4().hex


def sent_key(request: HttpRequest) -> str:
    """The key that the form carried; none where it is not one of ours."""
    key = request.POST.get("key", "")
    return key if len(key) == 32 and key.isalnum() else ""


def sent_version(request: HttpRequest) -> int:
    """The version of the return that the form was made from; 0, which no return has, where it is not a number."""
    return whole_number(request.POST.get("version", "")) or 0


def address(name: str, partnership: str, row: Return, *, number: int | None = None) -> str:
    """The address of one of a return's pages, or of its sibling with that number."""
    key = [row.round.scorecard.code, row.round.period.slug, row.partner.code, number or row.number]
    return reverse(name, args=[partnership, *key])


def opened(
    request: HttpRequest, partnership: Partnership, key: Mapping[str, Any], permission: Permission | None = None
) -> Return:
    """The return of an address. 404 when it is not there or not theirs to read; 403 when they lack the permission."""
    row = find_return(partnership, **key)
    if row is None or not request.access.can(Permission.VIEW_RETURNS, row.partner, row.round.period):
        raise Http404("There is no such return.")
    if is_withheld(row, request.access):
        raise Http404("This return is for the board.")
    if permission is not None and not request.access.can(permission, row.partner, row.round.period):
        raise PermissionDenied
    return row


def opened_for_entry(request: HttpRequest, partnership: Partnership, key: Mapping[str, Any]) -> Return:
    """The return of an address whose figures the person may enter; 404 and 403 as `opened`."""
    row = opened(request, partnership, key)
    if not request.access.can(row.round.scorecard.entered_with, row.partner, row.round.period):
        raise PermissionDenied
    return row


def sheet_for(request: HttpRequest, row: Return, *, only: int | None = None) -> Sheet:
    """The lines of a return that the person may read, checked as of today; or one of them, by its id."""
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)
    return sheet_of(row, today=request.today, only=only, sees_protected=sees_protected)


@dataclass(frozen=True)
class Saved:
    """What came of saving a form: the new versions by series, how many cells changed, and what could not be saved."""

    changed: int = 0
    kept: list[Typed] = field(default_factory=list)
    refusal: str = ""
    versions: Mapping[int, str] = field(default_factory=dict)


def save_rows(row: Return, typed: Iterable[Typed], *, by: User, at: datetime) -> Saved:
    """Saves every sound row. Rows with problems, and rows that another person changed meanwhile, are handed back."""
    kept = [t for t in typed if t.change() is None]
    sound = [t for t in typed if t.change() is not None]
    try:
        versions = _keep(row, sound, by, at)
    except CellConflict as conflict:
        both, sound = with_clashes(sound, conflict.clashes)
        kept += both
        try:
            versions = _keep(row, sound, by, at)
        except OperationError as refusal:
            return Saved(0, kept + sound, str(refusal))
    except OperationError as refusal:
        return Saved(0, kept + sound, str(refusal))
    changed = sum(versions[t.line.due.line.series_id] != t.base for t in sound)
    return Saved(changed, kept, versions=versions)


def _keep(row: Return, sound: Sequence[Typed], by: User, at: datetime) -> dict[int, str]:
    changes = [change for t in sound if (change := t.change())]
    return keep_cells(in_return=row, changes=changes, by=by, at=at) if changes else {}


def _points_by_line(sheet: Sheet, refusal: NotReady) -> dict[int, list[Problem]]:
    """The open points of a return by line."""
    lines = {line.due.line.series_id: pk for pk, line in sheet.by_pk.items()}
    points: dict[int, list[Problem]] = {}
    for point in refusal.points:
        if point.series_id in lines:
            points.setdefault(lines[point.series_id], []).append(point.problem)
    return points


@keeps_typed
@requires(Permission.VIEW_RETURNS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry_page(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """The entry grid. Saving keeps every sound row and shows the others as typed; submitting saves first."""
    row = opened_for_entry(request, partnership, key)
    typed_before: QueryDict | None = getattr(request, "typed", None)
    if request.method != "POST":
        closed = why_closed(row, request.user, request.today)
        if closed and typed_before is None:
            if not (row.is_editable and is_locked(row)):  # the page it leads to says the lock itself
                messages.warning(request, closed)
            return redirect(address("return", partnership.slug, row))
        sheet = sheet_for(request, row)
        kept = read_form(sheet, typed_before) if typed_before is not None else []
        return _grid(request, sheet, kept=kept, refusal=closed, is_restored=typed_before is not None)
    sheet = sheet_for(request, row)
    saved = save_rows(row, read_form(sheet, request.POST), by=request.user, at=request.now)
    if saved.kept or saved.refusal:
        return _grid(request, sheet_for(request, row), kept=saved.kept, refusal=saved.refusal, changed=saved.changed)
    if request.POST.get("do") == "submit":
        return _submit(request, partnership, row)
    messages.success(request, _saved_words(saved.changed))
    page = "return" if request.POST.get("do") == "leave" else "return_entry"
    parts = "?parts=show" if page == "return_entry" and request.GET.get("parts") == "show" else ""
    return redirect(address(page, partnership.slug, row) + parts)


_SUBMITTED = (
    "Submitted. The return now waits for the partner’s lead to sign it off. Until then it can be taken back here."
)


def _submit(request: HttpRequest, partnership: Partnership, row: Return) -> HttpResponse:
    try:
        submit_return(
            in_return=row,
            by=request.user,
            at=request.now,
            version=sent_version(request),
            key=sent_key(request),
        )
    except NotReady as refusal:
        sheet = sheet_for(request, row)
        return _grid(request, sheet, points=_points_by_line(sheet, refusal), refusal=_open_words(refusal))
    except OperationError as refusal:
        return _grid(request, sheet_for(request, row), refusal=str(refusal))
    messages.success(request, _SUBMITTED)
    return redirect(address("return", partnership.slug, row))


def _open_words(refusal: NotReady) -> str:
    number = len(refusal.points)
    some = "1 point is" if number == 1 else f"{number} points are"
    return f"Everything is saved, but {some} open before this return can be submitted."


def _saved_words(changed: int) -> str:
    if not changed:
        return "Saved. No figure had changed."
    return "Saved: 1 figure changed." if changed == 1 else f"Saved: {changed} figures changed."


def _grid(
    request: HttpRequest,
    sheet: Sheet,
    *,
    kept: Sequence[Typed] = (),
    points: Mapping[int, Sequence[Problem]] | None = None,
    refusal: str = "",
    changed: int = 0,
    is_restored: bool = False,
) -> HttpResponse:
    row, partnership = sheet.row, request.partnership
    by_pk = {t.pk: t for t in kept}
    shows_parts = request.GET.get("parts") == "show"
    hidden = set() if shows_parts else sheet.untouched - set(by_pk) - set(points or {})
    shown_lines = {pk: line for pk, line in sheet.by_pk.items() if pk not in hidden}
    sums = open_sums(sheet)
    rows = [
        entry_row(
            line,
            partnership=partnership.slug,
            now=request.now,
            viewer_id=request.user.pk,
            typed=by_pk.get(pk),
            points=(points or {}).get(pk, ()),
            sums=sums.get(pk, ()),
        )
        for pk, line in shown_lines.items()
    ]
    issues = open_issues(partnership, {line.due.line.series.indicator_id for line in sheet.lines})
    for shown, line in zip(rows, shown_lines.values(), strict=True):
        shown["proposed"] = proposed_words(issues.get(line.due.line.series.indicator_id, ()))
        if row.round.scorecard.is_activity and shown["target"] == NO_TARGET:
            shown["target"] = ""  # no line of such a scorecard is expected to have one
    errors = ([{"text": refusal, "href": ""}] if refusal else []) + [e for r in rows for e in error_links(r)]
    saved_at = [line.draft.updated_at for line in sheet.lines if line.draft]
    context = {
        "row": row,
        "key": key_of(row),
        "sent_back": sent_back(row),
        "lock": lock_status(row, request.user, request.today),
        "rows": rows,
        "has_parts": any(shown["has_parts"] for shown in rows),
        "has_money": any(line.unit is Unit.POUNDS for line in shown_lines.values()),
        "hidden": len(hidden),
        "left_out": sheet.left_out,
        "shows_parts": shows_parts and bool(sheet.untouched),
        "counts": footer_counts(rows),
        "last_saved": clock_words(max(saved_at), request.now) if saved_at else "",
        "errors": errors,
        "changed_words": _saved_words(changed) if changed else "",
        "is_restored": is_restored,
        "is_correction": row.kind == Return.Kind.RESTATEMENT,
        "idempotency_key": new_key(),
        "limits": {"headline": entry.HEADLINE_MAX},
        "shapes": [r.value for r in rag.RATING_ORDER],
    }
    return render(request, "indicators/returns/entry.html", context)


def key_of(row: Return) -> list[Any]:
    """The address of a return, as {% url %} takes it."""
    return [row.round.scorecard.code, row.round.period.slug, row.partner.code, row.number]


@answers_json
@requires(Permission.VIEW_RETURNS)
@require_POST
def cell(request: HttpRequest, partnership: Partnership, **key: Any) -> JsonResponse:
    """Saves one row for the script of the entry grid; says as JSON what came of it.

    200: saved, or problems by field; 409: another person changed the row, or the return is closed.
    """
    row = opened_for_entry(request, partnership, key)
    pk = whole_number(request.POST.get("line", ""), LONGEST_ID) or 0
    sheet = sheet_for(request, row, only=pk)
    line = sheet.by_pk.get(pk)
    if line is None:
        raise Http404("The return has no such line.")
    typed = next(iter(read_form(sheet, request.POST)), None)
    if typed is None:
        state = state_of(line, None, request.now, request.user.pk, asks=line.asks_reason, has_points=False)
        return JsonResponse(_cell_answer(line, *state, line.doubts))
    if typed.change() is None:
        problems = [{"field": p.field, "message": p.message} for p in typed.reading.problems]
        return JsonResponse({"state": "error", "words": "Not saved", "problems": problems})
    saved = save_rows(row, [typed], by=request.user, at=request.now)
    if saved.refusal:
        return JsonResponse({"state": "error", "words": "Not saved", "message": saved.refusal}, status=409)
    if saved.kept and saved.kept[0].clash:
        message = f"{clash_words(saved.kept[0].clash, request.now)} Press Save to see both and choose."
        return JsonResponse({"state": "error", "words": "Not saved", "message": message}, status=409)
    now_saved = entry.typed_over(typed.reading.cell or entry.CellInput(), line.cell)
    version = saved.versions[line.due.line.series_id]
    line = replace(line, cell=now_saved, measured=now_saved.measured(), version=version)
    state = ("warning", "Saved, with a warning") if line.asks_reason else ("saved", "Saved")
    answer = _cell_answer(line, *state, clock_words(request.now, request.now), typed.reading.doubts)
    if is_added_up(line.due.line.series.indicator_id):
        answer["sums"] = open_sums(sheet_for(request, row))
    return JsonResponse(answer)


def _cell_answer(
    line: SheetLine, state: str, state_words: str, when: str, doubts: Iterable[entry.Doubt]
) -> dict[str, Any]:
    """What the script needs to bring a row up to date with what is saved."""
    number = line.measured.number(line.unit) if line.measured else None
    judgement, places = line.judgement, line.due.version.places
    outside = judgement.rating is rag.Rating.OUTSIDE
    limit = line.due.limit(line.measured)
    hints = entry.missing_before_submission(line.cell, is_outside=outside, limit=limit) if line.cell.basis else []
    rating = {"code": judgement.rating.value, "words": rating_words(judgement, short=True)}
    return {
        "state": state,
        "words": state_words,
        "when": when,
        "result": "" if number is None else result_words(value_words(line.measured, line.unit, places, line.standard)),
        "rating": None if number is None else rating,
        "base": line.version,
        "was": entry.fingerprint(entry.texts_of(line.cell, line.unit)),
        "source_system": line.cell.source_system,
        "problems": [],
        "sums": {},
        "doubts": [{"message": d.message, "asks_reason": d.asks_reason, "field": d.field} for d in doubts],
        "hints": hint_words(hints),
    }
