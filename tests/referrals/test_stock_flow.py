"""Which stages reconcile: the quarter of report 003, and the rules for what cannot be checked."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from indicators.balance import Amount, BalanceOutcome, exact
from referrals.stages import STAGES
from referrals.stock_flow import stock_flow

WITH_STOCK = [one for one in STAGES if one.stock]
WITH_ALL = [one for one in WITH_STOCK if one.inflow and one.outflow]


def by_code(result):
    return {one.stage.code: one.result for one in result.stages}


def test_care_when_the_quarter_of_the_report_is_checked_then_it_does_not_reconcile_by_one() -> None:
    """Report 003 §39, §40, §83: 592 in December, 46 in, 47 out, 592 in March."""
    result = stock_flow(
        {"care-at-end": exact(592)},
        {"care-started": exact(46), "care-ended": exact(47), "care-at-end": exact(592)},
        names={"care-started": "Came into care"},
    )
    assert [one.stage.code for one in result.do_not_reconcile] == ["care"]
    assert by_code(result)["care"].difference == 1
    assert result.sentence() == (
        "Of 10 stages with a stock, 0 reconcile, 1 does not (In care), and 9 cannot be checked."
    )


def test_stages_when_checked_then_all_that_have_a_stock_and_no_others() -> None:
    result = stock_flow({}, {})
    assert [one.stage for one in result.stages] == WITH_STOCK
    assert result.not_checked == result.stages


def test_stage_when_it_has_no_inflow_of_its_own_then_never_called_reconciled() -> None:
    stocks = {one.stock: exact(0) for one in WITH_STOCK}
    flows = {code: exact(0) for one in STAGES for code in (one.inflow, one.outflow) if code}
    result = stock_flow(stocks, stocks | flows)
    assert {one.stage.code for one in result.reconcile} == {one.code for one in WITH_ALL}
    assert {one.stage.code for one in result.not_checked} == {
        "early-help", "adoption-system", "adoption-placement", "care-leaver"
    }  # fmt: skip
    assert "an inflow is missing" in by_code(result)["early-help"].sentence


def test_stage_when_a_flow_is_missing_then_called_by_its_name() -> None:
    stock = {"care-at-end": exact(592)}
    result = stock_flow(stock, stock | {"care-ended": exact(47)}, names={"care-started": "Came into care"})
    assert by_code(result)["care"].sentence == "Cannot be checked: “Came into care” is missing."


def test_stage_when_its_series_breaks_then_not_checked_and_the_others_are() -> None:
    stocks = {one.stock: exact(5) for one in WITH_ALL}
    flows = {code: exact(2) for one in WITH_ALL for code in (one.inflow, one.outflow)}
    result = stock_flow(stocks, stocks | flows, breaks={"cin-at-end": date(2021, 8, 1)})
    assert by_code(result)["child-in-need"].outcome is BalanceOutcome.SERIES_BREAK
    assert len(result.reconcile) == len(WITH_ALL) - 1
    assert "child-in-need" in {one.stage.code for one in result.not_checked}


def test_stage_when_its_numbers_are_rounded_then_rounding_is_allowed_for() -> None:
    ten = Decimal(10)
    values = {"care-started": Amount(Decimal(50), ten), "care-ended": Amount(Decimal(50), ten),
              "care-at-end": Amount(Decimal(600), ten)}  # fmt: skip
    assert by_code(stock_flow({"care-at-end": Amount(Decimal(590), ten)}, values))["care"].outcome is (
        BalanceOutcome.BALANCES
    )


def test_sentence_when_one_reconciles_then_in_the_singular() -> None:
    stock = {"care-at-end": exact(5)}
    flows = {"care-started": exact(0), "care-ended": exact(0)}
    assert stock_flow(stock, stock | flows).sentence().startswith("Of 10 stages with a stock, 1 reconciles, 0 do not, ")


maybe = st.none() | st.integers(0, 50).map(exact)


@given(data=st.data())
def test_stages_when_any_figures_are_given_then_each_is_counted_once_and_checked_by_plain_sums(data) -> None:
    opening = {one.stock: data.draw(maybe) for one in WITH_ALL}
    period = {code: data.draw(maybe) for one in WITH_ALL for code in (one.inflow, one.outflow, one.stock)}
    result = stock_flow(opening, period)
    assert len(result.reconcile) + len(result.do_not_reconcile) + len(result.not_checked) == len(WITH_STOCK)
    for one in WITH_ALL:
        four = [opening[one.stock], period[one.inflow], period[one.outflow], period[one.stock]]
        found = by_code(result)[one.code]
        if None in four:
            assert found.outcome is BalanceOutcome.MISSING
        else:
            first, came, went, last = (int(amount.value) for amount in four if amount)
            assert (found.outcome is BalanceOutcome.BALANCES) is (first + came - went == last)
            assert found.difference == last - (first + came - went)
