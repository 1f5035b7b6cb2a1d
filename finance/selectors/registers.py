"""Reads the registers as finished rows; the number of queries does not depend on how many there are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Prefetch

from finance import due
from finance.capacity import Beds, Expected, stated_sentence
from finance.models import (
    BusinessCase,
    BusinessCaseLine,
    Claim,
    FundingProgramme,
    Home,
    HomePlan,
    Milestone,
    Saving,
)
from finance.money import pence_amount
from finance.register_rows import (
    CaseLineRow,
    ClaimRow,
    HomeRow,
    MilestoneRow,
    Now,
    PlanRow,
    Said,
    SavingRow,
    Told,
)
from finance.registers import (
    ASKED,
    CAPACITY,
    CASES,
    CLAIMS,
    DECISIONS,
    MILESTONES,
    PROGRAMMES,
    REGISTERS,
    SAVINGS,
    Register,
)
from finance.selectors.programmes import programmes_of
from finance.selectors.register_steps import (
    ORIGIN,
    STEPS,
    amount_of,
    figures_until,
    now_of,
    origin_of,
    steps_of,
    told_of,
)
from indicators.models import Partnership, ScorecardLine, Statement
from indicators.operations.basics import known_on
from indicators.phrases import cited, lowered
from indicators.selectors.books import book_of

# The row of a file that holds what a paper states for all homes together.
ALL_HOMES = "total"


def savings_of(partnership: Partnership, *, today: date, sees_protected: bool) -> list[SavingRow]:
    """Every saving with its figures of the year up to today."""
    codes = {"saving-target", "saving-delivered", "saving-forecast"}
    book = book_of(partnership, codes, sees_protected=sees_protected)
    rows = Saving.objects.filter(partnership=partnership).select_related(
        *ORIGIN, "period", "head__category", "head__parent__category", "rung__category"
    )

    def latest(row: Any, code: str) -> Told:
        until = min(today, row.period.end_on) if code != "saving-target" else row.period.end_on
        found = figures_until(book, code, f"saving={row.code}", row.period.start_on, until)
        return told_of(found[0] if found else None)

    return [
        SavingRow(
            row.code,
            row.name,
            row.period.slug,
            row.period.label,
            latest(row, "saving-target"),
            latest(row, "saving-delivered"),
            latest(row, "saving-forecast"),
            _head(row.head),
            row.rung.category.name if row.rung else "",
            row.owner_role,
            row.risk,
            row.note,
            now_of(row, REGISTERS[SAVINGS].states),
            origin_of(row),
        )
        for row in rows.prefetch_related(STEPS)
    ]


def _head(head: Any) -> str:
    """ "Out-of-area placements, of Children Looked After"."""
    if head is None:
        return ""
    return f"{head.category.name}, of {head.parent.category.name}" if head.parent else str(head.category.name)


def _plan(row: HomePlan) -> PlanRow:
    expected = Expected(row.known_on, row.expected_on, row.expected_precision, row.expected_words)
    return PlanRow(row.stage, expected, row.reason, origin_of(row))


def homes_of(partnership: Partnership, *, today: date, sees_protected: bool = True) -> list[HomeRow]:
    """Every home with its plans; what a paper states for all of them together is no home."""
    plans = Prefetch("plans", HomePlan.objects.select_related(*ORIGIN).order_by("known_on", "at", "pk"))
    rows = Home.objects.filter(partnership=partnership).exclude(code=ALL_HOMES).select_related(*ORIGIN)
    return [
        HomeRow(
            row.code, row.name, row.kind, row.beds_min, row.beds_max, row.note,
            tuple(map(_plan, row.plans.all())), today, origin_of(row),
        )
        for row in rows.prefetch_related(plans) if row.plans.all()
    ]  # fmt: skip


@dataclass(frozen=True)
class StatedBeds:
    """What a paper states for several homes together, and the place where it does."""

    sentence: str
    place: tuple[str, str]


def stated_beds(partnership: Partnership, homes: Sequence[HomeRow]) -> StatedBeds | None:
    """What a paper states for the homes of some of its paragraphs together, against what they bring; None where none
    does. One query."""
    row = Home.objects.filter(partnership=partnership, code=ALL_HOMES).select_related("source").first()
    if row is None:
        return None
    source, places = str(row.source or ""), set(row.paragraph.split(", "))
    own = [h for h in homes if h.origin.source == source and places & set(h.origin.paragraph.split(", "))]
    beds = [Beds(h.name, h.beds_min, h.beds_max) for h in own]
    stated = Beds(lowered(row.name), row.beds_min, row.beds_max)
    return StatedBeds(stated_sentence(stated, beds, cited(source, row.paragraph)), (source, row.paragraph))


def case_lines_of(partnership: Partnership, *, today: date, sees_protected: bool = True) -> list[CaseLineRow]:
    """Every line of every business case; a case without lines has a row of its own."""
    lines = BusinessCaseLine.objects.select_related(*ORIGIN).prefetch_related(STEPS).order_by("at", "pk")
    rows = BusinessCase.objects.filter(partnership=partnership).select_related(*ORIGIN, "period")
    made = []
    for case in rows.prefetch_related(STEPS, Prefetch("lines", lines)):
        made += [_line(case, line) for line in case.lines.all()] or [_line(case, None)]
    return made


def _line(case: Any, line: Any) -> CaseLineRow:
    """`line` None: the case has none yet."""
    step = due.latest(steps_of(line)) if line else None
    outcome = step.state if step else line.outcome if line else ""
    words = {**DECISIONS, ASKED: "Not decided yet"}
    return CaseLineRow(
        case=case.code,
        case_name=case.name,
        year=case.period.slug,
        year_label=case.period.label,
        asked_on=case.asked_on,
        decided_by=case.decided_by,
        line=line.code if line else "",
        name=line.name if line else "",
        asked=pence_amount(line.asked_pence, line.quantum_pence) if line else None,
        outcome=outcome,
        outcome_words=words.get(outcome, ""),
        decided=Now(step.state, words[step.state], step.on, step.words) if step else Now(),
        note=line.note if line else "",
        origin=origin_of(line or case),
        case_note=case.note,
        stated=amount_of(case.stated_pence, case.stated_quantum_pence),
        now=now_of(case, REGISTERS[CASES].states),
    )


def claims_of(partnership: Partnership, *, today: date, sees_protected: bool = True) -> list[ClaimRow]:
    """Every claim with where it stands today."""
    rows = Claim.objects.filter(partnership=partnership).select_related(*ORIGIN).prefetch_related(STEPS)
    return [_claim(row, today) for row in rows]


def _claim(row: Any, today: date) -> ClaimRow:
    steps = steps_of(row)
    sent, paid = due.latest(steps, "sent"), due.latest(steps, "paid")
    measures = due.latest(steps, "measures_met", "explained")
    in_order = sent is not None and paid is not None and paid.on >= sent.on
    return ClaimRow(
        row.code,
        row.programme,
        row.name,
        row.payer,
        row.due_on,
        row.terms,
        row.outcome,
        sent.on if sent else None,
        REGISTERS[CLAIMS].states[measures.state] if measures else "",
        measures.words if measures else "",
        paid.on if paid else None,
        (paid.on - sent.on).days if in_order and paid and sent else None,
        due.claim_standing(row.due_on, steps, today),
        origin_of(row),
    )


def milestones_of(partnership: Partnership, *, today: date, sees_protected: bool = True) -> list[MilestoneRow]:
    """Every milestone with where it stands today."""
    rows = Milestone.objects.filter(partnership=partnership).select_related(*ORIGIN).prefetch_related(STEPS)
    return [_milestone(row, today) for row in rows]


def _milestone(row: Any, today: date) -> MilestoneRow:
    steps, states = steps_of(row), REGISTERS[MILESTONES].states
    done, last = due.latest(steps, "done"), due.latest(steps)
    done_on = done.on if done else row.done_on
    expected = Expected(known_on(row.at), row.due_on, row.due_precision, row.due_words)
    standing = due.milestone_standing(expected, done_on, last, today)
    return MilestoneRow(row.code, row.name, row.body, expected, done_on, now_of(row, states), standing, origin_of(row))


READERS: dict[str, Callable[..., Sequence[Any]]] = {
    PROGRAMMES: programmes_of,
    SAVINGS: savings_of,
    CAPACITY: homes_of,
    CASES: case_lines_of,
    CLAIMS: claims_of,
    MILESTONES: milestones_of,
}


# One of a register, for its own page and for what is added to it

MODELS: dict[str, type[Model]] = {
    PROGRAMMES: FundingProgramme,
    SAVINGS: Saving,
    CAPACITY: Home,
    CASES: BusinessCase,
    CLAIMS: Claim,
    MILESTONES: Milestone,
}


def entry_of(partnership: Partnership, register: Register, code: str) -> Any:
    """The stored row; None where there is none."""
    rows = MODELS[register.code]._default_manager.filter(partnership=partnership, code=code)
    return rows.exclude(code=ALL_HOMES).select_related(*ORIGIN).first()


def number_on(partnership: Partnership, register: Register) -> int:
    """How many things are on a register. One query."""
    rows = MODELS[register.code]._default_manager.filter(partnership=partnership)
    return rows.exclude(code=ALL_HOMES).count()


def scorecards_for(partnership: Partnership, register: Register, category: str, today: date) -> list[str]:
    """The names of the scorecards with a line today for figures of an entry or item by its category. One query."""
    lines = ScorecardLine.objects.on(today).filter(
        scorecard__partnership=partnership, series__indicator__code__in=register.said_by,
        series__slice__key=f"{register.dimension}={category}",
    )  # fmt: skip
    return list(lines.order_by("scorecard__name").values_list("scorecard__name", flat=True).distinct())


# What papers say


def said_of(partnership: Partnership, register: Register, places: Iterable[tuple[str, str]]) -> list[Said]:
    """What papers say of the figures that belong to the register, of those of its places alone where it is so
    declared; each once. One query."""
    if not register.said_by:
        return []
    rows = Statement.objects.filter(partnership=partnership, series__indicator__code__in=register.said_by)
    at = {(source, part) for source, paragraph in places for part in paragraph.split(", ")}
    found: dict[str, Said] = {}
    for row in rows.select_related("text", "source", "series__slice").order_by("source__code", "pk"):
        if register.at_its_places and not at & {(str(row.source), part) for part in row.paragraph.split(", ")}:
            continue
        found.setdefault(row.text.body, said_from(row))
    return list(found.values())


def said_from(row: Statement) -> Said:
    """A statement as pages need it; its text, source and slice must be selected with it."""
    slice_row = row.series.slice if row.series else None
    return Said(
        row.text.body,
        row.kind == Statement.Kind.QUOTATION.value,
        cited(str(row.source), row.paragraph),
        slice_row.name if slice_row else "",
        row.about == Statement.About.TARGET.value,
        slice_row.key if slice_row else "",
    )
