"""What all addresses for everybody share: no session, no cookie, kept by caches, open to other sites, counted."""

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from partnership.rate_limit import WINDOW_SECONDS, client_of, window_of
from partnership.selectors.public_data import PublicPack

View = Callable[..., HttpResponse]
# What is published never changes, but it can be withdrawn: then no cache may go on telling it for long.
MAX_AGE = 300
TOO_OFTEN = "You have asked too often. Wait {seconds} seconds and ask again."


def public(view: View) -> View:
    """A page for everybody: needs no sign-in, looks at no session, and is the same for all."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.is_public = True
        return view(request, *args, **kwargs)

    return login_not_required(require_safe(wrapped))


def kept(
    request: HttpRequest, response: HttpResponse, *, etag: str = "", changed_at: datetime | None = None
) -> HttpResponse:
    """The response, which caches may keep for a while, or 304 where the client has it. `etag` is the hash of what it
    holds, worked out from its bytes unless it is given."""
    tag = f'"{etag or hashlib.sha256(response.content).hexdigest()}"'
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    moment = None
    if changed_at is not None:
        moment = int(changed_at.timestamp())
        response["Last-Modified"] = http_date(moment)
    found = get_conditional_response(request, etag=tag, last_modified=moment, response=response)
    return found if found is not None else response


def open_to_other_sites(response: HttpResponse) -> HttpResponse:
    """Lets the scripts of every site read it: there is nothing in it that is not for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def seconds_to_wait(request: HttpRequest, purpose: str, limit: int) -> int:
    """0, or how long the client has to wait because it has asked too often for that purpose. Counts this request.

    An address is kept only as a keyed hash that no longer fits once the minute is over, in Django's cache.
    """
    if limit == 0:
        return 0
    client = client_of(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES
    )
    number, seconds = window_of(request.now)
    key = f"asked:{salted_hmac(f'{purpose}:{number}', client).hexdigest()}"
    cache.add(key, 0, timeout=WINDOW_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:  # thrown out meanwhile
        count = 1
    return seconds if count > limit else 0


def not_now(words: str, seconds: int, status: int) -> HttpResponse:
    """That a file is not given at this moment (429 or 503), and when it may be."""
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def gone(request: HttpRequest, found: PublicPack) -> HttpResponse:
    """That the pack was withdrawn (410), and why unless it was for a breach; nothing of what it held."""
    response = render(request, "open_data/gone.html", {"found": found, "withdrawn": found.status.withdrawn}, status=410)
    response["Cache-Control"] = "no-store"
    return response
