"""Reads the glossary that is shipped with the code; no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from indicators.imports import read_csv
from indicators.phrases import has_words


@dataclass(frozen=True)
class Entry:
    """One meaning of a term in one context (empty: everywhere), with the paper and paragraph that use it."""

    term: str
    context: str
    expansion: str
    meaning: str
    source: str
    paragraph: str


@cache
def glossary() -> tuple[Entry, ...]:
    """Every entry in alphabetical order, read once per process. Raises FileRefused for a file that is not sound."""
    path = settings.BASE_DIR / "fixtures" / "glossary.csv"
    names = ("term", "context", "expansion", "meaning", "source", "paragraph")
    rows = read_csv(path.read_bytes(), "glossary", file=path.name)
    entries = [Entry(**{name: row[name] for name in names}) for row in rows]
    return tuple(sorted(entries, key=lambda e: (e.term.casefold(), e.context.casefold())))


def matching(entries: Iterable[Entry], text: str) -> tuple[Entry, ...]:
    """The entries in which every word of the text occurs."""
    return tuple(e for e in entries if has_words(f"{e.term} {e.expansion} {e.meaning}", text))


def by_letter(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """The entries under their first letter; those that begin with a digit come first, under "0 to 9"."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        first = entry.term[0].upper()
        groups.setdefault(first if first.isalpha() else "0 to 9", []).append(entry)
    return sorted(groups.items(), key=lambda group: (group[0][0].isalpha(), group[0]))
