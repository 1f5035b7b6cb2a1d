"""The interval around projected children: against exact distributions, and against a walk night by night."""

from datetime import date, timedelta
from decimal import Decimal

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from finance.ages import AGE_BANDS
from finance.demand_band import ALL_RUNGS, Came, look_ahead, runs_for
from finance.demand_model import LEFT, Child, DemandError, NegativeNumber, Observed, UnknownRung, rates
from tests.reference import demand_reference as reference

START = date(2022, 3, 31)
NOBODY = Came({}, 90)
TEN = date(2012, 1, 15)  # stays in one band for the years of these tests


def days(*numbers: int) -> list[date]:
    return [START + timedelta(days=number) for number in numbers]


def observed(counts: dict, begin: str = "a", to: str = LEFT):
    return [Observed(band.code, begin, to, *counts.get(band.code, (0, 0))) for band in AGE_BANDS]


def ahead(found, came, rungs, cohort, on, **more):
    return {(one.on, one.rung): one for one in look_ahead(found, came, rungs, cohort, START, on, **more)}


# Exact


@pytest.mark.parametrize(("moves", "nights"), [(4, 1_000), (60, 15_000), (900, 200_000)])
def test_band_when_children_only_leave_then_as_the_exact_mixture_of_gamma_and_binomial(moves, nights):
    (day,) = days(120)
    found = rates(observed({"10-to-15": (moves, nights)}))
    one = ahead(found, NOBODY, ("a",), [Child(TEN, "a")] * 40, [day], runs=8_000)[day, "a"]
    exposure = nights + 0.5 * nights / moves
    rate = stats.gamma(moves + 0.5, scale=1 / exposure)

    def at_most(number: int) -> float:
        stays = integrate.quad(
            lambda chance: rate.pdf(chance) * stats.binom.cdf(number, 40, (1 - chance) ** 120),
            rate.ppf(1e-9), min(1, rate.ppf(1 - 1e-9)), limit=200,
        )  # fmt: skip
        return stays[0]

    for share, number in ((0.05, one.low), (0.95, one.high)):
        assert at_most(number - 1) - 0.01 < share < at_most(number) + 0.01


def test_band_when_children_only_come_then_as_the_exact_negative_binomial():
    (day,) = days(180)
    came = Came({("10-to-15", "a"): 9}, 90)
    one = ahead([], came, ("a",), [], [day], runs=8_000)[day, "a"]
    number = stats.nbinom(9, 90 / (90 + 180))
    assert float(one.expected) == pytest.approx(18, abs=0.5)  # some turn 16 and stay, none turns 18
    for share, found in ((0.05, one.low), (0.95, one.high)):
        assert number.cdf(found - 1) - 0.01 < share < number.cdf(found) + 0.01


def test_child_when_leaving_is_certain_from_a_birthday_on_then_gone_the_night_after_it_and_not_before():
    many = 10**9
    found = rates(observed({"10-to-15": (0, many), "16-to-17": (many, many)}))
    cohort = [Child(date(2006, 4, 3), "a"), Child(TEN, "a")]  # one is 16 on the third day
    mine = ahead(found, NOBODY, ("a",), cohort, days(1, 2, 3, 4), runs=20)
    assert [(mine[day, "a"].low, mine[day, "a"].high) for day in days(1, 2, 3, 4)] == [(2, 2)] * 3 + [(1, 1)]


def test_night_when_half_leave_on_it_then_the_first_one_counts():
    found = rates(observed({"10-to-15": (10**9, 2 * 10**9)}))
    (one,) = (n for n in look_ahead(found, NOBODY, ("a",), [Child(TEN, "a")] * 400, START, days(1), runs=300) if n.rung)
    assert one.expected == 200
    assert 180 < one.low < 190 < 210 < one.high < 220


# A second calculation


def test_band_when_everything_happens_then_as_walked_night_by_night_with_other_random_numbers():
    nights = {"10-to-15": (30, 3_000), "16-to-17": (6, 400), "under-1": (0, 50)}
    found = rates(
        observed(nights, "a", "b") + observed({"10-to-15": (12, 2_000), "16-to-17": (1, 300)}, "b", "a")
        + observed({"10-to-15": (8, 2_000), "16-to-17": (9, 300)}, "b", LEFT)
    )  # fmt: skip
    came, rungs = {("10-to-15", "a"): 5, ("16-to-17", "b"): 3}, ("a", "b")
    # One has the 16th birthday, one the 18th on the way.
    cohort = [Child(TEN, "a")] * 6 + [Child(TEN, "b")] * 2
    cohort += [Child(date(2006, 4, 20), "a"), Child(date(2004, 4, 25), "b"), Child(date(2021, 9, 1), "a")]
    on = days(20, 60)
    mine = ahead(found, Came(came, 60), rungs, cohort, on, runs=4_000, seed=7)
    theirs = reference.possible_courses(found, came, 60, rungs, cohort, START, on, 500, 11)
    for place, day in enumerate(on):
        whole = theirs[place].sum(axis=1)
        for rung, counts in (("a", theirs[place][:, 0]), ("b", theirs[place][:, 1]), (ALL_RUNGS, whole)):
            one = mine[day, rung]
            error = 4 * counts.std() / numpy.sqrt(len(counts)) + 0.15
            assert abs(float(one.expected) - counts.mean()) < error, (day, rung)
            for share, found_at in ((0.05, one.low), (0.95, one.high)):
                at_most, below = (counts <= found_at).mean(), (counts < found_at).mean()
                assert below - 0.04 < share < at_most + 0.04, (day, rung, share)


# Properties


@settings(max_examples=25)
@given(
    births=st.lists(st.dates(date(2004, 4, 1), START), max_size=12),
    length=st.integers(1, 400),
)
def test_band_when_nobody_moves_or_comes_then_only_birthdays_count_and_it_has_no_width(births, length):
    (day,) = days(length)
    cohort = [Child(birth, "a") for birth in births]
    one = ahead([], NOBODY, ("a", "b"), cohort, [day], runs=3)[day, ALL_RUNGS]
    there = sum(reference.years_old(birth, day) < 18 for birth in births)
    assert (one.expected, one.low, one.high) == (there, there, there)


@settings(max_examples=25)
@given(moves=st.integers(1, 40), number=st.integers(0, 15), came=st.integers(0, 8), seed=st.integers(0, 5))
def test_band_when_drawn_then_whole_in_order_the_same_again_and_no_child_is_made(moves, number, came, seed):
    found = rates(observed({"10-to-15": (moves, 2_000)}, "a", "b"))
    given_ = (found, Came({("10-to-15", "a"): came}, 90), ("a", "b"), [Child(TEN, "a")] * number, days(10, 50))
    mine = ahead(*given_, runs=40, seed=seed)
    assert mine == ahead(*given_, runs=40, seed=seed)
    assert all(0 <= one.low <= one.high for one in mine.values())
    if not came:
        assert {(mine[day, ALL_RUNGS].low, mine[day, ALL_RUNGS].high) for day in days(10, 50)} == {(number, number)}


def test_band_when_as_many_moves_are_known_from_more_nights_then_narrower():
    (day,) = days(200)
    wide, narrow = (
        ahead(rates(observed({"10-to-15": (n, n * 500)})), NOBODY, ("a",), [Child(TEN, "a")] * 100, [day])[day, "a"]
        for n in (2, 2_000)
    )
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2


def test_runs_when_children_are_many_then_fewer_but_never_below_100():
    assert [runs_for(number) for number in (0, 600, 1_000, 2_000, 50_000)] == [1_000, 1_000, 1_000, 500, 100]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"cohort": [Child(date(2004, 3, 31), "a")]}, DemandError),
        ({"cohort": [Child(START + timedelta(days=1), "a")]}, DemandError),
        ({"cohort": [Child(TEN, "z")]}, UnknownRung),
        ({"found": rates(observed({"10-to-15": (1, 100)}, "z"))}, UnknownRung),
        ({"on": [START - timedelta(days=1)]}, DemandError),
        ({"runs": 0}, NegativeNumber),
        ({"came": Came({("10-to-15", "a"): -1}, 90)}, NegativeNumber),
    ],
)
def test_band_when_it_cannot_be_then_refused(change, error):
    values = {"found": [], "came": NOBODY, "rungs": ("a",), "cohort": [], "on": days(5), "runs": 2} | change
    with pytest.raises(error):
        ahead(**values)


def test_interval_when_of_many_runs_then_walked_in_portions_and_as_many_come_out():
    (day,) = days(30)
    came = Came({("10-to-15", "a"): 30}, 30)
    mine = ahead([], came, ("a",), [Child(TEN, "a")] * 700, [day], runs=600)[day, "a"]
    assert mine.expected == Decimal(730)
    assert 700 < mine.low < 730 < mine.high < 760
