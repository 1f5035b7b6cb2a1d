"""Progress between reviews, slippage and cycles: tables and properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership import plan_review as pr
from partnership.plan_review import Brag, Movement, Slip, Standing

DAY = date(2022, 7, 7)
brags = st.sampled_from(Brag)
snapshots = st.dictionaries(st.sampled_from("abcdefgh"), brags)


def snapshot(found):
    return [Standing(key, brag) for key, brag in found.items()]


@pytest.mark.parametrize(
    ("before", "now", "movement", "words"),
    [
        ("amber", "green", "better", "Better: from at risk to on track"),
        ("green", "blue", "better", "Better: from on track to complete"),
        ("not_started", "green", "better", "Better: from not started to on track"),
        ("amber", "not_started", "better", "Better: from at risk to not started"),
        ("not_started", "amber", "worse", "Worse: from not started to at risk"),
        ("green", "not_started", "worse", "Worse: from on track to not started"),
        ("blue", "red", "worse", "Worse: from complete to off track"),
        ("red", "red", "same", "The same as at the review before"),
        (None, "red", "new", "New since the review before"),
        ("red", None, "gone", "No longer in the plan"),
    ],
)
def test_action_when_it_moved_between_two_reviews_then_it_is_told_in_words(before, now, movement, words):
    old = [Standing("a", Brag(before))] if before else []
    new = [Standing("a", Brag(now))] if now else []
    (change,) = pr.compare(old, new)
    assert (change.movement.value, change.words) == (movement, words)


def test_action_when_there_was_no_review_before_then_it_is_not_called_new():
    (change,) = pr.compare(None, [Standing("a", Brag.RED)])
    assert (change.movement.value, change.words) == ("first", "First review")
    assert pr.progress_words([change]) == "1 reviewed for the first time"


def test_action_when_it_is_at_neither_review_then_nothing_can_be_said():
    with pytest.raises(ValueError, match="has not moved"):
        pr.movement(None, None)


@given(snapshots, snapshots)
def test_progress_when_counted_then_it_adds_up_to_the_actions_of_both_reviews(before, now):
    changes = pr.compare(snapshot(before), snapshot(now))
    counts = pr.movement_counts(changes)
    assert sum(counts.values()) == len(changes) == len({*before, *now})
    assert sum(counts.values()) - counts[Movement.GONE] == len(now)
    assert sum(counts.values()) - counts[Movement.NEW] == len(before)
    back = pr.movement_counts(pr.compare(snapshot(now), snapshot(before)))
    assert (back[Movement.BETTER], back[Movement.NEW]) == (counts[Movement.WORSE], counts[Movement.GONE])


@given(brags, brags, brags)
def test_movement_when_it_is_better_twice_then_it_is_better_in_all(one, two, three):
    if pr.movement(one, two) is Movement.BETTER and pr.movement(two, three) is Movement.BETTER:
        assert pr.movement(one, three) is Movement.BETTER


@given(st.lists(st.one_of(st.none(), brags)))
def test_brags_when_counted_then_they_add_up_to_the_actions(found):
    counts = pr.brag_counts(found)
    assert sum(counts.values()) == len(found)
    good = sum(brag in {Brag.BLUE, Brag.GREEN} for brag in found)
    assert not any(found) or pr.on_track_words(counts).startswith(f"{good} of {len(found)} action")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "No action has been added yet."),
        ([None], "1 action, not reviewed yet."),
        ([None, None], "2 actions, none of them reviewed yet."),
        (["green"], "1 of 1 action is on track or complete: 1 on track."),
        (["blue", "red"], "1 of 2 actions is on track or complete: 1 complete and 1 off track."),
        (
            ["blue", "green", "amber", "red", "not_started", None, "green"],
            "3 of 7 actions are on track or complete: 1 complete, 2 on track, 1 not started, 1 at risk, 1 off track "
            "and 1 not reviewed yet.",
        ),
    ],
)
def test_plan_when_told_in_a_sentence_then_the_numbers_add_up(found, words):
    assert pr.on_track_words(pr.brag_counts(Brag(one) if one else None for one in found)) == words


@pytest.mark.parametrize(
    ("brag", "words"),
    [(None, "Not reviewed yet"), ("not_started", "Not started"), ("red", "Red: off track"), ("blue", "Blue: complete")],
)
def test_brag_when_shown_then_its_colour_is_said(brag, words):
    assert pr.brag_words(Brag(brag) if brag else None) == words


# Slippage

JAN, MAR, APR = date(2022, 1, 31), date(2022, 3, 31), date(2022, 4, 2)


@pytest.mark.parametrize(
    ("slip", "days", "words", "since"),
    [
        (Slip(JAN, JAN, JAN), 0, "", ""),
        (Slip(JAN, MAR, APR, 2), 61, "61 days later than first agreed (31 January 2022), moved twice",
         "2 days later than at the review before (31 March 2022)"),
        (Slip(JAN, APR, JAN, 3), 0, "as first agreed, moved 3 times",
         "61 days earlier than at the review before (2 April 2022)"),
        (Slip(APR, APR, date(2022, 4, 1), 1), -1, "1 day earlier than first agreed (2 April 2022), moved once",
         "1 day earlier than at the review before (2 April 2022)"),
        (Slip(None, None, None), None, "", ""),
        (Slip(JAN, None, None), None, "", ""),
        (Slip(JAN, None, MAR), 59, "59 days later than first agreed (31 January 2022)", ""),
    ],
)  # fmt: skip
def test_slippage_when_a_day_moved_then_it_is_told_since_first_and_since_the_review_before(slip, days, words, since):
    assert (slip.days, slip.words, slip.since_words) == (days, words, since)


@given(st.dates(), st.dates(), st.dates())
def test_slippage_when_told_in_two_steps_then_they_make_the_whole(original, then, now):
    slip = Slip(original, then, now, 1)
    assert slip.days == (then - original).days + slip.days_since


@pytest.mark.parametrize(
    ("due", "brag", "late"),
    [
        (DAY, "red", 0),
        (DAY - timedelta(days=1), "green", 1),
        (DAY - timedelta(days=1), None, 1),
        (DAY - timedelta(days=9), "blue", 0),
        (None, "red", 0),
        (DAY + timedelta(days=1), "red", 0),
    ],
)
def test_action_when_its_day_has_passed_then_it_is_late_unless_complete(due, brag, late):
    assert pr.days_late(due, Brag(brag) if brag else None, DAY) == late


# Cycles


@pytest.mark.parametrize(
    ("every", "last", "begun", "until", "on", "late", "words"),
    [
        (28, date(2022, 6, 9), None, None, DAY, 0,
         "The next review is due on 7 July 2022, every four weeks, counted from the last review on 9 June 2022."),
        (28, date(2022, 6, 8), None, None, date(2022, 7, 6), 1,
         "As far as is recorded the next review is 1 day late: due on 6 July 2022, every four weeks, counted from the "
         "last review on 8 June 2022."),
        (28, None, date(2022, 4, 1), None, date(2022, 4, 29), 69,
         "As far as is recorded the first review is 69 days late: due on 29 April 2022, every four weeks, counted from "
         "when the plan began on 1 April 2022."),
        (28, date(2022, 6, 9), date(2022, 4, 1), None, DAY, 0,
         "The next review is due on 7 July 2022, every four weeks, counted from the last review on 9 June 2022."),
        (None, DAY, DAY, None, None, 0, "No cycle of reviews is stated, so none is due."),
        (7, None, None, None, None, 0,
         "A review is due every 7 days; from when is not stated, so the first one sets the day."),
        (28, date(2022, 6, 9), None, date(2022, 7, 6), None, 0,
         "The plan ran until 6 July 2022; no further review is due."),
    ],
)  # fmt: skip
def test_review_when_its_cycle_is_known_then_the_next_day_and_what_is_late_are_told(
    every, last, begun, until, on, late, words
):
    due = pr.next_review(every, last_on=last, from_on=begun, until_on=until, today=DAY)
    assert (due.on, due.days_late, due.is_late) == (on, late, late > 0)
    assert due.words == words


@pytest.mark.parametrize(
    ("every", "begun", "until", "on", "words"),
    [
        (3, date(2021, 1, 1), None, date(2022, 10, 1),
         "The next report is due on 1 October 2022, every quarter from 1 January 2021."),
        (3, date(2021, 1, 7), None, DAY, "The next report is due on 7 July 2022, every quarter from 7 January 2021."),
        (3, date(2021, 1, 1), date(2021, 12, 31), None, "A report was due every quarter until 31 December 2021."),
        (6, None, None, None, "A report is due every six months; from when is not stated."),
        (None, DAY, None, None, ""),
    ],
)  # fmt: skip
def test_report_when_its_cycle_is_known_then_the_next_day_is_told_and_none_called_late(every, begun, until, on, words):
    due = pr.next_report(every, from_on=begun, until_on=until, today=DAY)
    assert (due.on, due.words, due.is_late) == (on, words, False)


@given(st.integers(1, 60), st.dates(date(2014, 1, 1), DAY))
def test_report_when_due_next_then_its_day_has_not_passed(every, begun):
    due = pr.next_report(every, from_on=begun, until_on=None, today=DAY)
    assert due.on is not None
    assert due.on >= DAY
