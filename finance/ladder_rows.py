"""The care ladder as rows of a page: groups with their rungs, the rung not reported, the whole, then outside care."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from finance.care_ladder import (
    NOT_REPORTED,
    NOT_REPORTED_NAME,
    NOTHING,
    Activity,
    Count,
    Ladder,
    Moment,
    Standing,
    checks,
    count_of,
    not_reported,
)
from indicators.units import WIDE


class RowKind(StrEnum):
    """What a row stands for; rungs of a group come under it, and outside care is outside the whole."""

    GROUP = "group"
    RUNG = "rung"
    NOT_REPORTED = "not_reported"
    WHOLE = "whole"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class LadderRow:
    """One row: the counts (a group's may be the sum of its rungs), everything else as reported, and what is said.

    `is_part` is a rung that its group's row counts already. `notes` are the sentences of the sums that do not hold.
    """

    kind: RowKind
    code: str
    name: str
    start: Count | None
    end: Count | None
    started: Count | None
    ended: Count | None
    planned: Count | None
    activity: Activity = NOTHING
    is_part: bool = False
    notes: tuple[str, ...] = ()

    @property
    def change(self) -> int | None:
        """How many more at the end than at the start; None for the gap, whose two ends may lack different rungs."""
        if self.start is None or self.end is None or self.kind is RowKind.NOT_REPORTED:
            return None
        return self.end.number - self.start.number

    @property
    def over_plan(self) -> int | None:
        """How many more at the end than planned."""
        return None if self.planned is None or self.end is None else self.end.number - self.planned.number

    @property
    def over_planned_cost(self) -> Decimal | None:
        """By how many pounds a place costs more a year than planned."""
        actual, planned = self.activity.average_cost, self.activity.planned_cost
        return None if actual is None or planned is None else WIDE.subtract(actual, planned)


def rows(ladder: Ladder) -> tuple[LadderRow, ...]:
    """The rows of the ladder in order; a group stands above its first rung, and every child in the whole is counted in
    exactly one row of kind group, rung that is no part, or not reported."""
    failing: dict[str, list[str]] = {}
    for check in checks(ladder):
        if check.holds is False:
            failing.setdefault(check.name, []).append(check.sentence)
    found: list[LadderRow] = []
    names = {group.code: group.name for group in ladder.groups}
    begun: set[str] = set()
    for rung in ladder.in_order(Standing.IN_CARE):
        if rung.group and rung.group not in begun:
            begun.add(rung.group)
            members = [r for r in ladder.in_order(Standing.IN_CARE) if r.group == rung.group]
            group_name = names[rung.group]
            found.append(_row(ladder, RowKind.GROUP, rung.group, group_name, failing))
            found += [_row(ladder, RowKind.RUNG, r.code, r.name, failing, is_part=True) for r in members]
        elif not rung.group:
            found.append(_row(ladder, RowKind.RUNG, rung.code, rung.name, failing))
    found += [_gap(ladder), _whole(ladder)]
    outside = ladder.in_order(Standing.OUTSIDE_CARE)
    return (*found, *(_row(ladder, RowKind.OUTSIDE, r.code, r.name, failing) for r in outside))


def _row(
    ladder: Ladder, kind: RowKind, code: str, name: str, failing: dict[str, list[str]], is_part: bool = False
) -> LadderRow:
    start, end, started, ended, planned = (count_of(ladder, code, moment) for moment in Moment)
    notes = tuple(failing.get(name, ()))
    return LadderRow(kind, code, name, start, end, started, ended, planned, ladder.of(code), is_part, notes)


def _gap(ladder: Ladder) -> LadderRow:
    gaps = [not_reported(ladder, moment) for moment in (Moment.START, Moment.END)]
    start, end = (None if gap.number is None else Count(gap.number, "what the rungs leave") for gap in gaps)
    return LadderRow(
        RowKind.NOT_REPORTED, NOT_REPORTED, NOT_REPORTED_NAME, start, end, None, None, None,
        ladder.of(NOT_REPORTED), notes=(gaps[1].sentence,),
    )  # fmt: skip


def _whole(ladder: Ladder) -> LadderRow:
    start, end = (None if n is None else Count(n) for n in (ladder.in_care_start, ladder.in_care_end))
    return LadderRow(RowKind.WHOLE, "", "Children in care", start, end, None, None, None)
