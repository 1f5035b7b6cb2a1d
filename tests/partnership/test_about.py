"""What each page says about itself: every page has its few sentences, none is left over, and they cost nothing."""

import re

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve

from partnership import help_pages
from partnership.help_pages import ABOUT, KINDS, Document, about_pages, documents
from partnership.views.help import html_of
from tests.test_permissions import MATRIX

PAGES = about_pages()


def test_page_when_somebody_may_open_it_then_it_is_known_by_the_name_of_its_address():
    """Whether each page says something, and nothing is said of what is none, is asked where all are opened:
    tests/test_permissions.py."""
    assert set(PAGES) <= {name for name, (_, method, _) in MATRIX.items() if method == "get"}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_about_when_read_then_it_is_two_to_five_whole_sentences(name):
    about = PAGES[name]
    for words in (about.shows, about.who):
        assert re.match(r"[A-Z]", words)
        assert words.endswith(".")
    assert 2 <= len(re.findall(r"[.?!](?= |$)", f"{about.shows} {about.who}")) <= 5


def test_about_when_one_page_is_named_twice_then_it_is_refused(tmp_path, monkeypatch):
    entry = '[[page]]\nof = ["home"]\nshows = "A."\nwho = "B."\nread = []\n'
    (tmp_path / "one.toml").write_text(entry + entry)
    monkeypatch.setattr(help_pages, "ABOUT", tmp_path)
    with pytest.raises(ValueError, match="home twice"):
        about_pages.__wrapped__()


def test_about_when_it_names_documents_then_they_are_there():
    named = re.findall(
        r'"([\w-]+)/([\w-]+)"', "".join(path.read_text(encoding="utf-8") for path in ABOUT.glob("*.toml"))
    )
    assert len(named) > 100
    assert set(named) - set(documents()) == set()


def test_about_when_an_installation_lacks_the_documents_then_pages_say_what_they_are_all_the_same(monkeypatch):
    monkeypatch.setattr(help_pages, "documents", dict)
    assert set(about_pages.__wrapped__()) == set(PAGES)


def page_of(name: str, address: str) -> BeautifulSoup:
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    return BeautifulSoup(render_to_string(name, {}, request=request), "lxml")


def test_page_when_opened_then_it_says_what_it_is_in_a_closed_place_that_is_not_printed():
    said = page_of("open_data/accessibility.html", "/accessibility/").select_one("footer details.about")
    assert said.summary.get_text() == "About this page"
    assert not said.has_attr("open")
    assert "np" in said["class"]
    assert PAGES["accessibility"].shows in said.get_text()


@pytest.mark.parametrize("name", ["pack_protection_act", "", None])
def test_page_when_nothing_is_said_of_it_then_no_link_leads_there(name):
    page = Template("{% load components %}{% about_link name %}{% about_page name %}").render(Context({"name": name}))
    assert page.strip() == ""


def test_document_when_it_holds_html_then_it_is_shown_and_not_obeyed():
    html = html_of.__wrapped__(
        Document("how-to", "x", "X", "# X\n\nSee <script>alert(1)</script> and [x](javascript:alert).")
    )
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "href" not in html


def test_page_of_an_error_when_shown_at_an_address_then_it_says_nothing_of_the_page_that_is_not_there():
    assert page_of("404.html", "/accessibility/").select_one("details.about") is None


def drawn(address: str, client: Client) -> str:
    """What the page of a document draws of it."""
    page = client.get(address).content.decode()
    assert page.count("<h1>") == 1
    return page.partition('<div class="document">')[2].partition("</main>")[0]


def links_in(html: str) -> set[str]:
    return {link.partition("#")[0] for link in re.findall(r'<a href="([^"]*)"', html)}


@pytest.mark.django_db
def test_help_when_read_then_every_document_is_indexed_and_every_link_leads_to_one(client):
    addresses = {f"/help/{kind}/{name}/" for kind, name in documents()}
    assert links_in(drawn("/help/", client)) == addresses
    for address in addresses:
        others = {link for link in links_in(drawn(address, client)) if not link.startswith("http")}
        assert others <= addresses | {"/help/"}, address


@pytest.mark.django_db
def test_help_when_a_document_links_to_a_file_that_is_not_shown_then_its_words_are_left(client):
    html = drawn("/help/how-to/back-up-and-restore/", client)
    assert "The timers of the deployment do" in html
    assert ">deployment<" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/help/how-to/none/", "/help/none/roles/", "/help/reference/../"])
def test_help_when_there_is_no_such_document_then_not_found(client, address):
    assert client.get(address).status_code == 404


def test_documents_when_counted_then_each_kind_has_some_and_a_how_to_is_short():
    assert {kind for kind, _ in documents()} == set(KINDS)
    long = {d.name for d in documents().values() if d.kind == "how-to" and len(d.text.splitlines()) > 40}
    assert long == set()
