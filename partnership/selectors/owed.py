"""What a person owes to meetings, for their home and for reminders: actions, exception reports, decisions, packs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from indicators.deadlines import ExpectedReturn, Timeliness, reminders, timeliness
from indicators.models import Audience, Partnership, User
from indicators.permissions import Access
from indicators.phrases import lowered
from indicators.roles import Permission
from indicators.selectors.people import accesses_on
from indicators.working_days import OutsideCalendar, day_words
from partnership.answers_table import OwedAnswer
from partnership.models import Action, DisclosureCheck, ExceptionRequest
from partnership.selectors.answers import answer_url, answers_owed
from partnership.selectors.escalations import proposed
from partnership.selectors.exceptions import to_decide
from partnership.selectors.mine import OF_ACTION, OF_REPORT, Mine, mine_on, own_actions, own_reports
from partnership.selectors.packs import PackStatus
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


def owed_by(
    partnership: Partnership, access: Access, user: User, today: date, *, packs: Iterable[PackStatus]
) -> list[Owed]:  # fmt: skip
    """What waits for a person: the next step of packs for everybody; their own exception reports to answer and open
    actions; for who asks for exception reports the answers of others to decide on and what is proposed; for who keeps
    meetings the actions told as done and the answers that anybody owes. `packs`: what `packs_of` gives for the person.
    Three queries, one more for each of these rights and where a pack for everybody is being put together, and those of
    `proposed` for who asks and of `answers_owed` for who keeps meetings."""
    slug, mine = partnership.slug, mine_on(partnership, access, user.pk, today)
    found = _packs(slug, access, user, packs)
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


def _packs(slug: str, access: Access, user: User, packs: Iterable[PackStatus]) -> list[Owed]:
    """The packs for everybody that wait for a step which the person may take: to have their protection accepted, to
    have rows left out because it does not succeed, or to be published by somebody else than who accepted. What has
    changed since a check only the page of the pack knows. One query, and none where no such pack is being put together.
    """
    drafts = [s for s in packs if s.state == "draft" and s.pack.audience == Audience.PUBLIC]
    if not drafts:
        return []
    checks = DisclosureCheck.objects.filter(pack__in=[s.pack.pk for s in drafts]).order_by("pk").defer("result")
    last = {check.pack_id: check for check in checks}
    found = []
    for status in drafts:
        pack, check, accepted = status.pack, last.get(status.pack.pk), status.accepted
        named = f"the pack “{pack.title}”, {pack.body}, {day_words(pack.meeting_on)}"
        place = [slug, pack.code]
        if check is not None and accepted is not None and accepted.disclosure_check_id == check.pk:
            if access.can(Permission.PUBLISH) and accepted.by_id != user.pk:
                found.append(Owed(reverse("pack", args=place), f"Publish {named}: its protection is accepted"))
        elif check is not None and check.status == DisclosureCheck.Status.REFUSED:
            if access.can(Permission.PUBLISH):
                words = f"Leave rows out of {named}: its small numbers cannot all be protected"
                found.append(Owed(reverse("pack_protection", args=place), words))
        elif access.can(Permission.REVIEW_DISCLOSURE):
            words = f"Check and accept how small numbers are protected in {named}"
            found.append(Owed(reverse("pack_protection", args=place), words))
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
