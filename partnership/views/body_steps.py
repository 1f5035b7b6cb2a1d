"""What people record of bodies: a new one, a change from a day, an end, lines and seats. Nothing is overwritten."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.envelope import keeps_typed, sent_or_kept
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.working_days import day_words
from partnership.forms.bodies import (
    BodyForm,
    ChangeForm,
    EndForm,
    EndLineForm,
    EndSeatForm,
    FillForm,
    LineForm,
    SeatForm,
    SuccessionForm,
    VacateForm,
)
from partnership.models import Body, ReportingLine, Seat
from partnership.quorum import holder_words, seats_on
from partnership.selectors.bodies import dated, name_of, seats_of
from partnership.selectors.body_page import body_of
from partnership.views.plan_forms import form_page

# Part of the address: form, heading, button, what is said once it is done.
BODY_FORMS: dict[str, tuple[Any, str, str, str]] = {
    "change": (
        ChangeForm,
        "change it from a day",
        "Record the change",
        "The change is recorded. What was before stays.",
    ),
    "line": (LineForm, "add a line", "Add the line", "The line has been added."),
    "seat": (SeatForm, "add a seat", "Add the seat", "The seat has been added."),
    "succession": (SuccessionForm, "what took its place", "Record it", "It is recorded."),
    "end": (EndForm, "end it", "End the body", "The body has ended, with its lines and seats."),
}
SEAT_FORMS: dict[str, tuple[Any, str, str, str]] = {
    "fill": (FillForm, "who holds it", "Fill the seat", "The seat is filled."),
    "vacate": (VacateForm, "it falls vacant", "Record the vacancy", "The vacancy is recorded."),
    "end": (EndSeatForm, "end the seat", "End the seat", "The seat has ended."),
}


def _body(partnership: Partnership, code: str) -> Body:
    found = body_of(partnership, code)
    if found is None:
        raise Http404("There is no such body.")
    return found


def _back(request: HttpRequest, partnership: Partnership, body: Body) -> tuple[str, str]:
    """The page of the body that a form is about, and its name."""
    return reverse("body", args=[partnership.slug, body.code]), name_of(body, request.today)  # type: ignore[attr-defined]


def _given(request: HttpRequest, partnership: Partnership, body: Body) -> dict[str, Any]:
    """What every form of a body is made from."""
    today = request.today  # type: ignore[attr-defined]
    return {"partnership": partnership, "today": today, "body": body, "step": body.steps.count()}


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def body_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Adds a body."""
    form = BodyForm(sent_or_kept(request), partnership=partnership, today=request.today)  # type: ignore[attr-defined]
    return form_page(
        request, form, title="Add a body", button="Add the body", done="The body has been added.",
        back=(reverse("governance", args=[partnership.slug]), "Governance"),
        to=lambda made: reverse("body", args=[partnership.slug, made.code]),
    )  # fmt: skip


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def body_act(request: HttpRequest, partnership: Partnership, body: str, what: str) -> HttpResponse:
    """Records something of a body: a change, a line, a seat, what took its place, its end."""
    if what not in BODY_FORMS:
        raise Http404("There is nothing of this kind to record.")
    row = _body(partnership, body)
    form_of, words, button, done = BODY_FORMS[what]
    back = _back(request, partnership, row)
    form = form_of(sent_or_kept(request), **_given(request, partnership, row))
    return form_page(request, form, title=f"{back[1]}: {words}", button=button, done=done, back=back)


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def line_end(
    request: HttpRequest, partnership: Partnership, body: str, lower: str, upper: str, kind: str
) -> HttpResponse:
    """Gives a line of a body, one that goes on, its last day."""
    row = _body(partnership, body)
    lines = ReportingLine.objects.filter(lower__code=lower, upper__code=upper, kind=kind, until_on__isnull=True)
    lines = lines.select_related("lower", "upper")
    found = (lines.filter(lower=row) | lines.filter(upper=row)).first()
    if found is None:
        raise Http404("There is no such line that goes on.")
    today = request.today  # type: ignore[attr-defined]
    back = _back(request, partnership, row)
    form = EndLineForm(sent_or_kept(request), line=found, **_given(request, partnership, row))
    words = f"“{name_of(found.lower, today)}” {found.get_kind_display()} “{name_of(found.upper, today)}”"
    return form_page(
        request, form, title=f"{back[1]}: end a line", button="End the line", done="The line has ended.", back=back,
        said=f"{words}, from {day_words(found.from_on)}.",
    )  # fmt: skip


def _seat(body: Body, code: str) -> Seat:
    found = next((seat for seat in seats_of(body) if seat.code == code), None)
    if found is None:
        raise Http404("There is no such seat.")
    return found


def _held_words(seat: Seat, request: HttpRequest) -> tuple[str, bool]:
    """Who holds the seat today as a sentence, and whether anybody does or will."""
    now = seats_on([dated(seat)], str(seat.body_id), max(request.today, seat.from_on))  # type: ignore[attr-defined]
    words = holder_words(now[0]) if now else f"ended on {day_words(seat.until_on)}" if seat.until_on else ""
    is_held = any(h.until_on is None for h in seat.holdings.all())
    return f"{seat.get_role_display()}: {words}.", is_held


@requires(Permission.MANAGE_MEETINGS)
@require_safe
def seat_page(request: HttpRequest, partnership: Partnership, body: str, seat: str) -> HttpResponse:
    """A seat with everybody who held it, and what can be recorded of it."""
    row = _body(partnership, body)
    found = _seat(row, seat)
    words, is_held = _held_words(found, request)
    offered = ["vacate" if is_held else "fill", "end"] if found.until_on is None else []
    labels = {"vacate": "Say that it falls vacant", "fill": "Fill the seat", "end": "End the seat"}
    context = {
        "seat": found,
        "words": words,
        "name": name_of(row, request.today),  # type: ignore[attr-defined]
        "back": reverse("body", args=[partnership.slug, body]),
        "actions": [
            {"label": labels[what], "url": reverse("seat_act", args=[partnership.slug, body, seat, what])}
            for what in offered
        ],
        "holdings": [
            f"{h.holder}, from {day_words(h.from_on)}" + (f" to {day_words(h.until_on)}" if h.until_on else "")
            for h in found.holdings.all()
        ],
    }
    return render(request, "governance/seat.html", context)


@keeps_typed
@requires(Permission.MANAGE_MEETINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat_act(request: HttpRequest, partnership: Partnership, body: str, seat: str, what: str) -> HttpResponse:
    """Records who holds a seat, that it falls vacant, or its end."""
    if what not in SEAT_FORMS:
        raise Http404("There is nothing of this kind to record.")
    row = _body(partnership, body)
    found = _seat(row, seat)
    form_of, words, button, done = SEAT_FORMS[what]
    form = form_of(sent_or_kept(request), seat=found, **_given(request, partnership, row))
    return form_page(
        request, form, title=f"{found.title}: {words}", button=button, done=done, back=_back(request, partnership, row),
        said=_held_words(found, request)[0],
    )  # fmt: skip
