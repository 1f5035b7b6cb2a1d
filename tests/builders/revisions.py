"""Figures: one revision as typed or as printed, and long histories in bulk."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from indicators import quarters
from indicators.entry import CellInput
from indicators.measurement import Basis, Measured
from indicators.models import (
    CurrentFigure,
    Figure,
    FigureApproval,
    ReportingRound,
    Return,
    Scorecard,
    Series,
    SourceDocument,
    User,
)
from indicators.operations import figures
from indicators.operations.alike import insert_alike
from indicators.rag import MissingReason
from tests.builders.basics import NOW, Q4, TODAY, counted
from tests.builders.cells import a_cell
from tests.builders.cycle import a_return
from tests.builders.definitions import Measure, a_period, a_source
from tests.builders.places import the_people


def a_figure(
    measure: Measure | Series,
    period: quarters.Period = Q4,
    numerator: Any = None,
    denominator: Any = None,
    *,
    value: Any = None,
    missing: MissingReason | str | None = None,
    approved: bool = True,
    in_return: Return | None = None,
    by: User | None = None,
    at: datetime = NOW,
    **details: Any,
) -> Figure:
    """One revision of a figure as a person entered it (85 of 100 if nothing is said), approved unless told otherwise.

    It belongs to a return of its partner, which is opened if need be and stays in the state it is in: for the whole
    way of a return use `a_return` or `tick`.
    """
    series = measure if isinstance(measure, Series) else measure.series
    if numerator is None and value is None and missing is None:
        numerator, denominator = 85, 100
    cell = a_cell(numerator, denominator, value=value, missing=missing, **details)
    measured = cell.measured()
    if measured is None:
        raise ValueError("A figure needs a number or the reason why there is none.")
    if in_return is None:
        line = series.lines.select_related("scorecard").first()
        in_return = a_return(line.scorecard, period, partner=series.assignments.first().partner, at=at)
    by = by or the_people(in_return.partner).analyst
    origin = figures.Origin(actor=str(by), at=at, known_on=at.date(), by=by, in_return=in_return)
    return figures.record_figure(
        series=series, period=a_period(period), cell=cell, measured=measured, origin=origin, approved=approved
    )


def a_paper_figure(
    measure: Measure | Series,
    period: quarters.Period = Q4,
    value: Any = None,
    *,
    numerator: Any = None,
    denominator: Any = None,
    qualifier: str = "",
    quantum: Any = 1,
    met: bool | None = None,
    missing: MissingReason | str | None = None,
    source: SourceDocument | None = None,
    paragraph: str = "74",
    at: datetime = NOW,
    **details: Any,
) -> Figure:
    """A figure as a published paper states it: a value (with its parts, if given), an outcome in words (`met`), or why
    there is none."""
    series = measure if isinstance(measure, Series) else measure.series
    source = source or a_source()

    def exact(number: Any) -> Decimal | None:
        return None if number is None else Decimal(str(number))

    basis = Basis.STATED
    if missing:
        basis = Basis.MISSING
    elif met is not None:
        basis = Basis.STATED_OUTCOME
    measured = Measured(
        basis=basis,
        numerator=exact(numerator),
        denominator=exact(denominator),
        value=exact(value),
        qualifier=qualifier,
        quantum=exact(quantum) if value is not None else None,
        missing_reason=MissingReason(missing) if missing else None,
        stated_met=met,
    )
    origin = figures.Origin(
        actor=f"loaded from {source} §{paragraph}",
        at=at,
        known_on=source.published_on or at.date(),
        source=source,
        paragraph=paragraph,
    )
    return figures.record_figure(
        series=series, period=a_period(period), cell=CellInput(**details), measured=measured, origin=origin,
        approved=True,
    )  # fmt: skip


def a_history(
    scorecard: Scorecard, n_periods: int, *, last: quarters.Period = Q4, numerators: Sequence[int] = (85, 75, 65)
) -> None:
    """Approved figures of every line of a scorecard for the `n_periods` periods up to `last`, written in bulk, with
    their rounds and approved returns. 300 lines × 80 periods take about a second."""
    periods = [last]
    while len(periods) < n_periods:
        periods.append(periods[-1].previous())
    rows = [a_period(p) for p in reversed(periods)]
    partner = scorecard.lines.select_related("series").first().series.assignments.first().partner
    by, source = the_people(partner).analyst, a_source()
    rounds = ReportingRound.objects.bulk_create(
        ReportingRound(partnership=scorecard.partnership, scorecard=scorecard, period=row) for row in rows
    )
    Return.objects.bulk_create(
        Return(round=made, partner=partner, state=Return.State.APPROVED, is_signed_off=True) for made in rounds
    )
    insert_alike(
        Figure(
            revision=1, basis="derived", numerator=Decimal(1), denominator=Decimal(100), source=source, actor=str(by),
            recorded_at=NOW, known_on=TODAY,
        ),
        {
            "series_id": "line.series_id",
            "period_id": "period.id",
            "numerator": f"CASE (line.id + period.id) % {len(numerators)} "
            + " ".join(f"WHEN {i} THEN {int(n)}" for i, n in enumerate(numerators))
            + " END",
        },
        f"indicators_scorecardline line, indicators_period period WHERE line.scorecard_id = {scorecard.pk} "
        f"AND period.id IN ({', '.join(str(row.pk) for row in rows)})",
    )  # fmt: skip
    mine = (
        "indicators_figure f JOIN indicators_scorecardline line ON line.series_id = f.series_id "  # noqa: S608
        f"AND line.scorecard_id = {scorecard.pk} "
        "WHERE NOT EXISTS (SELECT 1 FROM indicators_figureapproval a WHERE a.figure_id = f.id)"
    )
    pointer = {"series_id": "f.series_id", "period_id": "f.period_id", "working_id": "f.id", "approved_id": "f.id"}
    insert_alike(CurrentFigure(), pointer, mine)
    insert_alike(FigureApproval(by=by, actor=str(by), at=NOW, known_on=TODAY), {"figure_id": "f.id"}, mine)
    counted()
