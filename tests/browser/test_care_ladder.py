"""The care ladder in a browser: found from the overview, drawn, explained, taken away; on a phone, on paper, without
JavaScript."""

import pytest

from indicators.roles import Role
from tests import builders
from tests.browser.conftest import PHONE
from tests.finance.ladder_world import BEFORE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/northshire/money/care-ladder/"
# How many words of a drawing stick out of their rung.
STICKING_OUT = """() => [...document.querySelectorAll(".lad .c-drawn")].filter((cell) => {
  const room = cell.getBoundingClientRect();
  return [...cell.querySelectorAll("text")].map((e) => e.getBoundingClientRect())
    .some((text) => text.left < room.left || text.right > room.right);
}).length"""


@pytest.fixture
def ladder(transactional_db) -> World:
    """A typed quarter with forty rungs more, and the quarter before with one rung that has a plan and a price."""
    world = World()
    world.put_the_ladder()
    world.put("placements-started", 2, "came-from=new-to-care|rung=out-of-authority")
    world.add_rungs(40)
    for code, value in (("placements-planned", 8), ("placement-cost-at-end", 260_000)):
        world.put(code, value, "rung=out-of-authority", BEFORE)
    return world


def drawn(page) -> None:
    page.wait_for_selector("html[data-charts=done]", state="attached")


def test_the_board_member_reads_the_ladder_follows_a_figure_and_takes_a_table_away(visit, ladder):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER))
    page = visitor.open("/northshire/money/")
    page.get_by_role("link", name="Care ladder").click()
    assert visitor.reads("2 more placements than planned, at a higher price")
    drawn(page)
    for width in (1280, 320):
        assert visitor.axe(width) == [], width
        assert not visitor.scrolls_sideways(), width
        assert page.evaluate(STICKING_OUT) == 0, width
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator("[data-chart=variance-chart] .waterfalllayer .point").count() == 5
    rungs = page.get_by_role("table", name="The care ladder, 2022/23 Q1")
    assert rungs.locator("svg.drawn").count() == rungs.locator("tbody tr:not(.grp):not(.is-whole)").count() > 40
    with page.expect_download() as download:
        page.get_by_role("link", name="Rungs (CSV)").click()
    assert download.value.suggested_filename == "care-ladder-rungs_2022-23-q1.csv"

    page.get_by_label("Quarter", exact=True).select_option("2021-22-q4")
    page.get_by_role("button", name="Apply filters").click()
    assert visitor.reads("Out of authority: 2 more placements than planned, at a higher price")
    area = page.locator("svg.area >> visible=true")
    assert area.count() == 1
    assert "£600,000 more" in area.get_attribute("aria-label")
    drawn(page)
    assert visitor.axe(1280) == []
    page.get_by_role("table", name="The care ladder, 2021/22 Q4").get_by_role("link", name="£260,000 a year").click()
    assert visitor.reads("£260,000")
    assert "placement-cost-at-end/?slice=rung%3Dout-of-authority&period=2021-22-q4" in page.url


def test_a_phone_and_a_reader_without_javascript_get_everything_that_is_drawn_in_words(visit, ladder):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER), javascript=False, viewport=PHONE)
    page = visitor.open(f"{PAGE}?period=2021-22-q4")
    assert page.locator("table.lad thead").bounding_box()["height"] <= 1
    for words in ("2 over plan", "£2,000,000", "£2,600,000", "10 at £260,000 against 8 at £250,000", "may run"):
        assert words in visitor.text, words
    assert page.locator("svg.area >> visible=true").bounding_box()["width"] <= PHONE["width"]


def test_paper_has_the_ladder_and_the_movement_and_no_controls(visit, ladder):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER))
    page = visitor.open(PAGE)
    drawn(page)
    page.emulate_media(media="print")
    assert not page.locator(".filters").first.is_visible()
    assert page.get_by_role("table", name="Movement on the rungs, 2022/23 Q1").locator("thead").is_visible()
    assert page.locator(".lad svg.drawn").first.is_visible()
    labels = page.locator(".lad svg.drawn text >> visible=true")
    assert labels.count() > 0
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 upright without its margins
    assert labels.count() == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
