"""Addresses of improvement plans, risks, inspections and assurance, under the partnership's slug."""

from django.urls import URLPattern, path

from partnership.views import inspections, plan_steps, plans, risks

_PLAN = "improvement-plans/<slug:plan>/"
_ACTION = f"{_PLAN}actions/<int:priority>-<int:order>"

plans_patterns: list[URLPattern] = [
    path("improvement-plans/", plans.improvement_plans, name="improvement_plans"),
    path("improvement-plans.csv", plans.improvement_plans_csv, name="improvement_plans_csv"),
    path("improvement-plans/new/", plan_steps.improvement_plan_new, name="improvement_plan_new"),
    path(_PLAN, plans.improvement_plan, name="improvement_plan"),
    path(f"{_PLAN}<slug:table>.csv", plans.improvement_plan_csv, name="improvement_plan_csv"),
    path(f"{_PLAN}priorities/new/", plan_steps.plan_priority_new, name="plan_priority_new"),
    path(f"{_PLAN}actions/new/", plan_steps.plan_action_new, name="plan_action_new"),
    path(f"{_ACTION}/", plans.plan_action, name="plan_action"),
    path(f"{_ACTION}.csv", plans.plan_action_csv, name="plan_action_csv"),
    path(f"{_ACTION}/change/", plan_steps.plan_action_change, name="plan_action_change"),
    path(f"{_ACTION}/date/", plan_steps.plan_action_date, name="plan_action_date"),
    path(f"{_ACTION}/end/", plan_steps.plan_action_end, name="plan_action_end"),
    path(f"{_PLAN}reviews/new/", plan_steps.plan_review_new, name="plan_review_new"),
    path(f"{_PLAN}reviews/<int:number>/", plans.plan_review, name="plan_review"),
    path(f"{_PLAN}reviews/<int:number>.csv", plans.plan_review_csv, name="plan_review_csv"),
    path("risks/", risks.risks, name="risks"),
    path("risks.csv", risks.risks_csv, name="risks_csv"),
    path("risks/new/", risks.risk_new, name="risk_new"),
    path("risks/<slug:code>/", risks.risk, name="risk"),
    path("risks/<slug:code>.csv", risks.risk_csv, name="risk_csv"),
    path("risks/<slug:code>/change/", risks.risk_change, name="risk_change"),
    path("risks/<slug:code>/score/", risks.risk_score, name="risk_score"),
    path("risks/<slug:code>/close/", risks.risk_close, name="risk_close"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/new/", inspections.inspection_new, name="inspection_new"),
    path("inspections/ambitions/new/", inspections.ambition_new, name="ambition_new"),
    path("inspections/ambitions/<slug:by>/<slug:grade>/", inspections.ambition_change, name="ambition_change"),
    path("inspections/<slug:code>/change/", inspections.inspection_change, name="inspection_change"),
    path("inspections/<slug:code>/withdraw/", inspections.inspection_withdraw, name="inspection_withdraw"),
    path("inspections/<slug:table>.csv", inspections.inspections_csv, name="inspections_csv"),
    path("assurance/", inspections.assurance, name="assurance"),
    path("assurance.csv", inspections.assurance_csv, name="assurance_csv"),
    path("assurance/new/", inspections.assurance_new, name="assurance_new"),
    path("assurance/<slug:code>/", inspections.assurance_page, name="assurance_item"),
    path("assurance/<slug:code>.csv", inspections.assurance_item_csv, name="assurance_item_csv"),
    path("assurance/<slug:code>/done/", inspections.assurance_done, name="assurance_done"),
    path("assurance/<slug:code>/take-back/", inspections.assurance_take_back, name="assurance_take_back"),
]
