"""The check list before a pack is published: what must be put right, and what may stand with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from indicators.checks_engine.entry_rules import Entered, check_entered
from indicators.checks_engine.list_rules import OVERDUE, RATING_RULES, WITHOUT_WORDS, RatingCounts, ToldRow
from indicators.checks_engine.rules import Finding, Severity, apply
from indicators.measurement import Basis
from indicators.rag import MissingReason, Rating
from indicators.scorecard import Headline, ScorecardRow


class PointCode(StrEnum):
    """What a point of the list is about."""

    EMPTY = "empty"
    RETURNS = "returns"
    CORRECTION = "correction"
    COMMENTARY = "commentary"
    OVERDUE = "overdue"
    COUNTS = "counts"
    SUMS = "sums"
    SMALL_NUMBERS = "small-numbers"
    PASSAGES = "passages"
    ACCEPTANCE = "acceptance"
    PROTECTED = "protected"
    RESULT = "result"


# These cannot be reasoned away: the pack would tell the meeting something untrue or unsafe.
BLOCKING = frozenset(
    {
        PointCode.EMPTY,
        PointCode.RETURNS,
        PointCode.COUNTS,
        PointCode.SMALL_NUMBERS,
        PointCode.PASSAGES,
        PointCode.ACCEPTANCE,
        PointCode.PROTECTED,
    }
)


@dataclass(frozen=True)
class Point:
    """One point that is open: its code and what it is about, in words, and the reason given if there is one."""

    code: PointCode
    about: str
    words: str
    reason: str = ""

    @property
    def key(self) -> str:
        """How a reason refers to it."""
        return f"{self.code.value}:{self.about}"

    @property
    def is_blocking(self) -> bool:
        """Whether it must be put right, whatever the reason."""
        return self.code in BLOCKING

    @property
    def is_settled(self) -> bool:
        """Whether the pack can be published with it."""
        return not self.is_blocking and bool(self.reason)


@dataclass(frozen=True)
class Card:
    """A scorecard of a period as the check list takes it. `waiting` and `corrections` are returns, each with the key
    that names it whatever else is open, so that a reason stays with its return, and in words."""

    code: str
    name: str
    period: str
    period_label: str
    rows: Sequence[ScorecardRow]
    headline: Headline
    is_protected: bool = False
    waiting: Sequence[tuple[str, str]] = ()
    corrections: Sequence[tuple[str, str]] = ()


def open_points(
    cards: Iterable[Card],
    *,
    today: date,
    is_public: bool,
    reasons: Mapping[str, str] | None = None,
) -> list[Point]:
    """Every point that stands against publishing these scorecards today, with the reason given for each so far. A
    public pack must not carry a scorecard that is protected as a whole."""
    found: list[Point] = []
    given = list(cards)
    if not given:
        found.append(Point(PointCode.EMPTY, "pack", "Choose at least one scorecard."))
    for card in given:
        found += _of_card(card, today, is_public=is_public)
    known = reasons or {}
    return [Point(p.code, p.about, p.words, known.get(p.key, "")) for p in found]


def _of_card(card: Card, today: date, *, is_public: bool) -> list[Point]:
    place = f"{card.code}/{card.period}"
    title = f"{card.name}, {card.period_label}"
    found = [Point(PointCode.RETURNS, f"{place}/{key}", f"{title}: {words}.") for key, words in card.waiting]
    if is_public and card.is_protected:
        words = f"{title}, holds protected figures. Give the pack to the board, or leave the scorecard out."
        found.append(Point(PointCode.PROTECTED, place, words))
    found += [
        Point(PointCode.CORRECTION, f"{place}/{key}", f"{title}: {words}. The pack tells the figures as approved.")
        for key, words in card.corrections
    ]
    counts = RatingCounts(title, card.headline.by_rating, tuple(row.judgement.rating for row in card.rows))
    wrong = apply(RATING_RULES, counts)
    if wrong:
        found.append(Point(PointCode.COUNTS, place, " ".join(finding.message for finding in wrong)))
    for row in card.rows:
        about = f"{place}/{_named(row.line.code, row.line.slice)}"
        found += _of_row(row, about, today)
    return found


def _named(indicator: str, slice_key: str) -> str:
    return f"{indicator}/{slice_key}" if slice_key else indicator


def _of_row(row: ScorecardRow, about: str, today: date) -> list[Point]:
    told = _told(row, today)
    found = [Point(PointCode.COMMENTARY, about, finding.message) for finding in WITHOUT_WORDS.find(told)]
    found += [Point(PointCode.OVERDUE, about, finding.sentence) for finding in OVERDUE.find(told)]
    found += [Point(PointCode.SUMS, f"{about}/{f.rule}", f"{row.line.name}: {f.message}") for f in _of_stated(row)]
    return found


def _told(row: ScorecardRow, today: date) -> ToldRow:
    """A row as the rules take it. Only what is not reportable was promised by a day; figures of shorter periods that
    make no total say so themselves."""
    held, rating = row.held, row.judgement.rating
    is_promised = held is not None and held.measured.missing_reason is MissingReason.NOT_REPORTABLE
    return ToldRow(
        row.line.name,
        rating,
        today,
        is_missing=rating is Rating.NOT_JUDGED and row.number is None and row.next_due_on is None and not row.parts,
        has_words=held is not None and bool(held.commentary or held.headline),
        promised_on=held.expected_on if held is not None and is_promised else None,
    )


def _of_stated(row: ScorecardRow) -> list[Finding]:
    """Where a figure that a paper states does not follow from its own parts. An entered one always does, and what was
    odd about it was explained when it was entered."""
    if row.held is None or row.held.measured.basis is not Basis.STATED:
        return []
    m = row.held.measured
    stated = Entered(row.line.unit, m.numerator, m.denominator, stated=m.value, quantum=m.quantum)
    return [f for f in check_entered(stated) if f.severity is Severity.HARD or f.rule.startswith("stated_")]
