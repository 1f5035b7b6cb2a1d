"""Reads what an action can come from: items and resolutions of meetings, and exception reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from indicators.models import Partnership
from indicators.permissions import Access
from indicators.typed_text import whole_number
from partnership.meeting_dates import day_or_month
from partnership.models import AgendaItem, ExceptionRequest, Meeting, Resolution
from partnership.operations.actions import Origin
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.visible import DECISIONS_OPEN, exceptions_for, items_for, resolutions_for

_CUT = 110


@dataclass(frozen=True)
class Origins:
    """What is offered: by code what an action comes from, and the same in groups with words for a list of choices."""

    by_code: Mapping[str, Origin]
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def code_of(row: AgendaItem | Resolution | ExceptionRequest) -> str:
    """How an address names what an action comes from: "item-12", "resolution-3", "exception-7", by its id."""
    kinds = {AgendaItem: "item", Resolution: "resolution", ExceptionRequest: "exception"}
    return f"{kinds[type(row)]}-{row.pk}"


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else f"{text[: _CUT - 1]}…"


def _item_words(item: AgendaItem) -> str:
    """ "7 July 2022, item 5: Performance"; of what no agenda numbers the title alone."""
    number = f"item {item.label}: " if item.label[:1].isdecimal() else ""
    return _cut(f"{day_or_month(item.meeting.on, item.meeting.precision)}, {number}{item.title}")


def _resolution_words(resolution: Resolution, meeting: Meeting) -> str:
    on = day_or_month(meeting.on, meeting.precision)
    return _cut(f"{on}, resolution {resolution.number}: {resolution.text.body}")


def origins_of(partnership: Partnership, access: Access, *, since: date, named: str = "") -> Origins:
    """The items and resolutions of meetings that were held since a day, by meeting, the latest first, and the exception
    reports that were not declined; with what `named` asks for, however old. Only what the person may read. Four
    queries."""
    kind, _, key = named.partition("-")
    pk = whole_number(key) or 0
    wanted = {name: pk if kind == name else 0 for name in ("item", "resolution", "exception")}
    named_bodies = names_of_bodies(partnership)
    recent_item = Q(meeting__on__gte=since) | Q(pk=wanted["item"])
    items = items_for(access, partnership).filter(recent_item, meeting__state__in=DECISIONS_OPEN)
    recent = Q(item__meeting__on__gte=since) | Q(pk=wanted["resolution"])
    held = Q(item__meeting__state__in=DECISIONS_OPEN)
    resolutions = resolutions_for(access, partnership).filter(recent, held).select_related("item__meeting", "text")
    exceptions = (
        exceptions_for(access, partnership)
        .exclude(state=ExceptionRequest.State.DECLINED)
        .select_related("line__series__indicator", "period", "item__meeting")
        .order_by("-number")
    )
    by_code: dict[str, Origin] = {}
    by_meeting: dict[Any, list[tuple[str, str]]] = {}
    resolved: dict[int, list[Resolution]] = {}
    for resolution in resolutions.order_by("pk"):
        resolved.setdefault(resolution.item_id, []).append(resolution)
    for item in items.select_related("meeting").order_by("-meeting__on", "meeting", "order"):
        rows = by_meeting.setdefault(item.meeting, [])
        by_code[code_of(item)] = Origin(item=item)
        rows.append((code_of(item), _item_words(item)))
        for resolution in resolved.pop(item.pk, ()):
            by_code[code_of(resolution)] = Origin(resolution=resolution)
            rows.append((code_of(resolution), _resolution_words(resolution, item.meeting)))
    for rest in resolved.values():
        for resolution in rest:
            by_code[code_of(resolution)] = Origin(resolution=resolution)
            words = _resolution_words(resolution, resolution.item.meeting)
            by_meeting.setdefault(resolution.item.meeting, []).append((code_of(resolution), words))
    groups: list[tuple[str, Sequence[tuple[str, str]]]] = [
        (named_bodies.meeting(meeting), rows) for meeting, rows in by_meeting.items()
    ]
    asked = []
    for request in exceptions:
        by_code[code_of(request)] = Origin(exception=request)
        asked.append((code_of(request), f"Exception report {request.number}, {request.period.label}"))
    return Origins(by_code, [*groups, ("Exception reports", asked)] if asked else groups)
