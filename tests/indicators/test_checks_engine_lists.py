"""The rules on lists of figures: counts of ratings, and rows that need a word."""

from dataclasses import replace
from datetime import date

import pytest

from indicators.checks_engine.list_rules import (
    OVERDUE,
    RATING_RULES,
    WITHOUT_WORDS,
    RatingCounts,
    ToldRow,
)
from indicators.checks_engine.rules import Severity, apply
from indicators.rag import Rating

RULES = (*RATING_RULES, WITHOUT_WORDS, OVERDUE)
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


# Rows as a meeting is told them

FIGURE = ToldRow("Assessments in 45 days", Rating.WITHIN, MEETING)
MISSING = ToldRow("Audits", Rating.NOT_JUDGED, MEETING, is_missing=True, has_words=True)
OFF = "Assessments in 45 days is outside tolerance without a word of commentary."
NONE = "Audits has no figure and no commentary says why."
LATE = "Audits was to be reportable by 6 July 2022."


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (FIGURE, []),
        (replace(FIGURE, rating=Rating.BETTER), []),
        (replace(FIGURE, rating=Rating.NOT_JUDGED), []),  # a number that cannot be judged
        (replace(FIGURE, rating=Rating.OUTSIDE), [OFF]),
        (replace(FIGURE, rating=Rating.OUTSIDE, has_words=True), []),
        (MISSING, []),
        (replace(MISSING, has_words=False), [NONE]),
        (replace(MISSING, promised_on=MEETING), []),
        (replace(MISSING, promised_on=date(2022, 7, 6)), [LATE]),
        (replace(MISSING, promised_on=date(2022, 7, 6), has_words=False), [NONE, LATE]),
    ],
)
def test_row_when_it_cannot_be_told_without_a_word_then_it_is_named(row, found):
    findings = [*WITHOUT_WORDS.find(row), *OVERDUE.find(row)]
    assert [f.message for f in findings] == found
    assert all(f.row == row.label and f.severity is Severity.SOFT for f in findings)
