"""Wraps every request: its id, the present moment, and the rule that reading needs a sign-in."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.contrib.auth.middleware import LoginRequiredMiddleware

from partnership import clock
from partnership.logging import request_id_var

GetResponse = Callable[[HttpRequest], HttpResponse]


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


def clock_on_request(get_response: GetResponse) -> GetResponse:
    """Reads the clock once and passes it down as `request.now` and `request.today`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        request.today = clock.today()
        return get_response(request)

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Every page needs a sign-in unless its view says otherwise."""
