"""Finds the short forms of the glossary that stand in a text without the words they are short for."""

import re
from collections.abc import Iterable
from typing import Protocol

# Two capitals at least, nothing but letters and "&": FTE, CiC, C&F, DfE; not Mosaic, Qtr or 903.
_SHORT_FORM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z&]{2,7}")


class Meaning(Protocol):
    """One meaning of a term in one context."""

    @property
    def term(self) -> str:
        """What is printed."""

    @property
    def context(self) -> str:
        """Where it means this; empty: everywhere."""

    @property
    def expansion(self) -> str:
        """The words it is short for."""


def is_short_form(term: str) -> bool:
    """Whether a term of the glossary is an acronym or another short form, rather than a word or a name."""
    return _SHORT_FORM.fullmatch(term) is not None


def used(text: str, glossary: Iterable[Meaning]) -> set[str]:
    """The short forms that stand in the text as words of their own, with or without a plural s."""
    terms = {entry.term for entry in glossary if is_short_form(entry.term)}
    return {term for term in terms if re.search(rf"(?<![\w&]){re.escape(term)}(?:['’]?s)?(?![\w&])", text)}


def unexpanded(text: str, glossary: Iterable[Meaning]) -> set[str]:
    """The short forms in the text whose words, in no context, stand anywhere in it."""
    entries = list(glossary)
    plain = _plain(text)
    return {
        term
        for term in used(text, entries)
        if not any(_plain(entry.expansion) in plain for entry in entries if entry.term == term)
    }


def expansions(text: str, glossary: Iterable[Meaning], *, context: str = "") -> list[tuple[str, str]]:
    """What to add to a text so that nothing in it is unexplained: each short form with its words, in alphabetical
    order. Of several meanings the one whose context the given words name; else all, each with its context."""
    entries = list(glossary)
    found = []
    for term in sorted(unexpanded(text, entries)):
        meanings = [entry for entry in entries if entry.term == term]
        here = [m for m in meanings if m.context and m.context.casefold() in context.casefold()]
        if here or len(meanings) == 1:
            found.append((term, (here or meanings)[0].expansion))
        else:
            found.append((term, " or ".join(f"{m.expansion} ({m.context})" for m in meanings)))
    return found


def _plain(text: str) -> str:
    """Small letters, single spaces, no hyphens and no typographic apostrophes: how two spellings are compared."""
    return re.sub(r"[\s\-‐–]+", " ", text.casefold().replace("’", "'"))
