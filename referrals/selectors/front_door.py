"""Reads the pathway of a period: its stages, the steps and rates between them, and what is broken down by what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count
from django.http import Http404

from indicators import quarters
from indicators.balance import break_between
from indicators.models import CurrentFigure, Figure, Partnership, SourceDocument
from indicators.scorecard import ScorecardRow
from indicators.selectors.books import Book, book_of
from referrals import pathway
from referrals.pathway import Flows, conversions, flows_of
from referrals.rate_table import RateRow, rate_rows
from referrals.related import pathway_codes
from referrals.selectors.standing import amount_in, breaks_of, opening_amount, row_in
from referrals.stage_table import StageRow, has_indicator
from referrals.stages import LINKS, STAGES, Stage
from referrals.stock_flow import StockFlow, stock_flow
from referrals.volumes import Volume, WhatChanged, what_changed

# A period tells something of the pathway when this many indicators have a figure in it.
ENOUGH = 3
_KINDS = (quarters.Quarter.kind, quarters.FinancialYear.kind, quarters.Month.kind)
_EARLIER = {
    "month": "the same month last year", "quarter": "the same quarter last year", "financial_year": "the year before",
}  # fmt: skip
# The stages whose inflow a page speaks of first, and what is counted there, in the plural.
LEADS = (("referral", "referrals"), ("contact", "contacts"), ("early-help-referral", "early help referrals"))


def demand_book(partnership: Partnership, codes: Iterable[str] = (), *, sees_protected: bool = False) -> Book:
    """Every approved figure of these indicators, else of all of the pathway. At most eight queries."""
    return book_of(partnership, codes or pathway_codes(), sees_protected=sees_protected)


def held_periods(book: Book) -> list[quarters.Period]:
    """The months, quarters and years for which any figure is held, the latest first."""
    found = [quarters.parse(held.slug) for held in book.periods()]
    return [period for period in found if period.kind in _KINDS]


def named_period(wanted: str) -> quarters.Period:
    """The month, quarter or year that an address names, whether or not anything is held for it. Raises Http404."""
    try:
        period = quarters.parse(wanted)
    except quarters.PeriodTextError as error:
        raise Http404(str(error)) from error
    if period.kind not in _KINDS or period.slug != wanted:
        raise Http404("This page is shown for a month, a quarter or a financial year.")
    return period


def usual_period(partnership: Partnership, today: date) -> quarters.Period | None:
    """The latest quarter up to today with figures enough, else the latest such year or month, else the latest of all;
    None where nothing is held. One query."""
    figures = CurrentFigure.objects.filter(
        approved__isnull=False,
        series__partnership=partnership,
        series__slice__key="",
        series__indicator__code__in=pathway_codes(),
        period__kind__in=_KINDS,
    )
    counted = figures.values_list("period__slug").annotate(number=Count("pk")).order_by("-period__end_on")
    held = [(quarters.parse(slug), number) for slug, number in counted]
    told = [period for period, number in held if period.end_on <= today and number >= ENOUGH]
    ordered = sorted(told, key=lambda p: _KINDS.index(p.kind))
    return next(iter((*ordered, *(period for period, _ in held))), None)


@dataclass(frozen=True)
class Pathway:
    """The pathway in a period; `flows`, `rates` and `stock` as their own modules give them."""

    period: quarters.Period
    rows: tuple[StageRow, ...]
    flows: Flows
    rates: tuple[RateRow, ...]
    stock: StockFlow
    lead: str
    sources: tuple[str, ...]

    @property
    def has_numbers(self) -> bool:
        """Whether any stage has a number in the period."""
        return any(row.has_number for row in self.rows)


def pathway_in(book: Book, period: quarters.Period) -> Pathway:
    """Everything that the overview of a period says. One query where a stage does not reconcile."""
    rows = {
        code: row
        for stage in STAGES
        for code in (stage.inflow, stage.outflow, stage.stock)
        if code and (row := row_in(book, code, period)) is not None
    }
    stock = _stock_flow(book, period, rows)
    balances = {one.stage.code: one.result for one in stock.stages}
    explained = _explanations(rows[one.stage.stock] for one in stock.do_not_reconcile)
    stages = [
        StageRow(
            stage,
            period.slug,
            inflow=rows.get(stage.inflow),
            stock=rows.get(stage.stock),
            outflow=rows.get(stage.outflow),
            volume=changed(book, stage, period),
            balance=balances.get(stage.code),
            explanation=explained.get(stage.stock, ""),
            earlier=_earlier(book, stage, period),
        )
        for stage in STAGES
        if has_indicator(stage)
    ]
    values = _values(book, period)
    queries = {code: row.queries for code in pathway_codes() if (row := row_in(book, code, period)) is not None}
    sources = {row.held.source for row in rows.values() if row.held and row.held.source}
    return Pathway(
        period=period,
        rows=tuple(stages),
        flows=flows_of(values),
        rates=tuple(rate_rows(conversions(values), period.slug, queries)),
        stock=stock,
        lead=lead_sentence(book, period),
        sources=tuple(sorted(sources)),
    )


def _explanations(closing: Iterable[ScorecardRow]) -> dict[str, str]:
    """The reasons that were given for stocks which their flows do not explain, by indicator. One query at most."""
    figures = {row.held.figure_id: row.line.code for row in closing if row.held and row.held.figure_id}
    if not figures:
        return {}
    given = Figure.objects.filter(pk__in=figures, keep_reason__isnull=False)
    return {figures[pk]: body for pk, body in given.values_list("pk", "keep_reason__body")}


def _earlier(book: Book, stage: Stage, period: quarters.Period) -> dict[str, Decimal | None]:
    """The stage's numbers a year earlier."""
    then = period.same_period_last_year()
    codes = {"in": stage.inflow, "stock": stage.stock, "out": stage.outflow}
    rows = {name: row_in(book, code, then) for name, code in codes.items() if code}
    return {name: row.number if row else None for name, row in rows.items()}


def _stock_flow(book: Book, period: quarters.Period, rows: dict[str, ScorecardRow]) -> StockFlow:
    stocks = [stage.stock for stage in STAGES if stage.stock]
    opened = period.previous().end_on
    broken = {code: break_between(opened, period.end_on, breaks_of(book, code)) for code in stocks}
    return stock_flow(
        {code: opening_amount(book, code, period) for code in stocks},
        {code: amount_in(row) for code, row in rows.items()},
        breaks={code: day for code, day in broken.items() if day is not None},
        names={code: row.line.name for code, row in rows.items()},
    )


def _values(book: Book, period: quarters.Period) -> dict[str, Decimal | None]:
    """The numbers that links and rates ask for, by "indicator" or "indicator/slice"; limits are no numbers."""
    wanted = set(pathway_codes()) | {figure for link in LINKS for figure in (link.figure, link.less) if figure}
    values: dict[str, Decimal | None] = {}
    for figure in wanted:
        code, _, key = figure.partition("/")
        row = row_in(book, code, period, key)
        is_limit = row is not None and row.held is not None and row.held.measured.qualifier in {"<", ">"}
        values[figure] = None if row is None or is_limit else row.number
    return values


def volume_of(row: ScorecardRow | None, period: quarters.Period) -> Volume:
    """What came in or went out in a period, as `referrals.volumes` takes it."""
    if row is None or row.held is None:
        return Volume(period.start_on, period.end_on, None)
    return Volume(period.start_on, period.end_on, row.number, row.held.measured.qualifier)


def changed(book: Book, stage: Stage, period: quarters.Period, what: str = "") -> WhatChanged | None:
    """What has changed at a stage's inflow, or its outflow, since a year earlier; None for one that counts neither."""
    code = stage.inflow or stage.outflow
    row = row_in(book, code, period) if code else None
    if row is None:
        return None
    then = period.same_period_last_year()
    now, before = volume_of(row, period), volume_of(row_in(book, code, then), then)
    return what_changed(now, before, what or row.line.name.lower(), _EARLIER[period.kind], breaks_of(book, code))


def papers(sources: Iterable[str]) -> list[str]:
    """The papers by their titles and who gave them out. One query."""
    named = dict.fromkeys(sources)
    held = {str(paper): paper for paper in SourceDocument.objects.all()} if named else {}
    found = [(name, held.get(name)) for name in named]
    return [f"{name}: {paper.title} ({paper.body})" if paper else name for name, paper in found]


@dataclass(frozen=True)
class Lead:
    """What the home page says of the front door."""

    period: quarters.Period
    sentence: str


def lead_of(partnership: Partnership, today: date) -> Lead | None:
    """What has changed at the front door, in the period that its page opens with; None where nothing is held. At most
    nine queries."""
    period = usual_period(partnership, today)
    if period is None:
        return None
    codes = [pathway.stage(code).inflow for code, _ in LEADS]
    sentence = lead_sentence(demand_book(partnership, codes), period)
    return Lead(period, sentence or f"Figures are held for {period.label}; none of what comes in.")


def lead_sentence(book: Book, period: quarters.Period) -> str:
    """What has changed at the front door since a year earlier; empty where nothing that comes in is reported."""
    for code, what in LEADS:
        stage = pathway.stage(code)
        row = row_in(book, stage.inflow, period)
        if row is not None and row.number is not None:
            told = changed(book, stage, period, what)
            return told.sentence if told else ""
    return ""
