"""Writes what was counted from an SSDA903 return, and takes numbers of it into returns, one decision at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from finance.models import Ssda903Decision, Ssda903Load
from finance.selectors.ssda903 import latest_decisions, offers_of, reading_of, replaced_by
from finance.ssda903.answer import Answer, stored_findings, stored_sums
from finance.ssda903.offers import Offer
from indicators import quarters
from indicators.entry import Reading
from indicators.models import Partner, Return, Text, User
from indicators.operations import CellChange, OperationError, WrongState, keep_cells
from indicators.operations.basics import known_on, locked_return, operation, signed
from indicators.operations.rows import period_row
from indicators.selectors.returns import SheetLine, sheet_of
from indicators.typed_text import NOT_STORABLE, is_blank, is_storable

Decision = Ssda903Decision.Decision
REASON_MAX = 300
_TRIES = 3


class TakenBefore(OperationError):
    """The same files were taken for the same partner and period; `load` is what was counted then."""

    def __init__(self, load: Ssda903Load) -> None:
        super().__init__("These very files were taken before, for the same partner and period.")
        self.load = load


@operation
def record_load(
    *, partner: Partner, period: quarters.Period, sha256: str, size: int, answer: Answer, by: User, at: datetime
) -> Ssda903Load:
    """Keeps what was counted: sums, rates and findings; nothing of the files themselves.

    Raises TakenBefore when the same files are there already for that partner and period.
    """
    row = period_row(period)
    same = {"partner": partner, "period": row, "file_sha256": sha256, "software": settings.VERSION}
    for _ in range(_TRIES):
        before = Ssda903Load.objects.filter(**same).first()
        if before is not None:
            raise TakenBefore(before)
        number = Ssda903Load.objects.filter(partner=partner, period=row).count() + 1
        try:
            with transaction.atomic():
                return Ssda903Load.objects.create(
                    **same,
                    partnership_id=partner.partnership_id,
                    code=f"{row.slug}-{partner.code}-{number}",
                    size=size,
                    header_rows=answer.header_rows,
                    episode_rows=answer.episode_rows,
                    children=answer.children,
                    sums=stored_sums(answer.sums),
                    finding_counts=answer.finding_counts,
                    findings=stored_findings(answer.findings),
                    **signed(by, at),
                )
        except IntegrityError:  # other files of the same partner came in between
            continue
    raise OperationError("Other files of this partner are being taken at this moment. Send them again.")


@dataclass(frozen=True)
class Choice:
    """A number for the line of a return with that series (its id); `based_on` is the version of the cell that the page
    showed, `decided` the id of the decision that it showed (0 for none)."""

    series: int
    in_return: Return
    based_on: str = ""
    decided: int = 0


@operation
def accept_offers(*, load: Ssda903Load, choices: Sequence[Choice], by: User, at: datetime) -> int:
    """Puts numbers of a load into the cells of open returns and records each decision; all of them or none. How many
    cells changed.

    Words, flags and confidence of a cell stay; its source becomes the file. Who accepts is a contributor of the return
    and does not decide on it. Raises CellConflict with both versions where somebody changed a cell after the page was
    made, WrongState where the return is closed, a later file stands in the place of this one or somebody has rejected a
    number since, OperationError where a number cannot be entered.
    """
    _refuse_replaced(load)
    rows = {choice.in_return.pk: choice.in_return for choice in choices}
    return sum(_accept_into(load, row, [c for c in choices if c.in_return == row], by, at) for row in rows.values())


def _accept_into(load: Ssda903Load, row: Return, choices: Sequence[Choice], by: User, at: datetime) -> int:
    _refuse_elsewhere(load, row)
    offered, before = offers_of(load), latest_decisions(load)
    lines = _lines(row, known_on(at), offered)
    changes: list[CellChange] = []
    for choice in choices:
        line = _line_for(choice, lines)
        reading = reading_of(load, offered[_key(line)], line)
        if reading.cell is None:
            raise OperationError(f"{line.due.name}: {reading.problems[0].message} Nothing was accepted.")
        changes.append(CellChange(line.due.line.series, reading.cell, choice.based_on, is_counted=True))
    keep_cells(in_return=row, changes=changes, by=by, at=at)
    changed = 0
    for choice, change in zip(choices, changes, strict=True):
        last, line = before.get((change.series.pk, row.pk)), lines[choice.series]
        if last is not None and last.decision == Decision.REJECTED and last.pk != choice.decided:
            raise WrongState(f"{_decided_since(line)} Nothing was changed; the table shows how it stands now.")
        is_changed = change.cell != line.cell
        changed += is_changed
        _decide(None if is_changed else last, load, line, row, Decision.ACCEPTED, None, by, at)
    return changed


@operation
def reject_offer(*, load: Ssda903Load, choice: Choice, reason: str, by: User, at: datetime) -> str:
    """Records that a number is not taken into a return, and why; the name of the figure. The cell stays as it is.

    Raises OperationError without a reason that can be read, or with one that is too long or cannot be stored, and
    WrongState for another partner's return, a closed one, a load in whose place a later one stands, and a number that
    stands in the return already, or whose cell or decision is not what the page showed.
    """
    if not is_storable(reason):
        raise OperationError(NOT_STORABLE)
    words = " ".join(reason.split())
    if is_blank(words):
        raise OperationError("Say why the figure is rejected. Nothing was changed.")
    if len(words) > REASON_MAX:
        raise OperationError(f"Shorten the reason to {REASON_MAX} characters. Nothing was changed.")
    _refuse_elsewhere(load, choice.in_return)
    row = locked_return(choice.in_return.pk)
    if not row.is_editable:
        raise WrongState(f"The return is {row.state_words}, so nothing can be decided about it here.")
    _refuse_replaced(load)
    offered = offers_of(load)
    line = _line_for(choice, _lines(choice.in_return, known_on(at), offered))
    before = latest_decisions(load).get((line.due.line.series_id, row.pk))
    kept = Text.objects.keep(words)
    if before is None or (before.decision, before.reason) != (Decision.REJECTED, kept):
        _refuse_stale(choice, line, reading_of(load, offered[_key(line)], line), before)
    _decide(before, load, line, row, Decision.REJECTED, kept, by, at)
    return str(line.due.name)


def _refuse_stale(choice: Choice, line: SheetLine, reading: Reading, before: Ssda903Decision | None) -> None:
    """What the person saw must still hold, and the return must not say what is rejected."""
    if (before.pk if before else 0) != choice.decided:
        said = _decided_since(line)
    elif line.version != choice.based_on:
        said = f"The return says something else for “{line.due.name}” than when the page was opened."
    elif reading.cell == line.cell:
        said = f"“{line.due.name}” stands in the return already. Change it there if it is wrong."
    else:
        return
    raise WrongState(f"{said} Nothing was changed; the table shows how it stands now.")


def _decided_since(line: SheetLine) -> str:
    return f"“{line.due.name}” was decided after the page was opened."


def _key(line: SheetLine) -> tuple[str, str]:
    series = line.due.line.series
    return series.indicator.code, series.slice.key


def _lines(row: Return, today: date, offered: Mapping[tuple[str, str], Offer]) -> dict[int, SheetLine]:
    """The lines of a return that a load can feed, by id of the series."""
    return {li.due.line.series_id: li for li in sheet_of(row, today=today).lines if _key(li) in offered}


def _line_for(choice: Choice, lines: Mapping[int, SheetLine]) -> SheetLine:
    line = lines.get(choice.series)
    if line is None:
        raise WrongState("The return does not hold what was chosen. Open the page again.")
    return line


def _refuse_elsewhere(load: Ssda903Load, row: Return) -> None:
    """A load counts for its own partner and period alone."""
    if row.partner_id != load.partner_id or row.round.period_id != load.period_id:
        raise WrongState("What was chosen belongs to another return. Open the page again.")


def _refuse_replaced(load: Ssda903Load) -> None:
    """What later files have counted again is decided there."""
    if replaced_by(load) is not None:
        raise WrongState("A later file stands in the place of this one, so it is decided there, not here.")


def _decide(
    before: Ssda903Decision | None, load: Ssda903Load, line: SheetLine, row: Return, decision: str, reason: Text | None,
    by: User, at: datetime,
) -> None:  # fmt: skip
    """Adds a decision, unless the very same one holds already."""
    if before is not None and (before.decision, before.reason_id) == (decision, reason.pk if reason else None):
        return
    Ssda903Decision.objects.create(
        load=load, series=line.due.line.series, in_return=row, decision=decision, reason=reason, **signed(by, at),
    )  # fmt: skip
