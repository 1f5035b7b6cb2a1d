"""The log of actions, without a database: lateness, order, what is carried on, slips and the history in sentences."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.action_log import (
    Kind,
    Logged,
    Standing,
    State,
    Step,
    as_of,
    days_late,
    due_words,
    history,
    in_order,
    is_carried,
    slip,
    standing,
    summary,
)
from tests.reference import action_log_reference as reference

TODAY = date(2022, 7, 7)
MAY, JUNE, JULY, SEPTEMBER = date(2022, 5, 1), date(2022, 6, 1), date(2022, 7, 1), date(2022, 9, 1)


def an_action(
    number: int = 1, state: str = "open", due: date | None = SEPTEMBER, *steps: Step, first: date | None = None
) -> Logged:
    created = Step(1, Kind.CREATED, MAY, owner="Head of service", due_on=first or due)
    return Logged(number, State(state), due, first or due, (created, *steps))


def moved(to: date, number: int = 2, on: date = JUNE) -> Step:
    return Step(number, Kind.DATE_MOVED, on, text="Why", due_on=to)


# Where it stands, and how late it is


@pytest.mark.parametrize(
    ("state", "due", "stands", "late"),
    [
        ("open", TODAY, Standing.DUE, 0),
        ("open", TODAY - timedelta(days=1), Standing.OVERDUE, 1),
        ("open", JULY, Standing.OVERDUE, 6),
        ("open", SEPTEMBER, Standing.DUE, 0),
        ("open", None, Standing.UNDATED, 0),
        ("cancelled", JULY, Standing.CANCELLED, 0),
    ],
)
def test_action_when_a_day_is_looked_at_then_it_stands_and_is_late_so(state, due, stands, late) -> None:
    action = an_action(1, state, due)
    assert (standing(action, TODAY), days_late(action, TODAY)) == (stands, late)


def test_lateness_when_told_as_done_then_the_clock_stands_until_it_is_opened_again() -> None:
    done = Step(2, Kind.DONE, date(2022, 6, 11))
    action = an_action(1, "done", JUNE, done)
    assert (standing(action, TODAY), days_late(action, TODAY)) == (Standing.DONE, 10)
    again = an_action(1, "open", JUNE, done, Step(3, Kind.REOPENED, JULY, text="Not yet"))
    assert (standing(again, TODAY), days_late(again, TODAY)) == (Standing.OVERDUE, 36)


def test_lateness_when_closed_then_it_is_that_of_the_day_it_was_told_as_done_or_else_closed() -> None:
    closed = Step(3, Kind.CLOSED, JULY, evidence="Shown")
    assert days_late(an_action(1, "closed", JUNE, closed), TODAY) == 30
    assert days_late(an_action(1, "closed", JUNE, Step(2, Kind.DONE, JUNE), closed), TODAY) == 0


# Slips


@pytest.mark.parametrize(
    ("first", "moves", "times", "days", "words"),
    [
        (JUNE, [], 0, 0, ""),
        (JUNE, [JULY], 1, 30, "put back once, now 30 days after the first day agreed"),
        (JUNE, [JULY, SEPTEMBER], 2, 92, "put back 2 times, now 92 days after the first day agreed"),
        (JULY, [JUNE], 0, -30, "now 30 days before the first day agreed"),
        (JUNE, [SEPTEMBER, JUNE], 1, 0, "put back once, now on the first day agreed again"),
        (JUNE, [date(2022, 6, 2)], 1, 1, "put back once, now 1 day after the first day agreed"),
    ],
)
def test_slip_when_days_were_moved_then_how_often_and_by_how_much(first, moves, times, days, words) -> None:
    steps = [moved(day, number) for number, day in enumerate(moves, 2)]
    found = slip(an_action(1, "open", moves[-1] if moves else first, *steps, first=first))
    assert (found.times, found.days, found.words) == (times, days, words)


def test_slip_when_a_day_is_set_where_none_was_then_none() -> None:
    action = Logged(1, State.OPEN, JULY, JULY, (Step(1, Kind.CREATED, MAY), moved(JULY)))
    assert (slip(action).times, slip(action).days, slip(action).words) == (0, 0, "")


# Order: by hand, and by a second calculation

days = st.integers(-40, 40).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def actions(draw: st.DrawFn) -> list[Logged]:
    found = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        state = draw(st.sampled_from(["open", "open", "done", "closed", "cancelled"]))
        due = draw(st.none() | days)
        kinds = {"done": Kind.DONE, "closed": Kind.CLOSED, "cancelled": Kind.CANCELLED}
        steps = [Step(1, Kind.CREATED, MAY)]
        if state != "open":
            steps.append(Step(2, kinds[state], draw(days)))
        found.append(Logged(number, State(state), due, due, tuple(steps)))
    return found


def test_order_when_by_hand_then_overdue_due_undated_done_and_ended() -> None:
    rows = [
        an_action(1, "closed", JUNE, Step(2, Kind.CLOSED, JULY)),
        an_action(2, "open", None),
        an_action(3, "open", SEPTEMBER),
        an_action(4, "open", JULY),
        an_action(5, "open", JUNE),
        an_action(6, "done", JUNE, Step(2, Kind.DONE, JUNE)),
        an_action(7, "open", JULY),
        an_action(8, "cancelled", JUNE, Step(2, Kind.CANCELLED, TODAY)),
    ]
    assert [row.number for row in in_order(rows, TODAY)] == [5, 4, 7, 3, 2, 6, 8, 1]


@given(actions())
def test_order_and_lateness_when_calculated_another_way_then_the_same(rows: list[Logged]) -> None:
    def plain(row: Logged) -> dict[str, object]:
        return {"number": row.number, "state": row.state.value, "due": row.due_on, "ended": row.ended_on}

    ordered = in_order(rows, TODAY)
    assert sorted(r.number for r in ordered) == sorted(r.number for r in rows)
    assert all(reference.before(plain(a), plain(b), TODAY) for a, b in pairwise(ordered))
    for row in rows:
        stopped = row.steps[-1].on if row.state.value in {"done", "closed"} else None
        assert days_late(row, TODAY) == reference.late(row.state.value, row.due_on, stopped, TODAY)
        assert standing(row, TODAY).value == reference.stands(row.state.value, row.due_on, TODAY)


# Carried on


@pytest.mark.parametrize(
    ("state", "ended", "meeting", "carried"),
    [
        ("open", None, MAY, False),  # the meeting that agreed it
        ("open", None, JUNE, True),
        ("done", None, JUNE, True),
        ("closed", JUNE, JUNE, True),  # it is closed at that meeting
        ("closed", JUNE, JULY, False),
        ("cancelled", JUNE, JULY, False),
    ],
)
def test_action_when_a_meeting_comes_then_it_is_carried_so(state, ended, meeting, carried) -> None:
    kinds = {"closed": Kind.CLOSED, "cancelled": Kind.CANCELLED}
    steps = [Step(2, kinds[state], ended)] if ended else []
    assert is_carried(an_action(1, state, SEPTEMBER, *steps), meeting) is carried


def test_action_when_closed_and_opened_again_later_then_not_carried_to_the_meeting_between() -> None:
    steps = (Step(2, Kind.CLOSED, JUNE, evidence="Shown"), Step(3, Kind.REOPENED, date(2022, 8, 1), text="Not all."))
    action = an_action(1, "open", SEPTEMBER, *steps)
    assert [is_carried(action, day) for day in (JUNE, JULY, SEPTEMBER)] == [True, False, True]


LIVED = an_action(
    1, "closed", SEPTEMBER, moved(JULY, 2, date(2022, 5, 20)), Step(3, Kind.REASSIGNED, JUNE, owner="Director"),
    Step(4, Kind.DONE, date(2022, 6, 20)), Step(5, Kind.CLOSED, JULY), Step(6, Kind.REOPENED, date(2022, 8, 1)),
    moved(SEPTEMBER, 7, date(2022, 8, 2)), Step(8, Kind.CLOSED, SEPTEMBER), first=JUNE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "state", "due", "owner"),
    [
        (MAY, "open", JUNE, "Head of service"),  # the meeting that agrees it
        (date(2022, 5, 20), "open", JUNE, "Head of service"),  # moved on that day
        (JUNE, "open", JULY, "Head of service"),
        (date(2022, 6, 2), "open", JULY, "Director"),
        (JULY, "done", JULY, "Director"),  # closed on that day
        (date(2022, 7, 2), "closed", JULY, "Director"),
        (date(2022, 8, 2), "open", JULY, "Director"),
        (SEPTEMBER, "open", SEPTEMBER, "Director"),
        (date(2022, 9, 2), "closed", SEPTEMBER, "Director"),
    ],
)
def test_action_when_a_meeting_finds_it_then_as_the_days_before_left_it(day, state, due, owner) -> None:
    found = as_of(replace(LIVED, owner="Director"), day)
    assert (found.state.value, found.due_on, found.owner) == (state, due, owner)
    assert found.original_due_on == JUNE


def test_action_when_its_first_day_was_set_later_then_it_had_none_before() -> None:
    action = an_action(1, "open", SEPTEMBER, moved(SEPTEMBER), first=SEPTEMBER)
    action = replace(action, steps=(replace(action.steps[0], due_on=None), *action.steps[1:]))
    before, after = as_of(action, JUNE), as_of(action, JULY)
    assert (before.due_on, before.original_due_on) == (None, None)
    assert (after.due_on, after.original_due_on) == (SEPTEMBER, SEPTEMBER)


# In words


def test_history_when_everything_happened_then_each_step_is_a_sentence() -> None:
    action = an_action(
        1,
        "closed",
        SEPTEMBER,
        Step(2, Kind.PROGRESS, JUNE, "Analyst", "Half done."),
        moved(SEPTEMBER, 3),
        Step(4, Kind.REASSIGNED, JUNE, "Officer", "She left.", owner="Director"),
        Step(5, Kind.DONE, JULY, "Director", "All done."),
        Step(6, Kind.REOPENED, JULY, "Officer", "Not all."),
        Step(7, Kind.CLOSED, TODAY, "Officer", evidence="They are heard.", voice="children", meeting="Board, 7 July"),
        first=JULY,
    )
    said = history(action)
    assert [s.sentence for s in said] == [
        "Agreed. Head of service answers for it. Due on 1 July 2022.",
        "Progress told by Analyst.",
        "Day moved from 1 July 2022 to 1 September 2022, 62 days later.",
        "Given from Head of service to Director by Officer.",
        "Told as done by Director.",
        "Opened again by Officer.",
        "Closed at Board, 7 July by Officer.",
    ]
    assert (said[-1].evidence, said[-1].voice) == ("They are heard.", "children and young people")


def test_history_when_days_are_set_and_brought_forward_then_it_says_so() -> None:
    steps = (Step(1, Kind.CREATED, MAY), moved(JULY), moved(JUNE, 3), Step(4, Kind.CANCELLED, JUNE))
    said = [s.sentence for s in history(Logged(1, State.CANCELLED, JUNE, JULY, steps, "Director"))]
    assert said[0] == "Agreed. Director answers for it. No day was set."
    assert said[1:3] == ["Day set to 1 July 2022.", "Day moved from 1 July 2022 to 1 June 2022, 30 days earlier."]


def test_history_when_it_was_given_on_and_the_first_owner_is_not_kept_then_nobody_is_named() -> None:
    steps = (Step(1, Kind.CREATED, MAY), Step(2, Kind.REASSIGNED, JUNE, owner="Director"))
    said = [s.sentence for s in history(Logged(1, State.OPEN, None, None, steps, "Director"))]
    assert said == ["Agreed. No day was set.", "Given to Director."]


def test_history_when_a_step_comes_from_a_paper_then_it_says_so() -> None:
    action = an_action(1, "done", None, Step(2, Kind.DONE, JUNE, "loaded from report 002", meeting="Panel, 1 June"))
    assert history(action)[-1].sentence == "Told as done at Panel, 1 June, loaded from report 002."
    step = Step(2, Kind.DATE_MOVED, JUNE, "loaded from report 002", "Why", due_on=JULY)
    moved_by_paper = an_action(1, "open", JULY, step, first=JUNE)
    assert history(moved_by_paper)[-1].sentence == (
        "Day moved from 1 June 2022 to 1 July 2022, 30 days later, loaded from report 002."
    )


def test_history_when_a_day_is_known_by_its_month_then_the_month_is_told() -> None:
    steps = (Step(1, Kind.CREATED, MAY, precision="month"), Step(2, Kind.CLOSED, JUNE, evidence="Shown"))
    action = Logged(1, State.CLOSED, None, None, steps)
    assert [said.when for said in history(action)] == ["May 2022", "1 June 2022"]
    assert (action.end, action.ended_on) == (steps[1], JUNE)


def test_words_when_late_by_years_then_thousands_are_parted() -> None:
    assert due_words(an_action(1, "open", date(2016, 4, 2)), TODAY) == "2 April 2016, 2,287 days late"


def test_words_when_late_then_by_how_many_days() -> None:
    assert due_words(an_action(1, "open", JULY), TODAY) == "1 July 2022, 6 days late"
    assert due_words(an_action(1, "open", date(2022, 7, 6)), TODAY) == "6 July 2022, 1 day late"
    assert due_words(an_action(1, "open", None), TODAY) == "no day set"


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "No action is open."),
        ([("open", SEPTEMBER)], "1 action is open."),
        ([("open", JULY)], "1 action is open, and it is overdue."),
        ([("open", JULY), ("open", None)], "2 actions are open, 1 of them overdue."),
        ([("done", JULY)], "No action is open; 1 is told as done and waits to be closed."),
        ([("done", JULY), ("done", JULY)], "No action is open; 2 are told as done and wait to be closed."),
    ],
)
def test_summary_when_counted_then_in_one_sentence(states, words) -> None:
    rows = [an_action(n, state, due) for n, (state, due) in enumerate(states, 1)]
    assert summary(rows, TODAY) == words
