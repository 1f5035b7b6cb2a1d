"""The only pointer that moves: whatever happens, it is what revisions and approvals say, and nothing is lost."""

import os
from datetime import date

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from indicators import operations
from indicators.models import CurrentFigure, Figure, FigureApproval, Return, User
from indicators.operations import CellChange, OperationError
from tests import builders as b

pytestmark = pytest.mark.django_db

Pointers = dict[tuple[int, int], tuple[int, int | None]]


def pointers() -> Pointers:
    """What the table holds: working and approved revision by series and period."""
    rows = CurrentFigure.objects.values_list("series_id", "period_id", "working_id", "approved_id")
    return {(series, period): (working, approved) for series, period, working, approved in rows}


def pointers_from_scratch() -> Pointers:
    """The same worked out anew, by another way than the application's: following the chain from its first revision."""
    approved = set(FigureApproval.objects.values_list("figure_id", flat=True))
    heirs = {f.supersedes_id: f for f in Figure.objects.filter(supersedes__isnull=False)}
    found = {}
    for figure in Figure.objects.filter(supersedes__isnull=True):
        chain = [figure]
        while chain[-1].pk in heirs:
            chain.append(heirs[chain[-1].pk])
        accepted = [f.pk for f in chain if f.pk in approved]
        found[figure.series_id, figure.period_id] = (chain[-1].pk, accepted[-1] if accepted else None)
    return found


@pytest.fixture
def history() -> None:
    """Two quarters of three lines: corrected figures, an open correction, a return that waits, a paper's figure."""
    measures = [b.an_indicator(f"measure-{i}") for i in range(3)]
    row = b.tick()
    for numerator in (84, 83):
        correction = b.a_restatement(row, [measures[0].series])
        b.fill(correction, {measures[0].series.pk: b.a_cell(numerator, 100, commentary="Anew.")})
        b.submit(correction)
        if numerator == 84:
            row = b.accept(b.sign_off(correction))
    b.tick(state="submitted")
    b.a_paper_figure(measures[1], b.quarters.Quarter(2019, 4), 85, numerator=1266, denominator=1514)


def test_pointers_when_operations_moved_them_then_they_are_what_the_revisions_say(history: None) -> None:
    held = pointers()
    assert held == pointers_from_scratch()
    assert len(held) == 7
    assert sum(working != approved for working, approved in held.values()) == 4


def test_rebuild_when_nothing_is_wrong_then_nothing_is_changed(history: None) -> None:
    before = list(CurrentFigure.objects.order_by("pk").values())
    assert operations.rebuild_current() == 0
    assert list(CurrentFigure.objects.order_by("pk").values()) == before


@settings(max_examples=60)
@given(data=st.data())
def test_rebuild_when_the_pointers_are_corrupted_in_any_way_then_they_are_right_again(
    history: None, data: st.DataObject
) -> None:
    right = pointers()
    keys = sorted(right)
    everything = list(Figure.objects.order_by("pk").values_list("pk", flat=True))
    elsewhere = (keys[0][0], b.a_period(b.quarters.Quarter(2030, 1)).pk)
    chosen = data.draw(st.lists(st.sampled_from([*keys, elsewhere]), unique=True), label="which have a pointer")
    working = data.draw(st.permutations(everything), label="to which revision")
    approved = data.draw(st.permutations(everything), label="and which approved one")
    is_approved = data.draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    with transaction.atomic():
        CurrentFigure.objects.all().delete()
        CurrentFigure.objects.bulk_create(
            CurrentFigure(
                series_id=key[0], period_id=key[1], working_id=working[i], approved_id=approved[i] if has else None
            )
            for i, (key, has) in enumerate(zip(chosen, is_approved, strict=True))
        )
        wrong = pointers()
        differing = {key for key in wrong.keys() | right.keys() if wrong.get(key) != right.get(key)}
        assert operations.rebuild_current() == len(differing)
        assert pointers() == right
        assert operations.rebuild_current() == 0


class Reporting(RuleBasedStateMachine):
    """People who do anything at any time, in any order; what is refused is refused, and nothing is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.series = [line.series for line in b.a_scorecard().lines.order_by("order")]
        self.first = b.a_return()
        self.people = b.the_people()
        self.everyone = list(vars(self.people).values())
        self.seen: dict[int, dict] = {}
        self.approved_before: dict = {}
        self.may_approve = False
        self.turn = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @property
    def current(self) -> Return:
        """The return that is worked on: the last one."""
        return b.fresh(self.first.round.returns.order_by("number").last())

    def attempt(self, step, **kwargs) -> bool:
        row = self.current
        try:
            step(in_return=row, at=b.NOW, version=row.version, **kwargs)
        except OperationError:
            return False
        return True

    people_who_act = st.integers(0, 5)

    @rule(who=people_who_act, which=st.integers(0, 1), numerator=st.integers(60, 99))
    def save(self, who: int, which: int, numerator: int) -> None:
        row, series = self.current, self.series[which]
        change = CellChange(series, b.a_cell(numerator, 100, commentary="So it is."), b.based_on(row, series))
        try:
            operations.keep_cells(in_return=row, changes=[change], by=self.everyone[who], at=b.NOW)
        except OperationError:
            assert not row.is_editable or series not in row.chosen.all()

    @initialize(steps=st.sampled_from((9, 6, 3, 1, 0)), second=st.booleans())
    def begin(self, steps: int, second: bool) -> None:
        self.go_on(steps, second)

    @rule(steps=st.integers(1, 5), second=st.booleans())
    def go_on(self, steps: int, second: bool) -> None:
        """The way that is meant: filled and submitted, signed off, accepted, corrected. The second analyst, who is
        deputy of the lead, types half of the time and always tries to sign off first."""
        typist = self.people.second_analyst if second else self.people.analyst
        for _ in range(steps):
            row = self.current
            if row.state == "approved":
                b.a_restatement(row, self.series)
            elif row.is_editable:
                self.turn += 1  # so that the figures differ from those that stand
                ready = {s.pk: b.a_cell(70 + self.turn % 30, 100, commentary="So it is.") for s in self.series}
                b.fill(row, ready, by=typist)
                self.attempt(operations.submit_return, by=self.people.analyst)
            elif not row.is_signed_off:
                if not self.attempt(operations.sign_off, by=self.people.second_analyst):
                    self.attempt(operations.sign_off, by=self.people.lead)
            else:
                self.accept_by(self.people.acceptor)

    @rule(who=people_who_act, step=st.sampled_from(["submit", "take_back", "sign_off", "send_back", "accept"]))
    def interfere(self, who: int, step: str) -> None:
        """Anybody tries anything."""
        by = self.everyone[who]
        if step == "accept":
            self.accept_by(by)
        elif step == "submit":
            self.attempt(operations.submit_return, by=by)
        elif step == "take_back":
            self.attempt(operations.take_back, by=by)
        elif step == "sign_off":
            self.attempt(operations.sign_off, by=by)
        else:
            self.attempt(operations.send_back, by=by, comment="Please look.")

    @rule()
    def send_back(self) -> None:
        row = self.current
        by = self.people.acceptor if row.is_signed_off else self.people.lead
        self.attempt(operations.send_back, by=by, comment="Please look.")

    def accept_by(self, by: User) -> None:
        self.may_approve = self.attempt(operations.accept_return, by=by) or self.may_approve

    @precondition(lambda self: self.current.state == "approved")
    @rule(which=st.sets(st.integers(0, 1), min_size=1))
    def restate(self, which: set[int]) -> None:
        b.a_restatement(self.current, [self.series[i] for i in sorted(which)])

    @invariant()
    def no_revision_is_ever_lost_or_changed(self) -> None:
        rows = {row["id"]: row for row in Figure.objects.values()}
        assert self.seen.items() <= rows.items()
        self.seen = rows

    @invariant()
    def every_chain_is_unbroken(self) -> None:
        for series in self.series:
            chain = list(series.figures.order_by("revision"))
            assert [f.revision for f in chain] == list(range(1, len(chain) + 1))
            assert [f.supersedes_id for f in chain] == [None, *(f.pk for f in chain)][: len(chain)]

    @invariant()
    def the_pointers_are_what_the_revisions_say(self) -> None:
        assert pointers() == pointers_from_scratch()

    @invariant()
    def what_boards_see_was_approved_and_changes_only_by_acceptance(self) -> None:
        approved = {key: accepted for key, (_, accepted) in pointers().items() if accepted}
        assert set(approved.values()) <= set(FigureApproval.objects.values_list("figure_id", flat=True))
        if not self.may_approve:
            assert approved == self.approved_before
        self.approved_before, self.may_approve = approved, False

    @invariant()
    def nobody_decided_on_their_own_work(self) -> None:
        for row in self.first.round.returns.all():
            typed = set(row.figures.values_list("recorded_by", flat=True))
            pressed = set(row.transitions.filter(action="submitted").values_list("by", flat=True))
            signed = set(row.transitions.filter(action="signed_off").values_list("by", flat=True))
            accepted = set(row.transitions.filter(action="approved").values_list("by", flat=True))
            before = typed | pressed
            if row.state == "approved":
                assert not accepted & before
                assert not accepted & signed
                assert not self.last_sign_off(row) & before

    @staticmethod
    def last_sign_off(row: Return) -> set[int]:
        return {row.transitions.filter(action="signed_off").order_by("pk").last().by_id}

    @invariant()
    def an_approved_return_holds_no_drafts(self) -> None:
        assert not self.first.round.returns.filter(state__in=["approved", "submitted"], cells__isnull=False).exists()


def stories_told() -> int:
    """How many random stories are told: ten at each change, as many as asked in a soak."""
    return int(os.environ.get("SOAK_EXAMPLES", 10))


@pytest.mark.once
@pytest.mark.long
def test_reporting_when_anybody_does_anything_then_nothing_is_lost(db: None) -> None:
    for code in ("first", "second"):
        b.an_indicator(code)
    gates = b.the_people()
    # An analyst and a lead who hold the other gate as deputies too: they could decide on their own work if allowed.
    b.a_gate_holder(gates.second_analyst, b.a_partner(), "sign_off", is_deputy=True, from_on=date(2022, 1, 1))
    b.a_gate_holder(gates.lead, b.a_partner(), "acceptance", is_deputy=True, from_on=date(2022, 1, 1), as_found=True)
    # Making a failing story shorter takes minutes; it is the same story at every run, so it can be shortened by hand.
    bounded = settings(max_examples=stories_told(), stateful_step_count=8, phases=[Phase.generate])
    run_state_machine_as_test(Reporting, settings=bounded)
