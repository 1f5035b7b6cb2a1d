"""A placements file in a browser: counted, read on two widths, accepted and rejected; or refused."""

import pytest

from indicators.models import DraftCell
from tests.finance.placements_return import an_officer, an_open_return
from tests.finance.ssda903_world import episode, episodes, header

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "/northshire/money/placements-file/new/"
WIDTHS = (1280, 320)


@pytest.fixture
def officer(transactional_db, visit):
    """Somebody at the page that takes a file in."""
    an_open_return()
    visitor = visit(an_officer())
    visitor.open(NEW)
    return visitor


def choose(page, head: bytes, body: bytes) -> None:
    page.get_by_label("Period").select_option("2021-22-q4")
    for name, data in (("header", head), ("episodes", body)):
        page.set_input_files(f"#id_{name}", [{"name": f"{name}.csv", "mimeType": "text/csv", "buffer": data}])
    with page.expect_navigation():
        page.get_by_role("button", name="Count the files").click()


def assert_good_to_use(visitor) -> None:
    for width in WIDTHS:
        assert visitor.axe(width) == [], width
        assert not visitor.scrolls_sideways(), width


def test_files_when_counted_then_one_is_accepted_one_rejected_and_the_grid_shows_them(officer):
    page = officer.page
    assert_good_to_use(officer)
    moved = [episode(1, "2021-05-01", "K2", "PR4", "2022-02-01", "X1"), episode(1, "2022-02-01", "U6", "PR1")]
    rows = [*moved, episode(2, "2022-01-10", "K2", "PR4"), episode(3, "soon")]
    choose(page, header("01/10/2010", "02/03/2012"), episodes(*rows))
    assert page.get_by_role("log").locator("li").count() == 5
    assert_good_to_use(officer)
    page.get_by_role("link", name="See what was counted").click()
    page.wait_for_url("**/2021-22-q4-trust-1/")
    page.locator("summary", has_text="Out of authority: 1 move away").click()
    assert_good_to_use(officer)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Accept Placements at end: Out of authority").click()
    page.get_by_text("Accepted: 1 figure is saved").wait_for()
    page.locator("summary", has_text="Reject Care nights").click()
    page.get_by_label("Why Care nights: Out of authority is rejected").fill("The ledger says more.")
    page.get_by_role("button", name="Reject Care nights").click()
    page.get_by_text("“The ledger says more.”").wait_for()
    assert_good_to_use(officer)
    cell = DraftCell.objects.get()
    assert (cell.value, cell.source_system.split(",")[0]) == (1, "SSDA903")
    officer.open("/northshire/money/placements-file/")
    assert_good_to_use(officer)


def test_files_when_missing_or_wrong_then_the_page_says_so_and_is_accessible(officer):
    page = officer.page
    page.get_by_role("button", name="Count the files").click()
    assert "Choose the header file" in page.get_by_role("alert").inner_text()
    assert_good_to_use(officer)
    choose(page, episodes(episode()), header("01/10/2010"))
    assert "The two files are the other way round." in page.get_by_role("alert").inner_text()
    assert_good_to_use(officer)
    page.get_by_role("link", name="Choose other files").click()
    page.wait_for_url("**" + NEW)
