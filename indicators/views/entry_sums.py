"""What the entry grid and the review say of figures that do not add up with each other."""

from collections.abc import Iterable, Sequence
from typing import Any

from indicators.operations.figures import cell_of
from indicators.selectors.reconciling import Reconciled
from indicators.selectors.returns import Sheet, SheetLine, sums_of

_MARK = "Does not add up"


def open_sums(sheet: Sheet) -> dict[int, list[str]]:
    """By the id of each line that stands for a sum: the sentences that ask for a reason now; none where it adds up, has
    its reason, or nothing in it has changed. As many queries as `sums_of`."""
    pks = {line.due.line.series_id: pk for pk, line in sheet.by_pk.items()}
    explained = {line.due.line.series_id for line in sheet.lines if line.cell.keep_reason}
    changed = {line.due.line.series_id for line in sheet.lines if _is_changed(line)}
    found: dict[int, list[str]] = {}
    for one in sums_of(sheet):
        asked = found.setdefault(pks[one.series_id], [])
        if one.holds is False and one.series_id not in explained and one.series & changed:
            asked.append(one.asks)
    return found


def _is_changed(line: SheetLine) -> bool:
    return line.draft is not None and (line.working is None or cell_of(line.working) != line.cell)


def mark_sums(rows: Iterable[dict[str, Any]], sheet: Sheet, sums: Sequence[Reconciled]) -> None:
    """Makes what does not add up an oddity of the row that stands for it, with its sentence."""
    for shown, line in zip(rows, sheet.lines, strict=True):
        wrong = [one.sentence for one in sums if one.holds is False and one.series_id == line.due.line.series_id]
        if wrong:
            shown["odd"] = [*shown["odd"], *wrong]
            shown["doubts"] = [*shown["doubts"], *wrong]
            shown["marks"] = [*shown["marks"], _MARK]
            shown["asks_reason"] = not line.cell.keep_reason


def listed_sums(sheet: Sheet, sums: Sequence[Reconciled]) -> list[dict[str, Any]]:
    """Every sum of a review as it is listed, with the reason that was given where it does not add up."""
    reasons = {line.due.line.series_id: line.cell.keep_reason for line in sheet.lines}
    return [
        {
            "name": one.name,
            "sentence": one.sentence,
            "is_wrong": one.holds is False,
            "reason": reasons[one.series_id] if one.holds is False else "",
        }
        for one in sums
    ]
