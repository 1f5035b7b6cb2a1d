"""Exception reports through their operations: proposed from live figures, asked or declined, answered, decided on."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.models import Return, Scorecard, ScorecardLine
from indicators.operations.errors import InputRefused, NotAllowed, OperationError, WrongState
from indicators.permissions import Access, access_for
from indicators.roles import Role
from partnership.models import Citation, EscalationRule, ExceptionRequest, ExceptionStep, TrajectoryPoint
from partnership.operations import exceptions as keep
from partnership.operations.refusals import ActionChanged
from partnership.selectors.escalations import proposed
from partnership.selectors.exceptions import at_meeting, exception_rows, trajectory_of, with_steps
from partnership.selectors.visible import exceptions_for
from tests import builders as b
from tests.partnership.action_world import NEXT, a_held_meeting, the_officer
from tests.partnership.exception_world import BACK, a_line_outside, an_answer, answer, ask, decide, last_of, the_asker

pytestmark = pytest.mark.django_db


def access(role: Role = Role.APPROVER) -> Access:
    return access_for(b.a_user(role), b.a_partnership(), b.TODAY)


def offered(role: Role = Role.APPROVER) -> list[Any]:
    return proposed(access(role), b.a_partnership(), b.TODAY)


def fresh(request: ExceptionRequest) -> ExceptionRequest:
    return ExceptionRequest.objects.get(pk=request.pk)


def kinds(request: ExceptionRequest) -> list[str]:
    return list(request.steps.order_by("number").values_list("kind", flat=True))


# What is proposed


def test_proposal_when_two_quarters_are_outside_then_one_with_its_evidence(partnership) -> None:
    line = a_line_outside()
    (one,) = offered()
    assert (one.line, one.period, one.partner) == (line, b.a_period(), b.a_partner())
    assert (one.proposal.trigger.value, one.proposal.asks.value) == ("outside", "recovery_plan")
    assert one.proposal.evidence.startswith(
        "Outside tolerance for 2 periods in a row, since 2021/22 Q3. n is 100. Clear:"
    )
    assert one.value.words == "60%, outside tolerance"


@pytest.mark.parametrize(
    ("n_periods", "numerator", "purpose"), [(1, 60, "performance"), (2, 75, "performance"), (2, 60, "activity")]
)
def test_proposal_when_too_few_periods_within_tolerance_or_no_performance_then_none(
    n_periods, numerator, purpose, partnership
) -> None:
    a_line_outside(n_periods, numerator=numerator)
    Scorecard.objects.update(purpose=purpose)
    assert offered() == []


def test_proposal_when_the_scorecard_has_a_rule_then_that_holds_from_its_day_on(partnership) -> None:
    line = a_line_outside(3)
    given = {"scorecard": line.scorecard, "periods_outside": 4, "smallest_denominator": Decimal(150),
             "answer_working_days": 5, "authority": "The board, 7 July", "by": the_asker(), "at": b.NOW}  # fmt: skip
    keep.set_rule(**given | {"from_on": date(2022, 7, 8)})
    assert len(offered()) == 1
    keep.set_rule(**given | {"from_on": b.TODAY})
    assert offered() == []
    keep.set_rule(**given | {"from_on": b.TODAY, "periods_outside": 3})
    (one,) = offered()
    assert one.proposal.asks.value == "cohort_reasons"
    assert ask(line).due_on == date(2022, 7, 14)


def test_proposal_when_relief_expired_or_is_shown_then_that_or_none(partnership) -> None:
    line = a_line_outside(1)
    b.a_relief(line, ends_on=date(2022, 6, 30), at=b.moment(date(2022, 5, 1)))
    (one,) = offered()
    assert one.proposal.trigger.value == "relief_expired"
    assert one.proposal.evidence.startswith("Relief expired on 30 June 2022. Outside tolerance in 2021/22 Q4.")
    b.a_relief(line)
    assert offered() == []


def test_proposal_when_a_figure_is_not_reportable_past_its_date_then_the_date_is_asked(partnership) -> None:
    measure = b.an_indicator()
    cell = b.a_cell(missing="not_reportable", not_reportable_code="case_system_change", headline="None",
                    commentary="The system changed.", responsible_role="Head of data",
                    expected_on=date(2022, 7, 6))  # fmt: skip
    b.a_return(state="approved", cells={measure.series.pk: cell})
    (one,) = offered()
    assert (one.proposal.trigger.value, one.proposal.asks.value) == ("not_reportable_late", "date")
    assert one.proposal.evidence == "Not reportable in 2021/22 Q4. It was expected by 6 July 2022."
    request = ask(measure.line, trigger="not_reportable_late")
    assert request.citations.get().value_words.startswith("Not reportable")


def test_proposals_when_there_are_many_lines_then_the_same_number_of_queries(partnership) -> None:
    def queries() -> int:
        may = access()
        with CaptureQueriesContext(connection) as context:
            proposed(may, b.a_partnership(), b.TODAY)
        for table in ("relief", "assignment"):
            assert sum(f' FROM "indicators_{table}"' in query["sql"] for query in context) == 1
        return len(context)

    a_line_outside()
    few = queries()
    assert few == 16  # not one for what the courses of the lines hold already
    b.a_scorecard(30)
    b.a_history(b.a_scorecard(30, code="other"), 4, numerators=(60,))
    assert queries() == few
    assert len(offered()) == 31


def test_proposal_when_protected_then_only_for_who_reads_it(partnership) -> None:
    a_line_outside()
    Scorecard.objects.update(audience=Scorecard.Readers.BOARD)
    assert len(offered()) == 1
    assert offered(Role.ADMINISTRATOR) == []


# Asking and declining


def test_request_when_asked_then_with_its_figure_due_day_and_first_step(partnership) -> None:
    request = ask()
    assert (request.number, request.partner, request.state) == (1, b.a_partner(), "asked")
    assert request.due_on == date(2022, 7, 21)  # ten working days after 7 July
    assert request.figure.numerator == 60
    assert Citation.objects.get(exception=request).value_words == "60%"
    assert kinds(request) == ["asked"]
    assert offered() == []


def test_request_when_open_then_the_line_is_not_proposed_again_until_it_is_decided(partnership) -> None:
    line = a_line_outside()
    request = ask(line)
    b.a_figure(line.series, b.Q4.next(), 60, 100, headline="So", commentary="So.")
    Return.objects.update(state="approved")
    assert offered() == []
    answer(request)
    assert offered() == []
    decide(request)
    (one,) = offered()
    assert one.period == b.a_period(b.Q4.next())


def test_request_when_asked_twice_then_once_and_another_is_told(partnership) -> None:
    line = a_line_outside()
    first = ask(line, key="a" * 32)
    assert ask(line, key="a" * 32) == first
    with pytest.raises(WrongState, match="not proposed any more"):
        ask(line, key="b" * 32)
    assert ExceptionRequest.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SCRUTINY_OFFICER, Role.BOARD_MEMBER, Role.ADMINISTRATOR])
def test_request_when_asked_declined_or_ruled_by_who_may_not_then_refused(role, partnership) -> None:
    line, by = a_line_outside(), b.a_user(role)
    given = {"partnership": partnership, "line": line, "period": b.a_period(), "by": by, "at": b.NOW}
    with pytest.raises(NotAllowed):
        ask(line, by=by)
    with pytest.raises(NotAllowed):
        keep.decline_exception(**given, trigger="outside", reason="No.")
    with pytest.raises(NotAllowed):
        keep.ask_for_meeting(**given, asks="date", reason="The board.")
    with pytest.raises(NotAllowed):
        keep.set_rule(scorecard=line.scorecard, from_on=b.TODAY, periods_outside=2, smallest_denominator=Decimal(1),
                      answer_working_days=1, authority="x", by=by, at=b.NOW)  # fmt: skip
    assert not ExceptionRequest.objects.exists()
    assert not EscalationRule.objects.exists()


def test_request_when_a_partners_approver_asks_then_refused(partnership) -> None:
    with pytest.raises(NotAllowed):
        ask(by=b.the_people().lead)


def test_request_when_declined_then_with_the_reason_and_not_proposed_again(partnership) -> None:
    line = a_line_outside()
    given = {"partnership": partnership, "line": line, "period": b.a_period(), "trigger": "outside",
             "by": the_asker(), "at": b.NOW}  # fmt: skip
    with pytest.raises(InputRefused, match="minuted"):
        keep.decline_exception(**given, reason=" ")
    request = keep.decline_exception(**given, reason="One family of five.")
    assert (request.state, request.steps.get().reason.body) == ("declined", "One family of five.")
    assert offered() == []
    with pytest.raises(WrongState, match="No answer is awaited"):
        answer(request)
    with pytest.raises(DatabaseError), transaction.atomic():  # nor past the operation
        ExceptionStep.objects.create(request=request, number=2, kind="declined", actor="x", at=b.NOW)


def test_request_when_a_meeting_asks_then_without_a_rule(partnership) -> None:
    line = a_line_outside(1, numerator=90)
    given = {"partnership": partnership, "line": line, "period": b.a_period(), "by": the_asker(), "at": b.NOW}
    request = keep.ask_for_meeting(**given, asks="recovery_plan", reason="Panel of 7 July: the trend.")
    assert (request.trigger, request.evidence) == ("asked", "Panel of 7 July: the trend.")
    with pytest.raises(WrongState, match="asked already: exception report 1"):
        keep.ask_for_meeting(**given, asks="date", reason="Again.")
    for changes, box in (({"asks": "nothing"}, "asks"), ({"reason": " "}, "reason"), ({"reason": "x" * 301}, "reason")):
        with pytest.raises(InputRefused) as refusal:
            keep.ask_for_meeting(**given | {"asks": "date", "reason": "So."} | changes)
        assert refusal.value.box == box


# Answering


def test_answer_when_given_then_kept_with_its_trajectory(partnership) -> None:
    request = ask()
    step = answer(request)
    assert fresh(request).state == "answered"
    assert (step.cause.body, step.plan.body, step.back_on) == ("Posts were vacant.", "Posts are filled.", BACK)
    assert list(step.trajectory.values_list("value", flat=True)) == [66, 72]
    with pytest.raises(WrongState, match="No answer is awaited"):
        answer(request)


@pytest.mark.parametrize(
    ("changes", "box"),
    [
        ({"cause": " "}, "cause"),
        ({"plan": ""}, "plan"),
        ({"plan": "x" * 6001}, "plan"),
        ({"trajectory": []}, "trajectory"),
        ({"back_on": None}, "back_on"),
        ({"back_on": date(2022, 3, 31)}, "back_on"),
    ],
)
def test_answer_when_something_is_missing_then_refused_at_its_box(changes, box, partnership) -> None:
    request = ask()
    with pytest.raises(InputRefused) as refusal:
        answer(request, an_answer(**changes))
    assert refusal.value.box == box
    assert kinds(request) == ["asked"]
    assert not TrajectoryPoint.objects.exists()


def test_answer_when_its_trajectory_begins_too_early_then_refused(partnership) -> None:
    with pytest.raises(InputRefused, match="begins after"):
        answer(ask(), an_answer(trajectory=[(b.a_period(), Decimal(60))]))


@pytest.mark.parametrize(("asks", "given"), [("cohort_reasons", {}), ("date", {"back_on": BACK})])
def test_answer_when_no_recovery_plan_is_asked_then_less_is_enough(asks, given, partnership) -> None:
    request = ask()
    ExceptionRequest.objects.update(asks=asks)
    answer(fresh(request), an_answer(**{"plan": "", "trajectory": [], "back_on": None} | given))
    assert fresh(request).state == "answered"


@pytest.mark.parametrize("who", ["police", "board", "officer"])
def test_answer_when_given_by_another_then_refused(who, partnership) -> None:
    people = {
        "police": b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="police@example.org"),
        "board": b.a_user(Role.BOARD_MEMBER),
        "officer": the_officer(),
    }
    with pytest.raises(NotAllowed):
        answer(ask(), by=people[who])


@pytest.mark.parametrize(("passed_on", "may"), [(date(2022, 7, 1), True), (date(2022, 1, 1), False)])
def test_answer_when_the_partners_functions_passed_on_since_then_its_successor_answers(
    passed_on, may, partnership
) -> None:
    request = ask()
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), passed_on)
    heir = b.the_people(b.a_partner("council")).analyst
    if not may:  # the period began once the functions had passed
        with pytest.raises(NotAllowed):
            answer(request, by=heir)
        return
    answer(request, by=heir)
    assert fresh(request).state == "answered"


# Deciding


def test_answer_when_accepted_by_another_person_then_accepted(partnership) -> None:
    request = ask()
    answer(request)
    decide(request)
    assert (fresh(request).state, kinds(request)) == ("accepted", ["asked", "answered", "accepted"])
    with pytest.raises(WrongState, match="No answer waits"):
        decide(request)


def test_answer_when_the_one_who_gave_it_decides_then_refused(partnership) -> None:
    request = ask(by=b.a_user(Role.APPROVER, email="second@example.org"))
    answer(request, by=the_asker())  # an approver of the council who did not ask may answer for a partner
    for accept in (True, False):
        with pytest.raises(NotAllowed, match="somebody else"):
            decide(request, accept=accept)
    decide(request, by=b.a_user(Role.APPROVER))
    assert fresh(request).state == "accepted"


def test_answer_when_sent_back_then_with_a_reason_and_answered_anew(partnership) -> None:
    request = ask()
    answer(request)
    with pytest.raises(InputRefused, match="what is missing"):
        decide(request, accept=False, reason=" ")
    decide(request, accept=False)
    assert fresh(request).state == "asked"
    answer(request, an_answer(cause="Anew."))
    assert kinds(request) == ["asked", "answered", "returned", "answered"]


@pytest.mark.parametrize("role", [Role.SCRUTINY_OFFICER, Role.BOARD_MEMBER])
def test_answer_when_decided_by_who_may_not_then_refused(role, partnership) -> None:
    request = ask()
    answer(request)
    with pytest.raises(NotAllowed):
        decide(request, by=b.a_user(role))


def test_step_when_another_tab_was_first_or_sent_twice_then_told_or_once(partnership) -> None:
    request = ask()
    first = answer(request, based_on=1, key="a" * 32)
    assert answer(request, based_on=1, key="a" * 32) == first
    with pytest.raises(OperationError, match="with other answers"):
        answer(request, an_answer(cause="Other."), based_on=1, key="a" * 32)
    with pytest.raises(ActionChanged, match="this exception report"):
        answer(request, based_on=1)
    decide(request, based_on=2, key="b" * 32)
    decide(request, based_on=2, key="b" * 32)
    assert kinds(request) == ["asked", "answered", "accepted"]


def test_steps_when_changed_or_deleted_then_the_database_refuses(partnership) -> None:
    request = ask()
    answer(request)
    for change in (
        lambda: ExceptionStep.objects.update(number=9),
        lambda: TrajectoryPoint.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert last_of(request) == 2


# Onto an agenda


def test_report_when_put_under_an_item_then_the_meeting_is_given_it_and_exempt_ones_hide_it(partnership) -> None:
    request = ask()
    item = b.an_item(a_held_meeting(NEXT, state="called"), "Exceptions", kind="exception")
    keep.put_on_agenda(request=request, item=item, by=the_officer(), at=b.NOW)
    may = access(Role.BOARD_MEMBER)
    assert [row.number for row in at_meeting(item.meeting, may, b.TODAY)] == [1]
    exempt = b.an_item(item.meeting, "The contract", exempt=3)
    keep.put_on_agenda(request=request, item=exempt, by=the_officer(), at=b.NOW)
    assert exceptions_for(may, partnership).exists()
    assert not exceptions_for(access(Role.ADMINISTRATOR), partnership).exists()


def test_report_when_its_agenda_is_not_published_then_the_list_does_not_name_the_meeting(partnership) -> None:
    request = ask()
    item = b.an_item(a_held_meeting(NEXT, state="planned"), "Exceptions")
    keep.put_on_agenda(request=request, item=item, by=the_officer(), at=b.NOW)
    (board,), (officer,) = (
        exception_rows(access(r), partnership, b.TODAY) for r in (Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER)
    )
    assert (board.meeting, officer.meeting) == ("", "Scrutiny Committee, 15 September 2022")


def test_report_when_the_meeting_was_or_the_person_may_not_then_refused(partnership) -> None:
    request = ask()
    past = b.an_item(a_held_meeting())
    with pytest.raises(InputRefused, match="still to come"):
        keep.put_on_agenda(request=request, item=past, by=the_officer(), at=b.NOW)
    ahead = b.an_item(a_held_meeting(NEXT, state="called"))
    with pytest.raises(NotAllowed):
        keep.put_on_agenda(request=request, item=ahead, by=b.the_people().analyst, at=b.NOW)


# What came of it


def test_trajectory_when_later_periods_are_reported_then_held_against_each(partnership) -> None:
    line: ScorecardLine = a_line_outside()
    request = ask(line)
    answer(request)

    def told() -> Any:
        return trajectory_of(with_steps(ExceptionRequest.objects.filter(pk=request.pk)).get(), b.TODAY)

    assert [r.words for r in told().rows] == ["66% expected; not reported yet", "72% expected; not reported yet"]
    period = b.Q4
    for numerator in (64, 75):
        period = period.next()
        b.a_figure(line.series, period, numerator, 100, headline="So", commentary="So.")
        Return.objects.update(state="approved")
    assert [r.words for r in told().rows] == [
        "66% expected, 64% reported: 2 points worse than expected",
        "72% expected, 75% reported: 3 points better than expected",
    ]
    assert told().words == (
        "2 periods of the trajectory reported: missed in 1 of them. Back in tolerance in 2022/23 Q2, expected by "
        "31 December 2022."
    )


def test_trajectory_when_reasons_of_a_cohort_were_asked_then_none(partnership) -> None:
    request = ask()
    assert trajectory_of(with_steps(ExceptionRequest.objects.filter(pk=request.pk)).get(), b.TODAY) is None
