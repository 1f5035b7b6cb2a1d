"""How we compare, in a browser: from an indicator to the official years and all authorities, and back."""

import pytest

from indicators.roles import Role
from tests import builders
from tests.builders.official import the_published_figures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TURNOVER = "/doncaster/indicators/staff-turnover/?scorecard=partnership&period=2021-22-q4"
RE_REFERRALS = "/doncaster/indicators/re-referrals-12-months/?scorecard=partnership&period=2021-22-q4"
WIDTHS = (1280, 320)


def test_a_board_member_compares_an_indicator_with_other_areas(visit, transactional_db):
    partnership = the_published_figures()
    board = builders.a_user(Role.BOARD_MEMBER, partnership=partnership)
    visitor = visit(board)
    page = visitor.open(RE_REFERRALS)
    assert visitor.reads("The year 2021/22, not this quarter. Doncaster 7.0%")
    page.get_by_role("link", name="All years, and all authorities").click()
    assert visitor.reads("All authorities, 2024/25")
    page.get_by_label("Period", exact=True).select_option("2021-22")
    page.get_by_label("Listed", exact=True).select_option("all")
    page.get_by_label("Authority or region contains").fill("doncaster")
    page.get_by_role("button", name="Apply filters").click()
    assert visitor.reads("1 of 152 authorities")
    assert "below the 99.8% limit" in visitor.text
    with page.expect_download() as got:
        page.get_by_role("link", name="Download these authorities (CSV)").click()
    assert len(got.value.path().read_text(encoding="utf-8").splitlines()) == 2
    for path in (page.url.removeprefix(visitor.address), "/doncaster/benchmarks/", TURNOVER):
        visitor.open(path)
        for width in WIDTHS:
            assert visitor.axe(width) == [], (path, width)
            assert not visitor.scrolls_sideways(), (path, width)
    page.wait_for_function("document.documentElement.dataset.charts === 'done'")
    plain = visit(board, javascript=False)
    text = plain.open(TURNOVER).locator("section.compared").inner_text()
    assert "Yorkshire and The Humber" in text
    assert "12.8%" in text
