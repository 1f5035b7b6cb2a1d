"""What of one figure is hidden for its own sake, and the cells that stand for it before an attacker.

A number below the threshold is hidden, and with it everything that rests on it: share, rate, mean, rating, rank,
direction, sparkline, point of a chart, tooltip, sentence. A share is hidden also where its group is small, and where
the complement tells as much as the numerator (`complement_sensitive`) and is small itself. `methods.md` §5.1.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from indicators.disclosure.cells import Cell, Guard, Relation, Standing, Table, total_is
from indicators.disclosure.policy import PEOPLE, Policy
from indicators.units import Unit, is_ratio, is_share, round_half_up

# Of more than so many any average with one decimal can be that of a sum of whole days or pounds: the decimal tells
# nothing of how many they are.
FEW_FOR_A_MEAN = 9
PLACES_OF_A_MEAN = 1


class Part(StrEnum):
    """What can be hidden of a figure. DERIVED is everything that rests on its counts."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    DERIVED = "derived"


class Reason(StrEnum):
    """Why something is hidden."""

    SMALL_NUMERATOR = "small numerator"
    SMALL_GROUP = "small group"
    SMALL_COMPLEMENT = "small complement"
    WHOLE_GROUP = "whole group"
    NO_COUNTS = "no counts"
    SECONDARY = "secondary"
    FEW = "few"
    NOT_WHOLE = "not whole"


_REASON_WORDS = {
    Reason.SMALL_NUMERATOR: "The number is below {t}.",
    Reason.SMALL_GROUP: "The group has fewer than {t} members.",
    Reason.SMALL_COMPLEMENT: "The others of the group are fewer than {t}.",
    Reason.WHOLE_GROUP: "A whole small group is in one class.",
    Reason.NO_COUNTS: "The counts behind it are not held, or may be small, so nobody can say that it is safe.",
    Reason.SECONDARY: "Another number could be worked out from it.",
    Reason.FEW: "The group is too small for a share or an average of rounded counts.",
    Reason.NOT_WHOLE: "It is a limit or no whole number, so it cannot be rounded.",
}

# What a count of hidden figures says of each, by the first of these that is among its reasons.
_COUNTED_WORDS: tuple[tuple[str, frozenset[Reason]], ...] = (
    ("with small numbers", frozenset({Reason.SMALL_NUMERATOR, Reason.SMALL_GROUP, Reason.SMALL_COMPLEMENT,
                                      Reason.WHOLE_GROUP, Reason.FEW})),
    ("with counts that are not held or may be small", frozenset({Reason.NO_COUNTS})),
    ("with a number that cannot be rounded", frozenset({Reason.NOT_WHOLE})),
    ("from which another could be worked out", frozenset({Reason.SECONDARY})),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure as it is to be published.

    A ratio or a mean has numerator and denominator (a mean: the sum of days or pounds, and how many they are of); a
    count has its number in `numerator`. All None but `value`: only the value is held. `counts` is what one unit of the
    numerator is, `denominator_counts` of the denominator ("" the same); what is no `policy.counts` is nobody.
    `is_population`: the denominator is a published population, which everybody knows. `cell_ids`: of numerator and
    denominator, where other figures have the same ones.
    """

    id: str
    unit: Unit
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    counts: str = "children"
    denominator_counts: str = ""
    complement_sensitive: bool = False
    is_population: bool = False
    is_margin: bool = False
    label: str = ""
    series: str = ""
    window: tuple[date, date] | None = None
    cell_ids: tuple[str, str] = ("", "")

    @property
    def numerator_id(self) -> str:
        """The id of its numerator's cell."""
        return self.cell_ids[0] or f"{self.id}/n"

    @property
    def denominator_id(self) -> str:
        """The id of its denominator's cell."""
        return self.cell_ids[1] or f"{self.id}/d"

    @property
    def complement_id(self) -> str:
        """The id of the cell of the others of its group, which is printed nowhere."""
        return f"{self.id}/c"

    @property
    def count(self) -> Decimal | None:
        """Its numerator, or the value of a plain count."""
        if self.numerator is None and self.denominator is None and self.unit is Unit.COUNT:
            return self.value
        return self.numerator

    @property
    def is_mean(self) -> bool:
        """Whether its numerator is a sum of days or pounds over the members of the denominator."""
        return self.denominator is not None and not is_ratio(self.unit)

    @property
    def complement(self) -> Decimal | None:
        """How many of the group are not in the numerator; None where it is no part of a group."""
        if self.numerator is None or self.denominator is None or not is_share(self.unit):
            return None
        if self.denominator_counts not in ("", self.counts) or self.numerator > self.denominator:
            return None
        return self.denominator - self.numerator


@dataclass(frozen=True)
class Verdict:
    """What of a figure is hidden, and why. Nothing is both shown and in `hides`."""

    hides: frozenset[Part]
    reasons: tuple[Reason, ...]

    def sentences(self, policy: Policy) -> tuple[str, ...]:
        """The reasons for a reviewer; readers see one symbol, whatever the reason."""
        return tuple(_REASON_WORDS[reason].format(t=policy.threshold) for reason in self.reasons)


def hidden_words(verdicts: Collection[Verdict]) -> str:
    """How many figures are hidden, and for what: each stands under one reason, so the parts make the whole."""
    if not verdicts:
        return "No figure hidden"
    found = Counter(
        next(words for words, reasons in _COUNTED_WORDS if not reasons.isdisjoint(verdict.reasons))
        for verdict in verdicts
    )
    told = ", ".join(f"{found[words]} {words}" for words, _ in _COUNTED_WORDS if found[words])
    return f"{len(verdicts)} figure{'' if len(verdicts) == 1 else 's'} hidden: {told}"


def verdict_of(figure: Figure, policy: Policy, hidden: Collection[str] = ()) -> Verdict:
    """What is hidden of a figure: for its own sake, and because the plan hides one of its cells (`hidden`: ids).

    Where any part is hidden, so is everything derived: value, rating, rank, direction, sparkline, chart, sentence.
    """
    hides: dict[Part, None] = {}
    reasons: list[Reason] = []
    count, group, others = figure.count, figure.denominator, figure.complement
    if policy.hides and figure.counts in policy.counts and not figure.is_mean and count is not None:
        if _is_small(count, policy):
            reasons.append(Reason.SMALL_NUMERATOR)
        if others is not None and figure.complement_sensitive and _is_small(others, policy):
            reasons.append(Reason.SMALL_COMPLEMENT)
        if _is_whole(figure, policy) and 0 in (count, others):
            reasons.append(Reason.WHOLE_GROUP)
        if reasons:
            hides[Part.NUMERATOR] = None
    if group is not None and _group_guard(figure, policy) is Guard.SMALL and _is_small(group, policy):
        reasons.append(Reason.SMALL_GROUP)
        hides[Part.DENOMINATOR] = None
    if count is None and _is_unknown(figure, policy) and (group is None or _may_be_small(figure, group, policy)):
        reasons.append(Reason.NO_COUNTS)
        hides[Part.DERIVED] = None
    for part, cell in ((Part.NUMERATOR, figure.numerator_id), (Part.DENOMINATOR, figure.denominator_id)):
        if cell in hidden and part not in hides and policy.hides:
            hides[part] = None
            reasons.append(Reason.SECONDARY)
    if hides:
        hides[Part.DERIVED] = None
    return Verdict(frozenset(hides), tuple(dict.fromkeys(reasons)))


def verdict_when_rounded(figure: Figure, policy: Policy, *, is_limit: bool = False) -> Verdict:
    """What stays hidden where counts are rounded instead: the whole figure, or nothing. `is_limit`: it says only that
    there are more or fewer than so many.

    A group is small up to `policy.small_group`, whatever the numerator, so that the symbol tells nothing of it.
    """
    reasons: list[Reason] = []
    count, group = figure.count, figure.denominator
    if policy.protects(figure.counts):
        has_counts = count is not None and (group is not None or figure.unit is Unit.COUNT)
        if not has_counts and not figure.is_mean and (group is not None or count is not None):
            reasons.append(Reason.NO_COUNTS)
        counted = (group,) if figure.is_mean else (count, group)
        if is_limit or any(n is not None and n != n.to_integral_value() for n in counted):
            reasons.append(Reason.NOT_WHOLE)
        few = max(policy.small_group, FEW_FOR_A_MEAN) if figure.is_mean else policy.small_group
        if group is not None and _group_guard(figure, policy) is Guard.SMALL and 0 < group <= few:
            reasons.append(Reason.FEW)
    if count is None and group is None and _is_unknown(figure, policy):
        reasons.append(Reason.NO_COUNTS)
    return Verdict(frozenset(Part) if reasons else frozenset(), tuple(dict.fromkeys(reasons)))


def figure_cells(figure: Figure, policy: Policy) -> tuple[tuple[Cell, ...], tuple[Relation, ...]]:
    """The cells of a figure and what holds between them: denominator = numerator + complement for a share.

    Part of a person counts as one. A figure of which only the value is held has no cells.
    """
    count, group = figure.count, figure.denominator
    if count is None or figure.is_mean:
        return ((_group_cell(figure, group, policy),) if group is not None else ()), ()
    is_people = policy.protects(figure.counts)
    guard = Guard.NOTHING if not is_people else Guard.SMALL_OR_NONE if _is_whole(figure, policy) else Guard.SMALL
    hides = verdict_of(figure, policy).hides
    numerator = Cell(
        figure.numerator_id, math.ceil(count), guard, is_margin=figure.is_margin,
        is_withheld=Part.NUMERATOR in hides, label=figure.label, series=figure.series, window=figure.window,
    )  # fmt: skip
    if group is None:
        return (numerator,), ()
    cells = [numerator, _group_cell(figure, group, policy)]
    if figure.complement is None:
        return tuple(cells), ()
    others = cells[1].value - numerator.value
    cells.append(
        Cell(
            figure.complement_id, others, guard if figure.complement_sensitive else Guard.NOTHING, Standing.UNPRINTED,
            label=f"{figure.label or figure.id}, the others of the group",
        )
    )  # fmt: skip
    return tuple(cells), (total_is(figure.denominator_id, (figure.numerator_id, figure.complement_id)),)


def table_of(name: str, figures: Sequence[Figure], policy: Policy, relations: Sequence[Relation] = ()) -> Table:
    """The table of these figures, with further relations between their cells (`numerator_id` and so on)."""
    cells: dict[str, Cell] = {}
    known = list(relations)
    for figure in figures:
        own, between = figure_cells(figure, policy)
        known += between
        for cell in own:
            cells.setdefault(f"{cell.id} {cell.guard} {cell.value}", cell)
    return Table(name, tuple(cells.values()), tuple(known))


def counts_behind(share: Decimal, places: int, denominator: int, unit: Unit = Unit.PERCENT) -> tuple[int, int] | None:
    """The least and the most that a numerator can be whose share of a known denominator is printed, rounded half up, at
    so many decimals; None where no whole number gives that share."""
    per = {Unit.PERCENT: 100, Unit.PER_10000: 10_000, Unit.PER_100000: 100_000}[unit] * 10 ** (places + 1)
    units = int(round_half_up(share, places).scaleb(places)) * 10
    low = max(0, -((5 - units) * denominator // per))
    high = -((-(units + 5) * denominator) // per) - 1
    return (low, high) if low <= high else None


def _is_small(number: Decimal, policy: Policy) -> bool:
    return 0 < number < policy.threshold


def _may_be_small(figure: Figure, group: Decimal, policy: Policy) -> bool:
    """Whether the numerator, or those who are left, can be small, of a share of which value and group alone are told;
    a mean has no numerator."""
    if figure.value is None or not is_ratio(figure.unit):
        return False
    places = max(0, -int(figure.value.normalize().as_tuple().exponent))
    found = counts_behind(figure.value, places, math.ceil(group), figure.unit)
    if found is None:
        return True
    low, high = found
    others = (math.ceil(group) - high, math.ceil(group) - low)
    ranges = [(low, high), *([others] if is_share(figure.unit) and figure.complement_sensitive else [])]
    return any(least < policy.threshold and most > 0 for least, most in ranges)


def _is_whole(figure: Figure, policy: Policy) -> bool:
    """Whether a 0, of the numerator or of the complement, tells about everybody in a small group."""
    group = figure.denominator
    is_group = group is not None and is_share(figure.unit) and 0 < group <= policy.small_group
    return policy.zero_discloses and figure.complement_sensitive and is_group


def _group_guard(figure: Figure, policy: Policy) -> Guard:
    counts = figure.denominator_counts or figure.counts
    return Guard.SMALL if policy.protects(counts) and not figure.is_population else Guard.NOTHING


def _group_cell(figure: Figure, group: Decimal, policy: Policy) -> Cell:
    standing = Standing.KNOWN if figure.is_population else Standing.PRINTED
    label = f"{figure.label or figure.id}, denominator"
    return Cell(
        figure.denominator_id, math.ceil(group), _group_guard(figure, policy), standing, is_margin=True, label=label
    )


def _is_unknown(figure: Figure, policy: Policy) -> bool:
    counts = {figure.counts, figure.denominator_counts} & PEOPLE
    is_of_people = policy.hides and bool(counts & policy.counts)
    return is_of_people and figure.value is not None and figure.unit is not Unit.POUNDS and not policy.shows_value_only
