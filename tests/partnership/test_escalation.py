"""When a figure is escalated, what is asked, and whether a trajectory came true: tables, properties, a second way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.measurement import Basis, Measured
from indicators.quarters import Quarter
from indicators.rag import MissingReason, Polarity, Rating, Standard, ToleranceKind
from indicators.relief import Relief
from indicators.scorecard import Held, Line, ScorecardRow, build_row
from indicators.units import Unit
from partnership.escalation import (
    Asks,
    Compared,
    Proposal,
    Rule,
    Run,
    Seen,
    Trigger,
    Verdict,
    compared,
    expired_on,
    is_waived,
    late_proposal,
    proposal_for,
    run_of,
    seen_of,
    trajectory_words,
)
from tests.reference.escalation_reference import run_forwards

Q4 = Quarter(2021, 4)
TODAY = date(2022, 7, 7)
TWO = "Outside tolerance for 2 periods in a row, since 2021/22"
CODES = {"o": Rating.OUTSIDE, "w": Rating.WITHIN, "b": Rating.BETTER, "n": Rating.NOT_JUDGED}


def course(codes: str) -> list[Seen]:
    """Periods up to 2021/22 Q4: o outside, w within, b better, n not judged, O waived and outside, - not due."""
    period, found = Q4, []
    for code in reversed(codes):
        rating = CODES.get(code.lower(), Rating.NOT_JUDGED)
        found.append(Seen(period.label, period.start_on, period.end_on, rating, code != "-", code == "O"))
        period = period.previous()
    return found[::-1]


def a_row(
    n: int | None = 60,
    d: int | None = 100,
    *,
    missing: str = "",
    relief: Relief | None = None,
    unit: Unit = Unit.PERCENT,
    polarity: Polarity = Polarity.HIGHER,
    value: Any = None,
) -> ScorecardRow:
    """A row of 2021/22 Q4 against target 80 with tolerance 70."""
    limits = {
        Polarity.HIGHER: (Decimal(80), ToleranceKind.ABSOLUTE, Decimal(70), None),
        Polarity.LOWER: (Decimal(20), ToleranceKind.ABSOLUTE, Decimal(30), None),
        Polarity.BAND: (Decimal(50), ToleranceKind.ABSOLUTE, Decimal(10), Decimal(5)),
    }
    standard = Standard(polarity, *limits[polarity], unit=unit)
    line = Line(
        "turnover",
        "",
        "Turnover",
        "t",
        "T",
        unit,
        polarity,
        Window.PERIOD,
        Aggregation.POOLED_RATIO,
        0,
        "quarter",
        standard=standard,
    )
    if missing:
        measured = Measured(Basis.MISSING, missing_reason=MissingReason(missing))
    elif value is not None:
        measured = Measured(Basis.VALUE_ONLY, value=Decimal(value))
    else:
        measured = Measured(Basis.DERIVED, Decimal(n or 0), Decimal(d or 0))
    held = Held(Q4.slug, Q4.label, Q4.start_on, Q4.end_on, measured)
    return build_row(line, Q4, {Q4.slug: held}, relief=relief)


def agreed(first: Quarter, until: Quarter, ends_on: date, ended_on: date | None = None) -> Relief:
    return Relief(1, first.start_on, until.end_on, ends_on, first.start_on, "the board", ended_on=ended_on)


# Runs


@pytest.mark.parametrize(
    ("codes", "number", "since", "unjudged"),
    [
        ("o", 1, "2021/22 Q4", 0),
        ("oo", 2, "2021/22 Q3", 0),
        ("ooo", 3, "2021/22 Q2", 0),
        ("owo", 1, "2021/22 Q4", 0),
        ("obo", 1, "2021/22 Q4", 0),
        ("ono", 2, "2021/22 Q2", 1),  # silence does not wipe the slate clean
        ("onno", 1, "2021/22 Q4", 0),  # but as much of it as the rule asks for does
        ("onono", 3, "2020/21 Q4", 2),
        ("no", 1, "2021/22 Q4", 0),
        ("o-o", 2, "2021/22 Q2", 0),  # a quarter in which an annual figure is not due is no period of its own
        ("o---o", 2, "2020/21 Q4", 0),
        ("oOo", 2, "2021/22 Q2", 0),  # a waived period neither counts nor ends it
        ("oOnOo", 2, "2020/21 Q4", 1),
        ("OOo", 1, "2021/22 Q4", 0),
    ],
)
def test_run_when_counted_back_from_the_latest_period(codes, number, since, unjudged) -> None:
    assert run_of(course(codes), Rule()) == Run(number, since, unjudged)


@pytest.mark.parametrize("codes", ["", "ow", "ob", "on", "oon", "-", "--"])
def test_run_when_the_latest_period_is_not_outside_then_none(codes) -> None:
    assert run_of(course(codes), Rule()) is None


def test_run_when_another_number_is_asked_then_that_much_silence_ends_it() -> None:
    assert run_of(course("ono"), Rule(periods_outside=1)) == Run(1, "2021/22 Q4", 0)
    assert run_of(course("onno"), Rule(periods_outside=3)) == Run(2, "2021/22 Q1", 2)


@given(st.text("owbnO-", max_size=12), st.integers(1, 4))
def test_run_when_calculated_forwards_then_the_same(codes: str, asked: int) -> None:
    periods = course(codes)
    plain = [{"label": s.label, "rating": s.rating.value, "due": s.is_due, "waived": s.is_waived} for s in periods]
    run = run_of(periods, Rule(periods_outside=asked))
    assert (None if run is None else (run.number, run.since, run.unjudged)) == run_forwards(plain, asked)


@given(st.text("owbnO-", max_size=12), st.integers(1, 4))
def test_run_when_a_better_period_is_put_before_it_then_nothing_changes_and_it_never_grows_by_silence(
    codes, asked
) -> None:
    rule = Rule(periods_outside=asked)
    run = run_of(course(codes), rule)
    assert run_of(course(f"b{codes}"), rule) == run
    assert run is None or run.number <= sum(code in "oO" for code in codes)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (Run(1, "2021/22 Q4"), "Outside tolerance in 2021/22 Q4"),
        (Run(2, "2021/22 Q3"), f"{TWO} Q3"),
        (Run(2, "2021/22 Q2", 1), f"{TWO} Q2; 1 between them was not judged"),
    ],
)
def test_run_when_said_then_in_words(run, words) -> None:
    assert run.words == words


# Relief


@pytest.mark.parametrize(
    ("reliefs", "expected"),
    [
        ([], None),
        ([agreed(Q4, Q4, date(2022, 7, 6))], date(2022, 7, 6)),  # shown until yesterday
        ([agreed(Q4, Q4, TODAY)], None),  # shown today still
        ([agreed(Q4.previous(), Q4.previous(), date(2022, 2, 1))], date(2022, 2, 1)),  # expired within the period
        ([agreed(Q4.previous(), Q4.previous(), date(2021, 12, 31))], None),  # expired before it: a run says the rest
        ([agreed(Q4, Q4, date(2023, 3, 31), ended_on=date(2022, 6, 1))], date(2022, 5, 31)),  # withdrawn
        ([agreed(Q4.next(), Q4.next(), date(2022, 7, 1))], None),  # of a later period
        ([agreed(Q4, Q4, date(2022, 5, 1)), agreed(Q4, Q4, date(2023, 1, 1))], None),  # another one holds
    ],
)
def test_relief_when_it_expired_since_the_period_began_then_its_last_day(reliefs, expected) -> None:
    assert expired_on(reliefs, course("o")[0], TODAY) == expected


def test_period_when_a_relief_was_agreed_then_waived_unless_withdrawn() -> None:
    held = agreed(Q4, Q4, date(2022, 5, 1))
    assert is_waived([held], Q4.start_on, Q4.end_on)
    assert not is_waived([agreed(Q4, Q4, date(2022, 5, 1), ended_on=date(2022, 4, 2))], Q4.start_on, Q4.end_on)
    assert not is_waived([held], Q4.previous().start_on, Q4.previous().end_on)


# Proposals


@pytest.mark.parametrize(
    ("codes", "reliefs", "trigger"),
    [
        ("oo", [], Trigger.OUTSIDE),
        ("o", [], None),
        ("wo", [], None),
        ("ow", [], None),
        ("on", [], None),
        ("o", [agreed(Q4, Q4, date(2022, 5, 1))], Trigger.RELIEF_EXPIRED),
        ("oo", [agreed(Q4, Q4, date(2022, 5, 1))], Trigger.RELIEF_EXPIRED),
        ("w", [agreed(Q4, Q4, date(2022, 5, 1))], None),
    ],
)
def test_proposal_when_a_course_is_looked_at_then_one_or_none(codes, reliefs, trigger) -> None:
    found = proposal_for(a_row(), course(codes), reliefs, Rule(), TODAY)
    assert (found.trigger if found else None) is trigger


def test_proposal_when_a_relief_is_shown_for_the_period_then_none() -> None:
    relief = agreed(Q4, Q4, date(2023, 3, 31))
    assert proposal_for(a_row(relief=relief), course("ooo"), [relief], Rule(), TODAY) is None


@pytest.mark.parametrize(
    ("row", "asks", "words"),
    [
        (a_row(60, 100), Asks.RECOVERY_PLAN, ["n is 100", "Clear: the 95% interval from 60 of 100"]),
        (a_row(13, 20), Asks.RECOVERY_PLAN, ["n is 20", "It could be chance"]),
        (
            a_row(12, 19),
            Asks.COHORT_REASONS,
            ["n is 19, below 20: reasons of the cohort, no recovery plan", "could be chance"],
        ),
        (a_row(value=60), Asks.RECOVERY_PLAN, ["n is not held", "Not tested: value only, no counts"]),
    ],
)
def test_proposal_when_n_is_large_small_or_not_held_then_it_asks_so_and_says_n_and_chance(row, asks, words) -> None:
    found = proposal_for(row, course("oo"), [], Rule(), TODAY)
    assert found is not None
    assert found.asks is asks
    assert found.evidence.startswith("Outside tolerance for 2 periods in a row, since 2021/22 Q3. ")
    assert all(word in found.evidence for word in words)
    assert len(found.evidence) <= 300


def test_proposal_when_a_relief_expired_then_it_says_when() -> None:
    found = proposal_for(a_row(), course("o"), [agreed(Q4, Q4, date(2022, 5, 1))], Rule(), TODAY)
    assert found is not None
    assert found.evidence.startswith("Relief expired on 1 May 2022. Outside tolerance in 2021/22 Q4. n is 100. ")


@given(st.text("owbnO-", min_size=1, max_size=10), st.integers(1, 4), st.integers(1, 200))
def test_proposal_when_the_rule_asks_for_more_periods_then_never_more_proposals(codes, asked, n) -> None:
    row = a_row(n // 2, n)
    more = proposal_for(row, course(codes), [], Rule(periods_outside=asked + 1), TODAY)
    if more is not None:
        # Longer silences are bridged by the stricter rule, so only runs without one are compared.
        assert "n" in codes or proposal_for(row, course(codes), [], Rule(periods_outside=asked), TODAY) is not None


@pytest.mark.parametrize(
    ("expected_on", "words"),
    [
        (TODAY, None),
        (TODAY + timedelta(days=1), None),
        (date(2022, 7, 6), "Not reportable in 2021/22 Q4. It was expected by 6 July 2022."),
    ],
)
def test_not_reportable_when_its_day_has_passed_then_the_date_is_asked(expected_on, words) -> None:
    found = late_proposal(expected_on, TODAY, periods=1, since="2021/22 Q4")
    assert found == (None if words is None else Proposal(Trigger.NOT_REPORTABLE_LATE, Asks.DATE, words))
    if words:
        more = late_proposal(expected_on, TODAY, periods=3, since="2021/22 Q2")
        assert more is not None
        assert more.evidence.startswith("Not reportable for 3 periods, since 2021/22 Q2.")


def test_row_when_it_has_no_number_or_is_not_due_then_seen_so() -> None:
    row = a_row(missing="not_reportable")
    assert seen_of(row, "Q4", Q4.start_on, Q4.end_on, []).rating is Rating.NOT_JUDGED
    annual = build_row(Line(**{**a_row().line.__dict__, "frequency": "financial_year"}), Q4.previous(), {})
    assert not seen_of(annual, "Q3", Q4.previous().start_on, Q4.previous().end_on, []).is_due


# Trajectories


@pytest.mark.parametrize(
    ("expected", "row", "polarity", "verdict", "words"),
    [
        (62, a_row(), Polarity.HIGHER, Verdict.WORSE, "62% expected, 60% reported: 2 points worse than expected"),
        (60, a_row(), Polarity.HIGHER, Verdict.AS_EXPECTED, "60% expected, 60% reported: as expected"),
        (55, a_row(), Polarity.HIGHER, Verdict.BETTER, "55% expected, 60% reported: 5 points better than expected"),
        (55, a_row(), Polarity.LOWER, Verdict.WORSE, "55% expected, 60% reported: 5 points worse than expected"),
        (62, a_row(), Polarity.LOWER, Verdict.BETTER, "62% expected, 60% reported: 2 points better than expected"),
        (
            45,
            a_row(polarity=Polarity.BAND),
            Polarity.BAND,
            Verdict.WORSE,
            "45% expected, 60% reported: 15 points worse than expected",
        ),
        (
            65,
            a_row(polarity=Polarity.BAND),
            Polarity.BAND,
            Verdict.BETTER,
            "65% expected, 60% reported: 5 points better than expected",
        ),
        (
            40,
            a_row(polarity=Polarity.BAND),
            Polarity.BAND,
            Verdict.AS_EXPECTED,
            "40% expected, 60% reported: as expected",
        ),
        (
            62,
            a_row(missing="not_reportable"),
            Polarity.HIGHER,
            Verdict.NO_FIGURE,
            "62% expected; no figure was reported",
        ),
        (62, None, Polarity.HIGHER, Verdict.NO_FIGURE, "62% expected; no figure was reported"),
    ],
)
def test_figure_when_held_against_what_was_expected_then_in_words(expected, row, polarity, verdict, words) -> None:
    found = compared("2021/22 Q4", Decimal(expected), row, unit=Unit.PERCENT, polarity=polarity, is_reported=True)
    assert (found.verdict, found.words) == (verdict, words)


def test_figure_when_its_period_is_not_reported_yet_then_to_come() -> None:
    found = compared("Q1", Decimal(62), None, unit=Unit.PERCENT, polarity=Polarity.HIGHER, is_reported=False)
    assert (found.verdict, found.words) == (Verdict.TO_COME, "62% expected; not reported yet")


@given(st.integers(0, 100), st.integers(0, 100), st.sampled_from([Polarity.HIGHER, Polarity.LOWER]))
def test_verdict_when_expected_and_reported_change_places_then_it_turns(expected, reported, polarity) -> None:
    turned = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER, Verdict.AS_EXPECTED: Verdict.AS_EXPECTED}
    one, other = (
        compared("Q4", Decimal(a), a_row(b, 100), unit=Unit.PERCENT, polarity=polarity, is_reported=True).verdict
        for a, b in ((expected, reported), (reported, expected))
    )
    assert turned[one] is other


DAY = date(2022, 12, 31)
NONE, EXPECTED = "No period of the trajectory is reported yet", "Back in tolerance expected by 31 December 2022."
ONE = "1 period of the trajectory reported: kept in each"
KEPT = "2 periods of the trajectory reported: kept in each"


def told(*verdicts: Verdict) -> list[Compared]:
    return [Compared("Q", Decimal(1), Decimal(1), None, verdict, "") for verdict in verdicts]


@pytest.mark.parametrize(
    ("rows", "back_on", "back_in", "words"),
    [
        (told(Verdict.TO_COME), DAY, "", f"{NONE}. {EXPECTED}"),
        (told(Verdict.WORSE), DAY, "", f"1 period of the trajectory reported: missed in it. {EXPECTED}"),
        (told(Verdict.BETTER, Verdict.WORSE), None, "", "2 periods of the trajectory reported: missed in 1 of them."),
        (
            told(Verdict.BETTER, Verdict.AS_EXPECTED),
            TODAY - timedelta(days=1),
            "",
            f"{KEPT}. Back in tolerance expected by 6 July 2022. That day has passed.",
        ),
        (
            told(Verdict.BETTER),
            DAY,
            "2022/23 Q1",
            f"{ONE}. Back in tolerance in 2022/23 Q1, expected by 31 December 2022.",
        ),
        ([], None, "2022/23 Q1", f"{NONE}. Back in tolerance in 2022/23 Q1."),
    ],
)
def test_trajectory_when_told_then_in_one_sentence(rows, back_on, back_in, words) -> None:
    assert trajectory_words(rows, back_on, back_in, TODAY) == words
