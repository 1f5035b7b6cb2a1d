"""Every code and mark that stands in a table or file in place of a number or beside one, with its words.

Made from the tables that the code itself uses, so that none can be missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.ees_layout import NOT_AVAILABLE, SYMBOLS
from indicators.measurement import CONFIDENCE_WORDS, FLAG_WORDS
from indicators.rag import MissingReason, NotJudged, Rating, missing_words, words

QUALIFIER_WORDS = {
    "<": "Less than the number: only that is known",
    ">": "More than the number: only that is known",
    "~": "About: the source says that it is approximate",
}
_MORE: dict[MissingReason, str] = {
    MissingReason.CONFIDENTIAL: (
        "Hidden so that nobody can be recognised: the number itself is small, or would tell a small one"
    ),
    MissingReason.NOT_APPLICABLE: "There is nothing to be counted here",
    MissingReason.NOT_AVAILABLE: "The number exists or should, and is not held",
    MissingReason.LOW: "More than nothing, but it rounds to nothing",
    MissingReason.NO_COHORT: "None of none: there was nobody to whom it could have applied",
    MissingReason.NOT_YET_DUE: "The period has not ended, or the figure is returned later",
    MissingReason.NOT_REPORTABLE: "Those who return it cannot say it; a reason stands beside it",
    MissingReason.NARRATIVE_ONLY: "Told in words only",
}


@dataclass(frozen=True)
class Symbol:
    """One code with its words, what more there is to say, and the symbol of the Department's layout, if it has one."""

    code: str
    words: str
    more: str = ""
    ees: str = ""


@dataclass(frozen=True)
class SymbolGroup:
    """Codes that stand in the same columns of a file."""

    code: str
    title: str
    columns: str
    symbols: Sequence[Symbol]


def symbol_groups() -> tuple[SymbolGroup, ...]:
    """All of them, group by group."""
    missing = [Symbol(m.value, missing_words(m), _MORE[m], SYMBOLS[m]) for m in MissingReason]
    others = [n for n in NotJudged if n.value not in {m.value for m in MissingReason}]
    ratings = [Symbol(rating.value, words(rating)) for rating in Rating if rating is not Rating.NOT_JUDGED]
    unrated = Symbol(Rating.NOT_JUDGED.value, "Not judged", "Never red, amber or green: the reason is given")
    reasons = [
        Symbol(n.value, words(Rating.NOT_JUDGED, n), "", NOT_AVAILABLE if _is_missing(n) else "") for n in others
    ]
    return (
        SymbolGroup("missing", "Why there is no number", "symbol", missing),
        SymbolGroup("ratings", "How a figure stands to its target", "rating", [*ratings, unrated]),
        SymbolGroup("reasons", "Why a figure is not judged", "rating_reason, symbol", reasons),
        SymbolGroup("flags", "Marks beside a number", "flags", [Symbol(f.value, w) for f, w in FLAG_WORDS.items()]),
        SymbolGroup("qualifiers", "Signs before a number", "qualifier",
                    [Symbol(code, text) for code, text in QUALIFIER_WORDS.items()]),
        SymbolGroup("confidence", "How far the data are trusted", "confidence",
                    [Symbol(c.value, w) for c, w in CONFIDENCE_WORDS.items()]),
    )  # fmt: skip


def _is_missing(reason: NotJudged) -> bool:
    """Whether there is no number at all, for a reason that is not one of the data's own."""
    return reason in {NotJudged.NO_FIGURE, NotJudged.OUTCOME_WITH_TOLERANCE}
