"""The registers of money: the list of each, and one of them with its history. One view each for all registers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.figure_pages import FIGURE_PAGES
from finance.forms.registers import PART_FORMS
from finance.money import in_words, money_words
from finance.programme_sums import paid_to, programme_checks
from finance.register_findings import beds_of, finding, sums_of
from finance.register_rows import CaseLineRow, HomeRow, ItemRow, Said
from finance.register_tables import (
    CASE_LINES_TABLE,
    CLAIMS_TABLE,
    HOMES_TABLE,
    MILESTONES_TABLE,
    PLANS_TABLE,
    PROGRAMMES_TABLE,
    SAVINGS_TABLE,
    STEPS_TABLE,
    items_table,
)
from finance.registers import (
    CAPACITY,
    CASES,
    CLAIMS,
    MILESTONES,
    PROGRAMMES,
    REGISTERS,
    SAVINGS,
    Register,
    entered_words,
)
from finance.selectors.contract import may, parties
from finance.selectors.programmes import programme_view
from finance.selectors.register_steps import ORIGIN, case_parts, history_of
from finance.selectors.registers import READERS, entry_of, said_of, scorecards_for, stated_beds
from finance.views.drafts import paged, sees_drafts
from finance.views.files import csv_file, download
from finance.views.register_drafts import Sent, register_drafts
from finance.views.tables import NOTHING, drawn
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.table_spec import TableSpec


@dataclass(frozen=True)
class Drawing:
    """How the table of a register is drawn: which columns are numbers, and which links to a row's own page."""

    spec: TableSpec[Any]
    numbers: frozenset[str] = frozenset()
    link: str = "name"


DRAWINGS = {
    PROGRAMMES: Drawing(PROGRAMMES_TABLE, frozenset({"cost", "spent"})),
    SAVINGS: Drawing(SAVINGS_TABLE, frozenset({"target", "delivered", "forecast"})),
    CAPACITY: Drawing(HOMES_TABLE, frozenset({"beds"})),
    CASES: Drawing(CASE_LINES_TABLE, frozenset({"asked"}), "line"),
    CLAIMS: Drawing(CLAIMS_TABLE),
    MILESTONES: Drawing(MILESTONES_TABLE),
}


def rows_of(request: HttpRequest, partnership: Partnership, register: Register) -> Sequence[Any]:
    """Every row of a register as it stands today."""
    sees = request.access.can(Permission.VIEW_PROTECTED)  # type: ignore[attr-defined]
    today = request.today  # type: ignore[attr-defined]
    return READERS[register.code](partnership, today=today, sees_protected=sees)


def may_add(request: HttpRequest, partnership: Partnership) -> bool:
    """Whether the person may put things on registers: who enters money for the council or the trust."""
    return may(request.access, Permission.ENTER_MONEY, parties(partnership))  # type: ignore[attr-defined]


def _url_of(partnership: Partnership, register: Register, row: Any) -> str:
    code = row.case if isinstance(row, CaseLineRow) else row.code
    return reverse("register_entry", args=[partnership.slug, register.code, code])


def siblings(partnership: Partnership, current: str) -> list[dict[str, Any]]:
    """Links to every register and every page of figures beside them."""
    pages = [(r.code, r.name, "register") for r in REGISTERS.values()]
    pages += [(p.code, p.name, "figure_page") for p in FIGURE_PAGES.values()]
    return [
        {"name": name, "url": reverse(view, args=[partnership.slug, code]), "is_current": code == current}
        for code, name, view in pages
    ]


def places_of(rows: Sequence[Any]) -> set[tuple[str, str]]:
    """The places in papers that rows cite."""
    return {(row.origin.source, row.origin.paragraph) for row in rows if row.origin.source}


def papers_of(said: Sequence[Said], rows: Sequence[Any]) -> list[str]:
    """The papers that a page rests on, each once."""
    found = [row.origin.source for row in rows] + [one.cited.partition(" §")[0] for one in said]
    return list(dict.fromkeys(filter(None, found)))


# The list


@require_safe
@requires(Permission.VIEW_APPROVED)
def register_list(request: HttpRequest, partnership: Partnership, register: Register) -> HttpResponse:
    """A register: every row of it, what they make together, and what the papers say."""
    return render(request, "finance/register.html", list_context(request, partnership, register))


def list_context(
    request: HttpRequest, partnership: Partnership, register: Register, sent: Sent | None = None
) -> dict[str, Any]:
    """What the page of a register shows; `sent` is a draft with its form, where that could not be carried out."""
    rows, drawing = rows_of(request, partnership, register), DRAWINGS[register.code]
    page = paged(request, rows, "page")
    stated = stated_beds(partnership, rows) if register.code == CAPACITY else None
    places = [*places_of(rows), *([stated.place] if stated else [])]
    # What papers say of a programme stands on its own page.
    said = said_of(partnership, register, places) if register.code != PROGRAMMES else []
    context = {
        "register": register,
        "finding": finding(register.code, rows) if rows else "",
        "page": page,
        "table": drawn(
            drawing.spec,
            page.object_list,
            caption=register.name,
            numbers=drawing.numbers,
            links=lambda row: {drawing.link: _url_of(partnership, register, row)},
            css="reg",
        ),
        "sums": sums_of(rows) if register.code == CASES and rows else [],
        "sentences": _sentences(register, rows, stated.sentence if stated else ""),
        "said": said,
        "siblings": siblings(partnership, register.code),
        "may_add": may_add(request, partnership),
        "papers": papers_of(said, rows),
    }
    if rows:
        url = reverse("register_csv", args=[partnership.slug, register.code])
        context["downloads"] = download(request, url, register.name)
    return context | register_drafts(request, partnership, register, sent=sent)


def _sentences(register: Register, rows: Sequence[Any], stated: str) -> list[str]:
    if register.code != CAPACITY or not rows:
        return []
    return [*beds_of(rows), *([stated] if stated else [])]


@require_safe
@requires(Permission.EXPORT_APPROVED)
def register_csv(request: HttpRequest, partnership: Partnership, register: Register) -> StreamingHttpResponse:
    """Every row of a register as a file."""
    spec = DRAWINGS[register.code].spec
    return csv_file(request, f"{spec.name}.csv", spec.header, spec.csv_rows(rows_of(request, partnership, register)))


# One of them


@dataclass(frozen=True)
class Asked:
    """Something on a register: its stored row, and the rows of the register's table that are about it."""

    stored: Any
    rows: Sequence[Any]


def asked_of(request: HttpRequest, partnership: Partnership, register: Register, code: str) -> Asked:
    """Reads the address. Raises Http404 for what is not on the register."""
    stored = entry_of(partnership, register, code)
    if stored is None:
        raise Http404("There is no such entry.")
    rows = rows_of(request, partnership, register)
    return Asked(stored, [r for r in rows if (r.case if isinstance(r, CaseLineRow) else r.code) == code])


@require_safe
@requires(Permission.VIEW_APPROVED)
def register_entry(request: HttpRequest, partnership: Partnership, register: Register, code: str) -> HttpResponse:
    """One thing on a register: what is known of it, and its history, the latest last."""
    return render(request, "finance/register_entry.html", entry_context(request, partnership, register, code))


def entry_context(
    request: HttpRequest, partnership: Partnership, register: Register, code: str, sent: Sent | None = None
) -> dict[str, Any]:
    """What the page of an entry shows, as `list_context`. Raises Http404 for what is not on the register."""
    asked = asked_of(request, partnership, register, code)
    here = [partnership.slug, register.code, code]
    said = _own(register, said_of(partnership, register, places_of(asked.rows)), code)
    context: dict[str, Any] = {
        "register": register,
        "entry": asked.stored,
        "facts": [] if register.code in {CASES, PROGRAMMES} else facts_of(DRAWINGS[register.code].spec, asked.rows[0]),
        "said": said,
        "papers": papers_of(said, asked.rows),
        "actions": _actions(register, here) if may_add(request, partnership) else [],
        "downloads": download(request, reverse("register_entry_csv", args=here), asked.stored.name),
    }
    if register.code == SAVINGS and sees_drafts(request, partnership):
        context["entered"] = _entered(request, partnership, register, code)
    if register.code == PROGRAMMES:
        context |= _programme(request, partnership, code)
    else:
        context |= _history(request, register, asked)
    if register.code == CASES:
        context |= _case(request, partnership, asked)
    return context | register_drafts(request, partnership, register, entry=code, sent=sent)


def _entered(request: HttpRequest, partnership: Partnership, register: Register, category: str) -> str:
    today = request.today  # type: ignore[attr-defined]
    return entered_words(register, category, scorecards_for(partnership, register, category, today))


def _own(register: Register, said: Sequence[Said], code: str) -> list[Said]:
    """Of a saving what is said of it alone; of the others everything at its places."""
    return [one for one in said if register.code != SAVINGS or one.key == f"saving={code}"]


def facts_of(spec: TableSpec[Any], row: Any) -> list[dict[str, Any]]:
    """The cells of a row under their headings; its name is the heading of the page already."""
    cells = spec.cells(row)
    head, *others = spec.on_screen
    about = [{"key": "About", "lines": cells[head.key][1:]}]
    told = about + [{"key": c.heading, "lines": cells[c.key]} for c in others if cells[c.key] != (NOTHING,)]
    return [fact for fact in told if fact["lines"]]


def _actions(register: Register, here: list[str]) -> list[dict[str, str]]:
    parts = [(part, words) for (code, part), (_, words) in PART_FORMS.items() if code == register.code]
    made = [
        {
            "label": f"Add {'an' if words[0] in 'aeiou' else 'a'} {words}",
            "url": reverse("register_add", args=[*here, part]),
        }
        for part, words in parts
    ]
    if register.code != PROGRAMMES:
        label = "Record what is known now" if register.code == CAPACITY else "Record what happened"
        made.insert(0, {"label": label, "url": reverse("register_step", args=here)})
    return made


def _history(request: HttpRequest, register: Register, asked: Asked) -> dict[str, Any]:
    if register.code == CAPACITY:
        home: HomeRow = asked.rows[0]
        return _paged_history(request, PLANS_TABLE, home.plans, "What was known of it, the latest last")
    rows = history_of(asked.stored, register, *case_parts(asked.stored))
    return _paged_history(request, STEPS_TABLE, rows, "What happened, the latest last")


def _paged_history(request: HttpRequest, spec: TableSpec[Any], rows: Sequence[Any], caption: str) -> dict[str, Any]:
    page = paged(request, rows, "history")
    return {"history": drawn(spec, page.object_list, caption=caption, css="steps-of"), "history_page": page}


def _case(request: HttpRequest, partnership: Partnership, asked: Asked) -> dict[str, Any]:
    decides = request.access.can(Permission.ACCEPT)  # type: ignore[attr-defined]

    def links(row: CaseLineRow) -> Mapping[str, str]:
        name = "case_line_decide" if decides else ""
        return {"line": reverse(name, args=[partnership.slug, row.case, row.line])} if name and row.line else {}

    page = paged(request, asked.rows, "page")
    lines = drawn(
        CASE_LINES_TABLE, page.object_list, caption="Lines of the case", numbers={"asked"}, links=links, css="reg"
    )
    first: CaseLineRow = asked.rows[0]
    told = [("Financial year", first.year_label), ("Decided by", first.decided_by), ("Stands", first.now.state_words)]
    facts = [{"key": key, "lines": (words,)} for key, words in told if words]
    return {"table": lines, "page": page, "sums": sums_of(asked.rows), "decides": decides, "facts": facts}


def _programme(request: HttpRequest, partnership: Partnership, code: str) -> dict[str, Any]:
    sees, today = request.access.can(Permission.VIEW_PROTECTED), request.today  # type: ignore[attr-defined]
    view = programme_view(partnership, code, today=today, sees_protected=sees)
    assert view is not None  # noqa: S101

    def links(row: ItemRow) -> Mapping[str, str]:
        is_own = row.kind in {"item", "heading"}
        return {"name": reverse("programme_item", args=[partnership.slug, code, row.letter])} if is_own else {}

    years = [f"cost_{slug.replace('-', '_')}" for slug in view.years]
    page = paged(request, view.lines, "page")
    table = drawn(
        items_table(view.years),
        page.object_list,
        caption="Items, what they cost, and which funds pay",
        numbers={"cost", *years, "spent", "left"},
        links=links,
        css_of=lambda row: {"total": "is-total", "payee": "is-part", "fund": "is-part"}.get(row.kind, ""),
        css="items",
    )
    items = [item.costed for item in view.items]
    checks = programme_checks(items, [fund.costed for fund in view.funds], view.totals, view.years)
    cost = f"Funding of {in_words(view.row.cost)}" if view.row.cost else "How much it is is not stated"
    spent = money_words(view.row.spent.value) if view.row.spent.value is not None else "nothing"
    told = f"{cost}; {spent} reported as spent yet."
    return {
        "table": table if view.lines else None,
        "page": page,
        "programme": view.row,
        "told": told,
        "checks": checks,
        "paid": paid_to(items),
    }


@require_safe
@requires(Permission.EXPORT_APPROVED)
def register_entry_csv(
    request: HttpRequest, partnership: Partnership, register: Register, code: str
) -> StreamingHttpResponse:
    """Of a programme its table, of a case its lines, of a home its plans, of all others their history."""
    asked = asked_of(request, partnership, register, code)
    spec: TableSpec[Any] = STEPS_TABLE
    if register.code == PROGRAMMES:
        sees, today = request.access.can(Permission.VIEW_PROTECTED), request.today  # type: ignore[attr-defined]
        view = programme_view(partnership, code, today=today, sees_protected=sees)
        assert view is not None  # noqa: S101
        spec, rows = items_table(view.years), view.lines
    elif register.code == CAPACITY:
        spec, rows = PLANS_TABLE, asked.rows[0].plans
    elif register.code == CASES:
        spec, rows = CASE_LINES_TABLE, asked.rows
    else:
        rows = history_of(asked.stored, register)
    return csv_file(request, f"{spec.name}_{code}.csv", spec.header, spec.csv_rows(rows))


# An item of a programme


def item_of(partnership: Partnership, code: str, letter: str) -> Any:
    """The stored item of an address. Raises Http404 for none."""
    programme = entry_of(partnership, REGISTERS[PROGRAMMES], code)
    item = programme.items.filter(letter=letter).select_related(*ORIGIN, "programme").first() if programme else None
    if item is None:
        raise Http404("There is no such item.")
    return item


@require_safe
@requires(Permission.VIEW_APPROVED)
def programme_item(request: HttpRequest, partnership: Partnership, code: str, letter: str) -> HttpResponse:
    """An item of a programme: what is known of it, and its history."""
    return render(request, "finance/register_entry.html", item_context(request, partnership, code, letter))


def item_context(
    request: HttpRequest, partnership: Partnership, code: str, letter: str, sent: Sent | None = None
) -> dict[str, Any]:
    """What the page of an item shows, as `list_context`. Raises Http404 for none."""
    item, register = item_of(partnership, code, letter), REGISTERS[PROGRAMMES]
    sees, today = request.access.can(Permission.VIEW_PROTECTED), request.today  # type: ignore[attr-defined]
    view = programme_view(partnership, code, today=today, sees_protected=sees)
    assert view is not None  # noqa: S101
    row = next(row for row in view.items if row.letter == letter)
    step = reverse("programme_item_step", args=[partnership.slug, code, letter])
    context: dict[str, Any] = {
        "register": register,
        "entry": item,
        "parent": {"name": view.row.name, "url": reverse("register_entry", args=[partnership.slug, PROGRAMMES, code])},
        "facts": facts_of(items_table(view.years), row),
        "actions": [{"label": "Record what happened", "url": step}] if may_add(request, partnership) else [],
        "papers": papers_of([], [row]),
    }
    if sees_drafts(request, partnership):
        context["entered"] = _entered(request, partnership, register, f"{code}-{letter}")
    context |= _paged_history(request, STEPS_TABLE, history_of(item, register), "What happened, the latest last")
    return context | register_drafts(request, partnership, register, entry=code, item=letter, sent=sent)
