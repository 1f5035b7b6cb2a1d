"""The registers of money in a browser: a home slips and says why, money is asked for and another person decides."""

import pytest

from indicators.roles import Role
from tests import builders
from tests.conftest import FIXTURES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONEY = "/doncaster/money/"
PAGES = (
    "programmes/", "programmes/recovery-resilience/", "savings/", "capacity/", "business-cases/caseload-demand/",
    "claims/", "milestones/", "benchmarks/", "workforce/", "move-on/",
)  # fmt: skip


@pytest.fixture
def everything(transactional_db: None):
    return builders.the_real_figures(FIXTURES / "doncaster", with_areas=True)


def test_registers_when_read_on_a_screen_a_phone_and_paper_then_they_are_accessible(visit, everything):
    visitor = visit(builders.a_user(Role.BOARD_MEMBER, partnership=everything))
    visitor.open(MONEY).get_by_role("link", name="Placement capacity").click()
    assert visitor.reads("14–16 beds are stated in all")
    for page in PAGES:
        visitor.open(MONEY + page)
        assert visitor.axe() == [], page
        visitor.page.set_viewport_size({"width": 320, "height": 800})
        assert not visitor.scrolls_sideways(), page
    assert visitor.axe(320) == []
    visitor.page.emulate_media(media="print")
    assert visitor.page.get_by_role("link", name="Add a").count() == 0


def test_officer_and_approver_when_they_keep_a_register_then_nothing_is_overwritten(visit, everything):
    trust = builders.a_partner("trust", partnership=everything)
    officer = visit(builders.a_user(Role.FINANCE_OFFICER, partner=trust), javascript=False)
    page = officer.open(f"{MONEY}capacity/skylarks/")
    page.get_by_role("link", name="Record what is known now").click()
    page.get_by_label("Stage", exact=True).select_option("purchased")
    page.get_by_label("Expected to open on").fill("1 October 2022")
    page.get_by_label("How exactly that day is known").select_option("month")
    page.get_by_role("button", name="Keep the draft").click()
    assert "It is expected later than before. Say why." in officer.text
    page.get_by_label("Why it is expected later").fill("Fire doors come in September")
    page.get_by_role("button", name="Keep the draft").click()
    assert "Waits for a decision" in officer.text
    assert "later than said" not in officer.text, "a draft counts nowhere"
    approver = visit(builders.a_user(Role.APPROVER, partnership=everything))
    of_council = approver.open(f"{MONEY}capacity/skylarks/")
    assert approver.axe() == []
    of_council.get_by_role("button", name="Accept").click()
    assert approver.reads("2 months later than said on 7 July 2022")
    assert "August 2022" in of_council.locator("#history + table").inner_text(), "what was said first stays"

    officer.open(f"{MONEY}business-cases/new/")
    page.get_by_label("What the money is for").fill("Night staff")
    page.get_by_role("button", name="Keep the draft").click()
    of_council = approver.open(f"{MONEY}business-cases/")
    of_council.get_by_role("button", name="Refuse").click()
    assert approver.reads("Say why it is refused")
    assert approver.axe(320) == []
    assert not approver.scrolls_sideways()
    of_council.get_by_role("button", name="Accept").click()
    officer.open(f"{MONEY}business-cases/night-staff/").get_by_role("link", name="Add a line").click()
    for asked in ("£640,000", "£64,000"):
        page.get_by_label("What the money is for").fill("Two workers")
        page.get_by_label("Asked, in pounds").fill(asked)
        page.get_by_role("button", name="Keep the draft").click()
        if asked == "£640,000":
            page.get_by_role("button", name="Withdraw").click()
            assert "Refused or withdrawn: 1" in officer.text
            page.get_by_role("link", name="Add a line").click()
    assert page.get_by_role("link", name="Two workers").count() == 0, "who asks has nothing to decide"
    approver.open(f"{MONEY}business-cases/night-staff/").get_by_role("button", name="Accept").click()
    page = approver.open(f"{MONEY}business-cases/night-staff/")
    page.get_by_role("link", name="Two workers").click()
    assert approver.axe() == []
    page.get_by_label("Refused").check()
    page.get_by_role("button", name="Record the decision").click()
    assert approver.reads("Say why it is not approved.")
    assert approver.axe(320) == []
    page.get_by_label("Why", exact=True).fill("No money is left")
    page.get_by_role("button", name="Record the decision").click()
    assert approver.reads("Refused £64,000.")
