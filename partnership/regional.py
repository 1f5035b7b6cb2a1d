"""One indicator over the authorities of a region: who is compared, who is not and why, the order and the middle.

Everything here is worked out from figures that packs for everybody told, so nothing hidden can be told by it: a hidden
figure is in no median, no rank and no drawing, and whether it would have been the middle one decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from indicators import rag
from indicators.benchmarks import (
    NO_RANK_WORDS,
    NoRank,
    OfficialMeasure,
    OfficialPeriod,
    Rank,
    Reading,
    median_of,
    rank_of,
)
from indicators.funnel_table import AllAreas, AreaReading, AreaRow, all_areas
from indicators.quarters import Period
from indicators.rag import MissingReason, NotJudged, Polarity, Rating
from indicators.same_definition import Definition, Difference, differences, most_used
from indicators.units import Unit, is_share

FEWEST_FOR_A_MEDIAN = 3
FEWEST_FOR_QUARTILES = 8
FEWEST_FOR_A_FUNNEL = 5
HIDDEN_WORDS = "It is a small number, or others would tell one"
LIMIT_WORDS = "Only a limit is known, so it is not compared"
OUTCOME_WORDS = "An outcome is stated without a number"
NOTHING_PUBLISHED = "Has published nothing for everybody"
NOT_PUBLISHED = "Has not published this indicator for everybody"


class State(StrEnum):
    """How an authority stands in a period."""

    COMPARED = "compared"
    LIMIT = "limit"
    HIDDEN = "hidden"
    NO_NUMBER = "no_number"
    OTHER_DEFINITION = "other_definition"
    NOT_TOLD = "not_told"


SAME_DEFINITION = (State.COMPARED, State.LIMIT, State.HIDDEN, State.NO_NUMBER)


class Telling(StrEnum):
    """Which of several statements of a figure is asked for."""

    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True)
class Member:
    """An authority of a region; `has_published`: whether a pack of it for everybody stands."""

    slug: str
    name: str
    area_code: str
    has_published: bool = False


@dataclass(frozen=True)
class Told:
    """That a public table of an authority told a figure, by which definition, and where. Later ones have a later
    `order`."""

    member: str
    period: Period
    definition: Definition
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    qualifier: str
    symbol: str
    places: int
    is_approximate: bool
    breaks: tuple[date, ...]
    pack: str
    pack_title: str
    table: str
    body: str
    meeting_on: date
    order: tuple[datetime, int, bool]

    @property
    def state(self) -> State:
        """How it stands where its definition is the common one."""
        if self.symbol == MissingReason.CONFIDENTIAL.value:
            return State.HIDDEN
        if self.value is None:
            return State.NO_NUMBER
        return State.LIMIT if self.qualifier in {"<", ">"} else State.COMPARED

    @property
    def figure(self) -> tuple[object, ...]:
        """What two statements must have alike to tell the same."""
        return (self.value, self.numerator, self.denominator, self.qualifier, self.symbol)


@dataclass(frozen=True)
class Row:
    """An authority in the period: the statement that is shown, its place, and where it was told otherwise the `other`
    statement: the first one, or where the first is shown the last one."""

    member: Member
    state: State
    why: str
    told: Told | None = None
    other: Told | None = None
    differs: tuple[Difference, ...] = ()
    rank: Rank | None = None
    place: AreaRow | None = None

    @property
    def quartiles(self) -> tuple[int, int] | None:
        """The quartiles that those in the same place lie in; None where too few are shown."""
        return self.rank.quartiles if self.rank is not None and self.rank.shown >= FEWEST_FOR_QUARTILES else None


@dataclass(frozen=True)
class SideBySide:
    """A period over all authorities of a region, each once, by name. `definition` is the one that is compared, None
    where nobody told a figure; `definitions` all that were published by, with how many authorities each has."""

    period: Period
    rows: tuple[Row, ...]
    definition: Definition | None
    definitions: tuple[tuple[Definition, int], ...]
    median: Decimal | None
    why_no_rank: str
    funnel: AllAreas | None
    why_no_funnel: str

    def in_state(self, *states: State) -> tuple[Row, ...]:
        """The authorities that stand so."""
        return tuple(row for row in self.rows if row.state in states)

    @property
    def same(self) -> tuple[Row, ...]:
        """Those that published by the common definition, with a number or without."""
        return self.in_state(*SAME_DEFINITION)

    @property
    def compared(self) -> tuple[Row, ...]:
        """Those whose figure is held beside the others."""
        return self.in_state(State.COMPARED)


def stated(told: Iterable[Told], telling: Telling) -> dict[str, Told]:
    """The statement of each authority that is asked for, of statements of one period."""
    found: dict[str, Told] = {}
    for one in sorted(told, key=lambda t: t.order, reverse=telling is Telling.FIRST):
        found[one.member] = one
    return found


def side_by_side(
    members: Sequence[Member],
    told: Sequence[Told],
    period: Period,
    *,
    telling: Telling = Telling.LAST,
    fingerprint: str = "",
) -> SideBySide:
    """The authorities in a period. `told`: every statement of them in whatever period; `fingerprint`: the beginning of
    that of the definition to compare, else the one that most have."""
    known = {one.slug for one in members}
    own = [one for one in told if one.member in known]
    now = [one for one in own if one.period == period]
    shown = stated(now, telling)
    other = stated(now, Telling.FIRST if telling is Telling.LAST else Telling.LAST)
    found = [one.definition for one in shown.values()]
    common = most_used([d for d in found if fingerprint and d.fingerprint.startswith(fingerprint)] or found)
    rows = [_row(one, own, period, shown.get(one.slug), other.get(one.slug), common) for one in members]
    rows.sort(key=lambda row: row.member.name.casefold())
    counted = {d.fingerprint: d for d in found}
    offered = [(d, sum(x.fingerprint == f for x in found)) for f, d in counted.items()]
    offered.sort(key=lambda pair: (-pair[1], pair[0].fingerprint))
    if common is None:
        return SideBySide(period, tuple(rows), None, (), None, "", None, "")
    funnel, why_no_funnel = _funnel(rows, common, period)
    ranked, why_no_rank = _ranked(rows, common, funnel)
    values = [row.told.value for row in rows if row.state is State.COMPARED and row.told and row.told.value is not None]
    is_enough = len(values) >= FEWEST_FOR_A_MEDIAN and is_comparable(common)
    return SideBySide(
        period, tuple(ranked), common, tuple(offered), median_of(values) if is_enough else None, why_no_rank,
        funnel if funnel is not None and funnel.funnel is not None else None, why_no_funnel,
    )  # fmt: skip


def _row(
    member: Member, own: Sequence[Told], period: Period, shown: Told | None, other: Told | None,
    common: Definition | None,
) -> Row:  # fmt: skip
    if shown is None or common is None:
        return Row(member, State.NOT_TOLD, _why_not_told(member, own, period))
    differs = differences(common, shown.definition)
    if differs:
        return Row(member, State.OTHER_DEFINITION, "; ".join(d.words for d in differs), shown, None, differs)
    return Row(member, shown.state, why_of(shown), shown, _otherwise(shown, other))


def _otherwise(shown: Told, other: Told | None) -> Told | None:
    """The other statement where it told otherwise. One that is hidden in either place does not say that it changed."""
    if other is None or other.figure == shown.figure or State.HIDDEN in {other.state, shown.state}:
        return None
    return other if other.definition.fingerprint == shown.definition.fingerprint else None


def why_of(told: Told) -> str:
    """Why a figure by the common definition is not compared; empty where it is."""
    match told.state:
        case State.HIDDEN:
            return HIDDEN_WORDS
        case State.LIMIT:
            return LIMIT_WORDS
        case State.NO_NUMBER:
            return rag.words(Rating.NOT_JUDGED, NotJudged(told.symbol)) if told.symbol else OUTCOME_WORDS
    return ""


def _why_not_told(member: Member, own: Sequence[Told], period: Period) -> str:
    if not member.has_published:
        return NOTHING_PUBLISHED
    periods = [one.period for one in own if one.member == member.slug]
    if not periods:
        return NOT_PUBLISHED
    newest = max(periods, key=lambda p: p.end_on)
    return f"Has published it, but not for {period.label}; the newest is {newest.label}"


# The order, the funnel


def is_comparable(definition: Definition) -> bool:
    """Whether authorities of different size may be held beside each other: shares, rates and averages; no counts."""
    return measure_of(definition).is_comparable


def measure_of(definition: Definition) -> OfficialMeasure:
    """The definition as the drawings of official figures take it."""
    return OfficialMeasure(
        definition.indicator, definition.name, Unit(definition.unit), definition.places,
        Polarity(definition.polarity), definition.numerator, definition.denominator,
    )  # fmt: skip


def _reading(told: Told) -> Reading:
    if told.state is not State.COMPARED:
        return Reading(symbol=told.symbol or "x")
    return Reading(told.value, "", told.numerator, told.denominator)


def _ranked(rows: Sequence[Row], common: Definition, funnel: AllAreas | None) -> tuple[list[Row], str]:
    """The rows with their rank and place, and why none has a rank."""
    readings = {row.member.slug: _reading(row.told) for row in rows if row.told and row.state in SAME_DEFINITION}
    places = {row.area.code: row for row in funnel.rows if row.place} if funnel and funnel.funnel else {}
    found, why = [], NO_RANK_WORDS[NoRank.A_COUNT] if not is_comparable(common) else ""
    for row in rows:
        rank: Rank | NoRank = NoRank.A_COUNT
        if row.state is State.COMPARED and is_comparable(common):
            held = list(readings.values())
            rank = rank_of(readings[row.member.slug], held, Polarity(common.polarity), known=len(held))
            why = NO_RANK_WORDS[rank] if isinstance(rank, NoRank) else ""
        found.append(
            Row(row.member, row.state, row.why, row.told, row.other, row.differs,
                rank if isinstance(rank, Rank) else None, places.get(row.member.area_code))
        )  # fmt: skip
    return found, why


def _funnel(rows: Sequence[Row], common: Definition, period: Period) -> tuple[AllAreas | None, str]:
    """The funnel of those that are compared, or why there is none in a sentence."""
    if not is_share(Unit(common.unit)):
        return None, "A funnel is drawn of shares alone, and this is none."
    areas = [
        AreaReading(row.member.area_code, row.member.name, "", _reading(row.told))
        for row in rows
        if row.told and row.state is State.COMPARED
    ]
    with_counts = sum(area.parts is not None for area in areas)
    if with_counts < FEWEST_FOR_A_FUNNEL:
        return None, (
            f"A funnel needs the counts of {FEWEST_FOR_A_FUNNEL} authorities or more; "
            f"{with_counts or 'none'} of these {'has' if with_counts == 1 else 'have'} them."
        )
    found = all_areas(measure_of(common), official_period(period), areas, known=len(areas))
    return found, found.why_none


def official_period(period: Period) -> OfficialPeriod:
    """The period as the drawings of official figures take it."""
    return OfficialPeriod(period.slug, period.label, period.kind, period.start_on, period.end_on)


# Over time


@dataclass(frozen=True)
class Course:
    """The figures of an authority by the common definition, oldest first, as they are asked for."""

    member: Member
    told: tuple[Told, ...]


def courses(
    members: Sequence[Member], told: Sequence[Told], found: SideBySide, *, telling: Telling, most: int
) -> tuple[Course, ...]:
    """Of each authority that is compared in the period the figures up to it, of periods of its kind, the last `most` of
    them. Only what may be compared: one by another definition, hidden or known as a limit leaves a gap."""
    if found.definition is None:
        return ()
    by_period: dict[Period, list[Told]] = {}
    for one in told:
        if one.period.kind == found.period.kind and one.period.end_on <= found.period.end_on:
            by_period.setdefault(one.period, []).append(one)
    last = sorted(by_period, key=lambda p: p.end_on)[-most:]
    chosen = [stated(by_period[period], telling) for period in last]
    same = found.definition.fingerprint
    compared = {row.member.slug for row in found.compared}
    drawn = []
    for member in sorted(members, key=lambda m: m.name.casefold()):
        own = [c[member.slug] for c in chosen if member.slug in c and member.slug in compared]
        held = tuple(t for t in own if t.state is State.COMPARED and t.definition.fingerprint == same)
        if len(held) > 1:
            drawn.append(Course(member, held))
    return tuple(drawn)


# What a region can compare


@dataclass(frozen=True)
class Comparable:
    """An indicator that two authorities or more publish by the same definition: the newest such period, how many
    authorities of how many have it there, and how many of these show a number."""

    definition: Definition
    period: Period
    publishing: int
    shown: int
    members: int
