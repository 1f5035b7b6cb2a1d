"""Forecasts made where figures become approved, kept as they were said, and shown to who may read the figures alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal as D
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators import bounded, forecast_job
from indicators.direction_of_travel import Window
from indicators.drawing_style import AHEAD
from indicators.models import (
    CurrentFigure,
    Dimension,
    Figure,
    FigureApproval,
    KeptChance,
    KeptForecast,
    Return,
    Scorecard,
    ScorecardLine,
    Series,
)
from indicators.official_lines import STYLES
from indicators.operations import forecasts
from indicators.operations.forecasts import ForecastsNotMade, MadeForecasts, make_forecasts
from indicators.operations.slices import add_dimension, slice_row
from indicators.quarters import Quarter
from indicators.rag import MissingReason, Polarity
from indicators.roles import Role
from indicators.selectors.forecasts import kept_forecasts, wanted_forecasts
from tests import builders as b
from tests.builders.official import official_figures
from tests.indicators.return_pages import address, form_of
from tests.indicators.test_indicator_page import page, words

pytestmark = pytest.mark.django_db

FIRST = Quarter(2020, 1)
EIGHT = (80, 82, 79, 83, 80, 84, 81, 82)  # 2020/21 Q1 to 2021/22 Q4


@pytest.fixture(autouse=True)
def child(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The job is done here: a child of its own is tried in test_forecast_job.py. Gives the jobs that were run."""
    run: list[str] = []

    def here(*, job: str, payload: bytes, patience: float = 2.0, **more: Any) -> bytes:
        run.append(job)
        assert not connection.in_atomic_block or connection.savepoint_ids == savepoints, "inside an operation"
        return forecast_job.make_forecasts(payload, lambda line: None)

    savepoints = list(connection.savepoint_ids)
    monkeypatch.setattr(bounded, "run", here)
    return run


@pytest.fixture
def measure(partnership) -> b.Measure:
    made = b.an_indicator("m")
    filled(made, EIGHT)
    return made


def filled(measure: b.Measure | Series, numbers: Any, first: Quarter = FIRST) -> None:
    """An approved figure of a paper for each quarter from the first on, of 100; None: not available. In bulk, because
    most of these tests need no return."""
    series = measure if isinstance(measure, Series) else measure.series
    told = {"series": series, "revision": 1, "source": b.a_source(), "actor": "paper", "recorded_at": b.NOW}
    rows, period = [], first
    for number in numbers:
        held = {"basis": "missing", "missing_reason": MissingReason.NOT_AVAILABLE.value}
        if number is not None:
            held = {"basis": "derived", "numerator": D(number), "denominator": D(100)}
        rows.append(Figure(period=b.a_period(period), known_on=b.TODAY, **told, **held))
        period = period.next()
    made = Figure.objects.bulk_create(rows)
    FigureApproval.objects.bulk_create(
        FigureApproval(figure=figure, actor="paper", at=b.NOW, known_on=b.TODAY) for figure in made
    )
    CurrentFigure.objects.bulk_create(
        CurrentFigure(series=series, period=figure.period, working=figure, approved=figure) for figure in made
    )


@pytest.fixture
def reader(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER, partnership=partnership))


def made(partnership: Any, **more: Any) -> MadeForecasts:
    return make_forecasts(partnership=partnership, at=b.NOW, **more)


def heading(soup: BeautifulSoup) -> str:
    return words(soup.select_one(".heading-to"))


# What is kept


def test_forecast_when_made_then_kept_with_all_it_was_said_with(measure, partnership):
    assert made(partnership) == MadeForecasts(1, 0)
    rows = list(KeptForecast.objects.order_by("steps"))
    assert [row.for_period.slug for row in rows] == ["2022-23-q1", "2022-23-q2", "2022-23-q3", "2022-23-q4"]
    first = rows[0]
    assert (first.series, first.made_from.slug, first.method, first.periods) == (
        measure.series, "2021-22-q4", "no_change", 8,
    )  # fmt: skip
    assert (first.unit, first.places, first.point, first.low, first.high) == ("percent", 0, D(82), D(77), D(87))
    assert (first.made_at, first.made_on, first.is_tried) == (b.NOW, b.TODAY, False)
    chance = KeptChance.objects.get(forecast=first)
    assert (chance.line, chance.target, chance.polarity, chance.chance) == (
        measure.line, measure.target, "higher", "likely",
    )  # fmt: skip


def test_forecasts_when_made_again_then_nothing_is_made_and_no_child_is_started(measure, partnership, child):
    made(partnership)
    assert made(partnership) == MadeForecasts(0, 0)
    assert KeptForecast.objects.count() == 4
    assert child == [forecast_job.JOB]


def test_figure_when_restated_then_a_new_forecast_stands_beside_the_old_one(measure, partnership):
    made(partnership)
    old = set(KeptForecast.objects.values_list("pk", flat=True))
    b.a_figure(measure, FIRST.next(), 85, 100)
    assert made(partnership).forecasts == 1
    new = KeptForecast.objects.exclude(pk__in=old)
    assert (len(old), new.count()) == (4, 4)
    assert set(new.values_list("made_from__slug", flat=True)) == {"2021-22-q4"}
    assert new.first().high > KeptForecast.objects.filter(pk__in=old).first().high


def test_figure_when_it_is_not_approved_then_no_forecast_is_made_from_it(measure, partnership):
    b.a_figure(measure, b.Q4.next(), 12, 100, approved=False)
    made(partnership)
    assert set(KeptForecast.objects.values_list("made_from__slug", flat=True)) == {"2021-22-q4"}
    assert KeptForecast.objects.get(steps=1).point == 82


def test_earlier_periods_when_they_allowed_one_then_tried_once_and_marked(partnership):
    measure = b.an_indicator("m", target=None)
    filled(measure, (*EIGHT, 80, 85, 83), first=Quarter(2019, 2))
    assert made(partnership, with_tried=False) == MadeForecasts(1, 0)
    assert made(partnership) == MadeForecasts(0, 3)
    assert made(partnership) == MadeForecasts(0, 0)
    tried = KeptForecast.objects.filter(is_tried=True).order_by("made_from__start_on")
    assert [(t.made_from.slug, t.for_period.slug, t.periods) for t in tried] == [
        ("2021-22-q1", "2021-22-q2", 8), ("2021-22-q2", "2021-22-q3", 9), ("2021-22-q3", "2021-22-q4", 10),
    ]  # fmt: skip
    assert not KeptChance.objects.exists()


def test_earlier_period_when_the_series_broke_after_it_then_it_is_not_tried(partnership):
    measure = b.an_indicator("m")
    filled(measure, (*EIGHT, 80, 85), first=Quarter(2019, 3))
    b.a_break(measure.series, Quarter(2021, 3).start_on)
    assert made(partnership) == MadeForecasts(0, 0)


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"window": Window.ROLLING_12_MONTHS}, 0), ({"window": Window.YEAR_TO_DATE}, 0),
        ({"window": Window.SNAPSHOT}, 1), ({"polarity": Polarity.BAND}, 1), ({"polarity": Polarity.NONE}, 1),
    ],
)  # fmt: skip
def test_measure_when_its_figures_overlap_then_none_and_without_a_better_way_no_chance(partnership, changes, number):
    filled(b.an_indicator("m", **changes), EIGHT)
    assert made(partnership).forecasts == number
    assert KeptChance.objects.exists() is (changes == {"window": Window.SNAPSHOT})


def test_definition_when_it_was_changed_within_the_last_eight_then_no_forecast(measure, partnership):
    b.a_version(measure, Quarter(2021, 1), window=Window.SNAPSHOT)
    assert made(partnership) == MadeForecasts(0, 0)


def test_target_when_another_comes_into_force_then_each_period_ahead_has_its_own(measure, partnership):
    later = b.a_target(measure.line, valid_from=Quarter(2022, 3), target=D(95))
    suspended = b.a_target(measure.line, valid_from=Quarter(2022, 4), target=D(95), is_suspended=True)
    made(partnership)
    held = dict(KeptChance.objects.values_list("forecast__steps", "target"))
    assert held == {1: measure.target.pk, 2: measure.target.pk, 3: later.pk}
    assert suspended.pk not in held.values()


def test_other_partnership_when_one_is_asked_then_left_alone(measure, partnership):
    other = b.a_partnership("southshire", "E06000098")
    elsewhere = b.an_indicator("n", scorecard=b.a_scorecard(code="other", partnership=other))
    filled(elsewhere, EIGHT)
    assert made(other).forecasts == 1
    assert set(KeptForecast.objects.values_list("series", flat=True)) == {elsewhere.series.pk}
    assert kept_forecasts(other, "m") == ()


def test_wanted_when_there_are_many_series_and_periods_then_as_many_queries(partnership):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            wanted_forecasts(partnership)
        return len(found)

    b.a_history(b.a_scorecard(1, code="one"), 9)
    few = asked()
    b.a_history(b.a_scorecard(30, code="many"), 20)
    assert asked() == few <= 8
    assert made(partnership).forecasts == 31


def test_writing_when_there_are_many_then_few_statements(partnership, monkeypatch):
    b.a_history(b.a_scorecard(30, code="many"), 9)
    with CaptureQueriesContext(connection) as found:
        assert made(partnership) == MadeForecasts(30, 30)
    assert len(found) < 50
    assert KeptForecast.objects.count() == 30 * 4 + 30


def test_many_when_made_then_in_blocks(partnership, monkeypatch, child):
    monkeypatch.setattr(forecasts, "AT_ONCE", 7)
    b.a_history(b.a_scorecard(10, code="many"), 9)
    assert made(partnership) == MadeForecasts(10, 10)
    assert len(child) == 3


def test_forecast_when_another_writer_kept_it_meanwhile_then_it_is_left_out(measure, partnership, monkeypatch):
    really = bounded.run

    def and_another(**asked: Any) -> bytes:
        monkeypatch.setattr(bounded, "run", really)
        made(partnership)
        return really(**asked)

    monkeypatch.setattr(bounded, "run", and_another)
    assert made(partnership) == MadeForecasts(0, 0)
    assert KeptForecast.objects.count() == 4


@pytest.mark.parametrize(
    "changes",
    [{"low": D(83)}, {"high": D(81)}, {"steps": 0}, {}],
    ids=["low above the point", "high below it", "no step", "the same again"],
)
def test_row_when_it_cannot_be_true_then_the_database_refuses(measure, partnership, changes):
    made(partnership)
    row = KeptForecast.objects.get(steps=1)
    kept = {f.attname: getattr(row, f.attname) for f in KeptForecast._meta.concrete_fields if not f.primary_key}
    other = {"inputs_sha256": "0" * 64} if changes else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptForecast.objects.create(**kept | other | changes)


# When it is made


def accepted(row: Return, client: Any) -> Any:
    url = address("return_review", row)
    return client.post(url, form_of(client.get(url)) | {"do": "accept"}, follow=True)


@contextmanager
def a_signed_off_return(measure: b.Measure) -> Iterator[Return]:
    cells = {measure.series.pk: b.a_cell(85, 100, keep_reason="Counted twice.")}
    yield b.a_return(measure.line.scorecard, b.Q4.next(), state="signed_off", cells=cells)


def test_return_when_accepted_then_its_forecasts_are_made_and_earlier_ones_not_tried(measure, signed_in, child):
    with a_signed_off_return(measure) as row:
        response = accepted(row, signed_in(b.the_people().acceptor))
    assert "Accepted." in words(BeautifulSoup(response.content, "lxml"))
    assert KeptForecast.objects.filter(made_from__slug="2022-23-q1", is_tried=False).count() == 4
    assert not KeptForecast.objects.filter(is_tried=True).exists()


@pytest.mark.parametrize("failure", [bounded.Busy, bounded.TooSlow, bounded.Failed])
def test_return_when_the_child_is_busy_or_fails_then_it_is_accepted_and_the_forecast_made_later(
    measure, partnership, signed_in, monkeypatch, failure
):
    def fails(**asked: Any) -> bytes:
        raise failure("Other files are being worked on.")

    with a_signed_off_return(measure) as row, monkeypatch.context() as patch:
        patch.setattr(bounded, "run", fails)
        accepted(row, signed_in(b.the_people().acceptor))
        with pytest.raises(CommandError, match="northshire: Not made"):
            call_command("make_forecasts", stdout=StringIO())
    assert b.fresh(row).state == Return.State.APPROVED
    assert not KeptForecast.objects.exists()
    made(partnership)
    assert KeptForecast.objects.filter(made_from__slug="2022-23-q1").count() == 4


def test_answer_when_it_cannot_be_read_then_nothing_is_kept(measure, partnership, monkeypatch):
    monkeypatch.setattr(bounded, "run", lambda **asked: b"[]")
    with pytest.raises(ForecastsNotMade, match="NotAsAgreed"):
        made(partnership)
    assert not KeptForecast.objects.exists()


def test_command_when_run_twice_then_it_says_what_it_made(measure, partnership):
    for said in ("northshire: 1 made.", "northshire: 0 made."):
        out = StringIO()
        call_command("make_forecasts", stdout=out)
        assert out.getvalue().strip() == said


# On the page


def test_page_when_a_forecast_stands_then_band_chance_and_method_in_words_and_rows_that_are_no_figures(
    measure, partnership, reader
):
    made(partnership)
    soup = page(reader, "m")
    said = heading(soup)
    assert "If nothing changes, 2022/23 Q1 is likely (8 in 10) between 77% and 87%." in said
    assert "It is likely to meet the target of 80%." in said
    assert "Made from 8 quarters in a row, up to 2021/22 Q4" in said
    rows = soup.select("table.points tr.ahead")
    assert [words(row.th) for row in rows] == ["2022/23 Q1", "2022/23 Q2", "2022/23 Q3", "2022/23 Q4"]
    assert {words(row.td) for row in rows} == {"Forecast"}
    assert "about 82%, likely (8 in 10) between 77% and 87%" in words(rows[0])
    label = soup.select_one("[data-chart]")["data-label"]
    assert label.endswith("2022/23 Q1 is likely (8 in 10) between 77% and 87%.")
    assert words(soup.select_one(".huge")) == "82%"
    file = b"".join(reader.get("/northshire/indicators/m/figures.csv")).decode()
    assert "2022/23 Q1" not in file, "a forecast is no figure"
    assert len(file.splitlines()) == 9


@pytest.mark.parametrize(
    ("numbers", "changes", "said"),
    [
        (EIGHT[1:], {}, "No forecast is made. 7 of 8 quarters in a row are held"),
        ((*EIGHT, None), {}, "There is no exact number for 2022/23 Q1 to start from."),
        ((*EIGHT[:4], None, *EIGHT[4:]), {}, "An exact figure is missing among the last 8 quarters: 4 quarters"),
        ((95,) * 8, {}, "The figure has not moved in 8 quarters"),
        (EIGHT, {"window": Window.ROLLING_12_MONTHS}, "Each figure shares most of its 12 months with the one before"),
        (EIGHT, {"window": Window.YEAR_TO_DATE}, "Each figure holds those before it in the same year"),
        (EIGHT, {}, "No forecast is shown. It has not been worked out from these figures yet."),
    ],
)
def test_page_when_there_is_no_forecast_then_it_says_why(reader, numbers, changes, said):
    filled(b.an_indicator("m", **changes), numbers)
    soup = page(reader, "m")
    assert said in heading(soup)
    assert soup.select("tr.ahead") == []


def test_drawing_when_downloaded_then_it_carries_what_the_page_draws_with_its_key_and_sources(
    measure, partnership, reader
):
    official_figures(measure.indicator)
    made(partnership)
    soup = page(reader, "m")
    figure = json.loads(soup.select_one("script#quarter").string)
    file = BeautifulSoup(reader.get("/northshire/indicators/m/quarter.svg").content, "xml")
    on_page = BeautifulSoup(str(soup.select_one("[data-chart] svg")), "xml")
    drawn = {note["text"] for note in figure["layout"]["annotations"] if note.get("xref") == "paper"}
    assert {"Last 82%", "Official 7.0", "Region 20.4"} <= drawn
    assert any(text.startswith("Neighbours 2021") for text in drawn)
    told = " ".join(node.get_text() for node in file.select("text"))
    for svg in (file, on_page):
        assert drawn <= {node.get_text() for node in svg.select("text")}
        assert len(svg.select(f"[fill-opacity='{AHEAD:g}']")) == 1
        assert {one.get("stroke") for one in svg.select("path[stroke-width='2']")} >= {
            s.colour for s in STYLES.values()
        }
    assert "If nothing changes, 2022/23 Q1 is likely (8 in 10) between" in told
    assert "pale hatched band with dashed edges, where coming figures are likely" in told
    assert "Official figures, each level over the whole period that it is of: long dashes, Northshire" in told
    assert "Source of the official figures: Children in need: referrals, Department for Education" in told
    assert "No control limits are drawn. 8 of 13 figures in a row are held." in told
    assert "table below" not in file.svg["aria-label"]
    assert "No control limits are drawn. 8 of 13 figures in a row are held." in words(soup)


def test_page_when_the_series_breaks_then_it_says_why_and_tells_no_earlier_forecast_as_present(
    measure, partnership, reader
):
    made(partnership)
    b.a_break(measure.series, date(2021, 8, 1))
    soup = page(reader, "m")
    assert "The series breaks within the last 8 quarters: 2 quarters in a row are held since" in heading(soup)
    assert soup.select("tr.ahead") == []


def test_page_when_figures_come_then_earlier_forecasts_stand_beside_them(measure, partnership, reader):
    made(partnership)
    b.a_figure(measure, b.Q4.next(), 83, 100)
    make_forecasts(partnership=partnership, at=b.NOW + timedelta(hours=1))
    b.a_figure(measure, b.Q4.next().next(), 60, 100)
    soup = page(reader, "m")
    said = heading(soup)
    assert "Of 2 forecasts made here before the figure came, 1 held; about 8 in 10 should." in said
    (table,) = soup.select(".heading-to table")
    rows = [[words(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]
    assert [row[0] for row in rows] == ["2022/23 Q2", "2022/23 Q1"]
    assert rows[1] == ["2022/23 Q1", "7 July 2022", "No change", "between 77% and 87%", "83%", "Inside the band"]
    assert rows[0][-1] == "Below the band"


def test_page_when_the_target_was_changed_since_then_no_chance_is_said(measure, partnership, reader):
    made(partnership)
    b.a_target(measure.line, valid_from=Quarter(2022, 1), target=D(90))
    assert "The target was changed after this forecast was made" in heading(page(reader, "m"))


def test_forecast_when_made_after_the_day_that_is_asked_then_it_is_not_told(measure, partnership, reader):
    make_forecasts(partnership=partnership, at=b.NOW + timedelta(days=1))
    assert len(kept_forecasts(partnership, "m")) == 4
    assert kept_forecasts(partnership, "m", as_at=b.TODAY) == ()
    assert len(kept_forecasts(partnership, "m", as_at=b.TODAY + timedelta(days=1))) == 4
    assert "It has not been worked out from these figures yet." in heading(page(reader, "m"))


def test_count_when_the_year_is_in_its_course_then_the_page_says_what_it_comes_to(reader):
    measure = b.an_indicator("m")
    filled(measure, (80, 86), first=Quarter(2021, 1))
    said = heading(page(reader, "m"))
    assert "2021/22 so far, 2 of 4 quarters: 83.0% (166 of 200)." in said
    assert "To reach the target of 80% the rest of the year needs 77.0% (154 of about 200)" in said


def test_page_when_forecasts_grow_in_number_then_its_queries_do_not(measure, partnership, reader):
    def asked() -> int:
        page(reader, "m")
        with CaptureQueriesContext(connection) as found:
            page(reader, "m")
        return len(found)

    before = asked()
    made(partnership)
    few = asked()
    assert few == before + 1, "the chances"
    period = b.Q4.next()
    for number in (83, 84, 81):
        filled(measure, [number], first=period)
        made(partnership)
        period = period.next()
    assert KeptForecast.objects.count() == 4 * 4
    assert asked() == few


# Who may read it


def test_protected_part_when_it_has_a_forecast_then_only_for_who_may_read_it(measure, partnership, signed_in):
    add_dimension(code="sex", name="Sex", kind="partition", categories=[("female", "Female"), ("male", "Male")])
    Dimension.objects.filter(code="sex").update(is_protected=True)
    series = Series.objects.create(partnership=partnership, indicator=measure.indicator, slice=slice_row("sex=male"))
    kept = {f.attname: getattr(measure.line, f.attname) for f in ScorecardLine._meta.concrete_fields if f.name != "id"}
    ScorecardLine.objects.create(**kept | {"series_id": series.pk, "order": 9})
    measure.assignment.pk = None
    measure.assignment.series = series
    measure.assignment.save(force_insert=True)
    filled(series, (11, 12, 11, 13, 12, 14, 13, 12))
    assert made(partnership).forecasts == 2
    path = "/northshire/indicators/m/?slice=sex%3Dmale"
    sees = signed_in(b.a_user(Role.BOARD_MEMBER))
    assert "is likely (8 in 10) between 10% and 14%" in sees.get(path).content.decode()
    sees_not = signed_in(b.a_user(Role.FINANCE_OFFICER))
    assert sees_not.get(path).status_code == 404
    assert "between 10% and 14%" not in sees_not.get("/northshire/indicators/m/").content.decode()
    Scorecard.objects.update(audience=Scorecard.Readers.BOARD)
    assert sees_not.get("/northshire/indicators/m/").status_code == 404
