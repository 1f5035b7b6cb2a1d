"""Every address × every role: what each may open. An address that is missing here fails the test."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from indicators.models import ScorecardLine
from indicators.roles import Role
from tests import builders
from tests.builders.annex_a import a_load
from tests.partnership.pack_world import a_published_pack

pytestmark = pytest.mark.django_db

PLACE = "northshire"
RETURN = (PLACE, "contract", "2021-22-q4", "trust", 1)
LINE = (PLACE, "contract-1", "contract")

# Who asks. "trust" and "police" are partners; the return is the trust's.
WHO = (
    "anonymous", "stranger", "superuser", "ended", "board_member", "scrutiny_officer", "finance_officer", "analyst",
    "other_analyst", "partner_lead", "other_lead", "approver", "administrator",
)  # fmt: skip

SIGN_IN, OK, NO, NOT_THERE = "sign in", "ok", "forbidden", "not there"
MEMBERS = WHO[4:]


def everybody(answer: str) -> dict[str, str]:
    return dict.fromkeys(WHO, answer)


def members(answer: str, **others: str) -> dict[str, str]:
    """Outsiders find nothing, members get the answer, save those named."""
    outside = {"anonymous": SIGN_IN, "stranger": NOT_THERE, "superuser": NOT_THERE, "ended": NOT_THERE}
    return outside | dict.fromkeys(MEMBERS, answer) | others


SIGNED_IN = everybody(OK) | {"anonymous": SIGN_IN}
READS = members(OK)
DOWNLOADS = members(OK, administrator=NO)
SEES_RETURNS = members(
    NO, finance_officer=OK, analyst=OK, other_analyst=OK, partner_lead=OK, other_lead=OK, approver=OK
)
SEES_THIS_RETURN = SEES_RETURNS | {"other_analyst": NOT_THERE, "other_lead": NOT_THERE}
ENTERS = members(NO, analyst=OK, other_analyst=NOT_THERE, other_lead=NOT_THERE)
DECIDES = members(NO, partner_lead=OK, other_analyst=NOT_THERE, other_lead=NOT_THERE, approver=OK)
MANAGES = members(NO, administrator=OK)
KEEPS_REGISTER = members(NO, analyst=OK, other_analyst=OK, partner_lead=OK, other_lead=OK, approver=OK)
KEEPS_ISSUES_OF_THE_TRUST = KEEPS_REGISTER | {"other_analyst": NO, "other_lead": NO}
SETS_TARGETS = members(NO, approver=OK)
PUBLISHES = members(NO, approver=OK)
TAKES_IN = members(NO, analyst=OK, other_analyst=OK)
ANNEX_A = (PLACE, "2021-22-q4-trust-1")
PACK = (PLACE, "board-2022-07-07")
PACK_TABLE = (*PACK, "contract-2021-22-q4")

# Name of the address: (arguments, method, who gets what).
MATRIX = {
    "front": ((), "get", SIGNED_IN),
    "sign_in": ((), "get", everybody(OK)),
    "sign_out": ((), "post", everybody(OK)),
    "set_password": (("MQ", "x"), "get", everybody(OK)),
    "components": ((), "get", everybody(OK)),
    "accessibility": ((), "get", everybody(OK)),
    "health": ((), "get", everybody(OK)),
    "home": ((PLACE,), "get", READS),
    "rounds": ((PLACE,), "get", MANAGES),
    "change_round": ((PLACE, "contract", "2021-22-q4"), "post", MANAGES),
    "change_due_date": ((PLACE, "contract", "2021-22-q4"), "get", MANAGES),
    "lock_exceptions": ((PLACE, "contract", "2021-22-q4"), "get", MANAGES),
    "people": ((PLACE,), "get", MANAGES),
    "scorecards": ((PLACE,), "get", READS),
    "scorecard": ((PLACE, "contract"), "get", READS),
    "scorecard_csv": ((PLACE, "contract"), "get", DOWNLOADS),
    "scorecard_excel_csv": ((PLACE, "contract"), "get", DOWNLOADS),
    "scorecard_csvw": ((PLACE, "contract"), "get", DOWNLOADS),
    "report_checks": ((PLACE,), "get", READS),
    "report_checks_csv": ((PLACE,), "get", DOWNLOADS),
    "restated": ((PLACE,), "get", READS),
    "restated_csv": ((PLACE,), "get", DOWNLOADS),
    "packs": ((PLACE,), "get", READS),
    "pack_new": ((PLACE,), "get", PUBLISHES),
    "pack": (PACK, "get", READS),
    "pack_change": (PACK, "get", PUBLISHES),
    "pack_act": (PACK, "post", PUBLISHES),
    "pack_withdraw": (PACK, "get", PUBLISHES),
    "pack_manifest": (PACK, "get", DOWNLOADS),
    "pack_table": (PACK_TABLE, "get", READS),
    "pack_table_csv": (PACK_TABLE, "get", DOWNLOADS),
    "indicators": ((PLACE,), "get", READS),
    "indicator": ((PLACE, "contract-1"), "get", READS),
    "indicator_csv": ((PLACE, "contract-1"), "get", DOWNLOADS),
    "target_change": (LINE, "get", SETS_TARGETS),
    "target_suspend": (LINE, "get", SETS_TARGETS),
    "target_reinstate": (LINE, "get", SETS_TARGETS),
    "relief_agree": (LINE, "get", SETS_TARGETS),
    "relief_end": ((*LINE, 1), "get", SETS_TARGETS),
    "glossary": ((PLACE,), "get", READS),
    "not_reportable": ((PLACE,), "get", READS),
    "not_reportable_csv": ((PLACE,), "get", DOWNLOADS),
    "data_quality": ((PLACE,), "get", READS),
    "data_issues_csv": ((PLACE,), "get", DOWNLOADS),
    "statutory_returns_csv": ((PLACE,), "get", DOWNLOADS),
    "data_issue_new": ((PLACE,), "get", KEEPS_REGISTER),
    "data_issue": ((PLACE, "an-issue-of-the-trust"), "get", KEEPS_ISSUES_OF_THE_TRUST),
    "statutory_return_new": ((PLACE,), "get", KEEPS_REGISTER),
    "statutory_return": ((PLACE, "cin-census"), "get", KEEPS_REGISTER),
    "audit": ((PLACE,), "get", MANAGES),
    "audit_csv": ((PLACE,), "get", MANAGES),
    "returns": ((PLACE,), "get", SEES_RETURNS),
    "return": (RETURN, "get", SEES_THIS_RETURN),
    "return_history": (RETURN, "get", SEES_THIS_RETURN),
    "return_entry": (RETURN, "get", ENTERS),
    "return_cell": (RETURN, "post", ENTERS),
    "return_template": (RETURN, "get", ENTERS),
    "return_template_workbook": (RETURN, "get", ENTERS),
    "return_upload": (RETURN, "get", ENTERS),
    "return_correct": (RETURN, "get", ENTERS),
    "return_review": (RETURN, "get", DECIDES),
    "front_door": ((PLACE,), "get", READS),
    "front_door_stages_csv": ((PLACE,), "get", DOWNLOADS),
    "front_door_steps_csv": ((PLACE,), "get", DOWNLOADS),
    "front_door_rates_csv": ((PLACE,), "get", DOWNLOADS),
    "front_door_stage": ((PLACE, "referral"), "get", READS),
    "front_door_breakdowns_csv": ((PLACE, "referral"), "get", DOWNLOADS),
    "front_door_volumes_csv": ((PLACE, "referral"), "get", DOWNLOADS),
    "front_door_timeliness": ((PLACE,), "get", READS),
    "front_door_clocks_csv": ((PLACE,), "get", DOWNLOADS),
    "subjects": ((PLACE,), "get", READS),
    "subject": ((PLACE, "early-help"), "get", READS),
    "subject_csv": ((PLACE, "early-help"), "get", DOWNLOADS),
    "subject_breakdowns_csv": ((PLACE, "early-help"), "get", DOWNLOADS),
    "annex_a_loads": ((PLACE,), "get", SEES_RETURNS),
    "annex_a_new": ((PLACE,), "get", TAKES_IN),
    "annex_a_measures": ((PLACE,), "get", SEES_RETURNS),
    "annex_a_load": (ANNEX_A, "get", SEES_THIS_RETURN),
    "annex_a_findings": (ANNEX_A, "get", SEES_THIS_RETURN),
    "annex_a_measures_csv": (ANNEX_A, "get", SEES_THIS_RETURN),
    "annex_a_findings_csv": (ANNEX_A, "get", SEES_THIS_RETURN),
    "annex_a_decide": (ANNEX_A, "post", ENTERS),
}


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(pattern.url_patterns)
        else:
            yield str(pattern.name)


def test_every_address_is_in_the_matrix():
    assert set(names(get_resolver().url_patterns)) == set(MATRIX)


@pytest.fixture
def people(partnership):
    trust, police = builders.a_partner("trust"), builders.a_partner("police")
    scorecard = builders.a_scorecard(2, code="contract")
    builders.a_return(scorecard, state="approved")
    a_load(partner=trust)
    a_published_pack(scorecard, body="Board")
    builders.a_relief(ScorecardLine.objects.get(series__indicator__code="contract-1"))
    other = builders.a_scorecard(1, code="other", partner=police)
    builders.a_round(other)
    builders.an_issue("An issue of the trust", partner=trust)
    builders.a_statutory_return("CIN census")
    elsewhere = builders.a_partnership("southshire", "E06000098")
    ended = builders.a_user(Role.BOARD_MEMBER, email="ended@example.org", until_on=builders.TODAY.replace(day=6))
    return {
        "stranger": builders.a_user(Role.BOARD_MEMBER, partnership=elsewhere, email="stranger@example.org"),
        "superuser": type(ended).objects.create_superuser("super@example.org", "x"),
        "ended": ended,
        "board_member": builders.a_user(Role.BOARD_MEMBER, email="board@example.org"),
        "scrutiny_officer": builders.a_user(Role.SCRUTINY_OFFICER, email="scrutiny@example.org"),
        "finance_officer": builders.a_user(Role.FINANCE_OFFICER, partner=trust, email="finance@example.org"),
        "analyst": builders.a_user(Role.ANALYST, partner=trust, email="analyst@example.org"),
        "other_analyst": builders.a_user(Role.ANALYST, partner=police, email="police@example.org"),
        "partner_lead": builders.a_user(Role.APPROVER, partner=trust, email="lead@example.org"),
        "other_lead": builders.a_user(Role.APPROVER, partner=police, email="police-lead@example.org"),
        "approver": builders.a_user(Role.APPROVER, email="approver@example.org"),
        "administrator": builders.a_user(Role.ADMINISTRATOR, email="administrator@example.org"),
    }


def outcome(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?"):
        return SIGN_IN
    if response.status_code == 403 and any(t.name == "partnership/sign_in.html" for t in response.templates):
        return SIGN_IN  # what was typed is carried over it
    return {401: SIGN_IN, 403: NO, 404: NOT_THERE}.get(response.status_code, OK)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_role_gets_what_the_matrix_says(people, name):
    arguments, method, expected = MATRIX[name]
    line = ScorecardLine.objects.get(series__indicator__code="contract-1").pk
    url = reverse(name, args=arguments)
    found = {}
    for who in WHO:
        client = Client(raise_request_exception=True)
        if who != "anonymous":
            client.force_login(people[who])
        response = getattr(client, method)(url, {"line": line} if name == "return_cell" else {})
        assert response.status_code < 500
        found[who] = outcome(response)
    assert found == expected


def test_a_partnership_that_does_not_exist_looks_like_one_that_is_not_yours(people):
    client = Client()
    client.force_login(people["stranger"])
    assert client.get("/northshire/").status_code == client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/northshire/scorecards/contract/?period=2020-21-q1", "/northshire/scorecards/none/"]
)
def test_what_does_not_exist_is_not_found(people, address):
    client = Client()
    client.force_login(people["board_member"])
    assert client.get(address).status_code == 404
