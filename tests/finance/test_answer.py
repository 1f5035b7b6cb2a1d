"""The first sentence about money: within the contract sum or not, and who pays."""

from decimal import Decimal

import pytest

from finance.answer import answer_words
from finance.contract_sum import Money
from finance.views.overview import answer
from indicators.balance import Amount
from indicators.operations.slices import add_dimension
from indicators.quarters import Quarter
from tests import builders as b
from tests.finance.money_world import a_contract_year
from tests.finance.outturn_world import a_line

PAID = [Money(494_500_000, 100_000), Money(88_600_000, 100_000)]


def said(net: Amount | None, payments=PAID) -> str:
    return answer_words("2021/22", "£61.31m", "2021/22 Q4", net, payments)


def test_overspend_when_it_is_paid_then_it_is_not_within_and_says_who_pays() -> None:
    assert said(Amount(Decimal(-5_832_000), Decimal(1000))) == (
        "Not within the contract sum of 2021/22, £61.31m: £5.832m overspend at 2021/22 Q4. £5.831m of the overspend of "
        "£5.832m is paid or agreed, which is all of it as rounding allows."
    )


@pytest.mark.parametrize(("net", "how"), [(250_000, "£250,000 underspend"), (0, "on budget")])
def test_outturn_when_there_is_no_overspend_then_within_and_nothing_is_said_of_payments(net, how) -> None:
    assert said(Amount(Decimal(net))) == f"Within the contract sum of 2021/22, £61.31m: {how} at 2021/22 Q4."


def test_outturn_when_it_has_no_total_or_nobody_pays_then_nothing_is_made_up() -> None:
    assert said(None) == ""
    assert said(Amount(Decimal("-10.005")), []) == (
        "Not within the contract sum of 2021/22, £61.31m: £10.01 overspend at 2021/22 Q4."
    )


@pytest.mark.django_db
def test_overview_when_a_later_outturn_has_no_contract_sum_then_the_latest_year_that_has_one_is_told() -> None:
    add_dimension(code="head", name="Heading", kind="partition", categories=[("cla", "Care")])
    lines = [a_line(key) for key in ("variance-net", "variance-net/head=cla")]
    here = a_contract_year(2021).partnership
    assert answer(here) == ""
    for period, value in ((Quarter(2021, 3), 5), (Quarter(2021, 4), -300), (Quarter(2022, 1), 7)):
        for line in lines:
            b.a_figure(line, period, value=value)
    assert answer(here).startswith("Not within the contract sum of 2021/22, £1,000,000: £300 overspend at 2021/22 Q4.")
