"""Pages that are drawn once and kept in the process until anything that pages show has changed."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from indicators.selectors.changes import stamp

# A scorecard of 200 rows has 0.4 MB.
MOST = 16
# What depends on the time of day, such as whether an embargo has ended, may be so much late.
LONGEST = timedelta(minutes=5)
# Where the frame leaves room for what was kept. No text of a person holds it, for in those each < is escaped.
_ROOM = SafeString("<!--kept-->")


@dataclass(frozen=True)
class Drawn:
    """What is kept of a page: its main part as it is sent, and what its frame is drawn with."""

    main: bytes
    context: Mapping[str, Any] = field(default_factory=dict)


_pages: OrderedDict[str, tuple[datetime, Drawn]] = OrderedDict()
_lock = Lock()


def kept_page(request: HttpRequest, template: str, draw: Callable[[], Drawn]) -> HttpResponse:
    """A page under a partnership's slug, whose template has `{{ main }}` once: as it was drawn for the same address,
    rights and day if nothing has changed since, else drawn now; its frame is always drawn now. One query.

    What is drawn may depend on nothing else: not on who asks, and on the time of day only as LONGEST says. What changed
    is asked before anything is read, so that what is written meanwhile has the page drawn anew.
    """
    drawn = _kept(request, draw)
    frame = render_to_string(template, {**drawn.context, "main": _ROOM}, request)
    before, _, after = frame.partition(_ROOM)
    return HttpResponse(b"".join((before.encode(), drawn.main, after.encode())))


def _kept(request: HttpRequest, draw: Callable[[], Drawn]) -> Drawn:
    changed = stamp() if settings.KEEP_PAGES else ""
    if not changed:
        return draw()
    rights = sorted((grant.role, grant.partner_id or 0) for grant in request.access.grants)
    asked = (changed, request.get_full_path(), request.today, rights)
    key = hashlib.sha256(repr(asked).encode()).hexdigest()
    with _lock:
        at, found = _pages.get(key, (request.now, None))
        if found is not None and request.now - at <= LONGEST:
            _pages.move_to_end(key)
            return found
    found = draw()
    with _lock:
        _pages[key] = request.now, found
        while len(_pages) > MOST:
            _pages.popitem(last=False)
    return found
