"""Locking and reopening a round, moving its due date; the reporting cycle."""

from datetime import date, timedelta

import pytest

from indicators import operations, quarters
from indicators.models import CurrentFigure, DueDateChange, ReportingRound
from indicators.operations import WrongState, change_due_date, lock_round, reopen_round
from tests import builders as b

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> ReportingRound:
    b.an_indicator()
    return b.a_round()


def test_round_when_locked_then_it_says_why_by_whom_and_when(made: ReportingRound) -> None:
    by = b.the_people().acceptor
    lock_round(reporting_round=made, reason="  Published. ", by=by, at=b.NOW)
    made.refresh_from_db()
    assert (made.state, made.lock_reason, made.locked_by, made.locked_at) == ("locked", "Published.", by, b.NOW)


@pytest.mark.parametrize("reason", ["", " "])
def test_round_when_locked_without_a_reason_then_refused(reason: str, made: ReportingRound) -> None:
    with pytest.raises(WrongState, match="Say why"):
        lock_round(reporting_round=made, reason=reason, by=b.the_people().acceptor, at=b.NOW)
    made.refresh_from_db()
    assert made.state == "open"


def test_round_when_locked_twice_then_the_first_reason_stands(made: ReportingRound) -> None:
    by = b.the_people().acceptor
    lock_round(reporting_round=made, reason="First.", by=by, at=b.NOW)
    with pytest.raises(WrongState, match="locked already"):
        lock_round(reporting_round=made, reason="Second.", by=by, at=b.NOW)
    made.refresh_from_db()
    assert made.lock_reason == "First."


def test_round_when_reopened_then_nothing_of_the_lock_is_left_and_not_twice(made: ReportingRound) -> None:
    by = b.the_people().acceptor
    lock_round(reporting_round=made, reason="First.", by=by, at=b.NOW)
    reopen_round(reporting_round=made, by=by, at=b.NOW)
    made.refresh_from_db()
    assert (made.state, made.lock_reason, made.locked_by, made.locked_at) == ("open", "", None, None)
    with pytest.raises(WrongState, match="open already"):
        reopen_round(reporting_round=made, by=by, at=b.NOW)


@pytest.mark.parametrize("state", ["submitted", "signed_off"])
def test_round_when_locked_then_what_was_submitted_can_still_be_decided(state: str) -> None:
    b.an_indicator()
    row = b.a_return(state=state)
    lock_round(reporting_round=row.round, reason="Late.", by=b.the_people().acceptor, at=b.NOW)
    if state == "submitted":
        b.sign_off(row)
    assert b.accept(row).state == "approved"


# The due date

FIRST, SECOND = date(2022, 7, 29), date(2022, 8, 5)


def move(made: ReportingRound, due_on: date, reason: str = "Agreed with the trust.") -> None:
    change_due_date(reporting_round=made, due_on=due_on, reason=reason, by=b.the_people().acceptor, at=b.NOW)
    made.refresh_from_db()


def test_due_date_when_it_moves_then_what_it_was_and_why_is_kept(made: ReportingRound) -> None:
    move(made, FIRST, "  Set late. ")
    move(made, SECOND)
    assert made.due_on == SECOND
    kept = made.due_date_changes.values_list("before", "after", "reason", "by", "at")
    by = b.the_people().acceptor.pk
    assert list(kept) == [
        (None, FIRST, "Set late.", by, b.NOW),
        (FIRST, SECOND, "Agreed with the trust.", by, b.NOW),
    ]


@pytest.mark.parametrize(("reason", "message"), [("", "Say why"), ("  ", "Say why"), ("x" * 301, "Shorten the reason")])
def test_due_date_when_moved_without_a_proper_reason_then_refused(reason, message, made: ReportingRound) -> None:
    with pytest.raises(WrongState, match=message):
        move(made, FIRST, reason)
    made.refresh_from_db()
    assert (made.due_on, DueDateChange.objects.count()) == (None, 0)


def test_due_date_when_it_is_that_day_already_then_refused_and_nothing_is_kept(made: ReportingRound) -> None:
    move(made, FIRST)
    with pytest.raises(WrongState, match="due on 29 July 2022 already"):
        move(made, FIRST)
    assert DueDateChange.objects.count() == 1


def test_due_date_when_the_round_is_locked_then_refused_until_it_is_reopened(made: ReportingRound) -> None:
    by = b.the_people().acceptor
    lock_round(reporting_round=made, reason="Published.", by=by, at=b.NOW)
    with pytest.raises(WrongState, match="Reopen it"):
        move(made, FIRST)
    reopen_round(reporting_round=made, by=by, at=b.NOW)
    move(made, FIRST)
    assert made.due_on == FIRST


# The cycle


def test_cycle_when_it_turns_four_times_then_a_year_is_accepted() -> None:
    scorecard = b.an_indicator().line.scorecard
    slugs = [b.tick(scorecard).round.period.slug for _ in range(4)]
    assert slugs == ["2021-22-q1", "2021-22-q2", "2021-22-q3", "2021-22-q4"]
    assert CurrentFigure.objects.filter(approved__isnull=False).count() == 4


def test_round_when_nothing_is_returned_for_its_kind_of_period_then_refused() -> None:
    line = b.an_indicator().line
    by = b.the_people().acceptor
    for period in (b.Q4.months()[0], quarters.financial_year_of(b.Q4.end_on)):
        with pytest.raises(WrongState, match="Nothing on"):
            operations.open_round(scorecard=line.scorecard, period=b.a_period(period), due_on=None, by=by, at=b.NOW)
    assert not ReportingRound.objects.exists()


def test_due_date_when_before_the_end_of_the_period_then_refused() -> None:
    line = b.an_indicator().line
    by = b.the_people().acceptor
    early = b.Q4.end_on - timedelta(days=1)
    with pytest.raises(WrongState, match="before its period has ended"):
        operations.open_round(scorecard=line.scorecard, period=b.a_period(b.Q4), due_on=early, by=by, at=b.NOW)
    made = b.a_round()
    with pytest.raises(WrongState, match="before its period has ended"):
        operations.change_due_date(reporting_round=made, due_on=early, reason="Sooner", by=by, at=b.NOW)
