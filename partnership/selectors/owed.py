"""Reads what a person owes to meetings, for their home and for reminders: actions, exception reports, decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from indicators.deadlines import ExpectedReturn, Timeliness, reminders, timeliness
from indicators.models import Partnership, User
from indicators.permissions import Access
from indicators.phrases import lowered
from indicators.roles import Permission
from indicators.selectors.people import accesses_on
from indicators.working_days import OutsideCalendar, day_words
from partnership.answers_table import OwedAnswer
from partnership.models import Action, ExceptionRequest
from partnership.selectors.answers import answer_url, answers_owed
from partnership.selectors.escalations import proposed
from partnership.selectors.exceptions import to_decide
from partnership.selectors.mine import OF_ACTION, OF_REPORT, Mine, mine_on, own_actions, own_reports
from partnership.selectors.visible import actions_for, exceptions_for

_CUT = 100
# So many actions stand at home; the log has them all.
SHOWN = 10


@dataclass(frozen=True)
class Owed:
    """What waits for a person: its address, what it is in words, and how many things it is."""

    url: str
    words: str
    number: int = 1


def owed_by(partnership: Partnership, access: Access, user: User, today: date) -> list[Owed]:
    """What waits for a person: their own exception reports to answer and open actions; for who asks for exception
    reports the answers of others to decide on and what is proposed; for who keeps meetings the actions told as done
    and the answers that anybody owes. Three queries, one more for each of these rights, and those of `proposed` for who
    asks and of `answers_owed` for who keeps meetings."""
    slug, mine = partnership.slug, mine_on(partnership, access, user.pk, today)
    found = []
    for report in own_reports(mine, partnership):
        words = f"Answer exception report {report.number}, {report.period.label}, {_due_words(report.due_on, today)}"
        found.append(Owed(reverse("exception", args=[slug, report.number]), words))
    for report in to_decide(access, partnership, user.pk):
        words = f"Decide on the answer to exception report {report.number}, {report.period.label}"
        found.append(Owed(reverse("exception", args=[slug, report.number]), words))
    if access.can(Permission.ASK_EXCEPTIONS) and (number := len(proposed(access, partnership, today))):
        words = f"{number} exception {'report is' if number == 1 else 'reports are'} proposed: ask or decline"
        found.append(Owed(reverse("exceptions", args=[slug]), words, number))
    actions = own_actions(mine, partnership, states=[Action.State.OPEN])
    waiting = sorted(actions, key=lambda a: (a.due_on is None, a.due_on or today, a.number))
    for action in waiting[:SHOWN]:
        what = action.what.body if len(action.what.body) <= _CUT else f"{action.what.body[: _CUT - 1]}…"
        stands = _due_words(action.due_on, today)
        found.append(Owed(reverse("action", args=[slug, action.number]), f"Action {action.number}, {stands}: {what}"))
    log = reverse("actions", args=[slug])
    if len(waiting) > SHOWN:
        found.append(Owed(f"{log}?owner=mine", f"All {len(waiting)} actions of yours and of your partner",
                          len(waiting) - SHOWN))  # fmt: skip
    if access.can(Permission.MANAGE_MEETINGS):
        done = actions_for(access, partnership).filter(state=Action.State.DONE).count()
        if done:
            wait = "action is told as done and waits" if done == 1 else "actions are told as done and wait"
            found.append(Owed(f"{log}?state=done", f"{done} {wait} to be closed", done))
        found += [_answer(slug, row) for row in answers_owed(access, partnership, today)[:SHOWN]]
    return found


def _answer(slug: str, row: OwedAnswer) -> Owed:
    asked = row.asked if len(row.asked) <= _CUT else f"{row.asked[: _CUT - 1]}…"
    owner, due = row.owner or "Nobody named", lowered(row.due_words)
    return Owed(answer_url(slug, row), f"{owner} owes {row.meeting_name} an answer, {due}: {asked}")


def _due_words(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "no day set"
    return f"{'was due' if due_on < today else 'due'} on {day_words(due_on)}"


# Reminders


@dataclass(frozen=True)
class DueThing:
    """An action or an exception report of which somebody is reminded: what it is in words, its number and page."""

    what: str
    number: int
    page: str
    due_on: date
    stands: Timeliness


@dataclass(frozen=True)
class GovernanceDue:
    """What one person is reminded of on a day in one partnership, all in one e-mail."""

    partnership: Partnership
    user: User
    things: tuple[DueThing, ...]


def governance_due_on(day: date, *, today: date) -> tuple[list[GovernanceDue], list[str]]:
    """Who is reminded on a day of which actions and exception reports, by the rights that people hold today; and the
    sentences of what could not be counted. A fixed number of queries by partnership.

    Everybody is reminded of what is their own, as `partnership.selectors.mine` says it, and they may read.
    """
    found: list[GovernanceDue] = []
    uncounted: dict[str, None] = {}
    for partnership in Partnership.objects.all():
        open_now = Action.objects.filter(partnership=partnership, state=Action.State.OPEN)
        actions = _due(open_now.select_related(*OF_ACTION), day, uncounted)
        asked = ExceptionRequest.objects.filter(partnership=partnership, state=ExceptionRequest.State.ASKED)
        reports = _due(asked.select_related(*OF_REPORT), day, uncounted)
        if not actions and not reports:
            continue
        people = accesses_on(partnership, today)
        members = frozenset(user.pk for user, _ in people)
        readable = _Readable(partnership)
        for user, access in people:
            mine, sees = Mine(user.pk, access, members), readable.by(access)
            things = [thing for row, thing in actions if row.pk in sees.actions and mine.has_action(row)]
            things += [thing for row, thing in reports if row.pk in sees.reports and mine.has_report(row)]
            if things:
                ordered = sorted(things, key=lambda thing: (thing.due_on, thing.what, thing.number))
                found.append(GovernanceDue(partnership, user, tuple(ordered)))
    return found, list(uncounted)


def _due(rows: Any, day: date, uncounted: dict[str, None]) -> list[tuple[Any, DueThing]]:
    """Of actions or exception reports those of which somebody is reminded on a day."""
    found = []
    for row in rows.filter(due_on__isnull=False).order_by("due_on", "number"):
        expected = ExpectedReturn(str(row.pk), "", row.due_on)
        try:
            kinds = reminders([expected], day)
        except OutsideCalendar as error:
            uncounted[str(error)] = None
            continue
        what, page = ("Action", "action") if isinstance(row, Action) else ("Exception report", "exception")
        for _ in kinds:
            found.append((row, DueThing(what, row.number, page, row.due_on, timeliness(expected, day))))
    return found


@dataclass(frozen=True)
class _Seen:
    actions: frozenset[int]
    reports: frozenset[int]


class _Readable:
    """What people may read, asked once for each set of rights that matters."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership = partnership
        self.held: dict[tuple[bool, ...], _Seen] = {}

    def by(self, access: Access) -> _Seen:
        rights = (Permission.VIEW_EXEMPT, Permission.VIEW_PROTECTED, Permission.MANAGE_MEETINGS)
        key = tuple(access.can(right) for right in rights)
        if key not in self.held:
            actions: Iterable[int] = actions_for(access, self.partnership).values_list("pk", flat=True)
            reports: Iterable[int] = exceptions_for(access, self.partnership).values_list("pk", flat=True)
            self.held[key] = _Seen(frozenset(actions), frozenset(reports))
        return self.held[key]
