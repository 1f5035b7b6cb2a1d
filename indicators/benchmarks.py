"""How an official figure of ours stands beside those of other areas: region, neighbours, England, rank.

A figure that is suppressed or missing is left out of every mean and rank, and is never taken for nothing. Values are
Decimal in the unit of their measure, as published or worked out from published counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from indicators.phrases import listed
from indicators.rag import Polarity
from indicators.trend import NOUNS
from indicators.units import (
    WIDE,
    Unit,
    difference_written,
    is_ratio,
    ordinal,
    round_half_up,
    total_of,
    written,
    written_plain,
)

NO_ROW = "not held"
SYMBOL_WORDS = {
    "c": "suppressed",
    "x": "not available",
    ":": "not available",
    "z": "not applicable",
    "k": "rounds to 0",
    "low": "rounds to 0",
    "~": "rounds to 0",
    "u": "low reliability",
}
# Fewer than nine in ten of the authorities known here are no country to be ranked in.
_RANKED_SHARE = Decimal("0.9")


# What is held


@dataclass(frozen=True)
class OfficialMeasure:
    """What a published data set measures, as its mapping says it."""

    code: str
    name: str
    unit: Unit
    places: int
    polarity: Polarity
    numerator: str = ""
    denominator: str = ""
    note: str = ""
    set_code: str = ""
    set_title: str = ""
    publisher: str = ""
    licence: str = ""

    @property
    def is_comparable(self) -> bool:
        """Whether areas of different size may be held beside each other: shares, rates and averages; no counts."""
        return is_ratio(self.unit) or self.unit is Unit.DAYS or bool(self.denominator)

    @property
    def mean_places(self) -> int:
        """Digits of a mean: of whole numbers one more than they have."""
        return max(1, self.places)


@dataclass(frozen=True)
class OfficialPeriod:
    """The stretch that a published figure is of: mostly a year, or the day on which something was counted."""

    slug: str
    label: str
    kind: str
    start_on: date
    end_on: date


@dataclass(frozen=True)
class Reading:
    """What a data set says of one area: a value, the symbol in its place ("u" also beside it), or neither: no row."""

    value: Decimal | None = None
    symbol: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def is_held(self) -> bool:
        """Whether there is a row at all."""
        return self.value is not None or self.symbol != ""


NOT_HELD = Reading()


def symbol_words(symbol: str) -> str:
    """A symbol in words; one that is not known is shown as it is."""
    return SYMBOL_WORDS.get(symbol, f"symbol {symbol}")


def reading_words(value: Decimal | None, symbol: str, unit: Unit, places: int) -> str:
    """A value as a column shows it, or in words why there is none; of low reliability is said beside a value."""
    if value is None:
        return symbol_words(symbol) if symbol else NO_ROW
    text = written_plain(value, unit, places)
    return f"{text}, {symbol_words(symbol)}" if symbol else text


# Comparator groups


@dataclass(frozen=True)
class Group:
    """Areas that ours is held beside, nearest first, and the days from and until which that is so."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None
    members: tuple[str, ...]
    source: str = ""

    @property
    def since(self) -> str:
        """The set by its first month: "April 2021"."""
        return f"{self.valid_from:%B %Y}"

    def is_in_force(self, day: date) -> bool:
        """Whether it is the set to be compared with on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def in_force(groups: Iterable[Group], last_day: date) -> Group | None:
    """The set that is valid for a period, by its last day; of several the newest."""
    return max((g for g in groups if g.is_in_force(last_day)), key=lambda g: g.valid_from, default=None)


@dataclass(frozen=True)
class GroupFigure:
    """Mean and median of a group in a period, and how many of its members they are made of."""

    group: Group
    mean: Decimal | None
    median: Decimal | None
    contributing: int
    is_in_force: bool

    @property
    def number(self) -> int:
        """Members of the group."""
        return len(self.group.members)


def group_figure(group: Group, readings: Mapping[str, Reading], *, is_in_force: bool) -> GroupFigure:
    """The figure of a group from the readings of areas by code. Each area counts once, whatever its size."""
    values = [v for code in group.members if (v := readings.get(code, NOT_HELD).value) is not None]
    return GroupFigure(group, mean_of(values), median_of(values), len(values), is_in_force)


def mean_of(values: Sequence[Decimal]) -> Decimal | None:
    """The arithmetic mean at full precision; None of nothing."""
    return WIDE.divide(total_of(values), Decimal(len(values))) if values else None


def median_of(values: Sequence[Decimal]) -> Decimal | None:
    """The middle value, or the mean of the two in the middle; None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[half]
    return WIDE.divide(WIDE.add(ordered[half - 1], ordered[half]), Decimal(2))


# Rank


class NoRank(StrEnum):
    """Why there is no rank."""

    NEITHER_WAY = "neither_way"
    A_COUNT = "a_count"
    OURS_NOT_SHOWN = "ours_not_shown"
    TOO_FEW = "too_few"


NO_RANK_WORDS = {
    NoRank.NEITHER_WAY: "Not ranked: neither high nor low is better",
    NoRank.A_COUNT: "Not ranked: a count depends on the size of the area",
    NoRank.OURS_NOT_SHOWN: "Not ranked: our own figure is not shown",
    NoRank.TOO_FEW: "Not ranked: too few authorities are held for it",
}


@dataclass(frozen=True)
class Rank:
    """A place among the authorities whose figure is shown: 1 is the best; ties share the better place.

    `quartiles`: the first and the last of the quartiles (1 is the best) that those in the same place lie in.
    """

    place: int
    shared_with: int
    shown: int
    not_shown: int
    quartiles: tuple[int, int]

    @property
    def words(self) -> str:
        """ "12th best of 151 (2 not shown)"."""
        return rank_words(self.place, self.shared_with, self.shown, self.not_shown)


def rank_of(own: Reading, authorities: Sequence[Reading], polarity: Polarity, *, known: int) -> Rank | NoRank:
    """The place of ours among all authorities of a period, ours among them.

    `known` is the number of authorities that are known at all: of a period for which fewer than nine in ten have a row
    there is no rank.
    """
    if polarity not in {Polarity.HIGHER, Polarity.LOWER}:
        return NoRank.NEITHER_WAY
    if own.value is None:
        return NoRank.OURS_NOT_SHOWN
    held = [one for one in authorities if one.is_held]
    if len(held) < 2 or len(held) < _RANKED_SHARE * known:
        return NoRank.TOO_FEW
    values = [one.value for one in held if one.value is not None]
    better = sum(v > own.value if polarity is Polarity.HIGHER else v < own.value for v in values)
    same, shown = sum(v == own.value for v in values), len(values)
    quartiles = (4 * better // shown + 1, 4 * (better + same - 1) // shown + 1)
    return Rank(better + 1, same - 1, shown, len(held) - shown, quartiles)


def rank_words(place: int, shared_with: int, shown: int, not_shown: int) -> str:
    """ "12th best of 151 (2 not shown)", counted from the nearer end: "4th worst"; the ends are "best" and "worst"."""
    text = f"{place_words(place, shared_with, shown)} of {shown}"
    if shared_with:
        text += f", shared with {shared_with} {'other' if shared_with == 1 else 'others'}"
    return f"{text} ({not_shown} not shown)" if not_shown else text


def place_words(place: int, shared_with: int, shown: int) -> str:
    """ "12th best", "4th worst", "best"."""
    from_worst = shown - place - shared_with + 1
    nearer, end = (place, "best") if place <= from_worst else (from_worst, "worst")
    return end if nearer == 1 else f"{ordinal(nearer)} {end}"


_QUARTILES = {1: "best", 2: "second", 3: "third", 4: "worst"}


def quartile_words(first: int, last: int) -> str:
    """ "second quartile"; where those in the same place lie in more than one: "second or third quartile"."""
    if first == last:
        return f"{_QUARTILES[first]} quartile"
    return f"{_QUARTILES[first]} {'or' if last == first + 1 else 'to'} {_QUARTILES[last]} quartile"


# A period of a measure


@dataclass(frozen=True)
class Names:
    """What our own area, its region and its country are called."""

    ours: str
    region: str
    country: str


@dataclass(frozen=True)
class Compared:
    """One official period of a measure: ours beside region, country and groups, and our rank among authorities."""

    measure: OfficialMeasure
    period: OfficialPeriod
    ours: Reading
    region: Reading
    country: Reading
    groups: tuple[GroupFigure, ...]
    rank: Rank | NoRank

    @property
    def group(self) -> GroupFigure | None:
        """The set of neighbours that ours is held against: the one in force on its last day; of none, the newest."""
        return next((g for g in self.groups if g.is_in_force), self.groups[-1] if self.groups else None)


@dataclass(frozen=True)
class Places:
    """The codes of our own area, its region and its country, and the sets of neighbours, the oldest first."""

    ours: str
    region: str
    country: str
    groups: tuple[Group, ...]

    @property
    def codes(self) -> frozenset[str]:
        """Every area that ours is held beside, and ours."""
        members = (code for group in self.groups for code in group.members)
        return frozenset({self.ours, self.region, self.country, *members} - {""})


def compare(
    measure: OfficialMeasure,
    period: OfficialPeriod,
    readings: Mapping[str, Reading],
    places: Places,
    *,
    authorities: Sequence[Reading],
    known: int,
) -> Compared:
    """A period of a measure from the readings of areas by code, and of all authorities (see `rank_of`). Of a count
    nothing but ours is given: it depends on the size of the area."""
    own = readings.get(places.ours, NOT_HELD)
    if not measure.is_comparable:
        return Compared(measure, period, own, NOT_HELD, NOT_HELD, (), NoRank.A_COUNT)
    valid = in_force(places.groups, period.end_on)
    return Compared(
        measure,
        period,
        own,
        readings.get(places.region, NOT_HELD),
        readings.get(places.country, NOT_HELD),
        tuple(group_figure(g, readings, is_in_force=g is valid) for g in places.groups),
        rank_of(own, authorities, measure.polarity, known=known),
    )


def begun_by(rows: Sequence[Compared], day: date) -> Compared | None:
    """Of the rows of a measure the latest whose period has begun by that day: the one to hold beside a figure."""
    return max((r for r in rows if r.period.start_on <= day), key=lambda r: r.period.end_on, default=None)


def period_words(official: OfficialPeriod) -> str:
    """ "the year 2021/22", "March 2022"."""
    return f"the year {official.label}" if official.kind == "financial_year" else official.label


def beside_words(official: OfficialPeriod, slug: str, kind: str, end_on: date) -> str:
    """What an official figure is of, beside a figure of ours of the period with that slug, kind and last day: "the year
    2021/22, not this quarter". Of the same period: only its name."""
    said = period_words(official)
    if official.slug == slug:
        return said
    noun = NOUNS.get(kind, "period")
    if official.end_on < end_on:
        return f"{said}, not this {noun}: nothing later is held"
    return f"{said}, not this {noun}"


def difference_words(
    own: Decimal, other: Decimal, than: str, *, unit: Unit, places: int, polarity: Polarity = Polarity.NONE
) -> str:
    """ "9.9 points above England (better)"; "level with England" where the difference rounds to nothing."""
    difference = round_half_up(WIDE.subtract(own, other), places)
    if difference == 0:
        return f"level with {than}"
    is_above = difference > 0
    said = f"{difference_written(difference, unit, places)} {'above' if is_above else 'below'} {than}"
    if polarity not in {Polarity.HIGHER, Polarity.LOWER}:
        return said
    return f"{said} ({'better' if is_above is (polarity is Polarity.HIGHER) else 'worse'})"


def finding(row: Compared, names: Names) -> str:
    """What a period says in a sentence or two, without its period: ours, the differences, the rank."""
    measure, own = row.measure, row.ours
    if own.value is None:
        return f"{names.ours}: {reading_words(None, own.symbol, measure.unit, measure.places)}, so nothing is compared."
    said = f"{names.ours} {written(own.value, measure.unit, measure.places)}"
    if own.symbol:
        said += f" ({symbol_words(own.symbol)})"
    found = [
        difference_words(
            own.value, value, than, unit=measure.unit, places=places, polarity=measure.polarity
        )
        for value, than, places in _others(row, names)
    ]  # fmt: skip
    said = f"{said}: {listed(found)}." if found else f"{said}."
    if isinstance(row.rank, Rank):
        said += f" {row.rank.words[:1].upper()}{row.rank.words[1:]}, {quartile_words(*row.rank.quartiles)}."
    return said


def _others(row: Compared, names: Names) -> list[tuple[Decimal, str, int]]:
    """What ours is held against: region, its set of neighbours, country."""
    found: list[tuple[Decimal, str, int]] = []
    if row.region.value is not None:
        found.append((row.region.value, names.region, row.measure.places))
    group = row.group
    if group is not None and group.mean is not None:
        found.append((group.mean, f"the mean of its neighbours of {group.group.since}", row.measure.mean_places))
    if row.country.value is not None:
        found.append((row.country.value, names.country, row.measure.places))
    return found
