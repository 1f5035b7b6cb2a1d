"""What of bodies' meetings a person may read. Every page, export, search and e-mail of meetings starts here.

An exempt item, and everything that hangs on it, exists only for those who may read exempt packs. An agenda is read
from its publication on, minutes from their publication as a draft on, decisions and actions once the meeting was held;
who prepares meetings reads them before. A figure that is protected is read by those who may read protected figures.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from indicators.models import Partnership, Scorecard, ScorecardLine
from indicators.permissions import Access
from indicators.roles import Permission
from indicators.selectors.protected import in_protected_part
from partnership.models import (
    Action,
    AgendaItem,
    Alert,
    Attendance,
    Citation,
    Declaration,
    ExceptionRequest,
    Meeting,
    MemberQuestion,
    Minute,
    Paper,
    PublicStatement,
    Resolution,
    WorkItem,
)

_State = Meeting.State
AGENDA_OPEN = (_State.CALLED, _State.HELD, _State.MINUTED, _State.CONFIRMED)
DECISIONS_OPEN = (_State.HELD, _State.MINUTED, _State.CONFIRMED)
MINUTES_OPEN = (_State.MINUTED, _State.CONFIRMED)


@dataclass(frozen=True)
class Sight:
    """What of an access decides which rows of meetings a person may read: by it a question about them is kept, once for
    all who read alike."""

    prepares: bool
    reads_exempt: bool
    reads_protected: bool


# Who reads, and where: an access and a partnership, or what a question that is put together once is asked with.
Reader = Access | Sight
Place = Partnership | int


def sight_of(reader: Reader) -> Sight:
    """What decides which rows of meetings may be read."""
    if isinstance(reader, Sight):
        return reader
    asked = (Permission.MANAGE_MEETINGS, Permission.VIEW_EXEMPT, Permission.VIEW_PROTECTED)
    return Sight(*map(reader.can, asked))


def prepares(access: Reader) -> bool:
    """Whether the person prepares meetings, and so reads what is not published yet."""
    return sight_of(access).prepares


def _of_item(access: Reader, states: tuple[str, ...], prefix: str) -> Q:
    """The condition that an item, reached by `prefix`, may be read from those states of its meeting on."""
    # Never the empty condition: it would vanish from an "or".
    allowed = Q(**{f"{prefix}pk__isnull": False})
    if not sight_of(access).reads_exempt:
        allowed &= Q(**{f"{prefix}is_exempt": False})
    if not prepares(access):
        allowed &= Q(**{f"{prefix}meeting__state__in": states})
    return allowed


def items_for(access: Reader, partnership: Place) -> QuerySet[AgendaItem]:
    """The agenda items that the person may read."""
    return AgendaItem.objects.filter(_of_item(access, AGENDA_OPEN, ""), meeting__partnership=partnership)


def papers_for(access: Reader, partnership: Place, now: datetime | None) -> QuerySet[Paper]:
    """The papers that the person may read at that moment: not withdrawn, and past their embargo. Who prepares meetings
    waits for no embargo, so of them no moment is asked."""
    found = Paper.objects.filter(_of_item(access, AGENDA_OPEN, "item__"), item__meeting__partnership=partnership)
    found = found.filter(withdrawn_at__isnull=True)
    if not prepares(access):
        found = found.filter(Q(embargo_until__isnull=True) | Q(embargo_until__lte=now))
    return found


def minutes_for(access: Reader, partnership: Place) -> QuerySet[Minute]:
    """The minutes, with all their versions, that the person may read."""
    return Minute.objects.filter(_of_item(access, MINUTES_OPEN, "item__"), item__meeting__partnership=partnership)


def resolutions_for(access: Reader, partnership: Place) -> QuerySet[Resolution]:
    """The resolutions that the person may read."""
    return Resolution.objects.filter(_of_item(access, DECISIONS_OPEN, "item__"), partnership=partnership)


def statements_for(access: Reader, partnership: Place) -> QuerySet[PublicStatement]:
    """The public statements that the person may read. A speaker's name in them is for who prepares meetings alone."""
    found = PublicStatement.objects.filter(meeting__partnership=partnership)
    return found if prepares(access) else found.filter(meeting__state__in=DECISIONS_OPEN)


def questions_for(access: Reader, partnership: Place) -> QuerySet[MemberQuestion]:
    """The members' questions that the person may read."""
    found = MemberQuestion.objects.filter(_of_item(access, DECISIONS_OPEN, "item__"))
    return found.filter(item__meeting__partnership=partnership)


def _of_meeting(access: Reader, states: tuple[str, ...]) -> Q:
    """The condition that what hangs on a meeting as a whole may be read from those states on."""
    return Q(meeting__pk__isnull=False) if prepares(access) else Q(meeting__state__in=states)


def attendances_for(access: Reader, partnership: Place) -> QuerySet[Attendance]:
    """Who was at meetings, as far as the person may read it: from the draft minutes on."""
    return Attendance.objects.filter(_of_meeting(access, MINUTES_OPEN), meeting__partnership=partnership)


def declarations_for(access: Reader, partnership: Place) -> QuerySet[Declaration]:
    """The interests declared, from the draft minutes on; those in an item only where the item may be read."""
    of_item = Q(item__isnull=True) | _of_item(access, MINUTES_OPEN, "item__")
    return Declaration.objects.filter(
        _of_meeting(access, MINUTES_OPEN) & of_item, meeting__partnership=partnership
    )  # fmt: skip


def work_items_for(access: Reader, partnership: Place) -> QuerySet[WorkItem]:
    """What bodies expect, unless it rests on a resolution that the person may not read."""
    of_resolution = Q(resolution__isnull=True) | _of_item(access, DECISIONS_OPEN, "resolution__item__")
    return WorkItem.objects.filter(of_resolution, partnership=partnership)


def actions_for(access: Reader, partnership: Place) -> QuerySet[Action]:
    """The actions that the person may read: of readable items and resolutions, and of readable exception reports."""
    of_item = Q(item__isnull=True) | _of_item(access, DECISIONS_OPEN, "item__")
    of_resolution = Q(resolution__isnull=True) | _of_item(access, DECISIONS_OPEN, "resolution__item__")
    of_exception = Q(exception__isnull=True) | Q(exception__in=exceptions_for(access, partnership))
    return Action.objects.filter(of_item & of_resolution & of_exception, partnership=partnership)


def exceptions_for(access: Reader, partnership: Place) -> QuerySet[ExceptionRequest]:
    """The exception reports that the person may read: on figures that are not protected from them, and not under an
    exempt item unless they read such items. One that goes onto an agenda does not wait for its publication."""
    found = ExceptionRequest.objects.filter(_readable_line(access), partnership=partnership)
    if not sight_of(access).reads_exempt:
        found = found.exclude(item__is_exempt=True)
    return found


def citations_for(access: Reader, partnership: Place) -> QuerySet[Citation]:
    """The citations of figures that the person may read, of actions, resolutions and exceptions they may read."""
    return Citation.objects.filter(
        _readable_line(access)
        & (
            Q(action__in=actions_for(access, partnership))
            | Q(resolution__in=resolutions_for(access, partnership))
            | Q(exception__in=exceptions_for(access, partnership))
        )
    )


def alerts_for(access: Access, partnership: Partnership) -> QuerySet[Alert]:
    """The alerts that the person may read: of approved figures that are not protected from them now."""
    if not access.can(Permission.VIEW_APPROVED):
        return Alert.objects.none()
    return Alert.objects.filter(_readable_line(access), partnership=partnership)


def readable_lines(access: Reader) -> QuerySet[ScorecardLine]:
    """The lines of scorecards, of every partnership, that are not protected from the person."""
    return ScorecardLine.objects.filter(_readable_line(access, ""))


def _readable_line(access: Reader, prefix: str = "line__") -> Q:
    """The condition that a line, reached by `prefix`, is not protected from the person."""
    return readable_line(prefix, sees_protected=sight_of(access).reads_protected)


def readable_line(prefix: str = "line__", *, sees_protected: bool) -> Q:
    """The same for whoever may or may not see what is protected."""
    if sees_protected:
        return Q(**{f"{prefix}pk__isnull": False})
    is_board = Q(**{f"{prefix}scorecard__audience": Scorecard.Readers.BOARD})
    return ~is_board & ~Q(in_protected_part(f"{prefix}series__slice"))
