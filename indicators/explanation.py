"""Why a figure has its rating: the rule, the ranges, the room, how many cases, and whether chance could explain it.

Methods: Wilson's interval of a share from the counts behind it, beside the boundaries of the ranges; the rating itself
is never softened by it.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from indicators.direction_of_travel import Window
from indicators.intervals import wilson
from indicators.measurement import Basis, Measured
from indicators.rag import Number as Judged
from indicators.rag import (
    Polarity,
    Rating,
    Standard,
    gap_in_cases,
    judge,
    rule_sentence,
    words,
)
from indicators.scorecard import ScorecardRow
from indicators.units import (
    WIDE,
    Unit,
    difference_written,
    factor,
    is_ratio,
    is_share,
    ratio,
    round_half_up,
    written,
    written_exactly,
)

# One and many of what an indicator counts (IndicatorVersion.counts).
COUNTED = {
    "children": ("child", "children"),
    "families": ("family", "families"),
    "staff": ("member of staff", "members of staff"),
    "places": ("place", "places"),
    "events": ("case", "cases"),
}
_MOST_DECIMALS = 4
NONE_SET = "none set"


@dataclass(frozen=True)
class Explanation:
    """The rule in a sentence, and pairs of a word and what it stands for, in order."""

    rule: str
    items: tuple[tuple[str, str], ...]


def explain(row: ScorecardRow, *, counts: str, places: int) -> Explanation:
    """Explains the rating of a row. `counts` is what the numerator counts; `places` as the value is printed."""
    line, standard = row.line, row.line.standard
    measured = row.held.measured if row.held else None
    measure = measured.measure(line.unit) if measured else None
    rule = rule_sentence(row.judgement, measure, standard, line.unit, places)
    is_limit = measured is not None and measured.qualifier in ("<", ">")
    items: list[tuple[str, str]] = []
    if measured is not None and row.number is not None:
        items.append(("Value, unrounded", _unrounded(measured, row.number, line.unit)))
    if standard is not None and standard.target is not None:
        items += _ranges(standard, line.unit)
        if row.number is not None and not is_limit and row.judgement.rating is not Rating.NOT_JUDGED:
            items += _room(row.number, row.judgement.rating, standard, line.unit)
    if measured is not None and row.number is not None and standard is not None and standard.target is not None:
        items.append((f"{COUNTED[counts][1].capitalize()} that would change it", cases_that_change_it(row, counts)))
        items.append(("Could it be chance?", could_it_be_chance(row)))
    if row.judgement.boundary_in_rounding:
        items.append(("Printed rounded", "Could be on either side of a boundary before rounding; judged as printed"))
    return Explanation(rule, tuple(items))


def _unrounded(measured: Measured, number: Decimal, unit: Unit) -> str:
    if measured.basis is not Basis.DERIVED:
        text = written(number, unit, _decimals(number), measured.qualifier)
        if measured.quantum is None:
            return text
        nearest = written(measured.quantum, unit, _decimals(measured.quantum))
        return f"{text} as printed, to the nearest {nearest}"
    shown = round_half_up(number, _MOST_DECIMALS)
    text = written(shown, unit, _decimals(shown))
    parts = " divided by ".join(
        f"{part.normalize():,f}" for part in (measured.numerator, measured.denominator) if part is not None
    )
    return f"{text}, {parts}" if shown == number else f"{text} to {_MOST_DECIMALS} decimals, {parts}"


def _parts(measured: Measured, between: str) -> str:
    """Numerator and denominator as they were counted."""
    held = [part for part in (measured.numerator, measured.denominator) if part is not None]
    return between.join(f"{part.normalize(WIDE):,f}" for part in held)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize(WIDE).as_tuple().exponent))


def _ranges(standard: Standard, unit: Unit) -> list[tuple[str, str]]:
    """What counts as better, within and outside, in words. Both boundaries belong to the better class."""
    better = words(Rating.BETTER)
    outside = words(Rating.OUTSIDE)
    if standard.polarity is Polarity.NONE:
        return []
    if standard.polarity is Polarity.BAND:
        near, far = (_from_to(bounds, unit) for bounds in (standard.better_range, standard.allowed_range))
        within = f"outside that, but {far}" if standard.has_tolerance and near != far else NONE_SET
        return [(better, near), (words(Rating.WITHIN), within), (outside, f"beyond {far.removeprefix('from ')}")]
    side = 0 if standard.polarity is Polarity.HIGHER else 1
    target, limit = standard.better_range[side], standard.allowed_range[side]
    at_best, at_worst = (written_exactly(edge, unit) for edge in (target, limit) if edge is not None)
    more, less = ("or more", "less than") if side == 0 else ("or less", "more than")
    if not standard.has_tolerance:
        within = NONE_SET
    elif target == limit:
        within = "no room: the tolerance equals the target"
    elif side == 0:
        within = f"{at_worst} or more, but less than {at_best}"
    else:
        within = f"more than {at_best}, up to {at_worst}"
    return [(better, f"{at_best} {more}"), (words(Rating.WITHIN), within), (outside, f"{less} {at_worst}")]


def _from_to(bounds: tuple[Decimal | None, Decimal | None], unit: Unit) -> str:
    return "from " + " to ".join(written_exactly(edge, unit) for edge in bounds if edge is not None)


def _room(value: Decimal, rating: Rating, standard: Standard, unit: Unit) -> list[tuple[str, str]]:
    """How far the value is from the target and from the limit."""
    to_target = _beyond(value, standard.better_range)
    to_limit = _beyond(value, standard.allowed_range)
    if to_target is None or to_limit is None:
        return []

    def far(distance: Decimal) -> str:
        if distance == 0:
            return "none: it stands on the boundary"
        for places in (None, _MOST_DECIMALS):
            if round_half_up(distance, 2 if places is None else places) != 0:
                return difference_written(distance, unit, places)
        return "less than can be shown"

    if rating is Rating.BETTER:
        items = [("Room to target", far(to_target))]
    else:
        way = {Polarity.HIGHER: " more", Polarity.LOWER: " less"}.get(standard.polarity, "")
        items = [("To reach target", far(to_target) + way)]
    if standard.has_tolerance and standard.better_range != standard.allowed_range:
        name = "Outside tolerance by" if rating is Rating.OUTSIDE else "Room before outside"
        items.append((name, far(to_limit)))
    return items


def _beyond(value: Decimal, bounds: tuple[Decimal | None, Decimal | None]) -> Decimal | None:
    """The distance from the value to the nearest end of a range."""
    distances = [WIDE.subtract(value, edge).copy_abs() for edge in bounds if edge is not None]
    return min(distances, default=None)


def _whole(measured: Measured) -> tuple[int, int] | None:
    """Numerator and denominator where both are held and count whole cases."""
    n, d = measured.numerator, measured.denominator
    if n is None or d is None or d <= 0 or n != n.to_integral_value() or d != d.to_integral_value():
        return None
    return int(n), int(d)


def cases_that_change_it(row: ScorecardRow, counts: str) -> str:
    """How many more or fewer cases would have given another rating, by the counts behind the figure."""
    measured = row.held.measured if row.held else None
    standard, unit = row.line.standard, row.line.unit
    if measured is None or standard is None:
        return "Cannot be worked out: there is no figure"
    if not is_ratio(unit):
        return "Cannot be worked out: not a share of cases"
    if standard.polarity is Polarity.BAND:
        return "Not worked out where better means near the target"
    if measured.numerator is None or not measured.denominator:
        lacking = "counts" if measured.denominator is None else "numerator"
        return f"Cannot be worked out: no {lacking} held"
    whole = _whole(measured)
    if whole is None:
        return "Cannot be worked out: the counts are not whole cases"
    one, many = COUNTED[counts]
    rating = judge(Judged(ratio(*whole, unit)), standard).rating
    to_gain, to_lose = ("more", "fewer") if standard.polarity is Polarity.HIGHER else ("fewer", "more")
    said = []
    for number, way, becomes in (
        (gap_in_cases(*whole, standard, unit), to_gain, _next_better(rating, standard)),
        (cases_to_lose(*whole, standard, unit), to_lose, _next_worse(rating, standard)),
    ):
        if number is not None:
            said.append(f"{number:,} {way} {one if number == 1 else many} would have made it {becomes}")
    if not said:
        return "No number of cases would have changed it"
    return "; ".join(said) + _by_the_counts(row)


def _next_better(rating: Rating, standard: Standard) -> str:
    is_two_steps = rating is Rating.OUTSIDE and standard.has_tolerance and standard.limit != standard.target
    return _lower(words(Rating.WITHIN if is_two_steps else Rating.BETTER))


def _next_worse(rating: Rating, standard: Standard) -> str:
    if rating is Rating.BETTER and standard.has_tolerance and standard.limit != standard.target:
        return _lower(words(Rating.WITHIN))
    return _lower(words(Rating.OUTSIDE))


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _by_the_counts(row: ScorecardRow) -> str:
    found = row.contradiction
    if found is None:
        return ""
    return f" (by the counts, which give {written(found, row.line.unit, max(1, row.line.places))})"


def cases_to_lose(numerator: int, denominator: int, standard: Standard, unit: Unit) -> int | None:
    """How many fewer cases in the numerator (more, where lower is better) would have put the value in a worse class.

    None where that has no answer: already outside, a band, no target or direction, or no number of cases would.
    """
    if denominator <= 0 or numerator < 0 or standard.target is None or not is_ratio(unit):
        return None
    rating = judge(Judged(ratio(numerator, denominator, unit)), standard).rating
    if rating not in (Rating.BETTER, Rating.WITHIN) or standard.polarity is Polarity.BAND:
        return None
    boundary = standard.target if rating is Rating.BETTER else standard.limit
    if boundary is None:
        return None
    cases = WIDE.divide(WIDE.multiply(boundary, Decimal(denominator)), Decimal(factor(unit)))
    if standard.polarity is Polarity.HIGHER:
        least = int(cases.to_integral_value(ROUND_CEILING))
        return numerator - least + 1 if least >= 1 else None
    most = int(cases.to_integral_value(ROUND_FLOOR))
    return None if is_share(unit) and most >= denominator else most - numerator + 1


def could_it_be_chance(row: ScorecardRow) -> str:
    """Whether Wilson's 95% interval of the counts includes a boundary of the ranges; or why that is not tested."""
    measured = row.held.measured if row.held else None
    standard = row.line.standard
    if measured is None or standard is None or standard.target is None:
        return "Not tested: there is no figure or no target"
    untested = _why_not_tested(row, measured)
    if untested:
        return f"Not tested: {untested}"
    numerator, denominator = measured.numerator, measured.denominator
    low, high = (share.scaleb(2) for share in wilson(numerator or 0, denominator or 0))
    bounds = [*standard.better_range, *(standard.allowed_range if standard.has_tolerance else ())]
    hit = sorted({edge for edge in bounds if edge is not None and low <= edge <= high})
    interval = " to ".join(written(share, Unit.PERCENT, 1) for share in (low, high))
    counts = (
        f"{numerator.normalize():,f} of {denominator.normalize():,f}" if numerator is not None and denominator else ""
    )
    if hit:
        edges = " and ".join(written_exactly(edge, Unit.PERCENT) for edge in hit)
        verdict = f"It could be chance: the 95% interval from {counts}, {interval}, includes {edges}"
    else:
        verdict = f"Clear: the 95% interval from {counts}, {interval}, includes no boundary"
    return verdict + _by_the_counts(row)


def _why_not_tested(row: ScorecardRow, measured: Measured) -> str:
    unit = row.line.unit
    reasons = []
    if row.line.window is Window.ROLLING_12_MONTHS:
        reasons.append("rolling measure")
    if not is_share(unit):
        reasons.append("not a share")
    elif measured.numerator is None and measured.denominator is None:
        reasons.append("value only, no counts" if measured.basis is Basis.VALUE_ONLY else "no counts")
    elif measured.numerator is None or not measured.denominator:
        reasons.append("no denominator" if measured.denominator is None else "no numerator")
    elif _whole(measured) is None:
        reasons.append("the counts are not whole cases")
    if not reasons and measured.qualifier in ("<", ">"):
        reasons.append("only a limit is known")
    return ", ".join(reasons)
