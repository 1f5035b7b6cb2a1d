"""Printed numbers judged one by one: honest rounding is never called an error, and a wrong number is."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.checks_engine.comparison import Outcome
from indicators.checks_engine.rules import Severity
from indicators.checks_engine.statement_rules import RULES_BY_CHECK, STATEMENT_RULES, advice_for
from indicators.checks_engine.verdicts import judge_statement
from indicators.report_statements import Check
from tests.indicators.report_rows import a_row, the_statements

AGREES, ROUNDING, TRUNCATED, CONTRADICTS, UNKNOWN = Outcome


def judged(first, *others):
    """The verdict on the first row."""
    statements = the_statements(first, *others)
    return judge_statement(statements[first["code"]], statements)


def verdict_on(printed, check, *parts, number=None, quantum=None, **others):
    """The verdict on a number of 003 with its parts, each (print, number, quantum); `{0}` … name them."""
    codes = [f"003-p{n}" for n in range(len(parts))]
    kind, _, text = check.partition(" ")
    row = a_row("003-x", printed, number, check=kind, parts=text.format(*codes), **others)
    rows = [
        a_row(code, p, n, quantum=q, unit=others.get("part_unit", row["unit"] if kind not in _OTHER_UNIT else "count"))
        for code, (p, n, q) in zip(codes, parts, strict=True)
    ]
    row.pop("part_unit", None)
    return judged(row | ({"quantum": quantum} if quantum is not None else {}), *rows)


_OTHER_UNIT = {"share", "change", "ratio"}


def counts(*numbers):
    return [(str(n), str(n), "") for n in numbers]


# The rules and their examples


@pytest.mark.parametrize("rule", STATEMENT_RULES, ids=lambda rule: rule.code)
def test_rule_when_its_examples_are_judged_then_one_passes_and_one_fails(rule):
    assert judged(*rule.passing).outcome in (AGREES, ROUNDING)
    failing = judged(*rule.failing)
    assert (failing.outcome, failing.severity) == (CONTRADICTS, rule.severity)
    assert advice_for(failing) == rule.advice
    assert rule.advice.endswith(".")


def test_rules_when_counted_then_there_is_one_for_every_check():
    assert set(RULES_BY_CHECK) == set(Check)
    assert len(STATEMENT_RULES) == len(Check)


# Shares


def test_share_when_its_counts_give_another_then_both_places_are_quoted():
    share = a_row("003-24-share", "85%", check="share", parts="003-24-in-time / 003-24-all", paragraph="24")
    in_time = a_row("003-24-in-time", "1266", quote="of which 1266 (85%) were in timescale")
    verdict = judged(share, in_time, a_row("003-24-all", "1514", quote="1514 assessments were completed"))
    assert verdict.outcome is CONTRADICTS
    assert verdict.sentence == "1266 of 1514 is 83.6%, but 85% is printed."
    assert [(p.paragraph, p.quote) for p in verdict.places] == [
        ("24", "85%"), ("24", "of which 1266 (85%) were in timescale"), ("24", "1514 assessments were completed"),
    ]  # fmt: skip
    assert verdict.worked_out is not None
    assert round(verdict.worked_out, 4) == Decimal("83.6196")


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "outcome"),
    [
        ("84%", 1266, 1514, AGREES),
        ("83%", 1266, 1514, TRUNCATED),
        ("85%", 1266, 1514, CONTRADICTS),
        ("82%", 1266, 1514, CONTRADICTS),
        ("13%", 25, 200, AGREES),
        ("12%", 25, 200, TRUNCATED),
        ("0%", 0, 7, AGREES),
        ("100%", 7, 7, AGREES),
        ("100%", 199, 200, AGREES),
        ("99%", 199, 200, TRUNCATED),
        ("123%", 123, 100, CONTRADICTS),
        ("50%", 1, 0, UNKNOWN),
    ],
)
def test_share_when_judged_then_half_goes_up_and_cutting_off_is_its_own_verdict(
    printed, numerator, denominator, outcome
):
    assert verdict_on(printed, "share {0} / {1}", *counts(numerator, denominator)).outcome is outcome


def test_share_when_cut_off_then_the_sentence_gives_the_rounded_one():
    verdict = verdict_on("83%", "share {0} / {1}", *counts(61, 73))
    assert verdict.sentence == "61 of 73 is 83.6%. That is 84% when rounded; the printed 83% is cut off."
    assert verdict.severity is Severity.SOFT


@given(st.integers(1, 3000), st.data(), st.sampled_from(["1", "0.1", "0.01"]))
def test_share_of_true_counts_agrees_when_rounded_and_is_told_when_cut_off(denominator, data, unit):
    numerator = data.draw(st.integers(0, denominator))
    exact = Decimal(100) * numerator / denominator
    for rounding, allowed in ((ROUND_HALF_UP, {AGREES}), (ROUND_DOWN, {AGREES, TRUNCATED})):
        printed = str(exact.quantize(Decimal(unit), rounding))
        verdict = verdict_on(f"{printed}%", "share {0} / {1}", *counts(numerator, denominator), quantum=unit)
        assert verdict.outcome in allowed
        far = str(Decimal(printed) + 2 * Decimal(unit))
        if Decimal(far) <= 100:
            verdict = verdict_on(f"{far}%", "share {0} / {1}", *counts(numerator, denominator), quantum=unit)
            assert verdict.outcome is CONTRADICTS


# Changes


@pytest.mark.parametrize(
    ("printed", "number", "before", "after", "outcome"),
    [
        ("44%", None, 924, 1331, AGREES),
        ("19%", "-19", 2081, 1951, CONTRADICTS),
        ("6%", "-6", 2081, 1951, AGREES),
        ("6%", "6", 2081, 1951, CONTRADICTS),
        ("22%", None, 1473, 1807, TRUNCATED),
        ("5%", None, 0, 7, UNKNOWN),
    ],
)
def test_change_when_judged_then_it_is_in_percent_of_the_first_value(printed, number, before, after, outcome):
    assert verdict_on(printed, "change {0} -> {1}", *counts(before, after), number=number).outcome is outcome


def test_change_when_it_is_a_fall_then_the_sentence_says_so():
    verdict = verdict_on("19%", "change {0} -> {1}", *counts(2081, 1951), number="-19")
    assert verdict.sentence == "From 2081 to 1951 is a decrease of 6.2%, but 19% is printed."


# Rounded parts

PRINTS = st.tuples(st.integers(-400_000, 400_000), st.sampled_from([1, 10, 100, 1000]))


def as_print(value, unit):
    """What a paper prints of a value rounded to the unit, half up."""
    rounded = (Decimal(value) / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
    return f"£{rounded:,f}", str(rounded), str(unit)


@given(st.lists(st.tuples(PRINTS, st.sampled_from([1, -1])), min_size=1, max_size=9), st.sampled_from([1, 10, 1000]))
def test_sum_of_honestly_rounded_numbers_is_never_called_an_error(parts, unit):
    total = sum(sign * value for (value, _), sign in parts)
    text = " ".join(f"{'+' if sign > 0 else '-'} {{{n}}}" for n, (_, sign) in enumerate(parts)).removeprefix("+ ")
    shown, number, quantum = as_print(total, unit)
    rows = [as_print(value, step) for (value, step), _ in parts]
    found = verdict_on(shown, f"sum {text}", *rows, number=number, quantum=quantum, unit="pounds")
    assert found.outcome in (AGREES, ROUNDING)
    exactly = sum(sign * Decimal(row[1]) for row, (_, sign) in zip(rows, parts, strict=True)) == Decimal(number)
    assert (found.outcome is AGREES) >= exactly


@given(st.lists(PRINTS, min_size=1, max_size=6), st.integers(1, 1000))
def test_sum_when_further_off_than_all_rounding_together_then_contradicted(parts, more):
    rows = [as_print(value, unit) for value, unit in parts]
    room = sum((Decimal(quantum) for _, _, quantum in rows), Decimal(1)) / 2
    wrong = sum((Decimal(number) for _, number, _ in rows), Decimal(0)) + int(room) + 1 + more
    text = " + ".join(f"{{{n}}}" for n in range(len(rows)))
    found = verdict_on(f"£{wrong}", f"sum {text}", *rows, number=str(wrong), quantum="1", unit="pounds")
    assert found.outcome is CONTRADICTS


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from([1, 10, 1000]), st.sampled_from([1, 100]))
def test_quotient_of_honestly_rounded_numbers_is_never_called_an_error(top, bottom, step, unit):
    share = (Decimal(100) * top / bottom).quantize(Decimal(1), ROUND_HALF_UP)
    assume(share <= 100)
    parts = [as_print(top, step), as_print(bottom, unit)]
    found = verdict_on(f"{share}%", "share {0} / {1}", *parts, part_unit="pounds")
    assert found.outcome in (AGREES, ROUNDING, UNKNOWN)
    if found.outcome is UNKNOWN:
        assert Decimal(parts[1][1]) <= Decimal(unit) / 2


def test_parts_when_rounded_then_all_they_leave_possible_is_tried():
    parts = [("£0.5m", "500000", "100000"), ("£1.0m", "1000000", "100000")]
    for printed, outcome in (("50%", AGREES), ("43%", ROUNDING), ("58%", ROUNDING), ("42%", TRUNCATED)):
        assert verdict_on(printed, "share {0} / {1}", *parts, part_unit="pounds").outcome is outcome
    assert verdict_on("41%", "share {0} / {1}", *parts, part_unit="pounds").outcome is CONTRADICTS


def test_print_when_coarser_than_rounded_parts_then_it_agrees_within_rounding():
    parts = [("£21.4m", "21400000", "100000"), ("£1.383m", "1383000", "1000")]
    found = verdict_on("£22.8m", "sum {0} + {1}", *parts, number="22800000", quantum="100000", unit="pounds")
    assert found.outcome is ROUNDING
    assert found.sentence.startswith("£21.4m + £1.383m is £22,783,000, which rounds to the printed £22.8m;")


# The other kinds


@pytest.mark.parametrize(
    ("printed", "check", "parts", "outcome"),
    [
        ("14", "difference {0} -> {1}", (43, 57), AGREES),
        ("13", "difference {0} -> {1}", (43, 57), CONTRADICTS),
        ("592", "stock {0} + {1} - {2}", (592, 46, 46), AGREES),
        ("592", "stock {0} + {1} - {2}", (592, 46, 47), CONTRADICTS),
        ("520", "product {0} * 52", (10,), AGREES),
        ("521", "product {0} * 52", (10,), CONTRADICTS),
        ("4", "ratio {0} / {1}", (20, 5), AGREES),
        ("24", "rows {0} + {1} + {2}", (13, 6, 5), AGREES),
        ("25", "rows {0} + {1} + {2}", (13, 6, 5), CONTRADICTS),
        ("2", "count {0} + {1}", (7, 9), AGREES),
        ("3", "count {0} + {1}", (7, 9), CONTRADICTS),
        ("7", "same {0}", (7,), AGREES),
        ("7", "same {0}", (8,), CONTRADICTS),
    ],
)
def test_counts_when_judged_then_they_must_meet_exactly(printed, check, parts, outcome):
    assert verdict_on(printed, check, *counts(*parts)).outcome is outcome


def test_rows_when_they_differ_then_both_numbers_are_told():
    verdict = verdict_on("25", "rows {0} + {1} + {2}", *counts(13, 6, 5))
    assert verdict.sentence == "13 + 6 + 5 is 24, but 25 rows are printed."


@pytest.mark.parametrize(
    ("shares", "outcome"),
    [
        (("50", "50"), AGREES),
        (("33", "33", "33"), ROUNDING),
        (("33.3", "33.3", "33.3"), ROUNDING),
        (("33.3", "33.3", "33.2"), CONTRADICTS),
        (("43.9", "32.4", "18.7", "3.7", "3.4"), CONTRADICTS),
        (("120", "-20"), CONTRADICTS),
    ],
)
def test_shares_of_a_whole_when_judged_then_rounding_is_allowed_for(shares, outcome):
    rows = [a_row(f"003-p{n}", f"{share}%", quantum="0.1" if "." in share else "1") for n, share in enumerate(shares)]
    whole = a_row("003-x", "", "100", unit="percent", check="hundred", parts=" + ".join(r["code"] for r in rows))
    assert judged(whole, *rows).outcome is outcome


@pytest.mark.parametrize(
    ("printed", "other", "outcome"),
    [
        (("£49k", "49000", "1000"), ("£49,070", "49070", "1"), ROUNDING),
        (("£48k", "48000", "1000"), ("£49,070", "49070", "1"), CONTRADICTS),
        (("£0.1m", "100000", "100000"), ("£95k", "95000", "1000"), ROUNDING),
        (("£0.57m", "570000", "10000"), ("£578k", "578000", "1000"), TRUNCATED),
        (("£4.64m", "4640000", "10000"), ("£4,640,000", "4640000", "1"), AGREES),
    ],
)
def test_figure_printed_twice_when_rounded_otherwise_then_the_finer_print_must_round_to_it(printed, other, outcome):
    shown, number, quantum = printed
    found = verdict_on(shown, "same {0}", other, number=number, quantum=quantum, unit="pounds")
    assert found.outcome is outcome


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("less", "outcome"), [("499", CONTRADICTS), ("500", CONTRADICTS), ("501", TRUNCATED)])
def test_print_when_what_it_is_worked_out_from_ends_a_whole_unit_off_then_cutting_off_explains_nothing(
    sign, less, outcome
):
    """Of 581 thousand less 500, at least 580 thousand is left, which is cut off to 580 and never to 570."""
    parts = [("£581k", f"{sign}581000", "1000"), (f"£{less}", f"{sign}{less}", "")]
    found = verdict_on("£0.57m", "sum {0} - {1}", *parts, number=f"{sign}570000", quantum="10000", unit="pounds")
    assert found.outcome is outcome


def test_figure_printed_twice_when_one_place_has_none_then_it_is_a_contradiction_only_where_that_is_said():
    said = a_row("003-x", "data is not available", "", unit="percent", check="same", parts="003-y")
    verdict = judged(said, a_row("003-y", "23%"))
    assert verdict.outcome is CONTRADICTS
    assert verdict.sentence == "The other place has 23%, but “data is not available” is printed."
    silent = a_row("003-y", "", "", unit="percent", quote="awaited")
    assert judged(a_row("003-x", "23%", check="same", parts="003-y"), silent).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        ("2022-01-01", AGREES), ("2022-03-31", AGREES), ("2022-04-01", AGREES), ("2022-04-02", CONTRADICTS),
        ("2021-12-31", CONTRADICTS), ("2022-06-17", CONTRADICTS),
    ],
)  # fmt: skip
def test_day_when_judged_then_it_lies_in_its_period_or_is_the_day_after(day, outcome):
    row = a_row("003-x", day, day, unit="date", check="period", parts="2021-22-q4")
    assert judged(row).outcome is outcome


def test_days_when_printed_twice_then_they_must_be_the_same():
    first = a_row("003-y", "1 October 2014", "2014-10-01", unit="date")
    for day, outcome in (("2014-10-01", AGREES), ("2014-09-30", CONTRADICTS)):
        assert judged(a_row("003-x", day, day, unit="date", check="same", parts="003-y"), first).outcome is outcome


# About, over and under


@pytest.mark.parametrize(
    ("printed", "qualifier", "numerator", "denominator", "outcome"),
    [
        ("8%", "~", 70, 1000, AGREES),
        ("8%", "~", 69, 1000, CONTRADICTS),
        ("8%", "~", 90, 1000, AGREES),
        ("60%", "~", 57, 100, AGREES),
        ("60%", "~", 56, 100, CONTRADICTS),
        ("60%", "~", 565, 1000, CONTRADICTS),
        ("1%", "<", 9, 1000, AGREES),
        ("1%", "<", 10, 1000, CONTRADICTS),
        ("65%", ">", 66, 100, AGREES),
        ("65%", ">", 65, 100, CONTRADICTS),
    ],
)
def test_number_when_called_about_over_or_under_then_it_must_be_possible(
    printed, qualifier, numerator, denominator, outcome
):
    found = verdict_on(printed, "share {0} / {1}", *counts(numerator, denominator), qualifier=qualifier)
    assert found.outcome is outcome
    assert found.severity is (None if outcome is AGREES else Severity.SOFT if qualifier == "~" else Severity.HARD)


def test_part_when_it_has_no_end_then_nothing_is_claimed():
    over = a_row("003-y", "over 100", "100", qualifier=">")
    verdict = judged(a_row("003-x", "50%", check="share", parts="003-z / 003-y"), over, a_row("003-z", "60"))
    assert verdict.outcome is UNKNOWN
    assert "no upper end" in verdict.sentence


def test_part_when_it_is_approximate_or_under_then_all_of_it_is_possible():
    fewer = a_row("003-y", "fewer than 5", "5", qualifier="<")
    assert judged(a_row("003-x", "12", check="sum", parts="003-y + 003-z"), fewer, a_row("003-z", "10")).outcome is (
        ROUNDING
    )
    assert judged(a_row("003-x", "16", check="sum", parts="003-y + 003-z"), fewer, a_row("003-z", "10")).outcome is (
        CONTRADICTS
    )


def test_statement_when_a_part_is_missing_then_it_cannot_be_checked():
    statements = the_statements(
        a_row("003-x", "12", check="sum", parts="003-y + 003-z"), a_row("003-y", "5"), a_row("003-z", "", "", quote="?")
    )
    assert judge_statement(statements["003-x"], statements).outcome is UNKNOWN
    without = {code: s for code, s in statements.items() if code != "003-y"}
    assert judge_statement(statements["003-x"], without).outcome is UNKNOWN


def test_statement_when_it_has_no_check_then_it_cannot_be_judged():
    statements = the_statements(a_row("003-x", "12"))
    with pytest.raises(ValueError, match="no check"):
        judge_statement(statements["003-x"], statements)


def test_worked_out_value_when_close_to_a_half_then_enough_decimals_are_shown():
    verdict = verdict_on("14.5%", "share {0} / {1}", *counts(32, 223), quantum="0.1")
    assert verdict.sentence == "32 of 223 is 14.3498%, but 14.5% is printed."
