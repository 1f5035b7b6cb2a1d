"""What every operation on bodies does: wait for others, hold what the page showed against what is, leave a sentence."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from indicators.models import AuditEvent, Partner, Partnership, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import hold, signed
from indicators.operations.errors import InputRefused, OperationError
from indicators.working_days import day_words
from partnership.models import Body, BodyStep
from partnership.selectors.bodies import name_of

_WORDS_MAX = 600
CHANGED = (
    "This body has changed since you opened the page. What you typed is kept; look at the body again before you send "
    "it once more."
)

Values = Mapping[str, Any]


class BodyChanged(OperationError):
    """Somebody else changed the body after the page was opened."""


def wait_for_others(partnership: Partnership) -> None:
    """One person at a time changes a partnership's structure, so that no two lines close a loop between them; rows that
    only name the partnership do not wait."""
    hold(Partnership, partnership.pk)


def fresh(body: Body, step: int) -> Body:
    """The body as it stands now. Raises BodyChanged when something was recorded since the page was opened."""
    wait_for_others(body.partnership)
    if body.steps.count() != step:
        raise BodyChanged(CHANGED)
    found: Body = Body.objects.select_related("partnership").get(pk=body.pk)
    return found


def record(body: Body, what: str, by: User, at: datetime, request_id: str) -> None:
    """Leaves a sentence with the body and in the record of access."""
    BodyStep.objects.create(body=body, number=body.steps.count() + 1, what=what[:_WORDS_MAX], **signed(by, at))
    record_audit(
        partnership=body.partnership, kind=AuditEvent.Kind.GOVERNANCE_RECORDED, by=by, what=f"{body.code}: {what}",
        at=at, request_id=request_id,
    )  # fmt: skip


def check_within(body: Body, day: date, box: str = "from_on") -> None:
    """Raises InputRefused for a day on which the body does not exist."""
    name = name_of(body, day)
    if day < body.from_on:
        raise InputRefused(box, f"“{name}” begins on {day_words(body.from_on)}. Give that day or a later one.")
    if body.until_on is not None and day > body.until_on:
        raise InputRefused(box, f"“{name}” ended on {day_words(body.until_on)}. Give a day not after it.")


def check_order(first: date, last: date, box: str = "until_on") -> None:
    """Raises InputRefused for a last day before the first."""
    if last < first:
        raise InputRefused(box, f"It begins on {day_words(first)}. The last day cannot lie before that.")


def check_organisation(partnership: Partnership, organisation: Partner | None, words: str) -> None:
    """Raises InputRefused for a partner of another partnership, and for a partner and words both."""
    if organisation is not None and organisation.partnership_id != partnership.pk:
        raise InputRefused("organisation", "Choose among the partners of this partnership.")
    if organisation is not None and words:
        raise InputRefused("organisation_words", "Choose a partner or name another organisation, not both.")
