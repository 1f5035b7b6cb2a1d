"""Rounds and returns, taken through the operations from opened to accepted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from indicators import quarters
from indicators.entry import CellInput
from indicators.models import (
    CurrentFigure,
    Partner,
    ReportingRound,
    Return,
    Scorecard,
    Series,
    User,
)
from indicators.operations import drafts, returns
from indicators.questions import question
from indicators.units import Unit
from tests.builders.basics import FIRST_QUARTER, NOW, Q4, moment
from tests.builders.cells import an_easy_cell
from tests.builders.definitions import a_period, a_scorecard
from tests.builders.kept import kept
from tests.builders.places import a_partner, the_people


def a_round(
    scorecard: Scorecard | None = None, period: quarters.Period = Q4, *, due_on: date | None = None, at: datetime = NOW
) -> ReportingRound:
    """The round of a scorecard for a period, with an open return for each partner that owes a line; opened if new."""
    scorecard = scorecard or a_scorecard()
    row = a_period(period)
    held = ReportingRound.objects.filter(scorecard=scorecard, period=row).first()
    if held:
        return held
    by = the_people(a_partner(partnership=scorecard.partnership)).acceptor
    return returns.open_round(scorecard=scorecard, period=row, due_on=due_on, by=by, at=at)


STATES = ("open", "filled", "submitted", "signed_off", "returned", "approved")


def a_return(
    scorecard: Scorecard | None = None,
    period: quarters.Period = Q4,
    *,
    partner: Partner | None = None,
    state: str = "open",
    cells: Mapping[int, CellInput] | None = None,
    at: datetime = NOW,
) -> Return:
    """A partner's return, taken through the operations to one of STATES by `the_people` of that partner.

    `cells` (by series id) are entered by the analyst; all other lines get an easy cell. Without a partner, that of the
    scorecard's only return.
    """
    made = a_round(scorecard, period, at=at)
    mine = made.returns.filter(kind=Return.Kind.ORDINARY)
    row = mine.get(partner=partner) if partner else mine.select_related("partner").get()
    if state not in STATES:
        raise ValueError(f"{state} is not one of {STATES}.")
    if state == "open" or row.state != Return.State.OPEN:
        return row
    fill(row, cells or {}, at=at)
    if state != "filled":
        submit(row, at=at)
    if state == "returned":
        return send_back(row, at=at)
    if state in {"signed_off", "approved"}:
        sign_off(row, at=at)
    if state == "approved":
        accept(row, at=at)
    return fresh(row)


@kept
def an_accepted_quarter(lines: int, code: str = "contract") -> Scorecard:
    """A scorecard of so many lines, whose return of 2021/22 Q4 is accepted."""
    scorecard = a_scorecard(lines, code=code)
    a_return(scorecard, state="approved")
    return scorecard


def fresh(row: Return) -> Return:
    """The return as the database holds it now."""
    (found,) = _returns(row.pk)
    return found


@question
def _returns(pk: int) -> QuerySet[Return]:
    return Return.objects.select_related("round__period", "round__scorecard", "partner", "reason").filter(pk=pk)


def based_on(row: Return, series: Series) -> str:
    """The version of a cell as a page that was opened now would carry it."""
    revision = sum(held.working.revision for held in drafts.current_cells(row.round.period_id, [series.pk]))
    return drafts.cell_version(revision, sum(draft.version for draft in drafts.saved_cells(row.pk, [series.pk])))


def keep(
    row: Return,
    cells: Mapping[Series, CellInput],
    *,
    by: User | None = None,
    at: datetime = NOW,
    is_counted: bool = False,
) -> dict[int, str]:
    """Saves cells of a return on the page as it stands now; `is_counted`: what was counted from a file."""
    changes = [drafts.CellChange(series, cell, based_on(row, series), is_counted) for series, cell in cells.items()]
    return drafts.keep_cells(in_return=row, changes=changes, by=by or the_people(row.partner).analyst, at=at)


def fill(
    row: Return, cells: Mapping[int, CellInput] | None = None, *, by: User | None = None, at: datetime = NOW
) -> None:
    """Saves every line of a return: the cell given for its series id, or an easy one.

    An easy one is the same in each period, which is odd, so from the second period on it has its reason.
    """
    given = cells or {}
    before = CurrentFigure.objects.filter(period__end_on__lt=row.round.period.end_on, approved__isnull=False)
    again = set(before.values_list("series", flat=True))

    def easy(due: returns.DueLine) -> CellInput:
        cell = an_easy_cell(Unit(due.version.unit))
        return replace(cell, keep_reason="Counted again.") if due.line.series_id in again else cell

    lines = returns.lines_due(fresh(row))
    keep(row, {due.line.series: given.get(due.line.series_id) or easy(due) for due in lines}, by=by, at=at)


def submit(row: Return, *, by: User | None = None, at: datetime = NOW, key: str = "") -> Return:
    """The analyst submits."""
    by = by or the_people(row.partner).analyst
    returns.submit_return(in_return=row, by=by, at=at, version=fresh(row).version, key=key)
    return fresh(row)


def take_back(row: Return, *, by: User | None = None, at: datetime = NOW, key: str = "") -> Return:
    """The analyst takes the return back."""
    by = by or the_people(row.partner).analyst
    returns.take_back(in_return=row, by=by, at=at, version=fresh(row).version, key=key)
    return fresh(row)


def sign_off(row: Return, *, by: User | None = None, at: datetime = NOW, comment: str = "") -> Return:
    """The partner's lead signs off."""
    by = by or the_people(row.partner).lead
    returns.sign_off(in_return=row, by=by, at=at, version=fresh(row).version, comment=comment)
    return fresh(row)


def send_back(
    row: Return, *, by: User | None = None, at: datetime = NOW, comment: str = "Please check the numerator."
) -> Return:
    """Whoever holds the next gate sends the return back."""
    named = the_people(row.partner)
    by = by or (named.acceptor if fresh(row).is_signed_off else named.lead)
    returns.send_back(in_return=row, by=by, at=at, version=fresh(row).version, comment=comment)
    return fresh(row)


def accept(row: Return, *, by: User | None = None, at: datetime = NOW, key: str = "") -> Return:
    """The council's lead accepts."""
    by = by or the_people(row.partner).acceptor
    returns.accept_return(in_return=row, by=by, at=at, version=fresh(row).version, key=key)
    return fresh(row)


def a_restatement(
    of_return: Return, series: Iterable[Series], *, reason: str = "A case was counted twice.", by: User | None = None,
    at: datetime = NOW, **more: Any,
) -> Return:  # fmt: skip
    """An open correction of chosen figures of an approved return."""
    by = by or the_people(of_return.partner).analyst
    more = {"correction": "recording"} | more
    made = returns.open_restatement(of_return=of_return, series=series, reason=reason, by=by, at=at, **more)
    return fresh(made)


def tick(
    scorecard: Scorecard | None = None,
    period: quarters.Period | None = None,
    *,
    partner: Partner | None = None,
    cells: Mapping[int, CellInput] | None = None,
    state: str = "approved",
) -> Return:
    """One turn of the reporting cycle: the next quarter (the first is 2021/22 Q1) is opened, filled, submitted, signed
    off and accepted, each ten days or more after the quarter's end. `state` stops it earlier."""
    scorecard = scorecard or a_scorecard()
    if period is None:
        latest = scorecard.rounds.select_related("period").order_by("-period__end_on").first()
        period = FIRST_QUARTER
        if latest:
            period = quarters.from_dates(latest.period.kind, latest.period.start_on, latest.period.end_on).next()
    at = moment(period.end_on + timedelta(days=10))
    return a_return(scorecard, period, partner=partner, state=state, cells=cells, at=at)
