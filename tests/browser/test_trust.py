"""What was told stays told: packs, restatement, as at a day, and the papers' own checks, in a browser."""

import hashlib

import pytest

from indicators.models import User
from partnership.models import Pack
from tests import builders
from tests.browser.conftest import PASSWORD, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PACK = "/doncaster/packs/osmc-2022-07-07/"
WIDTHS = (1280, 320)
READ_BY_THE_BOARD = (
    "/doncaster/packs/",
    PACK,
    f"{PACK}tables/contract-2021-22-q4/",
    "/doncaster/restated/",
    "/doncaster/scorecards/contract/?as_at=6+July+2022",
    "/doncaster/scorecards/contract/?as_at=31+March+2099",
    "/doncaster/report-checks/?verdict=contradicts",
)


@pytest.fixture
def told(transactional_db):
    """The demonstration as a visitor finds it: the pack of 7 July 2022, and two figures restated since."""
    return builders.the_demonstration()


def person(role: str) -> User:
    return User.objects.get(email=f"{role}@demo.example")


def end_session(visitor: Visitor) -> None:
    """As time does: the session is gone, everything else in the browser stays."""
    left = [cookie for cookie in visitor.context.cookies() if cookie["name"] != "sessionid"]
    visitor.context.clear_cookies()
    visitor.context.add_cookies(left)


def assert_accessible(visitor: Visitor, path: str = "") -> None:
    if path:
        visitor.open(path)
    for width in WIDTHS:
        assert visitor.axe(width) == [], (path or visitor.page.url, width)
        assert not visitor.scrolls_sideways(), (path or visitor.page.url, width)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_pages_of_what_was_told_are_accessible(visit, told):
    visitor = visit(person("board"))
    for path in READ_BY_THE_BOARD:
        assert_accessible(visitor, path)


def test_what_was_forecast_is_read_beside_what_came(visit, told):
    visitor = visit(person("board"))
    page = visitor.open("/doncaster/indicators/referrals/")
    ahead = page.locator("section.trend[aria-labelledby=finding-month]")
    assert ahead.locator("tr.ahead").count() == 4
    assert "If nothing changes, April 2024 is likely (8 in 10) between" in ahead.inner_text()
    ahead.get_by_text("What earlier forecasts said, and what came").click()
    assert "Tried on 8 earlier periods whose figure was known already" in ahead.inner_text()
    assert visitor.axe() == []


def test_the_home_of_the_board_prints_on_two_pages(visit, told):
    page = visit(person("board")).open("/doncaster/")
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") in {1, 2}
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Cannot be judged").is_visible()
    assert not page.get_by_role("heading", name="Committee tables").is_visible()


def test_the_board_sees_what_was_reported_and_what_it_is_now_and_that_the_rating_is_the_same(visit, told):
    visitor = visit(person("board"))
    visitor.open("/doncaster/scorecards/contract/")
    assert visitor.reads("Reported to Overview and Scrutiny Management Committee, 7 July 2022")
    row = visitor.page.locator("tr", has_text="Assessments completed within 45 days")
    assert "84%" in row.inner_text()
    assert "worked out by this project from the report’s own numbers" in row.inner_text()
    told_to = visitor.page.locator("ul.told-to li", has_text="Overview and Scrutiny")
    told_to.get_by_role("link", name="as reported").click()
    row = visitor.page.locator("tr", has_text="Assessments completed within 45 days")
    assert "85%" in row.inner_text()
    assert "Restated since this pack" in row.inner_text()
    assert visitor.page.locator("main form").count() == 0
    visitor.page.get_by_role("link", name="restated since").click()
    section = visitor.page.locator("#restated").inner_text()
    for words in ("85%", "84%", "22.3%", "28.3%", "Same rating"):
        assert words in section


def test_the_approver_puts_a_pack_together_publishes_and_withdraws_it(visit, told):
    visitor = visit().sign_in(person("approver"))
    page = visitor.open("/doncaster/packs/")
    page.get_by_role("link", name="Begin a pack").click()
    assert_accessible(visitor)
    page.get_by_role("button", name="Go to the check list").click()
    assert visitor.reads("There is a problem")
    assert visitor.axe() == []
    page.get_by_label("Title").fill("Quarter 4 again")
    page.get_by_label("Board or committee").fill("Performance board")
    page.get_by_label("Date of the meeting").fill("1 September 2022")
    page.get_by_label("Strategic partnership indicators, 2021/22 Q4").check()
    end_session(visitor)
    page.get_by_role("button", name="Go to the check list").click()
    assert visitor.reads("What you typed is not saved yet")
    page.get_by_label("E-mail address").fill("approver@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert visitor.reads("What you typed is shown below and is not saved yet.")
    assert page.get_by_label("Board or committee").input_value() == "Performance board"
    assert page.get_by_label("Strategic partnership indicators, 2021/22 Q4").is_checked()
    assert_accessible(visitor)
    page.get_by_role("button", name="Go to the check list").dblclick()
    assert visitor.reads("Check list")
    assert Pack.objects.filter(body="Performance board").count() == 1
    assert_accessible(visitor)
    assert page.get_by_role("button", name="Publish the pack").count() == 0
    for box in page.locator("ul.points input").all():
        box.fill("As the report printed it.")
    page.get_by_role("button", name="Keep the reasons").click()
    assert visitor.reads("The reasons are kept with the pack")
    assert_accessible(visitor)
    page.get_by_role("button", name="Publish the pack").click()
    assert visitor.reads("The pack is published")
    assert visitor.reads("Figures restated since they were reported")
    table = page.get_by_role("link", name="Strategic partnership indicators").first
    fingerprint = page.locator("code.hash").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of Strategic partnership indicators").click()
    data = download.value.path().read_bytes()
    assert hashlib.sha256(data).hexdigest() == fingerprint
    table.click()
    assert visitor.reads("28.3%")
    page.go_back()
    page.get_by_role("link", name="Withdraw the pack").click()
    assert_accessible(visitor)
    page.get_by_role("button", name="Withdraw the pack").click()
    assert visitor.reads("Say why the pack is withdrawn")
    page.get_by_label("Why it is withdrawn").fill("The wrong scorecard was chosen.")
    page.get_by_role("button", name="Withdraw the pack").click()
    assert visitor.reads("This pack was withdrawn")
    assert visitor.reads("The wrong scorecard was chosen.")


def test_a_pack_is_read_and_published_without_javascript(visit, told):
    visitor = visit(person("approver"), javascript=False)
    page = visitor.open(f"{PACK}tables/contract-2021-22-q4/")
    assert page.locator("table.sc tbody tr:not(.th)").count() == 11
    page = visitor.open("/doncaster/packs/new/")
    page.get_by_label("Title").fill("Quarter 4, second reading")
    page.get_by_label("Board or committee").fill("Improvement board")
    page.get_by_label("Date of the meeting").fill("2 September 2022")
    page.get_by_label("Contract key performance indicators, 2021/22 Q4").check()
    page.get_by_role("button", name="Go to the check list").click()
    assert page.get_by_role("button", name="Publish the pack").count() == 0
    page.get_by_label("Why it stands").fill("The correction is only there to be tried.")
    page.get_by_role("button", name="Keep the reasons").click()
    page.get_by_role("button", name="Publish the pack").click()
    assert "The pack is published" in page.locator("main").inner_text()
    page.go_back()
    assert "Published" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Publish the pack").count() == 0


def test_a_pack_for_everybody_is_checked_decided_accepted_by_another_person_and_published(visit, told):
    visitor = visit(person("approver"))
    page = visitor.open("/doncaster/packs/new/")
    page.get_by_label("Title").fill("For everybody")
    page.get_by_label("Board or committee").fill("Scrutiny")
    page.get_by_label("Date of the meeting").fill("3 September 2022")
    page.get_by_label("Everybody").check()
    page.get_by_label("Strategic partnership indicators, 2021/22 Q4").check()
    page.get_by_role("button", name="Go to the check list").click()
    assert visitor.reads("It is not yet worked out which small numbers must be hidden")
    assert page.get_by_role("button", name="Publish the pack").count() == 0
    for box in page.locator("ul.points input").all():
        box.fill("Told in person.")
    page.get_by_role("button", name="Keep the reasons").click()
    page.get_by_role("link", name="Small numbers: check, decide, accept").click()
    assert_accessible(visitor)
    page.get_by_role("button", name="Check small numbers").click()
    assert visitor.reads("The small numbers are checked.")
    assert_accessible(visitor)
    page.get_by_role("link", name="Go on").click()
    assert visitor.reads("Children in care who are adopted, 2021/22 Q4")
    assert visitor.reads("The number is below 6.")
    assert_accessible(visitor)
    draft = page.url
    reviewer = visit(person("scrutiny"))
    page = reviewer.open(draft.removeprefix(reviewer.address))
    for choice in page.get_by_label("Leave the whole text out of this pack").all():
        choice.check()
    page.get_by_role("button", name="Keep what is decided").click()
    page.get_by_role("button", name="Accept the protection").click()
    assert reviewer.reads("Accepted by")
    assert_accessible(reviewer)
    page = visitor.open(draft.removeprefix(visitor.address).replace("small-numbers/", ""))
    page.get_by_role("button", name="Publish the pack").click()
    assert visitor.reads("hidden, so that nobody can be told from the pack")
    page.get_by_role("table", name="Tables of the pack").get_by_role("link").first.click()
    row = page.locator("tr", has_text="Children in care who are adopted")
    assert "Confidential" in row.inner_text()
    assert_accessible(visitor)


def test_figures_as_at_an_earlier_day_are_read_only_and_lead_back(visit, told):
    visitor = visit(person("board"))
    page = visitor.open("/doncaster/scorecards/contract/?as_at=6+July+2022")
    assert visitor.reads("As at the end of 6 July 2022")
    page.get_by_role("link", name="Show as it is now").click()
    assert "As at the end of" not in visitor.text
