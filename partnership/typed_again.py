"""What somebody typed into a form that is not taken any more, as texts to copy."""

import re
from collections.abc import Iterable

# What a form carries beside what people type.
_CARRIED = frozenset({"csrfmiddlewaretoken", "form_owner", "envelope", "key", "version", "do", "form", "sealed"})
_OF_ROW = re.compile(r"c-(\d+)-(\w+)")
_CARRIED_OF_ROW = frozenset({"base", "was", "their", "choice", "kind"})


def typed_texts(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields that hold something, each with a label: "Reason", and "Row 2: numerator" of a grid."""
    rows: dict[str, int] = {}
    found = []
    for name, value in fields:
        of_row = _OF_ROW.fullmatch(name)
        if of_row is not None:
            number = rows.setdefault(of_row[1], len(rows) + 1)
            if value.strip() and of_row[2] not in _CARRIED_OF_ROW:
                found.append((f"Row {number}: {_words(of_row[2])}", value))
        elif value.strip() and name not in _CARRIED:
            found.append((_words(name).capitalize(), value))
    return found


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
