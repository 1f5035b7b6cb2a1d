"""How few cases, days or pounds would have changed a rating: by hand, and against counting one by one."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rag import Number, Polarity, Rating, Standard, ToleranceKind, gap_in_cases, judge
from indicators.sensitivity import Step, steps_in_cases, steps_in_units
from indicators.units import Unit, ratio
from tests.reference import sensitivity_reference

BETTER, WITHIN, OUTSIDE = Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE


def standard(polarity, target, kind=ToleranceKind.NONE, tolerance=None, band=None, unit=Unit.PERCENT, suspended=False):
    amounts = [None if x is None else Decimal(str(x)) for x in (target, tolerance, band)]
    return Standard(polarity, amounts[0], kind, amounts[1], amounts[2], suspended, unit)


HIGHER = standard(Polarity.HIGHER, 90, ToleranceKind.ABSOLUTE, 75)
LOWER = standard(Polarity.LOWER, 9, ToleranceKind.ABSOLUTE, 15)
BAND = standard(Polarity.BAND, 50, ToleranceKind.POINTS, 10, 5)


@pytest.mark.parametrize(
    ("cases", "against", "unit", "steps"),
    [
        # 1,363 of 1,514 is the first share of 90% or more, 1,135 the last below 75%.
        ((1266, 1514), HIGHER, Unit.PERCENT, (Step(97, True, BETTER), Step(131, False, OUTSIDE))),
        ((50, 100), HIGHER, Unit.PERCENT, (Step(25, True, WITHIN),)),
        ((90, 100), HIGHER, Unit.PERCENT, (Step(1, False, WITHIN),)),
        ((3, 3), HIGHER, Unit.PERCENT, (Step(1, False, OUTSIDE),)),
        ((33, 550), LOWER, Unit.PERCENT, (Step(17, True, WITHIN),)),
        ((60, 550), LOWER, Unit.PERCENT, (Step(11, False, BETTER), Step(23, True, OUTSIDE))),
        ((43, 100), BAND, Unit.PERCENT, (Step(2, True, BETTER), Step(9, False, OUTSIDE))),
        ((50, 100), BAND, Unit.PERCENT, (Step(6, True, WITHIN), Step(6, False, WITHIN))),
        # A rate has no most: 57 of 29,350 is 194.2 per 100,000.
        ((57, 29350), standard(Polarity.LOWER, 194, unit=Unit.PER_100000), Unit.PER_100000, (Step(1, False, BETTER),)),
        # Everybody counted, and it is still not enough: no number of cases changes it.
        ((2, 2), standard(Polarity.HIGHER, 101), Unit.PERCENT, ()),
        ((0, 40), standard(Polarity.LOWER, 0), Unit.PERCENT, (Step(1, True, OUTSIDE),)),
    ],
)
def test_cases_when_few_would_change_the_rating_then_the_first_each_way_is_found(cases, against, unit, steps):
    assert steps_in_cases(*cases, against, unit) == steps


@pytest.mark.parametrize(
    ("value", "against", "steps"),
    [
        ("463", standard(Polarity.LOWER, 426, ToleranceKind.ABSOLUTE, 460, unit=Unit.DAYS), (Step(3, False, WITHIN),)),
        ("121", standard(Polarity.LOWER, 121, ToleranceKind.ABSOLUTE, 200, unit=Unit.DAYS), (Step(1, True, WITHIN),)),
        ("463.4", standard(Polarity.LOWER, 460, unit=Unit.DAYS), (Step(4, False, BETTER),)),
        ("3", standard(Polarity.HIGHER, 0, unit=Unit.DAYS), ()),  # it would have to fall below nothing
        ("-3", standard(Polarity.HIGHER, 0, unit=Unit.POUNDS), (Step(3, True, BETTER),)),
        ("0", standard(Polarity.HIGHER, 0, unit=Unit.POUNDS), (Step(1, False, OUTSIDE),)),
    ],
)
def test_units_when_few_would_change_the_rating_then_whole_ones_are_counted(value, against, steps):
    assert steps_in_units(Decimal(value), against, against.unit) == steps


@pytest.mark.parametrize(("cases", "unit"), [((1, 0), Unit.PERCENT), ((-1, 5), Unit.PERCENT), ((1, 5), Unit.DAYS)])
def test_cases_when_there_is_no_cohort_to_count_in_then_refused(cases, unit):
    with pytest.raises(ValueError, match="cohort"):
        steps_in_cases(*cases, HIGHER, unit)


def test_rating_when_the_target_is_suspended_then_nothing_would_change_it():
    suspended = standard(Polarity.HIGHER, 90, suspended=True)
    assert steps_in_cases(10, 100, suspended, Unit.PERCENT) == ()


def standards(most):
    """Every kind of standard that can be defined, with amounts from 0 to `most`, and the same as the second judge
    takes it."""
    amounts = st.integers(0, most).map(Decimal) | st.decimals(0, most, places=2)

    @st.composite
    def made(draw):
        polarity = draw(st.sampled_from([Polarity.HIGHER, Polarity.LOWER, Polarity.BAND]))
        kind = draw(st.sampled_from(list(ToleranceKind)))
        low, high = sorted((draw(amounts), draw(amounts)))
        target, band = draw(amounts), low if polarity is Polarity.BAND else None
        tolerance = None if kind is ToleranceKind.NONE else high
        if kind is ToleranceKind.ABSOLUTE and polarity is not Polarity.BAND:
            target, tolerance = (high, low) if polarity is Polarity.HIGHER else (low, high)
        ours = Standard(polarity, target, kind, tolerance, band)
        return ours, (polarity.value, target, kind.value, tolerance, band)

    return made()


def told(steps):
    return {"more" if s.is_more else "fewer": (s.number, s.rating.value) for s in steps}


@given(d=st.integers(1, 120), part=st.fractions(0, 1), against=standards(100))
def test_cases_when_tried_one_by_one_then_the_first_change_is_the_same(d, part, against):
    n, (ours, theirs) = int(d * part), against
    found = sensitivity_reference.nearest(
        n, lambda cases: Fraction(100 * cases, d), theirs, lowest=0, highest=d, most=d
    )
    assert told(steps_in_cases(n, d, ours, Unit.PERCENT)) == found


@given(value=st.decimals(0, 200, places=2), against=standards(200), is_money=st.booleans())
def test_units_when_tried_one_by_one_then_the_first_change_is_the_same(value, against, is_money):
    ours, theirs = against
    found = sensitivity_reference.nearest(
        Fraction(value), lambda v: v, theirs, lowest=None if is_money else 0, highest=None, most=900
    )
    assert told(steps_in_units(value, ours, Unit.POUNDS if is_money else Unit.DAYS)) == found


@given(d=st.integers(1, 400), part=st.fractions(0, 1), against=standards(100))
def test_cases_when_the_next_better_class_is_asked_for_then_it_agrees_with_the_gap(d, part, against):
    n, (ours, _) = int(d * part), against
    gap = gap_in_cases(n, d, ours, Unit.PERCENT)
    order = [Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE]
    now = order.index(judge(Number(ratio(n, d, Unit.PERCENT)), ours).rating)
    better = [s.number for s in steps_in_cases(n, d, ours, Unit.PERCENT) if order.index(s.rating) < now]
    # The gap is a number of cases in one direction, and a band has none that is always better.
    assert gap == (None if ours.polarity is Polarity.BAND else min(better, default=None))
