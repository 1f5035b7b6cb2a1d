"""Writes revisions of figures, approves them, and keeps the pointer to the current ones."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import QuerySet

from indicators.entry import CellInput
from indicators.measurement import Basis, Measured
from indicators.models import CurrentFigure, Figure, FigureApproval, Period, Return, Series, SourceDocument, Text, User
from indicators.operations.basics import operation
from indicators.operations.errors import ReturnChanged
from indicators.questions import question


@dataclass(frozen=True)
class Origin:
    """Where a revision comes from: a person through a return, or a published paper; and since when it is known."""

    actor: str
    at: datetime
    known_on: date
    by: User | None = None
    in_return: Return | None = None
    source: SourceDocument | None = None
    paragraph: str = ""


@question
def _held(series: int, period: int) -> QuerySet[CurrentFigure]:
    return CurrentFigure.objects.filter(series=series, period=period).select_related("working").order_by()


def write_revision(
    *, series: Series, period: Period, cell: CellInput, measured: Measured, origin: Origin, reason: Text | None = None,
    is_first: bool = False,
) -> Figure:  # fmt: skip
    """Adds the next revision of a figure and moves `working` to it. Only inside another operation's transaction.

    `is_first`: the transaction has made the series, so there can be no other. Raises ReturnChanged when another
    revision came in between.
    """
    held = [] if is_first else _held(series.pk, period.pk)
    pointer = held[0] if held else None
    previous = pointer.working if pointer else None
    try:
        figure = Figure.objects.create(
            series=series,
            period=period,
            revision=previous.revision + 1 if previous else 1,
            supersedes=previous,
            basis=measured.basis.value,
            numerator=measured.numerator,
            denominator=measured.denominator,
            value=measured.value,
            qualifier=measured.qualifier,
            quantum=measured.quantum,
            stated_met=measured.stated_met,
            missing_reason=measured.missing_reason.value if measured.missing_reason else "",
            not_reportable_code=cell.not_reportable_code,
            responsible_role=cell.responsible_role,
            expected_on=cell.expected_on,
            flags=cell.flags,
            confidence=cell.confidence,
            confidence_reason=cell.confidence_reason,
            validation_task=cell.validation_task,
            source_system=cell.source_system,
            as_at_on=cell.as_at_on,
            extracted_on=cell.extracted_on,
            headline=Text.objects.keep(cell.headline),
            commentary=Text.objects.keep(cell.commentary),
            keep_reason=Text.objects.keep(cell.keep_reason),
            reason=reason,
            in_return=origin.in_return,
            source=origin.source,
            paragraph=origin.paragraph,
            recorded_by=origin.by,
            actor=origin.actor,
            recorded_at=origin.at,
            known_on=origin.known_on,
        )
    except IntegrityError as error:
        if "supersedes" in str(error) or "revision" in str(error):
            raise ReturnChanged("Another change to the same figure came first. Look at it again.") from error
        raise
    if pointer is None:
        CurrentFigure.objects.create(series=series, period=period, working=figure)
    elif not CurrentFigure.objects.filter(pk=pointer.pk, working=previous).update(working=figure):
        raise ReturnChanged("Another change to the same figure came first. Look at it again.")
    return figure


def approve_revision(*, figure: Figure, origin: Origin) -> None:
    """Records that a revision was accepted and moves `approved` to it. Only inside another operation's transaction."""
    FigureApproval.objects.create(
        figure=figure, by=origin.by, actor=origin.actor, at=origin.at, known_on=origin.known_on
    )
    CurrentFigure.objects.filter(series=figure.series_id, period=figure.period_id).update(approved=figure)


@operation
def record_figure(
    *, series: Series, period: Period, cell: CellInput, measured: Measured, origin: Origin, approved: bool
) -> Figure:
    """Records one figure of a published paper, approved at once as that paper states it."""
    figure = write_revision(series=series, period=period, cell=cell, measured=measured, origin=origin)
    if approved:
        approve_revision(figure=figure, origin=origin)
    return figure


def cell_of(figure: Figure) -> CellInput:
    """A revision as the cell that would enter it again.

    A value stated by a paper becomes a value only; what a form cannot say (a limit such as <1%, an outcome in words)
    becomes an empty cell with its words.
    """
    measured = figure.measured()
    basis: Basis | None = measured.basis
    numerator, denominator, value = measured.numerator, measured.denominator, measured.value
    if basis is Basis.STATED:
        basis, numerator, denominator = Basis.VALUE_ONLY, None, None
    if basis is Basis.STATED_OUTCOME or measured.qualifier in {"<", ">"}:
        basis, value = None, None
    return CellInput(
        basis=basis,
        numerator=numerator,
        denominator=denominator,
        value=value,
        missing_reason=measured.missing_reason,
        not_reportable_code=figure.not_reportable_code,
        responsible_role=figure.responsible_role,
        expected_on=figure.expected_on,
        flags=figure.flags,
        confidence=figure.confidence,
        confidence_reason=figure.confidence_reason,
        validation_task=figure.validation_task,
        source_system=figure.source_system,
        as_at_on=figure.as_at_on,
        extracted_on=figure.extracted_on,
        headline=figure.headline.body if figure.headline else "",
        commentary=figure.commentary.body if figure.commentary else "",
        keep_reason=figure.keep_reason.body if figure.keep_reason else "",
    )


_NUMBER = ("basis", "numerator", "denominator", "value", "missing_reason", "not_reportable_code")


def told_in_words_only(cell: CellInput, working: Figure | None) -> Figure | None:
    """The revision that a paper states and whose number the cell leaves alone; None when the number was changed, or was
    never stated. Its statement, counts and source included, then goes on into the next revision."""
    if working is None or working.basis not in {Basis.STATED.value, Basis.STATED_OUTCOME.value}:
        return None
    before = cell_of(working)
    return working if all(getattr(cell, name) == getattr(before, name) for name in _NUMBER) else None


@operation
def rebuild_current() -> int:
    """Makes every pointer anew from the revisions and approvals; returns how many differed. Nothing else is written."""
    latest: dict[tuple[int, int], int] = {}
    approved: dict[tuple[int, int], int] = {}
    rows = Figure.objects.order_by("revision").values_list("pk", "series_id", "period_id", "approval__pk")
    for pk, series_id, period_id, approval in rows.iterator():
        latest[series_id, period_id] = pk
        if approval is not None:
            approved[series_id, period_id] = pk
    held: dict[tuple[int, int], tuple[int, int, int | None]] = {
        (series_id, period_id): (pk, working, accepted)
        for pk, series_id, period_id, working, accepted in CurrentFigure.objects.values_list(
            "pk", "series_id", "period_id", "working_id", "approved_id"
        )
    }
    anew = []
    for key, working_id in latest.items():
        pointer = held.get(key)
        if pointer is not None and pointer[1:] == (working_id, approved.get(key)):
            del held[key]
        else:
            anew.append(
                CurrentFigure(series_id=key[0], period_id=key[1], working_id=working_id, approved_id=approved.get(key))
            )
    # Every wrong one goes before the first right one comes: two of them may hold each other's figure.
    differing = len(held.keys() | {(row.series_id, row.period_id) for row in anew})
    CurrentFigure.objects.filter(pk__in=[pk for pk, _, _ in held.values()]).delete()
    CurrentFigure.objects.bulk_create(anew)
    return differing
