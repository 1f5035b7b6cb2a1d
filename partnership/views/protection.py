"""Small numbers of packs for everybody: what is hidden and why, what somebody has to decide, and the policy."""

from collections.abc import Generator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators import bounded
from indicators.disclosure.job import JOB
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Audience, Partnership
from indicators.operations import OperationError
from indicators.operations.disclosure import set_policy
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.disclosure import policies_of, policy_from, policy_row
from indicators.typed_text import LONGEST_ID, whole_number
from indicators.units import written
from indicators.views.entry_rows import counts_words
from partnership.forms.protection import LeftOutForm, PolicyForm, boxes_of, decided_in, printed_words
from partnership.models import DisclosureCheck
from partnership.operations.left_out import leave_rows_out
from partnership.operations.protection import (
    PATIENCE,
    Decided,
    accept_protection,
    decide_passages,
    keep_answer,
    payload_for,
    tell_reason,
    to_check,
)
from partnership.selectors.left_out import Row, rows_offered
from partnership.selectors.packs import PackStatus
from partnership.selectors.protected_rows import RESTATED
from partnership.selectors.protection import Asked, asked_of, standing_of
from partnership.views.pack_documents import filling_page
from partnership.views.packs import shown_pack, standing_pack


def _draft(request: HttpRequest, partnership: Partnership, code: str) -> PackStatus:
    """A pack for everybody that is being put together or was published; 404 for any other."""
    status = standing_pack(request, partnership, code)
    if status.pack.audience != Audience.PUBLIC:
        raise Http404
    return status


@require_safe
@never_cache
@requires(Permission.REVIEW_DISCLOSURE)
def protection(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """What a pack for everybody hides, why, and what still has to be decided."""
    return _page(request, _draft(request, partnership, code))


def _page(request: HttpRequest, status: PackStatus, *, typed: Any = None) -> HttpResponse:
    pack = status.pack
    context: dict[str, Any] = {"pack": pack, "status": status, "is_open": status.state == "draft"}
    if context["is_open"]:
        asked = asked_of(pack, today=request.today)
        standing = standing_of(pack, asked)
        words = asked.policy.sentence(is_rounded=asked.is_rounded)
        context["left_out"] = pack.rows_left_out.order_by("table", "name")
        context["may_leave_out"] = request.access.can(Permission.PUBLISH)
        context |= {"standing": standing, "policy_words": words, "numbers": len(asked.told)}
        check, numbers = standing.check, _numbers(asked)
    else:
        check, numbers = pack.disclosure_checks.filter(acceptances__isnull=False).order_by("pk").last(), {}
    kept = {row.passage: Decided(row.decision, row.reason) for row in pack.passage_decisions.all()}
    if check is not None:
        context |= _found(check, numbers)
        if context["is_open"]:
            context["refused"] = _with_rows(context["refused"], asked)
        context |= {"passages": boxes_of(check.result["passages"], kept, typed or {})}
        context["accepted"] = check.acceptances.order_by("pk").last()
    return render(request, "partnership/packs/protection.html", context)


def _numbers(asked: Asked) -> dict[str, str]:
    """What each figure says, for a reviewer, who reads it anyway."""
    found = {}
    for one in asked.told:
        m, unit = one.held.measured, one.line.unit
        number = m.number(unit)
        of = counts_words(m, unit) if m.numerator is not None else ""
        found[one.stem] = " · ".join(filter(None, ("" if number is None else written(number, unit), of)))
    return found


def _found(check: DisclosureCheck, numbers: dict[str, str]) -> dict[str, Any]:
    rows = [{**one, "number": numbers.get(stem, "")} for stem, one in check.result["hidden"].items()]
    return {
        "check": check,
        "small": [row for row in rows if row["is_small"]],
        "others": [row for row in rows if not row["is_small"]],
        "is_rounded": "rounded" in check.result,
        "rounded": [
            {**one, "number": numbers.get(stem, ""), "as_printed": printed_words(*one["printed"])}
            for stem, one in check.result.get("rounded", {}).items()
        ],
        "refused": _once(check.result["refused"]),
        "out_already": check.result["out_already"],
    }


def _once(refused: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The refusals, those that are told of in one sentence once."""
    return list({one["sentence"]: one for one in refused}.values())


def _with_rows(refused: list[dict[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    """The refusals, each choice to leave something out with the rows that it is about, as an address asks for them."""
    rows: dict[str, set[str]] = {}
    for one in asked.told:
        row = f"{one.table}/{one.line.code}/{one.line.slice}"
        rows.setdefault(one.stem, set()).update({row} if one.table != RESTATED else ())
    return [
        one
        | {
            "choices": [
                choice
                | {"rows": sorted(set().union(*(rows.get(c.rpartition("/")[0], set()) for c in choice["cells"])))}
                for choice in one["choices"]
            ]
        }
        for one in refused
    ]


@keeps_typed
@sent_only("pack_protection", "partnership", "code")
@requires(Permission.REVIEW_DISCLOSURE)
def protection_act(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Checks, keeps what was decided of passages, or accepts: what the button says."""
    status = _draft(request, partnership, code)
    if request.method != "POST":
        typed = sent_or_kept(request)
        if status.withdrawn is not None:
            return shown_pack(request, status, typed_why=(typed or {}).get("why", ""))
        return _page(request, status, typed=typed)
    seen = request.POST.get("seen", "")
    common = {"pack": status.pack, "seen": seen, "by": request.user, "at": request.now}
    try:
        match request.POST.get("action"):
            case "check":
                return _checking(request, status, common)
            case "decide":
                decide_passages(decided=decided_in(request.POST), **common)
                messages.success(request, "What you decided is kept with the pack.")
            case "accept":
                accept_protection(check=whole_number(request.POST.get("check", ""), LONGEST_ID) or 0, **common)
                messages.success(request, "You have accepted how the small numbers are protected.")
            case "reason":
                tell_reason(pack=status.pack, why=request.POST.get("why", "").replace("\x00", ""), by=request.user,
                            at=request.now)  # fmt: skip
                messages.success(request, "Everybody can read now why the pack was withdrawn.")
            case _:
                messages.error(request, "Choose what to do.")
    except OperationError as refusal:
        messages.error(request, str(refusal))
        if request.POST.get("action") == "decide":
            return _page(request, status, typed=request.POST)
        if request.POST.get("action") == "reason":
            return shown_pack(request, status, typed_why=request.POST.get("why", ""))
    if status.withdrawn is not None:
        return redirect("pack", partnership=partnership.slug, code=code)
    return redirect("pack_protection", partnership=partnership.slug, code=code)


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH)
def left_out(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Which rows a pack for everybody is published without: chosen until it is published. `row`: asked to be chosen."""
    status = _draft(request, partnership, code)
    if status.state != "draft":
        return redirect("pack", partnership=partnership.slug, code=code)
    pack, offered = status.pack, rows_offered(status.pack, today=request.today)
    kept = list(pack.rows_left_out.all())
    chosen = {(one.table, one.indicator, one.slice) for one in kept} | _asked_to_go(request)
    form = LeftOutForm(sent_or_kept(request), offered=offered, chosen=chosen, version=pack.version)
    if request.method == "POST" and form.is_valid():
        try:
            leave_rows_out(
                pack=pack, rows=form.left_out(), reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"], by=request.user, at=request.now,
            )  # fmt: skip
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is kept which rows are left out. Check the small numbers again.")
            return redirect("pack_protection", partnership=partnership.slug, code=code)
    context = {"form": form, "pack": pack, "kept": kept}
    return render(request, "partnership/packs/left_out.html", context)


def _asked_to_go(request: HttpRequest) -> set[Row]:
    """The rows that an address names as table/indicator/part."""
    found = [one.split("/", 2) for one in request.GET.getlist("row")]
    return {(one[0], one[1], one[2]) for one in found if len(one) == 3}


class _Check:
    """The check of a pack as a page fills with it."""

    lacking = ""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.answer = asked, b""

    def lines(self) -> Generator[str, None, bytes]:
        """The lines of progress; what the child answered is kept here."""
        self.answer = yield from bounded.stream(job=JOB, payload=payload_for(self.asked), patience=PATIENCE)
        return self.answer


def _checking(request: HttpRequest, status: PackStatus, common: dict[str, Any]) -> HttpResponse:
    """A page that fills while the small numbers are looked at."""
    check = _Check(to_check(status.pack, at=common["at"], seen=common["seen"]))
    back = reverse("pack_protection", args=[status.pack.partnership.slug, status.pack.code])
    return filling_page(
        request, check, lambda: keep_answer(asked=check.asked, answer=check.answer, **common),
        title="Checking small numbers", name=status.pack.title, back=back, done="The small numbers are checked.",
    )  # fmt: skip


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REVIEW_DISCLOSURE)
def policy(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The policies that the partnership has set, what holds today, and the form for another."""
    held = policies_of(partnership)
    now = policy_from(policy_row(partnership, request.today), request.today)
    initial = PolicyForm.initial_of(now, held[0].number if held else 0, request.today)
    form = PolicyForm(sent_or_kept(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_policy(
                partnership=partnership, by=request.user, at=request.now,
                **form.cleaned_data | {"number": form.cleaned_data["number"] or 0},
            )  # fmt: skip
        except OperationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The policy is set.")
            return redirect("small_numbers", partnership=partnership.slug)
    context = {"form": form, "policies": held, "policy": now, "title": "Small numbers"}
    return render(request, "partnership/packs/policy.html", context)
