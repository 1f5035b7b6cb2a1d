"""A session is about to end: the page says so, and stays as it was typed."""

from datetime import timedelta

import pytest

from indicators.roles import Role
from partnership import clock
from tests import builders as b

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_page_when_its_session_is_about_to_end_then_it_offers_to_stay_and_keeps_what_is_typed(visit, monkeypatch):
    b.a_partnership()
    visitor = visit().sign_in(b.a_user(Role.ADMINISTRATOR))
    visitor.page.clock.install()
    page = visitor.open("/northshire/people/")
    page.get_by_label("Job title or name").fill("Half typed")
    really = clock.machine_now
    monkeypatch.setattr(clock, "machine_now", lambda: really() + timedelta(minutes=55))
    page.clock.fast_forward("55:30")
    dialog = page.get_by_role("alertdialog", name="You will soon be signed out")
    dialog.wait_for()
    assert "What you typed stays on this page." in dialog.inner_text()
    assert visitor.axe() == []
    assert visitor.axe(320) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    dialog.wait_for(state="hidden")
    monkeypatch.setattr(clock, "machine_now", lambda: really() + timedelta(minutes=55 + 61))
    page.clock.fast_forward("56:00")
    page.get_by_role("alertdialog", name="You have been signed out").wait_for()
    page.get_by_role("button", name="Close").click()
    assert page.get_by_label("Job title or name").input_value() == "Half typed"
    visitor.complaints.clear()  # the browser notes the answer 401
