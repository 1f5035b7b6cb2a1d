"""The rules on one figure as it is entered: what cannot be true, and what a careful reader would ask about."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import entry
from indicators.checks_engine.entry_rules import (
    ENTRY_RULES,
    EarlierFigure,
    Entered,
    check_entered,
    jump_limit,
)
from indicators.checks_engine.rules import Severity
from indicators.entry import Around, CellInput, doubts_about, findings_about, problems_about
from indicators.measurement import Basis
from indicators.units import Unit

P, C, D = Unit.PERCENT, Unit.COUNT, Unit.DAYS
TODAY = date(2022, 4, 22)


def share(numerator, denominator, **others):
    return Entered(P, Decimal(str(numerator)), Decimal(str(denominator)), **others)


def value(number, unit=P, **others):
    return Entered(unit, value=Decimal(str(number)), **others)


def history(*values, of=None):
    """Earlier figures from the latest backwards, as values or as counts of one denominator."""
    return tuple(
        EarlierFigure(f"period {n}", Decimal(str(v)) * 100 / of, Decimal(str(v)), Decimal(of))
        if of
        else EarlierFigure(f"period {n}", Decimal(str(v)))
        for n, v in enumerate(values)
    )


def codes(entered):
    return [finding.rule for finding in check_entered(entered)]


# The rules and their examples


@pytest.mark.parametrize("rule", ENTRY_RULES, ids=lambda rule: rule.code)
def test_rule_when_its_examples_are_checked_then_one_passes_and_one_fails(rule):
    assert rule.find(rule.passing) == []
    found = rule.find(rule.failing)
    assert {(f.rule, f.severity, f.advice) for f in found} == {(rule.code, rule.severity, rule.advice)}
    assert all(f.sentence.endswith(".") and f.message.endswith(".") and f.field for f in found)


@pytest.mark.parametrize("rule", ENTRY_RULES, ids=lambda rule: rule.code)
def test_rule_when_its_passing_example_is_checked_then_no_other_rule_finds_anything(rule):
    assert check_entered(rule.passing) == []


def test_rules_when_listed_then_each_has_a_code_of_its_own():
    assert len({rule.code for rule in ENTRY_RULES}) == len(ENTRY_RULES)


def test_hard_rules_when_listed_then_they_are_what_cannot_be_true():
    assert {rule.code for rule in ENTRY_RULES if rule.severity is Severity.HARD} == {
        "share_outside_0_to_100",
        "numerator_over_denominator",
        "date_still_to_come",
    }


def test_findings_when_there_are_several_then_what_cannot_be_true_comes_first():
    odd = share(60, 60, earlier=history(60, of=60), extracted_on=TODAY + timedelta(1), today=TODAY)
    assert codes(odd) == ["date_still_to_come", "exactly_all_or_none", "same_as_last_period"]


# Numbers


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        (value(0), []),
        (value(100), []),
        (value("100.01"), ["share_outside_0_to_100"]),
        (value(-1), ["share_outside_0_to_100"]),
        (value(123, C), []),
        (value(-5, Unit.POUNDS), []),
        (value(124, Unit.PER_100000), []),
        (share(7, 6), ["numerator_over_denominator"]),
        (share(6, 6), []),
        (Entered(D, Decimal(463), Decimal(1)), []),
        (Entered(P), []),
    ],
)
def test_share_when_outside_its_whole_then_refused_and_only_a_share(entered, expected):
    assert codes(entered) == expected


@pytest.mark.parametrize(
    ("stated", "quantum", "expected"),
    [
        ("84", None, []),
        ("83.6", None, []),
        ("84.0", "1", []),
        ("83", None, ["stated_cut_off"]),
        ("83.61", None, ["stated_cut_off"]),
        ("83.62", None, []),
        ("85", None, ["stated_differs_from_counts"]),
        ("80", "10", []),
        ("123", None, ["share_outside_0_to_100", "stated_differs_from_counts"]),
    ],
)
def test_stated_value_when_its_counts_give_another_then_cut_off_is_told_apart(stated, quantum, expected):
    entered = share(1266, 1514, stated=Decimal(stated), quantum=Decimal(quantum) if quantum else None)
    assert codes(entered) == expected


def test_stated_value_when_it_differs_then_both_are_in_the_sentence():
    (found,) = check_entered(share(1266, 1514, stated=Decimal(85)))
    assert found.message == "1,266 of 1,514 is 83.6%, but 85% is stated."
    (found,) = check_entered(share(1266, 1514, stated=Decimal(83)))
    assert found.message == "1,266 of 1,514 is 83.6%; the stated 83% is cut off, not rounded."


@pytest.mark.parametrize(
    ("entered", "counts", "fields"),
    [
        (share("12.5", 50), "children", ["numerator"]),
        (share("12.5", "50.5"), "events", ["numerator", "denominator"]),
        (share("12.0", "50.00"), "families", []),
        (share("12.5", "50.5"), "staff", []),
        (share("12.5", "50.5"), "", []),
        (Entered(D, Decimal("100.5"), Decimal(3)), "children", []),
        (Entered(D, Decimal(100), Decimal("3.5")), "children", ["denominator"]),
        (Entered(Unit.PER_10000, Decimal("7.5"), Decimal("64165.5")), "children", ["numerator"]),
        (Entered(Unit.COUNT, value=Decimal("1000.5")), "children", ["value"]),
        (Entered(Unit.COUNT, value=Decimal("1000")), "children", []),
        (Entered(Unit.COUNT, value=Decimal("15.7")), "staff", []),
        (Entered(Unit.POUNDS, value=Decimal("15.7")), "places", []),
    ],
)
def test_part_of_a_case_when_people_are_counted_then_asked_about(entered, counts, fields):
    found = check_entered(replace(entered, counts=counts))
    assert [(f.rule, f.field) for f in found] == [("fraction_of_a_case", name) for name in fields]


@pytest.mark.parametrize(
    ("numerator", "denominator", "odd"),
    [(0, 50, True), (50, 50, True), (0, 49, False), (49, 49, False), (1, 50, False), (1355, 1355, True)],
)
def test_share_when_exactly_none_or_all_of_many_then_asked_about(numerator, denominator, odd):
    assert codes(share(numerator, denominator)) == ["exactly_all_or_none"] * odd


# History


def test_figure_when_both_counts_are_those_of_the_last_period_then_asked_about():
    again = share(64, 1257, earlier=history(64, 70, of=1257))
    assert codes(again) == ["same_as_last_period"]
    assert codes(replace(again, numerator=Decimal(65))) == []
    assert codes(replace(again, earlier=history(70, 64, of=1257))) == []
    assert codes(share(0, 12, earlier=history(0, of=12))) == []
    assert codes(value(85, earlier=history(85))) == []


@pytest.mark.parametrize(
    ("entered", "odd"),
    [
        pytest.param(value(60, earlier=history(86, 84, 85, 84)), True, id="far below"),
        pytest.param(value(99, earlier=history(86, 84, 85, 84)), True, id="far above"),
        pytest.param(value(82, earlier=history(86, 84, 85, 84)), False, id="as usual"),
        pytest.param(value(60, earlier=history(86, 84, 85)), False, id="history too short"),
        pytest.param(value(140, C, earlier=history(130, 120, 110, 100)), False, id="a steady rise goes on"),
        pytest.param(value(180, C, earlier=history(130, 120, 110, 100)), True, id="a steady rise leaps"),
        pytest.param(value(1, C, earlier=history(0, 0, 0, 0)), False, id="one more than none"),
        pytest.param(value(3, C, earlier=history(0, 0, 0, 0)), True, id="three more than none"),
        pytest.param(value(98, earlier=history(100, 100, 100, 100)), False, id="little less than always"),
        pytest.param(value(60, earlier=history(100, 100, 100, 100)), True, id="much less than always"),
        pytest.param(value(630, C, earlier=history(592, 590, 592, 591)), True, id="a stock leaps"),
        pytest.param(share(5, 10, earlier=history(8, 8, 8, 8, of=10)), False, id="chance among ten"),
        pytest.param(share(500, 1000, earlier=history(800, 801, 800, 802, of=1000)), True, id="no chance"),
        pytest.param(share(7800, 10000, earlier=history(8000, 8001, 8000, 8002, of=10000)), True, id="small, of many"),
        pytest.param(Entered(P, earlier=history(86, 84, 85, 84)), False, id="no figure"),
    ],
)
def test_jump_when_beyond_what_the_history_leads_to_expect_then_asked_about(entered, odd):
    assert codes(entered) == ["jump_beyond_history"] * odd


def test_jump_when_told_then_the_change_and_the_usual_one_are_in_the_sentence():
    (found,) = check_entered(value(60, earlier=history(86, 84, 85, 84)))
    assert found.message == (
        "60.0% is 26.0 points from the 86.0% of period 0; over the 4 periods before, it moved by 1.3 points on average "
        "from one to the next."
    )


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        pytest.param(5_418, 281_721, "52 times less than the £281,721", id="a week's price for a year's"),
        pytest.param(281_721, 5_418, "52 times more than the £5,418", id="a year's price for a week's"),
        pytest.param(-4_638, -4_638_000, "1000 times less", id="thousands, of an overspend"),
        pytest.param(28_172_100, 281_721, "100 times more", id="pence"),
        pytest.param(255_548, 281_721, "", id="another price of the same scale"),
        pytest.param(281_721, 0, "", id="nothing before"),
    ],
)
def test_money_when_it_is_of_another_scale_than_before_then_asked_about(now, before, said):
    found = check_entered(value(now, Unit.POUNDS, earlier=history(before)))
    assert [f.rule for f in found] == ["money_of_another_scale"] * bool(said)
    assert all(said in f.message for f in found)


def test_count_when_it_is_52_times_what_it_was_then_it_is_no_matter_of_money():
    assert codes(value(5200, C, earlier=history(100))) == []


numbers = st.lists(st.integers(0, 2000), min_size=4, max_size=12)


@given(numbers)
def test_limit_of_a_jump_is_that_of_a_moving_range_chart(values):
    """Second calculation: D4 = 3.267 times the mean of the absolute differences."""
    moves = [abs(values[n] - values[n - 1]) for n in range(1, len(values))]
    assert float(jump_limit([Decimal(v) for v in values])) == pytest.approx(3.267 * mean(moves))


@given(numbers, st.integers(0, 2000))
def test_jump_is_found_exactly_beyond_the_limit_and_never_below_three(values, now):
    found = codes(value(now, C, earlier=history(*reversed(values))))
    moves = [abs(values[n] - values[n - 1]) for n in range(1, len(values))]
    change = abs(now - values[-1])
    if change * len(moves) * 1000 <= 3267 * sum(moves) or change < 3:
        assert found == []
    elif change >= values[-1] * 0.05:
        assert found == ["jump_beyond_history"]
    else:
        assert found == []


@given(st.lists(st.integers(40, 60), min_size=4, max_size=8))
def test_figure_no_further_than_the_history_has_ever_moved_on_average_is_never_a_jump(values):
    moves = [abs(values[n] - values[n - 1]) for n in range(1, len(values))]
    now = values[-1] + sum(moves) // len(moves)
    assert codes(value(now, C, earlier=history(*reversed(values)))) == []


# Dates


@pytest.mark.parametrize(
    ("as_at", "extracted", "expected"),
    [
        (None, None, []),
        (TODAY, TODAY, []),
        (TODAY + timedelta(1), None, ["date_still_to_come"]),
        (None, TODAY + timedelta(1), ["date_still_to_come"]),
        (date(2022, 3, 31), date(2022, 3, 31), []),
        (date(2022, 3, 31), date(2022, 3, 30), ["extracted_before_as_at"]),
        (date(2022, 1, 1) - timedelta(92), None, []),
        (date(2022, 1, 1) - timedelta(93), None, ["as_at_long_before_period"]),
    ],
)
def test_dates_when_they_cannot_be_or_lie_far_off_then_told(as_at, extracted, expected):
    dated = value(50, start_on=date(2022, 1, 1), end_on=date(2022, 3, 31), today=TODAY)
    assert codes(replace(dated, as_at_on=as_at, extracted_on=extracted)) == expected


def test_date_when_today_is_not_known_then_nothing_is_claimed():
    assert codes(value(50, as_at_on=date(2090, 1, 1))) == []


# On the entry grid


def cell(numerator, denominator, **others):
    return CellInput(Basis.DERIVED, Decimal(numerator), Decimal(denominator), **others)


def test_cell_when_the_engine_doubts_it_then_a_reason_is_asked_for():
    (doubt,) = doubts_about(cell(60, 60), P)
    assert doubt.asks_reason
    assert doubt.message == (
        "60 of 60 is exactly 100%, which is seldom so among so many. Check that the records were counted, then say so."
    )
    assert problems_about(cell(60, 60), P) == []


def test_cell_when_more_is_known_around_it_then_more_is_checked():
    around = Around(
        counts="children", start_on=date(2022, 1, 1), end_on=date(2022, 3, 31), today=TODAY,
        earlier=history(500, 501, 499, 500, of=1000),
    )  # fmt: skip
    odd = cell("700.5", 1000, as_at_on=date(2021, 3, 31), extracted_on=date(2023, 4, 14))
    assert [f.rule for f in findings_about(odd, P, around)] == [
        "date_still_to_come", "fraction_of_a_case", "jump_beyond_history", "as_at_long_before_period",
    ]  # fmt: skip
    (problem,) = problems_about(odd, P, around)
    assert problem == entry.Problem(
        "extracted_on", "The date of extraction, 14 April 2023, is still to come. Give the day on which it was so."
    )
    assert len(doubts_about(odd, P, around)) == 3
    assert findings_about(odd, P) == []


@pytest.mark.parametrize("empty", [CellInput(), CellInput(Basis.MISSING, as_at_on=date(2090, 1, 1))])
def test_cell_when_it_has_no_figure_then_nothing_is_checked(empty):
    assert findings_about(empty, P, Around(today=TODAY)) == []
