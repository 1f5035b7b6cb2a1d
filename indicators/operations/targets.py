"""Changes, suspends and reinstates targets under authority, and agrees and ends relief.

A target is never changed in place: each step adds the next row of its line, in force from a stated period. Periods
before it keep theirs; so do periods that are reported already, unless the step says that it is meant for them too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from indicators import quarters
from indicators.models import AuditEvent, Period, Relief, ReliefEnd, ScorecardLine, Target, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import hold, known_on, operation, used_before
from indicators.operations.errors import OperationError, WrongState
from indicators.operations.rows import period_row
from indicators.rag import DefinitionError, ToleranceKind
from indicators.selectors.reliefs import relief_of, stored_reliefs
from indicators.selectors.scorecards import period_of
from indicators.selectors.targets import (
    Affected,
    affected_by,
    in_force,
    next_after,
    numbers_of,
    targets_of,
    versions_within,
)
from indicators.trend import KINDS
from indicators.units import Unit

TEXT_MAX = 300
ROLE_MAX = 160
PRINTED_MAX = 60
# More ratings than this are counted in the reason instead of being named one by one.
NAMED_AT_MOST = 3


class TargetChanged(OperationError):
    """Somebody else changed the targets or relief of the line after the page was opened."""


class PastAffected(OperationError):
    """The target would also hold for periods that are reported already; `affected` lists them."""

    def __init__(self, affected: Sequence[Affected]) -> None:
        super().__init__(
            f"{past_words(affected)} Choose a later period, or say that the change is meant for these periods too."
        )
        self.affected = list(affected)


@dataclass(frozen=True)
class Values:
    """A target with its tolerance in the unit of the definition, and how the authority prints each."""

    target: Decimal | None
    tolerance_kind: ToleranceKind = ToleranceKind.NONE
    tolerance: Decimal | None = None
    band: Decimal | None = None
    is_suspended: bool = False
    printed_target: str = ""
    printed_tolerance: str = ""


@dataclass(frozen=True)
class Plan:
    """What a step would do: the unsaved row, what holds now, the reported periods it reaches, and until when."""

    candidate: Target
    before: Target | None
    affected: tuple[Affected, ...]
    until: Period | None


def past_words(affected: Sequence[Affected]) -> str:
    """The sentence that names the reported periods and every rating that changes with them."""
    labels = [a.period.label for a in affected]
    changing = [a.words for a in affected if a.changes]
    reported = (
        f"{labels[0]} is reported already."
        if len(labels) == 1
        else f"{len(labels)} periods from {labels[0]} to {labels[-1]} are reported already."
    )
    if not changing:
        return f"{reported} No rating changes."
    return f"{reported} Ratings that change: {', '.join(changing)}."


def _short_past_words(affected: Sequence[Affected]) -> str:
    """The same for the stored reason, which has little room: many periods are counted instead of named."""
    changing = [a for a in affected if a.changes]
    first, last = affected[0].period.label, affected[-1].period.label
    span = first if first == last else f"{first} to {last}"
    if not changing:
        return f"Also for what was reported already ({span}); no rating changes."
    if len(changing) <= NAMED_AT_MOST:
        told = ", ".join(a.words for a in changing)
    else:
        told = f"{len(changing)} periods, {changing[0].period.label} to {changing[-1].period.label}"
    return f"Also for what was reported already ({span}); ratings changed: {told}."


def _text(value: str, what: str, most: int = TEXT_MAX) -> str:
    """The text without blanks around it. Raises WrongState when it is empty or too long."""
    text = value.strip()
    if not text:
        raise WrongState(f"Say {what}; everybody who reads the indicator sees it.")
    if len(text) > most:
        raise WrongState(f"Shorten {what}: {most} characters at most, and this is {len(text)}.")
    return text


# What a step would do


def plan_change(
    *, line: ScorecardLine, valid_from: quarters.Period, values: Values, authority: str, reason: str,
    also_past: bool = False,
) -> Plan:  # fmt: skip
    """What another target from a period on would do; nothing is written. Raises WrongState or PastAffected with a
    sentence: a tolerance on the better side of its target, a period that the line does not know, the target that
    holds already, a suspended target, periods that are reported already (unless `also_past`)."""
    held = targets_of(line)
    before = in_force(held, valid_from)
    if before is not None and before.is_suspended:
        raise WrongState(f"The target is suspended from {before.valid_from.label} on. Reinstate it first.")
    if before is not None and values == _values(before):
        raise WrongState("This target and tolerance hold already. Nothing would change.")
    return _plan(line, valid_from, values, held, authority, reason, also_past=also_past)


def plan_suspension(
    *, line: ScorecardLine, valid_from: quarters.Period, authority: str, reason: str, also_past: bool = False
) -> Plan:
    """What suspending the target from a period on would do: nothing is judged against it. Raises as `plan_change`."""
    held = targets_of(line)
    before = in_force(held, valid_from)
    if before is None:
        raise WrongState(f"There is no target in {valid_from.label} that could be suspended.")
    if before.is_suspended:
        raise WrongState(f"The target is suspended already, from {before.valid_from.label} on.")
    values = replace(_values(before), is_suspended=True)
    return _plan(line, valid_from, values, held, authority, reason, also_past=also_past)


def plan_reinstatement(
    *, line: ScorecardLine, valid_from: quarters.Period, authority: str, reason: str, also_past: bool = False
) -> Plan:
    """What putting a suspended target back into force would do: the same target and tolerance hold again. Raises as
    `plan_change`."""
    held = targets_of(line)
    before = in_force(held, valid_from)
    if before is None or not before.is_suspended:
        raise WrongState(f"No target is suspended in {valid_from.label}.")
    values = replace(_values(before), is_suspended=False)
    return _plan(line, valid_from, values, held, authority, reason, also_past=also_past)


def _values(target: Target) -> Values:
    return Values(
        target=target.target,
        tolerance_kind=ToleranceKind(target.tolerance_kind),
        tolerance=target.tolerance,
        band=target.band,
        is_suspended=target.is_suspended,
        printed_target=target.printed_target,
        printed_tolerance=target.printed_tolerance,
    )


def _plan(
    line: ScorecardLine, valid_from: quarters.Period, values: Values, held: list[Target], authority: str, reason: str,
    *, also_past: bool,
) -> Plan:  # fmt: skip
    authority = _text(authority, "on whose authority: the contract variation, or the decision and the meeting")
    reason = _text(reason, "why")
    for printed in (values.printed_target, values.printed_tolerance):
        if len(printed) > PRINTED_MAX:
            raise WrongState(f"Shorten how it is printed: {PRINTED_MAX} characters at most.")
    _refuse_period(line, valid_from)
    following = next_after(held, valid_from)
    until = following.valid_from if following else None
    versions = versions_within(line, valid_from, period_of(until) if until else None)
    if not versions:
        raise WrongState(f"The indicator has no definition in {valid_from.label}. Choose a later period.")
    candidate = Target(
        line=line,
        number=max((t.number for t in held), default=0) + 1,
        valid_from=_period(valid_from),
        target=values.target,
        tolerance_kind=values.tolerance_kind.value,
        tolerance=values.tolerance,
        band=values.band,
        is_suspended=values.is_suspended,
        printed_target=values.printed_target,
        printed_tolerance=values.printed_tolerance,
        authority=authority,
        reason=reason,
    )
    try:
        for version in versions:
            standard = candidate.standard(version)
            _refuse_beyond_unit(values, Unit(version.unit))
            for number in numbers_of(line, version):
                standard.check_standard_against(number, Unit(version.unit))
    except DefinitionError as error:
        raise WrongState(str(error)) from error
    affected = affected_by(line, candidate, held)
    if affected and not also_past:
        raise PastAffected(affected)
    if affected:
        candidate.reason = _text(f"{reason} {_short_past_words(affected)}", "why, in fewer words")
    return Plan(candidate, in_force(held, valid_from), tuple(affected), until)


def _refuse_beyond_unit(values: Values, unit: Unit) -> None:
    """A share lies between 0 and 100%, and so does what it is held against; nothing counted is below 0."""
    ends = [values.target]
    if values.tolerance_kind is ToleranceKind.ABSOLUTE:
        ends.append(values.tolerance)
    numbers = [number for number in ends if number is not None]
    if unit is Unit.PERCENT and any(not 0 <= number <= 100 for number in numbers):
        raise WrongState("A share lies between 0 and 100%. Choose a target and a tolerance that it can reach.")
    if unit is not Unit.POUNDS and any(number < 0 for number in numbers):
        raise WrongState("Nothing that is counted lies below 0. Choose a target and a tolerance of 0 or more.")


def _period(period: quarters.Period) -> Period:
    """The stored period, or an unsaved one: a plan writes nothing."""
    key = {"kind": period.kind, "start_on": period.start_on, "end_on": period.end_on}
    return Period.objects.filter(**key).first() or Period(**key, slug=period.slug, label=period.label)


def _refuse_period(line: ScorecardLine, period: quarters.Period) -> None:
    """Raises WrongState for a part of a period that the line is returned for, and for one before it began."""
    if KINDS.index(period.kind) < KINDS.index(line.frequency):
        noun = line.get_frequency_display().lower()
        raise WrongState(f"This indicator is returned {noun}, so {period.label} is only part of a period.")
    if period.end_on < line.from_on:
        began = f"{line.from_on.day} {line.from_on:%B %Y}"
        raise WrongState(f"The indicator has stood on this scorecard since {began} only. Choose a later period.")


# Steps


@operation
def change_target(
    *, line: ScorecardLine, valid_from: quarters.Period, values: Values, authority: str, reason: str,
    also_past: bool = False, based_on: int, key: str = "", by: User, at: datetime, request_id: str = "",
) -> Target:  # fmt: skip
    """Sets another target and tolerance from a period on, and gives the row that holds it.

    `based_on` is the number of the line's latest target when the page was made (0: none). Sending the same key again
    does nothing. Raises TargetChanged, and as `plan_change`.
    """
    again = _begun(line, "change_target", based_on, key, by, at)
    if again is not None:
        return again
    plan = plan_change(
        line=line, valid_from=valid_from, values=values, authority=authority, reason=reason, also_past=also_past
    )
    return _written(plan, by, at, request_id)


@operation
def suspend_target(
    *, line: ScorecardLine, valid_from: quarters.Period, authority: str, reason: str, also_past: bool = False,
    based_on: int, key: str = "", by: User, at: datetime, request_id: str = "",
) -> Target:  # fmt: skip
    """Suspends the target from a period on. Raises TargetChanged, and as `plan_suspension`."""
    again = _begun(line, "suspend_target", based_on, key, by, at)
    if again is not None:
        return again
    plan = plan_suspension(line=line, valid_from=valid_from, authority=authority, reason=reason, also_past=also_past)
    return _written(plan, by, at, request_id)


@operation
def reinstate_target(
    *, line: ScorecardLine, valid_from: quarters.Period, authority: str, reason: str, also_past: bool = False,
    based_on: int, key: str = "", by: User, at: datetime, request_id: str = "",
) -> Target:  # fmt: skip
    """Puts a suspended target back into force from a period on. Raises TargetChanged, and as `plan_reinstatement`."""
    again = _begun(line, "reinstate_target", based_on, key, by, at)
    if again is not None:
        return again
    plan = plan_reinstatement(line=line, valid_from=valid_from, authority=authority, reason=reason, also_past=also_past)
    return _written(plan, by, at, request_id)


def _locked(line: ScorecardLine) -> None:
    """Waits for whoever changes this line, and keeps the next one waiting until the transaction ends."""
    hold(ScorecardLine, line.pk)


def _begun(line: ScorecardLine, name: str, based_on: int, key: str, by: User, at: datetime) -> Target | None:
    """Locks the line. The row that the same form made before, if it did; raises TargetChanged if the line moved on."""
    _locked(line)
    latest = line.targets.order_by("number").last()
    outcome = f"line {line.pk}, target {based_on + 1}"
    if used_before(key=key, operation_name=name, outcome=outcome, by=by, at=at):
        return line.targets.get(number=based_on + 1)
    if (latest.number if latest else 0) != based_on:
        raise TargetChanged(
            "The target of this indicator has changed since you opened the page. Nothing was done; look at its "
            "history and decide anew."
        )
    return None


def _written(plan: Plan, by: User, at: datetime, request_id: str) -> Target:
    row = plan.candidate
    row.valid_from = period_row(period_of(row.valid_from))
    row.recorded_by, row.actor = by, shown_as(by)
    row.recorded_at, row.known_on = at, known_on(at)
    row.save(force_insert=True)
    state = ", suspended" if row.is_suspended else ""
    _told(row.line, AuditEvent.Kind.TARGET_CHANGED, f"target {row.number}{state} from {row.valid_from.slug}", by, at,
          request_id)  # fmt: skip
    return row


def _told(line: ScorecardLine, kind: str, what: str, by: User, at: datetime, request_id: str) -> None:
    record_audit(
        partnership=line.scorecard.partnership, kind=kind, by=by,
        what=f"{line.scorecard.code}/{line.series.indicator.code}: {what}", at=at, request_id=request_id,
    )  # fmt: skip


# Relief


@operation
def agree_relief(
    *, line: ScorecardLine, from_period: quarters.Period, until_period: quarters.Period, ends_on: date, authority: str,
    approved_by: str, reason: str, based_on: int, key: str = "", by: User, at: datetime, request_id: str = "",
) -> Relief:  # fmt: skip
    """Records that a line is excused from its target for some periods; it is shown beside the rating to `ends_on`.

    `approved_by` is the role that agreed it; `based_on` the number of the line's latest relief when the page was made.
    Raises TargetChanged, and WrongState with a sentence: periods in the wrong order, a last day that is past, no target
    to be excused from, relief that holds already.
    """
    _locked(line)
    outcome = f"line {line.pk}, relief {based_on + 1}"
    if used_before(key=key, operation_name="agree_relief", outcome=outcome, by=by, at=at):
        return line.reliefs.get(number=based_on + 1)
    latest = line.reliefs.order_by("number").last()
    if (latest.number if latest else 0) != based_on:
        raise TargetChanged(
            "The relief of this indicator has changed since you opened the page. Nothing was done; look at it again "
            "and decide anew."
        )
    row = plan_relief(
        line=line, from_period=from_period, until_period=until_period, ends_on=ends_on, authority=authority,
        approved_by=approved_by, reason=reason, today=known_on(at),
    )  # fmt: skip
    row.number = based_on + 1
    row.from_period, row.until_period = period_row(from_period), period_row(until_period)
    row.recorded_by, row.actor, row.recorded_at = by, shown_as(by), at
    row.save(force_insert=True)
    what = f"relief {row.number} for {from_period.slug} to {until_period.slug}, until {ends_on.isoformat()}"
    _told(line, AuditEvent.Kind.RELIEF_AGREED, what, by, at, request_id)
    return row


def plan_relief(
    *, line: ScorecardLine, from_period: quarters.Period, until_period: quarters.Period, ends_on: date, authority: str,
    approved_by: str, reason: str, today: date,
) -> Relief:  # fmt: skip
    """The relief as it would be recorded today; nothing is written. Raises WrongState with a sentence."""
    row = Relief(
        line=line, from_period=_period(from_period), until_period=_period(until_period), ends_on=ends_on,
        known_on=today,
        authority=_text(authority, "on whose authority: the decision and the meeting"),
        approved_by=_text(approved_by, "which role approved it", ROLE_MAX),
        reason=_text(reason, "why"),
    )  # fmt: skip
    for period in (from_period, until_period):
        _refuse_period(line, period)
    if until_period.end_on < from_period.end_on or until_period.start_on < from_period.start_on:
        raise WrongState(
            f"{until_period.label} lies before {from_period.label}. The last period cannot come before the first."
        )
    if ends_on < today:
        raise WrongState("The last day of the relief is past. Give today or a later day.")
    if in_force(targets_of(line), until_period) is None:
        raise WrongState(f"There is no target in {until_period.label}, so there is nothing to be excused from.")
    for other in stored_reliefs([line.pk]):
        agreed = relief_of(other)
        meets = agreed.first_day <= until_period.end_on and from_period.start_on <= agreed.last_day
        if meets and agreed.holds_on(today):
            raise WrongState(
                f"Relief for {other.from_period.label} to {other.until_period.label} holds already, until "
                f"{other.ends_on.day} {other.ends_on:%B %Y}. End it first."
            )
    return row


@operation
def end_relief(
    *, relief: Relief, on: date, reason: str, key: str = "", by: User, at: datetime, request_id: str = ""
) -> ReliefEnd:
    """Withdraws a relief before its end; `on` is the first day on which it no longer holds, today or later.

    Raises WrongState with a sentence when it was ended before, has run out, or `on` lies outside its days.
    """
    _locked(relief.line)
    outcome = f"relief {relief.pk}, ended"
    if used_before(key=key, operation_name="end_relief", outcome=outcome, by=by, at=at):
        return ReliefEnd.objects.get(relief=relief)
    reason = plan_relief_end(relief=relief, on=on, reason=reason, today=known_on(at))
    row = ReliefEnd.objects.create(
        relief=relief, on=on, reason=reason, recorded_by=by, actor=shown_as(by), recorded_at=at
    )
    _told(
        relief.line, AuditEvent.Kind.RELIEF_ENDED, f"relief {relief.number} ended on {on.isoformat()}", by, at,
        request_id,
    )  # fmt: skip
    return row


def plan_relief_end(*, relief: Relief, on: date, reason: str, today: date) -> str:
    """The reason as it would be recorded; nothing is written. Raises WrongState with a sentence."""
    reason = _text(reason, "why")
    if ReliefEnd.objects.filter(relief=relief).exists():
        raise WrongState("This relief was ended before.")
    if relief.ends_on < today:
        raise WrongState("This relief has run out already.")
    if on < today:
        raise WrongState("What was shown is not changed afterwards: give today or a later day.")
    if on > relief.ends_on:
        raise WrongState("The relief ends before that day by itself. Give an earlier day.")
    return reason
