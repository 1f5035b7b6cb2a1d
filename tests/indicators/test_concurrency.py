"""Two people at the same moment, on the production database: one is first, the other is told, nothing is half done."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from indicators import operations
from indicators.models import CurrentFigure, DraftCell, Figure, FigureApproval, Return, ReturnTransition
from indicators.operations import CellChange, CellConflict, OperationError, ReturnChanged, WrongState, basics, drafts
from tests import builders as b
from tests.indicators.test_current_figure import pointers, pointers_from_scratch

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Runs each step in a thread and a connection of its own, started together; what each gave or raised."""
    gate, outcomes = threading.Barrier(len(steps)), [None] * len(steps)

    def run(number: int, step: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=10)
            outcomes[number] = step() or "done"
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return outcomes


def raised(outcomes: list[Any]) -> list[type]:
    return sorted((type(o) for o in outcomes if isinstance(o, Exception)), key=str)


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator()


@pytest.fixture(autouse=True)
def _sound_afterwards() -> Iterator[None]:
    yield
    assert pointers() == pointers_from_scratch()


TURNS = range(5)


@pytest.mark.parametrize("turn", TURNS)
def test_cell_when_two_save_it_at_once_then_one_is_kept_and_the_other_is_shown_both(turn: int, measure) -> None:
    row, people = b.a_return(), b.the_people()

    def save(numerator: int, by) -> Callable[[], Any]:
        change = CellChange(measure.series, b.a_cell(numerator, 100), "0.0")
        return lambda: operations.keep_cells(in_return=row, changes=[change], by=by, at=b.NOW)

    outcomes = at_once(save(85, people.analyst), save(58, people.second_analyst))
    assert raised(outcomes) == [CellConflict]
    (clash,) = next(o for o in outcomes if isinstance(o, CellConflict)).clashes
    draft = DraftCell.objects.get()
    assert clash.theirs == drafts.cell_from_draft(draft)
    assert {clash.theirs.numerator, clash.yours.numerator} == {85, 58}
    assert draft.version == 1


@pytest.mark.parametrize("turn", TURNS)
def test_cells_when_two_save_different_ones_at_once_then_both_are_kept(turn: int, measure) -> None:
    other = b.an_indicator("other")
    row, people = b.a_return(), b.the_people()

    def save(series, by) -> Callable[[], Any]:
        change = CellChange(series, b.a_cell(85, 100), "0.0")
        return lambda: operations.keep_cells(in_return=row, changes=[change], by=by, at=b.NOW)

    assert raised(at_once(save(measure.series, people.analyst), save(other.series, people.second_analyst))) == []
    assert DraftCell.objects.count() == 2


@pytest.mark.parametrize("keys", [("form-1", "form-1"), ("form-1", "form-2"), ("", "")], ids=str)
def test_return_when_submitted_twice_at_once_then_once(keys, measure) -> None:
    row, people = b.a_return(state="filled"), b.the_people()
    version = b.fresh(row).version

    def submit(key: str) -> Callable[[], Any]:
        return lambda: operations.submit_return(in_return=row, by=people.analyst, at=b.NOW, version=version, key=key)

    outcomes = at_once(submit(keys[0]), submit(keys[1]))
    expected = [] if keys == ("form-1", "form-1") else [ReturnChanged]
    assert raised(outcomes) == expected
    assert Figure.objects.count() == 1
    assert ReturnTransition.objects.filter(action="submitted").count() == 1


@pytest.mark.parametrize("turn", TURNS)
def test_return_when_accepted_and_sent_back_at_once_then_one_of_them(turn: int, measure) -> None:
    row, people = b.a_return(state="signed_off"), b.the_people()
    version = b.fresh(row).version
    outcomes = at_once(
        lambda: operations.accept_return(in_return=row, by=people.acceptor, at=b.NOW, version=version),
        lambda: operations.send_back(
            in_return=row, by=people.acceptor_deputy, at=b.NOW, version=version, comment="Please look."
        ),
    )
    assert raised(outcomes) == [ReturnChanged]
    assert b.fresh(row).state == ("approved" if outcomes[0] == "done" else "returned")
    assert FigureApproval.objects.count() == (outcomes[0] == "done")


@pytest.mark.parametrize("turn", TURNS)
def test_return_when_taken_back_and_signed_off_at_once_then_one_is_first_and_the_other_is_told(turn, measure) -> None:
    row, people = b.a_return(state="submitted"), b.the_people()
    version = b.fresh(row).version
    outcomes = at_once(
        lambda: operations.take_back(in_return=row, by=people.analyst, at=b.NOW, version=version),
        lambda: operations.sign_off(in_return=row, by=people.lead, at=b.NOW, version=version),
    )
    was_taken_back = outcomes[0] == "done"
    assert raised(outcomes) == [ReturnChanged if was_taken_back else WrongState]
    held = b.fresh(row)
    assert (held.state, held.is_signed_off) == (("open", False) if was_taken_back else ("submitted", True))


@pytest.mark.parametrize("keys", [("form-1", "form-1"), ("form-1", "form-2"), ("", "")], ids=str)
def test_return_when_taken_back_twice_at_once_then_once(keys, measure) -> None:
    row, people = b.a_return(state="submitted"), b.the_people()
    version = b.fresh(row).version

    def take_back(key: str) -> Callable[[], Any]:
        return lambda: operations.take_back(in_return=row, by=people.analyst, at=b.NOW, version=version, key=key)

    outcomes = at_once(take_back(keys[0]), take_back(keys[1]))
    assert raised(outcomes) == ([] if keys == ("form-1", "form-1") else [WrongState])
    assert ReturnTransition.objects.filter(action="opened", from_state="submitted").count() == 1


@pytest.mark.parametrize("turn", TURNS)
def test_return_when_submitted_while_a_cell_is_saved_then_saved_before_or_refused(turn: int, measure) -> None:
    row, people = b.a_return(state="filled"), b.the_people()
    version = b.fresh(row).version
    change = CellChange(measure.series, b.a_cell(58, 100, commentary="Later."), "0.1")
    outcomes = at_once(
        lambda: operations.submit_return(in_return=row, by=people.analyst, at=b.NOW, version=version),
        lambda: operations.keep_cells(in_return=row, changes=[change], by=people.second_analyst, at=b.NOW),
    )
    assert outcomes[0] == "done"
    was_saved = not isinstance(outcomes[1], Exception)
    assert raised(outcomes) == ([] if was_saved else [WrongState])
    assert Figure.objects.get().numerator == (58 if was_saved else 85)
    assert not DraftCell.objects.exists()


@pytest.mark.parametrize("turn", TURNS)
def test_return_when_accepted_while_a_cell_is_saved_then_the_cell_is_refused(turn: int, measure) -> None:
    row, people = b.a_return(state="signed_off"), b.the_people()
    version = b.fresh(row).version
    change = CellChange(measure.series, b.a_cell(58, 100, commentary="Later."), "1.0")
    outcomes = at_once(
        lambda: operations.accept_return(in_return=row, by=people.acceptor, at=b.NOW, version=version),
        lambda: operations.keep_cells(in_return=row, changes=[change], by=people.analyst, at=b.NOW),
    )
    assert outcomes[0] == "done"
    assert raised(outcomes) == [WrongState]
    assert CurrentFigure.objects.get().approved.numerator == 85


@pytest.mark.parametrize("turn", TURNS)
def test_correction_when_two_open_it_at_once_then_one(turn: int, measure) -> None:
    first, people = b.a_return(state="approved"), b.the_people()
    second = b.a_restatement(first, [measure.series])
    b.fill(second, {measure.series.pk: b.a_cell(84, 100, commentary="Anew.")})
    b.submit(second)
    b.sign_off(second)
    b.accept(second)

    def restate(row: Return) -> Callable[[], Any]:
        return lambda: operations.open_restatement(
            of_return=row, series=[measure.series], correction="recording", reason="Again.", by=people.analyst, at=b.NOW
        )

    assert raised(at_once(restate(first), restate(second))) == [WrongState]
    assert list(Return.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_figure_when_two_papers_state_it_at_once_then_one_and_the_other_is_told(measure) -> None:
    b.a_period(b.Q4)
    b.a_source()
    outcomes = at_once(lambda: b.a_paper_figure(measure, value=85), lambda: b.a_paper_figure(measure, value=86))
    assert raised(outcomes) in ([], [ReturnChanged])
    assert Figure.objects.count() == 2 - len(raised(outcomes))


def test_round_when_opened_twice_at_once_then_once(measure) -> None:
    people, period = b.the_people(), b.a_period(b.Q4)
    scorecard = measure.line.scorecard

    def open_it() -> Any:
        return operations.open_round(scorecard=scorecard, period=period, due_on=None, by=people.acceptor, at=b.NOW)

    assert raised(at_once(open_it, open_it)) == [WrongState]
    assert Return.objects.count() == 1


def test_operation_when_two_hold_what_the_other_needs_then_the_database_ends_it_and_it_is_tried_again(measure) -> None:
    """A deadlock made on purpose: the loser's transaction is rolled back whole and runs a second time."""
    row = b.a_return()
    other = b.a_return(period=b.Q3)
    held = threading.Barrier(2)
    tries: list[int] = []

    def both(first: Return, second: Return) -> Callable[[], Any]:
        @basics.operation
        def lock_both(*, by: object) -> str:
            tries.append(first.pk)
            basics.locked_return(first.pk)
            if len(tries) <= 2:
                held.wait(timeout=10)
            basics.locked_return(second.pk)
            return "both"

        return lambda: lock_both(by=None)

    outcomes = at_once(both(row, other), both(other, row))
    assert outcomes == ["both", "both"]
    assert 3 <= len(tries) <= 2 * basics.TRIES  # the database may end one of them or both, and more than once


def test_operation_when_it_cannot_be_serialised_three_times_then_told_in_a_sentence(measure) -> None:
    tries = []

    @basics.operation
    def never(*, by: object) -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'serialization_failure'; END $$")

    with pytest.raises(OperationError, match="Nothing was saved; try again"):
        never(by=None)
    assert len(tries) == 3


def test_operation_when_the_database_fails_otherwise_then_not_tried_again(measure) -> None:
    tries = []

    @basics.operation
    def broken(*, by: object) -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'out_of_memory'; END $$")

    with pytest.raises(OperationalError):
        broken(by=None)
    assert len(tries) == 1
    assert not transaction.get_connection().in_atomic_block
