"""Takes words out of every column that holds them. Only inside a redaction, while the protection is lifted."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from indicators.models import Partnership, Redaction, Text
from indicators.operations.errors import WrongState
from indicators.published_table import canonical_json, digest
from partnership.models import DisclosureCheck, Pack, SearchEntry
from partnership.selectors.redaction_reach import Reached, columns_of_texts, reached

MARK = "[redacted]"
FEWEST_SIGNS = 3
Record = Callable[[str, str], Redaction]


@dataclass
class Gone:
    """What was changed: its records, and the packs that hold any of it."""

    records: list[Redaction] = field(default_factory=list)
    packs: set[int] = field(default_factory=set)


class Words:
    """Words to be taken out wherever they stand, in capitals or not, with whatever space between them."""

    def __init__(self, words: Collection[str]) -> None:
        """Raises WrongState for words of fewer than three signs."""
        self.words = sorted({" ".join(one.split()) for one in words}, key=len, reverse=True)
        if any(len(one) < FEWEST_SIGNS for one in self.words):
            raise WrongState(f"Give words of at least {FEWEST_SIGNS} letters or digits: shorter ones stand everywhere.")
        found = "|".join(r"\s+".join(map(re.escape, one.split())) for one in self.words)
        self._pattern = re.compile(found or r"(?!)", re.IGNORECASE)

    def without(self, value: Any) -> Any:
        """The value, text or anything that JSON holds, without them."""
        match value:
            case str():
                return self._pattern.sub(MARK, value)
            case list():
                return [self.without(one) for one in value]
            case dict():
                return {key: self.without(one) for key, one in value.items()}
        return value

    def are_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return self._pattern.search(text) is not None


def texts_with(partnership: Partnership, words: Words) -> list[Text]:
    """The kept texts that something of the partnership says and in which one of the words stands."""
    if not words.words:
        return []
    held = [one for one in Text.objects.all() if words.are_in(one.body)]
    kept: set[int] = set()
    for model, name, way in columns_of_texts():
        rows = model._default_manager.filter(**{way: partnership.pk, f"{name}__in": held})
        kept.update(rows.values_list(name, flat=True))
    return [one for one in held if one.pk in kept]


def take_words_out(partnership: Partnership, words: Words, record: Record) -> Gone:
    """Takes the words out of every column that a redaction reaches. The hash of a manifest is made anew."""
    gone = Gone()
    if not words.words:
        return gone
    for column in reached():
        _from_column(partnership, column, words, record, gone)
    for one in SearchEntry.objects.filter(partnership=partnership):
        if words.are_in(one.raw):
            one.delete()  # made anew from what it stands for
    return gone


def _from_column(partnership: Partnership, column: Reached, words: Words, record: Record, gone: Gone) -> None:
    name = column.field.name
    rows = column.model._default_manager.filter(**{column.way: partnership.pk})
    for row in rows.only(*_needed(column)):
        former = getattr(row, name)
        new = words.without(former)
        if new == former:
            continue
        if isinstance(new, str) and column.field.max_length:
            new = new[: column.field.max_length]
        values = {name: new}
        if column.name == "PackEvent.manifest":
            values["manifest_sha256"] = digest(canonical_json(new))
        column.model._default_manager.filter(pk=row.pk).update(**values)
        said = canonical_json(former) if column.is_json else former.encode()
        gone.records.append(record(f"{column.name} {row.pk}", digest(said)))
        pack = row.pk if column.model is Pack else getattr(row, "pack_id", None)
        if pack is not None:
            gone.packs.add(pack)


def _needed(column: Reached) -> list[str]:
    names = {one.name for one in column.model._meta.concrete_fields}
    return [column.field.name, *({"pack"} & names)]


def forget_quotes(partnership: Partnership, former: Iterable[str]) -> None:
    """The checks of small numbers quote passages of the texts that they looked through; those of these texts go."""
    texts = [" ".join(one.split()) for one in former]
    for check in DisclosureCheck.objects.filter(pack__partnership=partnership):
        passages = check.result.get("passages", [])
        new = [
            one | {"words": MARK} if any(one["words"].strip("…").strip() in text for text in texts) else one
            for one in passages
        ]
        if new != passages:
            DisclosureCheck.objects.filter(pk=check.pk).update(result=check.result | {"passages": new})
