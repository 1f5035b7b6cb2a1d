"""Rates and stocks by rung and age: the published model's own vectors, and where ours is better, both numbers."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.ages import AGE_BANDS, band_on, birthday, youngest_of
from finance.demand_model import (
    LEFT,
    Child,
    DemandError,
    Model,
    NegativeNumber,
    Observed,
    UnknownRung,
    after_days,
    cost_of_nights,
    model_of,
    over_one,
    per_day,
    project_cohort,
    rates,
)
from tests.reference import demand_reference as reference

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "vectors" / "d2i_demand_model_vectors.json").read_text(encoding="utf-8")
)
START = date(2022, 4, 1)


def moves_of(row: dict, key: str = "rates") -> dict[tuple[str, str], Decimal]:
    found = {}
    for arrow, rate in row.get(key, {}).items():
        begin, to = arrow.split("->")
        found[begin, to] = Decimal(str(rate))
    return found


def ours(row: dict, days: int, stocks: list | None = None) -> list[float]:
    names = {str(place): Decimal(number) for place, number in enumerate(stocks or row["pop"], start=1)}
    found = after_days(names, moves_of(row), days, numbers=moves_of(row, "numbers_per_day"))
    return [float(number) for number in found.values()]


def published(row: dict, days: int, step: int = 1) -> list[float]:
    def placed(moves):
        return {(int(begin) - 1, int(to) - 1): float(rate) for (begin, to), rate in moves.items()}

    numbers = placed(moves_of(row, "numbers_per_day"))
    return reference.published(list(row["pop"]), placed(moves_of(row)), days, step, numbers)


# The published vectors


@pytest.mark.parametrize("name", ["single_rate", "complex_rate", "numbers"])
def test_stocks_when_a_day_at_a_time_then_as_published(name):
    row = VECTORS[name]
    for days, wanted in row["days"].items():
        assert ours(row, int(days)) == pytest.approx(wanted, abs=0.1)
        assert published(row, int(days)) == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize(("name", "daily"), [("complex_rate", [62.91, 37.09]), ("numbers", [70, 30])])
def test_stocks_when_five_days_at_once_then_the_daily_chain_and_not_as_published(name, daily):
    row = VECTORS[name]
    assert ours(row, 5) == pytest.approx(daily, abs=0.005)
    for days, wanted in row["step5"].items():
        assert published(row, int(days), step=5) == pytest.approx(wanted, abs=0.1)
    assert published(row, 5, step=5) != pytest.approx(daily, abs=1)


@given(days=st.integers(0, 60), more=st.integers(0, 60))
def test_stocks_when_a_stretch_is_cut_in_two_then_they_come_out_the_same(days, more):
    row = VECTORS["complex_rate"]
    assert ours(row, days + more) == pytest.approx(ours(row, more, ours(row, days)), abs=1e-6)


def test_stocks_when_there_are_three_rungs_then_as_published():
    row = VECTORS["three_types"]
    found = ours(row, 1, row["pop"][:3])
    assert found == pytest.approx(row["day1"])


def test_entrants_when_they_come_each_day_then_as_published():
    row = VECTORS["entrants"]
    stocks = {str(place): Decimal(number) for place, number in enumerate(row["pop"], start=1)}
    come = {rung: Decimal(str(number)) for rung, number in row["entrants_per_day"].items()}
    for days in (1, 10):
        found = after_days(stocks, {}, days, entrants=come)
        assert float(found["1"]) == pytest.approx(row[f"day{days}"])


def test_drain_when_more_than_all_would_leave_then_all_do_pro_rata_and_it_is_said():
    row = VECTORS["drain"]
    assert ours(row, 1) == pytest.approx(row["day1"], abs=0.01)
    assert published(row, 1) == pytest.approx(row["day1"], abs=0.01)
    assert over_one(("1", "2", "3"), moves_of(row)) == ("1",)
    assert over_one(("1", "2"), moves_of(VECTORS["complex_rate"])) == ()


def test_ageing_when_birthdays_are_real_then_nobody_stays_under_1_for_a_year_as_published_a_third_do():
    row = VECTORS["ageing"]
    births = [START - timedelta(days=n) for n in range(365) for _ in range(2)]
    model = Model(("a",), {}, {})
    days = [START + timedelta(days=int(n)) for n in row["after"]]
    found = project_cohort(model, [Child(birth, "a") for birth in births], START, days).stocks
    for stocks, after, memoryless in zip(found, row["after"], row["after"].values(), strict=True):
        kept = reference.published_still_in_bracket(row["pop"], row["bracket_days"], int(after))
        assert kept == pytest.approx(memoryless, abs=0.1)
        real = float(stocks.children["under-1", "a"]) / len(births) * 100
        assert real == pytest.approx(100 * (365 - int(after)) / 365)
        assert stocks.total == len(births)


# Rates


def observed(moves: int, days: int, band: str = "under-1", to: str = "b") -> Observed:
    return Observed(band, "a", to, moves, days)


def test_rates_when_worked_out_then_moves_over_child_days_drawn_to_all_ages_by_half_a_move():
    found = rates([observed(0, 1_000), observed(6, 2_000, "5-to-9")])
    pooled = Decimal(6) / 3_000
    assert [float(rate.per_day) for rate in found] == pytest.approx(
        [0.5 / (1_000 + 0.5 / float(pooled)), 6.5 / (2_000 + 0.5 / float(pooled))]
    )
    assert 0 < found[0].per_day < pooled < found[1].per_day < Decimal(6) / 2_000


def test_rates_when_a_band_has_no_days_then_that_of_all_ages_and_with_many_the_ratio():
    none, many = rates([observed(0, 0), observed(40_000, 10_000_000, "5-to-9")])
    assert float(none.per_day) == pytest.approx(0.004)
    assert float(many.per_day) == pytest.approx(0.004, rel=1e-4)
    assert float(none.high - none.low) > 100 * float(many.high - many.low)


@given(moves=st.integers(1, 400), days=st.integers(1_000, 400_000))
def test_interval_when_worked_out_another_way_then_the_same(moves, days):
    (rate,) = rates([observed(moves, days)])
    exposure = days + 0.5 * days / moves
    low, high = reference.gamma_interval(moves + 0.5, exposure)
    assert (float(rate.low), float(rate.high)) == pytest.approx((min(low, 1), min(high, 1)), rel=1e-6, abs=1e-11)
    assert rate.low < rate.per_day < rate.high


def test_rate_when_a_move_was_never_seen_then_none_with_what_it_could_be():
    (rate,) = rates([observed(0, 10_000)])
    assert (rate.per_day, rate.low) == (0, 0)
    assert float(rate.high) == pytest.approx(reference.gamma_interval(0.5, 10_000)[1])
    (unknown,) = rates([observed(0, 0)])
    assert (unknown.per_day, unknown.high) == (0, 1)


def test_entrants_when_of_a_period_then_both_its_days_count():
    assert per_day(73, (date(2023, 3, 31) - date(2022, 4, 1)).days + 1) == Decimal("0.2")


# A cohort


@st.composite
def models(draw) -> Model:
    rate = st.sampled_from([Decimal(0), Decimal("0.002"), Decimal("0.05")])
    found = {}
    for band in AGE_BANDS:
        for begin, to in (("a", "b"), ("b", "a"), ("a", LEFT), ("b", LEFT)):
            found[band.code, begin, to] = draw(rate)
    entrants = draw(st.sampled_from([{}, {("under-1", "a"): Decimal("0.3"), ("16-to-17", "b"): Decimal("0.1")}]))
    return Model(("a", "b"), found, entrants)


children = st.builds(
    Child,
    birth=st.dates(date(2004, 4, 2), START) | st.sampled_from([date(2021, 4, 10), date(2004, 4, 15), date(2006, 4, 5)]),
    rung=st.sampled_from(["a", "b"]),
)


@settings(max_examples=40)
@given(model=models(), cohort=st.lists(children, max_size=6), length=st.integers(0, 60))
def test_cohort_when_children_are_followed_then_none_is_lost_and_each_moves_at_its_own_age(model, cohort, length):
    day = START + timedelta(days=length)
    (found,) = project_cohort(model, cohort, START, [day]).stocks
    assert float(found.total + found.left + found.turned_18) == pytest.approx(len(cohort) + float(found.entered))
    if not model.entrants:
        wanted = reference.child_by_child(model, cohort, START, day)
        for key, number in found.children.items():
            assert float(number) == pytest.approx(wanted.get(key, 0), abs=1e-9)


def test_cohort_when_children_enter_then_they_are_spread_over_the_birthdays_of_their_band():
    model = Model(("a", "b"), {("under-1", "a", "b"): Decimal("0.1")}, {("under-1", "a"): Decimal(2)})
    day = START + timedelta(days=4)
    (found,) = project_cohort(model, [], START, [day]).stocks
    wanted = reference.child_by_child(model, [], START, day)
    for key, number in found.children.items():
        assert float(number) == pytest.approx(wanted.get(key, 0), abs=1e-9)
    assert found.entered == 8


def test_cohort_when_a_band_has_the_rates_of_all_then_the_matrix_power():
    moves = {("a", "b"): Decimal("0.02"), ("b", "a"): Decimal("0.01"), ("b", LEFT): Decimal("0.005")}
    model = Model(("a", "b"), {(band.code, *pair): rate for band in AGE_BANDS for pair, rate in moves.items()}, {})
    (found,) = project_cohort(model, [Child(date(2015, 6, 1), "a")] * 3, START, [date(2023, 4, 1)]).stocks
    wanted = after_days({"a": Decimal(3), "b": Decimal(0)}, moves, 365)
    assert {rung: float(found.on_rung(rung)) for rung in wanted} == pytest.approx(
        {r: float(n) for r, n in wanted.items()}
    )


def test_cohort_when_somebody_turns_18_then_that_night_no_longer_counts():
    model = Model(("a",), {}, {})
    found = project_cohort(model, [Child(date(2004, 4, 5), "a")], START, [date(2022, 4, 4), date(2022, 4, 5)])
    assert [stocks.total for stocks in found.stocks] == [1, 0]
    assert found.stocks[1].turned_18 == 1
    assert found.nights == {"a": 4}


def test_cost_when_prices_are_weekly_then_divided_by_7_once():
    assert cost_of_nights({"a": Decimal(10), "b": Decimal(0)}, {"a": Decimal(700)}) == 1_000
    with pytest.raises(UnknownRung):
        cost_of_nights({"a": Decimal(10)}, {})


def test_model_when_made_of_rates_then_it_has_them_by_band():
    found = rates([observed(5, 1_000)])
    assert model_of(found, ("a", "b"), {}).of_band("under-1") == {("a", "b"): found[0].per_day}


# Ages


@given(birth=st.dates(date(2000, 1, 1), date(2024, 12, 31)), later=st.integers(0, 7_000))
def test_band_when_of_a_day_then_that_of_the_age_in_whole_years(birth, later):
    day = birth + timedelta(days=later)
    age = reference.years_old(birth, day)
    found = band_on(birth, day)
    assert (found is None) == (age >= 18)
    assert found is None or found.from_years <= age < found.to_years
    for years in (1, 5, 18):
        assert (birth <= youngest_of(day, years)) == (birthday(birth, years) <= day)


def test_birthday_when_on_29_february_then_on_1_march_in_other_years():
    assert birthday(date(2020, 2, 29), 1) == date(2021, 3, 1)
    assert birthday(date(2020, 2, 29), 4) == date(2024, 2, 29)
    assert youngest_of(date(2024, 2, 29), 1) == date(2023, 2, 28)


# What is refused


@pytest.mark.parametrize(
    ("error", "work"),
    [
        (NegativeNumber, lambda: rates([observed(-1, 5)])),
        (NegativeNumber, lambda: after_days({"a": Decimal(-1)}, {}, 1)),
        (NegativeNumber, lambda: after_days({"a": Decimal(1), "b": Decimal(0)}, {("a", "b"): Decimal(-1)}, 1)),
        (NegativeNumber, lambda: per_day(1, 0)),
        (UnknownRung, lambda: after_days({"a": Decimal(1)}, {("a", "z"): Decimal("0.1")}, 1)),
        (UnknownRung, lambda: after_days({"a": Decimal(1)}, {("z", "a"): Decimal("0.1")}, 1)),
        (UnknownRung, lambda: project_cohort(Model(("a",), {}, {}), [Child(START, "z")], START, [START])),
        (DemandError, lambda: project_cohort(Model(("a",), {}, {}), [Child(date(2004, 4, 1), "a")], START, [START])),
        (DemandError, lambda: project_cohort(Model(("a",), {}, {}), [], START, [date(2022, 3, 31)])),
    ],
)
def test_demand_when_something_cannot_be_then_it_is_refused_by_name(error, work):
    with pytest.raises(error, match=r"\.$"):
        work()
