"""How we compare: on an indicator's page, in the list of measures and on the page of one; their files and queries."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.benchmarks import NoRank
from indicators.funnel_table import AREAS_TABLE
from indicators.models import BenchmarkSet, BenchmarkValue, Indicator, Scorecard
from indicators.official_table import measures_table, years_table
from indicators.quarters import FinancialYear
from indicators.rag import Polarity
from indicators.roles import Role
from indicators.selectors.benchmarks import beside_indicator, indicators_beside, measure_of, measures_of, setting_of
from indicators.units import Unit
from tests import builders
from tests.builders import Q3, Q4
from tests.builders import official as b
from tests.parity import assert_same, csv_of, said, soup_of, table_named, words

pytestmark = pytest.mark.django_db
PLACE = "/northshire/"
PAGE, LIST = f"{PLACE}benchmarks/re-referrals/", f"{PLACE}benchmarks/"


@pytest.fixture
def reader(partnership, signed_in):
    return signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=partnership))


@pytest.fixture
def indicator(partnership):
    """A quarterly share with two figures, held beside an official measure."""
    measure = builders.an_indicator("m", polarity=Polarity.LOWER)
    for period, number in ((Q3, 6), (Q4, 5)):
        builders.a_figure(measure, period, number, 100)
    b.official_figures(measure.indicator)
    return measure


def section_of(soup):
    return soup.select_one("section.compared")


# Beside an indicator


def test_page_when_an_official_measure_may_stand_beside_then_it_says_of_what_year_how_far_and_what_differs(
    reader, indicator
):
    found = section_of(soup_of(reader, f"{PLACE}indicators/m/?period={Q4.slug}"))
    text = words(found.get_text(" "))
    assert "The year 2021/22, not this quarter. Northshire 7.0%: 13.4 points below The Shires (better)" in text
    assert "8.3 points below the mean of its neighbours of April 2021 (better)" in text
    assert "14.5 points below England (better). Best of 10, best quartile." in text
    assert "Not the same definition. The official figure is of a whole year." in text
    assert "Source: Children in need: referrals, Department for Education, Open Government Licence v3.0." in text
    rows = [[said(cell) for cell in tr.select("th, td")] for tr in found.select("tbody tr")]
    assert [row[:3] for row in rows] == [
        ["2021/22", "7.0% 70 of 1,000", "20.4%"],
        ["2020/21", "7.1% 71 of 1,000", "21.4%"],
    ]
    assert rows[0][3] == "15.3% median 15.3%, 4 of 4"
    assert rows[0][4] == "15.5% median 15.5%, 4 of 4 not in force then"
    assert found.select_one("tr.this th").get_text() == "2021/22"


def test_page_when_our_series_breaks_inside_the_official_period_then_it_warns(reader, indicator):
    builders.a_break(indicator.series, date(2021, 8, 1))
    text = words(section_of(soup_of(reader, f"{PLACE}indicators/m/?period={Q4.slug}")).get_text(" "))
    assert "Our series breaks inside that period (" in text
    assert "August 2021): the figure may tell of recording as much as of practice." in text


def test_page_when_it_draws_a_trend_then_the_official_lines_are_in_it_and_its_key_says_which(reader, indicator):
    soup = soup_of(reader, f"{PLACE}indicators/m/")
    figure = json.loads(soup.select_one("script#quarter").string)
    named = {
        trace["text"][0].split(",")[0] for trace in figure["data"] if trace.get("text") and trace["mode"] == "lines"
    }
    assert named == {
        "Northshire", "The Shires", "England", "mean of the neighbours of April 2021",
        "mean of the neighbours of May 2025",
    }  # fmt: skip
    assert "Official figures, each level over the whole period that it is of: long dashes, Northshire" in words(
        soup.select_one("section.trend").get_text(" ")
    )
    low, high = figure["layout"]["yaxis"]["range"]
    assert low <= 5
    assert high >= 21.5


def test_page_when_nothing_is_held_beside_then_there_is_no_such_section_and_one_query_more(reader):
    measure = builders.an_indicator("m")
    builders.a_figure(measure, Q4, 75, 100)
    soup = soup_of(reader, f"{PLACE}indicators/m/")
    assert section_of(soup) is None
    assert "benchmarks.css" not in str(soup)
    with CaptureQueriesContext(connection) as caught:
        assert beside_indicator(measure.series.partnership, "m", by=Q4.end_on) is None
    assert len(caught) == 1


def test_part_of_an_indicator_when_shown_then_it_is_held_beside_nothing(reader, indicator):
    assert reader.get(f"{PLACE}indicators/m/comparison.csv?slice=team%3Da").status_code == 404
    assert reader.get(f"{PLACE}indicators/m/comparison.csv").status_code == 200


def test_page_when_its_period_is_before_every_official_one_then_it_compares_with_none(reader, partnership):
    measure = builders.an_indicator("m")
    builders.a_figure(measure, FinancialYear(2018).quarters()[0], 75, 100)
    b.official_figures(measure.indicator)
    text = words(section_of(soup_of(reader, f"{PLACE}indicators/m/?period=2018-19-q1")).get_text(" "))
    assert "No official figure of a period that had begun by then is held." in text


def test_definition_when_it_is_the_same_then_that_is_said(reader, partnership):
    measure = builders.an_indicator("m")
    builders.a_figure(measure, Q4, 75, 100)
    b.a_comparison(measure.indicator, b.official_figures(), note="")
    text = words(section_of(soup_of(reader, f"{PLACE}indicators/m/")).get_text(" "))
    assert "The same definition." in text
    assert "Not the same" not in text


def test_suppressed_figure_of_ours_when_shown_then_it_has_no_rank_and_nothing_is_compared(reader, indicator):
    BenchmarkValue.objects.filter(area__code="E06000099", period__slug="2021-22").update(value=None, symbol="c")
    text = words(section_of(soup_of(reader, f"{PLACE}indicators/m/?period={Q4.slug}")).get_text(" "))
    assert "Northshire: suppressed, so nothing is compared." in text
    assert "Not ranked: our own figure is not shown" in text


def test_comparison_when_downloaded_then_the_file_says_what_the_page_says(reader, indicator):
    found = beside_indicator(indicator.series.partnership, "m", by=Q4.end_on)
    spec = years_table(found.setting.names, found.setting.places.groups)
    page, file = f"{PLACE}indicators/m/", f"{PLACE}indicators/m/comparison.csv"
    assert assert_same(reader, page, file, spec, "Re-referrals in 12 months") == 2


# The current import alone


def test_values_when_another_import_is_under_way_then_only_those_of_the_current_one_are_read(partnership, indicator):
    held = BenchmarkSet.objects.get()
    new = b.an_import(held, is_current=False)
    measure = held.measures.get()
    b.some_values(measure, dict.fromkeys((b.a_country().ours, *b.a_country().others), 99), source=new)
    before = beside_indicator(partnership, "m", by=Q4.end_on).measures[0].rows[0]
    assert (before.ours.value, before.rank.shown) == (7, 10)
    assert [float(one.ours.value) for one in measures_of(partnership)[1]] == [7.0]
    held.current = new
    held.save()
    after = beside_indicator(partnership, "m", by=Q4.end_on).measures[0].rows[0]
    assert (after.ours.value, after.region.value) == (99, None)
    held.current = None
    held.save()
    assert beside_indicator(partnership, "m", by=Q4.end_on).measures[0].rows == ()
    assert measure_of(partnership, measure.code).rows == ()


def test_area_when_it_is_not_held_then_nothing_is_compared_and_the_list_says_so(reader, partnership):
    measure = builders.an_indicator("m")
    b.a_comparison(measure.indicator, b.a_measure())
    assert setting_of(partnership) is None
    assert beside_indicator(partnership, "m", by=Q4.end_on) is None
    assert "No official figures are held" in words(soup_of(reader, LIST).get_text(" "))
    assert reader.get(f"{PLACE}benchmarks.csv").status_code == 404
    assert reader.get(PAGE).status_code == 404


# How many queries


@pytest.mark.parametrize(("number", "years"), [(4, 1), (30, 9)])
def test_queries_when_there_are_more_areas_years_and_measures_then_as_many(partnership, number, years):
    measure = builders.an_indicator("m")
    first = b.official_figures(measure.indicator, number=number, years=years)
    for extra in range(number // 10):
        b.a_comparison(measure.indicator, b.a_measure(f"more-{extra}", data_set=f"more-{extra}"))
    reads = {
        "beside": (6, lambda: beside_indicator(partnership, "m", by=Q4.end_on)),
        "list": (6, lambda: measures_of(partnership)),
        "measure": (6, lambda: measure_of(partnership, first.code)),
        "own": (3, lambda: indicators_beside(partnership, first.code, sees_protected=False)),
    }
    for name, (most, read) in reads.items():
        with CaptureQueriesContext(connection) as caught:
            read()
        assert len(caught) == most, name


# The list


def test_list_when_shown_then_the_file_holds_the_same_rows_and_filters_hold_for_both(reader, partnership):
    b.official_figures()
    held = b.a_country()
    count = b.a_measure(
        "referrals", name="Referrals", unit=Unit.COUNT, places=0, denominator="", polarity=Polarity.NONE
    )
    b.some_values(count, {held.ours: 5810, held.region: 70000})
    b.a_measure("empty", name="Nothing held of it", data_set="other")
    spec = measures_table(setting_of(partnership).names)
    assert assert_same(reader, LIST, f"{PLACE}benchmarks.csv", spec, "Official measures") == 3
    soup = soup_of(reader, LIST)
    assert soup.select_one("table a[href$='/benchmarks/re-referrals/']")
    for query, names in (
        ("q=REFERRALS+in", {"Re-referrals in 12 months"}),
        ("data_set=other", {"Nothing held of it"}),
        ("quartile=1", {"Re-referrals in 12 months"}),
        ("quartile=4", set()),
        ("quartile=none", {"Nothing held of it", "Referrals"}),
    ):
        header, rows = csv_of(reader, f"{PLACE}benchmarks.csv?{query}")
        assert {row[header.index("measure_name")] for row in rows} == names, query
    assert "No measure passes these filters" in words(soup_of(reader, f"{LIST}?q=zebra").get_text(" "))


@pytest.mark.parametrize("column", ["measure", "data_set", "period", "ours", "region", "neighbours", "country", "rank"])
def test_list_when_sorted_by_a_column_with_gaps_then_it_is_shown(reader, partnership, column):
    b.official_figures()
    b.a_measure("empty", name="Nothing held of it", data_set="other")
    for order in (column, f"-{column}"):
        assert len(table_named(soup_of(reader, f"{LIST}?sort={order}"), "Official measures").select("tbody tr")) == 2


# One measure


def test_measure_when_shown_then_finding_drawing_years_and_their_file(reader, indicator, partnership):
    soup = soup_of(reader, PAGE)
    assert words(soup.select_one("p.lead").get_text(" ")).startswith("The year 2021/22. Northshire 7.0%: 13.4 points")
    drawings = soup.select("svg.drawing")
    assert [d["role"] for d in drawings] == ["img"] * 4, "years and funnel, each wide and narrow"
    assert "beside The Shires, its neighbours and England" in drawings[0]["aria-label"]
    setting = setting_of(partnership)
    spec = years_table(setting.names, setting.places.groups)
    assert assert_same(reader, PAGE, f"{PAGE}years.csv", spec, "Re-referrals in 12 months") == 2
    assert "plotly" not in str(soup)
    assert soup.select_one("a[href='/northshire/indicators/m/']").get_text() == "Measure m"


def test_authorities_when_listed_then_the_file_holds_the_same_rows_whatever_is_asked(reader, indicator):
    for query, number in (
        ("", 1),
        ("?show=all", 10),
        ("?show=region", 3),
        (f"?show={b.NEW_SET}", 5),
        ("?q=area+3", 1),
        ("?show=all&period=2020-21&mark=none", 10),
        (f"?period=2020-21&mark={b.OLD_SET}&show=all", 10),
        ("?period=1999-00&show=nonsense", 1),
    ):
        file = f"{PAGE}authorities.csv{query}"
        assert assert_same(reader, f"{PAGE}{query}", file, AREAS_TABLE, "Authorities") == number, query
    soup = soup_of(reader, PAGE)
    assert "Northshire, with 7.0% (70 of 1,000), lies below the 99.8% limit." in words(soup.get_text(" "))
    assert "It is no league table" in words(soup.get_text(" "))
    marked = [p for p in soup.select("svg.drawing.wide")[1].select("path") if p.get("stroke") == "#6a3d9a"]
    assert len(marked) == 2, "the two others of its region"


def test_authorities_when_the_parts_are_not_published_then_no_funnel_and_why_but_the_whole_list(reader, partnership):
    held = b.a_country()
    measure = b.a_measure()
    b.some_values(measure, dict.fromkeys((held.ours, *held.others), 20))
    soup = soup_of(reader, PAGE)
    assert "No funnel is drawn. The data set gives the share without the counts" in words(soup.get_text(" "))
    assert len(table_named(soup, "Authorities").select("tbody tr")) == 10
    assert len(soup.select("svg.drawing")) == 0, "one year is no course"


def test_year_when_only_few_authorities_are_held_then_neither_rank_nor_funnel(reader, partnership, indicator):
    BenchmarkValue.objects.filter(period__slug="2020-21", area__name__in=["Area 8", "Area 9"]).delete()
    first, second = measure_of(partnership, "re-referrals").rows
    assert first.rank.shown == 10
    assert second.rank is NoRank.TOO_FEW
    text = words(soup_of(reader, f"{PAGE}?period=2020-21").get_text(" "))
    assert "Figures of 8 authorities of 10 are held for this period: too few for a common share." in text


def test_count_when_its_page_is_shown_then_no_other_area_stands_beside(reader, partnership):
    held = b.a_country()
    measure = b.a_measure(unit=Unit.COUNT, places=0, denominator="", polarity=Polarity.NONE)
    for start in (2020, 2021):
        b.some_values(measure, {held.ours: 5810, held.region: 70000, held.country: 600000}, FinancialYear(start))
    text = words(soup_of(reader, PAGE).get_text(" "))
    assert "A count depends on the size of the area, so only our own is given." in text
    assert "70,000" not in text
    assert "All authorities" not in text


def test_indicator_when_the_reader_may_not_see_it_then_the_measure_does_not_name_it(partnership, indicator):
    hidden = builders.an_indicator("h", name="Hidden from most", scorecard=builders.a_scorecard(code="board"))
    Scorecard.objects.filter(code="board").update(audience=Scorecard.Readers.BOARD)
    b.a_comparison(hidden.indicator, b.a_measure())
    named = {one.code for one in indicators_beside(partnership, "re-referrals", sees_protected=False)}
    assert named == {"m"}
    assert {one.code for one in indicators_beside(partnership, "re-referrals", sees_protected=True)} == {"m", "h"}
    elsewhere = builders.a_partnership("southshire", "E06000098")
    assert indicators_beside(elsewhere, "re-referrals", sees_protected=True) == []


def test_text_that_looks_like_markup_when_shown_then_it_is_text(reader, partnership):
    b.official_figures()
    held = b.a_country()
    held.others[0].name = "<b>Area</b> & co"
    held.others[0].save()
    measure = b.a_measure()
    measure.name, measure.note, measure.denominator = "<i>Re</i>", "<u>note</u>", "</text><script>x</script>"
    measure.save()
    soup = soup_of(reader, f"{PAGE}?show=all")
    assert soup.select("main b b, main i, main u, svg script") == []
    assert Indicator.objects.count() == 0
    assert any(t.get_text().startswith("<b>Area</b> & co") for t in soup.select("svg title"))


def test_official_figures_when_they_were_published_after_today_then_that_is_said(reader, partnership):
    b.official_figures()
    said_later = "Figures of periods after 7 July 2022 are official statistics that were published later."
    assert said_later not in words(soup_of(reader, PAGE).get_text(" "))
    held = b.a_country()
    b.some_values(b.a_measure(), {held.ours: 30}, FinancialYear(2023))
    for path in (PAGE, LIST):
        assert said_later in words(soup_of(reader, path).get_text(" ")), path
