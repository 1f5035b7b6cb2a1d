"""Has the small numbers of a pack for everybody protected: worked out, decided passage by passage, and accepted."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from indicators import bounded
from indicators.bounded import BoundedError
from indicators.disclosure.audit import Audit
from indicators.disclosure.job import JOB, NotAsAgreed, Task, payload_of, read_answer
from indicators.disclosure.refusals import Why
from indicators.disclosure.secondary import Plan
from indicators.models import Audience, Text, User
from indicators.operations.basics import known_on, operation, signed
from indicators.operations.errors import OperationError, WrongState
from indicators.told import Told, cells_of
from partnership.models import DisclosureCheck, Pack, PackEvent, PassageDecision
from partnership.selectors.packs import status_of
from partnership.selectors.protection import Asked, Passage, asked_of, passages_of, standing_of

LONGEST_REASON = 300
# Who asks for a check waits so long (seconds) for a place for the child.
_PATIENCE = 20.0
_OUT_ALREADY = {Why.SHOWN_BEFORE, Why.OPEN_BEFORE}

log = logging.getLogger("operations")


class NotChecked(OperationError):
    """No answer came. Nothing was kept."""


def _open(pack: Pack) -> Pack:
    """The pack, locked. Raises WrongState unless it is for everybody and being put together."""
    row = Pack.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pack.pk)
    if row.audience != Audience.PUBLIC:
        raise WrongState("Only a pack for everybody has its small numbers hidden. This one is given whole.")
    if status_of(row).state != "draft":
        raise WrongState("This pack is published or given up, so nothing of it can be checked or decided any more.")
    return row


def check_protection(*, pack: Pack, by: User, at: datetime) -> DisclosureCheck:
    """Works out what the pack must hide, in a child, and keeps what came out. Never inside a transaction: nothing is
    locked while the child works. Raises NotChecked, WrongState."""
    asked = asked_of(pack, today=known_on(at))
    payload = payload_of(Task.PROTECT, asked.tables, asked.policy, asked.earlier, together=asked.groups)
    try:
        answer = read_answer(bounded.run(job=JOB, payload=payload, patience=_PATIENCE))
    except (BoundedError, NotAsAgreed) as error:
        raise NotChecked(f"The small numbers were not checked. {error}") from error
    if answer.plan is None or answer.audit is None:
        raise NotChecked(f"The small numbers were not checked. {answer.problem}")
    found = _Found(asked, answer.hidden, answer.plan, answer.audit)
    passages = passages_of(asked, asked.hidden(answer.hidden))
    return _keep_check(pack=pack, found=found, passages=passages, by=by, at=at)


@dataclass(frozen=True)
class _Found:
    """What the child found of what was asked: the ids of the cells that are hidden, why, and what comes out then."""

    asked: Asked
    hidden: frozenset[str]
    plan: Plan
    audit: Audit

    @property
    def out_already(self) -> frozenset[str]:
        """The small cells that earlier packs have given away. Refusing would not call them back: they are hidden all
        the same, and the reviewer is told."""
        return frozenset(one.cell for one in self.plan.refused if one.why in _OUT_ALREADY)

    @property
    def is_sound(self) -> bool:
        """Whether nothing comes out that was not out already."""
        cells = {one.cell for one in self.plan.refused} | {one.cell for one in self.audit.open}
        return cells <= self.out_already


@operation
def _keep_check(*, pack: Pack, found: _Found, passages: list[Passage], by: User, at: datetime) -> DisclosureCheck:
    """Keeps what came out of a check, whether or not everything can be protected."""
    row = _open(pack)
    status = DisclosureCheck.Status.SOUND if found.is_sound else DisclosureCheck.Status.REFUSED
    return DisclosureCheck.objects.create(
        pack=row, policy=found.asked.row, fingerprint=found.asked.fingerprint, status=status,
        result=_result(found, passages), **signed(by, at),
    )  # fmt: skip


def _result(found: _Found, passages: list[Passage]) -> dict[str, Any]:
    asked, plan = found.asked, found.plan
    verdicts = asked.hidden(found.hidden)
    told = {one.stem: one for one in asked.told}
    reaches = {one.cell: one.reach for one in found.audit.found}
    return {
        "hidden": {
            stem: {
                "name": told[stem].name,
                "table": told[stem].table,
                "is_small": bool(set(cells_of(told[stem], asked.policy)) & plan.small),
                "why": list(verdict.sentences(asked.policy)),
                "elsewhere": told[stem].held.cited if told[stem].held.is_paper else "",
                "could_be": _could_be(told[stem], asked, reaches),
            }
            for stem, verdict in sorted(verdicts.items())
        },
        "sentence": plan.sentence(),
        "audit": found.audit.as_json(),
        "parts": plan.as_json()["parts"],
        "refused": [
            one.as_json() for one in plan.refused if one.cell not in found.out_already
        ],
        "out_already": sorted({one.name for one in plan.refused if one.cell in found.out_already}),
        "passages": [
            {
                "key": one.key,
                "text": one.written.key,
                "label": one.written.label,
                "can_go": one.written.can_go,
                **one.hit.as_json(),
            }
            for one in passages
        ],
    }  # fmt: skip


def _could_be(told: Told, asked: Asked, reaches: Mapping[str, Any]) -> list[int | None]:
    """The least and the most that the first of its numbers can be, as far as a reader can work out."""
    found = [reaches[cell] for cell in cells_of(told, asked.policy) if cell in reaches]
    return [found[0].low, found[0].high] if found else []


@dataclass(frozen=True)
class Decided:
    """What a reviewer says of a passage."""

    decision: str
    reason: str


@operation
def decide_passages(*, pack: Pack, decided: Mapping[str, Decided], by: User, at: datetime) -> None:
    """Keeps what a reviewer decided of passages, by their key, with a reason for each that is published. Raises
    WrongState when the check is of something else meanwhile, or a reason is missing or too long."""
    row = _open(pack)
    standing = standing_of(row, asked_of(row, today=known_on(at)))
    if standing.check is None:
        raise WrongState("Something has changed since the small numbers were checked. Nothing was kept; check again.")
    known = {p["key"]: p for p in standing.check.result["passages"]}
    leave_out = PassageDecision.Decision.LEAVE_OUT
    for key, one in decided.items():
        if key not in known or one.decision not in PassageDecision.Decision.values:
            raise WrongState("Choose what is to become of each passage that is listed.")
        if one.decision == leave_out and not known[key]["can_go"]:
            raise WrongState("The note and the names of a pack cannot be left out. Change the pack, or begin another.")
        if one.decision != leave_out and not one.reason.strip():
            raise WrongState("Say of each passage that may be read why it tells of nobody. Nothing was kept.")
        if len(one.reason.strip()) > LONGEST_REASON:
            raise WrongState(f"A reason must be {LONGEST_REASON} characters or fewer. Nothing was kept.")
    for key, one in decided.items():
        values = {"decision": one.decision, "reason": one.reason.strip(), **signed(by, at)}
        PassageDecision.objects.update_or_create(pack=row, passage=key, defaults=values)


@operation
def accept_protection(*, pack: Pack, check: int, by: User, at: datetime) -> PackEvent:
    """A reviewer accepts by name how the small numbers are protected. `check`: the id of the one he has read. Raises
    WrongState when it is not the latest, refuses something, or passages are undecided."""
    row = _open(pack)
    standing = standing_of(row, asked_of(row, today=known_on(at)))
    if standing.check is None or standing.check.pk != check:
        raise WrongState("Something has changed since you opened the page. Nothing was accepted; look at it again.")
    if standing.is_refused:
        raise WrongState("Not every small number is protected. Do what the page proposes, then check again.")
    if standing.undecided:
        raise WrongState("Decide of every passage first.")
    if standing.accepted is not None:
        raise WrongState("This is accepted already.")
    return PackEvent.objects.create(
        pack=row, action=PackEvent.Action.ACCEPTED, disclosure_check=standing.check, **signed(by, at),
        reason=Text.objects.keep(standing.check.result["sentence"]),
    )  # fmt: skip
