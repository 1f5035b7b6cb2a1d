"""Whether the figures of a return add up with each other: stocks with their flows, and wholes with their parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, Q, QuerySet

from indicators.balance import (
    Amount,
    BalanceOutcome,
    BreakdownOutcome,
    added_up,
    amount_of,
    balance,
    break_between,
    breakdown,
    share_amount,
    shares,
)
from indicators.earlier import NO_PAST, Past
from indicators.measurement import Measured
from indicators.models import (
    Balance,
    CurrentFigure,
    Dimension,
    Indicator,
    IndicatorVersion,
    Period,
    ScorecardLine,
    SliceCategory,
    Sum,
    SumPart,
)
from indicators.questions import question
from indicators.units import Unit


class Due(Protocol):
    """A line of a return with its definition."""

    @property
    def line(self) -> ScorecardLine: ...

    @property
    def version(self) -> IndicatorVersion: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Reconciled:
    """A sum that figures of a return are in: the line that has to explain it, and what came out.

    `holds` is None where it could not be checked.
    """

    series_id: int
    name: str
    sentence: str
    holds: bool | None
    series: frozenset[int]

    @property
    def asks(self) -> str:
        """The sentence with what to do where it does not add up."""
        return f"{self.sentence} Correct a figure, or say here why it is right all the same."


def reconciled(
    lines: Sequence[Due], measured: Mapping[int, Measured | None], past: Mapping[int, Past], period: Period
) -> list[Reconciled]:
    """Every stock and every partition among these lines, with whether it adds up; in the order of the lines.

    `measured` holds what stands in each series now, `past` what was approved before. Three queries where nothing is to
    be added up; at most nine.
    """
    wholes = {due.line.series.indicator_id: due for due in lines if not due.line.series.slice.key}
    found = [
        *_balances(wholes, measured, past, period), *_partitions(lines, wholes, measured), *_sums(lines, measured)
    ]  # fmt: skip
    place = {due.line.series_id: number for number, due in enumerate(lines)}
    return sorted(found, key=lambda one: place[one.series_id])


def _balances(
    wholes: Mapping[int, Due], measured: Mapping[int, Measured | None], past: Mapping[int, Past], period: Period
) -> Iterable[Reconciled]:
    rules = _rules(list(wholes)) if wholes else []
    flows = {i.pk: i for rule in rules for i in (*rule.inflows.all(), *rule.outflows.all())}
    elsewhere = _elsewhere([pk for pk in flows if pk not in wholes], wholes, period)
    for rule in rules:
        due = wholes[rule.closing_id]
        unit, before = Unit(due.version.unit), past.get(due.line.series_id, NO_PAST)
        last = next((e for e in before.figures if e.back == 1), None)
        sides = []
        for side in (rule.inflows.all(), rule.outflows.all()):
            of_side = {}
            for indicator in side:
                flow = wholes.get(indicator.pk)
                found = measured.get(flow.line.series_id) if flow else elsewhere.get(indicator.pk)
                of_side[flow.name if flow else indicator.code] = amount_of(found, unit)
            sides.append(of_side)
        broken = break_between(last.end_on, period.end_on, before.breaks) if last else None
        opening = amount_of(last.measured, unit) if last else None
        result = balance(opening, *sides, amount_of(measured.get(due.line.series_id), unit), unit, broken)
        holds = result.outcome is BalanceOutcome.BALANCES if result.is_checked else None
        series = {w.line.series_id for pk, w in wholes.items() if pk == rule.closing_id or pk in flows}
        yield Reconciled(due.line.series_id, due.name, result.sentence, holds, frozenset(series))


def _elsewhere(indicators: Sequence[int], wholes: Mapping[int, Due], period: Period) -> dict[int, Measured]:
    """The figures of the period of indicators that are not in this return, by indicator. One query, or none."""
    if not indicators or not wholes:
        return {}
    partnership = next(iter(wholes.values())).line.series.partnership_id
    rows = CurrentFigure.objects.filter(
        series__partnership=partnership, series__indicator__in=indicators, series__slice__key="", period=period
    ).select_related("series", "working")
    return {row.series.indicator_id: row.working.measured() for row in rows}


def _partitions(
    lines: Sequence[Due], wholes: Mapping[int, Due], measured: Mapping[int, Measured | None]
) -> Iterable[Reconciled]:
    sliced = [due for due in lines if due.line.series.slice.key]
    categories: dict[int, list[SliceCategory]] = {}
    if sliced:
        rows = SliceCategory.objects.filter(slice__in={due.line.series.slice_id for due in sliced})
        for row in rows.select_related("dimension", "category"):
            categories.setdefault(row.slice_id, []).append(row)
    groups: dict[tuple[int, int], list[tuple[Due, SliceCategory]]] = {}
    for due in sliced:
        own = categories[due.line.series.slice_id]
        if len(own) == 1 and own[0].dimension.kind == Dimension.Kind.PARTITION:
            groups.setdefault((due.line.series.indicator_id, own[0].dimension_id), []).append((due, own[0]))
    in_percent = {
        indicator for (indicator, _), parts in groups.items() if Unit(parts[0][0].version.unit) is Unit.PERCENT
    }
    of_one_whole = in_percent - set(wholes) - _with_whole(in_percent - set(wholes))
    for (indicator, _), parts in groups.items():
        if indicator in of_one_whole:
            yield _of_shares(parts, measured)
            continue
        whole = wholes.get(indicator)
        if whole is None or Unit(whole.version.unit) is not Unit.COUNT:
            continue
        unit = Unit.COUNT
        amounts = {c.category.name: amount_of(measured.get(d.line.series_id), unit) for d, c in parts
                   if not c.category.is_not_stated}  # fmt: skip
        unknown = [amount_of(measured.get(d.line.series_id), unit) for d, c in parts if c.category.is_not_stated]
        result = breakdown(
            amount_of(measured.get(whole.line.series_id), unit), amounts, unknown[0] if unknown else None, unit
        )
        holds = None if result.outcome is BreakdownOutcome.MISSING else result.outcome is BreakdownOutcome.ADDS_UP
        series = {whole.line.series_id, *(d.line.series_id for d, _ in parts)}
        sentence = f"By {parts[0][1].dimension.name.lower()}: {result.sentence}"
        yield Reconciled(whole.line.series_id, whole.name, sentence, holds, frozenset(series))


def _sums(lines: Sequence[Due], measured: Mapping[int, Measured | None]) -> Iterable[Reconciled]:
    """Every declared sum whose figures are all among these lines and have a number. One query."""
    dues = {due.line.series_id: due for due in lines}
    parts: dict[tuple[int, int], list[SumPart]] = {}
    for part in _sum_parts(list(dues)) if dues else ():
        parts.setdefault((part.of.whole_id, part.of_id), []).append(part)
    for (whole_id, _), of_it in parts.items():
        whole = dues[whole_id]
        if any(part.series_id not in dues for part in of_it):
            continue
        unit = Unit(whole.version.unit)
        sides: tuple[dict[str, Amount | None], dict[str, Amount | None]] = ({}, {})
        for part in of_it:
            sides[part.is_taken_away][dues[part.series_id].name] = amount_of(measured.get(part.series_id), unit)
        result = added_up(amount_of(measured.get(whole_id), unit), *sides, unit)
        if result.holds is not None:
            series = {whole_id, *(part.series_id for part in of_it)}
            yield Reconciled(whole_id, whole.name, result.sentence, result.holds, frozenset(series))


@question
def _sum_parts(wholes: list[int]) -> QuerySet[SumPart]:
    return SumPart.objects.filter(of__whole__in=wholes).select_related("of").order_by("of", "pk")


@question
def _rules(closing: list[int]) -> QuerySet[Balance]:
    return Balance.objects.filter(closing__in=closing).prefetch_related("inflows", "outflows").order_by("code")


def _with_whole(indicators: Iterable[int]) -> set[int]:
    """Of indicators in per cent those that stand as a whole somewhere: their parts are rates of their own, and no
    shares of 100. One query, or none."""
    asked = list(indicators)
    if not asked:
        return set()
    lines = ScorecardLine.objects.filter(series__indicator__in=asked, series__slice__key="")
    return set(lines.values_list("series__indicator", flat=True))


def _of_shares(parts: Sequence[tuple[Due, SliceCategory]], measured: Mapping[int, Measured | None]) -> Reconciled:
    """Whether the shares of one partition can make 100; its first line stands for them."""
    first, dimension = parts[0][0], parts[0][1].dimension
    known = {
        c.category.name: share_amount(measured.get(d.line.series_id)) for d, c in parts if not c.category.is_not_stated
    }
    unknown = next((share_amount(measured.get(d.line.series_id)) for d, c in parts if c.category.is_not_stated), None)
    result = shares(known, unknown)
    holds = None if result.outcome is BreakdownOutcome.MISSING else result.outcome is BreakdownOutcome.ADDS_UP
    series = frozenset(d.line.series_id for d, _ in parts)
    return Reconciled(
        first.line.series_id, first.name, f"By {dimension.name.lower()}: {result.sentence}", holds, series
    )


def is_added_up(indicator_id: int) -> bool:
    """Whether an indicator is in any sum: a stock, a flow of one, made of others or one of these, or cut by a
    partition. One query."""
    return bool(_added_up(indicator_id))


@question
def _added_up(indicator_id: int) -> QuerySet[Indicator, dict[str, Any]]:
    stands = Q(closing=indicator_id) | Q(inflows=indicator_id) | Q(outflows=indicator_id)
    summed = Q(whole__indicator=indicator_id) | Q(parts__series__indicator=indicator_id)
    parts = SliceCategory.objects.filter(
        dimension__kind=Dimension.Kind.PARTITION, slice__series__indicator=indicator_id
    )  # fmt: skip
    found = Exists(Balance.objects.filter(stands)) | Exists(Sum.objects.filter(summed)) | Exists(parts)
    return Indicator.objects.filter(found, pk=indicator_id).order_by().values("pk")
