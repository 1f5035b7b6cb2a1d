"""What is typed about money: brackets, refusals and doubts."""

from decimal import Decimal

import pytest

from finance.input_rules import MONEY_RULES, Given, Price, check_given, parse_money, parse_pence
from finance.unit_costs import Per
from indicators.checks_engine.rules import Severity
from indicators.units import NumberTextError


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,234.50", 123_450), ("(1,234)", -123_400), ("£(1,234.5)", -123_450), ("(£0.01)", -1), ("−4,638", -463_800),
        ("0", 0), ("(0)", 0),
    ],
)  # fmt: skip
def test_money_when_typed_as_in_accounts_then_read(text: str, pence: int) -> None:
    assert parse_pence(text) == pence


@pytest.mark.parametrize(
    ("text", "advice"),
    [("5%", "has a % sign"), ("1.255", "fraction of a penny"), ("(-5)", "brackets and a minus"), ("£4.6m", "letters"),
     ("", "Type a number"), ("(5", "bracket that does not belong")],
)  # fmt: skip
def test_money_when_it_cannot_be_read_then_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(NumberTextError, match=advice):
        parse_money(text)


@pytest.mark.parametrize("rule", MONEY_RULES, ids=lambda rule: rule.code)
def test_rule_when_tried_then_its_examples_pass_and_fail(rule) -> None:
    assert rule.find(rule.passing) == []
    (found,) = check_given(rule.failing)
    assert (found.rule, found.severity, bool(found.field)) == (rule.code, rule.severity, True)
    assert found.sentence.endswith(".")


def test_rules_when_something_is_left_out_then_they_find_nothing() -> None:
    assert check_given(Given()) == []
    part = Given(kind=MONEY_RULES[5].failing.kind, is_part=True)
    assert check_given(part) == []


def test_rules_when_several_are_broken_then_all_are_found_and_only_the_price_is_soft() -> None:
    found = check_given(
        Given(counts={"started": -2}, shares={"a": Decimal(101)}, prices={"p": Price(Decimal(281_721), Per.WEEK)})
    )
    assert [(f.rule, f.field, f.severity) for f in found] == [
        ("negative_count", "started", Severity.HARD), ("share_outside", "a", Severity.HARD),
        ("price_of_another_time", "p", Severity.SOFT),
    ]  # fmt: skip
    assert found[0].sentence == "−2 is below 0. Type 0 or more."
