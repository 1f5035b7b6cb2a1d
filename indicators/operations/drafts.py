"""Saves cells as they are typed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from indicators.entry import CellInput, typed_over
from indicators.measurement import Basis
from indicators.models import (
    Assignment,
    CurrentFigure,
    DraftCell,
    Return,
    ScorecardLine,
    Series,
    User,
)
from indicators.operations.basics import known_on, locked_return, operation
from indicators.operations.errors import CellConflict, Clash, WrongState
from indicators.operations.figures import cell_of
from indicators.querysets import DatedQuerySet
from indicators.questions import question
from indicators.rag import MissingReason
from indicators.selectors.locks import is_locked_for, lock_clause, whom_to_ask

_COLUMNS = tuple(f.name for f in fields(CellInput))


@dataclass(frozen=True)
class CellChange:
    """One cell to save: the series, what was typed (or counted from a file), and the version the page had shown."""

    series: Series
    cell: CellInput
    based_on: str
    is_counted: bool = False


def cell_from_draft(draft: DraftCell) -> CellInput:
    """A saved cell as the page and the checks take it."""
    values = {name: getattr(draft, name) for name in _COLUMNS}
    values["basis"] = Basis(draft.basis) if draft.basis else None
    values["missing_reason"] = MissingReason(draft.missing_reason) if draft.missing_reason else None
    return CellInput(**values)


def cell_version(working_revision: int, draft_version: int) -> str:
    """The version of a cell as a form carries it: the revision it starts from, and the saves since."""
    return f"{working_revision}.{draft_version}"


def _columns(cell: CellInput) -> dict[str, object]:
    values = {name: getattr(cell, name) for name in _COLUMNS}
    values["basis"] = cell.basis.value if cell.basis else ""
    values["missing_reason"] = cell.missing_reason.value if cell.missing_reason else ""
    return values


def refuse_unless_editable(row: Return, *, by: User, on: date) -> None:
    """Raises WrongState when that person cannot enter figures that day, with the reason and whom to ask."""
    if not row.is_editable:
        awaits_sign_off = row.state == Return.State.SUBMITTED and not row.is_signed_off
        then = "Take it back first" if awaits_sign_off else "Ask the approver to send it back"
        raise WrongState(
            f"This return is {row.get_state_display().lower()}, so its figures cannot be changed. "
            f"{then}, or correct a figure after it is approved."
        )
    refuse_if_locked(row, by=by, on=on)


def refuse_if_locked(row: Return, *, by: User, on: date) -> None:
    """Raises WrongState when the round takes no figures from that person that day, with the reason and whom to ask."""
    if is_locked_for(row, by, on):
        raise WrongState(f"This return is {lock_clause(row.round, ask=whom_to_ask(row.round.partnership_id, on))}.")


def _owed(scorecard_id: int, partner_id: int, end_on: date, correction_id: int | None, *, kind: str) -> DatedQuerySet:
    assigned = Assignment.objects.on(end_on).filter(partner=partner_id).order_by().values("series")
    lines = ScorecardLine.objects.on(end_on).filter(scorecard=scorecard_id, frequency=kind, series__in=assigned)
    if correction_id is None:
        return lines
    chosen = Return.chosen.through.objects.filter(**{"return": correction_id})
    return lines.filter(series__in=chosen.values("series"))


def _owed_by(row: Return, *, whole: bool = False) -> tuple[int, int, date, int | None]:
    correction_id = row.pk if row.kind == Return.Kind.RESTATEMENT and not whole else None
    return row.round.scorecard_id, row.partner_id, row.round.period.end_on, correction_id


def owed_lines(row: Return, *, whole: bool = False, only: int | None = None) -> list[ScorecardLine]:
    """The lines that a return holds, with what they are about: those of its frequency that its partner was assigned at
    the period's end; of a correction the chosen ones among them, unless the `whole` return that it corrects is asked
    for; `only` the one of that id, if it is among them. One query."""
    return _owed_lines(only, *_owed_by(row, whole=whole), kind=row.round.period.kind)


@question
def _owed_lines(only: int | None, *owed: Any, kind: str) -> QuerySet[ScorecardLine]:
    lines = _owed(*owed, kind=kind).select_related("series__indicator", "series__slice", "theme")
    lines = lines.order_by("theme__order", "order")
    return lines if only is None else lines.filter(pk=only)


def owed_series(row: Return, among: list[int] | None = None) -> set[int]:
    """The series of those lines, by id; `among` some, if they are given. One query."""
    return set(_owed_series(among, *_owed_by(row), kind=row.round.period.kind))


@question
def _owed_series(among: list[int] | None, *owed: Any, kind: str) -> QuerySet[ScorecardLine, int]:
    lines = _owed(*owed, kind=kind).order_by().values_list("series", flat=True)
    return lines if among is None else lines.filter(series__in=among)


@question
def saved_cells(return_id: int, series: list[int]) -> QuerySet[DraftCell]:
    """The saved cells of a return for those series, with who saved them. One query."""
    found = DraftCell.objects.filter(in_return=return_id, series__in=series)
    return found.order_by().select_related("updated_by")


@question
def current_cells(period_id: int, series: list[int]) -> QuerySet[CurrentFigure]:
    """The figures in force of those series in a period, with their texts and who recorded them. One query."""
    texts = ("working__headline", "working__commentary", "working__keep_reason")
    found = CurrentFigure.objects.filter(series__in=series, period=period_id)
    return found.order_by().select_related(*texts, "working__recorded_by", "approved")


@operation
def keep_cells(*, in_return: Return, changes: Sequence[CellChange], by: User, at: datetime) -> dict[int, str]:
    """Saves cells of an open return; all of them, or none if another person changed one meanwhile.

    A number typed over one that was counted from a file loses the file as its source.
    Returns the new version of each saved cell by series id. A cell that says nothing new is left alone; who changes one
    is from then on a contributor, who may not decide on the return. Raises CellConflict with both versions, and
    WrongState when a cell would change though the return is closed, or does not hold one of the series.
    """
    row = locked_return(in_return.pk)
    ids = [c.series.pk for c in changes]
    if set(ids) - owed_series(row, ids):
        raise WrongState("A figure that was typed does not belong to this return. Open the return again.")
    drafts = {draft.series_id: draft for draft in saved_cells(row.pk, ids)}
    current = {held.series_id: held.working for held in current_cells(row.round.period_id, ids)}
    before = {
        pk: cell_from_draft(drafts[pk]) if pk in drafts else cell_of(current[pk]) if pk in current else CellInput()
        for pk in ids
    }
    changes = [c if c.is_counted else replace(c, cell=typed_over(c.cell, before[c.series.pk])) for c in changes]
    changed = {c.series.pk for c in changes if before[c.series.pk] != c.cell}
    if changed:
        refuse_unless_editable(row, by=by, on=known_on(at))
    clashes = []
    for change in changes:
        draft, working = drafts.get(change.series.pk), current.get(change.series.pk)
        version = cell_version(working.revision if working else 0, draft.version if draft else 0)
        theirs = before[change.series.pk]
        if version != change.based_on and theirs != change.cell:
            who = draft.updated_by if draft else working.recorded_by if working else None
            saved_at = draft.updated_at if draft else working.recorded_at if working else None
            name, own_at = str(who or (working.actor if working else "")), saved_at if who == by else None
            clashes.append(Clash(change.series.pk, theirs, name, version, change.cell, own_at))
    if clashes:
        raise CellConflict(clashes)
    versions = {}
    for change in changes:
        draft, working = drafts.get(change.series.pk), current.get(change.series.pk)
        saved = draft.version if draft else 0
        number = _write(row, change, draft, by, at) if change.series.pk in changed else saved
        versions[change.series.pk] = cell_version(working.revision if working else 0, number)
    if changed:
        row.contributors.add(by)
    return versions


def _write(row: Return, change: CellChange, draft: DraftCell | None, by: User, at: datetime) -> int:
    values = _columns(change.cell) | {"updated_by": by, "updated_at": at}
    if draft is None:
        try:
            with transaction.atomic():
                DraftCell.objects.create(in_return=row, series=change.series, version=1, **values)
        except IntegrityError as error:
            raise WrongState("Somebody else has just started this figure. Save again to see both.") from error
        return 1
    DraftCell.objects.filter(pk=draft.pk, version=draft.version).update(version=draft.version + 1, **values)
    return draft.version + 1
