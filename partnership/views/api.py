"""The read-only API: lists of what is published, as declared in `partnership.api_declaration`, and its own description.

Every answer is the same for everybody; what is wrong with a question is said as a problem in JSON (RFC 9457).
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from indicators.exact_json import exact_json
from indicators.rag import NotJudged, Rating, words
from partnership.api_declaration import (
    PROBLEM,
    RESOURCES,
    BadParameters,
    Resource,
    Service,
    openapi,
    read_asked,
)
from partnership.selectors.public_data import (
    PublicPack,
    PublicTable,
    fingerprints_of,
    next_releases,
    public_packs,
    public_tables,
    revisions_of,
    withdrawn_pack,
)
from partnership.selectors.public_figures import (
    FigureFilter,
    Statement,
    in_range,
    packs_named,
    published_definitions,
    statements_of,
    with_values,
)
from partnership.views.open_files import file_addresses
from partnership.views.public import TOO_OFTEN, kept, open_to_other_sites, seconds_to_wait

Asked = Mapping[str, Any]
Rows = tuple[Sequence[dict[str, Any]], int]
_METHODS = ("GET", "HEAD", "OPTIONS")
_ALLOW = ", ".join(_METHODS)
BY_NAME = {resource.name: resource for resource in RESOURCES}


class Refused(Exception):
    """The question has no answer: status, title and a sentence."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


def _problem(status: int, title: str, detail: str, parameters: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "parameters": [{"name": name, "detail": words} for name, words in parameters],
    }
    response = HttpResponse(exact_json(body), status=status, content_type=PROBLEM)
    response["Cache-Control"] = "no-store"
    return response


def _answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An address of the API: open to scripts of other sites, counted, and never with a session or a page of HTML. It
    writes nothing, so no token is asked for: what is sent is refused as a problem like any other."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.is_public = True
        if request.method == "OPTIONS":
            return _options()
        seconds = seconds_to_wait(request, "api", settings.API_RATE)
        if seconds:
            response = _problem(429, "Too many requests", TOO_OFTEN.format(seconds=seconds))
            response["Retry-After"] = str(seconds)
            return open_to_other_sites(response)
        if request.method not in _METHODS:
            response = _problem(405, "Not allowed", "This API is read-only. Ask with GET.")
            response["Allow"] = _ALLOW
            return open_to_other_sites(response)
        try:
            response = view(request, *args, **kwargs)
        except BadParameters as bad:
            response = _problem(400, "The question cannot be answered", str(bad), bad.problems)
        except Refused as refused:
            response = _problem(refused.status, refused.title, refused.detail)
        return open_to_other_sites(response)

    return login_not_required(csrf_exempt(wrapped))


def _options() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = _ALLOW
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return open_to_other_sites(response)


def _json(request: HttpRequest, body: Mapping[str, Any]) -> HttpResponse:
    return kept(request, HttpResponse(exact_json(body), content_type="application/json"))


@_answers
def index(request: HttpRequest) -> HttpResponse:
    """Where the lists are."""
    at = request.build_absolute_uri
    lists = {resource.name: at(resource.path) for resource in RESOURCES}
    body = {"documentation": at(reverse("api_docs")), "openapi": at(reverse("api_openapi")), "lists": lists}
    return _json(request, body)


@_answers
def openapi_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, made from the declaration that the views use."""
    return _json(request, openapi(service_of(request)))


@_answers
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below that of the API."""
    index = reverse("api_index")
    raise Refused(404, "Not found", f"There is nothing at this address. {index} names every list; no name ends with /.")


def service_of(request: HttpRequest) -> Service:
    """This service, as its documents name it."""
    return Service(
        version=settings.VERSION,
        address=request.build_absolute_uri("/").rstrip("/"),
        licence=settings.DATA_LICENCE_NAME,
        licence_url=settings.DATA_LICENCE_URL,
        per_minute=settings.API_RATE,
    )


@_answers
def listed(request: HttpRequest, name: str) -> HttpResponse:
    """One page of a list."""
    resource = BY_NAME[name]
    asked = read_asked(resource, [(key, value) for key, values in request.GET.lists() for value in values])
    rows, count = ROWS[name](request, asked)
    pages = max(1, -(-count // asked["page_size"]))
    body = {
        "count": count,
        "page": asked["page"],
        "pages": pages,
        "next": _page_address(request, asked["page"] + 1, pages),
        "previous": _page_address(request, asked["page"] - 1, pages),
        "licence": settings.DATA_LICENCE_URL,
        "results": [_ordered(resource, row) for row in rows],
    }
    return _json(request, body)


def _ordered(resource: Resource, row: Mapping[str, Any]) -> dict[str, Any]:
    """What is declared of a row, in the order of the declaration."""
    return {member.name: row[member.name] for member in resource.members}


def _page_address(request: HttpRequest, number: int, pages: int) -> str | None:
    if not 1 <= number <= pages:
        return None
    query = {**request.GET.dict(), "page": str(number)}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


@dataclass(frozen=True)
class _Paged:
    """The part of a list that a page shows."""

    first: int
    last: int

    @classmethod
    def of(cls, asked: Asked) -> "_Paged":
        first = (asked["page"] - 1) * asked["page_size"]
        return cls(first, first + asked["page_size"])

    def cut(self, rows: Sequence[Any]) -> Sequence[Any]:
        return rows[self.first : self.last]


# The lists


def _tables(request: HttpRequest, asked: Asked) -> list[PublicTable]:
    return public_tables(public_packs(request.now, asked.get("partnership") or ""))


def _partnerships(request: HttpRequest, asked: Asked) -> Rows:
    packs: dict[str, list[PublicPack]] = {}
    for one in public_packs(request.now):
        packs.setdefault(one.pack.partnership.slug, []).append(one)
    found = []
    for slug, held in sorted(packs.items()):
        place = held[0].pack.partnership
        page = request.build_absolute_uri(reverse("data_partnership", args=[slug]))
        found.append({"code": slug, "name": place.name, "authority": place.authority_name,
                      "area_code": place.gss_code, "packs": len(held), "page": page})  # fmt: skip
    return _Paged.of(asked).cut(found), len(found)


def _packs(request: HttpRequest, asked: Asked) -> Rows:
    packs = public_packs(request.now, asked.get("partnership") or "")
    shown = _Paged.of(asked).cut(packs)
    tables: dict[int, int] = {}
    for table in public_tables(shown):
        tables[table.pack.pk] = tables.get(table.pack.pk, 0) + 1
    return [_pack_row(request, one, tables.get(one.pack.pk, 0)) for one in shown], len(packs)


def _pack_row(request: HttpRequest, one: PublicPack, tables: int) -> dict[str, Any]:
    pack, place = one.pack, [one.pack.partnership.slug, one.pack.code]
    return {
        "partnership": pack.partnership.slug, "code": pack.code, "title": pack.title, "body": pack.body,
        "meeting_on": pack.meeting_on, "published_at": one.published_at.isoformat(),
        "replaces": one.former.code if one.former else None, "replaced_by": one.later.code if one.later else None,
        "tables": tables, "archive": request.build_absolute_uri(reverse("data_zip", args=place)),
        "page": request.build_absolute_uri(reverse("data_pack", args=place)),
    }  # fmt: skip


def _table_rows(request: HttpRequest, asked: Asked) -> Rows:
    every = _tables(request, asked)
    pack, scorecard = asked.get("pack"), asked.get("scorecard")
    chosen = [
        one
        for one in every
        if pack in {None, one.pack.code}
        and scorecard in {None, one.table.scorecard.code if one.table.scorecard else None}
        and in_range(one, asked.get("period_from"), asked.get("period_to"))
    ]
    shown = _Paged.of(asked).cut(chosen)
    revised, releases = revisions_of(shown, every), next_releases(every, request.today)
    hashes = fingerprints_of(shown)
    return [_table_row(request, one, revised, releases, hashes) for one in shown], len(chosen)


def _table_row(
    request: HttpRequest, one: PublicTable, revised: Any, releases: Any, hashes: Mapping[int, str]
) -> dict[str, Any]:  # fmt: skip
    table, release = one.table, releases.get(one.table.pk)
    at = request.build_absolute_uri
    return {
        "partnership": one.partnership.slug, "pack": one.pack.code, "code": one.carried.code, "title": table.label,
        "kind": table.kind, "scorecard": table.scorecard.code if table.scorecard else None,
        "period": table.period.slug if table.period else None, "published_at": one.of.published_at.isoformat(),
        "sha256": hashes[table.pk], "revised": len(revised.get(table.pk, ())),
        "next_release": release.on if release else None,
        "files": {form: at(address) for form, address in file_addresses(one).items()},
        "page": at(_page_of(one)),
    }  # fmt: skip


def _page_of(one: PublicTable) -> str:
    return reverse("data_table", args=[one.partnership.slug, one.pack.code, one.carried.code])


def _indicators(request: HttpRequest, asked: Asked) -> Rows:
    tables = _tables(request, asked)
    found = published_definitions(tables, indicator=asked.get("indicator"), scorecard=asked.get("scorecard"))
    names = ("name", "short_name", "numerator", "denominator", "unit", "polarity", "window", "counts", "why_it_matters")
    rows = [
        {"code": one.indicator.code, "version": one.number, "valid_from": one.valid_from.slug}
        | {name: getattr(one, name) for name in names}
        for one in _Paged.of(asked).cut(found)
    ]
    return rows, len(found)


def _figures(request: HttpRequest, asked: Asked) -> Rows:
    tables = _tables(request, asked)
    told, carried = asked.get("as_reported"), asked.get("pack")
    chosen = FigureFilter(
        indicator=asked.get("indicator"), slice=asked.get("breakdown"), scorecard=asked.get("scorecard"),
        period_from=asked.get("period_from"), period_to=asked.get("period_to"),
        carried_by=packs_named(tables, carried) if carried else None,
        as_reported=_told_by(request, asked, tables, told) if told else None,
    )  # fmt: skip
    statements = statements_of(tables, chosen)
    shown = with_values(_Paged.of(asked).cut(statements))
    return [_figure_row(request, one) for one in shown], len(statements)


def _told_by(request: HttpRequest, asked: Asked, tables: Sequence[PublicTable], code: str) -> set[int]:
    """The packs with that code. Raises Refused where there is none that everybody may read, or it was withdrawn."""
    found = packs_named(tables, code)
    if found:
        return found
    gone = withdrawn_pack(request.now, asked.get("partnership") or "", code)
    if gone is None:
        raise Refused(404, "Not found", "There is no such pack. The list of packs gives their codes.")
    why = f" The reason: {gone.reason}" if gone.reason else ""
    raise Refused(410, "Withdrawn", f"This pack was withdrawn.{why}")


def _figure_row(request: HttpRequest, one: Statement) -> dict[str, Any]:
    v, place = one.values or {}, one.place
    symbol = v["symbol"]
    return {
        "partnership": place.partnership, "scorecard": place.scorecard, "indicator": place.indicator,
        "breakdown": place.slice, "name": v["name"], "period": place.period, "period_start": place.start_on,
        "period_end": place.end_on, "decimals": v["places"], "symbol_means": _meaning(symbol),
        "flags": v.get("flags", ""), "pack": one.table.pack.code, "table": one.table.carried.code,
        "published_at": one.table.of.published_at.isoformat(),
        "page": request.build_absolute_uri(_page_of(one.table)),
    } | {name: v[name] for name in _AS_TOLD}  # fmt: skip


_AS_TOLD = ("unit", "polarity", "numerator", "denominator", "value", "qualifier", "symbol", "target", "tolerance_kind",
            "tolerance", "rating", "rating_reason")  # fmt: skip


def _meaning(symbol: str) -> str:
    return words(Rating.NOT_JUDGED, NotJudged(symbol)) if symbol else ""


ROWS: Mapping[str, Callable[[HttpRequest, Asked], Rows]] = {
    "partnerships": _partnerships,
    "packs": _packs,
    "tables": _table_rows,
    "indicators": _indicators,
    "figures": _figures,
}
