"""What a review says of a line that has changed since its return was sent back."""

from indicators import entry
from indicators.entry import FIELDS
from indicators.selectors.returns import SheetLine
from indicators.views.entry_rows import FIELD_WORDS, IN_DETAILS, counts_words, rating_words, value_words


def since_sent_back(line: SheetLine) -> dict[str, str]:
    """What has changed since the return was last sent back: the figure and commentary then, and the other fields."""
    then = line.before_it_came_back
    if then is None:
        return {}
    before, now = entry.texts_of(then, line.unit), entry.texts_of(line.cell, line.unit)
    changed = {name for name in FIELDS if before[name] != now[name]}
    found = {}
    if changed & {"kind", "numerator", "denominator", "value"}:
        measured = then.measured()
        value = value_words(measured, line.unit, line.due.version.places, line.standard)
        counts = counts_words(measured, line.unit)
        words = rating_words(line.judged(measured), short=False)
        value = f"{value} ({counts})" if counts else value
        found["figure"] = value if words == value else f"{value}, {words.lower()}"
    if "commentary" in changed:
        found["commentary"] = before["commentary"] or "none"
    others = [FIELD_WORDS[name].lower() for name in FIELDS if name in changed & (IN_DETAILS | {"keep_reason"})]
    found["others"] = ", ".join(others)
    return found
