"""Actions and exception reports in a browser: from a red figure to what came of it; on a screen and a phone."""

from datetime import date

import pytest

from partnership import clock
from tests import builders as b
from tests.partnership.action_world import JULY, a_held_meeting, agreed, the_item, the_officer
from tests.partnership.exception_world import a_line_outside, the_asker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACE = "/northshire/"
LATER = date(2022, 10, 6)


def seen(visitor, path: str = "") -> None:
    """That a page is accessible at both widths and not wider than a phone."""
    if path:
        visitor.open(path)
    assert visitor.axe() == [], path or visitor.page.url
    assert visitor.axe(320) == [], path or visitor.page.url
    assert not visitor.scrolls_sideways(), path or visitor.page.url
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_red_figure_when_an_action_rests_on_it_then_told_closed_and_its_exception_report_accepted(
    visit, transactional_db, monkeypatch
):
    a_line_outside()
    item = the_item(title="Performance of the quarter")
    b.a_resolution(item, "That the trust bring a plan.")
    people = b.the_people()

    officer = visit(the_officer())
    page = officer.open(f"{PLACE}indicators/contract-1/")
    page.get_by_role("link", name="Add an action that rests on it").click()
    page.get_by_role("button", name="Add the action").click()
    assert officer.reads("Choose an answer for “What it comes from”")
    seen(officer)
    came_from = page.get_by_label("What it comes from")
    plan = came_from.locator("option", has_text="resolution 2022-1: That the trust bring a plan.")
    came_from.select_option(plan.get_attribute("value"))
    page.get_by_label("What is to be done").fill("Bring a plan to fill the posts.")
    page.get_by_label("Owner", exact=True).fill("Head of service")
    page.get_by_label("Partner of the owner").select_option("trust")
    page.get_by_label("Due on").fill("1 September 2022")
    page.get_by_role("button", name="Add the action").click()
    assert officer.reads("Action 1 is agreed.")
    assert officer.reads("As reported, 2021/22 Q4")
    assert officer.reads("60%, outside tolerance")
    seen(officer)

    owner = visit(people.analyst)
    page = owner.open(PLACE)
    page.get_by_role("link", name="Action 1, due on 1 September 2022").click()
    page.get_by_role("link", name="Tell how it stands").click()
    page.get_by_label("It is done: the meeting can close it").check()
    page.get_by_label("What was done").fill("The posts are filled.")
    page.get_by_label("Evidence, and what changed").fill("Families keep one social worker.")
    page.get_by_label("Who the evidence is from").select_option("families")
    page.get_by_label("A file that shows it").set_input_files(
        {"name": "said.txt", "mimeType": "text/plain", "buffer": b"One social worker."}
    )
    seen(owner)
    page.get_by_role("button", name="Record it").click()
    assert owner.reads("Evidence from families: Families keep one social worker.")
    assert page.get_by_role("link", name="Move the day").count() == 0

    monkeypatch.setattr(clock, "now", lambda: b.moment(LATER))
    meeting = a_held_meeting(LATER)
    page = officer.open(f"{PLACE}meetings/{meeting.code}/")
    page.get_by_role("link", name="Action 1", exact=True).click()
    page.get_by_role("link", name="Close the action").click()
    page.get_by_label("Meeting that closes it").select_option(label="Scrutiny Committee, 6 October 2022")
    shown = page.get_by_label("What shows that it was done")
    assert shown.input_value() == "Families keep one social worker."
    shown.fill("The report of the director.")
    page.get_by_role("button", name="Close the action").click()
    assert officer.reads("Closed at Scrutiny Committee, 6 October 2022 by Officer.")

    approver = visit(the_asker())
    page = approver.open(f"{PLACE}exceptions/")
    seen(approver)
    page.get_by_role("button", name="Ask for it").click()
    assert approver.reads("Exception report 1 is asked of Northshire Children's Trust.")
    page = owner.open(PLACE)
    page.get_by_role("link", name="Answer exception report 1").click()
    page.get_by_role("link", name="Answer", exact=True).click()
    page.get_by_label("Cause").fill("Posts were vacant.")
    page.get_by_label("Recovery plan").fill("Posts are filled.")
    page.get_by_label("Back in tolerance by").fill("31 March 2023")
    page.get_by_label("Figure expected in 2022/23 Q1").fill("66")
    seen(owner)
    page.get_by_role("button", name="Send the answer").click()
    assert owner.reads("Another person decides on it.")
    page = approver.open(f"{PLACE}exceptions/1/")
    seen(approver)
    page.get_by_role("link", name="Decide on the answer").click()
    page.get_by_label("Accept the answer").check()
    page.get_by_role("button", name="Record the decision").click()
    assert approver.reads("Accepted by Approver.")


def test_pages_of_actions_when_looked_at_on_a_screen_and_a_phone_then_they_are_accessible(visit, transactional_db):
    a_line_outside()
    a_held_meeting(JULY)
    agreed(what="A long word: " + "x" * 90)
    agreed(due_on=date(2022, 6, 10))
    officer, approver = visit(the_officer()), visit(the_asker())
    for path in ("actions/", "actions/2/", "actions/2/date/", "actions/2/close/", "actions/2/cite/"):
        seen(officer, PLACE + path)
    for path in ("exceptions/new/", "exceptions/rules/", "exceptions/rules/contract/"):
        seen(approver, PLACE + path)
    officer.open(f"{PLACE}actions/")
    officer.page.emulate_media(media="print")
    assert officer.page.locator("nav.sibs").is_hidden()
