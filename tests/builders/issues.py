"""Statutory returns and data quality issues."""

from datetime import datetime
from typing import Any

from indicators.models import DataIssue, Indicator, Partner, Partnership, StatutoryReturn, User
from indicators.operations import issues
from tests.builders.basics import NOW
from tests.builders.places import a_partner, a_partnership, the_people


def a_statutory_return(
    name: str = "CIN census", *, partnership: Partnership | None = None, at: datetime = NOW, **details: Any
) -> StatutoryReturn:
    """A statutory return on the register, the same one every time it is asked for; its code is made from its name."""
    partnership = partnership or a_partnership()
    held = StatutoryReturn.objects.filter(partnership=partnership, name=name).first()
    return held or issues.add_statutory_return(
        partnership=partnership, details=issues.ReturnDetails(name=name, **details), by=_analyst(partnership), at=at
    )


def an_issue(
    title: str = "Start dates are being validated",
    *indicators: Indicator,
    partnership: Partnership | None = None,
    partner: Partner | None = None,
    at: datetime = NOW,
    **details: Any,
) -> DataIssue:
    """An open data quality issue on which the indicators hang; its code is made from its title."""
    partnership = partnership or (partner.partnership if partner else a_partnership())
    said = issues.IssueDetails(title=title, partner=partner, indicators=indicators, **details)
    return issues.add_issue(partnership=partnership, details=said, by=_analyst(partnership), at=at)


def _analyst(partnership: Partnership) -> User:
    return the_people(a_partner(partnership=partnership)).analyst
