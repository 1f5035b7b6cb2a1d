"""A form that was sent after the role of whoever typed into it had ended: what was typed comes back, to be copied."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from indicators import envelope
from indicators.models import DraftCell, Membership, ReportingRound, User
from indicators.roles import Role
from partnership.typed_again import typed_texts
from tests import builders as b
from tests.indicators.return_pages import address, form_of, soup, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

YESTERDAY = date(2022, 7, 6)
ROUND = "/northshire/rounds/contract/2021-22-q4/"
WHY = "The quarter is closed, as the board decided on 7 July."


@pytest.fixture
def row(partnership):
    b.an_indicator("one", name="Assessed in time")
    return b.a_return()


@pytest.fixture
def analyst(row) -> User:
    return b.the_people(row.partner).analyst


def end_roles(user: User) -> None:
    Membership.objects.filter(user=user).update(until_on=YESTERDAY)


def sends(client: Client, url: str, form: dict[str, Any]) -> Any:
    """The answer to a form without a file, sent as a browser sends it."""
    return client.post(url, urlencode(form, doseq=True), content_type="application/x-www-form-urlencoded")


def opened_form(client: Client, url: str) -> dict[str, Any]:
    form = form_of(client.get(url))
    box = next(name for name in form if name.endswith("-commentary"))
    return form | {box: "Posts were vacant\nuntil March.", "do": "save"}


def boxes(page: Any) -> dict[str, str]:
    """What the page gives back, by label."""
    found = soup(page)
    return {
        found.select_one(f"label[for={area['id']}]").get_text(): area.get_text().removeprefix("\n").removesuffix("\n")
        for area in found.select("textarea[readonly]")
    }


def test_grid_when_the_role_ended_while_somebody_typed_then_it_says_so_and_gives_it_back(row, analyst, signed_in):
    client, url = signed_in(analyst), address("return_entry", row)
    form = opened_form(client, url)
    end_roles(analyst)
    page = sends(client, url, form)
    assert page.status_code == 404
    said = words(page)
    assert "Your role has ended" in said
    assert "Your role in Northshire children's partnership ended with 6 July 2022, after you had opened" in said
    assert "Nothing of what you sent was saved." in said
    assert boxes(page) == {"Row 1: commentary": "Posts were vacant\nuntil March."}
    assert not DraftCell.objects.exists()


def test_form_when_only_the_right_to_it_ended_then_it_is_given_back_too(row, signed_in):
    person = b.a_user(Role.ADMINISTRATOR)
    b.a_membership(person, Role.BOARD_MEMBER)
    client = signed_in(person)
    form = {"form_owner": envelope.owner_token(person.pk, ROUND), "action": "lock", "reason": WHY}
    Membership.objects.filter(user=person, role=Role.ADMINISTRATOR).update(until_on=YESTERDAY)
    page = sends(client, ROUND, form)
    assert page.status_code == 403
    assert "You cannot send this any more" in words(page)
    assert boxes(page)["Reason"] == WHY
    assert ReportingRound.objects.get().state == "open"


def test_form_when_sent_by_who_was_never_shown_it_then_nothing_is_said_of_it(row, analyst, signed_in):
    url = address("return_entry", row)
    form = opened_form(signed_in(analyst), url)
    stranger = b.a_user()
    somewhere = envelope.owner_token(stranger.pk, "/northshire/elsewhere/")
    nothing = sends(signed_in(stranger), address("return_entry", row).replace("contract", "no-such"), form)
    for token in (form["form_owner"], "", "x", somewhere):
        page = sends(signed_in(stranger), url, form | {"form_owner": token})
        assert page.status_code == 404
        assert "Page not found" in words(page)
        assert "Posts were vacant" not in words(page)
        without_reference = words(page).rpartition("Reference")[0]
        assert without_reference == words(nothing).rpartition("Reference")[0]


def test_form_with_a_file_when_nobody_has_read_it_then_none_of_it_is_read(row, analyst, signed_in):
    client, url = signed_in(analyst), address("return_entry", row)
    form = opened_form(client, url)
    end_roles(analyst)
    page = client.post(url, form)  # as a form with files, and unread: the test client needs no token
    assert (page.status_code, "Page not found" in words(page)) == (404, True)


def test_page_when_only_opened_after_the_role_ended_then_it_is_not_found(row, analyst, signed_in):
    client, url = signed_in(analyst), address("return_entry", row)
    end_roles(analyst)
    assert "Page not found" in words(client.get(url))


def test_texts_when_given_back_then_each_says_which_it_is_and_what_was_not_typed_stays_away():
    fields = [
        ("form_owner", "t"), ("key", "k"), ("version", "3"), ("do", "save"), ("c-7-base", "0.1"),
        ("c-7-numerator", "36"), ("c-7-commentary", " "), ("c-9-kind", "figure"), ("c-9-keep_reason", "Counted again."),
        ("owner_role", "Director"), ("empty", ""),
    ]  # fmt: skip
    assert typed_texts(fields) == [
        ("Row 1: numerator", "36"), ("Row 2: keep reason", "Counted again."), ("Owner role", "Director")
    ]  # fmt: skip
