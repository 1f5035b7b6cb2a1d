"""Judgements against promised grades: tables, properties, and what is drawn."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership import ambition as am
from partnership.ambition import Grade, Judged, Promise, Verdict
from partnership.ambition_drawing import spots, timeline_svg

TODAY = date(2022, 7, 7)
APRIL = Promise(Grade.REQUIRES_IMPROVEMENT, date(2016, 4, 30), "April 2016", or_better=True)
OCTOBER = Promise(Grade.GOOD, date(2017, 10, 31), "October 2017")


def judged(grade, on=None, *, words="", overall=True, code="a"):
    return Judged(code, "Inspection of services", "Overall", Grade(grade), on, words, overall)


@pytest.mark.parametrize(
    ("promise", "judgements", "verdict", "why"),
    [
        (APRIL, [judged("good", date(2016, 4, 30))], "met",
         "The overall judgement that stood then was good (30 April 2016)."),
        (APRIL, [judged("inadequate", date(2015, 3, 1), words="March 2015")], "not_met",
         "The overall judgement that stood then was inadequate (March 2015)."),
        (OCTOBER, [judged("inadequate", date(2014, 1, 1)), judged("outstanding", date(2017, 1, 1))], "met",
         "The overall judgement that stood then was outstanding (1 January 2017)."),
        (OCTOBER, [judged("good", date(2014, 1, 1)), judged("inadequate", date(2017, 1, 1))], "not_met",
         "The overall judgement that stood then was inadequate (1 January 2017)."),
        (OCTOBER, [judged("good", date(2017, 11, 1))], "cannot_be_said",
         "No overall judgement is dated by 31 October 2017. The first that is dated is good (1 November 2017)."),
        (OCTOBER, [], "cannot_be_said", "No overall judgement is dated by 31 October 2017."),
        (OCTOBER, [judged("good"), judged("requires_improvement", date(2022, 2, 1), words="February 2022", code="b")],
         "cannot_be_said",
         "No overall judgement is dated by 31 October 2017. One of good has no stated date, so it may have come before "
         "or after. The first that is dated is requires improvement to be good (February 2022)."),
        (OCTOBER, [judged("good", date(2017, 1, 1), overall=False)], "cannot_be_said",
         "No overall judgement is dated by 31 October 2017."),
        (OCTOBER, [judged("inadequate", date(2016, 1, 1)), judged("good")], "cannot_be_said",
         "The overall judgement that stood then was inadequate (1 January 2016). A judgement of good has no stated "
         "date, and could have stood in its place."),
        (OCTOBER, [judged("good", date(2016, 1, 1)), judged("outstanding")], "met",
         "The overall judgement that stood then was good (1 January 2016)."),
        (Promise(Grade.GOOD, date(2022, 7, 8), "8 July 2022"), [judged("good", date(2022, 1, 1))], "to_come",
         "Its day, 8 July 2022, has not come."),
        (Promise(Grade.GOOD, TODAY, "7 July 2022"), [judged("good", TODAY)], "met",
         "The overall judgement that stood then was good (7 July 2022)."),
    ],
)  # fmt: skip
def test_ambition_when_held_against_judgements_then_it_is_met_not_met_or_cannot_be_said(
    promise, judgements, verdict, why
):
    held = am.hold(promise, judgements, TODAY)
    assert (held.verdict.value, held.why) == (verdict, why)
    assert (held.rests_on is not None) == (verdict in {"met", "not_met"})


days = st.one_of(st.none(), st.dates(date(2012, 1, 1), date(2024, 1, 1)))
some = st.lists(st.builds(judged, st.sampled_from(Grade), days, overall=st.booleans()), max_size=6)
promises = st.lists(
    st.builds(Promise, st.sampled_from(Grade), st.dates(date(2012, 1, 1), date(2024, 1, 1)), st.just("then")),
    max_size=4,
)


@given(promises, some)
def test_verdicts_when_counted_then_they_add_up_and_none_is_given_without_a_judgement(asked, judgements):
    held = [am.hold(one, judgements, TODAY) for one in asked]
    assert sum(am.verdict_counts(held).values()) == len(asked)
    if not any(j.is_overall and j.on for j in judgements):
        assert not {Verdict.MET, Verdict.NOT_MET} & {one.verdict for one in held}


@given(promises, some)
def test_promise_when_a_lower_grade_is_asked_then_what_was_met_stays_met(asked, judgements):
    for one in asked:
        lower = Promise(Grade.INADEQUATE, one.by_on, one.words)
        if am.hold(one, judgements, TODAY).verdict is Verdict.MET:
            assert am.hold(lower, judgements, TODAY).verdict is Verdict.MET


@given(promises, some)
def test_judgement_when_it_comes_after_the_day_then_it_changes_no_verdict(asked, judgements):
    for one in asked:
        later = judged("outstanding", date(2025, 1, 1))
        assert am.hold(one, [*judgements, later], TODAY).verdict is am.hold(one, judgements, TODAY).verdict


def test_sentence_when_some_are_met_then_it_says_what_stands_and_how_many():
    judgements = [judged("requires_improvement", date(2022, 2, 1), words="February 2022"), judged("good")]
    held = [am.hold(one, judgements, TODAY) for one in (APRIL, OCTOBER)]
    assert am.sentence(held, judgements) == (
        "The latest overall judgement is requires improvement to be good (February 2022). "
        "Of 2 dated ambitions: 2 cannot be said."
    )
    assert am.sentence([], []) == ""
    assert am.sentence([], [judged("good")]) == "No overall judgement with a stated date is recorded."


# The drawing


@given(promises, some)
def test_timeline_when_drawn_then_every_dated_mark_is_inside_and_in_its_row(asked, judgements):
    marks, span = spots(judgements, [(date(2021, 12, 1), "Thematic")], asked)
    assert span is not None
    assert all(190 <= mark.x <= 970 for mark in marks)
    assert sum(mark.kind == "promise" for mark in marks) == len(asked)
    assert sum(mark.kind == "ungraded" for mark in marks) == 1
    svg = timeline_svg(marks, span, "Name")
    assert len(re.findall("<title>", svg)) == len(marks)


def test_timeline_when_nothing_is_dated_then_nothing_is_drawn():
    assert spots([judged("good")], [], []) == ((), None)


def test_timeline_when_texts_hold_markup_then_it_stays_text():
    marks, span = spots([Judged("a", "<b>One</b>", "Overall", Grade.GOOD, date(2020, 1, 1), "", True)], [], [])
    assert "<b>" not in timeline_svg(marks, span, "<i>")


def test_inspection_when_it_has_an_overall_judgement_then_only_that_is_drawn():
    both = [judged("good", date(2020, 1, 1)), judged("inadequate", date(2020, 1, 1), overall=False)]
    marks, _ = spots(both, [], [])
    assert [mark.kind for mark in marks] == ["overall"]
    marks, _ = spots(both[1:], [], [])
    assert [mark.kind for mark in marks] == ["area"]
