"""What people do with the registers: draft something for them, decide on drafts and on money."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from finance.forms.registers import ENTRY_FORMS, PART_FORMS, DecisionForm, PlanForm, StepForm
from finance.models import RegisterDraft
from finance.money import money_words, pounds_of
from finance.operations.register_drafts import decide_draft, withdraw_draft
from finance.registers import ASKED, CAPACITY, CASES, DECISIONS, PROGRAMMES, REGISTERS, Register, form_words
from finance.selectors.register_drafts import draft_of
from finance.selectors.registers import entry_of
from finance.views.register_drafts import about, form_of
from finance.views.registers import entry_context, item_context, item_of, list_context, may_add
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.phrases import lowered
from indicators.roles import Permission
from indicators.views.return_entry import new_key, sent_key
from indicators.working_days import day_words


def _form_page(
    request: HttpRequest, form: Any, *, title: str, button: str, back: str, done: str, register: Register, **more: Any
) -> HttpResponse:
    """Shows the form, carries it out when it was sent, and goes back; a refusal stays on the page."""
    if request.method == "POST" and form.is_valid():
        try:
            form.send(by=request.user, at=request.now, key=sent_key(request), request_id=request.request_id)  # type: ignore[attr-defined]
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form, "title": title, "button": button, "register": register, "back": back,
        "key": sent_key(request) or new_key(),
    }  # fmt: skip
    return render(request, "finance/register_form.html", context | more)


def _draft_page(
    request: HttpRequest, form_of: Any, register: Register, *, title: str, back: str, row: Any = None, **more: Any
) -> HttpResponse:
    """The form of something that waits for another person once it is sent."""
    form = form_of(
        sent_or_kept(request),
        partnership=request.partnership,
        register=register,
        today=request.today,
        row=row,  # type: ignore[attr-defined]
    )
    return _form_page(
        request, form, title=title, button="Keep the draft", back=f"{back}#drafts", register=register, is_draft=True,
        done="It is kept as a draft. It stands on the register once another person has accepted it.", **more,
    )  # fmt: skip


def _check_may(request: HttpRequest, partnership: Partnership) -> None:
    if not may_add(request, partnership):
        raise PermissionDenied


def _entry(partnership: Partnership, register: Register, code: str) -> Any:
    found = entry_of(partnership, register, code)
    if found is None:
        raise Http404("There is no such entry.")
    return found


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_new(request: HttpRequest, partnership: Partnership, register: Register) -> HttpResponse:
    """Drafts a new entry of a register."""
    _check_may(request, partnership)
    back = reverse("register", args=[partnership.slug, register.code])
    form_of, figures = ENTRY_FORMS[register.code], form_words(register, is_part=False)
    title = f"Add {register.article_one}"
    return _draft_page(request, form_of, register, title=title, back=back, figures=figures)


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_add(
    request: HttpRequest, partnership: Partnership, register: Register, code: str, part: str
) -> HttpResponse:
    """Drafts a line of a business case, an item or a source of funding of a programme."""
    _check_may(request, partnership)
    if (register.code, part) not in PART_FORMS:
        raise Http404("There is nothing of this kind to add.")
    row, (form_of, words) = _entry(partnership, register, code), PART_FORMS[register.code, part]
    back = reverse("register_entry", args=[partnership.slug, register.code, code])
    title = f"{row.name}: add {'an' if words[0] in 'aeiou' else 'a'} {words}"
    figures = form_words(register, is_part=True) if part == "item" else ""
    return _draft_page(request, form_of, register, title=title, back=back, row=row, figures=figures)


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_step(request: HttpRequest, partnership: Partnership, register: Register, code: str) -> HttpResponse:
    """Drafts what became of something on a register; of a home what is known of it now."""
    _check_may(request, partnership)
    if register.code == PROGRAMMES:
        raise Http404("What happens is recorded of the items of a programme.")
    row = _entry(partnership, register, code)
    form_of = PlanForm if register.code == CAPACITY else StepForm
    back = reverse("register_entry", args=[partnership.slug, register.code, code])
    title = f"{row.name}: {'what is known now' if register.code == CAPACITY else 'what happened'}"
    return _draft_page(request, form_of, register, title=title, back=back, row=row)


@keeps_typed
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def programme_item_step(request: HttpRequest, partnership: Partnership, code: str, letter: str) -> HttpResponse:
    """Drafts what became of an item of a programme."""
    _check_may(request, partnership)
    item, register = item_of(partnership, code, letter), REGISTERS[PROGRAMMES]
    back = reverse("programme_item", args=[partnership.slug, code, letter])
    return _draft_page(request, StepForm, register, title=f"{item.name}: what happened", back=back, row=item)


@keeps_typed
@requires(Permission.ACCEPT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_line_decide(request: HttpRequest, partnership: Partnership, code: str, line: str) -> HttpResponse:
    """Records whether a line of a business case was approved; never by who asked for it."""
    register = REGISTERS[CASES]
    case = _entry(partnership, register, code)
    row = case.lines.filter(code=line).select_related("case__partnership").first()
    if row is None:
        raise Http404("There is no such line.")
    form = DecisionForm(sent_or_kept(request), row=row, today=request.today)  # type: ignore[attr-defined]
    back = reverse("register_entry", args=[partnership.slug, CASES, code])
    quantum = None if row.quantum_pence is None else pounds_of(row.quantum_pence)
    said = f"{money_words(pounds_of(row.asked_pence), quantum)} was asked for in “{case.name}”, by {row.actor}."
    if last := row.steps.order_by("on", "at", "pk").last():
        said += f" It is recorded as {lowered(DECISIONS[last.state])} on {day_words(last.on)}."
    elif row.outcome != ASKED:
        said += f" {row.source} has it as {lowered(DECISIONS[row.outcome])}."
    return _form_page(
        request, form, title=f"Decide on “{row.name}”", button="Record the decision", back=back,
        done=f"The decision on “{row.name}” is recorded.", register=register, said=said,
    )  # fmt: skip


# Decisions on drafts


@keeps_typed
@sent_only("register", "partnership", "register")
@never_cache
@requires(Permission.ACCEPT)
def register_draft_decide(
    request: HttpRequest, partnership: Partnership, register: Register, number: int
) -> HttpResponse:
    """Accepts a draft, or refuses it with a reason; what was typed comes back where it cannot be done."""
    draft, typed = _draft(partnership, register, number), sent_or_kept(request) or QueryDict()
    form, do = form_of(draft, typed), typed.get("do", "")
    if request.method == "POST" and form.is_valid():
        try:
            if do not in {"accept", "refuse"}:
                raise OperationError("Choose whether to accept it or to refuse it. Nothing was done.")
            decide_draft(
                draft=draft,
                accept=do == "accept",
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
                key=sent_key(request),
                request_id=request.request_id,
            )  # type: ignore[arg-type, attr-defined]
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            done = "is accepted and stands on the register from now on" if do == "accept" else "is refused"
            messages.success(request, f"“{draft.name}” {done}.")
            return redirect(_back(request, partnership, draft))
    return _shown_again(request, partnership, register, draft, form)


@keeps_typed
@sent_only("register", "partnership", "register")
@never_cache
@requires(Permission.ENTER_MONEY)
def register_draft_withdraw(
    request: HttpRequest, partnership: Partnership, register: Register, number: int
) -> HttpResponse:
    """Takes back a draft of one's own."""
    _check_may(request, partnership)
    draft = _draft(partnership, register, number)
    form = form_of(draft, {})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_draft(
                draft=draft, by=request.user, at=request.now, key=sent_key(request), request_id=request.request_id
            )  # type: ignore[arg-type, attr-defined]
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"“{draft.name}” is withdrawn.")
            return redirect(_back(request, partnership, draft))
    return _shown_again(request, partnership, register, draft, form)


def _draft(partnership: Partnership, register: Register, number: int) -> RegisterDraft:
    found = draft_of(partnership, register, number)
    if found is None:
        raise Http404("There is no such draft.")
    return found


def _is_on_entry(request: HttpRequest, draft: RegisterDraft) -> bool:
    return bool(draft.entry) and bool((sent_or_kept(request) or {}).get("on_entry"))


def _back(request: HttpRequest, partnership: Partnership, draft: RegisterDraft) -> str:
    """The page on which the form stood."""
    on_list = reverse("register", args=[partnership.slug, draft.register])
    return f"{about(partnership, draft) if _is_on_entry(request, draft) else on_list}#drafts"


def _shown_again(
    request: HttpRequest, partnership: Partnership, register: Register, draft: RegisterDraft, form: Any
) -> HttpResponse:
    """The page on which the form stood, with the form as it was sent."""
    sent = (draft, form)
    if not _is_on_entry(request, draft):
        return render(request, "finance/register.html", list_context(request, partnership, register, sent))
    if draft.item:
        context = item_context(request, partnership, draft.entry, draft.item, sent)
    else:
        context = entry_context(request, partnership, register, draft.entry, sent)
    return render(request, "finance/register_entry.html", context)
