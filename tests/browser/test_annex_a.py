"""Annex A in a browser: a workbook is read, compared, accepted and rejected, and stands in the grid; or is refused."""

from datetime import datetime

import pytest

from indicators.models import DraftCell
from indicators.units import Unit
from tests import builders
from tests.referrals.annex_a_files import a_list, a_row, a_workbook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::UserWarning:openpyxl"),
]

NEW = "/northshire/annex-a/new/"
ENTRY = "/northshire/returns/contract/2021-22-q4/trust/1/entry/"
LOAD = "/northshire/annex-a/2021-22-q4-trust-1/"
WIDTHS = (1280, 390)
COUNTED = ("contacts", "referrals", "assessments-started")


@pytest.fixture
def row(transactional_db):
    for code in COUNTED:
        builders.an_indicator(code, unit=Unit.COUNT, target=None, name=code.replace("-", " ").capitalize())
    return builders.fresh(builders.a_return())


@pytest.fixture
def analyst(row, visit):
    """Somebody at the page that takes a file in."""
    visitor = visit(builders.the_people(row.partner).analyst)
    visitor.open(NEW)
    return visitor


def a_file() -> bytes:
    day = datetime.fromisoformat("2022-02-15")
    contacts = [a_row(1, child_unique_id=n, date_of_contact=day) for n in range(5)]
    started = a_row(4, child_unique_id=9, continuous_assessment_start_date=day, gender="unclear")
    lists = {1: a_list(1, *contacts), 3: a_list(3, a_row(3, date_of_referral=day)), 4: a_list(4, started)}
    return a_workbook({f"List {number}": rows for number, rows in lists.items()})


def choose(page, *files: tuple[str, bytes]) -> None:
    page.get_by_label("Reference date").fill("31 March 2022")
    page.get_by_label("Period").select_option("2021-22-q4")
    sent = [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    page.set_input_files("#id_files", sent)
    with page.expect_navigation():
        page.get_by_role("button", name="Read the file").click()


def assert_good_to_use(visitor, widths=WIDTHS) -> None:
    for width in widths:
        assert visitor.axe(width) == [], width
        assert not visitor.scrolls_sideways(), width


@pytest.mark.parametrize("javascript", [True, False])
def test_workbook_when_read_then_two_are_accepted_one_rejected_and_the_grid_shows_them(row, visit, javascript):
    analyst = visit(builders.the_people(row.partner).analyst, javascript=javascript)
    page = analyst.open(NEW)
    if javascript:
        assert_good_to_use(analyst)
    choose(page, ("Annex A.xlsx", a_file()))
    assert page.get_by_role("log").locator("li").count() >= 3
    if javascript:
        assert_good_to_use(analyst)
    page.get_by_role("link", name="See what was computed").click()
    page.wait_for_url("**" + LOAD)
    page.get_by_role("button", name="Accept Contacts").click()
    page.get_by_text("Accepted: 1 figure is saved").wait_for()
    page.get_by_role("button", name="Accept Referrals").click()
    page.get_by_text("Accepted by Trust analyst").nth(1).wait_for()
    page.locator("summary", has_text="Reject Assessments started").click()
    page.get_by_label("Why Assessments started is rejected").fill("Counted by hand: two more.")
    page.get_by_role("button", name="Reject Assessments started").click()
    page.get_by_text("“Counted by hand: two more.”").wait_for()
    if javascript:
        assert_good_to_use(analyst)
    page = analyst.open(ENTRY)
    assert {f"{one.series.indicator.code} {one.value:f}" for one in DraftCell.objects.all()} == {
        "contacts 5.0000", "referrals 1.0000",
    }  # fmt: skip
    boxes = page.locator("input[name$='-value']")
    assert [boxes.nth(n).input_value() for n in range(3)] == ["5", "1", ""]
    source = page.locator("input[name$='-source_system']").first
    assert "Annex A, reference date 31 March 2022" in source.input_value()
    if javascript:
        boxes.first.fill("6")
        boxes.nth(1).focus()
        page.wait_for_function("() => document.querySelector(\"input[name$='-source_system']\").value === ''")
        assert page.locator(".now").first.inner_text().startswith("Saved")


def test_file_when_it_is_wrong_or_missing_then_the_page_says_so_and_is_accessible(analyst):
    page = analyst.page
    choose(page)
    assert "Choose the workbook, or the CSV files" in page.get_by_role("alert").inner_text()
    assert_good_to_use(analyst)
    choose(page, ("Annex A.xlsx", b"MZ no workbook at all"))
    assert "Nothing was taken in" in page.get_by_role("alert").inner_text()
    assert_good_to_use(analyst)
    page.get_by_role("link", name="Choose another file").click()
    page.wait_for_url("**" + NEW)


def test_pages_when_there_is_a_load_then_list_and_measures_are_accessible(analyst):
    choose(analyst.page, ("Annex A.xlsx", a_file()))
    analyst.open("/northshire/annex-a/")
    assert_good_to_use(analyst)
    analyst.open("/northshire/annex-a/measures/")
    assert_good_to_use(analyst, (390,))
