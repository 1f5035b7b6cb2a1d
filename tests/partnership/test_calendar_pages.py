"""The reporting calendar on the rounds page and the home: deadline rules, lateness, completeness, locks, exceptions."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import DeadlineRule, LockException, ReportingRound
from indicators.operations import grant_lock_exception, lock_round
from indicators.roles import Role
from partnership.selectors.boards import progress_of
from tests import builders as b

pytestmark = pytest.mark.django_db

ROUNDS = "/northshire/rounds/"
EXCEPTIONS = "/northshire/rounds/contract/2021-22-q4/exceptions/"
DUE = date(2022, 4, 22)
RULE = {
    "form": "rule",
    "scorecard": "contract",
    "working_days": "15",
    "from_on": "1 April 2022",
    "authority": "Contract",
}


@pytest.fixture
def administrator(partnership):
    b.a_scorecard(2)
    return b.a_user(Role.ADMINISTRATOR, display_name="Head of performance")


@pytest.fixture
def client(administrator, signed_in):
    return signed_in(administrator)


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


# Deadline rules


def test_rule_when_set_then_the_page_says_it_and_what_the_next_round_would_get(client):
    b.a_round()
    page = text_of(client.post(ROUNDS, RULE, follow=True))
    assert "due on the 15th working day after the period ends (Contract)" in page
    assert "2022/23 Q1 would be due on 21 July 2022." in page
    assert DeadlineRule.objects.get().from_on == date(2022, 4, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"working_days": "0"}, "Working days must be 1 or more"),
        ({"working_days": "251"}, "Working days must be 250 or fewer"),
        ({"working_days": "soon"}, "must be a number"),
        ({"authority": ""}, "Enter the authority"),
        ({"from_on": "31 June 2022"}, "must be a date that exists"),
        ({"scorecard": "none"}, "Choose the scorecard from the list"),
    ],
)
def test_rule_when_it_is_wrong_then_the_page_says_so_at_its_own_box(client, changes, sentence):
    page = client.post(ROUNDS, RULE | changes)
    assert sentence in text_of(page)
    (link,) = BeautifulSoup(page.content, "lxml").select(".govuk-error-summary__list a")
    assert link["href"] == f"#rule_{next(iter(changes))}"
    assert not DeadlineRule.objects.exists()


def test_rule_when_one_holds_already_then_it_is_a_sentence(client):
    client.post(ROUNDS, RULE)
    assert "A rule holds from 1 April 2022 already" in text_of(client.post(ROUNDS, RULE))


def test_round_when_opened_without_a_date_then_the_rule_gives_it_and_it_can_be_moved(client):
    client.post(ROUNDS, RULE)
    page = text_of(client.post(ROUNDS, {"scorecard": "contract", "period": "Q1 22/23", "due_on": ""}, follow=True))
    assert "They are due on the 15th working day after the period ends (Contract): 21 July 2022." in page
    assert ReportingRound.objects.get().due_on == date(2022, 7, 21)
    moved = {"due_on": "29 July 2022", "reason": "Agreed with the contract board."}
    client.post("/northshire/rounds/contract/2022-23-q1/due-date/", moved)
    assert ReportingRound.objects.get().due_on == date(2022, 7, 29)


@pytest.mark.parametrize(
    ("period", "due_on", "kept", "said"),
    [
        ("Q1 22/23", "29 July 2022", date(2022, 7, 29), "They are due on 29 July 2022."),
        ("Q4 21/22", "", None, "No due date is given"),
    ],
)
def test_round_when_a_date_is_given_or_no_rule_holds_then_it_is_as_given(client, period, due_on, kept, said):
    client.post(ROUNDS, RULE)
    page = client.post(ROUNDS, {"scorecard": "contract", "period": period, "due_on": due_on}, follow=True)
    assert said in text_of(page)
    assert ReportingRound.objects.get().due_on == kept


def test_round_when_working_days_cannot_be_counted_then_the_date_is_asked_for(client):
    client.post(ROUNDS, RULE)
    page = text_of(client.post(ROUNDS, {"scorecard": "contract", "period": "Q1 2060/61", "due_on": ""}))
    assert "bank holidays are known from" in page
    assert "Give the due date." in page
    assert not ReportingRound.objects.exists()


# Completeness and timeliness


@pytest.fixture
def two(administrator):
    """Two partners owe the round: the trust came in late with both lines, the police are overdue."""
    scorecard = b.a_scorecard()
    police = b.a_partner("police")
    b.an_indicator("theirs", scorecard=scorecard, partner=police)
    b.a_round(scorecard, due_on=DUE, at=b.moment(date(2022, 4, 1)))
    trust = b.a_return(scorecard, partner=b.a_partner())
    b.fill(trust, at=b.moment(date(2022, 4, 26)))
    b.submit(trust, at=b.moment(date(2022, 4, 26)))
    return trust


STATES = (
    "Northshire Police: Open Overdue by 51 working days; 0 of 1 line filled in",
    "Northshire Children's Trust: Submitted Late by 2 working days; 2 of 2 lines filled in",
    "1 of 2 returns is in, 1 late; 1 is overdue",
    "Northshire Police: 0 of 1 return is in; 1 is overdue.",
    "Northshire Children's Trust: 1 of 1 return is in, 1 late.",
)


def test_rounds_page_and_home_when_one_is_late_and_one_overdue_then_both_say_so(two, client, signed_in):
    for page in (text_of(client.get(ROUNDS)), text_of(signed_in(b.the_people().acceptor).get("/northshire/"))):
        for said in STATES:
            assert said in page, said


def test_work_when_a_return_is_overdue_then_its_own_line_says_by_how_much(two, signed_in):
    police = b.the_people(b.a_partner("police")).analyst
    page = text_of(signed_in(police).get("/northshire/"))
    assert "22 April 2022 Overdue by 51 working days Open 0 of 1 line filled in Enter figures" in page


def test_home_when_no_due_date_is_given_then_it_says_so_and_nothing_is_late(partnership, signed_in):
    b.a_return(b.a_scorecard(1))
    page = text_of(signed_in(b.the_people().analyst).get("/northshire/"))
    assert page.count("No due date given") == 2
    assert "verdue" not in page


@pytest.mark.parametrize(("today", "is_late"), [(DUE, False), (date(2022, 4, 24), False), (date(2022, 4, 25), True)])
def test_round_when_its_due_day_has_passed_then_late_only_once_a_working_day_has(partnership, today, is_late):
    b.a_round(b.a_scorecard(1), due_on=DUE)
    (progress,) = progress_of(partnership, today)
    assert progress.is_late is is_late


def test_round_when_everything_came_in_late_then_nothing_is_overdue_any_more(partnership):
    b.a_round(b.a_scorecard(1), due_on=DUE)
    b.a_return(state="submitted")
    (progress,) = progress_of(partnership, b.TODAY)
    assert (progress.is_late, progress.completeness.words()) == (False, "1 of 1 return is in, 1 late")


def test_pages_when_there_are_many_rounds_then_the_number_of_queries_is_the_same(partnership, client, signed_in):
    people = b.the_people()

    def queries() -> list[int]:
        found = []
        for who, url in ((client, ROUNDS), (signed_in(people.analyst), "/northshire/")):
            who.get(url)
            with CaptureQueriesContext(connection) as context:
                who.get(url)
            found.append(len(context))
        return found

    b.a_round()
    few = queries()
    for _ in range(6):
        b.tick(b.a_scorecard(2), state="filled")
    assert queries() == few


# Locks and exceptions


@pytest.fixture
def locked(administrator):
    row = b.a_return()
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=b.NOW)
    return row


CLOSED = (
    "Closed for 2021/22 Q4 since 7 July 2022 (Head of performance: Published); "
    "ask Head of performance (administrator) to reopen."
)


def test_rounds_page_and_home_when_locked_then_they_say_why_and_whom_to_ask(locked, client, signed_in):
    assert CLOSED in text_of(client.get(ROUNDS))
    home = text_of(signed_in(b.the_people().analyst).get("/northshire/"))
    assert home.count(CLOSED) == 2
    assert "Locked: read why" in home


def test_rounds_page_when_all_is_accepted_and_locked_then_it_says_who_approved(client, administrator):
    row = b.a_return(state="approved")
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=b.NOW)
    assert "since 7 July 2022, approved by Trust acceptor (Head of performance: Published)" in text_of(
        client.get(ROUNDS)
    )


def test_exception_when_given_then_every_page_says_for_whom_until_when(locked, client, signed_in):
    people = b.the_people()
    sent = {"form": "give", "person": people.analyst.pk, "until_on": "14 July 2022", "reason": "A school was late."}
    page = text_of(client.post(EXCEPTIONS, sent, follow=True))
    assert "Trust analyst may enter figures until 14 July 2022, that day included." in page
    assert "A school was late." in page
    assert "Open for Trust analyst until 14 July 2022 (inclusive)." in text_of(client.get(ROUNDS))
    home = text_of(signed_in(people.analyst).get("/northshire/"))
    assert f"{CLOSED[:-1]}. Open for you until 14 July 2022, that day included." in home
    assert "Enter figures" in home
    other = text_of(signed_in(people.second_analyst).get("/northshire/"))
    assert "Open for you" not in other
    assert "Locked: read why" in other


def test_exception_when_its_last_day_is_over_then_the_home_says_locked_again(locked, client, signed_in, monkeypatch):
    people = b.the_people()
    grant_lock_exception(
        reporting_round=locked.round, user=people.analyst, until_on=date(2022, 7, 14), reason="Late.",
        by=people.acceptor, at=b.NOW,
    )  # fmt: skip
    for day, is_open in ((date(2022, 7, 14), True), (date(2022, 7, 15), False)):
        monkeypatch.setattr("partnership.clock.now", lambda day=day: b.moment(day, 23))
        page = text_of(signed_in(people.analyst).get("/northshire/"))
        assert ("Open for you until 14 July 2022" in page, "Locked: read why" in page) == (is_open, not is_open)
        assert ("Trust analyst" in text_of(client.get(ROUNDS))) is is_open


def test_exception_when_ended_then_it_is_gone(locked, client):
    people = b.the_people()
    client.post(
        EXCEPTIONS, {"form": "give", "person": people.analyst.pk, "until_on": "14 July 2022", "reason": "Late."}
    )
    made = LockException.objects.get()
    assert "Enter the reason" in text_of(client.post(EXCEPTIONS, {"form": "end", "exception": made.pk, "reason": ""}))
    page = text_of(client.post(EXCEPTIONS, {"form": "end", "exception": made.pk, "reason": "Done."}, follow=True))
    assert "The exception for Trust analyst has ended." in page
    assert "No exception holds today" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until_on": "6 July 2022"}, "6 July 2022 is over"),
        ({"until_on": ""}, "Enter the last day"),
        ({"reason": ""}, "Enter the reason"),
        ({"person": "0"}, "Choose the person from the list"),
    ],
)
def test_exception_when_something_is_wrong_then_it_is_said_and_nothing_is_given(locked, client, changes, sentence):
    sent = {"form": "give", "person": b.the_people().analyst.pk, "until_on": "14 July 2022", "reason": "Late."}
    assert sentence in text_of(client.post(EXCEPTIONS, sent | changes))
    assert not LockException.objects.exists()


def test_exceptions_page_when_the_round_is_open_then_nobody_needs_one(administrator, client):
    b.a_round()
    page = text_of(client.get(EXCEPTIONS))
    assert "This round is open, so nobody needs an exception." in page
    assert "Let a person enter figures" not in page


def test_exceptions_page_when_it_offers_people_then_those_who_may_enter_its_figures(locked, client):
    people = b.the_people()
    b.a_user(Role.ANALYST, partner=b.a_partner("police"), display_name="Police analyst")
    page = BeautifulSoup(client.get(EXCEPTIONS).content, "lxml")
    offered = [option.get_text(strip=True) for option in page.select("#id_person option")]
    assert offered == [str(people.analyst), str(people.second_analyst)]


def test_pages_when_read_then_no_id_is_given_twice(locked, client):
    people = b.the_people()
    client.post(
        EXCEPTIONS, {"form": "give", "person": people.analyst.pk, "until_on": "14 July 2022", "reason": "Late."}
    )
    for url in (ROUNDS, EXCEPTIONS):
        ids = [e["id"] for e in BeautifulSoup(client.get(url).content, "lxml").select("[id]")]
        assert sorted(ids) == sorted(set(ids))


def test_demonstration_when_set_up_then_no_deadline_rule_is_invented(real):
    assert not DeadlineRule.objects.exists()
    assert not ReportingRound.objects.filter(due_on__isnull=False).exists()


def test_rule_when_another_partnerships_scorecard_is_named_then_refused(client):
    elsewhere = b.a_partnership("southshire", "E06000098")
    b.Scorecard.objects.create(partnership=elsewhere, code="theirs", name="Theirs", order=1)
    assert "Choose the scorecard from the list" in text_of(client.post(ROUNDS, RULE | {"scorecard": "theirs"}))
