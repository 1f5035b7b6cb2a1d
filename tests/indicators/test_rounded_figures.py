"""What of figures is printed rounded, what stays hidden then, and what an attacker knows of rounded tables."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.disclosure.attacker import Reach
from indicators.disclosure.audit import audit
from indicators.disclosure.cells import Cell, Guard, Published, Table, one_way, total_is
from indicators.disclosure.job import Task, control_disclosure, payload_of, read_answer
from indicators.disclosure.policy import Policy, rounding_sentence
from indicators.disclosure.primary import Figure, Reason, table_of, verdict_when_rounded
from indicators.disclosure.refusals import Step, Why
from indicators.disclosure.rounding import CannotBeRounded, Rounded, attack_rounded, rounded
from indicators.measurement import Basis, Measured
from indicators.passages import EXACT_VALUE, HIDDEN_NUMBER, hits_in
from indicators.phrases import listed
from indicators.protection import CONFIDENTIAL, Hiding, Printed, approximate, hiding_from, protected_row
from indicators.rag import Polarity
from indicators.scorecard import Held, Line, build_row
from indicators.told import Told, nearest
from indicators.units import Unit
from tests.builders.basics import Q4
from tests.indicators.disclosure_tables import KINDS, POLICY, audit_rounded, hidden_at_random, two_way

TEN = replace(POLICY, rounding_base=10)
QUARTER = (date(2022, 1, 1), date(2022, 3, 31))


def before(table: Table, found: Rounded) -> Published:
    """The table as a pack that rounded it told it."""
    return Published(Table(f"earlier {table.id}", table.cells, table.relations), frozenset(), found.values, found.base)


# Which multiple


def test_small_number_when_the_sums_allow_it_then_it_goes_where_every_small_number_stays_possible() -> None:
    """The least change alone would print 0 for the 1: a 0 is never printed for a 5."""
    table = one_way("t", (1, 41, 58))
    assert rounded([table], POLICY, least_change=True).values["t:0"] == 0
    found = rounded([table], POLICY)
    assert found.values["t:0"] == 5
    attacked, refused = attack_rounded([table], found, POLICY)
    assert (attacked.open, refused, attacked.is_rounded) == ((), (), True)


def test_small_numbers_when_their_total_is_small_too_then_refused_with_what_to_do() -> None:
    table = one_way("t", (1, 1))
    attacked, refused = attack_rounded([table], rounded([table], POLICY), POLICY)
    assert {one.cell for one in refused} == {one.cell for one in attacked.open} != set()
    assert {one.why for one in refused} == {Why.DERIVABLE}
    steps = {choice.step for one in refused for choice in one.choices}
    assert steps == {Step.HIDE, Step.POLICY, Step.MERGE, Step.LEAVE_OUT, Step.EXEMPT}


def test_small_numbers_when_the_base_is_not_below_the_threshold_then_a_0_tells_nothing() -> None:
    table = one_way("t", (1, 1))
    found = rounded([table], TEN)
    attacked, refused = attack_rounded([table], found, TEN)
    assert (attacked.open, refused) == ((), ())
    assert found.values == {"t:0": 0, "t:1": 0, "t:total": 0}


@pytest.mark.parametrize(
    ("base", "printed", "is_open"), [(5, 0, False), (5, 5, True), (3, 3, True), (3, 6, False), (2, 2, False),
                                     (10, 0, True), (10, 10, True), (6, 0, True), (6, 6, True)],
)  # fmt: skip
def test_policy_when_asked_which_multiples_leave_small_numbers_open_then_by_their_distance(base, printed, is_open):
    assert replace(POLICY, rounding_base=base).leaves_open(printed) is is_open


def test_cells_when_they_guard_nothing_or_are_hidden_then_they_are_not_rounded() -> None:
    cells = (Cell("events", 3, Guard.NOTHING), Cell("few", 3), Cell("many", 44), Cell("all", 47))
    table = Table("t", cells, (total_is("all", ("few", "many")),))
    assert set(rounded([table], POLICY, hidden={"few"}).values) == {"many", "all"}
    mixed = Table("m", cells, (total_is("all", ("events", "many")),))
    found = rounded([mixed], POLICY)
    assert set(found.values) == {"few", "many", "all"}


def test_cell_when_it_was_rounded_before_then_it_is_rounded_to_the_same() -> None:
    table = Table("t", (Cell("a", 12),))
    assert rounded([table], POLICY).values == {"a": 10}
    assert rounded([table], POLICY, [before(table, Rounded(5, {"a": 15}, 3))]).values == {"a": 15}


# What an attacker knows


def test_intervals_when_held_against_every_table_that_could_be_then_they_are_the_same() -> None:
    """Two packs, one rounded to 5 and one to 3: all pairs of counts that both could be of are tried."""
    table = one_way("t", (8, 13))
    found, threes = rounded([table], POLICY), rounded([table], replace(POLICY, rounding_base=3))

    def could_be(first: int, second: int) -> bool:
        values = {"t:0": first, "t:1": second, "t:total": first + second}
        return all(abs(values[cell] - one.values[cell]) < one.base for one in (found, threes) for cell in values)

    possible = [pair for pair in product(range(40), repeat=2) if could_be(*pair)]
    reach = audit_rounded([table], found, POLICY, [before(table, threes)])
    for place in (0, 1):
        numbers = {pair[place] for pair in possible}
        assert (reach[f"t:{place}"].low, reach[f"t:{place}"].high) == (min(numbers), max(numbers))


@settings(max_examples=10)
@given(st.sampled_from(("row", "square", "through time")), st.integers(0, 100_000), st.sampled_from((3, 5, 10)))
def test_audit_when_an_earlier_pack_is_added_then_it_is_never_laxer(kind: str, seed: int, base: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    tables, _ = KINDS[kind](dice)
    other = replace(POLICY, rounding_base=base)
    hidden = hidden_at_random(dice, tables)
    try:
        earlier = [before(table, rounded([table], other)) for table in tables]
        now = rounded(tables, POLICY)
    except CannotBeRounded:
        return
    exact = [Published(Table("exact", one.table.cells), frozenset(hidden)) for one in earlier]
    for packs in (earlier, exact):
        alone, beside = audit(tables, hidden, POLICY), audit(tables, hidden, POLICY, packs)
        assert {one.cell for one in alone.open} <= {one.cell for one in beside.open}
        first, second = attack_rounded(tables, now, POLICY)[0], attack_rounded(tables, now, POLICY, packs)[0]
        assert {one.cell for one in first.open if one.is_small} <= {one.cell for one in second.open}
        narrow = audit_rounded(tables, now, POLICY, packs)
        for cell, reach in audit_rounded(tables, now, POLICY).items():
            assert cell not in narrow or within(narrow[cell], reach)


def within(narrow: Reach, wide: Reach) -> bool:
    return narrow.low >= wide.low and (wide.high is None or (narrow.high is not None and narrow.high <= wide.high))


def test_hidden_number_when_an_earlier_pack_rounded_it_and_its_like_then_it_is_found() -> None:
    """3 of 44 hidden beside 41: that 41 was printed as 45 says that it is 41 or more, so the other is 3 or less."""
    table = one_way("t", (3, 41))
    hidden = {"t:0", "t:1"}
    assert audit([table], hidden, POLICY).open == ()
    for printed, is_open in ((45, True), (40, False)):
        told = before(table, Rounded(5, {"t:0": 5, "t:1": printed, "t:total": 45}, 0))
        assert bool(audit([table], hidden, POLICY, [told]).open) is is_open


def test_rounded_number_when_an_earlier_pack_showed_it_then_it_is_out_already() -> None:
    table = one_way("t", (3, 40, 57))
    _, refused = attack_rounded([table], rounded([table], POLICY), POLICY, [Published(Table("old", table.cells))])
    assert [(one.cell, one.why) for one in refused] == [("t:0", Why.SHOWN_BEFORE)]


def test_hidden_number_when_an_earlier_pack_gave_it_away_then_it_is_out_already() -> None:
    table = one_way("t", (3, 41))
    old = Published(Table("old", table.cells, table.relations), frozenset({"t:0"}))
    now = Table("now", table.cells[2:])
    attacked, refused = attack_rounded([now], rounded([now], POLICY), POLICY, [old])
    assert [(one.cell, one.why) for one in refused] == [("t:0", Why.OPEN_BEFORE)]
    assert [one.cell for one in attacked.open] == ["t:0"]


def test_number_that_stays_hidden_when_others_are_rounded_then_it_is_known_to_be_of_a_small_group() -> None:
    """20 is 16 to 24 and 17, printed as 15, is 11 to 19: what is left could be 13, and is not."""
    table = one_way("t", (3, 17))
    found = Rounded(5, {"t:1": 15, "t:total": 20}, 2)
    reach = audit_rounded([table], found, POLICY, hidden={"t:0"})
    assert (reach["t:0"].low, reach["t:0"].high) == (1, POLICY.small_group)


def test_rounded_number_when_it_comes_out_and_is_not_small_then_refused_unless_it_was_public() -> None:
    table = Table("t", (Cell("a", 12), Cell("b", 12, Guard.NOTHING)), (total_is("a", ("b",)),))
    found = rounded([table], POLICY)
    _, refused = attack_rounded([table], found, POLICY)
    assert [one.cell for one in refused] == ["a"]
    old = Published(Table("old", (Cell("b", 12, Guard.NOTHING),)))
    assert attack_rounded([table], found, POLICY, [old])[1] == ()


def test_job_when_it_rounds_then_its_audit_refusals_and_earlier_packs_come_through() -> None:
    table = one_way("t", (1, 1, 40))
    earlier = [before(table, Rounded(5, {"t:2": 40, "t:total": 45}, 0))]
    payload = payload_of(Task.ROUND, [table], POLICY, earlier, hidden={"t:2"})
    answer = read_answer(control_disclosure(payload, lambda line: None))
    found = rounded([table], POLICY, earlier, {"t:2"})
    assert answer.rounded == found
    assert (answer.audit, answer.refused) == attack_rounded([table], found, POLICY, earlier, {"t:2"})
    assert answer.audit is not None
    assert answer.audit.is_rounded
    assert answer.hidden == {"t:2"}


def test_parts_when_too_small_together_then_one_sentence_names_all_of_them_and_what_can_be_done() -> None:
    """1, 1 and 1 of 43: not each can be printed as 5, and a 0 that is printed is none of 1 to 5."""
    table = one_way("t", (1, 1, 1, 40))
    _, refused = attack_rounded([table], rounded([table], POLICY), POLICY)
    assert {one.cell for one in refused} >= {"t:0", "t:1"}
    together = [one for one in refused if one.cell != "t:total"]
    names = listed(sorted(one.name for one in together))
    (said,) = {one.sentence for one in together}
    assert said == (
        f"These {len(together)} parts of one sum are too small to be rounded to multiples of 5: {names}. So that the "
        "sum holds, some would be printed as 0, and a reader could work them out, or nearly."
    )
    (choices,) = {one.choices for one in together}
    assert [(one.step, one.sentence) for one in choices] == [
        (Step.HIDE, "Change the pack, so that it hides small numbers instead of rounding counts."),
        (Step.POLICY, "Set a policy that rounds to 6 or more: a small number that is rounded to 0 is safe then."),
        (Step.MERGE, f"Merge {names} into one category."),
        (Step.LEAVE_OUT, f"Leave {names} out of this pack."),
        (Step.EXEMPT, f"Move the tables of {names} to the exempt part, with its reason."),
    ]
    assert {one.cells for one in choices} == {tuple(sorted(one.cell for one in together))}


# Which figures


def figure(unit: Unit = Unit.PERCENT, n: object = None, d: object = None, v: object = None, **more: object) -> Figure:
    numbers = {name: None if x is None else D(str(x)) for name, x in (("numerator", n), ("denominator", d),
                                                                      ("value", v))}  # fmt: skip
    return Figure("f", unit, **numbers, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_", "reasons"),
    [
        pytest.param(figure(n=3, d=40), (), id="a share of many"),
        pytest.param(figure(n=3, d=10), (Reason.FEW,), id="a share of ten"),
        pytest.param(figure(n=3, d=11), (), id="a share of eleven"),
        pytest.param(figure(n=0, d=0), (), id="nobody at all"),
        pytest.param(figure(n="3.5", d=40), (Reason.NOT_WHOLE,), id="half a person"),
        pytest.param(figure(v="31.2"), (Reason.NO_COUNTS,), id="only the value"),
        pytest.param(figure(v="31.2", d=40), (Reason.NO_COUNTS,), id="no numerator"),
        pytest.param(figure(v="31.2", n=40), (Reason.NO_COUNTS,), id="no denominator"),
        pytest.param(figure(v="31.2", d=40, counts="events"), (), id="events"),
        pytest.param(figure(n=3, d=4, counts="events"), (), id="few events"),
        pytest.param(figure(Unit.COUNT, v=3), (), id="a count"),
        pytest.param(figure(Unit.COUNT, v="3.5"), (Reason.NOT_WHOLE,), id="a count that is not whole"),
        pytest.param(figure(Unit.DAYS, n=460, d=10), (), id="an average of ten, where few are nine"),
        pytest.param(figure(Unit.DAYS, n=460, d=9), (Reason.FEW,), id="an average of nine"),
        pytest.param(figure(Unit.DAYS, v=46), (Reason.NO_COUNTS,), id="an average of nobody knows how many"),
        pytest.param(figure(Unit.PER_10000, n=3, d=8, is_population=True), (), id="a rate of a known population"),
        pytest.param(figure(Unit.POUNDS, v=4638), (), id="money"),
    ],
)
def test_figure_when_counts_are_rounded_then_hidden_where_rounding_says_nothing(given_, reasons) -> None:
    policy: Policy = replace(POLICY, small_group=5) if given_.unit is Unit.DAYS else POLICY
    verdict = verdict_when_rounded(given_, policy)
    assert verdict.reasons == reasons
    assert bool(verdict.hides) is bool(reasons)
    assert all(verdict.sentences(policy))


def test_figure_when_it_is_only_a_limit_then_it_cannot_be_rounded() -> None:
    assert verdict_when_rounded(figure(n=30, d=40), POLICY, is_limit=True).reasons == (Reason.NOT_WHOLE,)


def held(measured: Measured, flags: str = "") -> Held:
    return Held("2021-22-q4", "2021/22 Q4", *QUARTER, measured, flags=flags)


def test_share_when_approximate_then_its_value_is_of_the_rounded_counts_and_it_is_marked() -> None:
    stated = Measured(Basis.STATED, D(7), D(42), D("16.7"), quantum=D("0.1"))
    found = approximate(held(stated, "p"), Unit.PERCENT, Printed(5, 40))
    assert (found.measured, found.flags) == (Measured(Basis.DERIVED, D(5), D(40)), "e p")
    assert found.measured.number(Unit.PERCENT) == D("12.5")


def test_count_when_approximate_then_value_and_numerator_are_the_rounded_one() -> None:
    value_only = approximate(held(Measured(Basis.VALUE_ONLY, value=D(7))), Unit.COUNT, Printed(5))
    assert value_only.measured == Measured(Basis.VALUE_ONLY, value=D(5))
    nought = approximate(held(Measured(Basis.VALUE_ONLY, value=D(7), numerator=D(7))), Unit.COUNT, Printed(0))
    assert nought.measured == Measured(Basis.VALUE_ONLY, value=D(0), numerator=D(0))


def test_average_when_approximate_then_neither_its_sum_nor_more_than_one_decimal_is_told() -> None:
    found = approximate(held(Measured(Basis.DERIVED, D(3242), D(14))), Unit.DAYS, Printed(None, 15))
    assert found.measured == Measured(Basis.VALUE_ONLY, None, D(15), D("231.6"))


@pytest.mark.parametrize("group", range(10, 60))
def test_average_with_one_decimal_when_read_then_any_number_above_nine_could_be_behind_it(group: int) -> None:
    """Whatever is printed, some whole sum of so many gives it."""
    for tenths in (0, 1, 7, 33, 999):
        low, high = D(2 * tenths - 1) / 20 * group, D(2 * tenths + 1) / 20 * group
        assert any(low <= total < high for total in range(max(0, int(low)), int(high) + 2)), (group, tenths)


def test_figure_when_its_group_is_rounded_to_nobody_then_it_is_confidential() -> None:
    found = approximate(held(Measured(Basis.DERIVED, D(7), D(22))), Unit.PERCENT, Printed(0, 0))
    assert found.measured == CONFIDENTIAL


def test_figure_when_nothing_of_it_is_rounded_then_it_is_as_it_was() -> None:
    one = held(Measured(Basis.DERIVED, D(7), D(22)))
    assert approximate(one, Unit.PERCENT, Printed()) is one


def test_hiding_when_kept_then_it_is_read_back_and_an_older_one_says_nothing_of_rounding() -> None:
    hiding = Hiding(frozenset({"a"}), frozenset({"commentary"}), {"b": Printed(5, None)}, 5)
    assert hiding_from(hiding.facts()) == hiding
    assert Hiding(frozenset({"a"})).facts() == {"periods": ["a"], "texts": []}
    assert hiding_from({"periods": ["a"], "texts": []}) == Hiding(frozenset({"a"}))


@pytest.mark.parametrize(("number", "printed"), [(1, 5), (2, 5), (5, 5), (7, 5), (8, 10), (0, 0), (40, 40)])
def test_figure_that_is_only_charted_when_rounded_then_to_the_nearest_and_no_small_one_to_nobody(number, printed):
    line = Line("children", "", "Children", "t", "T", Unit.COUNT, Polarity.NONE, Window.PERIOD, Aggregation.SUM, 0,
                "quarter")  # fmt: skip
    one = Told(line, held(Measured(Basis.VALUE_ONLY, value=D(number))), "t")
    assert nearest(one, POLICY) == Printed(printed)
    assert nearest(replace(one, line=replace(line, counts="events")), POLICY) == Printed()


def test_row_when_its_figure_is_rounded_then_its_open_queries_are_not_told() -> None:
    line = Line("outcome", "", "Outcome", "t", "T", Unit.PERCENT, Polarity.HIGHER, Window.PERIOD,
                Aggregation.POOLED_RATIO, 1, "quarter")  # fmt: skip
    stated = held(Measured(Basis.STATED, D(7), D(42), D(20), quantum=D(1)))
    row = build_row(line, Q4, {stated.slug: stated}, queries=["16.7% is meant."])
    assert build_row(line, Q4, {stated.slug: stated}).queries
    safe = protected_row(row, Q4, [stated], Hiding(rounded={stated.slug: Printed(5, 40)}, base=5), charted=False)
    assert safe.queries == ()
    assert safe.number == D("12.5")
    assert protected_row(row, Q4, [stated], Hiding(), charted=False).queries == ("16.7% is meant.",)


# Texts


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("It was 16.7% this time.", [EXACT_VALUE]),
        ("It was 16.67%, as ever.", [EXACT_VALUE]),
        ("About 17% came.", [EXACT_VALUE]),
        ("Of 42 in all.", [HIDDEN_NUMBER]),
        ("It was 16.5% this time.", []),
        ("Section 16.7.1 of the plan of 17/18.", []),
    ],
)
def test_text_when_it_quotes_what_is_printed_rounded_then_somebody_decides(text: str, kinds: list[str]) -> None:
    hits = hits_in(text, POLICY, {42}, values={D(700) / 42})
    assert [hit.kind for hit in hits if hit.kind in {EXACT_VALUE, HIDDEN_NUMBER}] == kinds


def test_sentence_when_counts_are_rounded_then_it_names_the_base() -> None:
    assert "multiples of 5" in rounding_sentence(5)
    assert POLICY.sentence(is_rounded=True).startswith(rounding_sentence(5))
    assert "(c in files)" in POLICY.sentence()


def test_square_when_rounded_then_share_of_a_margin_is_that_of_rounded_counts() -> None:
    found = rounded([two_way("t", ((12, 31), (44, 3)))], POLICY)
    share = found.share("t:0,0", "t:0,2", Unit.PERCENT, 1)
    assert share == (D(found.values["t:0,0"]) * 100 / found.values["t:0,2"]).quantize(D("0.1"))
    assert table_of("x", [figure(n=1, d=2)], POLICY).cells
