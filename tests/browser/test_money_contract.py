"""The contract sum in a browser: an entry drafted by one, accepted by another, read by the board; all accessible."""

import pytest

from finance.models import ContractEntry
from indicators.roles import Role
from tests import builders
from tests.browser.conftest import Visitor
from tests.finance.money_world import a_contract_year, an_entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/northshire/money/contract/2022-23/"


def assert_accessible(visitor: Visitor) -> None:
    for width in (1280, 320):
        assert visitor.axe(width) == [], (visitor.page.url, width)
        assert not visitor.scrolls_sideways(), (visitor.page.url, width)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_finance_drafts_a_variation_the_council_accepts_it_and_the_board_reads_the_bridge(visit):
    year = a_contract_year(2022, original_pence=2_140_000_000, original_quantum_pence=10_000_000)
    printed = an_entry(year, name="Growth in placements", quantum_pence=100_000)
    an_entry(year, code="part", name="Of which fostering", amount_pence=2_000_000, part_of=printed)
    an_entry(year, code="stated", kind="stated_total", name="Revised sum", amount_pence=2_200_000_000, authority="")
    an_entry(year, code="revised-stated", kind="stated_total", name="Revised contract", amount_pence=2_200_000_000,
             quantum_pence=10_000_000, authority="")  # fmt: skip
    trust = builders.a_partner("trust")
    finance = visit(builders.a_user(Role.FINANCE_OFFICER, partner=trust, display_name="Finance officer of the trust"))
    page = finance.open("/northshire/money/")
    assert_accessible(finance)
    page.get_by_role("link", name="Contract sum").click()
    assert_accessible(finance)
    page.get_by_role("link", name="2022/23").click()
    assert finance.reads("£550k less than stated")
    page.get_by_role("link", name="Add a variation or payment").click()
    assert_accessible(finance)
    page.get_by_label("Variation", exact=True).check()
    page.get_by_label("Amount").fill("83200000000")
    page.get_by_label("Name", exact=True).fill("Projected overspend")
    page.get_by_label("Reason", exact=True).fill("To cover the projected overspend")
    page.get_by_label("Agreed or paid on").fill("1 July 2022")
    page.get_by_role("button", name="Continue").click()
    assert finance.reads("A variation of the contract sum has no authority.")
    page.get_by_label("Authority").fill("Cabinet, 1 July 2022")
    page.get_by_role("button", name="Continue").click()
    assert finance.reads("If it was typed in pence, £832,000,000 is meant.")
    assert_accessible(finance)
    page.get_by_role("button", name="Change the answers").click()
    page.get_by_label("Amount").fill("£832,000")
    page.get_by_role("button", name="Continue").click()
    assert finance.reads("the revised sum would be £22.282m instead of £21.450m.")
    page.get_by_role("button", name="Keep the draft").click()
    assert finance.reads("“Projected overspend” is kept as a draft.")
    assert finance.reads("You drafted this, so another person decides on it.")

    board = visit(builders.a_user(Role.BOARD_MEMBER))
    board.open(PAGE)
    assert board.reads("makes it £21.450m")
    assert "Projected overspend" not in board.text

    council = visit(builders.a_user(Role.APPROVER, display_name="Approver of the council"))
    page = council.open(PAGE)
    page.get_by_role("button", name="Refuse Projected overspend").click()
    assert council.reads("Say why it is refused")
    assert_accessible(council)
    page.get_by_role("button", name="Accept Projected overspend").click()
    assert council.reads("“Projected overspend” is accepted and counts from now on.")
    assert ContractEntry.objects.get(name="Projected overspend").decision.is_accepted

    board.page.reload()
    board.page.wait_for_selector("[data-charts=done]")
    assert board.page.locator(".chart--drawn").count() == 1
    assert board.reads("accepted by Approver of the council on 7 July 2022")
    assert_accessible(board)
    plain = visit(builders.a_user(Role.BOARD_MEMBER), javascript=False)
    plain.open(PAGE)
    assert "Sum so far" in plain.text
    assert "The table has every one of them." in plain.text
