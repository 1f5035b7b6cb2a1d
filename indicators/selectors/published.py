"""Reads what was published: frozen tables as they were told, and the same rows worked out again from what is pinned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from indicators.models import PublishedFigure, PublishedTable
from indicators.protection import protected_row
from indicators.published_table import WITH_VARIATION, WRITERS, canonical_csv, facts_from
from indicators.restated import RESTATED_TABLE
from indicators.scorecard import ScorecardRow, build_row
from indicators.selectors.scorecards import held_by_series, line_of, period_of
from indicators.table_spec import TableSpec
from indicators.variation import seen

Kind = PublishedTable.Kind


@dataclass(frozen=True)
class FrozenTable:
    """A published table as it was told: its columns, and each row's cells and values by field name."""

    table: PublishedTable
    spec: TableSpec[Any]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def csv(self) -> bytes:
        """The canonical bytes."""
        return canonical_csv(self.table.header, self.cells)


def spec_of(table: PublishedTable) -> TableSpec[Any]:
    """The columns of the version that the table was written in."""
    return RESTATED_TABLE if table.kind == Kind.RESTATED else WRITERS[table.format_version]


def frozen_table(table: PublishedTable, spec: TableSpec[Any] | None = None) -> FrozenTable:
    """The stored rows of a published table; `spec` for a table of another app. One query."""
    spec = spec or spec_of(table)
    cells = tuple(tuple(row) for row in table.rows.order_by("order").values_list("cells", flat=True))
    return FrozenTable(table, spec, cells, tuple(spec.values_from_csv(table.header, row) for row in cells))


def rebuilt_rows(table: PublishedTable) -> list[ScorecardRow]:
    """The rows of a published scorecard worked out again from the pinned revisions, definitions, targets and facts.

    Two queries. The table must be a scorecard.
    """
    if table.period is None:
        raise ValueError("Only a scorecard of a period can be worked out again.")
    period = period_of(table.period)
    held = held_by_series(
        PublishedFigure.objects.filter(table=table),
        series="figure__series_id", of="figure__", prefix="figure__",
    )  # fmt: skip
    related = ("line__series__indicator", "line__series__slice", "line__theme", "version", "target")
    rows = []
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
        rows.append(rebuilt)
    return rows


def rebuilt_csv(table: PublishedTable) -> bytes:
    """The canonical bytes of a published scorecard, worked out again by the writer of its version."""
    spec = spec_of(table)
    return canonical_csv(spec.header, spec.csv_rows(rebuilt_rows(table)))
