"""The care ladder: where children in care live, rung by rung, what came and went, and what it costs.

A child who leaves one rung arrives on another or leaves care. The rungs in care make the children in care; what is
missing is shown as “rung not reported”. Rungs outside care (special guardianship, say) cost money and stand outside
that total. Being an unaccompanied child is a status on any rung, never a rung. A group is what papers count together:
the 57 out of area are 51 out of authority and 6 parent and child. A group without a number of its own is the sum of
its rungs, where all of them have one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from indicators.balance import Amount, BalanceOutcome, BreakdownOutcome, balance, breakdown, exact
from indicators.phrases import capital, listed
from indicators.units import Unit, total_of, written

NOT_REPORTED = "rung-not-reported"
NOT_REPORTED_NAME = "Rung not reported"


class LadderError(ValueError):
    """Children who would be lost or made by a move; the message is a sentence."""


class Standing(StrEnum):
    """Whether who is on a rung is among the children in care."""

    IN_CARE = "in_care"
    OUTSIDE_CARE = "outside_care"


@dataclass(frozen=True)
class Rung:
    """Where a child may live; `group` is the code of what papers count it with."""

    code: str
    name: str
    order: int
    standing: Standing = Standing.IN_CARE
    group: str = ""


@dataclass(frozen=True)
class Group:
    """Rungs that papers count together."""

    code: str
    name: str


@dataclass(frozen=True)
class Way:
    """A way onto or off a rung that is no rung itself, such as “new to care” or “turned 18”.

    It leads from outside care or out of it, unless `rung` says on which rung the child then is.
    """

    code: str
    name: str
    rung: str = ""


@dataclass(frozen=True)
class Count:
    """A number of children or placements; `worked_out` says how, where no source prints it ("41.5% of 393")."""

    number: int
    worked_out: str = ""

    @property
    def words(self) -> str:
        """ "57", "163 (worked out: 41.5% of 393)"."""
        text = written(Decimal(self.number), Unit.COUNT)
        return f"{text} (worked out: {self.worked_out})" if self.worked_out else text


@dataclass(frozen=True)
class Activity:
    """What is reported of one rung or group in one period; None or absent is not reported.

    `came_from` and `went_to` count starters and leavers by rung or way. `average_cost` and `planned_cost` are pounds a
    year for one place, `cost` is what was spent. `funding` is pounds by fund, `bands` packages by weekly band, and
    `statuses` how many of those at the end have a status, such as unaccompanied children.
    """

    start: Count | None = None
    end: Count | None = None
    started: Count | None = None
    ended: Count | None = None
    came_from: Mapping[str, int] = field(default_factory=dict)
    went_to: Mapping[str, int] = field(default_factory=dict)
    nights: int | None = None
    cost: Decimal | None = None
    average_cost: Decimal | None = None
    planned: Count | None = None
    planned_cost: Decimal | None = None
    funding: Mapping[str, Decimal] = field(default_factory=dict)
    bands: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)


NOTHING = Activity()


@dataclass(frozen=True)
class Ladder:
    """The rungs with what is reported of them (by code of a rung or group), and the children in care."""

    rungs: tuple[Rung, ...]
    groups: tuple[Group, ...] = ()
    ways: tuple[Way, ...] = ()
    activity: Mapping[str, Activity] = field(default_factory=dict)
    in_care_start: int | None = None
    in_care_end: int | None = None

    def of(self, code: str) -> Activity:
        """What is reported of a rung or group; nothing for none."""
        return self.activity.get(code, NOTHING)

    def in_order(self, standing: Standing) -> tuple[Rung, ...]:
        """The rungs in or outside care, from the top of the ladder."""
        return tuple(sorted((r for r in self.rungs if r.standing is standing), key=lambda r: r.order))

    def members(self, code: str) -> tuple[str, ...]:
        """The rungs of a group in order; of a rung it alone."""
        found = tuple(r.code for r in sorted(self.rungs, key=lambda r: r.order) if r.group == code)
        return found or (code,)

    def name_of(self, code: str) -> str:
        """The name of a rung, group or way; the code itself for none."""
        named = {way.code: way.name for way in self.ways} | {group.code: group.name for group in self.groups}
        named |= {rung.code: rung.name for rung in self.rungs}
        return named.get(code, NOT_REPORTED_NAME if code == NOT_REPORTED else code)


class Moment(StrEnum):
    """Which counts of a period are meant."""

    START = "start"
    END = "end"
    STARTED = "started"
    ENDED = "ended"
    PLANNED = "planned"


def count_of(ladder: Ladder, code: str, moment: Moment) -> Count | None:
    """The count of a rung or group; of a group without one the sum of its rungs, where all of them have one."""
    own: Count | None = getattr(ladder.of(code), moment)
    members = ladder.members(code)
    if own is not None or members == (code,):
        return own
    parts = [getattr(ladder.of(member), moment) for member in members]
    known = [part.number for part in parts if part is not None]
    return Count(sum(known), "the sum of its rungs") if len(known) == len(parts) else None


# Soundness


def problems(ladder: Ladder) -> tuple[str, ...]:
    """What cannot be as it stands, one sentence each; empty for a sound ladder."""
    rungs, groups = [r.code for r in ladder.rungs], [g.code for g in ladder.groups]
    ways = [w.code for w in ladder.ways]
    everything = rungs + groups + ways
    found = [f"{code} is there twice." for code in dict.fromkeys(everything) if everything.count(code) > 1]
    statuses = {status for activity in ladder.activity.values() for status in activity.statuses}
    for rung in ladder.rungs:
        if rung.group and rung.group not in groups:
            found.append(f"{rung.name} is in the group {rung.group}, which is not there.")
        if rung.code in statuses:
            found.append(f"{rung.name} is a status on any rung, never a rung.")
    for group in ladder.groups:
        if len({r.standing for r in ladder.rungs if r.group == group.code}) > 1:
            found.append(f"{group.name} has rungs in and outside care.")
    found += [f"{w.name} leads to the rung {w.rung}, which is not there." for w in ladder.ways if _lost(w.rung, rungs)]
    for code, activity in ladder.activity.items():
        if code not in (*rungs, *groups, NOT_REPORTED):
            found.append(f"{code} is neither a rung nor a group.")
        found += _problems_of(ladder.name_of(code), activity, {*everything, NOT_REPORTED})
    return tuple(found)


def _lost(rung: str, rungs: Sequence[str]) -> bool:
    return bool(rung) and rung not in rungs


def _problems_of(name: str, activity: Activity, known: set[str]) -> list[str]:
    counts = [getattr(activity, moment) for moment in Moment]
    numbers: list[int | Decimal | None] = [c.number for c in counts if c is not None]
    numbers += [activity.nights, activity.cost, activity.average_cost, activity.planned_cost]
    for mapping in (activity.came_from, activity.went_to, activity.bands, activity.statuses, activity.funding):
        numbers += mapping.values()
    found = [f"{name}: a number is below 0."] if any(n is not None and n < 0 for n in numbers) else []
    for code in (*activity.came_from, *activity.went_to):
        if code not in known:
            found.append(f"{name}: {code} is neither a rung nor a way onto one or off it.")
    if activity.end is not None:
        at_end = written(Decimal(activity.end.number), Unit.COUNT)
        for status, number in activity.statuses.items():
            if number > activity.end.number:
                found.append(f"{name}: {number} with the status {status} are more than the {at_end} on the rung.")
    return found


# What must add up


@dataclass(frozen=True)
class Check:
    """One sum of the ladder: what it is about, whether it holds (None: cannot be checked), and the sentence."""

    about: str
    name: str
    holds: bool | None
    sentence: str


def checks(ladder: Ladder) -> tuple[Check, ...]:
    """Every sum of the ladder: stock and flow of each rung and group, starters by where from, leavers by where to,
    groups against their rungs, moves told from both ends, and the rungs against the children in care. Only sums that
    something is reported of are there."""
    found: list[Check] = []
    for code in _codes(ladder):
        found += _checks_of(ladder, code)
    found += _checks_of_groups(ladder)
    found += _checks_of_moves(ladder)
    found += _checks_of_whole(ladder)
    return tuple(found)


def _codes(ladder: Ladder) -> list[str]:
    groups = [group.code for group in ladder.groups]
    rungs = [rung.code for rung in sorted(ladder.rungs, key=lambda r: r.order)]
    return [code for code in groups + rungs if code in ladder.activity]


def _amount(count: Count | None) -> Amount | None:
    return None if count is None else exact(count.number)


def _amounts(ladder: Ladder, numbers: Mapping[str, int]) -> dict[str, Amount | None]:
    return {ladder.name_of(code): exact(number) for code, number in numbers.items()}


def _checks_of(ladder: Ladder, code: str) -> list[Check]:
    one, name, found = ladder.of(code), ladder.name_of(code), []
    start, end, started, ended = (
        _amount(count_of(ladder, code, m)) for m in (Moment.START, Moment.END, Moment.STARTED, Moment.ENDED)
    )
    if started is not None or ended is not None:
        result = balance(start, {"starters": started}, {"leavers": ended}, end)
        holds = result.outcome is BalanceOutcome.BALANCES if result.is_checked else None
        found.append(Check("stock_flow", name, holds, f"{name}: {result.sentence}"))
    for about, numbers, whole in (("came_from", one.came_from, started), ("went_to", one.went_to, ended)):
        if numbers:
            who = "starters by where they came from" if about == "came_from" else "leavers by where they went"
            parts = breakdown(whole, _amounts(ladder, numbers))
            adds_up = None if parts.outcome is BreakdownOutcome.MISSING else parts.outcome is BreakdownOutcome.ADDS_UP
            found.append(Check(about, name, adds_up, f"{name}, {who}: {parts.sentence}"))
    return found


def _checks_of_groups(ladder: Ladder) -> list[Check]:
    found = []
    for group in ladder.groups:
        for moment in Moment:
            whole: Count | None = getattr(ladder.of(group.code), moment)
            parts = {ladder.name_of(c): getattr(ladder.of(c), moment) for c in ladder.members(group.code)}
            known = {name: part for name, part in parts.items() if part is not None}
            if whole is None or not known:
                continue
            made = sum(part.number for part in known.values())
            if len(known) < len(parts):
                missing = listed([name for name in parts if name not in known])
                said = f"{missing} {'is' if len(parts) - len(known) == 1 else 'are'} not reported"
                holds = None if made <= whole.number else False
            else:
                holds, said = made == whole.number, listed([f"{p.number} {n}" for n, p in known.items()])
            told = f"{group.name} ({_MOMENT_WORDS[moment]}): {said}; the rungs make {made} of {whole.number}."
            found.append(Check("group", group.name, holds, told))
    return found


_MOMENT_WORDS = {
    Moment.START: "at the start",
    Moment.END: "at the end",
    Moment.STARTED: "starters",
    Moment.ENDED: "leavers",
    Moment.PLANNED: "planned",
}


def _checks_of_moves(ladder: Ladder) -> list[Check]:
    """A move from one rung to another is told twice where both report: as a leaver and as a starter."""
    found = []
    codes = _codes(ladder)
    for source in codes:
        for target in codes:
            leavers, starters = ladder.of(source).went_to, ladder.of(target).came_from
            if set(ladder.members(source)) & set(ladder.members(target)) or not leavers or not starters:
                continue
            left = _told(ladder, leavers, target)
            came = _told(ladder, starters, source)
            if left or came:
                names = f"{ladder.name_of(source)} to {ladder.name_of(target)}"
                said = f"{left} left for it and {came} came from it" if left != came else f"{left} left and arrived"
                lost = f": {abs(left - came)} {'lost' if left > came else 'from nowhere'}" if left != came else ""
                found.append(Check("move", names, left == came, f"{names}: {said}{lost}."))
    return found


def _told(ladder: Ladder, numbers: Mapping[str, int], code: str) -> int:
    """How many of the moves are from or to a rung or group, its rungs and the ways that lead to them included."""
    members = {code, *ladder.members(code)}
    members |= {way.code for way in ladder.ways if way.rung in members}
    return sum(number for other, number in numbers.items() if other in members)


def _checks_of_whole(ladder: Ladder) -> list[Check]:
    found = []
    for moment in (Moment.START, Moment.END):
        gap = not_reported(ladder, moment)
        if gap.in_care is not None:
            found.append(Check("in_care", NOT_REPORTED_NAME, gap.holds, gap.sentence))
    stated = ladder.of(NOT_REPORTED).end
    gap = not_reported(ladder)
    if stated is not None and gap.number is not None:
        told = f"{stated.number} are reported without a rung; the rungs leave {gap.number}."
        found.append(Check("stated_gap", NOT_REPORTED_NAME, stated.number == gap.number, told))
    return found


@dataclass(frozen=True)
class Gap:
    """What the rungs leave of the children in care: `number` below 0 where they make more; None without a total.

    `missing` are the rungs and groups in care without a number.
    """

    in_care: int | None
    on_rungs: int
    number: int | None
    missing: tuple[str, ...]
    sentence: str

    @property
    def holds(self) -> bool | None:
        """Whether the rungs make the children in care; None as long as rungs without a number may still do so."""
        if self.number is None or (self.number >= 0 and self.missing):
            return None
        return self.number == 0


def not_reported(ladder: Ladder, moment: Moment = Moment.END) -> Gap:
    """The children in care who stand on no rung that is reported, at the start or the end of the period."""
    in_care = ladder.in_care_end if moment is Moment.END else ladder.in_care_start
    on_rungs, missing = 0, []
    for code in _units(ladder):
        count = count_of(ladder, code, moment)
        if count is not None:
            on_rungs += count.number
            continue
        for member in ladder.members(code):
            part = count_of(ladder, member, moment)
            on_rungs += part.number if part is not None else 0
            missing += [ladder.name_of(member)] if part is None else []
    when = _MOMENT_WORDS[moment]
    if in_care is None:
        return Gap(None, on_rungs, None, tuple(missing), f"The number of children in care {when} is missing.")
    gap, made, whole = in_care - on_rungs, _n(on_rungs), _n(in_care)
    if gap == 0:
        said = f"The rungs make {made} {when}, which are the children in care."
    elif gap > 0:
        said = f"Of {whole} children in care {when}, {made} stand on rungs that are reported and {_n(gap)} on none"
        said += f": no number of {listed(missing)}." if missing else ", although every rung is reported."
    else:
        said = f"The rungs make {made} {when}, {_n(-gap)} more than the {whole} children in care."
    return Gap(in_care, on_rungs, gap, tuple(missing), said)


def _n(number: int) -> str:
    return written(Decimal(number), Unit.COUNT)


def _units(ladder: Ladder) -> list[str]:
    """What makes the children in care, each child once: the groups, and the rungs that are in none."""
    rungs = ladder.in_order(Standing.IN_CARE)
    return list(dict.fromkeys(rung.group or rung.code for rung in rungs))


def known_cost(ladder: Ladder) -> tuple[Decimal, tuple[str, ...]]:
    """What the rungs in care cost in pounds as far as reported, each once, and the names of those without a cost."""
    costs, missing = [], []
    for unit in _units(ladder):
        own = ladder.of(unit).cost
        if own is not None:
            costs.append(own)
            continue
        for member in ladder.members(unit):
            part = ladder.of(member).cost
            if part is None:
                missing.append(ladder.name_of(member))
            else:
                costs.append(part)
    return total_of(costs), tuple(missing)


# Moves


@dataclass(frozen=True)
class Move:
    """So many children from one rung to another; an empty side is outside care."""

    source: str
    target: str
    number: int


def moved(stocks: Mapping[str, int], moves: Iterable[Move]) -> dict[str, int]:
    """The children on each rung after the moves, one after the other. Nobody is lost: who leaves a rung arrives on
    another, or leaves care.

    Raises LadderError for a number below 0, a rung that is not there, a move from a rung to itself, one from outside
    to outside, and more children than are on the rung.
    """
    after = dict(stocks)
    for move in moves:
        for end in (move.source, move.target):
            if end and end not in after:
                raise LadderError(f"{capital(end)} is no rung.")
        if move.number < 0:
            raise LadderError("A number of children is below 0.")
        if move.source == move.target:
            raise LadderError("A move leads from one rung to another, into care or out of it.")
        if move.source:
            if after[move.source] < move.number:
                raise LadderError(f"{move.number} cannot leave {move.source}, where there are {after[move.source]}.")
            after[move.source] -= move.number
        if move.target:
            after[move.target] += move.number
    return after


def moves_of(ladder: Ladder) -> tuple[Move, ...]:
    """The moves that starters and leavers tell, each once, by code of rung, group or way: for drawing.

    A group stands for its rungs where none of them reports its own. A move told from both ends is taken as the starters
    tell it; where the two differ, `checks` says so.
    """
    found: dict[tuple[str, str], int] = {}
    leavers = {code: numbers for code in _codes(ladder) if (numbers := ladder.of(code).went_to)}
    starters = {code: numbers for code in _codes(ladder) if (numbers := ladder.of(code).came_from)}
    for source in _finest(ladder, leavers):
        for target, number in leavers[source].items():
            if not any(target in (t, *ladder.members(t)) for t in starters):
                found[source, target] = number
    for target in _finest(ladder, starters):
        for source, number in starters[target].items():
            found[source, target] = number
    return tuple(Move(source, target, number) for (source, target), number in found.items() if number)


def _finest(ladder: Ladder, told: Mapping[str, Mapping[str, int]]) -> list[str]:
    groups = {group.code for group in ladder.groups}
    return [c for c in told if c not in groups or not any(m in told for m in ladder.members(c))]
