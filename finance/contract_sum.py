"""The contract sum of a financial year: original + approved variations = revised; what goes back makes the final sum.

Amounts are pence with the pence to which they are printed (None: exact), signed from the provider's view: what comes
to it is positive, what goes back negative. Only approved entries count; drafts stand beside them. An entry with
`part_of` is an "of which" of another and is never added a second time. Payments are how the sum is paid over, and
receipts come from elsewhere: neither changes the sum. A year that covers part of a financial year is never made into a
whole one, and of a year of which only a change is stated no sum is worked out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from finance.apportion import as_decimal
from finance.money import Held, finest, hold_against, in_words, money_words, pence_amount, pence_of, pounds_of, sum_of
from finance.waterfall import Part, Step, walk
from indicators.balance import Amount
from indicators.quarters import FinancialYear, Span
from indicators.units import WIDE, Unit, written

WHOLE = Decimal(100)


class ContractError(ValueError):
    """Something about a contract year that cannot be; the message is a sentence."""


@dataclass(frozen=True)
class Money:
    """Pence as held, with the pence to which they are printed (None: exact)."""

    pence: int
    quantum_pence: int | None = None

    @property
    def amount(self) -> Amount:
        """In pounds, with its rounding."""
        return pence_amount(self.pence, self.quantum_pence)

    @property
    def words(self) -> str:
        """As a paper prints it: "£21.4m"."""
        return in_words(self.amount)


class Kind(StrEnum):
    """What an entry is; a stated total is a number that the paper prints, held against the sum."""

    VARIATION = "variation"
    PAYMENT = "payment"
    SURPLUS_SHARE = "surplus_share"
    RECEIPT = "receipt"
    STATED_TOTAL = "stated_total"


# What a stated total can be of, beside the codes of entries.
ORIGINAL, VARIATIONS, REVISED, FINAL, PAYMENTS = "original", "variations", "revised", "final", "payments"
WHOLES = (ORIGINAL, VARIATIONS, REVISED, FINAL, PAYMENTS)


@dataclass(frozen=True)
class Entry:
    """One entry of a contract year.

    `part_of` is the entry (or "original") of which it is a part. `of` is what a stated total adds up: one of WHOLES,
    or codes of entries; empty, it is the one of WHOLES that stands in its code ("final-stated").
    """

    code: str
    kind: Kind
    name: str
    money: Money
    part_of: str = ""
    of: tuple[str, ...] = ()
    reason: str = ""
    funding_source: str = ""
    authority: str = ""
    on: date | None = None
    is_approved: bool = True

    @property
    def states(self) -> tuple[str, ...]:
        """What a stated total adds up; empty where nothing says so."""
        return self.of or tuple(whole for whole in WHOLES if whole in self.code.split("-"))[:1]


@dataclass(frozen=True)
class ContractYear:
    """The contract of a financial year, or of the part of one that it covers.

    `original` is None where only `stated_change` is known. `surplus_share_percent` goes back of a surplus, None where
    no rule is known. Raises ContractError for days that do not belong to the year, a share outside 0 to 100%, and both
    an original sum and a stated change.
    """

    year: FinancialYear
    original: Money | None
    entries: tuple[Entry, ...] = ()
    covers_from: date | None = None
    covers_until: date | None = None
    surplus_share_percent: Decimal | None = None
    stated_change: Money | None = None

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise ContractError("It ends before it starts.")
        if not (self.year.start_on <= self.from_on and self.until_on <= self.year.end_on):
            raise ContractError(f"It covers days outside {self.year.label}.")
        if self.surplus_share_percent is not None and not 0 <= self.surplus_share_percent <= WHOLE:
            raise ContractError("A share of a surplus lies between 0% and 100%.")
        if self.original is not None and self.stated_change is not None:
            raise ContractError("Give the original sum or the change, not both.")

    @property
    def from_on(self) -> date:
        """The first day that it covers."""
        return self.covers_from or self.year.start_on

    @property
    def until_on(self) -> date:
        """The last day that it covers."""
        return self.covers_until or self.year.end_on

    @property
    def is_whole_year(self) -> bool:
        """Whether it covers all of its financial year."""
        return (self.from_on, self.until_on) == (self.year.start_on, self.year.end_on)

    def entry(self, code: str) -> Entry:
        """The entry of that code; raises KeyError."""
        for one in self.entries:
            if one.code == code:
                return one
        raise KeyError(code)

    def counted(self, kind: Kind) -> tuple[Entry, ...]:
        """The approved entries of a kind that are no part of another."""
        return tuple(e for e in self.entries if e.kind is kind and e.is_approved and not e.part_of)

    def parts_of(self, code: str) -> tuple[Entry, ...]:
        """What is named as an "of which" of an entry, or of the original sum."""
        return tuple(e for e in self.entries if e.part_of == code and e.is_approved)

    @property
    def drafts(self) -> tuple[Entry, ...]:
        """What nobody has approved yet, and which therefore counts nowhere."""
        return tuple(e for e in self.entries if not e.is_approved)


@dataclass(frozen=True)
class Sums:
    """What a contract year makes, in pounds; `revised` and `final` are None where no original sum is stated."""

    variations: Amount
    revised: Amount | None
    returned: Amount
    final: Amount | None
    payments: Amount
    receipts: Amount


def sums_of(year: ContractYear) -> Sums:
    """The sums of a contract year; the quantum of each is that of its parts together, so that its span is honest."""
    variations, returned, payments, receipts = (
        sum_of(e.money.amount for e in year.counted(kind))
        for kind in (Kind.VARIATION, Kind.SURPLUS_SHARE, Kind.PAYMENT, Kind.RECEIPT)
    )
    if year.original is None:
        return Sums(variations, None, returned, None, payments, receipts)
    revised = sum_of((year.original.amount, variations))
    return Sums(variations, revised, returned, sum_of((revised, returned)), payments, receipts)


def bridge(year: ContractYear) -> tuple[Step, ...]:
    """From the original to the final sum: codes original, those of the entries, revised, final; none without an
    original sum. The revised sum is a step of its own where something goes back afterwards."""
    if year.original is None:
        return ()
    varied = [Part(e.code, e.name, e.money.amount.value) for e in year.counted(Kind.VARIATION)]
    back = [Part(e.code, e.name, e.money.amount.value) for e in year.counted(Kind.SURPLUS_SHARE)]
    start = Part(ORIGINAL, "Original sum", year.original.amount.value)
    if not back:
        return walk(start, varied, FINAL, "Final sum" if not varied else "Revised and final sum")
    first = walk(start, varied, REVISED, "Revised sum")
    then = walk(Part(REVISED, "Revised sum", first[-1].running), back, FINAL, "Final sum")
    return first + then[1:]


def written_to(amounts: Iterable[Amount]) -> Decimal | None:
    """The pounds to which a sum of these is written: the finest to which one of them is rounded, None (to the penny)
    only where all are exact. £61.31m and exactly £93 make £61.31m."""
    rounded = [amount.quantum for amount in amounts if amount.quantum is not None]
    return min(rounded, default=None)


def precision_of(year: ContractYear) -> Decimal | None:
    """The pounds to which the sums of the year are written; None: to the penny."""
    own = [] if year.original is None else [year.original.amount]
    varied = (e.money.amount for kind in (Kind.VARIATION, Kind.SURPLUS_SHARE) for e in year.counted(kind))
    return written_to([*own, *varied])


# Held against what the paper prints


def problems(year: ContractYear) -> tuple[str, ...]:
    """What is wrong with a contract year as held, one sentence each; empty for a sound one."""
    codes = [e.code for e in year.entries]
    found = [f"The entry {code} is there twice." for code in dict.fromkeys(codes) if codes.count(code) > 1]
    for one in year.entries:
        if one.part_of and one.part_of not in (ORIGINAL, *codes):
            found.append(f"{one.name} is a part of {one.part_of}, which is no entry.")
        if one.part_of == one.code:
            found.append(f"{one.name} is a part of itself.")
        if one.kind is Kind.VARIATION and not one.part_of and not one.authority.strip():
            found.append(f"{one.name}: a variation needs an authority. Say who agreed it and where.")
        if one.kind is Kind.STATED_TOTAL and not (one.states and all(c in (*WHOLES, *codes) for c in one.states)):
            found.append(f"{one.name}: say which entries, or which of {', '.join(WHOLES)}, the stated total is of.")
    return tuple(found)


def _parts_of_whole(year: ContractYear, code: str) -> list[Amount]:
    """What makes one of WHOLES, or one entry, unrounded part by part."""
    original = [] if year.original is None else [year.original.amount]
    varied = [e.money.amount for e in year.counted(Kind.VARIATION)]
    back = [e.money.amount for e in year.counted(Kind.SURPLUS_SHARE)]
    if code in (REVISED, FINAL) and not original:
        raise ContractError(f"No original sum of {year.year.label} is stated, so there is no {code} sum.")
    match code:
        case "original":
            return original
        case "variations":
            return varied
        case "revised":
            return original + varied
        case "final":
            return original + varied + back
        case "payments":
            return [e.money.amount for e in year.counted(Kind.PAYMENT)]
    return [year.entry(code).money.amount]


def parts_of_total(year: ContractYear, stated: Entry) -> list[Amount]:
    """The amounts that make what a stated total is of.

    Raises ContractError where it is of nothing that is held, or of a sum that cannot be made, and KeyError for an
    unknown entry.
    """
    parts = [amount for code in stated.states for amount in _parts_of_whole(year, code)]
    if not parts:
        raise ContractError(f"{stated.name}: there is nothing that the stated total could be held against.")
    return parts


def held(year: ContractYear, stated: Entry) -> Held:
    """A stated total against the sum of what it is of, with a sentence that says by how much they differ. Raises as
    `parts_of_total`."""
    return hold_against(stated.money.amount, parts_of_total(year, stated))


def held_totals(year: ContractYear) -> tuple[tuple[Entry, Held], ...]:
    """Every stated total of the year that can be held against something."""
    found = []
    for one in year.counted(Kind.STATED_TOTAL):
        try:
            found.append((one, held(year, one)))
        except (ContractError, KeyError):
            continue
    return tuple(found)


class OfWhichOutcome(StrEnum):
    """How the parts named of an amount stand to it; those that overlap cut it in more than one way."""

    ADDS_UP = "adds_up"
    LESS = "less"
    OVERLAPS = "overlaps"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class OfWhich:
    """The parts named of an entry, or of the original sum, with how they stand to it and the sentence."""

    parts: tuple[Entry, ...]
    outcome: OfWhichOutcome
    sentence: str


def of_which(year: ContractYear, code: str, only: Sequence[str] = ()) -> OfWhich | None:
    """How the parts named of an entry, or of "original", stand to it; None where none is named.

    Parts that make less are no contradiction: the rest is in none of them. Parts that make more cut the amount in more
    than one way (by rung and by cause), and are only wrong where one alone is more than the whole; `only` names the
    codes of one way.
    """
    parts = tuple(e for e in year.parts_of(code) if not only or e.code in only)
    whole = year.original if code == ORIGINAL else year.entry(code).money
    if not parts or whole is None:
        return None
    for one in parts:
        alone = hold_against(whole.amount, [one.money.amount])
        if alone.difference > 0 and not alone.agrees:
            said = f"{one.name} is {one.money.words}, more than the {whole.words} of which it is a part."
            return OfWhich(parts, OfWhichOutcome.CONTRADICTS, said)
    amounts = [e.money.amount for e in parts]
    compared = hold_against(whole.amount, amounts, "the parts named")
    if compared.agrees:
        return OfWhich(parts, OfWhichOutcome.ADDS_UP, compared.sentence)
    made = money_words(compared.made, finest(amounts))
    if compared.difference > 0:
        said = f"The parts named overlap: together they make {made} of {whole.words}, so they are not added up."
        return OfWhich(parts, OfWhichOutcome.OVERLAPS, said)
    rest = money_words(compared.difference.copy_abs(), finest([*amounts, whole.amount]))
    said = f"Of {whole.words} the parts named make {made}; {rest} is in none of them."
    return OfWhich(parts, OfWhichOutcome.LESS, said)


# The rule of the surplus


@dataclass(frozen=True)
class Shared:
    """A surplus shared by the rule: what goes back and what is kept, in pence; both make the surplus."""

    goes_back: int
    kept: int
    sentence: str


def share_surplus(surplus: Money, percent: Decimal) -> Shared:
    """So many per cent of a surplus, to the penny, half up. Of an overspend (a surplus below 0) nothing goes back: the
    rule is about a surplus, and an overspend is paid by an entry of its own. Raises ContractError outside 0 to 100%."""
    if not 0 <= percent <= WHOLE:
        raise ContractError("A share of a surplus lies between 0% and 100%.")
    if surplus.pence < 0:
        over = money_words(pounds_of(-surplus.pence), surplus.amount.quantum)
        return Shared(0, surplus.pence, f"There is an overspend of {over}, and the rule is about a surplus.")
    exact = Fraction(surplus.pence) * Fraction(percent) / 100
    back = int(as_decimal(exact, Decimal(1)))
    told = money_words(pounds_of(back), surplus.amount.quantum)
    rule = written(percent, Unit.PERCENT)
    return Shared(back, surplus.pence - back, f"{rule} of a surplus of {surplus.words} is {told}, which goes back.")


@dataclass(frozen=True)
class ShareHeld:
    """A printed surplus share against the rule: the share it is in per cent, unrounded, and whether rounding could
    make it the rule's."""

    percent: Decimal
    agrees: bool
    sentence: str


def hold_share(returned: Money, kept: Money, percent: Decimal) -> ShareHeld:
    """What was printed as given back, of all of the surplus, against the rule's share: "£540k of £589k is 91.7%, not
    90%: 90% would be £530k." Both amounts are positive. Raises ContractError where there is no surplus."""
    surplus = sum_of((returned.amount, kept.amount))
    if returned.pence < 0 or kept.pence < 0 or not surplus.value:
        raise ContractError("There is no surplus to share.")
    share = WIDE.multiply(WIDE.divide(returned.amount.value, surplus.value), WHOLE)
    (back_low, back_high), (kept_low, kept_high) = returned.amount.span(), kept.amount.span()
    lowest, highest = _share(back_low, kept_high), _share(back_high, kept_low)
    rule, quantum = written(percent, Unit.PERCENT), _coarsest(returned, kept)
    words = f"{money_words(returned.amount.value, quantum)} of {money_words(surplus.value, quantum)} is "
    words += written(share, Unit.PERCENT, 1)
    if lowest <= percent <= highest:
        return ShareHeld(share, True, f"{words}, which is the rule's {rule} as rounding allows.")
    due = share_surplus(Money(pence_of(surplus.value)), percent)
    would = money_words(pounds_of(due.goes_back), quantum)
    return ShareHeld(share, False, f"{words}, not {rule}: {rule} would be {would}.")


def _share(back: Decimal, kept: Decimal) -> Decimal:
    whole = WIDE.add(back, kept)
    return WIDE.multiply(WIDE.divide(back, whole), WHOLE) if whole > 0 else Decimal(0)


def _coarsest(*amounts: Money) -> Decimal | None:
    quanta = [a.amount.quantum for a in amounts if a.amount.quantum is not None]
    return max(quanta, default=None)


# Part of a year, and a change alone


def coverage_words(year: ContractYear) -> str:
    """What a page says of a year that is not covered as a whole; "" for a whole one."""
    if year.is_whole_year:
        return ""
    span = Span(year.from_on, year.until_on)
    months = span.whole_months
    length = f"{months} month{'' if months == 1 else 's'}, " if months else ""
    return f"Covers {length}{span.label}, and is not made into a year."


def change_words(year: ContractYear) -> str:
    """What a page says where the paper states only a change; "" where it states a sum or nothing."""
    if year.stated_change is None:
        return ""
    amount = year.stated_change.amount
    side = "less" if amount.value < 0 else "more"
    size = money_words(amount.value.copy_abs(), amount.quantum)
    return f"Only a change is stated: {size} {side} than the original sum before. No sum is stated, and none is made."


def may_compare(one: ContractYear, other: ContractYear) -> str:
    """Why the sums of two years cannot be held beside each other; "" where they can."""
    if one.original is None or other.original is None:
        without = one if one.original is None else other
        return f"No sum of {without.year.label} is stated."
    if one.is_whole_year and other.is_whole_year:
        return ""
    part = one if not one.is_whole_year else other
    return f"{part.year.label} does not cover a whole year, so the two are not compared."


def still_to_pay(overspend: Money, paid: Sequence[Money]) -> tuple[Amount, str]:
    """What of an overspend has not been paid yet, and the sentence: payments are positive, as is the overspend."""
    total = sum_of(money.amount for money in paid)
    rest = sum_of((overspend.amount, Amount(total.value.copy_negate(), total.quantum)))
    room = WIDE.divide(rest.quantum or Decimal(0), Decimal(2))
    at = finest([overspend.amount, *(m.amount for m in paid)])
    words = f"{money_words(total.value, at)} of the overspend of {overspend.words} is paid or agreed"
    if rest.value.copy_abs() <= room:
        how = "" if not rest.value else " as rounding allows"
        return rest, f"{words}, which is all of it{how}."
    if rest.value > 0:
        return rest, f"{words}; {money_words(rest.value, at)} is not."
    return rest, f"{words}, {money_words(rest.value.copy_abs(), at)} more than it."
