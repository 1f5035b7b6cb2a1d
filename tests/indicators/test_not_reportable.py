"""Not reportable, managed: since when, why, who, by when, overdue or not; on the page, in the file and on the home."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indicators.data_issues import OpenIssue
from indicators.models import ScorecardLine
from indicators.not_reportable import NOT_REPORTABLE_TABLE, Told, counted, expected, reason_words, run_up_to
from indicators.quarters import Quarter
from indicators.rag import MissingReason
from indicators.roles import Role
from indicators.selectors.not_reportable import not_reportable
from tests import builders as b
from tests.builders import Q3, Q4
from tests.parity import assert_same, csv_of, soup_of, words

pytestmark = pytest.mark.django_db
DAY = date(2022, 7, 7)
URL = "/northshire/not-reportable/"

# The run


def told(*revisions):
    """Revisions from the first on: whether each was waiting, known a day after the one before."""
    return [Told(n, w, DAY + timedelta(days=n)) for n, w in enumerate(revisions, start=1)]


def test_run_when_a_period_between_is_reportable_or_not_held_then_it_begins_after_it():
    periods = [Q4]
    for _ in range(4):
        periods.insert(0, periods[0].previous())
    held = {p.slug: told(True) for p in periods}
    assert run_up_to(Q4, held).number == 5
    assert run_up_to(Q4, held | {periods[1].slug: told(False)}).first == periods[2]
    assert run_up_to(Q4, {k: v for k, v in held.items() if k != periods[2].slug}).number == 2
    assert run_up_to(Q4, held | {Q4.slug: told(True, False)}) is None, "it has been corrected to a figure"
    assert run_up_to(Q4, {}) is None


def test_run_when_a_figure_was_corrected_to_none_then_it_is_known_since_that_correction():
    assert run_up_to(Q4, {Q4.slug: told(False, True)}).known_on == DAY + timedelta(days=2)
    assert run_up_to(Q4, {Q4.slug: told(True, True)}).known_on == DAY + timedelta(days=1), "it said so all along"
    assert run_up_to(Q4, {Q4.slug: told(True, False, True)}).known_on == DAY + timedelta(days=3)


@given(st.lists(st.sampled_from(["waiting", "figure", "nothing"]), min_size=1, max_size=30))
def test_run_when_walked_one_by_one_then_its_length_is_the_same(states):
    """The second way: the states as one text, cut at the last one that does not wait."""
    period, held = Q4, {}
    for state in states:
        if state != "nothing":
            held[period.slug] = told(state == "waiting")
        period = period.previous()
    letters = "".join(state[0] for state in states)
    length = len(letters) - len(letters.lstrip("w"))
    run = run_up_to(Q4, held)
    assert (run.number if run else 0) == length
    if run:
        back = Q4
        for _ in range(length - 1):
            back = back.previous()
        assert run.first == back


# The day it is expected on


@pytest.mark.parametrize(
    ("own", "days", "result"),
    [
        (DAY, [], (DAY, False, False)),
        (DAY - timedelta(days=1), [], (DAY - timedelta(days=1), False, True)),
        (None, [DAY - timedelta(days=9), DAY - timedelta(days=1)], (DAY - timedelta(days=1), True, True)),
        (None, [DAY - timedelta(days=9), None], (None, False, False)),
        (DAY, [DAY - timedelta(days=1)], (DAY, False, False)),
        (None, [], (None, False, False)),
    ],
)
def test_expected_day_when_the_figure_gives_none_then_it_is_that_of_its_issues(own, days, result):
    assert expected(own, [OpenIssue("x", "X", day) for day in days], DAY) == result


def test_reason_when_coded_then_it_is_in_words():
    assert reason_words("not_reportable", "system_change") == "Not reportable: the case system changed"
    assert reason_words("x", "") == "Not available"


# Selector and pages


def missing(reason=MissingReason.NOT_REPORTABLE, **details):
    said = {"not_reportable_code": "data_validation"} if reason is MissingReason.NOT_REPORTABLE else {}
    said |= {"responsible_role": "Data lead", "expected_on": DAY, "commentary": "It cannot be told."}
    return b.a_cell(missing=reason, **said | details)


def figure(number):
    """A figure that no check stops, whatever stood before."""
    return b.a_cell(80 + number % 9, 100, commentary="As expected.", keep_reason="It was counted twice")


def cells_of(scorecard, number, first):
    """What the lines of a quarter's return hold: the first line the cell given, or else a figure."""
    series = list(scorecard.lines.order_by("order").values_list("series", flat=True))
    return {pk: first if first and pk == series[0] else figure(number) for pk in series}


def quarters_of(scorecard, *cells):
    """Approved returns up to 2021/22 Q4, one quarter each, whose first line is the cell given (None: a figure)."""
    period = Quarter(2021, 5 - len(cells))
    for number, cell in enumerate(cells):
        at = b.moment(period.end_on + timedelta(days=10))
        b.a_return(scorecard, period, state="approved", cells=cells_of(scorecard, number, cell), at=at)
        period = period.next()


@pytest.fixture
def board(db, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def test_real_figures_when_listed_then_six_wait_and_none_has_a_date(real, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=real))
    page, file = "/doncaster/not-reportable/", "/doncaster/not-reportable.csv"
    assert assert_same(client, page, file, NOT_REPORTABLE_TABLE, "Figures that are not reportable") == 6
    text = words(soup_of(client, page).main.get_text(" "))
    summary = (
        "4 figures are not reportable and 2 not available; none is overdue, none has an expected date. "
        "All have been so since 2021/22 Q4."
    )
    assert summary in text
    assert "Not reportable: the tool was not yet in the case system" in text
    assert "known since 7 July 2022 Doncaster Children's Services Trust role not stated no date given" in text
    assert "The tracker of care proceedings" not in text, "it has a figure"
    home = words(soup_of(client, "/doncaster/").main.get_text(" "))
    assert summary in home
    assert len(csv_of(client, f"{file}?scorecard=contract")[1]) == 1
    assert len(csv_of(client, f"{file}?due=overdue")[1]) == 0
    assert len(csv_of(client, f"{file}?due=none&partner=trust")[1]) == 6
    assert "No figure passes these filters" in words(soup_of(client, f"{page}?due=overdue").get_text(" "))


def test_run_of_approved_returns_when_listed_then_it_is_told_since_its_first(partnership, board):
    scorecard = b.a_scorecard(2, code="contract")
    quarters_of(scorecard, missing(), None, missing(), missing(expected_on=date(2022, 7, 6)))
    (row,) = not_reportable(partnership, today=b.TODAY)
    assert (row.since, row.periods, row.known_on) == (Q3.slug, 2, date(2022, 1, 10))
    assert (row.code, row.reason_code, row.responsible_role) == ("contract-1", "data_validation", "Data lead")
    assert (row.partner_code, row.period, row.is_overdue) == ("trust", Q4.slug, True)
    assert not not_reportable(partnership, today=date(2022, 7, 6))[0].is_overdue, "the day itself is in time"
    text = words(soup_of(board, URL).main.get_text(" "))
    assert "1 figure is not reportable; 1 is overdue, it has an expected date." in text
    assert "It has been so since 2021/22 Q3, for 2 periods." in text
    assert "2021/22 Q3, 2 periods known since 10 January 2022" in text
    assert "6 July 2022 overdue" in text
    assert_same(board, URL, "/northshire/not-reportable.csv", NOT_REPORTABLE_TABLE, "Figures that are not reportable")


def test_figure_when_it_is_not_approved_then_the_list_does_not_know_it(partnership):
    scorecard = b.a_scorecard(2, code="contract")
    quarters_of(scorecard, None)
    b.a_return(scorecard, Q4.next(), state="signed_off", cells=cells_of(scorecard, 5, missing()))
    assert not_reportable(partnership, today=b.TODAY) == []


def test_figure_when_it_is_corrected_then_it_leaves_the_list_once_that_is_approved(partnership):
    scorecard = b.a_scorecard(2, code="contract")
    quarters_of(scorecard, missing())
    line = scorecard.lines.order_by("order").first()
    row = b.a_return(scorecard, Q4)
    made = b.a_restatement(row, [line.series])
    b.keep(made, {line.series: figure(5)})
    b.submit(made)
    b.sign_off(made)
    assert len(not_reportable(partnership, today=b.TODAY)) == 1
    b.accept(made)
    assert not_reportable(partnership, today=b.TODAY) == []


def test_line_when_it_no_longer_stands_on_the_scorecard_then_it_is_not_listed(partnership):
    scorecard = b.a_scorecard(2, code="contract")
    quarters_of(scorecard, missing())
    ScorecardLine.objects.filter(scorecard=scorecard).update(until_on=Q4.end_on)
    assert len(not_reportable(partnership, today=b.TODAY)) == 1
    ScorecardLine.objects.filter(scorecard=scorecard).update(until_on=Q4.end_on - timedelta(days=1))
    assert not_reportable(partnership, today=b.TODAY) == []


def test_figure_when_it_is_only_told_in_words_then_nobody_has_to_make_it_reportable(partnership):
    scorecard = b.a_scorecard(2, code="contract")
    quarters_of(scorecard, missing(MissingReason.NARRATIVE_ONLY))
    assert not_reportable(partnership, today=b.TODAY) == []
    other = b.a_scorecard(2, code="other")
    quarters_of(other, missing(MissingReason.NOT_AVAILABLE))
    found = counted(not_reportable(partnership, today=b.TODAY))
    assert (found.not_available, found.not_reportable, found.total) == (1, 0, 1)
    assert found.words == "1 figure is not available; none is overdue, it has an expected date."


def test_home_and_page_when_every_figure_is_reportable_then_they_say_so(partnership, board):
    quarters_of(b.a_scorecard(2, code="contract"), None)
    assert "Every figure is reportable" in words(soup_of(board, URL).get_text(" "))
    assert "not-reportable" not in board.get("/northshire/").content.decode()


@pytest.mark.once
def test_list_when_lines_and_history_grow_then_the_number_of_queries_does_not(
    partnership, django_assert_max_num_queries
):
    quarters_of(b.a_scorecard(2, code="contract"), missing())

    def queries():
        with CaptureQueriesContext(connection) as found:
            not_reportable(partnership, today=b.TODAY)
        return len(found)

    few = queries()
    for code in ("a", "b", "c"):
        scorecard = b.a_scorecard(3, code=code)
        quarters_of(scorecard, missing(), missing(), missing(), missing())
        b.an_issue(f"Issue of {code}", scorecard.lines.order_by("order").first().series.indicator)
    assert len(not_reportable(partnership, today=b.TODAY)) == 4
    assert queries() == few
    assert few <= 8
