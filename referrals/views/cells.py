"""Cells of the front door's tables as HTML: the lines that the file's fields give, the first one large."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from indicators import marks
from referrals.bars import Bar, bar_svg, fill_of
from referrals.clock_table import NO_FIGURE, NO_INDICATOR
from referrals.stage_table import MISSING, NOT_COUNTED, NOT_REPORTED

_QUIET = frozenset(
    {*MISSING.values(), NOT_REPORTED, NO_INDICATOR, NO_FIGURE}
    | {"No stock", "Not checked", "No earlier figure to compare"}
)


def cell(lines: Sequence[str], *, url: str = "", is_plain: bool = False) -> SafeString:
    """The lines of a cell: the first bold or, where it is no number, quiet; the rest in small print."""
    if not lines or not lines[0]:
        return SafeString("")
    first = format_html("{}", lines[0]) if is_plain and not url else _first(lines[0], url)
    return format_html("{}{}", first, below(lines[1:]))


def _first(text: str, url: str) -> SafeString:
    if text == NOT_COUNTED:
        return format_html('<span class="mute" role="img" aria-label="nothing to show">{}</span>', text)
    if text in _QUIET or text.startswith("Not compared"):
        return format_html('<span class="quiet">{}</span>', text)
    return format_html('<a href="{}"><b>{}</b></a>', url, text) if url else format_html("<b>{}</b>", text)


def below(lines: Sequence[str]) -> SafeString:
    """Lines of small print, a query with its shape."""
    return format_html_join("", ' <span class="nd">{}{}</span>', ((_mark(line), line) for line in lines))


def _mark(line: str) -> SafeString:
    return mark_safe(marks.mark_shape(line))  # noqa: S308


def bar_cell(bar: Bar, length: int) -> SafeString:
    """The drawing of a bar."""
    return mark_safe(bar_svg(length, fill_of(bar)))  # noqa: S308


def cells(
    found: Mapping[str, tuple[str, ...]], urls: Mapping[str, str] | None = None, plain: Collection[str] = ()
) -> dict[str, SafeString]:
    """Every cell of a row by column; those of `plain` columns hold sentences."""
    links = urls or {}
    return {key: cell(lines, url=links.get(key, ""), is_plain=key in plain) for key, lines in found.items()}
