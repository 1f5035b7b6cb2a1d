"""A breakdown as a page shows it: the finding, whether it adds up, and a row with a bar for each category."""

import re
from typing import Any

from indicators.balance import NOT_ADDED_UP, OVERLAPPING, BreakdownOutcome
from indicators.phrases import lowered, paper_of
from indicators.views.addresses import indicator_url
from referrals.bars import BARS_TABLE, Bar, finding, keeps_order, lengths, middle
from referrals.selectors.breakdowns import Breakdown
from referrals.views.cells import bar_cell, below, cells

APART = "These rows are not parts of one whole, so they are not added up."
# Short words stand in every name.
_WORD = re.compile(r"[a-z]{4,}")


def breakdown_section(one: Breakdown, partnership: str) -> dict[str, Any]:
    """What the template of a breakdown needs."""
    drawn, by = lengths([bar.number for bar in one.bars]), by_words(one.indicator_name, one.name)
    columns = _columns(one.bars)
    return {
        "id": one.code,
        "heading": finding(one.bars),
        "caption": f"{one.indicator_name}{f' by {by}' if by else ''}, {one.period.label}",
        "by": by,
        "period": one.period,
        "indicator": {
            "name": one.indicator_name,
            "url": indicator_url(partnership, one.indicator, period=one.period.slug),
        },
        "sentences": [text for text in (_said(one), middle(one.bars)) if text],
        "columns": columns,
        "rows": [_row(bar, length, partnership) for bar, length in zip(one.bars, drawn, strict=True)],
        "queries": [q for bar in one.bars for q in bar.queries],
        "sources": _sources(one.bars),
        "is_protected": one.is_protected,
    }


def by_words(indicator: str, dimension: str) -> str:
    """What an indicator is broken down by, as it stands in a sentence; empty where its own name says so:
    "Early help referrals, by source" by "Source of the early help referral"."""
    named = set(_WORD.findall(indicator.lower().partition("by ")[2]))
    if named & set(_WORD.findall(dimension.lower())):
        return ""
    return lowered(dimension)


def _said(one: Breakdown) -> str:
    is_overlap = one.kind == OVERLAPPING and (one.result is None or one.result.outcome is BreakdownOutcome.OVERLAPS)
    if is_overlap and keeps_order(one.bars[0].dimension):
        return APART
    if one.result is not None:
        return one.result.sentence
    return NOT_ADDED_UP.get(one.kind, "")


def _sources(bars: tuple[Bar, ...]) -> list[str]:
    """The papers that the figures are from, with the paragraph where all are from one."""
    full = list(dict.fromkeys(bar.source for bar in bars if bar.source))
    return full if len(full) == 1 else list(dict.fromkeys(map(paper_of, full)))


def _columns(bars: tuple[Bar, ...]) -> dict[str, bool]:
    """The columns that have anything to show."""
    return {"share": any(b.share is not None for b in bars), "then": any(b.then is not None for b in bars)}


def _row(bar: Bar, length: int, partnership: str) -> dict[str, Any]:
    url = indicator_url(partnership, bar.indicator, bar.slice, period="" if bar.number is None else bar.period)
    found = BARS_TABLE.cells(bar)
    css = "is-unknown" if bar.is_not_stated else "is-own" if bar.is_own else ""
    return {
        "cells": cells(found),
        "name": found["name"][0],
        "below": below(found["name"][1:]),
        "url": url,
        "bar": bar_cell(bar, length),
        "css": css,
    }
