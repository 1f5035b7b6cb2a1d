"""Keeps the words that a search looks in as what they stand for says."""

from indicators.models import Partnership
from indicators.operations.basics import operation
from partnership.models import SearchEntry
from partnership.search_words import words_of
from partnership.selectors.search import unindexed

_PORTION = 500


@operation
def refresh_search(*, partnership: Partnership) -> int:
    """Indexes what is new or has changed since the last time; how much that was. One query a kind where nothing is.

    Who may read what is asked at every search, never here.
    """
    number = 0
    for kind, rows in unindexed(partnership).items():
        made = [
            SearchEntry(
                partnership=partnership, kind=kind, object_id=row.pk, text_id=row.said_in,
                raw="" if row.said_in else row.said, words=" ".join(words_of(row.said)),
            )
            for row in rows
        ]  # fmt: skip
        SearchEntry.objects.bulk_create(
            made, batch_size=_PORTION, update_conflicts=True, unique_fields=["partnership", "kind", "object_id"],
            update_fields=["text", "raw", "words"],
        )  # fmt: skip
        number += len(made)
    return number
