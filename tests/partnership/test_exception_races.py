"""Two people at one exception report at the same moment, on either database."""

from collections.abc import Callable
from typing import Any

import pytest

from indicators.models import ScorecardLine
from indicators.operations.errors import WrongState
from indicators.roles import Role
from partnership.models import ExceptionRequest, ExceptionStep
from partnership.operations.refusals import ActionChanged
from tests import builders as b
from tests.partnership.exception_world import a_line_outside, an_answer, answer, ask, decide, the_asker
from tests.threads import Together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together(tmp_path: Any) -> Callable[[], Together]:
    return lambda: Together(tmp_path)


def kinds(here: Together) -> list[str]:
    return here.read(lambda: list(ExceptionStep.objects.order_by("number").values_list("kind", flat=True)))


def test_report_when_two_ask_for_it_at_once_then_one_and_the_other_is_told(together) -> None:
    line, first, second = a_line_outside(), the_asker(), b.a_user(Role.APPROVER)
    period = b.a_period()
    here = together()

    def asks(by: Any) -> Callable[[], Any]:
        return lambda: ask(ScorecardLine.objects.get(pk=line.pk), by=by, period=period)

    outcomes = here.run(asks(first), asks(second))
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [WrongState], outcomes
    assert here.read(ExceptionRequest.objects.count) == 1
    assert kinds(here) == ["asked"]


def test_answer_when_two_decide_on_it_at_once_then_one_and_the_other_is_told(together) -> None:
    request = ask()
    answer(request)
    first, second = the_asker(), b.a_user(Role.APPROVER)
    here = together()
    outcomes = here.run(
        lambda: decide(request, by=first, based_on=2), lambda: decide(request, accept=False, by=second, based_on=2)
    )
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [ActionChanged], outcomes
    assert len(kinds(here)) == 3


def test_answer_when_its_button_is_pressed_twice_truly_at_once_then_given_once(together) -> None:
    request, analyst, given = ask(), b.the_people().analyst, an_answer()
    here = together()
    outcomes = here.run(*[lambda: answer(request, given, by=analyst, based_on=1, key="d" * 32)] * 2)
    assert not [o for o in outcomes if isinstance(o, Exception)], outcomes
    assert kinds(here) == ["asked", "answered"]
