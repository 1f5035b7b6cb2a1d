"""The front door's pages: what they say, where they say nothing, who sees what, and that screen and file are one."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import quarters
from indicators.roles import Role
from referrals.bars import BARS_TABLE
from referrals.clock_table import CLOCKS_TABLE
from referrals.daily_table import DAILY_TABLE
from referrals.rate_table import RATES_TABLE
from referrals.stage_table import STAGES_TABLE
from referrals.stages import LINKS, STAGES
from referrals.step_table import FLOWS_TABLE
from tests import builders
from tests.builders import Q4
from tests.builders.annex_a import a_load
from tests.parity import assert_same, csv_of, shown, soup_of, table_named, words
from tests.referrals.front_door_world import a_pathway

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/northshire/front-door/"


@pytest.fixture
def board(db, signed_in):
    return signed_in(builders.a_user(Role.BOARD_MEMBER))


@pytest.fixture
def pathway(db):
    return a_pathway()


def text_of(client, path=URL):
    return words(soup_of(client, path).main.get_text(" "))


def row_of(soup, caption, name):
    """The cells of the row that begins with those words."""
    return next(row for row in shown(table_named(soup, caption)) if row[0].startswith(name))


# Which period


def test_page_when_no_period_is_named_then_it_is_the_latest_quarter_with_figures_enough(board, pathway):
    later = Q4.next()
    builders.a_paper_figure(pathway["referrals"], later, 900, quantum=None)
    assert "2021/22 Quarter 4" in text_of(board), "one figure of a later quarter tells nothing of the pathway"
    builders.a_paper_figure(pathway["care-started"], Q4.previous(), 40, quantum=None)
    assert "2021/22 Quarter 4" in text_of(board)


def test_page_when_a_figure_lies_in_the_future_then_it_is_not_the_usual_period(board, pathway):
    coming = Q4.next().next()
    for code in ("referrals", "care-started", "care-ended", "s47-enquiries"):
        builders.a_paper_figure(pathway[code], coming, 9, quantum=None)
    assert "2021/22 Quarter 4" in text_of(board)
    assert "2022/23 Quarter 2" in text_of(board, f"{URL}?period={coming.slug}")


@pytest.mark.parametrize("period", ["zebra", "2021-22-q5", "2011-12", "2021-02-01--2021-07-31", "2021/22"])
def test_page_when_the_address_names_no_period_then_it_is_not_found(board, partnership, period):
    for path in (URL, f"{URL}stages/referral/", f"{URL}timeliness/", f"{URL}stages.csv"):
        assert board.get(path, {"period": period}).status_code == 404


def test_page_when_nothing_is_held_at_all_then_it_says_what_will_appear(board, partnership):
    assert "No figures of demand have been approved yet" in text_of(board)
    assert "No figure is held for this stage" in text_of(board, f"{URL}stages/referral/")
    assert "No durations are held" in text_of(board, f"{URL}timeliness/")
    for name in ("stages", "steps", "rates"):
        assert csv_of(board, f"{URL}{name}.csv")[1] == []
    assert "At the front door" not in text_of(board, "/northshire/")


def test_page_when_a_period_has_nothing_then_it_says_so_and_leads_to_one_that_has(board, pathway):
    found = soup_of(board, f"{URL}?period=2010-11-q2")
    assert "Nothing is reported for this period" in words(found.main.get_text(" "))
    assert found.main.select_one(".empty a")["href"] == URL
    assert "2010/11 Q2" in [o.get_text() for o in found.select("select option")], "the form keeps what is shown"


def test_stage_when_it_is_unknown_then_it_is_not_found(board, pathway):
    assert board.get(f"{URL}stages/zebra/").status_code == 404
    assert board.get(f"{URL}stages/zebra/breakdowns.csv").status_code == 404


# The overview


def test_overview_when_figures_are_held_then_it_says_what_changed_and_what_reconciles(board, pathway):
    found = soup_of(board, URL)
    lead = words(found.select_one(".lead").get_text())
    assert lead == (
        "1,257 referrals, 189 more than in the same quarter last year (+17.7%); per working day 20.0 against 17.0."
    )
    caption = "Stages of the pathway, 2021/22 Q4"
    assert row_of(found, caption, "Referral events") == [
        "Referral events", "1,257", "–", "–", "↑ 189 in higher, from 1,068", "20.0 17.0 a year earlier", "No stock",
    ]  # fmt: skip
    care = row_of(found, caption, "In care")
    assert care[1:4] == ["46", "592 Query", "47"]
    said = "592 at the start, 46 in, 47 out make 591; 592 is reported: 1 more than the flows explain."
    assert care[6] == f"Does not reconcile {said}"
    assert row_of(found, caption, "Contact")[1:4] == ["not reported", "–", "–"], "there is an indicator, but no figure"
    assert "1 does not (In care)" in words(found.select_one("#stages").get_text())
    assert [words(li.get_text()) for li in found.select(".queries li")] == ["Query Children in care: Is it 592 or 591?"]


def test_stage_when_a_reason_was_given_for_what_does_not_reconcile_then_it_stands_on_page_and_file(board, pathway):
    caption = "Stages of the pathway, 2021/22 Q4"
    assert "Explained" not in text_of(board), "nobody gave a reason"
    builders.a_figure(pathway["care-at-end"], Q4, value=592, keep_reason="=One child came home twice")
    explained = "Explained: =One child came home twice"
    assert row_of(soup_of(board, URL), caption, "In care")[6].endswith(f"than the flows explain. {explained}")
    assert explained in text_of(board, f"{URL}stages/care/")
    header, rows = csv_of(board, f"{URL}stages.csv")
    given = [STAGES_TABLE.values_from_csv(header, row)["explanation"] for row in rows]
    assert [words for words in given if words] == ["=One child came home twice"]
    assert_same(board, URL, f"{URL}stages.csv", STAGES_TABLE, caption)
    builders.a_figure(pathway["care-at-end"], Q4, value=591, keep_reason="As counted")
    assert "Explained" not in text_of(board), "it reconciles: there is nothing to explain"


def test_overview_when_there_is_a_reason_for_no_number_then_it_stands_there(board, pathway):
    builders.a_paper_figure(pathway["contacts"], Q4, missing="not_reportable")
    row = row_of(soup_of(board, URL), "Stages of the pathway, 2021/22 Q4", "Contact events")
    assert row[1] == "not reportable"
    assert_same(board, URL, f"{URL}stages.csv", STAGES_TABLE, "Stages of the pathway, 2021/22 Q4")


def test_overview_when_a_break_lies_between_then_both_numbers_stand_and_nothing_is_compared(board, pathway):
    builders.a_break(pathway["referrals"].series, builders.date(2021, 8, 1))
    row = row_of(soup_of(board, URL), "Stages of the pathway, 2021/22 Q4", "Referral events")
    assert row[4:6] == ["1,068 in Not compared: break in series", "20.0"]
    assert "Not compared: since August 2021" in text_of(board)


def test_overview_when_only_months_are_held_then_the_quarter_is_added_up_and_says_so(board, pathway):
    row = row_of(soup_of(board, f"{URL}?period=2021-22-q3"), "Stages of the pathway, 2021/22 Q3", "Referral events")
    assert row[1].endswith("added up from shorter periods")
    assert row_of(soup_of(board, f"{URL}?period=2022-03"), "Stages of the pathway, March 2022", "In care")[2] == (
        "592 Query"
    ), "a number on the last day is that of the month too"


def test_steps_when_drawn_then_known_ones_and_parts_are_in_the_table_and_the_rest_is_listed(board, pathway):
    found = soup_of(board, URL)
    rows = shown(table_named(found, "Steps with a figure, 2021/22 Q4"))
    assert ["Section 47 enquiry", "Initial child protection conference step up", "150 children"] in [
        r[:3] for r in rows
    ]
    assert ["Section 47 enquiry", "Enquiry without a conference step down", "306 children"] in [r[:3] for r in rows]
    assert ["Referral", "Somewhere not reported"] not in [r[:2] for r in rows], "nothing counts what leaves it"
    part = next(r for r in rows if r[0] == "Support ends")
    assert part[2] == "64 events counted in another step already"
    unreported = shown(table_named(found, "Steps that nobody reports, 2021/22 Q4"))
    assert len(unreported) + len([r for r in rows if "omewhere not" not in f"{r[0]}{r[1]}"]) == len(LINKS)
    assert found.select_one("[data-chart=flow]")["data-label"].startswith("Steps between stages in 2021/22 Q4")


def test_steps_when_only_what_comes_in_is_known_then_nothing_is_drawn(board, pathway):
    found = soup_of(board, f"{URL}?period=2022-02")
    assert found.select("[data-chart]") == []
    assert found.select("script[src*=plotly]") == []
    assert shown(table_named(found, "Steps with a figure, February 2022"))[0][:2] == [
        "Somewhere not reported", "Referral",
    ]  # fmt: skip


def test_rates_when_shown_then_each_says_its_kind(board, pathway):
    rows = {
        r[0].split(" The report")[0]: r
        for r in shown(table_named(soup_of(board, URL), "Rates between stages, 2021/22 Q4"))
    }
    assert rows["Re-referrals of referrals"][1:3] == ["cohort rate", "5.1%"]
    assert rows["Leaving care to entering care"][1:3] == ["period ratio", "102.2%"]
    assert rows["Adopter matches to approvals"][2] == "–"


def test_overview_when_downloaded_then_screen_and_file_are_one(board, pathway):
    same = [
        ("stages", STAGES_TABLE, "Stages of the pathway, 2021/22 Q4"),
        ("rates", RATES_TABLE, "Rates between stages, 2021/22 Q4"),
    ]
    numbers = [assert_same(board, URL, f"{URL}{name}.csv", spec, caption) for name, spec, caption in same]
    assert numbers[0] == sum(bool(s.inflow or s.outflow or s.stock) for s in STAGES)
    header, rows = csv_of(board, f"{URL}steps.csv")
    expected = []
    for row in rows:
        values = FLOWS_TABLE.values_from_csv(header, row)
        expected.append([words(" ".join(c.text(values))) for c in FLOWS_TABLE.columns if c.text])
    found = soup_of(board, URL)
    tables = [
        table_named(found, f"{name}, 2021/22 Q4") for name in ("Steps with a figure", "Steps that nobody reports")
    ]
    assert [row for table in tables for row in shown(table)] == expected


# A stage


def test_stage_when_shown_then_its_trends_stand_with_their_sources(board, pathway):
    found = soup_of(board, f"{URL}stages/referral/")
    assert words(found.h1.get_text()) == "Referral: 1,257 events in"
    quarterly = shown(table_named(found, "Referrals, quarterly figures"))
    assert quarterly[-1][0].startswith("2021/22 Q4")
    assert quarterly[-1][1:3] == ["1,257", "20.0"]
    assert quarterly[-1][3].startswith("1,2"), "the three months of the statistics stand beside the report's own figure"
    assert quarterly[-1][3].endswith("DFE")
    assert quarterly[-1][4] == "report 003 §74"
    monthly = table_named(found, "Referrals, monthly figures")
    assert len(shown(monthly)) == 13
    assert "11 earlier rows, from April 2020" in text_of(board, f"{URL}stages/referral/")
    charts = {c["data-chart"] for c in found.select("[data-chart]")}
    assert "In the drawing" not in text_of(board, f"{URL}stages/referral/"), "a figure is the only mark"
    assert charts == {"referrals-month", "referrals-financial_year"}, "two figures are told, three are drawn"
    assert len({e["id"] for e in found.find_all(id=True)}) == len(found.find_all(id=True))


def test_stage_when_figures_are_of_periods_after_today_then_it_says_where_they_are_from(board, pathway):
    page, words = f"{URL}stages/referral/", "Figures of periods after 7 July 2022 are official statistics"
    assert words not in text_of(board, page)
    builders.a_paper_figure(pathway["referrals"], quarters.Month(2024, 2), 419, source=builders.a_source("DFE"))
    assert f"{words} that were published later." in text_of(board, page)
    assert words not in text_of(board, f"{URL}stages/care/")
    assert words not in text_of(board)
    assert words in text_of(board, f"{URL}?period=2024-02")


def test_stage_when_a_quarter_and_its_months_differ_then_by_how_much(board, pathway):
    def summed(path):
        rows = shown(table_named(soup_of(board, path), "Referrals, quarterly figures"))
        return rows[-1][3]

    page = f"{URL}stages/referral/"
    months = int(summed(page).split()[0].replace(",", ""))
    assert summed(page) == f"{months:,} differs by {1257 - months} DFE"
    builders.a_paper_figure(pathway["referrals"], Q4, months, quantum=None)
    assert summed(page) == f"{months:,} DFE"


def test_stage_when_broken_down_then_each_kind_says_whether_it_is_summed(board, pathway):
    referral = text_of(board, f"{URL}stages/referral/")
    assert "Police is the largest: 700 of 1,257" in referral
    assert "The categories make 1,257, 257 of them not stated, which is the whole." in referral
    assert "One case may stand in several" in text_of(board, f"{URL}stages/assessment/")
    adoption = soup_of(board, f"{URL}stages/adoption-system/")
    assert "Northshire has 30, the lowest of 3 areas" in words(adoption.main.get_text(" "))
    assert "These stand beside each other; they are not added up." in words(adoption.main.get_text(" "))
    own = row_of(adoption, "Adoption in system by authority, 2021/22 Q4", "Northshire our own area")
    assert own[2] == "30"
    assert len(adoption.select("svg.hbar rect")) == 3


def test_stage_when_durations_are_not_known_then_the_share_says_so(board, pathway):
    text = text_of(board, f"{URL}stages/child-in-need/")
    assert "324 are not stated, so a share of the whole is a share of 1,355, unknown included." in text
    assert "At least half of the 1,031 that are stated are in “3 months or longer” or a band before it." in text
    assert text_of(board, f"{URL}timeliness/").count("Start date not stated") == 1


def test_stage_when_a_dimension_is_protected_then_only_the_board_reads_it(board, pathway, signed_in):
    finance = signed_in(builders.a_user(Role.FINANCE_OFFICER, partner=builders.a_partner("trust")))
    page, file = f"{URL}stages/care/", f"{URL}stages/care/breakdowns.csv"
    told = "Not for publication: only members who may read protected figures see this."
    assert "Any other background" in text_of(board, page)
    assert told in text_of(board, page)
    assert told not in text_of(board, f"{URL}stages/adoption-system/")
    assert len(csv_of(board, file)[1]) == 1
    assert "Any other background" not in text_of(finance, page)
    assert csv_of(finance, file)[1] == []


def test_stage_when_quarters_are_unequal_then_they_compare_by_working_day(board, pathway):
    page, file = f"{URL}stages/referral/", f"{URL}stages/referral/volumes.csv"
    caption = "Referrals per working day, by quarter"
    header, rows = csv_of(board, file)
    values = [DAILY_TABLE.values_from_csv(header, row) for row in rows]
    expected = [[words(" ".join(c.text(v))) for c in DAILY_TABLE.columns if c.text] for v in values]
    found = [[quarter, *rest] for quarter, _bar, *rest in shown(table_named(soup_of(board, page), caption))]
    assert found == expected
    assert len(found) == 8
    assert found[-1] == ["2021/22 Q4", "20.0", "1,257", "63"]
    assert found[-2][2].endswith("added up from shorter periods")
    assert "20.0 a working day in 2021/22 Q4, the highest of 8 quarters" in text_of(board, page)
    builders.a_break(pathway["referrals"].series, builders.date(2021, 8, 1))
    assert "20.0 a working day in 2021/22 Q4, the highest of 2 quarters" in text_of(board, page)
    assert "Counted in another way from August 2021 on: the pale bars are not compared." in text_of(board, page)
    quarters_told = [row[0] for row in shown(table_named(soup_of(board, page), caption))]
    assert quarters_told[-4:] == [
        "2021/22 Q1 before the break", "2021/22 Q2 holds the break", "2021/22 Q3", "2021/22 Q4",
    ]  # fmt: skip
    assert csv_of(board, f"{URL}stages/care/volumes.csv")[1] == [], "one quarter alone compares with nothing"
    assert csv_of(board, f"{URL}stages/child-in-need/volumes.csv")[1] == [], "a number on one day is no volume"


def test_stage_when_it_is_of_a_month_then_its_quarters_compare_to_the_end_of_the_quarter(board, pathway):
    page, file = (f"{URL}stages/referral/{name}?period=2022-02" for name in ("", "volumes.csv"))

    def compared():
        header, rows = csv_of(board, file)
        return [DAILY_TABLE.values_from_csv(header, row)["comparable"] for row in rows]

    builders.a_break(pathway["referrals"].series, builders.date(2022, 4, 1))
    assert compared() == ["yes"] * 8
    builders.a_break(pathway["referrals"].series, builders.date(2020, 8, 1))
    assert compared() == ["no"] * 2 + ["yes"] * 6
    assert "Counted in another way from August 2020 on: the pale bars" in text_of(board, page)
    builders.a_break(pathway["referrals"].series, builders.date(2022, 3, 15))
    assert compared() == ["no"] * 8, "the last quarter itself is broken"
    assert "Counted in another way from March 2022 on: the pale bars" in text_of(board, page)


def test_stage_when_few_come_in_a_quarter_then_its_bar_is_seen_all_the_same(board, pathway):
    builders.a_paper_figure(pathway["referrals"], Q4.previous(), 1, quantum=None)
    found = table_named(soup_of(board, f"{URL}stages/referral/"), "Referrals per working day, by quarter")
    widths = [int(bar["width"]) for bar in found.select("svg.hbar rect")]
    assert len(widths) == 8
    assert widths[-2:] == [4, 1000]


@pytest.mark.parametrize("stage", ["referral", "child-in-need", "adoption-system", "assessment", "care"])
def test_stage_when_downloaded_then_screen_and_file_are_one(board, pathway, stage):
    header, rows = csv_of(board, f"{URL}stages/{stage}/breakdowns.csv")
    expected = []
    for row in rows:
        values = BARS_TABLE.values_from_csv(header, row)
        lines = {c.key: words(" ".join(c.text(values))) for c in BARS_TABLE.columns if c.text}
        expected.append((lines["name"], lines["figure"], lines["share"]))
    tables = soup_of(board, f"{URL}stages/{stage}/").select("table.bars:not(.days)")
    found = [(r[0], r[2], r[3].removeprefix("Share ") if len(r) > 3 else "–") for t in tables for r in shown(t)]
    assert found == expected
    assert len(rows) == sum(len(shown(t)) for t in tables) > 0


def test_stage_when_it_has_nothing_then_it_still_says_where_it_lies(board, partnership):
    for stage in STAGES:
        assert "Where it lies on the pathway" in text_of(board, f"{URL}stages/{stage.code}/")


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("assessment", "Single assessment : 45 working days, from “Referral received” to “Assessment completed”. "
         "Statutory: Working Together"),
        ("section-47", "Section 47 enquiry : no limit, from"),
        ("contact", None),
    ],
)  # fmt: skip
def test_stage_when_it_has_a_clock_then_its_limit_and_who_set_it_stand_on_its_page(board, partnership, stage, said):
    told = text_of(board, f"{URL}stages/{stage}/").partition("Where it lies on the pathway")[2]
    assert ("Clock" in told, (said or "") in told) == (said is not None, True)


def test_links_when_a_figure_is_added_up_or_of_another_kind_of_period_then_they_lead_to_a_page(board, pathway):
    paths = (f"{URL}?period=2021-22-q3", f"{URL}?period=2022-03", f"{URL}stages/adoption-system/")
    links = {link["href"] for path in paths for link in soup_of(board, path).main.select("table a")}
    of_indicators = sorted(link for link in links if "/indicators/" in link)
    assert len(of_indicators) > 5
    assert {link: board.get(link).status_code for link in of_indicators} == dict.fromkeys(of_indicators, 200)


# Timeliness


def test_timeliness_when_a_clock_is_measured_then_its_own_row_judges_it(board, pathway):
    measure = builders.an_indicator("icpc-15-days", name="Conferences within 15 days")
    builders.a_figure(measure, Q4, 60, 100)
    found = soup_of(board, f"{URL}timeliness/")
    rows = shown(table_named(found, "Clocks of the pathway"))
    clock = next(r for r in rows if r[0].startswith("Initial child protection conference"))
    assert clock[1:3] == [
        "15 working days from 15 April 2013",
        "Statutory Working Together to Safeguard Children (statutory guidance, Department for Education), chapter 1",
    ]
    assert clock[3] == "Conferences within 15 days 60% 60 of 100 Outside tolerance 2021/22 Q4"
    assert "1 of 24 clocks in force have a figure" in words(found.select_one("#clocks").get_text())
    number = assert_same(board, f"{URL}timeliness/", f"{URL}timeliness.csv", CLOCKS_TABLE, "Clocks of the pathway")
    assert number == len(rows)


def test_timeliness_when_an_annex_a_file_was_read_then_only_who_reads_returns_sees_what_is_late(
    board, pathway, signed_in
):
    analyst, page = signed_in(builders.the_people().analyst), f"{URL}timeliness/"
    assert "No Annex A file has been read" in text_of(analyst, page)
    load = a_load()
    found = soup_of(analyst, page)
    assert shown(table_named(found, "Open cases that are past their clock")) == [
        ["Open assessments past 45 working days", "3", "of 14 21.4%", ""]
    ]
    heading = "How long assessments took: half of 25 within 18 working days, 12.0% past 45 working days"
    assert heading in [words(h.get_text()) for h in found.select("h3")]
    assert [row[2] for row in shown(table_named(found, heading))] == ["4", "10", "8", "3"]
    assert found.select_one(f'a[href$="/annex-a/{load.code}/"]')
    assert "Left out: 2 (no start date)." in [words(p.get_text()) for p in found.select("p.small")]
    assert "Open and late already" not in text_of(board, page)


# How much it costs


def test_pages_when_there_is_more_to_read_then_they_ask_no_more(board, pathway):
    def queries(path):
        board.get(path)
        with CaptureQueriesContext(connection) as asked:
            board.get(path)
        return len(asked)

    paths = [URL, f"{URL}stages/referral/", f"{URL}stages.csv", f"{URL}timeliness/", "/northshire/"]
    before = [queries(path) for path in paths]
    for start in range(2000, 2012):
        builders.a_paper_figure(pathway["referrals"], builders.quarters.Quarter(start, 1), 7, quantum=None)
        builders.a_paper_figure(pathway["s47-enquiries"], builders.quarters.Quarter(start, 1), 7, quantum=None)
    assert [queries(path) for path in paths] == before
    assert max(before[:3]) <= 16


# Menu and home


def test_home_when_figures_of_demand_are_held_then_it_says_what_changed_and_leads_there(board, pathway):
    builders.a_return(builders.a_scorecard(1), state="approved")
    found = soup_of(board, "/northshire/")
    block = next(d for d in found.select(".side > div") if "At the front door, 2021/22 Q4" in d.get_text())
    assert "1,257 referrals, 189 more" in block.get_text()
    assert block.a["href"] == URL
    menu = {a.get_text(): a["href"] for a in found.select("nav[aria-label=Main] a")}
    assert menu["Front door"] == URL
    assert BeautifulSoup(board.get(f"{URL}stages/referral/").content, "lxml").select_one("li.on").get_text() == (
        "Front door"
    )
