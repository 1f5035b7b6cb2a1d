"""How returns stand against their due date, how much of each is filled in, and what a locked one's pages say."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.deadlines import ExpectedReturn, Timeliness, TimelinessKind, timeliness
from indicators.models import DraftCell, IndicatorVersion, Return
from indicators.operations import grant_lock_exception, lock_round
from indicators.roles import Role
from indicators.selectors.returns import sheet_of
from indicators.selectors.timeliness import expected_of, standings_of, timeliness_of, with_arrivals
from indicators.working_days import WorkingCalendar
from tests import builders as b
from tests.indicators.return_pages import address, form_of, soup, summary, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DUE = date(2022, 4, 22)  # a Friday


@pytest.fixture
def measure(partnership):
    return b.an_indicator()


@pytest.fixture
def people(measure):
    return b.the_people()


@pytest.fixture
def row(people):
    b.a_round(due_on=DUE, at=b.moment(date(2022, 4, 1)))
    return b.fresh(b.a_return())


def come_in(row, day, hour=10):
    """The return is filled and first submitted at that hour of that day."""
    b.fill(row, at=b.moment(day, hour))
    return b.submit(row, at=b.moment(day, hour))


# Timeliness


@pytest.mark.parametrize(
    ("came_in", "said"),
    [
        (date(2022, 4, 21), "on time"),
        (DUE, "on time"),
        (date(2022, 4, 24), "on time"),
        (date(2022, 4, 25), "late by 1 working day"),
        (date(2022, 5, 3), "late by 6 working days"),
    ],
)
def test_return_when_submitted_then_late_by_working_days_of_the_first_submission(came_in, said, row, people) -> None:
    come_in(row, came_in)
    b.send_back(row, at=b.moment(date(2022, 6, 1)))
    b.submit(row, at=b.moment(date(2022, 6, 20)))
    stands = timeliness_of(b.fresh(row), b.TODAY)
    assert stands.words() == said
    assert expected_of(b.fresh(row)).returned_on == came_in


@pytest.mark.parametrize(
    ("again", "came_in", "said"),
    [
        (None, None, "overdue by 51 working days"),
        (date(2022, 4, 22), date(2022, 4, 22), "on time"),
        (date(2022, 4, 26), date(2022, 4, 26), "late by 2 working days"),
    ],
)
def test_return_when_taken_back_then_it_is_in_with_the_next_submission_alone(
    again, came_in, said, row, people, signed_in, django_assert_num_queries
) -> None:
    come_in(row, date(2022, 4, 20))
    b.take_back(row, at=b.moment(date(2022, 4, 21)))
    if again:
        b.submit(row, at=b.moment(again))
    assert timeliness_of(b.fresh(row), b.TODAY).words() == said
    assert expected_of(b.fresh(row)).returned_on == came_in
    (held,) = Return.objects.select_related("round", "partner").prefetch_related(with_arrivals())
    with django_assert_num_queries(0):
        assert expected_of(held).returned_on == came_in
    page = words(signed_in(people.analyst).get(address("return", row)))
    assert f"Due 22 April 2022: {said}" in page
    assert ("Came in" in page) == bool(again)


def test_return_when_sent_back_and_then_taken_back_then_the_first_submission_stands(row, people) -> None:
    come_in(row, date(2022, 4, 20))
    b.send_back(row, at=b.moment(date(2022, 5, 2)))
    b.submit(row, at=b.moment(date(2022, 5, 10)))
    b.take_back(row, at=b.moment(date(2022, 5, 11)))
    assert expected_of(b.fresh(row)).returned_on == date(2022, 4, 20)


def test_return_when_submitted_in_the_hour_before_midnight_in_london_then_of_that_day(row, people) -> None:
    """23:30 in London is 22:30 UTC; half past midnight in London is still the day before in UTC."""
    come_in(row, DUE, 23)
    assert expected_of(b.fresh(row)).returned_on == DUE
    other = b.a_return(period=b.Q3)
    come_in(other, date(2022, 4, 23), 0)
    assert expected_of(b.fresh(other)).returned_on == date(2022, 4, 23)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2022, 4, 14), "due in 4 working days, on 22 April 2022"),
        (DUE, "due on 22 April 2022"),
        (date(2022, 4, 24), "due on 22 April 2022"),
        (date(2022, 4, 25), "overdue by 1 working day"),
    ],
)
def test_return_when_not_in_then_due_or_overdue(today, said, row) -> None:
    assert timeliness_of(row, today).words() == said


def test_return_when_loaded_from_a_paper_then_its_day_is_not_given_and_nothing_is_invented(real) -> None:
    row = Return.objects.select_related("round__period", "partner").get(round__scorecard__code="contract")
    assert timeliness_of(row, b.TODAY).words() == "no due date given"
    row.round.due_on = DUE
    assert timeliness_of(row, b.TODAY).words() == "in, on a day that is not given (due on 22 April 2022)"
    assert expected_of(row).returned_on is None


def test_correction_when_open_then_no_calendar_asks_for_it(row, people, measure) -> None:
    come_in(row, DUE)
    b.sign_off(row)
    b.accept(row)
    correction = b.a_restatement(b.fresh(row), [measure.series])
    stands = standings_of([correction], b.TODAY)[correction.pk]
    assert (stands.timeliness, stands.is_expected, stands.lines_words) == (None, False, "")


SHORT = WorkingCalendar(date(2022, 4, 1), date(2022, 4, 30), frozenset())
UNKNOWN = "(working days are not counted, as bank holidays are not known)"


@pytest.mark.parametrize(
    ("due", "returned", "today", "said"),
    [
        (None, None, "2022-04-25", "no due date given"),
        ("2022-04-22", None, "2022-04-20", "due in 2 working days"),
        ("2022-04-22", None, "2022-04-22", ""),
        ("2022-04-22", None, "2022-04-25", "overdue by 1 working day"),
        ("2022-04-22", "2022-04-26", "2022-04-29", "late by 2 working days"),
        ("2022-04-22", "2022-04-22", "2022-04-29", "on time"),
        ("2022-04-22", None, "2022-06-01", f"overdue {UNKNOWN}"),
        ("2022-04-22", "2022-05-20", "2022-06-01", f"late {UNKNOWN}"),
        ("2022-06-22", None, "2022-04-20", ""),
    ],
)
def test_state_when_beside_its_date_then_the_date_is_not_said_again(due, returned, today, said) -> None:
    day = {k: date.fromisoformat(v) if v else None for k, v in {"due": due, "returned": returned}.items()}
    stands = timeliness(ExpectedReturn("1", "Trust", day["due"], day["returned"]), date.fromisoformat(today), SHORT)
    assert stands.beside_date() == said


def test_state_when_loaded_then_beside_its_date_it_says_that_the_day_is_not_given() -> None:
    stands = Timeliness(TimelinessKind.DAY_NOT_GIVEN, DUE)
    assert stands.beside_date() == "in, on a day that is not given"


# Lines


def counted_on_the_page(row, today=b.TODAY) -> tuple[int, int]:
    """The second calculation: what the return's own sheet shows."""
    lines = sheet_of(b.fresh(row)).lines
    return sum(line.measured is not None for line in lines), len(lines)


def counted(rows) -> dict[int, tuple[int, int]]:
    read = Return.objects.select_related("round__period", "partner").filter(pk__in=[r.pk for r in rows])
    return {pk: (s.filled, s.lines) for pk, s in standings_of(read, b.TODAY).items()}


def test_lines_when_counted_for_many_returns_then_as_many_as_each_page_shows(partnership) -> None:
    contract, other = b.a_scorecard(4), b.a_scorecard(3, code="other")
    police = b.a_partner("police")
    b.an_indicator("theirs", scorecard=contract, partner=police)
    b.an_indicator("yearly", scorecard=contract, frequency="financial_year")
    empty = b.a_return(contract, b.Q4, partner=b.a_partner())
    half = b.a_return(other, b.Q4)
    series = [due.line.series for due in b.returns.lines_due(b.fresh(half))]
    b.keep(half, {series[0]: b.a_cell(85, 100), series[1]: b.a_cell(None, commentary="Waits for the school.")})
    done = b.a_return(other, b.Q3, state="approved")
    theirs = b.a_return(contract, b.Q4, partner=police, state="submitted")
    rows = [empty, half, done, theirs]
    assert counted(rows) == {row.pk: counted_on_the_page(row) for row in rows}
    assert counted(rows) == {empty.pk: (0, 4), half.pk: (1, 3), done.pk: (3, 3), theirs.pk: (1, 1)}


def test_lines_when_a_figure_is_emptied_again_then_it_is_not_filled_in(people, measure) -> None:
    row = b.a_return(state="returned")
    assert counted([row]) == {row.pk: (1, 1)}
    DraftCell.objects.create(
        in_return=row, series=measure.series, commentary="Waits.", updated_by=people.analyst, updated_at=b.NOW
    )
    assert counted([row]) == {row.pk: (0, 1)} == {row.pk: counted_on_the_page(row)}


def test_lines_when_a_definition_begins_later_or_a_line_has_ended_then_not_counted(partnership) -> None:
    scorecard = b.a_scorecard(3)
    first, second, _ = scorecard.lines.all()
    with b.unprotected():
        IndicatorVersion.objects.filter(indicator=first.series.indicator).update(valid_from=b.a_period(b.Q4.next()))
    second.until_on = date(2022, 3, 30)
    second.save()
    row = b.a_return(scorecard)
    assert counted([row]) == {row.pk: (0, 1)} == {row.pk: counted_on_the_page(row)}


def test_standings_when_there_are_many_returns_then_the_number_of_queries_is_the_same(partnership) -> None:
    def queries(code: str) -> int:
        rows = Return.objects.filter(round__scorecard__code=code).select_related("round__period", "partner")
        with CaptureQueriesContext(connection) as context:
            standings_of(rows.prefetch_related(with_arrivals()), b.TODAY)
        return len(context)

    b.a_return(b.a_scorecard(1), state="approved")
    many = b.a_scorecard(20, code="many")
    for period in (b.Q3, b.Q4, b.Q4.next()):
        b.a_return(many, period)
    assert queries("contract") == queries("many") <= 7


# Pages


def test_status_when_a_return_is_due_then_the_date_the_state_and_the_lines_stand_there(row, people, signed_in) -> None:
    page = words(signed_in(people.analyst).get(address("return", row)))
    assert "Due 22 April 2022: overdue by 51 working days" in page
    assert "Completeness 0 of 1 line filled in" in page
    come_in(row, DUE)
    page = words(signed_in(people.analyst).get(address("return", row)))
    assert "Due 22 April 2022: on time Came in 22 April 2022 Completeness 1 of 1 line filled in" in page


def test_list_when_read_then_one_query_tells_when_all_of_them_came_in(partnership, people) -> None:
    for period in (b.Q3, b.Q4, b.Q4.next()):
        b.a_return(b.a_scorecard(2, code="many"), period)
    rows = Return.objects.select_related("round__period", "partner").prefetch_related(with_arrivals())
    held = list(rows)
    with CaptureQueriesContext(connection) as context:
        assert [timeliness_of(r, b.TODAY).words() for r in held] == ["no due date given"] * len(held)
    assert len(context) == 0


@pytest.fixture
def administrator(partnership):
    return b.a_user(Role.ADMINISTRATOR, display_name="Head of performance")


@pytest.fixture
def locked(row, administrator):
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=b.NOW)
    return b.fresh(row)


CLOSED = (
    "This return is closed for 2021/22 Q4 since 7 July 2022 (Head of performance: Published); "
    "ask Head of performance (administrator) to reopen."
)


@pytest.fixture
def exempt(locked, people, administrator):
    grant_lock_exception(
        reporting_round=locked.round, user=people.analyst, until_on=date(2022, 7, 14), reason="Late.",
        by=administrator, at=b.NOW,
    )  # fmt: skip
    return locked


@pytest.mark.parametrize("name", ["return_entry", "return_upload"])
def test_entry_and_upload_when_locked_then_the_status_page_says_why_and_whom_to_ask(
    name, locked, people, signed_in
) -> None:
    page = signed_in(people.analyst).get(address(name, locked), follow=True)
    assert page.request["PATH_INFO"] == address("return", locked)
    assert CLOSED in words(page)
    assert "Enter figures" not in words(page)


def test_cell_and_form_when_locked_meanwhile_then_both_say_why_and_keep_what_was_typed(
    row, people, signed_in, administrator, measure
) -> None:
    client, pk = signed_in(people.analyst), measure.line.pk
    typed = form_of(client.get(address("return_entry", row)), "#entry")
    typed |= {"line": str(pk), f"c-{pk}-numerator": "85", f"c-{pk}-denominator": "100"}
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=b.NOW)
    answer = client.post(address("return_cell", row), typed)
    assert (answer.status_code, answer.json()["message"]) == (409, CLOSED)
    page = client.post(address("return_entry", row), typed | {"do": "save"})
    assert summary(page)[0][0] == CLOSED
    assert soup(page).select_one(f"#c-{pk}-numerator")["value"] == "85"


def test_pages_when_an_exception_holds_then_figures_go_in_until_its_last_day(exempt, people, signed_in, monkeypatch):
    client = signed_in(people.analyst)
    status = words(client.get(address("return", exempt)))
    assert f"{CLOSED} It is open for Trust analyst until 14 July 2022 (inclusive)." in status
    assert "Enter figures" in status
    for name in ("return_entry", "return_upload"):
        page = client.get(address(name, exempt))
        assert page.status_code == 200
        assert "Open for you until 14 July 2022, that day included" in words(page)
    assert client.get(address("return_template", exempt)).status_code == 200
    monkeypatch.setattr("partnership.clock.now", lambda: b.moment(date(2022, 7, 14), 23))
    assert client.get(address("return_entry", exempt)).status_code == 200
    monkeypatch.setattr("partnership.clock.now", lambda: b.moment(date(2022, 7, 15), 0))
    assert client.get(address("return_entry", exempt)).status_code == 302
    over = words(client.get(address("return", exempt)))
    assert CLOSED in over
    assert "14 July 2022" not in over


def test_pages_when_the_exception_is_somebody_elses_then_they_stay_closed(exempt, people, signed_in) -> None:
    page = signed_in(people.second_analyst).get(address("return_entry", exempt), follow=True)
    assert f"{CLOSED} It is open for Trust analyst until 14 July 2022 (inclusive)." in words(page)
    assert "Enter figures" not in words(page)
    listed = [
        soup(signed_in(who).get("/northshire/returns/")).select_one("table.list tbody tr").get_text(" ", strip=True)
        for who in (people.analyst, people.second_analyst)
    ]
    assert ["Enter figures" in one for one in listed] == [True, False]


def test_status_when_accepted_and_locked_then_it_says_who_approved_it(row, people, signed_in, administrator) -> None:
    come_in(row, DUE)
    b.sign_off(row)
    b.accept(row)
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=b.NOW)
    page = words(signed_in(people.analyst).get(address("return", row)))
    assert (
        "closed for 2021/22 Q4 since 7 July 2022, approved by Trust acceptor (Head of performance: Published); "
        "ask Head of performance (administrator) to reopen." in page
    )
    assert "Correct figures" in page


def test_lock_when_made_in_the_hour_before_midnight_then_since_the_day_in_london(row, people, signed_in, administrator):
    at = b.moment(date(2022, 7, 7), 0) + timedelta(minutes=30)
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=at)
    assert "since 7 July 2022" in words(signed_in(people.analyst).get(address("return", row)))
