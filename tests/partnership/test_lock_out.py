"""Too many failed sign-ins: who is locked out, what is said, when it ends, who ends it, and what is kept of it."""

from collections import Counter

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.test import Client

from indicators.models import AuditEvent, User
from indicators.roles import Role
from partnership import lock_out
from tests import builders as b
from tests.parity import soup_of, words
from tests.partnership.account_world import Machine, said

pytestmark = pytest.mark.django_db
Kind = AuditEvent.Kind
LOCKED = "There were too many attempts to sign in. Wait until 10:16 and try again"
KNOWN, UNKNOWN = "board@example.org", "nobody@example.org"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def person(partnership) -> User:
    return b.a_user(Role.BOARD_MEMBER, email=KNOWN, display_name="Board member")


WRONG = "wrong"


def attempt(email=KNOWN, password=WRONG, **headers):
    return Client().post("/sign-in/", {"email": email, "password": password}, **headers)


def fail(times, email=KNOWN, **headers):
    return [attempt(email, **headers) for _ in range(times)]


def of_kind(kind):
    return list(AuditEvent.objects.filter(kind=kind).order_by("pk").values_list("actor", "what"))


def test_account_when_five_sign_ins_failed_then_locked_until_it_is_over_and_the_same_is_said_of_one_that_is_not_there(
    person, machine
):
    answers = {}
    for email in (KNOWN, UNKNOWN):
        found = fail(6, email, REMOTE_ADDR=f"192.0.2.{len(email)}")
        assert [r.status_code for r in found] == [200] * 4 + [429] * 2
        answers[email] = said(found[-1])
        assert LOCKED in answers[email]
    assert answers[KNOWN] == answers[UNKNOWN].replace(UNKNOWN, KNOWN)
    assert attempt(password=b.PASSWORD, REMOTE_ADDR="192.0.2.17").status_code == 429, "the right one is not tried"
    machine.wait(minutes=15, seconds=1)
    assert attempt(password=b.PASSWORD, REMOTE_ADDR="192.0.2.17").status_code == 302, (
        "what is tried does not prolong it"
    )


def test_lock_out_when_it_begins_then_once_on_record_by_whom_it_concerns(person, machine):
    fail(7)
    fail(7, UNKNOWN, REMOTE_ADDR="192.0.2.9")
    assert of_kind(Kind.LOCKED_OUT) == [
        ("Board member", "Too many failed sign-ins, until 10:16"), ("", "Too many failed sign-ins, until 10:16"),
    ]  # fmt: skip
    assert len(of_kind(Kind.SIGN_IN_FAILED)) == 10, "what is tried while it is locked is not looked at"


def test_limits_when_reached_from_many_clients_or_for_many_accounts_then_each_locks_alone(person, machine):
    found = [attempt(REMOTE_ADDR=f"192.0.2.{number}").status_code for number in range(lock_out.OF_ACCOUNT)]
    assert found == [200] * (lock_out.OF_ACCOUNT - 1) + [429], "the account, from anywhere"
    assert attempt(password=b.PASSWORD, REMOTE_ADDR="198.51.100.1").status_code == 429
    machine.wait(minutes=16)
    tried = [f"person-{number}@example.org" for number in range(lock_out.OF_CLIENT - 1)]
    assert {attempt(email, REMOTE_ADDR="192.0.2.1").status_code for email in tried} == {200}
    assert attempt(password=b.PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 302, "who signs in clears only the own"
    assert attempt(UNKNOWN, REMOTE_ADDR="192.0.2.1").status_code == 429, "the client, for everybody"
    assert attempt(password=b.PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert attempt(password=b.PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_sign_in_when_it_succeeds_then_the_own_failures_are_forgotten(person, machine):
    for _ in range(2):
        fail(4)
        assert attempt(password=b.PASSWORD).status_code == 302


def test_client_when_behind_our_proxy_then_told_by_the_rule_of_proxies(person, machine, settings):
    settings.PROXIES = 1
    fail(5, HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.7", REMOTE_ADDR="10.0.0.1")
    from_elsewhere = {"HTTP_X_FORWARDED_FOR": "198.51.100.7, 198.51.100.8", "REMOTE_ADDR": "10.0.0.1"}
    assert attempt(password=b.PASSWORD, **from_elsewhere).status_code == 302, "what is only claimed does not count"
    claimed = {"HTTP_X_FORWARDED_FOR": "203.0.113.99, 198.51.100.7", "REMOTE_ADDR": "10.0.0.1"}
    assert attempt(password=b.PASSWORD, **claimed).status_code == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"198.51.100.7"}
    fail(5, REMOTE_ADDR="2001:db8:1:2::1", HTTP_X_FORWARDED_FOR="2001:db8:1:2::1")
    neighbour = {"HTTP_X_FORWARDED_FOR": "2001:db8:1:2::ffff", "REMOTE_ADDR": "10.0.0.1"}
    assert attempt(password=b.PASSWORD, **neighbour).status_code == 429, "of IPv6 the network is one client"


def test_record_of_failures_when_looked_at_then_no_address_that_was_typed_is_kept(person, machine, caplog):
    fields = {"email": "typed-by-mistake@example.org", "password": "wrong", "next": "/typed/", "envelope": "typed"}
    Client().post("/sign-in/?next=/typed/", fields)
    kept = " ".join(str(value) for row in AccessAttempt.objects.values_list() for value in row)
    assert "mistake" not in kept
    assert "wrong" not in kept
    assert "email" not in kept, "nor even which boxes there were"
    assert "mistake" not in caplog.text
    machine.wait(minutes=16)
    attempt()
    assert AccessAttempt.objects.count() == 1, "what is over is gone"


def test_administrator_when_somebody_is_locked_out_then_sees_it_and_unlocks(person, machine, signed_in):
    administrator = signed_in(b.a_user(Role.ADMINISTRATOR, display_name="Head of systems"))
    page = f"/northshire/people/{person.code}/"
    assert "Not locked out" in words(soup_of(administrator, page).get_text(" "))
    fail(5)
    assert "Board member cannot sign in for now" in words(soup_of(administrator, "/northshire/people/").get_text(" "))
    told = administrator.post(page, {"do": "unlock"}, follow=True)
    assert "Board member can try to sign in again." in said(told)
    assert of_kind(Kind.UNLOCKED) == [("Head of systems", "Board member")]
    assert attempt(password=b.PASSWORD).status_code == 302
    assert "Board member is not locked out." in said(administrator.post(page, {"do": "unlock"}, follow=True))
    stranger = b.a_user(Role.BOARD_MEMBER, partnership=b.a_partnership("southshire", "E06000098"))
    assert administrator.post(f"/northshire/people/{stranger.code}/", {"do": "unlock"}).status_code == 404


def test_axes_reset_when_run_then_everybody_can_try_again(person, machine, capsys):
    fail(5)
    call_command("axes_reset")
    assert attempt(password=b.PASSWORD).status_code == 302


def test_passwords_when_tried_then_as_much_work_is_done_for_an_account_that_is_not_there(person, monkeypatch):
    closed = b.a_user(Role.BOARD_MEMBER, email="closed@example.org")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    invited = b.a_user(Role.BOARD_MEMBER, email="invited@example.org")
    invited.set_unusable_password()
    invited.save()
    worked: Counter[str] = Counter()
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        worked[trying] += 1
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for trying in (KNOWN, UNKNOWN, closed.email, invited.email):
        attempt(trying)
    assert worked == {KNOWN: 1, UNKNOWN: 1, closed.email: 1, invited.email: 1}


def test_sign_in_when_done_then_the_key_of_the_session_is_a_new_one(person):
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post("/sign-in/", {"email": KNOWN, "password": b.PASSWORD})
    assert client.cookies["sessionid"].value != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert fixed.get("/northshire/").status_code == 302, "who planted the key is not signed in"
