"""Programmes: loaded all or none, twice without a change, and held to their places by the database."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.imports import FileRefused
from referrals.models import Programme, ProgrammeStep
from referrals.operations.programmes import load_programmes
from tests import builders as b

pytestmark = pytest.mark.django_db


def a_row(**changes):
    return {
        "row": 2, "code": "pause", "name": "Pause", "lead": "The trust", "purpose": "Breaks a cycle.",
        "cohort_words": "29 women", "target_words": "", "reports": "Quarterly", "first_report_on": date(2015, 7, 15),
        "payment_words": "Within 30 days", "indicators": "cohort; signed-up", "source": "003", "paragraph": "8",
        "file": "practice/programmes.csv",
    } | changes  # fmt: skip


@pytest.fixture
def partnership(db):
    b.a_source()
    b.an_indicator("cohort")
    b.an_indicator("signed-up")
    return b.a_partnership()


def test_programme_when_loaded_then_its_funnel_keeps_its_order_and_a_second_time_changes_nothing(partnership):
    assert load_programmes(partnership=partnership, rows=[a_row()]) == (1, 0)
    assert load_programmes(partnership=partnership, rows=[a_row()]) == (0, 1)
    made = Programme.objects.get()
    assert list(made.steps.values_list("indicator__code", flat=True)) == ["cohort", "signed-up"]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"indicators": "cohort; nothing"}, "indicators"),
        ({"source": "999"}, "source"),
    ],
)
def test_programme_when_it_names_what_is_not_known_then_nothing_is_loaded(partnership, changes, column):
    rows = [a_row(), a_row(code="other", **changes)]
    with pytest.raises(FileRefused) as refused:
        load_programmes(partnership=partnership, rows=rows)
    assert [(f.column, f.file) for f in refused.value.findings] == [(column, "practice/programmes.csv")]
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"name": "Another"}, "name"), ({"indicators": "signed-up; cohort"}, "indicators"), ({"lead": ""}, "lead")],
)
def test_programme_when_held_with_another_value_then_it_is_refused(partnership, changes, column):
    load_programmes(partnership=partnership, rows=[a_row()])
    with pytest.raises(FileRefused) as refused:
        load_programmes(partnership=partnership, rows=[a_row(**changes)])
    assert [f.column for f in refused.value.findings] == [column]


def test_programmes_when_there_are_more_then_no_more_is_asked_to_compare_them(partnership):
    rows = [a_row(code=f"programme-{number}") for number in range(5)]
    load_programmes(partnership=partnership, rows=rows)
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            load_programmes(partnership=partnership, rows=some)
        assert len([q for q in asked if q["sql"].startswith("SELECT")]) == 5


def test_programme_when_a_file_gives_it_twice_then_it_is_held_once_and_a_difference_is_refused(partnership):
    assert load_programmes(partnership=partnership, rows=[a_row(), a_row(row=3)]) == (1, 1)
    with pytest.raises(FileRefused) as refused:
        load_programmes(partnership=partnership, rows=[a_row(code="new"), a_row(row=3, code="new", name="Another")])
    assert [(f.row, f.column) for f in refused.value.findings] == [(3, "name")]


@pytest.mark.parametrize("name", ["programme_code_unique", "programme_step_once", "programme_step_order"])
def test_programme_when_a_place_is_taken_then_the_database_refuses(partnership, name):
    load_programmes(partnership=partnership, rows=[a_row()])
    made = Programme.objects.get()
    first, other = made.steps.first(), b.an_indicator("third").indicator
    bad = {
        "programme_code_unique": Programme(
            partnership=partnership, code="pause", name="Pause", purpose="Again.", source=made.source, paragraph="8"
        ),
        "programme_step_once": ProgrammeStep(programme=made, indicator=first.indicator, order=9),
        "programme_step_order": ProgrammeStep(programme=made, indicator=other, order=first.order),
    }[name]
    with pytest.raises(IntegrityError), transaction.atomic():
        bad.save()
