"""Every form that is typed into: sent after its session had ended it is shown again as typed, and writes nothing."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import (
    DataIssue,
    LockException,
    Membership,
    ReportingRound,
    Return,
    StatutoryReturn,
    Target,
    User,
)
from indicators.operations import grant_lock_exception, lock_round
from indicators.roles import Role
from partnership.models import Pack, PackEvent, PackReason
from partnership.operations.packs import discard_pack
from referrals.models import AnnexADecision
from tests import builders as b
from tests.builders.annex_a import a_load, a_share
from tests.indicators.return_pages import form_of, soup, words
from tests.partnership.pack_world import CODE, a_pack, a_published_pack, publish

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RESTORED = "You are signed in again. What you typed is shown below and is not saved yet."
HERE = "/northshire/"
PACKS, PACK = f"{HERE}packs/", f"{HERE}packs/{CODE}/"
REGISTER, ROUNDS = f"{HERE}data-quality/", f"{HERE}rounds/"
ROUND = f"{ROUNDS}contract/2021-22-q4/"
ANNEX_A = f"{HERE}annex-a/2021-22-q4-trust-1/"
STEP = f"{HERE}indicators/contract-1/contract/"
WHY = {"authority": "The board, 7 July", "reason": "Courts were “closed”"}


def an_issue() -> None:
    b.an_issue("Start dates")


def a_statutory_return() -> None:
    StatutoryReturn.objects.create(partnership=b.a_partnership(), code="census", name="Census")


def a_pack_with_a_point() -> Pack:
    """A draft whose one figure outside tolerance is not explained."""
    row = Return.objects.get()
    again = b.a_restatement(row, [row.round.scorecard.lines.order_by("pk").first().series])
    assert again.number == 2
    return a_pack(row.round.scorecard)


def a_locked_round() -> None:
    lock_round(reporting_round=ReportingRound.objects.get(), reason="Closed", by=admin(), at=b.NOW)


def an_exception() -> None:
    a_locked_round()
    grant_lock_exception(
        reporting_round=ReportingRound.objects.get(), user=User.objects.get(display_name="Trust analyst"),
        until_on=b.date(2022, 7, 20), reason="Late", by=admin(), at=b.NOW,
    )  # fmt: skip


def a_relief() -> None:
    b.a_relief(Return.objects.get().round.scorecard.lines.order_by("pk").first())


def an_annex_a_load() -> None:
    """A file that was counted, with one figure for a correction that is open."""
    row = Return.objects.get()
    series = row.round.scorecard.lines.order_by("pk").first().series
    b.a_restatement(row, [series])
    a_load([a_share("timely", 18, 20, indicator=series.indicator.code)])


def admin() -> User:
    return User.objects.get(display_name="The administrator")


def point() -> str:
    """The name of the first box of the check list."""
    return "why-correction:contract/2021-22-q4/trust/2"


# Who, where the form stands, where it is sent, what is typed, what was done once it is sent again, what comes before
FORMS: dict[str, tuple[str, str, str, dict[str, Any], Callable[[], bool], Callable[[], Any] | None]] = {
    "pack begun": (
        "approver", f"{PACKS}new/", "",
        {"title": "Quarter “4”", "body": "The board", "meeting_on": "7 July 2022", "audience": ["public"],
         "tables": ["contract/2021-22-q4"], "note": "A\nB"},
        lambda: Pack.objects.get().title == "Quarter “4”", None,
    ),
    "pack changed": (
        "approver", f"{PACK}change/", "", {"title": "Anew", "note": "<b>why</b>", "tables": ["contract/2021-22-q4"]},
        lambda: Pack.objects.get().title == "Anew", a_pack_with_a_point,
    ),
    "reasons": (
        "approver", PACK, f"{PACK}act/", {point(): "Told in person", "action": "reasons"},
        lambda: PackReason.objects.get().reason == "Told in person", a_pack_with_a_point,
    ),
    "pack withdrawn": (
        "approver", f"{PACK}withdraw/", "", {"reason": "The wrong quarter"},
        lambda: PackEvent.objects.filter(action="withdrawn").exists(),
        lambda: a_published_pack(Return.objects.get().round.scorecard),
    ),
    "target changed": (
        "approver", f"{STEP}target/", "",
        {"valid_from": "Q1 2022/23", "target": "ninety", "tolerance_kind": ["absolute"], "tolerance": "85",
         "do": "check", **WHY},
        lambda: True, None,
    ),
    "relief agreed": (
        "approver", f"{STEP}relief/", "",
        {"from_period": "2021/22 Q4", "until_period": "x", "ends_on": "31 March 2023", "approved_by": "Chair",
         "do": "check", **WHY},
        lambda: True, None,
    ),
    "relief ended": (
        "approver", f"{STEP}relief/1/end/", "", {"on": "yesterday", "reason": "Over", "do": "check"},
        lambda: True, a_relief,
    ),
    "issue added": (
        "analyst", f"{REGISTER}issues/new/", "",
        {"title": "Start “dates”", "description": "A\nB", "expected_on": "31 July 2022", "indicators": ["contract-2"],
         "do": "change"},
        lambda: DataIssue.objects.get().title == "Start “dates”", None,
    ),
    "issue changed": (
        "analyst", f"{REGISTER}issues/start-dates/", "", {"title": "Other dates", "do": "change"},
        lambda: DataIssue.objects.get().title == "Other dates", an_issue,
    ),
    "issue cleared": (
        "analyst", f"{REGISTER}issues/start-dates/", "",
        {"cleared_on": "6 July 2022", "how_cleared": "Checked", "do": "clear"},
        lambda: DataIssue.objects.get().how_cleared == "Checked", an_issue,
    ),
    "statutory return added": (
        "analyst", f"{REGISTER}returns/new/", "", {"name": "Census", "closes_on": "31 July 2022", "state": "open"},
        lambda: StatutoryReturn.objects.get().state == "open", None,
    ),
    "statutory return changed": (
        "analyst", f"{REGISTER}returns/census/", "", {"note": "Sent in two parts"},
        lambda: StatutoryReturn.objects.get().note == "Sent in two parts", a_statutory_return,
    ),
    "figure of Annex A rejected": (
        "analyst", ANNEX_A, f"{ANNEX_A}decide/", {"reason": "Counted “twice”", "do": "reject"},
        lambda: AnnexADecision.objects.get().reason.body == "Counted “twice”", an_annex_a_load,
    ),
    "correction": (
        "analyst", f"{HERE}returns/contract/2021-22-q4/trust/1/correct/", "", {"reason": "Counted “anew”"},
        lambda: True, None,
    ),
    "round opened": (
        "administrator", ROUNDS, "", {"period": "Q1 2022/23", "due_on": "20 July 2022"},
        lambda: ReportingRound.objects.count() == 2, None,
    ),
    "deadline rule": (
        "administrator", ROUNDS, "",
        {"form": "rule", "working_days": "15", "from_on": "1 April 2022", "authority": "Contract"},
        lambda: True, None,
    ),
    "round locked": (
        "administrator", ROUNDS, ROUND, {"reason": "The “committee” has met"},
        lambda: ReportingRound.objects.get().state == "locked", None,
    ),
    "due date": (
        "administrator", f"{ROUND}due-date/", "", {"due_on": "20 July 2022", "reason": "Agreed"},
        lambda: ReportingRound.objects.get().due_on == b.date(2022, 7, 20), None,
    ),
    "exception given": (
        "administrator", f"{ROUND}exceptions/", "", {"form": "give", "until_on": "20 July 2022", "reason": "Late"},
        lambda: LockException.objects.exists(), a_locked_round,
    ),
    "exception ended": (
        "administrator", f"{ROUND}exceptions/", "", {"form": "end", "reason": "Done"},
        lambda: not LockException.objects.exists(), an_exception,
    ),
    "person": (
        "administrator", f"{HERE}people/", "",
        {"form": "person", "email": "new@example.org", "display_name": "Head", "role": "analyst", "partner": "trust",
         "from_on": "1 July 2022", "until_on": "", "authority": "Contract"},
        lambda: Membership.objects.filter(user__email="new@example.org").exists(), None,
    ),
}  # fmt: skip


@pytest.fixture
def people(db) -> dict[str, User]:
    """Whoever sends a form, in a partnership whose quarter is accepted."""
    b.an_accepted_quarter(2)
    return {
        "analyst": b.the_people().analyst,
        "approver": b.a_user(Role.APPROVER),
        "administrator": b.a_user(Role.ADMINISTRATOR, display_name="The administrator"),
    }


def form_that(response: Any, address: str, typed: dict[str, Any]) -> dict[str, Any]:
    """The fields of the page's form that is sent to an address and has the boxes that are typed into."""
    names = set(typed) - {"do", "action", "form"}
    for form in soup(response).select("main form[method=post]"):
        held = {e["name"] for e in form.select("[name]")}
        says = form.select_one('input[name="form"]')
        if form["action"] == address and names <= held and (says is None or says["value"] == typed.get("form")):
            return form_of(SimpleNamespace(content=str(form)), "form")
    raise AssertionError(f"No form of the page is sent to {address} with {sorted(names)}.")


def end_session(client: Client) -> None:
    del client.cookies["sessionid"]


def sign_in(client: Client, page: Any, user: User) -> Any:
    return client.post("/sign-in/", form_of(page) | {"email": user.email, "password": b.PASSWORD}, follow=True)


def written(queries: CaptureQueriesContext) -> set[str]:
    """The tables that were written to."""
    found = [re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', q["sql"]) for q in queries]
    return {match[1] for match in found if match}


@pytest.mark.parametrize("name", FORMS)
def test_form_when_its_session_had_ended_then_shown_again_as_typed_and_done_once_it_is_sent_again(people, name):
    who, page, sent_to, typed, is_done, before = FORMS[name]
    if before is not None:
        before()
    address, user, client = sent_to or page, people[who], Client(enforce_csrf_checks=True)
    client.force_login(user)
    form = form_that(client.get(page), address, typed) | typed
    end_session(client)

    ended = client.post(address, form)
    assert ended.status_code == 403
    assert "What you typed is not saved yet." in words(ended)

    with CaptureQueriesContext(connection) as queries:
        again = sign_in(client, ended, user)
    assert again.status_code == 200
    assert RESTORED in words(again)
    assert written(queries) <= {"django_session", "indicators_auditevent", "indicators_user", "axes_accessattempt"}
    shown = form_that(again, address, typed)
    assert {n: shown.get(n) for n in typed if n not in {"do", "action"}} == {
        n: v for n, v in typed.items() if n not in {"do", "action"}
    }
    assert shown["form_owner"]

    response = client.post(address, shown | {n: typed[n] for n in ("do", "action") if n in typed}, follow=True)
    assert response.status_code == 200
    assert RESTORED not in words(response)
    assert is_done()


# What became of it meanwhile


@pytest.fixture
def approver(people) -> Client:
    client = Client()
    client.force_login(people["approver"])
    return client


def sent_without_a_session(client: Client, user: User, address: str, form: dict[str, Any]) -> Any:
    """The answer after signing in again."""
    end_session(client)
    return sign_in(client, client.post(address, form), user)


def test_target_when_the_session_ended_before_it_was_confirmed_then_read_once_more_and_only_then_changed(
    people, approver
):
    address = f"{STEP}target/"
    typed = {"valid_from": "Q1 2022/23", "target": "90", "tolerance_kind": ["absolute"], "tolerance": "85", **WHY}
    check = approver.post(address, form_that(approver.get(address), address, typed) | typed)
    held = Target.objects.count()
    again = sent_without_a_session(
        approver, people["approver"], address, form_that(check, address, {"authority": ""}) | {"do": "confirm"}
    )
    assert RESTORED in words(again)
    assert "Check before you change the target" in words(again)
    assert Target.objects.count() == held
    confirm = form_that(again, address, {"authority": ""})
    assert confirm["reason"] == WHY["reason"]
    approver.post(address, confirm | {"do": "confirm"})
    assert Target.objects.count() == held + 1


def test_pack_when_published_while_its_change_was_carried_over_then_the_words_are_shown_and_why_they_are_refused(
    people, approver
):
    pack = a_pack(Return.objects.get().round.scorecard)
    address = f"{PACK}change/"
    form = form_that(approver.get(address), address, {"title": ""}) | {"title": "Anew"}
    publish(pack)
    again = sent_without_a_session(approver, people["approver"], address, form)
    assert "This pack is published or given up, so it cannot be changed." in words(again)
    assert form_that(again, address, {"title": ""})["title"] == "Anew"


def test_reasons_when_the_pack_was_given_up_meanwhile_then_it_is_said(people, approver):
    pack = a_pack_with_a_point()
    address = f"{PACK}act/"
    form = form_that(approver.get(PACK), address, {point(): ""}) | {point(): "Told in person", "action": "reasons"}
    discard_pack(pack=pack, version=pack.version, by=people["approver"], at=b.NOW)
    again = sent_without_a_session(approver, people["approver"], address, form)
    assert again.redirect_chain[-1][0] == PACK
    assert "This pack is published or given up, so it cannot be changed." in words(again)


def test_reason_to_lock_when_the_round_is_locked_meanwhile_then_it_can_still_be_read(people, client):
    client.force_login(people["administrator"])
    address = ROUND
    form = form_that(client.get(ROUNDS), address, {"reason": ""}) | {"reason": "The “committee” has met"}
    a_locked_round()
    again = sent_without_a_session(client, people["administrator"], address, form)
    assert "The round is locked already, so your reason was not used." in words(again)
    assert "The “committee” has met" in words(again)


def test_reason_to_reject_when_the_figure_was_replaced_meanwhile_then_it_can_still_be_read(people, client):
    client.force_login(people["analyst"])
    an_annex_a_load()
    address = f"{ANNEX_A}decide/"
    form = form_that(client.get(ANNEX_A), address, {"reason": ""}) | {"reason": "Counted “twice”", "do": "reject"}
    code = Return.objects.earliest("pk").round.scorecard.lines.order_by("pk").first().series.indicator.code
    a_load([a_share("timely", 17, 20, indicator=code)], sha256="e" * 64)
    again = sent_without_a_session(client, people["analyst"], address, form)
    assert "The figure cannot be rejected any more. Nothing was changed. You had typed: “Counted “twice””" in words(
        again
    )
    assert not AnnexADecision.objects.exists()


@pytest.mark.parametrize(
    ("name", "address", "page"),
    [("approver", f"{PACK}act/", PACK), ("administrator", ROUND, ROUNDS), ("analyst", f"{ANNEX_A}decide/", ANNEX_A)],
)
def test_address_without_a_page_when_opened_then_it_leads_to_the_page_of_its_form(people, client, name, address, page):
    a_pack(Return.objects.get().round.scorecard)
    an_annex_a_load()
    client.force_login(people[name])
    for method in (client.get, client.head):
        assert (method(address).status_code, method(address).url) == (302, page)
    assert client.put(address).status_code == 405


@pytest.mark.parametrize("name", ["pack act", "round locked", "figure of Annex A rejected"])
def test_form_when_what_was_typed_could_not_be_kept_then_the_sign_in_ends_on_its_page(people, client, name):
    addresses = {"pack act": f"{PACK}act/", "round locked": ROUND, "figure of Annex A rejected": f"{ANNEX_A}decide/"}
    who = {"pack act": "approver", "round locked": "administrator"}.get(name, "analyst")
    a_pack(Return.objects.get().round.scorecard)
    an_annex_a_load()
    ended = client.post(addresses[name], {"do": "reject", "reason": "Counted twice"})
    again = sign_in(client, ended, people[who])
    assert again.status_code == 200
    assert soup(again).h1
    assert not AnnexADecision.objects.exists()


# Two clicks


@pytest.mark.parametrize("name", ["pack begun", "issue added", "statutory return added"])
def test_form_when_the_button_is_pressed_twice_then_it_makes_one_and_a_new_page_makes_another(people, client, name):
    who, page, _, typed, is_done, _ = FORMS[name]
    client.force_login(people[who])
    form = form_that(client.get(page), page, typed) | typed
    first, second = client.post(page, form), client.post(page, form)
    assert (
        (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, first["Location"])
    )
    assert is_done()
    model = {"pack begun": Pack, "issue added": DataIssue, "statutory return added": StatutoryReturn}[name]
    refused = client.post(page, form | {"title": "Other", "name": "Other"})
    assert "This page was sent before with other answers" in words(refused)
    assert model.objects.count() == 1
    again = form_that(refused, page, typed)
    assert again["key"] != form["key"]
    assert client.post(page, again | {n: typed[n] for n in ("do",) if n in typed}).status_code == 302
    assert model.objects.count() == 2


# No form is forgotten

# The ways in and out have no session to lose; what was read from a file is signed already.
WITHOUT = {
    "base.html",
    "partnership/sign_in.html",
    "partnership/set_password.html",
    "partnership/account/second_step.html",
    "partnership/account/set_up.html",
    "partnership/account/codes.html",
    "503.html",
    "partnership/account/code.html",
    "partnership/account/forgotten.html",
    "partnership/account/password.html",
    "indicators/returns/upload_preview.html",
}


def test_templates_when_they_hold_a_form_then_it_says_whose_it_is_and_where_it_goes():
    folder = Path(__file__).parents[2] / "templates"
    lacking = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        for form in re.findall(r'<form method="post".*?</form>', path.read_text(), re.DOTALL)
        if 'enctype="multipart/form-data"' not in form  # a file never travels
        and ("{% form_owner" not in form or not re.match(r'<form method="post" action="{{ \w', form))
    }
    assert lacking == WITHOUT
