"""Forms of meetings that stay open in a tab while somebody else changes the meeting: nothing lands in another place,
and nothing typed is lost without a word."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.models import User
from indicators.roles import Role
from partnership.models import AgendaItem, Declaration, Meeting, Paper, PublicStatement
from partnership.operations import agenda, minutes
from partnership.operations.agenda import ItemDetails
from partnership.operations.minutes import Attended
from tests import builders as b
from tests.partnership.filled_forms import fill, form_in, opened, page_of, send, text_of
from tests.partnership.meeting_world import CODE, PDF
from tests.partnership.pack_world import a_published_pack, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = f"/northshire/meetings/{CODE}/"
BIDS = {"exempt_paragraph": 3, "exempt_interest": "Bids."}


@pytest.fixture
def officer(db: None) -> User:
    return b.a_user(Role.SCRUTINY_OFFICER)


@pytest.fixture
def clerk(officer: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(officer)


@pytest.fixture
def items(db: None) -> list[AgendaItem]:
    """An exempt item on bids, and a public one after it."""
    meeting = b.a_meeting()
    return [b.an_item(meeting, "Bids", exempt=3), b.an_item(meeting, "Fees")]


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("bids.pdf", PDF)


def swapped(clerk: Client) -> None:
    """The second item goes up, in another tab."""
    version = Meeting.objects.get(code=CODE).version
    clerk.post(f"{PAGE}agenda/", {"action": "up-2", "version": str(version)})
    assert [i.title for i in AgendaItem.objects.order_by("order")] == ["Fees", "Bids"]


# Papers


def test_paper_when_items_changed_places_in_another_tab_then_it_lands_under_the_one_that_was_shown(
    clerk: Client, items: list[AgendaItem]
) -> None:
    path = f"{PAGE}items/1/papers/new/"
    tab = opened(clerk, path)
    swapped(clerk)
    send(clerk, path, tab | {"title": "The bids", "file": a_file()})
    assert [p.item.title for p in Paper.objects.all()] == ["Bids"]


def test_paper_when_the_item_was_made_public_in_another_tab_then_it_is_refused_and_what_was_typed_stays(
    clerk: Client, officer: User, items: list[AgendaItem]
) -> None:
    path = f"{PAGE}items/1/papers/new/"
    tab = opened(clerk, path) | {"title": "The bids"}
    meeting = Meeting.objects.get(code=CODE)
    agenda.change_item(item=items[0], details=ItemDetails("Bids"), version=meeting.version, by=officer, at=b.NOW)
    response = clerk.post(path, tab | {"file": a_file()})
    page = BeautifulSoup(response.content, "lxml")
    said = " ".join(page.get_text(" ").split())
    assert "Somebody else has changed this item, or whether it is exempt" in said
    assert "Public: everybody reads its papers" in said
    assert "Nothing was kept of the file. Choose it again." in said
    assert not Paper.objects.exists()
    again = form_in(page, path)
    assert again["title"] == "The bids"
    send(clerk, path, again | {"file": a_file()})
    assert Paper.objects.get().document is not None


@pytest.mark.parametrize("step", ["papers/new", "steps/change"])
def test_item_when_it_was_taken_off_in_another_tab_then_a_sentence_says_that_nothing_was_saved(
    clerk: Client, officer: User, items: list[AgendaItem], step: str
) -> None:
    path = f"{PAGE}items/1/{step}/"
    tab = opened(clerk, path) | {"title": "The bids"}
    meeting = Meeting.objects.get(code=CODE)
    agenda.remove_item(item=items[0], version=meeting.version, by=officer, at=b.NOW)
    assert "The item was taken off the agenda since you opened the page. Nothing was saved." in send(clerk, path, tab)
    assert not Paper.objects.exists()
    assert [i.title for i in AgendaItem.objects.all()] == ["Fees"]


def test_paper_when_withdrawn_from_a_page_that_is_out_of_date_then_the_one_that_was_shown_goes(
    clerk: Client, items: list[AgendaItem]
) -> None:
    for item in items:
        b.a_paper(item, f"On {item.title}")
    path = f"{PAGE}items/1/papers/1/withdraw/"
    tab = opened(clerk, path)
    swapped(clerk)
    send(clerk, path, tab)
    assert [p.title for p in Paper.objects.filter(withdrawn_at__isnull=False)] == ["On Bids"]


def test_paper_when_refused_for_another_box_then_the_page_says_that_the_file_is_to_be_chosen_again(
    clerk: Client, items: list[AgendaItem]
) -> None:
    path = f"{PAGE}items/1/papers/new/"
    assert "Nothing was kept of the file. Choose it again." in fill(clerk, path, 200, title="", file=a_file())


def test_paper_when_the_session_had_ended_then_what_was_typed_is_shown_again(
    clerk: Client, officer: User, items: list[AgendaItem]
) -> None:
    path = f"{PAGE}items/1/papers/new/"
    tab = opened(clerk, path) | {"title": "The bids", "pages": "1–30"}
    swapped(clerk)
    del clerk.cookies["sessionid"]
    ended = clerk.post(path, tab | {"file": a_file()})
    assert ended.status_code == 403
    form = form_in(BeautifulSoup(ended.content, "lxml"), "/sign-in/")
    again = clerk.post("/sign-in/", form | {"email": officer.email, "password": b.PASSWORD}, follow=True)
    page = BeautifulSoup(again.content, "lxml")
    assert "No file is kept over a sign-in: choose it again." in page.get_text(" ")
    kept = form_in(page, path)
    assert (kept["title"], kept["pages"]) == ("The bids", "1–30")
    without = BeautifulSoup(clerk.post(path, kept).content, "lxml")
    assert "Choose the file or the pack of this paper." in without.select_one("#id_file_error").get_text()
    assert not Paper.objects.exists()
    send(clerk, path, kept | {"file": a_file()})
    assert Paper.objects.get().item == items[0]


def test_form_when_gone_back_to_and_sent_once_more_then_it_stands_once(clerk: Client, items: list[AgendaItem]) -> None:
    """After going back the browser loads the page anew, with a new key, and fills in what was typed."""
    forms = [
        (f"{PAGE}items/1/papers/new/", {"title": "The bids", "is_named": "on"}, Paper),
        (f"{PAGE}steps/item/", {"title": "Urgent business"}, AgendaItem),
        (f"{PAGE}steps/statement/", {"topic": "Waiting times"}, PublicStatement),
    ]
    for path, typed, kept in forms:
        if kept is PublicStatement:
            Meeting.objects.update(state="called")
        fill(clerk, path, **typed)
        number = kept.objects.count()
        assert re.search("You (added|sent) the same", fill(clerk, path, 200, **typed))
        assert kept.objects.count() == number
    Paper.objects.update(withdrawn_at=b.NOW)
    Meeting.objects.update(state="planned")
    fill(clerk, forms[0][0], **forms[0][1])  # what was taken away again can be added again


def test_paper_when_packs_are_offered_then_none_that_was_withdrawn(clerk: Client, items: list[AgendaItem]) -> None:
    scorecard = b.a_scorecard(1)
    b.a_return(scorecard, state="approved")
    pack = a_published_pack(scorecard)

    def packs() -> list[str]:
        page = page_of(clerk, f"{PAGE}items/1/papers/new/")
        return [str(one["value"]) for one in page.select("select[name=pack] option") if one["value"]]

    assert packs() == [pack.code]
    withdraw(pack)
    assert packs() == []


# Items


def test_item_when_changed_after_items_changed_places_then_the_one_that_was_shown(
    clerk: Client, items: list[AgendaItem]
) -> None:
    path = f"{PAGE}items/1/steps/change/"
    tab = opened(clerk, path) | {"title": "Bids for homes"}
    swapped(clerk)
    response = clerk.post(path, tab)
    page = BeautifulSoup(response.content, "lxml")
    assert "Somebody else has changed this meeting" in page.get_text(" ")
    send(clerk, path, form_in(page, path))
    assert [i.title for i in AgendaItem.objects.order_by("order")] == ["Fees", "Bids for homes"]


def test_item_when_its_agenda_is_published_then_only_what_can_be_changed_has_a_box(
    clerk: Client, officer: User, items: list[AgendaItem]
) -> None:
    path = f"{PAGE}items/2/steps/change/"
    tab = opened(clerk, path) | {"title": "Fees of homes", "lead_role": "Director"}
    Meeting.objects.update(state="called", agenda_issued_on=b.TODAY, version=2)
    assert {"title", "kind", "function", "lead_role"} & set(opened(clerk, path)) == set()
    response = clerk.post(path, tab)
    page = BeautifulSoup(response.content, "lxml")
    assert "Somebody else has changed this meeting" in page.get_text(" ")
    again = form_in(page, path)
    assert (again["title"], again["lead_role"]) == ("Fees of homes", "Director")
    assert "neither changed nor opened" in send(clerk, path, again | BIDS, 200)
    fill(clerk, path, **BIDS)
    item = AgendaItem.objects.get(pk=items[1].pk)
    assert (item.title, item.exempt_paragraph) == ("Fees", 3)


def test_minute_when_kept_over_a_sign_in_then_it_is_not_sent_over_what_somebody_wrote_meanwhile(
    clerk: Client, officer: User
) -> None:
    item = b.an_item(b.a_meeting(state="held"))
    path = f"{PAGE}items/1/steps/minute/"
    tab = opened(clerk, path) | {"text": "First tab."}
    minutes.write_minute(item=item, text="Another’s words.", based_on=0, by=officer, at=b.NOW)
    del clerk.cookies["sessionid"]
    ended = clerk.post(path, tab)
    form = form_in(BeautifulSoup(ended.content, "lxml"), "/sign-in/")
    again = clerk.post("/sign-in/", form | {"email": officer.email, "password": b.PASSWORD}, follow=True)
    page = BeautifulSoup(again.content, "lxml")
    assert "What stands there now Another’s words." in " ".join(page.get_text(" ").split())
    assert "Somebody else has written this minute" in send(clerk, path, form_in(page, path), 200)
    assert item.minutes.count() == 1


# Attendance and interests


def a_loaded_attendance() -> Meeting:
    """As a paper has it: a chair, a co-optee of an organisation, two of one role and organisation, one of another."""
    meeting = b.a_meeting(state="held", in_public=True)
    chair, member = b.some_seats(meeting.body, 2)
    b.an_attendance(meeting, chair, who="Chair, as printed", took_chair=True)
    b.an_attendance(meeting, member, organisation_words="Diocese, as printed")
    for of in ("Council", "Council", "Police"):
        b.an_attendance(meeting, who="Councillor", status="in_attendance", organisation_words=of)
    return meeting


def rows_of(meeting: Meeting) -> list[tuple[Any, ...]]:
    return list(
        meeting.attendances.order_by("order").values_list(
            "pk", "who", "organisation_words", "status", "took_chair", "source", "by"
        )
    )


def test_attendance_of_a_paper_when_kept_as_it_stands_then_nothing_of_it_changes(clerk: Client) -> None:
    meeting = a_loaded_attendance()
    before = rows_of(meeting)
    assert "The attendance is recorded." in fill(clerk, f"{PAGE}steps/attendance/")
    assert rows_of(meeting) == before


def test_attendance_of_a_paper_when_one_of_two_alike_goes_then_the_others_stay_with_their_source(
    clerk: Client, officer: User
) -> None:
    meeting = a_loaded_attendance()
    before = rows_of(meeting)
    member = before[1]
    seat = meeting.attendances.get(pk=member[0]).seat_id
    others = "Councillor; Police\nCouncillor; Council\nDirector"
    fill(clerk, f"{PAGE}steps/attendance/", **{f"status_{seat}": "apologies", "others": others})
    after = {row[0]: row[1:] for row in rows_of(meeting)}
    assert after[before[0][0]] == before[0][1:]
    assert after[member[0]] == ("Vice-chair", "Diocese, as printed", "apologies", False, None, officer.pk)
    assert (after[before[4][0]], after[before[2][0]]) == (before[4][1:], before[2][1:])
    assert before[3][0] not in after
    assert [row[1] for row in rows_of(meeting)][2:] == ["Councillor", "Councillor", "Director"]


def test_attendance_when_the_body_has_no_seats_then_who_was_there_can_be_given(clerk: Client) -> None:
    meeting = b.a_meeting(state="held")
    assert "Say who was present." in fill(clerk, f"{PAGE}steps/attendance/", 200)
    fill(clerk, f"{PAGE}steps/attendance/", others="Director; Council")
    assert [row[1:4] for row in rows_of(meeting)] == [("Director", "Council", "in_attendance")]


def test_interest_when_the_attendance_changed_in_another_tab_then_it_is_put_on_nobody_else(
    clerk: Client, officer: User
) -> None:
    meeting = b.a_meeting(state="held")
    chair, member = b.some_seats(meeting.body, 2)
    b.an_attendance(meeting, chair)
    declarer = b.an_attendance(meeting, member)
    path = f"{PAGE}steps/interest/"
    page = page_of(clerk, path)
    chosen = next(one["value"] for one in page.select("select[name=who] option") if declarer.who in one.get_text())
    tab = form_in(page, path) | {"who": chosen, "kind": "other", "nature": "A contract."}
    lines = [Attended(member, declarer.who, "present"), Attended(chair, "Chair", "present")]
    minutes.record_attendance(meeting=meeting, lines=lines, version=1, by=officer, at=b.NOW)
    response = clerk.post(path, tab)
    page = BeautifulSoup(response.content, "lxml")
    assert "Somebody else has changed this meeting" in page.get_text(" ")
    assert not Declaration.objects.exists()
    again = form_in(page, path)
    assert again["nature"] == "A contract."
    send(clerk, path, again)
    assert Declaration.objects.get().attendance == declarer
    assert "A contract." in text_of(clerk, PAGE)
