"""Accounts in a browser: a second factor set up and used, with and without scripts, and what administrators see."""

import base64

import pytest
from django_otp.oath import TOTP

from indicators.roles import Role
from tests import builders as b
from tests.browser.conftest import PASSWORD, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def assert_sound(visitor: Visitor) -> None:
    """Accessible, and no wider than the window, at both widths."""
    for width in (1280, 320):
        assert visitor.axe(width) == [], (visitor.page.url, width)
        assert not visitor.scrolls_sideways(), (visitor.page.url, width)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def code_of(secret: str) -> str:
    text = secret.replace(" ", "")
    return f"{TOTP(base64.b32decode(text + '=' * (-len(text) % 8))).token():06d}"


@pytest.mark.parametrize("javascript", [True, False])
def test_person_when_setting_up_a_second_factor_then_signs_in_with_a_recovery_code(visit, javascript):
    b.a_partnership()
    person = b.a_user(Role.ADMINISTRATOR, display_name="Head of systems")
    visitor = visit(javascript=javascript).sign_in(person)
    look = assert_sound if javascript else lambda *_: None
    page = visitor.open("/account/")
    look(visitor)
    page.get_by_role("link", name="Set up a second factor").click()
    visitor.arrive()
    page.get_by_role("textbox", name="Code").fill("12")
    page.get_by_role("button", name="Set up").click()
    visitor.arrive()
    assert "The code is not right." in visitor.text
    look(visitor)
    page.get_by_role("textbox", name="Code").fill(code_of(page.locator(".factor__secret").inner_text()))
    page.get_by_role("button", name="Set up").click()
    visitor.arrive()
    look(visitor)
    code = page.locator(".codes code").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as text").click()
    assert code in download.value.path().read_text()
    page.get_by_role("button", name="I have kept them: go on").click()
    visitor.arrive()
    page.get_by_role("button", name="Sign out").click()
    visitor.arrive()
    look(visitor)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    visitor.arrive()
    look(visitor)
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    visitor.arrive()
    assert page.url.endswith("/northshire/")


def test_pages_of_accounts_when_opened_then_accessible_and_as_wide_as_the_window(visit):
    b.a_partnership()
    visitor = visit(b.a_user(Role.ADMINISTRATOR, display_name="Head of systems"))
    newcomer = b.a_user(Role.ANALYST, display_name="Newcomer")
    newcomer.set_unusable_password()
    newcomer.save()
    page = visitor.open(f"/northshire/people/{newcomer.code}/")
    page.get_by_role("button", name="Make a link to pass on").click()
    visitor.arrive()
    assert_sound(visitor)
    page.get_by_role("link", name="What Newcomer can see and do").click()
    visitor.arrive()
    assert "enter and submit figures" in visitor.text
    assert_sound(visitor)
    for address in ("/northshire/people/", "/account/password/"):
        visitor.open(address)
        assert_sound(visitor)
    visitor.open("/reset-password/")
    assert_sound(visitor)
