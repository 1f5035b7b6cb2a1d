"""What the page of an outturn shows, finished: its tables drawn, and the sentences about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from finance.outturn import Measure, variance_key
from finance.outturn_part_tables import (
    CHANGES_TABLE,
    FUNDS_TABLE,
    LINES_TABLE,
    QUARTERS_TABLE,
    SUMS_TABLE,
    covid_table,
)
from finance.outturn_parts import ChangeRow
from finance.outturn_sums import SumOutcome
from finance.outturn_table import OutturnRow, column_groups, outturn_table
from finance.outturn_words import changes_heading, large_heading, large_words, proof_heading, rounded_words
from finance.selectors.outturn import Outturn, beside, changes_since
from finance.views.tables import drawn
from indicators import quarters
from indicators.models import Partnership
from indicators.selectors.books import Book
from indicators.views.addresses import indicator_url

_LEVEL_CSS = {"heading": "", "line": "is-part", "total": "is-total"}
HIGH_NEEDS = "high-needs-block-funding"


def context_of(
    partnership: Partnership, found: Outturn, period: quarters.Quarter, book: Book | None
) -> dict[str, Any]:  # fmt: skip
    """The sections of the page; without a book, of figures that nobody has approved, those that need none."""
    label = period.label
    context: dict[str, Any] = {
        "has_figures": bool(found.facts),
        "table": _table(partnership, found, period, is_linked=book is not None),
        "column_groups": [
            {"name": name, "heads": heads, "css": f"g-{place}"}
            for place, (name, heads) in enumerate(column_groups(found.names.reasons, period.previous().label), 1)
        ],
        "missing": found.missing,
        "large_heading": large_heading(found.rows),
        "large_said": large_words(found.rows),
        "large": [_commentary(partnership, row, period) for row in found.large],
        "proof_heading": proof_heading(found.proof),
        "proof": found.proof,
        "wrong": [one.sentence for one in found.proof.having(SumOutcome.DOES_NOT)],
        "unchecked": [one.sentence for one in found.proof.having(SumOutcome.MISSING)],
        "rounded": _rounded(found, label),
        "rounded_said": rounded_words(found.proof),
        "itemised": [
            {
                "name": one.row.head.name,
                "anchor": f"lines-{one.row.head.code}",
                "said": one.sentence,
                "table": drawn(
                    LINES_TABLE, one.items, caption=f"{one.row.head.name} by line, {label}",
                    numbers=("variance", "running"), css="lines",
                    css_of=lambda item: "is-total" if item.is_sum else "",
                ) if one.items else None,
            }
            for one in found.itemised
        ],
        "covid": _covid(found, label),
        "covid_total": found.covid_total.sentence if found.covid_total else "",
        "funds": _funds(found, label),
        "papers": found.sources,
    }  # fmt: skip
    if book is not None:
        context |= _beside(found, period, book) | {"queries": _queries(partnership, book, period)}
    return context


def _table(partnership: Partnership, found: Outturn, period: quarters.Quarter, *, is_linked: bool) -> dict[str, Any]:
    spec = outturn_table(found.names.reasons)

    def links(row: OutturnRow) -> dict[str, str]:
        if not is_linked:
            return {}
        return {"heading": _figure_url(partnership, row, period)}

    def css(row: OutturnRow) -> str:
        return " ".join(filter(None, (_LEVEL_CSS[row.level], "is-large" if row.is_large else "")))

    numbers = [column.key for column in spec.on_screen[1:]]
    return drawn(spec, found.rows, caption=f"Outturn by heading, {period.label}", numbers=numbers, links=links,
                 css_of=css, css="ot is-exact" if any(map(_is_exact, found.rows)) else "ot")  # fmt: skip


def _is_exact(row: OutturnRow) -> bool:
    """Whether an amount of the row is known to the pound or penny, so that its cells are wide."""
    amounts = [cell.amount for cell in (*row.row.spend.values(), *row.row.variance.values())]
    return any(amount is not None and amount.value and amount.quantum is None for amount in amounts)


def _figure_url(partnership: Partnership, row: OutturnRow, period: quarters.Quarter) -> str:
    key = variance_key(Measure.NET, row.head, row.line)
    return indicator_url(partnership.slug, "variance-net", key.partition("/")[2], period=period.slug)


def _commentary(partnership: Partnership, row: OutturnRow, period: quarters.Quarter) -> dict[str, Any]:
    return {
        "name": row.row.head.name,
        "words": row.row.words,
        "is_line": row.level == "line",
        "commentary": row.commentary,
        "source": row.source,
        "url": _figure_url(partnership, row, period),
    }


def _rounded(found: Outturn, label: str) -> dict[str, Any] | None:
    rows = found.proof.having(SumOutcome.WITHIN_ROUNDING)
    caption = f"Sums that need rounding, {label}"
    return drawn(SUMS_TABLE, rows, caption=caption, numbers=("off", "room"), css="sums") if rows else None


def _covid(found: Outturn, label: str) -> dict[str, Any] | None:
    if not found.covid:
        return None
    spec = covid_table(found.names.covid_funds)
    numbers = [column.key for column in spec.on_screen if column.key not in {"line", "finding"}]
    return drawn(
        spec, found.covid, caption=f"What Covid cost and who paid for it, {label}", numbers=numbers, css="covid",
        css_of=lambda row: "is-total" if row.is_whole else "",
    )  # fmt: skip


def _funds(found: Outturn, label: str) -> dict[str, Any] | None:
    if not found.funds:
        return None
    table = drawn(
        FUNDS_TABLE, found.funds, caption=f"What other funds paid beyond their budget, {label}", css="funds",
        numbers=("budget", "paid", "beyond", "before", "after", "pressure"),
    )  # fmt: skip
    said = [
        {"name": row.relieved or row.contribution.fund_name, "sentences": row.funded.sentences}
        for row in found.funds
        if row.funded
    ]
    notes = [
        {"text": fact.commentary, "source": fact.cited}
        for key, fact in found.facts.items()
        if key.startswith(f"{HIGH_NEEDS}/") and fact.commentary
    ]
    return {"table": table, "said": said, "notes": notes}


def _beside(found: Outturn, period: quarters.Quarter, book: Book) -> dict[str, Any]:
    """The change since the quarter before, and the quarters beside each other."""
    rows = changes_since(found, book, period)
    previous = period.previous()
    is_new_year = quarters.financial_year_of(previous.end_on) != quarters.financial_year_of(period.end_on)
    columns = beside(book, found.names, period)
    context: dict[str, Any] = {
        "previous": previous.label,
        "is_new_year": is_new_year,
        "changes": None,
        "changes_heading": "",
        "quarters": _quarters(columns) if len(columns) > 1 else None,
    }
    if rows:
        context["changes_heading"] = changes_heading(rows)
        context["changes"] = drawn(
            CHANGES_TABLE, (), groups=_by_name(rows), caption=f"Change since {previous.label}", css="changes",
            numbers=("now", "before", "worked_out", "reported"),
        )  # fmt: skip
    return context


def _by_name(rows: Sequence[ChangeRow]) -> list[tuple[str, list[ChangeRow]]]:
    groups: dict[tuple[str, str], list[ChangeRow]] = {}
    for row in rows:
        groups.setdefault((row.head, row.line), []).append(row)
    return [(own[0].name, own) for own in groups.values()]


def _quarters(columns: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Headings by quarter: each cell as the file's row says it."""
    order: dict[tuple[str, str], str] = {}
    cells: dict[tuple[str, str], dict[str, Mapping[str, tuple[str, ...]]]] = {}
    for column in columns:
        for cell in column:
            order.setdefault((cell.head, cell.line), cell.name)
            cells.setdefault((cell.head, cell.line), {})[cell.period] = QUARTERS_TABLE.cells(cell)
    labels = [(column[0].period, column[0].label) for column in columns if column]
    total = order.pop(("", ""), "")
    keys = [*order, *([("", "")] if total else [])]
    names = order | {("", ""): total}
    return {
        "labels": [label for _, label in labels],
        "rows": [
            {
                "name": names[key],
                "css": "is-total" if key == ("", "") else "is-part" if key[1] else "",
                "cells": [
                    {"label": label, "lines": cells[key].get(slug, {}).get("net", ("–",))} for slug, label in labels
                ],
            }
            for key in keys
        ],
    }


def _queries(partnership: Partnership, book: Book, period: quarters.Quarter) -> list[dict[str, str]]:
    """The open queries about figures of the quarter, each once."""
    found: dict[str, dict[str, str]] = {}
    for (code, slice_), by_slug in book.queries.items():
        for question in by_slug.get(period.slug, ()):
            url = indicator_url(partnership.slug, code, slice_, period=period.slug)
            found.setdefault(question, {"question": question, "url": url})
    return list(found.values())


def report_checks_url(partnership: Partnership, report: str) -> str:
    """The verdicts on the numbers of a paper."""
    return f"{reverse('report_checks', args=[partnership.slug])}?report={report}"
