"""Questions to the database that each engine answers in words of its own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func

from partnership.search_words import Term


class HoldsWords(Func):
    """Whether a search entry holds every term: by the full-text index of PostgreSQL, or SQLite's full-text table.

    The words are folded before they come here, so both engines compare the same letters and digits.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        super().__init__(F("pk"), F("words"))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[str]]:
        """The entry's words as a vector, asked by prefix or as whole words."""
        words, params = compiler.compile(self.get_source_expressions()[1])
        asked = " & ".join(f"'{t.word}'" if t.is_whole else f"'{t.word}':*" for t in self.terms)
        return f"array_to_tsvector(string_to_array({words}, ' ')) @@ %s::tsquery", [*params, asked]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        """The entry among those that the full-text table finds."""
        key, params = compiler.compile(self.get_source_expressions()[0])
        asked = " AND ".join(f'"{t.word}"' if t.is_whole else f'"{t.word}" *' for t in self.terms)
        found = "SELECT rowid FROM partnership_searchwords WHERE words MATCH %s"
        return f"{key} IN ({found})", (*params, asked)
