"""The way of a return: submitted, signed off, sent back, accepted, corrected; always by two people, never losing a
revision."""

import logging
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import operations, roles
from indicators.measurement import Basis
from indicators.models import (
    CurrentFigure,
    DraftCell,
    Figure,
    FigureApproval,
    OperationKey,
    Return,
    ReturnTransition,
    Series,
    User,
)
from indicators.operations import NotAllowed, NotReady, ReturnChanged, WrongState, returns
from indicators.operations.figures import cell_of
from indicators.quarters import Quarter
from tests import builders as b

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator("first")


@pytest.fixture
def people(measure: b.Measure) -> b.Gates:
    return b.the_people()


def points_of(row: Return, by: User) -> dict[tuple[str, str], str]:
    """What stands in the way of submitting, by indicator and field."""
    with pytest.raises(NotReady) as refused:
        b.submit(row, by=by)
    codes = dict(Series.objects.values_list("pk", "indicator__code"))
    return {(codes[p.series_id], p.problem.field): p.problem.message for p in refused.value.points}


def actions(row: Return) -> list[str]:
    return list(row.transitions.order_by("pk").values_list("action", flat=True))


# Opening


def test_round_when_opened_then_each_partner_that_owes_a_line_has_an_open_return(measure, people) -> None:
    b.an_indicator("crimes", partner=b.a_partner("police"))
    b.an_indicator("nobody's", assigned=False)
    b.an_indicator("yearly", frequency="financial_year", partner=b.a_partner("health"))
    made = b.a_round()
    assert {r.partner.code for r in made.returns.all()} == {"trust", "police"}
    for row in made.returns.all():
        assert (row.state, row.number, row.kind, actions(row)) == ("open", 1, "ordinary", ["opened"])


def test_round_when_opened_twice_then_refused(measure, people) -> None:
    made = b.a_round()
    with pytest.raises(WrongState, match="open already"):
        returns.open_round(scorecard=made.scorecard, period=made.period, due_on=None, by=people.acceptor, at=b.NOW)
    assert Return.objects.count() == 1


def test_round_when_monthly_and_annual_lines_are_on_a_quarterly_scorecard_then_each_is_returned_in_its_own(
    measure, people
) -> None:
    monthly = b.an_indicator("monthly", frequency="month")
    yearly = b.an_indicator("yearly", frequency="financial_year")
    for period, expected in (
        (b.Q4, measure),
        (b.Q4.months()[2], monthly),
        (b.quarters.FinancialYear(2021), yearly),
    ):
        row = b.a_return(period=period, state="approved")
        assert [d.line.series for d in returns.lines_due(row)] == [expected.series]
    assert CurrentFigure.objects.filter(approved__isnull=False).count() == 3


def test_lines_when_the_assignment_passes_to_another_partner_then_each_returns_its_own_periods(people, measure) -> None:
    held = measure.assignment
    held.until_on = date(2021, 12, 31)
    held.save()
    measure.series.assignments.create(partner=b.a_partner("council"), from_on=date(2022, 1, 1), authority="Handover")
    assert b.a_return(period=b.Q3).partner.code == "trust"
    assert b.a_return(period=b.Q4).partner.code == "council"


# Submitting


def test_return_when_submitted_then_one_revision_for_each_changed_cell(measure, people) -> None:
    other = b.an_indicator("second")
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(85, 100, headline="Good", commentary="Why"), other.series: b.a_cell(90, 100)})
    row = b.submit(row)
    assert (row.state, row.is_signed_off) == ("submitted", False)
    assert actions(row) == ["opened", "submitted"]
    assert not DraftCell.objects.exists()
    figure = Figure.objects.get(series=measure.series)
    assert (figure.revision, figure.supersedes, figure.basis) == (1, None, "derived")
    assert (figure.numerator, figure.denominator, figure.value) == (85, 100, None)
    assert (figure.headline.body, figure.commentary.body) == ("Good", "Why")
    assert (figure.recorded_by, figure.in_return, figure.actor) == (people.analyst, row, str(people.analyst))
    assert (figure.recorded_at, figure.known_on) == (b.NOW, b.TODAY)
    assert Figure.objects.count() == 2
    assert not FigureApproval.objects.exists()
    assert set(CurrentFigure.objects.values_list("approved", flat=True)) == {None}


def test_moment_when_late_in_the_evening_then_known_on_the_london_day(measure, people) -> None:
    row = b.a_return(state="filled")
    late = b.datetime(2022, 7, 7, 23, 30, tzinfo=b.ZoneInfo("UTC"))
    b.submit(row, at=late)
    assert Figure.objects.get().known_on == date(2022, 7, 8)


def test_return_when_submitted_again_then_only_changed_cells_are_revised(measure, people) -> None:
    other = b.an_indicator("second")
    row = b.a_return(state="returned")
    b.keep(row, {measure.series: b.a_cell(86, 100, commentary="Counted anew.")})
    b.submit(row)
    assert list(measure.series.figures.values_list("revision", flat=True)) == [1, 2]
    assert list(other.series.figures.values_list("revision", flat=True)) == [1]
    second = measure.series.figures.get(revision=2)
    assert second.supersedes.revision == 1
    assert CurrentFigure.objects.get(series=measure.series).working == second


def test_cell_when_changed_and_changed_back_then_no_revision(measure, people) -> None:
    row = b.a_return(state="returned")
    b.keep(row, {measure.series: b.a_cell(1, 100)})
    b.keep(row, {measure.series: b.an_easy_cell(measure.unit)}, by=people.second_analyst)
    row = b.submit(row)
    assert row.state == "submitted"
    assert Figure.objects.count() == 1
    assert not DraftCell.objects.exists()


def test_return_when_not_ready_then_every_open_point_is_listed_and_nothing_is_written(measure, people) -> None:
    outside = b.an_indicator("outside")
    silent = b.an_indicator("silent")
    vague = b.an_indicator("vague")
    words = b.an_indicator("words")
    doubtful = b.an_indicator("doubtful")
    row = b.a_return()
    b.keep(
        row,
        {
            outside.series: b.a_cell(60, 100),
            silent.series: b.a_cell(missing="x"),
            vague.series: b.a_cell(missing="not_reportable"),
            words.series: b.a_cell(commentary="Only words."),
            doubtful.series: b.a_cell(85, 100, commentary="It was 96% this quarter."),
        },
    )
    points = points_of(row, people.analyst)
    assert set(points) == {
        ("first", "numerator"),
        ("outside", "commentary"),
        ("silent", "commentary"),
        ("vague", "commentary"),
        ("vague", "not_reportable_code"),
        ("vague", "responsible_role"),
        ("vague", "expected_on"),
        ("words", "numerator"),
        ("doubtful", "keep_reason"),
    }
    assert "outside tolerance" in points["outside", "commentary"]
    assert "96%" in points["doubtful", "keep_reason"]
    row = b.fresh(row)
    assert (row.state, row.version) == ("open", 2)
    assert DraftCell.objects.count() == 5
    assert not Figure.objects.exists()
    assert not OperationKey.objects.exists()


@pytest.mark.parametrize(
    ("cell", "ready"),
    [
        pytest.param(b.a_cell(70, 100), True, id="on the tolerance line, which counts as within"),
        pytest.param(b.a_cell("69.9999", 100), False, id="a hair outside, no words"),
        pytest.param(b.a_cell(60, 100, commentary="Staff were ill."), True, id="outside, with words"),
        pytest.param(b.a_cell(missing="x", commentary="The system changed."), True, id="no figure, with words"),
        pytest.param(b.a_cell(missing="no_cohort"), False, id="no cohort, no words"),
        pytest.param(
            b.a_cell(85, 100, commentary="It was 96%.", keep_reason="96% is the year before."),
            True,
            id="a doubt, with the reason why it stands",
        ),
        pytest.param(
            b.a_cell(
                missing="not_reportable",
                commentary="The case system changed.",
                not_reportable_code="system_change",
                responsible_role="Head of performance",
                expected_on=date(2022, 10, 1),
            ),
            True,
            id="not reportable, with code, role and date",
        ),
    ],
)
def test_cell_when_submitted_then_ready_or_not(cell, ready, measure, people) -> None:
    row = b.a_return()
    b.keep(row, {measure.series: cell})
    if ready:
        assert b.submit(row).state == "submitted"
    else:
        assert points_of(row, people.analyst)


def test_return_when_the_same_form_is_sent_twice_then_done_once(measure, people) -> None:
    row = b.a_return(state="filled")
    version = b.fresh(row).version
    for _ in range(2):
        operations.submit_return(in_return=row, by=people.analyst, at=b.NOW, version=version, key="form-1")
    assert Figure.objects.count() == 1
    assert actions(row) == ["opened", "submitted"]
    version = b.fresh(row).version
    for _ in range(2):
        operations.sign_off(in_return=row, by=people.lead, at=b.NOW, version=version, key="form-2")
    assert actions(row) == ["opened", "submitted", "signed_off"]
    version = b.fresh(row).version
    for _ in range(2):
        operations.accept_return(in_return=row, by=people.acceptor, at=b.NOW, version=version, key="form-3")
    assert FigureApproval.objects.count() == 1
    assert actions(row)[-1] == "approved"
    assert OperationKey.objects.count() == 3


def test_return_when_not_ready_then_the_key_is_free_for_the_next_try(measure, people) -> None:
    row = b.a_return()
    with pytest.raises(NotReady):
        b.submit(row, key="form-1")
    b.fill(row)
    assert b.submit(row, key="form-1").state == "submitted"


@pytest.mark.parametrize("step", ["submit_return", "sign_off", "send_back", "accept_return"])
def test_return_when_it_changed_meanwhile_then_nothing_is_done(step, measure, people) -> None:
    state = {"submit_return": "filled", "accept_return": "signed_off"}.get(step, "submitted")
    row = b.a_return(state=state)
    who = {"submit_return": people.analyst, "accept_return": people.acceptor}.get(step, people.lead)
    extra = {"comment": "Please look."} if step == "send_back" else {}
    before = actions(row)
    with pytest.raises(ReturnChanged, match="look at it again"):
        getattr(operations, step)(in_return=row, by=who, at=b.NOW, version=b.fresh(row).version - 1, **extra)
    assert actions(row) == before


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("submitted", "submit_return"),
        ("signed_off", "submit_return"),
        ("approved", "submit_return"),
        ("open", "sign_off"),
        ("returned", "sign_off"),
        ("signed_off", "sign_off"),
        ("approved", "sign_off"),
        ("open", "send_back"),
        ("returned", "send_back"),
        ("approved", "send_back"),
        ("open", "accept_return"),
        ("submitted", "accept_return"),
        ("returned", "accept_return"),
        ("approved", "accept_return"),
    ],
)
def test_step_when_the_return_is_in_another_state_then_refused_and_nothing_moves(state, step, measure, people) -> None:
    row = b.a_return(state=state)
    extra = {"comment": "Please look."} if step == "send_back" else {}
    by = people.acceptor if step == "accept_return" else people.lead
    before = (actions(row), b.fresh(row).version, Figure.objects.count(), FigureApproval.objects.count())
    with pytest.raises(WrongState):
        getattr(operations, step)(in_return=row, by=by, at=b.NOW, version=b.fresh(row).version, **extra)
    assert (actions(row), b.fresh(row).version, Figure.objects.count(), FigureApproval.objects.count()) == before


def test_return_when_its_round_is_locked_then_not_submitted(measure, people) -> None:
    row = b.a_return(state="filled")
    operations.lock_round(reporting_round=row.round, reason="Too late.", by=people.acceptor, at=b.NOW)
    with pytest.raises(WrongState, match="Too late"):
        b.submit(row)


def test_return_when_the_target_is_suspended_then_no_words_are_asked_for(people) -> None:
    measure = b.an_indicator(suspended=True)
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(1, 100)})
    assert points_of(row, people.analyst).keys() == {("first", "numerator")}


# The rule of two people


def test_person_when_they_typed_it_then_they_can_neither_sign_off_nor_send_back_nor_accept(measure, people) -> None:
    typist = people.analyst
    b.people.end_membership(membership=typist.memberships.get(), until_on=b.TODAY, by=people.acceptor, at=b.NOW)
    row = b.a_return()
    b.fill(row, by=typist)
    b.submit(row, by=people.second_analyst)  # another presses the button
    b.a_gate_holder(typist, gate="sign_off", from_on=b.TODAY)
    b.a_gate_holder(typist, gate="acceptance", from_on=b.TODAY, as_found=True)
    for step in (b.sign_off, b.send_back):
        with pytest.raises(NotAllowed, match="You entered figures of this return"):
            step(row, by=typist)
    b.sign_off(row, by=people.lead_deputy)
    with pytest.raises(NotAllowed, match="You entered figures"):
        b.accept(row, by=typist)


def test_person_when_they_only_pressed_submit_then_they_cannot_decide_either(measure, people) -> None:
    row = b.a_return(state="filled")
    b.a_gate_holder(people.second_analyst, gate="sign_off", is_deputy=True, from_on=b.TODAY)
    b.submit(row, by=people.second_analyst)
    assert Figure.objects.get().recorded_by == people.analyst
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=people.second_analyst)


def test_person_when_their_revision_was_overtaken_then_they_still_cannot_decide(measure, people) -> None:
    b.a_gate_holder(people.analyst, gate="sign_off", is_deputy=True, from_on=b.TODAY)
    row = b.a_return(state="returned")  # the analyst's revision 1 was sent back
    b.keep(row, {measure.series: b.a_cell(86, 100, commentary="Anew.")}, by=people.second_analyst)
    b.submit(row, by=people.second_analyst)
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=people.analyst)


def test_person_when_they_signed_off_then_they_cannot_accept(measure, people) -> None:
    b.a_gate_holder(people.lead, gate="acceptance", is_deputy=True, from_on=b.TODAY, as_found=True)
    row = b.a_return(state="signed_off")
    with pytest.raises(NotAllowed, match="signed this return off"):
        b.accept(row, by=people.lead)
    assert b.accept(row).state == "approved"


@pytest.mark.parametrize("role", list(roles.Role))
@pytest.mark.parametrize("is_superuser", [False, True])
def test_gate_when_the_person_is_not_named_then_refused_whatever_their_role(
    role, is_superuser, measure, people
) -> None:
    stranger = b.a_user(role, is_superuser=is_superuser)
    row = b.a_return(state="submitted")
    for step in (b.sign_off, b.send_back):
        with pytest.raises(NotAllowed, match="named lead or deputy"):
            step(row, by=stranger)
    b.sign_off(row)
    for step in (b.accept, b.send_back):
        with pytest.raises(NotAllowed, match="named lead or deputy"):
            step(row, by=stranger)
    assert actions(row) == ["opened", "submitted", "signed_off"]


def test_gate_when_nobody_is_named_then_refused_for_everybody(measure) -> None:
    row = b.a_return(state="submitted")
    b.GateHolder.objects.all().delete()
    for user in User.objects.all():
        with pytest.raises(NotAllowed):
            b.sign_off(row, by=user)


def test_gate_when_of_another_partner_then_refused(measure, people) -> None:
    police = b.the_people(b.a_partner("police"))
    row = b.a_return(state="submitted")
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=police.lead)


def test_gate_when_each_holder_passes_the_other_one_then_refused(measure, people) -> None:
    row = b.a_return(state="submitted")
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=people.acceptor)
    with pytest.raises(NotAllowed):
        b.send_back(row, by=people.acceptor)
    b.sign_off(row)
    with pytest.raises(NotAllowed):
        b.send_back(row, by=people.lead_deputy)


def test_deputy_when_they_pass_the_gate_then_the_transition_says_so(measure, people) -> None:
    row = b.a_return(state="submitted")
    b.sign_off(row, by=people.lead_deputy, comment="In the lead's absence.")
    b.accept(row, by=people.acceptor_deputy)
    signed, accepted = row.transitions.order_by("pk")[2:]
    assert (signed.as_deputy, signed.by, signed.comment.body) == (True, people.lead_deputy, "In the lead's absence.")
    assert (accepted.as_deputy, accepted.by) == (True, people.acceptor_deputy)


def test_gate_when_held_until_yesterday_then_refused_today(measure, people) -> None:
    row = b.a_return(state="submitted")
    b.GateHolder.objects.filter(user=people.lead).update(until_on=date(2022, 7, 6))
    with pytest.raises(NotAllowed):
        b.sign_off(row)
    b.GateHolder.objects.filter(user=people.lead).update(until_on=b.TODAY)
    assert b.sign_off(row).is_signed_off


def test_gate_when_a_successors_lead_is_named_for_the_old_partners_returns_then_open_work_goes_on(measure) -> None:
    trust, council = b.a_partner("trust"), b.a_partner("council")
    row = b.a_return(state="submitted")
    b.a_succession(trust, council, date(2022, 7, 1))
    heir = b.a_user("approver", partner=council)
    b.a_gate_holder(heir, trust, "sign_off", from_on=date(2022, 7, 1))
    assert b.sign_off(row, by=heir).is_signed_off


# Sending back and accepting


def test_return_when_sent_back_then_open_again_with_the_comment_and_every_revision(measure, people) -> None:
    row = b.a_return(state="submitted")
    row = b.send_back(row, comment="Check the denominator.")
    assert (row.state, row.is_signed_off, row.is_editable) == ("returned", False, True)
    last = row.transitions.order_by("pk").last()
    assert (last.action, last.from_state, last.to_state, last.by) == ("returned", "submitted", "returned", people.lead)
    assert last.comment.body == "Check the denominator."
    assert Figure.objects.count() == 1


def test_return_when_the_council_queries_it_then_the_partner_signs_off_anew(measure, people) -> None:
    row = b.a_return(state="signed_off")
    row = b.send_back(row)
    assert row.transitions.order_by("pk").last().by == people.acceptor
    b.keep(row, {measure.series: b.a_cell(86, 100, commentary="Checked.")})
    row = b.submit(row)
    assert not row.is_signed_off
    with pytest.raises(WrongState, match="signed off"):
        b.accept(row)
    b.sign_off(row)
    b.accept(row)
    assert actions(row) == ["opened", "submitted", "signed_off", "returned", "submitted", "signed_off", "approved"]


@pytest.mark.parametrize("comment", ["", "   "])
def test_return_when_sent_back_without_a_comment_then_refused(comment, measure, people) -> None:
    row = b.a_return(state="submitted")
    with pytest.raises(WrongState, match="Say what should be changed"):
        b.send_back(row, comment=comment)


def test_return_when_accepted_then_only_now_boards_see_it(measure, people) -> None:
    other = b.an_indicator("second")
    row = b.a_return(state="signed_off")
    assert not CurrentFigure.objects.filter(approved__isnull=False).exists()
    row = b.accept(row)
    assert (row.state, row.is_signed_off) == ("approved", True)
    for series in (measure.series, other.series):
        pointer = CurrentFigure.objects.get(series=series)
        assert pointer.approved == pointer.working == series.figures.get()
        approval = FigureApproval.objects.get(figure=pointer.approved)
        assert (approval.by, approval.at, approval.known_on) == (people.acceptor, b.NOW, b.TODAY)


def test_return_when_accepted_then_only_the_last_revision_is_approved(measure, people) -> None:
    row = b.a_return(state="returned")
    b.keep(row, {measure.series: b.a_cell(86, 100, commentary="Anew.")})
    b.submit(row)
    b.sign_off(row)
    b.accept(row)
    assert list(FigureApproval.objects.values_list("figure__revision", flat=True)) == [2]


def test_return_when_another_is_accepted_then_its_own_figures_are_untouched(measure, people) -> None:
    b.an_indicator("crimes", partner=b.a_partner("police"))
    police = b.a_return(partner=b.a_partner("police"), state="submitted")
    b.a_return(partner=b.a_partner(), state="approved")
    assert CurrentFigure.objects.get(working__in_return=police).approved is None


def test_transitions_when_a_return_went_all_the_way_then_each_says_who_and_when(measure, people) -> None:
    row = b.tick()
    at = b.moment(date(2021, 7, 10))
    steps = row.transitions.order_by("pk")
    assert [(t.action, t.from_state, t.to_state, t.by, t.at) for t in steps] == [
        ("opened", "open", "open", people.acceptor, at),
        ("submitted", "open", "submitted", people.analyst, at),
        ("signed_off", "submitted", "submitted", people.lead, at),
        ("approved", "submitted", "approved", people.acceptor, at),
    ]
    assert row.version == 5


# Corrections


def test_correction_when_open_then_everyone_else_sees_the_old_figure_until_it_is_accepted(measure, people) -> None:
    other = b.an_indicator("second")
    row = b.a_return(state="approved")
    old = CurrentFigure.objects.get(series=measure.series).approved
    correction = b.a_restatement(row, [measure.series])
    assert (correction.number, correction.kind, correction.state) == (2, "restatement", "open")
    assert correction.reason.body == "A case was counted twice."
    assert [d.line.series for d in returns.lines_due(correction)] == [measure.series]
    b.keep(correction, {measure.series: b.a_cell(84, 100, commentary="One fewer.")})

    def seen() -> tuple[Figure, Figure]:
        pointer = CurrentFigure.objects.get(series=measure.series)
        return pointer.working, pointer.approved

    assert seen() == (old, old)
    b.submit(correction)
    new = Figure.objects.get(series=measure.series, revision=2)
    assert seen() == (new, old)
    b.sign_off(correction)
    assert seen() == (new, old)
    b.accept(correction)
    assert seen() == (new, new)
    assert (new.supersedes, new.reason.body, new.in_return) == (old, "A case was counted twice.", correction)
    assert other.series.figures.count() == 1
    assert Figure.objects.get(pk=old.pk).numerator == Decimal(85)


def test_correction_when_sent_back_then_the_old_figure_still_stands(measure, people) -> None:
    row = b.a_return(state="approved")
    correction = b.a_restatement(row, [measure.series])
    b.fill(correction, {measure.series.pk: b.a_cell(84, 100, commentary="One fewer.")})
    b.submit(correction)
    b.send_back(correction)
    pointer = CurrentFigure.objects.get(series=measure.series)
    assert (pointer.approved.revision, pointer.working.revision) == (1, 2)


@pytest.mark.parametrize("reason", ["", "  "])
def test_correction_when_without_a_reason_then_refused(reason, measure, people) -> None:
    row = b.a_return(state="approved")
    with pytest.raises(WrongState, match="Say in words why"):
        b.a_restatement(row, [measure.series], reason=reason)


def test_correction_when_of_no_figure_then_refused(measure, people) -> None:
    with pytest.raises(WrongState, match="Choose at least one"):
        b.a_restatement(b.a_return(state="approved"), [])


def test_correction_when_of_a_figure_that_is_not_of_the_return_then_refused(measure, people) -> None:
    foreign = b.an_indicator("crimes", partner=b.a_partner("police"))
    row = b.a_return(partner=b.a_partner(), state="approved")
    with pytest.raises(WrongState, match="does not belong"):
        b.a_restatement(row, [measure.series, foreign.series])
    assert Return.objects.filter(kind="restatement").count() == 0


@pytest.mark.parametrize("state", ["open", "submitted", "signed_off", "returned"])
def test_correction_when_the_return_is_not_approved_then_refused(state, measure, people) -> None:
    with pytest.raises(WrongState, match="Only figures of an approved return"):
        b.a_restatement(b.a_return(state=state), [measure.series])


def test_correction_when_one_is_open_already_then_a_second_is_refused(measure, people) -> None:
    row = b.a_return(state="approved")
    b.a_restatement(row, [measure.series])
    with pytest.raises(WrongState, match="open already"):
        b.a_restatement(row, [measure.series])


def test_correction_when_nothing_was_changed_then_not_submitted(measure, people) -> None:
    correction = b.a_restatement(b.a_return(state="approved"), [measure.series])
    with pytest.raises(WrongState, match="Nothing has been changed"):
        b.submit(correction)
    b.keep(correction, {measure.series: b.a_cell(1, 100)})
    b.keep(correction, {measure.series: b.an_easy_cell(measure.unit)})
    with pytest.raises(WrongState, match="Nothing has been changed"):
        b.submit(correction)


def test_correction_when_only_one_of_the_chosen_is_changed_then_the_others_need_nothing(measure, people) -> None:
    other = b.an_indicator("second")
    correction = b.a_restatement(b.a_return(state="approved"), [measure.series, other.series])
    b.keep(correction, {measure.series: b.a_cell(84, 100, commentary="One fewer.")})
    b.submit(correction)
    b.sign_off(correction)
    b.accept(correction)
    assert other.series.figures.count() == 1


def test_corrections_when_repeated_then_the_chain_has_three_revisions_and_the_last_is_seen(measure, people) -> None:
    row = b.a_return(state="approved")
    for numerator in (84, 83):
        correction = b.a_restatement(row, [measure.series], reason=f"{numerator} it is.")
        b.keep(correction, {measure.series: b.a_cell(numerator, 100, commentary="Anew.")})
        b.submit(correction)
        b.sign_off(correction)
        row = b.accept(correction)
    chain = list(measure.series.figures.order_by("revision"))
    assert [f.revision for f in chain] == [1, 2, 3]
    assert [f.supersedes for f in chain] == [None, chain[0], chain[1]]
    assert [f.numerator for f in chain] == [85, 84, 83]
    assert FigureApproval.objects.count() == 3
    pointer = CurrentFigure.objects.get(series=measure.series)
    assert pointer.approved == pointer.working == chain[2]
    assert [r.number for r in row.round.returns.order_by("number")] == [1, 2, 3]


def test_correction_when_decided_by_who_typed_it_then_refused(measure, people) -> None:
    correction = b.a_restatement(b.a_return(state="approved"), [measure.series])
    b.a_gate_holder(people.analyst, gate="sign_off", is_deputy=True, from_on=b.TODAY)
    b.keep(correction, {measure.series: b.a_cell(84, 100, commentary="One fewer.")})
    b.submit(correction, by=people.second_analyst)
    with pytest.raises(NotAllowed):
        b.sign_off(correction, by=people.analyst)


def test_paper_figure_when_corrected_then_derived_and_the_printed_one_is_kept(measure, people) -> None:
    row = b.a_return(state="open")
    printed = b.a_paper_figure(measure, value=85, numerator=1266, denominator=1514, paragraph="24")
    b.keep(row, {measure.series: b.a_cell(1266, 1514, commentary="As counted.")})
    b.submit(row)
    b.sign_off(row)
    b.accept(row)
    new = CurrentFigure.objects.get(series=measure.series).approved
    assert (new.basis, new.supersedes, new.value) == (Basis.DERIVED, printed, None)
    assert (printed.actor, printed.recorded_by, printed.approval.by) == ("loaded from report 003 §24", None, None)


def test_writes_when_an_operation_fails_then_nothing_of_it_is_left(measure, people, monkeypatch) -> None:
    other = b.an_indicator("second")
    row = b.a_return(state="filled")
    before = ReturnTransition.objects.count()
    really, calls = returns.write_revision, []

    def fails_at_the_second(**kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return really(**kwargs)

    monkeypatch.setattr(returns, "write_revision", fails_at_the_second)
    with pytest.raises(RuntimeError):
        b.submit(row, key="form-1")
    assert other.series.figures.count() == 0
    assert (Figure.objects.count(), ReturnTransition.objects.count()) == (0, before)
    assert DraftCell.objects.count() == 2
    assert not OperationKey.objects.exists()
    assert b.fresh(row).state == "open"


def test_log_when_an_operation_ran_then_one_line_without_figures_or_addresses(measure, people, caplog) -> None:
    row = b.a_return(state="filled")
    logger = logging.getLogger("operations")
    logger.addHandler(caplog.handler)
    logger.setLevel("INFO")
    try:
        b.submit(row)
    finally:
        logger.removeHandler(caplog.handler)
        logger.setLevel("WARNING")
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"submit_return by={people.analyst.pk} ms=")
    assert "@" not in line
    assert "85" not in line.split("ms=")[0].replace(str(people.analyst.pk), "")


# The checks


def history_of(measure: b.Measure, *numerators: int) -> None:
    """Printed figures of 100 in the quarters before, the latest first."""
    period = b.Q4
    for numerator in numerators:
        period = period.previous()
        b.a_paper_figure(measure, period, numerator, numerator=numerator, denominator=100)


STEADY = (85, 84, 86, 85, 84, 86, 85, 84)


def test_return_when_a_figure_jumps_then_it_is_asked_why_and_a_reason_is_enough(measure, people) -> None:
    history_of(measure, *STEADY)
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(40, 100, commentary="Staff left.")})
    ((place, message),) = points_of(row, people.analyst).items()
    assert place == ("first", "keep_reason")
    assert message == (
        "40.0% is 45.0 points from the 85.0% of 2021/22 Q3; over the 8 periods before, it moved by 1.3 points on "
        "average from one to the next. Check the figure, then say what happened."
    )
    b.keep(row, {measure.series: b.a_cell(40, 100, commentary="Staff left.", keep_reason="Two teams closed.")})
    assert b.submit(row).state == "submitted"
    assert CurrentFigure.objects.get(series=measure.series, period=row.round.period).working.keep_reason.body == (
        "Two teams closed."
    )


def test_return_when_the_series_broke_meanwhile_then_no_jump_is_seen(measure, people) -> None:
    history_of(measure, *STEADY)
    b.a_break(measure.series, date(2021, 6, 1))
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(40, 100, commentary="Staff left.")})
    assert b.submit(row).state == "submitted"


def test_return_when_a_figure_is_the_last_one_to_the_digit_then_it_is_asked_why(measure, people) -> None:
    history_of(measure, 85)
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(85, 100)})
    assert "85 of 100 is exactly the figure of 2021/22 Q3." in points_of(row, people.analyst)["first", "keep_reason"]
    b.keep(row, {measure.series: b.a_cell(84, 100)})
    assert b.submit(row).state == "submitted"


@pytest.mark.parametrize(("period", "asks"), [((2022, 1), False), ((2019, 4), True), ((2019, 3), False)])
def test_return_when_a_figure_is_held_of_another_time_then_only_the_eight_periods_before_count(
    measure, people, period, asks
) -> None:
    b.a_paper_figure(measure, Quarter(*period), 85, numerator=85, denominator=100)
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(85, 100)})
    if asks:
        assert "the figure of 2019/20 Q4" in points_of(row, people.analyst)["first", "keep_reason"]
    else:
        assert b.submit(row).state == "submitted"


@pytest.mark.parametrize("name", ["as_at_on", "extracted_on"])
def test_return_when_a_date_is_still_to_come_then_no_reason_lets_it_pass_before_that_day(measure, people, name) -> None:
    row, day = b.a_return(), date(2022, 7, 8)
    cell = b.a_cell(85, 100, keep_reason="It will be so by then.", **{name: day})
    b.keep(row, {measure.series: cell})
    ((place, message),) = points_of(row, people.analyst).items()
    assert place == ("first", name)
    assert "8 July 2022, is still to come." in message
    assert b.submit(row, at=b.moment(day)).state == "submitted"


def test_return_when_it_cannot_be_then_it_is_told_whichever_way_it_was_saved(measure, people) -> None:
    """Entry refuses a share above 100 as it is typed; what is saved by another way is refused here."""
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(value=123, keep_reason="Twice over.")})
    assert points_of(row, people.analyst) == {
        ("first", "value"): "123% is not between 0% and 100%. Type a percentage from 0 to 100."
    }


def test_queries_when_a_return_of_many_lines_is_submitted_then_only_the_writing_grows(people) -> None:
    """Reading takes a fixed number of queries; each changed cell takes its own few."""

    def queries(number: int) -> int:
        row = b.a_return(b.a_scorecard(number, code=f"card-{number}"), state="filled")
        with CaptureQueriesContext(connection) as captured:
            b.submit(row)
        return len(captured)

    few, many = queries(2), queries(12)
    assert (many - few) / 10 <= 8


# Words about a statement


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param({"value": 100, "numerator": 1355, "denominator": 1355}, id="a value with its counts"),
        pytest.param({"met": False}, id="an outcome without a number"),
        pytest.param({"value": 1, "qualifier": "<"}, id="a limit"),
    ],
)
def test_statement_of_a_paper_when_only_its_words_are_corrected_then_number_counts_and_source_stay(
    measure, people, stated
) -> None:
    row = b.a_return(state="approved")
    told = b.a_paper_figure(measure, **stated)
    fix = b.a_restatement(row, [measure.series])
    b.keep(fix, {measure.series: replace(cell_of(told), commentary="Said more clearly, with the cause.")})
    for step in (b.submit, b.sign_off, b.accept):
        step(fix)
    now = CurrentFigure.objects.get(series=measure.series).approved
    assert (now.revision, now.measured(), now.source) == (told.revision + 1, told.measured(), told.source)
    assert now.commentary.body == "Said more clearly, with the cause."


def test_statement_of_a_paper_when_its_number_is_corrected_then_the_new_one_stands_without_the_paper(
    measure, people
) -> None:
    row = b.a_return(state="approved")
    told = b.a_paper_figure(measure, value=85)
    fix = b.a_restatement(row, [measure.series])
    b.keep(fix, {measure.series: replace(b.a_cell(Decimal(1266), Decimal(1514)), commentary="Counted.")})
    for step in (b.submit, b.sign_off, b.accept):
        step(fix)
    now = CurrentFigure.objects.get(series=measure.series).approved
    assert (now.basis, now.numerator, now.source_id, now.revision) == ("derived", 1266, None, told.revision + 1)
