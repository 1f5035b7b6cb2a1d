"""Takes a published file, has it read and checked by a bounded child, and writes it where nobody reads it yet.

The form is read only once the person's rights are known: the view is exempt from the check against forged forms until
it has said where files go, and then checks it itself, as Django asks of whoever sets an upload handler.
"""

import logging
from collections.abc import Generator
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from indicators.benchmark_answers import FileRefused, NotAsAgreed
from indicators.forms import GovForm
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.operations.benchmarks import AlreadyCurrent, Importer, SentFile, reading, refuse_if_current, staging
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.benchmark_maps import declared_maps
from indicators.uploads import MemoryOnly
from indicators.views.benchmark_neighbours import preview_end
from indicators.views.progress import MARK, filling

LIMIT_NAME = "benchmark_new"
BROKEN = "The file was read, but the result could not be used. The fault has been recorded, and nothing was changed."

log = logging.getLogger("benchmarks")


class BenchmarkForm(GovForm):
    """A published file."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="One CSV file as it was published, under its own name.",
        error_messages={"required": "Choose the file"},
    )


@csrf_exempt
@requires(Permission.MANAGE_BENCHMARKS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The form; sent, a page that fills with the progress and ends with the way to what the file would change."""
    request.upload_handlers = [MemoryOnly(request, most=settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME])]
    return _taken(request, partnership)  # type: ignore[no-any-return]


@csrf_protect
def _taken(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    handler = request.upload_handlers[0]
    is_sent = request.method == "POST"
    form = BenchmarkForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and handler.is_over:  # type: ignore[attr-defined]
        form.errors.pop("file", None)
        form.add_error("file", f"The file is too large: {_limit()} MB is the most. Nothing was kept.")
    if not is_sent or not form.is_valid():
        titles = sorted(one.title for one in declared_maps().values())
        return render(
            request, "indicators/benchmark_data/new.html", {"form": form, "limit": _limit(), "titles": titles}
        )
    sent = form.cleaned_data["file"]
    data = sent.read()
    file = SentFile.of(sent.name or "", data)
    page = render_to_string("indicators/benchmark_data/progress.html", {"name": file.name, "mark": MARK}, request)
    response = StreamingHttpResponse(
        filling(
            page,
            _work(request, partnership, file, data),
            lambda end: end.decode(),
            lambda why: _end(partnership.slug, refused=why),
        )
    )
    response["X-Accel-Buffering"] = "no"
    return response  # type: ignore[return-value]


def _limit() -> int:
    return int(settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME]) // 1024 // 1024


def _work(request: HttpRequest, partnership: Partnership, file: SentFile, data: bytes) -> Generator[str, None, bytes]:
    """Reads and stages a file, giving its lines of progress; the value is the last part of the page. A file of
    neighbours is short and staged nowhere: that page carries it."""
    slug = partnership.slug
    importer = Importer(request.user, partnership, request.request_id)  # type: ignore[arg-type, attr-defined]
    try:
        refuse_if_current(file)
        (read,) = yield from reading([(file.name, data)])
        if isinstance(read, FileRefused):
            return _end(slug, findings=read.findings, more=read.more).encode()
        if read.neighbours:
            return preview_end(request, partnership, read, file).encode()
        staged = yield from staging(read=read, file=file, importer=importer, at=request.now)  # type: ignore[attr-defined]
        return _end(slug, staged=staged, notes=read.notes).encode()
    except AlreadyCurrent as current:
        return _end(slug, current=str(current)).encode()
    except OperationError as refusal:
        return _end(slug, refused=str(refusal)).encode()
    except NotAsAgreed as fault:
        log.error("an answer was not as agreed: %s", fault)
        return _end(slug, refused=BROKEN).encode()


def _end(slug: str, **context: Any) -> str:
    return render_to_string("indicators/benchmark_data/_ended.html", context | {"slug": slug})
