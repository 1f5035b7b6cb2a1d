"""Reads how returns stand against the day they are due, and how much of each is filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Prefetch, Q

from indicators.as_at import london_day
from indicators.deadlines import ExpectedReturn, Timeliness, holds_on, timeliness
from indicators.models import (
    Assignment,
    CurrentFigure,
    DraftCell,
    IndicatorVersion,
    Return,
    ReturnTransition,
    ScorecardLine,
)

Action = ReturnTransition.Action
_ARRIVALS = Q(action__in=(Action.SUBMITTED, Action.LOADED)) | Q(action=Action.OPENED, from_state=Return.State.SUBMITTED)


def with_arrivals() -> Prefetch:  # type: ignore[type-arg]
    """What to read with returns so that `expected_of` needs no query of its own."""
    return Prefetch(
        "transitions", queryset=ReturnTransition.objects.filter(_ARRIVALS).order_by("pk"), to_attr="arrivals"
    )


def expected_of(row: Return) -> ExpectedReturn:
    """What the calendar knows of a return; `key` is its id as text.

    It came in on the London day it was first submitted, whatever was sent back later; what was taken back had not come
    in. One query, none with `with_arrivals`.
    """
    arrived = getattr(row, "arrivals", None)
    if arrived is None:
        arrived = list(row.transitions.filter(_ARRIVALS).order_by("pk"))
    return _expected(row, arrived)


def _expected(row: Return, arrived: Iterable[ReturnTransition]) -> ExpectedReturn:
    steps = list(arrived)
    submitted = _came_in_at(steps)
    return ExpectedReturn(
        key=str(row.pk),
        partner=row.partner.name,
        due_on=row.round.due_on,
        returned_on=london_day(submitted) if submitted else None,
        is_loaded=any(step.action == Action.LOADED for step in steps),
    )


def _came_in_at(steps: Iterable[ReturnTransition]) -> datetime | None:
    """The moment of the first submission that was not taken back."""
    stands: list[datetime] = []
    for step in steps:
        if step.action == Action.SUBMITTED and step.at:
            stands.append(step.at)
        elif step.is_taken_back:
            stands = stands[:-1]
    return stands[0] if stands else None


def timeliness_of(row: Return, today: date) -> Timeliness | None:
    """How a return stands at the end of the day; None for a correction, which no calendar asks for."""
    return timeliness(expected_of(row), today) if row.kind == Return.Kind.ORDINARY else None


@dataclass(frozen=True)
class Standing:
    """A return with its timeliness (None for a correction), and how many of its lines have a figure or a reason why
    there is none; both 0 for a correction."""

    row: Return
    expected: ExpectedReturn
    timeliness: Timeliness | None
    filled: int = 0
    lines: int = 0

    @property
    def is_expected(self) -> bool:
        """Whether the calendar asks for it: not a correction."""
        return self.timeliness is not None

    @property
    def lines_words(self) -> str:
        """ "30 of 36 lines filled in"; empty for a correction."""
        if not self.is_expected:
            return ""
        return f"{self.filled} of {self.lines} {'line' if self.lines == 1 else 'lines'} filled in"


def standing_of(row: Return, steps: Iterable[ReturnTransition], *, filled: int, lines: int, today: date) -> Standing:
    """How one return stands whose steps (first to last) and lines are at hand. No query of its own."""
    expected = _expected(row, steps)
    if row.kind != Return.Kind.ORDINARY:
        return Standing(row, expected, None)
    return Standing(row, expected, timeliness(expected, today), filled, lines)


def standings_of(rows: Iterable[Return], today: date) -> dict[int, Standing]:
    """How returns stand, by their ids; their round with its period and their partner should be selected with them.

    Five queries if they were read `with_arrivals`, however many they are.
    """
    returns = list(rows)
    counted = _lines_of([row for row in returns if row.kind == Return.Kind.ORDINARY])
    found = {}
    for row in returns:
        filled, lines = counted.get(row.pk, (0, 0))
        found[row.pk] = Standing(row, expected_of(row), timeliness_of(row, today), filled, lines)
    return found


def _lines_of(rows: list[Return]) -> dict[int, tuple[int, int]]:
    """How many lines of each return are filled in, of how many it holds; by its id. Five queries.

    The lines are those that the return's own pages show: of its period's frequency, on the scorecard and assigned to
    its partner at the period's end, with a definition in force.
    """
    if not rows:
        return {}
    scorecards = {row.round.scorecard_id for row in rows}
    periods = {row.round.period_id for row in rows}
    lines: dict[int, list[tuple[str, date, date | None, int, int]]] = {}
    for scorecard_id, *line in ScorecardLine.objects.filter(scorecard__in=scorecards).values_list(
        "scorecard", "frequency", "from_on", "until_on", "series", "series__indicator"
    ):
        lines.setdefault(scorecard_id, []).append(tuple(line))  # type: ignore[arg-type]
    series = {line[3] for held in lines.values() for line in held}
    indicators = {line[4] for held in lines.values() for line in held}
    assigned: dict[int, list[tuple[int, date, date | None]]] = {}
    for series_id, *rest in Assignment.objects.filter(series__in=series).values_list(
        "series", "partner", "from_on", "until_on"
    ):
        assigned.setdefault(series_id, []).append(tuple(rest))  # type: ignore[arg-type]
    defined = dict(
        IndicatorVersion.objects.filter(indicator__in=indicators)
        .values_list("indicator")
        .annotate(begins=Min("valid_from__start_on"))
    )
    drafts = {
        (in_return, series_id): bool(basis)
        for in_return, series_id, basis in DraftCell.objects.filter(in_return__in=[r.pk for r in rows]).values_list(
            "in_return", "series", "basis"
        )
    }
    figures = set(CurrentFigure.objects.filter(series__in=series, period__in=periods).values_list("series", "period"))
    found = {}
    for row in rows:
        period = row.round.period
        owed = [
            series_id
            for frequency, from_on, until_on, series_id, indicator_id in lines.get(row.round.scorecard_id, [])
            if frequency == period.kind
            and holds_on(period.end_on, until_on, from_on)
            and any(p == row.partner_id and holds_on(period.end_on, u, f) for p, f, u in assigned.get(series_id, []))
            and indicator_id in defined
            and defined[indicator_id] <= period.start_on
        ]
        filled = sum(drafts.get((row.pk, s), (s, row.round.period_id) in figures) for s in owed)
        found[row.pk] = (filled, len(owed))
    return found
