"""What a published pack says of itself: every table with its sum, definitions, targets and revisions by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from indicators.models import User
from indicators.operations.audit import shown_as
from indicators.published_table import FORMAT_VERSION, digest
from indicators.selectors.published import pins_of, rows_of
from partnership.models import Pack
from partnership.pack_check import Point


def manifest_of(pack: Pack, points: Sequence[Point], by: User, at: datetime, key: str) -> dict[str, Any]:
    """What was published, in natural keys: enough to find every revision, definition and target again."""
    tables = []
    for carried in pack.tables.select_related("table__scorecard", "table__period").order_by("order"):
        table = carried.table
        rows, pins = rows_of(table.pk), pins_of(table.pk)
        tables.append(
            {
                "code": carried.code,
                "kind": table.kind,
                "scorecard": table.scorecard.code if table.scorecard else "",
                "period": table.period.slug if table.period else "",
                "audience": table.audience,
                "format_version": table.format_version,
                "rows": len(rows),
                "sha256": table.sha256,
                "keys": [row.key for row in rows],
                "definitions": sorted({f"{r.version.indicator.code}/{r.version.number}" for r in rows if r.version}),
                "targets": sorted(
                    {f"{r.target.line.series.indicator.code}/{r.target.number}" for r in rows if r.target}
                ),
                "revisions": sorted(
                    f"{p.figure.series.indicator.code}/{p.figure.series.slice.key or 'whole'}/"
                    f"{p.figure.period.slug}/{p.figure.revision}"
                    for p in pins
                ),
            }
        )
    return {
        "partnership": pack.partnership.slug,
        "pack": pack.code,
        "title": pack.title,
        "body": pack.body,
        "meeting_on": pack.meeting_on.isoformat(),
        "audience": pack.audience,
        "exempt_paragraphs": list(pack.exempt_numbers),
        "supersedes": pack.supersedes.code if pack.supersedes else "",
        "format_version": FORMAT_VERSION,
        "application_version": settings.VERSION,
        "published_at": at.isoformat(),
        "published_by": shown_as(by),
        "reasons": {p.key: p.reason for p in points},
        "tables": tables,
        "key": digest(key.encode()) if key else "",
    }
