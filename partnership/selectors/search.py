"""Searches indicators, commentary, bodies, meetings, resolutions and actions, in what a person may read alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from indicators.models import Figure, IndicatorVersion, Partnership, Series
from indicators.permissions import Access
from indicators.roles import Permission
from indicators.selectors.indicators import for_everyone
from partnership.models import (
    Action,
    AgendaItem,
    BodyVersion,
    MemberQuestion,
    Minute,
    Paper,
    PublicStatement,
    Resolution,
    SearchEntry,
)
from partnership.querysets import HoldsWords
from partnership.search_words import Piece, Term, snippet
from partnership.selectors.actions import is_exempt, meeting_of
from partnership.selectors.body_names import BodyNames, names_of_bodies
from partnership.selectors.visible import (
    actions_for,
    items_for,
    minutes_for,
    papers_for,
    questions_for,
    resolutions_for,
    statements_for,
)

Kind = SearchEntry.Kind
_BY_ITEM = ("item__meeting",)


def _joined(*names: str) -> Concat:
    """Several columns as one text, a full stop between them."""
    parts: list[Any] = []
    for name in names:
        parts += [F(name), Value(". ")]
    return Concat(*parts[:-1], output_field=TextField())


_RAW = {
    Kind.INDICATOR: _joined("name", "short_name", "numerator", "denominator", "why_it_matters"),
    Kind.BODY: _joined("name", "short_name", "purpose"),
    Kind.ITEM: F("title"),
    Kind.PAPER: F("title"),
    Kind.STATEMENT: F("topic"),
    Kind.QUESTION: F("question"),
}
_TEXT = {Kind.COMMENTARY: "commentary", Kind.MINUTE: "text", Kind.RESOLUTION: "text", Kind.ACTION: "what"}


def everything(partnership: Partnership) -> dict[Kind, QuerySet[Any]]:
    """All that can be found in the partnership, by kind, whoever may read it."""
    return {
        Kind.INDICATOR: IndicatorVersion.objects.filter(
            Exists(Series.objects.filter(indicator=OuterRef("indicator"), partnership=partnership))
        ),
        Kind.COMMENTARY: Figure.objects.filter(
            series__partnership=partnership, approval__isnull=False, commentary__isnull=False
        ),
        Kind.BODY: BodyVersion.objects.filter(body__partnership=partnership),
        Kind.ITEM: AgendaItem.objects.filter(meeting__partnership=partnership),
        Kind.PAPER: Paper.objects.filter(item__meeting__partnership=partnership),
        Kind.MINUTE: Minute.objects.filter(item__meeting__partnership=partnership),
        Kind.STATEMENT: PublicStatement.objects.filter(meeting__partnership=partnership),
        Kind.QUESTION: MemberQuestion.objects.filter(item__meeting__partnership=partnership),
        Kind.RESOLUTION: Resolution.objects.filter(partnership=partnership),
        Kind.ACTION: Action.objects.filter(partnership=partnership),
    }


def _latest(rows: QuerySet[Any], model: type[Any], owner: str) -> QuerySet[Any]:
    """Of numbered versions those that no later one follows."""
    return rows.filter(~Exists(model.objects.filter(**{owner: OuterRef(owner)}, number__gt=OuterRef("number"))))


def readable(access: Access, partnership: Partnership, now: datetime) -> dict[Kind, QuerySet[Any]]:
    """What of all that the person may read at that moment, by kind: of versions the latest, of figures the approved."""
    found = everything(partnership)
    series = Series.objects.filter(partnership=partnership)
    if not access.can(Permission.VIEW_PROTECTED):
        series = for_everyone(series)
    return {
        Kind.INDICATOR: _latest(
            found[Kind.INDICATOR].filter(Exists(series.filter(indicator=OuterRef("indicator")))),
            IndicatorVersion,
            "indicator",
        ),
        Kind.COMMENTARY: found[Kind.COMMENTARY].filter(
            pk__in=partnership_approved(partnership), series__in=series.values("pk")
        ),
        Kind.BODY: _latest(found[Kind.BODY], BodyVersion, "body"),
        Kind.ITEM: items_for(access, partnership),
        Kind.PAPER: papers_for(access, partnership, now),
        Kind.MINUTE: _latest(minutes_for(access, partnership), Minute, "item"),
        Kind.STATEMENT: statements_for(access, partnership),
        Kind.QUESTION: questions_for(access, partnership),
        Kind.RESOLUTION: resolutions_for(access, partnership),
        Kind.ACTION: actions_for(access, partnership),
    }


def partnership_approved(partnership: Partnership) -> QuerySet[Any]:
    """The approved figures of the partnership that stand now, as keys."""
    current = Series.objects.filter(partnership=partnership, current__approved__isnull=False)
    return current.values("current__approved")


def unindexed(partnership: Partnership) -> dict[Kind, QuerySet[Any]]:
    """What has no entry yet, or one that says something else than the thing does now; `said` is what it says."""
    found = {}
    for kind, rows in everything(partnership).items():
        entries = SearchEntry.objects.filter(partnership=partnership, kind=kind, object_id=OuterRef("pk"))
        if kind in _TEXT:
            name = _TEXT[kind]
            entries = entries.filter(text=OuterRef(f"{name}_id"))
            rows = rows.annotate(said=F(f"{name}__body"), said_in=F(f"{name}_id"))
        else:
            rows = rows.annotate(said=_RAW[kind], said_in=Value(None, output_field=TextField()))
            entries = entries.filter(raw=OuterRef("said"))
        found[kind] = rows.filter(~Exists(entries)).order_by("pk")
    return found


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is, where it stands, and the words around what was looked for."""

    kind: Kind
    row: Any
    title: str
    where: str
    pieces: tuple[Piece, ...]
    is_exempt: bool = False


@dataclass(frozen=True)
class Found:
    """How much was found of each kind, and the entries of the kind that was asked for, in order."""

    counts: tuple[tuple[Kind, int], ...]
    entries: QuerySet[SearchEntry]

    @property
    def number(self) -> int:
        """All hits, of every kind."""
        return sum(count for _, count in self.counts)


def found_for(
    access: Access, partnership: Partnership, terms: Iterable[Term], *, kind: str = "", now: datetime
) -> Found:
    """What a person finds: first what they may read, then of that what holds every term. One query, and the entries."""
    asked = tuple(terms)
    if not asked:
        return Found((), SearchEntry.objects.none())
    mine = Q(pk__in=[])
    for of_kind, rows in readable(access, partnership, now).items():
        mine |= Q(kind=of_kind, object_id__in=rows.order_by().values("pk"))
    entries = SearchEntry.objects.filter(mine, HoldsWords(asked), partnership=partnership)
    counted = dict(entries.order_by().values_list("kind").annotate(number=Count("pk")))
    counts = tuple((k, counted[k.value]) for k in Kind if k.value in counted)
    return Found(counts, entries.filter(kind=kind) if kind else entries)


def hits_of(partnership: Partnership, entries: Iterable[SearchEntry], terms: Iterable[Term]) -> list[Hit]:
    """Those entries as hits, in their order. One query a kind, and one."""
    listed, asked, bodies = list(entries), tuple(terms), names_of_bodies(partnership)
    rows: dict[tuple[str, int], Any] = {}
    for kind, related in _RELATED.items():
        keys = [e.object_id for e in listed if e.kind == kind]
        if keys:
            model, names = related
            found = model.objects.filter(pk__in=keys).select_related(*names)
            if kind == Kind.COMMENTARY:
                found = found.prefetch_related("series__indicator__versions__valid_from")
            rows |= {(kind, row.pk): row for row in found}
    return [_hit(Kind(e.kind), rows[e.kind, e.object_id], asked, bodies) for e in listed]


def _hit(kind: Kind, row: Any, terms: tuple[Term, ...], names: BodyNames) -> Hit:
    if kind is Kind.INDICATOR:
        said = ". ".join(p for p in (row.name, row.numerator, row.denominator, row.why_it_matters) if p)
        return Hit(kind, row, row.short_name, row.lead_role, snippet(said, terms))
    if kind is Kind.COMMENTARY:
        name = row.series.slice.name
        where = f"{name}, {row.period.label}" if name else row.period.label
        versions = [v for v in row.series.indicator.versions.all() if v.valid_from.start_on <= row.period.start_on]
        title = (versions or list(row.series.indicator.versions.all()))[-1].short_name
        return Hit(kind, row, title, where, snippet(row.commentary.body, terms))
    if kind is Kind.BODY:
        return Hit(kind, row, row.name, row.get_kind_display(), snippet(row.purpose or row.name, terms))
    if kind is Kind.ACTION:
        meeting = meeting_of(row)
        where = names.meeting(meeting) if meeting else ""
        pieces = snippet(row.what.body, terms)
        return Hit(kind, row, f"Action {row.number}", where, pieces, is_exempt(row))
    item = row if kind is Kind.ITEM else None if kind is Kind.STATEMENT else row.item
    meeting = row.meeting if item is None else item.meeting
    title = {
        Kind.ITEM: lambda: f"Item {row.label}",
        Kind.PAPER: lambda: "Paper",
        Kind.MINUTE: lambda: f"Minute {item.label}: {item.title}" if item else "",
        Kind.STATEMENT: lambda: f"Public statement {row.order}",
        Kind.QUESTION: lambda: f"Question {row.number}",
        Kind.RESOLUTION: lambda: f"Resolution {row.number}",
    }[kind]()
    said = {
        Kind.ITEM: "title",
        Kind.PAPER: "title",
        Kind.STATEMENT: "topic",
        Kind.QUESTION: "question",
    }.get(kind)
    text = getattr(row, said) if said else row.text.body
    exempt = bool(item and item.is_exempt)
    return Hit(kind, row, title, names.meeting(meeting), snippet(text, terms), exempt)


_RELATED: dict[str, tuple[Any, tuple[str, ...]]] = {
    Kind.INDICATOR: (IndicatorVersion, ("indicator",)),
    Kind.COMMENTARY: (Figure, ("commentary", "series__indicator", "series__slice", "period")),
    Kind.BODY: (BodyVersion, ("body",)),
    Kind.ITEM: (AgendaItem, ("meeting",)),
    Kind.PAPER: (Paper, _BY_ITEM),
    Kind.MINUTE: (Minute, ("text", *_BY_ITEM)),
    Kind.STATEMENT: (PublicStatement, ("meeting",)),
    Kind.QUESTION: (MemberQuestion, _BY_ITEM),
    Kind.RESOLUTION: (Resolution, ("text", *_BY_ITEM)),
    Kind.ACTION: (Action, ("what", *_BY_ITEM, "resolution__item__meeting", "exception__item__meeting")),
}
