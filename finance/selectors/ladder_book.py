"""Reads what the care ladder is made of: rungs, approved figures, and what papers say about them. Constant queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import Http404

from finance.care_ladder import NOT_REPORTED, Group, Standing
from finance.care_ladder import Rung as LadderRung
from finance.ladder_lines import NOTHING, Fact
from finance.models import Rung
from indicators import quarters
from indicators.balance import break_between
from indicators.models import Partnership, SourceDocument, Statement
from indicators.phrases import cited
from indicators.quarters import Period, Quarter
from indicators.selectors.books import Book, SliceInfo, book_of

IN_CARE = "care-at-end"
AT_END, STARTED, ENDED, PLANNED = "placements-at-end", "placements-started", "placements-ended", "placements-planned"
NIGHTS, SPEND, PAID_FOR = "care-nights", "placement-spend", "placement-children"
COST, COST_AT_END = "placement-cost-a-year", "placement-cost-at-end"
SHARE, SHARE_PLANNED = "ifa-share-of-foster", "ifa-share-planned"
PACKAGES, PACKAGES_16 = "high-cost-packages", "sixteen-plus-packages"
LOWEST, HIGHEST = "package-weekly-cost-lowest", "package-weekly-cost-highest"
UNACCOMPANIED, VARIANCE = "uasc-added", "variance-net"
COVID_COST, COVID_FUNDING = "covid-cost", "covid-funding"
NEEDS_BLOCK, CONTRIBUTION = "high-needs-block-funding", "fund-contribution"
OF_THE_LADDER = (AT_END, STARTED, ENDED, PLANNED, NIGHTS, SPEND, COST_AT_END)
CODES = (
    IN_CARE, *OF_THE_LADDER, PAID_FOR, COST, SHARE, SHARE_PLANNED, PACKAGES, PACKAGES_16, LOWEST, HIGHEST,
    UNACCOMPANIED, VARIANCE, COVID_COST, COVID_FUNDING, NEEDS_BLOCK, CONTRIBUTION,
)  # fmt: skip
RUNG, GROUP = "rung", "rung-group"


@dataclass(frozen=True)
class Said:
    """What a paper says of a figure of the ladder, or this project sums up of it."""

    figure: str
    period: str
    about: str
    is_summary: bool
    text: str
    value: Decimal | None
    source: str

    @property
    def clause(self) -> str:
        """The text without its full stop, to stand before its place."""
        return self.text.rstrip(".")


@dataclass(frozen=True)
class Sources:
    """The rungs and groups of a partnership, its approved figures, and what is said of them."""

    book: Book
    rungs: tuple[LadderRung, ...]
    groups: tuple[Group, ...]
    notes: dict[str, str]
    said: tuple[Said, ...]

    def fact(self, code: str, slug: str, key: str = "") -> Fact:
        """A figure as the page shows it; nothing where none is approved."""
        held = self.book.held(code, slug, key)
        if held is None:
            return NOTHING
        measured = held.measured
        return Fact(
            value=measured.number(self.book.unit(code, held.start_on)),
            quantum=measured.quantum,
            qualifier=measured.qualifier,
            missing=measured.missing_reason.value if measured.missing_reason else "",
            figure=figure_of(code, key),
            period=held.slug,
            label=held.label,
            as_at=held.as_at_on,
            source=held.cited,
            queries=len(self.book.queries_of(code, slug, key)),
        )

    def ending(self, code: str, period: Period, key: str) -> Fact:
        """The figure of the period, else the latest of a longer or shorter stretch that ends on the same day."""
        own = self.fact(code, period.slug, key)
        if own.is_there:
            return own
        held = self.book.figures.get((code, key), {}).values()
        same = sorted((h for h in held if h.end_on == period.end_on), key=lambda h: h.start_on)
        return self.fact(code, same[-1].slug, key) if same else NOTHING

    def opening(self, code: str, period: Period, key: str) -> Fact:
        """What the period began with: the figure of the period before, else what is worked out of a paper's words.
        Nothing where the series has been counted in another way since."""
        before = period.previous()
        if break_between(before.end_on, period.end_on, self.book.breaks.get((code, key), ())) is not None:
            return NOTHING
        fact = self.fact(code, before.slug, key)
        if fact.is_there:
            return fact
        for said in self.said_of(code, key, before.slug, "value"):
            if said.value is not None:
                how = said.clause if said.is_summary else ""
                return Fact(said.value, worked_out=how, figure=said.figure, label=before.label, source=said.source)
        return NOTHING

    def said_of(self, code: str, key: str, slug: str, about: str) -> list[Said]:
        """What is said about a figure of a period."""
        figure = figure_of(code, key)
        return [s for s in self.said if (s.figure, s.period, s.about) == (figure, slug, about)]

    def slices(self, code: str, *dimensions: str) -> list[SliceInfo]:
        """The parts of an indicator by these dimensions."""
        return self.book.parts(code, sorted(dimensions))

    @property
    def ladder_codes(self) -> tuple[str, ...]:
        """Groups and rungs in care and outside it, a group before its rungs."""
        found: dict[str, None] = {}
        for rung in self.rungs:
            if rung.group:
                found.setdefault(rung.group)
            found.setdefault(rung.code)
        return tuple(found)

    def key_of(self, code: str) -> str:
        """The slice of a rung or group."""
        return f"{GROUP if code in {g.code for g in self.groups} else RUNG}={code}"

    def name_of(self, code: str) -> str:
        """The name of a rung or group."""
        named = {g.code: g.name for g in self.groups} | {r.code: r.name for r in self.rungs}
        return named.get(code, code)


def figure_of(code: str, key: str) -> str:
    """A figure as files name it: "placements-at-end/rung=x"."""
    return f"{code}/{key}" if key else code


def sources_of(partnership: Partnership) -> Sources:
    """Everything approved that the ladder is made of. Ten queries, whatever is held."""
    rows = list(Rung.objects.filter(partnership=partnership).select_related("category", "group"))
    groups = {r.group.code: Group(r.group.code, r.group.name) for r in rows if r.group is not None}
    rungs = tuple(
        LadderRung(
            r.category.code, r.category.name, r.order, Standing(r.standing), r.group.code if r.group is not None else ""
        )
        for r in rows
    )
    book = book_of(partnership, CODES, sees_protected=False)
    notes = {r.category.code: r.note for r in rows}
    return Sources(book, rungs, tuple(groups.values()), notes, _said(partnership))


def _said(partnership: Partnership) -> tuple[Said, ...]:
    found = Statement.objects.filter(partnership=partnership, series__indicator__code__in=CODES)
    found = found.select_related("series__indicator", "series__slice", "period", "text", "source").order_by("pk")
    return tuple(
        Said(
            figure=figure_of(s.series.indicator.code, s.series.slice.key) if s.series else "",
            period=s.period.slug if s.period else "",
            about=s.about,
            is_summary=s.kind == Statement.Kind.SUMMARY,
            text=s.text.body,
            value=s.value,
            source=cited(str(s.source), s.paragraph),
        )
        for s in found
    )


def code_in(info: SliceInfo, dimension: str) -> str:
    """The category that a part takes in a dimension; the code of what is not stated as the ladder has it."""
    found = next(c for c in info.categories if c.dimension == dimension)
    return NOT_REPORTED if found.is_not_stated else found.code


def name_in(info: SliceInfo, dimension: str) -> str:
    """The name of that category."""
    return next(c.name for c in info.categories if c.dimension == dimension)


# Periods


def periods_of(sources: Sources) -> list[Quarter]:
    """The quarters for which a figure of the ladder is held, the latest first."""
    slugs = {
        slug
        for (code, key), by_slug in sources.book.figures.items()
        if code in OF_THE_LADDER or (code == VARIANCE and key)
        for slug in by_slug
    }
    found = [period for period in map(quarters.parse, slugs) if isinstance(period, Quarter)]
    return sorted(found, key=lambda p: p.end_on, reverse=True)


def period_asked(sources: Sources, wanted: str = "", today: date | None = None) -> Quarter | None:
    """The quarter that an address names, else the latest up to today with placements, else the latest of all; None
    where nothing is held. Raises Http404 for what names no quarter."""
    if wanted:
        try:
            period = quarters.parse(wanted)
        except quarters.PeriodTextError as error:
            raise Http404(str(error)) from error
        if not isinstance(period, Quarter) or period.slug != wanted:
            raise Http404("The care ladder is shown for a quarter.")
        return period
    held = periods_of(sources)
    counted = {slug for (code, _), by_slug in sources.book.figures.items() if code == AT_END for slug in by_slug}
    full = [p for p in held if p.slug in counted and (today is None or p.end_on <= today)]
    return next(iter((*full, *held)), None)


def year_after(period: Period) -> quarters.FinancialYear:
    """The financial year in which the day after the period lies: what its end would cost from then on."""
    return quarters.financial_year_of(period.end_on + timedelta(days=1))


def papers(facts: Iterable[Fact], said: Iterable[Said] = ()) -> list[str]:
    """The papers that figures are from, by their titles and who gave them out. One query."""
    named = {x.source.partition(" §")[0] for x in (*facts, *said)} - {""}
    held = {str(paper): paper for paper in SourceDocument.objects.all()}
    found = [(name, held.get(name)) for name in sorted(named)]
    return [f"{name}: {paper.title} ({paper.body})" if paper else name for name, paper in found]
