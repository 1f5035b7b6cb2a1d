"""Carries the typed fields of a form over a sign-in, in a signed text inside the sign-in page itself.

Nothing is kept in the browser or on the server. The text is bound to one person and one address, holds at most
256 kB and is good for 15 minutes. Whose form it was is known from `owner_token`, which the form carried from the
start. Files never travel; views take part only when marked with `keeps_typed`.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

OWNER_FIELD = "form_owner"
ENVELOPE_FIELD = "envelope"
LEFT_OUT = frozenset({"csrfmiddlewaretoken", OWNER_FIELD, ENVELOPE_FIELD})
SECONDS = 15 * 60
MAX_BYTES = 256 * 1024
_LONGEST_QUERY = 2_000  # no address of ours is longer, and Django leads to none that is far longer

_OWNER_SALT = "indicators.envelope.owner"
_SALT = "indicators.envelope.typed"

View = Callable[..., HttpResponse]


class NotKept(Exception):
    """The typed fields cannot be taken over; the message says why, as the end of a sentence."""


@dataclass(frozen=True)
class Opened:
    """What an envelope held: the address of the form and its fields."""

    path: str
    fields: QueryDict


def keeps_typed(view: View) -> View:
    """Marks a view whose typed fields are carried over a sign-in."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def sent_or_kept(request: HttpRequest) -> QueryDict | None:
    """What the form of a page is filled in with: what was sent, else what was typed before a sign-in; None for a page
    that is only opened. Nothing is carried out but what was sent."""
    return request.POST if request.method == "POST" else getattr(request, "typed", None)


def sent_only(page: str, *parts: str) -> Callable[[View], View]:
    """For a view without a page of its own: it takes what was sent, and what was kept over a sign-in.

    Whoever only opens its address, as after a sign-in that kept nothing, is led to the page of that name with its form;
    `parts` are the parts of the address that both have; what follows its ? goes along. Other methods get 405.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if sent_or_kept(request) is not None:
                return view(request, *args, **kwargs)
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            query = request.GET.urlencode()
            asked = f"?{query}" if 0 < len(query) <= _LONGEST_QUERY else ""
            return redirect(f"{reverse(page, kwargs={part: kwargs[part] for part in parts})}{asked}")

        return wrapped

    return decorate


def answers_json(view: View) -> View:
    """Marks a view that is called by a script, so that a missing session is told as JSON with status 401."""
    view.answers_json = True  # type: ignore[attr-defined]
    return view


def owner_token(user_id: int, path: str) -> str:
    """What a form carries to say whose it is; made when the form is shown."""
    return signing.dumps([user_id, path], salt=_OWNER_SALT)


def owner_of(token: str, path: str) -> int:
    """The person that the form at this address was shown to. Raises NotKept."""
    try:
        user_id, shown_at = signing.loads(token, salt=_OWNER_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotKept("it is not known whose it is") from None
    if shown_at != path:
        raise NotKept("it belongs to another page")
    return int(user_id)


def seal(fields: QueryDict, path: str) -> str:
    """The typed fields of a form as a signed text. Raises NotKept when the form is nobody's or holds too much."""
    user_id = owner_of(fields.get(OWNER_FIELD, ""), path)
    typed = [[name, fields.getlist(name)] for name in fields if name not in LEFT_OUT]
    text = signing.dumps([user_id, path, typed], salt=_SALT, compress=True)
    if len(text) > MAX_BYTES:
        raise NotKept(f"it is longer than the {MAX_BYTES // 1024} kB that can be carried over")
    return text


def unseal(text: str, user_id: int) -> Opened:
    """The address and fields of a sealed form, for the person it was shown to. Raises NotKept."""
    if len(text) > MAX_BYTES:
        raise NotKept(f"it is longer than the {MAX_BYTES // 1024} kB that can be carried over")
    try:
        owner, path, typed = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.SignatureExpired:
        raise NotKept(f"more than {SECONDS // 60} minutes had passed") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise NotKept("it was changed on the way") from None
    if owner != user_id:
        raise NotKept("it belongs to the person who was signed in before")
    fields = QueryDict(mutable=True)
    for name, values in typed:
        fields.setlist(name, values)
    return Opened(path, fields)
