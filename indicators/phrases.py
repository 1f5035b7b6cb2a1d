"""How words are put together in a sentence: lists, first letters, and what something is cited from."""

from collections.abc import Sequence
from datetime import date

from indicators.working_days import day_words

_LONGEST_CITATION = 40


def listed(names: Sequence[str]) -> str:
    """ "start", "start and in", "start, in and out", of one name or more."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def lowered(text: str) -> str:
    """The text as it goes on inside a sentence."""
    return f"{text[:1].lower()}{text[1:]}"


def has_words(text: str, words: str) -> bool:
    """Whether every one of the words stands in the text, large or small; where there are none it is so."""
    folded = text.casefold()
    return all(word in folded for word in words.casefold().split())


def capital(text: str) -> str:
    """The text as it begins a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def cited(source: str, paragraph: str) -> str:
    """Paper and paragraph: "report 003 §28 table"; empty without a paper."""
    return f"{source} §{paragraph}" if source and paragraph else source


def paper_of(citation: str) -> str:
    """The paper of a citation: "report 003"."""
    return citation.partition(" §")[0]


def short_citation(citation: str) -> str:
    """The citation where it is short, else the paper alone: the figure's own page, or the file, has the whole."""
    return citation if len(citation) <= _LONGEST_CITATION else paper_of(citation)


def published_later(today: date) -> str:
    """What is said where a page shows official figures of periods that end after today."""
    return f"Figures of periods after {day_words(today)} are official statistics that were published later."
