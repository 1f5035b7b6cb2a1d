"""Administrators: rounds opened, locked and reopened; roles given and ended; first passwords by a link."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client

from indicators.models import GateHolder, Membership, Partnership, ReportingRound, User
from indicators.operations import change_due_date
from indicators.roles import Role
from partnership.selectors.boards import rounds_of
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def administrator(partnership, signed_in):
    builders.a_scorecard(2)
    return signed_in(builders.a_user(Role.ADMINISTRATOR))


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


def test_a_round_is_opened_and_its_return_waits(administrator):
    page = administrator.post(
        "/northshire/rounds/", {"scorecard": "contract", "period": "Q1 22/23", "due_on": "29 July 2022"}, follow=True
    )
    assert "The round is open" in text_of(page)
    assert "2022/23 Q1 29 July 2022" in text_of(page)
    again = administrator.post("/northshire/rounds/", {"scorecard": "contract", "period": "Q1 2022/23"})
    assert "is open already" in text_of(again)


@pytest.mark.parametrize(
    ("period", "sentence"),
    [("Q4 2022", "2021/22"), ("", "Enter the period"), ("Q7 2021/22", "quarter"), ("soon", "for example")],
)
def test_a_period_that_cannot_be_read_is_explained_and_kept(administrator, period, sentence):
    page = administrator.post("/northshire/rounds/", {"scorecard": "contract", "period": period, "due_on": "30/2/2022"})
    assert sentence in text_of(page)
    assert "must be a date that exists" in text_of(page)
    assert f'value="{period}"' in page.content.decode() or period == ""
    assert not ReportingRound.objects.exists()


def test_a_round_is_locked_with_a_reason_and_reopened(administrator):
    builders.a_round()
    url = "/northshire/rounds/contract/2021-22-q4/"
    assert "Say why the round is locked" in text_of(administrator.post(url, {"action": "lock"}, follow=True))
    page = administrator.post(url, {"action": "lock", "reason": "Closed for the July meeting."}, follow=True)
    assert "Closed for 2021/22 Q4 since 7 July 2022 (Administrator" in text_of(page)
    assert ": Closed for the July meeting); ask Administrator" in text_of(page)
    assert ReportingRound.objects.get().state == "locked"
    administrator.post(url, {"action": "reopen"}, follow=True)
    assert ReportingRound.objects.get().state == "open"


DUE = "/northshire/rounds/contract/2021-22-q4/due-date/"


def test_a_due_date_is_set_then_moved_and_the_page_says_why(administrator):
    builders.a_round()
    assert "No due date is set." in text_of(administrator.get(DUE))
    first = {"due_on": "29 July 2022", "reason": "Set by the board"}
    assert "The due date of" in text_of(administrator.post(DUE, first, follow=True))
    rounds = text_of(administrator.get("/northshire/rounds/"))
    assert "29 July 2022 Set on 7 July 2022 by Administrator" in rounds
    second = {"due_on": "5 August 2022", "reason": "The <school> holidays"}
    administrator.post(DUE, second, follow=True)
    rounds = text_of(administrator.get("/northshire/rounds/"))
    assert "5 August 2022 Moved from 29 July 2022 on 7 July 2022 by Administrator" in rounds
    assert "The <school> holidays" in rounds
    assert "Set by the board" not in rounds, "only the last change stands in the table"
    page = text_of(administrator.get(DUE))
    assert "Set to 29 July 2022" in page
    assert "29 July 2022 to 5 August 2022" in page
    assert [str(r.due_on) for r in ReportingRound.objects.all()] == ["2022-08-05"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_on": ""}, "Enter the new due date"),
        ({"due_on": "30 February 2023"}, "must be a date that exists"),
        ({"due_on": "1 July 1922"}, "must be 1990 or later"),
        ({"reason": " "}, "Enter the reason"),
        ({"reason": "x" * 301}, "Reason must be 300 characters or fewer"),
    ],
)
def test_a_due_date_that_cannot_be_kept_is_explained_and_what_was_typed_stays(administrator, changes, sentence):
    builders.a_round()
    typed = {"due_on": "29 July 2022", "reason": "Set by the board"} | changes
    page = administrator.post(DUE, typed)
    assert sentence in text_of(page)
    for text in (text for text in typed.values() if text.strip()):
        assert f'value="{text}"' in page.content.decode()
    assert ReportingRound.objects.get().due_on is None


def test_a_due_date_of_a_locked_round_stays_and_is_not_offered(administrator):
    builders.a_round()
    assert DUE in administrator.get("/northshire/rounds/").content.decode()
    administrator.post("/northshire/rounds/contract/2021-22-q4/", {"action": "lock", "reason": "Closed."})
    assert DUE not in administrator.get("/northshire/rounds/").content.decode()
    page = administrator.post(DUE, {"due_on": "29 July 2022", "reason": "Late"})
    assert "Reopen it before its due date moves" in text_of(page)


def test_a_due_date_of_no_round_is_not_there(administrator):
    builders.a_round()
    assert administrator.get(DUE.replace("2021-22-q4", "2021-22-q3")).status_code == 404
    assert administrator.get(DUE.replace("contract", "none")).status_code == 404


@pytest.mark.parametrize("number", [1, 4])
def test_rounds_are_read_with_their_moves_in_twelve_queries(administrator, number, django_assert_max_num_queries):
    period = builders.Q4
    for _ in range(number):
        made = builders.a_round(period=period)
        by = builders.the_people().acceptor
        change_due_date(reporting_round=made, due_on=date(2023, 7, 28), reason="Set", by=by, at=builders.NOW)
        period = period.next()
    with django_assert_max_num_queries(12):
        found = rounds_of(made.partnership, builders.TODAY)
        assert [[str(move.by) for move in item.round.moved] for item in found] == [[str(by)]] * number


def give(client, **changes):
    fields = {
        "form": "person", "email": "new@example.org", "display_name": "New analyst", "role": "analyst",
        "partner": "trust", "from_on": "1 July 2022", "authority": "Head of performance",
    }  # fmt: skip
    return client.post("/northshire/people/", fields | changes, follow=True)


@pytest.mark.parametrize(("first", "said"), [
    ("7 July 2022", "New analyst now has the role “performance analyst”."),
    ("8 July 2022", "New analyst has the role “performance analyst” from 8 July 2022."),
])  # fmt: skip
def test_role_when_it_begins_later_then_told_as_one_that_does(administrator, first, said):
    assert said in text_of(give(administrator, from_on=first))


def test_people_page_when_its_forms_ask_for_the_same_then_each_label_leads_to_its_own_box(administrator):
    builders.a_gate_holder(builders.a_user("approver"))
    page = BeautifulSoup(administrator.get("/northshire/people/").content, "lxml")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {label["for"] for label in page.select("main form label")} <= set(ids)


def test_a_new_person_gets_a_role_and_sets_a_password_by_the_link_once(administrator):
    page = give(administrator)
    assert "New analyst now has the role “performance analyst”." in text_of(page)
    link = next(word for word in text_of(page).split() if "/set-password/" in word)
    held = Membership.objects.get(user__email="new@example.org")
    assert (held.role, held.partner.code, held.from_on) == ("analyst", "trust", date(2022, 7, 1))
    stranger = Client()
    assert "You will sign in as new@example.org" in text_of(stranger.get(link))
    short = stranger.post(link, {"password": "short", "again": "short"})
    assert "at least 12 characters" in text_of(short)
    differing = stranger.post(link, {"password": "three-odd-words-here", "again": "three-odd-words"})
    assert "The two passwords differ" in text_of(differing)
    done = stranger.post(link, {"password": "three-odd-words-here", "again": "three-odd-words-here"}, follow=True)
    assert "Your password is set" in text_of(done)
    assert builders.signs_in(stranger, "new@example.org", "three-odd-words-here")
    over = Client().get(link)
    assert over.status_code == 410
    assert "This link is over" in text_of(over)
    assert 'Who has chosen a password already <a href="/sign-in/">signs in with it</a>.' in over.content.decode()


def test_nobody_can_be_given_a_link_who_has_a_password(administrator):
    user = builders.a_user(Role.BOARD_MEMBER, email="board@example.org")
    user.set_password("has-one-already")
    user.save()
    page = administrator.post("/northshire/people/", {"form": "link", "person": user.email})
    assert "Choose the person from the list" in text_of(page)
    assert Client().get("/set-password/abc/").status_code == 410


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nobody"}, "E-mail address must look like name@example.org"),
        ({"partner": ""}, "works for one partner"),
        ({"from_on": "31 June 2022"}, "must be a date that exists"),
        ({"until_on": "1 May 2022"}, "The last day lies before the first"),
        ({"authority": ""}, "Enter the authority"),
        ({"authority": "x" * 201}, "Authority must be 200 characters or fewer"),
        ({"from_on": "1 January 1801"}, "must be 1990 or later"),
        ({"role": "king"}, "Choose the role from the list"),
    ],
)
def test_what_is_wrong_with_a_role_is_said_and_nothing_is_kept(administrator, changes, sentence):
    page = give(administrator, **changes)
    assert sentence in text_of(page)
    assert not Membership.objects.filter(user__email="new@example.org").exists()
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_role_ends_on_its_last_day(administrator, signed_in):
    user = builders.a_user(Role.BOARD_MEMBER)
    held = Membership.objects.get(user=user)
    fields = {"form": "end", "role": held.pk, "last_day": "6 July 2022"}
    assert "ends on 6 July 2022" in text_of(administrator.post("/northshire/people/", fields, follow=True))
    assert signed_in(user).get("/northshire/").status_code == 404


def test_the_last_administrator_stays(administrator):
    held = Membership.objects.get(role=Role.ADMINISTRATOR)
    fields = {"form": "end", "role": held.pk, "last_day": "7 July 2022"}
    assert "This is the last administrator" in text_of(administrator.post("/northshire/people/", fields))
    builders.a_user(Role.ADMINISTRATOR, email="second@example.org")
    assert "ends on 7 July 2022" in text_of(administrator.post("/northshire/people/", fields, follow=True))


def test_a_reason_that_is_too_long_is_refused_on_every_database(administrator):
    builders.a_round()
    url = "/northshire/rounds/contract/2021-22-q4/"
    page = administrator.post(url, {"action": "lock", "reason": "x" * 301}, follow=True)
    assert "Shorten the reason" in text_of(page)
    assert ReportingRound.objects.get().state == "open"


def test_a_gate_gets_its_lead_and_deputy(administrator):
    lead = builders.a_user(Role.APPROVER, partner=builders.a_partner(), email="lead@example.org")
    fields = {"form": "gate", "partner": "trust", "gate": "sign_off", "holder": lead.email, "from_on": "1 July 2022",
              "authority": "Chief executive"}  # fmt: skip
    administrator.post("/northshire/people/", fields, follow=True)
    administrator.post("/northshire/people/", fields | {"is_deputy": "on"}, follow=True)
    assert set(GateHolder.objects.values_list("is_deputy", flat=True)) == {False, True}


def test_an_installation_gets_its_first_administrator_by_a_command(db, capsys):
    call_command(
        "add_partnership", "eastshire", "Eastshire partnership", "Eastshire Council", "E06000097", "a@example.org"
    )
    assert "changepassword a@example.org" in capsys.readouterr().out
    assert Membership.objects.get().role == "administrator"
    assert Partnership.objects.get().slug == "eastshire"
    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize("slug", ["data", "api", "symbols", "sign-in", "east shire", "east/shire"])
def test_a_partnership_gets_no_name_that_is_an_address_of_the_service(db, slug):
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("add_partnership", slug, "Name", "Council", "E06000097", "a@example.org")
    assert not Partnership.objects.exists()
