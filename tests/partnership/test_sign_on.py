"""Single sign-on: who comes in through a provider of identities, and everything that is not believed."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from indicators.models import AuditEvent, ReportingRound, SingleSignOn, User
from indicators.roles import Role
from partnership import clock
from partnership.operations.invitations import Link, cancel_invitation, invite
from tests import builders as b
from tests.partnership.account_world import hidden, said, soup
from tests.partnership.identity_provider import CLIENT, KEY, OTHER_KEY, SECRET, IdentityProvider

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Kind = AuditEvent.Kind
NOT_TRUSTED = "Signing in did not work"
ROUND = "/northshire/rounds/contract/2021-22-q4/"


@pytest.fixture(scope="module")
def server():
    made = IdentityProvider()
    yield made
    made.close()


@pytest.fixture
def provider(server, settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    cache.clear()
    server.moment = int(clock.machine_now().timestamp())
    server.claims, server.header, server.person, server.key = {}, {}, {}, KEY
    server.asked.clear()
    settings.OIDC_ISSUER, settings.OIDC_NAME = server.address, "Northshire Council"
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, SECRET
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{server.address}/authorize"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{server.address}/token"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{server.address}/keys"
    return server


@pytest.fixture
def board(partnership):
    return b.a_user(Role.BOARD_MEMBER, email="board@example.org", display_name="Board member")


def led_to(client, **fields) -> str:
    """The provider's address that the button leads to."""
    answer = client.post("/sign-in/with/", fields)
    assert answer.status_code == 302
    return answer["Location"]


def come_back(provider, client=None, **fields):
    client = client or Client()
    return client, client.get(provider.sign_in(led_to(client, **fields)), follow=True)


def is_in(client):
    return client.get("/northshire/").status_code == 200


def refused():
    return list(AuditEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).values_list("actor", "what"))


# Coming in


def test_person_when_invited_then_in_and_bound_to_issuer_and_subject(provider, board):
    button = soup(Client().get("/sign-in/")).select_one('form[action="/sign-in/with/"] button')
    assert button.get_text() == "Sign in with Northshire Council"
    client = Client()
    before = client.session.session_key
    asked = parse_qs(urlsplit(led_to(client, next="/northshire/packs/")).query)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    _, page = come_back(provider, client, next="/northshire/packs/")
    assert page.redirect_chain[-1][0] == "/northshire/packs/"
    assert client.cookies["sessionid"].value != before
    bound = SingleSignOn.objects.get()
    assert (bound.user, bound.issuer, bound.subject) == (board, provider.address, "subject-1")
    assert AuditEvent.objects.filter(kind=Kind.SIGNED_IN, by=board).exists()
    assert AuditEvent.objects.filter(kind=Kind.SIGN_ON_BOUND, by=board).count() == 1
    provider.claims = {"email": "married@example.org", "email_verified": False}
    assert is_in(come_back(provider)[0]), "from then on the address says nothing"
    assert AuditEvent.objects.filter(kind=Kind.SIGN_ON_BOUND).count() == 1
    provider.claims = {"sub": "subject-2"}
    other, page = come_back(provider)
    assert "bound to another identity" in said(page), "who was given the address later"
    assert not is_in(other)


def test_address_when_only_the_persons_page_tells_it_then_taken_from_there_if_it_is_of_the_same(
    provider, board, settings
):
    settings.OIDC_OP_USER_ENDPOINT = f"{provider.address}/person"
    provider.claims = {"email": None, "email_verified": None}
    provider.person = {"sub": "somebody-else"}
    client, page = come_back(provider)
    assert NOT_TRUSTED in said(page)
    assert not is_in(client)
    provider.person = {}
    assert is_in(come_back(provider)[0])
    assert "/person" in provider.asked


def test_sign_out_when_pressed_then_at_the_provider_too(provider, board, settings):
    client, _ = come_back(provider)
    settings.OIDC_OP_END_SESSION_ENDPOINT = f"{provider.address}/end"
    answer = client.post("/sign-out/")
    assert answer["Location"].startswith(f"{provider.address}/end?client_id=kpi&post_logout_redirect_uri=http")
    assert not is_in(client)
    by_password = Client()
    by_password.post("/sign-in/", {"email": board.email, "password": b.PASSWORD})
    assert by_password.post("/sign-out/")["Location"] == "/sign-in/"


def test_what_was_typed_when_signing_in_elsewhere_then_carried_over_it(provider, partnership):
    b.a_return(b.a_scorecard(1))
    admin = b.a_user(Role.ADMINISTRATOR, email="board@example.org")
    client = Client()
    client.force_login(admin)
    page = client.get("/northshire/rounds/")
    form = {e["name"]: e.get("value", "") for e in soup(page).select(f'form[action="{ROUND}"] input')}
    del client.cookies["sessionid"]
    ended = client.post(ROUND, form | {"reason": "The “committee” has met"})
    _, page = come_back(provider, client, **hidden(ended, "/sign-in/with/"))
    assert "What you typed is shown below and is not saved yet." in said(page)
    assert ReportingRound.objects.get().state == "open"


# The second factor


@pytest.mark.parametrize(
    ("claims", "lands"),
    [
        ({"amr": ["pwd", "mfa"]}, True), ({"acr": "gold"}, True), ({"amr": "mfa"}, True),
        ({"amr": ["pwd"], "acr": "silver"}, False), ({}, False),
    ],
)  # fmt: skip
def test_second_factor_when_the_provider_says_it_asked_for_one_then_none_is_asked_for_here(
    provider, partnership, settings, claims, lands
):
    settings.SECOND_FACTOR, settings.OIDC_SECOND_FACTOR = "required", frozenset({"mfa", "gold"})
    b.a_user(Role.APPROVER, email="board@example.org")
    provider.claims = claims
    client, page = come_back(provider)
    assert is_in(client) == lands
    assert ("Set up a second factor" in said(page)) != lands


# What is not believed


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"claims": {"nonce": "another"}}, id="another nonce"),
        pytest.param({"claims": {"nonce": None}}, id="no nonce"),
        pytest.param({"claims": {"aud": "another-service"}}, id="made for another service"),
        pytest.param({"claims": {"aud": [CLIENT, "another"]}}, id="made for two, not saying which asked"),
        pytest.param({"claims": {"iss": "https://evil.example.org"}}, id="another issuer"),
        pytest.param({"claims": {"exp": 1}}, id="over"),
        pytest.param({"claims": {"exp": None}}, id="without an end"),
        pytest.param({"claims": {"sub": None}}, id="of nobody"),
        pytest.param({"key": OTHER_KEY}, id="signed by another key"),
        pytest.param({"header": {"kid": "key-9"}}, id="signed by a key that is not published"),
        pytest.param({"header": {"alg": "none"}}, id="not signed"),
        pytest.param({"header": {"alg": "HS256"}}, id="another way of signing"),
    ],
)
def test_token_when_anything_about_it_is_wrong_then_nobody_is_signed_in(provider, board, change):
    for name, value in change.items():
        setattr(provider, name, value)
    client, page = come_back(provider)
    assert NOT_TRUSTED in said(page)
    assert not is_in(client)
    assert refused() == [("", "Single sign-on: what came back could not be checked")]
    assert not SingleSignOn.objects.exists()


def test_answer_when_not_asked_for_in_this_browser_or_used_before_then_refused(provider, board):
    client = Client()
    back = provider.sign_in(led_to(client))
    assert NOT_TRUSTED in said(Client().get(back, follow=True)), "another browser"
    assert NOT_TRUSTED in said(client.get("/sign-in/back/?code=x&state=invented", follow=True))
    assert NOT_TRUSTED in said(client.get("/sign-in/back/?error=access_denied", follow=True))
    session = client.session
    for held in session["oidc_states"].values():
        held["added_on"] -= 16 * 60
    session.save()
    assert NOT_TRUSTED in said(client.get(back, follow=True)), "a quarter of an hour is over"
    asked = led_to(client)
    fresh, second_code = provider.sign_in(asked), provider.sign_in(asked)
    client.get(fresh)
    assert is_in(client)
    AuditEvent.objects.filter(kind=Kind.SIGNED_IN).get()
    for again in (fresh, second_code):
        client.get(again)
    AuditEvent.objects.filter(kind=Kind.SIGNED_IN).get()


def test_address_to_come_back_to_when_called_by_anybody_then_nothing_is_written(provider, board):
    before = AuditEvent.objects.count(), Session.objects.count()
    Client().get("/sign-in/back/?code=x&state=invented")
    assert (AuditEvent.objects.count(), Session.objects.count()) == before
    client = Client(REMOTE_ADDR="192.0.2.88")
    begun = [client.post("/sign-in/with/")["Location"] for _ in range(21)]
    assert [address == "/sign-in/" for address in begun] == [False] * 20 + [True]


def test_provider_when_it_does_not_answer_then_it_is_said(provider, board, settings):
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    client, page = come_back(provider)
    assert NOT_TRUSTED in said(page)
    assert not is_in(client)


def test_pkce_when_the_code_was_stolen_then_it_is_of_no_use(provider, board):
    """The thief has the code and a browser of their own, and so another verifier."""
    owner, thief = Client(), Client()
    stolen = parse_qs(urlsplit(provider.sign_in(led_to(owner))).query)["code"][0]
    state = parse_qs(urlsplit(led_to(thief)).query)["state"][0]
    assert NOT_TRUSTED in said(thief.get(f"/sign-in/back/?code={stolen}&state={state}", follow=True))
    assert not is_in(thief)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param({"email_verified": False}, "not said that your e-mail address is verified", id="unverified"),
        pytest.param({"email_verified": "true"}, "not said that your e-mail address is verified", id="a text"),
        pytest.param({"email_verified": None}, "not said that your e-mail address is verified", id="not said"),
        pytest.param({"email": "nobody@example.org"}, "There is no account for you here.", id="unknown"),
        pytest.param({"email": None}, "not said that your e-mail address is verified", id="no address"),
    ],
)
def test_person_when_not_invited_or_not_verified_then_not_in_and_nobody_is_made(provider, board, claims, words):
    provider.claims = claims
    client, page = come_back(provider)
    assert words in said(page)
    assert not is_in(client)
    assert User.objects.count() == 1
    assert not SingleSignOn.objects.exists()
    assert refused() == [("", "Single sign-on: the person has no open account")]


def test_person_when_deactivated_or_without_a_role_or_cancelled_then_not_in(provider, board, partnership, mailoutbox):
    assert is_in(come_back(provider)[0])
    User.objects.update(is_active=False)
    client, page = come_back(provider)
    assert "Your account is deactivated." in said(page)
    assert not is_in(client)
    provider.claims = {"sub": "subject-9", "email": "gone@example.org"}
    b.a_user(Role.BOARD_MEMBER, email="gone@example.org", until_on=b.date(2020, 1, 1))
    assert "There is no account for you here." in said(come_back(provider)[1])
    newcomer = b.a_user(Role.BOARD_MEMBER, email="new@example.org")
    newcomer.set_unusable_password()
    newcomer.save()
    provider.claims = {"sub": "subject-8", "email": "new@example.org"}
    by, link = b.a_user(Role.ADMINISTRATOR), Link(lambda secret: secret)
    invite(user=newcomer, partnership=partnership, link=link, by=by, at=b.NOW)
    cancel_invitation(user=newcomer, partnership=partnership, by=by, at=b.NOW)
    assert "There is no account for you here." in said(come_back(provider)[1])
    invite(user=newcomer, partnership=partnership, link=link, by=by, at=b.NOW)
    assert is_in(come_back(provider)[0])
    assert newcomer.invitations.last().used_at, "its link is over"
    Client().post("/reset-password/", {"email": newcomer.email})
    assert mailoutbox == [], "who signs in elsewhere has no password to set anew"


def test_service_when_no_provider_is_named_then_no_button_and_no_address(board):
    assert soup(Client().get("/sign-in/")).select_one('form[action="/sign-in/with/"]') is None
    assert Client().post("/sign-in/with/").status_code == Client().get("/sign-in/back/").status_code == 404
