"""What somebody types or uploads about money: read as accounts write it, and refused or doubted in a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from finance.contract_sum import Kind
from finance.money import MoneyError, pence_of
from finance.unit_costs import PRICE_RULE, Per, doubt_about_price
from indicators.checks_engine.rules import Finding, Rule, Said, Severity, apply
from indicators.typed_text import quoted
from indicators.units import WIDE, NumberTextError, Unit, parse_number, total_of, written
from indicators.working_days import day_words

Numbers = Mapping[str, Decimal | int | None]
_WHOLE = Decimal(100)


def parse_money(text: str) -> Decimal:
    """A typed or pasted cell as pounds: "£1,234.50", "-1,234", and in brackets below 0: "(1,234)" is −1,234.

    Raises NumberTextError, with what to type instead, for a per cent sign, a fraction of a penny and all that
    `parse_number` refuses.
    """
    if "%" in text:
        raise NumberTextError(f"{quoted(text, 20)} has a % sign: type an amount in pounds.")
    number = parse_number(text, brackets_negative=True)
    try:
        pence_of(number)
    except MoneyError:
        raise NumberTextError(f"{quoted(text, 20)} has a fraction of a penny: type at most 2 decimals.") from None
    return number


def parse_pence(text: str) -> int:
    """As `parse_money`, in pence."""
    return pence_of(parse_money(text))


@dataclass(frozen=True)
class Price:
    """A price as typed, what it is said to be for, and what the rung usually costs a week where that is known."""

    amount: Decimal
    per: Per
    usual_weekly: Decimal | None = None


@dataclass(frozen=True)
class Given:
    """What is entered, by the name of its box; what a form does not have it leaves out.

    `shares` are per cents, and with `shares_of_one` parts of one whole. `ranges` are the lower and the upper end by the
    box of the upper, `parts` a part and its whole by the box of the part.
    """

    counts: Numbers = field(default_factory=dict)
    shares: Mapping[str, Decimal | None] = field(default_factory=dict)
    shares_of_one: bool = False
    amounts: Mapping[str, Decimal | None] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    starts_on: date | None = None
    ends_on: date | None = None
    kind: Kind | None = None
    authority: str = ""
    is_part: bool = False


def _negative_counts(given: Given) -> Iterator[Said]:
    for box, number in given.counts.items():
        if number is not None and number < 0:
            yield Said(f"{written(Decimal(number), Unit.COUNT)} is below 0.", box)


def _shares_outside(given: Given) -> Iterator[Said]:
    for box, share in given.shares.items():
        if share is not None and not 0 <= share <= _WHOLE:
            yield Said(f"{written(share, Unit.PERCENT)} is no share.", box)


def _shares_over(given: Given) -> Iterator[Said]:
    known = {box: share for box, share in given.shares.items() if share is not None}
    if not given.shares_of_one or not known:
        return
    total = total_of(known.values())
    least = WIDE.subtract(total, total_of(_half_a_digit(share) for share in known.values()))
    if least > _WHOLE:
        yield Said(f"The shares make {written(total, Unit.PERCENT)}.", next(iter(known)))


def _half_a_digit(share: Decimal) -> Decimal:
    last = min(int(share.normalize().as_tuple().exponent), 0)
    return WIDE.divide(Decimal(1).scaleb(last), Decimal(2))


def _pence(given: Given) -> Iterator[Said]:
    for box, amount in given.amounts.items():
        if amount is None:
            continue
        try:
            pence_of(amount)
        except MoneyError as error:
            yield Said(str(error), box)


def _end_before_start(given: Given) -> Iterator[Said]:
    if given.starts_on is not None and given.ends_on is not None and given.ends_on < given.starts_on:
        yield Said(
            f"It ends on {day_words(given.ends_on)}, before it starts on {day_words(given.starts_on)}.", "ends_on"
        )


def _without_authority(given: Given) -> Iterator[Said]:
    if given.kind is Kind.VARIATION and not given.is_part and not given.authority.strip():
        yield Said("A variation of the contract sum has no authority.", "authority")


def _parts_above(given: Given) -> Iterator[Said]:
    for box, (part, whole) in given.parts.items():
        if part > whole:
            yield Said(f"{part:,} is more than the {whole:,} that it is a part of.", box)


def _ranges_reversed(given: Given) -> Iterator[Said]:
    for box, (low, high) in given.ranges.items():
        if high < low:
            yield Said(f"{high:,} is the most, but {low:,} is the least.", box)


def _prices(given: Given) -> Iterator[Said]:
    for box, price in given.prices.items():
        doubt = doubt_about_price(price.amount, price.per, price.usual_weekly)
        if doubt is not None:
            yield Said(doubt.message, box)


_HARD, _SOFT = Severity.HARD, Severity.SOFT
_DAY, _DAY_BEFORE = date(2022, 4, 1), date(2022, 3, 31)

MONEY_RULES: tuple[Rule[Given], ...] = (
    Rule("negative_count", _HARD, "Type 0 or more.", _negative_counts,
         Given(counts={"started": 0, "ended": None}), Given(counts={"started": -1})),
    Rule("share_outside", _HARD, "A share lies between 0% and 100%.", _shares_outside,
         Given(shares={"a": Decimal(0), "b": _WHOLE}), Given(shares={"a": Decimal("100.1")})),
    Rule("shares_over_hundred", _HARD, "Shares of one whole make 100% at most.", _shares_over,
         Given(shares={"a": Decimal("41.5"), "b": Decimal("58.6")}, shares_of_one=True),
         Given(shares={"a": Decimal("41.5"), "b": Decimal("58.7")}, shares_of_one=True)),
    Rule("fraction_of_a_penny", _HARD, "Type at most 2 decimals.", _pence,
         Given(amounts={"amount": Decimal("1.25"), "other": None}), Given(amounts={"amount": Decimal("1.255")})),
    Rule("end_before_start", _HARD, "Correct one of the two days.", _end_before_start,
         Given(starts_on=_DAY, ends_on=_DAY), Given(starts_on=_DAY, ends_on=_DAY_BEFORE)),
    Rule("variation_without_authority", _HARD, "Say who agreed it and where, for example Cabinet, 8 September 2021.",
         _without_authority, Given(kind=Kind.VARIATION, authority="Cabinet"), Given(kind=Kind.VARIATION)),
    Rule("part_above_whole", _HARD, "Correct the part or the whole.", _parts_above,
         Given(parts={"unaccompanied": (6, 6)}), Given(parts={"unaccompanied": (7, 6)})),
    Rule("range_reversed", _HARD, "Type the smaller number first.", _ranges_reversed,
         Given(ranges={"beds_max": (14, 14)}), Given(ranges={"beds_max": (16, 14)})),
    Rule(PRICE_RULE, _SOFT, "Check whether it is for a week or for a year; a reason is enough to keep it.", _prices,
         Given(prices={"price": Price(Decimal(15_750), Per.WEEK)}),
         Given(prices={"price": Price(Decimal(7_661), Per.YEAR)})),
)  # fmt: skip


def check_given(given: Given) -> list[Finding]:
    """Everything that is wrong (HARD) or odd (SOFT) with what is entered, in the order of the rules."""
    return apply(MONEY_RULES, given)
