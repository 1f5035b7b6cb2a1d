"""Reads what was published: frozen tables as they were told, and the same rows worked out again from what is pinned."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from indicators import quarters
from indicators.control import Control
from indicators.models import Audience, PublishedFigure, PublishedRow, PublishedTable
from indicators.protection import Hiding, confidential, protected_row, told_in
from indicators.published_table import WITH_VARIATION, WRITERS, Facts, canonical_csv, digest, facts_from
from indicators.questions import question
from indicators.restated import RESTATED_TABLE
from indicators.scorecard import Held, ScorecardRow, build_row
from indicators.selectors.scorecards import held_by_series, line_of, period_of
from indicators.table_spec import TableSpec
from indicators.trend import InForce, Trend, TrendBreak
from indicators.variation import seen, worded

Kind = PublishedTable.Kind


@dataclass(frozen=True)
class FrozenTable:
    """A published table as it was told: its columns, and each row's cells and values by field name. `left_out`: how
    many rows are not told any more."""

    table: PublishedTable
    spec: TableSpec[Any]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[Mapping[str, Any], ...]
    left_out: int = 0

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its bytes; that of the table as it was published unless rows are left out."""
        return digest(self.csv) if self.left_out else self.table.sha256

    @property
    def csv(self) -> bytes:
        """The canonical bytes."""
        return canonical_csv(self.table.header, self.cells)


def spec_of(table: PublishedTable) -> TableSpec[Any]:
    """The columns of the version that the table was written in."""
    return RESTATED_TABLE if table.kind == Kind.RESTATED else WRITERS[table.format_version]


def frozen_table(
    table: PublishedTable, spec: TableSpec[Any] | None = None, *, closed: Container[str] = ()
) -> FrozenTable:  # fmt: skip
    """The stored rows of a published table; `spec` for a table of another app. Of a list of restated figures without
    those that packs with the codes `closed` had told. One query."""
    spec = spec or spec_of(table)
    every = tuple(tuple(row) for row in table.rows.order_by("order").values_list("cells", flat=True))
    cells = tuple(row for row in every if not repeats(table, row, closed))
    rows = tuple(spec.values_from_csv(table.header, row) for row in cells)
    return FrozenTable(table, spec, cells, rows, len(every) - len(cells))


def repeats(table: PublishedTable, cells: Sequence[str], closed: Container[str]) -> bool:
    """Whether a row of a table tells what one of the packs with the codes `closed` had told."""
    return table.kind == Kind.RESTATED and cells[table.header.index("pack")] in closed


def rebuilt_rows(table: PublishedTable) -> list[ScorecardRow]:
    """The rows of a published scorecard worked out again from the pinned revisions, definitions, targets and facts.

    Two queries. The table must be a scorecard.
    """
    return [row for row, _, _ in _rebuilt(table)]


def _rebuilt(table: PublishedTable) -> Iterator[tuple[ScorecardRow, Facts, tuple[Held, ...]]]:
    """Each row of a published scorecard with its facts and the pinned figures of its series."""
    if table.period is None:
        raise ValueError("Only a scorecard of a period can be worked out again.")
    period = period_of(table.period)
    held = held_by_series(
        PublishedFigure.objects.filter(table=table),
        series="figure__series_id", of="figure__", prefix="figure__",
    )  # fmt: skip
    related = ("line__series__indicator", "line__series__slice", "line__theme", "version", "target")
    for row in table.rows.order_by("order").select_related(*related):
        if row.line is None or row.version is None:
            continue  # a row of no scorecard; the bytes will differ and say so
        facts = facts_from(row.facts)
        line = facts.applied_to(line_of(row.line, row.version, row.target))
        figures = held.get(row.line.series_id, {})
        rebuilt = build_row(
            line,
            period,
            figures,
            breaks=facts.breaks,
            queries=facts.queries,
            relief=facts.relief,
            issues=facts.issues,
        )
        if facts.hiding is not None:
            with_chart, since = table.format_version >= WITH_VARIATION, facts.unit_since
            rebuilt = protected_row(
                rebuilt, period, figures.values(), facts.hiding, charted=with_chart, since=since
            )  # fmt: skip
        elif table.format_version >= WITH_VARIATION:
            found = seen(rebuilt, period, figures.values(), since=facts.unit_since)
            rebuilt = replace(rebuilt, verdict=found.verdict)
        yield rebuilt, facts, tuple(figures.values())


def drawn_rows(table: PublishedTable) -> list[tuple[ScorecardRow, Trend, Control | None]]:
    """The rows of a published scorecard of which two numbers or more are pinned, each with the trend of these and its
    control chart; of a table for everybody, of what the row itself shows. Targets are drawn from the table's own period
    on, since those before it are not pinned.

    Nothing of a table for everybody from before small numbers were protected: its earlier figures were not looked at.
    Two queries.
    """
    if table.period is None or table.format_version < WITH_VARIATION:
        return []
    period = period_of(table.period)
    drawn = []
    for row, facts, figures in _rebuilt(table):
        if facts.hiding is None and table.audience == Audience.PUBLIC:
            continue
        told = list(figures) if facts.hiding is None else _for_everybody(row, period, figures, facts.hiding)
        found = seen(row, period, told, since=facts.unit_since)
        control = found.found if isinstance(found.found, Control) else None
        if len(found.trend.numbers) > 1:
            drawn.append((row, _printed(found.trend, row, period, control), control))
    return drawn


def _for_everybody(row: ScorecardRow, period: quarters.Period, figures: Sequence[Held], hiding: Hiding) -> list[Held]:
    """Of the figures those that the row itself tells or compares with, the hidden ones without number: what others
    give away was not looked at."""
    own = {held.slug for held in told_in(row.line, period, {held.slug: held for held in figures}, row.breaks)}
    return [confidential(h) if h.slug in hiding.periods else h for h in figures if h.slug in own]


def _printed(trend: Trend, row: ScorecardRow, period: quarters.Period, control: Control | None) -> Trend:
    """The trend with the words of all its figures, as it was known when it was published."""
    in_force = () if row.line.standard is None else (InForce(period.start_on, row.line.standard),)
    breaks = tuple(TrendBreak(day, f"{day:%B %Y}", "") for day in row.breaks)
    told = replace(trend, standards=in_force, breaks=breaks, also_drawn=control.values if control else ())
    return worded(told, every=True)


def rebuilt_csv(table: PublishedTable) -> bytes:
    """The canonical bytes of a published scorecard, worked out again by the writer of its version."""
    spec = spec_of(table)
    return canonical_csv(spec.header, spec.csv_rows(rebuilt_rows(table)))


# What a manifest names


@question
def rows_of(table: int) -> QuerySet[PublishedRow]:
    """The rows of a published table in order, with the definitions and targets that they were told by. One query."""
    found = PublishedRow.objects.filter(table=table).order_by("order")
    return found.select_related("version__indicator", "target__line__series__indicator")


@question
def pins_of(table: int) -> QuerySet[PublishedFigure]:
    """The revisions that a published table rests on, in no order. One query."""
    found = PublishedFigure.objects.filter(table=table).order_by()
    return found.select_related("figure__series__indicator", "figure__series__slice", "figure__period")
