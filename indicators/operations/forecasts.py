"""Makes forecasts of approved figures in a bounded child and keeps them: what was said then, to be scored later."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from indicators import bounded, quarters
from indicators.bounded import BoundedError
from indicators.forecast import WhyNone
from indicators.forecast_job import JOB, NotAsAgreed, Said, payload_of, read_answer
from indicators.models import KeptChance, KeptForecast, Partnership, Period, Return
from indicators.operations.basics import hold, known_on, operation
from indicators.operations.errors import OperationError
from indicators.operations.rows import period_row
from indicators.selectors.forecasts import Wanted, period_rows, series_of_return, wanted_forecasts

# So many forecasts are made by one child, which then takes a few seconds.
AT_ONCE = 100
# Who accepts a return is not kept waiting for a place for the child.
_PATIENCE = 0.5

log = logging.getLogger("operations")


class ForecastsNotMade(Exception):
    """The child gave no answer. Nothing was kept, and the next run makes what is missing. The message is a sentence."""


@dataclass(frozen=True)
class MadeForecasts:
    """How many forecasts were kept, each for one or several periods ahead, and how many were tried on earlier ones."""

    forecasts: int
    tried: int


def make_forecasts(
    *,
    partnership: Partnership,
    at: datetime,
    series: Iterable[int] | None = None,
    with_tried: bool = True,
    patience: float = 30.0,
) -> MadeForecasts:
    """Makes and keeps what the approved figures allow and what is not kept yet; twice changes nothing. Never inside a
    transaction: nothing is locked while the child works.

    `series` (ids): of these alone; `with_tried`: and, once, what earlier periods allowed; `patience`: seconds to wait
    for a place for the child. Raises ForecastsNotMade; what was kept by then stays.
    """
    wanted = wanted_forecasts(partnership, series=series, with_tried=with_tried)
    forecasts = tried = 0
    for start in range(0, len(wanted), AT_ONCE):
        made = _made(wanted[start : start + AT_ONCE], patience)
        kept = keep_forecasts(partnership=partnership, said=made, at=at)
        forecasts, tried = forecasts + kept.forecasts, tried + kept.tried
    return MadeForecasts(forecasts, tried)


def _made(wanted: Sequence[Wanted], patience: float) -> list[tuple[Wanted, Said]]:
    """What one child says of them, without those of which nothing can be said."""
    asked = [one.asked for one in wanted]
    try:
        found = read_answer(bounded.run(job=JOB, payload=payload_of(asked), patience=patience), asked)
    except (BoundedError, NotAsAgreed) as error:
        raise ForecastsNotMade(f"Not made ({type(error).__name__}); the next run makes what is missing.") from error
    return [(one, made) for one, made in zip(wanted, found, strict=True) if not isinstance(made, WhyNone)]


@operation
def keep_forecasts(*, partnership: Partnership, said: Sequence[tuple[Wanted, Said]], at: datetime) -> MadeForecasts:
    """Keeps forecasts that were made; one that another writer kept meanwhile is left out."""
    hold(Partnership, partnership.pk)
    of_these = {one.series_id for one, _ in said}
    held = set(
        KeptForecast.objects.filter(series__in=of_these).values_list(
            "series", "made_from__start_on", "made_from__end_on", "inputs_sha256"
        )
    )
    new = [
        (one, made) for one, made in said
        if (one.series_id, one.made_from.start_on, one.made_from.end_on, one.inputs) not in held
    ]  # fmt: skip
    periods = _periods({period for one, made in new for period in _ahead(one, len(made.steps))})
    rows = [
        KeptForecast(
            series_id=one.series_id, made_from=periods[one.made_from], for_period=periods[period], steps=step.step,
            method=made.method.value, periods=made.periods, unit=one.unit.value, places=one.asked.places,
            point=step.point, low=step.low, high=step.high, inputs_sha256=one.inputs, is_tried=one.is_tried,
            made_at=at, made_on=known_on(at),
        )
        for one, made in new
        for step, period in zip(made.steps, _ahead(one, len(made.steps))[1:], strict=True)
    ]  # fmt: skip
    chances = [
        zip(one.aims[step.step - 1] if one.aims else (), step.chances, strict=True)
        for one, made in new
        for step in made.steps
    ]
    kept = KeptForecast.objects.bulk_create(rows)
    KeptChance.objects.bulk_create(
        KeptChance(forecast=row, line_id=line, target_id=target, polarity=polarity.value, chance=chance.value)
        for row, of_it in zip(kept, chances, strict=True)
        for (target, line, polarity), chance in of_it
    )
    tried = sum(one.is_tried for one, _ in new)
    return MadeForecasts(len(new) - tried, tried)


def _ahead(one: Wanted, steps: int) -> list[quarters.Period]:
    """The period that a forecast is made from, and those that it looks ahead to."""
    found = [one.made_from]
    for _ in range(steps):
        found.append(found[-1].next())
    return found


def _periods(wanted: Iterable[quarters.Period]) -> Mapping[quarters.Period, Period]:
    """The stored periods, made where they are not there yet."""
    asked = set(wanted)
    found = period_rows(asked)
    return found | {period: period_row(period) for period in asked - found.keys()}


def forecast_after(*, in_return: Return, at: datetime) -> None:
    """Makes the forecasts that the figures of an accepted return allow. Where the child is busy or fails, the approval
    stands all the same, and `make_forecasts` makes them later."""
    series = series_of_return(in_return.pk)
    try:
        make_forecasts(
            partnership=in_return.round.partnership, series=series, at=at, with_tried=False, patience=_PATIENCE
        )
    except (ForecastsNotMade, OperationError, DatabaseError) as error:
        log.warning("no forecasts after return %s: %s", in_return.pk, type(error).__name__)
