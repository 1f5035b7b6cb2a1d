"""Drafts what a register shall hold, and decides on drafts: it stands there once another person accepted it.

A draft is no row of the register, so no total, file or scenario can count it. Nothing is changed afterwards.
"""

import json
from datetime import datetime
from typing import Any

from django.db.models import Max

from finance.models import FundingItem, RegisterDecision, RegisterDraft
from finance.operations.contract import Refusals, decided_once, refuse_decision
from finance.operations.registers import Place, checked, put
from finance.register_drafts import Kind, Values, kept, name_of, typed, what_words
from finance.registers import REGISTERS, Register
from finance.selectors.registers import entry_of
from indicators.models import AuditEvent, Partnership, Text, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import hold, known_on, made_before, note_made, operation, signed, used_before
from indicators.operations.errors import InputRefused, NotAllowed, WrongState
from indicators.phrases import lowered

Outcome = RegisterDecision.Outcome
_REFUSALS = Refusals(
    printed="This stands in a paper, and nobody decides on it.",
    own="You drafted this, so another person decides on it. You can withdraw it.",
    unsaid="Say why it is refused: whoever drafted it reads it.",
    decided="It is accepted, refused or withdrawn already. Nothing was done; look at the register again.",
)
# What is there once in a programme: the box, and what tells two of them apart.
_ONCE = {Kind.ITEM: "letter", Kind.FUND: "fund"}


def _locked(partnership: Partnership) -> None:
    """Registers of one partnership are written by one person at a time."""
    hold(Partnership, partnership.pk)


@operation
def draft(
    *, partnership: Partnership, register: Register, kind: Kind, values: Values, on: Any = None, by: User,
    at: datetime, key: str = "", request_id: str = "",
) -> RegisterDraft:  # fmt: skip
    """Keeps something for a register as a draft; the same key again gives the one that it made.

    `on` is the entry, or the item of a programme, that it is added to; None for a new entry. Amounts are in pounds.
    Raises InputRefused for what cannot be, WrongState for what is about no box alone, OperationError for a key that was
    used otherwise.
    """
    _locked(partnership)
    said = kept(values)
    asked = [partnership.pk, register.code, kind.value, getattr(on, "pk", None), json.dumps(said, sort_keys=True)]
    if before := made_before(key=key, operation_name="draft_on_register", asked=asked, by=by, at=at):
        return RegisterDraft.objects.get(partnership=partnership, number=int(before))
    own = checked(Place(partnership, register, on), kind, values, known_on(at))
    rows = RegisterDraft.objects.filter(partnership=partnership)
    entry, item, name = _named(register, kind, on, own)
    _refuse_second(rows.filter(register=register.code, entry=entry, kind=kind, decision=None), kind, own)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    note_made(key=key, code=str(number))
    made = RegisterDraft.objects.create(
        partnership=partnership, number=number, register=register.code, kind=kind, entry=entry, item=item, name=name,
        typed=kept(own), **signed(by, at),
    )  # fmt: skip
    _told(made, AuditEvent.Kind.MONEY_RECORDED, "drafted", by, at, request_id)
    return made


def _named(register: Register, kind: Kind, on: Any, own: Values) -> tuple[str, str, str]:
    """The codes of what it is added to, and what the draft is called."""
    name = name_of(register.code, kind, own)
    if on is None:
        return "", "", name
    if isinstance(on, FundingItem):
        return on.programme.code, on.letter, f"{on.programme.name}, {on}: {name}"
    return on.code, "", f"{on.name}: {name}"


def _refuse_second(waiting: Any, kind: Kind, own: Values) -> None:
    box = _ONCE.get(kind)
    if box and any(typed(one.typed)[box] == own[box] for one in waiting):
        raise InputRefused(
            box, "A draft of this waits for a decision already. Withdraw that one first, or change this."
        )


@operation
def decide_draft(
    *, draft: RegisterDraft, accept: bool, reason: str = "", by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> RegisterDecision:  # fmt: skip
    """Accepts a draft, so that it stands on the register from now on, or refuses it and says why. Sending the same key
    again does nothing. Raises NotAllowed for who drafted it; WrongState for what is decided already, is refused without
    a reason, or cannot be put on the register as that stands now; OperationError for a key that was used otherwise."""
    _locked(draft.partnership)
    outcome = Outcome.ACCEPTED if accept else Outcome.REFUSED
    if used_before(key=key, operation_name="decide_register_draft", outcome=_done(draft, outcome), by=by, at=at):
        return RegisterDecision.objects.get(draft=draft)
    said = refuse_decision(
        drafted_by=draft.by_id, by=by, accept=accept, reason=reason, words=_REFUSALS,
        is_decided=RegisterDecision.objects.filter(draft=draft).exists(),
    )  # fmt: skip
    if accept:
        _put(draft, at)
    made = _decided(draft, outcome, said, by, at)
    _told(draft, AuditEvent.Kind.MONEY_DECIDED, outcome.value, by, at, request_id)
    return made


@operation
def withdraw_draft(
    *, draft: RegisterDraft, by: User, at: datetime, key: str = "", request_id: str = ""
) -> RegisterDecision:
    """Takes a draft back that nobody has decided on. Sending the same key again does nothing. Raises NotAllowed for
    anybody but who drafted it, WrongState for what is decided already."""
    _locked(draft.partnership)
    outcome = Outcome.WITHDRAWN
    if used_before(key=key, operation_name="withdraw_register_draft", outcome=_done(draft, outcome), by=by, at=at):
        return RegisterDecision.objects.get(draft=draft)
    if draft.by_id != by.pk:
        raise NotAllowed("Only who drafted this can withdraw it. An approver can refuse it.")
    if RegisterDecision.objects.filter(draft=draft).exists():
        raise WrongState(_REFUSALS.decided)
    made = _decided(draft, outcome, "", by, at)
    _told(draft, AuditEvent.Kind.MONEY_RECORDED, outcome.value, by, at, request_id)
    return made


def _done(draft: RegisterDraft, outcome: str) -> str:
    return f"register draft {draft.pk}, {outcome}"


def _decided(draft: RegisterDraft, outcome: str, said: str, by: User, at: datetime) -> RegisterDecision:
    return decided_once(
        lambda: RegisterDecision.objects.create(
            draft=draft, outcome=outcome, reason=Text.objects.keep(said), **signed(by, at)
        ),
        _REFUSALS,
    )


def _put(draft: RegisterDraft, at: datetime) -> None:
    """Puts it on the register as it was drafted, if it still can be. Raises WrongState."""
    register, kind = REGISTERS[draft.register], Kind(draft.kind)
    on = entry_of(draft.partnership, register, draft.entry) if draft.entry else None
    place = Place(draft.partnership, register, on.items.get(letter=draft.item) if on and draft.item else on)
    try:
        own = checked(place, kind, typed(draft.typed), known_on(at))
    except WrongState as refusal:
        raise WrongState(f"It cannot be accepted as the register stands now. {refusal} Refuse it, and say why.") from (
            refusal
        )
    put(place, kind, own, {"by": draft.by, "actor": draft.actor, "at": draft.at, "draft": draft})


def _told(draft: RegisterDraft, kind: str, done: str, by: User, at: datetime, request_id: str) -> None:
    words = lowered(what_words(draft.register, Kind(draft.kind)))
    what = f"register {draft.register}, draft {draft.number}: {words} {done}"
    record_audit(partnership=draft.partnership, kind=kind, by=by, what=what, at=at, request_id=request_id)
