"""Reads which figures tables tell: those that are to be published, and those that were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from indicators import quarters
from indicators.models import PublishedFigure, PublishedRow, PublishedTable
from indicators.protection import Hiding, Printed, hiding_from, told_in
from indicators.published_table import facts_from
from indicators.questions import question
from indicators.scorecard import Held, Line
from indicators.selectors.scorecards import Gathered, held_by_series, held_of, line_of, period_of, rests_on
from indicators.told import Told


@dataclass(frozen=True)
class ToldBefore:
    """A figure that a published table tells, and whether it shows it exactly; else what it printed rounded to multiples
    of `base`, if it did not hide it."""

    told: Told
    is_shown: bool
    printed: Printed | None = None
    base: int = 0


def told_by(gathered: Iterable[Gathered], period: quarters.Period, table: str) -> list[Told]:
    """The figures that these rows tell or compare with. `table`: what the table is called."""
    found = []
    for g in gathered:
        figures = {held.slug: held for held in rests_on(g)}
        found += [Told(g.row.line, held, table) for held in told_in(g.row.line, period, figures, g.row.breaks)]
    return found


def told_before(tables: Sequence[tuple[str, PublishedTable]]) -> list[ToldBefore]:
    """The figures that published tables for everybody tell, each table by what it is called. One query, and one for
    each table."""
    names = {table.pk: (name, table) for name, table in tables}
    if not names:
        return []
    pins = {
        pk: held_by_series(
            PublishedFigure.objects.filter(table=pk), series="figure__series_id", of="figure__", prefix="figure__"
        )
        for pk in names
    }
    found = []
    for row in _rows(list(names)):
        name, table = names[row.table_id]
        if row.line is not None and row.version is not None and table.period is not None:
            found += _of_row(row, name, period_of(table.period), pins[row.table_id])
        elif row.line is not None and row.version is not None and row.figure is not None:
            line = line_of(row.line, row.version, row.target)
            told = Told(line, held_of(row.figure), name)
            found.append(_before(told, hiding_from(row.facts | {"periods": row.facts.get("hidden", ())})))
    return found


@question
def _rows(tables: list[int]) -> QuerySet[PublishedRow]:
    related = (
        "line__series__indicator", "line__series__slice", "line__theme", "version", "target", "figure__period",
        "figure__headline", "figure__commentary", "figure__source", "figure__in_return", "figure__reason",
    )  # fmt: skip
    return PublishedRow.objects.filter(table__in=tables).select_related(*related).order_by("table", "order")


def _before(told: Told, hiding: Hiding) -> ToldBefore:
    slug = told.held.slug
    printed = None if slug in hiding.periods else hiding.rounded.get(slug)
    return ToldBefore(told, slug not in hiding.periods and printed is None, printed, hiding.base)


def _of_row(
    row: PublishedRow, name: str, period: quarters.Period, pins: dict[int, dict[str, Held]]
) -> list[ToldBefore]:
    assert row.line is not None  # noqa: S101
    assert row.version is not None  # noqa: S101
    facts = facts_from(row.facts)
    hiding = facts.hiding or Hiding()
    line: Line = facts.applied_to(line_of(row.line, row.version, row.target))
    breaks: Sequence[date] = facts.breaks
    figures = pins.get(row.line.series_id, {})
    return [_before(Told(line, held, name), hiding) for held in told_in(line, period, figures, breaks)]
