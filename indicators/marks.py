"""Rating marks as HTML text: a shape for each rating, and the shape with its word. The only place that draws them, and
those of variation and assurance.

Used by the template tags and wherever cells are made ready as strings. Codes are those of `rag.Rating`; the words come
from `rag.words()`. Returned text is escaped and safe to put on a page as it is.
"""

from collections.abc import Sequence
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


# Drawn as on the chart: ring, diamond or square about a figure of a special cause, a wave between limits for none.
_DOT = '<circle cx="12" cy="7" r="2.2" fill="{fill}"/>'
_VARIATIONS = {
    "special_cause_improvement": (
        _DOT + '<circle cx="12" cy="7" r="5.7" fill="none" stroke="{fill}" stroke-width="1.8"/>', "#177e77"
    ),
    "special_cause_concern": (
        _DOT + '<path d="M12 .6 18.4 7 12 13.4 5.6 7Z" fill="none" stroke="{fill}" stroke-width="1.6"/>', "#8e1418"
    ),
    "special_cause_neutral_high": (
        '<circle cx="12" cy="5.4" r="2.2" fill="{fill}"/>'
        '<path d="M6.5 1.5H17.5V12.5H6.5ZM9 10.4H15" fill="none" stroke="{fill}" stroke-width="1.6"/>', "#1f3f5f"
    ),
    "special_cause_neutral_low": (
        '<circle cx="12" cy="8.6" r="2.2" fill="{fill}"/>'
        '<path d="M6.5 1.5H17.5V12.5H6.5ZM9 3.6H15" fill="none" stroke="{fill}" stroke-width="1.6"/>', "#1f3f5f"
    ),
    "common_cause": (
        '<path d="M1 1.5H23M1 12.5H23" fill="none" stroke="{fill}" stroke-dasharray="3 2"/>'
        '<path d="M1 7 5 4 9 9.5 13 5 17 9 23 5.5" fill="none" stroke="{fill}" stroke-width="1.6"/>', "#4a5560"
    ),
    "": ('<path d="M4 7H20" fill="none" stroke="{fill}" stroke-width="1.6" stroke-dasharray="1.6 3"/>', "#5b6670"),
}  # fmt: skip
# The dashed line is the target, good lies to the right: where the process stands is full, hollow, or half of it.
_TARGET = '<path d="M12 0V14" stroke="#14212b" stroke-width="1.4" stroke-dasharray="2.6 1.8"/>'
_ASSURANCES = {
    "consistent_pass": f'<rect x="14" y="3.5" width="9" height="7" fill="#177e77"/>{_TARGET}',
    "consistent_fail": (
        f'<rect x="1.8" y="4.3" width="7.4" height="5.4" fill="none" stroke="#8e1418" stroke-width="1.6"/>{_TARGET}'
    ),
    "inconsistent": (
        '<rect x="5.8" y="4.3" width="12.4" height="5.4" fill="none" stroke="#4a5560" stroke-width="1.6"/>'
        f'<rect x="12" y="4.3" width="6.2" height="5.4" fill="#4a5560"/>{_TARGET}'
    ),
}


def variation_shape(code: str) -> str:
    """The shape of a code of variation, empty for no limits; hidden from screen readers, because the words say it."""
    inside, fill = _VARIATIONS[code]
    return _wide_shape(inside.format(fill=fill))


def assurance_shape(code: str) -> str:
    """The shape of a code of assurance: where the process stands to its target."""
    return _wide_shape(_ASSURANCES[code])


def _wide_shape(inside: str) -> str:
    return (
        '<svg class="vshape" width="24" height="14" viewBox="0 0 24 14" aria-hidden="true" focusable="false">'
        f"{inside}</svg>"
    )


def variation_lines(words: Sequence[str], variation: str, assurance: str) -> str:
    """What a chart says, a line each for variation and assurance, each with its shape."""
    shapes = [variation_shape(variation), *([assurance_shape(assurance)] if assurance else [])]
    told = zip(shapes, words, strict=True)
    return "".join(f'<span class="vline">{shape}<span>{escape(said)}</span></span>' for shape, said in told)


def no_figure(words: str) -> str:
    """A dash for the eye, the reason for the ear; never 0 and never blank."""
    return f'<span class="v mute"><span aria-hidden="true">–</span><span class="vh">{escape(words)}</span></span>'
