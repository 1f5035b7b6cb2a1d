"""What everybody may read, in a browser: from the catalogue to a table and its files, without signing in."""

import pytest

from tests import builders as b
from tests.partnership.public_world import CODE, HOUR, PLACE, TABLE, a_public_pack, a_public_world, correct

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 320)


def test_anybody_finds_a_table_reads_it_and_takes_its_file(visit, transactional_db):
    b.a_partnership()
    world = a_public_world()
    correct(world, 700, 1000)
    a_public_pack(world.scorecard, body="Cabinet", title="Performance, once more", at=b.NOW + 2 * HOUR)
    visitor = visit()
    page = visitor.open("/data/")
    page.get_by_label("Title or meeting contains").fill("scrutiny")
    page.get_by_role("button", name="Apply filters").click()
    assert visitor.reads("1 of 3 tables")
    page.locator("table tbody th a").first.click()
    assert visitor.reads("2 of 3 indicators could be judged")
    assert visitor.reads("1 figure has been restated since")
    with page.expect_download() as got:
        page.locator(f"ul.dl a[href$='/{TABLE}.csv']").click()
    assert got.value.suggested_filename == f"{TABLE}_as-reported-2022-07-07.csv"
    assert got.value.path().read_bytes().startswith(b"period,theme,indicator,")
    with page.expect_download() as got:
        page.locator(f"ul.dl a[href$='/{TABLE}.ods']").click()
    assert got.value.path().read_bytes()[30:38] == b"mimetype"
    paths = ("/data/?q=scrutiny", "/data/?q=zebra", f"/data/{PLACE}/", f"/data/{PLACE}/{CODE}/",
             f"/data/{PLACE}/{CODE}/{TABLE}/", "/data/api/", "/symbols/", "/accessibility/")  # fmt: skip
    for path in paths:
        visitor.open(path)
        for width in WIDTHS:
            assert visitor.axe(width) == [], (path, width)
            assert not visitor.scrolls_sideways(), (path, width)
    assert visitor.context.cookies() == []
    page.emulate_media(media="print")
    visitor.open(f"/data/{PLACE}/{CODE}/{TABLE}/")
    assert not page.locator("ul.dl").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_catalogue_is_walked_by_keyboard_and_without_javascript(visit, transactional_db):
    b.a_partnership()
    a_public_world()
    visitor = visit()
    page = visitor.open("/data/")
    page.get_by_label("Title or meeting contains").focus()
    page.keyboard.type("quarter")
    page.keyboard.press("Enter")
    assert visitor.reads("1 of 1 table.")
    page.locator("table tbody th a").first.focus()
    page.keyboard.press("Enter")
    assert visitor.reads("As reported to Scrutiny Panel")
    plain = visit(javascript=False)
    assert "850 of 1,000" in plain.open(f"/data/{PLACE}/{CODE}/{TABLE}/").locator("main").inner_text()
