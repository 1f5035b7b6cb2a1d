"""A round locked or reopened at the very moment of a submission: one comes first, and the other knows of it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators import operations
from indicators.models import Figure, ReportingRound, Return
from indicators.operations import CellChange, WrongState
from tests import builders as b
from tests.threads import PATIENCE, Together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator()


@pytest.fixture
def people(measure) -> b.Gates:
    return b.the_people()


def first_then(together: Together, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any, bool]:
    """The first step is carried out and not yet committed when the second begins: both outcomes, and whether the
    second waited for it."""
    begun, waited = threading.Event(), []

    def one() -> Any:
        with transaction.atomic():
            found = first()
            begun.set()
            waited.append(together.waits_for_me(1))
            return found

    def other() -> Any:
        assert begun.wait(timeout=PATIENCE)
        return second()

    outcomes = together.run(one, other)
    assert waited, outcomes
    return outcomes[0], outcomes[1], waited == [True]


def lock(row: Return, by) -> Callable[[], Any]:
    return lambda: operations.lock_round(reporting_round=row.round, reason="Closed.", by=by, at=b.NOW)


def submit(row: Return, by) -> Callable[[], Any]:
    version = b.fresh(row).version
    return lambda: operations.submit_return(in_return=row, by=by, at=b.NOW, version=version, key="form-1")


def state() -> tuple[str, str, int]:
    return Return.objects.get().state, ReportingRound.objects.get().state, Figure.objects.count()


def test_submission_when_the_round_is_being_locked_then_it_waits_and_is_refused(measure, people, tmp_path) -> None:
    row = b.a_return(state="filled")
    steps = lock(row, people.acceptor), submit(row, people.analyst)
    together = Together(tmp_path)
    locked, submitted, waited = first_then(together, *steps)
    assert waited
    assert locked == "done"
    assert isinstance(submitted, WrongState)
    assert "Closed" in str(submitted), "it says why"
    assert together.read(state) == ("open", "locked", 0)


def test_lock_when_a_submission_is_under_way_then_it_waits_until_that_is_in(measure, people, tmp_path) -> None:
    row = b.a_return(state="filled")
    steps = submit(row, people.analyst), lock(row, people.acceptor)
    together = Together(tmp_path)
    submitted, locked, waited = first_then(together, *steps)
    assert waited
    assert (submitted, locked) == ("done", "done")
    assert together.read(state) == ("submitted", "locked", 1)


def test_cell_when_the_round_is_being_locked_then_it_waits_and_is_refused(measure, people, tmp_path) -> None:
    row = b.a_return()
    change = CellChange(measure.series, b.a_cell(85, 100), "0.0")
    together = Together(tmp_path)
    _, saved, waited = first_then(
        together,
        lock(row, people.acceptor),
        lambda: operations.keep_cells(in_return=row, changes=[change], by=people.analyst, at=b.NOW),
    )
    assert waited
    assert isinstance(saved, WrongState)


def test_cell_when_the_round_is_being_reopened_then_it_waits_and_is_saved(measure, people, tmp_path) -> None:
    row = b.a_return()
    lock(row, people.acceptor)()
    change = CellChange(measure.series, b.a_cell(85, 100), "0.0")
    together = Together(tmp_path)
    reopened, saved, waited = first_then(
        together,
        lambda: operations.reopen_round(reporting_round=row.round, by=people.acceptor, at=b.NOW),
        lambda: operations.keep_cells(in_return=row, changes=[change], by=people.analyst, at=b.NOW),
    )
    assert waited
    assert reopened == "done"
    assert saved == {measure.series.pk: "0.1"}


@pytest.mark.parametrize("turn", range(3))
def test_lock_and_submission_when_truly_at_once_then_never_a_submission_after_the_lock(
    turn: int, measure, people, tmp_path
) -> None:
    row = b.a_return(state="filled")
    steps = lock(row, people.acceptor), submit(row, people.analyst)
    together = Together(tmp_path)
    locked, submitted = together.run(*steps)
    assert locked == "done"
    is_in = submitted == "done"
    assert is_in or isinstance(submitted, WrongState)
    assert together.read(state) == ("submitted" if is_in else "open", "locked", int(is_in))


def test_returns_when_a_round_is_locked_or_reopened_then_taken_in_order_before_the_round_changes(people) -> None:
    scorecard = b.a_scorecard(1)
    b.an_indicator("crimes", partner=b.a_partner("police"), scorecard=scorecard)
    made = b.a_round(scorecard)
    for step in (
        lambda: operations.lock_round(reporting_round=made, reason="Closed.", by=people.acceptor, at=b.NOW),
        lambda: operations.reopen_round(reporting_round=made, by=people.acceptor, at=b.NOW),
    ):
        with CaptureQueriesContext(connection) as captured:
            step()
        said = [query["sql"] for query in captured]
        taken = next(i for i, sql in enumerate(said) if sql.startswith("SELECT") and 'FROM "indicators_return"' in sql)
        changed = next(i for i, sql in enumerate(said) if sql.startswith('UPDATE "indicators_reportinground"'))
        assert taken < changed
        assert 'ORDER BY "indicators_return"."id" ASC' in said[taken] or "ORDER BY 1 ASC" in said[taken]
        assert "FOR UPDATE" in said[taken] or connection.vendor == "sqlite"
