"""Improvement plans in a browser: an approver takes a review, a board member reads what changed; inspections drawn."""

import pytest

from indicators.roles import Role
from tests import builders as b
from tests.partnership import plans_world as w
from tests.partnership.plans_world import inspections

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACE = "/northshire/"
PLAN = f"{PLACE}improvement-plans/recovery-plan/"
PAGES = (
    "improvement-plans/", "improvement-plans/recovery-plan/", "improvement-plans/recovery-plan/reviews/3/",
    "improvement-plans/recovery-plan/actions/1-1/", "risks/", "risks/too-few-foster-carers/", "inspections/",
    "assurance/", "assurance/report-to-the-secretary-of-state/",
)  # fmt: skip


def test_review_when_taken_by_an_approver_then_a_board_member_reads_what_changed(visit, transactional_db):
    approver = b.a_user(Role.APPROVER)
    w.one_of_each(by=approver)
    w.an_inspection(by=approver, title="Thematic", outcome="Strengths")
    w.an_inspection(inspections.JudgementInput("Overall", "good", True), by=approver, title="Earlier", on=None,
                    on_words="not stated")  # fmt: skip
    w.an_ambition("outstanding", b.TODAY.replace(year=2019), "July 2019")
    visitor = visit(approver)
    page = visitor.open(PLAN)
    page.get_by_role("link", name="Take a review").click()
    assert visitor.axe() == []
    assert visitor.axe(320) == []
    assert not visitor.scrolls_sideways()
    first = page.get_by_role("group", name="1.1. Train the front door")
    assert first.get_by_label("Progress").input_value() == "Nobody trained yet"
    first.get_by_label("Status").select_option("blue")
    first.get_by_label("Evidence", exact=True).fill("")
    page.get_by_role("group", name="2.1. Publish the framework").get_by_label("Progress").fill("Drafted")
    page.get_by_role("button", name="Take the review").click()
    assert visitor.reads("blue needs evidence")
    assert (
        page.get_by_role("group", name="2.1. Publish the framework").get_by_label("Progress").input_value() == "Drafted"
    )
    assert visitor.axe(320) == []
    first.get_by_label("Evidence", exact=True).fill("All nine hold the certificate")
    page.get_by_role("button", name="Take the review").click()
    assert visitor.reads("Since review 2 of 2 June 2022: 1 better and 2 the same.")
    reader = visit(b.a_user(Role.BOARD_MEMBER))
    reader.open(f"{PLACE}governance/").get_by_role("link", name="Improvement plans").click()
    reader.page.get_by_role("link", name="Recovery plan").click()
    assert reader.reads("2 of 3 actions are on track or complete")
    assert reader.reads("1.1 Train the front door Better: from off track to complete")
    assert reader.page.get_by_role("link", name="Take a review").count() == 0
    for path in PAGES:
        reader.open(PLACE + path)
        assert reader.axe() == [], path
        assert reader.axe(320) == [], path
        assert not reader.scrolls_sideways(), path
    reader.open(f"{PLACE}inspections/")
    assert reader.page.get_by_role("img", name="Judgements and ambitions by year.").count() == 1
    assert "Not drawn, because no day is stated: Earlier, Overall." in reader.text
    reader.page.emulate_media(media="print")
    assert reader.page.locator("svg.timeline").is_visible()
    reader.open(PLAN)
    assert reader.page.locator("nav.sibs").is_hidden()
