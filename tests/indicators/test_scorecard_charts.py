"""Variation on the page of a scorecard, the page of its charts, and the drawing of an indicator as a file."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from indicators.models import Return, Scorecard
from indicators.quarters import Quarter
from indicators.rag import Polarity
from indicators.roles import Role
from tests import builders as b
from tests.indicators.test_committee_table import assert_parity, csv_rows
from tests.indicators.test_scorecard_page import queries_for
from tests.parity import soup_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STEADY = (80, 82, 79, 81, 80, 78, 82, 80, 81, 79, 80, 82, 79)
CARD = "/northshire/scorecards/contract/"


def history(measure, values, last: Quarter = b.Q4) -> None:
    """Approved figures out of 100 of the quarters up to `last`."""
    for value in reversed(values):
        if value is not None:
            b.a_paper_figure(measure, last, value, numerator=value, denominator=100)
        last = last.previous()


@pytest.fixture
def world(partnership) -> Scorecard:
    """Lines that improve, are of concern, only vary, and have too few figures or overlap."""
    scorecard = b.a_scorecard()
    better, worse, usual, few = (
        b.an_indicator(code, name=code.capitalize(), scorecard=scorecard, theme=theme, **more)
        for code, theme, more in (
            ("better", "First", {"target": 60}),
            ("worse", "First", {"polarity": Polarity.LOWER, "target": 20, "tolerance": 30}),
            ("usual", "Second", {"target": 80, "tolerance": 70}),
            ("few", "Second", {}),
        )
    )
    history(better, (*STEADY, 99))
    history(worse, (*STEADY, 99))
    history(usual, STEADY)
    history(few, (80, 81, 82))
    b.a_round(scorecard, b.Q4).returns.update(state=Return.State.APPROVED)
    return scorecard


@pytest.fixture
def board(world, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def test_column_when_it_is_not_asked_for_then_nothing_of_it_is_shown_and_when_it_is_then_shapes_and_words(board):
    plain = soup_of(board, CARD)
    assert plain.select("td.vr, .vlegend, select[name=variation]") == []
    soup = soup_of(board, f"{CARD}?show=variation")
    cells = [words(td.get_text(" ")) for td in soup.select("td.vr")]
    assert cells == [
        "Special cause, improving Reliably meets the target",
        "Special cause, of concern Reliably misses the target",
        "No special cause Meets the target in some periods only",
        "No limits: 3 of 13 figures",
    ]
    shapes = [str(td.svg) for td in soup.select("td.vr")]
    assert len(set(shapes)) == 4, "they differ by shape"
    assert all(svg["aria-hidden"] == "true" for svg in soup.select("td.vr svg, .vlegend svg"))
    assert "Of 3 charts, 2 mark the latest figure as a special cause" in words(soup.select_one(".chance").get_text())
    assert "chance alone would still mark fewer than one" in words(soup.select_one(".chance").get_text())
    assert soup.select_one("form.ctl input[name=show]")["value"] == "variation"
    assert assert_parity(board, "northshire", "contract", "?show=variation") == 4


def test_filters_when_a_chart_must_say_so_then_those_rows_alone_on_the_page_and_in_the_file(board):
    for query, found in (
        ("variation=improving", ["better"]),
        ("show=variation&variation=concern", ["worse"]),
        ("show=variation&variation=common&assurance=sometimes", ["usual"]),
        ("show=variation&variation=none", ["few"]),
        ("assurance=missed", ["worse"]),
        ("show=variation&variation=neither", []),
    ):
        soup = soup_of(board, f"{CARD}?{query}")
        assert [th.a.get_text().lower() for th in soup.select("table.sc th[scope=row]")] == found, query
        response = board.get(f"/northshire/scorecards/contract.csv?{query}")
        assert "_filtered" in response["Content-Disposition"]
        header, rows = csv_rows(response)
        assert [row[header.index("indicator")] for row in rows] == found
    page = board.get(f"{CARD}?show=variation&variation=purple").content.decode()
    assert "Choose the variation from the list" in page


def test_file_when_the_column_is_not_asked_for_then_it_has_it_all_the_same(board):
    header, rows = csv_rows(board.get("/northshire/scorecards/contract.csv"))
    by_code = {row[header.index("indicator")]: dict(zip(header, row, strict=True)) for row in rows}
    names = ("variation", "cause", "assurance", "no_limits", "charted", "charted_from", "chart", "by_chance")
    assert [by_code["better"][name] for name in names] == [
        "special_cause_improvement", "Above UCL", "consistent_pass", "", "14", "2018-19-q3", "p", "0.015",
    ]  # fmt: skip
    assert [by_code["few"][name] for name in names] == ["", "", "", "too_few", "3", "", "", ""]


def test_figures_older_than_a_scorecard_reads_when_as_at_a_day_before_they_were_known_then_they_are_not_charted(board):
    before = (b.TODAY - timedelta(days=400)).isoformat()
    soup = soup_of(board, f"{CARD}?show=variation&as_at={before}")
    assert {words(td.get_text(" ")) for td in soup.select("td.vr")} == {"No limits: 0 of 13 figures"}


def test_charts_when_opened_then_one_drawing_a_line_under_its_theme_with_its_sentence_and_link(board):
    soup = soup_of(board, f"{CARD}charts/")
    assert [h.get_text() for h in soup.select(".multiples h2")] == ["First", "Second"]
    assert [a.get_text() for a in soup.select(".multiples h3 a")] == ["Better", "Worse", "Usual", "Few"]
    first = soup.select_one(".multiples li")
    assert first.h3.a["href"] == "/northshire/indicators/better/?scorecard=contract&period=2021-22-q4"
    label = first.select_one("svg.trend-svg")["aria-label"]
    assert label.startswith("Better, 2018/19 Q3 to 2021/22 Q4: 14 quarterly figures between 78% and 99%")
    assert label.endswith("Special cause, improving. Reliably meets the target.")
    assert "99%" in words(first.select_one(".multiples__now").get_text(" "))
    assert "Of 3 charts, 2 mark" in words(soup.get_text(" "))
    assert soup.select("script[src*=plotly], [style]") == []
    one = soup_of(board, f"{CARD}charts/?variation=concern")
    assert [a.get_text() for a in one.select(".multiples h3 a")] == ["Worse"]
    assert "No indicator passes these filters" in soup_of(board, f"{CARD}charts/?q=zebra").get_text()


def test_charts_when_a_line_has_no_number_or_one_then_it_says_so(board, world):
    b.an_indicator("none", name="None", scorecard=world, theme="Third")
    single = b.an_indicator("single", name="Single", scorecard=world, theme="Third")
    history(single, (85,))
    soup = soup_of(board, f"{CARD}charts/?theme=third")
    found = soup.select(".multiples li")
    assert "No figure is held." in found[0].get_text()
    assert found[1].svg["aria-label"].startswith("Single, 2021/22 Q4: 85%, the only figure held.")


@pytest.mark.once
def test_charts_when_there_are_a_hundred_lines_then_as_many_queries_as_for_one_and_pages_of_them(
    partnership, signed_in
):
    small, large = (b.a_scorecard(n, code=f"s{n}") for n in (1, 100))
    for scorecard in (small, large):
        b.a_history(scorecard, 16)
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    for path in ("scorecards/{}/charts/", "scorecards/{}/?show=variation", "scorecards/{}.csv"):
        found = {s.code: queries_for(client, f"/northshire/{path.format(s.code)}") for s in (small, large)}
        assert len(set(found.values())) == 1, (path, found)
    plain = queries_for(client, "/northshire/scorecards/s1/")
    assert queries_for(client, "/northshire/scorecards/s1/?show=variation") - plain <= 2
    soup = soup_of(client, "/northshire/scorecards/s100/charts/?page=3")
    assert len(soup.select("svg.trend-svg")) == 100 - 2 * 48


def test_drawing_when_downloaded_then_it_is_an_svg_that_stands_for_itself(board):
    response = board.get("/northshire/indicators/better/quarter.svg?scorecard=contract")
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert response["Content-Disposition"] == 'attachment; filename="better_quarter.svg"'
    text = words(BeautifulSoup(response.content, "lxml").get_text(" "))
    assert "Better: quarterly figures, 2018/19 Q3 to 2021/22 Q4" in text
    assert "p chart: limits from the number of children or events in each period" in text
    assert "Source: Report 003" in text or "Source: report 003" in text
    assert "Drawn on 7 July 2022." in text
    for wrong in ("better/month", "better/span", "few/year", "nothing/quarter"):
        assert board.get(f"/northshire/indicators/{wrong}.svg").status_code == 404
    page = soup_of(board, "/northshire/indicators/better/?scorecard=contract")
    link, png = page.select("a[href*='quarter.svg']")
    assert board.get(link["href"]).status_code == 200
    assert png["data-png"] == "better_quarter.png"
    assert png.find_parent(hidden=True) is not None, "it is shown by the script that makes it"
    assert page.select_one("[data-chart] svg.trend-svg") is not None, "drawn where no script runs"


def test_figure_when_restated_then_page_drawing_and_file_say_what_it_was(partnership, signed_in):
    scorecard = b.a_scorecard(1)
    row = b.a_return(scorecard, b.Q3, state="approved")
    b.a_return(scorecard, state="approved")
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    url = "/northshire/indicators/contract-1/"
    assert "Restated, was" not in soup_of(client, url).get_text()
    series = scorecard.lines.get().series
    again = b.a_restatement(row, [series])
    b.keep(again, {series: b.a_cell(70, 100, commentary="Counted again.")})
    b.accept(b.sign_off(b.submit(again)))
    page = soup_of(client, url)
    (told,) = [words(tr.get_text(" ")) for tr in page.select("table.points tr") if "Restated, was" in tr.get_text()]
    assert "2021/22 Q3 70%" in told
    assert "Restated, was 85% (85 of 100)" in told
    assert "open shape with a cross above or below it, restated" in words(page.get_text(" "))
    assert 'stroke-dasharray="1 2"' in str(page.select_one("[data-chart] svg"))
    assert '"x-thin"' in page.select_one("script#quarter").string
    assert "restated, was 85% (85 of 100)" in page.select_one("script#quarter").string
    file = client.get(f"{url}quarter.svg").content.decode()
    assert "2021/22 Q3 was restated: 85% (85 of 100) before, 70% now." in file
