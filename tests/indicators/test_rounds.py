"""Locking and reopening a round; the reporting cycle."""

import pytest

from indicators.models import CurrentFigure, ReportingRound
from indicators.operations import WrongState, lock_round, reopen_round
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


def test_cycle_when_it_turns_four_times_then_a_year_is_accepted() -> None:
    scorecard = b.an_indicator().line.scorecard
    slugs = [b.tick(scorecard).round.period.slug for _ in range(4)]
    assert slugs == ["2021-22-q1", "2021-22-q2", "2021-22-q3", "2021-22-q4"]
    assert CurrentFigure.objects.filter(approved__isnull=False).count() == 4
