"""Pages for everybody: the catalogue of published tables, packs and tables as they were told, the API, the symbols."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from indicators.models import Partnership, PublishedTable
from indicators.symbols_table import symbol_groups
from partnership.api_declaration import RESOURCES
from partnership.api_examples import examples_of
from partnership.forms.open_data import CatalogueFilter
from partnership.models import Region
from partnership.open_data import FORM_WORDS, MADE, OF_EES, Form
from partnership.selectors.public_data import (
    PublicPack,
    PublicTable,
    Revision,
    fingerprints_of,
    frozen_of,
    next_releases,
    public_pack,
    public_packs,
    public_tables,
    revisions_of,
    table_of,
)
from partnership.selectors.regions import regions, regions_of
from partnership.views.api import service_of
from partnership.views.frozen_tables import restated_context, scorecard_context
from partnership.views.open_files import about_of, file_addresses
from partnership.views.public import gone, kept, public

PAGE_SIZE = 25
RESTATED_SINCE = "Restated since this pack"


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return kept(request, render(request, template, context))


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every published table of every partnership."""
    return _catalogue(request, public_packs(request.now), None, regions())


@public
def partnership_catalogue(request: HttpRequest, partnership: str) -> HttpResponse:
    """Those of one partnership; 404 where it has published nothing, whether there is one or not."""
    packs = public_packs(request.now, partnership)
    if not packs:
        raise Http404
    return _catalogue(request, packs, packs[0].pack.partnership, regions_of(partnership, request.today))


def _catalogue(
    request: HttpRequest, packs: Sequence[PublicPack], place: Partnership | None, in_regions: Sequence[Region]
) -> HttpResponse:
    tables = public_tables(packs)
    form = CatalogueFilter(request.GET, tables=tables)
    chosen = form.chosen(tables)
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    revised, releases = revisions_of(page.object_list, tables), next_releases(tables, request.today)
    context = {
        "place": place,
        "regions": in_regions,
        "form": form,
        "page": page,
        "number": len(chosen),
        "total": len(tables),
        "rows": [_listed(one, revised, releases) for one in page],
        "breadcrumbs": _crumbs(place) if place else [],
    }
    return _page(request, "open_data/catalogue.html", context)


def _listed(one: PublicTable, revised: dict[int, list[Revision]], releases: dict[int, Any]) -> dict[str, Any]:
    place = [one.partnership.slug, one.pack.code]
    return {
        "one": one,
        "url": reverse("data_table", args=[*place, one.carried.code]),
        "pack_url": reverse("data_pack", args=place),
        "files": _files(one),
        "revised": len(revised.get(one.table.pk, ())),
        "release": releases.get(one.table.pk),
        "later_url": reverse("data_pack", args=[place[0], one.of.later.code]) if one.of.later else "",
    }


def _files(one: PublicTable) -> list[dict[str, str]]:
    """The files of a table as links, the commonest first; those that describe another last."""
    addresses = file_addresses(one)
    order = [Form.CSV, *MADE, Form.JSON, Form.CSVW, *OF_EES]
    return [
        {"url": addresses[form.value], "label": FORM_WORDS[form], "words": one.table.label}
        for form in order
        if form.value in addresses
    ]


def _crumbs(place: Partnership, found: PublicPack | None = None, label: str = "") -> list[dict[str, str]]:
    crumbs = [{"label": "Published data", "url": reverse("data")}]
    crumbs.append({"label": place.name, "url": reverse("data_partnership", args=[place.slug]) if found else ""})
    if found is not None:
        url = reverse("data_pack", args=[place.slug, found.pack.code]) if label else ""
        crumbs.append({"label": found.pack.title, "url": url})
    return [*crumbs, {"label": label, "url": ""}] if label else crumbs


@public
def pack_page(request: HttpRequest, partnership: str, code: str) -> HttpResponse:
    """A pack for everybody: its tables with their files, what it replaces, and what was told otherwise since."""
    found = public_pack(request.now, partnership, code)
    if found is None:
        raise Http404
    if found.is_gone:
        return gone(request, found)
    every = public_tables(public_packs(request.now, partnership))
    tables = [one for one in every if one.pack.pk == found.pack.pk]
    revised, releases = revisions_of(tables, every), next_releases(every, request.today)
    hashes = fingerprints_of(tables)
    context = {
        "found": found,
        "pack": found.pack,
        "rows": [_listed(one, revised, releases) | {"fingerprint": hashes[one.table.pk]} for one in tables],
        "revisions": [_revision(revision) for one in tables for revision in revised.get(one.table.pk, ())],
        "zip_url": reverse("data_zip", args=[partnership, code]),
        "licence_name": settings.DATA_LICENCE_NAME,
        "licence_url": settings.DATA_LICENCE_URL,
        "breadcrumbs": _crumbs(found.pack.partnership, found),
    } | _neighbours(found)
    return _page(request, "open_data/pack.html", context)


def _neighbours(found: PublicPack) -> dict[str, str]:
    slug = found.pack.partnership.slug
    return {
        "later_url": reverse("data_pack", args=[slug, found.later.code]) if found.later else "",
        "former_url": reverse("data_pack", args=[slug, found.former.code]) if found.former else "",
    }


def _revision(revision: Revision) -> dict[str, Any]:
    by = revision.by
    url = reverse("data_table", args=[by.partnership.slug, by.pack.code, by.carried.code])
    return {"is": revision, "url": url}


@public
def table_page(request: HttpRequest, partnership: str, pack: str, table: str) -> HttpResponse:
    """One table exactly as it was told, with its files; a figure told otherwise since is marked."""
    found, one = table_of(request.now, partnership, pack, table)
    if found is not None and found.is_gone:
        return gone(request, found)
    if one is None:
        raise Http404
    every = public_tables(public_packs(request.now, partnership))
    revisions = revisions_of([one], every).get(one.table.pk, [])
    context = {
        "found": one.of,
        "pack": one.pack,
        "one": one,
        "about": about_of(one),
        "files": _files(one),
        "revisions": [_revision(revision) for revision in revisions],
        "release": next_releases(every, request.today).get(one.table.pk),
        "source_line": about_of(one).attribution,
        "breadcrumbs": _crumbs(one.partnership, one.of, one.table.label),
    } | _neighbours(one.of)
    return _page(request, "open_data/table.html", context | _table(one, revisions))


def _table(one: PublicTable, revisions: Sequence[Revision]) -> dict[str, Any]:
    frozen = frozen_of(one)
    if one.table.kind == PublishedTable.Kind.RESTATED:
        return restated_context(frozen)
    notes = {(r.indicator, r.slice): f"{RESTATED_SINCE}: the rating changes" if r.flips else RESTATED_SINCE
             for r in revisions}  # fmt: skip
    return scorecard_context(one.table, frozen, notes=notes) | {"fingerprint": frozen.fingerprint}


@public
def api_docs(request: HttpRequest) -> HttpResponse:
    """What the API answers, with examples that work here."""
    tables = public_tables(public_packs(request.now))
    first = file_addresses(tables[0])[Form.CSV.value] if tables else ""
    address = service_of(request).address
    context = {
        "resources": RESOURCES,
        "examples": examples_of(address, f"{address}{first}" if first else ""),
        "openapi_url": reverse("api_openapi"),
        "index_url": reverse("api_index"),
        "per_minute": settings.API_RATE,
    }
    return _page(request, "open_data/api.html", context)


@public
def symbols(request: HttpRequest) -> HttpResponse:
    """Every code and mark of tables and files, with its words."""
    return _page(request, "open_data/symbols.html", {"groups": symbol_groups()})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the pages are, what was tested, what is known not to be good, and how to complain."""
    return _page(request, "open_data/accessibility.html", {"contact": settings.ACCESSIBILITY_CONTACT})
