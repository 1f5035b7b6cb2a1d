"""Passwords: the first by invitation, a new one by e-mail or choice; the rules that hold wherever one is set."""

import re
from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from indicators.models import AuditEvent, Invitation, User
from indicators.roles import Role
from partnership import clock
from partnership.operations.invitations import Link, invite
from partnership.selectors.accounts import counts_from
from tests import builders as b
from tests.partnership.account_world import Machine, said, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Kind = AuditEvent.Kind
NEW = "three odd words here"
KNOWN = "board@example.org"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def board(partnership):
    return b.a_user(Role.BOARD_MEMBER, email=KNOWN, display_name="Board member")


@pytest.fixture
def admin(partnership, signed_in):
    return signed_in(b.a_user(Role.ADMINISTRATOR, display_name="Head of systems"))


@pytest.fixture
def newcomer(partnership):
    made = b.a_user(Role.BOARD_MEMBER, email="new@example.org", display_name="Newcomer")
    made.set_unusable_password()
    made.save()
    return made


def of_kind(kind):
    return list(AuditEvent.objects.filter(kind=kind).order_by("pk").values_list("actor", "what"))


def link_in(text: str, what: str) -> str:
    return re.search(rf"http://[^\s]+(/{what}/[^\s]+)", text)[1]


def sent_link(mailoutbox) -> str:
    return link_in(mailoutbox[-1].body, "reset-password")


def ask(email=KNOWN, **headers):
    return Client().post("/reset-password/", {"email": email}, **headers)


def twice(password):
    return {"password": password, "again": password}


def can_sign_in(user, password):
    return sign_in(Client(), user, password).status_code == 302


# A new one by e-mail


def test_reset_when_asked_for_then_the_answer_is_the_same_and_only_who_has_a_password_gets_it(
    board, newcomer, mailoutbox, machine
):
    closed = b.a_user(Role.BOARD_MEMBER, email="closed@example.org")
    closed.is_active = False
    closed.save()
    answers = [ask(email, REMOTE_ADDR="192.0.2.1") for email in (KNOWN, "nobody@example.org", newcomer.email)]
    answers.append(ask(closed.email, REMOTE_ADDR="192.0.2.2"))
    assert len({re.sub(r"csrf\S+", "", said(answer)) for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert "an e-mail is on its way" in said(answers[0])
    assert [mail.to for mail in mailoutbox] == [[KNOWN]]
    assert "Board member" not in mailoutbox[0].body
    assert of_kind(Kind.RESET_ASKED) == [("Board member", "By e-mail")]
    ask(REMOTE_ADDR="192.0.2.3")
    assert len(mailoutbox) == 1, "not again within five minutes"


def test_reset_when_the_mail_server_fails_then_the_answer_is_still_the_same(board, machine, monkeypatch):
    def down(self, *args, **kwargs):
        raise OSError("no route")

    good = said(ask("nobody@example.org"))
    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    assert said(ask()) == good
    assert of_kind(Kind.RESET_ASKED) == [], "so it can be asked for again"


def test_reset_when_asked_for_too_often_from_one_client_then_refused(board, machine, mailoutbox):
    assert [ask(f"x{n}@example.org", REMOTE_ADDR="192.0.2.77").status_code for n in range(7)] == [200] * 5 + [429] * 2


def test_link_when_used_then_the_password_is_new_and_every_session_over_and_the_link_too(board, machine, mailoutbox):
    elsewhere = Client()
    sign_in(elsewhere, board)
    machine.wait(minutes=1)
    ask()
    link = sent_link(mailoutbox)
    assert "You will sign in as board@example.org" in said(Client().get(link))
    assert "Your password is set." in said(Client().post(link, twice(NEW), follow=True))
    assert elsewhere.get("/northshire/").status_code == 302
    assert can_sign_in(board, NEW)
    assert not can_sign_in(board, b.PASSWORD)
    over = Client().post(link, twice("another long password"))
    assert over.status_code == 410
    assert "works once and for an hour" in said(over)
    assert of_kind(Kind.PASSWORD_CHANGED) == [("Board member", "By e-mail")]


def test_link_when_an_hour_old_or_the_account_changed_or_it_is_invented_then_over(
    board, machine, mailoutbox, partnership
):
    ask()
    link = sent_link(mailoutbox)
    machine.wait(minutes=59)
    assert Client().get(link).status_code == 200
    board.is_active = False
    board.save()
    assert Client().get(link).status_code == 410
    board.is_active = True
    board.sessions_ended += 1
    board.save()
    assert Client().get(link).status_code == 410, "as after a deactivation"
    board.sessions_ended -= 1
    board.save()
    machine.wait(minutes=2)
    assert Client().get(link).status_code == 410
    assert Client().get("/reset-password/invented/").status_code == 410


def test_service_without_mail_when_a_reset_is_asked_for_then_it_says_whom_to_ask(board, settings, machine):
    settings.IN_PRODUCTION = True
    assert "This service sends no e-mail." in said(ask())


# The rules, and the own page


@pytest.fixture
def pages(board, newcomer, partnership, machine, mailoutbox):
    """Every page that sets a password: the browser, the address, and what it asks for besides."""
    own = Client()
    sign_in(own, board)
    machine.wait(minutes=1)
    ask()
    by = b.a_user(Role.ADMINISTRATOR)
    link = Link(lambda secret: f"/set-password/{secret}/")
    first = invite(user=newcomer, partnership=partnership, link=link, by=by, at=clock.now())
    return {
        "own": (own, "/account/password/", {"current": b.PASSWORD}),
        "reset": (Client(), sent_link(mailoutbox), {}),
        "invitation": (Client(), first, {}),
    }


@pytest.mark.parametrize("which", ["own", "reset", "invitation"])
def test_rules_when_a_password_is_set_then_they_hold_on_every_page(pages, which):
    client, address, more = pages[which]
    who = "board@example.org" if which != "invitation" else "new@example.org"
    for password, sentence in (
        ("short", "at least 12 characters"), ("qwerty123456", "too common"), ("739201847562", "entirely numeric"),
        (who, "too similar"),
    ):  # fmt: skip
        refused = client.post(address, more | twice(password))
        assert sentence in said(refused), password
    assert "The two passwords differ" in said(client.post(address, more | {"password": NEW, "again": "x" * 14}))
    assert client.post(address, more | twice(NEW)).status_code == 302


def test_own_password_when_changed_then_other_browsers_are_signed_out_and_this_one_is_not(board, machine):
    first, second = Client(), Client()
    sign_in(first, board)
    sign_in(second, board)
    told = first.post("/account/password/", twice(NEW) | {"current": b.PASSWORD}, follow=True)
    assert "Your password is changed." in said(told)
    assert first.get("/northshire/").status_code == 200
    assert second.get("/northshire/").status_code == 302
    assert of_kind(Kind.PASSWORD_CHANGED) == [("Board member", "On the page of the account")]


def test_current_password_when_wrong_then_nothing_changes_and_it_counts_as_a_failed_sign_in(board, machine):
    client = Client()
    sign_in(client, board)
    for _ in range(4):
        refused = client.post("/account/password/", twice(NEW) | {"current": "wrong"})
        assert "The current password is not right." in said(refused)
    client.post("/account/password/", twice(NEW) | {"current": "wrong"})
    kept = str(list(AccessAttempt.objects.values()))
    assert AccessAttempt.objects.exists()
    assert "wrong" not in kept, "the count of failures keeps nothing of what was typed"
    assert NEW not in kept
    refused = client.post("/account/password/", twice(NEW) | {"current": b.PASSWORD})
    assert "There were too many attempts to sign in. Wait until 10:16" in said(refused), "locked, and it says so"
    board.refresh_from_db()
    assert board.check_password(b.PASSWORD)


@pytest.mark.parametrize("weak", ["passwordpassword", "monkeyMonkey", "abcabcabcabc", "xxxxxxxxxxxxx"])
def test_password_when_something_short_is_repeated_or_it_is_the_one_of_before_then_refused(board, machine, weak):
    client = Client()
    sign_in(client, board)
    refused = client.post("/account/password/", twice(weak) | {"current": b.PASSWORD})
    assert "This repeats something short." in said(refused)
    same = client.post("/account/password/", twice(b.PASSWORD) | {"current": b.PASSWORD})
    assert "This is the password you have. Choose another one." in said(same)
    assert not of_kind(Kind.PASSWORD_CHANGED)


# Invitations


def test_invitation_when_sent_by_mail_then_it_works_once(admin, mailoutbox, partnership):
    give = {"form": "person", "email": "new@example.org", "display_name": "Newcomer", "role": "board_member",
            "partner": "", "from_on": "1 July 2022", "authority": "Head of performance", "by_mail": "on"}  # fmt: skip
    told = admin.post("/northshire/people/", give, follow=True)
    assert "An invitation is on its way to new@example.org" in said(told)
    assert "set-password" not in said(told)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["new@example.org"], "Invitation to Northshire children's partnership")
    link = link_in(mail.body, "set-password")
    assert Invitation.objects.get().secret_sha256 not in link
    assert Client().post(link, twice(NEW), follow=True).status_code == 200
    assert Client().get(link).status_code == 410
    assert of_kind(Kind.INVITED) == [("Head of systems", "Newcomer")]
    assert of_kind(Kind.PASSWORD_CHANGED) == [("Newcomer", "First password, by invitation")]


GIVE = {"form": "person", "email": "new@example.org", "display_name": "Newcomer", "role": "board_member", "partner": "",
        "authority": "Head of performance", "by_mail": "on"}  # fmt: skip


def test_invitation_when_the_role_begins_later_then_mail_page_and_answer_say_from_when(admin, mailoutbox, partnership):
    told = said(admin.post("/northshire/people/", GIVE | {"from_on": "1 September 2022"}, follow=True))
    assert "Newcomer has the role “board member” from 1 September 2022." in told
    assert "The role counts from 1 September 2022; until then they see nothing. To invite them nearer that day" in told
    (mail,) = mailoutbox
    assert "Your role there counts from 1 September 2022; until then you see nothing of it." in mail.body
    page = said(Client().get(link_in(mail.body, "set-password")))
    assert "Your role in Northshire children's partnership counts from 1 September 2022" in page
    by_hand = said(
        admin.post(f"/northshire/people/{User.objects.get(email='new@example.org').code}/", {"do": "link"}, follow=True)
    )
    assert "The role counts from 1 September 2022" in by_hand


@pytest.mark.parametrize("from_on", ["1 July 2022", "7 July 2022"])
def test_invitation_when_the_role_holds_then_nothing_is_said_of_a_day(from_on, admin, mailoutbox, partnership):
    told = said(admin.post("/northshire/people/", GIVE | {"from_on": from_on}, follow=True))
    (mail,) = mailoutbox
    assert "counts from" not in told + mail.body + said(Client().get(link_in(mail.body, "set-password")))


@pytest.mark.parametrize(
    ("roles", "day"),
    [
        ([(date(2022, 1, 1), None), (date(2022, 9, 1), None)], None),
        ([(date(2022, 1, 1), date(2022, 6, 30))], None),
        ([(date(2022, 1, 1), date(2022, 6, 30)), (date(2023, 1, 1), None), (date(2022, 9, 1), None)], date(2022, 9, 1)),
        ([], None),
    ],
    ids=["one holds already", "the only one has ended", "the next of two", "none"],
)
def test_day_when_asked_from_which_a_role_counts_then_the_next_to_come_where_none_holds(roles, day, partnership):
    person = b.a_user()
    held = (Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER, Role.APPROVER)
    for role, (from_on, until_on) in zip(held, roles, strict=False):
        b.a_membership(person, role, from_on=from_on, until_on=until_on)
    assert counts_from(person, partnership, b.TODAY) == day


def test_role_when_it_begins_years_ahead_then_it_is_asked_back_and_nobody_is_invited(admin, mailoutbox, partnership):
    far = GIVE | {"from_on": "1 September 2098"}
    asked = said(admin.post("/northshire/people/", far, follow=True))
    assert "That is 76 years ahead: tick the box if it is meant" in asked
    assert mailoutbox == []
    assert "has the role" in said(admin.post("/northshire/people/", far | {"meant_ahead": "on"}, follow=True))


def test_invitation_when_sent_again_cancelled_or_three_days_old_then_the_one_before_is_over(
    admin, newcomer, mailoutbox, monkeypatch
):
    page = f"/northshire/people/{newcomer.code}/"
    first = link_in(said(admin.post(page, {"do": "link"}, follow=True)), "set-password")
    assert Client().get(first).status_code == 200
    assert "Invited on 7 July 2022 by a link to pass on; it works until 10 July 2022" in said(admin.get(page))
    admin.post(page, {"do": "mail"})
    second = link_in(mailoutbox[-1].body, "set-password")
    assert [Client().get(link).status_code for link in (first, second)] == [410, 200]
    assert "is cancelled" in said(admin.post(page, {"do": "cancel"}, follow=True))
    assert Client().get(second).status_code == 410
    assert Client().post(second, twice(NEW)).status_code == 410
    assert of_kind(Kind.INVITATION_CANCELLED) == [("Head of systems", "Newcomer")]
    assert "No invitation of Newcomer is open." in said(admin.post(page, {"do": "cancel"}, follow=True))
    third = link_in(said(admin.post(page, {"do": "link"}, follow=True)), "set-password")
    monkeypatch.setattr(clock, "now", lambda: b.NOW + timedelta(days=3))
    assert Client().get(third).status_code == 410


def test_invitation_when_the_mail_cannot_be_sent_then_none_is_made(admin, newcomer, monkeypatch, settings):
    page = f"/northshire/people/{newcomer.code}/"

    def down(self, *args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    assert "The e-mail could not be sent, so nothing was done." in said(admin.post(page, {"do": "mail"}, follow=True))
    assert not Invitation.objects.exists()
    settings.IN_PRODUCTION = True
    assert "sends no e-mail" in said(admin.post(page, {"do": "mail"}, follow=True))


def test_who_has_a_password_when_invited_again_then_refused(admin, board):
    told = admin.post(f"/northshire/people/{board.code}/", {"do": "link"}, follow=True)
    assert "Board member has a password already." in said(told)
