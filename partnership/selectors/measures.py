"""Reads the indicators that plans and risks name, with the latest approved figure and its rating in words."""

from collections.abc import Iterable
from datetime import date

from indicators.committee_table import COMMITTEE_TABLE, DASH
from indicators.models import Partnership
from indicators.selectors.indicators import Listed, indicators_of
from partnership.plan_rows import Measure


def measures_of(
    partnership: Partnership, codes: Iterable[str], *, today: date, sees_protected: bool
) -> dict[str, Measure]:
    """The indicators of these codes that the person may read, by code. Seven queries at most, none without codes."""
    wanted = set(codes)
    if not wanted:
        return {}
    listed = indicators_of(partnership, today=today, sees_protected=sees_protected, codes=wanted)
    return {one.code: _measure(one) for one in listed}


def _measure(one: Listed) -> Measure:
    if one.row is None:
        return Measure(one.code, one.version.short_name)
    cells = COMMITTEE_TABLE.cells(one.row)
    held = one.row.held
    figure = cells["figure"][0]
    return Measure(
        one.code,
        one.version.short_name,
        "" if figure == DASH else figure,
        one.row.judgement.rating.value,
        cells["rating"][0],
        held.label if held else "",
    )


def choices_of(partnership: Partnership, *, today: date, sees_protected: bool) -> list[tuple[str, str]]:
    """Code and name of every indicator that can be named, by name. Seven queries."""
    listed = indicators_of(partnership, today=today, sees_protected=sees_protected)
    return [(one.code, one.version.short_name) for one in listed]
