"""Proves packs: works each published table out again and compares bytes and hashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from indicators.models import Partnership, PublishedTable, Redaction
from indicators.published_table import canonical_csv, canonical_json, digest
from indicators.selectors.published import rebuilt_csv
from partnership.models import Pack, PackTable
from partnership.selectors.packs import status_of, tables_of


class Finding(StrEnum):
    """How one table, or a pack's manifest, came out."""

    SOUND = "sound"
    REDACTED = "redacted"
    BROKEN = "broken"


@dataclass(frozen=True)
class Verified:
    """One table of one pack (no table: the manifest itself), with what was found."""

    pack: str
    table: str
    finding: Finding
    words: str


def verified_packs(partnership: Partnership | None = None) -> Iterator[Verified]:
    """Every published pack, withdrawn ones included, table by table."""
    packs = Pack.objects.filter(events__action="published").order_by("meeting_on", "pk")
    for pack in packs.filter(partnership=partnership) if partnership else packs:
        yield from verified(pack)


def verified(pack: Pack) -> Iterator[Verified]:
    """One published pack."""
    published = status_of(pack).published
    manifest = published.manifest if published else None
    if published is None or manifest is None:
        yield Verified(pack.code, "", Finding.BROKEN, "There is no manifest.")
        return
    told = {t["code"]: t["sha256"] for t in manifest["tables"]}
    tables = tables_of(pack)
    changed = _redactions(pack)
    if digest(canonical_json(manifest)) != published.manifest_sha256:
        yield Verified(pack.code, "", Finding.BROKEN, "The manifest is not what its hash says.")
    if set(told) != {t.code for t in tables}:
        yield Verified(pack.code, "", Finding.BROKEN, "The manifest names other tables than the pack holds.")
    for carried in tables:
        yield _verified(carried, told.get(carried.code, ""), changed)


def _verified(carried: PackTable, told: str, changed: dict[tuple[int, str], str]) -> Verified:
    table = carried.table
    frozen = canonical_csv(table.header, table.rows.order_by("order").values_list("cells", flat=True))
    sha = digest(frozen)
    expected, was_redacted = told, False
    while (table.pk, expected) in changed:
        expected, was_redacted = changed[(table.pk, expected)], True
    problem = ""
    if sha != table.sha256:
        problem = "Its rows are not what its hash says."
    elif sha != expected:
        problem = "Its hash is not the one in the manifest."
    elif table.kind == PublishedTable.Kind.SCORECARD and _rebuilt(table) != frozen:
        problem = "Worked out again from its pinned revisions it comes out differently."
    if problem:
        return Verified(carried.pack.code, carried.code, Finding.BROKEN, problem)
    if was_redacted:
        return Verified(
            carried.pack.code, carried.code, Finding.REDACTED, "Redacted for cause; otherwise as published."
        )
    return Verified(carried.pack.code, carried.code, Finding.SOUND, "As published, byte for byte.")


def _rebuilt(table: PublishedTable) -> bytes | None:
    """The table worked out again; None when what it rests on is so broken that this cannot be done."""
    try:
        return rebuilt_csv(table)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


def _redactions(pack: Pack) -> dict[tuple[int, str], str]:
    """By table and former hash, the hash after a recorded redaction."""
    return {
        (entry["table"], entry["former"]): entry["new"]
        for tables in Redaction.objects.filter(partnership=pack.partnership_id).values_list("tables", flat=True)
        for entry in tables
    }
