"""Placements files: what was counted in SSDA903 returns, and what is taken of it into the returns of money."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from finance.models import Ssda903Load
from finance.operations.ssda903 import Choice, accept_offers, reject_offer
from finance.selectors.contract import may, parties
from finance.selectors.ssda903 import (
    Compared,
    compared,
    find_load,
    latest_of,
    partners_entered_for,
    reads,
    replaced_by,
    returns_for,
    source_words,
    sums_in,
    visible_loads,
)
from finance.ssda903.answer import findings_of
from finance.ssda903.load_tables import (
    AGES_TABLE,
    AHEAD_TABLE,
    FINDINGS_TABLE,
    FLOWS_TABLE,
    MOVES_TABLE,
    RATES_TABLE,
    RUNGS_TABLE,
    age_rows,
    ahead_rows,
    flow_rows,
    move_rows,
    of_use,
    rate_rows,
    rung_rows,
)
from finance.ssda903.names import RUNG_NAMES
from finance.ssda903.offer_table import OFFERS_TABLE
from finance.views import ssda903_rows as rows
from finance.views.files import csv_file, csv_link
from finance.views.sections import Section
from finance.views.tables import drawn
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership, Return, Scorecard
from indicators.operations import CellConflict, OperationError
from indicators.operations.access import record_download
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.returns import open_correction
from indicators.table_spec import TableSpec
from indicators.views.return_entry import address

PER_PAGE = 50
FILES = {
    "rungs": "Rungs", "moves": "Moves", "ways": "Ways in and out", "ages": "Ages", "rates": "Rates",
    "ahead": "A year ahead", "findings": "Findings", "offers": "Beside the return",
}  # fmt: skip
_PICK = re.compile(r"([0-9]{1,12}):([0-9]{1,12}):([0-9]{1,6}\.[0-9]{1,6}):([0-9]{1,12})\Z")


def section(partnership: Partnership) -> Section | None:
    """Placements files on the overview, for those who may read them; None as long as no money is reported."""
    if not partnership.scorecards.filter(purpose=Scorecard.Purpose.MONEY).exists():
        return None
    words = "Children by rung and age, their moves and their nights, counted from the SSDA903 return."
    needs = (Permission.VIEW_RETURNS,)
    return Section("Placements file", reverse("placements_files", args=[partnership.slug]), words, needs)


@requires(Permission.VIEW_APPROVED)
@never_cache
@require_safe
def load_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The returns that were counted, latest first."""
    if not reads(request.access):
        raise PermissionDenied
    page = Paginator(visible_loads(partnership, request.access), PER_PAGE).get_page(request.GET.get("page"))
    last = latest_of(list(page))
    loads = [
        {
            "load": load,
            "episodes": rows.counted_words(load.episode_rows, "episode"),
            "found": rows.finding_words(load.finding_counts),
            "is_latest": last[load.pk] == load,
        }
        for load in page
    ]
    context = {"page": page, "loads": loads, "may_enter": bool(partners_entered_for(partnership, request.access))}
    return render(request, "finance/placements_file/list.html", context)


def opened(request: HttpRequest, partnership: Partnership, code: str) -> Ssda903Load:
    """The load of an address. 403 for who reads none at all, 404 when it is not there or not theirs to read."""
    if not reads(request.access):
        raise PermissionDenied
    load = find_load(partnership, code)
    if load is None or not reads(request.access, load.partner, load.period):
        raise Http404("There is no such load.")
    return load


@requires(Permission.VIEW_APPROVED)
@never_cache
@require_safe
def load_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What was counted, beside what stands in the returns of its period."""
    return _page(request, opened(request, partnership, code))


def _page(
    request: HttpRequest, load: Ssda903Load, errors: Sequence[dict[str, str]] = (), typed: rows.Boxes | None = None
) -> HttpResponse:
    """The page; `typed` is what stands in boxes for reasons."""
    found, typed, sums, later = _compared(request, load), typed or {}, sums_in(load), replaced_by(load)
    findings = findings_of(load.findings)
    groups = rows.compare_groups(found, typed)
    for group in groups:
        group["return"] = _return(request, group["row"], group["closed"])
    context = {
        "load": load,
        "later": later,
        "errors": [*errors, *rows.typed_errors(typed, found)],
        "lead": rows.lead_words(load, sums),
        "read": rows.read_words(load),
        "doubts": rows.doubts(load, sums),
        "unplaced": rows.unplaced_words(sums),
        "source": source_words(load),
        "groups": groups,
        "sees_returns": request.access.can(Permission.VIEW_RETURNS, load.partner, load.period),
        "standing": rows.standing_words(found) if found else "",
        "may_decide": any(one.is_open for one in found),
        "begins_plan": later is None and may(request.access, Permission.ENTER_MONEY, parties(load.partnership)),
        "moved": sums.total("moves"),
        **_tables(load),
        "findings": drawn(
            FINDINGS_TABLE, findings, caption="What was found, by file and column", numbers=("number",),
            bold=("severity",), css="found",
        ) if findings else None,
    }  # fmt: skip
    empty = {"offers"} if not found else set()
    empty |= {"ahead"} if not sums.ahead else set()
    kept = [name for name in FILES if name not in empty]
    here = [load.partnership.slug, load.code]
    context["downloads"] = [csv_link(FILES[name], reverse("placements_file_csv", args=[*here, name])) for name in kept]
    return render(request, "finance/placements_file/load.html", context)


def _compared(request: HttpRequest, load: Ssda903Load) -> list[Compared]:
    return compared(load, replaced_by(load), by=request.user, access=request.access, today=request.today)


def _tables(load: Ssda903Load) -> dict[str, Any]:
    """What was counted, drawn, with headings that say what stands out."""
    sums, label = sums_in(load), load.period.label
    moves, rates, ahead = move_rows(sums), rate_rows(sums), ahead_rows(sums)
    by_rung = {code: [r for r in rates if r.begin == code] for code in RUNG_NAMES}
    return {
        "rungs_heading": rows.rungs_heading(sums),
        "rungs": _drawn(
            RUNGS_TABLE, rung_rows(sums), f"Children and nights on each rung, {label}", css="rungs",
            css_of=lambda row: "" if row.code else "is-total",
        ),
        "moves_heading": rows.moves_heading(sums),
        "moves": _drawn(MOVES_TABLE, moves, f"Who came, moved and left, {label}", css="moves") if moves else None,
        "ages_heading": rows.ages_heading(sums),
        "flows": _drawn(FLOWS_TABLE, flow_rows(sums), f"Ways into care and out of it by age, {label}", css="ages"),
        "ages": _drawn(AGES_TABLE, age_rows(sums), f"Children at the end and nights by age, {label}", css="ages"),
        "rates": [
            {
                "name": f"{RUNG_NAMES[code]}: {rows.counted_words(sum(row.moves for row in own), 'move')} away",
                "table": _drawn(RATES_TABLE, own, f"Moves away from: {RUNG_NAMES[code]}, {label}", css="rates"),
            }
            for code, own in by_rung.items()
            if own
        ],
        "ahead_heading": rows.ahead_heading(ahead),
        "ahead_words": rows.ahead_words(sums),
        "ahead": _drawn(
            AHEAD_TABLE, ahead, rows.ahead_caption(ahead), css="rungs",
            css_of=lambda row: "" if row.code else "is-total",
        ) if ahead else None,
    }  # fmt: skip


def _drawn(spec: TableSpec[Any], own: Sequence[Any], caption: str, **more: Any) -> dict[str, Any]:
    """A table with its first column bold and numbers in all others."""
    shown = of_use(spec, own)
    first, *others = (column.key for column in shown.columns)
    return drawn(shown, own, caption=caption, numbers=others, bold=(first,), **more)


def _return(request: HttpRequest, row: Return, closed: str) -> dict[str, Any]:
    """A return that the load feeds: where it stands, and why nothing can be taken into it, if so.

    `corrects`: of an approved return, "new" where a correction can be begun, "open" where one is begun already.
    """
    enters = request.access.can(row.round.scorecard.entered_with, row.partner, row.round.period)
    url = address("return_entry" if enters and not closed else "return", request.partnership.slug, row)
    corrects = ("open" if open_correction(row) else "new") if enters and row.state == Return.State.APPROVED else ""
    return {"state": row.state_words, "closed": "" if corrects else closed, "corrects": corrects, "url": url}


# Files


@requires(Permission.VIEW_APPROVED)
@never_cache
@require_safe
def load_csv(request: HttpRequest, partnership: Partnership, code: str, table: str) -> StreamingHttpResponse:
    """One of the tables of a load as a file. Nobody has approved it, so it is put on record."""
    load = opened(request, partnership, code)
    if table not in FILES:
        raise Http404("A load has no such table.")
    sums = sums_in(load)
    tables: Mapping[str, tuple[TableSpec[Any], Callable[[], Sequence[Any]]]] = {
        "rungs": (RUNGS_TABLE, lambda: rung_rows(sums)),
        "moves": (MOVES_TABLE, lambda: move_rows(sums)),
        "ways": (FLOWS_TABLE, lambda: flow_rows(sums)),
        "ages": (AGES_TABLE, lambda: age_rows(sums)),
        "rates": (RATES_TABLE, lambda: rate_rows(sums)),
        "ahead": (AHEAD_TABLE, lambda: ahead_rows(sums)),
        "findings": (FINDINGS_TABLE, lambda: findings_of(load.findings)),
        "offers": (OFFERS_TABLE, lambda: [rows.offer_row(found) for found in _compared(request, load)]),
    }
    spec, made = tables[table]
    what = f"Placements file {partnership.slug}/{load.code}, {FILES[table].lower()} as CSV, not approved"
    record_download(partnership=partnership, what=what, by=request.user, at=request.now, request_id=request.request_id)
    return csv_file(request, f"placements-file_{load.code}_{table}.csv", spec.header, spec.csv_rows(made()))


# Decisions


@keeps_typed
@sent_only("placements_file", "partnership", "code")
@never_cache
@requires(Permission.VIEW_APPROVED)
def decide(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Takes numbers of a load into the open return, or says why one is not taken. A reason that was kept over a sign-in
    stands in its box again."""
    load = opened(request, partnership, code)
    if not request.access.can(Permission.ENTER_MONEY, load.partner, load.period):
        raise PermissionDenied
    sent = sent_or_kept(request) or QueryDict()
    if request.method != "POST":
        return _page(request, load, typed=_typed(sent))
    try:
        said = _carry_out(request, load)
    except CellConflict as conflict:
        return _page(request, load, rows.clash_errors(_compared(request, load), conflict))
    except OperationError as refusal:
        typed = _typed(sent, str(refusal))
        return _page(request, load, [] if typed else [{"text": str(refusal), "href": ""}], typed)
    messages.info(request, said)  # it takes no focus, so that the row decided on stays in view
    chosen = [_PICK.match(text) for text in request.POST.getlist("pick")]
    place = rows.anchor_of(int(chosen[0][1]), int(chosen[0][2])) if len(chosen) == 1 and chosen[0] else "compare"
    return redirect(f"{reverse('placements_file', args=[partnership.slug, load.code])}#{place}")


def _typed(sent: QueryDict, error: str = "") -> rows.Boxes:
    """The reason for a rejection as it was sent, for its box; nothing where something else was sent."""
    chosen = _PICK.match(sent.get("pick", ""))
    if sent.get("do") != "reject" or chosen is None:
        return {}
    return {(int(chosen[1]), int(chosen[2])): rows.Typed(sent.get("reason", ""), error)}


def _carry_out(request: HttpRequest, load: Ssda903Load) -> str:
    """Does what the form asked for; the sentence that says so. Raises OperationError."""
    do = request.POST.get("do")
    if do not in {"accept", "reject"}:
        raise OperationError("Choose whether to accept or to reject. Nothing was changed.")
    choices = _choices(request, load)
    if do == "reject":
        if len(choices) > 1:
            raise OperationError("Reject one figure at a time, each with its reason. Nothing was changed.")
        reason = request.POST.get("reason", "")
        name = reject_offer(load=load, choice=choices[0], reason=reason, by=request.user, at=request.now)
        return f"“{name}” is rejected. The return stays as it is."
    changed = accept_offers(load=load, choices=choices, by=request.user, at=request.now)
    if not changed:
        return "Nothing changed: the return says what was accepted already."
    return f"Accepted: {rows.counted_words(changed, 'figure is', 'figures are')} saved. Nothing is submitted yet."


def _choices(request: HttpRequest, load: Ssda903Load) -> list[Choice]:
    """What was chosen. Raises OperationError where it is nothing of this load."""
    picks = [_PICK.match(text) for text in request.POST.getlist("pick")]
    held = {row.pk: row for row in returns_for(load)}
    choices = [Choice(int(p[1]), held[int(p[2])], p[3], int(p[4])) for p in picks if p and int(p[2]) in held]
    if not choices or len(choices) != len(picks):
        raise OperationError("What was chosen does not belong to these files. Choose again; nothing was changed.")
    return choices
