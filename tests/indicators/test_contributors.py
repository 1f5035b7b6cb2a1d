"""The rule of two people also binds whoever typed a cell before somebody else overtyped it."""

from importlib import import_module

import pytest
from django.apps import apps

from indicators.models import DraftCell, Figure, Return
from indicators.operations import CellChange, CellConflict, NotAllowed, keep_cells
from tests import builders as b

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator("first")


@pytest.fixture
def people(measure: b.Measure) -> b.Gates:
    return b.the_people()


@pytest.fixture
def overtyped(measure, people) -> Return:
    """The deputy typed the cell first, the analyst overtyped it: the figure names the analyst alone."""
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(80, 100)}, by=people.lead_deputy)
    b.keep(row, {measure.series: b.a_cell(85, 100)}, by=people.analyst)
    b.submit(row)
    assert [f.recorded_by for f in Figure.objects.all()] == [people.analyst]
    return row


def contributors(row: Return) -> set[object]:
    return set(row.contributors.all())


def test_contributor_when_overtyped_then_can_neither_sign_off_nor_send_back(overtyped, people) -> None:
    for step in (b.sign_off, b.send_back):
        with pytest.raises(NotAllowed, match="You entered figures of this return"):
            step(overtyped, by=people.lead_deputy)
    assert b.sign_off(overtyped).is_signed_off


def test_contributor_when_overtyped_then_cannot_accept(overtyped, people) -> None:
    b.a_gate_holder(people.lead_deputy, gate="acceptance", is_deputy=True, from_on=b.TODAY, as_found=True)
    b.sign_off(overtyped)
    with pytest.raises(NotAllowed, match="You entered figures of this return"):
        b.accept(overtyped, by=people.lead_deputy)
    assert b.accept(overtyped).state == "approved"


def test_contributor_when_the_return_came_back_and_others_went_on_then_still_bound(overtyped, measure, people) -> None:
    b.send_back(overtyped)
    b.keep(overtyped, {measure.series: b.a_cell(86, 100)}, by=people.second_analyst)
    b.submit(overtyped, by=people.second_analyst)
    with pytest.raises(NotAllowed, match="You entered figures of this return"):
        b.sign_off(overtyped, by=people.lead_deputy)


def test_contributor_when_what_they_typed_was_put_back_as_it_was_then_still_bound(measure, people) -> None:
    row = b.a_return(state="returned")
    b.keep(row, {measure.series: b.a_cell(80, 100)}, by=people.lead_deputy)
    b.keep(row, {measure.series: b.an_easy_cell(measure.unit)}, by=people.analyst)
    b.submit(row)
    assert Figure.objects.count() == 1
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=people.lead_deputy)


def test_contributors_when_cells_are_saved_then_everybody_who_changed_one(measure, people) -> None:
    row = b.a_return()
    assert contributors(row) == set()
    b.keep(row, {measure.series: b.a_cell(80, 100)}, by=people.analyst)
    assert contributors(row) == {people.analyst}
    b.keep(row, {measure.series: b.a_cell(85, 100)}, by=people.second_analyst)
    b.keep(row, {measure.series: b.a_cell(86, 100)}, by=people.second_analyst)
    assert contributors(row) == {people.analyst, people.second_analyst}


def test_contributors_when_nothing_changes_or_nothing_is_saved_then_nobody_is_added(measure, people) -> None:
    row = b.a_return()
    b.keep(row, {measure.series: b.a_cell(80, 100)}, by=people.analyst)
    b.keep(row, {measure.series: b.a_cell("80.00", 100)}, by=people.second_analyst)
    stale = CellChange(measure.series, b.a_cell(1, 100), "0.0")
    with pytest.raises(CellConflict):
        keep_cells(in_return=row, changes=[stale], by=people.lead, at=b.NOW)
    assert contributors(row) == {people.analyst}


def test_contributors_when_of_another_return_then_not_bound_by_it(measure, people) -> None:
    row = b.a_return(state="approved")
    correction = b.a_restatement(row, [measure.series], by=people.second_analyst)
    b.keep(correction, {measure.series: b.a_cell(84, 100, commentary="Anew.")}, by=people.second_analyst)
    assert contributors(correction) == {people.second_analyst}
    assert people.second_analyst not in contributors(row)


def test_migration_when_it_fills_then_from_figures_drafts_and_submissions(measure, people) -> None:
    """As it finds a database of the release before: nobody stands among the contributors yet."""
    other = b.an_indicator("second")
    row = b.a_return(state="filled")
    b.keep(row, {other.series: b.a_cell(1, 100, commentary="Low.")}, by=people.second_analyst)
    b.submit(row, by=people.lead_deputy)
    b.send_back(row)
    b.keep(row, {other.series: b.a_cell(2, 100, commentary="Low.")}, by=people.acceptor_deputy)
    untouched = b.a_return(period=b.Q3)
    loaded = b.a_return(period=b.Q3.previous())
    b.a_paper_figure(measure, b.Q3.previous(), 85)
    assert DraftCell.objects.count() == 1
    Return.contributors.through.objects.all().delete()
    import_module("indicators.migrations.0003_return_contributors").fill(apps, None)
    assert contributors(row) == {people.analyst, people.second_analyst, people.lead_deputy, people.acceptor_deputy}
    assert contributors(untouched) == contributors(loaded) == set()
