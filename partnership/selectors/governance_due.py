"""What governance has coming and what is late, as far as a person may read it."""

from dataclasses import dataclass
from datetime import date

from indicators.models import Partnership
from indicators.permissions import Access
from partnership.assurance import LATE, WAITING, counted
from partnership.models import Action, ExceptionRequest, Meeting
from partnership.selectors.answers import answers_owed
from partnership.selectors.inspections import assurance_of
from partnership.selectors.plans import reviews_due
from partnership.selectors.visible import actions_for, exceptions_for

_NEXT = 3


@dataclass(frozen=True)
class Counted:
    """How many are open, and how many of those are late."""

    number: int
    late: int


@dataclass(frozen=True)
class Due:
    """The next meetings, and what is open and late of actions, answers and exception reports; what is due and late of
    reviews of improvement plans, and of what is owed for assurance."""

    meetings: tuple[Meeting, ...]
    actions: Counted
    answers: Counted
    exceptions: Counted
    reviews: Counted
    assurance: Counted


def due_now(access: Access, partnership: Partnership, today: date) -> Due:
    """What is due and late today, of what the person may read. Ten queries."""
    ahead = (Meeting.State.PLANNED, Meeting.State.CALLED)
    meetings = Meeting.objects.filter(partnership=partnership, on__gte=today, state__in=ahead)
    actions = actions_for(access, partnership).filter(state__in=(Action.State.OPEN, Action.State.DONE))
    exceptions = exceptions_for(access, partnership)
    asked = exceptions.filter(state=ExceptionRequest.State.ASKED)
    return Due(
        tuple(meetings.select_related("body").prefetch_related("body__versions").order_by("on", "pk")[:_NEXT]),
        Counted(actions.count(), actions.filter(due_on__lt=today).count()),
        _answers(access, partnership, today),
        Counted(exceptions.filter(state__in=_OPEN).count(), asked.filter(due_on__lt=today).count()),
        _reviews(partnership, today),
        _assurance(partnership, today),
    )


_OPEN = (ExceptionRequest.State.ASKED, ExceptionRequest.State.ANSWERED)


def _reviews(partnership: Partnership, today: date) -> Counted:
    """The plans of which a review is due on a day that can be told."""
    due = [one for one in reviews_due(partnership, today) if one.on is not None]
    return Counted(len(due), sum(one.is_late for one in due))


def _assurance(partnership: Partnership, today: date) -> Counted:
    counts = counted(row.standing for row in assurance_of(partnership, today))
    return Counted(counts[LATE] + counts[WAITING], counts[LATE])


def _answers(access: Access, partnership: Partnership, today: date) -> Counted:
    """Answers owed to members, to the public, and to recommendations of scrutiny."""
    rows = answers_owed(access, partnership, today)
    return Counted(len(rows), sum(row.days_late > 0 for row in rows))
