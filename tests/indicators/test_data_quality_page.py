"""The pages of the register: what they show, their files, who keeps it, and where its issues are named."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.data_issues import ISSUES_TABLE, RETURNS_TABLE
from indicators.models import DataIssue, StatutoryReturn
from indicators.operations.issues import clear_issue
from indicators.operations.publishing import freeze_scorecard
from indicators.quarters import Quarter
from indicators.rag import MissingReason
from indicators.roles import Role
from indicators.selectors.published import frozen_table, rebuilt_csv
from indicators.selectors.scorecards import scorecard_for
from tests import builders as b
from tests.builders import Q4
from tests.parity import assert_same, csv_of, shown, soup_of, table_named, words

pytestmark = pytest.mark.django_db
URL = "/northshire/data-quality/"


@pytest.fixture
def board(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


@pytest.fixture
def analyst(partnership, signed_in):
    return signed_in(b.the_people().analyst)


def main(client, path):
    return words(soup_of(client, path).main.get_text(" "))


def send(client, path, **fields):
    return client.post(path, {"do": "change"} | fields, follow=True)


def said(response):
    return words(response.content.decode())


# The lists


def test_real_register_when_shown_then_the_file_says_the_same(real, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=real))
    place = "/doncaster/data-quality/"
    assert assert_same(client, place, f"{place}issues.csv", ISSUES_TABLE, "Data quality issues") == 20
    assert assert_same(client, place, f"{place}returns.csv", RETURNS_TABLE, "Statutory returns") == 2
    text = main(client, place)
    for phrase in (
        "CIN census", "As at 17 June 2022, 94% of the issues in it had been addressed.", "no date given",
        "Team of staff from across the Trust and the Council", "report 003 §38, 74 table", "Staying Put",
        "20 issues: 20 open, 0 of them overdue.",
    ):  # fmt: skip
        assert phrase in text, phrase
    for query, number in (("state=cleared", 0), ("statutory_return=cin-census", 1), ("indicator=staying-put", 1),
                          ("q=mosaic", 6), ("state=nonsense", 20)):  # fmt: skip
        header, rows = csv_of(client, f"{place}issues.csv?{query}")
        assert (header, len(rows)) == (ISSUES_TABLE.header, number), query
        if rows:
            path, file = f"{place}?{query}", f"{place}issues.csv?{query}"
            assert assert_same(client, path, file, ISSUES_TABLE, "Data quality issues") == number
    assert "No issue passes these filters" in main(client, f"{place}?state=cleared")


def test_register_when_empty_then_it_says_what_will_appear(board):
    text = main(board, URL)
    assert "No statutory return is on the register" in text
    assert "No issue is on the register" in text


def test_list_when_there_are_many_issues_then_fifty_a_page_and_sorted_by_the_address(board):
    for number in range(53):
        b.an_issue(f"Issue {number:02}", expected_on=date(2022, 7, 8) if number == 7 else None)
    soup = soup_of(board, URL)
    assert len(shown(table_named(soup, "Data quality issues"))) == 50
    assert soup.select_one("nav.govuk-pagination")
    assert len(shown(table_named(soup_of(board, f"{URL}?page=2"), "Data quality issues"))) == 3
    by_title = shown(table_named(soup_of(board, f"{URL}?sort=-title"), "Data quality issues"))
    assert by_title[0][0] == "Issue 52"
    by_date = shown(table_named(soup_of(board, f"{URL}?sort=expected"), "Data quality issues"))
    assert by_date[0][0] == "Issue 07", "those without a date come after the others"


def test_texts_when_they_look_like_markup_or_formulas_then_they_are_texts(board):
    b.an_issue("=1+1 <script>alert(1)</script>", description="+cmd")
    b.a_statutory_return("@sum", note="<b>bold</b>")
    assert soup_of(board, URL).main.select("script, td b") == []
    assert assert_same(board, URL, f"{URL}issues.csv", ISSUES_TABLE, "Data quality issues") == 1
    assert assert_same(board, URL, f"{URL}returns.csv", RETURNS_TABLE, "Statutory returns") == 1
    assert csv_of(board, f"{URL}issues.csv")[1][0][1].startswith("'=1+1")


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.once
def test_page_when_the_register_grows_then_the_number_of_queries_does_not(analyst):
    census = b.a_statutory_return("CIN census")
    b.an_issue("One", b.an_indicator("m").indicator, statutory_return=census)
    few = queries(analyst, URL)
    for number in range(20):
        b.an_issue(f"Issue {number}", b.an_indicator(f"m{number}").indicator, statutory_return=census)
        b.a_statutory_return(f"Return {number}")
    assert queries(analyst, URL) == few
    assert few <= 20


# Keeping it


def test_issue_when_an_analyst_adds_it_then_everybody_reads_it_and_its_indicators_wait(analyst, board):
    b.an_indicator("m", name="Plans in time")
    b.a_statutory_return("CIN census")
    page = send(
        analyst, f"{URL}issues/new/", title="Start dates", expected_on="31 July 2022", partner="trust",
        owner_role="Data lead", indicators=["m"], statutory_return="cin-census",
    )  # fmt: skip
    assert "“Start dates” is on the register." in said(page)
    text = main(board, URL)
    assert "Start dates CIN census Open no date given 31 July 2022 Northshire Children's Trust Data lead" in text
    assert "Plans in time" in text


def test_form_when_something_is_wrong_then_it_is_kept_and_explained(analyst):
    page = send(analyst, f"{URL}issues/new/", title="", expected_on="31/2/2022")
    assert "Enter an answer for “What is wrong”" in said(page)
    assert "must be a date that exists" in said(page)
    page = send(analyst, f"{URL}issues/new/", title="Dates", found_on="8 July 2022")
    assert "has not come yet" in said(page)
    assert 'value="Dates"' in said(page)
    assert not DataIssue.objects.exists()


def test_issue_when_two_people_have_it_open_then_the_second_is_told(analyst):
    issue = b.an_issue("Start dates", partner=b.a_partner())
    url = f"{URL}issues/{issue.code}/"
    assert 'name="version" value="1"' in said(analyst.get(url))
    assert "has been changed" in said(send(analyst, url, title="First", version="1", partner="trust"))
    page = send(analyst, url, title="Second", version="1", partner="trust")
    assert "Somebody else has changed this issue" in said(page)
    assert 'name="version" value="2"' in said(page)  # it can be sent again as it stands
    assert "Somebody else" in said(send(analyst, url, title="Third", version="x", partner="trust"))
    issue.refresh_from_db()
    assert issue.title == "First"


def test_issue_when_it_is_cleared_and_opened_again_then_the_page_says_so(analyst):
    issue = b.an_issue("Start dates")
    url = f"{URL}issues/{issue.code}/"
    page = analyst.post(url, {"do": "clear", "version": "1", "cleared_on": "7 July 2022"})
    assert "Enter an answer for “How it was cleared”" in said(page)
    fields = {"do": "clear", "version": "1", "cleared_on": "7 July 2022", "how_cleared": "Every record was read"}
    assert "is cleared" in said(analyst.post(url, fields, follow=True))
    assert "Cleared on 7 July 2022: Every record was read" in main(analyst, url)
    assert "Cleared on 7 July 2022 Every record was read" in main(analyst, URL)
    page = analyst.post(url, {"do": "reopen", "version": "1"})
    assert "Somebody else has changed this issue" in said(page)
    assert "is open again" in said(analyst.post(url, {"do": "reopen", "version": "2"}, follow=True))


def test_issue_of_another_partner_when_opened_or_sent_then_it_is_refused(signed_in, analyst):
    issue = b.an_issue("Start dates", partner=b.a_partner("trust"))
    b.a_partner("police")
    police = signed_in(b.a_user(Role.ANALYST, partner=b.a_partner("police")))
    url = f"{URL}issues/{issue.code}/"
    assert police.get(url).status_code == 403
    assert police.post(url, {"do": "change", "title": "Ours now", "version": "1"}).status_code == 403
    assert f"issues/{issue.code}/" not in said(police.get(URL))
    assert f"issues/{issue.code}/" in said(analyst.get(URL))
    page = send(police, f"{URL}issues/new/", title="Theirs", partner="trust")
    assert "Choose the partner that clears it from the list" in said(page)
    assert analyst.get(f"{URL}issues/nothing/").status_code == 404
    assert analyst.get(f"{URL}returns/nothing/").status_code == 404


def test_return_when_kept_by_an_analyst_then_the_list_shows_it(analyst):
    fields = {"name": "CIN census", "state": "open", "opens_on": "1 April 2022", "closes_on": "31 July 2022"}
    assert "is on the register" in said(analyst.post(f"{URL}returns/new/", fields, follow=True))
    assert "CIN census 1 April 2022 to 31 July 2022 Open 0 open, 0 cleared not stated" in main(analyst, URL)
    url = f"{URL}returns/cin-census/"
    page = analyst.post(url, fields | {"closes_on": "31 March 2022"})
    assert "closes before it opens" in said(page)
    analyst.post(url, fields | {"state": "submitted", "note": "Uploaded"}, follow=True)
    held = StatutoryReturn.objects.get()
    assert (held.state, held.note, held.code) == ("submitted", "Uploaded", "cin-census")


# Where its issues are named


@pytest.fixture
def waiting(partnership):
    """An indicator of a scorecard that is not reportable, and one with a figure; both hang on an issue."""
    scorecard = b.a_scorecard(2, code="contract")
    lines = list(scorecard.lines.order_by("order"))
    cell = b.a_cell(
        missing=MissingReason.NOT_REPORTABLE,
        not_reportable_code="data_validation",
        commentary="It cannot be told.",
        responsible_role="Data lead",
        expected_on=date(2022, 8, 1),
    )
    b.a_return(scorecard, Q4, state="approved", cells={lines[0].series_id: cell})
    issue = b.an_issue("Start dates", *(li.series.indicator for li in lines), expected_on=date(2022, 7, 31))
    return scorecard, issue


NAMED = "Waits for: Start dates (expected 31 July 2022)"


def test_issue_when_a_figure_waits_for_it_then_scorecard_indicator_and_home_name_it(waiting, board):
    rows = soup_of(board, "/northshire/scorecards/contract/").select("table.sc tbody tr:not(.th)")
    assert NAMED in words(rows[0].get_text(" "))
    assert "Waits for" not in words(rows[1].get_text(" ")), "it has a figure"
    header, found = csv_of(board, "/northshire/scorecards/contract.csv")
    column = header.index("waits_for")
    assert [row[column] for row in found] == ["Start dates (expected 31 July 2022)", ""]
    assert NAMED in main(board, "/northshire/indicators/contract-1/")
    other = main(board, "/northshire/indicators/contract-2/")
    assert "Open issue of the data: Start dates (expected 31 July 2022)" in other
    assert NAMED in main(board, "/northshire/")


def test_issue_when_it_is_cleared_then_nothing_waits_for_it(waiting, board):
    _, issue = waiting
    by = b.the_people().analyst
    clear_issue(issue=issue, version=1, cleared_on=b.TODAY, how_cleared="Checked", by=by, at=b.NOW)
    for path in ("scorecards/contract/", "indicators/contract-1/", ""):
        assert "Start dates" not in main(board, f"/northshire/{path}")


def test_published_table_when_an_issue_is_cleared_later_then_it_still_says_what_the_meeting_was_told(waiting):
    scorecard, issue = waiting
    table = freeze_scorecard(scorecard=scorecard, period=b.a_period(Q4), audience="board", today=b.TODAY)
    told = frozen_table(table)
    assert [row["waits_for"] for row in told.rows] == ["Start dates (expected 31 July 2022)", ""]
    by = b.the_people().analyst
    clear_issue(issue=issue, version=1, cleared_on=b.TODAY, how_cleared="Checked", by=by, at=b.NOW)
    assert rebuilt_csv(table) == told.csv


def test_scorecard_as_at_a_day_when_an_issue_is_open_then_it_is_not_named_because_no_past_of_it_is_kept(waiting):
    scorecard, _ = waiting
    period = b.a_period(Q4)
    now = scorecard_for(scorecard, period, today=b.TODAY)
    then = scorecard_for(scorecard, period, today=b.TODAY, as_at=b.TODAY)
    assert [len(row.issues) for row in now.rows] == [1, 0]
    assert [len(row.issues) for row in then.rows] == [0, 0]


def test_issue_when_the_day_has_passed_then_the_indicator_says_overdue(waiting, board):
    DataIssue.objects.update(expected_on=date(2022, 7, 7))
    assert "Overdue." not in main(board, "/northshire/indicators/contract-1/")
    DataIssue.objects.update(expected_on=date(2022, 7, 6))
    assert "Overdue." in main(board, "/northshire/indicators/contract-1/")


def test_entry_grid_when_a_figure_hangs_on_an_issue_then_it_proposes_the_day(waiting, analyst):
    scorecard, _ = waiting
    row = b.a_return(scorecard, Quarter(2022, 1))
    url = f"/northshire/returns/contract/2022-23-q1/{row.partner.code}/1/entry/"
    soup = soup_of(analyst, url)
    labels = [words(label.get_text(" ")) for label in soup.select("label") if "expected on" in label.get_text()]
    assert len(labels) == 2
    for label in labels:
        assert "Proposed: 31/7/2022, when this should be cleared: Start dates" in label
    boxes = soup.select("input[id$=expected_on]")
    assert [box["value"] for box in boxes] == ["", ""], "proposed, not filled in"
