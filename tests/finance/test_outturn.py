"""The outturn of report 003 §84: signs in words, what demands commentary, its sums, and what other funds give."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import outturn_sums
from finance.outturn import (
    Cell,
    Contribution,
    Head,
    Measure,
    Side,
    change_key,
    change_words,
    commentary_sentence,
    demands_commentary,
    funded,
    funded_from_after,
    is_significant,
    spend_key,
    table_of,
    variance_key,
    variance_words,
)
from finance.outturn_sums import SumOutcome, prove, screen, sums_of_table, table_sentence
from indicators.balance import Amount
from tests.finance.outturn_rows import FIGURES, HEADS, REASONS, thousands

D = Decimal
TEN_THOUSAND = D(10_000)
SUMS = sums_of_table(HEADS, REASONS)


def millions(text: str) -> Amount:
    """An amount printed as £3.28m."""
    return Amount(D(text) * 1_000_000, TEN_THOUSAND)


# Words and keys


@pytest.mark.parametrize(
    ("value", "quantum", "words"),
    [
        (-4_640_000, 10_000, "£4.64m overspend"),
        (20_000, 10_000, "£0.02m underspend"),
        (-4_638_000, 1_000, "£4.638m overspend"),
        (83_000, 1_000, "£83k underspend"),
        (-3_000, 10_000, "£3,000 overspend"),
        ("-0.01", None, "£0.01 overspend"),
        (0, 10_000, "on budget"),
        (0, None, "on budget"),
    ],
)
def test_variance_when_written_then_its_sign_is_a_word(value, quantum, words: str) -> None:
    assert variance_words(D(value), None if quantum is None else D(quantum)) == words
    assert "−" not in words


def test_change_when_written_then_worse_or_better() -> None:
    assert [change_words(D(n), TEN_THOUSAND) for n in (-710_000, 60_000, 0)] == [
        "£0.71m worse", "£0.06m better", "no change",
    ]  # fmt: skip


def test_keys_when_made_then_dimensions_in_the_order_of_the_alphabet() -> None:
    assert spend_key(Measure.NET, Side.BUDGET, "cla") == "spend-net/head=cla|side=budget"
    assert spend_key(Measure.GROSS, Side.OUTTURN) == "spend-gross/side=outturn"
    assert variance_key(head="cla", line="ooa", reason="covid") == (
        "variance-net/head=cla|line=ooa|variance-reason=covid"
    )
    assert variance_key() == "variance-net"
    assert change_key(reason="covid") == "variance-net-change/variance-reason=covid"


# Rows


def test_table_when_read_then_heads_lines_total_and_what_no_line_says() -> None:
    figures = FIGURES | {
        variance_key(head="cla", line="ooa"): millions("-3.28"),
        variance_key(head="cla", line="fostering"): millions("-0.65"),
    }
    lines = (Head("ooa", "Out of area", "cla"), Head("fostering", "Fostering", "cla"))
    table = table_of((*HEADS, *lines), figures, REASONS)
    cla = table.row("cla")
    assert (cla.words, table.total.words) == ("£4.638m overspend", "£5.832m overspend")
    assert cla.spend[Side.OUTTURN, Measure.INCOME].amount == thousands(-5415)
    assert cla.changed is not None
    assert cla.changed.value == -683_000
    assert [line.words for line in cla.lines] == ["£3.28m overspend", "£0.65m overspend"]
    rest = cla.rest()
    assert rest is not None
    assert (rest.value, rest.quantum) == (-708_000, 21_000)
    assert table.row("youth-justice").rest() is None
    with pytest.raises(KeyError):
        table.row("elsewhere")
    with pytest.raises(ValueError, match="The head of Out of area"):
        table_of(lines[:1], figures, REASONS)


def test_cell_when_not_reported_then_worked_out_where_it_follows_and_marked() -> None:
    keep = {spend_key(m, s, "cla"): FIGURES[spend_key(m, s, "cla")] for m in ("gross", "income") for s in Side}
    row = table_of(HEADS, keep, REASONS).row("cla")
    net = row.variance[Measure.NET]
    assert (net.is_worked_out, net.amount) == (True, Amount(D(-4_638_000), D(4000)))
    assert row.spend[Side.BUDGET, Measure.NET] == Cell(Amount(D(32_620_000), D(2000)), is_worked_out=True)
    assert not row.spend[Side.BUDGET, Measure.GROSS].is_worked_out
    other = table_of(HEADS, keep, REASONS).row("support")
    assert (other.net, other.words, other.changed) == (None, "not reported", None)


# Commentary


def test_heads_when_the_threshold_is_250_000_then_the_two_that_the_report_explains() -> None:
    heads = table_of(HEADS, FIGURES, REASONS).heads
    assert [row.head.code for row in demands_commentary(heads)] == ["cla", "safeguarding"]
    assert commentary_sentence(heads, {"cla"}) == (
        "2 of 8 headings are over or under budget by £250,000 or more: Children Looked After (£4.638m overspend) and "
        "Safeguarding (£1.260m overspend). Commentary is missing for Safeguarding."
    )
    assert commentary_sentence(heads, {"cla", "safeguarding"}).endswith("(£1.260m overspend).")
    assert len(demands_commentary(heads, D(60_000))) == 5
    assert commentary_sentence(heads, (), D(9_000_000)) == ("No heading is over or under budget by £9,000,000 or more.")


@pytest.mark.parametrize(
    ("value", "expected"), [(-250_000, True), (250_000, True), (249_999, False), (-249_999, False), (0, False)]
)
def test_threshold_when_a_variance_is_exactly_it_then_it_demands_commentary(value: int, expected: bool) -> None:
    assert is_significant(Amount(D(value))) is expected
    assert is_significant(None) is False


# Sums


def test_table_of_the_report_when_screened_then_every_sum_holds_within_rounding() -> None:
    results = screen(SUMS, FIGURES)
    outcomes = [result.outcome for result in results]
    assert len(results) == 9 * 7 + 13
    assert outcomes.count(SumOutcome.WITHIN_ROUNDING) == 19
    assert outcomes.count(SumOutcome.AGREES) == 57
    assert table_sentence(results) == (
        "The table adds up within rounding. All 76 sums hold: 57 as printed, 19 as rounding allows."
    )


def test_table_of_the_report_when_solved_as_a_whole_then_proved() -> None:
    assert prove(SUMS, FIGURES) == ()


def test_sums_when_each_could_hold_alone_but_not_together_then_the_proof_names_them() -> None:
    """Three variances of at least £500 make more than a total that budget and outturn keep to £1,000."""
    heads = tuple(Head(code, code.upper()) for code in "abc")
    sums = [s for s in sums_of_table(heads, ()) if "gross" in s.name and "net" not in s.name]
    figures = {key: thousands("variance" in key) for s in sums for key in s.keys}
    assert {r.outcome for r in screen(sums, figures)} <= {SumOutcome.AGREES, SumOutcome.WITHIN_ROUNDING}
    found = prove(sums, figures)
    assert found
    assert all(len(together) > 1 for together in found)
    assert "Total: gross variance" in found[0]


def test_sum_when_a_cell_is_moved_beyond_rounding_then_named_with_by_how_much() -> None:
    figures = FIGURES | {spend_key(Measure.NET, Side.BUDGET, "cla"): thousands(32_640)}
    wrong = [r for r in screen(SUMS, figures) if r.outcome is SumOutcome.DOES_NOT]
    assert [r.of.name for r in wrong] == [
        "Children Looked After: net budget", "Children Looked After: net variance",
        "Total: net budget of the headings",
    ]  # fmt: skip
    assert wrong[0].sentence == (
        "Children Looked After: net budget: the parts make £20,000 less than is printed, and rounding explains "
        "£1,500 at most."
    )
    assert prove(SUMS, figures) != ()
    assert table_sentence(screen(SUMS, figures)).startswith("Of 76 sums 73 hold within rounding and 3 do not.")


def test_sum_when_a_number_is_missing_then_it_is_not_checked_and_the_sentence_counts_it() -> None:
    figures = FIGURES | {change_key("cla", reason="covid"): None, change_key("support", reason="covid"): None}
    results = screen(SUMS, figures)
    missing = [r for r in results if r.outcome is SumOutcome.MISSING]
    assert [r.sentence for r in missing] == ["Total: covid change: cannot be checked, 2 numbers are missing."]
    assert table_sentence(results).endswith("1 cannot be checked, because a number is missing.")
    assert table_sentence(screen(SUMS, {})) == "No sum of the table can be checked, because numbers are missing."
    assert len(outturn_sums.system_of(SUMS, figures).identities) == 75


def test_line_when_split_by_reason_then_its_reasons_make_it_and_lines_make_no_head() -> None:
    line = Head("ooa", "Out of area", "cla")
    extra = set(sums_of_table((*HEADS, line), REASONS)) - set(SUMS)
    assert [s.name for s in extra] == ["Out of area: by reason"]
    assert not [s for s in sums_of_table(HEADS, (), has_change=False) if "change" in s.name or "reason" in s.name]


@given(st.dictionaries(st.sampled_from(sorted(FIGURES)), st.integers(-9, 9), max_size=6))
def test_screen_when_cells_move_then_as_a_second_sum_in_fractions_says(moves: dict[str, int]) -> None:
    figures = dict(FIGURES)
    for key, thousand in moves.items():
        held = figures[key]
        assert held is not None
        figures[key] = replace(held, value=held.value + thousand * 1000)
    for result in screen(SUMS, figures):
        whole, *parts = result.of.identity.factors
        total = sum((f * Fraction(figures[key].value) for key, f in parts), Fraction(0))  # type: ignore[union-attr]
        off = total - Fraction(figures[whole[0]].value)  # type: ignore[union-attr]
        assert (result.outcome is SumOutcome.DOES_NOT) == (abs(off) > 500 * (len(parts) + 1))
        assert (result.outcome is SumOutcome.AGREES) == (off == 0)


# Funds


HIGH_NEEDS = Contribution(
    "high-needs-block", "High Needs Block", millions("1.13"), budget=millions("3.08"), outturn=millions("4.21")
)


def test_overspend_when_another_fund_contributes_then_before_after_and_its_pressure() -> None:
    """Report 003 §82, §108 and §109."""
    found = funded(millions("-2.89"), [HIGH_NEEDS])
    assert found.sentences == (
        "£2.89m overspend before contributions, £1.76m overspend after.",
        "£1.13m from the High Needs Block, where it is a pressure of £1.13m (£4.21m against £3.08m budgeted).",
    )
    assert found.transfers == {"general-fund": 1_130_000, "high-needs-block": -1_130_000}
    again = funded_from_after(found.after, [HIGH_NEEDS])
    assert (again.before.value, again.after) == (-2_890_000, found.after)


def test_contribution_when_it_is_not_outturn_less_budget_then_by_how_much() -> None:
    odd = replace(HIGH_NEEDS, amount=millions("1.20"))
    assert not odd.agrees
    assert odd.sentence.endswith("budgeted); those two differ by £1.13m.")
    assert HIGH_NEEDS.agrees
    bare = replace(HIGH_NEEDS, budget=None)
    assert bare.agrees
    assert bare.sentence == "£1.13m from the High Needs Block, where it is a pressure of £1.13m."


def test_contribution_when_nobody_or_the_fund_itself_gives_then_said_or_refused() -> None:
    assert funded(millions("-1"), []).sentences == ("£1.00m overspend; no other fund contributes.",)
    with pytest.raises(ValueError, match="above 0"):
        funded(millions("-1"), [replace(HIGH_NEEDS, amount=millions("0"))])
    with pytest.raises(ValueError, match="to itself"):
        funded(millions("-1"), [HIGH_NEEDS], to_fund="high-needs-block")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 10**9)), max_size=5), st.integers(-(10**9), 10**9))
def test_transfers_when_any_funds_give_then_both_sides_make_0(given_by, before: int) -> None:
    found = funded(Amount(D(before)), [Contribution(fund, fund, Amount(D(n))) for fund, n in given_by])
    assert sum(found.transfers.values()) == 0
    assert found.after.value - found.before.value == found.transfers["general-fund"]
