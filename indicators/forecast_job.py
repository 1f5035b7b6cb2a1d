"""The job that makes forecasts in a bounded child: what goes in and what comes out, both checked.

In and out goes JSON of numbers alone. Operations import this module for `payload_of` and `read_answer`; scipy loads in
the child. A band comes out as it will be said: its ends rounded outwards, so that what is printed promises no more.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from indicators.forecast import Ahead, Chance, Forecast, Method, WhyNone, chance_of, forecast
from indicators.units import WIDE, round_half_up

JOB = "indicators.forecast_job:make_forecasts"
MOST_ASKED, MOST_VALUES, MOST_STEPS = 20_000, 1_000, 12

_PLACES = 12
_MOST_PLACES = 4

Tell = Callable[[str], None]


class NotAsAgreed(ValueError):
    """What came in, or what came out, is not what was agreed. The message says where, and quotes nothing."""


@dataclass(frozen=True)
class Aim:
    """A target that a figure may meet, and which way is better."""

    target: Decimal
    is_more_better: bool


@dataclass(frozen=True)
class Asked:
    """One forecast that is asked for: comparable values, oldest first, and for each step ahead the targets then in
    force. `places`: decimals that it is said with; `may_fall_below`: whether it may be less than 0 (money)."""

    values: tuple[Decimal, ...]
    places: int
    horizon: int
    is_share: bool = False
    may_fall_below: bool = False
    aims: tuple[tuple[Aim, ...], ...] = ()


@dataclass(frozen=True)
class SaidStep:
    """What is said of one period ahead, with the chance of each aim in their order."""

    step: int
    point: Decimal
    low: Decimal
    high: Decimal
    chances: tuple[Chance, ...]


@dataclass(frozen=True)
class Said:
    """A forecast as it is said."""

    method: Method
    periods: int
    steps: tuple[SaidStep, ...]


# The child's side


def make_forecasts(payload: bytes, tell: Tell) -> bytes:
    """The answers as JSON, in the order asked. `payload`: as `payload_of` makes it."""
    asked = _read(payload)
    tell(f"Making {len(asked)} forecasts" if len(asked) != 1 else "Making 1 forecast")
    return json.dumps([_made(one) for one in asked]).encode()


def _made(asked: Asked) -> dict[str, Any]:
    found = forecast(asked.values, horizon=asked.horizon, whole=Decimal(100) if asked.is_share else None)
    if isinstance(found, WhyNone):
        return {"why": found.value}
    return {
        "method": found.method.value,
        "periods": found.periods,
        "steps": [_step(asked, found, ahead) for ahead in found.ahead],
    }


def _step(asked: Asked, found: Forecast, ahead: Ahead) -> dict[str, Any]:
    point, low, high = as_said(ahead, asked.places, may_fall_below=asked.may_fall_below)
    aims = asked.aims[ahead.steps - 1] if len(asked.aims) >= ahead.steps else ()
    chances = [chance_of(found, a.target, is_more_better=a.is_more_better, steps=ahead.steps).value for a in aims]
    return {"step": ahead.steps, "point": str(point), "low": str(low), "high": str(high), "chances": chances}


def as_said(ahead: Ahead, places: int, *, may_fall_below: bool = False) -> tuple[Decimal, Decimal, Decimal]:
    """Point, low and high at so many decimals: the point rounded half up, the ends of the band outwards. Nothing but
    money is said to fall below 0."""
    unit = Decimal(1).scaleb(-places)
    low = ahead.low.quantize(unit, rounding=ROUND_FLOOR, context=WIDE)
    high = ahead.high.quantize(unit, rounding=ROUND_CEILING, context=WIDE)
    return round_half_up(ahead.point, places), low if may_fall_below else max(low, Decimal(0)), high


def _read(payload: bytes) -> list[Asked]:
    try:
        raw = json.loads(payload)
        if not isinstance(raw, list) or len(raw) > MOST_ASKED:
            raise NotAsAgreed("No list of forecasts that one job makes.")
        return [_asked(one) for one in raw]
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise NotAsAgreed("The figures to forecast are not as agreed.") from error


def _asked(raw: dict[str, Any]) -> Asked:
    values = tuple(_number(text) for text in raw["values"])
    places, horizon = int(raw["places"]), int(raw["horizon"])
    if len(values) > MOST_VALUES or not 0 < horizon <= MOST_STEPS or not 0 <= places <= _MOST_PLACES:
        raise NotAsAgreed("A forecast is asked for out of bounds.")
    aims = tuple(tuple(Aim(_number(text), bool(more)) for text, more in step) for step in raw["aims"])
    return Asked(values, places, horizon, bool(raw["is_share"]), bool(raw["may_fall_below"]), aims)


def _number(text: str) -> Decimal:
    found = Decimal(text)
    if not found.is_finite():
        raise NotAsAgreed("A number is none.")
    return found


# The caller's side


def payload_of(asked: Sequence[Asked]) -> bytes:
    """What the child is given."""
    return json.dumps([
        {
            "values": [str(round_half_up(value, _PLACES)) for value in one.values],
            "places": min(one.places, _MOST_PLACES),
            "horizon": one.horizon,
            "is_share": one.is_share,
            "may_fall_below": one.may_fall_below,
            "aims": [[[str(aim.target), aim.is_more_better] for aim in step] for step in one.aims],
        }
        for one in asked
    ]).encode()  # fmt: skip


def read_answer(answer: bytes, asked: Sequence[Asked]) -> list[Said | WhyNone]:
    """What the child says, in the order asked. Raises NotAsAgreed for anything that could not be its answer."""
    try:
        raw = json.loads(answer)
        found = [_said(one, ask) for one, ask in zip(raw, asked, strict=True)]
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise NotAsAgreed("The forecasts are not as agreed.") from error
    return found


def _said(raw: dict[str, Any], asked: Asked) -> Said | WhyNone:
    if "why" in raw:
        return WhyNone(raw["why"])
    steps = tuple(
        SaidStep(
            int(one["step"]), _number(one["point"]), _number(one["low"]), _number(one["high"]),
            tuple(Chance(code) for code in one["chances"]),
        )
        for one in raw["steps"]
    )  # fmt: skip
    if [one.step for one in steps] != list(range(1, asked.horizon + 1)):
        raise NotAsAgreed("Another number of steps than asked.")
    aims = (*asked.aims, *((),) * asked.horizon)
    for one in steps:
        if not one.low <= one.point <= one.high or len(one.chances) != len(aims[one.step - 1]):
            raise NotAsAgreed("A band that does not hold its point.")
    return Said(Method(raw["method"]), int(raw["periods"]), steps)
