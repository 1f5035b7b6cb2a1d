"""Rows of a TableSpec as a drawn table: the lines of the file, the first of a cell large; a phone shows cards."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.table_spec import TableSpec

# What is said where there is nothing to show: a phone leaves it out, and the first of them is drawn as a dash.
NOTHING = "–"
_QUIET = frozenset({NOTHING, "none", "not stated", "no day given", "no total is printed", "not reported", "not told"})


def _cell(lines: Sequence[str], *, url: str, is_plain: bool) -> SafeString:
    first, *rest = lines or ("",)
    if first == NOTHING:
        shown = format_html('<span class="mute" role="img" aria-label="nothing to show">{}</span>', first)
    elif url:
        shown = format_html('<a href="{}">{}</a>', url, first)
    elif first in _QUIET:
        shown = format_html('<span class="quiet">{}</span>', first)
    else:
        shown = format_html("{}" if is_plain else "<b>{}</b>", first)
    return format_html("{}{}", shown, format_html_join("", ' <span class="nd">{}</span>', ((line,) for line in rest)))


def drawn(
    spec: TableSpec[Any],
    rows: Iterable[Any],
    *,
    caption: str,
    numbers: Collection[str] = (),
    bold: Collection[str] = (),
    links: Callable[[Any], Mapping[str, str]] = lambda row: {},
    css_of: Callable[[Any], str] = lambda row: "",
    groups: Sequence[tuple[str, Sequence[Any]]] | None = None,
    css: str = "",
    heads: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """What templates/finance/_table.html draws. Columns in `numbers` stand right, with the first line bold, as in
    `bold`; `links` gives addresses by column for a row, `css_of` its class, `heads` other headings of columns. With
    `groups` rows stand under headings."""
    columns = spec.on_screen

    def finished(row: Any) -> dict[str, Any]:
        lines, urls = spec.cells(row), links(row)
        cells = [
            {
                "html": _cell(lines[c.key], url=urls.get(c.key, ""), is_plain=c.key not in {*numbers, *bold}),
                "label": heads.get(c.key, c.heading),
                "css": _css(c.key, lines[c.key], numbers),
            }
            for c in columns
        ]
        return {"head": cells[0], "cells": cells[1:], "css": css_of(row)}

    parts = groups if groups is not None else [("", list(rows))]
    return {
        "caption": caption,
        "css": css,
        "heads": [{"text": heads.get(c.key, c.heading), "css": "num" if c.key in numbers else ""} for c in columns],
        "groups": [{"name": name, "rows": [finished(row) for row in own]} for name, own in parts],
    }


def _css(key: str, lines: Sequence[str], numbers: Collection[str]) -> str:
    words = [f"c-{key}"]
    words += ["num"] if key in numbers else []
    words += ["none"] if lines and lines[0] in _QUIET and len(lines) == 1 else []
    return " ".join(words)
