"""What looks wrong or odd about one figure as it is entered, beside the figures of the periods before.

The same rules run on entry, on upload, in review and on a pack. A hard finding cannot be true. A soft one may be true
and is kept with a reason: nothing here stops a true figure. Standard library only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from indicators.checks_engine.prints import cut_off, half_up
from indicators.checks_engine.rules import Finding, Rule, Said, Severity, apply
from indicators.intervals import newcombe_difference
from indicators.units import WIDE, Unit, difference_written, factor, is_share, ratio, total_of, written

# Cases of people or events come in whole numbers; staff are counted in full-time equivalents.
WHOLE_NUMBERS = frozenset({"children", "families", "adults", "places", "events"})
# Half a dozen of ten is often all or none; of fifty it is seldom so.
LARGE_DENOMINATOR = 50
LONGEST_BEFORE = timedelta(days=92)

EARLIER_NEEDED = 4
# D4, the upper limit of a range chart of two values (Nelson, Journal of Quality Technology 14, 1982; Provost and
# Murray, The Health Care Data Guide, 2011, p. 155): 3 standard deviations above the average moving range.
RANGE_LIMIT = Decimal("3.267")
# A change below these is no jump, however steady the figures before were.
LEAST_COUNT = Decimal(3)
LEAST_SHARE_OF_VALUE = Decimal("0.05")


@dataclass(frozen=True)
class EarlierFigure:
    """The figure of an earlier period that this one can be compared with: no break in the series between them."""

    label: str
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Entered:
    """One figure as entered, and what is known around it; what is not known is left out and not checked.

    `value` is in the unit at full precision, worked out from the counts where there are both. `stated` is a value
    printed or typed beside the counts, rounded to `quantum`. `counts` is what one unit of the numerator is (children,
    families, staff, places, events). `earlier` runs from the latest period backwards.
    """

    unit: Unit
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    stated: Decimal | None = None
    quantum: Decimal | None = None
    counts: str = ""
    start_on: date | None = None
    end_on: date | None = None
    as_at_on: date | None = None
    extracted_on: date | None = None
    today: date | None = None
    earlier: tuple[EarlierFigure, ...] = ()

    @property
    def number(self) -> Decimal | None:
        """The value, worked out from the counts where there are both and none is given."""
        if self.value is None and self.numerator is not None and self.denominator:
            return ratio(self.numerator, self.denominator, self.unit)
        return self.value


def check_entered(entered: Entered) -> list[Finding]:
    """Everything that the rules find about one figure, hard findings first."""
    return sorted(apply(ENTRY_RULES, entered), key=lambda finding: finding.severity is not Severity.HARD)


# Numbers


def _outside_share(entered: Entered) -> Iterator[Said]:
    if not is_share(entered.unit):
        return
    for name, number in (("value", entered.value), ("value", entered.stated)):
        if number is not None and not 0 <= number <= 100:
            yield Said(f"{written(number, entered.unit)} is not between 0% and 100%.", name)
            return


def _numerator_over(entered: Entered) -> Iterator[Said]:
    if not is_share(entered.unit) or entered.numerator is None or entered.denominator is None:
        return
    if entered.numerator > entered.denominator:
        yield Said(f"{_of(entered)} is more than the whole.", "numerator")


def _stated_differs(entered: Entered) -> Iterator[Said]:
    outcome = _stated_outcome(entered)
    if outcome == "differs" and entered.stated is not None:
        said = written(entered.stated, entered.unit)
        yield Said(f"{_of(entered)} is {_near(entered)}, but {said} is stated.", "value")


def _stated_cut(entered: Entered) -> Iterator[Said]:
    if _stated_outcome(entered) == "cut" and entered.stated is not None:
        said = written(entered.stated, entered.unit)
        yield Said(f"{_of(entered)} is {_near(entered)}; the stated {said} is cut off, not rounded.", "value")


def _stated_outcome(entered: Entered) -> str:
    """How a value stated beside its counts stands to them: "" (agrees or cannot be told), "cut" or "differs"."""
    if entered.stated is None or entered.numerator is None or not entered.denominator:
        return ""
    exact = Fraction(entered.numerator) * factor(entered.unit) / Fraction(entered.denominator)
    stated, unit = Fraction(entered.stated), Fraction(entered.quantum or _last_digit(entered.stated))
    if half_up(exact, unit) == stated:
        return ""
    return "cut" if cut_off(exact, unit) == stated else "differs"


def _last_digit(number: Decimal) -> Decimal:
    return Decimal(1).scaleb(min(0, int(number.as_tuple().exponent)))


def _of(entered: Entered) -> str:
    words = [written(n, Unit.COUNT) for n in (entered.numerator, entered.denominator) if n is not None]
    return " of ".join(words) if is_share(entered.unit) else " over ".join(words)


def _near(entered: Entered) -> str:
    """What the counts give, with a decimal more than what is stated beside them."""
    if entered.numerator is None or not entered.denominator or entered.stated is None:
        return ""
    places = max(0, -int(entered.stated.as_tuple().exponent)) + 1
    return written(ratio(entered.numerator, entered.denominator, entered.unit), entered.unit, places)


_COUNTED_IN = {
    Unit.DAYS: ("denominator",),
    Unit.PERCENT: ("numerator", "denominator"),
    Unit.COUNT: ("value",),
}


def _fraction_of_a_case(entered: Entered) -> Iterator[Said]:
    if entered.counts not in WHOLE_NUMBERS:
        return
    # Days added up, and people of whom an estimate is the base, need not be whole.
    names = _COUNTED_IN.get(entered.unit, ("numerator",))
    for name in names:
        number = getattr(entered, name)
        if number is not None and number != number.to_integral_value():
            yield Said(f"{written(number, Unit.COUNT)} is no whole number, and this counts {entered.counts}.", name)


def _all_or_none(entered: Entered) -> Iterator[Said]:
    if not is_share(entered.unit) or entered.numerator is None or entered.denominator is None:
        return
    if entered.denominator >= LARGE_DENOMINATOR and entered.numerator in (0, entered.denominator):
        share = "0%" if entered.numerator == 0 else "100%"
        yield Said(f"{_of(entered)} is exactly {share}, which is seldom so among so many.", "numerator")


# History


def _same_again(entered: Entered) -> Iterator[Said]:
    if not entered.earlier or not entered.numerator or not entered.denominator:
        return
    last = entered.earlier[0]
    if (last.numerator, last.denominator) == (entered.numerator, entered.denominator):
        yield Said(f"{_of(entered)} is exactly the figure of {last.label}.", "numerator")


def jump_limit(earlier: Sequence[Decimal]) -> Decimal:
    """The greatest change from one period to the next that the figures before lead one to expect: 3.267 times their
    average change (the upper limit of a moving range chart). Needs two values or more, in the order of time."""
    moves = [abs(later - before) for before, later in pairwise(earlier)]
    return WIDE.divide(WIDE.multiply(RANGE_LIMIT, total_of(moves)), Decimal(len(moves)))


def _jump(entered: Entered) -> Iterator[Said]:
    number = entered.number
    if number is None or len(entered.earlier) < EARLIER_NEEDED:
        return
    last = entered.earlier[0]
    change = abs(number - last.value)
    values = [figure.value for figure in reversed(entered.earlier)]
    if change <= jump_limit(values) or change < _least_change(entered) or _is_chance(entered, last):
        return
    usual = jump_limit(values) / RANGE_LIMIT
    places = 0 if entered.unit in (Unit.COUNT, Unit.POUNDS) else 1
    yield Said(
        f"{written(number, entered.unit, places)} is {difference_written(change, entered.unit, places)} from the "
        f"{written(last.value, entered.unit, places)} of {last.label}; over the {len(values)} periods before, it moved "
        f"by {difference_written(usual, entered.unit, 1)} on average from one to the next.",
        "value" if entered.numerator is None else "numerator",
    )


def _least_change(entered: Entered) -> Decimal:
    """Below this a change is no jump. Where there are counts, chance decides instead."""
    if entered.numerator is not None:
        return Decimal(0)
    share = abs(entered.earlier[0].value) * LEAST_SHARE_OF_VALUE
    return max(share, LEAST_COUNT) if entered.unit in (Unit.COUNT, Unit.DAYS) else share


def _is_chance(entered: Entered, last: EarlierFigure) -> bool:
    """Whether chance alone could move a share as far (Newcombe's interval for the difference holds 0)."""
    pairs = [(one.numerator, one.denominator) for one in (entered, last)]
    (x1, n1), (x2, n2) = pairs
    if not is_share(entered.unit) or x1 is None or x2 is None or not n1 or not n2 or x1 > n1 or x2 > n2:
        return False
    low, high = newcombe_difference(x1, n1, x2, n2)
    return low <= 0 <= high


# What an amount of money is mistaken for, by how many times it is then too large or too small.
_SCALES = (
    (Decimal(52), "a week for a year"), (Decimal(365), "a night for a year"), (Decimal(7), "a night for a week"),
    (Decimal(100), "pence for pounds"), (Decimal(1000), "pounds for thousands"),
)  # fmt: skip
_NEAR_A_SCALE = (Decimal("0.85"), Decimal("1.15"))


def _another_scale(entered: Entered) -> Iterator[Said]:
    number = entered.number
    if entered.unit is not Unit.POUNDS or not number or not entered.earlier or not entered.earlier[0].value:
        return
    last = entered.earlier[0]
    times = WIDE.divide(number.copy_abs(), last.value.copy_abs())
    way, size = ("more", times) if times > 1 else ("less", WIDE.divide(Decimal(1), times))
    for scale, words in _SCALES:
        if _NEAR_A_SCALE[0] <= WIDE.divide(size, scale) <= _NEAR_A_SCALE[1]:
            money = f"{written(number, Unit.POUNDS, 0)} is about {scale} times {way} than the"
            yield Said(f"{money} {written(last.value, Unit.POUNDS, 0)} of {last.label}, as {words} would be.", "value")
            return


# Dates


def _after_today(entered: Entered) -> Iterator[Said]:
    if entered.today is None:
        return
    for name, words in (("as_at_on", "The as-at date"), ("extracted_on", "The date of extraction")):
        day = getattr(entered, name)
        if day is not None and day > entered.today:
            yield Said(f"{words}, {_day(day)}, is still to come.", name)


def _too_early(entered: Entered) -> Iterator[Said]:
    if entered.as_at_on is None or entered.start_on is None:
        return
    if entered.as_at_on < entered.start_on - LONGEST_BEFORE:
        days = (entered.start_on - entered.as_at_on).days
        yield Said(f"The as-at date, {_day(entered.as_at_on)}, is {days} days before the period begins.", "as_at_on")


def _extracted_first(entered: Entered) -> Iterator[Said]:
    if entered.extracted_on is None or entered.as_at_on is None:
        return
    if entered.extracted_on < entered.as_at_on:
        words = f"The data were extracted on {_day(entered.extracted_on)}, before the as-at date"
        yield Said(f"{words}, {_day(entered.as_at_on)}.", "extracted_on")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


# The rules, each with a figure that passes and one that does not

_SHARE = Entered(Unit.PERCENT, Decimal(1266), Decimal(1514), counts="events")
_HISTORY = tuple(EarlierFigure(f"2021/22 Q{n}", Decimal(v)) for n, v in ((4, 86), (3, 84), (2, 85), (1, 84)))
_PRICES = (EarlierFigure("2021/22 Q4", Decimal(281_721)),)
_DATED = replace(
    _SHARE, start_on=date(2022, 1, 1), end_on=date(2022, 3, 31), today=date(2022, 4, 22), as_at_on=date(2022, 3, 31),
    extracted_on=date(2022, 4, 14),
)  # fmt: skip

ENTRY_RULES: tuple[Rule[Entered], ...] = (
    Rule(
        "share_outside_0_to_100", Severity.HARD, "Type a percentage from 0 to 100.", _outside_share,
        passing=Entered(Unit.PERCENT, value=Decimal(100)), failing=Entered(Unit.PERCENT, value=Decimal(123)),
    ),
    Rule(
        "numerator_over_denominator", Severity.HARD, "Correct one, or swap the two if they are the wrong way round.",
        _numerator_over, passing=_SHARE, failing=replace(_SHARE, numerator=Decimal(1514), denominator=Decimal(1266)),
    ),
    Rule(
        "stated_differs_from_counts", Severity.SOFT, "Correct the value or one of the counts, or say why both stay.",
        _stated_differs, passing=replace(_SHARE, stated=Decimal(84)), failing=replace(_SHARE, stated=Decimal(85)),
    ),
    Rule(
        "stated_cut_off", Severity.SOFT, "Round it, a half going up, or say why it stays.",
        _stated_cut, passing=replace(_SHARE, stated=Decimal(84)), failing=replace(_SHARE, stated=Decimal(83)),
    ),
    Rule(
        "fraction_of_a_case", Severity.SOFT, "Type a whole number, or say why there is a part of one.",
        _fraction_of_a_case, passing=_SHARE, failing=replace(_SHARE, numerator=Decimal("1266.5")),
    ),
    Rule(
        "exactly_all_or_none", Severity.SOFT, "Check that the records were counted, then say so.",
        _all_or_none, passing=_SHARE, failing=replace(_SHARE, numerator=Decimal(1514)),
    ),
    Rule(
        "same_as_last_period", Severity.SOFT, "Check that the new figure was entered, then say so.", _same_again,
        passing=replace(_SHARE, earlier=(EarlierFigure("2021/22 Q3", Decimal(84), Decimal(1267), Decimal(1514)),)),
        failing=replace(_SHARE, earlier=(EarlierFigure("2021/22 Q3", Decimal(84), Decimal(1266), Decimal(1514)),)),
    ),
    Rule(
        "jump_beyond_history", Severity.SOFT, "Check the figure, then say what happened.", _jump,
        passing=Entered(Unit.PERCENT, value=Decimal(82), earlier=_HISTORY),
        failing=Entered(Unit.PERCENT, value=Decimal(60), earlier=_HISTORY),
    ),
    Rule(
        "money_of_another_scale", Severity.SOFT, "Correct the amount, or say why it stays.", _another_scale,
        passing=Entered(Unit.POUNDS, value=Decimal(255_548), earlier=_PRICES),
        failing=Entered(Unit.POUNDS, value=Decimal(5_418), earlier=_PRICES),
    ),
    Rule(
        "date_still_to_come", Severity.HARD, "Give the day on which it was so.", _after_today,
        passing=_DATED, failing=replace(_DATED, extracted_on=date(2023, 4, 14)),
    ),
    Rule(
        "as_at_long_before_period", Severity.SOFT, "Check the year, or say why an old figure stands for this period.",
        _too_early, passing=_DATED, failing=replace(_DATED, as_at_on=date(2021, 3, 31)),
    ),
    Rule(
        "extracted_before_as_at", Severity.SOFT, "Check the two dates, or say why.", _extracted_first,
        passing=_DATED, failing=replace(_DATED, extracted_on=date(2022, 3, 30)),
    ),
)  # fmt: skip
