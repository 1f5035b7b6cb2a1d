"""Balances and breakdowns: the sums of the papers, what is missing, and every rounding tried a second way."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.balance import (
    Amount,
    BalanceOutcome,
    BreakdownOutcome,
    NoEnd,
    added_up,
    balance,
    break_between,
    breakdown,
    exact,
    shares,
)
from indicators.units import Unit

numbers = st.integers(0, 3000)


def printed(text: str, qualifier: str = "") -> Amount:
    """A number rounded to its last printed digit."""
    value = Decimal(text)
    return Amount(value, Decimal(1).scaleb(int(value.as_tuple().exponent)), qualifier)


def many(*texts: str, qualifier: str = "") -> dict[str, Amount]:
    return {f"part {n}": printed(text, qualifier) for n, text in enumerate(texts)}


def counts(*numbers: int) -> dict[str, Amount]:
    return {f"part {n}": exact(number) for n, number in enumerate(numbers)}


def a_balance(opening=592, came=46, went=47, closing=592, **options):
    amounts = [None if n is None else exact(n) for n in (opening, came, went, closing)]
    return balance(amounts[0], {"Started": amounts[1]}, {"Ended": amounts[2]}, amounts[3], **options)


# Stock and flow


def test_children_in_care_when_checked_then_one_more_than_the_flows_explain() -> None:
    """Report 003 §39, §40 and §83."""
    result = a_balance()
    assert result.outcome is BalanceOutcome.DOES_NOT_BALANCE
    assert result.difference == 1
    assert result.sentence == (
        "592 at the start, 46 in, 47 out make 591; 592 is reported: 1 more than the flows explain."
    )


@pytest.mark.parametrize(
    ("closing", "sentence"),
    [
        (591, "592 at the start, 46 in, 47 out make 591, as reported."),
        (590, "592 at the start, 46 in, 47 out make 591; 590 is reported: 1 fewer than the flows explain."),
        (1591, "592 at the start, 46 in, 47 out make 591; 1,591 is reported: 1,000 more than the flows explain."),
    ],
)
def test_stock_when_checked_then_the_sentence_says_by_how_much_and_which_way(closing: int, sentence: str) -> None:
    assert a_balance(closing=closing).sentence == sentence


def test_stock_when_there_are_several_flows_then_each_is_counted_and_named() -> None:
    came, went = {"By agreement": exact(20), "By order": exact(26)}, {"Home": exact(30), "Adopted": exact(17)}
    result = balance(exact(592), came, went, exact(591))
    assert result.outcome is BalanceOutcome.BALANCES
    assert result.sentence == "592 at the start, 20 and 26 in, 30 and 17 out make 591, as reported."


@pytest.mark.parametrize(
    ("values", "missing", "verb"),
    [
        ({"opening": None}, "the number at the start", "is"),
        ({"came": None}, "“Started”", "is"),
        ({"went": None}, "“Ended”", "is"),
        ({"closing": None}, "the number at the end", "is"),
        ({"opening": None, "went": None, "closing": None}, "the number at the start, “Ended” and the number at the end",
         "are"),
    ],
)  # fmt: skip
def test_stock_when_a_part_is_missing_then_it_is_named_and_never_taken_as_nothing(values, missing, verb) -> None:
    result = a_balance(**values)
    assert result.outcome is BalanceOutcome.MISSING
    assert not result.is_checked
    assert result.difference is None
    assert result.sentence == f"Cannot be checked: {missing} {verb} missing."


def test_stock_when_a_flow_is_not_counted_at_all_then_it_cannot_be_checked() -> None:
    result = balance(exact(1), {}, {}, exact(1))
    assert result.sentence == "Cannot be checked: an inflow and an outflow are missing."


def test_stock_when_nothing_came_or_went_then_0_is_a_number() -> None:
    assert a_balance(592, 0, 0, 592).outcome is BalanceOutcome.BALANCES


def test_stock_when_the_series_breaks_then_not_checked_even_where_the_sum_holds() -> None:
    result = a_balance(closing=591, break_on=date(2021, 8, 1))
    assert result.outcome is BalanceOutcome.SERIES_BREAK
    assert not result.is_checked
    assert "since August 2021 it is counted in another way" in result.sentence


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2021, 6, 30), None), (date(2021, 7, 1), date(2021, 7, 1)), (date(2021, 9, 30), date(2021, 9, 30)),
     (date(2021, 10, 1), None)],
)  # fmt: skip
def test_break_when_looked_for_then_after_the_opening_day_up_to_the_closing_day(day: date, expected) -> None:
    assert break_between(date(2021, 6, 30), date(2021, 9, 30), [day]) == expected


def test_breaks_when_several_then_the_first() -> None:
    days = [date(2021, 9, 1), date(2021, 8, 1)]
    assert break_between(date(2021, 6, 30), date(2021, 9, 30), days) == date(2021, 8, 1)


def test_stock_when_rounded_then_only_called_wrong_beyond_rounding() -> None:
    """All to the nearest 10: 590 + 50 − 50 = 590 may stand for 610 at the most."""
    for closing, outcome in ((610, BalanceOutcome.BALANCES), (620, BalanceOutcome.DOES_NOT_BALANCE)):
        tens = [Amount(Decimal(n), Decimal(10)) for n in (590, 50, 50, closing)]
        result = balance(tens[0], {"in": tens[1]}, {"out": tens[2]}, tens[3])
        assert result.outcome is outcome
    assert balance(tens[0], {"in": tens[1]}, {"out": tens[2]}, Amount(Decimal(600), Decimal(10))).sentence == (
        "590 at the start, 50 in, 50 out make 590 and 600 is reported: as rounding allows."
    )


def test_stock_when_a_limit_has_no_end_then_it_cannot_be_checked() -> None:
    result = balance(exact(10), {"in": Amount(Decimal(5), None, ">")}, {"out": exact(1)}, exact(14))
    assert result.sentence == "Cannot be checked: a number is only given as more than a limit."


# A whole and its parts


def test_child_in_need_plans_when_the_unknown_are_left_out_then_shown_as_not_stated() -> None:
    """Report 003 §28: 324 of 1,355 have no known start."""
    bands = counts(289, 230, 292, 152, 68)
    result = breakdown(exact(1355), bands)
    assert result.outcome is BreakdownOutcome.NOT_STATED
    assert result.sentence == "The categories make 1,031 of 1,355: 324 are not stated."
    whole = breakdown(exact(1355), bands, exact(324))
    assert whole.outcome is BreakdownOutcome.ADDS_UP
    assert whole.sentence == "The categories make 1,355, 324 of them not stated, which is the whole."


def test_reasons_for_leaving_care_when_added_up_then_the_47_of_the_table() -> None:
    """Report 003 §40, eleven reasons."""
    result = breakdown(exact(47), counts(3, 1, 3, 12, 8, 2, 4, 2, 3, 3, 6))
    assert result.outcome is BreakdownOutcome.ADDS_UP
    assert result.sentence == "The categories make 47, which is the whole."


def test_early_help_referrals_when_the_localities_make_fewer_then_the_rest_is_not_stated() -> None:
    """Report 001 §16 prints 3,554 and four localities that make 3,498."""
    result = breakdown(exact(3554), counts(932, 732, 865, 969))
    assert result.sentence == "The categories make 3,498 of 3,554: 56 are not stated."


def test_lead_agencies_when_the_shares_make_102_1_then_rounding_cannot_explain_it() -> None:
    """Report 001 §17."""
    result = shares(many("43.9", "32.4", "18.7", "3.7", "3.4"))
    assert result.outcome is BreakdownOutcome.CONTRADICTS
    assert result.sentence == (
        "The categories make 102.1%, 2.1 points more than the whole of 100%; rounding explains 0.25 points at most."
    )


def test_categories_of_abuse_when_approximate_then_99_5_is_the_whole() -> None:
    """Report 003 §35: approx. 51, 39, 7 and 2.5 per cent."""
    result = shares(many("51", "39", "7", "2.5", qualifier="~"))
    assert result.outcome is BreakdownOutcome.ADDS_UP
    assert result.sentence == "The categories make 99.5%, and the whole is 100%: as rounding allows."


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (("33.3", "33.3", "33.3"), BreakdownOutcome.ADDS_UP),
        (("33.4", "33.4", "33.4"), BreakdownOutcome.CONTRADICTS),
        (("33.35", "33.35", "33.31"), BreakdownOutcome.ADDS_UP),
        (("22.6", "15.1", "11.5", "9.1"), BreakdownOutcome.NOT_STATED),
        (("50.5", "49.6"), BreakdownOutcome.ADDS_UP),
        (("50.6", "49.6"), BreakdownOutcome.CONTRADICTS),
    ],
)
def test_shares_when_added_up_then_judged_by_half_a_unit_of_each_print(texts, outcome) -> None:
    assert shares(many(*texts)).outcome is outcome


def test_shares_when_exact_then_nothing_is_allowed_for_rounding() -> None:
    result = shares({"a": exact(60), "b": exact(41)})
    assert result.sentence == "The categories make 101%, 1 point more than the whole of 100%."


def test_whole_when_one_case_is_left_over_then_one_is_not_stated() -> None:
    assert breakdown(exact(10), counts(4, 5)).sentence == "The categories make 9 of 10: 1 is not stated."
    assert breakdown(exact(10), counts(4, 4), exact(1)).sentence == (
        "The categories make 9 of 10: 1 is not stated besides."
    )


@pytest.mark.parametrize(
    ("whole", "parts", "sentence"),
    [
        (None, counts(1), "Cannot be checked: the whole is missing."),
        (exact(5), {}, "Cannot be checked: every category is missing."),
        (exact(5), {"Neglect": None}, "Cannot be checked: “Neglect” is missing."),
        (exact(5), {"Neglect": None, "Physical": exact(3)},
         "Cannot be checked: “Neglect” is missing. The others make 3 of 5."),
    ],
)  # fmt: skip
def test_breakdown_when_something_is_missing_then_named(whole, parts, sentence) -> None:
    result = breakdown(whole, parts)
    assert (result.outcome, result.sentence) == (BreakdownOutcome.MISSING, sentence)


def test_breakdown_when_the_rest_is_more_than_the_whole_then_wrong_whatever_is_missing() -> None:
    result = breakdown(exact(5), {"Neglect": None, "Physical": exact(6)})
    assert result.outcome is BreakdownOutcome.CONTRADICTS


def test_categories_when_they_overlap_then_only_one_above_the_whole_is_wrong() -> None:
    assert breakdown(exact(5), counts(4, 5), overlaps=True).outcome is BreakdownOutcome.OVERLAPS
    result = breakdown(exact(5), {"Parenting": exact(6), "Debt": exact(2)}, overlaps=True)
    assert result.sentence == "“Parenting” is more than the whole of 5."
    assert result.outcome is BreakdownOutcome.CONTRADICTS


# Amounts


@pytest.mark.parametrize(
    ("amount", "span"),
    [
        (exact(5), ("5", "5")),
        (printed("51"), ("50.5", "51.5")),
        (printed("2.5"), ("2.45", "2.55")),
        (printed("51", "~"), ("48.45", "53.55")),
        (printed("2.5", "~"), ("2.375", "2.625")),
        (printed("7", "~"), ("6", "8")),
        (Amount(Decimal(7), None, "~"), ("6", "8")),
        (Amount(Decimal("2.5"), None, "~"), ("2.375", "2.625")),
        (Amount(Decimal(1), None, "<"), ("0", "1")),
    ],
)
def test_amount_when_printed_then_stands_for_so_much(amount: Amount, span: tuple[str, str]) -> None:
    assert amount.span() == (Decimal(span[0]), Decimal(span[1]))


def test_amount_when_more_than_a_limit_then_it_has_no_end() -> None:
    with pytest.raises(NoEnd):
        Amount(Decimal(1), None, ">").span()


@pytest.mark.parametrize(
    "wrong",
    [lambda: Amount(Decimal("NaN")), lambda: Amount(Decimal(1), Decimal(0)), lambda: Amount(Decimal(1), None, "≈")],
)
def test_amount_when_it_says_nothing_then_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"amount|qualifier"):
        wrong()


# Properties


@given(opening=numbers, came=numbers, went=numbers)
def test_stock_when_the_closing_is_what_the_flows_make_then_it_balances(opening: int, came: int, went: int) -> None:
    assert a_balance(opening, came, went, opening + came - went).outcome is BalanceOutcome.BALANCES


@given(opening=numbers, came=numbers, went=numbers, off=st.integers(-50, 50).filter(bool))
def test_stock_when_off_by_anything_then_by_how_much(opening: int, came: int, went: int, off: int) -> None:
    result = a_balance(opening, came, went, opening + came - went + off)
    assert (result.outcome, result.difference) == (BalanceOutcome.DOES_NOT_BALANCE, off)
    assert f"{abs(off)} {'more' if off > 0 else 'fewer'} than" in result.sentence


def ends(amount: Amount) -> tuple[Fraction, Fraction]:
    """Both ends of a print, by fractions."""
    half = Fraction(amount.quantum or 0) / 2
    return Fraction(amount.value) - half, Fraction(amount.value) + half


amounts = st.builds(
    lambda n, places: Amount(Decimal(n).scaleb(-places), Decimal(1).scaleb(-places)), st.integers(0, 600),
    st.integers(0, 1),
)  # fmt: skip


@given(st.tuples(amounts, amounts, amounts, amounts))
def test_stock_when_every_end_of_every_print_is_tried_then_the_same(four) -> None:
    opening, came, went, closing = four
    off = [o + c - w - z for o, c, w, z in product(*(ends(amount) for amount in four))]
    expected = min(off) <= 0 <= max(off)
    result = balance(opening, {"in": came}, {"out": went}, closing)
    assert (result.outcome is BalanceOutcome.BALANCES) is expected


@given(whole=amounts, parts=st.lists(amounts, min_size=1, max_size=4))
def test_whole_when_every_end_of_every_print_is_tried_then_the_same(whole: Amount, parts: list[Amount]) -> None:
    off = [z - sum(rest) for z, *rest in product(*(ends(amount) for amount in (whole, *parts)))]
    result = breakdown(whole, {str(n): part for n, part in enumerate(parts)})
    if max(off) < 0:
        assert result.outcome is BreakdownOutcome.CONTRADICTS
    elif min(off) > 0:
        assert result.outcome is BreakdownOutcome.NOT_STATED
    else:
        assert result.outcome is BreakdownOutcome.ADDS_UP


@given(parts=st.lists(numbers, min_size=1, max_size=8), rest=st.integers(0, 400))
def test_parts_when_added_to_what_is_not_stated_then_always_the_whole(parts: list[int], rest: int) -> None:
    whole = sum(parts) + rest
    result = breakdown(exact(whole), counts(*parts))
    said = f" of {whole:,}: {rest:,} {'is' if rest == 1 else 'are'} not stated." if rest else ", which is the whole."
    assert result.sentence == f"The categories make {sum(parts):,}{said}"
    assert breakdown(exact(whole), counts(*parts), exact(rest), Unit.COUNT).outcome is BreakdownOutcome.ADDS_UP


# A figure that others make


@pytest.mark.parametrize(
    ("whole", "plus", "minus", "holds"),
    [
        pytest.param(Amount(Decimal(32620), Decimal(1)), (36741, -4121), (), True, id="as it stands"),
        pytest.param(Amount(Decimal(-5931), Decimal(1)), (36741,), (42673,), True, id="one out, as rounding allows"),
        pytest.param(Amount(Decimal(-5930), Decimal(1)), (36741,), (42673,), False, id="two out"),
        pytest.param(None, (1,), (), None, id="no number"),
    ],
)
def test_figure_when_others_make_it_then_it_holds_as_far_as_rounding_allows(whole, plus, minus, holds) -> None:
    sides = ({str(n): Amount(Decimal(n), Decimal(1)) for n in side} for side in (plus, minus))
    assert added_up(whole, *sides, Unit.POUNDS).holds is holds


def test_figure_when_a_part_is_missing_or_has_no_end_then_it_is_not_checked() -> None:
    whole, one = Amount(Decimal(3)), Amount(Decimal(1))
    assert added_up(whole, {"gross": one, "income": None}, {}, Unit.POUNDS).sentence == (
        "Cannot be checked: “income” is missing."
    )
    assert added_up(whole, {"gross": Amount(Decimal(1), qualifier=">")}, {}, Unit.POUNDS).holds is None
