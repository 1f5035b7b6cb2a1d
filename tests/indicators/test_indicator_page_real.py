"""The list and the pages of indicators on the real figures, which are loaded once for all tests of this module."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.acronyms import unexpanded
from indicators.figures_table import FIGURES_TABLE
from indicators.models import Indicator
from indicators.roles import Role
from indicators.selectors.glossary import glossary
from indicators.selectors.indicators import indicator_for, indicators_of
from tests import builders
from tests.conftest import FIXTURES

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def real(django_db_setup, django_db_blocker):
    """The real figures, only to be read; gone again after the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield builders.the_real_figures(FIXTURES / "doncaster")
        transaction.set_rollback(True)


@pytest.fixture
def board(real, signed_in):
    return signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=real))


def soup_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "lxml")


def words(node):
    return " ".join(node.get_text(" ").split())


def page(client, code, query="", partnership="doncaster"):
    return soup_of(client, f"/{partnership}/indicators/{code}/{query}")


def explained(soup):
    panel = soup.select_one("#why").parent
    return {words(div.dt): words(div.dd) for div in panel.select("dl > div")}


def test_every_real_page_when_read_then_it_is_whole_and_nothing_in_it_is_unexplained(board):
    entries = glossary()
    for code in Indicator.objects.values_list("code", flat=True):
        soup = page(board, code)
        assert len(soup.select("h1")) == 1
        assert soup.select("[style], style, [onclick]") == []
        assert [s["src"] for s in soup.select("script[src]") if "plotly" in s["src"]] == (
            ["/static/vendor/plotly/plotly.js"] if soup.select("[data-chart]") else []
        )
        assert all(s.get("type") == "application/json" for s in soup.select("script:not([src])"))
        assert soup.select_one("#why") is not None
        assert soup.select_one("#definition") is not None
        ids = [node["id"] for node in soup.select("[id]")]
        assert len(ids) == len(set(ids)), code
        for script in soup.select("script"):
            script.decompose()
        assert unexpanded(words(soup), entries) == set(), code


def test_turnover_when_read_then_the_printed_value_stands_with_its_query_and_months_are_another_trend(board):
    soup = page(board, "staff-turnover")
    assert words(soup.select_one(".huge")) == "8%"
    assert "Better than target" in words(soup.select_one(".hero"))
    assert [words(h) for h in soup.select(".trend h2")] == [
        "Better than target in all 3 months that could be judged, but rising since December 2021",
        "Better than target in 2021/22 Q4: 8%",
    ]
    assert len(soup.select("[data-chart]")) == 1
    figure = json.loads(soup.select_one("script#month").string)
    assert sum(len(t["x"]) for t in figure["data"] if t["mode"] == "markers") == 13
    assert "Each month shares 11 of its 12 months" in words(soup)
    query = words(soup.select_one(".query"))
    assert "Is turnover 8%" in query
    assert "13.78% for March 2022" in query
    assert query.count("Summary by this project") == 2
    assert explained(soup)["Could it be chance?"] == "Not tested: rolling measure, no counts"


def test_assessments_when_read_then_the_contradiction_is_shown_and_nothing_crosses_the_break(board):
    soup = page(board, "assessments-45-days")
    assert "83.6% by its own counts" in words(soup.select_one(".indicator__top"))
    assert "not compared: the series breaks in between (change of case system, August 2021)" in words(soup)
    assert "“1514 assessments were completed with the period, of which 1266 (85%) were in timescale.”" in words(soup)
    assert "Series breaks, August 2021: change of case system" in words(soup.select_one("table.points"))
    assert "Liquid Logic to Mosaic" in words(soup.select_one("#breaks").parent)


def test_value_in_table_when_a_trend_is_drawn_then_every_point_of_it_is_there(board, real):
    for code in ("supervision-in-timescale", "care-leavers-in-touch", "icpc-15-days"):
        soup = page(board, code)
        for trend, table in zip(
            indicator_for(real, code, today=builders.TODAY).trends, soup.select("table.points"), strict=True
        ):
            heads = [words(th) for th in table.select("tbody th")]
            assert [h.removesuffix(", this page").strip(" ,") for h in heads] == [s.label for s in trend.spots]
            for spot, row in zip(trend.spots, [r for r in table.select("tbody tr") if r.th], strict=True):
                assert (spot.text if spot.value is not None else "–") in words(row)


def test_outcome_in_words_when_read_then_it_says_that_no_number_was_given(board):
    soup = page(board, "supervision-in-timescale")
    assert "Outside tolerance as stated: no number given" in words(soup.select_one(".hero"))
    assert "none set (printed as “N/A”)" in words(soup.select_one(".hero"))
    assert "Outcome stated without a number" in words(soup.select_one("table.held"))


def test_narrative_when_read_then_there_is_a_reason_and_no_number(board):
    soup = page(board, "agency-posts")
    assert words(soup.select_one(".huge")) == "– Narrative only"
    assert "Version 1, in force from October 2014" in words(soup)
    assert "Up to May 2015 an earlier definition was in force (version 1, below)." in words(soup)
    assert "Frontline full time posts" in words(soup)


def test_not_reportable_when_read_then_code_role_and_date_are_told(board):
    soup = page(board, "cic-reviews-in-timescale")
    top = words(soup.select_one(".indicator__top"))
    assert "The timescale is too complex to calculate" in top
    assert "Responsible: not stated" in top
    assert "Expected: no date given" in top


def test_rate_when_no_population_of_its_ages_is_held_then_it_says_so(board):
    soup = page(board, "first-time-entrants")
    assert "No population aged 10 to 17 is held" in words(soup)
    assert "194 per 100,000 (printed as “194 per 100,000 of 10-17 year olds”)" in words(soup.select_one(".hero"))
    assert "(FTE: First-time entrant)" in words(soup)


def test_period_when_named_then_the_page_is_about_it(board):
    soup = page(board, "staff-turnover", "?scorecard=partnership&period=2022-03")
    assert words(soup.select_one(".huge")) == "13.78%"
    assert (
        "Since the month before, February 2022 ↑ 1.52 points, worse, from 12.26%; 11 of 12 months are shared"
        in words(soup.select_one(".hero"))
    )
    assert explained(soup)["Room to target"] == "2.22 points"
    old = page(board, "icpc-15-days", "?period=2021-22-q1")
    assert "No target is set, so the figure is not judged." in words(old)


@pytest.mark.parametrize(
    "path",
    [
        "indicators/no-such/",
        "indicators/staff-turnover/?scorecard=contract",
        "indicators/staff-turnover/?scorecard=nothing",
        "indicators/staff-turnover/?period=2099-00-q4",
        "indicators/staff-turnover/?period=2019-20-q4",
        "indicators/staff-turnover/?slice=a%3Db",
        "indicators/no-such/figures.csv",
    ],
)
def test_what_is_not_there_when_asked_for_then_it_is_not_found(board, path):
    assert board.get(f"/doncaster/{path}").status_code == 404


def test_file_when_downloaded_then_it_has_one_row_for_each_current_figure(board, real):
    response = board.get("/doncaster/indicators/staff-turnover/figures.csv")
    assert response["Content-Disposition"] == 'attachment; filename="staff-turnover_figures.csv"'
    text = b"".join(response).decode("utf-8")
    assert text.count("\r\n") == 15
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert header == FIGURES_TABLE.header
    assert len(header) == len(set(header))
    records = [dict(zip(header, row, strict=True)) for row in rows]
    assert [r["period"] for r in records][:2] == ["2021-03", "2021-04"]
    last = next(r for r in records if r["period"] == "2022-03")
    assert last["value"] == "13.78"
    assert (last["rating"], last["target"], last["quantum"]) == ("better", "16", "0.01")
    assert records[0]["rating"] == "not_judged"
    for row in rows:
        FIGURES_TABLE.values_from_csv(header, row)


def test_list_when_read_then_each_indicator_has_its_latest_figure(board):
    soup = soup_of(board, "/doncaster/indicators/")
    rows = soup.select("table.list tbody tr")
    assert len(rows) == 36
    told = {words(r.th): [words(td) for td in r.select("td")] for r in rows}
    assert told["Staff turnover"] == [
        "Strategic partnership indicators", "8% value only", "2021/22 Q4", "Better than target Query", "Percent",
        "Lower is better",
    ]  # fmt: skip
    assert told["Reviews completed in timescale"][3] == "Not reportable"
    assert list(told) == sorted(told, key=str.casefold)


def test_list_when_sorted_by_rating_then_outside_comes_first_and_the_head_says_so(board):
    soup = soup_of(board, "/doncaster/indicators/?sort=rating")
    tags = [tag["class"][1] for tag in soup.select("tbody .tag")]
    order = ["tag--outside", "tag--within", "tag--better", "tag--none"]
    assert tags == sorted(tags, key=order.index)
    assert soup.select_one('th[aria-sort="ascending"]').get_text() == "Rating"


def test_list_when_searched_then_the_words_and_the_scorecard_both_hold(board):
    soup = soup_of(board, "/doncaster/indicators/?q=care+LEAVERS&scorecard=contract")
    assert [words(th) for th in soup.select("tbody th")] == ["Care leavers the authority is in touch with",
                                                             "Pathway plans reviewed within timescale"]  # fmt: skip
    none = soup_of(board, "/doncaster/indicators/?q=zebra")
    assert "No indicator passes these filters" in words(none)
    assert none.select("table") == []


def test_selectors_when_called_then_they_ask_as_often_as_they_say(real):
    with CaptureQueriesContext(connection) as found:
        indicator_for(real, "first-time-entrants", today=builders.TODAY)
    assert len(found) <= 17
    with CaptureQueriesContext(connection) as found:
        indicators_of(real, today=builders.TODAY)
    assert len(found) == 7
