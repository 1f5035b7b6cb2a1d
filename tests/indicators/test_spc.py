"""XmR charts: the published vectors, both rule sets, a second implementation, and where the package misleads."""

import json
import random
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.spc import (
    Assurance,
    Cause,
    Chart,
    Improvement,
    Limits,
    Note,
    Rules,
    Variation,
    assurance,
    limits_of,
    meaning,
    xmr,
)
from tests.reference import spc_reference

VECTORS = Path(__file__).parents[1] / "data" / "vectors"
CASES = {case["id"]: case for case in json.loads((VECTORS / "spc_nhsrplotthedots.json").read_text())}
NEWER = json.loads((VECTORS / "spc_mdc2023_two_sigma_differences.json").read_text())["cases"]
UP = Improvement.INCREASE


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def chart_of(case: dict[str, Any], rules: Rules) -> Chart:
    asked, days = case["params"], listed(case["input"]["x"])
    values = [None if value is None else D(repr(value)) for value in listed(case["input"]["y"])]
    return xmr(
        values, improvement=Improvement(asked["improvement_direction"]), rules=rules, repairs=False,
        rebase=[days.index(day) for day in asked["rebase"] or []], fix_after=asked["fix_after_n_points"],
        screen=asked["screen_outliers"],
    )  # fmt: skip


def test_there_are_sixty_vectors() -> None:
    assert (len(CASES), sum("error" in case for case in CASES.values()), len(NEWER)) == (60, 1, 5)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "input" in case])
def test_series_when_charted_then_limits_flags_types_and_assurance_as_published(name: str) -> None:
    case = CASES[name]
    expected, chart = case["expected"], chart_of(case, Rules.PLOT_THE_DOTS)
    columns = {"mean": "mean", "lpl": "lower", "upl": "upper", "nlpl": "near_lower", "nupl": "near_upper"}
    for theirs, ours in columns.items():
        found = [getattr(dot.limits, ours) for dot in chart.dots]
        assert [None if one is None else float(one) for one in found] == [
            None if one is None else pytest.approx(one, rel=1e-9, abs=1e-9) for one in listed(expected[theirs])
        ]
    assert [dot.group for dot in chart.dots] == listed(expected["rebase_group"])
    assert [dot.is_outside for dot in chart.dots] == listed(expected["outside_limits"])
    assert [dot.side for dot in chart.dots] == listed(expected["relative_to_mean"])
    assert [dot.cause.value for dot in chart.dots] == listed(expected["special_cause_type"])
    assert [dot.variation.value for dot in chart.dots] == listed(expected["point_type"])
    assert chart.latest.variation.value == expected["variation_last_point"]
    assert chart.is_short == listed(expected["short_group_warning"])[-1]
    target = case["params"]["target"]
    found = assurance(
        chart, Improvement(case["params"]["improvement_direction"]), None if target is None else D(repr(target))
    )
    assert (found and found.value) == expected["assurance"]


def test_limits_when_fixed_too_early_then_refused() -> None:
    assert "fix_after_n_points must be" in CASES["fix11_error"]["error"]
    with pytest.raises(ValueError, match="after 12 values or more"):
        xmr([D(1)] * 20, improvement=UP, fix_after=11)


@pytest.mark.parametrize("case", NEWER, ids=lambda case: case["id"])
def test_rule_of_2023_when_it_differs_then_just_where_it_was_found_to(case: dict[str, Any]) -> None:
    older, newer = (chart_of(CASES[case["id"]], rules) for rules in (Rules.PLOT_THE_DOTS, Rules.MDC_2023))
    found = [
        {"index": place, "y": float(a.value or 0), "nhsr_0_2_2": a.cause.value, "mdc_2023": b.cause.value}
        for place, (a, b) in enumerate(zip(older.dots, newer.dots, strict=True))
        if a.cause is not b.cause
    ]
    assert found == case["differences"]
    assert (older.latest.variation is not newer.latest.variation) == case["last_point_icon_changes"]


def test_series_when_none_of_the_five_then_both_rules_agree() -> None:
    for name in set(CASES) - {case["id"] for case in NEWER} - {"fix11_error"}:
        older, newer = (chart_of(CASES[name], rules) for rules in (Rules.PLOT_THE_DOTS, Rules.MDC_2023))
        assert [dot.cause for dot in older.dots] == [dot.cause for dot in newer.dots], name


def test_thousand_random_series_when_charted_in_another_way_then_the_same_causes() -> None:
    chance, seen = random.Random(2022), set()  # noqa: S311
    for _ in range(1_000):
        length = chance.randint(1, 40)
        level = [chance.choice([50, 50, 50, 53])] * length
        if chance.random() < 0.4:
            level = [one + (3 if place > length // 2 else 0) for place, one in enumerate(level)]
        values = [D(one + chance.randint(-30, 30)) / 10 for one in level]
        rebase = sorted(chance.sample(range(1, length), 1)) if length > 20 and chance.random() < 0.3 else []
        screen, newer = chance.random() < 0.5, chance.random() < 0.5
        rules = Rules.MDC_2023 if newer else Rules.PLOT_THE_DOTS
        chart = xmr(values, improvement=UP, rebase=rebase, screen=screen, rules=rules, repairs=False)
        expected = spc_reference.causes([Fraction(v) for v in values], rebase=rebase, screen=screen, newer=newer)
        assert [dot.cause.value for dot in chart.dots] == expected, (values, rebase, screen, rules)
        seen.update(expected)
    assert seen == {cause.value for cause in Cause}


# Where the package misleads


def test_series_that_never_moves_when_charted_then_no_limits_and_judged_by_its_values() -> None:
    chart = xmr([D(95)] * 14, improvement=UP)
    assert (chart.notes, chart.dots[0].limits) == ((Note.NO_VARIATION,), Limits(D(95)))
    assert {dot.variation for dot in chart.dots} == {Variation.COMMON}
    assert assurance(chart, UP, D(95)) is Assurance.PASS
    assert assurance(chart, UP, D("95.1")) is Assurance.FAIL
    assert assurance(chart, Improvement.DECREASE, D(90)) is Assurance.FAIL


def test_one_step_when_it_is_all_that_moves_then_it_is_not_left_out_and_the_others_are_no_flags() -> None:
    chart = xmr([D(100)] * 12 + [D(97)], improvement=UP)
    assert chart.notes == (Note.NOT_SCREENED,)
    assert [dot.cause for dot in chart.dots[:6]] == [Cause.RUN_ABOVE] * 6
    assert chart.latest.cause is Cause.BELOW_LIMIT
    assert chart.dots[0].limits.lower is not None
    assert chart.dots[0].limits.lower < D(100) < (chart.dots[0].limits.upper or 0)


def test_ranges_when_more_than_half_would_be_left_out_then_none_is() -> None:
    ranges_of_two = [D(0)] * 9 + [D(10), D(0)] + [D(0)] * 3
    _, note = limits_of(ranges_of_two)
    assert note is Note.NOT_SCREENED
    _, usual = limits_of([D(1), D(2), D(1), D(2), D(10), D(1), D(2), D(1), D(2), D(1)])
    assert usual is None


def test_gap_when_inside_a_run_then_the_run_and_the_range_end_there() -> None:
    noise, rising = [D(0), D(10)] * 6, [D(place) for place in range(1, 8)]
    assert [dot.cause for dot in xmr([*noise, *rising], improvement=UP).dots[12:]] == [Cause.RISING] * 7
    gap = [*noise, *rising[:3], None, *rising[3:]]
    assert {dot.cause for dot in xmr(gap, improvement=UP).dots} == {Cause.COMMON}
    limits, _ = limits_of([D(1), None, D(9)])
    assert limits == Limits(D(5))
    assert xmr([None], improvement=UP).latest.value is None


@pytest.mark.parametrize("rebase", [[0], [3], [-1]])
def test_rebase_when_at_no_place_of_the_series_then_refused(rebase: list[int]) -> None:
    with pytest.raises(ValueError, match="not at its first"):
        xmr([D(1), D(2), D(3)], improvement=UP, rebase=rebase)
    with pytest.raises(ValueError, match="at least one period"):
        xmr([], improvement=UP)


@given(st.lists(st.integers(-50, 50).map(D), min_size=1, max_size=40), st.integers(-1000, 1000).map(D))
def test_series_when_moved_or_turned_over_then_the_causes_move_or_turn_with_it(values: list[D], moved: D) -> None:
    chart = xmr(values, improvement=UP)
    other = xmr([value + moved for value in values], improvement=UP)
    assert [dot.cause for dot in chart.dots] == [dot.cause for dot in other.dots]
    turned = xmr([-value for value in values], improvement=Improvement.DECREASE)
    assert [dot.variation for dot in chart.dots] == [dot.variation for dot in turned.dots]
    for dot in chart.dots:
        assert (dot.cause is Cause.COMMON) == (meaning(dot.cause, Improvement.NEUTRAL) is Variation.COMMON)
