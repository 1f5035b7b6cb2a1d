"""Contract sums of 2014/15, 2015/16 and 2021/22: bridges, printed totals, the rule of the surplus, part of a year."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.contract_sum import (
    ContractError,
    ContractYear,
    Entry,
    Kind,
    Money,
    bridge,
    change_words,
    coverage_words,
    held,
    held_totals,
    hold_share,
    may_compare,
    of_which,
    precision_of,
    problems,
    share_surplus,
    still_to_pay,
    sums_of,
)
from indicators.quarters import FinancialYear

D = Decimal
V, S, T = Kind.VARIATION, Kind.SURPLUS_SHARE, Kind.STATED_TOTAL


def money(pounds: str | int, quantum: str | int | None = 1000) -> Money:
    """Pounds and the pounds to which they are printed, as pence."""
    return Money(int(D(pounds) * 100), None if quantum is None else int(D(quantum) * 100))


def millions(text: str) -> Money:
    """An amount printed as £0.93m."""
    return money(D(text) * 1_000_000, 10_000)


def entry(code: str, kind: Kind, amount: Money, **more) -> Entry:
    return Entry(code, kind, code.capitalize(), amount, **({"authority": "Contract review"} | more))


FIRST = ContractYear(
    FinancialYear(2014), money("21.4e6", 100_000),
    (
        entry("split", V, money(551_000)),
        entry("overspend", V, money(832_000)),
        entry("share", S, money(-540_000)),
        entry("improvement", Kind.RECEIPT, money(161_000)),
        entry("variations-stated", T, money(1_383_000)),
        entry("revised-stated", T, money("22.8e6", 100_000)),
        entry("final-stated", T, money("22.3e6", 100_000)),
    ),
    covers_from=date(2014, 10, 1), surplus_share_percent=D(90),
)  # fmt: skip
SECOND = ContractYear(FinancialYear(2015), None, stated_change=money(-681_000))
EIGHTH = ContractYear(
    FinancialYear(2021), millions("59.06"),
    (
        entry("care-ladder", V, millions("0.93")),
        entry("covid-september", V, millions("1.32")),
        entry("to-ooa", V, millions("0.53"), part_of="care-ladder"),
        entry("to-ifa", V, millions("0.25"), part_of="care-ladder"),
        entry("to-in-house", V, millions("0.15"), part_of="care-ladder"),
        entry("covid-of-care-ladder", V, millions("0.59"), part_of="care-ladder"),
        entry("covid-of-original", V, millions("0.84"), part_of="original"),
        entry("covid-total", T, millions("2.75"),
              of=("covid-of-original", "covid-of-care-ladder", "covid-september")),
    ),
)  # fmt: skip


def test_first_year_when_bridged_then_from_original_over_revised_to_final() -> None:
    """Report 002 §7."""
    assert [(s.code, s.amount, s.running, s.is_total) for s in bridge(FIRST)] == [
        ("original", 21_400_000, 21_400_000, True),
        ("split", 551_000, 21_951_000, False),
        ("overspend", 832_000, 22_783_000, False),
        ("revised", 22_783_000, 22_783_000, True),
        ("share", -540_000, 22_243_000, False),
        ("final", 22_243_000, 22_243_000, True),
    ]
    assert precision_of(FIRST) == 1000
    assert sums_of(FIRST).receipts.value == 161_000
    assert problems(FIRST) == ()


def test_first_year_when_held_against_the_paper_then_it_reconciles_as_rounding_allows() -> None:
    assert [(e.code, h.agrees, h.difference, h.sentence) for e, h in held_totals(FIRST)] == [
        ("variations-stated", True, 0, "The entries make £1.383m, as stated."),
        ("revised-stated", True, -17_000, "The entries make £22.783m; £22.8m is stated, as rounding allows."),
        ("final-stated", True, -57_000, "The entries make £22.243m; £22.3m is stated, as rounding allows."),
    ]


def test_total_when_it_does_not_reconcile_then_by_how_much() -> None:
    stated = entry("final-stated", T, money("22.4e6", 100_000))
    assert held(FIRST, stated).sentence == (
        "The entries make £22.243m; £22.4m is stated: £157k less than stated, and rounding explains £101,500 at most."
    )
    exactly = ContractYear(FinancialYear(2021), Money(10_000), (entry("final", T, Money(9_999)),))
    ((_, found),) = held_totals(exactly)
    assert (found.agrees, found.sentence) == (
        False, "The entries make £100; £99.99 is stated: £0.01 more than stated.",
    )  # fmt: skip


def test_first_year_when_shown_then_six_months_and_never_a_year() -> None:
    assert coverage_words(FIRST) == "Covers 6 months, October 2014 to March 2015, and is not made into a year."
    assert (coverage_words(EIGHTH), FIRST.is_whole_year, EIGHTH.is_whole_year) == ("", False, True)
    assert may_compare(FIRST, EIGHTH) == "2014/15 does not cover a whole year, so the two are not compared."
    assert may_compare(SECOND, EIGHTH) == "No sum of 2015/16 is stated."
    assert may_compare(EIGHTH, EIGHTH) == ""


def test_second_year_when_only_a_change_is_stated_then_no_sum_is_made() -> None:
    assert change_words(SECOND) == (
        "Only a change is stated: £681k less than the original sum before. No sum is stated, and none is made."
    )
    assert (bridge(SECOND), sums_of(SECOND).revised, sums_of(SECOND).final) == ((), None, None)
    assert change_words(EIGHTH) == ""
    with pytest.raises(ContractError, match="No original sum of 2015/16 is stated"):
        held(SECOND, entry("final", T, money(1)))


def test_eighth_year_when_bridged_then_what_is_of_which_is_not_added_again() -> None:
    """Report 003 §86."""
    assert [s.running for s in bridge(EIGHTH)] == [59_060_000, 59_990_000, 61_310_000, 61_310_000]
    assert bridge(EIGHTH)[-1].name == "Revised and final sum"
    ((_, covid),) = held_totals(EIGHTH)
    assert covid.sentence == "The entries make £2.75m, as stated."
    assert bridge(EIGHTH)[1].code == "care-ladder"


@pytest.mark.parametrize(
    ("code", "only", "outcome", "words"),
    [
        ("original", (), "less", "Of £59.06m the parts named make £0.84m; £58.22m is in none of them."),
        ("care-ladder", ("to-ooa", "to-ifa", "to-in-house"), "adds_up", "The parts named make £0.93m, as stated."),
        ("care-ladder", (), "overlaps", "The parts named overlap: together they make £1.52m of £0.93m, so they are not "
         "added up."),
        ("wrong", (), "contradicts", "Too-much is £0.93m, more than the £0.53m of which it is a part."),
    ],
)  # fmt: skip
def test_parts_when_named_of_an_amount_then_how_they_stand_to_it(code, only, outcome: str, words: str) -> None:
    more = (entry("wrong", V, millions("0.53")), entry("too-much", V, millions("0.93"), part_of="wrong"))
    found = of_which(replace(EIGHTH, entries=(*EIGHTH.entries, *more)), code, only)
    assert found is not None
    assert (found.outcome, found.sentence) == (outcome, words)
    assert of_which(EIGHTH, "covid-september") is None
    assert of_which(SECOND, "original") is None


def test_draft_when_not_approved_then_it_counts_nowhere() -> None:
    draft = entry("more", V, money(100_000), is_approved=False)
    with_draft = replace(FIRST, entries=(*FIRST.entries, draft))
    assert sums_of(with_draft) == sums_of(FIRST)
    assert bridge(with_draft) == bridge(FIRST)
    assert with_draft.drafts == (draft,)


def test_surplus_share_when_it_is_not_the_rules_then_the_sentence_says_what_it_is() -> None:
    found = hold_share(money(540_000), money(49_070, None), D(90))
    assert found.sentence == "£540k of £589k is 91.7%, not 90%: 90% would be £530k."
    assert (found.agrees, round(found.percent, 2)) == (False, D("91.67"))
    good = hold_share(money(530_000), money(59_000), D(90))
    assert good.sentence == "£530k of £589k is 90.0%, which is the rule's 90% as rounding allows."
    with pytest.raises(ContractError, match="no surplus"):
        hold_share(Money(0), Money(0), D(90))


def test_surplus_when_shared_by_the_rule_then_both_parts_make_it() -> None:
    found = share_surplus(Money(58_907_000), D(90))
    assert (found.goes_back, found.kept) == (53_016_300, 5_890_700)
    assert found.sentence == "90% of a surplus of £589,070 is £530,163, which goes back."
    over = share_surplus(money(-583_000), D(90))
    assert (over.goes_back, over.kept) == (0, -58_300_000)
    assert over.sentence == "There is an overspend of £583k, and the rule is about a surplus."
    for wrong in (D("-0.1"), D("100.1")):
        with pytest.raises(ContractError, match="between 0% and 100%"):
            share_surplus(Money(1), wrong)


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_surplus_when_any_then_no_penny_is_lost_and_the_share_is_the_rules(pence: int, basis_points: int) -> None:
    found = share_surplus(Money(pence), D(basis_points) / 100)
    assert found.goes_back + found.kept == pence
    assert abs(found.goes_back - Fraction(pence * basis_points, 10_000)) <= Fraction(1, 2)


def test_overspend_when_paid_then_what_is_left_of_it() -> None:
    """Report 003 §87: £4.945m in March and £0.886m to come, of £5,831k."""
    rest, words = still_to_pay(money(5_831_000), [money(4_945_000), money(886_000)])
    assert (rest.value, words) == (0, "£5.831m of the overspend of £5.831m is paid or agreed, which is all of it.")
    assert still_to_pay(money(5_832_000), [money(4_945_000), money(886_000)])[1].endswith(
        "all of it as rounding allows."
    )
    assert still_to_pay(money(5_831_000), [money(4_945_000)])[1].endswith("is paid or agreed; £886k is not.")
    assert still_to_pay(money(100_000), [money(150_000)])[1].endswith("is paid or agreed, £50k more than it.")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"covers_from": date(2015, 3, 1), "covers_until": date(2015, 2, 1)}, "ends before it starts"),
        ({"covers_from": date(2014, 3, 31)}, "outside 2014/15"),
        ({"covers_until": date(2015, 4, 1)}, "outside 2014/15"),
        ({"surplus_share_percent": D("100.01")}, "between 0% and 100%"),
        ({"stated_change": Money(1)}, "not both"),
    ],
)
def test_year_when_it_cannot_be_then_refused(more, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        replace(FIRST, **more)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (entry("split", V, money(1)), "is there twice"),
        (entry("x", V, money(1), part_of="gone"), "a part of gone, which is no entry"),
        (entry("x", V, money(1), part_of="x"), "a part of itself"),
        (entry("x", V, money(1), authority="  "), "needs an authority"),
        (entry("x", T, money(1)), "say which entries"),
        (entry("x", T, money(1), of=("gone",)), "say which entries"),
    ],
)
def test_entry_when_it_cannot_be_then_a_sentence(wrong: Entry, words: str) -> None:
    (found,) = problems(replace(FIRST, entries=(*FIRST.entries, wrong)))
    assert words in found


kinds = st.sampled_from([V, S, Kind.PAYMENT, Kind.RECEIPT])
amounts = st.lists(st.tuples(kinds, st.integers(-(10**9), 10**9)), max_size=8)


@given(st.integers(0, 10**10), amounts)
def test_bridge_when_any_entries_then_it_leads_to_the_sum_of_pence(original: int, entries) -> None:
    year = ContractYear(
        FinancialYear(2021), Money(original),
        tuple(entry(f"e{n}", kind, Money(pence)) for n, (kind, pence) in enumerate(entries)),
    )  # fmt: skip
    final = original + sum(pence for kind, pence in entries if kind in (V, S))
    assert bridge(year)[-1].running * 100 == final
    sums = sums_of(year)
    assert sums.final is not None
    assert sums.final.value * 100 == final
