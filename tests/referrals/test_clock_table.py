"""The table of clocks: each in its place once, its limits in order, and who set them told apart."""

from datetime import date

import pytest

from indicators import quarters
from indicators.measurement import Basis, Measured
from indicators.scorecard import Held, build_row
from referrals.clock_table import CLOCKS_TABLE, PHASES, SetBy, clock_rows, counted_words, force_words, set_by
from referrals.clocks import CLOCKS, clock
from referrals.related import MEASURED_BY, pathway_codes, roles_of
from referrals.stage_table import PHASES as STAGE_PHASES
from referrals.stages import STAGES
from tests.indicators.test_scorecard import a_line

TODAY = date(2022, 7, 7)


def row(code, end_on=date(2022, 3, 31)):
    period = quarters.quarter_of(end_on)
    held = Held(period.slug, period.label, period.start_on, period.end_on, Measured(Basis.DERIVED, 9, 10))
    return build_row(a_line(code=code), period, {period.slug: held})


def test_phases_when_listed_then_every_clock_and_every_stage_stands_in_one():
    assert sorted(code for codes in PHASES.values() for code in codes) == sorted({c.code for c in CLOCKS})
    assert sorted(code for codes in STAGE_PHASES.values() for code in codes) == sorted(s.code for s in STAGES)
    assert set(MEASURED_BY) <= {c.code for c in CLOCKS}


def test_rows_when_listed_then_each_clock_is_there_once_and_those_in_force_come_first():
    rows = clock_rows({}, TODAY)
    assert sorted(map(str, (r.clock for r in rows))) == sorted(map(str, CLOCKS))
    visits = [r.is_in_force for r in rows if r.clock.code == "cp-visit"]
    assert visits == [True, False, False]


def test_figure_when_a_limit_has_changed_then_it_stands_with_the_one_of_its_time():
    now = [r for r in clock_rows({"cp-visits-in-timescale": row("v")}, TODAY) if r.measured]
    assert [r.clock.valid_from for r in now] == [date(2022, 1, 1)]
    then = [r for r in clock_rows({"cp-visits-in-timescale": row("v", date(2015, 3, 31))}, TODAY) if r.measured]
    assert [r.clock.valid_from for r in then] == [date(2014, 10, 1)]


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("single-assessment", SetBy.STATUTORY),
        ("single-assessment-20-days", SetBy.CONTRACT),
        ("adoption-a1", SetBy.NATIONAL),
        ("re-audit", SetBy.LOCAL),
        ("s47-enquiry", SetBy.NOBODY),
    ],
)
def test_authority_when_limits_are_set_then_law_contract_and_local_are_told_apart(code, who):
    assert set_by(clock(code)) is who


def test_words_when_a_clock_has_days_then_they_say_since_when_and_until_when():
    assert force_words(clock("care-proceedings")) == "from 22 April 2014"
    assert force_words(clock("cp-visit", date(2015, 1, 1))) == "1 October 2014 to 31 May 2015"
    assert force_words(clock("re-audit")) == ""
    assert counted_words(clock_rows({}, TODAY)).startswith("0 of 24 clocks in force")


def test_row_when_read_back_from_the_file_then_it_says_the_same():
    for one in clock_rows({"icpc-15-days": row("icpc-15-days")}, TODAY):
        read = CLOCKS_TABLE.values_from_csv(CLOCKS_TABLE.header, CLOCKS_TABLE.csv_row(one))
        assert {c.key: c.text(read) for c in CLOCKS_TABLE.columns if c.text} == CLOCKS_TABLE.cells(one)


def test_stages_when_their_indicators_are_listed_then_each_is_named_once():
    for stage in STAGES:
        codes = [code for code, _ in roles_of(stage)]
        assert len(codes) == len(set(codes))
        assert set(codes) <= pathway_codes()
