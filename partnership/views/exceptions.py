"""Exception reports: what is proposed, what was asked, answered and decided, and how figures went since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from finance.views.tables import drawn
from indicators.as_at import london_day
from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.exports import csv_response
from indicators.models import Partnership, Period, Scorecard, ScorecardLine
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.phrases import has_words
from indicators.roles import Permission
from indicators.units import written
from indicators.views.addresses import indicator_url
from indicators.views.return_entry import new_key, sent_key
from partnership.escalation import Rule, Trigger
from partnership.exceptions_table import EXCEPTIONS_TABLE, STATE_WORDS, ExceptionRow, summary_of
from partnership.forms.exceptions import (
    MINE,
    PERIODS_AHEAD,
    STEP_FORMS,
    AskForm,
    DeclineForm,
    ExceptionFilter,
    RuleForm,
)
from partnership.models import ExceptionRequest, ExceptionStep
from partnership.operations.exceptions import ask_exception
from partnership.operations.refusals import ActionChanged
from partnership.selectors.action_origins import code_of
from partnership.selectors.actions import readable_actions, rows_of
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.citations import citable, line_name, unit_of
from partnership.selectors.escalations import Offers, Proposed, offers, proposed, rules_of
from partnership.selectors.exceptions import (
    exception_rows,
    items_to_come,
    last_answer,
    may_answer,
    may_decide,
    periods_ahead,
    readable_items,
    report_of,
    row_of,
    trajectory_of,
)
from partnership.selectors.mine import mine_on, own_reports
from partnership.views.action_steps import based_on
from partnership.views.actions import figures_of, table_of
from partnership.views.governance_siblings import siblings

PER_PAGE = 50
State = ExceptionRequest.State
NOT_PROPOSED = "This exception report is not proposed any more. Look at the list again."


def _asked(
    request: HttpRequest, partnership: Partnership
) -> tuple[list[ExceptionRow], list[ExceptionRow], ExceptionFilter]:
    rows = exception_rows(request.access, partnership, request.today)
    form = ExceptionFilter(request.GET or None, rows=rows)
    values = form.cleaned_data if form.is_valid() else {}
    state, partner = values.get("state", ""), values.get("partner", "")
    found = [row for row in rows if row.partner_code == (partner or row.partner_code)]
    found = [row for row in found if has_words(row.name, values.get("q", ""))]
    if state == MINE:
        own = mine_on(partnership, request.access, request.user.pk, request.today)
        mine = {report.number for report in own_reports(own, partnership)}
        return rows, [row for row in found if row.number in mine], form
    return rows, [row for row in found if row.state == (state or row.state)], form


@require_safe
@requires(Permission.VIEW_APPROVED)
def exception_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every exception report: what waits for an answer first; above it, for who asks, what is proposed."""
    rows, found, form = _asked(request, partnership)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    asks = request.access.can(Permission.ASK_EXCEPTIONS)
    offered = offers(request.access, partnership, request.today) if asks else Offers([], "")

    def links(row: ExceptionRow) -> dict[str, str]:
        return {"what": reverse("exception", args=[partnership.slug, row.number])}

    table = drawn(
        EXCEPTIONS_TABLE, page.object_list, caption="Exception reports", links=links, bold={"state"}, css="excs"
    )
    context = {
        "form": form, "page": page, "number": len(found), "has_any": bool(rows), "table": table, "asks": asks,
        "offers": [_offer(partnership, one) for one in offered.proposed], "summary": _summary(rows),
        "spared": offered.spared,
        "untold": sum(row.state == State.DECLINED and not row.meeting for row in rows),
        "clear_url": reverse("exceptions", args=[partnership.slug]) if request.GET else "",
        "siblings": siblings(partnership, "exceptions"),
    }  # fmt: skip
    if found and request.access.can(Permission.EXPORT_APPROVED):
        asked = {name: value for name, value in request.GET.items() if name != "page" and value}
        url = reverse("exceptions_csv", args=[partnership.slug]) + (f"?{urlencode(asked)}" if asked else "")
        context["downloads"] = [{"label": "CSV", "url": url, "words": "these exception reports"}]
    return render(request, "governance/exceptions.html", context)


def _summary(rows: list[ExceptionRow]) -> str:
    waiting = sum(row.state == State.ASKED for row in rows)
    late = sum(row.days_late > 0 for row in rows)
    return summary_of(waiting, late, sum(row.state == State.ANSWERED for row in rows))


def _offer(partnership: Partnership, one: Proposed) -> dict[str, Any]:
    place = {"scorecard": one.line.scorecard.code, "period": one.period.slug}
    code, key = one.line.series.indicator.code, one.line.series.slice.key
    asked = {"line": one.line.pk, "period": one.period.slug, "trigger": one.proposal.trigger.value}
    return {
        "is": one,
        "asked": asked,
        "key": new_key(),
        "asks": ExceptionRequest.Asks(one.proposal.asks.value).label,
        "url": indicator_url(partnership.slug, code, key, **place),
        "decline_url": f"{reverse('exception_decline', args=[partnership.slug])}?{urlencode(asked)}",
    }


@require_safe
@requires(Permission.EXPORT_APPROVED)
def exceptions_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The same as a file."""
    _, found, _ = _asked(request, partnership)
    return csv_response("exceptions.csv", EXCEPTIONS_TABLE.header, EXCEPTIONS_TABLE.csv_rows(found))


# Asking


@dataclass(frozen=True)
class _Named:
    """What a form or an address names of a proposal, whether it still stands or not."""

    line: ScorecardLine
    period: Period
    trigger: str


def _named(request: HttpRequest, partnership: Partnership, asked: Mapping[str, str]) -> _Named | None:
    """What is named; None where it is no figure that the person may read."""
    figures, trigger = citable(request.access, partnership), asked.get("trigger", "")
    line, period = figures.lines.get(asked.get("line", "")), figures.periods.get(asked.get("period", ""))
    if line is None or period is None or trigger not in set(Trigger):
        return None
    return _Named(line, period, trigger)


def _standing(request: HttpRequest, partnership: Partnership, named: _Named) -> Proposed | None:
    """The proposal as it stands now; None where it is not proposed any more."""
    wanted = (named.line.pk, named.period.pk, named.trigger)
    found = proposed(request.access, partnership, request.today)
    return next((one for one in found if (one.line.pk, one.period.pk, one.proposal.trigger.value) == wanted), None)


@keeps_typed
@sent_only("exceptions", "partnership")
@requires(Permission.ASK_EXCEPTIONS)
def exception_ask(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Asks for an exception report that is proposed, with one press."""
    if request.method != "POST":
        return redirect("exceptions", partnership=partnership.slug)
    one = _named(request, partnership, request.POST)
    if one is None:
        messages.error(request, NOT_PROPOSED)
        return redirect("exceptions", partnership=partnership.slug)
    try:
        made = ask_exception(
            partnership=partnership, line=one.line, period=one.period, trigger=one.trigger, by=request.user,
            at=request.now, key=sent_key(request),
        )  # fmt: skip
    except OperationError as refusal:
        messages.error(request, str(refusal))
        return redirect("exceptions", partnership=partnership.slug)
    messages.success(request, f"Exception report {made.number} is asked of {made.partner}.")
    return redirect("exceptions", partnership=partnership.slug)


@keeps_typed
@requires(Permission.ASK_EXCEPTIONS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exception_decline(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Declines an exception report that is proposed, with the reason; `?line=&period=&trigger=` name it. What was typed
    stays on the page where it is refused, also because nothing is proposed any more."""
    typed = sent_or_kept(request)
    if typed is None and not request.GET:
        return redirect("exceptions", partnership=partnership.slug)
    one = _named(request, partnership, typed if typed is not None and "line" in typed else request.GET)
    now = _standing(request, partnership, one) if one is not None else None
    if one is None or (typed is None and now is None):
        raise Http404(NOT_PROPOSED)
    form = DeclineForm(typed, partnership=partnership, line=one.line, period=one.period, trigger=one.trigger)
    hidden = {"line": one.line.pk, "period": one.period.slug, "trigger": one.trigger}
    said = f"{now.name if now else line_name(one.line)}, {one.period.label}"
    said += f": {now.value.words}. {now.proposal.evidence}" if now else ""
    return _form_page(
        request, partnership, form, title="Ask for no exception report", button="Decline it", hidden=hidden, said=said,
        done="It is declined. Put it onto an agenda, so that the next meeting is told why.",
    )  # fmt: skip


@keeps_typed
@requires(Permission.ASK_EXCEPTIONS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exception_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Asks for an exception report that a meeting wants and no rule proposes."""
    form = AskForm(
        sent_or_kept(request), partnership=partnership, figures=citable(request.access, partnership),
        initial={"line": request.GET.get("line", ""), "period": request.GET.get("period", "")},
    )  # fmt: skip
    return _form_page(
        request, partnership, form, title="Ask for an exception report", button="Ask for it", done="It is asked."
    )


def _form_page(
    request: HttpRequest, partnership: Partnership, form: Any, *, title: str, button: str, done: str, said: str = "",
    hidden: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """A form that makes an exception report: shown, carried out, and then the page of what it made."""
    if request.method == "POST" and form.is_valid():
        try:
            made = form.record(by=request.user, at=request.now, key=sent_key(request))
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect("exception", partnership=partnership.slug, number=made.number)
    context = {
        "form": form, "title": title, "button": button, "back": reverse("exceptions", args=[partnership.slug]),
        "back_words": "Exception reports", "said": said, "key": sent_key(request) or new_key(),
        "hidden": (hidden or {}).items(),
    }  # fmt: skip
    return render(request, "governance/action_form.html", context)


# One of them


def readable_exception(request: HttpRequest, partnership: Partnership, number: int) -> Any:
    """The exception report with that number and its steps. Raises Http404 for who may not know of it."""
    found = report_of(request.access, partnership, number)
    if found is None:
        raise Http404("There is no such exception report.")
    return found


@require_safe
@requires(Permission.VIEW_APPROVED)
def exception_page(request: HttpRequest, partnership: Partnership, number: int) -> HttpResponse:
    """One exception report: why it was asked, what was answered and decided, and how the figure went since."""
    row = readable_exception(request, partnership, number)
    readable = readable_items(request.access, partnership, [row])
    shown = row_of(row, names_of_bodies(partnership), readable, request.today)
    cells = EXCEPTIONS_TABLE.cells(shown)
    under = readable_actions(request.access, partnership, exception=row.pk)
    actions = rows_of(under, partnership, request.today)
    told = [
        ("Partner", cells["partner"]), ("Why", cells["why"]), ("Asked for", cells["asks"]), ("Stands", cells["state"]),
        ("On the agenda of", cells["agenda"]),
    ]  # fmt: skip
    context = {
        "row": shown,
        "words": STATE_WORDS[shown.state],
        "facts": [{"key": key, "lines": lines} for key, lines in told],
        "steps": _told(row, row.known_steps),
        "asks": row.asks,
        "links": _links(request, partnership, row),
        "trajectory": trajectory_of(row, request.today),
        "figures": figures_of(request, partnership, {"exception": row.pk}),
        "table": table_of(partnership, actions, caption="Actions") if actions else None,
        "act_url": _act_url(request, partnership, row),
        "siblings": siblings(partnership, "exceptions"),
    }
    return render(request, "governance/exception.html", context)


def _act_url(request: HttpRequest, partnership: Partnership, row: Any) -> str:
    if not request.access.can(Permission.MANAGE_MEETINGS) or row.state == State.DECLINED:
        return ""
    return f"{reverse('action_new', args=[partnership.slug])}?from={code_of(row)}"


def _may(request: HttpRequest, row: Any, step: str) -> bool:
    """Whether the person may take a step with an exception report as it stands."""
    access, last = request.access, row.known_steps[-1]
    if step == "answer":
        return row.state == State.ASKED and may_answer(row, access, request.user.pk)
    if step == "decide":
        return row.state == State.ANSWERED and may_decide(last, access, request.user.pk)
    return access.can(Permission.MANAGE_MEETINGS) or access.can(Permission.ASK_EXCEPTIONS)


def _links(request: HttpRequest, partnership: Partnership, row: Any) -> list[dict[str, str]]:
    return [
        {"label": form.title, "url": reverse("exception_step", args=[partnership.slug, row.number, step])}
        for step, form in STEP_FORMS.items()
        if _may(request, row, step)
    ]


@keeps_typed
@requires(Permission.VIEW_APPROVED)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exception_step(request: HttpRequest, partnership: Partnership, number: int, step: str) -> HttpResponse:
    """The form of one step: the answer, the decision on it, or the agenda that carries it."""
    row = readable_exception(request, partnership, number)
    if step not in STEP_FORMS:
        raise Http404("There is no such step.")
    typed = sent_or_kept(request)
    if not (_may(request, row, step) or (typed is not None and _held(request, row, step))):
        raise PermissionDenied
    more: dict[str, Any] = {}
    if step == "answer":
        more = {"ahead": periods_ahead(row, PERIODS_AHEAD), "unit": unit_of(row.line), "before": last_answer(row)}
    if step == "agenda":
        more["items"] = items_to_come(request.access, partnership, request.today)
    form_of = STEP_FORMS[step]
    form, last = form_of(typed, request=row, **more), row.known_steps[-1].number
    version = shown = based_on(request) or last
    if request.method == "POST" and form.is_valid():
        try:
            form.record(by=request.user, at=request.now, key=sent_key(request), based_on=version)
        except ActionChanged as refusal:
            shown = last
            form.refuse(refusal)
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, form_of.done)
            return redirect("exception", partnership=partnership.slug, number=number)
    back = reverse("exception", args=[partnership.slug, number])
    context = {
        "form": form, "title": form_of.title, "button": form_of.button, "back": back, "version": shown,
        "back_words": f"Exception report {number}", "said": row.evidence, "key": sent_key(request) or new_key(),
        "changed": version != last, "asks": row.asks,
        "since": _told(row, [s for s in row.known_steps if s.number > version]),
        "resting": [] if version != last else _told(row, _rests_on(row, step)),
    }  # fmt: skip
    return render(request, "governance/action_form.html", context)


def _told(row: Any, steps: Iterable[Any]) -> list[tuple[Any, Any, list[str]]]:
    """Steps with their days and the figures that they expect, as a page lists them."""
    unit = unit_of(row.line)
    return [
        (step, london_day(step.at), [f"{p.period.label}: {written(p.value, unit)}" for p in step.trajectory.all()])
        for step in steps
    ]


def _rests_on(row: Any, step: str) -> list[Any]:
    """What the form of a step is about: the answer to decide on, or why the one before was sent back."""
    last = row.known_steps[-1]
    kind = {"answer": ExceptionStep.Kind.RETURNED, "decide": ExceptionStep.Kind.ANSWERED}.get(step)
    return [last] if last.kind == kind else []


def _held(request: HttpRequest, row: Any, step: str) -> bool:
    """Whether the person could have taken the step before something was recorded since: the form is shown again with
    what was typed, and the operation says what has changed."""
    if step == "answer":
        return may_answer(row, request.access, request.user.pk)
    return bool(request.access.can(Permission.ASK_EXCEPTIONS))


# The rule


@require_safe
@requires(Permission.VIEW_APPROVED)
def escalation_rules(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """When figures of each scorecard of performance are escalated."""
    cards = list(partnership.scorecards.filter(purpose=Scorecard.Purpose.PERFORMANCE))
    if not request.access.can(Permission.VIEW_PROTECTED):
        cards = [card for card in cards if card.audience != Scorecard.Readers.BOARD]
    rules = rules_of([card.pk for card in cards], request.today)
    context = {
        "rules": [(card, rules.get(card.pk, Rule()), card.pk in rules) for card in cards],
        "asks": request.access.can(Permission.ASK_EXCEPTIONS),
    }
    return render(request, "governance/escalation_rules.html", context)


@keeps_typed
@requires(Permission.ASK_EXCEPTIONS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def escalation_rule(request: HttpRequest, partnership: Partnership, scorecard: str) -> HttpResponse:
    """Sets the rule of a scorecard from a day on."""
    cards = partnership.scorecards.filter(purpose=Scorecard.Purpose.PERFORMANCE)
    card = get_object_or_404(cards.select_related("partnership"), code=scorecard)
    rule = rules_of([card.pk], request.today).get(card.pk, Rule())
    form = RuleForm(sent_or_kept(request), scorecard=card, rule=rule, today=request.today)
    back = reverse("escalation_rules", args=[partnership.slug])
    if request.method == "POST" and form.is_valid():
        try:
            form.record(by=request.user, at=request.now, key=sent_key(request))
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The rule is set.")
            return redirect(back)
    context = {
        "form": form, "title": f"When {card.name} is escalated", "button": "Set the rule", "back": back,
        "back_words": "When figures are escalated", "key": sent_key(request) or new_key(),
    }  # fmt: skip
    return render(request, "governance/action_form.html", context)
