"""Numbers that are part of a name: the “One” of a body called “One Adoption South Yorkshire Agency” counts nobody.

Only a name that is known counts, and only where it stands as it is spelt: whole, or, where it is a proper name that
begins with the number, at least its first three words. A name that counts somebody (“Two children”) is no excuse.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from indicators.disclosure.plain_text import plain
from indicators.disclosure.small_counts import WORDS

_NUMBER = re.compile(rf"\b(?:\d{{1,2}}|{'|'.join(WORDS)})\b", re.IGNORECASE)
_SOMEBODY = re.compile(
    rf"\b(?:\d{{1,2}}|{'|'.join(WORDS)})\s+(?:[a-z'-]+\s+){{0,3}}(?:child|young|kid|bab|infant|toddler|teen|youth|boy|girl|"
    r"sibling|brother|sister|twin|famil|household|mother|father|parent|carer|adopter|adult|wom[ae]n|m[ae]n\b|people|"
    r"person|patient|pupil|student|resident|leaver|refugee|staff|worker|employee|victim|offender)",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset({"and", "of", "for", "the", "in", "&"})
_LEAST_WORDS = 3


def spans_of(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where one of the names that hold a number stands in a text, as `plain` reads it."""
    for name in names:
        if (pattern := _pattern(name)) is not None:
            yield from (match.span() for match in pattern.finditer(text))


@lru_cache(maxsize=1_000)
def _pattern(name: str) -> re.Pattern[str] | None:
    """What finds a name; None for one without a number, or that excuses none."""
    read = plain(name).text
    words = read.split()
    if not _NUMBER.search(read) or _SOMEBODY.search(read) or len(words) < 2:
        return None
    is_proper = all(word[0].isupper() or word in _SMALL_WORDS for word in words[1:])
    if len(words) < _LEAST_WORDS and not is_proper:
        return None
    if is_proper and _NUMBER.match(words[0]):
        least, more = words[:_LEAST_WORDS], words[_LEAST_WORDS:]
    else:
        least, more = words, []
    rest = ""
    for word in reversed(more):
        rest = rf"(?:\s+{re.escape(word)}{rest})?"
    found = r"\s+".join(map(re.escape, least))
    return re.compile(rf"(?<!\w){found}{rest}(?!\w)")
