"""Keeps actions: agrees them, records what became of them, closes them with evidence. Nothing is changed or deleted.

Owner, day and state of an action are those of its last step; every change is a step. Each form carries the number of
the step that it was made from, so that of two tabs the second one is told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet

from indicators.models import Partner, Partnership, Period, ScorecardLine, Text, User
from indicators.operations.audit import shown_as
from indicators.operations.basics import hold, known_on, made_before, note_made, operation, signed
from indicators.operations.errors import InputRefused, NotAllowed, WrongState
from indicators.permissions import Access, access_for
from indicators.questions import question
from indicators.roles import Permission
from indicators.working_days import day_words
from partnership.action_log import MOVES, Kind, State
from partnership.models import Action, ActionStep, AgendaItem, ExceptionRequest, Meeting, Resolution, StoredDocument
from partnership.operations.citations import check_line, kept_citation
from partnership.operations.refusals import ActionChanged
from partnership.paper_files import PaperFile
from partnership.selectors.actions import agreed_on, is_exempt, may_tell, was_held
from partnership.selectors.visible import actions_for

LONGEST_TEXT = 6000
NOT_HELD = "This meeting is not recorded as held. Choose one that is, or record first that it was held."
STATE_WORDS = {
    State.OPEN: "open",
    State.DONE: "told as done",
    State.CLOSED: "closed",
    State.CANCELLED: "cancelled",
}
ASKED_WORDS = {
    Kind.PROGRESS: "Progress is told of what is open or told as done.",
    Kind.DONE: "Only what is open can be told as done.",
    Kind.DATE_MOVED: "Only of what is open can the day be moved. Open it again first.",
    Kind.REASSIGNED: "Only what is open can be given to another owner. Open it again first.",
    Kind.CLOSED: "Only what is open or told as done can be closed.",
    Kind.REOPENED: "It is open already.",
    Kind.CANCELLED: "Only what is open or told as done can be cancelled.",
}


@dataclass(frozen=True)
class Owner:
    """Who answers for an action: a role, and the partner or the person that it is held by, where there is one."""

    role: str
    partner: Partner | None = None
    user: User | None = None

    @property
    def words(self) -> str:
        """Role and partner, as the history shows them."""
        return ", ".join(filter(None, (self.role.strip(), self.partner.name if self.partner else "")))[:160]

    @property
    def asked(self) -> list[Any]:
        """All that it says, in values that tell it apart."""
        return [self.role.strip(), self.partner.pk if self.partner else None, self.user.pk if self.user else None]


@dataclass(frozen=True)
class Origin:
    """What an action comes from: the item of an agenda, a resolution or an exception report; one of them. One of an
    exception report stands in no minute until a meeting that was held was given the report."""

    item: AgendaItem | None = None
    resolution: Resolution | None = None
    exception: ExceptionRequest | None = None

    @property
    def under(self) -> AgendaItem | None:
        """The item whose minute it stands in, where it has one."""
        if self.resolution is not None:
            return self.resolution.item
        if self.exception is not None:
            given = self.exception.item
            return given if given is not None and was_held(given.meeting) else None
        return self.item


@operation
def add_action(
    *, partnership: Partnership, origin: Origin, what: str, owner: Owner, due_on: date | None,
    rests_on: tuple[ScorecardLine, Period] | None = None, by: User, at: datetime, key: str = "",
) -> Action:  # fmt: skip
    """Agrees an action with its next number; the same key again gives the one that it made. `rests_on`: the figure that
    it rests on, kept as it was reported by now.

    Raises NotAllowed for who does not keep meetings, InputRefused for what is missing or cannot be, OperationError for
    a key that was used otherwise.
    """
    named = [getattr(one, "pk", None) for one in (origin.item, origin.resolution, origin.exception)]
    figure = [row.pk for row in rests_on or ()]
    asked = [partnership.pk, named, what.strip(), *owner.asked, due_on, figure]
    if before := made_before(key=key, operation_name="add_action", asked=asked, by=by, at=at, once=True):
        return Action.objects.get(partnership=partnership, number=int(before))
    _refuse_unless_manager(partnership, by, at)
    if sum(pk is not None for pk in named) != 1:
        raise InputRefused(
            "comes_from", "Say what the action comes from: an item, a resolution or an exception report."
        )
    under = origin.under
    if under is not None and under.meeting.partnership_id != partnership.pk:
        raise InputRefused("comes_from", "Choose among this partnership’s meetings.")
    if under is not None and not was_held(under.meeting):
        raise InputRefused("comes_from", NOT_HELD)
    if origin.exception is not None and origin.exception.partnership_id != partnership.pk:
        raise InputRefused("comes_from", "Choose among this partnership’s exception reports.")
    words = _words("what", what, "Say what is to be done.")
    _check_owner(partnership, owner, at, is_exempt=is_exempt(origin))
    if due_on is not None and under is not None and due_on < under.meeting.on:
        raise InputRefused("due_on", "The day lies before the meeting that agreed the action. Choose a later one.")
    # Numbers are given one after the other; who writes a line of the partnership's audit need not wait.
    hold(Partnership, partnership.pk)
    last = Action.objects.filter(partnership=partnership).aggregate(last=Max("number"))["last"] or 0
    action = Action.objects.create(
        partnership=partnership, number=last + 1, what=_kept(words), item=under,
        resolution=origin.resolution, exception=origin.exception, owner_role=owner.role.strip(),
        owner_partner=owner.partner, owner=owner.user, due_on=due_on, original_due_on=due_on, **signed(by, at),
    )  # fmt: skip
    _step(
        action, Kind.CREATED, 1, by, at, due_on=due_on, owner_role=owner.words, owner_partner=owner.partner,
        owner=owner.user, at_meeting=under.meeting if under else None,
    )  # fmt: skip
    if rests_on is not None:
        check_line(_access(partnership, by, at), partnership.pk, rests_on[0])
        kept_citation(action, *rests_on, at=at, item=under)
    note_made(key=key, code=str(action.number))
    return action


@operation
def tell_progress(
    *, action: Action, words: str, is_done: bool = False, evidence: str = "", evidence_from: str = "",
    file: PaperFile | None = None, based_on: int, by: User, at: datetime, key: str = "",
) -> ActionStep:  # fmt: skip
    """Records how an action stands, or that it is done, as its owner tells it, with evidence if there is any.

    `based_on` is the number of the step that the page was made from. Raises NotAllowed for who neither owns the action
    nor keeps meetings, InputRefused for what is missing, WrongState where the action is not open, ActionChanged where
    something was recorded since.
    """
    kind = Kind.DONE if is_done else Kind.PROGRESS
    asked = [action.pk, based_on, kind.value, words.strip(), *_asked(evidence, evidence_from, file)]
    if before := made_before(key=key, operation_name="tell_progress", asked=asked, by=by, at=at):
        return action.steps.get(number=int(before))
    access = _readable(action, by, at)
    row, number = _locked(action, based_on, kind)
    if not may_tell(row, by.pk, access):
        raise NotAllowed("Only the owner of the action, its partner or who keeps meetings may tell how it stands.")
    text = _words("words", words, "Say how it stands.")
    _refuse_twice(row, kind, text, evidence, by)
    shown = _evidence(row, number, evidence, evidence_from, file, by, at)
    return _made(row, kind, number, by, at, key, text=Text.objects.keep(text), **shown)


@operation
def move_date(
    *, action: Action, due_on: date, reason: str, at_meeting: Meeting | None = None, based_on: int, by: User,
    at: datetime, key: str = "",
) -> ActionStep:  # fmt: skip
    """Moves the day of an action, or sets one where there was none, with the reason. The first day agreed stays.

    Raises NotAllowed for who does not keep meetings (so not for the owner either), InputRefused without a reason or for
    the same day, WrongState, ActionChanged.
    """
    asked = [action.pk, based_on, due_on, reason.strip(), at_meeting.pk if at_meeting else None]
    if before := made_before(key=key, operation_name="move_date", asked=asked, by=by, at=at):
        return action.steps.get(number=int(before))
    row, number = _managed(action, based_on, Kind.DATE_MOVED, by, at)
    text = _words("reason", reason, "Say why the day is moved. Everybody who reads the action can read it.")
    if due_on == row.due_on:
        raise InputRefused("due_on", f"The action is due on {day_words(due_on)} already. Choose another day.")
    _check_meeting(row, at_meeting, at)
    if at_meeting is not None and due_on < at_meeting.on:
        raise InputRefused(
            "due_on", "The day lies before the meeting that moved it. Choose a later day, or no meeting."
        )
    if due_on < agreed_on(row):
        raise InputRefused("due_on", "The day lies before the action was agreed. Choose a later one.")
    row.due_on = due_on
    row.original_due_on = row.original_due_on or due_on
    return _made(row, Kind.DATE_MOVED, number, by, at, key, text=Text.objects.keep(text), due_on=due_on,
                 at_meeting=at_meeting)  # fmt: skip


@operation
def reassign(
    *, action: Action, owner: Owner, reason: str, at_meeting: Meeting | None = None, based_on: int, by: User,
    at: datetime, key: str = "",
) -> ActionStep:  # fmt: skip
    """Gives an action to another owner, with the reason. Raises as `move_date`."""
    asked = [action.pk, based_on, *owner.asked, reason.strip(), at_meeting.pk if at_meeting else None]
    if before := made_before(key=key, operation_name="reassign", asked=asked, by=by, at=at):
        return action.steps.get(number=int(before))
    row, number = _managed(action, based_on, Kind.REASSIGNED, by, at)
    text = _words("reason", reason, "Say why it is given to another owner. Everybody who reads the action can read it.")
    if (owner.role.strip(), owner.partner, owner.user) == (row.owner_role, row.owner_partner, row.owner):
        raise InputRefused("owner_role", "This is the owner already. Choose another one.")
    _check_owner(row.partnership, owner, at, is_exempt=is_exempt(row))
    _check_meeting(row, at_meeting, at)
    row.owner_role, row.owner_partner, row.owner = owner.role.strip(), owner.partner, owner.user
    return _made(row, Kind.REASSIGNED, number, by, at, key, text=Text.objects.keep(text), owner_role=owner.words,
                 owner_partner=owner.partner, owner=owner.user, at_meeting=at_meeting)  # fmt: skip


@operation
def close_action(
    *, action: Action, evidence: str, evidence_from: str = "", file: PaperFile | None = None, words: str = "",
    at_meeting: Meeting, based_on: int, by: User, at: datetime, key: str = "",
) -> ActionStep:  # fmt: skip
    """Closes an action at a meeting, with the evidence that it was done. `words`: what else the meeting said.

    Raises NotAllowed for who does not keep meetings, InputRefused without evidence or for a meeting that is still to
    come, WrongState, ActionChanged.
    """
    asked = [action.pk, based_on, words.strip(), at_meeting.pk, *_asked(evidence, evidence_from, file)]
    if before := made_before(key=key, operation_name="close_action", asked=asked, by=by, at=at):
        return action.steps.get(number=int(before))
    row, number = _managed(action, based_on, Kind.CLOSED, by, at)
    _words("evidence", evidence, "Say what shows that it was done. Without evidence an action is not closed.")
    _check_meeting(row, at_meeting, at)
    if len(words.strip()) > LONGEST_TEXT:
        raise InputRefused("words", f"Write {LONGEST_TEXT:,} characters or fewer.")
    shown = _evidence(row, number, evidence, evidence_from, file, by, at)
    text = Text.objects.keep(words.strip())
    return _made(row, Kind.CLOSED, number, by, at, key, text=text, at_meeting=at_meeting, **shown)


@operation
def reopen_action(
    *, action: Action, reason: str, at_meeting: Meeting | None = None, based_on: int, by: User, at: datetime,
    key: str = "",
) -> ActionStep:  # fmt: skip
    """Opens again what was told as done, closed or cancelled, with the reason. Raises as `move_date`."""
    return _with_reason(action, Kind.REOPENED, reason, at_meeting, based_on, by, at, key)


@operation
def cancel_action(
    *, action: Action, reason: str, at_meeting: Meeting | None = None, based_on: int, by: User, at: datetime,
    key: str = "",
) -> ActionStep:  # fmt: skip
    """Cancels an action that is not to be done any more, with the reason. Raises as `move_date`."""
    return _with_reason(action, Kind.CANCELLED, reason, at_meeting, based_on, by, at, key)


def _with_reason(
    action: Action, kind: Kind, reason: str, at_meeting: Meeting | None, based_on: int, by: User, at: datetime,
    key: str,
) -> ActionStep:  # fmt: skip
    asked = [action.pk, based_on, kind.value, reason.strip(), at_meeting.pk if at_meeting else None]
    if before := made_before(key=key, operation_name=f"action_{kind.value}", asked=asked, by=by, at=at):
        return action.steps.get(number=int(before))
    row, number = _managed(action, based_on, kind, by, at)
    text = _words("reason", reason, "Say why. Everybody who reads the action can read it.")
    _check_meeting(row, at_meeting, at)
    return _made(row, kind, number, by, at, key, text=Text.objects.keep(text), at_meeting=at_meeting)


# What all of them do


def _words(box: str, typed: str, missing: str) -> str:
    text = typed.strip()
    if not text:
        raise InputRefused(box, missing)
    if len(text) > LONGEST_TEXT:
        raise InputRefused(box, f"Write {LONGEST_TEXT:,} characters or fewer.")
    return text


def _refuse_twice(row: Action, kind: Kind, text: str, evidence: str, by: User) -> None:
    """Raises WrongState where the person told the same last: a page gone back to and sent once more."""
    last = row.steps.select_related("text", "evidence").order_by("number").last()
    if last is None or last.by_id != by.pk or last.kind != kind.value:
        return
    if (last.text.body if last.text else "", last.evidence.body if last.evidence else "") == (text, evidence.strip()):
        raise WrongState("You recorded the same words last, so they stand already. Nothing was done this time.")


def _kept(words: str) -> Text:
    """The row of a text that is not empty."""
    text = Text.objects.keep(words)
    assert text is not None  # noqa: S101
    return text


def _asked(evidence: str, evidence_from: str, file: PaperFile | None) -> list[Any]:
    """What a form says of evidence, in values that tell it apart."""
    return [evidence.strip(), evidence_from, file.sha256 if file else ""]


def _evidence(
    action: Action, number: int, evidence: str, evidence_from: str, file: PaperFile | None, by: User, at: datetime
) -> dict[str, Any]:
    """The evidence of a step with its file, which is kept as it came. Raises InputRefused."""
    if evidence_from not in ActionStep.Voice.values:
        raise InputRefused("evidence_from", "Choose from the list who the evidence is from.")
    text = evidence.strip()
    if (evidence_from or file) and not text:
        raise InputRefused("evidence", "Say what the evidence shows, and what changed.")
    if len(text) > LONGEST_TEXT:
        raise InputRefused("evidence", f"Write {LONGEST_TEXT:,} characters or fewer.")
    found: dict[str, Any] = {"evidence": Text.objects.keep(text), "evidence_from": evidence_from}
    if file is not None:
        found["document"] = StoredDocument.objects.create(
            partnership=action.partnership, code=f"action-{action.number}-step-{number}", file_name=file.name,
            content_type=file.content_type, size=len(file.content), content=file.content, by=by, actor=shown_as(by),
            sha256=file.sha256, at=at,
        )  # fmt: skip
    return found


def _access(partnership: Partnership, by: User, at: datetime) -> Access:
    return access_for(by, partnership, known_on(at))


def _refuse_unless_manager(partnership: Partnership, by: User, at: datetime) -> None:
    if not _access(partnership, by, at).can(Permission.MANAGE_MEETINGS):
        raise NotAllowed("Only who keeps meetings may do this with an action.")


def _readable(action: Action, by: User, at: datetime) -> Access:
    """The person's access. Raises NotAllowed for who may not know of the action."""
    access = _access(action.partnership, by, at)
    if not actions_for(access, action.partnership).filter(pk=action.pk).exists():
        raise NotAllowed("There is no such action for you.")
    return access


def _managed(action: Action, based_on: int, kind: Kind, by: User, at: datetime) -> tuple[Action, int]:
    _refuse_unless_manager(action.partnership, by, at)
    _readable(action, by, at)
    return _locked(action, based_on, kind)


@question
def _action(pk: int) -> QuerySet[Action]:
    related = ("partnership", "item__meeting", "resolution__item__meeting", "exception__item__meeting", "owner_partner",
               "owner")  # fmt: skip
    return Action.objects.filter(pk=pk).select_related(*related).order_by()


def _locked(action: Action, based_on: int, kind: Kind) -> tuple[Action, int]:
    """The action, locked until the transaction ends, and the number of its next step. Raises ActionChanged and
    WrongState."""
    hold(Action, action.pk)
    (row,) = _action(action.pk)
    last = row.steps.order_by("number").last()
    if last is None or last.number != based_on:
        raise ActionChanged
    needed, _ = MOVES[kind]
    if State(row.state) not in needed:
        raise WrongState(f"The action is {STATE_WORDS[State(row.state)]}. {ASKED_WORDS[kind]}")
    return row, last.number + 1


def _check_owner(partnership: Partnership, owner: Owner, at: datetime, *, is_exempt: bool) -> None:
    if not owner.role.strip():
        raise InputRefused("owner_role", "Name the role that answers for it: one role, no person’s name.")
    if owner.partner is not None and owner.partner.partnership_id != partnership.pk:
        raise InputRefused("owner_partner", "Choose among this partnership’s partners.")
    if owner.user is None:
        return
    access = access_for(owner.user, partnership, known_on(at))
    if not access.is_member:
        raise InputRefused("owner", "This person has no access today. Choose another one, or nobody.")
    if is_exempt and not access.can(Permission.VIEW_EXEMPT):
        raise InputRefused("owner", "This person may not read exempt items. Choose another one, or nobody.")


def _check_meeting(action: Action, meeting: Meeting | None, at: datetime) -> None:
    if meeting is None:
        return
    if meeting.partnership_id != action.partnership_id:
        raise InputRefused("at_meeting", "Choose among this partnership’s meetings.")
    if not was_held(meeting) or meeting.on > known_on(at):
        raise InputRefused("at_meeting", NOT_HELD)


def _step(action: Action, kind: Kind, number: int, by: User, at: datetime, **more: Any) -> ActionStep:
    return ActionStep.objects.create(
        action=action, number=number, kind=kind.value, **signed(by, at), known_on=known_on(at), **more
    )


def _made(row: Action, kind: Kind, number: int, by: User, at: datetime, key: str, **more: Any) -> ActionStep:
    """Writes the step and what the action is from it on."""
    _, after = MOVES[kind]
    row.state = after.value if after is not None else row.state
    row.save(update_fields=["state", "due_on", "original_due_on", "owner_role", "owner_partner", "owner"])
    step = _step(row, kind, number, by, at, **more)
    note_made(key=key, code=str(number))
    return step
