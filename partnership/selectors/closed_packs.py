"""Reads which packs are closed for a breach: a list of restated figures in another pack repeats nothing of them."""

from collections.abc import Iterable
from datetime import datetime

from indicators.models import PublishedRow, PublishedTable
from partnership.models import Pack, PackEvent, StoredDocument

OVERTAKEN = (
    "This file repeats figures of a pack that was withdrawn for a breach, so the file is closed. Nobody can read it "
    "any more."
)


def closed_packs(partnership_id: int) -> dict[str, datetime]:
    """The codes of the packs of a partnership that are closed for a breach, each with when. One query."""
    events = PackEvent.objects.filter(pack__partnership=partnership_id, is_breach=True).order_by("-at")
    return dict(events.values_list("pack__code", "at"))


def overtaken(packs: Iterable[Pack]) -> dict[int, datetime]:
    """By id those of the packs that repeat figures of a closed one, with when the last such one was closed: documents
    that were made of them before repeat them too. One query for each partnership; where a pack is closed one more."""
    by_place: dict[int, set[int]] = {}
    for pack in packs:
        by_place.setdefault(pack.partnership_id, set()).add(pack.pk)
    found: dict[int, datetime] = {}
    for place, asked in by_place.items():
        closed = closed_packs(place)
        lists = PublishedRow.objects.filter(
            table__in_pack__pack__in=asked if closed else (), table__kind=PublishedTable.Kind.RESTATED
        )
        for pk, header, cells in lists.values_list("table__in_pack__pack", "table__header", "cells"):
            at = closed.get(cells[header.index("pack")])
            if at is not None:
                found[pk] = max(at, found.get(pk, at))
    return found


def closed_by(document: StoredDocument, overtaken_at: datetime | None) -> str:
    """What closed a document that was made of a pack, in words; empty for one that is given. `overtaken_at`: as
    `overtaken` tells it of the pack."""
    if document.redaction_id is not None:
        return "a redaction"
    return "the withdrawal of a pack that it repeats" if overtaken_at and document.at <= overtaken_at else ""


def is_overtaken(document: StoredDocument, pack: Pack) -> bool:
    """Whether a document that was made of the pack repeats figures of one that was closed since. Two queries."""
    closed_at = overtaken([pack]).get(pack.pk)
    return closed_at is not None and document.at <= closed_at
