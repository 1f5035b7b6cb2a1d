"""Stores the documents of packs as they were made. What is stored is never made anew."""

from collections.abc import Mapping
from datetime import datetime

from indicators.models import Partnership, Redaction, User
from indicators.operations.basics import operation, signed
from indicators.operations.errors import WrongState
from indicators.published_table import digest
from partnership.documents import CONTENT_TYPES, Form
from partnership.models import Pack, PackDocument, StoredDocument
from partnership.selectors.pack_documents import stored_form
from partnership.selectors.packs import status_of

REDACTED_MEANWHILE = (
    "Something was redacted while the documents were made, so they were not kept. Make them again; nothing else was "
    "changed."
)


def redactions_so_far(partnership: Partnership) -> int:
    """How many redactions there were: what a document is made from is read after this is asked, and kept only while it
    is still so."""
    return Redaction.objects.filter(partnership=partnership).count()


def store_file(
    *, partnership: Partnership, code: str, name: str, form: Form, content: bytes, by: User, at: datetime
) -> StoredDocument:
    """A file that was made here, with its SHA-256. Inside an operation."""
    return StoredDocument.objects.create(
        partnership=partnership, code=code, file_name=f"{name[:150]}.{form.value}", content_type=CONTENT_TYPES[form],
        size=len(content), sha256=digest(content), content=content, **signed(by, at),
    )  # fmt: skip


def refuse_if_redacted(partnership: Partnership, redactions: int) -> None:
    """Raises WrongState where something was redacted since; asked after the files are stored, so that a redaction that
    waits for them finds them."""
    if redactions_so_far(partnership) != redactions:
        raise WrongState(REDACTED_MEANWHILE)


@operation
def keep_documents(
    *, pack: Pack, made: Mapping[Form, bytes], redactions: int, by: User, at: datetime
) -> None:  # fmt: skip
    """Stores the documents that were made of a published pack; a form that is stored already stays as it is.
    `redactions`: `redactions_so_far` before what they are made from was read.

    Raises WrongState where the pack is closed, or something was redacted meanwhile.
    """
    row = Pack.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pack.pk)
    status = status_of(row)
    if status.published is None or status.is_closed:
        raise WrongState("There are documents of a published pack only, and of none that is closed.")
    for form, content in made.items():
        stored = PackDocument.objects.filter(pack=row, form=form.value)
        if stored_form(row, form.value) is not None:
            continue
        edition = stored.count() + 1
        name = f"{row.code}_as-published" + (f"_edition-{edition}" if edition > 1 else "")
        document = store_file(
            partnership=row.partnership, code=f"pack-{row.pk}-{form.value}-{edition}", name=name, form=form,
            content=content, by=by, at=at,
        )  # fmt: skip
        PackDocument.objects.create(pack=row, form=form.value, edition=edition, document=document)
    refuse_if_redacted(row.partnership, redactions)
