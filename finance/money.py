"""Amounts of money in words, at the precision at which they are known.

An amount is Decimal pounds, with `quantum` the pounds to which it is printed (£0.53m: 530000 to 10000; None: exact).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from indicators.balance import Amount
from indicators.phrases import capital
from indicators.units import WIDE, Unit, round_half_up, total_of, written

PENCE_IN_A_POUND = 100
_MILLION, _THOUSAND = Decimal(1_000_000), Decimal(1_000)
_IN_MILLIONS = Decimal(10_000)


class MoneyError(ValueError):
    """An amount that cannot be held; the message is a sentence."""


def pounds_of(pence: int) -> Decimal:
    """Pence as pounds."""
    return WIDE.scaleb(Decimal(pence), -2)


def pence_of(pounds: Decimal) -> int:
    """Pounds as whole pence; raises MoneyError for a fraction of a penny."""
    pence = WIDE.multiply(pounds, Decimal(PENCE_IN_A_POUND))
    if pence != pence.to_integral_value():
        raise MoneyError(f"£{pounds} has a fraction of a penny.")
    return int(pence)


def pence_amount(pence: int, quantum_pence: int | None = None) -> Amount:
    """Pence as held, as an amount in pounds with its rounding."""
    return Amount(pounds_of(pence), None if quantum_pence is None else pounds_of(quantum_pence))


def money_words(value: Decimal, quantum: Decimal | None = None) -> str:
    """The amount as a paper would print it: "£4.64m" (to 10,000), "£551k" and "£4.945m" (to 1,000), "£281,721".

    A sum is written to the finest quantum of its parts. An amount that would be printed as nothing, and is not, is
    written in full: "£3,000", never "£0.00m".
    """
    sign, size = ("−" if value < 0 else ""), value.copy_abs()
    if quantum is not None and quantum >= _THOUSAND and _is_power_of_ten(quantum):
        if quantum >= _IN_MILLIONS or size >= _MILLION:
            text = _scaled(size, _MILLION, quantum, "m")
        else:
            text = _scaled(size, _THOUSAND, quantum, "k")
        if text:
            return f"{sign}{text}"
    return written(value, Unit.POUNDS)


def about(amount: Decimal) -> str:
    """An amount as a card or a first sentence gives it, without pence: "£16.06m", "£421k", "£832"."""
    amount = round_half_up(amount, 0)
    size = amount.copy_abs()
    return money_words(amount, _IN_MILLIONS if size >= _MILLION else _THOUSAND if size >= _THOUSAND else None)


def _is_power_of_ten(quantum: Decimal) -> bool:
    return quantum.normalize(WIDE).as_tuple().digits == (1,)


def _scaled(size: Decimal, scale: Decimal, quantum: Decimal, letter: str) -> str:
    places = max(0, scale.adjusted() - quantum.adjusted())
    shown = round_half_up(WIDE.divide(size, scale), places)
    return f"£{shown:,f}{letter}" if shown else ""


def in_words(amount: Amount) -> str:
    """An amount with its own rounding: "£0.53m", "approx. £2.0m"."""
    words = money_words(amount.value, amount.quantum)
    return f"approx. {words}" if amount.qualifier == "~" else f"{amount.qualifier}{words}"


def finest(amounts: Iterable[Amount]) -> Decimal | None:
    """The smallest quantum among them; None when one of them is exact or there is none."""
    quanta = [amount.quantum for amount in amounts]
    known = [quantum for quantum in quanta if quantum is not None]
    return min(known) if known and len(known) == len(quanta) else None


def negative(amount: Amount) -> Amount:
    """The same amount with the other sign."""
    return Amount(amount.value.copy_negate() if amount.value else amount.value, amount.quantum, amount.qualifier)


def sum_of(amounts: Iterable[Amount]) -> Amount:
    """The sum as an amount whose quantum is the sum of theirs, so that its span is all that they leave possible.

    Raises MoneyError for one that is only known as more, less or about so much.
    """
    parts = tuple(amounts)
    if any(part.qualifier for part in parts):
        raise MoneyError("What is only known as more, less or about so much makes no sum.")
    rounding = total_of(part.quantum for part in parts if part.quantum is not None)
    return Amount(total_of(part.value for part in parts), rounding or None)


@dataclass(frozen=True)
class Held:
    """A number that a paper states, held against what its parts make.

    `difference` is the sum less what is stated; `room` is how much of it rounding explains at most.
    """

    stated: Amount
    made: Decimal
    difference: Decimal
    room: Decimal
    sentence: str

    @property
    def agrees(self) -> bool:
        """Whether rounding alone explains the difference."""
        return self.difference.copy_abs() <= self.room


def hold_against(stated: Amount, parts: Iterable[Amount], made_of: str = "the entries") -> Held:
    """A printed total against the sum of its parts, each anywhere within its rounding, and by how much they differ.

    `made_of` is what makes the sum, in the plural, as the sentence names it. Raises MoneyError for no parts and for
    one that is only known as more, less or about so much.
    """
    those = tuple(parts)
    if not those:
        raise MoneyError("There is nothing to hold the total against.")
    made = sum_of(those)
    room = WIDE.divide(WIDE.add(made.quantum or Decimal(0), stated.quantum or Decimal(0)), Decimal(2))
    difference = WIDE.subtract(made.value, stated.value)
    at = finest((*those, stated))
    words = f"{capital(made_of)} make {money_words(made.value, finest(those))}"
    if not difference:
        sentence = f"{words}, as stated."
    elif difference.copy_abs() <= room:
        sentence = f"{words}; {in_words(stated)} is stated, as rounding allows."
    else:
        side = "more" if difference > 0 else "less"
        sentence = f"{words}; {in_words(stated)} is stated: {money_words(difference.copy_abs(), at)} {side} than stated"
        sentence += f", and rounding explains {money_words(room)} at most." if room else "."
    return Held(stated, made.value, difference, room, sentence)
