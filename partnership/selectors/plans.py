"""Reads improvement plans as finished rows; the number of queries does not depend on how much a plan holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Prefetch

from finance.selectors.programmes import ProgrammeView, programme_view
from finance.selectors.register_steps import origin_of
from indicators.models import Partnership
from indicators.operations.basics import known_on
from indicators.permissions import Access
from indicators.roles import Permission
from partnership.models import (
    ImprovementPlan,
    Meeting,
    PlanAction,
    PlanDateChange,
    PlanPriority,
    PlanReview,
    PlanReviewLine,
)
from partnership.plan_review import (
    Brag,
    Change,
    Due,
    Slip,
    Standing,
    brag_counts,
    compare,
    days_late,
    next_report,
    next_review,
)
from partnership.plan_rows import (
    ActionRow,
    DateMove,
    HistoryRow,
    Line,
    Measure,
    PlanRow,
    ResourceRow,
    ReviewLineRow,
    ReviewRow,
    open_actions,
)
from partnership.selectors.body_names import BodyNames, names_of_bodies
from partnership.selectors.measures import measures_of


def _sees(access: Access) -> bool:
    return access.can(Permission.VIEW_PROTECTED)


def _owner(plan: ImprovementPlan, names: BodyNames, today: date) -> str:
    """The body whose plan it is, else the partner."""
    return names.of(plan.body_id, today) or (plan.partner.name if plan.partner else "")


def _review_due(plan: ImprovementPlan, last_on: date | None, today: date) -> Due:
    return next_review(
        plan.review_every_days, last_on=last_on, from_on=plan.from_on, until_on=plan.until_on, today=today
    )


def _report_due(plan: ImprovementPlan, today: date) -> Due:
    return next_report(plan.report_every_months, from_on=plan.from_on, until_on=plan.until_on, today=today)


# The list


def plans_of(partnership: Partnership, today: date) -> list[PlanRow]:
    """Every plan with where it stands. Six queries, however many there are."""
    actions = PlanAction.objects.filter(ended_on__isnull=True)
    priorities = PlanPriority.objects.prefetch_related(Prefetch("actions", actions))
    reviews = PlanReview.objects.order_by("number")
    plans = list(
        ImprovementPlan.objects.filter(partnership=partnership)
        .select_related("partner", "source")
        .prefetch_related(Prefetch("priorities", priorities), Prefetch("reviews", reviews))
    )
    names = names_of_bodies(partnership)
    latest = [reviews[-1].pk for plan in plans if (reviews := list(plan.reviews.all()))]
    brags = dict(PlanReviewLine.objects.filter(review__in=latest).values_list("action", "brag"))
    return [_plan_row(plan, names, brags, today) for plan in plans]


def _plan_row(plan: ImprovementPlan, names: BodyNames, brags: dict[int, str], today: date) -> PlanRow:
    actions = [action for priority in plan.priorities.all() for action in priority.actions.all()]
    states = [Brag(brags[action.pk]) if action.pk in brags else None for action in actions]
    reviews = list(plan.reviews.all())
    last_on = reviews[-1].on if reviews else None
    return PlanRow(
        code=plan.code,
        title=plan.title,
        owner=_owner(plan, names, today),
        from_on=plan.from_on,
        until_on=plan.until_on,
        brags=tuple(states),
        late=sum(days_late(a.due_on, brag, today) > 0 for a, brag in zip(actions, states, strict=True)),
        reviews=len(reviews),
        reviewed_on=last_on,
        review=_review_due(plan, last_on, today),
        report=_report_due(plan, today),
        note=plan.note,
        origin=origin_of(plan),
    )


def reviews_due(partnership: Partnership, today: date) -> list[Due]:
    """When the next review of each plan is due. One query."""
    plans = ImprovementPlan.objects.filter(partnership=partnership).annotate(last_on=Max("reviews__on"))
    return [_review_due(plan, plan.last_on, today) for plan in plans]


# One plan


@dataclass(frozen=True)
class PlanView:
    """A plan as its page and files take it. `reviews` are in the order of their days; `changes` is every action of the
    last review or the one before."""

    plan: ImprovementPlan
    owner: str
    actions: tuple[ActionRow, ...]
    reviews: tuple[ReviewRow, ...]
    review: Due
    report: Due
    measures: tuple[tuple[Measure, str], ...]
    programme: ProgrammeView | None
    resources: tuple[ResourceRow, ...]
    changes: tuple[Change, ...]

    @property
    def open(self) -> list[ActionRow]:
        """The actions that still belong to it."""
        return open_actions(self.actions)

    @property
    def last(self) -> ReviewRow | None:
        """The last review; None where none was taken."""
        return self.reviews[-1] if self.reviews else None


def plan_row(partnership: Partnership, code: str) -> ImprovementPlan | None:
    """The stored plan; None where there is none with that code. One query."""
    plans = ImprovementPlan.objects.filter(partnership=partnership, code=code)
    return plans.select_related("partnership", "body", "partner", "funded_by", "source").first()


def _actions(plan: ImprovementPlan) -> list[PlanAction]:
    """The actions in the order of the plan. Three queries."""
    changes = PlanDateChange.objects.select_related("reason").order_by("pk")
    return list(
        PlanAction.objects.filter(priority__plan=plan)
        .select_related("priority", "lead_partner", "funding_item", "source")
        .prefetch_related(Prefetch("date_changes", changes), "measures")
        .order_by("priority__order", "order")
    )


def _lines(reviews: Iterable[PlanReview]) -> dict[int, dict[int, Line]]:
    """What some reviews say of each action, by review and action. One query."""
    found: dict[int, dict[int, Line]] = {review.pk: {} for review in reviews}
    rows = PlanReviewLine.objects.filter(review__in=list(found))
    for row in rows.select_related("progress", "evidence", "what_changed"):
        found[row.review_id][row.action_id] = Line(
            Brag(row.brag),
            row.due_on,
            row.progress.body if row.progress else "",
            row.evidence.body if row.evidence else "",
            row.evidence_from,
            row.what_changed.body if row.what_changed else "",
        )
    return found


def _changes(
    last: PlanReview | None, before: PlanReview | None, lines: dict[int, dict[int, Line]]
) -> dict[int, Change]:  # fmt: skip
    """What became of each action, by its key, from one review to the next; the same for every page that tells of it."""
    if last is None:
        return {}
    then, now = (
        [Standing(str(pk), line.brag) for pk, line in lines[one.pk].items()] if one else None for one in (before, last)
    )
    return {int(change.action): change for change in compare(then, now or [])}


def number_of(action: PlanAction) -> str:
    """ "2.1": the priority and the action in it."""
    return f"{action.priority.order}.{action.order}"


def plan_view(partnership: Partnership, code: str, *, today: date, access: Access) -> PlanView | None:
    """One plan with its actions, reviews, measures and resources; None where there is none with that code."""
    plan = plan_row(partnership, code)
    if plan is None:
        return None
    names, actions = names_of_bodies(partnership), _actions(plan)
    reviews = _reviews(plan)
    last, before = (reviews[-1] if reviews else None), (reviews[-2] if len(reviews) > 1 else None)
    lines = _lines([one for one in (last, before) if one])
    codes = {indicator.code for action in actions for indicator in action.measures.all()}
    measures = measures_of(partnership, codes, today=today, sees_protected=_sees(access))
    changes = _changes(last, before, lines)
    rows = _action_rows(actions, last, changes if before else {}, lines, measures, today)
    programme = (
        programme_view(partnership, plan.funded_by.code, today=today, sees_protected=_sees(access))
        if plan.funded_by
        else None
    )
    return PlanView(
        plan=plan,
        owner=_owner(plan, names, today),
        actions=rows,
        reviews=_review_rows(reviews, names),
        review=_review_due(plan, last.on if last else None, today),
        report=_report_due(plan, today),
        measures=_by_measure(rows),
        programme=programme,
        resources=_resources(programme, actions),
        changes=tuple(changes.values()),
    )


def _reviews(plan: ImprovementPlan) -> list[PlanReview]:
    rows = plan.reviews.select_related("meeting", "summary", "source").order_by("number")
    return list(rows)


def _review_rows(reviews: Sequence[PlanReview], names: BodyNames) -> tuple[ReviewRow, ...]:
    """The reviews with their counts. One query."""
    brags: dict[int, list[Brag]] = {}
    rows = PlanReviewLine.objects.filter(review__in=[review.pk for review in reviews])
    for pk, brag in rows.values_list("review", "brag"):
        brags.setdefault(pk, []).append(Brag(brag))
    return tuple(
        ReviewRow(
            review.number,
            review.on,
            names.meeting(review.meeting) if review.meeting else "",
            review.meeting.code if review.meeting else "",
            review.summary.body if review.summary else "",
            brag_counts(brags.get(review.pk, [])),
            origin_of(review),
        )
        for review in reviews
    )


def _action_rows(
    actions: Sequence[PlanAction],
    last: PlanReview | None,
    changes: dict[int, Change],
    lines: dict[int, dict[int, Line]],
    measures: dict[str, Measure],
    today: date,
) -> tuple[ActionRow, ...]:
    now = lines[last.pk] if last else {}
    rows = []
    for action in actions:
        line = now.get(action.pk)
        moves = tuple(
            DateMove(c.old_due_on, c.new_due_on, c.reason.body, c.actor, known_on(c.at))
            for c in action.date_changes.all()
        )
        rows.append(
            ActionRow(
                number=number_of(action),
                priority=action.priority.title,
                title=action.title,
                lead=action.lead_partner.name if action.lead_partner else "",
                lead_role=action.lead_role,
                from_on=action.from_on,
                due_on=action.due_on,
                slip=_slip(action, line.due_on if line else None, moves),
                line=line,
                reviewed_on=last.on if last and line else None,
                change=changes.get(action.pk) if line else None,
                measures=tuple(measures[i.code] for i in action.measures.all() if i.code in measures),
                funding=f"{action.funding_item.letter}. {action.funding_item.name}" if action.funding_item else "",
                moves=moves,
                ended_on=action.ended_on,
                ended_reason=action.ended_reason,
                today=today,
                origin=origin_of(action),
            )
        )
    return tuple(rows)


def _slip(action: PlanAction, then: date | None, moves: Sequence[DateMove]) -> Slip:
    """A first day that was given later is no move."""
    return Slip(action.original_due_on, then, action.due_on, sum(move.old is not None for move in moves))


def _by_measure(rows: Iterable[ActionRow]) -> tuple[tuple[Measure, str], ...]:
    """Each indicator once, with the numbers of the actions that it measures, by name."""
    numbers: dict[str, list[str]] = {}
    found: dict[str, Measure] = {}
    for row in open_actions(rows):
        for measure in row.measures:
            found[measure.code] = measure
            numbers.setdefault(measure.code, []).append(row.number)
    ordered = sorted(found.values(), key=lambda measure: (measure.name.casefold(), measure.code))
    return tuple((measure, ", ".join(numbers[measure.code])) for measure in ordered)


def _resources(programme: ProgrammeView | None, actions: Sequence[PlanAction]) -> tuple[ResourceRow, ...]:
    if programme is None:
        return ()
    paid: dict[str, list[str]] = {}
    for action in actions:
        if action.funding_item and action.ended_on is None:
            paid.setdefault(action.funding_item.letter, []).append(number_of(action))
    return tuple(
        ResourceRow(
            item.letter, item.name, item.payee, item.amounts.get(""), item.spent,
            tuple(paid.get(item.letter, ())), item.origin,
        )
        for item in programme.items
    )  # fmt: skip


# One review


@dataclass(frozen=True)
class ReviewView:
    """A review with every action as it stood then, beside the review before."""

    plan: ImprovementPlan
    review: ReviewRow
    before: ReviewRow | None
    rows: tuple[ReviewLineRow, ...]
    next_number: int | None


def review_view(partnership: Partnership, code: str, number: int, *, today: date) -> ReviewView | None:
    """One review; None where there is none with that number. Nine queries, whatever the number of actions."""
    plan = plan_row(partnership, code)
    reviews = _reviews(plan) if plan else []
    review = next((one for one in reviews if one.number == number), None)
    if plan is None or review is None:
        return None
    following = min((one.number for one in reviews if one.number > number), default=None)
    before = max((one for one in reviews if one.number < number), key=lambda one: one.number, default=None)
    told = _review_rows([one for one in (before, review) if one], names_of_bodies(partnership))
    lines = _lines([one for one in (review, before) if one])
    now, then = lines[review.pk], lines[before.pk] if before else {}
    changes = _changes(review, before, lines)
    rows = []
    for action in _actions(plan):
        change = changes.get(action.pk)
        if change is None:
            continue
        line, was = now.get(action.pk), then.get(action.pk)
        slip = Slip(action.original_due_on, was.due_on if was else None, line.due_on if line else None)
        rows.append(ReviewLineRow(number_of(action), action.priority.title, action.title, change, line, slip))
    return ReviewView(plan, told[-1], told[0] if before else None, tuple(rows), following)


# One action


@dataclass(frozen=True)
class ActionView:
    """An action as it stands, with what every review said of it in order."""

    plan: ImprovementPlan
    row: ActionRow
    history: tuple[HistoryRow, ...]


def action_view(plan: ImprovementPlan, action: PlanAction, *, today: date, access: Access) -> ActionView:
    """One action with its history."""
    reviews = _reviews(plan)
    lines = _lines(reviews)
    last, before = (reviews[-1] if reviews else None), (reviews[-2] if len(reviews) > 1 else None)
    actions = [one for one in _actions(plan) if one.pk == action.pk]
    codes = {indicator.code for indicator in actions[0].measures.all()}
    measures = measures_of(plan.partnership, codes, today=today, sees_protected=_sees(access))
    changes = _changes(last, before, lines)
    (row,) = _action_rows(actions, last, changes if before else {}, lines, measures, today)
    history: list[HistoryRow] = []
    for earlier, review in zip([None, *reviews], reviews, strict=False):
        line = lines[review.pk].get(action.pk)
        if line is None:
            continue
        was = lines[earlier.pk].get(action.pk) if earlier else None
        change = _changes(review, earlier, lines)[action.pk]
        slip = Slip(action.original_due_on, was.due_on if was else None, line.due_on)
        history.append(HistoryRow(review.number, review.on, line, change, slip))
    return ActionView(plan, row, tuple(history))


# What forms need


@dataclass(frozen=True)
class ToReview:
    """What the form of a review is filled with: the open actions, and what the last review said of each."""

    actions: tuple[PlanAction, ...]
    lines: dict[int, Line]
    last: PlanReview | None
    meetings: tuple[tuple[str, str, Meeting], ...]


def to_review(plan: ImprovementPlan, today: date) -> ToReview:
    """The open actions of a plan, prefilled; and the meetings at which it may be reviewed."""
    actions = [action for action in _actions(plan) if action.ended_on is None]
    last = plan.reviews.order_by("number").last()
    lines = _lines([last])[last.pk] if last else {}
    meetings = Meeting.objects.filter(partnership=plan.partnership, on__lte=today)
    meetings = meetings.exclude(state=Meeting.State.CANCELLED).order_by("-on")
    if plan.body_id:
        meetings = meetings.filter(body=plan.body_id)
    names = names_of_bodies(plan.partnership)
    offered = tuple((meeting.code, names.meeting(meeting), meeting) for meeting in meetings[:24])
    return ToReview(tuple(actions), lines, last, offered)


def action_of(plan: ImprovementPlan, priority: int, order: int) -> Any:
    """The stored action of a plan by its number, 2 and 1 for "2.1"; None where there is none. One query."""
    rows = PlanAction.objects.filter(priority__plan=plan, priority__order=priority, order=order)
    return rows.select_related("priority__plan__partnership", "lead_partner", "funding_item").first()
