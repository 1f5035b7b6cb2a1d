"""What is owed in cycles: tables and properties; and scores of risks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership import assurance as asr
from partnership import risk_scores as rs
from partnership.assurance import Cycle, Owed
from partnership.risk_scores import Score, Scored

TODAY = date(2022, 7, 7)
HALF = Cycle(6, date(2022, 1, 1))
starts = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("cycle", "owed", "code", "due", "late", "words"),
    [
        (HALF, [], "late", date(2022, 7, 1), 6, "6 days late as far as is recorded: due on 1 July 2022"),
        (HALF, [Owed(date(2022, 7, 1), date(2022, 7, 4))], "waiting", date(2023, 1, 1), 0,
         "Due on 1 January 2023; last done on 4 July 2022"),
        (Cycle(6, date(2022, 1, 7)), [], "waiting", TODAY, 0, "Due on 7 July 2022"),
        (HALF, [Owed(date(2022, 7, 6))], "late", date(2022, 7, 6), 1,
         "1 day late as far as is recorded: due on 6 July 2022"),
        (HALF, [Owed(date(2023, 7, 1)), Owed(date(2022, 8, 31), None, "end of August")], "waiting", date(2022, 8, 31),
         0, "Due on 31 August 2022 (“end of August”)"),
        (Cycle(), [Owed(date(2015, 3, 1), date(2015, 3, 31))], "done", None, 0, "Done on 31 March 2015, 30 days late"),
        (Cycle(), [], "not_stated", None, 0, "No day is stated"),
        (Cycle(6), [], "not_stated", None, 0, "No day is stated"),
        (Cycle(6, date(2015, 1, 1), date(2015, 6, 30)), [], "ended", None, 0, "Ended on 30 June 2015"),
        (Cycle(6, date(2015, 1, 1), date(2015, 7, 1)), [], "late", date(2015, 7, 1), 2563,
         "2,563 days late as far as is recorded: due on 1 July 2015"),
        (Cycle(3), [Owed(date(2015, 7, 15))], "late", date(2022, 4, 15), 83,
         "83 days late as far as is recorded: due on 15 April 2022; 27 earlier times are not recorded as done, the "
         "first was due on 15 July 2015"),
        (Cycle(3), [Owed(date(2015, 7, 15)), Owed(date(2022, 4, 15), TODAY)], "waiting", date(2022, 7, 15), 0,
         "Due on 15 July 2022; last done on 7 July 2022; 27 earlier times are not recorded as done, the first was due "
         "on 15 July 2015"),
        (Cycle(6), [Owed(date(2021, 7, 1), date(2021, 7, 1)), Owed(date(2022, 1, 9), date(2022, 1, 9))], "waiting",
         date(2022, 7, 9), 0, "Due on 9 July 2022; last done on 9 January 2022"),
        (Cycle(), [Owed(date(2015, 3, 1)), Owed(date(2016, 3, 1), date(2016, 3, 1))], "done", None, 0,
         "Done on 1 March 2016; one earlier time is not recorded as done, due on 1 March 2015"),
        (Cycle(), [Owed(date(2015, 3, 1)), Owed(date(2016, 3, 1))], "late", date(2015, 3, 1), 2685,
         "2,685 days late as far as is recorded: due on 1 March 2015"),
        (Cycle(12, date(2014, 9, 30), date(2024, 9, 30)), [Owed(date(2024, 9, 30), TODAY)], "done", None, 0,
         "Done on 7 July 2022"),
    ],
)  # fmt: skip
def test_what_is_owed_when_its_cycle_is_known_then_due_done_and_late_follow(cycle, owed, code, due, late, words):
    found = asr.standing(cycle, owed, TODAY)
    assert (found.code, found.due_on, found.days_late, found.words) == (code, due, late, words)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2022, 9, 30), 6, date(2023, 3, 31)),
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2022, 1, 30), 1, date(2022, 2, 28)),
        (date(2022, 1, 15), 12, date(2023, 1, 15)),
    ],
)
def test_month_when_it_ends_then_the_cycle_stays_at_its_end(start, months, end):
    assert asr.months_on(start, months) == end


@given(starts, st.integers(1, 60), st.integers(1, 60))
def test_months_when_counted_in_two_steps_then_they_make_the_whole(start, one, two):
    last = (start + timedelta(days=1)).day == 1
    if last or start.day <= 28:
        once = asr.months_on(start, one + two)
        twice = asr.months_on(asr.months_on(start, one), two)
        assert once == twice or start.day == 28 or (start.month == 2 and last)


@given(starts, st.integers(1, 60), st.integers(0, 5))
def test_cycle_when_each_time_is_done_then_the_next_is_always_later(start, months, times):
    owed = []
    for _ in range(times):
        due = asr.next_due(Cycle(months, start), owed, owed[-1].due_on if owed else start)
        assert due > (owed[-1].due_on if owed else start)
        owed.append(Owed(due, due))


@given(starts, st.integers(1, 24), starts)
def test_cycle_when_what_is_owed_at_present_is_done_then_nothing_is_late_and_what_was_missed_stays_missed(
    start, months, today
):
    before = asr.not_done(Cycle(months, start), [], today)
    done = Owed(before.due_on, max(today, start))
    after = asr.standing(Cycle(months, start), [Owed(on) for on in before.missed] + [done], today)
    assert (after.code, after.missed) == ("waiting", before.missed)
    assert after.due_on > before.due_on


@given(st.lists(st.builds(Cycle, st.one_of(st.none(), st.integers(1, 24)), st.one_of(st.none(), starts))))
def test_standings_when_counted_then_they_add_up(cycles):
    assert sum(asr.counted(asr.standing(one, [], TODAY) for one in cycles).values()) == len(cycles)


@pytest.mark.parametrize(
    ("months", "words"), [(3, "every quarter"), (6, "every six months"), (5, "every 5 months"), (None, "once, or")]
)
def test_cycle_when_told_then_in_words(months, words):
    assert asr.cycle_words(months).startswith(words)


# Scores of risks


def scored(day, after, before=(5, 5)):
    return Scored(date(2022, 5, day), Score(*before), Score(*after))


@pytest.mark.parametrize(
    ("history", "code", "words"),
    [
        ([], "unscored", "Not scored yet"),
        ([scored(3, (3, 4))], "new", "First scored on 3 May 2022"),
        ([scored(3, (3, 4)), scored(4, (4, 4))], "up", "Up from 12 to 16 since 3 May 2022"),
        ([scored(3, (1, 1)), scored(3, (4, 4)), scored(4, (3, 3))], "down", "Down from 16 to 9 since 3 May 2022"),
        ([scored(3, (3, 4)), scored(4, (3, 4))], "same", "Unchanged since 3 May 2022"),
        ([scored(3, (3, 4)), scored(4, (4, 3))], "same",
         "12 as before, but another likelihood and impact since 3 May 2022"),
    ],
)  # fmt: skip
def test_risk_when_scored_anew_then_its_movement_is_told_in_words(history, code, words):
    found = rs.moved(history)
    assert (found.code, found.words) == (code, words)


@pytest.mark.parametrize("score", [(0, 1), (1, 6), (-1, 3)])
def test_score_when_outside_one_to_five_then_it_is_none(score):
    with pytest.raises(ValueError, match="whole numbers from 1 to 5"):
        Score(*score)


scores = st.builds(Score, st.integers(1, 5), st.integers(1, 5))


@given(st.lists(scores))
def test_matrix_when_drawn_then_every_risk_stands_in_one_cell_of_twenty_five(found):
    rows = rs.matrix([(str(n), score) for n, score in enumerate(found)])
    cells = [cell for row in rows for cell in row]
    assert len(cells) == 25
    assert sorted(code for cell in cells for code in cell.codes) == sorted(str(n) for n in range(len(found)))
    assert [row[0].score.likelihood for row in rows] == [5, 4, 3, 2, 1]
    assert all(found[int(code)] == cell.score for cell in cells for code in cell.codes)


@given(st.lists(st.lists(scores, max_size=3)))
def test_movements_when_counted_then_they_add_up_to_the_risks(histories):
    moves = [rs.moved([Scored(TODAY, Score(5, 5), score) for score in one]) for one in histories]
    assert sum(rs.counted(moves).values()) == len(histories)
