"""Reads the drafts of registers: what waits for a decision, and what was refused or withdrawn."""

from typing import Any

from finance.models import RegisterDecision, RegisterDraft
from finance.register_drafts import DraftRow, Kind, typed
from finance.registers import Register
from indicators.models import Partnership
from indicators.operations.basics import known_on

_ENDED = (RegisterDecision.Outcome.REFUSED, RegisterDecision.Outcome.WITHDRAWN)


def drafts_of(partnership: Partnership, register: Register, *, entry: str = "", item: str = "") -> Any:
    """The drafts of a register, or of one entry, or of one item of it, whatever became of them; the earliest first."""
    rows = RegisterDraft.objects.filter(partnership=partnership, register=register.code)
    if entry:
        rows = rows.filter(entry=entry)
    if item:
        rows = rows.filter(item=item)
    return rows.select_related("decision__reason").order_by("number")


def waiting(drafts: Any) -> Any:
    """Those of them that nobody has decided on."""
    return drafts.filter(decision=None)


def ended(drafts: Any) -> Any:
    """Those of them that were refused or withdrawn, the latest first."""
    return drafts.filter(decision__outcome__in=_ENDED).order_by("-number")


def draft_of(partnership: Partnership, register: Register, number: int) -> RegisterDraft | None:
    """A draft by its number; None where there is none. One query."""
    return drafts_of(partnership, register).filter(number=number).select_related("partnership").first()


def number_waiting(partnership: Partnership, register: Register) -> int:
    """How many drafts of a register wait for a decision. One query."""
    return int(waiting(drafts_of(partnership, register)).count())


def row_of(draft: RegisterDraft) -> DraftRow:
    """A draft as pages need it; its decision with the reason must be selected with it."""
    decision = getattr(draft, "decision", None)
    return DraftRow(
        number=draft.number, register=draft.register, kind=Kind(draft.kind), entry=draft.entry, item=draft.item,
        name=draft.name, typed=typed(draft.typed), drafter=draft.by_id, actor=draft.actor, on=known_on(draft.at),
        outcome=decision.outcome if decision else "", decided_by=decision.actor if decision else "",
        decided_on=known_on(decision.at) if decision else None,
        reason=decision.reason.body if decision and decision.reason else "",
    )  # fmt: skip
