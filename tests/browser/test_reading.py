"""Reading pages in a browser: accessible at desktop and phone width, without JavaScript, on paper, by keyboard."""

import io

import pytest

from indicators.roles import Role
from tests import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN_TO_ALL = ("/sign-in/", "/components/", "/accessibility/")
FOR_THE_BOARD = (
    "/doncaster/",
    "/doncaster/scorecards/",
    "/doncaster/scorecards/contract/",
    "/doncaster/scorecards/partnership/?order=worst",
    "/doncaster/scorecards/contract/?show=variation",
    "/doncaster/scorecards/partnership/charts/",
    "/doncaster/scorecards/contract/?q=zebra",
    "/doncaster/scorecards/contract/?rating=purple",
    "/doncaster/indicators/",
    "/doncaster/indicators/staff-turnover/?scorecard=partnership&period=2021-22-q4",
    "/doncaster/indicators/assessments-45-days/?scorecard=contract&period=2021-22-q4",
    "/doncaster/indicators/cic-reviews-in-timescale/?scorecard=contract&period=2021-22-q4",
    "/doncaster/glossary/",
    "/doncaster/data-quality/",
    "/doncaster/data-quality/?state=cleared",
    "/doncaster/not-reportable/",
    "/doncaster/nothing-here/",
)
WITH_A_LONG_LINE_ABOVE = (
    "/doncaster/scorecards/contract/?period=2021-22-q4",
    "/doncaster/front-door/",
    "/doncaster/front-door/stages/early-help-referral/?period=2021-22-q4",
    "/doncaster/governance/",
)
FOR_THE_ADMINISTRATOR = (
    "/doncaster/",
    "/doncaster/rounds/",
    "/doncaster/rounds/contract/2022-23-q1/due-date/",
    "/doncaster/people/",
    "/doncaster/people/who-can-see-what/",
    "/doncaster/audit/",
    "/doncaster/audit/?from_on=31/2/2022",
)
FOR_WHO_KEEPS_THE_REGISTER = (
    "/doncaster/data-quality/",
    "/doncaster/data-quality/issues/new/",
    "/doncaster/data-quality/issues/cin-episode-starts/",
    "/doncaster/data-quality/returns/new/",
    "/doncaster/data-quality/returns/cin-census/",
    "/doncaster/returns/contract/2021-22-q4/trust/1/history/",
)
WIDTHS = (1280, 320)


def assert_accessible(visitor, path: str) -> None:
    visitor.open(path)
    for width in WIDTHS:
        assert visitor.axe(width) == [], (path, width)
        assert not visitor.scrolls_sideways(), (path, width)


def test_axe_when_a_page_has_a_button_without_a_name_then_it_is_found(visit, transactional_db):
    visitor = visit()
    visitor.open("/sign-in/")
    assert visitor.axe() == []
    visitor.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")
    assert [found.partition(":")[0] for found in visitor.axe()] == ["button-name"]


def test_pages_open_to_all_are_accessible(visit, transactional_db):
    visitor = visit()
    for path in OPEN_TO_ALL:
        assert_accessible(visitor, path)


def test_pages_of_the_board_are_accessible(visit, real_figures):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    for path in FOR_THE_BOARD:
        assert_accessible(visitor, path)


LINES = """() => {
    const top = e => Math.round(e.getBoundingClientRect().top);
    const shown = e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
    const links = [...document.querySelectorAll("nav[aria-label=Main] a")];
    const lines = new Set(links.map(link => top(link.parentElement)));
    return {menu: lines.size, shown: links.filter(shown).length, all: links.length};
}"""


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_header_when_somebody_has_every_role_then_the_menu_is_one_line_two_or_behind_its_name(
    visit, real_figures, javascript
):
    trust = real_figures.partners.get(code="trust")
    user = builders.a_user(Role.ADMINISTRATOR, partnership=real_figures)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        builders.a_membership(user, role, partnership=real_figures, partner=trust if role == Role.ANALYST else None)
    visitor = visit(user, javascript=javascript)
    page = visitor.open("/doncaster/people/who-can-see-what/")
    for width, lines in ((1280, 1), (1024, 1), (768, 2)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(LINES) == {"menu": lines, "shown": 14, "all": 14}, width
        assert not page.get_by_text("Menu", exact=True).is_visible(), width
        assert not visitor.scrolls_sideways(), width
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(LINES)["shown"] == 0
    page.get_by_text("Menu", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.evaluate(LINES)["shown"] == 14
    assert not visitor.scrolls_sideways()
    assert not javascript or visitor.axe(320) == []  # which is a script
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doncaster/scorecards/")


def test_link_to_what_a_page_is_about_stands_on_no_other_words(visit, real_figures):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    for path in WITH_A_LONG_LINE_ABOVE:
        visitor.open(path)
        for width in (320, 480, 640, 820, 1280):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            assert visitor.lies_under(".about-link a") == [], (path, width)
            assert not visitor.scrolls_sideways(), (path, width)


def test_pages_of_the_register_are_accessible(visit, real_figures):
    visitor = visit(builders.the_people(real_figures.partners.get(code="trust")).analyst)
    for path in FOR_WHO_KEEPS_THE_REGISTER:
        assert_accessible(visitor, path)
    visitor.open("/doncaster/data-quality/issues/new/")
    visitor.page.get_by_role("button", name="Add the issue").click()
    assert visitor.axe() == []
    assert visitor.reads("There is a problem")


def test_pages_of_the_administrator_are_accessible(visit, real_figures):
    builders.the_people(real_figures.partners.get(code="trust"))
    visitor = visit(builders.a_user(Role.ADMINISTRATOR, partnership=real_figures))
    for path in FOR_THE_ADMINISTRATOR:
        assert_accessible(visitor, path)
    visitor.open("/doncaster/people/")
    visitor.page.get_by_role("button", name="Give the role").click()
    assert visitor.axe() == []
    assert visitor.reads("There is a problem")


def test_pages_can_be_read_without_javascript(visit, real_figures):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures), javascript=False)
    assert "28 of 36 indicators could be judged" in visitor.open("/doncaster/").locator("body").inner_text()
    page = visitor.open("/doncaster/scorecards/contract/")
    assert page.locator("table.sc tbody tr:not(.th)").count() == 11
    page.get_by_role("link", name="Show worst first").click()
    assert page.locator("table.sc tbody tr").first.get_attribute("class") == "is-outside"
    page = visitor.open("/doncaster/indicators/staff-turnover/?scorecard=partnership&period=2021-22-q4")
    assert "13.78" in page.locator("main").inner_text()
    assert "10.00" in page.locator("main").inner_text()
    assert page.locator("[data-chart=month] svg.trend-svg").is_visible()
    assert page.locator("a[data-png]").first.is_visible() is False
    assert visitor.open("/doncaster/scorecards/contract/charts/").locator("svg.trend-svg").first.is_visible()


def test_the_scorecard_fits_one_landscape_page_on_paper(visit, real_figures, tmp_path):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    page = visitor.open("/doncaster/scorecards/contract/")
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") in {1, 2}
    page.emulate_media(media="print")
    assert page.locator(".filters").first.is_visible() is False
    assert page.locator(".printonly").first.is_visible()
    assert page.locator("table.sc thead").first.is_visible()


def test_an_indicator_on_paper_keeps_headings_with_what_follows_and_its_drawing_leaves_room(visit, real_figures):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    page = visitor.open("/doncaster/indicators/staff-turnover/?scorecard=partnership&period=2021-22-q4")
    page.locator("[data-charts=done]").wait_for()
    on_screen = page.locator("[data-chart=month]").bounding_box()["width"]
    page.set_viewport_size({"width": 1032, "height": 726})  # what lies within the margins of a sheet
    page.emulate_media(media="print")
    heading = page.locator(".rule", has=page.locator("#held"))
    # The room under it is laid over the table that follows, so that both go to the next sheet together.
    assert heading.bounding_box()["height"] > 180
    table = page.locator("table.held").bounding_box()
    assert table["y"] < heading.bounding_box()["y"] + 100
    assert page.locator("[data-chart=month]").bounding_box()["width"] < 700 < on_screen


def test_the_keyboard_reaches_every_filter_and_row(visit, real_figures):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    page = visitor.open("/doncaster/scorecards/contract/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("(document.activeElement.name || document.activeElement.textContent).trim()"))
    assert {"period", "theme", "rating", "q", "Apply filters", "CSV, committee table", "Show worst first"} <= reached
    assert "Case audits graded good or better" in reached


def test_the_board_member_lands_on_the_dashboard_and_reads_a_rating_explained(visit, real_figures):
    visitor = visit().sign_in(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    assert visitor.reads("What the board needs to know")
    visitor.page.get_by_role("link", name="Contract key performance indicators", exact=True).click()
    visitor.page.get_by_role("link", name="Case audits graded good or better").click()
    assert visitor.reads("Explain this rating")
    assert visitor.reads("56%")
    visitor.page.wait_for_selector("html[data-charts=done]", state="attached")
    assert visitor.page.locator(".js-plotly-plot").count() >= 1
    assert "Share chart" not in visitor.text


def test_the_scrutiny_officer_downloads_the_table_that_the_screen_shows(visit, real_figures):
    visitor = visit(builders.a_user(Role.SCRUTINY_OFFICER, partnership=real_figures))
    page = visitor.open("/doncaster/scorecards/contract/")
    with page.expect_download() as download:
        page.locator("a[href*='contract.csv?']").click()
    assert download.value.suggested_filename == "contract_2021-22-q4_as-at-2022-07-07.csv"
    text = io.BytesIO(download.value.path().read_bytes()).read().decode()
    assert text.count("\r\n") == 12
    page = visitor.open("/doncaster/indicators/staff-turnover/?scorecard=partnership")
    with page.expect_download() as download:
        page.locator("a[data-png]").first.click()
    assert download.value.suggested_filename == "staff-turnover_month.png"
    picture = download.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 1920, "twice as wide as the drawing"
