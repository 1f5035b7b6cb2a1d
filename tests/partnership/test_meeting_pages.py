"""Pages of meetings: what they show to whom, and the way from planning to confirmed minutes without a script."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import bounded
from indicators.models import AuditEvent, Text, User
from indicators.roles import Role
from partnership import clock, document_child
from partnership.answers_table import OWED_ANSWERS
from partnership.documents import NO_PANGO
from partnership.forms.meetings import TimeBox
from partnership.meeting_dates import time_words
from partnership.meetings_table import (
    AGENDA_TABLE,
    ANSWERS_TABLE,
    ATTENDANCE_TABLE,
    MATTERS_TABLE,
    MEETINGS_TABLE,
    RESOLUTIONS_TABLE,
    WORK_TABLE,
)
from partnership.models import (
    ActionStep,
    AgendaItem,
    Meeting,
    MeetingStep,
    Paper,
    PublicStatement,
    WorkItem,
)
from partnership.operations.actions import Owner
from tests import builders as b
from tests.parity import assert_same, csv_of
from tests.partnership.action_world import agreed, managed
from tests.partnership.exception_world import ask
from tests.partnership.filled_forms import fill, page_of, text_of
from tests.partnership.meeting_world import CODE, PDF, a_document, a_whole_meeting
from tests.partnership.pack_world import a_published_pack

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROOT = "/northshire/"
PAGE = f"{ROOT}meetings/{CODE}/"
SECRET = "Zaubernuss"
LATER = date(2022, 7, 21)


@pytest.fixture
def clerk(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(b.a_user(Role.SCRUTINY_OFFICER))


@pytest.fixture
def member(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(b.a_user(Role.BOARD_MEMBER))


@pytest.fixture
def outsider(signed_in: Callable[[User], Client]) -> Client:
    """Reads and downloads, but may read nothing exempt."""
    return signed_in(b.a_user(Role.ANALYST))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the child is given to write; it answers at once."""
    given: list[bytes] = []

    def run(*, job: str, payload: bytes) -> bytes:
        given.append(payload)
        return b"%PDF-1.7" if job.endswith("write_pdf") else document_child.write_docx(payload, lambda line: None)

    monkeypatch.setattr(bounded, "run", run)
    return given


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: b.moment(day))


# The whole way


def test_meeting_when_walked_from_planning_to_confirmed_minutes_then_each_page_leads_on(
    clerk: Client, member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats = b.some_seats(b.a_body(), 4)
    new = f"{ROOT}meetings/new/"
    days = fill(
        clerk, new, 200, body="scrutiny-committee", first="21 July 2022", starts_at="2pm", venue="Civic Office",
        in_public="yes", until="31 October 2022", action="show",
    )  # fmt: skip
    assert "These 2 days Thursday 21 July 2022 Thursday 20 October 2022" in days
    fill(
        clerk, new, body="scrutiny-committee", first="21 July 2022", starts_at="2pm", venue="Civic Office",
        in_public="yes", until="31 October 2022", action="plan",
    )  # fmt: skip
    meeting, later = Meeting.objects.order_by("on")
    page = f"{ROOT}meetings/{meeting.code}/"
    assert "The agenda is not published yet" in text_of(member, page)
    assert "Publish the agenda by 13 July 2022" in text_of(member, page)
    fill(clerk, f"{page}steps/item/", title="Performance", kind="report")
    item = meeting.items.get(title="Performance")
    clerk.post(f"{page}agenda/", {"action": f"up-{item.order}", "version": Meeting.objects.get(pk=meeting.pk).version})
    said = fill(clerk, f"{page}steps/publish/")
    assert "The agenda is published." in said
    assert "9 clear working days before the meeting; 5 are required" in said
    assert "6. Performance" in text_of(member, page)
    assert "not possible as this meeting stands" in text_of(
        clerk, str(clerk.get(f"{page}steps/attendance/")["Location"])
    )

    on_day(monkeypatch, LATER)
    fill(clerk, f"{page}steps/held/")
    attendance = {f"status_{seat.pk}": "present" for seat in seats}
    attendance[f"status_{seats[1].pk}"] = "apologies"
    said = fill(clerk, f"{page}steps/attendance/", **attendance, chair=str(seats[0].pk), others="Director; Council")
    assert "Quorate throughout" in said
    items = f"{page}items/6/"
    fill(clerk, f"{items}steps/minute/", text="Members asked about the figures.")
    refused = fill(
        clerk, f"{items}steps/resolution/", 200, kind="resolved", text="Agreed.", how="vote", votes_for="4",
        votes_against="0",
    )  # fmt: skip
    assert "4 votes are more than the 3 members who could vote" in refused
    fill(
        clerk, f"{items}steps/resolution/", kind="recommended", text="That Cabinet act.", how="vote", votes_for="3",
        votes_against="0", addressed_to="scrutiny-committee", owner_role="Director", update_months="12",
    )  # fmt: skip
    fill(clerk, f"{items}steps/question/", question="How many schools?", answer_owner="Director")
    said = fill(clerk, f"{page}steps/statement/", topic="Waiting times", speaker="A. Speaker")
    assert "Speaker" not in said
    assert PublicStatement.objects.get().speaker == ""
    said = fill(clerk, f"{items}questions/1/", text="Forty.")
    assert "Answered on 21 July 2022" in said
    assert "Members asked about the figures." not in text_of(member, page)
    assert "That Cabinet act." in text_of(member, page)
    fill(clerk, f"{page}steps/publish-minutes/")
    assert "Draft minutes: the next meeting has not confirmed them yet." in text_of(member, page)
    assert "Members asked about the figures." in text_of(member, page)

    on_day(monkeypatch, date(2022, 10, 11))
    fill(clerk, f"{ROOT}meetings/{later.code}/steps/publish/")
    on_day(monkeypatch, date(2022, 10, 20))
    fill(clerk, f"{ROOT}meetings/{later.code}/steps/held/")
    said = fill(clerk, f"{page}steps/confirm/", at_meeting=later.code)
    assert "Minutes, confirmed at the meeting of 20 October 2022." in said
    assert "29 days late" in text_of(member, f"{ROOT}resolutions/")
    said = fill(clerk, f"{ROOT}resolutions/2022-1/response/", answer="accepted", text="Yes.")
    assert "Accepted on 20 October 2022, 29 days late" in said
    assert "By 21 July 2023" in text_of(member, f"{ROOT}work-programme/")
    assert [s.action for s in MeetingStep.objects.filter(meeting=meeting).order_by("pk")] == [
        "planned", "called", "held", "minuted", "confirmed",
    ]  # fmt: skip


def test_late_agenda_when_the_chair_gives_no_reason_then_the_box_says_so(clerk: Client) -> None:
    meeting = b.a_meeting(on=date(2022, 7, 14))
    b.an_item(meeting)
    path = f"{ROOT}meetings/{meeting.code}/steps/publish/"
    said = fill(clerk, path, 200)
    assert "where 5 are required; the last day was 6 July 2022" in said
    assert "Published on 7 July 2022: only 4 clear working days" in fill(clerk, path, urgency="Asked by the regulator.")


def test_minute_when_two_tabs_write_it_then_the_second_sees_both_and_may_send_again(clerk: Client) -> None:
    item = b.an_item(b.a_meeting(state="held"))
    path = f"{PAGE}items/{item.order}/steps/minute/"
    fill(clerk, path, text="First tab.")
    said = fill(clerk, path, 200, text="Second tab.", version="0")
    assert "Somebody else has written this minute" in said
    assert "What stands there now First tab." in said
    assert "Second tab." in said
    fill(clerk, path, text="Both tabs.")
    assert [m.text.body for m in item.minutes.order_by("number")] == ["First tab.", "Both tabs."]


def test_attendance_when_two_tabs_keep_it_then_the_second_is_told(clerk: Client) -> None:
    meeting = b.a_meeting(state="held")
    b.some_seats(meeting.body, 2)
    fill(clerk, f"{PAGE}steps/attendance/", rest="present")
    assert "Somebody else has changed this meeting" in fill(clerk, f"{PAGE}steps/attendance/", 200, version="1")


def test_attendance_when_nothing_is_chosen_then_nobody_is_recorded_and_a_vacant_seat_takes_none(clerk: Client) -> None:
    meeting = b.a_meeting(state="held")
    chair, *members = (b.a_seat(meeting.body, role=role) for role in ("chair", "member", "member"))
    vacant = b.a_seat(meeting.body, "Diocese", role="co_optee", holder="")
    told = fill(clerk, f"{PAGE}steps/attendance/", 200)
    for name in ("Chair", "Councillor 1", "Councillor 2"):
        assert f"Say whether {name} was there" in told
    assert not meeting.attendances.exists()
    assert "Vacant that day, so nobody can have been there for it: Diocese." in told
    page = page_of(clerk, f"{PAGE}steps/attendance/")
    assert page.select_one(f"[name=status_{vacant.pk}]") is None
    assert page.select("select option[selected][value=present]") == []
    apologies = {f"status_{members[0].pk}": "apologies"}
    fill(clerk, f"{PAGE}steps/attendance/", **apologies, rest="present", chair=str(chair.pk))
    rows = page_of(clerk, PAGE).select("section[aria-labelledby=attendance] tbody tr > :first-child")
    assert [" ".join(row.get_text(" ").split()) for row in rows] == ["Chair", "Councillor 1", "Councillor 2"]


def test_series_when_the_body_states_no_frequency_then_the_box_says_so(clerk: Client) -> None:
    b.a_body("Panel", frequency="")
    said = fill(clerk, f"{ROOT}meetings/new/", 200, body="panel", first="21 July 2022", until="21 July 2023")
    assert "How often this body meets is not stated" in said


def test_bodies_when_one_states_no_frequency_then_the_list_says_what_is_not_stated(clerk: Client) -> None:
    b.a_body("Panel", frequency="")
    b.a_body("Board", frequency="monthly")
    listed = [option.get_text() for option in page_of(clerk, f"{ROOT}meetings/new/").select("#id_body option")]
    assert "Panel (how often it meets is not stated)" in listed
    assert "Board (every month)" in listed


@pytest.mark.parametrize(("typed", "read"), [
    ("10.00 a.m.", time(10)), ("10.00am", time(10)), ("10 a.m.", time(10)), ("10\u00a0A.M.", time(10)),
    ("2.30 p.m.", time(14, 30)), ("2:30 pm", time(14, 30)), ("12.15 a.m", time(0, 15)), ("14:00", time(14)),
    ("14.00", time(14)), ("2pm", time(14)), ("12 noon", time(12)), ("Midnight", time(0)), ("", None),
])  # fmt: skip
def test_time_when_written_as_people_write_it_then_it_is_read(typed: str, read: time | None) -> None:
    assert TimeBox(label="Starts at").clean(typed) == read


@pytest.mark.parametrize("at", [time(0), time(0, 5), time(10), time(12), time(12, 30), time(18, 45)])
def test_time_when_written_by_the_pages_then_it_is_read(at: time) -> None:
    assert TimeBox(label="Starts at").clean(time_words(at)) == at


@pytest.mark.parametrize("typed", ["a.m.", "10", "14.00 p.m.", "10.00 x.m.", "10.60 a.m.", "ten", "25:00", "10 m"])
def test_time_when_it_is_none_then_the_box_says_how_to_write_it(typed: str) -> None:
    with pytest.raises(ValidationError, match="Starts at must be a time, like 14:00 or 2pm"):
        TimeBox(label="Starts at").clean(typed)


def test_exclusion_when_recorded_then_everybody_reads_paragraph_and_reason(clerk: Client, outsider: Client) -> None:
    meeting = a_whole_meeting(state="held", secret=SECRET)
    first = meeting.items.get(kind="exclusion")
    path = f"{PAGE}items/{first.order}/steps/exclusion/"
    assert "Choose at least one paragraph" in fill(clerk, path, 200, paragraphs=[], reason="Bids.")
    fill(clerk, path, paragraphs=["3"], reason="Bids would be known.")
    said = text_of(outsider, PAGE)
    assert "paragraph 3 of Part 1 of Schedule 12A" in said
    assert "Bids would be known." in said
    assert SECRET not in said


# Papers


def test_paper_when_sent_in_then_it_is_saved_byte_by_byte_and_never_shown(
    clerk: Client, member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = b.an_item(b.a_meeting(on=LATER, state="called"))
    page = f"{ROOT}meetings/{item.meeting.code}/"
    new = f"{page}items/{item.order}/papers/new/"
    bad = SimpleUploadedFile("report.pdf", b"MZ\x90")
    assert "This is not a file that can be taken" in fill(clerk, new, 200, title="Fees", file=bad)
    large = SimpleUploadedFile("report.pdf", PDF + b"0" * 10 * 1024 * 1024)
    assert "larger than 10 MB" in fill(clerk, new, 200, title="Fees", file=large)
    good = SimpleUploadedFile("über fees.exe", PDF, content_type="text/html")
    fill(clerk, new, title="Fees", file=good, embargo_on="14 July 2022", embargo_at="9am")
    path = f"{page}items/{item.order}/papers/1/"
    assert member.get(path).status_code == 404
    assert "Fees" not in text_of(member, page)
    assert "Under embargo until 14 July 2022, 09:00" in text_of(clerk, page)
    monkeypatch.setattr(clock, "now", lambda: b.NOW.replace(day=14, hour=8, minute=59))
    assert member.get(path).status_code == 404
    monkeypatch.setattr(clock, "now", lambda: b.NOW.replace(day=14, hour=9, minute=0))
    response = member.get(path)
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%BCber%20fees.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    fill(clerk, f"{path}withdraw/")
    assert member.get(path).status_code == 404
    assert clerk.get(path).status_code == 404
    assert Paper.objects.get().withdrawn_at is not None


def test_paper_when_it_is_an_embargoed_pack_then_the_pack_waits_too(
    clerk: Client, member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    scorecard = b.a_scorecard(1)
    b.a_return(scorecard, state="approved")
    pack = a_published_pack(scorecard)
    item = b.an_item(b.a_meeting(on=LATER, state="called"))
    b.a_paper(item, "Performance", pack=pack, embargo_until=b.NOW + timedelta(hours=2))
    path = f"{ROOT}packs/{pack.code}/"
    for address in (path, f"{path}manifest.json"):
        assert member.get(address).status_code == 404, address
        assert clerk.get(address).status_code == 200, address
    assert pack.title not in text_of(member, f"{ROOT}packs/")
    assert pack.title in text_of(clerk, f"{ROOT}packs/")
    monkeypatch.setattr(clock, "now", lambda: b.NOW + timedelta(hours=2))
    assert member.get(path).status_code == 200
    assert pack.title in text_of(member, f"{ROOT}packs/")


# Exempt items


def everything_readable(client: Client, written: list[bytes]) -> str:
    """All pages, lists, CSV, Word and PDF of meetings that a person can open, as one text."""
    pages = [PAGE, f"{ROOT}meetings/", f"{ROOT}resolutions/", f"{ROOT}work-programme/", f"{ROOT}governance/",
             f"{ROOT}meetings/scrutiny-committee-2022-10-06/", f"{ROOT}audit/", ROOT]  # fmt: skip
    files = [f"{PAGE}{table}.csv" for table in ("agenda", "attendance", "resolutions", "answers", "matters-arising")]
    files += [f"{ROOT}{name}.csv" for name in ("meetings", "resolutions", "work-programme")]
    files += [f"{ROOT}meetings/scrutiny-committee-2022-10-06/{table}.csv" for table in ("agenda", "matters-arising")]
    documents = [f"{PAGE}{what}.{form}" for what in ("agenda", "minutes") for form in ("docx", "pdf")]
    found = []
    for path in (*pages, *files, *documents):
        response = client.get(path)
        if response.status_code == 403:
            continue
        assert response.status_code == 200, path
        data = b"".join(response.streaming_content) if response.streaming else response.content
        if path.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                data = b"".join(file.read(name) for name in file.namelist())
        found.append(data.decode("utf-8", "replace"))
        found.append(str(response.headers))
    found += [payload.decode() for payload in written]
    return "\n".join(found)


KINDS = ("Item", "Paper", "Minute", "Resolution", "Recommendation", "Response", "Work", "Question", "Action",
         "Interest", "Because", "Lead", "Urgent", "Owner", "Answerer")  # fmt: skip


def test_exempt_item_when_somebody_may_not_read_it_then_nothing_of_it_is_anywhere(
    signed_in: Callable[[User], Client], written: list[bytes]
) -> None:
    meeting = a_whole_meeting(secret=SECRET)
    b.a_meeting(meeting.body, on=date(2022, 10, 6), state="called")
    order = meeting.items.get(is_exempt=True).order
    for role in (Role.ANALYST, Role.FINANCE_OFFICER, Role.ADMINISTRATOR):
        client = signed_in(b.a_user(role, partner=b.a_partner() if role == Role.FINANCE_OFFICER else None))
        said = everything_readable(client, written)
        assert "Item open" in said
        assert SECRET not in said, role
        assert "Exempt under" not in said
        for path in (f"{PAGE}items/{order}/papers/1/", f"{PAGE}items/{order}/papers/9/"):
            assert client.get(path).status_code == 404
    written.clear()
    everything_readable(signed_in(b.a_user(Role.BOARD_MEMBER)), written)
    assert all(SECRET in payload.decode() for payload in written), "who may read it is given it in each document"
    assert len(written) == 4
    for role in (Role.BOARD_MEMBER, Role.APPROVER, Role.SCRUTINY_OFFICER):
        client = signed_in(b.a_user(role))
        said = "".join(client.get(path).content.decode() for path in (PAGE, f"{ROOT}work-programme/"))
        assert [kind for kind in KINDS if f"{kind} {SECRET}" not in said] == [], role
        assert f"{SECRET}.pdf" in said
    assert not AuditEvent.objects.filter(what__contains=SECRET).exists()


def test_exempt_item_when_somebody_may_not_read_it_then_no_count_tells_of_it(outsider: Client, member: Client) -> None:
    a_whole_meeting(secret=SECRET)
    for client, number in ((outsider, 1), (member, 2)):
        for table, each in (("agenda", 1), ("resolutions", 2), ("answers", 1)):
            _, rows = csv_of(client, f"{PAGE}{table}.csv")
            fixed = {"agenda": 2, "resolutions": 0, "answers": 1}[table]
            assert len(rows) == number * each + fixed, table
        assert len(csv_of(client, f"{ROOT}work-programme.csv")[1]) == number
        assert ("was there for a part" in text_of(client, PAGE).lower()) == (client is outsider)


def test_speaker_when_kept_then_only_who_prepares_meetings_reads_the_name(
    clerk: Client, member: Client, written: list[bytes]
) -> None:
    meeting = a_whole_meeting()
    b.a_statement(meeting, "Fees", speaker="Zebedaeus Z.", speaker_until=b.TODAY + timedelta(days=9))
    b.a_meeting(meeting.body, on=date(2022, 10, 6), state="called")
    assert "Zebedaeus" not in everything_readable(member, written)
    assert "spoken by Zebedaeus Z." in text_of(clerk, PAGE)
    written.clear()
    for path in (f"{PAGE}minutes.docx", f"{PAGE}minutes.pdf", f"{PAGE}answers.csv"):
        response = clerk.get(path)
        data = b"".join(response.streaming_content) if response.streaming else b""
        assert b"Zebedaeus" not in data
    assert not any(b"Zebedaeus" in payload for payload in written)


# Screen and file, documents, counting


def test_tables_when_read_on_the_page_and_from_the_file_then_they_are_the_same(member: Client) -> None:
    meeting = a_whole_meeting(secret=SECRET)
    b.an_action(b.an_item(b.a_meeting(meeting.body, on=date(2022, 4, 7), state="held")), due_on=date(2022, 5, 1))
    assert assert_same(member, f"{ROOT}meetings/", f"{ROOT}meetings.csv", MEETINGS_TABLE, "Meetings") == 2
    assert assert_same(member, f"{ROOT}resolutions/", f"{ROOT}resolutions.csv", RESOLUTIONS_TABLE, "Resolutions") == 4
    assert assert_same(member, f"{ROOT}answers-owed/", f"{ROOT}answers-owed.csv", OWED_ANSWERS, "Answers owed") == 3
    name = "Work programme of scrutiny"
    assert assert_same(member, f"{ROOT}work-programme/", f"{ROOT}work-programme.csv", WORK_TABLE, name) == 2
    for table, spec, caption, number in (
        ("attendance", ATTENDANCE_TABLE, "Who was there", 3),
        ("answers", ANSWERS_TABLE, "Public statements and members’ questions", 3),
        ("matters-arising", MATTERS_TABLE, "Open actions of earlier meetings", 1),
    ):
        assert assert_same(member, PAGE, f"{PAGE}{table}.csv", spec, caption) == number
    assert len(csv_of(member, f"{PAGE}agenda.csv")[1]) == 4
    assert csv_of(member, f"{PAGE}agenda.csv")[0] == AGENDA_TABLE.header


def test_answers_when_owed_then_listed_late_first_and_named_at_the_home_of_who_keeps_meetings(
    clerk: Client, outsider: Client
) -> None:
    meeting = b.a_meeting(state="held")
    item = b.an_item(meeting, "Performance")
    b.a_question(item, "How many waited?", answer_owner="Head of service", answer_due_on=date(2022, 7, 20))
    b.a_question(item, "Since when?", answer_owner="Director", answer_due_on=date(2022, 7, 4))
    b.a_question(item, "Was it answered there?", answered_at_meeting=True)
    b.a_question(b.an_item(meeting, exempt=3), SECRET)
    said = text_of(outsider, f"{ROOT}answers-owed/")
    assert "2 answers are owed, 1 of them late." in said
    late, due = said.index("Since when?"), said.index("How many waited?")
    assert late < said.index("Was due on 4 July 2022, 3 days late") < due < said.index("Due on 20 July 2022")
    assert "Was it answered there?" not in said
    assert SECRET not in said
    hub = page_of(clerk, f"{ROOT}governance/").select_one("section[aria-labelledby=due]")
    assert "3 answers are owed, 1 of them late" in hub.get_text()
    assert hub.find("a", string=re.compile("answers are owed"))["href"] == f"{ROOT}answers-owed/"
    owes = page_of(clerk, ROOT).find("a", string=re.compile("Director owes Scrutiny Committee, 7 July 2022 an answer"))
    assert "was due on 4 July 2022, 3 days late: Since when?" in owes.get_text()
    assert clerk.get(owes["href"]).status_code == 200


def test_documents_when_not_open_yet_then_they_are_not_found(
    member: Client, clerk: Client, written: list[bytes]
) -> None:
    for state, agenda, minutes in (("planned", 404, 404), ("called", 200, 404), ("held", 200, 404)):
        meeting = b.a_meeting(on=date(2022, 1, 1 + len(state)), state=state)
        b.an_item(meeting)
        path = f"{ROOT}meetings/{meeting.code}/"
        assert member.get(f"{path}agenda.docx").status_code == agenda
        assert member.get(f"{path}minutes.docx").status_code == minutes
        assert clerk.get(f"{path}agenda.docx").status_code == 200
    assert clerk.get(f"{path}minutes.docx").status_code == 200
    for wrong in ("minutes.exe", "paper.docx", "nothing.csv"):
        assert clerk.get(f"{path}{wrong}").status_code == 404


def test_pdf_when_it_cannot_be_made_then_the_page_says_what_to_install(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_whole_meeting()
    monkeypatch.setattr(bounded, "run", lambda **kwargs: NO_PANGO.encode())
    response = member.get(f"{PAGE}minutes.pdf")
    assert response["Location"] == PAGE
    assert "apt-get install libpango-1.0-0" in text_of(member, PAGE)


@pytest.mark.once
def test_pages_when_there_is_much_then_the_queries_stay_the_same(clerk: Client) -> None:
    paths = [PAGE, f"{ROOT}meetings/", f"{ROOT}resolutions/", f"{ROOT}work-programme/", f"{PAGE}agenda.csv"]

    def count() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                response = clerk.get(path)
                assert response.status_code == 200
                if response.streaming:
                    b"".join(response.streaming_content)
            found.append(len(queries))
        return found

    meeting = a_whole_meeting(secret=SECRET)
    b.an_action(b.an_item(b.a_meeting(meeting.body, on=date(2022, 4, 7), state="held")))
    few = count()
    cabinet = b.a_body("Cabinet")
    for number in range(8):
        item = b.an_item(meeting, exempt=3 if number % 3 == 0 else None)
        b.a_paper(item, document=a_document())
        b.a_minute(item, f"Minute {number}")
        given = b.a_resolution(
            item, f"Text {number}", kind="recommended", addressed_to=cabinet, response_due_on=date(2022, 9, 7)
        )
        b.a_work_item(body=meeting.body, resolution=given, expected_by=date(2023, 7, 7), received_at=item)
        b.a_question(item)
        b.an_attendance(meeting, b.a_seat(meeting.body, title=f"Councillor {number}"))
        b.a_meeting(b.a_body(f"Group {number}"), state="held", on=date(2022, 3, 1))
        b.an_action(b.an_item(b.a_meeting(meeting.body, on=date(2021, 1, 1) + timedelta(days=number), state="held")))
    assert count() == few
    assert few[0] <= 45


def test_lists_when_empty_or_filtered_to_nothing_then_they_say_what_will_appear(member: Client) -> None:
    assert "No meeting has been planned yet" in text_of(member, f"{ROOT}meetings/")
    assert "Nothing has been resolved yet" in text_of(member, f"{ROOT}resolutions/")
    assert "Nothing is on this programme yet" in text_of(member, f"{ROOT}work-programme/?programme=forward_plan")
    a_whole_meeting()
    assert "No meeting is left by these filters" in text_of(member, f"{ROOT}meetings/?when=next")
    assert "No resolution is left" in text_of(member, f"{ROOT}resolutions/?clock=late")


def test_list_when_meetings_are_to_come_and_past_then_the_next_is_first(member: Client) -> None:
    body = b.a_body()
    for on, state in ((date(2022, 8, 4), "planned"), (date(2022, 7, 14), "called"), (date(2022, 5, 5), "confirmed"),
                      (date(2022, 6, 2), "held"), (date(2022, 7, 21), "cancelled")):  # fmt: skip
        b.a_meeting(body, on, state=state)
    days = [row[0] for row in csv_of(member, f"{ROOT}meetings.csv")[1]]
    assert days == ["2022-07-14", "2022-08-04", "2022-07-21", "2022-06-02", "2022-05-05"]
    assert [row[0] for row in csv_of(member, f"{ROOT}meetings.csv?when=next")[1]] == days[:2]


# Matters arising and exception reports


def test_matters_arising_when_an_action_was_closed_before_then_it_is_not_carried(member: Client) -> None:
    earlier = b.an_item(b.a_meeting(on=date(2022, 4, 7), state="held"))
    for number, (closed_on, due_on) in enumerate(
        ((None, date(2022, 9, 1)), (date(2022, 7, 6), None), (date(2022, 7, 8), date(2022, 6, 1)))
    ):
        action = b.an_action(earlier, f"Action {number}", due_on=due_on, state="closed" if closed_on else "open")
        if closed_on:
            ActionStep.objects.create(
                action=action, number=2, kind="closed", evidence=Text.objects.keep("Done."), actor="x", at=b.NOW,
                known_on=closed_on,
            )  # fmt: skip
    b.an_action(b.an_item(b.a_meeting(b.a_body("Cabinet"), on=date(2022, 4, 7), state="held")), "Elsewhere")
    b.an_item(b.a_meeting(state="called"))
    _, rows = csv_of(member, f"{PAGE}matters-arising.csv")
    assert [row[1] for row in rows] == ["Action 2", "Action 0"]


def test_matters_arising_when_an_action_changed_after_the_meeting_then_told_as_the_meeting_found_it(
    clerk: Client, member: Client, written: list[bytes]
) -> None:
    action = agreed(due_on=date(2022, 7, 1))
    june = f"{ROOT}meetings/{action.item.meeting.code}/"
    b.a_minute(action.item)
    done = b.an_action(action.item, "Told as done", due_on=date(2022, 7, 1), state="done")
    ActionStep.objects.create(action=done, number=2, kind="done", actor="x", at=b.NOW, known_on=date(2022, 7, 2))
    b.an_item(b.a_meeting(state="called"))
    after = b.moment(date(2022, 7, 20))
    managed("move_date", action, due_on=date(2022, 12, 1), at=after)
    managed("reassign", action, owner=Owner("Director", None, None), at=after)
    managed("cancel_action", action, at=after)
    _, rows = csv_of(member, f"{PAGE}matters-arising.csv")
    assert [row[2:] for row in rows] == [
        ["Head of service, Northshire Children's Trust", "2022-07-01", "due 1 July 2022, overdue", "Open"],
        ["Director of People, Northshire Children's Trust", "2022-07-01", "due 1 July 2022", "Done, to be closed"],
    ]
    said = "Head of service, Northshire Children's Trust, due 1 July 2022"
    assert said in text_of(member, june)
    assert clerk.get(f"{june}minutes.docx").status_code == 200
    assert said in written[-1].decode()
    assert "1 December 2022" not in written[-1].decode()


def test_minutes_when_the_answer_to_a_recommendation_came_later_then_the_document_tells_the_day_set_alone(
    clerk: Client, written: list[bytes]
) -> None:
    a_whole_meeting()
    clerk.get(f"{PAGE}minutes.docx")
    assert "Response due 7 September 2022" in written[-1].decode()
    assert "Accepted in part" not in written[-1].decode()
    assert "Accepted in part on 7 July 2022" in text_of(clerk, PAGE)


def test_exclusion_when_items_are_exempt_then_offered_on_every_public_item_before_them(clerk: Client) -> None:
    meeting = b.a_meeting(state="held")
    for exempt in (None, None, 3, None, 1, None):
        b.an_item(meeting, exempt=exempt)
    b.an_attendance(meeting, b.some_seats(meeting.body, 1)[0])
    links = [str(a["href"]) for a in page_of(clerk, PAGE).select("a[href$='/steps/exclusion/']")]
    assert links == [f"{PAGE}items/{order}/steps/exclusion/" for order in (1, 2, 4)]
    ticked = page_of(clerk, links[-1]).select("input[name=paragraphs][checked]")
    assert [box["value"] for box in ticked] == ["1"]


def test_exception_report_when_put_late_onto_a_published_agenda_then_the_form_asks_for_the_chairs_reason(
    clerk: Client,
) -> None:
    request = ask()
    item = b.an_item(b.a_meeting(on=date(2022, 7, 14), state="called"))
    path = f"{ROOT}exceptions/{request.number}/agenda/"
    assert "Give the chair’s reason" in fill(clerk, path, 200, item=str(item.pk))
    fill(clerk, path, item=str(item.pk), urgency="Asked by the regulator.")
    assert "urgent because: Asked by the regulator." in text_of(clerk, f"{ROOT}meetings/{item.meeting.code}/")


def test_work_programme_when_read_then_missed_stands_first_and_each_programme_apart(
    clerk: Client, member: Client
) -> None:
    item = b.an_item(b.a_meeting(state="held"))
    b.a_work_item("Later", expected_by=date(2023, 7, 7))
    b.a_work_item("Missed", expected_by=date(2022, 7, 6))
    b.a_work_item("Came late", expected_by=date(2022, 7, 6), received_at=item)
    b.a_work_item("Key decision", programme="forward_plan", expected_by=date(2022, 7, 29), notice_on=b.TODAY)
    said = text_of(member, f"{ROOT}work-programme/")
    assert "1 item has been missed, as far as is recorded" in said
    assert (
        said.index("Not recorded as having come, 1 day past")
        < said.index("Later")
        < said.index("Came on 7 July 2022, late")
    )
    assert "Key decision" not in said
    key = text_of(member, f"{ROOT}work-programme/?programme=forward_plan")
    assert "Notice given 7 July 2022, less than 28 clear days before" in key
    fill(clerk, f"{ROOT}work-programme/new/", programme="partner", body="scrutiny-committee", title="Plan",
         expected_words="in 2022/23")  # fmt: skip
    fill(clerk, f"{ROOT}work-programme/work-1/came/", under=f"{item.meeting.code}/{item.order}")
    fill(clerk, f"{ROOT}work-programme/work-2/withdraw/", reason="Not needed.")
    assert WorkItem.objects.filter(received_at=item).count() == 2
    assert "Not expected any more: Not needed." in text_of(member, f"{ROOT}work-programme/")


def test_agenda_act_when_the_page_is_out_of_date_then_nothing_moves(clerk: Client) -> None:
    meeting = b.a_meeting()
    first, second = b.an_item(meeting, "First"), b.an_item(meeting, "Second")
    clerk.post(f"{PAGE}agenda/", {"action": f"up-{second.order}", "version": "1"})
    clerk.post(f"{PAGE}agenda/", {"action": f"up-{second.order}", "version": "1"})
    assert "Somebody else has changed this meeting" in text_of(clerk, PAGE)
    assert [i.title for i in meeting.items.order_by("order")] == ["Second", "First"]
    for action in ("", "fly-1", "up-x", "up-999999"):
        assert clerk.post(f"{PAGE}agenda/", {"action": action, "version": "2"}).status_code in {302, 404}
    clerk.post(f"{PAGE}agenda/", {"action": "remove-1", "version": "2"})
    assert list(AgendaItem.objects.values_list("pk", "label", "title")) == [(first.pk, "1", "First")]
    assert "The item is off the agenda." in text_of(clerk, PAGE)
    assert Meeting.objects.get().version == 3, "one placing and one taking off, and nothing else"
