"""Whose an action or an exception report is: one rule for the home, the log and the reminders.

An action is its owner's; where nobody who has access owns it, it is everybody's who answers for its partner, or for one
that took over that partner's functions since it was agreed. An exception report is everybody's who answers for its
partner, or for a successor for its period. Who holds a right for the whole partnership is no partner's own person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from indicators.models import Membership, Partnership, Scorecard
from indicators.permissions import Access
from indicators.questions import question
from indicators.roles import Permission, Role
from partnership.models import Action, ExceptionRequest
from partnership.selectors.actions import agreed_on
from partnership.selectors.visible import Sight, actions_for, exceptions_for, sight_of

# What has to be read with an action and an exception report for the rule to be asked of them.
OF_ACTION = ("item__meeting", "resolution__item__meeting", "exception__item__meeting", "owner_partner")
OF_REPORT = ("partner", "period", "line__scorecard")


@dataclass(frozen=True)
class Mine:
    """What is one person's own, by their access today; `members`: the ids of everybody who has access today."""

    user_id: int
    access: Access
    members: frozenset[int]

    @cached_property
    def _side(self) -> Access:
        """What the person may do as one of a partner's own people."""
        return replace(self.access, grants=tuple(g for g in self.access.grants if g.partner_id is not None))

    @property
    def answers(self) -> bool:
        """Whether the person answers for any partner as one of its own people."""
        return self._side.can(Permission.ANSWER)

    def has_action(self, action: Action) -> bool:
        """Whether an action, read with OF_ACTION, is the person's own."""
        if action.owner_id in self.members:
            return action.owner_id == self.user_id
        partner = action.owner_partner
        return partner is not None and self._side.can(Permission.ANSWER, partner, began_on=agreed_on(action))

    def has_report(self, request: ExceptionRequest) -> bool:
        """Whether the answer that an exception report, read with OF_REPORT, asks for is the person's own to give. A
        finance officer, who may answer any, owes those on scorecards of money."""
        side, is_money = self._side, request.line.scorecard.purpose == Scorecard.Purpose.MONEY
        if not is_money:
            side = replace(side, grants=tuple(g for g in side.grants if g.role is not Role.FINANCE_OFFICER))
        return side.can(Permission.ANSWER, request.partner, request.period)


def members_on(partnership: Partnership, today: date) -> frozenset[int]:
    """The ids of everybody who has access today. One query."""
    found = Membership.objects.on(today).filter(partnership=partnership, user__is_active=True)
    return frozenset(found.values_list("user", flat=True))


def mine_on(partnership: Partnership, access: Access, user_id: int, today: date) -> Mine:
    """What is a person's own today. One query."""
    return Mine(user_id, access, members_on(partnership, today))


def own_actions(mine: Mine, partnership: Partnership, *, states: Iterable[str] = Action.State.values) -> list[Action]:
    """The person's own actions in these states, as far as they may read them. One query."""
    owner = None if mine.answers else mine.user_id
    asked = _actions(partnership.pk, owner, list(states), sight=sight_of(mine.access))
    return [action for action in asked if mine.has_action(action)]


@question
def _actions(place: int, owner: int | None, states: list[str], *, sight: Sight) -> QuerySet[Action]:
    found = actions_for(sight, place).filter(state__in=states).select_related("what", *OF_ACTION).order_by("number")
    return found if owner is None else found.filter(owner=owner)


def own_reports(mine: Mine, partnership: Partnership) -> list[ExceptionRequest]:
    """The exception reports that wait for the person's own answer, as far as they may read them, the first due at the
    head. One query, and none for who answers for no partner."""
    if not mine.answers:
        return []
    found: QuerySet[ExceptionRequest] = exceptions_for(mine.access, partnership)
    asked = found.filter(state=ExceptionRequest.State.ASKED).select_related(*OF_REPORT).order_by("due_on", "number")
    return [request for request in asked if mine.has_report(request)]
