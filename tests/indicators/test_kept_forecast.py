"""Kept forecasts beside what came: which is in force, which held, and which is not scored."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from indicators.direction_of_travel import Point
from indicators.forecast import Method
from indicators.kept_forecast import Kept, Outcome, Score, in_force, score_of, scored
from indicators.quarters import Quarter
from indicators.units import Unit
from tests.builders import NOW, TODAY

Q1 = Quarter(2021, 1)
Q2 = Q1.next()


def kept(made_from: Quarter = Q1, **changes: Any) -> Kept:
    steps = changes.get("steps", 1)
    period = made_from
    for _ in range(steps):
        period = period.next()
    values: dict[str, Any] = {
        "made_from": made_from, "period": period, "steps": 1, "method": Method.NO_CHANGE, "periods": 8,
        "unit": Unit.PERCENT, "places": 0, "point": D(80), "low": D(75), "high": D(85), "inputs": "a",
        "is_tried": False, "made_at": NOW, "made_on": TODAY,
    }  # fmt: skip
    return Kept(**values | changes)


def came(value: Any, period: Quarter = Q2, qualifier: str = "") -> Point:
    return Point(period.start_on, period.end_on, None if value is None else D(str(value)), qualifier=qualifier)


def outcomes(rows: list[Kept], *points: Point, **more: Any) -> list[Outcome]:
    return [row.outcome for row in scored(rows, points, **{"unit": Unit.PERCENT} | more)]


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        (came(80), Outcome.INSIDE),
        (came(75), Outcome.INSIDE),
        (came("74.6"), Outcome.INSIDE),  # printed as 75%, as the band is
        (came("74.4"), Outcome.BELOW),
        (came("85.5"), Outcome.ABOVE),
        (came(None), Outcome.NO_NUMBER),
        (came(80, qualifier="<"), Outcome.NO_NUMBER),
        (came(80, qualifier="~"), Outcome.INSIDE),
    ],
)
def test_forecast_when_the_figure_comes_then_held_against_its_band_as_printed(point, outcome) -> None:
    assert outcomes([kept()], point) == [outcome]


def test_forecast_when_nothing_came_yet_or_it_looked_further_then_not_scored() -> None:
    assert outcomes([kept()]) == []
    assert outcomes([kept(steps=2)], came(80, Q2.next())) == []


def test_forecast_when_the_series_broke_or_the_unit_changed_meanwhile_then_not_scored() -> None:
    assert outcomes([kept()], came(80), breaks=[Q2.start_on]) == [Outcome.BROKE]
    assert outcomes([kept()], came(80), breaks=[Q1.start_on, Q2.end_on + timedelta(days=1)]) == [Outcome.INSIDE]
    assert outcomes([kept()], came(80), unit=Unit.COUNT) == [Outcome.BROKE]


def test_forecast_when_made_anew_before_the_figure_came_then_the_last_counts_and_both_stand() -> None:
    anew = kept(inputs="b", low=D(60), high=D(70), point=D(65), made_at=NOW + timedelta(days=1))
    rows = scored([anew, kept()], [came(80)], unit=Unit.PERCENT)
    assert [(row.kept.inputs, row.outcome) for row in rows] == [("a", Outcome.REPLACED), ("b", Outcome.ABOVE)]
    assert score_of(rows, is_tried=False) == Score(0, 1)


def test_forecast_when_it_was_also_tried_afterwards_then_what_was_said_before_counts() -> None:
    tried = kept(inputs="c", is_tried=True, made_at=NOW + timedelta(days=9))
    rows = scored([tried, kept()], [came(90)], unit=Unit.PERCENT)
    assert [row.kept.is_tried for row in rows] == [False]
    rows = scored([tried, kept(Q2)], [came(80), came(80, Q2.next())], unit=Unit.PERCENT)
    assert (score_of(rows, is_tried=True), score_of(rows, is_tried=False)) == (Score(1, 1), Score(1, 1))


def test_forecast_when_in_force_then_made_from_just_these_figures() -> None:
    rows = [kept(steps=2), kept(), kept(inputs="b"), kept(Q2), kept(is_tried=True)]
    assert [(k.steps, k.inputs) for k in in_force(rows, Q1, "a")] == [(1, "a"), (2, "a")]
    assert in_force(rows, Q1, "c") == ()
