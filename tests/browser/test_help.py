"""What a page says about itself, and the documents it leads to, in a browser."""

import pytest

from partnership.help_pages import KINDS, documents
from tests import builders as b

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 320)


def test_a_page_says_what_it_is_about_and_leads_to_a_document(visit, transactional_db):
    b.a_partnership()
    visitor = visit()
    page = visitor.open("/data/")
    said = page.locator("footer details.about")
    assert said.get_attribute("open") is None
    page.get_by_role("link", name="About this page").click()
    assert said.get_attribute("open") is not None
    assert said.locator("p").first.is_visible()
    for width in WIDTHS:
        assert visitor.axe(width) == [], width
        assert not visitor.scrolls_sideways(), width
    page.emulate_media(media="print")
    assert not said.is_visible()
    assert not page.locator(".about-link a").is_visible()
    page.emulate_media(media="screen")
    said.get_by_role("link", name="Use published data").click()
    assert visitor.reads("For everybody; nobody signs in.")
    plain = visit(javascript=False)
    page = plain.open("/data/")
    page.locator("footer details.about summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("footer details.about p").first.is_visible()


def test_documents_of_each_kind_are_sound_on_a_narrow_screen(visit, transactional_db):
    """The longest of each kind, and one with code."""
    longest = {
        kind: max((d for k, d in documents().items() if k[0] == kind), key=lambda d: len(d.text)) for kind in KINDS
    }
    paths = [f"/help/{one.kind}/{one.name}/" for one in longest.values()]
    visitor = visit()
    for path in ("/help/", "/help/how-to/add-a-partnership/", *paths):
        visitor.open(path)
        assert visitor.axe(320) == [], path
        assert not visitor.scrolls_sideways(), path
