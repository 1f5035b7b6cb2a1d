"""What is hidden of one figure for its own sake, the policy that says so, and what a printed share tells."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.disclosure.audit import Status, audit
from indicators.disclosure.cells import Guard, Standing, total_is
from indicators.disclosure.policy import Audience, Policy, PolicyError, policy_of
from indicators.disclosure.primary import (
    Figure,
    Part,
    Reason,
    Verdict,
    counts_behind,
    figure_cells,
    hidden_words,
    table_of,
    verdict_of,
)
from indicators.disclosure.secondary import protect
from indicators.units import Unit, ratio, round_half_up
from tests.indicators.disclosure_tables import POLICY

N, G, X = Part.NUMERATOR, Part.DENOMINATOR, Part.DERIVED


def share(numerator: int, denominator: int, **what: Any) -> Figure:
    return Figure("f", Unit.PERCENT, D(numerator), D(denominator), **what)


def count(number: int, **what: Any) -> Figure:
    return Figure("f", Unit.COUNT, value=D(number), **what)


CASES = [
    pytest.param(count(0), (), (), id="none of a count is shown"),
    pytest.param(count(1), (N, X), (Reason.SMALL_NUMERATOR,), id="one child"),
    pytest.param(count(5), (N, X), (Reason.SMALL_NUMERATOR,), id="five children"),
    pytest.param(count(6), (), (), id="six children"),
    pytest.param(count(3, counts="events"), (), (), id="three events"),
    pytest.param(count(3, counts="places"), (), (), id="three places"),
    pytest.param(count(3, counts="staff"), (N, X), (Reason.SMALL_NUMERATOR,), id="three staff"),
    pytest.param(Figure("f", Unit.COUNT, D(4)), (N, X), (Reason.SMALL_NUMERATOR,), id="a count in its numerator"),
    pytest.param(Figure("f", Unit.COUNT, value=D("0.5"), counts="staff"), (N, X), (Reason.SMALL_NUMERATOR,),
                 id="half a post"),
    pytest.param(share(3, 40), (N, X), (Reason.SMALL_NUMERATOR,), id="3 of 40"),
    pytest.param(share(6, 40), (), (), id="6 of 40"),
    pytest.param(share(0, 40), (), (), id="none of 40"),
    pytest.param(share(40, 40), (), (), id="all of 40"),
    pytest.param(share(0, 5), (G, X), (Reason.SMALL_GROUP,), id="none of 5"),
    pytest.param(share(2, 5), (N, G, X), (Reason.SMALL_NUMERATOR, Reason.SMALL_GROUP), id="2 of 5"),
    pytest.param(share(148, 150), (), (), id="148 of 150 where the others tell nothing"),
    pytest.param(share(148, 150, complement_sensitive=True), (N, X), (Reason.SMALL_COMPLEMENT,), id="148 of 150"),
    pytest.param(share(144, 150, complement_sensitive=True), (), (), id="144 of 150"),
    pytest.param(share(0, 8, complement_sensitive=True), (N, X), (Reason.WHOLE_GROUP,), id="none of a home of 8"),
    pytest.param(share(8, 8, complement_sensitive=True), (N, X), (Reason.WHOLE_GROUP,), id="all of a home of 8"),
    pytest.param(share(0, 10, complement_sensitive=True), (N, X), (Reason.WHOLE_GROUP,), id="none of 10"),
    pytest.param(share(0, 11, complement_sensitive=True), (), (), id="none of 11: no small group"),
    pytest.param(share(8, 8), (), (), id="all of 8 where the others tell nothing"),
    pytest.param(share(0, 0, complement_sensitive=True), (), (), id="0 of 0 is nobody"),
    pytest.param(share(3, 4, counts="places"), (), (), id="3 of 4 places"),
    pytest.param(share(30, 4, counts="events", denominator_counts="children"), (G, X), (Reason.SMALL_GROUP,),
                 id="events of 4 children"),
    pytest.param(Figure("f", Unit.PER_10000, D(3), D(65_000), is_population=True), (N, X), (Reason.SMALL_NUMERATOR,),
                 id="a rate of 3 children"),
    pytest.param(Figure("f", Unit.PER_10000, D(12), D(4), is_population=True), (), (), id="a population is known"),
    pytest.param(Figure("f", Unit.DAYS, D(1_900), D(4)), (G, X), (Reason.SMALL_GROUP,), id="a mean of 4 children"),
    pytest.param(Figure("f", Unit.DAYS, D(4), D(40)), (), (), id="a mean: days are no children"),
    pytest.param(Figure("f", Unit.POUNDS, D(9_000), D(2)), (G, X), (Reason.SMALL_GROUP,), id="what 2 children cost"),
    pytest.param(Figure("f", Unit.POUNDS, value=D(3)), (), (), id="pounds alone"),
    pytest.param(Figure("f", Unit.PERCENT, value=D("33.3")), (X,), (Reason.NO_COUNTS,), id="a share without counts"),
    pytest.param(Figure("f", Unit.DAYS, value=D(12)), (X,), (Reason.NO_COUNTS,), id="a mean without counts"),
    pytest.param(Figure("f", Unit.PERCENT, value=D(50), counts="events"), (), (), id="a share of events"),
    pytest.param(Figure("f", Unit.PERCENT), (), (), id="no figure"),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "hides", "reasons"), CASES)
def test_figure_when_judged_then_this_is_hidden_of_it(
    figure: Figure, hides: tuple[Part, ...], reasons: tuple[Reason, ...]
) -> None:
    assert verdict_of(figure, POLICY) == Verdict(frozenset(hides), reasons)


@pytest.mark.parametrize("figure", [case.values[0] for case in CASES])
def test_figure_when_for_the_board_then_it_is_whole(figure: Any) -> None:
    board = replace(POLICY, audience=Audience.BOARD)
    assert verdict_of(figure, board, {"f/n", "f/d"}) == Verdict(frozenset(), ())
    assert all(cell.guard is Guard.NOTHING for cell in figure_cells(figure, board)[0])


def test_policy_when_it_says_so_then_zeros_and_values_alone_are_shown() -> None:
    zeros = replace(POLICY, zero_discloses=False)
    assert verdict_of(share(0, 8, complement_sensitive=True), zeros).hides == frozenset()
    values = replace(POLICY, shows_value_only=True)
    assert verdict_of(Figure("f", Unit.PERCENT, value=D(50)), values).hides == frozenset()
    assert verdict_of(count(7), replace(POLICY, threshold=10)).hides == {N, X}
    assert verdict_of(count(4, counts="staff"), replace(POLICY, counts=frozenset({"children"}))).hides == frozenset()


def test_figure_when_the_plan_hides_one_of_its_cells_then_all_that_rests_on_it_goes() -> None:
    whole = share(60, 150)
    assert verdict_of(whole, POLICY, {"f/d"}) == Verdict(frozenset({G, X}), (Reason.SECONDARY,))
    assert verdict_of(whole, POLICY, {"f/n"}) == Verdict(frozenset({N, X}), (Reason.SECONDARY,))
    assert verdict_of(whole, POLICY, {"another/n"}).hides == frozenset()
    assert verdict_of(share(3, 40), POLICY, {"f/n"}).reasons == (Reason.SMALL_NUMERATOR,)


def test_reasons_when_told_then_in_sentences() -> None:
    told = verdict_of(share(2, 5), POLICY).sentences(POLICY)
    assert told == ("The number is below 6.", "The group has fewer than 6 members.")
    assert all(Verdict(frozenset(), (reason,)).sentences(POLICY)[0].endswith(".") for reason in Reason)


# Cells


def test_share_when_it_becomes_cells_then_with_its_complement() -> None:
    cells, relations = figure_cells(share(148, 150, complement_sensitive=True, label="Settled"), POLICY)
    assert [(c.id, c.value, c.guard, c.standing, c.is_withheld) for c in cells] == [
        ("f/n", 148, Guard.SMALL, Standing.PRINTED, True),
        ("f/d", 150, Guard.SMALL, Standing.PRINTED, False),
        ("f/c", 2, Guard.SMALL, Standing.UNPRINTED, False),
    ]
    assert cells[2].name == "Settled, the others of the group"
    assert relations == (total_is("f/d", ("f/n", "f/c")),)
    assert figure_cells(share(148, 150), POLICY)[0][2].guard is Guard.NOTHING
    assert figure_cells(share(0, 8, complement_sensitive=True), POLICY)[0][0].guard is Guard.SMALL_OR_NONE


def test_rate_and_mean_when_they_become_cells_then_without_a_complement() -> None:
    rate, between = figure_cells(Figure("r", Unit.PER_10000, D(30), D(65_000), is_population=True), POLICY)
    assert [(cell.id, cell.standing) for cell in rate] == [("r/n", Standing.PRINTED), ("r/d", Standing.KNOWN)]
    assert between == ()
    mean, _ = figure_cells(Figure("m", Unit.DAYS, D(1_900), D(4)), POLICY)
    assert [(cell.id, cell.value, cell.guard) for cell in mean] == [("m/d", 4, Guard.SMALL)]
    assert figure_cells(Figure("v", Unit.PERCENT, value=D(50)), POLICY) == ((), ())
    assert [cell.value for cell in figure_cells(count(7), POLICY)[0]] == [7]


@pytest.mark.parametrize(
    ("figure", "hidden"),
    [
        pytest.param(share(148, 150, complement_sensitive=True), {"f/n"}, id="a small complement"),
        pytest.param(share(0, 8, complement_sensitive=True), {"f/n"}, id="none of a small group"),
        pytest.param(share(8, 8, complement_sensitive=True), {"f/n"}, id="all of a small group"),
        pytest.param(share(3, 40), {"f/n"}, id="a small numerator"),
        pytest.param(share(2, 5), {"f/n", "f/d"}, id="a small group"),
    ],
)
def test_share_when_protected_and_audited_then_safe(figure: Figure, hidden: set[str]) -> None:
    table = table_of("t", [figure], POLICY)
    plan = protect([table], POLICY)
    assert (plan.hidden, plan.refused) == (hidden, ())
    assert audit([table], plan.hidden, POLICY).status is Status.SAFE
    assert audit([table], plan.hidden - {"f/n"}, POLICY).status is Status.OPEN


def test_table_when_figures_share_a_denominator_then_it_is_one_cell() -> None:
    """Three classes of one group of 60: two small ones, and what is left of 60 gives them away together with none."""
    parts = [
        Figure(name, Unit.PERCENT, D(number), D(60), cell_ids=("", "all"))
        for name, number in (("a", 3), ("b", 50), ("c", 7))
    ]
    table = table_of("t", parts, POLICY, [total_is("all", ("a/n", "b/n", "c/n"))])
    assert sum(cell.id == "all" for cell in table.cells) == 1
    plan = protect([table], POLICY)
    assert plan.hidden == {"a/n", "c/n"}
    assert verdict_of(parts[2], POLICY, plan.hidden).hides == {N, X}


# What a printed share tells


@given(st.integers(1, 400), st.integers(0, 2), st.data())
def test_share_when_printed_beside_its_denominator_then_these_numerators_give_it(
    denominator: int, places: int, data: st.DataObject
) -> None:
    numerator = data.draw(st.integers(0, denominator))
    printed = round_half_up(ratio(numerator, denominator, Unit.PERCENT), places)
    giving = [
        n
        for n in range(denominator + 1)
        if (D(n) * 100 / D(denominator)).quantize(D(1).scaleb(-places), rounding=ROUND_HALF_UP) == printed
    ]
    found = counts_behind(printed, places, denominator)
    assert found is not None
    low, high = found
    assert list(range(low, min(high, denominator) + 1)) == giving


def test_share_when_no_number_gives_it_then_nothing_is_said() -> None:
    assert counts_behind(D("33.3"), 1, 4) is None
    assert counts_behind(D("7.3"), 1, 41) == (3, 3)
    assert counts_behind(D("1.5"), 1, 100_000, Unit.PER_10000) == (15, 15)


# The policy


def test_hidden_figures_when_counted_then_each_stands_under_one_reason_and_the_parts_make_the_whole() -> None:
    hide = frozenset({X})
    found = [
        Verdict(hide, reasons)
        for reasons in (
            (Reason.SMALL_NUMERATOR, Reason.SECONDARY), (Reason.SMALL_GROUP,), (Reason.NO_COUNTS, Reason.SECONDARY),
            (Reason.SECONDARY,), (Reason.NOT_WHOLE,),
        )
    ]  # fmt: skip
    assert hidden_words(found) == (
        "5 figures hidden: 2 with small numbers, 1 with counts that are not held or may be small, 1 with a number that "
        "cannot be rounded, 1 from which another could be worked out"
    )
    assert hidden_words(found[3:4]) == "1 figure hidden: 1 from which another could be worked out"
    assert hidden_words([]) == "No figure hidden"
    assert all(hidden_words([Verdict(hide, (reason,))]) for reason in Reason), "no reason is without words"


def test_policy_when_kept_as_json_then_it_comes_back() -> None:
    odd = Policy(
        "the committee", date(2022, 7, 7), Audience.EXEMPT, 10, 20, False, 3, True, False, frozenset({"staff"})
    )
    assert policy_of(odd.as_json()) == odd
    assert policy_of(POLICY.as_json()) == POLICY


def test_policy_when_read_then_it_says_who_decided_and_not_what_is_small() -> None:
    assert POLICY.sentence() == (
        "Confidential (c in files): numbers below 6, and others from which they could be worked out, are not shown. "
        "Decided by the test’s own authority."
    )
    assert "whole" in replace(POLICY, audience=Audience.BOARD).sentence()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param({"authority": "  "}, "Say who decided", id="nobody"),
        pytest.param({"threshold": 2}, "2 is no threshold", id="threshold of 2"),
        pytest.param({"threshold": 101, "small_group": 200}, "101 is no threshold", id="threshold of 101"),
        pytest.param({"rounding_base": 1}, "1 is no base", id="base of 1"),
        pytest.param({"small_group": 4}, "give a small group of 5 or more", id="a small group below the threshold"),
        pytest.param({"counts": frozenset()}, "Say what is protected", id="nothing protected"),
    ],
)
def test_policy_when_it_cannot_be_then_a_sentence_says_what_to_do(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        replace(POLICY, **wrong)


@pytest.mark.parametrize(
    ("value", "group", "is_hidden"),
    [
        ("7.5", 40, True),
        ("93", 366, False),
        ("80", 223, False),
        ("99", 150, True),
        ("0", 40, False),
        ("0.4", 5000, False),
    ],
)
def test_share_when_value_and_group_alone_are_told_then_hidden_where_what_is_behind_may_be_small(
    value: str, group: int, is_hidden: bool
) -> None:
    figure = Figure("f", Unit.PERCENT, denominator=D(group), value=D(value), complement_sensitive=True)
    found = verdict_of(figure, POLICY)
    assert (Part.DERIVED in found.hides) is is_hidden
    assert (found.reasons == (Reason.NO_COUNTS,)) is is_hidden
