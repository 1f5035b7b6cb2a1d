"""Every address × every role: what each may open. An address that is missing here fails the test."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from finance.register_drafts import Kind
from indicators.models import ScorecardLine, User
from indicators.roles import Role
from partnership.api_declaration import RESOURCES
from partnership.evidence_files import checked
from partnership.help_pages import about_pages
from partnership.open_data import Form
from partnership.views import documents
from tests import builders
from tests.builders import governance
from tests.builders.annex_a import a_load
from tests.builders.benchmarks import a_staged_import
from tests.builders.official import official_figures
from tests.finance.money_world import a_contract_year, a_draft, an_entry, registers_with_parts
from tests.finance.plan_world import a_plan, a_scenario
from tests.finance.ssda903_world import a_load as a_placements_load
from tests.partnership import region_world
from tests.partnership.action_world import agreed, tell, the_item
from tests.partnership.exception_world import ask_by_hand
from tests.partnership.meeting_world import a_whole_meeting
from tests.partnership.pack_world import a_pack, a_published_pack
from tests.partnership.paper_world import an_issued_paper
from tests.partnership.plans_world import one_of_each
from tests.tries import a_try

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
REVIEWS = members(NO, approver=OK, scrutiny_officer=OK)
DRAFTS_MONEY = members(NO, finance_officer=OK)
SEES_DRAFTS_OF_MONEY = members(NOT_THERE, finance_officer=OK, analyst=OK, partner_lead=OK, approver=OK)
KEEPS_MEETINGS = members(NO, scrutiny_officer=OK)
# Actions and exception reports of the trust.
TELLS_FOR_THE_TRUST = members(NO, scrutiny_officer=OK, finance_officer=OK, analyst=OK, partner_lead=OK, approver=OK)
PLAN, SCENARIO = (PLACE, "placements-of-july"), (PLACE, "two-move-home")
ACCEPTS = members(NO, approver=OK)
KEEPS_PLANS = members(NO, approver=OK, scrutiny_officer=OK)
PERSON = "boardmem"
IMPROVEMENT = (PLACE, "recovery-plan")
RISK, OWED = (PLACE, "too-few-foster-carers"), (PLACE, "report-to-the-secretary-of-state")
IMPORTS = members(NO, approver=OK, administrator=OK)
TAKES_IN = members(NO, analyst=OK, other_analyst=OK)
ANNEX_A = (PLACE, "2021-22-q4-trust-1")
PACK = (PLACE, "board-2022-07-07")
PUBLIC_PACK = (PLACE, "the-public-2022-07-07")
COMMITTEE_PAPER = (*PACK, 1)
WRITES_PAPERS = members(NO, scrutiny_officer=OK, approver=OK)
CONTRACT = (PLACE, "2022-23")
BODY = (PLACE, governance.SCRUTINY)
KEEPS_BODIES = members(NO, scrutiny_officer=OK)
PACK_TABLE = (*PACK, "contract-2021-22-q4")
PUBLIC_PACK = (PLACE, "everybody-2022-07-07")
PUBLIC_TABLE = (*PUBLIC_PACK, "contract-2021-22-q4")
# What anonymous readers are given of packs that are not theirs: nothing, under any address.
OF_PACKS = ("data_pack", "data_zip", "data_table", *(f"data_{form.name.lower()}" for form in Form))

REGION = (region_world.CODE,)
PREPARES = members(NO, scrutiny_officer=OK)
MEETING = (PLACE, "scrutiny-committee-2022-07-07")
ITEM = (*MEETING, 3)

# Name of the address: (arguments, method, who gets what).
MATRIX = {
    "front": ((), "get", SIGNED_IN),
    "sign_in": ((), "get", everybody(OK)),
    "sign_out": ((), "post", everybody(OK)),
    "second_step": ((), "get", everybody(OK)),
    "sign_on": ((), "post", everybody(NOT_THERE)),  # no provider is named
    "sign_on_back": ((), "get", everybody(NOT_THERE)),
    "go_on": ((), "post", SIGNED_IN),
    "account": ((), "get", SIGNED_IN),
    "session_left": ((), "get", SIGNED_IN),
    "session_stay": ((), "post", SIGNED_IN),
    "second_factor": ((), "get", everybody(OK)),
    "second_factor_remove": ((), "get", SIGNED_IN),
    "recovery_codes": ((), "get", SIGNED_IN),
    "recovery_codes_file": ((), "post", SIGNED_IN),
    "set_password": (("x",), "get", everybody(OK)),
    "forgotten": ((), "get", everybody(OK)),
    "reset_password": (("x",), "get", everybody(OK)),
    "own_password": ((), "get", SIGNED_IN),
    "components": ((), "get", everybody(OK)),
    "accessibility": ((), "get", everybody(OK)),
    "symbols": ((), "get", everybody(OK)),
    "help": ((), "get", everybody(OK)),
    "help_page": (("reference", "roles"), "get", everybody(OK)),
    "data": ((), "get", everybody(OK)),
    "data_partnership": ((PLACE,), "get", everybody(OK)),
    "data_pack": (PUBLIC_PACK, "get", everybody(OK)),
    "data_zip": (PUBLIC_PACK, "get", everybody(OK)),
    "data_table": (PUBLIC_TABLE, "get", everybody(OK)),
    **{f"data_{form.name.lower()}": (PUBLIC_TABLE, "get", everybody(OK)) for form in Form},
    "data_regions": ((), "get", everybody(OK)),
    "data_region": (REGION, "get", everybody(OK)),
    "data_region_csv": (REGION, "get", everybody(OK)),
    "data_region_indicator": ((*REGION, "contract-1"), "get", everybody(OK)),
    "data_region_indicator_csv": ((*REGION, "contract-1"), "get", everybody(OK)),
    "data_region_indicator_csvw": ((*REGION, "contract-1"), "get", everybody(OK)),
    "api_docs": ((), "get", everybody(OK)),
    "api_index": ((), "get", everybody(OK)),
    "api_openapi": ((), "get", everybody(OK)),
    **{f"api_{resource.name}": ((), "get", everybody(OK)) for resource in RESOURCES},
    "api_unknown": (("nothing/here",), "get", everybody(NOT_THERE)),
    "health": ((), "get", everybody(OK)),
    "ready": ((), "get", everybody(OK)),
    # On the machine itself; from elsewhere there is no such page: tests/partnership/test_health.py.
    "metrics": ((), "get", everybody(OK)),
    "security_txt": ((), "get", everybody(NOT_THERE)),  # nobody is named
    "home": ((PLACE,), "get", READS),
    "search": ((PLACE,), "get", READS),
    "alerts": ((PLACE,), "get", READS),
    "alert_read": ((PLACE,), "post", READS),
    "alert_settings": ((PLACE,), "get", READS),
    "rounds": ((PLACE,), "get", MANAGES),
    "change_round": ((PLACE, "contract", "2021-22-q4"), "post", MANAGES),
    "change_due_date": ((PLACE, "contract", "2021-22-q4"), "get", MANAGES),
    "lock_exceptions": ((PLACE, "contract", "2021-22-q4"), "get", MANAGES),
    "people": ((PLACE,), "get", MANAGES),
    "person": ((PLACE, PERSON), "get", MANAGES),
    "access": ((PLACE,), "get", MANAGES),
    "access_csv": ((PLACE,), "get", MANAGES),
    "access_roles_csv": ((PLACE,), "get", MANAGES),
    "subject_access": ((PLACE, PERSON), "post", MANAGES),
    "scorecards": ((PLACE,), "get", READS),
    "scorecard": ((PLACE, "contract"), "get", READS),
    "scorecard_charts": ((PLACE, "contract"), "get", READS),
    "scorecard_history": ((PLACE, "contract"), "get", DOWNLOADS),
    "all_figures": ((PLACE,), "get", DOWNLOADS),
    "scorecard_csv": ((PLACE, "contract"), "get", DOWNLOADS),
    "scorecard_excel_csv": ((PLACE, "contract"), "get", DOWNLOADS),
    "scorecard_csvw": ((PLACE, "contract"), "get", DOWNLOADS),
    "report_checks": ((PLACE,), "get", READS),
    "report_checks_csv": ((PLACE,), "get", DOWNLOADS),
    "governance": ((PLACE,), "get", READS),
    "improvement_plans": ((PLACE,), "get", READS),
    "improvement_plans_csv": ((PLACE,), "get", DOWNLOADS),
    "improvement_plan_new": ((PLACE,), "get", KEEPS_PLANS),
    "improvement_plan": (IMPROVEMENT, "get", READS),
    "improvement_plan_csv": ((*IMPROVEMENT, "actions"), "get", DOWNLOADS),
    "plan_priority_new": (IMPROVEMENT, "get", KEEPS_PLANS),
    "plan_action_new": (IMPROVEMENT, "get", KEEPS_PLANS),
    "plan_action": ((*IMPROVEMENT, 1, 1), "get", READS),
    "plan_action_csv": ((*IMPROVEMENT, 1, 1), "get", DOWNLOADS),
    "plan_action_change": ((*IMPROVEMENT, 1, 1), "get", KEEPS_PLANS),
    "plan_action_date": ((*IMPROVEMENT, 1, 1), "get", KEEPS_PLANS),
    "plan_action_end": ((*IMPROVEMENT, 1, 1), "get", KEEPS_PLANS),
    "plan_review_new": (IMPROVEMENT, "get", KEEPS_PLANS),
    "plan_review": ((*IMPROVEMENT, 1), "get", READS),
    "plan_review_csv": ((*IMPROVEMENT, 1), "get", DOWNLOADS),
    "governance_csv": ((PLACE,), "get", DOWNLOADS),
    "governance_lines": ((PLACE,), "get", READS),
    "governance_lines_csv": ((PLACE,), "get", DOWNLOADS),
    "body": (BODY, "get", READS),
    "body_seats_csv": (BODY, "get", DOWNLOADS),
    "body_new": ((PLACE,), "get", KEEPS_BODIES),
    "body_act": ((*BODY, "change"), "get", KEEPS_BODIES),
    "line_end": ((*BODY, governance.SCRUTINY, "council", "formal"), "get", KEEPS_BODIES),
    "seat": ((*BODY, "seat-1"), "get", KEEPS_BODIES),
    "seat_act": ((*BODY, "seat-1", "vacate"), "get", KEEPS_BODIES),
    "risks": ((PLACE,), "get", READS),
    "risks_csv": ((PLACE,), "get", DOWNLOADS),
    "risk_new": ((PLACE,), "get", KEEPS_PLANS),
    "risk": (RISK, "get", READS),
    "risk_csv": (RISK, "get", DOWNLOADS),
    "risk_change": (RISK, "get", KEEPS_PLANS),
    "risk_score": (RISK, "get", KEEPS_PLANS),
    "risk_close": (RISK, "get", KEEPS_PLANS),
    "inspections": ((PLACE,), "get", READS),
    "inspections_csv": ((PLACE, "judgements"), "get", DOWNLOADS),
    "inspection_new": ((PLACE,), "get", KEEPS_PLANS),
    "ambition_new": ((PLACE,), "get", KEEPS_PLANS),
    "inspection_change": ((PLACE, "inspection-of-services"), "get", KEEPS_PLANS),
    "inspection_withdraw": ((PLACE, "inspection-of-services"), "get", KEEPS_PLANS),
    "ambition_change": ((PLACE, "2024-12-31", "good"), "get", KEEPS_PLANS),
    "assurance": ((PLACE,), "get", READS),
    "assurance_csv": ((PLACE,), "get", DOWNLOADS),
    "assurance_new": ((PLACE,), "get", KEEPS_PLANS),
    "assurance_item": (OWED, "get", READS),
    "assurance_item_csv": (OWED, "get", DOWNLOADS),
    "assurance_done": (OWED, "get", KEEPS_PLANS),
    "assurance_take_back": (OWED, "get", KEEPS_PLANS),
    "actions": ((PLACE,), "get", READS),
    "actions_csv": ((PLACE,), "get", DOWNLOADS),
    "actions_docx": ((PLACE,), "get", DOWNLOADS),
    "actions_pdf": ((PLACE,), "get", DOWNLOADS),
    "action_new": ((PLACE,), "get", KEEPS_MEETINGS),
    "action": ((PLACE, 1), "get", READS),
    "action_step": ((PLACE, 1, "tell"), "get", TELLS_FOR_THE_TRUST),
    "action_cite": ((PLACE, 1), "get", KEEPS_MEETINGS),
    "resolution_cite": ((PLACE, "2022-1"), "get", KEEPS_MEETINGS),
    "exceptions": ((PLACE,), "get", READS),
    "exceptions_csv": ((PLACE,), "get", DOWNLOADS),
    "exception_new": ((PLACE,), "get", ACCEPTS),
    "exception_ask": ((PLACE,), "post", ACCEPTS),
    "exception_decline": ((PLACE,), "get", ACCEPTS),
    "escalation_rules": ((PLACE,), "get", READS),
    "escalation_rule": ((PLACE, "contract"), "get", ACCEPTS),
    "exception": ((PLACE, 1), "get", READS),
    "exception_step": ((PLACE, 1, "answer"), "get", TELLS_FOR_THE_TRUST | {"scrutiny_officer": NO}),
    "action_evidence": ((PLACE, 1, 2), "get", READS),
    "meetings": ((PLACE,), "get", READS),
    "meetings_csv": ((PLACE,), "get", DOWNLOADS),
    "meeting_new": ((PLACE,), "get", PREPARES),
    "meeting": (MEETING, "get", READS),
    "agenda_act": (MEETING, "post", PREPARES),
    "meeting_csv": ((*MEETING, "agenda"), "get", DOWNLOADS),
    "meeting_document": ((*MEETING, "minutes", "docx"), "get", DOWNLOADS),
    "meeting_step": ((*MEETING, "attendance"), "get", PREPARES),
    "item_step": ((*ITEM, "minute"), "get", PREPARES),
    "statement_answer": ((*MEETING, 1), "get", PREPARES),
    "question_answer": ((*ITEM, 1), "get", PREPARES),
    "paper_new": (ITEM, "get", PREPARES),
    "paper": ((*ITEM, 1), "get", READS),
    "paper_withdraw": ((*ITEM, 1), "get", PREPARES),
    "answers_owed": ((PLACE,), "get", READS),
    "answers_owed_csv": ((PLACE,), "get", DOWNLOADS),
    "resolutions": ((PLACE,), "get", READS),
    "resolutions_csv": ((PLACE,), "get", DOWNLOADS),
    "resolution_response": ((PLACE, "2022-93"), "get", PREPARES),
    "work_programme": ((PLACE,), "get", READS),
    "work_programme_csv": ((PLACE,), "get", DOWNLOADS),
    "work_item_new": ((PLACE,), "get", PREPARES),
    "work_item_step": ((PLACE, "work-1", "came"), "get", PREPARES),
    "restated": ((PLACE,), "get", READS),
    "restated_csv": ((PLACE,), "get", DOWNLOADS),
    "packs": ((PLACE,), "get", READS),
    "pack_new": ((PLACE,), "get", PUBLISHES),
    "pack": (PACK, "get", READS),
    "pack_change": (PACK, "get", PUBLISHES),
    "pack_act": (PACK, "post", PUBLISHES),
    "pack_withdraw": (PACK, "get", PUBLISHES),
    "pack_protection": (PUBLIC_PACK, "get", REVIEWS),
    "pack_protection_act": (PUBLIC_PACK, "post", REVIEWS),
    "pack_left_out": (PUBLIC_PACK, "get", PUBLISHES),
    "small_numbers": ((PLACE,), "get", REVIEWS),
    "pack_manifest": (PACK, "get", DOWNLOADS),
    "pack_documents_make": (PACK, "post", DOWNLOADS),
    "pack_docx": (PACK, "get", DOWNLOADS),
    "pack_pdf": (PACK, "get", DOWNLOADS),
    "committee_paper_new": (PACK, "get", WRITES_PAPERS),
    "committee_paper": (COMMITTEE_PAPER, "get", WRITES_PAPERS),
    "committee_paper_section": ((*COMMITTEE_PAPER, "legal"), "get", WRITES_PAPERS),
    "committee_paper_sign": ((*COMMITTEE_PAPER, "legal"), "post", WRITES_PAPERS),
    "committee_paper_passages": (COMMITTEE_PAPER, "post", REVIEWS),
    "committee_paper_issue": (COMMITTEE_PAPER, "post", WRITES_PAPERS),
    "committee_paper_docx": ((*COMMITTEE_PAPER, 1), "get", DOWNLOADS),
    "committee_paper_pdf": ((*COMMITTEE_PAPER, 1), "get", DOWNLOADS),
    "paper_form": ((PLACE,), "get", WRITES_PAPERS),
    "pack_table": (PACK_TABLE, "get", READS),
    "pack_table_csv": (PACK_TABLE, "get", DOWNLOADS),
    "indicators": ((PLACE,), "get", READS),
    "indicators_csv": ((PLACE,), "get", DOWNLOADS),
    "indicator": ((PLACE, "contract-1"), "get", READS),
    "indicator_csv": ((PLACE, "contract-1"), "get", DOWNLOADS),
    "indicator_comparison_csv": ((PLACE, "contract-1"), "get", DOWNLOADS),
    "benchmarks": ((PLACE,), "get", READS),
    "benchmarks_csv": ((PLACE,), "get", DOWNLOADS),
    "benchmark": ((PLACE, "re-referrals"), "get", READS),
    "benchmark_years_csv": ((PLACE, "re-referrals"), "get", DOWNLOADS),
    "benchmark_areas_csv": ((PLACE, "re-referrals"), "get", DOWNLOADS),
    "indicator_drawing": ((PLACE, "contract-1", "quarter"), "get", DOWNLOADS),
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
    "return_take_back": (RETURN, "post", ENTERS),
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
    "money": ((PLACE,), "get", READS),
    "outturn": ((PLACE,), "get", READS),
    "outturn_csv": ((PLACE,), "get", DOWNLOADS),
    "outturn_part_csv": ((PLACE, "sums"), "get", DOWNLOADS),
    "outturn_return": ((PLACE, "2021-22-q4", "trust", 1), "get", SEES_THIS_RETURN),
    "care_ladder": ((PLACE,), "get", READS),
    "care_ladder_csv": ((PLACE, "rungs"), "get", DOWNLOADS),
    "contract": ((PLACE,), "get", READS),
    "contract_csv": ((PLACE,), "get", DOWNLOADS),
    "contract_year": (CONTRACT, "get", READS),
    "contract_year_csv": ((*CONTRACT, "entries"), "get", DOWNLOADS),
    "contract_year_new": ((PLACE,), "get", ACCEPTS),
    "contract_add": (CONTRACT, "get", DRAFTS_MONEY),
    "contract_decide": ((*CONTRACT, "growth"), "post", ACCEPTS),
    "plans": ((PLACE,), "get", READS),
    "plan_new": ((PLACE,), "get", DRAFTS_MONEY),
    "plan_template": ((PLACE,), "get", DRAFTS_MONEY),
    "plan": ((PLACE, "waiting"), "get", SEES_DRAFTS_OF_MONEY),
    "plan_decide": ((PLACE, "waiting"), "post", ACCEPTS),
    "projection": ((PLACE,), "get", READS),
    "projection_csv": ((*PLAN, "lines"), "get", DOWNLOADS),
    "projection_run": (PLAN, "post", DRAFTS_MONEY),
    "scenarios": ((PLACE,), "get", READS),
    "scenarios_csv": ((PLACE,), "get", DOWNLOADS),
    "scenario_new": ((PLACE,), "get", DRAFTS_MONEY),
    "scenario_comparison_csv": ((PLACE,), "get", DOWNLOADS),
    "scenario": (SCENARIO, "get", READS),
    "scenario_copy": (SCENARIO, "get", DRAFTS_MONEY),
    "scenario_act": (SCENARIO, "post", DRAFTS_MONEY),
    "scenario_run": (SCENARIO, "post", DRAFTS_MONEY),
    "scenario_step": ((*SCENARIO, "move"), "get", DRAFTS_MONEY),
    "scenario_csv": ((*SCENARIO, "steps"), "get", DOWNLOADS),
    "register": ((PLACE, "savings"), "get", READS),
    "register_csv": ((PLACE, "savings"), "get", DOWNLOADS),
    "register_new": ((PLACE, "savings"), "get", DRAFTS_MONEY),
    "register_entry": ((PLACE, "savings", "agency"), "get", READS),
    "register_entry_csv": ((PLACE, "savings", "agency"), "get", DOWNLOADS),
    "register_step": ((PLACE, "savings", "agency"), "get", DRAFTS_MONEY),
    "register_add": ((PLACE, "business-cases", "caseload", "line"), "get", DRAFTS_MONEY),
    "register_draft_decide": ((PLACE, "savings", 1), "post", ACCEPTS),
    "register_draft_withdraw": ((PLACE, "savings", 1), "post", DRAFTS_MONEY),
    "case_line_decide": ((PLACE, "caseload", "legal"), "get", ACCEPTS),
    "programme_item": ((PLACE, "homes", "a"), "get", READS),
    "programme_item_step": ((PLACE, "homes", "a"), "get", DRAFTS_MONEY),
    "figure_page": ((PLACE, "benchmarks"), "get", READS),
    "figure_page_csv": ((PLACE, "benchmarks"), "get", DOWNLOADS),
    "placements_files": ((PLACE,), "get", SEES_RETURNS),
    "placements_file_new": ((PLACE,), "get", DRAFTS_MONEY),
    "placements_file": (ANNEX_A, "get", SEES_THIS_RETURN),
    "placements_file_csv": ((*ANNEX_A, "rungs"), "get", SEES_THIS_RETURN),
    "placements_file_decide": (ANNEX_A, "post", DRAFTS_MONEY | {"other_analyst": NOT_THERE, "other_lead": NOT_THERE}),
    "annex_a_loads": ((PLACE,), "get", SEES_RETURNS),
    "benchmark_data": ((PLACE,), "get", READS),
    "benchmark_new": ((PLACE,), "get", IMPORTS),
    "benchmark_neighbours": ((PLACE,), "post", IMPORTS),
    "benchmark_import": ((PLACE, "dfe-cin-c1", 1), "get", IMPORTS),
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


# What anonymous readers are given besides what packs for everybody have published: it tells of nothing that is held.
OPEN_TO_ALL = {"second_step", "second_factor"}  # which lead to the sign-in page who gave no password
OPEN_TO_ALL |= {
    "sign_on",
    "sign_on_back",
    "forgotten",
    "reset_password",
    "sign_in",
    "sign_out",
    "set_password",
    "components",
    "accessibility",
    "symbols",
    "help",
    "help_page",
    "health",
}
OPEN_TO_ALL |= {"security_txt"}  # whom to tell of a weakness, where a setting names somebody
OPEN_TO_ALL |= {"ready", "metrics"}  # yes or no; and numbers for who asks on the machine itself, as these tests do


def test_anonymous_readers_are_given_published_data_and_nothing_else():
    """Minutes, actions, risks, evidence and committee papers among it: they need a sign-in."""
    given = {name for name, (_, _, who) in MATRIX.items() if who["anonymous"] != SIGN_IN}
    published = {name for name in given if reverse(name, args=MATRIX[name][0]).startswith(("/data/", "/api/"))}
    assert given - published == OPEN_TO_ALL


@builders.kept
def one_of_each_with_everybody() -> dict[str, User]:
    """A world in which every address leads somewhere, and who opens it, by what they are."""
    partnership = builders.a_partnership()
    trust, police = builders.a_partner("trust"), builders.a_partner("police")
    scorecard = builders.a_scorecard(2, code="contract")
    builders.a_return(scorecard, state="approved")
    builders.a_return(builders.a_scorecard(1, code="outturn"))
    a_load(partner=trust)
    a_placements_load(partner=trust)
    an_issued_paper(a_published_pack(scorecard, body="Board"))
    a_pack(scorecard, body="The public", audience="public")
    a_published_pack(scorecard, body="Everybody", audience="public")
    region_world.a_region(PLACE)
    builders.a_paper_figure(ScorecardLine.objects.get(series__indicator__code="contract-1").series, builders.Q3, 80)
    builders.a_relief(ScorecardLine.objects.get(series__indicator__code="contract-1"))
    other = builders.a_scorecard(1, code="other", partner=police)
    builders.a_round(other)
    builders.an_issue("An issue of the trust", partner=trust)
    builders.a_statutory_return("CIN census")
    an_entry(a_contract_year())
    governance.a_seat()
    governance.a_reporting_line(governance.a_body(), governance.a_body("Council", kind="council"))
    analyst = builders.the_people().analyst
    saving = registers_with_parts(partnership, analyst).saving
    happened = {"state": "on_track", "words": "", "on": builders.TODAY}
    a_draft(partnership, "savings", Kind.STEP, happened, on=saving, by=analyst)
    tell(agreed(), evidence="So.", file=checked("so.txt", b"So."))
    builders.a_resolution(the_item())
    ask_by_hand(ScorecardLine.objects.get(series__indicator__code="contract-1"))
    a_whole_meeting(state="minuted")
    a_staged_import()
    elsewhere = builders.a_partnership("southshire", "E06000098")
    ended = builders.a_user(Role.BOARD_MEMBER, email="ended@example.org", until_on=builders.TODAY.replace(day=6))
    found = {
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
    type(ended).objects.filter(pk=found["board_member"].pk).update(code=PERSON)
    a_scenario(a_plan(), by=found["finance_officer"])
    a_plan(name="Waiting", accepted=False)
    one_of_each(by=found["approver"])
    official_figures(ScorecardLine.objects.get(series__indicator__code="contract-1").series.indicator)
    return found


@pytest.fixture
def people(db):
    return one_of_each_with_everybody()


def outcome(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?"):
        return SIGN_IN
    if response.status_code == 403 and any(t.name == "partnership/sign_in.html" for t in response.templates):
        return SIGN_IN  # what was typed is carried over it
    return {401: SIGN_IN, 403: NO, 404: NOT_THERE}.get(response.status_code, OK)


HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Documents of a pack are asked for anew each time, and not sent again where they are the same.
ASKED_ANEW = "private, no-cache"


def carries_its_headers(response, *, is_open: bool) -> None:
    """No frame, no guessed type, no script of elsewhere; what members read is kept by nobody."""
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    kept = response.get("Cache-Control", "")
    assert is_open or "no-store" in kept or kept == ASKED_ANEW


# Pages of another state than what stands here: half signed in, a link that holds, an open return, a draft, a proposal.
SHOWN_OTHERWISE = {
    "second_step", "set_password", "reset_password", "return_entry", "return_upload", "pack_change", "pack_left_out",
    "exception_decline",
}  # fmt: skip


def is_page(response) -> bool:
    """Whether it is a page that a person reads."""
    return response.status_code == 200 and response["Content-Type"].startswith("text/html") and not response.streaming


# Addresses a test: the world is slow to make, and tests are shared out among workers.
PORTIONS = 6


def asked(cookies: dict[str, SimpleCookie], name: str, pages: set[str]) -> dict[str, str]:
    """What each person gets at one address with the cookies of theirs; adds its name to the pages if somebody is shown
    one."""
    arguments, method, _ = MATRIX[name]
    line = ScorecardLine.objects.get(series__indicator__code="contract-1").pk
    url = reverse(name, args=arguments)
    found = {}
    for who in WHO:
        client = Client()
        client.cookies.update(cookies[who])
        response = getattr(client, method)(url, {"line": line} if name == "return_cell" else {})
        assert response.status_code < 500
        carries_its_headers(response, is_open=MATRIX[name][2]["anonymous"] != SIGN_IN)
        if method == "get" and is_page(response):
            assert b'<details class="govuk-details about np">' in response.content, "templates/about says nothing of it"
            pages.add(name)
        found[who] = outcome(response)
    return found


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_each_role_gets_what_the_matrix_says(people, portion, monkeypatch):
    monkeypatch.setattr(documents.bounded, "run", lambda **kwargs: b"PK\x03\x04")  # who may, not what is in it
    portioned = sorted(MATRIX)[portion::PORTIONS]
    cookies = {who: builders.a_browser(person).cookies for who, person in people.items()} | {
        "anonymous": SimpleCookie()
    }
    found, pages = {}, set()
    for name in portioned:
        with a_try(name):
            found[name] = asked(cookies, name, pages)
    assert found == {name: MATRIX[name][2] for name in portioned}
    assert pages == set(portioned) & (set(about_pages()) - SHOWN_OTHERWISE), "no page, and something is said of it"


def test_a_pack_that_is_not_for_everybody_is_at_no_public_address(people):
    for name in OF_PACKS:
        place = PACK if len(MATRIX[name][0]) == 2 else PACK_TABLE
        assert Client().get(reverse(name, args=place)).status_code == 404, name


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
