"""The components of a page. Each takes finished values and decides nothing; /components/ shows them all live."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from indicators import charts, marks
from indicators.envelope import OWNER_FIELD, owner_token
from indicators.relief import relief_words
from indicators.sparkline import sparkline_svg
from partnership.help_pages import about_pages
from partnership.samples import SAMPLES
from referrals.bars import bar_svg, lengths

register = template.Library()

COUNTED = (
    ("outside", "outside", "Outside tolerance"),
    ("within", "within", "Within tolerance"),
    ("better", "better", "Better than target"),
    ("none", "not_judged", "No figure"),
)


@register.simple_tag
def rating_tag(code: str, words: str) -> SafeString:
    """Rating of a figure: shape, word and colour. code: better, within, outside, not_judged; words: rag.words()."""
    return mark_safe(marks.rating_tag(code, words))  # noqa: S308


@register.simple_tag
def rating_shape(code: str) -> SafeString:
    """The shape of a rating, 12 pixels, hidden from screen readers: the word stands beside it."""
    return mark_safe(marks.rating_shape(code))  # noqa: S308


@register.simple_tag
def rating_short(code: str, words: str) -> SafeString:
    """Shape and short word (Outside, Within, Better) where a tag has no room."""
    return mark_safe(marks.rating_short(code, words))  # noqa: S308


@register.simple_tag
def variation_shape(code: str = "") -> SafeString:
    """What a control chart says of the latest figure, as a shape hidden from screen readers; code: as in
    indicators.spc.Variation, or empty for no limits."""
    return mark_safe(marks.variation_shape(code))  # noqa: S308


@register.simple_tag
def assurance_shape(code: str) -> SafeString:
    """Whether the target will be met, as a shape; code: consistent_pass, consistent_fail or inconsistent."""
    return mark_safe(marks.assurance_shape(code))  # noqa: S308


@register.simple_tag
def no_figure(words: str = "No figure") -> SafeString:
    """A dash, with the reason for screen readers."""
    return mark_safe(marks.no_figure(words))  # noqa: S308


@register.simple_tag
def sparkline(spec: Mapping[str, Any]) -> SafeString:
    """The small trend of a row; spec is what indicators.sparkline.sparkline() returns."""
    return mark_safe(sparkline_svg(dict(spec)))  # noqa: S308


@register.filter
def figure_script(figure: dict[str, Any], name: str) -> SafeString:
    """The element from which charts.js reads a chart's figure; name: its id."""
    return charts.figure_script(figure, name)


@register.simple_tag
def bar(number: int, longest: int, kind: str = "bar") -> SafeString:
    """A bar across its cell, as long as number is of longest; the figure stands beside it. kind: bar, other (another
    area) or unknown (not stated)."""
    return mark_safe(bar_svg(lengths([Decimal(number), Decimal(longest)])[0], kind))  # noqa: S308


def _counted(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its four counts in the order of the table, each with as many shapes as it counts."""
    cells = []
    for key, code, words in COUNTED:
        shape = marks.rating_shape(code)
        cells.append({"count": row[key], "words": words, "shapes": mark_safe(shape * int(row[key]))})  # noqa: S308
    return {**row, "cells": cells}


@register.inclusion_tag("components/count_strip.html")
def count_strip(
    rows: Iterable[Mapping[str, Any]], total: Mapping[str, Any] | None = None, caption: str = "Ratings by scorecard"
) -> dict[str, Any]:
    """Counts by rating, a row for each scorecard, with one shape for each indicator.

    rows and total: name, url, outside, within, better, none, total and, if needed, note (a line under the name).
    """
    heads = [{"shape": mark_safe(marks.rating_shape(code)), "words": words} for _, code, words in COUNTED]  # noqa: S308
    return {
        "heads": heads,
        "rows": [_counted(row) for row in rows],
        "total": _counted(total) if total else None,
        "caption": caption,
    }


@register.inclusion_tag("components/counts_line.html")
def counts_line(
    items: Sequence[Mapping[str, Any]], total: int, noun: str = "indicators", more: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """ "11 indicators: 2 outside ...": items have code, count, words, url and current; more have words and url."""
    shaped = [{**item, "shape": mark_safe(marks.rating_shape(item["code"]))} for item in items]  # noqa: S308
    return {"items": shaped, "total": total, "noun": noun, "more": more}


@register.simple_tag(takes_context=True)
def form_owner(context: Mapping[str, Any], action: str = "") -> SafeString:
    """Inside a form: whose it is, so that what is typed is carried over a sign-in. action: where the form is sent, if
    not to the page's own address."""
    request = context["request"]
    token = owner_token(request.user.pk, action or request.path)
    return format_html('<input type="hidden" name="{}" value="{}">', OWNER_FIELD, token)


@register.inclusion_tag("components/error_summary.html")
def error_summary(errors: Any, title: str = "There is a problem") -> dict[str, Any]:
    """The box at the top of a page whose form was not accepted; takes focus and links each error to its field.

    errors: dicts with text and href, or a GovForm, or nothing (then nothing is shown).
    """
    return {"errors": getattr(errors, "error_links", errors), "title": title}


@register.inclusion_tag("components/notification.html")
def notification(kind: str, title: str, body: str = "") -> dict[str, Any]:
    """What has just happened. kind: info, success, warning or error; only info does not take focus."""
    return {"kind": kind, "title": title, "body": body}


@register.inclusion_tag("components/inset.html")
def inset(body: str) -> dict[str, Any]:
    """A remark set apart from the text."""
    return {"body": body}


@register.inclusion_tag("components/details.html")
def details(summary: str, body: str, is_open: bool = False) -> dict[str, Any]:
    """More for who wants it, closed at first; works without a script."""
    return {"summary": summary, "body": body, "is_open": is_open}


@register.inclusion_tag("components/button.html")
def button(
    label: str, kind: str = "", *, name: str = "", value: str = "", href: str = "", small: bool = False
) -> dict[str, Any]:
    """A button of a form or, with href, a link that looks like one. kind: empty (one a page), secondary or warning."""
    classes = " ".join(
        ["btn"] + {"secondary": ["btn--2"], "warning": ["btn--warn"]}.get(kind, []) + (["btn--s"] if small else [])
    )
    return {"label": label, "classes": classes, "name": name, "value": value, "href": href}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Where this page lies: items have label and url, the last without url is this page."""
    return {"items": items}


def _query_text(query: Any, page_field: str) -> str:
    """The query without its page number, as text; from a QueryDict, a dict or text."""
    parts = query.copy() if isinstance(query, QueryDict) else QueryDict(mutable=True)
    if isinstance(query, str):
        parts = QueryDict(query.lstrip("?"), mutable=True)
    elif isinstance(query, Mapping) and not isinstance(query, QueryDict):
        for key, value in query.items():
            parts.setlist(key, value if isinstance(value, list | tuple) else [value])
    parts.pop(page_field, None)
    return parts.urlencode()


@register.inclusion_tag("components/pagination.html")
def pagination(
    page_obj: Page, query: Any = "", noun: str = "rows", *, label: str = "Pages", page_field: str = "page",
    fragment: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Links to the other pages of a list, with its filters kept (query: request.GET, a dict or text).

    label names the links for screen readers where a page has more than one list; fragment leads down to the list.
    """
    text = _query_text(query, page_field)
    stem = f"?{text}&{page_field}=" if text else f"?{page_field}="
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "page": page_obj,
        "stem": stem,
        "after": f"#{fragment}" if fragment else "",
        "noun": noun,
        "label": label,
        "numbers": [
            {"number": n, "current": n == page_obj.number, "gap": n == page_obj.paginator.ELLIPSIS} for n in numbers
        ],
    }


@register.inclusion_tag("components/key_values.html")
def key_values(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Pairs of a word and what it stands for: items have key and value (a text, or None for "Not stated")."""
    return {"items": items}


@register.inclusion_tag("components/confidence_mark.html")
def confidence_mark(code: str, reason: str = "") -> dict[str, Any]:
    """Doubt about the data behind a figure. code: high (nothing is shown), caution or low; reason: why."""
    return {"words": {"caution": "Caution", "low": "Low confidence"}.get(code, ""), "reason": reason}


@register.inclusion_tag("components/query_mark.html")
def query_mark(text: str = "") -> dict[str, Any]:
    """A figure that its own source contradicts, until someone restates it; text: what contradicts it."""
    return {"text": text}


@register.inclusion_tag("components/relief_mark.html")
def relief_mark(until: date, authority: str = "") -> dict[str, Any]:
    """An agreed waiver beside the real rating, never in its place; until: its last day; authority: who decided it."""
    head = relief_words(until)
    return {"head": head, "authority": authority, "shape": mark_safe(marks.mark_shape(head))}  # noqa: S308


@register.inclusion_tag("components/state_tag.html")
def state_tag(code: str, words: str) -> dict[str, Any]:
    """Where a return stands: open, submitted, returned or approved. Never in the colours of ratings."""
    return {"code": code, "words": words}


@register.inclusion_tag("components/filters.html")
def filters(form: BaseForm, label: str = "Filter this list", clear_url: str = "") -> dict[str, Any]:
    """A form of filters sent as the page's own address (GET); on a phone inside a closed details element."""
    return {"form": form, "label": label, "clear_url": clear_url}


@register.inclusion_tag("components/download_links.html")
def download_links(items: Sequence[Mapping[str, Any]], label: str = "Download this view") -> dict[str, Any]:
    """The same view as files: items have label (CSV), url and, if needed, words (what it is, for screen readers) and
    excel (the address of the same file with the mark that Excel needs) with what it is of."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/about_page.html")
def about_page(name: str | None) -> dict[str, Any]:
    """What a page shows, who may do what there and where to read on; name: that of the page's address. Nothing where
    nothing is said about it."""
    return {"about": about_pages().get(name or "")}


@register.simple_tag
def about_link(name: str | None) -> SafeString:
    """The link at the top of a page down to what it is about; nothing where nothing is said about it."""
    if name not in about_pages():
        return mark_safe("")
    return mark_safe('<p class="wrap about-link np"><a href="#about">About this page</a></p>')


@register.inclusion_tag("components/sample_files.html")
def sample_files(name: str) -> dict[str, Any]:
    """Small files to try an upload with; name: that of the page's address. For the demonstration."""
    return {"samples": [{"file": s.file, "words": s.words, "url": static(f"samples/{s.file}")} for s in SAMPLES[name]]}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, body: str = "", url: str = "", link: str = "") -> dict[str, Any]:
    """What will appear in an empty place, and how; url and link lead to the next step."""
    return {"title": title, "body": body, "url": url, "link": link}
