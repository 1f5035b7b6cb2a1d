"""The decision on a return, and what is told of it once it is accepted."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from indicators.envelope import keeps_typed
from indicators.views import returns
from partnership.operations.alerts import raise_after_acceptance


@keeps_typed
def review(request: HttpRequest, **key: Any) -> HttpResponse:
    """Signs a return off, accepts it or sends it back; what was accepted is then told to who follows its figures."""
    response = returns.review(request, **key)
    accepted = getattr(request, "accepted", None)
    if accepted is not None:
        raise_after_acceptance(in_return=accepted, at=request.now)  # type: ignore[attr-defined]
    return response
