"""The steps from one amount to another, each with its sum and the running total: what a bridge draws and its table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from indicators.units import WIDE


@dataclass(frozen=True)
class Step:
    """One bar of a bridge: an amount that is added, or a total that has been reached.

    `sum_text` is how the amount comes about, such as "57 × (£281,721 − £255,548)"; `running` is the total after it.
    """

    code: str
    name: str
    amount: Decimal
    running: Decimal
    sum_text: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Part:
    """A step before it is known where the total stands."""

    code: str
    name: str
    amount: Decimal
    sum_text: str = ""


def walk(start: Part, parts: Iterable[Part], end_code: str, end_name: str, end_sum_text: str = "") -> tuple[Step, ...]:
    """The start as a total, each part, and where they lead as a total."""
    running = start.amount
    steps = [Step(start.code, start.name, start.amount, running, start.sum_text, is_total=True)]
    for part in parts:
        running = WIDE.add(running, part.amount)
        steps.append(Step(part.code, part.name, part.amount, running, part.sum_text))
    return (*steps, Step(end_code, end_name, running, running, end_sum_text, is_total=True))
