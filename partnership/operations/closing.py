"""Closes stored documents that hold what was redacted. Only inside a redaction, while the protection is lifted."""

from collections.abc import Callable, Collection, Iterable

from django.db.models import Q

from indicators.models import Redaction
from partnership.models import Pack, PackDocument, PaperIssue, StoredDocument
from partnership.word_text import plain, text_of


def close_documents(
    *, partnership_id: int, packs: Collection[int], former: Iterable[str], record: Callable[[str, str], Redaction]
) -> set[Pack]:
    """Empties the documents of these packs and the committee papers issued of them, and every other one that holds one
    of the former texts; each keeps its SHA-256 and says which redaction closed it. `record` makes the redaction of what
    it is given, with its hash.

    Returns the packs whose documents were closed. Word and PDF are made of the same words, and there is no PDF without
    its Word file, which is the one that is read.
    """
    gone = {plain(text) for text in former} - {""}
    closed: set[Pack] = set()
    for pack, documents in _sets(partnership_id):
        if pack.pk in packs or any(_holds(one, gone) for one in documents):
            for one in documents:
                made = record(f"document {one.code}", one.sha256)
                StoredDocument.objects.filter(pk=one.pk).update(content=b"", redaction=made)
            closed.add(pack)
    return closed


def _sets(partnership_id: int) -> list[tuple[Pack, list[StoredDocument]]]:
    """The documents that were made together, with their pack, without the bytes; closed ones left out."""
    found = []
    open_ones = Q(document__redaction__isnull=True, pack__partnership=partnership_id)
    by_pack: dict[Pack, list[StoredDocument]] = {}
    rows = PackDocument.objects.filter(open_ones).select_related("pack", "document").defer("document__content")
    for row in rows:
        by_pack.setdefault(row.pack, []).append(row.document)
    found += list(by_pack.items())
    issues = PaperIssue.objects.filter(word__redaction__isnull=True, paper__pack__partnership=partnership_id)
    related = issues.select_related("paper__pack", "word", "pdf").defer("word__content", "pdf__content")
    found += [(one.paper.pack, [d for d in (one.word, one.pdf) if d is not None]) for one in related]
    return found


def _holds(document: StoredDocument, gone: Collection[str]) -> bool:
    if not gone or not document.file_name.endswith(".docx"):
        return False
    said = text_of(bytes(document.content))
    return any(text in said for text in gone)
