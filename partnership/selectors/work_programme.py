"""Reads what bodies expect to be given, with where it stands on a day."""

from datetime import date

from django.db.models import Prefetch

from indicators.models import Partnership
from indicators.permissions import Access
from partnership.meeting_dates import key_decision_notice
from partnership.meeting_rows import WorkRow
from partnership.models import BodyVersion, WorkItem
from partnership.selectors import visible
from partnership.selectors.bodies import version_on

_ORDER = ("missed", "due", "later", "came_late", "came", "withdrawn")


def work_rows(
    partnership: Partnership, access: Access, today: date, *, programme: str = "", body: str = ""
) -> list[WorkRow]:  # fmt: skip
    """One programme, or all of one body: what was missed first, then what is due, in the order of the days; what came
    stands last."""
    found = visible.work_items_for(access, partnership)
    if programme:
        found = found.filter(programme=programme)
    if body:
        found = found.filter(body__code=body)
    found = found.select_related("body", "owner_partner", "resolution", "received_at__meeting", "source")
    readable = set(
        visible.items_for(access, partnership).filter(work_items__in=found.values("pk")).values_list("pk", flat=True)
    )
    rows = [
        _row(item, today, readable)
        for item in found.prefetch_related(Prefetch("body__versions", BodyVersion.objects.order_by("number")))
    ]
    return sorted(rows, key=lambda r: (_ORDER.index(r.standing), r.expected_by or date.max, r.title))


def _row(item: WorkItem, today: date, readable: set[int]) -> WorkRow:
    version = version_on(item.body.versions.all(), today)
    # Under which meeting's item it came is told to who may read that item.
    came = item.received_at.meeting if item.received_at and item.received_at_id in readable else None
    decides = item.expected_from or item.expected_by
    is_key = item.programme == WorkItem.Programme.FORWARD_PLAN
    return WorkRow(
        item.code, item.programme, item.body.code, version.name if version else item.body.code, item.title,
        ", ".join(filter(None, [item.owner_role, str(item.owner_partner or "")])), item.expected_from,
        item.expected_by, item.expected_words, item.resolution.number if item.resolution else "",
        came.code if came else "", came.on if came else None, item.received_at_id is not None, item.withdrawn_on,
        item.withdrawn_reason, item.notice_on, key_decision_notice(decides) if is_key and decides else None, today,
        item.source.code if item.source else "", item.paragraph,
    )  # fmt: skip
