"""Takes the header and episodes of an SSDA903 return, has them counted by a bounded child, and shows how far that is.
The files are held in memory alone.

The form is read only once the person's rights are known: the view is exempt from the check against forged forms until
it has said where files go, and then checks it itself, as Django asks of whoever sets an upload handler.
"""

import hashlib
import logging
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from finance.forms.ssda903 import PlacementsFileForm
from finance.models import Ssda903Load
from finance.operations.ssda903 import TakenBefore, record_load
from finance.selectors.ssda903 import open_periods, partners_entered_for, replaced_by, same_load
from finance.ssda903.answer import FileNotTaken, NotAsAgreed, read_answer
from finance.ssda903.job import JOB, payload_of
from indicators import bounded, quarters
from indicators.models import Partner, Partnership, User
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.uploads import MemoryOnly
from indicators.views.progress import MARK, filling

LIMIT_NAME = "placements_file_new"
BROKEN = "The files were read, but the result could not be used. The fault has been recorded, and nothing was saved."
TAKEN_BEFORE = "These very files were taken before for the same period, so this is what was counted then."
ANEW = (
    "Later files stand in their place. If that was a mistake, open one of these, save it anew and send both: they are "
    "then the latest."
)

log = logging.getLogger("ssda903")


def counting(payload: bytes) -> Generator[str, None, bytes]:
    """The lines of progress of the child; its value is the answer. Closing it ends the child."""
    return bounded.stream(job=JOB, payload=payload)


@csrf_exempt
@requires(Permission.ENTER_MONEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_load(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The form; sent, a page that fills with the progress of the counting and ends with the way to the result."""
    request.upload_handlers = [MemoryOnly(request, most=settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME])]
    return _taken(request, partnership)  # type: ignore[no-any-return]


@csrf_protect
def _taken(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    handler = request.upload_handlers[0]
    is_sent = request.method == "POST"
    form = PlacementsFileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        access=request.access,
        partners=partners_entered_for(partnership, request.access),
        periods=open_periods(partnership, request.today),
        today=request.today,
    )
    if is_sent and handler.is_over:
        form.errors.clear()
        form.add_error("header", f"The files are too large: {_limit()} MB together is the most. Nothing was kept.")
    if not is_sent or not form.is_valid():
        return render(request, "finance/placements_file/new.html", {"form": form, "limit": _limit()})
    sent = _sent(request, form.cleaned_data)
    before = same_load(sent.partner, sent.period, sent.sha256)
    if before is not None:
        messages.info(request, taken_before_words(before))
        return redirect("placements_file", partnership=partnership.slug, code=before.code)
    context = {"partner": sent.partner, "period": sent.period, "mark": MARK}
    page, slug = render_to_string("finance/placements_file/progress.html", context, request), partnership.slug
    lines = counting(sent.payload)
    response = StreamingHttpResponse(
        filling(page, lines, lambda answer: _end(slug, **_recorded(answer, sent)), lambda why: _end(slug, refused=why))
    )
    response["X-Accel-Buffering"] = "no"
    return response  # type: ignore[return-value]


def taken_before_words(load: Ssda903Load) -> str:
    """That the same files are there already and, where later ones stand in their place, how to send them anew."""
    return TAKEN_BEFORE if replaced_by(load) is None else f"{TAKEN_BEFORE} {ANEW}"


def _limit() -> int:
    return int(settings.UPLOAD_MAX_BYTES_OF[LIMIT_NAME]) // 1024 // 1024


@dataclass(frozen=True)
class Sent:
    """Two files on their way to the child: what is asked of them, by whom, and their bytes, which end with this."""

    partner: Partner
    period: quarters.Period
    sha256: str
    size: int
    payload: bytes
    by: User
    at: datetime


def _sent(request: HttpRequest, values: dict[str, Any]) -> Sent:
    header, episodes = values["header"].read(), values["episodes"].read()
    period = values["period"]
    return Sent(
        partner=values["partner"],
        period=period,
        sha256=fingerprint(header, episodes),
        size=len(header) + len(episodes),
        payload=payload_of(header, episodes, period.start_on, period.end_on),
        by=request.user,  # type: ignore[arg-type]
        at=request.now,
    )


def fingerprint(header: bytes, episodes: bytes) -> str:
    """The SHA-256 of the two lines that sha256sum writes of header.csv and episodes.csv, in this order."""
    files = (("header.csv", header), ("episodes.csv", episodes))
    lines = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _end(slug: str, **context: Any) -> str:
    """The last part of the page."""
    return render_to_string("finance/placements_file/_ended.html", context | {"slug": slug})


def _recorded(answer: bytes, sent: Sent) -> dict[str, Any]:
    """Writes what was counted; what the end of the page says."""
    try:
        return {"load": _load(answer, sent)}
    except TakenBefore as before:
        return {"load": before.load, "said": taken_before_words(before.load)}
    except (FileNotTaken, OperationError) as refusal:
        return {"refused": str(refusal)}
    except NotAsAgreed as fault:
        log.error("an answer was not as agreed: %s", fault)
        return {"refused": BROKEN}


def _load(answer: bytes, sent: Sent) -> Ssda903Load:
    read = read_answer(answer)
    if (read.start_on, read.end_on) != (sent.period.start_on, sent.period.end_on):
        raise NotAsAgreed("the answer is about other days")
    return record_load(
        partner=sent.partner, period=sent.period, sha256=sent.sha256, size=sent.size, answer=read, by=sent.by,
        at=sent.at,
    )  # fmt: skip
