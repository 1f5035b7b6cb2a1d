"""Why a figure has its rating: the rule, the target in force, the ranges, the room, how many cases, days or pounds
would have changed it, whether chance could explain it, and who approved it.

Methods: Wilson's interval of a share from the counts behind it, beside the boundaries of the ranges; the rating itself
is never softened by it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.direction_of_travel import Window
from indicators.intervals import wilson
from indicators.measurement import Basis, Measured
from indicators.rag import (
    Polarity,
    Rating,
    Standard,
    rule_sentence,
    words,
)
from indicators.scorecard import ScorecardRow
from indicators.sensitivity import Step, steps_in_cases, steps_in_units
from indicators.units import (
    WIDE,
    Unit,
    difference_written,
    is_ratio,
    is_share,
    round_half_up,
    written,
    written_exactly,
)

# One and many of what an indicator counts (IndicatorVersion.counts).
COUNTED = {
    "children": ("child", "children"),
    "families": ("family", "families"),
    "adults": ("adult", "adults"),
    "staff": ("member of staff", "members of staff"),
    "places": ("place", "places"),
    "events": ("case", "cases"),
}
_MOST_DECIMALS = 4
NONE_SET = "none set"


@dataclass(frozen=True)
class Ruling:
    """The version of target and tolerance that a figure is judged against: its number, the label of the period from
    which it holds, and on whose authority."""

    number: int
    since: str
    authority: str


@dataclass(frozen=True)
class Accepted:
    """Who approved the figure and when; a figure of a published paper was accepted as the paper states it."""

    actor: str
    on: date
    is_paper: bool


@dataclass(frozen=True)
class Explanation:
    """The rule in a sentence, and pairs of a word and what it stands for, in order."""

    rule: str
    items: tuple[tuple[str, str], ...]


def explain(
    row: ScorecardRow, *, counts: str, places: int, ruling: Ruling | None = None, accepted: Accepted | None = None
) -> Explanation:
    """Explains the rating of a row. `counts` is what the numerator counts; `places` as the value is printed; `ruling`
    and `accepted` are told where they are known."""
    line, standard = row.line, row.line.standard
    measured = row.held.measured if row.held else None
    measure = measured.measure(line.unit) if measured else None
    rule = rule_sentence(row.judgement, measure, standard, line.unit, places)
    is_limit = measured is not None and measured.qualifier in ("<", ">")
    items: list[tuple[str, str]] = []
    if measured is not None and row.number is not None:
        items.append(("Value, unrounded", _unrounded(measured, row.number, line.unit)))
    if ruling is not None:
        since = f"in force from {ruling.since}"
        items.append(("Target and tolerance", f"Version {ruling.number}, {since}: {ruling.authority}"))
    if standard is not None and standard.target is not None:
        items += _ranges(standard, line.unit)
        if row.number is not None and not is_limit and row.judgement.rating is not Rating.NOT_JUDGED:
            items += _room(row.number, row.judgement.rating, standard, line.unit)
    if measured is not None and row.number is not None and _can_change(standard):
        items.append((f"{_unit_words(counts, line.unit)} that would change it", what_would_change_it(row, counts)))
        items.append(("Could it be chance?", could_it_be_chance(row)))
    if row.judgement.boundary_in_rounding:
        items.append(("Printed rounded", "Could be on either side of a boundary before rounding; judged as printed"))
    if accepted is not None:
        items.append(("Approved", _approved(accepted)))
    return Explanation(rule, tuple(items))


def _can_change(standard: Standard | None) -> bool:
    """Whether another value could have another rating at all."""
    return (
        standard is not None
        and standard.target is not None
        and not standard.suspended
        and standard.polarity is not Polarity.NONE
    )


def _approved(accepted: Accepted) -> str:
    day = f"{accepted.on.day} {accepted.on:%B %Y}"
    return f"{day}, as published: {accepted.actor}" if accepted.is_paper else f"{day}, by {accepted.actor}"


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


_MOVED = {Unit.DAYS: ("day", "days"), Unit.POUNDS: ("pound", "pounds")}


def _unit_words(counts: str, unit: Unit) -> str:
    """What is moved to see when the rating changes, in the plural: days, pounds, or what the indicator counts."""
    return _MOVED.get(unit, COUNTED[counts])[1].capitalize()


def what_would_change_it(row: ScorecardRow, counts: str) -> str:
    """How few more or fewer would have given another rating: cases behind a share or rate, else units of the value."""
    measured = row.held.measured if row.held else None
    standard, unit = row.line.standard, row.line.unit
    if measured is None or row.number is None or standard is None:
        return "Cannot be worked out: there is no figure"
    if is_ratio(unit):
        if measured.numerator is None or not measured.denominator:
            lacking = "counts" if measured.denominator is None else "numerator"
            return f"Cannot be worked out: no {lacking} held"
        whole = _whole(measured)
        if whole is None:
            return "Cannot be worked out: the counts are not whole cases"
        steps = steps_in_cases(*whole, standard, unit)
    elif measured.qualifier in ("<", ">"):
        return "Cannot be worked out: only a limit is known"
    else:
        steps = steps_in_units(row.number, standard, unit)
    if not steps:
        many = _MOVED[unit][1] if unit in _MOVED else "cases"
        return f"No number of {many} would have changed it"
    return "; ".join(_step_words(step, counts, unit) for step in steps) + _by_the_counts(row)


def _step_words(step: Step, counts: str, unit: Unit) -> str:
    way, became = "more" if step.is_more else "fewer", _lower(words(step.rating))
    if unit is Unit.POUNDS:
        less = way if step.is_more else "less"
        return f"{written(Decimal(step.number), unit)} {less} would have made it {became}"
    one, many = _MOVED.get(unit, COUNTED[counts])
    return f"{step.number:,} {way} {one if step.number == 1 else many} would have made it {became}"


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _by_the_counts(row: ScorecardRow) -> str:
    found = row.contradiction
    if found is None:
        return ""
    return f" (by the counts, which give {written(found, row.line.unit, max(1, row.line.places))})"


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
