"""Counts failed sign-ins, locks out and unlocks. What was typed is kept nowhere: an account is counted by a keyed hash
of its address, so one that does not exist is locked like one that does."""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from indicators.models import AuditEvent, Partnership, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import operation
from indicators.operations.errors import WrongState
from partnership.lock_out import LONDON, is_over, nearest
from partnership.rate_limit import client_of

Kind = AuditEvent.Kind
_ROUNDED_UP = timedelta(minutes=1)


def account_key(email: str) -> str:
    """What an account is counted by."""
    return salted_hmac("partnership.lock_out", email.strip().lower(), algorithm="sha256").hexdigest()


def account_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The account of an attempt; of one without an address, of single sign-on, a key that is nobody's."""
    given: Mapping[str, Any] = credentials or {}
    return account_key(str(given.get("username") or given.get("email") or ""))


def address_of(request: HttpRequest) -> str:
    """The client of an attempt by the rule of the setting PROXIES; of IPv6 the first address of its network."""
    remote = request.META.get("REMOTE_ADDR", "")
    client = client_of(remote, request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES)
    try:
        return str(ipaddress.ip_network(client).network_address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104, no address that is listened on: a client without one, as behind a socket


class LockOuts(AxesDatabaseHandler):  # type: ignore[misc]
    """django-axes with a limit for each way of counting, and without letting one account clear the count of others."""

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """Counts a failure. Query and boxes, which hold passwords by whatever name, are out of sight meanwhile."""
        if request is None:
            return
        typed = request.GET, request.POST
        request.GET, request.POST = QueryDict(), QueryDict()  # type: ignore[misc,assignment]
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = typed

    def get_failures(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> int:
        """The failures that are nearest to their limit."""
        return nearest(self._counts(request, credentials))

    def _counts(self, request: HttpRequest, credentials: Mapping[str, Any] | None) -> tuple[int, ...]:
        rows = self.get_user_attempts(request, credentials)
        return tuple(row.aggregate(n=Sum("failures_since_start"))["n"] or 0 for row in rows)

    def until(self, request: HttpRequest, credentials: Mapping[str, Any]) -> datetime:
        """When all that locks this attempt out is over, to the minute after."""
        counts, rows = self._counts(request, credentials), self.get_user_attempts(request, credentials)
        over = [row for row, locked in zip(rows, is_over(counts), strict=True) if locked]
        latest = [row.aggregate(at=Max("attempt_time"))["at"] for row in over]
        return max(latest, default=request.axes_attempt_time) + settings.AXES_COOLOFF_TIME + _ROUNDED_UP

    def reset_user_attempts(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> int:
        """Forgets the failures of this account from this client alone: who has an account of their own must not clear
        with it what they tried on others."""
        both: QuerySet[AccessAttempt] = self.filter_user_attempts(request, credentials)[0]
        return both.delete()[0]


def locked_until(request: HttpRequest, email: str) -> datetime:
    """When a refused attempt may be made again. The request is one that django-axes has marked as locked out."""
    return LockOuts().until(request, {"username": email})


@operation
def record_lock_out(*, email: str, until: datetime, at: datetime, request_id: str = "") -> None:
    """That sign-ins are locked from now on: by the person whose address it is; what was typed is kept nowhere."""
    known = User.objects.filter(email__iexact=email).first() if email else None
    what = f"Too many failed sign-ins, until {until.astimezone(LONDON):%H:%M}"
    record_audit(partnership=None, kind=Kind.LOCKED_OUT, by=known, what=what, at=at, request_id=request_id)


@operation
def unlock(*, user: User, partnership: Partnership, by: User, at: datetime) -> None:
    """Forgets the failed sign-ins of an account, so that it can be tried again at once. Raises WrongState for nobody
    who is locked out."""
    if not AccessAttempt.objects.filter(username=account_key(user.email)).delete()[0]:
        raise WrongState(f"{shown_as(user)} is not locked out.")
    record_audit(partnership=partnership, kind=Kind.UNLOCKED, by=by, what=shown_as(user), at=at)
