"""Pages ask as many questions of the database whatever the number of rows: one table for those without a test of their
own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.roles import Role
from tests import builders as b

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = {
    Role.BOARD_MEMBER: (
        "", "scorecards/", "scorecards/contract/charts/", "scorecards/contract.csv", "indicators.csv",
        "all-figures.csv", "scorecards/contract/all-periods.csv", "not-reportable/", "not-reportable.csv",
        "data-quality/", "restated/", "report-checks/", "benchmarks/", "packs/", "governance/", "money/", "front-door/",
        "subjects/",
    ),
    Role.ADMINISTRATOR: (
        "rounds/", "people/", "people/who-can-see-what/", "people/who-can-see-what.csv",
        "people/who-can-see-what-by-role.csv", "audit/", "audit.csv",
    ),
    Role.APPROVER: ("returns/", "alerts/"),
}  # fmt: skip


def more(number: int) -> None:
    """So many lines more with six quarters each, and so many people."""
    card = b.a_scorecard(number)
    for line in card.lines.filter(series__figures__isnull=True):
        for back in (b.Q3, b.Q4):
            b.a_figure(line.series, back)
    for _ in range(number):
        b.a_user(Role.SCRUTINY_OFFICER)


def asked(client, page: str) -> int:
    client.get(page)  # what is done once
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(page)
        assert answer.status_code == 200, page
        if answer.streaming:
            b"".join(answer.streaming_content)
    return len(queries)


def test_pages_when_there_are_more_rows_then_they_ask_as_many_questions(signed_in):
    b.a_scorecard(2)
    row = b.a_return(b.a_scorecard(), b.Q3, state="approved")
    b.a_return(row.round.scorecard, b.Q4, state="approved")
    clients = {role: signed_in(b.a_user(role)) for role in PAGES}
    pages = [(role, f"/northshire/{page}") for role, own in PAGES.items() for page in own]
    before = {page: asked(clients[role], page) for role, page in pages}
    more(4)
    after = {page: asked(clients[role], page) for role, page in pages}
    assert {page: (before[page], after[page]) for page in before if after[page] > before[page]} == {}
    assert {page: number for page, number in after.items() if number > 40} == {}
