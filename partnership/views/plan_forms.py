"""Carries out a form of bodies, plans, risks, inspections or assurance: once, with what was typed kept when it is
refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from indicators.operations import OperationError
from indicators.operations.errors import InputRefused, NothingChanged
from indicators.roles import Permission
from indicators.views.return_entry import new_key, sent_key


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the person may do this here."""
    return bool(request.access.can(permission))  # type: ignore[attr-defined]


def form_page(
    request: HttpRequest, form: Any, *, title: str, button: str, back: tuple[str, str], done: str,
    to: Callable[[Any], str] | None = None, template: str = "governance/plan_form.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """Shows the form, carries it out when it was sent, and goes to `to` of what it made, else back (address and name);
    a refusal stays on the page, on its box."""
    if request.method == "POST" and form.is_valid():
        try:
            made = form.add(
                by=request.user, at=request.now, key=sent_key(request), request_id=request.request_id,  # type: ignore[attr-defined]
            )  # fmt: skip
        except NothingChanged as told:
            messages.warning(request, str(told))
            return redirect(back[0])
        except OperationError as refusal:
            if not isinstance(refusal, InputRefused) and hasattr(form, "renew"):
                form.renew()
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(to(made) if to else back[0])
    context = {"form": form, "title": title, "button": button, "back": back[0], "back_name": back[1]}
    context |= {"key": sent_key(request) or new_key()}
    return render(request, template, context | more)
