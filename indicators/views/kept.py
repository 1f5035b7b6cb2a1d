"""Pages that are drawn once and kept in the process until anything that pages show has changed."""

import hashlib
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from indicators.selectors.changes import stamp

Drawn = Mapping[str, str]


def kept(request: HttpRequest, draw: Callable[[], Drawn]) -> Drawn:
    """The parts of a page under a partnership's slug as HTML: as they were drawn for the same address, the same rights
    and the same day if nothing has changed since, else drawn now. One query.

    What is drawn may depend on nothing else: not on who asks, and on the time of day only so that five minutes do no
    harm. It is asked what changed before anything is read, so that what is written meanwhile draws the page anew.
    """
    changed = stamp()
    if not changed:
        return draw()
    rights = sorted((grant.role, grant.partner_id or 0) for grant in request.access.grants)
    asked = (settings.VERSION, changed, request.get_full_path(), request.today, rights)
    key = hashlib.sha256(repr(asked).encode()).hexdigest()
    found: Drawn | None = caches["kept"].get(key)
    if found is None:
        found = draw()
        caches["kept"].set(key, found)
    return found
