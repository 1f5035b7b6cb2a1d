"""Notes that an operation wrote what pages show, so that pages that are kept are drawn anew."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

from indicators.models import Change

# What no kept page shows. What is not named here is taken for shown.
UNSEEN = frozenset(
    {
        "indicators_alertstate", "indicators_auditevent", "indicators_benchmarkvalue", "indicators_change",
        "indicators_draftcell", "indicators_invitation", "indicators_keptchance", "indicators_keptforecast",
        "indicators_operationkey", "indicators_remindersent", "indicators_return_contributors",
        "indicators_singlesignon", "indicators_user", "partnership_alert", "partnership_alertstate",
        "partnership_alertsubscription", "partnership_searchentry",
    }
)  # fmt: skip
KEPT = 5_000
_WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_noting: ContextVar[bool] = ContextVar("noting", default=False)


class _Noted:
    """Wraps every statement of an operation, and knows whether one wrote what pages show."""

    is_seen = False

    def __call__(self, execute: Callable[..., Any], sql: Any, *asked: Any) -> Any:
        if not self.is_seen:
            written = _WRITES.match(str(sql))
            self.is_seen = written is not None and written[1].lower() not in UNSEEN
        return execute(sql, *asked)


@contextmanager
def noted() -> Iterator[None]:
    """Within a transaction: leaves a Change at its end if anything was written that pages show. Within another it does
    nothing, for that one notes everything."""
    if _noting.get():
        yield
        return
    token, writes = _noting.set(True), _Noted()
    try:
        with connection.execute_wrapper(writes):
            yield
        if writes.is_seen:
            made = Change.objects.create()
            if made.pk % KEPT == 0:
                Change.objects.filter(pk__lte=made.pk - KEPT).delete()
    finally:
        _noting.reset(token)
