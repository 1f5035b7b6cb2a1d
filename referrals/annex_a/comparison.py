"""What a measure of Annex A would put into a cell of a return."""

from datetime import date

from indicators import entry
from indicators.counted import counted_cell, not_entered
from indicators.entry import Around, CellInput, Reading
from indicators.units import Unit
from indicators.working_days import day_words
from referrals.annex_a.answer import Computed


def source_words(reference_on: date, sha256: str) -> str:
    """What a figure that was accepted says of its source: "Annex A, reference date 31 March 2022, file 1a2b3c4d"."""
    return entry.counted_source(f"Annex A, reference date {day_words(reference_on)}", sha256)


def offered(computed: Computed, before: CellInput, unit: Unit, around: Around, *, source: str, as_at: date) -> Reading:
    """The cell as it would be with the measure in it: its words, flags and confidence stay as they are.

    A measure that has no value, or is in another unit, or cannot be true of the period, is a problem.
    """
    if Unit(computed.unit) is not unit:
        return not_entered("It is counted in another unit than the return asks for.")
    top, bottom = computed.numerator, computed.denominator
    parts = (top, bottom) if top is not None and bottom is not None else None
    return counted_cell(before, unit, around, value=computed.value, parts=parts, source=source, as_at=as_at)
