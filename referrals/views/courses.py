"""How an indicator of a stage has gone, as a page shows it: finding, drawing, and every figure with its source."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import mark_safe

from indicators import quarters
from indicators.charts import trend_figure
from indicators.finding import finding
from indicators.phrases import short_citation
from indicators.scorecard import Held
from indicators.trend import ADJECTIVES, Spot, Trend, TrendBreak, axis_sentence, chart_sentence
from indicators.units import written
from indicators.views.addresses import indicator_url
from referrals.bars import bar_svg, lengths
from referrals.daily_table import DAILY_TABLE, DailyRow
from referrals.daily_table import finding as daily_finding
from referrals.selectors.trends import BREAK_WORDS, Course, Point, Series
from referrals.topic_findings import text_of
from referrals.views.cells import cells
from referrals.volumes import daily

# So many of the latest figures are in sight; the earlier ones wait behind a line.
IN_SIGHT = {"month": 13, "quarter": 8, "financial_year": 12}
FEW = 3
# Two figures are told in a sentence; three make a drawing.
LEAST_DRAWN = 3
_NO_TARGET = "No target is held for these "


def course_section(
    course: Course, partnership: str, period: quarters.Period, daily_rows: Sequence[DailyRow] = ()
) -> dict[str, Any]:
    """What the template of an indicator of a stage needs; `daily_rows` the quarters that compare by working day."""
    series = [_series(course, one, partnership, period) for one in course.series]
    return {
        "code": course.code,
        "name": course.name,
        "full_name": course.full_name if course.full_name != course.name else "",
        "role": course.role,
        "url": indicator_url(partnership, course.code),
        "series": series,
        "daily": _daily(daily_rows, course, partnership) if daily_rows else None,
        "spans": [_span(course, held, partnership) for held in course.spans],
        "has_figures": bool(series or course.spans),
        "sources": list(dict.fromkeys(source for one in course.series for source in one.sources)),
    }


def _daily(rows: Sequence[DailyRow], course: Course, partnership: str) -> dict[str, Any]:
    drawn = lengths([row.per_day for row in rows])
    broken = next((row.break_on for row in reversed(rows) if row.break_on), None)
    return {
        "id": f"{course.code}-daily",
        "heading": daily_finding(rows),
        "caption": f"{course.name} per working day, by quarter",
        "sentence": f"{BREAK_WORDS} from {broken:%B %Y} on: the pale bars are not compared." if broken else "",
        "rows": [
            {
                "cells": cells(DAILY_TABLE.cells(row), plain={"days", "number", "period"}),
                "bar": mark_safe(bar_svg(length, "bar" if row.is_comparable else "other")),  # noqa: S308
                "css": "this" if row.is_this else "",
            }
            for row, length in zip(rows, drawn, strict=True)
        ],
    }


def _series(course: Course, series: Series, partnership: str, period: quarters.Period) -> dict[str, Any]:
    trend = series.trend
    said = finding(trend)
    is_drawn = len(trend.numbers) >= LEAST_DRAWN
    sentence = said.sentence.split(_NO_TARGET)[0].strip()
    if is_drawn:
        sentence = f"{sentence} {axis_sentence(trend.axis, trend.unit)}".strip()
    rows = _rows(course, series, partnership, period)
    cut = len(rows) - IN_SIGHT[trend.kind]
    cut = cut if cut > FEW else 0
    return {
        "id": f"{course.code}-{trend.kind}",
        "caption": f"{course.name}, {ADJECTIVES[trend.kind]} figures",
        "heading": said.heading,
        "sentence": sentence,
        "chart": trend_figure(trend) if is_drawn else None,
        "label": chart_sentence(trend, course.name) if is_drawn else "",
        "key": _key(trend) if is_drawn else "",
        "rows": rows[cut:],
        "earlier": rows[:cut],
        "earlier_said": _earlier_said(trend, cut),
        "earlier_caption": f"{course.name}, earlier {ADJECTIVES[trend.kind]} figures",
        "has_daily": any(p.per_day is not None for p in series.points),
        "has_sum": any(p.summed is not None for p in series.points),
    }


def _earlier_said(trend: Trend, cut: int) -> str:
    return f"{cut} earlier rows, from {trend.spots[0].label}" if cut else ""


def _key(trend: Trend) -> str:
    """How to read the drawing; empty where it has only the mark of a figure."""
    told = ["small open square, a figure"]
    if any(not is_solid for _, _, is_solid in trend.joins):
        told.append("dotted line, something between is not held or not exact")
    if trend.breaks_inside:
        told.append("nothing is joined across a break")
    return f"In the drawing: {'; '.join(told)}." if len(told) > 1 else ""


def _rows(course: Course, series: Series, partnership: str, period: quarters.Period) -> list[dict[str, Any]]:
    """Every figure, oldest first, with a row for each break."""
    rows: list[dict[str, Any]] = []
    told: set[TrendBreak] = set()
    for number, point in enumerate(series.points):
        for found in series.trend.breaks:
            if (number or found.on > point.spot.start_on) and found.on <= point.spot.end_on and found not in told:
                told.add(found)
                if number == 0 or found.on > series.points[0].spot.start_on:
                    rows.append({"span": _break_said(found, point)})
        rows.append(_row(course, point, partnership, period))
    return rows


def _break_said(found: TrendBreak, point: Point) -> str:
    if found.on > point.spot.start_on:
        return f"{BREAK_WORDS} from {found.when} on, inside {point.spot.label}: it is compared with neither side"
    return f"{BREAK_WORDS} from {found.when} on: figures before and after are not compared"


def _row(course: Course, point: Point, partnership: str, period: quarters.Period) -> dict[str, Any]:
    spot, summed = point.spot, point.summed
    return {
        "label": spot.label,
        "url": indicator_url(partnership, course.code, period=spot.slug),
        "is_this": spot.slug == period.slug,
        "figure": spot.text if spot.value is not None else "",
        "no_figure": spot.words,
        "queries": spot.row.queries,
        "daily": daily(point.per_day) if point.per_day is not None else "",
        "sum": text_of(summed, course.unit, course.places) if summed is not None else "",
        "sum_source": summed.source if summed is not None else "",
        "differs": _differs(spot, summed, course),
        "source": short_citation(point.source),
    }


def _differs(spot: Spot, summed: Held | None, course: Course) -> str:
    """By how much the figure and the total of its months differ; empty where they are one, or one is a limit."""
    made = summed.measured.number(course.unit) if summed is not None else None
    is_limit = summed is not None and summed.measured.qualifier in {"<", ">"}
    if made is None or spot.value is None or is_limit or spot.is_limit or made == spot.value:
        return ""
    return f"differs by {written(abs(made - spot.value), course.unit, course.places)}"


def _span(course: Course, held: Held, partnership: str) -> dict[str, str]:
    return {
        "label": held.label,
        "url": indicator_url(partnership, course.code, period=held.slug),
        "figure": text_of(held, course.unit, course.places),
        "source": short_citation(held.cited),
    }
