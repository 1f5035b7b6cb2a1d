"""Sums of rounded cells solved together: the linear programme against an exact second calculation."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.checks_engine.comparison import Outcome
from indicators.checks_engine.reports import findings, judge_report
from indicators.checks_engine.sums import (
    Cell,
    Identity,
    System,
    are_consistent,
    conflicts,
    least_deviation,
    same_cell,
    system_of,
)
from tests.indicators.report_rows import a_row, the_statements

HALF = Fraction(1, 2)


def a_system(numbers, *sums, units=None):
    """Cells a, b, c … with their numbers (rounded to `units`, 1; 0 for an exact one); each sum as {cell: factor}."""
    units = units or [1] * len(numbers)
    names = "abcdefghij"[: len(numbers)]
    cells = {
        name: Cell(Fraction(number), Fraction(unit) / 2)
        for name, number, unit in zip(names, numbers, units, strict=True)
    }
    identities = tuple(
        Identity(f"s{n}", tuple((code, Fraction(f)) for code, f in terms.items()), Fraction(0))
        for n, terms in enumerate(sums)
    )
    return System(identities, cells)


def holds_exactly(system):
    """Whether the sums can hold, by elimination with exact fractions: every sum gives up one cell, and of the
    inequalities that are left every cell is removed in turn (Fourier and Motzkin)."""
    names = [code for code, cell in system.cells.items() if cell.reach]
    place = {code: n for n, code in enumerate(names)}
    # Each row: what the deviations are multiplied by, and at the end what the sum is short of.
    equal = []
    for identity in system.identities:
        row = [Fraction(0)] * (len(names) + 1)
        for code, factor in identity.factors:
            if code in place:
                row[place[code]] += factor
        row[-1] = -identity.off(system.cells)
        equal.append(row)
    # x ≤ reach and −x ≤ reach
    below = []
    for code, n in place.items():
        for sign in (1, -1):
            row = [Fraction(0)] * (len(names) + 1)
            row[n], row[-1] = Fraction(sign), system.cells[code].reach
            below.append(row)
    while equal:
        row = equal.pop()
        pivot = next((n for n in range(len(names)) if row[n]), None)
        if pivot is None:
            if row[-1]:
                return False
            continue
        for other in equal + below:
            times = other[pivot] / row[pivot]
            other[:] = [o - times * r for o, r in zip(other, row, strict=True)]
    for n in range(len(names)):
        up, down = [r for r in below if r[n] > 0], [r for r in below if r[n] < 0]
        below = [r for r in below if not r[n]]
        for more in up:
            for less in down:
                below.append([m / more[n] - x / less[n] for m, x in zip(more, less, strict=True)])
    return all(row[-1] >= 0 for row in below)


# A total of rounded numbers


@pytest.mark.parametrize(
    ("numbers", "units", "consistent"),
    [
        ([3, 1, 2], None, True),
        ([4, 1, 2], None, True),
        ([5, 1, 2], None, False),
        ([4, 1, 2], [0, 0, 0], False),
        ([4, 1, 2], [1, 0, 0], False),
        ([4, 1, 2], [1, 1, 0], True),
        ([2000, 1, 2], [5000, 1, 1], True),
    ],
)
def test_total_when_off_then_it_is_consistent_up_to_half_a_unit_of_each_cell(numbers, units, consistent):
    system = a_system(numbers, {"a": -1, "b": 1, "c": 1}, units=units)
    assert are_consistent(system) is consistent
    assert conflicts(system) == (() if consistent else (("s0",),))


def test_deviation_when_one_unit_is_shared_by_three_cells_then_each_moves_a_third():
    found = least_deviation(a_system([4, 1, 2], {"a": -1, "b": 1, "c": 1}))
    assert found == pytest.approx(1 / 3)


def test_deviation_when_exactly_half_a_unit_is_needed_then_it_is_consistent():
    system = a_system([2, 1], {"a": -1, "b": 1})
    assert least_deviation(system) == pytest.approx(0.5)
    assert are_consistent(system)


def test_deviation_when_just_over_half_a_unit_is_needed_then_it_is_inconsistent():
    system = a_system([4, 0, 0, 0, 0, 0, 0], {"a": -1} | dict.fromkeys("bcdefg", 1))
    assert least_deviation(system) == pytest.approx(4 / 7)
    assert not are_consistent(system)


def test_system_when_there_is_nothing_in_it_then_it_is_consistent():
    assert are_consistent(a_system([1]))
    assert conflicts(a_system([1])) == ()


# Sums together

# b = a and c = b, each off by one unit, which rounding explains; a = c is off by two and is not.
CHAIN = [{"a": -1, "b": 1}, {"b": -1, "c": 1}]


def test_sums_when_each_could_hold_but_not_together_then_they_are_named_together():
    system = a_system([1, 2, 3], *CHAIN)
    assert all(identity.holds_alone(system.cells) for identity in system.identities)
    assert conflicts(system) == (("s0", "s1"),)


def test_conflict_when_other_sums_hold_then_they_are_not_named():
    system = a_system([1, 2, 3, 7, 8, 8], *CHAIN, {"d": 1, "e": -1}, {"f": 1, "e": -1})
    assert conflicts(system) == (("s0", "s1"),)


def test_conflicts_when_there_are_several_then_each_is_named():
    system = a_system([1, 2, 3, 10, 11, 12, 30], *CHAIN, {"d": -1, "e": 1}, {"e": -1, "f": 1}, {"g": 1, "f": -1})
    assert set(conflicts(system)) == {("s4",), ("s0", "s1"), ("s2", "s3")}


def test_conflict_when_any_of_its_sums_is_left_out_then_the_others_can_hold():
    system = a_system([0, 1, 2, 3, 5], *[{x: -1, y: 1} for x, y in pairwise("abcd")], {"d": -2, "e": 1, "a": 1})
    found = conflicts(system)
    assert found
    for together in found:
        for left_out in together:
            rest = [i for i in system.identities if i.code in together and i.code != left_out]
            assert are_consistent(system.only(rest))
        assert not are_consistent(system.only([i for i in system.identities if i.code in together]))


small = st.integers(-6, 6)


@given(st.data())
def test_programme_agrees_with_exact_elimination(data):
    size = data.draw(st.integers(2, 4))
    numbers = data.draw(st.lists(small, min_size=size, max_size=size))
    units = data.draw(st.lists(st.sampled_from([0, 1, 1, 2, 10]), min_size=size, max_size=size))
    factors = st.dictionaries(st.sampled_from("abcd"[:size]), st.sampled_from([-2, -1, 1, 1, 3]), min_size=1)
    system = a_system(numbers, *data.draw(st.lists(factors, min_size=1, max_size=3)), units=units)
    assert are_consistent(system) == holds_exactly(system)
    assert are_consistent(system) == (conflicts(system) == ())


@given(st.lists(st.lists(st.integers(-99_999, 99_999), min_size=3, max_size=3), min_size=2, max_size=6))
def test_table_of_honestly_rounded_cells_is_never_called_an_error(rows):
    """A table of pounds printed in thousands, with a total column and a total row."""
    table = [[*row, sum(row)] for row in rows]
    table.append([sum(column) for column in zip(*table, strict=True)])
    cells, identities = {}, []
    for r, row in enumerate(table):
        for c, value in enumerate(row):
            rounded = (Decimal(value) / 1000).quantize(Decimal(1), ROUND_HALF_UP) * 1000
            cells[f"{r}-{c}"] = Cell(Fraction(rounded), Fraction(500))
        across = {f"{r}-{c}": Fraction(1) for c in range(3)} | {f"{r}-3": Fraction(-1)}
        identities.append(Identity(f"row {r}", tuple(across.items()), Fraction(0)))
    last = len(table) - 1
    for c in range(4):
        down = {f"{r}-{c}": Fraction(1) for r in range(last)} | {f"{last}-{c}": Fraction(-1)}
        identities.append(Identity(f"column {c}", tuple(down.items()), Fraction(0)))
    assert conflicts(System(tuple(identities), cells)) == ()


# From statements


def in_thousands(code, printed, **others):
    number = f"{printed.replace(',', '')}000"
    return a_row(code, printed, number, quantum="1000", unit="pounds", group="003-84", **others)


def a_chain():
    return [
        in_thousands("003-a", "1"),
        in_thousands("003-b", "2", check="same", parts="003-a"),
        in_thousands("003-c", "3", check="same", parts="003-b"),
    ]


def test_statements_when_their_sums_cannot_hold_together_then_each_names_and_quotes_the_others():
    verdicts = judge_report(list(the_statements(*a_chain()).values()))
    assert [v.outcome for v in verdicts] == [Outcome.CONTRADICTS] * 2
    first = verdicts[0]
    assert first.together == ("003-b", "003-c")
    assert {place.code for place in first.places} == {"003-a", "003-b", "003-c"}
    assert "It cannot hold together with 003-c" in first.sentence
    assert findings(verdicts) == list(verdicts)


def test_statements_when_in_different_groups_then_they_are_not_solved_together():
    rows = a_chain()
    rows[2]["group"] = "003-85"
    verdicts = judge_report(list(the_statements(*rows).values()))
    assert [v.outcome for v in verdicts] == [Outcome.WITHIN_ROUNDING] * 2
    assert findings(verdicts) == []


def test_second_row_of_a_number_when_solved_then_it_is_the_same_cell():
    statements = the_statements(
        in_thousands("003-net", "3", check="sum", parts="003-a + 003-b"),
        in_thousands("003-net-b", "3", check="sum", parts="003-c - 003-d"),
        in_thousands("003-a", "1"), in_thousands("003-b", "1"), in_thousands("003-c", "9"), in_thousands("003-d", "5"),
        in_thousands("003-d-b", "6"),
    )  # fmt: skip
    assert same_cell("003-net-b", statements) == "003-net"
    assert same_cell("003-d-b", statements) == "003-d-b"
    system = system_of([s for s in statements.values() if s.check], statements)
    assert set(system.cells) == {"003-net", "003-a", "003-b", "003-c", "003-d"}
    assert conflicts(system) == ()
    statements = the_statements(
        in_thousands("003-net", "3", check="sum", parts="003-a + 003-b"),
        in_thousands("003-net-b", "3", check="sum", parts="003-c - 003-d"),
        in_thousands("003-a", "1"), in_thousands("003-b", "1"), in_thousands("003-c", "9"), in_thousands("003-d", "5"),
        in_thousands("003-e", "8"), in_thousands("003-c-b", "9", check="sum", parts="003-e + 003-a"),
    )  # fmt: skip
    system = system_of([s for s in statements.values() if s.check], statements)
    assert not are_consistent(system)
    assert sorted(conflicts(system)[0]) == ["003-c-b", "003-net", "003-net-b"]


def test_number_when_it_stands_in_a_sum_by_both_its_rows_then_it_counts_twice():
    statements = the_statements(
        in_thousands("003-net", "3"), in_thousands("003-net-b", "3"),
        in_thousands("003-x", "6", check="sum", parts="003-net + 003-net-b"),
    )  # fmt: skip
    (identity,) = system_of([statements["003-x"]], statements).identities
    assert dict(identity.factors) == {"003-net": 2, "003-x": -1}


def test_sums_when_a_part_has_no_number_or_is_a_limit_then_they_are_left_out():
    statements = the_statements(
        in_thousands("003-a", "3", check="sum", parts="003-b + 003-c"), in_thousands("003-b", "1"),
        a_row("003-c", "", "", unit="pounds", quote="?"),
        in_thousands("003-d", "3", check="sum", parts="003-b + 003-e"), in_thousands("003-e", "9", qualifier="<"),
        a_row("003-f", "50%", check="share", parts="003-b / 003-d"),
    )  # fmt: skip
    assert system_of([s for s in statements.values() if s.check], statements).identities == ()
