"""Keeps exception reports: asked of a partner or declined, answered, sent back or accepted, put onto an agenda.

Two people stand for an answer: who gave it does not accept it. Every change is a step; each form carries the number of
the step that it was made from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from indicators.models import Figure, Partnership, Period, Scorecard, ScorecardLine, Text, User
from indicators.operations.basics import hold, known_on, made_before, note_made, operation, signed
from indicators.operations.errors import InputRefused, NotAllowed, WrongState
from indicators.permissions import Access, access_for
from indicators.roles import Permission
from indicators.units import out_of_bounds
from indicators.working_days import OutsideCalendar, add_working_days
from partnership.escalation import Asks, Rule, Trigger
from partnership.models import (
    AgendaItem,
    EscalationRule,
    ExceptionRequest,
    ExceptionStep,
    TrajectoryPoint,
)
from partnership.operations.agenda import put_exception_on_agenda
from partnership.operations.citations import check_line, kept_citation
from partnership.operations.refusals import ActionChanged
from partnership.selectors.citations import unit_of
from partnership.selectors.escalations import Proposed, partner_of, proposed, rules_of
from partnership.selectors.visible import exceptions_for, items_for

LONGEST_TEXT = 6000
State = ExceptionRequest.State
Kind = ExceptionStep.Kind
THIS = "this exception report"


@dataclass(frozen=True)
class Answer:
    """What a partner answers: the cause, the plan, what the figure will be in which period, and when it is back."""

    cause: str
    plan: str = ""
    back_on: date | None = None
    trajectory: Sequence[tuple[Period, Decimal]] = ()

    @property
    def asked(self) -> list[Any]:
        """All that it says, in values that tell it apart."""
        points = [(period.pk, value) for period, value in self.trajectory]
        return [self.cause.strip(), self.plan.strip(), self.back_on, points]


# Asking


@operation
def ask_exception(
    *, partnership: Partnership, line: ScorecardLine, period: Period, trigger: str, by: User, at: datetime,
    key: str = "",
) -> ExceptionRequest:  # fmt: skip
    """Asks a partner for an exception report that is proposed now; what is asked, the evidence and the day it is due
    come from the rule. The same key again gives the one that it made.

    Raises NotAllowed for who may not ask, WrongState where it is not proposed (any more) or was asked already.
    """
    asked = [partnership.pk, line.pk, period.pk, trigger]
    if before := made_before(key=key, operation_name="ask_exception", asked=asked, by=by, at=at):
        return ExceptionRequest.objects.get(partnership=partnership, number=int(before))
    found = _proposed(partnership, line, period, trigger, by, at)
    request = _opened(found, partnership, by, at, state=State.ASKED)
    _step(request, Kind.ASKED, 1, by, at)
    note_made(key=key, code=str(request.number))
    return request


@operation
def ask_for_meeting(
    *, partnership: Partnership, line: ScorecardLine, period: Period, asks: str, reason: str, by: User, at: datetime,
    key: str = "",
) -> ExceptionRequest:  # fmt: skip
    """Asks for an exception report that no rule proposes, because a meeting wants one; `reason` says which and why.

    Raises NotAllowed for who may not ask, InputRefused for what cannot be, WrongState where it was asked already.
    """
    asked = [partnership.pk, line.pk, period.pk, asks, reason.strip()]
    if before := made_before(key=key, operation_name="ask_for_meeting", asked=asked, by=by, at=at):
        return ExceptionRequest.objects.get(partnership=partnership, number=int(before))
    access = _asker(partnership, by, at)
    check_line(access, partnership.pk, line)
    words = _words("reason", reason, "Say which meeting asked for it, and why.", 300)
    if asks not in set(Asks):
        raise InputRefused("asks", "Choose from the list what is asked.")
    partner = partner_of(line, period)
    if partner is None:
        raise InputRefused("period", "No partner returned this indicator in this period. Choose another period.")
    request = _create(
        partnership, at, line=line, period=period, partner=partner, trigger=Trigger.ASKED.value, asks=asks,
        evidence=words, due_on=_due_on(rules_of([line.scorecard_id], known_on(at)).get(line.scorecard_id, Rule()), at),
        state=State.ASKED,
    )  # fmt: skip
    kept_citation(request, line, period, at=at)
    _step(request, Kind.ASKED, 1, by, at, reason=Text.objects.keep(words))
    note_made(key=key, code=str(request.number))
    return request


@operation
def decline_exception(
    *, partnership: Partnership, line: ScorecardLine, period: Period, trigger: str, reason: str, by: User,
    at: datetime, key: str = "",
) -> ExceptionRequest:  # fmt: skip
    """Declines an exception report that is proposed, with the reason, which a meeting is told. Raises as
    `ask_exception`, and InputRefused without a reason."""
    asked = [partnership.pk, line.pk, period.pk, trigger, reason.strip()]
    if before := made_before(key=key, operation_name="decline_exception", asked=asked, by=by, at=at):
        return ExceptionRequest.objects.get(partnership=partnership, number=int(before))
    found = _proposed(partnership, line, period, trigger, by, at)
    words = _words("reason", reason, "Say why no exception report is asked. The reason is minuted.")
    request = _opened(found, partnership, by, at, state=State.DECLINED)
    _step(request, Kind.DECLINED, 1, by, at, reason=Text.objects.keep(words))
    note_made(key=key, code=str(request.number))
    return request


def _asker(partnership: Partnership, by: User, at: datetime) -> Access:
    access = access_for(by, partnership, known_on(at))
    if not access.can(Permission.ASK_EXCEPTIONS):
        raise NotAllowed("Only an approver of the council may ask for an exception report or decide on it.")
    return access


def _proposed(
    partnership: Partnership, line: ScorecardLine, period: Period, trigger: str, by: User, at: datetime
) -> Proposed:
    """The proposal as it stands now, with nobody else asking meanwhile."""
    access = _asker(partnership, by, at)
    hold(Partnership, partnership.pk)
    for one in proposed(access, partnership, known_on(at)):
        if (one.line.pk, one.period.pk, one.proposal.trigger.value) == (line.pk, period.pk, trigger):
            return one
    raise WrongState(
        "This exception report is not proposed any more: it was asked or declined already, or the figure has changed. "
        "Look at the list again."
    )


def _due_on(rule: Rule, at: datetime) -> date:
    try:
        return add_working_days(known_on(at), rule.answer_working_days)
    except OutsideCalendar as error:
        raise WrongState(str(error)) from error


def _opened(found: Proposed, partnership: Partnership, by: User, at: datetime, *, state: str) -> ExceptionRequest:
    request = _create(
        partnership, at, line=found.line, period=found.period, partner=found.partner,
        trigger=found.proposal.trigger.value, asks=found.proposal.asks.value, evidence=found.proposal.evidence,
        figure=Figure.objects.filter(pk=found.figure_id or 0).first(), due_on=_due_on(found.rule, at), state=state,
    )  # fmt: skip
    kept_citation(request, found.line, found.period, at=at)
    return request


def _create(partnership: Partnership, at: datetime, **columns: Any) -> ExceptionRequest:
    hold(Partnership, partnership.pk)
    same = {name: columns[name] for name in ("line", "period", "trigger")}
    before = ExceptionRequest.objects.filter(**same).first()
    if before is not None:
        raise WrongState(f"This was asked already: exception report {before.number}. Look at the list again.")
    last = ExceptionRequest.objects.filter(partnership=partnership).aggregate(last=Max("number"))["last"] or 0
    return ExceptionRequest.objects.create(partnership=partnership, number=last + 1, **columns)


def _step(request: ExceptionRequest, kind: str, number: int, by: User, at: datetime, **more: Any) -> ExceptionStep:
    return ExceptionStep.objects.create(request=request, number=number, kind=kind, **signed(by, at), **more)


def _words(box: str, typed: str, missing: str, most: int = LONGEST_TEXT) -> str:
    text = typed.strip()
    if not text:
        raise InputRefused(box, missing)
    if len(text) > most:
        raise InputRefused(box, f"Write {most:,} characters or fewer.")
    return text


# Answering, and deciding on the answer


@operation
def answer_exception(
    *, request: ExceptionRequest, answer: Answer, based_on: int, by: User, at: datetime, key: str = ""
) -> ExceptionStep:
    """Keeps what the partner answers. A recovery plan needs cause, plan, a trajectory and the date back in tolerance;
    reasons of a cohort the cause alone; a date the day and what stands in the way.

    Raises NotAllowed for who may not answer for the partner and for who asked for it, InputRefused for what is missing,
    WrongState where no answer is awaited, ActionChanged where something was recorded since.
    """
    asked = [request.pk, based_on, *answer.asked]
    if before := made_before(key=key, operation_name="answer_exception", asked=asked, by=by, at=at):
        return request.steps.get(number=int(before))
    access = _readable(request, by, at)
    if not access.can(Permission.ANSWER, request.partner, request.period):
        raise NotAllowed(f"Only who answers for {request.partner} may answer this exception report.")
    if request.steps.filter(kind=Kind.ASKED, by=by).exists():
        raise NotAllowed("You asked for this exception report, so somebody else has to answer it.")
    row, number = _locked(request, based_on, State.ASKED, "No answer is awaited.")
    cause = _words("cause", answer.cause, "Say what the cause is.")
    _check_answer(row, answer)
    step = _step(
        row, Kind.ANSWERED, number, by, at, cause=Text.objects.keep(cause),
        plan=Text.objects.keep(answer.plan.strip()), back_on=answer.back_on,
    )  # fmt: skip
    for period, value in answer.trajectory:
        TrajectoryPoint.objects.create(step=step, period=period, value=value)
    _move(row, State.ANSWERED)
    note_made(key=key, code=str(number))
    return step


def _check_answer(request: ExceptionRequest, answer: Answer) -> None:
    if len(answer.plan.strip()) > LONGEST_TEXT:
        raise InputRefused("plan", f"Write {LONGEST_TEXT:,} characters or fewer.")
    if request.asks == Asks.RECOVERY_PLAN.value:
        _words("plan", answer.plan, "Say what is done so that the figure recovers.")
        if not answer.trajectory:
            raise InputRefused("trajectory", "Give the figure that is expected in at least one later period.")
    if request.asks != Asks.COHORT_REASONS.value and answer.back_on is None:
        what = "be reported" if request.asks == Asks.DATE.value else "be back in tolerance"
        raise InputRefused("back_on", f"Give the day by which the figure will {what}.")
    if answer.back_on is not None and answer.back_on <= request.period.end_on:
        raise InputRefused("back_on", "The day lies within the period that the report is about. Choose a later one.")
    if any(period.end_on <= request.period.end_on for period, _ in answer.trajectory):
        raise InputRefused("trajectory", "A trajectory begins after the period that the report is about.")
    unit = unit_of(request.line)
    for period, value in answer.trajectory:
        if problem := out_of_bounds(value, unit):
            raise InputRefused(f"in_{period.slug}", problem)


@operation
def accept_answer(
    *, request: ExceptionRequest, reason: str = "", based_on: int, by: User, at: datetime, key: str = ""
) -> ExceptionStep:
    """Accepts the answer that waits; never by who gave it. Raises NotAllowed, WrongState, ActionChanged."""
    return _decided(request, Kind.ACCEPTED, State.ACCEPTED, reason, based_on, by, at, key)


@operation
def return_answer(
    *, request: ExceptionRequest, reason: str, based_on: int, by: User, at: datetime, key: str = ""
) -> ExceptionStep:
    """Sends the answer that waits back with the reason, so that the partner answers anew; never by who gave it. Raises
    as `accept_answer`, and InputRefused without a reason."""
    return _decided(request, Kind.RETURNED, State.ASKED, reason, based_on, by, at, key)


def _decided(
    request: ExceptionRequest, kind: str, after: str, reason: str, based_on: int, by: User, at: datetime, key: str
) -> ExceptionStep:
    asked = [request.pk, based_on, kind, reason.strip()]
    if before := made_before(key=key, operation_name=f"exception_{kind}", asked=asked, by=by, at=at):
        return request.steps.get(number=int(before))
    _asker(request.partnership, by, at)
    _readable(request, by, at)
    row, number = _locked(request, based_on, State.ANSWERED, "No answer waits for a decision.")
    if row.steps.filter(number=number - 1, by=by).exists():
        raise NotAllowed("You gave this answer, so somebody else has to decide on it.")
    if kind == Kind.RETURNED:
        _words("reason", reason, "Say what is missing from the answer.")
    if len(reason.strip()) > LONGEST_TEXT:
        raise InputRefused("reason", f"Write {LONGEST_TEXT:,} characters or fewer.")
    step = _step(row, kind, number, by, at, reason=Text.objects.keep(reason.strip()))
    _move(row, after)
    note_made(key=key, code=str(number))
    return step


def _readable(request: ExceptionRequest, by: User, at: datetime) -> Access:
    access = access_for(by, request.partnership, known_on(at))
    if not exceptions_for(access, request.partnership).filter(pk=request.pk).exists():
        raise NotAllowed("There is no such exception report for you.")
    return access


def _locked(request: ExceptionRequest, based_on: int, state: str, words: str) -> tuple[ExceptionRequest, int]:
    hold(ExceptionRequest, request.pk)
    row = ExceptionRequest.objects.select_related("partnership", "partner", "period", "line__series__indicator").get(
        pk=request.pk
    )
    last = row.steps.order_by("number").last()
    if last is None or last.number != based_on:
        raise ActionChanged(THIS)
    if row.state != state:
        raise WrongState(f"{words} It is {row.get_state_display().lower()}.")
    return row, last.number + 1


def _move(row: ExceptionRequest, state: str) -> None:
    row.state = state
    row.save(update_fields=["state"])


# Onto an agenda


@operation
def put_on_agenda(
    *, request: ExceptionRequest, item: AgendaItem, urgency: str = "", by: User, at: datetime, key: str = ""
) -> ExceptionRequest:
    """Puts an exception report, asked, answered or declined, under an item of a meeting that is still to come.

    Raises NotAllowed for who neither keeps meetings nor asks for exception reports, InputRefused for an item of a
    meeting that has gone by or that the person may not read, and as `put_exception_on_agenda`.
    """
    access = _readable(request, by, at)
    if not (access.can(Permission.MANAGE_MEETINGS) or access.can(Permission.ASK_EXCEPTIONS)):
        raise NotAllowed("Only who keeps meetings or asks for exception reports may put one onto an agenda.")
    found = items_for(access, request.partnership).filter(pk=item.pk).select_related("meeting").first()
    if found is None or found.meeting.on < known_on(at):
        raise InputRefused("item", "Choose an item of a meeting that is still to come.")
    put_exception_on_agenda(
        request=request, meeting=found.meeting, item=found, urgency=urgency, version=None, by=by, at=at, key=key
    )
    return ExceptionRequest.objects.get(pk=request.pk)


# The rule


@operation
def set_rule(
    *, scorecard: Scorecard, from_on: date, periods_outside: int, smallest_denominator: Decimal,
    answer_working_days: int, authority: str, by: User, at: datetime, key: str = "",
) -> EscalationRule:  # fmt: skip
    """Sets from which day on figures of a scorecard are escalated how. Earlier rules stay; the latest in force holds.

    Raises NotAllowed for who may not ask for exception reports, InputRefused for what cannot be.
    """
    asked = [scorecard.pk, from_on, periods_outside, smallest_denominator, answer_working_days, authority.strip()]
    if before := made_before(key=key, operation_name="set_rule", asked=asked, by=by, at=at):
        return EscalationRule.objects.get(pk=int(before))
    _asker(scorecard.partnership, by, at)
    words = _words("authority", authority, "Say who decided it, and when.", 300)
    if not 1 <= periods_outside <= 12:
        raise InputRefused("periods_outside", "Give a number of periods from 1 to 12.")
    if smallest_denominator < 0:
        raise InputRefused("smallest_denominator", "Give a number of 0 or more.")
    if not 1 <= answer_working_days <= 60:
        raise InputRefused("answer_working_days", "Give a number of working days from 1 to 60.")
    if from_on < known_on(at):
        raise InputRefused("from_on", "A rule holds from today or a later day on, never for days that have passed.")
    rule = EscalationRule.objects.create(
        scorecard=scorecard, from_on=from_on, periods_outside=periods_outside,
        smallest_denominator=smallest_denominator, answer_working_days=answer_working_days, authority=words,
        **signed(by, at),
    )  # fmt: skip
    note_made(key=key, code=str(rule.pk))
    return rule
