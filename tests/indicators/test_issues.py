"""The register of statutory returns and data issues: what may be written, and that nobody overwrites another."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.data_issues import OpenIssue, cleared_by, from_facts, is_overdue, matching, proposed_words, window_words
from indicators.imports import FileRefused
from indicators.models import DataIssue, StatutoryReturn
from indicators.operations import WrongState, issues, loading
from indicators.operations.issues import IssueChanged, IssueDetails, ReturnDetails
from indicators.selectors.issues import issues_of, open_issues, statutory_returns_of
from tests import builders as b
from tests.conftest import FIXTURES

# Operations


@pytest.fixture
def analyst(partnership):
    return b.the_people().analyst


def change(issue, analyst, version=None, **details):
    said = IssueDetails(**{"title": issue.title} | details)
    issues.change_issue(issue=issue, version=version or issue.version, details=said, by=analyst, at=b.NOW)


def clear(issue, analyst, **values):
    said = {"version": issue.version, "cleared_on": b.TODAY, "how_cleared": "Every record was checked"} | values
    issues.clear_issue(issue=issue, by=analyst, at=b.NOW, **said)


def test_issue_when_added_then_its_code_comes_from_its_title_and_is_never_used_twice(partnership):
    first, second = b.an_issue("  Start dates!  "), b.an_issue("Start dates")
    assert (first.code, second.code) == ("start-dates", "start-dates-2")
    assert first.title == "Start dates!"
    assert b.an_issue("New").code == "new-2", "new is the address of the form"
    assert b.an_issue("???").code == "item"


def test_issue_when_changed_by_two_at_once_then_the_second_is_told_and_nothing_is_lost(partnership, analyst):
    issue = b.an_issue("Start dates", b.an_indicator("m").indicator, expected_on=date(2022, 7, 31))
    change(issue, analyst, version=1, title="Start dates of plans")
    with pytest.raises(IssueChanged, match="Somebody else"):
        change(issue, analyst, version=1, title="Another title")
    issue.refresh_from_db()
    assert (issue.title, issue.version, issue.expected_on) == ("Start dates of plans", 2, None)
    assert not issue.indicators.exists()


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"title": "  "}, "what is wrong"),
        ({"found_on": b.TODAY + timedelta(days=1)}, "has not come yet"),
        ({"found_on": date(2022, 6, 1), "expected_on": date(2022, 5, 31)}, "before it was found"),
    ],
)
def test_issue_when_it_cannot_be_so_then_refused_in_words(partnership, analyst, details, message):
    issue = b.an_issue()
    for attempt in (
        lambda: change(issue, analyst, **details),
        lambda: b.an_issue(**{"title": "Other"} | details),
    ):
        with pytest.raises(WrongState, match=message):
            attempt()
    assert DataIssue.objects.get().version == 1


def test_issue_when_it_names_another_partnerships_partner_then_refused(partnership, analyst):
    elsewhere = b.a_partner("police", partnership=b.a_partnership("southshire", "E06000098"))
    with pytest.raises(WrongState, match="does not belong"):
        change(b.an_issue(), analyst, partner=elsewhere)


def test_issue_when_cleared_then_it_says_when_and_how_and_nothing_hangs_on_it_until_it_is_opened_again(
    partnership, analyst
):
    measure = b.an_indicator("m")
    issue = b.an_issue("Start dates", measure.indicator, found_on=date(2022, 6, 1))
    for wrong, message in (
        ({"cleared_on": b.TODAY + timedelta(days=1)}, "has not come yet"),
        ({"cleared_on": date(2022, 5, 31)}, "before it was found"),
        ({"how_cleared": " "}, "Say how"),
    ):
        with pytest.raises(WrongState, match=message):
            clear(issue, analyst, **wrong)
    with pytest.raises(IssueChanged):
        clear(issue, analyst, version=9)
    assert list(open_issues(partnership, [measure.indicator.pk])) == [measure.indicator.pk]
    clear(issue, analyst)
    assert open_issues(partnership, [measure.indicator.pk]) == {}
    issue.refresh_from_db()
    assert (issue.cleared_on, issue.how_cleared, issue.version) == (b.TODAY, "Every record was checked", 2)
    with pytest.raises(WrongState, match="cleared already"):
        clear(issue, analyst)
    with pytest.raises(WrongState, match="Open it again"):
        change(issue, analyst)
    issues.reopen_issue(issue=issue, version=2, by=analyst, at=b.NOW)
    issue.refresh_from_db()
    assert (issue.cleared_on, issue.how_cleared, issue.version) == (None, "", 3)
    with pytest.raises(WrongState, match="open already"):
        issues.reopen_issue(issue=issue, version=3, by=analyst, at=b.NOW)


def test_return_when_it_closes_before_it_opens_then_refused(partnership, analyst):
    wrong = ReturnDetails("903", opens_on=date(2022, 5, 1), closes_on=date(2022, 4, 30))
    held = b.a_statutory_return("903", state="open")
    for attempt in (
        lambda: issues.add_statutory_return(partnership=partnership, details=wrong, by=analyst, at=b.NOW),
        lambda: issues.change_statutory_return(statutory_return=held, details=wrong, by=analyst, at=b.NOW),
    ):
        with pytest.raises(WrongState, match="closes before it opens"):
            attempt()
    said = ReturnDetails("903", closes_on=date(2022, 7, 31), state="submitted")
    issues.change_statutory_return(statutory_return=held, details=said, by=analyst, at=b.NOW)
    held.refresh_from_db()
    assert (held.state, held.closes_on, held.opens_on) == ("submitted", date(2022, 7, 31), None)


# Reading


def test_register_when_read_then_issues_are_counted_by_return_and_open_ones_come_first(partnership, analyst):
    held = b.a_statutory_return("CIN census")
    b.a_statutory_return("903")
    measure = b.an_indicator("m", name="Plans in time")
    done = b.an_issue("Done", measure.indicator, statutory_return=held)
    clear(done, analyst)
    b.an_issue("Undated", statutory_return=held)
    b.an_issue("Late", measure.indicator, statutory_return=held, expected_on=date(2022, 7, 6))
    b.an_issue("Today", expected_on=b.TODAY)
    found = issues_of(partnership, today=b.TODAY)
    assert [(i.title, i.state) for i in found] == [
        ("Late", "overdue"), ("Today", "open"), ("Undated", "open"), ("Done", "cleared"),
    ]  # fmt: skip
    empty, census = statutory_returns_of(partnership)
    assert (empty.open_issues, empty.cleared_issues, empty.indicators) == (0, 0, ())
    assert (census.open_issues, census.cleared_issues) == (2, 1)
    assert census.indicators == (("m", "Plans in time"),)


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({}, "Late Done Other"),
        ({"state": "open"}, "Late Other"),
        ({"state": "overdue"}, "Late"),
        ({"state": "cleared"}, "Done"),
        ({"statutory_return": "cin-census"}, "Late"),
        ({"partner": "trust"}, "Other"),
        ({"indicator": "m"}, "Late"),
        ({"text": "oth"}, "Other"),
        ({"text": "done late"}, ""),
        ({"state": "open", "partner": "police"}, ""),
    ],
)
def test_register_when_filtered_then_every_filter_holds(partnership, analyst, filters, titles):
    held = b.a_statutory_return("CIN census")
    b.an_issue("Late", b.an_indicator("m").indicator, statutory_return=held, expected_on=date(2022, 7, 6))
    b.an_issue("Other", partner=b.a_partner("trust"))
    clear(b.an_issue("Done"), analyst)
    found = matching(issues_of(partnership, today=b.TODAY), **filters)
    assert sorted(i.title for i in found) == sorted(titles.split())


@pytest.mark.once
def test_register_when_it_grows_then_the_number_of_queries_does_not(partnership, django_assert_num_queries):
    census = b.a_statutory_return("CIN census")
    for number in range(12):
        b.an_issue(f"Issue {number}", b.an_indicator(f"m{number}").indicator, statutory_return=census)
        b.a_statutory_return(f"Return {number}")
    with django_assert_num_queries(3):
        assert len(issues_of(partnership, today=b.TODAY)) == 12
    with django_assert_num_queries(4):
        assert len(statutory_returns_of(partnership)) == 13
    with django_assert_num_queries(1):
        assert len(open_issues(partnership, range(100_000))) == 12


def test_issues_when_they_are_another_partnerships_then_nothing_here_waits_for_them(partnership):
    measure = b.an_indicator("m")
    elsewhere = b.a_partnership("southshire", "E06000098")
    b.an_issue("Elsewhere", measure.indicator, partnership=elsewhere)
    assert open_issues(partnership, [measure.indicator.pk]) == {}
    assert issues_of(partnership, today=b.TODAY) == []


# Pure


@given(day=st.dates(date(1990, 1, 1), date(2099, 1, 1)), today=st.dates(date(1990, 1, 1), date(2099, 1, 1)))
def test_overdue_when_the_day_has_passed_and_not_before(day, today):
    assert is_overdue(day, today) is ((today - day).days > 0)
    assert not is_overdue(None, today)


@given(st.lists(st.none() | st.dates(), max_size=5))
def test_cleared_by_when_all_have_a_day_then_the_last_of_them(days):
    found = cleared_by([OpenIssue("x", "X", day) for day in days])
    assert found == (sorted(days)[-1] if days and all(days) else None)


@given(st.lists(st.builds(OpenIssue, st.text(max_size=9), st.text(max_size=9), st.none() | st.dates()), max_size=3))
def test_facts_when_read_back_then_they_are_the_same(found):
    assert from_facts([issue.facts() for issue in found]) == tuple(found)


def test_words_when_a_date_is_missing_then_it_is_said():
    assert OpenIssue("x", "Dates", date(2022, 7, 31)).words == "Dates (expected 31 July 2022)"
    assert OpenIssue("x", "Dates").words == "Dates (no date given)"
    assert window_words(None, None) == "no date given"
    assert window_words(None, date(2022, 7, 31)) == "opens no date given, closes 31 July 2022"
    assert window_words(date(2022, 4, 1), date(2022, 7, 31)) == "1 April 2022 to 31 July 2022"
    assert proposed_words([]) == ""
    assert proposed_words([OpenIssue("x", "Dates")]) == "Open issue without a date: Dates"
    assert proposed_words([OpenIssue("x", "A", date(2022, 7, 31)), OpenIssue("y", "B", date(2022, 8, 1))]) == (
        "Proposed: 1/8/2022, when this should be cleared: A; B"
    )


# Loading


NEEDED = ("sources", "partners", "indicators", "statutory_returns", "data_issues")


def tables(**changes):
    """What the register rests on, with the first row of a file changed."""
    held = {name: rows for name, rows in b.read_tables(FIXTURES / "doncaster").items() if name in NEEDED}
    for name, change in changes.items():
        held[name][0] = held[name][0] | change
    return held


@pytest.fixture
def loaded(partnership):
    loading.load_tables(partnership=partnership, tables=tables(), at=b.NOW)
    return partnership


def test_register_of_the_report_when_loaded_twice_then_nothing_changes(loaded):
    again = loading.load_tables(partnership=loaded, tables=tables(), at=b.NOW)
    assert (again.new["statutory_returns"], again.unchanged["statutory_returns"]) == (0, 2)
    assert (again.new["data_issues"], again.unchanged["data_issues"]) == (0, 20)
    assert {str(r.source) for r in StatutoryReturn.objects.all()} == {"report 003"}


def test_loaded_issue_when_people_have_kept_it_up_then_loading_leaves_their_work_alone(loaded, analyst):
    issue = DataIssue.objects.get(code="cin-episode-starts")
    assert issue.indicators.count() == 3
    clear(issue, analyst)
    loading.load_tables(partnership=loaded, tables=tables(), at=b.NOW)
    issue.refresh_from_db()
    assert issue.cleared_on == b.TODAY


@pytest.mark.parametrize(
    ("file", "change", "column"),
    [
        ("data_issues", {"indicators": "nothing-like-it"}, "indicators"),
        ("data_issues", {"statutory_return": "nothing-like-it"}, "statutory_return"),
        ("data_issues", {"partner": "nobody"}, "partner"),
        ("data_issues", {"cleared_on": date(2022, 7, 1)}, "how_cleared"),
        ("data_issues", {"found_on": date(2022, 7, 2), "cleared_on": date(2022, 7, 1), "how_cleared": "So"},
         "cleared_on"),
        ("statutory_returns", {"opens_on": date(2022, 7, 2), "closes_on": date(2022, 7, 1)}, "closes_on"),
    ],
)  # fmt: skip
def test_row_of_the_register_when_it_cannot_be_then_the_file_is_refused_with_its_place(
    partnership, file, change, column
):
    with pytest.raises(FileRefused) as refused:
        loading.load_tables(partnership=partnership, tables=tables(**{file: change}), at=b.NOW)
    first = refused.value.findings[0]
    assert (first.file, first.row, first.column) == (f"{file}.csv", 2, column)
    assert not DataIssue.objects.exists()


def test_row_of_the_register_when_it_comes_from_another_place_then_it_is_refused(loaded):
    with pytest.raises(FileRefused, match="another value"):
        loading.load_tables(partnership=loaded, tables=tables(data_issues={"paragraph": "99"}), at=b.NOW)
