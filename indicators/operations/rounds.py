"""Locks and reopens reporting rounds, and moves their due dates."""

from datetime import date, datetime

from indicators.models import AuditEvent, DueDateChange, ReportingRound, Return, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import operation
from indicators.operations.errors import WrongState

REASON_MAX = 300


def _hold_returns(reporting_round: ReportingRound) -> None:
    """Waits for whatever is being done with the round's returns, and keeps anything new waiting until this is done."""
    list(Return.objects.select_for_update().filter(round=reporting_round).order_by("pk").values_list("pk", flat=True))


@operation
def lock_round(*, reporting_round: ReportingRound, reason: str, by: User, at: datetime) -> None:
    """Closes a round to further entry, with a reason that the page shows. Raises WrongState if locked already."""
    if not reason.strip():
        raise WrongState("Say why the round is locked; everybody who finds it closed reads the reason.")
    if len(reason.strip()) > REASON_MAX:
        raise WrongState(f"Shorten the reason: it holds {REASON_MAX} characters at most.")
    _hold_returns(reporting_round)
    changed = ReportingRound.objects.filter(pk=reporting_round.pk, state=ReportingRound.State.OPEN).update(
        state=ReportingRound.State.LOCKED, lock_reason=reason.strip(), locked_by=by, locked_at=at
    )
    if not changed:
        raise WrongState("This round is locked already.")
    _record(reporting_round, AuditEvent.Kind.ROUND_LOCKED, f": {reason.strip()}", by=by, at=at)


@operation
def reopen_round(*, reporting_round: ReportingRound, by: User, at: datetime) -> None:
    """Opens a locked round again. Raises WrongState if it is open."""
    _hold_returns(reporting_round)
    locked = ReportingRound.objects.filter(pk=reporting_round.pk, state=ReportingRound.State.LOCKED)
    former = locked.values_list("lock_reason", flat=True).first()
    changed = locked.update(state=ReportingRound.State.OPEN, lock_reason="", locked_by=None, locked_at=None)
    if not changed:
        raise WrongState("This round is open already.")
    _record(reporting_round, AuditEvent.Kind.ROUND_REOPENED, f", locked until now: {former}", by=by, at=at)


def _record(reporting_round: ReportingRound, kind: str, words: str, *, by: User, at: datetime) -> None:
    record_audit(partnership=reporting_round.partnership, kind=kind, by=by, what=f"{reporting_round}{words}", at=at)


@operation
def change_due_date(*, reporting_round: ReportingRound, due_on: date, reason: str, by: User, at: datetime) -> None:
    """Moves the day on which a round's returns are due, and keeps what it was and why it moved.

    Raises WrongState without a reason, for the date that it has already, and for a locked round.
    """
    reason = reason.strip()
    if not reason:
        raise WrongState("Say why the due date moves; it stands beside the round.")
    if len(reason) > REASON_MAX:
        raise WrongState(f"Shorten the reason: it holds {REASON_MAX} characters at most.")
    row = ReportingRound.objects.select_for_update().get(pk=reporting_round.pk)
    if row.state == ReportingRound.State.LOCKED:
        raise WrongState("This round is locked. Reopen it before its due date moves.")
    if due_on < row.period.end_on:
        raise WrongState("Nothing can be due before its period has ended. Choose a later day.")
    if row.due_on == due_on:
        raise WrongState(f"This round is due on {due_on.day} {due_on:%B %Y} already.")
    DueDateChange.objects.create(round=row, before=row.due_on, after=due_on, reason=reason, by=by, at=at)
    row.due_on = due_on
    row.save(update_fields=["due_on"])
