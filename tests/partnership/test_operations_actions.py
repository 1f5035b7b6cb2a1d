"""Actions through their operations: who may do what, in which state, with what; and what can never be done."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from indicators.models import User
from indicators.operations.errors import InputRefused, NotAllowed, OperationError, WrongState
from indicators.permissions import access_for
from indicators.roles import Role
from partnership.evidence_files import checked
from partnership.models import Action, ActionStep, ExceptionRequest, Meeting, StoredDocument
from partnership.operations.actions import Origin, Owner
from partnership.operations.refusals import ActionChanged
from partnership.selectors.actions import action_rows, arising_at, meeting_of
from partnership.selectors.visible import actions_for
from tests import builders as b
from tests.partnership.action_world import (
    DUE,
    JULY,
    JUNE,
    NEXT,
    a_held_meeting,
    agreed,
    close,
    last_of,
    managed,
    tell,
    the_item,
    the_officer,
)
from tests.partnership.exception_world import ask

pytestmark = pytest.mark.django_db

LATER = date(2022, 10, 1)


def kinds(action: Action) -> list[str]:
    return list(action.steps.order_by("number").values_list("kind", flat=True))


def fresh(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


def fresh_report(request: ExceptionRequest) -> ExceptionRequest:
    return ExceptionRequest.objects.get(pk=request.pk)


# Agreeing


def test_action_when_agreed_then_it_has_the_next_number_and_its_first_step(partnership) -> None:
    first, second = agreed(), agreed(what="Another.")
    assert (first.number, second.number) == (1, 2)
    assert (first.due_on, first.original_due_on, first.state) == (DUE, DUE, "open")
    step = first.steps.get()
    assert (step.kind, step.owner_role, step.at_meeting) == ("created", "Head of service, Northshire Children's Trust",
                                                              a_held_meeting())  # fmt: skip
    assert step.owner_partner == first.owner_partner == b.a_partner()


def test_action_when_of_a_resolution_then_it_stands_under_its_item(partnership) -> None:
    resolution = b.a_resolution(the_item())
    action = agreed(origin=Origin(resolution=resolution))
    assert (action.resolution, action.item) == (resolution, resolution.item)


def test_action_when_the_same_form_is_sent_twice_then_one(partnership) -> None:
    first = agreed(key="a" * 32)
    assert agreed(key="a" * 32) == first
    assert Action.objects.count() == ActionStep.objects.count() == 1
    with pytest.raises(OperationError, match="with other answers"):
        agreed(what="Something else.", key="a" * 32)


@pytest.mark.parametrize(
    ("changes", "box"),
    [
        ({"what": "  "}, "what"),
        ({"what": "x" * 6001}, "what"),
        ({"role": " "}, "owner_role"),
        ({"due_on": JUNE - timedelta(days=1)}, "due_on"),
        ({"origin": Origin()}, "comes_from"),
    ],
)
def test_action_when_something_is_missing_or_cannot_be_then_refused_at_its_box(changes, box, partnership) -> None:
    with pytest.raises(InputRefused) as refusal:
        agreed(**changes)
    assert refusal.value.box == box
    assert not Action.objects.exists()


def test_action_when_it_comes_from_two_things_then_refused(partnership) -> None:
    with pytest.raises(InputRefused, match="what the action comes from"):
        agreed(origin=Origin(item=the_item(), resolution=b.a_resolution(the_item())))


def test_action_when_of_another_partnership_then_refused(partnership) -> None:
    elsewhere = b.a_partnership("southshire", "E06000098")
    item = b.an_item(b.a_meeting(b.a_body("Board", partnership=elsewhere), JUNE, state="held"))
    with pytest.raises(InputRefused, match="this partnership’s meetings"):
        agreed(item)
    with pytest.raises(InputRefused, match="this partnership’s partners"):
        managed("reassign", agreed(), owner=Owner("Head", b.a_partner(partnership=elsewhere)))


@pytest.mark.parametrize("state", ["planned", "called", "cancelled"])
def test_action_when_its_meeting_is_not_held_then_refused(state, partnership) -> None:
    item = b.an_item(b.a_meeting(b.a_body("Board"), JUNE, state=state))
    for origin in (Origin(item=item), Origin(resolution=b.a_resolution(item))):
        with pytest.raises(InputRefused, match="not recorded as held") as refusal:
            agreed(origin=origin)
        assert refusal.value.box == "comes_from"
    assert not Action.objects.exists()


@pytest.mark.parametrize("was_given_later", [False, True])
def test_action_when_its_report_goes_to_a_coming_meeting_then_no_meeting_agreed_it(
    was_given_later, partnership
) -> None:
    request = ask()
    coming = b.an_item(a_held_meeting(NEXT, state="called"))
    if not was_given_later:
        ExceptionRequest.objects.update(item=coming)
    action = agreed(origin=Origin(exception=fresh_report(request)), due_on=date(2022, 8, 1))
    ExceptionRequest.objects.update(item=coming)
    Meeting.objects.filter(pk=coming.meeting_id).update(state="held")
    day = date(2022, 9, 20)
    (row,) = action_rows(access_for(the_officer(), partnership, day), partnership, day)
    assert (row.log.agreed_on, row.body, row.meeting_on, row.item_label) == (b.TODAY, "", None, "")
    assert action.steps.get().at_meeting is None


def test_action_when_its_report_was_before_a_meeting_that_was_held_then_that_agreed_it(partnership) -> None:
    ask()
    ExceptionRequest.objects.update(item=the_item())
    agreed(origin=Origin(exception=ExceptionRequest.objects.get()))
    (row,) = action_rows(access_for(the_officer(), partnership, b.TODAY), partnership, b.TODAY)
    assert (row.log.agreed_on, row.meeting_on) == (JUNE, JUNE)


def test_action_when_its_meeting_was_cancelled_after_all_then_no_meeting_agreed_it(partnership) -> None:
    action = agreed()
    Meeting.objects.update(state="cancelled")
    assert meeting_of(Action.objects.get(pk=action.pk)) is None


def test_owner_when_the_person_has_no_access_or_may_not_read_it_then_refused(partnership) -> None:
    stranger = b.a_user(email="stranger@example.org")
    with pytest.raises(InputRefused, match="no access"):
        agreed(user=stranger)
    exempt = b.an_item(a_held_meeting(), "The contract", exempt=3)
    with pytest.raises(InputRefused, match="may not read exempt items"):
        agreed(exempt, user=b.the_people().analyst)
    assert agreed(exempt, user=b.the_people().acceptor).owner == b.the_people().acceptor
    ask()
    ExceptionRequest.objects.update(item=b.an_item(a_held_meeting(NEXT, state="called"), "The contract", exempt=3))
    with pytest.raises(InputRefused, match="may not read exempt items"):
        agreed(origin=Origin(exception=ExceptionRequest.objects.get()), user=b.the_people().analyst)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.BOARD_MEMBER, Role.ADMINISTRATOR, Role.ANALYST])
def test_action_when_agreed_or_changed_by_who_keeps_no_meetings_then_refused(role, partnership) -> None:
    by = b.a_user(role)
    action = agreed()
    with pytest.raises(NotAllowed):
        agreed(by=by)
    for name, more in (
        ("move_date", {"due_on": LATER}),
        ("reassign", {"owner": Owner("Director")}),
        ("cancel_action", {}),
        ("reopen_action", {}),
    ):
        with pytest.raises(NotAllowed):
            managed(name, action, by=by, **more)
    with pytest.raises(NotAllowed):
        close(action, by=by)
    assert kinds(action) == ["created"]


# The owner


def test_progress_when_told_by_the_owner_their_partner_or_the_officer_then_recorded(partnership) -> None:
    person = b.a_user(Role.BOARD_MEMBER, email="owner@example.org")
    action = agreed(user=person)
    for by in (person, b.the_people().analyst, b.the_people().lead, the_officer()):
        tell(action, f"Told by {by.pk}.", by=by)
    assert kinds(action) == ["created", *["progress"] * 4]
    assert fresh(action).state == "open"


@pytest.mark.parametrize("who", ["police", "board", "ended"])
def test_progress_when_told_by_another_then_refused(who, partnership) -> None:
    people: dict[str, User] = {
        "police": b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="police@example.org"),
        "board": b.a_user(Role.BOARD_MEMBER, email="board@example.org"),
        "ended": b.a_user(Role.ANALYST, partner=b.a_partner(), email="ended@example.org", until_on=JUNE),
    }
    action = agreed()
    with pytest.raises(NotAllowed):
        tell(action, by=people[who])
    assert kinds(action) == ["created"]


@pytest.mark.parametrize(("passed_on", "may"), [(date(2022, 7, 1), True), (JUNE, False)])
def test_progress_when_the_partners_functions_passed_on_since_then_its_successor_tells(
    passed_on, may, partnership
) -> None:
    action = agreed()
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), passed_on)
    heir = b.the_people(b.a_partner("council")).analyst
    if may:
        tell(action, by=heir)
    else:  # agreed once the functions had passed, and all the same of the trust
        with pytest.raises(NotAllowed):
            tell(action, by=heir)
    tell(action)


def test_owner_when_done_is_told_then_it_waits_to_be_closed_and_the_day_stays(partnership) -> None:
    action = agreed()
    tell(action, is_done=True, evidence="Young people chose the questions.", evidence_from="children")
    assert (fresh(action).state, fresh(action).due_on) == ("done", DUE)
    step = action.steps.get(number=2)
    assert (step.kind, step.evidence.body, step.evidence_from) == (
        "done",
        "Young people chose the questions.",
        "children",
    )
    with pytest.raises(WrongState, match="told as done"):
        tell(action, is_done=True)


def test_evidence_when_from_somebody_but_without_words_then_refused(partnership) -> None:
    action = agreed()
    for changes in ({"evidence_from": "families"}, {"file": checked("a.txt", b"Heard.")}):
        with pytest.raises(InputRefused) as refusal:
            tell(action, **changes)
        assert refusal.value.box == "evidence"
    with pytest.raises(InputRefused) as refusal:
        tell(action, evidence="So.", evidence_from="neighbours")
    assert refusal.value.box == "evidence_from"
    assert not StoredDocument.objects.exists()


def test_evidence_when_it_has_a_file_then_kept_as_it_came(partnership) -> None:
    action = agreed()
    tell(action, evidence="What they said.", file=checked("said.txt", b"We were heard."))
    document = action.steps.get(number=2).document
    assert (bytes(document.content), document.content_type, document.size) == (
        b"We were heard.",
        "text/plain; charset=utf-8",
        14,
    )
    assert document.code == "action-1-step-2"


# The officer


def test_day_when_moved_then_the_first_one_stays_and_the_reason_is_kept(partnership) -> None:
    action = agreed()
    managed("move_date", action, due_on=LATER, at_meeting=a_held_meeting(JULY))
    managed("move_date", action, due_on=NEXT)
    row = fresh(action)
    assert (row.due_on, row.original_due_on) == (NEXT, DUE)
    (found,) = action_rows(access_for(the_officer(), partnership, b.TODAY), partnership, b.TODAY)
    assert (found.slip.times, found.slip.days) == (1, 14)


def test_day_when_moved_at_an_earlier_meeting_then_it_is_held_against_that_meetings_day(partnership) -> None:
    action, typed_on = agreed(at=b.NOW), date(2022, 8, 20)
    more = {"at": b.moment(typed_on), "at_meeting": a_held_meeting(JULY)}
    with pytest.raises(InputRefused, match="before the meeting that moved it") as refusal:
        managed("move_date", action, due_on=JULY - timedelta(days=1), **more)
    assert refusal.value.box == "due_on"
    managed("move_date", action, due_on=JULY + timedelta(days=1), **more)
    assert fresh(action).due_on == JULY + timedelta(days=1)


def test_day_when_moved_to_one_after_its_meeting_but_before_it_was_typed_then_taken(partnership) -> None:
    action = agreed()
    managed("move_date", action, due_on=JUNE + timedelta(days=1))
    assert fresh(action).due_on == JUNE + timedelta(days=1)


def test_day_when_set_where_none_was_then_it_is_the_first_one(partnership) -> None:
    action = agreed(due_on=None)
    managed("move_date", action, due_on=LATER)
    assert (fresh(action).due_on, fresh(action).original_due_on) == (LATER, LATER)


@pytest.mark.parametrize(
    ("name", "changes", "box"),
    [
        ("move_date", {"due_on": LATER, "reason": " "}, "reason"),
        ("move_date", {"due_on": DUE}, "due_on"),
        ("move_date", {"due_on": JUNE - timedelta(days=1)}, "due_on"),
        ("reassign", {"owner": Owner("Director"), "reason": ""}, "reason"),
        ("reassign", {"owner": Owner("")}, "owner_role"),
        ("cancel_action", {"reason": ""}, "reason"),
    ],
)
def test_change_when_without_reason_or_impossible_then_refused(name, changes, box, partnership) -> None:
    action = agreed()
    with pytest.raises(InputRefused) as refusal:
        managed(name, action, **changes)
    assert refusal.value.box == box
    assert kinds(action) == ["created"]


def test_owner_when_given_on_then_the_new_one_tells_and_the_old_one_may_not(partnership) -> None:
    action = agreed()
    police = b.a_partner("police")
    officer = b.a_user(Role.ANALYST, partner=police, email="police@example.org")
    managed("reassign", action, owner=Owner("Superintendent", police))
    assert (fresh(action).owner_role, fresh(action).owner_partner) == ("Superintendent", police)
    with pytest.raises(NotAllowed):
        tell(fresh(action))
    tell(fresh(action), by=officer)
    with pytest.raises(InputRefused, match="owner already"):
        managed("reassign", action, owner=Owner("Superintendent", police))


def test_action_when_closed_without_evidence_then_refused(partnership) -> None:
    action = agreed()
    for empty in ("", "   "):
        with pytest.raises(InputRefused) as refusal:
            close(action, empty)
        assert refusal.value.box == "evidence"
    assert fresh(action).state == "open"
    with pytest.raises(DatabaseError), transaction.atomic():  # nor past the operation
        ActionStep.objects.create(action=action, number=2, kind="closed", actor="x", at=b.NOW, known_on=b.TODAY)


def test_action_when_closed_then_with_evidence_who_and_at_which_meeting(partnership) -> None:
    action = agreed()
    tell(action, is_done=True)
    step = close(action, evidence_from="families")
    assert (step.at_meeting, step.evidence.body, step.by) == (a_held_meeting(JULY), "The figures came.", the_officer())
    (row,) = action_rows(access_for(the_officer(), partnership, b.TODAY), partnership, b.TODAY)
    assert (row.standing.value, row.closed_at, row.days_late) == ("closed", "Scrutiny Committee, 7 July 2022", 0)


def test_action_when_closed_at_a_meeting_still_to_come_or_cancelled_then_refused(partnership) -> None:
    action = agreed()
    for meeting in (a_held_meeting(NEXT, state="called"), b.a_meeting(b.a_body(), JULY, state="cancelled")):
        with pytest.raises(InputRefused) as refusal:
            close(action, at_meeting=meeting)
        assert refusal.value.box == "at_meeting"
    elsewhere = b.a_body("Board", partnership=b.a_partnership("southshire", "E06000098"))
    with pytest.raises(InputRefused, match="this partnership’s meetings"):
        close(action, at_meeting=b.a_meeting(elsewhere, JUNE, state="held"))


STATES = {"open": [], "done": ["done"], "closed": ["close"], "cancelled": ["cancel"]}
ALLOWED = {
    "progress": {"open", "done"},
    "done": {"open"},
    "move": {"open"},
    "give": {"open"},
    "close": {"open", "done"},
    "reopen": {"done", "closed", "cancelled"},
    "cancel": {"open", "done"},
}
DO = {
    "progress": lambda a: tell(a, by=the_officer()),
    "done": lambda a: tell(a, is_done=True, by=the_officer()),
    "move": lambda a: managed("move_date", a, due_on=LATER),
    "give": lambda a: managed("reassign", a, owner=Owner("Director")),
    "close": close,
    "reopen": lambda a: managed("reopen_action", a),
    "cancel": lambda a: managed("cancel_action", a),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", DO)
def test_step_when_the_state_allows_it_or_not(step, state, partnership) -> None:
    action = agreed()
    for before in STATES[state]:
        DO[before](action)
    assert fresh(action).state == state
    if state in ALLOWED[step]:
        DO[step](fresh(action))
        return
    with pytest.raises(WrongState):
        DO[step](fresh(action))


# Two tabs, sent twice, never deleted


def test_step_when_another_tab_was_first_then_told_and_nothing_is_done(partnership) -> None:
    action = agreed()
    tell(action, "From the first tab.", based_on=1)
    with pytest.raises(ActionChanged):
        tell(action, "From the second tab.", based_on=1)
    with pytest.raises(ActionChanged):
        close(action, based_on=1)
    assert kinds(action) == ["created", "progress"]


def test_step_when_the_same_form_is_sent_twice_then_once(partnership) -> None:
    action = agreed()
    first = tell(action, key="b" * 32, based_on=1)
    assert tell(action, key="b" * 32, based_on=1) == first
    with pytest.raises(OperationError, match="with other answers"):
        tell(action, "Other words.", key="b" * 32, based_on=1)
    shut = close(action, key="c" * 32, based_on=2)
    assert close(action, key="c" * 32, based_on=2) == shut
    assert kinds(action) == ["created", "progress", "closed"]


def test_action_when_deleted_then_the_database_refuses(partnership) -> None:
    action = agreed()
    with pytest.raises(DatabaseError), transaction.atomic():
        Action.objects.filter(pk=action.pk)._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        action.steps.all()._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        action.steps.update(number=9)
    assert last_of(action) == 1


# What goes to the next meeting, and who reads it


def test_meeting_when_it_comes_then_what_is_open_arises_overdue_first(partnership) -> None:
    open_one, late, shut = agreed(), agreed(what="Late.", due_on=JUNE), agreed(what="Shut.")
    close(shut)
    other = b.an_item(b.a_meeting(b.a_body("Board"), JUNE, state="held"))
    agreed(other, "Of another body.")
    access = access_for(the_officer(), partnership, b.TODAY)
    at_july, at_next = (
        [row.number for row in arising_at(a_held_meeting(day, state=state), access, b.TODAY)]
        for day, state in ((JULY, "held"), (NEXT, "called"))
    )
    assert at_july == [late.number, open_one.number, shut.number]  # it was closed at that meeting
    assert at_next == [late.number, open_one.number]


def test_exempt_action_when_the_person_may_not_read_it_then_it_is_not_there(partnership) -> None:
    exempt = b.an_item(a_held_meeting(), "The contract", exempt=3)
    under_item = agreed(exempt)
    by_resolution_alone = b.an_action(
        partnership=partnership, what="Only the resolution names it.", resolution=b.a_resolution(exempt)
    )
    analyst, board = b.the_people().analyst, b.a_user(Role.BOARD_MEMBER)
    assert not actions_for(access_for(analyst, partnership, b.TODAY), partnership).exists()
    seen = actions_for(access_for(board, partnership, b.TODAY), partnership)
    assert set(seen) == {under_item, by_resolution_alone}
    with pytest.raises(NotAllowed, match="no such action"):
        tell(under_item, by=analyst)
