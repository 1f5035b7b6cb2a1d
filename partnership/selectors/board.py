"""What a board member needs before a meeting: the next one with its pack, what changed colour, and what is overdue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from indicators.models import Audience, Partnership, PublishedRow, PublishedTable
from indicators.permissions import Access
from indicators.rag import MissingReason, Rating
from indicators.scorecard import ScorecardRow
from indicators.selectors.published import spec_of
from indicators.selectors.scorecards import ScorecardView
from indicators.working_days import day_words
from partnership.meeting_dates import MONTH, on_words
from partnership.models import Action, Body, ExceptionRequest, Meeting, PackTable, Paper
from partnership.selectors.boards import BoardHome
from partnership.selectors.bodies import version_on
from partnership.selectors.packs import PackStatus
from partnership.selectors.visible import actions_for, exceptions_for, papers_for

OVERDUE_SHOWN = 5


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting, of the person's own bodies first: what it is called, when, and the packs under its items."""

    meeting: Meeting
    body: str
    is_own: bool
    papers: tuple[Paper, ...]

    @property
    def when(self) -> str:
        """Its day with the weekday, or its month where no day is stated."""
        on, precision = self.meeting.on, self.meeting.precision
        return on_words(on, precision) if precision == MONTH else f"{on:%A} {day_words(on)}"


def next_meeting(
    partnership: Partnership, access: Access, user_id: int, *, packs: Iterable[PackStatus], today: date, now: datetime
) -> NextMeeting | None:
    """The next meeting of a body on which the person has a seat, else of any body; None where none is planned.

    `packs`: what `packs_of` gives for the person. Five queries.
    """
    states = (Meeting.State.PLANNED, Meeting.State.CALLED)
    coming = Meeting.objects.filter(partnership=partnership, on__gte=today, state__in=states).order_by("on", "pk")
    coming = coming.select_related("body").prefetch_related("body__versions")
    mine = set(
        Body.objects.filter(partnership=partnership, seats__holdings__user=user_id, seats__holdings__from_on__lte=today)
        .exclude(seats__holdings__until_on__lt=today)
        .values_list("pk", flat=True)
    )
    found = coming.filter(body__in=mine).first() if mine else None
    meeting = found or coming.first()
    if meeting is None:
        return None
    version = version_on(meeting.body.versions.all(), meeting.on)
    papers = papers_for(access, partnership, now).filter(item__meeting=meeting, pack__isnull=False)
    readable = {status.pack.pk for status in packs}
    shown = tuple(p for p in papers.select_related("pack").order_by("item__order", "order") if p.pack_id in readable)
    return NextMeeting(meeting, version.name if version else meeting.body.code, found is not None, shown)


@dataclass(frozen=True)
class Changed:
    """One line whose rating is another now than the one that a meeting was last given."""

    card: ScorecardView
    row: ScorecardRow
    then: Rating

    @property
    def is_worse(self) -> bool:
        """Whether it fell: better, within, outside, in that order; no judgement is neither."""
        return _ORDER.get(self.row.judgement.rating, -1) > _ORDER.get(self.then, 9)


_ORDER = {Rating.BETTER: 0, Rating.WITHIN: 1, Rating.OUTSIDE: 2}


@dataclass(frozen=True)
class SinceLast:
    """What changed colour since a meeting was given packs: its name, the changes, and how many of the lines that it was
    given are compared."""

    meeting: str
    changed: tuple[Changed, ...]
    compared: int


def since_last(board: BoardHome, packs: Iterable[PackStatus]) -> list[SinceLast]:
    """The lines whose rating differs from what the latest standing pack told of their scorecard, in whatever period:
    each under the meeting that was given it, the latest meeting first.

    What a meeting was given whole comes before a pack for everybody: of that, lines that it hides are not compared, and
    nothing at all where it rounds. Empty where none of the packs, as `packs_of` gives them for the person, carries any
    of the board's scorecards. Two queries.
    """
    standing = {s.pack.pk: s for s in packs if s.state == "published" and not s.rounded_to}
    tables = (
        PackTable.objects.filter(pack__in=standing, table__kind=PublishedTable.Kind.SCORECARD)
        .select_related("pack", "table__scorecard", "table__period")
        .prefetch_related(Prefetch("table__rows", PublishedRow.objects.order_by("order")))
        .order_by("pack__meeting_on", "table__period__end_on", "pk")
    )
    whole_last = sorted(tables, key=lambda t: t.pack.audience != Audience.PUBLIC)
    latest = {t.table.scorecard.code: t for t in whole_last if t.table.scorecard}
    given: dict[tuple[date, str], list[tuple[ScorecardView, PackTable]]] = {}
    for card in board.cards:
        if (carried := latest.get(card.code)) is not None:
            given.setdefault((carried.pack.meeting_on, carried.pack.body), []).append((card, carried))
    ordered = sorted(given.items(), key=lambda one: one[0][0], reverse=True)
    return [_since(f"{body}, {day_words(on)}", cards) for (on, body), cards in ordered]


def _since(meeting: str, cards: Iterable[tuple[ScorecardView, PackTable]]) -> SinceLast:
    changed: list[Changed] = []
    compared = 0
    for card, carried in cards:
        ratings = _ratings_told(carried)
        for row in card.rows:
            then = ratings.get((row.line.code, row.line.slice))
            compared += then is not None
            if then is not None and then is not row.judgement.rating:
                changed.append(Changed(card, row, then))
    changed.sort(key=lambda one: (not one.is_worse, one.row.judgement.rating is not Rating.OUTSIDE))
    return SinceLast(meeting, tuple(changed), compared)


def _ratings_told(carried: PackTable) -> dict[tuple[str, str], Rating]:
    """What a table of a pack told of its lines; of a pack for everybody without those that it hides."""
    spec, is_whole = spec_of(carried.table), carried.pack.audience != Audience.PUBLIC
    told = [spec.values_from_csv(carried.table.header, row.cells) for row in carried.table.rows.all()]
    shown = [v for v in told if is_whole or v["symbol"] != MissingReason.CONFIDENTIAL]
    return {(v["indicator"], v["slice"]): Rating(v["rating"]) for v in shown}


def overdue_actions(partnership: Partnership, access: Access, *, today: date) -> list[Action]:
    """The open actions whose day has passed, the longest overdue first. One query."""
    late = actions_for(access, partnership).filter(state=Action.State.OPEN, due_on__lt=today)
    return list(late.select_related("what").order_by("due_on", "number"))


def exceptions_of(
    partnership: Partnership, access: Access, cards: Sequence[ScorecardView]
) -> dict[tuple[str, str, str, str], ExceptionRequest]:
    """The latest exception report of each line of the cards, by scorecard, indicator, slice and period. One query."""
    rows = exceptions_for(access, partnership).filter(line__scorecard__code__in=[card.code for card in cards])
    rows = rows.select_related("line__scorecard", "line__series__indicator", "line__series__slice", "period")
    return {
        (r.line.scorecard.code, r.line.series.indicator.code, r.line.series.slice.key, r.period.slug): r
        for r in rows.order_by("number")
    }
