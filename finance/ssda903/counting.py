"""Counts an SSDA903 return over a period: stocks, starters, leavers, moves and child-days by rung and age band.

A night counts where the child is: that of the day of the start does, that of the day of the end does not. The stock at
the start is that of the night before the period, the stock at the end that of its last night. So stock at the start
+ starters − leavers + moves in − moves out is the stock at the end, on every rung.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from finance.ages import AGE_BANDS, band_on, birthday
from finance.demand_model import LEFT, Child, Observed, per_day
from finance.ssda903.codes import TURNED_18
from finance.ssda903.findings import Finding
from finance.ssda903.reading import CannotBeRead, Care, CareOf, Stay, read

AGE_NOT_STATED = "age-not-stated"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Summary:
    """The sums of a return over a period, and what is odd in it. Nothing of any child is in it.

    `at_start`, `at_end`, `child_days` by (age band, rung); `starters` by (band, rung); `leavers` by (band, rung, where
    they went); `moves` by (band, from, to). The band of a move or a leaver is that of the night before, that of a
    starter that of the first night. `exposure` is child-days from the night before the period to the last but one:
    those on which a child could move in it. `aged_out`: leavers on their 18th birthday, by (band, rung).
    """

    start_on: date
    end_on: date
    children: int
    at_start: Mapping[tuple[str, str], int]
    at_end: Mapping[tuple[str, str], int]
    starters: Mapping[tuple[str, str], int]
    leavers: Mapping[tuple[str, str, str], int]
    moves: Mapping[tuple[str, str, str], int]
    child_days: Mapping[tuple[str, str], int]
    exposure: Mapping[tuple[str, str], int]
    aged_out: Mapping[tuple[str, str], int]
    findings: tuple[Finding, ...]

    def observed(self) -> tuple[Observed, ...]:
        """What the rates of the demand model are worked out from: every move that was made at any age, in each band.

        Who left on the 18th birthday did so by age, which the model knows by itself.
        """
        left: Counter[tuple[str, str, str]] = Counter(self.moves)
        for (band, rung, _), number in self.leavers.items():
            left[band, rung, LEFT] += number
        for (band, rung), number in self.aged_out.items():
            left[band, rung, LEFT] -= number
        pairs = sorted({(begin, to) for (_, begin, to), number in left.items() if number})
        return tuple(
            Observed(band.code, begin, to, left[band.code, begin, to], self.exposure.get((band.code, begin), 0))
            for begin, to in pairs
            for band in AGE_BANDS
        )

    def entrants(self) -> dict[tuple[str, str], Decimal]:
        """Children a day who start, by band and rung; those without an age are left out."""
        days = (self.end_on - self.start_on).days + 1
        return {key: per_day(number, days) for key, number in self.starters.items() if key[0] != AGE_NOT_STATED}


@dataclass
class _Counts:
    at_start: Counter[tuple[str, str]] = field(default_factory=Counter)
    at_end: Counter[tuple[str, str]] = field(default_factory=Counter)
    starters: Counter[tuple[str, str]] = field(default_factory=Counter)
    leavers: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    child_days: Counter[tuple[str, str]] = field(default_factory=Counter)
    exposure: Counter[tuple[str, str]] = field(default_factory=Counter)
    aged_out: Counter[tuple[str, str]] = field(default_factory=Counter)


def summarise(header: bytes, episodes: bytes, start_on: date, end_on: date) -> Summary:
    """The sums of a return over a period, both days in it. Raises CannotBeRead."""
    if end_on < start_on:
        raise CannotBeRead("The period ends before it begins. Correct one of the dates.")
    return counted(read(header, episodes), start_on, end_on)


def counted(care: Care, start_on: date, end_on: date) -> Summary:
    """The sums of what was read, over a period."""
    counts, children = _Counts(), 0
    for child in care.children:
        stays = [stay for stay in _up_to_18(child) if _touches(stay, start_on - _ONE_DAY, end_on)]
        children += any(_touches(stay, start_on, end_on) for stay in stays)
        _count(counts, child, stays, start_on, end_on)
    return Summary(
        start_on=start_on, end_on=end_on, children=children, at_start=dict(counts.at_start),
        at_end=dict(counts.at_end), starters=dict(counts.starters), leavers=dict(counts.leavers),
        moves=dict(counts.moves), child_days=dict(counts.child_days), exposure=dict(counts.exposure),
        aged_out=dict(counts.aged_out), findings=care.findings.found(),
    )  # fmt: skip


def cohort(care: Care, on: date) -> tuple[Child, ...]:
    """Day of birth and rung of each child in care on a night, for the demand model. It stays in the child process."""
    return tuple(
        Child(child.birth, stay.rung)
        for child in care.children
        if child.birth is not None and child.birth <= on
        for stay in _up_to_18(child)
        if _touches(stay, on, on)
    )


def _up_to_18(child: CareOf) -> Iterator[Stay]:
    """The stays of a child; one without an end goes on to the 18th birthday at most."""
    last = child.eighteenth
    for stay in child.stays:
        if last is None or (stay.end is not None and stay.end <= last):
            yield stay
        elif stay.start < last:
            yield Stay(stay.rung, stay.start, last, TURNED_18, stay.row)


def _touches(stay: Stay, first: date, last: date) -> bool:
    """Whether it has a night between two days, both in."""
    return stay.start <= last and (stay.end is None or stay.end > first)


def _count(counts: _Counts, child: CareOf, stays: list[Stay], start_on: date, end_on: date) -> None:
    opening = start_on - _ONE_DAY
    for place, stay in enumerate(stays):
        before = stays[place - 1] if place else None
        following = stays[place + 1] if place + 1 < len(stays) else None
        if _touches(stay, opening, opening):
            counts.at_start[_band(child, opening), stay.rung] += 1
        if _touches(stay, end_on, end_on):
            counts.at_end[_band(child, end_on), stay.rung] += 1
        if start_on <= stay.start <= end_on:
            if before is not None and before.end == stay.start:
                counts.moves[_band(child, stay.start - _ONE_DAY), before.rung, stay.rung] += 1
            else:
                counts.starters[_band(child, stay.start), stay.rung] += 1
        is_last = following is None or following.start != stay.end
        if stay.end is not None and start_on <= stay.end <= end_on and is_last:
            band = _band(child, stay.end - _ONE_DAY)
            counts.leavers[band, stay.rung, stay.went_to] += 1
            if stay.end == child.eighteenth:
                counts.aged_out[band, stay.rung] += 1
        _count_nights(counts.child_days, child, stay, start_on, end_on)
        _count_nights(counts.exposure, child, stay, opening, end_on - _ONE_DAY)


def _count_nights(found: Counter[tuple[str, str]], child: CareOf, stay: Stay, first: date, last: date) -> None:
    """Adds the nights of a stay from one day to another, by the age on each of them."""
    begin = max(stay.start, first)
    until = last + _ONE_DAY if stay.end is None else min(stay.end, last + _ONE_DAY)
    edges = [begin, *_birthdays(child, begin, until), until]
    for low, high in pairwise(edges):
        if low < high:
            found[_band(child, low), stay.rung] += (high - low).days


def _birthdays(child: CareOf, first: date, until: date) -> Iterable[date]:
    """The birthdays between two days on which a child comes into another band."""
    if child.birth is None:
        return []
    edges = [birthday(child.birth, band.from_years) for band in AGE_BANDS]
    return [day for day in edges if first < day < until]


def _band(child: CareOf, day: date) -> str:
    band = None if child.birth is None else band_on(child.birth, day)
    return AGE_NOT_STATED if band is None else band.code
