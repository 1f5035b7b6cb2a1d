"""Freezes tables: rows, and the exact revisions they rest on. Only inside the publication's own transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from indicators import quarters
from indicators.models import Partnership, Period, PublishedFigure, PublishedRow, PublishedTable, Scorecard
from indicators.protection import Hiding
from indicators.published_table import (
    FORMAT_VERSION,
    RESTATED_VERSION,
    WRITERS,
    canonical_csv,
    digest,
    natural_key,
    row_facts,
)
from indicators.restated import RESTATED_TABLE, Restated
from indicators.selectors.scorecards import Gathered, ScorecardView, gathered_scorecard, protected, rests_on
from indicators.table_spec import TableSpec

# What each row leaves out, by indicator and slice, from the period of a table and its rows.
Hide = Callable[[quarters.Period, Sequence[Gathered]], Mapping[tuple[str, str], Hiding]]


def freeze_scorecard(
    *, scorecard: Scorecard, period: Period, audience: str, today: date, hide: Hide | None = None,
    left_out: Collection[tuple[str, str]] = (), found: tuple[ScorecardView, tuple[Gathered, ...]] | None = None,
) -> PublishedTable:  # fmt: skip
    """A scorecard of a period as it stands now, frozen: cells, facts, and every revision that a row was made from, with
    those that the limits of its control chart rest on. `hide`: what a table for everybody leaves out; None: the
    table is whole. `left_out`: rows that it is published without, by indicator and slice. `found`: the scorecard
    and its rows where they were gathered, with variation, in the same transaction."""
    view, gathered = found or gathered_scorecard(scorecard, period, today=today, with_variation=True)
    gathered = tuple(g for g in gathered if g.row.line.key not in left_out)
    hidings = None if hide is None else hide(view.period, gathered)
    if hidings is not None:
        gathered = tuple(protected(g, view.period, hidings[g.row.line.key]) for g in gathered)
    spec = WRITERS[FORMAT_VERSION]
    cells = [spec.csv_row(g.row) for g in gathered]
    table = PublishedTable.objects.create(
        partnership=scorecard.partnership,
        kind=PublishedTable.Kind.SCORECARD,
        scorecard=scorecard,
        period=period,
        label=f"{scorecard.name}, {view.period.long_label}",
        audience=audience,
        format_version=FORMAT_VERSION,
        header=spec.header,
        sha256=digest(canonical_csv(spec.header, cells)),
    )
    slug = scorecard.partnership.slug
    PublishedRow.objects.bulk_create(
        [
            _row(table, slug, order, g, row, None if hidings is None else hidings[g.row.line.key])
            for order, (g, row) in enumerate(zip(gathered, cells, strict=True), 1)
        ]
    )
    used = {held.figure_id for g in gathered for held in rests_on(g)}
    PublishedFigure.objects.bulk_create(
        [PublishedFigure(table=table, figure_id=pk) for pk in sorted(filter(None, used))]
    )
    return table


def _row(
    table: PublishedTable, slug: str, order: int, g: Gathered, cells: Sequence[str], hiding: Hiding | None
) -> PublishedRow:
    held = g.row.held
    return PublishedRow(
        table=table,
        order=order,
        key=natural_key(
            slug, g.row.line.code, g.row.line.slice, g.row.period, held.revision if held and held.figure_id else None
        ),
        cells=list(cells),
        facts=row_facts(g.row, g.unit_since, hiding),
        line=g.line,
        version=g.version,
        target=g.target,
        figure_id=held.figure_id if held else None,
    )


def freeze_restated(
    *, partnership: Partnership, rows: Sequence[tuple[Restated, Hiding]], audience: str
) -> PublishedTable:
    """The list of figures restated since they were reported, frozen as the next pack tells it, each with what is left
    out or rounded of it now."""
    cells = [RESTATED_TABLE.csv_row(row) for row, _ in rows]
    table = PublishedTable.objects.create(
        partnership=partnership,
        kind=PublishedTable.Kind.RESTATED,
        label="Figures restated since they were reported",
        audience=audience,
        format_version=RESTATED_VERSION,
        header=RESTATED_TABLE.header,
        sha256=digest(canonical_csv(RESTATED_TABLE.header, cells)),
    )
    PublishedRow.objects.bulk_create(
        [
            PublishedRow(
                table=table, order=order, cells=row_cells,
                key=natural_key(partnership.slug, row.indicator, row.slice, row.period, None),
                facts=_restated_facts(hiding),
                line_id=row.line_id, version_id=row.version_id,
                figure_id=row.row.held.figure_id if row.row and row.row.held else None,
            )
            for order, ((row, hiding), row_cells) in enumerate(zip(rows, cells, strict=True), 1)
        ]
    )  # fmt: skip
    return table


def _restated_facts(hiding: Hiding) -> dict[str, Any]:
    facts = hiding.facts()
    hidden, _ = facts.pop("periods"), facts.pop("texts")
    return ({"hidden": hidden} if hidden else {}) | facts


def freeze_projection(
    *, partnership: Partnership, label: str, spec: TableSpec[Any], version: int, rows: Sequence[tuple[str, Any]],
    audience: str,
) -> PublishedTable:  # fmt: skip
    """A result that was kept, frozen as it is: rows of `spec`, of which `version` is the writer, each with its key."""
    cells = [spec.csv_row(row) for _, row in rows]
    table = PublishedTable.objects.create(
        partnership=partnership,
        kind=PublishedTable.Kind.PROJECTION,
        label=label[:200],
        audience=audience,
        format_version=version,
        header=spec.header,
        sha256=digest(canonical_csv(spec.header, cells)),
    )
    PublishedRow.objects.bulk_create(
        [
            PublishedRow(table=table, order=order, cells=row_cells, facts={}, key=key)
            for order, ((key, _), row_cells) in enumerate(zip(rows, cells, strict=True), 1)
        ]
    )
    return table
