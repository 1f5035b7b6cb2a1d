"""The first sentence about money: whether the year is within its contract sum, and who pays what is not."""

from collections.abc import Sequence

from finance.contract_sum import Money, still_to_pay
from finance.money import pence_of
from finance.outturn import variance_words
from indicators.balance import Amount
from indicators.units import round_half_up


def answer_words(year: str, contract: str, quarter: str, net: Amount | None, payments: Sequence[Money]) -> str:
    """Whether the outturn of a quarter is within the contract sum of its year, and what of an overspend is paid.

    `contract` is the final sum in words, `net` the net variance (below 0 an overspend). Empty without a variance.
    """
    if net is None:
        return ""
    stands = "Not within" if net.value < 0 else "Within"
    said = f"{stands} the contract sum of {year}, {contract}: {variance_words(net.value, net.quantum)} at {quarter}."
    if net.value >= 0 or not payments:
        return said
    overspend = Money(_pence(net), None if net.quantum is None else pence_of(net.quantum))
    return f"{said} {still_to_pay(overspend, payments)[1]}"


def _pence(net: Amount) -> int:
    return pence_of(round_half_up(net.value.copy_abs(), 2))
