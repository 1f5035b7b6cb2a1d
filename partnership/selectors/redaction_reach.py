"""Which words a redaction reaches: every column of text of a partnership but those named here, each with its reason.

A new column is reached without anybody thinking of it; one that is not to be must be named. Docs: docs/redaction.md.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from indicators.models import Partnership, Text, User

APPS = ("indicators", "referrals", "finance", "partnership")
_IN_ADDRESSES = "It stands in addresses and names of files; withdraw the pack for a breach, which closes them all."
_WHO = "Who did it, by the name of the account: it is changed there, and steps stay accountable."
_NO_WORDS = "Made by the application: hashes, numbers, codes and own words, never what somebody typed."
_OWN_WAY = "Redacted in its own way: whole texts and tables, with their hashes."
_LIBRARY = "Shared by all partnerships and loaded from reviewed files: correct the file and load it again."
_RECORD = "The record of a redaction or of the audit, which never says what was removed."
_ACCOUNT = "The account of a person: changed or closed by an administrator."
_REGION = "Of several partnerships, and written by who looks after the server, where it is changed too."
_FILE = "A file as somebody gave it, which is never opened here: withdraw it. Those made of packs are closed."

# By the name of a column, whatever model it is of.
BY_COLUMN = {
    "code": _IN_ADDRESSES, "slug": _IN_ADDRESSES, "actor": _WHO, "withdrawn_actor": _WHO, "paragraph": _NO_WORDS,
    "qualifier": _NO_WORDS, "flags": _NO_WORDS, "sha256": _NO_WORDS, "file_sha256": _NO_WORDS,
    "inputs_sha256": _NO_WORDS, "mapping_sha256": _NO_WORDS, "finding_counts": _NO_WORDS, "findings": _NO_WORDS,
    "software": _NO_WORDS,
}  # fmt: skip
# By model, whatever column.
BY_MODEL = {
    **dict.fromkeys(
        ("Indicator", "IndicatorVersion", "Dimension", "Category", "Slice", "Balance", "Sum", "SourceDocument",
         "Period", "Area", "ComparatorGroup", "BenchmarkSet", "BenchmarkImport", "BenchmarkMeasure", "BenchmarkValue",
         "Comparison"),
        _LIBRARY,
    ),
    **dict.fromkeys(("AuditEvent", "Redaction", "OperationKey"), _RECORD),
    **dict.fromkeys(("Text", "SearchEntry"), _OWN_WAY),
    **dict.fromkeys(("User", "Invitation", "SingleSignOn"), _ACCOUNT),
    **dict.fromkeys(("Region", "RegionStep"), _REGION),
    **dict.fromkeys(("AlertState", "AlertSubscription", "Alert", "Change", "ReminderSent", "KeptForecast", "AnnexALoad",
                     "AnnexAMeasure", "Ssda903Load", "ReportCheck"), _NO_WORDS),
}  # fmt: skip
# Single columns.
BY_FIELD = {
    "Partnership.gss_code": _NO_WORDS,
    "StoredDocument.content_type": _NO_WORDS,
    "StoredDocument.content": _FILE,
    "Pack.exempt_paragraphs": _NO_WORDS,
    "PackReason.point": _NO_WORDS,
    "PackEvent.manifest_sha256": _NO_WORDS,
    "PublishedTable.header": _NO_WORDS,
    "PublishedRow.key": _NO_WORDS,
    "PublishedRow.cells": _OWN_WAY,
    "DisclosureCheck.fingerprint": _NO_WORDS,
    "DisclosurePolicy.counts": _NO_WORDS,
    "PassageDecision.passage": _NO_WORDS,
    "PaperPassageDecision.passage": _NO_WORDS,
    "PaperPassageDecision.place": _NO_WORDS,
    "PaperSignature.initials": "Who signed, as typed for the role: a new wording is signed anew.",
    "RowLeftOut.table": _NO_WORDS,
    "RowLeftOut.indicator": _NO_WORDS,
    "RowLeftOut.slice": _NO_WORDS,
    "DraftCell.basis": _NO_WORDS,
    "Citation.rating": _NO_WORDS,
    "RegisterDraft.register": _IN_ADDRESSES,
    "RegisterDraft.entry": _IN_ADDRESSES,
    "RegisterDraft.item": _IN_ADDRESSES,
    "PlanAssumption.prices_pence": _NO_WORDS,
    "ProjectionRun.software_version": _NO_WORDS,
    "ProjectionRun.bands": _NO_WORDS,
}


@dataclass(frozen=True)
class Reached:
    """A column of text that a redaction reaches, and the way from its model to the partnership, as a filter has it."""

    model: type[models.Model]
    field: models.Field  # type: ignore[type-arg]
    way: str

    @property
    def name(self) -> str:
        """Model and column: "Pack.title"."""
        return f"{self.model.__name__}.{self.field.name}"

    @property
    def is_json(self) -> bool:
        """Whether it holds words somewhere within."""
        return isinstance(self.field, models.JSONField)


def text_columns() -> Iterator[tuple[type[models.Model], models.Field]]:  # type: ignore[type-arg]
    """Every column of our own tables that holds text or bytes and takes more than one of some given values."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, kinds) and not field.choices:
                    yield model, field


def why_not(model: type[models.Model], field: models.Field) -> str:  # type: ignore[type-arg]
    """Why a redaction of words leaves a column alone; empty: it reaches it."""
    own = BY_FIELD.get(f"{model.__name__}.{field.name}", "")
    return own or BY_MODEL.get(model.__name__, "") or BY_COLUMN.get(field.name, "")


def reached() -> list[Reached]:
    """The columns that a redaction of words reaches. Raises LookupError for one that belongs to no partnership and is
    not named as left alone."""
    found = []
    for model, field in text_columns():
        if why_not(model, field):
            continue
        found.append(Reached(model, field, way_to_partnership(model)))
    return found


def way_to_partnership(model: type[models.Model]) -> str:
    """The relations from a model to its partnership: "pack__partnership"; over such that are always there if it can be.
    Raises LookupError where there is none."""
    for is_sure in (True, False):
        waiting: deque[tuple[type[models.Model], tuple[str, ...]]] = deque([(model, ())])
        seen = {model}
        while waiting:
            at, way = waiting.popleft()
            if at is Partnership:
                return "__".join(way) or "pk"
            for field in at._meta.concrete_fields:
                other = field.related_model
                if other is None or other in seen or other is User or (is_sure and field.null):
                    continue
                seen.add(other)  # type: ignore[arg-type]
                waiting.append((other, (*way, field.name)))  # type: ignore[arg-type]
    raise LookupError(f"{model.__name__} belongs to no partnership.")


def columns_of_texts() -> Iterator[tuple[type[models.Model], str, str]]:
    """Every column that names a kept text, with the way from its model to the partnership."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if field.related_model is Text and model is not Text and model.__name__ != "SearchEntry":
                    yield model, field.name, way_to_partnership(model)
