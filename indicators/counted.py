"""What is counted from a file of children stands beside what is typed: how the two compare, and what accepting does."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from indicators import entry
from indicators.entry import Around, CellInput, Problem, Reading
from indicators.measurement import Basis, Measured
from indicators.units import Unit, ratio, round_half_up


class Standing(StrEnum):
    """How what was counted stands to what is in the return."""

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


_SHORT = {
    Standing.NEW: "with nothing entered yet",
    Standing.SAME: "the same",
    Standing.DIFFERENT: "different",
    Standing.NONE: "not to be entered",
}
_LONG = _SHORT | {Standing.NEW: "with nothing entered there yet", Standing.SAME: "the same as what is entered"}


def standings_words(found: Iterable[Standing], *, replaced: int = 0, rejected: int = 0, is_short: bool = False) -> str:
    """How many stand how: "38 with nothing entered there yet, 2 different, 1 replaced by a later file"; `found` leaves
    out those that are replaced. Empty for none."""
    counts = Counter(found)
    said = [f"{counts[key]} {words}" for key, words in (_SHORT if is_short else _LONG).items() if counts[key]]
    said += [f"{replaced} replaced by a later file"] if replaced else []
    return ", ".join([*said, *([f"{rejected} rejected"] if rejected else [])])


def counted_cell(
    before: CellInput,
    unit: Unit,
    around: Around,
    *,
    value: Decimal | None,
    parts: tuple[Decimal, Decimal] | None = None,
    source: str,
    as_at: date,
) -> Reading:
    """The cell as it would be with what was counted in it: its words, flags and confidence stay as they are.

    `parts`: numerator and denominator, for a unit that is entered so. No number, or one that cannot be true of the
    period, is a problem.
    """
    texts = entry.texts_of(before, unit, plain=True)
    texts |= {"kind": entry.FIGURE, "numerator": "", "denominator": "", "value": ""}
    texts |= {"source_system": source, "as_at_on": as_at.isoformat()}
    if entry.has_parts(unit) and parts is not None:
        texts |= {"numerator": f"{parts[0]:f}", "denominator": f"{parts[1]:f}"}
    elif value is None:
        return not_entered("It could not be computed from this file.")
    else:
        texts |= {"value": f"{value:f}"}
        if entry.has_parts(unit):
            texts |= {"kind": entry.VALUE_ONLY}
    return entry.read_cell(texts, unit=unit, around=around)


def not_entered(message: str) -> Reading:
    """That something cannot be entered, and why."""
    return Reading(None, (Problem("kind", message),))


def standing(before: CellInput, reading: Reading, unit: Unit, stands: Measured | None) -> Standing:
    """New, the same or different; a share entered as a value only is the same where the counted one rounds to it.

    `stands` is what the line says now. A paper can say what no cell holds, such as "<1%": that is different, not new.
    """
    cell = reading.cell
    if cell is None:
        return Standing.NONE
    if before.basis is None:
        return Standing.NEW if stands is None else Standing.DIFFERENT
    return Standing.SAME if _same(before, cell, unit) else Standing.DIFFERENT


def _same(before: CellInput, cell: CellInput, unit: Unit) -> bool:
    names = ("basis", "numerator", "denominator", "value", "missing_reason")
    if all(getattr(before, name) == getattr(cell, name) for name in names):
        return True
    if before.basis is not Basis.VALUE_ONLY or before.value is None or not cell.denominator or cell.numerator is None:
        return False
    places = max(0, -int(before.value.normalize().as_tuple().exponent))
    return round_half_up(ratio(cell.numerator, cell.denominator, unit), places) == before.value
