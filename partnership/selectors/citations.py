"""Reads what figures actions, resolutions and exception reports rest on: as reported then, now and after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from indicators import quarters
from indicators.as_at import london_day
from indicators.models import Figure, Partnership, Period, PublishedRow, PublishedTable, ScorecardLine
from indicators.permissions import Access
from indicators.phrases import has_words
from indicators.questions import question
from indicators.selectors.courses import RELATED, Courses
from indicators.selectors.published import spec_of
from indicators.selectors.scorecards import gathered_scorecard, period_of
from indicators.units import Unit
from partnership.citation_words import ThenNow, Value, told_value, value_of
from partnership.models import AgendaItem, Citation, Pack, PackEvent, PackTable
from partnership.selectors.packs import held_back, may_read, status_of
from partnership.selectors.visible import Sight, citations_for, readable_lines, sight_of

# Of the periods after the one that is cited so many stand first, and so many last; the indicator's page has them all.
SHOWN_AFTER = 4
_LINE = tuple(f"line__{name}" for name in RELATED)


# What was reported then


def line_name(line: ScorecardLine) -> str:
    """What a line is called now; its indicator's versions are best read with it."""
    versions = sorted(line.series.indicator.versions.all(), key=lambda version: version.number)
    return versions[-1].name_of(line.series.slice) if versions else line.series.indicator.code


def unit_of(line: ScorecardLine) -> Unit:
    """The unit of a line now; its indicator's versions are best read with it."""
    versions = sorted(line.series.indicator.versions.all(), key=lambda version: version.number)
    return Unit(versions[-1].unit) if versions else Unit.COUNT


def value_then(citation: Citation) -> Value:
    """The figure of a citation as it was reported then; its period must be selected with it."""
    return Value(citation.period.label, citation.value_words, citation.rating)


def told_by_pack(
    line: ScorecardLine, period: Period, *, at: datetime, item: AgendaItem | None = None
) -> tuple[Value, Figure | None, Pack] | None:
    """What the published pack told of a line: of those that carry it and stood at that moment, one that hangs on the
    item's meeting, else the latest. None where no pack carries it. Three queries at most."""
    gone = PackEvent.objects.filter(action=PackEvent.Action.WITHDRAWN, at__lte=at).values("pack")
    published = PackEvent.objects.filter(action=PackEvent.Action.PUBLISHED, at__lte=at).values("pack")
    tables = list(
        PackTable.objects.filter(table__scorecard=line.scorecard_id, table__period=period, pack__in=published)
        .exclude(pack__in=gone)
        .filter(table__kind=PublishedTable.Kind.SCORECARD)
        .select_related("pack", "table")
        .order_by("-pack__meeting_on", "-pk")
    )
    if not tables:
        return None
    on_agenda = set(item.meeting.items.values_list("papers__pack", flat=True)) if item is not None else set()
    for carried in sorted(tables, key=lambda table: table.pack_id not in on_agenda):
        row = PublishedRow.objects.filter(table=carried.table_id, line=line).select_related("figure").first()
        if row is not None:
            return _told(carried.table, row, period.label), row.figure, carried.pack
    return None


def _told(table: PublishedTable, row: PublishedRow, label: str) -> Value:
    spec = spec_of(table)
    values = spec.values_from_csv(table.header, row.cells)
    cells = {c.key: c.text(values) for c in spec.columns if c.text is not None}
    return told_value(cells["figure"], cells["rating"], values["rating"], label)


def approved_value(line: ScorecardLine, period: Period, *, today: date) -> tuple[Value, int | None] | None:
    """The approved figure of a line for a period in words, with the id of its revision (None for a total of months);
    None where nothing is reported. Nine queries."""
    _, gathered = gathered_scorecard(line.scorecard, period, today=today)
    found = next((g.row for g in gathered if g.line.pk == line.pk), None)
    if found is None or (found.held is None and found.next_due_on is None):
        return None
    return value_of(found, period.label), found.held.figure_id if found.held else None


@dataclass(frozen=True)
class Citable:
    """The lines that can be cited by their id, in groups by scorecard with a name for each; and the periods by slug."""

    lines: dict[str, ScorecardLine]
    groups: list[tuple[str, list[tuple[str, str]]]]
    periods: dict[str, Period]

    def containing(self, text: str) -> set[str]:
        """The ids of the lines in whose name and scorecard every word of the text stands."""
        return {pk for card, lines in self.groups for pk, name in lines if has_words(f"{name} {card}", text)}

    def only(self, ids: Collection[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        """The groups with those lines alone."""
        kept = [(card, [line for line in lines if line[0] in ids]) for card, lines in self.groups]
        return [(card, lines) for card, lines in kept if lines]


def citable(access: Access, partnership: Partnership) -> Citable:
    """What figures the person may rest something on. Three queries."""
    found = readable_lines(access).filter(scorecard__partnership=partnership)
    lines = list(
        found.select_related(*RELATED)
        .prefetch_related("series__indicator__versions")
        .order_by("scorecard__order", "theme__order", "order")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        groups.setdefault(line.scorecard.name, []).append((str(line.pk), line_name(line)))
    reported = Period.objects.filter(
        rounds__partnership=partnership, rounds__returns__state="approved", rounds__returns__kind="ordinary"
    ).distinct()
    periods = {row.slug: row for row in reported.order_by("-end_on", "-start_on")}
    return Citable({str(line.pk): line for line in lines}, list(groups.items()), periods)


# Then and now


def then_and_now(found: Any, access: Access, now: datetime) -> list[ThenNow]:
    """What became of the figures of citations. `found` must come from `citations_for`. At most thirteen queries,
    however many there are; one where there are none."""
    rows = list(found.select_related(*_LINE, "period", "pack").order_by("pk"))
    if not rows:
        return []
    lines = list({row.line_id: row.line for row in rows}.values())
    courses = Courses(lines, since=min(row.period.start_on for row in rows), today=london_day(now))
    packs = _readable_packs({row.pack_id for row in rows if row.pack_id}, access, now)
    return [_then_now(row, courses, packs) for row in rows]


def _readable_packs(ids: Iterable[int], access: Access, now: datetime) -> dict[int, Pack]:
    events = Prefetch("events", PackEvent.objects.order_by("pk"), to_attr="steps")
    found = Pack.objects.filter(pk__in=ids).prefetch_related(events) if ids else ()
    states = [status_of(pack) for pack in found]
    hidden = held_back(access, ids, now)
    return {s.pack.pk: s.pack for s in states if may_read(s, access) and not s.is_closed and s.pack.pk not in hidden}


def _then_now(citation: Citation, courses: Courses, packs: dict[int, Pack]) -> ThenNow:
    period, line = period_of(citation.period), citation.line
    now = courses.row(line, period, at_any_time=True)
    is_held = now is not None and (now.held is not None or now.next_due_on is not None)
    value = value_of(now, period.label) if now is not None and is_held else None
    figure_id = now.held.figure_id if now is not None and now.held is not None else None
    then = value_then(citation)
    differs = figure_id != citation.figure_id if figure_id and citation.figure_id else value != then
    later = [(row, quarters.parse(row.period)) for row in courses.of_kind(line, period.kind) if row.held is not None]
    after = [value_of(row, of.label) for row, of in later if of.end_on > period.end_on]
    rest = after[SHOWN_AFTER:]
    latest = rest[-SHOWN_AFTER:]
    pack = packs.get(citation.pack_id or 0)
    return ThenNow(
        name=now.line.name if now is not None else line.series.indicator.code,
        code=line.series.indicator.code,
        slice=line.series.slice.key,
        scorecard=line.scorecard.code,
        period=period.slug,
        then=then,
        now=value,
        is_restated=value is not None and differs,
        after=tuple(after[:SHOWN_AFTER]),
        between=len(rest) - len(latest),
        latest=tuple(latest),
        cited_on=london_day(citation.at),
        pack_code=pack.code if pack else "",
        pack_words=f"{pack.body}, {pack.meeting_on.day} {pack.meeting_on:%B %Y}" if pack else "",
    )


# What cites a figure


@dataclass(frozen=True)
class Citing:
    """Something that rests on a figure: what it is, the name and arguments of its page, what it says, and the figure as
    reported then."""

    what: str
    page: str
    key: str
    words: str
    then: Value


def citing(access: Access, partnership: Partnership, series: Iterable[int]) -> list[Citing]:
    """What rests on figures of these series (ids) and the person may read, the latest first. One query."""
    found = citations_for(access, partnership).filter(line__series__in=list(series))
    rows = found.select_related("action__what", "resolution__text", "resolution__item__meeting", "exception", "period")
    return [_citing(row) for row in rows.order_by("-at", "-pk")]


def _citing(row: Citation) -> Citing:
    then = value_then(row)
    if row.action is not None:
        state = row.action.get_state_display().lower()
        return Citing(
            f"Action {row.action.number} ({state})", "action", str(row.action.number), row.action.what.body, then
        )
    if row.resolution is not None:
        meeting = row.resolution.item.meeting.code
        return Citing(f"Resolution {row.resolution.number}", "meeting", meeting, row.resolution.text.body, then)
    assert row.exception is not None  # noqa: S101 a citation is of one of the three
    state = row.exception.get_state_display().lower()
    words = row.exception.get_trigger_display()
    return Citing(
        f"Exception report {row.exception.number} ({state})", "exception", str(row.exception.number), words, then
    )


@dataclass(frozen=True)
class CitedSince:
    """Of a figure that something rested on in an earlier period: what a later pack told of it."""

    citing: Citing
    name: str
    here: Value


def cited_before(
    access: Access, tables: Iterable[PackTable], *, until: datetime | None = None
) -> list[CitedSince]:  # fmt: skip
    """What the tables of a pack tell of figures that actions, resolutions and exception reports rested on in earlier
    periods; `until`: of what rested on them at that moment. Two queries."""
    held = [
        t for t in tables if t.table.kind == PublishedTable.Kind.SCORECARD and t.table.period and t.table.scorecard_id
    ]
    if not held:
        return []
    ends: dict[int, date] = {}
    for table in (carried.table for carried in held):
        if table.period and table.scorecard_id:
            ends[table.scorecard_id] = max(table.period.end_on, ends.get(table.scorecard_id, date.min))
    asked = (held[0].table.partnership_id, sorted(ends), max(ends.values()), until)
    cited = _cited_before(*asked, sight=sight_of(access))
    rows = [row for row in cited if row.period.end_on < ends[row.line.scorecard_id]]
    if not rows:
        return []
    told = {
        (row.table_id, row.line_id): row
        for row in PublishedRow.objects.filter(
            table__in=[carried.table_id for carried in held], line__in={row.line_id for row in rows}
        )
    }
    since = []
    for row in rows:
        for carried in held:
            published, period = told.get((carried.table_id, row.line_id)), carried.table.period
            if published is None or period is None or period.end_on <= row.period.end_on:
                continue
            values = spec_of(carried.table).values_from_csv(carried.table.header, published.cells)
            here = _told(carried.table, published, period.label)
            since.append(CitedSince(_citing(row), values["name"], here))
    return since


@question
def _cited_before(
    place: int, scorecards: list[int], day: date, until: datetime | None, *, sight: Sight
) -> QuerySet[Citation]:
    found = citations_for(sight, place).filter(line__scorecard__in=scorecards, period__end_on__lt=day)
    found = found if until is None else found.filter(at__lte=until)
    related = ("action__what", "resolution__text", "resolution__item__meeting", "exception", "period", "line")
    return found.select_related(*related).order_by("line__theme__order", "line__order", "pk")
