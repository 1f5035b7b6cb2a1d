"""Subjects in a browser: found from the scorecards, accessible, narrow, on paper, and without JavaScript."""

import pytest

from indicators.roles import Role
from tests import builders
from tests.conftest import FIXTURES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUBJECTS = "/doncaster/subjects/"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def everything(transactional_db: None):
    return builders.the_real_figures(FIXTURES / "doncaster", with_areas=True)


def test_subjects_when_read_then_each_is_accessible_wide_and_narrow_and_the_trend_is_drawn(visit, everything):
    board = builders.a_user(Role.BOARD_MEMBER, partnership=everything, email="board@example.org")
    visitor = visit(board)
    page = visitor.open("/doncaster/scorecards/")
    page.get_by_role("link", name="Figures by subject").click()
    page.get_by_role("link", name="Workforce and practice").click()
    page.wait_for_selector(".chart--drawn")
    page.get_by_role("link", name="Spans of control", exact=True).click()
    assert page.url.endswith("#spans-of-control")
    for subject in ("", "workforce/", "programmes/"):
        visitor.open(SUBJECTS + subject)
        for width in (1280, 320):
            assert visitor.axe(width) == [], (subject, width)
            assert not visitor.scrolls_sideways(), (subject, width)


def test_subject_when_narrow_on_paper_or_without_javascript_then_it_says_the_same(visit, everything):
    finance = builders.a_user(Role.FINANCE_OFFICER, partner=builders.a_partner("trust", partnership=everything))
    visitor = visit(finance, javascript=False, viewport=PHONE)
    page = visitor.open(SUBJECTS)
    assert "Exploitation and missing" not in visitor.text
    page.get_by_role("link", name="Early help", exact=True).click()
    assert "3,554 between February and July 2021" in visitor.text
    assert not visitor.scrolls_sideways()
    page.get_by_text("What the papers say of Referrals to early help").click()
    assert "at a locality level this breaks down" in visitor.text
    page.emulate_media(media="print")
    assert page.locator("table.figs").first.is_visible()
    assert page.locator("form.ctl").is_hidden()
