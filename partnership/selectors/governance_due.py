"""What governance has coming and what is late, as far as a person may read it."""

from dataclasses import dataclass
from datetime import date

from indicators.models import Partnership
from indicators.permissions import Access
from indicators.phrases import capital
from partnership.action_log import summary_of as actions_words
from partnership.answers_table import summary as answers_words
from partnership.assurance import LATE
from partnership.assurance import summary as assurance_words
from partnership.exceptions_table import summary_of as exceptions_words
from partnership.meeting_rows import missed_words
from partnership.models import Action, Meeting, WorkItem
from partnership.plan_review import reviews_words
from partnership.selectors.answers import answers_owed
from partnership.selectors.exceptions import counted
from partnership.selectors.inspections import assurance_of
from partnership.selectors.plans import reviews_due
from partnership.selectors.visible import actions_for
from partnership.selectors.work_programme import work_rows

_NEXT = 3


@dataclass(frozen=True)
class Told:
    """What the page of something says first of it, and whether any of it is late."""

    words: str
    is_late: bool


@dataclass(frozen=True)
class Due:
    """The next meetings; and in the words of their own pages where answers, actions, exception reports, reviews of
    plans, what is owed for assurance and each work programme with something missed stand."""

    meetings: tuple[Meeting, ...]
    answers: Told
    actions: Told
    exceptions: Told
    reviews: Told
    assurance: Told
    missed: tuple[tuple[str, Told], ...]


def due_now(access: Access, partnership: Partnership, today: date) -> Due:
    """What is due and late today, of what the person may read. Fourteen queries."""
    ahead = (Meeting.State.PLANNED, Meeting.State.CALLED)
    meetings = Meeting.objects.filter(partnership=partnership, on__gte=today, state__in=ahead)
    return Due(
        tuple(meetings.select_related("body").prefetch_related("body__versions").order_by("on", "pk")[:_NEXT]),
        _answers(access, partnership, today),
        _actions(access, partnership, today),
        _exceptions(access, partnership, today),
        _reviews(partnership, today),
        _assurance(partnership, today),
        _missed(access, partnership, today),
    )


def _actions(access: Access, partnership: Partnership, today: date) -> Told:
    found = actions_for(access, partnership)
    is_open = found.filter(state=Action.State.OPEN)
    overdue = is_open.filter(due_on__lt=today).count()
    done = found.filter(state=Action.State.DONE).count()
    return Told(actions_words(is_open.count(), overdue, done), overdue > 0)


def _exceptions(access: Access, partnership: Partnership, today: date) -> Told:
    waiting, late, decide = counted(access, partnership, today)
    return Told(exceptions_words(waiting, late, decide), late > 0)


def _reviews(partnership: Partnership, today: date) -> Told:
    dues = reviews_due(partnership, today)
    return Told(f"{capital(reviews_words(dues))}.", any(one.is_late for one in dues))


def _assurance(partnership: Partnership, today: date) -> Told:
    standings = [row.standing for row in assurance_of(partnership, today)]
    words = assurance_words(standings) or "Nothing is owed for assurance."
    return Told(words, any(one.code == LATE for one in standings))


def _missed(access: Access, partnership: Partnership, today: date) -> tuple[tuple[str, Told], ...]:
    """By programme what has been missed, of those of which something has."""
    rows = work_rows(partnership, access, today)
    told = {code: missed_words(r for r in rows if r.programme == code) for code in WorkItem.Programme.values}
    return tuple((code, Told(words, True)) for code, words in told.items() if words)


def _answers(access: Access, partnership: Partnership, today: date) -> Told:
    """Answers owed to members, to the public, and to recommendations of scrutiny."""
    rows = answers_owed(access, partnership, today)
    return Told(answers_words(rows), any(row.days_late > 0 for row in rows))
