"""Rating marks as HTML text: a shape for each rating, and the shape with its word. The only place that draws them.

Used by the template tags and wherever cells are made ready as strings. Codes are those of `rag.Rating`; the words come
from `rag.words()`. Returned text is escaped and safe to put on a page as it is.
"""

from html import escape

CSS_CLASS = {"outside": "outside", "within": "within", "better": "better", "not_judged": "none"}
ORDER = ("outside", "within", "better", "not_judged")

_INSIDE = {
    "outside": '<rect x=".5" y=".5" width="11" height="11" fill="{fill}"/>',
    "within": '<path d="M6 0 12 6 6 12 0 6Z" fill="{fill}"/>',
    "better": '<circle cx="6" cy="6" r="5.5" fill="{fill}"/>',
    "not_judged": (
        '<rect x="1" y="1" width="10" height="10" fill="none" stroke="{fill}" stroke-width="1.3"'
        ' stroke-dasharray="2.2 1.6"/>'
    ),
}
_FILL = {"outside": "#8e1418", "within": "#b96b00", "better": "#177e77", "not_judged": "#5b6670"}


def rating_shape(code: str, *, fill: str = "", size: int = 12) -> str:
    """The shape alone, hidden from screen readers: square, diamond, circle or dashed square."""
    inside = _INSIDE[code].format(fill=fill or _FILL[code])
    return (
        f'<svg class="shape" width="{size}" height="{size}" viewBox="0 0 12 12" aria-hidden="true"'
        f' focusable="false">{inside}</svg>'
    )


def rating_tag(code: str, words: str) -> str:
    """The tag of a table cell: shape, word and colour."""
    fill = "currentColor" if code == "outside" else ""
    return f'<span class="tag tag--{CSS_CLASS[code]}">{rating_shape(code, fill=fill, size=11)}{escape(words)}</span>'


def rating_short(code: str, words: str) -> str:
    """Shape and short word without a box, for narrow cells."""
    return f'<span class="k">{rating_shape(code, size=10)}{escape(words)}</span>'


_MARKS = {
    "Query": '<circle cx="6" cy="6" r="4.7" fill="none" stroke="#4a5560" stroke-width="2"/>',
    "Caution": '<path d="M6 1 11.4 11H.6Z" fill="none" stroke="#4a5560" stroke-width="1.5" stroke-linejoin="round"/>',
    "Relief": '<path d="M1 3.2H11M1 8.8H11" fill="none" stroke="#4a5560" stroke-width="2"/>',
}
_MARKS["Low"] = _MARKS["Caution"]


def mark_shape(text: str) -> str:
    """The shape of a remark beside a rating, by the remark's first word; never in a rating's shape or colour. Empty for
    a remark without one."""
    inside = _MARKS.get(text.replace(":", " ").partition(" ")[0], "")
    svg = f'<svg width="11" height="11" viewBox="0 0 12 12" aria-hidden="true" focusable="false">{inside}</svg>'
    return svg if inside else ""


def no_figure(words: str) -> str:
    """A dash for the eye, the reason for the ear; never 0 and never blank."""
    return f'<span class="v mute"><span aria-hidden="true">–</span><span class="vh">{escape(words)}</span></span>'
