"""What the operations on plans, risks, inspections and assurance share: codes, who and when, checks, the record."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from indicators.models import AuditEvent, Partner, Partnership, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import known_on
from indicators.operations.errors import InputRefused, NothingChanged, WrongState

Values = Mapping[str, Any]
CHANGED = (
    "Somebody else has changed this since you opened the page. What you typed is kept; check it and send it again."
)


def state_of(row: Model, columns: Iterable[str]) -> str:
    """What the columns of a stored row say, as 64 hexadecimal digits: others once one of them has changed."""
    said: list[Any] = []
    for name in columns:
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            said.append(sorted(getattr(row, name).values_list("pk", flat=True)))
        else:
            said.append(getattr(row, field.attname))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def check_state(row: Model, columns: Iterable[str], based_on: str) -> None:
    """Raises WrongState when the columns say something else than when the page was opened."""
    if state_of(row, columns) != based_on:
        raise WrongState(CHANGED)


def refuse_unchanged(row: Model, columns: Iterable[str], based_on: str) -> None:
    """Raises NothingChanged, which takes back what was written, when the columns say what they said before."""
    if state_of(row, columns) == based_on:
        raise NothingChanged


def check_title(values: Values) -> None:
    """Raises InputRefused without a title."""
    if not values["title"]:
        raise InputRefused("title", "Give it a title.")


def check_order(values: Values, earlier: str, later: str, message: str) -> None:
    """Raises InputRefused when the later day comes before the earlier one."""
    if values.get(earlier) and values.get(later) and values[later] < values[earlier]:
        raise InputRefused(later, message)


def check_not_to_come(box: str, day: date, at: datetime, message: str) -> None:
    """Raises InputRefused for a day that has not come."""
    if day > known_on(at):
        raise InputRefused(box, message)


def check_own(partnership: Partnership, *rows: Any) -> None:
    """Raises WrongState for a row of another partnership."""
    for row in rows:
        if row is not None and getattr(row, "partnership_id", partnership.pk) != partnership.pk:
            raise WrongState(f"{row} does not belong to {partnership}.")


def lead_of(values: Values, partner: str, role: str) -> None:
    """Raises InputRefused where nobody is named, neither a partner nor a role."""
    if not isinstance(values[partner], Partner) and not values[role]:
        raise InputRefused(partner, "Name the partner or the role that answers for it.")


def recorded(partnership: Partnership, what: str, by: User, at: datetime, request_id: str) -> None:
    """Adds a line to the record of changes."""
    record_audit(
        partnership=partnership, kind=AuditEvent.Kind.GOVERNANCE_RECORDED, by=by, what=what, at=at,
        request_id=request_id,
    )  # fmt: skip
