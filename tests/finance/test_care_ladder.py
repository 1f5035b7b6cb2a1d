"""The care ladder of March 2022: groups, the rung not reported, children conserved, shares behind the counts."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.care_ladder import (
    NOT_REPORTED,
    Activity,
    Count,
    Group,
    Ladder,
    LadderError,
    Moment,
    Move,
    Rung,
    Standing,
    Way,
    checks,
    count_of,
    known_cost,
    moved,
    moves_of,
    not_reported,
    problems,
)
from finance.foster_share import (
    Against,
    Aim,
    ShareError,
    counts_from_shares,
    hold_against_aims,
    share_of,
)
from finance.ladder_rows import RowKind, rows
from indicators.balance import Amount
from indicators.units import EmptyCohort

D = Decimal
RUNGS = (
    Rung("residential", "In-house residential", 1),
    Rung("out-of-authority", "Out of authority", 2, group="out-of-area"),
    Rung("parent-and-child", "Parent and child", 3, group="out-of-area"),
    Rung("independent", "Independent fostering", 4, group="fostering"),
    Rung("in-house", "In-house fostering", 5, group="fostering"),
    Rung("supported", "16+ supported", 6),
    Rung("guardianship", "Special guardianship", 9, Standing.OUTSIDE_CARE),
)
GROUPS = (Group("out-of-area", "Out of area"), Group("fostering", "Fostering"))
WAYS = (
    Way("new", "New to care"), Way("broken-down", "Guardianship broken down"), Way("turned-18", "Turned 18"),
    Way("home", "Returned to family"), Way("ended", "Parent and child ended"),
    Way("keys", "Keys to Your Future", rung="supported"),
)  # fmt: skip
FOSTERING = counts_from_shares(393, {"independent": D("41.5"), "in-house": D("58.5")})
OUT_OF_AREA = Activity(
    Count(55), Count(57), Count(11), Count(9),
    came_from={"new": 6, "in-house": 2, "independent": 1, "broken-down": 1, "supported": 1},
    went_to={"turned-18": 2, "ended": 2, "keys": 2, "supported": 2, "home": 1},
    planned=Count(43), average_cost=D(281_721), planned_cost=D(255_548),
)  # fmt: skip
MARCH = {
    "out-of-area": OUT_OF_AREA,
    "out-of-authority": Activity(end=Count(51)),
    "parent-and-child": Activity(end=Count(6)),
    "fostering": Activity(end=Count(393), planned=Count(367)),
    "independent": Activity(end=FOSTERING["independent"]),
    "in-house": Activity(end=FOSTERING["in-house"]),
}


def ladder(in_care_end: int | None = 592, **activity: Activity) -> Ladder:
    """March 2022 with some rungs as given (codes with underscores)."""
    given_ = {code.replace("_", "-"): one for code, one in activity.items()}
    return Ladder(RUNGS, GROUPS, WAYS, MARCH | given_, in_care_end=in_care_end)


def sentences(one: Ladder, about: str) -> list[tuple[bool | None, str]]:
    return [(c.holds, c.sentence) for c in checks(one) if c.about == about]


# March 2022


def test_out_of_area_when_checked_then_stock_flow_origins_destinations_and_rungs_add_up() -> None:
    """Report 003 §89 and §101."""
    assert sentences(ladder(), "stock_flow") == [
        (True, "Out of area: 55 at the start, 11 in, 9 out make 57, as reported.")
    ]
    assert [holds for about in ("came_from", "went_to") for holds, _ in sentences(ladder(), about)] == [True, True]
    assert sentences(ladder(), "group") == [
        (True, "Out of area (at the end): 51 Out of authority and 6 Parent and child; the rungs make 57 of 57."),
        (True, "Fostering (at the end): 163 Independent fostering and 230 In-house fostering; the rungs make 393 of "
         "393."),
    ]  # fmt: skip
    assert problems(ladder()) == ()


def test_rungs_when_they_do_not_make_the_children_in_care_then_the_gap_is_shown() -> None:
    gap = not_reported(ladder())
    assert (gap.on_rungs, gap.number, gap.holds) == (450, 142, None)
    assert gap.sentence == (
        "Of 592 children in care at the end, 450 stand on rungs that are reported and 142 on none: no number of "
        "In-house residential and 16+ supported."
    )
    assert not_reported(ladder(in_care_end=None)).sentence == "The number of children in care at the end is missing."


@pytest.mark.parametrize(
    ("supported", "holds", "words"),
    [
        (132, True, "The rungs make 592 at the end, which are the children in care."),
        (140, False, "The rungs make 600 at the end, 8 more than the 592 children in care."),
        (100, False, "560 stand on rungs that are reported and 32 on none, although every rung is reported."),
    ],
)
def test_rungs_when_all_are_reported_then_they_make_the_whole_or_the_sentence_says_not(supported, holds, words) -> None:
    full = ladder(residential=Activity(end=Count(10)), supported=Activity(end=Count(supported)))
    ((found, sentence),) = sentences(full, "in_care")
    assert found is holds
    assert sentence.endswith(words)
    assert not_reported(full).missing == ()


def test_gap_when_the_source_states_one_then_held_against_what_the_rungs_leave() -> None:
    stated = ladder(rung_not_reported=Activity(end=Count(140)))
    assert sentences(stated, "stated_gap") == [(False, "140 are reported without a rung; the rungs leave 142.")]
    assert problems(stated) == ()


def test_guardianship_when_counted_then_outside_the_children_in_care() -> None:
    outside = ladder(guardianship=Activity(end=Count(317), cost=D(1_200_000)))
    assert not_reported(outside) == not_reported(ladder())
    assert rows(outside)[-1].kind is RowKind.OUTSIDE
    assert known_cost(outside)[0] == 0


def test_group_when_it_has_no_number_then_the_sum_of_its_rungs_if_all_have_one() -> None:
    without = replace(ladder(), activity={k: v for k, v in MARCH.items() if k != "fostering"})
    assert count_of(without, "fostering", Moment.END) == Count(393, "the sum of its rungs")
    assert count_of(without, "fostering", Moment.PLANNED) is None
    assert not_reported(without).number == 142
    half = replace(without, activity={k: v for k, v in without.activity.items() if k != "in-house"})
    assert count_of(half, "fostering", Moment.END) is None
    assert (not_reported(half).on_rungs, not_reported(half).missing[1]) == (57 + 163, "In-house fostering")


@pytest.mark.parametrize(
    ("parts", "holds", "words"),
    [
        ({"parent-and-child": Activity(end=Count(7))}, False, "the rungs make 58 of 57."),
        ({"parent-and-child": Activity()}, None, "Parent and child is not reported; the rungs make 51 of 57."),
        ({"parent-and-child": Activity(), "out-of-authority": Activity(end=Count(58))}, False, "make 58 of 57."),
    ],
)
def test_group_when_its_rungs_do_not_make_it_then_said(parts, holds, words: str) -> None:
    found = sentences(replace(ladder(), activity=MARCH | parts), "group")[0]
    assert found[0] is holds
    assert found[1].endswith(words)


# Conservation


@pytest.mark.parametrize(
    ("in_house", "holds", "words"),
    [
        ({"out-of-area": 2}, True, "In-house fostering to Out of area: 2 left and arrived."),
        ({"out-of-authority": 1, "parent-and-child": 1}, True, "2 left and arrived."),
        ({"out-of-area": 3}, False, "3 left for it and 2 came from it: 1 lost."),
        ({"home": 5}, False, "0 left for it and 2 came from it: 2 from nowhere."),
    ],
)
def test_move_when_told_from_both_ends_then_who_leaves_a_rung_arrives(in_house, holds: bool, words: str) -> None:
    one = ladder(in_house=Activity(end=FOSTERING["in-house"], went_to=in_house))
    ((found, sentence),) = sentences(one, "move")
    assert found is holds
    assert sentence.endswith(words)


def test_way_when_it_leads_to_a_rung_then_its_children_arrive_there() -> None:
    one = ladder(supported=Activity(came_from={"out-of-area": 4}))
    assert sentences(one, "move") == [(True, "Out of area to 16+ supported: 4 left and arrived.")]


def test_flows_when_they_do_not_add_up_then_by_how_much() -> None:
    wrong = ladder(out_of_area=replace(OUT_OF_AREA, end=Count(58), ended=Count(10)))
    assert sentences(wrong, "stock_flow")[0] == (
        False, "Out of area: 55 at the start, 11 in, 10 out make 56; 58 is reported: 2 more than the flows explain.",
    )  # fmt: skip
    assert sentences(wrong, "went_to")[0][0] is False
    assert any("2 more than the flows explain" in note for row in rows(wrong) for note in row.notes)
    assert sentences(ladder(out_of_area=replace(OUT_OF_AREA, start=None)), "stock_flow")[0][0] is None


def test_moves_when_drawn_then_each_once_and_a_group_stands_for_its_silent_rungs() -> None:
    found = {(m.source, m.target): m.number for m in moves_of(ladder())}
    assert (found["in-house", "out-of-area"], found["out-of-area", "keys"], len(found)) == (2, 2, 10)
    told_twice = ladder(in_house=Activity(went_to={"out-of-area": 2, "home": 1}))
    again = {(m.source, m.target): m.number for m in moves_of(told_twice)}
    assert again == found | {("in-house", "home"): 1}
    finer = ladder(parent_and_child=Activity(end=Count(6), came_from={"new": 5}))
    assert ("new", "out-of-area") not in {(m.source, m.target) for m in moves_of(finer)}


stocks = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 50), min_size=2)


@given(
    stocks, st.lists(st.tuples(st.sampled_from(["", *"abcde"]), st.sampled_from(["", *"abcde"]), st.integers(-1, 9)))
)
def test_children_when_moved_by_any_scenario_then_conserved(start: dict[str, int], told) -> None:
    moves, came, left = [], 0, 0
    for source, target, number in told:
        try:
            moved(start, [*moves, Move(source, target, number)])
        except LadderError:
            continue
        moves.append(Move(source, target, number))
        came += number * (not source)
        left += number * (not target)
    after = moved(start, moves)
    assert sum(after.values()) == sum(start.values()) + came - left
    assert min(after.values()) >= 0
    net = Counter(start)
    for move in moves:
        net.subtract({move.source: move.number})
        net.update({move.target: move.number})
    assert {code: net[code] for code in start} == after


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (Move("a", "b", 3), "3 cannot leave a, where there are 2"),
        (Move("a", "c", 1), "C is no rung"),
        (Move("c", "a", 1), "C is no rung"),
        (Move("a", "a", 1), "from one rung to another"),
        (Move("", "", 1), "from one rung to another"),
        (Move("a", "b", -1), "below 0"),
    ],
)
def test_move_when_a_child_would_be_lost_or_made_then_refused(move: Move, words: str) -> None:
    with pytest.raises(LadderError, match=words):
        moved({"a": 2, "b": 0}, [move])


# Soundness


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rungs": (*RUNGS, RUNGS[0])}, "residential is there twice"),
        ({"rungs": (*RUNGS, Rung("x", "X", 8, group="gone"))}, "in the group gone, which is not there"),
        ({"rungs": (*RUNGS, Rung("x", "X", 8, Standing.OUTSIDE_CARE, "fostering"))}, "in and outside care"),
        ({"ways": (*WAYS, Way("x", "X", "gone"))}, "leads to the rung gone"),
        ({"activity": {"gone": Activity()}}, "gone is neither a rung nor a group"),
        ({"activity": {"residential": Activity(end=Count(-1))}}, "In-house residential: a number is below 0"),
        ({"activity": {"residential": Activity(nights=-1)}}, "below 0"),
        ({"activity": {"residential": Activity(funding={"covid": D(-1)})}}, "below 0"),
        ({"activity": {"residential": Activity(went_to={"moon": 1})}}, "moon is neither a rung nor a way"),
        ({"activity": {"residential": Activity(end=Count(5), statuses={"unaccompanied": 6})}}, "more than the 5"),
        ({"rungs": (*RUNGS, Rung("unaccompanied", "Unaccompanied", 8)),
          "activity": {"residential": Activity(statuses={"unaccompanied": 1})}}, "a status on any rung, never a rung"),
    ],
)  # fmt: skip
def test_ladder_when_it_cannot_be_then_a_sentence(wrong, words: str) -> None:
    found = problems(replace(ladder(), **wrong))
    assert any(words in sentence for sentence in found)


# Rows


def test_rows_when_made_then_every_child_in_care_is_in_exactly_one() -> None:
    found = rows(ladder())
    assert [(row.kind.value, row.code) for row in found] == [
        ("rung", "residential"), ("group", "out-of-area"), ("rung", "out-of-authority"), ("rung", "parent-and-child"),
        ("group", "fostering"), ("rung", "independent"), ("rung", "in-house"), ("rung", "supported"),
        ("not_reported", NOT_REPORTED), ("whole", ""), ("outside", "guardianship"),
    ]  # fmt: skip
    counted = [row for row in found[:-2] if not row.is_part and row.end is not None]
    assert sum(row.end.number for row in counted if row.end) == 592
    area = found[1]
    assert (area.change, area.over_plan, area.over_planned_cost) == (2, 14, 26_173)
    assert (found[4].over_plan, found[5].end) == (26, Count(163, "41.5% of 393"))
    assert (found[0].change, found[0].over_planned_cost) == (None, None)
    gap, whole = rows(replace(ladder(), in_care_start=592))[8:10]
    assert (gap.start, gap.change, whole.change) == (Count(537, "what the rungs leave"), None, 0)
    assert found[5].end is not None
    assert found[5].end.words == "163 (worked out: 41.5% of 393)"


def test_cost_when_summed_then_each_rung_once_and_what_is_missing_named() -> None:
    one = ladder(
        out_of_area=replace(OUT_OF_AREA, cost=D(100)), out_of_authority=Activity(cost=D(90)),
        independent=Activity(cost=D("0.01")), residential=Activity(cost=D(7)),
    )  # fmt: skip
    assert known_cost(one) == (D("107.01"), ("In-house fostering", "16+ supported"))


# Shares


def test_counts_when_worked_out_from_a_share_then_marked_and_they_make_the_whole() -> None:
    """Report 003 §89 and §111: 393 placements, 41.5% and 58.5%."""
    assert FOSTERING["independent"] == Count(163, "41.5% of 393")
    assert FOSTERING["in-house"] == Count(230, "58.5% of 393")
    vague = counts_from_shares(3000, {"a": D("41.5"), "b": D("58.5")})["a"]
    assert vague == Count(1245, "41.5% of 3,000, to which more than one number rounds")
    assert counts_from_shares(7, {"a": D("41.5"), "b": D("58.5")})["a"].worked_out.endswith("to which no number rounds")
    assert counts_from_shares(0, {"a": D(100)}) == {"a": Count(0, "100% of 0")}


@pytest.mark.parametrize(
    ("whole", "shares", "words"),
    [
        (-1, {"a": 100}, "below 0"),
        (9, {"a": "100.1"}, "between 0% and 100%"),
        (9, {"a": "-0.1", "b": "100.1"}, "between 0% and 100%"),
        (9, {"a": "41.5", "b": "58.7"}, "do not make 100%"),
        (9, {}, "do not make 100%"),
    ],
)
def test_shares_when_they_are_none_then_refused(whole: int, shares, words: str) -> None:
    with pytest.raises(ShareError, match=words):
        counts_from_shares(whole, {name: D(share) for name, share in shares.items()})


@given(st.lists(st.integers(0, 300), min_size=2, max_size=2).filter(any))
def test_counts_when_their_shares_are_printed_then_the_counts_come_back(numbers: list[int]) -> None:
    """Two counts of up to 600 to one decimal: a share of a tenth is never two numbers wide."""
    whole = sum(numbers)
    first = D(round(Fraction(1000 * numbers[0], whole))).scaleb(-1)
    found = counts_from_shares(whole, {"a": first, "b": 100 - first})
    assert [found[name].number for name in "ab"] == numbers


def test_independent_share_when_held_against_plans_then_points_and_placements() -> None:
    """Report 003 §89, §111 and §123."""
    aims = [
        Aim("the 2021/22 plan", Against.PLAN, Amount(D(35))),
        Aim("the 2021/22 plan as revised at month 4", Against.PLAN, Amount(D("37.5"))),
        Aim("the 2022/23 plan", Against.PLAN, Amount(D(41)), 367),
        Aim("the ambition for March 2026", Against.AMBITION, Amount(D(25))),
        Aim("the share of January", Against.OTHERS, Amount(D(44))),
        Aim("itself", Against.OTHERS, Amount(D("41.5")), 393),
    ]
    found = hold_against_aims(Amount(D("41.5"), D("0.1")), FOSTERING["independent"], aims)
    assert [row.sentence for row in found] == [
        "41.5% is 6.5 points above the 2021/22 plan of 35%.",
        "41.5% is 4 points above the 2021/22 plan as revised at month 4 of 37.5%.",
        "41.5% is 0.5 points above the 2022/23 plan of 41%; 163 placements are 13 more than 150 (worked out: 41% of "
        "367).",
        "41.5% is 16.5 points above the ambition for March 2026 of 25%.",
        "41.5% is 2.5 points below the share of January of 44%.",
        "41.5% is itself; 163 placements are as many as 163 (worked out: 41.5% of 393).",
    ]  # fmt: skip
    assert (found[2].more, found[0].more) == (13, None)
    assert round(share_of(163, 393), 1) == D("41.5")
    with pytest.raises(EmptyCohort):
        share_of(0, 0)
    with pytest.raises(ShareError):
        share_of(2, 1)
