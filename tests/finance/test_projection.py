"""The projection: against hand calculation, against walking every night, and its lines to the penny."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from finance.apportion import PENNY, as_decimal
from finance.expectation import children_on
from finance.nights import PriceChange
from finance.outlook import (
    ChangeInThePast,
    Contingency,
    EndBeforeStart,
    Leaving,
    MoveOutside,
    NotANumber,
    NotAPrice,
    NotAProbability,
    Outlook,
    Placement,
    PlannedMove,
    RungTwice,
    StandingCost,
    Starters,
    leaving_per_night,
    starters_per_month,
)
from finance.projection import full_years, in_words, one_more, project, spent_to_date, year_totals
from indicators.quarters import FinancialYear
from indicators.units import EmptyCohort
from tests.finance.outlooks import RUNGS, an_outlook, outlooks
from tests.reference.projection_reference import cost_of_stay, expected_cost

AS_OF = date(2022, 10, 1)
OOA = RUNGS[0]


def amounts(projection) -> dict[str, Decimal]:
    return {line.code: line.this_year for line in projection.lines}


# Hand calculation


def test_projection_when_nothing_is_uncertain_then_it_is_the_hand_calculation():
    outlook = Outlook(
        AS_OF,
        (
            Placement(OOA, Decimal(7000), date(2021, 1, 1)),  # 182 nights of £1,000
            Placement(OOA, Decimal(1400), date(2022, 4, 1), date(2022, 10, 11)),  # 10 nights of £200
            Placement(OOA, Decimal(700), date(2023, 3, 31)),  # 1 night of £100
        ),
        cost_to_date=Decimal("250000.00"),
    )
    found = project(outlook)
    assert found.this_year == Decimal("250000.00") + 182_000 + 2_000 + 100
    assert found.next_year == 366 * (1000 + 100)
    assert amounts(found) == {
        "to_date": Decimal(250_000), "known": Decimal(184_100), "standing": 0, "moves": 0, "leaving": 0, "starters": 0,
        "prices": 0, "contingency": 0,
    }  # fmt: skip
    assert found.run_rate.amount == as_decimal(Fraction(250_000 * 365, 183), PENNY)
    assert found.full_year.effect == 366 * 1100 - (365 * 1000 + 193 * 200 + 100)


def test_projection_when_a_move_is_likely_then_its_part_is_its_probability_times_the_difference():
    move = PlannedMove(date(2023, 3, 1), RUNGS[2], Decimal(700), Decimal("0.25"))
    found = project(Outlook(AS_OF, (Placement(OOA, Decimal(7000), date(2021, 1, 1), moves=(move,)),)))
    assert amounts(found)["moves"] == -(31 * (1000 - 100)) * Decimal("0.25")


def test_projection_when_starters_come_then_rate_times_average_nights_times_price():
    rate, weekly = Decimal(2), Decimal(700)
    outlook = Outlook(date(2023, 3, 1), (), starters=(Starters(OOA, rate, (Decimal(600), Decimal(800))),))
    (line,) = project(outlook).starters
    assert (line.number, line.nights_each, line.weekly) == (2, 16, weekly)  # 31 nights to 1: 16 on average
    assert line.cost == 2 * 16 * 100 == project(outlook).this_year


def test_projection_when_a_child_may_leave_then_the_first_night_is_certain_and_the_others_are_not():
    outlook = Outlook(
        date(2023, 3, 29), (Placement(OOA, Decimal(700), date(2022, 4, 1)),), leaving=(Leaving(OOA, Decimal("0.5")),),
        cost_to_date=Decimal(0),
    )  # fmt: skip
    assert project(outlook).this_year == 100 + 50 + 25
    assert amounts(project(outlook))["leaving"] == 175 - 300


def test_projection_when_children_stay_shorter_than_planned_then_after_the_end_nothing_is_left_to_leave():
    stay = Placement(OOA, Decimal(700), date(2022, 4, 1), date(2023, 3, 30))
    outlook = Outlook(date(2023, 3, 29), (stay,), leaving=(Leaving(OOA, Decimal("0.5")),), cost_to_date=Decimal(0))
    assert project(outlook).this_year == 100


# Walking every night


@settings(max_examples=40)
@given(outlook=outlooks())
def test_projection_when_anything_is_assumed_then_as_walked_night_by_night(outlook):
    found, exact = project(outlook), expected_cost(outlook, outlook.year.end_on)
    assert found.this_year == as_decimal(exact + Fraction(spent_to_date(outlook)), PENNY)
    assert (found.this_year, found.next_year) == year_totals(outlook)


def test_next_year_when_walked_night_by_night_then_the_same():
    outlook = an_outlook(contingency=Contingency())
    exact = expected_cost(outlook, date(2024, 3, 31)) - expected_cost(outlook, date(2023, 3, 31))
    assert project(outlook).next_year == as_decimal(exact, PENNY)


def test_cost_to_date_when_not_given_then_the_nights_before_the_day():
    outlook = an_outlook(cost_to_date=None)
    first, last = date(2022, 4, 1), date(2023, 1, 9)
    exact = sum(cost_of_stay(p.weekly * p.number, p.start, p.end, first, last) for p in outlook.placements)
    assert spent_to_date(outlook) == as_decimal(exact, PENNY)
    assert spent_to_date(an_outlook()) == 900_000


# Adding up


@settings(max_examples=60)
@given(outlook=outlooks(as_of=date(2022, 7, 7)))
def test_lines_when_added_then_they_are_the_total_and_lead_from_the_run_rate_to_it(outlook):
    found = project(outlook)
    assert sum(line.this_year for line in found.lines) == found.this_year
    assert sum(line.next_year for line in found.lines) == found.next_year
    rate = found.run_rate
    assert rate.amount + rate.difference == found.this_year
    assert sum(line.amount for line in rate.lines) == rate.difference
    shared = {line.code: line.amount for line in rate.lines}
    assert all(amounts(found)[code] == shared[code] for code in ("moves", "leaving", "starters", "prices"))


def test_months_and_rungs_when_added_then_they_are_what_is_to_come():
    outlook = an_outlook(contingency=Contingency(), standing=())
    found = project(outlook)
    to_come = found.this_year - 900_000 + found.next_year
    assert abs(sum(row.cost for row in found.months) - to_come) <= Decimal("0.10")
    assert abs(sum(row.cost + row.cost_next for row in found.rungs) - to_come) <= Decimal("0.05")
    assert len(found.months) == 15


def test_run_rate_when_explained_then_each_line_by_hand():
    outlook = Outlook(
        AS_OF,
        (
            Placement(OOA, Decimal(7000), date(2021, 1, 1)),
            Placement(OOA, Decimal(700), date(2022, 4, 1), date(2022, 10, 11)),
            Placement(OOA, Decimal(1400), date(2022, 4, 1), date(2022, 9, 1)),  # over
            Placement(OOA, Decimal(700), date(2023, 3, 31)),
        ),
        cost_to_date=Decimal(183_000),
    )
    rate = project(outlook).run_rate
    assert (rate.nights_gone, rate.amount, rate.difference) == (183, 365_000, 1_100)
    lines = {line.code: line.amount for line in rate.lines if line.amount}
    assert lines == {"level": 182 * 100, "ends": -172 * 100, "known_starts": 100}


def test_contingency_when_given_then_of_what_is_to_come_and_an_amount_each_year():
    aside = Contingency(Decimal(10), Decimal(500))
    outlook = Outlook(AS_OF, (Placement(OOA, Decimal(7000), AS_OF),), contingency=aside, cost_to_date=Decimal(99))
    line = project(outlook).lines[-1]
    assert (line.this_year, line.next_year) == (18_200 + 500, 36_600 + 500)


def test_run_rate_when_the_year_has_not_begun_then_there_is_none():
    found = project(an_outlook(as_of=date(2023, 4, 1), cost_to_date=Decimal(0), placements=(), price_changes=()))
    assert found.run_rate is None
    assert in_words(found).endswith(".")


def test_words_when_there_is_a_run_rate_then_how_far_and_why_most():
    text = in_words(project(an_outlook()))
    assert text.startswith("2022/23 is expected to cost £")
    assert "the average so far would make; the greatest part is “" in text


# Part year and full year


def test_full_years_when_listed_then_part_year_and_effect_of_each_placement():
    rows = full_years(Outlook(AS_OF, (Placement(OOA, Decimal(5000), AS_OF, number=2),)))
    ((_, found),) = rows
    assert (found.year, found.nights, found.cost) == (FinancialYear(2022), 364, Decimal(260_000))
    assert found.effect == Decimal("262857.14")  # twice £131,428.57…


def test_one_more_when_asked_then_cost_to_year_end_and_next_year_in_a_sentence():
    found = one_more(Decimal(5000), AS_OF)
    assert (found.nights, found.this_year, found.next_year) == (182, Decimal(130_000), Decimal("261428.57"))
    assert found.sentence == (
        "One more placement at £5,000 a week from 1 October 2022 costs £130,000 to the end of 2022/23 (182 nights) and "
        "£261,428.57 in 2023/24."
    )
    dearer = one_more(Decimal(5000), AS_OF, (PriceChange(date(2023, 4, 1), Decimal(10)),), OOA)
    assert dearer.next_year == Decimal("287571.43")


def test_children_when_expected_on_a_night_then_by_rung():
    outlook = an_outlook(leaving=(), starters=())
    found = children_on(outlook, date(2023, 2, 20))
    assert found == {OOA: 4, RUNGS[1]: Decimal("0.4"), RUNGS[2]: Decimal("1.6")}


# Rates from history, and what is refused


def test_rates_when_from_history_then_moves_over_what_they_could_have_been_among():
    assert starters_per_month(30, 12) == Decimal("2.5")
    assert leaving_per_night(5, 20_000) == Decimal("0.00025")
    with pytest.raises(EmptyCohort):
        leaving_per_night(0, 0)
    with pytest.raises(NotANumber):
        starters_per_month(-1, 12)
    with pytest.raises(NotANumber):
        leaving_per_night(3, 2)


PLACE = Placement(OOA, Decimal(700), date(2022, 4, 1), date(2023, 9, 1))


@pytest.mark.parametrize(
    ("error", "message", "changes"),
    [
        (EndBeforeStart, "Placement 1 ends on 1 April 2022, before it starts on 2 April 2022",
         {"placements": (replace(PLACE, start=date(2022, 4, 2), end=date(2022, 4, 1)),)}),
        (NotAPrice, "Placement 1 has a price below", {"placements": (replace(PLACE, weekly=Decimal(-1)),)}),
        (NotANumber, "0 children", {"placements": (replace(PLACE, number=0),)}),
        (NotAProbability, "outside 0 to 1",
         {"placements": (replace(PLACE, moves=(PlannedMove(date(2023, 2, 1), OOA, Decimal(1), Decimal(2)),)),)}),
        (MoveOutside, "on 9 January 2023 is before 10 January 2023",
         {"placements": (replace(PLACE, moves=(PlannedMove(date(2023, 1, 9), OOA),)),)}),
        (MoveOutside, "has ended", {"placements": (replace(PLACE, moves=(PlannedMove(date(2023, 9, 1), OOA),)),)}),
        (NotAPrice, "without a price", {"starters": (Starters(OOA, Decimal(1), ()),)}),
        (RungTwice, "Keep one", {"leaving": (Leaving(OOA, Decimal(0)), Leaving(OOA, Decimal(0)))}),
        (NotAProbability, "less than 1", {"leaving": (Leaving(OOA, Decimal(1)),)}),
        (ChangeInThePast, "already hold it", {"price_changes": (PriceChange(date(2023, 1, 9), Decimal(1)),)}),
        (NotANumber, "contingency", {"contingency": Contingency(Decimal(-1))}),
        (EndBeforeStart, "“a home” ends",
         {"standing": (StandingCost("a home", Decimal(1), date(2023, 2, 1), date(2023, 1, 1)),)}),
    ],
)  # fmt: skip
def test_outlook_when_something_cannot_be_then_it_is_refused_by_name(error, message, changes):
    with pytest.raises(error, match=message):
        an_outlook(**changes)
