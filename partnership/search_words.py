"""How texts are cut into words for a search, and how what was typed is read. Pure.

Case, accents and apostrophes make no difference: “Café” is found by “cafe”, “children's” and “childrens” are one word.
Each word that is typed must occur, as a word or as the beginning of one; between quotation marks, as a whole word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_WORD = 60
MOST_WORDS = 12
LONGEST_QUERY = 200

_RUN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_QUOTED = re.compile(r"[\"“”„]([^\"“”„]*)[\"“”„]")


def _folded(run: str) -> str:
    """One run of letters and digits as the index holds it: a to z, 0 to 9, other letters by their number."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", run) if not unicodedata.combining(c)).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if c.isalnum())
    return "".join(c if c.isascii() else f"z{ord(c):x}z" for c in bare)[:LONGEST_WORD]


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _RUN.finditer(text):
        word = _folded(found.group())
        if word:
            yield found.start(), found.end(), word


def words_of(text: str) -> list[str]:
    """The words of a text, in order, folded."""
    return [word for _, _, word in _runs(unicodedata.normalize("NFC", text))]


@dataclass(frozen=True)
class Term:
    """One word that must occur: as a whole word, or as the beginning of one."""

    word: str
    is_whole: bool = False

    def is_met_by(self, word: str) -> bool:
        """Whether that folded word answers the term."""
        return word == self.word if self.is_whole else word.startswith(self.word)


def terms_of(typed: str) -> tuple[Term, ...]:
    """What was typed, as terms; each once, twelve at most."""
    cut = typed[:LONGEST_QUERY]
    found = [Term(word, is_whole=True) for quoted in _QUOTED.findall(cut) for word in words_of(quoted)]
    found += [Term(word) for word in words_of(_QUOTED.sub(" ", cut))]
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def matches(text: str, terms: Sequence[Term]) -> bool:
    """Whether every term occurs in the text; no terms match nothing."""
    words = words_of(text)
    return bool(terms) and all(any(term.is_met_by(word) for word in words) for term in terms)


@dataclass(frozen=True)
class Piece:
    """A part of a snippet, and whether it is a word that was looked for."""

    text: str
    is_hit: bool = False


def snippet(text: str, terms: Sequence[Term], *, width: int = 240) -> tuple[Piece, ...]:
    """A stretch of about `width` characters around the first hit, cut between words, hits told apart."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    runs = list(_runs(plain))
    hits = [(start, end) for start, end, word in runs if any(term.is_met_by(word) for term in terms)]
    first = hits[0][0] if hits else 0
    begin = max(0, min(first - width // 3, len(plain) - width))
    begin = next((start for start, _, _ in runs if start >= begin), begin) if begin else 0
    end = min(len(plain), begin + width)
    if end < len(plain):
        end = max((stop for _, stop, _ in runs if begin < stop <= end), default=end)
    pieces = [Piece("… ")] if begin else []
    at = begin
    for start, stop in hits:
        if start < begin or stop > end:
            continue
        if start > at:
            pieces.append(Piece(plain[at:start]))
        pieces.append(Piece(plain[start:stop], is_hit=True))
        at = stop
    if at < end:
        pieces.append(Piece(plain[at:end]))
    if end < len(plain):
        pieces.append(Piece(" …"))
    return tuple(pieces)
