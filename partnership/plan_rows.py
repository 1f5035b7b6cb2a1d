"""The rows of improvement plans as pages and files need them; what is worked out is worked out from facts alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from finance.register_rows import Origin, Told
from indicators.balance import Amount
from partnership.plan_review import Brag, Change, Due, Slip, brag_counts, days_late

# Parts of it may have figures.
NO_FIGURE = "no figure of the whole yet"
VOICE_WORDS = {"children": "children and young people", "families": "families", "staff": "front-line staff"}


@dataclass(frozen=True)
class Measure:
    """An indicator that an action is measured by, with its latest approved figure and rating in words."""

    code: str
    name: str
    figure: str = ""
    rating: str = ""
    rating_words: str = ""
    period: str = ""

    @property
    def words(self) -> str:
        """ "Re-referrals: 26.1%, outside tolerance (2021/22 Q4)"."""
        told = ", ".join(filter(None, (self.figure, self.rating_words)))
        return f"{self.name}: {told or NO_FIGURE}" + (f" ({self.period})" if self.period else "")


@dataclass(frozen=True)
class Line:
    """How an action stood at a review, and what that rests on."""

    brag: Brag
    due_on: date | None = None
    progress: str = ""
    evidence: str = ""
    evidence_from: str = ""
    what_changed: str = ""


@dataclass(frozen=True)
class DateMove:
    """That the due day of an action was moved."""

    old: date | None
    new: date
    reason: str
    actor: str
    on: date


@dataclass(frozen=True)
class ActionRow:
    """An action as it stands today. `line` is what the last review said; None for one that no review has seen."""

    number: str
    priority: str
    title: str
    lead: str
    lead_role: str
    from_on: date | None
    due_on: date | None
    slip: Slip
    line: Line | None
    reviewed_on: date | None
    change: Change | None
    measures: tuple[Measure, ...]
    funding: str
    moves: tuple[DateMove, ...]
    ended_on: date | None
    ended_reason: str
    today: date
    origin: Origin

    @property
    def brag(self) -> Brag | None:
        """How it stood at the last review."""
        return self.line.brag if self.line else None

    @property
    def days_late(self) -> int:
        """Days that it is late today; an action that was ended is not."""
        return 0 if self.ended_on else days_late(self.due_on, self.brag, self.today)


@dataclass(frozen=True)
class ReviewRow:
    """A review of a plan and what had become of it since the one before."""

    number: int
    on: date
    meeting: str
    meeting_code: str
    summary: str
    counts: Mapping[Brag | None, int]
    origin: Origin

    @property
    def total(self) -> int:
        """How many actions it looked at."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class ReviewLineRow:
    """An action at a review, beside the review before."""

    number: str
    priority: str
    title: str
    change: Change
    line: Line | None
    slip: Slip


@dataclass(frozen=True)
class HistoryRow:
    """One review of an action, beside the review before."""

    review: int
    on: date
    line: Line
    change: Change
    slip: Slip


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list of plans."""

    code: str
    title: str
    owner: str
    from_on: date | None
    until_on: date | None
    brags: tuple[Brag | None, ...]
    late: int
    reviews: int
    reviewed_on: date | None
    review: Due
    report: Due
    note: str
    origin: Origin

    @property
    def counts(self) -> Mapping[Brag | None, int]:
        """How many of its actions stand how."""
        return brag_counts(self.brags)


@dataclass(frozen=True)
class ResourceRow:
    """An item of the programme that funds a plan, and the actions that it pays for."""

    letter: str
    name: str
    payee: str
    cost: Amount | None
    spent: Told
    actions: tuple[str, ...]
    origin: Origin


def open_actions(rows: Iterable[ActionRow]) -> list[ActionRow]:
    """The actions that still belong to the plan."""
    return [row for row in rows if row.ended_on is None]


def voices(lines: Sequence[Line]) -> dict[str, int]:
    """On how many actions children, families and staff were heard, by code."""
    counts = dict.fromkeys(VOICE_WORDS, 0)
    for line in lines:
        if line.evidence and line.evidence_from in counts:
            counts[line.evidence_from] += 1
    return counts
