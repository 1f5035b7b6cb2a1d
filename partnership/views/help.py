"""The documents of the service as pages: the tutorial, how-tos, explanations and reference of docs/."""

from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from partnership.help_pages import KINDS, Document, documents, index
from partnership.views.public import kept, public

if TYPE_CHECKING:
    from markdown_it.token import Token

# Loaded when a document is first read: no other page needs it.
_READER = "markdown_it.MarkdownIt"


@public
def help_index(request: HttpRequest) -> HttpResponse:
    """The index of the documents, as far as they are shown here."""
    context = {"document": index(), "html": html_of(index()), "breadcrumbs": []}
    return kept(request, render(request, "partnership/help/page.html", context))


@public
def help_page(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """One document."""
    document = documents().get((kind, name))
    if document is None:
        raise Http404
    crumbs = [
        {"label": "Help", "url": reverse("help")},
        {"label": KINDS[kind], "url": ""},
    ]
    context = {"document": document, "html": html_of(document), "breadcrumbs": crumbs}
    return kept(request, render(request, "partnership/help/page.html", context))


@cache
def html_of(document: Document) -> SafeString:
    """The text below the heading as HTML; HTML inside it is shown, not obeyed."""
    reader = import_string(_READER)("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(document.text)[3:]  # the heading stands in the page's own
    for token in tokens:
        if token.type == "inline":
            token.children = _linked(token.children or [], document.kind)
        elif token.type == "fence":
            token.attrSet("tabindex", "0")
    return mark_safe(reader.renderer.render(tokens, reader.options, {}))  # noqa: S308


def _linked(tokens: Sequence["Token"], kind: str) -> list["Token"]:
    """Links to other documents lead to their pages; of those to files that are not shown here the words are left."""
    found, dropped = [], False
    for token in tokens:
        if token.type == "link_open" and "://" not in (link := str(token.attrGet("href"))):
            address = _address(link, kind)
            dropped = address is None
            token.attrSet("href", address or "")
        if not (dropped and token.type in {"link_open", "link_close"}):
            found.append(token)
        dropped = dropped and token.type != "link_close"
    return found


def _address(link: str, kind: str) -> str | None:
    """The address of the page that a link of a document means; None where it is not shown here."""
    path, _, part = link.partition("#")
    place = PurePosixPath(normpath(PurePosixPath(kind, path)))
    if place == PurePosixPath("README.md"):
        return reverse("help")
    if (str(place.parent), place.stem) not in documents():
        return None
    return reverse("help_page", args=[str(place.parent), place.stem]) + (f"#{part}" if part else "")
