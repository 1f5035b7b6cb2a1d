"""Reads what the document of a pack is made from: what the pack froze, and which documents of it are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from indicators.as_at import london_day
from indicators.control import Control
from indicators.models import Audience, PublishedTable, Scorecard
from indicators.permissions import Access, Grant
from indicators.roles import Role
from indicators.scorecard import ScorecardRow
from indicators.selectors.glossary import glossary
from indicators.selectors.published import drawn_rows
from indicators.selectors.scorecards import period_of
from indicators.trend import Trend, chart_sentence
from indicators.trend_drawing import PRINTED, trend_svg
from indicators.variation_table import REPORTED_TABLE
from partnership.models import Pack, PackDocument, PackEvent, PackTable, StoredDocument
from partnership.pack_document import ActionTold, Drawn, Kind, PackTold, TableTold, Term
from partnership.selectors.citations import cited_before
from partnership.selectors.closed_packs import closed_by, overtaken
from partnership.selectors.packs import PackStatus, tables_of, told_table

_KINDS = {
    Scorecard.Purpose.PERFORMANCE: Kind.PERFORMANCE,
    Scorecard.Purpose.ACTIVITY: Kind.ACTIVITY,
    Scorecard.Purpose.MONEY: Kind.MONEY,
}
# Who reads the least of those that a pack for an audience is given to: what a document tells must be for all of them.
_LEAST = {Audience.BOARD: Role.ADMINISTRATOR, Audience.EXEMPT: Role.BOARD_MEMBER}


def pack_told(status: PackStatus) -> PackTold:
    """What the document of a published pack is made from. Three queries, two more for each table, and those of what
    rests on its figures. Raises ValueError for a pack that is not published."""
    published, pack = status.published, status.pack
    if published is None:
        raise ValueError("Only a published pack is told.")
    tables = tables_of(pack)
    return PackTold(
        owner=pack.partnership.name,
        title=pack.title,
        body=pack.body,
        meeting_on=pack.meeting_on,
        published_on=london_day(published.at),
        audience=pack.get_audience_display(),
        is_exempt=pack.audience == Audience.EXEMPT,
        exempt=pack.exempt_numbers,
        note=pack.note,
        tables=tuple(map(_table, tables)),
        actions=_actions(pack, tables, until=published.at),
        manifest_sha256=published.manifest_sha256,
        terms=tuple(Term(e.term, e.context, e.expansion, e.meaning) for e in glossary()),
        redacted_on=tuple(dict.fromkeys(london_day(e.at) for e in _redactions(status))),
        protection=status.protection(),
    )


def _redactions(status: PackStatus) -> list[PackEvent]:
    return [event for event in status.events if event.action == PackEvent.Action.REDACTED]


def _table(carried: PackTable) -> TableTold:
    table = carried.table
    frozen = told_table(table)
    common: dict[str, Any] = {"spec": frozen.spec, "rows": frozen.rows, "sha256": frozen.fingerprint}
    if table.kind == PublishedTable.Kind.RESTATED:
        return TableTold(Kind.RESTATED, table.label, "", **common)
    if table.kind == PublishedTable.Kind.PROJECTION or table.scorecard is None or table.period is None:
        return TableTold(Kind.PROJECTION, table.label, "", **common)
    name = table.label.removesuffix(f", {period_of(table.period).long_label}")
    drawings = tuple(_drawn(*one) for one in drawn_rows(table))
    return TableTold(_KINDS[Scorecard.Purpose(table.scorecard.purpose)], name, table.period.label, **common,
                     drawings=drawings)  # fmt: skip


def _drawn(row: ScorecardRow, trend: Trend, control: Control | None) -> Drawn:
    said = [chart_sentence(trend, row.line.name)]
    said += [f"{words}." for words in REPORTED_TABLE.cells(row, only=("variation",))["variation"] if words]
    sentence = " ".join(said)
    points = tuple((s.label, f"{s.text} ({s.counts})" if s.counts else s.text) for s in trend.numbers)
    return Drawn(row.line.name, sentence, trend_svg(trend, control, label=sentence, sheet=PRINTED), points)


def _actions(pack: Pack, tables: Sequence[PackTable], *, until: datetime) -> tuple[ActionTold, ...]:
    """What rested on its figures when it was published, as everybody who is given the pack may read it; nothing in one
    for everybody."""
    role = _LEAST.get(Audience(pack.audience))
    if role is None:
        return ()
    access = Access((Grant(role, None),), roles=(role,), partnership_id=pack.partnership_id)
    found = cited_before(access, tables, until=until)
    return tuple(
        ActionTold(
            one.citing.what.partition(" (")[0], one.citing.words, one.name,
            f"{one.citing.then.period}: {one.citing.then.words}", f"{one.here.period}: {one.here.words}",
        )
        for one in found
    )  # fmt: skip


# What is stored


@dataclass(frozen=True)
class StoredForm:
    """A stored document of a pack: its form, name and fingerprint. `closed_by`: why it gives nothing any more."""

    form: str
    name: str
    edition: int
    size: int
    sha256: str
    at: datetime
    closed_by: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether it gives nothing any more."""
        return bool(self.closed_by)


def documents_of(pack: Pack) -> list[StoredForm]:
    """The stored documents of a pack, those that are closed last. Two queries, which read no file; three where the
    partnership has a closed pack."""
    rows = PackDocument.objects.filter(pack=pack).select_related("document").defer("document__content")
    gone = overtaken([pack])
    found = [
        StoredForm(row.form, row.get_form_display(), row.edition, row.document.size, row.document.sha256,
                   row.document.at, closed_by(row.document, gone.get(pack.pk)))
        for row in rows.order_by("form", "edition")
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.is_closed)


def stored_form(pack: Pack, form: str) -> StoredDocument | None:
    """The document of a pack in a form that is in force; None where none is stored. Two queries, or three."""
    rows = PackDocument.objects.filter(pack=pack, form=form, document__redaction__isnull=True)
    found = rows.select_related("document").order_by("edition").last()
    return found.document if found and not closed_by(found.document, overtaken([pack]).get(pack.pk)) else None
