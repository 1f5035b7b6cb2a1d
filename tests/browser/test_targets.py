"""A target changed under authority and relief agreed, in a browser; every page and state of it is accessible."""

import pytest

from indicators.models import Target
from indicators.roles import Role
from tests import builders
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/doncaster/indicators/care-proceedings-26-weeks/"


def assert_accessible(visitor: Visitor) -> None:
    for width in (1280, 320):
        assert visitor.axe(width) == [], (visitor.page.url, width)
        assert not visitor.scrolls_sideways(), (visitor.page.url, width)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_the_approver_changes_a_target_and_agrees_relief_and_the_board_reads_both(visit, real_figures):
    council = visit(builders.a_user(Role.APPROVER, partnership=real_figures, display_name="Approver of the council"))
    page = council.open(PAGE)
    page.get_by_role("link", name="Change target").click()
    assert_accessible(council)
    page.get_by_label("Target", exact=True).fill("ninety")
    page.get_by_role("button", name="Continue").click()
    assert council.reads("has letters in it")
    assert_accessible(council)
    page.get_by_label("Target", exact=True).fill("80%")
    page.get_by_label("A value, the last one").check()
    page.get_by_label("Tolerance", exact=True).fill("60")
    page.get_by_label("Authority", exact=True).fill("Contract variation 7")
    page.get_by_label("Reason", exact=True).fill("To show how a target changes")
    page.get_by_role("button", name="Continue").click()
    assert council.reads("Check before you change the target")
    assert council.reads("keep their target")
    assert_accessible(council)
    page.get_by_role("button", name="Change the target").click()
    assert council.reads("The target is changed.")
    assert Target.objects.filter(recorded_by__isnull=False).count() == 1

    page.get_by_role("link", name="Agree relief").click()
    page.get_by_label("First period").fill("2021/22 Q4")
    page.get_by_label("Last period").fill("2021/22 Q4")
    page.get_by_label("Last day of the relief").fill("31 March 2023")
    page.get_by_label("Authority", exact=True).fill("decision of the board")
    page.get_by_label("Approved by").fill("Chair of the board")
    page.get_by_label("Reason", exact=True).fill("To show what relief is")
    assert_accessible(council)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Agree the relief").click()
    assert council.reads("The relief is recorded.")
    assert_accessible(council)

    board = visit(builders.a_user(Role.BOARD_MEMBER, partnership=real_figures))
    board.open(PAGE)
    assert board.reads("Relief agreed until 31 March 2023: decision of the board")
    assert board.reads("Recorded on 7 July 2022 by Approver of the council")
    board.open("/doncaster/scorecards/partnership/")
    assert board.reads("1 of them with agreed relief")
    assert_accessible(board)
