"""Takes an Annex A file, has it read by a bounded child, and shows how far that is. The file is held in memory alone.

The form is read only once the person's rights are known: the view is exempt from the check against forged forms until
it has said where files go, and then checks it itself, as Django asks of whoever sets an upload handler.
"""

import hashlib
import json
import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from indicators import bounded, quarters
from indicators.models import Partner, Partnership, User
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.uploads import MemoryOnly
from indicators.views.progress import MARK, filling
from referrals.annex_a.answer import FileNotTaken, NotAsAgreed, read_answer
from referrals.forms.annex_a import AnnexAForm, is_workbook
from referrals.models import AnnexALoad
from referrals.operations.annex_a import FileFacts, TakenBefore, record_load
from referrals.selectors.annex_a import open_periods, partners_entered_for, same_load
from referrals.selectors.annex_a_standing import place_of
from referrals.views.annex_a_rows import replaced_words

JOB = "referrals.workbooks:compute_annex_a"
LIMIT_NAME = "annex_a_new"
BROKEN = "The file was read, but the result could not be used. The fault has been recorded, and nothing was saved."
TAKEN_BEFORE = "This very file was taken before for the same days, so this is what was computed then."

log = logging.getLogger("annex_a")


def computing(payload: bytes) -> Generator[str, None, bytes]:
    """The lines of progress of the child; its value is the answer. Closing it ends the child."""
    return bounded.stream(job=JOB, payload=payload)


@csrf_exempt
@requires(Permission.ENTER_FIGURES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_load(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The form; sent, a page that fills with the progress of the reading and ends with the way to the result."""
    request.upload_handlers = [MemoryOnly(request, most=settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME])]
    return _taken(request, partnership)  # type: ignore[no-any-return]


@csrf_protect
def _taken(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    handler = request.upload_handlers[0]
    is_sent = request.method == "POST"
    form = AnnexAForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        access=request.access,
        partners=partners_entered_for(partnership, request.access),
        periods=open_periods(partnership, request.today),
        today=request.today,
    )
    if is_sent and handler.is_over:
        form.errors.pop("files", None)
        form.add_error("files", f"The files are too large: {_limit()} MB together is the most. Nothing was kept.")
    if not is_sent or not form.is_valid():
        return render(request, "referrals/annex_a/new.html", {"form": form, "limit": _limit()})
    sent = _sent(request, form.cleaned_data)
    before = same_load(sent.partner, sent.period, sent.reference_on, sent.file.sha256)
    if before is not None:
        messages.info(request, taken_before_words(before))
        return redirect("annex_a_load", partnership=partnership.slug, code=before.code)
    context = {"partner": sent.partner, "period": sent.period, "mark": MARK}
    page = render_to_string("referrals/annex_a/progress.html", context, request)
    response = StreamingHttpResponse(_told(page, sent))
    response["X-Accel-Buffering"] = "no"
    return response  # type: ignore[return-value]


def taken_before_words(load: AnnexALoad) -> str:
    """That the same file is there already and, where later files have replaced some of it, how to send it anew."""
    replaced = replaced_words(place_of(load))
    if not replaced:
        return TAKEN_BEFORE
    return (
        f"{TAKEN_BEFORE} A later file has replaced {replaced} of it. If that was a mistake, open this file, save it "
        "under another name and send that: it is then the latest."
    )


def _limit() -> int:
    return int(settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME]) // 1024 // 1024


# What was sent


@dataclass(frozen=True)
class Sent:
    """A file on its way to the child: what is asked of it, by whom, and its bytes, which end with this object."""

    partner: Partner
    period: quarters.Period
    reference_on: date
    file: FileFacts
    payload: bytes
    by: User
    at: datetime


def _sent(request: HttpRequest, values: dict[str, Any]) -> Sent:
    contents = [(file.name or "", file.read()) for file in values["files"]]
    return Sent(
        partner=values["partner"],
        period=values["period"],
        reference_on=values["reference_on"],
        file=_facts(values["files"], contents),
        payload=_payload(values["reference_on"], values["period"], contents),
        by=request.user,  # type: ignore[arg-type]
        at=request.now,
    )


def _facts(files: Sequence[UploadedFile], contents: Sequence[tuple[str, bytes]]) -> FileFacts:
    """The fingerprint of a workbook is its own; of CSV files, that of the sorted lines that sha256sum writes of them:
    there the name says which list a file is."""
    size = sum(len(data) for _, data in contents)
    if len(contents) == 1 and is_workbook(files[0]):
        return FileFacts(hashlib.sha256(contents[0][1]).hexdigest(), "xlsx", 1, size)
    lines = sorted(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in contents)
    return FileFacts(hashlib.sha256("".join(lines).encode()).hexdigest(), "csv", len(contents), size)


def _payload(reference_on: date, period: quarters.Period, contents: Sequence[tuple[str, bytes]]) -> bytes:
    head = {
        "reference_date": reference_on.isoformat(),
        "period_start": period.start_on.isoformat(),
        "period_end": period.end_on.isoformat(),
        "files": [{"name": name, "size": len(data)} for name, data in contents],
    }
    return b"".join([json.dumps(head).encode(), b"\n", *(data for _, data in contents)])


# The page that fills


def _told(page: str, sent: Sent) -> Iterator[str]:
    """The page of a file that is read, from its head to what came of it."""
    slug = sent.partner.partnership.slug
    lines = computing(sent.payload)
    return filling(
        page, lines, lambda answer: _end(slug, **_recorded(answer, sent)), lambda why: _end(slug, refused=why)
    )


def _end(slug: str, **context: Any) -> str:
    """The last part of the page."""
    return render_to_string("referrals/annex_a/_ended.html", context | {"slug": slug})


def _recorded(answer: bytes, sent: Sent) -> dict[str, Any]:
    """Writes what was computed; what the end of the page says."""
    try:
        return {"load": _load(answer, sent)}
    except TakenBefore as before:
        return {"load": before.load, "said": taken_before_words(before.load)}
    except (FileNotTaken, OperationError) as refusal:
        return {"refused": str(refusal)}
    except NotAsAgreed as fault:
        log.error("an answer was not as agreed: %s", fault)
        return {"refused": BROKEN}


def _load(answer: bytes, sent: Sent) -> AnnexALoad:
    read = read_answer(answer)
    if (read.reference_on, read.start_on, read.end_on) != (sent.reference_on, sent.period.start_on, sent.period.end_on):
        raise NotAsAgreed("the answer is about other days")
    return record_load(partner=sent.partner, period=sent.period, file=sent.file, answer=read, by=sent.by, at=sent.at)
