"""The second factor: who must have one, set up, codes, recovery, loss, and what was typed before."""

import re
from base64 import b32decode
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators.models import AuditEvent, Membership, ReportingRound
from indicators.roles import Role
from partnership.charts import qr_svg
from partnership.second_factor import app_address, must_have
from tests import builders as b
from tests.partnership.account_world import (
    Machine,
    codes_on,
    hidden,
    said,
    secret_on,
    set_up,
    sign_in,
    soup,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Kind = AuditEvent.Kind
STEP, SET_UP = "/sign-in/second-step/", "/account/second-factor/"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def board(partnership):
    return b.a_user(Role.BOARD_MEMBER, email="board@example.org", display_name="Board member")


@pytest.fixture
def administrator(partnership):
    return b.a_user(Role.ADMINISTRATOR, email="admin@example.org", display_name="Head of systems")


@pytest.fixture
def app(board, machine):
    """A board member who has set up a second factor: the secret and the recovery codes."""
    client = Client()
    sign_in(client, board)
    made = set_up(client, machine)
    machine.wait(minutes=1)
    return SimpleNamespace(secret=made[0], codes=made[1])


def of_kind(kind):
    return list(AuditEvent.objects.filter(kind=kind).order_by("pk").values_list("actor", "what"))


def is_in(client):
    return client.get("/northshire/").status_code == 200


def given(user, code, client=None):
    """The answer to a code after the right password, and the browser."""
    client = client or Client()
    assert "Second step" in said(sign_in(client, user))
    return client.post(STEP, {"code": code}, follow=True), client


# Set up, and what is asked for from then on


def test_factor_when_set_up_then_password_alone_signs_nobody_in(board, machine, app):
    client = Client()
    assert sign_in(client, board).status_code == 200
    assert not is_in(client)
    assert client.get("/account/").status_code == 302
    assert client.get(SET_UP, follow=True).redirect_chain[0][0] == STEP, "nor lets it replace the factor"
    page = client.post(SET_UP, {"code": "123456"})
    assert page["Location"] == STEP
    refused = client.post(STEP, {"code": "000000"})
    assert "The code is not right." in said(refused)
    assert not is_in(client)
    assert of_kind(Kind.SIGNED_IN) == [("Board member", "Sign-in page")], "only of when it was set up"
    machine.wait(seconds=2)
    assert client.post(STEP, {"code": machine.code(app.secret)}).status_code == 302
    assert is_in(client)
    assert of_kind(Kind.FACTOR_ADDED) == [("Board member", "Authenticator app")]
    assert len(of_kind(Kind.SIGNED_IN)) == 2


def test_code_when_given_twice_or_too_late_then_refused(board, machine, app):
    code = machine.code(app.secret)
    assert is_in(given(board, code)[1])
    again, client = given(board, code)
    assert "The code is not right." in said(again), "a replay"
    assert not is_in(client)
    machine.wait(seconds=90)
    assert "The code is not right." in said(given(board, code)[0])


def test_codes_when_wrong_then_each_makes_the_next_wait_twice_as_long_and_the_right_one_too(board, machine, app):
    client = Client()
    sign_in(client, board)
    for seconds in (1, 2, 4, 8):
        assert "The code is not right." in said(client.post(STEP, {"code": "000000"}))
        told = said(client.post(STEP, {"code": machine.code(app.secret)}))
        assert f"Wait {seconds} second{'' if seconds == 1 else 's'} and try again." in told
        machine.wait(seconds=seconds)
    assert client.post(STEP, {"code": machine.code(app.secret)}).status_code == 302
    wrong = [what for _, what in of_kind(Kind.SIGN_IN_FAILED)]
    assert wrong == ["Wrong code of the second factor"] * 4


def test_first_step_when_a_quarter_of_an_hour_ago_or_the_account_changed_then_the_second_is_no_use(board, machine, app):
    client = Client()
    sign_in(client, board)
    machine.wait(minutes=15, seconds=1)
    assert client.post(STEP, {"code": machine.code(app.secret)})["Location"] == "/sign-in/"
    sign_in(client, board)
    board.set_password("another long password")
    board.save()
    assert client.post(STEP, {"code": machine.code(app.secret)})["Location"] == "/sign-in/"
    sign_in(client, board, "another long password")
    board.is_active = False
    board.save()
    assert client.post(STEP, {"code": machine.code(app.secret)})["Location"] == "/sign-in/"


def test_recovery_code_when_used_then_gone_and_kept_only_as_a_hash(board, machine, app):
    assert len(app.codes) == len(set(app.codes)) == 10
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", code) for code in app.codes)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {form for code in app.codes for form in (code, code.replace("-", ""))}
    typed = app.codes[0].upper().replace("-", " ")
    assert is_in(given(board, typed)[1])
    assert of_kind(Kind.CODE_USED) == [("Board member", "9 recovery codes left")]
    assert "The code is not right." in said(given(board, app.codes[0])[0])


def test_recovery_codes_when_made_anew_then_a_code_is_asked_for_and_those_before_are_over(board, machine, app):
    client = given(board, machine.code(app.secret))[1]
    assert "9 recovery" not in said(client.get("/account/"))
    assert "10 recovery codes left" in said(client.get("/account/"))
    assert "The code is not right" in said(client.post("/account/recovery-codes/", {"code": "000000"}))
    machine.wait(minutes=1)
    made = client.post("/account/recovery-codes/", {"code": machine.code(app.secret)})
    assert len(codes_on(made)) == 10
    file = client.post("/account/recovery-codes.txt", hidden(made, "/account/recovery-codes.txt"))
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert file.content.decode().split("\r\n")[2:-1] == codes_on(made)
    other = Client()
    other.force_login(b.a_user(Role.BOARD_MEMBER))
    assert other.post("/account/recovery-codes.txt", hidden(made, "/account/recovery-codes.txt")).status_code == 400
    assert client.post("/account/recovery-codes.txt", {"file": "invented"}).status_code == 400
    assert "The code is not right." in said(given(board, app.codes[1])[0])


def test_factor_when_replaced_or_removed_by_its_owner_then_other_browsers_are_signed_out(board, machine, app):
    first, second = given(board, machine.code(app.secret))[1], Client()
    machine.wait(minutes=1)
    given(board, machine.code(app.secret), second)
    machine.wait(minutes=1)
    secret, _ = set_up(first, machine, present=machine.code(app.secret))
    assert is_in(first)
    assert not is_in(second)
    assert TOTPDevice.objects.count() == 1
    machine.wait(minutes=1)
    told = first.post("/account/second-factor/remove/", {"code": machine.code(secret)}, follow=True)
    assert "You sign in with your password alone from now on." in said(told)
    assert sign_in(Client(), board).status_code == 302
    assert of_kind(Kind.FACTOR_REMOVED) == [("Board member", "Board member")]


def test_factor_when_a_found_session_would_replace_it_then_the_present_one_is_asked_for(board, machine, app):
    found = given(board, machine.code(app.secret))[1]
    machine.wait(minutes=1)
    new = secret_on(found.get(SET_UP))
    for present in ("", "123456", machine.code(new)):
        refused = said(found.post(SET_UP, {"code": machine.code(new), "present": present}))
        assert "Your recovery codes" not in refused
        machine.wait(minutes=5)
    assert "The code is not right." in said(found.post(SET_UP, {"code": "123456", "present": app.codes[0]}))
    assert TOTPDevice.objects.get().bin_key != b32decode(new.replace(" ", ""))
    machine.wait(minutes=5)
    done = found.post(SET_UP, {"code": machine.code(new), "present": app.codes[0]})
    assert "Your recovery codes" in said(done), "a recovery code is not used up by a wrong code of the new app"
    assert TOTPDevice.objects.get().bin_key == b32decode(new.replace(" ", ""))


def test_set_up_page_when_shown_then_the_secret_is_a_picture_and_text_and_stays_the_same(board, machine):
    client = Client()
    sign_in(client, board)
    page = client.get(SET_UP)
    secret = secret_on(page)
    assert secret_on(client.get(SET_UP)) == secret
    assert "board@example.org" in said(page)
    svg = soup(page).select_one("svg.qr")
    assert svg["role"] == "img"
    assert "style" not in str(svg)
    assert "The code is not right." in said(client.post(SET_UP, {"code": "12345"}))
    assert not TOTPDevice.objects.exists()
    address = app_address(bytes(20), "a b@example.org")
    assert address == (
        "otpauth://totp/Partnership%20performance:a%20b%40example.org?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "&issuer=Partnership%20performance&digits=6&period=30"
    )
    assert qr_svg(address, "x") == qr_svg(address, "x") != qr_svg(address + "y", "x")


# Who must have one


def test_roles_when_listed_then_approvers_and_administrators_must():
    assert {role for role in Role if must_have([role])} == {Role.APPROVER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
def test_who_must_have_a_factor_when_signing_in_then_reaches_the_set_up_page_and_sign_out_alone(
    partnership, machine, settings, role
):
    settings.SECOND_FACTOR = "required"
    person, client = b.a_user(role, display_name="Must"), Client()
    page = sign_in(client, person, next="/northshire/packs/")
    assert "nothing else can be reached before" in said(page)
    for address in ("/northshire/", "/account/", "/northshire/people/", "/sign-in/go-on/"):
        assert client.get(address).status_code in {302, 405}, address
    assert not is_in(client)
    assert client.post("/sign-out/").status_code == 302
    page = sign_in(client, person, next="/northshire/packs/")
    done = client.post(SET_UP, hidden(page, SET_UP) | {"code": machine.code(secret_on(page))})
    assert len(codes_on(done)) == 10
    assert is_in(client)
    assert client.post("/sign-in/go-on/", hidden(done, "/sign-in/go-on/"))["Location"] == "/northshire/packs/"
    told = client.post("/account/second-factor/remove/", {"code": "1"}, follow=True)
    assert "Approvers and administrators must have a second factor" in said(told)


def test_others_when_it_is_required_then_sign_in_without_one_until_they_are_made_approvers(
    board, administrator, machine, settings
):
    settings.SECOND_FACTOR = "required"
    client = Client()
    assert sign_in(client, board).status_code == 302
    assert is_in(client)
    b.a_membership(board, Role.APPROVER)
    blocked = client.get("/northshire/packs/")
    assert blocked.status_code == 403
    assert "Set up a second factor" in said(blocked)
    done = client.post(SET_UP, hidden(blocked, SET_UP) | {"code": machine.code(secret_on(blocked))})
    assert client.post("/sign-in/go-on/", hidden(done, "/sign-in/go-on/"))["Location"] == "/northshire/packs/"
    assert is_in(client)


def test_lost_factor_when_an_administrator_takes_it_away_then_signed_out_and_not_ones_own(
    board, administrator, machine, app, signed_in
):
    client = given(board, machine.code(app.secret))[1]
    admin = signed_in(administrator)
    page = f"/northshire/people/{board.code}/"
    assert "A second factor is set up." in said(admin.get(page))
    assert "has no second factor any more" in said(admin.post(page, {"do": "factor"}, follow=True))
    assert of_kind(Kind.FACTOR_REMOVED) == [("Head of systems", "Board member")]
    assert not is_in(client), "signed out with the next request"
    assert sign_in(Client(), board).status_code == 302
    assert "has no second factor." in said(admin.post(page, {"do": "factor"}, follow=True))
    set_up(admin, machine)
    own = f"/northshire/people/{administrator.code}/"
    told = said(admin.post(own, {"do": "factor"}, follow=True))
    assert "Ask another administrator" in told
    assert TOTPDevice.objects.filter(user=administrator).exists()


def test_only_administrator_when_their_factor_is_lost_then_a_command_on_the_server_takes_it_away(
    board, machine, app, capsys
):
    client = given(board, machine.code(app.secret))[1]
    call_command("remove_second_factor", "BOARD@example.org")
    assert "has no second factor any more" in capsys.readouterr().out
    assert not is_in(client)
    assert of_kind(Kind.FACTOR_REMOVED) == [("", "Board member")]
    for wrong in ("board@example.org", "nobody@example.org"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", wrong)


@pytest.mark.parametrize("address", ["/account/", "/account/second-factor/", "/account/password/"])
def test_pages_of_the_own_account_when_opened_then_few_queries(
    board, signed_in, django_assert_max_num_queries, address
):
    client = signed_in(board)
    client.get(address)
    with django_assert_max_num_queries(6):
        assert client.get(address).status_code == 200


# What was typed before


REASON = {"reason": "The “committee” has met"}
ROUND = "/northshire/rounds/contract/2021-22-q4/"


@pytest.fixture
def ended(administrator, partnership, machine):
    """A reason to lock a round that was sent after the session had ended, and the browser."""
    b.a_return(b.a_scorecard(1))
    client = Client()
    client.force_login(administrator)
    page = client.get("/northshire/rounds/")
    form = {e["name"]: e.get("value", "") for e in soup(page).select(f'form[action="{ROUND}"] input')}
    del client.cookies["sessionid"]
    return client, client.post(ROUND, form | REASON)


def shows_what_was_typed(page):
    assert "What you typed is shown below and is not saved yet." in said(page)
    assert REASON["reason"] in [e.get("value") for e in soup(page).select('input[name="reason"]')]
    assert ReportingRound.objects.get().state == "open"


def test_what_was_typed_when_a_code_is_asked_for_then_carried_over_it(ended, administrator, machine):
    client, page = ended
    setting = Client()
    sign_in(setting, administrator)
    secret, _ = set_up(setting, machine)
    machine.wait(minutes=1)
    asked = sign_in(client, administrator, **hidden(page, "/sign-in/"))
    assert "What you typed is not saved yet." in said(asked)
    wrong = client.post(STEP, hidden(asked, STEP) | {"code": "000000"})
    machine.wait(seconds=2)
    shows_what_was_typed(client.post(STEP, hidden(wrong, STEP) | {"code": machine.code(secret)}))


def test_what_was_typed_when_a_factor_must_be_set_up_first_then_carried_over_it(
    ended, administrator, machine, settings
):
    settings.SECOND_FACTOR = "required"
    client, page = ended
    asked = sign_in(client, administrator, **hidden(page, "/sign-in/"))
    done = client.post(SET_UP, hidden(asked, SET_UP) | {"code": machine.code(secret_on(asked))})
    shows_what_was_typed(client.post("/sign-in/go-on/", hidden(done, "/sign-in/go-on/")))


def test_what_was_typed_when_the_role_came_meanwhile_then_carried_over_the_set_up(board, machine, settings):
    settings.SECOND_FACTOR = "required"
    b.a_return(b.a_scorecard(1))
    client = Client()
    sign_in(client, board)
    Membership.objects.filter(user=board).update(role=Role.ADMINISTRATOR)
    session = client.session
    settings.SECOND_FACTOR = "offered"
    page = client.get("/northshire/rounds/")
    form = {e["name"]: e.get("value", "") for e in soup(page).select(f'form[action="{ROUND}"] input')}
    settings.SECOND_FACTOR = "required"
    blocked = client.post(ROUND, form | REASON)
    assert blocked.status_code == 403
    assert session.session_key
    done = client.post(SET_UP, hidden(blocked, SET_UP) | {"code": machine.code(secret_on(blocked))})
    shows_what_was_typed(client.post("/sign-in/go-on/", hidden(done, "/sign-in/go-on/")))
