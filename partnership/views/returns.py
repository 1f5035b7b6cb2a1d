"""The decision on a return, and what is told of it once it is accepted."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from indicators.envelope import keeps_typed
from indicators.models import Return
from indicators.views import returns
from partnership.operations.alerts import raise_after_acceptance


@keeps_typed
def review(request: HttpRequest, **key: Any) -> HttpResponse:
    """Signs a return off, accepts it or sends it back; what was accepted is then told to who follows its figures."""

    def tell(accepted: Return) -> None:
        raise_after_acceptance(in_return=accepted, at=request.now)  # type: ignore[attr-defined]

    return returns.review(request, on_accepted=tell, **key)
