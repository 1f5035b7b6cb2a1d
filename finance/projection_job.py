"""The job that projects and simulates in a bounded child: what goes in and what comes out, both checked.

In and out goes JSON: placements as rung, weekly pence, dates, number and planned moves; rates, prices and assumptions.
No name, number or day of birth of a child is in it. Views import this module for `payload_of` and `read_answer`; numpy
loads in the child alone.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from finance.money import pence_of, pounds_of
from finance.nights import PriceChange, PriceError
from finance.outlook import (
    Contingency,
    Leaving,
    Outlook,
    OutlookError,
    Placement,
    PlannedMove,
    StandingCost,
    Starters,
)
from finance.simulation import RUNS, SEED, Band, MonthBand, Simulated, TooManyRuns, simulate
from indicators.quarters import Month

JOB = "finance.projection_job:run_projection"
MOST_CHILDREN = 5_000
MOST_ROWS = 5_000
MOST_STARTERS_A_MONTH = 200
MOST_PENCE = 10**13

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,80})?\Z")

Tell = Callable[[str], None]


class NotAsAgreed(ValueError):
    """What came in, or what came out, is not what was agreed. The message says where, and quotes nothing."""


class NotProjected(Exception):
    """The child refused; the message is a sentence for the person."""


# The child's side


def run_projection(payload: bytes, tell: Tell) -> bytes:
    """The bands of an outlook as JSON, or {"refused": sentence}. `payload`: as `payload_of` makes it."""
    try:
        asked = _read(payload)
        tell(f"Drawing {asked.runs:,} runs of {sum(p.number for p in asked.outlook.placements):,} placements")
        found = simulate(
            asked.outlook, asked.runs, asked.seed, asked.budget, lambda done, of: tell(f"{100 * done // of}% drawn")
        )
    except (OutlookError, PriceError, TooManyRuns, NotAsAgreed) as error:
        return json.dumps({"refused": str(error)}).encode()
    return json.dumps(_simulated_out(found)).encode()


@dataclass(frozen=True)
class _Asked:
    outlook: Outlook
    runs: int
    seed: int
    budget: Decimal | None


def _read(payload: bytes) -> _Asked:
    try:
        raw = json.loads(payload)
        outlook = _outlook(raw)
        budget = None if raw["budget_pence"] is None else _money(raw["budget_pence"])
        return _Asked(outlook, _whole(raw["runs"]), _whole(raw["seed"]), budget)
    except (OutlookError, PriceError, NotAsAgreed):
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAsAgreed(f"What was asked lacks something, or is of another shape: {type(error).__name__}.") from None


def _outlook(raw: Mapping[str, Any]) -> Outlook:
    rows = [raw["placements"], raw["starters"], raw["leaving"], raw["price_changes"], raw["standing"]]
    if any(not isinstance(row, list) or len(row) > MOST_ROWS for row in rows):
        raise NotAsAgreed(f"More than {MOST_ROWS:,} rows were given.")
    placements = tuple(_placement(row) for row in raw["placements"])
    starters = tuple(_starters(row) for row in raw["starters"])
    if sum(p.number for p in placements) > MOST_CHILDREN:
        raise NotAsAgreed(f"More than {MOST_CHILDREN:,} placements were given.")
    if sum(row.per_month for row in starters) > MOST_STARTERS_A_MONTH:
        raise NotAsAgreed(f"More than {MOST_STARTERS_A_MONTH} starters a month were given.")
    aside, to_date = raw["contingency"], raw["cost_to_date_pence"]
    return Outlook(
        as_of=_day(raw["as_of"]),
        placements=placements,
        starters=starters,
        leaving=tuple(Leaving(_code(r["rung"]), _decimal(r["per_night"])) for r in raw["leaving"]),
        price_changes=tuple(_change(r) for r in raw["price_changes"]),
        standing=tuple(_standing(r) for r in raw["standing"]),
        contingency=Contingency(_decimal(aside["percent"]), _money(aside["amount_pence"])),
        cost_to_date=None if to_date is None else _money(to_date),
    )


def _placement(raw: Mapping[str, Any]) -> Placement:
    moves = tuple(
        PlannedMove(
            _day(move["on"]),
            None if move["to_rung"] is None else _code(move["to_rung"]),
            _money(move["weekly_pence"]),
            _decimal(move["probability"]),
        )
        for move in raw["moves"]
    )
    start, end = _day(raw["start"]), _some_day(raw["end"])
    return Placement(_code(raw["rung"]), _money(raw["weekly_pence"]), start, end, moves, _whole(raw["number"]))


def _starters(raw: Mapping[str, Any]) -> Starters:
    prices = raw["weekly_pence"]
    if not isinstance(prices, list) or len(prices) > MOST_ROWS:
        raise NotAsAgreed(f"More than {MOST_ROWS:,} prices were given.")
    return Starters(_code(raw["rung"]), _decimal(raw["per_month"]), tuple(_money(price) for price in prices))


def _change(raw: Mapping[str, Any]) -> PriceChange:
    rungs = tuple(_code(rung) for rung in raw["rungs"])
    return PriceChange(_day(raw["on"]), _decimal(raw["percent"]), _money(raw["pence"]), rungs)


def _standing(raw: Mapping[str, Any]) -> StandingCost:
    return StandingCost("a standing cost", _money(raw["weekly_pence"]), _day(raw["start"]), _some_day(raw["end"]))


def _simulated_out(found: Simulated) -> dict[str, Any]:
    return {
        "runs": found.runs,
        "seed": found.seed,
        "this_year": _band_out(found.this_year),
        "next_year": _band_out(found.next_year),
        "months": [{"month": row.month.start_on.isoformat(), "band": _band_out(row.band)} for row in found.months],
        "over_budget": None if found.over_budget is None else str(found.over_budget),
    }


def _band_out(band: Band) -> list[int]:
    return [pence_of(amount) for amount in (band.p10, band.p50, band.p90, band.mean, band.error)]


# The page's side


def payload_of(outlook: Outlook, runs: int = RUNS, seed: int = SEED, budget: Decimal | None = None) -> bytes:
    """What the child is given. `budget` in pounds for the year. Raises MoneyError for fractions of a penny."""
    return json.dumps(
        {
            "as_of": outlook.as_of.isoformat(),
            "placements": [_placement_out(placement) for placement in outlook.placements],
            "starters": [
                {"rung": row.rung, "per_month": _text(row.per_month), "weekly_pence": [pence_of(p) for p in row.prices]}
                for row in outlook.starters
            ],
            "leaving": [{"rung": row.rung, "per_night": _text(row.per_night)} for row in outlook.leaving],
            "price_changes": [
                {
                    "on": change.on.isoformat(),
                    "percent": _text(change.percent),
                    "pence": pence_of(change.pounds),
                    "rungs": list(change.rungs),
                }
                for change in outlook.price_changes
            ],
            "standing": [
                {"weekly_pence": pence_of(cost.weekly), "start": cost.start.isoformat(), "end": _iso(cost.end)}
                for cost in outlook.standing
            ],
            "contingency": {
                "percent": _text(outlook.contingency.percent),
                "amount_pence": pence_of(outlook.contingency.amount),
            },
            "cost_to_date_pence": None if outlook.cost_to_date is None else pence_of(outlook.cost_to_date),
            "runs": runs,
            "seed": seed,
            "budget_pence": None if budget is None else pence_of(budget),
        }
    ).encode()


def _placement_out(placement: Placement) -> dict[str, Any]:
    return {
        "rung": placement.rung,
        "weekly_pence": pence_of(placement.weekly),
        "start": placement.start.isoformat(),
        "end": _iso(placement.end),
        "number": placement.number,
        "moves": [
            {
                "on": move.on.isoformat(),
                "to_rung": move.to_rung,
                "weekly_pence": pence_of(move.weekly),
                "probability": _text(move.probability),
            }
            for move in placement.moves
        ],
    }


def read_answer(data: bytes) -> Simulated:
    """The child's answer. Raises NotProjected with the sentence where it refused, and NotAsAgreed."""
    try:
        raw = json.loads(data)
        if "refused" in raw:
            raise NotProjected(str(raw["refused"])[:500])
        over = None if raw["over_budget"] is None else _decimal(raw["over_budget"])
        if over is not None and not 0 <= over <= 100:
            raise NotAsAgreed("A share of the runs is none.")
        return Simulated(
            runs=_whole(raw["runs"]),
            seed=_whole(raw["seed"]),
            this_year=_band(raw["this_year"]),
            next_year=_band(raw["next_year"]),
            months=tuple(_month_band(row) for row in _at_most(raw["months"], 24)),
            over_budget=over,
        )
    except NotAsAgreed:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAsAgreed(f"The answer lacks something, or is of another shape: {type(error).__name__}.") from None


def _at_most(rows: list[Any], most: int) -> Iterable[Any]:
    if len(rows) > most:
        raise NotAsAgreed("There are more rows than agreed.")
    return rows


def _month_band(raw: Mapping[str, Any]) -> MonthBand:
    day = _day(raw["month"])
    return MonthBand(Month(day.year, day.month), _band(raw["band"]))


def _band(raw: list[Any]) -> Band:
    p10, p50, p90, mean, error = (_money(amount) for amount in raw)
    if not p10 <= p50 <= p90 or error < 0:
        raise NotAsAgreed("The ends of a band are out of order.")
    return Band(p10, p50, p90, mean, error)


# One thing each


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise NotAsAgreed("A whole number is none.")
    return value


def _money(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST_PENCE:
        raise NotAsAgreed("An amount of pence is none.")
    return pounds_of(value)


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(value if isinstance(value, str) and _DECIMAL.match(value) else "")
    except InvalidOperation:
        raise NotAsAgreed("A number is none.") from None


def _day(value: Any) -> date:
    return date.fromisoformat(value)


def _some_day(value: Any) -> date | None:
    return None if value is None else _day(value)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _code(value: Any) -> str:
    if not isinstance(value, str) or not _CODE.match(value):
        raise NotAsAgreed("A rung is none.")
    return value


def _text(value: Decimal) -> str:
    return f"{value:f}"
