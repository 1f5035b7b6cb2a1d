"""Expected children and cost, night by night, of an outlook: exact in Decimal, without drawing anything.

A child who is there on night t is there on night t + 1 with probability 1 − h, h being the rung's chance of leaving
unplanned, until the planned end. Who is in place on the day of the outlook is there that night for certain; a starter
is there on the night of the start for certain. Starters of a month are spread evenly over its nights. A planned move
splits a placement in two, each with its probability. So the nights of a stretch are a geometric sum, read from a table.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from finance.nights import FIRST, Level, levels_of
from finance.outlook import Outlook, Placement, PlannedMove
from indicators.quarters import month_of
from indicators.units import WIDE


@dataclass(frozen=True)
class Counting:
    """Which of the assumptions of an outlook count; all of them unless said otherwise."""

    ends: bool = True
    known_starts: bool = True
    moves: bool = True
    leaving: bool = True
    starters: bool = True
    changes: bool = True
    standing: bool = True


EVERYTHING = Counting()
CERTAIN = Counting(moves=False, leaving=False, starters=False, changes=False)


@dataclass
class Tally:
    """Expected nights, and price a week times nights, of one rung in one period."""

    nights: Decimal = Decimal(0)
    week_nights: Decimal = Decimal(0)


@dataclass
class Expected:
    """Expected nights and cost by period (its place among the cuts) and rung; standing costs by period alone."""

    tallies: dict[tuple[int, str], Tally] = field(default_factory=dict)
    standing: dict[int, Decimal] = field(default_factory=dict)

    def week_nights(self, period: int) -> Decimal:
        """Price times nights of a period, standing costs included."""
        with localcontext(WIDE):
            found = sum((tally.week_nights for (at, _), tally in self.tallies.items() if at == period), Decimal(0))
            return found + self.standing.get(period, Decimal(0))

    def of(self, period: int, rung: str) -> Tally:
        """What was found of a rung in a period."""
        return self.tallies.get((period, rung), Tally())


@dataclass(frozen=True)
class _Segment:
    """Nights in one period at one level of prices; as numbers of days from the day of the outlook."""

    first: int
    until: int
    period: int
    level: Level


class _Rung:
    """What holds on one rung: its segments, and the expected nights of a stay by its length so far."""

    def __init__(self, name: str, keep: Decimal, segments: Sequence[_Segment]) -> None:
        self.name = name
        self.segments = segments
        self._starts = [segment.first for segment in segments]
        self._keep = keep
        self._kept = [Decimal(1)]
        self._sums = [Decimal(0)]

    def kept(self, nights: int) -> Decimal:
        """The chance of still being there after so many nights."""
        return Decimal(1) if self._keep == 1 else self._grown(nights)._kept[nights]

    def nights(self, from_night: int, to_night: int) -> Decimal:
        """Expected nights between two lengths of stay."""
        if self._keep == 1:
            return Decimal(to_night - from_night)
        table = self._grown(to_night)._sums
        return table[to_night] - table[from_night]

    def _grown(self, length: int) -> "_Rung":
        while len(self._kept) <= length:
            self._sums.append(self._sums[-1] + self._kept[-1])
            self._kept.append(self._kept[-1] * self._keep)
        return self

    def between(self, first: int, until: int) -> Iterator[tuple[int, int, _Segment]]:
        """The segments that a stay touches, with the nights of it in each."""
        place = max(0, bisect_right(self._starts, first) - 1)
        for segment in self.segments[place:]:
            if segment.first >= until:
                return
            low, high = max(first, segment.first), min(until, segment.until)
            if low < high:
                yield low, high, segment


def expected(outlook: Outlook, counting: Counting = EVERYTHING, cuts: Sequence[date] = ()) -> Expected:
    """Expected nights and cost from the day of the outlook on.

    `cuts`: the days on which the periods begin and the day after the last, in order; none: the two financial years.
    Period 0 is between the first two. Nights before the outlook do not count. Raises PriceBelowZero (`finance.nights`).
    """
    days = tuple(cuts) or (outlook.year.start_on, outlook.year.next().start_on, outlook.until)
    with localcontext(WIDE):
        return _Walk(outlook, counting, days).done()


def children_on(outlook: Outlook, day: date, counting: Counting = EVERYTHING) -> dict[str, Decimal]:
    """How many children are expected on each rung on the night of a day, from the day of the outlook on."""
    found = expected(outlook, counting, (day, day + timedelta(days=1)))
    return {rung: found.of(0, rung).nights for rung in outlook.rungs}


class _Walk:
    """Goes through an outlook once and adds up."""

    def __init__(self, outlook: Outlook, counting: Counting, cuts: Sequence[date]) -> None:
        self._outlook, self._counting = outlook, counting
        self._periods = [
            (max(0, self._at(first)), self._at(until), number) for number, (first, until) in enumerate(pairwise(cuts))
        ]
        self._horizon = self._at(cuts[-1])
        self._rungs: dict[str, _Rung] = {}
        self._found = Expected()

    def done(self) -> Expected:
        for placement in self._outlook.placements:
            self._add_placement(placement)
        for cost in self._outlook.standing if self._counting.standing else ():
            if self._counting.known_starts or cost.start <= self._outlook.as_of:
                end = cost.end if self._counting.ends else None
                self._add_standing(cost.weekly, cost.start, end)
        if self._counting.starters:
            for row in self._outlook.starters:
                self._add_starters(row.rung, row.per_month, row.average_price)
        return self._found

    def _at(self, day: date) -> int:
        return (day - self._outlook.as_of).days

    def _rung(self, name: str) -> _Rung:
        if name not in self._rungs:
            keep = 1 - self._outlook.leaving_of(name) if self._counting.leaving else Decimal(1)
            levels = levels_of(self._outlook.price_changes, name) if self._counting.changes else (FIRST,)
            self._rungs[name] = _Rung(name, keep, self._segments(levels))
        return self._rungs[name]

    def _segments(self, levels: Sequence[Level]) -> list[_Segment]:
        found = []
        begins = [0, *(self._at(level.on) for level in levels[1:])]
        for first, until, period in self._periods:
            for level, begin, after in zip(levels, begins, [*begins[1:], self._horizon], strict=True):
                low, high = max(first, begin), min(until, after)
                if low < high:
                    found.append(_Segment(low, high, period, level))
        return found

    def _add_placement(self, placement: Placement) -> None:
        end = placement.end if self._counting.ends else None
        until = self._horizon if end is None else min(self._at(end), self._horizon)
        first = max(0, self._at(placement.start))
        is_later = placement.start > self._outlook.as_of
        is_over = placement.end is not None and placement.end <= self._outlook.as_of
        if first >= until or is_over or (is_later and not self._counting.known_starts):
            return
        moves = [m for m in placement.moves if m.probability] if self._counting.moves else []
        self._add_stretch(Decimal(placement.number), placement.rung, placement.weekly, first, until, moves)

    def _add_stretch(
        self, weight: Decimal, rung: str, weekly: Decimal, first: int, until: int, moves: Sequence[PlannedMove]
    ) -> None:
        """Adds children who are on a rung from night `first`, `weight` of them, and where they move."""
        here = self._rung(rung)
        at = self._at(moves[0].on) if moves else until
        if at >= until:
            self._add(weight, here, weekly, first, until)
            return
        self._add(weight, here, weekly, first, at)
        move, rest = moves[0], moves[1:]
        weight *= here.kept(at - first)
        if move.probability < 1:
            self._add_stretch(weight * (1 - move.probability), rung, weekly, at, until, rest)
        if move.to_rung is not None:
            self._add_stretch(weight * move.probability, move.to_rung, move.weekly, at, until, rest)

    def _add(self, weight: Decimal, rung: _Rung, weekly: Decimal, first: int, until: int) -> None:
        for low, high, segment in rung.between(first, until):
            nights = weight * rung.nights(low - first, high - first)
            self._count(rung, segment, nights, weekly)

    def _count(self, rung: _Rung, segment: _Segment, nights: Decimal, weekly: Decimal) -> None:
        tally = self._found.tallies.setdefault((segment.period, rung.name), Tally())
        tally.nights += nights
        tally.week_nights += nights * segment.level.of(weekly)

    def _add_standing(self, weekly: Decimal, start: date, end: date | None) -> None:
        first = max(0, self._at(start))
        until = self._horizon if end is None else min(self._at(end), self._horizon)
        for begin, after, period in self._periods:
            nights = min(until, after) - max(first, begin)
            if nights > 0:
                before = self._found.standing.get(period, Decimal(0))
                self._found.standing[period] = before + weekly * nights

    def _add_starters(self, name: str, per_month: Decimal, weekly: Decimal) -> None:
        rung, present = self._rung(name), Decimal(0)
        per_night = Decimal(0)
        keep, night = rung.kept(1), 0
        for segment in rung.segments:
            nights = Decimal(0)
            while night < segment.until:
                day = self._outlook.as_of + timedelta(days=night)
                if night == 0 or day.day == 1:
                    per_night = per_month / month_of(day).end_on.day
                present = present * keep + per_night
                nights += present if night >= segment.first else 0
                night += 1
            self._count(rung, segment, nights, weekly)
