"""A file of statistical neighbours on its way in: what it would change, and the decision.

The page carries what was read, signed, from the reading to the moment when it is confirmed, so that nothing lies
anywhere in between and what is used is what was shown.
"""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache

from indicators.benchmark_answers import FileRead
from indicators.envelope import sent_only
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.operations.benchmarks import Importer, SentFile
from indicators.operations.comparators import authorities_named, import_neighbours
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.neighbours import neighbours_preview

_SALT = "indicators.benchmark_neighbours"
SECONDS = 60 * 60


class NotCarried(Exception):
    """What was to be confirmed is not what this page showed to this person."""


def preview_end(request: HttpRequest, partnership: Partnership, read: FileRead, file: SentFile) -> str:
    """The end of the page that a file of neighbours is answered with. Raises OperationError for a number that belongs
    to no authority held."""
    authorities_named(read)
    preview = neighbours_preview(read, own_code=partnership.gss_code)
    facts = [("Set", preview.group), ("In force", preview.in_force), ("Areas", str(preview.areas)),
             ("Publisher", preview.publisher), ("Source", preview.source), ("Licence", preview.licence)]  # fmt: skip
    context = {
        "preview": preview,
        "facts": [{"key": key, "value": value} for key, value in facts],
        "carried": _sealed(read, file, preview.based_on, _whose(request, partnership)),
        "use_url": reverse("benchmark_neighbours", args=[partnership.slug]),
        "slug": partnership.slug,
    }
    return render_to_string("indicators/benchmark_data/_neighbours.html", context, request)


@sent_only("benchmark_new", "partnership")
@requires(Permission.MANAGE_BENCHMARKS)
@never_cache
def use_neighbours(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The file that the page showed is in use from now on."""
    importer = Importer(request.user, partnership, request.request_id)  # type: ignore[arg-type, attr-defined]
    try:
        read, file, based_on = _unsealed(request.POST.get("carried", ""), _whose(request, partnership))
        made = import_neighbours(read=read, file=file, based_on=based_on, importer=importer, at=request.now)  # type: ignore[attr-defined]
    except (NotCarried, OperationError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{made.benchmark_set.title}”: import {made.number} is in use from now on.")
    return redirect("benchmark_data", partnership=partnership.slug)


def _whose(request: HttpRequest, partnership: Partnership) -> list[Any]:
    return [request.user.pk, partnership.slug]


def _sealed(read: FileRead, file: SentFile, based_on: int | None, whose: list[Any]) -> str:
    told = [whose, read.code, read.mapping_sha256, read.rows, read.neighbours, file.name, file.sha256, based_on]
    return signing.dumps(told, salt=_SALT, compress=True)


def _unsealed(text: str, whose: list[Any]) -> tuple[FileRead, SentFile, int | None]:
    try:
        shown_to, code, mapping, rows, neighbours, name, sha256, based_on = signing.loads(
            text, salt=_SALT, max_age=SECONDS
        )
    except signing.SignatureExpired:
        raise NotCarried("The file was read more than an hour ago. Nothing was changed; send it again.") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise NotCarried("What you confirmed was altered on the way. Nothing was used; send the file again.") from None
    if shown_to != whose:
        raise NotCarried("What you confirmed was shown to another person. Nothing was changed; send the file again.")
    held = tuple((area, tuple(members)) for area, members in neighbours)
    read = FileRead(code=code, mapping_sha256=mapping, rows=rows, neighbours=held)
    return read, SentFile(name, sha256), based_on
