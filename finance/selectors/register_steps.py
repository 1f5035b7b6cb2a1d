"""What every register has: where a row is from, its steps, the latest of them, its history, and figures beside it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Prefetch

from finance import due
from finance.models import BusinessCase, BusinessCaseLine, RegisterStep
from finance.money import pence_amount
from finance.register_rows import NOT_TOLD, Now, Origin, StepRow, Told
from finance.registers import DECISIONS, Register
from indicators import quarters
from indicators.balance import Amount
from indicators.operations.basics import known_on
from indicators.phrases import cited
from indicators.rag import missing_words
from indicators.scorecard import Held
from indicators.selectors.books import Book
from indicators.units import Unit

# What is selected with a row so that it can say where it is from.
ORIGIN = ("source", "draft__decision")
STEPS = Prefetch("steps", RegisterStep.objects.select_related("draft__decision").order_by("on", "at", "pk"))


def origin_of(row: Any) -> Origin:
    """Of a row that is printed or typed; its source must be selected with it, and of a row of a register ORIGIN."""
    return Origin(str(row.source) if row.source else "", row.paragraph, row.actor, known_on(row.at), *accepted(row))


def accepted(row: Any) -> tuple[str, date | None]:
    """Who accepted the draft that a row is made of, and on which day; nobody for what a paper prints."""
    draft = getattr(row, "draft", None)
    decision = draft.decision if draft else None
    return (decision.actor, known_on(decision.at)) if decision else ("", None)


def amount_of(pence: int | None, quantum: int | None) -> Amount | None:
    """An amount of pence with its rounding; None for none."""
    return None if pence is None else pence_amount(pence, quantum)


def steps_of(row: Any) -> list[due.Step]:
    """The steps of a row, which are fetched with it, as rules take them."""
    return [due.Step(step.state, step.on, step.words) for step in row.steps.all()]


def now_of(row: Any, states: Mapping[str, str]) -> Now:
    """The latest step of a row, whose steps are fetched with it."""
    step = due.latest(steps_of(row))
    return Now() if step is None else Now(step.state, states.get(step.state, step.state), step.on, step.words)


def told_of(held: Held | None) -> Told:
    """An approved figure in pounds."""
    if held is None:
        return NOT_TOLD
    measured = held.measured
    reason = missing_words(measured.missing_reason) if measured.missing_reason else ""
    return Told(measured.number(Unit.POUNDS), measured.quantum, measured.qualifier, held.label, reason)


def figures_until(book: Book, code: str, key: str, first: date, last: date) -> list[Held]:
    """The figures of a part whose periods lie between two days, the latest first."""
    found = [h for h in book.figures.get((code, key), {}).values() if first <= h.start_on and h.end_on <= last]
    return sorted(found, key=lambda h: (h.end_on, h.start_on), reverse=True)


def kind_of(held: Held) -> str:
    """Whether a figure is of a quarter, a financial year …"""
    return quarters.parse(held.slug).kind


def history_of(row: Any, register: Register, *parts: Any) -> list[StepRow]:
    """That it was put on the register, then every step of it and of its parts, the latest last."""
    steps = [(step, "") for step in row.steps.select_related("draft__decision")] if hasattr(row, "steps") else []
    for part in parts:
        steps += [(step, part.name) for step in part.steps.all()]
    steps.sort(key=lambda one: (one[0].on, one[0].at, one[0].pk))
    words = {**register.states, **DECISIONS}
    return [
        first_of(row),
        *(
            StepRow(s.state, words.get(s.state, s.state), s.on, s.words, s.actor, known_on(s.at), what, *accepted(s))
            for s, what in steps
        ),
    ]


def case_parts(row: Any) -> list[BusinessCaseLine]:
    """The lines of a business case with what was decided on them; none of anything else."""
    if not isinstance(row, BusinessCase):
        return []
    return list(row.lines.prefetch_related(STEPS).order_by("at", "pk"))


def first_of(row: Any) -> StepRow:
    """That a paper prints it, or somebody added it."""
    if row.source:
        place = cited(str(row.source), row.paragraph)
        return StepRow("printed", f"Printed in {place}", row.source.published_on, "", row.actor, None)
    day, (accepted_by, accepted_on) = known_on(row.at), accepted(row)
    return StepRow("added", "Put on the register", accepted_on or day, "", row.actor, day, "", accepted_by, accepted_on)
