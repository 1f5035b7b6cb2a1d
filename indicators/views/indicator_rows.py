"""The rows of the list of indicators, as its table takes them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from indicators import marks
from indicators.committee_table import COMMITTEE_TABLE, DASH
from indicators.definition_words import POLARITY_WORDS, UNIT_WORDS
from indicators.rag import RATING_ORDER, Polarity
from indicators.selectors.indicators import Listed
from indicators.units import Unit


def indicator_rows(listed: Iterable[Listed], partnership: str) -> list[dict[str, Any]]:
    """The rows of the list of indicators: finished cells, and what each column sorts by. `partnership` is its slug."""
    return [_indicator_row(item, partnership) for item in listed]


def _indicator_row(item: Listed, partnership: str) -> dict[str, Any]:
    version, row = item.version, item.row
    cells = COMMITTEE_TABLE.cells(row) if row else {}
    names = [scorecard.name for scorecard in item.scorecards]
    rating, *notes = cells.get("rating", ("No figure yet",))
    code = row.judgement.rating.value if row else "not_judged"
    url = reverse("indicator", args=[partnership, item.code])
    return {
        "name": format_html('<a href="{}">{}</a>', url, version.short_name),
        "sort_name": version.short_name.casefold(),
        "scorecards": ", ".join(names) or "None",
        "sort_scorecards": names,
        "figure": _figure_cell(cells.get("figure", (DASH,))),
        "period": row.held.label if row and row.held else DASH,
        "sort_period": row.held.end_on.isoformat() if row and row.held else "",
        "rating": _rating_cell(code, rating, notes),
        "sort_rating": [r.value for r in RATING_ORDER].index(code),
        "unit": UNIT_WORDS[Unit(version.unit)],
        "direction": POLARITY_WORDS[Polarity(version.polarity)],
    }


def _figure_cell(texts: tuple[str, ...]) -> SafeString:
    figure, *counts = texts
    if figure == DASH:
        return mark_safe(marks.no_figure("No figure"))  # noqa: S308
    below = format_html_join("", ' <span class="nl small">{}</span>', ((text,) for text in counts))
    return format_html("<b>{}</b>{}", figure, below)


def _rating_cell(code: str, words: str, notes: list[str]) -> SafeString:
    tag = mark_safe(marks.rating_tag(code, words))  # noqa: S308
    return format_html("{}{}", tag, format_html_join("", ' <span class="nl small">{}</span>', ((n,) for n in notes)))
