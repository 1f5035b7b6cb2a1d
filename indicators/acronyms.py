"""Finds the short forms of the glossary that stand in a text without the words they are short for."""

import re
from collections.abc import Iterable
from functools import cache
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
    pattern = _pattern(frozenset(entry.term for entry in glossary))
    return set(pattern.findall(text)) if pattern else set()


@cache
def _pattern(terms: frozenset[str]) -> re.Pattern[str] | None:
    """Finds any of the short forms among the terms, the longest first; None where there are none."""
    found = sorted((term for term in terms if is_short_form(term)), key=lambda term: (-len(term), term))
    choice = "|".join(map(re.escape, found))
    return re.compile(rf"(?<![\w&])({choice})(?:['’]?s)?(?![\w&])") if found else None


def unexpanded(text: str, glossary: Iterable[Meaning]) -> set[str]:
    """The short forms in the text whose words, in no context, stand anywhere in it."""
    entries = list(glossary)
    terms = used(text, entries)
    plain = _plain(text) if terms else ""
    return {
        term for term in terms if not any(_plain(entry.expansion) in plain for entry in entries if entry.term == term)
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
