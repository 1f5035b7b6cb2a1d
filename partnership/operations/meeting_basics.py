"""What every operation on a meeting does: takes the same form once, locks the meeting, refuses a page that is out of
date, and tells the record."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from indicators.models import AuditEvent, Text, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import hold, one_at_a_time, signed, used_before
from indicators.operations.errors import OperationError, WrongState
from indicators.questions import question
from partnership.models import Meeting, MeetingStep

State = Meeting.State
Step = MeetingStep.Action
PREPARING = (State.PLANNED, State.CALLED)
RECORDING = (State.HELD, State.MINUTED)


class MeetingChanged(OperationError):
    """Somebody else changed the meeting after the page was opened."""


SENT_TWICE = (
    "You added the same a moment ago, and it stands. Nothing was done this time. If you mean another one, say what "
    "tells the two apart."
)
_WHY = {
    State.PLANNED: "The agenda of this meeting is not published yet.",
    State.CALLED: "This meeting is not recorded as held yet.",
    State.HELD: "This meeting was held.",
    State.MINUTED: "The draft minutes of this meeting are published.",
    State.CONFIRMED: "The minutes of this meeting are confirmed, so they can no longer be changed.",
    State.CANCELLED: "This meeting was cancelled.",
}


def by_whom(by: User, at: datetime) -> dict[str, Any]:
    """Who added or last changed a row, as its columns."""
    return signed(by, at) | {"source": None, "paragraph": ""}


def is_repeated(*, key: str, name: str, asked: Any, by: User, at: datetime, once: bool = False) -> bool:
    """Whether the same form was carried out before; `once` as in `used_before`. Raises OperationError for a key that
    was used otherwise."""
    said = hashlib.sha256(repr(asked).encode()).hexdigest()
    return used_before(key=key, operation_name=name, outcome=said, by=by, at=at, once=once)


def refuse_twice(same: QuerySet[Any], *, key: str, by: User, at: datetime) -> None:
    """Raises WrongState where this person added one of these rows within the hour by another form: a page gone back to
    and sent once more. For what can be taken away again; for all else see `once`."""
    if not key:
        return
    one_at_a_time(by)
    if same.filter(by=by, at__gt=at - timedelta(hours=1)).exists():
        raise WrongState(SENT_TWICE)


@question
def _meeting(pk: int) -> QuerySet[Meeting]:
    return Meeting.objects.filter(pk=pk).select_related("partnership", "body").order_by()


def locked(meeting: Meeting, *, states: Collection[str], version: int | None = None) -> Meeting:
    """The meeting, locked until the transaction ends. Raises WrongState where it stands elsewhere, MeetingChanged when
    it is not of that version."""
    hold(Meeting, meeting.pk)
    (row,) = _meeting(meeting.pk)
    if row.state not in states:
        raise WrongState(f"{_WHY[State(row.state)]} Nothing was saved.")
    if version is not None and row.version != version:
        raise MeetingChanged(
            "Somebody else has changed this meeting since you opened the page. Nothing was saved; compare what stands "
            "there now with what you typed, and send it again."
        )
    return row


def changed(meeting: Meeting, **columns: Any) -> None:
    """Keeps changed columns of a locked meeting, and that it was changed."""
    for name, value in columns.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save(update_fields=[*columns, "version"])


def add_step(meeting: Meeting, action: str, *, by: User | None, at: datetime, **more: Any) -> MeetingStep:
    """Keeps what was done with a meeting, and tells the record of access. Neither tells of an item."""
    actor = shown_as(by) if by else "This service"
    step = MeetingStep.objects.create(meeting=meeting, action=action, by=by, actor=actor, at=at, **more)
    told(meeting, MeetingStep.Action(action).label, by=by, at=at)
    return step


def told(meeting: Meeting, what: str, *, by: User | None, at: datetime) -> None:
    """One line in the record of access: the meeting's code and what was done."""
    record_audit(
        partnership=meeting.partnership, kind=AuditEvent.Kind.GOVERNANCE_RECORDED, by=by,
        what=f"Meeting {meeting.code}: {what}", at=at,
    )  # fmt: skip


def kept_text(body: str) -> Text:
    """The row of a text that was checked not to be empty."""
    found = Text.objects.keep(body.strip())
    assert found is not None  # noqa: S101
    return found
