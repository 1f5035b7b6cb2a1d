"""Keeps what bodies expect to be given and when: the scrutiny work programme, the forward plan, plans of priorities."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indicators.models import Partner, Partnership, User
from indicators.operations.basics import free_code, known_on, operation
from indicators.operations.errors import InputRefused, WrongState
from partnership.models import AgendaItem, Body, Meeting, WorkItem
from partnership.operations.meeting_basics import by_whom, is_repeated, refuse_twice

Programme = WorkItem.Programme


@dataclass(frozen=True)
class Expected:
    """What is expected by whom and when. `expected_words`: as a resolution or paper says it."""

    programme: str
    body: Body
    title: str
    owner_role: str = ""
    owner_partner: Partner | None = None
    expected_from: date | None = None
    expected_by: date | None = None
    expected_words: str = ""
    notice_on: date | None = None

    @property
    def asked(self) -> tuple[Any, ...]:
        """All that it says."""
        partner = self.owner_partner.pk if self.owner_partner else 0
        return (
            self.programme, self.body.pk, self.title, self.owner_role, partner, self.expected_from, self.expected_by,
            self.expected_words, self.notice_on,
        )  # fmt: skip


@operation
def expect(*, partnership: Partnership, expected: Expected, by: User, at: datetime, key: str = "") -> None:
    """Puts something on a programme. Raises InputRefused without a title or day, for days in the wrong order, for
    notice outside the forward plan, and for another partnership's body."""
    if is_repeated(key=key, name="expect", asked=(partnership.pk, expected.asked), by=by, at=at):
        return
    if expected.programme not in Programme.values:
        raise InputRefused("programme", "Choose a programme.")
    if expected.body.partnership_id != partnership.pk:
        raise InputRefused("body", "Choose a body of this partnership.")
    if not expected.title.strip():
        raise InputRefused("title", "Say what is expected.")
    if expected.expected_by is None and not expected.expected_words.strip():
        raise InputRefused("expected_by", "Give the last day on which it is in time, or when in words.")
    if expected.expected_from and expected.expected_by and expected.expected_by < expected.expected_from:
        raise InputRefused("expected_by", "The last day must not be before the first.")
    if expected.notice_on and expected.programme != Programme.FORWARD_PLAN:
        raise InputRefused("notice_on", "Only key decisions of the forward plan are given notice of.")
    same = WorkItem.objects.filter(
        partnership=partnership, programme=expected.programme, body=expected.body, title=expected.title.strip(),
        expected_by=expected.expected_by, withdrawn_on__isnull=True,
    )  # fmt: skip
    refuse_twice(same, key=key, by=by, at=at)
    code = free_code(WorkItem.objects.filter(partnership=partnership), expected.title, longest=60)
    WorkItem.objects.create(
        partnership=partnership, programme=expected.programme, code=code,
        body=expected.body, title=expected.title.strip(), owner_role=expected.owner_role.strip(),
        owner_partner=expected.owner_partner, expected_from=expected.expected_from, expected_by=expected.expected_by,
        expected_words=expected.expected_words.strip(), notice_on=expected.notice_on, **by_whom(by, at),
    )  # fmt: skip


def _standing(item: WorkItem) -> WorkItem:
    """The item, locked. Raises WrongState where it came or was withdrawn."""
    row = WorkItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if row.received_at_id is not None or row.withdrawn_on is not None:
        raise WrongState("This came, or is not expected any more. Look at the programme again.")
    return row


@operation
def receive(*, item: WorkItem, under: AgendaItem, by: User, at: datetime, key: str = "") -> None:
    """Keeps under which item of which meeting it came. Raises InputRefused for an item of another body's meeting or of
    one that was cancelled, WrongState where it came before."""
    if is_repeated(key=key, name="receive", asked=(item.pk, under.pk), by=by, at=at):
        return
    meeting = Meeting.objects.select_for_update().get(pk=under.meeting_id)
    row = _standing(item)
    if meeting.body_id != row.body_id or meeting.state in (Meeting.State.PLANNED, Meeting.State.CANCELLED):
        raise InputRefused("under", "Choose an item of a meeting of this body whose agenda is published.")
    row.received_at = under
    row.save(update_fields=["received_at"])


@operation
def withdraw(*, item: WorkItem, reason: str, by: User, at: datetime, key: str = "") -> None:
    """Keeps that it is not expected any more, and why. Raises InputRefused without a reason, WrongState."""
    if is_repeated(key=key, name="withdraw_work_item", asked=(item.pk, reason), by=by, at=at):
        return
    row = _standing(item)
    if not reason.strip():
        raise InputRefused("reason", "Say why it is not expected any more.")
    row.withdrawn_on, row.withdrawn_reason = known_on(at), reason.strip()
    row.save(update_fields=["withdrawn_on", "withdrawn_reason"])
