"""What is said of a forecast: each reason for none, each method, each chance, and how many held."""

import pytest

from indicators.forecast import Chance, Method, WhyNone
from indicators.forecast_words import (
    METHOD_WORDS,
    OUTCOME_WORDS,
    band_words,
    chance_words,
    heading_words,
    method_words,
    point_words,
    score_words,
    short_band,
    why_words,
)
from indicators.kept_forecast import Outcome, Score
from indicators.units import Unit
from tests.builders import Decimal as D
from tests.indicators.test_kept_forecast import kept


@pytest.mark.parametrize(
    ("unit", "places", "numbers", "sentence", "short"),
    [
        (Unit.PERCENT, 0, (80, 75, 85), "between 75% and 85%", "75 to 85%"),
        (Unit.PERCENT, 1, (80, 75, 85), "between 75.0% and 85.0%", "75.0 to 85.0%"),
        (Unit.COUNT, 0, (1200, 1100, 1300), "between 1,100 and 1,300", "1,100 to 1,300"),
        (Unit.DAYS, 0, (3, 1, 5), "between 1 and 5 days", "1 to 5"),
        (Unit.PER_10000, 1, (60, 55, 65), "between 55.0 and 65.0 per 10,000", "55.0 to 65.0"),
        (Unit.POUNDS, 0, (10, -5, 25), "between −£5 and £25", "−£5 to £25"),
    ],
)
def test_band_when_told_then_in_the_unit_and_places_it_was_said_with(unit, places, numbers, sentence, short) -> None:
    point, low, high = map(D, numbers)
    one = kept(unit=unit, places=places, point=point, low=low, high=high)
    assert heading_words(one) == f"If nothing changes, 2021/22 Q2 is likely (8 in 10) {sentence}."
    assert (band_words(one), short_band(one)) == (sentence, short)
    assert point_words(kept()) == "80%"


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (
            Method.NO_CHANGE,
            "Made from 8 quarters in a row, up to 2021/22 Q1: the latest figure taken on as it is, with a band from "
            "the usual steps between one quarter and the next. It is no straight line and knows no season.",
        ),
        (
            Method.SMOOTHED,
            "Made from 8 quarters in a row, up to 2021/22 Q1: a mean that counts the latest quarters most. Its band "
            "held in at least three of the last four quarters. It is no straight line and knows no season.",
        ),
    ],
)
def test_method_when_told_then_in_plain_words_with_how_many_periods(method, said) -> None:
    assert method_words(kept(method=method), "quarter") == said


@pytest.mark.parametrize(
    ("why", "held", "said"),
    [
        (WhyNone.TOO_FEW, 1, "1 of 8 quarters in a row is held, and a band from fewer would promise too much."),
        (WhyNone.TOO_FEW, 7, "7 of 8 quarters in a row are held, and a band from fewer would promise too much."),
        (
            WhyNone.BREAK, 1,
            "The series breaks within the last 8 quarters: 1 quarter is held since, and what was counted in "
            "another way before tells nothing of what comes.",
        ),
        (
            WhyNone.GAP, 4,
            "An exact figure is missing among the last 8 quarters: 4 quarters in a row are held since.",
        ),
        (WhyNone.NO_NUMBER, 0, "There is no exact number for 2021/22 Q4 to start from."),
        (
            WhyNone.NO_MOVEMENT, 9,
            "The figure has not moved in 9 quarters, so nothing tells how far it may move.",
        ),
        (
            WhyNone.OVERLAPPING, 0,
            "Each figure shares most of its 12 months with the one before, so a band from the steps between them would "
            "be false.",
        ),
    ],
)  # fmt: skip
def test_reason_when_there_is_no_forecast_then_it_is_a_sentence(why, held, said) -> None:
    assert why_words(why, held=held, noun="quarter", latest="2021/22 Q4") == said


def test_reason_when_figures_are_of_a_year_to_date_then_it_says_that() -> None:
    said = why_words(WhyNone.OVERLAPPING, held=0, noun="month", latest="March 2022", is_year_to_date=True)
    assert said == "Each figure holds those before it in the same year, so a band from their steps would be false."


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (Chance.LIKELY, "It is likely to meet the target of 90%."),
        (Chance.EVEN, "Whether it meets the target of 90% is about even."),
        (Chance.UNLIKELY, "It is unlikely to meet the target of 90%."),
    ],
)
def test_chance_when_told_then_in_words_without_a_number_of_its_own(chance, said) -> None:
    one = kept(chances={7: chance}, lines=frozenset({3}))
    assert chance_words(one, 7, 3, D(90)) == said
    assert chance_words(one, 9, 4, D(90)) == "", "another line, that had no target then"
    assert chance_words(one, 8, 3, D(85)) == (
        "The target was changed after this forecast was made, so its chance is not said."
    )


@pytest.mark.parametrize(
    ("held", "of", "is_tried", "said"),
    [
        (0, 0, False, ""),
        (5, 6, False, "Of 6 forecasts made here before the figure came, 5 held; about 8 in 10 should."),
        (1, 1, False, "The one forecast made here before the figure came held."),
        (0, 1, False, "The one forecast made here before the figure came did not hold."),
        (0, 0, True, ""),
        (7, 8, True, "Tried on 8 earlier periods whose figure was known already, 7 held."),
        (1, 1, True, "Tried on 1 earlier period whose figure was known already, it held."),
        (0, 1, True, "Tried on 1 earlier period whose figure was known already, it did not hold."),
    ],
)
def test_score_when_told_then_how_many_held_and_whether_they_were_made_before(held, of, is_tried, said) -> None:
    assert score_words(Score(held, of), is_tried=is_tried) == said


def test_codes_when_told_then_each_has_words() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome)
    assert set(METHOD_WORDS) == set(Method)
