"""The front door in a browser: read, drawn, followed to a stage, taken away as a file; on a phone, on paper, without
JavaScript."""

import pytest

from indicators.operations import slices
from indicators.roles import Role
from tests import builders
from tests.browser.conftest import PHONE
from tests.builders import Q4
from tests.referrals.front_door_world import a_part, a_pathway

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/northshire/front-door/"
LONG = "Special guardianship order made to a former foster carer, relative or friend"
PAGES = {
    URL: (1280, 320),
    f"{URL}stages/referral/": (1280, 320),
    f"{URL}stages/leaving-care/": (320,),
    f"{URL}timeliness/": (320,),
    f"{URL}?period=2010-11-q2": (320,),
}


@pytest.fixture
def pathway(transactional_db):
    """The small pathway, with forty long categories of leaving care."""
    made = a_pathway(months=14)
    categories = [(f"reason-{n}", f"{LONG} {n}") for n in range(40)]
    slices.add_dimension(code="leaving-reason", name="Reason for leaving care", kind="partition", categories=categories)
    for code, _ in categories:
        builders.a_paper_figure(a_part(made["care-ended"].series, f"leaving-reason={code}"), Q4, 1, quantum=None)
    return made


def drawn(page) -> None:
    page.wait_for_selector("html[data-charts=done]", state="attached")


def test_pages_of_the_front_door_are_accessible(visit, pathway):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER))
    for path, widths in PAGES.items():
        visitor.open(path)
        for width in widths:
            assert visitor.axe(width) == [], (path, width)
            assert not visitor.scrolls_sideways(), (path, width)


def test_pages_of_the_front_door_are_accessible_when_nothing_is_held(visit, transactional_db):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER))
    for path in (URL, f"{URL}stages/referral/"):
        visitor.open(path)
        assert visitor.axe(320) == [], path
        assert not visitor.scrolls_sideways(), path


def test_the_board_member_follows_the_front_door_to_a_stage_and_takes_its_breakdowns_away(visit, pathway):
    visitor = visit().sign_in(builders.a_user(Role.BOARD_MEMBER))
    page = visitor.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Front door").click()
    assert visitor.reads("1,257 referrals, 189 more than in the same quarter last year")
    drawn(page)
    flow = page.locator("[data-chart=flow]")
    rows = page.get_by_role("table", name="Steps with a figure, 2021/22 Q4").locator("tbody tr:not(.is-part)")
    assert flow.locator(".sankey-link").count() == rows.count() + 1 > 6, "a band for each row, and one unseen"
    assert "Section 47 enquiry" in flow.inner_text()
    page.get_by_role("link", name="Referral", exact=True).first.click()
    assert visitor.reads("Police is the largest: 700 of 1,257")
    drawn(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Breakdowns (CSV)").click()
    assert download.value.suggested_filename == "referral-breakdowns_2021-22-q4.csv"
    page.get_by_label("Period", exact=True).select_option("2020-21-q4")
    page.get_by_role("button", name="Apply filters").click()
    assert visitor.reads("Referral: 1,068 events in")


def test_the_front_door_says_everything_without_javascript(visit, pathway):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER), javascript=False)
    visitor.open(URL)
    assert "The drawing of these steps appears where scripts may run" in visitor.text
    for words in ("Section 47 enquiry", "306 children", "Does not reconcile", "cohort rate"):
        assert words in visitor.text
    visitor.open(f"{URL}stages/child-in-need/")
    assert visitor.page.locator("svg.hbar").count() == 3


def test_a_phone_gets_cards_and_a_narrower_drawing(visit, pathway):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER), viewport=PHONE)
    page = visitor.open(URL)
    drawn(page)
    chart = page.locator("[data-chart=flow] .main-svg").first
    assert chart.bounding_box()["width"] <= PHONE["width"]
    names = page.locator("[data-chart=flow] .annotation")
    widest = max(names.nth(n).bounding_box()["width"] for n in range(names.count()))
    assert widest < 150, "names are broken into short lines"
    assert page.locator("table.pw thead").first.bounding_box()["height"] <= 1


COLLISIONS = """() => {
  const chart = document.querySelector("[data-chart=flow]"), room = chart.getBoundingClientRect();
  const boxes = (query) => [...chart.querySelectorAll(query)].map((e) => e.getBoundingClientRect());
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const names = boxes(".annotation-text"), bars = boxes(".node-rect").slice(2);
  return names.filter((name) => name.right > room.right + 1 || bars.some((bar) => meet(name, bar))).length;
}"""


def test_a_tablet_keeps_the_tables_and_no_name_of_the_drawing_lies_on_a_bar(visit, pathway):
    for code in ("referrals-no-further-action", "care-started", "icpc-convened"):
        builders.a_paper_figure(pathway[code], Q4, 140, quantum=None)
    visitor = visit(builders.a_user(Role.BOARD_MEMBER), viewport={"width": 768, "height": 1024})
    for path in (URL, f"{URL}timeliness/"):
        page = visitor.open(path)
        assert page.locator("table.pw thead").first.bounding_box()["height"] > 20
        assert not visitor.scrolls_sideways(), path
    for width in (768, 1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        visitor.open(URL)
        drawn(page)
        assert page.locator("[data-chart=flow] .node-rect").count() > 8
        assert page.evaluate(COLLISIONS) == 0, width


def test_paper_has_the_tables_and_no_controls(visit, pathway):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER))
    page = visitor.open(URL)
    drawn(page)
    page.emulate_media(media="print")
    assert not page.locator(".filters").first.is_visible()
    assert not page.locator(".dl").first.is_visible()
    assert page.locator("table.pw thead").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
