"""Rows of a TableSpec as cells of a sortable list: the same lines as in the file, with links where there are pages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.table_spec import Column, TableSpec

# An address for a line of a cell, by the column's key and the number of the line.
Links = Mapping[tuple[str, int], str]
# These cells hold a list; in the others the first line is what counts, and the rest stands under it in small print.
_LISTS = frozenset({"indicators", "issues"})


def no_links(row: Any) -> Links:
    """For a table without links."""
    return {}


def finished_rows(
    spec: TableSpec[Any],
    rows: Iterable[Any],
    *,
    links: Callable[[Any], Links] = no_links,
    sort_by: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The cells of each row by column key, and under "sort_…" what the column sorts by: its first field, or the one
    that `sort_by` names."""
    named = sort_by or {}
    return [_finished(spec, row, links(row), named) for row in rows]


def _finished(spec: TableSpec[Any], row: Any, links: Links, sort_by: Mapping[str, str]) -> dict[str, Any]:
    cells, values = spec.cells(row), spec.values(row)
    found: dict[str, Any] = {}
    for column in spec.on_screen:
        found[column.key] = _cell(column, cells[column.key], links)
        found[f"sort_{column.key}"] = _sortable(values[sort_by.get(column.key, column.fields[0].name)])
    return found


def _cell(column: Column[Any], lines: tuple[str, ...], links: Links) -> SafeString:
    finished = [_linked(text, links.get((column.key, number), "")) for number, text in enumerate(lines)]
    if column.key in _LISTS:
        return format_html_join("", '<span class="line">{}</span> ', ((text,) for text in finished))
    below = format_html_join("", ' <span class="nd">{}</span>', ((text,) for text in finished[1:]))
    return format_html("{}{}", finished[0] if finished else "", below)


def _linked(text: str, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


def _sortable(value: Any) -> tuple[bool, Any]:
    """What can be put in order: nothing after everything."""
    return value is None, "" if value is None else value.casefold() if isinstance(value, str) else value
