"""Targets under authority: the next row of a line from a period on, old periods keep theirs, nothing is overwritten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indicators import quarters
from indicators.models import AuditEvent, OperationKey, Period, Target
from indicators.operations import targets as steps
from indicators.operations.errors import OperationError, WrongState
from indicators.operations.targets import PastAffected, TargetChanged, Values
from indicators.querysets import versions_in_force
from indicators.rag import Number as Judged
from indicators.rag import Polarity, Rating, Standard, ToleranceKind, judge
from indicators.selectors.scorecards import scorecard_for
from indicators.units import Unit
from tests import builders as b

pytestmark = pytest.mark.django_db

Q1 = b.Q4.next()
OTHER = Values(Decimal(90), ToleranceKind.ABSOLUTE, Decimal(85))


@pytest.fixture
def measure():
    return an_accepted_line()


@b.kept
def an_accepted_line():
    """An indicator (target 80, tolerance 70) whose figure of 2021/22 Q4 is 85 of 100, approved."""
    made = b.an_indicator("m")
    b.a_return(made.line.scorecard, b.Q4, state="approved")
    return made


@pytest.fixture
def council():
    return b.a_user(b.Role.APPROVER, display_name="Approver of the council")


def change(measure, *, by, valid_from=Q1, values=OTHER, based_on=1, at=b.NOW, **more):
    words = {"authority": "Contract variation 7", "reason": "Stretch"} | more
    return steps.change_target(
        line=measure.line, valid_from=valid_from, values=values, based_on=based_on, by=by, at=at, **words
    )


def suspend(measure, *, by, valid_from=Q1, based_on=1, **more):
    words = {"authority": "Board, 7 July 2022", "reason": "Courts closed"} | more
    return steps.suspend_target(line=measure.line, valid_from=valid_from, based_on=based_on, by=by, at=b.NOW, **words)


def reinstate(measure, *, by, valid_from, based_on, **more):
    words = {"authority": "Board, 6 October 2022", "reason": "Courts open"} | more
    return steps.reinstate_target(line=measure.line, valid_from=valid_from, based_on=based_on, by=by, at=b.NOW, **words)


def rating(measure, period):
    row = b.a_period(period)
    (found,) = scorecard_for(measure.line.scorecard, row, today=b.TODAY).rows
    return found.judgement.rating, found.judgement.reason


def rows(measure):
    return list(measure.line.targets.order_by("number").values())


def record():
    """What stands in the record of changes of targets, oldest first."""
    return list(AuditEvent.objects.filter(kind="target_changed").order_by("pk"))


# What a step writes


def test_change_when_from_a_later_period_then_it_is_the_next_row_and_says_who_when_and_why(measure, council):
    before = rows(measure)
    made = change(measure, by=council, values=replace(OTHER, printed_target="90.0%", printed_tolerance="85"))
    assert (made.number, made.valid_from.slug, made.target, made.tolerance) == (2, "2022-23-q1", 90, 85)
    assert (made.printed_target, made.printed_tolerance) == ("90.0%", "85")
    assert (made.authority, made.reason, made.is_suspended) == ("Contract variation 7", "Stretch", False)
    assert (made.recorded_by, made.actor) == (council, "Approver of the council")
    assert (made.recorded_at, made.known_on) == (b.NOW, b.TODAY)
    assert rows(measure)[:1] == before
    assert rating(measure, b.Q4)[0] is Rating.BETTER


@pytest.mark.parametrize(
    ("at", "known"),
    [
        (b.datetime(2022, 7, 7, 23, 30, tzinfo=b.LONDON), date(2022, 7, 7)),
        (b.datetime(2022, 7, 7, 23, 30, tzinfo=b.ZoneInfo("UTC")), date(2022, 7, 8)),
        (b.datetime(2022, 1, 7, 23, 30, tzinfo=b.ZoneInfo("UTC")), date(2022, 1, 7)),
    ],
)
def test_change_when_late_at_night_then_it_is_known_on_the_day_in_london(measure, council, at, known):
    assert change(measure, by=council, at=at).known_on == known


def test_step_when_taken_then_it_stands_in_the_record_without_a_value(measure, council):
    change(measure, by=council, request_id="abc123")
    suspend(measure, by=council, valid_from=Q1.next(), based_on=2)
    first, second = record()
    assert (first.kind, first.by, first.actor, first.at) == ("target_changed", council, str(council), b.NOW)
    assert (first.what, first.request_id) == ("contract/m: target 2 from 2022-23-q1", "abc123")
    assert first.partnership == measure.line.scorecard.partnership
    assert second.what == "contract/m: target 3, suspended from 2022-23-q2"
    assert "90" not in first.what


def test_suspension_when_it_begins_then_nothing_is_judged_until_it_is_reinstated(measure, council):
    for period in (Q1, Q1.next()):
        b.a_return(measure.line.scorecard, period, state="approved")
    made = suspend(measure, by=council, also_past=True)
    assert (made.target, made.tolerance, made.is_suspended) == (80, 70, True)
    assert rating(measure, b.Q4)[0] is Rating.BETTER
    assert [r.value for r in rating(measure, Q1)] == ["not_judged", "target_suspended"]
    assert [r.value for r in rating(measure, Q1.next())] == ["not_judged", "target_suspended"]
    again = reinstate(measure, by=council, valid_from=Q1.next(), based_on=2, also_past=True)
    assert (again.target, again.tolerance, again.is_suspended) == (80, 70, False)
    assert [r.value for r in rating(measure, Q1)] == ["not_judged", "target_suspended"]
    assert rating(measure, Q1.next())[0] is Rating.BETTER


def test_change_when_a_later_target_stands_already_then_it_holds_until_that_one_begins(measure, council):
    b.a_target(measure.line, valid_from=Q1.next(), target=Decimal(60), tolerance=Decimal(50))
    plan = steps.plan_change(line=measure.line, valid_from=Q1, values=OTHER, authority="Variation", reason="Stretch")
    assert plan.until.slug == "2022-23-q2"
    change(measure, by=council, based_on=2)
    in_force = partial(versions_in_force, Target)
    held = [in_force("line", [measure.line.pk], p.start_on)[measure.line.pk].target for p in (b.Q4, Q1, Q1.next())]
    assert held == [80, 90, 60]


def test_first_target_when_there_was_none_then_it_is_number_one(council):
    measure = b.an_indicator("m", target=None)
    made = change(measure, by=council, based_on=0)
    assert (made.number, made.target) == (1, 90)
    empty = b.an_indicator("n", target=None)
    with pytest.raises(WrongState, match="no target in 2022/23 Q1"):
        suspend(empty, by=council, based_on=0)


def test_target_when_taken_away_then_nothing_is_judged_against_it(measure, council):
    made = change(measure, by=council, values=Values(None))
    assert (made.target, made.tolerance_kind, made.tolerance) == (None, "none", None)
    b.a_return(measure.line.scorecard, Q1, state="approved")
    assert [r.value for r in rating(measure, Q1)] == ["not_judged", "no_target"]


# Periods that are reported already


def test_change_when_a_period_is_reported_already_then_refused_with_the_rating_that_would_change(measure, council):
    before = rows(measure)
    with pytest.raises(PastAffected) as refused:
        change(measure, by=council, valid_from=b.Q4)
    assert str(refused.value) == (
        "2021/22 Q4 is reported already. Ratings that change: 2021/22 Q4 (Better than target to Within tolerance). "
        "Choose a later period, or say that the change is meant for these periods too."
    )
    assert [(a.period.slug, a.changes) for a in refused.value.affected] == [("2021-22-q4", True)]
    assert rows(measure) == before
    assert record() == []


def test_change_when_meant_for_the_past_too_then_the_reason_names_the_ratings_and_earlier_periods_keep_theirs(
    measure, council
):
    b.a_figure(measure, b.Q3)
    made = change(measure, by=council, valid_from=b.Q4, also_past=True)
    assert made.reason == (
        "Stretch Also for what was reported already (2021/22 Q4); ratings changed: 2021/22 Q4 "
        "(Better than target to Within tolerance)."
    )
    assert rating(measure, b.Q4)[0] is Rating.WITHIN
    assert rating(measure, b.Q3)[0] is Rating.BETTER


def test_change_when_no_rating_of_the_past_would_change_then_still_refused_unless_it_is_meant(measure, council):
    values = Values(Decimal(84), ToleranceKind.ABSOLUTE, Decimal(70))
    with pytest.raises(PastAffected, match="No rating changes"):
        change(measure, by=council, valid_from=b.Q4, values=values)
    made = change(measure, by=council, valid_from=b.Q4, values=values, also_past=True)
    assert "no rating changes" in made.reason


def test_change_when_it_reaches_many_reported_periods_then_they_are_counted_in_the_reason(council):
    scorecard = b.a_scorecard(1)
    b.a_history(scorecard, 12, numerators=(85,))
    line = scorecard.lines.get()
    plan = steps.plan_change(
        line=line, valid_from=quarters.Quarter(2019, 1), values=OTHER, authority="Variation", reason="x" * 150,
        also_past=True,
    )  # fmt: skip
    assert "ratings changed: 12 periods, 2019/20 Q1 to 2021/22 Q4" in plan.candidate.reason
    assert len(plan.candidate.reason) <= 300
    with pytest.raises(WrongState, match="Shorten why, in fewer words"):
        steps.plan_change(
            line=line, valid_from=quarters.Quarter(2019, 1), values=OTHER, authority="Variation", reason="x" * 290,
            also_past=True,
        )  # fmt: skip


def test_change_when_another_target_holds_from_later_on_then_what_was_reported_under_that_one_is_not_touched(
    measure, council
):
    b.a_target(measure.line, valid_from=Q1, target=Decimal(60), tolerance=Decimal(50))
    b.a_return(measure.line.scorecard, Q1, state="approved")
    with pytest.raises(PastAffected) as refused:
        change(measure, by=council, valid_from=b.Q4, based_on=2)
    assert [a.period.slug for a in refused.value.affected] == ["2021-22-q4"]


def test_quarter_that_is_made_of_months_when_reported_then_it_counts_as_reported(council):
    scorecard = b.a_scorecard()
    measure = b.an_indicator("m", frequency="month", scorecard=scorecard)
    b.a_figure(b.an_indicator("q", scorecard=scorecard), b.Q4)
    for month in b.Q4.months():
        b.a_figure(measure, month)
    with pytest.raises(PastAffected) as refused:
        change(measure, by=council, valid_from=b.Q4)
    assert {a.period.slug for a in refused.value.affected} >= {m.slug for m in b.Q4.months()}


def test_figure_when_not_approved_then_nothing_is_reported_of_it(council):
    measure = b.an_indicator("m")
    b.a_return(measure.line.scorecard, b.Q4, state="signed_off")
    assert change(measure, by=council, valid_from=b.Q4).number == 2


def test_what_is_meant_for_the_past_when_known_only_now_then_the_day_before_still_sees_the_old(measure, council):
    row = b.a_period(b.Q4)
    change(measure, by=council, valid_from=b.Q4, also_past=True)
    scorecard = measure.line.scorecard

    def as_at(day):
        return scorecard_for(scorecard, row, today=b.TODAY, as_at=day).rows[0].line.standard.target

    assert as_at(b.TODAY - timedelta(days=1)) == 80
    assert as_at(b.TODAY) == 90


# What is refused


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (Values(Decimal(80), ToleranceKind.ABSOLUTE, Decimal(81)), "cannot be above the target"),
        (Values(Decimal(80), ToleranceKind.ABSOLUTE), "no tolerance"),
        (Values(Decimal(80), ToleranceKind.NONE, Decimal(70)), "what kind it is"),
        (Values(None, ToleranceKind.ABSOLUTE, Decimal(70)), "needs a target"),
        (Values(Decimal(80), ToleranceKind.POINTS, Decimal(-1)), "cannot be less than 0"),
        (Values(Decimal(80), band=Decimal(5)), "band is only for"),
        (Values(Decimal("0.9")), "looks like a proportion"),
        (Values(Decimal(80), ToleranceKind.ABSOLUTE, Decimal(70)), "hold already"),
        (Values(Decimal(90), printed_target="x" * 61), "Shorten how it is printed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_change_when_the_target_cannot_be_then_refused_with_a_sentence(measure, council, values, sentence):
    with pytest.raises(WrongState, match=sentence):
        change(measure, by=council, values=values)
    assert len(rows(measure)) == 1


def test_tolerance_when_better_than_its_target_then_refused_where_lower_is_better_too(council):
    measure = b.an_indicator("m", polarity=Polarity.LOWER)
    with pytest.raises(WrongState, match="cannot be below the target"):
        change(measure, by=council, values=Values(Decimal(20), ToleranceKind.ABSOLUTE, Decimal(15)))
    assert change(measure, by=council, values=Values(Decimal(20), ToleranceKind.ABSOLUTE, Decimal(20))).number == 2


def test_target_when_a_later_definition_turns_it_round_then_refused(council):
    measure = b.an_indicator("m")
    b.a_version(measure, Q1.next(), polarity="lower")
    with pytest.raises(WrongState, match="cannot be below the target"):
        change(measure, by=council)
    b.a_target(measure.line, valid_from=Q1.next(), polarity=Polarity.LOWER)
    assert change(measure, by=council, based_on=2).number == 3


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"authority": " "}, "on whose authority"),
        ({"reason": ""}, "Say why"),
        ({"authority": "x" * 301}, "300 characters at most, and this is 301"),
        ({"reason": "x" * 301}, "300 characters at most, and this is 301"),
    ],
)
def test_step_when_it_does_not_say_why_or_by_whom_then_refused(measure, council, texts, sentence):
    for take in (change, suspend):
        with pytest.raises(WrongState, match=sentence):
            take(measure, by=council, **texts)
    assert len(rows(measure)) == 1


def test_period_when_it_is_part_of_a_longer_one_then_refused(measure, council):
    with pytest.raises(WrongState, match="returned quarterly, so May 2022 is only part of a period"):
        change(measure, by=council, valid_from=quarters.Month(2022, 5))
    assert change(measure, by=council, valid_from=quarters.FinancialYear(2022)).valid_from.slug == "2022-23"


def test_period_when_before_the_line_or_the_definition_then_refused(council):
    measure = b.an_indicator("m", from_on=date(2022, 4, 1), target=None)
    with pytest.raises(WrongState, match="since 1 April 2022 only"):
        change(measure, by=council, valid_from=b.Q4, based_on=0)
    late = b.an_indicator("n", valid_from=Q1, target=None)
    with pytest.raises(WrongState, match="no definition in 2021/22 Q4"):
        change(late, by=council, valid_from=b.Q4, based_on=0)


def test_suspension_when_suspended_and_reinstatement_when_not_then_refused(measure, council):
    with pytest.raises(WrongState, match="No target is suspended"):
        reinstate(measure, by=council, valid_from=Q1, based_on=1)
    suspend(measure, by=council)
    with pytest.raises(WrongState, match="suspended already, from 2022/23 Q1"):
        suspend(measure, by=council, valid_from=Q1.next(), based_on=2)
    with pytest.raises(WrongState, match="Reinstate it first"):
        change(measure, by=council, valid_from=Q1.next(), based_on=2)
    assert len(rows(measure)) == 2


# Twice, and at once


def test_form_when_sent_twice_then_carried_out_once(measure, council):
    first = change(measure, by=council, key="k1")
    assert change(measure, by=council, key="k1") == first
    assert len(rows(measure)) == 2
    assert len(record()) == 1


def test_form_when_its_key_was_used_for_something_else_then_refused(measure, council):
    change(measure, by=council, key="k1")
    other = b.a_user(b.Role.APPROVER)
    with pytest.raises(OperationError, match="used for something else"):
        change(measure, by=other, key="k1")
    with pytest.raises(OperationError, match="used for something else"):
        suspend(measure, by=council, key="k1", based_on=2)
    assert len(rows(measure)) == 2


def test_form_when_somebody_else_was_faster_then_refused_and_its_key_is_free_again(measure, council):
    change(measure, by=b.a_user(b.Role.APPROVER))
    for take in (change, suspend):
        with pytest.raises(TargetChanged, match="has changed since you opened the page"):
            take(measure, by=council, key="k2")
    assert not OperationKey.objects.filter(key="k2").exists()
    assert len(rows(measure)) == 2


def test_plan_when_made_then_nothing_is_written(measure):
    before = Target.objects.count(), Period.objects.count()
    plan = steps.plan_change(
        line=measure.line, valid_from=quarters.Quarter(2031, 3), values=OTHER, authority="Variation", reason="Stretch"
    )
    assert plan.candidate.pk is None
    assert (Target.objects.count(), Period.objects.count()) == before


def test_target_when_recorded_then_the_database_keeps_it(measure, council):
    made = change(measure, by=council)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE indicators_target SET target = 1 WHERE id = {made.pk}")  # noqa: S608


# Any sequence of steps


class AnySequence(TestCase):
    """Whatever is done to a target, from whatever period: no row is lost or changed, and each period is judged by what
    the last step that reaches it said. The second calculation keeps a plain list of steps."""

    @settings(max_examples=25)
    @given(st.data())
    def test_targets_when_changed_in_any_order_then_each_period_has_what_was_said_of_it_last(self, data):
        measure = b.an_indicator()
        council = b.a_user(b.Role.APPROVER)
        years = [quarters.Quarter(2022, n) for n in (1, 2, 3, 4)]
        told: list[tuple[quarters.Quarter, Decimal, bool]] = []
        former: list[dict] = []
        for number in range(1, data.draw(st.integers(1, 6)) + 1):
            period = data.draw(st.sampled_from(years))
            amount = Decimal(data.draw(st.integers(71, 99)))
            kind = data.draw(st.sampled_from(["change", "suspend", "reinstate"]))
            now = _last(told, period)
            try:
                if kind == "change":
                    values = Values(amount, ToleranceKind.ABSOLUTE, Decimal(70))
                    change(measure, by=council, valid_from=period, values=values, based_on=len(told) + 1)
                    said = (amount, False)
                elif kind == "suspend":
                    suspend(measure, by=council, valid_from=period, based_on=len(told) + 1)
                    said = (now[0], True)
                else:
                    reinstate(measure, by=council, valid_from=period, based_on=len(told) + 1)
                    said = (now[0], False)
            except WrongState:
                assert (kind == "change" and (now[1] or now == (amount, False))) or (
                    kind != "change" and now[1] is (kind == "suspend")
                ), number
                continue
            told.append((period, *said))
            assert rows(measure)[: len(former)] == former
            former = rows(measure)
        for period in (b.Q4, *years):
            target = versions_in_force(Target, "line", [measure.line.pk], period.start_on)[measure.line.pk]
            assert (target.target, target.is_suspended) == _last(told, period)
            shown = judge(Judged(Decimal(85)), target.standard(measure.version))
            amount, suspended = _last(told, period)
            plain = Standard(Polarity.HIGHER, amount, ToleranceKind.ABSOLUTE, Decimal(70), unit=Unit.PERCENT)
            assert (shown.rating is Rating.NOT_JUDGED) is suspended
            assert suspended or shown == judge(Judged(Decimal(85)), plain)


def _last(told: list[tuple[quarters.Quarter, Decimal, bool]], period: quarters.Quarter) -> tuple[Decimal, bool]:
    """By going through the steps in order: a later period's step wins over an earlier period's, however old."""
    best = (b.FIRST_PERIOD.start_on, Decimal(80), False)
    for since, amount, suspended in told:
        if best[0] <= since.start_on <= period.start_on:
            best = (since.start_on, amount, suspended)
    return best[1:]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(Values(Decimal(150), ToleranceKind.NONE, None), id="a target above 100%"),
        pytest.param(Values(Decimal(-5), ToleranceKind.NONE, None), id="a target below 0"),
        pytest.param(Values(Decimal(5), ToleranceKind.ABSOLUTE, Decimal(-10)), id="a tolerance below 0"),
    ],
)
def test_target_of_a_share_when_no_share_can_reach_it_then_refused(measure, council, values) -> None:
    with pytest.raises(WrongState, match="between 0 and 100%"):
        change(measure, by=council, values=values)
    assert measure.line.targets.count() == 1
