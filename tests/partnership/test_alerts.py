"""When a change is told, and in which words: rules without a database."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rag import Rating
from indicators.roles import Role
from indicators.spc import Assurance, Cause, Variation
from partnership.alerts import (
    KINDS,
    Because,
    Digest,
    Following,
    Kind,
    Raised,
    State,
    counted,
    follows_by_role,
    overdue,
    sentence,
    told_of,
    usual_following,
    why_told,
)

PERIODS = [f"{year}-{(year + 1) % 100:02}-q{quarter}" for year in range(2019, 2022) for quarter in range(1, 5)]
LAST, BEFORE = PERIODS[-1], PERIODS[-2]
COMMON, CONCERN, BETTER = "common_cause", "special_cause_concern", "special_cause_improvement"
SURE, UNSURE, NEVER = "consistent_pass", "inconsistent", "consistent_fail"


def course(*states: State) -> list[State]:
    """These states in the last periods, each of a figure of its own unless it names one."""
    periods = PERIODS[-len(states) :]
    return [
        replace(state, period=period, figure=number if state.figure is None else state.figure)
        for number, (period, state) in enumerate(zip(periods, states, strict=True), 1)
    ]


def a_state(rating: str = "within", variation: str | None = "", assurance: str | None = "", **more: object) -> State:
    return State("", rating, variation, assurance, **more)  # type: ignore[arg-type]


def kept(states: list[State]) -> dict[str, State]:
    """What was seen once these were told."""
    return {state.period: state for state in told_of(states, {})[1]}


def codes(raised: tuple[Raised, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.kind.value, one.before, one.after, one.because.value) for one in raised]


# A new period


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param(a_state("within"), a_state("within"), [], id="nothing changed"),
        pytest.param(a_state("within"), a_state("outside"), [("rating", "within", "outside")], id="worse"),
        pytest.param(a_state("outside"), a_state("better"), [("rating", "outside", "better")], id="better"),
        pytest.param(a_state("outside"), a_state("not_judged"), [("rating", "outside", "not_judged")], id="no number"),
        pytest.param(a_state("not_judged"), a_state("outside"), [("rating", "not_judged", "outside")], id="again"),
        pytest.param(a_state(""), a_state("better"), [], id="its first target"),
        pytest.param(a_state(""), a_state("outside"), [("rating", "", "outside")], id="outside its first target"),
        pytest.param(a_state("outside"), a_state(""), [], id="no target any more"),
        pytest.param(
            a_state(variation=COMMON), a_state(variation=CONCERN), [("cause", COMMON, CONCERN)], id="special cause"
        ),
        pytest.param(a_state(variation=""), a_state(variation=CONCERN), [("cause", "", CONCERN)], id="first chart"),
        pytest.param(a_state(variation=CONCERN), a_state(variation=CONCERN), [], id="the same cause goes on"),
        pytest.param(a_state(variation=CONCERN), a_state(variation=COMMON), [], id="a cause that ends is not told"),
        pytest.param(
            a_state(variation=CONCERN), a_state(variation=BETTER), [("cause", CONCERN, BETTER)], id="the other way"
        ),
        pytest.param(a_state(assurance=SURE), a_state(assurance=SURE), [], id="still sure"),
        pytest.param(
            a_state(assurance=SURE), a_state(assurance=UNSURE), [("assurance", SURE, UNSURE)], id="no longer sure"
        ),
        pytest.param(a_state(assurance=SURE), a_state(assurance=NEVER), [("assurance", SURE, NEVER)], id="never"),
        pytest.param(a_state(assurance=SURE), a_state(assurance=""), [], id="no chart any more says nothing"),
        pytest.param(a_state(assurance=UNSURE), a_state(assurance=NEVER), [], id="it was not sure before"),
        pytest.param(
            a_state("better", COMMON, SURE), a_state("outside", CONCERN, UNSURE),
            [("rating", "better", "outside"), ("cause", COMMON, CONCERN), ("assurance", SURE, UNSURE)],
            id="all at once",
        ),
    ],
)  # fmt: skip
def test_period_when_its_figure_comes_then_told_against_the_one_before(before, now, told) -> None:
    seen = kept(course(before, a_state()))
    states = course(before, before, now)
    raised, _ = told_of(states, {states[1].period: states[1]} | {p: s for p, s in seen.items() if p not in PERIODS})
    assert codes(raised) == [(*one, "new") for one in told]
    assert {(one.period, one.against, one.figure) for one in raised} <= {(LAST, BEFORE, 3)}


def test_line_when_never_seen_then_only_its_latest_period_is_told_and_all_are_kept() -> None:
    states = course(a_state("outside"), a_state("better"), a_state("within"))
    raised, keep = told_of(states, {})
    assert codes(raised) == [("rating", "better", "within", "new")]
    assert [state.period for state in keep] == PERIODS[-3:]


@pytest.mark.parametrize("number", [0, 1])
def test_line_when_it_has_no_period_to_compare_with_then_nothing_is_told(number) -> None:
    states = course(*[a_state("outside", CONCERN, NEVER)] * number) if number else []
    raised, keep = told_of(states, {})
    assert (raised, len(keep)) == ((), number)


def test_periods_when_several_came_at_once_then_each_is_told_against_the_one_before_it() -> None:
    states = course(a_state("better"), a_state("within"), a_state("outside"))
    raised, _ = told_of(states, {states[0].period: states[0]})
    assert [(one.before, one.after, one.against) for one in raised] == [
        ("better", "within", states[0].period), ("within", "outside", states[1].period),
    ]  # fmt: skip


def test_period_when_it_is_older_than_what_was_seen_then_kept_and_not_told() -> None:
    states = course(a_state("outside"), a_state("better"), a_state("better"))
    seen = {state.period: state for state in states[1:]}
    raised, keep = told_of(states, seen)
    assert raised == ()
    assert keep[0].rating == "outside"


# The same period again


def test_figure_when_restated_then_a_changed_rating_is_told_as_restated() -> None:
    states = course(a_state("better"), a_state("within"))
    again = [states[0], replace(states[1], rating="outside", figure=9)]
    raised, _ = told_of(again, kept(states))
    assert codes(raised) == [("rating", "within", "outside", "restated")]
    assert (raised[0].against, raised[0].figure) == ("", 9)


def test_figure_when_restated_without_another_rating_then_nothing_is_told_and_the_revision_is_kept() -> None:
    states = course(a_state("better"), a_state("within"))
    raised, keep = told_of([states[0], replace(states[1], figure=9)], kept(states))
    assert raised == ()
    assert keep[1].figure == 9


def test_figure_of_an_earlier_period_when_restated_then_its_rating_and_not_the_next_one_is_told() -> None:
    states = course(a_state("within", variation=None, assurance=None), a_state("within", COMMON, SURE))
    again = [replace(states[0], rating="outside", figure=9), replace(states[1], variation=CONCERN, cause="Above UCL")]
    raised, _ = told_of(again, kept(states))
    assert codes(raised) == [
        ("rating", "within", "outside", "restated"), ("cause", COMMON, CONCERN, "otherwise"),
    ]  # fmt: skip


def test_rating_when_another_target_gives_it_then_it_is_told_as_no_restatement() -> None:
    states = course(a_state("within"), a_state("within"))
    raised, _ = told_of([states[0], replace(states[1], rating="outside")], kept(states))
    assert codes(raised) == [("rating", "within", "outside", "otherwise")]


def test_rating_when_it_changes_to_and_fro_then_each_time_is_told() -> None:
    states, told = course(a_state("within"), a_state("within")), []
    seen = kept(states)
    for figure, rating in ((7, "outside"), (8, "within"), (9, "outside")):
        raised, keep = told_of([states[0], replace(states[1], rating=rating, figure=figure)], seen)
        seen = {state.period: state for state in keep}
        told += [one.after for one in raised]
    assert told == ["outside", "within", "outside"]


def test_chart_when_not_worked_out_again_then_what_was_seen_stays() -> None:
    states = course(a_state("within", CONCERN, SURE), a_state("within", COMMON, SURE))
    again = [replace(states[0], variation=None, assurance=None), states[1]]
    raised, keep = told_of(again, {state.period: state for state in states})
    assert raised == ()
    assert (keep[0].variation, keep[0].assurance) == (CONCERN, SURE)


_STATES = st.builds(
    a_state,
    st.sampled_from([rating.value for rating in Rating]),
    st.sampled_from(["", *(variation.value for variation in Variation)]),
    st.sampled_from(["", *(assurance.value for assurance in Assurance)]),
)


@given(st.lists(_STATES, min_size=1, max_size=12), st.integers(0, 12))
def test_anything_when_told_twice_then_the_second_time_nothing_is(states, first) -> None:
    whole = course(*states)
    _, keep = told_of(whole[:first], {})
    seen = {state.period: state for state in keep}
    once, keep = told_of(whole, seen)
    seen |= {state.period: state for state in keep}
    assert told_of(whole, seen)[0] == ()
    assert len({(one.period, one.kind) for one in once}) == len(once)


@given(st.lists(_STATES, min_size=2, max_size=12))
def test_rating_when_told_period_after_period_then_every_change_once_and_no_other(states) -> None:
    whole, seen, told = course(*states), {}, []
    for number in range(1, len(whole) + 1):
        raised, keep = told_of(whole[:number], seen)
        seen = {state.period: state for state in keep}
        told += [one.period for one in raised if one.kind is Kind.RATING]
    changed = [now.period for before, now in pairwise(whole) if before.rating != now.rating]
    assert told == changed


# In words


def a_change(kind: Kind, before: str, after: str, because: Because = Because.NEW, **more: object) -> Raised:
    against = "2021/22 Q3" if because is Because.NEW else ""
    return Raised("2021/22 Q4", kind, before, after, because, **{"against": against, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (
            a_change(Kind.RATING, "within", "outside"),
            "Outside tolerance in 2021/22 Q4; within tolerance in 2021/22 Q3.",
        ),
        (
            a_change(Kind.RATING, "not_judged", "better"),
            "Better than target in 2021/22 Q4; not judged in 2021/22 Q3.",
        ),
        (
            a_change(Kind.RATING, "", "outside"),
            "Outside tolerance in 2021/22 Q4; held against no target in 2021/22 Q3.",
        ),
        (
            a_change(Kind.RATING, "within", "outside", Because.RESTATED),
            "Restated: outside tolerance in 2021/22 Q4 now, within tolerance as it was reported before.",
        ),
        (
            a_change(Kind.RATING, "within", "outside", Because.OTHERWISE),
            "Outside tolerance in 2021/22 Q4 now, within tolerance before: its target or its definition was changed.",
        ),
        (
            a_change(Kind.CAUSE, COMMON, CONCERN, cause=Cause.BELOW_LIMIT.value),
            "Special cause, of concern. 2021/22 Q4: below the lower limit, which chance alone hardly gives.",
        ),
        (
            a_change(Kind.CAUSE, COMMON, BETTER, Because.OTHERWISE, cause=Cause.RISING.value),
            "An earlier figure or the target was changed. Special cause, improving. 2021/22 Q4: part of a rise of "
            "seven figures in a row.",
        ),
        (
            a_change(Kind.ASSURANCE, SURE, UNSURE),
            "Up to 2021/22 Q3 the control chart said that the target will be met if nothing changes. With 2021/22 Q4 "
            "it says that the target will be met in some periods and missed in others.",
        ),
        (
            a_change(Kind.ASSURANCE, SURE, NEVER, Because.RESTATED),
            "Restated. The control chart of 2021/22 Q4 said that the target will be met if nothing changes, and now "
            "says that the target will be missed.",
        ),
        (
            overdue("2021/22 Q4", 1, date(2022, 6, 30)),
            "The figure of 2021/22 Q4 was expected by 30 June 2022 and is still not reportable.",
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Raised) else "",
)
def test_sentence_when_read_then_it_says_what_changed_and_no_figure(raised, words) -> None:
    assert sentence(raised) == words


def test_codes_of_kinds_when_looked_for_in_a_choice_then_none_is_part_of_another() -> None:
    assert not [(one, other) for one in KINDS for other in KINDS if one is not other and one.value in other.value]


@pytest.mark.parametrize(
    ("number", "unread", "words"),
    [
        (0, 0, "No alerts"), (1, 1, "1 alert, unread"), (1, 0, "1 alert, read"), (5, 2, "5 alerts, 2 of them unread"),
        (5, 5, "5 alerts, all of them unread"), (5, 0, "5 alerts, all of them read"),
    ],
)  # fmt: skip
def test_alerts_when_counted_then_how_many_are_unread(number, unread, words) -> None:
    assert counted(number, unread) == words


# Who follows what


def test_following_when_nothing_was_chosen_then_by_role_in_the_app_and_never_by_mail() -> None:
    usual = {role: usual_following([role]) for role in Role}
    assert {role for role, following in usual.items() if following.is_on} == {Role.BOARD_MEMBER, Role.APPROVER}
    assert {following.digest for following in usual.values()} == {Digest.NEVER}
    assert follows_by_role([Role.ANALYST, Role.APPROVER])


@pytest.mark.parametrize(
    ("following", "is_on"),
    [
        (Following(frozenset(KINDS), in_app=True), True),
        (Following(frozenset(KINDS), in_app=False), False),
        (Following(frozenset(KINDS), in_app=False, digest=Digest.WEEKLY), True),
        (Following(frozenset(), in_app=True, digest=Digest.DAILY), False),
    ],
)
def test_following_when_a_kind_and_a_way_are_chosen_then_it_is_on(following, is_on) -> None:
    assert following.is_on is is_on


@pytest.mark.parametrize(
    ("following", "chosen_on", "words"),
    [
        (
            Following(frozenset(KINDS), in_app=True), None,
            "You follow “Contract” in the app: board members and approvers do, unless they choose otherwise.",
        ),
        (
            Following(frozenset(KINDS), in_app=True, digest=Digest.DAILY), date(2022, 7, 7),
            "You chose on 7 July 2022 to be told of this kind on “Contract”, in the app and by e-mail at most once a "
            "day.",
        ),
        (
            Following(frozenset(KINDS), in_app=False, digest=Digest.WEEKLY), date(2022, 7, 7),
            "You chose on 7 July 2022 to be told of this kind on “Contract”, by e-mail at most once a week.",
        ),
    ],
)  # fmt: skip
def test_why_when_asked_then_the_own_choice_or_the_rule_of_the_role(following, chosen_on, words) -> None:
    assert why_told("Contract", following, chosen_on=chosen_on) == words
