"""Who answers to whom in a browser: an officer adds a body with a line and seats, a board member reads earlier days."""

import pytest

from indicators.roles import Role
from tests import builders
from tests.conftest import FIXTURES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HUB = "/doncaster/governance/"


@pytest.fixture
def everything(transactional_db: None):
    return builders.the_real_figures(FIXTURES / "doncaster", with_areas=True)


def test_officer_and_board_member_when_the_structure_changes_then_each_day_is_read_as_it_was(visit, everything):
    officer = visit(builders.a_user(Role.SCRUTINY_OFFICER, partnership=everything))
    page = officer.open(HUB)
    page.get_by_role("link", name="Add a body").click()
    page.get_by_role("button", name="Add the body").click()
    assert officer.reads("Enter the name")
    assert officer.axe(320) == []
    page.get_by_label("Name", exact=True).fill("Transition Board")
    page.get_by_label("Kind").select_option("board")
    page.get_by_label("Quorum: one in").fill("4")
    page.get_by_label("From which day").fill("1 July 2022")
    page.get_by_role("button", name="Add the body").click()
    assert officer.reads("One in 4 of the seats with a vote, vacant ones included")

    page.get_by_role("link", name="Add a line").click()
    page.get_by_label("The other body", exact=True).select_option(label="Cabinet")
    page.get_by_label("reports formally to").check()
    page.get_by_label("From which day").fill("1 June 2022")
    page.get_by_role("button", name="Add the line").click()
    assert officer.reads("“Transition Board” begins on 1 July 2022. Give that day or a later one.")
    page.get_by_label("From which day").fill("1 July 2022")
    page.get_by_role("button", name="Add the line").click()
    assert officer.reads("Cabinet Reports formally to.")
    page.get_by_role("link", name="Add a seat").click()
    page.get_by_label("What the seat is for").fill("Director of the trust")
    page.get_by_label("From which day").fill("1 July 2022")
    page.get_by_role("button", name="Add the seat").click()
    assert officer.reads("1 seat, 1 with a vote; 1 of those is vacant.")
    page.get_by_role("link", name="Director of the trust").click()
    page.get_by_role("link", name="Fill the seat").click()
    page.get_by_label("Who holds it").fill("Chief executive")
    page.get_by_label("From which day").fill("4 July 2022")
    page.get_by_role("button", name="Fill the seat").click()
    assert officer.reads("Chief executive since 4 July 2022")
    assert officer.axe() == []

    reader = visit(builders.a_user(Role.BOARD_MEMBER, partnership=everything))
    page = reader.open(HUB)
    drawing = page.get_by_role("region", name="Drawing of who answers to whom")
    assert drawing.get_by_role("link", name="Transition Board").count() == 1
    for day, there, gone in (
        ("26 January 2021", "Chief Officers Safeguarding Group", "Transition Board"),
        ("16 September 2021", "Safeguarding Business Unit", "Chief Officers Safeguarding Group"),
    ):
        page.get_by_label("As at", exact=True).fill(day)
        page.get_by_role("button", name="Show").click()
        assert reader.reads(f"On {day}:")
        assert drawing.get_by_role("link", name=there).count() == 1
        assert page.locator(".gv-tree").get_by_role("link", name=there, exact=True).count() == 1
        assert gone not in reader.text
        assert reader.axe() == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert not reader.scrolls_sideways()
        assert not drawing.is_visible()
        assert reader.axe(320) == []
        page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".gv-tree").get_by_role("link", name="Safeguarding Business Unit").click()
    assert reader.reads("As on 16 September 2021")
    assert page.get_by_role("link", name="Add a line").count() == 0
    assert reader.axe() == []
