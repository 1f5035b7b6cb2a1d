"""From a plan to a scenario in a browser: pasted, accepted, projected, tried, drawn, compared and withdrawn."""

import pytest

from finance.models import ProjectionRun, Scenario
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world
from tests.finance import plan_world as w

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONEY = "/northshire/money/"
ROWS = """Out of authority\t3\t£5,402.87\t1 April 2022
Independent fostering\t10\t875\t1 May 2022\t12 September 2023\t1 October 2022\tIn-house fostering\t425\t60%
In-house fostering\t4\t425\t1 August 2022"""
ASSUMED = "leaving, independent-fostering, 4, 9100, , , Leavers of January to June"


@pytest.fixture
def place(transactional_db):
    partnership = b.a_partnership()
    money_world.the_rungs(partnership)
    return partnership


@pytest.fixture
def finance(place, visit):
    return visit(w.officer(place))


def assert_good_to_use(visitor) -> None:
    for width in (1280, 320):
        assert visitor.axe(width) == [], (visitor.page.url, width)
        assert not visitor.scrolls_sideways(), (visitor.page.url, width)


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_plan_when_pasted_and_accepted_then_a_scenario_on_it_is_tried_drawn_compared_and_withdrawn(
    place, finance, visit
):
    page = finance.open(f"{MONEY}plans/new/")
    assert_good_to_use(finance)
    page.get_by_label("Name").fill("July")
    page.get_by_label("As at the start of").fill("1 July 2022")
    page.get_by_label("Placements", exact=True).fill(ROWS.replace("Out of authority", "Nowhere"))
    page.get_by_label("Assumptions").fill(ASSUMED)
    press(page, "Continue")
    assert finance.reads("Row 1, rung: “Nowhere” is not a rung of the ladder.")
    assert_good_to_use(finance)
    page.get_by_label("Placements", exact=True).fill(ROWS)
    press(page, "Continue")
    assert finance.reads("July: 17 placements in 3 rows.")
    assert_good_to_use(finance)
    press(page, "Keep the plan")
    assert finance.reads("You entered this, so another person decides on it.")

    council = visit(b.a_user(Role.APPROVER, email="council@example.org"))
    council.open(f"{MONEY}plans/july/")
    assert_good_to_use(council)
    press(council.page, "Accept")
    assert council.reads("“July” is accepted and counts from now on.")

    page = finance.open(f"{MONEY}projection/")
    assert_good_to_use(finance)
    page.get_by_label("Price of a week").fill("5000")
    page.get_by_label("First night").fill("1 October 2022")
    press(page, "Work it out")
    assert finance.reads("costs £130,000 to the end of 2022/23 (182 nights)")
    press(page, "Draw 10,000 runs")
    assert finance.reads("The runs are drawn, and the band is kept.")
    assert_good_to_use(finance)
    page.get_by_role("link", name="See the band").click()
    assert finance.reads("In eight of ten runs 2022/23 costs between")
    page.get_by_text("The band by month").click()
    assert_good_to_use(finance)

    page.get_by_role("link", name="Scenarios tried on plans").click()
    for name in ("Two move home", "Agencies rise"):
        finance.open(f"{MONEY}scenarios/new/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("What does it try?").fill("What it would save")
        press(page, "Begin the scenario")
        if name == "Two move home":
            page.get_by_role("link", name="Move children from rung to rung").click()
            assert_good_to_use(finance)
            page.get_by_label("How many children?").fill("4")
            page.get_by_label("From the rung").select_option(w.OUT)
            page.get_by_label("To the rung").select_option(w.OWN)
        else:
            page.get_by_role("link", name="Change a price").click()
            page.get_by_label("Rung").select_option(w.AGENCY)
            page.get_by_label("Change in per cent").fill("5")
        page.get_by_label("From the night of").fill("1 September 2022")
        page.get_by_label("Why, and where").fill("Carers are approved by then")
        press(page, "Continue")
        if name == "Two move home":
            assert finance.reads("Only 3 children are certain to be in Out of authority")
            assert_good_to_use(finance)
            page.get_by_label("How many children?").fill("2")
            press(page, "Continue")
            assert finance.reads("2 children of the 3 who may be moved")
            assert_good_to_use(finance)
        press(page, "Add the step")
        assert finance.reads("The step is added.")
    finance.open(f"{MONEY}scenarios/two-move-home/")
    press(page, "Draw 10,000 runs")
    page.get_by_role("link", name="See the band").click()
    assert finance.reads("In eight of ten runs")
    assert_good_to_use(finance)
    assert ProjectionRun.objects.count() == 2

    board = visit(b.a_user(Role.BOARD_MEMBER, email="board@example.org"))
    page = board.open(f"{MONEY}scenarios/")
    page.get_by_label("Two move home").check()
    page.get_by_label("Agencies rise").check()
    press(page, "Compare")
    assert board.reads("“Two move home” costs")
    assert_good_to_use(board)
    assert page.get_by_role("button", name="Withdraw").count() == 0

    page = finance.open(f"{MONEY}scenarios/agencies-rise/")
    page.get_by_text("Withdraw this scenario").click()
    page.get_by_label("Reason").fill("The offer was taken back")
    press(page, "Withdraw the scenario")
    assert finance.reads("“Agencies rise” is withdrawn. It is kept and can be copied.")
    assert Scenario.objects.get(code="agencies-rise").steps.count() == 1
