"""The files of published tables, each at its permanent address, and a whole pack as a zip."""

import functools
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from indicators import bounded
from indicators.bounded import BoundedError, Busy
from indicators.exports import csvw_metadata
from indicators.selectors.published import FrozenTable
from partnership.open_data import (
    CONTENT_TYPES,
    MADE,
    OF_EES,
    About,
    Form,
    checksums,
    file_name,
    public_manifest,
    table_json,
    workbook_payload,
)
from partnership.selectors.public_data import (
    PublicPack,
    PublicTable,
    ees_of,
    fingerprints_of,
    frozen_of,
    has_ees,
    public_pack,
    public_tables,
    table_of,
)
from partnership.views.public import TOO_OFTEN, gone, kept, not_now, open_to_other_sites, public, seconds_to_wait

WAIT_WHEN_BUSY = 30


def about_of(one: PublicTable) -> About:
    """What is said of a table beside its figures."""
    return About(
        partnership=one.partnership.slug,
        authority=one.partnership.authority_name,
        pack=one.pack.code,
        table=one.carried.code,
        title=one.table.label,
        body=one.pack.body,
        meeting_on=one.pack.meeting_on,
        published_at=one.of.published_at,
        licence=settings.DATA_LICENCE_NAME,
        licence_url=settings.DATA_LICENCE_URL,
        protection=one.of.status.protection(one.carried.code),
    )


def file_addresses(one: PublicTable) -> dict[str, str]:
    """The addresses of a table's files on this host, by form."""
    place = [one.partnership.slug, one.pack.code, one.carried.code]
    forms = [form for form in Form if has_ees(one) or form not in OF_EES]
    return {form.value: reverse(f"data_{form.name.lower()}", args=place) for form in forms}


def _csvw(one: PublicTable, frozen: FrozenTable) -> bytes:
    about = about_of(one)
    name = f"{one.carried.code}.{Form.CSV.value}"
    metadata = csvw_metadata(frozen.spec, csv_name=name, title=about.title, source=about.source)
    metadata |= {"dc:publisher": about.authority, "dc:issued": about.published_at.isoformat()}
    if about.protection:
        metadata["rdfs:comment"] = about.protection
    return json.dumps(metadata, indent=2, ensure_ascii=False).encode()


def _bytes_of(one: PublicTable, form: Form) -> bytes:
    """A file that needs no child. Raises Http404 where the table has no such form."""
    if form in OF_EES:
        files = ees_of(one)
        if files is None:
            raise Http404
        return files.data if form is Form.EES else files.meta
    frozen = frozen_of(one)
    match form:
        case Form.CSV:
            return frozen.csv
        case Form.CSVW:
            return _csvw(one, frozen)
    return table_json(about_of(one), frozen.spec, frozen.rows)


def _file(request: HttpRequest, one: PublicTable, form: Form) -> HttpResponse:
    if form in MADE:
        return _made(request, one, form)
    return _finished(request, one, form, HttpResponse(_bytes_of(one, form)))


def _finished(
    request: HttpRequest, one: PublicTable, form: Form, response: HttpResponse, etag: str = ""
) -> HttpResponse:
    response["Content-Type"] = CONTENT_TYPES[form]
    response["Content-Disposition"] = f'attachment; filename="{file_name(about_of(one), form)}"'
    if form is Form.CSV:
        described = f"{one.carried.code}.{Form.CSVW.value}"
        response["Link"] = f'<{described}>; rel="describedby"; type="{CONTENT_TYPES[Form.CSVW]}"'
    return kept(request, response, etag=etag, changed_at=one.of.changed_at)


def _made(request: HttpRequest, one: PublicTable, form: Form) -> HttpResponse:
    """A file that a child writes, unless the client has it. One place among the children is never taken for it."""
    frozen = frozen_of(one)
    payload = workbook_payload(about_of(one), frozen.spec, frozen.rows)
    etag = hashlib.sha256(payload + f"{form.value} {settings.VERSION}".encode()).hexdigest()
    found = _finished(request, one, form, HttpResponse(), etag)
    if found.status_code == 304 or request.method == "HEAD":
        return found
    seconds = seconds_to_wait(request, "file", settings.FILE_RATE)
    if seconds:
        return not_now(TOO_OFTEN.format(seconds=seconds), seconds, 429)
    try:
        found.content = bounded.run(job=MADE[form], payload=payload, leaves=1)
    except Busy as refusal:
        return not_now(str(refusal), WAIT_WHEN_BUSY, 503)
    except BoundedError as refusal:
        return not_now(f"{refusal} The CSV file has the same figures.", WAIT_WHEN_BUSY, 503)
    return found


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A file that needs no child: given to a client as often as the API answers it, counted apart from that."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds = seconds_to_wait(request, "light file", settings.API_RATE)
        if seconds:
            return open_to_other_sites(not_now(TOO_OFTEN.format(seconds=seconds), seconds, 429))
        return view(request, *args, **kwargs)

    return wrapped


def file_view(form: Form) -> Callable[..., HttpResponse]:
    """The view of a table's files of one form."""

    def view(request: HttpRequest, partnership: str, pack: str, table: str) -> HttpResponse:
        found, one = table_of(request.now, partnership, pack, table)
        if found is not None and found.is_gone:
            return open_to_other_sites(gone(request, found))
        if one is None:
            raise Http404
        return open_to_other_sites(_file(request, one, form))

    return public(view if form in MADE else counted(view))


# A whole pack


class _Sink:
    """Where a zip is written to piece by piece; what was written is taken away at once."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def _pack_facts(found: PublicPack) -> dict[str, Any]:
    pack = found.pack
    return {
        "partnership": pack.partnership.slug,
        "authority": pack.partnership.authority_name,
        "pack": pack.code,
        "title": pack.title,
        "body": pack.body,
        "meeting_on": pack.meeting_on.isoformat(),
        "published_at": found.published_at.isoformat(),
        "licence": settings.DATA_LICENCE_NAME,
        "licence_url": settings.DATA_LICENCE_URL,
    }


def _manifest(found: PublicPack, tables: list[PublicTable]) -> bytes:
    hashes = fingerprints_of(tables)
    about = [
        {"code": one.carried.code, "title": one.table.label, "sha256": hashes[one.table.pk],
         "files": [f"{one.carried.code}.{form.value}" for form in (Form.CSV, Form.CSVW)]}
        for one in tables
    ]  # fmt: skip
    return public_manifest(_pack_facts(found), about)


def _zipped(tables: list[PublicTable], manifest: bytes, moment: datetime) -> Iterator[bytes]:
    """The archive, one table at a time in memory; the same bytes for the same pack."""
    sink, hashes = _Sink(), []
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[arg-type]
        for name, data in _files_of(tables, manifest):
            hashes.append((hashlib.sha256(data).hexdigest(), name))
            _add(archive, name, data, moment)
            yield sink.taken()
        _add(archive, "SHA256SUMS", checksums(hashes), moment)
    yield sink.taken()


def _files_of(tables: list[PublicTable], manifest: bytes) -> Iterator[tuple[str, bytes]]:
    yield "manifest.json", manifest
    for one in tables:
        frozen = frozen_of(one)
        yield f"{one.carried.code}.{Form.CSV.value}", frozen.csv
        yield f"{one.carried.code}.{Form.CSVW.value}", _csvw(one, frozen)


def _add(archive: zipfile.ZipFile, name: str, data: bytes, moment: datetime) -> None:
    archive.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)


@public
@counted
def pack_zip(request: HttpRequest, partnership: str, code: str) -> HttpResponse:
    """All tables of a pack with their metadata, a manifest and checksums."""
    found = public_pack(request.now, partnership, code)
    if found is None:
        raise Http404
    if found.is_gone:
        return open_to_other_sites(gone(request, found))
    tables = public_tables([found])
    manifest = _manifest(found, tables)
    response = StreamingHttpResponse(_zipped(tables, manifest, found.published_at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.pack.code}.zip"'
    etag = hashlib.sha256(manifest + settings.VERSION.encode()).hexdigest()
    return open_to_other_sites(kept(request, response, etag=etag, changed_at=found.changed_at))  # type: ignore[arg-type]


FILES: Mapping[Form, Callable[..., HttpResponse]] = {form: file_view(form) for form in Form}
