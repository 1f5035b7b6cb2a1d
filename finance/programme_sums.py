"""Whether the items of a funding programme make its totals, and its funds what it costs, year by year and in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.money import finest, money_words
from indicators.balance import Amount, BreakdownOutcome, breakdown
from indicators.phrases import listed
from indicators.units import WIDE, Unit, total_of

# The key of all years together, beside the slugs of financial years.
ALL = ""


@dataclass(frozen=True)
class Costed:
    """An item or a fund with its amounts by year; a heading has none."""

    code: str
    name: str
    amounts: Mapping[str, Amount]
    payee: str = ""


@dataclass(frozen=True)
class Check:
    """A total held against its parts; `agrees` also where rounding explains the difference."""

    sentence: str
    agrees: bool


def made_words(what: str, parts: Mapping[str, Amount | None], whole: Amount | None) -> Check:
    """ "The items of 2021/22 make £544,640, and £544,641 is printed. £1 out: as rounding allows."."""
    given = [amount for amount in parts.values() if amount is not None]
    made = total_of(amount.value for amount in given)
    said = f"{what} make {money_words(made, finest(given))}"
    if whole is None:
        return Check(f"{said}; no total is printed.", agrees=True)
    result = breakdown(whole, parts, unit=Unit.POUNDS)
    if result.outcome is BreakdownOutcome.MISSING:
        return Check(result.sentence, agrees=False)
    out, printed = WIDE.subtract(made, whole.value), money_words(whole.value, whole.quantum)
    if not out:
        return Check(f"{said}, as printed.", agrees=True)
    size = money_words(out.copy_abs(), finest((*given, whole)))
    if result.outcome is BreakdownOutcome.ADDS_UP:
        return Check(f"{said}, and {printed} is printed. {size} out: as rounding allows.", agrees=True)
    side = "more" if out > 0 else "less"
    return Check(f"{said}, and {printed} is printed: {size} {side}, which rounding does not explain.", agrees=False)


def programme_checks(
    items: Sequence[Costed], funds: Sequence[Costed], totals: Mapping[str, Amount], years: Mapping[str, str]
) -> list[Check]:
    """Items and funds against the totals of each year and of all, and the years of the totals against each other.

    `years` gives the label of each financial year by its slug, in order. Where no total is held, the funds are held
    against the items.
    """
    checks: list[Check] = []
    costed = [item for item in items if item.amounts]
    if not totals:
        return _funds_against_items(costed, funds, years)
    for slug, label in {**years, ALL: "all years"}.items():
        whole = totals.get(slug)
        if any(slug in item.amounts for item in costed):
            parts = {f"{item.code}. {item.name}": item.amounts.get(slug) for item in costed}
            checks.append(made_words(f"The items of {label}", parts, whole))
        if any(slug in fund.amounts for fund in funds):
            checks.append(made_words(f"The funds of {label}", {f.name: f.amounts.get(slug) for f in funds}, whole))
    for name, amounts in (("the total", totals), *((f"“{f.name}”", f.amounts) for f in funds)):
        if ALL in amounts and any(slug in amounts for slug in years):
            by_year = {label: amounts.get(slug) for slug, label in years.items()}
            checks.append(made_words(f"The years of {name}", by_year, amounts[ALL]))
    return checks


def _funds_against_items(items: Sequence[Costed], funds: Sequence[Costed], years: Mapping[str, str]) -> list[Check]:
    checks = []
    for slug, label in {**years, ALL: "all years"}.items():
        costs = [item.amounts[slug] for item in items if slug in item.amounts]
        given = [fund.amounts[slug] for fund in funds if slug in fund.amounts]
        cost, fund = total_of(a.value for a in costs), total_of(a.value for a in given)
        out = WIDE.subtract(fund, cost)
        said = f"The items of {label} cost {money_words(cost, finest(costs))}"
        said += (
            f", and the funds give {money_words(fund, finest(given))}" if given else ", and no fund gives to them yet"
        )
        if given and out:
            size = money_words(out.copy_abs(), finest([*costs, *given]))
            said += f": {size} {'more than they cost' if out > 0 else 'less than they cost'}"
        if costs or given:
            checks.append(Check(f"{said}.", agrees=not out))
    return checks


def paid_to(items: Sequence[Costed]) -> list[str]:
    """Who is paid for which items, and how much in all: "The trust is paid for items b, e and f: £230,000."."""
    by_payee: dict[str, list[Costed]] = {}
    for item in items:
        if item.payee and ALL in item.amounts:
            by_payee.setdefault(item.payee, []).append(item)
    told = []
    for payee, those in by_payee.items():
        amounts = [item.amounts[ALL] for item in those]
        letters = f"item{'' if len(those) == 1 else 's'} {listed([item.code for item in those])}"
        total = money_words(total_of(amount.value for amount in amounts), finest(amounts))
        told.append(f"{payee} is paid for {letters}: {total}.")
    return told


def left(cost: Amount | None, spent: Decimal | None) -> Decimal | None:
    """What of the cost is not spent; below 0 where more was; None where either is unknown."""
    return None if cost is None or spent is None else WIDE.subtract(cost.value, spent)
