"""Wraps every request: its id, the greatest size it may have, the present moment, and that reading needs a sign-in."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

from indicators import envelope
from indicators.typed_text import LONGEST_ID, is_storable, whole_number
from indicators.uploads import MemoryOnly
from partnership import clock
from partnership.api_declaration import STEM
from partnership.logging import request_id_var
from partnership.request_counts import Tally
from partnership.selectors.accounts import SEEN, lacks_factor
from partnership.session_times import ended_words, is_over, is_to_be_kept

TALLY = Tally()
log = logging.getLogger("requests")

GetResponse = Callable[[HttpRequest], HttpResponse]


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def request_id(get_response: GetResponse) -> GetResponse:
    """Gives each request an id that log lines, error pages and the response carry."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:12]
        token = request_id_var.set(request.request_id)
        try:
            response = get_response(request)
        finally:
            request_id_var.reset(token)
        response["X-Request-Id"] = request.request_id
        return response

    return middleware


def _route(request: HttpRequest) -> str:
    """The pattern of the address: never the address itself, whose parts and query may identify somebody."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def measured(get_response: GetResponse) -> GetResponse:
    """Counts each request, and writes one line for it where REQUEST_LOG says so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        spent, route = int((time.perf_counter() - started) * 1000), _route(request)
        method = request.method if request.method in _METHODS else "other"
        TALLY.add(method, route, response.status_code, spent)
        if settings.REQUEST_LOG:
            # Who asks is told only where the page has looked at it: others have no session to open.
            user = getattr(request, "_cached_user", None)
            told = {
                "method": method, "route": route, "status": response.status_code, "ms": spent,
                "user": getattr(user, "pk", None),
            }  # fmt: skip
            log.info("%(method)s %(route)s %(status)s %(ms)d ms", told, extra={"operation": told})
        return response

    return middleware


# Control characters but tabs and ends of lines; within a letter of UTF-8 no such byte occurs.
_UNSEEN = bytes(sorted(set(range(32)) - {9, 10, 13}))


def guarded(get_response: GetResponse) -> GetResponse:
    """Answers 405 to methods that no page has, and 400 to an address with signs that no text holds; takes such signs,
    which HTML knows as little, out of every page; tells browsers and proxies to keep nothing of an answer whose view
    does not say how long it may be kept.

    The API says in its own form what is wrong with a value; what everybody may read says how long it is kept.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in _METHODS:
            response: HttpResponse = HttpResponseNotAllowed(sorted(_METHODS))
        elif _is_unsound(request):
            response = render(request, "400.html", {"request_id": getattr(request, "request_id", "")}, status=400)
        else:
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            response.content = response.content.translate(None, _UNSEEN)
        if not response.has_header("Cache-Control") and not getattr(request, "is_public", False):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def _is_unsound(request: HttpRequest) -> bool:
    """Whether path or query hold control characters, which a page would send back and a database refuses."""
    asked = unquote_plus(str(request.META.get("QUERY_STRING", "")))
    return not (is_storable(request.path) and (request.path.startswith(STEM) or is_storable(asked)))


def clock_on_request(get_response: GetResponse) -> GetResponse:
    """Reads the clock once and passes it down as `request.now` and `request.today`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        request.today = clock.today()
        return get_response(request)

    return middleware


# What a form with a file sends beside the file; and how much of a body that is too large is still read and thrown
# away, so that the browser gets to see the answer instead of a broken connection.
_BESIDE_THE_FILE = 64 * 1024
_DRAINED = 128 * 1024 * 1024
_BLOCK = 64 * 1024
_REFUSED = (403, 404)


def _announced(request: HttpRequest) -> int:
    """The size of the body that the request announces, in bytes; of a number that no body has, its first digits."""
    return whole_number((request.META.get("CONTENT_LENGTH") or "")[:LONGEST_ID], LONGEST_ID) or 0


def _has_file(request: HttpRequest) -> bool:
    return str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/")


def _drain(request: HttpRequest) -> None:
    """Reads a body that nobody wants and keeps nothing of it."""
    left = min(_announced(request), _DRAINED)
    while left > 0 and (block := request.read(min(_BLOCK, left))):
        left -= len(block)


def _page_name(request: HttpRequest) -> str:
    """The name of the page at this address; empty where there is none."""
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def body_limit(get_response: GetResponse) -> GetResponse:
    """Refuses a body above the limits of settings by its announced size, before anything of it is kept (413).

    A file that is sent where there is no page, or to a page that the person may not use, is read to its end too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        has_file, size = _has_file(request), _announced(request)
        least = settings.UPLOAD_MAX_BYTES if has_file else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        beside = _BESIDE_THE_FILE if has_file else 0
        limit, page = least, ""
        if has_file and size > least + beside:
            page = _page_name(request)
            limit = settings.UPLOAD_MAX_BYTES_OF.get(page, least)
        if size <= limit + beside:
            response = get_response(request)
            if has_file and response.status_code in _REFUSED:
                _drain(request)
            return response
        _drain(request)
        context = {"limit": limit // 1024 // 1024, "has_file": has_file, "is_one": limit == least, "page": page}
        return render(request, "413.html", context, status=413)

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Every page needs a sign-in unless its view says otherwise.

    A form that was sent without one is answered by the sign-in page, status 403, with what was typed sealed inside it
    where the view is marked `keeps_typed`; a script's call by JSON, status 401.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        """Looks at who asks only where it matters: a page that is the same for all has no session to depend on."""
        if not getattr(view_func, "login_required", True):
            if getattr(view_func, "serves_signed_in", False):
                self._mind_the_time(request, view_func)
            return None
        self._mind_the_time(request, view_func)
        refused: HttpResponse | None = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is None and lacks_factor(request):
            return self._factor_first(request, view_func)
        return refused

    @staticmethod
    def _mind_the_time(request: HttpRequest, view_func: Callable[..., HttpResponse]) -> None:
        """Ends a session in which nothing was done for too long; else writes down that something is done now."""
        seen, moment = request.session.get(SEEN), clock.machine_now().timestamp()
        if seen is None:
            return
        if is_over(seen, moment, settings.SESSION_IDLE_MINUTES):
            request.session.flush()
            request.user = AnonymousUser()
            if request.method != "POST" and not getattr(view_func, "answers_json", False):
                messages.warning(request, ended_words(settings.SESSION_IDLE_MINUTES))
        elif is_to_be_kept(seen, moment) and not getattr(view_func, "only_asks", False):
            request.session[SEEN] = moment

    def _factor_first(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        """The page on which a second factor is set up, for who must have one and reaches nothing before."""
        if getattr(view_func, "answers_json", False):
            return JsonResponse({"message": "Set up your second factor first: open this page anew."}, status=401)
        request.ended_form = ""
        if request.method == "POST" and getattr(view_func, "keeps_typed", False):
            self._seal(request)
        return resolve(reverse("second_factor")).func(request)  # type: ignore[no-any-return]

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        if getattr(view_func, "answers_json", False):
            return JsonResponse({"message": "You have been signed out."}, status=401)
        if request.method == "POST":
            if getattr(view_func, "keeps_typed", False):
                return self._sealed(request)
            messages.warning(request, "You had been signed out, so nothing was saved. Sign in and send it again.")
            if _has_file(request):
                _drain(request)
        return super().handle_no_permission(request, view_func)  # type: ignore[no-any-return]

    @classmethod
    def _sealed(cls, request: HttpRequest) -> HttpResponse:
        """The sign-in page with what was typed sealed inside it, or with the reason why it could not be."""
        cls._seal(request)
        return resolve(reverse("sign_in")).func(request)  # type: ignore[no-any-return]

    @staticmethod
    def _seal(request: HttpRequest) -> None:
        """Keeps what was typed with the request as a signed text, or else why it cannot be kept."""
        request.ended_form, request.lost_because = "", ""
        if _has_file(request) and not hasattr(request, "_files"):
            request.upload_handlers = [MemoryOnly(request, most=_announced(request))]  # files never travel
        try:
            request.ended_form = envelope.seal(request.POST, request.path)
        except envelope.NotKept as reason:
            request.lost_because = str(reason)
