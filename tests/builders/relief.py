"""Agreed relief."""

from datetime import date, datetime
from typing import Any

from indicators import quarters
from indicators.models import Relief, ScorecardLine, User
from indicators.operations import targets
from indicators.roles import Role
from tests.builders.basics import NOW, Q4
from tests.builders.places import a_user


def a_relief(
    line: ScorecardLine, period: quarters.Period = Q4, *, until: quarters.Period | None = None,
    ends_on: date = date(2023, 3, 31), by: User | None = None, at: datetime = NOW, **texts: Any,
) -> Relief:  # fmt: skip
    """Relief of a line for a period (or up to another), shown until 31 March 2023 unless told otherwise."""
    words = {
        "authority": "decision of the board, 7 July 2022", "approved_by": "Chair of the board",
        "reason": "Courts were closed",
    } | texts  # fmt: skip
    by = by or a_user(Role.APPROVER, partnership=line.scorecard.partnership)
    return targets.agree_relief(
        line=line, from_period=period, until_period=until or period, ends_on=ends_on, based_on=line.reliefs.count(),
        by=by, at=at, **words,
    )  # fmt: skip
