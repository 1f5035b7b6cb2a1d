"""A form that is sent after its session had ended: nothing typed is lost, and nothing reaches anybody else."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.test import Client, RequestFactory
from django.urls import resolve

from indicators import envelope
from indicators.models import DraftCell, ReturnTransition
from partnership.views.accounts import kept_from_stale_form
from tests import builders
from tests.indicators.return_pages import address, form_of, row_of, soup, state, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SIGN_IN = "/sign-in/"


@pytest.fixture
def line(partnership):
    return builders.an_indicator("one", name="Assessed in time")


@pytest.fixture
def row(line):
    return builders.fresh(builders.a_return())


@pytest.fixture
def people(row):
    return builders.the_people(row.partner)


@pytest.fixture
def browser(people) -> Client:
    """A browser without a script that checks tokens as the real thing does; signed in as the analyst."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.analyst)
    return client


def end_session(client: Client) -> None:
    del client.cookies["sessionid"]


def typed(client, row, line, **values):
    form = form_of(client.get(address("return_entry", row)))
    return form | {f"c-{line.line.pk}-{name}": value for name, value in values.items()}


@pytest.fixture
def ended(browser, row, line):
    """The sign-in page that answered the entry form, with a row typed."""
    form = typed(
        browser,
        row,
        line,
        numerator="1,266",
        denominator="15x",
        commentary="Zwölf <b>words</b>\r\n=1",
        flags=["p", "e"],
    )
    end_session(browser)
    return browser.post(address("return_entry", row) + "?page=2", form | {"do": "submit"})


def sign_in(client, page, user, **changes):
    fields = form_of(page) | {"email": user.email, "password": builders.PASSWORD} | changes
    return client.post(SIGN_IN, fields, follow=True)


# The way it is meant


def test_entry_without_a_session_when_sent_then_the_sign_in_page_carries_it(ended, row):
    assert ended.status_code == 403
    assert "What you typed is not saved yet." in words(ended)
    form = soup(ended).select_one("main form")
    assert form["action"] == SIGN_IN
    assert set(form_of(ended)) == {"csrfmiddlewaretoken", "email", "password", "envelope", "next"}
    assert not DraftCell.objects.exists()
    assert "Zwölf" not in ended.content.decode()


def test_sign_in_as_the_same_person_when_done_then_the_page_is_filled_in_and_nothing_is_saved(
    browser, ended, row, line, people
):
    token = form_of(ended)["csrfmiddlewaretoken"]
    response = sign_in(browser, ended, people.analyst)
    pk = line.line.pk
    assert response.status_code == 200
    assert "You are signed in again. What you typed is shown below and is not saved yet." in words(response)
    form = form_of(response, "#entry")
    assert form[f"c-{pk}-numerator"] == "1,266"
    assert form[f"c-{pk}-denominator"] == "15x"
    assert form[f"c-{pk}-commentary"] == "Zwölf <b>words</b>\n=1"
    assert form[f"c-{pk}-flags"] == ["p", "e"]
    assert "has letters in it" in row_of(response, pk).get_text()
    assert "<b>words</b>" not in response.content.decode()
    assert not DraftCell.objects.exists()
    assert form["csrfmiddlewaretoken"] != token
    assert soup(response).select_one("#entry")["action"] == address("return_entry", row)


def test_what_was_taken_over_when_confirmed_then_it_is_saved(browser, ended, row, line, people):
    response = sign_in(browser, ended, people.analyst)
    form = form_of(response, "#entry") | {f"c-{line.line.pk}-denominator": "1514", "do": "save"}
    response = browser.post(address("return_entry", row), form, follow=True)
    assert "Saved: 1 figure changed." in words(response)
    assert DraftCell.objects.get().commentary == "Zwölf <b>words</b>\n=1"


def test_what_was_taken_over_when_sound_then_its_row_says_that_it_is_not_saved(browser, row, line, people):
    form = typed(browser, row, line, numerator="5", denominator="10")
    end_session(browser)
    response = sign_in(browser, browser.post(address("return_entry", row), form), people.analyst)
    assert state(response, line.line.pk) == "Not saved yet kept on this page"
    assert "0 of 1 saved. 1 not saved yet" in words(response)


def test_what_was_taken_over_when_another_saved_meanwhile_then_both_are_shown_on_saving(
    browser, row, line, people, ended
):
    builders.keep(row, {line.series: builders.a_cell(1, 2)}, by=people.second_analyst)
    response = sign_in(browser, ended, people.analyst)
    form = form_of(response, "#entry") | {f"c-{line.line.pk}-denominator": "1514"}
    response = browser.post(address("return_entry", row), form)
    assert row_of(response, line.line.pk).select_one(".clash")


def test_what_was_taken_over_when_the_return_was_submitted_meanwhile_then_it_is_still_shown(
    browser, row, line, people, ended
):
    builders.fill(row)
    builders.submit(row)
    response = sign_in(browser, ended, people.analyst)
    assert "cannot be changed" in words(response)
    assert form_of(response, "#entry")[f"c-{line.line.pk}-denominator"] == "15x"


def test_review_without_a_session_when_sent_then_its_comment_is_taken_over_and_nothing_is_decided(line, people):
    row = builders.a_return(state="submitted")
    client, url = Client(enforce_csrf_checks=True), address("return_review", row)
    client.force_login(people.lead)
    form = form_of(client.get(url), "main form") | {"do": "send_back", "comment": "Please look at “one” again."}
    end_session(client)
    page = client.post(url, form)
    assert page.status_code == 403
    response = sign_in(client, page, people.lead)
    assert form_of(response, "main section form")["comment"] == "Please look at “one” again."
    assert "nothing is done yet" in words(response)
    assert not ReturnTransition.objects.filter(action="returned").exists()
    again = form_of(response, "main section form") | {"do": "send_back"}
    assert "Sent back." in words(client.post(url, again, follow=True))


def test_wrong_password_when_typed_then_the_envelope_stays(browser, ended, row, line, people):
    page = sign_in(browser, ended, people.analyst, password="wrong")
    assert "The e-mail address or the password is not right." in words(page)
    response = sign_in(browser, page, people.analyst)
    assert form_of(response, "#entry")[f"c-{line.line.pk}-denominator"] == "15x"


def test_address_of_the_sign_in_page_when_it_has_parameters_then_they_change_nothing(browser, ended, row, people):
    fields = form_of(ended) | {"email": people.analyst.email, "password": builders.PASSWORD, "next": "/elsewhere/"}
    response = browser.post(SIGN_IN + "?next=/northshire/&envelope=x&typed=1", fields)
    assert "What you typed is shown below" in words(response)


# The ways it must not go


def not_taken(response, reason: str) -> None:
    assert response.redirect_chain, "the normal landing"
    assert response.request["PATH_INFO"] != SIGN_IN
    assert f"What was typed before you signed in could not be taken over: {reason}." in words(response)
    assert "Zwölf" not in response.content.decode()
    without_tokens = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", response.content.decode())
    assert "15x" not in without_tokens  # a random token may hold any three letters


def test_sign_in_as_another_when_done_then_nothing_is_taken_over(browser, ended, people):
    response = sign_in(browser, ended, people.second_analyst)
    not_taken(response, "it belongs to the person who was signed in before")


@pytest.mark.parametrize("where", [0, 40, -1])
def test_envelope_when_tampered_with_then_nothing_is_taken_over(browser, ended, people, where):
    text = form_of(ended)["envelope"]
    swapped = "A" if text[where] != "A" else "B"
    changed = text[:where] + swapped + (text[where + 1 :] if where != -1 else "")
    not_taken(sign_in(browser, ended, people.analyst, envelope=changed), "it was changed on the way")


def test_envelope_when_invented_then_nothing_is_taken_over(browser, ended, people):
    forged = signing.dumps(
        [people.analyst.pk, "/", [["a", ["b"]]]], key="another key", salt="indicators.envelope.typed"
    )
    not_taken(sign_in(browser, ended, people.analyst, envelope=forged), "it was changed on the way")


@pytest.mark.parametrize("token_of", ["owner", "session"])
def test_envelope_when_signed_for_something_else_then_nothing_is_taken_over(browser, ended, people, row, token_of):
    if token_of == "owner":
        other = envelope.owner_token(people.analyst.pk, address("return_entry", row))
    else:
        other = signing.dumps([people.analyst.pk, address("return_entry", row), []])
    not_taken(sign_in(browser, ended, people.analyst, envelope=other), "it was changed on the way")


@pytest.fixture
def signed_at(monkeypatch) -> list[int]:
    """The second that signatures are made and checked at."""
    second = [1_657_184_400]
    monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda: second[0]))
    return second


@pytest.mark.parametrize(("seconds", "is_taken"), [(14 * 60, True), (16 * 60, False)])
def test_envelope_when_it_is_old_then_it_is_good_for_a_quarter_of_an_hour(
    signed_at, browser, ended, people, seconds, is_taken
):
    signed_at[0] += seconds
    response = sign_in(browser, ended, people.analyst)
    if is_taken:
        assert "What you typed is shown below" in words(response)
    else:
        not_taken(response, "more than 15 minutes had passed")


def test_form_when_it_is_too_long_then_it_says_so_before_anybody_signs_in(browser, row, line, people):
    # Letters in no order, so that they cannot be packed.
    text = signing.b64_encode(bytes((i * i * 7919 + i // 3 * 104_729) % 251 for i in range(10))).decode()
    noise = "".join(signing.dumps([text, i]) for i in range(6_000))
    form = typed(browser, row, line, commentary=noise)
    end_session(browser)
    page = browser.post(address("return_entry", row), form)
    assert page.status_code == 403
    assert "because it is longer than the 256 kB that can be carried over" in words(page)
    assert "envelope" not in form_of(page)
    response = sign_in(browser, page, people.analyst)
    assert response.redirect_chain[0][0] == address("return_entry", row)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda form, row: form | {"form_owner": ""}, "it is not known whose it is"),
        (lambda form, row: form | {"form_owner": "x" + form["form_owner"]}, "it is not known whose it is"),
        (
            lambda form, row: form | {"form_owner": envelope.owner_token(1, address("return_review", row))},
            "it belongs to another page",
        ),
    ],
)
def test_form_when_it_does_not_say_whose_it_is_then_nothing_is_sealed(browser, row, line, change, reason):
    form = change(typed(browser, row, line, commentary="Zwölf"), row)
    end_session(browser)
    page = browser.post(address("return_entry", row), form)
    assert f"because {reason}" in words(page)
    assert "envelope" not in form_of(page)


def test_form_when_it_belongs_to_another_person_then_it_opens_for_nobody_else(browser, row, line, people):
    form = typed(browser, row, line, commentary="Zwölf")
    form["form_owner"] = envelope.owner_token(people.second_analyst.pk, address("return_entry", row))
    end_session(browser)
    page = browser.post(address("return_entry", row), form)
    not_taken(sign_in(browser, page, people.analyst), "it belongs to the person who was signed in before")


def test_file_when_sent_along_then_it_is_left_behind(browser, row, line, people):
    form = typed(browser, row, line, commentary="Zwölf") | {"file": SimpleUploadedFile("secret.csv", b"secret content")}
    end_session(browser)
    page = browser.post(address("return_entry", row), form)
    sealed = form_of(page)["envelope"]
    opened = envelope.unseal(sealed, people.analyst.pk)
    assert "file" not in opened.fields
    assert "secret" not in str(opened)
    assert set(envelope.LEFT_OUT).isdisjoint(opened.fields)


def test_file_when_sent_without_a_session_then_its_form_is_not_kept(browser, row, people):
    form = form_of(browser.get(address("return_entry", row)))
    form["form_owner"] = envelope.owner_token(people.analyst.pk, address("return_upload", row))
    end_session(browser)
    response = browser.post(address("return_upload", row), form | {"reason": "typed"})
    assert response.status_code == 302
    assert response["Location"].startswith(SIGN_IN)


def test_envelope_when_its_page_keeps_nothing_then_it_is_not_opened(browser, ended, people):
    path = "/northshire/scorecards/"
    fields = QueryDict(mutable=True)
    fields["form_owner"] = envelope.owner_token(people.analyst.pk, path)
    sealed = envelope.seal(fields, path)
    not_taken(sign_in(browser, ended, people.analyst, envelope=sealed), "its page does not take it")


def test_envelope_when_the_person_lost_the_right_meanwhile_then_the_page_is_refused(browser, ended, people, row):
    people.analyst.memberships.update(until_on=builders.LONG_AGO)
    assert sign_in(browser, ended, people.analyst).status_code == 404


def test_form_when_sent_with_a_session_then_no_envelope_is_made(browser, row, line):
    form = typed(browser, row, line, numerator="5", denominator="10")
    assert browser.post(address("return_entry", row), form | {"do": "save"}).status_code == 302
    assert DraftCell.objects.get().numerator == 5


def stale(path: str, fields: dict, user=None) -> HttpRequest:
    """A request as the page for a refused token is given it."""
    client = Client()
    if user:
        client.force_login(user)
    made = RequestFactory().post(path, fields)
    response = client.get("/health/")
    made.session, made.user = client.session, user or response.wsgi_request.user
    made.resolver_match = resolve(path)
    made._messages = []
    made.now, made.today = builders.NOW, builders.TODAY
    return made


def test_form_with_an_old_token_when_the_person_signed_in_again_elsewhere_then_it_is_shown_again(
    browser, row, line, people
):
    form = typed(browser, row, line, commentary="Zwölf")
    response = kept_from_stale_form(stale(address("return_entry", row), form, people.analyst))
    assert form_of(response, "#entry")[f"c-{line.line.pk}-commentary"] == "Zwölf"
    assert not DraftCell.objects.exists()
    assert kept_from_stale_form(stale(address("return_entry", row), form, people.second_analyst)) is None
    assert kept_from_stale_form(stale(address("return_entry", row), form | {"form_owner": "x"}, people.analyst)) is None
    page = kept_from_stale_form(stale(address("return_entry", row), form))
    assert "envelope" in form_of(page)


# Sign in and out


def test_sign_in_when_done_then_session_and_token_are_new(people):
    client = Client(enforce_csrf_checks=True)
    page = client.get(SIGN_IN)
    before = client.cookies["csrftoken"].value
    response = sign_in(client, page, people.analyst)
    assert response.redirect_chain[-1][0] == "/northshire/"
    assert client.cookies["csrftoken"].value != before
    assert get_user(response.wsgi_request) == people.analyst


@pytest.mark.parametrize("email", ["nobody@example.org", "ANALYST"])
def test_sign_in_when_address_or_password_is_wrong_then_it_does_not_say_which(people, email):
    email = people.analyst.email if email == "ANALYST" else email
    client = Client()
    response = client.post(SIGN_IN, {"email": email, "password": "wrong"})
    assert "The e-mail address or the password is not right. Check both and try again." in words(response)
    assert "_auth_user_id" not in client.session
    assert "wrong" not in str(form_of(response)["password"])


def test_sign_in_when_the_address_is_written_in_capitals_then_it_works(people):
    response = Client().post(SIGN_IN, {"email": people.analyst.email.upper(), "password": builders.PASSWORD})
    assert response.status_code == 302


def test_sign_in_when_the_person_is_no_longer_active_then_it_is_refused(people):
    people.analyst.is_active = False
    people.analyst.save()
    response = Client().post(SIGN_IN, {"email": people.analyst.email, "password": builders.PASSWORD})
    assert response.status_code == 200


def test_sign_in_when_left_empty_then_each_box_says_what_to_do(people):
    page = soup(Client().post(SIGN_IN, {}))
    assert [a["href"] for a in page.select(".govuk-error-summary__list a")] == ["#id_email", "#id_password"]
    assert page.title.text.startswith("Error: ")


@pytest.mark.parametrize(
    ("wanted", "landing"),
    [
        ("/northshire/returns/", "/northshire/returns/"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\example.org", "/"),
        ("/sign-out/", "/"),
        ("", "/"),
    ],
)
def test_sign_in_when_an_address_is_asked_for_then_only_one_of_this_service_is_followed(people, wanted, landing):
    client = Client()
    assert form_of(client.get(SIGN_IN, {"next": wanted})).get("next", "") == wanted
    response = client.post(SIGN_IN, {"email": people.analyst.email, "password": builders.PASSWORD, "next": wanted})
    assert response["Location"] == landing
    assert client.get(SIGN_IN, {"next": wanted})["Location"] == landing


def test_page_when_read_without_a_session_then_sign_in_leads_back_to_it(people, row):
    client, url = Client(), address("return", row)
    page = client.get(url, follow=True)
    assert page.redirect_chain[0][0] == f"{SIGN_IN}?next={url}"
    assert sign_in(client, page, people.analyst).redirect_chain[0][0] == url


def test_sign_out_when_pressed_then_the_session_is_gone(people, signed_in):
    client = signed_in(people.analyst)
    assert client.get("/sign-out/").status_code == 405
    response = client.post("/sign-out/", follow=True)
    assert "You are signed out." in words(response)
    assert "_auth_user_id" not in client.session


def test_sign_in_page_when_kept_by_a_browser_then_it_is_not_stored(ended):
    assert re.search("no-store|private", ended["Cache-Control"])
