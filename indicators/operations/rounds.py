"""Locks and reopens reporting rounds."""

from datetime import datetime

from indicators.models import ReportingRound, User
from indicators.operations.basics import operation
from indicators.operations.errors import WrongState

REASON_MAX = 300


@operation
def lock_round(*, reporting_round: ReportingRound, reason: str, by: User, at: datetime) -> None:
    """Closes a round to further entry, with a reason that the page shows. Raises WrongState if locked already."""
    if not reason.strip():
        raise WrongState("Say why the round is locked; everybody who finds it closed reads the reason.")
    if len(reason.strip()) > REASON_MAX:
        raise WrongState(f"Shorten the reason: it holds {REASON_MAX} characters at most.")
    changed = ReportingRound.objects.filter(pk=reporting_round.pk, state=ReportingRound.State.OPEN).update(
        state=ReportingRound.State.LOCKED, lock_reason=reason.strip(), locked_by=by, locked_at=at
    )
    if not changed:
        raise WrongState("This round is locked already.")


@operation
def reopen_round(*, reporting_round: ReportingRound, by: User, at: datetime) -> None:
    """Opens a locked round again. Raises WrongState if it is open."""
    changed = ReportingRound.objects.filter(pk=reporting_round.pk, state=ReportingRound.State.LOCKED).update(
        state=ReportingRound.State.OPEN, lock_reason="", locked_by=None, locked_at=None
    )
    if not changed:
        raise WrongState("This round is open already.")
