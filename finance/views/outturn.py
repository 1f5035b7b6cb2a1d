"""The outturn of a quarter: the table, what asks for commentary, the proof that it adds up, and what stands behind it;
the same as files; and a return of it as its figures stand, before anybody accepts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.forms.outturn import QuarterForm
from finance.outturn_part_tables import (
    CHANGES_TABLE,
    FUNDS_TABLE,
    LINES_TABLE,
    QUARTERS_TABLE,
    SUMS_TABLE,
    covid_table,
)
from finance.outturn_table import outturn_table
from finance.outturn_words import lead_words, section_words
from finance.selectors.outturn import (
    SCORECARD,
    Outturn,
    beside,
    changes_since,
    facts_in,
    facts_of_return,
    held_quarters,
    kept_verdicts,
    names_of,
    open_returns,
    outturn_book,
    outturn_of,
    usual_quarter,
)
from finance.views.files import csv_file, file_link
from finance.views.outturn_parts import context_of, report_checks_url
from finance.views.sections import Section
from indicators import quarters
from indicators.models import Partnership, Return
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.books import Book
from indicators.selectors.returns import find_return, sheet_of
from indicators.table_spec import TableSpec

FILES = {
    "sums": "Sums", "lines": "Lines", "changes": "Changes", "quarters": "Quarters", "covid": "Covid", "funds": "Funds",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The approved figures, the quarter (None: nothing is held), and the form that chooses another."""

    book: Book
    period: quarters.Quarter | None
    form: QuarterForm

    @property
    def query(self) -> str:
        """The quarter as a query of an address."""
        return f"?period={self.period.slug}" if self.period else ""


def _asked(request: HttpRequest, partnership: Partnership) -> Asked:
    """Reads the address. Raises Http404 for what names no quarter."""
    book = outturn_book(partnership, sees_protected=request.access.can(Permission.VIEW_PROTECTED))
    held, wanted = held_quarters(book), request.GET.get("period", "")
    period = _named(wanted) if wanted else usual_quarter(held, request.today)
    return Asked(book, period, QuarterForm(periods=held, chosen=period))


def _named(wanted: str) -> quarters.Quarter:
    try:
        period = quarters.parse(wanted)
    except quarters.PeriodTextError as error:
        raise Http404(str(error)) from error
    if not isinstance(period, quarters.Quarter) or period.slug != wanted:
        raise Http404("The outturn is shown for a quarter.")
    return period


def _found(partnership: Partnership, asked: Asked, period: quarters.Quarter) -> Outturn:
    keys = {f"{code}/{slice_}" if slice_ else code for code, slice_ in asked.book.figures}
    facts = facts_in(asked.book, period.slug)
    return outturn_of(facts, names_of(partnership, keys), period.slug)


def latest(
    partnership: Partnership, year: quarters.FinancialYear | None = None
) -> tuple[quarters.Quarter, Outturn] | None:
    """The last quarter (of a year) of which an outturn is held, with its outturn; None where none is."""
    book = outturn_book(partnership)
    held = (q for q in held_quarters(book) if year is None or quarters.financial_year_of(q.start_on) == year)
    period = next(held, None)
    if period is None:
        return None
    return period, _found(partnership, Asked(book, period, QuarterForm(periods=(), chosen=None)), period)


def section(partnership: Partnership) -> Section | None:
    """The outturn on the overview; None where no quarter is held."""
    held = latest(partnership)
    if held is None:
        return None
    period, found = held
    url = reverse("outturn", args=[partnership.slug])
    return Section("Outturn", url, section_words(found.rows, found.table.total, found.proof, period.label))


@require_safe
@requires(Permission.VIEW_APPROVED)
def outturn(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The outturn of a quarter."""
    asked = _asked(request, partnership)
    context: dict[str, Any] = {"form": asked.form, "period": asked.period, "has_figures": False}
    if asked.period is not None:
        found = _found(partnership, asked, asked.period)
        context |= context_of(partnership, found, asked.period, asked.book)
        context["lead"] = lead_words(found.table.total, found.names.reasons, asked.period.label)
        if kept := kept_verdicts(partnership, found):
            context |= {"kept": kept, "kept_url": report_checks_url(partnership, kept.report)}
        if request.access.can(Permission.EXPORT_APPROVED):
            context["downloads"] = _downloads(partnership, asked, context)
    context["returns"] = _returns(request, partnership)
    return render(request, "finance/outturn.html", context)


def _downloads(partnership: Partnership, asked: Asked, shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """The table, and of the smaller ones those that have a row."""
    has_rows = {"sums": shown["proof"].sums, "lines": shown["itemised"]} | {name: shown[name] for name in FILES
                                                                          if name not in {"sums", "lines"}}  # fmt: skip
    whole = file_link("Outturn (CSV)", reverse("outturn_csv", args=[partnership.slug]) + asked.query, "")
    parts = [
        file_link(f"{label} (CSV)", reverse("outturn_part_csv", args=[partnership.slug, name]) + asked.query, "")
        for name, label in FILES.items()
        if has_rows[name]
    ]
    return [whole, *parts]


def _returns(request: HttpRequest, partnership: Partnership) -> list[dict[str, str]]:
    """The returns that the person may read and that wait for somebody: each with its sums as they stand."""
    return [
        {"name": str(row), "state": row.state_words, "url": _return_url(partnership, row)}
        for row in open_returns(partnership)
        if request.access.can(Permission.VIEW_RETURNS, row.partner, row.round.period)
    ]


def _return_url(partnership: Partnership, row: Return) -> str:
    return reverse("outturn_return", args=[partnership.slug, row.round.period.slug, row.partner.code, row.number])


@require_safe
@requires(Permission.VIEW_RETURNS)
def outturn_return(
    request: HttpRequest, partnership: Partnership, period: str, partner: str, number: int
) -> HttpResponse:  # fmt: skip
    """A return of the outturn as its figures stand now, with the same proof: for who may read the return."""
    row = find_return(partnership, SCORECARD, period, partner, number)
    if row is None or not request.access.can(Permission.VIEW_RETURNS, row.partner, row.round.period):
        raise Http404("There is no such return.")
    quarter = _named(period)
    facts = facts_of_return(sheet_of(row, today=request.today))
    found = outturn_of(facts, names_of(partnership, facts), period)
    context = context_of(partnership, found, quarter, None) | {"row": row, "period": quarter}
    context["lead"] = lead_words(found.table.total, found.names.reasons, quarter.label)
    return render(request, "finance/outturn_return.html", context)


# Files


@require_safe
@requires(Permission.EXPORT_APPROVED)
def outturn_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The table of the outturn as a file."""
    asked = _asked(request, partnership)
    if asked.period is None:
        spec = outturn_table(())
        return csv_file(request, "outturn.csv", spec.header, ())
    found = _found(partnership, asked, asked.period)
    spec = outturn_table(found.names.reasons)
    return csv_file(request, f"outturn_{asked.period.slug}.csv", spec.header, spec.csv_rows(found.rows))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def outturn_part_csv(request: HttpRequest, partnership: Partnership, table: str) -> StreamingHttpResponse:
    """One of the smaller tables of the outturn as a file."""
    if table not in FILES:
        raise Http404("The outturn has no such table.")
    asked = _asked(request, partnership)
    spec, rows = _part(partnership, asked, table)
    slug = f"_{asked.period.slug}" if asked.period else ""
    return csv_file(request, f"outturn-{table}{slug}.csv", spec.header, spec.csv_rows(rows))


def _part(partnership: Partnership, asked: Asked, table: str) -> tuple[TableSpec[Any], Sequence[Any]]:
    specs: Mapping[str, TableSpec[Any]] = {
        "sums": SUMS_TABLE, "lines": LINES_TABLE, "changes": CHANGES_TABLE, "quarters": QUARTERS_TABLE,
        "funds": FUNDS_TABLE, "covid": covid_table(()),
    }  # fmt: skip
    if asked.period is None:
        return specs[table], ()
    found = _found(partnership, asked, asked.period)
    rows: Mapping[str, Sequence[Any]] = {
        "sums": found.proof.sums,
        "lines": [item for one in found.itemised for item in one.items],
        "changes": changes_since(found, asked.book, asked.period),
        "quarters": [cell for column in beside(asked.book, found.names, asked.period) for cell in column],
        "covid": found.covid,
        "funds": found.funds,
    }
    return (covid_table(found.names.covid_funds) if table == "covid" else specs[table]), rows[table]
