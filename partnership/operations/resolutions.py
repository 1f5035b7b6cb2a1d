"""Keeps what meetings resolve, what the executive answers, and what follows of it in the work programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from indicators.models import Partner, User
from indicators.operations.basics import known_on, operation
from indicators.operations.errors import InputRefused, WrongState
from indicators.working_days import add_months
from partnership.exclusion import exclusion_text
from partnership.meeting_dates import response_due
from partnership.models import AgendaItem, Body, Meeting, Resolution, ResolutionResponse, WorkItem
from partnership.operations.meeting_basics import (
    RECORDING,
    State,
    by_whom,
    changed,
    is_repeated,
    kept_text,
    locked,
    told,
)
from partnership.operations.minutes import is_excluded_before, refuse_unless_excluded
from partnership.quorum import Answer
from partnership.selectors.bodies import quorum_of

Kind = Resolution.Kind
_LONGEST = 6_000
_TRIES = 5


@dataclass(frozen=True)
class Votes:
    """How many voted for and against, and abstained."""

    in_favour: int
    against: int
    abstained: int = 0

    @property
    def total(self) -> int:
        """How many voted or abstained."""
        return self.in_favour + self.against + self.abstained


@dataclass(frozen=True)
class Decision:
    """What is resolved: by consent, where `votes` is None, or by a vote. `update_months`: an update is expected so many
    months after the meeting."""

    kind: str
    text: str
    mover: str = ""
    seconder: str = ""
    votes: Votes | None = None
    owner_role: str = ""
    owner_partner: Partner | None = None
    addressed_to: Body | None = None
    corrects: Resolution | None = None
    update_months: int | None = None
    update_title: str = ""

    @property
    def asked(self) -> tuple[Any, ...]:
        """All that it says."""
        rows = (self.owner_partner, self.addressed_to, self.corrects)
        return (
            self.kind, self.text, self.mover, self.seconder, self.votes, self.owner_role,
            *(row.pk if row else 0 for row in rows), self.update_months, self.update_title,
        )  # fmt: skip


@operation
def resolve(*, item: AgendaItem, decision: Decision, by: User, at: datetime, key: str = "") -> Resolution | None:
    """Keeps what a meeting resolved under an item, with the next number of its year; None for a form that was carried
    out before.

    Raises InputRefused for what is missing or does not fit its kind, and for more votes than there were voters;
    WrongState where attendance is not recorded, where the item was not quorate, and for an exempt item before the
    public was excluded.
    """
    if is_repeated(key=key, name="resolve", asked=(item.pk, decision.asked), by=by, at=at, once=True):
        return None
    row = locked(item.meeting, states=RECORDING)
    if decision.kind == Kind.EXCLUDED:
        raise WrongState("The public is excluded on a page of its own, which asks for paragraph and reason.")
    refuse_unless_excluded(row, item)
    _check(row, decision)
    _check_votes(row, item, decision.votes)
    made = _kept(row, item, decision, by, at)
    changed(row)
    told(row, "A resolution was recorded", by=by, at=at)
    return made


def _check(meeting: Meeting, decision: Decision) -> None:
    if not decision.text.strip():
        raise InputRefused("text", "Write what was resolved.")
    if len(decision.text) > _LONGEST:
        raise InputRefused("text", f"A resolution must be {_LONGEST:,} characters or fewer.")
    if bool(decision.mover.strip()) != bool(decision.seconder.strip()):
        raise InputRefused("seconder", "Give both who moved it and who seconded it, or neither.")
    if decision.kind == Kind.NOTED and (decision.owner_role.strip() or decision.owner_partner):
        raise InputRefused("owner_role", "What is noted asks for nothing, so it has no owner. Choose “Resolved”.")
    if decision.kind == Kind.NOTED and decision.update_months:
        raise InputRefused("update_months", "What is noted asks for nothing. Choose “Resolved” to expect an update.")
    if (decision.kind == Kind.RECOMMENDED) != (decision.addressed_to is not None):
        raise InputRefused("addressed_to", "A recommendation names the body that is to answer it; others name none.")
    if decision.addressed_to is not None and decision.addressed_to.partnership_id != meeting.partnership_id:
        raise InputRefused("addressed_to", "Choose a body of this partnership.")
    former = decision.corrects
    if former is not None and former.item.meeting_id != meeting.pk:
        raise InputRefused("corrects", "Only a resolution of the same meeting is corrected.")
    if former is not None and Resolution.objects.filter(corrects=former).exists():
        raise InputRefused("corrects", "That resolution was corrected already. Correct the later one.")


def _check_votes(meeting: Meeting, item: AgendaItem, votes: Votes | None) -> None:
    if not meeting.attendances.exists():
        raise WrongState("Say who was there first: who could vote depends on it.")
    (standing,) = quorum_of(meeting, [item])
    if standing.answer == Answer.NOT_QUORATE:
        raise WrongState(f"{standing.sentence} Nothing can be resolved under this item.")
    if votes is None:
        return
    if votes.in_favour < votes.against or not votes.in_favour:
        raise InputRefused("votes_for", "What was lost is no resolution. Write it into the minutes.")
    if standing.answer != Answer.NOT_RECORDED and votes.total > standing.present:
        number = standing.present
        raise InputRefused(
            "votes_for",
            f"{votes.total} votes are more than the {number} {'member' if number == 1 else 'members'} who could vote "
            "on this item. Check the votes, or who was there.",
        )


def _kept(meeting: Meeting, item: AgendaItem, decision: Decision, by: User, at: datetime) -> Resolution:
    votes = decision.votes
    made = _numbered(
        meeting,
        item=item, kind=decision.kind, text=kept_text(decision.text), mover=decision.mover.strip(),
        seconder=decision.seconder.strip(), by_consent=votes is None, votes_for=votes.in_favour if votes else None,
        votes_against=votes.against if votes else None, abstained=votes.abstained if votes else None,
        owner_role=decision.owner_role.strip(), owner_partner=decision.owner_partner,
        addressed_to=decision.addressed_to, corrects=decision.corrects,
        response_due_on=response_due(meeting.on) if decision.kind == Kind.RECOMMENDED else None,
        **by_whom(by, at),
    )  # fmt: skip
    if decision.corrects is not None:
        _take_over(decision.corrects, made, decision, by, at)
    if decision.update_months:
        WorkItem.objects.create(
            partnership=meeting.partnership, programme=WorkItem.Programme.SCRUTINY, body=meeting.body,
            code=f"resolution-{made.number}", title=(decision.update_title.strip() or item.title)[:300],
            owner_role=made.owner_role, owner_partner=made.owner_partner, resolution=made,
            expected_by=add_months(meeting.on, decision.update_months),
            expected_words=f"Update in {decision.update_months} months", **by_whom(by, at),
        )  # fmt: skip
    return made


def _take_over(former: Resolution, made: Resolution, decision: Decision, by: User, at: datetime) -> None:
    """What hung on a resolution that is corrected hangs on its correction: the answers to a recommendation, so that its
    clock does not run again, and the update that is still expected, unless the correction expects another or none.
    Nothing of an exempt item comes under a public one."""
    is_opened = former.item.is_exempt and not made.item.is_exempt
    if (made.kind, made.addressed_to_id) == (former.kind, former.addressed_to_id) and not is_opened:
        for one in former.responses.order_by("pk"):
            ResolutionResponse.objects.create(
                resolution=made, on=one.on, answer=one.answer, text=one.text, **by_whom(by, at)
            )  # fmt: skip
    expected = WorkItem.objects.filter(resolution=former, received_at__isnull=True, withdrawn_on__isnull=True)
    if decision.update_months or made.kind == Kind.NOTED or is_opened:
        why = f"Resolution {former.number} was corrected by {made.number}."
        expected.update(withdrawn_on=known_on(at), withdrawn_reason=why)
    else:
        expected.update(resolution=made)


def _numbered(meeting: Meeting, **columns: Any) -> Resolution:
    """A resolution with the next number of the year. Two meetings may resolve at once: the later tries the next."""
    stem = f"{meeting.on.year}-"
    taken = Resolution.objects.filter(partnership=meeting.partnership, number__startswith=stem)
    numbers = [int(n.removeprefix(stem)) for n in taken.values_list("number", flat=True) if n[len(stem) :].isdecimal()]
    following = max(numbers, default=0) + 1
    for number in range(following, following + _TRIES):
        try:
            with transaction.atomic():
                return Resolution.objects.create(
                    partnership=meeting.partnership, number=f"{stem}{number}", **columns
                )  # fmt: skip
        except IntegrityError:
            continue
    raise WrongState("Other resolutions are being recorded at this moment. Send it again.")


@operation
def exclude_public(
    *, item: AgendaItem, paragraphs: Iterable[int], reason: str, mover: str, seconder: str, votes: Votes | None,
    by: User, at: datetime, key: str = "",
) -> Resolution | None:  # fmt: skip
    """Keeps a resolution that excludes the public, under any public item that an exempt one comes after. Everybody
    reads its paragraphs and its reason.

    Raises InputRefused where the paragraph of a later exempt item is missing, unless the public was excluded under it
    before, and where there is no reason; WrongState without exempt items, and under an item that none comes after.
    """
    named = sorted(set(paragraphs))
    decision = Decision(
        kind=Kind.EXCLUDED, text=exclusion_text(named, reason) if named else "", mover=mover, seconder=seconder,
        votes=votes,
    )  # fmt: skip
    if is_repeated(key=key, name="exclude_public", asked=(item.pk, decision.asked), by=by, at=at, once=True):
        return None
    row = locked(item.meeting, states=RECORDING)
    exempt = list(row.items.filter(is_exempt=True).order_by("order"))
    if not exempt:
        raise WrongState("No item of this meeting is exempt, so the public stays.")
    later = [i for i in exempt if i.order > item.order]
    if item.is_exempt or not later:
        raise WrongState("The public is excluded before an exempt item. Record it under a public item before that.")
    missing = {i.exempt_paragraph for i in later if not is_excluded_before(i)} - set(named)
    if missing:
        raise InputRefused("paragraphs", "Choose every paragraph under which a later item of this meeting is exempt.")
    if not reason.strip():
        raise InputRefused("reason", "Say why the public interest is better served by excluding the public.")
    _check(row, decision)
    _check_votes(row, item, votes)
    made = _kept(row, item, decision, by, at)
    changed(row)
    told(row, "A resolution was recorded", by=by, at=at)
    return made


@operation
def respond(
    *, resolution: Resolution, on: date, answer: str, text: str, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Keeps what the executive answered to a recommendation. Raises InputRefused for a day before the meeting or after
    today and for no words, WrongState for what is no recommendation or was corrected."""
    if is_repeated(key=key, name="respond", asked=(resolution.pk, on, answer, text), by=by, at=at, once=True):
        return
    row = locked(resolution.item.meeting, states=(*RECORDING, State.CONFIRMED))
    if resolution.kind != Kind.RECOMMENDED:
        raise WrongState("Only a recommendation is answered.")
    later = Resolution.objects.filter(corrects=resolution).first()
    if later is not None:
        raise WrongState(f"This recommendation was corrected by {later.number}. Record the answer to that one.")
    if answer not in ResolutionResponse.Answer.values:
        raise InputRefused("answer", "Choose what was answered.")
    if not row.on <= on <= known_on(at):
        raise InputRefused("on", "Give a day from the meeting up to today.")
    if not text.strip():
        raise InputRefused("text", "Give the answer.")
    ResolutionResponse.objects.create(
        resolution=resolution, on=on, answer=answer, text=kept_text(text), **by_whom(by, at)
    )  # fmt: skip
    changed(row)
    told(row, "The response to a recommendation was recorded", by=by, at=at)
