"""The only writers of the domain's tables: keyword-only, atomic, attributed, each with named errors."""

from indicators.operations.calendar import end_lock_exception, grant_lock_exception, set_deadline_rule
from indicators.operations.drafts import CellChange, keep_cells
from indicators.operations.errors import (
    CellConflict,
    NotAllowed,
    NotReady,
    OperationError,
    ReturnChanged,
    WrongState,
)
from indicators.operations.figures import Origin, rebuild_current, record_figure
from indicators.operations.returns import (
    accept_return,
    open_restatement,
    open_round,
    send_back,
    sign_off,
    submit_return,
    take_back,
)
from indicators.operations.rounds import change_due_date, lock_round, reopen_round

__all__ = [
    "CellChange",
    "CellConflict",
    "NotAllowed",
    "NotReady",
    "OperationError",
    "Origin",
    "ReturnChanged",
    "WrongState",
    "accept_return",
    "change_due_date",
    "end_lock_exception",
    "grant_lock_exception",
    "keep_cells",
    "lock_round",
    "open_restatement",
    "open_round",
    "rebuild_current",
    "record_figure",
    "reopen_round",
    "send_back",
    "set_deadline_rule",
    "sign_off",
    "submit_return",
    "take_back",
]
