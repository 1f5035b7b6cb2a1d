"""Controlled rounding, and the job that does all of disclosure control in a child."""

import json
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import bounded
from indicators.disclosure.audit import audit
from indicators.disclosure.cells import Cell, Published, Relation, Standing, Table, one_way, total_is
from indicators.disclosure.job import JOB, NotAsAgreed, Task, control_disclosure, payload_of, read_answer
from indicators.disclosure.linked import beside
from indicators.disclosure.policy import Policy
from indicators.disclosure.primary import Figure, table_of
from indicators.disclosure.rounding import CannotBeRounded, Rounded, recovered, rounded
from indicators.disclosure.secondary import protect
from indicators.units import Unit
from tests.indicators.disclosure_tables import KINDS, POLICY, audit_rounded, two_way

VECTORS = Path(__file__).parents[1] / "data" / "vectors" / "rounding_base5.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())["cases"]


def grid(values: Rounded, high: int, wide: int) -> list[list[int]]:
    return [[values.values[f"t:{i},{j}"] for j in range(wide + 1)] for i in range(high + 1)]


def check(values: Rounded, tables: list[Table], base: int) -> None:
    """Each cell is the multiple below or above, and each sum of printed cells holds."""
    true = {cell.id: cell.value for table in tables for cell in table.cells}
    for cell, number in values.values.items():
        assert number % base == 0
        assert abs(number - true[cell]) < base
    for table in tables:
        for relation in table.relations:
            if all(cell in values.values for cell, _ in relation.factors):
                assert relation.holds(values.values)
    assert values.change == sum(abs(number - true[cell]) for cell, number in values.values.items())


def test_vectors_when_rounded_then_they_add_up_with_the_least_change_and_nothing_comes_out() -> None:
    assert len(CASES) == 25
    for case in CASES:
        tables = [two_way("t", case["table"])]
        found = rounded(tables, POLICY, least_change=True)
        check(found, tables, 5)
        assert found.change == case["min_abs_dev"]
        assert recovered(audit_rounded(tables, found, POLICY)) == ()
        cells = grid(found, len(case["table"]), len(case["table"][0]))
        assert [sum(row[:-1]) for row in cells] == [row[-1] for row in cells]
        assert [sum(column[:-1]) for column in zip(*cells, strict=True)] == cells[-1]


def test_rounding_when_each_cell_goes_its_own_way_then_the_vectors_no_longer_add_up() -> None:
    """So that the test above could fail: independent rounding breaks most of them."""
    broken = sum(
        any(abs(sum(row[:-1]) - row[-1]) > 0 for row in case["independent"])
        or any(abs(sum(column[:-1]) - column[-1]) > 0 for column in zip(*case["independent"], strict=True))
        for case in CASES
    )
    assert broken > 20


@settings(max_examples=25)
@given(st.sampled_from(sorted(KINDS)), st.integers(0, 100_000), st.sampled_from((3, 5, 10)))
def test_linked_tables_when_rounded_then_all_sums_of_them_hold(kind: str, seed: int, base: int) -> None:
    tables, _ = KINDS[kind](random.Random(seed))  # noqa: S311
    policy = replace(POLICY, rounding_base=base)
    try:
        found = rounded(tables, policy)
    except CannotBeRounded:
        assert kind == "shares"  # three dimensions: a neighbouring multiple may not be enough
        return
    check(found, tables, base)
    assert found == rounded(tables[::-1], policy)
    printed = {cell.id for table in tables for cell in table.cells if cell.standing is Standing.PRINTED}
    assert set(found.values) == printed


def test_share_when_its_counts_are_rounded_then_it_is_theirs() -> None:
    figures = [Figure("f", Unit.PERCENT, D(8), D(9)), Figure("g", Unit.PERCENT, D(1), D(2))]
    found = rounded([table_of("t", figures, POLICY)], POLICY, least_change=True)
    assert (found.values["f/n"], found.values["f/d"]) == (10, 10)
    assert found.share("f/n", "f/d", Unit.PERCENT, 1) == D("100.0")
    assert found.share("g/n", "g/d", Unit.PERCENT, 1) is None
    part = rounded([table_of("t", [Figure("f", Unit.PERCENT, D(13), D(42))], POLICY)], POLICY)
    assert part.share("f/n", "f/d", Unit.PERCENT, 1) == D("37.5")


def test_shares_when_their_sums_must_hold_then_no_part_passes_its_whole() -> None:
    """The least change of all would make 2 of 3 a 5 of 0."""
    figures = [Figure(f"f{k}", Unit.PERCENT, D(n), D(d)) for k, (n, d) in enumerate(((1, 3), (2, 6), (2, 3)))]
    whole = Figure("all", Unit.PERCENT, D(5), D(12))
    sums = [total_is(f"all/{kind}", [f"f{k}/{kind}" for k in range(3)]) for kind in "nd"]
    found = rounded([table_of("t", [*figures, whole], POLICY, sums)], POLICY)
    assert all(found.values[f"f{k}/n"] <= found.values[f"f{k}/d"] for k in range(3))


@given(st.integers(0, 60), st.integers(0, 60))
def test_share_when_rounded_then_never_above_the_whole(numerator: int, others: int) -> None:
    figure = Figure("f", Unit.PERCENT, D(numerator), D(numerator + others))
    found = rounded([table_of("t", [figure], POLICY)], POLICY)
    assert found.values["f/n"] <= found.values["f/d"]


@pytest.mark.parametrize(("group", "base"), [(1355, 2), (1353, 5), (7, 5)])
def test_whole_group_when_rounded_then_both_counts_alike_although_each_was_rounded_otherwise(group, base) -> None:
    figure = Figure("f", Unit.PERCENT, D(group), D(group), complement_sensitive=False)
    policy = replace(POLICY, rounding_base=base)
    near = group // base * base
    before = Published(table_of("before", [figure], policy), rounded={"f/n": near, "f/d": near + base}, base=base)
    found = rounded([table_of("t", [figure], policy)], policy, [before])
    assert found.values["f/n"] == found.values["f/d"]


def test_rounded_cell_when_an_earlier_pack_gives_it_away_then_it_is_found() -> None:
    table = one_way("t", (3, 40, 57))
    found = rounded([table], POLICY)
    intervals = audit_rounded([table], found, POLICY)
    assert recovered(intervals) == ()
    assert (found.values["t:0"], intervals["t:0"].low, intervals["t:0"].high) == (5, 1, 9)
    shown = Table("before", tuple(cell for cell in table.cells if cell.id != "t:0"))
    assert recovered(audit_rounded([table], found, POLICY, [Published(shown)])) == ("t:0",)


def test_table_when_its_sums_cannot_be_rounded_then_a_sentence_says_what_to_do() -> None:
    """a is 3, so 0 or 5; three times a is 9, so 5 or 10."""
    cells = (Cell("a", 3), Cell("thrice", 9))
    with pytest.raises(CannotBeRounded, match="hide small numbers instead"):
        rounded([Table("t", cells, (Relation((("thrice", 1), ("a", -3))),))], POLICY)


# The job


def untold(line: str) -> None:
    """Nobody listens."""


def answer(*asked: Any, **more: Any) -> Any:
    return read_answer(control_disclosure(payload_of(*asked, **more), untold))


@pytest.mark.parametrize("kind", KINDS)
def test_job_when_asked_then_it_says_the_same_as_here(kind: str) -> None:
    tables, earlier = KINDS[kind](random.Random(3))  # noqa: S311
    plan = protect(tables, POLICY, earlier)
    found = answer(Task.PROTECT, tables, POLICY, earlier)
    assert found.plan == plan
    assert found.audit == audit(tables, plan.hidden, POLICY, earlier)
    own = answer(Task.AUDIT, tables, POLICY, earlier, {"something"})
    assert (own.plan, own.audit) == (None, audit(tables, {"something"}, POLICY, earlier))


def test_child_when_asked_then_it_answers_and_tells_what_it_does(in_a_child: None) -> None:
    window = (date(2021, 4, 1), date(2022, 3, 31))
    tables, told = [two_way("t", CASES[0]["table"]), Table("w", (Cell("y", 9, series="s", window=window),))], []
    payload = payload_of(Task.PROTECT, tables, POLICY)
    found = read_answer(bounded.run(job=JOB, payload=payload, told=told.append, patience=30))
    assert found.plan == protect(tables, POLICY)
    assert told == ["Choosing what to hide", "Trying to work out what is hidden"]
    assert answer(Task.ROUND, tables, POLICY).rounded == rounded(tables, POLICY)


def test_job_when_tables_cannot_be_then_the_sentence_comes_back() -> None:
    twins = [Table("a", (Cell("x", 3),)), Table("b", (Cell("x", 4),))]
    assert answer(Task.PROTECT, twins, POLICY).problem.startswith("x has two values")
    negative = payload_of(Task.AUDIT, [one_way("t", (1, 2))], POLICY).replace(b'"value": 1,', b'"value": -1,')
    assert "below 0" in read_answer(control_disclosure(negative, untold)).problem


def test_job_when_there_are_too_many_cells_then_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicators.disclosure.job.MOST_CELLS", 2)
    assert "publish fewer at once" in answer(Task.PROTECT, [one_way("t", (1, 2))], POLICY).problem


@pytest.mark.parametrize(
    "wrong",
    [b"", b"[]", b"{}", b'{"plan": {}}', b'{"values": {"a": 1.5}, "base": 5, "change": 0}', b'{"audit": {"found": 3}}'],
)
def test_answer_when_it_is_none_then_it_is_refused(wrong: bytes) -> None:
    with pytest.raises(NotAsAgreed):
        read_answer(wrong)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        (b'"protect"', b'"publish"'),
        (b'"value": 3', b'"value": 3.5'),
        (b'"small"', b'"large"'),
        (b'"2022-04-01"', b'"x"'),
    ],
)
def test_payload_when_it_is_none_then_it_is_refused(word: bytes, other: bytes) -> None:
    payload = payload_of(Task.PROTECT, [one_way("t", (3, 9))], POLICY)
    assert word in payload
    with pytest.raises(NotAsAgreed):
        control_disclosure(payload.replace(word, other), untold)


def test_policy_when_it_travels_then_it_is_the_same() -> None:
    odd: Policy = replace(POLICY, threshold=10, floor_discloses=False)
    assert answer(Task.PROTECT, [one_way("t", (7, 30))], odd).plan.hidden == {"t:0", "t:1"}


def test_job_when_an_earlier_pack_hangs_together_with_nothing_then_it_is_left_aside_and_the_answer_is_the_same() -> (
    None
):
    """The other pack contradicts itself, which nobody asks about."""
    now = one_way("now", (3, 40, 9))
    near = Published(Table("near", (Cell("now:0", 3),)))
    apart = Published(Table("apart", (Cell("x", 5), Cell("y", 7)), (total_is("x", ("y",)),)))
    assert beside([now], [near, apart]) == [near]
    asked = [payload_of(Task.PROTECT, [now], POLICY, earlier) for earlier in ([near], [near, apart])]
    one, other = (read_answer(control_disclosure(payload, lambda line: None)) for payload in asked)
    assert one == other
    assert one.plan is not None
    assert one.plan.refused
