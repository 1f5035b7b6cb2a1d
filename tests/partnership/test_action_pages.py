"""The pages of actions: the log, its filters and file, one action, and the forms that record what becomes of it."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import User
from indicators.roles import Role
from partnership.actions_table import ACTIONS_TABLE
from partnership.models import Action, ActionStep, StoredDocument
from partnership.views import documents
from tests import builders as b
from tests.partnership.action_world import (
    JULY,
    JUNE,
    NEXT,
    a_held_meeting,
    agreed,
    close,
    last_of,
    managed,
    many,
    tell,
    the_item,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOG = "/northshire/actions/"
SECRET = "the aardvark clause"


@pytest.fixture
def officer(partnership, signed_in) -> Client:
    return signed_in(the_officer())


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def text(response: Any) -> str:
    return " ".join(soup(response).get_text(" ").split())


def shown(response: Any) -> list[int]:
    """The numbers of the actions in the table."""
    return [int(a.get_text().split()[1]) for a in soup(response).select("table.acts tbody th a")]


def send(client: Client, url: str, **fields: Any) -> Any:
    """Fills the form of a page in as it stands, with these fields changed, and sends it."""
    page = soup(client.get(url))
    form = page.select_one("form[method=post].after")
    typed = {
        i["name"]: i.get("value", "") for i in form.select("input[name]") if i.get("type") not in {"file", "radio"}
    }
    typed |= {i["name"]: i["value"] for i in form.select("input[type=radio][checked]")}
    typed |= {t["name"]: t.get_text() for t in form.select("textarea")}
    for choice in form.select("select"):
        chosen = choice.select_one("option[selected]")
        typed[choice["name"]] = chosen["value"] if chosen else ""
    return client.post(form["action"], typed | fields)


# The log


def test_log_when_empty_then_it_says_what_will_appear_and_how(officer) -> None:
    assert "No action has been agreed yet" in text(officer.get(LOG))


def test_log_when_there_are_actions_then_overdue_first_with_what_a_reader_needs(officer) -> None:
    agreed(what="In time.")
    agreed(what="Without a day.", due_on=None)
    late = agreed(what="Late.", due_on=JUNE)
    tell(late, "Nearly there.", evidence="Families wrote.", evidence_from="families")
    response = officer.get(LOG)
    assert shown(response) == [3, 1, 2]
    said = text(response)
    for words in (
        "3 actions are open, 1 of them overdue.",
        "The longest overdue is action 3, 28 days late: Head of service, Northshire Children's Trust.",
        "Scrutiny Committee, 9 June 2022",
        "Item 1: Performance of the quarter",
        "9 June 2022 28 days late",
        "Evidence from families: Families wrote.",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2]),
        ("state=open", [1, 2]),
        ("state=closed", [4]),
        ("state=done", [3]),
        ("state=cancelled", [5]),
        ("state=all", [1, 2, 3, 5, 4]),
        ("overdue=yes", [1]),
        ("owner=partner:police", [2]),
        ("owner=role:Director", [2]),
        ("owner=mine", []),
        ("body=board", []),
        ("body=scrutiny-committee&overdue=yes&owner=partner:trust", [1]),
        ("state=nonsense", [1, 2]),
    ],
)
def test_log_when_filtered_by_its_address_then_the_page_and_the_file_show_the_same(query, numbers, officer) -> None:
    agreed(due_on=JUNE)
    agreed(partner="police", role="Director")
    tell(agreed(), is_done=True)
    close(agreed())
    managed("cancel_action", agreed())
    b.an_action(b.an_item(b.a_meeting(b.a_body("Board"), JUNE, state="held")), state="cancelled")
    numbers = [*numbers, 6] if query == "state=cancelled" else numbers
    numbers = [1, 2, 3, 4, 5, 6] if query == "state=all" else numbers
    found = shown(officer.get(f"{LOG}?{query}"))
    assert sorted(found) == sorted(numbers)
    file = officer.get(f"/northshire/actions.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
    assert [int(row["action"]) for row in rows] == found


def test_log_when_mine_then_my_own_and_those_of_my_partner(partnership, signed_in) -> None:
    own = b.a_user(Role.BOARD_MEMBER, email="own@example.org")
    agreed(user=own, partner=None)
    agreed(partner="police")
    agreed()
    assert shown(signed_in(own).get(f"{LOG}?owner=mine")) == [1]
    assert shown(signed_in(b.the_people().analyst).get(f"{LOG}?owner=mine")) == [3]
    assert shown(signed_in(b.the_people().acceptor).get(f"{LOG}?owner=mine")) == []


def test_log_when_mine_then_of_my_partner_what_no_colleague_with_access_owns(partnership, signed_in) -> None:
    people = b.the_people()
    left = b.a_user(Role.ANALYST, partner=b.a_partner(), email="left@example.org")
    agreed(user=left)
    agreed(user=people.lead)
    left.memberships.update(until_on=JUNE)
    assert shown(signed_in(people.analyst).get(f"{LOG}?owner=mine")) == [1]
    assert shown(signed_in(people.lead).get(f"{LOG}?owner=mine")) == [1, 2]
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), date(2022, 7, 1))
    assert shown(signed_in(b.the_people(b.a_partner("council")).analyst).get(f"{LOG}?owner=mine")) == [1]


@pytest.mark.parametrize(
    ("precision", "when", "ended"),
    [("day", "9 June 2022", "on 9 June 2022, at Board, 9 June 2022"), ("month", "June 2022", "in June 2022, at Board")],
)
def test_action_when_of_a_paper_with_a_month_alone_then_the_month_is_told_everywhere(
    precision, when, ended, officer
) -> None:
    action = agreed(b.an_item(b.a_meeting(b.a_body("Board"), JUNE, state="held", precision=precision)))
    for number, kind in enumerate(("done", "closed"), 2):
        ActionStep.objects.create(
            action=action, number=number, kind=kind, actor="loaded from report 002", at=b.NOW, known_on=JUNE,
            at_meeting=action.item.meeting, text=action.what, evidence=action.what,
        )  # fmt: skip
    Action.objects.update(state="closed")
    page, log = officer.get(f"{LOG}1/"), officer.get(f"{LOG}?state=all")
    assert [p.get_text().split(". ")[0] for p in soup(page).select("ol.tale li > p:first-child")] == [when] * 3
    (row,) = soup(log).select("table.acts tbody tr")
    assert f"Board, {when}" in row.select_one(".c-from").get_text(" ")
    assert ended in row.select_one(".c-state").get_text(" ")
    assert when in row.select_one(".c-told").get_text(" ")
    assert ("9 June" in row.get_text(" ")) is (precision == "day")


def test_file_when_compared_with_the_screen_then_every_cell_is_in_it(officer) -> None:
    tell(agreed(due_on=JUNE, what="=SUM(A1)"), evidence="They said so.", evidence_from="children")
    managed("move_date", agreed(), due_on=NEXT)
    close(agreed())
    page = soup(officer.get(f"{LOG}?state=all"))
    file = csv.reader(
        io.StringIO(b"".join(officer.get("/northshire/actions.csv?state=all").streaming_content).decode())
    )
    header, *rows = list(file)
    drawn = page.select("table.acts tbody tr")
    assert len(rows) == len(drawn) == 3
    for cells, tr in zip(rows, drawn, strict=True):
        values = ACTIONS_TABLE.values_from_csv(header, cells)
        for column, cell in zip(ACTIONS_TABLE.on_screen, tr.select("th, td"), strict=True):
            for lab in cell.select(".lab"):
                lab.decompose()
            assert " ".join(cell.get_text(" ").split()) == " ".join(" ".join(column.text(values)).split())


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_document_when_asked_for_then_it_holds_the_rows_that_the_reader_may_read(
    form, partnership, signed_in, monkeypatch
) -> None:
    made = []

    def write(*, job: str, payload: bytes, **more: Any) -> bytes:
        made.append((job, payload.decode()))
        return b"%PDF-1.7" if job.endswith("write_pdf") else b"PK\x03\x04"

    monkeypatch.setattr(documents.bounded, "run", write)
    agreed(what="Bring it.", due_on=JUNE)
    agreed(b.an_item(a_held_meeting(), f"Item on {SECRET}", exempt=3), what=f"Settle {SECRET}.")
    url = f"/northshire/actions.{form}"
    for person, sees in ((b.the_people().analyst, False), (the_officer(), True)):
        response = signed_in(person).get(f"{url}?state=all")
        assert response["Content-Disposition"] == f'attachment; filename="actions.{form}"'
        job, payload = made[-1]
        assert job.endswith(f"write_{form}")
        assert "Bring it." in payload
        assert "Actions as they stand on 7 July 2022" in payload
        assert (SECRET in payload) is sees
    signed_in(the_officer()).get(f"{url}?state=closed")
    assert "Bring it." not in made[-1][1]


@pytest.mark.once
def test_log_when_there_are_many_then_50_a_page_and_the_same_number_of_queries(officer) -> None:
    def queries(url: str) -> int:
        officer.get(url)
        with CaptureQueriesContext(connection) as context:
            assert officer.get(url).status_code == 200
        return len(context)

    many(1)
    few = [queries(LOG), queries("/northshire/actions.csv"), queries(f"{LOG}1/")]
    many(119)
    assert [queries(LOG), queries("/northshire/actions.csv"), queries(f"{LOG}1/")] == few
    first, last = officer.get(LOG), officer.get(f"{LOG}?page=3")
    assert (len(shown(first)), len(shown(last))) == (50, 20)
    assert "120 actions" in text(first)
    assert "?owner=role%3ADirector&amp;page=2" in officer.get(f"{LOG}?owner=role:Director").content.decode()


# One action


def test_page_when_there_are_more_steps_then_it_asks_as_many_questions(officer) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert "Bring the figures by school." in officer.get(f"{LOG}1/").content.decode()
        return len(context)

    action = agreed()
    officer.get(f"{LOG}1/")
    before = queries()
    for words in ("A third.", "Half.", "Nearly all."):
        tell(action, words)
    assert queries() == before


def test_page_when_read_then_history_in_sentences_and_only_the_steps_that_one_may_take(partnership, signed_in) -> None:
    action = agreed()
    tell(action, "Half done.")
    managed("move_date", action, due_on=NEXT, reason="Schools are shut.")
    url = f"{LOG}1/"
    steps = {
        the_officer(): ["Tell how it stands", "Close the action", "Move the day", "Give it to another owner",
                        "Cancel the action"],
        b.the_people().analyst: ["Tell how it stands"],
        b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="police@example.org"): [],
        b.a_user(Role.BOARD_MEMBER): [],
    }  # fmt: skip
    for person, expected in steps.items():
        response = signed_in(person).get(url)
        assert [a.get_text() for a in soup(response).select("p.btns a")] == expected
        said = text(response)
        assert "Progress told by Trust analyst. Half done." in said
        assert "Day moved from 1 September 2022 to 15 September 2022, 14 days later, by Officer." in said
        assert "Schools are shut." in said
        assert "put back once, now 14 days after the first day agreed" in said


def test_page_when_closed_then_it_says_where_and_can_be_opened_again(officer) -> None:
    close(agreed(), evidence_from="staff")
    response = officer.get(f"{LOG}1/")
    assert [a.get_text() for a in soup(response).select("p.btns a")] == ["Open it again"]
    assert "Closed at Scrutiny Committee, 7 July 2022 by Officer." in text(response)
    assert "Evidence from front-line staff: The figures came." in text(response)


# Forms


def test_action_when_added_in_the_form_then_agreed_once(officer) -> None:
    item = the_item()
    b.a_partner()
    b.a_resolution(item, "That the director bring the figures.")
    page = soup(officer.get(f"{LOG}new/?from=item-{item.pk}"))
    select = page.select_one("select[name=comes_from]")
    assert select.select_one("option[selected]")["value"] == f"item-{item.pk}"
    assert [g["label"] for g in select.select("optgroup")] == ["Scrutiny Committee, 9 June 2022"]
    assert "9 June 2022, resolution 2022-1: That the director bring the figures." in select.get_text()
    fields = {"comes_from": f"item-{item.pk}", "what": "Bring them.", "owner_role": "Director",
              "owner_partner": "trust", "due_on": "1 September 2022"}  # fmt: skip
    response = send(officer, f"{LOG}new/", **fields)
    assert response.status_code == 302, text(response)
    assert response["Location"] == f"{LOG}1/"
    assert Action.objects.get().owner_partner == b.a_partner()


def test_action_when_a_box_is_wrong_then_the_error_stands_at_it(officer) -> None:
    fields = {"comes_from": f"item-{the_item().pk}", "what": "Bring them.", "owner_role": "Director"}
    page = soup(send(officer, f"{LOG}new/", **fields, due_on="1 June 2022"))
    assert "The day lies before the meeting" in page.select_one("#id_due_on_error").get_text()
    page = soup(send(officer, f"{LOG}new/"))
    assert {a["href"] for a in page.select(".govuk-error-summary a")} == {
        "#id_comes_from",
        "#id_what",
        "#id_owner_role",
    }
    assert not Action.objects.exists()


def test_origins_when_a_meeting_is_old_or_cancelled_then_offered_only_when_named(officer) -> None:
    old = b.an_item(b.a_meeting(b.a_body(), b.date(2015, 7, 2), state="confirmed"), "School improvement")
    b.an_item(b.a_meeting(b.a_body("Board"), JULY, state="cancelled"), "Never held")
    coming = b.an_item(b.a_meeting(b.a_body("Board"), NEXT, state="called"), "Still to come")
    assert "School improvement" not in officer.get(f"{LOG}new/").content.decode()
    named = officer.get(f"{LOG}new/?from=item-{old.pk}").content.decode()
    assert "School improvement" in named
    assert "Never held" not in named
    assert "Still to come" not in officer.get(f"{LOG}new/?from=item-{coming.pk}").content.decode()


FORMS: dict[str, dict[str, Any]] = {
    "tell": {"words": "Half done.", "stands": "progress"},
    "date": {"due_on": "15 September 2022", "reason": "Schools are shut."},
    "owner": {"owner_role": "Director", "reason": "She left."},
    "close": {"evidence": "The figures came.", "at_meeting": "scrutiny-committee-2022-07-07"},
    "cancel": {"reason": "Not needed."},
}


@pytest.mark.parametrize("step", FORMS)
def test_step_when_sent_in_its_form_then_recorded_once_and_a_second_tab_is_told(step, officer) -> None:
    agreed(user=b.the_people().analyst)
    a_held_meeting(JULY)
    url = f"{LOG}1/{step}/"
    second_tab = {i["name"]: i.get("value", "") for i in soup(officer.get(url)).select("form.after input[name]")}
    assert send(officer, url, **FORMS[step])["Location"] == f"{LOG}1/"
    assert ActionStep.objects.count() == 2
    response = officer.post(url, {**second_tab, **FORMS[step]})
    assert response.status_code == 200
    assert "Something was recorded" in text(response)
    since = soup(response).select_one("section[aria-labelledby=since]").get_text(" ")
    assert "by Officer" in since
    assert "Agreed" not in since
    assert ActionStep.objects.count() == 2
    again = {**hidden_of(response), **FORMS[step]}
    once_more = officer.post(url, again)
    if step == "tell":  # a second tab of the same person said the very same
        assert "You recorded the same words last" in text(once_more)
        once_more = officer.post(url, again | {"words": "Nearly done."})
    assert ("Something was recorded since" in text(once_more)) is False
    assert ActionStep.objects.count() == (2 if step in {"date", "close", "cancel"} else 3)


def hidden_of(response: Any) -> dict[str, str]:
    """What the form of a page carries unseen."""
    return {i["name"]: i.get("value", "") for i in soup(response).select("form.after input[type=hidden]")}


def test_step_when_another_was_recorded_meanwhile_then_the_words_can_be_sent_again_as_they_stand(officer) -> None:
    action, url = agreed(), f"{LOG}1/date/"
    second_tab = hidden_of(officer.get(url))
    tell(action, "Half the schools answered.")
    refused = officer.post(url, {**second_tab, **FORMS["date"]})
    assert "Half the schools answered." in soup(refused).select_one("section[aria-labelledby=since]").get_text()
    assert "Schools are shut." in soup(refused).select_one("textarea[name=reason]").get_text()
    sent = officer.post(url, {**hidden_of(refused), **FORMS["date"]})
    assert sent["Location"] == f"{LOG}1/"
    assert action.steps.count() == 3


def test_telling_when_the_page_is_gone_back_to_and_sent_once_more_then_it_stands_once(officer) -> None:
    agreed()
    send(officer, f"{LOG}1/tell/", **FORMS["tell"])
    again = send(officer, f"{LOG}1/tell/", **FORMS["tell"])  # a new page: new key, present version, the same words
    assert "You recorded the same words last" in text(again)
    assert ActionStep.objects.count() == 2
    assert send(officer, f"{LOG}1/tell/", **FORMS["tell"] | {"words": "Nearly done."}).status_code == 302


@pytest.mark.parametrize("step", FORMS)
def test_step_when_something_is_missing_then_refused_at_its_box(step, officer) -> None:
    agreed()
    a_held_meeting(JULY)
    missing = next(iter(FORMS[step]))
    response = send(officer, f"{LOG}1/{step}/", **FORMS[step] | {missing: " "})
    assert f"#id_{missing}" in response.content.decode()
    assert ActionStep.objects.count() == 1


def test_reopening_when_sent_then_open_again(officer) -> None:
    close(agreed())
    send(officer, f"{LOG}1/reopen/", reason="It came back.")
    assert Action.objects.get().state == "open"


@pytest.mark.parametrize("step", [*FORMS, "reopen", "nonsense"])
def test_step_when_opened_by_who_may_not_then_forbidden_or_not_there(step, partnership, signed_in) -> None:
    agreed()
    people: dict[str, User] = {"analyst": b.the_people().analyst, "board": b.a_user(Role.BOARD_MEMBER)}
    for who, person in people.items():
        for method in ("get", "post"):
            found = getattr(signed_in(person), method)(f"{LOG}1/{step}/").status_code
            may = who == "analyst" and step == "tell"
            assert found == (404 if step == "nonsense" else 200 if may else 403)


# Files


def test_evidence_when_a_file_is_sent_then_it_can_be_read_by_who_reads_the_action(officer, signed_in) -> None:
    agreed()
    file = SimpleUploadedFile("C:\\what they said.exe", b"We were heard.", "application/x-evil")
    send(officer, f"{LOG}1/tell/", words="Asked.", evidence="They answered.", evidence_from="children", document=file)
    assert StoredDocument.objects.get().file_name == "what they said.txt"
    response = signed_in(b.a_user(Role.BOARD_MEMBER)).get(f"{LOG}1/evidence/2/")
    assert (response.content, response["Content-Type"]) == (b"We were heard.", "text/plain; charset=utf-8")
    assert response["Content-Disposition"] == 'attachment; filename="action-1-step-2.txt"'
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store")
    assert officer.get(f"{LOG}1/evidence/1/").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x7fELF\x02\x01\x00\x00", "PNG, JPEG or plain text"), (b"PK\x03\x04broken", "is damaged")],
)  # fmt: skip
def test_evidence_when_the_file_is_of_another_kind_then_refused_at_its_box(content, words, officer) -> None:
    agreed()
    file = SimpleUploadedFile("report.pdf", content, "application/pdf")
    response = send(officer, f"{LOG}1/tell/", words="Asked.", evidence="So.", document=file)
    assert words in soup(response).select_one("#id_document_error").get_text()
    assert not StoredDocument.objects.exists()


def test_evidence_when_the_file_is_too_large_then_refused_and_what_was_typed_stays(officer) -> None:
    agreed()
    file = SimpleUploadedFile("big.txt", b"x" * (10 * 1024 * 1024 + 1))
    response = send(officer, f"{LOG}1/tell/", words="Asked everybody.", evidence="So.", document=file)
    assert "larger than 10 MB" in text(response)
    assert "Asked everybody." in response.content.decode()
    assert not StoredDocument.objects.exists()


def test_form_with_a_file_when_the_session_had_ended_then_the_words_are_kept_and_the_file_is_not(officer) -> None:
    agreed()
    url = f"{LOG}1/tell/"
    fields = {i["name"]: i.get("value", "") for i in soup(officer.get(url)).select("form.after input[type=hidden]")}
    officer.logout()
    file = SimpleUploadedFile("big.txt", b"x" * (3 * 1024 * 1024))
    typed = {"words": "Asked “everybody”.", "stands": "done", "evidence": "So.", "document": file}
    ended = officer.post(url, fields | typed)
    assert ended.status_code == 403
    sign_in = {i["name"]: i.get("value", "") for i in soup(ended).select("main form input[name]")}
    again = officer.post("/sign-in/", sign_in | {"email": the_officer().email, "password": b.PASSWORD}, follow=True)
    assert "What you typed is shown below and is not saved yet." in text(again)
    assert "Asked “everybody”." in again.content.decode()
    assert soup(again).select_one("input[name=version]")["value"] == "1"
    assert ActionStep.objects.count() == 1


# What is exempt


@pytest.mark.parametrize(("who", "sees"), [("analyst", False), ("administrator", False), ("board", True)])
def test_exempt_action_when_looked_for_then_only_who_may_read_it_finds_anything(
    who, sees, partnership, signed_in
) -> None:
    exempt = b.an_item(a_held_meeting(), f"Item on {SECRET}", exempt=3)
    action = agreed(exempt, what=f"Settle {SECRET}.", role=f"Keeper of {SECRET}")
    agreed(what="Seen by everybody.")
    tell(action, f"About {SECRET}.", by=the_officer(), evidence=f"So: {SECRET}.")
    person = {
        "analyst": b.the_people().analyst,
        "administrator": b.a_user(Role.ADMINISTRATOR),
        "board": b.a_user(Role.BOARD_MEMBER),
    }[who]
    client = signed_in(person)
    found = client.get(LOG).content.decode() + client.get("/northshire/").content.decode()
    if who != "administrator":
        found += b"".join(client.get("/northshire/actions.csv").streaming_content).decode()
    assert (SECRET in found) is sees
    assert ("2 actions are open" in found) is sees
    status = client.get(f"{LOG}1/").status_code
    assert status == (200 if sees else 404)
    assert client.get(f"{LOG}1/tell/").status_code == (403 if sees else 404)
    assert client.get(f"{LOG}1/evidence/2/").status_code == 404
    assert last_of(action) == 2


def test_form_of_an_action_when_an_indicator_is_looked_for_then_everything_else_stays_as_typed(officer) -> None:
    b.an_indicator("one", name="Assessed in time")
    b.an_indicator("two", name="Seen in time")
    fields = {"what": "Ask the director.", "owner_role": "Director", "due_on": "31 July 2022"}
    page = soup(send(officer, f"{LOG}new/", do="find", find="seen", **fields))
    assert [option.get_text() for option in page.select("#id_line option")] == ["None", "Seen in time"]
    assert page.select_one("#id_what").get_text().strip() == "Ask the director."
    assert [page.select_one(f"#id_{name}")["value"] for name in ("owner_role", "due_on")] == [
        "Director",
        "31 July 2022",
    ]
    assert not page.select(".govuk-error-summary")
    assert not Action.objects.exists()
