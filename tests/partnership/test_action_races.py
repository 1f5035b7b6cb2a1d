"""Two people at one action at the same moment: one is first, the other is told; on either database."""

from collections.abc import Callable
from typing import Any

import pytest

from indicators.operations.errors import OperationError
from partnership.models import Action, ActionStep
from partnership.operations.refusals import ActionChanged
from tests import builders as b
from tests.partnership.action_world import JULY, a_held_meeting, agreed, close, tell, the_item, the_officer
from tests.threads import Together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together(tmp_path: Any) -> Callable[[], Together]:
    return lambda: Together(tmp_path)


def kinds(here: Together) -> list[str]:
    return here.read(lambda: list(ActionStep.objects.order_by("number").values_list("kind", flat=True)))


def test_action_when_two_close_it_at_once_then_one_and_the_other_is_told(together) -> None:
    action, meeting, officer = agreed(), a_held_meeting(JULY), the_officer()

    def shut(evidence: str) -> Callable[[], Any]:
        return lambda: close(action, evidence, by=officer, at_meeting=meeting, based_on=1)

    here = together()
    outcomes = here.run(shut("From the first."), shut("From the second."))
    refused = [o for o in outcomes if isinstance(o, Exception)]
    assert [type(o) for o in refused] == [ActionChanged], outcomes
    assert kinds(here) == ["created", "closed"]
    assert here.read(lambda: Action.objects.get().state) == "closed"


def test_action_when_the_owner_tells_while_it_is_closed_then_one_and_the_other_is_told(together) -> None:
    action, meeting, officer, owner = agreed(), a_held_meeting(JULY), the_officer(), b.the_people().analyst
    here = together()
    outcomes = here.run(
        lambda: close(action, by=officer, at_meeting=meeting, based_on=1),
        lambda: tell(action, by=owner, based_on=1),
    )
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [ActionChanged], outcomes
    assert len(kinds(here)) == 2


def test_step_when_its_button_is_pressed_twice_truly_at_once_then_recorded_once(together) -> None:
    action, owner = agreed(), b.the_people().analyst
    here = together()
    outcomes = here.run(*[lambda: tell(action, by=owner, based_on=1, key="d" * 32)] * 2)
    assert not [o for o in outcomes if isinstance(o, OperationError)], outcomes
    assert kinds(here) == ["created", "progress"]


def test_actions_when_two_are_agreed_at_once_then_each_has_a_number_of_its_own(together) -> None:
    item, officer = the_item(), the_officer()
    b.a_partner()
    here = together()
    here.run(lambda: agreed(item, "One.", by=officer), lambda: agreed(item, "Two.", by=officer))
    assert here.read(lambda: sorted(Action.objects.values_list("number", flat=True))) == [1, 2]
