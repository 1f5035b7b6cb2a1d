"""A plan of placements as it is entered: rows of numbers, what is assumed, what is wrong or odd with it, what it makes.

A row is a number of placements on a rung at a weekly price; nothing here names a child. Only `plan_of` adds anything:
a place without a price of its own costs what those of its rung cost on average.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.nights import PriceChange
from finance.outlook import Contingency, Leaving, Outlook, Placement, PlannedMove, Starters
from finance.plan import Plan
from finance.projection_job import MOST_CHILDREN, MOST_STARTERS_A_MONTH
from finance.unit_costs import Per, doubt_about_price, doubt_about_size
from indicators.quarters import financial_year_of
from indicators.typed_text import is_blank, quoted
from indicators.units import WIDE, Unit, round_half_up, total_of, written
from indicators.working_days import day_words

MOST_ROWS = 2_000
MOST_PRICES = 200
_PENCE = 2
_MONTHS_OF_AN_OLD_RATE = 120


class PlanError(ValueError):
    """A plan that cannot be; the message is a sentence."""


class Kind(StrEnum):
    """What an assumption is about."""

    STARTERS = "starters"
    LEAVING = "leaving"
    UPLIFT = "uplift"
    CONTINGENCY = "contingency"


@dataclass(frozen=True)
class PlacementRow:
    """`number` placements on a rung at `weekly` pounds, from `start` to the planned `end`; `words`: where it is from.

    With `move_on` each may move with a chance of `move_percent`: to a rung at a price, or out of care (`move_to` "").
    """

    rung: str
    number: int
    weekly: Decimal
    start: date
    end: date | None = None
    move_on: date | None = None
    move_to: str = ""
    move_weekly: Decimal | None = None
    move_percent: Decimal | None = None
    words: str = ""


@dataclass(frozen=True)
class Assumed:
    """One thing that a plan assumes, and where it is from.

    Starters: `number` in `over` months, each at one of `prices`. Leaving: `number` in `over` nights of care. Uplift:
    `number` per cent from `on`, on a rung or ("") on all. Contingency: `number` per cent of what is to come.
    """

    kind: Kind
    number: Decimal
    words: str
    rung: str = ""
    over: Decimal | None = None
    on: date | None = None
    prices: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Entered:
    """A whole plan as it is entered. `groups`: the group of each rung that has one; `names`: every rung and group by
    code, in the order of the ladder."""

    as_at: date
    rows: tuple[PlacementRow, ...]
    assumed: tuple[Assumed, ...]
    names: Mapping[str, str]
    groups: Mapping[str, str]
    cost_to_date: Decimal | None = None

    @property
    def placements(self) -> int:
        """How many placements the rows are of."""
        return sum(row.number for row in self.rows)


def plan_of(entered: Entered) -> Plan:
    """The plan to project and to try scenarios on. Raises OutlookError and PriceError for what cannot be."""
    placements = tuple(_placement(row, entered.as_at) for row in entered.rows)
    of_kind: dict[Kind, list[Assumed]] = {kind: [] for kind in Kind}
    for one in entered.assumed:
        of_kind[one.kind].append(one)
    starters = tuple(Starters(a.rung, _rate(a), a.prices) for a in of_kind[Kind.STARTERS])
    outlook = Outlook(
        as_of=entered.as_at,
        placements=placements,
        starters=starters,
        leaving=tuple(Leaving(a.rung, _rate(a)) for a in of_kind[Kind.LEAVING]),
        price_changes=tuple(
            PriceChange(a.on, a.number, rungs=(a.rung,) if a.rung else ())
            for a in of_kind[Kind.UPLIFT]
            if a.on is not None
        ),
        contingency=Contingency(total_of(a.number for a in of_kind[Kind.CONTINGENCY])),
        cost_to_date=entered.cost_to_date,
    )
    return Plan(outlook, entered.names, _prices(placements, starters))


def _placement(row: PlacementRow, as_at: date) -> Placement:
    moves: tuple[PlannedMove, ...] = ()
    if row.move_on is not None:
        chance = WIDE.divide(Decimal(100) if row.move_percent is None else row.move_percent, Decimal(100))
        moves = (PlannedMove(row.move_on, row.move_to or None, row.move_weekly or Decimal(0), chance),)
    return Placement(row.rung, row.weekly, row.start, row.end, moves, row.number)


def _rate(assumed: Assumed) -> Decimal:
    return WIDE.divide(assumed.number, assumed.over or Decimal(1))


def _prices(placements: Sequence[Placement], starters: Sequence[Starters]) -> dict[str, Decimal]:
    """What a place costs a week where nothing else is said: the average of the rung, else that of its starters."""
    found = {row.rung: round_half_up(row.average_price, _PENCE) for row in starters if row.prices}
    for rung in dict.fromkeys(p.rung for p in placements):
        own = [p for p in placements if p.rung == rung]
        total = total_of(WIDE.multiply(p.weekly, Decimal(p.number)) for p in own)
        found[rung] = round_half_up(WIDE.divide(total, Decimal(sum(p.number for p in own))), _PENCE)
    return found


# What cannot be


def refuse_rows(entered: Entered) -> None:
    """Raises PlanError for rows that no plan can have. What a projection refuses itself is left to `plan_of`."""
    if not entered.rows:
        raise PlanError("Give at least one row of placements.")
    if len(entered.rows) > MOST_ROWS:
        raise PlanError(f"A plan has {MOST_ROWS:,} rows at most; put placements of one price and one start together.")
    if entered.placements > MOST_CHILDREN:
        raise PlanError(f"A plan has {MOST_CHILDREN:,} placements at most, and these are {entered.placements:,}.")
    year = financial_year_of(entered.as_at)
    last = year.next().end_on
    for number, row in enumerate(entered.rows, 1):
        _refuse_row(f"Row {number}", row, entered, last)
    _refuse_both(entered)


def _refuse_row(place: str, row: PlacementRow, entered: Entered, last: date) -> None:
    for rung in filter(None, (row.rung, row.move_to)):
        if rung not in entered.names:
            raise PlanError(f"{place}: {quoted(rung)} is not a rung of the ladder.")
    if row.number < 1:
        raise PlanError(f"{place}: {row.number} placements cannot be. Give 1 or more.")
    prices = (row.weekly, row.move_weekly or Decimal(0))
    if any(price < 0 for price in prices):
        raise PlanError(f"{place}: a price cannot be less than £0 a week.")
    if row.end is not None and row.end < row.start:
        raise PlanError(
            f"{place} ends on {day_words(row.end)}, before it starts on {day_words(row.start)}. Correct one of them."
        )
    if row.start > last:
        raise PlanError(f"{place} starts on {day_words(row.start)}, after the two years of the plan.")
    if row.move_on is None and (row.move_to or row.move_weekly is not None or row.move_percent is not None):
        raise PlanError(f"{place}: give the day of the planned move, or leave the move out.")
    if row.move_to and row.move_weekly is None:
        raise PlanError(f"{place}: give the weekly price on the rung that it moves to.")
    if row.move_percent is not None and not 0 <= row.move_percent <= 100:
        raise PlanError(f"{place}: the chance of a move lies between 0% and 100%.")


def _refuse_both(entered: Entered) -> None:
    """A child counted in a rung and in its group would cost twice."""
    used = {row.rung for row in entered.rows} | {row.move_to for row in entered.rows}
    used |= {one.rung for one in entered.assumed}
    for rung in entered.names:
        group = entered.groups.get(rung, "")
        if group and rung in used and group in used:
            raise PlanError(
                f"{entered.names[group]} and {entered.names[rung]} overlap. Give all placements either by rung or by "
                "group."
            )


def refuse_assumed(entered: Entered) -> None:
    """Raises PlanError for assumptions that cannot be."""
    year = financial_year_of(entered.as_at)
    for number, one in enumerate(entered.assumed, 1):
        _refuse_one(f"Assumption {number}", one, entered)
        if one.on is not None and not entered.as_at <= one.on <= year.next().end_on:
            raise PlanError(
                f"Assumption {number}: {day_words(one.on)} is outside what is projected, {day_words(entered.as_at)} to "
                f"{day_words(year.next().end_on)}."
            )
    a_month = total_of(_rate(one) for one in entered.assumed if one.kind is Kind.STARTERS)
    if a_month > MOST_STARTERS_A_MONTH:
        raise PlanError(f"More than {MOST_STARTERS_A_MONTH} starters a month are assumed. Correct their number.")


def _refuse_one(place: str, one: Assumed, entered: Entered) -> None:
    if is_blank(one.words):
        raise PlanError(f"{place}: say where it is from.")
    if one.rung and one.rung not in entered.names:
        raise PlanError(f"{place}: {quoted(one.rung)} is not a rung of the ladder.")
    if one.kind is not Kind.UPLIFT and one.number < 0:
        raise PlanError(f"{place}: a number below 0 cannot be.")
    if one.kind in (Kind.STARTERS, Kind.LEAVING):
        if not one.rung:
            raise PlanError(f"{place}: name the rung.")
        if one.over is None or one.over <= 0:
            unit = "months" if one.kind is Kind.STARTERS else "nights of care"
            raise PlanError(f"{place}: say over how many {unit}.")
    if one.kind is Kind.STARTERS:
        if one.over is not None and one.over > _MONTHS_OF_AN_OLD_RATE:
            raise PlanError(f"{place}: a rate over more than ten years says little of the next two. Shorten it.")
        if one.number and not one.prices:
            raise PlanError(f"{place}: give the weekly price of one recent starter or more.")
        if len(one.prices) > MOST_PRICES:
            raise PlanError(f"{place}: give {MOST_PRICES} prices at most.")
        if any(price < 0 for price in one.prices):
            raise PlanError(f"{place}: a price cannot be less than £0 a week.")
    if one.kind is Kind.UPLIFT and one.on is None:
        raise PlanError(f"{place}: say from which day prices change.")


# What is odd


def doubts(entered: Entered) -> list[str]:
    """Weekly prices that look like yearly ones or are absurd, each as a sentence; a reason is enough to keep them."""
    found = list(_doubts(entered))
    return list(dict.fromkeys(found))


def _doubts(entered: Entered) -> Iterator[str]:
    for number, row in enumerate(entered.rows, 1):
        for price in (row.weekly, row.move_weekly):
            if price and (said := _doubt(price)):
                yield f"Row {number}: {said}"
    for number, one in enumerate(entered.assumed, 1):
        for price in one.prices:
            if said := _doubt(price):
                yield f"Assumption {number}: {said}"


def _doubt(price: Decimal) -> str:
    doubt = doubt_about_price(price, Per.WEEK)
    return doubt.message if doubt is not None else doubt_about_size(price)


# In words


def assumed_words(one: Assumed, names: Mapping[str, str]) -> str:
    """An assumption as a clause: "11 in 3 months (3.67 a month), at £5,402.87 a week"."""
    number = written(one.number, Unit.COUNT)
    match one.kind:
        case Kind.STARTERS:
            prices = [written(price, Unit.POUNDS) for price in one.prices]
            at = prices[0] if len(set(prices)) == 1 else f"one of {len(prices)} prices, {_range(one.prices)}"
            months = written(one.over or Decimal(1), Unit.COUNT)
            rate = written(round_half_up(_rate(one), _PENCE), Unit.COUNT)
            unit = "month" if months == "1" else "months"
            return f"{number} in {months} {unit} ({rate} a month)" + (f", at {at} a week" if prices else "")
        case Kind.LEAVING:
            a_year = WIDE.multiply(_rate(one), Decimal(36_500))
            nights = written(one.over or Decimal(1), Unit.COUNT)
            share = written(round_half_up(a_year, 1), Unit.COUNT)
            return f"{number} in {nights} nights of care ({share} in 100 places filled for a year)"
        case Kind.UPLIFT:
            side = "up" if one.number >= 0 else "down"
            day = day_words(one.on) if one.on else ""
            return f"{written(abs(one.number), Unit.PERCENT)} {side} from {day}"
        case Kind.CONTINGENCY:
            return f"{written(one.number, Unit.PERCENT)} of what is still to come"


def _range(prices: Sequence[Decimal]) -> str:
    return f"{written(min(prices), Unit.POUNDS)} to {written(max(prices), Unit.POUNDS)}"


def move_words(row: PlacementRow, names: Mapping[str, str]) -> str:
    """The planned move of a row: "60% to In-house fostering at £425 a week from 1 February 2023"; empty for none."""
    if row.move_on is None:
        return ""
    chance = "" if row.move_percent in (None, 100) else f"{written(row.move_percent or Decimal(0), Unit.PERCENT)} "
    where = "out of care"
    if row.move_to:
        where = f"to {names[row.move_to]} at {written(row.move_weekly or Decimal(0), Unit.POUNDS)} a week"
    return f"{chance}{where} from {day_words(row.move_on)}"
