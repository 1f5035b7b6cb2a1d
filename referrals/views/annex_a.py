"""Annex A: the files that were read, what was computed from each, and what is taken of it into the returns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.exports import csv_response
from indicators.models import Partnership, Return
from indicators.operations import CellConflict, OperationError
from indicators.operations.access import record_download
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.returns import open_correction
from indicators.views.return_entry import address
from referrals.annex_a.answer import FindingGroup, findings_of, late_of
from referrals.annex_a.comparison import source_words
from referrals.annex_a.load_tables import FINDINGS_TABLE, MEASURES_TABLE, MeasureRow
from referrals.models import AnnexALoad, AnnexAMeasure
from referrals.operations.annex_a import Choice, accept_measures, reject_measure
from referrals.selectors.annex_a import (
    Compared,
    compared,
    find_load,
    measures_of,
    partners_entered_for,
    returns_of_load,
    visible_loads,
)
from referrals.selectors.annex_a_standing import Place, place_of, places_of
from referrals.views import annex_a_rows as rows

PER_PAGE = 50
FINDINGS_SHOWN = 10
_PICK = re.compile(r"([0-9]{1,12}):([0-9]{1,12}):([0-9]{1,6}\.[0-9]{1,6}):([0-9]{1,12})\Z")


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def load_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The files that were read, latest first."""
    page = Paginator(visible_loads(partnership, request.access), PER_PAGE).get_page(request.GET.get("page"))
    places = places_of(page)
    context = {
        "page": page,
        "loads": [
            {"load": load, "found": rows.finding_words(load.finding_counts), "place": places[load.pk]} for load in page
        ],
        "may_enter": bool(partners_entered_for(partnership, request.access)),
    }
    return render(request, "referrals/annex_a/list.html", context)


def opened(
    request: HttpRequest, partnership: Partnership, code: str, permission: Permission = Permission.VIEW_RETURNS
) -> AnnexALoad:
    """The load of an address. 404 when it is not there or not theirs to read; 403 when they lack the permission."""
    load = find_load(partnership, code)
    if load is None or not request.access.can(Permission.VIEW_RETURNS, load.partner, load.period):
        raise Http404("There is no such load.")
    if not request.access.can(permission, load.partner, load.period):
        raise PermissionDenied
    return load


@dataclass(frozen=True)
class _Seen:
    """What a person sees of a load: its measures, those that feed returns, and where it stands among other loads."""

    measures: list[AnnexAMeasure]
    compared: list[Compared]
    place: Place

    @property
    def every(self) -> Sequence[MeasureRow]:
        return rows.measure_rows(self.measures, self.compared, self.place)


def _seen(request: HttpRequest, load: AnnexALoad) -> _Seen:
    measures, place = measures_of(load, sees_protected=request.access.can(Permission.VIEW_PROTECTED)), place_of(load)
    may_enter = request.access.can(Permission.ENTER_FIGURES, load.partner, load.period)
    found = compared(load, measures, place, by=request.user, today=request.today, may_enter=may_enter)
    return _Seen(measures, found, place)


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def load_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What was computed from a file, beside what stands in the returns of its period."""
    return _page(request, opened(request, partnership, code))


def _page(
    request: HttpRequest, load: AnnexALoad, errors: Sequence[dict[str, str]] = (), typed: rows.Boxes | None = None
) -> HttpResponse:
    """The page; `typed` is what stands in boxes for reasons."""
    seen = _seen(request, load)
    found, every, typed = seen.compared, seen.every, typed or {}
    findings = findings_of(load.findings)
    returns = {one.row.pk: _return(request, one) for one in {one.row.pk: one for one in found}.values()}
    compare = rows.compare_rows(found, seen.place, typed)
    for row in compare:
        row["return"] = returns[row["return"]]
    named = {error["href"].removeprefix("#") for error in errors}
    shown = {request.GET.get("open", ""), *(row["part"] for row in compare if row["id"] in named)}
    context = {
        "load": load,
        "errors": [*errors, *rows.typed_errors(typed, found)],
        "summary": rows.summary_words(load, found),
        "source": source_words(load.reference_on, load.file_sha256),
        "place": seen.place,
        "replaced": rows.replaced_words(seen.place),
        "not_computed": rows.not_computed_words(load, seen.measures),
        "compare": [row for row in compare if not row["part"]],
        "parts": rows.part_groups(found, compare, shown),
        "groups": rows.accept_groups(found),
        "may_decide": any(one.is_open for one in found),
        "lists": rows.list_rows(load),
        "unread": rows.unread_words(load),
        "findings": _finding_rows(findings[:FINDINGS_SHOWN]),
        "kinds": len(findings),
        "durations": rows.duration_blocks(load),
        "late": rows.late_rows(late_of(load.open_late)),
        "others": rows.other_rows(every),
        "breakdowns": rows.breakdowns(every),
    }
    return render(request, "referrals/annex_a/load.html", context)


def _return(request: HttpRequest, one: Compared) -> dict[str, Any]:
    """A return that the load feeds: where it stands, and why nothing can be taken into it, if so.

    `corrects`: of an approved return, "new" where a correction can be begun, "open" where one is begun already.
    """
    row, closed = one.row, one.closed
    enters = request.access.can(Permission.ENTER_FIGURES, row.partner, row.round.period)
    name = "return_entry" if enters and not closed else "return"
    url = address(name, request.partnership.slug, row)
    is_approved = row.state == Return.State.APPROVED
    corrects = ("open" if open_correction(row) else "new") if enters and is_approved else ""
    said = closed if enters and not corrects else ""
    return {"state": row.state_words, "closed": said, "corrects": corrects, "url": url}


def _finding_rows(found: Sequence[FindingGroup]) -> list[dict[str, Any]]:
    return [{"cells": FINDINGS_TABLE.cells(one), "severity": one.severity} for one in found]


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def findings_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Everything that was found in a file, by list and column."""
    load = opened(request, partnership, code)
    page = Paginator(findings_of(load.findings), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "load": load,
        "page": page,
        "findings": _finding_rows(list(page)),
        "found": rows.finding_words(load.finding_counts),
    }
    return render(request, "referrals/annex_a/findings.html", context)


# Files


def _file_name(load: AnnexALoad, kind: str) -> str:
    return f"annex-a_{load.code}_{kind}.csv"


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def measures_csv(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Every measure of a load, with what stands in the returns. Nobody has approved them, so it is put on record."""
    load = opened(request, partnership, code)
    every = _seen(request, load).every
    what = f"Annex A {partnership.slug}/{load.code} as CSV, with figures that are not approved"
    record_download(partnership=partnership, what=what, by=request.user, at=request.now, request_id=request.request_id)
    return csv_response(_file_name(load, "measures"), MEASURES_TABLE.header, MEASURES_TABLE.csv_rows(every))  # type: ignore[return-value]


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def findings_csv(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What was found in the file of a load: lists, columns and cells, never what stands in them."""
    load = opened(request, partnership, code)
    found = findings_of(load.findings)
    return csv_response(_file_name(load, "findings"), FINDINGS_TABLE.header, FINDINGS_TABLE.csv_rows(found))  # type: ignore[return-value]


# Decisions


@keeps_typed
@sent_only("annex_a_load", "partnership", "code")
@never_cache
@requires(Permission.VIEW_RETURNS)
def decide(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Takes figures of a load into the open return, or says why one is not taken. A reason that was kept over a
    sign-in stands in its box again."""
    load = opened(request, partnership, code, Permission.ENTER_FIGURES)
    sent = sent_or_kept(request) or QueryDict()
    if request.method != "POST":
        return _page(request, load, typed=_typed(sent))
    try:
        said = _carry_out(request, load)
    except CellConflict as conflict:
        return _page(request, load, rows.clash_errors(_seen(request, load).compared, conflict))
    except OperationError as refusal:
        typed = _typed(sent, str(refusal))
        return _page(request, load, [] if typed else [{"text": str(refusal), "href": ""}], typed)
    messages.info(request, said)  # it takes no focus, so that the row decided on stays in view
    return redirect(f"{reverse('annex_a_load', args=[partnership.slug, load.code])}{_back_to(request, load)}")


def _back_to(request: HttpRequest, load: AnnexALoad) -> str:
    """The place on the page of what was decided: its row, of several the breakdown that they all belong to."""
    chosen = [(int(p[1]), int(p[2])) for text in request.POST.getlist("pick") if (p := _PICK.match(text))]
    measures = load.measures.in_bulk([measure for measure, _ in chosen])
    parts = {rows.part_of(in_return, measures[measure]) for measure, in_return in chosen}
    part = parts.pop() if len(parts) == 1 else ""
    if len(chosen) == 1:
        return f"{f'?open={part}' if part else ''}#{rows.anchor_of(*chosen[0])}"
    return f"#{part or 'compare'}"


def _typed(sent: QueryDict, error: str = "") -> rows.Boxes:
    """The reason for a rejection as it was sent, for its box; nothing where something else was sent."""
    chosen = _PICK.match(sent.get("pick", ""))
    if sent.get("do") != "reject" or chosen is None:
        return {}
    return {(int(chosen[1]), int(chosen[2])): rows.Typed(sent.get("reason", ""), error)}


def _carry_out(request: HttpRequest, load: AnnexALoad) -> str:
    """Does what the form asked for; the sentence that says so. Raises OperationError."""
    do = request.POST.get("do")
    if do not in {"accept", "reject"}:
        raise OperationError("Choose whether to accept or to reject. Nothing was changed.")
    choices = _choices(request, load)
    if do == "reject":
        if len(choices) > 1:
            raise OperationError("Reject one figure at a time, each with its reason. Nothing was changed.")
        reject_measure(
            load=load, choice=choices[0], reason=request.POST.get("reason", ""), by=request.user, at=request.now
        )
        return f"“{choices[0].measure}” is rejected. The return stays as it is."
    return _accepted_words(accept_measures(load=load, choices=choices, by=request.user, at=request.now))


def _accepted_words(changed: Sequence[tuple[Return, int]]) -> str:
    """How many figures went into which return."""
    parts = [(f"the return “{rows.return_name(row)}”", number) for row, number in changed if number]
    if not parts:
        return "Nothing changed: the return says what was accepted already."
    (first, number), *more = parts
    said = [f"{number} {'figure is' if number == 1 else 'figures are'} saved in {first}"]
    joined = " and ".join([*said, *(f"{count} in {name}" for name, count in more)])
    return f"Accepted: {joined}. Nothing is submitted yet."


def _choices(request: HttpRequest, load: AnnexALoad) -> list[Choice]:
    """What was chosen. Raises OperationError where it is nothing of this load."""
    picks = [_PICK.match(text) for text in request.POST.getlist("pick")]
    measures = {m.pk: m for m in load.measures.filter(pk__in=[int(p[1]) for p in picks if p])}
    returns = returns_of_load(load)
    choices = [
        Choice(measures[int(p[1])], returns[int(p[2])], p[3], int(p[4]))
        for p in picks
        if p and int(p[1]) in measures and int(p[2]) in returns
    ]
    if not choices or len(choices) != len(picks):
        raise OperationError("What was chosen does not belong to this file. Choose again; nothing was changed.")
    return choices
