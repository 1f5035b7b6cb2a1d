"""Exception reports for tests: a figure outside tolerance for two quarters, asked, answered and accepted."""

from datetime import date
from decimal import Decimal
from typing import Any

from indicators.models import ScorecardLine, User
from indicators.roles import Role
from partnership.models import ExceptionRequest
from partnership.operations import exceptions as keep
from partnership.operations.exceptions import Answer
from tests import builders as b

BACK = date(2022, 12, 31)


def a_line_outside(n_periods: int = 2, *, numerator: int = 60, n_lines: int = 1) -> ScorecardLine:
    """A line of the trust that was 60 of 100 in the quarters up to 2021/22 Q4: outside tolerance in each."""
    scorecard = b.a_scorecard(n_lines)
    b.a_history(scorecard, n_periods, numerators=(numerator,))
    return scorecard.lines.order_by("order").first()


def the_asker() -> User:
    """Who asks for exception reports; the same one every time."""
    found = User.objects.filter(email="asker@example.org").first()
    return found or b.a_user(Role.APPROVER, email="asker@example.org", display_name="Approver")


def ask(line: ScorecardLine | None = None, *, by: User | None = None, **more: Any) -> ExceptionRequest:
    """Asked as proposed."""
    line = line or a_line_outside()
    given = {"partnership": line.scorecard.partnership, "line": line, "period": b.a_period(), "trigger": "outside",
             "by": by or the_asker(), "at": b.NOW}  # fmt: skip
    return keep.ask_exception(**given | more)


def ask_by_hand(line: ScorecardLine, *, by: User | None = None, **more: Any) -> ExceptionRequest:
    """Asked because a meeting wants it, whatever the figure."""
    given = {"partnership": line.scorecard.partnership, "line": line, "period": b.a_period(), "asks": "recovery_plan",
             "reason": "Panel of 7 July.", "by": by or the_asker(), "at": b.NOW}  # fmt: skip
    return keep.ask_for_meeting(**given | more)


def last_of(request: ExceptionRequest) -> int:
    """The number of the last step."""
    return request.steps.order_by("number").last().number


def an_answer(**changes: Any) -> Answer:
    """Cause, plan, 66 in 2022/23 Q1 and 72 in Q2, back by the end of the year."""
    points = [(b.a_period(b.Q4.next()), Decimal(66)), (b.a_period(b.Q4.next().next()), Decimal(72))]
    usual = {"cause": "Posts were vacant.", "plan": "Posts are filled.", "back_on": BACK, "trajectory": points}
    return Answer(**usual | changes)


def answer(request: ExceptionRequest, given: Answer | None = None, *, by: User | None = None, **more: Any) -> Any:
    """Answered by the trust's analyst."""
    usual = {"request": request, "answer": given or an_answer(), "by": by or b.the_people().analyst, "at": b.NOW}
    if "based_on" not in more:
        usual["based_on"] = last_of(request)
    return keep.answer_exception(**usual | more)


def decide(request: ExceptionRequest, *, accept: bool = True, by: User | None = None, **more: Any) -> Any:
    """Accepted, or sent back with a reason."""
    usual = {"request": request, "reason": "" if accept else "Say by when.", "by": by or the_asker(), "at": b.NOW}
    if "based_on" not in more:
        usual["based_on"] = last_of(request)
    return (keep.accept_answer if accept else keep.return_answer)(**usual | more)
