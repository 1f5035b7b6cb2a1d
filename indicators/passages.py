"""Passages of a text that could identify somebody, or that quote a number which the same pack hides."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from indicators.disclosure.free_text import scan
from indicators.disclosure.policy import Policy
from indicators.units import round_half_up

HIDDEN_NUMBER = "hidden number"
EXACT_VALUE = "exact value"
_AROUND = 60
_VALUE = re.compile(r"(?<![\d.,/-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d/]|\.\d)")
_OF_A_VALUE = re.compile(r"\s?(?:%|per\s?cent\b|percent\b|per\s+\d)")
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
    text: str, policy: Policy, numbers: Collection[int] = (), *, values: Collection[Decimal] = (),
    close_values: Collection[Decimal] = (), known_words: Collection[str] = (), known_names: Collection[str] = (),
) -> list[Hit]:  # fmt: skip
    """The passages to decide of, in order. `numbers`: those that are hidden, or printed rounded, of the indicator that
    the text is about; `values`: shares and averages that are not told exactly, quoted to whatever decimal;
    `close_values`: those that ask only where they are quoted with a decimal or as a share or rate, because the text is
    about something else; `known_words`: capitalised words that name no person, such as places and bodies of the
    partnership; `known_names`: whole names, in which a number counts nobody."""
    found = [
        Hit(one.kind.value, one.start, one.end, one.around, f"{one.why} {one.what_to_do}")
        for one in scan(text, policy, known_words=known_words, known_names=known_names)
    ]
    found += [
        Hit(
            HIDDEN_NUMBER, match.start(), match.end(), around(text, match.start(), match.end()),
            "A number of this size is hidden or rounded in the same pack.",
        )
        for match in _NUMBER.finditer(text)
        if int(match[0].replace(",", "")) in numbers
    ]  # fmt: skip
    told = {(hit.start, hit.end) for hit in found if hit.kind == HIDDEN_NUMBER}
    found += [
        Hit(
            EXACT_VALUE, match.start(), match.end(), around(text, match.start(), match.end()),
            "This is the exact value of a figure that the same pack hides or prints rounded.",
        )
        for match in _VALUE.finditer(text)
        if (match.start(), match.end()) not in told
        and (_quotes(match[0], values) or (_is_a_value(text, match) and _quotes(match[0], close_values)))
    ]  # fmt: skip
    return sorted(found, key=lambda hit: (hit.start, hit.end, hit.kind))


def _is_a_value(text: str, match: re.Match[str]) -> bool:
    return "." in match[0] or bool(_OF_A_VALUE.match(text, match.end()))


def _quotes(text: str, values: Collection[Decimal]) -> bool:
    number = Decimal(text.replace(",", ""))
    places = max(0, -int(number.as_tuple().exponent))
    return any(round_half_up(value, places) == number for value in values)


def around(text: str, start: int, end: int) -> str:
    """The passage with what stands before and after it, in one line."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    cut = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
    return " ".join(cut.split())
