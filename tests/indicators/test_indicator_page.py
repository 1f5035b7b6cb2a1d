"""The list of indicators, the page of each, and its file: hard cases, and their number of queries."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.figures_table import FIGURES_TABLE
from indicators.models import CurrentFigure, Figure, FigureQuery, Period, SeriesBreak, Statement, Text
from indicators.quarters import Month
from indicators.rag import Polarity, ToleranceKind
from indicators.roles import Role
from indicators.selectors.indicators import indicators_of
from indicators.units import Unit
from tests import builders
from tests.builders import Q3, Q4

pytestmark = pytest.mark.django_db
QUERIES_OF_THE_PAGE = 27
QUERIES_OF_THE_LIST = 14


@pytest.fixture
def reader(partnership, signed_in):
    return signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=partnership))


def soup_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "lxml")


def words(node):
    return " ".join(node.get_text(" ").split())


def page(client, code, query="", partnership="northshire"):
    return soup_of(client, f"/{partnership}/indicators/{code}/{query}")


def explained(soup):
    panel = soup.select_one("#why").parent
    return {words(div.dt): words(div.dd) for div in panel.select("dl > div")}


def correct(figure, value, reason="Counted again"):
    """A further approved revision of a figure, with the reason of the change."""
    cell = builders.a_cell(value=value, commentary="As counted again.")
    series, period = figure.series, figure.period
    origin = builders.figures.Origin(
        actor="An analyst", at=builders.NOW, known_on=builders.TODAY, by=figure.recorded_by, in_return=figure.in_return
    )
    made = builders.figures.write_revision(
        series=series, period=period, cell=cell, measured=cell.measured(), origin=origin,
        reason=Text.objects.keep(reason),
    )  # fmt: skip
    builders.figures.approve_revision(figure=made, origin=origin)
    return made


# Whether a change is real


def test_page_when_thirteen_periods_are_held_then_limits_are_told_and_each_figure_says_what_it_is(reader):
    measure = builders.an_indicator("m")
    period = Q4
    for number in (95, 81, 80, 82, 79, 80, 83, 81, 80, 78, 82, 80, 81):
        builders.a_figure(measure, period, number, 100)
        period = period.previous()
    soup = page(reader, "m")
    (told,) = soup.select("section.trend p.note")
    assert words(told).startswith("Special cause, improving. 2021/22 Q4: above the upper limit")
    assert "p chart: limits from the number of children or events" in words(told)
    last = soup.select("table.points tbody tr")[-1]
    assert words(last.select_one("td.why")) == (
        "Special cause, improving: above the upper limit, which chance alone hardly gives"
    )
    assert "dashed lines, its control limits" in words(soup.select_one("section.trend"))


def test_page_when_fewer_are_held_then_it_says_how_many_of_thirteen_and_has_no_such_column(reader):
    measure = builders.an_indicator("m")
    for period in (Q3, Q4):
        builders.a_figure(measure, period, 80, 100)
    soup = page(reader, "m")
    assert "No control limits are drawn. 2 of 13 figures in a row are held." in words(soup.select_one("p.note"))
    assert soup.select("td.why") == []


# What may be seen


def test_figure_when_it_is_not_approved_then_nobody_who_reads_sees_it(reader):
    measure = builders.an_indicator("m")
    builders.a_figure(measure, Q3, 70, 100)
    builders.a_figure(measure, Q4, 43, 100, approved=False, commentary="A secret draft.")
    soup = page(reader, "m")
    assert words(soup.select_one(".huge")) == "70%"
    assert "43%" not in words(soup)
    assert "secret" not in words(soup)
    rows = list(csv.reader(io.StringIO(b"".join(reader.get("/northshire/indicators/m/figures.csv")).decode())))
    assert len(rows) == 2


def test_correction_when_it_is_approved_then_both_revisions_stand_and_one_is_current(reader):
    measure = builders.an_indicator("m")
    first = builders.a_figure(measure, Q4, 70, 100, commentary="As first counted.")
    correct(first, 85)
    assert CurrentFigure.objects.get(series=measure.series).approved.revision == 2
    soup = page(reader, "m", f"?period={Q4.slug}")
    assert words(soup.select_one(".huge")) == "85%"
    rows = soup.select("table.held tbody tr")
    assert len(rows) == 2
    assert "Revision 2" in words(rows[0])
    assert "Reason of change: Counted again" in words(rows[0])
    assert "superseded" in words(rows[1])
    assert "70 of 100" in words(rows[1])


def test_everything_known_of_a_figure_when_held_then_it_is_told(reader):
    measure = builders.an_indicator("m")
    builders.a_figure(
        measure, Q4, 75, 100, flags="p e", confidence="caution", confidence_reason="Records are being checked",
        validation_task="Sample of 50 cases", source_system="Mosaic", as_at_on=date(2022, 4, 2),
        extracted_on=date(2022, 4, 9), headline="Three in four", commentary="Two teams were short of staff.",
        keep_reason="It was counted twice",
    )  # fmt: skip
    told = words(page(reader, "m").select_one("table.held tbody tr"))
    for text in (
        "75%", "75 of 100", "Within tolerance", "Worked out", "Provisional", "Approximate",
        "Confidence: caution. Records are being checked", "Being done: Sample of 50 cases", "System: Mosaic",
        "As at 2 April 2022", "Extracted 9 April 2022", "Known on 7 July 2022", "Two teams were short of staff.",
        "Kept in spite of a warning: It was counted twice", "Trust analyst",
    ):  # fmt: skip
        assert text in told, text


def test_text_that_looks_like_markup_when_shown_then_it_is_text(reader):
    measure = builders.an_indicator("m", name="<b>Bold</b> & <script>alert(1)</script>")
    for period in (Q3, Q4):
        builders.a_figure(measure, period, 75, 100, commentary="<img src=x onerror=alert(1)>", headline="</script><b>")
    source = builders.a_source()
    Statement.objects.create(
        partnership=measure.series.partnership, code="s", series=measure.series, about="value", kind="quotation",
        text=Text.objects.keep("<i>quoted</i>"), source=source, paragraph="<u>1</u>",
    )  # fmt: skip
    soup = page(reader, "m")
    assert soup.select("img, i, u") == []
    assert len(soup.select("script:not([src])")) == 1
    assert words(soup.h1) == "<b>Bold</b> & <script>alert(1)</script>"
    assert "“<i>quoted</i>”" in words(soup)
    listed = soup_of(reader, "/northshire/indicators/")
    assert "<b>Bold</b>" in words(listed.select_one("table"))


def test_download_when_it_is_not_allowed_then_it_is_neither_offered_nor_given(partnership, signed_in):
    builders.a_figure(builders.an_indicator("m"))
    keeper = signed_in(builders.a_user(Role.ADMINISTRATOR, partnership=partnership))
    assert "figures.csv" not in str(page(keeper, "m"))
    assert keeper.get("/northshire/indicators/m/figures.csv").status_code == 403
    stranger = signed_in(builders.a_user())
    for path in ("indicators/", "indicators/m/", "indicators/m/figures.csv", "glossary/"):
        assert stranger.get(f"/northshire/{path}").status_code == 404


def test_indicator_when_it_stands_on_two_scorecards_then_each_has_its_own_target_and_a_link(reader):
    measure = builders.an_indicator("m")
    other = builders.a_scorecard(code="national")
    builders.an_indicator("m", scorecard=other, target=60, tolerance=50)
    builders.a_figure(measure, Q4, 75, 100)
    soup = page(reader, "m")
    assert "Within tolerance" in words(soup.select_one(".hero"))
    assert "scorecard=national" in soup.select_one(".title")("a")[1]["href"]
    soup = page(reader, "m", "?scorecard=national")
    assert "Better than target" in words(soup.select_one(".hero"))
    assert "From 1999/00 Q1 (in force here): target 60%, tolerance 50%" in words(soup)


def test_indicator_when_it_stands_on_no_scorecard_then_it_has_a_page_all_the_same(reader, partnership):
    measure = builders.an_indicator("m")
    builders.a_figure(measure, Q4, 75, 100)
    builders.a_break(measure.series, date(2022, 2, 1))
    alone = builders.an_indicator("alone", target=None)
    with builders.unprotected():
        alone.line.delete()
    soup = page(reader, "alone")
    assert "on no scorecard" in words(soup)
    assert "No figure is held yet" in words(soup)
    assert [item.code for item in indicators_of(partnership, today=builders.TODAY)] == ["alone", "m"]


@pytest.mark.parametrize(
    ("changes", "target", "tolerance"),
    [
        ({}, "80%", "70%"),
        ({"suspended": True}, "80%", "70%"),
        ({"target": None}, "none set", "none set"),
        ({"tolerance": None, "target": 80}, "80%", "none set"),
        ({"target": 80, "tolerance_kind": ToleranceKind.POINTS, "tolerance": 5}, "80%", "within 5%"),
        ({"polarity": Polarity.BAND}, "50%", "10%"),
        ({"polarity": Polarity.NONE}, "none set", "none set"),
        ({"unit": Unit.DAYS, "polarity": Polarity.LOWER}, "20 days", "30 days"),
    ],
)
def test_limits_when_shown_then_they_are_as_set(reader, changes, target, tolerance):
    measure = builders.an_indicator("m", **changes)
    for period in (Q3, Q4):
        builders.a_figure(measure, period, 45, 100)
    soup = page(reader, "m")
    held = {words(d.dt): words(d.dd) for d in soup.select(".hero__kv > div")}
    assert (held["Target"], held["Tolerance"]) == (target, tolerance)


def test_old_period_when_the_target_has_changed_since_then_it_keeps_its_own(reader):
    measure = builders.an_indicator("m", target=80, tolerance=70)
    builders.a_target(measure.line, valid_from=Q4, target=Decimal(90), tolerance=Decimal(85))
    for period in (Q3, Q4):
        builders.a_figure(measure, period, 82, 100)
    soup = page(reader, "m")
    assert "Outside tolerance" in words(soup.select_one(".hero"))
    assert [words(b) for b in soup.select("#targets + ul li > b")] == ["From 2021/22 Q4", "From 1999/00 Q1"]
    figure = json.loads(soup.select_one("script#quarter").string)
    dashed = [s for s in figure["layout"]["shapes"] if s["line"].get("dash") == "6px,4px"]
    assert [(s["y0"], s["x0"]) for s in dashed] == [(80, "2021-10-01"), (90, "2022-01-01")]
    assert "Better than target" in words(page(reader, "m", f"?period={Q3.slug}").select_one(".hero"))


def test_months_when_they_make_up_a_quarter_then_the_quarter_is_their_pooled_ratio(reader):
    scorecard = builders.a_scorecard()
    measure = builders.an_indicator("m", frequency="month", scorecard=scorecard)
    builders.a_figure(builders.an_indicator("q", scorecard=scorecard), Q4)
    for month, n in zip(Q4.months(), (10, 20, 30), strict=True):
        builders.a_figure(measure, month, n, 50)
    soup = page(reader, "m", f"?period={Month(2022, 2).slug}")
    assert words(soup.select_one(".huge")) == "40%"


# The file


def test_file_when_there_is_no_figure_then_it_is_its_header(reader):
    builders.an_indicator("m")
    text = b"".join(reader.get("/northshire/indicators/m/figures.csv")).decode()
    assert text == ",".join(FIGURES_TABLE.header) + "\r\n"


# The list


def test_list_when_it_is_long_then_it_is_paged_and_filters_survive(reader):
    builders.a_scorecard(120)
    soup = soup_of(reader, "/northshire/indicators/?q=measure&sort=-name")
    assert len(soup.select("tbody tr")) == 50
    link = soup.select_one('a[rel="next"]')["href"]
    assert "q=measure" in link
    assert "sort=-name" in link
    assert len(soup_of(reader, f"/northshire/indicators/{link}").select("tbody tr")) == 50
    assert len(soup_of(reader, "/northshire/indicators/?page=99").select("tbody tr")) == 20
    assert soup_of(reader, "/northshire/indicators/?page=x&scorecard=nothing&sort=zzz").select("table")


def test_list_when_there_is_nothing_then_it_says_what_will_appear(reader):
    assert "There is no indicator yet" in words(soup_of(reader, "/northshire/indicators/"))


# Queries


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.once
def test_page_when_the_history_grows_then_the_number_of_queries_does_not(reader):
    counts = []
    for code, number in (("short", 1), ("long", 20)):
        scorecard = builders.a_scorecard(1, code=code)
        builders.a_history(scorecard, number)
        counts.append(queries(reader, f"/northshire/indicators/{code}-1/"))
        series = scorecard.lines.get().series
        for index in range(number):
            statement = Statement.objects.create(
                partnership=series.partnership, code=f"{code}-{index}", series=series, about="value", kind="summary",
                text=Text.objects.keep(f"Text {index}"), source=builders.a_source(), paragraph="1",
                period=Period.objects.order_by("-end_on")[0],
            )  # fmt: skip
            query = FigureQuery.objects.create(
                partnership=series.partnership, code=f"{code}-{index}", series=series, question="Which?",
                source=builders.a_source(), paragraph="1",
            )  # fmt: skip
            query.statements.add(statement)
            SeriesBreak.objects.create(series=series, on=date(1980 + index, 5, 1), kind="system", explanation="Why")
        counts.append(queries(reader, f"/northshire/indicators/{code}-1/"))
    without, few, plain, many = counts
    assert without == plain
    assert few == many
    assert many <= QUERIES_OF_THE_PAGE
    assert Figure.objects.count() == 21


@pytest.mark.once
def test_list_when_there_are_many_indicators_and_periods_then_the_number_of_queries_is_the_same(reader):
    builders.a_history(builders.a_scorecard(1, code="one"), 1)
    few = queries(reader, "/northshire/indicators/")
    builders.a_history(builders.a_scorecard(200, code="many"), 40)
    assert queries(reader, "/northshire/indicators/") == few
    assert few <= QUERIES_OF_THE_LIST


@pytest.mark.once
def test_list_when_figures_were_entered_and_corrected_then_the_number_of_queries_is_the_same(reader):
    def through_returns(code: str, number: int) -> None:
        card = builders.a_scorecard(number, code=code)
        row = builders.a_return(card, state="approved")
        series = [line.series for line in card.lines.select_related("series")]
        correction = builders.a_restatement(row, series)
        builders.fill(correction, {s.pk: builders.a_cell(84, 100, commentary="Anew.") for s in series})
        builders.accept(builders.sign_off(builders.submit(correction)))

    through_returns("one", 1)
    few = queries(reader, "/northshire/indicators/")
    through_returns("many", 12)
    assert queries(reader, "/northshire/indicators/") == few
    assert few <= QUERIES_OF_THE_LIST


def test_page_when_eighty_periods_are_held_then_the_list_of_figures_is_paged(reader):
    builders.a_history(builders.a_scorecard(1), 80)
    soup = page(reader, "contract-1")
    assert len(soup.select("table.held tbody tr")) == 50
    assert len(soup.select("table.points tbody th")) == 36
    assert soup.select("table.points tbody th")[-1].get_text().startswith("2021/22 Q4")
    whole = soup_of(reader, soup.select_one("table.points a:-soup-contains('Show them all')")["href"])
    assert len(whole.select("table.points tbody th")) == 80
    second = page(reader, "contract-1", soup.select_one('a[rel="next"]')["href"])
    assert len(second.select("table.held tbody tr")) == 30


@pytest.mark.parametrize("asked", ["-1", "0", "abc", "1000000"])
def test_list_when_the_address_asks_for_a_size_of_page_then_it_is_ignored(signed_in, asked: str) -> None:
    builders.an_indicator("one")
    page = signed_in(builders.a_user("board_member")).get(f"/northshire/indicators/?per_page={asked}")
    assert page.status_code == 200
    assert len(page.context["table"].page.object_list) == 1
