"""Adds inspections with their judgements and the ambitions they are held against, and records when what is owed for
assurance was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from indicators.models import Partnership, User
from indicators.operations.basics import (
    free_code,
    known_on,
    made_before,
    note_made,
    operation,
    signed,
    stripped,
    told_apart,
)
from indicators.operations.errors import InputRefused, NothingChanged, WrongState
from indicators.working_days import day_words
from partnership.assurance import Cycle, Owed, not_done
from partnership.models import Ambition, AssuranceDue, AssuranceItem, Grade, Inspection, Judgement
from partnership.operations.body_steps import wait_for_others
from partnership.operations.plan_recording import (
    CHANGED,
    Values,
    check_not_to_come,
    check_own,
    check_state,
    check_title,
    lead_of,
    recorded,
    refuse_unchanged,
)

# What is typed of an inspection, beside its judgements.
TYPED = ("title", "inspectorate", "framework", "on", "on_words", "outcome", "report")


@dataclass(frozen=True)
class JudgementInput:
    """A judgement as it is typed."""

    area: str
    grade: str
    is_overall: bool = False


@operation
def add_inspection(
    *, partnership: Partnership, values: Values, judgements: Sequence[JudgementInput], by: User, at: datetime,
    key: str = "", request_id: str = "",
) -> Inspection:  # fmt: skip
    """Adds an inspection with its judgements; the same key again gives the one that it made.

    `values`: the columns of TYPED. One without judgements has given no grade, and
    says what it found. Raises InputRefused for what cannot be.
    """
    asked = [partnership.pk, told_apart(values), list(judgements)]
    if before := made_before(key=key, operation_name="add_inspection", asked=asked, by=by, at=at, once=True):
        return Inspection.objects.get(partnership=partnership, code=before)
    made = _kept_inspection(partnership, values, judgements, by, at)
    note_made(key=key, code=made.code)
    recorded(partnership, f"inspection {made.code}: added", by, at, request_id)
    return made


def _kept_inspection(
    partnership: Partnership, values: Values, judgements: Sequence[JudgementInput], by: User, at: datetime
) -> Inspection:
    own = stripped(values)
    check_title(own)
    if own["on"] is None and not own["on_words"]:
        raise InputRefused("on", "Give the day, or say in words what is stated of it.")
    if own["on"] is not None:
        check_not_to_come("on", own["on"], at, "That day has not come yet.")
    if not judgements and not own["outcome"]:
        raise InputRefused("outcome", "Say what it found, or give its judgements.")
    if own["report"] and not own["report"].startswith(("https://", "http://")):
        raise InputRefused("report", "Give the whole address of the report, beginning with https://.")
    _check_judgements(judgements)
    code = free_code(Inspection.objects.filter(partnership=partnership), own["title"])
    made = Inspection.objects.create(partnership=partnership, code=code, **own, **signed(by, at))
    for order, one in enumerate(judgements, 1):
        Judgement.objects.create(
            inspection=made, order=order, area=one.area.strip(), grade=one.grade, is_overall=one.is_overall,
            **signed(by, at),
        )  # fmt: skip
    return made


def typed_of(inspection: Inspection) -> tuple[dict[str, object], list[JudgementInput]]:
    """What a form says of a stored inspection: its columns, and its judgements in their order."""
    held = [JudgementInput(one.area, one.grade, one.is_overall) for one in inspection.judgements.order_by("order")]
    return {name: getattr(inspection, name) for name in TYPED}, held


@operation
def correct_inspection(
    *, inspection: Inspection, values: Values, judgements: Sequence[JudgementInput], reason: str, by: User,
    at: datetime, key: str = "", request_id: str = "",
) -> Inspection:  # fmt: skip
    """Puts another inspection in the place of one that was added here, with the reason; the one before stays on record
    and counts no more. `values` and `judgements` as for add_inspection; the same key again gives what it made.

    Raises InputRefused for what cannot be and without a reason, NothingChanged, and WrongState for one that a paper
    prints and for one that was corrected or withdrawn before.
    """
    asked = [inspection.pk, told_apart(values), list(judgements), reason]
    if before := made_before(key=key, operation_name="correct_inspection", asked=asked, by=by, at=at):
        return Inspection.objects.get(partnership=inspection.partnership, code=before)
    row = _standing_inspection(inspection)
    said = [JudgementInput(one.area.strip(), one.grade, one.is_overall) for one in judgements]
    if typed_of(row) == (stripped(values), said):
        raise NothingChanged
    made = _kept_inspection(row.partnership, values, judgements, by, at)
    note_made(key=key, code=made.code)
    _withdrawn(row, reason, made, by, at)
    recorded(row.partnership, f"inspection {row.code}: corrected by {made.code}", by, at, request_id)
    return made


@operation
def withdraw_inspection(
    *, inspection: Inspection, reason: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Inspection:
    """Withdraws an inspection that was added here, with the reason; it stays on record and counts no more. Raises
    InputRefused without a reason, WrongState as correct_inspection."""
    if made_before(key=key, operation_name="withdraw_inspection", asked=[inspection.pk, reason], by=by, at=at):
        return inspection
    row = _standing_inspection(inspection)
    note_made(key=key, code=row.code)
    _withdrawn(row, reason, None, by, at)
    recorded(row.partnership, f"inspection {row.code}: withdrawn", by, at, request_id)
    return row


def _standing_inspection(inspection: Inspection) -> Inspection:
    """The inspection, locked. Raises WrongState for one that a paper prints, or that counts no more."""
    row = Inspection.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=inspection.pk)
    if row.source_id is not None:
        raise WrongState("A paper prints this inspection, so it stays as it is. Add another one beside it.")
    if row.withdrawn_on is not None:
        what = "corrected" if row.replaced_by_id else "withdrawn"
        raise WrongState(f"This inspection was {what} on {day_words(row.withdrawn_on)}. Look at the list again.")
    return row


def _withdrawn(row: Inspection, reason: str, by_other: Inspection | None, by: User, at: datetime) -> None:
    if not reason.strip():
        raise InputRefused("reason", "Say why.")
    who = signed(by, at)
    row.withdrawn_on, row.withdrawn_reason, row.replaced_by = known_on(at), reason.strip(), by_other
    row.withdrawn_by, row.withdrawn_actor = who["by"], who["actor"]
    row.save(update_fields=["withdrawn_on", "withdrawn_reason", "withdrawn_by", "withdrawn_actor", "replaced_by"])


def _check_judgements(judgements: Sequence[JudgementInput]) -> None:
    for number, one in enumerate(judgements, 1):
        if not one.area.strip():
            raise InputRefused(f"area_{number}", "Say what this grade was given to.")
        if one.grade not in Grade.values:
            raise InputRefused(f"grade_{number}", "Choose the grade of this area.")
    overall = [number for number, one in enumerate(judgements, 1) if one.is_overall]
    if len(overall) > 1:
        raise InputRefused(f"overall_{overall[1]}", "Only one of the judgements can be the overall one.")


# What is said of an ambition.
PROMISED = ("grade", "or_better", "by_on", "by_words", "authority")


def _sound_ambition(partnership: Partnership, values: Values, held: Ambition | None = None) -> Values:
    """What is kept of an ambition. Raises InputRefused for what cannot be."""
    own = stripped(values)
    if own["grade"] not in Grade.values:
        raise InputRefused("grade", "Choose the grade that was promised.")
    if not own["authority"]:
        raise InputRefused("authority", "Say where it was promised.")
    same = Ambition.objects.filter(partnership=partnership, by_on=own["by_on"], grade=own["grade"])
    if (same.exclude(pk=held.pk) if held else same).exists():
        raise InputRefused("by_on", "That grade by that day is there already. Give another day or grade.")
    return own | {"by_words": own["by_words"] or day_words(own["by_on"])}


@operation
def add_ambition(
    *, partnership: Partnership, values: Values, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Ambition:
    """Adds a grade that was promised by a day; the same key again gives the one that it made.

    `values`: the columns of PROMISED; without by_words the day stands for itself. Raises InputRefused for what cannot
    be.
    """
    asked = [partnership.pk, told_apart(values)]
    if before := made_before(key=key, operation_name="add_ambition", asked=asked, by=by, at=at):
        return Ambition.objects.get(pk=int(before))
    wait_for_others(partnership)
    made = Ambition.objects.create(
        partnership=partnership, **_sound_ambition(partnership, values), **signed(by, at)
    )  # fmt: skip
    note_made(key=key, code=str(made.pk))
    recorded(partnership, f"ambition {made.grade} by {made.by_on.isoformat()}: added", by, at, request_id)
    return made


@operation
def change_ambition(
    *, ambition: Ambition, values: Values, based_on: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Ambition:
    """Puts right an ambition that was added here; `values` as for add_ambition.

    `based_on` is the state of PROMISED (`state_of`) when the page was opened. Raises InputRefused, and WrongState for
    one that a paper prints and when somebody else changed it meanwhile.
    """
    asked = [ambition.pk, told_apart(values)]
    if made_before(key=key, operation_name="change_ambition", asked=asked, by=by, at=at):
        return ambition
    wait_for_others(ambition.partnership)
    row = Ambition.objects.select_related("partnership").get(pk=ambition.pk)
    if row.source_id is not None:
        raise WrongState("A paper prints this ambition, so it stays as it is. Add another one beside it.")
    check_state(row, PROMISED, based_on)
    was = f"{row.grade} by {row.by_on.isoformat()}"
    for name, value in _sound_ambition(row.partnership, values, row).items():
        setattr(row, name, value)
    note_made(key=key, code=str(row.pk))
    row.save(update_fields=list(PROMISED))
    refuse_unchanged(row, PROMISED, based_on)
    recorded(row.partnership, f"ambition {was}: changed", by, at, request_id)
    return row


@operation
def add_assurance_item(
    *, partnership: Partnership, values: Values, first_due_on: date | None, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> AssuranceItem:  # fmt: skip
    """Adds something that is owed, once or in a cycle; the same key again gives the one that it made.

    `values`: kind, title, owner_role, owner_partner, given_to, plan, every_months, from_on, until_on and note. Raises
    InputRefused without a day from which the next one could be told.
    """
    asked = [partnership.pk, told_apart(values), first_due_on]
    if before := made_before(key=key, operation_name="add_assurance_item", asked=asked, by=by, at=at, once=True):
        return AssuranceItem.objects.get(partnership=partnership, code=before)
    own = stripped(values)
    check_title(own)
    lead_of(own, "owner_partner", "owner_role")
    check_own(partnership, own["owner_partner"], own["plan"])
    if first_due_on is None and not (own["every_months"] and own["from_on"]):
        raise InputRefused("first_due_on", "Give the day on which it is due, or how often and from when.")
    if own["until_on"] and own["from_on"] and own["until_on"] < own["from_on"]:
        raise InputRefused("until_on", "It ends before it begins. Correct one of the two days.")
    code = free_code(AssuranceItem.objects.filter(partnership=partnership), own["title"])
    note_made(key=key, code=code)
    made = AssuranceItem.objects.create(partnership=partnership, code=code, **own, **signed(by, at))
    if first_due_on is not None:
        AssuranceDue.objects.create(item=made, due_on=first_due_on, **signed(by, at))
    recorded(partnership, f"assurance {code}: added", by, at, request_id)
    return made


@operation
def record_done(
    *, item: AssuranceItem, due_on: date, done_on: date, note: str, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> AssuranceDue:  # fmt: skip
    """Records on which day something that was due on `due_on` was done; the next one then follows from its cycle. Where
    nothing says when it is due, any day may be given; where earlier times were missed, one of them.

    Raises InputRefused for a day to come and one that is recorded as done already, WrongState when it is not due that
    day any more.
    """
    asked = [item.pk, due_on, done_on, note]
    if before := made_before(key=key, operation_name="record_done", asked=asked, by=by, at=at):
        return item.dues.get(pk=int(before))
    row = AssuranceItem.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=item.pk)
    dues = {due.due_on: due for due in row.dues.all()}
    held = dues.get(due_on)
    if held is not None and held.done_on is not None:
        raise InputRefused("done_on", f"It is recorded as done on {day_words(held.done_on)} already.")
    cycle = Cycle(row.every_months, row.from_on, row.until_on)
    now = not_done(cycle, [Owed(due.due_on, due.done_on) for due in dues.values()], known_on(at))
    if held is None and now.due_on is not None and due_on not in {now.due_on, *now.missed}:
        raise WrongState(CHANGED)
    check_not_to_come("done_on", done_on, at, "That day has not come yet. Record it once it is done.")
    same = next((due for due in dues.values() if due.done_on == done_on and _is_of_now(due, by, at)), None)
    if same is not None:
        raise InputRefused(
            "done_on",
            f"You recorded a moment ago that it was done on that day, for the time due on {day_words(same.due_on)}. "
            "Nothing was recorded this time.",
        )
    made = _done(row, held, due_on, done_on, note.strip(), by, at)
    note_made(key=key, code=str(made.pk))
    recorded(row.partnership, f"assurance {row.code}: done, due on {due_on.isoformat()}", by, at, request_id)
    return made


def _is_of_now(due: AssuranceDue, by: User, at: datetime) -> bool:
    """Whether the person recorded it within the hour: a page gone back to and sent once more records no second time."""
    return due.by_id == by.pk and due.at is not None and at - due.at < timedelta(hours=1)


@operation
def take_back_done(
    *, item: AssuranceItem, due_on: date, reason: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> AssuranceDue:  # fmt: skip
    """Takes back that something due on a day was done; the time stays, with what was recorded, by whom, and why it was
    taken back. Raises InputRefused without a reason, WrongState where a paper says it or nothing is recorded."""
    asked = [item.pk, due_on, reason.strip()]
    if before := made_before(key=key, operation_name="take_back_done", asked=asked, by=by, at=at):
        return item.dues.get(pk=int(before))
    row = AssuranceItem.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=item.pk)
    held = row.dues.filter(due_on=due_on, done_on__isnull=False, by__isnull=False).first()
    if held is None:
        raise WrongState("Nothing that was recorded here is left to take back.")
    if not reason.strip():
        raise InputRefused("reason", "Say why it is taken back.")
    was = f"Recorded as done on {day_words(held.done_on)} by {held.actor}" if held.done_on else ""
    told = f"{was}, taken back on {day_words(known_on(at))}: {reason.strip()}"
    held.done_on = None
    held.note = "; ".join(filter(None, (held.note, told)))[-_LONGEST_NOTE:]
    for name, value in signed(by, at).items():
        setattr(held, name, value)
    held.save(update_fields=["done_on", "note", "by", "actor", "at"])
    note_made(key=key, code=str(held.pk))
    recorded(row.partnership, f"assurance {row.code}: done taken back, due on {due_on.isoformat()}", by, at, request_id)
    return held


_LONGEST_NOTE = 300


def _done(
    item: AssuranceItem, held: AssuranceDue | None, due_on: date, done_on: date, note: str, by: User, at: datetime
) -> AssuranceDue:
    """A time that stands there is marked; one that only the cycle gave is kept."""
    if held is None:
        return AssuranceDue.objects.create(item=item, due_on=due_on, done_on=done_on, note=note, **signed(by, at))
    held.done_on = done_on
    held.note = note or held.note
    for name, value in signed(by, at).items():
        setattr(held, name, value)
    held.save(update_fields=["done_on", "note", "by", "actor", "at"])
    return held
