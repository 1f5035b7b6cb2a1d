"""Reads returns: which ones a person may see, the figures on one of them, and what has happened to it."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet

from indicators import entry, rag
from indicators.direction_of_travel import Change, Point, Window, compare
from indicators.earlier import NO_PAST, Earlier, Past
from indicators.measurement import Basis, Confidence, Measured
from indicators.models import (
    CurrentFigure,
    DraftCell,
    Figure,
    FigureQuery,
    Partner,
    Partnership,
    Period,
    Return,
    ReturnTransition,
    Scorecard,
    User,
)
from indicators.operations.drafts import (
    cell_from_draft,
    cell_version,
    current_cells,
    refuse_unless_editable,
    saved_cells,
)
from indicators.operations.errors import WrongState
from indicators.operations.figures import cell_of
from indicators.operations.returns import DueLine, lines_due, past_by_series
from indicators.permissions import Access
from indicators.questions import question
from indicators.rag import Polarity
from indicators.roles import Permission
from indicators.selectors.protected import protected_series
from indicators.selectors.reconciling import Reconciled, reconciled
from indicators.slice_keys import untouched_parts
from indicators.units import Unit


def visible_returns(partnership: Partnership, access: Access) -> QuerySet[Return]:
    """The returns the person may read: all, those of their own partners, and those of predecessors for periods that
    began before the functions passed over; those of scorecards for the board only with the right to read them. No query
    of its own; what is a right is `Access.can` alone."""
    rows = Return.objects.filter(round__partnership=partnership).select_related(
        "round__scorecard", "round__period", "partner"
    )
    if not access.can(Permission.VIEW_PROTECTED):
        rows = rows.exclude(round__scorecard__audience=Scorecard.Readers.BOARD)
    may = Q(partner__in=[g.partner_id for g in access.grants if _reads(access, g.partner_id)])
    if _reads(access, None):
        return rows
    for passed in access.successions:
        the_day_before = Period(start_on=passed.effective_on - timedelta(days=1))
        if _reads(access, passed.predecessor_id, the_day_before):
            may |= Q(partner=passed.predecessor_id, round__period__start_on__lt=passed.effective_on)
    return rows.filter(may)


def _reads(access: Access, partner_id: int | None, period: Period | None = None) -> bool:
    """Whether the person reads the returns of that partner (None: of any partner at all) for that period."""
    partner = Partner(pk=partner_id or 0, partnership_id=access.partnership_id)
    return access.can(Permission.VIEW_RETURNS, partner, period)


def find_return(partnership: Partnership, scorecard: str, period: str, partner: str, number: int) -> Return | None:
    """The return of that address, with its round, partner and reason. One query."""
    return next(iter(_returns(partnership.pk, scorecard, period, partner, number)), None)


@question
def _returns(partnership_id: int, scorecard: str, period: str, partner: str, number: int) -> QuerySet[Return]:
    where = ("round__scorecard", "round__period", "round__partnership", "round__locked_by", "partner__partnership")
    return (
        Return.objects.select_related(*where, "reason")
        .filter(
            round__partnership=partnership_id,
            round__scorecard__code=scorecard,
            round__period__slug=period,
            partner__code=partner,
            number=number,
        )
        .order_by()
    )


def sent_back(row: Return) -> str:
    """Why a return came back, and from whom; nothing when it is in another state. One query."""
    if row.state != Return.State.RETURNED:
        return ""
    step = row.transitions.filter(action=ReturnTransition.Action.RETURNED).select_related("comment").last()
    return f"{step.actor}: “{step.comment.body}”" if step and step.comment else ""


def transitions_of(row: Return) -> QuerySet[ReturnTransition]:
    """The steps of a return, first to last. One query."""
    return row.transitions.select_related("comment").order_by("pk")


def open_correction(row: Return) -> Return | None:
    """A correction of the same round and partner that is not approved yet. One query."""
    return (
        Return.objects.filter(round=row.round, partner=row.partner, kind=Return.Kind.RESTATEMENT)
        .exclude(state=Return.State.APPROVED)
        .first()
    )


def why_closed(row: Return, by: User, on: date) -> str:
    """Why that person cannot enter figures that day, in a sentence; empty when they can."""
    try:
        refuse_unless_editable(row, by=by, on=on)
    except WrongState as refusal:
        return str(refusal)
    return ""


@dataclass(frozen=True)
class SheetLine:
    """One line of a return with what is saved for it now: the draft, else the latest revision."""

    due: DueLine
    period: Period
    cell: entry.CellInput
    version: str
    measured: Measured | None
    draft: DraftCell | None = None
    working: Figure | None = None
    approved: Figure | None = None
    past: Past = NO_PAST
    today: date | None = None
    sent_back: Figure | None = None

    @cached_property
    def unit(self) -> Unit:
        """The unit of the definition in force."""
        return Unit(self.due.version.unit)

    @cached_property
    def standard(self) -> rag.Standard | None:
        """What the figure is judged against."""
        return self.due.target.standard(self.due.version) if self.due.target else None

    @cached_property
    def judgement(self) -> rag.Judgement:
        """The rating that the saved figure would get."""
        return self.judged(self.measured)

    @cached_property
    def earlier(self) -> tuple[Earlier, ...]:
        """The figures of the four periods before, latest first."""
        return self.past.shown

    @cached_property
    def around(self) -> entry.Around:
        """What a figure that is typed here is checked against."""
        return self.due.around(self.past, self.period, self.today)

    @cached_property
    def change(self) -> Change:
        """How the saved figure compares with the last one held of the four periods before."""
        before = self.earlier[0] if self.earlier else None
        return compare(
            _point(self.period, self.measured, self.unit),
            _point(before, before.measured, self.unit) if before else None,
            polarity=Polarity(self.due.version.polarity),
            unit=self.unit,
            places=self.due.version.places,
            window=Window(self.due.version.window),
            breaks=self.past.breaks,
            target=self.standard.target if self.standard else None,
        )

    @cached_property
    def doubts(self) -> list[entry.Doubt]:
        """What looks odd in what is saved now."""
        return entry.doubts_about(self.cell, self.unit, self.around)

    @cached_property
    def problems(self) -> list[entry.Problem]:
        """What cannot be true of what is saved now."""
        return entry.problems_about(self.cell, self.unit, self.around)

    @property
    def asks_reason(self) -> bool:
        """Whether a doubt still waits for a reason."""
        return not self.cell.keep_reason and any(d.asks_reason for d in self.doubts)

    @property
    def replaces(self) -> Figure | None:
        """The approved figure of this very period that another one is to replace."""
        if self.approved is None or (self.draft is None and self.working == self.approved):
            return None
        return self.approved

    @property
    def before_it_came_back(self) -> entry.CellInput | None:
        """What stood here when the return was last sent back, where that has changed since."""
        then = cell_of(self.sent_back) if self.sent_back else None
        return None if then == self.cell else then

    def judged(self, measured: Measured | None) -> rag.Judgement:
        """How those numbers would be rated on this line."""
        return rag.judge(measured.measure(self.unit) if measured else None, self.standard)

    @property
    def oddities(self) -> list[str]:
        """Why a reviewer should look at this figure first: what the checks found, and the marks; nothing for an
        ordinary one."""
        found = [p.message for p in self.problems] + [d.message for d in self.doubts if d.asks_reason]
        return found + self.marks

    @property
    def marks(self) -> list[str]:
        """What else a reviewer should know of this figure at a glance, in a few words each."""
        found = []
        if self.judgement.rating is rag.Rating.OUTSIDE:
            found.append(rag.words(self.judgement.rating))
        if limit := self.due.limit(self.measured):
            found.append(f"{limit} or more")
        if self.measured is None or self.measured.basis is Basis.MISSING:
            found.append("No figure")
        if self.cell.confidence in {Confidence.CAUTION, Confidence.LOW}:
            found.append("Doubt about the data")
        if self.replaces is not None:
            found.append("Replaces a reported figure")
        if self.earlier and not self.earlier[0].is_before_break:
            ratings = {self.judged(self.earlier[0].measured).rating, self.judgement.rating}
            if len(ratings) == 2 and rag.Rating.NOT_JUDGED not in ratings:
                found.append("Rating changed")
        return found


@dataclass(frozen=True)
class Sheet:
    """A return with its lines that the person may read; `left_out` others are for the board, `left_out_filled` of them
    with a figure or a reason why there is none."""

    row: Return
    lines: tuple[SheetLine, ...] = field(default=())
    left_out: int = 0
    left_out_filled: int = 0

    @property
    def filled(self) -> int:
        """How many lines of the return, read or not, have a figure or a reason why there is none."""
        return self.left_out_filled + sum(line.measured is not None for line in self.lines)

    @property
    def total(self) -> int:
        """How many lines the return has, read or not."""
        return self.left_out + len(self.lines)

    @property
    def untouched(self) -> set[int]:
        """The parts of breakdowns that nobody has begun, by the id that the entry form names them with. A line that
        asks for commentary by size is never one."""
        filled = [pk for pk, line in self.by_pk.items() if not line.cell.is_empty or line.measured is not None]
        asked = {pk for pk, line in self.by_pk.items() if line.due.line.commentary_from is not None}
        return untouched_parts({pk: line.due.key for pk, line in self.by_pk.items()}, filled) - asked

    @property
    def by_pk(self) -> dict[int, SheetLine]:
        """The lines by the id that the entry form names them with."""
        return {line.due.line.pk: line for line in self.lines}


def sheet_of(row: Return, *, today: date | None = None, only: int | None = None, sees_protected: bool = True) -> Sheet:
    """A return's lines with what is saved, what is approved, and the periods before; or one of them, by its id.

    `today` is the day on which what is typed is checked; without it no date is still to come. Without `sees_protected`
    the parts by a protected dimension are only counted. Seven queries, or eight, whatever the number of lines and
    however long the history.
    """
    lines = lines_due(row, only=only)
    series = [due.line.series_id for due in lines]
    drafts = {draft.series_id: draft for draft in saved_cells(row.pk, series)}
    current = {held.series_id: held for held in current_cells(row.round.period_id, series)}
    past = past_by_series(lines, row.round.period)
    found = [
        _line(due, drafts.get(s), current.get(s), past.get(s, NO_PAST), row.round.period, today)
        for due, s in zip(lines, series, strict=True)
    ]
    withheld = frozenset() if sees_protected else protected_series(lines)
    kept_back = [line for line in found if line.due.line.series_id in withheld]
    return Sheet(
        row,
        tuple(line for line in found if line.due.line.series_id not in withheld),
        len(kept_back),
        sum(line.measured is not None for line in kept_back),
    )


def sums_of(sheet: Sheet) -> list[Reconciled]:
    """Which stocks and partitions of a return add up, as its figures stand now; of a correction those that it has a
    part in, each told by a line of it. Two queries, eight at most; seven more for a correction."""
    measured = {line.due.line.series_id: line.measured for line in sheet.lines}
    period = sheet.row.round.period
    if sheet.row.kind != Return.Kind.RESTATEMENT:
        past = {line.due.line.series_id: line.past for line in sheet.lines}
        return reconciled([line.due for line in sheet.lines], measured, past, period)
    lines = lines_due(sheet.row, whole=True)
    others = CurrentFigure.objects.filter(series__in=[d.line.series_id for d in lines], period=period)
    held = {c.series_id: c.working.measured() for c in others.select_related("working")}
    found = reconciled(lines, held | measured, past_by_series(lines, period), period)
    names = {line.due.line.series_id: line.due.name for line in sheet.lines}
    told = [
        (one, one.series_id if one.series_id in names else min(one.series & set(names), default=0)) for one in found
    ]
    return [replace(one, series_id=says, name=names[says]) for one, says in told if says]


def with_sent_back(sheet: Sheet) -> Sheet:
    """The sheet with what stood on its lines when the return was last sent back; as it is if it never was.

    Two queries at most.
    """
    row = sheet.row
    step = row.transitions.filter(action=ReturnTransition.Action.RETURNED).order_by("pk").last()
    if step is None:
        return sheet
    figures = Figure.objects.filter(in_return=row, recorded_at__lte=step.at).order_by("revision")
    then = {f.series_id: f for f in figures.select_related("headline", "commentary", "keep_reason")}
    return replace(
        sheet, lines=tuple(replace(line, sent_back=then.get(line.due.line.series_id)) for line in sheet.lines)
    )


def _line(
    due: DueLine,
    draft: DraftCell | None,
    current: CurrentFigure | None,
    past: Past,
    period: Period,
    today: date | None,
) -> SheetLine:
    working = current.working if current else None
    cell = cell_from_draft(draft) if draft else cell_of(working) if working else entry.CellInput()
    return SheetLine(
        due=due,
        period=period,
        cell=cell,
        version=cell_version(working.revision if working else 0, draft.version if draft else 0),
        measured=cell.measured() if draft else working.measured() if working else None,
        draft=draft,
        working=working,
        approved=current.approved if current else None,
        past=past,
        today=today,
    )


def _point(span: Period | Earlier, measured: Measured | None, unit: Unit) -> Point:
    if measured is None:
        return Point(span.start_on, span.end_on, None)
    return Point(
        span.start_on, span.end_on, measured.number(unit), measured.numerator, measured.denominator, measured.qualifier
    )


def open_queries(sheet: Sheet) -> list[FigureQuery]:
    """The open queries about the figures of a sheet that a correction of it may answer. One query."""
    series = [line.due.line.series_id for line in sheet.lines]
    return list(
        FigureQuery.objects.filter(period=sheet.row.round.period, series__in=series, closed_by_figure__isnull=True)
    )
