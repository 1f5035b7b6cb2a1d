"""Writes the record of access and of changes that administrators read."""

from datetime import datetime

from indicators.models import AuditEvent, Partnership, User

WHAT_MAX = 300


def shown_as(user: User) -> str:
    """How the record names a person: as they are shown, or by their number; never by their e-mail address."""
    return user.display_name or f"Person {user.pk}"


def record_audit(
    *, partnership: Partnership | None, kind: str, by: User | None, what: str, at: datetime, request_id: str = ""
) -> AuditEvent:
    """Adds one line to the record, inside the caller's transaction if there is one.

    `kind` is one of AuditEvent.Kind; `what` names the thing it was done to by its natural key, never a figure's value
    or an e-mail address, and is cut at 300 characters. `partnership` is None for what belongs to none, such as a
    sign-in; `by` is None where nobody is known. Raises ValueError for an unknown kind.
    """
    return AuditEvent.objects.create(
        partnership=partnership,
        kind=AuditEvent.Kind(kind),
        by=by,
        actor=shown_as(by)[:160] if by else "",
        what=what[:WHAT_MAX],
        at=at,
        request_id=request_id[:40],
    )
