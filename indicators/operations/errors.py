"""What a person can run into when something is written; each message says what to do next."""

from dataclasses import dataclass
from datetime import datetime

from indicators.entry import CellInput, Problem


class OperationError(Exception):
    """Nothing was written. The message is a sentence for the person."""


class NotAllowed(OperationError):
    """The rule of two people, or the gate that belongs to somebody else."""


class WrongState(OperationError):
    """The return, or its round, is not in a state that allows this."""


class InputRefused(WrongState):
    """What was typed cannot be; `box` is the name of the box that it is about, "" for the whole form."""

    def __init__(self, box: str, message: str) -> None:
        super().__init__(message)
        self.box = box


class NothingChanged(OperationError):
    """What was sent is what stands there already, so no step was written."""

    def __init__(self) -> None:
        super().__init__("Nothing was changed: what you sent is what stands there already.")


class ReturnChanged(OperationError):
    """Somebody else changed the return after the page was opened."""


@dataclass(frozen=True)
class OpenPoint:
    """What still stands in the way of submitting one line."""

    series_id: int
    name: str
    problem: Problem


class NotReady(OperationError):
    """The return cannot be submitted yet; `points` lists every open one."""

    def __init__(self, points: list[OpenPoint]) -> None:
        number = "1 point is" if len(points) == 1 else f"{len(points)} points are"
        super().__init__(f"{number} open before this return can be submitted.")
        self.points = points


@dataclass(frozen=True)
class Clash:
    """One cell that was changed twice: what is saved and by whom, and what was typed here. `own_at`: when the same
    person saved it, in another window; None where somebody else did."""

    series_id: int
    theirs: CellInput
    their_name: str
    their_version: str
    yours: CellInput
    own_at: datetime | None = None

    @property
    def who_has(self) -> str:
        """Who saved it, as the beginning of a sentence about that."""
        return "in another window you have" if self.own_at else f"{self.their_name} has"


class CellConflict(OperationError):
    """A cell was saved after the page was opened; both versions are kept in `clashes`."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__("A figure was changed since you opened this page.")
        self.clashes = clashes
