"""The contract sum: all years, and a year with its bridge, entries, printed totals and drafts; the same as files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.charts import waterfall_figure
from finance.contract_rows import EntryRow, StepRow, grouped, steps_of
from finance.contract_sum import ORIGINAL, change_words, coverage_words
from finance.contract_table import BRIDGE_TABLE, ENTRIES_TABLE, TOTALS_TABLE, YEARS_TABLE
from finance.contract_words import (
    counted,
    doubts,
    effect_words,
    entry_words,
    kind_words,
    lead_words,
    parts_words,
    rule_words,
)
from finance.forms.contract import DecisionForm
from finance.money import money_words
from finance.selectors.contract import (
    HeldYear,
    contract_year,
    contract_years,
    may,
    parties,
    questions_of,
    share_of,
)
from finance.views.drafts import drafts_shown, paged, place_of
from finance.views.files import csv_file, csv_link
from finance.views.sections import Section
from finance.views.tables import drawn
from finance.waterfall import Step
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.table_spec import TableSpec
from indicators.views.return_entry import new_key
from indicators.working_days import day_words

AMOUNTS = frozenset({"original", "variations", "revised", "shared", "final", "payments", "receipts"})
FILES = {"entries": "Entries", "bridge": "Steps", "printed-totals": "Printed totals"}


def section(partnership: Partnership) -> Section | None:
    """The contract sum on the overview; None where no year is held."""
    years = contract_years(partnership)
    if not years:
        return None
    number = f"{len(years)} years are held." if len(years) > 1 else ""
    words = f"{lead_words(years[0].year)} {number}".strip()
    return Section("Contract sum", reverse("contract", args=[partnership.slug]), words, drafts=drafts_words(years))


def drafts_words(years: Sequence[HeldYear]) -> str:
    """How many drafts wait for a decision, with the years that they are of; empty where none does."""
    waits = [held for held in years if held.waiting]
    number = sum(len(held.waiting) for held in waits)
    labels = ", ".join(held.year.year.label for held in waits)
    verb = "waits" if number == 1 else "wait"
    return f"{counted(number, 'draft')} {verb} for a decision: {labels}." if number else ""


# All years


@require_safe
@requires(Permission.VIEW_APPROVED)
def contract(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every contract year with its sums."""
    years = contract_years(partnership)
    rows = [held.row for held in years]
    table = drawn(
        YEARS_TABLE, rows, caption="Contract sums by financial year", numbers=AMOUNTS, bold=("year",), css="years",
        links=lambda row: {"year": reverse("contract_year", args=[partnership.slug, row.slug])},
    )  # fmt: skip
    context = {
        "table": table,
        "number": len(rows),
        "changes": [f"{row.year.year.label}: {words}" for row in rows if (words := change_words(row.year))],
        "may_add": request.access.can(Permission.ACCEPT),
        "papers": sorted({str(held.stored.source) for held in years}),
    }
    if request.access.can(Permission.EXPORT_APPROVED):
        context["downloads"] = [csv_link("Contract sums", reverse("contract_csv", args=[partnership.slug]))]
    return render(request, "finance/contract.html", context)


@require_safe
@requires(Permission.EXPORT_APPROVED)
def contract_csv(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """The contract sums of all years as a file."""
    rows = [held.row for held in contract_years(partnership)]
    return csv_file(request, "contract-sums.csv", YEARS_TABLE.header, YEARS_TABLE.csv_rows(rows))


# A year


def year_or_404(partnership: Partnership, slug: str) -> HeldYear:
    """The contract year of an address."""
    held = contract_year(partnership, slug)
    if held is None:
        raise Http404("No contract sum of this year is held.")
    return held


@require_safe
@requires(Permission.VIEW_APPROVED)
def year_page(request: HttpRequest, partnership: Partnership, year: str) -> HttpResponse:
    """A contract year."""
    return render(request, "finance/contract_year.html", year_context(request, year_or_404(partnership, year)))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def year_csv(request: HttpRequest, partnership: Partnership, year: str, table: str) -> StreamingHttpResponse:
    """One of the tables of a contract year as a file; drafts stand in none."""
    held = year_or_404(partnership, year)
    tables: dict[str, tuple[TableSpec[Any], Sequence[Any]]] = {
        "entries": (ENTRIES_TABLE, held.entries),
        "bridge": (BRIDGE_TABLE, steps_of(held.row)),
        "printed-totals": (TOTALS_TABLE, held.row.totals),
    }
    if table not in tables:
        raise Http404("A contract year has no such table.")
    spec, rows = tables[table]
    return csv_file(request, f"contract-{table}_{held.row.slug}.csv", spec.header, spec.csv_rows(rows))


def year_context(
    request: HttpRequest, held: HeldYear, sent: Mapping[str, DecisionForm] | None = None
) -> dict[str, Any]:  # fmt: skip
    """What the page of a year shows; `sent` are forms of decisions that were not accepted, by the code of the draft."""
    of, year, slug = parties(held.stored.partnership), held.year, held.stored.partnership.slug
    share, steps, page = share_of(held), steps_of(held.row), paged(request, held.entries, "page")
    context: dict[str, Any] = {
        "held": held,
        "name": year.year.label,
        "lead": lead_words(year),
        "covers": coverage_words(year),
        "rule": rule_words(year),
        "share": share.sentence if share else "",
        "entries": _entries(held, page.object_list) if held.entries else None,
        "page": page,
        "parts_said": _parts(held),
        "totals": drawn(
            TOTALS_TABLE, held.row.totals, caption=f"Totals as printed, {year.year.label}",
            numbers=("printed", "made"), bold=("verdict",), css="totals",
        ) if held.row.totals else None,
        "queries": [_query(slug, question) for question in questions_of(held)],
        "may_add": may(request.access, Permission.ENTER_MONEY, of),
        "papers": sorted({row.cited.partition(" §")[0] for row in held.entries if row.cited}
                         | {str(held.stored.source)}),
    }  # fmt: skip
    if steps:
        context |= _bridge(steps, year.year.label)
    if may(request.access, Permission.VIEW_RETURNS, of):
        forms = sent or {}
        context |= {
            "sees_drafts": True,
            "drafts": drafts_shown(
                request, held.waiting, held.refused[::-1], told=_refused,
                shown=lambda row: _draft(request, held, row, forms.get(row.entry.code)),
                at=place_of(held.waiting, lambda row: row.entry.code in forms),
            ),
            "ended_words": "Refused",
            "form": next(iter(forms.values()), None),
        }  # fmt: skip
    if request.access.can(Permission.EXPORT_APPROVED):
        held_tables = {"entries": held.entries, "bridge": steps, "printed-totals": held.row.totals}
        context["downloads"] = [
            csv_link(label, reverse("contract_year_csv", args=[slug, held.row.slug, table]))
            for table, label in FILES.items()
            if held_tables[table]
        ]
    return context


def _entries(held: HeldYear, rows: Sequence[EntryRow]) -> dict[str, Any]:
    return drawn(
        ENTRIES_TABLE, (), caption=f"Entries of {held.year.year.label}", numbers=("amount",), bold=("entry",),
        groups=grouped(rows), css="entries", css_of=lambda row: "is-part" if row.entry.part_of else "",
    )  # fmt: skip


def _parts(held: HeldYear) -> list[dict[str, str]]:
    """How the parts of each entry, and of the original sum, stand to it."""
    names = {ORIGINAL: "The original sum"} | {row.entry.code: row.entry.name for row in held.entries}
    said = ((name, parts_words(held.year, code)) for code, name in names.items())
    return [{"name": name, "words": words} for name, words in said if words]


def _words_of(step: Step, rows: Mapping[str, StepRow]) -> str:
    lines = BRIDGE_TABLE.cells(rows[step.code])
    return lines["running" if step.is_total else "amount"][0]


def _bridge(steps: Sequence[StepRow], name: str) -> dict[str, Any]:
    own = {row.step.code: row for row in steps}
    first, last = (money_words(row.step.running, row.running_to) for row in (steps[0], steps[-1]))
    context: dict[str, Any] = {
        "bridge_heading": f"From {first} to {last}" if len(steps) > 2 else f"{first}, unchanged",
        "bridge": drawn(
            BRIDGE_TABLE, steps, caption=f"From the original to the final sum, {name}", numbers=("amount", "running"),
            css="bridge-t", css_of=lambda row: "is-total" if row.step.is_total else "",
        ),
    }  # fmt: skip
    if len(steps) > 2:
        context["chart"] = waterfall_figure([row.step for row in steps], lambda step: _words_of(step, own))
        context["chart_label"] = (
            f"Bridge from the original sum of {first} to the final sum of {last}. Every step is in the table below."
        )
    return context


def _query(slug: str, question: Any) -> dict[str, str]:
    url = reverse("indicator", args=[slug, question.indicator])
    return {"question": question.question, "url": f"{url}?period={question.period}"}


def entry_facts(row: EntryRow) -> list[dict[str, str]]:
    """What a draft says, as pairs of a word and what it stands for."""
    entry = row.entry
    whole = "The original sum" if row.whole == ORIGINAL else row.whole
    facts = [
        ("What it is", kind_words(entry.kind)),
        ("Amount", entry_words(entry)),
        ("Part of", whole),
        ("Reason", entry.reason),
        ("Funding source", entry.funding_source or "Not stated"),
        ("Authority", entry.authority or "Not stated"),
        ("Agreed or paid on", day_words(entry.on) if entry.on else "No day given"),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def _draft(request: HttpRequest, held: HeldYear, row: EntryRow, sent: DecisionForm | None) -> dict[str, Any]:
    code = row.entry.code
    is_own = held.drafters.get(code) == request.user.pk
    decides = request.access.can(Permission.ACCEPT) and not is_own
    url = reverse("contract_decide", args=[held.stored.partnership.slug, held.row.slug, code])
    return {
        "name": row.entry.name,
        "anchor": f"draft-{code}",
        "facts": entry_facts(row),
        "said": f"Drafted by {row.drafted_by} on {day_words(row.drafted_on)}." if row.drafted_on else "",
        "doubts": doubts(held.year, row.entry),
        "effect": effect_words(held.year, row.entry),
        "is_own": is_own,
        "form": (sent or DecisionForm(prefix=code)) if decides else None,
        "url": url,
        "key": new_key(),
    }


def _refused(row: EntryRow) -> dict[str, str]:
    on = day_words(row.decided_on) if row.decided_on else ""
    words = f"{kind_words(row.entry.kind)} of {entry_words(row.entry)}, drafted by {row.drafted_by}. "
    return {"name": row.entry.name, "words": f"{words}Refused by {row.decided_by} on {on}: {row.refusal}"}
