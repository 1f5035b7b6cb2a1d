"""Scenarios: what each step changes, that children are conserved, that the plan stays as it is, and what is refused."""

from contextlib import suppress
from copy import deepcopy
from dataclasses import FrozenInstanceError, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.expectation import EVERYTHING, children_on
from finance.nights import PriceBelowZero
from finance.outlook import Contingency, Leaving, Outlook, Placement, PlannedMove
from finance.plan import (
    BadNumber,
    ChangePrice,
    DateOutside,
    DelayHome,
    EndBeforeStart,
    HomeTwice,
    MoveChildren,
    NoPrice,
    OpenHome,
    Plan,
    ScenarioError,
    TooFewChildren,
    UnknownHome,
    UnknownRung,
    outlook_of,
    plan_of_counts,
)
from finance.projection import project
from finance.scenarios import Scenario, apply, compare, describe, effect
from tests.finance.outlooks import RUNGS, placements

AS_OF = date(2022, 7, 7)
OOA, IFA, IN_HOUSE = RUNGS
NAMES = {
    OOA: "Out of authority",
    IFA: "Independent fostering",
    IN_HOUSE: "In-house fostering",
    "home": "In-house homes",
}
PRICES = {OOA: Decimal(5402), IFA: Decimal(875), IN_HOUSE: Decimal(425), "home": Decimal(2100)}
MARCH = date(2023, 3, 1)


def a_plan(**changes) -> Plan:
    """57 out of authority, 163 and 230 fostered, as counts at average prices."""
    counts = {OOA: (57, PRICES[OOA]), IFA: (163, PRICES[IFA]), IN_HOUSE: (230, PRICES[IN_HOUSE])}
    return replace(plan_of_counts(AS_OF, counts, NAMES), prices=PRICES, **changes)


def tried(*steps, plan=None):
    return effect(plan or a_plan(), Scenario("a try", steps))


HOME = OpenHome("Home 1", 4, "home", date(2022, 10, 15), 2, (OOA, IFA), standing=Decimal(7000))


# What a step changes


def test_move_when_children_change_rung_then_nights_times_the_difference_of_prices_only_from_the_day():
    found = tried(MoveChildren(3, OOA, IN_HOUSE, MARCH))
    assert found.this_year == -(3 * 31 * Decimal(5402 - 425) / 7).quantize(Decimal("0.01"))
    assert found.next_year == -(3 * 366 * Decimal(5402 - 425) / 7).quantize(Decimal("0.01"))
    assert found.steps[0].words == "Move 3 children from Out of authority to In-house fostering from 1 March 2023"
    assert found.sentence == ("“a try” costs £66,123 less in 2022/23 and £780,678 less in 2023/24.")
    assert found.assumptions[0] == (
        "3 children of the 57 who may be moved from Out of authority are moved, those nearest its middle price: "
        "£5,402 a week on average. Each then costs £425 a week on In-house fostering."
    )


def test_price_when_raised_in_percent_or_pounds_then_for_all_on_the_rung_from_the_day():
    assert tried(ChangePrice(IFA, MARCH, percent=Decimal(4))).this_year == 163 * 31 * 5
    assert tried(ChangePrice(IFA, MARCH, pounds=Decimal(-7))).this_year == -163 * 31
    both = tried(ChangePrice(IFA, MARCH, pounds=Decimal(7)), MoveChildren(1, OOA, IFA, MARCH))
    assert both.steps[1].this_year == (31 * Decimal(875 + 7 - 5402) / 7).quantize(Decimal("0.01"))


def test_home_when_it_opens_then_it_fills_month_by_month_and_costs_from_its_first_day():
    found = tried(HOME)
    nights = 2 * 168 + 2 * 137  # two from 15 October, two from 15 November
    assert found.this_year == (168 * 1000 - nights * Decimal(5402 - 2100) / 7).quantize(Decimal("0.01"))
    outlook = outlook_of(apply(a_plan(), Scenario("", (HOME,))))
    on = [date(2022, 10, 14), date(2022, 10, 15), date(2022, 11, 15), date(2023, 3, 31)]
    assert [children_on(outlook, day).get("home", 0) for day in on] == [0, 2, 4, 4]
    assert (
        "“Home 1” fills by 2 children a month from 15 October 2022; each costs £2,100 a week there, and the home "
        in (" ".join(found.assumptions))
    )


def test_home_when_the_first_rung_has_too_few_then_the_next_gives_the_rest():
    plan = plan_of_counts(AS_OF, {OOA: (3, PRICES[OOA]), IFA: (5, PRICES[IFA])}, NAMES)
    outlook = outlook_of(apply(plan, Scenario("", (replace(HOME, weekly=Decimal(2000)),))))
    assert children_on(outlook, date(2022, 12, 1)) == {OOA: 0, IFA: 4, "home": 4}


def test_delay_when_a_home_of_the_plan_opens_later_then_what_it_would_have_changed_until_then_is_lost():
    plan = apply(a_plan(), Scenario("planned", (HOME,)))
    late = tried(DelayHome("Home 1", date(2023, 2, 15)), plan=plan)
    never = tried(HOME)
    later = tried(replace(HOME, on=date(2023, 2, 15)))
    assert late.this_year == later.this_year - never.this_year
    assert late.next_year == later.next_year - never.next_year
    same = tried(HOME, DelayHome("Home 1", date(2023, 2, 15)))
    assert (same.this_year, same.next_year) == (later.this_year, later.next_year)


def test_home_when_it_would_fill_after_the_two_years_then_the_rest_is_left_out():
    found = tried(replace(HOME, on=date(2024, 3, 1), beds=60, a_month=1, from_rungs=(OOA,)))
    assert found.this_year == 0
    assert len(found.assumptions) > 2


def test_move_when_prices_differ_then_the_middle_ones_go_and_those_with_plans_last():
    leaving = PlannedMove(date(2023, 6, 1), None)
    rows = [Placement(OOA, Decimal(p), date(2022, 1, 1)) for p in (15_750, 3_000, 4_000, 5_000)]
    rows.append(Placement(OOA, Decimal(4_100), date(2022, 1, 1), moves=(leaving,)))
    plan = Plan(Outlook(AS_OF, tuple(rows), cost_to_date=Decimal(0)), NAMES, PRICES)
    found = tried(MoveChildren(2, OOA, IN_HOUSE, MARCH), plan=plan)
    assert found.assumptions[0].startswith("2 children of the 5 ")
    assert "£4,500 a week on average" in found.assumptions[0]


def test_move_when_a_child_is_planned_to_leave_later_then_it_still_does():
    leaving = PlannedMove(date(2023, 6, 1), None)
    row = Placement(OOA, Decimal(5_402), date(2022, 1, 1), moves=(leaving,))
    plan = Plan(Outlook(AS_OF, (row,), cost_to_date=Decimal(0)), NAMES, PRICES)
    outlook = outlook_of(apply(plan, Scenario("", (MoveChildren(1, OOA, IN_HOUSE, MARCH),))))
    assert children_on(outlook, date(2023, 5, 31)) == {OOA: 0, IN_HOUSE: 1}
    assert children_on(outlook, date(2023, 6, 1)) == {OOA: 0, IN_HOUSE: 0}


def test_steps_when_added_then_they_are_the_scenario_and_contingency_goes_along():
    plan = a_plan()
    plan = replace(plan, outlook=replace(plan.outlook, contingency=Contingency(Decimal(10))))
    found = tried(
        HOME, ChangePrice("home", date(2023, 1, 1), Decimal(5)), MoveChildren(2, IFA, "home", MARCH), plan=plan
    )
    assert sum(step.this_year for step in found.steps) == found.this_year
    assert sum(step.next_year for step in found.steps) == found.next_year
    changed = apply(plan, Scenario("", (HOME, ChangePrice("home", date(2023, 1, 1), Decimal(5)),
                                        MoveChildren(2, IFA, "home", MARCH))))  # fmt: skip
    after, before = project(outlook_of(changed)), project(outlook_of(plan))
    assert found.this_year == after.this_year - before.this_year
    assert "The contingency of 10% rises and falls with the cost." in found.assumptions


def test_compare_when_two_scenarios_then_the_second_less_the_first():
    one, two = (
        Scenario("one", (MoveChildren(1, OOA, IN_HOUSE, MARCH),)),
        Scenario("two", (MoveChildren(2, OOA, IN_HOUSE, MARCH),)),
    )
    found = compare(a_plan(), one, two)
    assert found.this_year == effect(a_plan(), two).this_year - effect(a_plan(), one).this_year
    assert "costs £22,041 less than “one” in 2022/23" in found.sentence
    assert compare(a_plan(), one, one).sentence.count("neither more nor less") == 2


def test_describe_when_each_kind_of_step_then_in_words():
    words = [describe(step, a_plan()) for step in (
        ChangePrice(IFA, MARCH, Decimal("4.9")), ChangePrice(IFA, MARCH, pounds=Decimal("-12.50")), HOME,
        DelayHome("Home 1", MARCH), MoveChildren(1, OOA, IFA, MARCH),
    )]  # fmt: skip
    assert words == [
        "Raise the price of Independent fostering by 4.9% from 1 March 2023",
        "Lower the price of Independent fostering by £12.50 a week from 1 March 2023",
        "Open “Home 1” with 4 beds (In-house homes) on 15 October 2022",
        "Delay “Home 1” to 1 March 2023",
        "Move 1 child from Out of authority to Independent fostering from 1 March 2023",
    ]


# Children are conserved, and the plan stays


days = st.dates(AS_OF, date(2024, 3, 31))
steps = st.one_of(
    st.builds(MoveChildren, st.integers(1, 4), st.sampled_from(RUNGS), st.sampled_from([*RUNGS, "home"]), days),
    st.builds(ChangePrice, st.sampled_from(RUNGS), days, percent=st.integers(1, 20).map(Decimal)),
    st.builds(
        OpenHome, st.sampled_from(["Home 1", "Home 2"]), st.integers(1, 4), st.just("home"), days, st.integers(1, 3),
        st.lists(st.sampled_from(RUNGS), min_size=1, max_size=3, unique=True).map(tuple), st.none(),
        st.integers(0, 3000).map(Decimal),
    ),
    st.builds(DelayHome, st.sampled_from(["Home 1", "Home 2"]), days),
)  # fmt: skip


@st.composite
def plans(draw) -> Plan:
    rows = tuple(draw(st.lists(placements(AS_OF), min_size=1, max_size=6)))
    leaving = tuple(Leaving(rung, Decimal("0.001")) for rung in (*RUNGS, "home"))
    return Plan(Outlook(AS_OF, rows, leaving=leaving, cost_to_date=Decimal(0)), NAMES, PRICES)


@settings(max_examples=100)
@given(plan=plans(), chosen=st.lists(steps, min_size=1, max_size=4), day=days)
def test_children_when_any_scenario_is_tried_then_as_many_are_in_care_and_the_plan_is_as_it_was(plan, chosen, day):
    kept = deepcopy(plan)
    possible: tuple[Any, ...] = ()
    for step in chosen:
        with suppress(ScenarioError):
            apply(plan, Scenario("any", (*possible, step)))
            possible = (*possible, step)
    changed = apply(plan, Scenario("any", possible))
    assert plan == kept
    outlook = outlook_of(changed)
    for counting in (EVERYTHING, replace(EVERYTHING, leaving=False)):
        before, after = children_on(plan.outlook, day, counting), children_on(outlook, day, counting)
        assert abs(sum(before.values()) - sum(after.values())) < Decimal("1e-20")
        assert min(after.values()) >= 0
    assert sum(p.number for p in outlook.placements) == sum(p.number for p in plan.outlook.placements)


def test_plan_when_somebody_would_change_it_then_it_cannot_be():
    with pytest.raises(FrozenInstanceError):
        a_plan().homes = ()
    with pytest.raises(FrozenInstanceError):
        a_plan().outlook.as_of = MARCH


# What is refused


@pytest.mark.parametrize(
    ("error", "message", "step"),
    [
        (TooFewChildren, "Only 57 children are certain to be in Out of authority on 1 March 2023; 58 cannot be moved",
         MoveChildren(58, OOA, IFA, MARCH)),
        (DateOutside, "6 July 2022 is outside what is projected: 7 July 2022 to 31 March 2024",
         MoveChildren(1, OOA, IFA, date(2022, 7, 6))),
        (DateOutside, "1 April 2024", ChangePrice(OOA, date(2024, 4, 1), Decimal(1))),
        (UnknownRung, "“moon” is not a rung", MoveChildren(1, OOA, "moon", MARCH)),
        (UnknownRung, "“moon” is not a rung", ChangePrice("moon", MARCH, Decimal(1))),
        (UnknownRung, "same rung", MoveChildren(1, OOA, OOA, MARCH)),
        (UnknownRung, "from which other rungs", replace(HOME, from_rungs=("home",))),
        (UnknownRung, "from which other rungs", replace(HOME, from_rungs=())),
        (BadNumber, "0 children", MoveChildren(0, OOA, IFA, MARCH)),
        (BadNumber, "by how much", ChangePrice(OOA, MARCH)),
        (BadNumber, "not both", ChangePrice(OOA, MARCH, Decimal(1), Decimal(1))),
        (BadNumber, "1 to 100 beds", replace(HOME, beds=0)),
        (BadNumber, "moves in each month", replace(HOME, a_month=0)),
        (BadNumber, "cost less than nothing", replace(HOME, standing=Decimal(-1))),
        (BadNumber, "price cannot be less", MoveChildren(1, OOA, IFA, MARCH, Decimal(-1))),
        (PriceBelowZero, "less than nothing", ChangePrice(IN_HOUSE, MARCH, pounds=Decimal(-426))),
        (UnknownHome, "No home “Home 9”", DelayHome("Home 9", MARCH)),
        (TooFewChildren, "cannot be moved", replace(HOME, beds=90, a_month=90, from_rungs=(OOA,))),
    ],
)  # fmt: skip
def test_step_when_it_cannot_be_taken_then_it_is_refused_by_name_in_a_sentence(error, message, step):
    with pytest.raises(error, match=message):
        tried(step)


def test_step_when_an_earlier_one_is_in_its_way_then_it_is_refused():
    with pytest.raises(HomeTwice, match="opens already"):
        tried(HOME, HOME)
    with pytest.raises(EndBeforeStart, match="is no delay"):
        tried(HOME, DelayHome("Home 1", HOME.on))
    with pytest.raises(TooFewChildren, match="Only 2 children"):
        tried(MoveChildren(55, OOA, IFA, MARCH), MoveChildren(3, OOA, IFA, MARCH + timedelta(days=1)))
    with pytest.raises(NoPrice, match="what a place costs: In-house homes"):
        tried(HOME, plan=replace(a_plan(), prices={}))
    with pytest.raises(BadNumber):
        plan_of_counts(AS_OF, {OOA: (-1, Decimal(1))})


def test_move_when_a_child_may_have_moved_already_then_it_is_not_certain_and_not_moved():
    likely = PlannedMove(date(2023, 1, 1), IFA, Decimal(1), Decimal("0.5"))
    plan = Plan(Outlook(AS_OF, (Placement(OOA, Decimal(1), date(2022, 1, 1), moves=(likely,)),)), NAMES, PRICES)
    with pytest.raises(TooFewChildren, match="Only 0 children"):
        tried(MoveChildren(1, OOA, IN_HOUSE, MARCH), plan=plan)
    with pytest.raises(TooFewChildren, match="Only 0 children"):
        tried(MoveChildren(1, IFA, IN_HOUSE, MARCH), plan=plan)
    assert tried(MoveChildren(1, OOA, IN_HOUSE, date(2022, 12, 31)), plan=plan).this_year > 0
