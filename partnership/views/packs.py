"""Packs: what meetings are given, put together, checked, published, and shown as reported ever after."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from finance.scenario_table import PARTS
from finance.selectors.runs import label_of, runs_to_tell
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.exports import csv_response
from indicators.models import Audience, Partnership, PublishedTable
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.restated import RESTATED_TABLE, Restated
from indicators.roles import Permission
from indicators.selectors.published import FrozenTable
from indicators.selectors.scorecards import scorecards_of
from indicators.views.addresses import indicator_url
from indicators.views.return_entry import new_key, sent_key, sent_version
from partnership.documents import Form
from partnership.forms.packs import PackForm, WithdrawForm, reasons_of
from partnership.models import Pack, PackTable
from partnership.operations.packs import (
    PackChanged,
    PackNotReady,
    ReasonCouldTell,
    change_pack,
    create_pack,
    discard_pack,
    give_reasons,
    publish_pack,
    withdraw_pack,
)
from partnership.selectors.citations import cited_before
from partnership.selectors.committee_papers import papers_of, readable_issues, writes_papers
from partnership.selectors.pack_documents import documents_of
from partnership.selectors.packs import (
    STATE_WORDS,
    PackStatus,
    held_back,
    may_read,
    pack_of,
    packs_of,
    points_of,
    replaced_by,
    replaces,
    tables_of,
    told_table,
)
from partnership.selectors.restated import MAY_REPEAT, restated_in, restated_since
from partnership.selectors.withdrawals import passages_of_reason
from partnership.views.frozen_tables import restated_context, scorecard_context
from partnership.views.indicators import page_of

FINISHED = "This pack is published or given up, so it cannot be changed."
MARKED = "Restated since this pack"
CLOSED = "This pack was withdrawn for a breach. Nobody can read it any more."


@require_safe
@requires(Permission.VIEW_APPROVED)
def pack_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every pack that the person may know of, latest meeting first."""
    found = [
        {"status": s, "words": STATE_WORDS[s.state], "url": reverse("pack", args=[partnership.slug, s.pack.code])}
        for s in packs_of(partnership, request.access, request.now)
    ]
    context = {
        "packs": found,
        "may_publish": request.access.can(Permission.PUBLISH),
        "may_review": request.access.can(Permission.REVIEW_DISCLOSURE),
        "new_url": reverse("pack_new", args=[partnership.slug]),
        "restated_url": reverse("restated", args=[partnership.slug]),
    }
    return render(request, "partnership/packs/list.html", context)


def opened_pack(request: HttpRequest, partnership: Partnership, code: str) -> PackStatus:
    """The pack; 404 for who may not know of it."""
    status = pack_of(partnership, code)
    if (
        status is None
        or not may_read(status, request.access)
        or held_back(request.access, [status.pack.pk], request.now)
    ):
        raise Http404
    return status


def standing_pack(request: HttpRequest, partnership: Partnership, code: str) -> PackStatus:
    """The pack, unless it was withdrawn for a breach: such a one is closed to everybody."""
    status = opened_pack(request, partnership, code)
    if status.is_closed:
        raise PermissionDenied(CLOSED)
    return status


def readable_pack(request: HttpRequest, partnership: Partnership, code: str) -> PackStatus:
    """A published pack whose contents may be read."""
    status = standing_pack(request, partnership, code)
    if status.published is None:
        raise Http404
    return status


@require_safe
@requires(Permission.VIEW_APPROVED)
def pack_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A pack: its tables as reported and what was restated since; before publication its check list. Of one withdrawn
    for a breach only that, and why (403)."""
    return shown_pack(request, opened_pack(request, partnership, code))


def shown_pack(request: HttpRequest, status: PackStatus, *, typed_why: str = "") -> HttpResponse:
    """The page of a pack; `typed_why`: what was typed of the reason for its withdrawal, shown again."""
    partnership = status.pack.partnership
    context = _context(request, status) | _reason(request, status) | {"typed_why": typed_why}
    if status.published is None:
        return _draft(request, status)
    if status.is_closed:
        return render(request, "partnership/packs/pack.html", context, status=403)
    tables, documents = tables_of(status.pack), documents_of(status.pack)
    restated = restated_in(tables, today=request.today)
    context |= {
        "tables": tables,
        "restated": [_shown(partnership, row) for t in tables for row in restated.get(t.pk, ())],
        "documents": documents,
        "lacks_document": len({one.form for one in documents if not one.is_closed}) < len(Form),
        "issued": readable_issues(request.access, status.pack, request.now),
        "cited": [{"is": one, "url": page_of(partnership, one.citing)} for one in cited_before(request.access, tables)],
    }
    return render(request, "partnership/packs/pack.html", context)


def _reason(request: HttpRequest, status: PackStatus) -> dict[str, Any]:
    """What of the reason for a withdrawal somebody has to decide, for who may."""
    event = status.withdrawn
    if event is None or event.reason is None or not status.is_reason_held or status.is_closed:
        return {}
    if event.by_id == request.user.pk or not request.access.can(Permission.REVIEW_DISCLOSURE):
        return {}
    found = passages_of_reason(status.pack, event.reason.body, today=request.today)
    return {"decides_reason": True, "reason_passages": found}


def _context(request: HttpRequest, status: PackStatus) -> dict[str, Any]:
    pack, access = status.pack, request.access
    former, later = next(reversed(replaces(pack)), None), replaced_by(status)
    return {
        "status": status,
        "pack": pack,
        "words": STATE_WORDS[status.state],
        "former": former.pack if former is not None and may_read(former, access) else None,
        "later": later.pack if later is not None and may_read(later, access) else None,
        "may_publish": access.can(Permission.PUBLISH),
        "may_review": pack.audience == Audience.PUBLIC and access.can(Permission.REVIEW_DISCLOSURE),
        "protection": (status.published.manifest or {}).get("protection") if status.published else None,
        "may_export": access.can(Permission.EXPORT_APPROVED),
        "papers": papers_of(pack) if writes_papers(access) else [],
        "writes_papers": writes_papers(access),
    }


def _draft(request: HttpRequest, status: PackStatus, *, typed: Mapping[str, str] | None = None) -> HttpResponse:
    """A pack before publication; `typed` are reasons that could not be kept, shown again in their boxes."""
    points = points_of(status.pack, today=request.today)
    context = _context(request, status) | {
        "points": points,
        "boxes": [(point, (typed or {}).get(point.key, point.reason)) for point in points],
        "open_points": [p for p in points if not p.is_settled],
        "asks_reasons": any(not p.is_blocking for p in points),
        "choices": status.pack.choices.select_related("scorecard", "period"),
        "results": [label_of(c.run) for c in status.pack.run_choices.select_related("run__plan", "run__scenario")],
        "key": new_key(),
    }
    return render(request, "partnership/packs/draft.html", context)


def _shown(partnership: Partnership, row: Restated) -> dict[str, Any]:
    place = {"scorecard": row.scorecard, "period": row.period}
    return {
        "cells": RESTATED_TABLE.cells(row),
        "url": indicator_url(partnership.slug, row.indicator, row.slice, **place),
        "then": row.then["rating"],
        "now": row.now["rating"],
        "flips": row.flips,
    }


def _carried(status: PackStatus, table: str) -> PackTable:
    return get_object_or_404(
        PackTable.objects.select_related("table__scorecard", "table__period", "table__partnership", "pack"),
        pack=status.pack, code=table,
    )  # fmt: skip


@require_safe
@requires(Permission.VIEW_APPROVED)
def pack_table(request: HttpRequest, partnership: Partnership, code: str, table: str) -> HttpResponse:
    """One table exactly as the meeting was given it; a figure restated since is marked, and nothing else differs."""
    status = readable_pack(request, partnership, code)
    carried = _carried(status, table)
    frozen = told_table(carried.table)
    restated = restated_in([carried], today=request.today).get(carried.pk, [])
    context = {
        "status": status,
        "pack": status.pack,
        "carried": carried,
        "protection": status.protection(carried.code),
        "restated": restated,
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
        "manifest_sha256": status.published.manifest_sha256 if status.published else "",
    }
    if carried.table.kind == PublishedTable.Kind.PROJECTION:
        context["parts"] = _result(frozen)
        return render(request, "partnership/packs/result_table.html", context)
    if carried.table.kind == PublishedTable.Kind.RESTATED:
        context |= restated_context(frozen)
        return render(request, "partnership/packs/restated_table.html", context)
    context |= _scorecard(partnership, carried, frozen, restated)
    return render(request, "partnership/packs/table.html", context)


def _result(frozen: FrozenTable) -> list[dict[str, Any]]:
    """The lines of a result under the headings of its parts."""
    columns = [c for c in frozen.spec.on_screen if c.text]
    return [
        {
            "name": name,
            "has_amounts": part not in {"assumption", "kept"},
            "rows": [[c.text(v)[0] for c in columns if c.text] for v in frozen.rows if v["part"] == part],
        }
        for part, name in PARTS.items()
        if any(v["part"] == part for v in frozen.rows)
    ]


def _scorecard(
    partnership: Partnership, carried: PackTable, frozen: FrozenTable, restated: list[Restated]
) -> dict[str, Any]:
    period, scorecard = carried.table.period, carried.table.scorecard
    place = {"scorecard": scorecard.code, "period": period.slug} if scorecard and period else {}
    keys = {(v["indicator"], v["slice"]) for v in frozen.rows}
    urls = {key: indicator_url(partnership.slug, *key, **place) for key in keys}
    notes = {(r.indicator, r.slice): f"{MARKED}: the rating changes" if r.flips else MARKED for r in restated}
    return scorecard_context(carried.table, frozen, urls=urls, notes=notes)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def pack_table_csv(request: HttpRequest, partnership: Partnership, code: str, table: str) -> HttpResponse:
    """The canonical bytes of a published table."""
    carried = _carried(readable_pack(request, partnership, code), table)
    response = HttpResponse(told_table(carried.table).csv, content_type="text/csv; charset=utf-8")
    name = f"{carried.code}_as-reported-{carried.pack.meeting_on.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires(Permission.EXPORT_APPROVED)
def pack_manifest(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What the pack rests on, in natural keys, with the hash of each table."""
    status = readable_pack(request, partnership, code)
    event = status.published
    body = json.dumps({"manifest": event.manifest, "sha256": event.manifest_sha256}, indent=2, ensure_ascii=False)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{status.pack.code}_manifest.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires(Permission.VIEW_APPROVED)
def restated(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every figure that differs now from what a meeting was last given."""
    rows = _all_restated(request, partnership)
    context = {
        "restated": [_shown(partnership, row) for row in rows],
        "may_export": request.access.can(Permission.EXPORT_APPROVED),
        "csv_url": reverse("restated_csv", args=[partnership.slug]),
    }
    return render(request, "partnership/packs/restated.html", context)


def _all_restated(request: HttpRequest, partnership: Partnership) -> list[Restated]:
    reads = Audience.EXEMPT if request.access.can(Permission.VIEW_EXEMPT) else Audience.BOARD
    return restated_since(partnership, today=request.today, audiences=MAY_REPEAT[reads])


@require_safe
@requires(Permission.EXPORT_APPROVED)
def restated_csv(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The same as a file."""
    rows = RESTATED_TABLE.csv_rows(_all_restated(request, partnership))
    return csv_response("restated.csv", RESTATED_TABLE.header, rows)  # type: ignore[return-value]


# Putting together


def _form(request: HttpRequest, partnership: Partnership, pack: Pack | None = None) -> PackForm:
    standing = [s.pack for s in packs_of(partnership, request.access, request.now) if s.state == "published"]
    return PackForm(
        sent_or_kept(request),
        offered=scorecards_of(partnership),
        replaceable=standing,
        results=runs_to_tell(partnership),
        pack=pack,
    )


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH)
def pack_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Begins a pack."""
    form = _form(request, partnership)
    if request.method == "POST" and form.is_valid():
        try:
            pack = create_pack(
                partnership=partnership, draft=form.draft(), by=request.user, at=request.now, key=sent_key(request)
            )
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("pack", partnership=partnership.slug, code=pack.code)
    context = {"form": form, "title": "Begin a pack", "pack": None, "key": new_key()}
    return render(request, "partnership/packs/form.html", context)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH)
def pack_change(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Changes a pack that is not published yet."""
    status = standing_pack(request, partnership, code)
    form = _form(request, partnership, status.pack)
    if status.state != "draft":
        if not hasattr(request, "typed"):
            messages.error(request, FINISHED)
            return redirect("pack", partnership=partnership.slug, code=code)
        form.add_error(None, FINISHED)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_pack(pack=status.pack, draft=form.draft(), version=version, by=request.user, at=request.now)
        except PackChanged as refusal:
            form.rest_on(status.pack.version)
            form.add_error(None, str(refusal))
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The pack is changed.")
            return redirect("pack", partnership=partnership.slug, code=code)
    context = {"form": form, "title": "Change the pack", "pack": status.pack}
    return render(request, "partnership/packs/form.html", context)


@keeps_typed
@sent_only("pack", "partnership", "code")
@requires(Permission.PUBLISH)
def pack_act(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Keeps reasons, publishes, or gives a draft up: what the button says. Reasons that were kept over a sign-in stand
    in their boxes again."""
    status = standing_pack(request, partnership, code)
    if request.method != "POST" and status.state == "draft":
        return _draft(request, status, typed=reasons_of(sent_or_kept(request) or {}))
    if request.method != "POST":
        messages.error(request, FINISHED)
        return redirect("pack", partnership=partnership.slug, code=code)
    common = {"pack": status.pack, "version": sent_version(request), "by": request.user, "at": request.now}
    try:
        match request.POST.get("action"):
            case "reasons":
                give_reasons(reasons=reasons_of(request.POST), **common)
                messages.success(request, "The reasons are kept with the pack.")
            case "publish":
                publish_pack(key=request.POST.get("key", "")[:64], **common)
                messages.success(request, "The pack is published. It can be withdrawn, but never changed.")
            case "discard":
                discard_pack(**common)
                messages.success(request, "The pack is given up.")
                return redirect("packs", partnership=partnership.slug)
            case _:
                messages.error(request, "Choose what to do with the pack.")
    except PackNotReady as refusal:
        messages.error(request, f"{refusal} What is open is listed below.")
    except OperationError as refusal:
        messages.error(request, str(refusal))
        if request.POST.get("action") == "reasons" and status.published is None:
            fresh = standing_pack(request, partnership, code)
            return _draft(request, fresh, typed=reasons_of(request.POST))
    return redirect("pack", partnership=partnership.slug, code=code)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH)
def pack_withdraw(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Withdraws a published pack, with a reason that everybody reads."""
    status = standing_pack(request, partnership, code)
    form = WithdrawForm(sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_pack(pack=status.pack, by=request.user, at=request.now, **form.cleaned_data)
        except ReasonCouldTell as refusal:
            form = WithdrawForm(sent_or_kept(request), asks_to_hold=True)
            form.add_error("reason", f"{refusal} Or tick the last box, and a reviewer decides of it.")
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The pack is withdrawn.")
            return redirect("pack", partnership=partnership.slug, code=code)
    return render(request, "partnership/packs/withdraw.html", {"form": form, "pack": status.pack})
