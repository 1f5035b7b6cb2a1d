"""The scorecard's page on the real figures and on very large ones."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.direction_of_travel import ChangeCode
from indicators.models import Period, Return, Scorecard
from indicators.rag import Rating
from indicators.roles import Role
from indicators.selectors.scorecards import scorecard_for
from tests import builders
from tests.builders import Q4

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(real, signed_in):
    return signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=real))


def view_of(real, code):
    return scorecard_for(
        Scorecard.objects.get(partnership=real, code=code), Period.objects.get(slug="2021-22-q4"), today=builders.TODAY
    )


@pytest.mark.parametrize(
    ("code", "total", "outside", "within", "better", "none"),
    [("contract", 11, 2, 3, 4, 2), ("partnership", 25, 7, 1, 11, 6)],
)
def test_counts_of_the_real_quarter(real, board, code, total, outside, within, better, none):
    headline = view_of(real, code).headline
    found = [headline.by_rating[r] for r in (Rating.OUTSIDE, Rating.WITHIN, Rating.BETTER, Rating.NOT_JUDGED)]
    assert (headline.total, *found) == (total, outside, within, better, none)
    soup = BeautifulSoup(board.get(f"/doncaster/scorecards/{code}/").content, "lxml")
    shown = [int(b.get_text()) for b in soup.select("ul.counts b")]
    assert shown == [total, outside, within, better, none]
    assert len(soup.select("table.sc tbody tr:not(.th)")) == total


def test_the_partnership_scorecard_says_that_the_report_prints_24(board):
    page = board.get("/doncaster/scorecards/partnership/").content.decode()
    assert "that is 24" in page
    assert "25 rows" in page


def test_no_arrow_and_no_drawing_crosses_a_break_in_the_real_figures(real, board):
    seen = 0
    for code in ("contract", "partnership"):
        for row in view_of(real, code).rows:
            if not row.breaks or row.held is None:
                continue
            for change, back in ((row.since_previous, row.line.code), (row.since_last_year, row.line.code)):
                crossing = any(day > date(2021, 3, 31) for day in row.breaks)
                if crossing:
                    assert change.code is ChangeCode.NOT_COMPARED, back
                    assert change.then_value is None
                    seen += 1
        soup = BeautifulSoup(board.get(f"/doncaster/scorecards/{code}/").content, "lxml")
        for tr in soup.select("table.sc tbody tr:not(.th)"):
            if "break in series" in tr.select_one(".dir").get_text():
                assert len(tr.select(".spark path[stroke-width='1.6']")) == 0
                assert "not drawn" in tr.select_one(".spark svg")["aria-label"]
    assert seen > 10


def test_an_earlier_quarter_is_drawn_and_compared_until_a_break_comes_between(partnership, signed_in):
    scorecard = builders.a_scorecard(code="contract")
    whole, broken = (
        builders.an_indicator("whole", scorecard=scorecard),
        builders.an_indicator("broken", scorecard=scorecard),
    )
    for measure in (whole, broken):
        builders.a_figure(measure, Q4.previous(), 70, 100)
        builders.a_figure(measure, Q4, 95, 100)
    builders.a_break(broken.series, Q4.start_on)
    builders.a_round(scorecard, Q4).returns.update(state=Return.State.APPROVED)
    page = signed_in(builders.a_user(Role.BOARD_MEMBER)).get("/northshire/scorecards/contract/")
    first, second = BeautifulSoup(page.content, "lxml").select("table.sc tbody tr:not(.th)")
    assert "better, from 70% last quarter" in " ".join(first.select_one(".dir").get_text(" ").split())
    assert len(first.select(".spark path[stroke-width='1.6']")) == 1
    assert "Not compared: break in series" in second.select_one(".dir").get_text(" ")
    assert len(second.select(".spark path[stroke-width='1.6']")) == 0


def queries_for(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.once
def test_the_number_of_queries_depends_neither_on_rows_nor_on_history(partnership, signed_in):
    small, large, long = (builders.a_scorecard(n, code=f"s{n}-{p}") for n, p in ((1, 1), (300, 1), (1, 80)))
    for scorecard, periods in ((small, 1), (large, 1), (long, 80)):
        builders.a_history(scorecard, periods)
    client = signed_in(builders.a_user(Role.BOARD_MEMBER))
    found = {s.code: queries_for(client, f"/northshire/scorecards/{s.code}/") for s in (small, large, long)}
    assert len(set(found.values())) == 1, found
    assert found[small.code] <= 19
    files = {s.code: queries_for(client, f"/northshire/scorecards/{s.code}.csv") for s in (small, large, long)}
    assert len(set(files.values())) == 1, files


def test_a_scorecard_without_an_approved_return_says_what_will_appear(partnership, signed_in):
    scorecard = builders.a_scorecard(1)
    builders.a_return(scorecard, state="submitted")
    page = signed_in(builders.a_user(Role.BOARD_MEMBER)).get("/northshire/scorecards/contract/").content.decode()
    assert "Nothing has been reported yet" in page
    text = BeautifulSoup(page, "lxml").get_text()
    assert "85.0%" not in text
    assert "85 of 100" not in text


def test_a_filter_that_finds_nothing_says_so(board):
    page = board.get("/doncaster/scorecards/contract/?q=zebra").content.decode()
    assert "No indicator passes these filters" in page
    assert "0 of 11 indicators are shown" in page


def test_an_unknown_filter_shows_everything_and_says_what_is_wrong(board):
    page = board.get("/doncaster/scorecards/contract/?rating=purple").content.decode()
    assert "Choose the rating from the list" in page
    assert "11 indicators" in " ".join(BeautifulSoup(page, "lxml").get_text(" ").split())


def test_worst_first_puts_outside_before_within_before_better_before_no_figure(board):
    soup = BeautifulSoup(board.get("/doncaster/scorecards/contract/?order=worst").content, "lxml")
    order = [tr["class"][0] for tr in soup.select("table.sc tbody tr:not(.th)")]
    assert order == ["is-outside"] * 2 + ["is-within"] * 3 + ["is-better"] * 4 + ["is-not_judged"] * 2


def test_a_stated_figure_that_its_own_parts_contradict_carries_a_query(partnership, signed_in):
    scorecard = builders.a_scorecard()
    measure = builders.an_indicator("a", scorecard=scorecard)
    builders.a_paper_figure(measure, Q4, 85, numerator=1266, denominator=1514)
    builders.a_round(scorecard, Q4).returns.update(state=Return.State.APPROVED)
    client = signed_in(builders.a_user(Role.BOARD_MEMBER))
    page = client.get("/northshire/scorecards/contract/").content.decode()
    assert "Query" in BeautifulSoup(page, "lxml").select_one("td.tagc").get_text()
    text = b"".join(client.get("/northshire/scorecards/contract.csv").streaming_content).decode()
    assert "85% is printed, but its own numerator and denominator give 83.62%." in text


def test_a_figure_corrected_after_it_was_reported_says_so_on_screen_and_in_the_file(partnership, signed_in):
    scorecard = builders.a_scorecard(1)
    row = builders.a_return(scorecard, state="approved")
    client = signed_in(builders.a_user(Role.BOARD_MEMBER))
    assert "Corrected since" not in client.get("/northshire/scorecards/contract/").content.decode()
    series = scorecard.lines.get().series
    again = builders.a_restatement(row, [series])
    builders.keep(again, {series: builders.a_cell(70, 100, commentary="Counted again.")})
    builders.accept(builders.sign_off(builders.submit(again)))
    assert "Corrected since first reported" in client.get("/northshire/scorecards/contract/").content.decode()


def test_nobody_is_offered_a_download_that_is_refused(partnership, signed_in):
    builders.a_history(builders.a_scorecard(1), 1)
    page = signed_in(builders.a_user(Role.ADMINISTRATOR)).get("/northshire/scorecards/contract/").content.decode()
    assert "Download this view" not in page
