"""What is typed into one cell of a return."""

from decimal import Decimal
from typing import Any

from indicators.entry import HAS_PARTS, CellInput
from indicators.measurement import Basis
from indicators.rag import MissingReason
from indicators.units import Unit


def a_cell(
    numerator: Any = None, denominator: Any = None, *, value: Any = None, missing: MissingReason | str | None = None,
    **details: Any,
) -> CellInput:  # fmt: skip
    """What was typed into one cell: numerator and denominator, or a value, or why there is none, or words alone."""
    numbers = {"numerator": numerator, "denominator": denominator, "value": value}
    basis = None
    if missing:
        basis = Basis.MISSING
    elif value is not None:
        basis = Basis.VALUE_ONLY
    elif numerator is not None:
        basis = Basis.DERIVED
    return CellInput(
        basis=basis,
        missing_reason=MissingReason(missing) if missing else None,
        **{name: None if number is None else Decimal(number) for name, number in numbers.items()},
        **details,
    )


def an_easy_cell(unit: Unit, numerator: Any = 85) -> CellInput:
    """A cell that can always be submitted: 85 of 100 (or the value 85) with a commentary."""
    words = {"commentary": "As expected.", "headline": "As expected"}
    return a_cell(numerator, 100, **words) if unit in HAS_PARTS else a_cell(value=numerator, **words)
