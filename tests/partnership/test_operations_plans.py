"""What is done with improvement plans: once for a form, nothing overwritten, and refused with what to do."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from indicators.models import AuditEvent, Indicator
from indicators.operations.errors import InputRefused, WrongState
from partnership.models import ImprovementPlan, PlanAction, PlanDateChange, PlanReview, PlanReviewLine
from partnership.operations import plans as keep
from partnership.operations.plan_recording import state_of
from partnership.operations.plans import LineInput
from tests import builders as b
from tests.partnership import plans_world as w

pytestmark = pytest.mark.django_db
KEY, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def by(partnership):
    return w.approver()


@pytest.fixture
def plan(by):
    return w.an_improvement_plan(by=by)


@pytest.fixture
def action(plan, by):
    return w.a_plan_action(w.a_priority(plan, by=by), by=by)


def refused(box, function, **arguments):
    """That it is refused at that box; the sentence."""
    with pytest.raises(WrongState) as found:
        function(**arguments)
    assert getattr(found.value, "box", None) == box
    return str(found.value)


# Adding


def test_forms_when_sent_twice_then_they_make_one_and_the_record_says_who(partnership, by):
    values = w.PLAN | {"partner": b.a_partner()}
    made = [keep.add_plan(partnership=partnership, values=values, by=by, at=b.NOW, key=KEY) for _ in range(2)]
    assert made[0] == made[1] == ImprovementPlan.objects.get()
    priorities = [keep.add_priority(plan=made[0], title="Early help", by=by, at=b.NOW, key=OTHER) for _ in range(2)]
    assert priorities[0] == priorities[1]
    actions = [
        keep.add_plan_action(priority=priorities[0], values=w.ACTION, by=by, at=b.NOW, key="c" * 32) for _ in range(2)
    ]
    assert actions[0] == actions[1] == PlanAction.objects.get()
    told = AuditEvent.objects.filter(kind="governance_recorded").values_list("what", "by")
    assert list(told.order_by("pk")) == [
        ("improvement plan recovery-plan: added", by.pk),
        ("improvement plan recovery-plan: priority 1 added", by.pk),
        ("improvement plan recovery-plan: action 1.1 added", by.pk),
    ]


@pytest.mark.parametrize(
    ("changes", "box", "sentence"),
    [
        ({"title": " "}, "title", "Give it a title"),
        ({"partner": None}, "body", "Choose the body or the partner"),
        ({"until_on": date(2022, 3, 31)}, "until_on", "ends before it begins"),
    ],
)
def test_plan_when_it_cannot_be_then_the_box_says_why(partnership, by, changes, box, sentence):
    values = w.PLAN | {"partner": b.a_partner()} | changes
    assert sentence in refused(box, keep.add_plan, partnership=partnership, values=values, by=by, at=b.NOW)


@pytest.mark.parametrize(
    ("changes", "box"),
    [({"lead_role": " "}, "lead_partner"), ({"title": ""}, "title"), ({"from_on": date(2022, 7, 1)}, "due_on")],
)
def test_action_when_it_cannot_be_then_the_box_says_why(plan, by, changes, box):
    priority = w.a_priority(plan, by=by)
    refused(box, keep.add_plan_action, priority=priority, values=w.ACTION | changes, by=by, at=b.NOW)


def test_rows_of_another_partnership_when_named_then_they_are_refused(plan, by):
    other = b.a_partner("trust", partnership=b.a_partnership("southshire", "E06000098"))
    priority = w.a_priority(plan, by=by)
    values = w.ACTION | {"lead_partner": other}
    assert "does not belong to" in refused(
        None, keep.add_plan_action, priority=priority, values=values, by=by, at=b.NOW
    )


def test_action_when_its_lead_changes_then_its_words_and_day_stay(action, by):
    b.a_scorecard(1)
    measure = Indicator.objects.get(code="contract-1")
    values = {"lead_partner": b.a_partner("police"), "lead_role": "", "funding_item": None}
    values["measures"] = [measure, measure]
    then = state_of(action, keep.LED)
    for _ in range(2):
        keep.change_plan_action(action=action, values=values, based_on=then, by=by, at=b.NOW, key=KEY)
    action.refresh_from_db()
    assert (action.lead_partner.code, action.title, action.due_on) == ("police", w.ACTION["title"], date(2022, 6, 30))
    assert list(action.measures.all()) == [measure]


@pytest.mark.parametrize("other", [{"lead_role": "Director"}, {"measures": []}])
def test_action_when_another_tab_changed_who_leads_or_what_measures_it_then_nothing_is_overwritten(action, by, other):
    b.a_scorecard(1)
    values = dict.fromkeys(keep.LED) | {"lead_role": w.ACTION["lead_role"]}
    values["measures"] = [Indicator.objects.get(code="contract-1")]
    change = {"action": action, "by": by, "at": b.NOW}
    keep.change_plan_action(values=values, based_on=state_of(action, keep.LED), **change)
    action.refresh_from_db()
    opened = state_of(action, keep.LED)
    keep.change_plan_action(values=values | other, based_on=opened, **change)
    assert refused(None, keep.change_plan_action, values=values, based_on=opened, **change) == keep.CHANGED
    action.refresh_from_db()
    assert (action.lead_role, action.measures.count()) == (
        other.get("lead_role", w.ACTION["lead_role"]), len(other.get("measures", values["measures"])),
    )  # fmt: skip


# Days


def move(action, by, due_on=date(2022, 8, 31), reason="Trainer is ill", based_on=0, key=""):
    return keep.move_due_date(action=action, due_on=due_on, reason=reason, based_on=based_on, by=by, at=b.NOW, key=key)


def test_day_when_moved_then_the_first_stays_and_the_reason_is_kept_once(action, by):
    assert move(action, by, key=KEY) == move(action, by, key=KEY)
    move(action, by, date(2022, 9, 30), "Still ill", based_on=1)
    action.refresh_from_db()
    assert (action.original_due_on, action.due_on) == (date(2022, 6, 30), date(2022, 9, 30))
    changes = [(c.old_due_on, c.new_due_on, c.reason.body) for c in action.date_changes.all()]
    assert changes == [
        (date(2022, 6, 30), date(2022, 8, 31), "Trainer is ill"),
        (date(2022, 8, 31), date(2022, 9, 30), "Still ill"),
    ]


@pytest.mark.parametrize(
    ("arguments", "box"),
    [
        ({"reason": " "}, "reason"),
        ({"due_on": date(2022, 6, 30)}, "due_on"),
        ({"based_on": 1}, None),
    ],
)
def test_day_when_it_cannot_be_moved_then_nothing_is(action, by, arguments, box):
    with pytest.raises(WrongState) as found:
        move(action, by, **arguments)
    assert getattr(found.value, "box", None) == box
    assert not PlanDateChange.objects.exists()


def test_day_when_none_was_given_first_then_the_first_one_is_the_one_agreed(plan, by):
    action = w.a_plan_action(w.a_priority(plan, by=by), by=by, due_on=None)
    move(action, by)
    action.refresh_from_db()
    assert (action.original_due_on, action.due_on) == (date(2022, 8, 31), date(2022, 8, 31))


def test_action_when_taken_out_then_it_says_why_and_takes_nothing_more(action, by):
    arguments = {"action": action, "on": b.TODAY, "by": by, "at": b.NOW}
    refused("reason", keep.end_plan_action, reason=" ", **arguments)
    refused("on", keep.end_plan_action, reason="Done elsewhere", **arguments | {"on": date(2022, 7, 8)})
    for _ in range(2):
        keep.end_plan_action(reason="Done elsewhere", key=KEY, **arguments)
    action.refresh_from_db()
    assert (action.ended_on, action.ended_reason) == (b.TODAY, "Done elsewhere")
    assert "taken out of the plan on 7 July 2022" in refused(
        None, keep.move_due_date, action=action, due_on=date(2022, 8, 1), reason="x", based_on=0, by=by, at=b.NOW
    )


# Reviews


def test_review_when_taken_then_it_is_a_snapshot_that_nothing_changes(plan, action, by):
    first = w.a_review(plan, by=by, lines={action.pk: LineInput("green", "Half done", "Rota", "staff", "Less waiting")})
    move(action, by)
    second = w.a_review(plan, date(2022, 6, 2), by=by, brag="blue")
    assert (first.number, second.number) == (1, 2)
    lines = [(line.brag, line.due_on) for line in PlanReviewLine.objects.order_by("review")]
    assert lines == [("green", date(2022, 6, 30)), ("blue", date(2022, 8, 31))]
    for rows in (PlanReview.objects, PlanReviewLine.objects, PlanDateChange.objects):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.filter(pk=rows.first().pk)._raw_delete(rows.db)


def test_review_when_sent_twice_then_it_is_one_and_from_two_tabs_the_second_is_told(plan, action, by):
    arguments = {"plan": plan, "on": date(2022, 6, 2), "lines": {action.pk: LineInput("green")}, "by": by, "at": b.NOW}
    made = [keep.take_review(based_on=0, key=KEY, **arguments) for _ in range(2)]
    assert made[0] == made[1] == PlanReview.objects.get()
    sentence = refused(None, keep.take_review, based_on=0, key=OTHER, **arguments | {"on": date(2022, 6, 3)})
    assert sentence == keep.CHANGED


@pytest.mark.parametrize(
    ("changes", "box", "words"),
    [
        ({"on": date(2022, 7, 8)}, "on", "has not come"),
        ({"line": LineInput("blue")}, "evidence", "blue needs evidence"),
        ({"line": LineInput("blue", evidence="  ")}, "evidence", "blue needs evidence"),
        ({"line": LineInput("green", evidence_from="families")}, "evidence", "Say what they told you"),
        ({"line": LineInput("")}, "brag", "Choose how this action stands"),
        ({"line": LineInput("purple")}, "brag", "Choose how this action stands"),
        ({"lines": {}}, None, "Somebody else has changed"),
    ],
)
def test_review_when_it_cannot_be_then_the_box_says_why_and_nothing_is_kept(plan, action, by, changes, box, words):
    line = changes.pop("line", LineInput("green"))
    arguments = {"plan": plan, "on": b.TODAY, "lines": {action.pk: line}, "based_on": 0, "by": by, "at": b.NOW}
    with pytest.raises(WrongState) as found:
        keep.take_review(**arguments | changes)
    at = f"{box}-{action.pk}" if box in {"evidence", "brag"} else box
    assert getattr(found.value, "box", None) == at
    assert words in str(found.value)
    assert not PlanReview.objects.exists()


def test_review_when_not_after_the_last_then_it_is_refused(plan, action, by):
    w.a_review(plan, b.TODAY, by=by)
    with pytest.raises(InputRefused, match="The last review is of 7 July 2022") as found:
        w.a_review(plan, b.TODAY, by=by)
    assert found.value.box == "on"


def test_review_when_of_a_cancelled_meeting_then_it_is_refused_and_of_another_it_is_named(plan, action, by):
    with pytest.raises(InputRefused, match="cancelled"):
        w.a_review(plan, by=by, meeting=b.a_meeting(on=date(2022, 5, 5), state="cancelled"))
    made = w.a_review(plan, by=by, meeting=b.a_meeting(on=date(2022, 5, 4), state="held"))
    assert made.meeting.on == date(2022, 5, 4)


def test_review_when_an_action_was_taken_out_or_there_is_none_then_it_asks_for_the_rest_alone(plan, action, by):
    other = w.a_plan_action(action.priority, by=by, title="Agree thresholds")
    keep.end_plan_action(action=action, on=b.TODAY, reason="Done elsewhere", by=by, at=b.NOW)
    w.a_review(plan, by=by)
    assert [line.action for line in PlanReviewLine.objects.all()] == [other]
    keep.end_plan_action(action=other, on=b.TODAY, reason="Done elsewhere", by=by, at=b.NOW)
    with pytest.raises(WrongState, match="no action yet"):
        w.a_review(plan, date(2022, 6, 2), by=by)


def test_complete_without_evidence_when_written_past_the_operations_then_the_database_refuses(plan, action, by):
    review = w.a_review(plan, by=by)
    other = w.a_plan_action(action.priority, by=by, title="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanReviewLine.objects.create(review=review, action=other, brag="blue")
