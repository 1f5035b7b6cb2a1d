"""How we compare, on an indicator's page: the official figures it may be held beside, in words, table and lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from indicators.benchmarks import Compared, Names, OfficialMeasure, Places, beside_words, finding
from indicators.official_lines import OfficialLine, key_words, official_lines, on_trend, why_not_on
from indicators.official_table import years_table
from indicators.phrases import capital, listed, lowered, published_later
from indicators.selectors.benchmarks import BesideIndicator, IndicatorComparison
from indicators.selectors.indicators import IndicatorView, break_day
from indicators.table_spec import TableSpec
from indicators.trend import Trend

SAME = "The same definition."


@dataclass(frozen=True)
class Beside:
    """The official lines of a drawing, how to read them or why there are none, and where they are from."""

    lines: tuple[OfficialLine, ...] = ()
    words: str = ""
    source: str = ""


def drawn_beside(trend: Trend, found: IndicatorComparison | None) -> Beside:
    """The official lines of a trend, of the first measure that may stand on it. Nothing at all where the indicator is
    held beside nothing."""
    if found is None:
        return Beside()
    reasons = []
    for one in found.measures:
        why = why_not_on(trend, one.course)
        lines = () if why else on_trend(official_lines(one.course, found.setting.names), trend)
        if lines:
            return Beside(lines, key_words(lines, trend), source_of(one.measure))
        reasons.append(why or "No official figure is of the periods that are drawn.")
    return Beside(words=reasons[0] if reasons else "")


def comparison_context(
    found: IndicatorComparison | None, view: IndicatorView, *, slug: str, today: date, may_export: bool
) -> dict[str, Any] | None:
    """The section of the page; None where the indicator is held beside nothing."""
    if found is None:
        return None
    names, places = found.setting.names, found.setting.places
    sections = [_section(one, names, places, view, slug) for one in found.measures]
    ends = [row.period.end_on for one in found.measures for row in one.rows]
    return {
        "measures": sections,
        "later": published_later(today) if any(day > today for day in ends) else "",
        "groups": groups_words(places),
        "download": reverse("indicator_comparison_csv", args=[slug, view.code]) if may_export else "",
    }


def _section(one: BesideIndicator, names: Names, places: Places, view: IndicatorView, slug: str) -> dict[str, Any]:
    beside, period = one.beside, view.period
    said = when = ""
    if beside is not None:
        when = capital(beside_words(beside.period, period.slug, period.kind, period.end_on))
        said = f"{finding(beside, names)}{_breaks_in(beside, view)}"
    own_table = years_table(names, places.groups if one.measure.is_comparable else ())
    return {
        "code": one.measure.code,
        "name": one.measure.name,
        "url": reverse("benchmark", args=[slug, one.measure.code]),
        "when": when,
        "said": said,
        "none": "" if one.rows else f"No official figure of {names.ours} is held.",
        "differs": f"{SAME} {one.note}".strip() if one.is_same_definition else one.note,
        "is_same": one.is_same_definition,
        "notes": notes_of(one.measure),
        "source": source_of(one.measure),
        "table": plain_table(own_table, one.rows, this=beside.period.slug if beside else ""),
    }


def _breaks_in(row: Compared, view: IndicatorView) -> str:
    """That our own series breaks inside an official period, so that its figure may be one of recording."""
    inside = [b for b in view.breaks if row.period.start_on < b.on <= row.period.end_on]
    if not inside:
        return ""
    told = listed([f"{lowered(b.get_kind_display())}, {break_day(b)}" for b in reversed(inside)])
    return f" Our series breaks inside that period ({told}): the figure may tell of recording as much as of practice."


def plain_table(spec: TableSpec[Compared], rows: Sequence[Compared], *, this: str = "") -> dict[str, Any]:
    """Headings and lines of cells of official periods; `this` is the slug of the period that is spoken of."""
    keys = [column.key for column in spec.on_screen]
    return {
        "headings": [column.heading for column in spec.on_screen],
        "rows": [
            {"cells": [spec.cells(row)[key] for key in keys], "is_this": row.period.slug == this} for row in rows
        ],
    }  # fmt: skip


def notes_of(measure: OfficialMeasure) -> list[str]:
    """What the mapping says of a measure: what it counts, of what, and what to know."""
    parts = ""
    if measure.numerator and measure.denominator:
        parts = f"{measure.numerator}, of {measure.denominator[:1].lower()}{measure.denominator[1:]}."
    elif measure.numerator:
        parts = f"{measure.numerator}."
    return [text for text in (parts, measure.note) if text]


def source_of(measure: OfficialMeasure) -> str:
    """Data set, publisher and licence."""
    return ", ".join(text for text in (measure.set_title, measure.publisher, measure.licence) if text)


def groups_words(places: Places) -> str:
    """What the sets of neighbours are, and which of them counts when."""
    if not places.groups:
        return ""
    sets = "; ".join(f"{g.name}, {len(g.members)} authorities, {_valid(g)}" for g in places.groups)
    return (
        f"Neighbours: {sets}. Mean and median take each authority once, whatever its size, and leave out what is not "
        "shown; “9 of 10” says how many that are. “Not in force then” marks a set of another time."
    )


def _valid(group: Any) -> str:
    until = f" to {group.valid_until.day} {group.valid_until:%B %Y}" if group.valid_until else ""
    return f"in force from {group.valid_from.day} {group.valid_from:%B %Y}{until}"
