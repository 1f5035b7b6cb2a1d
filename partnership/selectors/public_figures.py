"""Reads single figures and definitions out of public tables, each figure as the last public pack tells it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from indicators import quarters
from indicators.models import IndicatorVersion, PublishedRow, PublishedTable
from indicators.rag import MissingReason
from indicators.selectors.published import repeats, spec_of
from partnership.selectors.public_data import PublicTable, now_of

Kind = PublishedTable.Kind


@dataclass(frozen=True)
class Place:
    """Which figure it is, whoever tells it."""

    partnership: str
    scorecard: str
    indicator: str
    slice: str
    start_on: date
    end_on: date
    period: str


@dataclass(frozen=True)
class FigureFilter:
    """Which figures are asked for; None for all. `as_reported` are the packs whose own words are asked for."""

    indicator: str | None = None
    slice: str | None = None
    scorecard: str | None = None
    period_from: quarters.Period | None = None
    period_to: quarters.Period | None = None
    carried_by: Collection[int] | None = None
    as_reported: Collection[int] | None = None

    def passes(self, place: Place) -> bool:
        """Whether the figure is among them, packs left aside."""
        return (
            self.indicator in {None, place.indicator}
            and self.slice in {None, place.slice}
            and self.scorecard in {None, place.scorecard}
            and (self.period_from is None or place.start_on >= self.period_from.start_on)
            and (self.period_to is None or place.end_on <= self.period_to.end_on)
        )


@dataclass(frozen=True)
class Statement:
    """That a row of a public table tells a figure; `values` are those of a committee table, by name, once read;
    `instead`: what a pack told exactly of the same revision before this one rounded it."""

    place: Place
    table: PublicTable
    row: int
    values: Mapping[str, Any] | None = None
    revision: str = ""
    instead: "Statement | None" = None

    @property
    def is_rounded(self) -> bool:
        """Whether its pack rounds counts."""
        return bool(self.table.of.status.rounded_to)

    @property
    def order(self) -> tuple[datetime, int, bool]:
        """Which of two statements is the later one; a pack's scorecard before its list of restated figures."""
        return (self.table.of.published_at, self.table.pack.pk, self.table.table.kind == Kind.SCORECARD)


def in_range(one: PublicTable, period_from: quarters.Period | None, period_to: quarters.Period | None) -> bool:
    """Whether the table's period lies between the two; a table without a period only where none is asked."""
    period = one.table.period
    if period is None:
        return period_from is None and period_to is None
    return (period_from is None or period.start_on >= period_from.start_on) and (
        period_to is None or period.end_on <= period_to.end_on
    )


def every_statement(tables: Sequence[PublicTable], asked: FigureFilter) -> list[Statement]:
    """Each time that a figure asked for was told, by a scorecard or a list of restated figures; in no order. Values of
    scorecards are not read yet. Packs are left aside. Two queries."""
    scorecards = [t for t in tables if t.table.kind == Kind.SCORECARD and _may_hold(t, asked)]
    lists = [t for t in tables if t.table.kind == Kind.RESTATED]
    return [*_of_scorecards(scorecards, asked), *_of_lists(lists, asked)]


def statements_of(tables: Sequence[PublicTable], asked: FigureFilter) -> list[Statement]:
    """The figures asked for, each once as it was told last, or as one pack told it; in the order of partnership,
    scorecard, indicator, part and period. Values are not read yet. Two queries."""
    scorecards = [t for t in tables if t.table.kind == Kind.SCORECARD and _may_hold(t, asked)]
    found = list(_of_scorecards(scorecards, asked))
    carried = {s.place for s in found if asked.carried_by is not None and s.table.pack.pk in asked.carried_by}
    if asked.as_reported is not None:
        found = [s for s in found if s.table.pack.pk in asked.as_reported]
    else:
        found += _of_lists([t for t in tables if t.table.kind == Kind.RESTATED], asked)
    latest: dict[Place, Statement] = {}
    for one in sorted(found, key=lambda s: s.order):
        latest[one.place] = _after(latest.get(one.place), one)
    kept = [s for place, s in latest.items() if asked.carried_by is None or place in carried]
    return sorted(kept, key=_in_order)


def _after(held: Statement | None, one: Statement) -> Statement:
    """The later statement; a rounded one keeps the exact one of the same revision beside it."""
    exact = held.instead or held if held is not None else None
    if exact is None or not one.is_rounded or exact.is_rounded or exact.revision != one.revision:
        return one
    return replace(one, instead=exact)


def _in_order(one: Statement) -> tuple[Any, ...]:
    place = one.place
    return (place.partnership, place.scorecard, place.indicator, place.slice, place.start_on, place.end_on)


def _may_hold(one: PublicTable, asked: FigureFilter) -> bool:
    code = one.table.scorecard.code if one.table.scorecard else None
    return asked.scorecard in {None, code} and in_range(one, asked.period_from, asked.period_to)


def _of_scorecards(tables: Sequence[PublicTable], asked: FigureFilter) -> Iterable[Statement]:
    """What scorecards tell, by the natural keys of their rows. One query."""
    by_pk = {one.table.pk: one for one in tables}
    rows = PublishedRow.objects.filter(table__in=by_pk)
    if asked.indicator is not None:
        rows = rows.filter(key__contains=f"/{asked.indicator}/")
    for pk, key, table in rows.values_list("pk", "key", "table"):
        one = by_pk[table]
        period, scorecard = one.table.period, one.table.scorecard
        partnership, indicator, part, _, *revision = key.split("/")
        if period is None or scorecard is None:
            continue
        part = "" if part == "whole" else part
        place = Place(partnership, scorecard.code, indicator, part, period.start_on, period.end_on, period.slug)
        if asked.passes(place):
            yield Statement(place, one, pk, revision="".join(revision))


def _of_lists(tables: Sequence[PublicTable], asked: FigureFilter) -> list[Statement]:
    """What lists of restated figures tell. One query."""
    by_pk = {one.table.pk: one for one in tables}
    found = []
    for pk, table, cells in PublishedRow.objects.filter(table__in=by_pk).values_list("pk", "table", "cells"):
        one = by_pk[table]
        if repeats(one.table, cells, one.of.closed):
            continue
        values = now_of(spec_of(one.table).values_from_csv(one.table.header, cells))
        period = quarters.parse(values["period"])
        place = Place(
            one.partnership.slug, values["scorecard"], values["indicator"], values["slice"], period.start_on,
            period.end_on, values["period"],
        )  # fmt: skip
        if asked.passes(place):
            found.append(Statement(place, one, pk, values))
    return found


def with_values(statements: Sequence[Statement]) -> list[Statement]:
    """The same with what their rows say; in place of a rounded one the exact one, unless that hid the figure. One
    query."""
    both = [*statements, *(one.instead for one in statements if one.instead is not None)]
    unread = [one.row for one in both if one.values is None]
    cells = dict(PublishedRow.objects.filter(pk__in=unread).values_list("pk", "cells")) if unread else {}
    return [_told(one, cells) for one in statements]


def _told(one: Statement, cells: Mapping[int, list[str]]) -> Statement:
    if one.instead is not None:
        exact = _read(one.instead, cells[one.instead.row])
        if exact.values is not None and exact.values["symbol"] != MissingReason.CONFIDENTIAL:
            return exact
    return one if one.values is not None else _read(one, cells[one.row])


def _read(one: Statement, cells: list[str]) -> Statement:
    values = spec_of(one.table.table).values_from_csv(one.table.table.header, cells)
    return replace(one, values=values, instead=None)


def packs_named(tables: Iterable[PublicTable], code: str) -> set[int]:
    """The packs with that code."""
    return {one.pack.pk for one in tables if one.pack.code == code}


def published_definitions(
    tables: Sequence[PublicTable], *, indicator: str | None, scorecard: str | None
) -> list[IndicatorVersion]:
    """The definitions that rows of these tables rest on, each version once, by code and number. One query."""
    pks = [
        one.table.pk for one in tables if scorecard in {None, one.table.scorecard.code if one.table.scorecard else None}
    ]
    rows = PublishedRow.objects.filter(table__in=pks, version__isnull=False)
    found = IndicatorVersion.objects.filter(pk__in=rows.values("version")).select_related("indicator", "valid_from")
    if indicator is not None:
        found = found.filter(indicator__code=indicator)
    return list(found.order_by("indicator__code", "number"))
