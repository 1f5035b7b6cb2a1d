"""Records that what is held about a person was given out."""

from datetime import datetime

from indicators.models import AuditEvent, Partnership, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import operation


@operation
def record_given_out(*, user: User, partnership: Partnership | None, by: User | None, at: datetime) -> None:
    """That somebody took out what is held about a person: by a page of a partnership, or by a command on the server,
    which the administrators of every partnership of the person see."""
    places = [partnership] if partnership else list(Partnership.objects.filter(memberships__user=user).distinct())
    for place in places:
        record_audit(
            partnership=place, kind=AuditEvent.Kind.SUBJECT_ACCESS, by=by, what=shown_as(user), at=at
        )  # fmt: skip
