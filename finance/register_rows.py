"""The rows of the registers as pages and files need them; what is worked out is worked out here, from facts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from finance.capacity import GIVEN_UP, OPEN, Expected, moved_words
from finance.due import Standing
from finance.money import finest, hold_against, money_words
from finance.programme_sums import Costed
from finance.registers import DECISIONS
from indicators.balance import Amount
from indicators.phrases import lowered
from indicators.units import total_of


@dataclass(frozen=True)
class Origin:
    """Where a row is from: a place in a paper, or who drafted it and who accepted it, each with the day."""

    source: str = ""
    paragraph: str = ""
    actor: str = ""
    on: date | None = None
    accepted_by: str = ""
    accepted_on: date | None = None


@dataclass(frozen=True)
class Told:
    """An approved figure in pounds and the period that it is for; `missing` says why it has no number."""

    value: Decimal | None = None
    quantum: Decimal | None = None
    qualifier: str = ""
    period: str = ""
    missing: str = ""


NOT_TOLD = Told()


@dataclass(frozen=True)
class Now:
    """The latest step: its state, the day, and what was said of it."""

    state: str = ""
    state_words: str = ""
    on: date | None = None
    said: str = ""


@dataclass(frozen=True)
class ProgrammeRow:
    """A funding programme: what it costs in all and what was spent on it."""

    code: str
    name: str
    authority: str
    note: str
    items: int
    cost: Amount | None
    spent: Told
    origin: Origin


@dataclass(frozen=True)
class ItemRow:
    """A line of a programme's table: an item, a total, a fund, or what somebody is paid of it.

    `kind` is heading, item, total, fund or payee; amounts by the slug of the year, "" for all years.
    """

    kind: str
    letter: str
    name: str
    amounts: Mapping[str, Amount]
    payee: str = ""
    duration: str = ""
    termination: str = ""
    status: str = ""
    now: Now = Now()
    spent: Told = NOT_TOLD
    left: Decimal | None = None
    origin: Origin = Origin()

    @property
    def costed(self) -> Costed:
        """As sums take it."""
        return Costed(self.letter, self.name, self.amounts, self.payee)


@dataclass(frozen=True)
class SavingRow:
    """A saving with its figures of the year and what it changes."""

    code: str
    name: str
    year: str
    year_label: str
    target: Told
    delivered: Told
    forecast: Told
    head: str
    rung: str
    owner_role: str
    risk: str
    note: str
    now: Now
    origin: Origin


@dataclass(frozen=True)
class PlanRow:
    """What was known of a home on a day."""

    stage: str
    expected: Expected
    reason: str
    origin: Origin

    @property
    def known_on(self) -> date:
        """The day on which it was known."""
        return self.expected.known_on


@dataclass(frozen=True)
class HomeRow:
    """A home that is to open: its beds, and its plans, the first and the latest of which are compared."""

    code: str
    name: str
    kind: str
    beds_min: int | None
    beds_max: int | None
    note: str
    plans: tuple[PlanRow, ...]
    today: date
    origin: Origin

    @property
    def now(self) -> PlanRow:
        """Where it stands."""
        return self.plans[-1]

    @property
    def moved(self) -> str:
        """How far the day has moved since it was first said."""
        return moved_words(self.plans[0].expected, self.now.expected)

    @property
    def is_overdue(self) -> bool:
        """Whether the last day in time has passed and it is not open."""
        until = self.now.expected.last_day
        settled = self.now.stage.startswith((OPEN, GIVEN_UP))
        return until is not None and until < self.today and not settled


@dataclass(frozen=True)
class CaseLineRow:
    """A line of a business case with what became of it; a case without lines has one row without a line."""

    case: str
    case_name: str
    year: str
    year_label: str
    asked_on: date | None
    decided_by: str
    line: str
    name: str
    asked: Amount | None
    outcome: str
    outcome_words: str
    decided: Now
    note: str
    origin: Origin
    case_note: str = ""
    stated: Amount | None = None
    now: Now = Now()


@dataclass(frozen=True)
class ClaimRow:
    """A claim of payment by results and where it stands today."""

    code: str
    programme: str
    name: str
    payer: str
    due_on: date | None
    terms: str
    outcome: str
    sent_on: date | None
    measures: str
    measures_said: str
    paid_on: date | None
    days_to_pay: int | None
    standing: Standing
    origin: Origin


@dataclass(frozen=True)
class MilestoneRow:
    """Something about the accounts that is to be done by a day."""

    code: str
    name: str
    body: str
    due: Expected
    done_on: date | None
    now: Now
    standing: Standing
    origin: Origin


@dataclass(frozen=True)
class StepRow:
    """A step in the history of something: what happened, when, and who recorded and accepted it; `what`: of what."""

    state: str
    state_words: str
    on: date | None
    said: str
    actor: str
    recorded_on: date | None
    what: str = ""
    accepted_by: str = ""
    accepted_on: date | None = None


# Sums of business cases


@dataclass(frozen=True)
class CaseSums:
    """What the lines of a case make, in sentences, and whether that is what is stated."""

    code: str
    name: str
    sentences: tuple[str, ...]
    agrees: bool = True
    note: str = ""


def case_sums(rows: Sequence[CaseLineRow]) -> CaseSums:
    """Of the rows of one case: the sum of its lines against what the paper states, and by what became of them."""
    first = rows[0]
    asked = [(row.outcome, row.asked) for row in rows if row.asked is not None]
    if not asked:
        return CaseSums(first.case, first.case_name, ("No line has been added yet.",), note=first.case_note)
    amounts = [amount for _, amount in asked]
    told, agrees = [], True
    if first.stated is not None:
        held = hold_against(first.stated, amounts, f"the {len(amounts)} lines" if len(amounts) > 1 else "the lines")
        told, agrees = [held.sentence], held.agrees
    else:
        told = [f"The lines make {money_words(total_of(a.value for a in amounts), finest(amounts))}."]
    parts = []
    for outcome, words in {**DECISIONS, "asked": "Not decided"}.items():
        those = [amount for found, amount in asked if found == outcome]
        if those:
            parts.append(f"{lowered(words)} {money_words(total_of(a.value for a in those), finest(those))}")
    if parts:
        told.append(f"{parts[0][:1].upper()}{parts[0][1:]}{''.join(f', {part}' for part in parts[1:])}.")
    return CaseSums(first.case, first.case_name, tuple(told), agrees, first.case_note)


@dataclass(frozen=True)
class Said:
    """What a paper says, or this project sums up from it, with its place and what it is about."""

    words: str
    is_quoted: bool
    cited: str
    about: str = ""
    is_target: bool = False
    key: str = field(default="", repr=False)
