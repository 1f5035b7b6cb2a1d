"""The rules on lists of figures: stocks and flows, breakdowns, counts of ratings, and what goes into a pack."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.checks_engine.entry_rules import Entered
from indicators.checks_engine.list_rules import (
    BREAKDOWN_RULES,
    PACK_RULES,
    RATING_RULES,
    STOCK_RULES,
    Breakdown,
    PackList,
    PackRow,
    RatingCounts,
    StockFlow,
    check_pack,
)
from indicators.checks_engine.rules import Severity, apply
from indicators.rag import Rating
from indicators.units import Unit

RULES = (*STOCK_RULES, *BREAKDOWN_RULES, *RATING_RULES, *PACK_RULES)
MEETING = date(2022, 7, 7)


def said(rules, given_):
    return [finding.message for finding in apply(rules, given_)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_when_its_examples_are_checked_then_one_passes_and_one_fails(rule):
    assert rule.find(rule.passing) == []
    found = rule.find(rule.failing)
    assert {(f.rule, f.severity, f.advice) for f in found} == {(rule.code, rule.severity, rule.advice)}
    assert all(f.sentence.endswith(".") and f.row for f in found)


def test_rules_when_listed_then_each_has_a_code_of_its_own():
    assert len({rule.code for rule in RULES}) == len(RULES)


# Stocks, breakdowns


def test_stock_when_it_does_not_follow_from_its_flows_then_all_four_numbers_are_told():
    stock = StockFlow("Children in care", *map(Decimal, (592, 46, 47, 592)))
    assert said(STOCK_RULES, stock) == [
        "Children in care: 592 at the start, 46 in and 47 out leave 591, not 592.",
    ]
    assert apply(STOCK_RULES, stock)[0].severity is Severity.SOFT


amounts = st.decimals(0, 10**9, places=4)


@given(amounts, amounts, amounts, st.decimals("0.0001", 10, places=4))
def test_stock_is_right_exactly_when_it_follows_from_its_flows(opening, came, went, more):
    closing = opening + came - went
    assert said(STOCK_RULES, StockFlow("Stock", opening, came, went, closing)) == []
    assert len(said(STOCK_RULES, StockFlow("Stock", opening, came, went, closing + more))) == 1


def test_breakdown_when_parts_overlap_then_they_are_never_added_up():
    parts = (("one need", Decimal(7)), ("another need", Decimal(6)))
    whole = Breakdown("Needs", Decimal(10), parts)
    assert said(BREAKDOWN_RULES, whole) == ["Needs: one need 7, another need 6 make 13, not 10."]
    assert said(BREAKDOWN_RULES, replace(whole, is_partition=False)) == []
    assert said(BREAKDOWN_RULES, replace(whole, whole=Decimal(6), is_partition=False)) == [
        "Needs: one need, 7, is more than the whole, 6."
    ]
    assert said(BREAKDOWN_RULES, Breakdown("Nothing broken down", Decimal(10), ())) == []


# Scorecards


def test_counts_when_the_report_says_thirteen_and_the_rows_are_twelve_then_each_rating_is_told():
    """Report 003: §14 has 13 within or better, 6 below; the table of §74 has 12 and 7."""
    ratings = (Rating.WITHIN,) * 12 + (Rating.OUTSIDE,) * 7
    counts = RatingCounts("Partnership indicators", {Rating.WITHIN: 13, Rating.OUTSIDE: 6}, ratings)
    assert said(RATING_RULES, counts) == [
        "Partnership indicators: 13 said to be “Within tolerance”, but 12 of the rows are.",
        "Partnership indicators: 6 said to be “Outside tolerance”, but 7 of the rows are.",
    ]


def test_counts_when_every_rating_is_stated_then_they_must_make_the_rows():
    stated = {Rating.BETTER: 7, Rating.WITHIN: 0, Rating.OUTSIDE: 2, Rating.NOT_JUDGED: 2}
    ratings = (Rating.BETTER,) * 7 + (Rating.OUTSIDE,) * 2 + (Rating.NOT_JUDGED,) * 2
    assert said(RATING_RULES, RatingCounts("Contract", stated, ratings)) == []
    assert said(RATING_RULES, RatingCounts("Contract", stated, ratings[:-1]))[-1] == (
        "Contract: the counts make 11, but there are 10 rows."
    )


# Packs

FIGURE = PackRow("Assessments in 45 days", Rating.WITHIN, is_approved=True)
MISSING = PackRow("Audits", Rating.NOT_JUDGED, is_approved=True, is_number=False, commentary="Not counted yet.")


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (FIGURE, []),
        (replace(FIGURE, rating=Rating.BETTER), []),
        (replace(FIGURE, is_approved=False), ["row_not_approved"]),
        (replace(FIGURE, rating=Rating.OUTSIDE), ["row_without_words"]),
        (replace(FIGURE, rating=Rating.OUTSIDE, commentary="Fewer staff."), []),
        (replace(FIGURE, expected_on=date(2022, 1, 1)), []),
        (MISSING, []),
        (replace(MISSING, commentary="  "), ["row_without_words"]),
        (replace(MISSING, expected_on=MEETING), []),
        (replace(MISSING, expected_on=date(2022, 7, 6)), ["row_overdue"]),
        (replace(MISSING, expected_on=date(2022, 7, 6), explained=True), []),
    ],
)
def test_pack_when_a_row_is_not_ready_then_it_is_named(row, found):
    findings = check_pack(PackList(MEETING, (row,)))
    assert [f.rule for f in findings] == found
    assert all(f.row == row.label and f.severity is Severity.HARD for f in findings)


def test_pack_when_a_figure_looks_odd_then_a_reason_keeps_it_but_nothing_keeps_what_cannot_be():
    odd = replace(FIGURE, entered=Entered(Unit.PERCENT, Decimal(60), Decimal(60)))
    wrong = replace(FIGURE, label="Second plan", entered=Entered(Unit.PERCENT, value=Decimal(123)))
    findings = check_pack(PackList(MEETING, (odd, wrong)))
    assert [(f.rule, f.row, f.severity) for f in findings] == [
        ("share_outside_0_to_100", "Second plan", Severity.HARD),
        ("exactly_all_or_none", "Assessments in 45 days", Severity.SOFT),
    ]
    kept = tuple(replace(row, kept_because="Counted again.") for row in (odd, wrong))
    assert [f.rule for f in check_pack(PackList(MEETING, kept))] == ["share_outside_0_to_100"]


def test_pack_when_its_sums_do_not_agree_then_each_is_named():
    pack = PackList(
        MEETING,
        (FIGURE,),
        counts=(RatingCounts("Contract", {Rating.WITHIN: 2}, (Rating.WITHIN,)),),
        stocks=(StockFlow("In care", *map(Decimal, (592, 46, 47, 592))),),
        breakdowns=(Breakdown("Localities", Decimal(3554), (("North", Decimal(3498)),)),),
    )
    assert [(f.rule, f.row) for f in check_pack(pack)] == [
        ("ratings_make_the_rows", "Contract"), ("parts_make_the_whole", "Localities"), ("stock_and_flow", "In care"),
    ]  # fmt: skip
