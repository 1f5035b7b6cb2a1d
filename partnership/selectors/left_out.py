"""The rows of a pack for everybody, and which of them it is published without."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from indicators.models import Period, Scorecard
from indicators.questions import question
from indicators.restated import Restated
from indicators.selectors.scorecards import Gathered, ScorecardView, gathered_scorecard
from partnership.models import Pack, PackChoice, RowLeftOut

# Indicator and slice of a row; the table that it is of, and these.
Key = tuple[str, str]
Row = tuple[str, str, str]


@dataclass(frozen=True)
class Offered:
    """The rows of one table that a pack could be published without, each with what it is called."""

    table: str
    title: str
    rows: Mapping[Row, str]


@dataclass(frozen=True)
class Carries:
    """A scorecard in a period that a pack is to carry: what it is called in it, and all its rows as approved."""

    code: str
    scorecard: Scorecard
    period: Period
    view: ScorecardView
    gathered: tuple[Gathered, ...]


def everything_gathered(pack: Pack, *, today: date) -> list[Carries]:
    """The scorecards that a pack is to carry, rows that are left out included. One query, and eleven for each."""
    found = []
    for choice in _choices(pack.pk):
        view, gathered = gathered_scorecard(choice.scorecard, choice.period, today=today, with_variation=True)
        code = f"{choice.scorecard.code}-{choice.period.slug}"
        found.append(Carries(code, choice.scorecard, choice.period, view, gathered))
    return found


@question
def _choices(pack: int) -> QuerySet[PackChoice]:
    return PackChoice.objects.filter(pack=pack).select_related("scorecard__partnership", "period").order_by("order")


def rows_offered(pack: Pack, *, today: date) -> list[Offered]:
    """The rows of every table of a pack, those that are left out too, table by table."""
    return [
        Offered(
            one.code,
            f"{one.scorecard.name}, {one.view.period.long_label}",
            {(one.code, g.row.line.code, g.row.line.slice): g.row.line.name for g in one.gathered},
        )
        for one in everything_gathered(pack, today=today)
    ]


def left_out_of(pack: Pack) -> dict[str, frozenset[Key]]:
    """The rows that a pack is published without, by what their table is called in it. One query."""
    found: dict[str, set[Key]] = {}
    for table, indicator, part in _left_out(pack.pk):
        found.setdefault(table, set()).add((indicator, part))
    return {table: frozenset(keys) for table, keys in found.items()}


@question
def _left_out(pack: int) -> QuerySet[RowLeftOut, tuple[str, str, str]]:
    return RowLeftOut.objects.filter(pack=pack).order_by("pk").values_list("table", "indicator", "slice")


def without_left_out(pack: Pack, rows: Iterable[Restated]) -> tuple[Restated, ...]:
    """The restated figures that a pack tells: those of a row that it leaves out of any table are left out too. One
    query."""
    gone = {key for keys in left_out_of(pack).values() for key in keys}
    return tuple(one for one in rows if (one.indicator, one.slice) not in gone)
