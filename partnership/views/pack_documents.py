"""The documents of a pack: made once, by whoever asks first, in a bounded child; then given as they are stored."""

from collections.abc import Callable, Generator
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indicators import bounded
from indicators.bounded import BoundedError
from indicators.envelope import keeps_typed, sent_only
from indicators.models import Audience, Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.progress import MARK, filling
from partnership.documents import LONG_JOBS, Document, Form, NotMade, checked, payload_of
from partnership.operations.pack_documents import keep_documents, redactions_so_far
from partnership.pack_document import pack_document
from partnership.selectors.pack_documents import pack_told, stored_form
from partnership.views.documents import stored_file_response
from partnership.views.packs import readable_pack

NOT_MADE_YET = "This document is not made yet. Have the documents of the pack made below; it takes a few seconds."
LINES = {Form.DOCX: "Word", Form.PDF: "PDF"}


class Making:
    """Documents while they are made, Word first; the PDF may fail alone, and `lacking` says why."""

    def __init__(self, document: Document) -> None:
        self.made: dict[Form, bytes] = {}
        self.lacking = ""
        self._payload = payload_of(document)

    def lines(self) -> Generator[str, None, bytes]:
        """The lines of progress. Raises BoundedError when not even the Word file can be made."""
        yield from self._make(Form.DOCX)
        try:
            yield from self._make(Form.PDF)
        except (BoundedError, NotMade) as refusal:
            self.lacking = str(refusal)
        return b""

    def _make(self, form: Form) -> Generator[str, None, None]:
        answer = yield from bounded.stream(job=LONG_JOBS[form], payload=self._payload)
        self.made[form] = checked(form, answer)
        yield f"{LINES[form]}: {len(answer) // 1024 + 1} kB"


class Work(Protocol):
    """What a page fills with, and what is lacking at its end."""

    lacking: str

    def lines(self) -> Generator[str, None, bytes]:
        """The lines of progress. Raises BoundedError when nothing comes of it."""


def filling_page(
    request: HttpRequest, making: Work, keep: Callable[[], object], *, title: str, name: str, back: str, done: str
) -> HttpResponse:
    """A page that fills while a child works, then keeps what came of it and says so, or says why there is nothing."""
    page = render_to_string("partnership/packs/making.html", {"mark": MARK, "back": back, "name": name, "title": title},
                            request)  # fmt: skip

    def end(refused: str = "", lacking: str = "") -> str:
        told = {"back": back, "refused": refused, "lacking": lacking, "done": done}
        return render_to_string("partnership/packs/_made.html", told)

    def ended(_: bytes) -> str:
        try:
            keep()
        except OperationError as refusal:
            return end(refused=str(refusal))
        return end(lacking=making.lacking)

    response = StreamingHttpResponse(filling(page, making.lines(), ended, lambda why: end(refused=why)))
    response["X-Accel-Buffering"] = "no"
    return response  # type: ignore[return-value]


@keeps_typed
@sent_only("pack", "partnership", "code")
@never_cache
@requires(Permission.EXPORT_APPROVED)
def pack_documents_make(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A page that fills while the documents of a pack are made, and ends with the way back to them."""
    status = readable_pack(request, partnership, code)
    back = f"{reverse('pack', args=[partnership.slug, code])}#documents"
    if request.method != "POST":
        return redirect(back)
    redactions = redactions_so_far(partnership)
    making = Making(pack_document(pack_told(status)))
    kept = {"pack": status.pack, "redactions": redactions, "by": request.user, "at": request.now}
    return filling_page(
        request, making, lambda: keep_documents(made=making.made, **kept), title="Making the documents",
        name=status.pack.title, back=back, done="The documents are made, and kept as they are.",
    )  # fmt: skip


@require_safe
@requires(Permission.EXPORT_APPROVED)
def pack_document_file(request: HttpRequest, partnership: Partnership, code: str, form: str) -> HttpResponse:
    """A stored document of a pack, byte for byte; to who holds it already only that it is still the same (304)."""
    status = readable_pack(request, partnership, code)
    document = stored_form(status.pack, form)
    if document is None:
        messages.warning(request, NOT_MADE_YET)
        return redirect("pack", partnership=partnership.slug, code=code)
    etag = f'"{document.sha256}"'
    same = get_conditional_response(request, etag=etag)
    if same is not None:
        return same
    response = stored_file_response(document)
    response["ETag"] = etag
    response["Cache-Control"] = "no-store" if status.pack.audience == Audience.EXEMPT else "private, no-cache"
    return response
