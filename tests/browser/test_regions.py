"""A region in a browser: fifteen authorities side by side, sorted by the address, on a phone, without JavaScript."""

import pytest

from tests.partnership.region_world import CODE, SHARE, a_whole_region

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

REGION = f"/data/regions/{CODE}/"
PAGE = f"{REGION}{SHARE}/"


def test_anybody_compares_fifteen_authorities(visit, transactional_db):
    a_whole_region()
    visitor = visit()
    page = visitor.open("/data/regions/")
    page.get_by_role("link", name="Northern alliance").click()
    assert visitor.reads("14 of 15 authorities have published something")
    page.locator("table tbody th a").first.click()
    assert visitor.reads("11 of 15 authorities are compared")
    page.get_by_role("link", name="Order").click()
    visitor.arrive()
    assert page.locator("table tbody th").first.inner_text() == "Alderby Council"
    for path in ("/data/regions/", REGION, PAGE):
        visitor.open(path)
        for width in (1280, 320):
            assert visitor.axe(width) == [], (path, width)
            assert not visitor.scrolls_sideways(), (path, width)
    assert visitor.context.cookies() == []
    page.emulate_media(media="print")
    visitor.open(PAGE)
    assert not page.locator("ul.dl").is_visible()
    assert page.locator("table tbody tr").count() == 13
    plain = visit(javascript=False)
    main = plain.open(f"{PAGE}?told=first").locator("main").inner_text()
    assert "Told last as 71%" in main
    assert "70%" in main
