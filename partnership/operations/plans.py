"""Keeps improvement plans: adds priorities and actions, moves days with a reason, and takes reviews.

A review is a snapshot of every action on a day and is never changed; where an action stands is what the last one says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indicators.models import Indicator, Partnership, Text, User
from indicators.operations.basics import free_code, made_before, note_made, operation, signed, stripped, told_apart
from indicators.operations.errors import InputRefused, WrongState
from indicators.working_days import day_words
from partnership.models import (
    Brag,
    ImprovementPlan,
    Meeting,
    PlanAction,
    PlanDateChange,
    PlanPriority,
    PlanReview,
    PlanReviewLine,
)
from partnership.operations.plan_recording import (
    CHANGED,
    Values,
    check_not_to_come,
    check_order,
    check_own,
    check_state,
    check_title,
    lead_of,
    recorded,
    refuse_unchanged,
)

# What change_plan_action changes.
LED = ("lead_partner", "lead_role", "funding_item", "measures")


@dataclass(frozen=True)
class LineInput:
    """What a review says of one action."""

    brag: str
    progress: str = ""
    evidence: str = ""
    evidence_from: str = ""
    what_changed: str = ""


def _locked(plan: ImprovementPlan) -> ImprovementPlan:
    """The plan, so that what is numbered within it is numbered once."""
    return ImprovementPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


def _next(rows: Any, column: str = "order") -> int:
    last = rows.order_by(column).values_list(column, flat=True).last()
    return (last or 0) + 1


@operation
def add_plan(
    *, partnership: Partnership, values: Values, by: User, at: datetime, key: str = "", request_id: str = ""
) -> ImprovementPlan:
    """Adds a plan; the same key again gives the plan that it made.

    `values`: title, body, partner, review_every_days, report_every_months, from_on, until_on, funded_by and note.
    Raises InputRefused for what cannot be, OperationError for a key that was used otherwise.
    """
    asked = [partnership.pk, told_apart(values)]
    if before := made_before(key=key, operation_name="add_plan", asked=asked, by=by, at=at, once=True):
        return ImprovementPlan.objects.get(partnership=partnership, code=before)
    own = stripped(values)
    check_title(own)
    if own["body"] is None and own["partner"] is None:
        raise InputRefused("body", "Choose the body or the partner whose plan it is.")
    check_own(partnership, own["body"], own["partner"], own["funded_by"])
    check_order(own, "from_on", "until_on", "The plan ends before it begins. Correct one of the two days.")
    code = free_code(ImprovementPlan.objects.filter(partnership=partnership), own["title"])
    note_made(key=key, code=code)
    made = ImprovementPlan.objects.create(partnership=partnership, code=code, **own, **signed(by, at))
    recorded(partnership, f"improvement plan {code}: added", by, at, request_id)
    return made


@operation
def add_priority(
    *, plan: ImprovementPlan, title: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> PlanPriority:
    """Adds a priority after the last; the same key again gives the one that it made. Raises InputRefused."""
    if before := made_before(key=key, operation_name="add_priority", asked=[plan.pk, title], by=by, at=at, once=True):
        return plan.priorities.get(order=int(before))
    check_title({"title": title.strip()})
    order = _next(_locked(plan).priorities)
    note_made(key=key, code=str(order))
    made = PlanPriority.objects.create(plan=plan, order=order, title=title.strip(), **signed(by, at))
    recorded(plan.partnership, f"improvement plan {plan.code}: priority {order} added", by, at, request_id)
    return made


def _check_measures(values: dict[str, Any]) -> list[Indicator]:
    return list(dict.fromkeys(values.pop("measures")))


def _check_funding(plan: ImprovementPlan, values: Values) -> None:
    item = values["funding_item"]
    if item is not None and item.programme_id != plan.funded_by_id:
        raise InputRefused("funding_item", "That item belongs to a programme that does not fund this plan.")


@operation
def add_plan_action(
    *, priority: PlanPriority, values: Values, by: User, at: datetime, key: str = "", request_id: str = ""
) -> PlanAction:
    """Adds an action to a priority; the same key again gives the action that it made.

    `values`: title, lead_partner, lead_role, from_on, due_on, funding_item and measures. The day that is given is the
    one first agreed. Raises InputRefused for what cannot be.
    """
    plan = priority.plan
    asked = [priority.pk, told_apart(values)]
    if before := made_before(key=key, operation_name="add_plan_action", asked=asked, by=by, at=at, once=True):
        return priority.actions.get(order=int(before))
    own = stripped(values)
    check_title(own)
    lead_of(own, "lead_partner", "lead_role")
    check_own(plan.partnership, own["lead_partner"])
    _check_funding(plan, own)
    check_order(own, "from_on", "due_on", "It is due before it begins. Correct one of the two days.")
    measures = _check_measures(own)
    _locked(plan)
    order = _next(priority.actions)
    note_made(key=key, code=str(order))
    made = PlanAction.objects.create(
        priority=priority, order=order, original_due_on=own["due_on"], **own, **signed(by, at)
    )
    made.measures.set(measures)
    recorded(plan.partnership, f"improvement plan {plan.code}: action {_number(made)} added", by, at, request_id)
    return made


def _number(action: PlanAction) -> str:
    return f"{action.priority.order}.{action.order}"


def _open_action(action: PlanAction) -> PlanAction:
    """The action, locked. Raises WrongState for one that was taken out of the plan."""
    row = (
        PlanAction.objects.select_for_update(of=("self",))
        .select_related("priority__plan__partnership")
        .get(pk=action.pk)
    )
    if row.ended_on is not None:
        raise WrongState(f"This action was taken out of the plan on {day_words(row.ended_on)}. Nothing was done.")
    return row


@operation
def change_plan_action(
    *, action: PlanAction, values: Values, based_on: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> PlanAction:
    """Changes who leads an action, what pays for it and what it is measured by; its words and its day stay.

    `values`: the columns of LED; `based_on` their state (`state_of`) when the page was opened. Raises InputRefused,
    WrongState when somebody else changed them meanwhile, and NothingChanged.
    """
    row = _open_action(action)
    plan = row.priority.plan
    asked = [row.pk, told_apart(values)]
    if made_before(key=key, operation_name="change_plan_action", asked=asked, by=by, at=at):
        return row
    check_state(row, LED, based_on)
    note_made(key=key, code=str(row.pk))
    own = stripped(values)
    lead_of(own, "lead_partner", "lead_role")
    check_own(plan.partnership, own["lead_partner"])
    _check_funding(plan, own)
    row.measures.set(_check_measures(own))
    for name, value in own.items():
        setattr(row, name, value)
    row.save(update_fields=list(own))
    refuse_unchanged(row, LED, based_on)
    recorded(plan.partnership, f"improvement plan {plan.code}: action {_number(row)} changed", by, at, request_id)
    return row


@operation
def move_due_date(
    *, action: PlanAction, due_on: date, reason: str, based_on: int, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> PlanDateChange:  # fmt: skip
    """Moves the due day of an action, with the reason; the same key again gives the change that it made.

    `based_on` is how often the day had been moved when the page was opened. Raises InputRefused without a reason and
    for the same day, WrongState when somebody else moved it meanwhile.
    """
    row = _open_action(action)
    asked = [row.pk, due_on, reason]
    if before := made_before(key=key, operation_name="move_due_date", asked=asked, by=by, at=at):
        return row.date_changes.get(pk=int(before))
    if row.date_changes.count() != based_on:
        raise WrongState(CHANGED)
    if not reason.strip():
        raise InputRefused("reason", "Say why the day is moved.")
    if due_on == row.due_on:
        raise InputRefused("due_on", f"It is due on {day_words(due_on)} already. Give another day.")
    if row.from_on is not None and due_on < row.from_on:
        raise InputRefused("due_on", f"It begins on {day_words(row.from_on)}. Give a day not before that.")
    made = PlanDateChange.objects.create(
        action=row, old_due_on=row.due_on, new_due_on=due_on, reason=_kept(reason), **signed(by, at)
    )
    note_made(key=key, code=str(made.pk))
    if row.original_due_on is None:
        row.original_due_on = row.due_on or due_on
    row.due_on = due_on
    row.save(update_fields=["due_on", "original_due_on"])
    plan = row.priority.plan
    recorded(plan.partnership, f"improvement plan {plan.code}: day of {_number(row)} moved", by, at, request_id)
    return made


@operation
def end_plan_action(
    *, action: PlanAction, on: date, reason: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> PlanAction:
    """Takes an action out of the plan from a day on; what reviews said of it stays. Raises InputRefused without a
    reason and for a day to come, WrongState for one that was taken out before."""
    asked = [action.pk, on, reason]
    if made_before(key=key, operation_name="end_plan_action", asked=asked, by=by, at=at):
        return action
    note_made(key=key, code=str(action.pk))
    row = _open_action(action)
    if not reason.strip():
        raise InputRefused("reason", "Say why it is taken out of the plan.")
    check_not_to_come("on", on, at, "That day has not come yet.")
    row.ended_on, row.ended_reason = on, reason.strip()
    row.save(update_fields=["ended_on", "ended_reason"])
    plan = row.priority.plan
    recorded(plan.partnership, f"improvement plan {plan.code}: action {_number(row)} taken out", by, at, request_id)
    return row


def _kept(text: str) -> Any:
    return Text.objects.keep(text.strip())


# Reviews


@operation
def take_review(
    *, plan: ImprovementPlan, on: date, lines: Mapping[int, LineInput], based_on: int, meeting: Meeting | None = None,
    summary: str = "", by: User, at: datetime, key: str = "", request_id: str = "",
) -> PlanReview:  # fmt: skip
    """Takes a review: how every action of the plan stands on a day (lines by the action's primary key).

    `based_on` is the number of the last review when the page was opened, 0 for none; the same key again gives the
    review that it made. Raises InputRefused, with the box that it is about, for a day to come or not after the last
    review, an action without a state, one that is complete without evidence; WrongState when somebody else took a
    review or changed the actions meanwhile.
    """
    told = [(pk, line.brag, line.progress, line.evidence, line.evidence_from, line.what_changed)
            for pk, line in sorted(lines.items())]  # fmt: skip
    asked = [plan.pk, on, told, meeting.pk if meeting else None, summary]
    if before := made_before(key=key, operation_name="take_review", asked=asked, by=by, at=at):
        return plan.reviews.get(number=int(before))
    row = _locked(plan)
    last = row.reviews.order_by("number").last()
    if (last.number if last else 0) != based_on:
        raise WrongState(CHANGED)
    _check_review(row, last, on, meeting, at)
    actions = list(PlanAction.objects.filter(priority__plan=row, ended_on__isnull=True))
    if {action.pk for action in actions} != set(lines):
        raise WrongState(CHANGED)
    if not actions:
        raise WrongState("The plan has no action yet. Add one before you take a review.")
    for action in actions:
        _check_line(action, lines[action.pk])
    number = based_on + 1
    note_made(key=key, code=str(number))
    made = PlanReview.objects.create(
        plan=row, number=number, on=on, meeting=meeting, summary=_kept(summary), **signed(by, at)
    )
    PlanReviewLine.objects.bulk_create(_line(made, action, lines[action.pk]) for action in actions)
    recorded(row.partnership, f"improvement plan {row.code}: review {number} taken", by, at, request_id)
    return made


def _check_review(
    plan: ImprovementPlan, last: PlanReview | None, on: date, meeting: Meeting | None, at: datetime
) -> None:
    check_not_to_come("on", on, at, "A review says how things stand on its day; that day has not come yet.")
    if last is not None and on <= last.on:
        raise InputRefused("on", f"The last review is of {day_words(last.on)}. Give a later day.")
    if meeting is None:
        return
    check_own(plan.partnership, meeting)
    if meeting.state == Meeting.State.CANCELLED:
        raise InputRefused("meeting", "That meeting was cancelled. Choose another one, or none.")


def _check_line(action: PlanAction, line: LineInput) -> None:
    if line.brag not in Brag.values:
        raise InputRefused(f"brag-{action.pk}", "Choose how this action stands.")
    if line.brag == Brag.BLUE and not line.evidence.strip():
        raise InputRefused(f"evidence-{action.pk}", "Say what shows that it is complete; blue needs evidence.")
    if line.evidence_from and not line.evidence.strip():
        raise InputRefused(f"evidence-{action.pk}", "Say what they told you, or choose nobody in particular.")


def _line(review: PlanReview, action: PlanAction, line: LineInput) -> PlanReviewLine:
    return PlanReviewLine(
        review=review, action=action, brag=line.brag, due_on=action.due_on, progress=_kept(line.progress),
        evidence=_kept(line.evidence), evidence_from=line.evidence_from, what_changed=_kept(line.what_changed),
    )  # fmt: skip
