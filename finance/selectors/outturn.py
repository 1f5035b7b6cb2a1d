"""Reads the outturn of a quarter from approved figures, or that of a return as its figures stand, and puts together
what the page shows of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.models import BudgetHead
from finance.money import Held as HeldTotal
from finance.outturn import (
    THRESHOLD,
    Head,
    Measure,
    Row,
    Side,
    Table,
    is_significant,
    spend_key,
    table_of,
    variance_key,
)
from finance.outturn_parts import (
    ChangeRow,
    CovidRow,
    FundRow,
    Itemised,
    QuarterCell,
    changes,
    covid_rows,
    covid_total,
    fund_rows,
    itemised,
    quarter_cells,
)
from finance.outturn_proof import Proof, proof_of
from finance.outturn_table import OutturnRow, Reason
from indicators import quarters
from indicators.balance import Amount, amount_of
from indicators.models import Category, Partnership, ReportCheck, Return, ScorecardLine
from indicators.phrases import cited
from indicators.rag import missing_words
from indicators.selectors.books import Book, book_of
from indicators.selectors.returns import Sheet
from indicators.units import Unit

_OF_TABLE = tuple(f"{kind}-{measure}" for kind in ("spend", "variance") for measure in Measure)
CODES = (
    *_OF_TABLE, "variance-net-change", "covid-cost", "covid-funding", "covid-pressure", "high-needs-block-funding",
    "fund-contribution",
)  # fmt: skip
SCORECARD = "outturn"
QUARTERS_BESIDE = 5


@dataclass(frozen=True)
class Fact:
    """What is held under a key: an amount, or in words why there is none; what is said of it and where it stands."""

    amount: Amount | None
    symbol: str = ""
    commentary: str = ""
    source: str = ""
    paragraph: str = ""
    is_as_printed: bool = False

    @property
    def cited(self) -> str:
        """Paper and paragraph."""
        return cited(self.source, self.paragraph)


Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class Names:
    """Headings with their lines, and the categories by dimension that the outturn is cut by, in order."""

    heads: tuple[Head, ...]
    reasons: tuple[Reason, ...]
    covid_funds: tuple[Reason, ...]
    funds: Mapping[str, str]
    limits: Mapping[str, Decimal]


@dataclass(frozen=True)
class Kept:
    """How the checks of the published papers judged the sums within the printed table, all together: verdicts by
    outcome."""

    citation: str
    report: str
    counts: Mapping[str, int]

    @property
    def number(self) -> int:
        """How many verdicts there are."""
        return sum(self.counts.values())

    @property
    def contradictions(self) -> int:
        """How many of them say that no rounding helps."""
        return self.counts.get("contradicts", 0)


@dataclass(frozen=True)
class Outturn:
    """The outturn of a quarter with everything that the page says of it."""

    names: Names
    table: Table
    rows: tuple[OutturnRow, ...]
    facts: Facts
    proof: Proof
    missing: tuple[str, ...]
    itemised: tuple[Itemised, ...]
    covid: tuple[CovidRow, ...]
    covid_total: HeldTotal | None
    funds: tuple[FundRow, ...]

    @property
    def large(self) -> tuple[OutturnRow, ...]:
        """The headings and lines that ask for commentary, the largest first, lines after their heading."""
        heads = [row for row in self.rows if row.level == "heading"]
        size = {row.head: row.row.net.value.copy_abs() if row.row.net else Decimal(0) for row in heads}
        found = [row for row in self.rows if row.is_large]
        return tuple(sorted(found, key=lambda row: (-size.get(row.head, Decimal(0)), row.line != "")))

    @property
    def sources(self) -> list[str]:
        """The papers that its figures are from."""
        return sorted({fact.source for fact in self.facts.values() if fact.source})


# What there is


def outturn_book(partnership: Partnership, *, sees_protected: bool = False) -> Book:
    """Every approved figure of the outturn. Seven queries."""
    return book_of(partnership, CODES, sees_protected=sees_protected)


def held_quarters(book: Book) -> list[quarters.Quarter]:
    """The quarters of which the table has a figure, the latest first."""
    slugs = {slug for (code, _), by_slug in book.figures.items() if code in _OF_TABLE for slug in by_slug}
    found = [period for period in map(quarters.parse, slugs) if isinstance(period, quarters.Quarter)]
    return sorted(found, key=lambda period: period.end_on, reverse=True)


def usual_quarter(held: Iterable[quarters.Quarter], today: date) -> quarters.Quarter | None:
    """The latest of them that has ended, else the latest; None where there is none."""
    known = list(held)
    return next((period for period in known if period.end_on <= today), known[0] if known else None)


def names_of(partnership: Partnership, facts: Iterable[str], *, limits_of: str = SCORECARD) -> Names:
    """The headings of the budget, those that only a figure names after them, and the categories that figures are cut
    by; `facts` are the keys that are held. Three queries."""
    keys = list(facts)
    by_dimension: dict[str, dict[str, str]] = {}
    asked = ("head", "line", "variance-reason", "covid-fund", "fund")
    rows = Category.objects.filter(dimension__code__in=asked).order_by("dimension", "order")
    for dimension, code, name in rows.values_list("dimension__code", "code", "name"):
        by_dimension.setdefault(dimension, {})[code] = name
    heads = [
        Head(head.category.code, head.category.name, head.parent.category.code if head.parent else "")
        for head in BudgetHead.objects.filter(partnership=partnership).select_related("category", "parent__category")
    ]
    return Names(
        _with_unlisted(heads, keys, by_dimension),
        _cut_by("variance-reason", keys, by_dimension),
        _cut_by("covid-fund", keys, by_dimension),
        by_dimension.get("fund", {}),
        _limits(partnership, limits_of),
    )


def _parts(key: str) -> dict[str, str]:
    slice_ = key.partition("/")[2]
    return dict(part.split("=", 1) for part in slice_.split("|")) if slice_ else {}


def _cut_by(dimension: str, keys: Iterable[str], names: Mapping[str, Mapping[str, str]]) -> tuple[Reason, ...]:
    held = {_parts(key).get(dimension) for key in keys}
    return tuple(Reason(code, name) for code, name in names.get(dimension, {}).items() if code in held)


def _with_unlisted(
    heads: list[Head], keys: Iterable[str], names: Mapping[str, Mapping[str, str]]
) -> tuple[Head, ...]:  # fmt: skip
    """The headings with those that no tree lists but figures name, so that no number is lost."""
    listed = {(head.parent, head.code) for head in heads}
    found = list(heads)
    for key in keys:
        parts = _parts(key) if key.partition("/")[0] in {*_OF_TABLE, "variance-net-change"} else {}
        head, line = parts.get("head", ""), parts.get("line", "")
        for parent, code, dimension in (("", head, "head"), (head, line if head else "", "line")):
            if code and (parent, code) not in listed:
                listed.add((parent, code))
                found.append(Head(code, names.get(dimension, {}).get(code, code), parent))
    return tuple(found)


def _limits(partnership: Partnership, scorecard: str) -> dict[str, Decimal]:
    """From which size a net variance asks for commentary, by the key of its figure. One query."""
    lines = ScorecardLine.objects.filter(
        scorecard__partnership=partnership, scorecard__code=scorecard, commentary_from__isnull=False,
        series__indicator__code="variance-net",
    )  # fmt: skip
    found = lines.values_list("series__slice__key", "commentary_from")
    return {_key("variance-net", slice_): limit for slice_, limit in found if limit is not None}


def _key(code: str, slice_: str) -> str:
    return f"{code}/{slice_}" if slice_ else code


# Facts


def facts_in(book: Book, slug: str) -> dict[str, Fact]:
    """The approved figures of a quarter by key."""
    found = {}
    for (code, slice_), by_slug in book.figures.items():
        held = by_slug.get(slug)
        if held is None:
            continue
        missing = held.measured.missing_reason
        found[_key(code, slice_)] = Fact(
            amount_of(held.measured, Unit.POUNDS), missing_words(missing).lower() if missing else "", held.commentary,
            held.source, held.paragraph, held.is_paper and held.revision == 1,
        )  # fmt: skip
    return found


def facts_of_return(sheet: Sheet) -> dict[str, Fact]:
    """The figures of a return as they stand now, drafts included, by key."""
    found = {}
    for line in sheet.lines:
        series, measured = line.due.line.series, line.measured
        if series.indicator.code in CODES and measured is not None:
            missing = measured.missing_reason
            words = missing_words(missing).lower() if missing else ""
            fact = Fact(amount_of(measured, Unit.POUNDS), words, line.cell.commentary)
            found[_key(series.indicator.code, series.slice.key)] = fact
    return found


def open_returns(partnership: Partnership) -> list[Return]:
    """The returns of the outturn that are not approved yet, the latest first. One query."""
    rows = Return.objects.filter(round__partnership=partnership, round__scorecard__code=SCORECARD)
    rows = rows.exclude(state=Return.State.APPROVED).select_related("round__scorecard", "round__period", "partner")
    return list(rows.order_by("-round__period__end_on", "number"))


# Together


def outturn_of(facts: Facts, names: Names, slug: str) -> Outturn:
    """The outturn that these facts make. No query."""
    figures = {key: fact.amount for key, fact in facts.items()}
    table = table_in(facts, names)
    rows: list[OutturnRow] = []
    for head in table.heads:
        rows.append(_row(head, "heading", facts, names, slug))
        rows += [_row(line, "line", facts, names, slug) for line in head.lines]
    rows.append(_row(table.total, "total", facts, names, slug))
    heads = tuple(row.head for head in table.heads for row in (head, *head.lines))
    lines = [(head.parent, head.code, head.name) for head in names.heads if head.parent]
    return Outturn(
        names,
        table,
        tuple(rows),
        facts,
        proof_of(heads, table, figures, {reason.code: reason.name for reason in names.reasons}),
        tuple(row.head.name for row in table.heads if not row.has_numbers) if facts else (),
        tuple(found for head in table.heads if (found := itemised(head))),
        covid_rows(
            figures, lines, [(h.code, h.name) for h in names.heads if not h.parent],
            [fund.code for fund in names.covid_funds],
        ),
        covid_total(figures, table),
        fund_rows(figures, table, names.funds),
    )  # fmt: skip


def table_in(facts: Facts, names: Names) -> Table:
    """The table that these facts make, with the lines of which something is reported."""
    figures = {key: fact.amount for key, fact in facts.items()}
    return _held_lines(table_of(names.heads, figures, [reason.code for reason in names.reasons]))


def _held_lines(table: Table) -> Table:
    """The table without the lines of which nothing is reported; a heading without numbers stays."""
    heads = (
        Row(
            row.head, row.spend, row.variance, row.by_reason, row.change,
            tuple(line for line in row.lines if line.has_numbers), row.change_reported,
        )
        for row in table.heads
    )  # fmt: skip
    return Table(tuple(heads), table.total)


def _row(row: Row, level: str, facts: Facts, names: Names, slug: str) -> OutturnRow:
    head, line = (row.head.parent, row.head.code) if row.head.parent else (row.head.code, "")
    key = variance_key(Measure.NET, head, line)
    fact = facts.get(key, Fact(None))
    limit = None if level == "total" else names.limits.get(key, THRESHOLD)
    keys = {f"{s}_{m}": spend_key(m, s, head) for s in Side for m in Measure} if level != "line" else {}
    keys |= {f"variance_{m}": variance_key(m, head, line) for m in Measure}
    symbols = {column: facts[key].symbol for column, key in keys.items() if key in facts and facts[key].symbol}
    is_large = limit is not None and is_significant(row.net, limit)
    return OutturnRow(row, slug, level, is_large, limit, fact.commentary, fact.cited, symbols)


# Beside it


def changes_since(now: Outturn, book: Book, period: quarters.Quarter) -> tuple[ChangeRow, ...]:
    """The changes since the quarter before, where it is held and in the same financial year: figures of the year to
    date begin anew with a year. No query."""
    previous = period.previous()
    if quarters.financial_year_of(previous.end_on) != quarters.financial_year_of(period.end_on):
        return ()
    before = table_in(facts_in(book, previous.slug), now.names)
    reasons = {reason.code: reason.name for reason in now.names.reasons}
    return changes(now.table, before, reasons, period.label, previous.label)


def beside(book: Book, names: Names, period: quarters.Quarter) -> list[list[QuarterCell]]:
    """The net variances of the quarter and of up to four held before it, earliest first. No query."""
    held = [q for q in held_quarters(book) if q.end_on <= period.end_on][:QUARTERS_BESIDE]
    return [quarter_cells(table_in(facts_in(book, q.slug), names), q.slug, q.label) for q in reversed(held)]


def kept_verdicts(partnership: Partnership, outturn: Outturn) -> Kept | None:
    """What the checks of the published papers say of the table as it is printed; None where any number of a heading
    differs from a paper's, or stands in several places. One query, or none."""
    figures = [fact for key, fact in outturn.facts.items() if key.partition("/")[0] in _OF_TABLE and "line=" not in key]
    places = {(fact.source, fact.paragraph) for fact in figures}
    if len(places) != 1 or not all(fact.is_as_printed for fact in figures):
        return None
    (source, paragraph) = next(iter(places))
    report = source.removeprefix("report ")
    rows = ReportCheck.objects.filter(partnership=partnership, report=report, paragraph=paragraph)
    counts = Counter(
        outcome
        for outcome, parts in rows.values_list("outcome", "places")
        if all((part["report"], part["paragraph"]) == (report, paragraph) for part in parts)
    )
    return Kept(cited(source, paragraph), report, counts) if counts else None
