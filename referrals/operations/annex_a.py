"""Writes what was computed from an Annex A file, and takes figures of it into returns, one decision at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from indicators import quarters
from indicators.models import Partner, Return, Series, Text, User
from indicators.operations import CellChange, OperationError, WrongState, keep_cells
from indicators.operations.basics import known_on, locked_return, operation, signed
from indicators.operations.rows import period_row
from indicators.selectors.returns import SheetLine, sheet_of
from indicators.typed_text import NOT_STORABLE, is_blank, is_storable
from referrals.annex_a.answer import Answer, stored
from referrals.models import AnnexADecision, AnnexALoad, AnnexAMeasure
from referrals.selectors.annex_a import latest_decisions, reading_of
from referrals.selectors.annex_a_standing import place_of

Decision = AnnexADecision.Decision
REASON_MAX = 300
_TRIES = 3


class TakenBefore(OperationError):
    """The same file was taken for the same partner, period and reference date; `load` is what was computed then."""

    def __init__(self, load: AnnexALoad) -> None:
        super().__init__("This very file was taken before, for the same partner, period and reference date.")
        self.load = load


@dataclass(frozen=True)
class FileFacts:
    """All that is known of what was sent: the fingerprint, the kind (xlsx or csv), how many files, and bytes."""

    sha256: str
    kind: str
    files: int
    size: int


@operation
def record_load(
    *, partner: Partner, period: quarters.Period, file: FileFacts, answer: Answer, by: User, at: datetime
) -> AnnexALoad:
    """Keeps what was computed from a file: counts, findings and measures; nothing of the file itself.

    Raises TakenBefore when the same file is there already for that partner, period and reference date.
    """
    row = period_row(period)
    same = {
        "partner": partner, "period": row, "reference_on": answer.reference_on, "file_sha256": file.sha256,
        "software": settings.VERSION,
    }  # fmt: skip
    for _ in range(_TRIES):
        before = AnnexALoad.objects.filter(**same).first()
        if before is not None:
            raise TakenBefore(before)
        number = AnnexALoad.objects.filter(partner=partner, period=row).count() + 1
        try:
            with transaction.atomic():
                load = AnnexALoad.objects.create(
                    **same,
                    partnership_id=partner.partnership_id,
                    code=f"{row.slug}-{partner.code}-{number}",
                    kind=file.kind,
                    files=file.files,
                    size=file.size,
                    lists=stored(answer.lists),
                    finding_counts=answer.counts,
                    findings=stored(answer.findings),
                    findings_left_off=answer.findings_left_off,
                    sheets_unread=answer.sheets_unread,
                    durations=stored(answer.durations),
                    open_late=stored(answer.open_late),
                    **signed(by, at),
                )
        except IntegrityError:  # another file of the same partner came in between
            continue
        break
    else:
        raise OperationError("Other files of this partner are being taken at this moment. Send the file again.")
    AnnexAMeasure.objects.bulk_create(
        AnnexAMeasure(
            load=load, order=order, code=m.code, name=m.name, list_number=m.list, kind=m.kind, unit=m.unit,
            numerator=m.numerator, denominator=m.denominator, value=m.value, dimension=m.dimension,
            category=m.category, category_name=m.category_name, indicator=m.indicator, slice=m.slice,
            left_out=stored(m.left_out), words=m.words,
        )
        for order, m in enumerate(answer.measures)
    )  # fmt: skip
    return load


@dataclass(frozen=True)
class Choice:
    """A measure for a line of a return; `based_on` is the version of the cell that the page showed, `decided` the id of
    the decision that it showed (0 for none)."""

    measure: AnnexAMeasure
    in_return: Return
    based_on: str = ""
    decided: int = 0


@operation
def accept_measures(*, load: AnnexALoad, choices: Sequence[Choice], by: User, at: datetime) -> list[tuple[Return, int]]:
    """Puts measures into the cells of open returns and records each decision; all of them or none. How many cells
    changed in which return.

    Words, flags and confidence of a cell stay; its source becomes the file. Who accepts is a contributor of the return
    and does not decide on it. Raises CellConflict with both versions where somebody changed a cell after the page was
    made, WrongState where the return is closed, a later file has replaced a measure or somebody has rejected one since,
    OperationError where a measure cannot be entered.
    """
    _refuse_replaced(load, choices)
    changed = []
    for row in {c.in_return.pk: c.in_return for c in choices}.values():
        own = [c for c in choices if c.in_return.pk == row.pk]
        changed.append((row, _accept_into(load, row, own, by, at)))
    return changed


def _accept_into(load: AnnexALoad, row: Return, choices: Sequence[Choice], by: User, at: datetime) -> int:
    _refuse_elsewhere(load, row, choices)
    changes, changed = _changes(load, row, choices, known_on(at))
    keep_cells(in_return=row, changes=changes, by=by, at=at)
    before = latest_decisions(load)
    for choice, change in zip(choices, changes, strict=True):
        last = before.get((choice.measure.pk, row.pk))
        if last is not None and last.decision == Decision.REJECTED and last.pk != choice.decided:
            raise WrongState(f"{_decided_since(choice)} Nothing was changed; the table shows how it stands now.")
        held = None if change.series.pk in changed else last
        _decide(held, choice, Decision.ACCEPTED, None, by, at)
    return len(changed)


def _changes(
    load: AnnexALoad, row: Return, choices: Sequence[Choice], today: date
) -> tuple[list[CellChange], set[int]]:
    """What is to be saved, and the ids of the series whose cells will say something else than now."""
    lines = _lines(row, today)
    changes: list[CellChange] = []
    changed: set[int] = set()
    for choice in choices:
        line = _line_for(choice, lines)
        reading = reading_of(load, choice.measure, line)
        if reading.cell is None:
            raise OperationError(f"{line.due.name}: {reading.problems[0].message} Nothing was accepted.")
        series: Series = line.due.line.series
        changes.append(CellChange(series, reading.cell, choice.based_on, is_counted=True))
        if reading.cell != line.cell:
            changed.add(series.pk)
    return changes, changed


def _lines(row: Return, today: date) -> dict[tuple[str, str], SheetLine]:
    """The lines of a return by indicator and slice."""
    lines = sheet_of(row, today=today).lines
    return {(line.due.line.series.indicator.code, line.due.line.series.slice.key): line for line in lines}


def _line_for(choice: Choice, lines: dict[tuple[str, str], SheetLine]) -> SheetLine:
    line = lines.get((choice.measure.indicator, choice.measure.slice))
    if line is None:
        raise WrongState(f"The return holds no line for “{choice.measure}”. Open the page again.")
    return line


@operation
def reject_measure(*, load: AnnexALoad, choice: Choice, reason: str, by: User, at: datetime) -> None:
    """Records that a measure is not taken into a return, and why. The cell of the return stays as it is.

    Raises OperationError without a reason that can be read, or with one that is too long or cannot be stored, and
    WrongState for another partner's return, a closed one, a measure that a later file has replaced, and one that stands
    in the return already, or whose cell or decision is not what the page showed.
    """
    if not is_storable(reason):
        raise OperationError(NOT_STORABLE)
    words = " ".join(reason.split())
    if is_blank(words):
        raise OperationError(f"Say why “{choice.measure}” is rejected. Nothing was changed.")
    if len(words) > REASON_MAX:
        raise OperationError(f"Shorten the reason to {REASON_MAX} characters. Nothing was changed.")
    _refuse_elsewhere(load, choice.in_return, [choice])
    row = locked_return(choice.in_return.pk)
    if not row.is_editable:
        raise WrongState(f"The return is {row.state_words}, so nothing can be decided about it here.")
    _refuse_replaced(load, [choice])
    before = latest_decisions(load).get((choice.measure.pk, row.pk))
    kept = Text.objects.keep(words)
    if before is None or (before.decision, before.reason) != (Decision.REJECTED, kept):
        _refuse_stale(load, choice, before, known_on(at))
    _decide(before, choice, Decision.REJECTED, kept, by, at)


def _refuse_stale(load: AnnexALoad, choice: Choice, before: AnnexADecision | None, today: date) -> None:
    """What the person saw must still hold, and the return must not say what is rejected."""
    line = _line_for(choice, _lines(choice.in_return, today))
    if (before.pk if before else 0) != choice.decided:
        said = _decided_since(choice)
    elif line.version != choice.based_on:
        said = f"The return says something else for “{choice.measure}” than when the page was opened."
    elif reading_of(load, choice.measure, line).cell == line.cell:
        said = f"“{choice.measure}” stands in the return already. Change it there if it is wrong."
    else:
        return
    raise WrongState(f"{said} Nothing was changed; the table shows how it stands now.")


def _decided_since(choice: Choice) -> str:
    return f"“{choice.measure}” was decided after the page was opened."


def _refuse_elsewhere(load: AnnexALoad, row: Return, choices: Sequence[Choice]) -> None:
    """A load counts for its own partner and period alone."""
    is_own = row.partner_id == load.partner_id and row.round.period_id == load.period_id
    if not is_own or any(choice.measure.load_id != load.pk for choice in choices):
        raise WrongState("What was chosen belongs to another return or file. Open the page again.")


def _refuse_replaced(load: AnnexALoad, choices: Sequence[Choice]) -> None:
    """What a later file has computed again is decided there."""
    replaced = place_of(load).replaced
    for choice in choices:
        if choice.measure.code in replaced:
            raise WrongState(f"A later file has replaced “{choice.measure}”, so it is decided there, not here.")


def _decide(
    before: AnnexADecision | None, choice: Choice, decision: str, reason: Text | None, by: User, at: datetime
) -> None:
    """Adds a decision, unless the very same one holds already."""
    if before is not None and (before.decision, before.reason_id) == (decision, reason.pk if reason else None):
        return
    AnnexADecision.objects.create(
        measure=choice.measure, in_return=choice.in_return, decision=decision, reason=reason, **signed(by, at),
    )  # fmt: skip
