"""Gives files: a document as Word or PDF, written by a bounded child and never here; and a stored file as it came."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from indicators import bounded
from indicators.bounded import BoundedError
from partnership.documents import CONTENT_TYPES, JOBS, Document, Form, NotMade, checked, payload_of
from partnership.models import StoredDocument

REDACTED = "What this file held was redacted for cause, so the file is closed. Nobody can read it any more."


def document_response(request: HttpRequest, document: Document, form: Form, *, name: str, back: str) -> HttpResponse:
    """The document as a file to download, `name` without its ending; where it cannot be made, back to that page, which
    says why."""
    try:
        data = checked(form, bounded.run(job=JOBS[form], payload=payload_of(document)))
    except (BoundedError, NotMade) as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    response = HttpResponse(data, content_type=CONTENT_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form.value}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def stored_file_response(document: StoredDocument, *, name: str = "") -> HttpResponse:
    """A file as it was given, under its own name unless another is told: always saved, never shown in the browser, and
    where a browser shows it all the same, without script, form or access to this site. Raises PermissionDenied for one
    that was redacted."""
    if document.redaction_id is not None:
        raise PermissionDenied(REDACTED)
    response = HttpResponse(bytes(document.content), content_type=document.content_type)
    response["Content-Disposition"] = content_disposition_header(True, name or document.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
