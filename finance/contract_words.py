"""What pages say of a contract sum: which way an amount goes, what a year came to, what is odd about a draft."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from finance.contract_sum import (
    ORIGINAL,
    ContractYear,
    Entry,
    Kind,
    OfWhichOutcome,
    change_words,
    of_which,
    precision_of,
    sums_of,
    written_to,
)
from finance.money import in_words, money_words, pounds_of
from indicators.balance import Amount
from indicators.phrases import lowered
from indicators.units import WIDE, Unit, written

# How an amount above and below 0 goes on.
SIDES = {
    Kind.VARIATION: ("more", "less"),
    Kind.SURPLUS_SHARE: ("to the provider", "back to the council"),
    Kind.PAYMENT: ("to the provider", "back from the provider"),
    Kind.RECEIPT: ("to the provider", "back from the provider"),
    Kind.STATED_TOTAL: ("", "below nothing"),
}
GROUPS = {
    Kind.VARIATION: "Variations of the sum",
    Kind.SURPLUS_SHARE: "Share of a surplus or overspend",
    Kind.RECEIPT: "Other money received, beside the sum",
    Kind.PAYMENT: "Payments",
}
OF_ORIGINAL = "Of the original sum"
_KIND_WORDS = {
    Kind.VARIATION: "Variation",
    Kind.SURPLUS_SHARE: "Share of a surplus or overspend",
    Kind.PAYMENT: "Payment",
    Kind.RECEIPT: "Other money received",
    Kind.STATED_TOTAL: "Total as printed",
}


def sided(value: Decimal, quantum: Decimal | None, sides: tuple[str, str]) -> str:
    """The size with the word for its sign: "£551k more", "£540k back to the council"; 0 has none."""
    size = money_words(value.copy_abs(), quantum)
    word = "" if not value else sides[0] if value > 0 else sides[1]
    return f"{size} {word}".strip()


def entry_words(entry: Entry) -> str:
    """The amount of an entry with its sign in words; a part is simply so much of its whole."""
    amount = entry.money.amount
    sides = SIDES[entry.kind]
    return sided(amount.value, amount.quantum, ("", sides[1]) if entry.part_of else sides)


def kind_words(kind: Kind) -> str:
    """What an entry is, in words."""
    return _KIND_WORDS[kind]


def added_up(parts: Sequence[Amount]) -> str:
    """ "£21.4m + £1.383m − £540k": how a sum comes about; empty for one number."""
    if len(parts) < 2:
        return ""
    first, *rest = parts
    signs = (f"{'−' if a.value < 0 else '+'} {money_words(a.value.copy_abs(), a.quantum)}" for a in rest)
    return " ".join((in_words(first), *signs))


def lead_words(year: ContractYear) -> str:
    """What the contract sum of a year came to, in a sentence."""
    sums, at = sums_of(year), precision_of(year)
    if year.original is None or sums.revised is None or sums.final is None:
        return change_words(year)
    words = f"The original sum of {year.year.label} is {year.original.words}"
    if sums.variations.value:
        number = len(year.counted(Kind.VARIATION))
        side = "more" if sums.variations.value > 0 else "less"
        size = money_words(sums.variations.value.copy_abs(), at)
        words += f"; {counted(number, 'variation')} of {size} {side} {'makes' if number == 1 else 'make'} it "
        words += money_words(sums.revised.value, at)
    if sums.returned.value:
        size = sided(sums.returned.value, at, SIDES[Kind.SURPLUS_SHARE])
        words += f"; {size} leaves a final sum of {money_words(sums.final.value, at)}"
    return f"{words}."


def counted(number: int, noun: str) -> str:
    """ "1 variation", "2 variations", "2 entries"."""
    several = f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else several}"


def rule_words(year: ContractYear) -> str:
    """The rule for sharing a surplus; empty where none is known."""
    if year.surplus_share_percent is None:
        return ""
    return f"{written(year.surplus_share_percent, Unit.PERCENT)} of a surplus goes back to the council."


def parts_words(year: ContractYear, code: str) -> str:
    """How the parts named of an entry, or of the original sum, stand to it; "" where none is named, or one as a whole.

    Papers divide an amount in more than one way. Where the first parts make it, they are named as one way.
    """
    found = of_which(year, code)
    if found is None:
        return ""
    parts = found.parts
    if found.outcome is OfWhichOutcome.OVERLAPS:
        for number in range(2, len(parts)):
            way = of_which(year, code, [part.code for part in parts[:number]])
            if way is not None and way.outcome is OfWhichOutcome.ADDS_UP:
                made, rest = added_up([part.money.amount for part in parts[:number]]), len(parts) - number
                others = counted(rest, "part")
                return (
                    f"{made} make it; the other {others} {'divides' if rest == 1 else 'divide'} it in another way and "
                    f"{'is' if rest == 1 else 'are'} not added."
                )
    return found.sentence


def doubts(year: ContractYear, entry: Entry) -> list[str]:
    """What is odd about a drafted entry, one sentence each; none of it forbids the entry."""
    found = []
    size = abs(entry.money.pence)
    original = year.original.pence if year.original else 0
    words = entry.money.words
    if original and size > original:
        hundredth = money_words(pounds_of(size).scaleb(-2))
        found.append(
            f"{words} is more than the original sum of {year.original.words if year.original else ''}. "
            f"If it was typed in pence, {hundredth} is meant."
        )
    elif original >= _LARGE and size < original // _TINY:
        thousands = money_words(WIDE.multiply(pounds_of(size), Decimal(1000)))
        found.append(f"{words} is very little beside the original sum. If thousands were meant, it is {thousands}.")
    same = [
        other for other in year.entries
        if (other.kind, other.money.pence) == (entry.kind, entry.money.pence) and other.code != entry.code
    ]  # fmt: skip
    if same:
        state = "waits for a decision" if not same[0].is_approved else "is in the year already"
        found.append(f"A {lowered(kind_words(entry.kind))} of {words} {state}: “{same[0].name}”.")
    if entry.kind in (Kind.PAYMENT, Kind.RECEIPT) and entry.money.pence < 0:
        found.append(f"It is below £0, so it takes money back from the provider: {entry_words(entry)}.")
    if entry.kind is Kind.SURPLUS_SHARE and entry.money.pence > 0:
        found.append("It is above £0, so it goes to the provider. What goes back to the council is below £0.")
    if entry.part_of and (whole := _size_of(year, entry.part_of)) is not None:
        others = sum(e.money.pence for e in year.parts_of(entry.part_of) if e.code != entry.code)
        if abs(entry.money.pence + others) > abs(whole):
            found.append("With it the parts named are more than what they are a part of.")
    return found


# A year in millions with an entry of less than a 20,000th of it: £832 of £21.4m.
_LARGE, _TINY = 100_000_000, 20_000


def _size_of(year: ContractYear, code: str) -> int | None:
    if code == ORIGINAL:
        return year.original.pence if year.original else None
    return year.entry(code).money.pence


def effect_words(year: ContractYear, entry: Entry) -> str:
    """What accepting a draft would change, as the end of a sentence."""
    if entry.part_of:
        return "it is a part of what counts already, so no sum changes."
    others = tuple(e for e in year.entries if e.code != entry.code)
    then = replace(year, entries=(*others, replace(entry, is_approved=True)))
    now_made, then_made = sums_of(year), sums_of(then)
    name, before, after = {
        Kind.VARIATION: ("revised sum", now_made.revised, then_made.revised),
        Kind.SURPLUS_SHARE: ("final sum", now_made.final, then_made.final),
        Kind.PAYMENT: ("sum of payments", now_made.payments, then_made.payments),
        Kind.RECEIPT: ("sum of other money", now_made.receipts, then_made.receipts),
    }[entry.kind]
    if before is None or after is None:
        return "no original sum of this year is stated, so no sum is made of it."

    def precision(of: ContractYear) -> Decimal | None:
        if entry.kind in (Kind.VARIATION, Kind.SURPLUS_SHARE):
            return precision_of(of)
        return written_to(e.money.amount for e in of.counted(entry.kind))

    now = money_words(before.value, precision(year))
    return f"the {name} would be {money_words(after.value, precision(then))} instead of {now}."
