"""Units: working out, rounding, writing and reading numbers."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import units
from indicators.units import (
    EmptyCohort,
    NumberTextError,
    Unit,
    difference_written,
    factor,
    is_ratio,
    is_share,
    parse_number,
    parse_value,
    ratio,
    round_half_up,
    total_of,
    written,
    written_apart,
    written_exactly,
    written_plain,
)

D = Decimal
relaxed = settings(deadline=None)
stored = st.decimals(D("-99999999999"), D("99999999999"), places=4)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.PERCENT, 100),
        (Unit.COUNT, 1),
        (Unit.DAYS, 1),
        (Unit.PER_10000, 10_000),
        (Unit.PER_100000, 100_000),
        (Unit.POUNDS, 1),
    ],
)
def test_factor(unit, expected):
    assert factor(unit) == expected
    assert is_ratio(unit) == (expected > 1)
    assert is_share(unit) == (expected == 100)


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "expected"),
    [
        (42, 75, Unit.PERCENT, "56"),
        (0, 75, Unit.PERCENT, "0"),
        (104, 100, Unit.PERCENT, "104"),
        (463, 1, Unit.DAYS, "463"),
        (926, 2, Unit.DAYS, "463"),
        (31, 25000, Unit.PER_100000, "124"),
        (7, 1000, Unit.PER_10000, "70"),
        (D("12.5"), 50, Unit.PERCENT, "25"),
    ],
)
def test_ratio(numerator, denominator, unit, expected):
    assert ratio(numerator, denominator, unit) == D(expected)


def test_ratio_is_not_rounded():
    value = ratio(1266, 1514, Unit.PERCENT)
    assert D("83.61955085865257") < value < D("83.61955085865258")
    assert len(value.as_tuple().digits) >= 50


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("numerator", [0, 3])
def test_a_share_of_nobody_is_no_number(unit, numerator):
    """Not 0% (reads as failure) and not 100% (reads as success), in either direction."""
    with pytest.raises(EmptyCohort):
        ratio(numerator, 0, unit)


@pytest.mark.parametrize("bad", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_not_a_number_is_never_written(bad):
    for call in (
        lambda: written(D(bad), Unit.COUNT),
        lambda: round_half_up(D(bad), 0),
        lambda: ratio(D(bad), 1, Unit.COUNT),
        lambda: difference_written(D(bad), Unit.COUNT),
        lambda: written_exactly(D(bad), Unit.COUNT),
    ):
        with pytest.raises(ValueError, match="is not a number"):
            call()


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),
        ("-2.5", 0, "-3"),
        ("0.5", 0, "1"),
        ("89.95", 1, "90.0"),
        ("89.949", 1, "89.9"),
        ("-0.04", 1, "0.0"),
        ("1.005", 2, "1.01"),
        ("99999999999.9999", 2, "100000000000.00"),
        ("0." + "4" + "9" * 45, 0, "0"),
    ],
)
def test_round_half_up(value, places, expected):
    assert str(round_half_up(D(value), places)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "places", "qualifier", "expected"),
    [
        ("85", Unit.PERCENT, None, "", "85%"),
        ("22.3", Unit.PERCENT, None, "", "22.3%"),
        ("13.78", Unit.PERCENT, None, "", "13.78%"),
        ("83.6195508", Unit.PERCENT, None, "", "83.62%"),
        ("83.6195508", Unit.PERCENT, 1, "", "83.6%"),
        ("85", Unit.PERCENT, 1, "", "85.0%"),
        ("1266", Unit.COUNT, None, "", "1,266"),
        ("0", Unit.COUNT, None, "", "0"),
        ("0.00", Unit.PERCENT, None, "", "0%"),
        ("100", Unit.PERCENT, None, "", "100%"),
        ("1E+3", Unit.COUNT, None, "", "1,000"),
        ("12.50", Unit.COUNT, None, "", "12.5"),
        ("463", Unit.DAYS, None, "", "463 days"),
        ("1", Unit.DAYS, None, "", "1 day"),
        ("0", Unit.DAYS, None, "", "0 days"),
        ("1.5", Unit.DAYS, None, "", "1.5 days"),
        ("124", Unit.PER_100000, None, "", "124 per 100,000"),
        ("70.4", Unit.PER_10000, None, "", "70.4 per 10,000"),
        ("5832000", Unit.POUNDS, None, "", "£5,832,000"),
        ("-4638", Unit.POUNDS, None, "", "−£4,638"),
        ("12.5", Unit.POUNDS, None, "", "£12.50"),
        ("12.5", Unit.POUNDS, 0, "", "£13"),
        ("-0.004", Unit.POUNDS, None, "", "£0"),
        ("-3", Unit.PERCENT, None, "", "−3%"),
        ("1", Unit.PERCENT, None, "<", "<1%"),
        ("5", Unit.PERCENT, None, ">", ">5%"),
        ("8", Unit.PERCENT, None, "~", "approx. 8%"),
        ("4", Unit.DAYS, None, "<", "<4 days"),
        ("1", Unit.DAYS, None, "<", "<1 day"),
        ("99999999999", Unit.COUNT, None, "", "99,999,999,999"),
    ],
)
def test_written(value, unit, places, qualifier, expected):
    assert written(D(value), unit, places, qualifier) == expected


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "expected"),
    [
        ("463", Unit.DAYS, "", "463"),
        ("124", Unit.PER_100000, "", "124"),
        ("85", Unit.PERCENT, "", "85%"),
        ("-4638", Unit.POUNDS, "", "−£4,638"),
        ("1", Unit.PERCENT, "<", "<1%"),
    ],
)
def test_written_plain(value, unit, qualifier, expected):
    assert written_plain(D(value), unit, None, qualifier) == expected


def test_an_unknown_qualifier_is_refused():
    with pytest.raises(ValueError, match="qualifier"):
        written(D(1), Unit.COUNT, None, "≤")


@pytest.mark.parametrize(
    ("value", "unit", "places", "expected"),
    [
        ("-8.8", Unit.PERCENT, None, "8.8 points"),
        ("1", Unit.PERCENT, None, "1 point"),
        ("-1.0", Unit.PERCENT, 1, "1.0 points"),
        ("-3", Unit.DAYS, None, "3 days"),
        ("-1", Unit.DAYS, None, "1 day"),
        ("12", Unit.COUNT, None, "12"),
        ("-70", Unit.PER_100000, None, "70 per 100,000"),
        ("-4638", Unit.POUNDS, None, "£4,638"),
        ("-0." + "4" + "9" * 40, Unit.COUNT, 0, "0"),
    ],
)
def test_difference_written(value, unit, places, expected):
    assert difference_written(D(value), unit, places) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("90", "90%"), ("90.00", "90%"), ("99.9950", "99.995%"), ("1E+2", "100%"), ("0", "0%")]
)
def test_written_exactly(value, expected):
    assert written_exactly(D(value), Unit.PERCENT) == expected


@pytest.mark.parametrize(
    ("value", "edge", "places", "expected"),
    [
        ("89.96", "90", 1, "89.96%"),
        ("89.96", "90", 0, "89.96%"),
        ("89.94", "90", 1, "89.9%"),
        ("90", "90", 1, "90.0%"),
        ("89.999999999", "90", 1, "89.999999999%"),
        ("25.04", "25", 1, "25.04%"),
        ("85", "90", None, "85%"),
        ("90.001", "90", None, "90.001%"),
    ],
)
def test_written_apart_never_hides_the_side(value, edge, places, expected):
    assert written_apart(D(value), [D(edge)], Unit.PERCENT, places) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("85", "85"),
        ("85.0", "85.0"),
        (" 85 % ", "85"),
        ("85%", "85"),
        ("1,266", "1266"),
        ("1,234,567.89", "1234567.89"),
        ("1266", "1266"),
        ("£5,832,000", "5832000"),
        ("£ 12.50", "12.50"),
        ("-4638", "-4638"),
        ("−£4,638", "-4638"),
        ("-£4,638", "-4638"),
        ("\u00a0 12 \u00a0", "12"),
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("0.1234", "0.1234"),
        ("99999999999", "99999999999"),
    ],
)
def test_accepted_numbers(text, expected):
    number = parse_number(text)
    assert number == D(expected)
    assert str(number) == expected


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "Type a number"),
        ("   ", "Type a number"),
        ("n/a", "letters"),
        ("12a", "letters"),
        ("1e5", "letters"),
        ("0x10", "letters"),
        ("(1,234)", "minus sign"),
        ("-", "type 0 if there were none"),
        ("—", "type 0 if there were none"),
        ("1,23", "comma"),
        ("12,34", "comma"),
        ("1,2345", "comma"),
        ("0,123", "comma"),
        ("1234,567", "comma"),
        (",123", "comma"),
        ("1.2.3", "one point"),
        ("5.12345", "at most 4"),
        ("5.", "is not a number"),
        (".5", "is not a number"),
        ("NaN", "is not a number"),
        ("-NaN", "is not a number"),
        ("inf", "is not a number"),
        ("Infinity", "is not a number"),
        ("123456789012", "at most 11 digits"),
        ("123,456,789,012", "at most 11 digits"),
        ("１２", "digits of another alphabet"),
        ("٣", "digits of another alphabet"),
        ("12 34", "is not a number"),
        ("--5", "is not a number"),
        ("+5", "is not a number"),
        ("5-", "minus sign behind"),
        ("<5", "is not a number"),
        ("=1+1", "is not a number"),
        ("£5%", "both £ and %"),
        ("5%%", "is not a number"),
        ("$5", "is not a number"),
        ("9" * 5000, "at most 11 digits"),
        ("1\n2", "is not a number"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_refused_numbers(text, advice):
    with pytest.raises(NumberTextError) as caught:
        parse_number(text)
    assert advice in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 140


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(1,234)", "-1234"), ("(£1,234.50)", "-1234.50"), ("£(1,234)", "-1234"), ("£ ( 0.5 )", "-0.5"), ("(0)", "0"),
     ("1,234", "1234"), ("-1,234", "-1234")],
)  # fmt: skip
def test_brackets_when_money_is_read_then_they_are_below_0_and_otherwise_refused(text, expected):
    assert str(parse_number(text, brackets_negative=True)) == expected
    if "(" in text:
        with pytest.raises(NumberTextError):
            parse_number(text)


@pytest.mark.parametrize("text", ["[c]", "[k]", "[low]", "[u]", "[w]", "[x]", " [Z] ", "[..]", "[:]"])
def test_brackets_when_they_hold_a_shorthand_of_statistics_then_it_is_named_as_one(text):
    with pytest.raises(NumberTextError, match="is a shorthand for a missing figure: leave the box empty and choose"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [("(-5)", "brackets and a minus sign"), ("-(5)", "a bracket that"), ("(5", "a bracket that"),
     ("5)", "a bracket that"), ("((5))", "a bracket that"), ("()", "Type a number"), ("(1,23)", "comma"),
     ("(abc)", "letters"), ("£(£5)", "two £ signs")],
)  # fmt: skip
def test_brackets_when_they_hold_no_number_then_they_are_refused(text, advice):
    with pytest.raises(NumberTextError, match=advice):
        parse_number(text, brackets_negative=True)


@relaxed
@given(stored, st.sampled_from([Unit.PERCENT, Unit.COUNT, Unit.POUNDS]))
def test_what_is_written_is_read_back(value, unit):
    assert parse_number(written(value, unit, 4)) == value
    assert parse_number(written(value, unit)) == round_half_up(value, 2)


@relaxed
@given(stored, st.integers(0, 4))
def test_rounding_moves_by_at_most_half_a_unit_and_away_from_zero_at_a_tie(value, places):
    rounded = round_half_up(value, places)
    half = D(5).scaleb(-places - 1)
    assert abs(rounded - value) <= half
    if abs(rounded - value) == half:
        assert abs(rounded) > abs(value)
    assert round_half_up(value.copy_negate(), places) == rounded.copy_negate()


@relaxed
@given(stored, stored, st.integers(0, 3))
def test_rounding_keeps_order(first, second, places):
    low, high = sorted((first, second))
    assert round_half_up(low, places) <= round_half_up(high, places)


@relaxed
@given(st.integers(0, 10**11), st.integers(1, 10**11), st.sampled_from(list(Unit)))
def test_ratio_times_denominator_is_the_numerator_whatever_the_callers_precision(numerator, denominator, unit):
    with localcontext(prec=4):
        value = ratio(numerator, denominator, unit)
    back = units.WIDE.multiply(value, D(denominator))
    assert abs(back - numerator * factor(unit)) < D("1e-30")


@relaxed
@given(st.lists(stored, max_size=50))
def test_sums_are_exact(numbers):
    assert total_of(numbers) * 10_000 == sum(int(number * 10_000) for number in numbers)


@relaxed
@given(stored, stored, st.one_of(st.none(), st.integers(0, 3)))
def test_a_value_is_never_printed_on_the_wrong_side_of_its_target(value, edge, places):
    printed = parse_number_with_any_decimals(written_apart(value, [edge], Unit.PERCENT, places))
    assert (printed > edge, printed < edge) == (value > edge, value < edge)


def parse_number_with_any_decimals(text):
    return D(text.replace("−", "-").replace(",", "").removesuffix("%"))


@relaxed
@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused_with_one_sentence(text):
    try:
        sentence = f"{parse_number(text)}."
    except NumberTextError as error:
        sentence = str(error)
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("66", Unit.PERCENT, "66"),
        (" 66.5 % ", Unit.PERCENT, "66.5"),
        ("66 per cent", Unit.PERCENT, "66"),
        ("12 days", Unit.DAYS, "12"),
        ("124 per 10,000", Unit.PER_10000, "124"),
        ("1,266", Unit.COUNT, "1266"),
        ("−£1,200", Unit.POUNDS, "-1200"),
        ("100", Unit.PERCENT, "100"),
    ],
)
def test_value_when_typed_with_the_sign_of_its_unit_then_read(text, unit, value):
    assert parse_value(text, unit) == D(value)


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("160", Unit.PERCENT, "more than the whole"),
        ("-1", Unit.COUNT, "below 0"),
        ("60%", Unit.COUNT, "in another unit: type a number"),
        ("£12", Unit.DAYS, "in another unit: type a number of days"),
        ("5%", Unit.POUNDS, "in another unit: type an amount in pounds"),
    ],
)
def test_value_when_it_cannot_be_one_of_its_unit_then_refused_with_what_to_type(text, unit, told):
    with pytest.raises(NumberTextError, match=told):
        parse_value(text, unit)
