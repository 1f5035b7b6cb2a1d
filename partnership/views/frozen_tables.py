"""What a page needs to show a published table exactly as it was told, for members and for everybody alike."""

from collections.abc import Mapping
from typing import Any

from indicators.cells import frozen_themes
from indicators.models import PublishedTable, Scorecard
from indicators.restated import RESTATED_TABLE
from indicators.selectors.published import FrozenTable
from indicators.variation import counted


def scorecard_context(
    table: PublishedTable, frozen: FrozenTable, *, urls: Mapping[tuple[str, str], str] = {},
    notes: Mapping[tuple[str, str], str] = {},
) -> dict[str, Any]:  # fmt: skip
    """Of a scorecard: its rows by theme and its counts. `urls` and `notes` are by indicator and slice: where the page
    of the indicator is, and what is added under the rating."""
    period, scorecard = table.period, table.scorecard
    has_variation = "variation" in frozen.spec.header
    verdicts = [(v["variation"], v["by_chance"], v["chart_rules"]) for v in frozen.rows] if has_variation else []
    counts = {r: sum(v["rating"] == r for v in frozen.rows) for r in ("better", "within", "outside", "not_judged")}
    return {
        "themes": frozen_themes(frozen.spec, frozen.rows, urls=urls, notes=notes),
        "caption": table.label,
        "period_label": period.label if period else "",
        "has_variation": has_variation,
        "columns": 7 + has_variation,
        "by_chance": counted(verdicts).sentence,
        "counts": counts,
        "judged": len(frozen.rows) - counts["not_judged"],
        "total": len(frozen.rows),
        "is_unrated": _is_unrated(scorecard, frozen),
        "with_figure": sum(v["value"] is not None for v in frozen.rows),
    }


def _is_unrated(scorecard: Scorecard | None, frozen: FrozenTable) -> bool:
    """Whether it is activity or money of which nothing was held against a target when it was told."""
    return scorecard is not None and scorecard.is_activity and all(v["target"] is None for v in frozen.rows)


def restated_context(frozen: FrozenTable) -> dict[str, Any]:
    """Of a list of restated figures: the lines of each row's cells by column, what is left out, and its fingerprint."""
    return {
        "rows": [{c.key: c.text(v) for c in RESTATED_TABLE.on_screen if c.text} for v in frozen.rows],
        "left_out": frozen.left_out,
        "fingerprint": frozen.fingerprint,
    }
