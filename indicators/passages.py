"""Passages of a text that could tell of somebody, or that quote a number which the same pack hides."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from indicators.disclosure.free_text import scan
from indicators.disclosure.policy import Policy

HIDDEN_NUMBER = "hidden number"
_AROUND = 60
_NUMBER = re.compile(r"(?<![\d.,/-])\d{1,3}(?:,\d{3})+(?![\d/])|(?<![\d.,/-])\d+(?![\d/]|[.,]\d)")


@dataclass(frozen=True)
class Hit:
    """One passage: what it is, where it stands, the words around it, and why somebody has to look at it."""

    kind: str
    start: int
    end: int
    words: str
    why: str

    def as_json(self) -> dict[str, str | int]:
        """As a check keeps it."""
        return {"kind": self.kind, "start": self.start, "end": self.end, "words": self.words, "why": self.why}


def hits_in(
    text: str, policy: Policy, numbers: Collection[int] = (), *, known_words: Collection[str] = ()
) -> list[Hit]:
    """The passages to decide of, in order. `numbers`: those that are hidden of the indicator that the text is about;
    `known_words`: capitalised words that name no person, such as places and bodies of the partnership."""
    found = [
        Hit(one.kind.value, one.start, one.end, one.around, f"{one.why} {one.what_to_do}")
        for one in scan(text, policy, known_words=known_words)
    ]
    found += [
        Hit(
            HIDDEN_NUMBER, match.start(), match.end(), around(text, match.start(), match.end()),
            "A number of this size is hidden in the same pack.",
        )
        for match in _NUMBER.finditer(text)
        if int(match[0].replace(",", "")) in numbers
    ]  # fmt: skip
    return sorted(found, key=lambda hit: (hit.start, hit.end, hit.kind))


def around(text: str, start: int, end: int) -> str:
    """The passage with what stands before and after it, in one line."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    cut = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
    return " ".join(cut.split())
