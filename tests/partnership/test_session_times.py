"""When a session ends: after an hour without a page, after the working day, and nothing typed is lost."""

import pytest
from django.test import Client

from indicators.models import ReportingRound
from indicators.roles import Role
from partnership import session_times
from tests import builders as b
from tests.partnership.account_world import Machine, hidden, said, sign_in, soup

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROUND = "/northshire/rounds/contract/2021-22-q4/"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def person(partnership):
    return b.a_user(Role.ADMINISTRATOR, display_name="Head of systems")


@pytest.fixture
def client(person, machine):
    made = Client()
    sign_in(made, person)
    return made


def is_in(client):
    return client.get("/northshire/").status_code == 200


def test_session_when_nothing_is_done_for_an_hour_then_over_and_it_says_why(client, machine):
    for _ in range(5):
        machine.wait(minutes=59)
        assert is_in(client)
    machine.wait(minutes=60, seconds=1)
    told = client.get("/northshire/people/", follow=True)
    assert told.redirect_chain[0][0] == "/sign-in/?next=/northshire/people/"
    assert "You were signed out because nothing was done for 60 minutes." in said(told)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["/account/second-factor/", "/sign-in/", "/account/"])
def test_pages_of_the_account_when_the_hour_is_over_then_they_serve_nobody(client, machine, address):
    machine.wait(minutes=61)
    assert "Forgotten your password?" in said(client.get(address, follow=True))


def test_session_when_always_used_then_over_after_eight_hours(client, machine):
    for _ in range(16):
        machine.wait(minutes=29)
        assert is_in(client)
    assert client.get("/session/left/").json() == {"seconds": 960, "can_stay": False}
    machine.wait(minutes=17)
    assert not is_in(client)


def test_setting_when_nought_then_only_the_day_ends_it(client, machine, settings):
    settings.SESSION_IDLE_MINUTES = 0
    machine.wait(hours=7)
    assert is_in(client)


def test_script_when_it_asks_then_told_what_is_left_and_only_staying_makes_it_longer(client, machine):
    machine.wait(minutes=40)
    assert client.get("/session/left/").json() == {"seconds": 1200, "can_stay": True}
    machine.wait(minutes=10)
    assert client.get("/session/left/").json()["seconds"] == 600, "asking is not doing something"
    assert client.post("/session/stay/").json() == {"seconds": 3600, "can_stay": True}
    machine.wait(minutes=61)
    assert client.get("/session/left/").status_code == 401
    assert client.post("/session/stay/").status_code == 401
    assert Client(enforce_csrf_checks=True).post("/session/stay/").status_code == 403


def test_page_when_shown_then_it_knows_when_to_look_and_who_is_not_signed_in_gets_no_warning(client, machine):
    dialog = soup(client.get("/northshire/")).select_one("dialog#timeout")
    assert (dialog["role"], dialog["data-first"], dialog["data-warned"]) == ("alertdialog", "3300", "300")
    assert soup(Client().get("/sign-in/")).select_one("dialog") is None
    assert soup(Client().get("/data/")).select_one("dialog") is None


def test_form_when_sent_after_the_hour_then_nothing_typed_is_lost(client, machine, person):
    b.a_return(b.a_scorecard(1))
    page = client.get("/northshire/rounds/")
    form = {e["name"]: e.get("value", "") for e in soup(page).select(f'form[action="{ROUND}"] input')}
    machine.wait(minutes=61)
    ended = client.post(ROUND, form | {"reason": "The “committee” has met"})
    assert ended.status_code == 403
    again = sign_in(client, person, **hidden(ended, "/sign-in/"))
    assert "What you typed is shown below and is not saved yet." in said(again)
    assert ReportingRound.objects.get().state == "open"


def test_seconds_left_when_the_day_ends_first_then_staying_does_not_help():
    assert session_times.seconds_left(0, 600, 60, 7000) == (3000, True)
    assert session_times.seconds_left(0, 600, 60, 1000) == (1000, False)
    assert session_times.seconds_left(0, 9000, 60, 1000) == (0, False)
