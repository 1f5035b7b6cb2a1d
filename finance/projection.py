"""What a financial year will cost, from the placements that are known: night by night, line by line, to the penny.

cost = spent to date + known placements to their planned end + planned moves + unplanned leavers + starters to come
+ changes of price + contingency. Each line is what the total gains when that assumption joins those before it; totals
are rounded and lines are their differences, so they add up to the penny. Beside it stands the run-rate (spent to date ÷
nights gone × nights of the year), with the difference explained by the same lines. Source: the method of commitment
accounting as practised for placements; conventions of nights in `finance.unit_costs`, expectation in
`finance.expectation`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext

from finance.expectation import CERTAIN, EVERYTHING, Counting, expected
from finance.money import about
from finance.nights import FullYear, PriceChange, full_year, next_day, pounds_of_week_nights
from finance.outlook import Outlook, Placement
from finance.unit_costs import NIGHTS_IN_A_WEEK, nights_of
from indicators.phrases import capital
from indicators.quarters import FinancialYear, Month, financial_year_of, month_of
from indicators.units import WIDE, Unit, round_half_up, total_of, written
from indicators.working_days import day_words

_PENCE, _PLACES = 2, 4

LINES = {
    "to_date": "Spent to date",
    "known": "Known placements to their planned ends",
    "standing": "Costs that stand whoever is there",
    "moves": "Planned moves",
    "leaving": "Children expected to leave unplanned",
    "starters": "Children expected to start",
    "prices": "Changes of price",
    "contingency": "Contingency",
}
RUN_RATE_LINES = {
    "level": "In place now, against the average so far",
    "ends": "Planned ends of those in place",
    "known_starts": "What is known and has not begun",
    **{code: LINES[code] for code in ("moves", "leaving", "starters", "prices", "contingency")},
}


@dataclass(frozen=True)
class Line:
    """One part of a projection, in pounds to the penny."""

    code: str
    name: str
    this_year: Decimal
    next_year: Decimal


@dataclass(frozen=True)
class RunRateLine:
    """One part of what lies between the run-rate and the projection of this year."""

    code: str
    name: str
    amount: Decimal


@dataclass(frozen=True)
class RunRate:
    """The year at the average nightly cost so far; the lines lead from it to the projection."""

    nights_gone: int
    amount: Decimal
    difference: Decimal
    lines: tuple[RunRateLine, ...]


@dataclass(frozen=True)
class RungCost:
    """What is still to come on a rung, before contingency: expected nights and their cost in pounds."""

    rung: str
    nights: Decimal
    cost: Decimal
    nights_next: Decimal
    cost_next: Decimal


@dataclass(frozen=True)
class StartersLine:
    """Starters to come until the year end: how many, how many nights each on average, at what price, for how much;
    the numbers to four decimals, the cost from the unrounded ones."""

    rung: str
    number: Decimal
    nights_each: Decimal
    weekly: Decimal
    cost: Decimal


@dataclass(frozen=True)
class MonthCost:
    """What is expected to be spent from the day of the outlook on in one month, before contingency."""

    month: Month
    cost: Decimal


@dataclass(frozen=True)
class Projection:
    """A projection of a financial year and the next. `run_rate` is None on the first day of the year.

    `full_year` is of the known placements at the prices in force, without inflation, planned moves and leavers.
    """

    year: FinancialYear
    as_of: date
    lines: tuple[Line, ...]
    this_year: Decimal
    next_year: Decimal
    run_rate: RunRate | None
    full_year: FullYear
    rungs: tuple[RungCost, ...]
    starters: tuple[StartersLine, ...]
    months: tuple[MonthCost, ...]


_STEPS = {
    "known": replace(CERTAIN, standing=False),
    "standing": CERTAIN,
    "moves": replace(CERTAIN, moves=True),
    "leaving": replace(CERTAIN, moves=True, leaving=True),
    "starters": replace(EVERYTHING, changes=False),
    "prices": EVERYTHING,
}


def project(outlook: Outlook) -> Projection:
    """The projection of an outlook. Raises PriceBelowZero (`finance.nights`)."""
    to_date = spent_to_date(outlook)
    sums = {code: _costs(outlook, counting) for code, counting in _STEPS.items()}
    reached = [("to_date", (to_date, Decimal(0)))]
    reached += [(code, (WIDE.add(to_date, this), following)) for code, (this, following) in sums.items()]
    reached.append(("contingency", _with_contingency(outlook, to_date, sums["prices"])))
    lines = tuple(
        Line(code, LINES[code], this, following)
        for code, this, following in zip(
            (code for code, _ in reached),
            _differences([pair[0] for _, pair in reached]),
            _differences([pair[1] for _, pair in reached]),
            strict=True,
        )
    )
    this_year, next_year = (_pence(total) for total in reached[-1][1])
    return Projection(
        year=outlook.year,
        as_of=outlook.as_of,
        lines=lines,
        this_year=this_year,
        next_year=next_year,
        run_rate=_run_rate(outlook, to_date, [(code, pair[0]) for code, pair in reached]),
        full_year=_full_year(outlook),
        rungs=_by_rung(outlook),
        starters=tuple(_starters(outlook)),
        months=_by_month(outlook),
    )


def year_totals(outlook: Outlook) -> tuple[Decimal, Decimal]:
    """The totals of `project` alone: this financial year and the next, in pounds to the penny."""
    to_date = spent_to_date(outlook)
    this, following = _with_contingency(outlook, to_date, _costs(outlook, EVERYTHING))
    return _pence(this), _pence(following)


def spent_to_date(outlook: Outlook) -> Decimal:
    """What the year has cost before the day of the outlook: as given, else worked out from the placements."""
    if outlook.cost_to_date is not None:
        return outlook.cost_to_date
    stays = [(p.weekly * p.number, p.start, p.end) for p in outlook.placements]
    stays += [(cost.weekly, cost.start, cost.end) for cost in outlook.standing]
    total = Decimal(0)
    for weekly, start, end in stays:
        nights = (min(end or outlook.as_of, outlook.as_of) - max(start, outlook.year.start_on)).days
        total = WIDE.add(total, WIDE.multiply(weekly, Decimal(max(0, nights))))
    return pounds_of_week_nights(total)


def _costs(outlook: Outlook, counting: Counting) -> tuple[Decimal, Decimal]:
    """What is still to come in this year and the next, in unrounded pounds."""
    found = expected(outlook, counting)
    this, following = (WIDE.divide(found.week_nights(period), Decimal(NIGHTS_IN_A_WEEK)) for period in (0, 1))
    return this, following


def _with_contingency(outlook: Outlook, to_date: Decimal, to_come: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    aside = outlook.contingency
    with localcontext(WIDE):
        this, following = (cost * (1 + aside.percent / 100) + aside.amount for cost in to_come)
        return to_date + this, following


def _pence(amount: Decimal) -> Decimal:
    return round_half_up(amount, _PENCE)


def _differences(reached: list[Decimal]) -> list[Decimal]:
    """What each total adds to the one before, the totals being rounded first: so they add up to the last."""
    rounded = [_pence(total) for total in reached]
    return [after - before for before, after in zip([Decimal(0), *rounded], rounded, strict=False)]


def _run_rate(outlook: Outlook, to_date: Decimal, reached: list[tuple[str, Decimal]]) -> RunRate | None:
    gone = (outlook.as_of - outlook.year.start_on).days
    if gone == 0:
        return None
    rate = WIDE.divide(WIDE.multiply(to_date, Decimal(nights_of(outlook.year))), Decimal(gone))
    in_place = replace(CERTAIN, ends=False, known_starts=False)
    level = WIDE.add(to_date, _costs(outlook, in_place)[0])
    to_ends = WIDE.add(to_date, _costs(outlook, replace(in_place, ends=True))[0])
    assumed = reached[[code for code, _ in reached].index("standing") :]
    totals = [("start", rate), ("level", level), ("ends", to_ends), ("known_starts", assumed[0][1]), *assumed[1:]]
    amounts = _differences([total for _, total in totals])
    lines = tuple(
        RunRateLine(code, RUN_RATE_LINES[code], amount)
        for (code, _), amount in zip(totals[1:], amounts[1:], strict=True)
    )
    return RunRate(gone, _pence(rate), _pence(totals[-1][1]) - _pence(rate), lines)


def _full_year(outlook: Outlook) -> FullYear:
    stays = [(p.weekly, p.start, p.end) for p in outlook.placements for _ in range(p.number)]
    return full_year(stays, outlook.year)


def full_years(outlook: Outlook) -> tuple[tuple[Placement, FullYear], ...]:
    """The part-year cost, next year's cost and the full-year effect of each known placement, all its children."""
    return tuple((p, full_year([(p.weekly, p.start, p.end)] * p.number, outlook.year)) for p in outlook.placements)


def _by_rung(outlook: Outlook) -> tuple[RungCost, ...]:
    found = expected(outlook)
    rows = []
    for rung in outlook.rungs:
        this, following = found.of(0, rung), found.of(1, rung)
        rows.append(
            RungCost(
                rung, this.nights, pounds_of_week_nights(this.week_nights),
                following.nights, pounds_of_week_nights(following.week_nights),
            )
        )  # fmt: skip
    return tuple(rows)


def _starters(outlook: Outlook) -> Iterator[StartersLine]:
    months = total_of(_share_of(month, outlook) for month in _months(outlook, 1))
    for row in outlook.starters:
        alone = replace(outlook, placements=(), standing=(), starters=(row,), cost_to_date=Decimal(0))
        tally = expected(alone, replace(EVERYTHING, changes=False)).of(0, row.rung)
        number = WIDE.multiply(row.per_month, months)
        each = WIDE.divide(tally.nights, number) if number else Decimal(0)
        cost = pounds_of_week_nights(tally.week_nights)
        yield StartersLine(row.rung, _shown(number), _shown(each), _shown(row.average_price), cost)


def _shown(number: Decimal) -> Decimal:
    return round_half_up(number, _PLACES)


def _months(outlook: Outlook, years: int) -> list[Month]:
    last = outlook.year.end_on if years == 1 else outlook.year.next().end_on
    found = [month_of(outlook.as_of)]
    while found[-1].end_on < last:
        found.append(found[-1].next())
    return found


def _share_of(month: Month, outlook: Outlook) -> Decimal:
    """How much of a month lies ahead."""
    nights = (month.end_on - max(month.start_on, outlook.as_of)).days + 1
    return WIDE.divide(Decimal(nights), Decimal(month.end_on.day))


def _by_month(outlook: Outlook) -> tuple[MonthCost, ...]:
    months = _months(outlook, 2)
    found = expected(outlook, EVERYTHING, [month.start_on for month in months] + [outlook.until])
    return tuple(
        MonthCost(month, pounds_of_week_nights(found.week_nights(number))) for number, month in enumerate(months)
    )


# One more placement


@dataclass(frozen=True)
class OneMore:
    """What one more placement at a weekly price from a day on costs to the year end and in the year after."""

    weekly: Decimal
    start: date
    nights: int
    this_year: Decimal
    next_year: Decimal
    sentence: str


def one_more(weekly: Decimal, start: date, changes: tuple[PriceChange, ...] = (), rung: str = "") -> OneMore:
    """One more placement, for certain and without an end. Raises one of the OutlookErrors, PriceBelowZero."""
    year = financial_year_of(start)
    outlook = Outlook(start, (Placement(rung, weekly, start),), price_changes=changes, cost_to_date=Decimal(0))
    this, following = (_pence(cost) for cost in _costs(outlook, EVERYTHING))
    nights = (next_day(year.end_on) - start).days
    sentence = (
        f"One more placement at {_pounds(weekly)} a week from {day_words(start)} costs {_pounds(this)} to the end of "
        f"{year.label} ({nights} {'night' if nights == 1 else 'nights'}) and {_pounds(following)} in "
        f"{year.next().label}."
    )
    return OneMore(weekly, start, nights, this, following, sentence)


def _pounds(amount: Decimal) -> str:
    return written(amount, Unit.POUNDS)


# In words


def in_words(projection: Projection) -> str:
    """The projection in two sentences: what the year will cost, and how far that is from the run-rate and why most."""
    text = f"{projection.year.label} is expected to cost {about(projection.this_year)}."
    if projection.run_rate is None:
        return text
    gap = projection.run_rate.difference
    if gap == 0:
        return f"{text} That is what the average so far would make."
    most = max(projection.run_rate.lines, key=lambda line: abs(line.amount))
    side = "more" if gap > 0 else "less"
    return (
        f"{text} That is {about(abs(gap))} {side} than the average so far would make; the greatest part is "
        f"“{capital(most.name)}” with {about(most.amount)}."
    )
