"""What a measure of Annex A would put into a cell of a return, and how it stands to what is there."""

from datetime import date
from enum import StrEnum

from indicators import entry
from indicators.entry import Around, CellInput, Problem, Reading
from indicators.measurement import Basis
from indicators.units import Unit, ratio, round_half_up
from indicators.working_days import day_words
from referrals.annex_a.answer import Computed

_UNITS = {"count": Unit.COUNT, "percent": Unit.PERCENT, "days": Unit.DAYS}


class Standing(StrEnum):
    """How what was computed stands to what is in the return."""

    NEW = "new"
    SAME = "same"
    DIFFERENT = "different"
    NONE = "none"


STANDING_WORDS = {
    Standing.NEW: "Nothing entered yet",
    Standing.SAME: "The same",
    Standing.DIFFERENT: "Different",
    Standing.NONE: "Cannot be entered",
}


def source_words(reference_on: date, sha256: str) -> str:
    """What a figure that was accepted says of its source: "Annex A, reference date 31 March 2022, file 1a2b3c4d"."""
    return entry.counted_source(f"Annex A, reference date {day_words(reference_on)}", sha256)


def offered(computed: Computed, before: CellInput, unit: Unit, around: Around, *, source: str, as_at: date) -> Reading:
    """The cell as it would be with the measure in it: its words, flags and confidence stay as they are.

    A measure that has no value, or is in another unit, or cannot be true of the period, is a problem.
    """
    if _UNITS[computed.unit] is not unit:
        return _not("It is counted in another unit than the return asks for.")
    texts = entry.texts_of(before, unit, plain=True)
    texts |= {"kind": entry.FIGURE, "numerator": "", "denominator": "", "value": ""}
    texts |= {"source_system": source, "as_at_on": as_at.isoformat()}
    if entry.has_parts(unit) and computed.numerator is not None and computed.denominator is not None:
        texts |= {"numerator": f"{computed.numerator:f}", "denominator": f"{computed.denominator:f}"}
    elif computed.value is None:
        return _not("It could not be computed from this file.")
    else:
        texts |= {"value": f"{computed.value:f}"}
        if entry.has_parts(unit):
            texts |= {"kind": entry.VALUE_ONLY}
    return entry.read_cell(texts, unit=unit, around=around)


def _not(message: str) -> Reading:
    return Reading(None, (Problem("kind", message),))


def standing(before: CellInput, reading: Reading, unit: Unit) -> Standing:
    """New, the same or different; a share entered as a value only is the same where the computed one rounds to it."""
    cell = reading.cell
    if cell is None:
        return Standing.NONE
    if before.basis is None:
        return Standing.NEW
    return Standing.SAME if _same(before, cell, unit) else Standing.DIFFERENT


def _same(before: CellInput, cell: CellInput, unit: Unit) -> bool:
    names = ("basis", "numerator", "denominator", "value", "missing_reason")
    if all(getattr(before, name) == getattr(cell, name) for name in names):
        return True
    if before.basis is not Basis.VALUE_ONLY or before.value is None or not cell.denominator or cell.numerator is None:
        return False
    places = max(0, -int(before.value.normalize().as_tuple().exponent))
    return round_half_up(ratio(cell.numerator, cell.denominator, unit), places) == before.value
