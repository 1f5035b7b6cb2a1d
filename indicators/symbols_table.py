"""Every code and mark that stands in a table or file in place of a number or beside one, with its words.

Made from the tables that the code itself uses, so that none can be missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators import own_words
from indicators.ees_layout import NOT_AVAILABLE, SYMBOLS
from indicators.measurement import QUALIFIERS
from indicators.rag import MissingReason, NotJudged, Rating, words

_QUALIFIER_WORDS = {
    "<": "Less than the number: only that is known",
    ">": "More than the number: only that is known",
    "~": "About: the source gives it as approximate",
}
# Reasons that are no data's own, and yet leave no number behind.
_WITHOUT_A_NUMBER = {NotJudged.NO_FIGURE, NotJudged.OUTCOME_WITH_TOLERANCE}


@dataclass(frozen=True)
class Symbol:
    """One code with its words, what more there is to say, and the symbol of the Department's layout, if it has one."""

    code: str
    words: str
    more: str = ""
    ees: str = ""


@dataclass(frozen=True)
class SymbolGroup:
    """Codes that stand in the same columns of a file; `has_ees`: the Department's layout has symbols for them."""

    code: str
    title: str
    columns: str
    symbols: Sequence[Symbol]
    has_ees: bool = False


def symbol_groups() -> tuple[SymbolGroup, ...]:
    """All of them, group by group."""
    missing = [Symbol(code, said, more, SYMBOLS[MissingReason(code)]) for code, said, more in own_words.symbols()]
    own = {symbol.code for symbol in missing}
    reasons = [_reason(reason) for reason in NotJudged if reason.value not in own]
    ratings = [Symbol(rating.value, said, more) for rating, said, more in own_words.RATING_MEANINGS]
    signs = [Symbol(sign, _QUALIFIER_WORDS[sign]) for sign in QUALIFIERS if sign]
    return (
        SymbolGroup("missing", "Why there is no number", "symbol", missing, has_ees=True),
        SymbolGroup("ratings", "How a figure stands to its target", "rating", ratings),
        SymbolGroup("reasons", "Why a figure is not judged", "rating_reason, symbol", reasons, has_ees=True),
        SymbolGroup("flags", "Marks beside a number", "flags", [Symbol(*flag) for flag in own_words.flags()]),
        SymbolGroup("qualifiers", "Signs before a number", "qualifier", signs),
        SymbolGroup("bases", "Where a number comes from", "basis", [Symbol(*basis) for basis in own_words.bases()]),
        SymbolGroup("confidence", "How far the data are trusted", "confidence",
                    [Symbol(*degree) for degree in own_words.confidences()]),
    )  # fmt: skip


def _reason(reason: NotJudged) -> Symbol:
    ees = NOT_AVAILABLE if reason in _WITHOUT_A_NUMBER else ""
    return Symbol(reason.value, words(Rating.NOT_JUDGED, reason), "", ees)
