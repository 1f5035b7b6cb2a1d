"""Sets when returns are due, and lets a named person enter figures of a locked round until a day."""

from datetime import date, datetime, timedelta

from indicators.deadlines import DeadlineError, DueRule
from indicators.models import AuditEvent, DeadlineRule, LockException, ReportingRound, Return, Scorecard, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import hold, known_on, operation, signed
from indicators.operations.errors import WrongState
from indicators.permissions import access_for
from indicators.selectors.locks import name_of
from indicators.working_days import day_words

TEXT_MAX = 300


def _text(text: str, missing: str) -> str:
    """The text without blanks around it. Raises WrongState when there is none or too much of it."""
    text = text.strip()
    if not text:
        raise WrongState(missing)
    if len(text) > TEXT_MAX:
        raise WrongState(f"Shorten the text: it holds {TEXT_MAX} characters at most.")
    return text


@operation
def set_deadline_rule(
    *, scorecard: Scorecard, working_days: int, authority: str, from_on: date, by: User, at: datetime
) -> DeadlineRule:
    """Says on which working day after its end a period's returns are due, for periods that end on `from_on` or later.

    The rule that held until then ends the day before; one that has not begun yet and would begin no earlier gives way.
    Rounds that are open keep their due date. Raises WrongState without an authority, for a number of days that cannot
    be, and when a rule that has begun holds from that day or later.
    """
    authority = _text(authority, "Say who decided when returns are due, for example the contract or a meeting.")
    try:
        DueRule(working_days, authority)
    except DeadlineError as error:
        raise WrongState(str(error)) from error
    hold(Scorecard, scorecard.pk)
    held = DeadlineRule.objects.filter(scorecard=scorecard)
    held.filter(from_on__gte=from_on, from_on__gt=known_on(at)).delete()
    latest = held.order_by("-from_on").first()
    if latest is not None:
        if latest.from_on >= from_on:
            raise WrongState(f"A rule holds from {day_words(latest.from_on)} already. Choose a later first day.")
        latest.until_on = from_on - timedelta(days=1)
        latest.save(update_fields=["until_on"])
    return DeadlineRule.objects.create(
        scorecard=scorecard, working_days=working_days, authority=authority, from_on=from_on
    )


def _locked(reporting_round: ReportingRound) -> ReportingRound:
    """The round, held until the transaction ends, so that neither a reopening nor another exception comes between."""
    hold(ReportingRound, reporting_round.pk)
    return ReportingRound.objects.select_related("scorecard", "period", "partnership").get(pk=reporting_round.pk)


@operation
def grant_lock_exception(
    *, reporting_round: ReportingRound, user: User, until_on: date, reason: str, by: User, at: datetime
) -> LockException:
    """Lets a person enter figures of a locked round from today until a last day, which is included.

    Raises WrongState without a reason, when the round is open, when the last day is over, when the person has an
    exception already, and for who may enter no figures of the round's returns.
    """
    reason = _text(reason, "Say why the round stays open for this person; everybody who finds it locked reads it.")
    row, today = _locked(reporting_round), known_on(at)
    if row.state != ReportingRound.State.LOCKED:
        raise WrongState("This round is open, so nobody needs an exception.")
    if until_on < today:
        raise WrongState(f"{day_words(until_on)} is over. Choose today or a later last day.")
    held = LockException.objects.on(today).filter(round=row, user=user).first()
    if held is not None:
        raise WrongState(
            f"{name_of(user)} may enter figures until {day_words(held.until_on)} already. End that exception first."
        )
    access = access_for(user, row.partnership, today)
    owed = Return.objects.filter(round=row, kind=Return.Kind.ORDINARY).select_related("partner")
    if not any(access.can(row.scorecard.entered_with, one.partner, row.period) for one in owed):
        raise WrongState(f"{name_of(user)} may enter no figures of this round, so an exception would change nothing.")
    made = LockException.objects.create(
        round=row, user=user, from_on=today, until_on=until_on, reason=reason, **signed(by, at)
    )
    _record(made, f"until {day_words(until_on)}: {reason}", by=by, at=at)
    return made


@operation
def end_lock_exception(*, exception: LockException, reason: str, by: User, at: datetime) -> None:
    """Ends an exception at once. What was entered stays.

    Its last day becomes yesterday; one that began today leaves no day to hold on, so its row goes, and the audit alone
    says that it was. Raises WrongState without a reason, and when it is over already.
    """
    reason = _text(reason, "Say why the exception ends.")
    _locked(exception.round)
    today = known_on(at)
    held = LockException.objects.on(today).filter(pk=exception.pk).select_related("round", "user").first()
    if held is None:
        raise WrongState("This exception is over already.")
    _record(held, f"given until {day_words(held.until_on)}, ended: {reason}", by=by, at=at)
    if held.from_on == today:
        held.delete()
        return
    held.until_on = today - timedelta(days=1)
    held.save(update_fields=["until_on"])


def _record(exception: LockException, words: str, *, by: User, at: datetime) -> None:
    row = exception.round
    record_audit(
        partnership=row.partnership, kind=AuditEvent.Kind.LOCK_EXCEPTION, by=by,
        what=f"{row}, {name_of(exception.user)} {words}", at=at,
    )  # fmt: skip
