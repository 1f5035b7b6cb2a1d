"""Saving cells as they are typed: versions, conflicts, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from indicators.entry import CellInput
from indicators.models import DraftCell, Figure
from indicators.operations import CellChange, CellConflict, WrongState, drafts, keep_cells, lock_round, rounds
from tests import builders as b

pytestmark = pytest.mark.django_db

LATER = b.NOW + timedelta(minutes=5)


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator()


@pytest.fixture
def people(measure: b.Measure) -> b.Gates:
    return b.the_people()


def save(row, series, cell, based_on, by, at=b.NOW):
    return keep_cells(in_return=row, changes=[CellChange(series, cell, based_on)], by=by, at=at)


def test_cell_when_first_saved_then_version_one_with_author_and_time(measure, people) -> None:
    row = b.a_return()
    versions = save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst)
    assert versions == {measure.series.pk: "0.1"}
    draft = DraftCell.objects.get()
    assert (draft.updated_by, draft.updated_at, draft.version) == (people.analyst, b.NOW, 1)
    assert drafts.cell_from_draft(draft) == b.a_cell(85, 100)
    assert not Figure.objects.exists()


def test_cell_when_saved_unchanged_then_nothing_is_written(measure, people) -> None:
    row = b.a_return()
    save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst)
    versions = save(row, measure.series, b.a_cell("85.0000", 100), "0.1", people.second_analyst, LATER)
    assert versions == {measure.series.pk: "0.1"}
    draft = DraftCell.objects.get()
    assert (draft.updated_by, draft.updated_at, draft.version) == (people.analyst, b.NOW, 1)


def test_cell_when_it_repeats_the_figure_that_stands_then_no_draft_is_made(measure, people) -> None:
    row = b.a_return(state="returned")
    figure = Figure.objects.get()
    same = b.an_easy_cell(measure.unit)
    assert save(row, measure.series, same, "1.0", people.analyst) == {measure.series.pk: "1.0"}
    assert not DraftCell.objects.exists()
    assert Figure.objects.get() == figure


def test_empty_cell_when_there_was_nothing_then_nothing_is_written(measure, people) -> None:
    assert save(b.a_return(), measure.series, CellInput(), "0.0", people.analyst) == {measure.series.pk: "0.0"}
    assert not DraftCell.objects.exists()


def test_cell_when_emptied_then_the_draft_says_nothing_and_the_version_goes_on(measure, people) -> None:
    row = b.a_return()
    save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst)
    assert save(row, measure.series, CellInput(), "0.1", people.analyst) == {measure.series.pk: "0.2"}
    assert drafts.cell_from_draft(DraftCell.objects.get()).is_empty


def test_versions_when_saved_again_then_they_count_up(measure, people) -> None:
    row = b.a_return()
    for number in range(1, 4):
        found = save(row, measure.series, b.a_cell(80 + number, 100), f"0.{number - 1}", people.analyst)
        assert found == {measure.series.pk: f"0.{number}"}


def test_two_people_when_they_change_one_cell_then_both_versions_are_shown_and_nothing_is_lost(measure, people) -> None:
    other = b.an_indicator("another")
    row = b.a_return()
    theirs, mine = b.a_cell(85, 100, commentary="Theirs."), b.a_cell(58, 100, commentary="Mine.")
    save(row, measure.series, theirs, "0.0", people.second_analyst)
    changes = [CellChange(other.series, b.a_cell(1, 2), "0.0"), CellChange(measure.series, mine, "0.0")]
    with pytest.raises(CellConflict) as conflict:
        keep_cells(in_return=row, changes=changes, by=people.analyst, at=LATER)
    (clash,) = conflict.value.clashes
    assert (clash.series_id, clash.theirs, clash.yours) == (measure.series.pk, theirs, mine)
    assert clash.their_name == str(people.second_analyst)
    assert clash.their_version == "0.1"
    assert drafts.cell_from_draft(DraftCell.objects.get()) == theirs, "the other cell of the page was not saved either"
    kept = save(row, measure.series, mine, clash.their_version, people.analyst, LATER)
    assert kept == {measure.series.pk: "0.2"}


def test_two_people_when_both_typed_the_same_then_there_is_no_conflict(measure, people) -> None:
    row = b.a_return()
    save(row, measure.series, b.a_cell(85, 100), "0.0", people.second_analyst)
    assert save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst) == {measure.series.pk: "0.1"}
    assert DraftCell.objects.get().updated_by == people.second_analyst


def test_cell_when_a_revision_came_in_between_then_conflict_with_the_revision(measure, people) -> None:
    row = b.a_return()
    b.a_paper_figure(measure, value=85, numerator=1266, denominator=1514, commentary="Printed.")
    with pytest.raises(CellConflict) as conflict:
        save(row, measure.series, b.a_cell(1266, 1514), "0.0", people.analyst)
    (clash,) = conflict.value.clashes
    assert clash.their_version == "1.0"
    assert clash.their_name == "loaded from report 003 §74"
    assert clash.theirs == b.a_cell(value=85, commentary="Printed.")


def test_cells_when_saved_together_then_all_of_them(people, measure) -> None:
    others = [b.an_indicator(f"other-{i}") for i in range(3)]
    row = b.a_return()
    changes = [CellChange(m.series, b.a_cell(i, 10), "0.0") for i, m in enumerate(others, start=1)]
    versions = keep_cells(in_return=row, changes=changes, by=people.analyst, at=b.NOW)
    assert set(versions.values()) == {"0.1"}
    assert DraftCell.objects.count() == 3


@pytest.mark.parametrize(
    ("state", "message"),
    [("submitted", "submitted"), ("signed_off", "submitted"), ("approved", "correct a figure after it is approved")],
)
def test_cell_when_the_return_is_closed_then_refused_with_the_way_out(state, message, measure, people) -> None:
    row = b.a_return(state=state)
    with pytest.raises(WrongState, match=message):
        save(row, measure.series, b.a_cell(1, 100), "1.0", people.analyst)
    assert not DraftCell.objects.exists()


def test_cell_when_the_round_is_locked_then_refused_with_the_reason(measure, people) -> None:
    row = b.a_return()
    lock_round(reporting_round=row.round, reason="Published on 1 July.", by=people.acceptor, at=b.NOW)
    with pytest.raises(WrongState, match="Published on 1 July"):
        save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst)
    rounds.reopen_round(reporting_round=row.round, by=people.acceptor, at=b.NOW)
    assert save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst)


def test_cell_of_a_correction_when_the_round_is_locked_then_it_is_saved(measure, people) -> None:
    row = b.a_return(state="approved")
    lock_round(reporting_round=row.round, reason="Published.", by=people.acceptor, at=b.NOW)
    correction = b.a_restatement(row, [measure.series])
    assert save(correction, measure.series, b.a_cell(84, 100), "1.0", people.analyst) == {measure.series.pk: "1.1"}


def test_cell_when_of_another_partner_or_scorecard_then_refused_and_nothing_is_written(measure, people) -> None:
    police = b.an_indicator("crimes", partner=b.a_partner("police"))
    elsewhere = b.an_indicator("elsewhere", scorecard=b.a_scorecard(code="partnership"))
    row = b.a_return(partner=b.a_partner())
    for foreign in (police, elsewhere):
        changes = [CellChange(m.series, b.a_cell(1, 2), "0.0") for m in (measure, foreign)]
        with pytest.raises(WrongState, match="does not belong to this return"):
            keep_cells(in_return=row, changes=changes, by=people.analyst, at=b.NOW)
    assert not DraftCell.objects.exists()


def test_cell_of_a_correction_when_not_chosen_then_refused(measure, people) -> None:
    other = b.an_indicator("another")
    row = b.a_return(state="approved")
    correction = b.a_restatement(row, [measure.series])
    with pytest.raises(WrongState, match="does not belong"):
        save(correction, other.series, b.a_cell(1, 100), "1.0", people.analyst)


def test_draft_when_read_back_then_every_field_is_as_typed(measure, people) -> None:
    row = b.a_return()
    cell = b.a_cell(
        missing="not_reportable",
        not_reportable_code="system_change",
        responsible_role="Head of performance",
        expected_on=b.TODAY,
        flags="p u",
        confidence="caution",
        confidence_reason="Being cleansed",
        validation_task="Compare with the old system",
        source_system="Mosaic",
        as_at_on=b.TODAY,
        extracted_on=b.TODAY,
        headline="Not yet",
        commentary="=HYPERLINK(1)\nSecond line £ – ü",
        keep_reason="So it is",
    )
    save(row, measure.series, cell, "0.0", people.analyst)
    assert drafts.cell_from_draft(DraftCell.objects.get()) == cell


@pytest.mark.parametrize("number", ["0", "0.0001", "99999999999.9999", "1266.5"])
def test_number_of_a_draft_when_extreme_then_saved_and_unchanged_when_saved_again(number, measure, people) -> None:
    row = b.a_return()
    cell = b.a_cell(Decimal(number), Decimal("99999999999.9999"))
    save(row, measure.series, cell, "0.0", people.analyst)
    assert save(row, measure.series, cell, "0.1", people.analyst) == {measure.series.pk: "0.1"}


def test_queries_when_cells_are_saved_then_their_number_does_not_grow_with_history(
    people, measure, django_assert_max_num_queries
) -> None:
    for _ in range(3):
        b.tick()
    row = b.tick(state="open")
    with django_assert_max_num_queries(12):
        save(row, measure.series, b.a_cell(85, 100), "0.0", people.analyst)


COUNTED = "Annex A, reference date 31 March 2022, file 1a2b3c4d"


@pytest.fixture
def counted(measure, people):
    """A return with one cell counted from a file, and who keeps it."""
    row = b.a_return()
    change = CellChange(measure.series, b.a_cell(85, 100, source_system=COUNTED), "0.0", is_counted=True)
    keep_cells(in_return=row, changes=[change], by=people.analyst, at=b.NOW)
    assert DraftCell.objects.get().source_system == COUNTED
    return row


def test_counted_figure_when_typed_over_then_it_no_longer_names_the_file(counted, measure, people) -> None:
    save(counted, measure.series, b.a_cell(86, 100, source_system=COUNTED), "0.1", people.analyst)
    assert (DraftCell.objects.get().numerator, DraftCell.objects.get().source_system) == (86, "")


@pytest.mark.parametrize("other", ["Own count", "Annex A, file of March"])
def test_counted_figure_when_typed_over_with_another_source_then_that_is_kept(counted, measure, people, other) -> None:
    save(counted, measure.series, b.a_cell(86, 100, source_system=other), "0.1", people.analyst)
    assert DraftCell.objects.get().source_system == other


def test_counted_figure_when_only_words_are_added_then_it_still_names_the_file(counted, measure, people) -> None:
    cell = b.a_cell(85, 100, source_system=COUNTED, commentary="Two were late.")
    save(counted, measure.series, cell, "0.1", people.analyst)
    assert DraftCell.objects.get().source_system == COUNTED


def test_figure_when_a_file_is_typed_as_its_source_then_it_is_not_taken_for_counted(measure, people) -> None:
    save(b.a_return(), measure.series, b.a_cell(85, 100, source_system=COUNTED), "0.0", people.analyst)
    assert DraftCell.objects.get().source_system == ""
