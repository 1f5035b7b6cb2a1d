"""Has the small numbers of a pack for everybody protected: worked out, decided passage by passage, and accepted."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from indicators import bounded
from indicators.bounded import BoundedError
from indicators.disclosure.attacker import Reach
from indicators.disclosure.audit import Audit
from indicators.disclosure.job import JOB, Answer, NotAsAgreed, Task, payload_of, read_answer
from indicators.disclosure.primary import Verdict, hidden_words
from indicators.disclosure.refusals import Refusal, Why
from indicators.models import Audience, Text, User
from indicators.operations.basics import known_on, operation, signed
from indicators.operations.errors import NotAllowed, OperationError, WrongState
from indicators.protection import Printed
from indicators.told import Told, cells_of, printed_of
from partnership.models import DisclosureCheck, Pack, PackEvent, PassageDecision
from partnership.selectors.packs import status_of
from partnership.selectors.protection import Asked, Passage, Standing, asked_of, passages_of, standing_of

LONGEST_REASON = 300
# Who asks for a check waits so long (seconds) for a place for the child.
PATIENCE = 20.0
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


def _as_seen(standing: Standing, seen: str | None) -> None:
    """Raises WrongState when there was another decision or acceptance than those that somebody has seen; None: whatever
    stands."""
    if seen is not None and seen != standing.seen:
        raise WrongState(
            "Somebody else has decided or accepted something since you opened the page. Nothing was kept; look at it "
            "again, then repeat it if it still holds."
        )


def check_protection(*, pack: Pack, by: User, at: datetime, seen: str | None = None) -> DisclosureCheck:
    """Works out what the pack must hide or round, in a child, and keeps what came out. Never inside a transaction:
    nothing is locked while the child works. Raises NotChecked, WrongState."""
    asked = to_check(pack, at=at, seen=seen)
    try:
        answer = bounded.run(job=JOB, payload=payload_for(asked), patience=PATIENCE)
    except BoundedError as error:
        raise NotChecked(f"The small numbers were not checked. {error}") from error
    return keep_answer(pack=pack, asked=asked, answer=answer, seen=seen, by=by, at=at)


def to_check(pack: Pack, *, at: datetime, seen: str | None = None) -> Asked:
    """What is to be worked out of a pack. `seen`: what stood when it was asked for (`Standing.seen`), because another
    check makes an acceptance void. Raises WrongState."""
    asked = asked_of(pack, today=known_on(at))
    _as_seen(standing_of(pack, asked), seen)
    return asked


def keep_answer(
    *, pack: Pack, asked: Asked, answer: bytes, seen: str | None, by: User, at: datetime
) -> DisclosureCheck:
    """Keeps what the child answered. Raises NotChecked, WrongState."""
    try:
        read = read_answer(answer)
    except NotAsAgreed as error:
        raise NotChecked(f"The small numbers were not checked. {error}") from error
    if read.audit is None or (read.plan is None and read.rounded is None):
        raise NotChecked(f"The small numbers were not checked. {read.problem}")
    found = _Found(asked, read, read.audit)
    passages = passages_of(asked, found.verdicts, found.printed)
    return _keep_check(pack=pack, found=found, passages=passages, seen=seen, by=by, at=at)


def payload_for(asked: Asked) -> bytes:
    """What the child is given."""
    if not asked.is_rounded:
        return payload_of(Task.PROTECT, asked.tables, asked.policy, asked.earlier, together=asked.groups)
    stay = {cell for one in asked.told if one.stem in asked.unroundable for cell in cells_of(one, asked.policy)}
    return payload_of(Task.ROUND, asked.tables, asked.policy, asked.earlier, stay)


@dataclass(frozen=True)
class _Found:
    """What the child found of what was asked, and what comes out then."""

    asked: Asked
    answer: Answer
    audit: Audit

    @property
    def refused(self) -> Sequence[Refusal]:
        """What cannot be protected, whoever gave it away."""
        return self.answer.plan.refused if self.answer.plan else self.answer.refused

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The figures that are hidden, by stem, and why."""
        return self.asked.unroundable if self.asked.is_rounded else self.asked.hidden(self.answer.hidden)

    @cached_property
    def printed(self) -> dict[str, Printed]:
        """The figures that are printed rounded, by stem."""
        values = self.answer.rounded.values if self.answer.rounded else {}
        found = {one.stem: printed_of(one, values) for one in self.asked.told if one.stem not in self.verdicts}
        return {stem: printed for stem, printed in sorted(found.items()) if printed != Printed()}

    @property
    def out_already(self) -> frozenset[str]:
        """The small cells that earlier packs have given away. Refusing would not call them back: they are hidden all
        the same, and the reviewer is told."""
        return frozenset(one.cell for one in self.refused if one.why in _OUT_ALREADY)

    @property
    def is_sound(self) -> bool:
        """Whether nothing comes out that was not out already."""
        cells = {one.cell for one in self.refused} | {one.cell for one in self.audit.open}
        return cells <= self.out_already

    @property
    def sentence(self) -> str:
        """What was done, for the reviewer."""
        hidden = f"{hidden_words(self.verdicts.values())}."
        if self.answer.plan is not None:
            return f"{hidden} {self.answer.plan.remarks()}".strip()
        rounded = len(self.printed)
        figures = "1 figure" if rounded == 1 else f"{rounded} figures"
        return f"Counts of {figures} rounded to multiples of {self.asked.policy.rounding_base}. {hidden}"


@operation
def _keep_check(
    *, pack: Pack, found: _Found, passages: list[Passage], seen: str | None, by: User, at: datetime
) -> DisclosureCheck:
    """Keeps what came out of a check, whether or not everything can be protected."""
    row = _open(pack)
    _as_seen(standing_of(row, found.asked), seen)
    status = DisclosureCheck.Status.SOUND if found.is_sound else DisclosureCheck.Status.REFUSED
    return DisclosureCheck.objects.create(
        pack=row, policy=found.asked.row, fingerprint=found.asked.fingerprint, status=status,
        result=_result(found, passages), **signed(by, at),
    )  # fmt: skip


def _result(found: _Found, passages: list[Passage]) -> dict[str, Any]:
    asked, plan = found.asked, found.answer.plan
    told = {one.stem: one for one in asked.told}
    reaches = {one.cell: one.reach for one in found.audit.found}
    small = plan.small if plan else {one.cell for one in found.audit.found if one.is_small}
    rounding = {
        "rounded": {
            stem: _row(told[stem], found, reaches) | {"printed": [printed.numerator, printed.denominator]}
            for stem, printed in found.printed.items()
        },
        "base": asked.policy.rounding_base,
    }
    return {
        "hidden": {
            stem: _row(told[stem], found, reaches)
            | {
                "is_small": bool(set(cells_of(told[stem], asked.policy)) & small),
                "why": list(verdict.sentences(asked.policy)),
            }
            for stem, verdict in sorted(found.verdicts.items())
        },
        "sentence": found.sentence,
        "audit": found.audit.as_json(),
        "parts": plan.as_json()["parts"] if plan else [],
        "refused": [one.as_json() for one in found.refused if one.cell not in found.out_already],
        "out_already": sorted({one.name for one in found.refused if one.cell in found.out_already}),
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
    } | (rounding if asked.is_rounded else {})


def _row(told: Told, found: _Found, reaches: Mapping[str, Reach]) -> dict[str, Any]:
    return {
        "name": told.name,
        "table": told.table,
        "elsewhere": told.held.cited if told.held.is_paper else "",
        "could_be": _could_be(told, found.asked, reaches),
    }


def _could_be(told: Told, asked: Asked, reaches: Mapping[str, Reach]) -> list[int | None]:
    """The least and the most that the first of its numbers can be, as far as a reader can work out."""
    found = [reaches[cell] for cell in cells_of(told, asked.policy) if cell in reaches]
    return [found[0].low, found[0].high] if found else []


@dataclass(frozen=True)
class Decided:
    """What a reviewer says of a passage."""

    decision: str
    reason: str


@operation
def decide_passages(
    *, pack: Pack, decided: Mapping[str, Decided], by: User, at: datetime, seen: str | None = None
) -> None:
    """Keeps what a reviewer decided of passages, by their key, with a reason for each that is published. `seen`: what
    stood when he decided (`Standing.seen`). Raises WrongState when the check is of something else meanwhile, when
    somebody else has decided or the protection is accepted, or a reason is missing or too long."""
    row = _open(pack)
    standing = standing_of(row, asked_of(row, today=known_on(at)))
    if standing.check is None:
        raise WrongState("Something has changed since the small numbers were checked. Nothing was kept; check again.")
    _as_seen(standing, seen)
    if standing.accepted is not None:
        raise WrongState(
            "The protection is accepted as it was decided. Check again to decide otherwise; it must be accepted anew."
        )
    known = {p["key"]: p for p in standing.check.result["passages"]}
    leave_out = PassageDecision.Decision.LEAVE_OUT
    for key, one in decided.items():
        if key not in known or one.decision not in PassageDecision.Decision.values:
            raise WrongState("Choose what is to become of each passage that is listed.")
        if one.decision == leave_out and not known[key]["can_go"]:
            raise WrongState("The note and the names of a pack cannot be left out. Change the pack, or begin another.")
        if one.decision != leave_out and not one.reason.strip():
            raise WrongState("Say of each passage that may be read why it identifies nobody. Nothing was kept.")
        if len(one.reason.strip()) > LONGEST_REASON:
            raise WrongState(f"A reason must be {LONGEST_REASON} characters or fewer. Nothing was kept.")
    for key, one in decided.items():
        values = {"decision": one.decision, "reason": one.reason.strip(), **signed(by, at)}
        PassageDecision.objects.update_or_create(pack=row, passage=key, defaults=values)


@operation
def accept_protection(*, pack: Pack, check: int, by: User, at: datetime, seen: str | None = None) -> PackEvent:
    """A reviewer accepts by name how the small numbers are protected. `check`: the id of the one he has read; `seen`:
    that and what was decided (`Standing.seen`). Raises WrongState when it is not the latest, passages are undecided or
    decided otherwise since, or something is refused."""
    row = _open(pack)
    standing = standing_of(row, asked_of(row, today=known_on(at)))
    if standing.check is None or standing.check.pk != check:
        raise WrongState("Something has changed since you opened the page. Nothing was accepted; look at it again.")
    _as_seen(standing, seen)
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


@operation
def tell_reason(*, pack: Pack, why: str, by: User, at: datetime) -> PackEvent:
    """A reviewer decides that the reason for which a pack was withdrawn identifies nobody, and says `why`: from then on
    everybody reads it. Raises WrongState where nothing is held or no reason is given, NotAllowed for who withdrew."""
    row = Pack.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pack.pk)
    status = status_of(row)
    withdrawn = status.withdrawn
    if withdrawn is None or not status.is_reason_held or status.is_closed:
        raise WrongState("There is no reason of this pack that waits for a decision.")
    if withdrawn.by_id == by.pk:
        raise NotAllowed("You have withdrawn the pack, so somebody else decides whether everybody may read why.")
    if not why.strip() or len(why.strip()) > LONGEST_REASON:
        raise WrongState(f"Say in up to {LONGEST_REASON} characters why it identifies nobody. Nothing was kept.")
    return PackEvent.objects.create(
        pack=row, action=PackEvent.Action.TOLD, reason=Text.objects.keep(why.strip()), **signed(by, at)
    )
