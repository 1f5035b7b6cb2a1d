"""Forecasts: the formulas against R's package forecast, when there is none, and how likely a target is met."""

import json
import random
from decimal import Decimal as D
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.forecast import (
    Chance,
    Forecast,
    Method,
    WhyNone,
    chance_of,
    forecast,
    smoothed,
    smoothing,
    step_deviation,
    t_quantile,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors" / "r_forecast_8.20_vectors.json").read_text())
Z80 = 1.2815515655446004


def made(values: list[Any], **more: Any) -> Forecast:
    found = forecast([D(repr(value)) for value in values], **more)
    assert isinstance(found, Forecast), found
    return found


@pytest.mark.parametrize("name", VECTORS)
def test_no_change_when_made_then_points_and_bands_as_r(name: str) -> None:
    case = VECTORS[name]
    spread, last = step_deviation(case["y"]), case["y"][-1]
    for step in range(4):
        assert last == pytest.approx(case["naive"]["mean"][step], abs=1e-6)
        for key, side in (("lower80", -1), ("upper80", 1)):
            assert last + side * Z80 * spread * sqrt(step + 1) == pytest.approx(case["naive"][key][step], abs=1e-3)


@pytest.mark.parametrize("name", VECTORS)
def test_smoothing_when_with_the_parameters_of_r_then_points_and_bands_as_r(name: str) -> None:
    case = VECTORS[name]
    asked, expected = case["ses"]["par"], case["ses"]["fc"]
    found = smoothed(case["y"], asked["alpha"], asked["l"])
    assert found.variance == pytest.approx(case["ses"]["sigma2"], rel=1e-9, abs=1e-9)
    for step in range(4):
        assert found.level == pytest.approx(expected["mean"][step], abs=1e-6)
        reach = Z80 * sqrt(found.variance * (1 + found.alpha**2 * step))
        assert found.level - reach == pytest.approx(expected["lower80"][step], abs=1e-3)
        assert found.level + reach == pytest.approx(expected["upper80"][step], abs=1e-3)


@pytest.mark.parametrize("name", VECTORS)
def test_smoothing_when_fitted_then_no_worse_than_r(name: str) -> None:
    case = VECTORS[name]
    theirs = smoothed(case["y"], case["ses"]["par"]["alpha"], case["ses"]["par"]["l"])
    ours = smoothing(case["y"])
    assert ours.variance <= theirs.variance * (1 + 1e-12)
    assert ours.level == pytest.approx(theirs.level, rel=1e-3)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 3.077684), (7, 1.414924), (11, 1.363430), (30, 1.310415)]
)  # tables of Student's t
def test_quantile_of_t_when_asked_then_as_in_the_tables(freedom: int, quantile: float) -> None:
    assert t_quantile(0.9, freedom) == pytest.approx(quantile, abs=1e-6)


def test_forecast_when_there_is_too_little_or_a_break_then_none_and_why() -> None:
    rising = [D(place) for place in range(30)]
    assert forecast(rising[:7]) is WhyNone.TOO_FEW
    assert forecast(rising, since_break=7) is WhyNone.BREAK
    assert forecast([D(95)] * 20) is WhyNone.NO_MOVEMENT
    assert made(list(range(8))).method is Method.NO_CHANGE
    assert made(list(range(30)), since_break=8).periods == 8


def test_forecast_when_of_up_to_twelve_periods_then_the_last_figure_goes_on() -> None:
    found = made(VECTORS["level12"]["y"])
    last, spread = VECTORS["level12"]["y"][-1], step_deviation(VECTORS["level12"]["y"])
    assert {float(one.point) for one in found.ahead} == {last}
    for one in found.ahead:
        reach = t_quantile(0.9, 11) * spread * sqrt(one.steps)
        assert (float(one.low), float(one.high)) == pytest.approx((last - reach, last + reach), abs=1e-6)


def test_forecast_when_the_band_of_smoothing_did_not_hold_then_the_last_figure_goes_on() -> None:
    steady = [50, 51, 49, 50, 52, 50, 49, 51, 50, 50, 51, 49, 50, 51, 50, 50]
    assert made(steady).method is Method.SMOOTHED
    assert made([*steady[:12], 70, 90, 60, 110]).method is Method.NO_CHANGE


def test_band_when_of_a_share_then_within_the_whole_and_never_wider_than_it() -> None:
    found = made([99, 100, 98, 100, 99, 100, 97, 100], whole=D(100))
    assert all(0 <= one.low <= one.high <= 100 for one in found.ahead)
    assert found.ahead[0].high == 100


@given(st.lists(st.integers(0, 100), min_size=8, max_size=24).filter(lambda values: len(set(values)) > 1))
def test_band_when_further_ahead_then_never_narrower(values: list[int]) -> None:
    found = made(values)
    widths = [one.high - one.low for one in found.ahead]
    assert widths == sorted(widths)
    assert all(one.low <= one.point <= one.high for one in found.ahead)


def test_band_when_nothing_changes_in_a_simulated_world_then_it_holds_eight_in_ten_and_more() -> None:
    chance, held, tried = random.Random(7), 0, 300  # noqa: S311
    for _ in range(tried):
        values, level = [], 50.0
        for _ in range(11):
            level += chance.gauss(0, 1)
            values.append(round(level, 3))
        (first, *_) = made(values[:10]).ahead
        held += float(first.low) <= values[10] <= float(first.high)
    assert 0.74 <= held / tried <= 0.92


@pytest.mark.parametrize(
    ("target", "is_more_better", "chance"),
    [(40, True, Chance.LIKELY), (60, True, Chance.UNLIKELY), (50, True, Chance.EVEN), (60, False, Chance.LIKELY),
     (40, False, Chance.UNLIKELY)],
)  # fmt: skip
def test_chance_when_the_target_is_far_or_near_then_in_words(target: int, is_more_better: bool, chance: Chance) -> None:
    found = made([50, 52, 49, 51, 50, 48, 51, 50])
    assert chance_of(found, D(target), is_more_better=is_more_better) is chance
