"""The table of measures of Annex A: what it reads is there, what it feeds is there, and it says what it does."""

import csv
from pathlib import Path

import pytest

from referrals.annex_a import dimensions
from referrals.annex_a import terms as t
from referrals.annex_a.measures import DURATIONS, MEASURES, OPEN_LATE
from referrals.clocks import CLOCKS
from tests.referrals.test_annex_a_measures import KEYS, a_list, answer, line

FIXTURES = Path(__file__).parents[2] / "fixtures" / "doncaster"


def fixture(name: str) -> list[dict[str, str]]:
    paths = list(FIXTURES.rglob(name))
    return [row for path in paths for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def test_table_when_read_then_codes_are_its_own_and_columns_are_those_of_the_lists() -> None:
    for table in (MEASURES, DURATIONS, OPEN_LATE):
        codes = [entry.code for entry in table]
        assert len(codes) == len(set(codes))
        for entry in table:
            assert {column.key for column in entry.columns} <= set(KEYS[entry.number]), entry.code
            assert entry.words.count("Rows of list") == 1


def test_table_when_it_feeds_an_indicator_then_the_indicator_is_there() -> None:
    known = {row["code"] for row in fixture("indicators.csv")}
    fed = {measure.indicator for measure in MEASURES} - {""}
    assert fed <= known


def test_table_when_it_feeds_a_part_then_the_category_is_there() -> None:
    known = {(row["dimension"], row["code"]) for row in fixture("categories.csv")}
    slices = {m["slice"] for m in answer(*(a_list(number) for number in KEYS))["measures"]} - {""}
    assert {tuple(text.split("=")) for text in slices} <= known
    assert len(slices) > 60


def test_table_when_a_figure_can_be_entered_then_by_one_measure_alone() -> None:
    found = answer(*(a_list(number) for number in KEYS))["measures"]
    entered = [(m["indicator"], m["slice"]) for m in found if m["indicator"] or m["slice"]]
    assert all(indicator for indicator, _ in entered)
    assert len(entered) == len(set(entered))


def test_table_when_read_then_it_feeds_what_annex_a_can_feed() -> None:
    can = "assessments-45-days icpc-15-days cp-visits-in-timescale cic-reviews-in-timescale cic-3-plus-placements "
    can += "pathway-plans-reviewed care-leavers-in-touch adoption-under-14-months re-referrals-12-months "
    can += "assessments-under-20-days cin-6-to-12-months cin-12-to-24-months cin-over-2-years cp-plans-2-years-plus "
    can += "cic-long-term-stability left-care-adopted left-care-sgo left-care-cao adoption-days-care-to-family "
    can += "adoption-days-order-to-match care-leavers-suitable-accommodation care-leavers-eet staying-put"
    cannot = "second-cp-plan-2-years cin-current-plan care-proceedings-26-weeks agency-posts supervision-in-timescale"
    fed = {measure.indicator for measure in MEASURES}
    assert set(can.split()) <= fed
    assert not set(cannot.split()) & fed


def test_table_when_it_names_a_clock_then_the_clock_is_there() -> None:
    named = {entry.clock for entry in (*DURATIONS, *OPEN_LATE)} - {""}
    assert named <= {clock.code for clock in CLOCKS}


def test_dimensions_when_protected_then_those_of_the_person() -> None:
    everything = {by for measure in MEASURES for by in measure.by}
    protected = {by.code for by in everything if by.is_protected}
    assert protected == {"age", "sex", "ethnicity", "disability", "asylum"}
    assert all(by.categories[-1][0] == dimensions.NOT_STATED for by in everything)


def test_words_when_the_clock_starts_at_the_assessment_then_they_say_so() -> None:
    words = line("assessments-45-days", a_list(4))["words"]
    assert "at most 45 working days from the assessment start date to the date of authorisation" in words
    assert "List 4 holds no date of referral" in words


def test_limit_when_a_clock_has_none_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="no limit"):
        t.limit_of("s47-enquiry")
