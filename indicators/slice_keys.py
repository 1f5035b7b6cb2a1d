"""The canonical text of a slice, such as "grade=good|service=fostering"; the empty text is the whole."""

import re
from collections.abc import Iterable, Mapping

Key = tuple[int, str]


_PART = r"[a-z0-9-]+=[a-z0-9-]+"
_KEY = re.compile(rf"(?:{_PART}(?:\|{_PART})*)?")


def is_slice_key(text: str) -> bool:
    """Whether a text that somebody sent is written as a slice key, known or not; the empty text is the whole."""
    return len(text) <= 300 and _KEY.fullmatch(text) is not None


def dimensions_in(key: str) -> tuple[str, ...]:
    """The codes of the dimensions that a slice is cut by, in the order of the key; none for the whole."""
    return tuple(part.partition("=")[0] for part in key.split("|")) if key else ()


def untouched_parts(lines: Mapping[int, Key], filled: Iterable[int]) -> set[int]:
    """Of lines, each given by its own id as indicator and slice key, the parts of breakdowns that nobody has begun.

    A breakdown is the parts of one indicator by the same dimensions; it may be left empty as a whole, as long as the
    indicator's whole stands among the lines. `filled` are the ids of the lines that hold something.
    """
    wholes = {indicator for indicator, key in lines.values() if not key}
    begun = {(lines[pk][0], dimensions_in(lines[pk][1])) for pk in filled if pk in lines}
    return {
        pk
        for pk, (indicator, key) in lines.items()
        if key and indicator in wholes and (indicator, dimensions_in(key)) not in begun
    }
