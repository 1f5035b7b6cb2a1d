"""Reads for the home, rounds and people pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from indicators.deadlines import (
    Completeness,
    ExpectedReturn,
    TimelinessKind,
    completeness,
    completeness_by_partner,
    exception_words,
)
from indicators.models import (
    Assignment,
    DueDateChange,
    GateHolder,
    LockException,
    Membership,
    Partner,
    Partnership,
    Period,
    ReportingRound,
    Return,
    ReturnTransition,
    Scorecard,
    User,
)
from indicators.permissions import Access, inherits, successions_on
from indicators.rag import Rating
from indicators.roles import Permission
from indicators.scorecard import Headline, ScorecardRow, headline
from indicators.selectors.locks import exceptions_on, is_locked, lock_clause, name_of, whom_to_ask
from indicators.selectors.protected import is_withheld
from indicators.selectors.scorecards import ScorecardView, scorecard_for, scorecards_of
from indicators.selectors.timeliness import Standing, standings_of, with_arrivals


@dataclass(frozen=True)
class BoardHome:
    """Every scorecard in the latest period it has been reported for; `period` is the latest of them."""

    period: Period
    cards: tuple[ScorecardView, ...]
    total: Headline

    def rows(self, rating: Rating) -> list[tuple[ScorecardView, list[ScorecardRow]]]:
        """The rows with that rating, by scorecard; scorecards without any are left out."""
        found = [(card, [r for r in card.rows if r.judgement.rating is rating]) for card in self.cards]
        return [(card, rows) for card, rows in found if rows]

    @property
    def is_mixed(self) -> bool:
        """Whether the scorecards stand in different periods."""
        return len({card.period.slug for card in self.cards}) > 1

    @property
    def queried(self) -> list[tuple[ScorecardView, ScorecardRow]]:
        """The rows that an open query is about."""
        return [(card, row) for card in self.cards for row in card.rows if row.queries]

    @property
    def without_date(self) -> int:
        """How many of the rows without a figure give no date by which there will be one."""
        missing = [r for card in self.cards for r in card.rows if r.judgement.rating is Rating.NOT_JUDGED]
        undated = [r for r in missing if (r.held is None or r.held.expected_on is None) and r.next_due_on is None]
        return sum(not row.parts for row in undated)


def board_home(partnership: Partnership, today: date, *, access: Access) -> BoardHome | None:
    """Each scorecard of performance with its latest approved figures; None before the first return is accepted."""
    performance = Scorecard.Purpose.PERFORMANCE
    sees = access.can(Permission.VIEW_PROTECTED)
    readable = scorecards_of(partnership, sees_protected=sees)
    found = [(s, reported[0]) for s, reported in readable if reported and s.purpose == performance]
    if not found:
        return None
    latest = max((period for _, period in found), key=lambda p: (p.end_on, p.start_on))
    cards = tuple(scorecard_for(card, period, today=today, sees_protected=sees) for card, period in found)
    total = headline(())
    for card in cards:
        total = total.plus(card.headline)
    return BoardHome(latest, cards, total)


@dataclass(frozen=True)
class Work:
    """One return in the home's lists: what it is, where it stands, and what is to be done with it.

    `closed` says why it takes no figures, as a clause, and `until_on` until when it takes them from this person all the
    same; empty and None where no lock holds.
    """

    row: Return
    last: ReturnTransition | None
    url_name: str
    words: str
    standing: Standing
    closed: str = ""
    until_on: date | None = None


def _returns(partnership: Partnership, access: Access) -> list[Return]:
    steps = ReturnTransition.objects.select_related("comment").order_by("pk")
    rows = (
        Return.objects.filter(round__partnership=partnership)
        .exclude(state=Return.State.APPROVED)
        .select_related("round__scorecard", "round__period", "round__locked_by", "partner")
        .prefetch_related(Prefetch("transitions", queryset=steps, to_attr="steps"), with_arrivals())
        .order_by("round__due_on", "round__period__end_on", "round__scorecard__order", "number")
    )
    return [row for row in rows if not is_withheld(row, access)]


def work_for(partnership: Partnership, access: Access, user: User, today: date) -> list[Work]:
    """What this person has to do: returns to fill, to sign off, to accept. Eleven queries, however many there are."""
    gates = {
        (g.partner_id, g.gate) for g in GateHolder.objects.on(today).filter(user=user, partner__partnership=partnership)
    }

    def holds(gate: str, row: Return) -> bool:
        return any(
            held == gate
            and (
                holder == row.partner_id
                or inherits(access.successions, row.partner_id, holder, row.round.period.start_on)
            )
            for holder, held in gates
        )

    rows = _returns(partnership, access)
    standings = standings_of(rows, today)
    ask = whom_to_ask(partnership.pk, today)
    own = LockException.objects.on(today).filter(round__partnership=partnership, user=user)
    open_until = dict(own.order_by("until_on").values_list("round", "until_on"))
    work = []
    for row in rows:
        period, last = row.round.period, row.steps[-1] if row.steps else None
        stands = standings[row.pk]
        if row.is_editable and access.can(row.round.scorecard.entered_with, row.partner, period):
            closed = lock_clause(row.round, ask=ask) if is_locked(row) else ""
            until_on = open_until.get(row.round_id) if closed else None
            if closed and until_on is None:
                work.append(Work(row, last, "return", "Locked: read why", stands, closed))
                continue
            words = "Answer what came back" if row.state == Return.State.RETURNED else "Enter figures"
            work.append(Work(row, last, "return_entry", words, stands, closed, until_on))
        elif row.state == Return.State.SUBMITTED:
            gate = GateHolder.Gate.ACCEPTANCE if row.is_signed_off else GateHolder.Gate.SIGN_OFF
            permission = Permission.ACCEPT if row.is_signed_off else Permission.SIGN_OFF
            if holds(gate, row) and access.can(permission, row.partner, period):
                words = "Accept or query" if row.is_signed_off else "Sign off"
                work.append(Work(row, last, "return_review", words, stands))
    return work


@dataclass(frozen=True)
class Progress:
    """A round: how its returns stand, how many are approved, and what closes it.

    `closed` is the lock as a clause, empty for an open round; `exceptions` are those that hold today, each in words.
    """

    round: ReportingRound
    standings: tuple[Standing, ...]
    completeness: Completeness
    closed: str = ""
    exceptions: tuple[str, ...] = ()

    @property
    def approved(self) -> int:
        """How many of its returns and corrections are approved."""
        return sum(s.row.state == Return.State.APPROVED for s in self.standings)

    @property
    def is_late(self) -> bool:
        """Whether a return that it is owed is overdue."""
        return self.completeness.by_kind[TimelinessKind.OVERDUE] > 0


def _expected(standings: Iterable[Standing]) -> list[ExpectedReturn]:
    return [s.expected for s in standings if s.is_expected]


def _accepted_by(returns: Iterable[Return]) -> str:
    """Who accepted a round's returns, once all that it is owed are accepted; who loaded a paper is nobody."""
    owed = [row for row in returns if row.kind == Return.Kind.ORDINARY]
    if not all(row.state == Return.State.APPROVED for row in owed):
        return ""
    return " and ".join(dict.fromkeys(step.actor for row in owed for step in row.acceptances))


def _progress(partnership: Partnership, today: date, rounds: QuerySet[ReportingRound]) -> list[Progress]:
    acceptances = ReturnTransition.objects.filter(action=ReturnTransition.Action.APPROVED).order_by("pk")
    returns = (
        Return.objects.select_related("partner", "round__period")
        .prefetch_related(with_arrivals(), Prefetch("transitions", queryset=acceptances, to_attr="acceptances"))
        .order_by("partner", "number")
    )
    found = list(
        rounds.select_related("scorecard", "period", "locked_by")
        .prefetch_related(
            Prefetch("returns", queryset=returns, to_attr="held"),
            Prefetch("due_date_changes", queryset=DueDateChange.objects.select_related("by"), to_attr="moved"),
        )
        .order_by("-period__end_on", "scorecard__order")
    )
    standings = standings_of([row for one in found for row in one.held], today)
    ask = whom_to_ask(partnership.pk, today)
    exceptions = exceptions_on([one.pk for one in found], today)
    progress = []
    for one in found:
        stand = tuple(standings[row.pk] for row in one.held)
        is_shut = one.state == ReportingRound.State.LOCKED
        progress.append(
            Progress(
                one,
                stand,
                completeness(_expected(stand), today),
                lock_clause(one, ask=ask, approved_by=_accepted_by(one.held)) if is_shut else "",
                tuple(exception_words(name_of(e.user), e.until_on) for e in exceptions.get(one.pk, []) if is_shut),
            )
        )
    return progress


def rounds_of(partnership: Partnership, today: date) -> list[Progress]:
    """Every round, latest period first, with how its returns stand. Twelve queries, however many there are."""
    return _progress(partnership, today, ReportingRound.objects.filter(partnership=partnership))


def progress_of(partnership: Partnership, today: date, *, sees_protected: bool = True) -> list[Progress]:
    """The rounds that are not wholly approved and that the person may know of, likewise. Twelve queries."""
    waiting = Return.objects.filter(round__partnership=partnership).exclude(state=Return.State.APPROVED)
    rounds = ReportingRound.objects.filter(pk__in=waiting.values("round"))
    if not sees_protected:
        rounds = rounds.exclude(scorecard__audience=Scorecard.Readers.BOARD)
    return _progress(partnership, today, rounds)


def partners_in(rounds: Iterable[Progress], today: date) -> dict[str, Completeness]:
    """How many of the returns that each partner owes in these rounds are in, and how they stand; by the name."""
    return completeness_by_partner((e for one in rounds for e in _expected(one.standings)), today)


def memberships_of(partnership: Partnership) -> list[Membership]:
    """Everybody who has or had access, by name. One query."""
    return list(
        Membership.objects.filter(partnership=partnership)
        .select_related("user", "partner")
        .order_by("user__display_name", "user__email", "from_on")
    )


def gate_holders_of(partnership: Partnership, today: date) -> list[GateHolder]:
    """Who holds which gate of whose returns today, or will. One query."""
    return list(
        GateHolder.objects.filter(partner__partnership=partnership)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=today))
        .select_related("partner", "user")
        .order_by("partner__name", "gate", "is_deputy", "from_on")
    )


@dataclass(frozen=True)
class GateWithoutLead:
    """A gate of a partner's returns that nobody leads today. `deputy` still passes it; `heirs` took over its work."""

    partner: Partner
    gate: GateHolder.Gate
    deputy: User | None
    heirs: tuple[Partner, ...]


def gates_without_lead(partnership: Partnership, today: date) -> list[GateWithoutLead]:
    """The gates without a lead today, of partners that return figures or have returns that are not accepted.

    A successor's lead counts for the returns of periods that began before the functions passed over. Five queries.
    """
    partners = list(partnership.partners.all())
    by_pk = {partner.pk: partner for partner in partners}
    passed = successions_on(partnership.pk, today)
    holders = {
        (g.partner_id, g.gate, g.is_deputy): g.user
        for g in GateHolder.objects.on(today).filter(partner__partnership=partnership).select_related("user")
    }
    returning = set(
        Assignment.objects.on(today).filter(partner__partnership=partnership).values_list("partner", flat=True)
    )
    waiting: dict[int, list[date]] = {}
    unaccepted = Return.objects.filter(round__partnership=partnership).exclude(state=Return.State.APPROVED)
    for partner_id, began_on in unaccepted.values_list("partner", "round__period__start_on"):
        waiting.setdefault(partner_id, []).append(began_on)

    def is_led(partner: Partner, gate: GateHolder.Gate, began_on: date) -> bool:
        return any((heir, gate, False) in holders and inherits(passed, partner.pk, heir, began_on) for heir in by_pk)

    found = []
    for partner in partners:
        for gate in GateHolder.Gate:
            if (partner.pk, gate, False) in holders:
                continue
            if partner.pk not in returning and all(is_led(partner, gate, day) for day in waiting.get(partner.pk, ())):
                continue
            heirs = tuple(by_pk[s.successor_id] for s in passed if s.predecessor_id == partner.pk)
            found.append(GateWithoutLead(partner, gate, holders.get((partner.pk, gate, True)), heirs))
    return found
