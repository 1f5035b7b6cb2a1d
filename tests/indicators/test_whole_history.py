"""Files of all periods: every approved figure, once, as it is stored; nothing that the person may not read."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client

from indicators.models import CurrentFigure, Dimension, Scorecard, Series
from indicators.operations.slices import add_dimension
from indicators.rag import MissingReason
from indicators.roles import Role
from indicators.selectors import whole_history
from indicators.table_spec import neutralised
from indicators.units import Unit, factor
from tests import builders as b

pytestmark = pytest.mark.django_db

OF_SCORECARD, OF_ALL = "/northshire/scorecards/contract/all-periods.csv", "/northshire/all-figures.csv"


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    assert text.splitlines()[0] == ",".join(whole_history.HEADER)
    return list(csv.DictReader(io.StringIO(text)))


def reader(signed_in) -> Client:
    return signed_in(b.a_user(Role.BOARD_MEMBER))


@pytest.mark.parametrize("at_once", [1, 6, 100])
def test_file_when_taken_then_every_approved_figure_stands_in_it_once_as_it_is_stored(signed_in, monkeypatch, at_once):
    monkeypatch.setattr(whole_history, "BATCH", at_once)
    b.a_history(b.a_scorecard(3), 5)
    counted = b.an_indicator("places", unit=Unit.COUNT)
    b.a_figure(counted, value="12.5")
    b.a_figure(b.an_indicator("gone"), missing=MissingReason.NOT_AVAILABLE, commentary="The system was down.")
    b.a_paper_figure(b.an_indicator("printed"), value=85, quantum=1, paragraph="74 table")
    b.a_figure(b.an_indicator("typed"), approved=False)
    rows = rows_of(reader(signed_in), OF_SCORECARD)
    held = CurrentFigure.objects.filter(approved__isnull=False).select_related(
        "approved", "period", "series__indicator", "series__slice"
    )
    assert len(rows) == held.count() == 18
    keys = [(row["indicator"], row["slice"], row["start_on"]) for row in rows]
    assert keys == sorted(keys)
    by_key = {(row["indicator"], row["period"]): row for row in rows}
    for pointer in held:
        figure, row = pointer.approved, by_key[pointer.series.indicator.code, pointer.period.slug]
        for name in ("numerator", "denominator", "value", "quantum"):
            assert (Decimal(row[name]) if row[name] else None) == getattr(figure, name), name
        assert row["symbol"] == figure.missing_reason
        assert row["known_on"] == figure.known_on.isoformat()
        assert row["commentary"] == (figure.commentary.body if figure.commentary else "")
        if figure.basis == "derived":
            assert row["multiplied_by"] == str(factor(Unit(row["unit"])))
    assert by_key["places", b.Q4.slug]["value"] == "12.5"
    assert by_key["printed", b.Q4.slug]["paragraph"] == "74 table"
    assert rows_of(reader(signed_in), OF_ALL) == rows


def test_series_when_they_have_more_figures_than_memory_lets_then_they_are_asked_for_in_turn(monkeypatch):
    b.a_history(b.a_scorecard(3), 5)
    untold = b.a_figure(b.an_indicator("typed"), approved=False)
    series = [
        *Series.objects.exclude(pk=untold.series_id).order_by("pk").values_list("pk", flat=True),
        untold.series_id,
    ]
    one, two, three, none = series
    for at_once, asked in ((1, [[one], [two], [three, none]]), (10, [[one, two], [three, none]]), (15, [series])):
        monkeypatch.setattr(whole_history, "BATCH", at_once)
        assert list(whole_history._batches(series)) == asked
    assert list(whole_history._batches([])) == []


def test_definition_when_there_are_two_then_the_one_in_force_names_the_figure(signed_in):
    measure = b.an_indicator("renamed", name="Before", valid_from=b.Q3)
    b.a_version(measure, b.Q4, short_name="After")
    for period in (b.Q3.previous(), b.Q3, b.Q4):
        b.a_figure(measure, period)
    assert [row["name"] for row in rows_of(reader(signed_in), OF_ALL)] == ["Before", "Before", "After"]


@pytest.mark.parametrize("text", ["=1+1", "'=1", "@x", "two\nlines", 'a "quoted", word', "\t=1"])
def test_text_when_a_spreadsheet_would_take_it_for_a_formula_then_it_is_written_as_in_every_file(signed_in, text):
    b.a_figure(b.an_indicator("risky"), commentary=text)
    (row,) = rows_of(reader(signed_in), OF_ALL)
    assert row["commentary"] == neutralised(text)


def test_figures_when_they_are_protected_then_who_may_not_read_them_gets_none(signed_in):
    b.a_figure(b.an_indicator("open"))
    add_dimension(code="sex", name="Sex", kind="partition", categories=[("girls", "Girls")])
    Dimension.objects.filter(code="sex").update(is_protected=True)
    b.a_figure(b.an_indicator("open", slice_key="sex=girls"))
    board = b.a_scorecard(code="board")
    Scorecard.objects.filter(pk=board.pk).update(audience=Scorecard.Readers.BOARD)
    b.a_figure(b.an_indicator("secret", scorecard=board))
    officer = signed_in(b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner()))
    assert [(r["indicator"], r["slice"]) for r in rows_of(officer, OF_ALL)] == [("open", "")]
    assert [(r["indicator"], r["slice"]) for r in rows_of(officer, OF_SCORECARD)] == [("open", "")]
    assert officer.get("/northshire/scorecards/board/all-periods.csv").status_code == 404
    assert len(rows_of(reader(signed_in), OF_ALL)) == 3


def test_queries_when_there_are_more_periods_then_as_many(signed_in, django_assert_max_num_queries):
    b.a_history(b.a_scorecard(3), 9)
    client = reader(signed_in)
    with django_assert_max_num_queries(7):
        rows_of(client, OF_ALL)
