"""Takes a return through its states: opened, submitted or taken back, signed off, returned or accepted, corrected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from indicators import entry, quarters, rag
from indicators.commentary_limits import large_words, limit_passed
from indicators.direction_of_travel import Window
from indicators.earlier import NO_PAST, Earlier, Past, comparable, past_of, slugs_before
from indicators.measurement import Basis, Correction, Measured
from indicators.models import (
    Assignment,
    CurrentFigure,
    DraftCell,
    Figure,
    FigureQuery,
    GateHolder,
    IndicatorVersion,
    Period,
    ReportingRound,
    Return,
    ReturnTransition,
    Scorecard,
    ScorecardLine,
    Series,
    Target,
    Text,
    User,
)
from indicators.operations.audit import shown_as
from indicators.operations.basics import AlreadyDone, known_on, locked_return, operation, use_key
from indicators.operations.drafts import (
    cell_from_draft,
    owed_lines,
    owed_series,
    refuse_if_locked,
    refuse_unless_editable,
)
from indicators.operations.errors import NotAllowed, NotReady, OpenPoint, ReturnChanged, WrongState
from indicators.operations.figures import Origin, approve_revision, cell_of, told_in_words_only, write_revision
from indicators.permissions import inherits, successions_on
from indicators.querysets import versions_in_force
from indicators.questions import question
from indicators.selectors.histories import breaks_of
from indicators.selectors.reconciling import reconciled
from indicators.slice_keys import untouched_parts
from indicators.units import Unit

State = Return.State
Action = ReturnTransition.Action


@dataclass(frozen=True)
class DueLine:
    """One line of a return, with the definition and target in force for its period."""

    line: ScorecardLine
    version: IndicatorVersion
    target: Target | None

    @property
    def name(self) -> str:
        """What the line is called."""
        return self.version.name_of(self.line.series.slice)

    @property
    def key(self) -> tuple[int, str]:
        """Its indicator and slice."""
        return self.line.series.indicator_id, self.line.series.slice.key

    def judge(self, cell: entry.CellInput, told: Figure | None = None) -> rag.Judgement:
        """The rating the cell would get; where only the words of a statement were changed, that of the statement."""
        unit = Unit(self.version.unit)
        measured = told.measured() if told else cell.measured()
        standard = self.target.standard(self.version) if self.target else None
        return rag.judge(measured.measure(unit) if measured else None, standard)

    def limit(self, measured: Measured | None) -> str:
        """The size, in words, from which such a figure asks for commentary; nothing where this one does not."""
        return limit_passed(measured, Unit(self.version.unit), self.line.commentary_from)

    def around(self, past: Past, period: Period, today: date | None) -> entry.Around:
        """What a figure of the line is checked against; without a day, nothing is still to come."""
        unit, window = Unit(self.version.unit), Window(self.version.window)
        return entry.Around(
            counts=self.version.counts,
            start_on=period.start_on,
            end_on=period.end_on,
            today=today,
            earlier=comparable(past, end_on=period.end_on, unit=unit, window=window),
        )


def lines_due(row: Return, *, whole: bool = False, only: int | None = None) -> list[DueLine]:
    """The lines a return holds: those of its frequency that its partner was assigned at the period's end; of a
    correction the chosen ones, unless the `whole` return is asked for; `only` the one of that id, if it is among them.
    4 queries."""
    period = row.round.period
    found = owed_lines(row, whole=whole, only=only)
    versions = versions_in_force(
        IndicatorVersion, "indicator", {line.series.indicator_id for line in found}, period.start_on
    )
    targets = versions_in_force(Target, "line", [line.pk for line in found], period.start_on)
    return [
        DueLine(line, versions[line.series.indicator_id], targets.get(line.pk))
        for line in found
        if line.series.indicator_id in versions
    ]


def past_by_series(lines: Iterable[DueLine], period: Period) -> dict[int, Past]:
    """The approved figures of the eight periods before, and the breaks, of each line by its series. Two queries, no
    model instances."""
    windows = {due.line.series_id: Window(due.version.window) for due in lines}
    slugs = slugs_before(quarters.from_dates(period.kind, period.start_on, period.end_on))
    back = {slug: number for number, slug in enumerate(slugs, 1)}
    figures: dict[int, list[Earlier]] = {}
    for series_id, slug, label, start_on, end_on, *measures in _approved_in(list(windows), slugs):
        basis, top, bottom, value, qualifier, quantum, missing, met = measures
        reason = rag.MissingReason(missing) if missing else None
        measured = Measured(Basis(basis), top, bottom, value, qualifier, quantum, reason, met)
        figures.setdefault(series_id, []).append(Earlier(label, start_on, end_on, measured, back[slug]))
    breaks = breaks_of(windows)
    return {
        series_id: past_of(
            figures.get(series_id, ()), breaks.get(series_id, ()), start_on=period.start_on, end_on=period.end_on,
            window=window,
        )
        for series_id, window in windows.items()
    }  # fmt: skip


@question
def _approved_in(series: list[int], slugs: list[str]) -> QuerySet[CurrentFigure, tuple[Any, ...]]:
    found = CurrentFigure.objects.filter(series__in=series, period__slug__in=slugs, approved__isnull=False)
    return found.order_by("-period__end_on").values_list(
        "series", "period__slug", "period__label", "period__start_on", "period__end_on", "approved__basis",
        "approved__numerator", "approved__denominator", "approved__value", "approved__qualifier", "approved__quantum",
        "approved__missing_reason", "approved__stated_met",
    )  # fmt: skip


def _transition(
    row: Return, action: str, to_state: str, *, by: User, at: datetime, comment: str = "", as_deputy: bool = False
) -> None:
    ReturnTransition.objects.create(
        in_return=row,
        action=action,
        from_state=row.state,
        to_state=to_state,
        by=by,
        actor=shown_as(by),
        as_deputy=as_deputy,
        at=at,
        comment=Text.objects.keep(comment.strip()),
    )
    row.state = to_state
    row.is_signed_off = action in {Action.SIGNED_OFF, Action.APPROVED}
    row.version += 1
    row.save(update_fields=["state", "is_signed_off", "version"])


@operation
def open_round(*, scorecard: Scorecard, period: Period, due_on: date | None, by: User, at: datetime) -> ReportingRound:
    """Opens a period of a scorecard: the round, and an open return for each partner that owes a line of it.

    Raises WrongState for a period that is open already, that no line reports, or that ends after its due date.
    """
    made, new = ReportingRound.objects.get_or_create(
        partnership=scorecard.partnership, scorecard=scorecard, period=period, defaults={"due_on": due_on}
    )
    if not new:
        raise WrongState(f"{scorecard} for {period} is open already.")
    if due_on is not None and due_on < period.end_on:
        raise WrongState("Nothing can be due before its period has ended. Choose a later day.")
    owed = ScorecardLine.objects.on(period.end_on).filter(scorecard=scorecard, frequency=period.kind)
    if not owed.exists():
        raise WrongState(f"Nothing on {scorecard} is returned for {period}. Choose a period of the kind it reports.")
    partners = Assignment.objects.on(period.end_on).filter(series__lines__in=owed).values_list("partner", flat=True)
    for partner_id in sorted(set(partners)):
        row = Return.objects.create(round=made, partner_id=partner_id)
        _transition(row, Action.OPENED, State.OPEN, by=by, at=at)
    return made


@operation
def submit_return(*, in_return: Return, by: User, at: datetime, version: int, key: str = "") -> None:
    """Submits a return: each changed cell becomes a revision, and the return waits for the partner's sign-off.

    Raises NotReady with every open point, WrongState, ReturnChanged. Sending the same key again does nothing, as long
    as the return still stands as the first time left it.
    """
    try:
        use_key(key=key, operation_name="submit_return", in_return=in_return, version=version, by=by, at=at)
    except AlreadyDone:
        return
    row = locked_return(in_return.pk, version=version)
    refuse_unless_editable(row, by=by, on=known_on(at))
    current = _working_figures(row)
    drafts = {
        draft.series_id: draft
        for draft in _saved(row.pk)
        if draft.series_id not in current or cell_from_draft(draft) != cell_of(current[draft.series_id])
    }
    lines = lines_due(row)
    points = open_points(row, lines, drafts, current, on=known_on(at))
    if points:
        raise NotReady(points)
    if row.kind == Return.Kind.RESTATEMENT and not drafts and not _was_taken_back(row):
        raise WrongState("Nothing has been changed yet. Change a figure and submit again, or leave this page.")
    for due in lines:
        draft = drafts.get(due.line.series_id)
        if draft is None:
            continue
        cell = cell_from_draft(draft)
        told = told_in_words_only(cell, current.get(due.line.series_id))
        measured = told.measured() if told else cell.measured()
        if measured is not None:
            # The revision is of who typed it, so that the rule of two people holds whoever presses the button.
            typed_by = draft.updated_by
            origin = Origin(
                actor=shown_as(typed_by), at=at, known_on=known_on(at), by=typed_by, in_return=row,
                source=told.source if told else None, paragraph=told.paragraph if told else "",
            )  # fmt: skip
            write_revision(
                series=due.line.series, period=row.round.period, cell=cell, measured=measured, origin=origin,
                reason=row.reason,
            )  # fmt: skip
    row.cells.all().delete()
    _transition(row, Action.SUBMITTED, State.SUBMITTED, by=by, at=at)


@operation
def take_back(*, in_return: Return, by: User, at: datetime, version: int, key: str = "") -> None:
    """Opens a submitted return for entry again, as long as nobody has decided on it: it stands as before it was
    submitted, with the figures as they were. Raises WrongState, ReturnChanged. A key is used as in `sign_off`."""
    try:
        use_key(key=key, operation_name="take_back", in_return=in_return, version=version, by=by, at=at)
    except AlreadyDone:
        return
    row = locked_return(in_return.pk)
    if row.state != State.SUBMITTED or row.is_signed_off:
        raise WrongState(_too_late(row))
    if row.version != version:
        raise ReturnChanged(
            "This return has been submitted anew since you opened the page. Nothing was done; look at it again."
        )
    refuse_if_locked(row, by=by, on=known_on(at))
    submitted = row.transitions.filter(action=Action.SUBMITTED).order_by("pk").last()
    to_state = submitted.from_state if submitted else State.OPEN
    _transition(row, Action.OPENED, to_state, by=by, at=at)


def _was_taken_back(row: Return) -> bool:
    last = row.transitions.order_by("pk").last()
    return last is not None and last.is_taken_back


def _too_late(row: Return) -> str:
    """Why a return cannot be taken back, in sentences."""
    if row.state == State.SUBMITTED:
        return (
            f"{row.partner} has signed this return off, so it cannot be taken back. Ask the council to send it back "
            "if a figure is wrong."
        )
    if row.state == State.APPROVED:
        return "This return is accepted, so it cannot be taken back. Correct the figures that are wrong instead."
    return "This return is open for entry already, so there is nothing to take back."


def _working_figures(row: Return) -> dict[int, Figure]:
    return {held.series_id: held.working for held in _current(row.round.period_id, row.round.scorecard_id)}


@question
def _current(period_id: int, scorecard_id: int) -> QuerySet[CurrentFigure]:
    found = CurrentFigure.objects.filter(period=period_id, series__lines__scorecard=scorecard_id).order_by()
    related = ("working__headline", "working__commentary", "working__keep_reason", "working__source")
    return found.select_related(*related)


@question
def _saved(return_id: int) -> QuerySet[DraftCell]:
    return DraftCell.objects.filter(in_return=return_id).order_by().select_related("updated_by")


@question
def _made_by(return_id: int) -> QuerySet[CurrentFigure]:
    return CurrentFigure.objects.filter(working__in_return=return_id).select_related("working")


def open_points(
    row: Return, lines: Iterable[DueLine], drafts: dict[int, DraftCell], current: dict[int, Figure], *, on: date
) -> list[OpenPoint]:
    """Everything that stands in the way of submitting that day: what is missing, what cannot be true, what looks odd
    without a reason to keep it, and what does not add up without one. A breakdown may be left empty as a whole, but
    for lines that ask for commentary by size. Ten queries at most."""
    points = []
    lines, period = list(lines), row.round.period
    past = past_by_series(lines, period)
    filled = {pk for pk, draft in drafts.items() if not cell_from_draft(draft).is_empty} | set(current)
    untouched = untouched_parts({d.line.series_id: d.key for d in lines}, filled)
    untouched -= {d.line.series_id for d in lines if d.line.commentary_from is not None}
    for due in lines:
        if due.line.series_id in untouched:
            continue
        draft, working = drafts.get(due.line.series_id), current.get(due.line.series_id)
        if draft is None and row.kind == Return.Kind.RESTATEMENT:
            continue
        if draft is None and working is not None:
            continue
        cell = cell_from_draft(draft) if draft else entry.CellInput()
        told = told_in_words_only(cell, working)
        outside = due.judge(cell, told).rating is rag.Rating.OUTSIDE
        if told is not None:
            if not cell.commentary and (outside or due.limit(told.measured())):
                words = large_words(due.limit(told.measured()))
                asks = entry.OUTSIDE_WITHOUT_WORDS if outside else entry.Problem("commentary", words)
                points.append(OpenPoint(due.line.series_id, due.name, asks))
            continue
        problems = entry.missing_before_submission(cell, is_outside=outside, limit=due.limit(cell.measured()))
        unit, around = Unit(due.version.unit), due.around(past.get(due.line.series_id, NO_PAST), period, on)
        problems += entry.problems_about(cell, unit, around)
        if not problems and not _has_reason(cell, working):
            asking = [d for d in entry.doubts_about(cell, unit, around) if d.asks_reason]
            stale = _STALE if cell.keep_reason else ""
            problems = [entry.Problem("keep_reason", d.message + stale) for d in asking]
        points += [OpenPoint(due.line.series_id, due.name, p) for p in problems]
    return [*points, *_sums(row, lines, drafts, current, past)]


def _sums(
    row: Return,
    lines: Sequence[DueLine],
    drafts: Mapping[int, DraftCell],
    current: Mapping[int, Figure],
    past: Mapping[int, Past],
) -> Iterable[OpenPoint]:
    """What does not add up among the figures as they would be, unless the line that stands for the sum says why. A
    correction is held against the whole return; where it leaves that line alone, one that it changes says why."""
    if row.kind == Return.Kind.RESTATEMENT:
        lines = lines_due(row, whole=True)
        past = past_by_series(lines, row.round.period)
    measured: dict[int, Measured | None] = {pk: figure.measured() for pk, figure in current.items()}
    reasons = {pk: bool(figure.keep_reason_id) for pk, figure in current.items()}
    for pk, draft in drafts.items():
        cell = cell_from_draft(draft)
        measured[pk], reasons[pk] = cell.measured(), _has_reason(cell, current.get(pk))
    names = {due.line.series_id: due.name for due in lines}
    for one in reconciled(lines, measured, past, row.round.period):
        changed = one.series & set(drafts)
        if one.holds is False and changed:
            says = one.series_id if one.series_id in drafts or row.kind == Return.Kind.ORDINARY else min(changed)
            if not reasons.get(says):
                stale = _STALE if says in drafts and cell_from_draft(drafts[says]).keep_reason else ""
                yield OpenPoint(says, names[says], entry.Problem("keep_reason", one.asks + stale))


_STALE = " The reason beside it was given for another number: say anew why this one is right."


def _has_reason(cell: entry.CellInput, working: Figure | None) -> bool:
    """Whether a reason to keep the figure is given; one that was given for another number is none."""
    if not cell.keep_reason or working is None or working.keep_reason is None:
        return bool(cell.keep_reason)
    return working.keep_reason.body != cell.keep_reason or cell_of(working).measured() == cell.measured()


def _refuse_own_work(row: Return, by: User) -> None:
    """A revision names who typed a cell last, so whoever changed it before stands among the contributors."""
    contributed = row.contributors.filter(pk=by.pk).exists()
    entered = Figure.objects.filter(in_return=row, recorded_by=by).exists()
    submitted = ReturnTransition.objects.filter(in_return=row, by=by, action=Action.SUBMITTED).exists()
    if contributed or entered or submitted:
        raise NotAllowed("You entered figures of this return, so another person must decide on it.")


def _gate(row: Return, gate: str, by: User, on: date) -> bool:
    """Whether the person passes the gate as deputy. A successor's lead and deputy hold it too, for periods that began
    before the functions passed over. Raises NotAllowed when the person holds it neither way."""
    here, began_on = row.partner.partnership_id, row.round.period.start_on
    held = list(GateHolder.objects.on(on).filter(partner__partnership=here, gate=gate, user=by).order_by("is_deputy"))
    own = [holder for holder in held if holder.partner_id == row.partner_id]
    if held and not own:
        passed = successions_on(here, on)
        own = [holder for holder in held if inherits(passed, row.partner_id, holder.partner_id, began_on)]
    if not own:
        words = GateHolder.Gate(gate).label.lower()
        raise NotAllowed(f"Returns of {row.partner} are {words} by a named lead or deputy, and you are neither.")
    return bool(own[0].is_deputy)


@operation
def sign_off(*, in_return: Return, by: User, at: datetime, version: int, comment: str = "", key: str = "") -> None:
    """The partner's own lead, or the deputy, stands behind a submitted return. Never who entered it. Sending the same
    key again does nothing, as long as the return still stands as the first time left it."""
    try:
        use_key(key=key, operation_name="sign_off", in_return=in_return, version=version, by=by, at=at)
    except AlreadyDone:
        return
    row = locked_return(in_return.pk, version=version)
    if row.state != State.SUBMITTED or row.is_signed_off:
        raise WrongState("Only a submitted return that is not signed off yet can be signed off.")
    _refuse_own_work(row, by)
    as_deputy = _gate(row, GateHolder.Gate.SIGN_OFF, by, known_on(at))
    _transition(row, Action.SIGNED_OFF, State.SUBMITTED, by=by, at=at, comment=comment, as_deputy=as_deputy)


@operation
def send_back(*, in_return: Return, by: User, at: datetime, version: int, comment: str, key: str = "") -> None:
    """Returns a submitted return to who entered it, with a comment. Either gate may; before the sign-off the partner's
    lead, after it the council's. A key is used as in `sign_off`."""
    try:
        use_key(key=key, operation_name="send_back", in_return=in_return, version=version, by=by, at=at)
    except AlreadyDone:
        return
    row = locked_return(in_return.pk, version=version)
    if row.state != State.SUBMITTED:
        raise WrongState("Only a submitted return can be sent back.")
    if not comment.strip():
        raise WrongState("Say what should be changed; the comment goes to the people who enter figures.")
    _refuse_own_work(row, by)
    gate = GateHolder.Gate.ACCEPTANCE if row.is_signed_off else GateHolder.Gate.SIGN_OFF
    as_deputy = _gate(row, gate, by, known_on(at))
    _transition(row, Action.RETURNED, State.RETURNED, by=by, at=at, comment=comment, as_deputy=as_deputy)


@operation
def accept_return(*, in_return: Return, by: User, at: datetime, version: int, comment: str = "", key: str = "") -> None:
    """The council accepts a signed-off return: every new revision of it is approved, and boards see it.

    Raises NotAllowed for who entered any of it and for who signed it off, WrongState, ReturnChanged.
    """
    try:
        use_key(key=key, operation_name="accept_return", in_return=in_return, version=version, by=by, at=at)
    except AlreadyDone:
        return
    row = locked_return(in_return.pk, version=version)
    if row.state != State.SUBMITTED or not row.is_signed_off:
        raise WrongState("Only a return that the partner has signed off can be accepted.")
    _refuse_own_work(row, by)
    if ReturnTransition.objects.filter(in_return=row, by=by, action=Action.SIGNED_OFF).exists():
        raise NotAllowed("You signed this return off for the partner, so another person must accept it.")
    as_deputy = _gate(row, GateHolder.Gate.ACCEPTANCE, by, known_on(at))
    origin = Origin(actor=shown_as(by), at=at, known_on=known_on(at), by=by, in_return=row)
    for pointer in _made_by(row.pk):
        if pointer.approved_id != pointer.working_id:
            approve_revision(figure=pointer.working, origin=origin)
            row.answers.filter(series=pointer.series_id).update(closed_by_figure=pointer.working)
    _transition(row, Action.APPROVED, State.APPROVED, by=by, at=at, comment=comment, as_deputy=as_deputy)


@operation
def open_restatement(
    *,
    of_return: Return,
    series: Iterable[Series],
    correction: str,
    reason: str,
    by: User,
    at: datetime,
    answers: Iterable[FigureQuery] = (),
) -> Return:
    """Opens a correction of chosen figures of an approved return: why, from the list and in words, and which open
    queries it answers. The old figures stand meanwhile."""
    row = locked_return(of_return.pk)
    if row.state != State.APPROVED:
        raise WrongState("Only figures of an approved return are corrected; an open return is simply changed.")
    if correction not in set(Correction):
        raise WrongState("Choose from the list why the figures are to be corrected.")
    if not reason.strip():
        raise WrongState("Say in words why the figures are to be corrected.")
    chosen = list(series)
    if not chosen:
        raise WrongState("Choose at least one figure to correct.")
    siblings = list(Return.objects.select_for_update().filter(round=row.round, partner=row.partner).order_by("pk"))
    if any(sibling.state != State.APPROVED for sibling in siblings):
        raise WrongState("A correction of this return is open already. Finish that one first.")
    held = owed_series(siblings[0])
    if any(one.pk not in held for one in chosen):
        raise WrongState("A figure that was chosen does not belong to this return. Choose among its own.")
    number = max(sibling.number for sibling in siblings) + 1
    made = Return.objects.create(
        round=row.round,
        partner=row.partner,
        number=number,
        kind=Return.Kind.RESTATEMENT,
        correction=correction,
        reason=Text.objects.keep(reason.strip()),
    )
    made.chosen.set(chosen)
    made.answers.set(q for q in answers if q.series_id in {one.pk for one in chosen} and q.closed_by_figure_id is None)
    _transition(made, Action.OPENED, State.OPEN, by=by, at=at)
    return made
