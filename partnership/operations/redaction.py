"""The one exception to keeping everything: personal data or a disclosure is removed for cause, everywhere at once.

Two named people, a reason and the data protection officer's reference. The database's own protection is lifted and put
back inside the one transaction that does it; of what was there only its SHA-256 is kept.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from indicators import triggers
from indicators.measurement import Basis
from indicators.models import (
    AuditEvent,
    DraftCell,
    Figure,
    KeptChance,
    KeptForecast,
    Membership,
    Partnership,
    PublishedRow,
    PublishedTable,
    Redaction,
    Text,
    User,
)
from indicators.operations.audit import record_audit
from indicators.operations.basics import known_on, operation
from indicators.operations.errors import NotAllowed, WrongState
from indicators.published_table import canonical_csv, canonical_json, digest, natural_key
from indicators.rag import MissingReason, NotJudged, Rating
from indicators.selectors.published import rebuilt_rows, spec_of
from indicators.table_spec import bare, neutralised
from indicators.working_days import day_words
from partnership.models import Pack, PackEvent, PackTable, SearchEntry
from partnership.operations.closing import close_documents
from partnership.operations.redacting_words import Words, forget_quotes, take_words_out, texts_with

_NUMBERS = ("basis", "numerator", "denominator", "value", "qualifier", "quantum", "stated_met", "missing_reason",
            "not_reportable_code", "flags", "confidence_reason", "validation_task")  # fmt: skip
_DRAFT_TEXTS = ("headline", "commentary", "keep_reason")
SHORT_WORDS = "Redacted for cause"
_CELL_NUMBERS = ("numerator", "denominator", "value", "qualifier")


@dataclass(frozen=True)
class Cause:
    """Why something is removed, and who stands for it."""

    cause: str
    reason: str
    reference: str
    first_person: User
    second_person: User


@dataclass(frozen=True)
class Removed:
    """What a redaction did: how many texts, figures and published tables it changed, of how many packs it closed the
    documents, and from how many places it took single words."""

    texts: int
    figures: int
    tables: int
    documents: int = 0
    places: int = 0


def figure_by_key(key: str) -> Figure:
    """The revision that a natural key names: partnership/indicator/slice/period/revision. Raises WrongState."""
    parts = key.split("/")
    sentence = f"“{key}” names no figure. Write partnership/indicator/whole/2021-22-q4/1, the last being the revision."
    if len(parts) != 5 or not parts[4].isdecimal():
        raise WrongState(sentence)
    partnership, indicator, slice_key, period, revision = parts
    found = Figure.objects.filter(
        series__partnership__slug=partnership, series__indicator__code=indicator, period__slug=period,
        series__slice__key="" if slice_key == "whole" else slice_key, revision=int(revision),
    ).select_related("series__partnership", "series__indicator", "series__slice", "period").first()  # fmt: skip
    if found is None:
        raise WrongState(sentence)
    return found


def _refuse_unless_two(partnership: Partnership, cause: Cause, at: datetime) -> None:
    if cause.cause not in Redaction.Cause.values:
        raise WrongState(f"Give the cause as one of: {', '.join(Redaction.Cause.values)}.")
    if not cause.reason.strip() or not cause.reference.strip():
        raise WrongState("Give the reason, and the data protection officer’s reference.")
    if cause.first_person.pk == cause.second_person.pk:
        raise NotAllowed("Two different people must stand for a redaction.")
    for person in (cause.first_person, cause.second_person):
        members = Membership.objects.on(known_on(at)).filter(user=person, partnership=partnership, partner=None)
        if not person.is_active or not members.exists():
            raise NotAllowed("Both people must hold a role for the whole partnership today.")


@operation
def redact(
    *, partnership: Partnership, cause: Cause, at: datetime, figures: Sequence[Figure] = (), texts: Sequence[Text] = (),
    words: Collection[str] = (),
) -> Removed:  # fmt: skip
    """Removes figures' numbers, texts and single words from every revision, draft, pack and file that holds them.

    `words` are taken out of every column that `redaction_reach` names, titles and notes of packs among them, and each
    kept text in which they stand goes as a whole.

    Each becomes "Redacted on … because …". Tables of packs are written anew, with their former hash kept; stored
    documents that hold any of it are closed, and can be made anew. Raises NotAllowed and WrongState; nothing is changed
    then.
    """
    _refuse_unless_two(partnership, cause, at)
    if not figures and not texts and not words:
        raise WrongState("Name at least one figure or text, or words.")
    out = Words(words)
    if any(f.redaction_id is not None for f in figures):
        raise WrongState("A figure that was named is redacted already.")
    if any(f.series.partnership_id != partnership.pk for f in figures):
        raise WrongState("A figure belongs to another partnership.")
    said_of_it = f"Redacted on {day_words(known_on(at))} because {_because(cause.cause)}"
    gone = {text.pk: text for text in (*texts, *_own_texts(figures), *texts_with(partnership, out))}
    former = {text.body for text in gone.values()}
    # An error rolls the whole transaction back, and with it the lifting of the protection.
    triggers.remove(connection)
    records = [_record(partnership, cause, at, f"text {t.sha256}", t.sha256) for t in gone.values()]
    for text in gone.values():
        _redact_text(text, said_of_it)
    said = Text.objects.keep(said_of_it)
    for figure in figures:
        _forget_forecasts(figure)
        record = _record(partnership, cause, at, _key_of(figure), _sha_of(figure))
        _redact_figure(figure, record, said)
        records.append(record)
    taken = take_words_out(partnership, out, lambda what, sha: _record(partnership, cause, at, what, sha))
    forget_quotes(partnership, former)
    records += taken.records
    changed = _rewrite_tables(partnership, figures, former, said_of_it, out)
    for record in records:
        Redaction.objects.filter(pk=record.pk).update(tables=[entry for entry, _ in changed])
    closed = close_documents(
        partnership_id=partnership.pk, packs={carried.pack_id for _, carried in changed} | taken.packs,
        former={*former, *out.words}, record=lambda what, sha: _record(partnership, cause, at, what, sha),
    )  # fmt: skip
    touched = {carried.pack for _, carried in changed} | closed | set(Pack.objects.filter(pk__in=taken.packs))
    for pack in touched:
        PackEvent.objects.create(
            pack=pack, action=PackEvent.Action.REDACTED, by=cause.first_person, actor=str(cause.first_person),
            at=at, reason=Text.objects.keep(f"{said_of_it}. Reference {cause.reference.strip()}."),
        )  # fmt: skip
    connection.check_constraints()
    triggers.reinstall(connection)
    for record in records:
        record_audit(partnership=partnership, kind=AuditEvent.Kind.REDACTED, by=cause.first_person, what=record.what,
                     at=at)  # fmt: skip
    return Removed(len(gone), len(figures), len(changed), len(closed), len(taken.records))


def _own_texts(figures: Sequence[Figure]) -> list[Text]:
    """The words of the figures that no figure of another series shares: they may tell what the numbers told."""
    found = []
    for figure in figures:
        for text in filter(None, (figure.headline, figure.commentary, figure.keep_reason)):
            uses = Q(headline=text) | Q(commentary=text) | Q(keep_reason=text)
            if not Figure.objects.filter(uses).exclude(series=figure.series_id).exists():
                found.append(text)
    return found


def _because(cause: str) -> str:
    if cause == Redaction.Cause.PERSONAL_DATA:
        return "it was personal data"
    return "it disclosed who a person is"


def _record(partnership: Partnership, cause: Cause, at: datetime, what: str, sha: str) -> Redaction:
    return Redaction.objects.create(
        partnership=partnership, cause=cause.cause, reason=cause.reason.strip(), reference=cause.reference.strip(),
        first_person=cause.first_person, second_person=cause.second_person, at=at, what=what, former_sha256=sha,
    )  # fmt: skip


def _redact_text(text: Text, words: str) -> None:
    """The row keeps the hash of what it said, so that the same words, sent again, are the redacted text again."""
    for name in _DRAFT_TEXTS:
        said = SHORT_WORDS if name == "headline" else words
        DraftCell.objects.filter(**{name: text.body}).update(**{name: said})
    Text.objects.filter(pk=text.pk).update(body=words)
    SearchEntry.objects.filter(text=text).delete()


def _key_of(figure: Figure) -> str:
    series = figure.series
    return natural_key(
        series.partnership.slug, series.indicator.code, series.slice.key, figure.period.slug, figure.revision
    )  # fmt: skip


def _sha_of(figure: Figure) -> str:
    return digest(canonical_json({name: bare(getattr(figure, name)) for name in _NUMBERS}))


def _redact_figure(figure: Figure, record: Redaction, said: Text | None) -> None:
    empty: dict[str, Any] = dict.fromkeys(("numerator", "denominator", "value", "quantum", "stated_met"))
    texts = dict.fromkeys(("qualifier", "not_reportable_code", "flags", "confidence_reason", "validation_task"), "")
    Figure.objects.filter(pk=figure.pk).update(
        **empty, **texts, basis=Basis.MISSING.value, missing_reason=MissingReason.CONFIDENTIAL.value, headline=None,
        commentary=said, keep_reason=None, redaction=record,
    )  # fmt: skip


def _forget_forecasts(figure: Figure) -> None:
    """Forecasts that were made from the figure would tell what it was; they go, and are made anew without it."""
    made = KeptForecast.objects.filter(series=figure.series_id, made_from__end_on__gte=figure.period.end_on)
    KeptChance.objects.filter(forecast__in=made).delete()
    made.delete()


def _rewrite_tables(
    partnership: Partnership, figures: Sequence[Figure], former: set[str], words: str, out: Words
) -> list[tuple[dict[str, Any], PackTable]]:
    """Writes the published tables anew where what they rest on was redacted; each with its former and new hash."""
    places = {(f.series.indicator.code, f.series.slice.key, f.period.slug) for f in figures}
    changed = []
    for carried in PackTable.objects.filter(pack__partnership=partnership).select_related("pack", "table__period"):
        table = carried.table
        rows = list(table.rows.order_by("order"))
        if table.kind == PublishedTable.Kind.SCORECARD:
            spec = spec_of(table)
            cells = [spec.csv_row(row) for row in rebuilt_rows(table)]
        elif table.kind == PublishedTable.Kind.PROJECTION:
            cells = [out.without(row.cells) for row in rows]  # it rests on no figure and on no kept text
        else:
            cells = [out.without(_restated_cells(table, row, places, former, words)) for row in rows]
        if [row.cells for row in rows] == cells:
            continue
        for row, new in zip(rows, cells, strict=True):
            PublishedRow.objects.filter(pk=row.pk).update(cells=new)
        entry = {"table": table.pk, "former": table.sha256, "new": digest(canonical_csv(table.header, cells))}
        PublishedTable.objects.filter(pk=table.pk).update(sha256=entry["new"])
        changed.append((entry, carried))
    return changed


def _restated_cells(
    table: PublishedTable, row: PublishedRow, places: Iterable[tuple[str, str, str]], former: set[str], words: str
) -> list[str]:
    """A row of restated figures without the numbers of a redacted figure, and without a redacted text."""
    values = dict(zip(table.header, row.cells, strict=True))
    # The reason may stand beside that of a changed target, and may carry the apostrophe that neutralises a formula.
    for text in sorted(filter(None, former), key=len, reverse=True):
        for said in (neutralised(text), text):
            values["reason"] = values["reason"].replace(said, words)
    if (values["indicator"], values["slice"], values["period"]) in places:
        for side in ("then", "now"):
            values |= {f"{side}_{name}": "" for name in _CELL_NUMBERS}
            values |= {
                f"{side}_basis": Basis.MISSING.value,
                f"{side}_symbol": MissingReason.CONFIDENTIAL.value,
                f"{side}_rating": Rating.NOT_JUDGED.value,
                f"{side}_rating_reason": NotJudged.CONFIDENTIAL.value,
            }
        values["flips"] = "no"
    return [values[name] for name in table.header]
