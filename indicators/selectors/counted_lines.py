"""A number that was counted from a file of children, beside the line of a return that it can stand for."""

from functools import cached_property
from typing import Any

from indicators.counted import Standing, standing
from indicators.entry import Reading
from indicators.selectors.returns import SheetLine


class CountedLine:
    """What may be done about such a number, whatever file it is from.

    `closed` says why nothing can be entered into that return by this person today, empty when it can; `decision` is the
    one that holds, `replaced` the later file that counted it again.
    """

    line: SheetLine
    reading: Reading
    decision: Any
    closed: str
    replaced: Any

    @cached_property
    def standing(self) -> Standing:
        """How it stands to what is entered."""
        return standing(self.line.cell, self.reading, self.line.unit, self.line.measured)

    @property
    def is_in_the_return(self) -> bool:
        """Whether the cell says just what accepting it would make it say."""
        return self.reading.cell is not None and self.reading.cell == self.line.cell

    @property
    def is_open(self) -> bool:
        """Whether this person can decide here today: the return is open, and no later file stands in its place."""
        return not self.closed and self.replaced is None

    @property
    def is_rejected(self) -> bool:
        """Whether the decision that holds is a rejection."""
        return self.decision is not None and self.decision.decision == type(self.decision).Decision.REJECTED

    @property
    def may_be_decided(self) -> bool:
        """Whether there is something to accept or to reject."""
        return self.is_open and self.reading.cell is not None and not self.is_in_the_return

    @property
    def goes_with_all(self) -> bool:
        """Whether “accept all that are new or the same” takes it: not what differs, and not what was rejected."""
        return self.may_be_decided and not self.is_rejected and self.standing in {Standing.NEW, Standing.SAME}
