"""A meeting in a browser, without a script, from planning to confirmed minutes; accessible on a screen and a phone."""

from datetime import date

import pytest

from indicators.roles import Role
from partnership import clock
from tests import builders as b
from tests.partnership.meeting_world import a_whole_meeting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEETINGS = "/northshire/meetings/"
PANEL = f"{MEETINGS}panel-2022-07-21/"


def seen(visitor, path: str) -> None:
    """That a page is accessible at both widths and not wider than a phone."""
    visitor.open(path)
    assert visitor.axe() == [], path
    assert visitor.axe(320) == [], path
    assert not visitor.scrolls_sideways(), path


def test_clerk_when_a_meeting_is_planned_held_and_confirmed_then_the_board_reads_it(
    visit, transactional_db, monkeypatch
):
    body = b.a_body("Panel")
    b.some_seats(body, 4)
    clerk = visit(b.a_user(Role.SCRUTINY_OFFICER), javascript=False)
    page = clerk.page

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    def follow(name: str) -> None:
        page.get_by_role("link", name=name).first.click()

    clerk.open(MEETINGS)
    follow("Plan meetings")
    page.get_by_label("Body").select_option("panel")
    page.get_by_label("Day of the meeting, or of the first of a series").fill("21 July 2022")
    page.get_by_label("Starts at").fill("2pm")
    page.get_by_label("In public", exact=True).check()
    page.get_by_label("Last day of a series").fill("31 October 2022")
    press("Go on")
    assert "Thursday 20 October 2022" in clerk.text
    press("Plan these meetings")
    follow("21 July 2022, 2pm")
    follow("Add an item")
    page.get_by_label("What the item is about").fill("Performance of the quarter")
    press("Add the item")
    follow("Publish the agenda")
    press("Publish the agenda")
    assert "9 clear working days before the meeting" in clerk.text

    monkeypatch.setattr(clock, "now", lambda: b.moment(date(2022, 7, 21)))
    clerk.open(PANEL)
    follow("Record it as held")
    press("Record it as held")
    follow("Attendance")
    page.get_by_label("All others, whose attendance is not chosen above").select_option("present")
    press("Keep the attendance")
    assert "Quorate throughout" in clerk.text
    page.get_by_role("link", name="Write minutes for “Performance of the quarter”").click()
    page.get_by_label("Minutes of the item").fill("Members asked about the figures.")
    press("Keep the minutes")
    page.get_by_role("link", name="Add a resolution for “Performance of the quarter”").click()
    page.get_by_label("Noted: no action").check()
    page.get_by_label("What was resolved").fill("That the report be noted.")
    press("Keep the resolution")
    follow("Publish the draft minutes")
    press("Publish the draft minutes")

    monkeypatch.setattr(clock, "now", lambda: b.moment(date(2022, 10, 20)))
    later = f"{MEETINGS}panel-2022-10-20/"
    clerk.open(later)
    follow("Publish the agenda")
    page.get_by_label("The chair’s reason for urgency").fill("The quarter ended late.")
    press("Publish the agenda")
    follow("Record it as held")
    press("Record it as held")
    clerk.open(PANEL)
    follow("Confirm the minutes")
    page.get_by_label("Confirmed at the meeting of").select_option(label="20 October 2022")
    press("Confirm the minutes")
    assert "Minutes, confirmed at the meeting of 20 October 2022." in clerk.text

    board = visit(b.a_user(Role.BOARD_MEMBER))
    board.open(PANEL)
    assert board.reads("Members asked about the figures.")
    assert board.reads("That the report be noted.")


def test_pages_of_meetings_when_looked_at_on_a_screen_and_a_phone_then_they_are_accessible(visit, transactional_db):
    meeting = a_whole_meeting(state="held", secret="of a contract that is being negotiated")
    b.a_meeting(meeting.body, on=date(2022, 10, 6))
    page = f"{MEETINGS}{meeting.code}/"
    clerk = visit(b.a_user(Role.SCRUTINY_OFFICER))
    for path in (
        MEETINGS, f"{MEETINGS}new/", page, f"{MEETINGS}scrutiny-committee-2022-10-06/", f"{page}steps/attendance/",
        f"{page}items/3/steps/resolution/", f"{page}items/3/papers/new/", "/northshire/resolutions/",
        "/northshire/work-programme/",
    ):  # fmt: skip
        seen(clerk, path)
