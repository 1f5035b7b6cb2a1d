"""The audit: published vectors, a second attacker, and what earlier packs add."""

import csv
import json
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.disclosure.attacker import Method, Reach
from indicators.disclosure.audit import Audit, Status, audit, audit_of
from indicators.disclosure.cells import (
    Cell,
    Guard,
    Published,
    Relation,
    Standing,
    Table,
    TableError,
    one_way,
    total_is,
)
from indicators.disclosure.policy import Audience
from indicators.disclosure.solver import System, alone, optima, tied
from tests.indicators.disclosure_tables import KINDS, POLICY, hidden_at_random, intervals_of_parts, share_is, two_way
from tests.reference.attacker import View, interval, possible

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "data" / "vectors"
ONE_WAY: list[dict[str, Any]] = json.loads((VECTORS / "suppression_1d.json").read_text())
TWO_WAY: list[dict[str, Any]] = json.loads((VECTORS / "suppression_2d.json").read_text())["cases"]
STATISTICS = ROOT / "fixtures" / "benchmarks" / "c4_children_in_need_section_47s_and_icpcs_2013_to_2024.csv"
BANDS = ("Duration_0-10_days", "Duration_11-15_days", "Duration_16-20_days", "Duration_21+_days")


def intervals(found: Audit) -> dict[str, tuple[int, int | None]]:
    return {one.cell: (one.reach.low, one.reach.high) for one in found.found}


# Published vectors


def test_vectors_when_counted_then_all_there() -> None:
    assert (len(ONE_WAY), len(TWO_WAY)) == (7, 20)


@pytest.mark.parametrize("case", ONE_WAY, ids=lambda case: case["note"][:40])
def test_one_way_table_when_attacked_in_closed_form_then_as_in_the_vectors(case: dict[str, Any]) -> None:
    most = {int(place): number for place, number in (case["attacker_upper"] or {}).items()}
    found = intervals_of_parts(case["x"], case["suppressed"], case["attacker_lower"], most)
    assert found == {int(place): tuple(ends) for place, ends in case["intervals"].items()}
    assert [place for place, (low, high) in found.items() if low == high] == case["exact"]


@pytest.mark.parametrize("case", [c for c in ONE_WAY if not c["attacker_upper"]], ids=lambda case: case["note"][:40])
def test_one_way_table_when_audited_then_as_in_the_vectors(case: dict[str, Any]) -> None:
    found = audit([one_way("t", case["x"])], {f"t:{place}" for place in case["suppressed"]}, POLICY)
    for place, ends in case["intervals"].items():
        assert intervals(found)[f"t:{place}"] == tuple(ends)
    hidden_exactly = {f"t:{place}" for place in case["exact"]}
    assert {one.cell for one in found.found if one.is_exact and not one.is_shown} == hidden_exactly


@pytest.mark.parametrize("kind", ["milp", "naive"])
def test_table_with_margins_when_audited_then_as_in_the_vectors(kind: str) -> None:
    faults = 0
    for case in TWO_WAY:
        found = audit([two_way("t", case["table"])], {f"t:{i},{j}" for i, j in case[kind]}, POLICY)
        small = {tuple(json.loads(place)): ends for place, ends in case[f"{kind}_intervals"].items()}
        assert sorted(small) == sorted(tuple(place) for place in case["primary"])
        assert {place: list(intervals(found)[f"t:{place[0]},{place[1]}"]) for place in small} == small
        too_narrow = {f"t:{i},{j}" for (i, j), (low, high) in small.items() if low > 1 or high < 5}
        assert {one.cell for one in found.open} == too_narrow
        faults += bool(too_narrow)
    assert (faults > 0) == (kind == "naive"), "the spreadsheet rule fails, and the audit sees it"


# A second attacker


@pytest.mark.parametrize("kind", KINDS)
def test_audit_when_a_second_attacker_tries_then_the_same_intervals(kind: str) -> None:
    dice = random.Random(f"intervals {kind}")  # noqa: S311
    for _ in range(60):
        tables, earlier = KINDS[kind](dice)
        hidden = hidden_at_random(dice, tables)
        found = audit(tables, hidden, POLICY, earlier)
        view = View(tables, hidden, earlier)
        for one in dice.sample(found.found, min(5, len(found.found))):
            assert (one.reach.low, one.reach.high) == interval(view, one.cell), (tables, hidden, one)
        asked = {one.cell for one in found.found}
        assert {cell for cell in view.hidden if view.low[cell]} <= asked, "every cell that a pack hides is attacked"


@pytest.mark.parametrize("kind", KINDS)
def test_audit_when_small_tables_are_tried_out_then_what_it_calls_possible_is(kind: str) -> None:
    dice = random.Random(f"trial {kind}")  # noqa: S311
    safe = narrow = 0
    for _ in range(25):
        tables, earlier = KINDS[kind](dice)
        hidden = hidden_at_random(dice, tables)
        view = View(tables, hidden, earlier)
        for one in audit(tables, hidden, POLICY, earlier).found[:4]:
            if one.is_small and not one.is_shown and one.cell in view.hidden:
                tried = possible(view, one.cell, range(1, 6))
                assert (tried == [1, 2, 3, 4, 5]) == one.is_safe, (tables, hidden, one, tried)
                safe += one.is_safe
                narrow += not one.is_safe
    assert safe, "some are protected"
    assert narrow, "and some are not"


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6), st.sets(st.integers(0, 5)), st.integers(0, 1))
def test_closed_form_when_held_against_the_programme_then_the_same(parts: list[int], out: set[int], least: int) -> None:
    places = [place for place in sorted(out) if place < len(parts) and parts[place] >= least]
    table = one_way("t", parts, guard=Guard.SMALL_OR_NONE if least == 0 else Guard.SMALL)
    closed = intervals_of_parts(parts, places, least)
    view = View([table], {f"t:{place}" for place in places})
    assert closed == {place: interval(view, f"t:{place}") for place in places}


# What is known beside the table


def test_first_and_second_pack_when_one_child_apart_then_the_child_is_found() -> None:
    """Each pack hides enough by itself; the second shows what the first hid beside the small number."""
    a, b = Cell("a", 40), Cell("b", 57)
    first = Table("first", (a, b, Cell("c, first", 3), Cell("all, first", 100)),
                  (total_is("all, first", ("a", "b", "c, first")),))  # fmt: skip
    second = Table("second", (a, b, Cell("c, second", 4), Cell("all, second", 101)),
                   (total_is("all, second", ("a", "b", "c, second")),))  # fmt: skip
    alone = audit([second], {"c, second", "b"}, POLICY)
    assert alone.status is Status.SAFE
    both = audit([second], {"c, second", "b"}, POLICY, [Published(first, frozenset({"c, first", "a"}))])
    assert {one.cell for one in both.open if one.is_exact} == {"c, first", "c, second"}


def test_share_when_an_earlier_pack_shows_it_then_it_tells_of_the_hidden_count() -> None:
    """3 of 41 is 7.3%, and no other number of 41 is."""
    table = Table("t", (Cell("n", 3), Cell("d", 41)))
    shown = Table("shares", (), share_is("n", "d", D("7.3"), 1))
    assert intervals(audit([table], {"n"}, POLICY))["n"] == (1, None)
    found = audit([table, shown], {"n"}, POLICY)
    assert intervals(found)["n"] == (3, 3)
    assert found.status is Status.OPEN
    whole = Table("shares", (), share_is("n", "d", D(7), 0))
    assert intervals(audit([table, whole], {"n"}, POLICY))["n"] == (3, 3)


def test_two_shares_when_both_are_shown_then_they_tell_of_each_other() -> None:
    """n of d rounds to 33.3% and n of e to 25.0%, d and e hidden but d + e is 21: only 3 of 9 and of 12 do."""
    cells = (Cell("n", 3), Cell("d", 9), Cell("e", 12), Cell("all", 21))
    relations = (total_is("all", ("d", "e")), *share_is("n", "d", D("33.3"), 1), *share_is("n", "e", D("25.0"), 1))
    found = audit([Table("t", cells, relations)], {"n", "d", "e"}, POLICY)
    assert intervals(found) == {"n": (3, 3), "d": (9, 9), "e": (12, 12)}
    assert found.found[0].reach.method is Method.INTEGER


def test_interval_when_real_numbers_are_wider_then_that_of_integers_counts() -> None:
    """2a + 2b = 2 × 7 and a − b = 1: a is 4. With a third of a cell to spare, real numbers would protect it."""
    cells = (Cell("a", 4), Cell("b", 3), Cell("c", 6))
    relations = (Relation((("a", 3), ("b", 3), ("c", -1)), 15, 15), Relation((("a", 1), ("b", -1)), 1, 2),
                 Relation((("c", 1),), 4, 8))  # fmt: skip
    found = audit([Table("t", cells, relations)], {"a", "b", "c"}, POLICY)
    assert (intervals(found)["a"], intervals(found)["c"]) == ((4, 4), (6, 6))


def test_zero_when_it_may_be_hidden_then_hidden_is_not_one_or_more() -> None:
    table = one_way("t", (0, 3, 5, 20), guard=Guard.SMALL_OR_NONE)
    assert intervals(audit([table], {"t:0", "t:1", "t:2"}, POLICY)) == dict.fromkeys(("t:0", "t:1", "t:2"), (0, 8))
    shown = audit([table], {"t:1", "t:2"}, POLICY)
    assert [(one.cell, one.is_shown) for one in shown.open] == [("t:0", True)]
    zeros_tell_nothing = replace(POLICY, zero_discloses=False)
    assert intervals(audit([table], {"t:1", "t:2"}, zeros_tell_nothing)) == {"t:1": (1, 7), "t:2": (1, 7)}


def test_small_cell_when_nobody_hid_it_then_it_is_open() -> None:
    found = audit([one_way("t", (3, 40))], set(), POLICY)
    assert [(one.cell, one.is_shown, one.is_safe) for one in found.found] == [("t:0", True, False)]
    assert found.sentence() == (
        "The check tried to work out 1 count that is hidden or printed nowhere (numerators, denominators and what they "
        "leave over), from this pack and every public pack before it. A reader could narrow down 1 too far, 1 of them "
        "to the very number. Do not publish these as they are: t:0."
    )
    hidden = audit([one_way("t", (3, 40, 9))], {"t:0", "t:1"}, POLICY).sentence()
    assert hidden == (
        "The check tried to work out each of 2 counts that are hidden or printed nowhere (numerators, denominators and "
        "what they leave over), from this pack and every public pack before it. Each one that is small can still be "
        "any number from 1 to 5."
    )
    assert audit([one_way("t", (40, 50))], set(), POLICY).sentence().startswith("Of the counts that are held none")


def test_audit_when_for_the_board_then_nothing_is_asked() -> None:
    assert audit([one_way("t", (3, 40))], set(), replace(POLICY, audience=Audience.BOARD)).found == ()


def test_audit_when_time_is_over_then_it_claims_nothing() -> None:
    cells = (Cell("n", 3), Cell("d", 9), Cell("e", 12), Cell("all", 21))
    relations = (total_is("all", ("d", "e")), *share_is("n", "d", D("33.3"), 1), *share_is("n", "e", D("25.0"), 1))
    found = audit([Table("t", cells, relations)], {"n", "d", "e"}, POLICY, seconds=0)
    assert found.status is Status.UNFINISHED
    assert "time was over" in found.sentence()
    assert intervals(found)["n"] == (3, 3)


def test_audit_when_kept_as_json_then_it_comes_back() -> None:
    found = audit([one_way("t", (3, 40, 4))], {"t:0", "t:2"}, POLICY)
    assert audit_of(json.loads(json.dumps(found.as_json()))) == found
    assert found.as_json()["status"] == "safe" or found.open


def _allowed(system: System) -> set[tuple[int, ...]]:
    """Every choice of integers within the bounds for which each sum is 0."""
    ranges = (range(low, high + 1) for low, high in zip(system.low, system.high, strict=True))
    return {
        moves for moves in product(*ranges)
        if not any(sum(factor * moves[column] for column, factor in row) for row in system.rows)
    }  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(-2, 0), st.integers(0, 2)), min_size=1, max_size=5),
    st.lists(st.lists(st.tuples(st.integers(0, 4), st.sampled_from((-2, -1, 1))), min_size=1, max_size=3), max_size=5),
)  # fmt: skip
def test_system_when_what_moves_together_is_tied_then_it_allows_the_same_integers(
    bounds: list[tuple[int, int]], sums: list[list[tuple[int, int]]]
) -> None:
    rows = tuple(tuple({c % len(bounds): factor for c, factor in row}.items()) for row in sums)
    low, high = (tuple(ends) for ends in zip(*bounds, strict=True))
    system = System(tuple(map(str, range(len(bounds)))), rows, low, high)
    found = tied(system)
    carried = {
        tuple(0 if at is None else moves[at[0]] * at[1] for at in found.at) for moves in _allowed(found.system)
    }  # fmt: skip
    assert carried == _allowed(system)
    ends = [(column, sign) for column in range(system.width) for sign in (-1, 1)]
    moving = [end for end in ends if found.end(*end)]
    real = optima(found.system, [alone(*at) for end in moving if (at := found.end(*end))])
    assert {end: pytest.approx(one.distance, abs=1e-6) for end, one in zip(moving, real, strict=True)} == {
        end: one.distance
        for end, one in zip(ends, optima(system, [alone(*end) for end in ends]), strict=True)
        if end in moving or one.distance > 1e-6
    }


def test_cells_when_two_sums_tie_them_to_each_other_then_each_goes_as_far_as_the_other_lets_it() -> None:
    cells = tuple(Cell(name, value) for name, value in (("a", 3), ("b", 9), ("whole", 12), ("more", 32), ("other", 20)))
    table = Table("t", cells, (total_is("whole", ("a", "b")), total_is("more", ("a", "b", "other"))))
    assert intervals(audit([table], {"a", "b"}, POLICY)) == {"a": (1, 11), "b": (1, 11)}


@given(st.integers(0, 10_000))
def test_audit_when_an_earlier_pack_is_added_then_never_laxer(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    tables, earlier = KINDS["through time"](dice)
    hidden = hidden_at_random(dice, tables)
    alone, both = audit(tables, hidden, POLICY), audit(tables, hidden, POLICY, earlier)
    after = {one.cell: one for one in both.found}
    for one in alone.found:
        seen = after.get(one.cell)
        if seen is None:  # an earlier pack shows it
            assert any(cell.id == one.cell for cell in earlier[0].table.cells)
            continue
        assert seen.reach.low >= one.reach.low
        assert seen.reach.high is not None or one.reach.high is None
        assert one.reach.high is None or (seen.reach.high or 0) <= one.reach.high
        assert one.is_safe or not seen.is_safe


# What cannot be


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        pytest.param([Table("a", (Cell("x", 3),)), Table("b", (Cell("x", 4),))], "x has two values", id="two values"),
        pytest.param([Table("a", (Cell("x", 3),)), Table("a", (Cell("y", 4),))], "Two tables are called a", id="twins"),
        pytest.param([Table("a", (Cell("x", 3),), (total_is("x", ("y",)),))], "y, which is no cell", id="no cell"),
        pytest.param(
            [Table("a", (Cell("x", 7), Cell("y", 8)), (total_is("x", ("y",)),))], "do not keep to", id="no sum"
        ),
    ],
)
def test_tables_when_they_cannot_be_then_a_sentence_says_which(tables: list[Table], words: str) -> None:
    with pytest.raises(TableError, match=words) as error:
        audit(tables, set(), POLICY)
    assert not any(digit in str(error.value) for digit in "3478"), "no number is quoted"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: Cell("", 1), id="no id"),
        pytest.param(lambda: Cell("x", -1), id="below 0"),
        pytest.param(lambda: Cell("x", 1, window=(date(2022, 1, 1), date(2022, 1, 2))), id="no series"),
        pytest.param(lambda: Cell("x", 1, series="s", window=(date(2022, 1, 2), date(2022, 1, 1))), id="ends before"),
        pytest.param(lambda: Relation((("x", 1), ("x", 1))), id="twice"),
        pytest.param(lambda: Relation((("x", 0),)), id="factor 0"),
        pytest.param(lambda: Relation(()), id="of nothing"),
    ],
)
def test_cell_or_relation_when_it_cannot_be_then_it_is_refused(wrong: Any) -> None:
    with pytest.raises(TableError):
        wrong()


def test_reach_when_asked_then_it_knows_what_it_holds() -> None:
    assert Reach(1, None, Method.LINEAR).holds(1, 5)
    assert Reach(1, 5, Method.LINEAR).holds(1, 5)
    assert not Reach(1, 4, Method.LINEAR).holds(1, 5)
    assert not Reach(2, 9, Method.LINEAR).holds(1, 5)


# A real example


def test_statistics_of_the_department_when_one_band_alone_is_hidden_then_the_audit_finds_it() -> None:
    """Contains public sector information licensed under the Open Government Licence v3.0 (Department for Education):
    initial child protection conferences by days from the enquiry, one of four bands confidential, the total shown.
    Only that they come out is said, never what."""
    rows = list(csv.DictReader(STATISTICS.read_text(encoding="utf-8-sig").splitlines()))
    alone = [row for row in rows if [row[band] for band in BANDS].count("c") == 1 and row["ICPC"].isdigit()]
    pairs = [row for row in rows if [row[band] for band in BANDS].count("c") == 2 and row["ICPC"].isdigit()]
    assert (len(alone), len(pairs) > 20) == (14, True)
    assert [_is_exact(row) for row in alone] == [True] * 14
    assert not any(_is_exact(row) for row in pairs if _rest(row) > 2)


def _rest(row: dict[str, str]) -> int:
    return int(row["ICPC"]) - sum(int(row[band]) for band in BANDS if row[band] != "c")


def _is_exact(row: dict[str, str]) -> bool:
    """Whether a hidden band of this row comes out; its numbers are made up so that they add up to the total."""
    out = [band for band in BANDS if row[band] == "c"]
    rest = _rest(row)
    parts = dict.fromkeys(out[1:], 1) | {out[0]: rest - len(out) + 1}
    cells = [Cell(band, parts[band] if row[band] == "c" else int(row[band])) for band in BANDS]
    table = Table("row", (*cells, Cell("ICPC", int(row["ICPC"]), standing=Standing.KNOWN)), (total_is("ICPC", BANDS),))
    return any(one.is_exact for one in audit([table], out, POLICY).found if not one.is_shown)
