"""What people do with a contract sum: draft an entry, decide on a draft, add a year; each form is read once more."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from finance import contract_sum
from finance.contract_rows import EntryRow
from finance.contract_sum import Entry, Money
from finance.contract_words import doubts, effect_words
from finance.forms.contract import DecisionForm, EntryForm, YearForm
from finance.money import money_words, pounds_of
from finance.operations.contract import decide_entry, refuse_entry, refuse_year
from finance.selectors.contract import HeldYear, may, parties
from finance.views.contract import entry_facts, year_context, year_or_404
from indicators.envelope import LEFT_OUT, keeps_typed, sent_only, sent_or_kept
from indicators.forms import GovForm
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.units import Unit, written
from indicators.views.return_entry import new_key, sent_key
from indicators.working_days import day_words

_NOT_KEPT = LEFT_OUT | {"do", "key"}
# No entry has this code: it begins with no letter or digit of a slug.
_UNNAMED = "-"


def _typed(request: HttpRequest) -> tuple[QueryDict, str]:
    """What was sent or kept over a sign-in, and what it asks for."""
    typed = sent_or_kept(request) or QueryDict()
    return typed, typed.get("do", "")


def _page(request: HttpRequest, form: GovForm, said: dict[str, Any] | None, **more: Any) -> HttpResponse:
    typed, _ = _typed(request)
    context = {
        "form": form,
        "said": said,
        "here": request.path,
        "key": sent_key(request) or new_key(),
        "kept": [(name, value) for name, value in typed.items() if name not in _NOT_KEPT],
    }
    return render(request, "finance/contract_step.html", context | more)


# An entry


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, partnership: Partnership, year: str) -> HttpResponse:
    """Drafts an entry of a year: filled in, read once more, and kept until another person decides."""
    if not may(request.access, Permission.ENTER_MONEY, parties(partnership)):
        raise PermissionDenied
    held, (typed, do) = year_or_404(partnership, year), _typed(request)
    given: dict[str, Any] = {"wholes": held.entries, "has_original": held.year.original is not None}
    form = EntryForm(typed, **given) if do in {"check", "confirm"} else EntryForm(initial=typed.dict(), **given)
    back, said = reverse("contract_year", args=[partnership.slug, year]), None
    if form.is_bound and form.is_valid():
        try:
            if do == "confirm" and request.method == "POST":
                made = form.draft(held.stored, by=request.user, at=request.now, key=sent_key(request),
                                  request_id=request.request_id)  # fmt: skip
                messages.success(request, f"“{made.name}” is kept as a draft. It counts once it is accepted.")
                return redirect(f"{back}#drafts")
            said = _entry_said(held, form, request)
        except OperationError as refusal:
            form.refuse(refusal)
    return _page(
        request, form, said, back=back, back_name=f"Contract sum {held.year.year.label}",
        heading="Add a variation or payment", check="Check before you keep the draft", button="Keep the draft",
    )  # fmt: skip


def _entry_said(held: HeldYear, form: EntryForm, request: HttpRequest) -> dict[str, Any]:
    """What the entry would say and change, and what is odd about it. Raises InputRefused."""
    details = form.details
    whole = refuse_entry(held.stored, details, request.today)
    entry = Entry(
        code=_UNNAMED, kind=contract_sum.Kind(details.kind), name=details.name.strip(), money=Money(details.pence),
        part_of=details.part_of, reason=details.reason.strip(), funding_source=details.funding_source.strip(),
        authority=details.authority.strip(), on=details.on, is_approved=False,
    )  # fmt: skip
    name = whole.name if whole else details.part_of
    facts = [{"key": "Name", "value": entry.name}, *entry_facts(EntryRow(held.row.slug, entry, name))]
    return {
        "facts": facts,
        "doubts": doubts(held.year, entry),
        "effects": [
            f"If it is accepted, {effect_words(held.year, entry)}",
            "Another person decides on it. Until then it counts nowhere, and boards do not see it. It cannot be "
            "changed; what is wrong is refused and drafted anew.",
        ],
    }


# A decision


@keeps_typed
@sent_only("contract_year", "partnership", "year")
@never_cache
@requires(Permission.ACCEPT)
def decide(request: HttpRequest, partnership: Partnership, year: str, code: str) -> HttpResponse:
    """Accepts a draft, or refuses it with a reason; what was typed comes back where it cannot be done."""
    held, (typed, do) = year_or_404(partnership, year), _typed(request)
    entry = held.stored.entries.filter(code=code).first()
    if entry is None:
        raise Http404("There is no such entry.")
    form = DecisionForm(typed, prefix=code)
    if request.method == "POST" and form.is_valid():
        try:
            if do not in {"accept", "refuse"}:
                raise OperationError("Choose whether to accept it or to refuse it. Nothing was done.")
            decide_entry(entry=entry, accept=do == "accept", reason=form.cleaned_data["reason"], by=request.user,
                         at=request.now, key=sent_key(request), request_id=request.request_id)  # fmt: skip
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            done = "is accepted and counts from now on" if do == "accept" else "is refused"
            messages.success(request, f"“{entry.name}” {done}.")
            return redirect("contract_year", partnership=partnership.slug, year=year)
    return render(request, "finance/contract_year.html", year_context(request, held, {code: form}))


# A year


@keeps_typed
@requires(Permission.ACCEPT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_year(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Adds the contract of a financial year: filled in, read once more, and kept for good."""
    typed, do = _typed(request)
    form = YearForm(typed) if do in {"check", "confirm"} else YearForm(initial=typed.dict())
    back, said = reverse("contract", args=[partnership.slug]), None
    if form.is_bound and form.is_valid():
        try:
            if do == "confirm" and request.method == "POST":
                made = form.add(partnership, by=request.user, at=request.now, key=sent_key(request),
                                request_id=request.request_id)  # fmt: skip
                messages.success(request, f"The contract of {made.period.label} is there.")
                return redirect("contract_year", partnership=partnership.slug, year=made.period.slug)
            refuse_year(partnership, form.details)
            said = _year_said(form)
        except OperationError as refusal:
            form.refuse(refusal)
    return _page(
        request, form, said, back=back, back_name="Contract sum", heading="Add a year",
        check="Check before you add the year", button="Add the year",
    )  # fmt: skip


def _year_said(form: YearForm) -> dict[str, Any]:
    details = form.details
    share = details.surplus_share_percent
    year = contract_sum.ContractYear(details.year, None, (), details.covers_from, details.covers_until)  # type: ignore[arg-type]
    facts = [
        ("Financial year", details.year.label),
        ("Original sum", money_words(pounds_of(details.original_pence))),
        ("Covers", f"{day_words(details.covers_from)} to {day_words(details.covers_until)}"),
        ("Share of a surplus", "No rule" if share is None else f"{written(share, Unit.PERCENT)} goes back"),
        ("Paper", f"{details.source} §{details.paragraph.strip()}"),
        ("Authority and note", details.note.strip() or "Not stated"),
    ]
    part = contract_sum.coverage_words(year)
    effects = ["It cannot be changed afterwards. A change of the sum is a variation, which two people see."]
    return {
        "facts": [{"key": key, "value": value} for key, value in facts], "doubts": [part] if part else [],
        "effects": effects,
    }  # fmt: skip
