"""Subjects as they are declared, against the fixtures; and findings, worked out from rows and bars."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.balance import COMPARISON, OVERLAPPING, PARTITION
from indicators.direction_of_travel import Window
from indicators.measurement import Basis, Measured
from indicators.rag import MissingReason, Polarity, Standard, ToleranceKind
from indicators.scorecard import Held, Line, ScorecardRow, build_row
from indicators.units import Unit
from referrals.bars import Bar
from referrals.related import pathway_codes
from referrals.topic_findings import (
    NOTHING,
    each_finding,
    finding_of,
    funnel_finding,
    gap_finding,
    lead_finding,
    named_finding,
    parts_finding,
    pathway_finding,
    rated_finding,
    re_audit_finding,
    when,
)
from referrals.topics import PROGRAMMES, TOPICS, Told, topic, topics_for
from referrals.views.breakdown_sections import by_words
from tests.conftest import FIXTURES

PLACE = FIXTURES / "doncaster"
AREAS = ("demand", "early-help", "practice", "statistics")
Q4, YEAR_BEFORE = quarters.Quarter(2021, 4), quarters.Quarter(2020, 4)
SPAN = quarters.Span(date(2021, 2, 1), date(2021, 7, 31))


def column(path: str, name: str) -> set[str]:
    file = PLACE / path
    if not file.exists():
        return set()
    with file.open(encoding="utf-8", newline="") as rows:
        return {row[name] for row in csv.DictReader(rows)}


def of_areas(file: str, name: str) -> set[str]:
    return {value for area in AREAS for value in column(f"{area}/{file}.csv", name)}


# Declared


def test_topics_when_they_name_an_indicator_then_the_fixtures_define_it() -> None:
    known = column("indicators.csv", "code") | of_areas("indicators", "code")
    assert {code for one in TOPICS for code in one.indicators} - known == set()


def test_indicators_of_the_four_areas_when_looked_for_then_each_stands_in_a_topic_or_a_stage() -> None:
    steps = {code for cell in column("practice/programmes.csv", "indicators") for code in cell.split(";")}
    shown = {code for one in TOPICS for code in one.indicators} | steps | pathway_codes()
    assert of_areas("indicators", "code") - shown == set()


def test_breakdowns_when_the_fixtures_have_one_then_a_topic_or_a_stage_shows_it() -> None:
    cuts = {(cut.indicator, cut.by) for one in TOPICS for section in one.sections for cut in section.cuts}
    held = set()
    for area in AREAS:
        with (PLACE / area / "figures.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["slice"]:
                    held.add((row["indicator"], tuple(part.partition("=")[0] for part in row["slice"].split("|"))))
    assert {cut for cut in held - cuts if cut[0] not in pathway_codes()} == set()


def test_topics_when_read_then_codes_are_their_own_and_cuts_belong_to_their_section() -> None:
    assert len({one.code for one in TOPICS}) == len(TOPICS)
    for one in TOPICS:
        assert len({section.code for section in one.sections}) == len(one.sections)
        for section in one.sections:
            assert {cut.indicator for cut in section.cuts} <= set(section.indicators)
            assert set(section.courses) <= set(section.indicators)
            assert all(list(cut.by) == sorted(cut.by) and cut.periods >= 1 for cut in section.cuts)
    assert topic(PROGRAMMES).indicators == ()


def test_topic_when_unknown_then_key_error() -> None:
    with pytest.raises(KeyError):
        topic("nothing")


def test_topics_when_the_board_is_not_asking_then_exploitation_is_left_out() -> None:
    everything = {one.code for one in topics_for(sees_protected=True)}
    assert everything - {one.code for one in topics_for(sees_protected=False)} == {"exploitation"}


def test_children_families_and_cases_in_court_when_declared_then_never_in_one_section() -> None:
    counted = [f"proceedings-{name}-at-end" for name in ("children", "families", "cases")]
    for section in topic("care-proceedings").sections:
        assert len(set(counted) & set(section.indicators)) <= 1
        assert not {"care-proceedings-26-weeks", "proceedings-concluded-26-weeks"} <= set(section.indicators)


# Findings from rows


def held(number: str | None, period: quarters.Period = Q4, qualifier: str = "", as_at: date | None = None) -> Held:
    measured = (
        Measured(Basis.MISSING, missing_reason=MissingReason.NARRATIVE_ONLY)
        if number is None
        else Measured(Basis.VALUE_ONLY, value=Decimal(number), qualifier=qualifier)
    )
    return Held(period.slug, period.label, period.start_on, period.end_on, measured, as_at_on=as_at)


def row(
    number: str | None, *, then: str | None = None, target: str | None = None, code: str = "a", name: str = "Measure",
    period: quarters.Period = Q4, unit: Unit = Unit.PERCENT, window: Window = Window.PERIOD, tolerance: str = "",
    as_at: date | None = None, breaks: tuple[date, ...] = (), slice_key: str = "",
) -> ScorecardRow:  # fmt: skip
    standard = None
    if target is not None:
        kind = ToleranceKind.ABSOLUTE if tolerance else ToleranceKind.NONE
        standard = Standard(Polarity.HIGHER, Decimal(target), kind, Decimal(tolerance) if tolerance else None)
    line = Line(
        code, slice_key, name, "", "", unit, Polarity.HIGHER, window, Aggregation.NONE, 0, period.kind,
        standard=standard,
    )  # fmt: skip
    figures = {period.slug: held(number, period, as_at=as_at)}
    if then is not None:
        before = period.same_period_last_year()
        figures[before.slug] = held(then, before)
    return build_row(line, period, figures, breaks=breaks)


@pytest.mark.parametrize(
    ("number", "then", "breaks", "said"),
    [
        ("61", "56", (), "Measure: 61% in 2021/22 Q4, up from 56% a year earlier"),
        ("56", "61", (), "Measure: 56% in 2021/22 Q4, down from 61% a year earlier"),
        ("61", "61", (), "Measure: 61% in 2021/22 Q4, the same as a year earlier"),
        ("61", None, (), "Measure: 61% in 2021/22 Q4"),
        ("61", "56", (date(2021, 8, 1),), "Measure: 61% in 2021/22 Q4"),
        (None, "56", (), ""),
    ],
)
def test_lead_when_compared_then_up_or_down_but_never_across_a_break(number, then, breaks, said) -> None:
    assert lead_finding([row(number, then=then, breaks=breaks)]) == said


@pytest.mark.parametrize(
    ("period", "window", "as_at", "said"),
    [
        (SPAN, Window.PERIOD, None, "between February and July 2021"),
        (quarters.Span(date(2020, 7, 1), date(2021, 6, 30)), Window.PERIOD, None, "between July 2020 and June 2021"),
        (quarters.Span(date(2021, 4, 1), date(2021, 9, 16)), Window.PERIOD, None,
         "from 1 April 2021 to 16 September 2021"),
        (Q4, Window.PERIOD, None, "in 2021/22 Q4"),
        (Q4, Window.SNAPSHOT, None, "at the end of 2021/22 Q4"),
        (Q4, Window.SNAPSHOT, date(2022, 4, 7), "on 7 April 2022"),
        (quarters.Month(2020, 9), Window.SNAPSHOT, None, "in September 2020"),
        (Q4, Window.ROLLING_12_MONTHS, None, "in the 12 months to 31 March 2022"),
        (quarters.Month(2022, 6), Window.YEAR_TO_DATE, None, "in the year to date, June 2022"),
    ],
)  # fmt: skip
def test_when_a_figure_was_then_its_window_stands_in_words(period, window, as_at, said) -> None:
    assert when(held("1", period, as_at=as_at), window) == said


def rated(*numbers: str | None, target: str = "65", tolerance: str = "") -> list[ScorecardRow]:
    return [row(n, target=target, tolerance=tolerance, code=f"m{i}") for i, n in enumerate(numbers)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (rated("72", "61.1"), "Of 2 bellwethers with a target of 65%: 1 outside tolerance and 1 better than target"),
        (rated("72", "66"), "Both bellwethers are better than target against a target of 65%"),
        (rated("1", "2", "3"), "All 3 bellwethers are outside tolerance against a target of 65%"),
        (rated("72", None), "Of 2 bellwethers with a target of 65%: 1 better than target and 1 not judged"),
        (rated("62", tolerance="60"), "Measure: 62% in 2021/22 Q4, within tolerance against a target of 65%"),
        (rated(None, None), ""),
        ([row("72")], ""),
    ],
)
def test_ratings_when_counted_then_all_of_them_and_the_target_they_share(rows, said) -> None:
    assert rated_finding(rows, "bellwethers") == said


def test_ratings_when_targets_differ_then_none_is_named() -> None:
    rows = [row("72", target="65", code="a"), row("72", target="80", code="b")]
    assert rated_finding(rows) == "Of 2 measures with a target: 1 outside tolerance and 1 better than target"


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=2, max_size=6))
def test_ratings_when_counted_then_they_add_up_to_the_rows(numbers) -> None:
    said = rated_finding(rated(*(None if n is None else str(n) for n in numbers)))
    if all(n is None for n in numbers):
        assert said == ""
    elif ":" in said:
        assert sum(int(word) for word in said.partition(":")[2].split() if word.isdigit()) == len(numbers)
        assert said.startswith(f"Of {len(numbers)} ")
    else:
        assert said.startswith(("Both ", f"All {len(numbers)} "))


def test_each_when_they_share_time_and_beginning_then_both_are_said_once() -> None:
    counts = [row(n, code=n, name=f"Exploitation: {name}", unit=Unit.COUNT, period=SPAN)
              for n, name in (("25", "convictions"), ("18", "court cases"))]  # fmt: skip
    assert each_finding(counts) == "Convictions: 25; Court cases: 18, between February and July 2021"
    other = row("24", code="c", name="Average, corrected", unit=Unit.COUNT, period=YEAR_BEFORE)
    assert each_finding([row("16", name="Average", unit=Unit.COUNT), other]) == (
        "Average: 16 in 2021/22 Q4; Average, corrected: 24 in 2020/21 Q4"
    )
    assert each_finding([]) == each_finding([row(None)]) == ""


def audits(due: str | None, done: str | None, late: str | None, last: quarters.Period = Q4) -> dict[str, ScorecardRow]:
    numbers = {"due": due, "done": done, "late": late}
    return {
        f"re-audits-{n}": row(v, unit=Unit.COUNT, code=f"re-audits-{n}", period=last if n == "late" else Q4)
        for n, v in numbers.items()
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (audits("33", "20", "13"), "20 of 33 re-audits due were done, 13 are late"),
        (audits("33", "20", "10"), "20 of 33 re-audits due were done, 10 are late, 3 neither"),
        (audits("33", "20", None), ""),
        (audits("33", "20", "13", YEAR_BEFORE), ""),
        ({}, ""),
    ],
)
def test_re_audits_when_due_then_done_late_and_the_rest_or_nothing_at_all(rows, said) -> None:
    assert re_audit_finding(rows) == said


def test_pathway_when_of_one_period_then_its_first_and_last_step() -> None:
    steps = [row(n, code=n, name=name, unit=Unit.COUNT) for n, name in (("90", "Enquiries"), ("12", "Matches"))]
    assert pathway_finding(steps) == "Enquiries: 90; matches: 12, in 2021/22 Q4"
    assert pathway_finding(steps[:1]) == ""
    assert pathway_finding([steps[0], row("12", code="c", unit=Unit.COUNT, period=YEAR_BEFORE)]) == ""


@pytest.mark.parametrize(
    ("needed", "there", "said"),
    [
        ("30", "12", "Needed: 30; waiting: 12: 18 too few, in 2021/22 Q4"),
        ("12", "30", "Needed: 12; waiting: 30: 18 too many, in 2021/22 Q4"),
        ("12", "12", "Needed: 12; waiting: 12: no gap, in 2021/22 Q4"),
    ],
)
def test_gap_when_both_are_counted_then_by_how_much_and_which_way(needed: str, there: str, said: str) -> None:
    rows = [row(n, code=name, name=name, unit=Unit.COUNT) for n, name in ((needed, "Needed"), (there, "Waiting"))]
    assert gap_finding(rows) == said
    assert gap_finding(rows[:1]) == ""
    assert gap_finding([rows[0], row(there, code="c", unit=Unit.COUNT, period=YEAR_BEFORE)]) == ""
    assert gap_finding([rows[0], row(there, code="c", unit=Unit.PERCENT)]) == ""


# Findings from bars


def bar(
    name: str, number: str | None, kind: str = PARTITION, dimension: str = "locality", *, own: bool = False,
    unit: Unit = Unit.COUNT, code: str = "a", qualifier: str = "",
) -> Bar:  # fmt: skip
    value = None if number is None else Decimal(number)
    return Bar(
        Q4.slug, code, "Measure", dimension, "By", kind, f"{dimension}={name}", name, value, unit, 0, qualifier,
        is_own=own,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("bars", "said"),
    [
        ([bar("North", "969"), bar("East", "732")], "North is the largest: 969"),
        (
            [bar("16 or higher", "81", OVERLAPPING, "caseload"), bar("25 or higher", "15", OVERLAPPING, "caseload")],
            "16 or higher: 81; 25 or higher: 15",
        ),
        ([bar("National", "15.6", COMPARISON, "authority")], "National: 16"),
        ([bar(f"Team {n}", str(n), COMPARISON, "team") for n in range(5)], "From 0 (Team 0) to 4 (Team 4)"),
        ([bar("Ours", "9", COMPARISON, "authority", own=True), bar("Other", "42", COMPARISON, "authority")],
         "Ours has 9, the lowest of 2 areas"),
        ([bar("North", None)], "By: no category is reported"),
    ],
)  # fmt: skip
def test_parts_when_they_lie_in_each_other_or_beside_then_none_is_called_the_largest(bars, said) -> None:
    assert parts_finding(bars) == said


def test_parts_when_they_head_a_section_then_with_what_and_when() -> None:
    assert named_finding([bar("North", "969")]) == "Measure, 2021/22 Q4: North is the largest, 969"


@pytest.mark.parametrize(
    ("bars", "said"),
    [
        ([bar("Cohort", "44"), bar("Signed up", "5", code="end"), bar("Declined", "1")],
         "Signed up: 5 of a cohort of 44, 11%"),
        ([bar("Cohort", "44"), bar("Matched", "11")], "Matched: 11 of a cohort of 44, 25%"),
        ([bar("Cohort", "4"), bar("Signed up", "5", code="end")], "Signed up: 5 of a cohort of 4"),
        ([bar("Cohort", "0"), bar("Signed up", "0", code="end")], "Signed up: 0 of a cohort of 0"),
        ([bar("Cohort", "44", qualifier="~"), bar("Signed up", "5", code="end")],
         "Signed up: 5 of a cohort of approx. 44"),
        ([bar("Cohort", "44"), bar("Signed up", None, code="end")], ""),
        ([bar("Cohort", "44")], ""),
    ],
)  # fmt: skip
def test_funnel_when_told_then_of_the_cohort_how_many_and_a_share_only_where_it_is_one(bars, said) -> None:
    assert funnel_finding(bars, "end") == said


# Of a section


def test_section_when_its_own_way_tells_nothing_then_the_next_that_does() -> None:
    assert finding_of(Told.RATED, [row("61")], ()) == "Measure: 61% in 2021/22 Q4"
    assert finding_of(Told.LEAD, [], [bar("North", "969")]) == "Measure, 2021/22 Q4: North is the largest, 969"
    assert finding_of(Told.PARTS, [], ()) == NOTHING
    assert finding_of(Told.LEAD, [row(None)], ()) == "1 measure without a number: narrative only"


@pytest.mark.parametrize(
    ("indicator", "dimension", "said"),
    [
        ("Early help referrals, by source", "Source of the early help referral", ""),
        ("Teams by share of staff supervised", "Teams by share supervised in timescale", ""),
        ("Protection plans by category, share", "Category of abuse", ""),
        ("Early help referrals", "Source of the early help referral", "source of the early help referral"),
        ("Families supported by Family Hubs", "Locality", "locality"),
    ],
)
def test_by_when_the_name_of_the_indicator_says_it_then_it_is_not_said_again(indicator, dimension, said) -> None:
    assert by_words(indicator, dimension) == said
